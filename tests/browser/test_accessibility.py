"""What the course shows, read as a screen reader would (axe-core), and worked with the keyboard alone."""

import json
import re

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OURS = [".jp-RenderedHTMLCommon", ".jp-OutputArea-output"]  # the rest of the page is JupyterLab's own
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
START, UNIT = "notebooks/00_start_here.ipynb", "02_linear_regression.ipynb"


def faults(page):
    """axe-core's findings in what the course made, one line each."""
    found = Axe().run(page, context={"include": OURS}, options={"runOnly": {"type": "tag", "values": LEVELS}}).response
    assert len(found["passes"]) > 5  # it did look
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def theme(request, lab):
    lab.use_theme(request.param)
    yield request.param
    lab.use_theme("JupyterLab Light")


@pytest.mark.usefixtures("theme")
def test_axe_finds_nothing_to_mend_on_the_start_page(open_notebook, page):
    start = open_notebook(START)
    start.write("slope", "def slope(x0, y0, x1, y1):\n    return y1 - y0")  # a diagnosed mistake is read too
    start.run_all()
    expect(start.cell("check_slope")).to_contain_text("the rise alone")
    assert faults(page) == []


@pytest.mark.usefixtures("theme")
def test_axe_finds_nothing_to_mend_in_a_unit_that_was_worked_through(open_notebook, page, lab):
    solved = nbformat.read(lab.course / "solutions" / UNIT, 4)
    for cell in solved.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(solved, lab.course / "notebooks" / UNIT)
    open_notebook(f"notebooks/{UNIT}").run_all()
    assert page.locator(".jp-OutputArea-output img").count() > 5
    assert faults(page) == []


def test_axe_would_find_a_picture_without_a_text(open_notebook, page):
    open_notebook(START)
    picture = page.locator(".jp-RenderedHTMLCommon img").first
    expect(picture).to_have_attribute("alt", re.compile("valley"))
    picture.evaluate("element => element.removeAttribute('alt')")
    assert [fault for fault in faults(page) if fault.startswith("image-alt")]


def test_an_exercise_and_a_guess_need_no_mouse(open_notebook, page, lab):
    start = open_notebook(START)
    keys = page.keyboard
    start.panel().focus()
    keys.press("Escape")
    keys.press("Control+Home")
    for _ in range(len(start.cells)):
        if _active(start) == "slope":
            break
        keys.press("Shift+Enter")  # runs the cell and goes to the next
    assert _active(start) == "slope"
    keys.press("Enter")
    keys.press("ControlOrMeta+a")
    keys.insert_text("def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)")
    keys.press("Shift+Enter")
    keys.press("Shift+Enter")
    expect(start.cell("check_slope")).to_contain_text("right")

    guess = start.find('guess("')
    for _ in range(len(start.cells)):
        if _active(start) == guess:
            break
        keys.press("ArrowDown")
    keys.press("Control+Enter")
    button = start.output(guess).get_by_role("button", name="b", exact=True)
    expect(button).to_be_visible()
    for _ in range(40):
        if button.evaluate("element => element === document.activeElement"):
            break
        keys.press("Tab")
    keys.press("Space")
    expect(start.output(guess)).to_contain_text("Your guess: b")
    log = (lab.course / ".descent" / "progress.jsonl").read_text().splitlines()
    assert [event["guess"] for event in map(json.loads, log) if event["kind"] == "guess"] == ["b"]


def _active(notebook):
    cells = notebook.panel().locator(".jp-Notebook .jp-Cell")
    active = cells.evaluate_all("all => all.findIndex(cell => cell.classList.contains('jp-mod-active'))")
    return notebook.cells[active].id
