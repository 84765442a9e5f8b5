"""Prints, for a unit, the texts by which its hidden cases would show in a page: {exercise: [text, …]} as JSON.

Runs inside a copy of the course: python case_traces.py UNIT hidden|visible. White space is left out of the texts.
"""

import json
import sys
from fractions import Fraction

import numpy as np

SHORTEST = 9
FEWEST_DIGITS = 10  # a row of three short numbers stands in some other file by chance


def traces(cases):
    """Texts that give a case away: functions, long numbers, and rows and tables of many digits."""
    found = set()
    for case in cases:
        for value in (*case.inputs, case.expected.value):
            found |= set(_traces(value))
    return {text for text in found if len(text) >= SHORTEST}


def _traces(value):
    if isinstance(value, float) and not _plain_fraction(value):
        yield f"{abs(value):.12g}"[:SHORTEST]  # the first digits, which every way to print it shares
        yield repr(abs(value))
    elif isinstance(value, np.ndarray) and value.size == 1:
        yield from _traces(value.item())  # a single number, however it is wrapped
    elif isinstance(value, np.ndarray):
        printed = [np.array2string(value, separator=mark) for mark in (",", " ")]
        yield from _telling([*printed, repr(value.tolist()), repr(value.ravel().tolist())])
        for row in value if value.ndim > 1 else ():
            yield from _traces(row)
    elif isinstance(value, (list, tuple)):
        if len(value) > 1 and all(type(v) in (int, float) for v in value):
            yield from _telling([repr(value)])
        for part in value:
            yield from _traces(part)
    elif hasattr(value, "source"):
        yield _joined(value.source)


def _plain_fraction(value):
    """Whether a number could stand in any page by chance: 0.25, 2.3333333, 1e-05."""
    return not 1e-3 < abs(value) < 1e6 or abs(value - Fraction(value).limit_denominator(1000)) < 1e-9


def _telling(texts):
    return (_joined(text) for text in texts if sum(c.isdigit() for c in text) >= FEWEST_DIGITS)


def _joined(text):
    return "".join(text.split()).strip("[]()")


def main(unit, kind):
    from course.hidden import hidden_spec
    from helpers.checks.spec import index, load

    spec = hidden_spec if kind == "hidden" else load
    found = {name: sorted(traces(spec(name).cases)) for name in index()["units"][unit]["exercises"]}
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
