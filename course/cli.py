"""The `course` command: build the editions, prove the checks, update a learner's copy."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from course.errors import CourseError
from course.root import course_root

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
PROOF = ("<!-- proof: written by `make prove` -->", "<!-- end of proof -->")
Units = Annotated[list[str] | None, typer.Argument(help="units, such as 01_derivatives; all by default")]


@app.command()
def build(
    units: Units = None,
    keep_answers: Annotated[bool, typer.Option(help="carry answers in notebooks/ over into the new edition")] = False,
    solutions: Annotated[bool, typer.Option(help="execute the solutions where they are out of date")] = True,
):
    """Make notebooks/, source/, release/, solutions/ and the check data from lessons/."""
    from course.editions import build as build_editions

    root = course_root()
    outcome = build_editions(root, units or (), keep_answers, solutions, say=console.print)
    for path in outcome.written:
        console.print(f"written   {path.relative_to(root)}")
    for path, count, kept in outcome.carried:
        console.print(f"{path.relative_to(root)}: {count} cells of yours carried over; the old notebook is {kept}")
    for sentence in outcome.notes:
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    if outcome.aside:
        console.print(f"set aside in {outcome.aside.relative_to(root)}")
    console.print(f"{len(outcome.written)} files written, {len(outcome.unchanged)} already up to date")


@app.command()
def prove(
    units: Units = None,
    write: Annotated[bool, typer.Option(help="write the table to docs/proof.md (with all units)")] = False,
    complete: Annotated[bool, typer.Option(help="fail where a library to compare with is not installed")] = False,
):
    """Prove the checks of each unit; fails where a gate of the proof fails."""
    from course.editions.readme import put_between
    from course.lesson import read_lesson
    from course.lesson import units as all_units
    from course.proof import bottom_line, proof_markdown, prove_unit

    root = course_root()
    lessons = [read_lesson(root, unit) for unit in (units or all_units(root))]
    proofs = []
    for lesson in lessons:
        if lesson.exercises:
            with console.status(f"{lesson.unit}"):
                proofs.append(prove_unit(root, lesson))
            console.print(_proof_table(proofs[-1]))
            for sentence in dict.fromkeys(line for each in proofs[-1].exercises for line in each.skipped):
                console.print(sentence, style="yellow", markup=False)
            for fault in proofs[-1].all_faults():
                console.print(f"✗ {fault}", style="red", markup=False)
    if write and not units:
        page = root / "docs" / "proof.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(proof_markdown(proofs, {lesson.unit: lesson.title for lesson in lessons}), encoding="utf-8")
        readme = root / "README.md"
        sentence = bottom_line(proofs)
        readme.write_text(put_between(readme.read_text(encoding="utf-8"), *PROOF, sentence), encoding="utf-8")
        console.print(f"written {page.relative_to(root)}, and its bottom line in README.md")
    if complete and any(each.skipped for proof in proofs for each in proof.exercises):
        raise CourseError("not every library to compare with is installed; `make prove-torch` fetches PyTorch")
    if not all(proof.green for proof in proofs):
        raise typer.Exit(1)
    console.print("every gate is green")


def _proof_table(proof):
    table = Table(title=proof.unit)
    table.add_column("exercise", no_wrap=True)
    for column in ("mistakes rejected", "named", "right accepted", "mutants rejected", "agrees with"):
        table.add_column(column)
    for each in proof.exercises:
        table.add_row(
            each.name,
            f"{each.rejected}/{each.mistakes}",
            f"{each.named}/{each.mistakes}",
            f"{each.accepted}/{each.right}",
            f"{each.killed}/{each.mutants - each.equivalent}",
            ", ".join(dict.fromkeys(each.libraries)),
        )
    return table


@app.command()
def grade(
    unit: Annotated[str, typer.Argument(help="the assignment, such as 01_derivatives")],
    student: Annotated[list[str] | None, typer.Option(help="only this student; may be given again")] = None,
    force: Annotated[bool, typer.Option(help="grade again what is graded already")] = False,
    workers: Annotated[int | None, typer.Option(help="worker processes; one a core by default")] = None,
    scheduler: Annotated[str | None, typer.Option(help="address of a running Dask scheduler")] = None,
):
    """Grade a class, in parallel; run it again to go on where it stopped."""
    from course.grading.run import grade_class

    grade_class(course_root(), unit, student or (), force, workers, scheduler, console)


@app.command()
def report(unit: Annotated[str, typer.Argument(help="a graded assignment")]):
    """Write what the grading of a class found: reports/UNIT.html and reports/UNIT.csv."""
    from course.grading.report import write_report
    from course.lesson import read_lesson
    from course.lesson import units as all_units

    root = course_root()
    checks = read_lesson(root, unit).checks if unit in all_units(root) else {}
    messages = {(name, m.name): m.message for name, each in checks.items() for m in each.mistakes}
    for path in write_report(root, unit, messages):
        console.print(f"written {path}", soft_wrap=True)


@app.command()
def doctor():
    """Try out which protections this machine offers for running students' notebooks."""
    from course.grading.doctor import MEANS, protections_here

    protections = vars(protections_here())
    for name, meaning in MEANS.items():
        console.print(f"{'✓' if protections[name] else '✗'} {meaning}", markup=False)
    if not all(protections.values()):
        console.print("What is missing here is missing while grading, too; the report of a class says so.")


@app.command("demo-class")
def demo_class(
    folder: Annotated[Path, typer.Argument(help="a new folder for the made-up class")] = Path("demo-class"),
    unit: Annotated[str, typer.Option(help="the unit they hand in")] = "01_derivatives",
    students: Annotated[int, typer.Option(help="how many")] = 30,
):
    """Make up a class with right answers, known mistakes, blank and broken notebooks, and say how to grade it."""
    from course.grading.democlass import make_class

    make_class(course_root(), folder.absolute(), unit, students)
    console.print(f"{students} submissions of {unit} are in {folder}/submitted. Now:", soft_wrap=True)
    for line in (
        f"cd {folder}",
        f"nbgrader generate_assignment {unit}",
        f"course grade {unit}",
        f"course report {unit}",
    ):
        console.print(f"    {line}", soft_wrap=True)


@app.command()
def bundle(path: Annotated[Path, typer.Argument(help="the zip file to write")] = Path("descent-students.zip")):
    """Write what students get: released notebooks, helpers, environment; nothing else."""
    from course.grading.bundle import write_bundle

    console.print(f"written {write_bundle(course_root(), path)}", soft_wrap=True)


@app.command()
def update():
    """Fetch the newest course with git and carry your answers over into it."""
    from course.update import update as update_course

    update_course(course_root(), lambda text: console.print(text, markup=False, highlight=False, soft_wrap=True))


def main():
    try:
        app()
    except CourseError as problem:
        Console(stderr=True).print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
