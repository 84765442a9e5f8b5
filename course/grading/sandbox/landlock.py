"""Landlock (Linux 5.13), by system call: there is no well-kept library for it."""

import ctypes
import os
import struct
import sys

from course.grading.sandbox.folders import DEVICES, readable_folders
from course.grading.sandbox.system import libc

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_READ = (1 << 0) | (1 << 2) | (1 << 3)  # execute, read a file, read a folder
_FILE = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15)  # what a rule for a single file may grant


def landlock_version():
    """The Landlock version the kernel offers; 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1), 0)


def restrict(writable):
    """From here on only the system is read and the writable folders are written. False where that is not possible."""
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
    handle = libc.syscall(_CREATE, rules, ctypes.c_size_t(len(rules)), 0)
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
    done = libc.syscall(_RESTRICT, handle, 0) == 0
    os.close(handle)
    return done


def _allow(handle, path, access):
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        access &= _FILE
    libc.syscall(_ADD, handle, 1, struct.pack("<Qi", access, folder), 0)
    os.close(folder)
