# ---
# title: Regularization
# question: How do you stop a network from memorising?
# minutes: 120
# needs: [02_linear_regression, 04_sgd, 06_backprop, 07_mlp, 08_cnn]
# ---

# %% [markdown]
r"""
# 09 · Regularization

**How do you stop a network from memorising?**

A network can learn its 300 examples by heart, mistakes and all, and know little about the next one.
Anything that holds it back from this is called **regularization**. You will build eight such remedies, and then try each of them on the same 300 digits, five times over. Some help, some do not, and some make things worse.

- **Before this:** units 02, 04 and 06 to 08.
- **Time:** about 120 minutes, eleven exercises, most of them short. The end of section 4 is a good place to stop for the night.
- **You will be able to** see from two curves that a network memorises; write L2, L1, early stopping, dropout, augmentation, noise, label smoothing and batch normalisation; derive the backward pass of the last; and find out which of them help, instead of believing it.
"""

# %% setup
import numpy as np

from helpers import check, data, guess, plots

# %% [markdown]
r"""
## 1. Learning by heart

Ten points, measured from a smooth curve, $\sin 3x$, each a little off. We lay polynomials through them: $\hat y = b + w_1 x + w_2 x^2 + \dots$, by least squares, as in unit 02. The **degree** is the highest power. Degree 9 has ten numbers to choose, one for each point.
"""

# %% demo
points = np.random.default_rng(4)
x_few = np.sort(points.uniform(-1, 1, 10))
curve = lambda x: np.sin(3 * x)
y_few = curve(x_few) + points.normal(0, 0.25, 10)
x_new = points.uniform(x_few[0], x_few[-1], 200)
y_new = curve(x_new) + points.normal(0, 0.25, 200)
powers = lambda x, degree: x[:, None] ** np.arange(1, degree + 1)  # (n, degree): x, x², x³ …
error = lambda predictions, y: np.mean((predictions - y) ** 2)


def draw_degree(ax, degree):
    fitted = np.polynomial.Polynomial.fit(x_few, y_few, degree)
    line = np.linspace(x_few[0], x_few[-1], 300)
    ax.plot(line, curve(line), ":", color=plots.COLORS["grey"], label="where they come from")
    ax.plot(line, fitted(line), color=plots.COLORS["orange"], label="the polynomial")
    ax.plot(x_few, y_few, "o", color=plots.COLORS["black"])
    ax.set(ylim=(-3, 3), xlabel="x", ylabel="y")
    ax.set_title(f"degree {degree}\nerror here {error(fitted(x_few), y_few):.2f}, on new points {error(fitted(x_new), y_new):.2f}", fontsize=11)
    ax.legend(loc="lower right", fontsize=9)


plots.slider(
    draw_degree,
    "degree",
    range(1, 10),
    figsize=(5.6, 4.4),
    alt="Ten points and a polynomial through them, for degrees 1 to 9. Degree 1 is too stiff. Degree 5 comes near the dotted curve the points were measured from. Degree 9 goes "
    "through every point, its error there is 0, and swings far off between them.",
)

# %% [markdown]
r"""
The ten points it was fitted to are the **training set**, and their error only falls as the degree grows. The error on points it has not seen falls and then rises. The distance between the two errors is the **generalisation gap**; a large one is called **overfitting**.

A network has far more than ten numbers. Here is the one of this unit: 64 pixels, 100 hidden ReLU units, 10 logits. It is fully connected, as in unit 07, since that trains fast and section 7 needs 110 of them. Its code is that of units 06 and 07, with places for the remedies: skim it. (`a | b` joins two dictionaries.) The dictionary `use` names the remedies: `use = {}` means none, `use = {"l2": 0.005}` an L2 penalty of that strength (section 3).
"""

# %% demo
pixels, digits = data.digits()
heap = np.random.default_rng(0).permutation(len(pixels))
pixels, digits = pixels[heap], digits[heap]
few, labels = pixels[:300], digits[:300]  # all it may learn from
val, val_labels = pixels[300:600], digits[300:600]  # for choosing
test, test_labels = pixels[600:], digits[600:]  # 1197 digits, for the last judgement


# %% demo
def start(seed):
    draw = np.random.default_rng(seed)
    params = {"W1": draw.normal(0, np.sqrt(2 / 64), (64, 100)), "b1": np.zeros(100)}
    params |= {"W2": draw.normal(0, np.sqrt(2 / 100), (100, 10)), "b2": np.zeros(10)}
    return params | {"gamma": np.ones(100), "beta": np.zeros(100)}, {"mean": np.zeros(100), "var": np.ones(100)}


def forward(params, running, X, use, training, rng=None):
    hidden, mask, cache = X @ params["W1"] + params["b1"], None, None
    if "batch_norm" in use:
        hidden, cache = batch_norm(hidden, params["gamma"], params["beta"], running, training)
    hidden = np.maximum(hidden, 0)
    opened = hidden > 0
    if "dropout" in use:
        hidden, mask = dropout(hidden, use["dropout"], rng, training)
    return hidden @ params["W2"] + params["b2"], (hidden, opened, mask, cache)


def log_softmax(logits):
    logits = logits - logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


# %% demo
def gradients(params, running, X, targets, use, rng):
    logits, (hidden, opened, mask, cache) = forward(params, running, X, use, True, rng)
    g = (np.exp(log_softmax(logits)) - targets) / len(X)  # cross-entropy with softmax, unit 06
    grads, back = {"W2": hidden.T @ g, "b2": g.sum(axis=0)}, g @ params["W2"].T
    if mask is not None:
        back = dropout_backward(back, mask)
    back = back * opened
    if cache is not None:
        back, grads["gamma"], grads["beta"] = batch_norm_backward(back, cache)
    grads |= {"W1": X.T @ back, "b1": back.sum(axis=0)}
    for name in {"l2", "l1"} & set(use):
        penalty = {"l2": l2_penalty, "l1": l1_penalty}[name]
        _, more = penalty([params["W1"], params["W2"]], use[name])
        grads["W1"], grads["W2"] = grads["W1"] + more[0], grads["W2"] + more[1]
    return grads


def judge(network, X, labels, use):
    """The loss and the share right, with everything switched to evaluation."""
    log_p = log_softmax(forward(*network, X, use, training=False)[0])
    return -log_p[np.arange(len(X)), labels].mean(), np.mean(log_p.argmax(axis=1) == labels)


