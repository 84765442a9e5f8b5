"""The warm process: everything imported once, then forked for every submission. It never runs a student's code itself,
and it never holds a reference or a hidden case.

Run as `python -m course.grading.warm FD`, with a socket to the grader as file descriptor FD.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
from dataclasses import asdict

from course.grading import confine

FIRST_USER = 1 << 30

# what nearly every notebook does first and what loads modules on first use: a figure, a report, an error
WARMING = (
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], label='a'); plt.title('t'); plt.legend(); plt.show()",
    "plt.loglog([0.1, 1], [1, 2]); plt.title('$x^2$'); plt.grid(); plt.show()",
    "from IPython.display import display\ndisplay(1)",
    "1 / 0",
    "import asyncio\nawait asyncio.sleep(0)",
)


def main(descriptor):
    control = socket.socket(fileno=descriptor)
    settings = json.loads(os.environ.pop("DESCENT_WARM"))
    limits = confine.Limits(**settings["limits"])
    shell = _import_everything(settings["imports"])
    real_root = os.getuid() == 0
    _first_to_go()
    network = root = False
    if settings["namespaces"]:
        network, root = confine.enter_own_root(confine.readable_folders(), settings["folder"])
    control.send(b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        if not message:
            return
        _reap()
        if os.fork() == 0:
            control.close()
            _one_submission(*descriptors, json.loads(message), shell, limits, (network, root, real_root))
        for each in descriptors:
            os.close(each)


def _first_to_go():
    """Where memory runs out, the system ends these processes before the grader or anything else."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _reap():
    """Bury the processes of earlier submissions."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _import_everything(names):
    import importlib

    from course.grading.session import warm_shell

    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as problem:
            print(f"grading: {name} is not there to be imported beforehand ({problem})", file=sys.stderr)
    from matplotlib import font_manager

    font_manager.findfont("DejaVu Sans")  # reads the list of fonts once, for all
    shell = warm_shell()
    for cell in WARMING:
        shell.run_cell(cell)
    shell.reset()
    return shell


def _one_submission(channel, control, settings, shell, limits, offered):
    """Between the grader and the student's process: ends it on request, and when the grader is gone."""
    network, root, real_root = offered
    # a user of its own for each: the limit on processes counts those of a user, and one submission must not use up
    # another's
    user = FIRST_USER + os.getpid() if real_root else None
    processes = confine.own_processes_and_folder(limits) if root else False
    if not processes:
        confine.adopt_orphans()
    child = os.fork()
    if child == 0:
        os.close(control)
        _student(channel, shell, limits, settings, (network, root, processes, user))
    os.close(channel)
    handle = os.pidfd_open(child)
    with socket.socket(fileno=control) as commands:
        while True:
            ready, _, _ = select.select([commands, handle], [], [])
            if handle in ready:
                os.waitpid(child, 0)
                _end_orphans()
                os._exit(0)
            order = commands.recv(1)
            signal.pidfd_send_signal(handle, signal.SIGINT if order == b"i" else signal.SIGKILL)


def _end_orphans():
    """Where a submission has no process namespace: end what it started, which this process adopts."""
    while True:
        with contextlib.suppress(OSError), open(f"/proc/self/task/{os.getpid()}/children") as children:
            for pid in children.read().split():
                os.kill(int(pid), signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _student(channel, shell, limits, settings, offered):
    from course.grading.session import serve

    network, root, processes, user = offered
    folder = confine.WORK if processes else settings["folder"]
    os.setpgid(0, 0)
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.chdir(folder)
    sys.path[:] = [path for path in sys.path if path not in ("", ".")] + [folder]  # never before a real module
    sys.argv = [""]
    os.environ.update({"HOME": folder, "TMPDIR": folder, "MPLCONFIGDIR": folder, "IPYTHONDIR": folder})
    on = confine.drop_rights(limits, confine.scratch_folders() if processes else [folder], user)
    on.network, on.root, on.processes = network, root, processes
    signal.signal(signal.SIGINT, signal.default_int_handler)
    serve(socket.socket(fileno=channel), shell, asdict(on))


if __name__ == "__main__":
    main(int(sys.argv[1]))
