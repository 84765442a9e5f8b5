# ---
# title: Backpropagation
# question: How can one backward sweep give every gradient at once?
# minutes: 110
# needs: [01_derivatives, 02_linear_regression, 03_gradient_descent, 04_sgd, 05_initialization]
# ---

# %% [markdown]
r"""
# 06 · Backpropagation

**How can one backward sweep give every gradient at once?**

In unit 01 you found a gradient by nudging: move one number a little, look at the loss, move it back, take the next. A small network for handwritten digits has
2,410 numbers, so one step of descent costs 4,820 looks at the loss. At the end of this notebook you will have written a way that finds all 2,410 slopes in about the time
of three looks. Every network of today is trained that way.

- **Before this:** units 01 to 05: derivatives and the chain rule, linear models, descent, layers and activations.
- **Time:** about 110 minutes, ten exercises. Take two evenings: the end of section 5 is a good place to stop for the night. Sections 9 and 10 have no exercise and may be left out.
- **You will be able to** send a gradient backward through sums, products, activations, layers and the softmax; prove by nudging that each one is right; find the bug in a
  network's gradients; and write an engine that differentiates any formula by itself.
"""

# %% setup
import math

import numpy as np

from helpers import check, data, graphs, guess, plots

# %% [markdown]
r"""
## 1. A formula is a chain of small steps

One day at the café of unit 02: it is 2 degrees warmer than usual. The model has the weight $w = 3$ and the bias $b = 1$, and 10 cups were sold. How wrong is the model? The prediction, $\hat y$ in unit 02, is called $p$ here.

$$p = w x + b, \qquad r = p - y, \qquad L = r^2 .$$

A computer does this in four small steps: multiply, add, subtract, square. Draw one box for each number, with an arrow from what goes in to what comes out. That is a
**computational graph**. The steps from left to right are the **forward** sweep: it gives $L = 9$.

Now the question of the whole course: if I nudge one of these numbers, how fast does $L$ change? Go from right to left.

1. $L$ changes 1 for 1 with itself. Its slope is $1$.
2. $L = r^2$ has the slope $2r = -6$ for $r$.
3. $r = p - y$ moves 1 for 1 with $p$. So $L$ has the slope $-6$ for $p$ as well. For $y$ it is $+6$.
4. $p = wx + b$ moves 1 for 1 with both: $-6$ for $wx$, and $-6$ for $b$.
5. $wx$ moves by $x = 2$ for each 1 of $w$. So $L$ has the slope $-6 \cdot 2 = -12$ for $w$. It moves by $w = 3$ for each 1 of $x$: $-6 \cdot 3 = -18$ for $x$.

Each line used the line before and one **local slope**: how the output of one small step answers to its input. This is the chain rule of unit 01, taken one
step at a time, from the end. In the picture the local slopes stand on the arrows, and the slopes of $L$, the **gradients**, in red below the boxes. Follow the red arrows: each gradient is the one it comes from, times the number on the arrow.
"""


# %% demo
class Box:
    def __init__(self, data, grad, inputs=(), slopes=()):
        self.data, self.grad, self.inputs, self.slopes = data, grad, inputs, slopes


w, x, b, y = Box(3, -12), Box(2, -18), Box(1, -6), Box(10, 6)
wx = Box(6, -6, (w, x), (2, 3))
p = Box(7, -6, (wx, b), (1, 1))
r = Box(-3, -6, (p, y), (1, -1))
L = Box(9, 1, (r,), (-6,))
cafe_names = {"w": w, "x": x, "b": b, "y": y, "w·x": wx, "p": p, "r": r, "L": L}


def draw_sweep(ax, done, slopes=False):
    reached = [[], [L], [L, r], [L, r, p, y], [L, r, p, y, wx, b], None][done]
    graphs.draw(ax, L, cafe_names, reached, slopes=slopes)
    said = ["forward: only values", "start: 1", "square: 2r", "subtract: 1 and −1", "add: 1 and 1", "multiply: x and w"]
    ax.set_title(said[done])


fig, ax = plots.figure(width=8.0, height=3.6)
draw_sweep(ax, 5, slopes=True)
ax.set_title("Values go forward (grey arrows), gradients come back (red)")
plots.show(
    fig,
    alt="A graph of eight boxes from left to right: w = 3 and x = 2 go into w·x = 6; that and b = 1 into p = 7; that and y = 10 into r = -3; "
    "that into L = 9. Below each box its gradient: L 1, r -6, p -6, y +6, w·x -6, b -6, w -12, x -18. "
    "On each arrow its local slope: 2 and 3 into w·x, 1 and 1 into p, 1 and -1 into r, -6 into L.",
)

# %% demo
plots.animate(
    draw_sweep,
    range(6),
    interval=900,
    strip=2,
    figsize=(8, 4.6),
    alt="The same graph in six frames. First only values. Then gradients appear from right to left: 1 at L, -6 at r, -6 at p and +6 at y, "
    "-6 at w·x and b, last -12 at w and -18 at x.",
)

# %% [markdown]
r"""
Is it true? Nudge each of the four numbers that went in, up and down, and look at the loss: eight looks for four slopes.
"""


# %% demo
def cafe_loss(w, x, b, y):
    return (w * x + b - y) ** 2


values = {"w": 3.0, "x": 2.0, "b": 1.0, "y": 10.0}
for name, here in values.items():
    up, down = (cafe_loss(**(values | {name: here + by})) for by in (1e-5, -1e-5))
    print(f"nudging {name}: slope {(up - down) / 2e-5:+.3f}")

# %% [markdown] predict="bp_cost"
r"""
Finding all eight gradients took one sweep over the boxes. Suppose the formula had a million weights, each used once. How many sweeps backward does it take to have all the slopes?

- [x] One.
- [ ] A million: one for each weight.
- [ ] About twenty: the logarithm of a million.

Why: The sweep passes every box once and leaves the gradient there. A million weights are a million boxes of the same sweep. Nudging needs a whole forward sweep for each weight instead.
"""

# %% answer="bp_cost"