# %% demo
def train_network(use, seed, X, labels, num_epochs=80, lr=0.2, batch_size=30):
    """The trained network (params, running), and after each epoch: loss and share right, in training and validation."""
    (params, running), rng = start(seed), np.random.default_rng(1000 + seed)
    targets, networks, history = np.eye(10)[labels], [], []
    if "smooth" in use:
        targets = smooth_labels(targets, use["smooth"])
    for _ in range(num_epochs):
        seen = X
        if "shift" in use:  # new versions of the same pictures, each epoch
            seen = random_shift(seen.reshape(-1, 1, 8, 8), use["shift"], rng).reshape(-1, 64)
        if "noise" in use:
            seen = add_noise(seen, use["noise"], rng)
        for rows in np.split(rng.permutation(len(X)), range(batch_size, len(X), batch_size)):
            grads = gradients(params, running, seen[rows], targets[rows], use, rng)
            params = params | {name: params[name] - lr * grad for name, grad in grads.items()}
        networks.append((params, {name: np.array(v) for name, v in running.items()}))
        if "stop" in use or use.get("watch"):
            history.append([*judge(networks[-1], X, labels, use), *judge(networks[-1], val, val_labels, use)])
    best = early_stopping([row[2] for row in history], use["stop"])[0] if "stop" in use else -1
    return networks[best], np.array(history)


# %% [markdown] predict="reg_dice"
r"""
We throw away the labels of the 300 digits and give each a random one. There is nothing to be learned from them. How many of the 300 has the network right after 200 epochs?

- [ ] About 30: guessing among ten.
- [ ] About 150.
- [x] All 300.

Why: The network has 7,510 weights and biases, 25 for each example. It can note every answer. Getting the training set right therefore proves nothing; on new digits it is right in about one of ten, by luck.
"""

# %% demo
dice = np.random.default_rng(7).integers(0, 10, 300)
by_heart, _ = train_network({}, 0, few, dice, num_epochs=200)
print(f"random labels: right on the 300 in training {judge(by_heart, few, dice, {})[1]:.0%}, on new digits {judge(by_heart, test, test_labels, {})[1]:.0%}")

# %% answer="reg_dice"

# %% [markdown]
r"""
## 2. Watching the gap, and stopping in time

Real labels are rarely all random, and rarely all right. Let 60 of our 300, one in five, be **wrong**: the people who wrote them down were tired. 300 other digits, the **validation set**, are never used for a gradient; they tell us what the network is worth while it learns.
"""

# %% demo
tired = np.random.default_rng(5)
wrong = tired.choice(300, 60, replace=False)
tired_labels = labels.copy()
tired_labels[wrong] = (labels[wrong] + tired.integers(1, 10, 60)) % 10  # another digit than the right one
_, watched = train_network({"watch": True}, 0, few, tired_labels, num_epochs=150)
fig, (left, right) = plots.figure(1, 2, width=9.4, height=3.6)
for ax, column, name in [(left, 0, "loss"), (right, 1, "share right")]:
    ax.plot(watched[:, column], color=plots.COLORS["blue"], label="training, a fifth of it wrong")
    ax.plot(watched[:, column + 2], "--", color=plots.COLORS["orange"], label="validation")
    ax.set(xlabel="epoch", ylabel=name)
lowest = int(watched[:, 2].argmin())
left.plot(lowest, watched[lowest, 2], "o", color=plots.COLORS["red"], label=f"lowest, epoch {lowest}")
right.axhline(0.8, color=plots.COLORS["grey"], linestyle=":", label="the right labels: four fifths")
right.axvline(lowest, color=plots.COLORS["red"], linewidth=1, alpha=0.6)
left.set_title("The validation loss falls, then rises")
right.set_title("Learning the mistakes costs the rest")
left.legend(fontsize=9, loc="upper right")
right.legend(fontsize=9, loc="lower right")
plots.show(
    fig,
    alt="Left, loss against epoch: the training loss falls all the way, the validation loss falls until epoch 25 and then slowly rises. Right, share right: at epoch 25 training has "
    "passed the dotted line at 0.8 a little; it climbs on to nearly 1, wrong labels and all, while validation reaches about 0.9 and then falls to about 0.82.",
)

# %% [markdown]
r"""
At first it learns what many digits have in common: at epoch 25, the red line, it is right on hardly more than the four fifths whose labels are right. After that it learns single digits, mistakes included. So: stop when the validation loss has not improved for a while, and go back to the best epoch. This is **early stopping**. The number of epochs you wait is the **patience**.

By hand, with patience 2 and the validation losses 0.9, 0.5, 0.6, 0.4, 0.45, 0.5, 0.3:

| epoch | 0 | 1 | 2 | 3 | 4 | 5 |
|---|---|---|---|---|---|---|
| loss | 0.9 | 0.5 | 0.6 | 0.4 | 0.45 | 0.5 |
| best epoch so far | 0 | 1 | 1 | 3 | 3 | 3 |
| epochs since | 0 | 0 | 1 | 0 | 1 | 2: stop |

The answer is `(3, 5)`. The 0.3 of epoch 6 is never seen.
"""


# %% exercise="early_stopping" difficulty=2 importance=5 minutes=9
def early_stopping(val_losses, patience):
    """Where training stops, and which epoch to go back to.

    val_losses: one or more validation losses, one for each epoch; epochs count from 0   patience: 1 or more
    Returns best_epoch and stop_epoch, whole numbers. An epoch improves only if its loss is strictly below the best so
    far. stop_epoch is the first epoch with epoch - best_epoch >= patience, or the last epoch if there is none;
    best_epoch is the best one up to the stop.
    """
    ### BEGIN SOLUTION
    best_epoch = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch >= patience:
            break
    return best_epoch, epoch
    ### END SOLUTION


# %% check="early_stopping" points=4
check(early_stopping)

# %% demo
for patience in (1, 3, 20):
    best, stop = early_stopping(watched[:, 2], patience)
    print(f"patience {patience:2d}: stops after epoch {stop:3d}, goes back to {best:2d}, {watched[best, 3]:.0%} of the validation digits right (at the end: {watched[-1, 3]:.0%})")

# %% [markdown]
r"""
Too little patience stops at the first bump. And note what was used: the validation set has now helped to choose, so it no longer tells the truth about new digits. For that a third set, the **test set**, is kept apart.

## 3. A price on large weights

Look at the weights of the polynomials. To swing so wildly, degree 9 needs huge ones.
"""

# %% demo
for degree in (1, 3, 5, 9):
    w = np.polynomial.Polynomial.fit(x_few, y_few, degree).convert().coef[1:]
    print(f"degree {degree}: largest weight {abs(w).max():9.1f}")

