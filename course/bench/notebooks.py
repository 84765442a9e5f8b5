"""How long each solved notebook runs, and how much memory it takes, on one core and on two."""

import os
import sys

from course.bench.processes import cost_of
from course.bench.tables import Figures
from course.lesson import units
from course.root import course_root

RUN = (
    "import sys, nbformat; from pathlib import Path; from course.editions.solutions import execute; "
    "execute(nbformat.read(sys.argv[1], 4), Path(sys.argv[2]))"
)


def measure():
    root = course_root()
    cores = sorted(os.sched_getaffinity(0))[:2]
    table = Figures(
        "The solved notebooks, run whole in a fresh kernel", ("unit", "one core, s", "two cores, s", "peak memory, MB")
    )
    for unit in units(root):
        command = [sys.executable, "-c", RUN, str(root / "solutions" / f"{unit}.ipynb"), str(root)]
        one, two = (cost_of(command, cores[:n], cwd=root) for n in (1, 2))
        table.add(unit, f"{one.wall:.1f}", f"{two.wall:.1f}", f"{max(one.peak, two.peak):.0f}")
    return [table]
