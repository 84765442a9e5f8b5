# ---
# title: Warm-up
# question: What do I need to remember before I begin?
# minutes: 25
# needs: [00_start_here]
# ---

# %% [markdown]
r"""
# Warm-up

What the course takes for granted, each in a few minutes: [slopes](#Slopes-and-derivatives), [exponential and logarithm](#Exponential-and-logarithm), [functions as values](#Functions-are-values), [two names for one list](#Two-names,-one-list),
[classes](#A-small-class), [arrays](#Arrays), [axes](#An-axis-goes), [broadcasting](#Broadcasting), [the matrix product](#The-matrix-product) and [random numbers](#Random-numbers).

Read what you need and skip the rest. Nothing here is checked. Before you run a cell, say what it will print; then change a number and run it again.
"""

# %% setup
import numpy as np

from helpers import plots

# %% [markdown]
r"""
## Slopes and derivatives

The slope of a straight line is its rise for each step to the right. A curve has a different slope at every place. Zoom in on one place and the curve looks like a straight line; the slope of that line is the **derivative** there.

Take `f(x) = x²` at `x = 3`. Go a small way `h` to the right. The rise is `(3 + h)² − 3² = 6h + h²`. Divide by the run, `h`: the slope is `6 + h`. Let `h` shrink, and 6 is left.
"""

# %% demo
for h in [1, 0.1, 0.01, 0.001]:
    print(f"h = {h}: slope {((3 + h) ** 2 - 3**2) / h:.4f}")

# %% demo
x = np.linspace(-1, 5, 121)
fig, ax = plots.figure(width=6, height=3.6)
ax.plot(x, x**2, label="x²")
ax.plot(x, 9 + 6 * (x - 3), "--", label="slope 6, through (3, 9)")
ax.plot(3, 9, "o", color=plots.COLORS["black"])
ax.set(ylim=(-4, 25), xlabel="x", ylabel="f(x)", title="Close to x = 3 the curve is its tangent")
ax.legend()
plots.show(fig, alt="The parabola x squared and the straight line of slope 6 that touches it at x = 3; near that point the two cannot be told apart.")

# %% [markdown]
r"""
A positive slope means that the curve rises to the right. A negative one means that it falls to the right, so down is to the right. Where the slope is 0 the ground is level: a valley, a hilltop, or a ledge.

Four rules are enough for the whole course, and unit 01 lets you check each of them by computer:

| function | derivative | in words |
| --- | --- | --- |
| `x**n` | `n * x**(n - 1)` | the power comes down, and is one less |
| `c * f(x)` | `c * f'(x)` | a constant factor stays |
| `f(x) + g(x)` | `f'(x) + g'(x)` | slopes add |
| `f(g(x))` | `f'(g(x)) * g'(x)` | slopes of nested functions multiply |

`f'` (say "f prime") is the derivative of `f`.

## Exponential and logarithm

`exp(x)` is `e` to the power `x`, with `e` about 2.718. It is always positive, grows very fast, and is its own derivative. The natural logarithm `log` undoes it: `log(exp(x)) = x`. It turns products into sums, `log(a·b) = log a + log b`, and its derivative is `1/x`.
"""

# %% demo
print(f"exp(0) = {np.exp(0):.4f}, exp(1) = {np.exp(1):.4f}, exp(10) = {np.exp(10):.4f}")
print(f"back again: {np.log(np.exp(5)):.4f}")
print(f"log of a product: {np.log(2 * 3):.4f} = {np.log(2) + np.log(3):.4f}")

# %% [markdown]
r"""
## Functions are values

A function can be given to another function, kept in a list, or returned, like a number. `lambda n: n + 3` is a small function without a name: it takes `n` and gives `n + 3`.
"""

# %% demo
def twice(f, x):
    return f(f(x))


print(twice(lambda n: n + 3, 10))


def power(n):
    return lambda x: x**n  # a function that remembers n


square = power(2)
print(square(5))

# %% [markdown]
r"""
## Two names, one list

`b = a` makes no copy. Both names stand for one and the same list or array. A change *in place*, such as `b[0] = 9` or `b += 1`, is seen by both names. `b = b + 1` makes a new array and leaves the old one alone.

In the course, the rule is: **a function leaves what it is given as it was.** Where you must write into an array, take a copy first.
"""

# %% demo
a = np.array([1, 2, 3])
b = a
c = a.copy()
b[0] = 9
print("a:", a, "  c, a copy:", c)


def careless(x):
    x += 1  # changes the caller's array
    return x


careless(a)
print("a after a careless function:", a)

# %% [markdown]
r"""
## A small class

A class bundles values with the functions that work on them. `__init__` runs when an object is made; `self` is the object itself. You need this in unit 06, and not before.
"""

