"""The editions are made from the lessons alone, the same each time, and never over a person's work."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from course.editions import build
from course.editions.check_data import same_to_the_reader
from course.editions.reference_page import PAGE
from course.errors import CourseError
from course.lesson import read_lesson, units
from course.proof.leaks import find_leaks, solution_lines

ROOT = Path(__file__).resolve().parent.parent
UNIT = "01_derivatives"
ANSWER = "def forward_difference(f, x, h=1e-6):\n    return (f(x + h) - f(x)) / h  # mine"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A copy of the course in a folder with a space and Korean letters in its name, built once without solutions."""
    root = tmp_path_factory.mktemp("내 수업") / "the course"
    for name in ("lessons", "helpers", "solutions"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("nbgrader_config.py", "requirements.lock", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, root)
    build(root, execute_solutions=False, say=lambda _: None)
    return root


@pytest.fixture
def course(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "copy"))


def rebuild(root, **how):
    return build(root, execute_solutions=False, say=lambda _: None, **how)


def edit(path, cell_id, source):
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.id == cell_id)
    cell.source = source
    nbformat.write(notebook, path)


def files(root):
    paths = [p for folder in ("notebooks", "source", "release") for p in (root / folder).rglob("*.ipynb")]
    return {path.relative_to(root): path.read_bytes() for path in paths}


def test_the_committed_editions_are_what_the_lessons_make(built):
    for path, made in files(built).items():
        assert (ROOT / path).read_bytes() == made, f"{path} is stale: run `make build`"
    for folder in ("notebooks", "solutions"):
        made, committed = (root / folder / PAGE for root in (built, ROOT))
        assert committed.read_bytes() == made.read_bytes(), f"{folder}/{PAGE} is stale: run `make build`"
    for made in sorted((built / "helpers" / "checks" / "data").glob("*.json")):
        committed = ROOT / made.relative_to(built)
        assert same_to_the_reader(committed.read_text(encoding="utf-8"), made.read_text(encoding="utf-8")), "stale data"


def test_a_second_build_writes_nothing(course):
    before = files(course)
    assert rebuild(course).written == []
    assert files(course) == before


def test_every_lesson_stands_in_every_edition(built):
    for unit in units(ROOT):
        graded = read_lesson(ROOT, unit).graded
        assert (built / "notebooks" / f"{unit}.ipynb").exists()
        assert (built / "source" / unit / f"{unit}.ipynb").exists() == graded
        assert (built / "release" / unit / f"{unit}.ipynb").exists() == graded


def test_notebooks_name_their_kernel_and_give_every_cell_a_fixed_id(built):
    for path in files(built):
        notebook = nbformat.read(built / path, as_version=4)
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        ids = [cell.id for cell in notebook.cells]
        assert len(ids) == len(set(ids))
        assert not any("lines_to_next_cell" in cell.metadata for cell in notebook.cells)


def test_the_graded_edition_has_no_way_to_the_solution(built):
    for path in (built / "release").rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "check.study" not in text
        assert "check.solution" not in text
        assert "hidden.check" not in text


def test_no_line_of_a_solution_reaches_a_learner(built):
    for unit in units(ROOT):
        assert find_leaks(built, read_lesson(built, unit)) == []


@pytest.mark.parametrize("folder", ["notebooks", "release", "helpers"])
def test_a_leaked_solution_line_is_found(course, folder):
    lesson = read_lesson(course, UNIT)
    line = max(solution_lines(lesson), key=len)
    path = {"notebooks": course / "notebooks" / f"{UNIT}.ipynb", "release": course / "release" / UNIT / f"{UNIT}.ipynb",
            "helpers": course / "helpers" / "guessing.py"}[folder]  # fmt: skip
    if folder == "helpers":
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    else:
        edit(path, "setup", line)
    assert any(folder in leak.where for leak in find_leaks(course, lesson))


