# ---
# title: The multilayer perceptron
# question: What does a hidden layer buy you?
# minutes: 95
# needs: [01_derivatives, 02_linear_regression, 03_gradient_descent, 04_sgd, 05_initialization, 06_backprop]
# ---

# %% [markdown]
r"""
# 07 · The multilayer perceptron

**What does a hidden layer buy you?**

Four points, two classes: no straight line tells them apart, and no amount of training of a linear model changes that. Put two bent numbers in between, and it can be done by hand. At the end of this notebook a network of your own reads handwritten digits it has never seen, more than 97 of 100 right, after less than a second of training.

- **Before this:** units 01 to 06. The backward functions of unit 06 are given again below.
- **Time:** about 95 minutes, nine exercises. The end of section 4 is a good place to stop for the night.
- **You will be able to** show that linear layers collapse into one; turn numbers into probabilities without overflow; write a network of any depth and train it; whiten its inputs; and
  keep training, validation and test apart.
"""

# %% setup
import math

import numpy as np

from helpers import check, data, guess, plots

# %% [markdown]
r"""
## 1. Why stacking alone buys nothing

A linear layer is $X W + b$. Put a second one behind it, with nothing in between:

$$(X W_1 + b_1)\, W_2 + b_2 = X \underbrace{W_1 W_2}_{W} + \underbrace{b_1 W_2 + b_2}_{b} .$$

That is one linear layer again, with other numbers in it. Two layers, ten layers, a hundred: the stack **collapses**.

By hand, with one number in, one between, one out: $W_1 = 3$, $b_1 = 1$, $W_2 = 2$, $b_2 = 5$. Then $x \mapsto 2(3x + 1) + 5 = 6x + 7$. So $W = 6$ and $b = 7$: the first bias went through the second
layer, too.
"""


# %% exercise="collapse_linear_layers" difficulty=2 importance=4 minutes=5
def collapse_linear_layers(W1, b1, W2, b2):
    """One linear layer that does what two in a row do: (X @ W1 + b1) @ W2 + b2 equals X @ W + b for every X.

    W1: (d, h) array   b1: (h,)   W2: (h, k)   b2: (k,)
    Returns W (d, k) and b (k,). Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    return W1 @ W2, b1 @ W2 + b2
    ### END SOLUTION


# %% check="collapse_linear_layers" points=3
check(collapse_linear_layers)

# %% [markdown]
r"""
Your function at work on four layers of random numbers, sizes 1-6-6-6-1: it collapses the first two, then the result with the third, then with the fourth. On the right, the same layers with every negative number set to 0 between them: no single layer draws that line.
"""

# %% demo
draw = np.random.default_rng(3)
stack = [(draw.normal(size=(d, k)), draw.normal(size=k)) for d, k in [(1, 6), (6, 6), (6, 6), (6, 1)]]
W, b = stack[0]
for W_next, b_next in stack[1:]:
    W, b = collapse_linear_layers(W, b, W_next, b_next)
xs = np.linspace(-3, 3, 121)[:, None]
fig, (left, right) = plots.figure(1, 2, width=8.6, height=3.2)
for ax, bend, title in [(left, lambda v: v, "Four layers in a row: a straight line"), (right, lambda v: np.maximum(0, v), "Negative numbers cut off in between: bends")]:
    values = xs
    for i, (W_next, b_next) in enumerate(stack):
        values = values @ W_next + b_next if i == 0 else bend(values) @ W_next + b_next
    ax.plot(xs, values, color=plots.COLORS["blue"], linewidth=5, alpha=0.5, label="the four layers")
    ax.set(title=title, xlabel="x", ylabel="output")
left.plot(xs, xs @ W + b, "--", color="black", label="your one layer")
left.legend()
plots.show(
    fig,
    alt="Left, the output of four random linear layers over x from -3 to 3 is a straight line, and the dashed line of the one collapsed layer lies on it. Right, with negative numbers set to 0 after each "
    "layer but the last, the output is a line with several bends.",
)

# %% [markdown] predict="mlp_linear_xor"
r"""
**XOR**: the answer is 1 if exactly one of two inputs is 1. Four points: (0,0) → 0, (0,1) → 1, (1,0) → 1, (1,1) → 0. How many of the four can the best straight line get right?

- [ ] All four.
- [x] Three.
- [ ] Two.

Why: A line can cut off one corner, so three are possible. For all four, both (0,1) and (1,0) would have to lie on one side, and then so does the point halfway between them, which is also halfway between (0,0) and (1,1).
"""

# %% demo
corners, answers = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
grid = np.stack(np.meshgrid(np.linspace(-3, 3, 61), np.linspace(-3, 3, 61), np.linspace(-3, 3, 61)), axis=-1).reshape(-1, 3)
said = (grid[:, :2] @ corners.T + grid[:, 2:]) > 0  # every line w1 x1 + w2 x2 + b = 0 of a fine grid
print("lines tried:", len(grid), "  most points right:", max((said == answers).sum(axis=1)))

# %% answer="mlp_linear_xor"

# %% [markdown]
r"""
What breaks the collapse is a bend between the layers. **ReLU** will do, $\max(0, x)$ for every entry (units 05 and 06). Two such numbers in between, **hidden units**, are enough for XOR. Choose them by hand:

