# ---
# title: Linear regression
# question: What is the best straight line, and who decides?
# minutes: 105
# needs: [01_derivatives]
# ---

# %% [markdown]
r"""
# 02 · Linear regression

**What is the best straight line, and who decides?**

A café writes down how warm each day was and how many iced drinks it sold. Tomorrow will be 26 °C. How many drinks
should it prepare? You could lay a ruler on the plot and read a number off. Your friend would lay it a little
differently. Who is right? By the end of this notebook you can settle that, first for six days at a café, then
for 442 people with diabetes.

- **Before this:** unit 01, *Derivatives*. You need slopes, partial derivatives and the chain rule.
- **Time:** about 105 minutes, with eight short exercises. The end of section 4 is a good place to stop for the night.
- **You will be able to** predict with a linear model, and say what a weight and a bias mean.
- **You will be able to** measure how wrong a line is, derive the gradient of that number by hand, and solve for the best line in one step.
- **You will be able to** judge a fit on data it has not seen, and spot a test set that leaked into the training.
"""

# %% setup
import numpy as np

from helpers import check, data, guess, plots

# %% [markdown]
r"""
## 1. Learning from examples

Here are six days at the café. We count degrees from 20 °C, so `-6` means 14 °C and `0` means exactly 20 °C.
Cells that draw, like the second one below, are there to be run: you need not read their code.
"""

# %% demo
degrees = np.array([-6.0, -3.0, 0.0, 4.0, 7.0, 11.0])  # °C above 20
weekend = np.array([0.0, 1.0, 0.0, 0.0, 1.0, 0.0])  # 1 on a Saturday or Sunday
cups = np.array([20.0, 33.0, 34.0, 52.0, 55.0, 74.0])  # iced drinks sold

# %% [markdown]
r"""
Each day is an **example**. What we know beforehand (degrees, weekend) are its **features**. What we want to foretell
(cups) is its **target**. Learning from examples whose targets are known is called **supervised learning**: somebody
has already written down the right answers.

There are two common kinds of target:

| | the target is | a question at the café | a prediction can be |
|---|---|---|---|
| **regression** | a number | How many cups tomorrow? | off by 3 cups, or by 30 |
| **classification** | one of a few kinds | Will we sell out, yes or no? | right or wrong |

This unit is about regression. Classification comes in units 06 and 07.
"""

# %% demo
fig, (left, right) = plots.figure(1, 2, width=8.0, height=3.4)
left.plot(degrees, cups, "o", color=plots.COLORS["blue"])
left.set_title("Regression: the target is a height")
left.set_xlabel("degrees above 20 °C")
left.set_ylabel("cups sold")
full = cups > 50
right.plot(degrees[~full], weekend[~full], "o", color=plots.COLORS["blue"], label="stock lasted")
right.plot(degrees[full], weekend[full], "X", markersize=9, color=plots.COLORS["red"], label="sold out (over 50)")
right.set_title("Classification: the target is a kind")
right.set_xlabel("degrees above 20 °C")
right.set_yticks([0, 1], ["weekday", "weekend"])
right.set_ylim(-0.6, 1.9)
right.legend(loc="upper left", ncols=2, fontsize=9)
plots.show(
    fig,
    alt="Left: six café days, cups sold against degrees above 20, rising from 20 cups at -6 degrees to 74 "
    "cups at 11 degrees, close to a straight line. Right: the same days marked only as stock lasted (the three cool "
    "days) or sold out (the three warm days).",
)

# %% [markdown]
r"""
### A weight is importance, the bias is an offset

A **linear model** predicts by adding up. For one day with features $x_1$ (degrees) and $x_2$ (weekend):

$$\hat y = w_1 x_1 + w_2 x_2 + b .$$

$\hat y$ ("y hat") is the prediction. The $w$'s are **weights**: $w_1$ says how many more cups one more degree brings
while everything else stays put. A weight of 0 means the feature is ignored; a negative weight means it pushes the
prediction down. The **bias** $b$ is the prediction when all features are 0, so here a weekday of 20 °C.

A worked example, with $w = (3, 5)$ and $b = 35$. Saturday, 27 °C, so $x = (7, 1)$:

$$\hat y = 3 \cdot 7 + 5 \cdot 1 + 35 = 21 + 5 + 35 = 61 \text{ cups}.$$

The figure takes the same sum apart for three days.
"""

# %% demo
names = ["14 °C, weekday", "20 °C, weekday", "27 °C, weekend"]
from_degrees, from_weekend, bias = np.array([-18, 0, 21]), np.array([0, 0, 5]), 35
fig, ax = plots.figure(width=6.6, height=3.2)
ax.barh(names, bias, color=plots.COLORS["sky"], label="bias: 35 always")
ax.barh(names, from_degrees, left=bias, height=0.5, color=plots.COLORS["orange"], hatch="//", label="3 × degrees")
ax.barh(names, from_weekend, left=bias + from_degrees, height=0.5, color=plots.COLORS["grey"], label="5 × weekend")
for row, total in enumerate([17, 35, 61]):
    ax.plot([total, total], [row - 0.4, row + 0.4], color="black")
    ax.annotate(f" {total}", (total, row + 0.3), fontsize=11, fontweight="bold")
for share, place in [("−18", (26, 0)), ("+21", (45.5, 2)), ("+5", (58.5, 2))]:
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.annotate(share, place, ha="center", va="center", fontsize=9, bbox=white)
ax.set_xlim(0, 92)
ax.set_title("The bias sets the level, each feature adds its share")
ax.set_xlabel("predicted cups (black line: the total)")
ax.legend(loc="lower right", fontsize=9)
plots.show(
    fig,
    alt="Stacked bars for three days. All start from the bias of 35 cups. At 14 degrees the temperature takes 18 "
    "away, drawn back from the bias, leaving 17. At 20 degrees nothing is added: 35. At 27 degrees on a weekend 21 and 5 are added: 61.",
)

# %% [markdown] predict="tenths"
r"""
The café's new thermometer reports **tenths** of a degree, so 7 becomes 70. The predictions should stay the same.
What must happen to the weight of 3 cups per degree?

- [ ] It stays 3. A weight measures importance, and temperature is as important as before.
- [x] It becomes 0.3.
- [ ] It becomes 30.

Why: The feature grew tenfold, so its weight must shrink tenfold to give the same product. A weight is importance per unit: you can compare two weights only when their features are measured on the same scale. Section 7 does that.
"""

# %% demo
for unit, size_of_feature, weight in [
    ("degrees", 7, 3.0),
    ("tenths of a degree", 70, 3.0),
    ("tenths of a degree", 70, 0.3),
]:
    print(f"{unit:20s} feature {size_of_feature:3d}   weight {weight:3.1f}   adds {weight * size_of_feature:6.1f} cups")

# %% answer="tenths"

# %% [markdown]
r"""
### All examples at once

Stack $n$ examples with $d$ features each into a matrix $X$, one example a row. Then one matrix product makes
all $n$ predictions:

$$\underbrace{\hat y}_{(n,)} \;=\; \underbrace{X}_{(n,\,d)}\;\underbrace{w}_{(d,)} \;+\; \underbrace{b}_{\text{one number}}$$

Row $i$ of $X$ meets $w$, the $d$ products are summed, and $b$ is added. The $d$ inside disappears; one number per
example remains.

In NumPy the matrix product is written `@`. (`*` is something else: it multiplies entry by entry and sums nothing.)
Whole numbers stay whole numbers; one float in the sum, such as `35.0`, makes all of it float.
"""

