"""`course doctor`: what this machine offers for grading, found out by trying."""

from functools import lru_cache

from course.errors import CourseError
from course.grading.sandbox.rights import Protections

MEANS = {
    "user": "student code runs as an unprivileged user",
    "network": "its own network namespace: there is nothing to connect to",
    "processes": "its own process namespace: no sight of other processes",
    "root": "its own file system: no sight of the course, other submissions or home folders",
    "landlock": "Landlock: files outside its folder cannot be read or written",
    "seccomp": "seccomp: system calls that no exercise needs are refused, those for connections among them",
    "limits": "limits on memory, processor time, file size, processes and open files",
}


@lru_cache(maxsize=1)
def protections_here():
    """The Protections that a student's process has on this machine; none where it cannot be confined at all."""
    from course.grading.sandbox.executor import Warm

    try:
        with Warm(imports=("pyseccomp",)) as warm, warm.session() as session:
            return Protections(**session.protections)
    except CourseError:
        return Protections()
