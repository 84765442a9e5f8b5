"""seccomp, by libseccomp: system calls that no exercise needs are refused."""

import contextlib
import os
from functools import lru_cache

from course.grading.sandbox.system import PR_SET_PDEATHSIG

FORBIDDEN_CALLS = (
    "ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2", "pivot_root", "chroot", "unshare",
    "setns", "keyctl", "add_key", "request_key", "bpf", "perf_event_open", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "userfaultfd", "kexec_load", "kexec_file_load", "init_module", "finit_module",
    "delete_module", "open_by_handle_at", "name_to_handle_at", "fanotify_init", "swapon", "swapoff", "reboot",
    "settimeofday", "clock_settime", "sethostname", "setdomainname", "acct", "quotactl", "personality",
    "move_mount", "fsopen", "fsconfig", "fsmount", "open_tree", "mount_setattr", "pidfd_getfd", "kcmp",
    "lookup_dcookie", "iopl", "ioperm", "mknod", "mknodat", "memfd_create", "memfd_secret", "shmget", "msgget",
    "mq_open", "socket",
    "setsid", "setpgid",  # all that a submission starts stays in one group: ended at a stroke, and sharing its time
)  # fmt: skip
# further ones where a process can name those of others, which the same user may signal, slow down and bound,
REACHING_CALLS = (
    "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal", "setpriority", "ioprio_set",
    "sched_setscheduler", "sched_setparam", "sched_setattr",
    # and files' data that Landlock does not guard
    "truncate", "utime", "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr", "fsetxattr", "removexattr",
    "lremovexattr", "fremovexattr",
)  # fmt: skip
SIGNALS_ABOUT_FILES = (("fcntl", 8), ("fcntl", 15), ("ioctl", 0x8901), ("ioctl", 0x8902))  # F_SETOWN and the like


@lru_cache(maxsize=1)
def policy():
    """What no student's process may ask of the kernel; None where libseccomp is not there. Made once, before forks."""
    try:
        import pyseccomp

        rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
        _refuse_all(rules, FORBIDDEN_CALLS)
        _refuse(rules, "prctl", _equals(0, PR_SET_PDEATHSIG))
    except Exception:  # whatever libseccomp says, the answer is the same: it is not on
        return None
    return rules


def restrict(own_processes):
    """Put the policy on. False where that is not possible.

    own_processes: whether this process is in namespaces; else it is also kept from reaching others' processes and files
    """
    try:
        rules = policy()
        if not own_processes:
            _reach_no_other(rules)
        rules.load()
    except Exception:  # as above, and where there is no policy
        return False
    return True


def _reach_no_other(rules):
    from pyseccomp import GT, NE, Arg

    _refuse_all(rules, REACHING_CALLS)
    for name in ("kill", "tgkill"):
        _refuse(rules, name, Arg(0, NE, os.getpid()))
    for name in ("prlimit64", "sched_setaffinity"):
        _refuse(rules, name, Arg(0, GT, 0))  # 0 means itself
    for name, request in SIGNALS_ABOUT_FILES:
        _refuse(rules, name, _equals(1, request))


def _refuse_all(rules, names):
    for name in names:
        with contextlib.suppress(Exception):  # a call this kernel or machine does not have
            _refuse(rules, name)


def _refuse(rules, name, *conditions):
    from pyseccomp import ERRNO

    rules.add_rule(ERRNO(1), name, *conditions)


def _equals(place, number):
    """An argument is a number, whatever stands in the upper half of its register: the kernel does not look there."""
    from pyseccomp import MASKED_EQ, Arg

    return Arg(place, MASKED_EQ, 0xFFFFFFFF, number)
