"""A copy of the course with a small assignment of plain asserts, and a class that hands it in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("lessons", "helpers", "course", "nbgrader_config.py", "pyproject.toml")
ANSWERS = ("2 * x", "x + x", "x ** 2", "x + 2", "undefined", "-2 * x")


def copy_course(folder):
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def add_assignment(folder):
    """source/toy: two answers, two test cells of three points each."""
    cells = []
    for name, factor in (("double", 2), ("triple", 3)):
        answer = f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {factor} * x\n    ### END SOLUTION"
        hidden = f"### BEGIN HIDDEN TESTS\nassert {name}(-1) < 0\n### END HIDDEN TESTS"
        cells.append(_cell(answer, grade_id=name, solution=True, grade=False, locked=False))
        test = f"assert {name}(5) == {factor * 5}\n{hidden}"
        cells.append(_cell(test, grade_id=f"test_{name}", solution=False, grade=True, locked=True, points=3))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    (folder / "source" / "toy").mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "source" / "toy" / "toy.ipynb")


def _cell(source, **known):
    return new_code_cell(source, metadata={"nbgrader": {"schema_version": 3, "task": False, **known}})


def hand_in(folder, students):
    text = (folder / "source" / "toy" / "toy.ipynb").read_text(encoding="utf-8")
    for number in range(students):
        notebook = nbformat.reads(text, as_version=4)
        for place, name in ((0, "double"), (2, "triple")):
            answer = ANSWERS[(number * (place + 1)) % len(ANSWERS)]
            notebook.cells[place].source = f"def {name}(x):\n    return {answer}"
            notebook.cells[place + 1].source = notebook.cells[place + 1].source.split("\n")[0]
        target = folder / "submitted" / f"student-{number:03d}" / "toy"
        target.mkdir(parents=True)
        nbformat.write(notebook, target / "toy.ipynb")


def command(folder, *arguments, **more):
    """The `course` command in a copy of the course: (arguments for a subprocess)."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    return [sys.executable, "-m", "course.cli", *arguments], {"cwd": folder, "env": environment, "text": True, **more}


def run(folder, *arguments):
    line, how = command(folder, *arguments, capture_output=True, timeout=600)
    return subprocess.run(line, check=False, **how)


def marks(folder, assignment="toy", db_url=None):
    """{(student, cell): (auto score, whether it waits for a person)} of everything in the gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url or f"sqlite:///{folder / 'gradebook.db'}", "descent") as gradebook:
        rows = {}
        for submission in gradebook.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    key = (submission.student.id, grade.name)
                    assert key not in rows, f"{key} is counted twice"
                    rows[key] = (grade.auto_score, grade.needs_manual_grade)
        return rows
