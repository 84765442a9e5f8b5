# ---
# title: Gradient descent
# question: Why do some valleys take forever?
# minutes: 95
# needs: [01_derivatives, 02_linear_regression]
# ---

# %% [markdown]
r"""
# 03 · Gradient descent

**Why do some valleys take forever?**

You know which way is down. So you walk: look at the gradient, take a step against it, look again. In a round bowl that is all there is to it.
Then somebody hands you a long, narrow valley. The rule is the same, the starting point is the same, and you hardly get anywhere. In unit 01 one
walk even jumped out of its valley, and nobody said how large a step may be. By the end of this notebook you can say it
in advance, to the last digit, and then walk to the best line for 442 people.

- **Before this:** units 01 and 02. You need the gradient, the norm, the MSE and the picture of a loss as a landscape.
- **Time:** about 95 minutes, with seven exercises. The end of section 4 is a good place to stop for the night. Section 9 has no exercise and may be left out.
- **You will be able to** write gradient descent with a sound stopping rule, and predict the learning rate at which it explodes.
- **You will be able to** say why scaling the columns saves thousands of steps, and count them before you walk.
- **You will be able to** tell a minimum from a saddle, take a Newton step, let the step choose its own size, and know what is guaranteed.
"""

# %% setup
import numpy as np
import sympy as sp

from helpers import check, data, guess, plots


# %% demo
def draw_contours(ax, hessian, reach, **look):
    """Curves of equal height of the bowl ½ xᵀHx around 0."""
    x, y = np.meshgrid(np.linspace(-reach[0], reach[0], 90), np.linspace(-reach[1], reach[1], 90))
    height = (hessian[0][0] * x**2 + 2 * hessian[0][1] * x * y + hessian[1][1] * y**2) / 2
    levels = height.max() * np.linspace(0.02, 0.95, 9) ** 2
    ax.contour(x, y, height, levels=levels, **{"colors": "0.72", "linewidths": 1, **look})
    ax.set(xlabel="x", ylabel="y")


# %% demo
k = np.arange(26)[:, None]
fig, axes = plots.figure(1, 2, width=9.0, height=3.4)
for ax, steep, name in [(axes[0], 1.5, "A round bowl"), (axes[1], 50.0, "A long valley")]:
    lr = 1.9 / (1 + steep)
    # where the walk is after k steps, by a formula of section 3
    walk = (1 - lr * np.array([1.0, steep])) ** k * np.array([8.0, 1.0])
    draw_contours(ax, [[1, 0], [0, steep]], (9.5, 5.0))
    ax.plot(*walk.T, "o-", color=plots.COLORS["orange"], markersize=4, linewidth=1)
    ax.plot(*walk[0], "s", color="black")
    ax.plot(0, 0, "*", color=plots.COLORS["blue"], markersize=14)
    ax.set(title=f"{name}: {np.hypot(*walk[-1]):.1f} away after 25 steps", aspect="equal")
plots.show(
    fig,
    alt="Two contour plots, each with a walk of 25 steps from a square at (8, 1) to a star at (0, 0). In the round bowl the walk "
    "arrives within a few steps, and after 25 it is 0.0 away. In the long valley it zigzags from side to side, creeps along the floor, and is still 3.1 away after 25 steps.",
)

# %% [markdown]
r"""
## 1. The walk, and when to stop

Unit 01 walked along one dial, and at its end along two. With many dials the place is an array $x$, the slope becomes the gradient, and the rule stays as it was:

$$x \leftarrow x - \text{lr} \cdot \nabla f(x)$$

This is **gradient descent**. lr is the **learning rate**. All places you visit, in order, are the **path**.

Two steps by hand, on $f(x, y) = \tfrac12 (x^2 + 4y^2)$, whose gradient is $(x,\; 4y)$. Start at $(4, 1)$, lr = 0.1:

| place | gradient | its norm | 0.1 · gradient |
|---|---|---|---|
| $(4,\; 1)$ | $(4,\; 4)$ | 5.66 | $(0.4,\; 0.4)$ |
| $(3.6,\; 0.6)$ | $(3.6,\; 2.4)$ | 4.33 | $(0.36,\; 0.24)$ |
| $(3.24,\; 0.36)$ | | | |

Two steps, three rows. Each step crosses the contour at a right angle, because that is where the gradient points.
"""

# %% demo
path_by_hand = np.array([[4, 1], [3.6, 0.6], [3.24, 0.36]])
fig, ax = plots.figure(width=7.0, height=3.6)
x, y = np.meshgrid(np.linspace(-0.6, 5, 80), np.linspace(-0.7, 1.6, 80))
heights = [0.5 * (a**2 + 4 * b**2) for a, b in path_by_hand]
lines = ax.contour(x, y, (x**2 + 4 * y**2) / 2, levels=[1, 3, *sorted(heights)], colors="0.6", linewidths=1)
ax.clabel(lines, fmt="%.1f", fontsize=9)
for here, there in [path_by_hand[:2], path_by_hand[1:]]:
    ax.annotate("", there, here, arrowprops={"arrowstyle": "-|>", "color": plots.COLORS["orange"], "lw": 2})
ax.plot(*path_by_hand.T, "o", color=plots.COLORS["orange"])
ax.plot(0, 0, "*", color=plots.COLORS["blue"], markersize=14)
ax.annotate("start (4, 1)", (4, 1), xytext=(4.1, 1.12))
ax.set(title="Each step sets out at a right angle to the contour", xlabel="x", ylabel="y", aspect="equal")
plots.show(
    fig,
    alt="Oval contours of a bowl with its lowest point at (0, 0). An arrow leads from (4, 1), height 10, to (3.6, 0.6), height 7.2, and a "
    "second one on to (3.24, 0.36), height 5.5. Each arrow leaves its contour at a right angle.",
)

# %% [markdown]
r"""
When should it stop? At the lowest point the gradient is zero. So: stop as soon as the *norm* of the gradient, its length $\lVert \nabla f(x) \rVert$ (`np.linalg.norm` computes it), is
below a small number `eps`. There is a tempting other rule: stop when the *step* gets short.
"""

# %% [markdown] predict="gd_short_steps"
r"""
A careful walker takes lr = 0.0000001 and stops when a step is shorter than 0.000001. She starts at $(4, 1)$, far from the bottom, where the gradient is $(4, 4)$.
Where does she stop?

- [ ] At the bottom, after very many steps.
- [x] At once, where she started.
- [ ] Never.

Why: Her first step would be lr times 5.66, about 0.0000006. That is short because lr is small, not because she has arrived. The gradient itself knows nothing of lr, so it is the gradient that has to be looked at.
"""

# %% demo
for lr in [0.1, 0.001, 0.0000001]:
    step = lr * np.linalg.norm([4.0, 4.0])
    print(f"lr = {lr:<9g} norm of the gradient 5.66   length of the step {step:.7f}   below 0.000001? {step < 1e-6}")

# %% answer="gd_short_steps"

# %% [markdown]
r"""
Two more things a sound walk needs. A cap on the number of steps, since not every walk arrives. And a path whose rows stay what they were: if
`path.append(x)` stores an array and you later change that array *in place* (`x -= …` or `x[0] = …` does that), every stored row changes with it. Make a new array instead.

The first two lines and the last are there already. Finish the walk.
"""


# %% exercise="gradient_descent" difficulty=2 importance=5 minutes=9
def gradient_descent(gradient, x0, lr, eps=1e-6, max_steps=10_000):
    """Walk downhill by x <- x - lr * gradient(x), and return the path.

    gradient: a function of one array (d,), giving an array (d,)
    x0: (d,) array (whole numbers or floats) or list, the start; left unchanged   lr: a positive number
    eps: looks at the norm of the gradient before each step, and stops once it is below eps (a norm of
    exactly eps still takes a step)   max_steps: takes at most so many steps, 0 or more
    Returns an array of floats, one row for each place visited: the start is the first row, the place where it
    stopped the last. So there are max_steps + 1 rows at most, and one row if it stops before the first step.
    """
    x = np.array(x0, dtype=float)
    path = [x]
    ### BEGIN SOLUTION
    for _ in range(max_steps):
        slope = gradient(x)
        if np.linalg.norm(slope) < eps:
            break
        x = x - lr * slope
        path.append(x)
    ### END SOLUTION
    return np.array(path)


# %% check="gradient_descent" points=4
check(gradient_descent)

# %% demo
path = gradient_descent(lambda p: np.array([p[0], 4 * p[1]]), [4, 1], 0.1)
print("first rows:", path[0], path[1], path[2])
print("steps:", len(path) - 1, "  last place:", path[-1])
print(f"norm of the gradient there: {np.linalg.norm(path[-1] * [1, 4]):.2e}, the first below 1e-06")

# %% [markdown]
r"""
## 2. Too small, good, too large

From here on the walks are yours: the figures call your `gradient_descent`. The valley is

$$f(x, y) = \tfrac12 (x^2 + 10 y^2), \qquad \nabla f = (x,\; 10 y).$$

It is ten times more sharply curved across (along $y$) than along its floor (along $x$).
"""

