"""The package data of `helpers`: what checks know of each unit, as JSON."""

import hashlib
import json
import re

from course.specs import build_spec

NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+e[+-]?\d+")


def unit_json(lesson):
    """One unit's check data as text: specs of its exercises, and its questions with their answers."""
    space = lesson.namespace() if lesson.exercises else {}
    exercises = {cell.name: build_spec(lesson, cell.name, space).to_json() for cell in lesson.exercises}
    guesses = {
        name: {"options": question.options, "right": question.right, "why": question.why}
        for name, question in lesson.questions.items()
    }
    return (
        json.dumps({"exercises": exercises, "guesses": guesses}, indent=None, ensure_ascii=False, separators=(",", ":"))
        + "\n"
    )


def index_json(lessons, texts):
    """The index of the course as text; `texts` holds each unit's check data."""
    entries = {
        lesson.unit: {
            "title": lesson.title,
            "sha256": hashlib.sha256(texts[lesson.unit].encode()).hexdigest(),
            "exercises": {cell.name: lesson.points(cell.name) for cell in lesson.exercises},
            "guesses": list(lesson.questions),
            **({"was": lesson.former_names} if lesson.former_names else {}),
        }
        for lesson in lessons
    }
    return json.dumps({"units": entries}, indent=1, ensure_ascii=False) + "\n"


def same_to_the_reader(old, new):
    """Whether two texts differ only in the last digits of numbers, as two processors' round-off makes them."""
    if old == new:
        return True
    if NUMBER.sub("#", old) != NUMBER.sub("#", new):
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
    return all(abs(float(a) - float(b)) <= 1e-12 + 1e-10 * abs(float(b)) for a, b in pairs)