# %% [markdown]
r"""
## 2. Add copies, multiply swaps

Two small steps make up most of deep learning. Call what arrives at the output of a step `grad_output`: the slope of the loss for that output.

- **Add**, $z = x + y$: both local slopes are 1. What arrives is copied to both inputs.
- **Multiply**, $z = x \cdot y$: the local slope for $x$ is $y$, and for $y$ it is $x$. What arrives is multiplied by the *other* factor.

With arrays the same holds entry by entry. There is one catch: **broadcasting**. When `X` of shape `(4, 3)` plus `b` of shape `(3,)` is computed, NumPy uses each entry of `b` four
times. A number that is used four times changes the loss along four ways, and the four changes add up.
"""

# %% [markdown] predict="bp_bias"
r"""
A bias $b$ is added to the outputs of 100 examples. The slopes of the loss for these 100 outputs are all 0.5. What is the slope for $b$?

- [ ] 0.5, since add copies.
- [x] 50
- [ ] 0.005, one hundredth of 0.5.

Why: A nudge of b moves all 100 outputs at once. Each moves the loss by 0.5 times the nudge: together 100 · 0.5 = 50.
"""

# %% demo
outputs = np.zeros(100)
moved = outputs + 0.001  # all of them moved by a nudge of b
print("the loss 0.5 · sum of outputs changes by", round(0.5 * (moved.sum() - outputs.sum()), 6), "for a nudge of 0.001")

# %% answer="bp_bias"

# %% [markdown]
r"""
**Branches add up.** That is the third rule: where a value goes to several places, its gradient is the sum of what comes back from each.

For arrays this means: a gradient that comes back in the stretched shape has to be **summed** along every axis that broadcasting stretched. This function does so. Skip
its code if you like: what it prints below is what you need.
"""


# %%
def sum_to(gradient, shape):
    """Sum a gradient to the shape of an array that broadcasting had stretched: every use of an entry counts."""
    gradient = np.asarray(gradient, dtype=float)
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))  # axes that were added in front
    stretched = tuple(i for i, size in enumerate(shape) if size == 1)  # axes of size 1 that were repeated
    return gradient.sum(axis=stretched, keepdims=True)


# %% demo
arriving = np.arange(12.0).reshape(4, 3)
print("what arrives, (4, 3):\n", arriving)
for shape in [(4, 3), (3,), (4, 1), ()]:
    print(f"\nfor an array of shape {shape}:\n", sum_to(arriving, shape))

# %% [markdown]
r"""
Worked example: $x$ has the shape `(4, 3)`, $y$ has `(3,)`, and `arriving` above comes back for $x + y$. Then `grad_x` is `arriving` itself, and `grad_y` is `[18, 22, 26]`: column
sums, each over four uses.
"""


# %% exercise="add_backward" difficulty=2 importance=5 minutes=6
def add_backward(grad_output, x, y):
    """Gradients of the loss with respect to x and y, where output = x + y.

    x, y: arrays or plain numbers, which broadcasting may have stretched to the shape of the output
    grad_output: an array of the output's shape
    Returns grad_x, with the shape of x, and grad_y, with the shape of y: floats. Leaves its inputs unchanged.
    You may use `sum_to(gradient, shape)`; `np.shape(x)` gives the shape of arrays and of plain numbers.
    """
    ### BEGIN SOLUTION
    return sum_to(grad_output, np.shape(x)), sum_to(grad_output, np.shape(y))
    ### END SOLUTION


# %% check="add_backward" points=3
check(add_backward)

# %% [markdown]
r"""
Now the product. It differs in one place only: before the sum, what arrives is multiplied by the other factor.

By hand: $x = (3, 4)$, and $y = 2$ is one number, used twice. $(1, -2)$ comes back for $x \cdot y$. Then `grad_x` is $(1 \cdot 2,\; -2 \cdot 2) = (2, -4)$, and `grad_y` is $1 \cdot 3 + (-2) \cdot 4 = -5$.
"""


# %% exercise="multiply_backward" difficulty=2 importance=5 minutes=5
def multiply_backward(grad_output, x, y):
    """Gradients of the loss with respect to x and y, where output = x * y, entry by entry.

    x, y: arrays or plain numbers, which broadcasting may have stretched to the shape of the output
    grad_output: an array of the output's shape
    Returns grad_x, with the shape of x, and grad_y, with the shape of y: floats. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    grad_x = sum_to(grad_output * y, np.shape(x))
    grad_y = sum_to(grad_output * x, np.shape(y))
    return grad_x, grad_y
    ### END SOLUTION


# %% check="multiply_backward" points=3
check(multiply_backward)

# %% [markdown]
r"""
## 3. Trust, but nudge

A backward function with a bug does not crash. The loss goes down a little, and nobody notices. So each one is held against nudging, which is slow but hard to get wrong. This is a
**gradient check**.

How close is close? A difference of 0.001 is nothing between gradients of 1000, and everything between gradients of 0.002. So compare the difference with the size of the two, entry by
entry, and take the worst entry:

$$\text{relative error} = \max_i \frac{|a_i - b_i|}{\max(|a_i| + |b_i|,\; 10^{-12})} .$$

It is 0 for equal numbers, and 1 where the signs differ or only one of the two is 0. The $10^{-12}$ is there for entries that are both 0: $0/10^{-12} = 0$, not $0/0$.

