"""The `course` command: build the editions, prove the checks, update a learner's copy."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from course.errors import CourseError
from course.root import course_root

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
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
    console.print(f"{len(outcome.written)} files written, {len(outcome.unchanged)} already up to date")


@app.command()
def prove(
    units: Units = None,
    write: Annotated[bool, typer.Option(help="write the table to docs/proof.md (with all units)")] = False,
):
    """Prove the checks of each unit; fails where a gate of the proof fails."""
    from course.lesson import read_lesson
    from course.lesson import units as all_units
    from course.proof import proof_markdown, prove_unit

    root = course_root()
    lessons = [read_lesson(root, unit) for unit in (units or all_units(root))]
    proofs = []
    for lesson in lessons:
        if lesson.exercises:
            with console.status(f"{lesson.unit}"):
                proofs.append(prove_unit(root, lesson))
            console.print(_proof_table(proofs[-1]))
            for fault in proofs[-1].all_faults():
                console.print(f"✗ {fault}", style="red", markup=False)
    if write and not units:
        page = root / "docs" / "proof.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(proof_markdown(proofs, {lesson.unit: lesson.title for lesson in lessons}), encoding="utf-8")
        console.print(f"written {page.relative_to(root)}")
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
def update():
    """Fetch the newest course with git and carry your answers over into it."""
    from course.update import update as update_course

    update_course(course_root(), console.print)


def main():
    try:
        app()
    except CourseError as problem:
        Console(stderr=True).print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
