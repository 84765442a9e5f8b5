"""Grades one submitted notebook: repairs it, runs its cells in a confined process, and judges its checks here."""

import ast
import re
import time
from dataclasses import dataclass, field, replace
from functools import cached_property

from nbformat import from_dict
from nbformat.v4 import new_output

from course.grading.executor import CellRun
from course.grading.messages import Broken, TooLate
from course.grading.repair import grade_id_of, read_submission, repair
from helpers.checks.engine import CheckFailed
from helpers.checks.forbidden import find_forbidden, imported_names
from helpers.checks.judge import Verdict, judge
from helpers.checks.report import Report, verdict_report

NOTEBOOK_CAP = 32  # times the output of one cell: what is kept of a whole notebook's


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


@dataclass
class _Checked:
    """An answer where its check stands. verdict, outcome: of the cases that students know   ran, texts: how many cells
    had run, and had been read"""

    cell: object
    exercise: object
    verdict: Verdict
    outcome: object
    ran: int
    texts: int


class _Marking:
    def __init__(self, notebook, notes, manifest, warm, settings, files):
        self.notebook, self.manifest, self.warm, self.settings, self.files = notebook, manifest, warm, settings, files
        self.result = Marked(notebook, {}, notes)
        self.ran = []  # sources that ran, to run again if the process is lost
        self.texts = []  # what each cell so far defines, for the search for forbidden names
        self.wrong = {}  # exercises that were not right, with their references
        self.checked = []  # a _Checked of every check so far
        self.names = tuple(manifest.exercises)
        self.session = None
        self.room = NOTEBOOK_CAP * settings.output_cap
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
        if self._over():
            cell.outputs = [_error("NotRun", f"This cell was not run. {self._used_up()}")]
            return CellRun(failed=True, late=True)
        self.texts.append(Definitions(cell.source))
        cap = max(min(self.settings.output_cap, self.room), 0)
        run = self.session.run(cell.source, self._left(self.settings.seconds_cell), cap)
        self.room -= sum(len(str(item)) for item in run.outputs)
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
            if self._over():
                break
            if self.session.run(source, self._left(self.settings.seconds_cell), 0).died:
                self.session.close()
                self._start()
                self.result.notes.append("a cell that ran before ended the process when it was run again")
                break

    def _left(self, seconds):
        return max(min(seconds, self.end - time.monotonic()), 0.05)

    def _over(self):
        return time.monotonic() >= self.end

    def _used_up(self):
        text = f"The notebook had used up its {self.settings.seconds_submission:g} s."
        if text not in self.result.notes:
            self.result.notes.append(text)
        return text

    def _check(self, cell, name):
        """Judge the cases that students know where the check stands. The hidden ones wait for the end of the notebook:
        while a cell is still to run, nothing of them or of a reference comes near the student's process."""
        exercise = self.manifest.exercises[name]
        verdict, outcome = self._judge_here(exercise)
        self.checked.append(_Checked(cell, exercise, verdict, outcome, len(self.ran), len(self.texts)))

    def _judge_here(self, exercise):
        spec = exercise.visible
        if self._over():
            return Verdict("wrong", total=len(spec.cases), what=f"This check was not run. {self._used_up()}"), None
        try:
            outcomes, late = self.session.drive_here(spec, self._left(self.settings.seconds_check))
        except (TooLate, Broken) as problem:
            self._restart()
            return self._lost(spec, problem), None
        if late:
            return self._lost(spec, TooLate()), None
        if outcomes is None:
            return Verdict("not attempted", total=len(spec.cases)), None
        verdict = self._judge(spec, outcomes, self._forbidden(spec))
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
        self.end = max(self.end, time.monotonic() + 2 * self.settings.seconds_check)
        partial = self.settings.partial_credit
        asked = [c for c in self.checked if c.verdict.state == "right" or (partial and c.verdict.state == "wrong")]
        every = {}
        if asked:
            rows = self._in_copy(self.session, [c.exercise.hidden for c in asked], remembered=True)
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
            with self._replayed(checked.ran) as session:
                (outcomes,) = self._in_copy(session, [spec])
            lost = outcomes if isinstance(outcomes, Exception) else None
            found = self._judge(spec, outcomes) if isinstance(outcomes, list) else None
        share = _share(exercise, outcomes) if isinstance(outcomes, list) and not self._forbids(checked) else 0.0
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

    def _in_copy(self, session, specs, **how):
        """What answers give in a copy of a process: outcomes or None for each spec, or for each the reason for none."""
        try:
            return session.drive_in_copy(specs, self._left(self.settings.seconds_check), **how)
        except (TooLate, Broken) as problem:
            return [problem] * len(specs)

    def _replayed(self, ran):
        session = self.warm.session(self.files)
        for source in self.ran[:ran]:
            if self._over() or session.run(source, self._left(self.settings.seconds_cell), 0).died:
                break
        return session

    def _lost(self, spec, problem):
        """The verdict on an answer that took too long, or took its process with it."""
        if isinstance(problem, TooLate):
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

    def _right_with_references(self, checked):
        """Whether the answer is right once the earlier wrong ones that it uses are replaced by the references."""
        if not self.wrong or not self.settings.follow_through:
            return False
        name, sources = checked.exercise.visible.name, self._definitions(checked.texts)[0]
        spec, prelude = checked.exercise.visible, list(self.wrong.values())
        looked_up = spec.looked_up()
        if not any(
            other in looked_up or any(_reaches(sources, start, other) for start in (name, *looked_up))
            for other in self.wrong
        ):
            return False
        both = replace(spec, cases=spec.cases + checked.exercise.hidden.cases, mistakes=())
        (outcomes,) = self._in_copy(self.session, [both], prelude=prelude, remembered=True)
        if not self._all_right(both, outcomes, checked):  # a later cell may have changed what the answer uses
            with self._replayed(checked.ran) as session:
                (outcomes,) = self._in_copy(session, [both], prelude=prelude)
        return self._all_right(both, outcomes, checked)

    def _all_right(self, spec, outcomes, checked):
        forbidden = self._forbidden(spec, checked.texts)
        return isinstance(outcomes, list) and self._judge(spec, outcomes, forbidden).state == "right"

    def _definitions(self, texts=None):
        sources, aliases = {}, {}
        for each in self.texts[:texts]:
            sources |= each.sources
            aliases = {name: dotted for name, dotted in aliases.items() if name not in each.own} | each.aliases
        return sources, aliases

    def _forbids(self, checked):
        return self._forbidden(checked.exercise.visible, checked.texts) is not None

    def _forbidden(self, spec, texts=None):
        if not spec.forbidden:
            return None
        sources, aliases = self._definitions(texts)
        try:
            found = find_forbidden(sources.get, spec.name, aliases, spec.forbidden)
        except PARSING:
            found = None
        return f"This exercise is to be solved without `{found}`." if found else None


