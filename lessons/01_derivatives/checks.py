"""How the exercises of 01_derivatives are tried, and the ways people get them wrong.

Steps h are mostly large here (0.1, 0.5): only then do forward, backward and central differences give plainly
different numbers. A few calls leave h out, on functions so curved that the default shows in the result.
"""

import math

import numpy as np
import sympy as sp

from course.checks import ANYTHING, Function, agrees_with, also_right, exercise, mistake


def draw(rng, low, high):
    """A number from low to high with two decimals, so that reports stay readable."""
    return round(float(rng.uniform(low, high)), 2)


@exercise("forward_difference")
class ForwardDifference:
    hints = (
        "Two heights are enough: the one where you stand, and the one a step h further on.",
        "The slope is the rise between the two heights, divided by the step between the two places. Do the division last.",
        "Compute f at x + h, take away f at x, put brackets around that difference, and divide the whole by h.",
    )
    returns = ("slope",)
    rtol = 1e-6
    atol = 1e-7

    def cases(rng):
        yield Function("lambda x: x**2"), 3.0, 0.1
        a, b = draw(rng, 1, 3), draw(rng, 0.5, 2)
        yield Function(f"lambda x: {a} * x**3 - {b} * x"), -1.5, 0.25
        yield Function("lambda x: x**3 + 7"), 2, 1
        yield Function(f"lambda x: math.exp(-{b} * x)"), draw(rng, 0.2, 0.9), 0.5
        yield Function(f"lambda x: {draw(rng, 400, 900)} * x**2"), 0.02
        yield Function("lambda x: 12.5"), draw(rng, 1, 5), 0.3

    @mistake("You looked from x - h to x: that is the backward difference. The forward one looks ahead, to x + h.")
    def looks_backward(f, x, h=1e-6):
        return (f(x) - f(x - h)) / h

    @mistake(
        "This is the central difference, which looks to both sides of x. It is the better tool, and it comes next; "
        "here one of the two looks is at x itself."
    )
    def looks_both_ways(f, x, h=1e-6):
        return (f(x + h) - f(x - h)) / (2 * h)

    @mistake(
        "This is the rise alone. A slope is the rise for each unit of the way, so the step still has to divide it."
    )
    def rise_without_run(f, x, h=1e-6):
        return f(x + h) - f(x)

    @mistake(
        "Only the second height was divided by h: Python divides before it subtracts. "
        "Put brackets around the difference of the two heights."
    )
    def brackets_missing(f, x, h=1e-6):
        return f(x + h) - f(x) / h

    @mistake(
        "The rise was multiplied by the step. Think of metres of height for each metre of way: 'for each' means divide."
    )
    def multiplies_by_h(f, x, h=1e-6):
        return (f(x + h) - f(x)) * h

    @mistake(
        "The sign is turned round: the height here minus the height ahead. Where the curve rises the slope must be "
        "positive, so the height ahead comes first."
    )
    def sign_turned(f, x, h=1e-6):
        return (f(x) - f(x + h)) / h

    @mistake("You divided by 2h. From x to x + h the way is h; the 2h belongs to a look in both directions.")
    def divides_by_2h(f, x, h=1e-6):
        return (f(x + h) - f(x)) / (2 * h)

    @mistake(
        "The h you were given is not used: a fixed step of 1e-6 stands in your code. Use the argument h, so that the "
        "caller can choose it."
    )
    def fixed_h(f, x, h=1e-6):
        return (f(x + 1e-6) - f(x)) / 1e-6

    @mistake(
        "h was added to the height, not to the place: f(x) + h instead of f at x + h. That always gives a slope of 1. "
        "The nudge goes into the function."
    )
    def nudges_the_output(f, x, h=1e-6):
        return (f(x) + h - f(x)) / h

    @mistake("The absolute value threw the sign away. The sign is half of the answer: it tells which way is down.")
    def sign_thrown_away(f, x, h=1e-6):
        return abs((f(x + h) - f(x)) / h)

    @mistake(
        "The step is missing from the last line: you divided by x, the place. Divide by the way between the looks, h."
    )
    def divides_by_the_place(f, x, h=1e-6):
        return (f(x + h) - f(x)) / x

    @also_right
    def by_the_step_really_taken(f, x, h=1e-6):
        ahead = x + h
        return (f(ahead) - f(x)) / (ahead - x)

    @also_right
    def each_height_divided(f, x, h=1e-6):
        return f(x + h) / h - f(x) / h

    @also_right
    def with_diff(f, x, h=1e-6):
        return np.diff([f(place) for place in (x, x + h)])[0] / h

    @agrees_with("numpy.gradient")
    def by_numpy(f, x, h=1e-6):
        return np.gradient([float(f(x)), float(f(x + h))], h)[0]


