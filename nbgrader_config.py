# nbgrader's own configuration; its folders are source/ release/ submitted/ autograded/ feedback/ here.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "descent"
c.ClearSolutions.code_stub = {
    "python": '# YOUR CODE HERE\nraise NotImplementedError("This exercise is not written yet.")',
}
c.IncludeHeaderFooter.header = ""
c.ExecutePreprocessor.timeout = 120