# %% [markdown]
r"""
So let weights cost something. Minimise the squared errors **plus** a penalty:

$$\|y - Xw - b\|^2 + \lambda \|w\|^2, \qquad \|w\|^2 = w_1^2 + \dots + w_d^2 .$$

$\lambda$ (lambda) is the **strength**. This is **ridge regression**. The bias is not penalised: it only says how high $y$ is on average.

The best $w$ is found as in unit 02. For any $w$, the best bias makes the residuals add up to 0: $b = \bar y - \bar x \cdot w$, where $\bar x$ are the column means of $X$. Put that in, and the problem is about the **centred** $X_c = X - \bar x$ and $y_c = y - \bar y$, without a bias. Set the gradient to zero:

$$-2 X_c^\top (y_c - X_c w) + 2 \lambda w = 0 \quad\Longrightarrow\quad (X_c^\top X_c + \lambda I)\, w = X_c^\top y_c .$$

$I$ is the identity matrix: ones on the diagonal, zeros elsewhere. With $\lambda > 0$ there is always exactly one such $w$, even where there are more columns than rows.

By hand: $x = (1, 2, 6)$, $y = (2, 3, 7)$, $\lambda = 2$. Centred: $(-2, -1, 3)$ and $(-2, -1, 3)$. So $(14 + 2) w = 14$, $w = 0.875$, and $b = 4 - 3 \cdot 0.875 = 1.375$. Without the penalty $w$ would be 1.
"""


# %% exercise="ridge" difficulty=3 importance=4 minutes=10
def ridge(X, y, strength):
    """Linear regression with a penalty on the weights.

    X: (n, d) array   y: (n,) array   strength: above 0
    Returns w (d,) and b, a number, that minimise ||y - Xw - b||^2 + strength * ||w||^2, a sum of squares and not a
    mean. The bias is not penalised. d may be larger than n. Leaves its inputs unchanged.
    scikit-learn's `Ridge` is refused.
    """
    ### BEGIN SOLUTION
    middle = X.mean(axis=0)
    centred = X - middle
    w = np.linalg.solve(centred.T @ centred + strength * np.eye(X.shape[1]), centred.T @ y)
    return w, y.mean() - middle @ w
    ### END SOLUTION


# %% check="ridge" points=4
check(ridge)

# %% [markdown] predict="reg_ridge_train"
r"""
Degree 9 again, now with a penalty. As its strength grows, the error on the ten *training* points …

- [ ] falls at first: the curve gets better.
- [x] only rises.
- [ ] stays 0, as the curve can still reach all points.

Why: Without a penalty the training error is as small as it can be. Any penalty pulls away from that. It pays where you cannot look while fitting: on new points.
"""

# %% demo
X_few, X_new = powers(x_few, 9), powers(x_new, 9)


def draw_ridge(ax, exponent):
    w, b = ridge(X_few, y_few, 10.0**exponent)
    line = np.linspace(x_few[0], x_few[-1], 300)
    ax.plot(line, curve(line), ":", color=plots.COLORS["grey"], label="where they come from")
    ax.plot(line, powers(line, 9) @ w + b, color=plots.COLORS["orange"], label="degree 9 with a penalty")
    ax.plot(x_few, y_few, "o", color=plots.COLORS["black"])
    ax.set(ylim=(-3, 3), xlabel="x", ylabel="y")
    ax.set_title(f"strength 10^{exponent}\nerror here {error(X_few @ w + b, y_few):.2f}, on new points {error(X_new @ w + b, y_new):.2f}", fontsize=11)
    ax.legend(loc="lower right", fontsize=9)


plots.slider(
    draw_ridge,
    "strength = 10 to the power",
    range(-12, 3),
    strip=3,
    figsize=(5.6, 4.4),
    alt="The polynomial of degree 9 with a penalty. At strength 10^-12 it swings through all points. In the middle of the range it follows the dotted curve. At 100 it is nearly flat.",
)

# %% demo
exponents = np.arange(-12, 3, 0.5)
fits = [ridge(X_few, y_few, 10.0**e) for e in exponents]
fig, ax = plots.figure(width=6.4, height=3.4)
ax.plot(exponents, [error(X_few @ w + b, y_few) for w, b in fits], "o-", markersize=4, label="training")
ax.plot(exponents, [error(X_new @ w + b, y_new) for w, b in fits], "s--", markersize=4, label="new points")
ax.set(yscale="log", xlabel="strength, 10 to the power", ylabel="mean squared error", title="The training error rises; the other has a lowest place")
ax.legend()
plots.show(fig, alt="Mean squared error against the strength of the penalty. On the training points it only rises. On new points it falls from 72 to about 0.1, is lowest between 10^-4 and 10^-2, and rises again when the penalty is too strong.")

# %% answer="reg_ridge_train"

# %% [markdown]
r"""
### The same for a network

No closed formula there, but a penalty is one more term of the loss, and its gradient is added to that of the weights. Two kinds are in use:

$$\text{L2:}\quad \frac{\lambda}{2} \sum W_{ij}^2, \qquad\qquad \text{L1:}\quad \lambda \sum |W_{ij}| .$$

The sums run over all weights of all layers; biases go free, as before. The ½ is there so that the gradient of L2 is $\lambda W$, without a 2. Write $G$ for the gradient without the penalty, and a step is $W - \text{lr}\,(G + \lambda W) = (1 - \text{lr} \cdot \lambda)\, W - \text{lr}\, G$. Each weight shrinks a little in every step, and so L2 is also called **weight decay**.
"""


# %% exercise="l2_penalty" difficulty=1 importance=5 minutes=5
def l2_penalty(weights, strength):
    """The L2 penalty of all weights of a network, and its gradients.

    weights: a list of one or more arrays, of any shapes   strength: 0 or more
    Returns penalty, the number strength/2 times the sum of all squared entries of all arrays, and grads, a list with one
    array for each array of weights, of the same shape. Leaves the weights unchanged.
    """
    ### BEGIN SOLUTION
    penalty = strength / 2 * sum(np.sum(W**2) for W in weights)
    return penalty, [strength * W for W in weights]
    ### END SOLUTION


# %% check="l2_penalty" points=2
check(l2_penalty)

# %% [markdown]
r"""
L1 takes absolute values. $|w|$ has the slope $+1$ right of zero and $-1$ left of it. At 0 it has a kink; we take 0 there.
"""


# %% exercise="l1_penalty" difficulty=2 importance=4 minutes=5
def l1_penalty(weights, strength):
    """The L1 penalty of all weights of a network, and its gradients.

    weights: a list of one or more arrays, of any shapes   strength: 0 or more
    Returns penalty, the number strength times the sum of the absolute values of all entries of all arrays, and grads, a
    list with one array for each array of weights, of the same shape; where a weight is exactly 0 its gradient
    is 0. Leaves the weights unchanged and gives no warnings.
    """
    ### BEGIN SOLUTION
    penalty = strength * sum(np.abs(W).sum() for W in weights)
    return penalty, [strength * np.sign(W) for W in weights]
    ### END SOLUTION


