"""Errors that an author, an instructor or a learner reads."""

from pathlib import Path


class CourseError(Exception):
    """Something a person has to mend; its text says what and how."""


class LessonError(CourseError):
    """A fault in a lesson's text, with its file and line."""

    def __init__(self, path, line, message):
        self.path, self.line, self.message = Path(path), line, message
        super().__init__(f"{_short(self.path)}:{line}: {message}")


def _short(path):
    try:
        return path.resolve().relative_to(Path.cwd().resolve())
    except ValueError:
        return path
