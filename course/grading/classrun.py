"""Grades a class: workers of a Dask cluster run and judge the notebooks, one coordinator writes the gradebook.

Stop it anywhere: a submission is done once its marks are in the gradebook and its graded notebook stands in
autograded/, sealed with what it was made from; everything else is done again by the next run.
"""

import base64
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.converters.base import NbGraderException

from course.editions.files import write_whole
from course.errors import CourseError
from course.grading.gradebook import BatchGradebook, Result, told_of_database
from course.grading.manifest import Manifest, read_manifest
from course.grading.submissions import other_files, read_regular
from course.grading.worker import grade_submissions

BATCH, EVERY = 50, 2.0  # submissions, seconds: whichever comes first
AT_ONCE = 8  # submissions that go to a worker together, at most


@dataclass
class Submission:
    student: str
    folder: Path
    digest: str = ""
    timestamp: datetime | None = None
    notes: list = field(default_factory=list)
    files: dict = field(default_factory=dict)


@dataclass
class Summary:
    """What a run did.

    faults: {student: reason} of submissions that could not be graded at all
    missing: the protections that were not to be had
    """

    graded: int = 0
    skipped: int = 0
    faults: dict = field(default_factory=dict)
    missing: set = field(default_factory=set)
    seconds: float = 0.0


