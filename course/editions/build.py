"""Builds every edition of every lesson, or stops before the first write where a person's work would be lost."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from course.editions.carrying import Mine, carry_over
from course.editions.check_data import index_json, same_to_the_reader, unit_json
from course.editions.files import notebook_text, write_whole
from course.editions.first_uses import with_first_uses
from course.editions.keeping import edited, keep_copy, read_notebook, seal
from course.editions.next_unit import with_next
from course.editions.notebooks import solved_notebook, source_notebook, study_notebook
from course.editions.readme import with_links
from course.editions.reference_page import PAGE, page_edited, reference_page
from course.editions.release import release_notebook
from course.editions.set_aside import set_aside
from course.editions.solutions import execute, inputs_digest
from course.errors import CourseError, LessonError
from course.lesson import read_lesson, units
from course.reference import read_reference
from course.repository import Repository
from course.rules import verify_former_names
from helpers.progress import FOLDER


@dataclass
class Outcome:
    """What a build did: files written, files already as they should be, notebooks whose answers were carried over.

    notes: sentences on cells with a new place or none   aside: the notebook of those that have none
    """

    written: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    carried: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    aside: Path | None = None


def build(root, only=(), keep_answers=False, execute_solutions=True, say=print):
    """Make source/, release/, notebooks/, solutions/, the reference and the check data from lessons/.

    only: units to make; all by default   keep_answers: carry answers in notebooks/ over into the new edition
    Raises CourseError, before anything is written, where a notebook was edited since it was made.
    """
    root = Path(root).resolve()
    lessons = [read_lesson(root, unit) for unit in units(root)]
    if not lessons:
        raise CourseError(f"{root} has no lessons/: run this in the course's folder")
    unknown = set(only) - {lesson.unit for lesson in lessons}
    if unknown:
        raise CourseError(f"no such unit: {', '.join(sorted(unknown))}; there are {', '.join(units(root))}")
    _verify_course(lessons)
    reference = read_reference(root)
    linked = {lesson.unit: lesson for lesson in with_links_between(lessons, reference.glossary)}
    data = {lesson.unit: _data(root, lesson) for lesson in lessons}
    chosen = [lesson for lesson in lessons if not only or lesson.unit in only]
    made = {}
    for lesson in chosen:
        say(f"{lesson.unit}: notebooks")
        made.update(_notebooks(root, lesson, linked[lesson.unit]))
    page = reference_page(reference, list(linked)) if reference.glossary else None
    _stop_where_edited(root, made, page, keep_answers)
    outcome = Outcome()
    readme = root / "README.md"
    _write(readme, with_links(root, readme.read_text(encoding="utf-8")), outcome)
    folder = root / "helpers" / "checks" / "data"
    for unit, text in data.items():
        _write(folder / f"{unit}.json", text, outcome)
    _write(folder / "index.json", index_json(lessons, data), outcome)
    pristine = {path: notebook for path, notebook in made.items() if path.parent == root / "notebooks"}
    if keep_answers:
        made |= _with_answers(root, pristine, outcome)
    for folder in ("notebooks", "solutions") if page else ():
        _write(root / folder / PAGE, page, outcome)
    for path, notebook in made.items():
        _place(path, notebook, outcome, whole=pristine.get(path, notebook) is not notebook)
    for path, notebook in pristine.items():
        _write(_as_made(root, path), notebook_text(notebook), Outcome())
    if execute_solutions:
        for lesson in chosen:
            _solve(root, linked[lesson.unit], outcome, say)
    return outcome


def with_links_between(lessons, glossary):
    """The lessons as they stand in notebooks/ and solutions/: with links to the reference page and to the next unit."""
    following = [*lessons[1:], None]
    return [with_next(with_first_uses(a, glossary), b) for a, b in zip(lessons, following, strict=True)]


def _verify_course(lessons):
    verify_former_names(lessons)
    first = {}
    for lesson in lessons:
        for cell in lesson.cells:
            if cell.kind in ("exercise", "predict"):
                other = first.setdefault((cell.kind, cell.name), lesson.unit)
                if other != lesson.unit:
                    raise LessonError(lesson.path, cell.line, f"{cell.kind}={cell.name!r} stands in {other} already")


def _data(root, lesson):
    """The unit's check data; what is there already, where only round-off tells them apart."""
    text = unit_json(lesson)
    path = root / "helpers" / "checks" / "data" / f"{lesson.unit}.json"
    if path.exists():
        old = path.read_text(encoding="utf-8")
        if same_to_the_reader(old, text):
            return old
    return text


