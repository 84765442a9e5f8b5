# ---
# title: Start here
# question: What will I be able to build, and how does this course work?
# minutes: 20
# needs: []
# practice: true
# ---

# %% [markdown]
r"""
# Start here

This course builds deep learning from one idea: the **derivative**, the number that says which way is down. You write every piece yourself, in NumPy, about five to twenty lines at a time. Each piece is checked the moment you run it. Where a library has the piece ready-made (a layer of PyTorch, a softmax of SciPy), the check asks for your own.

You need Python's basics (functions, loops, lists), a little NumPy, and what school says about slopes. You need no experience with machine learning. Not sure? There is a ten-minute self-test further down.

## What you will build

The three pictures below were drawn by code that learners of this course write: every step, every gradient, every layer in them.

**Unit 03: walking downhill.** The same valley and three step sizes. The first creeps, the second arrives, the third leaps from wall to wall. You will predict exactly where the third begins.

![Three paths down the same oval valley. With a small step the path creeps along the floor; with a good one it arrives; with one a little too large it jumps from wall to wall and does not arrive.](pictures/valley.png)

**Unit 07: a network that bends.** Two crescents of points. A network of your own learns the line between them, from 24 % right to 99 %.

![Two crescents of points with the boundary that a network draws between them, after 0, 4, 40 and 200 rounds of training: a straight line that bends until nearly every point is on its side.](pictures/moons.png)

**Unit 08: a network that sees.** It reads handwritten digits and gets 99 of 100 right. Above, the eight small filters it found by itself; below, what each of them notices in a six.

![Eight learned filters of three by three pixels in red and blue, and under each what it notices in a handwritten six: one its outline, another its loop, and one nothing at all.](pictures/filters.png)
"""

# %% [markdown]
r"""
## The map

Each unit opens with a question and ends with your own code answering it on real data. Take them in order: each builds on those before it.

| Unit | Its question | Minutes | Needs |
| --- | --- | --- | --- |
| [01 Derivatives](01_derivatives.ipynb) | How does a computer know which way is down? | 100 | school calculus |
| [02 Linear regression](02_linear_regression.ipynb) | What is the best straight line, and who decides? | 105 | 01 |
| [03 Gradient descent](03_gradient_descent.ipynb) | Why do some valleys take forever? | 95 | 01, 02 |
| [04 SGD and mini-batches](04_sgd.ipynb) | Why look at only some of the data? | 90 | 03 |
| [05 Initialization](05_initialization.ipynb) | Why can't we just start at zero? | 90 | 01, 02, 03, 04 |
| [06 Backpropagation](06_backprop.ipynb) | How can one backward sweep give every gradient at once? | 110 | 01 to 05 |
| [07 The multilayer perceptron](07_mlp.ipynb) | What does a hidden layer buy you? | 95 | 01 to 06 |
| [08 Convolutional networks](08_cnn.ipynb) | Why should a pixel care about its neighbours? | 105 | 02, 04 to 07 |
| [09 Regularization](09_regularization.ipynb) | How do you stop a network from memorising? | 120 | 02, 04, 06 to 08 |
"""

# %% setup
from helpers import check, guess, plots

# %% [markdown]
r"""
## How an exercise works: try one

A notebook is a column of cells. Click a cell and press **Shift** and **Enter** to run it. Do that with the cell above this text (it says `from helpers import …`): it brings the checks in. Every unit begins with such a cell.

Now a first exercise. A straight line goes through two points. How steep is it? Replace the two lines under `# YOUR CODE HERE` with your own, and run the cell. Nothing seems to happen; that is right. Then run the cell under it, which checks.

Write it wrongly first, if you like. Leave a bracket out, or turn the fraction upside down, and see what the check says.
"""

# %% exercise="slope" difficulty=1 importance=1 minutes=3
def slope(x0, y0, x1, y1):
    """How steep the straight line through two points is: its rise for each step to the right.

    x0, y0: the first point   x1, y1: the second; x1 is not x0
    Returns a number: positive where the line rises, negative where it falls.
    """
    ### BEGIN SOLUTION
    return (y1 - y0) / (x1 - x0)
    ### END SOLUTION

# %% check="slope" points=1
check(slope)

# %% [markdown]
r"""
A check answers at once, with one of three signs:

- **✓ right**: go on.
- **✗ not right yet**: it says what was called, what came back, what should have, and, where it knows the mistake, which one it is.
- **○ not attempted**: you have not written it yet. Nothing is wrong.

Four more things help you, in every unit. Write the name of the exercise as it stands in the check cell, here `slope`.

- `check.hint(slope)` opens one hint at a time.
- `check.solution(slope)` shows one way to write it, after you have tried.
- `check.rescue("slope")` puts the published solution in place, so that the rest of the notebook runs. The table of progress will say so, and you can come back.
- `check.progress()` shows every exercise and where you stand. Your progress is kept in the course's folder, apart from the notebooks, so it stays when the course is updated.
"""

# %% demo
check.progress()

