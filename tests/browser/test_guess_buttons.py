"""Predict, then run: a click on an option is kept."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_clicked_guess_is_kept_and_answered(open_notebook, lab):
    unit = open_notebook("notebooks/01_derivatives.ipynb")
    question = unit.find('guess("').removeprefix("guess-")
    unit.run("setup")
    buttons = unit.run(f"guess-{question}")
    expect(buttons).to_contain_text("Choose one")
    buttons.get_by_role("button", name="b", exact=True).click()
    expect(buttons).to_contain_text("Your guess: b")

    log = (lab.course / ".descent" / "progress.jsonl").read_text().splitlines()
    kept = [event for event in map(json.loads, log) if event["kind"] == "guess"]
    assert [(event["question"], event["guess"]) for event in kept] == [(question, "b")]
    expect(unit.run(f"answer-{question}")).to_contain_text("You guessed b")
