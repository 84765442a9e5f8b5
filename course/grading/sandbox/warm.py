"""The warm process: everything imported once, then forked for every submission. It never runs a student's code itself,
and it never holds a reference or a hidden case.

Run as `python -m course.grading.sandbox.warm FD`, with a socket to the grader as file descriptor FD.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from itertools import count

from course.grading.sandbox import folders, namespaces, rights, seccomp, system

FIRST_USER, USERS = 1 << 30, 256  # numbers of users for this process's children, and how many it takes turns with

# what nearly every notebook does first and what loads modules on first use: a figure, a report, an error
WARMING = (
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], label='a'); plt.title('t'); plt.legend(); plt.show()",
    "plt.loglog([0.1, 1], [1, 2]); plt.title('$x^2$'); plt.grid(); plt.show()",
    "from IPython.display import display\ndisplay(1)",
    "1 / 0",
    "import asyncio\nawait asyncio.sleep(0)",
)


@dataclass
class Ground:
    """What every student's process starts from.

    processes: a ProcessNamespaces to fork it with, None where there are none
    network, root: whether this process has those namespaces
    reads: the capability without which it could not read Python, 0 for none
    """

    shell: object
    limits: rights.Limits
    processes: namespaces.ProcessNamespaces | None
    network: bool
    root: bool
    reads: int


def main(descriptor):
    control = socket.socket(fileno=descriptor)
    settings = json.loads(os.environ.pop("DESCENT_WARM"))
    first_user = FIRST_USER + USERS * os.getpid() if os.getuid() == 0 else None
    limits = rights.Limits(**settings["limits"])
    confined = settings["namespaces"] and namespaces.possible(folders.readable_folders(), settings["folder"])
    most = limits.processes
    if first_user is None and rights.counted_with_others(confined):
        limits.processes = rights.processes_with_others(limits)
    if confined:
        namespaces.enter_own_processes()
    ground = _prepare(settings, limits, confined, own_user=first_user is not None)
    control.send(b"ready")
    students = {}  # {handle of a student's process: descriptor by which its grader gives orders}
    for number in count():
        message, descriptors = _next_submission(control, students)
        if not message:
            return
        channel, commands = descriptors
        # a user of its own for each: the limit on processes counts those of a user, and one submission must not use up
        # another's
        user = None if first_user is None else first_user + number % USERS
        folder = json.loads(message)["folder"]
        if ground.processes is None:
            if os.fork() == 0:
                control.close()
                _between(channel, commands, folder, ground, user, most)
            os.close(commands)
        else:
            child = ground.processes.fork()
            if child == 0:
                control.close()
                for each in (commands, *students, *students.values()):
                    with contextlib.suppress(OSError, TypeError):
                        os.close(each)
                _student(channel, folder, ground, user)
            students[os.pidfd_open(child)] = commands
        os.close(channel)


def _prepare(settings, limits, confined, own_user):
    shell = _import_everything(settings["imports"])
    seccomp.policy()
    _first_to_go()
    processes = namespaces.ProcessNamespaces() if confined else None  # before the new root, which has no /proc
    network = root = False
    if settings["namespaces"]:
        network, root = namespaces.enter_own_root(folders.readable_folders(), settings["folder"])
    if confined and not root:
        sys.exit("grading: a file system of its own was to be had a moment ago, and is not any more")
    reads = rights.to_read_python() if own_user and not confined else 0
    return Ground(shell, limits, processes, network, root, reads)


def _next_submission(control, students):
    """Wait for the next submission. Meanwhile the students' processes are interrupted or ended on request, and ended
    when their grader is gone."""
    while True:
        ready, _, _ = select.select([control, *students, *filter(None, students.values())], [], [])
        for handle, commands in list(students.items()):
            if commands in ready and not _ordered(handle, commands):
                os.close(commands)
                students[handle] = None
            if handle in ready:
                os.close(handle)
                if students.pop(handle):
                    os.close(commands)
        _reap()
        if control in ready:
            message, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
            return message, descriptors


def _ordered(handle, commands):
    """Do what the grader says with a student's process. False where that was its end."""
    order = os.read(commands, 1)
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGINT if order == b"i" else signal.SIGKILL)
    return order == b"i"


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

    from course.grading.sandbox.session import warm_shell

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


def _between(channel, commands, folder, ground, user, most):
    """Where there are no process namespaces: a process between this one and the student's, which adopts all that the
    student's starts and ends it too, and ends it early where it takes more processes than `most` from others."""
    system.adopt_orphans()
    child = os.fork()
    if child == 0:
        os.close(commands)
        _student(channel, folder, ground, user)
    os.close(channel)
    handle = os.pidfd_open(child)
    watched = 0.2 if ground.limits.processes > most else None  # seconds
    while True:
        ready, _, _ = select.select([commands, handle], [], [], watched)
        if handle in ready:
            _end_all(child)
            os._exit(0)
        if commands in ready:
            if not _ordered(handle, commands):
                select.select([handle], [], [])
        elif rights.tasks_of_group(child) > most:
            signal.pidfd_send_signal(handle, signal.SIGKILL)


def _end_all(group):
    """End a process group, at a stroke since its members may go on forking, and whatever else is below this process."""
    with contextlib.suppress(OSError):
        os.killpg(group, signal.SIGKILL)
    while True:
        with contextlib.suppress(OSError), open(f"/proc/self/task/{os.getpid()}/children") as children:
            for pid in children.read().split():
                os.kill(int(pid), signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _student(channel, folder, ground, user):
    from course.grading.sandbox.session import serve

    writable = [folder]
    if ground.processes:
        namespaces.own_folder(ground.limits)
        folder, writable = folders.WORK, folders.scratch_folders()
    os.setsid()  # a group to end, and to Linux's autogroup one that shares the processors' time as a whole
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.chdir(folder)
    sys.path[:] = [path for path in sys.path if path not in ("", ".")] + [folder]  # never before a real module
    sys.argv = [""]
    os.environ.update({"HOME": folder, "TMPDIR": folder, "MPLCONFIGDIR": folder, "IPYTHONDIR": folder})
    on = rights.drop_rights(ground, writable, user)
    on.network, on.root, on.processes = ground.network, ground.root, ground.processes is not None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    serve(socket.socket(fileno=channel), ground.shell, asdict(on))


if __name__ == "__main__":
    main(int(sys.argv[1]))