# %% check="l1_penalty" points=2
check(l1_penalty)

# %% [markdown] predict="reg_l1_l2"
r"""
One weight is 2, another 0.01. Under which penalty is the *small* one pulled towards zero just as hard as the large one?

- [ ] L2
- [x] L1
- [ ] Under both

Why: The pull of L2 is λ · w, so for the small weight it is 200 times weaker: it shrinks more and more slowly and never arrives. L1 pulls with λ, whatever the size, until the weight is zero. So L1 switches weights off. (In the figure many come to rest near 0.0001 and not at 0: one step of L1 is 0.2 · 0.0005 = 0.0001 long, and hops across 0 and back.)
"""

# %% demo
fig, ax = plots.figure(width=6.6, height=3.6)
for name, use, style in [("none", {}, "-"), ("L2, strength 0.005", {"l2": 0.005}, "--"), ("L1, strength 0.0005", {"l1": 0.0005}, "-.")]:
    (params, _), _ = train_network(use, 0, few, labels)
    sizes = np.sort(abs(params["W1"]).ravel())[::-1]
    ax.semilogy(sizes, style, label=name)
    print(f"{name:20s} weights below 0.001: {np.mean(sizes < 0.001):.0%}, largest {sizes[0]:.2f}")
ax.set(ylim=(1e-5, 2), xlabel="weights of the first layer, from the largest to the smallest", ylabel="size", title="L2 makes all weights smaller, L1 switches many off")
ax.legend(loc="lower left")
plots.show(fig, alt="The 6,400 weights of the first layer, sorted by size, on a log scale. With L2 the curve lies below that without a penalty, of like shape. With L1 it breaks off after some 4,400 weights, and the rest lies near zero.")

# %% answer="reg_l1_l2"

# %% [markdown]
r"""
## 4. Dropout: rely on nobody

In every training step, and for every example of the batch anew, each hidden unit is **dropped**, set to 0, with chance $p$. No unit can rely on a certain other one being there, so no crew of units can memorise an example together. When the network is used, all units are present.

But then each sum would suddenly have more terms than in training. With $p = 0.5$, twice as many. So the survivors are scaled up while training: a kept entry is multiplied by $1/(1-p)$. On average each entry stays as it was: $p \cdot 0 + (1-p) \cdot \frac{x}{1-p} = x$. This is **inverted dropout**. Watch one network in eight training steps.
"""


# %% demo
def draw_dropped(ax, step):
    throw = np.random.default_rng(step).random(8) >= 0.5
    layers = [[(0, y) for y in np.linspace(-2, 2, 4)], [(1, y) for y in np.linspace(-3, 3, 8)], [(2, y) for y in np.linspace(-1.5, 1.5, 3)]]
    for unit, there in zip(layers[1], throw):
        for other in layers[0] + layers[2]:
            if there:
                ax.plot(*zip(unit, other), color="0.7", linewidth=0.8, zorder=0)
    for layer in layers:
        for i, (x, y) in enumerate(layer):
            off = x == 1 and not throw[i]
            ax.plot(x, y, "X" if off else "o", markersize=9 if off else 14, color=plots.COLORS["red" if off else "sky"], markeredgecolor="black")
    ax.set(title=f"step {step}: {throw.sum()} of 8 hidden units", xlim=(-0.3, 2.3), ylim=(-3.6, 3.6))
    ax.axis("off")


plots.animate(
    draw_dropped,
    range(1, 9),
    interval=900,
    strip=4,
    figsize=(4, 3.6),
    alt="A small network with eight hidden units, in several training steps. In each step a different handful of the hidden units is crossed out and has lost its lines; about half remain.",
)


# %% exercise="dropout" difficulty=3 importance=5 minutes=8
def dropout(x, p, rng, training):
    """Inverted dropout.

    x: an array of any shape   p: the chance to drop an entry, 0 <= p < 1   rng: a NumPy generator
    training: True drops, each entry by a draw of its own from rng; False drops nothing
    Returns output, which is x times mask, and mask, an array of the shape of x: 0 where an entry was dropped and
    1/(1 - p) where it was kept; all ones when not training. Leaves x unchanged.
    """
    ### BEGIN SOLUTION
    mask = (rng.random(x.shape) >= p) / (1 - p) if training else np.ones(x.shape)
    return x * mask, mask
    ### END SOLUTION


# %% check="dropout" points=4
check(dropout)

# %% [markdown]
r"""
Backward: forward, each entry was multiplied by its own number in the mask. You know what a multiplication does to a gradient. (If $x = 3$ was kept with scale 2, the output is 6, and a nudge of $x$ by 0.1 moves it by 0.2.)
"""


# %% exercise="dropout_backward" difficulty=1 importance=4 minutes=3
def dropout_backward(grad_output, mask):
    """Gradient of the loss with respect to x, where output, mask = dropout(x, ...).

    grad_output: an array   mask: an array of the same shape, as dropout returned it
    Returns an array of floats of that shape. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    return grad_output * mask
    ### END SOLUTION


# %% check="dropout_backward" points=2
check(dropout_backward)

# %% [markdown] predict="reg_forgot_dropout"
r"""
You train with dropout, $p = 0.5$, and forget to switch it off when the network is used. What happens when it reads the same digit a hundred times?

- [ ] Always the same answer: its weights do not change.
- [x] For some digits the answer changes from one time to the next.
- [ ] It is always wrong, since half of it is missing.

Why: Each time other units are missing. Clear digits are read rightly by any half of the network; doubtful ones are not, and overall some more are wrong. The remedy is one word: training=False.
"""

# %% demo
thinned = {"dropout": 0.5}
dropping, _ = train_network(thinned, 0, few, labels)
dice_thrower = np.random.default_rng(0)
answers = np.array([forward(*dropping, test, thinned, True, dice_thrower)[0].argmax(axis=1) for _ in range(100)])  # (100, 1197)
changing = np.mean((answers != answers[0]).any(axis=0))
print(f"switched off: {judge(dropping, test, test_labels, thinned)[1]:.1%} right;  forgotten: {np.mean(answers == test_labels):.1%} right on average")
print(f"forgotten: {changing:.0%} of the digits get different answers in 100 readings")

# %% answer="reg_forgot_dropout"

# %% [markdown]
r"""
## 5. More data, for free

The best remedy against too few digits is more digits. **Augmentation** makes some up: a digit moved by a pixel is still that digit. Draw a new shift for each picture in each epoch, and the network never sees the same 300 pictures twice.

