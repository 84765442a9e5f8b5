"""Fetches the newest course with git, without losing what a learner wrote.

The order of the steps is what makes an interruption harmless. First every file that is going to be replaced is copied
to `.descent/kept/`. Then a journal, `.descent/update.json`, says which copies these are. Only then does git replace
them. All that is written afterwards is made from the copies and from what git holds, so that the next `make update`
can do the same again, whatever was reached; it finds the journal, and begins with that.
"""

import contextlib
import json
import os
import time
from pathlib import PurePosixPath

import nbformat

from course.editions.carrying import Mine, carry_over
from course.editions.files import as_bytes, notebook_text, write_whole
from course.editions.keeping import keep_copy, read_notebook
from course.editions.set_aside import set_aside
from course.errors import CourseError
from course.repository import Repository, seal_of
from helpers.progress import FOLDER

AGAIN = "Run `make update` again: it goes on where it stopped. All you wrote is in {kept}."


def update(root, say=print):
    """Bring the course in `root` to the newest release, with the learner's answers, own cells and edits in it.

    What has no place in the new release goes to `notebooks/set_aside.ipynb` and is named. Every file that is replaced
    is first copied into `.descent/kept/`; the copies stay.
    Raises CourseError, with what to do, where the update cannot be made; the files are then as they were.
    """
    repository = Repository(root)
    repository.refuse_unready()
    journal = _read_journal(root, say)
    try:
        if journal:
            say("An update was interrupted. It is finished first.")
            _finish(repository, journal, say)
        changes = repository.fetch()
        journal = _begin(repository, changes, say)
        if journal:
            _finish(repository, journal, say)
    except OSError as problem:
        kept = root / FOLDER / "kept"
        raise CourseError(f"{problem.filename or root}: {problem.strerror}. {AGAIN.format(kept=kept)}") from None
    say("The course is up to date. Run `make lab` to go on; notebooks that are open have to be opened anew.")


def _begin(repository, changes, say):
    """Copy what is going to be replaced, write the journal, and let git replace it. The journal; None if unneeded."""
    root, head = repository.root, repository.head()
    replaced, not_mine = [], []
    for path in sorted(repository.changed()):
        if not (path in changes.other or path in changes.added or _from_another_release(repository, path)):
            continue
        if repository.same_as(path, changes.commit):
            not_mine.append(path)
        else:
            replaced.append(path)
    for path in replaced:
        if _is_notebook(path):
            read_notebook(root / path)  # a broken one stops here, before anything is touched
    if not replaced and changes.commit == head:
        return None
    _rehearse(repository, changes.commit)
    in_head = repository.tracked()
    _clear_the_way(repository, changes, in_head, say)
    journal = {
        "update": f"{time.strftime('%Y-%m-%d %H:%M:%S')} {changes.commit[:12]}",
        "from": head,
        "to": changes.commit,
        "copies": {p: _kept(root, p) for p in replaced if p in in_head},
    }
    _write_journal(root, journal)
    try:
        reset = [path for path in (*journal["copies"], *not_mine) if path in in_head]
        reset += sorted(repository.removed() & changes.other)
        if reset:
            repository.git("checkout", "HEAD", "--", *reset)
        repository.git("merge", "--ff-only", "--quiet", changes.commit)
    except CourseError as problem:
        for path, copy in journal["copies"].items():
            write_whole(root / path, (root / copy).read_bytes())
        _journal_path(root).unlink()
        raise CourseError(f"{problem}\nYour notebooks are as they were.") from None
    return journal


def _rehearse(repository, commit):
    """Carry over without writing anything, so that a notebook that nobody has thought of stops the update here."""
    try:
        mine = []
        for path in filter(_is_notebook, sorted(repository.changed())):
            with contextlib.suppress(CourseError):  # broken, and left alone by the release
                mine.append(_mine(repository, path, repository.root / path, [repository.head()]))
        carried = carry_over(mine, _notebooks_of(repository, commit))
        for notebook in carried.notebooks.values():
            notebook_text(notebook)
    except Exception as problem:
        raise CourseError(
            "Your notebooks could not be brought into the newest release. They are as they were. "
            f"Please report this to the course: {type(problem).__name__}: {problem}"
        ) from problem


def _clear_the_way(repository, changes, in_head, say):
    """Give files of the learner's that stand where the release brings a new one another name."""
    for path in sorted(changes.added - in_head):
        there = repository.root / path
        if not there.is_file():
            continue
        repository.git("rm", "--cached", "--quiet", "--ignore-unmatch", "--", path)
        if repository.same_as(path, changes.commit):
            there.unlink()  # it is the very file that is going to be there
            continue
        names = (there.with_name(f"{there.stem}_mine{n or ''}{there.suffix}") for n in range(1000))
        other = next(name for name in names if not name.exists())
        there.rename(other)
        say(f"{path}: the new release brings a file of this name; yours is called {other.name} now")


