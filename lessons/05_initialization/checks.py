import numpy as np

from course.checks import ANYTHING, FRAMEWORKS, Function, agrees_with, also_right, exercise, mistake, shortcut


def numbers(rng, *shape, low=-2.0, high=2.0):
    """Readable random numbers, one decimal each."""
    return np.round(rng.uniform(low, high, size=shape), 1)


def whole(rng, *shape, low=-3, high=4):
    return rng.integers(low, high, size=shape)


@exercise("symmetric_units")
class SymmetricUnits:
    hints = (
        "Go through the columns from left to right. For each, ask: does any column before it hold exactly the same entries? Count the yeses.",
        "All units minus the different ones gives the same number. How would you count the different columns?",
        "np.unique(W, axis=1) keeps one of each column. Or turn each column into a tuple and put them in a set.",
    )
    returns = ("copies",)

    def cases(rng):
        yield np.array([[1.0, 3.0, 1.0, 3.0, 1.0], [2.0, 4.0, 2.0, 5.0, 2.0]])
        a, b, c = numbers(rng, 3), numbers(rng, 3) + 5, numbers(rng, 3) - 5
        yield np.column_stack([a, b, b, c, b, a, b])
        yield np.zeros((3, 6))
        row = numbers(rng, 4) + 10 * np.arange(4)
        yield np.array([row, row, row])
        near = numbers(rng, 2) + 3
        yield np.column_stack([near, near + 1e-9, near[::-1] + np.array([1.0, 2.0]), near])
        yield np.array([[1, 2, 1, 3], [2, 1, 2, 3], [4, 4, 4, 0]])
        yield numbers(rng, 4, 1)

    @mistake(
        "These are pairs. Three equal columns make three pairs, but only two of them repeat an earlier one. Count each column at most once."
    )
    def counts_pairs(W):
        k = W.shape[1]
        return sum(np.array_equal(W[:, i], W[:, j]) for j in range(k) for i in range(j))

    @mistake(
        "You counted every column that has a twin, the first of them too. Only those that repeat an earlier one count: the first is no copy."
    )
    def counts_the_first_too(W):
        k = W.shape[1]
        return sum(any(i != j and np.array_equal(W[:, i], W[:, j]) for i in range(k)) for j in range(k))

    @mistake("This counts rows. A hidden unit is a column of W: its d weights stand below each other.")
    def looks_at_rows(W):
        return W.shape[0] - np.unique(W, axis=0).shape[0]

    @mistake("This is the number of different columns. Asked is how many are copies: the rest of the k units.")
    def counts_the_different(W):
        return np.unique(W, axis=1).shape[1]

    @mistake(
        "Columns that differ by a hair were counted as equal. Here equal means exactly: np.allclose and rounding are too generous."
    )
    def nearly_equal(W):
        k = W.shape[1]
        return sum(any(np.allclose(W[:, i], W[:, j]) for i in range(j)) for j in range(k))

    @mistake(
        "Each column was compared with its left neighbour only. A copy may stand further away: compare with all earlier columns."
    )
    def neighbours_only(W):
        return sum(np.array_equal(W[:, j], W[:, j - 1]) for j in range(1, W.shape[1]))

    @mistake(
        "Every column was compared with the first one only. Two later columns can equal each other as well: compare with all earlier ones."
    )
    def first_only(W):
        return sum(np.array_equal(W[:, j], W[:, 0]) for j in range(1, W.shape[1]))

    @mistake("One shared entry was enough for you. Two units are the same only if all their entries agree.")
    def any_entry(W):
        return sum(any((W[:, i] == W[:, j]).any() for i in range(j)) for j in range(W.shape[1]))

    @mistake(
        "Without an axis, np.unique looks at single numbers, not at columns. Columns run along axis 1: np.unique(W, axis=1)."
    )
    def unique_numbers(W):
        return W.shape[1] - len(np.unique(W))

    @mistake("W.size - … counts single entries of W. The number of units is the number of columns, W.shape[1].")
    def entries_left_over(W):
        return W.size - len(np.unique(W))

    @mistake(
        "The columns were compared by their sums (or sorted entries). Two different columns can have the same sum, so compare entry by entry."
    )
    def by_their_sums(W):
        return W.shape[1] - len(np.unique(np.round(W.sum(axis=0), 6)))

    @mistake(
        "The order inside the columns was lost (sums, a set, or sorted entries), so (1, 2) and (2, 1) count as equal. Compare entry by entry, in order."
    )
    def order_lost(W):
        return W.shape[1] - len({tuple(sorted(W[:, j].tolist())) for j in range(W.shape[1])})

    @mistake("len(W) is the number of rows. The hidden units are the columns: W.shape[1].")
    def rows_minus_different(W):
        return len(W) - np.unique(W, axis=1).shape[1]

    @mistake(
        "This is the number of kinds of columns that come more than once. A kind that comes four times holds three copies: count those."
    )
    def counts_kinds(W):
        return int((np.unique(W, axis=1, return_counts=True)[1] > 1).sum())

    @mistake(
        "The loop ran over len(W), which is the number of rows, so some columns were never looked at. There are W.shape[1] columns."
    )
    def too_few_columns(W):
        k = min(W.shape)
        return sum(any(np.array_equal(W[:, i], W[:, j]) for i in range(j)) for j in range(k))

    @mistake(
        "A set cannot hold arrays, which is what `unhashable` means. Turn each column into a tuple first: tuple(column)."
    )
    def set_of_arrays(W):
        return len(W.T) - len(set(W.T))

    @mistake("This says whether there is a copy. Asked is how many there are.")
    def yes_or_no(W):
        return bool(np.unique(W, axis=1).shape[1] < W.shape[1])

    @mistake(
        "0 came back for every W. Does the `return` stand inside the loop? Then it ends after the first column: move it to the left."
    )
    def returns_in_the_loop(W):
        return 0

    @mistake("The last column was never looked at: `range(k - 1)` stops before it. `range(k)` goes up to k − 1.")
    def last_column_forgotten(W):
        return sum(any(np.array_equal(W[:, i], W[:, j]) for i in range(j)) for j in range(W.shape[1] - 1))

    @also_right
    def two_loops(W):
        copies = 0
        for j in range(W.shape[1]):
            for i in range(j):
                if (W[:, i] == W[:, j]).all():
                    copies += 1
                    break
        return copies

    @also_right
    def a_set_of_tuples(W):
        return len(W.T) - len({tuple(column) for column in W.T.tolist()})

    @also_right
    def all_comparisons_at_once(W):
        same = (W[:, :, None] == W[:, None, :]).all(axis=0)
        return int(np.triu(same, 1).any(axis=0).sum())

    @agrees_with("Python's Counter")
    def by_counter(W):
        from collections import Counter

        return sum(count - 1 for count in Counter(map(tuple, W.T)).values())


TANH = Function("lambda z: np.tanh(z)", takes="array")
RELU = Function("lambda z: np.maximum(0, z)", takes="array")
SIGMOID = Function("lambda z: 1 / (1 + np.exp(-z))", takes="array")


