# ---
# title: Derivatives
# question: How does a computer know which way is down?
# minutes: 100
# needs: []
# ---

# %% [markdown]
r"""
# 01 · Derivatives

**How does a computer know which way is down?**

You stand on a hillside in thick fog and want to reach the valley. You cannot see it. All you can do is read your
altimeter where you stand, take a step, and read it again.

A program that learns is in the same place. It has one number that says how wrong it is, and some dials to turn.
It can work out that number for one setting of the dials at a time, and it never sees the whole landscape.
Yet it finds its way down. By the end of this notebook you will have built every piece it needs, and walked down a
real one: predicting how an illness develops in 442 people.

- **You need** functions and loops in Python, a first acquaintance with NumPy arrays, and the memory of having met $f'(x)$ at school.
- **It takes** about 100 minutes, best in two sittings: the end of section 5 is a good place to stop for the night.
- **You will be able to** measure the slope of any function you can run, and say how far off the measurement is;
- to get exact slopes from SymPy, and combine slopes by the chain rule;
- to find the downhill direction for any number of dials, and follow it.

Now and then you are asked to guess before you run a cell. Do guess. A wrong guess costs nothing, and it is what makes the
right answer stick. Cells that draw are there to be run: you need not read their code.
"""

# %% setup
import math

import numpy as np
import sympy as sp

from helpers import check, data, guess, plots

# %% demo
# the whole hill is drawn in grey; what you can know in the fog is two readings
places = np.linspace(-2.2, 2.2, 300)
fig, ax = plots.figure()
ax.plot(places, places**4 - 4 * places**2 + places, color="0.8", label="the hill (hidden)")
for position, name, marker, label in [(0.60, "here", "o", (0.75, 0.9)), (0.75, "one step on", "s", (-0.75, -3.4))]:
    height = position**4 - 4 * position**2 + position
    ax.plot(position, height, marker, color=plots.COLORS["blue"], markersize=8)
    ax.annotate(
        f"{name}: {height:.2f}", (position, height), xytext=label, arrowprops={"arrowstyle": "-", "color": "0.5"}
    )
ax.set_ylim(-6, 4)
ax.set_title("Two heights are enough to tell which way is down")
ax.set_xlabel("position x")
ax.set_ylabel("height f(x)")
ax.legend(loc="upper center")
plots.show(
    fig,
    alt="A curve with two valleys and a hill between them, drawn faintly. Two points are marked on the "
    "right slope of the hill: at x = 0.60 the height is -0.71, at x = 0.75 it is -1.18. "
    "The second is lower, so down is to the right.",
)

# %% [markdown]
r"""
## 1. A slope is an answer to "what if I nudge it?"

A car on a dry road needs about $d(v) = v^2/170$ metres to brake from $v$ km/h. How much longer is the way if you drive
one km/h faster? That depends on how fast you already are. Run the next cell.
"""

# %% demo
print("speed v   braking distance   one km/h more costs")
for v in [30, 50, 100, 150]:
    now, faster = v**2 / 170, (v + 1) ** 2 / 170
    print(f"{v:4d} km/h {now:12.1f} m {faster - now:18.2f} m")

# %% [markdown]
r"""
The last column is a **sensitivity**: how strongly the output answers to a small change of the input. At 100 km/h it is 1.18 metres
for each km/h. Drawn as a curve, the same number is a **slope**: how far you rise for each step to the right.

For any function $f$, take a step $h$ and divide the rise by the step:

$$\frac{f(x+h) - f(x)}{h}$$

This is the **forward difference**: it looks ahead from $x$ to $x + h$. One example by hand, with $f(x) = x^2$, $x = 3$ and
$h = 0.1$: the height at 3.1 is 9.61, the height at 3 is 9, so the rise is 0.61, and $0.61 / 0.1 = 6.1$.

The line through the two points is called a *secant*. Let $h$ shrink, and the secant turns into the line that touches the
curve at one point: the *tangent*. Its slope is the **derivative** $f'(x)$. Press play.
"""


# %% demo
def draw_secant(ax, h):
    x = np.linspace(-0.4, 3.2, 100)
    ax.plot(x, x**2, color=plots.COLORS["blue"])
    ax.plot(x, 1 + 2 * (x - 1), "--", color=plots.COLORS["grey"], label="tangent: slope 2")
    ax.plot(x, 1 + (2 + h) * (x - 1), color=plots.COLORS["orange"], label=f"secant: slope {2 + h:.2f}")
    ax.plot([1, 1 + h], [1, (1 + h) ** 2], "o", color=plots.COLORS["black"])
    ax.set_ylim(-2, 8)
    ax.set_title(f"h = {h:.2f}: slope {h:.2f} too steep")
    ax.set_xlabel("x")
    ax.set_ylabel("f(x) = x²")
    ax.legend(loc="upper left")


plots.animate(
    draw_secant,
    np.geomspace(1.5, 0.01, 30),
    alt="The parabola x squared with a line through its points at x = 1 and x = 1 + h. As h shrinks from 1.5 "
    "to 0.01 the line's slope falls from 3.50 to 2.01 and the line turns into the dashed tangent of slope 2.",
)

# %% [markdown]
r"""
Your turn. `f` is any Python function of one number: you may call it, and nothing else. Two spellings you will meet: `1e-6` is Python for
0.000001, and `lambda x: x**3` is a short way to write a function, the same as `def cube(x): return x**3` without a name.
"""


# %% exercise="forward_difference" difficulty=1 importance=5 minutes=4
def forward_difference(f, x, h=1e-6):
    """Slope of f at x by the forward difference: one look at x, one look at x + h.

    f: a function of one number   x: a number   h: the step, a positive number
    Returns a float. Use the h that is given; 1e-6 is only what it is when none is given.
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x)) / h
    ### END SOLUTION


# %% check="forward_difference" points=2
check(forward_difference)

# %% [markdown] predict="halving_h"
r"""
The true slope of $x^3$ at $x = 2$ is 12. With $h = 0.1$ the forward difference gives 12.61, so its error is 0.61. Now halve $h$ to 0.05.
What does the error do, roughly?

- [ ] It stays the same: the error belongs to the method.
- [x] It halves.
- [ ] It falls to a quarter.

Why: The forward difference is off by an amount that grows with h itself, as the titles of the animation say. Half the step, half the error. In section 3 SymPy shows where this comes from.
"""

# %% demo
print("   h      forward difference   error")
for h in [0.1, 0.05, 0.025, 0.0125]:
    slope = forward_difference(lambda x: x**3, 2.0, h)
    print(f"{h:.4f} {slope:18.4f} {slope - 12:12.4f}")

# %% answer="halving_h"

# %% [markdown]
r"""
## 2. Look both ways: the central difference

