"""Honest accidents that befall a right notebook, and what an instructor would wish each to cost.

Each is a function that changes a notebook (or gives the text of the file instead); `accident` says which exercises are
lost by it and what the report has to say.
"""

import json
from dataclasses import dataclass, field

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

ACCIDENTS = {}
ANSWER, CHECK, OTHER = "tangent_line", "check_tangent_line", "central_difference"  # no other exercise calls the first


@dataclass(frozen=True)
class Accident:
    """lost: exercises without points   note: what the report says, "" for nothing   files: what lies beside it
    readable: whether there is a notebook to grade at all   by_nbgrader: whether nbgrader itself can open it
    """

    change: object
    lost: tuple = ()
    note: str = ""
    files: dict = field(default_factory=dict)
    readable: bool = True
    by_nbgrader: bool = True

    def text(self, notebook):
        changed = self.change(notebook)
        return nbformat.writes(notebook) if changed is None else changed


def accident(**expected):
    def declare(change):
        ACCIDENTS[change.__name__] = Accident(change, **expected)
        return change

    return declare


def place(notebook, name):
    return next(i for i, cell in enumerate(notebook.cells) if cell.id == name)


def before(notebook, name, source):
    notebook.cells.insert(place(notebook, name), new_code_cell(source))


def copied(cell, identity):
    copy = nbformat.from_dict(json.loads(json.dumps(cell)))
    copy.id = identity
    return copy


@accident(note="was copied; the last one counts")
def copied_check(nb):
    nb.cells.insert(place(nb, CHECK), copied(nb.cells[place(nb, CHECK)], "another"))


@accident(note="was copied; the last one counts")
def copied_answer(nb):
    nb.cells.insert(place(nb, ANSWER), copied(nb.cells[place(nb, ANSWER)], "another"))


@accident(note="was copied; the last one counts")
def copied_answer_with_an_older_try_above(nb):
    older = copied(nb.cells[place(nb, ANSWER)], "older")
    older.source = f"def {ANSWER}(f, x0):\n    return 0.0"
    nb.cells.insert(place(nb, ANSWER), older)


@accident()
def copied_with_the_same_cell_id(nb):
    copy = copied(nb.cells[0], nb.cells[0].id)
    nb.cells.insert(1, copy)


@accident(note="was missing; it was added back")
def deleted_check(nb):
    del nb.cells[place(nb, CHECK)]


@accident(lost=(ANSWER,))
def deleted_answer(nb):
    del nb.cells[place(nb, ANSWER)]


@accident()
def deleted_prose(nb):
    nb.cells = [cell for cell in nb.cells if cell.cell_type == "code"]


@accident(note="stood above its answer")
def check_moved_above_its_answer(nb):
    nb.cells.insert(place(nb, ANSWER), nb.cells.pop(place(nb, CHECK)))


@accident()
def checks_moved_to_the_end(nb):
    checks = [cell for cell in nb.cells if cell.id.startswith("check_")]
    nb.cells = [cell for cell in nb.cells if not cell.id.startswith("check_")] + checks


@accident(note="is not in the assignment")
def renamed_check(nb):
    nb.cells[place(nb, CHECK)].metadata.nbgrader.grade_id = "my check"


@accident(note="is not in the assignment")
def renamed_answer(nb):
    nb.cells[place(nb, ANSWER)].metadata.nbgrader.grade_id = "my answer"


@accident(note="was missing or renamed; it was recognised")
def lost_metadata(nb):
    for name in (ANSWER, CHECK):
        del nb.cells[place(nb, name)].metadata["nbgrader"]


@accident()
def split_answer(nb):
    where = place(nb, ANSWER)
    nb.cells.insert(where, new_code_cell("step = 1e-5\n\n\ndef slope_at(f, x):\n    return central_difference(f, x)"))
    nb.cells[where + 1].source = f"def {ANSWER}(f, x0):\n    s = slope_at(f, x0)\n    return s, f(x0) - s * x0"


@accident()
def answer_written_in_another_cell(nb):
    answer = nb.cells[place(nb, ANSWER)].source
    nb.cells[place(nb, ANSWER)].source = ""
    before(nb, CHECK, answer)


@accident()
def two_answers_in_one_cell(nb):
    answer = nb.cells[place(nb, ANSWER)]
    answer.source, rest = "pass", answer.source
    nb.cells[place(nb, OTHER)].source += "\n\n\n" + rest


@accident(note="is locked and was changed")
def changed_check(nb):
    nb.cells[place(nb, CHECK)].source = f"# I am done\ncheck({ANSWER})\nprint('ok')"


@accident()
def changed_points(nb):
    nb.cells[place(nb, CHECK)].metadata.nbgrader.points = 100


@accident(note="it is code again")
def check_made_markdown(nb):
    cell = nb.cells[place(nb, CHECK)]
    nb.cells[place(nb, CHECK)] = new_markdown_cell(cell.source, metadata=cell.metadata, id=cell.id)


