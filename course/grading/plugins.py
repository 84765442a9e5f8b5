"""nbgrader's plug-ins: named in `nbgrader_config.py`, they make `nbgrader autograde` and formgrader run and judge
notebooks as the course does. nbgrader stays the system of record."""

import atexit
from functools import lru_cache
from pathlib import Path

from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Float, Integer

from course.errors import CourseError
from course.grading.executor import Warm
from course.grading.manifest import read_manifest
from course.grading.marking import Settings, mark_notebook
from course.grading.repair import grade_id_of, repair
from course.grading.submissions import other_files

KEY = "descent"


class Repair(NbGraderPreprocessor):
    """Stands where nbgrader's DeduplicateIds, OverwriteKernelspec and OverwriteCells stand."""

    def preprocess(self, nb, resources):
        manifest = _manifest(resources)
        nb, notes = repair(nb, manifest)
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
        missing = [name for name, on in marked.protections.items() if not on]
        if missing:
            self.log.warning("Not available on this machine: %s", ", ".join(missing))
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


@lru_cache(maxsize=1)
def shared_warm():
    """One warm process for all notebooks that this nbgrader command grades."""
    warm = Warm()
    atexit.register(warm.close)
    return warm


def _manifest(resources):
    known = resources["nbgrader"]
    root = Path.cwd()  # nbgrader works in the course's folder while it converts
    path = root / "source" / known["assignment"] / f"{known['notebook']}.ipynb"
    return _read_manifest(root, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read_manifest(root, path, _changed):
    return read_manifest(root, path)