# %% demo
three_days = np.array([[7, 1], [0, 0], [-6, 0]])  # (3, 2): degrees, weekend
weights = np.array([3, 5])  # (2,)
print("products, summed row by row:", three_days @ weights)  # (3,)
print("and the bias added:         ", three_days @ weights + 35.0)


# %% exercise="predict" difficulty=1 importance=5 minutes=5
def predict(X, w, b):
    """Predictions of a linear model, one for each example.

    X: (n, d) array   w: (d,) array or list   b: a number
    Returns an array (n,) of floats, also when X, w and b hold whole numbers. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    return X @ w + float(b)  # the float makes the sum float, even for whole-number X and w
    ### END SOLUTION


# %% check="predict" points=2
check(predict)

# %% [markdown]
r"""
## 2. How wrong is a line?

For now take one feature, the degrees, so the model is a line with slope $w$ and height $b$ at 20 °C. The **residual**
of an example is what the prediction has too much:

$$r_i = \hat y_i - y_i .$$

Sold 34, predicted 38: the residual is $+4$. Sold 74, predicted 71: it is $-3$. We want one number for the whole line.
Adding residuals up will not do: $+4$ and $-4$ make 0, and a bad line would look perfect. So we square each one first.
In the next figure each residual carries its square. Move the slope and watch the squares grow and shrink.
"""


# %% demo
def draw_squares(ax, slope, height=38.0):
    line = slope * degrees + height
    ax.plot([-9, 15], [slope * -9 + height, slope * 15 + height], color=plots.COLORS["orange"])
    for x, top, bottom in zip(degrees, line, cups):
        side = abs(top - bottom) / 4.4  # one unit across is drawn as long as 4.4 units up
        ax.fill([x, x + side, x + side, x], [top, top, bottom, bottom], color=plots.COLORS["sky"], alpha=0.45)
        ax.plot([x, x], [top, bottom], ":", color=plots.COLORS["red"])
    ax.plot(degrees, cups, "o", color=plots.COLORS["blue"])
    ax.set_xlim(-9, 21)
    ax.set_ylim(-10, 122)
    ax.set_aspect(1 / 4.4)  # so that squares look square
    ax.set_xlabel("degrees above 20 °C")
    ax.set_ylabel("cups")
    mean_of_squares = sum((top - bottom) ** 2 for top, bottom in zip(line, cups)) / 6
    ax.set_title(f"slope {slope:g}: mean square {mean_of_squares:.1f}")


# %% demo
plots.slider(
    draw_squares,
    label="slope w",
    values=[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6],
    figsize=(6, 6),
    alt="The six café days with a line through (0, 38) whose slope can be set. Each residual is the side of a "
    "shaded square. At slope 0 the squares are large, mean 357.7; at slope 3 they nearly vanish, mean 10.2; at slope 6 "
    "they are large again, mean 355.7.",
)

# %% [markdown]
r"""
The mean of those squares is the **mean squared error**, MSE, our **loss**:

$$L = \frac1n \sum_{i=1}^{n} r_i^2 .$$

Why squares? The sign goes away. A residual of 10 counts a hundred times as much as a residual of 1, so the line is
pushed hardest to mend its worst mistakes. And $r^2$ is smooth, with a derivative everywhere, which we need soon.

The **L2 norm** of the residuals is their length as a vector, $\lVert r\rVert_2 = \sqrt{r_1^2 + \dots + r_n^2}$. So
$L = \lVert r\rVert_2^2 / n$. Three residuals $(2, -1, 2)$: the squares are $4, 1, 4$, the norm is $\sqrt 9 = 3$, the MSE is $9 / 3 = 3$.

Before you write it, one trap that catches almost everyone once.
"""

# %% [markdown] predict="broadcast_shapes"
r"""
`column` has shape `(6, 1)`, a column of six predictions. `flat` has shape `(6,)`, the six targets. What is the
shape of `column - flat`?

- [ ] `(6,)`
- [ ] `(6, 1)`
- [x] `(6, 6)`
- [ ] There is none: NumPy stops with an error.

Why: NumPy stretches both to `(6, 6)` and takes every prediction minus every target. This stretching is called broadcasting. Nothing complains, and the mean of the squares is a believable, wrong number. When a loss looks odd, print shapes first.
"""

# %% demo
flat = cups
column = cups.reshape(6, 1)  # the very same numbers, so every residual should be 0
difference = column - flat
print("shape of the difference:", difference.shape)
print("mean of its squares:    ", round(float(np.square(difference).mean()), 1), " (it should be 0)")

# %% answer="broadcast_shapes"

# %% [markdown]
r"""
So keep both flat. And lists cannot be subtracted: `np.asarray(y)` makes an array of a list, and leaves an array as it is.
"""


# %% exercise="mean_squared_error" difficulty=1 importance=5 minutes=5
def mean_squared_error(predictions, y):
    """Mean of the squared residuals.

    predictions: (n,) array or list   y: (n,) array or list
    Returns a float.
    """
    ### BEGIN SOLUTION
    return np.mean((np.asarray(predictions) - y) ** 2)
    ### END SOLUTION


# %% check="mean_squared_error" points=2
check(mean_squared_error)

# %% [markdown]
r"""
### Who decides?

Your friend says: "Squares are too harsh. I take the mean of the plain distances $|r_i|$." Does it matter? A seventh
day comes: 17 °C, and a school class buys 110 cups.
"""

# %% [markdown] predict="pull_of_an_outlier"
r"""
Each of you fits the line again, now on seven days. Whose line is pulled further towards the school class?

- [x] The line with the smallest mean square.
- [ ] The line with the smallest mean distance.
- [ ] Both move by the same amount: the best line is a property of the data.

Why: A residual of 80 counts 6400 when squared, so the square line gives up accuracy on the other six days to shrink that one. The plain distance counts it as 80 and stays with the six.
"""

# %% demo
x7, y7 = np.append(degrees, -3.0), np.append(cups, 110.0)
square_slope, square_height = np.polyfit(x7, y7, 1)
candidates = []  # a line of least mean distance passes through two of the points, so try them all
for i in range(7):
    for j in range(i):
        if x7[i] != x7[j]:
            slope = (y7[i] - y7[j]) / (x7[i] - x7[j])
            candidates.append((np.abs(y7 - y7[i] - slope * (x7 - x7[i])).mean(), slope, y7[i] - slope * x7[i]))
_, distance_slope, distance_height = min(candidates)

# %% demo
fig, ax = plots.figure(width=6.4, height=3.8)
ax.plot(degrees, cups, "o", color=plots.COLORS["blue"])
ax.plot(-3, 110, "X", markersize=11, color=plots.COLORS["red"])
ax.annotate("school class", (-3, 110), (-2, 106))
ends = np.array([-8.0, 13.0])
for name, slope, height, color, style in [
    ("square", square_slope, square_height, "orange", "-"),
    ("distance", distance_slope, distance_height, "green", "--"),
]:
    label = f"least mean {name}: slope {slope:.1f}"
    ax.plot(ends, slope * ends + height, style, color=plots.COLORS[color], label=label)
ax.set_title("The loss decides which line is best")
ax.set_xlabel("degrees above 20 °C")
ax.set_ylabel("cups")
ax.legend(loc="lower right", fontsize=9)
plots.show(
    fig,
    alt="Seven days, one of them an outlier of 110 cups at 17 degrees. The line of least mean square is tilted up "
    "towards the outlier and has slope 1.4. The line of least mean distance ignores it and keeps slope 3.1.",
)

# %% answer="pull_of_an_outlier"

# %% [markdown]
r"""
Neither of you is wrong. **"Best" means "lowest loss", and a person chooses the loss.** Once it is chosen, the data
decides the rest, and no ruler is needed. From here on the loss is the MSE, and the question is how to find its lowest point.
"""

# %% [markdown]
r"""
## 3. Which way is down?

