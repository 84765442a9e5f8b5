"""A fault in a lesson's text is refused with the file, the line and what to do."""

import pytest

from course.errors import LessonError
from course.lesson import read_lesson

HEADER = "# ---\n# title: T\n# question: Q?\n# minutes: 5\n# ---\n\n# %% setup\nfrom helpers import check, plots\n\n"
EXERCISE = '''# %% exercise="double" difficulty=1 importance=1 minutes=2
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

'''
CHECK = '# %% check="double" points=2\ncheck(double)\n\n'
CHECKS = """from course.checks import also_right, exercise, mistake

@exercise("double")
class Double:
    hints = ("one", "two")

    def cases(rng):
        yield (3,)
        yield (round(float(rng.uniform(1, 9)), 2),)

"""
WRONG = ["x", "x + 2", "x * x", "-2 * x", "x / 2", "2"]
CHECKS += "".join(f'    @mistake("m{i}")\n    def m{i}(x): return {w}\n\n' for i, w in enumerate(WRONG))
CHECKS += "    @also_right\n    def r1(x): return x + x\n\n    @also_right\n    def r2(x): return x * 2\n"


@pytest.fixture
def write(tmp_path):
    def write(text, checks=CHECKS, **how):
        folder = tmp_path / "lessons" / "01_toy"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lesson.py").write_text(text, encoding="utf-8", **how)
        (folder / "checks.py").write_text(checks, encoding="utf-8")
        return tmp_path

    return write


def refused(root):
    with pytest.raises(LessonError) as caught:
        read_lesson(root, "01_toy")
    return caught.value


def test_a_sound_lesson_is_read(write):
    lesson = read_lesson(write(HEADER + EXERCISE + CHECK), "01_toy")
    assert [cell.kind for cell in lesson.cells] == ["setup", "exercise", "check"]
    assert lesson.points("double") == 2
    assert lesson.namespace()["double"](4) == 8


def test_an_exercise_can_say_how_it_was_called_before(write):
    for was in ('was="two"', 'was=["two"]'):
        lesson = read_lesson(write((HEADER + EXERCISE + CHECK).replace('"double" d', f'"double" {was} d')), "01_toy")
        assert lesson.former_names == {"double": ["two"]}


def test_windows_line_ends_make_the_same_lesson(write):
    unix = read_lesson(write(HEADER + EXERCISE + CHECK), "01_toy")
    windows = read_lesson(write(HEADER + EXERCISE + CHECK, newline="\r\n"), "01_toy")
    assert unix.cells == windows.cells


def test_an_error_in_a_reference_shows_the_lessons_own_line(write):
    text = HEADER + EXERCISE.replace("2 * x", "2 * y") + CHECK
    double = read_lesson(write(text), "01_toy").namespace()["double"]
    with pytest.raises(NameError) as caught:
        double(1)
    line = text.split("\n").index("    return 2 * y") + 1
    assert caught.traceback[-1].lineno + 1 == line


@pytest.mark.parametrize(
    ("change", "line_with", "words"),
    [
        (lambda t: t.replace("### BEGIN SOLUTION", "# begin"), "exercise=", "region"),
        (lambda t: t.replace(CHECK, ""), "exercise=", "has no cell check"),
        (lambda t: t.replace(EXERCISE, ""), "check=", "has no cell exercise"),
        (lambda t: t + EXERCISE, None, "stands twice"),
        (lambda t: t.replace("difficulty=1 ", ""), "exercise=", "difficulty=1"),
        (lambda t: t.replace("points=2", ""), "check=", "points=N"),
        (lambda t: t.replace("check(double)", "check(treble)"), "check=", "should read"),
        (lambda t: t.replace("def double", "def twice"), "exercise=", "defines twice"),
        (lambda t: t.replace("# %% setup", "# %% set-up"), "set-up", "not a kind of cell"),
        (lambda t: t.replace("return 2 * x", "return 2 *"), "return 2 *", "not valid Python"),
        (lambda t: t + '# %% [markdown] predict="q"\nr"""\nWhat?\n\n- [ ] a\n"""\n', "predict=", "one of them"),
        (lambda t: t + "# %% demo\nplots.show(1, alt='short')\n", "plots.show", "alt="),
        (lambda t: t + "# %% demo\nfig, ax = plots.figure()\n", "plots.figure", "never shown"),
        (lambda t: t + "# %% demo\nimport matplotlib.pyplot as plt\n", "pyplot", "alt text"),
        (lambda t: t.replace('"double" d', '"double" was="double" d'), "exercise=", "cannot be a former name"),
        (lambda t: t.replace('"double" d', '"double" was=["two", "two"] d'), "exercise=", "named twice"),
        (lambda t: t.replace('"double" d', '"double" was="2x" d'), "exercise=", "is no name"),
        (lambda t: t.replace("points=2", 'points=2 was="two"'), "check=", "for exercises"),
        (lambda t: t + '# %% [markdown]\nr"""\n# A\n\nText.\n\n### B\n"""\n', "### B", "skips a level"),
        (lambda t: t.replace("# title: T\n", ""), None, "title"),
        (lambda t: t.replace("# %% setup\n", ""), None, "first `# %%` marker"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_its_line(write, change, line_with, words):
    text = change(HEADER + EXERCISE + CHECK)
    fault = refused(write(text))
    assert words in fault.message
    assert "lesson.py" in str(fault)
    if line_with:
        assert line_with in text.split("\n")[fault.line - 1]


def test_too_few_known_mistakes_are_refused_in_the_checks_file(write):
    fault = refused(write(HEADER + EXERCISE + CHECK, CHECKS.replace('@mistake("m5")', "@also_right")))
    assert "5 known mistakes; it needs 6" in fault.message
    assert fault.path.name == "checks.py"
    assert fault.line == 3


def test_a_check_for_no_exercise_is_refused(write):
    fault = refused(
        write(HEADER + EXERCISE + CHECK, CHECKS + CHECKS.split("\n\n", 1)[1].replace('"double"', '"treble"'))
    )
    assert "treble, which is not an exercise" in fault.message


def test_an_error_in_the_checks_file_names_its_line(write):
    fault = refused(write(HEADER + EXERCISE + CHECK, CHECKS + "\n1 / 0\n"))
    assert fault.line == len(CHECKS.split("\n")) + 1
    assert "division by zero" in fault.message


def test_text_that_is_not_utf8_is_refused(write):
    root = write(HEADER + EXERCISE + CHECK)
    path = root / "lessons" / "01_toy" / "lesson.py"
    path.write_bytes(path.read_bytes() + b"# \xff\xfe")
    assert "UTF-8" in refused(root).message
