"""The instructor's commands, as they are typed: demo-class, grade, report, bundle, doctor."""

import csv
import json
import zipfile

import pytest
from toy import ROOT, command, run

from course.grading.democlass import make_class
from course.grading.report import _inert

UNIT = "02_linear_regression"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A made-up class of twenty, graded by the command."""
    folder = tmp_path_factory.mktemp("demo") / "수업 a class"
    make_class(ROOT, folder, UNIT, 20, seed=3)
    done = run(folder, "grade", UNIT)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_class_is_graded_with_progress_and_a_second_run_has_nothing_to_do(graded):
    folder, done = graded
    assert "20 submissions graded" in done.stdout
    assert "0 submissions graded" in run(folder, "grade", UNIT).stdout


def test_a_changed_submission_alone_is_graded_again(graded):
    folder, _ = graded
    path = folder / "submitted" / "student-0001" / UNIT / f"{UNIT}.ipynb"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "1 submissions graded" in run(folder, "grade", UNIT).stdout


def test_the_report_names_mistakes_and_the_table_has_every_mark(graded):
    folder, _ = graded
    assert run(folder, "report", UNIT).returncode == 0
    page = (folder / "reports" / f"{UNIT}.html").read_text(encoding="utf-8")
    rows = list(csv.DictReader((folder / "reports" / f"{UNIT}.csv").open(encoding="utf-8")))
    assert [row["student"] for row in rows] == [f"student-{n:04d}" for n in range(1, 21)]
    records = [
        json.loads(p.read_text(encoding="utf-8"))["metadata"]["descent"] for p in folder.glob("autograded/*/*/*.ipynb")
    ]
    named = {mark["mistake"] for record in records for mark in record["marks"].values() if mark["mistake"]}
    assert named
    assert all(name in page for name in named)
    assert "Protections in force" in page


def test_a_report_before_grading_says_what_to_do(tmp_path):
    folder = make_class(ROOT, tmp_path / "class", UNIT, 1)
    done = run(folder, "report", UNIT)
    assert done.returncode == 2
    assert f"run `course grade {UNIT}` first" in done.stderr


def test_an_unknown_assignment_and_student_are_said(graded):
    folder, _ = graded
    assert "is '99_magic' the name of an assignment?" in run(folder, "grade", "99_magic").stderr
    assert "no submission of 02_linear_regression by nobody" in run(folder, "grade", UNIT, "--student", "nobody").stderr


def test_a_scheduler_that_does_not_answer_is_said(graded):
    folder, _ = graded
    done = run(folder, "grade", UNIT, "--force", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr


def test_a_demo_class_never_overwrites_a_folder(graded):
    folder, _ = graded
    line, how = command(folder, "demo-class", str(folder), capture_output=True)
    import subprocess

    done = subprocess.run(line, check=False, **how)
    assert done.returncode == 2
    assert "is there already" in done.stderr


def test_a_bundle_holds_what_students_get_and_nothing_else(graded):
    folder, _ = graded
    assert run(folder, "bundle", "students.zip").returncode == 0
    with zipfile.ZipFile(folder / "students.zip") as bundle:
        names = bundle.namelist()
        text = "".join(bundle.read(name).decode() for name in names)
    top = {name.split("/")[0] for name in names}
    assert UNIT in top
    assert top <= {
        UNIT,
        "01_derivatives",
        "helpers",
        "environment.yml",
        "requirements.lock",
        "LICENSE",
        "pyproject.toml",
    } | {path.name for path in (ROOT / "release").iterdir()}
    secret = (folder / ".descent" / "secret-seed").read_text().strip()
    assert secret not in text
    assert "BEGIN SOLUTION" not in text
    assert "BEGIN HIDDEN" not in text
    assert "is there already" in run(folder, "bundle", "students.zip").stderr


def test_the_doctor_says_what_is_there(graded):
    folder, _ = graded
    done = run(folder, "doctor")
    assert done.returncode == 0
    assert done.stdout.count("✓") + done.stdout.count("✗") == 7


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_a_students_text_is_no_formula_in_a_spreadsheet(text):
    assert _inert(text) == f"'{text}"
    assert _inert(-1.5) == -1.5
