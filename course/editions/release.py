"""The student version of a notebook, made by nbgrader itself with the course's own configuration."""

import io
import logging
import tempfile
from pathlib import Path

import nbformat
from traitlets.config import PyFileConfigLoader

from course.errors import CourseError


def release_notebook(root, unit, source):
    """The released form of a source notebook, exactly as `nbgrader generate_assignment` makes it."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "source" / unit
        place.mkdir(parents=True)
        nbformat.write(source, place / f"{unit}.ipynb")
        config.CourseDirectory.root = folder
        config.SaveCells.enabled = False  # with no_database: nbgrader's own --no-db
        course = CourseDirectory(config=config)
        course.assignment_id = unit
        convert = GenerateAssignment(coursedir=course, config=config, no_database=True)
        logged = io.StringIO()
        convert.log.handlers = [logging.StreamHandler(logged)]
        try:
            convert.start()
        except NbGraderException:
            raise CourseError(f"{unit}: nbgrader refuses the notebook.\n{logged.getvalue()[-2000:]}") from None
        return nbformat.read(Path(folder) / "release" / unit / f"{unit}.ipynb", as_version=4)
