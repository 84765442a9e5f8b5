"""What a submission earned: a Mark for each grade cell, and all that is known of a graded notebook."""

import re
from dataclasses import dataclass, field


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


def mark_inside(run, points):
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


def unreadable_marks(manifest):
    """{grade_id: Mark} of a submission that is no notebook: nothing earned."""
    return {g: Mark(0.0, cell.points, "not attempted") for g, cell in manifest.cells.items() if cell.grade}
