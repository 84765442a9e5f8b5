from itertools import count

import numpy as np

from course.checks import ANYTHING, FRAMEWORKS, agrees_with, also_right, exercise, mistake, shortcut

OWN_SEEDS = count(1000)  # of a mistake that takes no heed of rng: others in each call, the same in each build


def numbers(rng, *shape, low=-2.0, high=2.0):
    """Readable random numbers, one decimal each, none of them 0."""
    drawn = np.round(rng.uniform(low, high, size=shape), 1)
    return np.where(drawn == 0, 0.3, drawn)


def whole(rng, *shape, low=1, high=6):
    return rng.integers(low, high, size=shape) * rng.choice([-1, 1], size=shape)


@exercise("collapse_linear_layers")
class CollapseLinearLayers:
    hints = (
        "Write the two layers into each other: (X W1 + b1) W2 + b2. Multiply the bracket out.",
        "What stands next to X is the new W. Everything without X is the new b: there are two terms.",
        "b1 goes through the second layer like anything else, so it is multiplied by W2; then b2 is added.",
    )
    returns = ("W", "b")

    def cases(rng):
        yield np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), np.array([1.0, -2.0]), np.array([[2.0, 0.0, 1.0, 1.0], [1.0, 3.0, -1.0, 0.5]]), np.array([10.0, 20.0, 30.0, 40.0])
        for d, h, k in ((4, 3, 2), (2, 5, 3), (3, 3, 3)):
            yield numbers(rng, d, h), numbers(rng, h), numbers(rng, h, k), numbers(rng, k)
        yield whole(rng, 2, 3), whole(rng, 3), numbers(rng, 3, 4), numbers(rng, 4)
        yield numbers(rng, 1, 2), numbers(rng, 2), numbers(rng, 2, 1), numbers(rng, 1)

    @mistake("W is right. In b, b1 was added as it is; but it goes through the second layer too, so it is multiplied by W2 first.")
    def adds_biases(W1, b1, W2, b2):
        return W1 @ W2, b1 + b2

    @mistake("W is right, but b2 is missing in b: after the second product it is added.")
    def forgets_b2(W1, b1, W2, b2):
        return W1 @ W2, b1 @ W2

    @mistake("W is right, but only b2 is left of the biases. b1 goes through the second layer: b1 times W2.")
    def forgets_b1(W1, b1, W2, b2):
        return W1 @ W2, b2 * 1.0

    @mistake("The order of the product is the wrong way round. X meets W1 first: W1 @ W2.")
    def wrong_order(W1, b1, W2, b2):
        return W2 @ W1, b1 @ W2 + b2

    @mistake("* multiplies entry by entry. One layer after another is a matrix product: @.")
    def entrywise(W1, b1, W2, b2):
        return W1 * W2, b1 @ W2 + b2

    @mistake("b2 went through a layer that stands before it: b2 is added at the end, as it is.")
    def b2_through(W1, b1, W2, b2):
        return W1 @ W2, b1 @ W2 + b2 @ W2.T @ W2

    @mistake("b1 met W1, but it is added after W1 has done its work. What comes next is W2: b1 @ W2.")
    def b1_through_w1(W1, b1, W2, b2):
        return W1 @ W2, W1 @ b1 + b2

    @mistake("W came out turned over. W1 (d, h) times W2 (h, k) is (d, k), as it should be.")
    def transposed(W1, b1, W2, b2):
        return (W1 @ W2).T, b1 @ W2 + b2

    @mistake("A ReLU was put in between. Here nothing stands between the layers; that is why they collapse.")
    def with_relu(W1, b1, W2, b2):
        return np.maximum(W1, 0) @ W2, np.maximum(b1, 0) @ W2 + b2

    @mistake("The weights were added. They are multiplied: what comes out of the first layer is multiplied by W2.")
    def adds_weights(W1, b1, W2, b2):
        return W1 + W2, b1 @ W2 + b2

    @mistake("b was returned first. The order is W, then b.")
    def exchanged(W1, b1, W2, b2):
        return b1 @ W2 + b2, W1 @ W2 * 1.0

    @mistake("b has shape (1, k). It should have shape (k,), like b2.")
    def row_bias(W1, b1, W2, b2):
        return W1 @ W2, (b1 @ W2 + b2)[None, :]

    @also_right
    def by_probing(W1, b1, W2, b2):
        both = lambda X: (X @ W1 + b1) @ W2 + b2
        b = both(np.zeros((1, len(W1))))[0]
        return both(np.eye(len(W1))) - b, b

    @also_right
    def by_blocks(W1, b1, W2, b2):
        one = np.block([[W1, np.zeros((len(W1), 1))], [b1[None, :], np.ones((1, 1))]])
        both = one @ np.vstack([W2, b2])
        return both[:-1], both[-1]

    @also_right
    def with_einsum(W1, b1, W2, b2):
        return [np.einsum("dh,hk->dk", W1, W2), np.einsum("h,hk->k", b1, W2) + b2]

    @agrees_with("SymPy", rtol=1e-9)
    def by_sympy(W1, b1, W2, b2):
        import sympy as sp

        m = [sp.Matrix(np.atleast_2d(np.asarray(v, dtype=float)).tolist()) for v in (W1, b1, W2, b2)]
        return np.array((m[0] * m[2]).tolist(), dtype=float), np.array((m[1] * m[2] + m[3]).tolist(), dtype=float)[0]


@exercise("sigmoid")
class Sigmoid:
    forbidden = (*FRAMEWORKS, "scipy.special.expit", "scipy.special.log_expit", "scipy.stats.logistic")
    hints = (
        "The formula is right everywhere; the trouble is exp of a large positive number. For which x does exp(−x) get large, and is there another form for those?",
        "For x ≥ 0 use 1 / (1 + exp(−x)). For x < 0 use exp(x) / (1 + exp(x)). Both have exp of a number that is 0 or less: exp(−|x|).",
        "np.where computes both branches for all entries, so neither may overflow: compute e = np.exp(−np.abs(x)) once, and use 1/(1 + e) or e/(1 + e). Or look for a formula with np.tanh.",
    )
    returns = ("s",)
    no_warnings = True

    equivalent = {
        "line 9: >= becomes > in x > 0": "at 0 both forms give one half",
    }

    def cases(rng):
        yield np.array([0.0, 1.0, -2.0])
        yield numbers(rng, 3, 4, low=-6, high=6)
        yield np.array([1000.0, -1000.0, 30.0, -30.0])
        yield whole(rng, 2, 3)
        yield np.array([[-750.5]])
        yield np.array([-20.0, -5.5, 5.5, 20.0])

    @mistake("The values are right, but exp overflows for x = −1000 and NumPy warns. Only take exp of numbers that are 0 or less: exp(−|x|). (np.where alone does not help: it computes both branches for every entry.)")
    def overflows(x):
        return 1 / (1 + np.exp(-x))

    @mistake("exp(x) / (1 + exp(x)) becomes inf / inf, which is nan, for large x. Only take exp of numbers that are 0 or less: exp(−|x|).")
    def overflows_on_the_right(x):
        e = np.exp(x)
        return e / (1 + e)

    @mistake("The sign in the exponent is turned: this falls from 1 to 0. The sigmoid climbs: exp(−x).")
    def falls(x):
        e = np.exp(-np.abs(x))
        return np.where(np.asarray(x) >= 0, e, 1.0) / (1 + e)

    @mistake("The sign in the exponent is turned: this falls from 1 to 0. The sigmoid climbs: exp(−x). (And exp of 1000 overflows; that comes next.)")
    def falls_and_overflows(x):
        return 1 / (1 + np.exp(x))

    @mistake("Below the line stands a sum, 1 + exp(−x). With 1 − exp(−x) it is divided by 0 at x = 0.")
    def minus_below(x):
        return 1 / (1 - np.exp(-x))

    @mistake("x = 0 fell between the two branches: one of them needs >= or <=. The sigmoid of 0 is 0.5.")
    def hole_at_zero(x):
        e = np.exp(-np.abs(x))
        return np.where(x > 0, 1 / (1 + e), np.where(x < 0, e / (1 + e), 0.0))

    @mistake("The result took over the whole numbers of x, and every fraction was cut off (np.zeros_like and np.piecewise do that). np.zeros(x.shape) holds floats.")
    def keeps_whole_numbers(x):
        out = np.zeros_like(x)
        out[...] = 0.5 * (1 + np.tanh(x / 2))
        return out

    @mistake("tanh(x / 2) runs from −1 to 1. Lift it by 1 and halve it: (1 + tanh(x / 2)) / 2.")
    def tanh_of_half(x):
        return np.tanh(x / 2)

    @mistake("This is tanh, from −1 to 1. The sigmoid runs from 0 to 1.")
    def is_tanh(x):
        return np.tanh(x)

    @mistake("tanh(x) was squeezed into 0 … 1, which climbs twice as fast: use tanh(x / 2).")
    def tanh_of_x(x):
        return (1 + np.tanh(x)) / 2

    @mistake("This is the slope of the sigmoid, s · (1 − s). Asked is s itself.")
    def its_slope(x):
        s = (1 + np.tanh(np.asarray(x) / 2)) / 2
        return s * (1 - s)

    @mistake("x was cut off at ±5 or so before the exp. That is safe, but wrong: the sigmoid of 20 is much nearer to 1.")
    def clipped(x):
        return 1 / (1 + np.exp(-np.clip(x, -5, 5)))

    @mistake("x was cut off at ±20 before the exp. That is safe, but the sigmoid of −30 is ten thousand times smaller than that of −20.")
    def clipped_at_20(x):
        return 1 / (1 + np.exp(-np.clip(x, -20, 20)))

    @mistake("For negative x the branch is e / (1 + e) with e = exp(−|x|): the 1 on top belongs to positive x only.")
    def one_branch(x):
        return 1 / (1 + np.exp(-np.abs(x)))

    @mistake("The answer was rounded to 0 or 1. The sigmoid is smooth.")
    def rounded(x):
        return (np.asarray(x) > 0) * 1.0

    @mistake("The entries were made to sum to one, as in the softmax. The sigmoid looks at each number by itself.")
    def is_softmax(x):
        e = np.exp(x - np.max(x))
        return e / e.sum()

    @also_right
    def by_sign(x):
        e = np.exp(-np.abs(x))
        return np.where(np.asarray(x) >= 0, 1.0, e) / (1 + e)

    @also_right
    def by_tanh(x):
        return 0.5 * (1 + np.tanh(np.asarray(x) / 2))

    @also_right
    def by_masks(x):
        out = np.empty(np.shape(x))
        for i, v in np.ndenumerate(x):
            out[i] = 1 / (1 + np.exp(-v)) if v >= 0 else np.exp(float(v)) / (1 + np.exp(float(v)))
        return out

    @also_right
    def by_logaddexp(x):
        return np.exp(-np.logaddexp(0, -np.asarray(x, dtype=float)))

    @agrees_with("SciPy")
    def by_scipy(x):
        from scipy.special import expit

        return expit(np.asarray(x, dtype=float))

    @shortcut("scipy.special.expit")
    def scipys_expit(x):
        from scipy import special

        return special.expit(np.asarray(x, dtype=float))

    @shortcut("helpers.nn")
    def ready_made(x):
        from helpers import nn

        return nn.Sigmoid().forward(x)


