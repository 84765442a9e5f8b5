"""What a worker does: grade one submission with the process it keeps warm. Takes and gives plain values only."""

import atexit
import base64
import json
from dataclasses import asdict

from course.grading.executor import Warm
from course.grading.manifest import Manifest
from course.grading.marking import Settings, mark, unreadable_marks
from course.grading.repair import Unreadable, blank_notebook

_kept = {}


def grade_submission(state, payload, task, settings):
    """Grade the notebooks of one submission.

    state: a digest of the payload and settings   payload: the manifests as JSON   task: notebooks and files in base64,
    and why a notebook is missing
    Returns {"notebooks": {name: …}, "files": …}, or {"fault": reason} where nothing of it is a notebook.
    """
    manifests, warm = _prepared(state, payload)
    graded, faults = {}, []
    for name, manifest in manifests.items():
        try:
            if name in task["missing"]:
                raise Unreadable(task["missing"][name])
            data = base64.b64decode(task["notebooks"][name])
            marked = mark(data, manifest, warm, Settings(**settings), task["files"])
        except Unreadable as problem:
            faults.append(f"{name}.ipynb: {problem}")
            graded[name] = _unreadable(manifest, str(problem))
        except Exception as problem:  # one notebook must never stop a class
            return {
                "fault": f"{name}.ipynb: the grader itself failed ({type(problem).__name__}: {problem}); not graded"
            }
        else:
            marked.notes += task["notes"]
            graded[name] = _plain(marked, manifest)
    result = {"notebooks": graded, "files": task["files"]}
    return result | ({"fault": "; ".join(faults)} if faults else {})


def _prepared(state, payload):
    if _kept.get("state") != state:
        _close()
        manifests = {name: Manifest.from_json(data) for name, data in json.loads(payload).items()}
        _kept.update(state=state, manifests=manifests, warm=Warm())
        atexit.register(_close)
    return _kept["manifests"], _kept["warm"]


def _close():
    warm = _kept.pop("warm", None)
    _kept.clear()
    if warm is not None:
        warm.close()


def _plain(marked, manifest):
    return {
        "notebook": marked.notebook,
        "marks": {grade_id: asdict(m) for grade_id, m in marked.marks.items()},
        "unanswered": unanswered(marked.notebook, manifest),
        "record": record(marked),
    }


def record(marked):
    """What a graded notebook remembers of its grading, for the instructor's report."""
    return {
        "marks": {grade_id: asdict(m) for grade_id, m in marked.marks.items()},
        "notes": marked.notes,
        "suspicions": list(dict.fromkeys(marked.suspicions)),
        "protections": marked.protections,
    }


def unanswered(notebook, manifest):
    """The grade_ids of answers that are as they were released; nbgrader comments on them with "No response."."""
    from nbgrader.utils import compute_checksum

    found = []
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        master = manifest.cells.get(known.get("grade_id"))
        if master is not None and master.solution and master.metadata.get("checksum") == compute_checksum(cell):
            found.append(master.grade_id)
    return found


def _unreadable(manifest, reason):
    marks = {g: asdict(m) for g, m in unreadable_marks(manifest).items()}
    return {
        "notebook": blank_notebook(manifest, f"This submission could not be graded: {reason}."),
        "marks": marks,
        "unanswered": [],
        "record": {"marks": marks, "notes": [reason], "suspicions": [], "protections": {}},
    }