# %% [markdown] predict="gd_double_lr"
r"""
With lr = 0.11 the walk comes within 0.001 of the bottom after about 80 steps. That is slow, so you double it to 0.22. What happens?

- [ ] It takes about 40 steps.
- [ ] It takes about as long: the valley decides, not lr.
- [x] It never arrives: the loss grows without end.

Why: Across the valley the gradient is 10y. A step of 0.22 · 10y = 2.2y does not only overshoot the floor, it lands further up on the other side: at −1.2y. From there the next step lands at 1.44y, and so on. Doubling is fine until the step across is twice the distance, and 0.22 is beyond that.
"""


# %% demo
def valley_gradient(p):
    return np.array([p[0], 10 * p[1]])


walkers = [
    (0.01, "s:", "blue", "0.01: too small"),
    (0.16, "o-", "green", "0.16: good"),
    (0.207, "^--", "red", "0.207: too large"),
]
walks = [gradient_descent(valley_gradient, [9.0, 0.8], lr, max_steps=24) for lr, *_ in walkers]


def draw_three_walks(ax, step):
    draw_contours(ax, [[1, 0], [0, 10]], (10, 4.2))
    for path, (lr, style, color, name) in zip(walks, walkers):
        ax.plot(*path[: step + 1].T, style[1:], color=plots.COLORS[color], linewidth=1.2, alpha=0.8)
        ax.plot(*path[step], style[0], color=plots.COLORS[color], markersize=9, label=name)
    ax.plot(0, 0, "*", color="black", markersize=12)
    ax.set_title(f"after {step} steps")
    ax.set_aspect("equal")
    ax.legend(loc="lower left", fontsize=7, title="lr", title_fontsize=7, markerscale=0.6, labelspacing=0.3)


plots.animate(
    draw_three_walks,
    range(25),
    interval=220,
    figsize=(7, 3.6),
    alt="Three walks on the contours of a long valley, all from (9, 0.8). With lr = 0.01 the walk has covered a fifth of the way after 24 steps. "
    "With 0.16 it hops across the floor a few times, calms down and nearly arrives. With 0.207 it hops across the floor further and further out, up to 4.2.",
)

# %% answer="gd_double_lr"

# %% [markdown]
r"""
Now set the learning rate yourself. The path is computed as you move the slider. Look for the rate with the fewest steps, and for the first one that never arrives.
"""


# %% demo
def draw_with_lr(ax, lr):
    path = gradient_descent(valley_gradient, [9.0, 1.6], lr, eps=1e-3, max_steps=1000)
    draw_contours(ax, [[1, 0], [0, 10]], (10, 4.2))
    ax.plot(*path.T, "o-", color=plots.COLORS["orange"], markersize=4, linewidth=1)
    ax.plot(*path[0], "s", color="black")
    ax.plot(0, 0, "*", color=plots.COLORS["blue"], markersize=14)
    ax.set(xlim=(-10, 10), ylim=(-4.2, 4.2), aspect="equal")
    arrived = len(path) <= 1000
    ax.set_title(f"lr = {lr:g}: " + (f"{len(path) - 1} steps" if arrived else "does not arrive"))


plots.slider(
    draw_with_lr,
    label="learning rate",
    values=[0.01, 0.02, 0.05, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.185, 0.19, 0.195, 0.199, 0.2, 0.205],
    figsize=(7, 3.6),
    alt="One walk in the valley for a learning rate that can be set from 0.01 to 0.205. At 0.01 it needs 906 small steps. The "
    "count falls to 47 at 0.18, where the walk zigzags, climbs again to 964 at 0.199, and from 0.2 on the walk does not arrive.",
)

# %% [markdown]
r"""
Something happens between 0.199 and 0.2. That is no accident of this start, and you can compute it beforehand.

## 3. The exact edge

Take one dial first: the parabola $f(x) = \tfrac12 \lambda x^2$. Its slope is $\lambda x$. Its second derivative is $\lambda$, the **curvature**: how fast the slope itself
changes. One step:

$$x \;\leftarrow\; x - \text{lr}\cdot\lambda x \;=\; (1 - \text{lr}\cdot\lambda)\; x .$$

So every step multiplies $x$ by **the same factor**, and after $k$ steps $x = (1 - \text{lr}\,\lambda)^k\, x_0$. Everything follows from that factor:

| lr · λ | factor | what you see |
|---|---|---|
| 0.1 | 0.9 | creeps to the bottom from one side |
| 1 | 0 | arrives in one step |
| 1.6 | −0.6 | hops from side to side, ever closer |
| 2.2 | −1.2 | hops from side to side, ever further |
"""

# %% demo
x = np.linspace(-2.3, 2.3, 100)
fig, axes = plots.figure(1, 4, width=11.0, height=3.1)
for ax, lr in zip(axes, [0.1, 1.0, 1.6, 2.2]):  # curvature 1
    path = gradient_descent(lambda p: 1.0 * p, [1.5], lr, max_steps=2 if lr > 2 else 8)[:, 0]
    ax.plot(x, x**2 / 2, color="0.7")
    ax.plot(path, path**2 / 2, "o-", color=plots.COLORS["orange"], markersize=5, linewidth=1)
    ax.plot(path[0], path[0] ** 2 / 2, "s", color="black")
    ax.set(title=f"lr·λ = {lr:g}: factor {1 - lr:.1f}".replace("-", "−"), xlabel="x", ylim=(-0.2, 2.7))
axes[0].set_ylabel("½ λ x²")
plots.show(
    fig,
    alt="Four parabolas with walks from x = 1.5. Factor 0.9: small steps down one side. Factor 0: one step to the bottom. "
    "Factor -0.6: hops from side to side, lower each time. Factor -1.2: hops from side to side, higher each time.",
)

# %% [markdown]
r"""
The walk arrives when the factor's size is below 1: $-1 < 1 - \text{lr}\,\lambda < 1$. Solve that for lr:

$$0 < \text{lr} < \frac{2}{\lambda} .$$
"""

# %% [markdown] predict="gd_on_the_edge"
r"""
The curvature is 8, and lr is **exactly** $2/8 = 0.25$. You start at 3. What will the walk do?

- [ ] Arrive, but very slowly.
- [x] Hop between 3 and −3 for ever.
- [ ] Explode, but very slowly.

Why: The factor is 1 − 0.25 · 8 = −1: every step changes the sign and nothing else. That is the edge. A hair less, and it arrives; a hair more, and it explodes.
"""

# %% demo
for lr in [0.24, 0.25, 0.26]:
    hops = gradient_descent(lambda p: 8 * p, [3.0], lr, max_steps=60)[:, 0]
    print(f"lr = {lr}: {hops[:5].round(2)} …  after 60 steps {hops[-1]:.3g}")

# %% answer="gd_on_the_edge"

# %% [markdown]
r"""
### Many dials: find the directions that do not mix

With two dials there is a table of second derivatives, one for each pair of dials. It is called the **Hessian**, $H$:

$$H_{ij} = \frac{\partial^2 f}{\partial x_i\,\partial x_j} .$$

SymPy writes it down for a tilted bowl:
"""

# %% demo
x, y = sp.symbols("x y")
bowl = (3 * x**2 + 4 * x * y + 6 * y**2) / 2
print("gradient:", [sp.diff(bowl, x), sp.diff(bowl, y)])
print("Hessian: ", sp.hessian(bowl, (x, y)).tolist())

# %% [markdown]
r"""
The Hessian here is $H = \begin{pmatrix} 3 & 2 \\ 2 & 6\end{pmatrix}$, the gradient is $Hx$, and the height is $\tfrac12 x^\top H x$, where this $x$ is the whole place $(x, y)$ as one array. The 2 off the diagonal says that the dials mix: $x$ pulls on $y$.
But try the direction $v = (1, 2)$:

$$H v = \begin{pmatrix} 3\cdot 1 + 2\cdot 2 \\ 2 \cdot 1 + 6 \cdot 2 \end{pmatrix} = \begin{pmatrix} 7 \\ 14 \end{pmatrix} = 7\, v .$$

The gradient points straight along $v$: no mixing. Such a direction is an **eigenvector** of $H$, and its stretch 7 is an **eigenvalue**. The other one is
$(2, -1)$, with $H(2, -1) = (4, -2)$, so eigenvalue 2. For a Hessian these directions are always at right angles. Along each the bowl is a plain parabola,
and the eigenvalue is its curvature.
"""

# %% demo
tilted = np.array([[3.0, 2.0], [2.0, 6.0]])
fig, (left, right) = plots.figure(1, 2, width=9.0, height=3.8)
draw_contours(left, tilted, (3.2, 2.6))
across = np.linspace(-2.4, 2.4, 60)
for v, curvature, style, color in [((1, 2), 7, "-", "red"), ((2, -1), 2, "--", "blue")]:
    unit = np.array(v) / 5**0.5
    left.plot(*(across[:, None] * unit).T, style, color=plots.COLORS[color])
    right.plot(
        across, curvature * across**2 / 2, style, color=plots.COLORS[color], label=f"along {v}: curvature {curvature}"
    )