A line has two knobs (dials, in unit 01): $w$ and $b$. Each setting of the knobs is a point on a map, and the loss is the height there. The
curves join settings of equal loss, and carry its value. Watch one knob turn at a time; the small picture shows the line it makes.
"""


# %% demo
def loss_map(w, b):  # the loss for whole grids of w and b, from the formula multiplied out
    return (
        w * w * (degrees @ degrees)
        + b * b * 6
        + cups @ cups
        + 2 * w * b * degrees.sum()
        - 2 * w * (degrees @ cups)
        - 2 * b * cups.sum()
    ) / 6


corners = [(-1.0, 75.0), (1.0, 75.0), (1.0, 42.0), (2.8, 42.0), (2.8, 38.5), (2.99, 38.5)]
walk = corners[:1]
for w1, b1 in corners[1:]:
    w0, b0 = walk[-1]
    walk += [(w0 + part * (w1 - w0), b0 + part * (b1 - b0)) for part in np.linspace(0, 1, 7)[1:]]


# %% demo
def draw_map(ax, frame):
    w, b = walk[frame]
    ws, bs = np.meshgrid(np.linspace(-2, 8, 80), np.linspace(0, 90, 80))
    levels = [20, 100, 300, 700, 1300, 2100]
    curves = ax.contour(ws, bs, loss_map(ws, bs), levels=levels, colors=plots.COLORS["grey"], linewidths=1)
    ax.clabel(
        curves, levels=levels[1:], fmt="%g", fontsize=8, manual=[(2.3, 31), (1.5, 26), (0.6, 19), (0, 13), (-1.2, 6)]
    )
    ax.plot([p[0] for p in walk[: frame + 1]], [p[1] for p in walk[: frame + 1]], color=plots.COLORS["orange"])
    ax.plot(w, b, "o", markersize=9, color=plots.COLORS["orange"])
    ax.plot(2.994, 38.18, "+", markersize=12, markeredgewidth=2, color=plots.COLORS["black"])
    ax.set_xlabel("w, cups per degree")
    ax.set_ylabel("b, cups at 20 °C")
    ax.set_title(f"Each turn lowers the loss: {loss_map(w, b):.0f}\n(w = {w:.1f}, b = {b:.0f})")
    small = ax.inset_axes([0.64, 0.64, 0.35, 0.35])
    small.plot(degrees, cups, ".", color=plots.COLORS["blue"])
    small.plot([-8, 13], [w * -8 + b, w * 13 + b], color=plots.COLORS["orange"])
    small.set(xlim=(-8, 13), ylim=(0, 110), xticks=[], yticks=[])


# %% demo
plots.animate(
    draw_map,
    range(len(walk)),
    strip=4,
    interval=150,
    figsize=(6, 5),
    alt="A map of the loss over w and b: oval contours, marked with their loss, around the lowest point at w = 3.0, b = 38.2. A point starts "
    "at w = -1, b = 75, where the loss is 1343, and moves along one knob at a time: loss 1201, then 145, and in the end 10. "
    "A small picture shows its line turn until it passes through the six days.",
)

# %% [markdown]
r"""
Turning knobs by hand works for two. A network has millions. So we ask for the **gradient**: the slope of the loss
along every knob. Cut the map along $w = 3$ and only $b$ is left: the loss is a parabola, and its slope tells
which way to turn.
"""

# %% demo
offset = np.mean(cups - 3 * degrees)  # the b at the bottom of this cut
height_at_bottom = np.var(cups - 3 * degrees)
heights = np.linspace(15, 62, 100)
fig, ax = plots.figure(width=6.4, height=3.6)
ax.plot(heights, (heights - offset) ** 2 + height_at_bottom, color=plots.COLORS["blue"])
places = [(25.0, "--", "left", (9, 6)), (offset, ":", "center", (0, -18)), (50.0, "-.", "right", (-9, 6))]
for b, style, side, away in places:
    slope, value = 2 * (b - offset), (b - offset) ** 2 + height_at_bottom
    ax.plot([b - 8, b + 8], [value - 8 * slope, value + 8 * slope], style, color=plots.COLORS["red"])
    ax.plot(b, value, "o", color=plots.COLORS["red"])
    text = f"slope {slope:+.0f}".replace("+0", "0").replace("-0", "0")
    ax.annotate(text, (b, value), away, textcoords="offset points", ha=side, fontsize=10)
ax.set(ylim=(-60, 560), xlabel="b, with w fixed at 3", ylabel="loss")
ax.set_title("The slope's sign says which way is up, its size how steep")
plots.show(
    fig,
    alt="The loss along b, with w fixed at 3, is a parabola with its bottom at b = 38.2. Tangents: slope -26 at "
    "b = 25 on the left side, 0 at the bottom, +24 at b = 50 on the right side.",
)

# %% [markdown]
r"""
### The gradient by hand

Take one example first. Its residual is $r_i = x_{i1} w_1 + \dots + x_{id} w_d + b - y_i$. Nudge one knob at a time:

$$\frac{\partial r_i}{\partial w_j} = x_{ij}, \qquad \frac{\partial r_i}{\partial b} = 1 .$$

Now the loss $L = \frac1n \sum_i r_i^2$. The chain rule of unit 01: the derivative of $r_i^2$ is $2 r_i$ times the derivative of $r_i$.

$$\frac{\partial L}{\partial w_j} = \frac1n \sum_{i} 2\, r_i\, x_{ij}, \qquad
\frac{\partial L}{\partial b} = \frac1n \sum_{i} 2\, r_i .$$

The first one, for all $j$ together, is a matrix product with $X^\top$ ("X transposed"): $X$ with rows and columns exchanged,
in NumPy `X.T`. The shapes leave only one way to write it:

$$\underbrace{\nabla_w L}_{(d,)} = \frac2n\; \underbrace{X^\top}_{(d,\,n)}\; \underbrace{r}_{(n,)}, \qquad
\underbrace{\nabla_b L}_{\text{one number}} = \frac2n \sum_i r_i .$$

**A worked example.** Two days, $x = (-3, 4)$, $y = (33, 52)$, with $w = 2$, $b = 40$. Predictions: $34$ and $48$. Residuals: $+1$ and $-4$.

$$\nabla_w L = \tfrac22 \big(1 \cdot (-3) + (-4) \cdot 4\big) = -19, \qquad \nabla_b L = \tfrac22 (1 - 4) = -3 .$$

Both are negative: turning either knob *up* lowers the loss.
"""

# %% [markdown] predict="all_too_high"
r"""
Suppose every one of six predictions is exactly 5 cups too high. What is $\nabla_b L$, the slope of the MSE along $b$?

- [x] 10
- [ ] 5
- [ ] 60
- [ ] -10: the bias must go down.

