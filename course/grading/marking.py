"""Grades one submitted notebook: repairs it, runs its cells in a confined process, and judges its checks here."""

import ast
import re
import time
from dataclasses import dataclass, field, replace

from nbformat import from_dict
from nbformat.v4 import new_output

from course.grading.messages import Broken, TooLate
from course.grading.repair import grade_id_of, read_submission, repair
from helpers.checks.engine import CheckFailed
from helpers.checks.forbidden import find_forbidden, imported_names
from helpers.checks.judge import Verdict, judge
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


@dataclass
class Mark:
    """What one grade cell earned.

    score: None where a person has to grade it   followed: right but for an earlier wrong answer
    state: "right", "wrong", "not attempted", "passed", "failed" or "manual"
    inside: judged inside the student's process, as plain nbgrader does
    """

    score: float | None
    points: float
    state: str
    mistake: str | None = None
    message: str = ""
    followed: bool = False
    inside: bool = False


@dataclass
class Marked:
    """A graded notebook: its cells with outputs, {grade_id: Mark}, notes for the instructor, and what looked odd."""

    notebook: object
    marks: dict
    notes: list = field(default_factory=list)
    suspicions: list = field(default_factory=list)
    protections: dict = field(default_factory=dict)


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
    return _Marking(notebook, [], manifest, warm, settings or Settings(), files or {}).run()