left.set(title="The two directions that do not mix", aspect="equal")
right.set(title="A parabola along each of them", xlabel="distance from the bottom", ylabel="height", ylim=(-0.5, 14))
right.legend(loc="upper center", fontsize=9)
plots.show(
    fig,
    alt="Left: tilted oval contours with two straight lines through the centre at right angles, a solid one along (1, 2), the short way across, and a dashed one "
    "along (2, -1), the long way. Right: the heights along the two lines are parabolas, a steep one with curvature 7 and a shallow one with curvature 2.",
)

# %% [markdown]
r"""
So a walk in a tilted bowl is two walks at once, one along each eigenvector, each with its own factor $1 - \text{lr}\,\lambda$, and neither knows of the other. **All** of them have to stay below 1
in size. The sharpest curvature, $\lambda_{\max}$, is the first to break:

$$\text{lr} < \frac{2}{\lambda_{\max}} .$$

`np.linalg.eigvalsh(H)` gives all eigenvalues of a symmetric matrix (one with $H_{ij} = H_{ji}$, as every Hessian here), smallest first. A matrix without negative
eigenvalues is called **positive semidefinite**: it curves down nowhere.
"""


# %% exercise="largest_stable_lr" difficulty=1 importance=5 minutes=4
def largest_stable_lr(hessian):
    """The edge of stability, 2 / λ_max: below it gradient descent on ½ xᵀHx arrives, above it explodes.

    hessian: (d, d) array, symmetric, without negative eigenvalues, not all zero
    Returns a float.
    """
    ### BEGIN SOLUTION
    return 2 / np.linalg.eigvalsh(hessian).max()
    ### END SOLUTION


# %% check="largest_stable_lr" points=2
check(largest_stable_lr)

# %% [markdown]
r"""
Predicted, then run. For the tilted bowl the prediction is $2/7 \approx 0.2857$. We start at $(1, 2)$, along the sharp direction, and walk with 2 % less, with exactly that, and with 2 % more. The black
lines are not measured: they are the factor $|1 - \text{lr}\cdot 7|$ to the power of the step.
"""

# %% demo
edge = largest_stable_lr(tilted)
steps = np.arange(81)
fig, ax = plots.figure(width=7.2, height=3.8)
for share, style, color in [(1.02, "^", "red"), (1.0, "s", "purple"), (0.98, "o", "green")]:
    path = gradient_descent(lambda p: tilted @ p, [1.0, 2.0], share * edge, max_steps=80)
    ax.semilogy(
        steps[::4], np.linalg.norm(path, axis=1)[::4], style, color=plots.COLORS[color], label=f"{share:.2f} × edge"
    )
    ax.semilogy(steps, 5**0.5 * abs(1 - share * edge * 7) ** steps, color="black", linewidth=1)
ax.set(
    title=f"Edge predicted at {edge:.4f}: 2 % decide",
    xlabel="step",
    ylabel="distance from the bottom",
    ylim=(0.06, 400),
)
ax.legend(loc="upper left")
plots.show(
    fig,
    alt="Distance from the bottom on a log scale over 80 steps. With 0.98 of the edge it falls in a straight line to 0.09, with exactly the edge it stays "
    "at 2.24, with 1.02 of the edge it rises in a straight line to 51. The dots lie on the predicted black lines.",
)

# %% [markdown]
r"""
This is why a loss explodes when you double the learning rate: the edge is sharp, and a good learning rate is often close below it.

## 4. Why some valleys take forever

The sharpest direction sets the largest step. The **flattest** direction has to live with it. Its factor is $1 - \text{lr}\,\lambda_{\min}$. Take $\text{lr} = 1/\lambda_{\max}$,
a safe half of the edge, and the flattest factor is

$$1 - \frac{\lambda_{\min}}{\lambda_{\max}} = 1 - \frac1\kappa, \qquad \kappa = \frac{\lambda_{\max}}{\lambda_{\min}} .$$

$\kappa$ ("kappa") is the **condition number** of unit 02, here of the Hessian. With $\kappa = 2$ half of the distance goes in each step. With $\kappa = 100$ only 1 % of it goes.
"""

# %% [markdown] predict="gd_ten_times_longer"
r"""
In a valley with $\kappa = 10$ a walk with $\text{lr} = 1/\lambda_{\max}$ takes 66 steps to bring the distance below a thousandth. About how many does it take at $\kappa = 1000$?

- [ ] About 70: only the first steps are harder.
- [ ] About 200.
- [x] About 7000.
- [ ] It never arrives.

Why: Each step takes away the share 1/κ of what is left. A share a hundred times smaller needs about a hundred times the steps. You will count them in a moment, with your own function.
"""

# %% demo
for kappa in [10, 100, 1000]:
    left_over = (1 - 1 / kappa) ** np.array([10, 100, 1000])
    print(f"κ = {kappa:5d}: distance left after 10, 100, 1000 steps: {left_over.round(5)}")

# %% answer="gd_ten_times_longer"

# %% [markdown]
r"""
Build the counter. It walks on $f(x) = \tfrac12 x^\top H x$, with gradient $Hx$ and its bottom at 0, so the distance from the bottom is $\lVert x \rVert$. Count the steps until that is below `tol`.
This time the whole function is yours, and there is no path to keep.
"""


# %% exercise="steps_to_converge" difficulty=2 importance=4 minutes=6
def steps_to_converge(hessian, lr, x0, tol):
    """How many steps gradient descent takes on ½ xᵀHx until the norm of x is below tol.

    hessian: (d, d) array, symmetric; the gradient at x is the matrix product of hessian and x
    lr: a positive number, small enough to arrive   x0: (d,) array or list, the start; left unchanged
    tol: a positive number. A norm of exactly tol is not yet below it.
    Returns a whole number (int); 0 where x0 is below tol already.
    """
    ### BEGIN SOLUTION
    x, steps = x0, 0
    while np.linalg.norm(x) >= tol:
        x = x - lr * hessian @ x
        steps += 1
    return steps
    ### END SOLUTION


# %% check="steps_to_converge" points=3
check(steps_to_converge)

# %% demo
kappas = np.array([1, 3, 10, 30, 100, 300, 1000])
counts = [steps_to_converge(np.diag([1.0, kappa]), 1 / kappa, [1.0, 1.0], 1e-3) for kappa in kappas]
rates = np.array([0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.17, 0.18, 2 / 11, 0.185, 0.19, 0.195, 0.199])
by_rate = [steps_to_converge(np.diag([1.0, 10.0]), lr, [1.0, 1.0], 1e-3) for lr in rates]
fig, (left, right) = plots.figure(1, 2, width=9.2, height=3.7)
left.loglog(kappas, counts, "o", color=plots.COLORS["blue"], label="counted by you")
left.loglog(kappas, np.log(1000) * kappas, color="black", linewidth=1, label="κ · ln 1000, for large κ")
left.set(title="Ten times the condition, ten times the steps", xlabel="condition number κ", ylabel="steps")
left.legend()
right.semilogy(rates, by_rate, "o-", color=plots.COLORS["orange"], markersize=4)
right.axvline(0.2, color=plots.COLORS["red"], linestyle="--", label="edge 2/λ_max")
right.axvline(2 / 11, color=plots.COLORS["green"], linestyle=":", label="best 2/(λ_max + λ_min)")
right.set(title="κ = 10: the best rate is near the edge", xlabel="learning rate", ylabel="steps")
right.set_yticks([40, 100, 200, 400, 700], ["40", "100", "200", "400", "700"])
right.minorticks_off()
right.legend(loc="upper center", fontsize=9)
plots.show(
    fig,
    alt="Left: steps to a thousandth of the distance against the condition number, both on log scales, a straight line from 1 step at condition 1 through 66 at 10 to 6905 at 1000. Right: "
    "steps against the learning rate for condition 10; the count falls from 688 at 0.01 to 36 at 0.18 and shoots up to 688 at 0.199, next to the edge at 0.2.",
)
print("steps for κ = 10, 100, 1000:", counts[2], counts[4], counts[6])

# %% [markdown]
r"""
There is the answer to the question in the title. A valley takes forever when it is **ill-conditioned**: sharply curved one way and almost flat another. The sharp direction forbids the large steps that
the flat one needs. The best compromise, $2/(\lambda_{\max} + \lambda_{\min})$, makes the factors of both equally large. It helps by about two, and not more.

*A good place for a break. So far the valleys were drawn on paper. Next: one made of data.*

## 5. Linear regression on foot

The MSE of a linear model is such a bowl. With the column of ones in $A$, and weights and bias together in $\theta$, unit 02 found the gradient $\frac2n A^\top(A\theta - y)$. Differentiate once more:

$$H = \frac2n\, A^\top A .$$

It does not depend on $\theta$: one curvature everywhere, one edge everywhere. A colleague has written the walk. `w` and `b` are updated together, from the same residuals, and the loss
is written down before each step.
"""