The picture below is moved by $dy = 1$, $dx = -1$: one row down, one column to the left. The gap is filled with zeros, paper. What leaves the frame is lost; it does **not** come back on the other side.
"""

# %% demo
moves = [(0, 0), (1, -1), (-1, 1), (2, 0)]
fig, axes = plots.figure(1, 5, width=8.6, height=2.2)
for ax, (dy, dx) in zip(axes, moves):
    framed = np.pad(few[3].reshape(8, 8), 2)
    ax.imshow(framed[2 - dy : 10 - dy, 2 - dx : 10 - dx], cmap="Greys")
    ax.set_title(f"dy {dy}, dx {dx}", fontsize=11)
axes[4].imshow(np.roll(few[3].reshape(8, 8), 2, axis=0), cmap="Greys")
axes[4].set_title("np.roll: wrong", fontsize=11)
for ax in axes:
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(False)
    ax.spines[:].set_visible(True)  # the frame of the picture
plots.show(fig, alt="A two, 8 by 8 pixels; the same moved down and left, up and right, and two rows down. In the last picture np.roll was used: what left at the bottom comes back at the top.")


# %% exercise="random_shift" difficulty=4 importance=4 minutes=14
def random_shift(images, max_shift, rng):
    """Each image moved by a whole number of pixels, down or up and right or left.

    images: (n, c, h, w) array   max_shift: 0 or more, smaller than h and w   rng: a NumPy generator
    Returns an array of the same shape. Each image has its own dy and dx, drawn apart, whole numbers from -max_shift to
    max_shift, both ends included, all equally likely; all channels of an image move together. The gap is filled with
    zeros, and nothing comes back on the other side. Leaves images unchanged.
    """
    ### BEGIN SOLUTION
    n, _, h, w = images.shape
    margin = (max_shift, max_shift)
    framed = np.pad(images, ((0, 0), (0, 0), margin, margin))
    corners = rng.integers(0, 2 * max_shift + 1, size=(n, 2))
    return np.array([image[:, i : i + h, j : j + w] for image, (i, j) in zip(framed, corners)])
    ### END SOLUTION


# %% check="random_shift" points=5
check(random_shift)

# %% [markdown]
r"""
A cruder way to make up data: add a little **noise** to every pixel, Gaussian, mean 0, a new draw for each entry. A person reads the noisy digit just as well, so the network should.
"""


# %% exercise="add_noise" difficulty=1 importance=3 minutes=4
def add_noise(x, std, rng):
    """x with Gaussian noise on it.

    x: an array of any shape   std: the standard deviation of the noise, 0 or more   rng: a NumPy generator
    Returns an array of the same shape: to each entry a draw of its own is added, from a normal distribution with mean 0.
    Nothing is cut off or rounded. Leaves x unchanged.
    """
    ### BEGIN SOLUTION
    return x + rng.normal(0, std, x.shape)
    ### END SOLUTION


# %% check="add_noise" points=2
check(add_noise)

# %% demo
versions = np.random.default_rng(2)
some = few[:6].reshape(-1, 1, 8, 8)
fig, axes = plots.figure(3, 6, width=7.6, height=4.0)
for row, pictures, name in zip(axes, [some, random_shift(some, 1, versions), add_noise(some, 0.2, versions)], ["as they are", "shifted", "noisy"]):
    for ax, picture in zip(row, pictures):
        ax.imshow(picture[0], cmap="Greys", vmin=0, vmax=1)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
    row[0].set_ylabel(name)
plots.show(fig, alt="Three rows of six digits: as they are; each moved by up to one pixel in its own direction; and with grey noise on every pixel. All can still be read.")

# %% [markdown]
r"""
### Never quite sure

Cross-entropy is never satisfied: it wants the probability of the right class to be 1, and the logits grow without end. **Label smoothing** asks for less. Of each one-hot row it keeps the share $1 - \varepsilon$, and spreads $\varepsilon$ (epsilon) evenly over all $k$ classes, the right one included:

$$(0, 1, 0, 0) \text{ with } \varepsilon = 0.2 \quad\to\quad (0.05,\ 0.85,\ 0.05,\ 0.05) .$$
"""


# %% exercise="smooth_labels" difficulty=1 importance=3 minutes=4
def smooth_labels(one_hot, eps):
    """Label smoothing.

    one_hot: (n, k) array, a single 1 in each row and 0 elsewhere   eps: from 0 to 1
    Returns an array of floats (n, k): (1 - eps) * one_hot + eps / k. Each row still adds up to 1. Leaves one_hot unchanged.
    """
    ### BEGIN SOLUTION
    return (1 - eps) * one_hot + eps / one_hot.shape[1]
    ### END SOLUTION


# %% check="smooth_labels" points=2
check(smooth_labels)

# %% demo
fig, ax = plots.figure(width=6.6, height=3.2)
for (name, use), hatch, color in zip({"one-hot": {}, "smoothed, eps = 0.2": {"smooth": 0.2}}.items(), ["", "//"], ["blue", "orange"]):
    network, _ = train_network(use, 0, few, labels)
    log_p = log_softmax(forward(*network, test, use, False)[0])
    missed = log_p.argmax(axis=1) != test_labels
    print(f"{name:20s} {1 - missed.mean():.1%} right; how sure it is of its wrong answers: {np.exp(log_p.max(axis=1))[missed].mean():.2f}")
    ax.hist(np.exp(log_p.max(axis=1)), bins=np.linspace(0, 1, 26), alpha=0.6, hatch=hatch, color=plots.COLORS[color], edgecolor="black", label=name)
ax.set(xlabel="probability of its answer", ylabel="test digits", title="Smoothed labels make it less sure of itself")
ax.legend(loc="upper left")
plots.show(fig, alt="Histogram of the probability that a network gives its answer, over the test digits. Trained on one-hot labels most answers are above 0.95. Trained on smoothed labels most lie around 0.8.")

# %% [markdown]
r"""
## 6. Batch normalisation

The eighth remedy was not invented as one. In unit 05 the sizes of the activations decided whether a deep network learns at all. **Batch normalisation** sets them in every step: it takes a batch $x$ of shape $(n, d)$ and brings each **column** to mean 0 and variance 1, over the $n$ examples of the batch. Then two learned numbers for each column, $\gamma$ (gamma) and $\beta$ (beta), may give it another scale and place:

$$z = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad \text{output} = \gamma \cdot z + \beta .$$

$\mu$ (mu) and $\sigma^2$ (sigma squared) are the mean and the variance of the column, and $\varepsilon = 10^{-5}$ (not the $\varepsilon$ of label smoothing) keeps the division safe. By hand: the column $(1, 2, 6)$ has mean 3 and variance $(4 + 1 + 9)/3 = 4.67$, so $z = (-0.93, -0.46, 1.39)$.

