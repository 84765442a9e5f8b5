"""The student's process: runs cells in IPython, and drives answers in throw-away copies of itself.

Nothing here is trusted by the grader once a student's code has run.
"""

import base64
import builtins
import contextlib
import os
import signal
import sys
import time

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course.grading.sandbox import messages
from helpers.checks.drive import compile_probe, drive
from helpers.checks.values import from_json, to_json


class Outputs:
    """The outputs of one cell in the notebook format, at most `cap` bytes of them."""

    def __init__(self):
        self.clear(0)

    def clear(self, cap):
        self.items, self.left, self.cut = [], cap, False

    def add(self, item, size):
        if size > self.left:
            self.cut = True
            return
        self.left -= size
        self.items.append(item)

    def stream(self, name, text):
        if not text:
            return
        room = max(self.left, 0)
        data = text.encode("utf-8", "replace")
        if len(data) > room:
            self.cut = True
            text, data = data[:room].decode("utf-8", "ignore"), data[:room]
        self.left -= len(data)
        if self.items and self.items[-1]["output_type"] == "stream" and self.items[-1]["name"] == name:
            self.items[-1]["text"] += text
        elif text:
            self.items.append({"output_type": "stream", "name": name, "text": text})


OUTPUTS = Outputs()
TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
ANSWERS = {}  # as they were when their checks were reached


class Stream:
    """Stands in for sys.stdout and sys.stderr."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name):
        self.name = name

    def write(self, text):
        OUTPUTS.stream(self.name, str(text))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def fileno(self):
        return {"stdout": 1, "stderr": 2}[self.name]


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **_):
        _bundle("display_data", data, metadata)

    def clear_output(self, wait=False):
        OUTPUTS.items.clear()


class Hook(DisplayHook):
    def __call__(self, result=None):
        if result is None or self.quiet():
            return
        self.update_user_ns(result)
        data, metadata = self.compute_format_data(result)
        _bundle("execute_result", data, metadata, execution_count=self.shell.execution_count)


class Shell(InteractiveShell):
    display_pub_class = Publisher
    displayhook_class = Hook

    def _showtraceback(self, etype, evalue, stb):
        name, value = getattr(etype, "__name__", str(etype)), str(evalue)
        OUTPUTS.items.append(
            {
                "output_type": "error",
                "ename": name,
                "evalue": value[:4000],
                "traceback": [str(s)[:20000] for s in stb][:60],
            }
        )

    def enable_gui(self, gui=None):
        """There are no windows here; figures are shown inline."""

    def system_piped(self, cmd):
        import subprocess

        done = subprocess.run(
            cmd, shell=True, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
        OUTPUTS.stream("stdout", done.stdout)
        OUTPUTS.stream("stderr", done.stderr)
        self.user_ns["_exit_code"] = done.returncode

    system = system_piped


def _bundle(kind, data, metadata, **more):
    shown = {}
    for mime, value in data.items():
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode("ascii")
        if isinstance(value, str):
            shown[str(mime)] = value
    size = sum(map(len, shown.values()))
    OUTPUTS.add({"output_type": kind, "data": shown, "metadata": {}, **more}, size)


def warm_shell():
    """The one IPython shell, made before any fork."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config)
    shell.ask_exit = lambda: None  # quit() in a notebook must not end the run
    shell.run_line_magic("matplotlib", "inline")
    return shell


def serve(channel, shell, protections):
    """Put the submission's own files in place, then answer the grader's requests until it hangs up."""
    for name, text in messages.receive(channel)["files"].items():
        _write(name, text)
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    builtins.input = _no_input
    messages.send(channel, {"protections": protections})
    while True:
        try:
            request = messages.receive(channel)
        except messages.Broken:
            os._exit(0)
        if request["kind"] == "run":
            _run(channel, shell, request)
        elif request["kind"] == "drive here":
            _drive_here(channel, shell, request)
        else:
            _drive_in_copy(channel, shell, request)


def _write(name, text):
    with contextlib.suppress(OSError):  # no room, or a name that this file system does not take: graded without it
        folder = os.path.dirname(name)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(name, "wb") as file:
            file.write(base64.b64decode(text))


def _no_input(prompt=""):
    raise EOFError("input() has nobody to ask while a notebook is graded")


def _run(channel, shell, request):
    OUTPUTS.clear(request["cap"])
    start = time.process_time()
    try:
        result = shell.run_cell(request["code"], store_history=True)
        failed = not result.success
    except BaseException as problem:  # whatever gets out of IPython is this cell's error, and the next cell's chance
        failed = True
        OUTPUTS.items.append({"output_type": "error", "ename": type(problem).__name__, "evalue": "", "traceback": []})
    if failed and not any(item["output_type"] == "error" for item in OUTPUTS.items):
        OUTPUTS.items.append({"output_type": "error", "ename": "Error", "evalue": "the cell failed", "traceback": []})
    for timer in TIMERS:  # an alarm that a cell set for itself is no business of the cells and checks after it
        signal.setitimer(timer, 0)
    seconds = time.process_time() - start
    messages.send(
        channel,
        {"nonce": request["nonce"], "outputs": OUTPUTS.items, "cut": OUTPUTS.cut, "failed": failed, "seconds": seconds},
    )


def _drive_here(channel, shell, request):
    """Drive an answer on the cases that students know, and remember it as it is now for the hidden ones."""
    (order,) = request["orders"]
    ANSWERS[order["name"]] = shell.user_ns.get(order["name"])
    try:
        outcomes = _drive(ANSWERS[order["name"]], order)
    except BaseException as problem:  # the grader's interrupt, or whatever else gets out of an answer
        outcomes = [{"error": type(problem).__name__, "text": str(problem)[:200]}] * len(order["cases"])
    messages.send(channel, {"nonce": request["nonce"], "outcomes": [outcomes]})


def _drive_in_copy(channel, shell, request):
    """Drive answers in a forked copy, so that no later cell sees the inputs or what the answers did to the process."""
    pid = _fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        OUTPUTS.clear(0)
        for source in request["prelude"]:
            exec(compile(source, "<reference>", "exec"), shell.user_ns)
        answers = ANSWERS if request["remembered"] else shell.user_ns
        outcomes = [_drive(answers.get(order["name"]), order) for order in request["orders"]]
        messages.send(channel, {"nonce": request["nonce"], "outcomes": outcomes})
    finally:
        os._exit(0)


def _fork(tries=40):
    """As os.fork(); waits a moment where another submission of the same user has taken all processes, until it is
    ended."""
    for _ in range(tries):
        try:
            return os.fork()
        except BlockingIOError:
            time.sleep(0.05)
    return os.fork()


def _drive(answer, order):
    if not callable(answer):
        return None
    probe = compile_probe(order["probe"])
    outcomes = []
    for inputs in order["cases"]:
        outcome = drive(answer, tuple(from_json(v) for v in inputs), probe)
        row = outcome.to_json()
        row |= {"line": outcome.line, "printed": outcome.printed, "missing": outcome.missing}
        outcomes.append(row | {"after": list(map(to_json, outcome.after))})
        if outcome.missing:
            break
    return outcomes