def _finish(repository, journal, say):
    """Write the new notebooks with the learner's cells, from the copies and from what git holds."""
    root = repository.root
    copies = dict(journal["copies"])
    commits = (journal["from"], repository.head())
    _put_cut_off_files_back(repository, journal, say)
    if commits[0] == commits[1] != journal["to"]:  # the release did not come in: so much for the other files
        for path in [path for path in copies if not _is_notebook(path)]:
            copy = copies.pop(path)
            if path not in repository.changed():
                write_whole(root / path, (root / copy).read_bytes())
    new = _notebooks_of(repository, "HEAD")
    worked_in = [path for path in copies if _is_notebook(path)]
    mine = [_mine(repository, path, root / copies[path], commits) for path in worked_in]
    written = carry_over(mine, new).notebooks
    since = []  # what was written after an interruption; and what was worked in, but is not replaced
    for path in sorted(repository.changed()):
        unit = PurePosixPath(path).stem
        if not _is_notebook(path) or unit not in new or _holds(root / path, written[unit]):
            continue
        try:
            since.append(_mine(repository, path, root / path, commits[::-1]))
        except CourseError:
            continue  # a broken notebook that the release leaves alone is no hindrance
        if path in copies:
            _kept(root, path)
    carried = carry_over(since + mine, new)
    replaced = {each.unit for each in mine}
    aside = set_aside(root / "notebooks", carried.asides, journal["update"]) if carried.asides else None
    for unit in sorted((replaced | carried.received) & set(new)):
        path = root / "notebooks" / f"{unit}.ipynb"
        if unit not in replaced and path.exists():
            _kept(root, f"notebooks/{unit}.ipynb")
        if unit in carried.counts:
            write_whole(path, notebook_text(carried.notebooks[unit]))
    for path, copy in copies.items():
        if _is_notebook(path) and PurePosixPath(path).stem not in new and not (root / path).exists():
            write_whole(root / path, (root / copy).read_bytes())
    _journal_path(root).unlink()
    _report(root, copies, new, carried, aside, say)


def _put_cut_off_files_back(repository, journal, say):
    """After an interruption: files that git had half written, or written before it knew, are as HEAD has them."""
    back = []
    for path in sorted(repository.changed()):
        if repository.same_as(path, journal["to"]):
            back.append(path)
        elif _is_notebook(path) and path in journal["copies"]:
            try:
                read_notebook(repository.root / path)
            except CourseError:
                say(f"{path}: cut off by the interruption; as it was found: {_kept(repository.root, path)}")
                back.append(path)
    if back:
        repository.git("checkout", "HEAD", "--", *back)


def _report(root, copies, new, carried, aside, say):
    for unit, counts in carried.counts.items():
        words = [f"{n} {what if n > 1 else what[:-1]}" for what, n in sorted(counts.items())]
        say(f"{unit}.ipynb: {' and '.join(words)} of yours {'are' if counts.total() > 1 else 'is'} in the new edition")
    for path, copy in copies.items():
        if _is_notebook(path) and PurePosixPath(path).stem not in new:
            say(f"{path}: the new course has no such notebook; yours stays")
        elif not _is_notebook(path):
            now = "The new one is in place" if (root / path).exists() else "It is no part of the course any more"
            say(f"{path}: you had changed it, and so has the release. {now}; yours is {copy}")
    for sentence in carried.notes:
        say(sentence)
    if carried.asides:
        say(f"Set aside in {aside.relative_to(root)}, for want of a place:")
    for each in carried.asides:
        say(f"  {each.what}, from {each.unit}.ipynb. {each.why}")
    if copies:
        say(f"Every file that was replaced is kept as it was in {FOLDER}/kept.")


def _mine(repository, path, file, commits):
    notebook = read_notebook(file)
    base = repository.published(path, notebook, commits)
    return Mine(PurePosixPath(path).stem, notebook, base)


def _notebooks_of(repository, commit):
    """{unit: study notebook} of a release."""
    paths = [path for path in sorted(repository.tracked("notebooks", commit)) if _is_notebook(path)]
    return {PurePosixPath(path).stem: repository.notebook(commit, path) for path in paths}


def _holds(path, notebook):
    """Whether a file is what an update wrote before it was interrupted."""
    return path.read_bytes() == as_bytes(notebook_text(notebook))


def _from_another_release(repository, path):
    """Whether a notebook in the folder is of another release than the one git has here (copied in from elsewhere)."""
    if not _is_notebook(path):
        return False
    try:
        here = nbformat.reads((repository.root / path).read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return False
    there = repository.notebook("HEAD", path)
    return there is not None and seal_of(here) is not None and seal_of(here) != seal_of(there)


def _is_notebook(path):
    return PurePosixPath(path).match("notebooks/*.ipynb")


def _kept(root, path):
    """Copy a file; the copy's path as text, relative to the course's folder."""
    return keep_copy(root / path, root / FOLDER / "kept").relative_to(root).as_posix()


def _journal_path(root):
    return root / FOLDER / "update.json"


def _read_journal(root, say):
    try:
        return json.loads(_journal_path(root).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        broken = _journal_path(root).with_name("update-unreadable.json")
        os.replace(_journal_path(root), broken)
        say(
            f"{broken.relative_to(root)}: an update was interrupted, and its journal cannot be read. Your notebooks as "
            f"they were then are in {FOLDER}/kept; copy back into notebooks/ what is missing there."
        )
        return None


def _write_journal(root, journal):
    write_whole(_journal_path(root), json.dumps(journal, ensure_ascii=False, indent=1) + "\n")
