"""The proof is green, the page that says so is current, and each gate fails when what it guards is broken."""

import shutil
from pathlib import Path

import pytest

from course.lesson import read_lesson, units
from course.proof import bottom_line, proof_markdown, prove_unit
from course.proof.mutants import mutants

ROOT = Path(__file__).resolve().parent.parent
UNIT = "01_derivatives"


@pytest.fixture(scope="module")
def lessons():
    return [read_lesson(ROOT, unit) for unit in units(ROOT)]


@pytest.fixture(scope="module")
def proofs(lessons):
    return [prove_unit(ROOT, lesson) for lesson in lessons if lesson.exercises]


def test_every_gate_is_green(proofs):
    assert [fault for proof in proofs for fault in proof.all_faults()] == []


def test_the_published_proof_is_current(proofs, lessons):
    page = proof_markdown(proofs, {lesson.unit: lesson.title for lesson in lessons})
    assert (ROOT / "docs" / "proof.md").read_text(encoding="utf-8") == page, "run `make prove`"
    assert bottom_line(proofs) in (ROOT / "README.md").read_text(encoding="utf-8"), "run `make prove`"


@pytest.fixture
def broken(tmp_path):
    """Prove unit 01 after a change to its checks or its text; gives the faults of one exercise, or the whole proof."""

    def prove(exercise, file, old, new, whole=False):
        root = tmp_path / "course"
        for name in ("lessons", "notebooks", "release", "helpers"):
            shutil.copytree(ROOT / name, root / name, dirs_exist_ok=True)
        path = root / "lessons" / UNIT / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        lesson = read_lesson(root, UNIT)
        lesson.cells = [c for c in lesson.cells if c.kind not in ("exercise", "check") or c.name == exercise]
        proof = prove_unit(root, lesson)
        return proof if whole else proof.all_faults()

    return prove


def first_mistake():
    lesson = read_lesson(ROOT, UNIT)
    return lesson.checks["forward_difference"].mistakes[0].name


def test_an_accepted_mistake_is_a_fault(broken):
    name = first_mistake()
    text = (ROOT / "lessons" / UNIT / "checks.py").read_text(encoding="utf-8")
    start = text.index(f"def {name}(")
    body = text[start : text.index("\n\n", start)]
    right = f"def {name}(f, x, h=1e-6):\n        return (f(x + h) - f(x)) / h"
    faults = broken("forward_difference", "checks.py", body, right)
    assert any(f"the mistake {name}" in fault and "is accepted" in fault for fault in faults)


def test_a_refused_right_answer_is_a_fault(broken):
    text = (ROOT / "lessons" / UNIT / "checks.py").read_text(encoding="utf-8")
    start = text.index("@also_right")
    end = text.index("\n\n", start)
    wrong = "@also_right\n    def spoiled(f, x, h=1e-6):\n        return 0.0"
    faults = broken("forward_difference", "checks.py", text[start:end], wrong)
    assert any("the right answer spoiled is refused" in fault for fault in faults)


def test_cases_that_let_mutants_live_are_a_fault(broken):
    text = (ROOT / "lessons" / UNIT / "checks.py").read_text(encoding="utf-8")
    start = text.index("    def cases(rng):")
    end = text.index("\n\n", start)
    weak = '    def cases(rng):\n        yield Function("lambda x: 0.0"), 1.0, 0.5'
    faults = broken("forward_difference", "checks.py", text[start:end], weak)
    assert any("mutant" in fault and "is accepted" in fault for fault in faults)
    assert any("mutants are rejected; 99% are needed" in fault for fault in faults)


def test_a_library_that_disagrees_is_a_fault(broken):
    text = (ROOT / "lessons" / UNIT / "checks.py").read_text(encoding="utf-8")
    start = text.index("    @agrees_with(")
    end = text.index("\n\n", start)
    wrong = '    @agrees_with("Nobody")\n    def nobody(f, x, h=1e-6):\n        return 0.0'
    faults = broken("forward_difference", "checks.py", text[start:end], wrong)
    assert any("Nobody (nobody) disagrees" in fault for fault in faults)


def test_a_library_that_is_not_installed_is_said_and_is_no_fault(broken):
    text = (ROOT / "lessons" / UNIT / "checks.py").read_text(encoding="utf-8")
    start = text.index("    @agrees_with(")
    end = text.index("\n\n", start)
    absent = '    @agrees_with("Absent")\n    def absent(f, x, h=1e-6):\n        import no_such_library'
    proof = broken("forward_difference", "checks.py", text[start:end], absent, whole=True)
    assert proof.all_faults() == []
    assert "Absent is not installed here" in proof.exercises[0].skipped[0]


@pytest.mark.parametrize(
    "name, body, said",
    [
        ("numpy.gradient", "(np.interp(x + h, [x, x + h], [f(x), f(x + h)]) - f(x)) / h", "is accepted"),
        ("numpy.gradient", "np.gradient([f(x), f(x + h)], h)[0] + 1", "has other numbers than the reference"),
        ("numpy.gradient", "np.gradient([f(x), f(x + h)], h)[0]", None),
    ],
)
def test_a_shortcut_must_be_refused_by_its_name_and_have_the_right_numbers(broken, name, body, said):
    text = (ROOT / "lessons" / UNIT / "checks.py").read_text(encoding="utf-8")
    start = text.index("    hints =")
    way = f'    forbidden = ("{name}",)\n\n    @__import__("course.checks").checks.shortcut("{name}")\n'
    way += f"    def ready_made(f, x, h=1e-6):\n        return {body}\n\n"
    faults = broken("forward_difference", "checks.py", text[start:], way + text[start:])
    assert ([fault for fault in faults if said in fault] != []) if said else faults == []


def test_mutants_change_one_thing_each_and_never_nothing():
    loop = "    for i in range(n):\n        total += x[i] * 2\n"
    source = f"def f(x, n=3):\n    total = 0\n{loop}    return -total if n > 1 else total"
    made = mutants(source, "f")
    texts = [text for _, text in made]
    assert len(texts) == len(set(texts)) > 15
    described = " ".join(description for description, _ in made)
    for change in ("* becomes /", "constant 0 becomes 1", "dropped: total = 0", "+= becomes =", "> becomes >="):
        assert change in described
