"""The rights that a student's process gives up. Each protection is used where the machine has it; `Protections` says
which are on."""

import contextlib
import os
import re
import resource
import struct
from dataclasses import asdict, dataclass
from pathlib import Path

from course.grading.sandbox import landlock, seccomp
from course.grading.sandbox.system import call, end_with_parent, libc

NOBODY = 65534
PR_SET_NO_NEW_PRIVS = 38


@dataclass
class Protections:
    """Which protections are on; each is True or False.

    root: a file system of its own, without the course, the home folders or other submissions
    """

    user: bool = False
    network: bool = False
    processes: bool = False
    root: bool = False
    landlock: bool = False
    seccomp: bool = False
    limits: bool = False

    def missing(self):
        return [name for name, on in asdict(self).items() if not on]


IN_WORDS = {"user": "a user without rights", "network": "a network of its own", "processes": "a process namespace"}
IN_WORDS |= {"root": "a file system of its own", "landlock": "Landlock", "limits": "limits"}


def ran_without(names):
    """The sentence on protections that were not to be had, for the log."""
    return f"Student code ran without {', '.join(IN_WORDS.get(name, name) for name in names)}; see `course doctor`"


@dataclass
class Limits:
    """Bounds on one submission. memory, file_size and disk in bytes; cpu in seconds, over all its cells; processes
    together with threads."""

    memory: int = 3 * 1024**3
    cpu: int = 300
    file_size: int = 64 * 1024**2
    disk: int = 128 * 1024**2
    processes: int = 64
    files: int = 256


def drop_rights(limits, writable, user, own_processes):
    """Give up every right that a student's code must not have, in the process that will run it, before it does.

    writable: folders it may write to   user: the number of the user to become, which takes root; None for no other
    own_processes: whether it is in a process namespace, where it can name no process but what it starts
    Returns the Protections this put on (user, landlock, seccomp, limits).
    """
    on = Protections()
    on.limits = _limit(limits)
    on.user = _become_nobody(user)
    end_with_parent()  # now, since a change of the user takes it back
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    on.landlock = landlock.restrict(writable)
    on.seccomp = seccomp.restrict(own_processes)
    return on


ROOM_FOR_OTHERS = 448  # for what the user starts meanwhile


def allow_for_others(limits, user_namespace):
    """Raise the limit on processes where the kernel counts those of a submission together with all others of the
    grader's user, notebook servers and other submissions among them. To be called while /proc is seen.

    user_namespace: whether submissions run in one, which is counted by itself from Linux 5.14 on
    """
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    if user_namespace and version and tuple(map(int, version.groups())) >= (5, 14):
        return
    limits.processes += _tasks_of_this_user() + ROOM_FOR_OTHERS


def _tasks_of_this_user():
    """How many processes and threads this process's user has."""
    number = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if folder.stat().st_uid == os.getuid():
                number += len(os.listdir(folder / "task"))
    return number


def _limit(limits):
    rows = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_AS, 2 * limits.memory),  # shared mappings are not counted as data
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_MEMLOCK, 1 << 20),
    )
    try:
        for what, bound in rows:
            hard = resource.getrlimit(what)[1]
            bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(what, (bound, bound))
    except (OSError, ValueError):
        return False
    return True


def _become_nobody(user):
    """An unprivileged user without capabilities. A grader that is no root stays the user it is, who is unprivileged."""
    try:
        if user is not None:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            try:
                os.setresuid(user, user, user)
            except OSError:  # a container may not have so many users
                os.setresuid(NOBODY, NOBODY, NOBODY)
        _drop_capabilities()
    except OSError:
        return False
    return True


def _drop_capabilities():
    header = struct.pack("<II", 0x20080522, 0)
    call(libc.capset(header, bytes(24)), "capset")
