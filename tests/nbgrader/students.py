"""The students of the class: what each of them hands in, and the exercises that cost them their points."""

import copy
import inspect
import re
import textwrap
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell, new_output

from course.checks import load_checks

LOOK_UP = """
def {name}(*inputs):
    from helpers.checks.spec import load
    from helpers.checks.values import same

    for case in load("{name}").cases:
        if same(case.inputs, inputs):
            return case.expected.value
    {otherwise}
"""
OLD_PRAISE = new_output("display_data", data={"text/plain": "✓ right, in all 6 cases. 100 of 100 points"})
OLD_ERROR = new_output("error", ename="AssertionError", evalue="", traceback=["AssertionError: an old error"])


@dataclass(frozen=True)
class Roles:
    """Exercises of a unit that no other exercise calls, and who fails at which."""

    mistaken: tuple  # an exercise and a catalogued mistake of it
    looked_up: tuple  # the same; the mistake answers where no visible case does
    refused: str  # looked up as well; other inputs raise an error that quotes them
    constant: str
    stopped: str
    undone: str
    displayed: str
    on_stderr: str
    rescued: str


ROLES = {
    "01_derivatives": Roles(
        mistaken=("tangent_line", "intercept_added"),
        looked_up=("difference_errors", "squared"),
        refused="numerical_gradient",
        constant="climb",
        stopped="chain_rule",
        undone="numerical_gradient",
        displayed="partial_derivative",
        on_stderr="symbolic_derivative",
        rescued="tangent_line",
    ),
    "02_linear_regression": Roles(
        mistaken=("r_squared", "cut_off_at_zero"),
        looked_up=("standardize", "divides_by_variance"),
        refused="normal_equation",
        constant="mse_gradient",
        stopped="l2_norm_gradient",
        undone="normal_equation",
        displayed="mse_gradient",
        on_stderr="l2_norm_gradient",
        rescued="r_squared",
    ),
}


class Class:
    """What the students of a unit hand in: `notebooks`, and the exercises that each of them loses: `lost`."""

    def __init__(self, course, unit):
        self.unit, self.roles = unit, ROLES[unit]
        self.release = course.notebook("release", unit)
        solved = nbformat.read(course.root / "solutions" / f"{unit}.ipynb", as_version=4)
        self.solutions = {cell.id: cell for cell in solved.cells}
        self.checks = load_checks(course.root / "lessons" / unit / "checks.py")
        self.exercises = [cell.id for cell in self.release.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        roles = self.roles
        self.notebooks, self.lost = {}, {}
        self._add("right", self.answered())
        self._add("blank", self.release, lost=self.exercises)
        self._add("mistake", self._mistaken(), lost=[roles.mistaken[0]])
        self._add("wrong", self._wrong(), lost=[roles.constant, roles.stopped])
        self._add("visible_only", self._visible_only(), lost=[roles.looked_up[0], roles.refused])
        self._add("old_outputs", self._old_outputs(), lost=[roles.undone])
        self._add("chatty", self._chatty())
        self._add("studying", self._studying(), lost=[roles.rescued])

    def answered(self, demos=True, **others):
        """The release with the published solutions in it, or with other answers by the exercise's name."""
        notebook = copy.deepcopy(self.release)
        if not demos:  # a student may delete them; no check depends on one
            notebook.cells = [cell for cell in notebook.cells if "demo" not in cell.metadata.get("tags", ())]
        for cell in notebook.cells:
            if cell.id in self.exercises:
                cell.source = others.get(cell.id, self.solutions[cell.id].source)
        return notebook

    def message(self, exercise, mistake):
        """The sentence that a learner reads who made this mistake."""
        return self._mistake(exercise, mistake).message

    def _add(self, student, notebook, lost=()):
        self.notebooks[student], self.lost[student] = notebook, set(lost)

    def _mistake(self, exercise, mistake):
        return next(known for known in self.checks[exercise].mistakes if known.name == mistake)

    def _mistake_source(self, exercise, mistake):
        source = textwrap.dedent(inspect.getsource(self._mistake(exercise, mistake).call))
        return source[re.search(r"^def ", source, re.MULTILINE).start() :]

    def _stub(self, exercise):
        return _cell(self.release, exercise).source

    def _mistaken(self):
        exercise, mistake = self.roles.mistaken
        source = self._mistake_source(exercise, mistake)
        return self.answered(**{exercise: source.replace(f"def {mistake}(", f"def {exercise}(")})

    def _wrong(self):
        stopped = f"1 / 0\n\n{self.solutions[self.roles.stopped].source}"
        constant = f"def {self.roles.constant}(*inputs):\n    return 42.0"
        notebook = self.answered(demos=False, **{self.roles.constant: constant, self.roles.stopped: stopped})
        notebook.cells.insert(4, new_code_cell("no_such_name + 1"))
        return notebook

    def _visible_only(self):
        exercise, mistake = self.roles.looked_up
        source = LOOK_UP.format(name=exercise, otherwise=f"return {mistake}(*inputs)")
        refusing = LOOK_UP.format(name=self.roles.refused, otherwise="raise ValueError(f'not foreseen: {inputs}')")
        answers = {exercise: self._mistake_source(exercise, mistake) + source, self.roles.refused: refusing}
        return self.answered(demos=False, **answers)

    def _old_outputs(self):
        """Outputs of an earlier run are still there, some of them untrue; and a check was replaced."""
        undone = self.roles.undone
        notebook = self.answered(**{undone: self._stub(undone)})
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = copy.deepcopy(self.solutions.get(cell.id, {}).get("outputs", []))
                cell.execution_count = 7
        _cell(notebook, f"check_{undone}").update(source="print('100 of 100 points')", outputs=[OLD_PRAISE])
        _cell(notebook, f"check_{self.roles.constant}").outputs = [OLD_ERROR]
        return notebook

    def _chatty(self):
        """Right answers, one that displays its inputs on the way and one that writes to stderr."""
        displayed, on_stderr = self.roles.displayed, self.roles.on_stderr
        return self.answered(
            demos=False,
            **{
                displayed: self._wrapped(displayed, "print(*inputs)\n    display(*inputs)"),
                on_stderr: self._wrapped(on_stderr, "import sys\n\n    print('here', file=sys.stderr)"),
            },
        )

    def _wrapped(self, exercise, first):
        source = self.solutions[exercise].source.replace(f"def {exercise}(", "def in_earnest(")
        return f"{source}\n\ndef {exercise}(*inputs):\n    {first}\n    return in_earnest(*inputs)"

    def _studying(self):
        """The study edition's setup cell, a guess that was typed, and an exercise that was rescued."""
        rescued = self.roles.rescued
        notebook = self.answered(demos=False, **{rescued: self._stub(rescued)})
        _cell(notebook, "setup").source = f'{_cell(self.release, "setup").source}\ncheck.study("{self.unit}")'
        question = next(cell.source for cell in self.release.cells if cell.source.startswith("guess("))
        typed = question.replace(")", ', "a")')
        place = notebook.cells.index(_cell(notebook, f"check_{rescued}"))
        notebook.cells[place:place] = [new_code_cell(typed), new_code_cell(f'check.rescue("{rescued}")')]
        return notebook


def _cell(notebook, cell_id):
    return next(cell for cell in notebook.cells if cell.id == cell_id)
