"""The rights that a student's process gives up. Each protection is used where the machine has it; `Protections` says
which are on."""

import os
import re
import resource
import struct
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from course.grading.sandbox import folders, landlock, seccomp
from course.grading.sandbox.system import end_with_parent, libc

NOBODY = 65534
PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS = 8, 38
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1 << 1, 1 << 2


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


def drop_rights(ground, writable, user):
    """Give up every right that a student's code must not have, in the process that will run it, before it does.

    ground: the warm process's Ground
    writable: folders it may write to   user: the number of the user to become, which takes root; None for no other
    Returns the Protections this put on (user, landlock, seccomp, limits).
    """
    own_root = ground.processes is not None
    on = Protections()
    on.limits = _limit(ground.limits)
    on.user = _become_nobody(user) and _keep_capabilities(ground.reads)
    end_with_parent()  # now, since a change of the user takes it back
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    on.landlock = landlock.restrict(writable)
    on.seccomp = seccomp.restrict(own_root)
    if ground.reads and not (on.landlock and on.seccomp):
        on.user &= _keep_capabilities(0)
    return on


def to_read_python():
    """The capability that a submission needs to read Python and the helpers, where a user of its own may not go there,
    as in root's home folder; 0 for none. Landlock and seccomp hold back what else it would allow."""
    closed = [path for path in folders.readable_folders() if not _open_to_all(path)]
    if not closed:
        return 0
    if landlock.landlock_version() >= 3 and seccomp.policy():  # before that, files could be cut off
        for one in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):  # containers have the latter
            if _permitted() & one:
                return one
    print(f"grading: student code may not read {closed[0]}; put it where every user may read it", file=sys.stderr)
    return 0


def _open_to_all(path):
    path = Path(path)
    folders_on_the_way = [path, *path.parents] if path.is_dir() else path.parents
    return path.stat().st_mode & 0o004 and all(step.stat().st_mode & 0o001 for step in folders_on_the_way)


def _permitted():
    """The capabilities this process may have."""
    (line,) = (row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("CapPrm:"))
    return int(line.split()[1], 16)


ROOM_FOR_OTHERS = 448  # for what the user starts meanwhile


def counted_with_others(user_namespace):
    """Whether the kernel counts a submission's processes together with all others of the grader's user.

    user_namespace: whether submissions run in one, which is counted by itself from Linux 5.14 on
    """
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return not (user_namespace and version and tuple(map(int, version.groups())) >= (5, 14))


def processes_with_others(limits):
    """The limit on processes where they are counted with others, notebook servers and other submissions among them."""
    tasks = (row for row in map(_status, _processes()) if row and row.user == os.getuid())
    return limits.processes + ROOM_FOR_OTHERS + sum(row.tasks for row in tasks)


def tasks_of_group(group):
    """How many processes and threads a process group has. To be called where /proc is seen."""
    return sum(row.tasks for row in map(_status, _processes()) if row and row.group == group)


@dataclass(frozen=True)
class _Status:
    user: int
    group: int
    tasks: int


def _processes():
    return (name for name in os.listdir("/proc") if name.isdigit())


def _status(process):
    """The _Status of a process; None where it has ended meanwhile."""
    try:
        user = os.stat(f"/proc/{process}").st_uid
        with open(f"/proc/{process}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()  # the name before it may hold anything
    except OSError:
        return None
    return _Status(user, int(fields[2]), int(fields[17]))


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
    """An unprivileged user, who may keep capabilities. A grader that is no root stays the user it is, who is
    unprivileged."""
    try:
        if user is not None:
            libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            try:
                os.setresuid(user, user, user)
            except OSError:  # a container may not have so many users
                os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return False
    return True


def _keep_capabilities(kept):
    header = struct.pack("<II", 0x20080522, 0)
    return libc.capset(header, struct.pack("<6I", kept, kept, 0, 0, 0, 0)) == 0
