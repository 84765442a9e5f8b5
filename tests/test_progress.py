"""What a learner did is kept, shown, and survives everything around it."""

import json
import linecache
from pathlib import Path

import pytest

from course.cleared import cleared
from course.lesson import read_lesson
from helpers import check, guess, progress
from helpers.checks import spec
from helpers.checks.engine import Check, CheckFailed, NotAnExercise
from helpers.checks.standing import StandingReport
from helpers.guessing import _letters

WRONG = "def forward_difference(f, x, h=1e-6):\n    return f(x + h) - f(x)\n"
RIGHT = "def forward_difference(f, x, h=1e-6):\n    return (f(x + h) - f(x)) / h\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def study(home):
    """A check in the study edition, and the notebook's names."""
    own = Check()
    own.study("01_derivatives")
    return own, {"check": own}


def answer(space, source, call="check(forward_difference)"):
    exec(source, space)
    exec(call, space)


def test_the_best_state_counts_and_wrong_tries_are_counted(study, capsys):
    own, space = study
    for _ in range(2):
        with pytest.raises(CheckFailed):
            answer(space, WRONG)
    assert progress.standing()["forward_difference"]["state"] == "tried"
    answer(space, RIGHT)
    with pytest.raises(CheckFailed):
        answer(space, WRONG)
    assert progress.standing()["forward_difference"] == {"state": "right", "attempts": 3, "hints": 0, "rescued": False}
    capsys.readouterr()
    own.progress()
    shown = capsys.readouterr().out
    assert "01 Derivatives: 1 of" in shown
    assert "✓ right, at try 4" in shown


@pytest.fixture
def another_name(monkeypatch):
    """forward_difference was called `slope_ahead` in an earlier release."""
    units = {unit: dict(entry) for unit, entry in spec.index()["units"].items()}
    units["01_derivatives"]["was"] = {"forward_difference": ["slope_ahead"]}
    monkeypatch.setattr(spec, "index", lambda: {"units": units})


def test_what_was_done_under_a_former_name_counts(study, another_name, capsys, monkeypatch):
    monkeypatch.setattr("helpers.checks.engine.published_solution", lambda unit, name: "ours")
    own, space = study
    progress.record(kind="check", exercise="slope_ahead", state="wrong", source="first try")
    progress.record(kind="check", exercise="slope_ahead", state="right", source="def slope_ahead(f, x, h): ...")
    progress.record(kind="hint", exercise="slope_ahead", number=2)
    own.progress()
    shown = capsys.readouterr().out
    assert "✓ right, at try 2, 2 hints, under its former name slope_ahead" in shown
    assert "01 Derivatives: 1 of" in shown
    exec(RIGHT, space)
    exec("check.solution(forward_difference)", space)
    assert "def slope_ahead(f, x, h)" in capsys.readouterr().out
    with pytest.raises(CheckFailed):
        answer(space, WRONG)
    own.progress()
    assert "✓ right, at try 3, 2 hints\n" in capsys.readouterr().out


def test_checking_a_former_name_says_the_new_one(study, another_name):
    _, space = study
    with pytest.raises(NotAnExercise, match="slope_ahead is called forward_difference now"):
        answer(space, RIGHT.replace("forward_difference", "slope_ahead"), "check(slope_ahead)")


def test_outside_the_study_edition_nothing_is_recorded_and_no_solution_shown(home, capsys):
    own = Check()
    answer({"check": own}, RIGHT)
    assert not (home / progress.FOLDER).exists()
    with pytest.raises(NotAnExercise, match="study edition only"):
        answer({"check": own}, RIGHT, "check.solution(forward_difference)")


def test_hints_open_one_by_one(study, capsys):
    _, space = study
    exec(RIGHT, space)
    shown = []
    for _ in range(6):
        exec("check.hint(forward_difference)", space)
        shown.append(capsys.readouterr().out)
    assert "1. " in shown[0]
    assert "2. " not in shown[0]
    assert "2. " in shown[1]
    assert "That was the last one." in shown[-1]


def publish(home, source):
    (home / "solutions").mkdir()
    cell = {"id": "forward_difference", "cell_type": "code", "source": source.splitlines(keepends=True)}
    (home / "solutions" / "01_derivatives.ipynb").write_text(json.dumps({"cells": [cell]}))


def test_the_solution_opens_only_after_an_attempt(study, home, capsys):
    _, space = study
    publish(home, RIGHT)
    exec(WRONG, space)
    exec("check.solution(forward_difference)", space)
    assert "opens after an attempt" in capsys.readouterr().out
    with pytest.raises(CheckFailed):
        exec("check(forward_difference)", space)
    exec("check.solution(forward_difference)", space)
    assert "return (f(x + h) - f(x)) / h" in capsys.readouterr().out


def test_a_rescue_puts_the_solution_in_place_and_is_shown(study, home, capsys):
    own, space = study
    publish(home, RIGHT)
    exec(WRONG, space)
    exec('check.rescue("forward_difference")', space)
    assert space["forward_difference"](lambda x: 3 * x, 0.0) == pytest.approx(3)
    assert progress.standing()["forward_difference"]["rescued"]
    own.progress()
    assert "rescued" in capsys.readouterr().out


def test_a_missing_solution_is_said(study):
    _, space = study
    with pytest.raises(CheckFailed):
        answer(space, WRONG)
    with pytest.raises(NotAnExercise, match=r"solutions/01_derivatives.ipynb is not in this folder"):
        exec("check.solution(forward_difference)", space)