# %% draft="fit_linear_regression"
def fit_linear_regression_draft(X, y, lr, num_steps):
    n, d = X.shape
    w, b = np.zeros(d), 0.0
    losses = []
    for _ in range(num_steps):
        residuals = X @ w + b - y
        losses.append(np.mean(residuals**2))
        w = w - lr * 2 / n * X.T @ residuals
        b = b - lr * 2 * residuals.sum()
    return w, b, losses


# %% [markdown]
r"""
### Bug hunt

The data: 442 people with diabetes, and one column, the body mass index (BMI), standardised. The colleague tried the draft on the first person alone, and was pleased. You try it on all of them. First the prediction, from the Hessian. Then the run.
"""

# %% demo
X, y, columns = data.diabetes()
bmi = X[:, [2]]  # (442, 1)
z = (bmi - bmi.mean()) / bmi.std()  # standardised, as in unit 02
A = np.column_stack([z, np.ones(442)])
H_bmi = 2 / 442 * A.T @ A
print("Hessian:", H_bmi.round(6).tolist())
print("predicted edge:", round(largest_stable_lr(H_bmi), 6), "  learning rate used: 0.1")
alone = fit_linear_regression_draft(z[:1], y[:1], 0.1, 8)
drafted = fit_linear_regression_draft(z, y, 0.1, 8)
print("the draft's losses, one person:", *[f"{loss:.2g}" for loss in alone[2]])
print("the draft's losses, everybody: ", *[f"{loss:.2g}" for loss in drafted[2]])

# %% demo
fig, ax = plots.figure(width=6.6, height=3.4)
ax.semilogy(drafted[2], "o-", color=plots.COLORS["red"], label="what the draft does")
ax.semilogy([0, 7], [np.mean(y**2)] * 2, "--", color="black", label="theory: below this line")
ax.set(title="A tenth of the edge, and the loss explodes", xlabel="step", ylabel="mean squared error")
ax.legend(loc="upper left")
plots.show(
    fig,
    alt="The draft's loss on a log scale: 29 thousand at the start, then about 7600 times larger at each step, beyond 1e+31 after seven steps, "
    "far above a dashed line at 29 thousand that the theory says it should never cross.",
)

# %% [markdown] predict="gd_who_is_wrong"
r"""
The edge is 1.0, the learning rate 0.1, and the loss explodes. What does that tell you?

- [ ] The learning rate is still too large: try 0.01, then 0.001.
- [x] The code does not walk down this loss: one of its gradients must be wrong.
- [ ] The data should have been shuffled.

Why: For this loss 0.1 is safe by a factor of ten, and that was computed, not guessed. If a run breaks a theorem, the run is not doing what you think. A smaller rate would hide the bug: below 1/442 the draft does arrive, as the last line shows, and you would pay for it with hundreds of times more steps.
"""


# %% demo
def loss_at(w, b):
    return np.mean((z[:, 0] * w + b - y) ** 2)


first_w, first_b, _ = fit_linear_regression_draft(z, y, 0.1, 1)  # one step from (0, 0)
h = 1e-4
for name, taken, nudged in [
    ("w", -first_w[0] / 0.1, (loss_at(h, 0) - loss_at(-h, 0)) / (2 * h)),
    ("b", -first_b / 0.1, (loss_at(0, h) - loss_at(0, -h)) / (2 * h)),
]:
    print(f"slope along {name}: the draft used {taken:11.1f}   nudging the loss gives {nudged:8.1f}")
hidden_bug = fit_linear_regression_draft(z, y, 0.002, 2000)
print(f"the draft with lr = 0.002, after 2000 steps: w = {hidden_bug[0][0]:.1f}, b = {hidden_bug[1]:.1f} (right)")

# %% answer="gd_who_is_wrong"

# %% [markdown]
r"""
One slope is right and one is far off. The loss is a *mean*. Two steps by hand show what should come out: $x = (1, 3)$, $y = (2, 8)$, lr = 0.1, from zeros.

| | residuals | loss | slope along $w$ | slope along $b$ | new $w$ | new $b$ |
|---|---|---|---|---|---|---|
| step 1 | $(-2, -8)$ | 34 | $\tfrac22(-2 \cdot 1 - 8 \cdot 3) = -26$ | $\tfrac22(-2 - 8) = -10$ | 2.6 | 1.0 |
| step 2 | $(1.6, 0.8)$ | 1.6 | 4.0 | 2.4 | 2.2 | 0.76 |

Mend the draft. Both updates use the same residuals, those from before the step.
"""


# %% exercise="fit_linear_regression" difficulty=2 importance=5 minutes=9
def fit_linear_regression(X, y, lr, num_steps):
    """Fit a linear model by gradient descent on the mean squared error, starting from zeros.

    X: (n, d) array   y: (n,) array or list   lr: a positive number   num_steps: 0 or more; takes exactly so many
    At each step w and b are updated together, both from the residuals before the step.
    Returns w, an array (d,) of floats; b, a float; and losses, a list (or array) of num_steps numbers: the
    mean squared error before each step, so the first one is the loss at zeros. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    n, d = X.shape
    w, b = np.zeros(d), 0.0
    losses = []
    for _ in range(num_steps):
        residuals = X @ w + b - y
        losses.append(np.mean(residuals**2))
        w = w - lr * 2 / n * X.T @ residuals
        b = b - lr * 2 / n * residuals.sum()
    return w, b, losses
    ### END SOLUTION


# %% check="fit_linear_regression" points=4
check(fit_linear_regression)

# %% [markdown]
r"""
Now the walk should meet the exact answer.
"""

# %% demo
exact = np.linalg.lstsq(A, y)[0]
print("exact, from lstsq:      w = {:.9f}, b = {:.9f}".format(*exact))
for num_steps in [10, 50, 100]:
    w, b, losses = fit_linear_regression(z, y, 0.1, num_steps)
    print(
        f"yours after {num_steps:3d} steps:  w = {w[0]:.9f}, b = {b:.9f}   loss before the last step {losses[-1]:.4f}"
    )

# %% [markdown]
r"""
### The same valley, before and after standardising

What if we had not standardised? Same people, same column, in kilograms per square metre: values from 18 to 42, mean 26.
"""

# %% demo
A_raw = np.column_stack([bmi, np.ones(442)])
H_raw = 2 / 442 * A_raw.T @ A_raw
exact_raw = np.linalg.lstsq(A_raw, y)[0]
for name, hessian in [("as measured ", H_raw), ("standardised", H_bmi)]:
    small, large = np.linalg.eigvalsh(hessian)
    print(
        f"{name}: curvatures {small:.4f} and {large:.4f}   κ = {large / small:.6g}   edge {largest_stable_lr(hessian):.5f}"
    )

# %% [markdown] predict="gd_one_step"
r"""
After standardising, both curvatures are 2. You walk with lr = 0.5. How many steps to the exact answer?

- [x] One.
- [ ] About ten.
- [ ] It never arrives: 0.5 is too large.

Why: The factor is 1 − 0.5 · 2 = 0 in every direction. The contours are circles, so the gradient points straight at the bottom, and this rate takes exactly the right length. Standardising one column did that.
"""

# %% demo
w, b, _ = fit_linear_regression(z, y, 0.5, 1)
print(f"standardised, after 1 step:  {abs(np.append(w, b) - exact).max():.0e} from the exact answer")
count = steps_to_converge(H_raw, 0.9 * largest_stable_lr(H_raw), exact_raw, 0.01)
print(f"as measured, at 0.9 × edge:  about {round(count, -3):,} steps until it is 0.01 from the exact answer")

# %% answer="gd_one_step"


# %% demo
def draw_regression(ax, A, best, lr, reach, max_steps, title):
    path = gradient_descent(lambda t: 2 / 442 * A.T @ (A @ t - y), [0, 0], lr, max_steps=max_steps)
    w, b = np.meshgrid(best[0] + reach[0] * np.linspace(-1, 1, 120), best[1] + reach[1] * np.linspace(-1, 1, 120))
    curve = A.T @ A / 442  # the loss above its lowest point is a bowl around the best (w, b)
    u, v = w - best[0], b - best[1]
    above = curve[0, 0] * u**2 + 2 * curve[0, 1] * u * v + curve[1, 1] * v**2
    ax.contour(w, b, above, levels=above.max() * np.linspace(0.03, 0.9, 7) ** 2, colors="0.72", linewidths=1)
    ax.plot(*path.T, "o-", color=plots.COLORS["orange"], markersize=4, linewidth=1, label=f"{len(path) - 1} steps")
    ax.plot(*path[0], "s", color="black", label="start (0, 0)")
    ax.plot(*best, "*", color=plots.COLORS["blue"], markersize=15, label="exact answer")
    ax.set(title=title, xlabel="weight w", ylabel="bias b")
    ax.legend(loc="upper right", fontsize=9)


fig, (left, right) = plots.figure(1, 2, width=9.6, height=4.1)
rate = 0.9 * largest_stable_lr(H_raw)
draw_regression(left, A_raw, exact_raw, rate, (13, 260), 1000, "As measured: a ravine")
draw_regression(right, A, exact, 0.35, (260, 260), 1000, "Standardised: a round bowl")
plots.show(
    fig,
    alt="Contours of the loss over weight and bias. Left, as measured: the contours are long, thin and tilted, nearly parallel lines; after 1000 steps the "
    "walk from (0, 0) has dropped onto the valley floor and has moved only a little along it, far from the star at (10, -118). Right, standardised: the contours are circles and the walk "
    "goes straight to the star at (45, 152) in 17 steps.",
)

# %% [markdown]
r"""
The data is the same, and so is the best line. Only the ruler has changed. On the left the gradient hardly ever points at the star: it points across the ravine.
(In the left picture a unit of $w$ is drawn more than 20 times as long as a unit of $b$, so the right angles of section 1 do not show there.)

