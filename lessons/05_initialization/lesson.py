# ---
# title: Initialization
# question: Why can't we just start at zero?
# minutes: 90
# needs: [01_derivatives, 02_linear_regression, 03_gradient_descent, 04_sgd]
# ---

# %% [markdown]
r"""
# 05 · Initialization

**Why can't we just start at zero?**

In unit 03 you started descent at $w = 0$, and it walked to the best line. Start a network at zero, and it learns nothing,
however long you wait. Start it at random, but too small: still nothing. Too large: it blows up. At the
end of this notebook two networks of twenty layers try to read handwritten digits, with the same data, the same code and the
same random numbers. In one of them every starting weight was multiplied by $\sqrt 2$. That one learns, the other does not,
and you will know where the $\sqrt 2$ comes from.

- **Before this:** units 01 to 04: derivatives, linear models, descent, mini-batches. Networks are explained in section 1.
- **Time:** about 90 minutes. Eleven exercises, seven of them one or two lines long. The end of section 6 is a good place to stop for the night.
- **You will be able to** say which starts can never learn; derive how large random weights must be, and write the six
  usual recipes; and tell from a picture whether the numbers in a deep stack fade, blow up or stay.
"""

# %% setup
import math

import numpy as np

from helpers import check, data, guess, plots

# %% [markdown]
r"""
## 1. A network in five minutes

A linear model adds up its features, each times a weight. A **layer** does that several times side by side, with different
weights, and then bends every result:

$$\underbrace{H}_{(n,\,k)} = f(\underbrace{X}_{(n,\,d)}\;\underbrace{W}_{(d,\,k)})$$

Column $j$ of $W$ holds the $d$ weights of one **hidden unit**, a small linear model of its own. The function $f$
bends each number by itself. It is called the **activation**, and so are the numbers that come out.
A **network** feeds $H$ to a next layer, and so on. (Without the bends, the stack would be one linear model again: unit 07.)

Three activations are enough to begin with:
"""


# %% demo
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def relu(z):
    return np.maximum(0, z)


z = np.linspace(-4, 4, 201)
fig, axes = plots.figure(1, 3, width=9.0, height=2.9)
for ax, f, name in zip(
    axes, [np.tanh, sigmoid, relu], ["tanh: −1 to 1", "sigmoid: 0 to 1", "ReLU: negative becomes 0"]
):
    ax.plot(z, f(z), color=plots.COLORS["blue"])
    steepness = {"t": 1.0, "s": 0.25, "R": 0.0}[name[0]]
    if steepness:
        ends = np.array([-1.6, 1.6])
        ax.plot(ends, f(0) + steepness * ends, ":", color="0.3", label=f"slope {steepness:g} at z = 0")
        ax.legend(loc="upper left", fontsize=9)
    ax.set_ylim(-1.3, 2.2)
    ax.set_title(name)
    ax.set_xlabel("z, the sum that goes in")
axes[0].set_ylabel("f(z), the activation")
plots.show(
    fig,
    alt="Three curves. Tanh runs from -1 to 1 and follows the line f = z near zero. Sigmoid runs from 0 to 1, passes "
    "through one half at zero and has slope one quarter there. ReLU is 0 for negative z and z itself for positive z.",
)

# %% [markdown]
r"""
A worked example. One example $x = (2, 1)$, and a unit with the weights $(0.5, 1)$: the sum is $2 \cdot 0.5 + 1 \cdot 1 = 2$. Its activation is
$\tanh(2) = 0.96$ with tanh, $0.88$ with the sigmoid, and $2$ with ReLU.

The café of unit 02 has measured up to 40 °C now. On very hot days nobody walks into town: the cups rise, then fall. No straight line
does that, nor can one tanh unit. Two can: one S that climbs, and one, turned over, that falls later.
"""

# %% demo
warmth = np.array([-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0])  # 0 is 30 °C, each 1 is 5 °C more
cups = np.array([22.0, 30.0, 45.0, 62.0, 74.0, 70.0, 55.0, 38.0, 24.0])
X_cafe = np.column_stack([warmth, np.ones(9)])  # (9, 2): a column of ones gives each unit an offset, as in unit 02
y_cafe = (cups - cups.mean()) / cups.std()

# %% demo
x = np.linspace(-2.3, 2.3, 200)
climbs, falls = np.tanh(1.7 * x + 1.6), np.tanh(1.7 * x - 2.0)
fig, (left, right) = plots.figure(1, 2, width=8.6, height=3.4)
for ax in (left, right):
    ax.plot(warmth, y_cafe, "o", color=plots.COLORS["black"], label="nine days")
    ax.set_xlabel("warmth (0 is 30 °C)")
left.plot(x, climbs, "--", color=plots.COLORS["blue"], label="one unit")
left.set_title("One unit only climbs")
left.set_ylabel("cups, standardised")
right.plot(x, 1.6 * climbs - 1.6 * falls - 1.6, color=plots.COLORS["orange"], label="1.6 × (one − other) − 1.6")
right.plot(x, climbs, "--", color=plots.COLORS["blue"], linewidth=1, label="one unit")
right.plot(x, falls, ":", color=plots.COLORS["blue"], label="the other unit")
right.set_title("Two units make a hump")
for ax in (left, right):
    ax.set_ylim(-2.1, 3.6)
    ax.legend(loc="upper left", fontsize=9, ncols=2)
plots.show(
    fig,
    alt="Nine days as dots: cups rise up to 30 degrees and fall beyond. Left, one tanh unit, an S that climbs and "
    "stays up. Right, two such units, the second shifted to the right; their difference is a hump that follows the dots.",
)

# %% [markdown]
r"""
## 2. Starting at zero

Our café network has one layer of four tanh units and then a weighted sum. Unit $j$ has a slope and an offset (column $j$ of $W$, shape
`(2, 4)`), and an outgoing weight $v_j$, its share in the sum:

$$\hat y = v_1 h_1 + v_2 h_2 + v_3 h_3 + v_4 h_4, \qquad h_j = \tanh(\text{slope}_j \cdot x + \text{offset}_j) .$$

Twelve numbers to learn, by plain descent on the MSE, nine days at once. The next cell has the loss, its slopes and the descent. Skip its code if you like; two of its lines are derived below.
"""


# %% demo
def cafe_loss(W, v):
    predictions = sum(v[j] * np.tanh(X_cafe @ W[:, j]) for j in range(len(v)))
    return np.mean((predictions - y_cafe) ** 2)


def cafe_slopes(W, v):
    hidden = [np.tanh(X_cafe @ W[:, j]) for j in range(len(v))]
    r = sum(v[j] * hidden[j] for j in range(len(v))) - y_cafe  # residuals
    slope_v = np.array([np.mean(2 * r * h) for h in hidden])
    slope_W = [X_cafe.T @ (2 * r * v[j] * (1 - hidden[j] ** 2)) / len(r) for j in range(len(v))]
    return np.column_stack(slope_W), slope_v


def cafe_descent(W, v, lr=0.1, num_steps=600):
    path = [(W, v)]
    for _ in range(num_steps):
        slope_W, slope_v = cafe_slopes(W, v)
        W, v = W - lr * slope_W, v - lr * slope_v
        path.append((W, v))
    return path


# %% [markdown] predict="init_zeros"
r"""
All twelve weights start at 0. The loss there is 1.00. What is it after 600 steps?

- [ ] Nearly 0: descent finds its way, as it did for the line in unit 03.
- [ ] About 0.75: it finds what one single unit can do.
- [x] Exactly 1.00: nothing has moved.

Why: With all weights 0 every activation is 0, so no outgoing weight makes a difference: its slope is 0. And with all outgoing weights 0, nothing inside reaches the output: those slopes are 0 too. A linear model has no inside, which is why zero was a fine start in unit 03.
"""

# %% demo
zeros = cafe_descent(np.zeros((2, 4)), np.zeros(4))
for step in (0, 100, 600):
    print(f"after {step:3d} steps: loss {cafe_loss(*zeros[step]):.4f}, largest weight {abs(zeros[step][0]).max():.4f}")

# %% answer="init_zeros"

# %% [markdown] predict="init_equal"
r"""
So not zero. Let all twelve weights start at 0.5. After 600 steps the loss is 0.76. What do the four columns of $W$ look like?

- [ ] All different: each unit has taken over a part of the hump.
- [x] They have moved, and are still exactly equal to each other.
- [ ] They are all still at 0.5.

Why: Each unit does the same sum on the same numbers, so each gets the same slopes and takes the same step. Four units, but only one counts, and one S makes no hump.
"""

