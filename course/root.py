"""Where the course is, and its secret."""

import os
import secrets
from pathlib import Path

from course.errors import CourseError
from helpers.progress import FOLDER


def course_root(start=None):
    """The folder of the course: the nearest one at or above `start` (the current folder) that has lessons/ in it."""
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "lessons").is_dir() and (folder / "nbgrader_config.py").is_file():
            return folder
    installed = Path(__file__).resolve().parent.parent
    if (installed / "lessons").is_dir():
        return installed
    raise CourseError(
        f"no course in {here} or above: run this in the folder that holds lessons/ and nbgrader_config.py"
    )


def secret_seed(root):
    """The course's secret, from which hidden cases are drawn; made on first use, readable by its owner alone."""
    path = Path(root) / FOLDER / "secret-seed"
    path.parent.mkdir(exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        seed = path.read_text().strip()
        if not seed:
            raise CourseError(
                f"{path} is empty: put your copy of it back, or delete it to draw new hidden cases"
            ) from None
        return seed
    with os.fdopen(handle, "w") as file:
        seed = secrets.token_hex(16)
        file.write(seed + "\n")
    return seed