## 6. What kind of place is it?

The walk stops where the gradient is zero, at a **critical point**. In a bowl that is the bottom. In general it need not be. Look at
the curvature along each eigenvector:

- all eigenvalues positive: uphill every way. A **minimum**.
- all negative: downhill every way. A **maximum**.
- both signs: a pass between mountains, up one way and down another. A **saddle**, however many others are zero.
- otherwise, some eigenvalue is zero and the rest have one sign: **flat** in some direction. The Hessian alone cannot tell.
"""

# %% demo
u, v = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40))
fig, axes = plots.figure(1, 4, width=11.0, height=3.2)
for i, (name, height, values) in enumerate(
    [
        ("minimum", u**2 + v**2, "2 and 2"),
        ("maximum", -(u**2) - v**2, "−2 and −2"),
        ("saddle", u**2 - v**2, "2 and −2"),
        ("flat", u**2 + 0 * v, "2 and 0"),
    ]
):
    axes[i].remove()
    ax = fig.add_subplot(1, 4, i + 1, projection="3d")
    ax.plot_surface(u, v, height, cmap="cividis", linewidth=0, alpha=0.9)
    ax.plot([0], [0], [0], "o", color="black", zorder=10)
    ax.set(
        title=f"{name}\neigenvalues {values}", xticklabels=[], yticklabels=[], zticklabels=[], xlabel="x", ylabel="y"
    )
    ax.view_init(elev=28, azim=-55)
plots.show(
    fig,
    alt="Four surfaces with a dot where the gradient is zero: a bowl (minimum, eigenvalues 2 and 2), a dome (maximum, -2 and -2), a saddle that rises "
    "one way and falls the other (2 and -2), and a trough that is level along one direction (flat, 2 and 0).",
)

# %% [markdown]
r"""
Why "cannot tell"? For one dial, $x^4$, $-x^4$ and $x^3$ all have slope 0 and second derivative 0 at $x = 0$. The first has a minimum there, the second a maximum, the third neither.

On a computer "zero" needs a margin. Round-off turns an eigenvalue of 0 into something like $10^{-16}$, of either sign. We count everything below $10^{-9}$ in size as zero.
"""


# %% exercise="classify_critical_point" difficulty=2 importance=4 minutes=7
def classify_critical_point(hessian):
    """What kind of place a critical point is, by the signs of the eigenvalues of its Hessian.

    hessian: (d, d) array, symmetric; any d from 1 up
    An eigenvalue below 1e-9 in size counts as zero. Returns one of these strings:
    "saddle" if there are both positive and negative ones (zeros may be among them);
    else "flat" if at least one is zero (also if all are);
    else "minimum" if all are positive, "maximum" if all are negative.
    """
    ### BEGIN SOLUTION
    curvatures = np.linalg.eigvalsh(hessian)
    up = np.any(curvatures > 1e-9)
    down = np.any(curvatures < -1e-9)
    if up and down:
        return "saddle"
    if np.any(abs(curvatures) < 1e-9):
        return "flat"
    return "minimum" if up else "maximum"
    ### END SOLUTION


# %% check="classify_critical_point" points=3
check(classify_critical_point)

# %% [markdown]
r"""
Now walk in a landscape that has more than one critical point:

$$f(x, y) = \tfrac12 x^2 - \tfrac12 y^2 + \tfrac14 y^4, \qquad \nabla f = (x,\; y^3 - y), \qquad H = \begin{pmatrix} 1 & 0 \\ 0 & 3y^2 - 1\end{pmatrix}.$$
"""


# %% demo
def pass_gradient(p):
    return np.array([p[0], p[1] ** 3 - p[1]])


def pass_hessian(p):
    return np.array([[1.0, 0.0], [0.0, 3 * p[1] ** 2 - 1]])


for place in [(0, 0), (0, 1), (0, -1)]:
    print(place, "gradient", pass_gradient(place), " ->", classify_critical_point(pass_hessian(place)))

# %% [markdown] predict="gd_on_the_ridge"
r"""
Two walkers start at $x = 1.5$. The first at $y = 0$ exactly, the second at $y = 0.0001$. Where do they stop?

- [ ] Both in a minimum: a walk downhill ends in a valley.
- [ ] Both on the saddle at $(0, 0)$.
- [x] The first on the saddle, the second in the minimum at $(0, 1)$.

Why: At y = 0 the slope along y is exactly zero, so the first walker never leaves that line, and at (0, 0) the gradient is zero and the stopping rule is content. For the second the tiny y grows by a factor each step, because the curvature along y is negative there. It lingers near the saddle, and then leaves.
"""

# %% demo
on_ridge = gradient_descent(pass_gradient, [1.5, 0.0], 0.2)
beside = gradient_descent(pass_gradient, [1.5, 0.0001], 0.2)
print("from y = 0:     ", (on_ridge[-1] + 0).round(4), "after", len(on_ridge) - 1, "steps")
print("from y = 0.0001:", beside[-1].round(4), "after", len(beside) - 1, "steps")
u, v = np.meshgrid(np.linspace(-0.7, 1.8, 80), np.linspace(-1.5, 1.5, 80))
fig, (left, right) = plots.figure(1, 2, width=9.4, height=3.8)
left.contour(u, v, u**2 / 2 - v**2 / 2 + v**4 / 4, levels=14, colors="0.72", linewidths=1)
left.plot(*beside.T, "o-", color=plots.COLORS["orange"], markersize=4, linewidth=1, label="from y = 0.0001")
left.plot(*on_ridge.T, "x", color=plots.COLORS["blue"], markersize=5, label="from y = 0")
left.plot(0, 0, "D", color="black", label="saddle")
left.plot([0, 0], [1, -1], "*", color=plots.COLORS["green"], markersize=14, label="minimum")
left.set(title="One hair apart, two different ends", xlabel="x", ylabel="y")
left.legend(loc="lower right", fontsize=8)
for path, style, name in [(beside, "-", "from y = 0.0001"), (on_ridge, "--", "from y = 0")]:
    heights = path[:, 0] ** 2 / 2 - path[:, 1] ** 2 / 2 + path[:, 1] ** 4 / 4
    right.plot(heights, style, color=plots.COLORS["orange" if style == "-" else "blue"], label=name)
right.set(title="A plateau need not be the end", xlabel="step", ylabel="height")
right.legend(fontsize=9)
plots.show(
    fig,
    alt="Left: contours of a landscape with a saddle at (0, 0) and minima at (0, 1) and (0, -1). Both walks run along the x axis to the saddle; the one from y = 0 ends there, the other turns off to the minimum at (0, 1). "
    "Right: height against step. Both fall to 0; one stays there for about 35 steps and then falls again to -0.25.",
)

# %% answer="gd_on_the_ridge"

# %% [markdown]
r"""
The plateau on the right is worth remembering: a loss that has stopped falling may be sitting near a saddle.

## 7. Newton: let the curvature choose the step

Gradient descent uses one number, lr, for all directions. The trouble of section 4 is that each direction wants its own: $1/\lambda$. The Hessian knows them all. Near $x$ the gradient changes by $H s$ when you move by $s$. Ask for the move that makes it zero:

$$\nabla f(x) + H s = 0 \quad\Longleftrightarrow\quad H s = -\nabla f(x), \qquad x \leftarrow x + s .$$

That is **Newton's method**. One dial by hand: $f(x) = x^2 - 4x$, at $x = 10$. Slope $2x - 4 = 16$, curvature 2, so $2 s = -16$, $s = -8$, and $x = 2$. That is the exact bottom, in one step.