# %% demo
equal = cafe_descent(np.full((2, 4), 0.5), np.full(4, 0.5))
print(f"loss {cafe_loss(*equal[0]):.2f} at the start, {cafe_loss(*equal[-1]):.2f} after 600 steps")
print("slopes: ", equal[-1][0][0].round(3))
print("offsets:", equal[-1][0][1].round(3))

# %% answer="init_equal"

# %% [markdown]
r"""
### Why they can never part

Take one example with residual $r = \hat y - y$. Its loss is $r^2$, and $\hat y$ contains $v_j \tanh(z_j)$, where $z_j$ is the sum of $x$
with column $j$. The derivative of tanh is $1 - \tanh^2$, so by the chain rule

$$\frac{\partial r^2}{\partial v_j} = 2 r \cdot h_j, \qquad
\frac{\partial r^2}{\partial W_{ij}} = 2 r \cdot v_j \cdot (1 - h_j^2) \cdot x_i .$$

Of unit $j$ the right-hand sides hold only its own $h_j$ and $v_j$; $r$ and $x_i$ are the same for all. So if two units have the
same column *and* the same outgoing weight, their slopes agree. They take the same step and are equal again, and so on for ever.
This is called **symmetry**, and descent alone cannot break it.

Now watch both kinds of start. Each unit is a point: its slope across, its offset up. Press play.
"""

# %% demo
start = np.random.default_rng(1)
varied = cafe_descent(start.normal(0, 0.7, (2, 4)), start.normal(0, 0.5, 4))
moments = [round(600 * (i / 29) ** 2) for i in range(30)]


def draw_units(ax, step):
    for path, marker, color, name in [(equal, "s", "orange", "equal"), (varied, "o", "blue", "random")]:
        track = np.array([W for W, _ in path[: step + 1]])  # (steps, 2, 4)
        for j in range(4):
            ax.plot(track[:, 0, j], track[:, 1, j], color=plots.COLORS[color], linewidth=1)
        loss = cafe_loss(*path[step])
        size = 12 if name == "equal" else 7
        ax.plot(*path[step][0], marker, color=plots.COLORS[color], markersize=size, label=f"{name}: loss {loss:.2f}")
    ax.set(xlim=(-2, 2.4), ylim=(-2, 3), xlabel="slope of the unit", ylabel="offset")
    ax.set_title(f"after {step} steps")
    ax.legend(loc="upper left", fontsize=9)


plots.animate(
    draw_units,
    moments,
    interval=150,
    figsize=(6, 4.5),
    alt="Eight hidden units as points, slope against offset, over 600 steps. The four that started equal lie on each "
    "other as one square and move together; their loss stays at 0.76. The four that started at random wander to "
    "four different places, and their loss falls to nearly 0.",
)

# %% [markdown]
r"""
A copy of a unit is wasted work. Count the waste. In

$$W = \begin{pmatrix} 1 & 3 & 1 & 3 & 1\\ 2 & 4 & 2 & 5 & 2\end{pmatrix}$$

the third and the fifth column repeat the first. The fourth is no copy. So 2 of the 5 units are equal to an earlier one.
(`np.array_equal(a, b)` says whether two arrays agree in every entry.)
"""


# %% exercise="symmetric_units" difficulty=2 importance=4 minutes=6
def symmetric_units(W):
    """How many hidden units (columns of W) are exactly equal to an earlier one.

    W: (d, k) array, one column for each of the k hidden units; d and k are 1 or more
    Returns a whole number (int): 0 if all columns differ, k - 1 if all are the same. Equal means every entry is
    exactly the same; a difference in the last digit is a difference. Leaves W unchanged.
    """
    ### BEGIN SOLUTION
    return W.shape[1] - np.unique(W, axis=1).shape[1]
    ### END SOLUTION


# %% check="symmetric_units" points=3
check(symmetric_units)

# %% [markdown] predict="init_outgoing"
r"""
Once more all columns of $W$ start equal, at 0.5. But now the outgoing weights differ: $v = (0.5, 0.6, 0.7, 0.8)$. What happens to the columns?

- [ ] They stay equal: equal columns give equal activations.
- [x] They part ways.
- [ ] They part only if rounding helps.

Why: The slope of a column contains $v_j$. With different outgoing weights the very first step differs from unit to unit. Units are trapped only when they are equal on both sides, incoming and outgoing, as when a whole network starts from one constant.
"""

# %% demo
halves = cafe_descent(np.full((2, 4), 0.5), np.array([0.5, 0.6, 0.7, 0.8]))
print("start              equal columns, before → after     loss after")
for name, path in [("all zero", zeros), ("all 0.5", equal), ("only v differs", halves), ("random", varied)]:
    before, after = symmetric_units(path[0][0]), symmetric_units(path[-1][0])
    print(f"{name:15s} {before:15d} → {after} {cafe_loss(*path[-1]):22.3f}")

# %% answer="init_outgoing"

# %% [markdown]
r"""
So weights start at **random**: no two units are alike. The offsets, called **biases**, usually start at zero: the random weights already tell the units apart.

## 3. How large? Depth multiplies

Random, but how large? Whatever a layer does to the size of its numbers, the next one does
again. To see it, measure the **standard deviation** (std) of all activations, layer by layer.

By hand, with one unit a layer: $X = \binom{1}{-1}$, first weight 2, second weight 0.5, activation tanh.

- Layer 1: the sums are $\pm 2$, the activations $\pm 0.964$, so the standard deviation is 0.964.
- Layer 2 *is fed with $\pm 0.964$*: the sums are $\pm 0.482$, the activations $\pm 0.448$, the standard deviation 0.448.

The answer is $(0.964, 0.448)$.
"""


# %% exercise="activation_stds" difficulty=2 importance=5 minutes=7
def activation_stds(X, weights, activation):
    """The standard deviation of the activations after each layer of a stack.

    X: (n, d) array, the input   weights: a list of one or more arrays (d, k1), (k1, k2), …, one for each layer
    activation: a function that takes an array and bends each entry
    Returns an array of floats (num_layers,): for each layer one standard deviation over all its activations
    (all examples and units together, NumPy's default std). No biases. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    stds = []
    for W in weights:
        X = activation(X @ W)
        stds.append(X.std())
    return np.array(stds)
    ### END SOLUTION


# %% check="activation_stds" points=3
check(activation_stds)

# %% [markdown] predict="init_small"
r"""
Ten layers of 100 tanh units. The inputs have standard deviation 1, the weights are drawn from a normal distribution with standard deviation 0.01. What is the standard
deviation of the activations after layer 10?

- [ ] About 0.01, the size of the weights.
- [ ] About 0.001: it shrinks a little with each layer.
- [x] About 0.0000000001.

Why: Each sum adds 100 terms of size 0.01, and random terms partly cancel: together they come to about 0.01 · √100 = 0.1. So each layer divides the size by ten.
"""

# %% demo
rng = np.random.default_rng(0)
X_deep = rng.normal(size=(300, 100))
fig, ax = plots.figure(width=6.6, height=3.8)
for spread, style in [(0.01, "o-"), (0.03, "s--"), (0.1, "D-"), (1.0, "^:")]:
    stack = [rng.normal(0, spread, (100, 100)) for _ in range(10)]
    stds = activation_stds(X_deep, stack, np.tanh)
    print(f"weights of size {spread:4}: layer 1 {stds[0]:.2g}, layer 10 {stds[-1]:.2g}")
    ax.semilogy(range(1, 11), stds, style, markersize=5, label=f"weights of size {spread:g}")
ax.set_title("Small weights: each layer shrinks by the same factor again")
ax.set_xlabel("layer")
ax.set_ylabel("std of the activations")
ax.legend(loc="lower left", fontsize=9)
plots.show(
    fig,
    alt="Standard deviation of tanh activations over ten layers, on a log scale, for four sizes of weights. Size 0.01 falls "
    "along a straight line to 1e-10, size 0.03 to about 5e-6. Size 0.1 goes down gently to about 0.2. Size 1 stays just below 1.",
)

# %% answer="init_small"

# %% [markdown]
r"""
Size 1 looks healthy in this plot: 0.96 in every layer. Look at the activations themselves.
"""

# %% demo
fig, axes = plots.figure(1, 2, width=8.4, height=3.2)
for ax, spread in zip(axes, [0.1, 1.0]):
    H = X_deep
    for _ in range(10):
        H = np.tanh(H @ rng.normal(0, spread, (100, 100)))
    ax.hist(H.ravel(), bins=60, range=(-1, 1), color=plots.COLORS["sky"], edgecolor="none")
    ax.set_title(f"weights of size {spread:g}: {np.mean(abs(H) > 0.99):.0%} beyond ±0.99")
    ax.set_xlabel("activation in layer 10")
    print(f"weights of size {spread:3}: median slope of tanh in layer 10: {np.median(1 - H**2):.1e}")
axes[0].set_ylabel("how many")
plots.show(
    fig,
    alt="Two histograms of tanh activations in layer 10. With weights of size 0.1 they form a bell around 0. With weights of "
    "size 1 most of them are piled up at -1 and +1, four of five beyond 0.99 in size.",
)

# %% [markdown]
r"""
The activations are **saturated**: pushed against the ends, where tanh is flat. A typical unit there has a slope near zero, so a nudge of its weights changes nothing.

