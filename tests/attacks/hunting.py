"""The search for what a student must not see: references, hidden cases, seeds, other people's work, the gradebook."""

from attack import HIDDEN, PLACES, Attack

SHOW = f"""
def show(*found):
    print({HIDDEN!r}, *found)
"""
# keeps every input an answer is called with, in the process and in a file beside it
KEEPS = f"""{SHOW}
kept = []
def keep(inputs):
    text = "; ".join(getattr(i, "source", None) or repr(i) for i in inputs)
    kept.append(text)
    try:
        with open("kept.txt", "a") as file: file.write(text + "\\n")
    except OSError: pass
"""
SHOW_KEPT = """
try: show(open("kept.txt").read())
except OSError: pass
show(kept)
"""
# wrong in the first exercises and right but for them in these, which has the grader try references in this process
ON_EARLIER = {
    "central_difference": "def central_difference(f, x, h=1e-5):\n    return 0.5",
    "tangent_line": (
        "def tangent_line(f, x0):\n    keep((f, x0))\n    slope = central_difference(f, x0)\n"
        "    return slope, f(x0) - slope * x0 + 1e-3"
    ),
    "difference_errors": (
        "def difference_errors(f, exact, x, hs):\n    keep((f, exact, x, hs))\n    return central_difference(f, x)"
    ),
    "partial_derivative": (
        "def partial_derivative(f, x, i, h=1e-5):\n    keep((f, x, i))\n    return central_difference(f, x)"
    ),
}

