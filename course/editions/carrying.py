"""Carries what a learner wrote over into a new edition of the notebooks.

Three texts decide about each cell: the learner's, the published one the learner began with, and the new one. What has
no place in the new edition comes back as `Aside`s; no text of the learner's is dropped.
"""

import copy
import difflib
import hashlib
from collections import Counter
from dataclasses import dataclass, field

import nbformat

from course.cleared import STUB
from course.editions.renaming import mentions, renamed, with_new_description
from course.editions.set_aside import Aside

COURSE_IDS = ("cell-", "badge-", "help-", "check_", "predict-", "guess-", "answer-")
UNKNOWN = "\0"  # a published text that is not known: equal to no other
REMOVED = "The course has no exercise of this name any more."
CHANGED = "You had edited this cell of the course, and the new release has another text in its place, or none."
TWICE = "Another answer of yours stands in its place."


@dataclass
class Mine:
    """A notebook that a learner worked in.   base: the published notebook it was, None where it is not known"""

    unit: str
    notebook: object
    base: object = None


@dataclass
class Carried:
    """notebooks: {unit: the new edition with the learner's cells}   counts: {unit: {"answers", "cells"}}
    notes: sentences on what has a new name or place   asides: what has no place
    received: the units that got a cell from another unit's notebook
    """

    notebooks: dict
    counts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    asides: list = field(default_factory=list)
    received: set = field(default_factory=set)


def carry_over(mine, new):
    """What a learner wrote, in the new edition.

    mine: the learner's notebooks as `Mine`; of two answers to one exercise the first has the place
    new: {unit: notebook} of the whole new course
    """
    course = _Course(new)
    for each in mine:
        _carry(each, course)
    return course.finished()


def reads_same(a, b):
    """Whether two cells read the same to a person."""
    return _key(a) == _key(b) and a.get("attachments", {}) == b.get("attachments", {})


class _Course:
    """The new edition while cells are put into it."""

    def __init__(self, new):
        self.new = new
        self.carried = Carried({unit: copy.deepcopy(notebook) for unit, notebook in new.items()})
        self.exercises = {}  # {name: (unit, place)}
        self.names = {}  # {former name: name}
        self.texts = {}  # {key of a cell: [(unit, place), ...]}
        for unit, notebook in new.items():
            for place, cell in enumerate(notebook.cells):
                self.texts.setdefault(_key(cell), []).append((unit, place))
                if _is_exercise(cell):
                    self.exercises[cell.id] = unit, place
                    self.names.update(dict.fromkeys(cell.metadata.get("descent", {}).get("was", []), cell.id))
        self.taken = {}  # {(unit, place): the learner's cell that stands there}
        self.own = {unit: {} for unit in new}  # {unit: {place or -1: [cells that follow]}}
        self.called_before = []  # [(unit, place, old name, name)] of answers that were given a new name

    def put(self, at, cell, text=None):
        unit, place = at
        self.taken[at] = cell
        target = self.carried.notebooks[unit].cells[place]
        _write_into(target, cell, cell.source if text is None else text)

    def count(self, unit, what):
        self.carried.counts.setdefault(unit, Counter())[what] += 1

    def note(self, sentence):
        if sentence not in self.carried.notes:
            self.carried.notes.append(sentence)

    def aside(self, what, why, unit, cell):
        if cell.source.strip() or cell.get("attachments"):
            self.carried.asides.append(Aside(what, why, unit, copy.deepcopy(cell)))

    def finished(self):
        for unit, place, old, name in self.called_before:
            self._keep_the_old_name(unit, place, old, name)
        for unit, own in self.own.items():
            notebook = self.carried.notebooks[unit]
            ids = {cell.id for cell in notebook.cells}
            cells = [_as_own(cell, ids) for cell in own.get(-1, [])]
            for place, cell in enumerate(notebook.cells):
                cells.append(cell)
                cells += [_as_own(each, ids) for each in own.get(place, [])]
            notebook.cells = cells
        return self.carried

    def _keep_the_old_name(self, unit, place, old, name):
        """The old name goes on to work where other cells of the learner's use it."""
        written = [cell for (where, at), cell in self.taken.items() if where == unit and at != place]
        written += [cell for cells in self.own[unit].values() for cell in cells]
        if any(cell.cell_type == "code" and mentions(cell.source, old) for cell in written):
            target = self.carried.notebooks[unit].cells[place]
            line = f"{old} = {name}  # its name before: other cells of yours use it"
            target.source = f"{target.source.rstrip()}\n\n{line}"


