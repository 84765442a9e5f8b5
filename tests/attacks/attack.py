"""What a hostile submission consists of, and the notebook that it is handed in as."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat.v4 import new_code_cell

UNIT = "01_derivatives"
NOTHING = "def NAME(*inputs, **named):\n    return None"
MARK = "descent-attack-93118"  # stands in the command line of what an attack leaves running
HIDDEN = "descent-hidden:"  # what an attack prints before anything it should not have seen
PLACES = """
import glob, os
here = os.environ.get("PYTHONPATH", "/nowhere").split(":")[0]
roots = [here, os.path.abspath("../../.."), "/old", "/"]
"""  # where an attack looks for the course


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    start, end: cells below the setup cell, and at the notebook's end
    answer: what stands in each answer cell, with NAME for the exercise's name   answers: others, by exercise
    honest: exercises with the published solution, whose points are earned
    files: {name: text} beside the notebook   edit: changes the notebook   place: changes the folder (folder, root)
    ungraded: nbgrader itself cannot read it before a plug-in is asked, and gives no mark at all
    danger: why it is not tried on plain nbgrader, where nothing holds it
    """

    name: str
    tries: str
    start: tuple = ()
    end: tuple = ()
    answer: str = NOTHING
    answers: dict = field(default_factory=dict)
    honest: tuple = ()
    files: dict = field(default_factory=dict)
    edit: Callable | None = None
    place: Callable | None = None
    ungraded: bool = False
    danger: str = ""


def notebook_of(attack, release, solutions):
    """The notebook that an attack hands in.

    release: the released notebook   solutions: {exercise: source of its solution cell}
    """
    notebook = copy.deepcopy(release)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not _is_demo(cell)]
    for cell in notebook.cells:
        if cell.id in solutions:
            source = attack.answers.get(cell.id, attack.answer.replace("NAME", cell.id))
            cell.source = solutions[cell.id] if cell.id in attack.honest else source
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "setup") + 1
    notebook.cells[place:place] = [new_code_cell(source.strip()) for source in attack.start]
    notebook.cells += [new_code_cell(source.strip()) for source in attack.end]
    if attack.edit:
        attack.edit(notebook)
    return notebook


def cell_of(notebook, cell_id):
    return next(cell for cell in notebook.cells if cell.get("id") == cell_id)


def checks_of(notebook):
    return [cell for cell in notebook.cells if cell.get("id", "").startswith("check_")]


def _is_demo(cell):
    return "demo" in cell.metadata.get("tags", ())
