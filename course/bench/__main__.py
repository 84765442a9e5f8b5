"""Measures, prints, and keeps the tables: python -m course.bench [--write] [SUBJECT …]"""

import sys

from rich.console import Console

from course.bench import grading, networks, notebooks, waiting
from course.bench.processes import machine
from course.editions.files import write_whole
from course.errors import CourseError
from course.root import course_root

SUBJECTS = {"waiting": waiting, "notebooks": notebooks, "networks": networks, "grading": grading}
HEAD = """# What it costs

Made by `make bench`, in one run, on this machine: {machine}.
"""


def main(arguments):
    write = "--write" in arguments
    chosen = [a for a in arguments if a != "--write"] or list(SUBJECTS)
    unknown = [a for a in chosen if a not in SUBJECTS]
    if unknown:
        raise CourseError(f"no such subject: {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    console, tables = Console(), []
    console.print(machine(), highlight=False)
    for name in chosen:
        for table in SUBJECTS[name].measure():
            table.print_to(console)
            tables.append(table)
    if write:
        page = course_root() / "docs" / "benchmarks.md"
        text = "\n\n".join([HEAD.format(machine=machine()).strip(), *(table.markdown() for table in tables)])
        write_whole(page, text + "\n")
        console.print(f"written {page.relative_to(course_root())}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CourseError as problem:
        sys.exit(str(problem))