class _Marking:
    def __init__(self, notebook, notes, manifest, warm, settings, files):
        self.notebook, self.manifest, self.warm, self.settings, self.files = notebook, manifest, warm, settings, files
        self.result = Marked(notebook, {}, notes)
        self.ran = []  # sources that ran, to run again if the process is lost
        self.texts = []  # sources up to here, for the search for forbidden names
        self.wrong = {}  # exercises that were not right, with their references
        self.waiting = []  # (cell, exercise, how many cells had run) of answers right on the known cases
        self.session = None
        self.end = time.monotonic() + settings.seconds_submission

    def run(self):
        self._start()
        try:
            for cell in self.notebook.cells:
                if cell.cell_type == "code":
                    self._cell(cell)
                elif grade_id_of(cell) and self.manifest.cells[grade_id_of(cell)].grade:
                    self._manual(cell)
            self._judge_hidden()
        finally:
            self.session.close()
        return self.result

    def _cell(self, cell):
        grade_id = grade_id_of(cell)
        cell.outputs, cell.execution_count = [], None
        if grade_id in self.manifest.checks:
            self._check(cell, self.manifest.checks[grade_id])
            return
        if grade_id is None and self._is_demo(cell):
            return
        run = self._run(cell)
        master = self.manifest.cells.get(grade_id)
        if master is not None and master.grade:
            if master.solution:
                self._manual(cell)
            else:
                self.result.marks[grade_id] = _mark_inside(run, master.points)

    def _is_demo(self, cell):
        return self.manifest.demos.get(cell.id) == cell.source

    def _manual(self, cell):
        master = self.manifest.cells[grade_id_of(cell)]
        untouched = cell.source.strip() in ("", master.source.strip())
        self.result.marks[master.grade_id] = Mark(0.0 if untouched else None, master.points, "manual")

    def _run(self, cell):
        self.texts.append(cell.source)
        run = self.session.run(cell.source, self._left(self.settings.seconds_cell), self.settings.output_cap)
        cell.outputs = [from_dict(item) for item in run.outputs]
        if run.cut:
            limit = f"{self.settings.output_cap / 2**20:.3g} MB"
            cell.outputs.append(_stream(f"(the rest of this cell's output is left out: it is longer than {limit})\n"))
            self.result.suspicions.append("a cell's output was cut")
        if run.died:
            what = "ran too long and could not be interrupted" if run.late else "ended the process it ran in"
            cell.outputs.append(_error("CellEnded", f"This cell {what}. The cells below were graded without it."))
            self.result.notes.append(f"a cell {what}; the rest was graded without it: {_first_line(cell.source)}")
            self._restart()
        elif run.late:
            seconds = f"{self.settings.seconds_cell:g} s"
            cell.outputs.append(_error("CellTimeout", f"This cell was stopped after {seconds}."))
            self.result.notes.append(f"a cell was stopped after {seconds}: {_first_line(cell.source)}")
        else:
            self.ran.append(cell.source)
        return run

    def _start(self):
        self.session = self.warm.session(self.files)
        self.result.protections = self.session.protections

    def _restart(self):
        """A fresh process with everything that ran before, but for the cell that ended the last one."""
        self.session.close()
        self._start()
        for source in self.ran:
            if self.session.run(source, self._left(self.settings.seconds_cell), 0).died:
                self.session.close()
                self._start()
                self.result.notes.append("a cell that ran before ended the process when it was run again")
                break

    def _left(self, seconds):
        return max(min(seconds, self.end - time.monotonic()), 0.05)

    def _check(self, cell, name):
        """Judge the cases that students know where the check stands; the hidden ones wait for the end of the notebook.
        Then one copy of the process answers them all, which spares a copy for each check."""
        exercise = self.manifest.exercises[name]
        if self.settings.partial_credit:
            self._settle(cell, exercise, *self._judge_in_copy(self.session, exercise))
            return
        verdict, outcome = self._judge_here(exercise)
        if verdict.state == "right":
            self.waiting.append((cell, exercise, len(self.ran)))
        else:
            self._settle(cell, exercise, verdict, outcome, 0.0)

    def _judge_here(self, exercise):
        spec = exercise.visible
        try:
            outcomes, late = self.session.drive_here(spec, self._left(self.settings.seconds_check))
        except (TooLate, Broken) as problem:
            self._restart()
            return self._lost(spec, problem), None
        if late:
            return self._lost(spec, TooLate()), None
        if outcomes is None:
            return Verdict("not attempted", total=len(spec.cases)), None
        verdict = judge(spec, outcomes, self._forbidden(spec), tuple(self.manifest.exercises))
        return verdict, outcomes[verdict.case] if verdict.case is not None else None

    def _judge_hidden(self):
        """The hidden cases of every answer that is right on the known ones."""
        if not self.waiting:
            return
        try:
            seconds = self._left(self.settings.seconds_check)
            every = self.session.drive_in_copy([e.hidden for _, e, _ in self.waiting], seconds, remembered=True)
        except (TooLate, Broken):
            every = [None] * len(self.waiting)
        for (cell, exercise, ran), outcomes in zip(self.waiting, every, strict=True):
            names = tuple(self.manifest.exercises)
            if outcomes and judge(exercise.hidden, outcomes, None, names).state == "right":
                self._settle(cell, exercise, Verdict("right", len(outcomes), len(outcomes)), None, 1.0)
            else:  # a later cell may have changed what the answer uses: ask again with the notebook up to its check
                with self._replayed(ran) as session:
                    self._settle(cell, exercise, *self._judge_in_copy(session, exercise))

    def _replayed(self, ran):
        session = self.warm.session(self.files)
        for source in self.ran[:ran]:
            session.run(source, self._left(self.settings.seconds_cell), 0)
        return session

    def _judge_in_copy(self, session, exercise, prelude=()):
        """(verdict, the outcome to show or None, the share of the hidden cases that were not shown before)."""
        spec = exercise.visible
        both = replace(spec, cases=spec.cases + exercise.hidden.cases)
        try:
            (outcomes,) = session.drive_in_copy([both], self._left(self.settings.seconds_check), prelude)
        except (TooLate, Broken) as problem:
            if session is self.session:
                self._restart()
            return self._lost(spec, problem), None, 0.0
        if outcomes is None:
            return Verdict("not attempted", total=len(spec.cases)), None, 0.0
        forbidden, names = self._forbidden(spec), tuple(self.manifest.exercises)
        seen, unseen = outcomes[: len(spec.cases)], outcomes[len(spec.cases) :]
        shown = judge(spec, seen, forbidden, names)
        hidden = judge(exercise.hidden, unseen, forbidden, names)
        share = _share(exercise, unseen) if not forbidden and shown.state != "not attempted" else 0.0
        if shown.state != "right":
            return shown, seen[shown.case] if shown.case is not None else None, share
        if hidden.state != "right":
            self.result.suspicions.append(f"{spec.name} is right on the cases shown and wrong on hidden ones")
            what = "Right on the cases you were shown, wrong on others like them."
            return replace(hidden, what=what, why=hidden.why if hidden.mistake else ""), None, share
        return hidden, None, share

    def _lost(self, spec, problem):
        """The verdict on an answer that took too long, or took its process with it."""
        if isinstance(problem, TooLate):
            seconds = f"{self.settings.seconds_check:g} s"
            what = f"Your function did not answer within {seconds}. Is there a loop without an end?"
        else:
            what = "Your function ended the process it ran in, or used more memory than it may."
        return Verdict("wrong", total=len(spec.cases), what=what)

    def _settle(self, cell, exercise, verdict, outcome, share):
        """Write the verdict into the cell and the marks."""
        name = exercise.visible.name
        points = self.manifest.cells[grade_id_of(cell)].points
        share = share if self.settings.partial_credit else float(verdict.state == "right")
        followed = False
        if verdict.state != "right":
            followed = self._right_with_references(name, exercise)
            share = max(share, self.settings.follow_through if followed else 0.0)
            self.wrong[name] = exercise.reference
        report = _report(exercise, verdict, outcome, followed, share)
        cell.outputs = [new_output("display_data", data={"text/html": report.html(), "text/plain": str(report)})]
        if verdict.state != "right" and not followed:
            text = (
                "not attempted yet"
                if verdict.state == "not attempted"
                else f"not right yet. {verdict.why or verdict.what}"
            )
            cell.outputs.append(_error(CheckFailed.__name__, f"{name}: {text}".replace("`", "")))
        self.result.marks[grade_id_of(cell)] = Mark(
            round(points * share, 6), points, verdict.state, verdict.mistake, verdict.why or verdict.what, followed
        )

    def _right_with_references(self, name, exercise):
        """Whether the answer is right once the earlier wrong ones that it uses are replaced by the references."""
        if not self.wrong or not self.settings.follow_through:
            return False
        sources = self._sources()
        if not any(_reaches(sources, name, other) for other in self.wrong):
            return False
        verdict, _, _ = self._judge_in_copy(self.session, exercise, list(self.wrong.values()))
        return verdict.state == "right"

    def _sources(self):
        return definitions(self.texts)[0]

    def _forbidden(self, spec):
        if not spec.forbidden:
            return None
        sources, aliases = definitions(self.texts)
        found = find_forbidden(sources.get, spec.name, aliases, spec.forbidden)
        return f"This exercise is to be solved without `{found}`." if found else None