By hand: $a = (1, -2, 4)$ and $b = (1.1, -2, 3.9)$ give $0.1/2.1 = 0.048$, $0$ and $0.1/7.9 = 0.013$. The relative error is $0.048$. The next cell is `numerical_gradient` of unit 01 once more.
"""


# %%
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + h
        up = f(x)
        x[i] = here - h
        slopes[i] = (up - f(x)) / (2 * h)
        x[i] = here
    return slopes


# %% exercise="relative_error" difficulty=2 importance=4 minutes=5
def relative_error(a, b):
    """How far two gradients are apart, compared with their size: the worst entry counts.

    a, b: arrays of one shape, or two plain numbers
    Returns one number: the maximum over the entries of |a - b| / max(|a| + |b|, 1e-12); 0 where both are zero.
    """
    ### BEGIN SOLUTION
    size = np.maximum(np.abs(a) + np.abs(b), 1e-12)
    return np.max(np.abs(a - b) / size)
    ### END SOLUTION


# %% check="relative_error" points=3
check(relative_error)

# %% [markdown]
r"""
With nudges of $h = 10^{-5}$ a right gradient comes out below about $10^{-6}$. How does a wrong one look? Take one that is only 5 % too large, for 200 random products:
"""

# %% demo
draw = np.random.default_rng(5)
right, wrong = [], []
for _ in range(200):
    xs, ys, ups = draw.normal(size=(3, 6))
    nudged = numerical_gradient(lambda v: np.sum(ups * v * ys), xs)
    grad_xs, _ = multiply_backward(ups, xs, ys)
    right.append(relative_error(grad_xs, nudged))
    wrong.append(relative_error(1.05 * grad_xs, nudged))
fig, ax = plots.figure(width=6.6, height=3.0)
bins = np.logspace(-13, 0, 53)
ax.hist(right, bins, color=plots.COLORS["blue"], label="right")
ax.hist(wrong, bins, color=plots.COLORS["orange"], hatch="//", label="5 % too large")
ax.axvline(1e-6, color="black", linestyle="--", linewidth=1)
ax.set(xscale="log", title="Right and wrong gradients lie far apart", xlabel="relative error", ylabel="how many of 200")
ax.text(1.3e-6, 150, "verdict", fontsize=9)
ax.legend(loc="upper left")
plots.show(
    fig,
    alt="Histogram of relative errors on a log axis. Right gradients lie left of a dashed line at one millionth, most of them near 1e-10. Gradients that are "
    "5 per cent too large all stand in one column near 0.02, far to the right of the line.",
)

# %% [markdown]
r"""
There is hardly anything in between. So a check can give a **verdict**: below $10^{-6}$ is right.

Nudging wants one number as the loss, but the output of `add` or `multiply` is an array. So make up a loss: each output times a fixed random number, `up2` below, all summed. Its slope for an
output is that output's number in `up2`. So `up2` is what arrives: hand it to backward as `grad_output`.

The last line of the cell is a fault on purpose: only the first of the four uses of `y2` is counted.
"""


# %% demo
def verdict(name, stated, f, at):
    error = relative_error(stated, numerical_gradient(f, at))
    print(f"{'✓ right' if error < 1e-6 else '✗ WRONG':8s} {name:18s} relative error {'below 1e-6' if error < 1e-6 else f'{error:.2g}'}")


rng = np.random.default_rng(0)
x2, y2, up2 = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(4, 3))
for name, backward, step in [("add", add_backward, np.add), ("multiply", multiply_backward, np.multiply)]:
    grad_x, grad_y = backward(up2, x2, y2)
    verdict(f"{name}: grad_x", grad_x, lambda v: np.sum(up2 * step(v, y2)), x2)
    verdict(f"{name}: grad_y", grad_y, lambda v: np.sum(up2 * step(x2, v)), y2)
verdict("without the sum", up2[0] * x2[0], lambda v: np.sum(up2 * x2 * v), y2)

# %% [markdown]
r"""
## 4. Gates: ReLU and the sigmoid

An activation bends each number by itself. Backward is one product for each entry: what arrives, times the slope at that place.

**ReLU**, $\max(0, x)$, is a gate. Where $x > 0$ it is open: slope 1. Where $x < 0$ it is shut: slope 0. Exactly at 0 there is a corner and no slope; by agreement we take 0.

**The sigmoid**, $s = 1/(1 + e^{-x})$. Its slope can be written with its own output. Read it as $1/u$ with $u = 1 + e^{-x}$: the slope of $1/u$ is $-1/u^2$, that of $u$ is $-e^{-x}$, and the chain rule multiplies the two:

$$\frac{ds}{dx} = \frac{e^{-x}}{(1 + e^{-x})^2} = \underbrace{\frac{1}{1 + e^{-x}}}_{s} \cdot \underbrace{\frac{e^{-x}}{1 + e^{-x}}}_{1 - s} = s\,(1 - s) .$$

So the way back needs no exponential: the forward sweep has computed $s$ already.
"""

# %% demo
x_line = np.linspace(-5, 5, 400)
s_line = 1 / (1 + np.exp(-x_line))
fig, axes = plots.figure(1, 2, width=8.4, height=3.2)
axes[0].plot(x_line, np.maximum(0, x_line), color=plots.COLORS["blue"], label="ReLU")
axes[0].plot(x_line, (x_line > 0) * 1.0, "--", color=plots.COLORS["red"], label="its slope")
axes[0].set(title="ReLU: the gate is open or shut", xlabel="x", ylim=(-0.3, 3))
axes[1].plot(x_line, s_line, color=plots.COLORS["blue"], label="sigmoid s")
axes[1].plot(x_line, s_line * (1 - s_line), "--", color=plots.COLORS["red"], label="its slope s(1 − s)")
axes[1].axhline(0.25, color="0.5", linewidth=1, linestyle=":")
axes[1].text(-4.9, 0.27, "¼", fontsize=11)
axes[1].set(title="Sigmoid: never more than a quarter passes", xlabel="x")
for ax in axes:
    ax.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="Left, ReLU: 0 for negative x, then a straight line; its slope jumps from 0 to 1 at x = 0. Right, the sigmoid climbs from 0 to 1; its slope "
    "is a hill with its top of one quarter at x = 0.",
)


# %% exercise="relu_backward" difficulty=1 importance=5 minutes=3
def relu_backward(grad_output, x):
    """Gradient of the loss with respect to x, where output = max(0, x), entry by entry.

    grad_output, x: arrays of one shape; x is what went in on the way forward
    Returns an array of floats of the same shape; 0 where x is 0 or less. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, grad_output, 0.0)
    ### END SOLUTION


# %% check="relu_backward" points=2
check(relu_backward)


# %% exercise="sigmoid_backward" difficulty=1 importance=4 minutes=3
def sigmoid_backward(grad_output, output):
    """Gradient of the loss with respect to x, where output = 1 / (1 + exp(-x)), entry by entry.

    grad_output, output: arrays of one shape; output is what came out on the way forward, from 0 to 1
    Returns an array of floats of the same shape. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    return grad_output * output * (1 - output)
    ### END SOLUTION


# %% check="sigmoid_backward" points=2
check(sigmoid_backward)

# %% [markdown] predict="bp_vanish"
r"""
Ten sigmoids one after the other, all at their steepest point, where the slope is 1/4. A gradient of 1 arrives at the end. What is left of it at the beginning?

- [ ] 10/4 = 2.5
- [ ] 1/40
- [x] About one millionth.

