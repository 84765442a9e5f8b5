"""`nbgrader generate_assignment` makes the release that is committed, with nothing given away."""

import pytest


def cells(notebook):
    return [(cell.id, cell.cell_type, cell.source, cell.metadata.get("nbgrader")) for cell in notebook.cells]


def test_the_committed_release_is_what_nbgrader_makes(graded):
    made, committed = cells(graded.students.release), cells(graded.committed)
    assert len(made) == len(committed)
    for ours, theirs in zip(made, committed, strict=True):
        assert ours == theirs


def test_the_release_command_warns_of_nothing(graded):
    assert "WARNING" not in graded.release_log
    assert "ERROR" not in graded.release_log


@pytest.mark.parametrize("secret", ["BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "from course", "hidden.check"])
def test_the_release_holds_no(secret, graded):
    folder = graded.course.root / "release" / graded.unit
    released = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in released] == [f"{graded.unit}.ipynb"]
    assert secret not in released[0].read_text(encoding="utf-8")
    source = graded.course.root / "source" / graded.unit / f"{graded.unit}.ipynb"
    assert secret in source.read_text(encoding="utf-8")


def test_what_comes_through_the_exchange_is_the_release(graded):
    outbound = graded.course.exchange / "descent" / "outbound" / graded.unit / f"{graded.unit}.ipynb"
    release = graded.course.root / "release" / graded.unit / f"{graded.unit}.ipynb"
    assert outbound.read_bytes() == release.read_bytes()


def test_every_check_of_the_release_is_locked_and_holds_its_call_alone(graded):
    checks = [cell for cell in graded.students.release.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell.source for cell in checks] == [f"check({name})" for name in graded.students.exercises]
    assert all(cell.metadata.nbgrader.locked for cell in checks)