Why: Every residual is +5, so the mean of 2r is 10, whatever n is. It is positive because more bias means more loss: the gradient points uphill, and you walk against it.
"""

# %% demo
too_high = cups + 5
nudge = 0.001
up, down = [np.square(too_high + step - cups).mean() for step in (nudge, -nudge)]
print("loss with b nudged down:", round(down, 5))
print("loss with b nudged up:  ", round(up, 5))
print("slope along b:          ", round((up - down) / (2 * nudge), 3))

# %% answer="all_too_high"

# %% [markdown]
r"""
Your turn. The residuals and the last line are already there; the two gradients are missing.
"""


# %% exercise="mse_gradient" difficulty=2 importance=5 minutes=10
def mse_gradient(X, y, w, b):
    """Gradient of the mean squared error of a linear model with respect to its weights and its bias.

    X: (n, d) array   y: (n,) array or list   w: (d,) array or list   b: a number
    Returns grad_w, an array (d,) of floats, and grad_b, a float. Leaves its inputs unchanged.
    """
    residuals = predict(X, w, b) - y  # (n,)
    ### BEGIN SOLUTION
    n = len(residuals)
    grad_w = 2 / n * X.T @ residuals
    grad_b = 2 / n * residuals.sum()
    ### END SOLUTION
    return grad_w, grad_b


# %% check="mse_gradient" points=4
check(mse_gradient)

# %% [markdown]
r"""
Never trust a gradient you have not nudged. Here is your formula beside the slope measured with your own loss, the
way unit 01 measured it: a little step up, a little step down.
"""

# %% demo
X_cafe = np.column_stack((degrees, weekend))  # (6, 2)
w_try, b_try, h = np.array([2.0, 1.0]), 30.0, 1e-5
by_formula, by_formula_b = mse_gradient(X_cafe, cups, w_try, b_try)
for j, name in enumerate(["degrees", "weekend"]):
    nudge = h * np.eye(2)[j]
    higher = mean_squared_error(predict(X_cafe, w_try + nudge, b_try), cups)
    lower = mean_squared_error(predict(X_cafe, w_try - nudge, b_try), cups)
    print(f"w for {name}: formula {by_formula[j]:10.4f}   nudged {(higher - lower) / (2 * h):10.4f}")
higher = mean_squared_error(predict(X_cafe, w_try, b_try + h), cups)
lower = mean_squared_error(predict(X_cafe, w_try, b_try - h), cups)
print(f"b:             formula {by_formula_b:10.4f}   nudged {(higher - lower) / (2 * h):10.4f}")

# %% [markdown]
r"""
## 4. The same length, not squared

Why square at all? We could minimise the length $N = \lVert r\rVert_2$ itself. It has its lowest point at the same line, because a
longer vector has a larger square. Its slopes are different, though.

The chain rule again, with $N = \sqrt{S}$ and $S = \sum_i r_i^2$. The derivative of $\sqrt S$ is $\frac{1}{2\sqrt S}$:

$$\frac{\partial N}{\partial w_j} = \frac{1}{2\sqrt S}\sum_i 2\,r_i\,x_{ij} = \frac{1}{N}\sum_i r_i\, x_{ij} .$$

The 2 cancels, no $\frac1n$ appears, and the sum is divided by the length $N$. Only the *direction* $r / N$, a
vector of length 1, is left of the residuals. For $r = (3, -4)$: $N = 5$ and the direction is $(0.6, -0.8)$. And where $N = 0$, a perfect fit, the
formula is $0/0$: the length has a sharp corner there, and no slope.
"""

# %% [markdown] predict="sharp_corner"
r"""
Take three points that lie exactly on the line $y = 3x$, and let $w$ walk towards 3 from the right. What happens to the two slopes on
the way?

- [ ] Both shrink to 0.
- [x] The slope of the MSE shrinks to 0; the slope of the norm keeps its size until the very end.
- [ ] The slope of the norm shrinks to 0; the slope of the MSE keeps its size.

Why: The MSE's slope is proportional to the residuals, so it fades as they do. The norm divides the fading residuals by their own length, and what remains has length 1. That is why the square is gentler near the goal.
"""

# %% demo
slopes, spread = np.linspace(0, 6, 201), 1 + 4 + 9  # points (1, 3), (2, 6), (3, 9): w - 3 times 1, 2, 3 is left over
fig, (left, right) = plots.figure(1, 2, width=8.0, height=3.4)
left.plot(slopes, spread * (slopes - 3) ** 2 / 3, color=plots.COLORS["blue"])
right.plot(slopes, np.sqrt(spread) * abs(slopes - 3), color=plots.COLORS["blue"])
for w in (5.5, 4.0, 3.2):
    for ax, height, slope in [
        (left, spread * (w - 3) ** 2 / 3, 2 / 3 * spread * (w - 3)),
        (right, np.sqrt(spread) * (w - 3), np.sqrt(spread)),
    ]:
        ax.plot(w, height, "o", color=plots.COLORS["red"])
        ax.annotate(f"slope {slope:.1f}", (w, height), (9, -5), textcoords="offset points")
left.set(title="MSE: a bowl, flat at the bottom", ylabel="mean squared error", xlabel="w", xlim=(0, 7.6))
right.set(title="L2 norm: a corner, steep to the end", ylabel="norm of the residuals", xlabel="w", xlim=(0, 7.6))
plots.show(
    fig,
    alt="Left: the mean squared error over w is a parabola; its slope is 23.3 at w = 5.5, 9.3 at 4 and 1.9 at 3.2. "
    "Right: the norm over w is a V with its corner at w = 3; its slope is 3.7 at all three places.",
)

# %% answer="sharp_corner"

# %% [markdown]
r"""
The slope does not exist at the corner, yet code must return something. The usual choice is zero: the fit is
perfect, and zero says "stay". A fit that is only close gets its slope. This time the whole function is yours.
"""


# %% exercise="l2_norm_gradient" difficulty=3 importance=3 minutes=8
def l2_norm_gradient(X, y, w, b):
    """Gradient of the L2 norm (not squared) of the residuals of a linear model.

    X: (n, d) array   y: (n,) array or list   w: (d,) array or list   b: a number
    Returns grad_w, an array (d,) of floats, and grad_b, a float. Where all residuals are exactly zero,
    both are zeros: an array (d,) and 0.0. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    r = predict(X, w, b) - y
    length = np.sqrt(np.sum(r**2))
    if length == 0:
        return np.zeros(len(w)), 0.0
    return X.T @ (r / length), np.sum(r / length)
    ### END SOLUTION


# %% check="l2_norm_gradient" points=3
check(l2_norm_gradient)

# %% [markdown]
r"""
## 5. The answer in one step

### The bias is a weight, too

Give every example one more feature that is always 1. Its weight is added to every prediction: that is the bias. So

$$X w + b = A\theta, \qquad A = [\,X \;\; \mathbf 1\,] \;\; (n,\,d{+}1), \qquad \theta = (w_1, \dots, w_d, b) \;\; (d{+}1,) .$$

One matrix, one vector $\theta$ ("theta"), and no special case for $b$. The day $(7, 1)$ becomes $(7, 1, 1)$. We put the ones **last**.
"""


# %% exercise="add_bias_column" difficulty=1 importance=4 minutes=4
def add_bias_column(X):
    """X with a column of ones after its last column.

    X: (n, d) array
    Returns a new array (n, d + 1) of floats, also when X holds whole numbers. Leaves X unchanged.
    """
    ### BEGIN SOLUTION
    return np.column_stack([X, np.ones(len(X))])
    ### END SOLUTION


