"""A notebook's run: its cells one after the other in a confined process, started again where a cell ended it."""

import time

from nbformat import from_dict

from course.grading.sandbox.executor import CellRun
from course.grading.sandbox.messages import Broken, TooLate

NOTEBOOK_CAP = 32  # times the output of one cell: what is kept of a whole notebook's


class NotebookRun:
    """The process in which one notebook's cells run.

    warm: the Warm process to fork from   files: {name: base64} of the submission's other files
    settings: limits   marked: takes notes and suspicions
    """

    def __init__(self, warm, files, settings, marked):
        self.warm, self.files, self.settings, self.marked = warm, files, settings, marked
        self.ran = []  # sources that ran, to run again if the process is lost
        self.room = NOTEBOOK_CAP * settings.output_cap
        self.end = time.monotonic() + settings.seconds_submission
        self._start()

    def _start(self):
        self.session = self.warm.session(self.files)
        self.marked.protections = self.session.protections

    def cell(self, cell):
        """Run a cell and put its outputs into it. Returns the CellRun; nothing is run where the time is used up."""
        if self.over():
            cell.outputs = [error_output("NotRun", f"This cell was not run. {self.used_up()}")]
            return CellRun(failed=True, late=True)
        settings, notes = self.settings, self.marked.notes
        cap = max(min(settings.output_cap, self.room), 0)
        run = self._run(self.session, cell.source, cap)
        self.room -= sum(len(str(item)) for item in run.outputs)
        cell.outputs = [from_dict(item) for item in run.outputs]
        if run.cut:
            limit = f"{settings.output_cap / 2**20:.3g} MB"
            text = f"(the rest of this cell's output is left out: it is longer than {limit})\n"
            cell.outputs.append(from_dict({"output_type": "stream", "name": "stdout", "text": text}))
            self.marked.suspicions.append("a cell's output was cut")
        if run.died:
            what = "ran too long and could not be interrupted" if run.late else "ended the process it ran in"
            cell.outputs.append(error_output("CellEnded", f"This cell {what}. The cells below were graded without it."))
            notes.append(f"a cell {what}; the rest was graded without it: {_first_line(cell.source)}")
            self.restart()
        elif run.late:
            seconds = f"{settings.seconds_cell:g} s"
            cell.outputs.append(error_output("CellTimeout", f"This cell was stopped after {seconds}."))
            notes.append(f"a cell was stopped after {seconds}: {_first_line(cell.source)}")
        else:
            self.ran.append(cell.source)
        return run

    def _run(self, session, source, cap=0):
        return session.run(source, self._left(self.settings.seconds_cell), cap)

    def restart(self):
        """A fresh process with everything that ran before, but for the cell that ended the last one."""
        self.session.close()
        self._start()
        for source in self.ran:
            if self.over():
                break
            if self._run(self.session, source).died:
                self.session.close()
                self._start()
                self.marked.notes.append("a cell that ran before ended the process when it was run again")
                break

    def replayed(self, ran):
        """Another process, in which the first `ran` sources ran again; the caller closes it."""
        session = self.warm.session(self.files)
        for source in self.ran[:ran]:
            if self.over() or self._run(session, source).died:
                break
        return session

    def drive_here(self, spec):
        """`Session.drive_here` in the time of a check. Raises TooLate or Broken, with a fresh process started."""
        try:
            return self.session.drive_here(spec, self._left(self.settings.seconds_check))
        except (TooLate, Broken):
            self.restart()
            raise

    def drive_in_copy(self, specs, session=None, **how):
        """What answers give in a copy of a process: outcomes or None for each spec, or for each the reason for none."""
        try:
            return (session or self.session).drive_in_copy(specs, self._left(self.settings.seconds_check), **how)
        except (TooLate, Broken) as problem:
            return [problem] * len(specs)

    def more_time(self, seconds):
        """There are at least that many seconds left from now on."""
        self.end = max(self.end, time.monotonic() + seconds)

    def _left(self, seconds):
        return max(min(seconds, self.end - time.monotonic()), 0.05)

    def over(self):
        return time.monotonic() >= self.end

    def used_up(self):
        text = f"The notebook had used up its {self.settings.seconds_submission:g} s."
        if text not in self.marked.notes:
            self.marked.notes.append(text)
        return text

    def close(self):
        self.session.close()


def error_output(name, text):
    return from_dict({"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]})


def _first_line(source):
    lines = [line for line in source.splitlines() if line.strip()]
    return lines[0][:80] if lines else ""
