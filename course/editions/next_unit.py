"""The way on, at the end of each unit: a link to the next one. The graded edition has each unit alone, and no links."""

from dataclasses import replace

START = "00_start_here"


def with_next(lesson, following):
    """The lesson with a last line that leads on; units before the first have a way of their own in their prose.

    following: the lesson after this one, or None
    """
    if lesson.unit.startswith("00"):
        return lesson
    if following:
        way = f"**Next:** [{following.unit[:2]} {following.title}]({following.unit}.ipynb)"
    else:
        way = f"**Where you stand:** run the table of progress on [the first page]({START}.ipynb) once more."
    last = max(i for i, cell in enumerate(lesson.cells) if cell.kind == "markdown")
    cells = list(lesson.cells)
    cells[last] = replace(cells[last], source=f"{cells[last].source}\n\n{way}")
    return replace(lesson, cells=cells)