@exercise("activation_stds")
class ActivationStds:
    hints = (
        "Follow the worked example: multiply by the first weights, bend, note the standard deviation. What does the next layer get as its input?",
        "One loop over the weights. Inside it the input of the layer is replaced by its activations, so that the next round starts from them.",
        "Collect the standard deviations in a list and make it an array at the end. One call of .std() on the whole table (n, k) gives one number.",
    )
    returns = ("stds",)

    def cases(rng):
        yield np.array([[1.0], [-1.0]]), [np.array([[2.0]]), np.array([[0.5]])], TANH
        yield numbers(rng, 5, 3), [numbers(rng, 3, 4), numbers(rng, 4, 2)], SIGMOID
        yield whole(rng, 4, 2), [whole(rng, 2, 3), whole(rng, 3, 5), numbers(rng, 5, 3)], RELU
        yield numbers(rng, 6, 3), [numbers(rng, 3, 3) for _ in range(4)], TANH
        c = round(float(rng.uniform(0.3, 0.8)), 1)
        yield (
            numbers(rng, 3, 4),
            [numbers(rng, 4, 2), numbers(rng, 2, 3)],
            Function(f"lambda z: np.exp({c} * z) - 1", takes="array"),
        )
        yield numbers(rng, 7, 2), [numbers(rng, 2, 5)], SIGMOID

    @mistake(
        "The spread was measured before the activation. It should be that of the activations, after f has bent the sums."
    )
    def before_the_bend(X, weights, activation):
        stds = []
        for W in weights:
            z = X @ W
            stds.append(z.std())
            X = activation(z)
        return np.array(stds)

    @mistake(
        "The next layer was fed with the sums, not with the activations. What goes on is what came out of f: keep it as the new input."
    )
    def feeds_the_sums(X, weights, activation):
        stds = []
        for W in weights:
            X = X @ W
            stds.append(activation(X).std())
        return np.array(stds)

    @mistake(
        "f was applied twice in each layer: once for measuring and once more before the next layer. Bend once, keep the result, use it for both."
    )
    def bends_twice(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X @ W)
            stds.append(X.std())
            X = activation(X)
        return np.array(stds)

    @mistake("These are variances. The standard deviation is their square root: .std(), not .var().")
    def variances(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X @ W)
            stds.append(X.var())
        return np.array(stds)

    @mistake(
        "Each unit's standard deviation was taken by itself, and then their mean. Asked is one standard deviation over all entries together, without an axis."
    )
    def mean_of_unit_stds(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X @ W)
            stds.append(X.std(axis=0).mean())
        return np.array(stds)

    @mistake(
        "This is the square root of the mean square. The standard deviation takes the mean off first, and ReLU's and the sigmoid's activations have a mean above 0."
    )
    def root_mean_square(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X @ W)
            stds.append(np.sqrt(np.mean(np.square(X, dtype=float))))
        return np.array(stds)

    @mistake(
        "The input's own standard deviation stands first. The list starts with the first layer's activations, one number for each layer."
    )
    def input_first(X, weights, activation):
        stds = [X.std()]
        for W in weights:
            X = activation(X @ W)
            stds.append(X.std())
        return np.array(stds)

    @mistake(
        "One layer is missing at the end: the loop stops too early. There is one number for each array in weights."
    )
    def stops_early(X, weights, activation):
        stds = []
        for W in weights[:-1]:
            X = activation(X @ W)
            stds.append(X.std())
        return np.array(stds, dtype=float)

    @mistake("Only the last layer was kept. Note one number for each layer on the way.")
    def last_layer_only(X, weights, activation):
        for W in weights:
            X = activation(X @ W)
        return X.std()

    @mistake(
        "The original X was given to every layer. That works only by accident of shapes: each layer takes the activations of the layer before."
    )
    def always_the_input(X, weights, activation):
        return np.array([activation(X @ W).std() for W in weights])

    @mistake("The sum was divided by n − 1 (ddof=1). NumPy's default divides by the number of entries.")
    def with_ddof(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X @ W)
            stds.append(X.std(ddof=1))
        return np.array(stds)

    @mistake("The activation was left out: these are the spreads of a stack without bends. Apply f after each product.")
    def no_activation(X, weights, activation):
        stds = []
        for W in weights:
            X = X @ W
            stds.append(X.std())
        return np.array(stds)

    @mistake(
        "The input was bent before the product, and the sums were measured. A layer multiplies first and bends after."
    )
    def bends_the_input(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X) @ W
            stds.append(X.std())
        return np.array(stds)

    @mistake("The numbers are right but come as a list. Turn it into an array at the end.")
    def a_list(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X @ W)
            stds.append(float(X.std()))
        return stds

    @mistake("Each weight array was multiplied entry by entry. A layer is a matrix product: @, not *.")
    def entrywise(X, weights, activation):
        stds = []
        for W in weights:
            X = activation(X * W)
            stds.append(X.std())
        return np.array(stds)

    @mistake("The activation was applied to the weights. It bends the sums that come out of X @ W.")
    def bends_the_weights(X, weights, activation):
        stds = []
        for W in weights:
            X = X @ activation(W)
            stds.append(X.std())
        return np.array(stds)

    @mistake(
        "Only the first layer came back. Does the `return` stand inside the loop? Then it ends after one round: move it to the left."
    )
    def returns_in_the_loop(X, weights, activation):
        return np.array([activation(X @ weights[0]).std()])

    @mistake("Only the last layer was kept. If you start an empty list, do it once, before the loop.")
    def list_made_anew(X, weights, activation):
        for W in weights:
            X = activation(X @ W)
        return np.array([X.std()])

    @mistake(
        "Nothing was collected. `np.append(stds, …)` gives a new array and leaves `stds` as it was; a list with .append is simpler."
    )
    def append_lost(X, weights, activation):
        return np.array([])

    @mistake("tanh was applied, whichever activation was handed in. Call `activation`.")
    def always_tanh(X, weights, activation):
        stds = []
        for W in weights:
            X = np.tanh(X @ W)
            stds.append(X.std())
        return np.array(stds)

    @also_right
    def by_recursion(X, weights, activation):
        return np.array(stds_by_recursion(X, weights, activation))

    @also_right
    def all_activations_first(X, weights, activation):
        outputs = [np.array(X, dtype=float)]
        for layer in weights:
            outputs.append(np.asarray(activation(outputs[-1] @ layer), dtype=float))
        return np.array([np.sqrt(((o - o.mean()) ** 2).mean()) for o in outputs[1:]])

    @also_right
    def filled_in(X, weights, activation):
        stds, current = np.empty(len(weights)), X.copy()
        for i in range(len(weights)):
            current = activation(np.einsum("nd,dk->nk", current, weights[i]))
            stds[i] = math_std(current)
        return stds

    @agrees_with("SciPy")
    def by_scipy(X, weights, activation):
        from scipy import stats

        spreads = []
        for layer in weights:
            X = activation(np.dot(X, layer))
            spreads.append(stats.tstd(np.ravel(X), ddof=0))
        return np.array(spreads)


def math_std(values):
    """A standard deviation the long way round, in plain Python."""
    entries = [float(v) for v in values.ravel()]
    mean = sum(entries) / len(entries)
    return (sum((v - mean) ** 2 for v in entries) / len(entries)) ** 0.5


def stds_by_recursion(X, weights, activation):
    if not weights:
        return []
    first = activation(np.matmul(X, weights[0]))
    return [np.std(first), *stds_by_recursion(first, weights[1:], activation)]


@exercise("fans")
class Fans:
    forbidden = FRAMEWORKS
    hints = (
        "Fan-in: how many numbers are added up for one output. Fan-out: how many outputs one input has a hand in. Look at the two rows of the figure.",
        "A tuple of two and a tuple of four need different treatment: len(shape) tells them apart. Mind which comes first, inputs or outputs.",
        "For a convolution both counts are a number of channels times the area of the window. Fan-in counts input channels, fan-out output channels.",
    )
    returns = ("fan_in", "fan_out")
    says = "fans({0})"

    def cases(rng):
        yield ((3, 5),)
        yield ((16, 3, 5, 5),)
        a, b = (int(v) for v in rng.choice(np.arange(7, 60), 2, replace=False))
        yield ((a, b),)
        c, d = (int(v) for v in rng.choice(np.arange(5, 40), 2, replace=False))
        yield ((c, d, 3, 7),)
        yield ((d, c + 40, 4, 2),)
        yield ((9, 6, 1, 1),)

    def probe(answer, shape):
        got = answer(shape)
        if isinstance(got, np.ndarray) and got.shape == (2,):  # two numbers, however they are held
            got = tuple(got)
        if isinstance(got, (tuple, list)):  # 75.0 counts as 75: a count is a count
            return tuple(
                int(v) if np.ndim(v) == 0 and isinstance(v, (float, np.floating)) and v == int(v) else v for v in got
            )
        return got

    @mistake(
        "Fan-in and fan-out have changed places throughout. Fan-in counts what one output adds up: inputs times window."
    )
    def exchanged(shape):
        if len(shape) == 2:
            return shape[1], shape[0]
        return shape[0] * shape[2] * shape[3], shape[1] * shape[2] * shape[3]

    @mistake(
        "(d, k) is right, but for the convolution the two have changed places. Its shape starts with the output channels; fan-in needs the input channels."
    )
    def conv_exchanged(shape):
        if len(shape) == 2:
            return shape
        return shape[0] * shape[2] * shape[3], shape[1] * shape[2] * shape[3]

    @mistake(
        "The convolution is right, but (d, k) has changed places: there the inputs stand first. (One formula for both shapes, as PyTorch has it, fits weights stored as (outputs, inputs).)"
    )
    def dense_exchanged(shape):
        if len(shape) == 2:
            return shape[1], shape[0]
        return shape[1] * shape[2] * shape[3], shape[0] * shape[2] * shape[3]

    @mistake(
        "The window is missing: one output adds up kh · kw numbers in each input channel. Multiply both counts by the window's area."
    )
    def no_window(shape):
        return shape if len(shape) == 2 else (shape[1], shape[0])

    @mistake(
        "Only the first two numbers of the shape were read. For a convolution they are output and input channels, and the window's area is missing as well."
    )
    def first_two(shape):
        return shape[0], shape[1]

    @mistake(
        "fan_in is right. fan_out misses the window: one input lies in kh · kw windows of each output channel, so its count gets the area too."
    )
    def window_on_one_side(shape):
        if len(shape) == 2:
            return shape
        return shape[1] * shape[2] * shape[3], shape[0]

    @mistake(
        "fan_out is right. fan_in misses the window: one output adds up kh · kw numbers in each input channel, so its count gets the area too."
    )
    def window_on_the_other_side(shape):
        if len(shape) == 2:
            return shape
        return shape[1], shape[0] * shape[2] * shape[3]

    @mistake("Only one side of the window was multiplied in. Its area is height times width, kh · kw.")
    def one_side_of_window(shape):
        if len(shape) == 2:
            return shape
        return shape[1] * shape[2], shape[0] * shape[2]

    @mistake("The window was taken to be square. Its height and width can differ: use both, kh · kw.")
    def square_window(shape):
        if len(shape) == 2:
            return shape
        return shape[1] * shape[2] ** 2, shape[0] * shape[2] ** 2

    @mistake("The sides of the window were added. A window of kh by kw holds kh times kw pixels.")
    def adds_the_sides(shape):
        if len(shape) == 2:
            return shape
        return shape[1] * (shape[2] + shape[3]), shape[0] * (shape[2] + shape[3])

    @mistake(
        "The channels were looked for at the end of the shape, where Keras keeps them. Here the order is (out_channels, in_channels, kh, kw)."
    )
    def channels_last(shape):
        if len(shape) == 2:
            return shape
        return shape[0] * shape[1] * shape[2], shape[0] * shape[1] * shape[3]

    @mistake(
        "All four numbers were multiplied: that counts the weights. Fan-in leaves the output channels out, fan-out the input channels."
    )
    def counts_the_weights(shape):
        total = int(np.prod(shape))
        return shape if len(shape) == 2 else (total, total)

    @mistake(
        "`d, k = shape` fails for a tuple of four. Ask for len(shape) first, and take a convolution's shape apart on its own."
    )
    def only_pairs(shape):
        d, k = shape
        return d, k

    @mistake("Only fan_in came back. Return both counts, fan_in first.")
    def fan_in_only(shape):
        return shape[0] if len(shape) == 2 else shape[1] * shape[2] * shape[3]

    @also_right
    def with_prod(shape):
        window = np.prod(shape[2:])
        fan_in, fan_out = (shape[0], shape[1]) if len(shape) == 2 else (shape[1], shape[0])
        return fan_in * window, fan_out * window

    @also_right
    def by_division(shape):
        total = 1
        for size in shape:
            total *= size
        outputs, inputs = (shape[1], shape[0]) if len(shape) < 4 else (shape[0], shape[1])
        return [total // outputs, total // inputs]

    @also_right
    def by_counting_entries(shape):
        W = np.zeros(shape)
        if W.ndim == 2:
            return len(W[:, 0]), len(W[0])
        return W[0].size, W[:, 0].size

    @also_right
    def as_an_array(shape):
        pair = np.array(shape[:2])
        return pair if len(shape) == 2 else pair[::-1] * np.prod(shape[2:])

    @agrees_with("counting wires")
    def by_sliding(shape):
        # wires of a convolution counted one by one on a picture with a wide border
        if len(shape) == 2:
            return np.ones(shape)[:, 0].sum(), np.ones(shape)[0].sum()
        out_channels, in_channels, kh, kw = shape
        into_one = sum(1 for _ in range(in_channels) for _ in range(kh) for _ in range(kw))
        touched = sum(1 for top in range(20) for left in range(20) if top <= 9 < top + kh and left <= 9 < left + kw)
        return into_one, out_channels * touched

    @shortcut("torch")
    def torchs_fans(shape):
        import torch

        return torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape if len(shape) == 4 else shape[::-1]))


