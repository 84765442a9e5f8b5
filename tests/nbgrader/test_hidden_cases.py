"""Hidden cases are drawn from a secret that stays with the instructor, and show in no student's feedback."""

import json
from pathlib import Path

import pytest
from copied_course import PARTS
from pages import text_of

FEWEST_DIGITS = 12
TRACES = Path(__file__).with_name("case_traces.py")
QUIET = ("right", "blank", "mistake", "wrong", "visible_only", "old_outputs", "studying")


def traces(graded, kind):
    return json.loads(graded.course.python(str(TRACES), graded.unit, kind))


@pytest.fixture(scope="module")
def hidden_only(graded):
    """{exercise: texts that stand in hidden cases and in no visible one}"""
    visible = {text for texts in traces(graded, "visible").values() for text in texts}
    return {name: set(texts) - visible for name, texts in traces(graded, "hidden").items()}


def shown(graded, student, texts):
    page = "".join(text_of(graded.course.feedback(student, graded.unit)).split())
    return sorted(text for text in texts if text in page)


def test_a_case_that_feedback_shows_is_found_by_its_traces(graded):
    exercise = graded.students.roles.mistaken[0]
    assert shown(graded, "mistake", traces(graded, "visible")[exercise])


def test_no_hidden_case_shows_in_feedback(graded, hidden_only):
    every = set().union(*hidden_only.values())
    assert len(every) > 20
    assert hidden_only[graded.students.roles.looked_up[0]]
    for student in QUIET:
        assert shown(graded, student, every) == [], student


def test_no_hidden_case_shows_in_feedback_of_an_answer_that_displays_its_inputs(graded, hidden_only):
    assert shown(graded, "chatty", hidden_only[graded.students.roles.displayed]) == []


def test_no_hidden_case_stands_in_a_file_of_the_course(graded, hidden_only):
    root = graded.course.root
    files = [path for part in (*PARTS, "release") for path in (root / part).rglob("*.*")]
    texts = ["".join(p.read_text(encoding="utf-8").split()) for p in files if p.suffix in (".py", ".json", ".ipynb")]
    assert len(texts) > 20
    # the files hold so many numbers that a trace of fewer digits is met by chance
    long = [trace for trace in set().union(*hidden_only.values()) if sum(map(str.isdigit, trace)) >= FEWEST_DIGITS]
    assert len(long) > 10
    assert [trace for trace in long for text in texts if trace in text] == []


def test_the_secret_is_made_on_first_use_for_its_owner_alone(graded):
    before, after, _ = graded.seeds
    assert before is None
    seed, mode = after
    assert len(seed.strip()) == 32
    assert mode == 0o600


def test_the_secret_is_not_released(graded):
    seed = graded.seeds[1][0].strip()
    released = [*(graded.course.root / "release").rglob("*"), *graded.course.exchange.rglob("*")]
    files = [path for path in released if path.is_file()]
    assert len(files) > 1
    assert not [path for path in files if path.name == "secret-seed" or seed in path.read_text(encoding="utf-8")]


def test_a_second_autograde_draws_the_same_cases_and_gives_the_same_marks(graded):
    assert graded.seeds[2] == graded.seeds[1]
    assert graded.marks_again == graded.marks