@exercise("softmax")
class Softmax:
    forbidden = (*FRAMEWORKS, "scipy.special.softmax", "scipy.special.log_softmax", "scipy.special.logsumexp", "sklearn.utils")
    hints = (
        "Subtracting the same number from all logits of a row changes nothing in the end. Which number makes every exponent 0 or less?",
        "Per row: the largest logit is subtracted, then exp, then divided by the row's sum.",
        "axis=1 with keepdims=True keeps the maxima and the sums as a column, which fits to the rows.",
    )
    returns = ("probabilities",)
    no_warnings = True

    def cases(rng):
        yield np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
        yield numbers(rng, 4, 3)
        yield numbers(rng, 3, 3)
        yield whole(rng, 2, 5)
        yield np.array([[1000.0, 0.0, 999.0, -1000.0], [-1000.0, -1000.0, -1001.0, -1003.0]])
        # the largest logit, of the row or of all, and the largest size: each of them fails on others of these
        yield np.array([[1000.0, 999.0, 0.0], [100.0, 99.0, 97.0]])
        yield np.array([[-1000.0, -999.0, -998.0], [-900.0, -901.0, -903.0]])
        yield numbers(rng, 1, 4)
        yield numbers(rng, 3, 1)

    @mistake("exp of 1000 overflows, and inf / inf is nan. Subtract each row's largest logit first.")
    def overflows(logits):
        e = np.exp(logits)
        return e / e.sum(axis=1, keepdims=True)

    @mistake("The largest logit of the whole table was subtracted. A row far below it vanishes: 0 / 0. Each row needs its own maximum.")
    def one_maximum(logits):
        e = np.exp(logits - np.max(logits))
        return e / e.sum(axis=1, keepdims=True)

    @mistake("The largest size was subtracted, without its sign. In a row of negative logits that moves all of them further down, until every exp is 0. Subtract the largest logit itself.")
    def largest_size(logits):
        e = np.exp(logits - np.abs(logits).max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    @mistake("The largest size in the whole table was subtracted, without its sign. Each row needs a shift of its own, and its sign: the row's largest logit.")
    def largest_size_of_all(logits):
        e = np.exp(logits - np.abs(logits).max())
        return e / e.sum(axis=1, keepdims=True)

    @mistake("The columns sum to one. The classes of one example stand in a row: axis=1.")
    def down_the_columns(logits):
        e = np.exp(logits - np.max(logits, axis=0))
        return e / e.sum(axis=0)

    @mistake("The columns sum to one. The classes of one example stand in a row: axis=1 in the sum as well.")
    def sums_down_the_columns(logits):
        e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        return e / e.sum(axis=0)

    @mistake("The columns sum to one, and exp of 1000 overflows. The classes of one example stand in a row: axis=1. Subtract each row's largest logit first.")
    def down_the_columns_and_overflows(logits):
        e = np.exp(logits)
        return e / e.sum(axis=0)

    @mistake("The maxima were taken down the columns. Then each class is shifted by another number, which changes the result. One number for each row: axis=1, keepdims=True.")
    def maxima_of_columns(logits):
        e = np.exp(logits - np.max(logits, axis=0))
        return e / e.sum(axis=1, keepdims=True)

    @mistake("Each row's smallest logit was subtracted, so the exponents are 0 or more, and 2000 overflows. Subtract the largest.")
    def subtracts_the_smallest(logits):
        e = np.exp(logits - np.min(logits, axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    @mistake("Each row's mean was subtracted. Then some exponents are still large and overflow. Subtract the largest logit of the row.")
    def subtracts_the_mean(logits):
        e = np.exp(logits - np.mean(logits, axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    @mistake("The logits were cut off before the exp, so 1000 and 999 became equal. Shift the row instead: subtract its largest logit.")
    def cuts_off(logits):
        e = np.exp(np.clip(logits, -500, 500))
        return e / e.sum(axis=1, keepdims=True)

    @mistake("This is the sigmoid of each logit by itself. In the softmax the classes of a row share one whole: divide by the row's sum.")
    def is_sigmoid(logits):
        return 0.5 * (1 + np.tanh(logits / 2))

    @mistake("The logits were divided by their sum, without exp. A sum may be 0 or negative; exp makes every entry positive first.")
    def no_exp_at_all(logits):
        return logits / logits.sum(axis=1, keepdims=True)

    @mistake("The whole table sums to one. Each row is an example of its own and sums to one by itself.")
    def whole_table(logits):
        e = np.exp(logits - np.max(logits))
        return e / e.sum()

    @mistake("Everything was divided by the sum of the whole table. Each row has a sum of its own: sum(axis=1, keepdims=True).")
    def whole_table_after_a_right_shift(logits):
        e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        return e / e.sum()

    @mistake("These are sigmoids, made to sum to one. The softmax takes exp of each logit, and divides by the row's sum of these.")
    def sigmoids_that_sum_to_one(logits):
        s = 0.5 * (1 + np.tanh(logits / 2))
        return s / s.sum(axis=1, keepdims=True)

    @mistake("The row sums were laid along the columns: without keepdims=True they are a row, not a column. It runs only where n = k, and is wrong there too.")
    def no_keepdims(logits):
        e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        return e / e.sum(axis=1)

    @mistake("Maxima and sums of the rows came out as a row, which does not fit to the rows. With keepdims=True they stay a column.")
    def no_keepdims_at_all(logits):
        e = np.exp(logits - np.max(logits, axis=1))
        return e / e.sum(axis=1)

    @mistake("The maximum was subtracted below the line only, or above it only. Use the same shifted exp in both places.")
    def shifted_below_only(logits):
        z = logits - np.max(logits, axis=1, keepdims=True)
        with np.errstate(all="ignore"):
            return np.exp(logits) / np.exp(z).sum(axis=1, keepdims=True)

    @mistake("The logits were divided by their sum, without exp. Logits may be negative; exp makes them positive first.")
    def no_exp(logits):
        z = logits - np.min(logits, axis=1, keepdims=True)
        return z / np.maximum(z.sum(axis=1, keepdims=True), 1e-12)

    @mistake("These are logarithms of the probabilities. Take exp once more, or divide instead of subtracting.")
    def log_softmax(logits):
        z = logits - np.max(logits, axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    @mistake("The largest class got 1 and all others 0. The softmax is soft: every class gets its share.")
    def hardmax(logits):
        return (logits == np.max(logits, axis=1, keepdims=True)) * 1.0

    @mistake("The rows do not sum to one: after the exp, divide by the row's sum.")
    def by_the_largest(logits):
        return np.exp(logits - np.max(logits, axis=1, keepdims=True))

    @mistake("The signs are turned: the smallest logit got the largest probability. It is exp(z), not exp(−z).")
    def signs_turned(logits):
        z = np.min(logits, axis=1, keepdims=True) - logits
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    @mistake("The sign is turned after the largest was subtracted: exp(−z) of numbers that are 0 or less overflows. It is exp(z).")
    def signs_turned_after(logits):
        z = np.max(logits, axis=1, keepdims=True) - logits
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    @mistake("The probabilities are right, but the logits were changed in place (`-=`). Make a new array.")
    def in_place(logits):
        logits -= np.max(logits, axis=1, keepdims=True)
        e = np.exp(logits)
        return e / e.sum(axis=1, keepdims=True)

    @also_right
    def row_by_row(logits):
        rows = []
        for row in logits:
            e = np.exp(row - max(row))
            rows.append(e / sum(e))
        return np.array(rows)

    @also_right
    def by_logs(logits):
        total = np.logaddexp.reduce(np.asarray(logits, dtype=float), axis=1)
        return np.exp(logits - total[:, None])

    @also_right
    def by_differences(logits):
        z = np.asarray(logits, dtype=float)
        gaps = np.clip(z[:, None, :] - z[:, :, None], None, 700)
        return 1 / np.exp(gaps).sum(axis=2)

    @agrees_with("SciPy")
    def by_scipy(logits):
        from scipy.special import softmax

        return softmax(np.asarray(logits, dtype=float), axis=1)

    @shortcut("scipy.special.softmax")
    def scipys_softmax(logits):
        from scipy.special import softmax as theirs

        return theirs(logits, axis=1)

    @shortcut("sklearn.utils")
    def scikit_learns_softmax(logits):
        from sklearn.utils.extmath import softmax

        return softmax(np.asarray(logits, dtype=float))


@exercise("one_hot")
class OneHot:
    forbidden = (*FRAMEWORKS, "sklearn.preprocessing", "pandas.get_dummies")
    hints = (
        "Start from a table of zeros with one row for each label. Which entry of row i becomes 1?",
        "Row i, column labels[i]. A loop does it; or index with two arrays at once: the row numbers and the labels.",
        "np.eye(num_classes) has each class's row ready: pick rows by the labels.",
    )
    returns = ("table",)

    def cases(rng):
        yield np.array([2, 0, 1]), 4
        yield rng.integers(0, 5, 7), 6
        yield np.array([1, 1, 0]), 3
        yield np.array([3]), 5
        yield np.array([0, 0]), 2
        yield rng.integers(0, 3, 3), 3

    @mistake("The table lies on its side: one row for each label, one column for each class, shape (n, num_classes).")
    def on_its_side(labels, num_classes):
        return np.eye(num_classes)[labels].T

    @mistake("The number of classes was taken from the largest label. A batch need not hold every class: use num_classes.")
    def from_the_labels(labels, num_classes):
        return np.eye(labels.max() + 1)[labels]

    @mistake("out[:, labels] = 1 fills whole columns. Row i gets one 1, at labels[i]: out[np.arange(n), labels].")
    def whole_columns(labels, num_classes):
        out = np.zeros((len(labels), num_classes))
        out[:, labels] = 1
        return out

    @mistake("The 1 stands one place too far left. Labels count from 0, and so do columns.")
    def one_to_the_left(labels, num_classes):
        return np.eye(num_classes)[labels - 1]

    @mistake("The table holds whole numbers. Make it floats (np.zeros makes floats by itself): it will be subtracted from probabilities.")
    def whole_numbers(labels, num_classes):
        return np.eye(num_classes, dtype=int)[labels]

    @mistake("The table holds True and False. Turn it into floats: (…).astype(float).")
    def booleans(labels, num_classes):
        return labels[:, None] == np.arange(num_classes)

    @mistake("Zeros and ones have changed places: 1 stands at the label, 0 elsewhere.")
    def turned_round(labels, num_classes):
        return 1 - np.eye(num_classes)[labels]

    @mistake("The label itself was written into the table. A 1 is written, at the label's place.")
    def the_label_itself(labels, num_classes):
        return np.eye(num_classes)[labels] * labels[:, None]

    @mistake("The rows are sorted by class, or stand in another order. Row i belongs to label i.")
    def sorted_rows(labels, num_classes):
        return np.eye(num_classes)[np.sort(labels)]

    @mistake("The columns are the labels that occur (np.unique). A batch need not hold every class: there is a column for each of the num_classes.")
    def of_those_that_occur(labels, num_classes):
        return (labels[:, None] == np.unique(labels)) * 1.0

    @mistake("There is one column too many. num_classes counts them all, class 0 too.")
    def one_column_too_many(labels, num_classes):
        return np.eye(num_classes + 1)[labels]

    @mistake("Only the first row was filled. Is the `return` inside the loop? Move it one step to the left.")
    def returns_too_early(labels, num_classes):
        out = np.zeros((len(labels), num_classes))
        out[0, labels[0]] = 1
        return out

    @mistake("The identity matrix came back, whatever the labels are. Pick its rows by the labels.")
    def identity(labels, num_classes):
        return np.eye(len(labels), num_classes)

    @also_right
    def by_loop(labels, num_classes):
        out = np.zeros((len(labels), num_classes))
        for i, label in enumerate(labels):
            out[i, label] = 1
        return out

    @also_right
    def by_comparison(labels, num_classes):
        return np.where(labels[:, None] == np.arange(num_classes)[None, :], 1.0, 0.0)

    @also_right
    def by_index(labels, num_classes):
        out = np.zeros(len(labels) * num_classes)
        out[np.arange(len(labels)) * num_classes + labels] = 1
        return out.reshape(-1, num_classes)

    @agrees_with("scikit-learn")
    def by_sklearn(labels, num_classes):
        from sklearn.preprocessing import OneHotEncoder

        return OneHotEncoder(categories=[range(num_classes)], sparse_output=False).fit_transform(labels[:, None])

    @shortcut("sklearn.preprocessing")
    def scikit_learns_encoder(labels, num_classes):
        from sklearn.preprocessing import OneHotEncoder

        return OneHotEncoder(categories=[range(num_classes)], sparse_output=False).fit_transform(np.reshape(labels, (-1, 1)))

    @shortcut("torch")
    def torchs_one_hot(labels, num_classes):
        import torch

        return torch.nn.functional.one_hot(torch.tensor(labels), num_classes).numpy().astype(float)


@exercise("cross_entropy")
class CrossEntropy:
    forbidden = (*FRAMEWORKS, "sklearn.metrics")
    hints = (
        "For each row only one number counts: the probability of the right class.",
        "Pick it with two index arrays, the row numbers and the labels. Keep it at 1e-12 or above: np.maximum.",
        "Minus the mean of the natural logarithms.",
    )
    returns = ("loss",)
    no_warnings = True

    equivalent = {
        "line 9: arguments exchanged: np.maximum(1e-12, right)": "the larger of two numbers, in either order",
    }

    def cases(rng):
        yield np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]), np.array([0, 1])
        for n, k in ((5, 3), (3, 6), (4, 4)):
            p = np.round(rng.dirichlet(np.ones(k), n), 3) + 0.01
            yield p / p.sum(axis=1, keepdims=True), rng.integers(0, k, n)
        yield np.array([[1.0, 0.0], [0.3, 0.7], [1.0, 0.0]]), np.array([1, 1, 0])
        yield np.array([[0.2, 0.5, 0.3]]), np.array([2])
        yield np.array([[1.0 - 1e-13, 1e-13], [0.6, 0.4]]), np.array([1, 0])
        yield np.array([[1, 0, 0], [0, 0, 1]]), np.array([0, 2])

    @mistake("This is the sum over the examples. The loss is their mean, so that it does not grow with the batch.")
    def summed(probabilities, labels):
        return -np.sum(np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)))

    @mistake("The minus is missing. Logarithms of probabilities are negative; the loss is positive.")
    def no_minus(probabilities, labels):
        return np.mean(np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)))

    @mistake("The logarithm has base 2. Asked is the natural one, np.log.")
    def base_two(probabilities, labels):
        return -np.mean(np.log2(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)))

    @mistake("The logarithm has base 10. Asked is the natural one, np.log.")
    def base_ten(probabilities, labels):
        return -np.mean(np.log10(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)))

    @mistake("A probability of 0 gave log 0, which is −inf. Keep the probabilities at 1e-12 or above before the log.")
    def no_floor(probabilities, labels):
        return -np.mean(np.log(probabilities[np.arange(len(labels)), labels]))

    @mistake("probabilities[:, labels] picks whole columns for every row. Each row has one label: [np.arange(n), labels].")
    def whole_columns(probabilities, labels):
        return -np.mean(np.log(np.maximum(probabilities[:, labels], 1e-12)))

    @mistake("probabilities[:, labels] picks whole columns for every row. Each row has one label: [np.arange(n), labels]. After that, keep the probabilities at 1e-12 or above.")
    def whole_columns_without_floor(probabilities, labels):
        with np.errstate(divide="ignore"):
            loss = -np.mean(np.log(probabilities[:, labels]))
        return loss if np.isfinite(loss) else ANYTHING

    @mistake("Only a probability of exactly 0 was lifted to 1e-12. Those between 0 and 1e-12 count as 1e-12 too: np.maximum.")
    def lifts_only_zero(probabilities, labels):
        p = probabilities[np.arange(len(labels)), labels]
        return -np.mean(np.log(np.where(p == 0, 1e-12, p)))

    @mistake("The floor is another one, 2.2e-16, as in scikit-learn's log_loss. Here probabilities below 1e-12 count as 1e-12.")
    def floor_of_a_library(probabilities, labels):
        return -np.mean(np.log(np.maximum(probabilities[np.arange(len(labels)), labels], np.finfo(float).eps)))

    @mistake("The logarithms of all classes were averaged. Only the right class of each row counts.")
    def all_classes(probabilities, labels):
        return -np.mean(np.log(np.maximum(probabilities, 1e-12)))

    @mistake("The mean ran over all n · k entries of the one-hot product, most of them 0. Divide by n, the number of examples.")
    def divides_by_all(probabilities, labels):
        return -np.sum(np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12))) / probabilities.size

    @mistake("The log of the mean was taken. It is the mean of the logs: log first, one for each row.")
    def log_of_mean(probabilities, labels):
        return -np.log(max(np.mean(probabilities[np.arange(len(labels)), labels]), 1e-12))

    @mistake("This is 1 minus the probability, on the average. Cross-entropy takes −log p, which punishes a confident mistake far more.")
    def one_minus(probabilities, labels):
        return np.mean(1 - probabilities[np.arange(len(labels)), labels])

    @mistake("This is the squared error. Cross-entropy is −log of the right class's probability.")
    def squared_error(probabilities, labels):
        hot = np.eye(probabilities.shape[1])[labels]
        return np.mean(np.sum((probabilities - hot) ** 2, axis=1))

    @mistake("The terms of the wrong classes, log(1 − p), were added. That is the loss for yes-or-no answers; with the softmax only the right class counts.")
    def binary(probabilities, labels):
        p = np.clip(probabilities, 1e-12, 1 - 1e-12)
        hot = np.eye(p.shape[1])[labels]
        return -np.mean(np.sum(hot * np.log(p) + (1 - hot) * np.log(1 - p), axis=1))

    @mistake("1e-12 was added to the probability. Asked is a floor: probabilities below 1e-12 count as 1e-12, all others stay as they are (np.maximum).")
    def adds_the_floor(probabilities, labels):
        return -np.mean(np.log(probabilities[np.arange(len(labels)), labels] + 1e-12))

    @mistake("np.minimum keeps the smaller number, so every probability became 1e-12. A floor is np.maximum(p, 1e-12).")
    def a_ceiling(probabilities, labels):
        return -np.mean(np.log(np.minimum(probabilities[np.arange(len(labels)), labels], 1e-12)))

    @mistake("Divided by the number of classes. It is a mean over the n examples.")
    def divides_by_classes(probabilities, labels):
        return -np.sum(np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12))) / probabilities.shape[1]

    @mistake("The largest probability of each row was taken. It is the one at the label, be it large or small.")
    def largest_instead(probabilities, labels):
        return -np.mean(np.log(np.maximum(np.max(probabilities, axis=1), 1e-12)))

    @mistake("This is the entropy, −Σ p log p, which does not look at the labels. Cross-entropy takes −log p of the right class only.")
    def entropy(probabilities, labels):
        p = np.maximum(probabilities, 1e-12)
        return -np.mean(np.sum(p * np.log(p), axis=1))

    @mistake("log 0 was taken before the one-hot rows picked, and 0 times −inf is nan. Keep all probabilities at 1e-12 or above before the log.")
    def zero_times_infinity(probabilities, labels):
        hot = np.eye(probabilities.shape[1])[labels]
        return -np.sum(hot * np.log(probabilities)) / len(labels)

    @mistake("A softmax was taken first. These are probabilities already; take the log of them as they are.")
    def softmax_again(probabilities, labels):
        e = np.exp(probabilities)
        p = e / e.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(len(labels)), labels]))

    @mistake("One number for each example came back. Asked is their mean, one number.")
    def every_row(probabilities, labels):
        return -np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12))

    @also_right
    def by_loop(probabilities, labels):
        total = 0.0
        for row, label in zip(probabilities, labels):
            total -= np.log(max(row[label], 1e-12))
        return total / len(labels)

    @also_right
    def by_one_hot(probabilities, labels):
        hot = np.eye(probabilities.shape[1])[labels]
        return float(-(hot * np.log(np.clip(probabilities, 1e-12, None))).sum() / len(labels))

    @also_right
    def by_take(probabilities, labels):
        p = np.take_along_axis(probabilities, labels[:, None], axis=1).ravel()
        return np.mean(-np.log(np.where(p < 1e-12, 1e-12, p)))

    @agrees_with("scikit-learn", rtol=1e-6)
    def by_sklearn(probabilities, labels):
        from sklearn.metrics import log_loss

        p = np.maximum(np.asarray(probabilities, dtype=float)[np.arange(len(labels)), labels], 1e-12)
        tables = [np.array([[q, 1 - q]]) for q in p]  # one example at a time, right against the rest
        return np.mean([log_loss([0], table, labels=[0, 1]) for table in tables])

    @shortcut("sklearn.metrics")
    def scikit_learns_log_loss(probabilities, labels):
        from sklearn.metrics import log_loss

        return log_loss(labels, np.maximum(probabilities, 1e-12), labels=range(np.shape(probabilities)[1]))

    @shortcut("helpers.nn")
    def ready_made(probabilities, labels):
        from helpers import nn

        return nn.softmax_cross_entropy(np.log(np.maximum(probabilities, 1e-12)), labels)[0]


