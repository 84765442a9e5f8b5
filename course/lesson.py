"""Reads a lesson's text: `lesson.py` in py:percent form becomes a Lesson of typed cells, or a LessonError."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import yaml

from course import rules
from course.checks import load_checks
from course.errors import LessonError

CODE_KINDS = ("setup", "code", "draft", "exercise")  # what an exercise may depend on
MARKERS = ("predict", "answer", "exercise", "check", "draft")


@dataclass
class Cell:
    """kind: markdown, predict, setup, code, demo, answer, draft, exercise or check   line: of its marker"""

    kind: str
    source: str
    line: int
    name: str = ""
    options: dict = field(default_factory=dict)


@dataclass
class Question:
    """A predict-then-run question: its text, options, the right one's letter, and why."""

    text: str
    options: list
    right: str
    why: str


@dataclass
class Lesson:
    unit: str
    path: Path
    title: str
    question: str
    minutes: int
    needs: list
    practice: bool  # its exercises are to try things out: a class does not hand them in
    cells: list
    checks: dict
    questions: dict

    @property
    def exercises(self):
        return [cell for cell in self.cells if cell.kind == "exercise"]

    @property
    def graded(self):
        """Whether there is something to hand in, and so an edition for nbgrader."""
        return bool(self.exercises) and not self.practice

    @property
    def former_names(self):
        """{exercise: the names it had in earlier releases}, for those that had another."""
        return {cell.name: cell.options["was"] for cell in self.exercises if cell.options.get("was")}

    def points(self, exercise):
        return next(c.options["points"] for c in self.cells if c.kind == "check" and c.name == exercise)

    def namespace(self):
        """What the cells that exercises may depend on define, the reference solutions among it."""
        space = {"__name__": f"lesson_{self.unit}"}
        for cell in self.cells:
            if cell.kind in CODE_KINDS:
                tree = ast.increment_lineno(ast.parse(cell.source), cell.line)
                exec(compile(tree, str(self.path), "exec"), space)
        return space


def units(root):
    """The folders of all lessons, in order."""
    return sorted(p.parent.name for p in (Path(root) / "lessons").glob("[0-9][0-9]_*/lesson.py"))


def read_lesson(root, unit):
    """The Lesson in `lessons/UNIT`. Raises LessonError, with file and line, for anything an author has to mend."""
    path = Path(root) / "lessons" / unit / "lesson.py"
    try:
        text = path.read_text(encoding="utf-8")  # line ends of any system become "\n"
    except UnicodeDecodeError as problem:
        raise LessonError(path, 1, f"is not UTF-8 text: {problem}") from None
    except OSError as problem:
        raise LessonError(path, 1, f"cannot be read: {problem.strerror}") from None
    header, cells = _cells(path, text)
    checks_path = path.with_name("checks.py")
    lesson = Lesson(
        unit=unit,
        path=path,
        title=header["title"],
        question=header["question"],
        minutes=header["minutes"],
        needs=header["needs"],
        practice=header["practice"],
        cells=cells,
        checks=load_checks(checks_path) if checks_path.exists() else {},
        questions={},
    )
    for cell in cells:
        if cell.kind == "predict":
            lesson.questions[cell.name] = _question(path, cell)
        elif cell.kind != "markdown":
            _must_parse(path, cell)
    rules.verify(lesson)
    return lesson


def _cells(path, text):
    try:
        notebook = jupytext.reads(text, fmt="py:percent")
    except Exception as problem:
        raise LessonError(path, 1, f"cannot be read as py:percent text: {problem}") from None
    raw = notebook.cells.pop(0) if notebook.cells and notebook.cells[0].cell_type == "raw" else None
    if raw is None:
        raise LessonError(path, 1, "has no header: begin with `# ---`, `# title: …`, `# ---`")
    header = _header(path, raw.source)
    lines = [i for i, line in enumerate(text.split("\n"), 1) if re.match(r"# ?%%", line)]
    if len(lines) != len(notebook.cells):
        first = lines[0] if lines else 1
        raise LessonError(path, first, "some text stands before the first `# %%` marker, or a marker is malformed")
    return header, [_cell(path, cell, line) for cell, line in zip(notebook.cells, lines, strict=True)]


def _header(path, source):
    try:
        header = yaml.safe_load(source.strip().strip("-"))
    except yaml.YAMLError as problem:
        raise LessonError(path, 1, f"the header is not valid YAML: {problem}") from None
    if not isinstance(header, dict):
        raise LessonError(path, 1, "the header has no `title: …`")
    for key, kind in (("title", str), ("question", str), ("minutes", int)):
        if not isinstance(header.get(key), kind):
            raise LessonError(path, 1, f"the header needs `{key}`, a {kind.__name__}")
    return {"needs": [], "practice": False, **header}


def _cell(path, cell, line):
    options = {k: v for k, v in cell.metadata.items() if k != "lines_to_next_cell"}
    kind = options.pop("title", "")
    marked = [m for m in MARKERS if m in options]
    if len(marked) > 1 or (marked and kind):
        raise LessonError(path, line, f"a cell is one thing: {', '.join([*marked, *([kind] if kind else [])])}")
    name = options.pop(marked[0]) if marked else ""
    if marked and not re.fullmatch(r"[A-Za-z]\w*", str(name)):
        raise LessonError(path, line, f"{name!r} is no name: use letters, digits and underscores")
    if cell.cell_type == "markdown" and marked not in ([], ["predict"]):
        raise LessonError(path, line, f"`{marked[0]}` is for code cells")
    kind = marked[0] if marked else kind or ("markdown" if cell.cell_type == "markdown" else "code")
    if kind not in ("markdown", "setup", "code", "demo", *MARKERS):
        raise LessonError(
            path, line, f"`{kind}` is not a kind of cell; use setup, demo, or a marker such as exercise=…"
        )
    if "was" in options:
        options["was"] = _former_names(path, line, kind, options["was"])
    return Cell(kind, cell.source, line, name, options)


def _former_names(path, line, kind, was):
    if kind != "exercise":
        raise LessonError(path, line, "`was` is for exercises: it names what an exercise was called before")
    names = was if isinstance(was, list) else [was]
    for name in names:
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z]\w*", name):
            raise LessonError(path, line, f'{name!r} is no name; write was="name", or was=["name", "name"]')
    return names


def _question(path, cell):
    head, _, why = cell.source.partition("\nWhy:")
    options = re.findall(r"^- \[([ x])\] (.+(?:\n {2,}.+)*)", head, re.M)
    right = [i for i, (mark, _) in enumerate(options) if mark == "x"]
    if not 2 <= len(options) <= 5 or len(right) != 1 or not why.strip():
        message = "a predict question needs two to five `- [ ]` options, one of them `- [x]`, and a paragraph `Why: …`"
        raise LessonError(path, cell.line, message)
    text = head[: head.index("- [")].strip()
    cleaned = [re.sub(r"\s*\n\s*", " ", option).strip() for _, option in options]
    return Question(text, cleaned, "abcde"[right[0]], re.sub(r"\s*\n\s*", " ", why).strip())


def _must_parse(path, cell):
    try:
        ast.parse(cell.source)
    except SyntaxError as problem:
        raise LessonError(path, cell.line + (problem.lineno or 0), f"is not valid Python: {problem.msg}") from None