# %% check="add_bias_column" points=2
check(add_bias_column)

# %% [markdown]
r"""
### The normal equation

The MSE is a bowl (or a trough), so wherever it is level, it is lowest: look where the gradient is zero. With the bias inside $\theta$ the gradient is $\frac2n A^\top(A\theta - y)$, so

$$A^\top (A\theta - y) = 0 \quad\Longleftrightarrow\quad
\underbrace{A^\top A}_{(d+1,\,d+1)}\;\underbrace{\theta}_{(d+1,)} = \underbrace{A^\top y}_{(d+1,)} .$$

This is the **normal equation**. No learning rate, no steps: as many linear equations as unknowns. "Normal" means *at right angles*: the
left form says that each column of $A$ is at right angles to the residuals.

You can see it with two examples and one column. Then $y$ is a point in the plane, and the predictions
$a\theta$ can only lie on the line through the column $a$. The closest one is where the residual stands upright on that line.
"""

# %% demo
a, target, corner = np.array([4.0, 2.0]), np.array([2.0, 3.5]), np.array([3.0, 1.5])
fig, ax = plots.figure(width=6.0, height=3.9)
ax.plot([-0.4, 5.6], [-0.2, 2.8], color=plots.COLORS["grey"], linewidth=1)
ax.annotate("all predictions a·θ", (4.15, 1.75), color=plots.COLORS["grey"])
for theta, style in [(0.25, ":"), (0.75, "-"), (1.15, "--")]:
    point = a * theta
    length = np.hypot(*(point - target))
    ax.plot(*zip(point, target), style, color=plots.COLORS["orange"], label=f"θ = {theta:g}: length {length:.2f}")
    ax.plot(*point, "o", color=plots.COLORS["blue"])
ax.plot(*target, "X", markersize=10, color=plots.COLORS["red"])
ax.annotate("y", target, target + np.array((0.12, 0.08)))
along, up = np.array([0.18, 0.09]), np.array([-0.09, 0.18])  # the mark of the right angle
ax.plot(*zip(corner + along, corner + along + up, corner + up), color="black", linewidth=1)
ax.set_aspect("equal")
ax.set(xlim=(-0.4, 7.4), ylim=(-0.3, 4.0), xlabel="first example", ylabel="second example")
ax.set_title("The shortest residual meets the column at a right angle")
ax.legend(loc="upper right", fontsize=9)
plots.show(
    fig,
    alt="A plane whose axes are the two examples. The point y = (2, 3.5) and the line of all predictions through (4, 2). "
    "Residuals from three points of the line to y: the one at theta = 0.75 is the shortest, 2.24, and meets "
    "the line at a right angle; those at 0.25 and 1.15 are longer, 3.16 and 2.86.",
)

# %% [markdown]
r"""
### Why solve, and not invert

On paper you would write $\theta = (A^\top A)^{-1} A^\top y$. In code nobody should. The inverse is more work than solving, and rounding hits it harder.
How hard depends on the **condition number** of the matrix: how many times larger a relative error can come out than it went in.
A computer keeps about 16 digits. A condition number of $10^6$ can eat six of them; at $10^{16}$ none is left.

It grows when columns look alike. Take the columns $1, t, t^2, t^3, \dots$ with $t$ between 0 and 1: $t^8$ and $t^9$ are
almost the same curve.
"""

# %% [markdown] predict="condition_squared"
r"""
The condition number of $A$ with eight such columns is about $10^{5}$. What is it for $A^\top A$, the matrix in the normal equation?

- [ ] About the same, 10⁵.
- [ ] About twice as large, 2 · 10⁵.
- [x] About 10¹⁰.

Why: Multiplying by Aᵀ squares it. Ten of 16 digits can be gone before solving even starts, so good solvers work on A itself and never form AᵀA.
"""

# %% demo
t = np.linspace(0, 1, 40)
print("columns   cond(A)   cond(A.T A)   digits that can be lost of 16")
for k in (2, 4, 6, 8):
    powers = np.vander(t, k, increasing=True)
    worst = np.linalg.cond(powers.T @ powers)
    print(f"{k:7d}   {np.linalg.cond(powers):7.0e}   {worst:11.0e}   {np.log10(worst):6.0f}")

# %% answer="condition_squared"

# %% [markdown]
r"""
Now three ways to the same $\theta$, whose true entries are all 1, with more and more columns. The first two use
$A^\top A$. The third, a *QR factorisation*, works on $A$ and never forms that equation, so it is in the right plot only. You
need not write it: NumPy's `lstsq` works on $A$ for you, and copes with the next trouble as well.
"""

# %% demo
counts, gap, errors = range(2, 13), [], []
for k in counts:
    powers = np.vander(t, k, increasing=True)
    gram, right_side = powers.T @ powers, powers.T @ powers.sum(axis=1)
    q, upper = np.linalg.qr(powers)
    found = (
        np.linalg.inv(gram) @ right_side,
        np.linalg.solve(gram, right_side),
        np.linalg.solve(upper, q.T @ powers.sum(axis=1)),
    )
    gap.append([np.linalg.norm(gram @ th - right_side) / np.linalg.norm(right_side) for th in found])
    errors.append([abs(th - 1).max() for th in found])

# %% demo
fig, (left, right) = plots.figure(1, 2, width=8.4, height=3.7)
for i, (name, style) in enumerate([("invert AᵀA", "o-"), ("solve with AᵀA", "s--"), ("solve with A (QR)", "^:")]):
    if i < 2:
        left.semilogy(counts, [max(g[i], 1e-17) for g in gap], style, label=name)
    right.semilogy(counts, [max(e[i], 1e-17) for e in errors], style, label=name)
left.set(title="Inverting misses the equation", ylabel="relative gap in AᵀA θ = Aᵀy")
right.set(title="Using A itself keeps more digits", ylabel="largest error in θ")
for ax in (left, right):
    ax.set(xlabel="number of columns", ylim=(1e-18, 1e8))
    ax.legend(fontsize=9, loc="upper left")
plots.show(
    fig,
    alt="Two plots on a log scale over 2 to 12 columns. Left: how far the found theta misses the equations; solving stays "
    "near 1e-16, inverting climbs to about 0.05. Right: the largest error in theta; inverting and solving with A transposed A climb to 1 "
    "and beyond at 12 columns, while solving with A itself stays below 1e-7.",
)

# %% [markdown]
r"""
### Two columns that say the same

It gets worse when a column is an exact combination of others: the same column twice, or one that is constant beside our column of ones, or
temperature in °C and again in °F (°F = 1.8 · °C + 32 · 1, so the ones take part). Such columns are **collinear**, and $A$ is **rank-deficient**. Then $A^\top A$ has no inverse,
and infinitely many $\theta$ reach the very same lowest loss: if two equal columns need 3 cups per degree between them, $(3, 0)$ does it, and so do $(1, 2)$
and $(100, -97)$.
"""

# %% [markdown] predict="column_twice"
r"""
We enter the temperature twice and ask NumPy's least-squares solver for the weights. What does it give?

- [ ] An error: there is no inverse.
- [x] (1.5, 1.5): the shortest of all the best weight vectors.
- [ ] (3, 0): the second copy is redundant, so it is ignored.

Why: Among all θ of lowest loss it picks the one with the smallest norm, the length of θ as a vector. Sharing equally is the shortest way: √(1.5² + 1.5²) ≈ 2.1, against 3 for (3, 0).
"""

