"""seccomp, by libseccomp: system calls that no exercise needs are refused."""

import contextlib
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
    "mq_open",
)  # fmt: skip


@lru_cache(maxsize=1)
def policy():
    """What no student's process may ask of the kernel; None where libseccomp is not there. Made once, before forks."""
    try:
        import pyseccomp

        rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
        refuse = pyseccomp.ERRNO(1)
        for name in FORBIDDEN_CALLS:
            with contextlib.suppress(Exception):  # a call this kernel or machine does not have
                rules.add_rule(refuse, name)
        for family in (2, 10, 16, 17):  # IPv4, IPv6, netlink, packet
            rules.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
        rules.add_rule(refuse, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, PR_SET_PDEATHSIG))
    except Exception:  # whatever libseccomp says, the answer is the same: it is not on
        return None
    return rules


def restrict():
    """Put the policy on. False where that is not possible."""
    try:
        policy().load()
    except Exception:  # as above, and where there is no policy
        return False
    return True
