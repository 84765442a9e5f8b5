"""Plain nbgrader against one attack, in a throw-away copy of the course that cannot hurt this machine."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arena import Arena, attacker, honest_after
from attack import UNIT

OWN_LINES = "# Grading: notebooks run in confined processes"
SHORT = "\nc.ExecutePreprocessor.timeout = 30\n"
SECONDS, LONG = 600, 120  # when to give up, and what is worth a word
# everything but the copy is read-only, processes and network are its own, and root's rights are given up
CONFINED = """
set -e
mount --make-rprivate /
mount -t tmpfs -o size=512m tmpfs /dev/shm
mount --bind "$COPY" "$COPY"
mount -t tmpfs -o size=512m tmpfs /tmp
mount -o remount,bind,ro /
ip link set lo up
ulimit -v 8000000 -f 4000000 -c 0
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""


class Stock:
    """Courses of plain nbgrader, one for each attack, made from one copy."""

    def __init__(self, folder):
        self.folder = Path(tempfile.mkdtemp(dir=folder, prefix="stock-"))
        self.arena = Arena(self.folder / "made", [])
        config = self.arena.root / "nbgrader_config.py"
        config.write_text(config.read_text(encoding="utf-8").split(OWN_LINES)[0] + SHORT, encoding="utf-8")
        shutil.rmtree(self.arena.root / "submitted")

    def fight(self, number, attack):
        """(marks of the attack, marks of the honest student graded after it, seconds); None where there are no marks."""
        home = self.folder / f"{number:03d}"
        shutil.copytree(self.arena.course.home, home, symlinks=True)
        arena = self.arena.moved(home)
        arena.hand_in(number, attack)
        arena.hand_in_honest(honest_after(number))
        namespaces = ("--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child", "--mount-proc")
        command = ["unshare", *namespaces, "bash", "-c", CONFINED, "bash", sys.executable, "-m", "nbgrader"]
        environment = {**arena.course.environment, "COPY": str(home), "TMPDIR": str(home)}
        start = time.monotonic()
        with open(home / "log.txt", "w") as log:
            process = subprocess.Popen(
                [*command, "autograde", UNIT],
                cwd=arena.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()  # and with it everything in its namespace
                process.wait()
        seconds = time.monotonic() - start
        marks = arena.course.marks(UNIT)
        shutil.rmtree(home, ignore_errors=True)
        return marks.get(attacker(number, attack)), marks.get(honest_after(number)), seconds


def possible():
    return os.geteuid() == 0 and all(map(shutil.which, ("unshare", "setpriv", "ip")))
