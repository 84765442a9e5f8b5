"""An exercise as a learner gets it: its solution region replaced by a stub."""

from nbformat.v4 import new_code_cell

STUB = 'raise NotImplementedError("This exercise is not written yet.")'


def cleared(source):
    """An exercise as a learner gets it, by nbgrader's own preprocessor."""
    from nbgrader.preprocessors import ClearSolutions

    cell = new_code_cell(source)
    clear = ClearSolutions(code_stub={"python": f"# YOUR CODE HERE\n{STUB}"})
    clear._replace_solution_region(cell, "python")
    return cell.source