def test_the_table_opens_at_the_unit_that_was_last_worked_in():
    units = {"00_a": {"title": "A", "exercises": ["a"]}, "01_b": {"title": "B", "exercises": ["b", "c"]}}

    def opened(standing):
        page = StandingReport({"units": units}, standing).html()
        return [part.split("</strong>")[0][-4:] for part in page.split("<details open>")[1:]]

    assert opened({}) == ["00 A"]
    assert opened({"b": {"state": "right"}}) == ["01 B"]
    assert opened({"a": {"state": "right"}}) == ["01 B"]
    assert opened({name: {"state": "right"} for name in "abc"}) == []


def test_a_damaged_line_costs_only_itself(home):
    progress.record(kind="check", exercise="a", state="right")
    path = home / progress.FOLDER / "progress.jsonl"
    with open(path, "a") as log:
        log.write('{"kind": "check", "exer')  # cut short by a crash
    progress.record(kind="check", exercise="b", state="right")
    with open(path, "a") as log:
        log.write('[1, 2]\n{"exercise": 3}\n')
    assert {name: row["state"] for name, row in progress.standing().items()} == {"a": "right", "b": "right"}


def test_a_folder_that_cannot_be_written_costs_only_the_record(home, capsys):
    (home / progress.FOLDER).write_text("in the way")
    progress.record(kind="check", exercise="a", state="right")
    assert "could not be written" in capsys.readouterr().out
    assert progress.standing() == {}


def test_every_answer_that_was_checked_can_be_found_again(study):
    _, space = study
    written(space, RIGHT)
    exec("check(forward_difference)", space)
    assert progress.last_answer("forward_difference") == RIGHT


def some_question():
    from helpers.checks import spec

    entry = spec.index()["units"]["01_derivatives"]
    name = entry["guesses"][0]
    return name, spec.unit_data("01_derivatives")["guesses"][name]


def test_a_guess_is_kept_and_answered(home, capsys):
    name, entry = some_question()
    wrong = next(letter for letter in "ab" if letter != entry["right"])
    guess(name, wrong.upper())
    assert progress.guesses() == {name: wrong}
    capsys.readouterr()
    guess.answer(name)
    shown = capsys.readouterr().out
    assert f"You guessed {wrong}; what happens is {entry['right']}" in shown
    assert entry["why"] in shown
    guess(name, entry["right"])
    guess.answer(name)
    assert f"You guessed {entry['right']}, and that is what happens" in capsys.readouterr().out


def test_an_answer_without_a_guess_is_still_given(home, capsys):
    name, _ = some_question()
    guess.answer(name)
    assert "No guess was kept" in capsys.readouterr().out


def test_a_guess_that_is_no_option_is_refused(home):
    name, _ = some_question()
    with pytest.raises(NotAnExercise, match="choose one of a, b"):
        guess(name, "z")
    with pytest.raises(NotAnExercise, match="no question called"):
        guess("nonsense")


def written(space, source, name="<written cell>"):
    """Define functions as a notebook cell does, so that their source can be found."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), space)


def test_a_forgotten_raise_under_finished_work_is_pointed_out(study, capsys):
    _, space = study
    written(space, RIGHT.replace("    return", '    raise NotImplementedError("x")\n    return'))
    with pytest.raises(CheckFailed, match="not attempted"):
        exec("check(forward_difference)", space)
    assert "still stands in your code" in capsys.readouterr().out


def test_an_untouched_exercise_is_calm(study, capsys):
    _, space = study
    lesson = read_lesson(Path(__file__).parent.parent, "01_derivatives")
    written(space, cleared(next(cell.source for cell in lesson.exercises if cell.name == "forward_difference")))
    with pytest.raises(CheckFailed, match="not attempted"):
        exec("check(forward_difference)", space)
    assert "still stands" not in capsys.readouterr().out


def test_a_wrong_helper_is_named_rather_than_its_caller(study, capsys):
    _, space = study
    exec(WRONG, space)
    exec("def central_difference(f, x, h=1e-5): return forward_difference(f, x, h)", space)
    with pytest.raises(CheckFailed):
        exec("check(central_difference)", space)
    assert "It calls `forward_difference`, which is not right yet" in capsys.readouterr().out


@pytest.mark.parametrize("letter", ["", "ab", None, 3])
def test_only_one_of_the_letters_is_a_guess(home, letter):
    _, entry = some_question()
    assert letter not in _letters(entry)


def test_check_has_no_side_effect_on_import():
    assert check._unit is None


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_a_cell_that_cannot_be_read_is_named_and_no_older_version_answers(home, shell, capsys):
    shell.run_cell('from helpers import check\ncheck.study("01_derivatives")')
    shell.run_cell(RIGHT)
    shell.run_cell(RIGHT.replace(") / h", " / h"))
    capsys.readouterr()
    shell.run_cell("check(forward_difference)")
    shown = capsys.readouterr().out
    assert "could not read its cell" in shown
    assert "'(' was never closed" in shown
    assert "Line 2" in shown
    assert "not defined" not in shown
    shell.run_cell(RIGHT)
    shell.run_cell("check(forward_difference)")
    assert "forward_difference is right" in capsys.readouterr().out.replace("`", "")
