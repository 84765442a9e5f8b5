"""Kill it, starve it, lock it: after a rerun the gradebook is what one undisturbed serial run makes."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from toy import add_assignment, command, copy_course, hand_in, marks, run

STUDENTS, KILLS = 200, 20


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The marks of one serial run."""
    folder = copy_course(tmp_path_factory.mktemp("serial") / "course")
    add_assignment(folder)
    hand_in(folder, STUDENTS)
    done = run(folder, "grade", "toy", "--workers", "1")
    assert done.returncode == 0, done.stderr
    return marks(folder)


@pytest.fixture
def course(tmp_path):
    folder = copy_course(tmp_path / "course")
    add_assignment(folder)
    hand_in(folder, STUDENTS)
    return folder


def processes_of(folder):
    """{pid: command line} of every process that works in the course's folder, the grader's own children among them."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"PYTHONPATH={folder}".encode() in environment and "pytest" not in line:
            found[int(pid)] = line
    return found


def kill_some_worker(folder, rng):
    workers = [pid for pid, line in processes_of(folder).items() if "spawn_main" in line or "sandbox.warm" in line]
    if workers:
        try:
            os.kill(rng.choice(workers), signal.SIGKILL)
        except ProcessLookupError:
            return


def test_a_run_that_is_killed_twenty_times_loses_and_doubles_nothing(course, undisturbed):
    rng = random.Random(20)
    for number in range(KILLS):
        line, how = command(
            course, "grade", "toy", "--workers", "2", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        process = subprocess.Popen(line, **how)
        time.sleep(rng.uniform(2.5, 9))
        if number % 2:
            kill_some_worker(course, rng)
            time.sleep(rng.uniform(0, 1.5))
        process.kill()
        process.wait()
    done = run(course, "grade", "toy")
    assert done.returncode == 0, done.stderr
    assert marks(course) == undisturbed
    assert len(list((course / "autograded").glob("*/toy/toy.ipynb"))) == STUDENTS
    deadline = time.monotonic() + 30
    while processes_of(course) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_of(course) == {}


def test_a_lost_worker_does_not_stop_the_run(course, undisturbed):
    line, how = command(course, "grade", "toy", "--workers", "2", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    process = subprocess.Popen(line, **how)
    rng = random.Random(1)
    while process.poll() is None and not list((course / "autograded").glob("*")):
        time.sleep(0.1)
    for _ in range(3):
        kill_some_worker(course, rng)
        time.sleep(0.5)
    output, _ = process.communicate(timeout=300)
    done = run(course, "grade", "toy")
    assert done.returncode == 0, output
    assert marks(course) == undisturbed


def test_a_locked_gradebook_is_said_and_the_next_run_finishes(course, undisturbed):
    assert run(course, "grade", "toy", "--student", "student-000").returncode == 0
    lock = sqlite3.connect(course / "gradebook.db")
    lock.execute("begin exclusive")
    try:
        done = run(course, "grade", "toy")
    finally:
        lock.rollback()
        lock.close()
    assert done.returncode == 2
    assert "cannot be used just now: database is locked" in done.stderr
    assert "run the same command again" in done.stderr
    assert run(course, "grade", "toy").returncode == 0
    assert marks(course) == undisturbed


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_is_said_and_the_next_run_finishes(course, undisturbed):
    small = course / "autograded"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(small)], check=True)
    try:
        done = run(course, "grade", "toy")
        assert done.returncode == 2, done.stdout
        assert "cannot be written: No space left on device" in done.stderr
        subprocess.run(["mount", "-o", "remount,size=100m", str(small)], check=True)
        assert run(course, "grade", "toy").returncode == 0
        assert marks(course) == undisturbed
        assert len(list(small.glob("*/toy/toy.ipynb"))) == STUDENTS
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
