"""The door a learner comes in by."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_start_page_runs_at_once_and_shows_where_the_learner_stands(open_notebook, page, lab):
    start = open_notebook("notebooks/00_start_here.ipynb")
    expect(start.panel().locator(".jp-Toolbar-kernelName")).to_have_text("Python 3 (ipykernel)")
    expect(page.locator(".jp-Dialog")).to_have_count(0)  # nobody is asked to choose a kernel

    start.run_all()
    table = start.output(start.find("check.progress()"))
    units = json.loads((lab.course / "helpers/checks/data/index.json").read_text())["units"]
    with_exercises = [unit for unit in units.values() if unit["exercises"]]
    assert with_exercises
    for unit in with_exercises:
        expect(table).to_contain_text(f"{unit['title']}: 0 of {len(unit['exercises'])} right")
