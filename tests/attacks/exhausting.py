"""Too much of everything: output, memory, processes, time, files; and signals and rights beyond a student's."""

from attack import Attack
from forged_replies import SEND

ALONE = "it would take memory, processes or time from everything else on the machine"
LOOP = "import itertools\nall(itertools.repeat(True))  # no signal gets in here"

ATTACKS = [
    Attack(
        "endless_output",
        "prints without an end, on both streams",
        start=("import sys\nwhile True:\n    print('x' * 10**6)\n    print('y' * 10**6, file=sys.stderr)",),
        danger=ALONE,
    ),
    Attack(
        "huge_displays",
        "displays hundreds of megabytes of text, tables and tracebacks",
        start=(
            "from IPython.display import HTML\nfor _ in range(40): display(HTML('x' * 10**7))\ndisplay('z' * 10**8)",
            "for _ in range(200):\n    try: exec('x' * 10**5)\n    except Exception: get_ipython().showtraceback()",
        ),
        danger=ALONE,
    ),
    Attack(
        "huge_forged_outputs",
        "sends outputs of many megabytes a cell past the limit on output",
        start=(
            SEND
            + """
def fill(message):
    if "outputs" in message:
        message["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 15_000_000}]
        message["cut"] = False
    return message
forge(fill)
""",
            *["1"] * 20,
        ),
    ),
    Attack(
        "memory",
        "asks for memory until there is none",
        start=("held = []\nwhile True: held.append(bytearray(50_000_000))",),
        answer="def NAME(*inputs, **named):\n    return np.ones(10**10)",
        danger=ALONE,
    ),
    Attack(
        "shared_memory",
        "fills memory that is not counted as its own: shared mappings, memory files, message queues",
        start=(
            """
import mmap, os
held = []
for _ in range(20):
    try:
        held.append(mmap.mmap(-1, 2**30))  # shared
        held[-1][:2**20] = bytes(2**20)
    except (OSError, MemoryError): break
for _ in range(20):
    try:
        file = os.memfd_create("x")
        os.write(file, bytes(2**25)); held.append(file)
    except (OSError, MemoryError): break
print("descent-held:", len(held))
""",
        ),
        danger=ALONE,
    ),
    Attack(
        "fork_bomb",
        "doubles its processes without an end, which are still there while the next student is graded",
        start=("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",),
        danger=ALONE,
    ),
    Attack(
        "thread_bomb",
        "starts threads without an end",
        start=(
            "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()",
        ),
        danger=ALONE,
    ),
    Attack(
        "endless_loop",
        "loops in a cell and in an answer",
        start=("while True: pass",),
        answers={"climb": "def climb(*inputs):\n    while True: pass"},
        honest=("forward_difference",),
    ),
    Attack("native_endless_loop", "loops inside C code, where no interrupt arrives", start=(LOOP,)),
    Attack(
        "interrupts_ignored",
        "ignores and catches every interrupt, and loops",
        start=(
            """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException: pass
""",
        ),
    ),
    Attack(
        "many_endless_cells",
        "hands in sixty cells that each loop until they are stopped",
        start=("while True: pass",) * 60,
        danger="plain nbgrader would wait for each of them",
    ),
    Attack(
        "sleeps_in_every_call",
        "sleeps in every answer",
        answer="def NAME(*inputs, **named):\n    import time\n    time.sleep(1000)",
        danger="plain nbgrader would wait for each of them",
    ),
    Attack(
        "hard_exits",
        "ends its process in cells and in answers, by every way there is",
        start=(
            "import os\nos._exit(0)",
            "quit()",
            "import sys\nsys.exit(0)",
            "import os\nos.abort()",
            "import ctypes\nctypes.string_at(0)",
        ),
        answer="def NAME(*inputs, **named):\n    import os\n    os._exit(0)",
        honest=("forward_difference", "climb"),
    ),
    Attack(
        "signals_to_all",
        "sends signals to itself, its parent, its group and every process there is",
        start=(
            """
import os, signal
for target in (os.getppid(), -1, 0, 1, -os.getpgrp()):
    for name in ("SIGSTOP", "SIGTERM", "SIGKILL"):
        if target != os.getpid():
            try: os.kill(target, getattr(signal, name))
            except OSError: pass
""",
            "signal.alarm(1); signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
            "os.kill(os.getpid(), signal.SIGSTOP)",
        ),
        honest=("forward_difference",),
        danger="it kills whatever its user may kill, the grader and this test among them",
    ),
    Attack(
        "limits_raised",
        "raises its own limits and its priority",
        start=(
            """
import os, resource
refused = 0
for name in ("RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_NPROC", "RLIMIT_CPU", "RLIMIT_FSIZE"):
    try: resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
    except (OSError, ValueError): refused += 1
try: os.nice(-20)
except OSError: refused += 1
another = 0 if os.getuid() else 1  # in a namespace of its own a user may be called 0, and has no rights by that
for call in (lambda: os.setuid(another), lambda: os.setgroups([0]), lambda: os.chroot("/")):
    try: call()
    except OSError: refused += 1
print("descent-refused:", refused)
""",
        ),
    ),
    Attack(
        "debugger",
        "attaches to other processes and uses system calls that no exercise needs",
        start=(
            """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
done = []
for target in (os.getppid(), 1):
    if libc.ptrace(16, target, 0, 0) == 0: done.append(f"attached to {target}"); libc.ptrace(17, target, 0, 0)
if libc.unshare(0x10000000) == 0: done.append("unshare")
if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0: done.append("mount")
print("descent-done:", done)
""",
        ),
        danger="it may change the mounts of the machine",
    ),
    Attack(
        "network",
        "connects and listens, by every family of sockets",
        start=(
            """
import socket
done = []
for family, address in ((socket.AF_INET, ("127.0.0.1", 9)), (socket.AF_INET6, ("::1", 9)), (socket.AF_INET, ("1.1.1.1", 53))):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            s = socket.socket(family, kind); s.settimeout(0.2); done.append("socket"); s.connect(address); s.send(b"x")
            done.append(address)
        except OSError: pass
try: s = socket.socket(); s.bind(("0.0.0.0", 0)); s.listen(); done.append("listen")
except OSError: pass
print("descent-done:", done)
""",
        ),
    ),
    Attack(
        "disk_filled",
        "writes files until there is no room, and sparse ones of terabytes",
        start=(
            """
import os
written = 0
for i in range(100_000):
    try:
        with open(f"file-{i}", "wb") as file: written += file.write(bytes(5_000_000))
    except OSError: break
try:
    with open("sparse", "wb") as file: file.truncate(2**42)
except OSError: pass
for folder in ("/tmp", "/var/tmp", "/dev/shm"):
    try: open(f"{folder}/descent-attack-fill", "wb").write(bytes(10**6))
    except OSError: pass
""",
        ),
        danger="it fills the disk",
    ),
    Attack(
        "hard_to_parse",
        "hands in source that takes a parser's memory, depth and time: it is read by the grader too",
        start=(
            "x = " + "-" * 50_000 + "1",
            "x = " + "(" * 150 + "1" + ")" * 150,
            "def deep():\n    return " + "+".join(["1"] * 20_000),
            "\n".join("a = !true" for _ in range(600)),
            "x = [" * 90 + "]" * 90 + "\n" + "y = 1\n" * 2_000,
        ),
        answer="def NAME(*inputs, **named):\n    return " + "+".join(["climb"] * 3_000),
    ),
    Attack(
        "regular_expression",
        "prints and raises text on which careless regular expressions never end",
        start=("print('a' * 50_000 + '!' + ' ' * 50_000 + '.')\n'1' * 100_000", "raise ValueError('(' * 50_000)"),
    ),
    Attack(
        "recursion",
        "recurses without an end, in Python and below it",
        start=("import sys\nsys.setrecursionlimit(10**9)\ndef again(): return again()\nagain()",),
        answer="def NAME(*inputs, **named):\n    return NAME(*inputs)",
    ),
]
