"""Outputs that pretend: praise, partial credit, errors that never show."""

from attack import Attack, checks_of
from nbformat.v4 import new_output

PRAISE = "<b>✓ right, in all 6 cases. 100 of 100 points</b>"


def _handed_in(notebook):
    for cell in checks_of(notebook):
        cell.outputs = [
            new_output("execute_result", data={"text/plain": "100"}, execution_count=1),
            new_output("display_data", data={"text/html": PRAISE}),
        ]
        cell.execution_count = 1


ATTACKS = [
    Attack(
        "number_displayed_first",
        "wraps check so that an execute_result with a number comes before the failing check, which nbgrader reads first",
        start=(
            """
real = check
class Shown:
    def __call__(self, answer):
        get_ipython().displayhook(100)
        get_ipython().displayhook("passed")
        try: real(answer)
        except BaseException: pass
    __getattr__ = lambda self, name: getattr(real, name)
check = Shown()
""",
        ),
    ),
    Attack(
        "displayed_from_the_answer",
        "displays a number as the cell's result from inside the answer",
        answer="def NAME(*inputs, **named):\n    import sys\n    sys.displayhook(100)\n    return 0.0",
    ),
    Attack(
        "praise_printed",
        "prints and displays what a passed check looks like",
        start=(f"from IPython.display import HTML\ndisplay(HTML({PRAISE!r}))\nprint('Score: 27.0 / 27.0')",),
        answer=f"def NAME(*inputs, **named):\n    print({PRAISE!r})\n    return 0.0",
    ),
    Attack("outputs_handed_in", "hands in outputs of checks that passed", edit=_handed_in),
    Attack(
        "error_messages_dropped",
        "patches the kernel's connection so that error messages are never sent",
        start=(
            """
import sys
shell = get_ipython()
kernel = getattr(shell, "kernel", None)
if kernel:
    send = kernel.session.send
    kernel.session.send = lambda stream, kind, *a, **k: None if kind in ("error", "stream") else send(stream, kind, *a, **k)
    shell._showtraceback = lambda *a, **k: None
module = sys.modules.get("course.grading.sandbox.session")
if module:
    class Outputs(list):
        def append(self, item): pass
    module.OUTPUTS.items = Outputs()
    module.Outputs.clear = lambda self, cap: self.__dict__.update(items=Outputs(), left=cap, cut=False)
""",
        ),
    ),
    Attack(
        "reply_says_ok",
        "patches the kernel to answer each execute request with ok and a full score",
        start=(
            """
kernel = getattr(get_ipython(), "kernel", None)
if kernel:
    async def run(code, *a, **k):
        get_ipython().displayhook(100)
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
    kernel.do_execute = run
""",
        ),
    ),
    Attack(
        "streams_closed",
        "closes and replaces sys.stdout and sys.stderr, and the file descriptors below them",
        start=("import os, sys\nsys.stderr = sys.stdout = open(os.devnull, 'w')\nos.close(1); os.close(2)",),
    ),
]
