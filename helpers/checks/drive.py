"""Runs an answer on one case and brings back what came of it as plain values.

This is the half of a check that runs where the answer runs; it decides nothing. The other half is `judge`.
"""

import contextlib
import io
import math
import sys
import traceback
import warnings
from dataclasses import dataclass, field

import numpy as np

from helpers.checks.values import fresh, from_json, plain, same, to_json


@dataclass
class Outcome:
    """What came of one call: a value, or an error; and what else was noticed.

    error: the exception's type name, or None
    missing: the name whose code is not written or not defined yet, if that is why; `judge` asks if it is an exercise
    changed: positions of the inputs that were changed   after: what they were changed to
    line: the answer's own line that raised
    """

    value: object = None
    error: str | None = None
    text: str = ""
    line: str = ""
    missing: str | None = None
    changed: tuple = ()
    after: tuple = field(default=(), compare=False)
    warned: tuple = ()
    printed: str = field(default="", compare=False)

    @property
    def stopped(self):
        """Whether the call was stopped from outside: it had not come to an end."""
        return self.error == "KeyboardInterrupt"

    def to_json(self):
        if self.error:
            return {"error": self.error, "text": self.text}
        out = {"value": to_json(self.value)}
        if self.changed:
            out["changed"] = list(self.changed)
        if self.warned:
            out["warned"] = list(self.warned)
        return out

    @classmethod
    def from_json(cls, data):
        if "error" in data:
            return cls(error=data["error"], text=data["text"])
        return cls(
            value=from_json(data["value"]),
            changed=tuple(data.get("changed", ())),
            warned=tuple(data.get("warned", ())),
        )


def compile_probe(source):
    """The probe function from its shipped source, or None."""
    if source is None:
        return None
    space = {"np": np, "math": math}
    exec(compile(source, "<probe>", "exec"), space)
    return space["probe"]


def drive(answer, inputs, probe=None):
    """Call the answer (through the probe, if there is one) on fresh copies of the inputs."""
    given = fresh(inputs)
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, _caught_output(printed):
        warnings.simplefilter("always")
        try:
            value = plain(probe(answer, *given) if probe else answer(*given))
        except (Exception, SystemExit) as problem:
            return _failed(answer, problem, printed.getvalue())
    changed = tuple(i for i, (a, b) in enumerate(zip(inputs, given, strict=True)) if not same(a, b))
    return Outcome(
        value=value,
        changed=changed,
        after=tuple(plain(given[i]) for i in changed),
        warned=tuple(dict.fromkeys(str(w.message) for w in caught)),
        printed=printed.getvalue()[:2000],
    )


def cut_short(answer, interrupt):
    """The outcome of a call that a learner, or the clock, has stopped. A grader's interrupt is not for this."""
    return _failed(answer, interrupt, "")


@contextlib.contextmanager
def _caught_output(printed):
    """Keep what an answer prints, writes to stderr or displays out of the notebook; the prints stay for the report."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    with contextlib.ExitStack() as stack:
        if shell is not None:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output())
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(contextlib.redirect_stderr(printed))
        yield


def _failed(answer, problem, printed):
    frames = traceback.extract_tb(problem.__traceback__)
    missing = None
    if isinstance(problem, NotImplementedError):
        missing = _owner(problem)
    elif isinstance(problem, NameError):
        missing = problem.name
    code = getattr(answer, "__code__", None) or getattr(getattr(answer, "__init__", None), "__code__", None)
    own = [f for f in frames if code is not None and f.filename == code.co_filename]
    line = f"line {own[-1].lineno}: {own[-1].line}" if own and own[-1].line else ""
    return Outcome(
        error=type(problem).__name__, text=str(problem)[:500], line=line, missing=missing, printed=printed[:2000]
    )


def _owner(problem):
    """The name of the function or class whose code raised it."""
    trace = problem.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_qualname.split(".")[0]
