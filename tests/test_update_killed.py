"""An update that is killed at any step is finished by the next one, and nothing is lost on the way."""

import os
import shutil

import pytest
from test_update import ANSWER, ONE, TWO
from toy_course import Courses, git, own

import course.editions.files
import course.editions.set_aside
import course.update
from course.repository import Repository
from course.update import update

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is copied, to be killed")
EDITS = {"double": ANSWER, "half": "def half(x): return x / 2", "cell-003": "show(100)", "cell-007": "show(200)"}
NEW_ONE = ["new prose", ("demo", "show(1, 1)"), ("exercise", "twice", {"was": ["double"]}), ("demo", "show(2)")]
NEW_TWO = ["second unit, anew", *TWO[1:], ("exercise", "halve", {"was": ["half"]})]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder with a course, a learner's clone that was worked in, and a newer release."""
    folder = tmp_path_factory.mktemp("killed")
    courses = Courses(folder, {"helpers/a.py": "a = 1\n"}, u01=ONE, u02=TWO, u03=["to leave", ("exercise", "gone")])
    courses.edit("u01", EDITS, {"check_double": own("double(4)", "mine")})
    courses.edit("u02", {"third": "def third(x): return x / 3"})
    courses.edit("u03", {"gone": "def gone(x): return x"})
    (courses.mine / "helpers" / "a.py").write_text("mine = 1\n")
    courses.path("u04").write_text("in the way")
    courses.publish({"helpers/a.py": "a = 2\n"}, u01=NEW_ONE, u02=NEW_TWO, u04=["fourth"])
    return courses


def learner(template, folder):
    """A copy of the template's clone. The published course is only read, and shared."""
    courses = object.__new__(Courses)
    courses.published, courses.mine = template.published, folder / "mine"
    shutil.copytree(template.mine, courses.mine)
    return courses


def steps(monkeypatch, at_step):
    """Call `at_step(number)` before every step of an update that touches a file or the repository."""
    count = [0]

    def counted(function):
        def call(*arguments, **options):
            at_step(count[0])
            count[0] += 1
            return function(*arguments, **options)

        return call

    def git_counted(self, *arguments):
        if arguments[0] in ("fetch", "checkout", "merge", "rm"):
            at_step(count[0])
            count[0] += 1
        return plain(self, *arguments)

    plain = Repository.git
    monkeypatch.setattr(Repository, "git", git_counted)
    monkeypatch.setattr(course.update, "keep_copy", counted(course.update.keep_copy))
    monkeypatch.setattr(course.editions.files.os, "replace", counted(os.replace))
    monkeypatch.setattr("pathlib.Path.unlink", counted(os.unlink))
    monkeypatch.setattr("pathlib.Path.rename", counted(os.rename))
    return count


def everything(courses):
    notebooks = ("u01", "u02", "u03", "set_aside")
    return {
        **{unit: courses.texts(unit) for unit in notebooks},
        "u04": courses.texts("u04"),
        "u04_mine": courses.path("u04_mine").read_text(),
        "a": (courses.mine / "helpers" / "a.py").read_text(),
        "head": git(courses.mine, "rev-parse", "HEAD"),
        "journal": (courses.mine / ".descent" / "update.json").exists(),
    }


def texts_kept(courses):
    return [p.read_text() for p in (courses.mine / ".descent" / "kept").iterdir()]


def test_killed_at_any_step(template, tmp_path, monkeypatch):
    whole = learner(template, tmp_path / "whole")
    with monkeypatch.context() as patch:
        number = steps(patch, lambda step: None)
        update(whole.mine, lambda text: None)
    wanted = everything(whole)
    assert wanted["u01"][1:4] == ["new prose", "show(1, 1)", "**Exercise** twice"]
    assert {"show(100)"} <= set(wanted["set_aside"])
    assert "show(200)" in wanted["u01"]
    assert "def halve(x): return x / 2" in wanted["u02"]
    assert number[0] > 14
    for last in range(number[0]):
        courses = learner(template, tmp_path / f"killed {last}")
        child = os.fork()
        if child == 0:
            steps(monkeypatch, lambda step, last=last: os._exit(9) if step == last else None)
            update(courses.mine, lambda text: None)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        update(courses.mine, lambda text: None)
        assert everything(courses) == wanted, f"killed before step {last}"
        assert "mine = 1\n" in texts_kept(courses)


def half_done(template, folder, last_command):
    """A clone in which an update was killed right after a git command."""
    courses = learner(template, folder)
    child = os.fork()
    if child == 0:
        plain = Repository.git

        def git_then_die(self, *arguments):
            plain(self, *arguments)
            if arguments[0] == last_command:
                os._exit(9)
            return plain(self, *arguments)

        Repository.git = git_then_die
        update(courses.mine, lambda text: None)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    return courses


@pytest.mark.parametrize("last_command", ["checkout", "merge"])
def test_what_is_written_between_a_kill_and_the_next_update_is_kept_too(template, tmp_path, last_command):
    courses = half_done(template, tmp_path, last_command)
    name = "double" if last_command == "checkout" else "twice"
    courses.edit("u01", {name: f"def {name}(x): return x + x"}, {"setup": own("since then", "since")})
    update(courses.mine, lambda text: None)
    assert courses.text("u01", "twice").startswith("def twice(x): return x + x")
    assert "since then" in courses.texts("u01")
    assert "double(4)" in courses.texts("u01")
    assert "return 2 * x" in "\n".join(courses.texts("set_aside"))


def test_a_pull_that_a_power_cut_left_half_written(template, tmp_path):
    courses = half_done(template, tmp_path, "checkout")
    newest = template.published / "notebooks"
    courses.path("u01").write_bytes((newest / "u01.ipynb").read_bytes())
    courses.path("u02").write_bytes((newest / "u02.ipynb").read_bytes()[:300])
    courses.path("u04").write_bytes((newest / "u04.ipynb").read_bytes())
    update(courses.mine, lambda text: None)
    whole = learner(template, tmp_path / "whole")
    update(whole.mine, lambda text: None)
    assert everything(courses) == everything(whole)
