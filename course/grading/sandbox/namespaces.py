"""Namespaces (Linux): processes, network and a file system of their own for students' code."""

import contextlib
import os
import tempfile
from pathlib import Path

from course.grading.sandbox.folders import DEVICES, SYSTEM, WORK, scratch_folders
from course.grading.sandbox.system import call, end_with_parent, libc

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2


def unshare(flags):
    call(libc.unshare(flags), "unshare")


def _mount(source, target, kind=None, flags=0, data=None):
    encode = lambda text: None if text is None else os.fsencode(text)  # noqa: E731
    call(libc.mount(encode(source), encode(target), encode(kind), flags, encode(data)), f"mount {target}")


def possible(readable, folder):
    """Whether this process can have all of the namespaces here, found out in a child that tries. Some systems give the
    namespaces and then refuse what makes them useful, as Ubuntu's AppArmor does with mounts.

    readable, folder: as for `enter_own_root`
    """
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            _unshare_with_user(CLONE_NEWPID)
            _, root = enter_own_root(readable, folder)
            os._exit(0 if root else 1)
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def enter_own_processes():
    """Go on as the first process of a process namespace of its own, in a child of this process, which waits for the
    child and ends with it: whatever is started from here on ends with this process.
    """
    _unshare_with_user(CLONE_NEWPID)
    child = os.fork()
    if child:
        os.closerange(3, 1024)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255)
    end_with_parent()


def _unshare_with_user(flags):
    """Unshare; a user who is no root needs a user namespace for it, and is root in that."""
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        unshare(flags)
        return
    unshare(flags | CLONE_NEWUSER)
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")


def enter_own_root(readable, folder):
    """Give this process (which runs no student's code yet) namespaces and a root file system of its own.

    readable: folders that stay visible, read-only, at their own paths   folder: where the new root is put together
    Returns (network, root): whether each was possible.
    """
    try:
        _unshare_with_user(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
    except OSError:
        return False, False
    try:
        _new_root(readable, folder)
    except OSError:
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
    call(libc.pivot_root(b".", b"old"), "pivot_root")
    os.chdir("/")
    call(libc.umount2(b"/old", MNT_DETACH), "umount")
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


class ProcessNamespaces:
    """Forks children into process namespaces of their own. To be made after `enter_own_processes`, and before the
    process loses sight of /proc."""

    def __init__(self):
        self.own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self):
        """As os.fork(), but that all the child starts ends with it. Every second one would fail without the way back:
        a process may leave its own namespace for its children only once."""
        unshare(CLONE_NEWPID)
        child = os.fork()
        if child:
            call(libc.setns(self.own, CLONE_NEWPID), "setns")
        else:
            os.close(self.own)
        return child


def own_folder(limits):
    """An empty folder in memory for one submission, and /tmp likewise. Raises OSError where it cannot be had."""
    unshare(CLONE_NEWNS | CLONE_NEWIPC)
    for folder in scratch_folders():
        _mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, f"size={limits.disk},mode=777,nr_inodes=4096")
