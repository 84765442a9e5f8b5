"""The published solutions run from start to end, and show what a fresh run shows."""

from pathlib import Path

import nbformat
import pytest

from course.editions.build import with_links_between
from course.editions.check_data import same_to_the_reader
from course.editions.notebooks import solved_notebook
from course.editions.solutions import execute, inputs_digest
from course.errors import CourseError
from course.lesson import read_lesson, units
from course.reference import read_reference

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Sums in one order, as in the published outputs: how many threads share them changes their last digits."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        monkeypatch.setenv(f"{library}_NUM_THREADS", "1")


@pytest.fixture(scope="module")
def linked():
    lessons = [read_lesson(ROOT, unit) for unit in units(ROOT)]
    return {lesson.unit: lesson for lesson in with_links_between(lessons, read_reference(ROOT).glossary)}


@pytest.mark.parametrize("unit", units(ROOT))
def test_the_published_solution_shows_what_a_fresh_run_shows(unit, linked):
    published = nbformat.read(ROOT / "solutions" / f"{unit}.ipynb", as_version=4)
    notebook = solved_notebook(linked[unit])
    assert published.metadata.descent.inputs == inputs_digest(notebook, ROOT), "stale: run `make build`"
    fresh = execute(notebook, ROOT)
    for old, new in zip(published.cells, fresh.cells, strict=True):
        assert (old.id, old.source) == (new.id, new.source)
        assert len(old.get("outputs", [])) == len(new.get("outputs", [])), old.id
        for a, b in zip(old.get("outputs", []), new.get("outputs", []), strict=True):
            assert a.output_type == b.output_type != "error"
            assert same_to_the_reader(text_of(a), text_of(b)), old.id


@pytest.mark.parametrize("unit", units(ROOT))
def test_every_figure_has_an_alt_text(unit):
    notebook = nbformat.read(ROOT / "solutions" / f"{unit}.ipynb", as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                assert len(output.metadata["image/png"]["alt"]) >= 40, cell.id


def test_a_cell_that_fails_stops_the_build():
    notebook = solved_notebook(read_lesson(ROOT, units(ROOT)[0]))
    notebook.cells[-1] = nbformat.v4.new_code_cell("1 / 0", id="bad")
    with pytest.raises(CourseError, match="a cell of the solutions fails"):
        execute(notebook, ROOT)


def test_a_figure_without_an_alt_text_stops_the_build():
    notebook = solved_notebook(read_lesson(ROOT, units(ROOT)[0]))
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    notebook.cells = [nbformat.v4.new_code_cell("%matplotlib inline\n" + source, id="bad")]
    with pytest.raises(CourseError, match="a figure without an alt text"):
        execute(notebook, ROOT)


def text_of(output):
    return output.get("text", "") + "".join(output.get("data", {}).get(k, "") for k in ("text/plain", "text/html"))