def _notebooks(root, lesson, linked):
    # the page that the links lead to is not handed out with the graded edition, so that one has none
    made = {root / "notebooks" / f"{lesson.unit}.ipynb": seal(study_notebook(linked))}
    if lesson.graded:
        source = seal(source_notebook(lesson))
        # nbgrader carries the notebook's metadata into the release, so each holds the seals of both
        seal_of = seal(release_notebook(root, lesson.unit, source), "release").metadata.descent.release
        source.metadata.descent.release = seal_of
        made[root / "source" / lesson.unit / f"{lesson.unit}.ipynb"] = source
        made[root / "release" / lesson.unit / f"{lesson.unit}.ipynb"] = release_notebook(root, lesson.unit, source)
    return made


def _stop_where_edited(root, made, page, keep_answers):
    faults = []
    path = root / "notebooks" / PAGE
    if page and page_edited(path) and path.read_text(encoding="utf-8", errors="replace") != page:
        faults.append(f"notebooks/{PAGE}: it was changed since the course made it. Move it away, then build again.")
    for path, notebook in made.items():
        folder = path.relative_to(root).parts[0]
        reason = edited(path, "release" if folder == "release" else "fingerprint")
        if not reason or notebook_text(notebook) == path.read_text(encoding="utf-8", errors="replace"):
            continue
        name = path.relative_to(root)
        if folder == "notebooks":
            if keep_answers and reason == "cells were changed":
                continue
            way = (
                "To take the new edition and keep your answers: `course build --keep-answers` (a copy is kept as well)."
            )
            way = way if reason == "cells were changed" else "Move it to another place and build again."
        else:
            way = "Put the change into the lesson's text under lessons/, or move the file away; then build again."
        faults.append(f"{name}: {reason} since the course made it. {way}")
    if faults:
        raise CourseError("Nothing was written, because work would be lost.\n" + "\n".join(faults))


def _with_answers(root, new, outcome):
    """The study notebooks that hold cells of a person's, made anew with these cells in them.

    new: {path: notebook}. The old ones are kept, and what has no place is set aside.
    """
    paths = {path.stem: path for path in new}
    worked_in = [path for path in new if edited(path)]
    mine = []
    for path in worked_in:
        notebook = read_notebook(path)
        mine.append(Mine(path.stem, notebook, _base(root, path, notebook)))
    carried = carry_over(mine, {path.stem: notebook for path, notebook in new.items()})
    received = [paths[unit] for unit in sorted(carried.received) if paths[unit] not in worked_in]
    for path in worked_in:
        count = carried.counts.get(path.stem, Counter()).total()
        outcome.carried.append((path, count, keep_copy(path, root / FOLDER / "kept")))
    if carried.asides:
        seals = "".join(notebook.metadata.descent.fingerprint for notebook in new.values())
        outcome.aside = set_aside(root / "notebooks", carried.asides, seals)
    outcome.notes = carried.notes + [f"{a.what}, from {a.unit}.ipynb, is set aside. {a.why}" for a in carried.asides]
    return {path: carried.notebooks[path.stem] for path in worked_in + received}


def _base(root, path, notebook):
    """The notebook as the course made it, from the last build or from git; None where neither has it."""
    last = _as_made(root, path)
    if last.exists():
        made = read_notebook(last)
        if made.metadata.descent.fingerprint == notebook.metadata.descent.fingerprint:
            return made
    try:
        return Repository(root).published(path.relative_to(root).as_posix(), notebook, ["HEAD"])
    except CourseError:
        return None


def _as_made(root, path):
    return root / FOLDER / "made" / path.name


def _place(path, notebook, outcome, whole):
    """whole: write it as it is; else a notebook that differs only in outputs is left alone"""
    if not whole and path.exists() and _same_cells(path, notebook):
        outcome.unchanged.append(path)  # it may hold a learner's outputs; they are left alone
    else:
        _write(path, notebook_text(notebook), outcome)


def _same_cells(path, notebook):
    try:
        old = read_notebook(path)
    except CourseError:
        return False
    if len(old.cells) != len(notebook.cells) or old.metadata.get("descent") != notebook.metadata.get("descent"):
        return False
    return all(
        (a.id, a.cell_type, a.source) == (b.id, b.cell_type, b.source)
        and all(a.metadata.get(key) == b.metadata[key] for key in b.metadata)
        for a, b in zip(old.cells, notebook.cells, strict=True)
    )


def _solve(root, lesson, outcome, say):
    path = root / "solutions" / f"{lesson.unit}.ipynb"
    notebook = solved_notebook(lesson)
    digest = inputs_digest(notebook, root)
    if path.exists() and read_notebook(path).metadata.get("descent", {}).get("inputs") == digest:
        outcome.unchanged.append(path)
        return
    say(f"{lesson.unit}: solutions")
    notebook = execute(notebook, root)
    notebook.metadata.descent.inputs = digest
    _write(path, notebook_text(notebook), outcome)


def _write(path, text, outcome):
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") == text:
        outcome.unchanged.append(path)
        return
    write_whole(path, text)
    outcome.written.append(path)