The forward difference looks ahead only. On a curve that bends upwards its slope always comes out too large; on one that
bends downwards, too small. Look ahead *and* behind, and the two faults nearly cancel.
"""

# %% demo
places = np.linspace(-0.2, 1.8, 200)
tangent = np.sin(0.6) + np.cos(0.6) * (places - 0.6)
fig, axes = plots.figure(1, 2, width=8.5, height=3.6)
for ax, left, name in [(axes[0], 0.6, "forward: x to x + h"), (axes[1], 0.0, "central: x − h to x + h")]:
    ends = np.array([left, 1.2])
    ax.plot(places, np.sin(places), color=plots.COLORS["blue"], label="sin x")
    ax.plot(places, tangent, "--", color=plots.COLORS["grey"], label="tangent at x = 0.6")
    ax.plot(ends, np.sin(ends), "o-", color=plots.COLORS["orange"], label="secant")
    tilt = np.diff(np.sin(ends))[0] / np.diff(ends)[0]
    ax.set_title(f"{name}\nslope {tilt:.3f}, the tangent's is {np.cos(0.6):.3f}")
    ax.set_xlabel("x")
    ax.set_ylabel("height")
axes[1].legend(loc="lower right")
plots.show(
    fig,
    alt="Two panels show the sine curve, its tangent at x = 0.6 and a secant with h = 0.6. Left, the forward "
    "secant runs from x to x + h and is clearly flatter than the tangent: slope 0.612 against 0.825. Right, "
    "the central secant runs from x - h to x + h and leans almost as the tangent does: slope 0.777.",
)

# %% [markdown]
r"""
The right-hand secant does not pass through the point at $x$, and that does no harm: only its slope counts. From $x - h$ to $x + h$ the
way is $2h$, so

$$f'(x) \approx \frac{f(x+h) - f(x-h)}{2h}.$$

By hand, for $x^2$ at 3 with $h = 0.1$: the heights are 9.61 and 8.41, the rise is 1.20, the way is 0.2, and $1.20 / 0.2 = 6$. Exact.

The first line is there already. Finish it.
"""


# %% exercise="central_difference" difficulty=1 importance=5 minutes=4
def central_difference(f, x, h=1e-5):
    """Slope of f at x by the central difference: one look at x + h, one look at x - h.

    f: a function of one number   x: a number   h: the step, a positive number
    Returns a float. Use the h that is given; 1e-5 is only what it is when none is given.
    """
    right = f(x + h)
    ### BEGIN SOLUTION
    left = f(x - h)
    return (right - left) / (2 * h)
    ### END SOLUTION


# %% check="central_difference" points=2
check(central_difference)

# %% [markdown] predict="halving_h_central"
r"""
The same $x^3$ at $x = 2$, now with the central difference. At $h = 0.1$ its error is 0.0100. You halve $h$.
The error becomes, roughly,

- [ ] 0.0100
- [ ] 0.0050
- [x] 0.0025
- [ ] 0.0001

Why: The part of the error that is proportional to h cancels between the two sides. What is left goes with h². Half the step gives a quarter of the error.
"""

# %% demo
print("   h      forward error   central error")
for h in [0.1, 0.05, 0.025, 0.0125]:
    ahead = forward_difference(lambda x: x**3, 2.0, h) - 12
    both = central_difference(lambda x: x**3, 2.0, h) - 12
    print(f"{h:.4f} {ahead:13.6f} {both:15.6f}")

# %% answer="halving_h_central"

# %% [markdown]
r"""
## 3. The exact slope: let SymPy do the school part

Differences are approximate. The rules from school ($x^n$ becomes $n x^{n-1}$, and so on) are exact, and
the library SymPy knows them. It works with *expressions*: formulas kept as objects, not as numbers.
"""

# %% demo
t = sp.Symbol("t")  # a letter, not a number
height = sp.sympify("t**3 - 2*t")  # text becomes a formula
print("formula:              ", height)
print("its derivative:       ", sp.diff(height, t))
print("the formula at t = 2: ", height.subs(t, 2))
print("that value's type:    ", type(height.subs(t, 2)))

# %% [markdown]
r"""
Look at the last line of the output. SymPy keeps its own kinds of numbers, because it wants to stay exact: a third stays $1/3$, and
$\sqrt 2$ stays $\sqrt 2$. NumPy and plain Python want floats.
"""

# %% [markdown] predict="sqrt_as_float"
r"""
`sp.sympify("sqrt(t)").subs(t, 2)` is SymPy's $\sqrt 2$. What do you get for `float(that) ** 2 == 2`?

- [ ] `True`
- [x] `False`
- [ ] An error: a SymPy number cannot become a float.

Why: SymPy's square root of 2 is exact, and its square is exactly 2. As a float it is cut off after about 16 digits, and the square misses 2 by 4e-16. Remember this tiny miss. In section 5 it decides how good a slope can get.
"""

# %% demo
root = sp.sympify("sqrt(t)").subs(t, 2)
print("SymPy:", root, "  squared:", root**2)
print("float:", float(root), "  squared:", float(root) ** 2, "  equal to 2?", float(root) ** 2 == 2)

# %% answer="sqrt_as_float"

# %% [markdown]
r"""
Now build it: text in, a plain number out. Three stages: text to formula, formula to derivative, derivative to a number at one place.
The order matters. Put the number in too early and there is no letter left to differentiate by. Make the letter inside your function: outside
it, `x` may stand for something else by the time the function runs.
"""


# %% exercise="symbolic_derivative" difficulty=2 importance=3 minutes=6
def symbolic_derivative(expression, at):
    """The exact derivative of a formula, at one place, by SymPy.

    expression: a string in the letter x, such as "x**2 + sin(x)"; it may also be a constant, such as "7"
    at: a number, the value of x   Make the symbol x inside the function.
    Returns a Python float (not a SymPy number), exact but for the float's own rounding.
    """
    ### BEGIN SOLUTION
    x = sp.Symbol("x")
    derivative = sp.diff(sp.sympify(expression), x)
    return float(derivative.subs(x, at))
    ### END SOLUTION


# %% check="symbolic_derivative" points=3
check(symbolic_derivative)

# %% [markdown]
r"""
Here are your two tools side by side. SymPy needs a formula. The difference needs only something it can *run*, and an error added up over
442 people is something you run. So we keep both: one to work with, one to check it.
"""

# %% demo
print("formula              at    SymPy            central difference")
for text, f, at in [
    ("x**3 - 2*x", lambda x: x**3 - 2 * x, 2.0),
    ("exp(-x**2)", lambda x: math.exp(-(x**2)), 0.5),
    ("log(x)/x", lambda x: math.log(x) / x, 3.0),
]:
    print(f"{text:18s} {at:4} {symbolic_derivative(text, at):17.12f} {central_difference(f, at):17.12f}")

# %% [markdown]
r"""
With exact slopes we can draw what a derivative tells. Above, the hill from the fog. Below, its slope at each place.
"""

# %% demo
places = np.linspace(-2.15, 2.15, 120)
slopes = [symbolic_derivative("x**4 - 4*x**2 + x", place) for place in places]
fig, (top, bottom) = plots.figure(2, 1, height=5)
top.plot(places, places**4 - 4 * places**2 + places, color=plots.COLORS["blue"])
bottom.plot(places, slopes, color=plots.COLORS["orange"])
bottom.axhline(0, color="0.3", linewidth=1)
for ax in (top, bottom):
    ax.axvspan(-2.15, -1.473, color="0.9", label="falling: slope below zero")
    ax.axvspan(0.126, 1.347, color="0.9")
    for flat in (-1.473, 0.126, 1.347):
        ax.axvline(flat, color="0.4", linestyle=":", linewidth=1)
top.set(ylim=(-6.5, 4), title="The hill falls exactly where its derivative is below zero", ylabel="height f(x)")
bottom.set(ylim=(-20, 20), xlabel="position x", ylabel="slope f′(x)")
top.legend(loc="upper center")
plots.show(
    fig,
    alt="Two stacked plots share the x axis. Above, the hill with valleys at x = -1.47 and x = 1.35 and a top "
    "at x = 0.13. Below, its derivative, which crosses zero at those three places. The stretches where the "
    "derivative is negative are shaded, and the hill falls there.",
)

# %% [markdown]
r"""
Read it slowly, because everything later rests on it. Where the slope is **negative**, a step to the right goes down. Where it is **positive**,
a step to the right goes up. At valley floors and hill tops the slope is **zero**.

