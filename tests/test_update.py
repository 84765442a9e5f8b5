"""`make update` fetches a new course and keeps all that a learner wrote, whatever the release and git say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from toy_course import Courses, git, own, stub

from course.errors import CourseError
from course.update import update

ANSWER = 'def double(x):\n    """What it does."""\n    return 2 * x'


def run(courses):
    said = []
    update(courses.mine, said.append)
    return "\n".join(said)


def refused(courses, words):
    """The update refuses with these words, and nothing in the folder is another than before."""
    before = snapshot(courses.mine)
    with pytest.raises(CourseError, match=words) as caught:
        run(courses)
    assert snapshot(courses.mine) == before
    return str(caught.value)


def snapshot(folder):
    files = [p for p in folder.rglob("*") if p.is_file() and ".git" not in p.relative_to(folder).parts]
    return {p: p.read_bytes() for p in files}


def aside(courses):
    """The texts of the set-aside notebook; it is a sound notebook."""
    made = courses.read("set_aside")
    nbformat.validate(made)
    return [cell.source for cell in made.cells]


ONE = ["old prose", ("demo", "show(1)"), ("exercise", "double"), ("demo", "show(2)"), ("exercise", "half")]
TWO = ["second unit", ("exercise", "third")]


@pytest.fixture
def courses(tmp_path):
    return Courses(tmp_path, u01=ONE, u02=TWO)


def test_answers_and_own_cells_are_in_the_new_edition(courses):
    courses.edit("u01", {"double": ANSWER}, {"double": own("my notes", "f00")})
    worked = courses.path("u01").read_bytes()
    courses.publish(u01=["new prose", *ONE[1:]], u02=TWO)
    said = run(courses)
    texts = courses.texts("u01")
    assert texts[1] == "new prose"
    assert texts[texts.index(ANSWER) + 1] == "my notes"
    assert "u01.ipynb: 1 answer and 1 cell of yours are in the new edition" in said
    [kept] = (courses.mine / ".descent" / "kept").iterdir()
    assert kept.read_bytes() == worked
    assert not courses.path("set_aside").exists()
    before = courses.path("u01").read_bytes()
    run(courses)
    assert courses.path("u01").read_bytes() == before


def test_a_notebook_that_the_release_leaves_alone_keeps_its_bytes_and_outputs(courses):
    courses.edit("u01", {"double": ANSWER})
    worked = courses.path("u01").read_bytes()
    courses.publish(u01=ONE, u02=["new", *TWO[1:]])
    run(courses)
    assert courses.path("u01").read_bytes() == worked
    assert courses.texts("u02")[1] == "new"


def test_a_half_written_answer_is_an_answer(courses):
    begun = stub("double").replace("    # YOUR CODE HERE", "    y = x  # and then?\n    # YOUR CODE HERE")
    courses.edit("u01", {"double": begun})
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    run(courses)
    assert courses.text("u01", "double") == begun


def test_an_answer_stands_below_the_new_description(courses):
    courses.edit("u01", {"double": ANSWER, "half": 'def half(x):\n    """What it does."""\n    return x / 2'})
    new = [*ONE[:2], ("exercise", "double", {"says": "Twice x."}), ("exercise", "half", {"arguments": "x, n=2"})]
    courses.publish(u01=new, u02=TWO)
    said = run(courses)
    assert courses.text("u01", "double") == ANSWER.replace("What it does.", "Twice x.")
    assert courses.text("u01", "half") == 'def half(x):\n    """What it does."""\n    return x / 2'
    assert "`half` is described in new words" in said
    assert "`double` is described" not in said


def test_a_renamed_exercise_keeps_its_answer_under_the_new_name(courses):
    recursive = 'def double(x):\n    """What it does."""\n    return 0 if x == 0 else 2 + double(x - 1)  # double'
    user = 'def half(x):\n    """What it does."""\n    return double(x) / 4'
    courses.edit("u01", {"double": recursive, "half": user}, {"check_double": own("double(21)", "f00")})
    courses.publish(u01=[*ONE[:2], ("exercise", "twice", {"was": ["double"]}), *ONE[3:]], u02=TWO)
    said = run(courses)
    answer = courses.text("u01", "twice")
    assert answer.startswith("def twice(x)")
    assert "2 + twice(x - 1)  # double" in answer
    texts = courses.texts("u01")
    assert texts[texts.index("check(twice)") + 1] == "double(21)"
    space = {}
    exec("\n\n".join([answer, courses.text("u01", "half")]), space)
    assert space["twice"](3) == 6
    assert space["half"](3) == 1.5
    assert "`double` is called `twice` now" in said


@pytest.mark.parametrize(
    "source",
    [
        "def double(x):\n    return 2 *",  # half a thought
        "def double(x, twice=2):\n    return twice * x",  # the new name is taken
        "double = lambda x: 2 * x",
        "%%timeit\ndef double(x): return 2 * x",
        "def double(x):\n    double = 2\n    return double * x",
        'def double(x):\n    return f"{double}"' if sys.version_info < (3, 12) else "def double(double): return double",
    ],
)
def test_an_answer_that_cannot_be_renamed_says_what_to_do(courses, source):
    courses.edit("u01", {"double": source})
    courses.publish(u01=[*ONE[:2], ("exercise", "twice", {"was": ["double"]}), *ONE[3:]], u02=TWO)
    said = run(courses)
    line = "# this exercise was called double: write twice in the def line, and wherever you call it\n"
    text = courses.text("u01", "twice")
    assert text.index(line) == (len("%%timeit\n") if "%%" in source else 0)
    assert text.replace(line, "") == source
    assert "still calls itself `double`" in said


def test_a_moved_exercise_takes_its_answer_and_edited_check_along(courses):
    edits = {"double": ANSWER, "check_double": "check(double)\ndouble(4)"}
    courses.edit("u01", edits, {"check_double": own("after it", "f00")})
    courses.publish(u01=[ONE[0], ONE[1], *ONE[3:]], u02=[*TWO, ONE[2]])
    said = run(courses)
    assert courses.text("u02", "double") == ANSWER
    assert courses.text("u02", "check_double") == edits["check_double"]
    assert courses.texts("u01")[3] == "after it"
    assert "`double` moved to u02.ipynb" in said


def test_a_moved_exercise_finds_a_notebook_that_was_worked_in(courses):
    courses.edit("u01", {"double": ANSWER})
    courses.edit("u02", {"third": "def third(x): return x / 3"}, {"third": own("mine", "f00")})
    courses.publish(u01=[ONE[0], ONE[1], *ONE[3:]], u02=[*TWO, ONE[2]])
    run(courses)
    assert courses.text("u02", "double") == ANSWER
    assert courses.text("u02", "third") == "def third(x): return x / 3"
    assert "mine" in courses.texts("u02")


def test_two_exercises_made_one_keep_both_answers(courses):
    courses.edit("u01", {"double": ANSWER, "half": "def half(x): return x / 2"})
    courses.publish(u01=[*ONE[:2], ("exercise", "scale", {"was": ["double", "half"]})], u02=TWO)
    said = run(courses)
    assert courses.text("u01", "scale").startswith("def scale(x)")
    assert "def half(x): return x / 2" in "\n".join(aside(courses)) or "def scale(x): return x / 2" in aside(courses)
    assert "Another answer of yours stands in its place" in said


def test_a_removed_exercise_is_set_aside_and_named_and_the_notebook_only_grows(courses):
    courses.edit("u01", {"double": ANSWER})
    courses.publish(u01=[*ONE[:2], *ONE[3:]], u02=TWO)
    said = run(courses)
    assert ANSWER in aside(courses)
    heading = aside(courses)[aside(courses).index(ANSWER) - 1]
    assert heading.startswith("## Your answer to `double`, from `u01.ipynb`")
    assert "Your answer to `double`, from u01.ipynb" in said
    assert "notebooks/set_aside.ipynb" in said
    made = courses.read("set_aside")
    made.cells.append(own("what I wrote here", "own"))
    nbformat.write(made, courses.path("set_aside"))
    first = aside(courses)
    courses.edit("u01", {"half": "def half(x): return x / 2"})
    courses.publish(u01=ONE[:2], u02=TWO)
    run(courses)
    assert aside(courses)[: len(first)] == first
    assert aside(courses)[-1] == "def half(x): return x / 2"


def test_a_broken_set_aside_notebook_is_left_alone(courses):
    courses.path("set_aside").write_text('{"cells": [')
    courses.edit("u01", {"double": ANSWER})
    courses.publish(u01=[*ONE[:2], *ONE[3:]], u02=TWO)
    assert "notebooks/set_aside_2.ipynb" in run(courses)
    assert courses.path("set_aside").read_text() == '{"cells": ['
    assert ANSWER in courses.texts("set_aside_2")


def test_an_edited_course_cell_stays_where_the_release_left_it_and_is_set_aside_where_not(courses):
    courses.edit("u01", {"cell-002": "my prose", "cell-003": "show(100)", "cell-007": "show(200)"})
    courses.publish(u01=["a new opening", "old prose", ("demo", "show(1, 1)"), *ONE[2:]], u02=TWO)
    said = run(courses)
    texts = courses.texts("u01")
    assert texts[1:4] == ["a new opening", "my prose", "show(1, 1)"]
    assert "show(200)" in texts
    assert "show(2)" not in texts
    assert "show(100)" in aside(courses)
    assert "A demonstration, from u01.ipynb" in said


def test_an_edit_that_the_release_makes_too_is_no_matter(courses):
    courses.edit("u01", {"cell-002": "old prose, mended"})
    courses.publish(u01=["old prose, mended", *ONE[1:]], u02=TWO)
    run(courses)
    assert courses.texts("u01")[1] == "old prose, mended"
    assert not courses.path("set_aside").exists()


def test_own_cells_of_every_kind_follow_the_nearest_cell_that_is_still_there(courses):
    picture = own("![a](attachment:a.png)", "pic", new_markdown_cell)
    picture.attachments = {"a.png": {"image/png": "AAAA"}}
    run_cell = own("1 + 1", "ran")
    run_cell.outputs = [nbformat.v4.new_output("stream", text="2")]
    courses.edit("u01", (), {"cell-002": picture, "check_double": run_cell, "cell-007": own("last", "raw")})
    made = courses.read("u01")
    copy = made.cells[[c.id for c in made.cells].index("double")].copy()
    copy.id, copy.source = "copied", "def double(x): ...  # a second idea"
    made.cells.insert(0, own("first", "top"))
    made.cells.append(copy)
    nbformat.write(made, courses.path("u01"))
    courses.publish(u01=["old prose", ("demo", "new"), ("exercise", "other"), ("exercise", "half")], u02=TWO)
    run(courses)
    made = courses.read("u01")
    nbformat.validate(made)
    assert [c.source for c in made.cells][:2] == ["first", "import math"]
    assert [c.id for c in made.cells][2:7] == ["cell-002", "pic", "ran", "raw", "cell-003"]
    assert made.cells[3].attachments == picture.attachments
    assert made.cells[-1].source == copy.source
    assert "nbgrader" not in made.cells[-1].metadata


def test_ids_of_another_program_and_windows_line_ends_do_no_harm(courses):
    courses.edit("u01", {"double": ANSWER.replace("\n", "\r\n")}, {"check_double": own("mine", "f00")})
    made = courses.read("u01")
    for cell in made.cells:
        del cell["id"]
    made.nbformat_minor = 4
    text = nbformat.writes(made).replace("\n", "\r\n")
    courses.path("u01").write_bytes(b"\xef\xbb\xbf" + text.encode())
    courses.publish(u01=["new prose", *ONE[1:]], u02=TWO)
    run(courses)
    assert courses.text("u01", "double") == ANSWER
    texts = courses.texts("u01")
    assert texts[texts.index("check(double)") + 1] == "mine"
    assert "old prose" not in texts
    assert not courses.path("set_aside").exists()


def test_a_notebook_that_left_the_course_stays_with_the_learner(courses):
    courses.edit("u01", {"double": ANSWER, "half": "def half(x): return x / 2"}, {"setup": own("mine", "f00")})
    worked = courses.path("u01").read_bytes()
    courses.publish(u02=TWO, u03=[ONE[2]])
    said = run(courses)
    assert courses.path("u01").read_bytes() == worked
    assert courses.text("u03", "double") == ANSWER
    assert "yours stays" in said
    assert not courses.path("set_aside").exists()


def test_renamed_and_copied_notebooks_are_untouched(courses):
    courses.edit("u01", {"double": ANSWER})
    copied = courses.path("내 첫 노트")
    shutil.copy(courses.path("u01"), copied)
    courses.path("u02").rename(courses.path("my second"))
    before = copied.read_bytes(), courses.path("my second").read_bytes()
    courses.publish(u01=["new", *ONE[1:]], u02=["new", *TWO[1:]])
    run(courses)
    assert (copied.read_bytes(), courses.path("my second").read_bytes()) == before
    assert courses.texts("u02")[1] == "new"


def test_a_file_in_the_way_of_a_new_one_gets_another_name(courses):
    courses.path("u03").write_text("mine")
    courses.publish(u01=ONE, u02=TWO, u03=["third"])
    assert "yours is called u03_mine.ipynb now" in run(courses)
    assert courses.path("u03_mine").read_text() == "mine"
    assert courses.texts("u03")[1] == "third"


def test_another_file_that_both_changed_is_kept_and_named(tmp_path):
    files = {"helpers/plots.py": "a = 1\n", "helpers/other.py": "b = 1\n"}
    courses = Courses(tmp_path, files, u01=ONE)
    for name in files:
        (courses.mine / name).write_text("mine = 1\n")
    courses.publish({"helpers/plots.py": "a = 2\n"}, u01=ONE)
    said = run(courses)
    assert (courses.mine / "helpers/plots.py").read_text() == "a = 2\n"
    assert (courses.mine / "helpers/other.py").read_text() == "mine = 1\n"
    [kept] = (courses.mine / ".descent" / "kept").iterdir()
    assert kept.read_text() == "mine = 1\n"
    assert "helpers/plots.py: you had changed it, and so has the release." in said
    assert f"yours is {kept.relative_to(courses.mine)}" in said


def test_where_git_cannot_fetch_the_notebooks_stay_as_they_are(courses):
    courses.edit("u01", {"double": ANSWER})
    shutil.rmtree(courses.published)
    refused(courses, "Your notebooks are as they were")


def test_a_broken_notebook_that_the_release_leaves_alone_is_no_hindrance(courses):
    courses.path("u02").write_text('{"cells": [')
    courses.edit("u01", {"double": ANSWER})
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    run(courses)
    assert courses.text("u01", "double") == ANSWER
    assert courses.path("u02").read_text() == '{"cells": ['


def test_a_notebook_that_cannot_be_carried_over_stops_the_update_untouched(courses):
    made = courses.read("u01")
    made.cells[3].metadata["nbgrader"] = None
    made.cells[3].source = "mine"
    nbformat.write(made, courses.path("u01"))
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    refused(courses, "Please report this to the course")


def test_half_a_character_and_odd_names_do_no_harm(courses):
    courses.edit("u01", {"double": ANSWER}, {"double": own("half", "f00")})
    text = courses.path("u01").read_text().replace('"half"', r'"\ud83d and \u2028"')
    courses.path("u01").write_text(text)
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    run(courses)
    assert "\ud83d and \u2028" in courses.texts("u01")


def test_a_notebook_moved_with_git_is_left_where_it_is(courses):
    courses.edit("u01", {"double": ANSWER})
    git(courses.mine, "mv", "notebooks/u01.ipynb", "notebooks/my own.ipynb")
    before = courses.path("my own").read_bytes()
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    run(courses)
    assert courses.path("my own").read_bytes() == before
    assert courses.texts("u01")[1] == "new"


def test_a_folder_that_git_refuses_is_no_zip(courses):
    (courses.mine / ".git" / "config").write_text("[core\n")
    refused(courses, "It says:\n.*bad config")


def test_a_broken_notebook_stops_the_update_untouched(courses):
    courses.path("u01").write_text('{"cells": [')
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    refused(courses, "cannot be read as a notebook")


def test_without_git_the_sentence_says_where_to_get_it(courses, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    refused(courses, "git was not found")


def test_an_unfinished_merge_is_named_with_the_way_out(courses):
    courses.edit("u01", {"double": ANSWER})
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    head = git(courses.mine, "rev-parse", "HEAD")
    (courses.mine / ".git" / "MERGE_HEAD").write_text(head + "\n")
    said = refused(courses, "A merge was begun")
    assert "git merge --abort" in said


def test_a_fixed_release_and_a_branch_of_ones_own_are_named_with_the_way_back(courses):
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    git(courses.mine, "checkout", "-q", "--detach")
    assert "git switch main" in refused(courses, "detached HEAD")
    git(courses.mine, "switch", "-q", "-c", "evening")
    said = refused(courses, "`evening` follows no published one")
    command = said.split("`")[3]
    git(courses.mine, *command.split()[1:])
    run(courses)
    assert courses.texts("u01")[1] == "new"


def test_commits_of_ones_own_are_kept_by_the_commands_that_the_refusal_names(courses):
    courses.edit("u01", {"double": ANSWER})
    (courses.mine / "notes.txt").write_text("mine")
    git(courses.mine, "add", "-A")
    git(courses.mine, "commit", "-qm", "my evening")
    courses.publish(u01=["new", *ONE[1:]], u02=TWO)
    said = refused(courses, "1 commit of your own")
    for command in (part for part in said.split("`") if part.startswith("git ")):
        git(courses.mine, *command.split()[1:])
    run(courses)
    assert courses.text("u01", "double") == ANSWER
    assert courses.texts("u01")[1] == "new"
    assert (courses.mine / "notes.txt").read_text() == "mine"
    assert git(courses.mine, "log", "-1", "--format=%s", "my-work") == "my evening"


def test_a_downloaded_zip_is_brought_forward_as_the_refusal_says(courses, tmp_path):
    courses.edit("u01", {"double": ANSWER, "cell-003": "show(100)"})
    shutil.rmtree(courses.mine / ".git")
    courses.publish(u01=["new", *ONE[1:]], u02=["new too", *TWO[1:]])
    refused(courses, "not made with `git clone`.*copy the folders `notebooks` and `.descent`")
    newest = tmp_path / "newest"
    git(tmp_path, "clone", "-q", str(courses.published), str(newest))
    shutil.copytree(courses.mine / "notebooks", newest / "notebooks", dirs_exist_ok=True)
    courses.mine = newest
    run(courses)
    assert courses.texts("u01")[1:3] == ["new", "show(100)"]
    assert courses.text("u01", "double") == ANSWER
    assert courses.texts("u02")[1] == "new too"
    assert not courses.path("set_aside").exists()
    before = courses.path("u01").read_bytes()
    run(courses)
    assert courses.path("u01").read_bytes() == before


def test_a_journal_that_cannot_be_read_is_named_with_the_place_of_the_copies(courses):
    journal = courses.mine / ".descent" / "update.json"
    journal.parent.mkdir()
    journal.write_text("")
    assert "Your notebooks as they were then are in .descent/kept" in run(courses)
    assert "journal" not in run(courses)


def test_the_command_itself(courses):
    courses.edit("u01", {"double": ANSWER})
    courses.publish(u01=[*ONE[:2], *ONE[3:]], u02=TWO)
    command = [sys.executable, "-m", "course.cli", "update"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, cwd=courses.mine, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "Your answer to `double`, from u01.ipynb. The course has no exercise of this name any more." in done.stdout
