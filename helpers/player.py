"""The widget behind `plots.animate` and `plots.slider`; its controls are in player.js."""

from pathlib import Path

import anywidget
import traitlets


class Player(anywidget.AnyWidget):
    """A picture that changes with a slider.

    picture_of: a function from a place, 0 … len(names) − 1, to the picture's HTML   label: what the slider sets
    names: a word for each place   interval: milliseconds between pictures, 0 where it does not play
    """

    _esm = Path(__file__).with_name("player.js")
    label = traitlets.Unicode().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    interval = traitlets.Int().tag(sync=True)
    value = traitlets.Int(0).tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)

    def __init__(self, picture_of, label, names, interval=0):
        super().__init__(label=label, names=list(names), interval=interval, picture=picture_of(0))
        self.observe(lambda change: setattr(self, "picture", picture_of(change["new"])), names="value")