SymPy also settles why halving $h$ gave a half and a quarter. It can multiply out both differences for $x^3$:
"""

# %% demo
a, step = sp.symbols("a h")
print("forward: ", sp.expand(((a + step) ** 3 - a**3) / step))
print("central: ", sp.expand(((a + step) ** 3 - (a - step) ** 3) / (2 * step)))
print("exact:   ", sp.diff(a**3, a))

# %% [markdown]
r"""
Take away the exact $3a^2$. The forward difference is left with $3ah + h^2$, which for small $h$ is nearly proportional to $h$. The central difference is left with $h^2$
alone. For other functions the leftovers start in the same way: $\tfrac{h}{2} f''(x)$ for forward and
$\tfrac{h^2}{6} f'''(x)$ for central ($f''$ is the derivative of the derivative, $f'''$ the derivative of that). This part of the error is called **truncation**: it comes from not letting $h$ go all the way to zero.

## 4. The tangent: a curve's best straight stand-in

Close to $x_0$ a smooth curve is nearly a straight line, and the derivative is that line's slope. A line needs a second number,
its **intercept**: the height where it meets the vertical axis, at $x = 0$.
"""

# %% [markdown] predict="tangent_intercept"
r"""
The tangent to $x^2$ at $x_0 = 3$ touches the curve at height 9 and has slope 6. At what height does it cross the vertical axis?

- [x] −9
- [ ] 0
- [ ] 3
- [ ] 9

Why: Walk from x = 3 back to x = 0. Each step of 1 to the left takes you down by 6, and there are three of them: 9 − 18 = −9.
"""

# %% demo
places = np.linspace(-0.6, 4.2, 100)
fig, ax = plots.figure()
ax.plot(places, places**2, color=plots.COLORS["blue"], label="x²")
ax.plot(places, 9 + 6 * (places - 3), "--", color=plots.COLORS["orange"], label="tangent at 3")
ax.plot([0, 3], [-9, 9], "o", color=plots.COLORS["black"])
ax.annotate("starts at height 9", (3, 9), xytext=(3.1, 5.5))
ax.annotate("after 3 steps to the left,\neach 6 down: −9", (0, -9), xytext=(0.45, -10.5))
ax.axvline(0, color="0.5", linewidth=1)
ax.set(title="From (3, 9) back to x = 0: down 3 × 6", xlabel="x", ylabel="height", xlim=(-0.9, 4.8), ylim=(-13, 17))
ax.legend(loc="upper center")
plots.show(
    fig,
    alt="The parabola x squared and its tangent at x = 3, a line of slope 6 through the point (3, 9). Followed "
    "to the left the line meets the vertical axis at height -9.",
)

# %% answer="tangent_intercept"

# %% [markdown]
r"""
In general the line has to pass through the point $(x_0, f(x_0))$. That fixes the intercept: start at that height, and walk back a
distance of $x_0$ along the slope. `f` is something you can only run, so measure its slope. Which of your two differences is the better one? Each
number has to be right to about 1e-6.
"""


# %% exercise="tangent_line" difficulty=2 importance=3 minutes=5
def tangent_line(f, x0):
    """The straight line that touches f at x0:  height = slope * x + intercept.

    f: a smooth function of one number   x0: a number
    Returns (slope, intercept), two floats, each right to about 1e-6 (of its size, where it is above 1).
    """
    ### BEGIN SOLUTION
    slope = central_difference(f, x0)
    return slope, f(x0) - slope * x0
    ### END SOLUTION


# %% check="tangent_line" points=3
check(tangent_line)

# %% [markdown]
r"""
Move the slider to zoom in on the hill at $x_0 = 0.6$, with *your* tangent drawn over it. This is what having a derivative means:
zoom in far enough and curve and line are one.
"""


# %% demo
def draw_zoom(ax, zoom):
    def f(x):
        return x**4 - 4 * x**2 + x

    slope, intercept = tangent_line(f, 0.6)
    x = 0.6 + np.linspace(-1, 1, 200) / zoom
    ax.plot(x, f(x), color=plots.COLORS["blue"], label="hill")
    ax.plot(x, slope * x + intercept, "--", color=plots.COLORS["orange"], label="your tangent")
    ax.plot(0.6, f(0.6), "o", color=plots.COLORS["black"])
    gap = np.max(np.abs(f(x) - slope * x - intercept)) / np.ptp(f(x))
    ax.set(
        title=f"zoom {zoom}: line and hill differ by\nat most {gap:.1%} of the heights in view",
        xlabel="position x",
        ylabel="height",
    )
    ax.legend(loc="upper right")


plots.slider(
    draw_zoom,
    label="zoom",
    values=[1, 2, 4, 8, 16, 32, 64],
    alt="The hill near x = 0.6 with its tangent, at zooms from 1 to 64. At zoom 1 the curve bends far away from the "
    "line. At zoom 8 they are close, and at zoom 64 no difference can be seen.",
)

# %% [markdown]
r"""
## 5. How small should $h$ be?

Smaller $h$, smaller error: so far that has always held. So why not take $h$ as small as Python can write it?
"""

# %% [markdown] predict="tiny_h"
r"""
For $\sin$ at $x = 1$ the forward difference with $h = 10^{-6}$ misses the true slope by about $4 \cdot 10^{-7}$. You make $h$ a
hundred million times smaller, $h = 10^{-14}$. The error is now

- [x] several thousand times larger
- [ ] about the same
- [ ] about a hundred million times smaller

Why: At h = 1e-14 the two heights agree in nearly all of their 16 digits. Their difference is mostly rounding, and dividing by a tiny h blows that rounding up. The last row is the extreme: x + h rounds back to x, the rise is exactly 0, and so is the slope.
"""

# %% demo
print("     h       slope found        error")
for h in [1e-2, 1e-6, 1e-10, 1e-14, 1e-17]:
    slope = forward_difference(math.sin, 1.0, h)
    print(f"{h:8.0e} {slope:18.12f} {abs(slope - math.cos(1.0)):12.1e}")

# %% answer="tiny_h"

# %% [markdown]
r"""
A float holds about 16 digits. Between two neighbouring floats there is nothing, so under a strong enough magnifying glass
every curve is a **staircase**. Here is the sine in a window a few millionths of a billionth wide:
"""

# %% demo
steps = np.linspace(0, 2e-15, 2000)
rise = np.array([math.sin(1.0 + s) - math.sin(1.0) for s in steps])
fig, ax = plots.figure()
ax.plot(steps, rise, color=plots.COLORS["blue"], label="what the computer gets")
ax.plot(steps, math.cos(1.0) * steps, "--", color=plots.COLORS["orange"], label="the true rise")
ax.set_title("Up close, floats turn the sine into stairs")
ax.set_xlabel("step h")
ax.set_ylabel("sin(1 + h) − sin(1)")
ax.legend(loc="upper left")
plots.show(
    fig,
    alt="The rise of the sine from x = 1 for steps up to 2e-15. The true rise is a straight line. "
    "What the computer gets is a staircase of ten uneven treads around it, the first of them at exactly zero.",
)

# %% [markdown]
r"""
So there are two errors, and they pull in opposite directions. **Truncation** shrinks with $h$. **Round-off** grows as $h$ shrinks.
To see them fight, measure both kinds of difference for many values of $h$.

