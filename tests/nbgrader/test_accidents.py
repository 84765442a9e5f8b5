"""A class in which an accident befell every notebook but one: each gets what its work deserves, and the report says why
where something was mended. Graded by `nbgrader autograde` and by `course grade`."""

import csv
import hashlib
import json
import os
from dataclasses import dataclass

import nbformat
import pytest
from accidents import ACCIDENTS
from copied_course import CopiedCourse, points
from students import Class

UNIT = "01_derivatives"
HONEST = "아무 일 없는 학생"  # nothing happened to this one
NO_FILE, WRONG_NAME, A_FOLDER, A_LINK = "no_file", "wrong_name", "a_folder", "a_link"


@dataclass
class Graded:
    course: CopiedCourse
    worth: dict
    exercises: list
    by_nbgrader: dict
    by_course: dict
    handed_in: dict
    log: str
    table: list


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = CopiedCourse(tmp_path_factory.mktemp("accidents ") / "반")
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + "\nc.ConfinedExecute.seconds_cell = 3\n", encoding="utf-8")
    course.nbgrader("generate_assignment", UNIT, "--force")
    students = Class(course, UNIT)
    hand_in(course, HONEST, nbformat.writes(students.answered(demos=False)), {})
    for name, accident in ACCIDENTS.items():
        hand_in(course, name, accident.text(students.answered(demos=False)), accident.files)
    right = nbformat.writes(students.answered(demos=False))
    hand_in(course, NO_FILE, None, {"answers.txt": "see mail"})
    hand_in(course, WRONG_NAME, None, {"01_derivatives (1).ipynb": right})
    (folder_of(course, A_FOLDER) / f"{UNIT}.ipynb").mkdir(parents=True)
    folder_of(course, A_LINK).mkdir(parents=True)
    os.symlink(course.root / "source" / UNIT / f"{UNIT}.ipynb", folder_of(course, A_LINK) / f"{UNIT}.ipynb")
    handed_in = digests(course)
    log = course.run_nbgrader("autograde", UNIT)
    by_nbgrader = course.marks(UNIT)
    log += course.python("-m", "course.cli", "grade", UNIT, "--force", "--workers", "2")
    course.python("-m", "course.cli", "report", UNIT)
    with open(course.root / "reports" / f"{UNIT}.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    worth = points(students.release)
    return Graded(course, worth, students.exercises, by_nbgrader, course.marks(UNIT), handed_in, log, table)


def folder_of(course, student):
    return course.root / "submitted" / student / UNIT


def hand_in(course, student, text, files):
    folder = folder_of(course, student)
    folder.mkdir(parents=True)
    if text is not None:
        (folder / f"{UNIT}.ipynb").write_text(text, encoding="utf-8", newline="")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def digests(course):
    """{file: digest of its bytes} of all that was handed in."""
    files = [path for path in (course.root / "submitted").rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def due(graded, lost):
    return {check: 0 if check.removeprefix("check_") in lost else n for check, n in graded.worth.items()}


def record(graded, student):
    path = graded.course.root / "autograded" / student / UNIT / f"{UNIT}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["metadata"]["descent"]


@pytest.mark.parametrize("name", ACCIDENTS)
def test_the_marks_are_those_that_the_work_deserves(graded, name):
    accident = ACCIDENTS[name]
    lost = accident.lost if accident.readable else graded.exercises
    assert graded.by_course[name] == due(graded, lost)
    if accident.by_nbgrader:
        assert graded.by_nbgrader[name] == due(graded, lost)


@pytest.mark.parametrize("name", ACCIDENTS)
def test_the_record_says_what_was_mended_and_nothing_else(graded, name):
    notes = record(graded, name)["notes"]
    if ACCIDENTS[name].note:
        assert any(ACCIDENTS[name].note in note for note in notes), notes
    else:
        assert notes == []


def test_what_was_handed_in_is_as_it_was(graded):
    assert graded.handed_in == digests(graded.course)


@pytest.mark.parametrize("student", [NO_FILE, WRONG_NAME, A_FOLDER, A_LINK])
def test_a_submission_without_a_notebook_gets_nothing_and_is_named(graded, student):
    assert set(graded.by_course[student].values()) == {0}
    assert student in graded.log
    assert record(graded, student)["notes"]


def test_the_batch_goes_on_and_the_honest_student_has_full_marks(graded):
    assert graded.by_nbgrader[HONEST] == graded.worth
    assert graded.by_course[HONEST] == graded.worth
    assert record(graded, HONEST)["notes"] == record(graded, HONEST)["suspicions"] == []


def test_the_report_has_every_student(graded):
    found = {row["student"] for row in graded.table}
    assert found == {HONEST, *ACCIDENTS, NO_FILE, WRONG_NAME, A_FOLDER, A_LINK}
