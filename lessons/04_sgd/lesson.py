# ---
# title: SGD and mini-batches
# question: Why look at only some of the data?
# minutes: 90
# needs: [03_gradient_descent]
# ---

# %% [markdown]
r"""
# 04 · SGD and mini-batches

**Why look at only some of the data?**

A cook wants to know whether the soup needs salt. She does not drink the pot. She stirs, and tastes one spoon.

Gradient descent, as you built it in unit 03, drinks the pot: it reads every example before it takes one step. With six
days at a café nobody minds. With 50,000 examples it is a lot of reading for one step, and some people have billions.
Could a spoonful tell us which way is down? How large a spoon? And why stir? By the end of this notebook you
will have measured the answers, and used them to repair pictures with 50,400 examples.

- **Before this:** unit 03, *Gradient descent*: the step, the learning rate `lr`, contours, and the edge $2/\lambda_{\max}$.
- **Time:** about 90 minutes, with seven exercises. The end of section 4 is a good place to stop for the night. Section 9 has no exercise and may be left out.
- **You will be able to** train on mini-batches: cut data into batches, take steps, count them, and slow down at the right time.
- **You will be able to** measure how noisy a batch's gradient is, foretell it by $1/\sqrt B$, and say when the noise hurts and when it helps.
- **You will be able to** tell what training learns from what a person chose, and what is known from what is only often said about flat minima.
"""

# %% setup
import math

import numpy as np

from helpers import check, data, guess, plots

# %% [markdown]
r"""
## 1. One spoonful

The café of unit 02 now has 120 days written down. `warmth` counts tens of degrees above 20 °C, so `0.6` is 26 °C. The
model is a line again, $\hat y = w x + b$, and the loss is the mean squared error. Three functions that you wrote in
unit 02 come along.
"""


# %%
def predict(X, w, b):
    return X @ w + float(b)


def mean_squared_error(predictions, y):
    return np.mean((predictions - np.asarray(y)) ** 2)


def mse_gradient(X, y, w, b):
    residuals = predict(X, w, b) - y
    n = len(residuals)  # however many examples are handed in
    return 2 / n * X.T @ residuals, 2 / n * residuals.sum()


# %% demo
day_rng = np.random.default_rng(4)
warmth = np.sort(day_rng.uniform(-0.8, 1.4, 120))  # the notes are in order of temperature
cups = 38 + 30 * warmth + day_rng.normal(0, 8, 120)
X_cafe = warmth.reshape(-1, 1)  # (120, 1)
w_best, b_best = np.polyfit(warmth, cups, 1)  # the exact answer, to compare with
least = mean_squared_error(w_best * warmth + b_best, cups)
print(f"best line: w = {w_best:.2f} cups per ten degrees, b = {b_best:.2f} cups at 20 °C, loss {least:.1f}")

# %% [markdown]
r"""
The loss is a mean over examples, so its gradient is a mean over examples too:

$$\nabla L = \frac1n \sum_{i=1}^{n} \nabla \ell_i, \qquad \ell_i = (\hat y_i - y_i)^2 .$$

And a mean can be *estimated*. Ask 16 days instead of 120. A **batch** is the set of examples you ask for one step, and $B$ is its size.
Below, from the same place, 40 possible first steps with lr = 0.2: on the left each with a batch of 1, on the right each with a batch of 16.
The thick line is the step of full gradient descent.
"""

# %% demo
ws, bs = np.meshgrid(np.linspace(-22, 62, 90), np.linspace(-6, 66, 90))
heights = np.mean((ws[..., None] * warmth + bs[..., None] - cups) ** 2, axis=-1)


def draw_cafe(ax, title):
    ax.contour(ws, bs, heights, levels=[80, 150, 300, 600, 1100, 1800], colors="0.75", linewidths=1)
    ax.plot(w_best, b_best, "+", markersize=13, markeredgewidth=2, color="black")
    ax.set(title=title, xlabel="w, cups per ten degrees", ylabel="b, cups at 20 °C", xlim=(-22, 62), ylim=(-6, 66))


fig, axes = plots.figure(1, 2, width=9.4, height=4)
start = np.array([-8.0, 8.0])
for ax, size in zip(axes, [1, 16]):
    draw_cafe(ax, f"batch size {size}: {'wild, but mostly right' if size == 1 else 'close to the full step'}")
    for seed in range(40):
        some = np.random.default_rng(seed).choice(120, size, replace=False)
        slope_w, slope_b = mse_gradient(X_cafe[some], cups[some], start[:1], start[1])
        ax.plot(
            [-8, -8 - 0.2 * slope_w[0]],
            [8, 8 - 0.2 * slope_b],
            color=plots.COLORS["orange"],
            linewidth=1,
            alpha=0.6,
            label="40 batches" if seed == 0 else None,
        )
    slope_w, slope_b = mse_gradient(X_cafe, cups, start[:1], start[1])
    full_step = [-8, -8 - 0.2 * slope_w[0]], [8, 8 - 0.2 * slope_b]
    ax.plot(*full_step, color=plots.COLORS["blue"], linewidth=4, label="all 120 days")
axes[1].legend(loc="lower right", fontsize=9)
plots.show(
    fig,
    alt="Contours of the café's loss over w and b, twice. From the point (-8, 8) forty thin lines show first steps. Left, with single "
    "days, they fan out and differ widely in length, though nearly all go up in b. Right, with 16 days each, they form a narrow "
    "bundle around the thick line of the full step, which points towards the minimum.",
)

# %% [markdown]
r"""
One spoon is a rough guide. Sixteen are a good one, at 16/120 of the reading.

The names: with $B = n$ it is (full-)**batch** gradient descent. With $B = 1$ it is **stochastic** gradient descent, SGD ("stochastic" means: chance takes part).
In between it is **mini-batch** gradient descent. In practice nearly everybody uses mini-batches and calls them SGD.
"""

# %% [markdown] predict="sgd_mean_of_singles"
r"""
Take the 120 gradients of the single days at one and the same place. They point all over. You average them. What do you get?

- [ ] Something close to the full gradient, but a little off.
- [x] The full gradient, exactly.
- [ ] About zero: they cancel.

Why: The full gradient is defined as this very mean. So a batch drawn at random has no lean: too far left as often as too far right, and right on average. The word for that is unbiased.
"""

# %% demo
singles = np.array([mse_gradient(X_cafe[[i]], cups[[i]], start[:1], start[1])[0][0] for i in range(120)])
print("slopes along w of the first five days:", singles[:5].round(1))
print("smallest and largest of all 120:      ", singles.min().round(1), singles.max().round(1))
print("their mean:                           ", singles.mean().round(6))
print("the full gradient along w:            ", mse_gradient(X_cafe, cups, start[:1], start[1])[0][0].round(6))

# %% answer="sgd_mean_of_singles"

# %% [markdown]
r"""
### One step with a batch

A worked example. Four days, $x = (1, 2, 0, -1)$ and $y = (5, 9, 1, 0)$. We stand at $w = 1$, $b = 2$ with lr = 0.1, and the batch is the
list of row numbers `[3, 1]`. So only $x = (-1, 2)$ and $y = (0, 9)$ count.

Predictions $(1, 4)$, residuals $(1, -5)$. There are **two** examples in the batch, so

$$\nabla_w = \tfrac22\big(1 \cdot (-1) + (-5) \cdot 2\big) = -11, \qquad \nabla_b = \tfrac22 (1 - 5) = -4,$$

$$w \leftarrow 1 + 0.1 \cdot 11 = 2.1, \qquad b \leftarrow 2 + 0.1 \cdot 4 = 2.4 .$$

Both gradients were taken at the old $(1, 2)$; then both numbers moved. The two days that were not asked had no say.

NumPy picks rows by a list of row numbers: `X[[3, 1]]` is row 3, then row 1. The first line is written for you.
"""


# %% exercise="sgd_step" difficulty=2 importance=5 minutes=5
def sgd_step(X, y, w, b, lr, batch):
    """One step of gradient descent on the mean squared error of the examples in the batch, and of no others.

    X: (n, d) array   y: (n,) array or list   w: (d,) array or list   b: a number   lr: the learning rate
    batch: row numbers, a one-dimensional array or list of one or more whole numbers
    Returns the new w, an array (d,) of floats, and the new b, a float. Both gradients are taken at the old w and b.
    Leaves its inputs unchanged. You may call `mse_gradient` from above, or write the gradient out.
    """
    X_batch, y_batch = X[batch], np.asarray(y)[batch]
    ### BEGIN SOLUTION
    grad_w, grad_b = mse_gradient(X_batch, y_batch, w, b)
    return w - lr * grad_w, b - lr * grad_b
    ### END SOLUTION


# %% check="sgd_step" points=3
check(sgd_step)

# %% [markdown]
r"""
## 2. An epoch: everyone once

Which examples should a batch hold? Here is the custom. Shuffle all examples like a deck of cards. Deal the first batch from the top, then the
next, until the deck is empty. That is one **epoch**: every example has been used exactly once. Then shuffle again and start over.

The picture shows 20 examples with a batch size of 6, for three epochs. Each row is one epoch, each colour one batch.
"""

