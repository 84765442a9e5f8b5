"""What a whole command costs, as the operating system counts it."""

import os
import subprocess
import time
from dataclasses import dataclass

from course.errors import CourseError


@dataclass(frozen=True)
class Cost:
    """cpu: processor seconds of the command and all it started   wall: seconds   peak: MB of its largest process
    printed: all that it printed
    """

    cpu: float
    wall: float
    peak: float
    printed: str = ""


def cost_of(command, cores=None, cwd=None, env=None):
    """The Cost of a command. Raises CourseError, with the last of what it printed, where it fails."""
    pinned = None if cores is None else lambda: os.sched_setaffinity(0, cores)
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=pinned
    ) as process:
        printed = process.stdout.read().decode(errors="replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        raise CourseError(f"{' '.join(command)} ended with {process.returncode}\n{printed[-2000:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, printed)


def machine():
    """One line about this machine: processor, cores, memory, Python."""
    import platform

    try:
        with open("/proc/cpuinfo") as file:
            model = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {cores} cores, {memory:.0f} GB; {platform.system()}, Python {platform.python_version()}"