$$h_1 = \max(0,\; x_1 + x_2), \qquad h_2 = \max(0,\; x_1 + x_2 - 1), \qquad \text{output} = h_1 - 2 h_2 .$$

At (1, 1) they give $h_1 = 2$ and $h_2 = 1$, so the output is $2 - 2 = 0$. At (0, 1) they give 1 and 0, so the output is 1.
"""

# %% demo
hidden = np.maximum(0, corners @ np.array([[1.0, 1.0], [1.0, 1.0]]) + [0.0, -1.0])
for corner, h, wanted in zip(corners, hidden, answers):
    print(f"inputs {corner}   hidden {h}   output {h @ [1.0, -2.0]:.0f}   wanted {wanted}")

# %% demo
fig, panels = plots.figure(1, 2, width=8.6, height=3.7)
line = np.array([-0.4, 2.5])
for ax, points, names in zip(panels, (corners, hidden), (("x₁", "x₂"), ("h₁", "h₂"))):
    for answer, marker, color in [(0, "o", "blue"), (1, "^", "orange")]:
        ax.plot(*points[answers == answer].T, marker, color=plots.COLORS[color], markersize=13, label=f"answer {answer}")
    ax.set(xlim=(-0.4, 2.5), ylim=(-0.4, 1.5), aspect="equal", xlabel=names[0], ylabel=names[1])
for offset in (0.5, 1.5):
    panels[0].plot(line, offset - line, "--", color="black")
panels[1].plot(line, (line - 0.5) / 2, "--", color="black")
panels[1].text(1.15, -0.06, "(0,1) and (1,0)\ncame together here", va="center", fontsize=10)
panels[0].set_title("Among the inputs it takes two lines")
panels[1].set_title("Among the hidden values one will do")
panels[0].legend(loc="upper right")
plots.show(
    fig,
    alt="Left, the four corners of a square: (0,0) and (1,1) are circles, (0,1) and (1,0) triangles; two parallel dashed lines fence the triangles in. Right, the same four points drawn by their hidden values: "
    "both triangles lie at (1,0), the circles at (0,0) and (2,1), and one dashed line parts them.",
)

# %% [markdown]
r"""
The hidden layer has moved the points to where one line is enough. No one will choose the weights by hand for 64 pixels: the rest of this notebook lets descent find them.

An older bend is the **sigmoid**. Section 3 needs it, so write it properly.

## 2. Numbers that behave

$$\sigma(x) = \frac{1}{1 + e^{-x}}$$

squeezes any number into 0 … 1. ($\sigma$ is the usual name of this function; here it is no standard deviation.) Typed in as it stands, it has a flaw.
"""

# %% demo
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    result = 1 / (1 + np.exp(-np.array([0.0, 1000.0, -1000.0])))
    quotient = np.exp(np.float64(1000)) / np.exp(np.float64(1000))
print(result, "  and a warning:", caught[0].message)
print("e^1000 / e^1000 =", quotient)

# %% [markdown]
r"""
The result happens to be right, since $1/\infty = 0$. But $e^{1000}$ has overflowed on the way to $\infty$, and the softmax below divides such numbers by each other: $\infty / \infty$ is nan, "not a number". The cure: multiply top and bottom by $e^{x}$,

$$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^{x}}{1 + e^{x}},$$

and use the left form where $x \ge 0$, the right one where $x < 0$. Then the exponent is never positive. (`np.where(a, b, c)` computes both `b` and `c` for every entry before it picks, so neither may overflow anywhere.)
"""


# %% exercise="sigmoid" difficulty=3 importance=4 minutes=8
def sigmoid(x):
    """The sigmoid 1 / (1 + exp(-x)) of every entry, without overflow.

    x: an array of any shape
    Returns an array of floats of that shape, right and without a warning even for entries of ±1000. Leaves x unchanged.
    Write it yourself: SciPy's `expit` is refused.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)
    ### END SOLUTION


# %% check="sigmoid" points=3
check(sigmoid)

# %% [markdown]
r"""
For $k$ classes the network gives $k$ numbers, one for each class, the **logits**, and the **softmax** turns each row $z$ of logits into probabilities, positive and with sum 1:

$$p_j = \frac{e^{z_j}}{e^{z_1} + e^{z_2} + \dots + e^{z_k}} .$$

You met it inside the loss of unit 06. By hand: logits $(0,\ 0.693,\ 1.099)$ have $e^{z} = (1, 2, 3)$, sum 6, and so the probabilities are $\tfrac16, \tfrac26, \tfrac36$.

Add the same number to all logits of a row, and every $e^{z}$ grows by the same factor, above and below the line: the probabilities stay. You may use that against overflow.
"""


# %% exercise="softmax" difficulty=2 importance=5 minutes=6
def softmax(logits):
    """The softmax of every row: exp of each entry, divided by the row's sum of these.

    logits: (n, k) array
    Returns probabilities, an array (n, k) whose rows sum to one, right and without a warning even for logits of ±1000.
    Leaves logits unchanged. Write it yourself: SciPy's `softmax`, `log_softmax` and `logsumexp` are refused.
    """
    ### BEGIN SOLUTION
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% check="softmax" points=3
check(softmax)


# %% [markdown]
r"""
Only the gaps between the logits count. Multiply the logits, and the gaps grow: the answer becomes surer, whether it is right or not.
"""