@accident(note="it is code again")
def answer_made_markdown(nb):
    cell = nb.cells[place(nb, ANSWER)]
    nb.cells[place(nb, ANSWER)] = new_markdown_cell(cell.source, metadata=cell.metadata, id=cell.id)


@accident()
def another_kernel_name(nb):
    nb.metadata.kernelspec = {"name": "my-env", "display_name": "my env", "language": "python"}


@accident()
def no_kernel_name(nb):
    del nb.metadata["kernelspec"]


@accident()
def metadata_of_schema_2(nb):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 2


@accident()
def metadata_of_schema_1(nb):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 1
            cell.metadata.nbgrader.pop("task", None)


@accident()
def metadata_of_a_schema_to_come(nb):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99


@accident()
def outputs_left_in(nb):
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count = 3
            cell.outputs = [
                new_output("stream", name="stderr", text="an old warning"),
                new_output("error", ename="ValueError", evalue="old", traceback=["old"]),
            ]


@accident()
def outputs_of_a_broken_kind(nb):
    data = json.loads(nbformat.writes(nb))
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "no such kind"}]
    return json.dumps(data)


@accident()
def quits(nb):
    before(nb, CHECK, "quit()")


@accident()
def exits(nb):
    before(nb, CHECK, "import sys\nsys.exit()")


@accident(note="ended the process")
def exits_hard(nb):
    before(nb, CHECK, "import os\nos._exit(1)")


@accident()
def asks_for_input(nb):
    before(nb, CHECK, "name = input('Your name? ')")


@accident(note="was stopped after")
def never_ends(nb):
    before(nb, CHECK, "while True:\n    pass")


@accident()
def magics(nb):
    before(nb, CHECK, "%matplotlib inline\n%timeit -n1 -r1 sum(range(10))\n!echo hello\n%pip --version")


@accident()
def cell_magic(nb):
    before(nb, CHECK, "%%time\ntotal = sum(range(10))")


@accident()
def unknown_magic(nb):
    before(nb, CHECK, "%no_such_magic")


@accident()
def top_level_await(nb):
    before(nb, CHECK, "import asyncio\nawait asyncio.sleep(0.01)\nanswer = 42")


@accident()
def warns_prints_plots_and_sleeps(nb):
    source = "import time, warnings\nimport matplotlib.pyplot as plt\nwarnings.warn('careful')\nprint('hello')\n"
    before(nb, CHECK, source + "plt.plot([1, 2])\nplt.show()\ntime.sleep(0.2)")


@accident()
def warns_in_the_answer(nb):
    nb.cells[place(nb, ANSWER)].source = (
        f"import warnings\n\n\ndef {ANSWER}(f, x0):\n    warnings.warn('look')\n"
        f"    s = {OTHER}(f, x0)\n    return s, f(x0) - s * x0"
    )


@accident()
def a_cell_that_is_no_python(nb):
    before(nb, CHECK, "this is a note of mine (")


@accident()
def a_note_with_korean_letters(nb):
    before(nb, CHECK, "이름 = '학생'  # 한글 변수\nprint(이름)")


@accident(files={"mystuff.py": "def square(x):\n    return x * x\n"})
def imports_a_file_of_its_own(nb):
    before(nb, CHECK, "from mystuff import square\nassert square(3) == 9")
    cell = nb.cells[place(nb, ANSWER)]
    cell.source = (
        f"from mystuff import square\n\n\ndef {ANSWER}(f, x0):\n    assert square(2) == 4\n"
        "    s = central_difference(f, x0)\n    return s, f(x0) - s * x0"
    )


@accident(
    files={"numpy.py": "raise ImportError('not the real one')\n", "메모.txt": "내 메모\n", "data/table.csv": "1,2\n"}
)
def files_of_all_kinds_beside_it(nb):
    before(nb, CHECK, "import numpy\nassert numpy.pi > 3\nassert open('data/table.csv').read() == '1,2\\n'")


@accident(by_nbgrader=False)
def a_bom_and_windows_line_ends(nb):
    return "\ufeff" + nbformat.writes(nb).replace("\n", "\r\n")


@accident()
def windows_line_ends_in_the_cells(nb):
    for cell in nb.cells:
        cell.source = cell.source.replace("\n", "\r\n")


@accident()
def saved_as_format_4_0(nb):
    data = json.loads(nbformat.writes(nb))
    data["nbformat_minor"] = 0
    for cell in data["cells"]:
        del cell["id"]
    return json.dumps(data)


@accident()
def saved_as_format_3(nb):
    return nbformat.writes(nbformat.convert(nb, 3), version=3)


@accident(readable=False, by_nbgrader=False, note="cut short")
def cut_short(nb):
    text = nbformat.writes(nb)
    return text[: len(text) // 2]


@accident(readable=False, by_nbgrader=False, note="cut short")
def an_empty_file(nb):
    return ""


@accident(readable=False, by_nbgrader=False, note="no notebook")
def another_kind_of_file(nb):
    return json.dumps(["not", "a", "notebook"])
