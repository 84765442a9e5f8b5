"""What the grader knows of an assignment's notebook: its cells as the instructor's version has them, and, for a unit of
the course, the specs and references by which its checks are judged."""

from dataclasses import dataclass, field

from course.editions.keeping import read_notebook
from course.editions.notebooks import check_source
from course.errors import CourseError
from course.lesson import read_lesson, units
from course.root import secret_seed
from course.rules import BEGIN
from course.specs import PUBLIC, build_hidden_spec, build_spec
from helpers.checks.spec import ExerciseSpec


@dataclass(frozen=True)
class ManifestCell:
    """A cell that nbgrader knows by its grade_id."""

    grade_id: str
    cell_type: str
    source: str
    metadata: dict

    @property
    def grade(self):
        return bool(self.metadata.get("grade"))

    @property
    def solution(self):
        return bool(self.metadata.get("solution"))

    @property
    def locked(self):
        return bool(self.metadata.get("locked"))

    @property
    def points(self):
        return float(self.metadata.get("points", 0))


@dataclass(frozen=True)
class Exercise:
    """An exercise as the grader judges it. reference: the source of its solution cell"""

    visible: ExerciseSpec
    hidden: ExerciseSpec
    reference: str


@dataclass(frozen=True)
class Manifest:
    """cells: {grade_id: ManifestCell}, in order   demos: {cell id: source} of cells that grading skips
    exercises: {name: Exercise}   checks: {grade_id of a check: exercise name}
    """

    name: str
    cells: dict
    demos: dict
    kernelspec: dict
    exercises: dict = field(default_factory=dict)
    checks: dict = field(default_factory=dict)

    def solution_of(self, check_id):
        """The grade_id of the solution cell that a check or test cell belongs to: the nearest one before it."""
        if check_id in self.checks and self.checks[check_id] in self.cells:
            return self.checks[check_id]
        last = None
        for grade_id, cell in self.cells.items():
            if grade_id == check_id:
                return last
            if cell.solution:
                last = grade_id
        return None

    def to_json(self):
        return {
            "name": self.name,
            "cells": [vars(cell) for cell in self.cells.values()],
            "demos": self.demos,
            "kernelspec": self.kernelspec,
            "checks": self.checks,
            "exercises": {
                name: {
                    "unit": e.visible.unit,
                    "visible": e.visible.to_json(),
                    "hidden": e.hidden.to_json(),
                    "reference": e.reference,
                }
                for name, e in self.exercises.items()
            },
        }

    @classmethod
    def from_json(cls, data):
        return cls(
            name=data["name"],
            cells={cell["grade_id"]: ManifestCell(**cell) for cell in data["cells"]},
            demos=data["demos"],
            kernelspec=data["kernelspec"],
            checks=data["checks"],
            exercises={
                name: Exercise(
                    ExerciseSpec.from_json(name, e["unit"], e["visible"]),
                    ExerciseSpec.from_json(name, e["unit"], e["hidden"]),
                    e["reference"],
                )
                for name, e in data["exercises"].items()
            },
        )


def read_manifest(root, source_path):
    """The Manifest of an instructor's notebook. Checks that are the course's own are judged by their specs; any other
    test cell keeps nbgrader's meaning."""
    notebook = read_notebook(source_path)
    cells, demos = {}, {}
    for cell in notebook.cells:
        metadata = dict(cell.metadata.get("nbgrader", {}))
        grade_id = metadata.get("grade_id")
        if grade_id is None:
            if "demo" in cell.metadata.get("tags", []):
                demos[cell.id] = cell.source
            continue
        if grade_id in cells:
            raise CourseError(f"{source_path}: the grade_id {grade_id!r} stands twice; give one of them another name")
        cells[grade_id] = ManifestCell(grade_id, cell.cell_type, cell.source, metadata)
    unit = notebook.metadata.get("descent", {}).get("unit")
    exercises = _exercises(root, unit) if unit in units(root) else {}
    checks = {
        f"check_{name}": name
        for name in exercises
        if f"check_{name}" in cells and cells[f"check_{name}"].source == check_source(name)
    }
    return Manifest(source_path.stem, cells, demos, dict(notebook.metadata.get("kernelspec", {})), exercises, checks)


def _exercises(root, unit):
    lesson, seed = read_lesson(root, unit), secret_seed(root)
    space = lesson.namespace()
    return {
        cell.name: Exercise(
            build_spec(lesson, cell.name, space, PUBLIC),
            build_hidden_spec(lesson, cell.name, space, seed),
            "\n".join(
                line for line in cell.source.splitlines() if line.strip() not in (BEGIN, BEGIN.replace("BEGIN", "END"))
            ),
        )
        for cell in lesson.exercises
    }
