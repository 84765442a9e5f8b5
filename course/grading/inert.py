"""Filters for nbgrader's pages, feedback and formgrader: HTML of a student's in which nothing is active.

nbconvert's `sanitize_html` cleans outputs, but nbgrader's templates put text cells in as they are, scripts and all.
Named in `nbgrader_config.py`.
"""

import re

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

BLOCKS = "p div pre h1 h2 h3 h4 h5 h6 hr br blockquote details summary figure figcaption dl dt dd center"
WORDS = "span code kbd samp var del ins s u mark small sub sup q cite img"
TABLES = "table caption colgroup col thead tbody tfoot tr th td"
TAGS = {*bleach.ALLOWED_TAGS, *BLOCKS.split(), *WORDS.split(), *TABLES.split()}
CELLS = ["colspan", "rowspan", "scope", "align"]
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")


def _of_link(tag, name, value):
    return name in ("href", "title") and not value.strip().lower().startswith("data:")


def _of_picture(tag, name, value):
    if name == "src":
        return not value.strip().lower().startswith("data:") or PICTURE.fullmatch(value) is not None
    return name in ("alt", "title", "width", "height")


ATTRIBUTES = {
    "*": ["class", "id", "style"],
    "a": _of_link,
    "img": _of_picture,
    "td": CELLS,
    "th": CELLS,
    "ol": ["start"],
}


def clean_html(html):
    """HTML with the tags and attributes of text, tables and pictures; whatever else it holds is shown as text."""
    html = html.decode("utf-8", "replace") if isinstance(html, bytes) else str(html)
    protocols = {*bleach.ALLOWED_PROTOCOLS, "data"}
    return bleach.clean(html, TAGS, ATTRIBUTES, protocols, css_sanitizer=CSSSanitizer())


@pass_context
def markdown2html(context, source):
    """Markdown as HTML in which nothing is active."""
    pictures = context.get("cell", {}).get("attachments", {})
    convert = MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=pictures)).render
    try:
        return clean_html(convert(source))
    except InvalidNotebook:  # a picture that is not there
        return clean_html(convert(source.replace("attachment:", "")))