Why should that hold a network back? Each example is now seen together with others, a new company in each epoch, and $\mu$ and $\sigma$ differ a little each time: noise.

And when the network is used? One picture alone has no company. So while training we keep **running** values, a slow average over the batches:

$$\text{running} \leftarrow \text{momentum} \cdot \text{running} + (1 - \text{momentum}) \cdot \text{batch},$$

for the mean and for the variance. When the network is used, in *evaluation*, the layer takes these values, and they do not change.

### Bug hunt

Here is a colleague's layer. It trains without a complaint.
"""


# %% draft="batch_norm"
def batch_norm_draft(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    mean, var = x.mean(axis=0), x.var(axis=0)
    running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
    running["var"] = momentum * running["var"] + (1 - momentum) * var
    z = (x - mean) / np.sqrt(var + eps)
    return gamma * z + beta, (z, gamma, np.sqrt(var + eps))


# %% [markdown] predict="reg_single"
r"""
The colleague trains a network with it and puts it to use: pictures come in one at a time, with `training=False`. What does it answer?

- [ ] The same as it would with all pictures at once.
- [ ] Something slightly different, since one picture is a small sample.
- [x] The same answer for every picture.

Why: One picture is its own mean. x − mean is 0 in every column, whatever the picture, so the output is beta, always. The layer never looks at training.
"""

# %% demo
draw = np.random.default_rng(0)
state, gamma, beta = {"mean": np.zeros(3), "var": np.ones(3)}, np.array([1.0, 2.0, 0.5]), np.array([0.1, 0.2, 0.3])
for _ in range(50):
    batch_norm_draft(draw.normal([5.0, -2.0, 0.0], [1.0, 3.0, 2.0], size=(30, 3)), gamma, beta, state, training=True)
print("after 50 batches, running mean", state["mean"].round(1), " running var", state["var"].round(1))
for _ in range(3):
    one = draw.normal([5.0, -2.0, 0.0], [1.0, 3.0, 2.0], size=(1, 3))
    print("one example:", one[0].round(1), " →", batch_norm_draft(one, gamma, beta, state, training=False)[0][0])
print("afterwards,         running mean", state["mean"].round(1), " running var", state["var"].round(1))

# %% answer="reg_single"

# %% [markdown]
r"""
Two things are wrong, and they have one cause. Mend it. In `cache` put whatever you will want for the backward pass; in evaluation it may be anything.
"""


# %% exercise="batch_norm" difficulty=3 importance=5 minutes=10
def batch_norm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    """Batch normalisation.

    x: (n, d) array   gamma, beta: (d,) arrays   running: the caller's dict with the float arrays "mean" and "var", (d,)
    training: True takes mean and variance of the batch, for each column, and also moves both running values:
        momentum * running + (1 - momentum) * batch. False takes the running ones and leaves them as they are.
    Returns output (n, d), gamma * (x - mean) / sqrt(var + eps) + beta, and cache, whatever you like. Variances are over
    n, the running one too. The dict `running` itself is changed (running["mean"] = ...); x, gamma and beta are not.
    """
    ### BEGIN SOLUTION
    if not training:
        mean, var = running["mean"], running["var"]
    else:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
        running["var"] = momentum * running["var"] + (1 - momentum) * var
    std = np.sqrt(var + eps)
    z = (x - mean) / std
    return gamma * z + beta, (z, gamma, std)
    ### END SOLUTION


# %% check="batch_norm" points=5
check(batch_norm)

# %% [markdown]
r"""
### Its backward pass

`gamma` and `beta` are old friends: one multiplies, one is added, and both are shared by all $n$ rows, so their gradients are sums over the rows. What is new: each $x_i$ of a column moves the mean and the variance, and through them **every** $z_j$ of that column.

Take one column, with $s = \sqrt{\sigma^2 + \varepsilon}$. A nudge of $x_i$ moves

- the mean by $\dfrac{\partial \mu}{\partial x_i} = \dfrac{1}{n}$,
- the variance by $\dfrac{\partial \sigma^2}{\partial x_i} = \dfrac{2}{n}(x_i - \mu)$, and so $s$ by $\dfrac{1}{2s} \cdot \dfrac{2}{n} (x_i - \mu) = \dfrac{z_i}{n}$.

Put into the derivative of $z_j = (x_j - \mu)/s$, where $\delta_{ij}$ is 1 for $i = j$ and else 0:

$$\frac{\partial z_j}{\partial x_i} = \frac{1}{s}\Big(\delta_{ij} - \frac{1}{n}\Big) - \frac{x_j - \mu}{s^2} \cdot \frac{z_i}{n} = \frac{1}{s}\Big(\delta_{ij} - \frac{1}{n} - \frac{z_i z_j}{n}\Big) .$$

Let $h_j$ be the gradient that reaches $z_j$, that is $\gamma$ times the gradient of the output. Add up over $j$:

$$\boxed{\;\text{grad}_{x_i} = \frac{1}{s}\Big(h_i - \overline{h} - z_i \cdot \overline{h z}\Big)\;}$$

where a bar is the mean over the batch. In words: whatever in the gradient would only move the whole column, or only stretch it, is taken off. The normalisation would undo such a move anyway.
"""


# %% exercise="batch_norm_backward" difficulty=4 importance=4 minutes=14
def batch_norm_backward(grad_output, cache):
    """Gradients of the loss with respect to the input, gamma and beta of batch_norm, in training.

    grad_output: (n, d) array, n is 2 or more   cache: what your batch_norm returned, called with training=True
    Returns grad_x (n, d), grad_gamma (d,) and grad_beta (d,). Where the loss is a mean, its 1/n is in grad_output
    already. Mean and variance depend on x. Leaves grad_output unchanged.
    """
    ### BEGIN SOLUTION
    z, gamma, std = cache
    h = grad_output * gamma
    grad_x = (h - h.mean(axis=0) - z * (h * z).mean(axis=0)) / std
    return grad_x, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)
    ### END SOLUTION


# %% check="batch_norm_backward" points=5
check(batch_norm_backward)

# %% [markdown]
r"""
Now measure it. Nudge every entry (unit 06), and look at two properties: the columns of `grad_x` add up to 0, and so do those of `grad_x` times $z$ (but for the tiny $\varepsilon$).
"""


# %% demo
def nudged(loss, at, h=1e-5):
    slopes = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[i] = h
        slopes[i] = (loss(at + step) - loss(at - step)) / (2 * h)
    return slopes


fresh = lambda: {"mean": np.zeros(3), "var": np.ones(3)}
x5, up5 = draw.normal(2, 3, size=(5, 3)), draw.normal(size=(5, 3))
output5, cache5 = batch_norm(x5, gamma, beta, fresh(), True)
stated = batch_norm_backward(up5, cache5)
for name, gradient, loss, at in [
    ("grad_x", stated[0], lambda v: np.sum(up5 * batch_norm(v, gamma, beta, fresh(), True)[0]), x5),
    ("grad_gamma", stated[1], lambda v: np.sum(up5 * batch_norm(x5, v, beta, fresh(), True)[0]), gamma),
    ("grad_beta", stated[2], lambda v: np.sum(up5 * batch_norm(x5, gamma, v, fresh(), True)[0]), beta),
]:
    worst = np.max(np.abs(gradient - nudged(loss, at)))
    print(f"{name:10s} {'agrees with nudging' if worst < 1e-7 else 'DISAGREES with nudging'}")
z5 = (output5 - beta) / gamma
print("column sums of grad_x below 1e-12:", bool(abs(stated[0].sum(axis=0)).max() < 1e-12), "  sums of grad_x · z below 1e-4:", bool(abs((stated[0] * z5).sum(axis=0)).max() < 1e-4))

# %% [markdown] predict="reg_forgot_norm"
r"""
Your layer is right, and the network is trained. Now *you* forget the switch, and read the 1,197 test digits with `training=True`: once all together, once in batches of 20, and once sorted, each batch full of one kind of digit. Where does it hurt?

