import math
import random

import numpy as np

from course.checks import agrees_with, also_right, exercise, mistake


def numbers(rng, *shape, low=-4.0, high=4.0):
    """Readable random numbers, one decimal each."""
    return np.round(rng.uniform(low, high, size=shape), 1)


def whole(rng, *shape, low=-5, high=6):
    return rng.integers(low, high, size=shape)


def slopes(X, y, w, b):
    """Gradients of the mean squared error, for the mistakes below to be made with."""
    X, y, w = np.asarray(X, dtype=float), np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    residuals = X @ w + b - y
    return 2 / len(y) * X.T @ residuals, 2 / len(y) * residuals.sum()


@exercise("sgd_step")
class SgdStep:
    hints = (
        "Two stages: the gradient of the batch, then one step of gradient descent. Which of the two have you built before?",
        "`mse_gradient` does not care how many examples it gets. Hand it the rows of the batch, at the old w and b, and take both of its outputs.",
        "A step goes against the gradient: old value minus lr times its gradient, once for w and once for b. Return both new values.",
    )
    returns = ("w", "b")

    def cases(rng):
        yield np.array([[1.0], [2.0], [0.0], [-1.0]]), np.array([5.0, 9.0, 1.0, 0.0]), np.array([1.0]), 2.0, 0.1, [3, 1]
        yield (
            numbers(rng, 5, 3),
            numbers(rng, 5, low=3, high=9).tolist(),
            numbers(rng, 3),
            float(numbers(rng)),
            0.05,
            np.array([4, 0, 2]),
        )
        yield whole(rng, 6, 2, low=1), whole(rng, 6, low=7, high=20), whole(rng, 2), int(whole(rng)), 0.5, [1, 5, 0, 2]
        yield numbers(rng, 4, 3), numbers(rng, 4, low=2), numbers(rng, 3).tolist(), 1.5, 0.2, np.array([2])
        yield numbers(rng, 3, 2), numbers(rng, 3, low=5, high=9), numbers(rng, 2), -1.0, 0.1, np.array([2, 0, 1])

    @mistake(
        "Both steps go uphill: the gradient was added. It points to where the loss grows, so subtract lr times the gradient."
    )
    def goes_uphill(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return w + lr * grad_w, b + lr * grad_b

    @mistake("b is right, but w goes uphill: its gradient was added. Both steps are subtracted.")
    def w_goes_uphill(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return w + lr * grad_w, b - lr * grad_b

    @mistake("w is right, but b goes uphill: its gradient was added. Both steps are subtracted.")
    def b_goes_uphill(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return w - lr * grad_w, b + lr * grad_b

    @mistake(
        "This is a step of full gradient descent: all examples had a say. Use only the rows named in batch, X_batch and y_batch."
    )
    def uses_everyone(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X, y, w, b)
        return w - lr * grad_w, b - lr * grad_b

    @mistake(
        "The sum over the batch was divided by n, the number of all examples. It is the mean over the batch that counts, so divide by the size of the batch."
    )
    def divides_by_all(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        part = len(batch) / len(X)
        return w - lr * part * grad_w, b - lr * part * grad_b

    @mistake(
        "The gradients were summed over the batch but not averaged, so a larger batch makes a longer step. Divide by the size of the batch."
    )
    def sums_the_batch(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return w - lr * len(batch) * grad_w, b - lr * len(batch) * grad_b

    @mistake(
        "The factor 2 is missing from the gradients, so both steps are half as long as they should be. The derivative of r² is 2r."
    )
    def no_factor_2(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return w - lr / 2 * grad_w, b - lr / 2 * grad_b

    @mistake(
        "w is right. The gradient for b was taken after w had moved; take both gradients at the old w and b, and move both afterwards."
    )
    def b_after_w(X, y, w, b, lr, batch):
        rows, targets = X[batch], np.asarray(y)[batch]
        w = w - lr * slopes(rows, targets, w, b)[0]
        return w, b - lr * slopes(rows, targets, w, b)[1]

    @mistake(
        "b is right. The gradient for w was taken after b had moved; take both gradients at the old w and b, and move both afterwards."
    )
    def w_after_b(X, y, w, b, lr, batch):
        rows, targets = X[batch], np.asarray(y)[batch]
        b = b - lr * slopes(rows, targets, w, b)[1]
        return w - lr * slopes(rows, targets, w, b)[0], b

    @mistake("w is right, but b came back as it was. The bias takes a step too, with its own gradient.")
    def b_stays(X, y, w, b, lr, batch):
        return w - lr * slopes(X[batch], np.asarray(y)[batch], w, b)[0], float(b)

    @mistake(
        "The numbers are right, but w was changed in place (`-=`), so the caller's w has changed too. Compute a new array: w minus the step."
    )
    def changes_w_in_place(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        w -= lr * grad_w
        return w, b - lr * grad_b

    @mistake(
        "`-=` on a copy of w stops with an error where w holds whole numbers, which cannot take fractions. Write the subtraction out; it makes a new array of floats."
    )
    def copies_then_in_place(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        w = w.copy()
        w -= lr * grad_w
        return w, b - lr * grad_b

    @mistake("The learning rate is missing: the step is lr times the gradient.")
    def forgets_lr(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return w - grad_w, b - grad_b

    @mistake(
        "Here the rows of X are those of the batch, but the targets are not: y was taken from its start. Each row needs its own target, so index both with batch."
    )
    def targets_from_the_start(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[: len(batch)], w, b)
        return w - lr * grad_w, b - lr * grad_b

    @mistake(
        "A step was taken for each example of the batch, one after another. The batch makes one step together, with the mean of its gradients."
    )
    def one_step_each(X, y, w, b, lr, batch):
        for i in batch:
            grad_w, grad_b = slopes(X[[i]], np.asarray(y)[[i]], w, b)
            w, b = w - lr * grad_w, b - lr * grad_b
        return w, b

    @mistake(
        "The first rows were used, as many as batch has entries. batch holds the row numbers themselves: X_batch is already picked for you."
    )
    def first_rows(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[: len(batch)], np.asarray(y)[: len(batch)], w, b)
        return w - lr * grad_w, b - lr * grad_b

    @mistake("These are the gradients. The new w and b are asked for: old value minus lr times gradient.")
    def returns_gradients(X, y, w, b, lr, batch):
        return slopes(X[batch], np.asarray(y)[batch], w, b)

    @mistake("Both numbers are right but come in the wrong order: w first, then b.")
    def swapped(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return b - lr * grad_b, w - lr * grad_w

    @mistake("These are the steps, lr times the gradients, without the old w and b they start from.")
    def returns_the_steps(X, y, w, b, lr, batch):
        grad_w, grad_b = slopes(X[batch], np.asarray(y)[batch], w, b)
        return -lr * grad_w, -lr * grad_b

    @also_right
    def example_by_example(X, y, w, b, lr, batch):
        total_w, total_b = np.zeros(len(w)), 0.0
        for i in batch:
            residual = sum(X[i, j] * w[j] for j in range(len(w))) + b - y[i]
            total_w = total_w + 2 * residual * X[i]
            total_b = total_b + 2 * residual
        return np.array(w) - lr * total_w / len(batch), float(b - lr * total_b / len(batch))

    @also_right
    def table_of_gradients(X, y, w, b, lr, batch):
        r = np.array(y, dtype=float)[batch] - X[batch] @ w - b
        return np.asarray(w, dtype=float) + lr * 2 * (X[batch] * r[:, None]).mean(axis=0), b + lr * 2 * r.mean()

    @also_right
    def bias_as_a_weight(X, y, w, b, lr, batch):
        A = np.column_stack([X, np.ones(len(X))])[batch]
        theta = np.append(w, b).astype(float)
        theta -= lr * 2 / len(A) * A.T @ (A @ theta - np.take(y, batch))
        return theta[:-1], theta[-1]

    @also_right
    def mask_of_counts(X, y, w, b, lr, batch):
        share = np.bincount(batch, minlength=len(X)) / len(batch)
        r = (X @ np.asarray(w) + b - np.asarray(y)) * share
        return w - 2 * lr * np.einsum("ij,i->j", X, r), b - 2 * lr * r.sum()

    @agrees_with("SymPy")
    def by_sympy(X, y, w, b, lr, batch):
        import sympy

        names = sympy.symbols(f"w0:{len(w)}")
        bias = sympy.Symbol("b")
        loss = sum(
            (sum(sympy.Float(float(x), 30) * s for x, s in zip(X[i], names)) + bias - sympy.Float(float(y[i]), 30)) ** 2
            for i in batch
        ) / len(batch)
        at = dict(zip(names, map(float, w))) | {bias: float(b)}
        moved = [float(at[s] - lr * loss.diff(s).subs(at)) for s in (*names, bias)]
        return np.array(moved[:-1]), moved[-1]


@exercise("num_updates")
class NumUpdates:
    hints = (
        "Count one epoch first. 20 examples in sixes are three full batches and one of two: four updates. Then think of several epochs.",
        "The batches of one epoch are n / batch_size, rounded up. `math.ceil` rounds up and gives an int.",
        "Each epoch has its own short batch. So round up for one epoch, and multiply by the number of epochs after that.",
    )
    returns = ("updates",)

    def cases(rng):
        yield 20, 6, 3
        yield 442, 32, 10
        size, full = int(rng.integers(3, 9)), int(rng.integers(4, 9))
        yield size * full, size, int(rng.integers(2, 6))  # no short batch
        yield size * full + 1, size, int(rng.integers(4, 8))
        yield int(rng.integers(3, 7)), 8, int(rng.integers(2, 6))  # one batch that holds everybody
        yield int(rng.integers(5, 12)), 1, 2
        yield 30, 7, 0

    @mistake(
        "The short batch at the end of each epoch is missing: `//` and `int` round down. Its examples get a step too, so round up."
    )
    def rounds_down(n, batch_size, num_epochs):
        return n // batch_size * num_epochs

    @mistake(
        "A part of a step cannot be taken. Round up to whole batches within one epoch, and return a whole number (an int)."
    )
    def leaves_a_fraction(n, batch_size, num_epochs):
        return n / batch_size * num_epochs

    @mistake(
        "You multiplied by the epochs first and rounded up once at the end. Each epoch has a short batch of its own: round up within an epoch, then multiply."
    )
    def rounds_at_the_end(n, batch_size, num_epochs):
        return math.ceil(n * num_epochs / batch_size)

    @mistake(
        "You multiplied by the epochs first and rounded down at the end. Round up within one epoch, then multiply."
    )
    def rounds_down_at_the_end(n, batch_size, num_epochs):
        return int(n / batch_size * num_epochs)

    @mistake(
        "One batch too many wherever n divides evenly: there is no short batch then. Adding 1 to n // batch_size is right only if something is left over."
    )
    def always_one_more(n, batch_size, num_epochs):
        return (n // batch_size + 1) * num_epochs

    @mistake("This is the number of steps in one epoch. The run has num_epochs of them.")
    def one_epoch_only(n, batch_size, num_epochs):
        return math.ceil(n / batch_size)

    @mistake(
        "This counts the examples that are read. A step is taken once a batch, not once an example: divide by the batch size, rounding up."
    )
    def counts_examples(n, batch_size, num_epochs):
        return n * num_epochs

    @mistake(
        "`round` goes to the nearest whole number, sometimes down. A short batch, however short, is one more step."
    )
    def rounds_to_nearest(n, batch_size, num_epochs):
        return round(n / batch_size) * num_epochs

    @mistake(
        "The number is right, but `np.ceil` gives a float. Steps are counted in whole numbers: `math.ceil` gives an int."
    )
    def float_from_ceil(n, batch_size, num_epochs):
        return float(np.ceil(n / batch_size)) * num_epochs

    @mistake("This adds a step for the short batch once in the whole run. There is one in each epoch.")
    def one_short_batch_in_all(n, batch_size, num_epochs):
        return n // batch_size * num_epochs + (1 if n % batch_size else 0)

    @also_right
    def with_whole_numbers(n, batch_size, num_epochs):
        return (n + batch_size - 1) // batch_size * num_epochs

    @also_right
    def with_the_remainder(n, batch_size, num_epochs):
        full, rest = divmod(n, batch_size)
        return num_epochs * (full + 1) if rest else num_epochs * full

    @also_right
    def by_counting(n, batch_size, num_epochs):
        updates = 0
        for _ in range(num_epochs):
            for _ in range(0, n, batch_size):
                updates += 1
        return updates

    @also_right
    def upside_down_floor(n, batch_size, num_epochs):
        return -(-n // batch_size) * num_epochs

    @agrees_with("scikit-learn")
    def by_sklearn(n, batch_size, num_epochs):
        from sklearn.utils import gen_batches

        return sum(len(list(gen_batches(n, batch_size))) for _ in range(num_epochs))


@exercise("minibatches")
class Minibatches:
    hints = (
        "Think of a deck of cards. The draft shuffles it, which is fine, and then draws from it at random again. A shuffled deck can be dealt from the top.",
        "A slice such as order[6:12] deals cards 6 to 11. If a slice reaches beyond the end, it holds what is left, which takes care of the short batch.",
        "`range(0, n, batch_size)` counts 0, batch_size, 2 · batch_size, … and stops before n. Each of these is where a batch begins; yield the slice from there.",
    )
    says = "minibatches({0}, {1}, rng), many times with several seeds"

    def cases(rng):
        yield 7, 3
        yield 12, 4
        yield int(rng.integers(14, 30)), int(rng.integers(4, 7))
        size = int(rng.integers(3, 6))
        yield size * int(rng.integers(4, 7)), size
        yield int(rng.integers(13, 20)), 1
        yield int(rng.integers(3, 7)), 9
        yield 1, 1

    def probe(answer, n, batch_size):
        kinds = []

        def deal(rng):
            given, batches = answer(n, batch_size, rng), []
            kinds.append("a generator" if hasattr(given, "__next__") else type(given).__name__)
            for batch in () if given is None else given:
                batches.append(np.copy(batch) if isinstance(batch, np.ndarray) else batch)  # as it is when handed out
                if len(batches) > n + 3:
                    break
            return batches

        def numbers(batches):
            return tuple(int(i) for batch in batches for i in np.ravel(batch))

        rng = np.random.default_rng(3)
        before = str(rng.bit_generator.state)
        batches, problems = deal(rng), []
        sizes = [int(np.size(batch)) for batch in batches]
        if kinds[0] == "NoneType":
            return {"comes as": "nothing: no batch is yielded", "batch sizes": sizes, "problems": "none"}
        for batch in batches:
            if not (isinstance(batch, np.ndarray) and batch.ndim == 1 and batch.dtype.kind in "iu"):
                problems.append("a batch is no array of row numbers, but a " + type(batch).__name__)
                break
        used_up = str(rng.bit_generator.state) != before
        calls = [deal(rng) for _ in range(60)]
        if any(len(set(numbers([batch]))) < np.size(batch) for call in calls for batch in call):
            problems.append("an example comes twice in one batch")
        if any(len(set(numbers(call))) < sum(len(set(numbers([batch]))) for batch in call) for call in calls):
            problems.append("an example comes in two batches")
        if any(set(numbers(call)) - set(range(n)) for call in calls):
            problems.append(f"there are row numbers outside 0 … {n - 1}")
        if any(set(range(n)) - set(numbers(call)) for call in calls):
            problems.append("some examples never come")
        if batch_size < n:  # otherwise there is but one batch, and its order does not matter
            orders = {numbers(call) for call in calls}
            if orders == {tuple(range(n))}:
                problems.append("always in file order")
            elif len(orders) == 1:
                problems.append("the same order at each call")
            first = {tuple(sorted(numbers(call[:1]))) for call in calls}
            if len(orders) > 1 and len(first) <= n and 1 < batch_size < n - 1:
                problems.append("the same examples always sit together in a batch")
            if not used_up:
                problems.append("rng is not used")
            rngs = [np.random.default_rng(8), np.random.default_rng(8)]
            one, two = ([numbers(deal(each)) for _ in range(12)] for each in rngs)
            if one != two:
                problems.append("the same seed gives other batches")
        return {"comes as": kinds[0], "batch sizes": sizes, "problems": "; ".join(problems) or "none"}

    @mistake(
        "This is the draft as it was. It draws with replacement (look up what rng.choice does when it is told nothing else), and it loses the short batch at the end."
    )
    def the_draft(n, batch_size, rng):
        order = np.arange(n)
        rng.shuffle(order)
        for _ in range(n // batch_size):
            yield rng.choice(order, batch_size)

    @mistake(
        "The batches are cut in file order and only the order inside each is shuffled, so the same examples always sit together. Shuffle all row numbers first and cut afterwards."
    )
    def shuffles_inside_batches(n, batch_size, rng):
        for begin in range(0, n, batch_size):
            yield rng.permutation(np.arange(begin, min(n, begin + batch_size)))

    @mistake(
        "Half mended: no example comes twice within a batch any more. But each batch is still drawn afresh from all of them, and the short batch is still lost. Deal the shuffled deck in slices instead of drawing."
    )
    def half_mended(n, batch_size, rng):
        for _ in range(n // batch_size):
            yield rng.choice(n, batch_size, replace=False)

    @mistake(
        "There are enough batches now, but each is drawn afresh from all examples, always batch_size of them. Deal the shuffled deck in slices instead: each example once, and the last batch gets what is left."
    )
    def enough_but_drawn(n, batch_size, rng):
        for _ in range(math.ceil(n / batch_size)):
            yield rng.choice(n, batch_size, replace=False)

    @mistake(
        "There are enough batches now, but they are still drawn with replacement. Deal the shuffled deck in slices instead: each example once, and the last batch gets what is left."
    )
    def enough_but_with_replacement(n, batch_size, rng):
        for _ in range(math.ceil(n / batch_size)):
            yield rng.choice(n, batch_size)

    @mistake(
        "Each example comes at most once now. The last, short batch is still missing where batch_size does not divide n: `n // batch_size` rounds down."
    )
    def drops_the_short_batch(n, batch_size, rng):
        order = rng.permutation(n)
        for k in range(n // batch_size):
            yield order[k * batch_size : (k + 1) * batch_size]

    @mistake(
        "Where batch_size divides n, an empty batch comes at the end. One batch more than n // batch_size is right only if something is left over."
    )
    def empty_batch_at_the_end(n, batch_size, rng):
        order = rng.permutation(n)
        for k in range(n // batch_size + 1):
            yield order[k * batch_size : (k + 1) * batch_size]

    @mistake(
        "The sizes are right, but each example is drawn with replacement: some come twice and some never. Shuffle once, then slice."
    )
    def with_replacement(n, batch_size, rng):
        for start in range(0, n, batch_size):
            yield rng.integers(0, n, size=min(batch_size, n - start))

    @mistake(
        "No example comes twice within a batch, but each batch is drawn from all of them, or the deck is shuffled again before each. So over the epoch some come twice and some never. Shuffle once a call, before the loop, then slice."
    )
    def each_batch_afresh(n, batch_size, rng):
        for start in range(0, n, batch_size):
            yield rng.choice(n, min(batch_size, n - start), replace=False)

    @mistake("The batches are cut well, but nothing is shuffled: every epoch runs through the data in file order.")
    def never_shuffles(n, batch_size, rng):
        for start in range(0, n, batch_size):
            yield np.arange(start, min(start + batch_size, n))

    @mistake(
        "The shuffling uses NumPy's global generator (np.random.…), not the rng that is handed in, so a seed does not repeat the run. Call the method on rng."
    )
    def global_generator(n, batch_size, rng):
        order = np.random.permutation(n)
        for start in range(0, n, batch_size):
            yield order[start : start + batch_size]

    @mistake(
        "A new generator is made inside, with a fixed seed, so every call gives the same order. Use the rng that is handed in: it goes on from where it was."
    )
    def own_seed(n, batch_size, rng):
        order = np.random.default_rng(0).permutation(n)
        for start in range(0, n, batch_size):
            yield order[start : start + batch_size]

    @mistake("The row numbers are right, but the batches are plain lists. Leave them as integer arrays.")
    def yields_lists(n, batch_size, rng):
        order = rng.permutation(n).tolist()
        for start in range(0, n, batch_size):
            yield order[start : start + batch_size]

    @mistake("Nothing is handed out: the function has no `yield`. Where a batch is ready inside the loop, yield it.")
    def no_yield(n, batch_size, rng):
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            order[start : start + batch_size]

    @mistake(
        "All batches are right, but they come together in a list. `yield` each batch inside the loop instead of collecting and returning them."
    )
    def returns_a_list(n, batch_size, rng):
        order = rng.permutation(n)
        return [order[start : start + batch_size] for start in range(0, n, batch_size)]

    @mistake(
        "Only one batch comes: `return` leaves the function at once. `yield` hands a batch out and goes on when the next one is asked for."
    )
    def returns_the_first(n, batch_size, rng):
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            return order[start : start + batch_size]

    @mistake(
        "The batches are all about the same size here. Every batch but the last should hold batch_size examples, and the last what is left."
    )
    def evened_out(n, batch_size, rng):
        yield from np.array_split(rng.permutation(n), math.ceil(n / batch_size))

    @mistake(
        "The last batch was filled up with examples that had their turn already. Let it be short: each example exactly once."
    )
    def fills_up_the_last(n, batch_size, rng):
        order = rng.permutation(n)
        padded = np.concatenate([order, np.resize(order, batch_size)])
        for start in range(0, n, batch_size):
            yield padded[start : start + batch_size]

    @mistake(
        "The batches are shuffled, but not the examples: the same ones always sit together in a batch. Shuffle the row numbers first and cut afterwards."
    )
    def shuffles_the_batches(n, batch_size, rng):
        blocks = [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
        short = [block for block in blocks if len(block) < batch_size]
        full = [block for block in blocks if len(block) == batch_size]
        for k in rng.permutation(len(full)):
            yield full[k]
        yield from short

    @mistake(
        "Single row numbers come out, one at a time. Yield a whole slice of the shuffled row numbers, batch_size of them at once."
    )
    def one_at_a_time(n, batch_size, rng):
        yield from rng.permutation(n)

    @mistake(
        "`rng.shuffle` works in place and returns None, so there is nothing to slice. Shuffle an array, then use that array."
    )
    def slices_none(n, batch_size, rng):
        order = rng.shuffle(np.arange(n))
        for start in range(0, n, batch_size):
            yield order[start : start + batch_size]

    @mistake("A batch begins at every card, so the batches overlap. The next batch begins batch_size cards further on.")
    def overlapping(n, batch_size, rng):
        order = rng.permutation(n)
        for start in range(n):
            yield order[start : start + batch_size]

    @mistake("The row numbers run from 1 to n. NumPy counts rows from 0, so row 0 is never used and there is no row n.")
    def counts_from_one(n, batch_size, rng):
        order = rng.permutation(n) + 1
        for start in range(0, n, batch_size):
            yield order[start : start + batch_size]

    @mistake("The dealing never ends. One call is one epoch: when the deck is empty, stop; sgd will call again.")
    def endless(n, batch_size, rng):
        while True:
            order = rng.permutation(n)
            for start in range(0, n, batch_size):
                yield order[start : start + batch_size]

    @also_right
    def shuffled_in_place(n, batch_size, rng):
        order = np.arange(n)
        rng.shuffle(order)
        k = 0
        while k * batch_size < n:
            yield order[k * batch_size : (k + 1) * batch_size]
            k += 1

    @also_right
    def sorted_by_random_keys(n, batch_size, rng):
        order = np.argsort(rng.random(n))
        while len(order):
            yield order[:batch_size]
            order = order[batch_size:]

    @also_right
    def drawn_without_replacement(n, batch_size, rng):
        order = rng.choice(n, size=n, replace=False)
        return (order[i : i + batch_size] for i in range(0, n, batch_size))

    @also_right
    def a_list_that_is_shuffled(n, batch_size, rng):
        order = list(range(n))
        rng.shuffle(order)
        yield from np.split(np.array(order), range(batch_size, n, batch_size))

    @agrees_with("scikit-learn")
    def by_sklearn(n, batch_size, rng):
        from sklearn.utils import gen_batches, shuffle

        order = shuffle(np.arange(n), random_state=int(rng.integers(2**31)))
        for part in gen_batches(n, batch_size):
            yield order[part]


def descend(
    X,
    y,
    lr,
    batch_size,
    num_epochs,
    deal,
    before_epoch=lambda epoch: None,
    w=None,
    b=0.0,
    note=None,
    scale=lambda size: 1.0,
):
    """The training loop that the mistakes of `sgd` are made with.

    deal(epoch): the batches of an epoch   note(w, b, batches): what is written down after it
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    w, losses = np.zeros(X.shape[1]) if w is None else w, []
    note = note or (lambda w, b, batches: np.mean((X @ w + b - y) ** 2))
    for epoch in range(num_epochs):
        batches = list(deal(epoch))
        for batch in batches:
            grad_w, grad_b = slopes(X[batch], y[batch], w, b)
            w, b = w - lr * scale(len(batch)) * grad_w, b - lr * scale(len(batch)) * grad_b
        losses.append(note(w, b, batches))
    return w, b, np.array(losses)


def dealer(n, batch_size, rng):
    """A right deal, for each epoch anew."""

    def deal(epoch):
        order = rng.permutation(n)
        return [order[i : i + batch_size] for i in range(0, n, batch_size)]

    return deal


@exercise("sgd")
class Sgd:
    hints = (
        "Two loops: over the epochs, and inside it over the batches of that epoch. Where does each of your earlier functions belong?",
        "Start with w as zeros (as many as X has columns), b as 0.0 and an empty list. The inner loop runs over what `minibatches` yields; its body is one call of `sgd_step` whose results become the new w and b.",
        "Call `minibatches` inside the outer loop, with the same rng each time, and it shuffles anew in every epoch. After the inner loop, append the loss of all the data; return after the outer loop.",
    )
    returns = ("w", "b", "losses")
    equivalent = {
        "line 15: np.array(losses) becomes its argument": "losses may be a list",
        "line 14: arguments exchanged: mean_squared_error(y, predict(X, w, b))": "a residual and its negative have the same square",
    }
    says = "sgd({0}, {1}, {2}, {3}, {4}, rng)"

    def cases(rng):
        yield np.array([[1.0], [2.0], [0.0], [-1.0]]), np.array([5.0, 9.0, 1.0, 0.0]), 0.1, 4, 2
        yield numbers(rng, 5, 3), numbers(rng, 5, low=3, high=9).tolist(), 0.05, 5, 3
        yield whole(rng, 4, 2, low=1, high=4), whole(rng, 4, low=5, high=12), 0.02, 10, 2
        corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1], [1, 0], [0, 1], [-1, 0], [0, -1.0]])
        X = np.round(corners + rng.uniform(-0.2, 0.2, (8, 2)), 1)
        w, b = numbers(rng, 2, low=2, high=4), round(float(rng.uniform(3, 6)), 1)
        yield X, np.round(X @ w + b + np.tile([0.1, -0.1], 4), 2), 0.1, 3, 12
        yield np.eye(6), whole(rng, 6, low=2, high=9), 1e-8, 4, 1
        yield np.eye(6), whole(rng, 6, low=2, high=9), 1e-8, 4, 10

    def probe(answer, X, y, lr, batch_size, num_epochs):
        def run(seed):
            rng = np.random.default_rng(seed)
            before = str(rng.bit_generator.state)
            result = answer(X, y, lr, batch_size, num_epochs, rng)
            return result, str(rng.bit_generator.state) != before

        result, used = run(12)
        if not isinstance(result, (tuple, list)) or len(result) != 3:
            return result
        w, b, losses = result
        losses = np.array(losses, dtype=float)
        if np.shape(w) != (X.shape[1],) or np.size(b) != 1:
            return w, b, losses
        if batch_size >= len(X):  # one batch an epoch: no chance is left in the result
            if np.allclose(w, run(13)[0][0], rtol=1e-6, atol=1e-9):
                return w, b, losses
            return ("different for each seed",) * 3
        if lr < 1e-6:  # steps so tiny that w[j] counts how often example j was asked, and with what weight
            pulls = [np.asarray(run(seed)[0][0], dtype=float) / (2 * lr * np.asarray(y)) for seed in range(12)]
            if any(pull.min() < -0.01 or pull.max() > 2 * num_epochs * len(X) for pull in pulls):
                return {"problems": "w is far from zero after a few tiny steps"}
            facts = {"number of losses": int(losses.size)}
            facts["sum of the weights"] = round(float(np.mean(pulls)) * len(X), 3)
            if num_epochs == 1:
                tables = [np.sort(pull.round(3)).tolist() for pull in pulls]
                fact = "weight of each example, 1 / size of its batch, sorted"
                facts[fact] = tables[0] if all(table == tables[0] for table in tables) else "different for each seed"
            else:
                short = [np.flatnonzero(pull > 1.01 * num_epochs / batch_size).tolist() for pull in pulls]
                facts["the same two examples are always in the short batch"] = all(len(each) <= 2 for each in short)
                facts["the short batch is always the end of the file"] = all(each == [4, 5] for each in short)
            return facts
        start = float(np.mean(np.asarray(y) ** 2))
        end = float(np.mean((X @ np.asarray(w) + b - np.asarray(y)) ** 2))
        (again, _), (other, _) = run(12), run(13)
        found = {
            "the first loss is the one before any step": losses.size and abs(losses.flat[0] - start) < 1e-6 * start,
            "the last loss is not that of all the data at w, b": losses.size
            and not abs(losses.flat[-1] - end) < 1e-6 * end,
            "the loss at w, b is above a hundredth of the start's": not end < 0.01 * start,
            "all losses are the same": losses.size > 1 and np.ptp(losses) == 0,
            "rng is not used": not used,
            "the same seed gives another w": not np.array_equal(w, again[0]),
            "another seed gives the same w": np.array_equal(w, other[0]),
        }
        problems = [name for name, holds in found.items() if holds]
        return {"number of losses": int(losses.size), "problems": "; ".join(problems) or "none"}

    @mistake(
        "The losses were noted after every batch. Note one an epoch: the line belongs to the outer loop, after the inner one has ended."
    )
    def loss_each_batch(X, y, lr, batch_size, num_epochs, rng):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w, b, losses = np.zeros(X.shape[1]), 0.0, []
        for _ in range(num_epochs):
            for batch in dealer(len(X), batch_size, rng)(0):
                grad_w, grad_b = slopes(X[batch], y[batch], w, b)
                w, b = w - lr * grad_w, b - lr * grad_b
                losses.append(np.mean((X @ w + b - y) ** 2))
        return w, b, np.array(losses)

    @mistake(
        "b never moves: it stays at 0. A step returns the new w and the new b; keep both for the next batch."
    )
    def b_stays(X, y, lr, batch_size, num_epochs, rng):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w, losses = np.zeros(X.shape[1]), []
        for _ in range(num_epochs):
            for batch in dealer(len(X), batch_size, rng)(0):
                w = w - lr * slopes(X[batch], y[batch], w, 0.0)[0]
            losses.append(np.mean((X @ w - y) ** 2))
        return w, 0.0, np.array(losses)

    @mistake("The losses are roots of the mean squared error. Note the mean squared error itself.")
    def roots_of_losses(X, y, lr, batch_size, num_epochs, rng):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w, b, losses = np.zeros(X.shape[1]), 0.0, []
        for _ in range(num_epochs):
            for batch in dealer(len(X), batch_size, rng)(0):
                grad_w, grad_b = slopes(X[batch], y[batch], w, b)
                w, b = w - lr * grad_w, b - lr * grad_b
            losses.append(np.sqrt(np.mean((X @ w + b - y) ** 2)))
        return w, b, np.array(losses)

    @mistake("w and b are right. The losses were noted before each epoch; they should be those after it.")
    def loss_before(X, y, lr, batch_size, num_epochs, rng):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w, b, losses = np.zeros(X.shape[1]), 0.0, []
        for _ in range(num_epochs):
            losses.append(np.mean((X @ w + b - y) ** 2))
            for batch in dealer(len(X), batch_size, rng)(0):
                grad_w, grad_b = slopes(X[batch], y[batch], w, b)
                w, b = w - lr * grad_w, b - lr * grad_b
        return w, b, np.array(losses)

    @mistake(
        "w and b are right. The losses hold the start as well: there is one too many. Note only the loss after each epoch."
    )
    def start_counted(X, y, lr, batch_size, num_epochs, rng):
        w, b, losses = descend(X, y, lr, batch_size, num_epochs, dealer(len(X), batch_size, rng))
        return w, b, np.append(np.mean(np.asarray(y, dtype=float) ** 2), losses)

    @mistake(
        "The losses are those of batches: of the last one of each epoch, or an average over them. A spoonful met on the way is a noisy witness: use the mean squared error of all the data, once the epoch is over."
    )
    def loss_of_last_batch(X, y, lr, batch_size, num_epochs, rng):
        A, t = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        last = lambda w, b, batches: np.mean((A[batches[-1]] @ w + b - t[batches[-1]]) ** 2)
        return descend(X, y, lr, batch_size, num_epochs, dealer(len(X), batch_size, rng), note=last)

    @mistake(
        "The losses are averages of the batch losses met during the epoch, taken while w was still moving. Compute the loss of all the data once, after the epoch."
    )
    def running_average(X, y, lr, batch_size, num_epochs, rng):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w, b, losses = np.zeros(X.shape[1]), 0.0, []
        for _ in range(num_epochs):
            met = []
            for batch in dealer(len(X), batch_size, rng)(0):
                met.append(np.mean((X[batch] @ w + b - y[batch]) ** 2))
                grad_w, grad_b = slopes(X[batch], y[batch], w, b)
                w, b = w - lr * grad_w, b - lr * grad_b
            losses.append(np.mean(met))
        return w, b, np.array(losses)

    @mistake(
        "The data is never shuffled: every epoch runs through it in file order. Draw a new order from rng in each epoch, as your `minibatches` does."
    )
    def never_shuffles(X, y, lr, batch_size, num_epochs, rng):
        n = len(X)
        order = np.arange(n)
        return descend(
            X, y, lr, batch_size, num_epochs, lambda epoch: [order[i : i + batch_size] for i in range(0, n, batch_size)]
        )

    @mistake(
        "The data is shuffled once, before the first epoch, and keeps that order. Deal anew in every epoch: inside the outer loop."
    )
    def shuffles_once(X, y, lr, batch_size, num_epochs, rng):
        batches = dealer(len(X), batch_size, rng)(0)
        return descend(X, y, lr, batch_size, num_epochs, lambda epoch: batches)

    @mistake(
        "The generator of batches was made once, before the loops. It is used up after the first epoch, so the later ones take no steps. Call `minibatches` anew in every epoch."
    )
    def used_up_after_one_epoch(X, y, lr, batch_size, num_epochs, rng):
        batches = dealer(len(X), batch_size, rng)(0)
        return descend(X, y, lr, batch_size, num_epochs, lambda epoch: batches if epoch == 0 else [])

    @mistake(
        "The short batch at the end of each epoch takes no step, so some examples are left out. Every example counts once an epoch."
    )
    def drops_the_short_batch(X, y, lr, batch_size, num_epochs, rng):
        deal = dealer(len(X), batch_size, rng)
        return descend(
            X, y, lr, batch_size, num_epochs, lambda epoch: [batch for batch in deal(epoch) if len(batch) == batch_size]
        )

    @mistake(
        "Each batch is drawn anew from all the data, so within an epoch some examples come twice and others never. Deal the whole shuffled deck, as your `minibatches` does."
    )
    def with_replacement(X, y, lr, batch_size, num_epochs, rng):
        n = len(X)
        return descend(
            X,
            y,
            lr,
            batch_size,
            num_epochs,
            lambda epoch: [rng.integers(0, n, min(batch_size, n - i)) for i in range(0, n, batch_size)],
        )

    @mistake(
        "The batch's gradients were divided by n, the number of all examples, so the steps are too short. Each batch divides by its own size."
    )
    def divides_by_n(X, y, lr, batch_size, num_epochs, rng):
        n = len(X)
        return descend(X, y, lr, batch_size, num_epochs, dealer(n, batch_size, rng), scale=lambda size: size / n)

    @mistake(
        "Every batch was divided by batch_size, the short one too, which makes its step too short. A batch divides by its own size."
    )
    def divides_by_batch_size(X, y, lr, batch_size, num_epochs, rng):
        return descend(
            X, y, lr, batch_size, num_epochs, dealer(len(X), batch_size, rng), scale=lambda size: size / batch_size
        )

    @mistake(
        "The shuffling doesn't use the rng that is handed in: the same seed gives another result each time. Pass rng on to `minibatches`."
    )
    def global_generator(X, y, lr, batch_size, num_epochs, rng):
        def deal(epoch):
            order = random.sample(range(len(X)), len(X))
            return [order[i : i + batch_size] for i in range(0, len(X), batch_size)]

        return descend(X, y, lr, batch_size, num_epochs, deal)

    @mistake(
        "A generator with a seed of its own was made inside the function, so the rng that is handed in has no effect. Pass rng on to `minibatches`."
    )
    def own_seed(X, y, lr, batch_size, num_epochs, rng):
        return descend(X, y, lr, batch_size, num_epochs, dealer(len(X), batch_size, np.random.default_rng(0)))

    @mistake(
        "A new generator with the same seed is made in every epoch, so every epoch has the same order. Pass the one rng on each time; it moves on by itself."
    )
    def same_seed_each_epoch(X, y, lr, batch_size, num_epochs, rng):
        return descend(
            X,
            y,
            lr,
            batch_size,
            num_epochs,
            lambda epoch: dealer(len(X), batch_size, np.random.default_rng(0))(epoch),
        )

    @mistake(
        "w and b never move. `sgd_step` returns new values and leaves yours as they are: store what it returns in w and b."
    )
    def forgets_to_store(X, y, lr, batch_size, num_epochs, rng):
        return descend(X, y, 0.0, batch_size, num_epochs, dealer(len(X), batch_size, rng))

    @mistake("w and b are set back to zero at the start of each epoch. Set them once, before the outer loop.")
    def starts_over(X, y, lr, batch_size, num_epochs, rng):
        deal, losses = dealer(len(X), batch_size, rng), []
        for epoch in range(num_epochs):
            w, b, now = descend(X, y, lr, batch_size, 1, deal)
            losses.append(now[0])
        return w, b, np.array(losses)

    @mistake(
        "It stops after the first epoch: the return stands inside the outer loop. Move it to the left, behind the loop."
    )
    def returns_early(X, y, lr, batch_size, num_epochs, rng):
        return descend(X, y, lr, batch_size, 1, dealer(len(X), batch_size, rng))

    @mistake("w starts at random numbers. Start at zeros here, as the docstring says.")
    def random_start(X, y, lr, batch_size, num_epochs, rng):
        return descend(
            X, y, lr, batch_size, num_epochs, dealer(len(X), batch_size, rng), w=rng.normal(size=np.shape(X)[1])
        )

    @mistake(
        "X is shuffled and y is not, so every example meets someone else's target. Index both with the same row numbers."
    )
    def shuffles_only_X(X, y, lr, batch_size, num_epochs, rng):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w, b, losses = np.zeros(X.shape[1]), 0.0, []
        for _ in range(num_epochs):
            shuffled = X[rng.permutation(len(X))]
            for i in range(0, len(X), batch_size):
                grad_w, grad_b = slopes(shuffled[i : i + batch_size], y[i : i + batch_size], w, b)
                w, b = w - lr * grad_w, b - lr * grad_b
            losses.append(np.mean((X @ w + b - y) ** 2))
        return w, b, np.array(losses)

    @also_right
    def shuffles_the_data(X, y, lr, batch_size, num_epochs, rng):
        X, y = np.array(X, dtype=float), np.array(y, dtype=float)
        w, b, losses, n = np.zeros(X.shape[1]), 0.0, [], len(X)
        for _ in range(num_epochs):
            order = np.argsort(rng.random(n))
            X, y = X[order], y[order]
            for i in range(0, n, batch_size):
                r = X[i : i + batch_size] @ w + b - y[i : i + batch_size]
                w = w - lr * 2 * X[i : i + batch_size].T @ r / len(r)
                b = b - lr * 2 * r.mean()
            losses.append(float(np.mean((X @ w + b - y) ** 2)))
        return w, b, losses

    @also_right
    def bias_as_a_weight(X, y, lr, batch_size, num_epochs, rng):
        A, y = np.column_stack([X, np.ones(len(X))]), np.asarray(y)
        theta, losses = np.zeros(A.shape[1]), np.empty(num_epochs)
        for epoch in range(num_epochs):
            deck = list(range(len(A)))
            rng.shuffle(deck)
            while deck:
                batch, deck = deck[:batch_size], deck[batch_size:]
                theta = theta - lr * 2 / len(batch) * A[batch].T @ (A[batch] @ theta - y[batch])
            losses[epoch] = np.square(A @ theta - y).mean()
        return theta[:-1], theta[-1], losses

    @also_right
    def example_by_example(X, y, lr, batch_size, num_epochs, rng):
        n, d = X.shape
        w, b, losses = np.zeros(d), 0.0, []
        for _ in range(num_epochs):
            order = rng.choice(n, n, replace=False)
            for start in range(0, n, batch_size):
                some = order[start : start + batch_size]
                grad_w, grad_b = np.zeros(d), 0.0
                for i in some:
                    error = X[i] @ w + b - y[i]
                    grad_w += 2 * error * X[i] / len(some)
                    grad_b += 2 * error / len(some)
                w, b = w - lr * grad_w, b - lr * grad_b
            losses.append(sum((X[i] @ w + b - y[i]) ** 2 for i in range(n)) / n)
        return w, float(b), losses


@exercise("gradient_noise")
class GradientNoise:
    hints = (
        "Do what the text says, in its order: draw, compute, put aside, draw the next. Only at the end comes one table, num_draws rows of d numbers.",
        "For one draw: `rng.choice` gives different row numbers if you tell it replace=False. Then `mse_gradient` of those rows, with b = 0; you need only its first output.",
        "The spread over the draws runs down the table: `np.std` with axis=0 gives d numbers, one for each coordinate. Their mean is the answer.",
    )
    returns = ("noise",)
    rtol = 0.25
    atol = 1e-6
    says = "gradient_noise({0}, {1}, {2}, {3}, {4}, rng)"

    def cases(rng):
        yield np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([2.0, 4.0]), np.array([1.0, 0.5]), 1, 200
        scale = np.array([9.0, 0.5, 0.5])
        X = numbers(rng, 7, 3, low=-1, high=1) + np.array(
            [[1, -1, 1], [-1, 1, 1], [1, 1, -1], [-1, -1, -1], [2, 0, 0], [0, 2, 0], [0, 0, 2]]
        )
        yield np.round(X * scale, 2), numbers(rng, 7, low=3, high=6).tolist(), [0.1, -1.0, 1.0], 5, 200
        yield (
            whole(rng, 6, 2, low=1, high=5) * np.array([[1, -1], [-1, 2], [2, 1], [-2, -1], [1, 3], [-1, -3]]),
            whole(rng, 6, low=6, high=12),
            np.array([1, -1]),
            2,
            200,
        )
        yield numbers(rng, 5, 3), numbers(rng, 5, low=2, high=6), numbers(rng, 3), 5, 20
        yield numbers(rng, 4, 2, low=1), numbers(rng, 4, low=5, high=9), numbers(rng, 2), 2, 1

    def probe(answer, X, y, w, batch_size, num_draws):
        def run(draws):
            rng = np.random.default_rng(21)
            before = str(rng.bit_generator.state)
            value = answer(X, y, w, batch_size, draws, rng)
            return value, str(rng.bit_generator.state) != before

        n, chance = len(X), batch_size < len(X) and num_draws > 1
        value, used = run(num_draws)
        if value is None or np.ndim(value) > 0 or not isinstance(value, (int, float, np.number, np.ndarray)):
            return {"noise": value, "problems": "none"}
        singles = 2 * X * (X @ np.asarray(w) - np.asarray(y))[:, None]
        exact = float(np.std(singles, axis=0).mean() * ((n - batch_size) / (n - 1) / batch_size) ** 0.5)
        if num_draws == 1:  # one draw has no spread; dividing by num_draws - 1 makes it nan, which is as good
            value = 0.0 if np.isnan(value) else value
        elif chance and abs(value - exact) < (0.15 if n == 2 else 0.3) * exact:
            value = exact  # as near as a right answer comes with so few draws
        problems = []
        if chance and not used:
            problems.append("rng is not used")
        if chance and n > 2 and run(9)[0] != run(9)[0]:
            problems.append("the same seed gives another number")
        return {"noise": value, "problems": "; ".join(problems) or "none"}

    @mistake(
        "The batches are drawn with replacement, so an example can be in a batch twice, and even a batch of everybody is noisy. Draw different examples: replace=False."
    )
    def with_replacement(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=0).mean()

    @mistake(
        "w plays no part: these are the gradients at zero. The residuals are X @ w minus y, at the w that is handed in."
    )
    def w_ignored(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], np.zeros(X.shape[1]), 0.0)[0])
        return np.std(draws, axis=0).mean()

    @mistake(
        "The standard deviation runs over the coordinates of each gradient. It should run over the draws: down the table, axis=0."
    )
    def std_over_coordinates(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=1).mean()

    @mistake(
        "One standard deviation was taken over all numbers of the table together, so differences between coordinates count as noise. Take it for each coordinate (axis=0), then average."
    )
    def std_of_everything(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws)

    @mistake(
        "This is the variance, averaged over the coordinates. The standard deviation is its root, coordinate by coordinate."
    )
    def variance(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.var(draws, axis=0).mean()

    @mistake(
        "The variances were averaged first and the root was taken after. Take the standard deviation of each coordinate first, then average."
    )
    def root_of_mean_variance(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.sqrt(np.var(draws, axis=0).mean())

    @mistake(
        "Each gradient was averaged over its coordinates first, so their noise partly cancels. Standard deviation over the draws first, average over the coordinates last."
    )
    def averages_first(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0].mean())
        return np.std(draws)

    @mistake("The factor 2 of the gradient is missing: the noise is half of what it should be.")
    def no_factor_2(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0] / 2)
        return np.std(draws, axis=0).mean()

    @mistake(
        "The gradients were summed over the batch but not averaged, so the noise grows with the batch. The loss of a batch is a mean: divide by its size."
    )
    def sums_the_batch(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0] * batch_size)
        return np.std(draws, axis=0).mean()

    @mistake("The batch's gradient was divided by n, the number of all examples. Divide by the size of the batch.")
    def divides_by_n(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0] * batch_size / len(X))
        return np.std(draws, axis=0).mean()

    @mistake("These are the standard deviations of the single coordinates. One number is asked for: their mean.")
    def one_for_each_coordinate(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=0)

    @mistake(
        "This is the mean size of the gradient, not how much it varies. Even gradients that all agree are large; take the standard deviation over the draws."
    )
    def mean_size(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.abs(draws).mean()

    @mistake(
        "This is how much the length of the gradient varies. Two gradients of equal length can point in different directions: take the standard deviation of each coordinate."
    )
    def std_of_the_length(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(np.linalg.norm(slopes(X[batch], y[batch], w, 0.0)[0]))
        return np.std(draws)

    @mistake(
        "The noise is zero although batches differ: one batch is used for all draws, or the generator starts anew each time. Draw a fresh batch inside the loop."
    )
    def one_batch_for_all(X, y, w, batch_size, num_draws, rng):
        batch = rng.choice(len(X), batch_size, replace=False)
        draws = [slopes(X[batch], np.asarray(y)[batch], w, 0.0)[0] for _ in range(num_draws)]
        return np.std(draws, axis=0).mean()

    @mistake(
        "The spread was divided by √num_draws. That is how sure you can be of the mean of all draws; asked is how much a single draw varies."
    )
    def standard_error(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=0).mean() / np.sqrt(num_draws)

    @mistake(
        "The batches don't come from the rng that is handed in, so the same seed gives another number. Call the methods of rng."
    )
    def global_generator(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = np.random.permutation(len(X))[:batch_size]
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=0).mean()

    @mistake("A generator of your own, with a fixed seed, is made inside. Draw from the rng that is handed in.")
    def own_seed(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for k in range(num_draws):
            batch = np.random.default_rng(k).choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=0).mean()

    @mistake(
        "This is the law worked out, and nothing was drawn. Measure: draw batches, compute their gradients, and see how they spread."
    )
    def the_law(X, y, w, batch_size, num_draws, rng):
        n, singles = len(X), 2 * X * (X @ np.asarray(w) - np.asarray(y))[:, None]
        return np.std(singles, axis=0).mean() * ((n - batch_size) / (n - 1) / batch_size) ** 0.5

    @mistake("The standard deviations of the coordinates were added up. Their mean is asked for.")
    def sums_the_coordinates(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=0).sum()

    @mistake(
        "The distances are measured from the full gradient. That is close for many draws, but a standard deviation is measured from the mean of the draws themselves: a single draw has none."
    )
    def around_the_full_gradient(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), batch_size, replace=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        full = slopes(X, y, w, 0.0)[0]
        return np.sqrt(np.mean((np.array(draws) - full) ** 2, axis=0)).mean()

    @also_right
    def head_of_a_shuffled_deck(X, y, w, batch_size, num_draws, rng):
        y, table = np.array(y, dtype=float), np.empty((num_draws, np.shape(X)[1]))
        for k in range(num_draws):
            batch = rng.permutation(len(X))[:batch_size]
            table[k] = 2 * X[batch].T @ (X[batch] @ np.array(w) - y[batch]) / batch_size
        return float(np.mean([np.std(column) for column in table.T]))

    @also_right
    def all_draws_at_once(X, y, w, batch_size, num_draws, rng):
        singles = 2 * X * (X @ np.asarray(w) - np.asarray(y))[:, None]
        batches = np.argsort(rng.random((num_draws, len(X))), axis=1)[:, :batch_size]
        return singles[batches].mean(axis=1).std(axis=0).mean()

    @also_right
    def by_the_definition(X, y, w, batch_size, num_draws, rng):
        deck, draws = list(range(len(X))), []
        for _ in range(num_draws):
            rng.shuffle(deck)
            draws.append(sum(2 * (X[i] @ np.asarray(w) - y[i]) * X[i] for i in deck[:batch_size]) / batch_size)
        mean = sum(draws) / num_draws
        return np.sqrt(sum((g - mean) ** 2 for g in draws) / num_draws).mean()

    @also_right
    def one_degree_of_freedom_less(X, y, w, batch_size, num_draws, rng):
        y, draws = np.asarray(y), []
        for _ in range(num_draws):
            batch = rng.choice(len(X), size=batch_size, replace=False, shuffle=False)
            draws.append(slopes(X[batch], y[batch], w, 0.0)[0])
        return np.std(draws, axis=0, ddof=1).mean()


@exercise("learning_rate")
class LearningRate:
    hints = (
        "Four cases, four formulas: the table gives each of them. Ask which schedule it is, and return at once.",
        "For the step schedule, count the thirds that are over: 3 · step // num_steps is that count, rounded down. No more than 2 of them may halve the rate; `min` takes the smaller of two numbers.",
        "`math.cos` and `math.pi` are there for the cosine. At step 0 the cosine is 1, so the bracket is 2 and the ½ brings it back to lr0.",
    )
    returns = ("learning rate",)
    equivalent = {
        "line 9: arguments exchanged: min(3 * step // num_steps, 2)": "the smaller of two numbers, in either order"
    }

    def cases(rng):
        yield 7, 0.2, "constant", 10
        yield 4, 0.2, "step", 10
        yield 3, 0.8, "step", 10
        yield 5, 0.4, "step", 20
        yield 10, round(float(rng.uniform(0.2, 0.9)), 2), "step", 10
        yield int(rng.integers(15, 20)), round(float(rng.uniform(0.2, 0.9)), 2), "step", 20
        yield 0, round(float(rng.uniform(0.2, 0.9)), 2), "inverse", 10
        yield int(rng.integers(3, 9)), round(float(rng.uniform(0.2, 0.9)), 2), "inverse", 25
        yield 0, 0.5, "cosine", 8
        yield int(rng.integers(2, 4)), round(float(rng.uniform(0.2, 0.9)), 2), "cosine", 9
        yield int(rng.integers(7, 9)), 1, "cosine", 10
        yield 12, 0.4, "cosine", 12
        yield 1, 0.3, "step", 1
        yield 4, 0.6, "step", 12  # a third ends exactly here
        yield 8, 0.6, "step", 12

    @mistake(
        "In the step schedule the minimum with 2 is missing: at the very last step the rate is halved a third time. Two halvings are the most."
    )
    def halves_three_times(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.5 ** (3 * step // num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "In the step schedule the halving comes one step late where a third ends exactly on a step. When 3 · step / num_steps is a whole number, that third is over: compare with < instead of <=."
    )
    def halves_a_step_late(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * (1 if 3 * step <= num_steps else 0.5 if 3 * step <= 2 * num_steps else 0.25)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "The step schedule is not rounded down: it slides instead of making steps. Count whole thirds only (`//` rounds down)."
    )
    def slides(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.5 ** min(2, 3 * step / num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "In the step schedule num_steps // 3 was rounded down first, which moves the steps where num_steps is not a multiple of 3. Multiply by 3 first, then divide and round down."
    )
    def rounds_the_third(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.5 ** min(2, step // max(1, num_steps // 3))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "In the step schedule 3 · step / num_steps was rounded to the nearest whole number. Round down: a third has to be over before it counts."
    )
    def rounds_to_nearest(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.5 ** min(2, round(3 * step / num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("In the step schedule the rate was divided by 1, 2, 3. It is halved each time: a power of ½, so 1, ½, ¼.")
    def divides_by_count(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 / (1 + min(2, 3 * step // num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "In the step schedule 3 · step / num_steps was rounded up, so the rate is halved a third too early. Round down: a third has to be over before it counts."
    )
    def rounds_up(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.5 ** min(2, math.ceil(3 * step / num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "In the step schedule step / num_steps was rounded down before it met the 3, and it is 0 until the very end. Multiply by 3 first, then divide and round down."
    )
    def rounds_before_the_three(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.5 ** min(2, 3 * (step // num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "In the step schedule the rate was multiplied by ½ and by the count. The count is a power: it says how many times to halve."
    )
    def half_times_the_count(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.5 * min(2, 3 * step // num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("In the step schedule the rate falls by tenths. Here each step halves it.")
    def falls_by_tenths(step, lr0, schedule, num_steps):
        if schedule == "step":
            return lr0 * 0.1 ** min(2, 3 * step // num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("The inverse schedule divides by step, which is 0 at the start. It divides by 1 + step.")
    def divides_by_zero(step, lr0, schedule, num_steps):
        if schedule == "inverse":
            return lr0 / step
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "The inverse schedule uses step / num_steps, so it ends at one half. It divides by 1 + step, whatever the length of the run."
    )
    def inverse_of_the_share(step, lr0, schedule, num_steps):
        if schedule == "inverse":
            return lr0 / (1 + step / num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "The inverse schedule reads lr0 / 1 + step: without brackets the division comes first, and the rate grows."
    )
    def no_brackets(step, lr0, schedule, num_steps):
        if schedule == "inverse":
            return lr0 / 1 + step
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("The cosine runs from the wrong end: it starts at 0 and rises. The sign before the cosine is a plus.")
    def cosine_upside_down(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return 0.5 * lr0 * (1 - math.cos(math.pi * step / num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("The ½ of the cosine schedule is missing: it starts at twice lr0.")
    def cosine_without_half(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return lr0 * (1 + math.cos(math.pi * step / num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "The brackets around 1 + cos(…) are missing, so the cosine is added to the rate instead of multiplying it. Put the sum in brackets."
    )
    def cosine_without_brackets(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return 0.5 * lr0 * 1 + math.cos(math.pi * step / num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("The cosine runs through a whole wave and comes back up. Half a wave is asked for: π, not 2π, at the end.")
    def whole_wave(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return 0.5 * lr0 * (1 + math.cos(2 * math.pi * step / num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("The 1 + in the cosine's bracket is missing, so the rate starts at half of lr0 and becomes negative.")
    def bare_cosine(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return 0.5 * lr0 * math.cos(math.pi * step / num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("The π is missing in the cosine: step / num_steps goes to 1, and the angle has to go to π.")
    def cosine_without_pi(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return 0.5 * lr0 * (1 + math.cos(step / num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "This cosine schedule is a quarter wave, steepest at its end. Half a wave is asked for, lifted by the 1 + so that it ends at 0."
    )
    def quarter_wave(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return lr0 * math.cos(math.pi / 2 * step / num_steps)
        return right_rate(step, lr0, schedule, num_steps)

    @mistake("The cosine was given degrees. `math.cos` takes radians: half a wave is π, not 180.")
    def cosine_in_degrees(step, lr0, schedule, num_steps):
        if schedule == "cosine":
            return 0.5 * lr0 * (1 + math.cos(180 * step / num_steps))
        return right_rate(step, lr0, schedule, num_steps)

    @mistake('For "constant" nothing comes back. That schedule needs a return too: lr0 as it is.')
    def constant_forgotten(step, lr0, schedule, num_steps):
        if schedule == "constant":
            return None
        return right_rate(step, lr0, schedule, num_steps)

    @mistake(
        "Steps are counted from 1 here, so every schedule is one step ahead. Step 0 is the first: use step as it is given."
    )
    def one_step_ahead(step, lr0, schedule, num_steps):
        return right_rate(step + 1, lr0, schedule, num_steps)

    @mistake("The schedule has no effect: the rate is lr0 every time.")
    def always_lr0(step, lr0, schedule, num_steps):
        return lr0

    @also_right
    def with_numpy(step, lr0, schedule, num_steps):
        part = step / num_steps
        table = {
            "constant": 1.0,
            "step": 0.5 ** np.clip(np.floor(3 * step / num_steps), 0, 2),
            "inverse": 1 / (step + 1),
            "cosine": (1 + np.cos(np.pi * part)) / 2,
        }
        return lr0 * table[schedule]

    @also_right
    def by_thirds(step, lr0, schedule, num_steps):
        if schedule == "constant":
            return float(lr0)
        elif schedule == "step":
            if 3 * step < num_steps:
                return lr0
            elif 3 * step < 2 * num_steps:
                return lr0 / 2
            else:
                return lr0 / 4
        elif schedule == "inverse":
            return lr0 * (1 + step) ** -1
        else:
            return lr0 * math.cos(math.pi * step / num_steps / 2) ** 2

    @also_right
    def with_match(step, lr0, schedule, num_steps):
        match schedule:
            case "constant":
                factor = 1
            case "step":
                factor = 2.0 ** -min(2, int(step * 3 / num_steps))
            case "inverse":
                factor = 1 / (1 + step)
            case "cosine":
                factor = 0.5 + 0.5 * np.cos(np.pi / num_steps * step)
        return factor * lr0


def right_rate(step, lr0, schedule, num_steps):
    """The four schedules, for mistakes that go wrong in one of them."""
    return {
        "constant": lr0,
        "step": lr0 * 0.5 ** min(2, 3 * step // num_steps),
        "inverse": lr0 / (1 + step),
        "cosine": 0.5 * lr0 * (1 + math.cos(math.pi * step / num_steps)),
    }[schedule]


LEARNED = {"w", "W", "b", "weight", "weights", "bias", "biases"}


def is_learned(name):
    return name.rstrip("0123456789") in LEARNED


@exercise("split_hyperparameters")
class SplitHyperparameters:
    hints = (
        "Two things make it hard: the words and the numbers behind them. Write down a set of the seven words, and think about the digits separately.",
        '`name.rstrip("0123456789")` takes digits off the right end: "W2" becomes "W", "weights" stays. Then `in` asks whether what is left is in your set of words.',
        "Whatever is not learned was chosen. With sets, the difference of all names and the learned ones is one minus sign: set(names) - …",
    )
    returns = ("parameters", "hyperparameters")

    def cases(rng):
        yield (["w", "b", "learning rate", "batch_size"],)
        yield (["W1", "b1", "W2", "b2", "num_layers", "num_epochs", "weights", "biases"],)
        other = [
            "width",
            "warmup",
            "weight_decay",
            "bias_init",
            "momentum",
            "dropout",
            "beta",
            "lr",
            "seed",
            "optimizer",
        ]
        picked = [other[i] for i in rng.permutation(len(other))[:4]]
        yield (["weight", "bias", "weight_decay", "batch_size", "width", *picked],)
        yield (
            [
                f"w{int(rng.integers(10, 40))}",
                f"b{int(rng.integers(100, 400))}",
                "layers",
                "number of batches",
                "b",
                "b",
            ],
        )
        yield (["w-1", "b+2", "W 3", "W4", "momentum"],)
        yield (["schedule", "epochs", "step2", "L2", "3", "B", "bw", "w_", "w2v", "initial weights"],)
        yield ([],)

    @mistake("The names are sorted well, but they come as lists. Two sets are asked for: a set holds each name once.")
    def lists(names):
        return [n for n in names if is_learned(n)], [n for n in names if not is_learned(n)]

    @mistake('"w", "W" and "b" alone are missing among the learned: the number behind the letter may be left out.')
    def number_needed(names):
        return {n for n in names if is_learned(n) and len(n) > 1}, {n for n in names if not is_learned(n) or len(n) == 1}

    @mistake('The words in the plural, "weights" and "biases", are missing among the learned.')
    def singular_only(names):
        learned = {n for n in names if is_learned(n) and n not in ("weights", "biases")}
        return learned, set(names) - learned

    @mistake(
        'Every name that begins with w or b was taken for learned, "batch_size" and "width" too. The letter has to stand alone, or with digits only behind it.'
    )
    def begins_with_w_or_b(names):
        parameters = {n for n in names if n[:1] in ("w", "W", "b")}
        return parameters, set(names) - parameters

    @mistake(
        'Every name with a w or a b somewhere inside was taken for learned, "batch_size" too. The letter has to stand alone, or with digits only behind it.'
    )
    def contains_w_or_b(names):
        parameters = {n for n in names if set(n) & set("wWb")}
        return parameters, set(names) - parameters

    @mistake(
        'Only the character behind the letter was looked at. In "w2v" more letters follow: all that stands behind w, W or b has to be digits.'
    )
    def second_character_only(names):
        parameters = {n for n in names if n in LEARNED or (n[:1] in ("w", "W", "b") and n[1:2].isdigit())}
        return parameters, set(names) - parameters

    @mistake(
        'Every name that begins with a small w or b was taken for learned, "batch_size" too, and "W1" was not. The letter has to stand alone, or with digits only behind it.'
    )
    def begins_with_small_letter(names):
        parameters = {n for n in names if n[:1] in ("w", "b")}
        return parameters, set(names) - parameters

    @mistake(
        'Every name with a small w or b somewhere inside was taken for learned, "batch_size" too, and "W1" was not. The letter has to stand alone, or with digits only behind it.'
    )
    def contains_small_letter(names):
        parameters = {n for n in names if "w" in n or "b" in n}
        return parameters, set(names) - parameters

    @mistake(
        'Every name with "weight" or "bias" somewhere inside was taken for learned. But "weight_decay" is chosen by a person; the word has to be the whole name.'
    )
    def contains_the_word(names):
        parameters = {n for n in names if is_learned(n) or "weight" in n or "bias" in n}
        return parameters, set(names) - parameters

    @mistake('Names with a number behind them are missing: "W1" and "b2" are learned as well.')
    def no_numbers(names):
        parameters = {n for n in names if n in LEARNED}
        return parameters, set(names) - parameters

    @mistake('Numbers of more than one digit are missing: "w10" is learned as well as "w1".')
    def one_digit_only(names):
        parameters = {n for n in names if n in LEARNED or (len(n) == 2 and n[0] in "wWb" and n[1].isdigit())}
        return parameters, set(names) - parameters

    @mistake('The words are missing: "weight", "weights", "bias" and "biases" are learned, too.')
    def letters_only(names):
        parameters = {n for n in names if n.rstrip("0123456789") in {"w", "W", "b"}}
        return parameters, set(names) - parameters

    @mistake('The capital "W" is missing: "W1" is a matrix of weights, and learned.')
    def small_letters_only(names):
        parameters = {n for n in names if n.rstrip("0123456789") in LEARNED - {"W"}}
        return parameters, set(names) - parameters

    @mistake("The two sets are right but come in the wrong order: the learned ones first.")
    def swapped(names):
        parameters = {n for n in names if is_learned(n)}
        return set(names) - parameters, parameters

    @mistake("The learning rate was sorted to the learned ones. Its name says what it is for, but a person chose it.")
    def learning_rate_is_learned(names):
        parameters = {n for n in names if is_learned(n) or n in ("learning rate", "lr")}
        return parameters, set(names) - parameters

    @mistake(
        "Names that were not on your list of hyperparameters got lost. Everything that is not learned belongs to the second set, known or not."
    )
    def only_known_ones(names):
        known = {
            "learning rate",
            "batch_size",
            "num_layers",
            "num_epochs",
            "momentum",
            "lr",
            "epochs",
            "seed",
            "schedule",
        }
        return {n for n in names if is_learned(n)}, {n for n in names if n in known}

    @mistake('The capital "B" was taken for learned. It is not on the list: only "b" is.')
    def every_capital_too(names):
        parameters = {n for n in names if n.lower().rstrip("0123456789") in LEARNED}
        return parameters, set(names) - parameters

    @mistake(
        'Every single character with a number behind it was taken for learned, "L2" too. The letter has to be w, W or b.'
    )
    def any_letter(names):
        parameters = {n for n in names if is_learned(n) or (n and n[1:].isdigit())}
        return parameters, set(names) - parameters

    @mistake(
        'Every name that begins with "weight" or "bias" was taken for learned. But "weight_decay" is chosen by a person; the word has to be the whole name.'
    )
    def begins_with_the_word(names):
        parameters = {n for n in names if is_learned(n) or n.startswith(("weight", "bias"))}
        return parameters, set(names) - parameters

    @mistake("The digits were cut off in the result as well. Return the names as they were given.")
    def cuts_digits_off(names):
        bare = {n.rstrip("0123456789") for n in names}
        return bare & LEARNED, bare - LEARNED

    @mistake(
        'Every name that ends in a digit was taken for learned, "step2" and "3" too. What stands before the digits must be w, W or b.'
    )
    def any_number(names):
        parameters = {n for n in names if is_learned(n) or n[-1:].isdigit()}
        return parameters, set(names) - parameters

    @mistake(
        'Every name made only of the letters and digits of w, W and b was taken for learned. "bw" is not: one letter, then digits.'
    )
    def any_such_letters(names):
        parameters = {n for n in names if n in LEARNED or (set(n) & set("wWb") and set(n) <= set("wWb0123456789"))}
        return parameters, set(names) - parameters

    @mistake('"w-1" was taken for learned: int() reads signs and spaces, too. Nothing but digits may stand behind the letter.')
    def reads_with_int(names):
        def number(text):
            try:
                return text == "" or int(text) is not None
            except ValueError:
                return False

        parameters = {n for n in names if n in LEARNED or (n[:1] in ("w", "W", "b") and number(n[1:]))}
        return parameters, set(names) - parameters

    @also_right
    def by_pattern(names):
        import re

        parameters = {n for n in names if re.fullmatch(r"[wWb]\d*|weights?|bias(es)?", n)}
        return parameters, set(names).difference(parameters)

    @also_right
    def one_by_one(names):
        parameters, hyperparameters = set(), set()
        for name in names:
            if name in ("w", "W", "b", "weight", "weights", "bias", "biases") or (
                name[:1] in ("w", "W", "b") and name[1:].isdigit()
            ):
                parameters.add(name)
            else:
                hyperparameters.add(name)
        return parameters, hyperparameters

    @also_right
    def frozen(names):
        parameters = frozenset(filter(is_learned, names))
        return parameters, frozenset(n for n in names if n not in parameters)