# %% demo
class Counter:
    def __init__(self, start):
        self.count = start

    def add(self, number):
        self.count = self.count + number


counter = Counter(10)
counter.add(5)
print(counter.count)

# %% [markdown]
r"""
## Arrays

A NumPy array is a table of numbers of one kind. Its **shape** says how many rows and columns it has. Arithmetic goes entry by entry, without a loop.
"""

# %% demo
X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print("shape:", X.shape, "  first row:", X[0], "  second column:", X[:, 1])
print("times ten:\n", 10 * X)
print("which are above 2.5:\n", X > 2.5)

# %% [markdown]
r"""
One trap: an array of whole numbers stays one. Write 2.5 into it, and 2 is what it keeps. `np.array([1, 2], dtype=float)`, or a point behind a number, makes room for fractions.
"""

# %% demo
whole = np.array([1, 2, 3])
whole[0] = 2.5
print(whole, whole.dtype)

# %% [markdown]
r"""
## An axis goes

`X.sum()` adds everything up. `X.sum(axis=0)` adds along axis 0, the rows: **the axis you name is the one that goes**, and a sum for each column is left. With `keepdims=True` it stays, with size 1.
"""

# %% demo
print("X:\n", X)
print("axis 0 goes, shape", X.sum(axis=0).shape, ":", X.sum(axis=0))
print("axis 1 goes, shape", X.sum(axis=1).shape, ":", X.sum(axis=1))
print("kept, shape", X.sum(axis=1, keepdims=True).shape)

# %% demo
fig, axes = plots.figure(1, 2, width=8, height=2.8)
for ax, axis, title in zip(axes, [0, 1], ["axis=0: down each column", "axis=1: along each row"]):
    for (row, column), number in np.ndenumerate(X):
        ax.text(column, -row, f"{number:g}", ha="center", va="center", fontsize=14)
    for k in range(X.shape[1 - axis]):
        end = (k, -1.8) if axis == 0 else (2.8, -k)
        start = (k, -1.25) if axis == 0 else (2.25, -k)
        ax.annotate("", xy=end, xytext=start, arrowprops={"arrowstyle": "->", "color": plots.COLORS["orange"], "linewidth": 2})
        total = X.sum(axis=axis)[k]
        place = (k, -2.05) if axis == 0 else (3.1, -k)
        ax.text(*place, f"{total:g}", ha="center", va="center", fontsize=14, color=plots.COLORS["blue"], weight="bold")
    ax.set(xlim=(-0.6, 3.5), ylim=(-2.4, 0.5), title=title)
    ax.axis("off")
plots.show(fig, alt="The table 1 2 3 over 4 5 6, twice. With axis=0 arrows go down each column to the sums 5, 7, 9; with axis=1 they go along each row to the sums 6 and 15.")

# %% [markdown]
r"""
## Broadcasting

When two shapes differ, NumPy lines them up **from the right**. Sizes must be equal, or one of them 1 or missing; what is 1 or missing is repeated. So `(5, 3) + (3,)` adds the three numbers to each row, and `(5, 3) − (5, 1)` takes a number of its own from each row. `(5, 3) + (5,)` is an error, since 3 is not 5.
"""

# %% demo
print(X + np.array([10.0, 20.0, 30.0]))
print(X - X.mean(axis=1, keepdims=True))
try:
    X + np.array([10.0, 20.0])
except ValueError as problem:
    print("an error:", problem)

# %% [markdown]
r"""
The dangerous case gives no error: `(5,)` and `(5, 1)` make `(5, 5)`, a table of every pair. When a number is far too large, print the shapes first.

## The matrix product

`a @ b` of two vectors multiplies entry by entry and adds up: `1·4 + 2·5 + 3·6 = 32`. `X @ W` does that for each row of `X` with each column of `W`. The inner sizes must agree and go; the outer ones stay: `(n, d) @ (d, k)` is `(n, k)`.
"""

# %% demo
print(np.array([1, 2, 3]) @ np.array([4, 5, 6]))
W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
print(X.shape, "@", W.shape, "=", (X @ W).shape)
print(X @ W)
print("X.T turns rows into columns:", X.T.shape)

# %% [markdown]
r"""
## Random numbers

`np.random.default_rng(0)` makes a random generator. The same seed, here 0, gives the same numbers every time, so that your run and ours agree. In this course a function that needs chance is always handed a generator, called `rng`.
"""

# %% demo
rng = np.random.default_rng(0)
print(rng.integers(0, 10, size=5), rng.normal(size=2).round(2))
rng = np.random.default_rng(0)
print(rng.integers(0, 10, size=5), "the same again")

# %% [markdown]
r"""
That is all. Go on with [01 Derivatives](01_derivatives.ipynb).
"""