- [ ] Nowhere: batches of 20 are large enough.
- [ ] In batches of 20 only, and there in both orders alike.
- [x] Little in mixed batches, badly in sorted ones.

Why: A mixed batch has roughly the mean and variance of the training set. A batch of sevens does not: what all sevens have in common becomes the mean, and it is taken off. One at a time, it is the draft again. The bug hides where batches are mixed, and shows in use.
"""

# %% demo
normed = {"batch_norm": True}
network, _ = train_network(normed, 0, few, labels)
spare = lambda: (network[0], {name: np.array(v) for name, v in network[1].items()})  # reading must not spoil the running values


def read_in_batches(order, size, training):
    right = [forward(*spare(), test[rows], normed, training)[0].argmax(axis=1) == test_labels[rows] for rows in np.split(order, range(size, len(order), size))]
    return np.mean(np.concatenate(right))


mixed, by_digit = np.arange(len(test)), np.argsort(test_labels, kind="stable")
print(f"switched to evaluation, any batches: {read_in_batches(by_digit, 20, False):.1%}")
for name, order, size in [("all together", mixed, 1197), ("mixed, batches of 20", mixed, 20), ("sorted, batches of 20", by_digit, 20), ("one at a time", mixed, 1)]:
    print(f"switch forgotten, {name:22s} {read_in_batches(order, size, True):.1%}")

# %% answer="reg_forgot_norm"

# %% [markdown]
r"""
## 7. Pay-off: which of them help?

Each remedy alone, then together, on the same 300 digits, five seeds each. A seed decides the start, the batches and all dice. The strengths were set by a few tries with the validation set. That makes 110 networks; give the cell half a minute. Three questions:

1. **Clean:** the labels are right. How many of 1,197 test digits does it read?
2. **Moved:** the same networks read the same test digits, each moved by one pixel, in four directions.
3. **Wrong labels:** trained with the 60 wrong labels of section 2, and tested on right ones.
"""

# %% [markdown] predict="reg_which"
r"""
With clean labels and no remedy the network reads about 95.5 of 100 test digits. By how much does the best *single* remedy raise that?

- [ ] By three points or more: that is what remedies are for.
- [x] By about half a point.
- [ ] By nothing at all.

Why: The 300 digits are all that is known, and clean ones leave little to hold back from. A remedy is worth most where there is something bad to memorise, or where you know something the data do not say. Now look at the other two columns.
"""

# %% demo
remedies = {
    "none": {},
    "L2": {"l2": 0.005},
    "L1": {"l1": 0.0005},
    "early stopping": {"stop": 15},
    "dropout": {"dropout": 0.5},
    "augmentation": {"shift": 1},
    "noise": {"noise": 0.2},
    "label smoothing": {"smooth": 0.1},
    "batch norm": {"batch_norm": True},
    "together, no shifts": {"l2": 0.001, "dropout": 0.5, "noise": 0.2, "smooth": 0.1, "batch_norm": True},
    "together": {"l2": 0.001, "dropout": 0.5, "noise": 0.2, "smooth": 0.1, "batch_norm": True, "shift": 1},
}
boards = test.reshape(-1, 1, 8, 8)
framed_test = np.pad(boards, ((0, 0), (0, 0), (1, 1), (1, 1)))
moved_tests = [framed_test[:, :, 1 - dy : 9 - dy, 1 - dx : 9 - dx].reshape(-1, 64) for dy, dx in [(-1, 0), (1, 0), (0, -1), (0, 1)]]
grid, by_rote = np.zeros((len(remedies), 3, 5)), np.zeros(len(remedies))
for row, use in enumerate(remedies.values()):
    for seed in range(5):
        clean, _ = train_network(use, seed, few, labels)
        misled, _ = train_network(use, seed, few, tired_labels)
        moved = np.mean([judge(clean, some, test_labels, use)[1] for some in moved_tests])
        grid[row, :, seed] = judge(clean, test, test_labels, use)[1], moved, judge(misled, test, test_labels, use)[1]
        by_rote[row] += judge(misled, few[wrong], tired_labels[wrong], use)[1] / 5  # wrong labels it gives back

# %% demo
fig, axes = plots.figure(1, 3, width=10.4, height=4.6)
panels = {"Clean": [0.9, 0.92, 0.94, 0.96], "Moved by a pixel": [0.4, 0.6, 0.8], "A fifth of the labels wrong": [0.75, 0.8, 0.85, 0.9, 0.95]}
for column, (ax, (name, ticks)) in enumerate(zip(axes, panels.items())):
    ax.axvline(grid[0, column].mean(), color=plots.COLORS["grey"], linestyle=":", linewidth=1.5)
    for row, shares in enumerate(grid[:, column]):
        better, worse = shares.min() > grid[0, column].max(), shares.max() < grid[0, column].min()
        color, marker = ("green", ">") if better else ("red", "<") if worse else ("black", "o")
        ax.plot(shares, [row] * 5, marker, color=plots.COLORS[color], markersize=5, alpha=0.8)
        ax.plot(shares.mean(), row, "|", color=plots.COLORS[color], markersize=16)
    ax.set(yticks=range(len(remedies)), yticklabels=list(remedies) if column == 0 else [], title=name, xlabel="share of the test digits right", xticks=ticks)
    ax.set_ylim(len(remedies) - 0.5, -0.5)
plots.show(
    fig,
    alt="Three panels, eleven rows of remedies, five seeds as marks in each. Clean: nearly all between 0.945 and 0.967, overlapping with no remedy; together without shifts lies above; augmentation and all together lie far lower, near 0.9. "
    "Moved: all near 0.45, but augmentation and all together near 0.89. "
    "Wrong labels: none near 0.83, batch norm lower at 0.77, the others between 0.84 and 0.91; together without shifts is best, at 0.93.",
)
print("share right, mean of five seeds (lowest to highest)")
print(" " * 20 + " ".join(f"{column:23s}" for column in ["clean", "moved", "wrong labels"]) + "  given back")
for row, name in enumerate(remedies):
    cells = [f"{s.mean():.1%} ({s.min():.1%} to {s.max():.1%})" for s in grid[row]]
    print(f"{name:20s}" + " ".join(f"{cell:23s}" for cell in cells) + f"  {by_rote[row]:.0%}")

# %% answer="reg_which"

# %% [markdown]
r"""
Marks that point right lie above *every* seed without a remedy, marks that point left below every one; round ones overlap, and five seeds do not decide. If your code draws in another order than ours, the rows with dropout, noise and shifts differ a little. The last column is memorising itself: how many of the 60 wrong labels the network gives back.

