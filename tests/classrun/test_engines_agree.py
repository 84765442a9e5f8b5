"""Stock nbgrader, the course serially and the course in parallel give the same marks for a made-up class.

Stock nbgrader takes 51 minutes for 100 students in each unit, on two cores and with -n 2 --dist worksteal:
DESCENT_CLASS=100 asks for it. By default it is a small class of the first two units, and of the last one by the
course's own two ways.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from toy import ROOT, command, marks, run

from course.grading.democlass import make_class
from course.lesson import read_lesson, units

UNITS = [unit for unit in units(ROOT) if read_lesson(ROOT, unit).graded]
ALL = "DESCENT_CLASS" in os.environ
ON_STOCK = UNITS if ALL else UNITS[:2]
STUDENTS = int(os.environ.get("DESCENT_CLASS", "8"))
OWN_LINES = "# Grading: notebooks run in confined processes"


def without_demos(folder, unit):
    """Take the demonstrations out of what was handed in: no check depends on one, and stock nbgrader runs them all."""
    for path in folder.glob(f"submitted/*/{unit}/{unit}.ipynb"):
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            path.unlink()  # stock nbgrader gives a truncated file no mark at all
            path.parent.rmdir()
            path.parent.parent.rmdir()
            continue
        notebook["cells"] = [c for c in notebook["cells"] if "demo" not in c["metadata"].get("tags", [])]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def followed(folder, unit):
    """The cells that were credited although an earlier answer is wrong; stock nbgrader sinks them."""
    found = set()
    for path in folder.glob(f"autograded/*/{unit}/{unit}.ipynb"):
        record = json.loads(path.read_text(encoding="utf-8"))["metadata"]["descent"]["marks"]
        found |= {(path.parents[1].name, cell) for cell, mark in record.items() if mark["followed"]}
    return found


def repaired(folder, unit):
    """The students whose notebooks were repaired, which stock nbgrader does not do."""
    paths = folder.glob(f"autograded/*/{unit}/{unit}.ipynb")
    records = {p.parents[1].name: json.loads(p.read_text(encoding="utf-8"))["metadata"]["descent"] for p in paths}
    return {student for student, record in records.items() if record["notes"]}


@pytest.mark.parametrize("unit", UNITS if ALL else [*ON_STOCK, UNITS[-1]])
def test_the_engines_give_the_same_marks(tmp_path, unit):
    folder = make_class(ROOT, tmp_path / "course", unit, STUDENTS, seed=7)
    without_demos(folder, unit)
    assert run(folder, "grade", unit, "--workers", "1").returncode == 0
    serial, credited, mended = marks(folder, unit), followed(folder, unit), repaired(folder, unit)
    assert len({student for student, _ in serial}) >= 0.9 * STUDENTS
    assert run(folder, "grade", unit, "--force", "--workers", "2").returncode == 0
    assert marks(folder, unit) == serial
    if unit not in ON_STOCK:
        return

    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").split(OWN_LINES)[0], encoding="utf-8")
    _, how = command(folder, capture_output=True, timeout=3000)
    subprocess.run([sys.executable, "-m", "nbgrader", "autograde", unit, "--force"], check=False, **how)
    stock = marks(folder, unit)
    agree = {key for key in serial if key not in credited and key[0] not in mended}
    assert len(agree) > 0.6 * len(serial)
    assert {key: stock[key] for key in agree} == {key: serial[key] for key in agree}


def test_the_marker_of_our_own_lines_stands_in_the_configuration():
    assert OWN_LINES in Path(ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
