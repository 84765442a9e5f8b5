"""`course grade`: reads nbgrader's configuration, runs a class with a progress bar, and says what was found."""

import os

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from course.grading.classrun import ClassRun
from course.grading.marking import Settings
from course.grading.plugins import ConfinedExecute
from course.grading.sandbox.rights import ran_without


def nbgrader_app(root):
    """nbgrader with the course's configuration, as its own commands read it."""
    from nbgrader.apps.baseapp import NbGrader

    app = NbGrader()
    os.chdir(root)  # nbgrader reads its configuration from, and works in, the current folder
    app.initialize([], root=str(root))
    return app


def grade_class(root, unit, students, force, workers, scheduler, console):
    """Grade the class and print a summary. Raises CourseError for what an instructor has to mend."""
    app = nbgrader_app(root)
    settings = ConfinedExecute(config=app.config).settings()
    run = ClassRun(root, unit, app, settings)
    with _progress(console) as bar:
        task = bar.add_task(unit, total=None, rate="")
        started = []

        def progress(done, total):
            started.append((bar.get_time(), done)) if not started else None
            seconds = bar.get_time() - started[0][0]
            rate = f"{(done - started[0][1]) / seconds:.1f} a second" if seconds > 0.5 and done > started[0][1] else ""
            bar.update(task, completed=done, total=total, rate=rate)

        summary = run.run(students, force, workers, scheduler, progress)
    console.print(
        f"{summary.graded} submissions graded in {summary.seconds:.1f} s, {summary.skipped} were graded already. "
        f"`course report {unit}` shows what was found."
    )
    if summary.missing:
        console.print(ran_without(sorted(summary.missing)), style="yellow")
    for student, fault in summary.faults.items():
        console.print(f"{student}: {fault}", style="yellow", markup=False)
    return summary


def _progress(console):
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("students"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=console,
    )


__all__ = ["Settings", "grade_class", "nbgrader_app"]
