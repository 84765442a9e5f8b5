"""Looks after what people made: tells an edited notebook from a generated one, and keeps copies."""

import hashlib
import json
import os
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
        return nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
    except (OSError, ValueError, KeyError, AttributeError, TypeError, nbformat.ValidationError) as problem:
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
                kept.flush()
                os.fsync(kept.fileno())  # what is copied may be replaced at once
            return copy_path
        except FileExistsError:
            continue
    raise CourseError(f"no free name for a copy of {path} in {folder}")
