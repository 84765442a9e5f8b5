"""Makes a submitted notebook gradable: what the instructor's version says of a cell holds, whatever was done to it.

Copied, deleted, moved and renamed cells are the commonest honest accidents; each repair is said in a note.
"""

import json
import re
from uuid import uuid4

import nbformat
from nbformat import from_dict

LARGEST = 50 * 1024 * 1024
KINDS = ("code", "markdown", "raw")
PICTURES, BASE64 = ("image/png", "image/jpeg", "image/gif", "image/webp"), re.compile(r"[A-Za-z0-9+/=\s]*")


class Unreadable(Exception):
    """A submission that is no notebook at all."""


def read_submission(data):
    """The notebook in the bytes of a submission, in the current format. Raises Unreadable with the reason."""
    if len(data) > LARGEST:
        raise Unreadable(f"the file is larger than {LARGEST >> 20} MB")
    try:
        raw = json.loads(data.decode("utf-8-sig", "replace"))
        if b"\\u" in data:  # halves of surrogate pairs, which no file can hold
            raw = json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"the file is not JSON, it may be cut short ({problem})") from None
    if not isinstance(raw, dict):
        raise Unreadable("the file is JSON, but no notebook")
    try:
        raw["metadata"] = {}  # nothing that a student writes there is of use in grading
        for cell in raw.get("cells", []) if raw.get("nbformat", 4) >= 4 else []:
            cell["metadata"] = _known(cell.get("metadata"))
            if cell.get("cell_type") == "code":  # whatever outputs were handed in are not looked at
                cell["outputs"], cell["execution_count"] = [], None
        notebook = nbformat.convert(from_dict(raw), 4)
        return _notebook([_clean(cell) for cell in notebook.cells if cell.get("cell_type") in KINDS])
    except Exception as problem:  # nbformat raises many kinds; each means the same here
        raise Unreadable(f"the file is JSON, but no notebook ({type(problem).__name__}: {problem})") from None


def _clean(cell):
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    identity = cell.get("id")
    if not (isinstance(identity, str) and re.fullmatch("[a-zA-Z0-9_-]{1,64}", identity)):
        identity = None
    made = _cell(cell.cell_type, source, _known(cell.get("metadata")), identity)
    pictures = _pictures(cell.get("attachments")) if cell.cell_type == "markdown" else {}
    if pictures:
        made["attachments"] = pictures
    return made


def _notebook(cells):
    return from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _cell(kind, source, metadata, identity=None):
    """A cell of the notebook format. nbformat's own `new_code_cell` holds every one against the schema, which takes
    longer than to repair a whole notebook."""
    made = {"id": identity or uuid4().hex[:8], "cell_type": kind, "source": source, "metadata": metadata}
    return from_dict(made | ({"outputs": [], "execution_count": None} if kind == "code" else {}))


def _pictures(attachments):
    """What was pasted into a text cell, where it is a picture."""
    kept = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        data = bundle.items() if isinstance(bundle, dict) else ()
        good = {k: v for k, v in data if k in PICTURES and isinstance(v, str) and BASE64.fullmatch(v)}
        if good:
            kept[name] = good
    return kept


