"""The reference assignment: six exercises, six test cells of plain asserts, NumPy, and a plot. It is an ordinary
nbgrader assignment, so that plain nbgrader and ours do the same work on it."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

NAME = "reference"
EXERCISES = {
    "mean": ("x", "return np.sum(x) / len(x)", "mean([1.0, 2.0, 6.0]) == 3.0"),
    "center": ("x", "return np.asarray(x) - np.mean(x)", "np.allclose(center([1.0, 3.0]), [-1.0, 1.0])"),
    "norm": ("x", "return float(np.sqrt(np.sum(np.square(x))))", "norm([3.0, 4.0]) == 5.0"),
    "softmax": (
        "z",
        "e = np.exp(z - np.max(z))\n    return e / e.sum()",
        "np.allclose(softmax([0.0, 0.0]), [0.5, 0.5])",
    ),
    "moving_average": (
        "x",
        "return np.convolve(x, np.ones(3) / 3, 'valid')",
        "np.allclose(moving_average([1, 2, 3, 4]), [2, 3])",
    ),
    "fit_line": ("x, y", "return tuple(np.polyfit(x, y, 1))", "np.allclose(fit_line([0, 1, 2], [1, 3, 5]), [2, 1])"),
}
PLOT = """plt.plot(moving_average(np.sin(np.linspace(0, 6, 200))))
plt.title("smoothed")
plt.show()"""
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def instructors_notebook():
    return _notebook(lambda body: f"### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION")


def students_notebook():
    return _notebook(lambda body: body)


def _notebook(written):
    cells = [new_code_cell("import matplotlib.pyplot as plt\nimport numpy as np\n\n%matplotlib inline")]
    for name, (arguments, body, test) in EXERCISES.items():
        source = f"def {name}({arguments}):\n    {written(body)}"
        cells.append(_cell(source, grade_id=name, solution=True, grade=False, locked=False))
        cells.append(
            _cell(f"assert {test}", grade_id=f"test_{name}", solution=False, grade=True, locked=True, points=2)
        )
    cells.append(new_code_cell(PLOT))
    for i, cell in enumerate(cells):
        cell.id = f"cell-{i:02d}"
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def _cell(source, **known):
    return new_code_cell(source, metadata={"nbgrader": {"schema_version": 3, "task": False, **known}})


def add_to(folder):
    """Put the assignment into a course's folder."""
    path = folder / "source" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(instructors_notebook(), path)


def hand_in(folder, students):
    """Right answers of `students` students, as they would stand in submitted/."""
    text = nbformat.writes(students_notebook())
    for number in range(students):
        path = folder / "submitted" / f"student-{number:04d}" / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
