"""Fetches the newest course with git, without losing what a learner wrote in `notebooks/`."""

import subprocess

from course.cleared import STUB
from course.editions.build import notebook_text, write_whole
from course.editions.keeping import carry_over, edited, keep_copy, read_notebook
from course.errors import CourseError
from helpers.progress import FOLDER


def update(root, say=print):
    """Pull the newest course; answers, and cells of the learner's own, are carried over into the new notebooks.

    Every notebook that was worked in is first copied into `.descent/kept/`; the copies stay.
    Raises CourseError, with the notebooks as they were, where git cannot fetch.
    """
    tracked = set(_git(root, "ls-files", "notebooks").splitlines())
    changed = set(_git(root, "diff", "--name-only", "HEAD", "--", "notebooks").splitlines())
    worked_in = [root / name for name in sorted(tracked & changed) if (root / name).exists()]
    for path in worked_in:
        read_notebook(path)  # a broken one stops here, before anything is touched
    kept = {path: keep_copy(path, root / FOLDER / "kept") for path in worked_in}
    try:
        if worked_in:
            _git(root, "checkout", "HEAD", "--", *[str(path.relative_to(root)) for path in worked_in])
        _git(root, "pull", "--ff-only", "--quiet")
    except CourseError as problem:
        for path, copy in kept.items():
            path.write_bytes(copy.read_bytes())
        raise CourseError(f"{problem}\nYour notebooks are as they were.") from None
    for path, copy in kept.items():
        old = read_notebook(copy)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(copy.read_bytes())
            say(f"{path.name}: the new course has no such notebook; yours stays")
        elif edited(copy):
            merged, count = carry_over(old, read_notebook(path), STUB)
            write_whole(path, notebook_text(merged))
            say(f"{path.name}: {count} cells of yours are in the new edition; the notebook as it was: {copy}")
    say("The course is up to date. Run `make lab` to go on.")


def _git(root, *arguments):
    result = subprocess.run(["git", "-c", "core.quotepath=off", *arguments], cwd=root, capture_output=True, text=True)
    if result.returncode:
        raise CourseError(f"`git {' '.join(arguments[:2])}` failed: {result.stderr.strip() or result.stdout.strip()}")
    return result.stdout
