"""A class of each unit, graded once by nbgrader's own command line.

No `__init__.py` stands in this folder: as a package of its name it would hide nbgrader.
"""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import nbformat
import pytest
from copied_course import REPOSITORY, CopiedCourse
from students import ROLES, Class

THROUGH_EXCHANGE, AGAIN = "old_outputs", "visible_only"


@dataclass
class Graded:
    """One unit's class after release, hand-in, autograde, a second autograde, feedback and export."""

    unit: str
    course: CopiedCourse
    committed: nbformat.NotebookNode
    students: Class = None
    release_log: str = ""
    marks: dict = field(default_factory=dict)
    marks_again: dict = field(default_factory=dict)
    seeds: list = field(default_factory=list)  # (text, mode) after release, after autograde, after the second one


def grade(unit, home):
    """Do with a unit what an instructor does from release to export."""
    committed = nbformat.read(REPOSITORY / "release" / unit / f"{unit}.ipynb", as_version=4)
    course = CopiedCourse(home)
    graded = Graded(unit, course, committed)
    graded.release_log = course.nbgrader("generate_assignment", unit, "--force")
    graded.students = Class(course, unit)
    graded.seeds.append(seed_of(course))
    for student, notebook in graded.students.notebooks.items():
        if student != THROUGH_EXCHANGE:
            course.hand_in(student, unit, notebook)
    through_exchange(course, unit, graded.students.notebooks[THROUGH_EXCHANGE])
    course.nbgrader("autograde", unit)
    graded.marks = course.marks(unit)
    graded.seeds.append(seed_of(course))
    course.nbgrader("autograde", unit, "--force", f"--student={AGAIN}")
    graded.marks_again = course.marks(unit)
    graded.seeds.append(seed_of(course))
    course.nbgrader("generate_feedback", unit)
    course.nbgrader("export")
    return graded


def through_exchange(course, unit, notebook):
    """Release a unit, fetch it as a student, hand the notebook in and collect it."""
    course.through_exchange("release_assignment", unit)
    course.through_exchange("fetch_assignment", unit, cwd=course.desk)
    nbformat.write(notebook, course.desk / unit / f"{unit}.ipynb")
    course.through_exchange("submit", unit, f"--student={THROUGH_EXCHANGE}", cwd=course.desk)
    course.through_exchange("collect", unit)


def seed_of(course):
    path = course.root / ".descent" / "secret-seed"
    return (path.read_text(), stat.S_IMODE(path.stat().st_mode)) if path.exists() else None


@pytest.fixture(scope="session")
def classes(tmp_path_factory):
    """{unit: a future of its Graded}; the units are graded side by side."""
    with ThreadPoolExecutor(len(ROLES)) as pool:
        yield {unit: pool.submit(grade, unit, tmp_path_factory.mktemp("a class ") / "반") for unit in ROLES}


@pytest.fixture(scope="session", params=ROLES)
def graded(request, classes):
    return classes[request.param].result()
