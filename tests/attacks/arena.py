"""A class in which an honest student is graded after every attack, in a copy of the course."""

import copy
import hashlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "nbgrader"))
from attack import MARK, UNIT, notebook_of
from copied_course import CopiedCourse, points

ALONE, PRIVATE = "a-alone", "private-to-an-honest-student-5512"
LIMITS = """
c.ConfinedExecute.seconds_cell = 2
c.ConfinedExecute.seconds_check = 2
c.ConfinedExecute.seconds_submission = 12
"""
MISTAKEN = "def tangent_line(f, x0):\n    return central_difference(f, x0), f(x0)"
TRACES = Path(__file__).resolve().parents[1] / "nbgrader" / "case_traces.py"
CANARY = Path("/tmp/descent-attack-canary")
MADE = ("autograded", "feedback", "gradebook.db", "gradebook.db-journal", ".descent", "__pycache__", "reports")


class Arena:
    """The course's copy, the class, and what came of it after `run`.

    launcher: what the grading commands are started by, in the place of Python alone
    """

    def __init__(self, home, attacks, launcher=()):
        self.attacks, self.course, self.launcher = attacks, CopiedCourse(home), launcher
        self.root = self.course.root
        self.course.nbgrader("generate_assignment", UNIT, "--force")
        release = self.course.notebook("release", UNIT)
        solved = {cell.id: cell.source for cell in self.course.notebook_of_solutions(UNIT).cells}
        self.exercises = [c.id for c in release.cells if c.metadata.get("nbgrader", {}).get("solution")]
        self.solutions = {name: solved[name] for name in self.exercises}
        self.points, self.release = points(release), release
        self.hand_in_honest(ALONE)
        for number, attack in enumerate(attacks):
            self.hand_in(number, attack)
            self.hand_in_honest(honest_after(number))

    def run(self):
        """Grade the honest student alone, then the class with nbgrader, then again with `course grade`."""
        with open(self.root / "nbgrader_config.py", "a", encoding="utf-8") as file:
            file.write(LIMITS)
        self._command("-m", "nbgrader", "autograde", UNIT, f"--student={ALONE}")
        self.before = self._state()
        self.log = self._command("-m", "nbgrader", "autograde", UNIT)
        self.marks = self.course.marks(UNIT)
        self.after = self._state()
        self.log += self._command("-m", "nbgrader", "generate_feedback", UNIT)
        self.left = processes(self.root)
        self.records = {number: self._record(number, attack) for number, attack in enumerate(self.attacks)}
        self.class_log = self._command("-m", "course.cli", "grade", UNIT, "--force", "--workers", "2")
        self.class_marks = self.course.marks(UNIT)
        self.after_class = self._state()
        kinds = [json.loads(self.course.python(str(TRACES), UNIT, kind)) for kind in ("hidden", "visible")]
        hidden, visible = ({text for texts in kind.values() for text in texts} for kind in kinds)
        self.hidden = hidden - visible
        return self

    def moved(self, home):
        """The same arena in a copy of its folder."""
        arena = copy.copy(self)
        arena.course = self.course.moved(home)
        arena.root = arena.course.root
        return arena

    def feedback(self, student):
        path = self.root / "feedback" / student / UNIT / f"{UNIT}.html"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def expected(self, attack):
        return {check: self.points[check] if check[6:] in attack.honest else 0 for check in self.points}

    def _record(self, number, attack):
        """The outputs of an attack's graded notebook, as one text."""
        path = self.root / "autograded" / attacker(number, attack) / UNIT / f"{UNIT}.ipynb"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def hand_in(self, number, attack):
        folder = self.root / "submitted" / attacker(number, attack) / UNIT
        folder.mkdir(parents=True)
        notebook = notebook_of(attack, self.release, self.solutions)
        text = json.dumps(notebook)  # not by nbformat, which refuses some of them
        (folder / f"{UNIT}.ipynb").write_text(text, encoding="utf-8")
        for name, content in attack.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        if attack.place:
            attack.place(folder, self.root)

    def hand_in_honest(self, student):
        from attack import Attack

        plain = Attack(student, "", honest=tuple(self.exercises))
        notebook = notebook_of(plain, self.release, {**self.solutions, "tangent_line": MISTAKEN})
        notebook.cells[0].source += f"\n# {PRIVATE}"
        self.course.hand_in(student, UNIT, nbformat.from_dict(notebook))

    def _command(self, *arguments):
        """The log of a command that may fail for some of the class."""
        done = subprocess.run(
            [*self.launcher, sys.executable, *arguments],
            cwd=self.root,
            env=self.course.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=900,
        )
        return (done.stdout + done.stderr).decode("utf-8", "replace")

    def _state(self):
        """What no submission may change: {path: digest} of the course's files, and the gradebook's own tables."""
        files = {}
        for path in sorted(self.root.rglob("*")):
            inside = path.relative_to(self.root)
            made = inside.parts[0] in MADE or "__pycache__" in inside.parts or inside.suffix == ".bin"
            if path.is_file() and not path.is_symlink() and not made:
                files[str(inside)] = hashlib.sha256(path.read_bytes()).hexdigest()
        files["seed"] = (self.root / ".descent" / "secret-seed").read_text()
        with sqlite3.connect(self.root / "gradebook.db") as db:
            for table in ("assignment", "notebook", "base_cell", "grade_cells", "solution_cells", "source_cell"):
                files[f"table {table}"] = sorted(map(repr, db.execute(f"select * from {table}")))
        return files


def attacker(number, attack):
    return f"{number:03d}-1-{attack.name}"


def honest_after(number):
    return f"{number:03d}-2-honest"


def processes(root):
    """{pid: command line} of what still runs of a class: by the course's folder in its environment, or by a mark."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if MARK in line or f"PYTHONPATH={root}".encode() in environment:
            found[int(folder.name)] = line
    return found
