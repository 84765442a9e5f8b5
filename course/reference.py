"""Reads the reference texts beside the lessons: glossary.yml, symbols.yml and sources.yml."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from course.errors import LessonError

HANGUL = re.compile("[가-힣]")
HEADING = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")


@dataclass
class Entry:
    """One entry of a file: its fields, and where it stands."""

    path: Path
    line: int
    fields: dict

    def __getattr__(self, name):
        try:
            return self.__dict__["fields"][name]
        except KeyError:
            raise AttributeError(name) from None

    def refuse(self, message):
        raise LessonError(self.path, self.line, message)


@dataclass
class Reference:
    """What notebooks/99_reference.md is made of; all empty for a course without these files."""

    glossary: list = field(default_factory=list)
    symbols: list = field(default_factory=list)
    sources: list = field(default_factory=list)


# of each file: the fields an entry must have, with their kinds; those it may have
FIELDS = {
    "glossary": ({"term": str, "korean": str, "unit": int, "text": str}, {"also": list, "plain": bool}),
    "symbols": ({"name": str, "group": str, "meaning": str, "shape": str, "unit": int}, {}),
    "sources": ({"authors": str, "year": int, "title": str, "kind": str, "units": list}, {"where": str, "link": str}),
}


def read_reference(root):
    """The Reference in `lessons/`. Raises LessonError, with file and line, for anything an author has to mend."""
    folder = Path(root) / "lessons"
    reference = Reference(**{name: _entries(folder / f"{name}.yml", *FIELDS[name]) for name in FIELDS})
    _verify_terms(reference.glossary)
    _verify_unique(reference.symbols, lambda entry: entry.name)
    _verify_unique(reference.sources, lambda entry: (entry.authors, entry.year, entry.title))
    return reference


def forms(entry, others=True):
    """The spellings by which a glossary term is known: its name, the `also:` ones if `others`, and their plurals."""
    words = [entry.term, *(entry.fields.get("also", []) if others else [])]
    return list(dict.fromkeys(form for word in words for form in (word, *_plurals(word))))


def _plurals(word):
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return [f"{word[:-1]}ies"]
    return [f"{word}es"] if word.endswith(("s", "x", "ch")) else [f"{word}s"]


def _entries(path, required, optional):
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    try:
        rows, nodes = yaml.safe_load(text), yaml.compose(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise LessonError(path, mark.line + 1 if mark else 1, f"is not valid YAML: {problem}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LessonError(path, 1, f"should be a list of entries, each with {', '.join(required)}")
    entries = [Entry(path, node.start_mark.line + 1, row) for row, node in zip(rows, nodes.value, strict=True)]
    for entry in entries:
        for name, kind in required.items():
            if not isinstance(entry.fields.get(name), kind) or entry.fields[name] == "":
                entry.refuse(f"an entry needs `{name}`, a {kind.__name__}")
        for name, value in entry.fields.items():
            if name not in required and not isinstance(value, optional.get(name, ())):
                entry.refuse(f"`{name}: {value}` is not a field of this file, or of the wrong kind")
    return entries


def _verify_terms(glossary):
    _verify_unique(glossary, lambda entry: entry.term)
    for before, entry in zip([None, *glossary], glossary, strict=False):
        if not HEADING.fullmatch(entry.term):
            entry.refuse(
                f"{entry.term!r} becomes a heading that links lead to: lower-case letters, digits, spaces, '-'"
            )
        if not HANGUL.search(entry.korean):
            entry.refuse(f"{entry.term!r} has no Korean term")
        if before and before.term > entry.term:
            entry.refuse(f"{entry.term!r} stands after {before.term!r}: terms are in alphabetical order")


def _verify_unique(entries, key):
    first = {}
    for entry in entries:
        other = first.setdefault(key(entry), entry)
        if other is not entry:
            entry.refuse(f"{key(entry)!r} stands twice, here and in line {other.line}")
