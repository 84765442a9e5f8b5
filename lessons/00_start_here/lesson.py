# ---
# title: Start here
# question: What will I be able to build, and how does this course work?
# minutes: 10
# needs: []
# ---

# %% [markdown]
r"""
# Start here

This course builds deep learning from one idea: the **derivative**, the number that says which way is down. You write
every piece yourself, in NumPy, about five to twenty lines at a time. Each piece is checked the moment you run it.

You need Python's basics (functions, loops, lists), a little NumPy, and what school says about slopes. You need no
experience with machine learning.
"""

# %% [markdown]
r"""
## The map

Each unit opens with a question and ends with your own code answering it on real data.

| Unit | Its question | Minutes | Needs |
| --- | --- | --- | --- |
| [01 Derivatives](01_derivatives.ipynb) | How does a computer know which way is down? | 100 | school calculus |
| [02 Linear regression](02_linear_regression.ipynb) | What is the best straight line, and who decides? | 105 | 01 |
| [03 Gradient descent](03_gradient_descent.ipynb) | Why do some valleys take forever? | 85 | 01, 02 |
| [04 SGD and mini-batches](04_sgd.ipynb) | Why look at only some of the data? | 90 | 03 |
| [05 Initialization](05_initialization.ipynb) | Why can't we just start at zero? | 85 | 01, 02, 03, 04 |
| [06 Backpropagation](06_backprop.ipynb) | How can one backward sweep give every gradient at once? | 95 | 01 to 05 |
| [07 The multilayer perceptron](07_mlp.ipynb) | What does a hidden layer buy you? | 90 | 01 to 06 |
| [08 Convolutional networks](08_cnn.ipynb) | Why should a pixel care about its neighbours? | 95 | 02, 04 to 07 |

A ninth unit follows: regularization.
"""

# %% setup
from helpers import check, guess, plots

# %% [markdown]
r"""
## Where you stand

Run the cell below (click it, then press **Shift** and **Enter**). It shows every exercise and what you have done so
far. Your progress is kept in the course's folder, apart from the notebooks, so it stays when the course is updated.
"""

# %% demo
check.progress()

# %% [markdown]
r"""
## How an exercise works

1. You read a little, look at a figure, and **guess** what will happen before you run it. Guesses are kept and answered.
2. A cell says `# YOUR CODE HERE`. Replace that line and the one below it with your code, and run the cell.
3. The cell under it says `check(...)`. Run it. It answers at once, with one of three signs:
   - **✓ right**: go on.
   - **✗ not right yet**: it says what was called, what came back, what should have, and, where it knows the mistake,
     which one it is.
   - **○ not attempted**: you have not written it yet. Nothing is wrong.
4. Stuck? `check.hint(name)` opens one hint at a time. After a try, `check.solution(name)` shows one way to write it.
5. Want to go on without it? `check.rescue("name")` puts the published solution in place, so the rest of the notebook
   runs. The table above will say so, and you can come back.

Write `name` as it stands in the check cell. For instance, `check.hint(forward_difference)`.
"""

# %% [markdown]
r"""
## If something goes wrong

- **Nothing happens** when you run a cell right after opening a notebook: the kernel was still starting. Run it again.
- **A name is not defined**: some cell above has not been run. Choose *Run → Run All Above Selected Cell*.
- **A moving picture shows its code as three dots**: that is meant so. Run the cell all the same; click the dots to see
  the code.
- **A cell runs and never ends** (it shows `[*]`): press the square ■ in the toolbar to stop it.
- **Everything is muddled**: choose *Kernel → Restart Kernel*, then run from the top. Your code stays in its cells.
- **You lost an answer**: every answer you checked is kept in the folder `.descent`, in the file `progress.jsonl`.

Now open [01 Derivatives](01_derivatives.ipynb).
"""
