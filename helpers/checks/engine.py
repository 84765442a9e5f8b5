"""`check`: the one object that learners talk to."""

import contextlib
import difflib
import inspect
import sys
import types
from dataclasses import replace

from helpers import progress
from helpers.checks import spec as specs
from helpers.checks.drive import cut_short, drive
from helpers.checks.forbidden import find_forbidden, live_sources
from helpers.checks.judge import judge
from helpers.checks.published import published_solution
from helpers.checks.report import Report, display, verdict_report
from helpers.checks.spec import source_digest
from helpers.checks.standing import StandingReport
from helpers.checks.watching import LONGEST, Unread, stopped_after, watch_cells


class CheckFailed(AssertionError):
    """An answer is wrong or not attempted. Shown as one line, since the report stands above it; nbgrader's Validate
    shows that line alone, so there it says more."""

    def _render_traceback_(self):
        text = str(self)
        return [text if progress.being_graded() else text.partition(". ")[0]]


class NotAnExercise(Exception):
    """`check` was called on something that is not an exercise."""

    def _render_traceback_(self):
        return [f"check: {self}"]


STILL_THERE = "It stops your function before your own lines count. Delete it, run the cell, then check again."


class Check:
    """Judges answers to the course's exercises.

    check(f)            runs f on the exercise's cases and says whether it is right
    check.hint(f)       opens the next hint
    check.solution(f)   shows the published solution, once there was an attempt
    check.rescue("f")   puts the published solution in place, so that the notebook can go on
    check.progress()    shows where you stand
    """

    def __init__(self):
        self._unit = None
        self._hints = {}

    def __call__(self, answer):
        space = sys._getframe(1).f_globals
        exercise, answer = _exercise(answer, space)
        if isinstance(answer, Unread):
            display(_unread_report(answer))
            raise CheckFailed(f"{exercise.name}: its cell could not be read")
        # a grader has a limit of its own
        with stopped_after(LONGEST) if self._unit else contextlib.nullcontext():
            outcomes, verdict = run(exercise, answer, stoppable=self._unit is not None)
            if verdict.state == "wrong" and not any(outcome.stopped for outcome in outcomes):
                verdict = _blame_the_right_one(exercise, verdict, answer, space)
        self._record(kind="check", exercise=exercise.name, state=verdict.state, mistake=verdict.mistake, answer=answer)
        shown = outcomes[verdict.case] if verdict.case is not None else None
        display(verdict_report(exercise, verdict, shown, footer=self._footer(exercise, verdict)))
        if verdict.state == "not attempted" and verdict.needs is None and _was_begun(exercise, answer):
            display(
                Report("note", "The line `raise NotImplementedError(...)` still stands in your code.", (STILL_THERE,))
            )
        if verdict.state == "not attempted":
            raise CheckFailed(f"{exercise.name}: not attempted yet")
        if verdict.state == "wrong":
            raise CheckFailed(f"{exercise.name}: not right yet. {(verdict.why or verdict.what).replace('`', '')}")

    def hint(self, answer):
        """Show the next hint of an exercise, with the ones before it."""
        exercise, _ = _exercise(answer, sys._getframe(1).f_globals)
        count = min(self._hints.get(exercise.name, 0) + 1, len(exercise.hints))
        self._hints[exercise.name] = count
        self._record(kind="hint", exercise=exercise.name, number=count)
        shown = tuple(f"{i + 1}. {hint}" for i, hint in enumerate(exercise.hints[:count]))
        left = len(exercise.hints) - count
        footer = f"{left} more: run this again." if left else "That was the last one."
        display(Report("note", f"Hints for `{exercise.name}`", shown, footer=footer))

    def solution(self, answer):
        """Show the published solution of an exercise; offered after an attempt, in the study edition."""
        exercise, _ = _exercise(answer, sys._getframe(1).f_globals)
        source = self._published(exercise)
        row = progress.standing(specs.names_now()).get(exercise.name)
        if row is None or (row["state"] == "not attempted" and not row["rescued"]):
            sentence = "Try it first, even if it is half an idea: run your cell and its check, then ask again."
            return display(Report("note", f"The solution of `{exercise.name}` opens after an attempt.", (sentence,)))
        rows = [("Ours", source)]
        mine = progress.last_answer(exercise.name, specs.names_now())
        if mine:
            rows.insert(0, ("Yours", mine))
        return display(Report("note", f"One way to write `{exercise.name}`", rows=tuple(rows)))

    def rescue(self, answer):
        """Put the published solution of an exercise in place of yours, so that the rest of the notebook can run."""
        space = sys._getframe(1).f_globals
        exercise, _ = _exercise(answer, space)
        source = self._published(exercise)
        exec(compile(source, f"<solution of {exercise.name}>", "exec"), space)
        self._record(kind="rescue", exercise=exercise.name)
        sentence = "The rest of the notebook can go on. Running your own cell again puts your version back."
        display(Report("note", f"`{exercise.name}` is now the published solution.", (sentence,)))

    def progress(self):
        """Show every unit and exercise with what you have done so far."""
        display(StandingReport(specs.index(), progress.standing(specs.names_now())))

    def study(self, unit):
        """Say that this notebook is the study edition of a unit: progress is kept from here on."""
        if unit not in specs.index()["units"]:
            raise NotAnExercise(f"{unit!r} is not a unit of this course")
        if not progress.being_graded():
            self._unit = unit
            watch_cells()

    def _record(self, answer=None, **event):
        if self._unit is None:
            return
        if answer is not None:
            with contextlib.suppress(OSError, TypeError):  # an answer without a source is still recorded
                event["source"] = inspect.getsource(answer)
        progress.record(unit=self._unit, **event)

    def _published(self, exercise):
        if self._unit is None:
            raise NotAnExercise("solutions are offered in the study edition only (the notebooks/ folder of the course)")
        source = published_solution(exercise.unit, exercise.name)
        if source is None:
            raise NotAnExercise(
                f"the solution of {exercise.name} was not found: solutions/{exercise.unit}.ipynb is not in this folder"
            )
        return source

    def _footer(self, exercise, verdict):
        if self._unit is None:
            return ""
        return f"To compare with ours: `check.solution({exercise.name})`" if verdict.state == "right" else ""