# what follows judges answers that draw at random: by their statistics, not by their numbers


def probe(answer, shape, seed):
    # about 50,000 weights: a right answer misses the spread by more than 3.5 % once in 10^10 checks
    W = answer(shape, np.random.default_rng(seed))
    if W is None:
        return None
    facts = dict.fromkeys(("array", "follows rng", "mean", "standard deviation", "form"))
    if not isinstance(W, np.ndarray):
        return facts | {"array": f"none, but a {type(W).__name__}"}
    words = {"f": "floats", "i": "whole numbers", "u": "whole numbers", "b": "True and False"}
    facts["array"] = f"{W.shape} of {words.get(W.dtype.kind, W.dtype.name)}"
    if W.shape != shape or W.dtype.kind != "f" or not np.isfinite(W).all():
        return facts if np.isfinite(W).all() else facts | {"array": "has entries that are nan or inf"}
    center, spread = W.mean(), W.std()
    if spread <= 1e-9 * abs(center):  # not 0, because the mean of equal numbers is rounded
        return facts | {"standard deviation": 0.0, "form": "one number everywhere"}
    small = (7, 5, 3, 4)[: len(shape)]
    first, again, other = (answer(small, np.random.default_rng(s)) for s in (seed, seed, seed + 1))
    if not np.array_equal(first, again):
        return facts | {"follows rng": "no: the same seed gave two results"}
    if np.array_equal(first, other):
        return facts | {"follows rng": "no: two seeds gave the same result"}
    facts |= {"follows rng": "yes", "standard deviation": float(f"{spread:.4g}")}
    facts["mean"] = "about 0" if abs(center) <= 0.05 * spread else "above 0" if center > 0 else "below 0"
    z = np.abs(W - center) / spread
    inside, tails, reach = np.mean(z < 1), np.mean(z > 2.5), z.max()
    if any(W.std(axis=i).min() <= 1e-9 * spread for i in range(W.ndim) if W.shape[i] > 2):
        facts["form"] = "the same weights again and again"
    elif abs(first.mean()) < 1e-9 * first.std() or abs(first.std() - other.std()) < 1e-9 * first.std():
        facts["form"] = "mean or spread the same in every draw: the entries are not drawn by themselves"
    elif 0.66 < inside < 0.705 and 0.006 < tails < 0.02:
        facts["form"] = "a bell"
    elif 0.56 < inside < 0.595 and reach < 1.78:
        facts["form"] = "a box"
    else:
        facts["form"] = "a bell that is cut off" if 0.62 < inside < 0.68 and reach < 2.5 else "neither bell nor box"
    return facts


def shapes(rng):
    """Cases for the six recipes: a layer, convolutions, shapes drawn anew; fans always far from equal."""
    yield (300, 200), 0
    yield (60, 40, 3, 7), int(rng.integers(1, 1000))
    a, b = int(rng.integers(90, 130)), int(rng.integers(420, 520))
    yield (a, b), int(rng.integers(1, 1000))
    c, d = int(rng.integers(28, 36)), int(rng.integers(75, 90))
    yield (c, d, 5, 4), int(rng.integers(1, 1000))


def fan_in_and_out(shape):
    if len(shape) == 2:
        return shape
    return shape[1] * shape[2] * shape[3], shape[0] * shape[2] * shape[3]


def fan_in(shape):
    return fan_in_and_out(shape)[0]


def fan_out(shape):
    return fan_in_and_out(shape)[1]


def cut_off_bell(rng, std, shape):
    """A normal distribution without what lies beyond two standard deviations, drawn again until it fits."""
    W = rng.normal(0, std, shape)
    while (beyond := np.abs(W) > 2 * std).any():
        W[beyond] = rng.normal(0, std, beyond.sum())
    return W


NOT_UNPACKED = (
    "A TypeError here mostly comes from taking `shape` apart. It is one tuple: give it whole to fans(…) and to the "
    "rng's method, without a star, as the argument for the size."
)
NO_SIZE = "One single number came back. Tell the rng how many to draw: the shape is the last argument of its method."
GLOBAL = (
    "The same seed gave two different results, so the numbers were not drawn from `rng` alone. Call the methods of the "
    "rng that is handed in, not np.random.…, and make no generator of your own."
)
OWN_SEED = (
    "Two different seeds gave the same weights: a generator with a fixed seed was made inside. Every layer would start alike. "
    "Draw from the `rng` that is handed in."
)
CONV_AS_DENSE = (
    "(d, k) is right, the convolution is not: its shape does not start with the fans. Use your fans(shape) rather than "
    "shape[0] and shape[1]."
)
CUT = (
    "The bell is cut off at two standard deviations, as in Keras. That is a recipe too, but here a plain normal "
    "distribution is asked for; cutting also makes the spread smaller."
)
BELL_BETWEEN_ENDS = (
    "rng.normal took the two ends for its mean and its standard deviation: a bell around minus the limit. For numbers "
    "between two ends there is rng.uniform."
)
REPEATED = (
    "The same weights come again and again: too few were drawn, and repeated. Equal weights are what random starts are "
    "meant to avoid; draw every entry by itself, with the whole shape."
)


