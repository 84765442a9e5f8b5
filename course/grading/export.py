"""Fast exports of the gradebook as nbgrader export plug-ins: one query for all marks, not one for each row.

nbgrader export --exporter course.grading.export.CsvExport      nbgrader's own columns
nbgrader export --exporter course.grading.export.CanvasExport   the shape that Canvas imports
nbgrader export --exporter course.grading.export.MoodleExport   the shape that Moodle imports
"""

import csv

from nbgrader.plugins.export import ExportPlugin
from sqlalchemy import text

# a late penalty never takes a mark below zero, as in nbgrader's own export
MARKS = """
select a.name as assignment, a.duedate as duedate, s.id as student_id, s.last_name as last_name,
       s.first_name as first_name, s.email as email, s.lms_user_id as lms_user_id,
       sub.timestamp as timestamp, sub.id as submitted,
       coalesce(score.total, 0.0) as raw_score, coalesce(late.total, 0.0) as late_submission_penalty,
       coalesce(most.total, 0.0) as max_score
from assignment a cross join student s
left join submitted_assignment sub on sub.assignment_id = a.id and sub.student_id = s.id
left join (
    select n.assignment_id as submission,
           sum(coalesce(g.manual_score, g.auto_score, 0.0)
               + case when coalesce(g.manual_score, g.auto_score) is null then 0.0
                      else coalesce(g.extra_credit, 0.0) end
           ) as total
    from grade g join submitted_notebook n on n.id = g.notebook_id group by n.assignment_id
) score on score.submission = sub.id
left join (
    select assignment_id as submission, sum(late_submission_penalty) as total
    from submitted_notebook group by assignment_id
) late on late.submission = sub.id
left join (
    select n.assignment_id as assignment, sum(points.max_score) as total
    from notebook n join base_cell b on b.notebook_id = n.id
    join (
        select id, max_score from grade_cells union all select id, max_score from task_cells
    ) points on points.id = b.id
    group by n.assignment_id
) most on most.assignment = a.id
order by a.name, s.id
"""


class FastExport(ExportPlugin):
    """Reads all marks at once and writes them with `write(file, rows)`."""

    filename = "grades.csv"

    def export(self, gradebook):
        rows = []
        for row in gradebook.db.execute(text(MARKS)).mappings():
            if self.assignment and row["assignment"] not in map(str, self.assignment):
                continue
            if self.student and row["student_id"] not in map(str, self.student):
                continue
            rows.append({**row, "score": max(0.0, row["raw_score"] - row["late_submission_penalty"])})
        path = self.to or self.filename
        self.log.info("Exporting grades to %s", path)
        with open(path, "w", newline="", encoding="utf-8") as file:
            self.write(file, rows)

    def write(self, file, rows):
        raise NotImplementedError


class CsvExport(FastExport):
    """nbgrader's own columns, a row for each student and assignment."""

    columns = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
               "late_submission_penalty", "score", "max_score")  # fmt: skip

    def write(self, file, rows):
        writer = csv.DictWriter(file, self.columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)


class CanvasExport(FastExport):
    """Canvas's gradebook import: a row for each student, a column for each assignment, a row of points possible."""

    filename = "canvas.csv"

    def write(self, file, rows):
        assignments, students = _by_student(rows)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *assignments])
        writer.writerow(["    Points Possible", "", "", "", "", *assignments.values()])
        for student in students.values():
            any_row = next(iter(student.values()))
            name = ", ".join(filter(None, (any_row["last_name"], any_row["first_name"]))) or any_row["student_id"]
            identity = [name, any_row["lms_user_id"] or "", any_row["student_id"], any_row["email"] or "", ""]
            writer.writerow(identity + [student[a]["score"] if student[a]["submitted"] else "" for a in assignments])


class MoodleExport(FastExport):
    """Moodle's grade import: a row for each student, a column for each assignment."""

    filename = "moodle.csv"

    def write(self, file, rows):
        assignments, students = _by_student(rows)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["First name", "Last name", "ID number", "Email address", *assignments])
        for name, student in students.items():
            any_row = next(iter(student.values()))
            identity = [any_row["first_name"] or "", any_row["last_name"] or "", name, any_row["email"] or ""]
            writer.writerow(identity + [student[a]["score"] if student[a]["submitted"] else "" for a in assignments])


def _by_student(rows):
    """({assignment: points possible}, {student: {assignment: row}})."""
    assignments, students = {}, {}
    for row in rows:
        assignments[row["assignment"]] = row["max_score"]
        students.setdefault(row["student_id"], {})[row["assignment"]] = row
    return assignments, students
