"""An assignment of an instructor's own, with plain asserts, grades in this course as nbgrader's manual says."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

UNIT = "extra"
PLAIN = {"schema_version": 3, "solution": False, "grade": False, "locked": False, "task": False}
STUB = 'raise NotImplementedError("This exercise is not written yet.")'


def cell(name, source, **nbgrader):
    return new_code_cell(source, id=name, metadata={"nbgrader": PLAIN | {"grade_id": name} | nbgrader})


def notebook():
    solution = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    hidden = "assert double(0) == 0\n### BEGIN HIDDEN TESTS\nassert double(-4) == -8\n### END HIDDEN TESTS"
    cells = [
        cell("double", solution, solution=True),
        cell("shown", "assert double(3) == 6", grade=True, locked=True, points=2),
        cell("half_hidden", hidden, grade=True, locked=True, points=3),
        cell("partial", "1.5 if double('a') == 'aa' else 0", grade=True, locked=True, points=4),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def marks(classes):
    course = classes["01_derivatives"].result().course
    folder = course.root / "source" / UNIT
    folder.mkdir()
    nbformat.write(notebook(), folder / f"{UNIT}.ipynb")
    course.nbgrader("generate_assignment", UNIT)
    release = course.notebook("release", UNIT)
    assert STUB in release.cells[0].source
    for student, answer in [
        ("blank", release.cells[0].source),
        ("right", "def double(x):\n    return x + x"),
        ("visible_only", "def double(x):\n    return abs(2 * x)"),
    ]:
        handed_in = copy.deepcopy(release)
        handed_in.cells[0].source = answer
        course.hand_in(student, UNIT, handed_in)
    course.nbgrader("autograde", UNIT)
    return course.marks(UNIT)


def test_a_right_answer_gets_its_points_and_the_partial_credit(marks):
    assert marks["right"] == {"shown": 2, "half_hidden": 3, "partial": 1.5}


def test_a_failing_hidden_assert_costs_its_cell_alone(marks):
    assert marks["visible_only"] == {"shown": 2, "half_hidden": 0, "partial": 0}


def test_an_untouched_notebook_gets_nothing(marks):
    assert marks["blank"] == {"shown": 0, "half_hidden": 0, "partial": 0}
