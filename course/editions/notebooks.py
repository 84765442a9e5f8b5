"""A Lesson as notebooks: the source (instructor's) and the study edition."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.cleared import cleared
from course.editions.pictures import prose_cell

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
NAME_CELL = 'NAME = ""\nCOLLABORATORS = ""'
HONOUR = """Before you hand this in, restart the kernel and run all cells. Put your name below, and the names of people
you worked with. What you hand in is your own work: talk about ideas with anyone, write the code yourself, and say whose
help you had."""


def source_notebook(lesson):
    """The instructor's notebook: prose, exercises with their solutions, checks with hidden cases and points."""
    cells = _Cells(lesson)
    cells.add(new_markdown_cell(HONOUR), "honour")
    cells.add(new_code_cell(NAME_CELL), "name")
    for cell in lesson.cells:
        _add(cells, lesson, cell, study=False)
    return _notebook(cells)


def study_notebook(lesson):
    """The notebook that learners work in on their own: no points to hand in, hints and solutions offered."""
    cells = _Cells(lesson)
    for cell in lesson.cells:
        _add(cells, lesson, cell, study=True)
    notebook = _notebook(cells)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution:
            cell.source = cleared(cell.source)
    return notebook


def solved_notebook(lesson):
    """The reference before it is executed: solutions in place, every guess the right one."""
    cells = _Cells(lesson)
    for cell in lesson.cells:
        _add(cells, lesson, cell, study=True, solved=True)
    return _notebook(cells)


class _Cells(list):
    """Cells with ids: the exercise's name, or a running number."""

    def __init__(self, lesson):
        super().__init__()
        self.unit = lesson.unit

    def add(self, cell, name=None, **metadata):
        cell.id = name or f"cell-{len(self) + 1:03d}"
        cell.metadata.update(metadata)
        self.append(cell)


def _add(cells, lesson, cell, study, solved=False):
    if cell.kind == "markdown":
        cells.add(prose_cell(lesson, cell))
    elif cell.kind == "setup":
        extra = f'\ncheck.study("{lesson.unit}")' if study and lesson.exercises else ""
        cells.add(new_code_cell(cell.source + extra), "setup")
    elif cell.kind == "demo":
        moving = "plots.animate(" in cell.source or "plots.slider(" in cell.source
        # the drawing code of a moving picture is folded away: it is long, and the picture is the point
        cells.add(new_code_cell(cell.source), tags=["demo"], **({"jupyter": {"source_hidden": True}} if moving else {}))
    elif cell.kind == "predict":
        question = lesson.questions[cell.name]
        options = "\n".join(f"- **{letter}** {text}" for letter, text in zip("abcde", question.options, strict=False))
        gap = "\n\n" if question.text.startswith(("```", "$$", "|")) else " "  # a block begins on a line of its own
        text = f"**Predict, then run.**{gap}{question.text}\n\n{options}"
        cells.add(new_markdown_cell(text), f"predict-{cell.name}")
        call = f'guess("{cell.name}", "{question.right}")' if solved else f'guess("{cell.name}")'
        cells.add(new_code_cell(call), f"guess-{cell.name}", tags=["demo"])
    elif cell.kind == "answer":
        cells.add(new_code_cell(f'guess.answer("{cell.name}")'), f"answer-{cell.name}", tags=["demo"])
    elif cell.kind == "exercise":
        cells.add(new_markdown_cell(_badge(lesson, cell)), f"badge-{cell.name}")
        # an update of the course finds a learner's answer by the name it had before
        was = {"descent": {"was": cell.options["was"]}} if study and cell.options.get("was") else {}
        cells.add(new_code_cell(cell.source), cell.name, nbgrader=_nbgrader(cell.name, solution=True), **was)
    elif cell.kind == "check":
        _add_check(cells, cell, study, solved)
    else:  # code, draft
        cells.add(new_code_cell(cell.source))


def _add_check(cells, cell, study, solved):
    name = f"check_{cell.name}"
    metadata = {"nbgrader": _nbgrader(name, grade=True, points=cell.options["points"])}
    if study:
        metadata["tags"] = ["raises-exception"]  # "Run all" goes on past an exercise that is not written yet
    cells.add(new_code_cell(cell.source.strip() if study else check_source(cell.name)), name, **metadata)
    if study and not solved:
        hint, solution = f"`check.hint({cell.name})`", f"`check.solution({cell.name})`"
        text = f"*Stuck? {hint} opens hints one by one; after a try, {solution} shows our way.*"
        cells.add(new_markdown_cell(text), f"help-{cell.name}")


def check_source(name):
    """A check cell of the instructor's notebook: the visible cases, then the hidden ones."""
    hidden = f"### BEGIN HIDDEN TESTS\nfrom course import hidden\n\nhidden.check({name})\n### END HIDDEN TESTS"
    return f"check({name})\n{hidden}"


def _badge(lesson, cell):
    number = [c.name for c in lesson.exercises].index(cell.name) + 1
    options = cell.options
    return (
        f"**Exercise {number} · `{cell.name}`** — difficulty {options['difficulty']} of 5, "
        f"importance {options['importance']} of 5, about {options['minutes']} minutes"
    )


def _nbgrader(grade_id, solution=False, grade=False, points=None):
    metadata = {
        "schema_version": 3,
        "grade_id": grade_id,
        "solution": solution,
        "grade": grade,
        "locked": grade,
        "task": False,
    }
    return metadata | ({"points": points} if grade else {})


def _notebook(cells):
    metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE, "descent": {"unit": cells.unit}}
    notebook = new_notebook(cells=list(cells), metadata=metadata)
    nbformat.validate(notebook)
    return notebook
