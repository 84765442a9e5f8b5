"""Libraries, builtins and the checks themselves, replaced by what says yes."""

from attack import Attack

ATTACKS = [
    Attack(
        "numpy_says_equal",
        "replaces NumPy's comparisons by ones that are always true",
        start=(
            """
import numpy as np
yes = lambda *a, **k: True
for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "isfinite"):
    setattr(np, name, yes)
for name in ("assert_allclose", "assert_array_equal", "assert_equal", "assert_almost_equal"):
    setattr(np.testing, name, lambda *a, **k: None)
""",
        ),
    ),
    Attack(
        "numpy_differences_are_zero",
        "replaces NumPy's abs and argwhere, so that every difference is nothing",
        answer="def NAME(*inputs, **named):\n    return 1.0",
        start=("np.abs = np.absolute = lambda x, *a, **k: np.zeros(np.shape(x))\nnp.argwhere = lambda *a: []",),
    ),
    Attack(
        "builtins_say_yes",
        "replaces all, any, isinstance, zip and len",
        start=(
            "import builtins\nbuiltins.all = lambda *a: True\nbuiltins.any = lambda *a: False",
            "builtins.zip = lambda *a, **k: []\nbuiltins.enumerate = lambda *a: []",
        ),
    ),
    Attack("check_replaced", "defines its own check", start=("check = lambda *a, **k: print('right, in all cases')",)),
    Attack(
        "check_class_patched",
        "makes every call of check do nothing",
        start=("type(check).__call__ = lambda self, answer: None",),
    ),
    Attack(
        "judge_patched",
        "makes the judge find everything right",
        start=(
            """
from helpers.checks import engine, judge
def always(spec, outcomes, *a, **k):
    return judge.Verdict("right", len(spec.cases), len(spec.cases))
judge.judge = engine.judge = always
judge.problem = lambda *a: None
""",
        ),
    ),
    Attack(
        "tolerance_widened",
        "makes the comparison of numbers accept any distance",
        answer="def NAME(*inputs, **named):\n    return 1.0",
        start=(
            """
from helpers.checks import compare, judge
compare.Tolerance.close = lambda self, got, want: np.ones(np.shape(want), bool)
compare.difference = judge.difference = compare._difference = lambda *a, **k: None
""",
        ),
    ),
    Attack(
        "cases_emptied",
        "replaces the loading of cases, so that there are none",
        start=(
            """
from dataclasses import replace
from helpers.checks import engine, spec
load = spec.load
spec.load = lambda name: replace(load(name), cases=(), mistakes=())
engine.specs = spec
""",
        ),
    ),
    Attack(
        "expected_overwritten",
        "changes the expected values of the cases in memory to what it answers",
        start=(
            """
from helpers.checks import spec
names = [c for c in spec.index()["units"]["01_derivatives"]["exercises"]]
for name in names:
    for case in spec.load(name).cases:
        object.__setattr__(case.expected, "value", None)
""",
        ),
    ),
    Attack(
        "hidden_module_faked",
        "puts a module of its own in the place of the hidden checks, and of the visible ones",
        start=(
            """
import sys, types
fake = types.ModuleType("course"); fake.__path__ = []
fake.hidden = types.ModuleType("course.hidden"); fake.hidden.check = lambda answer: None
sys.modules.update({"course": fake, "course.hidden": fake.hidden})
check = fake.hidden.check
""",
        ),
    ),
    Attack(
        "import_hooked",
        "replaces __import__, so that what a check imports is not what it asked for",
        start=(
            """
import builtins
class Yes:
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return None
real = builtins.__import__
builtins.__import__ = lambda name, *a, **k: Yes() if name.startswith("course") else real(name, *a, **k)
check = Yes()
""",
        ),
    ),
    Attack(
        "failure_is_no_failure",
        "turns the exception of a failed check into one that nothing shows",
        start=(
            """
import sys
from helpers.checks import engine
class Silent(BaseException):
    def _render_traceback_(self): return []
engine.CheckFailed = Silent
sys.modules["course.hidden"] = type(sys)("course.hidden"); sys.modules["course.hidden"].check = lambda answer: None
get_ipython().set_custom_exc((Silent,), lambda *a, **k: None)
""",
        ),
    ),
    Attack(
        "tracebacks_swallowed",
        "replaces IPython's showing of errors, so that a failed cell looks like one that passed",
        start=(
            "shell = get_ipython()\nfor name in ('showtraceback', '_showtraceback', 'showsyntaxerror'):\n"
            "    setattr(shell, name, lambda *a, **k: None)",
        ),
    ),
    Attack(
        "trace_jumps_over_the_raise",
        "uses sys.settrace to leave a check before it raises",
        start=(
            """
import sys
def tracer(frame, event, arg):
    if frame.f_code.co_name in ("__call__", "check") and "check" in frame.f_code.co_filename + frame.f_code.co_name:
        frame.f_trace_lines = True
        def local(f, e, a):
            if e == "line":
                try: f.f_lineno = max(n for _, _, n in f.f_code.co_lines() if n)
                except ValueError: pass
            return local
        return local
    return None
sys.settrace(tracer)
""",
        ),
    ),
    Attack(
        "driver_patched",
        "replaces the function that calls an answer by one that gives the expected values of the cases it knows",
        start=(
            """
import sys
from helpers.checks import drive, engine, spec
def knows(answer, inputs, probe=None):
    for case in spec.load(answer.__name__).cases:
        if repr(case.inputs) == repr(inputs):
            return case.expected
    return case.expected
drive.drive = engine.drive = knows
for name in ("course.grading.sandbox.session", "course.hidden"):
    if name in sys.modules:
        sys.modules[name].drive = knows
""",
        ),
    ),
]
