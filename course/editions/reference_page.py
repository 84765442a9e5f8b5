"""The reference page: glossary, symbols and sources, made from the texts beside the lessons.

It is Markdown and no notebook, since a link to a heading of a notebook that is not open yet leads JupyterLab
to its top, and since nobody needs a kernel to look up a word.
"""

import hashlib
import re
from itertools import groupby

PAGE = "99_reference.md"
SEAL = re.compile(r"\n<!-- made from lessons/\*\.yml by the build, fingerprint ([0-9a-f]{64}) -->\n\Z")
KINDS = {"data": "Data", "paper": "Papers", "book": "Books", "software": "Software"}


def anchor(heading):
    """The address of a heading: the same in JupyterLab and on code hosts, since headings are lower-case words."""
    return heading.replace(" ", "-")


def reference_page(reference, units):
    """The text of the page for a Reference; `units` are the names of the course's lessons, which it links to."""
    page = {f"{int(unit[:2]):02d}": f"[{unit[:2]}]({unit}.ipynb)" for unit in units if int(unit[:2])}
    letters = {letter: list(entries) for letter, entries in groupby(reference.glossary, lambda entry: entry.term[0])}
    jumps = " · ".join(f"[{letter.upper()}](#letter-{letter})" for letter in letters)
    parts = [_opening(reference), f"## glossary\n\n{jumps}"]
    for letter, entries in letters.items():
        parts += [f"### letter {letter}", *(_term(entry, page) for entry in entries)]
    parts += [_symbols(reference.symbols, page), _sources(reference.sources, page)]
    text = "\n\n".join(parts) + "\n"
    return f"{text}\n<!-- made from lessons/*.yml by the build, fingerprint {_fingerprint(text)} -->\n"


def page_edited(path):
    """Whether a person has changed the page, so that building it anew would lose their work."""
    if not path.exists():
        return False
    text = path.read_text(encoding="utf-8", errors="replace")
    seal = SEAL.search(text)
    return seal is None or seal[1] != _fingerprint(text[: seal.start()])


def _fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _opening(reference):
    return (
        "# Reference\n\n"
        f"- [glossary](#glossary): {len(reference.glossary)} terms, English and Korean, with the unit they come from\n"
        "- [symbols and names](#symbols-and-names): what `X`, `W`, `lr` and λ stand for, and their shapes\n"
        "- [sources](#sources): the papers, books, data and software that the course draws on\n\n"
        "To find a word, English or Korean, press **Ctrl** + **F** (**⌘** + **F** on a Mac). "
        "영어나 한국어 용어를 찾으려면 **Ctrl** + **F**를 누르세요."
    )


def _term(entry, page):
    return f"#### {entry.term}\n\n**{entry.korean}** · unit {page[f'{entry.unit:02d}']}\n\n{entry.text}"


def _symbols(symbols, page):
    parts = [
        "## symbols and names",
        "The same letter means the same thing in all units, unless a unit says otherwise. "
        "A shape is what `X.shape` gives; `()` is a single number.",
    ]
    for group, entries in groupby(symbols, lambda entry: entry.group):
        rows = [f"| {e.name} | {e.meaning} | {e.shape} | {page[f'{e.unit:02d}']} |" for e in entries]
        parts.append("\n".join([f"### {group}\n", "| name | what it is | shape | unit |", "|---|---|---|---|", *rows]))
    return "\n\n".join(parts)


def _sources(sources, page):
    parts = ["## sources"]
    for kind, title in KINDS.items():
        chosen = sorted((e for e in sources if e.kind == kind), key=lambda e: (e.authors, e.year))
        rows = []
        for e in chosen:
            title_text = f"[{e.title}]({e.link})" if "link" in e.fields else e.title
            where = f" {e.where}." if "where" in e.fields else ""
            units = "unit" if len(e.units) == 1 else "units"
            used = f" ({units} {', '.join(page[f'{unit:02d}'] for unit in e.units)})" if e.units else ""
            rows.append(f"- {e.authors} ({e.year}). *{title_text}*.{where}{used}")
        if rows:
            parts.append("\n".join([f"### {title.lower()}\n", *rows]))
    return "\n\n".join(parts)