# %% demo
twice = np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]])
answers = np.linalg.lstsq(twice, np.array([3.0, 6.0, 12.0]))
print("least squares gives", answers[0].round(6), "  rank", answers[2], "of 2 columns")
try:
    np.linalg.solve(twice.T @ twice, np.ones(2))
except np.linalg.LinAlgError as error:
    print("solving with A.T A: ", error)

# %% demo
fig, ax = plots.figure(width=5.4, height=3.9)
ax.plot([-1, 4], [4, -1], color=plots.COLORS["blue"], label="all best weights")
circle = np.linspace(0, 2 * np.pi, 100)
ax.plot(4.5**0.5 * np.cos(circle), 4.5**0.5 * np.sin(circle), ":", color=plots.COLORS["grey"], label="norm 2.12")
ax.plot([0, 1.5], [0, 1.5], color=plots.COLORS["orange"])
ax.plot(1.5, 1.5, "o", color=plots.COLORS["orange"], label="shortest: (1.5, 1.5)")
ax.plot(3, 0, "X", markersize=9, color=plots.COLORS["red"], label="(3, 0)")
ax.set_aspect("equal")
ax.set(xlim=(-2.6, 6.8), ylim=(-2.4, 4.2), xlabel="first weight", ylabel="second weight")
ax.legend(loc="upper right", fontsize=9)
ax.set_title("Of all the best weights, take the shortest")
plots.show(
    fig,
    alt="The plane of the two weights. A straight line from (-1, 4) to (4, -1) holds all weights of lowest loss. The point of it "
    "nearest to the origin is (1.5, 1.5), where a circle of radius 2.12 touches it; (3, 0) is also on the line but further out.",
)

# %% answer="column_twice"

# %% [markdown]
r"""
NumPy has two tools that do this: `np.linalg.lstsq`, which returns four things, the solution first, and `np.linalg.pinv`, the
*pseudo-inverse*, a stand-in for the inverse that always exists. Both work on $A$ itself.

Build $A$ with the ones last, find $\theta$, and take it apart again. The bias counts in the norm like any other weight.
"""


# %% exercise="normal_equation" difficulty=3 importance=5 minutes=9
def normal_equation(X, y):
    """Weights and bias with the least mean squared error.

    X: (n, d) array   y: (n,) array or list
    Returns w, an array (d,) of floats, and b, a float, right to eight digits, also where columns are almost alike.
    Where many (w, b) are equally good (collinear columns, or fewer examples than unknowns) it is the one with the
    least norm of all d + 1 numbers (w, b) together. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    theta = np.linalg.lstsq(add_bias_column(X), y)[0]
    return theta[:-1], theta[-1]
    ### END SOLUTION


# %% check="normal_equation" points=4
check(normal_equation)

# %% [markdown]
r"""
The café's best line, by your own functions. The gradient there should be zero, up to rounding.
"""

# %% demo
X_one = degrees.reshape(-1, 1)  # (6, 1): one feature
w_best, b_best = normal_equation(X_one, cups)
grad_at_best = mse_gradient(X_one, cups, w_best, b_best)
print(f"w = {w_best[0]:.3f} cups per degree, b = {b_best:.2f} cups at 20 °C")
print(f"largest gradient entry there: {max(abs(grad_at_best[0][0]), abs(grad_at_best[1])):.0e}")
print(f"tomorrow, 26 °C: {predict(np.array([[6.0]]), w_best, b_best)[0]:.0f} cups")
fig, ax = plots.figure(width=6.0, height=3.3)
ax.plot(degrees, cups, "o", color=plots.COLORS["blue"], label="six days")
ax.plot(ends, predict(ends.reshape(-1, 1), w_best, b_best), color=plots.COLORS["orange"], label="best line")
ax.plot(6, predict(np.array([[6.0]]), w_best, b_best), "D", color=plots.COLORS["red"], label="tomorrow")
ax.set_title("The best line by the MSE: no ruler needed")
ax.set_xlabel("degrees above 20 °C")
ax.set_ylabel("cups")
ax.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="The six café days and the line of least mean squared error through them, slope 2.99, height 38.2 at 20 degrees. "
    "A diamond marks tomorrow's prediction, 56 cups at 26 degrees.",
)

# %% [markdown]
r"""
## 6. Is it any good?

The café's line has an MSE of 10 square cups: good or bad? It depends on how much the sales vary anyway. So compare with the laziest
sensible forecast: always say the mean $\bar y$.

$$R^2 = 1 - \frac{\sum_i (y_i - \hat y_i)^2}{\sum_i (y_i - \bar y)^2}$$

Above the bar stand your squared errors, below it those of the lazy forecast. So $R^2 = 1$ is perfect, $R^2 = 0$ is
no better than the mean, and 0.75 says that a quarter of the squared error of the lazy forecast is left.

A worked example: $y = (1, 2, 6)$, mean $3$. Below: $4 + 1 + 9 = 14$. Predictions $(1, 3, 4)$. Above: $0 + 1 + 4 = 5$. So
$R^2 = 1 - 5/14 \approx 0.64$.
"""

# %% [markdown] predict="too_many"
r"""
A forecaster is careful and adds 30 cups to each of the good line's predictions "to be on the safe side". The line had
$R^2 = 0.97$. Which $R^2$ does the forecaster get?

- [x] About -1.9.
- [ ] 0: it cannot be lower.
- [ ] Still 0.97: the predictions rise and fall with the sales as before.

Why: R² looks at the errors, not at whether the curves rise together. An error of about 30 on each day is worse than always saying the mean, and anything worse than the mean is negative. There is no lower end.
"""

# %% demo
line = 2.994 * degrees + 38.18
lazy = np.full(6, cups.mean())
fig, axes = plots.figure(1, 3, width=9.0, height=3.4)
for ax, name, guessed in zip(axes, ["the line", "the mean", "the line + 30"], [line, lazy, line + 30]):
    ax.plot(degrees, guessed, color=plots.COLORS["orange"])
    ax.vlines(degrees, cups, guessed, colors=plots.COLORS["red"], linestyles=":")
    ax.plot(degrees, cups, "o", color=plots.COLORS["blue"])
    left_over = np.square(guessed - cups).sum() / np.square(lazy - cups).sum()
    ax.set_title(
        f"{name}\nsquared error {left_over:.2f} × the mean's\nR² = {1 - left_over:.2f}".replace("-0.00", "0.00"),
        fontsize=11,
    )
    ax.set_xlabel("degrees above 20 °C")
    ax.set_ylim(10, 108)
axes[0].set_ylabel("cups")
plots.show(
    fig,
    alt="Three forecasts for the café with their errors drawn. The line: squared error 0.03 times the mean's, R squared 0.97. The mean: R squared 0. "
    "The line moved up by 30: squared error 2.91 times the mean's, R squared -1.91.",
)

# %% answer="too_many"

# %% [markdown]
r"""
Mind the order in the next one: $y$ first and the predictions second, as in scikit-learn.
"""


# %% exercise="r_squared" difficulty=2 importance=4 minutes=5
def r_squared(y, predictions):
    """R², the share of the mean forecast's squared error that the predictions get rid of.

    y: (n,) array or list, not all the same   predictions: (n,) array or list
    Returns a float: 1 for perfect predictions, 0 for the mean of y, negative for anything worse.
    """
    ### BEGIN SOLUTION
    y = np.asarray(y)
    remaining = np.sum((y - predictions) ** 2)
    return 1 - remaining / np.sum((y - y.mean()) ** 2)
    ### END SOLUTION


# %% check="r_squared" points=2
check(r_squared)

# %% [markdown]
r"""
## 7. One ruler for every column