@exercise("lecun_normal")
class LecunNormal:
    forbidden = FRAMEWORKS
    hints = (
        "One line is enough. rng.normal takes the mean, the standard deviation, and the shape. The docstring speaks of the variance.",
        "Variance 1 / fan_in. The standard deviation is its square root.",
        "rng.normal(0, …, shape), with the root of one over fan_in in the middle.",
    )
    says = "lecun_normal({0}, np.random.default_rng({1}))"
    rtol = 0.035
    cases = shapes
    probe = probe

    @mistake(
        "The variance was given where rng.normal wants the standard deviation, so the weights are far too small. Take the square root."
    )
    def variance_as_std(shape, rng):
        return rng.normal(0, 1 / fan_in(shape), shape)

    @mistake(
        "This has variance 1/fan_out. LeCun's rule keeps the size on the way forward, where fan_in terms are added."
    )
    def uses_fan_out(shape, rng):
        return rng.normal(0, np.sqrt(1 / fan_out(shape)), shape)

    @mistake("This has variance 2/fan_in: that is He's rule, which comes in section 8. LeCun's has a 1 on top.")
    def he(shape, rng):
        return rng.normal(0, np.sqrt(2 / fan_in(shape)), shape)

    @mistake(
        "The variance is 2/(fan_in + fan_out): that is Xavier's rule, which comes in section 7. LeCun's knows fan_in only."
    )
    def xavier(shape, rng):
        return rng.normal(0, np.sqrt(2 / sum(fan_in_and_out(shape))), shape)

    @mistake("The weights have standard deviation 1: they were not scaled at all. Depth would make them explode.")
    def unscaled(shape, rng):
        return rng.normal(0, 1, shape)

    @mistake(
        "The weights were multiplied by the root of fan_in. They must be divided by it: more inputs, smaller weights."
    )
    def upside_down(shape, rng):
        return rng.normal(0, np.sqrt(fan_in(shape)), shape)

    @mistake("These weights are uniform, and too small as well. A normal distribution is asked for: rng.normal.")
    def uniform(shape, rng):
        limit = np.sqrt(1 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("The spread is right, but the weights form a box. Here a normal distribution is asked for: rng.normal.")
    def box_of_right_spread(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake(
        "The weights are uniform between 0 and 1, then scaled: none is negative. rng.random is no bell around 0; rng.normal is."
    )
    def from_zero_to_one(shape, rng):
        return rng.random(shape) * np.sqrt(1 / fan_in(shape))

    @mistake("No weight is negative. The mean must be 0: give rng.normal a mean of 0 and take no absolute values.")
    def no_negatives(shape, rng):
        return np.abs(rng.normal(0, np.sqrt(1 / fan_in(shape)), shape))

    @mistake(
        "All weights are one and the same number, which is symmetry again. If you used rng.normal: it takes the mean first, then the standard deviation. (If all are 0: `1 // fan_in` is 0, `1 / fan_in` is not.)"
    )
    def mean_and_std_exchanged(shape, rng):
        return rng.normal(np.sqrt(1 / fan_in(shape)), 0, shape)

    @mistake(GLOBAL)
    def global_generator(shape, rng):
        return np.random.normal(0, np.sqrt(1 / fan_in(shape)), shape)

    @mistake(OWN_SEED)
    def own_seed(shape, rng):
        return np.random.default_rng(0).normal(0, np.sqrt(1 / fan_in(shape)), shape)

    @mistake(NO_SIZE)
    def no_size(shape, rng):
        return float(rng.normal(0, np.sqrt(1 / fan_in(shape))))

    @mistake(NOT_UNPACKED)
    def unpacked(shape, rng):
        return rng.normal(0, np.sqrt(1 / fan_in(shape)), *shape)

    @mistake(
        "rng.normal takes the mean, the standard deviation and the size, in this order. With two arguments only, your shape was taken for the standard deviations."
    )
    def mean_left_out(shape, rng):
        return rng.normal(np.sqrt(1 / fan_in(shape)), shape)

    @mistake("Only fan_in numbers were drawn, in one row. The size to draw is the whole shape.")
    def fan_in_as_size(shape, rng):
        return rng.normal(0, np.sqrt(1 / fan_in(shape)), fan_in(shape))

    @mistake(
        "The standard deviation came out as 1/fan_in². From the variance 1/fan_in to the standard deviation it goes by the square root."
    )
    def squared_instead(shape, rng):
        return rng.normal(0, 1 / fan_in(shape) ** 2, shape)

    @mistake(CONV_AS_DENSE)
    def conv_as_dense(shape, rng):
        return rng.normal(0, np.sqrt(1 / shape[0]), shape)

    @mistake(
        "(d, k) is right. For the convolution the window is missing: one output adds up kh · kw numbers in each input channel. Your fans(shape) knows that."
    )
    def no_window(shape, rng):
        return rng.normal(0, np.sqrt(1 / (shape[0] if len(shape) == 2 else shape[1])), shape)

    @mistake("The shape is turned round. Give `shape` to rng.normal as it came.")
    def shape_reversed(shape, rng):
        return rng.normal(0, np.sqrt(1 / fan_in(shape)), shape[::-1])

    @mistake(CUT)
    def cut_off(shape, rng):
        return cut_off_bell(rng, np.sqrt(1 / fan_in(shape)), shape)

    @mistake(REPEATED)
    def one_row_for_all(shape, rng):
        return np.broadcast_to(rng.normal(0, np.sqrt(1 / fan_in(shape)), shape[1:]), shape).copy()

    @mistake(
        "The weights were moved and stretched after the draw, until mean and spread were exact. Then no entry is drawn by itself (and a single weight would be 0/0). Leave the draw as it comes."
    )
    def made_exact(shape, rng):
        W = rng.normal(size=shape)
        return (W - W.mean()) / W.std() / np.sqrt(fan_in(shape))

    @also_right
    def scaled_standard_normal(shape, rng):
        return rng.standard_normal(shape) / np.sqrt(fan_in(shape))

    @also_right
    def one_by_one(shape, rng):
        count, std = int(np.prod(shape)), fan_in(shape) ** -0.5
        return np.array([std * value for value in rng.normal(size=count)]).reshape(shape)

    @also_right
    def column_by_column(shape, rng):
        W = np.empty(shape)
        for j in range(shape[1]):
            W[:, j] = rng.normal(scale=(1 / fan_in(shape)) ** 0.5, size=W[:, j].shape)
        return W

    @also_right
    def box_muller(shape, rng):
        r, angle = rng.random(shape), rng.random(shape)
        return np.sqrt(-2 * np.log(1 - r)) * np.cos(2 * np.pi * angle) / np.sqrt(fan_in(shape))

    @also_right
    def single_precision(shape, rng):
        return rng.standard_normal(shape, dtype=np.float32) / np.float32(np.sqrt(fan_in(shape)))

    @agrees_with("SciPy", rtol=0.035)
    def by_scipy(shape, rng):
        from scipy import stats

        return stats.norm(scale=fan_in(shape) ** -0.5).rvs(size=shape, random_state=rng)


@exercise("lecun_uniform")
class LecunUniform:
    forbidden = FRAMEWORKS
    hints = (
        "First the limit: which a gives a²/3 = 1 / fan_in?",
        "fans(shape)[0] is fan_in. The limit is √3 times the standard deviation, or, under one root, three over fan_in.",
        "rng.uniform takes the low end, the high end, and the shape. The box goes from minus the limit to plus the limit.",
    )
    says = "lecun_uniform({0}, np.random.default_rng({1}))"
    rtol = 0.035
    cases = shapes
    probe = probe

    @mistake(
        "The limit is one standard deviation, and a box reaching that far has a spread of only 0.58 of it. The limit must be √3 times larger."
    )
    def no_root_three(shape, rng):
        limit = np.sqrt(1 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("The limit was multiplied by 3. The 3 stands under the root: the limit is √3 standard deviations.")
    def three_outside(shape, rng):
        limit = 3 * np.sqrt(1 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake(
        "The square root is missing: 3/fan_in is the square of the limit. From a²/3 = 1/fan_in it follows a² = 3/fan_in."
    )
    def no_root(shape, rng):
        limit = 3 / fan_in(shape)
        return rng.uniform(-limit, limit, shape)

    @mistake("The limit has √3 but the variance under no root: the standard deviation is 1/√fan_in, not 1/fan_in.")
    def root_three_times_variance(shape, rng):
        limit = np.sqrt(3) / fan_in(shape)
        return rng.uniform(-limit, limit, shape)

    @mistake("The box starts at 0, so no weight is negative. It must reach from minus the limit to plus the limit.")
    def from_zero(shape, rng):
        return rng.uniform(0, np.sqrt(3 / fan_in(shape)), shape)

    @mistake("This counts with fan_out. LeCun's rule keeps the size on the way forward, where fan_in terms are added.")
    def uses_fan_out(shape, rng):
        limit = np.sqrt(3 / fan_out(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("There is a 6 under the root: that is twice LeCun's variance. From a²/3 = 1/fan_in comes a 3.")
    def six(shape, rng):
        limit = np.sqrt(6 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake(
        "The weights have the right spread but form a bell. Here a uniform distribution is asked for: rng.uniform."
    )
    def normal(shape, rng):
        return rng.normal(0, np.sqrt(1 / fan_in(shape)), shape)

    @mistake("The weights reach from −1 to 1: they were not scaled. The limit depends on fan_in.")
    def unscaled(shape, rng):
        return rng.uniform(-1, 1, shape)

    @mistake(
        "The box has the right width but lies off centre: rng.random reaches from 0 to 1. Stretch it to 2 · limit, then take one limit off."
    )
    def not_centred(shape, rng):
        return rng.random(shape) * 2 * np.sqrt(3 / fan_in(shape))

    @mistake("rng.random(shape) − 0.5 is a box of half-width one half. Multiply it by 2 · limit, not by the limit.")
    def half_as_wide(shape, rng):
        return (rng.random(shape) - 0.5) * np.sqrt(3 / fan_in(shape))

    @mistake(GLOBAL)
    def global_generator(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return np.random.uniform(-limit, limit, shape)

    @mistake(OWN_SEED)
    def own_seed(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return np.random.default_rng(0).uniform(-limit, limit, shape)

    @mistake(NO_SIZE)
    def no_size(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return float(rng.uniform(-limit, limit))

    @mistake(NOT_UNPACKED)
    def unpacked(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return rng.uniform(-limit, limit, *shape)

    @mistake(
        "rng.uniform takes the low end, the high end and the size, in this order. With two arguments only, your shape was taken for the high ends."
    )
    def high_left_out(shape, rng):
        return rng.uniform(-np.sqrt(3 / fan_in(shape)), shape)

    @mistake(
        "The limit went in as the low end, and the high end was left at 1. The box goes from minus the limit to plus the limit."
    )
    def from_limit_to_one(shape, rng):
        return rng.uniform(np.sqrt(3 / fan_in(shape)), size=shape)

    @mistake(CONV_AS_DENSE)
    def conv_as_dense(shape, rng):
        limit = np.sqrt(3 / shape[0])
        return rng.uniform(-limit, limit, shape)

    @mistake(BELL_BETWEEN_ENDS)
    def bell_between_ends(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return rng.normal(-limit, limit, shape)

    @mistake("A bell got the limit of the box as its standard deviation. A uniform distribution is asked for.")
    def bell_of_the_limit(shape, rng):
        return rng.normal(0, np.sqrt(3 / fan_in(shape)), shape)

    @also_right
    def stretched(shape, rng):
        return (2 * rng.random(shape) - 1) * np.sqrt(3.0) / np.sqrt(fan_in(shape))

    @also_right
    def scaled_box(shape, rng):
        return rng.uniform(-1.0, 1.0, size=shape) * (3 / fan_in(shape)) ** 0.5

    @also_right
    def size_and_sign(shape, rng):
        size = rng.uniform(0, np.sqrt(3 / fan_in(shape)), shape)
        return np.where(rng.random(shape) < 0.5, size, -size)

    @agrees_with("SciPy", rtol=0.035)
    def by_scipy(shape, rng):
        from scipy import stats

        limit = np.sqrt(3 / fan_in(shape))
        return stats.uniform(-limit, 2 * limit).rvs(size=shape, random_state=rng)


@exercise("xavier_normal")
class XavierNormal:
    forbidden = FRAMEWORKS
    hints = (
        "As lecun_normal, with another variance: 2 over the sum of both fans.",
        "fans(shape) gives both fans; their sum goes under the 2, all of it. Then take the root, because rng.normal wants the standard deviation.",
    )
    says = "xavier_normal({0}, np.random.default_rng({1}))"
    rtol = 0.035
    cases = shapes
    probe = probe

    @mistake(
        "The variance was given where rng.normal wants the standard deviation, so the weights are far too small. Take the square root."
    )
    def variance_as_std(shape, rng):
        return rng.normal(0, 2 / sum(fan_in_and_out(shape)), shape)

    @mistake(
        "Brackets: `2 / fan_in + fan_out` divides by fan_in alone and then adds fan_out. The sum of both belongs under the 2."
    )
    def precedence(shape, rng):
        return rng.normal(0, np.sqrt(2 / fan_in(shape) + fan_out(shape)), shape)

    @mistake("The variance is 1 over the sum of the fans. The 2 on top comes from averaging two wishes.")
    def one_on_top(shape, rng):
        return rng.normal(0, np.sqrt(1 / sum(fan_in_and_out(shape))), shape)

    @mistake(
        "There is a 6 on top. That is the limit of the box, √3 times too large for the standard deviation of a bell."
    )
    def six_on_top(shape, rng):
        return rng.normal(0, np.sqrt(6 / sum(fan_in_and_out(shape))), shape)

    @mistake("This is LeCun's variance, 1/fan_in. Xavier's also counts fan_out, for the way back.")
    def lecun(shape, rng):
        return rng.normal(0, np.sqrt(1 / fan_in(shape)), shape)

    @mistake("This is He's variance, 2/fan_in. Xavier's has both fans below the 2.")
    def he(shape, rng):
        return rng.normal(0, np.sqrt(2 / fan_in(shape)), shape)

    @mistake("The fans were multiplied. The rule comes from an average, so they are added.")
    def product_of_fans(shape, rng):
        return rng.normal(0, np.sqrt(2 / (fan_in(shape) * fan_out(shape))), shape)

    @mistake("The root was taken of the fans only. The 2 belongs under it as well: √(2 / (fan_in + fan_out)).")
    def two_outside(shape, rng):
        return rng.normal(0, 2 / np.sqrt(sum(fan_in_and_out(shape))), shape)

    @mistake("These weights are uniform. This one asks for the bell; the box is the next exercise.")
    def uniform(shape, rng):
        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return rng.uniform(-limit, limit, shape)

    @mistake(GLOBAL)
    def global_generator(shape, rng):
        return np.random.normal(0, np.sqrt(2 / sum(fan_in_and_out(shape))), shape)

    @mistake(OWN_SEED)
    def own_seed(shape, rng):
        return np.random.default_rng(0).normal(0, np.sqrt(2 / sum(fan_in_and_out(shape))), shape)

    @mistake(NO_SIZE)
    def no_size(shape, rng):
        return float(rng.normal(0, np.sqrt(2 / sum(fan_in_and_out(shape)))))

    @mistake(NOT_UNPACKED)
    def unpacked(shape, rng):
        return rng.normal(0, np.sqrt(2 / sum(fan_in_and_out(shape))), *shape)

    @mistake(
        "(d, k) is right, the convolution is not: the sum of the whole shape, or of its first two numbers, is no sum of fans. Your fans(shape) knows the window."
    )
    def conv_as_dense(shape, rng):
        return rng.normal(0, np.sqrt(2 / (shape[0] + shape[1])), shape)

    @mistake(
        "(d, k) is right, the convolution is not: all four numbers of its shape were added up. Its fans are channels times window: fans(shape)."
    )
    def sum_of_shape(shape, rng):
        return rng.normal(0, np.sqrt(2 / sum(shape)), shape)

    @mistake(CUT)
    def cut_off(shape, rng):
        return cut_off_bell(rng, np.sqrt(2 / sum(fan_in_and_out(shape))), shape)

    @mistake(
        "The two variances 1/fan_in and 1/fan_out were averaged. Xavier averages the two wishes, fan_in · σ² = 1 and fan_out · σ² = 1: the mean of the fans stands below the 1."
    )
    def averages_the_variances(shape, rng):
        return rng.normal(0, np.sqrt((1 / fan_in(shape) + 1 / fan_out(shape)) / 2), shape)

    @mistake(
        "The two standard deviations were averaged. Xavier averages the two wishes, fan_in · σ² = 1 and fan_out · σ² = 1: the variance is 2 over the sum of the fans."
    )
    def averages_the_stds(shape, rng):
        return rng.normal(0, (fan_in(shape) ** -0.5 + fan_out(shape) ** -0.5) / 2, shape)

    @mistake("The fraction is upside down: the sum of the fans belongs below the 2. More wires, smaller weights.")
    def upside_down(shape, rng):
        return rng.normal(0, np.sqrt(sum(fan_in_and_out(shape)) / 2), shape)

    @also_right
    def by_the_average(shape, rng):
        return rng.standard_normal(shape) / np.sqrt(np.mean(fan_in_and_out(shape)))

    @also_right
    def variance_named(shape, rng):
        variance = 2.0 / (fan_in(shape) + fan_out(shape))
        return rng.normal(loc=0, scale=variance**0.5, size=shape)

    @also_right
    def flat_then_shaped(shape, rng):
        W = rng.normal(size=int(np.prod(shape))).reshape(shape)
        return W * (2 / sum(fan_in_and_out(shape))) ** 0.5

    @agrees_with("SciPy", rtol=0.035)
    def by_scipy(shape, rng):
        from scipy import stats

        return stats.norm(scale=(2 / sum(fan_in_and_out(shape))) ** 0.5).rvs(size=shape, random_state=rng)


@exercise("xavier_uniform")
class XavierUniform:
    forbidden = FRAMEWORKS
    hints = (
        "Work out the draft's limit for 100 inputs and 60 outputs by hand, in the order in which Python does it. Where does 7.7 come from?",
        "Division goes before addition. Brackets around the sum of the fans put both below the 6.",
        "Then look at the ends of the box. None of the draft's weights is negative: its low end is in the wrong place.",
    )
    says = "xavier_uniform({0}, np.random.default_rng({1}))"
    rtol = 0.035
    cases = shapes
    probe = probe

    @mistake(
        "That is the draft as it was. `6 / fan_in + fan_out` divides first and adds after, and the box starts at 0."
    )
    def the_draft(shape, rng):
        return rng.uniform(0, np.sqrt(6 / fan_in(shape) + fan_out(shape)), shape)

    @mistake(
        "One bug is mended: the limit is right now. The other is left: the box still starts at 0, so no weight is negative."
    )
    def still_from_zero(shape, rng):
        return rng.uniform(0, np.sqrt(6 / sum(fan_in_and_out(shape))), shape)

    @mistake(
        "One bug is mended: the box reaches to both sides. The other is left: `6 / fan_in + fan_out` divides before it adds. Brackets."
    )
    def still_precedence(shape, rng):
        limit = np.sqrt(6 / fan_in(shape) + fan_out(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake(
        "The brackets close too early: only the 6 is under the root. √6 / (a + b) is much smaller than √(6 / (a + b))."
    )
    def root_of_six_only(shape, rng):
        limit = np.sqrt(6) / sum(fan_in_and_out(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("The square root is gone: 6 / (fan_in + fan_out) is the square of the limit.")
    def no_root(shape, rng):
        limit = 6 / sum(fan_in_and_out(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("The limit is one standard deviation, √(2 / (a + b)). A box needs √3 times that: a 6 under the root.")
    def two_under_the_root(shape, rng):
        limit = np.sqrt(2 / sum(fan_in_and_out(shape)))
        return rng.uniform(-limit, limit, shape)

    @mistake(
        "There is a 3 under the root, which would be right for a variance of 1/(a + b). Xavier's variance has a 2 on top."
    )
    def three_under_the_root(shape, rng):
        limit = np.sqrt(3 / sum(fan_in_and_out(shape)))
        return rng.uniform(-limit, limit, shape)

    @mistake("This is √(6 / fan_in): He's box. Xavier's has the sum of both fans below the 6.")
    def he(shape, rng):
        limit = np.sqrt(6 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("This is √(3 / fan_in): LeCun's box. Xavier's has the sum of both fans below a 6.")
    def lecun(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("The weights form a bell. Here a uniform distribution is asked for; the bell was xavier_normal.")
    def normal(shape, rng):
        return rng.normal(0, np.sqrt(2 / sum(fan_in_and_out(shape))), shape)

    @mistake("The bell got the limit of the box as its standard deviation. A uniform distribution is asked for.")
    def normal_with_limit(shape, rng):
        return rng.normal(0, np.sqrt(6 / sum(fan_in_and_out(shape))), shape)

    @mistake(
        "The box is moved to the left by half a limit. It keeps the draft's width; it should reach a whole limit to either side."
    )
    def half_a_limit(shape, rng):
        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return rng.uniform(0, limit, shape) - limit / 2

    @mistake("No weight is positive: the box reaches from minus the limit to 0. It goes on to plus the limit.")
    def up_to_zero(shape, rng):
        return rng.uniform(-np.sqrt(6 / sum(fan_in_and_out(shape))), 0, shape)

    @mistake(
        "`6 / fan_in * fan_out` divides by fan_in and multiplies by fan_out. The rule has the sum of both below the 6."
    )
    def times_fan_out(shape, rng):
        limit = np.sqrt(6 / fan_in(shape) * fan_out(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake(GLOBAL)
    def global_generator(shape, rng):
        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return np.random.uniform(-limit, limit, shape)

    @mistake(OWN_SEED)
    def own_seed(shape, rng):
        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return np.random.default_rng(0).uniform(-limit, limit, shape)

    @mistake(CONV_AS_DENSE)
    def conv_as_dense(shape, rng):
        limit = np.sqrt(6 / (shape[0] + shape[1]))
        return rng.uniform(-limit, limit, shape)

    @mistake(NOT_UNPACKED)
    def unpacked(shape, rng):
        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return rng.uniform(-limit, limit, *shape)

    @mistake(BELL_BETWEEN_ENDS)
    def bell_between_ends(shape, rng):
        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return rng.normal(-limit, limit, shape)

    @mistake("The fans were multiplied. The rule comes from an average, so they are added.")
    def product_of_fans(shape, rng):
        limit = np.sqrt(6 / (fan_in(shape) * fan_out(shape)))
        return rng.uniform(-limit, limit, shape)

    @also_right
    def stretched(shape, rng):
        limit = (6.0 / sum(fan_in_and_out(shape))) ** 0.5
        return limit * (2 * rng.random(shape) - 1)

    @also_right
    def root_three_times_std(shape, rng):
        std = np.sqrt(2 / (fan_in(shape) + fan_out(shape)))
        return rng.uniform(-1, 1, shape) * std * np.sqrt(3)

    @also_right
    def filled_row_by_row(shape, rng):
        limit = np.sqrt(6) / np.sqrt(sum(fan_in_and_out(shape)))
        return np.stack([rng.uniform(-limit, limit, shape[1:]) for _ in range(shape[0])])

    @agrees_with("SciPy", rtol=0.035)
    def by_scipy(shape, rng):
        from scipy import stats

        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return stats.uniform(-limit, 2 * limit).rvs(size=shape, random_state=rng)


@exercise("he_normal")
class HeNormal:
    forbidden = FRAMEWORKS
    hints = (
        "As lecun_normal, with a 2 on top: ReLU drops half of the mean square, and the weights make up for it.",
        "fans(shape)[0] is fan_in. The variance is 2 over it; rng.normal wants the root of that.",
    )
    says = "he_normal({0}, np.random.default_rng({1}))"
    rtol = 0.035
    cases = shapes
    probe = probe

    @mistake(
        "The variance was given where rng.normal wants the standard deviation, so the weights are far too small. Take the square root."
    )
    def variance_as_std(shape, rng):
        return rng.normal(0, 2 / fan_in(shape), shape)

    @mistake("The 2 is missing: this is LeCun's variance, and a ReLU stack would fade.")
    def lecun(shape, rng):
        return rng.normal(0, np.sqrt(1 / fan_in(shape)), shape)

    @mistake("This has variance 2/fan_out. He's rule, as asked for here, keeps the size on the way forward: fan_in.")
    def uses_fan_out(shape, rng):
        return rng.normal(0, np.sqrt(2 / fan_out(shape)), shape)

    @mistake("This is Xavier's variance, 2/(fan_in + fan_out). He's has fan_in alone below the 2.")
    def xavier(shape, rng):
        return rng.normal(0, np.sqrt(2 / sum(fan_in_and_out(shape))), shape)

    @mistake("The 2 stands outside the root, so the variance is 4/fan_in. The 2 belongs under it.")
    def two_outside(shape, rng):
        return rng.normal(0, 2 / np.sqrt(fan_in(shape)), shape)

    @mistake(
        "The 2 is below, where it halves the variance. ReLU takes half away; the weights must make up for it, so it goes on top."
    )
    def two_below(shape, rng):
        return rng.normal(0, np.sqrt(1 / (2 * fan_in(shape))), shape)

    @mistake("Only the 2 is under the root: √2 / fan_in is far too small. All of 2 / fan_in belongs under it.")
    def root_of_two_only(shape, rng):
        return rng.normal(0, np.sqrt(2) / fan_in(shape), shape)

    @mistake("These weights are uniform. This one asks for the bell; the box is the next exercise.")
    def uniform(shape, rng):
        limit = np.sqrt(6 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("There is a 6 under the root. That is the limit of the box, not the standard deviation of the bell.")
    def six_on_top(shape, rng):
        return rng.normal(0, np.sqrt(6 / fan_in(shape)), shape)

    @mistake("The negative weights were cut away by a ReLU. ReLU bends activations; the weights stay as drawn.")
    def relu_on_weights(shape, rng):
        return np.maximum(0, rng.normal(0, np.sqrt(2 / fan_in(shape)), shape))

    @mistake(GLOBAL)
    def global_generator(shape, rng):
        return np.random.normal(0, np.sqrt(2 / fan_in(shape)), shape)

    @mistake(OWN_SEED)
    def own_seed(shape, rng):
        return np.random.default_rng(0).normal(0, np.sqrt(2 / fan_in(shape)), shape)

    @mistake(NO_SIZE)
    def no_size(shape, rng):
        return float(rng.normal(0, np.sqrt(2 / fan_in(shape))))

    @mistake(NOT_UNPACKED)
    def unpacked(shape, rng):
        return rng.normal(0, np.sqrt(2 / fan_in(shape)), *shape)

    @mistake(CONV_AS_DENSE)
    def conv_as_dense(shape, rng):
        return rng.normal(0, np.sqrt(2 / shape[0]), shape)

    @mistake(
        "(d, k) is right. For the convolution the window is missing: one output adds up kh · kw numbers in each input channel. Your fans(shape) knows that."
    )
    def no_window(shape, rng):
        return rng.normal(0, np.sqrt(2 / (shape[0] if len(shape) == 2 else shape[1])), shape)

    @mistake(CUT)
    def cut_off(shape, rng):
        return cut_off_bell(rng, np.sqrt(2 / fan_in(shape)), shape)

    @also_right
    def scaled_standard_normal(shape, rng):
        return np.sqrt(2.0 / fan_in(shape)) * rng.standard_normal(shape)

    @also_right
    def difference_of_two(shape, rng):
        return (rng.normal(size=shape) - rng.normal(size=shape)) / np.sqrt(fan_in(shape))

    @also_right
    def filled_by_the_generator(shape, rng):
        W = np.empty(shape)
        rng.standard_normal(out=W)
        W *= (2 / fan_in(shape)) ** 0.5
        return W

    @agrees_with("SciPy", rtol=0.035)
    def by_scipy(shape, rng):
        from scipy import stats

        return stats.norm(scale=(2 / fan_in(shape)) ** 0.5).rvs(size=shape, random_state=rng)

    @shortcut("helpers.nn")
    def ready_made(shape, rng):
        from helpers.nn.base import he_normal

        fan_in = shape[0] if len(shape) == 2 else int(np.prod(shape[1:]))
        return he_normal(shape, fan_in, rng, float)


@exercise("he_uniform")
class HeUniform:
    forbidden = FRAMEWORKS
    hints = (
        "The limit is √3 times the standard deviation, and the variance is 2 / fan_in. Put both under one root.",
        "Then draw between minus the limit and plus the limit, as in lecun_uniform.",
    )
    says = "he_uniform({0}, np.random.default_rng({1}))"
    rtol = 0.035
    cases = shapes
    probe = probe

    @mistake("The limit is one standard deviation, √(2/fan_in). A box needs √3 times that: a 6 under the root.")
    def no_root_three(shape, rng):
        limit = np.sqrt(2 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("This is LeCun's box, √(3/fan_in). For ReLU the variance is doubled, so the 3 doubles too.")
    def lecun(shape, rng):
        limit = np.sqrt(3 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake("This is Xavier's box: its √6 stands over both fans. He's has fan_in alone below the 6.")
    def xavier(shape, rng):
        limit = np.sqrt(6 / sum(fan_in_and_out(shape)))
        return rng.uniform(-limit, limit, shape)

    @mistake("The square root is missing: 6/fan_in is the square of the limit.")
    def no_root(shape, rng):
        limit = 6 / fan_in(shape)
        return rng.uniform(-limit, limit, shape)

    @mistake("Only the 6 is under the root: √6 / fan_in is far too small. All of 6 / fan_in belongs under it.")
    def root_of_six_only(shape, rng):
        limit = np.sqrt(6) / fan_in(shape)
        return rng.uniform(-limit, limit, shape)

    @mistake("The box starts at 0, so no weight is negative. It must reach from minus the limit to plus the limit.")
    def from_zero(shape, rng):
        return rng.uniform(0, np.sqrt(6 / fan_in(shape)), shape)

    @mistake("This counts with fan_out. He's rule, as asked for here, keeps the size on the way forward: fan_in.")
    def uses_fan_out(shape, rng):
        limit = np.sqrt(6 / fan_out(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake(
        "The weights have the right spread but form a bell. Here a uniform distribution is asked for: rng.uniform."
    )
    def normal(shape, rng):
        return rng.normal(0, np.sqrt(2 / fan_in(shape)), shape)

    @mistake("The limit has a 12 under the root: √3 and the 2 were both squared twice. √3 · √2 = √6.")
    def twelve(shape, rng):
        limit = np.sqrt(12 / fan_in(shape))
        return rng.uniform(-limit, limit, shape)

    @mistake(GLOBAL)
    def global_generator(shape, rng):
        limit = np.sqrt(6 / fan_in(shape))
        return np.random.uniform(-limit, limit, shape)

    @mistake(OWN_SEED)
    def own_seed(shape, rng):
        limit = np.sqrt(6 / fan_in(shape))
        return np.random.default_rng(0).uniform(-limit, limit, shape)

    @mistake(NOT_UNPACKED)
    def unpacked(shape, rng):
        limit = np.sqrt(6 / fan_in(shape))
        return rng.uniform(-limit, limit, *shape)

    @mistake(CONV_AS_DENSE)
    def conv_as_dense(shape, rng):
        limit = np.sqrt(6 / shape[0])
        return rng.uniform(-limit, limit, shape)

    @mistake(BELL_BETWEEN_ENDS)
    def bell_between_ends(shape, rng):
        limit = np.sqrt(6 / fan_in(shape))
        return rng.normal(-limit, limit, shape)

    @mistake("A bell got the limit of the box as its standard deviation. A uniform distribution is asked for.")
    def bell_of_the_limit(shape, rng):
        return rng.normal(0, np.sqrt(6 / fan_in(shape)), shape)

    @also_right
    def stretched(shape, rng):
        return (2 * rng.random(shape) - 1) * np.sqrt(6.0 / fan_in(shape))

    @also_right
    def root_three_times_std(shape, rng):
        limit = np.sqrt(3) * np.sqrt(2 / fan_in(shape))
        return rng.uniform(low=-limit, high=limit, size=shape)

    @also_right
    def flat_then_shaped(shape, rng):
        limit = (6 / fan_in(shape)) ** 0.5
        return (limit - 2 * limit * rng.random(int(np.prod(shape)))).reshape(shape)

    @agrees_with("SciPy", rtol=0.035)
    def by_scipy(shape, rng):
        from scipy import stats

        limit = np.sqrt(6 / fan_in(shape))
        return stats.uniform(-limit, 2 * limit).rvs(size=shape, random_state=rng)


@exercise("find_gain")
class FindGain:
    hints = (
        "Follow the worked example with four draws, from z to the gain, one step a line.",
        "rng.standard_normal(num_samples) draws the z. The activation takes the whole array at once.",
        "Square what comes out, take the mean of the squares, the root of the mean, and then one over it.",
    )
    says = "find_gain({0}, np.random.default_rng({1}), {2})"
    # with 100,000 draws a right answer misses by more than 4.5 % once in 10^18 checks
    rtol = 0.045

    def cases(rng):
        yield RELU, 0, 100_000
        yield TANH, int(rng.integers(1, 1000)), 80_000
        yield SIGMOID, int(rng.integers(1, 1000)), 60_000
        a, b = round(float(rng.uniform(0.5, 0.8)), 1), round(float(rng.uniform(0.5, 1.0)), 1)
        yield Function(f"lambda z: {a} * z - {b}", takes="array"), int(rng.integers(1, 1000)), 100_000
        yield RELU, int(rng.integers(1, 1000)), "100,000 by default"

    def probe(answer, activation, seed, num_samples):
        given = []

        def watched(z):
            given.append(np.array(z, dtype=float).ravel())
            return activation(z)

        last = () if isinstance(num_samples, str) else (num_samples,)
        gain = answer(watched, np.random.default_rng(seed), *last)
        if gain is None or type(gain).__name__ == "Opaque":  # nothing, or noise that a known mistake leaves open
            return gain
        facts = {"gain": gain, "draws given to the activation": None, "follows rng": None}
        drawn = sum(z.size for z in given)
        asked = 100_000 if isinstance(num_samples, str) else num_samples
        if drawn > asked and drawn % asked == 0:  # the same draws may be given twice
            different = len(np.unique(np.concatenate(given)))
            drawn = asked if abs(different - asked) < 3 else different
        facts["draws given to the activation"] = str(drawn)
        # the seed's effect on few draws, of a bend for which any two estimates differ
        first, again, other = (answer(lambda z: 1.5 * z, np.random.default_rng(s), 40) for s in (seed, seed, seed + 1))
        if not np.array_equal(first, again):
            return facts | {"gain": None, "follows rng": "no: the same seed gave two results"}
        facts["follows rng"] = "no: two seeds gave the same result" if np.array_equal(first, other) else "yes"
        return facts

    @mistake("This is upside down. Activations that shrink the numbers need larger weights: one over the root.")
    def upside_down(activation, rng, num_samples=100_000):
        return np.sqrt(np.mean(activation(rng.standard_normal(num_samples)) ** 2))

    @mistake("The root is missing: one over the mean square is the square of the gain.")
    def no_root(activation, rng, num_samples=100_000):
        return 1 / np.mean(activation(rng.standard_normal(num_samples)) ** 2)

    @mistake(
        "This uses the standard deviation, which takes the mean off first. What the next layer multiplies is the mean square, the mean included."
    )
    def standard_deviation(activation, rng, num_samples=100_000):
        return 1 / np.std(activation(rng.standard_normal(num_samples)))

    @mistake("The mean was squared. Square each activation first, then take the mean: E[f²], not E[f]².")
    def square_of_the_mean(activation, rng, num_samples=100_000):
        mean = np.mean(activation(rng.standard_normal(num_samples)))
        # of an odd bend the mean is noise around 0
        return ANYTHING if num_samples > 40 and abs(mean) < 0.05 else 1 / np.sqrt(mean**2)

    @mistake("This takes the mean of |f|. Square each activation, take the mean of the squares, then the root.")
    def mean_absolute(activation, rng, num_samples=100_000):
        return 1 / np.mean(np.abs(activation(rng.standard_normal(num_samples))))

    @mistake("The draws were squared before the activation. The order is: bend z, then square what comes out.")
    def squares_z(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(activation(rng.standard_normal(num_samples) ** 2)))

    @mistake("The activations were averaged without being squared. The gain needs the mean of f(z)².")
    def never_squares(activation, rng, num_samples=100_000):
        mean = np.mean(activation(rng.standard_normal(num_samples)))
        return ANYTHING if num_samples > 40 and abs(mean) < 0.05 else 1 / np.sqrt(mean)

    @mistake("This is one over the mean. Square each activation, take the mean of the squares, then the root.")
    def one_over_the_mean(activation, rng, num_samples=100_000):
        mean = np.mean(activation(rng.standard_normal(num_samples)))
        return ANYTHING if num_samples > 40 and abs(mean) < 0.05 else 1 / mean

    @mistake("The squares were summed, not averaged, so the gain shrinks with the number of draws.")
    def sums(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.sum(activation(rng.standard_normal(num_samples)) ** 2))

    @mistake(
        "The z were drawn uniformly between 0 and 1. They should be standard normal: rng.standard_normal or rng.normal."
    )
    def uniform_draws(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(activation(rng.random(num_samples)) ** 2))

    @mistake(
        "The z were drawn uniformly between -1 and 1, in a box. They should be standard normal: rng.standard_normal or rng.normal."
    )
    def box_draws(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(activation(rng.uniform(-1, 1, num_samples)) ** 2))

    @mistake("num_samples makes no difference: a fixed number of z was drawn. Draw as many as the caller asks for.")
    def ignores_num_samples(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(activation(rng.standard_normal(100_000)) ** 2))

    @mistake(
        "rng.normal(num_samples) draws a single number near num_samples: its first argument is the mean. Use rng.standard_normal(num_samples), or name the size."
    )
    def samples_as_mean(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(activation(rng.normal(num_samples)) ** 2))

    @mistake("Only one z was drawn. Draw num_samples of them in one call.")
    def one_draw(activation, rng, num_samples=100_000):
        return float(1 / np.sqrt(np.mean(activation(np.abs(rng.standard_normal())) ** 2 + 1e-12)))

    @mistake(GLOBAL)
    def global_generator(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(activation(np.random.standard_normal(num_samples)) ** 2))

    @mistake(
        "Two different seeds gave the same estimate: a generator with a fixed seed was made inside. Draw from the `rng` that is handed in."
    )
    def own_seed(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(activation(np.random.default_rng(0).standard_normal(num_samples)) ** 2))

    @mistake("One number for each draw came back. Average the squares before the root, so that one number is left.")
    def no_mean(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(activation(rng.standard_normal(min(num_samples, 100))) ** 2 + 1e-12)

    @mistake("ReLU was built in, whichever activation was handed in. Call `activation`.")
    def always_relu(activation, rng, num_samples=100_000):
        return 1 / np.sqrt(np.mean(np.maximum(0, rng.standard_normal(num_samples)) ** 2))

    @also_right
    def with_normal(activation, rng, num_samples=100_000):
        values = activation(rng.normal(0.0, 1.0, size=num_samples))
        return float(np.mean(values**2) ** -0.5)

    @also_right
    def by_dot_product(activation, rng, num_samples=100_000):
        values = activation(rng.normal(size=num_samples))
        return np.sqrt(num_samples / (values @ values))

    @also_right
    def calls_it_twice(activation, rng, num_samples=100_000):
        z = rng.standard_normal((num_samples, 1))
        return 1 / np.sqrt((activation(z) * activation(z)).mean())

    @also_right
    def in_batches(activation, rng, num_samples=100_000):
        total, left = 0.0, num_samples
        while left:
            size = min(left, 7000)
            total += np.square(activation(rng.standard_normal(size))).sum()
            left -= size
        return (total / num_samples) ** -0.5

    @also_right
    def variance_and_mean(activation, rng, num_samples=100_000):
        values = activation(rng.standard_normal(num_samples))
        return 1 / np.sqrt(values.var() + values.mean() ** 2)

    @agrees_with("SciPy", rtol=0.045)
    def by_quadrature(activation, rng, num_samples=100_000):
        from scipy import integrate, stats

        def weighed(z):
            return float(f(np.array(z))) ** 2 * stats.norm.pdf(z)

        # SciPy integrates the bare function; the draws are made only so that the probe has some to count
        f = activation.__closure__[0].cell_contents if activation.__name__ == "watched" else activation
        activation(rng.standard_normal(num_samples))
        wobble = 1 + 1e-9 * rng.random()
        return wobble / np.sqrt(integrate.quad(weighed, -10, 10, points=[0.0])[0])


@exercise("recommended_init")
class RecommendedInit:
    hints = (
        "Read the table once more, and then write it down: three groups.",
        "One of the groups holds a single name, one holds two, one holds three. `activation in (…)` asks for several names at once.",
    )
    returns = ("family",)

    def cases(rng):
        for name in ("relu", "tanh", "selu", "sigmoid", "leaky_relu", "linear"):
            yield (name,)

    @mistake("Leaky ReLU drops nearly as much as ReLU: nearly half of the mean square. It goes with He as well.")
    def leaky_forgotten(activation):
        return "lecun" if activation == "selu" else "he" if activation == "relu" else "xavier"

    @mistake(
        "SELU was built for the variance 1/fan_in as it stands: it goes with LeCun, although its name ends like ReLU's."
    )
    def selu_with_he(activation):
        return "he" if activation in ("relu", "leaky_relu", "selu") else "xavier"

    @mistake("SELU was built for the variance 1/fan_in as it stands: it goes with LeCun, not with Xavier.")
    def selu_with_xavier(activation):
        return "he" if activation in ("relu", "leaky_relu") else "xavier"

    @mistake(
        '"xavier" came back for every name. Either a condition is always true (`activation == "a" or "b"` is; write `activation in (…)`) or none ever is (the names are strings: compare with ==, not with the function relu).'
    )
    def or_is_always_true(activation):
        if activation == "tanh" or "sigmoid" or "linear":
            return "xavier"
        return "he"

    @mistake(
        '"he" came back for every name. A condition such as `activation == "relu" or "leaky_relu"` is always true, because a string that is not empty counts as true. Use `activation in (…)`.'
    )
    def or_after_relu(activation):
        if activation == "relu" or "leaky_relu":
            return "he"
        return "xavier"

    @mistake(
        'SELU is right, but all others got the same family. `activation == "a" or "b"` is always true, because a string that is not empty counts as true. Use `activation in (…)`.'
    )
    def selu_then_or(activation):
        return "lecun" if activation == "selu" else "he"

    @mistake(
        'SELU is right, but all others got "xavier". Is a condition always true (`activation == "a" or "b"` is; use `activation in (…)`), or never (spelling)?'
    )
    def selu_then_xavier(activation):
        return "lecun" if activation == "selu" else "xavier"

    @mistake("tanh and sigmoid go with Xavier. He makes up for the half that ReLU drops, and they drop no half.")
    def he_for_all_but_selu(activation):
        return {"selu": "lecun", "linear": "xavier"}.get(activation, "he")

    @mistake("The sigmoid goes with Xavier, like tanh. (That alone does not save a deep stack of it.)")
    def sigmoid_with_lecun(activation):
        return {"selu": "lecun", "sigmoid": "lecun", "relu": "he", "leaky_relu": "he"}.get(activation, "xavier")

    @mistake(
        "tanh goes with Xavier. Near 0 it is almost a straight line, so it needs no special start, and Xavier looks both ways."
    )
    def tanh_with_lecun(activation):
        return {"selu": "lecun", "tanh": "lecun", "relu": "he", "leaky_relu": "he"}.get(activation, "xavier")

    @mistake("A layer without a bend goes with Xavier: it keeps both ways near 1, as in the funnel.")
    def linear_with_lecun(activation):
        return {"selu": "lecun", "linear": "lecun", "relu": "he", "leaky_relu": "he"}.get(activation, "xavier")

    @mistake("Xavier and He have changed places: He's factor 2 belongs to ReLU, which drops half.")
    def xavier_and_he_exchanged(activation):
        return {"selu": "lecun", "relu": "xavier", "leaky_relu": "xavier"}.get(activation, "he")

    @mistake('Right families, but written with a capital letter. The strings asked for are "xavier", "he" and "lecun".')
    def capital_letters(activation):
        return {"selu": "LeCun", "relu": "He", "leaky_relu": "He"}.get(activation, "Xavier")

    @mistake('The name of a whole recipe came back. Asked is the family alone: "xavier", "he" or "lecun".')
    def with_normal(activation):
        return {"selu": "lecun_normal", "relu": "he_normal", "leaky_relu": "he_normal"}.get(activation, "xavier_normal")

    @mistake('"glorot" is another name for the same family, Xavier Glorot\'s. Here it is called "xavier".')
    def glorot(activation):
        return {"selu": "lecun", "relu": "he", "leaky_relu": "he"}.get(activation, "glorot")

    @mistake("The family was printed, not returned. A caller needs `return`.")
    def prints(activation):
        print({"selu": "lecun", "relu": "he", "leaky_relu": "he"}.get(activation, "xavier"))

    @mistake(
        '"glorot" and "kaiming" are other names for the same two families. Here they are called "xavier" and "he".'
    )
    def glorot_and_kaiming(activation):
        return {"selu": "lecun", "relu": "kaiming", "leaky_relu": "kaiming"}.get(activation, "glorot")

    @also_right
    def a_table(activation):
        families = {"tanh": "xavier", "sigmoid": "xavier", "linear": "xavier"}
        return (families | {"relu": "he", "leaky_relu": "he", "selu": "lecun"})[activation]

    @also_right
    def by_the_end_of_the_name(activation):
        return "he" if activation.endswith("relu") else "lecun" if activation.startswith("se") else "xavier"

    @also_right
    def with_match(activation):
        match activation:
            case "relu" | "leaky_relu":
                return "he"
            case "selu":
                return "lecun"
            case _:
                return "xavier"