- **Clean.** Hardly anything matters. Dropout and batch norm are about half a point better on average, hardly more than one seed differs from the next. L1, early stopping and label smoothing changed nothing that five seeds could show. Five remedies together are about one point better. And augmentation **costs five points**: these digits all sit in
  the middle of their frames, so it teaches the network something that the test never asks.
- **Moved.** The same augmentation takes it from 43 of 100 to 89. None of the others comes near. They hold the network back, but only augmentation *tells* it something: that a digit stays a digit when it moves.
- **Wrong labels.** Here is something bad to memorise, and holding back pays: L2, early stopping, dropout and noise gain five to eight points each, five remedies together ten. Batch norm alone makes it **worse**. It learns faster, and so in the same 80 epochs it has learned all 60 wrong labels as well. Augmentation lets through hardly any wrong label, and still gains only three or four points: what it costs on clean labels it costs here too.

Are these laws? No: this is one network, on one set of 300 small pictures, with one learning rate and 80 epochs. One objection can be checked at once. Shifted digits are more work to learn; was augmentation just not given the time?
"""

# %% demo
longer = [train_network({"shift": 1}, seed, few, labels, num_epochs=400)[0] for seed in range(3)]
print("augmentation, 400 epochs, clean test digits:", "  ".join(f"{judge(network, test, test_labels, {})[1]:.1%}" for network in longer))

# %% [markdown]
r"""
Partly. With five times the time most of the loss is made up for, though not all of it.

## 8. Take one away

The best row for wrong labels uses five remedies. Do they all pull their weight? Leave one out at a time.
"""

# %% demo
best = remedies["together, no shifts"]
variants = {"all five": best} | {f"without {name}": {k: v for k, v in best.items() if k != key} for key, name in [("l2", "L2"), ("dropout", "dropout"), ("noise", "noise"), ("smooth", "label smoothing"), ("batch_norm", "batch norm")]}
fig, ax = plots.figure(width=7.4, height=3.2)
for row, (name, use) in enumerate(variants.items()):
    shares = grid[list(remedies).index("together, no shifts"), 2, :3] if use is best else [judge(train_network(use, seed, few, tired_labels)[0], test, test_labels, use)[1] for seed in range(3)]
    ax.plot(shares, [row] * 3, "o", color=plots.COLORS["blue"], markersize=6)
    ax.plot(np.mean(shares), row, "|", color=plots.COLORS["black"], markersize=16)
    print(f"{name:26s} {np.mean(shares):.1%}")
ax.set(yticks=range(len(variants)), yticklabels=list(variants), xlabel="share of the test digits right, wrong labels in training", title="Which of the five is missed?")
ax.invert_yaxis()
plots.show(fig, alt="Share of test digits right with all five remedies and with one of them left out, three seeds each. Without noise it falls from 0.93 to about 0.87, without dropout to 0.89; without L2, label smoothing or batch norm it stays near 0.93.")

# %% [markdown]
r"""
Noise and dropout carry it: without noise six or seven points are lost, without dropout four. Leave out L2, label smoothing or batch norm, and three seeds hardly notice. A recipe of five may live from two.

## 9. The same numbers elsewhere

Scikit-learn has ridge regression; PyTorch has dropout and batch normalisation. One trap: PyTorch's `momentum` is our $1 - $ momentum, and its running variance is over $n - 1$.
"""

# %% demo
from sklearn.linear_model import Ridge

theirs = Ridge(alpha=0.1).fit(X_few, y_few)
w, b = ridge(X_few, y_few, 0.1)
print("scikit-learn's Ridge agrees:", bool(np.allclose(theirs.coef_, w) and np.isclose(theirs.intercept_, b)))
try:
    import torch
except ImportError:
    print("PyTorch is not installed here: skipped.")
else:
    layer = torch.nn.BatchNorm1d(3, momentum=0.1, dtype=torch.float64)
    ours = fresh()
    mine = batch_norm(x5, np.ones(3), np.zeros(3), ours, True)[0]
    print("PyTorch's BatchNorm1d agrees:", bool(np.allclose(layer(torch.tensor(x5)).tolist(), mine) and np.allclose(layer.running_mean.tolist(), ours["mean"])))
    print("variance of the batch in its running value, over ours:", np.round((np.array(layer.running_var.tolist()) - 0.9) / (ours["var"] - 0.9), 4), " that is 5/4")
    kept = np.unique(torch.nn.Dropout(0.2)(torch.ones(1000)).tolist())
    print("values in PyTorch's Dropout(0.2):", kept, " in yours:", np.unique(dropout(np.ones(1000), 0.2, draw, True)[1]))

# %% [markdown]
r"""
`helpers.nn`, the course's own small library, has `Dropout` and `BatchNorm` ready-made, with the same `training` switch.

## What to remember

- A network can learn anything by heart, random labels too. Being right in training proves nothing; watch the gap to data it has not seen.
- A price on weights (L2, L1), an early stop, dropout, noise, made-up data, smoothed labels: each makes memorising harder, in its own way.
- Augmentation says what you know and the data do not. It helps where that is true of the task, and costs where it is not.
- Dropout and batch normalisation behave differently in training and in use. Forgetting the switch hides well.
- Try each remedy alone, with several seeds, and believe the numbers.

**So how do you stop a network from memorising?** You make it harder to note single examples than to see what they share, and you measure on others whether it worked.

**Where it leads.** This was the last of the nine units. In the first you stood in fog and compared two heights. Since then you have built, from the derivative up, everything a network needs to learn, and to learn the right thing.
"""
