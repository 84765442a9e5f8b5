"""The student's process by itself: what is left of it without namespaces, and what the warm process survives."""

import os
import shutil
import subprocess
import sys
import time

import pytest
from arena import processes
from attack import MARK
from copied_course import REPOSITORY
from refusing import refusing

from course.grading.sandbox.executor import Warm
from course.grading.sandbox.messages import Broken, TooLate, plain_value, receive
from course.grading.sandbox.rights import Limits
from helpers.checks.values import Opaque

STAYS = f"""
import os
if os.fork() == 0:
    try: os.setsid()
    except OSError: pass
    if os.fork() == 0:
        os.execv("/bin/sh", ["sh", "-c", "sleep 300 # {MARK}"])
    os._exit(0)
"""


def running():
    return [line for line in processes("/no/such/course").values() if MARK in line]


def ended():
    """Whether nothing of it runs any more, now or soon."""
    deadline = time.monotonic() + 10
    while running() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not running()


@pytest.mark.parametrize("namespaces", [True, False])
def test_what_a_submission_starts_ends_with_it(namespaces):
    with Warm(namespaces=namespaces) as warm, warm.session() as session:
        run = session.run(STAYS + "import time; time.sleep(0.5)", 10)
        assert not run.failed
        assert running()
        session.close()
        assert ended()


BOMB = """
import os, time
if os.fork() == 0:
    while True:
        try: os.fork()
        except OSError: pass
time.sleep(3)
"""


@pytest.mark.parametrize("namespaces", [True, False])
def test_a_submission_that_goes_on_forking_ends(namespaces, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{REPOSITORY}")
    with Warm(Limits(processes=300), namespaces=namespaces) as warm:
        with warm.session() as session:
            run = session.run(BOMB, 20)
            assert run.died or len(processes(f"{tmp_path}:")) > 5  # where the user is shared, it is ended early
            session.close()
            deadline = time.monotonic() + 30
            while len(processes(f"{tmp_path}:")) > 2 and time.monotonic() < deadline:
                time.sleep(0.1)
            assert len(processes(f"{tmp_path}:")) <= 2  # the warm one, and the one that waits for it
        with warm.session() as session:
            assert session.run("print(6 * 7)", 20).outputs[0]["text"] == "42\n"


def test_an_alarm_that_a_cell_left_does_not_end_what_comes_after_it():
    with Warm(namespaces=False) as warm, warm.session() as session:
        assert not session.run("import signal\nsignal.alarm(1)", 20).failed
        assert not session.run("import time\ntime.sleep(1.5)", 20).died


def test_what_a_submission_starts_ends_with_a_warm_process_that_is_killed():
    clings = "import ctypes\nctypes.CDLL(None).prctl(1, 0)  # no signal when the parent ends"
    with Warm() as warm, warm.session() as session:
        if not session.protections["processes"]:
            pytest.skip("this machine has no process namespaces")
        session.run(clings + STAYS + "import time; time.sleep(0.5)", 10)
        assert running()
        warm.process.kill()
        assert ended()


def test_a_lost_warm_process_is_started_again():
    with Warm() as warm:
        warm.process.kill()
        warm.process.wait()
        with warm.session() as session:
            assert session.run("print(6 * 7)", 20).outputs[0]["text"] == "42\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give every submission a user")
def test_every_submission_runs_as_a_user_of_its_own():
    with Warm() as warm, warm.session() as one, warm.session() as other:
        users = {session.run("import os\nprint(os.getuid())", 20).outputs[0]["text"] for session in (one, other)}
    assert len(users) == 2