# %% [markdown]
r"""
## Guess before you run

Between the exercises there are questions to **guess** before you run a cell. Guessing first, even wrongly, makes the answer stick. Click a letter, then run the cell below it, which answers. The self-test is made of such questions.

## A self-test: ten minutes

Eight questions on what the course takes for granted. If you know six or more, begin with unit 01. If not, the [warm-up](00_warm_up.ipynb) explains each of them in a few minutes.

### Slopes
"""

# %% [markdown] predict="self_slope"
r"""
A car's position in metres is `t**2` after `t` seconds. How fast is it at the very moment `t = 3`?

- [ ] 3 metres a second
- [x] 6 metres a second
- [ ] 9 metres a second

Why: The slope of `t**2` at `t` is `2 * t`, and `2 * 3` is 6. In three seconds it has come 9 metres, but it was slow at first. New to you? The warm-up, "Slopes and derivatives".
"""

# %% answer="self_slope"

# %% [markdown] predict="self_down"
r"""
The slope of a curve at your place is −2. Which way is down?

- [ ] To the left.
- [x] To the right.
- [ ] That depends on how high you stand.

Why: A negative slope means that the curve falls as x grows, so down is to the right. Unit 01 is built on this sentence. Unsure? The warm-up, "Slopes and derivatives".
"""

# %% answer="self_down"

# %% [markdown] predict="self_exp"
r"""
What is `log(exp(5))`, with the natural logarithm?

- [ ] About 148.4
- [x] 5
- [ ] About 1.6

Why: The logarithm undoes the exponential, so 5 comes back. Units 06 and 07 use this. Forgotten? The warm-up, "Exponential and logarithm".
"""

# %% answer="self_exp"

# %% [markdown]
r"""
### Python
"""

# %% [markdown] predict="self_function"
r"""
```python
def twice(f, x):
    return f(f(x))

print(twice(lambda n: n + 3, 10))
```

What does it print?

- [ ] 13
- [x] 16
- [ ] 26

Why: A function can be handed over like a number. `f` adds 3, and it is used two times: 10, 13, 16. Surprised? The warm-up, "Functions are values".
"""

# %% answer="self_function"

# %% [markdown] predict="self_alias"
r"""
```python
a = [1, 2, 3]
b = a
b[0] = 9
print(a)
```

What does it print?

- [ ] `[1, 2, 3]`
- [x] `[9, 2, 3]`
- [ ] An error.

Why: `b = a` makes no copy. Both names stand for the same list, and a change by one name is seen by the other. Most bugs that nobody understands at 11 pm are of this kind. More in the warm-up, "Two names, one list".
"""

# %% answer="self_alias"

# %% [markdown]
r"""
### NumPy
"""

# %% [markdown] predict="self_axis"
r"""
`X` has the shape `(5, 3)`: five rows, three columns. What is the shape of `X.sum(axis=0)`?

- [x] `(3,)`
- [ ] `(5,)`
- [ ] `(5, 1)`

Why: The axis you name is the one that goes. Axis 0 counts the rows, so the rows are added up, and a sum for each of the three columns is left. The warm-up has a picture: "An axis goes".
"""

# %% answer="self_axis"

# %% [markdown] predict="self_matmul"
r"""
`X` has the shape `(5, 3)` and `W` the shape `(3, 4)`. What is the shape of `X @ W`?

- [ ] `(3, 3)`
- [x] `(5, 4)`
- [ ] An error: the shapes differ.

Why: In a matrix product the two inner sizes must agree, 3 and 3, and they go. The outer ones stay: 5 rows, 4 columns. See the warm-up, "The matrix product".
"""

# %% answer="self_matmul"

# %% [markdown] predict="self_broadcast"
r"""
`X` has the shape `(5, 3)` and `b` the shape `(3,)`. What is `X + b`?

- [ ] An error: the shapes differ.
- [ ] One long array of 18 numbers.
- [x] `b` added to each of the five rows.

Why: NumPy lines shapes up from the right and repeats what is missing. This is called broadcasting. See the warm-up, "Broadcasting".
"""

# %% answer="self_broadcast"

# %% [markdown]
r"""
## If something goes wrong

- **Nothing happens** when you run a cell right after opening a notebook: the kernel was still starting. Run it again.
- **A name is not defined**: some cell above has not been run. Choose *Run → Run All Above Selected Cell*.
- **You come back the next day**, and *Error displaying widget: model not found* stands where buttons and sliders were: click the cell where you stopped, and choose *Run → Run All Above Selected Cell*. Your answers and guesses are kept.
- **A moving picture shows its code as three dots**: that is meant so. Run the cell all the same; click the dots to see the code.
- **A cell runs and never ends** (it shows `[*]`): press the square ■ in the toolbar to stop it. A check stops by itself after half a minute, and says where.
- **Everything is muddled**: choose *Kernel → Restart Kernel*, then run from the top. Your code stays in its cells.
- **You lost an answer**: every answer you checked is kept in the folder `.descent`, in the file `progress.jsonl`.

A word or a symbol that you have forgotten: [glossary, symbols and sources](99_reference.md), with the Korean terms.

Now open [01 Derivatives](01_derivatives.ipynb), or the [warm-up](00_warm_up.ipynb) first.
"""
