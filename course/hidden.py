"""The hidden half of a check, on the instructor's machine: the same judge on cases drawn from the course's secret.

`hidden.check(f)` stands in the hidden-test regions of `source/`; no hidden case is ever written to a file.
"""

from functools import lru_cache

from course.lesson import read_lesson
from course.root import course_root, secret_seed
from course.specs import build_hidden_spec
from helpers.checks.engine import CheckFailed, run
from helpers.checks.spec import unit_of


def check(answer):
    """Judge an answer on the hidden cases. Raises CheckFailed with the mistake's name, but no value of a case."""
    name = answer if isinstance(answer, str) else answer.__name__
    _, verdict = run(hidden_spec(name), answer)
    if verdict.state == "not attempted":
        raise CheckFailed(f"{name}: not attempted yet")
    if verdict.state == "wrong":
        known = verdict.why if verdict.mistake else ""
        raise CheckFailed(
            f"{name}: right on the cases shown, wrong on others like them. {known}".replace("`", "").strip()
        )


@lru_cache(maxsize=64)
def hidden_spec(name):
    """The spec of an exercise on its hidden cases."""
    lesson, space = _lesson(unit_of(name))
    return build_hidden_spec(lesson, name, space, seed=secret_seed(lesson.path.parents[2]))


@lru_cache(maxsize=4)
def _lesson(unit):
    lesson = read_lesson(course_root(), unit)
    return lesson, lesson.namespace()
