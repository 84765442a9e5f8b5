"""Measures what a learner waits for: the first import of `helpers`, and each check. Run by `make bench`."""

import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time

from rich.console import Console
from rich.table import Table

from course.lesson import read_lesson, units
from course.root import course_root
from helpers import check

RUNS = 21


def import_times(statement):
    """Seconds that a fresh interpreter takes for an import, interpreter start left out; one figure a run."""
    code = f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    command = [sys.executable, "-c", code]
    return [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(RUNS)]


def check_times(answer, space):
    """Seconds of whole checks of an answer, its report and the record of it included; one figure a run."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(AssertionError):
            exec("check(answer)", {"check": check, **space, "answer": answer})
        times.append(time.perf_counter() - start)
    return times


def main():
    console = Console()
    table = Table(title=f"first import, milliseconds ({RUNS} fresh interpreters)")
    for column in ("what", "median", "slowest"):
        table.add_column(column)
    for statement in ("import numpy", "from helpers import check, guess, plots, data"):
        times = import_times(statement)
        table.add_row(statement, f"{1e3 * statistics.median(times):.0f}", f"{1e3 * max(times):.0f}")
    console.print(table)
    table = Table(title=f"one check, milliseconds (the first, then the median of {RUNS})")
    for column in ("unit", "exercise", "first", "right answer", "known mistake"):
        table.add_column(column)
    medians = []
    root = course_root()
    for unit in units(root):
        lesson = read_lesson(root, unit)
        space = lesson.namespace() if lesson.exercises else {}
        check.study(unit)
        for cell in lesson.exercises:
            first, *right = check_times(space[cell.name], space)
            known = lesson.checks[cell.name].mistakes[0].call
            _, *wrong = check_times(known, {**space, cell.name: known})
            medians += [statistics.median(right), statistics.median(wrong)]
            table.add_row(unit[:2], cell.name, *(f"{1e3 * t:.1f}" for t in (first, medians[-2], medians[-1])))
    console.print(table)
    console.print(f"median over all: {1e3 * statistics.median(medians):.1f} ms; largest: {1e3 * max(medians):.1f} ms")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:  # the bench's checks are no learner's progress
        os.environ["DESCENT_HOME"] = folder
        main()