Why: Each sigmoid multiplies by 1/4, and (1/4)¹⁰ is about 0.00000095. This is why deep stacks of sigmoids hardly learn, and why ReLU, whose open gates multiply by 1, took their place.
"""

# %% demo
arriving = np.array([1.0])
for layer in range(10):
    arriving = sigmoid_backward(arriving, np.array([0.5]))
print("after ten sigmoids:", arriving[0])
arriving = np.array([1.0])
for layer in range(10):
    arriving = relu_backward(arriving, np.array([0.5]))
print("after ten open ReLUs:", arriving[0])

# %% answer="bp_vanish"

# %% [markdown]
r"""
## 5. A whole layer

A linear layer is products and sums: `output = X @ W + b`, for $n$ examples with $d$ features and $k$ units. Forward first.
"""


# %% exercise="linear_forward" difficulty=1 importance=5 minutes=2
def linear_forward(X, W, b):
    """The output of a linear layer.

    X: (n, d) array   W: (d, k) array   b: (k,) array
    Returns X times W plus b for every example, an array (n, k). Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% check="linear_forward" points=2
check(linear_forward)

# %% [markdown]
r"""
Backward. Write $G$ for `grad_output`, shape $(n, k)$. Look at one weight, $W_{ij}$. It is multiplied by $X_{mi}$ in example $m$, and the product goes into output $(m, j)$. Multiply swaps, and the $n$ uses add up:

$$\frac{\partial L}{\partial W_{ij}} = \sum_m X_{mi} \, G_{mj} .$$

Now one input, $X_{mi}$. It is multiplied by $W_{ij}$ for every unit $j$, and the $k$ uses add up:

$$\frac{\partial L}{\partial X_{mi}} = \sum_j G_{mj} \, W_{ij} .$$

Sums of products over one shared index are matrix products, with one of the two turned over, rows becoming columns (the transpose, `.T`). Which one, and in which order? **The shapes decide**, as a drawing shows:
"""

# %% demo
fig, axes = plots.figure(1, 2, width=8.6, height=3.0)
for ax, title, grids in [
    (axes[0], "each entry of grad_W sums over the n examples", [("? (d, n)", 2, 4), ("? (n, k)", 4, 3), ("grad_W (d, k)", 2, 3)]),
    (axes[1], "each entry of grad_X sums over the k units", [("? (n, k)", 4, 3), ("? (k, d)", 3, 2), ("grad_X (n, d)", 4, 2)]),
]:
    at = 0.0
    for (name, rows, cols), sign in zip(grids, ("@", "=", "")):
        for row, col in np.ndindex(rows, cols):
            ax.barh((rows - 1) / 2 - row, 1, left=at + col, height=1, color="0.92" if sign else plots.COLORS["sky"], edgecolor="0.3")
        ax.text(at + cols / 2, 2.3, name, ha="center", fontsize=9)
        ax.text(at + cols + 0.6, 0, sign, ha="center", va="center", fontsize=14)
        at += cols + 1.2
    ax.set(xlim=(-0.6, 12.8), ylim=(-2.3, 3), aspect="equal")
    ax.set_title(title, fontsize=10)
    ax.axis("off")
plots.show(
    fig,
    alt="Two matrix products drawn as grids. Left: a matrix of shape (d, n) times one of shape (n, k) gives grad_W of shape (d, k). Right: (n, k) times "
    "(k, d) gives grad_X of shape (n, d).",
)

# %% [markdown]
r"""
And the bias: it was added to every row, so its gradient is the sum over the rows.
"""


# %% exercise="linear_backward" difficulty=3 importance=5 minutes=10
def linear_backward(grad_output, X, W):
    """Gradients of the loss with respect to a linear layer's input, weights and bias, where output = X @ W + b.

    grad_output: (n, k) array   X: (n, d) array   W: (d, k) array
    Returns grad_X (n, d), grad_W (d, k) and grad_b (k,). Where the loss is a mean over the examples, its 1/n is in
    grad_output already. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    return grad_output @ W.T, X.T @ grad_output, grad_output.sum(axis=0)
    ### END SOLUTION


# %% check="linear_backward" points=4
check(linear_backward)

# %% demo
X3, W3, b3, up3 = (rng.normal(size=shape) for shape in [(5, 4), (4, 3), (3,), (5, 3)])
grad_X3, grad_W3, grad_b3 = linear_backward(up3, X3, W3)
verdict("linear: grad_X", grad_X3, lambda v: np.sum(up3 * linear_forward(v, W3, b3)), X3)
verdict("linear: grad_W", grad_W3, lambda v: np.sum(up3 * linear_forward(X3, v, b3)), W3)
verdict("linear: grad_b", grad_b3, lambda v: np.sum(up3 * linear_forward(X3, W3, v)), b3)

# %% [markdown]
r"""
## 6. The loss of a classifier

Which of ten digits is it? That is classification (unit 02). A network answers with ten numbers, one for each class, the **logits** $z$. They can be anything. The **softmax** turns them into probabilities, positive and with sum 1:

$$p_j = \frac{e^{z_j}}{e^{z_1} + \dots + e^{z_k}} .$$

The loss is small when the probability of the right class $c$ is near 1, and large when it is near 0. **Cross-entropy** takes minus its logarithm:

$$L = -\log p_c = \log\big(e^{z_1} + \dots + e^{z_k}\big) - z_c .$$

Now the slope for one logit $z_j$. The derivative of $\log u$ is $1/u$, so the first term gives $e^{z_j} / (e^{z_1} + \dots + e^{z_k})$. That is $p_j$ again! The second term gives $-1$ if $j$ is the right
class, else nothing. Write $y$ for the row that holds 1 at the right class and 0 elsewhere:

$$\frac{\partial L}{\partial z_j} = p_j - y_j .$$

