"""What a worker does: grade one submission with the process it keeps warm. Takes and gives plain values only."""

import atexit
import base64
import json
from dataclasses import asdict

from course.grading.manifest import Manifest
from course.grading.marking import Settings, mark
from course.grading.marks import Marked, unreadable_marks
from course.grading.repair import Unreadable, blank_notebook
from course.grading.sandbox.executor import Warm

_kept = {}


def grade_submissions(state, payload, tasks, settings):
    """Grade some submissions, one after the other.

    state: a digest of the payload and settings   payload: the manifests as JSON
    tasks: for each its notebooks and files in base64, why a notebook is missing, notes, and what to seal it with
    Returns for each {"notebooks": {name: …}, "protections": …}, and "fault": reason where something of it is no
    notebook; {"fault": reason} alone where the grader itself failed.
    """
    manifests, warm = _prepared(state, payload)
    return [_grade(task, manifests, warm, Settings(**settings)) for task in tasks]


def _grade(task, manifests, warm, settings):
    graded, faults, protections = {}, [], {}
    for name, manifest in manifests.items():
        try:
            if name in task["missing"]:
                raise Unreadable(task["missing"][name])
            marked = mark(base64.b64decode(task["notebooks"][name]), manifest, warm, settings, task["files"])
            marked.notes += task["notes"]
            protections = marked.protections
        except Unreadable as problem:
            faults.append(f"{name}.ipynb: {problem}")
            notebook = blank_notebook(manifest, f"This submission could not be graded: {problem}.")
            marked = Marked(notebook, unreadable_marks(manifest), [str(problem)])
        except Exception as problem:  # one notebook must never stop a class
            return {
                "fault": f"{name}.ipynb: the grader itself failed ({type(problem).__name__}: {problem}); not graded"
            }
        graded[name] = _plain(marked, manifest, task["seal"])
    result = {"notebooks": graded, "protections": protections}
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


def _plain(marked, manifest, seal):
    """What the coordinator needs: the graded notebook as it is to be written, and what the gradebook takes."""
    left = unanswered(marked.notebook, manifest)
    marked.notebook.metadata["descent"] = seal | record(marked)
    return {
        # nbformat's own `writes` indents, copies and validates: that alone was half of the grader's own time
        "text": json.dumps(marked.notebook, ensure_ascii=False) + "\n",
        "marks": {grade_id: mark.score for grade_id, mark in marked.marks.items()},
        "unanswered": left,
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