# %% demo
fig, ax = plots.figure(width=8.6, height=2.7)
shades = ["#cfe3f1", plots.COLORS["sky"], "#ffe2ad", plots.COLORS["orange"]]
for epoch in range(3):
    deck = np.random.default_rng(10 + epoch).permutation(20)
    for place, example in enumerate(deck):
        ax.barh(-epoch, 0.94, left=place, height=0.8, color=shades[place // 6], edgecolor="black", linewidth=0.5)
        ax.text(place + 0.47, -epoch, str(example), ha="center", va="center", fontsize=10)
for place in (6, 12, 18):
    ax.axvline(place - 0.03, color="black", linewidth=1.5)
ax.set_yticks([0, -1, -2], ["epoch 1", "epoch 2", "epoch 3"])
ax.set_xticks([3, 9, 15, 19], ["batch 1: six", "batch 2: six", "batch 3: six", "4: two"])
ax.grid(False)
ax.set_title("Every example once an epoch, in a new order each time; the last batch may be short")
plots.show(
    fig,
    alt="Three rows of 20 numbered tiles, one row an epoch. Each row holds the numbers 0 to 19 in a different order, cut into batches of six, "
    "six, six and two.",
)

# %% [markdown]
r"""
20 examples in sixes: three full batches, and one of two. The last batch is short, and it counts: those two examples deserve their turn. So one
epoch is **four** updates here.
"""

# %% [markdown] predict="sgd_updates_per_run"
r"""
442 people, batches of 32, ten epochs. How many updates (steps) is that?

- [ ] 138, because 442 · 10 / 32 = 138.1.
- [ ] 139, that number rounded up.
- [x] 140
- [ ] 4420

Why: 442/32 = 13.8, so an epoch has 13 full batches and one of 26 people: 14 updates. Ten epochs make 140. Each epoch has its own short batch, so you round up first and multiply after.
"""

# %% demo
sizes = [min(32, 442 - first) for first in range(0, 442, 32)]
print("batch sizes of one epoch:", sizes)
print("updates in one epoch:", len(sizes), "  in ten:", 10 * len(sizes))

# %% answer="sgd_updates_per_run"


# %% exercise="num_updates" difficulty=1 importance=4 minutes=3
def num_updates(n, batch_size, num_epochs):
    """How many steps a run takes: one for each batch, the last short batch of each epoch included.

    n: number of examples, 1 or more   batch_size: 1 or more, possibly larger than n   num_epochs: 0 or more
    Returns a Python int.
    """
    ### BEGIN SOLUTION
    return num_epochs * math.ceil(n / batch_size)
    ### END SOLUTION


# %% check="num_updates" points=2
check(num_updates)

# %% [markdown]
r"""
### Handing out batches one at a time

Now the dealer. It hands out one batch, waits until the step is done, then hands out the next. Python has a word for this: a function with
`yield` in it is a **generator**. Each time the loop asks, it runs on to the next `yield`.
"""


# %% demo
def countdown(number):
    while number > 0:
        yield number  # hand this out, and wait here
        number = number - 1


for ticket in countdown(3):
    print("got", ticket)

# %% [markdown]
r"""
### Bug hunt

A colleague wrote the dealer below. What it yields are row numbers, ready for your `sgd_step`. (`rng.shuffle` reorders
an array in place and returns nothing.) It runs, and training with it even works, more or less.
"""


# %% draft="minibatches"
def minibatches_draft(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    for k in range(n // batch_size):
        yield rng.choice(order, batch_size)


# %% [markdown] predict="sgd_left_out"
r"""
`rng.choice(order, batch_size)` draws row numbers and, unless told otherwise, puts each one back before it draws the next. Deal one epoch's worth that way from 120
days. How many of the 120 are never used?

- [ ] None: 120 draws for 120 days.
- [ ] A handful, about 5.
- [x] More than a third, about 44.

Why: A day is missed by one draw with chance 119/120, and by all 120 draws with chance (119/120)¹²⁰ ≈ 0.37, close to 1/e. Others are used two or three times instead.
"""

# %% demo
fig, (left, right) = plots.figure(1, 2, width=9.4, height=3.4)
drawn = np.concatenate(list(minibatches_draft(120, 6, np.random.default_rng(0))))
used = np.bincount(drawn, minlength=120)
left.bar(range(120), used, width=1, color=plots.COLORS["orange"])
left.set(title=f"One epoch of the draft: {np.sum(used == 0)} days never used", xlabel="day", ylabel="times used")
never = []
for seed in range(300):
    deal = list(minibatches_draft(120, 6, np.random.default_rng(seed)))
    never.append(120 - len(np.unique(np.concatenate(deal))))
right.hist(never, bins=np.arange(29.5, 60), color=plots.COLORS["sky"], edgecolor="black", linewidth=0.5)
right.axvline(120 * (119 / 120) ** 120, color=plots.COLORS["red"], linestyle="--", label="120 · (119/120)¹²⁰ = 44")
right.legend(fontsize=9)
right.set(title="The same for 300 epochs", xlabel="days never used in an epoch", ylabel="epochs")
plots.show(
    fig,
    alt="Left, a bar for each of 120 days: how often the draft used it in one epoch. Many bars are missing, others reach two or three, a few four or five. "
    "Right, over 300 epochs the number of days never used is a hill around 44, from 36 to 51, as foretold by the dashed line.",
)

# %% answer="sgd_left_out"

# %% demo
print("12 examples in fives, the draft's batch sizes: ", [len(some) for some in minibatches_draft(12, 5, day_rng)])
print("should be:                                      [5, 5, 2]")

# %% [markdown]
r"""
Two faults, then: examples drawn with replacement, and a lost short batch. Mend it. Think of the deck: shuffle once a call, then deal it out in slices.
"""


# %% exercise="minibatches" difficulty=3 importance=5 minutes=9
def minibatches(n, batch_size, rng):
    """One epoch of mini-batches, as a generator.

    n: number of examples, 1 or more   batch_size: 1 or more, possibly larger than n
    rng: a numpy.random.Generator, the only source of chance
    Yields one-dimensional integer arrays of row numbers. Together they hold each of 0 … n - 1 exactly once, in an order
    drawn from rng anew at each call. Every batch holds batch_size row numbers, but the last may be shorter; none is empty.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]
    ### END SOLUTION


# %% check="minibatches" points=4
check(minibatches)

# %% [markdown]
r"""
The random generator `rng` is handed in, as everywhere in this course. Two calls in a row with the same `rng` give two different orders. Two runs that start from the
same seed give the same orders, so a run can be repeated.
"""

# %% demo
deal_rng = np.random.default_rng(7)
for epoch in (1, 2):
    print(f"epoch {epoch}:", [some.tolist() for some in minibatches(8, 3, deal_rng)])
print("seed 7 again:", [some.tolist() for some in minibatches(8, 3, np.random.default_rng(7))])

# %% [markdown]
r"""
## 3. The whole algorithm

You have the dealer and the step. Training is two loops: epochs outside, batches inside. After each epoch, look at the loss of **all** the data once and write it
down. (That costs one extra reading. It is for us to watch; the algorithm never needs it.)

This time the whole function is yours.
"""


# %% exercise="sgd" difficulty=3 importance=5 minutes=8
def sgd(X, y, lr, batch_size, num_epochs, rng):
    """Linear regression by mini-batch gradient descent on the mean squared error.

    X: (n, d) array   y: (n,) array or list   lr: the learning rate   batch_size: 1 or more, possibly larger than n
    num_epochs: 1 or more   rng: a numpy.random.Generator, the only source of chance
    Starts at w = zeros and b = 0. In each epoch every example is used exactly once, in a new random order and in batches as `minibatches` deals them.
    Returns w, an array (d,) of floats, b, a float, and losses: num_epochs floats (an array or a list), the mean squared
    error of all the data after each epoch. Leaves X and y unchanged.
    """
    ### BEGIN SOLUTION
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(num_epochs):
        for batch in minibatches(len(X), batch_size, rng):
            w, b = sgd_step(X, y, w, b, lr, batch)
        losses.append(mean_squared_error(predict(X, w, b), y))
    return w, b, np.array(losses)
    ### END SOLUTION


# %% check="sgd" points=5
check(sgd)

# %% demo
for seed in range(3):
    w_run, b_run, losses = sgd(X_cafe, cups, 0.1, 12, 20, np.random.default_rng(seed))
    print(f"seed {seed}: w = {w_run[0]:.2f}, b = {b_run:.2f}, loss {losses[-1]:.2f}")
print(f"exact:  w = {w_best:.2f}, b = {b_best:.2f}, loss {least:.2f}")

# %% [markdown]
r"""
Close to the best line, each seed in its own way. It never settles exactly, and section 6 says why.

## 4. Three walks on one map

Now watch them walk: $B = 1$, $B = 12$ and $B = 120$, all with lr = 0.1, from the same start. The fair clock here is **reading**: each frame, every walker
may read the same number of examples. With $B = 1$ that is 24 steps a frame, with $B = 12$ two, with $B = 120$ a step every fifth frame.
"""

# %% [markdown] predict="sgd_same_reading"
r"""
All three have read 960 examples (eight times the whole data). Which one is furthest from the bottom?

- [ ] B = 1: its steps go every which way.
- [ ] B = 12: it is neither one thing nor the other.
- [x] B = 120: it has taken only eight steps.

Why: Full descent aims best but moves once in 120 readings. The walker with B = 1 took 960 steps in the same time: it arrived long ago and is now buzzing around the bottom. Good aim is worth less than you would think while you are far away.
"""


# %% demo
def walk(size, seed, epochs, lr=0.1):
    """The path of (w, b), one row an update."""
    chance, w, b = np.random.default_rng(seed), np.zeros(1), 0.0
    path = [(0.0, 0.0)]
    for _ in range(epochs):
        for rows in minibatches(120, size, chance):
            w, b = sgd_step(X_cafe, cups, w, b, lr, rows)
            path.append((w[0], b))
    return np.array(path)


walks = {size: np.array([walk(size, seed, 8) for seed in range(12)]) for size in (1, 12, 120)}
looks = {1: ("orange", "."), 12: ("green", "^"), 120: ("blue", "o")}


def draw_walks(ax, read):
    draw_cafe(ax, f"{read} examples read")
    for size, (color, marker) in looks.items():
        step = read // size
        first = walks[size][0, : step + 1]
        ax.plot(*first[-400:].T, color=plots.COLORS[color], linewidth=1, alpha=0.7)
        crowd = walks[size][:, step]
        ax.plot(*crowd.T, marker, color=plots.COLORS[color], markersize=7, label=f"B = {size}: {step} steps")
    ax.legend(loc="lower right", fontsize=9)


plots.animate(
    draw_walks,
    range(0, 961, 24),
    strip=4,
    interval=150,
    figsize=(6, 5),
    alt="Contours of the café's loss with three kinds of walkers from (0, 0), twelve seeds each. After 312 examples those with batch size 1 and 12 are "
    "near the minimum, while full descent has taken two steps. After 960 examples full descent has taken eight steps and has "
    "arrived at two thirds of the way in w; the single-example walkers are scattered around the minimum, those with batch size 12 sit close to it.",
)

# %% answer="sgd_same_reading"

# %% [markdown]
r"""
The mini-batch walkers have the best of both here: they arrive about as soon as the single ones, and scatter less. How much less? Move the slider. It shows where 12 runs
are after 20 epochs, and the last stretch of one of them, at a livelier lr = 0.2. The title says how far from the bottom they typically are. (What is left at $B = 120$ is no scatter: 20 steps were too few to arrive.)
"""

# %% demo
crowds = {size: [walk(size, seed, 20, lr=0.2) for seed in range(12)] for size in (1, 2, 4, 8, 15, 30, 60, 120)}


def draw_crowd(ax, size):
    paths = crowds[size]
    ends = np.array([path[-1] for path in paths])
    away = np.sqrt(np.mean(np.sum((ends - [w_best, b_best]) ** 2, axis=1)))
    draw_cafe(ax, f"B = {size}: about {away:.1f} away")
    ax.plot(
        *paths[0][-2 * math.ceil(120 / size) :].T,
        color=plots.COLORS["orange"],
        linewidth=1,
        label="one run, last 2 epochs",
    )
    ax.plot(*ends.T, "o", color=plots.COLORS["blue"], markersize=6, label="where 12 runs end")
    ax.set(xlim=(8, 50), ylim=(20, 59))
    ax.legend(loc="lower right", fontsize=9)


plots.slider(
    draw_crowd,
    label="batch size B",
    values=[1, 2, 4, 8, 15, 30, 60, 120],
    figsize=(6, 5),
    alt="The region around the minimum of the café's loss, with the end points of 12 runs and the last stretch of one of them. With batch size 1 the ends are "
    "spread over several contours; with 15 they form a tight group around the minimum; with 120 all runs end in the same place, half a unit short of the minimum.",
)

# %% [markdown]
r"""
*A good place to stop for the night.*

## 5. Why without replacement, and why stir again each time

Three dealers, on the same café data, with $B = 4$ and lr = 0.05:

- **with replacement**: each batch drawn anew from all days, as in the colleague's draft;
- **shuffled once**: one random order, the same in every epoch;
- **reshuffled**: yours.

Twenty seeds each. Plotted is the **excess loss**: how much the loss lies above that of the best line.
"""


# %% demo
def excess_run(kind, seed, epochs=40):
    chance, w, b, excess = np.random.default_rng(seed), np.zeros(1), 0.0, []
    fixed = list(minibatches(120, 4, chance))
    for _ in range(epochs):
        dealt = {
            "with replacement": [chance.integers(0, 120, 4) for _ in range(30)],
            "shuffled once": fixed,
            "reshuffled": list(minibatches(120, 4, chance)),
        }
        for rows in dealt[kind]:
            w, b = sgd_step(X_cafe, cups, w, b, 0.05, rows)
        excess.append(mean_squared_error(predict(X_cafe, w, b), cups) - least)
    return excess


kinds = [("with replacement", "red", "--", "X"), ("shuffled once", "blue", ":", "s"), ("reshuffled", "green", "-", "o")]
dealers = {kind: np.array([excess_run(kind, seed) for seed in range(20)]) for kind, *_ in kinds}

# %% demo
fig, (left, right) = plots.figure(1, 2, width=9.6, height=3.7)
for row, (kind, color, style, marker) in enumerate(kinds):
    runs, c = dealers[kind], plots.COLORS[color]
    left.plot(range(1, 41), runs.mean(axis=0), style, color=c, label=kind)
    late = runs[:, 15:].mean(axis=1)
    right.semilogx(late, row + np.linspace(-0.22, 0.22, 20), marker, color=c, markersize=5)
    right.semilogx([late.mean()] * 2, [row - 0.35, row + 0.35], color="black")
left.set(title="The mean of 20 seeds", xlabel="epoch", ylabel="excess loss", ylim=(0, 4))
left.legend(fontsize=9)
right.set_yticks([0, 1, 2], [kind for kind, *_ in kinds])
right.set(title="Shuffled once is a gamble, reshuffled is not", xlabel="excess loss from epoch 16 on, one mark a seed")
right.set_ylim(-0.6, 2.6)
plots.show(
    fig,
    alt="Left, mean excess loss over 40 epochs for three ways of dealing: all fall quickly, then drawing with replacement stays near 1.3, the other "
    "two near 0.5. Right, the late excess of each of 20 seeds: with replacement between 0.8 and 1.8, reshuffled between 0.35 and 0.8, "
    "shuffled once spread from 0.01 to 2.",
)

# %% [markdown]
r"""
**With replacement** some days are asked three times and others not at all, so each epoch leans towards the days that happened to come up. Dealing the whole deck
evens this out: what one batch has too much, the others of the epoch have too little.

**Shuffled once** is as good as reshuffled in the mean of twenty runs. But you make one run, and it can have a lucky order or an unlucky one: an error at the end of
an epoch is made again at the end of each, and here the luck spans a factor of two hundred. Reshuffling deals the luck anew each time, and all twenty runs end up alike. (Theory agrees that dealing without replacement beats drawing with it: Gürbüzbalaban, Ozdaglar and Parrilo, 2021. Shuffling once also
comes out well in theory when lr is small: Mishchenko, Khaled and Richtárik, 2020.)

And not shuffling at all? Section 12 does that.

## 6. How noisy is a spoonful?

The scatter in the slider came from the noise of the batch gradients. Foretell its size in five lines:

1. At a fixed $w$, the single-example gradients $g_1, \dots, g_n$ are $n$ numbers (look at one coordinate). Their standard deviation is $\sigma$.
2. A batch gradient is the mean of $B$ of them. Of independent draws the variances (squared standard deviations) add: the sum has $B\sigma^2$.
3. The mean is the sum over $B$, so its variance is $B\sigma^2 / B^2 = \sigma^2 / B$, and its standard deviation is $\sigma/\sqrt{B}$.
4. Without replacement the draws are a little better than independent: the variance shrinks by one more factor, $\frac{n - B}{n - 1}$.
5. That factor is 1 for $B = 1$, nearly 1 while $B$ is much smaller than $n$, and 0 for $B = n$: the whole pot has no noise.
"""

# %% [markdown] predict="sgd_half_the_noise"
r"""
You train with $B = 16$ on very many examples and want half as much noise in each gradient. How large must the batch be, and how much more reading is a step?

- [ ] 32: twice the reading.
- [x] 64: four times the reading.
- [ ] 256: sixteen times the reading.

Why: The noise goes with 1/√B, so half the noise takes four times the batch. Accuracy gets more expensive the more of it you have. This is the whole case for small batches in one line.
"""

# %% [markdown]
r"""
Measure it. For a model without bias, $\hat y = Xw$, at a fixed `w`: draw a batch (`rng.choice` with `replace=False` puts nothing back), compute its gradient, put it aside, draw the next.
You end up with `num_draws` gradients of $d$ numbers each. For each of the $d$ coordinates take the standard deviation over the draws. Then average those $d$ numbers.

By hand: three draws gave the gradients $(1, 10)$, $(3, 10)$ and $(5, 40)$. The first coordinate has draws $1, 3, 5$ with standard deviation $1.63$, the second $10, 10, 40$
with $14.14$. The noise is $(1.63 + 14.14)/2 = 7.89$.
"""


# %% exercise="gradient_noise" difficulty=3 importance=4 minutes=9
def gradient_noise(X, y, w, batch_size, num_draws, rng):
    """How much the gradient of a random batch varies from draw to draw, at a fixed w.

    The model is X @ w without a bias, the loss of a batch its mean squared error.
    X: (n, d) array   y: (n,) array or list   w: (d,) array or list   batch_size: 1 … n   num_draws: 1 or more
    rng: a numpy.random.Generator, the only source of chance
    Each draw takes batch_size different examples at random and computes the gradient (d,) of their loss.
    Returns a float: the standard deviation over the draws, for each coordinate; then the mean of these d numbers.
    Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    gradients = []
    for _ in range(num_draws):
        batch = rng.choice(len(X), batch_size, replace=False)
        gradients.append(mse_gradient(X[batch], np.asarray(y)[batch], w, 0.0)[0])
    return np.std(gradients, axis=0).mean()
    ### END SOLUTION


# %% check="gradient_noise" points=4
check(gradient_noise)

# %% [markdown]
r"""
Now the law against your measurement, on real data: the 442 people with diabetes of unit 02, ten standardised columns, at $w = 0$. Ten seeds, 100 draws each.
"""

# %% demo
X_raw, score, columns = data.diabetes()
Z, centred = (X_raw - X_raw.mean(axis=0)) / X_raw.std(axis=0), score - score.mean()
batch_sizes = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256, 384, 432])
noise = np.array(
    [
        [gradient_noise(Z, centred, np.zeros(10), int(size), 100, np.random.default_rng(seed)) for size in batch_sizes]
        for seed in range(10)
    ]
)
sigma = np.std(-2 * Z * centred[:, None], axis=0).mean()  # exact: the spread of the 442 single gradients
at_full = gradient_noise(Z, centred, np.zeros(10), 442, 20, np.random.default_rng(0))
print(f"B = 1: {noise[:, 0].mean():.1f}   B = 16: {noise[:, 4].mean():.1f}   B = 64: {noise[:, 6].mean():.1f}")
print(f"B = 442, everybody: below a billionth? {at_full < 1e-9}")

# %% answer="sgd_half_the_noise"

# %% demo
fig, ax = plots.figure(width=6.8, height=4)
ax.loglog(batch_sizes, sigma / np.sqrt(batch_sizes), "--", color=plots.COLORS["grey"], label="σ / √B")
law = sigma / np.sqrt(batch_sizes) * np.sqrt((442 - batch_sizes) / 441)
ax.loglog(batch_sizes, law, color=plots.COLORS["blue"], label="σ / √B · √((n − B)/(n − 1))")
ax.plot(
    np.repeat(batch_sizes, 10),
    noise.T.ravel(),
    "o",
    markersize=4,
    color=plots.COLORS["orange"],
    label="measured, 10 seeds",
)
ax.set_title("Four times the batch, half the noise")
ax.set(xlabel="batch size B (of 442)", ylabel="noise of the gradient")
ax.set_xticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])
ax.legend(fontsize=9)
plots.show(
    fig,
    alt="Gradient noise against batch size on logarithmic axes. The measured points of ten seeds fall along a straight line of slope minus one half, from about 150 at "
    "batch size 1 to about 17 at 64, and then bend below it towards zero near 442, as the formula with the extra factor says.",
)

