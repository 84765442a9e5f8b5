"""What is left running, or left behind to run later, once a submission is over."""

from attack import MARK, Attack

ATTACKS = [
    Attack(
        "double_fork",
        "forks twice, starts a session of its own and stays, ready to write later",
        start=(
            f"""
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sh", ["sh", "-c", "sleep 300; touch /tmp/descent-attack-later # {MARK}"])
    os._exit(0)
""",
        ),
    ),
    Attack(
        "background_processes",
        "starts programs in the background by every way there is: subprocess, nohup, setsid, cell magics",
        start=(
            f"import subprocess\nfor line in ('nohup sh -c \"sleep 300 # {MARK}\" &', 'setsid sh -c \"sleep 300 # {MARK}\" &'):\n"
            "    subprocess.Popen(line, shell=True, start_new_session=True, stdin=subprocess.DEVNULL,\n"
            "                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)",
            f"get_ipython().system('(sh -c \"sleep 300 # {MARK}\" >/dev/null 2>&1 &)')",
        ),
    ),
    Attack(
        "threads_rewrite_answers",
        "runs threads that go on replacing its answers after they were checked",
        start=(
            """
import threading, time
def turn():
    while True:
        for name in list(globals()):
            if name in ("climb", "tangent_line", "chain_rule"): globals()[name] = check
        time.sleep(0.01)
for _ in range(4): threading.Thread(target=turn, daemon=True).start()
""",
        ),
        honest=("forward_difference", "symbolic_derivative"),
    ),
    Attack(
        "exit_handlers",
        "registers atexit handlers, finalizers and signal handlers that write and sleep",
        start=(
            """
import atexit, os, signal, time, weakref
def last(*a):
    try: open("/tmp/descent-attack-at-exit", "w").write("here")
    except OSError: pass
    time.sleep(60)
atexit.register(last)
class Last:
    __del__ = last
kept = Last()
for name in ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGINT"): signal.signal(getattr(signal, name), last)
""",
        ),
        danger="plain nbgrader waits a minute for a kernel that does not go",
    ),
    Attack(
        "right_only_at_first",
        "answers the first cases by the solution and the others by something else, by counting its calls",
        answer="""
calls = globals().setdefault("calls", {})
def NAME(*inputs, **named):
    from helpers.checks import spec
    calls["NAME"] = calls.get("NAME", 0) + 1
    cases = spec.load("NAME").cases
    return cases[(calls["NAME"] - 1) % len(cases)].expected.value
""".strip(),
    ),
]