# %% demo
def draw_softmax(ax, scale):
    ax.bar(range(4), softmax(scale * np.array([[1.0, 2.0, 0.5, 1.6]]))[0], color=plots.COLORS["sky"], edgecolor="black")
    ax.set(ylim=(0, 1.05), xticks=range(4), xlabel="class", ylabel="probability", title=f"times {scale:g}: largest {ax.patches[1].get_height():.2f}")


plots.slider(
    draw_softmax,
    "logits times",
    [0, 0.5, 1, 2, 4, 8, 20],
    alt="Four bars, the softmax of the logits 1, 2, 0.5 and 1.6 times a factor. With factor 0 all are one quarter. With factor 2 the second class leads. With "
    "factor 20 the second class has nearly everything.",
)

# %% [markdown]
r"""
## 3. What was right, and how wrong were we?

Labels are whole numbers, 0 to 9 for digits. To subtract them from probabilities, write each as a row with a 1 at its place: **one-hot**. Label 2 of 4 classes is $(0, 0, 1, 0)$.
"""


# %% exercise="one_hot" difficulty=1 importance=4 minutes=3
def one_hot(labels, num_classes):
    """Each label as a row of zeros with a one at the label's place.

    labels: (n,) array of whole numbers from 0 to num_classes - 1
    Returns an array of floats (n, num_classes). scikit-learn's encoders are refused.
    """
    ### BEGIN SOLUTION
    return np.eye(num_classes)[labels]
    ### END SOLUTION


# %% check="one_hot" points=2
check(one_hot)

# %% [markdown]
r"""
The loss is **cross-entropy**, as in unit 06: minus the logarithm of the probability that was given to the right class, averaged over the examples. Given 0.99, it is 0.01; given 0.5, it is 0.69; given 0.0001, it is 9.21. Being sure and wrong is what costs.
"""

# %% demo
for p in (0.99, 0.5, 0.0001):
    print(f"the right class was given {p}:  loss {-math.log(p):.2f}")

# %% [markdown]
r"""
By hand: probabilities $(0.5, 0.25, 0.25)$ and $(0.1, 0.8, 0.1)$, labels 0 and 1. The loss is $\tfrac12 (-\log 0.5 - \log 0.8) = \tfrac12 (0.693 + 0.223) = 0.458$.

A probability of exactly 0 would give infinity, so probabilities below $10^{-12}$ count as $10^{-12}$ here.
"""


# %% exercise="cross_entropy" difficulty=2 importance=5 minutes=6
def cross_entropy(probabilities, labels):
    """The mean over the examples of minus the natural logarithm of the right class's probability.

    probabilities: (n, k) array, rows sum to one   labels: (n,) array of whole numbers from 0 to k - 1
    Returns one number. Probabilities below 1e-12 count as 1e-12. Leaves its inputs unchanged. scikit-learn's
    `log_loss` is refused.
    """
    ### BEGIN SOLUTION
    right = probabilities[np.arange(len(labels)), labels]
    return -np.mean(np.log(np.maximum(right, 1e-12)))
    ### END SOLUTION


# %% check="cross_entropy" points=3
check(cross_entropy)

# %% [markdown] predict="mlp_which_loss"
r"""
Why not the squared error of unit 02? Take a yes-or-no question. The network gives one number $z$ and $p = \sigma(z)$ is the probability of yes (the softmax of the two logits $z$ and 0). The answer should be yes, so the losses are $-\log p$ and $(1 - p)^2$. Now let $z = -6$, so $p = 0.0025$: badly wrong. Which loss has the steeper slope for $z$ there?

- [ ] The squared error: it is large.
- [x] Cross-entropy, by far.
- [ ] Both are about the same.

Why: By the chain rule the squared error's slope is −2(1 − p) · p(1 − p): the sigmoid is flat there, and its slope p(1 − p) = 0.0025 is a factor. In cross-entropy that factor cancels, and p − 1 ≈ −1 is left. The more wrong, the faster it learns.
"""

# %% demo
z_line = np.linspace(-8, 8, 200)
p_line = sigmoid(z_line)
fig, (left, right) = plots.figure(1, 2, width=8.6, height=3.3)
left.plot(z_line, -np.log(p_line), color=plots.COLORS["blue"], label="cross-entropy")
left.plot(z_line, (1 - p_line) ** 2, "--", color=plots.COLORS["orange"], label="squared error")
left.set(title="The loss when the answer should be 1", xlabel="z", ylabel="loss")
right.plot(z_line, p_line - 1, color=plots.COLORS["blue"], label="cross-entropy")
right.plot(z_line, -2 * (1 - p_line) * p_line * (1 - p_line), "--", color=plots.COLORS["orange"], label="squared error")
right.set(title="Squared error gives up when badly wrong", xlabel="z", ylabel="slope for z")
for ax in (left, right):
    ax.axvline(-6, color=plots.COLORS["grey"], linewidth=1, linestyle=":")
    ax.set_xticks(range(-8, 9, 2))
left.legend(fontsize=9)
plots.show(
    fig,
    alt="Left: for z from -8 to 8, cross-entropy falls like a straight line from 8 to 0; the squared error is flat at 1 for negative z, then falls to 0. Right, their "
    "slopes: cross-entropy is near -1 for negative z, squared error is near 0 there. A dotted line marks z = -6.",
)

