"""Where a learner stands: a log that only grows, in the course's folder, apart from the notebooks.

Each line of `.descent/progress.jsonl` is one event: a check and its verdict with the answer's source, a hint, a guess,
a rescue. A rebuild or an update of the course does not touch it.
"""

import json
import os
import time
from pathlib import Path

FOLDER = ".descent"


def course_folder():
    """The folder of the course: DESCENT_HOME, or the nearest folder above with the course in it, or this one."""
    if os.environ.get("DESCENT_HOME"):
        return Path(os.environ["DESCENT_HOME"])
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "helpers" / "checks").is_dir() or (folder / FOLDER).is_dir():
            return folder
    return here


def being_graded():
    """Whether nbgrader runs this notebook; a grader's run is nobody's progress, and offers no solutions."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def record(**event):
    """Add one event to the log. A folder that cannot be written only costs the record, never the lesson."""
    if being_graded():
        return
    path = course_folder() / FOLDER / "progress.jsonl"
    line = json.dumps({"time": round(time.time()), **event}, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(exist_ok=True)
        with open(path, "a+b") as log:
            log.seek(0, os.SEEK_END)
            if log.tell():  # a line cut short by a crash must not swallow this one
                log.seek(-1, os.SEEK_END)
                line = line if log.read(1) == b"\n" else "\n" + line
            log.write(line.encode())
    except OSError as problem:
        print(f"(Your progress could not be written to {path}: {problem.strerror}. The lesson goes on without it.)")


def events():
    """All events, oldest first; a damaged line is passed over."""
    try:
        lines = (course_folder() / FOLDER / "progress.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def standing(names_now=None):
    """{exercise: {"state", "attempts", "hints", "rescued"}} from all events.

    names_now: {former name: name} of exercises that have a new one; what was done under the former counts for it
    state: the best so far of "not attempted", "tried", "right"
    A row has "was", the former name, as long as the answer was not judged under the new one.
    """
    table = {}
    for event in events():
        logged = event.get("exercise")
        if not isinstance(logged, str):
            continue
        name = (names_now or {}).get(logged, logged)
        row = table.setdefault(name, {"state": "not attempted", "attempts": 0, "hints": 0, "rescued": False})
        if event.get("kind") == "check":
            row.pop("was", None)
            if name != logged:
                row["was"] = logged
            row["attempts"] += event.get("state") == "wrong"
            if event.get("state") == "right":
                row["state"] = "right"
            elif event.get("state") == "wrong" and row["state"] == "not attempted":
                row["state"] = "tried"
        elif event.get("kind") == "hint":
            row["hints"] = max(row["hints"], int(event.get("number", 0)))
        elif event.get("kind") == "rescue":
            row["rescued"] = True
    return table


def last_answer(exercise, names_now=None):
    """The source of the last answer to an exercise that was checked, under a former name too; or None."""
    names = {exercise, *(old for old, name in (names_now or {}).items() if name == exercise)}
    found = [e for e in events() if e.get("kind") == "check" and e.get("exercise") in names and e.get("source")]
    return found[-1]["source"] if found else None


def guesses():
    """{question: the last guess}, as letters."""
    return {
        e["question"]: e["guess"] for e in events() if e.get("kind") == "guess" and "question" in e and "guess" in e
    }
