"""What a learner waits for: the first import of `helpers`, and each check."""

import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time

from course.bench.tables import Figures
from course.lesson import read_lesson, units
from course.root import course_root

RUNS = 21


def measure():
    return [imports(), *checks()]


def imports():
    """How long the first import takes in a fresh interpreter, the interpreter's own start left out."""
    table = Figures(f"First import, milliseconds ({RUNS} fresh interpreters)", ("what", "median", "slowest"))
    for statement in ("import numpy", "from helpers import check, data, guess, plots"):
        code = f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
        command = [sys.executable, "-c", code]
        times = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(RUNS)]
        table.add(f"`{statement}`", _ms(statistics.median(times)), _ms(max(times)))
    return table


def checks():
    """How long a whole check takes, its report and the record of it included."""
    from helpers import check

    each = Figures(
        f"One check, milliseconds (median of {RUNS})", ("unit", "exercises", "right answer", "known mistake", "slowest")
    )
    medians = []
    root = course_root()
    with tempfile.TemporaryDirectory() as folder, _home(folder):  # the bench's checks are no learner's progress
        for unit in units(root):
            lesson = read_lesson(root, unit)
            if not lesson.exercises:
                continue
            space = lesson.namespace()
            check.study(unit)
            right, wrong = {}, {}
            for cell in lesson.exercises:
                right[cell.name] = statistics.median(_check_times(check, space[cell.name], space))
                known = lesson.checks[cell.name].mistakes[0].call
                wrong[cell.name] = statistics.median(_check_times(check, known, {**space, cell.name: known}))
            medians += [*right.values(), *wrong.values()]
            slowest = max(right, key=right.get)
            each.add(
                unit,
                len(right),
                _ms(statistics.median(right.values())),
                _ms(statistics.median(wrong.values())),
                f"`{slowest}` {_ms(right[slowest])}",
            )
    each.notes.append(f"Median over all: {_ms(statistics.median(medians))} ms; the slowest: {_ms(max(medians))} ms.")
    return [each]


def _check_times(check, answer, space):
    """Seconds of whole checks of an answer, one figure a run; the first, which loads the unit's data, is left out."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(AssertionError):
            exec("check(answer)", {"check": check, **space, "answer": answer})
        times.append(time.perf_counter() - start)
    return times[1:]


@contextlib.contextmanager
def _home(folder):
    before = os.environ.get("DESCENT_HOME")
    os.environ["DESCENT_HOME"] = folder
    try:
        yield
    finally:
        os.environ.pop("DESCENT_HOME")
        if before is not None:
            os.environ["DESCENT_HOME"] = before


def _ms(seconds):
    return f"{1e3 * seconds:.1f}"
