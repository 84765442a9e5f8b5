"""Writes files whole or not at all."""

import os

import nbformat


def notebook_text(notebook):
    """The notebook as it stands in its file."""
    return nbformat.writes(notebook) + "\n"


def write_whole(path, text):
    """Replace a file whole or not at all. text: str, or bytes as they are"""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    # half a character, which JSON allows, is written as the escape that JSON has for it
    part.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace"))
    os.replace(part, path)