**What the network said, minus what it should have said.** The logarithm has cancelled the exponential. Move the slider: it sets the logit of the right class.
"""

# %% demo
rest = np.array([1.0, -0.5, 0.0])


def draw_difference(ax, logit):
    z = np.insert(rest, 1, logit)
    prob = np.exp(z - z.max())
    prob = prob / prob.sum()
    target = np.array([0, 1, 0, 0])
    ax.bar(np.arange(4) - 0.28, prob, 0.26, color=plots.COLORS["blue"], label="p, said")
    ax.bar(np.arange(4), target, 0.26, color=plots.COLORS["sky"], label="y, right")
    ax.bar(np.arange(4) + 0.28, prob - target, 0.26, color=plots.COLORS["orange"], hatch="//", label="p − y, gradient")
    ax.axhline(0, color="black", linewidth=1)
    ax.set(ylim=(-1.1, 1.45), xticks=range(4), xlabel="class", title=f"right logit {logit:g}: loss {-np.log(prob[1]):.2f}")
    ax.legend(fontsize=8, ncols=3, loc="upper center")


plots.slider(
    draw_difference,
    "logit of class 1",
    [-3, -2, -1, 0, 1, 2, 3, 4, 5],
    figsize=(6, 3.8),
    alt="Bars for four classes: the probabilities p, the target y, which is 1 at class 1, and their difference. With a right logit of -3 the difference is "
    "nearly -1 at class 1 and positive elsewhere, and the loss is large. As the logit grows to 5, all differences shrink to almost 0.",
)

# %% [markdown] predict="bp_overflow"
r"""
$e^{1000}$ is larger than any number a computer's floats can hold. What does the softmax formula give for the logits $(1000, 0)$, typed into NumPy as it stands?

- [ ] (1, 0), which is right.
- [x] (nan, 0)
- [ ] An error that stops the program.

Why: exp(1000) becomes inf, and inf divided by inf is nan, "not a number". NumPy only warns. From there nan spreads into the loss, the gradients and every weight.
"""

# %% demo
with np.errstate(all="ignore"):
    print("as it stands:     ", np.exp([1000.0, 0.0]) / np.exp([1000.0, 0.0]).sum())
shifted = np.array([1000.0, 0.0]) - 1000
print("shifted by the largest:", np.exp(shifted) / np.exp(shifted).sum())

# %% answer="bp_overflow"

# %% [markdown]
r"""
The way out: subtract the row's largest logit from the whole row. Every $e^{z_j}$ is divided by the same number, which cancels in the fraction. Now the largest exponent is 0, and nothing overflows.

One trap is left. With logits $(1000, 0)$, let the second class be the right one. Its probability is $e^{-1000}$, which a computer rounds to 0, as you saw; and $-\log 0$ is infinite. The true loss is 1000. So do not take
the logarithm of a probability: use the second form, $\log(\text{sum of } e^{z}) - z_c$, with the shifted $z$. Here it is for this row:
"""

# %% demo
with np.errstate(all="ignore"):
    print("minus the logarithm of the probability:", -np.log(np.exp(-1000.0)))
print("the second form, with z = (0, -1000):  ", np.log(np.exp(0.0) + np.exp(-1000.0)) - (-1000.0))

# %% [markdown]
r"""
For a batch of $n$ examples the loss is the **mean** of the rows' losses. So each row's gradient gets a factor $1/n$.

Two pieces of NumPy help with a batch. `keepdims=True` leaves the row maxima as a column of shape `(n, 1)`, which is stretched over the rows. And two lists of whole numbers as an index, row numbers and column numbers,
pick one entry for each pair. `np.arange(3)` are the row numbers 0, 1, 2.
"""

# %% demo
scores = np.array([[5.0, 1.0], [2.0, 8.0], [4.0, 3.0]])
print("largest of each row:          ", scores.max(axis=1), " shape", scores.max(axis=1).shape)
column = scores.max(axis=1, keepdims=True)
print("the same with keepdims:       ", column.tolist(), " shape", column.shape)
chosen = np.array([1, 1, 0])
print("columns 1, 1, 0, one in a row:", scores[np.arange(3), chosen])

# %% [markdown]
r"""
Now write both: the loss, and $p - y$ for every row.
"""


# %% exercise="softmax_cross_entropy" difficulty=4 importance=5 minutes=15
def softmax_cross_entropy(logits, labels):
    """Softmax and cross-entropy in one: the mean loss of a batch and its gradient.

    logits: (n, k) array   labels: (n,) array of whole numbers from 0 to k - 1, the right class of each row
    Returns the loss, one number (natural logarithm, mean over the n rows), and grad_logits, an array (n, k): the gradient
    of that loss. Both exact for logits as large as ±1000, without a warning. Leaves its inputs unchanged.
    Write the softmax yourself: SciPy's `softmax`, `log_softmax` and `logsumexp` are refused.
    """
    n = len(labels)
    ### BEGIN SOLUTION
    z = logits - logits.max(axis=1, keepdims=True)
    sums = np.exp(z).sum(axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - z[np.arange(n), labels])
    grad_logits = np.exp(z) / sums
    grad_logits[np.arange(n), labels] -= 1
    return loss, grad_logits / n
    ### END SOLUTION


# %% check="softmax_cross_entropy" points=5
check(softmax_cross_entropy)

# %% demo
z4, labels4 = rng.normal(size=(6, 4)), rng.integers(0, 4, 6)
verdict("softmax: logits", softmax_cross_entropy(z4, labels4)[1], lambda v: softmax_cross_entropy(v, labels4)[0], z4)

# %% [markdown]
r"""
## 7. A network from the pieces

Two layers with a ReLU between them:

$$\text{sums} = X W_1 + b_1, \quad \text{hidden} = \text{relu}(\text{sums}), \quad \text{logits} = \text{hidden}\, W_2 + b_2, \quad L = \text{loss}(\text{logits}, \text{labels}).$$

Backward is the same list read from the end. Each forward step has one backward step, which takes what the step after it hands back.

### Bug hunt

A colleague wrote it from your pieces. It runs, it trains, and it is wrong.
"""


# %% draft="two_layer_gradients"
def two_layer_draft(X, labels, params):
    # forward
    sums = linear_forward(X, params["W1"], params["b1"])
    hidden = np.maximum(0, sums)
    logits = linear_forward(hidden, params["W2"], params["b2"])
    loss, grad_logits = softmax_cross_entropy(logits, labels)
    # backward
    grad_hidden, grad_W2, grad_b2 = linear_backward(grad_logits, hidden, params["W2"])
    _, grad_W1, grad_b1 = linear_backward(grad_hidden, X, params["W1"])
    grad_b1 = grad_b1 / len(X)
    return loss, {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}


# %% [markdown]
r"""
Ask the gradient check where to look.
"""


# %% demo
def check_network(gradients_of, X, labels, params):
    _, grads = gradients_of(X, labels, params)
    for name in params:
        verdict(name, grads[name], lambda v: gradients_of(X, labels, {**params, name: v})[0], params[name])


rng = np.random.default_rng(1)
small = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4), "W2": rng.normal(size=(4, 2)), "b2": rng.normal(size=2)}
X_small, labels_small = rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
check_network(two_layer_draft, X_small, labels_small, small)

# %% [markdown] predict="bp_where"
r"""
The gradients of $W_2$ and $b_2$ are right, those of $W_1$ and $b_1$ are wrong. Where is the first fault?

