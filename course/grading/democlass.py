"""`course demo-class`: a made-up class with right answers, catalogued mistakes, blank and broken notebooks, so that
everything an instructor does can be tried in a minute. It is written into a folder of its own."""

import ast
import inspect
import json
import random
import shutil
import textwrap

import nbformat

from course.editions.keeping import read_notebook
from course.errors import CourseError
from course.lesson import read_lesson

COPIED = (
    "lessons",
    "helpers",
    "course",
    "source",
    "release",
    "solutions",
    "nbgrader_config.py",
    "pyproject.toml",
    "environment.yml",
)
COPIED += ("requirements.lock", "LICENSE")


def make_class(root, target, unit, students, seed=0):
    """Make a course folder at `target` with `students` submissions of a unit. Raises CourseError if it exists."""
    if target.exists():
        raise CourseError(f"{target} is there already; name a new folder, so that nothing is overwritten")
    lesson = read_lesson(root, unit)
    if not lesson.graded:
        raise CourseError(f"{unit} has no exercises to hand in")
    target.mkdir(parents=True)
    for name in COPIED:
        source = root / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, target / name, **({"ignore": shutil.ignore_patterns("__pycache__")} if source.is_dir() else {}))
    release = read_notebook(root / "release" / unit / f"{unit}.ipynb")
    maker = Maker(root, lesson, release, random.Random(seed))
    for number in range(students):
        name = f"student-{number + 1:04d}"
        folder = target / "submitted" / name / unit
        folder.mkdir(parents=True)
        (folder / f"{unit}.ipynb").write_text(maker.submission(), encoding="utf-8")
    return target


def right_answers(lesson):
    """{exercise: the published solution as a student would have written it}."""
    marks = ("### BEGIN SOLUTION", "### END SOLUTION")
    return {
        cell.name: "\n".join(line for line in cell.source.splitlines() if line.strip() not in marks)
        for cell in lesson.exercises
    }


class Maker:
    """Makes submissions of a unit, with a spread as a class has it."""

    def __init__(self, root, lesson, release, rng):
        self.lesson, self.release, self.rng = lesson, release, rng
        self.right = right_answers(lesson)

    def submission(self):
        """The text of one submitted notebook."""
        kind = self.rng.choices(("right", "learner", "blank", "accident", "truncated"), (25, 60, 5, 8, 2))[0]
        notebook = nbformat.from_dict(json.loads(nbformat.writes(self.release)))
        if kind != "blank":
            skill = 1.0 if kind == "right" else self.rng.uniform(0.4, 0.95)
            self._answer(notebook, skill)
        if kind == "accident":
            self._accident(notebook)
        text = nbformat.writes(notebook)
        return text[: len(text) // 2] if kind == "truncated" else text

    def _answer(self, notebook, skill):
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name not in self.right:
                continue
            if self.rng.random() < skill:
                cell.source = self.right[name]
            elif self.rng.random() < 0.75:
                cell.source = mistaken(self.rng.choice(self.lesson.checks[name].mistakes).call, name)

    def _accident(self, notebook):
        place = self.rng.choice([i for i, c in enumerate(notebook.cells) if c.metadata.get("nbgrader")])
        what = self.rng.choice(("copied", "deleted", "loop", "quit"))
        if what == "copied":
            notebook.cells.insert(place, nbformat.from_dict(dict(notebook.cells[place])))
        elif what == "deleted":
            del notebook.cells[place]
        else:
            source = "quit()" if what == "quit" else "import time\nwhile False:\n    time.sleep(1)"
            notebook.cells.insert(place, nbformat.v4.new_code_cell(source))


def mistaken(call, name):
    """The source of a catalogued mistake as a student would have written it, under the exercise's name."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(call)))
    function = tree.body[0]
    function.decorator_list, function.name = [], name
    return ast.unparse(function)
