"""What `check` looks after in a notebook besides verdicts: calls without an end, and cells Python could not read."""

import _thread
import ast
import contextlib
import re
import sys
import threading

from helpers.checks import spec as specs

LONGEST = 30  # seconds for all cases of an exercise, which take a fraction of one


@contextlib.contextmanager
def stopped_after(seconds):
    """Interrupt the block, as the notebook's stop button would, where it takes longer than `seconds`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    clock = threading.Timer(seconds, _thread.interrupt_main)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


class Unread:
    """Stands for an exercise whose cell could not be read, so that no older version of it answers in its place.

    number, text: the line where Python gave up   problem: what Python says about it
    """

    def __init__(self, name, error):
        self.name, self.number, self.problem = name, error.lineno or 1, error.msg
        self.text = (error.text or "").rstrip()

    def __call__(self, *inputs, **named):
        raise NameError(f"the cell of {self.name} could not be read; mend its line {self.number} and run it again")


def watch_cells():
    """From now on a cell that cannot be read leaves an Unread for each exercise in it."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and note_unread not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", note_unread)


def note_unread(result):
    if not isinstance(result.error_before_exec, SyntaxError):
        return
    source, error = result.info.raw_cell, result.error_before_exec
    if error.msg == "incomplete input":  # IPython's words for a bracket left open; Python's own are better
        try:
            ast.parse(source)
        except SyntaxError as plainer:
            error = plainer
    names = re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE)
    space = sys.modules["IPython"].get_ipython().user_ns
    space.update({name: Unread(name, error) for name in names if specs.unit_of(name)})
