"""Finds lines of solutions, and marks of hidden tests, in what learners get."""

import ast
import json
from dataclasses import dataclass
from pathlib import Path

from course.rules import BEGIN, END

MARKS = (BEGIN, END, "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS", "from course")
FOLDERS = ("notebooks", "release", "helpers")
SHORTEST = 12  # a shorter line ("return x") gives nothing away


@dataclass(frozen=True)
class Leak:
    where: str
    line: str
    exercise: str

    def __str__(self):
        what = f"a line of the solution of {self.exercise}" if self.exercise else "a mark that students must not see"
        return f"{self.where} holds {what}: {self.line}"


def solution_lines(lesson):
    """{line: exercise} of every line inside a solution region that does not stand in the exercise's own draft."""
    drafts = {c.name: {_normal(line) for line in c.source.splitlines()} for c in lesson.cells if c.kind == "draft"}
    lines = {}
    for cell in lesson.exercises:
        region = cell.source[cell.source.index(BEGIN) + len(BEGIN) : cell.source.index(END)]
        for line in region.splitlines():
            text = _normal(line)
            if len(text) >= SHORTEST and text not in drafts.get(cell.name, ()):
                lines.setdefault(text, cell.name)
    return lines


def find_leaks(root, lesson):
    """Every leak of one unit in its study and student notebooks and in the helpers."""
    lines, found = solution_lines(lesson), []
    for where, text in _texts(Path(root), lesson.unit):
        for line in text.splitlines():
            normal = _normal(line)
            if normal in lines:
                found.append(Leak(where, line.strip(), lines[normal]))
            elif not where.startswith("helpers") and any(mark in line for mark in MARKS):
                found.append(Leak(where, line.strip(), ""))
    return found


def _texts(root, unit):
    drafts = set()
    for folder in FOLDERS[:2]:
        for path in sorted((root / folder).rglob(f"{unit}.ipynb")):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            for cell in notebook["cells"]:
                yield f"{path.relative_to(root)} cell {cell.get('id', '?')}", "".join(cell["source"])
            drafts.add(path)
    for path in sorted((root / "helpers").rglob("*")):
        if path.suffix == ".py":
            yield str(path.relative_to(root)), path.read_text(encoding="utf-8")
        elif path.suffix == ".json":
            for text in _strings(json.loads(path.read_text(encoding="utf-8"))):
                yield str(path.relative_to(root)), text


def _strings(data):
    """Every string in the check data but the inputs given to answers, which are no one's solution."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in ("cases", "outcomes"):
                yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)


def _normal(line):
    """A line with its spacing and quotes made uniform, so that no reformatting hides it."""
    text = line.strip()
    try:
        return ast.unparse(ast.parse(text))
    except SyntaxError:
        return " ".join(text.split())