- [ ] In the loss: it comes first on the way back.
- [x] Between the second layer and the first.
- [ ] In the first layer's forward step.

Why: Whatever W2's gradient uses is right: the loss, its gradient, the hidden values. So forward is right as well. The fault lies in what happens between handing `grad_hidden` back and computing W1's gradient.
"""

# %% answer="bp_where"

# %% [markdown]
r"""
There are two faults. Copy the lines of the draft into the function below, in place of its last two lines, and mend both.
"""


# %% exercise="two_layer_gradients" difficulty=3 importance=5 minutes=10
def two_layer_gradients(X, labels, params):
    """Loss and gradients of a network of two linear layers with a ReLU between them, and softmax cross-entropy at its end.

    X: (n, d) array   labels: (n,) array of whole numbers from 0 to k - 1
    params: a dict of arrays, W1 (d, h), b1 (h,), W2 (h, k), b2 (k,)
    Returns the loss, one number (mean over the n examples), and a dict of the four gradients under the same names, each
    with the shape of its parameter. Leaves its inputs unchanged. You may call the functions from above.
    """
    ### BEGIN SOLUTION
    sums = linear_forward(X, params["W1"], params["b1"])
    hidden = np.maximum(0, sums)
    logits = linear_forward(hidden, params["W2"], params["b2"])
    loss, grad_logits = softmax_cross_entropy(logits, labels)
    grad_hidden, grad_W2, grad_b2 = linear_backward(grad_logits, hidden, params["W2"])
    grad_sums = relu_backward(grad_hidden, sums)
    grad_W1, grad_b1 = linear_backward(grad_sums, X, params["W1"])[1:]
    return loss, {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}
    ### END SOLUTION


# %% check="two_layer_gradients" points=5
check(two_layer_gradients)

# %% demo
check_network(two_layer_gradients, X_small, labels_small, small)

# %% [markdown]
r"""
### Pay-off: handwritten digits

1,797 pictures of 8 by 8 pixels. 1,400 are for training, the others are kept aside. The network has 64 inputs, 32 hidden units and 10 outputs: 2,410 parameters. It is trained with mini-batches of 32, as in unit 04, from He's
start of unit 05, once with your gradients and once with the draft's.
"""


# %% demo
def start(d, h, k, seed):
    draw = np.random.default_rng(seed)
    return {
        "W1": draw.normal(0, np.sqrt(2 / d), (d, h)),
        "b1": np.zeros(h),
        "W2": draw.normal(0, np.sqrt(2 / h), (h, k)),
        "b2": np.zeros(k),
    }


def fit(gradients_of, X, labels, params, lr, num_epochs, seed, batch_size=32):
    shuffle, losses = np.random.default_rng(seed), []
    for _ in range(num_epochs):
        order = shuffle.permutation(len(X))
        for first in range(0, len(X), batch_size):
            rows = order[first : first + batch_size]
            _, grads = gradients_of(X[rows], labels[rows], params)
            params = {name: params[name] - lr * grads[name] for name in params}
        losses.append(gradients_of(X, labels, params)[0])
    return params, losses


def share_right(X, labels, params):
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    return np.mean((hidden @ params["W2"] + params["b2"]).argmax(axis=1) == labels)


# %% demo
pictures, digits = data.digits()
order = np.random.default_rng(0).permutation(len(pictures))
X_train, X_test = pictures[order[:1400]], pictures[order[1400:]]
labels_train, labels_test = digits[order[:1400]], digits[order[1400:]]
fig, ax = plots.figure(width=6.6, height=3.6)
for name, gradients_of, style in [("yours", two_layer_gradients, "-"), ("the draft's", two_layer_draft, "--")]:
    rates = []
    for seed in range(3):
        fitted, losses = fit(gradients_of, X_train, labels_train, start(64, 32, 10, seed), 0.3, 30, seed)
        ax.semilogy(range(1, 31), losses, style, color=plots.COLORS["blue" if style == "-" else "orange"], label=name if seed == 0 else None)
        rates.append(share_right(X_test, labels_test, fitted))
    print(f"{name:12s} right on new pictures: {', '.join(f'{rate:.1%}' for rate in rates)}")
ax.set(title="A wrong gradient still trains, only worse", xlabel="epoch", ylabel="training loss")
ax.legend()
plots.show(
    fig,
    alt="Training loss on a log scale over 30 epochs, three seeds each. With the right gradients it falls, with some jumps, to about 0.025. With the draft's gradients it "
    "falls too, but ends higher, near 0.045.",
)

# %% [markdown]
r"""
That is the danger: the draft learns as well. Without the gradient check, one would blame the learning rate, the data, the weather.

## 8. An engine that does it by itself

So far you wrote each backward by hand. A computer can do it: while it computes a formula, it notes for each result what it was made from, and the local slopes. Then one sweep backward fills in all gradients. PyTorch and JAX are built on this, called
**reverse-mode automatic differentiation**.

Our node is called `Scalar`. It holds its value `data`, its gradient `grad` (0 until a sweep comes by), the nodes it was made from, `inputs`, and for each of them the local slope, `slopes`. Python lets a class say what `+` means: it calls `__add__`.
That one is written for you, with a few more:

```
a = Scalar(2.0); b = Scalar(5.0)
c = a + b    # a.__add__(b): a Scalar with data 7.0, inputs (a, b), slopes (1.0, 1.0)
```

If the plain number stands on the left, as in `3 * a`, Python asks the other way round: `a.__rmul__(3)`. Those are written too, and so are minus and divide: $a - b$ is $a + (-1) \cdot b$, and $a / b$ is $a \cdot b^{-1}$.

