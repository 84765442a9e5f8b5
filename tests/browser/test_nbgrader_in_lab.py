"""nbgrader's own buttons, on the course."""

import nbformat
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
UNIT = "01_derivatives"


@pytest.fixture
def validate(open_notebook, lab, page):
    """validate(answers) presses Validate in a released notebook with these answers; gives nbgrader's dialog."""
    file = lab.course / "release" / UNIT / "handed in.ipynb"

    def press(answers):
        notebook = nbformat.read(file.with_name(f"{UNIT}.ipynb"), 4)
        # demonstrations are not graded, and take long to run
        notebook.cells = [cell for cell in notebook.cells if "demo" not in cell.metadata.get("tags", [])]
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        nbformat.write(notebook, file)
        opened = open_notebook(f"release/{UNIT}/{file.name}")
        opened.panel().get_by_role("button", name="Validate").click()
        dialog = page.locator(".nbgrader-ErrorDialog, .nbgrader-SuccessDialog")
        expect(dialog).to_be_visible(timeout=60_000)
        return dialog

    yield press
    file.unlink()


def right_answers(lab):
    cells = nbformat.read(lab.course / "solutions" / f"{UNIT}.ipynb", 4).cells
    return {cell.id: cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")}


def test_validate_lists_what_is_not_attempted(validate, lab):
    dialog = validate({})
    for name in right_answers(lab):
        expect(dialog).to_contain_text(f"{name}: not attempted yet")


def test_validate_passes_right_answers(validate, lab):
    expect(validate(right_answers(lab))).to_contain_text("Success! Your notebook passes all the tests.")


def test_the_formgrader_lists_the_units(lab, page):
    page.goto(f"{lab.address}/formgrader?token={lab.token}")
    for folder in sorted((lab.course / "source").iterdir()):
        expect(page.get_by_role("link", name=folder.name, exact=True)).to_be_visible(timeout=30_000)
