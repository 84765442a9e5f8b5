"""One exercise from the untouched stub to the right answer, and its trace on the start page."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
UNIT = "01_derivatives"
NAME = "forward_difference"
STUB = '# YOUR CODE HERE\n    raise NotImplementedError("This exercise is not written yet.")'


def test_an_exercise_is_answered_at_each_stage_on_the_way_to_right(open_notebook, lab):
    unit = open_notebook(f"notebooks/{UNIT}.ipynb")
    unit.run("setup")

    unit.run(NAME)
    report = unit.run(f"check_{NAME}")
    expect(report.first).to_contain_text(f"{NAME} is not attempted yet.")
    expect(report.last).to_have_text(f"{NAME}: not attempted yet")  # one line, no traceback

    report = answer(unit, "return (f(x + h) - f(x) / h")
    expect(report.first).to_contain_text("Python could not read its cell")
    expect(report.first).to_contain_text("'(' was never closed")
    expect(report.last).to_have_text(f"{NAME}: its cell could not be read")

    report = answer(unit, "return f(x + h) - f(x)")
    expect(report.first).to_contain_text(f"{NAME} is not right yet")
    expect(report.first).to_contain_text(message_of(lab, "rise_without_run"))

    report = answer(unit, "return (f(x + h) - f(x)) / h")
    expect(report).to_have_count(1)
    expect(report).to_contain_text(f"{NAME} is right")

    start = open_notebook("notebooks/00_start_here.ipynb")
    start.run_all()
    table = start.output(start.find("check.progress()"))
    expect(table).to_contain_text(": 1 of ")
    expect(table.get_by_role("row", name=NAME)).to_contain_text("✓ right, at try 2")


def test_an_answer_that_never_ends_is_named_once_it_is_stopped(open_notebook, page):
    unit = open_notebook(f"notebooks/{UNIT}.ipynb")
    unit.run("setup")
    stub = next(cell.source for cell in unit.cells if cell.id == NAME)
    unit.write(NAME, stub.replace(STUB, "while True:\n        h / 2"))
    unit.run(NAME)
    check = unit.cell(f"check_{NAME}").locator(".jp-InputArea-prompt")
    check.click()
    page.keyboard.press("Control+Enter")
    expect(check).to_have_text("[*]:")
    unit.menu("Kernel", "Interrupt Kernel")
    expect(unit.output(f"check_{NAME}").first).to_contain_text("stopped before it came to an end")
    expect(unit.output(f"check_{NAME}").last).to_have_text(f"{NAME}: not right yet")


def answer(unit, body):
    """Type `body` where the stub stands, run the cell and its check; gives the place of the report."""
    stub = next(cell.source for cell in unit.cells if cell.id == NAME)
    assert STUB in stub
    unit.write(NAME, stub.replace(STUB, body))
    unit.run(NAME)
    return unit.run(f"check_{NAME}")


def message_of(lab, mistake):
    exercise = json.loads((lab.course / f"helpers/checks/data/{UNIT}.json").read_text())["exercises"][NAME]
    return next(entry["message"] for entry in exercise["mistakes"] if entry["name"] == mistake)
