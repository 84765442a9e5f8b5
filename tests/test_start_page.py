"""The start page's map is the course's, and its pictures are inside it."""

import base64
import re
from pathlib import Path

import nbformat
import pytest

from course.editions.notebooks import study_notebook
from course.editions.pictures import prose_cell
from course.errors import LessonError
from course.lesson import Cell, read_lesson, units

ROOT = Path(__file__).resolve().parent.parent
START = "00_start_here"


def test_the_map_has_every_unit_as_its_lesson_says():
    page = (ROOT / "lessons" / START / "lesson.py").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d\d) (.+?)\]\((.+?)\.ipynb\) \| (.+?) \| (\d+) \|", page, re.MULTILINE)
    lessons = [read_lesson(ROOT, unit) for unit in units(ROOT)]
    graded = [(x.unit[:2], x.title, x.unit, x.question, str(x.minutes)) for x in lessons if x.graded]
    assert rows == graded


def test_the_readme_lists_every_unit():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d\d) \| (.+?) \| (.+?) \|$", readme, re.MULTILINE)
    lessons = [read_lesson(ROOT, unit) for unit in units(ROOT)]
    assert rows == [(x.unit[:2], x.title, x.question) for x in lessons if x.graded]


def test_links_lead_to_a_notebook_and_a_heading_that_are_there():
    for path in (ROOT / "notebooks").glob("00_*.ipynb"):
        text = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
        for file, heading in re.findall(r"\]\(([\w.]*\.ipynb)?(?:#([^)]+))?\)", text):
            there = ROOT / "notebooks" / file if file else path
            assert there.exists(), file
            if heading:
                cells = nbformat.read(there, 4).cells
                titles = re.findall(r"^#+ (.+)$", "\n".join(c.source for c in cells), re.MULTILINE)
                assert heading in [title.replace(" ", "-") for title in titles]


def test_code_in_a_question_stands_in_a_block_of_its_own():
    cells = {cell.id: cell.source for cell in study_notebook(read_lesson(ROOT, START)).cells}
    assert "```python\n" in cells["predict-self_function"]
    for name, source in cells.items():
        assert not re.search(r"[^\n]```", source), name


def test_a_picture_beside_the_lesson_is_carried_in_the_notebook():
    lesson = read_lesson(ROOT, START)
    cell = next(prose_cell(lesson, cell) for cell in lesson.cells if "(pictures/" in cell.source)
    assert "(pictures/" not in cell.source
    for name, data in cell.attachments.items():
        assert f"(attachment:{name})" in cell.source
        there = lesson.path.parent / "pictures" / name
        assert base64.b64decode(data["image/png"]) == there.read_bytes()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f"![{'what is seen ' * 4}](pictures/nothing.png)", "no picture nothing.png"),
        ("![short](pictures/moons.png)", "alt text of 40 letters"),
    ],
)
def test_a_picture_that_is_missing_or_unsaid_is_refused(source, words):
    lesson = read_lesson(ROOT, START)
    with pytest.raises(LessonError, match=words):
        prose_cell(lesson, Cell("markdown", source, 7))
