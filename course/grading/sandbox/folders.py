"""What a student's process may see, and where it may write."""

import os
import sys
from pathlib import Path

WORK = "/submission"  # the student's folder, in a file system of its own
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/opt/conda",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def readable_folders():
    """What a student's process may read: the system's libraries, Python, and the helpers; nothing of the course."""
    import helpers

    own = [Path(helpers.__file__).parent, Path(sys.prefix), Path(sys.base_prefix)]
    return [path for path in dict.fromkeys([*SYSTEM, *map(str, own)]) if os.path.exists(path)]


def scratch_folders():
    """Where a student's code may write: its own folder, and /tmp unless the course itself lies below that."""
    below = any(path.startswith("/tmp/") for path in readable_folders())
    return [WORK] if below else [WORK, "/tmp"]
