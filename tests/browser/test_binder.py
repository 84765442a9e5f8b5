"""Binder: an environment made from environment.yml alone, and the page that its launch link opens."""

import re
import shutil
import subprocess
import sys

import pytest
import yaml
from lab_notebook import Notebook
from lab_server import PROJECT, Lab
from playwright.sync_api import expect

from course.editions.readme import START_PAGE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def binder(browser, tmp_path_factory):
    """JupyterLab as Binder starts it: the published files, and what environment.yml names installed by pip."""
    folder = tmp_path_factory.mktemp("binder")
    course, home = folder / "course", folder / "home"
    home.mkdir()
    for name in _published():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, course / name)
    python = folder / "env" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    wanted = [word for line in _pip_part() for word in line.split()]
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    subprocess.run(install, cwd=course, check=True)
    lab = Lab(course, home, python)
    lab.start()
    yield lab
    lab.stop()


def _published():
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (PROJECT / name).is_file()]


def _environment():
    return yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]


def _pip_part():
    return next(part["pip"] for part in _environment() if isinstance(part, dict))


def test_conda_brings_python_and_pip_and_nothing_else():
    named = [re.split(r"[=<>]", part)[0] for part in _environment() if isinstance(part, str)]
    assert named == ["python", "pip"]


def test_the_launch_link_opens_the_start_page_ready_to_use(binder, browser):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    start = Notebook(page, binder, START_PAGE).open()
    expect(page.locator("input[type=password]")).to_have_count(0)  # nobody is asked for a token
    expect(page.locator(".jp-Dialog")).to_have_count(0)  # nor to choose a kernel
    start.write("slope", "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)")
    start.run_all()
    expect(start.cell("check_slope")).to_contain_text("slope is right")
    page.context.close()