Too small fades, too large saturates. For 100 units 0.1 seems about right. Why 0.1?

## 4. One layer, five lines

Take one unit with $m$ inputs: $z = x_1 w_1 + \dots + x_m w_m$. The weights are drawn independently of each other and of the inputs, with mean 0 and standard deviation $\sigma$. Its square $\sigma^2$ is
the **variance**, written $\operatorname{Var}$: the mean square of the distance from the mean. $E[\cdot]$ is the average over all draws.

1. One term has mean zero: $E[x_i w_i] = E[x_i]\,E[w_i] = 0$. So its variance is the mean of its square, $E[x_i^2]\,E[w_i^2] = E[x_i^2]\,\sigma^2$.
2. Two different terms, multiplied, have mean $E[x_i x_k]\,E[w_i]\,E[w_k] = 0$. So the variances of the terms add up.
3. There are $m$ of them: $\operatorname{Var}(z) = m \, \sigma^2 \, E[x^2]$.
4. The mean of $z$ is 0, so $\operatorname{Var}(z)$ is its mean square. The layer keeps the mean square of its numbers, and so their size, when $m \sigma^2 = 1$.
5. So $\sigma = 1 / \sqrt m$. For $m = 100$ that is **0.1**.

On the right of line 3 stands the mean **square** of the inputs, not their variance: inputs that are all 1 have variance 0, and still make $z$ vary.
Check it by drawing 20,000 units, for three kinds of inputs.
"""

# %% demo
rng = np.random.default_rng(0)
print("inputs                 m    σ      m σ² E[x²]   measured Var(z)")
for name, draw, mean_square in [
    ("normal, std 1     ", lambda m: rng.normal(size=(20_000, m)), 1.0),
    ("uniform, 0 to 1   ", lambda m: rng.random((20_000, m)), 1 / 3),
    ("all ones          ", lambda m: np.ones((20_000, m)), 1.0),
]:
    for m, spread in [(25, 1.0), (100, 0.1)]:
        z = (draw(m) * rng.normal(0, spread, (20_000, m))).sum(axis=1)
        print(f"{name} {m:5d}   {spread:3}  {m * spread**2 * mean_square:10.2f} {z.var():14.2f}")

# %% demo
inputs = np.array([4, 16, 64, 256, 1024])
fig, ax = plots.figure(width=6.4, height=3.6)
for label, style, spread_of in [
    ("σ = 1", "o", lambda m: 1.0),
    ("σ = 1/m", "^", lambda m: 1 / m),
    ("σ = 1/√m", "s", lambda m: m**-0.5),
]:
    measured = [(rng.normal(size=(2000, m)) * rng.normal(0, spread_of(m), (2000, m))).sum(axis=1).std() for m in inputs]
    ax.loglog(inputs, measured, style, label=label, markersize=8)
    ax.loglog(inputs, np.sqrt(inputs) * np.array([spread_of(m) for m in inputs]), color="0.6", linewidth=1, zorder=0)
ax.set_title("Only σ = 1/√m keeps the size (lines: √m · σ)")
ax.set_xlabel("m, the number of inputs of a unit")
ax.set_ylabel("measured std of z")
ax.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="Measured standard deviation of a unit's sum against its number of inputs from 4 to 1024, log axes. With sigma 1 it "
    "grows as the square root of m, from 2 to 32. With sigma 1/m it falls as one over the root, from 0.5 to 0.03. With sigma "
    "1 over root m it stays at 1.",
)

# %% [markdown]
r"""
Yann LeCun and colleagues gave this rule in 1998 (*Efficient BackProp*): **variance** $1/m$, so **standard deviation** $1/\sqrt m$. Mixing them up gives the triangles.
"""

# %% [markdown] predict="init_std_or_variance"
r"""
A friend wants the variance 1/100 for a layer with 100 inputs. She writes `rng.normal(0, 1/100, size)`. What does her ten-layer stack look like?

- [ ] Like the good one: `normal` takes the variance as its second argument.
- [x] Like the one that faded to 0.0000000001.
- [ ] Like the saturated one.

Why: The second argument of rng.normal is the standard deviation, called scale in NumPy. 1/100 as a standard deviation is the size 0.01 of section 3. She needs the square root.
"""

# %% demo
drawn = np.random.default_rng(0).normal(0, 1 / 100, 100_000)
print(f"rng.normal(0, 1/100):  standard deviation {drawn.std():.4f}   variance {drawn.var():.6f}")

# %% answer="init_std_or_variance"

# %% [markdown]
r"""
## 5. Counting the wires: fan-in and fan-out

The number $m$ has a name. The **fan-in** of a layer is how many inputs each output adds up, the **fan-out** how many outputs each input feeds. With
$W$ of shape $(d, k)$: fan-in $d$, fan-out $k$.

A **convolution** (unit 08) slides a small window over a picture. Each output number adds up what is in the window, in
*all* input channels (such as red, green, blue). There are several output channels, each with weights of its own. The weights have the shape
`(out_channels, in_channels, kh, kw)`, for a window `kh` pixels high and `kw` wide. Mind the order: **outputs first** here, inputs first in $(d, k)$.
"""


# %% demo
def draw_channels(ax, count, cells, title):
    for c in range(count):
        box = ax.inset_axes([c / count + 0.01, 0.12, 0.9 / count, 0.66])
        grid = np.zeros((7, 7))
        grid[cells] = 1
        box.imshow(grid, cmap="Blues", vmin=0, vmax=2.2)
        box.set_xticks(np.arange(-0.5, 7), [])
        box.set_yticks(np.arange(-0.5, 7), [])
        box.grid(color="0.75", alpha=1)
        box.set_title(f"channel {c + 1}", fontsize=9)
    ax.set_axis_off()
    ax.set_title(title)


fig, (top, bottom) = plots.figure(2, 1, width=7.4, height=5.0)
window = (slice(2, 5), slice(2, 5))
draw_channels(top, 3, window, "One output number looks at 3 × 3 × 3 = 27 inputs (shaded)")
draw_channels(bottom, 4, window, "One input number feeds 4 × 3 × 3 = 36 outputs (shaded)")
plots.show(
    fig,
    alt="A convolution of shape (4, 3, 3, 3). Above, the three input channels as grids, with the three by three window of one "
    "output shaded in each: 27 inputs. Below, the four output channels, with the three by three outputs shaded whose windows "
    "contain one and the same input: 36 outputs.",
)

# %% [markdown] predict="init_conv_fan"
r"""
A convolution has weights of shape `(16, 3, 5, 5)`: 16 output channels, 3 input channels, a window of 5 by 5. What is its fan-in?

- [ ] 3
- [ ] 16
- [x] 75
- [ ] 400

