"""Grades one submitted notebook: repairs it, runs its cells in a confined process, and judges its checks here."""

from dataclasses import dataclass, replace

from nbformat import from_dict

from course.grading.definitions import Definitions
from course.grading.marks import Mark, Marked, mark_inside
from course.grading.repair import grade_id_of, read_submission, repair
from course.grading.running import NotebookRun, error_output
from course.grading.sandbox.messages import Broken, TooLate
from helpers.checks.engine import CheckFailed
from helpers.checks.judge import Verdict, judge, problem
from helpers.checks.report import Report, verdict_report


@dataclass(frozen=True)
class Settings:
    """seconds_cell, seconds_check: for one cell, for one check's calls   seconds_submission: for all of a notebook
    output_cap: bytes of output of one cell   follow_through: share of the points where an answer is right but for an
    earlier wrong one   partial_credit: give points by the share of hidden cases that are right
    """

    seconds_cell: float = 30.0
    seconds_check: float = 20.0
    seconds_submission: float = 300.0
    output_cap: int = 1 << 20
    follow_through: float = 1.0
    partial_credit: bool = False


def mark(data, manifest, warm, settings=None, files=None):
    """Grade the bytes of a submitted notebook. Raises `repair.Unreadable` where they are no notebook.

    warm: the Warm process to fork from   files: {name: base64} of the submission's other files
    """
    notebook, notes = repair(read_submission(data), manifest)
    marked = mark_notebook(notebook, manifest, warm, settings, files)
    marked.notes[:0] = notes
    return marked


def mark_notebook(notebook, manifest, warm, settings=None, files=None):
    """Grade a notebook that is repaired already."""
    return _Marking(notebook, manifest, warm, settings or Settings(), files or {}).marked()


@dataclass
class _Checked:
    """An answer where its check stands. verdict, outcome: of the cases that students know   ran, cells: how many cells
    had run, and had been read"""

    cell: object
    exercise: object
    verdict: Verdict
    outcome: object
    ran: int
    cells: int