# %% demo
import sympy as sp

symbol = sp.symbols("z")
p = 1 / (1 + sp.exp(-symbol))
for name, loss in [("cross-entropy", -sp.log(p)), ("squared error", (1 - p) ** 2)]:
    print(f"slope of the {name} at z = -6: {float(sp.diff(loss, symbol).subs(symbol, -6)):.4f}")
print("cross-entropy's slope minus (p - 1):", sp.simplify(sp.diff(-sp.log(p), symbol) - (p - 1)))

# %% answer="mlp_which_loss"

# %% [markdown]
r"""
## 4. The network

A **neuron** (or unit) is a linear model with a bend, like $h_1$ above. Units side by side form a **layer**. If every unit of a layer sees every output of the layer before, the layer is **fully connected**. Layers between input and output are
**hidden**. A network of fully connected layers with bends is called a **multilayer perceptron**, MLP. With more than one hidden layer it is called deep.

Here is the network 784-50-100-10: pictures of 28 by 28 pixels come in, 10 logits come out. Follow the shapes with a batch of $n$ pictures:
"""

# %% demo
fig, ax = plots.figure(width=9.0, height=3.2)
sizes_drawn, at = [784, 50, 100, 10], 0.0
for i, size in enumerate(sizes_drawn):
    tall = 0.5 + 2.2 * math.log10(size) / math.log10(784)
    ax.bar(at, tall, width=0.5, bottom=-tall / 2, color=plots.COLORS["sky"] if i in (0, 3) else "#ffe2ad", edgecolor="black")
    ax.text(at, tall / 2 + 0.12, f"(n, {size})", ha="center", fontsize=11)
    ax.text(at, -tall / 2 - 0.3, ["input", "hidden", "hidden", "logits"][i], ha="center", fontsize=10)
    if i < 3:
        ax.annotate("", (at + 2.0, 0), (at + 0.4, 0), arrowprops={"arrowstyle": "->"})
        name = f"W{i + 1} ({size}, {sizes_drawn[i + 1]})\nb{i + 1} ({sizes_drawn[i + 1]},)" + ("\nthen ReLU" if i < 2 else "")
        ax.text(at + 1.2, 0.15, name, ha="center", va="bottom", fontsize=10)
    at += 2.4
ax.set(xlim=(-0.6, at - 1.8), ylim=(-1.8, 1.9), title="784-50-100-10: 45,360 numbers to learn")
ax.axis("off")
plots.show(
    fig,
    alt="Four columns joined by arrows: input (n, 784), hidden (n, 50), hidden (n, 100), logits (n, 10). On the arrows W1 (784, 50) and b1, ReLU; W2 (50, 100) and b2, ReLU; W3 (100, 10) and b3.",
)

# %% demo
print("parameters:", sum(d * k + k for d, k in [(784, 50), (50, 100), (100, 10)]))

# %% [markdown]
r"""
The logits get no ReLU: a logit may well be negative. These are the functions of unit 06, yours by now:
"""


# %%
def linear_backward(grad_output, X, W):
    """(grad_X, grad_W, grad_b) of output = X @ W + b."""
    return grad_output @ W.T, X.T @ grad_output, grad_output.sum(axis=0)


def relu_backward(grad_output, x):
    """grad_x of output = max(0, x)."""
    return grad_output * (x > 0)


def softmax_cross_entropy(logits, labels):
    """(mean loss, grad_logits)."""
    n, z = len(labels), logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(n), labels].mean(), (np.exp(log_p) - np.eye(logits.shape[1])[labels]) / n


# %% [markdown]
r"""
Now the class. `params` is one flat list: `[W1, b1, W2, b2, …]`. So `params[0::2]` are the weights and `params[1::2]` the biases. Weights start as He says for ReLU (unit 05): standard normals times $\sqrt{2/d}$, where $d$ is the number of inputs
of that layer. Biases start at 0.

A class needs three functions here, all indented alike and with `self` first: `__init__(self, sizes, rng)`, `forward(self, X)`, `loss_and_gradients(self, X, labels)`. `zip(sizes[:-1], sizes[1:])` gives neighbouring sizes: of
`[64, 32, 10]` the pairs (64, 32) and (32, 10).

For the gradients, go forward and **keep what each layer was fed with**, and its sums before the ReLU. Then go backward. Written out for two layers:

| forward | keep | backward, read from below |
| --- | --- | --- |
| $X$ is fed to layer 1 | $X$ | |
| $Z_1 = X W_1 + b_1$ | $Z_1$ | `linear_backward` with $X$ and $W_1$ gives the gradients of $W_1$ and $b_1$ |
| $H = \max(0, Z_1)$ is fed to layer 2 | $H$ | `relu_backward` with $Z_1$ |
| $Z_2 = H W_2 + b_2$, the logits | | `linear_backward` with $H$ and $W_2$ gives the gradients of $H$, $W_2$ and $b_2$ |
| the loss | | `softmax_cross_entropy` starts it off: the gradient of the logits |

Yours does the same in a loop, for any number of layers.
"""