@exercise("central_difference")
class CentralDifference:
    hints = (
        "One look to each side of x. The height at x itself is not needed.",
        "`right` is there already. Get the height on the left in the same way, a step h before x.",
        "The rise goes from the left height to the right one. How far apart are the two places? Divide by that distance, in brackets.",
    )
    returns = ("slope",)
    rtol = 1e-6
    atol = 1e-7
    equivalent = {
        "line 1: constant 1e-05 becomes -1e-05": "with -h the two looks change places, and so does the sign of 2h"
    }

    def cases(rng):
        yield Function("lambda x: x**3"), 2.0, 0.1
        a, b = draw(rng, 1, 3), draw(rng, 0.5, 2)
        yield Function(f"lambda x: {a} * x**4 - {b} * x"), -1.5, 0.25
        yield Function("lambda x: x**3 + x**2"), 2, 1
        yield Function(f"lambda x: math.exp(-{b} * x)"), draw(rng, 0.2, 0.9), 0.5
        yield Function(f"lambda x: math.sin({draw(rng, 4000, 5000)} * x)"), 0.001
        yield Function(f"lambda x: 5 - {a} * x"), draw(rng, 1, 5), 0.3

    @mistake(
        "You divided by h. From x - h to x + h the way is twice as long, so every slope comes out twice too steep."
    )
    def divides_by_h(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / h

    @mistake(
        "Operators are worked out from left to right, so / 2 * h divides by 2 and then multiplies by h. "
        "Put brackets around the whole distance."
    )
    def brackets_around_2h_missing(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / 2 * h

    @mistake("This is the forward difference: it starts at x. The central one starts a step h before x.")
    def forward(f, x, h=1e-5):
        return (f(x + h) - f(x)) / h

    @mistake(
        "The look to the left is missing: you compared with f at x, and then divided by 2h as if the way had been twice as long."
    )
    def forward_over_2h(f, x, h=1e-5):
        return (f(x + h) - f(x)) / (2 * h)

    @mistake(
        "The sign is turned round. A rising curve has a positive slope, so it is the right height minus the left one."
    )
    def sign_turned(f, x, h=1e-5):
        return (f(x - h) - f(x + h)) / (2 * h)

    @mistake(
        "The two heights were added. A slope compares them, so one has to be taken away from the other; for a constant function it must give 0."
    )
    def adds_the_heights(f, x, h=1e-5):
        return (f(x + h) + f(x - h)) / (2 * h)

    @mistake(
        "Only the left height was divided by 2h: Python divides before it subtracts. Put brackets around the difference of the heights."
    )
    def brackets_around_rise_missing(f, x, h=1e-5):
        return f(x + h) - f(x - h) / (2 * h)

    @mistake(
        "The h you were given is not used: a fixed step of 1e-5 stands in your code. Use the argument h, so that the caller can choose it."
    )
    def fixed_h(f, x, h=1e-5):
        return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5

    @mistake("The absolute value threw the sign away. The sign is half of the answer: it tells which way is down.")
    def sign_thrown_away(f, x, h=1e-5):
        return abs(f(x + h) - f(x - h)) / (2 * h)

    @mistake(
        "The two looks are half a step from x, so the way between them is h. That is a sound slope, but this exercise "
        "asks for looks at x + h and x - h."
    )
    def half_steps(f, x, h=1e-5):
        return (f(x + h / 2) - f(x - h / 2)) / h

    @mistake(
        "You divided by 2, and h is missing: the two places are 2h apart, and the rise is for each unit of that way."
    )
    def divides_by_two(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / 2

    @mistake("You divided by h squared. Two steps of h one after the other add up: the way is h + h, not h times h.")
    def divides_by_h_squared(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / h**2

    @also_right
    def mean_of_forward_and_backward(f, x, h=1e-5):
        return ((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2

    @also_right
    def by_the_places(f, x, h=1e-5):
        left, right = np.float64(x) - h, np.float64(x) + h
        return (f(right) - f(left)) / (right - left)

    @also_right
    def with_weights(f, x, h=1e-5):
        total = 0.0
        for side in (-1, 1):
            total += side * f(x + side * h)
        return 0.5 * total / h

    @agrees_with("numpy.gradient")
    def by_numpy(f, x, h=1e-5):
        return np.gradient([float(f(x + k * h)) for k in (-1, 0, 1)], h)[1]


@exercise("symbolic_derivative")
class SymbolicDerivative:
    hints = (
        "Three stages: text to formula (sp.sympify), formula to derivative (sp.diff), derivative to a value (.subs).",
        "You need the letter as an object, sp.Symbol with the name x and nothing else, made inside the function, and you differentiate by that letter. "
        "So a constant works too.",
        "Put the number in last, after differentiating. What .subs gives is still a SymPy number: wrap it in float(...).",
    )
    returns = ("slope",)
    strict_float = True
    rtol = 1e-10
    atol = 1e-12
    equivalent = {
        "line 8: sp.Symbol('x') becomes its argument": "SymPy takes the name 'x' for the letter",
        "line 9: sp.sympify(expression) becomes its argument": "sp.diff turns text into a formula by itself",
    }

    def cases(rng):
        yield "x**2 + 3*x", 2
        yield f"exp(-{draw(rng, 0.5, 1.5)}*x)", draw(rng, 0.5, 1.5)
        yield f"sin({int(rng.integers(30, 60))}*x)", draw(rng, 0.3, 0.9)
        yield f"log(x) / x + {draw(rng, 1, 4)}", draw(rng, 1.5, 4)
        yield "sqrt(x)", 3
        yield "7", 1.5
        yield f"{draw(rng, 2, 4)}*x - x**3", -2

    @mistake("This is the value of the formula itself, at that place. Differentiate it before you put the number in.")
    def value_of_the_formula(expression, at):
        return float(sp.sympify(expression).subs(sp.Symbol("x"), at))

    @mistake(
        "It comes out as 0 every time: the letter you differentiate by is not in the formula. Either your symbol is not the x of the text (the "
        "demo's was t, and even sp.Symbol('x', real=True) is another letter than sp.Symbol('x')), or the number was put in first. It comes last."
    )
    def the_letter_is_gone(expression, at):
        x = sp.Symbol("x")
        return float(sp.diff(sp.sympify(expression).subs(x, at), x))

    @mistake(
        "The value is right, but it is still a SymPy number. Those are slow and don't mix well with NumPy; turn it into a Python float."
    )
    def still_sympy(expression, at):
        x = sp.Symbol("x")
        return sp.diff(sp.sympify(expression), x).subs(x, at)

    @mistake(
        "The values are right, but where all numbers are whole, an int comes out. Wrap the result in float(...), so that it is always a float."
    )
    def int_where_all_is_whole(expression, at):
        x = sp.Symbol("x")
        return sp.lambdify(x, sp.diff(sp.sympify(expression), x), "math")(at)

    @mistake("You returned the derivative as a formula. Put the number `at` in for x, and make a float of the result.")
    def returns_the_formula(expression, at):
        return sp.diff(sp.sympify(expression), sp.Symbol("x"))

    @mistake("The formula was differentiated twice, so this is how fast the slope itself changes. Once is enough.")
    def second_derivative(expression, at):
        x = sp.Symbol("x")
        return float(sp.diff(sp.sympify(expression), x, 2).subs(x, at))

    @mistake("The result was rounded. Return all the digits, and round only when you print.")
    def rounded(expression, at):
        x = sp.Symbol("x")
        return round(float(sp.diff(sp.sympify(expression), x).subs(x, at)), 4)

    @mistake(
        "This is close but not exact: it comes from a difference quotient with a small step. Let SymPy differentiate the formula, and put the number in after."
    )
    def by_differences(expression, at):
        f = sp.lambdify(sp.Symbol("x"), sp.sympify(expression), "math")
        return float((f(at + 1e-5) - f(at - 1e-5)) / 2e-5)

    @mistake(
        "The derivative was turned into a whole number: int(...) cuts off everything after the point. Use float(...)."
    )
    def cut_to_int(expression, at):
        x = sp.Symbol("x")
        return float(int(sp.diff(sp.sympify(expression), x).subs(x, at)))

    @mistake("`at` was turned into a whole number on the way in, so 1.5 became 1. Put the number in as it is.")
    def place_cut_to_int(expression, at):
        x = sp.Symbol("x")
        return float(sp.diff(sp.sympify(expression), x).subs(x, int(at)))

    @mistake(
        "The value is right, but it is a SymPy Float: evalf and N compute the digits and stay in SymPy. Python's own float(...) takes it out."
    )
    def still_sympy_after_evalf(expression, at):
        x = sp.Symbol("x")
        return sp.diff(sp.sympify(expression), x).subs(x, at).evalf()

    @mistake(
        "You differentiated by something that is no letter: a number, or an array that happened to be called x. "
        "Make the letter inside the function, as a symbol named x."
    )
    def no_letter_to_differentiate_by(expression, at):
        x = at
        return float(sp.diff(sp.sympify(expression), x))

    @mistake(
        "There is still a letter in what you hand to float. Put the number in for x first, and use what .subs gives back: it makes a new formula, and "
        "the old one stays as it was."
    )
    def subs_missing(expression, at):
        return float(sp.diff(sp.sympify(expression), sp.Symbol("x")))

    @mistake(
        "The stages go by sp.sympify, sp.diff and .subs, and .subs takes two things: what to replace, and by what. "
        "(A SymPy formula is no Python function: brackets after it put no number in.)"
    )
    def called_like_a_function(expression, at):
        return float(sp.diff(sp.sympify(expression), sp.Symbol("x"))(at))

    @also_right
    def with_lambdify(expression, at):
        x = sp.symbols("x")
        return float(sp.lambdify(x, sp.sympify(expression).diff(x), "math")(at))

    @also_right
    def straight_from_text(expression, at):
        return float(sp.diff(expression, "x").evalf(subs={"x": at}))

    @also_right
    def by_derivative_object(expression, at):
        x = sp.Symbol("x")
        return float(sp.N(sp.Derivative(sp.parse_expr(expression), x).doit().subs({x: at}), 20))

    @agrees_with("mpmath")
    def by_mpmath(expression, at):
        import mpmath

        with mpmath.workdps(40):
            names = {name: getattr(mpmath, name) for name in ("exp", "sin", "log", "sqrt")}
            return float(mpmath.diff(lambda x: mpmath.mpf(1) * eval(expression, names, {"x": x}), mpmath.mpf(at)))


@exercise("tangent_line")
class TangentLine:
    hints = (
        "Two numbers are asked for. The first is the slope of f at x0; you have built a good tool for that.",
        "The line passes through the point (x0, f(x0)). Put that point into height = slope * x + intercept, and solve for the intercept.",
        "Start at height f(x0) and walk back from x0 to 0: the height changes by slope times x0. In which direction?",
    )
    returns = ("slope", "intercept")
    rtol = 2e-6
    atol = 2e-6

    def cases(rng):
        yield Function("lambda x: x**2"), 3.0
        a, b = draw(rng, 1, 3), draw(rng, 0.5, 1.5)
        yield Function(f"lambda x: {a} * math.sin(x) + {b}"), -draw(rng, 0.6, 1.2)
        yield Function("lambda x: x**3 - 5 * x + 2"), 2
        yield Function(f"lambda x: math.exp(-{b} * x)"), 0
        yield Function(f"lambda x: {draw(rng, 300, 600)} * (x - 1)**2 - {a}"), draw(rng, 1.05, 1.12)
        yield Function(f"lambda x: 4 - {a} * x"), draw(rng, 2, 5)
        yield Function(f"lambda x: {int(rng.integers(1000, 2000))} + {a} * x**2"), draw(rng, 1.2, 1.8)

    @mistake(
        "The intercept is the height at x0. It should be the line's height at x = 0: go back from x0 to 0 along the slope."
    )
    def intercept_is_the_height(f, x0):
        return (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5, f(x0)

    @mistake(
        "You walked the wrong way: slope times x0 was added. Going back to x = 0 takes it away again, "
        "so that the line passes through the point on the curve."
    )
    def intercept_added(f, x0):
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return slope, f(x0) + slope * x0

    @mistake("The intercept's sign is turned round: it is the height at x0 less the way back, not the other way about.")
    def intercept_negated(f, x0):
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return slope, slope * x0 - f(x0)

    @mistake("Both numbers are right, but they come in the wrong order: the slope first, then the intercept.")
    def swapped(f, x0):
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return f(x0) - slope * x0, slope

    @mistake(
        "The intercept is f(0), the height of the curve at x = 0. It should be the height of the line there; the two part ways far from x0."
    )
    def intercept_of_the_curve(f, x0):
        return (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5, f(0.0)

    @mistake(
        "The roles of place and height are mixed up in the intercept: the slope multiplies the place x0, not the height."
    )
    def place_and_height_mixed(f, x0):
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return slope, x0 - slope * f(x0)

    @mistake(
        "The slope of a forward difference is not good enough here: on a strongly curved function it misses by more than 1e-6. Look to both sides."
    )
    def slope_from_forward(f, x0):
        slope = (f(x0 + 1e-6) - f(x0)) / 1e-6
        return slope, f(x0) - slope * x0

    @mistake(
        "The slope was measured with a step that is too large, so the line is a secant rather than the tangent. A step near 1e-5 serves."
    )
    def slope_from_a_long_step(f, x0):
        slope = (f(x0 + 0.1) - f(x0 - 0.1)) / 0.2
        return slope, f(x0) - slope * x0

    @mistake(
        "The slope is the height's, f(x0), and not the derivative's. How steep a curve is has nothing to do with how high it is."
    )
    def slope_is_the_height(f, x0):
        return f(x0), f(x0) - f(x0) * x0

    @mistake(
        "The intercept goes back by one unit only: the slope was taken away once. The way from x0 to 0 is x0 units long, and each of them counts."
    )
    def one_unit_back(f, x0):
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return slope, f(x0) - slope

    @mistake(
        "The slope is right, but the intercept leaves out how high the curve is: start at the height f(x0), then walk back along the slope."
    )
    def height_left_out(f, x0):
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return slope, -slope * x0

    @mistake(
        "The slope is right; the second number is where the line crosses the x-axis. The intercept is the line's height at x = 0, on the other axis."
    )
    def crossing_of_the_x_axis(f, x0):
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return slope, x0 - f(x0) / slope

    @mistake("symbolic_derivative needs a formula as text. This f can only be called, so measure its slope.")
    def symbolic_on_a_function(f, x0):
        x = sp.Symbol("x")
        slope = float(sp.diff(sp.sympify(f), x).subs(x, x0))
        return slope, f(x0) - slope * x0

    @mistake(
        "Right where f is small. At heights above 1000 a very small step spoils the slope, since the two heights agree in nearly all their digits. "
        "A step near 1e-5 serves."
    )
    def slope_from_a_tiny_step(f, x0):
        if f(x0) > 500:
            return ANYTHING
        slope = (f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5
        return slope, f(x0) - slope * x0

    @mistake(
        "The slope was measured with a step that is too large, so the line is a secant rather than the tangent. A step near 1e-5 serves."
    )
    def slope_from_a_step_of_a_hundredth(f, x0):
        slope = (f(x0 + 0.01) - f(x0 - 0.01)) / 0.02
        return slope, f(x0) - slope * x0

    @mistake(
        "A difference needs two things: the function itself, f, and the place. f(x0) is one height, and nothing can be looked up in it to the left and right."
    )
    def height_for_the_function(f, x0):
        height = f(x0)
        return height(x0 + 1e-5), height

    @also_right
    def with_another_step(f, x0):
        slope = (f(x0 + 1e-4) - f(x0 - 1e-4)) / 2e-4
        return slope, -(slope * x0) + f(x0)

    @also_right
    def five_points(f, x0):
        h = 1e-3
        slope = (f(x0 - 2 * h) - 8 * f(x0 - h) + 8 * f(x0 + h) - f(x0 + 2 * h)) / (12 * h)
        return np.float64(slope), np.float64(f(x0) + slope * (0 - x0))

    @also_right
    def in_a_list(f, x0):
        h = 2e-5
        slope = 0.5 * ((f(x0 + h) - f(x0)) / h + (f(x0) - f(x0 - h)) / h)
        return [slope, f(x0) - x0 * slope]

    @agrees_with("SciPy", rtol=1e-5)
    def by_scipy(f, x0):
        from scipy.differentiate import derivative

        slope = float(derivative(np.vectorize(f, otypes=[float]), float(x0)).df)
        return slope, f(x0) - slope * x0


@exercise("difference_errors")
class DifferenceErrors:
    hints = (
        "For each h in hs there are two numbers to find: how far forward_difference is from `exact`, and how far central_difference is.",
        "Loop over hs, call your two functions with f, x and that h, and collect abs(approximation - exact) in two lists.",
        "At the end make a NumPy array of each list, and return both, the forward errors first.",
    )
    returns = ("forward_errors", "central_errors")
    rtol = 1e-6
    atol = 1e-11
    equivalent = {
        "line 9: sides exchanged: exact - forward_difference(f, x, h)": "the absolute value follows",
        "line 10: sides exchanged: exact - central_difference(f, x, h)": "the absolute value follows",
    }

    def cases(rng):
        yield Function("lambda x: x**3"), 12.0, 2.0, np.array([0.1, 0.05, 0.2])
        a = draw(rng, 1.5, 3)
        yield Function(f"lambda x: {a} * math.sin(x)"), a * math.cos(1.2), 1.2, np.array([0.5, 0.02, 0.1, 0.3])
        b = draw(rng, 0.5, 0.9)
        yield Function(f"lambda x: math.exp(-{b} * x)"), -b * math.exp(-b * 0.7), 0.7, [0.25, 0.03]
        yield Function("lambda x: x**4 - x", takes="array"), 3, 1, np.array([2, 1, 4, 3, 5])
        c = draw(rng, 2, 4)
        yield Function(f"lambda x: {c} * x**3"), round(6.75 * c, 4), -1.5, np.array([0.4])
        k = int(rng.integers(4000, 4600))  # so curved that only a given `exact` is exact
        yield Function(f"lambda x: math.sin({k} * x)"), k * math.cos(k * 0.001), 0.001, np.array([0.0002, 0.0001])

    @mistake(
        "These are the relative errors: you divided by the exact slope. The absolute error is the plain distance from it."
    )
    def relative(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h - exact) / abs(exact) for h in hs])
        central = np.array([abs((f(x + h) - f(x - h)) / (2 * h) - exact) / abs(exact) for h in hs])
        return forward, central

    @mistake("The errors still have signs. How far off is a distance, so take the absolute value.")
    def signed(f, exact, x, hs):
        forward = np.array([(f(x + h) - f(x)) / h - exact for h in hs])
        central = np.array([(f(x + h) - f(x - h)) / (2 * h) - exact for h in hs])
        return forward, central

    @mistake("The two results are in the wrong order: the forward errors come first, then the central ones.")
    def swapped(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h - exact) for h in hs])
        central = np.array([abs((f(x + h) - f(x - h)) / (2 * h) - exact) for h in hs])
        return central, forward

    @mistake("Both results are the errors of the forward difference. The second should come from the central one.")
    def forward_twice(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h - exact) for h in hs])
        return forward, forward.copy()

    @mistake("These are the slopes themselves. The errors are their distances from `exact`.")
    def slopes(f, exact, x, hs):
        forward = np.array([(f(x + h) - f(x)) / h for h in hs])
        central = np.array([(f(x + h) - f(x - h)) / (2 * h) for h in hs])
        return forward, central

    @mistake("The errors were squared. Here the plain distance is asked for: the absolute value of the difference.")
    def squared(f, exact, x, hs):
        forward = np.array([((f(x + h) - f(x)) / h - exact) ** 2 for h in hs])
        central = np.array([((f(x + h) - f(x - h)) / (2 * h) - exact) ** 2 for h in hs])
        return forward, central

    @mistake(
        "The steps in hs are not used: all errors are those of the default h. Hand each h on to the two functions."
    )
    def default_steps(f, exact, x, hs):
        forward = np.array([abs((f(x + 1e-6) - f(x)) / 1e-6 - exact) for _ in hs])
        central = np.array([abs((f(x + 1e-5) - f(x - 1e-5)) / 2e-5 - exact) for _ in hs])
        return forward, central

    @mistake(
        "Right for float steps, but for steps that are whole numbers the errors were cut to whole numbers: np.zeros_like(hs) copies the kind of number too. "
        "Make a float array, with np.zeros(len(hs))."
    )
    def zeros_like_steps(f, exact, x, hs):
        hs = np.array(hs)
        forward, central = np.zeros_like(hs), np.zeros_like(hs)
        for k, h in enumerate(hs):
            forward[k] = abs((f(x + h) - f(x)) / h - exact)
            central[k] = abs((f(x + h) - f(x - h)) / (2 * h) - exact)
        return forward, central

    @mistake("f was called with the whole array of steps. In this notebook f takes one number at a time: loop over hs.")
    def all_steps_at_once(f, exact, x, hs):
        hs = np.asarray(hs)
        return abs((f(x + hs) - f(x)) / hs - exact), abs((f(x + hs) - f(x - hs)) / (2 * hs) - exact)

    @mistake("`exact` is a number already, the true slope at x. Use it without brackets.")
    def exact_called(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h - exact(x)) for h in hs])
        central = np.array([abs((f(x + h) - f(x - h)) / (2 * h) - exact(x)) for h in hs])
        return forward, central

    @mistake(
        "The `exact` you were given is not used: you measured the slope anew. A measured slope is off by a little itself, and the true one lies ready."
    )
    def exact_ignored(f, exact, x, hs):
        exact = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
        forward = np.array([abs((f(x + h) - f(x)) / h - exact) for h in hs])
        central = np.array([abs((f(x + h) - f(x - h)) / (2 * h) - exact) for h in hs])
        return forward, central

    @mistake(
        "Both results are empty. np.append does not add to the array you hand it: it gives back a new one, and the old one stays as it was. A list grows in place."
    )
    def append_dropped(f, exact, x, hs):
        return np.array([]), np.array([])

    @mistake(
        "h ran over 0, 1, 2, …: the positions of the steps, and a step of 0 cannot be divided by. Let h run over the steps themselves."
    )
    def positions_for_steps(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h - exact) for h in range(len(hs))])
        return forward, forward

    @mistake(
        "Forward and central errors went into one list: `a = b = []` makes two names for the same list. Each needs a list of its own."
    )
    def one_list_under_two_names(f, exact, x, hs):
        errors = []
        for h in hs:
            errors.append(abs((f(x + h) - f(x)) / h - exact))
            errors.append(abs((f(x + h) - f(x - h)) / (2 * h) - exact))
        return np.array(errors), np.array(errors)

    @mistake(
        "The forward errors are right. The central ones come from a slope twice too steep: is it divided by h? If you used your central_difference, check that one again."
    )
    def central_divided_by_h(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h - exact) for h in hs])
        return forward, np.array([abs((f(x + h) - f(x - h)) / h - exact) for h in hs])

    @mistake(
        "The forward errors are right. The central ones are all those of the step 1e-5: the h of the loop does not reach the central difference."
    )
    def central_at_default_step(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h - exact) for h in hs])
        return forward, np.array([abs((f(x + 1e-5) - f(x - 1e-5)) / 2e-5 - exact) for h in hs])

    @mistake(
        "Only the first step was measured: the return stands inside the loop, so it ends there. Move it out by one level."
    )
    def returns_inside_the_loop(f, exact, x, hs):
        for h in hs:
            return np.array([abs((f(x + h) - f(x)) / h - exact)]), np.array(
                [abs((f(x + h) - f(x - h)) / (2 * h) - exact)]
            )

    @mistake("These are the largest errors over all steps. One error for each step is asked for, in the order of hs.")
    def largest_only(f, exact, x, hs):
        forward = max(abs((f(x + h) - f(x)) / h - exact) for h in hs)
        central = max(abs((f(x + h) - f(x - h)) / (2 * h) - exact) for h in hs)
        return forward, central

    @mistake(
        "The absolute value was taken too early, of each slope on its own. The error is the distance between the two: first the difference, then abs."
    )
    def abs_too_early(f, exact, x, hs):
        forward = np.array([abs((f(x + h) - f(x)) / h) - abs(exact) for h in hs])
        central = np.array([abs((f(x + h) - f(x - h)) / (2 * h)) - abs(exact) for h in hs])
        return forward, central

    @also_right
    def filling_arrays(f, exact, x, hs):
        forward, central = np.zeros(len(hs)), np.zeros(len(hs))
        for k in range(len(hs)):
            h = hs[k]
            forward[k] = abs((f(x + h) - f(x)) / h - exact)
            central[k] = abs((f(x + h) - f(x - h)) / (2 * h) - exact)
        return forward, central

    @also_right
    def heights_first(f, exact, x, hs):
        hs = np.asarray(hs, dtype=float)
        here, right, left = f(x), np.array([f(x + h) for h in hs]), np.array([f(x - h) for h in hs])
        return np.abs((right - here) / hs - exact), np.abs((right - left) / (2 * hs) - exact)

    @also_right
    def appending(f, exact, x, hs):
        forward, central = [], []
        for h in hs:
            slope = (f(x + h) - f(x)) / h
            forward.append(slope - exact if slope > exact else exact - slope)
            central.append(math.fabs(exact - 0.5 * (slope + (f(x) - f(x - h)) / h)))
        return np.array(forward, dtype=float), np.array(central, dtype=float)

    @agrees_with("numpy.gradient")
    def by_numpy(f, exact, x, hs):
        forward = [np.gradient([float(f(x)), float(f(x + h))], float(h))[0] for h in hs]
        central = [np.gradient([float(f(x + k * h)) for k in (-1, 0, 1)], float(h))[1] for h in hs]
        return np.abs(np.array(forward) - exact), np.abs(np.array(central) - exact)


