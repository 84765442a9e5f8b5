"""What grading costs: plain nbgrader, ours and the bare floor, side by side; more cores, larger classes, the export."""

import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from course.bench import reference
from course.bench.processes import Cost, cost_of
from course.bench.tables import Figures
from course.editions.keeping import read_notebook
from course.errors import CourseError
from course.grading.democlass import COPIED, right_answers
from course.lesson import read_lesson
from course.root import course_root

OWN_LINES = "# Grading: notebooks run in confined processes"  # nbgrader_config.py: ours from here on
FEW, MANY, ROUNDS = 2, 14, 3
SIZES = (20, 200, 2000)
STUDENTS, ASSIGNMENTS, STOCK_STUDENTS = 1000, 10, 100


def measure():
    root = course_root()
    with tempfile.TemporaryDirectory() as folder:
        yield _engines(root, Path(folder) / "engines")
        yield _cores_and_sizes(root, Path(folder) / "sizes")
        yield _exports(root, Path(folder) / "exports")


def _engines(root, folder):
    """Marginal cost of a submission: that of a run of many less that of a run of few."""
    table = Figures(
        f"Grading one submission ({MANY} less {FEW} submissions, median of {ROUNDS} rounds)",
        ("assignment", "engine", "processor s", "wall s", "times the floor", "stock is … times"),
    )
    unit = "02_linear_regression"
    for name, hand_in in ((reference.NAME, reference.hand_in), (unit, lambda to, n: _right_answers(root, to, unit, n))):
        engines = {
            "plain nbgrader": ("stock", ("nbgrader", "autograde", name, "--force")),
            "`nbgrader autograde`, ours": ("ours", ("nbgrader", "autograde", name, "--force")),
            "`course grade`, one worker": ("ours", ("course.cli", "grade", name, "--force", "--workers", "1")),
            "the bare floor": ("ours", None),
        }
        made = {
            (config, count): _class(root, folder / f"{name} {config} {count}", config, hand_in, count)
            for config in ("stock", "ours")
            for count in (FEW, MANY)
        }
        for home in made.values():
            _python(home, "nbgrader", "generate_assignment", name, "--force")
        costs = {engine: [] for engine in engines}
        for _ in range(ROUNDS):
            for engine, (config, module) in engines.items():
                few, many = (_run(made[config, count], name, module, count) for count in (FEW, MANY))
                costs[engine].append(((many.cpu - few.cpu) / (MANY - FEW), (many.wall - few.wall) / (MANY - FEW)))
        medians = {engine: [statistics.median(c[i] for c in all_) for i in (0, 1)] for engine, all_ in costs.items()}
        floor, stock = medians["the bare floor"][0], medians["plain nbgrader"][0]
        for engine, (cpu, wall) in medians.items():
            table.add(name, engine, f"{cpu:.3f}", f"{wall:.3f}", f"{cpu / floor:.1f}", f"{stock / cpu:.1f}")
    table.notes.append(
        f"`{reference.NAME}`: six exercises, six test cells of plain asserts and a plot (course/bench/reference.py). "
        f"`{unit}`: right answers to the whole unit; its checks are judged outside the student's process, hidden cases "
        "included. The unit's demonstrations were taken out for all: ours skips them anyway."
    )
    return table


def _cores_and_sizes(root, folder):
    table = Figures(
        "`course grade` on the reference assignment",
        ("submissions", "workers", "processor s a submission", "submissions a second", "coordinator MB", "worker MB"),
    )
    rates = {}
    for workers, sizes in ((1, SIZES[:2]), (2, SIZES)):
        before = None
        for size in sizes:
            home = _class(root, folder / f"{workers} {size}", "ours", reference.hand_in, size)
            cost = _python(home, "course.bench.grade_once", reference.NAME, str(workers))
            peaks = json.loads(cost.printed.strip().splitlines()[-1])
            fewer, less = before or (0, Cost(0.0, 0.0, 0.0))
            rates[workers, size] = rate = (size - fewer) / (cost.wall - less.wall)
            table.add(
                f"{size} less {fewer}" if fewer else size,
                workers,
                f"{(cost.cpu - less.cpu) / (size - fewer):.3f}",
                f"{rate:.1f}",
                f"{peaks['coordinator']:.0f}",
                f"{peaks['worker']:.0f}",
            )
            before = (size, cost)
            shutil.rmtree(home)
    gain = rates[2, SIZES[1]] / rates[1, SIZES[1]]
    table.notes.append(
        f"The second core makes it {gain:.2f} times as fast. The first row of each holds the start, too."
    )
    return table


