"""Writes marks into nbgrader's gradebook in batches: a handful of statements for any number of submissions, so that
the cost of one does not grow with the class."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from nbformat.v4 import new_notebook
from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import insert, select, update
from sqlalchemy.exc import OperationalError

from course.errors import CourseError

GRADES, COMMENTS = api.Grade.__table__, api.Comment.__table__
STUDENTS, NOTEBOOKS = api.Student.__table__, api.SubmittedNotebook.__table__
SUBMISSIONS = api.SubmittedAssignment.__table__
NO_RESPONSE = "No response."


@dataclass(frozen=True)
class Result:
    """What the gradebook needs of one graded submission.

    marks: {notebook name: {grade_id: (score or None)}}   unanswered: {notebook name: [grade_id of solution cells]}
    """

    student: str
    timestamp: datetime | None
    marks: dict
    unanswered: dict


class BatchGradebook:
    """nbgrader's gradebook, open for one assignment.

    parent: an nbgrader application, whose configuration says how late submissions are treated
    """

    def __init__(self, db_url, course_id, assignment, parent=None):
        self.parent = parent
        with told_of_database(db_url):
            self.gradebook = Gradebook(db_url, course_id)
            self.db = self.gradebook.db
            self._read_assignment(assignment)

    def _read_assignment(self, name):
        try:
            assignment = self.gradebook.find_assignment(name)
        except api.MissingEntry:
            raise CourseError(
                f"the gradebook has no assignment {name!r}: run `nbgrader generate_assignment {name}` first"
            ) from None
        self.assignment_id, self.duedate = assignment.id, assignment.duedate
        self.notebooks = {}
        for notebook in assignment.notebooks:
            cells = {cell.name: cell.id for cell in [*notebook.grade_cells, *notebook.task_cells]}
            answers = {cell.name: cell.id for cell in [*notebook.solution_cells, *notebook.task_cells]}
            self.notebooks[notebook.name] = (notebook.id, cells, answers)
        self.db.commit()

    def graded(self):
        """The students whose every cell of the assignment has a mark or waits for a person."""
        rows = self.db.execute(
            select(SUBMISSIONS.c.student_id)
            .join(NOTEBOOKS, NOTEBOOKS.c.assignment_id == SUBMISSIONS.c.id)
            .join(GRADES, GRADES.c.notebook_id == NOTEBOOKS.c.id)
            .where(SUBMISSIONS.c.assignment_id == self.assignment_id)
            .distinct()
        )
        students = {row[0] for row in rows}
        self.db.commit()
        return students

    def write(self, results):
        """Write a batch, all of it or nothing. What was marked by hand is kept."""
        if not results:
            return
        with told_of_database(str(self.gradebook.engine.url)):
            try:
                submissions = self._submissions(results)
                notebooks = self._submitted_notebooks(results, submissions)
                self._grades(results, notebooks)
                self._comments(results, notebooks)
                self.db.commit()
            except BaseException:
                self.db.rollback()
                raise
        late = [r.student for r in results if self.duedate and r.timestamp and r.timestamp > self.duedate]
        if late:
            self._late_penalties(late)

    def _submissions(self, results):
        students = [r.student for r in results]
        known = set(self.db.scalars(select(STUDENTS.c.id).where(STUDENTS.c.id.in_(students))))
        new = [{"id": s, "course_id": self.gradebook.course_id} for s in students if s not in known]
        if new:
            self.db.execute(insert(STUDENTS), new)
        query = select(SUBMISSIONS.c.student_id, SUBMISSIONS.c.id).where(
            SUBMISSIONS.c.assignment_id == self.assignment_id, SUBMISSIONS.c.student_id.in_(students)
        )
        ids = dict(self.db.execute(query).all())
        new = []
        for result in results:
            if result.student not in ids:
                ids[result.student] = api.new_uuid()
                row = {"id": ids[result.student], "assignment_id": self.assignment_id, "student_id": result.student}
                new.append(row | {"timestamp": result.timestamp})
            elif result.timestamp is not None:
                where = SUBMISSIONS.c.id == ids[result.student]
                self.db.execute(update(SUBMISSIONS).where(where).values(timestamp=result.timestamp))
        if new:
            self.db.execute(insert(SUBMISSIONS), new)
        return ids

    def _submitted_notebooks(self, results, submissions):
        """{(student, notebook name): id of the submitted notebook}."""
        query = select(NOTEBOOKS.c.assignment_id, NOTEBOOKS.c.notebook_id, NOTEBOOKS.c.id).where(
            NOTEBOOKS.c.assignment_id.in_([submissions[r.student] for r in results])
        )
        there = {(a, n): i for a, n, i in self.db.execute(query)}
        ids, new = {}, []
        for result in results:
            for name, (notebook_id, _, _) in self.notebooks.items():
                key = (submissions[result.student], notebook_id)
                if key not in there:
                    there[key] = api.new_uuid()
                    new.append({"id": there[key], "assignment_id": key[0], "notebook_id": notebook_id})
                ids[result.student, name] = there[key]
        if new:
            self.db.execute(insert(NOTEBOOKS), new)
        return ids

    def _grades(self, results, notebooks):
        there = self._rows(GRADES, notebooks.values(), GRADES.c.manual_score)
        new, old = [], []
        for result in results:
            for name, (_, cells, _) in self.notebooks.items():
                marks = result.marks.get(name, {})
                for grade_id, cell_id in cells.items():
                    score = marks.get(grade_id)
                    key = (notebooks[result.student, name], cell_id)
                    identity, manual = there.get(key, (None, None))
                    row = {"auto_score": score, "needs_manual_grade": score is None or manual is not None}
                    if identity is None:
                        place = {"id": api.new_uuid(), "notebook_id": key[0], "cell_id": cell_id}
                        new.append(place | row)
                    else:
                        old.append({"id": identity} | row)
        self._write_rows(api.Grade, GRADES, new, old)

    def _comments(self, results, notebooks):
        there = self._rows(COMMENTS, notebooks.values(), COMMENTS.c.manual_comment)
        new, old = [], []
        for result in results:
            for name, (_, _, answers) in self.notebooks.items():
                unanswered = set(result.unanswered.get(name, ()))
                for grade_id, cell_id in answers.items():
                    key = (notebooks[result.student, name], cell_id)
                    row = {"auto_comment": NO_RESPONSE if grade_id in unanswered else None}
                    identity, _ = there.get(key, (None, None))
                    if identity is None:
                        new.append({"id": api.new_uuid(), "notebook_id": key[0], "cell_id": cell_id} | row)
                    else:
                        old.append({"id": identity} | row)
        self._write_rows(api.Comment, COMMENTS, new, old)

    def _rows(self, table, notebook_ids, extra):
        query = select(table.c.notebook_id, table.c.cell_id, table.c.id, extra)
        rows = self.db.execute(query.where(table.c.notebook_id.in_(list(notebook_ids))))
        return {(n, c): (i, e) for n, c, i, e in rows}

    def _write_rows(self, kind, table, new, old):
        if new:
            self.db.execute(insert(table), new)
        if old:
            self.db.execute(update(kind), old)

    def _late_penalties(self, students):
        """Late penalties by nbgrader's own plug-in, as `nbgrader autograde` assigns them."""
        from nbgrader.preprocessors import AssignLatePenalties

        name = self.gradebook.db.get(api.Assignment, self.assignment_id).name
        for student in students:
            for notebook in self.notebooks:
                resources = {"nbgrader": {"notebook": notebook, "assignment": name, "student": student}}
                resources["nbgrader"]["db_url"] = self.gradebook.engine.url.render_as_string(hide_password=False)
                AssignLatePenalties(parent=self.parent).preprocess(new_notebook(), resources)

    def close(self):
        self.gradebook.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@contextmanager
def told_of_database(url):
    """Turns a database that cannot be used into a sentence."""
    try:
        yield
    except OperationalError as problem:
        raise CourseError(
            f"the gradebook {url} cannot be used just now: {problem.orig}. Marks that are written stay; close what "
            "else has it open (formgrader, another grading run), then run the same command again to go on."
        ) from None