Write the experiment. Take the steps one at a time: in this notebook `f` takes one number, so do not hand it an array.
"""


# %% exercise="difference_errors" difficulty=2 importance=3 minutes=7
def difference_errors(f, exact, x, hs):
    """How far forward and central difference are from the exact derivative, for each step in hs.

    f: a function of one number   exact: the true derivative of f at x, a number   x: a number
    hs: the steps, a one-dimensional array or a list
    Returns (forward_errors, central_errors): two float arrays as long as hs, holding the absolute errors
    |approximation - exact|. Call f with one number at a time.
    """
    ### BEGIN SOLUTION
    forward_errors = np.array([abs(forward_difference(f, x, h) - exact) for h in hs])
    central_errors = np.array([abs(central_difference(f, x, h) - exact) for h in hs])
    return forward_errors, central_errors
    ### END SOLUTION


# %% check="difference_errors" points=3
check(difference_errors)

# %% demo
hs = np.logspace(0, -16, 97)
forward_errors, central_errors = difference_errors(math.sin, math.cos(1.0), 1.0, hs)
fig, ax = plots.figure(width=7, height=4.4)
ax.loglog(hs, forward_errors, "o", markersize=4, color=plots.COLORS["orange"], label="forward, measured")
ax.loglog(hs, central_errors, "x", markersize=5, color=plots.COLORS["blue"], label="central, measured")
ax.loglog(hs, math.sin(1.0) * hs / 2, color=plots.COLORS["orange"], label="truncation: h/2 · |f″|")
ax.loglog(hs, math.cos(1.0) * hs**2 / 6, "--", color=plots.COLORS["blue"], label="truncation: h²/6 · |f‴|")
ax.loglog(hs, 2.2e-16 * math.sin(1.0) / hs, ":", color=plots.COLORS["black"], label="round-off: ε|f| / h")
ax.set(ylim=(1e-13, 3), xlim=(1e-16, 1), xlabel="step h (small on the left)", ylabel="absolute error of the slope")
ax.set_title("Too large a step and too small a step both hurt")
ax.legend(loc="upper center", fontsize=9, ncols=2, bbox_to_anchor=(0.5, -0.18))
plots.show(
    fig,
    alt="Errors of both differences for sin at 1, on logarithmic axes, each a V. From the right, the forward error "
    "falls along a line of slope one to about 1e-8 near h = 1e-8; the central error falls twice as steeply to about "
    "1e-11 near h = 1e-5. To the left of those points both rise again along the same round-off line, scattered.",
)

# %% [markdown]
r"""
Both axes count in powers of ten. Make $h$ ten times smaller: an error that goes with $h$ falls to a tenth, one that goes with $h^2$ to a hundredth. So both
are straight lines here, and the second is twice as steep. Where is the bottom of each V? Five lines:

