"""A notebook that is open in JupyterLab, used as a person would: click, type, run, read."""

import re
import time

import nbformat
from playwright.sync_api import expect

DONE = re.compile(r"^\[\d+\]:?$")


class Notebook:
    """The notebook at `path` (from the course's folder). Cells are named by their ids, read from the file."""

    def __init__(self, page, lab, path):
        self.page, self.lab, self.path = page, lab, path
        self.cells = nbformat.read(lab.course / path, 4).cells
        self._place = {cell.id: i for i, cell in enumerate(self.cells)}

    def open(self):
        self.page.goto(self.lab.url(self.path))
        expect(self._cells()).to_have_count(len(self.cells), timeout=30_000)
        self._wait_for_kernel()
        return self

    def panel(self):
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def cell(self, name):
        return self._cells().nth(self._place[name])

    def output(self, name):
        return self.cell(name).locator(".jp-OutputArea-output")

    def wait_until_idle(self):
        expect(self.panel().locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached(timeout=30_000)

    def run(self, name):
        """Run one cell and wait until it is done. Gives the place of its output."""
        prompt = self.cell(name).locator(".jp-InputArea-prompt")
        before = prompt.inner_text().strip()
        prompt.click()
        self.page.keyboard.press("Control+Enter")
        if before != "[ ]:":
            expect(prompt).not_to_have_text(before, timeout=20_000)
        expect(prompt).to_have_text(DONE, timeout=20_000)
        return self.output(name)

    def run_all(self):
        """Choose Run → Run All Cells, and wait until the kernel has done them all."""
        self.menu("Run", "Run All Cells")
        # a cell whose code is folded away has no prompt to wait for
        shown = [cell for cell in self.cells if not cell.metadata.get("jupyter", {}).get("source_hidden")]
        last = [cell.id for cell in shown if cell.cell_type == "code"][-1]
        expect(self.cell(last).locator(".jp-InputArea-prompt")).to_have_text(DONE, timeout=60_000)
        self.wait_until_idle()

    def menu(self, *names):
        self.page.get_by_role("menuitem", name=names[0], exact=True).first.click()
        for name in names[1:]:
            self.page.locator(".lm-Menu").get_by_role("menuitem", name=re.compile(f"^{name}")).first.click()

    def write(self, name, source):
        """Replace a cell's text."""
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def find(self, text):
        """The id of the first cell with code that holds `text`, or None."""
        return next((cell.id for cell in self.cells if cell.cell_type == "code" and text in cell.source), None)

    def _wait_for_kernel(self):
        # the page says "idle" before it has a kernel, and what is run then is lost: the server knows better
        deadline = time.monotonic() + 30
        while not self._has_kernel():
            assert time.monotonic() < deadline, f"JupyterLab started no kernel for {self.path}"
            self.page.wait_for_timeout(50)
        self.wait_until_idle()

    def _has_kernel(self):
        sessions = self.lab.api("GET", "sessions")
        return any(session["path"] == self.path and session["kernel"]["connections"] for session in sessions)

    def _cells(self):
        return self.panel().locator(".jp-Notebook .jp-Cell")
