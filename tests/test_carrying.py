"""No text that a learner wrote is missing after an update, whatever was edited and whatever the release changed."""

import copy
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell
from toy_course import notebook, stub

from course.editions.carrying import Mine, carry_over
from course.editions.set_aside import set_aside

NAMES = ["double", "half", "third"]
WORDS = st.sampled_from(["prose a", "prose b", "prose c", ("demo", "show(1)"), ("demo", "show(2)"), ("demo", "")])


@st.composite
def releases(draw, later=False):
    """{unit: cells}: each exercise in one of two units at most, among prose and demonstrations."""
    units = {"u01": draw(st.lists(WORDS, max_size=4)), "u02": draw(st.lists(WORDS, max_size=3))}
    merged = later and draw(st.booleans())  # two exercises are made one
    for name in ["double"] if merged else NAMES:
        where = draw(st.sampled_from(["u01", "u02", None]))
        if where:
            called = draw(st.sampled_from([name, f"{name}_new"])) if later else name
            options = {"arguments": draw(st.sampled_from(["x", "x, y"]))}
            was = [name] if called != name else []
            was += ["half", "third"] if merged else []
            options |= {"was": was} if was else {}
            place = draw(st.integers(0, len(units[where])))
            units[where].insert(place, ("exercise", called, options))
    if draw(st.integers(0, 5)) == 0 and later:
        del units["u02"]
    return {unit: notebook(unit, *cells) for unit, cells in units.items()}


@st.composite
def worked_in(draw, release):
    """(the learner's notebooks, every text the learner wrote)."""
    mine, written, number = {}, [], 0
    for unit, published in release.items():
        made = copy.deepcopy(published)
        cells = []
        for cell in made.cells:
            number += 1
            what = draw(st.sampled_from(["leave", "leave", "edit", "add", "delete", "append", "duplicate", "retype"]))
            text = f"learner's own line {number}"
            if what == "delete":
                continue
            if what == "edit":
                inside = f"    v = '{text}'\n    return x" if cell.id in NAMES else ""
                cell.source = f"def {cell.id}(x):\n{inside}" if inside else text
            elif what == "append":
                cell.source += f"\n# {text}"
            elif what == "retype":
                cell = new_markdown_cell(text, id=cell.id, metadata=cell.metadata)
            cells.append(cell)
            if what == "add":
                new = draw(st.sampled_from([new_code_cell, new_markdown_cell]))
                cells.append(new(text, id=draw(st.sampled_from([f"own{number}", "cell-099", "own"]))))
            elif what == "duplicate":
                twin = copy.deepcopy(cell)
                twin.id, twin.source = f"twin{number}", f"{cell.source}\n# {text}"
                cells.append(twin)
            if what not in ("leave", "delete"):
                written.append(text)
        if draw(st.booleans()) and len(cells) > 1:
            place = draw(st.integers(0, len(cells) - 2))
            cells[place], cells[place + 1] = cells[place + 1], cells[place]
        if draw(st.integers(0, 7)) == 0:
            for cell in cells:
                del cell["id"]
        made.cells = cells
        mine[unit] = made
    return mine, written


@st.composite
def updates(draw):
    old = draw(releases())
    mine, written = draw(worked_in(old))
    return old, mine, written, draw(releases(later=True)), draw(st.booleans())


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(updates())
def test_nothing_that_a_learner_wrote_is_missing(tmp_path_factory, update):
    old, mine, written, new, known = update
    sources = [Mine(unit, made, old[unit] if known else None) for unit, made in mine.items()]
    carried = carry_over(sources, new)
    texts = [cell.source for made in carried.notebooks.values() for cell in made.cells]
    texts += [each.cell.source for each in carried.asides]
    texts += [cell.source for unit, made in mine.items() if unit not in new for cell in made.cells]  # these stay
    for line in written:
        assert any(line in text for text in texts), line
    for unit, made in carried.notebooks.items():
        ids = Counter(cell.id for cell in made.cells)
        assert max(ids.values()) == 1
        assert [cell.id for cell in made.cells if cell.id in {c.id for c in new[unit].cells}] == [
            cell.id for cell in new[unit].cells
        ]
    # the same again changes nothing
    again = carry_over([Mine(unit, made, new[unit]) for unit, made in carried.notebooks.items()], new)
    assert not again.asides
    assert again.notebooks == carried.notebooks


def test_a_learner_who_wrote_nothing_gets_the_new_course():
    old = {"u01": notebook("u01", "a", ("exercise", "double"), ("demo", "show(1)"))}
    new = {"u01": notebook("u01", "b", ("demo", "show(2)"), ("exercise", "twice", {"was": ["double"]}))}
    carried = carry_over([Mine("u01", old["u01"], old["u01"])], new)
    assert carried.notebooks == new
    assert not (carried.asides or carried.notes or carried.counts)


def test_the_same_update_again_adds_nothing_to_what_is_set_aside(tmp_path):
    old = {"u01": notebook("u01", "a", ("exercise", "double"))}
    mine = copy.deepcopy(old["u01"])
    mine.cells[3].source = stub("double") + "  # mine"
    carried = carry_over([Mine("u01", mine, old["u01"])], {"u01": notebook("u01", "a")})
    first = set_aside(tmp_path, carried.asides, "update one").read_bytes()
    assert set_aside(tmp_path, carried.asides, "update one").read_bytes() == first
    assert len(set_aside(tmp_path, carried.asides, "update two").read_bytes()) > len(first)
