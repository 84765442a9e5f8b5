"""What a lesson must hold to. Everything here raises LessonError, with file and line, for an author to mend."""

import ast
import re

from course.errors import LessonError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
FEWEST_MISTAKES, FEWEST_RIGHT, FEWEST_HINTS, SHORTEST_ALT = 6, 2, 2, 40
BADGES = ("difficulty", "importance", "minutes")


def verify(lesson):
    _verify_names(lesson)
    verify_former_names([lesson])
    _verify_headings(lesson)
    seen = set()
    for cell in lesson.cells:
        if cell.kind == "exercise":
            _verify_exercise(lesson, cell)
            seen.add(cell.name)
        elif cell.kind == "check":
            _verify_check(lesson, cell, seen)
        elif cell.kind == "demo":
            _verify_alt(lesson.path, cell)
        if cell.kind not in ("exercise", "markdown") and (BEGIN in cell.source or END in cell.source):
            raise LessonError(
                lesson.path, cell.line, "a solution region outside an exercise would reach no learner; remove it"
            )
    for name, declaration in lesson.checks.items():
        if name not in seen:
            message = f"checks are declared for {name}, which is not an exercise of the lesson"
            raise LessonError(lesson.path.with_name("checks.py"), declaration.line, message)


def _verify_headings(lesson):
    """Headings go down one level at a time: people who listen to a page find their way by them."""
    level = 0
    for cell in lesson.cells:
        if cell.kind not in ("markdown", "predict"):
            continue
        prose = re.sub(r"(?ms)^```.*?^```", lambda code: "\n" * code.group().count("\n"), cell.source)
        for number, line in enumerate(prose.split("\n"), cell.line + 2):
            if heading := re.match(r"(#{1,6}) ", line):
                depth = len(heading.group(1))
                if depth > level + 1:
                    message = f"{line.strip()!r} skips a level: {'#' * (level + 1)} comes next"
                    raise LessonError(lesson.path, number, message)
                level = depth


def _verify_names(lesson):
    first = {}
    for cell in lesson.cells:
        if not cell.name:
            continue
        key = (cell.kind, cell.name)
        if key in first:
            message = f"{cell.kind}={cell.name!r} stands twice, here and in line {first[key]}"
            raise LessonError(lesson.path, cell.line, message)
        first[key] = cell.line
    for (kind, name), line in first.items():
        for one, other in (("exercise", "check"), ("check", "exercise"), ("predict", "answer"), ("answer", "predict")):
            if kind == one and (other, name) not in first:
                raise LessonError(lesson.path, line, f"{one}={name!r} has no cell {other}={name!r}")
        if kind == "draft" and ("exercise", name) not in first:
            raise LessonError(lesson.path, line, f"draft={name!r} belongs to no exercise")
        if kind == "answer" and line < first["predict", name]:
            raise LessonError(lesson.path, line, f"the answer to {name!r} stands before its question")
    setups = [cell.line for cell in lesson.cells if cell.kind == "setup"]
    if len(setups) != 1:
        raise LessonError(lesson.path, setups[1] if setups else 1, "a lesson needs exactly one `setup` cell")


def _verify_exercise(lesson, cell):
    path = lesson.path
    if (
        cell.source.count(BEGIN) != 1
        or cell.source.count(END) != 1
        or cell.source.index(BEGIN) > cell.source.index(END)
    ):
        raise LessonError(path, cell.line, f"exercise {cell.name} needs one {BEGIN!r} … {END!r} region")
    defined = [n.name for n in ast.parse(cell.source).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    if cell.name not in defined:
        raise LessonError(path, cell.line, f"exercise {cell.name} defines {', '.join(defined) or 'nothing'}")
    for badge in BADGES:
        value = cell.options.get(badge)
        if not isinstance(value, int) or value < 1 or (badge != "minutes" and value > 5):
            wanted = "minutes=N" if badge == "minutes" else f"{badge}=1 … 5"
            raise LessonError(path, cell.line, f"exercise {cell.name} needs {wanted}")
    declaration = lesson.checks.get(cell.name)
    checks_path = path.with_name("checks.py")
    if declaration is None:
        raise LessonError(path, cell.line, f"exercise {cell.name} is not declared in {checks_path.name}")
    if declaration.cases is None:
        raise LessonError(checks_path, declaration.line, f"exercise {cell.name} declares no cases")
    for what, fewest in (("mistakes", FEWEST_MISTAKES), ("also_right", FEWEST_RIGHT), ("hints", FEWEST_HINTS)):
        count = len(getattr(declaration, what))
        if count < fewest:
            words = {"mistakes": "known mistakes", "also_right": "other right answers", "hints": "hints"}[what]
            message = f"exercise {cell.name} has {count} {words}; it needs {fewest} or more"
            raise LessonError(checks_path, declaration.line, message)


def _verify_check(lesson, cell, seen):
    if cell.name not in seen:
        raise LessonError(lesson.path, cell.line, f"the check of {cell.name} stands before its exercise")
    if not isinstance(cell.options.get("points"), int) or cell.options["points"] < 1:
        raise LessonError(lesson.path, cell.line, f"the check of {cell.name} needs points=N")
    if cell.source.strip() != f"check({cell.name})":
        raise LessonError(lesson.path, cell.line, f"the check of {cell.name} should read `check({cell.name})`")


def _verify_alt(path, cell):
    tree = ast.parse(cell.source)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    plots = [c for c in calls if isinstance(c.func.value, ast.Name) and c.func.value.id == "plots"]
    shown = [c for c in plots if c.func.attr in ("show", "animate", "slider")]
    for call in shown:
        alt = next((k.value for k in call.keywords if k.arg == "alt"), None)
        text = alt.value if isinstance(alt, ast.Constant) and isinstance(alt.value, str) else ""
        if len(text.strip()) < SHORTEST_ALT:
            message = (
                f'plots.{call.func.attr} needs alt="…", {SHORTEST_ALT} letters or more that say what the figure shows'
            )
            raise LessonError(path, cell.line + call.lineno, message)
    drawn = [c for c in plots if c.func.attr == "figure"]
    if drawn and not shown:
        raise LessonError(
            path, cell.line + drawn[0].lineno, "a figure is drawn but never shown: end with plots.show(fig, alt=…)"
        )
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "matplotlib.pyplot" in ast.unparse(node):
            raise LessonError(
                path, cell.line + node.lineno, "draw with helpers.plots, so that the figure has an alt text"
            )


def verify_former_names(lessons):
    """Raise LessonError where `was` names an exercise that there is, or one that another `was` names as well."""
    every = {cell.name: lesson.unit for lesson in lessons for cell in lesson.exercises}
    first = {}
    for lesson in lessons:
        for cell in lesson.exercises:
            for name in cell.options.get("was", []):
                if name in every:
                    message = f"was={name!r} is the name of an exercise of {every[name]}; it cannot be a former name"
                    raise LessonError(lesson.path, cell.line, message)
                if name in first:
                    other = first[name]
                    message = f"was={name!r} is named twice, here and in {other[0].unit}, line {other[1].line}"
                    raise LessonError(lesson.path, cell.line, message)
                first[name] = lesson, cell
