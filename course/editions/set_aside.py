"""The notebook `notebooks/set_aside.ipynb`: what a learner wrote and a newer release has no place for.

It only grows.
"""

import copy
import hashlib
import time
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from course.editions.files import notebook_text, write_whole
from course.errors import CourseError

NAME = "set_aside"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
OPENING = """# Set aside

When the course was updated, these cells of yours had no place in it any more. They are kept here, the newest at the
end. Copy what you want back into a notebook; delete what you do not need. The course never changes what stands here."""


@dataclass
class Aside:
    """A cell of the learner's without a place.   what: in words   why: a sentence   unit: the notebook it comes from"""

    what: str
    why: str
    unit: str
    cell: object


def set_aside(folder, asides, update):
    """Append cells to the notebook in `folder`; returns its path. Those that this update has put there already are
    left out.

    update: a name for this update, the same when it is run again after an interruption
    """
    path, notebook = _open(folder)
    there = {cell.metadata.get("descent", {}).get("aside") for cell in notebook.cells}
    if not notebook.cells:
        notebook.cells.append(new_markdown_cell(OPENING, id="set-aside"))
    for aside in asides:
        key = hashlib.sha256(
            f"{update}\n{aside.unit}\n{aside.what}\n{aside.cell.source}".encode("utf-8", "replace")
        ).hexdigest()[:16]
        if key in there:
            continue
        there.add(key)
        ids = {cell.id for cell in notebook.cells}
        heading = f"## {aside.what}, from `{aside.unit}.ipynb`\n\nSet aside on {time.strftime('%Y-%m-%d')}. {aside.why}"
        head = new_markdown_cell(heading, id=_free(f"why-{key}", ids))
        kept = copy.deepcopy(aside.cell)
        kept.id = _free(f"aside-{key}", ids)
        kept.metadata = nbformat.from_dict({"descent": {"aside": key}})
        if kept.cell_type == "code":
            kept.outputs, kept.execution_count = [], None
        notebook.cells += [head, kept]
    write_whole(path, notebook_text(notebook))
    return path


def _open(folder):
    """(path, notebook) of the newest set-aside notebook that can be read; a broken one is left as it is."""
    for number in range(1, 1000):
        path = folder / f"{NAME}{f'_{number}' if number > 1 else ''}.ipynb"
        if not path.exists():
            return path, new_notebook(metadata={"kernelspec": KERNEL})
        try:
            notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
        except Exception:  # whatever is wrong with it, it is the learner's
            continue
        if all("id" in cell for cell in notebook.cells):
            notebook.nbformat, notebook.nbformat_minor = 4, max(5, notebook.nbformat_minor)
            return path, notebook
    raise CourseError(f"there are too many broken notebooks called {NAME} in {folder}: move them away")


def _free(wanted, ids):
    number = 1
    while (name := wanted if number == 1 else f"{wanted}-{number}") in ids:
        number += 1
    return name
