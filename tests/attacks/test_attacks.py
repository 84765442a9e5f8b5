"""No attack earns a point that its honest answers did not, harms another student, or learns what is hidden."""

import re
from pathlib import Path

import pytest
from active import active_in
from arena import ALONE, CANARY, PRIVATE, attacker, honest_after
from attack import MARK
from catalogue import ATTACKS
from copied_course import REPOSITORY
from pages import text_of


def test_there_are_many_and_each_has_its_own_name():
    assert len(ATTACKS) >= 60
    assert len({attack.name for attack in ATTACKS}) == len({attack.tries for attack in ATTACKS}) == len(ATTACKS)


def test_the_page_on_grading_lists_them_all():
    page = (REPOSITORY / "docs" / "grading.md").read_text(encoding="utf-8")
    assert [attack.name for attack in ATTACKS if f"| {attack.name} | {attack.tries} |" not in page] == []


def test_it_gains_nothing(fought):
    arena, number, attack = fought
    marks = arena.marks.get(attacker(number, attack), {})
    if attack.ungraded:
        assert not any(marks.values())
    else:
        assert marks == arena.expected(attack)


def test_it_gains_nothing_from_course_grade(fought):
    arena, number, attack = fought
    marks = arena.class_marks.get(attacker(number, attack), {})
    if attack.ungraded:
        assert not any(marks.values())
    else:
        assert marks == arena.expected(attack)


def test_the_next_student_is_graded_as_if_alone(fought):
    arena, number, _ = fought
    full = sum(arena.points.values()) - arena.points["check_tangent_line"]
    assert sum(arena.marks[ALONE].values()) == full
    for marks in (arena.marks, arena.class_marks):
        assert marks[honest_after(number)] == arena.marks[ALONE]
    assert arena.feedback(honest_after(number)) == arena.feedback(ALONE)


def test_its_feedback_tells_nothing_hidden(fought):
    arena, number, attack = fought
    page = arena.feedback(attacker(number, attack))
    if attack.ungraded and page is None:
        return
    text = text_of(page)
    squeezed = "".join(text.split())
    assert [trace for trace in arena.hidden if trace in squeezed] == []
    assert arena.before["seed"].strip() not in text
    assert PRIVATE not in text
    assert [line for line in solution_lines(arena, attack) if line in squeezed] == []


def test_its_feedback_runs_nothing(fought):
    arena, number, attack = fought
    page = arena.feedback(attacker(number, attack))
    if not (attack.ungraded and page is None):
        assert active_in(page) - active_in(arena.feedback(ALONE)) == set()


def solution_lines(arena, attack):
    """The lines of published solutions by which one is known, but for the answers that the attack has itself."""
    known = "".join("".join(cell.source.split()) for cell in arena.release.cells)
    known += "".join("".join(arena.solutions[name].split()) for name in attack.honest)
    known += "".join("".join(source.split()) for source in attack.answers.values())
    every = ("".join(line.split()) for source in arena.solutions.values() for line in source.splitlines())
    return {line for line in every if len(line) > 25 and "(" in line and line not in known}


def test_nothing_of_the_course_changed(arenas):
    for arena in arenas:
        assert arena.after == arena.before
        assert arena.after_class == arena.before


def test_nothing_of_the_machine_changed(arenas):
    assert arenas
    assert CANARY.read_text() == "untouched"
    assert [path.name for path in Path("/tmp").glob("descent-attack*")] == [CANARY.name]


def test_nothing_still_runs(arenas):
    for arena in arenas:
        assert arena.left == {}
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not [line for line in lines if MARK.encode() in line]


def said(arenas, name):
    """What an attack printed, from its graded notebook."""
    place = next(i for i, attack in enumerate(ATTACKS) if attack.name == name)
    return arenas[place % 2].records[place // 2]


@pytest.mark.parametrize(
    ("name", "reports"),
    [
        ("limits_raised", r"descent-refused: 9\b"),
        ("debugger", r"descent-done: \[\]"),
        ("network", r"descent-done: \[\]"),
        ("shared_memory", r"descent-held: [0-6]\b"),
    ],
)
def test_what_is_refused(arenas, name, reports):
    assert re.search(reports, said(arenas, name))


def test_a_graded_notebook_stays_small(arenas):
    for arena in arenas:
        for path in arena.root.glob("autograded/*/*/*"):
            assert path.stat().st_size < 40 * 2**20, path
