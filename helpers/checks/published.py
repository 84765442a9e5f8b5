"""Finds the published solution of an exercise in the `solutions/` folder, where there is one."""

import json

from helpers.progress import course_folder


def published_solution(unit, exercise):
    """The source of the published solution, or None where this edition has none."""
    path = course_folder() / "solutions" / f"{unit}.ipynb"
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    for cell in notebook.get("cells", []):
        if cell.get("id") == exercise:
            return "".join(cell["source"])
    return None
