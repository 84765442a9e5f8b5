"""Files beside the notebook: modules that shadow real ones, links, and files that are no files."""

import os

from attack import UNIT, Attack

PASS = "def __getattr__(name):\n    return lambda *a, **k: None\n"
EVIL = "open('/tmp/descent-attack-shadow', 'w').write('ran')\n"


def _links_to_course(folder, root):
    for name, target in (
        ("seed.txt", ".descent/secret-seed"),
        ("book.db", "gradebook.db"),
        ("answers.txt", f"lessons/{UNIT}/lesson.py"),
        ("all", "solutions"),
    ):
        (folder / name).symlink_to(root / target)


def _notebook_is_a_link(folder, root):
    own = folder / f"{UNIT}.ipynb"
    own.unlink()
    own.symlink_to(root / "submitted" / "a-alone" / UNIT / f"{UNIT}.ipynb")


def _hard_links(folder, root):
    os.link(root / "lessons" / UNIT / "lesson.py", folder / "linked.py")
    os.link(root / "nbgrader_config.py", folder / "nbgrader_config.py")


def _named_pipe(folder, root):
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "data.csv")


def _notebook_is_a_folder(folder, root):
    (folder / f"{UNIT}.ipynb").unlink()
    (folder / f"{UNIT}.ipynb").mkdir()
    (folder / f"{UNIT}.ipynb" / "inside.txt").write_text("x")


def _sparse(folder, root):
    with open(folder / "large.bin", "wb") as file:
        file.truncate(2 * 2**30)


READS = "import os, glob\nfor path in glob.glob('*') + glob.glob('all/*'):\n    try: print('descent-hidden:', open(path).read()[:20000])\n    except (OSError, UnicodeDecodeError): pass"

ATTACKS = [
    Attack(
        "numpy_shadowed",
        "hands in a numpy.py, a sympy.py and a random.py that say yes",
        files={"numpy.py": EVIL + PASS, "sympy.py": EVIL + PASS, "random.py": EVIL + PASS},
    ),
    Attack(
        "helpers_shadowed",
        "hands in packages named helpers and course, whose checks do nothing",
        files={
            "helpers/__init__.py": EVIL
            + "class _C:\n    def __call__(self, a): pass\ncheck = data = guess = plots = _C()\n",
            "course/__init__.py": EVIL,
            "course/hidden.py": "def check(answer): pass\n",
        },
    ),
    Attack(
        "start_up_files",
        "hands in files that Python, IPython, Matplotlib, pytest or nbgrader would read on starting",
        files={
            "sitecustomize.py": EVIL,
            "usercustomize.py": EVIL,
            "conftest.py": EVIL,
            "nbgrader_config.py": EVIL,
            "ipython_config.py": "c.InteractiveShellApp.exec_lines = ['check = print']",
            "ipython_kernel_config.py": "c.InteractiveShellApp.exec_lines = ['check = print']",
            ".ipython/profile_default/startup/00.py": EVIL,
            "matplotlibrc": "backend: module://numpy_evil\n",
        },
    ),
    Attack(
        "links_to_the_course",
        "hands in symbolic links to the seed, the gradebook and the solutions, and prints them",
        start=(READS,),
        place=_links_to_course,
    ),
    Attack("notebook_is_a_link", "hands in a link to a neighbour's notebook", place=_notebook_is_a_link),
    Attack(
        "hard_links",
        "hands in hard links to a lesson and to the configuration, and writes to them",
        start=("for name in ('linked.py', 'nbgrader_config.py'):\n    open(name, 'a').write('# descent-attack')",),
        place=_hard_links,
    ),
    Attack("named_pipes", "hands in named pipes, on which a reader waits for ever", place=_named_pipe),
    Attack(
        "notebook_is_a_folder",
        "hands in a folder with the notebook's name",
        place=_notebook_is_a_folder,
        ungraded=True,
    ),
    Attack("sparse_giant", "hands in a file of 2 GB that takes no room until it is copied", place=_sparse),
    Attack(
        "second_notebook",
        "hands in further notebooks, one of them no notebook at all",
        files={"other.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "bad.ipynb": "{"},
    ),
    Attack(
        "unreadable_date",
        "hands in a time of submission that is no time",
        files={"timestamp.txt": "not a time\n"},
        ungraded=True,
    ),
    Attack(
        "many_files",
        "hands in 6,000 small files, more than its folder has room for",
        files={f"many/{i:04d}": "" for i in range(6000)},
    ),
]
