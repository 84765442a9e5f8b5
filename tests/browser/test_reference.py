"""From a word in a unit to its entry in the reference page, by clicking."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_word_in_a_unit_leads_to_its_entry_and_from_there_to_others(open_notebook, page):
    unit = open_notebook("notebooks/01_derivatives.ipynb")
    unit.panel().locator("a[href*='99_reference']", has_text="gradient descent").click()
    reference = page.locator(".jp-MarkdownViewer")
    expect(reference.locator("h4", has_text=re.compile("^gradient descent"))).to_be_in_viewport()
    expect(reference.get_by_text("경사하강법", exact=True)).to_be_in_viewport()

    reference.get_by_role("link", name="P", exact=True).click()
    expect(reference.locator("h3", has_text="letter p")).to_be_in_viewport()
    reference.get_by_role("link", name="08", exact=True).first.click()
    expect(page.locator(".lm-TabBar-tab.lm-mod-current", has_text="08_cnn")).to_be_visible()
