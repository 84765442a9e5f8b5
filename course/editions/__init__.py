"""The four editions of a lesson, and the check data, from one text; byte for byte the same each time.

`build` makes all of them, and stops before writing anything where a person has edited what it would replace.
"""

from course.editions.build import build

__all__ = ["build"]