class ClassRun:
    """One assignment of one class.

    app: a configured nbgrader application, whose settings hold (folders, database, limits)
    """

    def __init__(self, root, assignment, app, settings):
        self.root, self.assignment, self.app, self.settings = Path(root), assignment, app, settings
        self.course = app.coursedir
        source = Path(self.course.format_path(self.course.source_directory, ".", assignment))
        paths = sorted(source.glob("*.ipynb"))
        if not paths:
            raise CourseError(f"{source} holds no notebook: is {assignment!r} the name of an assignment?")
        self.manifests = {path.stem: read_manifest(self.root, path) for path in paths}
        self.payload = json.dumps({name: m.to_json() for name, m in self.manifests.items()}, sort_keys=True)
        self.extra = self._source_files(source)
        state = json.dumps([self.payload, asdict(settings), self.extra], sort_keys=True)
        self.state = hashlib.sha256(state.encode()).hexdigest()

    def _source_files(self, source):
        return other_files(source, lambda _: None)

    def submissions(self, students=()):
        """Every submission of the assignment, by student; those named, if any are."""
        pattern = self.course.format_path(self.course.submitted_directory, "*", self.assignment)
        excluded = set(self.course.student_id_exclude.split(",")) if self.course.student_id_exclude else set()
        found = {}
        for folder in sorted(self.root.glob(str(Path(pattern).relative_to(self.root)))):
            student = folder.relative_to(self.root / self.course.submitted_directory).parts[0]
            if folder.is_dir() and student not in excluded:
                found[student] = Submission(student, folder)
        missing = set(students) - set(found)
        if missing:
            raise CourseError(f"no submission of {self.assignment} by {', '.join(sorted(missing))}")
        return [s for name, s in found.items() if not students or name in students]

    def run(self, students=(), force=False, workers=None, scheduler=None, progress=None):
        """Grade what is not graded yet; all with `force`. progress: called with (done, total) as it goes."""
        start, summary = time.monotonic(), Summary()
        app = self.app
        register(app, self.assignment)
        with BatchGradebook(self.course.db_url, self.course.course_id, self.assignment, app) as gradebook:
            known = gradebook.graded()
            todo, total = deque(), 0
            for submission in self.submissions(students):
                total += 1
                self._look(submission)
                if not force and submission.student in known and self._sealed(submission):
                    summary.skipped += 1
                else:
                    todo.append(submission)
            report = progress or (lambda done, total: None)
            report(summary.skipped, total)
            waiting, last = [], time.monotonic()
            for submission, graded in self._graded(todo, workers, scheduler):
                if graded.get("fault"):
                    summary.faults[submission.student] = graded["fault"]
                summary.missing |= {name for name, on in graded.get("protections", {}).items() if not on}
                waiting.append((submission, graded))
                summary.graded += 1
                report(summary.skipped + summary.graded, total)
                if len(waiting) >= BATCH or time.monotonic() - last > EVERY:
                    self._keep(gradebook, waiting)
                    waiting, last = [], time.monotonic()
            self._keep(gradebook, waiting)
        summary.seconds = time.monotonic() - start
        return summary

    def _look(self, submission):
        digest = hashlib.sha256()
        for name in self.manifests:
            try:
                digest.update(read_regular(submission.folder / f"{name}.ipynb"))
            except OSError as problem:
                digest.update(str(problem.errno).encode())
        submission.digest = digest.hexdigest()
        try:
            submission.timestamp = self.course.get_existing_timestamp(str(submission.folder))
        except Exception as problem:  # nbgrader stumbles over some in its own way
            submission.notes.append(f"its time of submission cannot be read ({problem}); it counts as in time")

    def _autograded(self, submission):
        return Path(self.course.format_path(self.course.autograded_directory, submission.student, self.assignment))

    def _sealed(self, submission):
        """Whether the graded notebooks stand there and were made from this submission in this state of the course."""
        for name in self.manifests:
            try:
                text = (self._autograded(submission) / f"{name}.ipynb").read_text(encoding="utf-8")
                seal = json.loads(text)["metadata"]["descent"]
            except (OSError, ValueError, KeyError, TypeError):
                return False
            if (seal.get("submission"), seal.get("state")) != (submission.digest, self.state):
                return False
        return True

    def _task(self, submission):
        notebooks, missing = {}, {}
        for name in self.manifests:
            try:
                notebooks[name] = base64.b64encode(read_regular(submission.folder / f"{name}.ipynb")).decode("ascii")
            except FileNotFoundError:
                missing[name] = "no such file was handed in"
            except OSError:
                missing[name] = "it is not a regular file (a link is not followed)"
        notes = list(submission.notes)
        submission.files = {**self._not_in_the_way(other_files(submission.folder, notes.append)), **self.extra}
        seal = {"unit": self.assignment, "submission": submission.digest, "state": self.state}
        return {"notebooks": notebooks, "missing": missing, "files": submission.files, "notes": notes, "seal": seal}

    def _not_in_the_way(self, files):
        """A submission's files but for those that stand where the instructor's must: a file where a folder is, or the
        other way round."""
        folders = {str(parent) for name in self.extra for parent in Path(name).parents}
        return {
            n: f for n, f in files.items() if n not in folders and not set(map(str, Path(n).parents)) & set(self.extra)
        }

    def _graded(self, todo, workers, scheduler):
        """(submission, result) of each, as they are done."""
        workers = workers or os.cpu_count() or 1
        settings = asdict(self.settings)
        if scheduler is None and (workers == 1 or len(todo) < 4):
            for submission in todo:
                yield submission, *grade_submissions(self.state, self.payload, [self._task(submission)], settings)
            return
        from course.grading.cluster import connected

        with connected(workers, scheduler) as client:
            from dask.distributed import as_completed

            payload = client.scatter(self.payload, broadcast=True, hash=False)
            workers = max(len(client.scheduler_info(n_workers=-1)["workers"]), workers)
            running, queue, done, start = {}, as_completed(), 0, time.monotonic()

            def send(bundle):
                tasks = [self._task(submission) for submission in bundle]
                future = client.submit(grade_submissions, self.state, payload, tasks, settings, pure=False)
                running[future] = bundle
                queue.add(future)

            while todo or running:
                while todo and len(running) < 2 * workers:
                    pace = done / (time.monotonic() - start)
                    send([todo.popleft() for _ in range(_at_once(pace, len(todo), workers))])
                future = next(queue)
                bundle = running.pop(future)
                if future.status != "error":
                    yield from zip(bundle, future.result(), strict=True)
                elif len(bundle) == 1:
                    yield bundle[0], {"fault": f"the workers that graded it were lost: {future.exception()}"}
                else:  # one of them ended its workers, and not the others
                    for submission in bundle:
                        send([submission])
                    continue
                done += len(bundle)

    def _keep(self, gradebook, batch):
        """The marks first, then the graded notebooks: a notebook that stands there has its marks in the gradebook."""
        batch = [(submission, graded) for submission, graded in batch if "notebooks" in graded]
        results = []
        for submission, graded in batch:
            marks = {name: one["marks"] for name, one in graded["notebooks"].items()}
            unanswered = {name: one["unanswered"] for name, one in graded["notebooks"].items()}
            results.append(Result(submission.student, submission.timestamp, marks, unanswered))
        gradebook.write(results)
        for submission, graded in batch:
            try:
                self._write(submission, graded)
            except OSError as problem:
                raise CourseError(
                    f"{self._autograded(submission)} cannot be written: {problem.strerror}. The marks so far are in "
                    "the gradebook; make room (or rights) and run the same command again to go on."
                ) from None

    def _write(self, submission, graded):
        folder = self._autograded(submission)
        shutil.rmtree(folder, ignore_errors=True)  # an earlier submission's files may be in the way of this one's
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in submission.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(text))
        stamp = submission.folder / "timestamp.txt"
        if stamp.is_file() and not stamp.is_symlink():
            shutil.copyfile(stamp, folder / "timestamp.txt")
        for name, one in graded["notebooks"].items():
            write_whole(folder / f"{name}.ipynb", one["text"])


def _at_once(pace, left, workers):
    """How many submissions go to a worker together: about a second's work, since to hand over one costs a tenth of
    what to grade it does; fewer where few are left, so that all workers end together. pace: submissions a second"""
    return max(1, min(AT_ONCE, int(pace / workers), left // (2 * workers)))


def register(app, assignment):
    """Make the assignment known to the gradebook, as `nbgrader generate_assignment` does, where it is not yet."""
    from nbgrader.api import Gradebook
    from nbgrader.converters import GenerateAssignment

    course = app.coursedir
    with told_of_database(course.db_url), Gradebook(course.db_url, course.course_id) as gradebook:
        if any(each.name == assignment and each.notebooks for each in gradebook.assignments):
            return
    before, course.assignment_id = course.release_directory, assignment
    with tempfile.TemporaryDirectory() as folder:
        course.release_directory = folder
        try:
            GenerateAssignment(coursedir=course, parent=app).start()
        except NbGraderException as problem:
            raise CourseError(f"nbgrader cannot take in {assignment}: {problem}") from None
        finally:
            course.release_directory = before


__all__ = ["ClassRun", "Manifest", "Submission", "Summary"]