Why: Each output number adds up a window of 5 · 5 pixels in each of the 3 input channels: 3 · 25 = 75. The 400 = 16 · 25 is the fan-out.
"""

# %% demo
window_of_one_output = np.ones((3, 5, 5))  # what one output number sees: (in_channels, kh, kw)
print("numbers that one output adds up:", window_of_one_output.size)

# %% answer="init_conv_fan"


# %% exercise="fans" difficulty=2 importance=5 minutes=5
def fans(shape):
    """How many inputs each output adds up, and how many outputs each input feeds.

    shape: a tuple, either (d, k), a layer with d inputs and k outputs,
           or (out_channels, in_channels, kh, kw), a convolution with windows of kh by kw
    Returns (fan_in, fan_out), two whole numbers. At the border of a picture a convolution's inputs feed fewer
    outputs; that is ignored, as everywhere.
    """
    ### BEGIN SOLUTION
    if len(shape) == 2:
        return shape
    out_channels, in_channels, kh, kw = shape
    return in_channels * kh * kw, out_channels * kh * kw
    ### END SOLUTION


# %% check="fans" points=3
check(fans)

# %% [markdown]
r"""
Now the first recipe. Draw from the `rng` that the caller hands in, and from nothing else: then the
same seed gives the same weights. All six recipes use one of two calls, with the whole shape as a tuple: `rng.normal(0, std, shape)` or `rng.uniform(low, high, shape)`.
The first line is there already.
"""


# %% exercise="lecun_normal" difficulty=1 importance=4 minutes=4
def lecun_normal(shape, rng):
    """Normal weights with mean 0 and variance 1 / fan_in (LeCun et al. 1998).

    shape: a tuple, (d, k) or (out_channels, in_channels, kh, kw)   rng: a numpy.random.Generator
    Returns an array of floats of this shape, each entry drawn by itself from rng: a plain normal distribution, not
    cut off anywhere.
    """
    fan_in, _ = fans(shape)  # the second one is not needed here
    ### BEGIN SOLUTION
    return rng.normal(0.0, np.sqrt(1 / fan_in), shape)
    ### END SOLUTION


# %% check="lecun_normal" points=2
check(lecun_normal)

# %% demo
rng = np.random.default_rng(3)
print("width   std in layer 1   in layer 5   in layer 10   (layers without a bend)")
for width in (20, 100, 500):
    stack = [lecun_normal((width, width), rng) for _ in range(10)]
    stds = activation_stds(rng.normal(size=(200, width)), stack, lambda z: z)
    print(f"{width:5d} {stds[0]:13.2f} {stds[4]:14.2f} {stds[9]:12.2f}")

# %% [markdown]
r"""
Without an activation, the size stays near 1 for every width. It wobbles more in narrow layers: the rule holds on average, and a narrow layer is one small draw.

## 6. A box instead of a bell: where √3 comes from

Section 4 used only the weights' mean 0 and variance $\sigma^2$, never a bell. A **uniform** distribution, equally
likely everywhere between $-a$ and $a$, does as well, if its variance is right. Its mean is 0, so its variance is the mean of $u^2$:

$$\operatorname{Var}(u) = \frac{1}{2a}\int_{-a}^{a} u^2 \, du = \frac{1}{2a} \cdot \frac{2a^3}{3} = \frac{a^2}{3} .$$

We want $a^2/3 = \sigma^2$, so

$$a = \sqrt 3\,\sigma .$$

A box that reaches to $a$ has a standard deviation of only $a / \sqrt 3 \approx 0.58\,a$. SymPy and a million draws agree:
"""

# %% demo
import sympy as sp

a, u = sp.symbols("a u", positive=True)
print("variance of the box, by SymPy:  ", sp.integrate(u**2 / (2 * a), (u, -a, a)))
print("the a that gives variance 1:    ", sp.solve(sp.Eq(a**2 / 3, 1), a)[0])
print(f"a million draws from −1 to 1:     variance {np.random.default_rng(0).uniform(-1, 1, 1_000_000).var():.4f}")


# %% exercise="lecun_uniform" difficulty=2 importance=3 minutes=4
def lecun_uniform(shape, rng):
    """Uniform weights, symmetric around 0, with variance 1 / fan_in.

    shape: a tuple, (d, k) or (out_channels, in_channels, kh, kw)   rng: a numpy.random.Generator
    Returns an array of floats of this shape, each entry drawn by itself from rng.
    """
    ### BEGIN SOLUTION
    limit = np.sqrt(3 / fans(shape)[0])
    return rng.uniform(-limit, limit, shape)
    ### END SOLUTION


# %% check="lecun_uniform" points=2
check(lecun_uniform)

# %% [markdown] predict="init_bell_or_box"
r"""
One layer gets its 100 × 100 weights from `lecun_normal`, another from `lecun_uniform`. What does a histogram of the sums $z$ show?

- [ ] A bell from the first, a box from the second.
- [x] The same bell from both.
- [ ] Two bells, the second one narrower.

Why: A sum of 100 independent terms forgets the shape of its terms, by the central limit theorem. What it keeps is their variance, the same here.
"""

# %% demo
rng = np.random.default_rng(5)
bell, box = lecun_normal((100, 100), rng), lecun_uniform((100, 100), rng)
fig, (left, right) = plots.figure(1, 2, width=8.6, height=3.4)
for W, color, name in [(bell, "blue", "normal"), (box, "orange", "uniform")]:
    look = {"bins": 50, "histtype": "step", "linewidth": 2, "color": plots.COLORS[color]}
    look |= {"linestyle": "-" if name == "normal" else "--"}
    left.hist(W.ravel(), range=(-0.4, 0.4), label=f"{name}: std {W.std():.3f}", **look)
    z = X_deep @ W
    right.hist(z.ravel(), range=(-4, 4), label=f"{name}: std {z.std():.2f}", **look)
left.set_title("Weights: a bell and a box")
left.set_xlabel("weight")
left.set_ylabel("how many")
right.set_title("Sums: the same bell")
right.set_xlabel("z = X @ W")
for ax in (left, right):
    ax.set_ylim(0, ax.get_ylim()[1] * 1.3)
    ax.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="Left, histograms of two sets of weights with the same standard deviation 0.1: a bell that reaches beyond 0.3 "
    "and a box from -0.17 to 0.17. Right, the sums that a layer makes with each: two bells on top of each other, both "
    "with standard deviation 1.",
)

# %% answer="init_bell_or_box"

# %% [markdown]
r"""
A good place to stop for the night. So far: equal units stay equal, so start at random; depth multiplies; and
$\sigma = 1/\sqrt{\text{fan-in}}$ keeps the size on the way forward.

## 7. The way back

Descent needs slopes. By the chain rule they travel from the loss to the early weights, layer by layer, *backwards*. (Unit 06 builds this.) Let $g_j$ be the slope of the loss along output $j$ of a layer without a bend. Input $i$ reaches the loss through all $k$ outputs, each time through the weight $W_{ij}$:

$$\text{slope along } x_i = \sum_{j=1}^{k} W_{ij}\, g_j, \qquad \text{for all examples at once: } G\,W^\top .$$

A sum of random terms once more, but of **fan-out** terms. The same five lines give

$$\operatorname{Var}(\text{slope going out}) = \text{fan-out} \cdot \sigma^2 \cdot E[g^2] .$$

If the layer is not square, forward and back ask for different $\sigma^2$, and you cannot have both.
Xavier Glorot and Yoshua Bengio (2010) averaged the two wishes, $\text{fan-in} \cdot \sigma^2 = 1$ and $\text{fan-out} \cdot \sigma^2 = 1$:

$$\frac{\text{fan-in} + \text{fan-out}}{2}\,\sigma^2 = 1 \qquad\Longrightarrow\qquad \sigma^2 = \frac{2}{\text{fan-in} + \text{fan-out}} .$$

For 100 inputs and 300 outputs, LeCun's $\sigma^2 = 1/100$ multiplies the variance by 1 on the way forward and by $300/100 = 3$ on the way back. Xavier's
$\sigma^2 = 2/400$ multiplies by $0.5$ forward and by $1.5$ back.
"""


# %% exercise="xavier_normal" difficulty=1 importance=4 minutes=3
def xavier_normal(shape, rng):
    """Normal weights with mean 0 and variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010, eq. 12).

    shape: a tuple, (d, k) or (out_channels, in_channels, kh, kw)   rng: a numpy.random.Generator
    Returns an array of floats of this shape, each entry drawn by itself from rng: a plain normal distribution, not
    cut off anywhere.
    """
    ### BEGIN SOLUTION
    return rng.normal(0.0, np.sqrt(2 / sum(fans(shape))), shape)
    ### END SOLUTION


# %% check="xavier_normal" points=2
check(xavier_normal)

# %% [markdown] predict="init_funnel"
r"""
A funnel: layers of 512, 256, 128, 64, 32 and 16 units, without bends, started by `lecun_normal`. On the way forward the standard deviation stays at 1. Slopes of size 1 start at
the narrow end and travel back to the wide one. What size do they arrive with?

- [ ] About 1: LeCun's rule keeps the size.
- [x] About 0.18.
- [ ] About 5.7.