Real features come in years, kilograms and millimoles. To compare their weights, and to make life easier for the descent of
unit 03, we give every column the same ruler: subtract its mean and divide by its **standard deviation** $\sigma$, the
typical distance from the mean (square the distances, take their mean over $n$, take the root). This is **standardising**:

$$z = \frac{x - \text{mean}}{\sigma} .$$

A 70-year-old among people with mean age 48 and $\sigma = 11$ becomes $z = 2$: two typical distances above the mean.

Now think of use. The model is fitted on **training** data. Later a patient walks in whom it has never seen. We imitate that with a **test set**
that is kept aside. Everything that is learned, *the mean and $\sigma$ too*, must come from the training data alone. If the test set has a say in it,
information has **leaked**, and the test no longer tells you how you will do with strangers.

### Bug hunt

A colleague wrote this. It is short, it looks symmetric, and it ran.
"""


# %% draft="standardize"
def standardize_draft(X_train, X_test):
    scaled = []
    for part in (X_train, X_test):
        column_mean = part.mean(axis=0)
        column_std = part.std(axis=0)
        scaled.append((part - column_mean) / column_std)
    return scaled[0], scaled[1]


# %% [markdown]
r"""
In the training data below, people are 30 to 64, and all six got the same dose of 0.1. The test patients are 68 to 76, with other doses.
Look at what the draft makes of the ages.
"""

# %% demo
train_people = np.array([[30.0, 0.1], [38.0, 0.1], [44.0, 0.1], [52.0, 0.1], [60.0, 0.1], [64.0, 0.1]])  # age, dose
test_people = np.array([[68.0, 0.2], [70.0, 0.1], [76.0, 0.3]])

# %% demo
with np.errstate(all="ignore"):  # NumPy's warnings aside, for the picture
    drafted_train, drafted_test = standardize_draft(train_people, test_people)
    one_alone = standardize_draft(train_people, test_people[:1])[1]
fig, axes = plots.figure(2, 1, width=6.4, height=3.7)
for ax, groups in zip(axes, [(train_people, test_people), (drafted_train, drafted_test)]):
    ax.plot(groups[0][:, 0], np.ones(6), "o", color=plots.COLORS["blue"], label="training")
    ax.plot(groups[1][:, 0], np.zeros(3), "X", markersize=9, color=plots.COLORS["red"], label="test")
    ax.set_yticks([0, 1], ["test", "training"])
    ax.set_ylim(-0.6, 1.6)
axes[0].set_title("Measured: every test patient is older than all of training")
axes[0].set_xlabel("age in years")
axes[1].set_title("After the draft: the oldest look like everyone else")
axes[1].set_xlabel("standardised age")
plots.show(
    fig,
    alt="Top: ages as measured, training people from 30 to 64, test people at 68, 70 and 76, all to the right. Bottom: after the "
    "draft both groups are spread around 0, so that the oldest patients look as old as the average of training.",
)

# %% demo
print("The 68-year-old, standardised with two others:", drafted_test[0].round(2) + 0.0)
print("The same 68-year-old, coming alone:           ", one_alone[0])
print("The dose column of training, all 0.1 before:  ", drafted_train[:, 1])

# %% [markdown]
r"""
Three symptoms. The 68-year-old, older than everyone in training, came out younger than average. The same man gets other numbers depending on who came with him, and alone he becomes `nan`, "not a
number", from $0/0$. And a column that never varied, and so can teach nothing, came out as ones. The last one deserves a closer look.
"""

# %% [markdown] predict="constant_column"
r"""
Six times the number 0.1. What does `np.std` say?

- [ ] Exactly `0.0`: the numbers are all the same.
- [x] About `1e-17`, not zero.
- [ ] `nan`

