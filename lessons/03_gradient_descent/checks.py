"""How the exercises of 03_gradient_descent are tried, and the ways people get them wrong.

Walks make decisions: stop or go on, accept or shrink. Cases are drawn so that none of these is a matter of the last
digit: every quantity is clear of its limit by `CLEAR`, or it meets the limit exactly, in numbers that binary floats
hold exactly. So any right order of arithmetic decides alike.
"""

import numpy as np

from course.checks import Function, agrees_with, also_right, exercise, mistake

CLEAR = 0.01


def numbers(rng, *shape, low=-4.0, high=4.0):
    """Readable random numbers, one decimal each."""
    return np.round(rng.uniform(low, high, size=shape), 1)


def whole(rng, *shape, low=-5, high=6):
    return rng.integers(low, high, size=shape)


def draw(rng, low, high):
    return round(float(rng.uniform(low, high)), 2)


def unit_triangle(rng, d):
    """A whole-number matrix with determinant 1."""
    return np.tril(whole(rng, d, d, low=-2, high=3), -1) + np.eye(d, dtype=int)


def bowl(rng, d, low=1.0, high=6.0):
    """A symmetric matrix of one-decimal numbers, with eigenvalues from about low to about high, tilted."""
    while True:
        q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        H = np.round(q @ np.diag(np.linspace(low, high, d)) @ q.T, 1)
        H = (H + H.T) / 2
        if np.linalg.eigvalsh(H)[0] > 0.6 * low and (d == 1 or np.abs(H - np.diag(np.diag(H))).max() >= 0.3):
            return H


def bowl_gradient(H, at):
    """The gradient of the bowl H with its bottom at H⁻¹ `at`, as a Function."""
    return Function(f"lambda x: np.array({H.tolist()}) @ x - np.array({at.tolist()})", takes="array")


def walk_is_clear(gradient, x, lr, eps, fewest, most, long_but_flat=False):
    """Whether the walk takes from `fewest` to `most` steps and comes to eps with a clear margin in every usual measure.

    long_but_flat: ask as well that one step before the end every entry of the gradient is below eps, and its norm is not
    """
    x, norms = np.array(x, dtype=float), []
    while len(norms) <= most + 1:
        g = gradient(x)
        norms += [(np.linalg.norm(g), np.abs(g).max(), lr * np.linalg.norm(g))]
        if norms[-1][0] < eps:
            break
        x = x - lr * g
    steps = len(norms) - 1
    if long_but_flat and not (steps > 0 and norms[-2][1] < eps):
        return False
    return fewest <= steps <= most and np.all(np.abs(np.array(norms) / eps - 1) > CLEAR)


