"""Each student of a class gets exactly the marks that are due, in the gradebook and in the exported table."""

import csv
import re

from copied_course import points


def due(graded, student):
    lost = graded.students.lost[student]
    worth = points(graded.students.release)
    return {check: 0 if check.removeprefix("check_") in lost else worth[check] for check in worth}


def test_published_solutions_get_full_marks(graded):
    assert graded.marks["right"] == points(graded.students.release)
    assert sum(graded.marks["right"].values()) > 20


def test_an_untouched_release_gets_nothing_on_any_check(graded):
    assert set(graded.marks["blank"].values()) == {0}
    assert set(graded.marks["blank"]) == set(points(graded.students.release))


def test_a_catalogued_mistake_costs_its_exercise_alone(graded):
    assert graded.marks["mistake"] == due(graded, "mistake")


def test_a_constant_answer_and_a_cell_that_stops_cost_their_exercises_alone(graded):
    assert graded.marks["wrong"] == due(graded, "wrong")


def test_an_answer_that_looks_up_the_visible_cases_gets_nothing_for_its_exercise(graded):
    assert graded.marks["visible_only"] == due(graded, "visible_only")


def test_outputs_left_in_a_notebook_and_a_replaced_check_change_no_mark(graded):
    assert graded.marks["old_outputs"] == due(graded, "old_outputs")


def test_right_answers_that_print_and_display_lose_nothing(graded):
    marks, worth = graded.marks["chatty"], due(graded, "chatty")
    on_stderr = f"check_{graded.students.roles.on_stderr}"
    assert {**marks, on_stderr: None} == {**worth, on_stderr: None}


def test_a_right_answer_that_writes_to_stderr_loses_nothing(graded):
    check = f"check_{graded.students.roles.on_stderr}"
    assert graded.marks["chatty"][check] == due(graded, "chatty")[check]


def test_a_rescued_exercise_gets_nothing(graded):
    assert graded.marks["studying"] == due(graded, "studying")


def test_the_exported_table_holds_the_same_marks(graded):
    with open(graded.course.root / "grades.csv", encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == graded.unit}
    full = sum(points(graded.students.release).values())
    assert rows.keys() == graded.students.notebooks.keys()
    for student, row in rows.items():
        assert float(row["score"]) == float(row["raw_score"]) == sum(graded.marks[student].values()), student
        assert float(row["max_score"]) == full


def test_points_are_those_of_the_lesson(graded):
    text = (graded.course.root / "lessons" / graded.unit / "lesson.py").read_text(encoding="utf-8")
    stated = re.findall(r'^# %% check="(\w+)" points=(\d+)', text, re.MULTILINE)
    assert points(graded.students.release) == {f"check_{name}": int(number) for name, number in stated}