ATTACKS = [
    Attack(
        "frames_of_callers",
        "walks up the frames from inside an answer for anything called expected, and answers with it",
        answer="""
def NAME(*inputs, **named):
    import sys
    frame = sys._getframe(1)
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if hasattr(value, "expected"):
                return value.expected.value
            for case in getattr(value, "cases", ()) or ():
                if repr(case.inputs) == repr(inputs):
                    return case.expected.value
        frame = frame.f_back
    return None
""".strip(),
    ),
    Attack(
        "garbage_collector",
        "asks the garbage collector for all cases in memory, and answers with what they expect",
        answer="""
def NAME(*inputs, **named):
    import gc
    for thing in gc.get_objects():
        if type(thing).__name__ == "Case" and repr(thing.inputs) == repr(inputs):
            return thing.expected.value
    return None
""".strip(),
    ),
    Attack(
        "visible_cases_looked_up",
        "answers the cases that students have from their own check data",
        answer="""
def NAME(*inputs, **named):
    from helpers.checks import spec
    for case in spec.load("NAME").cases:
        if repr(case.inputs) == repr(inputs):
            return case.expected.value
    return None
""".strip(),
    ),
    Attack(
        "hidden_spec_looked_up",
        "imports the course's hidden checks and answers from them",
        answer="""
def NAME(*inputs, **named):
    import glob, os, sys
    from helpers.checks import spec
    sys.path.append(os.environ.get("PYTHONPATH", ""))
    specs = [spec.load]
    try:
        from course.hidden import hidden_spec
        specs.append(hidden_spec)
    except Exception: pass
    for load in specs:
        for case in load("NAME").cases:
            if repr(case.inputs) == repr(inputs):
                return case.expected.value
    return None
""".strip(),
    ),
    Attack(
        "solutions_imported",
        "takes the published solutions from the course's folder and runs them",
        start=(
            PLACES
            + """
import ast, json
found = {}
for root in roots:
    for path in glob.glob(f"{root}/solutions/*.ipynb") + glob.glob(f"{root}/source/*/*.ipynb"):
        try: cells = json.load(open(path))["cells"]
        except Exception: continue
        for cell in cells:
            source = "".join(cell["source"])
            if cell.get("cell_type") == "code" and source.startswith("def ") and "NotImplementedError" not in source:
                found[source[4:].split("(")[0]] = source
""",
        ),
        answer="""
if "NAME" in found: exec(found["NAME"])
else: NAME = lambda *a, **k: None
""".strip(),
    ),
    Attack(
        "rescue_called",
        "asks the helpers for the published solutions, as a learner may while studying",
        start=(
            PLACES + "for root in roots:\n    try: os.chdir(root)\n    except OSError: pass\n    else: break\n"
            'check.study("01_derivatives")\ncheck._unit = "01_derivatives"',
        ),
        answer='try: check.rescue("NAME")\nexcept Exception: NAME = lambda *a, **k: None',
    ),
    Attack(
        "files_of_the_course",
        "prints every file of the course that it can open: lessons, source, seed, gradebook, configuration",
        start=(
            PLACES
            + SHOW
            + """
for root in roots:
    for pattern in (".descent/*", "lessons/01*/*", "source/01*/*", "submitted/*/*/*", "gradebook.db", "nbgrader_config.py"):
        for path in glob.glob(os.path.join(root, pattern)):
            try: show(path, open(path, "rb").read(20000).decode("utf-8", "replace"))
            except OSError: pass
""",
        ),
    ),
    Attack(
        "neighbours_copied",
        "copies its answers from other students' submissions",
        start=(
            PLACES
            + """
import json
found = {}
for root in roots:
    for path in glob.glob(f"{root}/submitted/*/*/*.ipynb") + glob.glob(f"{root}/autograded/*/*/*.ipynb"):
        try: cells = json.load(open(path))["cells"]
        except Exception: continue
        for cell in cells:
            source = "".join(cell["source"])
            if source.startswith("def ") and "*inputs" not in source and len(source) > 80:
                found[source[4:].split("(")[0]] = source
""",
        ),
        answer="""
if "NAME" in found: exec(found["NAME"])
else: NAME = lambda *a, **k: None
""".strip(),
    ),
    Attack(
        "process_memory",
        "reads the memory, environment and open files of every process it can name",
        start=(
            SHOW
            + """
import glob, os, re
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try: show(path, open(path).read().replace("\\0", " ")[:2000])
    except OSError: pass
for pid in ("self", os.getppid(), 1):
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
            for line in maps:
                low, high = (int(n, 16) for n in line.split()[0].split("-"))
                if "rw" in line and high - low < 2**26:
                    memory.seek(low)
                    for text in re.findall(rb"secret-seed.{0,80}", memory.read(high - low))[:3]: show(text)
    except (OSError, ValueError): pass
""",
        ),
    ),
    Attack(
        "inherited_descriptors",
        "reads and lists everything behind the file descriptors it inherited",
        start=(
            SHOW
            + """
import os, socket
for number in range(3, 256):
    try: kind = os.fstat(number).st_mode & 0o170000
    except OSError: continue
    try:
        if kind == 0o100000: show(number, os.pread(number, 4000, 0))
        if kind == 0o040000: show(number, os.listdir(number))
    except OSError: pass
""",
        ),
    ),
    Attack(
        "environment_printed",
        "prints the environment, the arguments, the module path and the history",
        start=(
            SHOW
            + """
import os, sys
show({k: v for k, v in os.environ.items() if "SEED" in k or "DESCENT" in k or "TOKEN" in k}, sys.argv)
show([c for c in globals().get("In", [])], list(get_ipython().history_manager.get_range())[:50])
""",
        ),
    ),
    Attack(
        "hidden_inputs_kept",
        "keeps the inputs of hidden cases while its answers are tried with references, and prints them in a later cell",
        start=(KEEPS,),
        end=(SHOW_KEPT,),
        answers=ON_EARLIER,
    ),
    Attack(
        "fork_replaced",
        "replaces os.fork, so that hidden cases and references come into the process whose output is shown",
        start=(
            KEEPS
            + """
import builtins, os
real_compile = builtins.compile
def compile_kept(source, *a, **k):
    keep((str(source),))
    return real_compile(source, *a, **k)
os.fork = lambda: 0
os._exit = lambda code: None
try:
    import sys
    sys.modules["course.grading.sandbox.session"].compile = compile_kept
except KeyError: pass
""",
        ),
        end=(SHOW_KEPT,),
        answers=ON_EARLIER,
        danger="a kernel without fork waits for ever",
    ),
    Attack(
        "hidden_inputs_in_a_reply",
        "is right on the shown cases, then sends the hidden inputs back as the text of an error on a shown one",
        start=(
            """
import sys
messages = sys.modules.get("course.grading.sandbox.messages")
HIDDEN_MARK = "descent-hidden:"
asked = []
if messages:
    receive, send = messages.receive, messages.send
    def hear(*a):
        message = receive(*a)
        asked.append(message)
        return message
    def tell(channel, message):
        if "outcomes" in message and asked[-1]["kind"] != "drive here":
            orders = asked[-1]["orders"]
            text = HIDDEN_MARK + str([order["cases"] for order in orders])
            message["outcomes"] = [[{"error": "E", "text": text[i * 450:(i + 1) * 450], "printed": text, "line": text}
                                    for i in range(len(order["cases"]))] for order in orders]
        send(channel, message)
    messages.receive, messages.send = hear, tell
""",
        ),
        answer="""
def NAME(*inputs, **named):
    from helpers.checks import spec
    for case in spec.load("NAME").cases:
        if repr(case.inputs) == repr(inputs):
            return case.expected.value
    return None
""".strip(),
    ),
    Attack(
        "errors_quote_inputs",
        "is right on the shown cases and raises an error that quotes its inputs on others",
        answer=f"""
def NAME(*inputs, **named):
    from helpers.checks import spec
    for case in spec.load("NAME").cases:
        if repr(case.inputs) == repr(inputs):
            return case.expected.value
    text = {HIDDEN!r} + "; ".join(getattr(i, "source", None) or repr(i) for i in inputs)
    print(text)
    display(text)
    raise ValueError(text)
""".strip(),
    ),
    Attack(
        "table_of_remembered_inputs",
        "remembers its inputs from one call to the next and from a file, and answers from the table so far",
        start=(
            """
table = {}
def remembered(name, inputs):
    from helpers.checks import spec
    key = (name, repr(inputs))
    for case in spec.load(name).cases:
        table[name, repr(case.inputs)] = case.expected.value
    values = [v for (n, _), v in table.items() if n == name]
    return table.setdefault(key, values[len(table) % len(values)])
""",
        ),
        answer='def NAME(*inputs, **named):\n    return remembered("NAME", inputs)',
    ),
    Attack(
        "inputs_changed",
        "changes the arrays and functions it is given, so that its answer becomes the right one for them",
        answer="""
def NAME(*inputs, **named):
    for value in inputs:
        if isinstance(value, np.ndarray):
            value[...] = 0
        if hasattr(value, "_call"):
            value._call = lambda x: 0.0
            value.source = "lambda x: 0.0"
    return 0.0
""".strip(),
    ),
]
