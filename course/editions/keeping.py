"""Looks after what people made: tells an edited notebook from a generated one, and carries answers over."""

import copy
import hashlib
import json
import time

import nbformat

from course.errors import CourseError


def fingerprint(notebook):
    """A digest of everything in a notebook that a person edits: the cells' text, kind, attachments and grading data."""
    rows = [
        [
            cell.cell_type,
            cell.source,
            cell.get("attachments", {}),
            {k: v for k, v in cell.metadata.get("nbgrader", {}).items() if k != "checksum"},
        ]
        for cell in notebook.cells
    ]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def seal(notebook, field="fingerprint"):
    """Write the fingerprint into the notebook, so that a later edit can be told."""
    notebook.metadata.descent[field] = fingerprint(notebook)
    return notebook


def read_notebook(path):
    """A notebook from disk, or CourseError with what to do."""
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as problem:
        reason = " ".join(str(problem).split())[:100]
        raise CourseError(
            f"{path} cannot be read as a notebook ({reason}). Nothing was changed. "
            "Move the file away, or put the last version back with `git checkout`, and try again."
        ) from None


def edited(path, field="fingerprint"):
    """What a person has changed in a generated notebook, in words; "" where nothing was."""
    if not path.exists():
        return ""
    try:
        notebook = read_notebook(path)
    except CourseError:
        return "it cannot be read as a notebook"
    seal_of = notebook.metadata.get("descent", {}).get(field)
    if seal_of is None:
        return "it was not made by this course"
    return "" if seal_of == fingerprint(notebook) else "cells were changed"


def keep_copy(path, folder):
    """Copy a file into the learner's own folder under a name that was never used. Returns the copy's path."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for number in range(1000):
        copy_path = folder / f"{path.stem}-{stamp}{f'-{number}' if number else ''}{path.suffix}"
        try:
            with open(copy_path, "xb") as kept:
                kept.write(path.read_bytes())
            return copy_path
        except FileExistsError:
            continue
    raise CourseError(f"no free name for a copy of {path} in {folder}")


def carry_over(old, new, stub):
    """The new edition with the learner's answers, changed cells and own cells from the old one.

    stub: the line that an answer not yet written holds
    Returns (notebook, the number of cells carried over).
    """
    merged = copy.deepcopy(new)
    places = {cell.id: i for i, cell in enumerate(merged.cells)}
    carried, after, added = 0, None, {}
    for cell in old.cells:
        if cell.id in places:
            after = cell.id
            target = merged.cells[places[cell.id]]
            answer = cell.get("metadata", {}).get("nbgrader", {}).get("solution")
            if answer and stub not in cell.source and cell.source != target.source:
                target.source, carried = cell.source, carried + 1
        elif not _generated_id(cell.id):
            added.setdefault(after, []).append(copy.deepcopy(cell))
            carried += 1
    cells = added.get(None, [])
    for cell in merged.cells:
        cells += [cell, *added.get(cell.id, [])]
    merged.cells = cells
    return merged, carried


def _generated_id(cell_id):
    return cell_id.startswith(("cell-", "badge-", "help-", "check_", "predict-", "guess-", "answer-")) or cell_id in (
        "setup",
        "honour",
        "name",
    )
