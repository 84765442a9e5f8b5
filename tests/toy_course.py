"""A small published course and a learner's clone of it, as real git repositories."""

import subprocess

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.editions.keeping import seal

STUB = '    # YOUR CODE HERE\n    raise NotImplementedError("This exercise is not written yet.")'
WHO = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]


def git(folder, *arguments):
    done = subprocess.run(["git", *WHO, *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8")
    return done.stdout.strip()


def stub(name, arguments="x", says="What it does."):
    return f'def {name}({arguments}):\n    """{says}"""\n{STUB}'


def notebook(unit, *cells):
    """A study edition as the course makes it.

    cells: a text is prose, ("demo", text) a demonstration, ("exercise", name, options...) an exercise with its check
    """
    made = []

    def add(cell, name=None, **metadata):
        cell.id = name or f"cell-{len(made) + 1:03d}"
        cell.metadata.update(metadata)
        made.append(cell)

    add(new_code_cell("import math"), "setup")
    for cell in cells:
        if isinstance(cell, str):
            add(new_markdown_cell(cell))
        elif cell[0] == "demo":
            add(new_code_cell(cell[1]), tags=["demo"])
        else:
            _, name, options = (*cell, {})[:3]
            was = {"descent": {"was": options["was"]}} if "was" in options else {}
            text = stub(name, options.get("arguments", "x"), options.get("says", "What it does."))
            add(new_markdown_cell(f"**Exercise** {name}"), f"badge-{name}")
            add(new_code_cell(text), name, nbgrader={"grade_id": name, "solution": True, "grade": False}, **was)
            check = {"grade_id": f"check_{name}", "solution": False, "grade": True}
            add(new_code_cell(f"check({name})"), f"check_{name}", nbgrader=check)
    return seal(new_notebook(cells=made, metadata={"descent": {"unit": unit}}))


class Courses:
    """`published`, where the course is made, and `mine`, a learner's clone."""

    def __init__(self, folder, files=(), **units):
        self.published, self.mine = folder / "published", folder / "my course 내 강의"
        self.published.mkdir(parents=True)
        git(self.published, "init", "-q")
        self.publish(dict(files), **units)
        git(folder, "clone", "-q", str(self.published), str(self.mine))

    def publish(self, files=(), **units):
        """Publish a release of exactly these units (u01=[...cells]), and these other files."""
        folder = self.published / "notebooks"
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.ipynb"):
            path.unlink()
        for unit, cells in units.items():
            nbformat.write(notebook(unit, *cells), folder / f"{unit}.ipynb")
        files = dict(files)
        for name in ("lessons/.keep", "nbgrader_config.py", ".gitignore"):
            files.setdefault(name, ".descent/\n" if name == ".gitignore" else "")
        for name, text in files.items():
            (self.published / name).parent.mkdir(parents=True, exist_ok=True)
            (self.published / name).write_text(text, encoding="utf-8")
        git(self.published, "add", "-A")
        git(self.published, "commit", "-qm", "a release")

    def path(self, unit):
        return self.mine / "notebooks" / f"{unit}.ipynb"

    def read(self, unit):
        return nbformat.read(self.path(unit), as_version=4)

    def edit(self, unit, changes=(), after=()):
        """Work in a notebook. changes: {cell id: text}   after: {cell id: an own cell that follows}"""
        made = self.read(unit)
        changes, after = dict(changes), dict(after)
        cells = []
        for cell in made.cells:
            cell.source = changes.pop(cell.id, cell.source)
            cells.append(cell)
            if cell.id in after:
                cells.append(after.pop(cell.id))
        assert not changes and not after
        made.cells = cells
        nbformat.write(made, self.path(unit))

    def texts(self, unit):
        return [cell.source for cell in self.read(unit).cells]

    def text(self, unit, cell_id):
        return next(cell.source for cell in self.read(unit).cells if cell.id == cell_id)


def own(text, cell_id, kind=new_code_cell):
    return kind(text, id=cell_id)
