"""Grading a class: untrusted notebooks run in throw-away processes, verdicts are made where no student's code runs.

`warm` and `session` are the untrusted side (they import nothing of a lesson), `executor` talks to them, `marking`
grades one notebook, `plugins` puts that into nbgrader, `classrun` runs a class.
"""