Why: 0.1 has no exact form in binary, so the mean of six of them is off by one last digit, and so is every distance to it. A test `std == 0` misses this column. The largest and the smallest entry, though, are exactly the same.
"""

# %% demo
tenths = np.full(6, 0.1)
print("standard deviation:   ", np.std(tenths))
print("is it equal to zero?  ", np.std(tenths) == 0)
print("smallest and largest: ", tenths.min(), tenths.max())

# %% answer="constant_column"

# %% [markdown]
r"""
Mend it. A column that is constant in training should become zeros in *both* sets: the model could learn
nothing from it, so it must not react when the test data varies there.
"""


# %% exercise="standardize" difficulty=3 importance=5 minutes=14
def standardize(X_train, X_test):
    """Both sets on the training set's ruler: each column minus its training mean, over its training standard deviation.

    X_train: (n, d) array   X_test: (m, d) array
    Returns two new arrays of floats, shapes (n, d) and (m, d). The standard deviation divides by n (NumPy's default).
    A column constant in training becomes zeros in both, whatever the test set holds there; so does
    a column of 0.1s, whose computed standard deviation is about 1e-17. A column that varies, however little, is not
    constant. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    varies = X_train.max(axis=0) > X_train.min(axis=0)
    ruler = np.where(varies, std, np.inf)  # anything over infinity is 0
    return (X_train - mean) / ruler, (X_test - mean) / ruler
    ### END SOLUTION


# %% check="standardize" points=4
check(standardize)

# %% demo
mended_train, mended_test = standardize(train_people, test_people)
print("ages of training, standardised:", mended_train[:, 0].round(2))
print("ages of test, same ruler:      ", mended_test[:, 0].round(2), "  (older than average, as they are)")
print("one of them alone:             ", standardize(train_people, test_people[:1])[1][0].round(2))

# %% [markdown]
r"""
## 8. Pay-off: 442 people

The people of unit 01 again: ten measurements of each, and how far the illness had gone a year later, as a score from 25 to 346. Columns: age, sex, body mass index,
blood pressure, and six blood values `s1` to `s6`. We shuffle with a fixed seed, keep 100 people aside as the test
set, and use nothing but the functions you built.
"""

# %% demo
X, y, columns = data.diabetes()  # (442, 10), (442,), ten names
print("people and measurements:", X.shape, "  scores from", y.min(), "to", y.max())
order = np.random.default_rng(0).permutation(len(X))
train, test = order[:342], order[342:]

# %% demo
Z_train, Z_test = standardize(X[train], X[test])
w, b = normal_equation(Z_train, y[train])
foretold = predict(Z_test, w, b)
score = r_squared(y[test], foretold)
print(f"training R²: {r_squared(y[train], predict(Z_train, w, b)):.2f}")
print(f"test R²:     {score:.2f}")
print(f"typical error on the test set: {mean_squared_error(foretold, y[test]) ** 0.5:.0f} points")
print(
    f"the same for always saying the training mean: {mean_squared_error(np.full(100, y[train].mean()), y[test]) ** 0.5:.0f} points"
)


# %% demo
def plot_foretold(ax, foretold, title, lowest=0):
    ax.plot([0, 350], [0, 350], color=plots.COLORS["grey"], linewidth=1)
    ax.plot(foretold, y[test], "o", markersize=4, alpha=0.7, color=plots.COLORS["blue"])
    ax.set(title=title, xlabel="predicted score", ylabel="score a year later", xlim=(lowest, 350), ylim=(0, 360))


fig, (left, right) = plots.figure(1, 2, width=8.6, height=4.0)
plot_foretold(left, foretold, f"Test set: R² = {score:.2f} (grey: perfect)")
right.barh(columns, w, color=[plots.COLORS["blue"] if v > 0 else plots.COLORS["orange"] for v in w])
right.axvline(0, color="black", linewidth=1)
right.invert_yaxis()
right.set_title("Body mass index and s5 push up most")
right.set_xlabel("weight: points per standard deviation")
plots.show(
    fig,
    alt="Left: for 100 test patients the score a year later against the predicted score; a broad cloud around the diagonal, "
    "R squared 0.35. Right: the ten weights; body mass index (29) and s5 (29) are the largest, s1 is -21, blood pressure 14, "
    "sex -11, and the others smaller.",
)

# %% [markdown]
r"""
Ten weights and a bias foretell part of what happens in a year. It is far from all of it, and the picture says so honestly.

The training score is the better one: the line was fitted to those people. And the test score hangs on which 100 people
landed in the test set. Shuffle 200 times and you see how much one split is worth.
"""

# %% demo
scores, weights_of_s1 = [], []
for seed in range(200):
    shuffled = np.random.default_rng(seed).permutation(442)
    inside, aside = shuffled[:342], shuffled[342:]
    Z_inside, Z_aside = standardize(X[inside], X[aside])
    w_split, b_split = normal_equation(Z_inside, y[inside])
    scores.append(r_squared(y[aside], predict(Z_aside, w_split, b_split)))
    weights_of_s1.append(w_split[columns.index("s1")])
print(f"correlation of s1 and s2: {np.corrcoef(X[:, 4], X[:, 5])[0, 1]:.2f}")

# %% demo
fig, (left, right) = plots.figure(1, 2, width=8.4, height=3.4)
left.hist(scores, bins=20, color=plots.COLORS["sky"], edgecolor="black", linewidth=0.5)
left.axvline(score, color=plots.COLORS["red"], linestyle="--", label="our split")
left.legend(fontsize=9)
left.set_title(f"200 splits: test R² {min(scores):.2f} to {max(scores):.2f}")
left.set_xlabel("test R²")
left.set_ylabel("splits")
right.hist(weights_of_s1, bins=20, color=plots.COLORS["orange"], edgecolor="black", linewidth=0.5)
right.set_title(f"The weight of s1: {min(weights_of_s1):.0f} to {max(weights_of_s1):.0f}")
right.set_xlabel("weight of s1")
plots.show(
    fig,
    alt="Two histograms over 200 random splits. Left: test R squared, a hill around 0.48 that reaches from 0.27 to 0.63; our "
    "split with 0.35 lies on its left side. Right: the weight of s1, spread widely, from about -68 to -8.",
)

# %% [markdown]
r"""
Why does the weight of `s1` jump about? It is *almost* collinear with `s2`: their correlation is 0.90. The data can hardly
tell their shares apart, as with the temperature that was entered twice. So read a weight as importance only if its column does not repeat another one.
"""

# %% [markdown] predict="raw_columns"
r"""
Leave out the standardising and fit the raw columns, years and kilograms as they are. What happens to the test $R^2$ of the best line?

- [ ] It drops clearly: large columns drown small ones.
- [ ] It rises: standardising throws information away.
- [x] It stays the same to many digits.

Why: Shifting or stretching a column, the same way in both sets, is undone by another weight and another bias, as with the tenths of a degree. What changes is the weights you read, and the condition number, which decides how hard unit 03's descent has to work.
"""

# %% demo
w_raw, b_raw = normal_equation(X[train], y[train])
print(f"test R², standardised: {score:.10f}")
print(f"test R², raw columns:  {r_squared(y[test], predict(X[test], w_raw, b_raw)):.10f}")
print(
    "condition number, standardised:",
    round(np.linalg.cond(add_bias_column(Z_train))),
    "  raw:",
    round(np.linalg.cond(add_bias_column(X[train]))),
)
print("weight of age and of s5, raw:  ", w_raw[[0, 8]].round(2), "  standardised:", w[[0, 8]].round(2))

# %% answer="raw_columns"

# %% [markdown]
r"""
## 9. Take one thing away: the bias

The same people, the same weights, the same plot. Only $b$ is now 0.
"""

# %% demo
without_bias = predict(Z_test, w, 0.0)
fitted_without = np.linalg.lstsq(Z_train, y[train])[0]  # no column of ones: the best weights when b has to be 0
print(f"weights fitted without a bias differ from w by at most {abs(fitted_without - w).max():.0e}")
fig, (left, right) = plots.figure(1, 2, width=8.6, height=4.0)
plot_foretold(left, foretold, f"With b = {b:.0f}: R² = {score:.2f}", lowest=-120)
plot_foretold(right, without_bias, f"With b = 0: R² = {r_squared(y[test], without_bias):.2f}", lowest=-120)
plots.show(
    fig,
    alt="The same plot twice. With the bias of 153 the cloud lies along the diagonal, R squared 0.35. Without it the "
    "cloud has moved left by 153 points, every prediction is far too low, and R squared is -4.26.",
)

# %% [markdown]
r"""
The cloud keeps its shape and moves 153 points to the left, so $R^2$ falls far below zero. An average patient has $z = 0$ in every column, so
without a bias the model gives that patient a score of 0. The weights are not to blame: the printed line says that fitting
without a bias finds the very same ones. Standardised columns have mean 0, so they are at right angles to the column of ones, and nothing they do can replace it.
"""

# %% [markdown]
r"""
## 10. Same numbers elsewhere

Scikit-learn and NumPy, on the same split. The largest difference from yours should be rounding, around $10^{-12}$.
"""

# %% demo
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.preprocessing import StandardScaler

scaler = StandardScaler().fit(X[train])  # "fit" sees the training set only
model = LinearRegression().fit(scaler.transform(X[train]), y[train])
by_numpy = np.linalg.lstsq(add_bias_column(Z_train), y[train])[0]
print(f"standardised test set, StandardScaler:  {abs(scaler.transform(X[test]) - Z_test).max():.0e}")
print(f"weights, LinearRegression:              {abs(model.coef_ - w).max():.0e}")
print(f"bias, LinearRegression:                 {abs(model.intercept_ - b):.0e}")
print(f"weights and bias, numpy.linalg.lstsq:   {abs(by_numpy - np.append(w, b)).max():.0e}")
print(f"R², r2_score:                           {abs(r2_score(y[test], foretold) - score):.0e}")

# %% [markdown]
r"""
One difference is worth knowing: where a column is constant in training, `StandardScaler` subtracts the mean and does not divide, so that a
test set that varies there still shows. Yours gives zeros, which keeps a column nobody could learn from out of the model.

## What to remember

- "Best" means lowest loss. A person chooses the loss; the data does the rest.
- A weight is importance per unit of its feature; the bias is the prediction when all features are 0.
- The gradient of the MSE is $\frac2n X^\top r$ and $\frac2n \sum r$: residuals, weighed by what caused them.
- Setting it to zero gives the normal equation. Solve it, on $A$ itself; with collinear columns take the shortest answer.
- $R^2$ compares you with always saying the mean. Judge on people the model, *and the ruler*, has never seen.

**So who decides?** You do, when you choose the loss. After that one line is best, and you can now compute it.

**Where it leads.** A solution in one step is a luxury of linear models. Networks have no normal equation; they walk downhill by the gradient. In
*03 · Gradient descent* you take the gradient of this unit and walk, and see why the long valleys of raw columns take forever.
"""
