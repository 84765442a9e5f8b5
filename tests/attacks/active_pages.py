"""Scripts and other active matter on its way into feedback and formgrader."""

from attack import Attack
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

SCRIPT = "<script>alert('descent-attack')</script>"
ACTIVE = (
    SCRIPT
    + "<img src=x onerror=\"alert('descent-attack')\"><svg onload=\"alert('descent-attack')\"></svg>"
    + "<iframe src=\"javascript:alert('descent-attack')\"></iframe><a href=\"javascript:alert('descent-attack')\">a</a>"
    + "<form action='https://descent-attack.invalid'><button>go</button></form><object data='x'></object><embed src='x'>"
    + "<meta http-equiv='refresh' content='0;url=https://descent-attack.invalid'><base href='https://descent-attack.invalid'>"
    + "<link rel='stylesheet' href='https://descent-attack.invalid'><style>@import 'https://descent-attack.invalid';</style>"
)
SHOWN = f"active = {ACTIVE!r}\n"


def _markdown(notebook):
    notebook.cells += [
        new_markdown_cell(ACTIVE),
        new_markdown_cell("[a](javascript:alert('descent-attack')) ![b](x\" onerror=\"alert('descent-attack'))"),
        new_markdown_cell("```html\n</code></pre>" + ACTIVE + "\n```"),
        new_markdown_cell("# " + SCRIPT),
    ]


def _attachment(notebook):
    cell = new_markdown_cell("![x](attachment:a.png)")
    cell["attachments"] = {"a.png": {"image/png": f'"><{SCRIPT[1:]}'}}
    notebook.cells.append(cell)


def _raw(notebook):
    for kind in ("text/html", "html", "", "text/x-python"):
        notebook.cells.append(new_raw_cell(ACTIVE, metadata={"raw_mimetype": kind, "format": kind}))


def _identities(notebook):
    for i, cell in enumerate(notebook.cells):
        cell.metadata["tags"] = [f'"><{SCRIPT[1:]}']
        cell.metadata["name"] = SCRIPT
        if not cell.metadata.get("nbgrader"):
            cell.id = f'"><{SCRIPT[1:-9]}{i}'[:60]
    notebook.cells.append(new_code_cell("1"))
    notebook.cells[-1]["id"] = '"><script>alert(1)</script>'


def _widgets(notebook):
    state = {
        "a": {
            "model_name": "HTMLModel",
            "model_module": "@jupyter-widgets/controls",
            "model_module_version": "1.5.0",
            "state": {"value": ACTIVE},
        }
    }
    kind = "application/vnd.jupyter.widget-state+json"
    notebook.metadata["widgets"] = {kind: {"state": state, "version_major": 2, "version_minor": 0}}
    notebook.metadata["title"] = SCRIPT
    notebook.metadata["authors"] = [{"name": SCRIPT}]
    notebook.metadata["language_info"] = {"name": f'"><{SCRIPT[1:]}', "pygments_lexer": "html"}


ATTACKS = [
    Attack(
        "html_output",
        "displays HTML with scripts, handlers, frames, forms and redirects",
        start=(SHOWN + "from IPython.display import HTML\ndisplay(HTML(active))\nHTML(active)",),
    ),
    Attack("markdown_cells", "writes scripts into text cells, links and code blocks", edit=_markdown),
    Attack(
        "other_kinds_of_output",
        "displays scripts as SVG, JavaScript, LaTeX, Markdown, JSON and widgets",
        start=(
            SHOWN
            + """
for kind in ("image/svg+xml", "application/javascript", "text/javascript", "text/latex", "text/markdown", "text/plain",
             "application/json", "application/vnd.jupyter.widget-view+json", "application/vnd.plotly.v1+json",
             "application/pdf", "text/vnd.mermaid"):
    display({kind: active}, raw=True)
""",
        ),
    ),
    Attack(
        "picture_that_is_none",
        "displays pictures whose data close the tag and open a script",
        start=(
            f"for kind in ('image/png', 'image/jpeg'):\n    display({{kind: '\"><{SCRIPT[1:]}'.replace(chr(39), '')}}, raw=True,"
            " metadata={kind: {'width': '1\" onload=\"alert()', 'height': '1\" onload=\"alert()'}})",
        ),
    ),
    Attack("attached_picture", "attaches a picture to a text cell that closes its tag", edit=_attachment),
    Attack("raw_cells", "hands in raw cells of HTML", edit=_raw),
    Attack("script_in_identities", "writes scripts into cell ids, tags and names", edit=_identities),
    Attack(
        "script_in_notebook_data", "writes scripts into the widget state, title, authors and language", edit=_widgets
    ),
    Attack(
        "script_in_errors",
        "raises errors and warnings whose names and texts are scripts",
        start=(
            f"raise type({SCRIPT!r}, (Exception,), {{}})({ACTIVE!r})",
            f"import warnings\nwarnings.warn({ACTIVE!r})",
        ),
        answer=f"def NAME(*inputs, **named):\n    print({SCRIPT!r})\n    raise ValueError({ACTIVE!r})",
    ),
    Attack(
        "script_in_a_value",
        "answers with a script, and with an object whose type is named like one",
        answer=f"def NAME(*inputs, **named):\n    return ({SCRIPT!r}, type({SCRIPT!r}, (), {{}})())",
    ),
    Attack(
        "script_in_mathematics",
        "writes links that run a script into formulas, which MathJax would make",
        start=(
            r"""
from IPython.display import Latex, Markdown
display(Latex(r"$\href{javascript:alert('descent-attack')}{click}$"))
display(Markdown(r"$$\href{javascript:alert('descent-attack')}{click}$$"))
""",
        ),
        edit=lambda notebook: notebook.cells.append(
            new_markdown_cell(r"$\href{javascript:alert('descent-attack')}{click}$ $\unicode{x3c}script$")
        ),
    ),
    Attack(
        "terminal_codes",
        "prints control characters and colour codes that become markup",
        start=(
            f"print('\\x1b[31m{SCRIPT}\\x1b[0m\\x1b]8;;javascript:alert(1)\\x07a\\x1b]8;;\\x07\\x00\\x08\\r\\x0c')".replace(
                "alert('descent-attack')", "alert(1)"
            ),
        ),
    ),
]