def run(exercise, answer, stoppable=False):
    """(outcomes, verdict) of an answer on all cases of an exercise.

    stoppable: an interrupt ends the call that it meets, and is the verdict; else it goes on to the caller
    """
    forbidden = None
    if exercise.forbidden:
        name = find_forbidden(*_start(answer), exercise.forbidden)
        if name:
            forbidden = f"This exercise is to be solved without `{name}`: build it from the pieces you have."
    probe = exercise.compiled_probe()
    outcomes = []
    for case in exercise.cases:
        try:
            outcomes.append(drive(answer, case.inputs, probe))
        except KeyboardInterrupt as interrupt:
            if not stoppable:
                raise
            outcomes.append(cut_short(answer, interrupt))
        if outcomes[-1].stopped or (outcomes[-1].missing and specs.unit_of(outcomes[-1].missing)):
            outcomes += [outcomes[-1]] * (len(exercise.cases) - len(outcomes))
            break
    return outcomes, judge(exercise, outcomes, forbidden, specs.exercise_names())


def _unread_report(unread):
    sentences = (f"Python says: {unread.problem}.", "Mend it, run that cell, then run this one again.")
    title = f"`{unread.name}` cannot be checked: Python could not read its cell."
    return Report("wrong", title, sentences, rows=((f"Line {unread.number}", unread.text),))


def _blame_the_right_one(exercise, verdict, answer, space):
    """The verdict, saying so where another exercise of the unit that the answer calls is not right itself."""
    for name in [*exercise.looked_up(), *_called(getattr(answer, "__code__", None))]:
        other = space.get(name)
        is_exercise = other is not answer and callable(other) and specs.unit_of(name) == exercise.unit
        if is_exercise and run(specs.load(name), other)[1].state == "wrong":
            why = f"It calls `{name}`, which is not right yet. Mend `{name}` first; then check again."
            return replace(verdict, why=why, mistake=None)
    return verdict


def _called(code):
    """The global names that a function's code uses, in the functions inside it too."""
    if code is None:
        return []
    inner = [name for constant in code.co_consts if isinstance(constant, types.CodeType) for name in _called(constant)]
    return list(dict.fromkeys([*code.co_names, *inner]))


def _was_begun(exercise, answer):
    """Whether there is code of the learner's in a function that still raises NotImplementedError."""
    try:
        return source_digest(inspect.getsource(answer), exercise.name) != exercise.stub
    except (OSError, TypeError, SyntaxError):
        return False


def _start(answer):
    source_of, aliases = live_sources(answer)
    return source_of, getattr(answer, "__name__", ""), aliases


def _exercise(answer, space):
    """The exercise that an answer (or a name) stands for, and the answer itself."""
    if isinstance(answer, str):
        name, answer = answer, space.get(answer)
    else:
        bound = [n for n, value in space.items() if value is answer and specs.unit_of(n)]
        own = getattr(answer, "__name__", None)
        name = own if own in bound or not bound else bound[0]
    if not isinstance(name, str) or specs.unit_of(name) is None:
        raise NotAnExercise(_not_an_exercise(name if isinstance(name, str) else repr(answer)[:60]))
    if not callable(answer):
        raise NotAnExercise(f"`{name}` is not defined as a function yet: run the cell that defines it, then this one")
    return specs.load(name), answer


def _not_an_exercise(name):
    new = specs.names_now().get(name)
    if new:
        return f"{name} is called {new} now: write {new} in the def line of your answer, then check({new})."
    every = specs.exercise_names()
    near = difflib.get_close_matches(name, every, n=1)
    more = f" Did you mean `{near[0]}`?" if near else ""
    return f"{name} is not an exercise of this course.{more} Give it the function you wrote, as in check({every[0]})."