**The sweep.** The output's own gradient is 1. Then go through the nodes from the output back, and hand to each input: local slope times the node's gradient, **added** to what is there. A node has to wait
for every node that uses it, until all of its gradient has arrived. The right order is called **topological**: list the nodes so that each stands after its inputs, then go through the list from the end. These lines, inside `backward`, would make the list for a node:

```
order, seen = [], set()

def visit(node):
    if node not in seen:
        seen.add(node)
        for source in node.inputs:
            visit(source)
        order.append(node)    # after all its inputs
```

By hand, for $t = a \cdot b$ and $\text{out} = t \cdot t + t$ with $a = 2$, $b = 3$: $t$ is used three times. So its gradient is $t + t + 1 = 13$, and only then it goes on: $13 \cdot 3 = 39$ for $a$ and $13 \cdot 2 = 26$ for $b$.
"""

# %% demo
a4, b4 = Box(2, 39), Box(3, 26)
t4 = Box(6, 13, (a4, b4), (3, 2))
square = Box(36, 1, (t4, t4), (6, 6))
out4 = Box(42, 1, (square, t4), (1, 1))
fig, ax = plots.figure(width=6.6, height=3.4)
graphs.draw(ax, out4, {"a": a4, "b": b4, "t": t4, "t·t": square, "out": out4}, slopes=True)
ax.set_title("t waits for all three of its uses: 6 + 6 + 1 = 13")
plots.show(
    fig,
    alt="A graph: a = 2 and b = 3 go into t = 6; t goes twice into t·t = 36, and once more, past it, into out = 42. The gradients: out 1, t·t 1, t 13, a 39, b 26. "
    "The local slopes: 6 and 6 from t into t·t, 1 and 1 into out, 3 and 2 into t.",
)

# %% [markdown]
r"""
An operation with a single input still wants a tuple, and a tuple of one has a comma: `Scalar(…, (self,), (…,))`.

The slopes you need: $a^n$: $n a^{n-1}$. $e^a$: itself. $\tanh a$: $1 - \tanh^2 a$. ReLU: 1 or 0.

Six methods are left to write. Start with `__mul__` and `backward`, and run the check: it shows the first formula that does not work yet. Then add the next method.
"""


# %% exercise="Scalar" difficulty=5 importance=5 minutes=20
class Scalar:
    """A number that remembers how it was made, and finds the gradients of everything it was made from.

    Scalar(data) holds `data`, a float, and `grad`, the gradient that `backward()` of a later result leaves here (0 before).
    Operations: + - * / between two Scalars or a Scalar and a plain number on either side; ** with a plain number as the
    exponent; exp(), relu() (slope 0 at 0) and tanh(). Each gives a new Scalar.
    backward() sets grad of every Scalar that this one was made from to the slope of this one for it; the uses of a Scalar
    add up. One sweep is made for each result: a second one starts from fresh Scalars.
    """

    def __init__(self, data, inputs=(), slopes=()):
        self.data, self.grad = float(data), 0.0
        self.inputs, self.slopes = inputs, slopes

    @staticmethod
    def of(value):
        """A plain number becomes a Scalar; a Scalar stays what it is."""
        return value if isinstance(value, Scalar) else Scalar(value)

    def __add__(self, other):
        other = Scalar.of(other)
        return Scalar(self.data + other.data, (self, other), (1.0, 1.0))

    def __radd__(self, other):  # other + self, where other is a plain number
        return self + other

    def __rmul__(self, other):
        return self * other

    def __sub__(self, other):
        return self + -1.0 * other

    def __rsub__(self, other):
        return other + -1.0 * self

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    # still to write: __mul__ __pow__ exp relu tanh backward
    def __mul__(self, other):
        ### BEGIN SOLUTION
        factor = Scalar.of(other)
        return Scalar(self.data * factor.data, (self, factor), (factor.data, self.data))

    def __pow__(self, exponent):
        return Scalar(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def exp(self):
        e = math.exp(self.data)
        return Scalar(e, (self,), (e,))

    def relu(self):
        return Scalar(max(self.data, 0.0), (self,), (self.data > 0,))

    def tanh(self):
        t = math.tanh(self.data)
        return Scalar(t, (self,), (1 - t**2,))

    def backward(self):
        nodes, placed = [], set()

        def place(node):
            if node not in placed:
                placed.add(node)
                for part in node.inputs:
                    place(part)
                nodes.append(node)

        place(self)
        self.grad = 1.0
        for node in reversed(nodes):
            for part, slope in zip(node.inputs, node.slopes):
                part.grad += slope * node.grad
        ### END SOLUTION


# %% check="Scalar" points=8
check(Scalar)

# %% [markdown]
r"""
Now the graph draws itself, from your own objects. Here is $\text{out} = \tanh(w x + b) \cdot v + b$; the bias $b$ is used twice. Press play to follow the sweep.
"""

# %% demo
w5, x5, b5, v5 = Scalar(0.8), Scalar(1.5), Scalar(-0.7), Scalar(2.0)
h5 = (w5 * x5 + b5).tanh()
out5 = h5 * v5 + b5
out5.backward()
names5 = {"w": w5, "x": x5, "b": b5, "v": v5, "tanh": h5, "out": out5}
backwards = graphs.order(out5)[::-1]


def draw_engine(ax, step):
    graphs.draw(ax, out5, names5, backwards[:step])
    ax.set_title("forward" if step == 0 else f"backward: {step} of {len(backwards)} nodes reached")


plots.animate(
    draw_engine,
    range(len(backwards) + 1),
    interval=700,
    strip=2,
    figsize=(8, 5),
    alt="The graph of tanh(w x + b) times v plus b, from the learner's own Scalar objects: values in boxes, arrows from inputs to results. Frame by frame the gradients appear "
    "in red from the output back to the leaves. The bias b, used twice, gets the sum of both ways.",
)

# %% [markdown]
r"""
And it trains. XOR is the smallest task that no straight line solves: the answer is 1 when exactly one of two inputs is 1. A network of four tanh units, all of it made of your `Scalar`s:
"""

# %% demo
points = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
draw = np.random.default_rng(3)
first = [[Scalar(v) for v in draw.normal(0, 1, 3)] for _ in range(4)]  # w1, w2, bias of each hidden unit
last = [Scalar(v) for v in draw.normal(0, 0.7, 5)]  # one weight a unit, and a bias
parameters = [v for unit in first for v in unit] + last


def answer(inputs):
    hidden = [(u[0] * inputs[0] + u[1] * inputs[1] + u[2]).tanh() for u in first]
    return sum(v * h for v, h in zip(last, hidden)) + last[4]


xor_losses = []
for step in range(500):
    loss = sum((answer(inputs) - target) ** 2 for inputs, target in points) / 4
    for v in parameters:
        v.grad = 0.0  # the last sweep's gradients are still there
    loss.backward()
    for v in parameters:
        v.data -= 0.2 * v.grad
    xor_losses.append(loss.data)
print("nodes in the graph of one step:", len(graphs.order(loss)))
print("answers:", {inputs: round(answer(inputs).data, 2) + 0.0 for inputs, _ in points})

# %% demo
fig, ax = plots.figure(width=6.2, height=3.2)
ax.semilogy(xor_losses, color=plots.COLORS["blue"])
ax.set(title="Your engine trains a network on XOR", xlabel="step", ylabel="loss")
plots.show(
    fig, alt="The loss of the XOR network on a log scale over 500 steps: it stays near 0.13 for 300 steps, then falls to less than a millionth."
)

# %% [markdown]
r"""
Each forward sweep builds all these nodes anew, close to 200. PyTorch does the same with whole arrays as nodes.

