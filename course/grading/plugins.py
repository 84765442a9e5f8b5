"""nbgrader's plug-ins: named in `nbgrader_config.py`, they make `nbgrader autograde` and formgrader run and judge
notebooks as the course does. nbgrader stays the system of record."""

import atexit
import fnmatch
import json
import os
import stat
from functools import lru_cache
from pathlib import Path

from nbgrader.converters import base
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Float, Integer

from course.errors import CourseError
from course.grading.manifest import read_manifest
from course.grading.marking import Settings, mark_notebook
from course.grading.repair import LARGEST, grade_id_of, read_submission, repair
from course.grading.sandbox.executor import Warm
from course.grading.sandbox.rights import ran_without
from course.grading.submissions import MOST, other_files
from course.grading.worker import record
from helpers.checks.spec import DATA

KEY = "descent"


class Repair(NbGraderPreprocessor):
    """Stands where nbgrader's ClearOutput, DeduplicateIds, OverwriteKernelspec and OverwriteCells stand. It is to be
    the first: after each, nbconvert refuses a notebook that is not valid, and this makes it valid."""

    def preprocess(self, nb, resources):
        manifest = _manifest(resources)
        nb = read_submission(json.dumps(nb).encode())
        path = Path(resources["metadata"]["path"]) / f"{resources['nbgrader']['notebook']}.ipynb"
        if path.is_symlink():
            nb.cells, link = [], "the notebook is a link to another file; nothing in it was graded"
        nb, notes = repair(nb, manifest)
        if path.is_symlink():
            notes.insert(0, link)
        for note in notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        resources[KEY] = {"notes": notes}
        return nb, resources


class ConfinedExecute(NbGraderPreprocessor):
    """Stands where nbgrader's Execute stands: runs the notebook in a confined process and judges the course's checks
    outside of it. Its verdicts go to `SaveVerdicts` by way of the resources."""

    seconds_cell = Float(30.0, help="seconds that one cell may take").tag(config=True)
    seconds_check = Float(20.0, help="seconds that the calls of one check may take").tag(config=True)
    seconds_submission = Float(300.0, help="seconds that a whole notebook may take").tag(config=True)
    output_cap = Integer(1 << 20, help="bytes of output kept of one cell").tag(config=True)
    follow_through = Float(1.0, help="share of the points where only an earlier answer is wrong").tag(config=True)
    partial_credit = Bool(False, help="give points by the share of hidden cases that are right").tag(config=True)

    def settings(self):
        return Settings(**{name: getattr(self, name) for name in Settings.__dataclass_fields__})

    def preprocess(self, nb, resources):
        try:
            warm = shared_warm()
        except CourseError as problem:
            self.log.warning("%s", problem)
            return Execute(parent=self.parent).preprocess(nb, resources)
        manifest = _manifest(resources)
        files = other_files(Path(resources["metadata"]["path"]), self.log.warning)
        marked = mark_notebook(nb, manifest, warm, self.settings(), files)
        resources[KEY] = {"marks": marked.marks, "notes": marked.notes}
        marked.notebook.metadata[KEY] = record(marked)
        missing = [name for name, on in marked.protections.items() if not on]
        if missing:
            self.log.warning("%s", ran_without(missing))
        for note in marked.notes + marked.suspicions:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        return marked.notebook, resources


class SaveVerdicts(SaveAutoGrades):
    """Stands where nbgrader's SaveAutoGrades stands: takes the marks from where they were made, not from outputs."""

    def _add_score(self, cell, resources):
        marks = resources.get(KEY, {}).get("marks")
        if marks is None:  # executed by nbgrader itself
            super()._add_score(cell, resources)
            return
        mark = marks[grade_id_of(cell)]
        grade = self.gradebook.find_grade(grade_id_of(cell), self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = mark.score
        grade.needs_manual_grade = grade.manual_score is not None or mark.score is None
        self.gradebook.db.commit()


def shared_warm():
    """One warm process for all notebooks that this nbgrader command grades; a new one once the helpers change."""
    return _warm((DATA / "index.json").stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _warm(_changed):
    warm = Warm()
    atexit.register(warm.close)
    return warm


def leave_links_out(**_):
    """nbgrader copies what a submission's links point to, into what students get back, waits for ever on a named pipe,
    copies a file of any size, takes minutes over thousands of files, and has no setting for any of it: from here on its
    search for a submission's files is this one."""
    base.find_all_files = plain_files


def plain_files(path, exclude=None):
    """The regular files below a folder, by name, as nbgrader's `find_all_files` gives them; no links, no giants, and no
    more than `MOST`."""
    kept = []
    for where, folders, names in os.walk(path):
        folders[:] = sorted(n for n in folders if not _left_out(n, exclude))
        for name in sorted(names):
            status = os.lstat(os.path.join(where, name))
            if _left_out(name, exclude) or not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
                continue
            if len(kept) == MOST:
                return kept
            kept.append(os.path.join(where, name))
    return kept


def _left_out(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns or ())


def _manifest(resources):
    known = resources["nbgrader"]
    root = Path.cwd()  # nbgrader works in the course's folder while it converts
    path = root / "source" / known["assignment"] / f"{known['notebook']}.ipynb"
    return _read_manifest(root, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read_manifest(root, path, _changed):
    return read_manifest(root, path)
