"""The grader's side of a student's process: starts it, asks it, bounds it in time, and ends it."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field

from course.errors import CourseError
from course.grading.sandbox import messages
from course.grading.sandbox.rights import Limits
from helpers.checks.values import to_json

IMPORTS = (
    "numpy",
    "sympy",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib_inline.backend_inline",
    "helpers",
    "helpers.plots",
    "helpers.guessing",
    "ipywidgets",
    "pyseccomp",
)
OUTPUT_CAP = 1 << 20
GRACE = 1.0


@dataclass(frozen=True)
class CellRun:
    """What came of a cell: its outputs, and whether it failed, ran out of time, or ended the process."""

    outputs: list = field(default_factory=list)
    failed: bool = False
    late: bool = False
    died: bool = False
    cut: bool = False


class Warm:
    """A process with everything imported, from which every submission is forked.

    namespaces: use them where the machine allows it
    """

    def __init__(self, limits=None, imports=IMPORTS, namespaces=True):
        if not hasattr(os, "fork") or not sys.platform.startswith("linux"):
            raise CourseError("this system cannot fork and confine processes; nbgrader's own executor is used instead")
        self.limits, self.imports, self.namespaces = limits or Limits(), imports, namespaces
        self.folder = tempfile.mkdtemp(prefix="descent-grading-")
        self._start()

    def _start(self):
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        single = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
        keep = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "CONDA_PREFIX")
        settings = {"limits": asdict(self.limits), "imports": list(self.imports), "namespaces": self.namespaces}
        settings["folder"] = self.folder
        environment = {k: v for k, v in os.environ.items() if k in keep} | single
        environment |= {
            "DESCENT_WARM": json.dumps(settings),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "MPLCONFIGDIR": self.folder,
            "HOME": self.folder,
            "NBGRADER_EXECUTION": "autograde",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course.grading.sandbox.warm", str(its.fileno())],
            pass_fds=[its.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        its.close()
        self.control = mine
        if self.control.recv(16) != b"ready":
            raise CourseError("the grading process could not start; its error stands above")

    def session(self, files=None):
        if self.process.poll() is not None:  # ended from outside, as for want of memory
            self.control.close()
            self._start()
        return Session(self, files or {})

    def close(self):
        self.control.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Session:
    """One student's process."""

    def __init__(self, warm, files):
        self.channel, its_channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.control, its_control = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.folder = tempfile.mkdtemp(dir=warm.folder)
        os.chmod(self.folder, 0o777)
        self.alive = True
        order = json.dumps({"folder": self.folder}).encode()
        with its_channel, its_control:
            socket.send_fds(warm.control, [order], [its_channel.fileno(), its_control.fileno()])
        try:
            messages.send(self.channel, {"files": files}, time.monotonic() + 30)
            self.protections = messages.receive(self.channel, time.monotonic() + 30)["protections"]
        except (messages.Broken, messages.TooLate, OSError):
            self.close()
            raise CourseError("a grading process could not be started") from None

    def run(self, code, seconds, cap=OUTPUT_CAP):
        """Run a cell's code. A cell that takes too long is interrupted; if that does not help, its process is ended."""
        request = {"kind": "run", "code": code, "cap": cap, "nonce": secrets.token_hex(8)}
        reply, late = self._ask(request, seconds, interrupt=True)
        if reply is None:
            return CellRun(late=late, died=True, failed=True)
        outputs, cut = _within(cap, reply.get("outputs"))
        return CellRun(outputs, bool(reply.get("failed")) or late, late, cut=cut or bool(reply.get("cut")))

    def drive_here(self, spec, seconds):
        """What an answer gives for every case of a spec, in the process itself; only for cases that students know.

        Returns (Outcomes, or None where there is no such function; whether it ran out of time).
        Raises TooLate or Broken where the process is gone.
        """
        outcomes, late = self._outcomes({"kind": "drive here"}, [spec], seconds, interrupt=True)
        return outcomes[0], late

    def drive_in_copy(self, specs, seconds, prelude=(), remembered=False):
        """What answers give for every case of their specs, in a throw-away copy of the process: a list like `specs`.

        prelude: sources to define first   remembered: the answers as they were when `drive_here` met them
        """
        request = {"kind": "drive in copy", "prelude": list(prelude), "remembered": remembered}
        return self._outcomes(request, specs, seconds, interrupt=False)[0]

    def _outcomes(self, request, specs, seconds, interrupt):
        request["orders"] = [
            {"name": s.name, "probe": s.probe, "cases": [[to_json(v) for v in case.inputs] for case in s.cases]}
            for s in specs
        ]
        request["nonce"] = secrets.token_hex(8)
        reply, late = self._ask(request, seconds, interrupt)
        if reply is None:
            raise messages.TooLate if late else messages.Broken("the process ended")
        try:
            rows = reply["outcomes"]
            if len(rows) != len(specs):
                raise messages.Broken("not one answer for each question")
            return [_plain_outcomes(row, spec) for row, spec in zip(rows, specs, strict=True)], late
        except (messages.Broken, KeyError, TypeError):
            self.close()
            raise messages.Broken("a malformed answer") from None

    def _ask(self, request, seconds, interrupt):
        """(reply, late). The reply is None where the process is gone."""
        if not self.alive:
            return None, False
        deadline = time.monotonic() + seconds
        late = False
        try:
            messages.send(self.channel, request, deadline)
            while True:
                try:
                    reply = messages.receive(self.channel, deadline)
                except messages.TooLate:
                    if late or not interrupt:
                        raise
                    late, deadline = True, time.monotonic() + GRACE
                    self.control.send(b"i")
                    continue
                if reply.get("nonce") == request["nonce"]:
                    return reply, late
        except messages.TooLate:
            self.close()
            return None, True
        except (messages.Broken, OSError):
            self.close()
            return None, late

    def close(self):
        """End the process and all it started."""
        if self.alive:
            self.alive = False
            self.control.close()  # the process in between ends the student's
            self.channel.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _plain_outcomes(rows, spec):
    if rows is None:
        return None
    outcomes = [messages.plain_outcome(row) for row in rows]
    if (
        not outcomes
        or len(outcomes) > len(spec.cases)
        or (len(outcomes) < len(spec.cases) and not outcomes[-1].missing)
    ):
        raise messages.Broken("not one outcome a case")
    return outcomes + [outcomes[-1]] * (len(spec.cases) - len(outcomes))