With many dials $H s = -\nabla f$ is a set of linear equations. Unit 02 said why one solves those and does not invert: `np.linalg.solve(H, v)` gives the array that $H$ turns into $v$.
"""


# %% exercise="newton_step" difficulty=2 importance=4 minutes=5
def newton_step(gradient, hessian, x):
    """The point after one step of Newton's method from x.

    gradient: a function of one array (d,), giving an array (d,)
    hessian: a function of one array (d,), giving an array (d, d) that can be solved with
    x: (d,) array (whole numbers or floats) or list; left unchanged
    Returns the new point, an array (d,) of floats. Solve a linear system; `np.linalg.inv` and `pinv` are refused.
    """
    ### BEGIN SOLUTION
    return x - np.linalg.solve(hessian(x), gradient(x))
    ### END SOLUTION


# %% check="newton_step" points=3
check(newton_step)

# %% [markdown]
r"""
The ravine of section 5, the one with $\kappa = 26{,}333$, in one step:
"""

# %% demo
after_one = newton_step(lambda t: 2 / 442 * A_raw.T @ (A_raw @ t - y), lambda t: H_raw, [0.0, 0.0])
print("Newton, one step from (0, 0):", after_one.round(6))
print("exact answer:                ", exact_raw.round(6))

# %% [markdown]
r"""
On a quadratic the gradient really does change by exactly $Hs$, so one step is enough, whatever the condition number. (And for linear regression that one step *is* the normal equation.) So why does anybody still walk?
"""

# %% [markdown] predict="gd_newton_lost"
r"""
Now something that is not quadratic: $f(x) = \ln \cosh x$ (where $\cosh x = \tfrac12(e^x + e^{-x})$, called the hyperbolic cosine), a smooth bowl with one minimum at 0, a parabola near the bottom and nearly straight sides. Its slope is $\tanh x$. Gradient descent with lr = 1 arrives from anywhere. What
does Newton do from $x = 1.2$?

- [ ] It arrives in one step.
- [ ] It arrives in three or four steps: it is not quadratic, but it is a bowl.
- [x] It jumps further away with every step.

Why: On the sides the slope is nearly 1 but the curvature is nearly 0, and Newton divides by it. It believes in a parabola with its bottom far on the other side, jumps there, finds even less curvature, and jumps further. From 1.0 it does arrive, in a few steps. Newton is fast near the bottom and promises nothing far from it.
"""


# %% demo
def tanh_gradient(p):
    return np.tanh(p)


def tanh_hessian(p):
    return np.diag(1 / np.cosh(p) ** 2)


for start, steps in [(1.0, 5), (1.2, 3)]:
    x = np.array([start])
    print(f"Newton from {start}: {x[0]:8.4f}", end="")
    for _ in range(steps):
        x = newton_step(tanh_gradient, tanh_hessian, x)
        print(f" {x[0]:11.4g}", end="")
    print()
descent = gradient_descent(tanh_gradient, [1.2], 1.0)
print(f"gradient descent from 1.2: |x| = {abs(descent[-1, 0]):.0e} after {len(descent) - 1} steps")

# %% answer="gd_newton_lost"

# %% demo
s = np.linspace(-4.2, 4.2, 200)
fig, ax = plots.figure(width=6.6, height=3.5)
ax.plot(s, np.log(np.cosh(s)), color=plots.COLORS["blue"], label="ln cosh x")
for x, style in [(1.2, "--"), (-1.533, ":")]:  # the parabola Newton believes in, at each of its first two places
    height, slope, curvature = np.log(np.cosh(x)), np.tanh(x), 1 / np.cosh(x) ** 2
    parabola = height + slope * (s - x) + curvature * (s - x) ** 2 / 2
    ax.plot(s, parabola, style, color=plots.COLORS["orange"], label=f"Newton's parabola at {x:g}".replace("-", "−"))
    ax.plot(x, height, "o", color="black")
    lowest = (x - slope / curvature, height - slope**2 / curvature / 2)
    ax.annotate(f"to {lowest[0]:.2f}".replace("-", "−"), lowest, (0, -15), textcoords="offset points", ha="center")
ax.set(title="Newton trusts a parabola too far", xlabel="x", ylabel="height", ylim=(-2.4, 3.6))
ax.legend(loc="upper center", fontsize=9)
plots.show(
    fig,
    alt="The curve ln cosh x with the parabolas that Newton fits at 1.2 and at -1.533. Their lowest points lie at -1.53 and "
    "at 3.82, each further out than the place before.",
)

# %% [markdown]
r"""
And here it is in the landscape with the saddle, from $(1.5, 0.4)$, beside your gradient descent from the same place.
"""

# %% demo
newton_path = [np.array([1.5, 0.4])]
for _ in range(6):
    newton_path.append(newton_step(pass_gradient, pass_hessian, newton_path[-1]))
newton_path, down_path = np.array(newton_path), gradient_descent(pass_gradient, [1.5, 0.4], 0.2)
fig, ax = plots.figure(width=6.0, height=3.9)
ax.contour(u, v, u**2 / 2 - v**2 / 2 + v**4 / 4, levels=14, colors="0.72", linewidths=1)
ax.plot(*newton_path.T, "^--", color=plots.COLORS["red"], label="Newton: to the saddle")
ax.plot(*down_path.T, "o-", color=plots.COLORS["orange"], markersize=3, linewidth=1, label="descent: to a minimum")
ax.plot(0, 0, "D", color="black")
ax.plot([0, 0], [1, -1], "*", color=plots.COLORS["green"], markersize=14)
ax.set(title="Newton looks for zero slope, not for down", xlabel="x", ylabel="y")
ax.legend(loc="lower right", fontsize=9)
plots.show(
    fig,
    alt="Contours of the landscape with a saddle at (0, 0) and minima at (0, 1) and (0, -1). From (1.5, 0.4) Newton jumps to (0, -0.25) and from there "
    "to the saddle, where it ends. Gradient descent ends in the minimum at (0, 1).",
)
kind = classify_critical_point(pass_hessian(newton_path[-1]))
print("Newton ends at", (newton_path[-1].round(6) + 0), "which is a", kind)

# %% [markdown]
r"""
Two ways to be lost. It can jump out of a bowl. And it makes the gradient zero, whether that is down or not: a saddle suits it as well as a minimum. There is the price, too. A network with a million weights has a Hessian of $10^{12}$ entries.
So deep learning walks, and borrows from Newton what it can afford.

## 8. A step that chooses its own size

There is a cheap way to be safe without knowing any curvature: try a step, look at the height, and if it is not clearly lower, try a shorter one. How much lower is clear enough? With $g = \nabla f(x)$, the slope promises
that a step of $t$ brings the height down by $t \lVert g \rVert^2$ (slope times distance: $\lVert g\rVert$ times $t \lVert g\rVert$). A curve keeps only part of that promise. Accept the first $t$ that keeps at least a small share $c$ of it:

$$f(x - t\,g) \;\le\; f(x) - c\; t\; \lVert g \rVert^2 .$$

Try $t = \text{lr}$ first, then $\text{lr}\cdot\text{shrink}$, then $\text{lr}\cdot\text{shrink}^2$, and so on. This is **backtracking line search**.

By hand: $f(x) = x^2$ at $x = 1$, so $g = 2$ and $\lVert g \rVert^2 = 4$, with $c = 0.0001$. Try $t = 1$: the new place is $-1$, height 1, and it should be at most $1 - 0.0004$. No. Try $t = 0.5$: the new place is 0, height 0, at most $1 - 0.0002$. Yes. So $t = 0.5$.
"""

# %% [markdown] predict="gd_first_accepted"
r"""
Now the steeper $f(x) = 5x^2$, with curvature 10, at $x = 1$. The slope is 10. You try $t = 1,\; 0.5,\; 0.25,\; 0.125, \dots$ Which is the first to be accepted?

- [ ] 0.5
- [ ] 0.25
- [x] 0.125
- [ ] 0.0625

