"""Pictures that a lesson's prose shows, carried inside the notebook, so that every edition has them."""

import base64
import re

from nbformat.v4 import new_markdown_cell

from course.errors import LessonError
from course.rules import SHORTEST_ALT

PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(pictures/(?P<name>[^)/]+\.png)\)")


def prose_cell(lesson, cell):
    """A Markdown cell; each `![alt text](pictures/name.png)`, a file beside the lesson, becomes an attachment.

    Raises LessonError, with file and line, where the file is missing or the alt text too short to say what is seen.
    """
    attachments = {}
    for picture in PICTURE.finditer(cell.source):
        alt, name = picture.group("alt", "name")
        path = lesson.path.parent / "pictures" / name
        if not path.exists():
            raise LessonError(lesson.path, cell.line, f"there is no picture {path.name} in {path.parent.name}/")
        if len(alt) < SHORTEST_ALT:
            raise LessonError(lesson.path, cell.line, f"{name} needs an alt text of {SHORTEST_ALT} letters or more")
        attachments[name] = {"image/png": base64.b64encode(path.read_bytes()).decode("ascii")}
    source = PICTURE.sub(r"![\g<alt>](attachment:\g<name>)", cell.source)
    return new_markdown_cell(source, attachments=attachments) if attachments else new_markdown_cell(source)
