"""What the cells of a notebook define, read from their source without running it."""

import ast
from functools import cached_property

from helpers.checks.forbidden import find_forbidden, imported_names

PARSING = (SyntaxError, ValueError, RecursionError, MemoryError)
LONGEST = 200_000  # characters of a cell that is read for its definitions


class Definitions:
    """What a notebook's cells define, as far as they have run. Each cell is read once, and when it is asked for.

    In every method `cells` is how many of the cells to look at, from the first; None for all.
    """

    def __init__(self):
        self.cells = []

    def __len__(self):
        return len(self.cells)

    def add(self, text):
        self.cells.append(_Cell(text))

    def sources(self, cells=None):
        """{name of a function, class or variable: its source}"""
        return {name: source for cell in self.cells[:cells] for name, source in cell.found[0].items()}

    def aliases(self, cells=None):
        """{name: dotted name} of imports, without those that a function of the student's own has taken the place of"""
        aliases = {}
        for cell in self.cells[:cells]:
            _, imported, own = cell.found
            aliases = {name: dotted for name, dotted in aliases.items() if name not in own} | imported
        return aliases

    def forbidden(self, spec, cells=None):
        """A sentence on what the answer to a spec uses although the exercise forbids it; None for nothing."""
        if not spec.forbidden:
            return None
        try:
            found = find_forbidden(self.sources(cells).get, spec.name, self.aliases(cells), spec.forbidden)
        except PARSING:
            return None
        return f"This exercise is to be solved without `{found}`." if found else None

    def mention(self, starts, goals, cells=None):
        """Whether the code of a start mentions a goal, itself or through the notebook's other functions."""
        sources = self.sources(cells)
        return any(_reaches(sources, start, goal) for start in starts for goal in goals)


class _Cell:
    def __init__(self, text):
        self.text = text

    @cached_property
    def found(self):
        """(sources, aliases, the names of functions and classes that were defined after any import of the name)"""
        sources, aliases, own = {}, {}, set()
        try:
            for node in _tree(self.text).body:
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    sources[node.name] = ast.unparse(node)
                    # a default such as f=softmax may still hand the imported one on
                    if not any(isinstance(n, ast.Name) and n.id == node.name for n in ast.walk(node)):
                        aliases.pop(node.name, None)
                        own.add(node.name)
                elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                    sources[node.targets[0].id] = ast.unparse(node)
                elif isinstance(node, (ast.Import, ast.ImportFrom)):
                    aliases |= imported_names(node)
                    own -= set(imported_names(node))
        except PARSING:
            pass
        return sources, aliases, own


def _tree(text):
    """The syntax tree of a cell. IPython's own translation of magics takes time that grows with their number squared,
    and a student may write many: here the lines that are magics are left out."""
    text = text[:LONGEST]
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.parse("\n".join(map(_without_magic, text.splitlines())))


def _without_magic(line):
    code = line.strip()
    value = code.partition("=")[2].lstrip()
    if code.startswith(("%", "!", "?")) or code.endswith("?") or value.startswith(("%", "!")):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line


def _reaches(sources, start, goal):
    """Whether the code of `start` mentions `goal`, itself or through the notebook's other functions."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in sources:
            continue
        seen.add(name)
        try:
            mentioned = {n.id for n in ast.walk(ast.parse(sources[name])) if isinstance(n, ast.Name)}
        except PARSING:
            continue
        if goal in mentioned and name != goal:
            return True
        waiting += mentioned
    return False