@exercise("gradient_descent")
class GradientDescent:
    hints = (
        "A loop over max_steps. Each round has three parts: look at the gradient, decide whether to stop, take a step.",
        "np.linalg.norm gives the length of an array. The look comes before the step, so that a walk that starts at the bottom takes none.",
        "The step makes a new array, x minus lr times the gradient, and the new place goes to the end of path. `break` leaves the loop.",
    )
    returns = ("path",)
    rtol = 1e-7
    atol = 1e-9
    says = "gradient_descent({0}, {1}, {2}, eps={3}, max_steps={4})"

    # counts the calls, so that a loop without an end gets a sentence and not a frozen notebook
    def probe(answer, gradient, x0, lr, eps, max_steps):
        calls = [0]

        def counted(x):
            calls[0] += 1
            if calls[0] > 2000:
                raise RuntimeError("gradient was called 2000 times, and this walk should have stopped long before")
            return gradient(x)

        defaults = getattr(answer, "__defaults__", None) or ()
        if len(defaults) == 2 and defaults[1] != 10_000:
            raise ValueError("leave the first line as it was: max_steps is 10_000 where none is given")
        options = {}
        if eps != 1e-6:
            options["eps"] = eps
        if max_steps != 10_000:
            options["max_steps"] = max_steps
        path = answer(counted, x0, lr, **options)
        if hasattr(path, "__len__") and len(path) > 2001:
            raise RuntimeError("the path has more than 2001 rows, and this walk should have stopped long before")
        return path

    def cases(rng):
        yield Function("lambda x: np.array([x[0], 4 * x[1]])", takes="array"), np.array([4.0, 1.0]), 0.1, 1e-6, 2
        while True:  # stops by eps
            H, at, x0 = bowl(rng, 3), numbers(rng, 3), numbers(rng, 3, low=2, high=6)
            if walk_is_clear(bowl_gradient(H, at), x0, 0.2, 0.05, 8, 30, long_but_flat=True):
                yield bowl_gradient(H, at), x0, 0.2, 0.05, 100
                break
        while True:  # both left out
            H, at, x0 = bowl(rng, 2, 1.5, 3.0), numbers(rng, 2), numbers(rng, 2, low=2, high=6)
            if walk_is_clear(bowl_gradient(H, at), x0, 0.4, 1e-6, 10, 40):
                yield bowl_gradient(H, at), x0, 0.4, 1e-6, 10_000
                break
        # the norm is 4, 2, 1, 0.5 and then exactly eps = 0.25: that is not below it
        yield Function("lambda x: np.array([1.0 * x[0]])", takes="array"), np.array([4.0]), 0.5, 0.25, 50
        a, b = whole(rng, 2, low=2, high=6)
        source = f"lambda x: np.array([2.0 * x[0] - {2 * a}, x[1] + {b}, 3.0 * x[2]])"
        yield Function(source, takes="array"), np.array([a, -b, 0]), 0.3, 1e-6, 50  # there already, whole numbers
        source = f"lambda x: np.array([4 * x[0]**3 - 8 * x[0] + {draw(rng, 0.5, 1.5)}, {draw(rng, 1, 3)} * x[1]])"
        yield Function(source, takes="array"), numbers(rng, 2, low=0.4, high=1.2).tolist(), 0.05, 0.001, 5
        yield bowl_gradient(bowl(rng, 5), numbers(rng, 5)), whole(rng, 5, low=2, high=7), 0.15, 1e-6, 4
        yield bowl_gradient(bowl(rng, 2), numbers(rng, 2)), numbers(rng, 2, low=3, high=6), 0.1, 1e-6, 0

    @mistake("This walks uphill: the gradient points up, so a step down takes it away instead of adding it.")
    def uphill(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x + lr * g
            path.append(x)
        return np.array(path)

    @mistake("The start is missing from the path. The first row is x0, before any step.")
    def start_missing(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = []
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "The last place is missing: each place was stored before its step, and the one after the last step never. "
        "Store the new place after the step."
    )
    def end_missing(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = []
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            path.append(x)
            x = x - lr * g
        return np.array(path)

    @mistake(
        "The start stands in the path twice: it was there already when the loop stored the place before each step, "
        "and the last place is missing. Store the new place after the step."
    )
    def stores_before_the_step(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            path.append(x)
            x = x - lr * g
        return np.array(path)

    @mistake(
        "All rows of the path are the same, the last place. The same array was stored each time and then changed in "
        "place (`x -= …`), which changes every row. Make a new array at each step."
    )
    def same_array_in_every_row(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x -= lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "It stops when the step is short. A step is lr times the gradient, so a small lr looks like arrival. "
        "Compare the norm of the gradient itself with eps."
    )
    def stops_by_the_step(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            step = lr * gradient(x)
            if np.linalg.norm(step) < eps:
                break
            x = x - step
            path.append(x)
        return np.array(path)

    @mistake(
        "It takes the step first and looks at that same gradient afterwards, so there is one step too many, even from "
        "the very bottom. Look, decide, then step."
    )
    def looks_after_the_step(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            x = x - lr * g
            path.append(x)
            if np.linalg.norm(g) < eps:
                break
        return np.array(path)

    @mistake(
        "It looks at the new place right after each step, but never at the start: from the very bottom it takes a "
        "step all the same. Put the look before the step."
    )
    def never_looks_at_the_start(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            x = x - lr * gradient(x)
            path.append(x)
            if np.linalg.norm(gradient(x)) < eps:
                break
        return np.array(path)

    @mistake(
        "One step too few where the cap ends the walk: max_steps steps make max_steps + 1 rows, since the start is a row too."
    )
    def cap_counts_rows(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        while len(path) < max_steps:
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "One step too many where the cap ends the walk: it may take max_steps steps, which make max_steps + 1 rows."
    )
    def one_step_too_many(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps + 1):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake("max_steps is not used: the walk goes on until the gradient is small. Cap the number of steps.")
    def no_cap(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        g = gradient(x)
        while np.linalg.norm(g) >= eps:
            x = x - lr * g
            path.append(x)
            g = gradient(x)
        return np.array(path)

    @mistake(
        "eps never ends the walk: it takes all max_steps steps. Stop once the norm of the gradient (not of x) is below eps."
    )
    def never_stops_early(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            x = x - lr * gradient(x)
            path.append(x)
        return np.array(path)

    @mistake("The eps you were given is not used: a fixed 1e-6 stands in your code, so the caller cannot choose.")
    def fixed_eps(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < 1e-6:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "Right but for one hair: where the norm is exactly eps it stops, and it should take one more step. 'Below' is <, not <=."
    )
    def stops_at_eps(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) <= eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "It compares the square of the norm with eps, so it stops too early. Take the root, or compare with eps squared."
    )
    def square_of_the_norm(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if g @ g < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "It asks whether each entry of the gradient is below eps. A large negative entry is below it, too, and many small "
        "ones make a longer gradient than one. Compare the norm."
    )
    def every_entry_below(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.all(g < eps):
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "It stops when the largest entry of the gradient is small. Several small entries add up: the norm, the root of the sum of squares, is what counts."
    )
    def largest_entry(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.max(np.abs(g)) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "The gradient was measured at the start and used for every step. It changes from place to place: ask for it again inside the loop."
    )
    def gradient_of_the_start(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        g = gradient(x)
        for _ in range(max_steps):
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "All steps have the same length, lr: the gradient was divided by its norm. Here the step is lr times the gradient as it is, so it shortens near the bottom."
    )
    def steps_of_one_length(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g / np.linalg.norm(g)
            path.append(x)
        return np.array(path)

    @mistake(
        "The gradient is an array, one slope for each dial, and it was compared with eps as if it were one number. Its length is one number: np.linalg.norm."
    )
    def compares_an_array(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if abs(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "x was changed in place (`x -= …`), and x is still the caller's own array: the start that was handed in has moved. Make a new array at each step."
    )
    def moves_the_start(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.asarray(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x -= lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "Only the path without a step is off: from a start of whole numbers it holds whole numbers. Begin with floats, as the given first line does."
    )
    def start_left_whole(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake("This is the last place alone. The whole path is asked for, one row for each place, the start included.")
    def last_place_only(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
        return x

    @mistake(
        "The places are right, but they come as a list of arrays. Make one array of it, with a row for each place."
    )
    def list_of_rows(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return path

    @mistake(
        "It returns in the middle of the loop, after a single step: `return` stands too far to the right. Bring it back under the `for`."
    )
    def returns_inside_the_loop(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr * g
            path.append(x)
            return np.array(path)

    @mistake(
        "It stops as soon as any one entry of the gradient is small. The others may still be large: the norm takes all of them together."
    )
    def any_entry_small(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.any(np.abs(g) < eps):
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake(
        "It compares the sum of the gradient's entries with eps. Positive and negative ones cancel in a sum; the norm squares them first."
    )
    def sum_of_entries(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for _ in range(max_steps):
            g = gradient(x)
            if np.sum(g) < eps:
                break
            x = x - lr * g
            path.append(x)
        return np.array(path)

    @mistake("lr gets smaller from step to step. Here it stays as given; the steps shorten because the gradient does.")
    def rate_runs_down(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0, dtype=float)
        path = [x]
        for k in range(max_steps):
            g = gradient(x)
            if np.linalg.norm(g) < eps:
                break
            x = x - lr / (k + 1) * g
            path.append(x)
        return np.array(path)

    @also_right
    def while_loop_and_vstack(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        path = np.atleast_2d(np.asarray(x0, dtype=float))
        g = np.asarray(gradient(path[-1]))
        while len(path) <= max_steps and g @ g >= eps * eps:
            path = np.vstack([path, path[-1] - lr * g])
            g = np.asarray(gradient(path[-1]))
        return path

    @also_right
    def copies_of_one_array(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        x = np.array(x0).astype(np.float64)
        rows = [x.copy()]
        for step in range(max_steps):
            g = gradient(x)
            if not np.sqrt(np.sum(np.square(g))) < eps:
                x -= lr * g
                rows.append(x.copy())
            else:
                return np.stack(rows)
        return np.stack(rows)

    @also_right
    def number_by_number(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        import math

        path, taken = [tuple(float(v) for v in x0)], 0
        while taken < max_steps:
            slope = gradient(np.array(path[-1]))
            if math.hypot(*slope) < eps:
                break
            path.append(tuple(v - lr * s for v, s in zip(path[-1], slope)))
            taken += 1
        return np.array(path)

    @also_right
    def by_a_generator(gradient, x0, lr, eps=1e-6, max_steps=10_000):
        def places(x, left):
            yield x
            g = gradient(x) if left else None
            while left and np.linalg.norm(g) >= eps:
                x, left = x - lr * g, left - 1
                yield x
                g = gradient(x) if left else None

        return np.array(list(places(np.asarray(x0, dtype=float), max_steps)))


@exercise("largest_stable_lr")
class LargestStableLr:
    hints = (
        "The sharpest curvature breaks first. Curvatures are the eigenvalues of the Hessian.",
        "np.linalg.eigvalsh gives all eigenvalues, smallest first. You need one of them, and a 2.",
    )
    returns = ("edge",)
    rtol = 1e-8
    atol = 1e-12

    def cases(rng):
        yield np.array([[3.0, 2.0], [2.0, 6.0]])
        yield bowl(rng, 3, 0.5, 8.0)
        factor = whole(rng, 4, 4, low=-3, high=4) + 2 * np.eye(4, dtype=int)
        yield factor.T @ factor + np.eye(4, dtype=int)  # whole numbers
        yield np.array([[draw(rng, 3, 9)]])
        yield np.diag([draw(rng, 1, 3), 0.0, draw(rng, 4, 6)])  # flat in one direction: positive semidefinite
        yield np.round(bowl(rng, 5) / 10, 2)

    @mistake(
        "This is 1 / λ_max, a safe half of the edge. The walk is stable up to twice that: |1 − lr·λ| stays below 1 until lr·λ = 2."
    )
    def half_of_it(hessian):
        return 1 / np.linalg.eigvalsh(hessian)[-1]

    @mistake(
        "This is 2 over the smallest eigenvalue. The flattest direction would bear such a step, but the sharpest one explodes long before."
    )
    def smallest_eigenvalue(hessian):
        with np.errstate(all="ignore"):
            return 2 / np.linalg.eigvalsh(hessian)[0]

    @mistake(
        "This is 2 / (λ_max + λ_min): the rate with the fewest steps. The edge of stability lies further up and asks only the sharpest direction."
    )
    def best_rate(hessian):
        values = np.linalg.eigvalsh(hessian)
        return 2 / (values[-1] + values[0])

    @mistake("This divides by the mean of the eigenvalues. Only the largest of them sets the edge.")
    def mean_of_eigenvalues(hessian):
        return 2 / np.linalg.eigvalsh(hessian).mean()

    @mistake("The largest eigenvalue was squared. lr · λ_max reaches 2 at the edge: it is 2 / λ_max.")
    def squared(hessian):
        return 2 / np.linalg.eigvalsh(hessian)[-1] ** 2

    @mistake("A root was taken of the largest eigenvalue. lr · λ_max reaches 2 at the edge: it is 2 / λ_max.")
    def rooted(hessian):
        return 2 / np.sqrt(np.linalg.eigvalsh(hessian)[-1])

    @mistake("This uses the matrix's first entry, the curvature along the first axis. Take the largest eigenvalue: the sharpest of all directions.")
    def first_entry(hessian):
        return 2 / np.asarray(hessian)[0, 0]

    @mistake(
        "This uses the largest entry on the diagonal. In a tilted bowl the sharpest direction lies between the axes, and is sharper than any axis: take the largest eigenvalue."
    )
    def largest_diagonal(hessian):
        return 2 / np.max(np.diag(hessian))

    @mistake(
        "This divides by the largest row sum. No eigenvalue is above it, so such a step is safe, but the edge lies further up: take the largest eigenvalue itself."
    )
    def largest_row_sum(hessian):
        return 2 / np.abs(hessian).sum(axis=1).max()

    @mistake(
        "This divides by the trace, the sum of all eigenvalues. Only the largest of them sets the edge, so yours is too careful."
    )
    def sum_of_eigenvalues(hessian):
        return 2 / np.trace(hessian)

    @mistake(
        "This divides by np.linalg.norm of the matrix, which mixes all eigenvalues (the root of the sum of their squares). The edge is set by the largest alone."
    )
    def frobenius_norm(hessian):
        return 2 / np.linalg.norm(hessian)

    @mistake("The fraction is upside down: sharper curvature must give a smaller step, so λ_max belongs below the bar.")
    def upside_down(hessian):
        return np.linalg.eigvalsh(hessian)[-1] / 2

    @mistake("This is the largest eigenvalue itself. The edge is the learning rate at which lr · λ_max reaches 2.")
    def the_eigenvalue(hessian):
        return np.linalg.eigvalsh(hessian)[-1]

    @mistake(
        "These are the edges of all directions, one for each eigenvalue. The walk needs a rate that every direction bears: one number."
    )
    def one_for_each_direction(hessian):
        with np.errstate(all="ignore"):
            return 2 / np.linalg.eigvalsh(hessian)

    @mistake("This divides by the determinant, the product of all eigenvalues. Only the largest of them sets the edge.")
    def determinant(hessian):
        with np.errstate(all="ignore"):
            return 2 / np.linalg.det(hessian)

    @mistake(
        "This divides by the condition number, λ_max / λ_min. That tells how long the walk takes; how large a step may be depends on λ_max alone."
    )
    def condition_number(hessian):
        return 2 / np.linalg.cond(hessian)

    @mistake(
        "np.linalg.eigvals gives the eigenvalues in no particular order, and the first of them was taken. Take the largest, or use np.linalg.eigvalsh, which sorts."
    )
    def first_of_the_unsorted(hessian):
        with np.errstate(all="ignore"):
            return 2 / np.linalg.eigvals(hessian)[0]

    @mistake(
        "np.linalg.eigvals gives the eigenvalues in no particular order, and the last of them was taken. Take the largest, or use np.linalg.eigvalsh, which sorts."
    )
    def last_of_the_unsorted(hessian):
        with np.errstate(all="ignore"):
            return 2 / np.linalg.eigvals(hessian)[-1]

    @mistake(
        "The second eigenvalue is the largest only where there are two. With one dial there is none, with three it is in the middle. The index -1 means the last."
    )
    def second_eigenvalue(hessian):
        return 2 / np.linalg.eigvalsh(hessian)[1]

    @also_right
    def general_eigenvalues(hessian):
        return float(2 / np.max(np.linalg.eigvals(hessian).real))

    @also_right
    def spectral_norm(hessian):
        return 2 / np.linalg.norm(hessian, 2)

    @also_right
    def smallest_of_all_edges(hessian):
        edges = [2 / value for value in np.linalg.eigh(np.asarray(hessian, dtype=float))[0] if value > 1e-9]
        return min(edges)

    @also_right
    def by_singular_values(hessian):
        return 2.0 / np.linalg.svd(hessian, compute_uv=False)[0]

    @also_right
    def by_repeated_squaring(hessian):
        power = np.array(hessian, dtype=float)
        for _ in range(60):  # the direction of λ_max outgrows all others
            power = power @ power / np.linalg.norm(power) ** 2
        v = power @ np.linspace(1, 2, len(power))
        return 2 * (v @ v) / (v @ hessian @ v)

    @agrees_with("SciPy")
    def by_scipy(hessian):
        from scipy.linalg import eigh

        last = len(hessian) - 1
        return 2 / eigh(hessian, eigvals_only=True, subset_by_index=[last, last])[0]


def count_is_clear(H, lr, x0, tol, fewest, most, long_but_flat=False):
    """Whether the walk takes from `fewest` to `most` steps, with its norm clear of tol at every one of them.

    long_but_flat: ask as well that one step before the end every entry is below tol, and the norm is not
    """
    x, norms, largest = np.array(x0, dtype=float), [], []
    while len(norms) <= most + 1:
        norms.append(np.linalg.norm(x))
        largest.append(np.abs(x).max())
        if norms[-1] < tol:
            break
        x = x - lr * H @ x
    if long_but_flat and not (len(norms) > 1 and largest[-2] < tol):
        return False
    return fewest <= len(norms) - 1 <= most and min(abs(n / tol - 1) for n in norms) > 1e-4


@exercise("steps_to_converge")
class StepsToConverge:
    hints = (
        "Walk and count. Nothing has to be kept but the place you are at and the number of steps so far.",
        "A while loop that goes on as long as the norm is not yet below tol. If it is below at the start, the loop never runs, and the count is 0.",
        "Inside: the gradient at x is the matrix product of hessian and x. Step against it, times lr, and raise the count by one.",
    )
    returns = ("steps",)
    equivalent = {
        "line 11: sides exchanged: lr * hessian @ x - x": "a place and its mirror image are equally far from 0, at every step",
        "line 11: sides exchanged: x @ (lr * hessian)": "the Hessian is symmetric",
    }

    def cases(rng):
        yield np.array([[2.0, 0.0], [0.0, 8.0]]), 0.1, np.array([4.0, 1.0]), 0.1
        for d, lr, tol, kind in [(3, 0.17, 0.02, "array"), (2, 0.31, 0.3, "list"), (5, 0.1, 1.5, "array")]:
            while True:
                H, x0 = bowl(rng, d), numbers(rng, d, low=1, high=5)
                if count_is_clear(H, lr, x0, tol, 4, 60, long_but_flat=d == 3) and count_is_clear(
                    2 * H, lr / 2, x0, tol, 4, 60
                ):
                    yield H, lr, x0.tolist() if kind == "list" else x0, tol
                    break
        while True:  # whole numbers throughout
            L = unit_triangle(rng, 2)
            H, x0 = L @ L.T + np.eye(2, dtype=int), whole(rng, 2, low=2, high=9)
            if np.linalg.eigvalsh(H)[-1] < 9 and count_is_clear(H, 0.2, x0, 0.05, 4, 60):
                yield H, 0.2, x0, 0.05
                break
        yield np.array([[1.0]]), 0.5, np.array([8.0]), 1.0  # 8, 4, 2, then exactly tol, then 0.5
        # 10,304 steps: no cap is asked for. The norms before and after differ from tol by 0.0008 and 0.0002 of it
        yield np.diag([1.0, 2.0]), 0.001, np.array([30.0, 40.0]), 0.001
        yield bowl(rng, 3), 0.1, numbers(rng, 3, low=0.1, high=0.5), 1.0  # there already
        while True:  # near the edge: the sharp direction hops
            H, x0 = np.diag([1.0, draw(rng, 9.5, 9.9)]), numbers(rng, 2, low=2, high=4)
            if count_is_clear(H, 0.2, x0, 0.5, 10, 120):
                yield H, 0.2, x0, 0.5
                break

    @mistake(
        "One step too many is counted, as if the start were a step. Begin the count at 0: it counts moves, not places."
    )
    def counts_places(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 1
        while np.linalg.norm(x) >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake("One step too few is counted: the last one, which brings the norm below tol, is a step as well.")
    def forgets_the_last(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.linalg.norm(x) >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return max(steps - 1, 0)

    @mistake(
        "Where the start is below tol already, the answer is 0, and yours takes a step before it looks. Look first."
    )
    def steps_before_it_looks(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while True:
            x = x - lr * hessian @ x
            steps += 1
            if np.linalg.norm(x) < tol:
                return steps

    @mistake(
        "Right but for one hair: where the norm is exactly tol it is not below it, and one more step is due. Compare with >= tol to go on."
    )
    def stops_at_tol(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.linalg.norm(x) > tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "It waits until the height ½ xᵀHx is below tol. What is asked is the distance from the bottom, the norm of x."
    )
    def waits_for_the_height(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while x @ hessian @ x / 2 >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "It waits until the gradient's norm is below tol, as gradient_descent does. What is asked here is the norm of x itself."
    )
    def waits_for_the_gradient(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.linalg.norm(hessian @ x) >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "Two things. The walk stops by the gradient's norm, as gradient_descent does, and here the norm of x counts. And the rows of a path are one more than the steps, since the start is a row."
    )
    def rows_of_a_path(hessian, lr, x0, tol):
        x, rows = np.array(x0, dtype=float), 1
        while np.linalg.norm(hessian @ x) >= tol:
            x = x - lr * hessian @ x
            rows += 1
        return rows

    @mistake("It compares the square of the norm with tol: a root is missing.")
    def square_of_the_norm(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while x @ x >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "It waits until the step is shorter than tol. Steps shrink with lr; the question is how far x still is from the bottom."
    )
    def waits_for_short_steps(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.linalg.norm(lr * hessian @ x) >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "It waits until the largest entry of x is below tol. The norm takes all entries together: the root of the sum of their squares."
    )
    def largest_entry(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.max(np.abs(x)) >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "Each step is half as long as it should be: the ½ of ½ xᵀHx cancels against the 2 of the square, and the gradient is Hx."
    )
    def halves_the_gradient(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.linalg.norm(x) >= tol:
            x = x - lr * hessian @ x / 2
            steps += 1
        return steps

    @mistake(
        "Each step is twice as long as it should be. The gradient of ½ xᵀHx is Hx: the 2 of the square cancels against the ½."
    )
    def doubles_the_gradient(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.linalg.norm(x) >= tol:
            x = x - lr * 2 * hessian @ x
            steps += 1
            if steps > 100_000:
                raise RuntimeError("does not arrive")
        return steps

    @mistake(
        "Only the diagonal of the Hessian is used. The numbers off the diagonal mix the dials: the gradient is the matrix product, hessian @ x."
    )
    def diagonal_alone(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        while np.linalg.norm(x) >= tol:
            x = x - lr * np.diag(hessian) * x
            steps += 1
        return steps

    @mistake("The count is right, but it comes as a float. Return a whole number (int).")
    def as_a_float(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0.0
        while np.linalg.norm(x) >= tol:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "It changes x in place, `x -= …`, which an array of whole numbers refuses. Make a new array instead, or a float copy first."
    )
    def in_place_on_whole_numbers(hessian, lr, x0, tol):
        x, steps = np.array(x0), 0
        while np.linalg.norm(x) >= tol:
            x -= lr * hessian @ x
            steps += 1
        return steps

    @mistake(
        "This is a formula for the flattest direction alone, with all of x0 laid along it. It is an upper estimate; part of x0 lies along sharper directions and vanishes sooner. Walk and count."
    )
    def formula_of_the_flattest(hessian, lr, x0, tol):
        start, factor = np.linalg.norm(x0), abs(1 - lr * np.linalg.eigvalsh(hessian)[0])
        return 0 if start < tol else int(np.floor(np.log(tol / start) / np.log(factor))) + 1

    @mistake(
        "The count ends at 10,000, whether x is near or not. No cap is asked for here: a narrow valley may take longer. Go on until the norm is below tol."
    )
    def capped(hessian, lr, x0, tol):
        x = np.array(x0, dtype=float)
        for steps in range(10_000):
            if np.linalg.norm(x) < tol:
                return steps
            x = x - lr * hessian @ x
        return 10_000

    @mistake(
        "tol is measured against the length of x0. Asked for is the norm of x itself, below tol as it is given."
    )
    def relative_to_the_start(hessian, lr, x0, tol):
        x, steps = np.array(x0, dtype=float), 0
        limit = tol * np.linalg.norm(x)
        while np.linalg.norm(x) >= limit and steps < 100_000:
            x = x - lr * hessian @ x
            steps += 1
        return steps

    @also_right
    def by_the_factors(hessian, lr, x0, tol):
        values, vectors = np.linalg.eigh(hessian)
        parts, steps = vectors.T @ np.asarray(x0), 0
        while np.sqrt(np.sum((parts * (1 - lr * values) ** steps) ** 2)) >= tol:
            steps += 1
        return steps

    @also_right
    def by_one_matrix(hessian, lr, x0, tol):
        one_step = np.eye(len(hessian)) - lr * hessian
        x, count = np.array(x0, dtype=float), 0
        while True:
            if np.dot(x, x) < tol**2:
                return count
            x, count = one_step @ x, count + 1

    @also_right
    def number_by_number(hessian, lr, x0, tol):
        import itertools
        import math

        x = [float(v) for v in x0]
        for steps in itertools.count():
            if math.hypot(*x) < tol:
                return np.int64(steps)
            x = [v - lr * sum(h * u for h, u in zip(row, x)) for v, row in zip(x, hessian)]

    @agrees_with("mpmath")
    def by_mpmath(hessian, lr, x0, tol):
        import mpmath

        with mpmath.workdps(40):
            H = mpmath.matrix(np.asarray(hessian, dtype=float).tolist())
            x, steps = mpmath.matrix([float(v) for v in x0]), 0
            while mpmath.norm(x) >= tol:
                x, steps = x - mpmath.mpf(lr) * (H * x), steps + 1
        return steps


def walk_at(X, y, rate_w, rate_b, num_steps):
    """The walk of fit_linear_regression with a rate for each of the two, for the mistakes below to be made with."""
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(num_steps):
        residuals = X @ w + b - y
        losses.append(np.mean(residuals**2))
        w = w - rate_w * 2 * X.T @ residuals / len(y)
        b = b - rate_b * 2 * np.mean(residuals)
    return w, b, losses


@exercise("fit_linear_regression")
class FitLinearRegression:
    hints = (
        "Nudging the loss showed which of the two slopes is off, and by how much. What number is it off by?",
        "The loss is a mean over n examples, so both slopes are: one has its 1/n, the other does not.",
        "Everything else in the draft is right. Keep the order: residuals, loss, then both updates from those residuals.",
    )
    returns = ("w", "b", "losses")
    rtol = 1e-7

    def cases(rng):
        yield np.array([[1.0], [3.0]]), np.array([2.0, 8.0]), 0.1, 2
        yield numbers(rng, 5, 3, low=-2, high=2), numbers(rng, 5, low=2, high=9), 0.05, 4
        yield whole(rng, 4, 2, low=-2, high=4), whole(rng, 4, low=3, high=12), 0.1, 3
        yield numbers(rng, 6, 1, low=-1, high=3), numbers(rng, 6, low=1, high=8).tolist(), draw(rng, 0.02, 0.08), 5
        yield numbers(rng, 3, 4, low=-2, high=2), numbers(rng, 3, low=2, high=6), 0.1, 1
        yield numbers(rng, 4, 2), numbers(rng, 4), 0.1, 0
        # there after one step, to the last digit: the other steps are taken all the same
        yield np.array([[1.0], [-1.0]]), np.array([3.0, 1.0]), 0.5, 5

    @mistake(
        "This is the draft as it was. Nudging the loss showed that its slope along b is too large: it is a sum, and the loss is a mean."
    )
    def the_draft(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 * residuals.sum()
        return w, b, losses

    @mistake(
        "b is updated from residuals that already hold the new w. Both come from one gradient, taken before the step: compute the residuals once, then both updates."
    )
    def new_w_for_b(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * (X @ w + b - y).sum()
        return w, b, losses

    @mistake(
        "w is updated from residuals that already hold the new b. Both come from one gradient, taken before the step: compute the residuals once, then both updates."
    )
    def new_b_for_w(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            b = b - lr * 2 / n * residuals.sum()
            w = w - lr * 2 / n * X.T @ (X @ w + b - y)
        return w, b, losses

    @mistake(
        "w and b are right. The losses are those after each step; the first one should be the loss at zeros, before any step."
    )
    def losses_after_the_step(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
            losses.append(np.mean((X @ w + b - y) ** 2))
        return w, b, losses

    @mistake(
        "w and b are right. There is one loss too many: num_steps of them are asked for, each before a step, and none after the last."
    )
    def one_loss_too_many(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = [np.mean((X @ w + b - y) ** 2)]
        for _ in range(num_steps):
            residuals = X @ w + b - y
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
            losses.append(np.mean((X @ w + b - y) ** 2))
        return w, b, losses

    @mistake("Both slopes are sums now. The loss is a mean: the 1/n belongs to w and to b.")
    def sums_for_both(X, y, lr, num_steps):
        w, b = np.zeros(X.shape[1]), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 * X.T @ residuals
            b = b - lr * 2 * residuals.sum()
        return w, b, losses

    @mistake("The factor 2 is missing from both slopes, so every step is half as long. The derivative of r² is 2r.")
    def no_factor_2(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr / n * X.T @ residuals
            b = b - lr / n * residuals.sum()
        return w, b, losses

    @mistake(
        "The 1/n for b is there now, but its factor 2 has gone. The mean of 2r is what the loss's slope along b is."
    )
    def bias_without_2(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * residuals.mean()
        return w, b, losses

    @mistake(
        "The residual has turned its sign, and the update has not, so every step goes uphill. With y minus prediction the slopes change sign, too."
    )
    def uphill(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = y - (X @ w + b)
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake("b never moves from 0. It has a slope of its own and is updated at each step, as w is.")
    def bias_stays_zero(X, y, lr, num_steps):
        n, d = X.shape
        w = np.zeros(d)
        losses = []
        for _ in range(num_steps):
            residuals = X @ w - np.asarray(y)
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
        return w, 0.0, losses

    @mistake(
        "The residuals were computed once, before the loop, and every step uses them. They change with w and b: compute them inside."
    )
    def stale_residuals(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        residuals = X @ w + b - y
        for _ in range(num_steps):
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake("w and b are right. The losses are sums of squares; the mean squared error divides by n.")
    def losses_are_sums(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.sum(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "w and b are right. The losses have a root too many: the mean squared error is the mean of the squares as it is."
    )
    def losses_are_roots(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.sqrt(np.mean(residuals**2)))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake("The learning rate is missing from both updates: each step is lr times the slope.")
    def forgets_lr(X, y, lr, num_steps):
        return walk_at(X, y, 1, 1, num_steps)

    @mistake("The learning rate is missing from the update of w. b has it; w needs it, too.")
    def forgets_lr_for_w(X, y, lr, num_steps):
        return walk_at(X, y, 1, lr, num_steps)

    @mistake("The learning rate is missing from the update of b. w has it; b needs it, too.")
    def forgets_lr_for_b(X, y, lr, num_steps):
        return walk_at(X, y, lr, 1, num_steps)

    @mistake("Every walk has the learning rate 0.1. Use the argument lr: it differs from call to call.")
    def always_a_tenth(X, y, lr, num_steps):
        return walk_at(X, y, 0.1, 0.1, num_steps)

    @mistake("The learning rate is in both updates twice, so the steps are far too short.")
    def lr_twice(X, y, lr, num_steps):
        return walk_at(X, y, lr**2, lr**2, num_steps)

    @mistake("Both slopes are divided by n twice: a mean holds its 1/n already.")
    def divides_both_twice(X, y, lr, num_steps):
        return walk_at(X, y, lr / len(y), lr / len(y), num_steps)

    @mistake("w walks uphill: its step was added. Both steps are taken off.")
    def w_uphill(X, y, lr, num_steps):
        return walk_at(X, y, -lr, lr, num_steps)

    @mistake("b walks uphill: its step was added. Both steps are taken off.")
    def b_uphill(X, y, lr, num_steps):
        return walk_at(X, y, lr, -lr, num_steps)

    @mistake("The slope along b is divided by n twice: a mean holds its 1/n already.")
    def divides_b_twice(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.mean()
        return w, b, losses

    @mistake("The walk starts at ones. It should start at zeros, for w and for b.")
    def starts_at_ones(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.ones(d), 1.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake("Only the last loss came back. Keep them all, one before each step.")
    def last_loss_only(X, y, lr, num_steps):
        n, d = X.shape
        w, b, loss = np.zeros(d), 0.0, 0.0
        for _ in range(num_steps):
            residuals = X @ w + b - y
            loss = np.mean(residuals**2)
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, loss

    @mistake(
        "b is mended, and now the slope along w is a sum: its 1/n is missing. The loss is a mean, so both slopes have it."
    )
    def weight_without_n(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "The slope along w has lost its factor 2; b still has it. The derivative of r² is 2r, for both."
    )
    def weight_without_2(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "w and b are right. The losses are half of what they should be: the mean squared error has no ½."
    )
    def losses_are_halved(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2) / 2)
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "w and b are right. The losses are means of sizes, |r|. The mean squared error is the mean of r²."
    )
    def losses_are_sizes(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(np.abs(residuals)))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "b is missing from the residuals: the prediction is X @ w + b."
    )
    def residuals_without_b(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w - np.asarray(y)
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "One step is missing: num_steps steps are asked for. range(num_steps) goes round just as often."
    )
    def one_step_too_few(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps - 1):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "It takes one step more than num_steps. range(num_steps) goes round just as often."
    )
    def one_step_too_many(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps + 1):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "w starts at ones. It should start at zeros, as b does."
    )
    def weights_start_at_ones(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.ones(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "It stops once the loss no longer changes. Asked for are exactly num_steps steps and as many losses, also where nothing is left to gain."
    )
    def stops_early(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            if len(losses) > 1 and abs(losses[-1] - losses[-2]) < 1e-9:
                break
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @mistake(
        "This is the exact answer, where a long walk ends. Asked for is the place after num_steps steps from zeros, and the loss before each."
    )
    def exact_answer(X, y, lr, num_steps):
        A = np.column_stack([X, np.ones(len(X))])
        theta = np.linalg.lstsq(A, y, rcond=None)[0]
        return theta[:-1], theta[-1], [np.mean((A @ theta - y) ** 2)] * num_steps

    @mistake("The slopes are divided by the number of columns, d. The loss is a mean over the n rows: 1/n belongs there.")
    def divides_by_columns(X, y, lr, num_steps):
        d = X.shape[1]
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / d * X.T @ residuals
            b = b - lr * 2 / d * residuals.sum()
        return w, b, losses

    @mistake("The numbers are right, but b comes first. The order is w, b, losses.")
    def bias_first(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), 0.0
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return b, w, losses

    @mistake("b is an array with one entry. It is a single number: begin with 0.0.")
    def bias_in_an_array(X, y, lr, num_steps):
        n, d = X.shape
        w, b = np.zeros(d), np.zeros(1)
        losses = []
        for _ in range(num_steps):
            residuals = X @ w + b - y
            losses.append(np.mean(residuals**2))
            w = w - lr * 2 / n * X.T @ residuals
            b = b - lr * 2 / n * residuals.sum()
        return w, b, losses

    @also_right
    def bias_as_a_weight(X, y, lr, num_steps):
        A, y = np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float)
        theta, losses = np.zeros(A.shape[1]), np.zeros(num_steps)
        for k in range(num_steps):
            r = y - A @ theta
            losses[k] = r @ r / len(y)
            theta = theta + 2 * lr * (r @ A) / len(y)
        return theta[:-1], theta[-1], losses

    @also_right
    def example_by_example(X, y, lr, num_steps):
        n, d = X.shape
        w, b, losses = [0.0] * d, 0.0, []
        for _ in range(num_steps):
            grad_w, grad_b, loss = [0.0] * d, 0.0, 0.0
            for i in range(n):
                r = b - y[i] + sum(X[i, j] * w[j] for j in range(d))
                loss += r * r / n
                grad_b += 2 * r / n
                grad_w = [g + 2 * r * X[i, j] / n for j, g in enumerate(grad_w)]
            w, b = [v - lr * g for v, g in zip(w, grad_w)], b - lr * grad_b
            losses.append(loss)
        return np.array(w), float(b), losses

    @also_right
    def bias_first_from_the_same_residuals(X, y, lr, num_steps):
        w, b, losses = np.zeros(X.shape[1]), 0.0, []
        for _ in range(num_steps):
            r = np.subtract(X @ w + b, y)
            b -= 2 * lr * r.mean()
            w -= 2 * lr * (r[:, None] * X).mean(axis=0)
            losses += [(r**2).mean()]
        return w, b, np.array(losses)

    @also_right
    def with_the_hessian(X, y, lr, num_steps):
        A, y = np.hstack([X, np.ones((len(X), 1))]), np.asarray(y, dtype=float)
        H, c, floor = 2 / len(y) * A.T @ A, 2 / len(y) * A.T @ y, y @ y / len(y)
        theta, losses = np.zeros(len(c)), []
        for _ in range(num_steps):
            losses.append(float(theta @ H @ theta / 2 - c @ theta + floor))
            theta = theta - lr * (H @ theta - c)
        return theta[:-1], theta[-1], losses

    @agrees_with("SymPy")
    def by_sympy(X, y, lr, num_steps):
        import sympy

        names = sympy.symbols(f"w0:{X.shape[1]} b")
        residuals = [
            sum(sympy.Float(float(v), 30) * s for v, s in zip(row, names)) + names[-1] - sympy.Float(float(target), 30)
            for row, target in zip(X, y)
        ]
        loss = sympy.expand(sum(r**2 for r in residuals) / len(residuals))
        slopes, place, losses = [loss.diff(s) for s in names], [sympy.Integer(0)] * len(names), []
        for _ in range(num_steps):
            at = dict(zip(names, place))
            losses.append(float(loss.subs(at)))
            place = [value - lr * slope.subs(at) for value, slope in zip(place, slopes)]
        return np.array([float(v) for v in place[:-1]]), float(place[-1]), losses


def with_signs(rng, signs, as_float=True, positive_diagonal=False):
    """A whole-number matrix, tilted, with as many positive and negative eigenvalues as `signs` holds (Sylvester)."""
    d = len(signs)
    while True:
        L = unit_triangle(rng, d)[rng.permutation(d)]
        H = L @ np.diag(signs) @ L.T
        values = np.linalg.eigvalsh(H)
        if positive_diagonal and np.diag(H).min() <= 0:
            continue
        if d > 1 and np.count_nonzero(H - np.diag(np.diag(H))) == 0:
            continue
        if np.abs(values).min() > 0.01:
            return H.astype(float) if as_float else H


def with_a_zero(H, at_the_end):
    """H with one dial more, which it does not depend on: that eigenvalue is computed as 0, on any machine."""
    return np.pad(H, (0, 1) if at_the_end else (1, 0))


@exercise("classify_critical_point")
class ClassifyCriticalPoint:
    hints = (
        "Eigenvalues first: np.linalg.eigvalsh. Then everything is a question about their signs.",
        "Ask two things: is any of them clearly positive (above 1e-9)? Is any clearly negative (below -1e-9)? np.any answers such questions.",
        "Both: that settles it, whatever the others are. If not both, is any of them in between, and so a zero? Only then are minimum and maximum left.",
    )
    returns = ("kind",)
    equivalent = {
        "line 11: > becomes >= in curvatures >= 1e-09": "no computed eigenvalue can be told from one of exactly 1e-9",
        "line 12: < becomes <= in curvatures <= -1e-09": "no computed eigenvalue can be told from one of exactly -1e-9",
        "line 15: < becomes <= in abs(curvatures) <= 1e-09": "no computed eigenvalue can be told from one of exactly 1e-9",
    }

    def cases(rng):
        yield np.array([[2.0, 1.0], [1.0, 3.0]])
        a, b = whole(rng, 2, low=1, high=5)
        yield np.array([[a, 6], [6, b]])  # saddle, with a positive diagonal, in whole numbers
        yield with_signs(rng, (-1, 1, -1))  # saddle with a positive determinant
        yield with_signs(rng, (-1, -1))
        yield with_signs(rng, (-1, -1, -1, -1, -1), as_float=False)
        yield with_a_zero(with_signs(rng, (1, 1)), at_the_end=True)
        yield with_a_zero(with_signs(rng, (1, -1, 1), positive_diagonal=True), at_the_end=True)
        yield with_a_zero(with_signs(rng, (-1, -1)), at_the_end=False)
        yield np.diag([draw(rng, 2, 5), 1e-12])
        yield np.diag([-5e-10, draw(rng, 2, 5)])
        yield np.diag([draw(rng, -5, -2), 5e-10])
        yield np.diag([draw(rng, -5, -2), -1e-12])
        yield np.diag([1.5e-9, draw(rng, 2, 5), draw(rng, 2, 5)])  # small, but not below 1e-9
        yield np.diag([draw(rng, -5, -2), 1.5e-9])
        yield np.diag([draw(rng, 2, 5), -1.5e-9])
        yield np.diag([1e-5, 20_000.0])  # small beside the other, but not below 1e-9
        yield np.zeros((2, 2))
        yield np.array([[-draw(rng, 2, 5)]])
        yield np.array([[draw(rng, 2, 5)]])

    @mistake("Minimum and maximum are exchanged. Positive curvature means uphill every way: you stand in a minimum.")
    def exchanged(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        if up and down:
            return "saddle"
        if np.any(np.abs(values) < 1e-9):
            return "flat"
        return "maximum" if up else "minimum"

    @mistake(
        "It asks the determinant. That rule is for two dials: with three, two negative eigenvalues and a positive one also have a positive product. Look at each eigenvalue."
    )
    def by_the_determinant(hessian):
        value = np.linalg.det(hessian)
        if abs(value) < 1e-9:
            return "flat"
        if value < 0:
            return "saddle" if len(hessian) > 1 else "maximum"
        return "minimum" if hessian[0][0] > 0 else "maximum"

    @mistake(
        "It asks the determinant. That rule is for two dials: with one, a negative one is a maximum, and with three, two negative eigenvalues have a positive product. Look at each eigenvalue."
    )
    def determinant_of_any_size(hessian):
        value = np.linalg.det(hessian)
        if abs(value) < 1e-9:
            return "flat"
        if value < 0:
            return "saddle"
        return "minimum" if hessian[0][0] > 0 else "maximum"

    @mistake(
        "It asks the product of the eigenvalues. With three dials two negative ones have a positive product, and a zero hides the others. Look at each eigenvalue."
    )
    def by_the_product(hessian):
        values = np.linalg.eigvalsh(hessian)
        if abs(np.prod(values)) < 1e-9:
            return "flat"
        if np.prod(values) < 0:
            return "saddle"
        return "minimum" if values[0] > 0 else "maximum"

    @mistake(
        "It asks the trace, the sum of the eigenvalues. A sum can be positive with a negative among them, and that one makes a saddle."
    )
    def by_the_trace(hessian):
        value = np.trace(hessian)
        return "flat" if abs(value) < 1e-9 else "minimum" if value > 0 else "maximum"

    @mistake(
        "It looks at the diagonal, the curvature along the axes. A tilted saddle can rise along every axis and still fall between them: use the eigenvalues."
    )
    def by_the_diagonal(hessian):
        values = np.diag(hessian)
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        if up and down:
            return "saddle"
        if np.any(np.abs(values) < 1e-9):
            return "flat"
        return "minimum" if up else "maximum"

    @mistake(
        "It looks at the signs of the entries. An entry off the diagonal may be negative in a perfect bowl: use the eigenvalues."
    )
    def by_the_entries(hessian):
        if np.all(np.asarray(hessian) > 1e-9):
            return "minimum"
        if np.all(np.asarray(hessian) < -1e-9):
            return "maximum"
        return "saddle" if np.any(np.abs(hessian) > 1e-9) else "flat"

    @mistake(
        "Zero means exactly 0 in your code. An eigenvalue of 1e-12, of either sign, is round-off here: everything below 1e-9 in size counts as zero."
    )
    def exactly_zero(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down, zero = np.any(values > 0), np.any(values < 0), np.any(values == 0)
        return "saddle" if up and down else "flat" if zero else "minimum" if up else "maximum"

    @mistake(
        "A zero eigenvalue is asked about first, so a saddle with a flat direction is called flat. Both signs make a saddle, whatever the others are: ask for that first."
    )
    def flat_before_saddle(hessian):
        values = np.linalg.eigvalsh(hessian)
        if np.any(np.abs(values) < 1e-9):
            return "flat"
        return "minimum" if np.all(values > 0) else "maximum" if np.all(values < 0) else "saddle"

    @mistake(
        "Two things are left. `all(e > 0)` lets 1e-12 pass as positive: the margin is for these tests as well. And a zero is asked about before both signs, so a saddle with a flat direction is called flat."
    )
    def margin_for_zero_alone(hessian):
        values = np.linalg.eigvalsh(hessian)
        if np.all(values > 0):
            return "minimum"
        if np.all(values < 0):
            return "maximum"
        return "flat" if np.any(np.abs(values) < 1e-9) else "saddle"

    @mistake(
        "Flat is missing: places with a zero eigenvalue and no other sign are called minimum or maximum. With a zero the Hessian cannot tell."
    )
    def zero_counts_as_right(hessian):
        values = np.linalg.eigvalsh(hessian)
        if np.all(values > -1e-9):
            return "minimum"
        return "maximum" if np.all(values < 1e-9) else "saddle"

    @mistake(
        "Whatever is neither all positive nor all negative is called a saddle. A saddle needs both signs; a zero beside one sign is flat."
    )
    def the_rest_is_saddle(hessian):
        values = np.linalg.eigvalsh(hessian)
        return "minimum" if np.all(values > 1e-9) else "maximum" if np.all(values < -1e-9) else "saddle"

    @mistake("Flat is only said where all eigenvalues are zero. One zero beside eigenvalues of one sign is enough.")
    def flat_only_if_all_zero(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        return "saddle" if up and down else "minimum" if up else "maximum" if down else "flat"

    @mistake(
        "The margin works on one side only: -1e-12 beside negative eigenvalues is taken for negative. Below 1e-9 in size, of either sign, is zero: np.abs."
    )
    def margin_on_one_side(hessian):
        values = np.linalg.eigvalsh(hessian)
        if np.any(values > 1e-9) and np.any(values < -1e-9):
            return "saddle"
        if np.any(values < 1e-9) and np.any(values >= 0):
            return "flat"
        return "minimum" if values[0] > 0 else "maximum"

    @mistake("The margin for zero is wider than 1e-9, so small but real curvatures are called zero.")
    def wide_margin(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down = np.any(values > 1e-6), np.any(values < -1e-6)
        if up and down:
            return "saddle"
        return "flat" if np.any(np.abs(values) < 1e-6) else "minimum" if up else "maximum"

    @mistake(
        "Only the smallest eigenvalue is asked. It is negative at a saddle and at a maximum: the largest one has to be asked as well."
    )
    def smallest_only(hessian):
        value = np.linalg.eigvalsh(hessian)[0]
        return "flat" if abs(value) < 1e-9 else "minimum" if value > 0 else "maximum"

    @mistake(
        "Only the largest eigenvalue is asked. It is positive at a saddle and at a minimum: the smallest one has to be asked as well."
    )
    def largest_only(hessian):
        value = np.linalg.eigvalsh(hessian)[-1]
        return "flat" if abs(value) < 1e-9 else "minimum" if value > 0 else "maximum"

    @mistake('The kinds are right, but the word for a saddle is "saddle", without "point".')
    def saddle_point(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        if up and down:
            return "saddle point"
        return "flat" if np.any(np.abs(values) < 1e-9) else "minimum" if up else "maximum"

    @mistake('The kinds are right, but the words are to be written small: "minimum", not "Minimum".')
    def capitals(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        if up and down:
            return "Saddle"
        return "Flat" if np.any(np.abs(values) < 1e-9) else "Minimum" if up else "Maximum"

    @mistake('The kinds are right, but the words are to be written out: "minimum" and "maximum", not "min" and "max".')
    def short_words(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        if up and down:
            return "saddle"
        return "flat" if np.any(np.abs(values) < 1e-9) else "min" if up else "max"

    @mistake(
        "The margin is taken as a share of the largest eigenvalue. Here it is fixed: below 1e-9 in size counts as zero, however large the others are."
    )
    def margin_as_a_share(hessian):
        values = np.linalg.eigvalsh(hessian)
        margin = 1e-9 * np.abs(values).max()
        up, down = np.any(values > margin), np.any(values < -margin)
        if up and down:
            return "saddle"
        return "flat" if np.any(np.abs(values) <= margin) else "minimum" if up else "maximum"

    @mistake("Only the first two eigenvalues are asked. There are as many as there are dials: look at all of them.")
    def first_two_only(hessian):
        values = np.linalg.eigvalsh(hessian)[:2]
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        if up and down:
            return "saddle"
        return "flat" if np.any(np.abs(values) < 1e-9) else "minimum" if up else "maximum"

    @also_right
    def by_counting(hessian):
        values = np.linalg.eigvals(hessian).real
        positive, negative = int(np.sum(values >= 1e-9)), int(np.sum(values <= -1e-9))
        if positive * negative > 0:
            return "saddle"
        if positive + negative < len(hessian):
            return "flat"
        return {True: "minimum", False: "maximum"}[positive > 0]

    @also_right
    def smallest_and_largest(hessian):
        smallest, *_, largest = [*np.linalg.eigvalsh(hessian), np.linalg.eigvalsh(hessian)[-1]]
        if smallest < -1e-9 and largest > 1e-9:
            return "saddle"
        return "minimum" if smallest > 1e-9 else "maximum" if largest < -1e-9 else "flat"

    @also_right
    def rounded_signs(hessian):
        values = np.linalg.eigh(hessian)[0]
        signs = {0 if abs(v) < 1e-9 else 1 if v > 0 else -1 for v in values}
        if {1, -1} <= signs:
            return "saddle"
        if 0 in signs:
            return "flat"
        return "minimum" if signs == {1} else "maximum"

    @also_right
    def words_from_an_array(hessian):
        values = np.linalg.eigvalsh(hessian)
        up, down = np.any(values > 1e-9), np.any(values < -1e-9)
        words = np.array(["flat", "saddle", "minimum", "maximum"])
        if up and down:
            return words[1]
        return words[0] if np.any(np.abs(values) < 1e-9) else words[2 if up else 3]

    @agrees_with("SciPy")
    def by_scipy(hessian):
        from scipy.linalg import eigh

        values = eigh(hessian, eigvals_only=True)
        up, down = (values > 1e-9).sum(), (values < -1e-9).sum()
        return "saddle" if up and down else "flat" if up + down < len(values) else "minimum" if up else "maximum"


@exercise("newton_step")
class NewtonStep:
    hints = (
        "Both functions are to be called at x first: that gives a vector g (d,) and a matrix H (d, d).",
        "np.linalg.solve(H, g) gives the vector that H turns into g. The matrix comes first.",
        "The move s turns H s into minus the gradient. So take the solution for plus the gradient away from x.",
    )
    returns = ("point",)
    forbidden = ("numpy.linalg.inv", "scipy.linalg.inv", "numpy.linalg.pinv", "scipy.linalg.pinv")
    rtol = 1e-7
    atol = 1e-9

    def cases(rng):
        yield (
            Function("lambda x: np.array([3 * x[0] + 2 * x[1] - 4, 2 * x[0] + 6 * x[1]])", takes="array"),
            Function("lambda x: np.array([[3.0, 2.0], [2.0, 6.0]])", takes="array"),
            np.array([5.0, -1.0]),
        )
        H, at = bowl(rng, 4), numbers(rng, 4)
        yield bowl_gradient(H, at), Function(f"lambda x: np.array({H.tolist()})", takes="array"), numbers(rng, 4)
        a, b = draw(rng, 1, 3), draw(rng, 0.3, 0.8)
        yield (  # curved differently from place to place
            Function(f"lambda x: np.array([4 * x[0]**3 + {b} * x[1], {b} * x[0] + {a} * np.exp(x[1])])", takes="array"),
            Function(f"lambda x: np.array([[12 * x[0]**2, {b}], [{b}, {a} * np.exp(x[1])]])", takes="array"),
            numbers(rng, 2, low=0.8, high=1.6).tolist(),
        )
        yield (  # one dial
            Function(f"lambda x: np.array([{a} * x[0]**2 - 3.0])", takes="array"),
            Function(f"lambda x: np.array([[{2 * a} * x[0]]])", takes="array"),
            np.array([draw(rng, 1.5, 3)]),
        )
        c = draw(rng, 2, 4)
        yield (  # a saddle nearby, from whole numbers
            Function(f"lambda x: np.array([2 * x[0] + x[2], -{c} * x[1], x[0] + 5 * x[2] - 1.5])", takes="array"),
            Function(f"lambda x: np.array([[2.0, 0.0, 1.0], [0.0, -{c}, 0.0], [1.0, 0.0, 5.0]])", takes="array"),
            whole(rng, 3, low=1, high=6),
        )

    @mistake(
        "The sign is turned round: it walks away from where the gradient would be zero. The move solves H s = minus the gradient."
    )
    def plus(gradient, hessian, x):
        return np.asarray(x) + np.linalg.solve(hessian(x), gradient(x))

    @mistake("This is the move alone. The new point is asked for: x with the move added.")
    def move_alone(gradient, hessian, x):
        return -np.linalg.solve(hessian(x), gradient(x))

    @mistake("This is the solution of H s = gradient, with neither its minus sign nor x. The new point is x less that.")
    def solution_alone(gradient, hessian, x):
        return np.linalg.solve(hessian(x), gradient(x))

    @mistake(
        "The Hessian multiplies the gradient here. It should be undone: solve for the move that H turns into minus the gradient."
    )
    def multiplies(gradient, hessian, x):
        return np.asarray(x) - hessian(x) @ gradient(x)

    @mistake(
        "This divides the gradient by the table H, entry by entry, which leaves a table. A matrix is not divided by: solve the equations."
    )
    def divides_by_the_table(gradient, hessian, x):
        return np.asarray(x) - gradient(x) / hessian(x)

    @mistake(
        "Each slope was divided by its own curvature, the diagonal of H. That forgets how the dials mix: solve with the whole matrix."
    )
    def diagonal_only(gradient, hessian, x):
        return np.asarray(x) - gradient(x) / np.diag(hessian(x))

    @mistake("`H**-1` is one over each entry, not the inverse of the matrix. Solve the equations instead.")
    def one_over_each_entry(gradient, hessian, x):
        H = np.asarray(hessian(x), dtype=float)
        with np.errstate(all="ignore"):
            step = H**-1.0 @ gradient(x)
        return np.asarray(x) - step if np.all(np.isfinite(step)) else np.asarray(x) - np.nan_to_num(step) * np.nan

    @mistake(
        "np.linalg.solve(A, b) wants a matrix first and a vector second. Is the Hessian the first of the two? And are both called at x? `gradient` and `hessian` are functions."
    )
    def solve_without_a_matrix(gradient, hessian, x):
        return np.asarray(x) - np.linalg.solve(gradient(x), hessian(x))

    @mistake("This is a step of gradient descent: the Hessian is not used. Newton's step is chosen by the curvature.")
    def plain_descent(gradient, hessian, x):
        return np.asarray(x) - gradient(x)

    @mistake("Two steps were taken. Asked for is the point after one.")
    def two_steps(gradient, hessian, x):
        for _ in range(2):
            x = np.asarray(x) - np.linalg.solve(hessian(x), gradient(x))
        return x

    @mistake("It goes on stepping until it arrives. Asked for is the point after one step.")
    def walks_to_the_end(gradient, hessian, x):
        for _ in range(50):
            x = np.asarray(x) - np.linalg.solve(hessian(x), gradient(x))
        return x

    @mistake(
        "The gradient is divided by the largest curvature alone. That is gradient descent with lr = 1/λ_max; Newton gives each direction its own: solve with the whole matrix."
    )
    def sharpest_curvature(gradient, hessian, x):
        return np.asarray(x) - gradient(x) / np.linalg.eigvalsh(hessian(x))[-1]

    @mistake("It is half a Newton step. Take the whole move.")
    def half_a_step(gradient, hessian, x):
        return np.asarray(x) - 0.5 * np.linalg.solve(hessian(x), gradient(x))

    @mistake(
        "It changes the x it was given (`x -= …`): that spoils the caller's array, and one of whole numbers refuses it. Return a new array."
    )
    def in_place(gradient, hessian, x):
        x -= np.linalg.solve(hessian(x), gradient(x))
        return x

    @mistake("The Hessian was taken at zero. Curvature differs from place to place: ask for it at x.")
    def hessian_at_zero(gradient, hessian, x):
        return np.asarray(x) - np.linalg.lstsq(hessian(np.zeros(len(x))), gradient(x), rcond=None)[0]

    @mistake("Something small was added to the diagonal of H before solving. H can be solved with as it is.")
    def ridge(gradient, hessian, x):
        return np.asarray(x) - np.linalg.solve(hessian(x) + 1e-6 * np.eye(len(x)), gradient(x))

    @mistake("The entries of H lost their signs. The minus signs tell which way it curves: solve with H as it is.")
    def without_signs(gradient, hessian, x):
        return np.asarray(x) - np.linalg.solve(np.abs(hessian(x)), gradient(x))

    @also_right
    def adds_the_move(gradient, hessian, x):
        x = np.array(x, dtype=float)
        return x + np.linalg.solve(hessian(x), -np.asarray(gradient(x)))

    @also_right
    def least_squares(gradient, hessian, x):
        return np.asarray(x) - np.linalg.lstsq(hessian(x), gradient(x), rcond=None)[0]

    @also_right
    def along_the_eigenvectors(gradient, hessian, x):
        x = np.asarray(x, dtype=float)
        curvatures, directions = np.linalg.eigh(hessian(x))
        return x - directions @ ((directions.T @ gradient(x)) / curvatures)

    @also_right
    def bottom_of_the_parabola(gradient, hessian, x):
        x = np.asarray(x, dtype=float)
        H = hessian(x)
        return np.linalg.solve(H, H @ x - gradient(x))

    @also_right
    def elimination_by_hand(gradient, hessian, x):
        table = np.column_stack([hessian(x), gradient(x)]).astype(float)
        for i in range(len(table)):
            pivot = i + np.argmax(abs(table[i:, i]))
            table[[i, pivot]] = table[[pivot, i]]
            table[i] /= table[i, i]
            for j in range(len(table)):
                if j != i:
                    table[j] -= table[j, i] * table[i]
        return np.array([float(v) for v in x]) - table[:, -1]

    @agrees_with("SciPy")
    def by_scipy(gradient, hessian, x):
        from scipy.linalg import solve

        return np.asarray(x, dtype=float) - solve(hessian(x), gradient(x), assume_a="sym")


def search_is_clear(f, gradient, x, lr, shrink, c, fewest, most):
    """Whether the search shrinks from `fewest` to `most` times, with a clear margin at each trial."""
    x = np.array(x, dtype=float)
    g, t = gradient(x), lr
    for shrunk in range(most + 1):
        gap = f(x - t * g) - (f(x) - c * t * (g @ g))
        if abs(gap) < 1e-4 * (1 + abs(f(x))):
            return False
        if gap <= 0:
            return shrunk >= fewest
        t *= shrink
    return False


@exercise("backtracking_line_search")
class BacktrackingLineSearch:
    hints = (
        "Compute the gradient at x once. Then only t changes: try, look, shrink.",
        "A while loop that goes on as long as the new height is still above the limit. The first t to be tried is lr itself, not a shrunken one.",
        "The limit is f at x, less c times t times the square of the norm; g @ g is that square. And it moves with t: compute it anew for every t.",
    )
    returns = ("t",)
    rtol = 1e-7
    atol = 1e-9
    says = "backtracking_line_search({0}, {1}, {2}, lr={3}, shrink={4}, c={5})"

    # counts the calls, so that a loop without an end gets a sentence and not a frozen notebook
    def probe(answer, f, gradient, x, lr, shrink, c):
        calls = [0]

        def counted(x):
            calls[0] += 1
            if calls[0] > 1500:
                raise RuntimeError("f was called 1500 times: this search should have ended long before. Does t shrink?")
            return f(x)

        options = {}
        if lr != 1.0:
            options["lr"] = lr
        if shrink != 0.5:
            options["shrink"] = shrink
        if c != 1e-4:
            options["c"] = c
        return answer(counted, gradient, x, **options)

    def cases(rng):
        def function(source):
            return Function(source, takes="array")

        # at t = 1 it lands on the other side, exactly as high as before
        yield (
            function("lambda x: (x[0] - 3)**2"),
            function("lambda x: np.array([2.0 * x[0] - 6.0])"),
            np.array([1.0]),
            1.0,
            0.5,
            1e-4,
        )
        # at t = 1 both sides are exactly 0: that is enough
        yield (
            function("lambda x: 0.5 * x[0]**2"),
            function("lambda x: np.array([1.0 * x[0]])"),
            np.array([2.0]),
            1.0,
            0.5,
            0.5,
        )

        def search(make, lr, shrink, c, fewest, most):
            while True:
                f, gradient, x = make()
                f, gradient = function(f), function(gradient)
                if search_is_clear(f, gradient, x, lr, shrink, c, fewest, most):
                    return f, gradient, x, lr, shrink, c

        def tilted(d):
            def make():
                H, at = bowl(rng, d, 2.0, 14.0), numbers(rng, d)
                f = f"lambda x: x @ np.array({H.tolist()}) @ x / 2 - np.array({at.tolist()}) @ x"
                gradient = f"lambda x: np.array({H.tolist()}) @ x - np.array({at.tolist()})"
                return f, gradient, numbers(rng, d)

            return make

        def exponential():
            a, b = draw(rng, 0.5, 1.5), draw(rng, 1, 3)
            f = f"lambda x: np.exp({a} * x[0]) + np.exp(-x[0]) + {b} * x[1]**4 - x[1]"
            gradient = (
                f"lambda x: np.array([{a} * np.exp({a} * x[0]) - np.exp(-x[0]), {round(4 * b, 2)} * x[1]**3 - 1])"
            )
            return f, gradient, numbers(rng, 2, low=1, high=2).tolist()

        def shallow():
            a, b = draw(rng, 0.1, 0.3), draw(rng, 0.1, 0.3)
            f = f"lambda x: {a} * (x[0] - 1)**2 + {b} * x[1]**2 + {b} * x[0] * x[1] / 2"
            gradient = f"lambda x: np.array([{2 * a} * (x[0] - 1) + {b} * x[1] / 2, {2 * b} * x[1] + {b} * x[0] / 2])"
            return f, gradient, whole(rng, 2, low=2, high=6)

        # at t = 1 a share of 0.00015 of the promise is kept, and 0.0001 is asked for
        yield (
            function("lambda x: 0.99985 * x[0]**2"),
            function("lambda x: np.array([1.9997 * x[0]])"),
            np.array([10.0]),
            1.0,
            0.5,
            1e-4,
        )
        yield search(tilted(3), 1.0, 0.5, 1e-4, 2, 6)
        yield search(exponential, 2.0, 0.3, 0.1, 2, 8)
        yield search(shallow, 1.5, 0.5, 0.2, 0, 0)  # the first t is enough
        yield search(tilted(2), 4.0, 0.8, 0.6, 5, 30)
        yield search(tilted(5), 1.0, 0.9, 0.3, 5, 40)
        yield search(shallow, 60.0, 0.5, 0.5, 2, 9)

    @mistake("This is the new place. Asked for is t, the size of the step that leads there.")
    def returns_the_place(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t *= shrink
        return x - t * g

    @mistake("A square is missing: the slope promises t times the norm SQUARED, g @ g, and here only the norm stands.")
    def norm_not_squared(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * np.linalg.norm(g):
            t *= shrink
        return t

    @mistake(
        "It steps uphill, x plus t times the gradient. No such step is ever low enough, so t shrinks until the step is lost in round-off."
    )
    def steps_uphill(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x)
        g, t = gradient(x), lr
        while f(x + t * g) > f(x) - c * t * (g @ g) and t > 1e-14:
            t *= shrink
        return t

    @mistake(
        "It shrinks before the first look, so lr itself is never tried. Look first, and shrink only if that was not enough."
    )
    def shrinks_first(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr * shrink
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t *= shrink
        return t

    @mistake("It shrinks once too often: the t that was good enough is shrunk again before it is returned.")
    def shrinks_once_more(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while True:
            enough = f(x - t * g) <= f(x) - c * t * (g @ g)
            t *= shrink
            if enough:
                return t

    @mistake(
        "It accepts anything that is not higher than before: c is not used. A share c of the promise has to be kept."
    )
    def only_lower(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x):
            t *= shrink
        return t

    @mistake(
        "The share of the promise is added, so that steps uphill pass as well. The height has to come DOWN by it: take it away from f at x."
    )
    def limit_above(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) + c * t * (g @ g):
            t *= shrink
        return t

    @mistake(
        "The promise lacks its t: a shorter step promises less. Without it a short step is asked for the drop of a step of length 1, and may never be good enough."
    )
    def promise_without_t(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x)
        g, t = gradient(x), lr
        for _ in range(700):
            if f(x - t * g) <= f(x) - c * (g @ g):
                return t
            t *= shrink
        raise RuntimeError("never good enough")

    @mistake(
        "The limit was computed once, for the first t, and kept. It moves with t: a shorter step has to bring less."
    )
    def limit_of_the_first_t(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x)
        g, t = gradient(x), lr
        for _ in range(700):
            if f(x - t * g) <= f(x) - c * lr * (g @ g):
                return t
            t *= shrink
        raise RuntimeError("never good enough")

    @mistake("Right but for one hair: where the new height is exactly at the limit, that is enough. The rule says <=.")
    def strictly_below(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) >= f(x) - c * t * (g @ g):
            t *= shrink
        return t

    @mistake(
        "The loop never ends, because t stays what it was. Shrink t inside the loop, and use the shrunken t in the test."
    )
    def never_shrinks(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        for _ in range(2000):
            if f(x - t * g) <= f(x) - c * t * (g @ g):
                return t
        raise RuntimeError("never ends")

    @mistake(
        "The test is the wrong way round: it shrinks t as long as it IS good enough, and stops at the first that is not."
    )
    def test_turned_round(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x)
        g, t = gradient(x), lr
        while f(x - t * g) <= f(x) - c * t * (g @ g):
            t *= shrink
        return t

    @mistake("shrink was taken away from t (`t -= shrink`). Each t is the one before TIMES shrink.")
    def takes_shrink_away(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x)
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t -= shrink
        return t

    @mistake("The lr you were given is not used: the search starts at 1. The first t to try is lr.")
    def starts_at_one(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), 1.0
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t *= shrink
        return t

    @mistake("The shrink you were given is not used: t is always halved.")
    def always_halves(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t /= 2
        return t

    @mistake("The c you were given is not used: a fixed 1e-4 stands in your code.")
    def fixed_c(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - 1e-4 * t * (g @ g):
            t *= shrink
        return t

    @mistake(
        "The direction was scaled to length 1. Here the step is t times the gradient as it is, and the promise ‖g‖² belongs to that."
    )
    def unit_direction(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        u = g / np.linalg.norm(g)
        while f(x - t * u) > f(x) - c * t * (g @ g):
            t *= shrink
            if t < 1e-14:
                return t
        return t

    @mistake(
        "The direction was scaled to length 1, and the promise with it. Here the step is t times the gradient as it is, and the promise is t times ‖g‖²."
    )
    def unit_direction_and_promise(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        length = np.linalg.norm(g)
        while f(x - t * g / length) > f(x) - c * t * length:
            t *= shrink
        return t

    @mistake("It shrinks once at most: an `if` looks a single time. Go on until t is good enough, with `while`.")
    def shrinks_only_once(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        if f(x - t * g) > f(x) - c * t * (g @ g):
            t *= shrink
        return t

    @mistake(
        "The entries of the gradient are added up first and then squared. The square of the norm is the sum of their squares, g @ g."
    )
    def square_of_the_sum(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * np.sum(g) ** 2:
            t *= shrink
        return t

    @mistake("It walks: after a refused trial x itself moved on. All trials start from the same x; only t changes.")
    def moves_x(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x)
        g, t, here = gradient(x), lr, f(x)
        x = x - t * g
        while f(x) > here - c * t * (g @ g) and t > 1e-14:
            t *= shrink
            x = x - t * g
        return t

    @mistake("t is multiplied by 1 − shrink. The next t is t times shrink itself.")
    def by_the_rest(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t *= 1 - shrink
        return t

    @mistake("shrink itself changes from trial to trial, so t falls faster and faster. Multiply by the same shrink each time.")
    def shrinks_shrink(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t *= shrink
            shrink *= shrink
        return t

    @mistake("Only half of the promised share is asked for: there is no ½ in the rule.")
    def half_the_share(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t = gradient(x), lr
        while f(x - t * g) > f(x) - c * t * (g @ g) / 2:
            t *= shrink
        return t

    @mistake("This is how often t was shrunk. Asked for is t itself.")
    def counts_the_shrinks(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        g, t, count = gradient(x), lr, 0
        while f(x - t * g) > f(x) - c * t * (g @ g):
            t *= shrink
            count += 1
        return count

    @mistake("The limit is a share of the height f(x). It is f(x), less c times t times the square of the gradient's norm.")
    def share_of_the_height(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x)
        g, t = gradient(x), lr
        while f(x - t * g) > (1 - c) * f(x) and t > 1e-14:
            t *= shrink
        return t

    @also_right
    def over_the_powers(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        import itertools

        x = np.array(x, dtype=float)
        g, here = gradient(x), f(x)
        for k in itertools.count():
            t = lr * shrink**k
            if f(x - t * g) <= here - c * t * np.linalg.norm(g) ** 2:
                return t

    @also_right
    def by_the_share_kept(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x, dtype=float)
        here, slope = f(x), np.asarray(gradient(x))
        t = np.float64(lr)
        while not (here - f(x - t * slope)) / (t * np.sum(slope**2)) >= c:
            t = t * shrink
        return float(t)

    @also_right
    def by_recursion(f, gradient, x, lr=1.0, shrink=0.5, c=1e-4):
        x = np.asarray(x, dtype=float)
        g, here = gradient(x), f(x)

        def first(t):
            return t if here - f(x - t * g) >= c * t * sum(v * v for v in g) else first(t * shrink)

        return first(float(lr))