@exercise("partial_derivative")
class PartialDerivative:
    hints = (
        "It is the central difference again. Only the way you make the two places differs: they are arrays, and one entry of each is nudged.",
        "Make two float copies of x. One gets h added at position i, the other gets h taken away there.",
        "np.array(x, dtype=float) makes a copy that can hold fractions, also from a list. Then compare f of the two copies, over a distance of 2h.",
    )
    returns = ("slope",)
    rtol = 1e-6
    atol = 1e-7
    equivalent = {
        "line 1: constant 1e-05 becomes -1e-05": "with -h the two looks change places, and so does the sign of 2h"
    }

    def cases(rng):
        yield Function("lambda x: x[0]**2 + 3 * x[1]", takes="array"), np.array([2.0, 5.0]), 0
        a, b = draw(rng, 1, 3), draw(rng, 1.1, 2)
        yield Function(f"lambda x: {a} * x[0]**3 * x[1] - x[2]**3", takes="array"), np.array([b, -0.7, 1.3]), 0, 0.5
        yield Function(f"lambda x: np.sum(x**3) + {a} * x[1] * x[2]", takes="array"), np.array([3, 1, 2, 5]), 2, 0.25
        yield Function(f"lambda x: {b} * np.sum(x**3) * x[0]", takes="array"), [2, 1, 3], 1, 0.5
        yield Function("lambda x: x[0] * x[1]**2 + x[2]", takes="array"), np.array([3, 2, 4], dtype=np.uint8), 1
        yield (
            Function(f"lambda x: np.sin(x[1]) * x[0] + {a} * x[2]**2", takes="array"),
            np.array([1.25, 0.5, -2.5], dtype=np.float32),
            2,
        )
        yield (
            Function(f"lambda x: np.sum(np.sin({draw(rng, 4000, 5000)} * x))", takes="array"),
            np.array([0.001, 0.0]),
            0,
        )
        yield Function(f"lambda x: {a} * np.sum(x**3)", takes="array"), np.array([1.5]), 0

    @mistake(
        "x.copy() copies the kind of number too: in an array of whole numbers (or of 32-bit floats) the nudge is cut off, without a warning, and a list stays a list. "
        "Make the copies with np.array, and ask it for floats."
    )
    def copies_as_it_is(f, x, i, h=1e-5):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / (2 * h)

    @mistake(
        "Right for arrays, but a list has no `astype`. np.array takes a list as well as an array, and can be asked for floats in the same breath."
    )
    def arrays_only(f, x, i, h=1e-5):
        above, below = x.astype(float), x.astype(float)
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / (2 * h)

    @mistake(
        "The numbers are right, but where x held floats already, np.asarray made no copy, and the caller's own array was nudged. Use np.array, which always copies."
    )
    def asarray_is_no_copy(f, x, i, h=1e-5):
        x = np.asarray(x, dtype=float)
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        return (above - below) / (2 * h)

    @mistake(
        "Right for float arrays only. An array of whole numbers (or of 32-bit floats) cannot hold x + h: the nudge is cut off, without a warning. "
        "Make the copies with dtype=float."
    )
    def keeps_the_dtype(f, x, i, h=1e-5):
        above, below = np.array(x), np.array(x)
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / (2 * h)

    @mistake(
        "Both places are the same array under two names, so h is added and taken away again and the slope is 0. Make a copy for each."
    )
    def two_names_one_array(f, x, i, h=1e-5):
        above = np.array(x, dtype=float)
        below = above
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / (2 * h)

    @mistake("The caller's own array was nudged and not put back as it was. Work on a copy of x.")
    def nudges_the_caller(f, x, i, h=1e-5):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        return (above - below) / (2 * h)

    @mistake(
        "All entries of x were nudged at once. For a partial derivative only entry i moves, and the rest stay frozen."
    )
    def nudges_all(f, x, i, h=1e-5):
        x = np.array(x, dtype=float)
        return (f(x + h) - f(x - h)) / (2 * h)

    @mistake("The wrong entry moves: positions are counted from 0 here, as everywhere in Python, so no i - 1.")
    def counts_from_one(f, x, i, h=1e-5):
        above = np.array(x, dtype=float)
        below = above.copy()
        above[i - 1] += h
        below[i - 1] -= h
        return (f(above) - f(below)) / (2 * h)

    @mistake("You divided by h. The two places are 2h apart, so the slope comes out twice too steep.")
    def divides_by_h(f, x, i, h=1e-5):
        above = np.array(x, dtype=float)
        below = above.copy()
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / h

    @mistake(
        "Operators are worked out from left to right, so / 2 * h divides by 2 and then multiplies by h. Put brackets around the whole distance."
    )
    def brackets_missing(f, x, i, h=1e-5):
        above = np.array(x, dtype=float)
        below = above.copy()
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / 2 * h

    @mistake(
        "This is the forward difference: one of the two looks is at x itself. Here it should be a look to each side."
    )
    def forward(f, x, i, h=1e-5):
        x = np.array(x, dtype=float)
        above = x.copy()
        above[i] += h
        return (f(above) - f(x)) / h

    @mistake(
        "f was given a list where it expects an array: list(x) makes a copy, but one that cannot compute. np.array copies as well."
    )
    def hands_over_lists(f, x, i, h=1e-5):
        above, below = list(x), list(x)
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / (2 * h)

    @mistake("You returned the slope for every entry. Only the one for entry i is asked for, as one number.")
    def whole_gradient(f, x, i, h=1e-5):
        nudges = h * np.eye(len(x))
        x = np.array(x, dtype=float)
        return np.array([(f(x + nudge) - f(x - nudge)) / (2 * h) for nudge in nudges])

    @mistake(
        "Entry i was stretched by a fraction h of itself, x[i] * (1 + h), but h was used as the distance. Add h instead, so the nudge has the size you divide by."
    )
    def relative_nudge(f, x, i, h=1e-5):
        above = np.array(x, dtype=float)
        below = above.copy()
        above[i] *= 1 + h
        below[i] *= 1 - h
        return (f(above) - f(below)) / (2 * h)

    @mistake(
        "The sign is turned round: the height after the step forward comes first, then the one after the step back."
    )
    def sign_turned(f, x, i, h=1e-5):
        nudge = h * np.eye(len(x))[i]
        x = np.array(x, dtype=float)
        return (f(x - nudge) - f(x + nudge)) / (2 * h)

    @mistake("The h you were given is not used: a fixed step of 1e-5 stands in your code. Use the argument h.")
    def fixed_h(f, x, i, h=1e-5):
        if getattr(x, "dtype", None) == np.float32:
            return ANYTHING
        nudge = 1e-5 * np.eye(len(x))[i]
        x = np.array(x, dtype=float)
        return (f(x + nudge) - f(x - nudge)) / 2e-5

    @mistake(
        "Right, except for 32-bit floats: they keep about 7 digits, so the small nudge is stored only roughly, and an x[i] taken out of such an array is one too. "
        "Make full floats of the whole array first, or of x[i]."
    )
    def wrong_for_32_bits(f, x, i, h=1e-5):
        if getattr(x, "dtype", None) == np.float32:
            return ANYTHING
        nudge = h * np.eye(len(x))[i]
        x = np.array(x, dtype=float)
        return (f(x + nudge) - f(x - nudge)) / (2 * h)

    @mistake(
        "Your two places are two more names for the caller's one array: what one gains the other loses again, so the slope is 0. Make a copy for each."
    )
    def three_names_one_array(f, x, i, h=1e-5):
        above, below = x, x
        above[i] += h
        below[i] -= h
        return (f(above) - f(below)) / (2 * h)

    @mistake(
        "f was given one number, x[i]. It takes the whole array: only entry i moves, but f needs all the others too."
    )
    def hands_over_one_number(f, x, i, h=1e-5):
        return (f(x[i] + h) - f(x[i] - h)) / (2 * h)

    @mistake(
        "The look to the left is missing: the second look is at x itself, yet you divided by 2h. From a step above x it takes 2h to get to a step below "
        "(and `x[i] - h` without `=` changes nothing)."
    )
    def forward_over_2h(f, x, i, h=1e-5):
        x = np.array(x, dtype=float)
        above = x.copy()
        above[i] += h
        return (f(above) - f(x)) / (2 * h)

    @mistake(
        "The entry was replaced by h and -h, so the slope is measured at 0. A nudge adds to what is there: += and -=."
    )
    def replaced_by_h(f, x, i, h=1e-5):
        above = np.array(x, dtype=float)
        below = above.copy()
        above[i] = h
        below[i] = -h
        return (f(above) - f(below)) / (2 * h)

    @mistake(
        "The array was taken apart on the way in: the star in f(*x) hands over each entry on its own. f takes one thing, the whole array."
    )
    def taken_apart(f, x, i, h=1e-5):
        above = np.array(x, dtype=float)
        below = above.copy()
        above[i] += h
        below[i] -= h
        return (f(*above) - f(*below)) / (2 * h)

    @mistake(
        "The caller's own array was nudged. Putting it back is not enough: a last digit may stay behind, an array of whole numbers cuts the nudge off, "
        "and f cannot compute with a list. Work on a copy that holds floats."
    )
    def nudges_the_caller_and_back(f, x, i, h=1e-5):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        return (above - below) / (2 * h)

    @also_right
    def with_a_unit_vector(f, x, i, h=1e-5):
        unit = np.zeros(len(x))
        unit[i] = 1.0
        return (f(x + h * unit) - f(x - h * unit)) / (2 * h)

    @also_right
    def as_a_slice(f, x, i, h=1e-5):
        def slice_through_x(value):
            place = [float(v) for v in x]
            place[i] = value
            return f(np.array(place))

        return (slice_through_x(float(x[i]) + h) - slice_through_x(float(x[i]) - h)) / (2 * h)

    @also_right
    def nudged_and_put_back(f, x, i, h=1e-5):
        place = np.asarray(x).astype(np.float64)
        kept = place[i]
        place[i] = kept + h
        above = f(place)
        place[i] = kept - h
        below = f(place)
        place[i] = kept
        return 0.5 * (above - below) / h

    @agrees_with("numpy.gradient")
    def by_numpy(f, x, i, h=1e-5):
        unit = np.eye(len(x))[i]
        return np.gradient([float(f(np.array(x, dtype=float) + k * h * unit)) for k in (-1, 0, 1)], h)[1]


