"""What a check knows of an exercise: its cases, what should come of them, and the known mistakes.

The build writes one JSON file a unit; `load` reads it. Only outputs are stored, never the code that made them.
"""

import ast
import hashlib
import json
import re
import textwrap
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from helpers.checks.compare import Tolerance
from helpers.checks.drive import Outcome, compile_probe
from helpers.checks.values import from_json, to_json

DATA = Path(__file__).parent / "data"


class DataError(Exception):
    """The installed check data is missing or not what the build wrote."""

    def _render_traceback_(self):
        return [f"DataError: {self}"]


def source_digest(source, name):
    """A digest of the function or class `name` in Python source, which spacing and comments do not change."""
    tree = ast.parse(textwrap.dedent(source))
    own = [ast.dump(node) for node in tree.body if getattr(node, "name", None) == name]
    return hashlib.sha256("".join(own).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Case:
    inputs: tuple
    expected: Outcome


@dataclass(frozen=True)
class KnownMistake:
    name: str
    message: str
    outcomes: tuple  # one Outcome a case


@dataclass(frozen=True)
class ExerciseSpec:
    """stub: the digest of the cell before anything was written in it, by `source_digest`"""

    name: str
    unit: str
    arguments: tuple
    cases: tuple
    mistakes: tuple = ()
    hints: tuple = ()
    returns: tuple = ()
    forbidden: tuple = ()
    tolerance: Tolerance = field(default_factory=Tolerance)
    may_change: bool = False
    no_warnings: bool = False
    probe: str | None = None
    says: str | None = None
    gradient: dict = field(default_factory=dict)
    stub: str = ""

    def compiled_probe(self):
        return compile_probe(self.probe)

    def looked_up(self):
        """The names of the learner's other functions that the probe calls, by way of the answer's own namespace."""
        return re.findall(r'__globals__\["(\w+)"\]', self.probe or "")

    def to_json(self):
        return {
            "arguments": list(self.arguments),
            "returns": list(self.returns),
            "hints": list(self.hints),
            "forbidden": list(self.forbidden),
            "tolerance": vars(self.tolerance),
            "may_change": self.may_change,
            "no_warnings": self.no_warnings,
            "probe": self.probe,
            "says": self.says,
            "gradient": self.gradient,
            "stub": self.stub,
            "cases": [
                {"inputs": [to_json(v) for v in case.inputs], "expected": case.expected.to_json()}
                for case in self.cases
            ],
            "mistakes": [
                {"name": m.name, "message": m.message, "outcomes": [o.to_json() for o in m.outcomes]}
                for m in self.mistakes
            ],
        }

    @classmethod
    def from_json(cls, name, unit, data):
        return cls(
            name=name,
            unit=unit,
            arguments=tuple(data["arguments"]),
            returns=tuple(data["returns"]),
            hints=tuple(data["hints"]),
            forbidden=tuple(data["forbidden"]),
            tolerance=Tolerance(**data["tolerance"]),
            may_change=data["may_change"],
            no_warnings=data["no_warnings"],
            probe=data["probe"],
            says=data["says"],
            gradient=data["gradient"],
            stub=data["stub"],
            cases=tuple(
                Case(tuple(from_json(v) for v in case["inputs"]), Outcome.from_json(case["expected"]))
                for case in data["cases"]
            ),
            mistakes=tuple(
                KnownMistake(m["name"], m["message"], tuple(Outcome.from_json(o) for o in m["outcomes"]))
                for m in data["mistakes"]
            ),
        )


@lru_cache(maxsize=1)
def index():
    """{"units": {unit: {"title", "sha256", "exercises", "guesses"}}}: what the course consists of.

    A unit with exercises that had another name in an earlier release has "was" too: {exercise: [former names]}.
    """
    try:
        return json.loads((DATA / "index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise DataError(_mend("index.json", f"cannot be read ({problem})")) from None


@lru_cache(maxsize=4)
def unit_data(unit):
    """The check data of one unit as the build wrote it: {"exercises": {...}, "guesses": {...}}."""
    name = f"{unit}.json"
    try:
        text = (DATA / name).read_bytes()
    except OSError:
        raise DataError(_mend(name, "is missing")) from None
    if hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest() != index()["units"][unit]["sha256"]:
        raise DataError(_mend(name, "is not what the course was built with"))
    return json.loads(text)


def _mend(name, fault):
    return (
        f"the check data {DATA / name} {fault}. Put it back with `git checkout helpers/checks/data`, "
        "or install the course again; then restart the kernel. Your own work is not touched by either."
    )


def unit_of(exercise):
    """The unit an exercise belongs to, or None."""
    for unit, entry in index()["units"].items():
        if exercise in entry["exercises"]:
            return unit
    return None


def exercise_names():
    """The names of all exercises of the course."""
    return [name for entry in index()["units"].values() for name in entry["exercises"]]


def names_now():
    """{former name of an exercise: its name}."""
    rows = [row for entry in index()["units"].values() for row in entry.get("was", {}).items()]
    return {old: name for name, former in rows for old in former}


@lru_cache(maxsize=32)
def load(exercise):
    """The spec of an exercise by name. Raises KeyError for a name that is not one."""
    unit = unit_of(exercise)
    if unit is None:
        raise KeyError(exercise)
    return ExerciseSpec.from_json(exercise, unit, unit_data(unit)["exercises"][exercise])
