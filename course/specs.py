"""Runs a lesson's reference and known mistakes on its cases, which gives the spec that a check judges by."""

import hashlib
import inspect
from dataclasses import replace

import numpy as np

from course.cleared import cleared
from course.errors import LessonError
from helpers.checks.drive import drive
from helpers.checks.spec import Case, ExerciseSpec, KnownMistake, source_digest
from helpers.checks.values import same

PUBLIC = "public"


def build_spec(lesson, name, space, seed=PUBLIC):
    """The ExerciseSpec of one exercise.

    space: the lesson's namespace   seed: "public" for the visible cases, the course's secret for hidden ones
    """
    declaration = lesson.checks[name]
    reference = space[name]
    probe = declaration.probe
    inputs = draw_cases(lesson, declaration, seed)
    expected = [drive(reference, case, probe) for case in inputs]
    for case, outcome in zip(inputs, expected, strict=True):
        if outcome.error:
            message = f"the reference of {name} raises {outcome.error}: {outcome.text} on {case!r}"
            raise LessonError(lesson.path.with_name("checks.py"), declaration.line, message)
        if outcome.changed and not declaration.may_change:
            message = f"the reference of {name} changes its inputs on {case!r}"
            raise LessonError(lesson.path, declaration.line, message)
    start = 1 if probe else 0
    signature = inspect.signature(probe or reference)
    return ExerciseSpec(
        name=name,
        unit=lesson.unit,
        arguments=tuple(signature.parameters)[start:],
        cases=tuple(Case(case, outcome) for case, outcome in zip(inputs, expected, strict=True)),
        mistakes=tuple(
            KnownMistake(m.name, m.message, tuple(drive(m.call, case, probe) for case in inputs))
            for m in declaration.mistakes
        ),
        hints=tuple(declaration.hints),
        returns=tuple(declaration.returns),
        forbidden=tuple(declaration.forbidden),
        tolerance=declaration.tolerance,
        may_change=declaration.may_change,
        no_warnings=declaration.no_warnings,
        probe=declaration.probe_source,
        says=declaration.says,
        gradient=dict(declaration.gradient),
        # whether an answer was begun is asked with the visible cases alone: the hidden ones are for one that is right
        stub=_stub(lesson, name) if seed == PUBLIC else "",
    )


def _stub(lesson, name):
    return source_digest(cleared(next(cell.source for cell in lesson.exercises if cell.name == name)), name)


def build_hidden_spec(lesson, name, space, seed):
    """The ExerciseSpec of an exercise on hidden cases: those drawn from the secret seed that are not shown as well.

    All cases where an exercise has no others, such as one on a handful of names.
    """
    shown = draw_cases(lesson, lesson.checks[name], PUBLIC)
    spec = build_spec(lesson, name, space, seed)
    fresh = [i for i, case in enumerate(spec.cases) if not any(same(case.inputs, inputs) for inputs in shown)]
    fresh = fresh or range(len(spec.cases))
    pick = lambda row: tuple(row[i] for i in fresh)  # noqa: E731
    mistakes = tuple(replace(known, outcomes=pick(known.outcomes)) for known in spec.mistakes)
    return replace(spec, cases=pick(spec.cases), mistakes=mistakes)


def draw_cases(lesson, declaration, seed):
    """The inputs of every case, a tuple each, drawn from the seed and the exercise's name."""
    digest = hashlib.sha256(f"{seed}/{lesson.unit}/{declaration.name}".encode()).digest()
    rng = np.random.default_rng(list(digest))
    cases = [case if isinstance(case, tuple) else (case,) for case in declaration.cases(rng)]
    if not cases:
        raise LessonError(lesson.path.with_name("checks.py"), declaration.line, f"{declaration.name} has no cases")
    return cases
