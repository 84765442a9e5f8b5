"""A copy of the course in a folder of its own, and the commands an instructor and a student give in it."""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

REPOSITORY = Path(__file__).resolve().parents[2]
PARTS = ("source", "lessons", "helpers", "course", "solutions", "nbgrader_config.py", "pyproject.toml")


class CopiedCourse:
    """The course under `home`/강의 course, with a home folder, Jupyter folders and an exchange that are its own."""

    def __init__(self, home):
        self._place(home)
        for folder in (self.root, self.exchange, self.desk, Path(self.environment["HOME"])):
            folder.mkdir(parents=True)
        self.exchange.chmod(0o777)
        for part in PARTS:
            _copy(REPOSITORY / part, self.root / part)

    def _place(self, home):
        self.home = home
        self.root = home / "강의 course"
        self.exchange = home / "exchange"
        self.desk = home / "a student's desk"
        self.environment = _environment(home, self.root)

    def moved(self, home):
        """The same course in a copy of its home."""
        course = copy.copy(self)
        course._place(home)
        return course

    def nbgrader(self, *arguments, cwd=None):
        """What an nbgrader command logged. Fails with its log where the command does."""
        return self._run([sys.executable, "-m", "nbgrader", *arguments], cwd or self.root)

    def run_nbgrader(self, *arguments):
        """What an nbgrader command logged, whether it ended well or not."""
        return self._done([sys.executable, "-m", "nbgrader", *arguments], self.root)[1]

    def python(self, *arguments):
        """What a Python program printed that runs in the copy."""
        return self._run([sys.executable, *arguments], self.root)

    def through_exchange(self, *arguments, cwd=None):
        options = (f"--Exchange.root={self.exchange}", "--course", "descent")
        return self.nbgrader(*arguments, *options, cwd=cwd)

    def notebook(self, folder, unit):
        """A notebook of the copy: notebook("release", unit), notebook("autograded/blank", unit)."""
        return nbformat.read(self.root / folder / unit / f"{unit}.ipynb", as_version=4)

    def notebook_of_solutions(self, unit):
        return nbformat.read(self.root / "solutions" / f"{unit}.ipynb", as_version=4)

    def hand_in(self, student, unit, notebook):
        """Place a notebook where `nbgrader collect` would."""
        folder = self.root / "submitted" / student / unit
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{unit}.ipynb")

    def feedback(self, student, unit):
        return (self.root / "feedback" / student / unit / f"{unit}.html").read_text(encoding="utf-8")

    def marks(self, unit):
        """{student: {check cell: marks}} from the gradebook."""
        with Gradebook(f"sqlite:///{self.root}/gradebook.db") as gradebook:
            return {
                submission.student.id: {
                    grade.name: None if grade.needs_manual_grade else grade.score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.assignment_submissions(unit)
            }

    def _run(self, command, cwd):
        code, printed = self._done(command, cwd)
        assert code == 0, f"{' '.join(command[1:])} ended with {code}\n{printed[-4000:]}"
        return printed

    def _done(self, command, cwd):
        done = subprocess.run(
            command, cwd=cwd, env=self.environment, capture_output=True, text=True, encoding="utf-8", timeout=900
        )
        return done.returncode, done.stdout + done.stderr


def points(notebook):
    """{check cell: points} of a released notebook."""
    cells = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {cell.grade_id: cell.points for cell in cells if cell.grade}


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", ".*.part"))
    else:
        shutil.copy(source, target)


def _environment(home, root):
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("DESCENT_", "JUPYTER", "PYTEST"))}
    user = home / "home"
    return mine | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # nbgrader looks for alembic there
        "PYTHONPATH": str(root),
        "PYTHONIOENCODING": "utf-8",
        "HOME": str(user),
        "IPYTHONDIR": str(user / "ipython"),
        "MPLCONFIGDIR": str(user / "matplotlib"),
        "JUPYTER_CONFIG_DIR": str(user / "config"),
        "JUPYTER_DATA_DIR": str(user / "data"),
        "JUPYTER_RUNTIME_DIR": str(user / "runtime"),
    }