def test_a_learners_work_stops_the_build_before_anything_is_written(course):
    path = course / "notebooks" / f"{UNIT}.ipynb"
    edit(path, "forward_difference", ANSWER)
    lesson = course / "lessons" / UNIT / "lesson.py"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("minutes=4", "minutes=5", 1), encoding="utf-8")
    before = files(course)
    with pytest.raises(CourseError, match=r"notebooks/01_derivatives.ipynb: cells were changed.*--keep-answers"):
        rebuild(course)
    assert files(course) == before


def test_an_instructors_change_to_the_source_stops_the_build(course):
    path = course / "source" / UNIT / f"{UNIT}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    check = next(c for c in notebook["cells"] if c["id"] == "check_forward_difference")
    check["metadata"]["nbgrader"]["points"] += 1
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"source/01_derivatives/01_derivatives.ipynb: cells were changed"):
        rebuild(course)
    assert path.read_bytes() == before


def test_a_note_on_the_reference_page_stops_the_build(course):
    path = course / "notebooks" / PAGE
    path.write_text("my note\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(CourseError, match=rf"notebooks/{PAGE}: it was changed"):
        rebuild(course)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"cells": [', "cannot be read as a notebook"),
        (nbformat.writes(nbformat.v4.new_notebook()), "not made by this course"),
    ],
)
def test_a_broken_or_foreign_notebook_stops_the_build(course, content, words):
    path = course / "notebooks" / f"{UNIT}.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match=words):
        rebuild(course)
    assert path.read_text(encoding="utf-8") == content


def test_answers_are_carried_over_into_a_new_edition_and_a_copy_is_kept(course):
    path = course / "notebooks" / f"{UNIT}.ipynb"
    edit(path, "forward_difference", ANSWER)
    notebook = nbformat.read(path, as_version=4)
    place = [c.id for c in notebook.cells].index("forward_difference")
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell("my own experiment", id="abc123"))
    nbformat.write(notebook, path)
    old = path.read_bytes()
    lesson = course / "lessons" / UNIT / "lesson.py"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("thick fog", "heavy fog"), encoding="utf-8")
    outcome = rebuild(course, keep_answers=True)
    new = nbformat.read(path, as_version=4)
    sources = [c.source for c in new.cells]
    assert any("heavy fog" in source for source in sources)
    assert sources[sources.index(ANSWER) + 1] == "my own experiment"
    [(_, count, kept)] = outcome.carried
    assert count == 2
    assert kept.read_bytes() == old


def test_running_a_notebook_is_not_editing_it(course):
    path = course / "notebooks" / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.id == "setup")
    cell.execution_count, cell.outputs = 1, [nbformat.v4.new_output("stream", text="hello")]
    nbformat.write(notebook, path)
    before = path.read_bytes()
    assert rebuild(course).written == []
    assert path.read_bytes() == before


def test_a_name_used_in_two_units_is_refused(course):
    lesson = course / "lessons" / "02_linear_regression" / "lesson.py"
    text = lesson.read_text(encoding="utf-8")
    first = read_lesson(course, UNIT).cells
    question = next(c.name for c in first if c.kind == "predict")
    other = next(c.name for c in read_lesson(course, "02_linear_regression").cells if c.kind == "predict")
    lesson.write_text(text.replace(f'"{other}"', f'"{question}"'), encoding="utf-8")
    with pytest.raises(CourseError, match=f"{question}.*stands in {UNIT} already"):
        rebuild(course)


def test_an_unknown_unit_is_refused(course):
    with pytest.raises(CourseError, match="no such unit: 99_magic"):
        rebuild(course, only=["99_magic"])


def test_numbers_that_differ_in_their_last_digits_are_the_same_to_the_reader():
    assert same_to_the_reader('{"a": 0.30000000000000004}', '{"a": 0.3}')
    assert not same_to_the_reader('{"a": 0.3001}', '{"a": 0.3}')
    assert not same_to_the_reader('{"a": 0.3}', '{"b": 0.3}')