Why: On the way back each layer multiplies the variance by fan-out / fan-in = 1/2. Five layers make 1/32, and the standard deviation is the root of that, 0.18.
"""

# %% demo
sizes = [512, 256, 128, 64, 32, 16]
shapes = [(sizes[i], sizes[i + 1]) for i in range(5)]
rules = {
    "1 / fan-in": ("o-", lambda shape, rng: rng.normal(0, shape[0] ** -0.5, shape)),
    "1 / fan-out": ("s--", lambda shape, rng: rng.normal(0, shape[1] ** -0.5, shape)),
    "Xavier": ("D:", xavier_normal),
}
rng = np.random.default_rng(0)
fig, (left, right) = plots.figure(1, 2, width=8.8, height=3.5)
for name, (style, draw) in rules.items():
    stack = [draw(shape, rng) for shape in shapes]
    H, G = rng.normal(size=(500, 512)), rng.normal(size=(500, 16))
    forward, back = [H.std()], [G.std()]
    for i in range(5):
        H, G = H @ stack[i], G @ stack[-1 - i].T
        forward.append(H.std())
        back.insert(0, G.std())
    left.semilogy(range(6), forward, style, label=name)
    right.semilogy(range(6), back, style, label=name)
    print(f"{name:12s} forward, at the end: {forward[-1]:5.2f}    back, at the start: {back[0]:5.2f}")
for ax, title, start in [(left, "Forward: sizes of the numbers", 0), (right, "Back: sizes of the slopes", 5)]:
    ax.set_ylim(0.1, 9)
    ax.set_yticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
    ax.minorticks_off()
    ax.set_xticks(range(6), sizes)
    ax.set_title(title)
    ax.set_xlabel("units in the layer")
left.set_ylabel("standard deviation")
left.legend(fontsize=9, loc="lower left")
plots.show(
    fig,
    alt="Two log plots over the layers of a funnel from 512 to 16 units. Forward, 1 over fan-in stays at 1, 1 over fan-out "
    "grows to 5.8, Xavier to about 2.2. Back, from right to left, 1 over fan-out stays at 1, 1 over fan-in falls to 0.18, and "
    "Xavier to about 0.39: between the two on both ways.",
)

# %% answer="init_funnel"

# %% [markdown]
r"""
Xavier lies between, on both ways. In a funnel the factors $\tfrac{256}{512} \cdot \tfrac{128}{256} \cdots$ cancel to
last width over first, $16/512$, so the misfit does not grow with depth. Where all layers are equally wide, the three rules are the same.

Is $G\,W^\top$ really the slope? Nudge one input of the funnel and see:
"""

# %% demo
rng = np.random.default_rng(2)
stack = [xavier_normal(shape, rng) for shape in shapes]
x, g = rng.normal(size=512), rng.normal(size=16)


def end_of_funnel(x):
    for layer in stack:
        x = x @ layer
    return x @ g  # a loss whose slopes along the 16 outputs are g


slopes = g
for layer in reversed(stack):
    slopes = slopes @ layer.T
for i in (0, 100, 511):
    nudge = 1e-5 * np.eye(512)[i]
    measured = (end_of_funnel(x + nudge) - end_of_funnel(x - nudge)) / 2e-5
    print(f"slope along input {i:3d}: backwards {slopes[i]:8.5f}   nudged {measured:8.5f}")

# %% [markdown]
r"""
### Bug hunt

Glorot and Bengio printed their rule for the box. From $a = \sqrt 3\,\sigma$ follows

$$a = \sqrt{\frac{6}{\text{fan-in} + \text{fan-out}}} .$$

The famous $\sqrt 6$ is $\sqrt 3 \cdot \sqrt 2$: the box times the average. A colleague typed it in:
"""


# %% draft="xavier_uniform"
def xavier_uniform_draft(shape, rng):
    fan_in, fan_out = fans(shape)
    limit = np.sqrt(6 / fan_in + fan_out)
    return rng.uniform(0, limit, shape)


# %% [markdown]
r"""
It ran, and the shape was right. Two tanh layers later:
"""

# %% demo
rng = np.random.default_rng(0)
W_draft = xavier_uniform_draft((100, 60), rng)
H = np.tanh(np.tanh(X_deep @ W_draft) @ xavier_uniform_draft((60, 40), rng))
fig, (left, right) = plots.figure(1, 2, width=8.6, height=3.2)
left.hist(W_draft.ravel(), bins=40, color=plots.COLORS["orange"])
left.axvline(0, color="black", linewidth=1)
left.set_xlim(-2, 9)
left.set_title("The draft's weights for 100 → 60")
left.set_xlabel("weight")
left.set_ylabel("how many")
right.hist(H.ravel(), bins=60, range=(-1.02, 1.02), color=plots.COLORS["orange"])
right.set_title("Activations in layer 2: all at the ends")
right.set_xlabel("activation")
plots.show(
    fig,
    alt="Left, the weights that the draft draws for 100 inputs and 60 outputs: a box from 0 to 7.7, none negative. Right, the "
    "activations in the second tanh layer: all of them at -1 or +1, nothing between.",
)

# %% demo
print(
    f"limit by the formula:  {math.sqrt(6) / math.sqrt(160):.3f}     largest weight of the draft: {W_draft.max():.3f}"
)
print(f"mean wanted: 0              mean of the draft: {W_draft.mean():.3f}")
print(f"examples whose 40 activations in layer 2 all have one sign: {np.mean(abs(np.sign(H).sum(axis=1)) == 40):.0%}")

# %% [markdown]
r"""
Weights up to 7.7, none below zero, and most examples drive all of layer 2 to one end. There are **two** bugs. Mend both.
"""


# %% exercise="xavier_uniform" difficulty=2 importance=4 minutes=6
def xavier_uniform(shape, rng):
    """Uniform weights, symmetric around 0, with variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010, eq. 16).

    shape: a tuple, (d, k) or (out_channels, in_channels, kh, kw)   rng: a numpy.random.Generator
    Returns an array of floats of this shape, each entry drawn by itself from rng.
    """
    ### BEGIN SOLUTION
    fan_in, fan_out = fans(shape)
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, shape)
    ### END SOLUTION


# %% check="xavier_uniform" points=3
check(xavier_uniform)

# %% [markdown]
r"""
## 8. What ReLU takes away

So far the layers had no bend, or tanh, which near zero is almost none. ReLU throws half of the numbers away. For a $z$ that is
symmetric around 0, half of the squares become 0 and the other half stay:

$$E[\operatorname{relu}(z)^2] = \tfrac12\, E[z^2] .$$

And $E[x^2]$ is what the next layer multiplies (line 3 of section 4). So to keep the size, make up for the half:

$$\tfrac12 \cdot \text{fan-in} \cdot \sigma^2 = 1 \qquad\Longrightarrow\qquad \sigma^2 = \frac{2}{\text{fan-in}} .$$

