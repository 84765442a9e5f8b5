"""What a person reads on a feedback page, and what a check cell put out."""

import html
import re


def text_of(page):
    """The page's text without its markup, scripts and styles; white space is as it is in the page."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def output_of(notebook, cell_id):
    """All text that a cell of a graded notebook put out."""
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == cell_id)
    parts = []
    for output in cell.outputs:
        parts += [output.get("text", ""), *output.get("traceback", []), *output.get("data", {}).values()]
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(parts))
