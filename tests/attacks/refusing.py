"""Run a command on a machine that refuses some system calls, as containers and some systems do:

python refusing.py mount,unshare COMMAND...
"""

import os
import sys

import pyseccomp


def refusing(*names):
    """What to put before a command that is to be refused these system calls."""
    return [sys.executable, __file__, ",".join(names)]


def refuse(names):
    """This process and all it starts are refused these system calls from here on."""
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    for name in names:
        rules.add_rule(pyseccomp.ERRNO(1), name)
    rules.load()


if __name__ == "__main__":
    refuse(sys.argv[1].split(","))
    os.execvp(sys.argv[2], sys.argv[2:])