# %% exercise="MLP" difficulty=4 importance=5 minutes=20
class MLP:
    """A multilayer perceptron: linear layers with a ReLU after each but the last, and softmax cross-entropy as its loss.

    MLP(sizes, rng): sizes is a list such as [64, 32, 10] (inputs, hidden units …, classes), with or without hidden layers
    params: the list W1, b1, W2, b2 … ; weights (d, k) start normal with standard deviation sqrt(2 / d), drawn from rng,
    biases (k,) start at zero; all hold floats
    forward(X): the logits (n, classes) of examples (n, inputs), computed from self.params as they are at that moment
    loss_and_gradients(X, labels): the mean loss, one number, and the list of gradients, like params; it leaves params alone,
    and uses nothing that an earlier call has left behind
    """

    def __init__(self, sizes, rng):
        ### BEGIN SOLUTION
        self.params = []
        for d, k in zip(sizes[:-1], sizes[1:]):
            self.params += [rng.normal(0, np.sqrt(2 / d), (d, k)), np.zeros(k)]

    def forward(self, X):
        return self.sweep(X)[1][-1]

    def sweep(self, X):
        """What every layer was fed with, and what came out of it before the ReLU."""
        fed, sums = [], []
        for W, b in zip(self.params[0::2], self.params[1::2]):
            fed.append(X)
            sums.append(X @ W + b)
            X = np.maximum(0, sums[-1])
        return fed, sums

    def loss_and_gradients(self, X, labels):
        fed, sums = self.sweep(X)
        loss, grad = softmax_cross_entropy(sums[-1], labels)
        grads = []
        for i in reversed(range(len(fed))):
            grad, grad_W, grad_b = linear_backward(grad, fed[i], self.params[2 * i])
            grads = [grad_W, grad_b, *grads]
            if i > 0:
                grad = relu_backward(grad, sums[i - 1])
        return loss, grads
        ### END SOLUTION


# %% check="MLP" points=6
check(MLP)

# %% [markdown]
r"""
The two units that you saw in section 1, put into your class:
"""

# %% demo
by_hand = MLP([2, 2, 1], np.random.default_rng(0))
by_hand.params = [np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]), np.array([[1.0], [-2.0]]), np.zeros(1)]
print("XOR by hand:", by_hand.forward(corners).ravel(), "  wanted:", answers)

# %% [markdown]
r"""
## 5. Training it

### Bug hunt

A colleague wrote the training loop, for any model with `params` and `loss_and_gradients`. It runs, and the loss goes down. Three things are not as its docstring promises.
"""


# %% draft="train"
def train_draft(model, X, labels, lr, batch_size, num_epochs, rng):
    """Reshuffle each epoch; use every example once; note the loss of all the data after each epoch."""
    losses = []
    order = rng.permutation(len(X))
    for epoch in range(num_epochs):
        for start in range(0, len(X) - batch_size + 1, batch_size):
            rows = order[start : start + batch_size]
            loss, grads = model.loss_and_gradients(X[rows], labels[rows])
            for p, g in zip(model.params, grads):
                p -= lr * g
        losses.append(loss)
    return losses


# %% [markdown] predict="mlp_missing"
r"""
There are 1,000 examples and batches of 64. How many examples does the draft never use?

- [ ] None.
- [x] 40, the same ones in every epoch.
- [ ] 40, other ones in every epoch.

Why: 15 full batches hold 960. The slice for the last 40 is never made, and since the order is drawn only once, it is always the same 40.
"""

# %% demo
order_once = np.random.default_rng(0).permutation(1000)
used = [order_once[start : start + 64] for start in range(0, 1000 - 64 + 1, 64)]
print("used in every epoch:", len(np.concatenate(used)), "of 1000")

# %% answer="mlp_missing"


# %% exercise="train" difficulty=3 importance=5 minutes=10
def train(model, X, labels, lr, batch_size, num_epochs, rng):
    """Train a model by mini-batch gradient descent.

    model: anything with params, a list of arrays, and loss_and_gradients(X, labels), which gives the loss and a list of
    gradients in the order of params   X: (n, d) array   labels: (n,) array of whole numbers
    lr: the learning rate   batch_size: 1 or more, possibly larger than n   num_epochs: 1 or more
    rng: a numpy.random.Generator, the only source of chance
    In each epoch every example is used exactly once, in an order drawn anew, in batches of batch_size; the last may be
    shorter. Afterwards model.params holds the trained arrays, changed in place or new.
    Returns num_epochs losses, a list or an array: the loss of all the data after each epoch.
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            _, grads = model.loss_and_gradients(X[rows], labels[rows])
            for p, g in zip(model.params, grads):
                p -= lr * g
        losses.append(model.loss_and_gradients(X, labels)[0])
    return losses
    ### END SOLUTION


# %% check="train" points=5
check(train)

# %% [markdown]
r"""
XOR again, this time by training: the four points, 500 epochs, ten seeds. How often are all four right at the end?
"""

# %% demo
for units in (0, 2, 4, 8):
    solved = 0
    for seed in range(10):
        model = MLP([2, units, 2] if units else [2, 2], np.random.default_rng(seed))
        train(model, corners, answers, 0.3, 4, 500, np.random.default_rng(seed))
        solved += bool(np.all(model.forward(corners).argmax(axis=1) == answers))
    print(f"{units} hidden units: all four right with {solved} of 10 seeds")

# %% [markdown]
r"""
Two units can do it, as you saw, but from a random start descent rarely finds those two. Each spare unit is one more try: with eight, all ten seeds succeed. So networks get more units than the task needs.

