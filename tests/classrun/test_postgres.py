"""A class run with its gradebook in a real PostgreSQL server, started here from the system's packages."""

import os
import shutil
import socket
import subprocess
from glob import glob
from pathlib import Path

import pytest
from toy import add_assignment, copy_course, hand_in, marks, run

SERVER = sorted(glob("/usr/lib/postgresql/*/bin/initdb")) or (
    [shutil.which("initdb")] if shutil.which("initdb") else []
)


def as_server(command, **how):
    """Run a program of the server's; it refuses to be root."""
    line = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command] if os.geteuid() == 0 else command
    return subprocess.run(line, check=True, capture_output=True, text=True, **how)


@pytest.fixture
def server():
    """The address of an empty database."""
    if not SERVER:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed; .ci/run should have installed it")
        pytest.skip("needs a PostgreSQL server: apt-get install postgresql")
    programs = Path(SERVER[-1]).parent
    folder = Path(f"/tmp/descent-postgres-{os.getpid()}")
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = {"cwd": folder, "env": {**os.environ, "HOME": str(folder)}}
    try:
        as_server([str(programs / "initdb"), "-D", str(folder / "data"), "-U", "grader", "-A", "trust"], **home)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(folder / "log")
        as_server(
            [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-o", options, "-l", log, "-w", "start"], **home
        )
        as_server([str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "grader", "gradebook"], **home)
        yield f"postgresql+psycopg://grader@127.0.0.1:{port}/gradebook"
        as_server([str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"], **home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_marks_are_those_of_sqlite(tmp_path, server):
    folder = copy_course(tmp_path / "course")
    add_assignment(folder)
    hand_in(folder, 12)
    done = run(folder, "grade", "toy", "--workers", "1")
    assert done.returncode == 0, done.stderr
    expected = marks(folder)
    config = folder / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}\nc.CourseDirectory.db_url = "{server}"\n', encoding="utf-8")
    done = run(folder, "grade", "toy", "--force", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert marks(folder, db_url=server) == expected
    again = run(folder, "grade", "toy")
    assert "0 submissions graded" in again.stdout