Why: The new place is 1 − 10t: −9, −4, −1.5, −0.25. Only the last is lower than where you stand. And 0.125 is the first of these below 2/10 = 0.2, the edge of stability. The line search has found the edge without ever looking at a Hessian.
"""

# %% demo
t = np.linspace(0, 0.3, 200)
fig, ax = plots.figure(width=6.8, height=3.7)
ax.plot(t, 5 * (1 - 10 * t) ** 2, color=plots.COLORS["blue"], label="height after a step of t")
ax.plot(t, 5 - 100 * t, ":", color=plots.COLORS["grey"], label="what the slope promises")
ax.plot(t, 5 - 0.2 * 100 * t, "--", color=plots.COLORS["orange"], label="a share of it (here c = 0.2)")
for trial, marker, color in [(0.25, "X", "red"), (0.125, "o", "green")]:
    ax.plot(trial, 5 * (1 - 10 * trial) ** 2, marker, markersize=10, color=plots.COLORS[color])
ax.annotate("t = 0.25: refused", (0.25, 11.25), (0.165, 11.0))
ax.annotate("t = 0.125: accepted", (0.125, 0.3), (0.125, -1.0))
ax.set(title="Accept what lies below the dashed line", xlabel="t", ylabel="height f(x − t g)", ylim=(-1.5, 14))
ax.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="Height of 5 x squared after a step of t from x = 1: a parabola over t, from 5 at t = 0 down to 0 at 0.1 and back up to 5 at 0.2. A steep dotted line "
    "shows what the slope promises, a dashed one a fifth of that. At t = 0.25 the height 11.25 is above the dashed line, refused; at 0.125 it is 0.3, below it, accepted.",
)
for trial in [1, 0.5, 0.25, 0.125]:
    print(
        f"t = {trial:5}: new height {5 * (1 - 10 * trial) ** 2:7.3f}   has to be at most {5 - 1e-4 * trial * 100:.4f}"
    )

# %% answer="gd_first_accepted"


# %% exercise="backtracking_line_search" difficulty=3 importance=3 minutes=8
def backtracking_line_search(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
    """The first t of lr, lr*shrink, lr*shrink**2, … that brings f down enough along minus the gradient.

    f: a function of one array (d,), giving a number   gradient: a function of one array (d,), giving an array (d,)
    x: (d,) array or list, not a critical point; left unchanged   lr: the first t to try, a positive number
    shrink: between 0 and 1   c: between 0 and 1
    Enough means f(x - t g) <= f(x) - c t ‖g‖², where g is the gradient at x and ‖g‖² the square of its norm.
    Returns t, a float.
    """
    ### BEGIN SOLUTION
    g = gradient(x)
    promised = g @ g
    t = lr
    while f(x - t * g) > f(x) - c * t * promised:
        t = t * shrink
    return t
    ### END SOLUTION


# %% check="backtracking_line_search" points=4
check(backtracking_line_search)

# %% [markdown]
r"""
What it buys: $f(x, y) = \cosh x + 5y^2$ is steep far out and gentle inside. From $x = 6$ a fixed rate has to be small enough for the curvature there (202), and then
crawls through the gentle part, where the curvature is 1. Your line search is asked anew at every place.
"""


# %% demo
def cosh_bowl(p):
    return np.cosh(p[0]) + 5 * p[1] ** 2


def cosh_gradient(p):
    return np.array([np.sinh(p[0]), 10 * p[1]])


fixed = gradient_descent(cosh_gradient, [6.0, 2.0], 0.0098)
searched, chosen = [np.array([6.0, 2.0])], []
while np.linalg.norm(cosh_gradient(searched[-1])) >= 1e-6:
    chosen.append(backtracking_line_search(cosh_bowl, cosh_gradient, searched[-1]))
    searched.append(searched[-1] - chosen[-1] * cosh_gradient(searched[-1]))
print("steps with a fixed rate:", len(fixed) - 1, "  with your line search:", len(chosen))

# %% demo
fig, (left, right) = plots.figure(1, 2, width=9.2, height=3.6)
for path, style, name in [(fixed, "--", "fixed lr = 0.0098"), (searched, "-", "line search")]:
    left.loglog(
        range(1, len(path) + 1),
        [np.linalg.norm(cosh_gradient(p)) for p in path],
        style,
        label=f"{name}: {len(path) - 1} steps",
    )
left.set(
    title="Asking at every step saves most of them",
    xlabel="row of the path",
    ylabel="norm of the gradient",
    ylim=(3e-7, 3e4),
)
left.legend(loc="upper right", fontsize=9)
right.semilogy(range(1, len(chosen) + 1), chosen, "o", color=plots.COLORS["orange"], markersize=4)
right.axhline(2 / np.cosh(6), color=plots.COLORS["red"], linestyle="--", label="2 / curvature at the start")
right.set(title="The t it chose", xlabel="step", ylabel="t", ylim=(0.006, 1.5))
right.legend(loc="center right", bbox_to_anchor=(1, 0.3), fontsize=9)
plots.show(
    fig,
    alt="Left: norm of the gradient against the step, log scales. With a fixed rate of 0.0098 it takes 1470 steps to get below 1e-6, with the line search 54. "
    "Right: the step sizes chosen by the line search: 0.03 in the first step, and 0.125, 0.25 or 0.5 afterwards; a dashed line marks 0.01, the edge at the start.",
)

# %% [markdown]
r"""
It costs extra looks at $f$, a few for each step. It chooses the length of the step, not the direction, so a ravine stays a ravine.

## 9. What is guaranteed, and what is not

A function is **convex** if the straight line between any two points of its graph nowhere runs below the graph. The MSE is convex, and so is every bowl here without negative curvature. A convex landscape has no traps: every critical point is a lowest point.
"""

# %% demo
s = np.linspace(-2.2, 2.2, 200)
fig, axes = plots.figure(1, 2, width=8.6, height=3.0)
for ax, f, ends, name in [
    (axes[0], lambda x: np.log(np.cosh(x)), [-1.8, 1.2], "Convex: no chord below the graph"),
    (axes[1], lambda x: x**4 - 4 * x**2 + x, [-1.5, 1.4], "Not convex: this chord is below"),
]:
    ends = np.array(ends)
    ax.plot(s, f(s), color=plots.COLORS["blue"])
    ax.plot(ends, f(ends), "o--", color=plots.COLORS["orange"], label="chord")
    ax.set(title=name, xlabel="x", ylabel="height")
    ax.legend(loc="upper center", fontsize=9)
plots.show(
    fig,
    alt="Left: the bowl ln cosh x with a chord between two of its points, which runs above the graph everywhere. Right: the hill of unit 01 with "
    "a chord between its two valleys, which runs below the hill top between them.",
)

# %% [markdown]
r"""
Let $L$ be the largest curvature anywhere ("smooth" means that there is such an $L$). It is the usual letter; only in this section it does not stand for the loss.

| you know | guaranteed | not guaranteed |
|---|---|---|
| $f$ smooth and nowhere below some fixed height, $\text{lr} < 2/L$ | no step raises $f$; the gradient's norm goes to 0 | that you end in a minimum: it can be a saddle |
| … and convex with a minimum $x^*$, $\text{lr} \le 1/L$ | $f(x_k) - f(x^*) \le \dfrac{\lVert x_0 - x^*\rVert^2}{2\,\text{lr}\,k}$ after $k$ steps | that it is quick: the bound falls only as $1/k$ |
| … and curved by at least $\mu > 0$ everywhere | each step keeps at most the share $1 - \text{lr}\,\mu$ of the distance | that $\mu$ is not tiny: section 4 |
| not convex | which valley: nothing. The start decides | |
| a kink, such as $\lvert x \rvert$ | with a fixed lr: nothing. It may hop for ever | |

The first row you saw in section 6, where a walk ended on a saddle, and the third in section 4. Here are the others, run:
"""

# %% demo
steps = np.arange(1, 2001)
quartic = gradient_descent(lambda p: p**3, [1.0], 1 / 3, eps=0, max_steps=2000)[1:, 0]  # x⁴/4 on [-1, 1]: L = 3
kink = gradient_descent(np.sign, [1.03], 0.2, max_steps=25)[:, 0]
starts = np.linspace(-2, 2, 41)
ends = [gradient_descent(lambda p: 4 * p**3 - 8 * p + 1, [s], 0.02)[-1, 0] for s in starts]
fig, axes = plots.figure(1, 3, width=11.0, height=3.5)
axes[0].loglog(steps, quartic**4 / 4, color=plots.COLORS["blue"], label="x⁴/4, run")
axes[0].loglog(steps, 1 / (2 / 3 * steps), "--", color="black", label="the guarantee")
axes[0].set(title="Convex: below the guarantee", xlabel="step", ylabel="height above the minimum")
axes[1].plot(kink, "o-", color=plots.COLORS["red"], markersize=4)
axes[1].axhline(0, color="0.3", linewidth=1)
axes[1].set(title="A kink: |x| hops for ever", xlabel="step", ylabel="x")
axes[2].plot(starts, ends, "o", color=plots.COLORS["orange"], markersize=4)
axes[2].axvline(0.126, color="0.3", linestyle=":", label="hill top")
axes[2].set(title="Not convex: the start decides", xlabel="start", ylabel="end of the walk")
axes[2].legend(loc="upper left", fontsize=9)
axes[0].legend(loc="lower left", fontsize=9)
plots.show(
    fig,
    alt="Three panels. Convex: the height of the walk on x to the fourth over four stays below the dashed guarantee and falls faster than it. A kink: on the absolute value with lr 0.2 the walk comes down from 1.03 and "
    "then hops between 0.03 and -0.17 for ever. Not convex: of 41 starts on the hill of unit 01, those left of the top at 0.126 end at -1.47, those right of it at 1.35.",
)

# %% [markdown]
r"""
A neural network's loss is not convex, and many have kinks. None of the strong rows applies to it. What the theory still gives you is what you used in this notebook: a way to think about the step, and an alarm when a run does what it should not.

## 10. Pay-off: 442 people on foot