def _known(metadata):
    """All that is kept of a cell's metadata: which of the instructor's cells it says it is."""
    known = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = known.get("grade_id") if isinstance(known, dict) else None
    return {"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {}


def repair(notebook, manifest):
    """(notebook, notes): the notebook with the instructor's cells as they must be, each in a place where it can run."""
    notes = []
    _identify(notebook, manifest, notes)
    _deduplicate(notebook, notes)
    for cell in notebook.cells:
        _restore(cell, manifest, notes)
    _add_missing(notebook, manifest, notes)
    _order(notebook, manifest, notes)
    _unique_ids(notebook)
    notebook.metadata["kernelspec"] = dict(manifest.kernelspec)
    notebook.metadata["language_info"] = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
    return notebook, notes


def grade_id_of(cell):
    metadata = cell.metadata.get("nbgrader")
    return metadata.get("grade_id") if isinstance(metadata, dict) else None


def _identify(notebook, manifest, notes):
    """Give every cell its grade_id back, by its own metadata or by the cell's id; drop ids nobody knows."""
    present = {grade_id_of(cell) for cell in notebook.cells}
    for cell in notebook.cells:
        grade_id = grade_id_of(cell)
        if grade_id not in manifest.cells:
            if grade_id is not None:
                notes.append(f"the cell id {str(grade_id)[:60]!r} is not in the assignment; the cell ran as any other")
            cell.metadata.pop("nbgrader", None)
            if cell.id in manifest.cells and cell.id not in present:
                notes.append(f"cell {cell.id}: its grading data was missing or renamed; it was recognised")
                cell.metadata["nbgrader"] = {"grade_id": cell.id}


def _deduplicate(notebook, notes):
    """Of cells with one grade_id the last keeps it, as in nbgrader; the copies before it run as ordinary cells."""
    seen = set()
    for cell in reversed(notebook.cells):
        grade_id = grade_id_of(cell)
        if grade_id in seen:
            notes.append(f"cell {grade_id} was copied; the last one counts")
            cell.metadata.pop("nbgrader", None)
        elif grade_id is not None:
            seen.add(grade_id)


def _restore(cell, manifest, notes):
    grade_id = grade_id_of(cell)
    if grade_id is None:
        return
    master = manifest.cells[grade_id]
    if cell.cell_type != master.cell_type:
        notes.append(f"cell {grade_id} was made a {cell.cell_type} cell; it is {master.cell_type} again")
        cell.cell_type = master.cell_type
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)
        if master.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    cell.metadata["nbgrader"] = dict(master.metadata)
    if master.locked and not master.solution:
        if _visible(master.source) != _visible(cell.source):
            notes.append(f"cell {grade_id} is locked and was changed; the instructor's version was used")
        cell.source = master.source


def _visible(source):
    """A test cell without its hidden tests, and without differences in spacing."""
    lines, hidden = [], False
    for line in source.splitlines():
        if "BEGIN HIDDEN TESTS" in line:
            hidden = True
        elif "END HIDDEN TESTS" in line:
            hidden = False
        elif not hidden and line.strip():
            lines.append(line.rstrip())
    return lines


def _add_missing(notebook, manifest, notes):
    places = {grade_id_of(cell): i for i, cell in enumerate(notebook.cells)}
    for grade_id, master in manifest.cells.items():
        if grade_id in places or not (master.grade or (master.locked and master.cell_type == "code")):
            continue
        notes.append(f"cell {grade_id} was missing; it was added back")
        source = "" if master.solution else master.source
        cell = _cell(master.cell_type, source, {"nbgrader": dict(master.metadata)}, grade_id)
        before = [
            g
            for g in manifest.cells
            if g in places and list(manifest.cells).index(g) < list(manifest.cells).index(grade_id)
        ]
        position = max((places[g] for g in before), default=len(notebook.cells) - 1) + 1
        notebook.cells.insert(position, cell)
        places = {grade_id_of(c): i for i, c in enumerate(notebook.cells)}


def _order(notebook, manifest, notes):
    """A test that was moved above the answer it tests goes right below it."""
    for grade_id, master in manifest.cells.items():
        if not master.grade or master.solution:
            continue
        places = {grade_id_of(cell): i for i, cell in enumerate(notebook.cells)}
        answer = manifest.solution_of(grade_id)
        if answer in places and places[grade_id] < places[answer]:
            notes.append(f"cell {grade_id} stood above its answer; it was run below it")
            cell = notebook.cells.pop(places[grade_id])
            notebook.cells.insert(places[answer], cell)


def _unique_ids(notebook):
    seen = set()
    for i, cell in enumerate(notebook.cells):
        if cell.id in seen:
            cell.id = f"copy-{i:03d}"
        seen.add(cell.id)


def blank_notebook(manifest, text):
    """The instructor's cells alone, below a sentence: what stands in autograded/ for a file that is no notebook."""
    return repair(_notebook([_cell("markdown", text, {})]), manifest)[0]
