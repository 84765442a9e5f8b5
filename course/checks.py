"""What a lesson's `checks.py` is written with: an exercise's cases, known mistakes and other right answers.

@exercise("central_difference")
class CentralDifference:
    hints = ("…",)
    def cases(rng): yield Function("lambda x: x**2"), 3.0, 0.1
    @mistake("Divide by the whole distance, 2h.")
    def divides_by_h(f, x, h=1e-5): return (f(x + h) - f(x - h)) / h
    @also_right
    def average(f, x, h=1e-5): ...
"""

import inspect
import sys
import textwrap
from dataclasses import dataclass, field

from course.errors import LessonError
from helpers.checks.compare import Tolerance
from helpers.checks.values import ANYTHING, Function

__all__ = [
    "ANYTHING",
    "FRAMEWORKS",
    "Declaration",
    "Function",
    "Variant",
    "agrees_with",
    "also_right",
    "exercise",
    "load_checks",
    "mistake",
    "shortcut",
]


@dataclass(frozen=True)
class Variant:
    """A catalogued way to answer: a mistake with its message, another right answer, an independent library's, or one
    by a forbidden name."""

    kind: str
    call: object
    message: str = ""
    rtol: float = 1e-6

    @property
    def name(self):
        return self.call.__name__

    @property
    def line(self):
        return self.call.__code__.co_firstlineno


def mistake(message):
    """A known wrong answer, with the sentence that a learner who made it reads."""
    return lambda call: Variant("mistake", call, message)


def also_right(call):
    """Another right answer, which the check must accept."""
    return Variant("also_right", call)


def agrees_with(library, rtol=1e-6):
    """The same numbers from an independent library, held against the reference on every case."""
    return lambda call: Variant("agrees_with", call, library, rtol)


def shortcut(name):
    """An answer with the right numbers that has them ready-made: it must be refused for this forbidden name."""
    return lambda call: Variant("shortcut", call, name)


# libraries that have the layers, losses and gradients of the course ready-made
FRAMEWORKS = ("helpers.nn", "torch", "torchvision", "tensorflow", "keras", "jax")

DECLARED = "__declared_exercises__"  # where a checks file gathers its declarations
OPTIONS = {
    "hints": (),
    "returns": (),
    "forbidden": (),
    "rtol": 1e-6,
    "atol": 1e-9,
    "strict_float": False,
    "may_change": False,
    "no_warnings": False,
    "says": None,
    "gradient": {},
    "equivalent": {},
    "probe": None,
    "loss": None,
    "cases": None,
}


@dataclass
class Declaration:
    """Everything `checks.py` says about one exercise. Its options are described in CONTRIBUTING.md."""

    name: str
    line: int
    options: dict
    mistakes: list = field(default_factory=list)
    also_right: list = field(default_factory=list)
    agrees_with: list = field(default_factory=list)
    shortcuts: list = field(default_factory=list)

    def __getattr__(self, option):
        try:
            return self.__dict__["options"][option]
        except KeyError:
            raise AttributeError(option) from None

    @property
    def tolerance(self):
        return Tolerance(self.rtol, self.atol, self.strict_float)

    @property
    def probe_source(self):
        return None if self.probe is None else textwrap.dedent(inspect.getsource(self.probe))


def exercise(name):
    """Declare an exercise of the lesson by its name."""
    frame = sys._getframe(1)
    line, declared = frame.f_lineno, frame.f_globals.setdefault(DECLARED, [])

    def declare(cls):
        declaration = Declaration(name, line, dict(OPTIONS))
        for key, value in vars(cls).items():
            if isinstance(value, Variant):
                kind = {"mistake": "mistakes", "shortcut": "shortcuts"}.get(value.kind, value.kind)
                getattr(declaration, kind).append(value)
            elif key in OPTIONS:
                declaration.options[key] = value
            elif not key.startswith("__"):
                raise TypeError(f"{name}: `{key}` is not an option of an exercise; options are {', '.join(OPTIONS)}")
        declared.append(declaration)
        return declaration

    return declare


def load_checks(path):
    """{exercise name: Declaration} from a lesson's `checks.py`."""
    # compiled here rather than imported: the folder's name is no module name, and a file edited since is read anew
    try:
        space = {"__name__": f"checks_of_{path.parent.name}", "__file__": str(path)}
        exec(compile(_source(path), str(path), "exec"), space)
    except SyntaxError as problem:
        raise LessonError(path, problem.lineno or 1, f"is not valid Python: {problem.msg}") from None
    except Exception as problem:
        raise LessonError(path, _line_of(problem, path), f"cannot be loaded: {problem}") from problem
    found = {}
    for declaration in space.get(DECLARED, ()):
        if declaration.name in found:
            raise LessonError(path, declaration.line, f"the exercise {declaration.name} is declared twice")
        found[declaration.name] = declaration
    return found


def _source(path):
    import linecache

    linecache.checkcache(str(path))
    return path.read_text(encoding="utf-8")


def _line_of(problem, path):
    import traceback

    own = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == str(path)]
    return own[-1].lineno if own else 1
