"""What a learner reads after a check: the same short report as text and as HTML."""

import html
import sys
from dataclasses import dataclass

import numpy as np

from helpers.checks.compare import difference
from helpers.checks.values import Function, type_name


@dataclass(frozen=True)
class Report:
    """A title with its sign, sentences, and rows of (label, value shown as code)."""

    state: str
    title: str
    sentences: tuple = ()
    rows: tuple = ()
    footer: str = ""

    def __str__(self):
        lines = [f"{SIGNS[self.state]} {self.title}", *self.sentences]
        width = max((len(label) for label, _ in self.rows), default=0)
        for label, value in self.rows:
            first, *rest = value.split("\n")
            lines.append(f"  {label.ljust(width)}  {first}")
            lines += [" " * (width + 4) + line for line in rest]
        return "\n".join(lines + ([self.footer] if self.footer else []))

    def html(self):
        color = EDGES[self.state]
        parts = [
            f'<div role="status" style="border-left: 5px solid {color}; padding: 0.3em 0.9em; margin: 0.2em 0">',
            f"<div><strong>{SIGNS[self.state]} {_inline(self.title)}</strong></div>",
        ]
        parts += [f'<div style="margin-top: 0.4em">{_inline(s)}</div>' for s in self.sentences]
        if self.rows:
            rows = "".join(
                f'<tr><th scope="row" style="{LABEL}">{html.escape(a)}</th>'
                f'<td style="text-align: left"><code style="white-space: pre-wrap">{html.escape(b)}</code></td></tr>'
                for a, b in self.rows
            )
            parts.append(f'<table style="margin: 0.5em 0 0 0">{rows}</table>')
        if self.footer:
            parts.append(f'<div style="margin-top: 0.4em">{_inline(self.footer)}</div>')
        return "".join(parts) + "</div>"


PLAINLY_WRONG = "is not the right number."  # says nothing that the rows below do not show
LABEL = "text-align: left; vertical-align: top; padding-right: 1em"
SIGNS = {"right": "✓", "wrong": "✗", "not attempted": "○", "note": "·"}
EDGES = {"right": "#009E73", "wrong": "#D55E00", "not attempted": "#767676", "note": "#0072B2"}


def verdict_report(spec, verdict, outcome=None, footer=""):
    """The report on a verdict.

    outcome: what the shown case gave; leave it out to show no values (hidden cases)
    """
    name = spec.name
    if verdict.state == "right":
        cases = "1 case" if verdict.total == 1 else f"all {verdict.total} cases"
        return Report("right", f"`{name}` is right, in {cases}.", footer=footer)
    if verdict.state == "not attempted":
        if verdict.needs:
            title = f"`{name}` uses `{verdict.needs}`, which is not there yet."
            sentence = f"Write `{verdict.needs}` in its cell and run that cell; then check again."
            return Report("not attempted", title, (sentence,))
        sentence = "Write your code in the cell above, run it, then run this cell again."
        return Report("not attempted", f"`{name}` is not attempted yet.", (sentence,), footer=footer)
    sentences = [verdict.why] if verdict.why else []
    rows = []
    if verdict.case is None or outcome is None:
        sentences.insert(0, verdict.what)
    else:
        case = spec.cases[verdict.case]
        rows = _call_rows(spec, case.inputs)
        if verdict.kind == "changed":
            for position, after in zip(outcome.changed, outcome.after, strict=True):
                before, now = show_both(case.inputs[position], after)
                rows += [(f"{spec.arguments[position]} before", before), (f"{spec.arguments[position]} after", now)]
        elif outcome.error is None:
            rows += _value_rows(spec, outcome.value, case.expected.value)
        if outcome.printed.strip():
            rows.append(("Printed", _short(outcome.printed.rstrip(), 600)))
        if not (verdict.mistake and verdict.what.endswith(PLAINLY_WRONG)):
            sentences.append(verdict.what)
    passed = f" (right in {verdict.passed} of {verdict.total} cases)" if verdict.passed else ""
    return Report("wrong", f"`{name}` is not right yet{passed}.", tuple(sentences), tuple(rows), footer)


def _value_rows(spec, got, want):
    labels = ("Got", "Expected")
    if isinstance(want, dict) and len(want) > 3 and isinstance(got, dict) and set(got) == set(want):
        apart = [key for key in want if difference(got[key], want[key], spec.tolerance)]
        if 0 < len(apart) < len(want):  # a long list of facts: those that are right are no news
            got, want = ({key: value[key] for key in apart} for value in (got, want))
            labels = ("Got, where it differs", "Expected there")
    return list(zip(labels, show_both(got, want), strict=True))


def _call_rows(spec, inputs):
    shown = [show_value(v) for v in inputs]
    if spec.says:
        call = spec.says.format(*shown)
    else:
        call = f"{spec.name}({', '.join(shown)})"
    if "\n" not in call and len(call) <= 100:
        return [("Called", call)]
    names = [spec.arguments[i] if i < len(spec.arguments) else f"input {i}" for i in range(len(inputs))]
    call = spec.says.format(*names) if spec.says else f"{spec.name}({', '.join(names[: len(inputs)])})"
    return [("Called", call)] + [(f"with {n}", s) for n, s in zip(names, shown, strict=True)]


def show_value(value, digits=6):
    """A value as a learner would write it, shortened where it is long."""
    if isinstance(value, np.ndarray):
        value = value + 0.0 if value.dtype.kind == "f" else value  # no minus before a zero
        text = np.array2string(value, precision=digits, threshold=40, edgeitems=3, separator=", ", max_line_width=88)
        if value.dtype.name not in ("float64", "int64", "bool"):
            text += f" (an array of {value.dtype.name}s)"
        if value.size == 0:
            return f"an empty array of shape {value.shape}"
        if value.ndim == 1 and value.size == 1:
            return f"{text} (an array of shape (1,))"
        return _short(text, 800)
    if isinstance(value, bool) or value is None or isinstance(value, (int, str, Function)):
        return _short(repr(value), 400)
    if isinstance(value, float):
        return repr(round_to(value, digits + 1) + 0.0)
    if isinstance(value, tuple):
        inner = ", ".join(show_value(v, digits) for v in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return _short("[" + ", ".join(show_value(v, digits) for v in value) + "]", 800)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {show_value(v, digits)}" for k, v in value.items()) + "}"
    if isinstance(value, set):
        return "{" + ", ".join(sorted(map(repr, value))) + "}" if value else "set()"
    return repr(value) if type_name(value) == "Opaque" else str(value)


def show_both(got, want):
    """The two values with as many digits as it takes to tell them apart."""
    for digits in (6, 10, 15):
        a, b = show_value(got, digits), show_value(want, digits)
        if a != b:
            break
    return a, b


def round_to(number, digits):
    return float(f"{number:.{digits}g}")


def _short(text, limit):
    return text if len(text) <= limit else text[:limit] + " …"


def _inline(text):
    """Escaped, with `code` marks turned into <code>."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:
        return html.escape(text)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))


def display(report):
    """Show a report: as HTML in a notebook, as text elsewhere."""
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        print(report)
        return
    from IPython.display import display as display_in_notebook

    display_in_notebook({"text/html": report.html(), "text/plain": str(report)}, raw=True)
