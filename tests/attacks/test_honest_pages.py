"""What honest students write comes through the cleaning: text, tables, formulas, pasted pictures."""

import json

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from course.grading.inert import clean_html, markdown2html
from course.grading.repair import read_submission

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("# A title", "<h1"),
        ("*so* and **so**", "<em>so</em> and <strong>so</strong>"),
        ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>"),
        ("$a < b$ and $\\frac{1}{2}$", "$a &lt; b$ and $\\frac{1}{2}$"),
        ("[docs](https://numpy.org)", 'href="https://numpy.org"'),
        ("```python\nx = 1\n```", "<pre>"),
        ("![dot](attachment:dot.png)", f'src="data:image/png;base64,{DOT}"'),
        ("![gone](attachment:gone.png)", "gone"),
    ],
)
def test_markdown(source, part):
    cell = {"attachments": {"dot.png": {"image/png": DOT}}}
    assert part in markdown2html({"cell": cell}, source)


def test_a_table_of_a_report_stays_a_table():
    table = '<table><tbody><tr><th scope="row">Got</th><td><code>1</code></td></tr></tbody></table>'
    assert clean_html(table) == table


def test_a_pasted_picture_is_kept_and_nothing_else():
    cell = new_markdown_cell("![dot](attachment:dot.png)")
    cell["attachments"] = {"dot.png": {"image/png": DOT, "text/html": "<b>"}, "x": {"image/svg+xml": "<svg/>"}}
    kept = read_submission(json.dumps(new_notebook(cells=[cell])).encode()).cells[0]
    assert kept["attachments"] == {"dot.png": {"image/png": DOT}}
