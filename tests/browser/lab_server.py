"""A course copied to a folder of its own, and a JupyterLab that serves it as `make lab` would."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("notebooks", "release", "source", "solutions", "helpers", "course", "lessons")
FILES = ("nbgrader_config.py", "pyproject.toml")
SETTINGS = {
    # every cell is in the page, so a test finds each one without scrolling
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    # no question about news over the notebook, no call to the outside
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
}


def copy_course(to):
    """The course in `to`, without anything that a learner or a build left behind."""
    litter = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", ".descent")
    for folder in FOLDERS:
        shutil.copytree(PROJECT / folder, to / folder, ignore=litter)
    for file in FILES:
        shutil.copy(PROJECT / file, to / file)


class Lab:
    """JupyterLab on a free port. Everything it writes stays in `course` and `home`.

    python: of an environment that has the course installed; by default this one, which has the project's own folder
    """

    def __init__(self, course, home, python=None):
        self.course, self.home = course, home
        self._python, self._installed = Path(python or sys.executable), python is not None
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = home / "jupyter.log"

    def start(self, timeout=60):
        self.use_theme("JupyterLab Light")
        config = self.home / "config" / "nbgrader_config.py"  # nbgrader would make its exchange in the system's folders
        config.parent.mkdir()
        config.write_text(f"c = get_config()\nc.Exchange.root = {str(self.home / 'exchange')!r}\n")
        command = [str(self._python), "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={self.port}"]
        command += [f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.course}", "--allow-root"]
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                command, cwd=self.course, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + timeout
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"JupyterLab did not start; its log:\n{self._log.read_text(errors='replace')}")
            time.sleep(0.1)

    def stop(self):
        """Stop the server, which stops its kernels; harder if it does not listen."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, sign)
                self._process.wait(timeout=15)
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue

    def url(self, path):
        """Where JupyterLab opens a file of the course, with no tabs left from before."""
        return f"{self.address}/lab/tree/{quote(path)}?reset&token={self.token}"

    def api(self, method, path):
        request = urllib.request.Request(f"{self.address}/api/{path}", method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or "null")

    def end_kernels(self):
        for session in self.api("GET", "sessions"):
            self.api("DELETE", f"sessions/{session['id']}")

    def use_theme(self, theme):
        settings = {**SETTINGS, "@jupyterlab/apputils-extension/themes": {"theme": theme}}
        for plugin, values in settings.items():
            file = self.home / "settings" / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))

    def _answers(self):
        try:
            return self.api("GET", "status") is not None
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def _environment(self):
        folders = {
            "HOME": "",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        mine = {name: str(self.home / folder) for name, folder in folders.items()}
        if not self._installed:  # the helpers are installed from the project's own folder; the copy's are wanted
            mine["PYTHONPATH"] = str(self.course)
        mine["PATH"] = f"{self._python.parent}{os.pathsep}{os.environ['PATH']}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "DESCENT", "XDG_"))}
        return {**kept, **mine}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