def _exports(root, folder):
    table = Figures("Exporting marks", ("exporter", "students × assignments", "wall s", "rows"))
    for students in (STOCK_STUDENTS, STUDENTS):
        home = _class(root, folder / str(students), "ours", lambda *_: None, 0)
        _fill_gradebook(home, students)
        exporters = ["course.grading.export.CsvExport"]
        if students == STUDENTS:
            exporters += ["course.grading.export.CanvasExport", "course.grading.export.MoodleExport"]
        else:
            exporters.insert(0, "nbgrader.plugins.CsvExportPlugin")
        for exporter in exporters:
            target = home / f"{exporter}.csv"
            cost = _python(home, "nbgrader", "export", f"--exporter={exporter}", f"--to={target}")
            rows = len(target.read_text(encoding="utf-8").splitlines()) - 1
            table.add(f"`{exporter.split('.')[-1]}`", f"{students} × {ASSIGNMENTS}", f"{cost.wall:.1f}", rows)
    return table


def _class(root, folder, config, hand_in, count):
    """A course of its own with the reference assignment and `count` submissions."""
    folder.mkdir(parents=True)
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    reference.add_to(folder)
    hand_in(folder, count)
    if config == "stock":
        settings = folder / "nbgrader_config.py"
        text = settings.read_text(encoding="utf-8")
        if OWN_LINES not in text:
            raise CourseError(f"{settings} has no line {OWN_LINES!r}: the bench cannot tell which lines are ours")
        settings.write_text(text.split(OWN_LINES)[0], encoding="utf-8")
    return folder


def _right_answers(root, folder, unit, students):
    """Right answers to a unit, its demonstrations left out: plain nbgrader would run them, ours does not."""
    right = right_answers(read_lesson(root, unit))
    notebook = read_notebook(root / "release" / unit / f"{unit}.ipynb")
    notebook.cells = [cell for cell in notebook.cells if "demo" not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        cell.source = right.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    for number in range(students):
        path = folder / "submitted" / f"student-{number:04d}" / unit / f"{unit}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def _run(home, name, module, count):
    if module is None:
        paths = sorted(home.glob(f"submitted/*/{name}/{name}.ipynb"))
        module = ("course.bench.floor", str(paths[0]), str(count))
    return _python(home, *module)


def _python(home, *module):
    """The Cost of a Python module run in a course's folder."""
    return cost_of([sys.executable, "-m", *module], cwd=home, env=_environment(home))


def _environment(home):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader looks for alembic there
    return {**os.environ, "PATH": path, "PYTHONPATH": str(home)}


def _fill_gradebook(home, students):
    """A gradebook of made-up marks, as many class runs would have left it."""
    from nbgrader.api import Gradebook

    from course.grading.gradebook import BatchGradebook, Result

    url = f"sqlite:///{home / 'gradebook.db'}"
    for a in range(ASSIGNMENTS):
        name = f"assignment-{a}"
        with Gradebook(url, "descent") as gradebook:
            gradebook.add_assignment(name)
            gradebook.add_notebook(name, name)
            for c in range(6):
                gradebook.add_grade_cell(f"test-{c}", name, name, max_score=2, cell_type="code")
        with BatchGradebook(url, "descent", name) as batch:
            marks = {name: {f"test-{c}": 2.0 * (c % 2) for c in range(6)}}
            batch.write([Result(f"student-{s:04d}", None, marks, {}) for s in range(students)])