PARSING = (SyntaxError, ValueError, RecursionError, MemoryError)
LONGEST = 200_000  # characters of a cell that is read for its definitions


class Definitions:
    """What a cell's source defines, found out once and when it is asked for.

    sources: {name of a function, class or variable: its source}   aliases: {name: dotted name} of imports
    own: names of functions and classes that are the student's own from here on, whatever was imported under them before
    """

    def __init__(self, text):
        self.text = text

    @cached_property
    def sources(self):
        return self._found[0]

    @cached_property
    def aliases(self):
        return self._found[1]

    @cached_property
    def own(self):
        return self._found[2]

    @cached_property
    def _found(self):
        sources, aliases, own = {}, {}, set()
        try:
            for node in _tree(self.text).body:
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    sources[node.name] = ast.unparse(node)
                    # a default such as f=softmax may still hand the imported one on
                    if not any(isinstance(n, ast.Name) and n.id == node.name for n in ast.walk(node)):
                        aliases.pop(node.name, None)
                        own.add(node.name)
                elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                    sources[node.targets[0].id] = ast.unparse(node)
                elif isinstance(node, (ast.Import, ast.ImportFrom)):
                    aliases |= imported_names(node)
                    own -= set(imported_names(node))
        except PARSING:
            pass
        return sources, aliases, own


def _tree(text):
    """The syntax tree of a cell. IPython's own translation of magics takes time that grows with their number squared,
    and a student may write many: here the lines that are magics are left out."""
    text = text[:LONGEST]
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.parse("\n".join(map(_without_magic, text.splitlines())))


def _without_magic(line):
    code = line.strip()
    value = code.partition("=")[2].lstrip()
    if code.startswith(("%", "!", "?")) or code.endswith("?") or value.startswith(("%", "!")):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line


def _reaches(sources, start, goal):
    """Whether the code of `start` mentions `goal`, itself or through the notebook's other functions."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in sources:
            continue
        seen.add(name)
        try:
            mentioned = {n.id for n in ast.walk(ast.parse(sources[name])) if isinstance(n, ast.Name)}
        except PARSING:
            continue
        if goal in mentioned and name != goal:
            return True
        waiting += mentioned
    return False


def _share(exercise, outcomes):
    """The share of hidden cases that are right."""
    from helpers.checks.judge import problem

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