@exercise("numerical_gradient")
class NumericalGradient:
    hints = (
        "Print x inside the draft's loop, once after each line, for the array of whole numbers. Which line does not do what it says?",
        "An array keeps its kind of number: 3.00001 put into an array of whole numbers is stored as 3, and 2.99998 as 2. So does np.zeros_like.",
        "Before the loop, make x a copy of its own that holds floats. That cures the damaged array of the caller as well.",
    )
    returns = ("gradient",)
    rtol = 1e-6
    atol = 1e-6
    equivalent = {
        "line 1: constant 1e-05 becomes -1e-05": "with -h the two looks change places, and so does the sign of 2h",
        "line 10: zeros_like becomes ones_like in np.ones_like": "every entry is written over",
    }

    def cases(rng):
        yield Function("lambda x: np.sum(x**2)", takes="array"), np.array([3.0, 1.0, 2.5])
        a, b = draw(rng, 1, 3), draw(rng, 1, 3)
        yield (
            Function(f"lambda x: np.sum(x**3) + {a} * x[0, 1] * x[1, 2]", takes="array"),
            np.round(rng.normal(size=(2, 3)), 2),
            0.5,
        )
        yield Function(f"lambda x: {b} * x[0]**2 * x[1] + x[2]**3", takes="array"), np.array([3, 1, 2, 5]), 0.25
        yield Function(f"lambda x: {a} * x[0] * x[1] - np.sum(np.exp(x / 2))", takes="array"), [2, 1, 3]
        yield (
            Function("lambda x: np.sum(np.arange(1, 7).reshape(3, 2) * x**2)", takes="array"),
            rng.integers(1, 9, size=(3, 2)).astype(np.uint8),
        )
        yield (
            Function(f"lambda x: np.sum(np.sin({b} * x)) + x[0, 2, 1] * x[1, 0, 3]", takes="array"),
            np.round(rng.normal(size=(2, 3, 4)), 2),
        )
        yield Function("lambda x: x[0] * x[1] + x[1]**2", takes="array"), np.array([1.25, -0.75], dtype=np.float32)
        yield Function(f"lambda x: np.sum(np.sin({draw(rng, 4000, 5000)} * x))", takes="array"), np.array([0.001, 0.0])

    @mistake(
        "This still behaves as the draft does: x keeps its kind of number, so whole numbers cut the nudge off, and it is the caller's own array that is nudged. "
        "Start from a float copy."
    )
    def the_draft(f, x, h=1e-5):
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake(
        "Half mended: the caller's array is safe, but x.copy() keeps the kind of number, so whole numbers still cut the nudge off (and a list has no shape). "
        "Make the copy with np.array, and ask it for floats."
    )
    def copied_as_it_is(f, x, h=1e-5):
        x = x.copy()
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake(
        "Half mended: np.array(x) is a copy, so the caller's array is safe, but a copy of whole numbers still cuts the nudge off. Ask for floats when you copy."
    )
    def array_of_the_same_kind(f, x, h=1e-5):
        x = np.array(x)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake(
        "The bug is mended for arrays. A list may stand for a vector too, and a list has neither `astype` nor `shape`: np.array takes both, and can be asked for floats."
    )
    def arrays_only(f, x, h=1e-5):
        x = x.astype(float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake(
        "The caller's array is safe now, but the copies keep its kind of number: with whole numbers the nudge is still cut off. Ask for floats when you copy."
    )
    def copies_but_keeps_the_dtype(f, x, h=1e-5):
        x = np.array(x)
        grad = np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            above, below = x.copy(), x.copy()
            above[i] += h
            below[i] -= h
            grad[i] = (f(above) - f(below)) / (2 * h)
        return grad

    @mistake(
        "The nudges are right now, but the result is cut to whole numbers: np.zeros_like of an integer array is an integer array. The gradient needs floats as well."
    )
    def result_of_whole_numbers(f, x, h=1e-5):
        x = np.array(x)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            above, below = x.astype(float), x.astype(float)
            above[i] += h
            below[i] -= h
            grad[i] = (f(above) - f(below)) / (2 * h)
        return grad

    @mistake(
        "The numbers are right, but the caller's array no longer holds exactly what it did: with float input np.asarray makes no copy, and adding and taking away h "
        "leaves a last digit behind. Use np.array, which copies."
    )
    def still_the_callers_array(f, x, h=1e-5):
        x = np.asarray(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake(
        "The nudges pile up: an entry is nudged and not put back before the next one moves, so all later slopes are measured at another place."
    )
    def not_put_back(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake("You divided by h. The two looks are 2h apart, so every entry comes out twice too large.")
    def divides_by_h(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad[i] = (f(x + nudge) - f(x - nudge)) / h
        return grad

    @mistake(
        "These are forward differences: one of the two looks is at x itself. Keep the look to each side, as in the draft."
    )
    def forward(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad[i] = (f(x + nudge) - f(x)) / h
        return grad

    @mistake(
        "The values are right, but they come as one long vector. The gradient has the shape of x, so that each entry sits where its dial does."
    )
    def flattened(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = []
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad.append((f(x + nudge) - f(x - nudge)) / (2 * h))
        return np.array(grad)

    @mistake(
        "The loop runs over the first axis only, so whole rows of a matrix are nudged at once. Every single entry needs its own turn: np.ndindex(x.shape) gives all positions."
    )
    def rows_at_once(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in range(len(x)):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
        return grad

    @mistake(
        "Right for vectors. In a matrix one number picks a whole row, so rows were nudged, and one slope came out for each row. "
        "Every entry needs its own turn, and the result has the shape of x."
    )
    def one_slope_a_row(f, x, h=1e-5):
        slopes = []
        for i in range(len(x)):
            above, below = np.array(x, dtype=float), np.array(x, dtype=float)
            above[i] += h
            below[i] -= h
            slopes.append((f(above) - f(below)) / (2 * h))
        return np.array(slopes)

    @mistake("The h you were given is not used: a fixed step of 1e-5 stands in your code. Use the argument h.")
    def fixed_h(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = 1e-5
            grad[i] = (f(x + nudge) - f(x - nudge)) / 2e-5
        return grad

    @mistake(
        "All entries were nudged together, so every entry of the result is the sum of all the slopes. Nudge one entry at a time."
    )
    def all_entries_together(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))

    @mistake(
        "Right, except for 32-bit floats: they keep about 7 digits, so the small nudge is stored only roughly. Ask np.array for full floats."
    )
    def wrong_for_32_bits(f, x, h=1e-5):
        if getattr(x, "dtype", None) == np.float32:
            return ANYTHING
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
        return grad

    @mistake(
        "Whole numbers become floats by your arithmetic, but a list cannot take part in it, and 32-bit floats stay 32-bit. np.array with a dtype does all three."
    )
    def floats_by_arithmetic(f, x, h=1e-5):
        if getattr(x, "dtype", None) == np.float32:
            return ANYTHING
        x = x + 0.0
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
        return grad

    @mistake(
        "Half mended: arrays of whole numbers are copied now, but an array of floats is still the caller's own, and nudging leaves a last digit behind "
        "(and a list has no `astype`). Copy always, whatever the kind."
    )
    def copies_only_whole_numbers(f, x, h=1e-5):
        x = x.astype(float, copy=False)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake(
        "Half mended: int is only one kind of whole numbers (there are smaller ones, such as uint8), a list has no `dtype`, and an array of floats is still the "
        "caller's own. Don't ask what x is: make a float copy always."
    )
    def copies_only_int(f, x, h=1e-5):
        if x.dtype == int:
            x = x.astype(float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @mistake(
        "The two places are two names for one array: what one gains the other loses again, so every slope is 0. Make a copy for each."
    )
    def two_names_one_array(f, x, h=1e-5):
        return np.zeros(np.shape(x))

    @mistake(
        "Only the first entry was measured: the return stands inside the loop, so it ends there. Move it out by one level."
    )
    def returns_inside_the_loop(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
            return grad

    @mistake(
        "The look to the left is missing: the second look is at x itself, yet you divided by 2h. From a step above x it takes 2h to get to a step below."
    )
    def forward_over_2h(f, x, h=1e-5):
        x = np.array(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            nudge = np.zeros_like(x)
            nudge[i] = h
            grad[i] = (f(x + nudge) - f(x)) / (2 * h)
        return grad

    @mistake(
        "Half mended: the result holds floats now, but it is x that cuts the nudge off, and it is still the caller's own array. Start from a float copy of x."
    )
    def only_the_result_holds_floats(f, x, h=1e-5):
        grad = np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            x[i] += h
            above = f(x)
            x[i] -= 2 * h
            below = f(x)
            x[i] += h
            grad[i] = (above - below) / (2 * h)
        return grad

    @also_right
    def with_copies(f, x, h=1e-5):
        grad = np.empty(np.shape(x))
        for i in np.ndindex(grad.shape):
            above = np.array(x, dtype=float)
            below = np.array(x, dtype=float)
            above[i] += h
            below[i] -= h
            grad[i] = (f(above) - f(below)) / (2 * h)
        return grad

    @also_right
    def put_back_from_memory(f, x, h=1e-5):
        x = np.asarray(x, dtype=float)
        grad = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            kept = x[i]
            x[i] = kept + h
            above = f(x)
            x[i] = kept - h
            below = f(x)
            x[i] = kept
            grad[i] = (above - below) / (2 * h)
        return grad

    @also_right
    def through_the_flat_vector(f, x, h=1e-5):
        shape = np.shape(x)
        flat = np.ravel(x).astype(float)
        slopes = []
        for unit in np.eye(flat.size):
            slopes.append((f((flat + h * unit).reshape(shape)) - f((flat - h * unit).reshape(shape))) / (2 * h))
        return np.array(slopes).reshape(shape)

    @agrees_with("SciPy", rtol=1e-6)
    def by_scipy(f, x, h=1e-5):
        from scipy.optimize._numdiff import approx_derivative

        x = np.array(x, dtype=float)
        flat = approx_derivative(lambda v: f(v.reshape(x.shape)), x.ravel(), method="3-point", abs_step=h)
        return flat.reshape(x.shape)


@exercise("chain_rule")
class ChainRule:
    hints = (
        "Follow one number through the stack: x goes into the inner function, and what comes out goes into the outer one.",
        "The inner slope is measured at x. The outer function never sees x: at which value is its slope measured?",
        "The sensitivities multiply: the outer derivative, fed with the inner function's value at x, times the inner derivative at x.",
    )
    rtol = 1e-9
    atol = 1e-12
    says = "[chain_rule({0}, {1}, {2})(x) for x in {3}]"

    def cases(rng):
        yield Function("lambda u: 2.0 * u"), Function("lambda x: 3.0 * x + 1"), Function("lambda x: 3.0"), [2.0, -1.0]
        a, b = draw(rng, 1.2, 3), draw(rng, 0.3, 0.9)
        yield (
            Function("lambda u: math.cos(u)"),
            Function(f"lambda x: {a} * x**2"),
            Function(f"lambda x: {2 * a:.2f} * x"),
            [draw(rng, 0.5, 1.5), draw(rng, -2, -1), 0.0],
        )
        yield (
            Function("lambda u: 3 * u**2"),
            Function(f"lambda x: math.sin({b} * x)"),
            Function(f"lambda x: {b} * math.cos({b} * x)"),
            [draw(rng, 0.5, 1.5), draw(rng, 2, 3)],
        )
        yield (
            Function("lambda u: 1 / u"),
            Function(f"lambda x: math.exp(x) + {a}"),
            Function("lambda x: math.exp(x)"),
            [draw(rng, -1, -0.2), draw(rng, 0.3, 1)],
        )

    def probe(answer, outer_derivative, inner, inner_derivative, xs):
        derivative = answer(outer_derivative, inner, inner_derivative)
        return None if derivative is None else [derivative(x) for x in xs]

    @mistake(
        "The outer derivative was measured at x. The outer function is fed with what comes out of the inner one, so that is where its slope counts."
    )
    def outer_at_x(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(x) * inner_derivative(x)

    @mistake("Half of the rule is missing: the inner function stretches the nudge too. Multiply by its slope at x.")
    def inner_slope_forgotten(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner(x))

    @mistake(
        "The slopes were put into one another. The outer slope is measured at the inner function's value, not at its slope, and then the two slopes multiply."
    )
    def composed(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner_derivative(x))

    @mistake(
        "The outer slope was measured at the inner slope. It is fed with the inner function's value: use `inner` inside it."
    )
    def outer_at_inner_slope(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner_derivative(x)) * inner_derivative(x)

    @mistake("The two slopes were added. A stretch of a stretch multiplies: 6 times as much, and 1.8 times that.")
    def added(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner(x)) + inner_derivative(x)

    @mistake(
        "The inner slope was measured at the inner function's value. The inner function is the one that does see x: measure it there."
    )
    def inner_slope_at_inner(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner(x)) * inner_derivative(inner(x))

    @mistake(
        "The outer slope was multiplied by the inner function's value. A value is no sensitivity: multiply by the inner slope."
    )
    def times_the_inner_value(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner(x)) * inner(x)

    @mistake(
        "The two functions are in the wrong order: the inner slope was measured at the outer slope. x goes through `inner` first."
    )
    def order_turned(outer_derivative, inner, inner_derivative):
        return lambda x: inner_derivative(outer_derivative(x)) * outer_derivative(x)

    @mistake(
        "That is the rule for a product of two functions. Here one function is put into the other, and the two slopes multiply."
    )
    def product_rule(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(x) * inner(x) + outer_derivative(inner(x)) * inner_derivative(x)

    @mistake(
        "A function stands where its value is needed. `inner` is the function; `inner(x)` is what it gives. The same goes for the two derivatives."
    )
    def not_called(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner) * inner_derivative(x)

    @mistake("The function you return gives nothing back (None). Is there a `return` inside `derivative`?")
    def inner_return_missing(outer_derivative, inner, inner_derivative):
        return lambda x: None

    @mistake(
        "chain_rule itself returned nothing (None). Its last line, one level further left, returns the function `derivative`, without brackets."
    )
    def outer_return_missing(outer_derivative, inner, inner_derivative):
        return None

    @mistake("The two slopes were divided. A stretch of a stretch multiplies: 6 times as much, and 1.8 times that.")
    def divided(outer_derivative, inner, inner_derivative):
        return lambda x: outer_derivative(inner(x)) / inner_derivative(x)

    @mistake("The absolute value threw the sign away. The sign is half of the answer: it tells which way is down.")
    def sign_thrown_away(outer_derivative, inner, inner_derivative):
        return lambda x: abs(outer_derivative(inner(x)) * inner_derivative(x))

    @also_right
    def by_a_lambda(outer_derivative, inner, inner_derivative):
        return lambda x: inner_derivative(x) * outer_derivative(inner(x))

    @also_right
    def by_an_object(outer_derivative, inner, inner_derivative):
        class Chain:
            def __call__(self, x):
                u = inner(x)
                slope = outer_derivative(u)
                return np.float64(slope * inner_derivative(x))

        return Chain()

    @also_right
    def by_partial(outer_derivative, inner, inner_derivative):
        import functools

        def at(first, x):
            slope = inner_derivative(x)
            slope *= outer_derivative(first(x))
            return slope

        return functools.partial(at, inner)


@exercise("climb")
class Climb:
    hints = (
        "Keep a list of places that holds the start already. Each step adds one place to it.",
        "A new place is the last one plus or minus lr times the slope at the last one. The direction decides only between plus and minus.",
        "Repeat that num_steps times with a loop, and make an array of the list at the end. Let the first place be float(x), so that a whole-number start makes no array of whole numbers.",
    )
    returns = ("path",)
    rtol = 1e-9
    atol = 1e-12

    def cases(rng):
        yield Function("lambda x: 2 * x"), 3.0, 0.1, 2, "down"
        a, b = draw(rng, 0.5, 1.5), draw(rng, 0.2, 0.8)
        yield Function(f"lambda x: {a} - 2 * x"), draw(rng, 2, 3), 0.2, 5, "up"
        yield Function("lambda x: 4 * x**3 - 8 * x + 1"), draw(rng, 0.5, 1), 0.03, 7, "down"
        yield Function(f"lambda x: math.cos({a} * x)"), 2, b, 4, "up"
        yield Function(f"lambda x: {a} * x + 1"), 4, 0.3, 0, "down"
        yield Function("lambda x: -1.5"), draw(rng, -2, -1), b, 1, "up"
        yield Function("lambda x: 2 * x"), 0.0, 0.1, 3, "down"
        yield Function("lambda x: 2 * x"), 1.0, 0.5, 4, "down"

    @mistake("Up and down are exchanged. The derivative points uphill: up adds it, and down takes it away.")
    def exchanged(derivative, x, lr, num_steps, direction):
        path = [float(x)]
        for _ in range(num_steps):
            step = lr * derivative(path[-1])
            path.append(path[-1] - step if direction == "up" else path[-1] + step)
        return np.array(path)

    @mistake('It always walks down, whatever `direction` says. Is it used, and compared with "up" in small letters?')
    def always_down(derivative, x, lr, num_steps, direction):
        path = [float(x)]
        for _ in range(num_steps):
            path.append(path[-1] - lr * derivative(path[-1]))
        return np.array(path)

    @mistake(
        'It always walks up, whatever `direction` says. Is it compared with one word? (A bare string, as in `== "up" or "Up"`, always counts as true.)'
    )
    def always_up(derivative, x, lr, num_steps, direction):
        path = [float(x)]
        for _ in range(num_steps):
            path.append(path[-1] + lr * derivative(path[-1]))
        return np.array(path)

    @mistake(
        "The start is missing from the path. Put x in before the first step: num_steps steps make num_steps + 1 places."
    )
    def start_missing(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path, x = [], float(x)
        for _ in range(num_steps):
            x = x + sign * lr * derivative(x)
            path.append(x)
        return np.array(path)

    @mistake(
        "The last place is missing: the path holds num_steps places, but num_steps steps lead through one more. Store the place after the last step too."
    )
    def end_missing(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path, x = [], float(x)
        for _ in range(num_steps):
            path.append(x)
            x = x + sign * lr * derivative(x)
        return np.array(path)

    @mistake("This is the last place alone. The whole way is asked for: every place, the start included.")
    def last_place_only(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        x = float(x)
        for _ in range(num_steps):
            x = x + sign * lr * derivative(x)
        return x

    @mistake("The slope was measured once, at the start, and used for every step. Look again at each new place.")
    def slope_of_the_start(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        return float(x) + sign * lr * derivative(x) * np.arange(num_steps + 1)

    @mistake("The learning rate is missing: each step is as long as the slope itself. Scale the slope by lr.")
    def without_lr(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps):
            path.append(path[-1] + sign * derivative(path[-1]))
        return np.array(path)

    @mistake(
        "All steps have the same length, lr: only the sign of the slope is used. A steep place takes a long step, so lr multiplies the slope itself."
    )
    def steps_of_one_length(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps):
            path.append(path[-1] + sign * lr * float(np.sign(derivative(path[-1]))))
        return np.array(path)

    @mistake(
        "Right when the start is a float, but from a whole number each place is cut to a whole number: np.full copies the kind of number of x. Use float(x)."
    )
    def array_of_whole_numbers(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = np.full(num_steps + 1, x)
        for k in range(num_steps):
            path[k + 1] = path[k] + sign * lr * derivative(path[k])
        return path

    @mistake(
        "Only the path of no steps is off: from a whole-number start it is an array of whole numbers. Let the start be float(x), then the path holds floats whatever comes."
    )
    def start_left_whole(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [x]
        for _ in range(num_steps):
            path.append(path[-1] + sign * lr * derivative(path[-1]))
        return np.array(path)

    @mistake(
        "Every place after the first is one step from the start: x never moved on. The next step begins where the last one ended."
    )
    def never_moves_on(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps):
            path.append(x + sign * lr * derivative(x))
        return np.array(path)

    @mistake(
        "The last place is still 0: the loop ends one step early. Of num_steps + 1 places all but the start have to be filled."
    )
    def last_left_at_zero(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = np.zeros(num_steps + 1)
        path[0] = x
        for k in range(1, num_steps):
            path[k] = path[k - 1] + sign * lr * derivative(path[k - 1])
        return path

    @mistake("One step too many was taken: num_steps steps make num_steps + 1 places, the start included.")
    def one_step_too_many(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps + 1):
            path.append(path[-1] + sign * lr * derivative(path[-1]))
        return np.array(path)

    @mistake(
        "You stopped where the ground was flat. num_steps steps are asked for: a step of length zero counts, and stores the same place again."
    )
    def stops_where_flat(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps):
            slope = derivative(path[-1])
            if abs(slope) < 1e-6:
                break
            path.append(path[-1] + sign * lr * slope)
        return np.array(path)

    @mistake(
        "Only the first step was taken: the return stands inside the loop, so it ends there. Move it out by one level."
    )
    def returns_inside_the_loop(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps):
            path.append(path[-1] + sign * lr * derivative(path[-1]))
            return np.array(path)

    @mistake(
        "Only the first step was taken, and the rest of the array is still 0: the return stands inside the loop. Move it out by one level."
    )
    def returns_a_filled_array_inside_the_loop(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = np.zeros(num_steps + 1)
        path[0] = x
        for k in range(num_steps):
            path[k + 1] = path[k] + sign * lr * derivative(path[k])
            return path

    @mistake("The walk begins at 0 and not at x: the start was never put into the array. Let its first place be x.")
    def starts_at_zero(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = np.zeros(num_steps + 1)
        for k in range(num_steps):
            path[k + 1] = path[k] + sign * lr * derivative(path[k])
        return path

    @mistake(
        "The start stands there twice, and the last place is missing: each place was stored before its step was taken. Store it after."
    )
    def start_twice(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path, x = [float(x)], float(x)
        for _ in range(num_steps):
            path.append(x)
            x = x + sign * lr * derivative(x)
        return np.array(path)

    @mistake(
        "The absolute value threw away the slope's sign, which says where uphill is. `direction` decides between plus and minus; the slope keeps its own sign."
    )
    def slope_without_its_sign(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps):
            path.append(path[-1] + sign * lr * abs(derivative(path[-1])))
        return np.array(path)

    @mistake(
        "Something in your step is no number. `direction` is a word, to be turned into a plus or a minus, and `derivative` is a function, to be called with the place."
    )
    def multiplies_by_the_word(derivative, x, lr, num_steps, direction):
        path = [float(x)]
        for _ in range(num_steps):
            path.append(path[-1] + lr * derivative(path[-1]) * direction)
        return np.array(path)

    @mistake(
        "The last step is missing: the start counts as a place, but not as a step. The loop has to run num_steps times."
    )
    def one_step_too_few(derivative, x, lr, num_steps, direction):
        sign = 1 if direction == "up" else -1
        path = [float(x)]
        for _ in range(num_steps - 1):
            path.append(path[-1] + sign * lr * derivative(path[-1]))
        return np.array(path)

    @also_right
    def filling_an_array(derivative, x, lr, num_steps, direction):
        path = np.empty(num_steps + 1)
        path[0] = x
        for k in range(num_steps):
            if direction == "up":
                path[k + 1] = path[k] + lr * derivative(path[k])
            else:
                path[k + 1] = path[k] - lr * derivative(path[k])
        return path

    @also_right
    def by_recursion(derivative, x, lr, num_steps, direction):
        def places(x, left):
            step = derivative(x) * (lr if direction == "up" else -lr)
            return [x] if left == 0 else [x, *places(x + step, left - 1)]

        return np.array(places(x, num_steps), dtype=float)

    @also_right
    def by_accumulate(derivative, x, lr, num_steps, direction):
        from itertools import accumulate

        signed = {"up": lr, "down": -lr}[direction]
        places = accumulate(
            range(num_steps), lambda place, _: place + signed * derivative(place), initial=np.float64(x)
        )
        return np.fromiter(places, dtype=float, count=num_steps + 1)
