"""`course report`: what an instructor wants to know of a graded class, as an HTML page and a CSV."""

import csv
import html
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from course.errors import CourseError
from course.grading.doctor import MEANS

STYLE = """body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { text-align: left; padding: .25rem .8rem; vertical-align: top }
tr:nth-child(even) { background: #f3f3f3 } meter { width: 8rem } .number { text-align: right }"""


@dataclass
class Graded:
    """One student's graded notebook. marks: {grade_id: {"score", "points", "state", "mistake", …}}"""

    student: str
    marks: dict
    notes: list = field(default_factory=list)
    suspicions: list = field(default_factory=list)
    protections: dict = field(default_factory=dict)

    @property
    def score(self):
        return sum(m["score"] or 0 for m in self.marks.values())

    @property
    def points(self):
        return sum(m["points"] for m in self.marks.values())


def read_class(root, unit):
    """Everything the graded notebooks of an assignment remember of their grading."""
    found = []
    for path in sorted((Path(root) / "autograded").glob(f"*/{unit}/*.ipynb")):
        student = path.parents[1].name
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            record = notebook["metadata"]["descent"]
            known = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
            marks = {grade_id: record["marks"][grade_id] for grade_id in known if grade_id in record["marks"]}
            found.append(Graded(student, marks, record["notes"], record["suspicions"], record["protections"]))
        except (OSError, ValueError, KeyError, TypeError):
            found.append(Graded(student, {}, ["graded without the course's plug-ins: nothing is known of it"]))
    if not found:
        raise CourseError(f"nothing of {unit} is graded yet: run `course grade {unit}` first")
    return found


def write_report(root, unit, messages):
    """Write reports/UNIT.html and reports/UNIT.csv, and return their paths.

    messages: {(exercise, mistake): what a student who made it reads}
    """
    graded = read_class(root, unit)
    folder = Path(root) / "reports"
    folder.mkdir(exist_ok=True)
    page, table = folder / f"{unit}.html", folder / f"{unit}.csv"
    page.write_text(_page(unit, graded, messages), encoding="utf-8")
    _write_csv(table, graded)
    return page, table


def commonest_mistakes(graded):
    """[((grade_id, mistake name), how many students)], commonest first."""
    counts = Counter(
        (grade_id, m["mistake"]) for one in graded for grade_id, m in one.marks.items() if m.get("mistake")
    )
    return counts.most_common()


def _write_csv(path, graded):
    cells = list(dict.fromkeys(grade_id for one in graded for grade_id in one.marks))
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "score", "max_score", *cells, "notes", "worth a look"])
        for one in graded:
            scores = [one.marks[c]["score"] if c in one.marks else "" for c in cells]
            scores = ["to grade by hand" if s is None else s for s in scores]
            row = [one.student, one.score, one.points, *scores, "; ".join(one.notes), "; ".join(one.suspicions)]
            writer.writerow([_inert(cell) for cell in row])


def _inert(cell):
    """A spreadsheet must not take a student's text for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _page(unit, graded, messages):
    parts = [f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{unit}</title><style>{STYLE}</style>"]
    parts.append(f"<h1>{html.escape(unit)}: {len(graded)} submissions</h1>")
    parts += [
        _exercises(graded),
        _mistakes(graded, messages),
        _worth_a_look(graded),
        _marks(graded),
        _protections(graded),
    ]
    return "\n".join(parts) + "</html>\n"


def _exercises(graded):
    rows = []
    for grade_id in dict.fromkeys(g for one in graded for g in one.marks):
        marks = [one.marks[grade_id] for one in graded if grade_id in one.marks]
        full = sum(m["score"] == m["points"] for m in marks)
        untouched = sum(m["state"] == "not attempted" for m in marks)
        followed = sum(bool(m.get("followed")) for m in marks)
        inside = " (judged inside the student's process)" if any(m.get("inside") for m in marks) else ""
        meter = f"<meter min='0' max='{len(marks)}' value='{full}'></meter>"
        rows.append([f"{grade_id}{inside}", f"{full} of {len(marks)}", meter, untouched, followed])
    head = ["Check", "Full points", "", "Not attempted", "Right but for an earlier answer"]
    return "<h2>Exercises</h2>" + _table(head, rows, raw=2)


def _mistakes(graded, messages):
    rows = []
    for (grade_id, mistake), count in commonest_mistakes(graded)[:25]:
        exercise = grade_id.removeprefix("check_")
        rows.append([exercise, mistake, count, messages.get((exercise, mistake), "")])
    head = ["Exercise", "Mistake", "Students", "What they read"]
    return "<h2>The commonest mistakes</h2>" + (
        _table(head, rows) if rows else "<p>No catalogued mistake was made.</p>"
    )


def _worth_a_look(graded):
    rows = [
        [one.student, "; ".join(one.suspicions), "; ".join(one.notes)] for one in graded if one.suspicions or one.notes
    ]
    text = "<p>A reason to look, not a verdict: honest students copy cells and write endless loops.</p>"
    table = _table(["Student", "Worth a look", "What was repaired or noticed"], rows)
    return "<h2>Worth a look</h2>" + (text + table if rows else "<p>Nothing.</p>")


def _marks(graded):
    rows = [[one.student, f"{one.score:g}", f"{one.points:g}"] for one in graded]
    return "<h2>Marks</h2>" + _table(["Student", "Score", "of"], rows)


def _protections(graded):
    rows = []
    for name, meaning in MEANS.items():
        known = [one.protections.get(name) for one in graded if one.protections]
        on = "yes" if known and all(known) else f"in {sum(map(bool, known))} of {len(known)} submissions"
        rows.append([meaning, on])
    return "<h2>Protections in force</h2>" + _table(["Protection", "On"], rows)


def _table(head, rows, raw=None):
    """raw: the column that is HTML already"""
    cells = "".join(f"<th scope='col'>{html.escape(h)}</th>" for h in head)
    body = ""
    for row in rows:
        shown = [str(cell) if i == raw else html.escape(str(cell)) for i, cell in enumerate(row)]
        body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in shown) + "</tr>\n"
    return f"<table><thead><tr>{cells}</tr></thead><tbody>\n{body}</tbody></table>"