1. Truncation of the forward difference is about $\tfrac{A}{2}h$, with $A = |f''(x)|$.
2. A float is right to a fraction $\varepsilon \approx 2.2 \cdot 10^{-16}$, so a height is off by up to about $\varepsilon B$, with $B = |f(x)|$. Divided by $h$: $\varepsilon B / h$.
3. Together: $E(h) = \tfrac{A}{2} h + \varepsilon B / h$. At the bottom the slope of $E$ is zero: $\tfrac{A}{2} - \varepsilon B / h^2 = 0$.
4. So $h = \sqrt{2 \varepsilon B / A}$. When $A$ and $B$ are about 1, that is $h \sim \sqrt{\varepsilon} \approx 10^{-8}$, and the error there is about $10^{-8}$ too.
5. Central, with $C = |f'''(x)|$: $E(h) = \tfrac{C}{6} h^2 + \varepsilon B / h$ gives $h \sim \sqrt[3]{\varepsilon} \approx 6 \cdot 10^{-6}$ and an error of about $10^{-11}$.

We found the best $h$ by asking where a slope is zero. SymPy checks the algebra:
"""

# %% demo
step, A, B, C, eps = sp.symbols("h A B C epsilon", positive=True)
best_forward = sp.solve(sp.diff(A * step / 2 + eps * B / step, step), step)[0]
best_central = sp.solve(sp.diff(C * step**2 / 6 + eps * B / step, step), step)[0]
at_one = {A: math.sin(1), B: math.sin(1), C: math.cos(1), eps: np.finfo(float).eps}  # eps: from 1 to the next float
print(f"forward: h = {best_forward}  = {float(best_forward.subs(at_one)):.1e} for sin at 1")
print(f"central: h = {best_central}  = {float(best_central.subs(at_one)):.1e} for sin at 1")
print(
    f"lowest measured points: forward near {hs[np.argmin(forward_errors)]:.0e},",
    f"central near {hs[np.argmin(central_errors)]:.0e}",
)

# %% [markdown]
r"""
That is where the default $h = 10^{-5}$ of your `central_difference` comes from. For the forward difference $10^{-6}$ stays on the safe side of $10^{-8}$.
From now on we use the central one.

*A good place for a break. So far there was one dial. Next: many.*

## 6. Many dials: freeze all but one

A model has many numbers to set. Write them as one array, $x = (x_0, x_1, \dots)$, and ask the old question for each of them:
what if I nudge *this one* and leave the others alone? The answer is a **partial derivative**, written $\partial f / \partial x_i$.

On a surface, freezing one coordinate means cutting a slice. On the slice you are back at a curve, and you know how to
measure the slope of a curve.
"""

# %% demo
xs, ys = np.linspace(-2, 2, 60), np.linspace(0, 4, 60)
X, Y = np.meshgrid(xs, ys)
height = 1 + 3 * math.sin(2)  # of the point x = 1, y = 2
fig, ax = plots.figure(width=5.5, height=4.2)
ax.remove()
ax = fig.add_subplot(projection="3d", computed_zorder=False)
ax.plot_surface(X, Y, X**2 + 3 * np.sin(Y), cmap="Greys_r", alpha=0.45, linewidth=0)
ax.plot(xs, 0 * xs + 2, xs**2 + 3 * np.sin(2), color=plots.COLORS["blue"], linewidth=3, zorder=5)
ax.plot(0 * ys + 1, ys, 1 + 3 * np.sin(ys), "--", color=plots.COLORS["orange"], linewidth=3, zorder=5)
ax.plot([1], [2], [height], "o", color="black", zorder=6)
ax.view_init(elev=38, azim=-58)
ax.grid(False)
ax.set(title="Two slices through one point", xlabel="x", ylabel="y", zlabel="f(x, y)")
plots.show(
    fig,
    alt="The surface f = x squared + 3 sin y, a trough along x with an arch along y, and two curves drawn on it: the slice with y "
    "frozen at 2, solid, and the slice with x frozen at 1, dashed. They cross at the point (1, 2).",
)

# %% demo
fig, (left, right) = plots.figure(1, 2, width=8.5, height=3.6)
left.plot(xs, xs**2 + 3 * np.sin(2), color=plots.COLORS["blue"])
left.plot(xs[35:], height + 2 * (xs[35:] - 1), ":", color="black", label="slope ∂f/∂x = 2")
left.set(title="y frozen at 2: rising at x = 1", xlabel="x", ylabel="f(x, 2)")
left.plot(1, height, "o", color="black")
left.legend(loc="upper center")
right.plot(ys, 1 + 3 * np.sin(ys), "--", color=plots.COLORS["orange"])
right.plot(ys[20:45], height + 3 * np.cos(2) * (ys[20:45] - 2), ":", color="black", label="slope ∂f/∂y = −1.25")
right.set(title="x frozen at 1: falling at y = 2", xlabel="y", ylabel="f(1, y)")
right.plot(2, height, "o", color="black")
right.legend(loc="lower left")
plots.show(
    fig,
    alt="Left, the slice with y frozen at 2: a parabola that rises at x = 1 with slope 2. Right, the slice with x "
    "frozen at 1: a sine arch that falls at y = 2 with slope -1.25.",
)

# %% [markdown]
r"""
The surface is $f(x, y) = x^2 + 3 \sin y$. With $y$ frozen, $3 \sin y$ is a constant and drops out: $\partial f/\partial x = 2x = 2$ at $x = 1$.
With $x$ frozen, $\partial f/\partial y = 3 \cos y \approx -1.25$ at $y = 2$. Same point, one slope up and one down.
"""

# %% [markdown] predict="nudge_of_a_product"
r"""
Let $f(x, y) = x \cdot y$, at $x = 3$, $y = 5$. You raise only $x$, by 0.1. By how much does $f$ change?

- [ ] 0.1
- [ ] 0.3
- [x] 0.5
- [ ] 0.8

Why: 3.1 · 5 = 15.5, so f rises by 0.5. The sensitivity to x is the other factor, y = 5. How much a dial matters may depend on where the other dials stand. In unit 06 this swap comes back.
"""

# %% demo
print("change of f:", 3.1 * 5 - 3 * 5, "  divided by the nudge:", (3.1 * 5 - 3 * 5) / 0.1)

# %% answer="nudge_of_a_product"

# %% [markdown]
r"""
Now in code. `f` takes **one array**, and you nudge the entry number `i` of it. Three traps wait in NumPy here:

- `b = a` makes a second *name*, not a second array. Change `b` and you have changed `a`.
- An array of whole numbers stays one: put 3.00001 into it and it keeps 3, without a warning. An array of 32-bit floats (about 7 digits) keeps a small
  nudge only roughly, and so does a number taken out of it. `np.array(a, dtype=float)` makes a new array, of full floats, from an array or a list.
- The caller still needs the array you were given. Hand it back as it was.
"""


# %% exercise="partial_derivative" difficulty=3 importance=4 minutes=7
def partial_derivative(f, x, i, h=1e-5):
    """Slope of f at x when only entry i of x moves, by central difference.

    f: a function of one array, giving a number
    x: a vector: a one-dimensional array of whole numbers or floats of any kind, or a list; left unchanged
    i: which entry, counted from 0   h: the step
    Returns a float.
    """
    ### BEGIN SOLUTION
    above = np.array(x, dtype=float)
    below = above.copy()
    above[i] += h
    below[i] -= h
    return (f(above) - f(below)) / (2 * h)
    ### END SOLUTION


# %% check="partial_derivative" points=3
check(partial_derivative)

# %% demo
point = np.array([1, 2])  # whole numbers, on purpose


def surface(p):
    return p[0] ** 2 + 3 * np.sin(p[1])


print("along x:", partial_derivative(surface, point, 0), "  by hand: 2")
print("along y:", partial_derivative(surface, point, 1), "  by hand:", 3 * math.cos(2))
print("the point is still", point)

# %% [markdown]
r"""
## 7. The gradient, and a bug to find

Put all partial derivatives together in the shape of $x$, and you have the **gradient**, written $\nabla f$. It is the list of
all sensitivities: one number for each dial.

A colleague has written it for arrays of any shape. `np.ndindex(x.shape)` walks over all positions, such as `(0, 2)` in a matrix.
To save memory the draft nudges each entry in place and puts it back afterwards.
"""


# %% draft="numerical_gradient"
def numerical_gradient_draft(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        grad[i] = (above - below) / (2 * h)
    return grad


# %% [markdown]
r"""
Your colleague tried it on one array, and was happy. You try it on another, with the same numbers in it. The gradient of $\sum x_i^2$ is $2x_i$, so
it should be 6, 2 and 4 both times.
"""


# %% demo
def sum_of_squares(x):
    return np.sum(x**2)


for pixels in [np.array([3.0, 1.0, 2.0]), np.array([3, 1, 2])]:
    before = pixels.copy()
    grad = numerical_gradient_draft(sum_of_squares, pixels)
    print(f"array before: {before}   gradient: {grad}   array after: {pixels}")

# %% [markdown]
r"""
A slope of about 250,000 where 6 is right, and the array has been damaged as well. Two symptoms, one cause.

To find it, follow `x[0]` by hand through one turn of the loop in the second run: it starts as 3, then `h` is added, then `2 * h` is taken
away. What does the array hold after each line? And whose array is it? Then copy the draft into the cell below, rename it, and mend it. One added line can be enough.
"""


# %% exercise="numerical_gradient" difficulty=3 importance=5 minutes=9
def numerical_gradient(f, x, h=1e-5):
    """All partial derivatives of f at x, by central difference.

    f: a function of one array, giving a number; call it with arrays of the shape of x
    x: an array of any shape, of whole numbers or floats of any kind (a list stands for a vector); left unchanged
    h: the step
    Returns a float array of the shape of x.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)  # a copy of our own, and one that can hold 3.00001
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        grad[i] = (above - below) / (2 * h)
    return grad
    ### END SOLUTION


# %% check="numerical_gradient" points=4
check(numerical_gradient)

# %% [markdown]
r"""
What is a gradient good for? Each partial derivative answers for one axis. The gradient answers for **every direction at once**. Stand at one point of a
bowl, turn through the whole compass, and measure the slope in each direction. First the arrows of your `numerical_gradient`; then the slope all
round at the black point, from your `central_difference`.
"""


# %% demo
def bowl(p):
    return p[0] ** 2 / 2 + p[1] ** 2


here = np.array([2.0, 1.0])
X, Y = np.meshgrid(np.linspace(-3, 3.3, 80), np.linspace(-2.4, 2.4, 80))
fig, ax = plots.figure(width=6, height=4.4)
ax.contour(X, Y, X**2 / 2 + Y**2, levels=10, colors="0.6", linewidths=1)
for p in [np.array([a, b]) for a in (-2, 0, 2) for b in (-1.0, 0.0, 1.0)]:
    arrow = {"arrowstyle": "->", "color": plots.COLORS["blue"]}
    ax.annotate("", p + 0.3 * numerical_gradient(bowl, p), p, arrowprops=arrow)
ax.plot(*here, "o", color="black")
ax.set(title="Gradients point uphill, across the contours", xlabel="x", ylabel="y", aspect="equal")
plots.show(
    fig,
    alt="Oval contours of a bowl with arrows that point outwards, uphill, at right angles to the contours. One arrow starts at the "
    "black point (2, 1) and points up and to the right.",
)

# %% demo
degrees = np.arange(0, 361, 5)
compass = [np.array([math.cos(a), math.sin(a)]) for a in np.radians(degrees)]
slopes = [central_difference(lambda t, u=u: bowl(here + t * u), 0.0) for u in compass]
grad = numerical_gradient(bowl, here)
uphill = math.degrees(math.atan2(grad[1], grad[0]))
fig, ax = plots.figure(width=6, height=4)
ax.plot(degrees, slopes, color=plots.COLORS["blue"])
ax.axvline(uphill, linestyle="--", color=plots.COLORS["orange"], label="direction of the gradient")
ax.axvline(uphill + 180, linestyle=":", color=plots.COLORS["red"], label="the opposite direction")
ax.axhline(0, color="0.3", linewidth=1)
ax.set(title="No direction is steeper than the gradient's", xlabel="direction in degrees", ylabel="slope at (2, 1)")
ax.set(ylim=(-3.2, 3.2), xticks=range(0, 361, 90))
ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
plots.show(
    fig,
    alt="The slope at the point (2, 1) against the direction walked in: a wave with its highest value, 2.83, at 45 degrees, "
    "the direction of the gradient, its lowest, -2.83, opposite at 225 degrees, and zero half way between.",
)

# %% [markdown]
r"""
This is the answer to the question in the title. The gradient points the steepest way **up**. Turn round, and you face the steepest way **down**.
Between the two, along a contour, the slope is zero.

The formula behind the wave: a small step $t$ in a direction $u$ of length 1 moves $x_0$ by $t u_0$ and $x_1$ by $t u_1$. Each dial adds its own sensitivity times its
own move, so the slope is $\frac{\partial f}{\partial x_0} u_0 + \frac{\partial f}{\partial x_1} u_1$. That sum is the dot product $\nabla f \cdot u = \|\nabla f\| \cos\theta$, where
$\|\nabla f\|$ is the length of the gradient and $\theta$ the angle between the two. A cosine is largest at $\theta = 0$.
"""

# %% [markdown] predict="calls_of_f"
r"""
`x` has shape `(2, 3)`. How many times does your `numerical_gradient` call `f`?

- [ ] 2
- [ ] 6
- [x] 12
- [ ] 36

Why: Six entries, and two looks for each. A network with a million weights is not a large one: two million runs of the network for one gradient, for one step. That is why unit 06 builds a better way, and why it needs the next section.
"""

# %% demo
calls = []
numerical_gradient(lambda x: calls.append(1) or np.sum(x**2), np.ones((2, 3)))
print("calls of f:", len(calls))

# %% answer="calls_of_f"

# %% [markdown]
r"""
## 8. The chain rule: sensitivities multiply

Functions are often stacked: $x$ goes into an inner function, $u = g(x)$, and the result goes into an outer one, $y = f(u)$. A network is a tall
stack of this kind. How sensitive is $y$ to $x$?
"""

# %% demo
x0, nudge = 3.0, 0.05  # u = x², then y = u² / 10
starts = [x0, x0**2, x0**4 / 10]
grows = [nudge, (x0 + nudge) ** 2 - x0**2, ((x0 + nudge) ** 4 - x0**4) / 10]
fig, ax = plots.figure(width=7, height=3.4)
for row, color in enumerate(["blue", "orange", "green"]):
    ax.barh(2 - row, grows[row], height=0.35, color=plots.COLORS[color])
    ax.text(grows[row] + 0.012, 2 - row, f"{starts[row]:g} grows by {grows[row]:.3f}", va="center")
for row, derivative in enumerate([6, 1.8]):
    stretch = f"× {grows[row + 1] / grows[row]:.2f}     (derivative here: {derivative})"
    ax.text(0.012, 1.5 - row, stretch, va="center", color="0.3")
ax.set_yticks([2, 1, 0], ["x", "u = x²", "y = u²/10"])
ax.set(xlim=(0, 0.8), title="A nudge of x is stretched twice on its way to y", xlabel="size of the nudge")
ax.grid(False)
plots.show(
    fig,
    alt="Three bars. A nudge of 0.05 at x = 3 becomes a nudge of 0.302 in u = x squared, 6.05 times as long, and "
    "that becomes 0.554 in y = u squared over 10, 1.83 times as long. The derivatives there are 6 and 1.8.",
)

# %% [markdown]
r"""
The inner function stretches the nudge by about 6, its slope at $x = 3$. The outer one stretches it again, by about 1.8. In all: $6 \cdot 1.8 = 10.8$. In general

$$\frac{dy}{dx} = \frac{dy}{du} \cdot \frac{du}{dx}.$$

One question is left open by that short formula: at which place is each of the two slopes measured?
"""

# %% [markdown] predict="chain_rule_place"
r"""
Take $y = \sin(x^2)$ at $x = 2$, so $u = x^2 = 4$. The slope of $x^2$ there is 4, and the slope of the sine is its cosine. Which product is the derivative?

- [ ] $\cos(2) \cdot 4$: everything happens at $x = 2$.
- [x] $\cos(4) \cdot 4$: the sine is fed with $u = 4$.
- [ ] $\cos(4) \cdot 2$: the inner function contributes its $x$.

Why: The sine never sees x. It receives u = 4, so that is where its slope counts. In the figure above it was the same: 1.8 is the slope of u²/10 at u = 9, not at 3.
"""

# %% demo
print("cos(2) · 4 =", math.cos(2) * 4)
print("cos(4) · 4 =", math.cos(4) * 4)
print("cos(4) · 2 =", math.cos(4) * 2)
print("SymPy says  ", symbolic_derivative("sin(x**2)", 2))

# %% answer="chain_rule_place"

# %% [markdown]
r"""
Write the rule as a machine: derivatives go in, and a new derivative comes out. What comes out is a *function* (Python lets you define one inside another and
return it). That frame is there already. Fill in what it computes.
"""


# %% exercise="chain_rule" difficulty=2 importance=5 minutes=6
def chain_rule(outer_derivative, inner, inner_derivative):
    """The derivative of outer(inner(x)), as a function of x.

    outer_derivative, inner, inner_derivative: functions of one number
    Returns a function that takes one number x and gives the derivative there.
    """

    def derivative(x):
        ### BEGIN SOLUTION
        return outer_derivative(inner(x)) * inner_derivative(x)
        ### END SOLUTION

    return derivative


# %% check="chain_rule" points=3
check(chain_rule)

# %% [markdown]
r"""
Here is the stack at the bottom of the learning in this course. A model predicts $w \cdot x$, the truth is $y$, and the error is $(w x - y)^2$. How does the error answer to
the weight $w$? The inner function takes $w$ to $wx - y$, with slope $x$. The outer one squares, with slope $2u$.
"""

# %% demo
bmi, truth = 2.0, 9.0
by_chain_rule = chain_rule(lambda u: 2 * u, lambda w: w * bmi - truth, lambda w: bmi)
for w in [3.0, 4.5, 6.0]:
    measured = central_difference(lambda w: (w * bmi - truth) ** 2, w)
    print(
        f"w = {w}: error {(w * bmi - truth) ** 2:4.1f}   chain rule {by_chain_rule(w):6.2f}   measured {measured:6.2f}"
    )

# %% [markdown]
r"""
At $w = 3$ the derivative is negative: a larger $w$ lowers the error. At $w = 6$ it is positive: a smaller $w$ would. At 4.5 it is zero, and so is the error.
The sign tells which way to turn the dial.

## 9. Up is plus, down is minus

Now walk. Stand at $x$, look up the slope $f'(x)$, and step:

$$x \leftarrow x + \text{lr} \cdot f'(x) \quad \text{(up)} \qquad\qquad x \leftarrow x - \text{lr} \cdot f'(x) \quad \text{(down)}$$

`lr` is the **learning rate**. It turns a slope into the length of a step: steep ground, long step; flat ground, short step. Walking down is
called **gradient descent**, walking up **gradient ascent**.

Two steps by hand, down $f(x) = x^2$ with $f'(x) = 2x$, from $x = 3$ with lr = 0.1. The slope is 6, so the step is $0.6$ to the left: $x = 2.4$.
There the slope is 4.8, so $x = 2.4 - 0.48 = 1.92$. The path so far is 3, 2.4, 1.92: **two** steps, **three** places.
"""


# %% exercise="climb" difficulty=2 importance=5 minutes=7
def climb(derivative, x, lr, num_steps, direction):
    """Walk up or down a curve by following its derivative.

    derivative: a function of one number, the slope of the curve   x: a number, the start
    lr: the learning rate, a positive number   num_steps: how many steps, 0 or more   direction: "up" or "down"
    Returns the path: a float array of num_steps + 1 places, the start first, the last place at the end.
    """
    ### BEGIN SOLUTION
    sign = 1 if direction == "up" else -1
    path = [float(x)]
    for _ in range(num_steps):
        path.append(path[-1] + sign * lr * derivative(path[-1]))
    return np.array(path)
    ### END SOLUTION


# %% check="climb" points=4
check(climb)

# %% [markdown] predict="which_valley_from_the_top"
r"""
Back to the hill from the fog. Its valleys are at $x = -1.47$ (deep) and $x = 1.35$ (not so deep), its top at $x = 0.126$. You start at $x = 0.2$ and walk **down**.
Where do you end?

- [x] In the valley on the right, though it is not the lowest.
- [ ] In the deep valley on the left: it is the lowest place.
- [ ] On the top: it is nearest.

Why: At 0.2 the hill falls to the right, and the slope is all you know. From 0.05, on the other side of the top, the same walk ends in the deep valley. Following the slope finds a valley, not the lowest of all.
"""


# %% demo
def hill(x):
    return x**4 - 4 * x**2 + x


def hill_slope(x):
    return 4 * x**3 - 8 * x + 1


walks = [
    (climb(hill_slope, 0.2, 0.02, 40, "down"), "o", "red", "down from 0.2"),
    (climb(hill_slope, 0.05, 0.02, 40, "down"), "s", "orange", "down from 0.05"),
    (climb(hill_slope, 1.0, 0.02, 40, "up"), "^", "green", "up from 1.0"),
]


# %% demo
def draw_walks(ax, step):
    x = np.linspace(-2.1, 2.1, 200)
    ax.plot(x, hill(x), color="0.6")
    for path, marker, color, name in walks:
        ax.plot(path[: step + 1], hill(path[: step + 1]), color=plots.COLORS[color], alpha=0.6)
        ax.plot(path[step], hill(path[step]), marker, markersize=9, color=plots.COLORS[color], label=name)
    apart = walks[0][0][step] - walks[1][0][step]
    ax.set(
        title=f"step {step}: those who walk down\nare {apart:.2f} apart",
        xlabel="position x",
        ylabel="height",
        ylim=(-6, 4.5),
    )
    ax.legend(loc="upper center", fontsize=9)


plots.animate(
    draw_walks,
    range(41),
    interval=120,
    alt="Three walkers on the hill with two valleys. The one that starts at 0.2 and walks down ends in the shallow valley on the right, at 1.35. "
    "The one from 0.05 walks down into the deep valley at -1.47: 0.15 apart at the start, 2.82 at the end. The one from 1.0 walks up to the top at 0.13.",
)

# %% answer="which_valley_from_the_top"

# %% [markdown]
r"""
The walkers slow down near the end, though lr never changed: the slope fades, and the steps with it.
"""

# %% demo
path = walks[0][0]
for step in [0, 5, 15, 20, 25, 39]:
    print(
        f"step {step + 1:2d}: from x = {path[step]:.4f}, slope {hill_slope(path[step]):8.4f}, moves by {path[step + 1] - path[step]:7.4f}"
    )

# %% [markdown]
r"""
The walker from 0.2 starts slowly too: near the top the ground is nearly flat. On the very top, where the slope is exactly zero, each step has length zero.

## 10. Pay-off: 442 people, and your own functions

The data: 442 people with diabetes. For each, the body mass index (BMI) and a number from 25 to 346 for how far the illness went in the following year. We
want a line that predicts the second from the first:

$$\text{prediction} = w \cdot \text{bmi} + b$$

BMI is measured here from the average, in standard deviations (so 0 is average, and 1 is clearly above). How bad a line is we measure by the
**mean squared error**: the average of $(\text{prediction} - y)^2$ over the 442 people. Such a number, which says how wrong a model is, is called a loss. It is our landscape.

First **one dial**: $b$ stays at the average of $y$, and we look for $w$.
"""

# %% demo
X, y, names = data.diabetes()
bmi = X[:, names.index("bmi")]
bmi = (bmi - bmi.mean()) / bmi.std()


def loss_of_w(w):
    return np.mean((w * bmi + y.mean() - y) ** 2)


def slope_of_loss(w):
    return central_difference(loss_of_w, w)


path = climb(slope_of_loss, 0.0, 0.1, 25, "down")
print("w along the way:", path[[0, 1, 2, 5, 10, 25]].round(2))
print(f"mean squared error: {loss_of_w(path[0]):.0f} at the start, {loss_of_w(path[-1]):.0f} at the end")

# %% demo
w = np.linspace(-10, 100, 100)
fig, (left, right) = plots.figure(1, 2, width=9.5, height=3.8)
left.plot(w, [loss_of_w(v) for v in w], color="0.6")
left.plot(path, [loss_of_w(v) for v in path], "o-", color=plots.COLORS["orange"], markersize=5)
left.set(title="Your walk down the loss", xlabel="weight w", ylabel="mean squared error")
right.plot(bmi, y, ".", color="0.6", markersize=5)
ends = np.array([-2, 4])
for v, style, name in [(path[0], ":", "start"), (path[3], "--", "after 3 steps"), (path[-1], "-", "after 25 steps")]:
    right.plot(ends, v * ends + y.mean(), style, color=plots.COLORS["orange"], label=f"{name}: w = {v:.1f}")
right.set(title="The line it finds", xlabel="BMI (standard deviations)", ylabel="illness after a year")
right.set_ylim(0, 440)
right.legend(loc="upper left", fontsize=9)
plots.show(
    fig,
    alt="Left, the loss as a function of w is a parabola; the walk starts at w = 0 on its left side and settles at the bottom near "
    "w = 45. Right, the 442 people as dots, with the line flat at the start, steeper after 3 steps, and after 25 steps running "
    "through the middle of the rising cloud.",
)

# %% [markdown]
r"""
Nobody told it what a line of best fit is. It asked for slopes and took steps.

Now **both dials**, from zero. The slope becomes a gradient, and the same step works on an array: `dials - lr * gradient`.
"""


# %% demo
def loss(dials):
    w, b = dials
    return np.mean((w * bmi + b - y) ** 2)


def descend(lr, num_steps, h=1e-5):
    dials = np.zeros(2)
    track = [dials]
    while len(track) <= num_steps:
        dials = dials - lr * numerical_gradient(loss, dials, h)
        track.append(dials)
    return np.array(track)


track = descend(lr=0.1, num_steps=40)
w, b = track[-1]
print(f"w = {w:.2f}, b = {b:.2f}, mean squared error {loss(track[-1]):.0f} (at the start {loss(track[0]):.0f})")
print(f"typical miss: {math.sqrt(loss(track[-1])):.0f} points; saying the average for everyone: {y.std():.0f} points")


# %% demo
def draw_descent(ax, track, title, reach=90):
    w = np.linspace(45 - reach, 45 + reach, 100)
    b = np.linspace(152 - 2 * reach, 152 + 2 * reach, 100)
    ax.contour(w, b, [[loss((u, v)) for u in w] for v in b], levels=12, colors="0.75", linewidths=1)
    ax.plot(*track.T, "o-", color=plots.COLORS["orange"], markersize=4, linewidth=1, label="your walk")
    ax.plot(*track[0], "s", color="black", markersize=7, label="start")
    ax.plot(45.16, 152.13, "*", color=plots.COLORS["blue"], markersize=15, label="best line")
    ax.set(title=title, xlabel="weight w", ylabel="bias b")


fig, ax = plots.figure(width=6, height=4.2)
draw_descent(ax, track, "Forty steps from (0, 0) to the best line")
ax.legend(loc="upper left")
plots.show(
    fig,
    alt="Contours of the mean squared error over weight and bias. A path of dots runs straight from the square at (0, 0) to the star at "
    "w = 45, b = 152, the best line, with steps that grow shorter on the way.",
)

# %% [markdown]
r"""
Knowing the BMI brings the typical miss from 77 points to 62. That is not much, but it is real, and it is all that one measurement and a straight line can give here. You have nine more
measurements, and unit 02 will use them.

### Change one thing: the learning rate
"""

# %% [markdown] predict="lr_beyond_the_limit"
r"""
Same data, same start, same forty steps. Only the learning rate changes, from 0.1 to 1.01. What will the path do?

- [ ] Arrive about ten times sooner.
- [ ] Go back and forth across the valley, but settle at the same place.
- [x] Go back and forth across the valley, further away each time.

Why: A step of lr times the slope overshoots the bottom when lr is large. Here anything above 1 lands further away on the other side than it started, where the slope is larger still, and so is the next step. Unit 03 finds that limit for any bowl.
"""

# %% demo
fig, axes = plots.figure(1, 3, width=11, height=4.1)
for ax, lr, verdict in zip(axes, [0.005, 0.1, 1.01], ["too small", "good", "too large (wider view)"], strict=True):
    walk = descend(lr, 40)
    draw_descent(ax, walk, f"lr = {lr}: {verdict}\nerror {loss(walk[-1]):,.0f}", reach=90 if lr < 1 else 190)
plots.show(
    fig,
    alt="The same contour plot for three learning rates. With 0.005 the path has covered a third of the way after forty steps. With 0.1 it has "
    "arrived at the star. With 1.01, in a view twice as wide, it jumps back and forth across the star and ends further away than it began.",
)

# %% answer="lr_beyond_the_limit"

# %% [markdown]
r"""
### Change one thing: the step $h$ of the measurement

The learning rate is how far you walk. $h$ is how far you look. Section 5 said that too small an $h$ destroys the slope. Does a descent notice?
"""

# %% demo
print("    h      error after 40 steps")
for h in [1.0, 1e-5, 1e-10, 1e-13, 1e-14]:
    print(f"{h:8.0e} {loss(descend(0.1, 40, h)[-1]):14.1f}")

# %% [markdown]
r"""
From 1 down to $10^{-10}$ the walk ends in the same place. At $10^{-13}$ the slopes are noisy and it ends a little beside it: descent forgives some noise.
At $10^{-14}$ it never leaves the start. Next to numbers like 150 so small a nudge is below the last digit, the loss comes out the same on both sides, and every slope is exactly zero. (That $h = 1$ does so well is special: this landscape is a parabola, and for parabolas the central difference is exact.)

## 11. Same numbers elsewhere

You measured everything yourself. Do the well-known libraries agree?
"""

# %% demo
from scipy.optimize import approx_fprime

print("best line, yours:        ", track[-1].round(2))
print("best line, np.polyfit:   ", np.polyfit(bmi, y, 1).round(2))
place = np.array([10.0, 100.0])
print("gradient, yours:         ", numerical_gradient(loss, place).round(3))
print("gradient, SciPy:         ", approx_fprime(place, loss).round(3))
grid = np.array([0.9, 1.0, 1.1])
print("slope of sin at 1, yours:", round(central_difference(math.sin, 1.0, 0.1), 12))
print("the same, np.gradient:   ", round(np.gradient(np.sin(grid), 0.1)[1], 12))
stacked = chain_rule(math.cos, lambda x: x**2, lambda x: 2 * x)(2.0)
print("chain rule, yours:       ", round(stacked, 12))
print("chain rule, SymPy:       ", round(float(sp.sin(t**2).diff(t).subs(t, 2)), 12))

# %% [markdown]
r"""
The best line after forty steps differs from NumPy's by one or two hundredths: the walk has not quite arrived. The others agree to the last digit shown.

## What to remember

- A derivative is a sensitivity: nudge the input by a little, and the output moves by *derivative × nudge*.
- Measure it with the central difference and $h$ near $10^{-5}$. Larger, and truncation spoils it; smaller, and round-off does.
- The gradient holds one partial derivative for each dial. It points the steepest way up, and minus the gradient points the steepest way down.
- In a stack of functions sensitivities multiply, each measured where its own function is fed.
- To learn is to step: $x \leftarrow x - \text{lr} \cdot \nabla f(x)$. Too large an lr jumps out of the valley.

**Where it leads.** Unit 02 uses all ten measurements, and finds their best line with one formula. Unit 03 asks how large a step may be, and why some valleys take forever. Unit 06 turns the
chain rule into one backward sweep that gives a million partial derivatives at the price of a few looks, and it will use your `numerical_gradient` to prove itself right.
"""
