"""The course's own notebooks, from one release to the next: an exercise renamed, one moved, one removed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from toy_course import git

from course.cleared import STUB
from course.editions import build

ROOT = Path(__file__).resolve().parent.parent
ONE, TWO = "01_derivatives", "02_linear_regression"
CENTRAL = "    return (f(x + h) - f(x - h)) / (2 * h)"
OWN = "central_difference(math.sin, 1.0)  # my own"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    root = tmp_path_factory.mktemp("published") / "course"
    for name in (ONE, TWO):
        shutil.copytree(ROOT / "lessons" / name, root / "lessons" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "helpers", root / "helpers", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copytree(ROOT / "helpers" / "data", root / "helpers" / "data", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("nbgrader_config.py", "pyproject.toml", "README.md", ".gitignore"):
        shutil.copy(ROOT / name, root)
    git(root, "init", "-q")
    release(root)
    return root


@pytest.fixture
def course(published, tmp_path):
    """A copy of the published course, to change."""
    return Path(shutil.copytree(published, tmp_path / "course"))


def release(root):
    build(root, execute_solutions=False, say=lambda _: None)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a release")


def cut(path, pattern):
    """Take a piece of text out of a file; returns it."""
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.M | re.S)
    path.write_text(text[: found.start()] + text[found.end() :], encoding="utf-8")
    return found[0]


def cut_cell(path, marker):
    return cut(path, rf"^# %% {marker}.*?(?=^# %%|\Z)")


def cut_declaration(path, name):
    return cut(path, rf'^@exercise\("{name}"\)\nclass .*?(?=^\S|\Z)')


def next_release(root):
    """central_difference is renamed, r_squared moved to unit 01, climb removed; the second unit has a new title."""
    one, two = root / "lessons" / ONE, root / "lessons" / TWO
    for name in ("lesson.py", "checks.py"):
        text = re.sub(r"\bcentral_difference\b", "two_sided_slope", (one / name).read_text(encoding="utf-8"))
        marker = 'exercise="two_sided_slope"'
        (one / name).write_text(text.replace(marker, f'{marker} was="central_difference"'), encoding="utf-8")
    cut_cell(one / "lesson.py", 'exercise="climb"')
    cut_cell(one / "lesson.py", 'check="climb"')
    cut_declaration(one / "checks.py", "climb")
    moved = [cut_cell(two / "lesson.py", f'{kind}="r_squared"') for kind in ("exercise", "check")]
    with open(one / "lesson.py", "a", encoding="utf-8") as lesson:
        lesson.write("\n" + "".join(moved))
    head = (two / "checks.py").read_text(encoding="utf-8").partition("@exercise(")[0]
    with open(one / "checks.py", "a", encoding="utf-8") as checks:
        checks.write(f"\n{head}\n" + cut_declaration(two / "checks.py", "r_squared"))
    lesson = two / "lesson.py"
    lesson.write_text(
        re.sub(r"(?m)^# title: .*", "# title: Lines", lesson.read_text(encoding="utf-8")), encoding="utf-8"
    )


def written(source, body):
    """A stub with an answer in the place of its two lines."""
    return re.sub(rf" *# YOUR CODE HERE\n *{re.escape(STUB)}", lambda _: body, source)


def work(path, bodies, own=()):
    notebook = nbformat.read(path, as_version=4)
    cells = []
    for cell in notebook.cells:
        if cell.id in bodies:
            cell.source = written(cell.source, bodies[cell.id])
            assert bodies[cell.id] in cell.source
        cells.append(cell)
        cells += [nbformat.v4.new_code_cell(text, id="mine") for after, text in own if after == cell.id]
    notebook.cells = cells
    nbformat.write(notebook, path)


def python(folder, code, importing):
    environment = {**os.environ, "PYTHONPATH": str(importing), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *code], cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_learner_goes_from_one_release_to_the_next(course, tmp_path):
    mine = tmp_path / "내 강의"
    git(tmp_path, "clone", "-q", str(course), str(mine))
    work(
        mine / "notebooks" / f"{ONE}.ipynb",
        {
            "central_difference": CENTRAL,
            "tangent_line": "    a = central_difference(f, x0)\n    return a, f(x0) - a * x0",
            "climb": "    return 'my climb'",
        },
        own=[("check_central_difference", OWN)],
    )
    work(mine / "notebooks" / f"{TWO}.ipynb", {"r_squared": "    return 'my r squared'"})
    log = mine / ".descent" / "progress.jsonl"
    log.parent.mkdir()
    log.write_text(json.dumps({"time": 1, "kind": "check", "exercise": "central_difference", "state": "right"}) + "\n")
    next_release(course)
    release(course)

    said = python(mine, ["-m", "course.cli", "update"], importing=ROOT)

    assert "`central_difference` is called `two_sided_slope` now" in said
    assert f"`r_squared` moved to {ONE}.ipynb" in said
    assert f"Your answer to `climb`, from {ONE}.ipynb" in said
    notebook = nbformat.read(mine / "notebooks" / f"{ONE}.ipynb", as_version=4)
    nbformat.validate(notebook)
    cells = {cell.id: cell.source for cell in notebook.cells}
    assert "return 'my r squared'" in cells["r_squared"]
    ids = list(cells)
    assert ids[ids.index("check_two_sided_slope") + 1] == "mine"
    aside = nbformat.read(mine / "notebooks" / "set_aside.ipynb", as_version=4)
    assert any("return 'my climb'" in cell.source for cell in aside.cells)
    code = "\n\n".join(
        cells[name]
        for name in ("setup", "two_sided_slope", "check_two_sided_slope", "mine", "tangent_line", "check_tangent_line")
    )
    code = f"from helpers import check\ncheck.progress()\n{code}\ncheck.progress()"
    shown = python(mine, ["-c", code], importing=mine)
    first, _, last = shown.rpartition("01 Derivatives: ")
    assert "two_sided_slope          ✓ right, under its former name central_difference" in first
    assert "two_sided_slope          ✓ right\n" in last
    assert last.startswith("2 of")
    again = python(mine, ["-m", "course.cli", "update"], importing=ROOT)
    assert "in the new edition" not in again


@pytest.mark.parametrize("known_from", ["the last build", "git"])
def test_a_build_keeps_answers_the_same_way(course, known_from):
    if known_from == "git":
        shutil.rmtree(course / ".descent")
    one = course / "notebooks" / f"{ONE}.ipynb"
    work(one, {"central_difference": CENTRAL, "climb": "    return 'my climb'"})
    next_release(course)
    outcome = build(course, keep_answers=True, execute_solutions=False, say=lambda _: None)
    cells = {cell.id: cell.source for cell in nbformat.read(one, as_version=4).cells}
    assert cells["two_sided_slope"].startswith("def two_sided_slope(")
    assert CENTRAL in cells["two_sided_slope"]
    aside = nbformat.read(outcome.aside, as_version=4).cells
    assert len(aside) == 3
    assert "return 'my climb'" in aside[2].source
    assert any("`climb`" in sentence for sentence in outcome.notes)
    before = one.read_bytes(), outcome.aside.read_bytes()
    build(course, keep_answers=True, execute_solutions=False, say=lambda _: None)
    assert (one.read_bytes(), outcome.aside.read_bytes()) == before
