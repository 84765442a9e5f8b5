"""Submissions go to the workers in bundles: one that ends its workers costs nobody else a mark."""

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass

from course.grading.classrun import AT_ONCE, ClassRun, Submission, _at_once
from course.grading.marking import Settings

DEADLY = "student-07"


@dataclass
class Future:
    """What a cluster gives back at once: the students of a bundle, or an error where the deadly one is among them."""

    students: list
    status: str

    def result(self):
        return [{"graded": student} for student in self.students]

    def exception(self):
        return "its worker died"

    __hash__ = object.__hash__


class Cluster:
    def __init__(self):
        self.bundles = []

    def scheduler_info(self, n_workers):
        return {"workers": {"a": 1, "b": 2}}

    def scatter(self, data, **_):
        return data

    def submit(self, function, state, payload, tasks, settings, pure):
        self.bundles.append(tasks)
        return Future(tasks, "error" if DEADLY in tasks else "finished")


class Queue(deque):
    add = deque.append
    __next__ = deque.popleft


class Run(ClassRun):
    state, payload, settings = "state", "payload", Settings()

    def __init__(self):
        pass

    def _task(self, submission):
        return submission.student


def test_a_lost_bundle_is_graded_again_one_by_one(monkeypatch, tmp_path):
    cluster = Cluster()

    @contextmanager
    def connected(workers, scheduler):
        yield cluster

    monkeypatch.setattr("course.grading.cluster.connected", connected)
    monkeypatch.setattr("dask.distributed.as_completed", Queue)
    students = [f"student-{number:02d}" for number in range(40)]
    todo = deque(Submission(student, tmp_path) for student in students)
    results = {submission.student: graded for submission, graded in Run()._graded(todo, 2, None)}

    assert sorted(results) == students
    assert "its worker died" in results.pop(DEADLY)["fault"]
    assert all(graded == {"graded": student} for student, graded in results.items())
    lost = next(bundle for bundle in cluster.bundles if DEADLY in bundle)
    assert len(lost) > 1 and all([student] in cluster.bundles for student in lost)


def test_bundles_hold_a_second_of_work_and_shrink_towards_the_end():
    assert _at_once(pace=0, left=500, workers=2) == 1  # nothing is known yet
    assert _at_once(pace=12, left=500, workers=2) == 6
    assert _at_once(pace=100, left=500, workers=2) == AT_ONCE
    assert _at_once(pace=12, left=9, workers=2) == 2
    assert _at_once(pace=12, left=1, workers=2) == 1
