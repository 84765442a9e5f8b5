"""Finds and reads what students handed in, without following a link out of it."""

import base64
import os
import stat

LARGEST, ALTOGETHER, MOST = 5 * 1024 * 1024, 10 * 1024 * 1024, 1000  # bytes of one file, of all; number of files


def read_regular(path):
    """The bytes of a regular file. Raises OSError for a link or anything else."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{path} is not a regular file")
        return file.read()


def other_files(folder, say):
    """{relative name: base64} of a submission's regular files other than notebooks; links and giants are left out."""
    files, left = {}, ALTOGETHER
    for where, folders, names in os.walk(folder):
        folders[:] = [
            f
            for f in folders
            if not os.path.islink(os.path.join(where, f)) and not f.startswith(".") and not f.endswith(".ipynb")
        ]
        for name in sorted(names):
            path = os.path.join(where, name)
            if len(files) == MOST:
                say(f"{folder} holds more than {MOST} files; the rest is left out")
                return files
            if name.endswith(".ipynb") or name == "timestamp.txt":
                continue
            try:
                size = os.lstat(path).st_size
                if size > min(LARGEST, left):
                    say(f"{path} is too large to be given to the notebook")
                    continue
                data = read_regular(path)
            except OSError as problem:
                say(f"{path} is left out: {problem.strerror or problem}")
                continue
            left -= len(data)
            files[os.path.relpath(path, folder)] = base64.b64encode(data).decode("ascii")
    return files