def _carry(mine, course):
    cells = _with_ids(mine.notebook.cells)
    base = _base(mine, cells, course)
    pairs = _pairs(cells, base)
    stays = mine.unit not in course.new  # the notebook left the course, and stays with the learner as it is
    counterparts = {} if stays else _counterparts(base, course, mine.unit)
    after = -1
    for cell, place in zip(cells, pairs, strict=True):
        if place is None:
            if not stays:
                _keep_own(cell, course, mine.unit, after)
            continue
        after = counterparts.get(place, (after, False))[0]
        began = base[place]
        if reads_same(cell, began) or not (cell.source.strip() or cell.get("attachments") or not _is_exercise(began)):
            continue
        if _is_exercise(began):
            _place_answer(cell, began, course, mine.unit, stays)
        elif not stays:
            _place_edit(cell, began, counterparts.get(place), course, mine.unit)


def _place_answer(cell, began, course, unit, stays):
    old = began.id
    name = old if old in course.exercises else course.names.get(old)
    if name is None:
        if not stays:
            course.aside(f"Your answer to `{old}`", REMOVED, unit, cell)
        return
    at = course.exercises[name]
    stub = course.new[at[0]].cells[at[1]]
    if reads_same(cell, stub):
        return
    if began.source == UNKNOWN and STUB in cell.source:
        return course.aside(f"What you began for `{name}`", CHANGED, unit, cell)
    text = _text(cell)
    changed = renamed(text, old, name) if name != old else text
    text = _by_hand(text, old, name) if changed is None else changed
    described = with_new_description(text, _text(began).replace(f"def {old}(", f"def {name}("), _text(stub), name)
    text = text if described is None else described
    if at in course.taken:
        if _text(course.carried.notebooks[at[0]].cells[at[1]]) != text:
            course.aside(f"Your answer to `{name}`", TWICE, unit, cell)
        return
    course.put(at, cell, text)
    course.count(at[0], "answers")
    if at[0] != unit:
        course.carried.received.add(at[0])
    if name != old:
        course.note(f"`{old}` is called `{name}` now; your answer is there, in {at[0]}.ipynb. Run its check once.")
        if changed is None:
            course.note(f"`{name}`: your answer still calls itself `{old}`; a comment says what to change.")
        else:
            course.called_before.append((*at, old, name))
    elif at[0] != unit:
        course.note(f"`{name}` moved to {at[0]}.ipynb; your answer went along.")
    if described is None and began.source != UNKNOWN and _text(began).replace(old, name) != _text(stub):
        course.note(f"`{name}` is described in new words, and your answer stands below the old ones. Run its check.")


def _by_hand(text, old, name):
    line = f"# this exercise was called {old}: write {name} in the def line, and wherever you call it\n"
    magic, end, rest = text.partition("\n") if text.startswith("%%") else ("", "", text)  # it has to come first
    return magic + end + line + rest


def _place_edit(cell, began, counterpart, course, unit):
    """An edited cell of the course: in place where the new text is the published one, else aside."""
    if _key(cell) in course.texts and not cell.get("attachments"):
        return  # the new release says the same
    places = course.texts.get(_key(began), [])
    if counterpart is not None and counterpart[1]:
        places = [(unit, counterpart[0]), *places]
    at = next((at for at in places if at not in course.taken), None)
    if at is None and any(reads_same(course.taken[at], cell) for at in places):
        return
    if at is None:
        return course.aside(_what(began), CHANGED, unit, cell)
    course.put(at, cell)
    course.count(at[0], "cells")
    if at[0] != unit:
        course.carried.received.add(at[0])


def _what(began):
    if began.id == "setup":
        return "The imports"
    for start, words in (("check_", "The check of"), ("guess-", "The guess"), ("predict-", "The question")):
        if began.id.startswith(start):
            return f"{words} `{began.id.removeprefix(start)}`"
    return "A piece of text" if began.cell_type == "markdown" else "A demonstration"


def _keep_own(cell, course, unit, after):
    there = course.own[unit].setdefault(after, [])
    every = [each for cells in course.own[unit].values() for each in cells]
    if any(each.id == cell.id and reads_same(each, cell) for each in every):
        return  # the same cell of another copy of this notebook
    there.append(copy.deepcopy(cell))
    course.count(unit, "cells")


