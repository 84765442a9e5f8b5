"""Writes files whole or not at all."""

import os

import nbformat


def notebook_text(notebook):
    """The notebook as it stands in its file."""
    return nbformat.writes(notebook) + "\n"


def as_bytes(text):
    """A text as it is written. Half a character, which JSON allows, becomes the escape that JSON has for it."""
    return text.encode("utf-8", "backslashreplace")


def write_whole(path, text):
    """Replace a file whole or not at all. text: str, or bytes as they are"""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb") as file:
        file.write(text if isinstance(text, bytes) else as_bytes(text))
        file.flush()
        os.fsync(file.fileno())  # after a power cut there is the old file or the new one, not an empty one
    os.replace(part, path)
