"""What this machine offers to confine a process, and how it is put on: namespaces with a root of their own, Landlock,
seccomp, limits, an unprivileged user. Each is used where the machine allows it; `Protections` says which are on."""

import contextlib
import ctypes
import ctypes.util
import os
import resource
import signal
import struct
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

NOBODY = 65534
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
WORK = "/submission"  # the student's folder, inside the new root
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ssl",
    "/opt/conda",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

_libc = ctypes.CDLL(None, use_errno=True)


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


@dataclass
class Limits:
    """Bounds on one submission. memory, file_size and disk in bytes; cpu in seconds, over all its cells."""

    memory: int = 3 * 1024**3
    cpu: int = 300
    file_size: int = 64 * 1024**2
    disk: int = 128 * 1024**2
    processes: int = 64
    files: int = 256


def _call(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags):
    _call(_libc.unshare(flags), "unshare")


def _mount(source, target, kind=None, flags=0, data=None):
    encode = lambda text: None if text is None else os.fsencode(text)  # noqa: E731
    _call(_libc.mount(encode(source), encode(target), encode(kind), flags, encode(data)), f"mount {target}")


def enter_own_root(readable, folder):
    """Give this process (which runs no student's code yet) namespaces and a root file system of its own.

    readable: folders that stay visible, read-only, at their own paths   folder: where the new root is put together
    Returns (network, root): whether each was possible.
    """
    uid, gid = os.getuid(), os.getgid()
    try:
        flags = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
        unshare(flags if uid == 0 else flags | CLONE_NEWUSER)
    except OSError:
        return False, False
    if uid != 0:
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    try:
        _new_root(readable, folder)
    except OSError as problem:
        print(f"grading: no root of its own ({problem})", file=sys.stderr)
        return True, False
    return True, True


def _new_root(readable, folder):
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    root = tempfile.mkdtemp(prefix="root-", dir=folder)
    _mount("tmpfs", root, "tmpfs", MS_NOSUID, "size=16m,mode=755")
    for path in dict.fromkeys([*SYSTEM, *map(str, readable), *DEVICES]):
        place = root + path
        if os.path.islink(path):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            if not os.path.lexists(place):
                os.symlink(os.readlink(path), place)
        elif os.path.isdir(path) or os.path.exists(path):
            _bind(path, place)
    for folder in (WORK, "/tmp"):
        os.makedirs(root + folder, exist_ok=True)
    os.makedirs(root + "/old")
    os.chdir(root)
    _call(_libc.pivot_root(b".", b"old"), "pivot_root")
    os.chdir("/")
    _call(_libc.umount2(b"/old", MNT_DETACH), "umount")
    os.rmdir("/old")
    _mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID)


def _bind(path, place):
    if os.path.isdir(path):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        open(place, "a").close()
    _mount(path, place, None, MS_BIND | MS_REC)
    if not path.startswith("/dev/"):
        with contextlib.suppress(OSError):  # a mount that is locked in a user namespace stays as strict as it was
            _mount(None, place, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def own_processes_and_folder(limits):
    """Namespaces for one submission: processes that end with it, and an empty folder in memory. True where possible."""
    try:
        unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC)
        for folder in scratch_folders():
            _mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, f"size={limits.disk},mode=777,nr_inodes=4096")
    except OSError:
        return False
    return True


def scratch_folders():
    """Where a student's code may write: its own folder, and /tmp unless the course itself lies below that."""
    below = any(path.startswith("/tmp/") for path in readable_folders())
    return [WORK] if below else [WORK, "/tmp"]


def adopt_orphans():
    """From here on, processes below this one whose parent has ended become this one's children."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def drop_rights(limits, writable, user):
    """Give up every right that a student's code must not have, in the process that will run it, before it does.

    writable: folders it may write to   user: the number of the user to become, which takes root; None for no other
    Returns the Protections this put on (user, landlock, seccomp, limits).
    """
    on = Protections()
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    on.limits = _limit(limits)
    on.user = _become_nobody(user)
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    on.landlock = _landlock(writable)
    on.seccomp = _seccomp()
    return on


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
    _call(_libc.capset(header, bytes(24)), "capset")


# --- Landlock (Linux 5.13), by system call: there is no well-kept library for it -----------------------------------

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_READ = (1 << 0) | (1 << 2) | (1 << 3)  # execute, read a file, read a folder
_FILE = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15)  # what a rule for a single file may grant


def landlock_version():
    """The Landlock version the kernel offers; 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1), 0)


def _landlock(writable):
    version = landlock_version()
    if not version:
        return False
    every = (1 << 13) - 1
    every |= (1 << 13 if version >= 2 else 0) | (1 << 14 if version >= 3 else 0) | (1 << 15 if version >= 5 else 0)
    rules = struct.pack("<Q", every)
    if version >= 4:
        rules += struct.pack("<Q", 3)  # no binding and no connecting of TCP sockets
    if version >= 6:
        rules += struct.pack("<Q", 3)  # no abstract sockets or signals out of here
    handle = _libc.syscall(_CREATE, rules, ctypes.c_size_t(len(rules)), 0)
    if handle < 0:
        return False
    for path in readable_folders():
        _allow(handle, path, _READ)
    for path in DEVICES:
        _allow(handle, path, (_READ | 2) & every)
    for path in writable:
        _allow(
            handle, path, every & ~(1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12)
        )  # no devices, sockets, pipes, links
    done = _libc.syscall(_RESTRICT, handle, 0) == 0
    os.close(handle)
    return done


def _allow(handle, path, access):
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        access &= _FILE
    _libc.syscall(_ADD, handle, 1, struct.pack("<Qi", access, folder), 0)
    os.close(folder)


def readable_folders():
    """What a student's process may read: the system's libraries, Python, and the helpers; nothing of the course."""
    import helpers

    own = [Path(helpers.__file__).parent, Path(sys.prefix), Path(sys.base_prefix)]
    return [path for path in dict.fromkeys([*SYSTEM, *map(str, own)]) if os.path.exists(path)]


# --- seccomp, by libseccomp ----------------------------------------------------------------------------------------

FORBIDDEN_CALLS = (
    "ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2", "pivot_root", "chroot", "unshare",
    "setns", "keyctl", "add_key", "request_key", "bpf", "perf_event_open", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "userfaultfd", "kexec_load", "kexec_file_load", "init_module", "finit_module",
    "delete_module", "open_by_handle_at", "name_to_handle_at", "fanotify_init", "swapon", "swapoff", "reboot",
    "settimeofday", "clock_settime", "sethostname", "setdomainname", "acct", "quotactl", "personality",
    "move_mount", "fsopen", "fsconfig", "fsmount", "open_tree", "mount_setattr", "pidfd_getfd", "kcmp",
    "lookup_dcookie", "iopl", "ioperm", "mknod", "mknodat", "memfd_create", "memfd_secret", "shmget", "msgget",
    "mq_open",
)  # fmt: skip


def _seccomp():
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):
        return False
    try:
        policy = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
        refuse = pyseccomp.ERRNO(1)
        for name in FORBIDDEN_CALLS:
            with contextlib.suppress(Exception):  # a call this kernel or machine does not have
                policy.add_rule(refuse, name)
        for family in (2, 10, 16, 17):  # IPv4, IPv6, netlink, packet
            policy.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
        policy.load()
    except Exception:  # whatever libseccomp says, the answer is the same: it is not on
        return False
    return True