**Two moons**: 200 points, two classes that interlock. No line parts them. Watch the boundary, the line where your `MLP([2, 16, 2], rng)` is undecided, as training goes.
"""

# %% demo
from sklearn.datasets import make_moons

moons, sides = make_moons(200, noise=0.15, random_state=0)
xx, yy = np.meshgrid(np.linspace(-1.7, 2.7, 90), np.linspace(-1.2, 1.7, 70))


def draw_sides(ax, surface, title):
    ax.contourf(xx, yy, surface, levels=[0, 0.5, 1], colors=["#cfe3f1", "#ffe2ad"])
    ax.contour(xx, yy, surface, levels=[0.5], colors="black", linewidths=1.5)
    for side, marker, color in [(0, "o", "blue"), (1, "^", "orange")]:
        ax.plot(*moons[sides == side].T, marker, color=plots.COLORS[color], markersize=5, markeredgecolor="black", markeredgewidth=0.4)
    ax.set(title=title, xlabel="x₁", ylabel="x₂")


def look_at(model):
    """The probability of side 1 all over the plane, and the share of points that are right."""
    surface = softmax(model.forward(np.column_stack([xx.ravel(), yy.ravel()])))[:, 1].reshape(xx.shape)
    return surface, np.mean(model.forward(moons).argmax(axis=1) == sides)


# %% demo
moon_model, moon_rng = MLP([2, 16, 2], np.random.default_rng(1)), np.random.default_rng(1)
stops = [0, 1, 2, 4, 6, 10, 20, 40, 70, 120, 200]
frames = [(0, *look_at(moon_model))]
for before, stop in zip(stops[:-1], stops[1:]):
    train(moon_model, moons, sides, 0.3, 16, stop - before, moon_rng)
    frames.append((stop, *look_at(moon_model)))

plots.animate(
    lambda ax, frame: draw_sides(ax, frame[1], f"after {frame[0]} epochs: {frame[2]:.1%} right"),
    frames,
    interval=500,
    figsize=(5.4, 4),
    alt="Two interlocking half moons of points, circles and triangles, over a map of two shades with a black line between them, the network's decision boundary. At first the line is a "
    "V that cuts through both moons. With training it turns and bends, and after 200 epochs it winds between them.",
)

# %% [markdown]
r"""
**One thing changed**: the number of hidden units. The same points, 200 epochs each.
"""

# %% demo
fig, panels = plots.figure(1, 4, width=12.4, height=3.1)
for ax, units in zip(panels, (0, 2, 3, 16)):
    model = MLP([2, units, 2] if units else [2, 2], np.random.default_rng(1))
    train(model, moons, sides, 0.3, 16, 200, np.random.default_rng(1))
    surface, share = look_at(model)
    draw_sides(ax, surface, f"{units} hidden units: {share:.1%} right")
plots.show(
    fig,
    alt="The two moons four times, with the boundary after 200 epochs. Without hidden units it is a straight line. With 2 it has one bend. With 3 it is made of straight pieces and bends round "
    "the tips of the moons. With 16 it winds between them in many short pieces.",
)

# %% [markdown]
r"""
**That is what a hidden layer buys you**: boundaries that bend. Each ReLU unit can add one fold, and the boundary is straight between folds.

## 6. Inputs in good shape

Unit 03 showed why descent crawls along a narrow valley, and that standardising each column helps. It does not help where two columns go together, as neighbouring pixels do: the narrow valley runs along a diagonal. **Whitening** turns the cloud of
points so that its long axes lie along the coordinates, divides each by its own spread, and turns it back:

1. Take the mean of each column off.
2. The covariance $C = X^\top X / n$ has eigenvectors $V$ (columns: the axes of the cloud) and eigenvalues $\lambda$ (the variances along them): `np.linalg.eigh(C)` gives `λ, V`.
3. $X V$ are the points seen along the axes. Divide axis $i$ by $\sqrt{\lambda_i + \varepsilon}$. The small $\varepsilon$ keeps axes without any spread from blowing up.
4. Turn back: multiply by $V^\top$. This last step makes it **ZCA** whitening: of all ways to whiten, the one that moves the points least.