All ten columns, standardised, and the column of ones. First predict, from the Hessian alone. Then walk, with your `fit_linear_regression`.
"""

# %% demo
Z = (X - X.mean(axis=0)) / X.std(axis=0)
A = np.column_stack([Z, np.ones(442)])
H = 2 / 442 * A.T @ A
curvatures, directions = np.linalg.eigh(H)  # eigenvalues, smallest first, and their eigenvectors as columns
exact = np.linalg.lstsq(A, y)[0]
lr = 0.9 * largest_stable_lr(H)
predicted = steps_to_converge(H, lr, exact, 0.01)
print(
    f"curvatures from {curvatures[0]:.4f} to {curvatures[-1]:.3f}   κ = {curvatures[-1] / curvatures[0]:.0f}   edge {largest_stable_lr(H):.4f}"
)
print(f"the kind of place where the gradient is zero: {classify_critical_point(H)}")
print(f"predicted: {predicted} steps until all numbers together are within 0.01 of the exact answer")

# %% demo
w, b, losses = fit_linear_regression(Z, y, lr, predicted)
print(f"run: after {predicted - 1} and {predicted} steps the distance is", end="")
for num_steps in (predicted - 1, predicted):
    reached = fit_linear_regression(Z, y, lr, num_steps)
    print(f"  {np.linalg.norm(np.append(reached[0], reached[1]) - exact):.6f}", end="")
print("\n\n          yours    exact")
for name, mine, theirs in zip([*columns, "bias"], [*w, b], exact):
    print(f"{name:5s} {mine:9.3f} {theirs:8.3f}")

# %% [markdown]
r"""
Predicted to the step. How good are the predictions on the way there?
"""

# %% [markdown] predict="gd_good_enough"
r"""
The walk takes over 2000 steps until the weights agree with the exact ones to 0.01. After only **100** steps the weight of `s1` is still off by about 25 points. What about the loss?

- [ ] It is about 25 points too high as well.
- [ ] It is about twice the lowest loss.
- [x] It is within one per cent of the lowest loss.

Why: What is left after 100 steps lies along the flattest direction, and flat means that moving along it hardly changes the loss. The slowest weights to settle are the ones that matter least to the predictions.
"""

# %% demo
lowest = np.mean((A @ exact - y) ** 2)
print("step     loss / lowest loss     R²    s1 is off by")
for num_steps in [1, 10, 100, 1000, predicted]:
    w_k, b_k, _ = fit_linear_regression(Z, y, lr, num_steps)
    loss = np.mean((Z @ w_k + b_k - y) ** 2)
    print(f"{num_steps:4d} {loss / lowest:18.6f} {1 - loss / y.var():12.4f} {abs(w_k[4] - exact[4]):12.3f}")
flattest = np.argsort(-abs(directions[:, 0]))[:3]
print("largest entries of the flattest direction:", [f"{columns[i]} {directions[i, 0]:+.2f}" for i in flattest])

# %% answer="gd_good_enough"

# %% demo
theta_path = gradient_descent(lambda t: H @ (t - exact), np.zeros(11), lr, eps=0, max_steps=predicted)
ranks = np.arange(1, predicted + 1)
fig, (left, right) = plots.figure(1, 2, width=9.8, height=4.0)
left.loglog(ranks, np.array(losses) - lowest, color=plots.COLORS["blue"])
left.set(title="The loss comes down to the exact one", xlabel="step", ylabel="loss above the lowest")
for j, name in enumerate(columns):
    slow = name in ("s1", "s2", "s5")
    color = {"s1": "red", "s2": "blue", "s5": "green"}.get(name, "grey")
    style = {"s1": "-", "s2": "--", "s5": "-."}.get(name, "-")
    right.semilogx(
        ranks,
        theta_path[1:, j],
        style,
        color=plots.COLORS[color],
        alpha=1 if slow else 0.5,
        linewidth=2 if slow else 1,
        label=name if slow else None,
    )
right.plot([predicted * 1.5] * 10, exact[:-1], "k_", markersize=10, label="exact")
right.set(title="s1 and s2 settle last", xlabel="step", ylabel="weight")
right.legend(loc="lower left", fontsize=9)
plots.show(
    fig,
    alt="Left: the loss above its lowest value falls, on log scales, from 26 thousand to below 1e-6 in some two thousand steps. Right: the ten weights against the step; most are near their exact values after 20 "
    "steps, but s1, s2 and s5 drift on for more than 1000 steps, s1 from 0 to -38 and s2 to 23.",
)

# %% [markdown]
r"""
You met this pair in unit 02: `s1` and `s2` nearly repeat each other, and the data can hardly tell their shares apart. Now you see the same fact as geometry: a flat direction of the loss.

## 11. Take one thing away

The same data, the same code, the same plot. Once with a step 2 % over the edge, once without standardising (at 0.9 of its own edge).
"""

# %% demo
A_all = np.column_stack([X, np.ones(442)])
H_all = 2 / 442 * A_all.T @ A_all
over = fit_linear_regression(Z, y, 1.02 * largest_stable_lr(H), 1000)[2]
raw = fit_linear_regression(X, y, 0.9 * largest_stable_lr(H_all), predicted)[2]
small, large = np.linalg.eigvalsh(H_all)[[0, -1]]
print(
    f"as measured: κ = {large / small:.1e}, edge {largest_stable_lr(H_all):.1e}, R² after {predicted} steps: {1 - raw[-1] / y.var():.3f}"
)
fig, ax = plots.figure(width=7.2, height=4.0)
for run, style, color, name in [
    (losses, "-", "green", "standardised, 0.9 × edge"),
    (raw, "--", "blue", "as measured, 0.9 × its edge"),
    (over, ":", "red", "standardised, 1.02 × edge"),
]:
    ax.loglog(range(1, len(run) + 1), np.array(run) - lowest, style, color=plots.COLORS[color], label=name)
ax.set(ylim=(1e-7, 1e9), title="The step and the scale decide", xlabel="step", ylabel="loss above the lowest")
ax.legend(loc="lower left", fontsize=9)
plots.show(
    fig,
    alt="Loss above its lowest value against the step, log scales. Standardised at 0.9 of the edge it falls below 1e-6. As measured it falls at first and then "
    "stays near a thousand for all of the run. Standardised at 1.02 of the edge it falls for some steps, turns, and rises out of the picture.",
)

# %% [markdown]
r"""
The dotted curve is treacherous. It comes down at first, in ten directions out of eleven, and only then does the eleventh take over.

## 12. Same numbers elsewhere

SciPy's minimisers, scikit-learn, and NumPy's own solver, on the same 442 people.
"""

# %% demo
import scipy
from scipy.optimize import minimize
from sklearn.linear_model import LinearRegression


def mse(t):
    return np.mean((A @ t - y) ** 2)


def mse_slope(t):
    return 2 / 442 * A.T @ (A @ t - y)


walked = np.append(*fit_linear_regression(Z, y, lr, 6000)[:2])
by_newton = newton_step(mse_slope, lambda t: H, np.zeros(11))
by_scipy = minimize(mse, np.zeros(11), jac=mse_slope, method="BFGS", options={"gtol": 1e-8}).x
model = LinearRegression().fit(Z, y)
print("largest difference from numpy.linalg.lstsq")
for name, found in [
    ("your 6000 steps", walked),
    ("your one Newton step", by_newton),
    ("SciPy, BFGS", by_scipy),
    ("LinearRegression", np.append(model.coef_, model.intercept_)),
]:
    gap = abs(found - exact).max()
    print(f"  {name:22s} {'below 1e-8' if gap < 1e-8 else 'below 1e-4' if gap < 1e-4 else gap}")
top = scipy.linalg.eigh(H, eigvals_only=True, subset_by_index=[10, 10])[0]
print("edge, yours and from SciPy's eigenvalue:", round(largest_stable_lr(H), 10), round(2 / top, 10))

# %% [markdown]
r"""
SciPy's BFGS looks at gradients only, like you, but builds up a picture of the curvature while it walks: a halfway house between your `gradient_descent` and your `newton_step`, with a line search much like yours.

## What to remember

- Gradient descent: $x \leftarrow x - \text{lr}\,\nabla f(x)$. Stop by the gradient, not by the step, and cap the number of steps.
- Along each eigenvector of the Hessian a step multiplies the distance by $1 - \text{lr}\,\lambda$. Above $2/\lambda_{\max}$ it explodes, exactly there.
- The steps needed grow with the condition number $\lambda_{\max}/\lambda_{\min}$. Standardise first.
- A zero gradient is a minimum, a maximum, a saddle or flat: the signs of the eigenvalues tell. A plateau need not be the end.
- Newton and line search use more knowledge for better steps. Smooth, convex and a small enough step: then arrival is guaranteed. Otherwise it is not.

**So why do some valleys take forever?** Because the steepest direction sets the step and the flattest has to live with it.

**Where it leads.** Every step here looked at all 442 people. With a million examples that is a long look for one step. *04 · SGD and mini-batches* looks at a few at a time, and asks what the noise costs, and what it is good for.
"""
