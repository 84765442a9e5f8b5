"""`make update` fetches a new course and keeps a learner's answers, whatever git says."""

import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from course.editions.keeping import seal
from course.errors import CourseError
from course.update import update

STUB = '# YOUR CODE HERE\nraise NotImplementedError("This exercise is not written yet.")'
SOLUTION = {"schema_version": 3, "grade_id": "double", "solution": True, "grade": False, "locked": False, "task": False}


def git(folder, *arguments):
    command = [
        "git",
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "init.defaultBranch=main",
        *arguments,
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def write_notebook(path, prose):
    cells = [nbformat.v4.new_markdown_cell(prose, id="cell-001"), nbformat.v4.new_code_cell(STUB, id="double")]
    cells[1].metadata["nbgrader"] = dict(SOLUTION)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"descent": {"unit": "01_toy"}})
    nbformat.write(seal(notebook), path)


@pytest.fixture
def courses(tmp_path):
    """(the published course, a learner's clone of it)"""
    published, mine = tmp_path / "published", tmp_path / "my course"
    (published / "notebooks").mkdir(parents=True)
    write_notebook(published / "notebooks" / "01_toy.ipynb", "old prose")
    git(published, "init")
    git(published, "add", ".")
    git(published, "commit", "-m", "one")
    git(tmp_path, "clone", str(published), str(mine))
    return published, mine


def publish(published):
    write_notebook(published / "notebooks" / "01_toy.ipynb", "new prose")
    git(published, "commit", "-am", "two")


def write_answer(mine):
    path = mine / "notebooks" / "01_toy.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = "def double(x): return 2 * x"
    notebook.cells.append(nbformat.v4.new_code_cell("my notes", id="f00"))
    nbformat.write(notebook, path)
    return path


def test_answers_and_own_cells_are_in_the_new_edition(courses):
    published, mine = courses
    path = write_answer(mine)
    worked = path.read_bytes()
    publish(published)
    update(mine, say=lambda _: None)
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    assert sources == ["new prose", "def double(x): return 2 * x", "my notes"]
    [kept] = (mine / ".descent" / "kept").iterdir()
    assert kept.read_bytes() == worked


def test_an_update_twice_keeps_everything(courses):
    published, mine = courses
    path = write_answer(mine)
    publish(published)
    update(mine, say=lambda _: None)
    before = path.read_bytes()
    update(mine, say=lambda _: None)
    assert path.read_bytes() == before


def test_an_untouched_notebook_is_updated(courses):
    published, mine = courses
    publish(published)
    update(mine, say=lambda _: None)
    assert nbformat.read(mine / "notebooks" / "01_toy.ipynb", as_version=4).cells[0].source == "new prose"


def test_where_git_cannot_fetch_the_notebooks_stay_as_they_are(courses):
    published, mine = courses
    path = write_answer(mine)
    worked = path.read_bytes()
    shutil.rmtree(published)
    with pytest.raises(CourseError, match="Your notebooks are as they were"):
        update(mine, say=lambda _: None)
    assert path.read_bytes() == worked


def test_a_notebook_that_left_the_course_stays_with_the_learner(courses):
    published, mine = courses
    path = write_answer(mine)
    worked = path.read_bytes()
    git(published, "rm", "-q", "notebooks/01_toy.ipynb")
    git(published, "commit", "-m", "three")
    update(mine, say=lambda _: None)
    assert path.read_bytes() == worked


def test_a_broken_notebook_stops_the_update_untouched(courses):
    published, mine = courses
    path = Path(mine) / "notebooks" / "01_toy.ipynb"
    path.write_text('{"cells": [')
    publish(published)
    with pytest.raises(CourseError, match="cannot be read as a notebook"):
        update(mine, say=lambda _: None)
    assert path.read_text() == '{"cells": ['