def definitions(texts):
    """({function or class name: its source}, {name: dotted name} of imports) of a notebook's cells, the last ones."""
    from IPython.core.inputtransformer2 import TransformerManager

    sources, aliases = {}, {}
    for text in texts:
        try:
            tree = ast.parse(TransformerManager().transform_cell(text))
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                sources[node.name] = ast.unparse(node)
            elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                sources[node.targets[0].id] = ast.unparse(node)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                aliases |= imported_names(node)
    return sources, aliases


def _reaches(sources, start, goal):
    """Whether the code of `start` mentions `goal`, itself or through the notebook's other functions."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in sources:
            continue
        seen.add(name)
        mentioned = {n.id for n in ast.walk(ast.parse(sources[name])) if isinstance(n, ast.Name)}
        if goal in mentioned and name != goal:
            return True
        waiting += mentioned
    return False


def _share(exercise, outcomes):
    """The share of hidden cases that are right."""
    from helpers.checks.judge import problem

    cases = exercise.hidden.cases
    right = sum(problem(exercise.hidden, case, outcome) is None for case, outcome in zip(cases, outcomes, strict=True))
    return right / len(cases)


def _report(exercise, verdict, outcome, followed, share):
    report = verdict_report(exercise.visible, verdict, outcome)
    if followed:
        sentence = "It uses an earlier answer of yours that is not right. With a right one in its place it is right: "
        sentence += "full points." if share == 1 else f"{share:.0%} of the points."
        return Report("right", f"`{exercise.visible.name}` is right in itself.", (sentence,))
    if verdict.state == "wrong" and 0 < share < 1:
        return replace(report, footer=f"{share:.0%} of the points, for the cases that are right.")
    return report


def _mark_inside(run, points):
    """A plain test cell's mark, as nbgrader gives it, but for two of its faults: an error counts wherever it stands
    among the outputs, and a warning on stderr costs nothing."""
    if run.failed or any(item["output_type"] == "error" for item in run.outputs):
        return Mark(0.0, points, "failed", inside=True)
    for item in run.outputs:
        if item["output_type"] == "execute_result":
            number = re.fullmatch(r"\s*(-?\d+(?:\.\d*)?(?:e-?\d+)?)\s*", item["data"].get("text/plain", ""))
            if number:
                return Mark(min(max(float(number[1]), 0.0), points), points, "passed", inside=True)
            break
    return Mark(points, points, "passed", inside=True)


def _stream(text):
    return new_output("stream", name="stdout", text=text)


def _error(name, text):
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _first_line(source):
    lines = [line for line in source.splitlines() if line.strip()]
    return lines[0][:80] if lines else ""


def unreadable_marks(manifest):
    """{grade_id: Mark} of a submission that is no notebook: nothing earned."""
    return {g: Mark(0.0, cell.points, "not attempted") for g, cell in manifest.cells.items() if cell.grade}