# %% [markdown]
r"""
The points lie on the law. Note what the law does *not* contain: the size of the data (while $B$ is far below $n$). A spoonful of 64 tells as much about a
pot of 50,000 as about a pot of 5,000. **That is the answer to this unit's question.** The price of a step grows with $B$; its noise depends on $B$; the size of the pot
hardly matters to either.

But is the noise large or small? Compare it with the gradient itself. At the start of training, and at the end:
"""

# %% demo
w_end = np.linalg.lstsq(Z, centred)[0]
print("                    full gradient   noise of a batch of 32   (averages over the ten coordinates)")
for name, place in [("start, w = 0", np.zeros(10)), ("at the best w", w_end)]:
    full_size = np.abs(mse_gradient(Z, centred, place, 0.0)[0]).mean()
    spread = np.mean([gradient_noise(Z, centred, place, 32, 100, np.random.default_rng(s)) for s in range(5)])
    print(f"{name:18s} {full_size:14.1f} {spread:24.1f}")

# %% [markdown]
r"""
Far from the minimum the signal is larger than the noise, and every extra example is spent on polishing an aim that was good enough. At the minimum the signal is zero and the noise is
still there, because the residuals are. From then on each step is pure noise, and the walk buzzes around the bottom: the scatter of the slider.

## 7. Slow down towards the end

A step is lr times a noisy gradient. If the noise won't go away, lr can. Large steps to get there, small ones to settle. A plan for lr is called a **schedule**. With $t$
the step, $T$ the number of steps and $\eta_0$ the first learning rate:

| schedule | learning rate at step $t$ | in words |
|---|---|---|
| constant | $\eta_0$ | never changes |
| step | $\eta_0 \cdot \left(\tfrac12\right)^{\min(2,\; \lfloor 3t/T \rfloor)}$ | halved after each third, two times in all |
| inverse | $\eta_0 / (1 + t)$ | half after one step, a hundredth after 99 |
| cosine | $\tfrac12\, \eta_0\, (1 + \cos(\pi t / T))$ | half a cosine wave, from $\eta_0$ down to 0 |

$\lfloor \cdot \rfloor$ rounds down. By hand for the step schedule, $T = 10$: at $t = 3$, $3 \cdot 3/10 = 0.9$, rounded down 0, so still $\eta_0$. At $t = 4$ it is
$1.2$, so 1: half. At $t = 10$ it is 3, and the minimum keeps it at 2: a quarter.
"""