def _within(cap, items):
    """(outputs, whether some were left out): at most `cap` characters, whatever the student's process said of them, and
    one error beyond that."""
    kept, errors = [], 0
    for output in map(_plain_output, items if isinstance(items, list) else []):
        if output is None:
            continue
        errors += output["output_type"] == "error"
        texts = [*output.values(), *output.get("data", {}).values(), *output.get("traceback", [])]
        size = sum(len(text) for text in texts if isinstance(text, str))
        if output["output_type"] != "error" or errors > 1:
            cap -= size
        if cap < 0:
            return kept, True
        kept.append(output)
    return kept, False


MIMES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg")


def _plain_output(item):
    """An output from an untrusted message with only what the notebook format has, or None."""
    if not isinstance(item, dict):
        return None
    kind = item.get("output_type")
    if kind == "stream" and item.get("name") in ("stdout", "stderr") and isinstance(item.get("text"), str):
        return {"output_type": kind, "name": item["name"], "text": messages.writable(item["text"])}
    if kind == "error":
        rows = item.get("traceback")
        return {
            "output_type": kind,
            "ename": messages.writable(str(item.get("ename"))[:200]),
            "evalue": messages.writable(str(item.get("evalue"))[:4000]),
            "traceback": [messages.writable(str(row)[:20000]) for row in rows[:60]] if isinstance(rows, list) else [],
        }
    if kind in ("display_data", "execute_result") and isinstance(item.get("data"), dict):
        data = {m: messages.writable(text) for m, text in item["data"].items() if m in MIMES and isinstance(text, str)}
        out = {"output_type": kind, "data": data, "metadata": {}}
        return out | ({"execution_count": None} if kind == "execute_result" else {})
    return None
