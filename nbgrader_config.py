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
