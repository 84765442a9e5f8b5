"""What the notebooks of the course import.

    from helpers import check, guess, plots, data, nn

`check` judges an exercise, `guess` keeps a prediction and answers it, `plots` draws with alt texts, `data` loads
real data, `nn` trains networks on them. Heavy libraries (matplotlib, scikit-learn, ipywidgets) are imported by the
first call that needs them.
"""

import importlib

from helpers.checks import check

__all__ = ["check", "data", "guess", "nn", "plots", "progress"]
__version__ = "0.1.0"


def __getattr__(name):
    if name == "guess":
        return importlib.import_module("helpers.guessing").guess
    if name in __all__:
        return importlib.import_module(f"helpers.{name}")
    raise AttributeError(f"helpers has no {name!r}; it has {', '.join(__all__)}")