Kaiming He and colleagues published this in 2015. On the way back half of the slopes are lost as well (ReLU's slope is 0 or 1), and the same factor 2 mends that.
"""

# %% [markdown] predict="init_relu_fifty"
r"""
Fifty ReLU layers of 100 units, started with LeCun's variance, 1/fan-in. The input has size 1. About which size is left after layer 50?

- [ ] About 0.5: half is lost.
- [ ] About 0.02, which is 1/50.
- [x] About 0.00000003.

Why: Each layer halves the mean square, so its root shrinks by √½ = 0.71. Fifty layers: 0.71⁵⁰ = 2⁻²⁵, which is 3 · 10⁻⁸. (The std after one layer is 0.58, less than 0.71: it takes ReLU's mean off first.)
"""

# %% demo
rng = np.random.default_rng(0)
stack = [rng.normal(0, 0.1, (100, 100)) for _ in range(50)]  # 1 / fan-in = 1 / 100
stds = activation_stds(X_deep, stack, relu)
for layer in (1, 2, 10, 50):
    print(f"layer {layer:2d}: std {stds[layer - 1]:.1e}")

# %% answer="init_relu_fifty"

# %% [markdown]
r"""
Two short ones. From the bell to the box: section 6.
"""


# %% exercise="he_normal" difficulty=1 importance=5 minutes=2
def he_normal(shape, rng):
    """Normal weights with mean 0 and variance 2 / fan_in (He et al. 2015).

    shape: a tuple, (d, k) or (out_channels, in_channels, kh, kw)   rng: a numpy.random.Generator
    Returns an array of floats of this shape, each entry drawn by itself from rng: a plain normal distribution, not
    cut off anywhere.
    """
    ### BEGIN SOLUTION
    return rng.normal(0.0, np.sqrt(2 / fans(shape)[0]), shape)
    ### END SOLUTION


# %% check="he_normal" points=2
check(he_normal)


# %% exercise="he_uniform" difficulty=1 importance=3 minutes=2
def he_uniform(shape, rng):
    """Uniform weights, symmetric around 0, with variance 2 / fan_in.

    shape: a tuple, (d, k) or (out_channels, in_channels, kh, kw)   rng: a numpy.random.Generator
    Returns an array of floats of this shape, each entry drawn by itself from rng.
    """
    ### BEGIN SOLUTION
    limit = np.sqrt(6 / fans(shape)[0])
    return rng.uniform(-limit, limit, shape)
    ### END SOLUTION


# %% check="he_uniform" points=2
check(he_uniform)

# %% [markdown]
r"""
## 9. Any activation: the gain

The same works for any activation. If the sums $z$ have mean square 1, the activations have mean square $E[f(z)^2]$, and the next layer must make up for it:

$$\sigma = \frac{\text{gain}}{\sqrt{\text{fan-in}}}, \qquad \text{gain} = \frac{1}{\sqrt{E[f(z)^2]}}, \qquad z \text{ normal, mean 0, std 1} .$$

For no bend at all, $f(z) = z$, the gain is 1: LeCun. For ReLU, $E = \tfrac12$ and the gain is $\sqrt 2$: He. For other functions draw many $z$ and take the mean of the squares $f(z)^2$.

By hand, with four draws and $f = $ ReLU: $z = (-1, 0.5, 2, -0.3)$ gives $f(z) = (0, 0.5, 2, 0)$, squares $(0, 0.25, 4, 0)$,
mean $1.06$, root $1.03$, gain $0.97$. Four draws are too few: the true value is 1.41.
"""


# %% exercise="find_gain" difficulty=2 importance=3 minutes=6
def find_gain(activation, rng, num_samples=100_000):
    """How much larger weights must be to make up for an activation: 1 / sqrt(E[f(z)²]) for standard normal z.

    activation: a function that takes an array and bends each entry   rng: a numpy.random.Generator
    num_samples: how many z to draw from rng
    Returns a float, estimated from these draws and no others.
    """
    ### BEGIN SOLUTION
    z = rng.standard_normal(num_samples)
    return 1 / np.sqrt(np.mean(activation(z) ** 2))
    ### END SOLUTION


# %% check="find_gain" points=3
check(find_gain)

# %% [markdown]
r"""
Two more activations. **Leaky ReLU** lets a little of the negative side through: $f(z) = 0.01 z$ there. **SELU** (Klambauer and colleagues, 2017) bends the negative
side into a curve, with two long constants. Guess what they were chosen for.
"""


# %% demo
def leaky_relu(z):
    return np.where(z > 0, z, 0.01 * z)


def selu(z):
    return 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))


activations = {
    "linear": lambda z: z,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "selu": selu,
}
rng = np.random.default_rng(3)
print("activation    gain     mean of f(z)")
for name, f in activations.items():
    print(f"{name:12s} {find_gain(f, rng):5.2f} {f(rng.normal(size=100_000)).mean().round(2) + 0.0:12.2f}")


# %% demo
def draw_gain(ax, name):
    f, z = activations[name], np.linspace(-5, 5, 500)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    ax.plot(z, f(z), color=plots.COLORS["blue"], label="f(z)")
    ax.fill_between(z, density * z**2, color="0.85", label="z² × how often")
    ax.fill_between(z, density * f(z) ** 2, color=plots.COLORS["orange"], alpha=0.6, label="f(z)² × how often")
    area = np.sum(density * f(z) ** 2) * (z[1] - z[0])
    ax.set(xlim=(-3.4, 3.4), ylim=(-1.2, 1.8), xlabel="z", title=f"{name}: orange area {area:.2f}")
    ax.legend(loc="upper left", fontsize=8)


plots.slider(
    draw_gain,
    label="activation",
    values=["linear", "tanh", "relu", "leaky_relu", "selu", "sigmoid"],
    figsize=(6, 4),
    alt="For each activation its curve, and two areas over z: z squared times how often z is drawn, of area 1, and the same "
    "for f(z) squared. Linear fills the whole area, tanh 0.39 of it, ReLU and leaky ReLU half, sigmoid 0.29, and SELU again nearly 1.",
)

# %% [markdown]
r"""
SELU has gain 1 and mean 0: it was built so that $\sigma^2 = 1/\text{fan-in}$ is right for it. So SELU goes with **LeCun**.

And tanh? Its gain is 1.59, yet the usual advice for it is Xavier, with gain 1. With gain 1 a deep tanh stack fades, but ever more slowly: the smaller the numbers, the closer tanh is to
a straight line. In return the deep layers do not saturate. By convention:

| activation | start |
|---|---|
| tanh, sigmoid, linear (no bend) | Xavier |
| ReLU, leaky ReLU | He |
| SELU | LeCun |
"""


# %% exercise="recommended_init" difficulty=1 importance=4 minutes=3
def recommended_init(activation):
    """Which family of starts goes with an activation.

    activation: one of the strings "tanh", "sigmoid", "linear", "relu", "leaky_relu", "selu"
    Returns "xavier", "he" or "lecun".
    """
    ### BEGIN SOLUTION
    if activation == "selu":
        return "lecun"
    return "he" if activation in ("relu", "leaky_relu") else "xavier"
    ### END SOLUTION


# %% check="recommended_init" points=2
check(recommended_init)

# %% [markdown]
r"""
## 10. The whole picture

Five starts, three activations, ten layers of 100 units, and your functions. In each panel layer 1 lies at the bottom and layer 10 at the top.
A good panel looks the same all the way up.
"""

# %% demo
starts = {
    "too small (0.01)": lambda shape, rng: rng.normal(0, 0.01, shape),
    "too large (1)": lambda shape, rng: rng.normal(0, 1.0, shape),
    "LeCun": lecun_normal,
    "Xavier": xavier_normal,
    "He": he_normal,
}
ranges = {"tanh": (-1.05, 1.05), "sigmoid": (-0.05, 1.05), "relu": (-0.15, 3.5)}


def draw_ridges(ax, f, low, high, draw, rng):
    H = X_deep
    for layer in range(1, 11):
        H = f(H @ draw((100, 100), rng))
        if layer in (1, 4, 7, 10):
            heights, edges = np.histogram(H, bins=70, range=(low, high))
            base, middle = (1, 4, 7, 10).index(layer), (edges[1:] + edges[:-1]) / 2
            tall = np.sort(heights)[-2] if f is relu else heights.max()  # the pile of ReLU's zeros is cut off
            shape = base + 0.9 * np.minimum(1, heights / max(tall, 1))
            ax.fill_between(
                middle, base, shape, step="mid", color=plots.COLORS["sky"], edgecolor="black", linewidth=0.5
            )
    ax.set_yticks(range(4), [1, 4, 7, 10])
    ax.set_xlim(low, high)
    return H.std()


# %% demo
rng = np.random.default_rng(0)
fig, axes = plots.figure(3, 5, width=11.5, height=7.2)
for row, name in zip(axes, ["tanh", "sigmoid", "relu"]):
    for ax, (start_name, draw) in zip(row, starts.items()):
        last = draw_ridges(ax, activations[name], *ranges[name], draw, rng)
        recommended = recommended_init(name) == start_name.lower()
        ax.set_title(f"{start_name}{' ★' if recommended else ''}\nstd {last:.2g}", fontsize=11)
        ax.set_xlabel(f"{name} activation", fontsize=10)
    row[0].set_ylabel("layer")
plots.show(
    fig,
    alt="Fifteen panels with histograms of the activations in layers 1, 4, 7 and 10. Tanh: too small collapses to a spike at 0, "
    "too large piles up at -1 and 1, LeCun and Xavier give broad shapes that narrow slowly to bells of 0.24, He a nearly flat one, 0.56. Sigmoid: too small gives a spike at one half, "
    "too large piles up at 0 and 1, the others narrow hills around one half. ReLU: too small is all at 0, too large leaves the picture "
    "with a size of hundreds of millions, LeCun and Xavier sink towards 0, and He stays the same from layer 1 to 10. Stars mark tanh with Xavier, sigmoid with Xavier, and ReLU with He.",
)

# %% [markdown]
r"""
(★: the recommended start. Number: the std in layer 10. The layers are square, so LeCun and Xavier are one rule.)
For tanh He's panel is the steadier one; Xavier's narrows, but keeps off the flat ends. The sigmoid's ★ panel is no good one: section 11. Now turn the gain yourself,
with $\sigma = \text{gain}/\sqrt{\text{fan-in}}$.
"""


# %% demo
def draw_dial(ax, gain):
    rng = np.random.default_rng(0)
    ax.set_axis_off()
    ax.set_title(f"gain {gain:g}: std in layer 10")
    for i, name in enumerate(["tanh", "sigmoid", "relu"]):
        panel = ax.inset_axes([0.05 + 0.33 * i, 0.1, 0.27, 0.72])
        draw = lambda shape, rng: rng.normal(0, gain / math.sqrt(shape[0]), shape)
        last = draw_ridges(panel, activations[name], *ranges[name], draw, rng)
        panel.set_title(f"{name}\n{last:.2g}", fontsize=10)
        panel.tick_params(labelsize=8)


plots.slider(
    draw_dial,
    label="gain",
    values=[0.1, 0.3, 0.5, 0.7, 0.85, 1, 1.2, 1.41, 1.6, 2, 3, 5, 10],
    figsize=(7, 4),
    alt="Ridges of histograms for tanh, sigmoid and ReLU at one gain. At 0.1 tanh and ReLU have faded to 1e-10 and less. At gain 1.2 tanh is a "
    "bell and ReLU still shrinks. At gain 1.41 ReLU keeps its shape. At gain 10 tanh is piled up at its ends, and ReLU has left the picture, at over a hundred million.",
)

# %% [markdown]
r"""
ReLU has a sharp edge at $\sqrt 2 \approx 1.41$: below it fades, above it grows without end. Tanh cannot leave $\pm 1$. The sigmoid's std stays between 0.01 and 0.43.
That looks like a virtue, and it isn't one.

## 11. Pay-off: digits through fifty layers

Real data: 1,797 handwritten digits, pictures of 8 by 8 pixels, each a row of 64 numbers. We standardise the columns as in unit 02, and send them through **fifty** layers of 64 units.
"""

# %% demo
pictures, labels = data.digits()  # (1797, 64) from 0 to 1, and (1797,)
order = np.random.default_rng(0).permutation(1797)
train, test = order[:1297], order[1297:]
middle, spread = pictures[train].mean(axis=0), pictures[train].std(axis=0)
X_digits = (pictures - middle) / np.where(
    spread > 0, spread, np.inf
)  # on the training set's ruler; constant pixels become 0
fig, axes = plots.figure(1, 10, width=9.0, height=1.3)
for ax, digit in zip(axes, range(10)):
    first = np.flatnonzero(labels == digit)[0]
    ax.imshow(pictures[first].reshape(8, 8), cmap="Greys")
    ax.set_title(f"{digit}", fontsize=11)
    ax.set_axis_off()
print("shape:", X_digits.shape, "  std of all entries:", X_digits.std().round(2))
plots.show(
    fig, alt="Ten handwritten digits, 0 to 9, as coarse grey pictures of 8 by 8 pixels, each with its label above it."
)


# %% demo
def back_stds(weights, f, slope):
    H, activity = X_digits[train[:300]], []
    for layer in weights:
        H = f(H @ layer)
        activity.append(H)
    G, stds = np.random.default_rng(1).normal(size=H.shape), []  # slopes of size 1 at the far end
    for layer, H in zip(reversed(weights), reversed(activity)):
        G = (G * slope(H)) @ layer.T  # through the bend, then through the weights
        stds.insert(0, G.std())
    return stds


fig, axes = plots.figure(2, 2, width=9.2, height=6.4)
bends = {"tanh": (np.tanh, lambda H: 1 - H**2), "relu": (relu, lambda H: H > 0)}
styles = {"too small (0.01)": ":", "too large (1)": "--", "Xavier": "-.", "He": "-"}
for row, (name, (f, slope)) in zip(axes, bends.items()):
    for start_name, style in styles.items():
        rng = np.random.default_rng(0)
        stack = [starts[start_name]((64, 64), rng) for _ in range(50)]
        forward = activation_stds(X_digits[train[:300]], stack, f)
        back = back_stds(stack, f, slope)
        row[0].semilogy(range(1, 51), forward, style, label=start_name)
        row[1].semilogy(range(1, 51), back, style)
        sizes = [f"10^{round(math.log10(stds))}" for stds in (forward[-1], back[0])]  # the nearest power of ten
        print(f"{name}, {start_name:16s}: forward, layer 50: about {sizes[0]:7s} back, layer 1: about {sizes[1]}")
    row[0].set_title(f"{name}: activations, forward")
    row[1].set_title(f"{name}: slopes, on the way back")
    row[0].set_ylabel("standard deviation")
for ax in axes.flat:
    ax.set_ylim(1e-70, 1e45)
    ax.set_yticks([1e-60, 1e-30, 1, 1e30])
    ax.set_xlabel("layer")
axes[0, 0].legend(loc="lower left", fontsize=9)
plots.show(
    fig,
    alt="Four log plots over fifty layers. Tanh forward: too small falls to 1e-55, the others stay between 0.1 and 1. Tanh back: "
    "too small falls to 1e-55, too large grows to about 1e16 at layer 1, Xavier falls to 0.1 and He grows to 12. ReLU forward and back: too small falls to about "
    "1e-63, too large grows to 1e37, Xavier falls to 1e-8, He stays near 1.",
)

# %% [markdown]
r"""
Look at *tanh, too large*. Forward it seems calm, near 1. On the way back its slopes **explode**: most units are saturated and pass nothing, but the few others multiply by
large weights, and they win.

### A number that lies

Now the sigmoid: fifty layers, Xavier.
"""

# %% [markdown] predict="init_sigmoid_health"
r"""
After layer 50 the standard deviation of all sigmoid activations is 0.12, as in layer 2. What does layer 50 still know about which digit went in?

- [ ] About as much as layer 2: the size has not changed.
- [x] Nothing: every digit gives the same 64 numbers.
- [ ] About half.

Why: The 0.12 is the spread between units, none of it between digits. Each layer passes on the part that all digits share, around 0.5, while their differences shrink about fourfold: the slope of the sigmoid is at most 1/4.
"""

# %% demo
fig, axes = plots.figure(2, 3, width=9.6, height=4.6)
for row, (name, f) in zip(axes, [("sigmoid", sigmoid), ("tanh", np.tanh)]):
    rng, H = np.random.default_rng(0), X_digits[train[:30]]
    for layer in range(1, 51):
        H = f(H @ xavier_normal((64, 64), rng))
        if layer in (2, 10, 50):
            ax = row[(2, 10, 50).index(layer)]
            low, high = H.mean() - 2 * H.std(), H.mean() + 2 * H.std()  # each picture on a scale of its own
            ax.imshow(H, cmap="cividis", aspect="auto", vmin=low, vmax=high, interpolation="nearest")
            ax.set_title(f"{name}, layer {layer}", fontsize=11)
            ax.grid(False)
            print(f"{name:7s} layer {layer:2d}: std of all {H.std():.2f}, between digits {H.std(axis=0).mean():.1e}")
    row[0].set_ylabel("30 digits")
for ax in axes[1]:
    ax.set_xlabel("64 units")
plots.show(
    fig,
    alt="Six pictures, each with 30 digits as rows and 64 units as columns. Sigmoid: in layer 2 the rows still differ a little, in layers 10 and "
    "50 all rows are the same, so that the picture shows vertical stripes only. Tanh: the rows still differ in layer 50.",
)

# %% answer="init_sigmoid_health"

# %% [markdown]
r"""
A single number can hide what matters. And the recommended start does not save a deep sigmoid stack, one reason why deep networks use ReLU and its relatives.

### Does it learn?

Now let the networks learn: twenty ReLU layers of 64 units and ten outputs, one for each digit. The largest output is the answer. Skip the training loop if you like: units 06 and 07 build it.
"""


# %% demo
def learn(draw, lr, seed, num_epochs=8, num_layers=20):
    rng = np.random.default_rng(seed)
    sizes = [64] * (num_layers + 1) + [10]
    layers = [draw((sizes[i], sizes[i + 1]), rng) for i in range(num_layers + 1)]
    biases = [np.zeros(k) for k in sizes[1:]]
    scores = [share_right(layers, biases)]
    for _ in range(num_epochs):
        shuffled = rng.permutation(train)
        for batch in np.split(shuffled, range(50, 1297, 50)):
            H = forward(X_digits[batch], layers, biases)
            output = np.exp(H[-1] - H[-1].max(axis=1, keepdims=True))
            G = (output / output.sum(axis=1, keepdims=True) - np.eye(10)[labels[batch]]) / len(batch)
            for i in reversed(range(len(layers))):
                grad_layer, grad_bias = H[i].T @ G, G.sum(axis=0)
                G = (G @ layers[i].T) * (H[i] > 0)
                layers[i], biases[i] = layers[i] - lr * grad_layer, biases[i] - lr * grad_bias
        scores.append(share_right(layers, biases))
    return scores, layers


def forward(X, layers, biases):
    H = [X]
    for i, (layer, bias) in enumerate(zip(layers, biases)):
        H.append(H[-1] @ layer + bias)
        H[-1] = relu(H[-1]) if i < len(layers) - 1 else H[-1]
    return H


def share_right(layers, biases):
    return np.mean(forward(X_digits[test], layers, biases)[-1].argmax(axis=1) == labels[test])


# %% [markdown]
r"""
Perhaps the smaller start only needs larger steps. So try four learning rates, with three seeds each.
Both starts draw the same random numbers; He's are $\sqrt 2$ times as large. The cell trains 24 networks: give it some seconds.
"""

# %% demo
rates = [0.005, 0.02, 0.05, 0.1]
fig, (left, right) = plots.figure(1, 2, width=9.4, height=3.8)
ends = {}
for name, style, color in [("LeCun", "s--", "orange"), ("He", "o-", "blue")]:
    with np.errstate(all="ignore"):
        curves = np.array([[learn(starts[name], lr, seed)[0] for seed in range(3)] for lr in rates])  # (4, 3, 9)
    ends[name] = curves[:, :, -1]
    low, mean, high = ends[name].min(axis=1), ends[name].mean(axis=1), ends[name].max(axis=1)
    right.semilogx(rates, mean, style, color=plots.COLORS[color], label=f"{name}: at best {mean.max():.0%}")
    right.fill_between(rates, low, high, color=plots.COLORS[color], alpha=0.25)
    for seed in range(3):
        label = name if seed == 0 else None
        left.plot(curves[1, seed], style, markersize=4, linewidth=1.2, color=plots.COLORS[color], label=label)
above = ends["He"].mean(axis=1) > ends["LeCun"].max(axis=1)
print("He's mean is above LeCun's best seed, at each learning rate:", above.tolist())
curves_of_he = curves[1]  # at lr = 0.02, for the next section
left.set(title="Twenty layers, lr = 0.02, three seeds", xlabel="epoch", ylabel="test digits read rightly")
right.set(title="After 8 epochs, at four learning rates", xlabel="learning rate")
for ax in (left, right):
    ax.set_ylim(0, 1)
    ax.axhline(0.1, color="0.6", linewidth=1, linestyle=":")
left.legend(loc="upper left", fontsize=9)
right.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="Left, the share of test digits read rightly over eight epochs, three seeds each: He's start climbs to between 0.74 and 0.82, LeCun's stays "
    "near 0.1, which is guessing. Right, the share after eight epochs against the learning rate: He reaches 0.5 to 0.8 at all four rates, "
    "LeCun at most about 0.15.",
)

# %% [markdown]
r"""
One factor of $\sqrt 2$ decides, and no learning rate here makes up for it. (Unit 07 reads digits far better, with few layers.)

## 12. Take it away: zeros, and equal columns

Same digits, same layers, same plot, learning rate 0.02. Only the start changes. This cell, too, takes some seconds.
"""

# %% demo
others = {
    "all zero": (lambda shape, rng: np.zeros(shape), "s:", "black"),
    "all equal": (lambda shape, rng: np.full(shape, 1 / shape[0]), "D-.", "purple"),
    "too small (0.01)": (starts["too small (0.01)"], "v--", "green"),
    "too large (1)": (starts["too large (1)"], "^:", "red"),
}
fig, ax = plots.figure(width=7.6, height=4.2)
ax.plot(curves_of_he.mean(axis=0), "o-", color=plots.COLORS["blue"], label="He")
ax.fill_between(range(9), curves_of_he.min(axis=0), curves_of_he.max(axis=0), color=plots.COLORS["blue"], alpha=0.15)
for name, (draw, style, color) in others.items():
    with np.errstate(all="ignore"):  # the one that is too large overflows
        runs = [learn(draw, 0.02, seed) for seed in range(3)]
    curves = np.array([scores for scores, _ in runs])
    ax.plot(curves.mean(axis=0), style, color=plots.COLORS[color], label=name)
    ax.fill_between(range(9), curves.min(axis=0), curves.max(axis=0), color=plots.COLORS[color], alpha=0.15)
    if name in ("all zero", "all equal"):
        after = symmetric_units(runs[0][1][5].round(6))  # rounded: a fast product may round columns differently
        before = symmetric_units(draw((64, 64), np.random.default_rng(0)))
        print(f"{name:10s} copies among the 64 units of layer 6: {before:2d} before, {after:2d} after")
fifty = np.mean([learn(he_normal, 0.02, seed, num_layers=50)[0] for seed in range(2)], axis=0)
ax.plot(fifty, "P-", color=plots.COLORS["grey"], linewidth=1, label="He, but 50 layers")
ax.set(title="Of five starts, one learns to read", xlabel="epoch", ylabel="test digits read rightly", ylim=(0, 1))
ax.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="Share of test digits read rightly over eight epochs, mean and range of three seeds, for five starts. He's climbs to "
    "about 0.77. All zero, too small and too large stay at about 0.1, the level of guessing; all equal gets to hardly more. A sixth line, "
    "He's start with fifty layers, rises hardly at all.",
)

# %% [markdown]
r"""
All equal wastes 63 of 64 units in every layer, before learning and after: a network one unit wide.

And the grey line? At **fifty** layers He's start keeps all sizes near 1, as you saw. Yet it hardly learns. A good start is not enough there: sizes are kept *at the start and on average*, and training moves the weights. Such depths became
practical with normalised activations (unit 09) and shortcuts around layers (*residual networks*, beyond this course).

## 13. Same numbers elsewhere

SciPy knows the exact numbers, and scikit-learn's `MLPClassifier` starts with one of your six recipes. (We take a step so small that the start is still there.)
"""

# %% demo
import warnings

from scipy import integrate, stats
from sklearn.neural_network import MLPClassifier

limit = math.sqrt(6 / (64 + 100))
print("std of the Xavier box for (64, 100), SciPy:   ", round(stats.uniform(-limit, 2 * limit).std(), 5))
print("yours, 200 draws of it:                       ", end=" ")
print(round(np.std([xavier_uniform((64, 100), np.random.default_rng(s)) for s in range(200)]), 5))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    model = MLPClassifier((100,), learning_rate_init=1e-12, max_iter=1, random_state=0).fit(X_digits, labels)
print("largest weight, scikit-learn's start:         ", round(abs(model.coefs_[0]).max(), 4))
print("largest weight, yours:                        ", end=" ")
print(round(abs(xavier_uniform((64, 100), np.random.default_rng(0))).max(), 4), f"  (limit {limit:.4f})")
for name in ("tanh", "sigmoid", "selu"):
    f = activations[name]
    square = integrate.quad(lambda t: float(f(np.array(t))) ** 2 * stats.norm.pdf(t), -12, 12, points=[0])[0]
    print(f"gain of {name:7s} SciPy's integral {square**-0.5:.4f}   yours {find_gain(f, np.random.default_rng(0)):.4f}")

# %% [markdown]
r"""
The gains agree to two or three digits, about what 100,000 draws are worth.

The names elsewhere: PyTorch has `xavier_normal_`, `xavier_uniform_`, `kaiming_normal_` and `kaiming_uniform_` (Kaiming is He's first name). Its linear layers keep their weights
as (outputs, inputs), so the fans change places there. Keras says `GlorotUniform`, `HeNormal`, `LecunNormal`, and cuts its bells off at two standard deviations.

## What to remember

- Units equal on both sides get equal slopes and stay equal for ever. From all zeros, a tanh or ReLU network moves no weight at all. Start weights at random; biases may be zero.
- One layer multiplies the mean square by fan-in · σ² forward, and by fan-out · σ² on the way back. Depth raises that to a power.
- σ² = 1/fan-in (LeCun) keeps the size forward; 2/(fan-in + fan-out) (Xavier) looks both ways; 2/fan-in (He) makes up for the half that ReLU drops.
- σ is a standard deviation, so take the root. A box needs the limit √3 · σ.
- Tanh, sigmoid, linear: Xavier. ReLU and leaky ReLU: He. SELU: LeCun. Then look at pictures by depth, and not at one number.

**So why can't we start at zero?** Because descent treats equal units alike, and can never tell them apart.

**Where it leads.** Unit 06, *Backpropagation*, builds the sweep of slopes of section 7 for any network. From then on networks read digits from He's start: of two layers in unit 06, of any number in unit 07.
"""
