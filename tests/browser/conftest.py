"""What every browser test stands on: a course of its own, JupyterLab on it, and a page in Chromium."""

import os
import shutil

import pytest
from lab_notebook import Notebook
from lab_server import Lab, copy_course

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """Chromium, without a window and with a profile of its own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        says = f"no browser found ({', '.join(BROWSERS)}): install Chromium, for instance `apt-get install chromium`"
        if os.environ.get("CI") == "true":
            pytest.fail(says)
        pytest.skip(says)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def running_lab(browser, tmp_path_factory):
    """JupyterLab on a copy of the course, in a folder whose name has a space and Korean letters."""
    folder = tmp_path_factory.mktemp("lab")
    course, home = folder / "내 course", folder / "home"
    course.mkdir()
    home.mkdir()
    copy_course(course)
    lab = Lab(course, home)
    lab.start()
    yield lab
    lab.stop()


@pytest.fixture
def lab(running_lab):
    """JupyterLab without a running kernel and with nothing learned yet."""
    shutil.rmtree(running_lab.course / ".descent", ignore_errors=True)
    yield running_lab
    running_lab.end_kernels()


@pytest.fixture
def page(lab, browser):
    """An empty page. The test fails if a widget, the one kind of script in our outputs, broke while it was used."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    errors = []
    page.on("pageerror", lambda error: errors.append(f"{error.message}\n{error.stack}"))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    ours = [error for error in errors if "jupyter-widgets" in error or "widget model" in error]
    assert not ours, "\n".join(["the page reported errors of our widgets:", *ours])


@pytest.fixture
def open_notebook(page, lab):
    """open_notebook("notebooks/01_derivatives.ipynb") opens it in the page."""
    return lambda path: Notebook(page, lab, path).open()
