"""The notebook's own data: points, identities, kinds, order, versions, and files that are hardly notebooks."""

import copy

from attack import UNIT, Attack, cell_of, checks_of
from nbformat.v4 import new_code_cell, new_markdown_cell


def _each_check(change):
    def edit(notebook):
        for cell in checks_of(notebook):
            change(cell)

    return edit


def _points_raised(cell):
    cell.metadata.nbgrader.update(points=1000, solution=True)


def _duplicates(notebook):
    for cell in checks_of(notebook):
        twin = copy.deepcopy(cell)
        twin.source, twin.id = "print('100 of 100')", f"twin-{cell.id[:20]}"
        notebook.cells.append(twin)


def _same_ids(notebook):
    for cell in notebook.cells:
        cell.id = "check_climb"
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.grade:
            cell.metadata.nbgrader.grade_id = "check_climb"


def _kind_changed(cell):
    cell.cell_type, cell.source = "markdown", "right"
    cell.pop("outputs", None)
    cell.pop("execution_count", None)


def _locked_edited(cell):
    cell.source = "100"
    cell.metadata.nbgrader.update(locked=False)


def _manual(cell):
    cell.metadata.nbgrader.update(solution=True, task=True, locked=False)
    cell.source = "please grade by hand: all right"


def _version(value):
    return _each_check(lambda cell: cell.metadata.nbgrader.update(schema_version=value))


def _strange_identity(notebook):
    for i, cell in enumerate(checks_of(notebook)):
        cell.metadata.nbgrader["grade_id"] = ({}, [], 7, None, "x" * 10_000, "check_none")[i % 6]


def _not_dicts(notebook):
    notebook.metadata["descent"] = [1, 2]
    notebook.metadata["language_info"] = {"pygments_lexer": 5, "name": ["a"]}
    for cell in checks_of(notebook):
        cell.metadata["nbgrader"] = "check"
        cell.metadata["tags"] = {"demo": 1}


def _all_demos(notebook):
    for cell in notebook.cells:
        cell.metadata["tags"] = ["demo", "skip", "remove_cell", "raises-exception", "skip-execution", "nbval-skip"]


def _checks_gone(notebook):
    notebook.cells = [cell for cell in notebook.cells if cell not in checks_of(notebook)]


def _checks_first(notebook):
    checks = checks_of(notebook)
    notebook.cells = checks + [cell for cell in notebook.cells if cell not in checks]


def _identities_swapped(notebook):
    """Every check is to test the one exercise that is answered."""
    for cell in checks_of(notebook):
        cell.source = "check(forward_difference)"
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = cell_of(notebook, "forward_difference").source


def _own_marks(notebook):
    marks = {cell.id: {"score": 100.0, "points": 100.0, "state": "right"} for cell in checks_of(notebook)}
    notebook.metadata["descent"] = {"unit": "no_such_unit", "marks": marks, "state": "", "submission": ""}
    for cell in checks_of(notebook):
        cell.metadata.nbgrader.update(score=100.0, max_score=100.0, comment="full marks")


def _surrogates(notebook):
    notebook.cells.append(new_markdown_cell("half a letter: \ud800"))
    notebook.cells.append(new_code_cell("text = '\udfff'"))


def _truncated(folder, root):
    path = folder / f"{UNIT}.ipynb"
    path.write_bytes(path.read_bytes()[:-200])


def _another_format(folder, root):
    (folder / f"{UNIT}.ipynb").write_text('{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": [7, null]}')


ATTACKS = [
    Attack("points_raised", "gives its checks a thousand points each", edit=_each_check(_points_raised)),
    Attack("checks_doubled", "adds further cells with the checks' identities, which pass", edit=_duplicates),
    Attack("one_identity_for_all", "gives every cell the same identity", edit=_same_ids),
    Attack("check_is_markdown", "turns its checks into text", edit=_each_check(_kind_changed)),
    Attack(
        "locked_cell_edited", "unlocks its checks and writes a full score into them", edit=_each_check(_locked_edited)
    ),
    Attack("check_is_manual", "turns its checks into tasks that a person grades", edit=_each_check(_manual)),
    Attack("version_of_the_future", "claims a version of nbgrader's data that does not exist yet", edit=_version(99)),
    Attack("version_is_text", "claims a version of nbgrader's data that is no number", edit=_version("three")),
    Attack("strange_identities", "gives its checks lists, numbers and nothing as identities", edit=_strange_identity),
    Attack("data_of_wrong_types", "puts lists and text where the notebook's data are dicts", edit=_not_dicts),
    Attack("everything_is_a_demo", "tags every cell as one to skip", edit=_all_demos),
    Attack("checks_deleted", "hands in no checks at all", edit=_checks_gone),
    Attack("checks_before_answers", "moves every check to the top", edit=_checks_first),
    Attack(
        "one_answer_for_all",
        "writes its one right answer into every answer cell and checks it nine times",
        honest=("forward_difference",),
        edit=_identities_swapped,
    ),
    Attack("marks_written_along", "writes marks, states and comments into the notebook's data", edit=_own_marks),
    Attack("half_letters", "hands in cells with text that no file can hold", edit=_surrogates),
    Attack("truncated", "hands in a file that ends in the middle", place=_truncated, ungraded=True),
    Attack(
        "another_format", "hands in a notebook of a format that does not exist", place=_another_format, ungraded=True
    ),
]