By hand, with one column: 1, 3, 5. The mean is 3, so −2, 0, 2 are left. Their variance is $\lambda = (4 + 0 + 4)/3 = 2.667$, and $\sqrt{\lambda} = 1.633$. Whitened: −1.225, 0, 1.225. With one column there is nothing to turn.
"""


# %% exercise="whiten" difficulty=3 importance=3 minutes=10
def whiten(X, eps=1e-5):
    """ZCA whitening: columns without a mean, without covariance, and with variance 1 (as far as eps allows).

    X: (n, d) array   eps: a small number, added to each eigenvalue of the covariance
    The covariance is over n (not n - 1). Along each eigenvector the centred data is divided by sqrt(λ + eps); then it is
    turned back to the original axes. Returns an array (n, d). Leaves X unchanged.
    """
    ### BEGIN SOLUTION
    centred = X - X.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / len(X))
    return centred @ axes / np.sqrt(variances + eps) @ axes.T
    ### END SOLUTION


# %% check="whiten" points=4
check(whiten)

# %% demo
cloud = np.random.default_rng(2).normal(size=(300, 2)) @ np.array([[2.0, 1.4], [0.0, 0.4]]) + [3.0, 1.0]
clouds = {"as measured": cloud, "standardised": (cloud - cloud.mean(axis=0)) / cloud.std(axis=0), "whitened": whiten(cloud)}
fig, axes3 = plots.figure(1, 3, width=9.4, height=2.9)
for ax, (name, points) in zip(axes3, clouds.items()):
    ax.plot(*points.T, "o", markersize=3, color=plots.COLORS["blue"], alpha=0.6)
    together = np.corrcoef(points.T)[0, 1]
    ax.set(title=f"{name}: correlation {abs(together):.2f}", xlabel="x₁", aspect="equal", xlim=(-5, 10), ylim=(-4, 6))
axes3[0].set_ylabel("x₂")
plots.show(
    fig,
    alt="One cloud of 300 points three times. As measured it is a long diagonal ellipse away from the origin. Standardised it is still a diagonal ellipse, around the origin. Whitened it is a round cloud around the origin.",
)

# %% [markdown]
r"""
What it is worth: descend in a valley of the shape of $C$, as the squared error of a linear model on this cloud has. Start 1 away from the bottom, along the flattest direction, with $\text{lr} = 1/\lambda_{\max}$ (unit 03). Count the steps
until the distance is 0.001.
"""

# %% demo
for name, points in clouds.items():
    C = np.cov(points.T, bias=True)
    lambdas, directions = np.linalg.eigh(C)
    w, steps = directions[:, 0], 0
    while np.linalg.norm(w) > 0.001:
        w, steps = w - C @ w / lambdas[-1], steps + 1
    print(f"{name:12}  longest to shortest axis, in variance: {lambdas[-1] / lambdas[0]:5.1f}   steps: {steps}")

# %% [markdown]
r"""
Step 4 in numbers: white points stay white however you turn them. As ZCA leaves them, they have moved least from where they were (mean off):
"""

# %% demo
still = cloud - cloud.mean(axis=0)
for degrees in (-90, -45, 0, 45, 90):
    t = math.radians(degrees)
    turned = clouds["whitened"] @ np.array([[math.cos(t), math.sin(t)], [-math.sin(t), math.cos(t)]])
    moved = np.linalg.norm(turned - still, axis=1).mean()
    print(f"ZCA, turned by {degrees:3} degrees: moved by {moved:.2f}")

# %% [markdown]
r"""
`whiten` takes its mean and its axes from the very data it whitens. For new data you would keep those of the training data, as with standardising in unit 02.
"""

# %% [markdown]
r"""
## 7. Pay-off: handwritten digits

1,797 digits, written by many people. Each is a picture of 8 by 8 pixels, 0 for paper to 1 for full ink, laid out as a row of 64 numbers.
"""

# %% demo
pictures, digits = data.digits()
print("pictures", pictures.shape, "  digits", digits.shape)
fig, places = plots.figure(1, 10, width=9.4, height=1.4)
for digit, ax in enumerate(places):
    ax.imshow(1 - pictures[np.flatnonzero(digits == digit)[0]].reshape(8, 8), cmap="gray", vmin=0, vmax=1)
    ax.set_title(digit)
    ax.axis("off")
plots.show(fig, alt="One handwritten picture of each digit from 0 to 9, each of 8 by 8 grey squares, with its label above it.")

# %% [markdown]
r"""
We deal the pictures into three heaps, each with its own job: the training set, the validation set and the test set.

- **training** (1,200): the network learns from these;
- **validation** (297): you look at these to choose: how many hidden units, how many epochs;
- **test** (300): looked at **once**, at the very end. Whatever you have chosen by looking at it, it no longer tells you how well you do on new pictures.
"""


# %% exercise="accuracy" difficulty=1 importance=4 minutes=3
def accuracy(logits, labels):
    """The share of examples whose largest logit stands at the right class.

    logits: (n, k) array; no row has its largest entry twice   labels: (n,) array of whole numbers from 0 to k - 1
    Returns one float from 0 to 1. scikit-learn's `accuracy_score` is refused.
    """
    ### BEGIN SOLUTION
    return np.mean(logits.argmax(axis=1) == labels)
    ### END SOLUTION


# %% check="accuracy" points=2
check(accuracy)

# %% demo
heap = np.random.default_rng(0).permutation(len(pictures))
X_train, X_val, X_test = np.split(pictures[heap], [1200, 1497])
labels_train, labels_val, labels_test = np.split(digits[heap], [1200, 1497])
# fifteen networks: give it some seconds
print("hidden units   right on validation, three seeds")
for hidden in [[], [8], [32], [128], [64, 64]]:
    rates = []
    for seed in range(3):
        model = MLP([64, *hidden, 10], np.random.default_rng(seed))
        train(model, X_train, labels_train, 0.2, 16, 25, np.random.default_rng(seed))
        rates.append(accuracy(model.forward(X_val), labels_val))
    print(f"{hidden!s:14} {'  '.join(f'{rate:.1%}' for rate in rates)}")

# %% [markdown]
r"""
Without a hidden layer, `[]`, about 96 % are right: most digits can be told apart by flat boundaries. Eight hidden units are worse than none, since all that the picture says must pass through eight numbers. With 128 the errors are about halved.