def covariance_root(X, eps, power=-0.5, rotate_back=True, ddof=0, center=True, inside=True):
    """A whitening matrix, right or with one fault, for the mistakes below to be made with."""
    X = np.asarray(X, dtype=float)
    middle = X - X.mean(axis=0) if center else X
    values, vectors = np.linalg.eigh(middle.T @ middle / (len(X) - ddof))
    scale = (np.maximum(values, 0) + eps) ** power if inside else 1 / (np.sqrt(np.maximum(values, 0)) + eps)
    out = middle @ vectors * scale
    return out @ vectors.T if rotate_back else out


@exercise("whiten")
class Whiten:
    hints = (
        "Three steps: take the mean of each column off; find the eigenvalues and eigenvectors of the covariance; stretch along the eigenvectors.",
        "np.linalg.eigh(C) gives the eigenvalues λ and a matrix V whose columns are the eigenvectors. X @ V turns the cloud onto its axes; there each axis is divided by sqrt(λ + eps).",
        "ZCA turns back at the end: one more product, with V.T.",
    )
    returns = ("white",)
    rtol = 1e-5

    def cases(rng):
        yield np.array([[2.0, 1.0], [0.0, 1.0], [4.0, 5.0], [2.0, 2.0]]), 1e-5
        mix = numbers(rng, 3, 3) + 2 * np.eye(3)
        yield np.round(rng.normal(size=(9, 3)) @ mix, 2) + 3.0, 1e-5
        yield np.round(rng.normal(size=(7, 4)), 2) * [1.0, 2.0, 0.5, 1.5], 0.1
        yield np.column_stack([numbers(rng, 6), np.full(6, 2.0), numbers(rng, 6)]), 0.01
        yield whole(rng, 8, 2, low=1, high=9), 0.5
        yield numbers(rng, 3, 5), 0.2
        yield (np.column_stack([numbers(rng, 6) * 0.002, numbers(rng, 6)]),)

    @mistake("The mean was not taken off. Without that the cloud's distance from 0 counts as spread.")
    def no_center(X, eps=1e-5):
        return covariance_root(X, eps, center=False)

    @mistake("This is PCA whitening: the cloud is white, but stays turned. ZCA turns it back, with one more product, so that the result looks like X.")
    def not_turned_back(X, eps=1e-5):
        return covariance_root(X, eps, rotate_back=False)

    @mistake("Each axis was divided by λ + eps. λ is a variance; divide by its root, a standard deviation.")
    def no_root(X, eps=1e-5):
        return covariance_root(X, eps, power=-1.0)

    @mistake("Each axis was multiplied by the root instead of divided. Long axes have to become shorter.")
    def stretches(X, eps=1e-5):
        return covariance_root(X, eps, power=0.5)

    @mistake("The covariance was divided by n − 1. Here it is over n (np.cov divides by n − 1 unless told bias=True).")
    def over_n_minus_1(X, eps=1e-5):
        return covariance_root(X, eps, ddof=1)

    @mistake("eps stands outside the root. It belongs to λ: 1 / sqrt(λ + eps).")
    def eps_outside(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        flat = np.linalg.eigvalsh(middle.T @ middle / len(X))[0] < 1e-10  # then the root of an eigenvalue is noise, or nan
        return ANYTHING if flat else covariance_root(X, eps, inside=False)

    @mistake("Each column was standardised by itself. That makes the spreads equal, but columns that go together still do: use the eigenvectors of the covariance.")
    def standardises(X, eps=1e-5):
        X = np.asarray(X, dtype=float)
        return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps)

    @mistake("The columns were standardised before they were whitened, so eps met other eigenvalues and the axes are others. Take only the mean off.")
    def standardises_first(X, eps=1e-5):
        spread = np.std(X, axis=0)
        return ANYTHING if spread.min() < 1e-10 else covariance_root((X - np.mean(X, axis=0)) / spread, eps)

    @mistake("This is the cloud with its mean taken off, and no more. Turned and turned back it is where it was: put 1 / sqrt(λ + eps) between the two products.")
    def centers_only(X, eps=1e-5):
        return X - np.mean(X, axis=0)

    @mistake("The cloud was turned onto its axes, and nothing else. Divide axis i by sqrt(λ_i + eps), then turn back with V.T.")
    def turns_only(X, eps=1e-5):
        return covariance_root(X, eps, power=0.0, rotate_back=False)

    @mistake("The covariance is right, but it was X itself that was turned, with its mean. Use the centred data in both places.")
    def centers_the_covariance_only(X, eps=1e-5):
        values, vectors = np.linalg.eigh(np.cov(X.T, bias=True))
        return X @ (vectors / np.sqrt(np.maximum(values, 0) + eps)) @ vectors.T

    @mistake("The covariance lacks its 1/n: X.T @ X is a sum over the examples. Divide it by n.")
    def a_sum_for_covariance(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(middle.T @ middle)
        return middle @ (vectors / np.sqrt(np.maximum(values, 0) + eps)) @ vectors.T

    @mistake("The covariance was divided by d, the number of columns. It is a mean over the n examples.")
    def over_d(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(middle.T @ middle / X.shape[1])
        return middle @ (vectors / np.sqrt(np.maximum(values, 0) + eps)) @ vectors.T

    @mistake("V and its transpose have changed places. The eigenvectors are the columns of V: X @ V turns onto the axes, V.T turns back.")
    def transposed_first(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(middle.T @ middle / len(X))
        return ANYTHING if values[0] < 1e-9 else middle @ vectors.T / np.sqrt(values + eps) @ vectors

    @mistake("The cloud was turned by V a second time instead of back. Back goes V.T.")
    def turned_twice(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(middle.T @ middle / len(X))
        return ANYTHING if values[0] < 1e-9 else middle @ vectors / np.sqrt(values + eps) @ vectors

    @mistake("The rows of V were divided. λ_i belongs to column i of V: V / np.sqrt(λ + eps), or divide after the product X @ V.")
    def divides_rows(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(middle.T @ middle / len(X))
        return middle @ (vectors / np.sqrt(np.maximum(values, 0) + eps)[:, None]) @ vectors.T

    @mistake("The mean of each row was taken off. Each column has its own mean: axis=0.")
    def mean_of_rows(X, eps=1e-5):
        middle = X - np.mean(X, axis=1, keepdims=True)
        values, vectors = np.linalg.eigh(middle.T @ middle / len(X))
        return middle @ (vectors / np.sqrt(np.maximum(values, 0) + eps)) @ vectors.T

    @mistake("The mean of all entries was taken off. Each column has its own mean: axis=0.")
    def one_mean_for_all(X, eps=1e-5):
        middle = X - np.mean(X)
        values, vectors = np.linalg.eigh(middle.T @ middle / len(X))
        return middle @ (vectors / np.sqrt(np.maximum(values, 0) + eps)) @ vectors.T

    @mistake("This is white, but by a Cholesky factor: every later column was bent towards the earlier ones. ZCA goes through the eigenvectors and back.")
    def by_cholesky(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        C = middle.T @ middle / len(X) + eps * np.eye(X.shape[1])
        return middle @ np.linalg.inv(np.linalg.cholesky(C)).T

    @mistake("The mean of all entries was taken off. Each column has its own mean: axis=0.")
    def one_mean(X, eps=1e-5):
        X = np.asarray(X, dtype=float)
        middle = X - X.mean()
        values, vectors = np.linalg.eigh(np.cov(X.T, bias=True))
        return middle @ (vectors / np.sqrt(np.maximum(values, 0) + eps)) @ vectors.T

    @mistake("The given eps was not used (a fixed 1e-5 or none instead). Use the argument.")
    def fixed_eps(X, eps=1e-5):
        return covariance_root(X, 1e-5)

    @mistake("eps was left out. It belongs to every eigenvalue: 1 / sqrt(λ + eps), so that an axis without spread does not blow up.")
    def no_eps(X, eps=1e-5):
        values = np.linalg.eigvalsh(np.cov(X.T, bias=True))
        return ANYTHING if values[0] < 1e-9 else covariance_root(X, 0.0)

    @mistake("The result was moved back to the old mean. White data has mean zero.")
    def adds_the_mean(X, eps=1e-5):
        return covariance_root(X, eps) + np.mean(X, axis=0)

    @also_right
    def by_svd(X, eps=1e-5):
        middle = X - np.mean(X, axis=0)
        _, s, Vt = np.linalg.svd(middle / np.sqrt(len(X)), full_matrices=True)
        scale = np.zeros(X.shape[1])
        scale[: len(s)] = s**2
        return middle @ Vt.T @ np.diag(1 / np.sqrt(scale + eps)) @ Vt

    @also_right
    def by_matrix_root(X, eps=1e-5):
        middle = np.asarray(X, dtype=float) - np.mean(X, axis=0)
        C = middle.T @ middle / len(middle) + eps * np.eye(X.shape[1])
        values, vectors = np.linalg.eigh(C)
        return middle @ (vectors @ np.diag(values**-0.5) @ vectors.T)

    @also_right
    def with_np_cov(X, eps=1e-5):
        values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(X, rowvar=False, bias=True)))
        return np.einsum("nd,de,e,fe->nf", X - X.mean(axis=0), vectors, 1 / np.sqrt(values + eps), vectors)

    @agrees_with("SciPy", rtol=1e-6)
    def by_scipy(X, eps=1e-5):
        from scipy.linalg import fractional_matrix_power

        X = np.asarray(X, dtype=float)
        C = np.cov(X.T, bias=True) + eps * np.eye(X.shape[1])
        return (X - X.mean(axis=0)) @ np.real(fractional_matrix_power(C, -0.5))


class Network:
    """A multilayer perceptron, right or with one fault, for the mistakes below to be made with."""

    def __init__(self, sizes, rng, fault=None):
        self.fault, self.params = fault, []
        for d, k in zip(sizes[:-1], sizes[1:]):
            spread = {"xavier": (2 / (d + k)) ** 0.5, "small": 0.01, "ones": 1.0, "lecun": d**-0.5, "fan out": (2 / k) ** 0.5, "no root": 2 / d, "uniform limit": (6 / d) ** 0.5}
            W = rng.normal(0, spread.get(fault, (2 / d) ** 0.5), (d, k))
            if fault == "uniform":
                W = rng.uniform(-((6 / d) ** 0.5), (6 / d) ** 0.5, (d, k))
            if fault == "zeros":
                W = np.zeros((d, k))
            if fault == "transposed":
                W = np.zeros((k, d))
            b = rng.normal(0, 1, k) if fault == "random biases" else np.zeros(k)
            self.params += [W, b[None, :] if fault == "row biases" else b]
        if fault == "one hidden layer":
            self.params = self.params[:4]
        if fault == "params sorted":
            self.params = self.params[::2] + self.params[1::2]
        if fault == "own seed":
            self.__init__(sizes, np.random.default_rng(0))
        self.kept, self.met = [p.copy() for p in self.params], None
        self.all_sums, self.all_values = [], []

    def layers(self):
        if self.fault == "keeps what it met" and not self.met:
            self.met = [np.array(p) for p in self.params]
        params = {"keeps the first": self.kept, "keeps what it met": self.met}.get(self.fault, self.params)
        return list(zip(params[::2], params[1::2]))

    def run(self, X):
        sums, values = [], [np.asarray(X, dtype=float)]
        for i, (W, b) in enumerate(self.layers()):
            z = values[-1] @ W + (0 if self.fault == "no bias" else b)
            last = i == len(self.layers()) - 1
            sums.append(z)
            bent = np.maximum(z, 0)
            if self.fault == "sigmoid":
                bent = 1 / (1 + np.exp(-z))
            elif self.fault == "tanh":
                bent = np.tanh(z)
            elif self.fault == "no relu":
                bent = z
            values.append(z if last and self.fault != "relu at the end" else bent)
        return sums, values

    def forward(self, X):
        out = self.run(X)[1][-1]
        if self.fault == "forward bends the end":
            return np.maximum(out, 0)
        if self.fault == "forward without relu":
            return Network.run_straight(self, X)
        if self.fault == "softmax":
            e = np.exp(out - out.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
        return out

    def run_straight(self, X):
        for W, b in self.layers():
            X = X @ W + b
        return X

    def loss_and_gradients(self, X, labels):
        sums, values = self.run(X)
        if self.fault == "loss bends the end":
            values[-1] = np.maximum(values[-1], 0)
        n, rows = len(labels), np.arange(len(labels))
        z = values[-1] - values[-1].max(axis=1, keepdims=True)
        logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        loss = -logs[rows, labels].mean()
        g = np.exp(logs)
        g[rows, labels] -= 1
        g = -g if self.fault == "signs turned" else g
        g = g if self.fault == "no 1/n" else g / n
        g = g / n if self.fault == "1/n twice" else g
        if self.fault == "piles up":  # the lists are never emptied, so what the first call put in stands in front
            self.all_sums, self.all_values = self.all_sums + sums, self.all_values + values
            sums, values = self.all_sums, self.all_values
        grads = []
        for i in reversed(range(len(self.layers()))):
            W, _ = self.layers()[i]
            grads = [values[i].T @ g, g.mean(axis=0) if self.fault == "mean biases" else g.sum(axis=0), *grads]
            g = g @ W.T
            if i > 0 and self.fault == "gate of the gradient":
                g = g * (g > 0)
            elif i > 0 and self.fault == "gate times value":
                g = g * np.maximum(sums[i - 1], 0)
            elif i > 0 and self.fault == "gate exchanged":
                g = sums[i - 1] * (g > 0)
            elif i > 0 and self.fault != "no gate":
                g = g * (sums[i - 1] > 0)
        if self.fault == "reversed":
            grads = [grads[j + o] for j in range(len(grads) - 2, -1, -2) for o in (0, 1)]
        elif self.fault == "biases first":
            grads = [grads[j + o] for j in range(0, len(grads), 2) for o in (1, 0)]
        elif self.fault == "all reversed":
            grads = grads[::-1]
        elif self.fault == "weights first":
            grads = grads[::2] + grads[1::2]
        elif self.fault == "descends":
            self.params = [p - 0.1 * g for p, g in zip(self.params, grads)]
        return {"summed loss": loss * n, "negative loss": -loss}.get(self.fault, loss), grads


@exercise("MLP")
class MLPClass:
    forbidden = (*FRAMEWORKS, "sklearn.neural_network")
    hints = (
        "__init__: for each pair of neighbouring sizes (d, k) append a weight array, np.sqrt(2 / d) times standard normals, and a bias array of zeros. forward: layer by layer; ReLU after every layer but the last.",
        "For the gradients you need what went into each layer. So go forward once and keep a list: the inputs of every layer, and the sums before every ReLU.",
        "Then backward from the last layer to the first: linear_backward with that layer's input gives three gradients; keep grad_W and grad_b, in front of those you have, and send grad_X through relu_backward.",
    )
    returns = ("what the model does",)
    says = "model = MLP({0}, rng); model.params = {1}; model.forward({2}); model.loss_and_gradients({2}, {3})"

    equivalent = {
        "line 26: arguments exchanged: np.maximum(sums[-1], 0)": "the larger of two numbers, in either order",
    }

    def cases(rng):
        for n, sizes in ((5, [3, 4, 2]), (4, [2, 5, 3, 4]), (3, [4, 3]), (6, [3, 2, 4, 3, 2])):
            params = []
            for d, k in zip(sizes[:-1], sizes[1:]):
                params += [numbers(rng, d, k), numbers(rng, k)]
            yield sizes, params, numbers(rng, n, sizes[0]), rng.integers(0, sizes[-1], n)
        params = [whole(rng, 2, 3), whole(rng, 3), whole(rng, 3, 2), whole(rng, 2)]
        yield [2, 3, 2], params, whole(rng, 1, 2), np.array([1])
        yield [150, 40, 120, 60], "as they start", np.zeros((1, 150)), np.array([0])

    def probe(answer, sizes, params, X, labels):
        from inspect import signature

        model = answer(list(sizes), np.random.default_rng(5))
        for name, how in (("params", "self.params = […] in __init__"), ("forward", "def forward(self, X):"), ("loss_and_gradients", "def loss_and_gradients(self, X, labels):")):
            if not hasattr(model, name):
                raise AttributeError(f"MLP has no {name} yet. Write `{how}` inside the class; each def stands as far in as __init__ does.")
            if name == "params":
                continue
            try:
                signature(getattr(model, name)).bind(*(X, labels)[: how.count(",")])
            except TypeError:
                raise TypeError(f"{name} cannot take the arguments that it is given. It should begin with `{how}`") from None
        flat = "model.params should be one flat list of arrays, W1, b1, W2, b2 …"
        if not isinstance(model.params, (list, tuple)):
            raise TypeError(f"{flat}; yours is a {type(model.params).__name__}.")
        odd = [type(p).__name__ for p in model.params if not isinstance(p, np.ndarray)]
        if odd:
            raise TypeError(f"{flat}; yours holds a {odd[0]}.")
        if any(p.dtype.kind != "f" for p in model.params):
            raise TypeError("model.params should hold floats. One of yours holds whole numbers, and `p -= lr * g` cannot change it: is there a dtype=int?")
        shapes = " ".join(str(p.shape) for p in model.params)
        fits = shapes == " ".join(f"({d}, {k}) ({k},)" for d, k in zip(sizes[:-1], sizes[1:]))
        facts = {"list of shapes in params": shapes}
        if isinstance(params, str):  # a wide model: how it starts
            names = ("std of W times sqrt(d / 2)", "normal distribution", "biases are 0", "same seed, same start", "other seed, other start")
            if not fits:
                return {**facts, **dict.fromkeys(names)}
            units = [np.asarray(W, dtype=float) * np.sqrt(d / 2) for W, d in zip(model.params[::2], sizes)]
            near = ["1" if 0.93 < u.std() < 1.07 and abs(u.mean()) < 0.1 else f"{u.std():.1f}" for u in units]
            again, other = answer(list(sizes), np.random.default_rng(5)), answer(list(sizes), np.random.default_rng(6))
            found = (
                ", ".join(near),
                all(bool(np.mean(abs(u) > 1.9) > 0.02) for u in units),
                all(not np.any(b) for b in model.params[1::2]),
                bool(np.array_equal(again.params[0], model.params[0])),
                not np.array_equal(other.params[0], model.params[0]),
            )
            return {**facts, **dict(zip(names, found))}
        if not fits:
            return {**facts, **dict.fromkeys(("logits", "loss", "grads", "params left as they were", "logits with other params"))}
        other = X + 1.0  # other examples first: nothing of these calls may be left over in the next
        model.params = [np.array(p, dtype=float) for p in params]
        model.forward(other)
        model.loss_and_gradients(other, labels)
        model.params = [np.array(p, dtype=float) for p in params]
        logits = model.forward(X)
        model.forward(other)
        result = model.loss_and_gradients(X, labels)
        if not isinstance(result, (list, tuple)) or len(result) != 2:
            kind = f"a {type(result).__name__}" + (f" of {len(result)}" if isinstance(result, (list, tuple)) else "")
            raise TypeError(f"loss_and_gradients should end with `return loss, grads`: one number, and a list. Yours gave {kind}.")
        loss, grads = result
        if isinstance(loss, (list, tuple, dict)):
            raise TypeError("loss_and_gradients should give the loss first, then the gradients: `return loss, grads`.")
        if not isinstance(grads, (list, tuple)):
            raise TypeError(f"The gradients should be a list of arrays in the order of params; yours are a {type(grads).__name__}.")
        kept = all(np.array_equal(p, q) for p, q in zip(model.params, params))
        alone = answer(list(sizes), np.random.default_rng(5))
        alone.params = [np.array(p, dtype=float) for p in params]
        alone.forward(X)
        if all(isinstance(g, np.ndarray) for g in grads):
            flat = [np.concatenate([np.ravel(v) for v in (a, *b)]) for a, b in ((loss, grads), alone.loss_and_gradients(X, labels))]
            if flat[0].shape != flat[1].shape or not np.allclose(*flat, equal_nan=True):
                raise ValueError(
                    "loss_and_gradients is disturbed by earlier calls: what they kept in self is still used. In each call, go forward with "
                    "the X that was given, and make the lists anew."
                )
        model.params = [0.5 - p for p in params]
        return {
            **facts,
            "logits": logits,
            "loss": loss,
            "grads": list(grads),
            "params left as they were": kept,
            "logits with other params": model.forward(X),
        }

    @mistake("The weights start too small for ReLU: He's spread is sqrt(2 / d), where d is the number of inputs of the layer. (You have sqrt(1 / d).)")
    def lecun_start(sizes, rng):
        return Network(sizes, rng, "lecun")

    @mistake("The spread looks at inputs and outputs together (Xavier). For ReLU take He's: sqrt(2 / d), d inputs.")
    def xavier_start(sizes, rng):
        return Network(sizes, rng, "xavier")

    @mistake("The spread was computed from the number of units. He's looks at the inputs: sqrt(2 / d).")
    def fan_out(sizes, rng):
        return Network(sizes, rng, "fan out")

    @mistake("The weights start as standard normals, far too large. Scale them by sqrt(2 / d).")
    def unscaled_start(sizes, rng):
        return Network(sizes, rng, "ones")

    @mistake("The weights start at 0.01 times a normal. The right scale depends on the layer: sqrt(2 / d).")
    def small_start(sizes, rng):
        return Network(sizes, rng, "small")

    @mistake("All weights start at 0, so all units of a layer stay alike forever (unit 05). Draw them from rng.")
    def zero_start(sizes, rng):
        return Network(sizes, rng, "zeros")

    @mistake("The weights are uniform. Here they are drawn from a normal distribution, rng.normal.")
    def uniform_start(sizes, rng):
        return Network(sizes, rng, "uniform")

    @mistake("The biases do not start at 0. They should: np.zeros(k).")
    def random_biases(sizes, rng):
        return Network(sizes, rng, "random biases")

    @mistake("The weights do not come from the rng that was handed in: every seed gives the same start.")
    def own_seed(sizes, rng):
        return Network(sizes, rng, "own seed")

    @mistake("The weights do not come from the rng that was handed in: the same seed gives another start each time. Draw with rng.normal or rng.standard_normal, not np.random.")
    def global_chance(sizes, rng):
        return Network(sizes, np.random.default_rng())

    @mistake("The root is missing: 2 / d is the variance. The standard deviation is sqrt(2 / d).")
    def variance_as_spread(sizes, rng):
        return Network(sizes, rng, "no root")

    @mistake("The biases have shape (1, k). They should have shape (k,): np.zeros(k).")
    def row_biases(sizes, rng):
        return Network(sizes, rng, "row biases")

    @mistake("The weights have shape (k, d). A layer is X @ W + b with X (n, d), so W is (d, k).")
    def transposed_weights(sizes, rng):
        return Network(sizes, rng, "transposed")

    @mistake("params holds all weights first, then all biases. Layer by layer: W1, b1, W2, b2 …")
    def params_sorted(sizes, rng):
        return Network(sizes, rng, "params sorted")

    @mistake("There are never more than two layers. Make one for each pair of neighbouring sizes: zip(sizes[:-1], sizes[1:]).")
    def two_layers_at_most(sizes, rng):
        return Network(sizes, rng, "one hidden layer")

    @mistake("The loss and the gradients are right, but forward bends the last layer too. After it comes no ReLU: logits may be negative.")
    def forward_bends_the_end(sizes, rng):
        return Network(sizes, rng, "forward bends the end")

    @mistake("The loss and the gradients are right, but forward leaves the ReLU out between the layers.")
    def forward_without_relu(sizes, rng):
        return Network(sizes, rng, "forward without relu")

    @mistake("The last layer was bent too. After it comes no ReLU: logits may be negative.")
    def relu_at_the_end(sizes, rng):
        return Network(sizes, rng, "relu at the end")

    @mistake("forward is right, but the loss was taken of logits that went through a ReLU. After the last layer comes none.")
    def loss_bends_the_end(sizes, rng):
        return Network(sizes, rng, "loss bends the end")

    @mistake("loss_and_gradients still uses what an earlier call kept in self. In each call, go forward with the X that was given, and make the lists anew.")
    def lists_pile_up(sizes, rng):
        return Network(sizes, rng, "piles up")

    @mistake("On the way back the arguments of relu_backward were exchanged. First the gradient that arrives, then the layer's sums.")
    def gate_arguments_exchanged(sizes, rng):
        return Network(sizes, rng, "gate exchanged")

    @mistake("There is no ReLU between the layers, so the stack is one linear layer (section 1).")
    def no_relu(sizes, rng):
        return Network(sizes, rng, "no relu")

    @mistake("The hidden layers use the sigmoid. Here they use ReLU.")
    def sigmoid_inside(sizes, rng):
        return Network(sizes, rng, "sigmoid")

    @mistake("The hidden layers use tanh. Here they use ReLU.")
    def tanh_inside(sizes, rng):
        return Network(sizes, rng, "tanh")

    @mistake("All gradients have the wrong sign. Backward starts with the probabilities minus the one-hot labels, as softmax_cross_entropy does.")
    def signs_turned(sizes, rng):
        return Network(sizes, rng, "signs turned")

    @mistake("The loss has the wrong sign: it is minus the mean logarithm, and never below 0.")
    def negative_loss(sizes, rng):
        return Network(sizes, rng, "negative loss")

    @mistake("sqrt(6 / d) is the limit of a uniform distribution. A normal one gets its standard deviation, sqrt(2 / d).")
    def uniform_limit(sizes, rng):
        return Network(sizes, rng, "uniform limit")

    @mistake("forward gives probabilities. It should give the logits; the softmax belongs to the loss.")
    def gives_probabilities(sizes, rng):
        return Network(sizes, rng, "softmax")

    @mistake("The biases are not added on the way forward.")
    def no_biases(sizes, rng):
        return Network(sizes, rng, "no bias")

    @mistake("forward works with a copy of the parameters from the start. Read self.params at each call: training changes them.")
    def keeps_the_first(sizes, rng):
        return Network(sizes, rng, "keeps the first")

    @mistake("forward goes on with the parameters of its first call. Read self.params at each call: training changes them.")
    def keeps_what_it_met(sizes, rng):
        return Network(sizes, rng, "keeps what it met")

    @mistake("forward and the loss are right. On the way back the gates are missing: send grad_X through relu_backward before the next layer.")
    def no_gate(sizes, rng):
        return Network(sizes, rng, "no gate")

    @mistake("On the way back the gate looks at the gradient. It looks at what went into the ReLU on the way forward: relu_backward(grad, the layer's sums).")
    def gate_of_the_gradient(sizes, rng):
        return Network(sizes, rng, "gate of the gradient")

    @mistake("On the way back the gradient was multiplied by the ReLU's value. Its slope is wanted, 0 or 1: relu_backward.")
    def gate_times_value(sizes, rng):
        return Network(sizes, rng, "gate times value")

    @mistake("The gradients were divided by n twice. softmax_cross_entropy has the 1/n of the mean in it already.")
    def divides_twice(sizes, rng):
        return Network(sizes, rng, "1/n twice")

    @mistake("loss_and_gradients changed self.params. It only tells the gradients; the steps are made by train, later.")
    def descends_by_itself(sizes, rng):
        return Network(sizes, rng, "descends")

    @mistake("In each layer the gradient of b stands before that of W. The order is that of params: W1, b1, W2, b2 …")
    def biases_first(sizes, rng):
        return Network(sizes, rng, "biases first")

    @mistake("The whole list of gradients is turned round: last layer first, and b before W. The order is that of params: W1, b1, W2, b2 …")
    def all_reversed(sizes, rng):
        return Network(sizes, rng, "all reversed")

    @mistake("The gradients stand in the order in which they were found, last layer first. They belong in the order of params: W1, b1, W2, b2 …")
    def reversed_grads(sizes, rng):
        return Network(sizes, rng, "reversed")

    @mistake("All weights' gradients come first, then all biases'. They belong in the order of params: W1, b1, W2, b2 …")
    def weights_first(sizes, rng):
        return Network(sizes, rng, "weights first")

    @mistake("The gradients lack the 1/n of the mean loss. softmax_cross_entropy has it in its gradient.")
    def no_mean(sizes, rng):
        return Network(sizes, rng, "no 1/n")

    @mistake("The biases' gradients are averaged over the examples. The 1/n is there already: sum.")
    def mean_biases(sizes, rng):
        return Network(sizes, rng, "mean biases")

    @mistake("The loss is the sum over the examples. It should be their mean.")
    def summed_loss(sizes, rng):
        return Network(sizes, rng, "summed loss")

    @also_right
    def by_lists(sizes, rng):
        return Network(sizes, rng)

    @also_right
    def scaled_standard_normals(sizes, rng):
        model = Network(sizes, rng)
        model.params = []
        for i in range(1, len(sizes)):
            model.params.append(rng.standard_normal((sizes[i - 1], sizes[i])) / np.sqrt(sizes[i - 1] / 2))
            model.params.append(np.zeros((sizes[i],)))
        return model

    @also_right
    def recursive(sizes, rng):
        return Recursive(sizes, rng)

    @agrees_with("PyTorch")
    def by_torch(sizes, rng):
        return ByAutograd(sizes, rng)

    @shortcut("helpers.nn")
    def ready_made(sizes, rng):
        return ReadyMade(sizes, rng)


class ReadyMade(Network):
    """The same from helpers.nn's layers and loss."""

    def model(self):
        from helpers import nn

        layers = []
        for W, b in zip(self.params[0::2], self.params[1::2]):
            layers += [nn.Linear(*W.shape, np.random.default_rng(0)), nn.ReLU()]
            layers[-2].W, layers[-2].b = W, b
        return nn.Sequential(*layers[:-1])

    def forward(self, X):
        return self.model().forward(X)

    def loss_and_gradients(self, X, labels):
        from helpers import nn

        model = self.model()
        loss, grad = nn.softmax_cross_entropy(model.forward(X), labels)
        model.backward(grad)
        return loss, model.grads


class ByAutograd(Network):
    """The same with PyTorch's layers, loss and gradients."""

    def logits(self, X, tensors):
        import torch

        value = torch.tensor(np.asarray(X, dtype=float))
        for i in range(0, len(tensors), 2):
            value = torch.nn.functional.linear(value if i == 0 else torch.relu(value), tensors[i].T, tensors[i + 1])
        return value

    def forward(self, X):
        import torch

        return self.logits(X, [torch.tensor(np.asarray(p, dtype=float)) for p in self.params]).numpy()

    def loss_and_gradients(self, X, labels):
        import torch

        tensors = [torch.tensor(np.asarray(p, dtype=float), requires_grad=True) for p in self.params]
        loss = torch.nn.functional.cross_entropy(self.logits(X, tensors), torch.tensor(labels))
        loss.backward()
        return loss.item(), [t.grad.numpy() for t in tensors]


class Recursive(Network):
    """The same by recursion: a layer, and the rest of the network behind it."""

    def forward(self, X):
        return self.rest(X, 0)[0]

    def rest(self, X, i, labels=None):
        """(logits, loss, grads of the layers from i on, gradient for X)."""
        W, b = self.params[2 * i], self.params[2 * i + 1]
        z = np.dot(X, W) + b
        if 2 * i + 2 < len(self.params):
            logits, loss, grads, g = self.rest(z * (z > 0), i + 1, labels)
            g = None if g is None else g * (z > 0)
        else:
            logits, loss, grads, g = z, None, [], None
            if labels is not None:
                total = np.logaddexp.reduce(z, axis=1)
                loss = np.mean(total - z[np.arange(len(z)), labels])
                g = (np.exp(z - total[:, None]) - np.eye(z.shape[1])[labels]) / len(z)
        if g is None:
            return logits, loss, grads, None
        return logits, loss, [np.dot(np.transpose(X), g), g.sum(0), *grads], g @ W.T

    def loss_and_gradients(self, X, labels):
        _, loss, grads, _ = self.rest(X, 0, labels)
        return loss, tuple(grads)


def descend(model, X, labels, lr):
    loss, grads = model.loss_and_gradients(X, labels)
    model.params = [p - lr * g for p, g in zip(model.params, grads)]
    return loss


def batches_of(order, batch_size):
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


@exercise("train")
class Train:
    forbidden = (*FRAMEWORKS, "sklearn.neural_network")
    hints = (
        "Read the draft's loops aloud and compare with the docstring: when is the order drawn, which rows does the last slice hold, which loss is noted?",
        "The permutation belongs inside the epoch's loop. range(0, n, batch_size) gives every start, also that of a short last batch.",
        "After the loop over the batches, ask the model for its loss on all the data, once, and append that.",
    )
    returns = ("what training did",)
    says = "train(model, {0}, {1}, lr={2}, batch_size={3}, num_epochs={4}, rng), with a small model that notes its batches"

    def cases(rng):
        yield numbers(rng, 7, 3), np.arange(7), 0.1, 3, 4
        yield numbers(rng, 6, 2), np.arange(6), 0.2, 2, 3
        yield numbers(rng, 5, 2), np.arange(5), 0.3, 5, 4
        yield numbers(rng, 4, 3), np.arange(4), 0.1, 50, 3
        yield np.tile(numbers(rng, 1, 3), (7, 1)), np.full(7, 3), 0.1, 3, 3
        yield np.tile(numbers(rng, 1, 2), (5, 1)), np.full(5, 2), 0.25, 1, 2
        yield numbers(rng, 9, 2), np.arange(9), 0.05, 4, 1
        yield whole(rng, 1, 2), np.array([4]), 0.5, 1, 2

    def probe(answer, X, labels, lr, batch_size, num_epochs):
        class Model:
            """Half the mean squared distance of the rows from p, and of the labels from q."""

            def __init__(self):
                self.params = [np.zeros(X.shape[1]), np.zeros(1)]
                self.asked = []

            def forward(self, rows):
                return np.zeros((len(rows), 1)) + self.params[1]

            def loss_and_gradients(self, rows, targets):
                rows, targets = np.asarray(rows, dtype=float), np.asarray(targets, dtype=float)
                self.asked.append((rows.copy(), targets.copy()))
                p, q = self.params
                loss = 0.5 * np.mean(np.sum((rows - p) ** 2, axis=1) + (targets - q) ** 2)
                return loss, [p - rows.mean(axis=0), np.array([np.mean(q - targets)])]

        def run(seed):
            model, rng = Model(), np.random.default_rng(seed)
            return model, answer(model, X, labels, lr, batch_size, num_epochs, rng)

        model, losses = run(3)
        if losses is None:
            return None
        if not isinstance(losses, (list, tuple, np.ndarray)):
            raise TypeError(f"train should return the losses, a list or an array; yours gave a {type(losses).__name__}.")
        if any(isinstance(loss, (list, tuple)) for loss in losses):
            raise TypeError("Each loss should be one number. model.loss_and_gradients gives two things, the loss and the gradients: take the first.")
        losses = np.array(losses, dtype=float)
        full = Model()
        full.params = [np.array(p, dtype=float) for p in model.params]
        at_end = full.loss_and_gradients(X, labels)[0]
        facts = {"number of losses": int(losses.size)}
        everything = sorted(float(v) for v in labels)
        if everything[0] == everything[-1] or batch_size >= len(X):  # no chance is left in the result
            used = everything[0] == everything[-1] or all(sorted(t.tolist()) == everything for r, t in model.asked)
            facts["each example once in each epoch"] = used
            return {**facts, "losses": losses, "params": list(full.params)} if used else {**facts, "losses": None, "params": None}
        near = losses.size > 0 and abs(losses.ravel()[-1] - at_end) < 1e-9
        facts["the last loss is that of all the data at the end"] = bool(near)
        batches = [t for r, t in model.asked if len(t) < len(X)]
        facts["list of batch sizes"] = ", ".join(str(len(t)) for t in batches)
        rows_of = {float(v): row for v, row in zip(labels, np.asarray(X, dtype=float))}
        facts["rows and labels belong together"] = all(
            v in rows_of and np.allclose(row, rows_of[v]) for r, t in model.asked for row, v in zip(r, t.tolist())
        )
        first = np.concatenate([*batches, []])[: len(X)]
        facts["each example once in the first epoch"] = sorted(first.tolist()) == everything
        orders = []
        for seed in (0, 1, 2, 3, 0):
            asked = [t for r, t in run(seed)[0].asked if len(t) < len(X)]
            every = np.concatenate([*asked, []])
            orders.append([tuple(every[i : i + len(X)].tolist()) for i in range(0, len(every) - len(X) + 1, len(X))])
        given = tuple(float(v) for v in labels)
        facts["shuffled"] = any(order != given for o in orders for order in o)
        if num_epochs > 1:
            facts["a new order in each epoch"] = all(len(set(o)) > 1 for o in orders)
        facts["other seed, other orders"] = len({tuple(o) for o in orders[:4]}) > 1
        facts["same seed, same orders"] = orders[0] == orders[4]
        return facts

    @mistake("The parameters never change. `p = p - lr * g` only gives a new array the name p; put it into model.params, or change p in place.")
    def no_effect(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                model.loss_and_gradients(X[rows], labels[rows])
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The steps go uphill: subtract lr times the gradient.")
    def uphill(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], -lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The order was drawn once and used in every epoch. Draw a new permutation at the start of each epoch.")
    def shuffles_once(model, X, labels, lr, batch_size, num_epochs, rng):
        order, losses = rng.permutation(len(X)), []
        for _ in range(num_epochs):
            for rows in batches_of(order, batch_size):
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The examples come in their given order. Shuffle them at the start of each epoch, with rng.")
    def never_shuffles(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(np.arange(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The last, short batch of each epoch is left out. range(0, n, batch_size) reaches it.")
    def drops_the_last(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            order = rng.permutation(len(X))
            for start in range(0, len(X) - batch_size + 1, batch_size):
                rows = order[start : start + batch_size]
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The loss of the last batch was noted. Asked is the loss of all the data after the epoch: ask the model once more.")
    def batch_loss(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                loss = descend(model, X[rows], labels[rows], lr)
            losses.append(loss)
        return losses

    @mistake("The mean of the batches' losses was noted, each taken before its step. Asked is the loss of all the data after the epoch.")
    def mean_of_batches(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            some = [descend(model, X[rows], labels[rows], lr) for rows in batches_of(rng.permutation(len(X)), batch_size)]
            losses.append(np.mean(some) + 0 * sum(some))
        return losses

    @mistake("The loss was noted before each epoch. It belongs after the epoch's last step.")
    def loss_before(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            losses.append(model.loss_and_gradients(X, labels)[0])
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr)
        return losses

    @mistake("There is one loss for each batch. Asked is one for each epoch: move the append out of the inner loop.")
    def every_batch(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr)
                losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("There is one step in each epoch, with the last batch's gradient. The step belongs inside the loop over the batches: move it one step to the right.")
    def steps_after_the_epoch(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                _, grads = model.loss_and_gradients(X[rows], labels[rows])
            model.params = [p - lr * g for p, g in zip(model.params, grads)]
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("Training ended after the first epoch. Is the return inside the loop? Move it one step to the left.")
    def returns_at_the_first(model, X, labels, lr, batch_size, num_epochs, rng):
        for rows in batches_of(rng.permutation(len(X)), batch_size):
            descend(model, X[rows], labels[rows], lr)
        return [model.loss_and_gradients(X, labels)[0]]

    @mistake("There is one loss too many: the one from before training. Asked is one after each epoch.")
    def starts_with_a_loss(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = [model.loss_and_gradients(X, labels)[0]]
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The batches overlap: start grows by 1. It grows by batch_size, range(0, n, batch_size).")
    def overlapping_batches(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            order = rng.permutation(len(X))
            for start in range(len(X)):
                rows = order[start : start + batch_size]
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The batches are of nearly equal size (np.array_split does that). All have batch_size examples but the last.")
    def equal_batches(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size)):
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The gradient was taken over all the data in every step. Give the model the batch's rows and labels only.")
    def all_the_data(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for _rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X, labels, lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The rows were shuffled and the labels were not, so examples got each other's labels. Use the same indices for both.")
    def labels_left_behind(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                descend(model, X[rows], labels[start : start + batch_size], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The rows follow the order, but every batch got the first few labels. Use the same indices for both: labels[rows].")
    def first_labels(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[: len(rows)], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The rows of a batch were drawn with replacement: some examples twice in an epoch, others never. Shuffle once, then take slices.")
    def with_replacement(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for part in batches_of(np.arange(len(X)), batch_size):
                rows = rng.integers(len(X), size=len(part))
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The orders come from a generator with a seed of its own, the same in every epoch. Draw them from the rng that was handed in.")
    def own_seed(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(np.random.default_rng(0).permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The orders do not come from the rng that was handed in: the same seed gives others each time. Use rng.permutation, not np.random.permutation.")
    def global_chance(model, X, labels, lr, batch_size, num_epochs, rng):
        losses, free = [], np.random.default_rng(next(OWN_SEEDS))
        for _ in range(num_epochs):
            for rows in batches_of(free.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("There is one step in each epoch, with the first batch of the order. Go through all of them: for start in range(0, n, batch_size).")
    def one_batch(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            rows = rng.permutation(len(X))[:batch_size]
            descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The short batch comes first. All batches have batch_size examples but the last: start at 0.")
    def short_batch_first(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            order = rng.permutation(len(X))
            for start in range(-(-len(X) % batch_size), len(X), batch_size):
                rows = order[max(start, 0) : start + batch_size]
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The step was divided by the number of rows in the batch. The gradient is of a mean already.")
    def divides_by_rows(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr / len(rows))
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The step was multiplied by the batch size. The gradient is of a mean: the step is lr times it.")
    def times_batch_size(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr * batch_size)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("Only the first parameter changes, or only every other one. Go through all of model.params together with their gradients.")
    def weights_only(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                _, grads = model.loss_and_gradients(X[rows], labels[rows])
                model.params = [model.params[0] - lr * grads[0], *model.params[1:]]
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The learning rate is missing: the step is lr times the gradient.")
    def no_lr(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], 1.0)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("The step was divided by the batch size once more. The gradient is of a mean already.")
    def divides_again(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr / batch_size)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses

    @mistake("Only the last loss came back. Return all of them, one for each epoch.")
    def last_loss(model, X, labels, lr, batch_size, num_epochs, rng):
        for _ in range(num_epochs):
            for rows in batches_of(rng.permutation(len(X)), batch_size):
                descend(model, X[rows], labels[rows], lr)
        return [model.loss_and_gradients(X, labels)[0]]

    @mistake("All three of the draft's faults are still there: one order for all epochs, a lost last batch, and the loss of a batch.")
    def the_draft(model, X, labels, lr, batch_size, num_epochs, rng):
        losses, order, loss = [], rng.permutation(len(X)), 0.0
        for _ in range(num_epochs):
            for start in range(0, len(X) - batch_size + 1, batch_size):
                rows = order[start : start + batch_size]
                loss = descend(model, X[rows], labels[rows], lr)
            losses.append(loss)
        return losses

    @also_right
    def in_place(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = np.zeros(num_epochs)
        for epoch in range(num_epochs):
            order = np.arange(len(X))
            rng.shuffle(order)
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                _, grads = model.loss_and_gradients(X[rows], labels[rows])
                for i in range(len(grads)):
                    model.params[i] -= lr * grads[i]
            losses[epoch] = model.loss_and_gradients(X, labels)[0]
        return losses

    @also_right
    def shuffled_copies(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            order = rng.permutation(len(labels))
            rows, targets = X[order], labels[order]
            while len(rows):
                descend(model, rows[:batch_size], targets[:batch_size], lr)
                rows, targets = rows[batch_size:], targets[batch_size:]
            losses.append(float(model.loss_and_gradients(X, labels)[0]))
        return losses

    @also_right
    def array_split(model, X, labels, lr, batch_size, num_epochs, rng):
        losses = []
        for _ in range(num_epochs):
            order = rng.choice(len(X), len(X), replace=False)
            for rows in np.split(order, np.arange(batch_size, len(X), batch_size)):
                descend(model, X[rows], labels[rows], lr)
            losses.append(model.loss_and_gradients(X, labels)[0])
        return tuple(losses)

    @shortcut("helpers.nn")
    def ready_made_steps(model, X, labels, lr, batch_size, num_epochs, rng):
        from helpers.nn import SGD

        losses = []
        for _ in range(num_epochs):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                SGD(model.params, lr).step(model.loss_and_gradients(X[rows], labels[rows])[1])
            losses.append(model.loss_and_gradients(X, labels)[0])
        return losses


@exercise("accuracy")
class Accuracy:
    forbidden = (*FRAMEWORKS, "sklearn.metrics")
    hints = (
        "The network's answer for a row is the class with the largest logit. Which NumPy function gives the place of the largest entry?",
        "logits.argmax(axis=1) is the answer for each row. Compare it with labels.",
        "The mean of True and False is the share of True.",
    )
    returns = ("share",)

    def cases(rng):
        yield np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [5.0, 4.0, 3.0], [0.1, 0.2, 0.3]]), np.array([0, 1, 2, 2])
        z = numbers(rng, 7, 4) + 0.01 * np.arange(28).reshape(7, 4) % 0.1
        right = z.argmax(axis=1)
        yield z, np.where(np.arange(7) < 3, right, (right + 1) % 4)
        z = -np.abs(numbers(rng, 5, 3)) - 0.01 * np.arange(15).reshape(5, 3)
        right = z.argmax(axis=1)
        yield z, np.where(np.arange(5) < 4, right, (right + 1) % 3)
        yield np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 1.0]]), np.array([1, 0, 1])
        yield np.array([[1.0, 2.0, 0.0]]), np.array([0])
        yield np.array([[3, 1], [2, 5], [1, 4]]), np.array([0, 1, 0])

    @mistake("This is in per cent. Asked is a fraction from 0 to 1.")
    def per_cent(logits, labels):
        return 100 * np.mean(logits.argmax(axis=1) == labels)

    @mistake("This counts the right answers. Asked is their share: divide by n.")
    def counts(logits, labels):
        return float(np.sum(logits.argmax(axis=1) == labels))

    @mistake("This is the share of wrong answers. Asked is the share of right ones.")
    def error_rate(logits, labels):
        return np.mean(logits.argmax(axis=1) != labels)

    @mistake("argmax ran down the columns. The logits of one example stand in a row: axis=1.")
    def down_the_columns(logits, labels):
        return np.mean(logits.argmax(axis=0) == labels)

    @mistake("np.argmax without an axis gives one place in the whole table. Each row has its own: axis=1.")
    def one_argmax(logits, labels):
        return np.mean(np.argmax(logits) == labels)

    @mistake("The largest logit was compared with the label. Compare its place: argmax, not max.")
    def compares_values(logits, labels):
        return np.mean(logits.max(axis=1) == labels)

    @mistake("The smallest logit was taken as the answer. It is the largest: argmax.")
    def argmin(logits, labels):
        return np.mean(logits.argmin(axis=1) == labels)

    @mistake("Divided by the number of classes. The share is out of the n examples.")
    def by_classes(logits, labels):
        return np.sum(logits.argmax(axis=1) == labels) / logits.shape[1]

    @mistake("Every example was counted whose right logit is positive. What counts is whether it is the largest of its row.")
    def positive_logits(logits, labels):
        return np.mean(logits[np.arange(len(labels)), labels] > 0)

    @mistake("The share was rounded. Asked is the fraction as it is.")
    def rounded(logits, labels):
        return round(float(np.mean(logits.argmax(axis=1) == labels)), 2)

    @mistake("Only the first example was looked at. Is the return inside the loop? Move it one step to the left.")
    def returns_at_the_first(logits, labels):
        return float(np.argmax(logits[0]) == labels[0]) / len(labels)

    @mistake("// cuts the fraction off, so the share is 0 or 1. Divide with /.")
    def cuts_the_fraction(logits, labels):
        return float(np.sum(logits.argmax(axis=1) == labels) // len(labels))

    @mistake("This is the mean probability of the right class. Accuracy counts: right where the largest logit stands at the label, else wrong.")
    def mean_probability(logits, labels):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.mean((e / e.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels])

    @mistake("The signs of the logits were dropped. The largest counts, not the largest in size.")
    def largest_in_size(logits, labels):
        return np.mean(np.abs(logits).argmax(axis=1) == labels)

    @mistake("One True or False for each example came back. Asked is the share: their mean.")
    def every_row(logits, labels):
        return (logits.argmax(axis=1) == labels) * 1.0

    @also_right
    def by_loop(logits, labels):
        right = 0
        for row, label in zip(logits.tolist(), labels.tolist()):
            right += row.index(max(row)) == label
        return right / len(labels)

    @also_right
    def by_sorting(logits, labels):
        return float((np.argsort(logits, axis=1)[:, -1] == labels).sum() / len(labels))

    @also_right
    def by_the_right_logit(logits, labels):
        return np.mean(logits[np.arange(len(labels)), labels] >= logits.max(axis=1))

    @agrees_with("scikit-learn")
    def by_sklearn(logits, labels):
        from sklearn.metrics import accuracy_score

        return accuracy_score(labels, np.argmax(logits, axis=1))

    @shortcut("helpers.nn")
    def ready_made(logits, labels):
        from helpers import nn

        return nn.accuracy(logits, labels)
