"""Sliders and animations move."""

import nbformat
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def open_up_to(open_notebook, lab):
    """open_up_to("plots.slider(") opens a solved unit that ends with the first such cell, and runs it all."""
    made = []

    def open_it(call):
        for file in sorted((lab.course / "notebooks").glob("*.ipynb")):
            solved = nbformat.read(lab.course / "solutions" / file.name, 4)
            ends = [i for i, cell in enumerate(solved.cells) if cell.cell_type == "code" and call in cell.source]
            if ends:
                break
        else:
            pytest.fail(f"no unit has a cell with {call}")
        solved.cells = solved.cells[: ends[0] + 1]
        for cell in solved.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        made.append(lab.course / "notebooks" / f"moving {file.name}")
        nbformat.write(solved, made[0])
        unit = open_notebook(f"notebooks/{made[0].name}")
        unit.run_all()
        return unit.output(unit.cells[-1].id)

    yield open_it
    for file in made:
        file.unlink()


def test_the_arrow_keys_on_a_slider_change_the_picture(open_up_to):
    figure = open_up_to("plots.slider(")
    picture = figure.locator("img").first
    expect(picture).to_be_visible(timeout=30_000)  # the frames are drawn first
    before = picture.get_attribute("src")
    slider = figure.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(picture).not_to_have_attribute("src", before)
    assert picture.get_attribute("alt")


def test_the_play_button_plays_the_animation(open_up_to):
    figure = open_up_to("plots.animate(")
    picture = figure.locator("img").first
    expect(picture).to_be_visible(timeout=30_000)  # the frames are drawn first
    first = picture.get_attribute("src")
    button = figure.get_by_role("button", name="Play")
    button.click()
    expect(picture).not_to_have_attribute("src", first)
    expect(figure.get_by_role("slider")).not_to_have_attribute("aria-valuetext", "0")
    expect(button).to_be_visible(timeout=60_000)  # it stops at the last picture, ready to play again
    last = picture.get_attribute("src")
    button.click()
    expect(picture).not_to_have_attribute("src", last)
