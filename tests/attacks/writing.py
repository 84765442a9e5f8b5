"""Attempts to change what is kept: gradebook, configuration, sources, graded notebooks, files of the machine."""

from attack import PLACES, Attack

ATTACKS = [
    Attack(
        "gradebook_edited",
        "opens the gradebook as SQLite and gives itself and takes from others",
        start=(
            PLACES
            + """
import sqlite3
for root in roots:
    for path in glob.glob(f"{root}/gradebook.db"):
        try:
            with sqlite3.connect(path, timeout=0.2) as db:
                db.execute("update grade set auto_score = 0, manual_score = 0")
                db.execute("update base_cell set name = name"); db.execute("update grade_cell set max_score = 1")
        except sqlite3.Error: pass
""",
        ),
    ),
    Attack(
        "gradebook_by_its_interface",
        "uses nbgrader's own interface to the gradebook",
        start=(
            PLACES
            + """
try:
    from nbgrader.api import Gradebook
    for root in roots:
        if os.path.exists(f"{root}/gradebook.db"):
            with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
                for submission in book.assignment_submissions("01_derivatives"):
                    for notebook in submission.notebooks:
                        for grade in notebook.grades: grade.manual_score, grade.needs_manual_grade = 0, False
                book.db.commit()
except Exception: pass
""",
        ),
    ),
    Attack(
        "configuration_edited",
        "appends to nbgrader's configuration, to the helpers' checks and to the source notebook",
        start=(
            PLACES
            + """
for root in roots:
    for name in ("nbgrader_config.py", "helpers/checks/engine.py", "course/hidden.py", "lessons/01_derivatives/checks.py"):
        path = os.path.join(root, name)
        if os.path.exists(path):
            try:
                with open(path, "a") as file: file.write("\\n# descent-attack\\n")
            except OSError: pass
import helpers.checks.engine as engine
try: open(engine.__file__, "a").write("\\n# descent-attack\\n")
except OSError: pass
""",
        ),
    ),
    Attack(
        "neighbours_overwritten",
        "overwrites and deletes other students' submissions, graded notebooks and feedback",
        start=(
            PLACES
            + """
for root in roots:
    for folder in ("submitted", "autograded", "feedback", "release"):
        for path in glob.glob(f"{root}/{folder}/*/*/*") + glob.glob(f"{root}/{folder}/*/*"):
            if os.path.isfile(path) and os.path.abspath(".") not in os.path.abspath(path):
                try: open(path, "w").write("descent-attack")
                except OSError: pass
""",
        ),
    ),
    Attack(
        "machine_written",
        "writes where programs of this machine would find it: /tmp, the home folder, Python's folders, start-up files",
        start=(
            """
import os, site, sys
homes = [os.path.expanduser("~"), "/root", "/tmp", "/var/tmp", "/dev/shm", "/usr/lib", sys.prefix, *site.getsitepackages()]
for folder in homes:
    for name in ("descent-attack.pth", "sitecustomize.py", ".bashrc"):
        try: open(os.path.join(folder, name), "a").write("import descent_attack")
        except OSError: pass
try: open("/tmp/descent-attack-canary", "w").write("changed")
except OSError: pass
""",
        ),
    ),
]