class _Marking:
    def __init__(self, notebook, manifest, warm, settings, files):
        self.notebook, self.manifest, self.settings = notebook, manifest, settings
        self.result = Marked(notebook, {})
        self.definitions = Definitions()
        self.wrong = {}  # exercises that were not right, with their references
        self.checked = []  # a _Checked of every check so far
        self.names = tuple(manifest.exercises)
        self.run = NotebookRun(warm, files, settings, self.result)

    def marked(self):
        try:
            for cell in self.notebook.cells:
                if cell.cell_type == "code":
                    self._cell(cell)
                elif grade_id_of(cell) and self.manifest.cells[grade_id_of(cell)].grade:
                    self._manual(cell)
            self._judge_hidden()
        finally:
            self.run.close()
        return self.result

    def _cell(self, cell):
        grade_id = grade_id_of(cell)
        cell.outputs, cell.execution_count = [], None
        if grade_id in self.manifest.checks:
            self._check(cell, self.manifest.checks[grade_id])
            return
        if grade_id is None and self.manifest.demos.get(cell.id) == cell.source:
            return
        if not self.run.over():
            self.definitions.add(cell.source)
        run = self.run.cell(cell)
        master = self.manifest.cells.get(grade_id)
        if master is not None and master.grade:
            if master.solution:
                self._manual(cell)
            else:
                self.result.marks[grade_id] = mark_inside(run, master.points)

    def _manual(self, cell):
        master = self.manifest.cells[grade_id_of(cell)]
        untouched = cell.source.strip() in ("", master.source.strip())
        self.result.marks[master.grade_id] = Mark(0.0 if untouched else None, master.points, "manual")

    def _check(self, cell, name):
        """Judge the cases that students know where the check stands. The hidden ones wait for the end of the notebook:
        while a cell is still to run, nothing of them or of a reference comes near the student's process."""
        exercise = self.manifest.exercises[name]
        verdict, outcome = self._judge_here(exercise.visible)
        self.checked.append(_Checked(cell, exercise, verdict, outcome, len(self.run.ran), len(self.definitions)))

    def _judge_here(self, spec):
        if self.run.over():
            what = f"This check was not run. {self.run.used_up()}"
            return Verdict("wrong", total=len(spec.cases), what=what), None
        try:
            outcomes, late = self.run.drive_here(spec)
        except (TooLate, Broken) as reason:
            return self._lost(spec, reason), None
        if late:
            return self._lost(spec, TooLate()), None
        if outcomes is None:
            return Verdict("not attempted", total=len(spec.cases)), None
        verdict = self._judge(spec, outcomes, self.definitions.forbidden(spec))
        return verdict, outcomes[verdict.case] if verdict.case is not None else None

    def _judge(self, spec, outcomes, forbidden=None):
        try:
            return judge(spec, outcomes, forbidden, self.names)
        except Exception:  # whatever an answer gave, comparing it must not stop the grader
            what = "Your function returned something that cannot be compared with the right answer."
            return Verdict("wrong", total=len(spec.cases), what=what)

    def _judge_hidden(self):
        """The hidden cases, in copies of the process at the end, or of one that ran the notebook again: of every answer
        that is right on the known ones, and with partial credit of every other too."""
        self.run.more_time(2 * self.settings.seconds_check)
        partial = self.settings.partial_credit
        asked = [c for c in self.checked if c.verdict.state == "right" or (partial and c.verdict.state == "wrong")]
        every = {}
        if asked:
            rows = self.run.drive_in_copy([c.exercise.hidden for c in asked], remembered=True)
            every = {c.exercise.visible.name: row for c, row in zip(asked, rows, strict=True)}
        for checked in self.checked:
            name, verdict, share = checked.exercise.visible.name, checked.verdict, 0.0
            if name in every:
                verdict, share = self._judge_one_hidden(checked, every[name])
            self._settle(checked, verdict, checked.outcome, share)

    def _judge_one_hidden(self, checked, outcomes):
        """(verdict, share of the hidden cases that are right)."""
        exercise, spec, lost = checked.exercise, checked.exercise.hidden, None
        found = self._judge(spec, outcomes) if isinstance(outcomes, list) else None
        if found is None or found.state != "right":  # a later cell may have changed what the answer uses
            with self.run.replayed(checked.ran) as session:
                (outcomes,) = self.run.drive_in_copy([spec], session)
            lost = outcomes if isinstance(outcomes, Exception) else None
            found = self._judge(spec, outcomes) if isinstance(outcomes, list) else None
        allowed = self.definitions.forbidden(exercise.visible, checked.cells) is None
        share = _share(exercise, outcomes) if allowed and isinstance(outcomes, list) else 0.0
        if checked.verdict.state != "right":
            return checked.verdict, share
        if found is None:
            verdict = self._lost(spec, lost) if lost else Verdict("not attempted", total=len(spec.cases))
            return verdict, share
        if found.state == "right":
            return found, 1.0
        self.result.suspicions.append(f"{spec.name} is right on the cases shown and wrong on hidden ones")
        what = "Right on the cases you were shown, wrong on others like them."
        return replace(found, what=what, why=found.why if found.mistake else "", case=None), share

    def _lost(self, spec, reason):
        """The verdict on an answer that took too long, or took its process with it."""
        if isinstance(reason, TooLate):
            seconds = f"{self.settings.seconds_check:g} s"
            what = f"Your function did not answer within {seconds}. Is there a loop without an end?"
        else:
            what = "Your function ended the process it ran in, or used more memory than it may."
        return Verdict("wrong", total=len(spec.cases), what=what)

    def _settle(self, checked, verdict, outcome, share):
        """Write the verdict into the cell and the marks."""
        cell, exercise = checked.cell, checked.exercise
        name = exercise.visible.name
        points = self.manifest.cells[grade_id_of(cell)].points
        share = share if self.settings.partial_credit else float(verdict.state == "right")
        followed = False
        if verdict.state != "right":
            followed = self._right_with_references(checked)
            share = max(share, self.settings.follow_through if followed else 0.0)
            self.wrong[name] = exercise.reference
        report = _report(exercise, verdict, outcome if verdict is checked.verdict else None, followed, share)
        shown = {"text/html": report.html(), "text/plain": str(report)}
        cell.outputs = [from_dict({"output_type": "display_data", "data": shown, "metadata": {}})]
        if verdict.state != "right" and not followed:
            text = (
                "not attempted yet"
                if verdict.state == "not attempted"
                else f"not right yet. {verdict.why or verdict.what}"
            )
            cell.outputs.append(error_output(CheckFailed.__name__, f"{name}: {text}".replace("`", "")))
        self.result.marks[grade_id_of(cell)] = Mark(
            round(points * share, 6), points, verdict.state, verdict.mistake, verdict.why or verdict.what, followed
        )

    def _right_with_references(self, checked):
        """Whether the answer is right once the earlier wrong ones that it uses are replaced by the references."""
        if not self.wrong or not self.settings.follow_through:
            return False
        spec, prelude = checked.exercise.visible, list(self.wrong.values())
        looked_up = spec.looked_up()
        if not set(looked_up) & set(self.wrong) and not self.definitions.mention(
            (spec.name, *looked_up), self.wrong, checked.cells
        ):
            return False
        both = replace(spec, cases=spec.cases + checked.exercise.hidden.cases, mistakes=())
        (outcomes,) = self.run.drive_in_copy([both], prelude=prelude, remembered=True)
        if not self._all_right(both, outcomes, checked):  # a later cell may have changed what the answer uses
            with self.run.replayed(checked.ran) as session:
                (outcomes,) = self.run.drive_in_copy([both], session, prelude=prelude)
        return self._all_right(both, outcomes, checked)

    def _all_right(self, spec, outcomes, checked):
        forbidden = self.definitions.forbidden(spec, checked.cells)
        return isinstance(outcomes, list) and self._judge(spec, outcomes, forbidden).state == "right"


def _share(exercise, outcomes):
    """The share of hidden cases that are right."""

    def right(case, outcome):
        try:
            return problem(exercise.hidden, case, outcome) is None
        except Exception:  # as in `_judge`
            return False

    cases = exercise.hidden.cases
    return sum(map(right, cases, outcomes)) / len(cases)


def _report(exercise, verdict, outcome, followed, share):
    try:
        report = verdict_report(exercise.visible, verdict, outcome)
    except Exception:  # a value that cannot be shown
        report = verdict_report(exercise.visible, replace(verdict, case=None), None)
    if followed:
        sentence = "It uses an earlier answer of yours that is not right. With a right one in its place it is right: "
        sentence += "full points." if share == 1 else f"{share:.0%} of the points."
        return Report("right", f"`{exercise.visible.name}` is right in itself.", (sentence,))
    if verdict.state == "wrong" and 0 < share < 1:
        return replace(report, footer=f"{share:.0%} of the points, for the cases that are right.")
    return report