One per cent is three pictures of 297, and seeds differ by as much. So take `[128]`, which is among the best, and now look at the test set, once.
"""

# %% demo
import time

rates, took = [], []
for seed in range(5):
    model = MLP([64, 128, 10], np.random.default_rng(seed))
    began = time.perf_counter()
    losses = train(model, X_train, labels_train, 0.2, 16, 25, np.random.default_rng(seed))
    took.append(time.perf_counter() - began)
    rates.append(accuracy(model.forward(X_test), labels_test))
print("right on the test set, five seeds:", "  ".join(f"{rate:.1%}" for rate in rates))

# %% demo
answers_test = model.forward(X_test).argmax(axis=1)
confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (labels_test, answers_test), 1)
fig, (left, right) = plots.figure(1, 2, width=9.4, height=4.2)
left.semilogy(range(1, 26), losses, color=plots.COLORS["blue"])
left.set(title=f"Training took {np.median(took):.2f} s on this computer", xlabel="epoch", ylabel="training loss")
right.imshow(np.minimum(confusion, 5), cmap="Greys")
for i, j in zip(*np.nonzero(confusion)):
    right.text(j, i, confusion[i, j], ha="center", va="center", fontsize=9, color="white" if confusion[i, j] > 2 else "black")
right.set(title="Rows: the digit. Columns: the answer", xlabel="answer", ylabel="digit", xticks=range(10), yticks=range(10))
right.grid(False)
plots.show(
    fig,
    alt="Left, the training loss over 25 epochs on a log scale, falling to a few hundredths or less; the title gives the seconds it took, less than one. Right, the confusion matrix of the test set: nearly "
    "all counts lie on the diagonal, a few single ones beside it.",
)

# %% demo
wrong = np.flatnonzero(answers_test != labels_test)[:8]
fig, axes_wrong = plots.figure(1, len(wrong), width=1.25 * len(wrong), height=1.9)
for ax, i in zip(np.atleast_1d(axes_wrong), wrong):
    ax.imshow(1 - X_test[i].reshape(8, 8), cmap="gray", vmin=0, vmax=1)
    ax.set_title(f"{labels_test[i]} read\nas {answers_test[i]}", fontsize=10)
    ax.axis("off")
plots.show(fig, alt="The pictures of the test set that the network got wrong, each titled with the digit and the answer. Some are hard to read for a person, too.")

# %% [markdown] predict="mlp_zero"
r"""
**One thing changed.** The same network, the same data, but all weights start at 0 instead of He's random numbers. What share of the test digits will it read?

- [ ] About as many: descent finds its way.
- [ ] About half.
- [x] About one in ten.

Why: With all weights 0 every hidden value is 0, so no gradient reaches W1, nor W2. Only the last biases learn, and they can at best learn which digit is the most frequent. Unit 05 said so; this is the price.
"""

# %% demo
asleep = MLP([64, 128, 10], np.random.default_rng(0))
asleep.params = [np.zeros_like(p) for p in asleep.params]
train(asleep, X_train, labels_train, 0.2, 16, 25, np.random.default_rng(0))
print(f"from zeros: {accuracy(asleep.forward(X_test), labels_test):.1%} right")

# %% answer="mlp_zero"

# %% [markdown]
r"""
## 8. The same numbers elsewhere

SciPy has the sigmoid and the softmax, scikit-learn the loss and a network of its own.
"""

# %% demo
from scipy.special import expit
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

z = model.forward(X_test)
print("sigmoid as SciPy's, to 12 digits:", np.allclose(sigmoid(z), expit(z), rtol=1e-12, atol=0))
print("softmax as SciPy's, to 12 digits:", np.allclose(softmax(z), scipy_softmax(z, axis=1), rtol=1e-12, atol=0))
print(f"cross-entropy: yours {cross_entropy(softmax(z), labels_test):.6f}, scikit-learn's {log_loss(labels_test, softmax(z)):.6f}")
theirs = MLPClassifier((128,), solver="sgd", learning_rate_init=0.2, batch_size=16, max_iter=25, momentum=0, alpha=0, random_state=0)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would like more epochs
    theirs.fit(X_train, labels_train)
print(f"test digits: yours {np.mean(rates):.1%} on average, scikit-learn's network {theirs.score(X_test, labels_test):.1%}")

# %% [markdown]
r"""
There is a larger collection, MNIST, 70,000 digits of 28 by 28 pixels. With a network connection `data.mnist()` fetches it once: `X_train, labels_train, X_test, labels_test = data.mnist()`, one picture of 784 pixels a row, for
`MLP([784, 50, 100, 10], rng)`. Without a connection you get the digits of this notebook and a line that says so.

## What to remember

- Linear layers in a row are one linear layer. The bend between them is what makes depth worth anything.
- Never take exp of a large positive number: shift the softmax, branch the sigmoid.
- Cross-entropy, not squared error, for classes: its slope stays steep where the answer is badly wrong.
- Train on the training set, choose on the validation set, and look at the test set once.

**So what does a hidden layer buy you?** Boundaries that bend: all four points of XOR, both moons, and on the digits about half the errors that a network without one makes.

**Where it leads.** This network fails on most digits that are moved by a single pixel. In *08 · Convolutional networks* a network learns that a pixel has neighbours, and loses less.
"""