# %% demo
when = np.linspace(0, 1, 400)  # t / T
curves = [
    ("constant", np.ones(400), "-", "black"),
    ("step", np.select([when < 1 / 3, when < 2 / 3], [1, 0.5], 0.25), "--", "blue"),
    ("inverse", np.divide(1, 1 + 100 * when), ":", "red"),
    ("cosine", np.cos(math.pi * when / 2) ** 2, "-.", "green"),  # the same curve, by cos² = (1 + cos 2x) / 2
]
fig, ax = plots.figure(width=6.4, height=3.4)
for name, curve, style, color in curves:
    ax.plot(100 * when, curve, style, color=plots.COLORS[color], label=name)
ax.set_title("Four plans for 100 steps")
ax.set(xlabel="step t", ylabel="learning rate, as a part of the first", ylim=(0, 1.08))
ax.legend(loc="upper right", bbox_to_anchor=(1, 0.93), fontsize=9)
plots.show(
    fig,
    alt="Learning rates over 100 steps. Constant stays at 1. Step is 1, then a half from one third on, then a quarter. Inverse falls below 0.1 within ten steps. "
    "Cosine falls slowly at first, is at a half in the middle, and reaches 0 at the end.",
)


# %% exercise="learning_rate" difficulty=2 importance=3 minutes=7
def learning_rate(step, lr0, schedule, num_steps):
    """The learning rate at a step, by one of four schedules (the table above).

    step: a whole number from 0 to num_steps   lr0: the first learning rate   num_steps: 1 or more
    schedule: "constant", "step", "inverse" or "cosine"
    Returns a number.
    """
    ### BEGIN SOLUTION
    if schedule == "step":
        return lr0 * 0.5 ** min(2, 3 * step // num_steps)
    if schedule == "inverse":
        return lr0 / (1 + step)
    if schedule == "cosine":
        return 0.5 * lr0 * (1 + math.cos(math.pi * step / num_steps))
    return lr0
    ### END SOLUTION


# %% check="learning_rate" points=4
check(learning_rate)

# %% [markdown]
r"""
All four on the café, $B = 4$, $\eta_0 = 0.2$, 30 epochs, 12 seeds each.
"""


# %% demo
def scheduled_run(schedule, seed, lr0=0.2, epochs=30):
    chance, w, b, excess, done = np.random.default_rng(seed), np.zeros(1), 0.0, [], 0
    total = num_updates(120, 4, epochs)
    for _ in range(epochs):
        for rows in minibatches(120, 4, chance):
            w, b = sgd_step(X_cafe, cups, w, b, learning_rate(done, lr0, schedule, total), rows)
            done += 1
        excess.append(mean_squared_error(predict(X_cafe, w, b), cups) - least)
    return excess


planned = {name: np.array([scheduled_run(name, seed) for seed in range(12)]) for name, *_ in curves}
fig, ax = plots.figure(width=6.8, height=3.9)
for name, _, style, color in curves:
    ax.semilogy(range(1, 31), planned[name].mean(axis=0), style, color=plots.COLORS[color], label=name)
    ax.fill_between(
        range(1, 31), planned[name].min(axis=0), planned[name].max(axis=0), color=plots.COLORS[color], alpha=0.1
    )
ax.set_title("Constant buzzes, inverse stops too early, cosine lands")
ax.set(xlabel="epoch", ylabel="excess loss")
ax.legend(loc="lower left", fontsize=9)
plots.show(
    fig,
    alt="Excess loss over 30 epochs for four schedules, mean and range of 12 seeds, logarithmic. Constant stays between 2 and 8. Step falls below 1 in the last third. "
    "Inverse starts higher, falls slowly, and ends near 6. Cosine stays with constant for long and then drops to about 0.002 at the end.",
)

# %% [markdown]
r"""
Constant and cosine take nearly the same steps at first. What cosine gains, it gains at the end, when it is nearly standing still and the noise averages out. Inverse is the
classic of theory (Robbins and Monro, 1951: rates whose sum is infinite and whose squares have a finite sum), but with this $\eta_0$ it has become tiny before it arrived. Cosine is from Loshchilov and Hutter (2017). Which
is best depends on the problem and on how long you train; what stays is the shape: large first, small last.

## 8. Noise that helps

So far noise was the price of cheap steps. Now a place where it is worth something.

A buoy bobs up and down. You have 60 readings of its height, taken at odd moments within one minute, and want its frequency. The model is $\hat y = \sin(\omega t)$
with one number to learn, $\omega$; the truth is $\omega = 12$. The loss is the MSE, and by the chain rule one example's gradient is $2\,(\sin \omega t - y) \cdot \cos(\omega t) \cdot t$.
This loss has several valleys.
"""

# %% demo
buoy_rng = np.random.default_rng(0)
t_read = buoy_rng.uniform(0, 1, 60)
h_read = np.sin(12 * t_read)


def swim(size, lr, seeds=100, updates=1200, at=20.0):
    """ω after each update, one row a run; all runs at once, each with its own shuffled deck."""
    chance, omega = np.random.default_rng(size), np.full(seeds, at)
    path = [omega]
    while len(path) <= updates:
        deck = chance.permuted(np.tile(np.arange(60), (seeds, 1)), axis=1)
        for place in range(0, 60, size):
            t, h = t_read[deck[:, place : place + size]], h_read[deck[:, place : place + size]]
            angle = omega[:, None] * t
            omega = omega - lr * np.mean(2 * (np.sin(angle) - h) * np.cos(angle) * t, axis=1)
            path.append(omega)
    return np.array(path[: updates + 1]).T


def buoy_loss(omega):
    return np.mean((np.sin(np.multiply.outer(omega, t_read)) - h_read) ** 2, axis=-1)


# %% [markdown] predict="sgd_out_of_the_valley"
r"""
All start at $\omega = 20$, at the bottom of a shallow valley, with lr = 4. Full descent ($B = 60$), and 100 runs with $B = 4$. After 1200 steps, who has reached the deep valley at 12?

- [ ] Nobody: a bottom is a bottom.
- [x] Most of the runs with B = 4, and not full descent.
- [ ] Full descent, because its steps are exact; the others wander off.

Why: At the shallow bottom the full gradient is zero, so full descent stays for ever. The batches disagree there, and their disagreement kicks the walker about until one day it is over the hill. In the deep valley every residual is zero, so all batches agree, the noise is gone, and it stays.
"""

# %% demo
small, full = swim(4, 4.0), swim(60, 4.0, seeds=1)
omegas = np.linspace(6, 27, 400)


def draw_swim(ax, step):
    ax.plot(omegas, buoy_loss(omegas), color="0.6")
    now = small[:20, step]
    ax.plot(now, buoy_loss(now) + 0.05, "^", color=plots.COLORS["orange"], label="B = 4, 20 runs")
    ax.plot(
        full[0, step],
        buoy_loss(full[0, step]) + 0.05,
        "o",
        markersize=10,
        color=plots.COLORS["blue"],
        label="B = 60, all",
    )
    home = np.sum(abs(small[:, step] - 12) < 0.5)
    ax.set(title=f"step {step}: {home} of 100 at 12", xlabel="frequency ω", ylabel="loss", xlim=(6, 27), ylim=(-0.1, 2))
    ax.legend(loc="upper right", fontsize=9)


plots.animate(
    draw_swim,
    [
        0,
        1,
        2,
        4,
        6,
        8,
        11,
        15,
        20,
        26,
        33,
        41,
        50,
        60,
        75,
        90,
        110,
        135,
        165,
        200,
        250,
        320,
        400,
        500,
        620,
        760,
        900,
        1200,
    ],
    strip=4,
    interval=250,
    alt="The buoy's loss over the frequency: a deep valley reaching 0 at 12 and a shallow one with loss 0.85 at 19.7, a hill of 1.3 between them. Full descent stays "
    "in the shallow valley. Runs with batch size 4 jump about in it and one after another cross into the deep valley, where they stay; "
    "after 1200 steps 92 of 100 have.",
)

# %% answer="sgd_out_of_the_valley"

# %% [markdown]
r"""
Is it the batch size? The same for other sizes and two learning rates, 100 runs each. The bars show the uncertainty of a share measured on 100 runs.
"""

# %% demo
escape_sizes = [1, 2, 4, 6, 10, 15, 30, 60]
fig, ax = plots.figure(width=6.6, height=3.7)
for rate, style, color in [(4.0, "o-", "orange"), (1.0, "s--", "blue")]:
    share = np.array([np.mean(abs(swim(size, rate)[:, -1] - 12) < 0.5) for size in escape_sizes])
    error = np.sqrt(share * (1 - share) / 100)
    ax.errorbar(range(8), share, error, fmt=style, capsize=3, color=plots.COLORS[color], label=f"lr = {rate:g}")
ax.set_xticks(range(8), escape_sizes)
ax.set(xlabel="batch size B (of 60)", ylabel="share in the deep valley", ylim=(-0.05, 1.05))
ax.set_title("Small batches get out, and so do large steps")
ax.legend()
plots.show(
    fig,
    alt="Share of 100 runs that end in the deep valley, by batch size. With learning rate 4 it is above nine in ten for batch sizes 1, 2 and 4, three quarters at 6, a fifth at 10, and none from "
    "15 on. With learning rate 1 it is three quarters for size 1, about a seventh for 2, and zero from 4 on.",
)

# %% [markdown]
r"""
What escapes is lr times noise, so both dials matter. And it is luck, not insight: some runs left the shallow valley on the other side, and noise can throw you out of a good valley as well, unless the
noise fades there, as it does here.

## 9. Sharp valleys and flat ones

If noise kicks walkers out, it kicks them out of *narrow* valleys first. So small batches should end in **flat** minima, ones with small curvature. Is that so? And are flat minima better? Two questions.

Take the smallest model with many minima: two numbers that are multiplied, $\hat y = u \cdot v \cdot x$. Every $(u, v)$ with the same product predicts the same, so the
minima form a whole curve, a hyperbola. How sharp is the valley at a point of it? Write $m$ for the mean of $x^2$. The largest eigenvalue of the Hessian (unit 03) on the curve is
$\lambda_{\max} = 2m\,(u^2 + v^2)$: large far out, smallest where $u = v$.
"""

# %% demo
bend_rng = np.random.default_rng(4)
x_uv = bend_rng.normal(size=40)
x_uv = x_uv / np.sqrt(np.mean(x_uv**2))  # so m = 1
extra = bend_rng.normal(size=40)
extra = extra - x_uv * (x_uv @ extra) / 40  # noise that no slope can explain
y_uv = x_uv + 0.8 * extra / extra.std()  # the best product is exactly 1


def slide(size, seed, lr=0.02, epochs=None, u=3.0, v=1 / 3):
    chance, path = np.random.default_rng(seed), [(u, v)]
    for _ in range(epochs or 2000 * size // 40):
        for rows in minibatches(40, size, chance):
            slope = np.mean(2 * (u * v * x_uv[rows] - y_uv[rows]) * x_uv[rows])
            u, v = u - lr * v * slope, v - lr * u * slope
            path.append((u, v))
    return np.array(path)


slides = {size: np.array([slide(size, seed) for seed in range(8)]) for size in (1, 4, 40)}

# %% demo
fig, (left, right) = plots.figure(1, 2, width=9.8, height=4)
us, vs = np.meshgrid(np.linspace(0.1, 3.5, 120), np.linspace(0.05, 2.2, 120))
left.contour(us, vs, (us * vs - 1) ** 2, levels=[0.02, 0.1, 0.3, 1, 3], colors="0.75", linewidths=1)
curve = np.linspace(0.46, 3.5, 100)
left.plot(curve, 1 / curve, "--", color="black", linewidth=1, label="all the minima")
for size, style, color in [(1, "-", "orange"), (4, "--", "green"), (40, ":", "blue")]:
    paths, c = slides[size], plots.COLORS[color]
    left.plot(*paths[0].T, color=c, linewidth=0.6, alpha=0.5)
    left.plot(*paths[:, -1].T, {1: ".", 4: "^", 40: "o"}[size], color=c, markersize=8, label=f"B = {size}: 8 ends")
    sharp = 2 * np.sum(paths**2, axis=2)
    right.plot(sharp.mean(axis=0), style, color=c, label=f"B = {size}")
    right.fill_between(range(sharp.shape[1]), sharp.min(axis=0), sharp.max(axis=0), color=c, alpha=0.2)
left.set(title="2000 steps along the valley of minima", xlabel="u", ylabel="v")
left.legend(fontsize=9)
right.set(title="Smaller batches drift to flatter places", xlabel="step", ylabel="sharpness 2(u² + v²)", ylim=(0, 20))
right.legend(fontsize=9)
plots.show(
    fig,
    alt="Left, the plane of u and v with a hyperbola of minima. All runs start on it at (3, 1/3). Full descent stays there; batch size 4 moves along it to about u = 2.2; "
    "batch size 1 reaches the bend near (1, 1). Right, sharpness over 2000 steps with the range of 8 seeds: it stays at 18 for full descent, falls to 10 for batch size 4 and to 4 for batch size 1.",
)

# %% [markdown]
r"""
First question: yes, here. The reason fits in one line. With $s$ the slope along the product, a step makes $u' = u - \text{lr}\,v s$ and $v' = v - \text{lr}\,u s$, and if you multiply out,
$u'^2 - v'^2 = (u^2 - v^2)(1 - \text{lr}^2 s^2)$. Each step shrinks the lopsidedness by a factor that depends on $s^2$. At a minimum full descent has $s = 0$ and stays. A batch gradient is noisy there: its $s^2$ averages about $\sigma^2/B$.
"""

# %% [markdown] predict="sgd_same_predictions"
r"""
Second question. Take a minimum $(u, v) = (1, 1)$ and move to $(10, 0.1)$. What changes?

- [ ] The predictions on new data get worse: the minimum is sharper.
- [x] Only the sharpness. Every prediction, on any data, stays the same.
- [ ] Nothing: it is the same minimum.

Why: A prediction uses only the product u · v, which is 1 in both places. So the error on new data cannot differ, while the curvature is about fifty times larger. Dinh and others (2017) do the same to real networks.
"""

# %% demo
x_new = bend_rng.normal(size=200)
y_new = x_new + 0.8 * bend_rng.normal(size=200)
print("   u      v     sharpness   loss on training data   loss on new data")
for u in (1.0, 3.0, 10.0, 100.0):
    v = 1 / u
    seen, unseen = np.mean((u * v * x_uv - y_uv) ** 2), np.mean((u * v * x_new - y_new) ** 2)
    print(f"{u:5.0f} {v:7.2f} {2 * (u * u + v * v):11.1f} {seen:18.4f} {unseen:21.4f}")

# %% answer="sgd_same_predictions"

# %% [markdown]
r"""
So curvature alone cannot decide how good a minimum is. But perhaps flat ones *tend* to be better among those that training finds? Give the same idea more room: 100 features, each weight a product $w_j = u_j v_j$, only 40 examples, and
only 5 features that matter. Infinitely many weights fit the training data perfectly. We start at $u_j = 1$, $v_j = 0$, so all weights are zero, and train to zero training loss, with $B = 4$ and with $B = 40$ (all), from small to large learning rates, on eight data sets.
"""


# %% demo
def deep_problem(seed):
    chance = np.random.default_rng(seed)
    truth = np.zeros(100)
    truth[:5] = chance.choice([-1.0, 1.0], 5)
    seen, new = chance.normal(size=(40, 100)), chance.normal(size=(500, 100))
    return seen, seen @ truth, new, new @ truth


seen, seen_y, new, new_y = (np.array(part) for part in zip(*[deep_problem(seed) for seed in range(8)]))


def fit_products(size, lr, updates=3000):
    """Sharpness and error on new data at the end, for the eight data sets side by side."""
    chance, u, v, which = np.random.default_rng(0), np.ones((8, 100)), np.zeros((8, 100)), np.arange(8)[:, None]
    for step in range(updates):
        if step % (40 // size) == 0:
            deck = chance.permuted(np.tile(np.arange(40), (8, 1)), axis=1)
        rows = deck[:, step % (40 // size) * size :][:, :size]
        asked = seen[which, rows]
        residual = np.einsum("kbd,kd->kb", asked, u * v) - seen_y[which, rows]
        slope = 2 / size * np.einsum("kbd,kb->kd", asked, residual)
        u, v = u - lr * v * slope, v - lr * u * slope
    both = np.concatenate([seen * v[:, None], seen * u[:, None]], axis=2)
    sharp = np.linalg.eigvalsh(2 / 40 * both @ both.transpose(0, 2, 1))[:, -1]
    trained = np.mean((np.einsum("knd,kd->kn", seen, u * v) - seen_y) ** 2, axis=1)
    error = np.mean((np.einsum("knd,kd->kn", new, u * v) - new_y) ** 2, axis=1)
    return sharp, error, trained


# %% demo
fig, ax = plots.figure(width=7, height=4.2)
gentle, worst = fit_products(40, 0.005)[1], 0.0
for size, rates, marker, color in [
    (4, [0.005, 0.03, 0.04, 0.05], "^", "orange"),
    (40, [0.005, 0.16, 0.2, 0.24], "o", "blue"),
]:
    centres = []
    for rate in rates:
        sharp, error, trained = fit_products(size, rate)
        worst = max(worst, trained.max())
        ax.plot(sharp, error / gentle, marker, color=plots.COLORS[color], markersize=5, alpha=0.45)
        centres.append((sharp.mean(), np.mean(error / gentle)))
    ax.plot(
        *np.array(centres).T,
        marker,
        linestyle="-",
        markersize=10,
        color=plots.COLORS[color],
        label=f"B = {size}, larger lr to the left",
    )
ax.axhline(1, color="black", linewidth=1, linestyle=":")
ax.set_title("Both get flatter. One gets better, the other worse")
ax.set(
    xlabel="sharpness of the minimum found (largest eigenvalue)",
    ylabel="error on new data,\ncompared with full descent, small lr",
)
ax.legend(loc="upper right", fontsize=9)
plots.show(
    fig,
    alt="Sharpness of the minimum against the error on new data relative to gentle full descent; small marks are eight data sets, large marks their means. Starting from sharpness 13 "
    "and ratio 1, batch size 4 with larger learning rates goes to sharpness 6 and a ratio of about 0.85; full descent with larger learning rates goes to sharpness 8 and a ratio of about 1.3.",
)

# %% demo
print(f"largest training loss among all runs: below 1e-6? {worst < 1e-6}")

# %% [markdown]
r"""
Every run fits its training data, and larger learning rates give flatter minima for both. With small batches the flat ones are better on new data (in the mean; look at the spread). With full batches the flat ones
are *worse*. Flatness came along both times; it was not what decided. For this family of models, where few features matter, it has been proved that large steps help SGD and can hurt full descent (Even and others, 2023).

What can one say, then?

| claim | where it stands | sources |
|---|---|---|
| Small batches are noisier, by $1/\sqrt B$. | Certain. You measured it. | |
| At one fixed lr, small batches tend to end in flatter minima. | Seen often; what counts is about lr/$B$. | Keskar et al. 2017; Jastrzębski et al. 2017 |
| Flat minima generalise better (do better on new data). | **Disputed.** Curvature can be rescaled at will with the same predictions (Dinh). Some flatness measures went well with generalisation in a large comparison (Jiang); in modern settings they often do not (Andriushchenko). | Hochreiter and Schmidhuber 1997; Dinh et al. 2017; Jiang et al. 2020; Andriushchenko et al. 2023 |
| Large batches generalise worse. | **Not as such.** There was a gap when the recipe stayed the same (Keskar). It closed with more updates (Hoffer). Training on ImageNet, a million photographs, went up to $B = 8192$ without loss, with lr scaled by $B$ and raised slowly at the start (Goyal). With all else tuned for each $B$, no evidence of harm (Shallue). | Keskar et al. 2017; Hoffer et al. 2017; Goyal et al. 2017; Shallue et al. 2019 |
| The noise is what makes SGD generalise. | **Not needed**, at least on CIFAR-10, 50,000 small photographs: full batches with other regularisation (unit 09) came out about equal. | Geiping et al. 2022 |

A rule for daily use: when you change the batch size, look at lr (and the number of updates) again before you say that the batch size did it.
"""

# %% [markdown]
r"""
## 10. Who chose that number?

By now a run has many numbers. They are of two kinds.

A **parameter** is learned: training changes it because the data says so. A **hyperparameter** is chosen by a person before training, and training does not touch it. Below are five runs on the café with the cosine schedule.
"""

# %% [markdown] predict="sgd_is_lr_learned"
r"""
There the learning rate changes at every step of training. Is it a parameter?

- [ ] Yes: it changes during training.
- [x] No: a person chose the schedule and its start, and the data never has a say.
- [ ] It is half of each.

Why: What counts is who decides, not whether it moves. The right panel above could have been drawn before the first example was read; the left one could not.
"""

# %% demo
fig, (left, right) = plots.figure(1, 2, width=9.4, height=3.5)
total = num_updates(120, 4, 10)
for seed in range(5):
    chance, w, b, moved = np.random.default_rng(seed), np.zeros(1), 0.0, []
    for epoch in range(10):
        for rows in minibatches(120, 4, chance):
            w, b = sgd_step(X_cafe, cups, w, b, learning_rate(len(moved), 0.2, "cosine", total), rows)
            moved.append((w[0], b))
    names = ("w", "b") if seed == 0 else (None, None)
    left.plot(np.array(moved)[:, 0], color=plots.COLORS["orange"], linewidth=1, label=names[0])
    left.plot(np.array(moved)[:, 1], "--", color=plots.COLORS["blue"], linewidth=1, label=names[1])
plan = [learning_rate(step, 0.2, "cosine", total) / 0.2 for step in range(total)]
right.plot(plan, color=plots.COLORS["green"], label="learning rate: 0.2, cosine")
right.plot([0, total], [1, 1], ":", color="black", label="batch size: 4")
right.set_ylim(-0.05, 1.5)
left.set(title="Parameters: the data moves them, a little\ndifferently with each seed", xlabel="step", ylabel="value")
right.set(
    title="Hyperparameters: fixed beforehand,\nthe same for all five seeds",
    xlabel="step",
    ylabel="as a part of the first value",
)
left.legend(loc="lower right")
right.legend(loc="upper right", fontsize=9)
plots.show(
    fig,
    alt="Left, w and b over 300 steps for five seeds: noisy lines that rise from 0 to about 29 and 39, a little different for each seed, and calm at the end. Right, the learning rate "
    "falls along a smooth cosine from its first value to 0, and the batch size is a flat line: one line each, since all seeds share them.",
)

# %% answer="sgd_is_lr_learned"

# %% [markdown]
r"""
How are hyperparameters chosen? By trying, and comparing on data that training has not seen. (Not on the test set, as unit 07 will say.)

Sort some names. Careful with their looks: `"bias"` is learned, `"batch_size"` is chosen. `"weights"` are learned, `"weight_decay"` is chosen. And `"b"` is a bias, but `"B"`
was our batch size.
"""


# %% exercise="split_hyperparameters" difficulty=2 importance=3 minutes=5
def split_hyperparameters(names):
    """Sort the names of a run's numbers into those that are learned and those that a person chose.

    names: a list of strings, possibly empty, possibly with repetitions
    Learned are "w", "W" or "b", alone or with digits and nothing else behind it ("b1", "w10"), and the words "weight",
    "weights", "bias", "biases" (never with a number here). Every other name is a hyperparameter, known or not.
    Returns (parameters, hyperparameters): two sets of strings, spelled as they were given.
    """
    ### BEGIN SOLUTION
    learned = {"w", "W", "b", "weight", "weights", "bias", "biases"}
    parameters = {name for name in names if name.rstrip("0123456789") in learned}
    return parameters, set(names) - parameters
    ### END SOLUTION


# %% check="split_hyperparameters" points=3
check(split_hyperparameters)

# %% demo
run_names = ["W1", "b1", "W2", "b2", "learning rate", "batch_size", "num_epochs", "num_layers", "schedule", "seed"]
learned_names, chosen_names = split_hyperparameters(run_names)
print("learned:", sorted(learned_names))
print("chosen: ", sorted(chosen_names))

# %% [markdown]
r"""
## 11. Pay-off: 50,400 examples

1,797 little pictures of handwritten digits come with scikit-learn, 8 × 8 pixels each, from 0 (white) to 1 (black). Suppose a sensor has dead pixels. Can a linear model fill one in from its **eight neighbours**?

Each inner pixel of the first 1,400 pictures is one example: $X$ holds its neighbours, $y$ the pixel. That makes 50,400 examples of 8 features. The other 397 pictures are kept aside as the test set.
"""

# %% demo
from sklearn.datasets import load_digits

pictures = load_digits().images / 16


def neighbours(pictures):
    """(examples, 8) neighbours and (examples,) centres of all inner pixels."""
    shifts = [(i, j) for i in (0, 1, 2) for j in (0, 1, 2) if (i, j) != (1, 1)]
    around = [pictures[:, i : i + 6, j : j + 6].ravel() for i, j in shifts]
    return np.column_stack(around), pictures[:, 1:7, 1:7].ravel()


X_pixels, y_pixels = neighbours(pictures[:1400])
X_test, y_test = neighbours(pictures[1400:])
A = np.column_stack([X_pixels, np.ones(len(X_pixels))])
exact = np.linalg.lstsq(A, y_pixels)[0]
floor = mean_squared_error(A @ exact, y_pixels)
edge = 2 / np.linalg.eigvalsh(2 / len(A) * A.T @ A)[-1]
print("training examples:", X_pixels.shape, "  test examples:", X_test.shape)
print(f"least possible loss {floor:.4f}; full descent is stable below lr = {edge:.2f}")

# %% [markdown] predict="sgd_first_pass"
r"""
With $B = 64$ and lr = 0.1, how many examples will SGD have read when its loss is within 10 % of the least possible?

- [x] About 7,000: a seventh of the data.
- [ ] About 50,000: the whole data once.
- [ ] About 1,000,000: twenty times the data.

Why: About a hundred steps are enough for 8 weights and a bias, and a hundred steps of 64 are 6,400 readings. The other six sevenths of the pot taste the same.
"""


# %% demo
import time


def race(size, lr, seed, updates):
    """Excess loss (relative), passes over the data and seconds, at some of the updates."""
    chance, w, b, spent, log, n = np.random.default_rng(seed), np.zeros(8), 0.0, 0.0, [], len(X_pixels)
    marks, done = set(np.unique(np.geomspace(1, updates, 40).astype(int))), 0
    while done < updates:
        for rows in [slice(None)] if size == n else minibatches(n, size, chance):
            began = time.perf_counter()
            if size == n:  # spare full descent the copying of rows
                slope_w, slope_b = mse_gradient(X_pixels, y_pixels, w, b)
                w, b = w - lr * slope_w, b - lr * slope_b
            else:
                w, b = sgd_step(X_pixels, y_pixels, w, b, lr, rows)
            spent, done = spent + time.perf_counter() - began, done + 1
            if done in marks:
                log.append((mean_squared_error(predict(X_pixels, w, b), y_pixels) / floor - 1, done * size / n, spent))
            if done == updates:
                break
    return np.array(log).T


racers = [(1, 0.01, 20000, "orange", "-"), (64, 0.1, 4000, "green", "--"), (50400, 0.35, 300, "blue", ":")]
laps = {size: np.array([race(size, lr, seed, updates) for seed in range(5)]) for size, lr, updates, *_ in racers}

# %% demo
fig, (left, right) = plots.figure(1, 2, width=9.8, height=3.9)
for size, lr, _, color, style in racers:
    excess, passes, seconds = laps[size].transpose(1, 0, 2)
    for ax, clock in [(left, passes.mean(axis=0)), (right, np.median(seconds, axis=0))]:
        ax.loglog(clock, excess.mean(axis=0), style, color=plots.COLORS[color], label=f"B = {size}, lr = {lr}")
        ax.fill_between(clock, excess.min(axis=0), excess.max(axis=0), color=plots.COLORS[color], alpha=0.15)
for ax in (left, right):
    ax.axhline(0.1, color="black", linewidth=0.8)
    ax.set_ylim(2e-3, 4)
left.set(
    title="By epochs: the smaller the batch, the sooner",
    xlabel="passes over the data",
    ylabel="loss above the least, relative",
)
right.set(title="By the clock: the mini-batch is first", xlabel="seconds of stepping (this computer)")
left.legend(fontsize=9, loc="lower left")
plots.show(
    fig,
    alt="Loss above the least possible one, for batch sizes 1, 64 and 50400, mean and range of five seeds, on logarithmic axes; a line marks ten per cent. Left, against passes over the data: batch size 1 "
    "reaches the line after about 0.02 passes, 64 after about 0.14, full descent after about 28. Right, against seconds: batch size 64 is first, "
    "batch size 1 and full descent come several times later.",
)

# %% demo
for size, lr, *_ in racers:
    excess, passes, _ = laps[size].mean(axis=0)
    first = np.argmax(excess < 0.1)
    print(
        f"B = {size:5d}: within 10 % after reading {passes[first] * 50400:9,.0f} examples, {passes[first]:7.3f} passes"
    )

# %% answer="sgd_first_pass"

# %% [markdown]
r"""
Two clocks, two orders. **By epochs** the single example is ahead at first: it gets the most steps out of a pass. (Later it buzzes, a few per cent above the least loss.) **By seconds** it loses its lead: each step costs NumPy a fixed overhead, and processors are made for many numbers at
once, so a step with 64 examples takes hardly longer than with one. Full descent wastes its time on aim. (The rates were picked by trying a few for each size. Seconds depend on your computer.)

So the batch size is a compromise: as small as the noise allows, as large as the machine takes at no extra cost. Values from 32 to 512 are common.

Now the pictures. Your `sgd`, three epochs, five seeds; then nine dead pixels in each test picture are filled in.
"""

# %% demo
fitted = [sgd(X_pixels, y_pixels, 0.05, 64, 3, np.random.default_rng(seed)) for seed in range(5)]
scores = [1 - mean_squared_error(predict(X_test, w, b), y_test) / np.var(y_test) for w, b, _ in fitted]
exact_score = 1 - mean_squared_error(predict(X_test, exact[:-1], exact[-1]), y_test) / np.var(y_test)
print(f"R² on new pictures: {min(scores):.3f} to {max(scores):.3f} over five seeds; exact solution {exact_score:.3f}")
holes = [(i, j) for i in (1, 3, 5) for j in (1, 4, 6)]


def show_repairs(fitted_w, fitted_b, title):
    fig, axes = plots.figure(3, 6, width=8, height=4.5)
    for column, k in enumerate([1401, 1402, 1405, 1410, 1412, 1425]):
        truth, broken = pictures[k], pictures[k].copy()
        repaired = predict(neighbours(truth[None])[0], fitted_w, fitted_b).reshape(6, 6)
        mended = truth.copy()
        for i, j in holes:
            broken[i, j], mended[i, j] = np.nan, repaired[i - 1, j - 1]
        for row, image in enumerate([truth, broken, mended]):
            ax = axes[row, column]
            ax.set_facecolor(plots.COLORS["orange"])
            ax.imshow(image, cmap="Greys", vmin=0, vmax=1)
            ax.set_xticks([])
            ax.set_yticks([])
            ax.grid(False)
    for ax, name in zip(axes[:, 0], ["truth", "dead pixels", "repaired"]):
        ax.set_ylabel(name)
    fig.suptitle(title)
    return fig


fig = show_repairs(*fitted[0][:2], f"Nine dead pixels filled in from their neighbours: R² = {scores[0]:.2f}")
plots.show(
    fig,
    alt="Six test digits in three rows. Top, the true pictures. Middle, the same with nine orange dead pixels each. Bottom, the dead pixels filled in by the "
    "model; the digits are readable again, with some pixels a little too grey.",
)

# %% [markdown]
r"""
And what did it learn? Eight weights, laid out where the neighbours are. Direct neighbours pull the pixel towards their own value; the corners correct for what is counted twice. Unit 08 will
let a network find such little filters by itself.
"""

# %% demo
all_weights = np.array([w for w, _, _ in fitted])
half_range = np.ptp(all_weights, axis=0) / 2
fig, axes = plots.figure(1, 2, width=7, height=3.3)
for ax, weights, name in [
    (axes[0], all_weights.mean(axis=0), "yours: 5 seeds, ± half range"),
    (axes[1], exact[:-1], "exact"),
]:
    grid, spread = np.insert(weights, 4, np.nan).reshape(3, 3), np.insert(half_range, 4, 0).reshape(3, 3)
    ax.imshow(grid, cmap="PuOr_r", vmin=-0.8, vmax=0.8)
    for (i, j), value in np.ndenumerate(grid):
        text = f"{value:.2f}" if ax is axes[1] else f"{value:.2f}\n± {spread[i, j]:.2f}"
        ax.text(j, i, "pixel" if np.isnan(value) else text, ha="center", va="center", fontsize=11)
    ax.set(title=name, xticks=[], yticks=[])
    ax.grid(False)
fig.suptitle("Side neighbours add, corners take away")
plots.show(
    fig,
    alt="Two grids of three by three with the eight learned weights around the pixel. Both are nearly the same: the four side neighbours have weights of about 0.3 to 0.5, the "
    "four corners about -0.1 to -0.2.",
)

# %% [markdown]
r"""
## 12. Take one thing away: the stirring

The same data, the same lr and batch size, the same plots. Only now the examples come sorted by brightness, dark pixels last, and nobody shuffles. Data often arrives sorted by something: by date, by hospital, by label.
"""

# %% demo
by_brightness = np.argsort(y_pixels, kind="stable")
curves_sorted, w, b = [], np.zeros(8), 0.0
for epoch in range(3):
    for k, first in enumerate(range(0, 50400, 64)):
        w, b = sgd_step(X_pixels, y_pixels, w, b, 0.05, by_brightness[first : first + 64])
        if k % 20 == 0 or k == 787:
            curves_sorted.append((epoch + (k + 1) / 788, mean_squared_error(predict(X_pixels, w, b), y_pixels) / floor))
unstirred = 1 - mean_squared_error(predict(X_test, w, b), y_test) / np.var(y_test)
stirred = np.array([[loss / floor for loss in losses] for _, _, losses in fitted])
fig, ax = plots.figure(width=7, height=3.6)
ax.plot(*np.array(curves_sorted).T, color=plots.COLORS["red"], label="sorted, never shuffled")
ax.errorbar(
    [1, 2, 3],
    stirred.mean(axis=0),
    np.ptp(stirred, axis=0) / 2,
    fmt="o--",
    color=plots.COLORS["green"],
    label="reshuffled, five seeds",
)
ax.set_title("Without stirring, it believes whatever it saw last")
ax.set(xlabel="epoch", ylabel="loss, as a multiple of the least", ylim=(0, 8.8))
ax.legend(fontsize=9)
plots.show(
    fig,
    alt="Loss over three epochs. Sorted and unshuffled, it swings in each epoch between about 2 and 7 times the least loss and ends high, the same way every "
    "time. Reshuffled, it is at 1.00 after each epoch.",
)

# %% demo
print(f"R² on new pictures: stirred {scores[0]:.2f}, not stirred {unstirred:.2f}")
fig = show_repairs(w, b, f"Never shuffled: every hole comes out dark (R² = {unstirred:.2f})")
plots.show(
    fig,
    alt="The same six digits. In the bottom row, repaired with the model trained on sorted data, the dead pixels are filled far too dark, also where the "
    "paper is white.",
)

# %% [markdown]
r"""
The last thousands of examples were all black pixels, so the model ended up saying "black" to everything. The spoon was dipped into one corner of an unstirred pot. **A batch is only a fair taste if
the order is random.** Seeing to that is your part.

## 13. Same numbers elsewhere

Scikit-learn's `SGDRegressor` does SGD with $B = 1$. It uses half the squared error as its loss, so its rate has to be twice ours; and we hand it the examples in our order, with its own shuffling off.
"""

# %% demo
from sklearn.linear_model import SGDRegressor
from sklearn.utils import gen_batches

chance = np.random.default_rng(5)
theirs = SGDRegressor(penalty=None, learning_rate="constant", eta0=2 * 0.01, shuffle=False)
for epoch in range(3):
    dealt_order = np.concatenate(list(minibatches(442, 1, chance)))
    theirs.partial_fit(Z[dealt_order], score[dealt_order])
ours = sgd(Z, score, 0.01, 1, 3, np.random.default_rng(5))
print(f"weights after 3 epochs of B = 1: differ by {abs(theirs.coef_ - ours[0]).max():.0e} at most")
print(f"bias:                            differ by {abs(theirs.intercept_[0] - ours[1]):.0e}")

# %% demo
decaying = SGDRegressor(penalty=None, learning_rate="invscaling", eta0=2 * 0.05, power_t=1.0, shuffle=False)
decaying.partial_fit(Z, score)
w, b = np.zeros(10), 0.0
for step in range(442):
    w, b = sgd_step(Z, score, w, b, learning_rate(step, 0.05, "inverse", 442), [step])
print(f"inverse schedule, 442 steps:     differ by {abs(decaying.coef_ - w).max():.0e}")
print("batches in an epoch, gen_batches:", len(list(gen_batches(442, 32))), "  num_updates:", num_updates(442, 32, 1))
closed_form = sigma / np.sqrt(32) * np.sqrt((442 - 32) / 441)
measured = np.mean([gradient_noise(Z, centred, np.zeros(10), 32, 200, np.random.default_rng(s)) for s in range(10)])
print(f"noise at B = 32: measured {measured:.1f}, NumPy's std and the law {closed_form:.1f}")

# %% [markdown]
r"""
## What to remember

- A batch gradient is right on average and noisy by $\sigma/\sqrt B$, however large the data. Four times the batch, half the noise.
- Deal the whole deck each epoch, and shuffle it anew each time. The short batch at the end counts.
- Far from the minimum small batches win: many rough steps beat one fine one. Near it they buzz; let lr fall towards the end.
- Noise can shake a walk out of a shallow or narrow valley. That flat minima are better is disputed: change the batch size, and check lr before you draw conclusions.
- Parameters are learned from data. Hyperparameters (lr, batch size, epochs, schedule) are a person's choice.

**So why look at only some of the data?** Because the rest would mostly repeat it. A fair spoonful points nearly the same way, and for the price of one full step you can take hundreds.

**Where it leads.** Your `sgd` starts at zero, and for a linear model that is fine. In *05 · Initialization* it no longer is: a network that starts at zero learns nothing, and the noise of this unit cannot save
it. From unit 06 on networks are trained with the very loop you built here.
"""
