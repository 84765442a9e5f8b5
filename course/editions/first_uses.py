"""Links from where a lesson introduces a word to the word's entry in the reference page."""

import re
from dataclasses import replace

from course.editions.reference_page import PAGE, anchor
from course.reference import forms

# what is never touched: code, formulas, headings, pictures and links
KEPT = re.compile(
    r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$|^#{1,6} [^\n]*$|!?\[[^\]]*\]\([^)]*\)", re.DOTALL | re.MULTILINE
)


def with_first_uses(lesson, glossary):
    """The lesson with its words linked: the first place in its prose where a term stands in bold.

    `also:` forms and plain ones count in the introducing unit alone: elsewhere they may mean something else.
    Raises LessonError, at the entry, where the unit that should introduce a term does not.
    """
    sources = {i: cell.source for i, cell in enumerate(lesson.cells) if cell.kind == "markdown"}
    for entry in glossary:
        home = entry.unit == int(lesson.unit[:2])
        plain = entry.fields.get("plain", False)
        if plain and not home:
            continue
        wanted = _pattern(forms(entry, others=home), plain)
        if not _link(sources, entry, plain, wanted) and home:
            _refuse_unless_plainly_there(lesson, entry, plain, wanted)
    cells = [replace(cell, source=sources.get(i, cell.source)) for i, cell in enumerate(lesson.cells)]
    return replace(lesson, cells=cells)


def _pattern(words, plain):
    any_of = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])" if plain else rf"\*\*(?:{any_of})\*\*", re.IGNORECASE)


def _link(sources, entry, plain, wanted):
    """Link the first use in `sources`, a dict of texts, in place. Returns whether there was one."""
    first = min(sources, default=None)
    for place, text in sources.items():
        if plain and place == first:
            continue  # the opening promises words that are not explained yet
        kept = [match.span() for match in KEPT.finditer(text)]
        for match in wanted.finditer(text):
            start, end = match.span()
            if all(end <= a or b <= start for a, b in kept):
                sources[place] = f"{text[:start]}[{match[0]}]({PAGE}#{anchor(entry.term)}){text[end:]}"
                return True
    return False


def _refuse_unless_plainly_there(lesson, entry, plain, wanted):
    """A plain term may be one that only a heading, a question or an exercise says; it gets no link then."""
    if plain and any(wanted.search(cell.source) for cell in lesson.cells):
        return
    where = "anywhere" if plain else f"in bold in its prose, as **{entry.term}**"
    entry.refuse(
        f"lessons/{lesson.unit}/lesson.py should introduce {entry.term!r} but does not have it {where}; "
        f"looked for: {', '.join(forms(entry))}"
    )
