"""The C library, for system calls that Python has no function for."""

import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def call(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def end_with_parent():
    """This process is killed when its parent ends."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans():
    """From here on, processes below this one whose parent has ended become this one's children."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
