"""The bare floor of grading: fork from a process that has everything imported, run a notebook's cells, end. Nothing is
confined, judged or kept.

python -m course.bench.floor NOTEBOOK COUNT
"""

import importlib
import os
import sys

import nbformat

from course.grading.sandbox.executor import IMPORTS
from course.grading.sandbox.session import warm_shell
from course.grading.sandbox.warm import WARMING


def main(path, count):
    for name in IMPORTS:
        importlib.import_module(name)
    shell = warm_shell()
    for source in WARMING:
        shell.run_cell(source)
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    for _ in range(count):
        child = os.fork()
        if child == 0:
            for source in cells:
                shell.run_cell(source)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