REACHES = """
import ctypes, os, time
child = os.fork()
if child == 0:
    time.sleep(60)
libc = ctypes.CDLL(None, use_errno=True)
pipe, _ = os.pipe()
above = 1 << 32  # the kernel does not look at the upper half of these
calls = {
    "kill": (62, child, 9), "kill all": (62, -1, 9), "kill the group": (62, 0, 0), "tgkill": (234, child, child, 9),
    "tkill": (200, child, 9), "prlimit": (302, child, 0, 0, 0), "pidfd": (434, child, 0),
    "owner of signals": (72, pipe, 8, child), "owner, in disguise": (72, pipe, above | 8, child),
    "socket": (41, 2, 2, 0), "socket, in disguise": (41, above | 2, 2, 0), "local socket": (41, 1, 1, 0),
    "no end with the parent, in disguise": (157, above | 1, 0),
}
print([name for name, call in calls.items() if libc.syscall(*map(ctypes.c_long, call)) != -1 or ctypes.get_errno() != 1])
os.kill(os.getpid(), 0)
print("itself")
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="its system calls have these numbers")
def test_without_namespaces_a_submission_reaches_no_process_but_its_own():
    with Warm(namespaces=False) as warm, warm.session() as session:
        assert session.run(REACHES, 20).outputs[0]["text"] == "[]\nitself\n"


BUSY_USER = """
import subprocess
from course.grading.sandbox.executor import Warm
others = [subprocess.Popen(["sleep", "60"]) for _ in range(80)]
with Warm(imports=("pyseccomp",)) as warm:
    for code in ("if os.fork() == 0: os._exit(0)", "while True:\\n    try: os.fork()\\n    except OSError: pass") * 2:
        with warm.session() as session:
            run = session.run("import os\\n" + code + "\\nprint(os.getuid())", 60)
            print(run.died, run.late, [output["text"] for output in run.outputs])
for other in others:
    other.kill()
"""


def test_where_the_user_is_shared_the_graders_other_processes_do_not_count_against_a_submission():
    """And a submission that takes too many is ended, before it takes them from the next."""
    command = [*refusing("unshare"), sys.executable, "-c", BUSY_USER]
    user = os.geteuid() or 61234
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("there is no setpriv to become another user with")
        reads = "+dac_override,+dac_read_search"  # Python itself may be where only root reads
        become = ("setpriv", f"--reuid={user}", "--clear-groups", f"--inh-caps={reads}", f"--ambient-caps={reads}")
        command = [*become, *command]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == [f"False False ['{user}\\n']", "True False []"] * 2


READS = """
import sys
from course.grading.sandbox.executor import Warm
tries = '''
import helpers.data, wave, os
for attempt in (lambda: open(PLACE), lambda: open(PLACE, "r+"), lambda: os.truncate(PLACE, 0), lambda: os.utime(PLACE)):
    try: attempt(); print("allowed")
    except OSError: pass
print(helpers.data.__name__)
'''
with Warm() as warm, warm.session() as session:
    print(session.run(tries.replace("PLACE", repr(sys.argv[1])), 20).outputs)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give every submission a user")
def test_a_user_of_its_own_reads_helpers_in_a_folder_that_is_closed_and_nothing_else(tmp_path):
    for part in ("course", "helpers", "lessons"):
        shutil.copytree(REPOSITORY / part, tmp_path / "closed" / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "closed").chmod(0o700)
    command = [*refusing("unshare"), sys.executable, "-c", READS]
    lesson = tmp_path / "closed" / "lessons" / "glossary.yml"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "closed")}
    for without in ("-sys_admin", "-sys_admin,-dac_read_search"):  # as most containers are
        line = ["setpriv", f"--bounding-set={without}", *command, lesson]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=120)
        assert "'text': 'helpers.data\\n'" in done.stdout, done.stdout + done.stderr


def test_a_request_that_is_not_taken_does_not_wait_for_ever():
    stop = "import sys, time\nsys.modules['course.grading.sandbox.messages'].receive = lambda *a: time.sleep(10**6)"
    with Warm() as warm, warm.session() as session:
        session.run(stop, 20)
        start = time.monotonic()
        run = session.run("# " + "x" * 5_000_000, 1)
        assert run.died
        assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "data",
    [
        {"array": [1, 2], "dtype": "object", "shape": [2]},
        {"array": [[1], [2, 3]], "dtype": "float64", "shape": [2]},
        {"array": [1.0], "dtype": "float64", "shape": [1 << 60]},
        {"function": "np", "takes": "array"},
        {"tuple": 5},
    ],
)
def test_values_that_are_not_plain_are_refused(data):
    with pytest.raises(Broken):
        plain_value(data)


def test_an_integer_beyond_all_floats_and_half_letters_become_harmless():
    assert plain_value(10**400) == Opaque("whole number of more than 300 digits")
    assert plain_value(["\ud800"]) == ["?"]


def test_a_frame_without_an_end_is_too_late():
    import socket

    one, other = socket.socketpair()
    with one, other:
        other.sendall(b"\xff\x00\x00\x00{")
        with pytest.raises(TooLate):
            receive(one, time.monotonic() + 0.1)