## 9. If you have time: what it costs

Nudging costs two looks at the loss for every parameter. Backward does two matrix products for each one of the forward sweep, so both sweeps together should cost about three looks. Measure it for growing networks and 256 pictures. (Only a few nudges are timed; the rest is
multiplication.) On axes that are both logarithmic, work that grows like $P^a$ is a straight line of slope $a$.
"""

# %% [markdown] predict="bp_slope"
r"""
Double the number $P$ of parameters. A look at the loss then takes about twice as long, and so does a backward sweep. What happens to the time that nudging takes for the whole gradient?

- [ ] It doubles.
- [x] It grows about four times.
- [ ] It stays the same.

Why: Twice as many parameters to nudge, and each look takes about twice as long: 2 · 2 = 4. On the log-log plot that is a slope near 2 against a slope near 1. NumPy's fixed cost for each call makes both a little flatter.
"""

# %% demo
import time


def seconds(work, repeats):
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return np.median(took)


batch, batch_labels = X_train[:256], labels_train[:256]


def one_look(params):  # forward only
    hidden = np.maximum(0, linear_forward(batch, params["W1"], params["b1"]))
    logits = linear_forward(hidden, params["W2"], params["b2"])
    # these logits are small: they need no shift
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[range(256), batch_labels])


# %% demo
counts, looks, by_nudging, by_backprop = [], [], [], []
for h in [16, 32, 64, 128, 256]:
    params = start(64, h, 10, 0)
    counts.append(sum(v.size for v in params.values()))
    nudge = lambda by: one_look({**params, "W1": params["W1"] + by})  # all of W1 at once takes as long as one weight
    few = lambda: [nudge(1e-5) - nudge(-1e-5) for _ in range(5)]
    looks.append(seconds(lambda: one_look(params), 9))
    by_nudging.append(seconds(few, 3) / 5 * counts[-1])  # five nudges are timed; there is one for each parameter
    by_backprop.append(seconds(lambda: two_layer_gradients(batch, batch_labels, params), 9))

# %% demo
fig, ax = plots.figure(width=6.6, height=4.0)
for took, style, color, name in [
    (by_nudging, "o-", "orange", "nudging: slope {:.1f}"),
    (by_backprop, "s-", "blue", "forward and backward: slope {:.1f}"),
    (looks, "^--", "black", "one look at the loss: slope {:.1f}"),
]:
    slope = np.polyfit(np.log(counts), np.log(took), 1)[0]
    ax.loglog(counts, took, style, color=plots.COLORS[color], label=name.format(slope))
ax.set(title="One gradient costs a few looks at the loss, or thousands", xlabel="parameters", ylabel="seconds (this computer)")
ax.set_xticks(counts, [f"{count:,}" for count in counts])
ax.minorticks_off()
ax.legend(fontsize=9)
plots.show(
    fig,
    alt="Seconds for one gradient against the number of parameters, both logarithmic, from 1,210 to 19,210 parameters. Nudging lies highest and climbs most steeply, "
    "up to many seconds. Forward and backward together lie thousands of times lower, a little above the time of one look at the loss, and climb as slowly as it does.",
)

# %% answer="bp_slope"

# %% [markdown]
r"""
Measured slopes are seldom whole numbers. What stays is the gap: nudging costs thousands of looks, and ever more; backprop costs a few, for a network of any size.

## 10. If you have time: the same numbers elsewhere

SymPy differentiates formulas by the rules of school; SciPy has the stable softmax. (Where PyTorch is installed, `make prove` holds every gradient of this unit against it as well.)
"""

# %% demo
import sympy as sp
from scipy.special import log_softmax

symbols = sp.symbols("w x b v")
formula = sp.tanh(symbols[0] * symbols[1] + symbols[2]) * symbols[3] + symbols[2]
at = dict(zip(symbols, (0.8, 1.5, -0.7, 2.0)))
print("          yours      SymPy")
for symbol, node in zip(symbols, (w5, x5, b5, v5)):
    print(f"d/d{symbol}: {node.grad:10.6f} {float(sp.diff(formula, symbol).subs(at)):10.6f}")
theirs = -log_softmax(z4, axis=1)[np.arange(6), labels4].mean()
print(f"loss: {softmax_cross_entropy(z4, labels4)[0]:10.6f} {theirs:10.6f}  (SciPy)")

# %% [markdown]
r"""
## What to remember

- A formula is a graph of small steps. Forward computes values; backward hands gradients from the end to the start.
- Add copies, multiply swaps, branches add up. Whatever broadcasting stretched is summed.
- In a layer each factor gets what arrives times the other one, turned over: the shapes decide how. Softmax with cross-entropy gives $p - y$.
- Every backward is held against nudging, and the verdict is clear: below $10^{-6}$, or wrong.
- One backward sweep costs about as much as two forward ones, and the number of parameters does not change that.

**So how can one sweep give every gradient at once?** Each small step needs its own local slope and the gradient that comes back to it, and nothing else. One sweep passes every step, and leaves a gradient at each.

**Where it leads.** In *07 · The multilayer perceptron* you stack any number of layers into one network, and see what a hidden layer buys.
"""
