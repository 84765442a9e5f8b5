# nbgrader's own configuration; its folders are source/ release/ submitted/ autograded/ feedback/ here.
import os

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "descent"
c.Exchange.root = os.path.join(os.getcwd(), "exchange")  # on a shared machine: a folder that everyone may write to
c.ClearSolutions.code_stub = {
    "python": '# YOUR CODE HERE\nraise NotImplementedError("This exercise is not written yet.")',
}
c.IncludeHeaderFooter.header = ""
c.ExecutePreprocessor.timeout = 120

# Grading: notebooks run in confined processes, and the course's checks are judged where no student's code runs. Without
# the lines from here on, plain nbgrader grades the same notebooks in the students' own processes.
c.Autograde.sanitize_preprocessors = [
    "course.grading.plugins.Repair",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "course.grading.plugins.ConfinedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "course.grading.plugins.SaveVerdicts",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.pre_convert_hook = "course.grading.plugins.leave_links_out"
# Nothing that a student wrote is active in feedback or in formgrader.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "clean_html": "course.grading.inert.clean_html",
    "markdown2html": "course.grading.inert.markdown2html",
}