def _base(mine, cells, course):
    """The published cells that a notebook began with; as far as can be guessed where they are not known."""
    if mine.base is not None:
        return mine.base.cells
    known, guessed = set(), []
    for cell in cells:
        of_course = cell.id.startswith(COURSE_IDS) or cell.id in ("setup", "honour", "name") or _is_exercise(cell)
        if not of_course or cell.id in known:
            continue
        known.add(cell.id)
        like = copy.deepcopy(cell)
        if _key(cell) not in course.texts:
            like.source = UNKNOWN
        guessed.append(like)
    return guessed


def _pairs(cells, base):
    """For each cell of the learner's: the place of the published cell that it was, or None for an own cell."""
    free = {cell.id: place for place, cell in enumerate(base)}
    pairs = []
    for cell in cells:
        pairs.append(free.pop(cell.id, None))
    # a program that gives cells new ids leaves the name of an exercise, or the text
    for i, cell in enumerate(cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if pairs[i] is None and grade_id in free:
            pairs[i] = free.pop(grade_id)
    # only where most ids are gone: a copied cell is the learner's own, whatever became of the one it is a copy of
    if sum(pair is not None for pair in pairs) * 2 < len(base):
        blocks = difflib.SequenceMatcher(None, [_key(c) for c in base], [_key(c) for c in cells], False)
        left = set(free.values())
        for tag, i1, i2, j1, j2 in blocks.get_opcodes():
            if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
                for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                    if i in left and pairs[j] is None and base[i].cell_type == cells[j].cell_type:
                        pairs[j] = i
                        left.remove(i)
    return pairs


def _counterparts(base, course, unit):
    """{place in base: (place in the new notebook, whether the text is the same)} of the cells that are still there."""
    new = course.new[unit].cells
    old_marks = [_mark(cell, course.names) for cell in base]
    new_marks = [_mark(cell, {}) for cell in new]
    found = {}
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old_marks, new_marks, False).get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                if base[i].cell_type == new[j].cell_type and (tag == "equal" or not _named(new[j])):
                    found[i] = j, reads_same(base[i], new[j])
    places = {mark: j for j, mark in enumerate(new_marks) if mark not in old_marks or new_marks.count(mark) == 1}
    for i, mark in enumerate(old_marks):  # what changed places within the notebook
        if i not in found and mark in places:
            found[i] = places[mark], reads_same(base[i], new[places[mark]])
    return found


def _mark(cell, names):
    """What a cell is known by: its id where that is a name, else its text."""
    if not _named(cell):
        return _key(cell)
    for start in ("badge-", "help-", "check_", ""):
        if cell.id.startswith(start) and cell.id.removeprefix(start) in names:
            return start + names[cell.id.removeprefix(start)]
    return cell.id


def _named(cell):
    return not cell.id.startswith("cell-")


def _is_exercise(cell):
    return bool(cell.metadata.get("nbgrader", {}).get("solution")) and not cell.metadata.nbgrader.get("grade")


def _text(cell):
    return cell.source.replace("\r\n", "\n").rstrip()


def _key(cell):
    return cell.cell_type, _text(cell)


def _with_ids(cells):
    """The cells, each with an id of its own: older programs write none, and a hand may have doubled one."""
    given, ids = [], set()
    for cell in cells:
        cell = copy.deepcopy(cell)
        if not cell.get("id") or cell.id in ids:
            cell.id = _new_id(cell, ids)
        ids.add(cell.id)
        given.append(cell)
    return given


def _as_own(cell, ids):
    if cell.id in ids:
        cell.id = _new_id(cell, ids)
    ids.add(cell.id)
    cell.metadata.pop("nbgrader", None)  # a copy of an exercise is no second exercise
    return cell


def _new_id(cell, ids):
    digest = hashlib.sha256(f"{cell.cell_type}{cell.source}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
    number = 1
    while (name := f"own-{digest}-{number}") in ids:
        number += 1
    return name


def _write_into(target, cell, source):
    if target.cell_type != cell.cell_type:
        for key in ("outputs", "execution_count", "attachments"):
            target.pop(key, None)
        target.cell_type = cell.cell_type
        if cell.cell_type == "code":
            target.outputs, target.execution_count = [], None
    target.source = source.replace("\r\n", "\n")
    if cell.get("attachments"):
        target.attachments = nbformat.from_dict(cell.attachments)
