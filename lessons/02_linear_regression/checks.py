import numpy as np

from course.checks import ANYTHING, agrees_with, also_right, exercise, mistake


def numbers(rng, *shape, low=-4.0, high=4.0):
    """Readable random numbers, one decimal each."""
    return np.round(rng.uniform(low, high, size=shape), 1)


def whole(rng, *shape, low=-5, high=6):
    return rng.integers(low, high, size=shape)


# a mistake leaves open (ANYTHING) what depends on something else: whether whole numbers were turned into floats,
# lists into arrays, or the special case was thought of as well. So it is named all the same.
def all_whole(*values):
    return all(np.asarray(v).dtype.kind in "iu" for v in values)


def all_lists(*values):
    return all(isinstance(v, list) for v in values)


@exercise("predict")
class Predict:
    hints = (
        "Look at the worked example: 3 · 7 + 5 · 1 + 35. Multiply each feature by its weight, add the products up, then add the bias once.",
        "The matrix product `@` multiplies and adds for all rows of X at once: (n, d) @ (d,) gives (n,).",
        "One float in a sum makes the whole sum float: float(...) around the bias is enough. NumPy lets you multiply an array by a list.",
    )
    returns = ("predictions",)

    def cases(rng):
        yield np.array([[7.0, 1.0], [-6.0, 0.0], [4.0, 1.0]]), np.array([3.0, 5.0]), 35.0
        yield numbers(rng, 4, 3), numbers(rng, 3), float(numbers(rng))
        yield whole(rng, 5, 2), whole(rng, 2, low=1), int(whole(rng, low=1))
        yield numbers(rng, 2, 4), numbers(rng, 4).tolist(), -1.5
        yield numbers(rng, 5, 1, low=1), numbers(rng, 1, low=1), 2
        yield numbers(rng, 1, 3), numbers(rng, 3), 0.5

    @mistake("The bias is missing: these are the sums of weight times feature alone. Add b to each of them.")
    def forgets_bias(X, w, b):
        return ANYTHING if all_whole(X, w) else X @ w

    @mistake(
        "The bias went in before the weights, so it was multiplied by them. It is added once, after the weighted features have been summed."
    )
    def bias_before_weights(X, w, b):
        return ANYTHING if all_whole(X, w, b) else (X + b) @ w

    @mistake(
        "The bias was added to the weights, so it was multiplied by every feature. It is added once, after the products have been summed."
    )
    def bias_into_weights(X, w, b):
        return ANYTHING if all_whole(X, w, b) or all_lists(w) else X @ (w + b)

    @mistake(
        "`*` multiplies entry by entry and leaves a table (n, d). The d products of a row still have to be summed: that is what `@` does."
    )
    def entrywise(X, w, b):
        return ANYTHING if all_whole(X, w, b) else X * w + b

    @mistake(
        "This is the table of products, feature times weight. Each row still has to be summed, which `@` does by itself, and the bias added."
    )
    def products_only(X, w, b):
        return ANYTHING if all_whole(X, w) else X * w

    @mistake(
        "All products of all examples were summed into one number. Each example needs a sum of its own: add along the features (axis 1)."
    )
    def one_sum_for_all(X, w, b):
        return float(np.sum(X * np.asarray(w)) + b)

    @mistake(
        "The sum ran down the columns, over the examples (axis 0). Each example sums its own row, over the features (axis 1)."
    )
    def sums_over_examples(X, w, b):
        return ANYTHING if all_whole(X, w, b) else (X * w).sum(axis=0) + b

    @mistake(
        "The numbers are right but stand in a column (n, 1). Keep w flat, shape (d,), and the predictions come out flat, shape (n,)."
    )
    def column_of_predictions(X, w, b):
        return ANYTHING if all_whole(X, w, b) or all_lists(w) else X @ w.reshape(-1, 1) + b

    @mistake(
        "The bias was added to every product, so it is counted d times. Sum the products of a row first, then add b once."
    )
    def bias_for_every_feature(X, w, b):
        return ANYTHING if all_whole(X, w, b) else (X * w + b).sum(axis=1)

    @mistake("The bias was added twice. Once for each example is enough.")
    def bias_twice(X, w, b):
        return ANYTHING if all_whole(X, w, b) else X @ w + b + b

    @mistake(
        "The running sum was not set back to 0 for the next example, so each prediction carries the ones before it. Start the sum inside the outer loop."
    )
    def never_starts_anew(X, w, b):
        return ANYTHING if all_whole(X, w, b) else np.cumsum(X @ w) + b

    @mistake(
        "Only one example was predicted: the `return` stands inside the loop, which ends in the first round. Collect one number for each row, then return them all."
    )
    def first_row_only(X, w, b):
        return float(X[0] @ np.asarray(w) + b)

    @mistake(
        "The values are right, but for whole-number inputs the results are whole-number types too. One float in the sum makes all of it float; the bias is a good place for it."
    )
    def keeps_whole_numbers(X, w, b):
        return np.asarray(X) @ np.asarray(w) + b

    @mistake(
        "Here the shapes don't meet: the matrix product needs the d features of X, its last axis, next to the d weights. X goes first, and not transposed."
    )
    def transposed(X, w, b):
        return np.asarray(X, dtype=float).T @ np.asarray(w, dtype=float) + b

    @also_right
    def two_loops(X, w, b):
        predictions = np.zeros(len(X))
        for i in range(len(X)):
            total = float(b)
            for j in range(len(w)):
                total += X[i][j] * w[j]
            predictions[i] = total
        return predictions

    @also_right
    def feature_by_feature(X, w, b):
        predictions = np.full(len(X), b, dtype=float)
        for column, weight in zip(X.T, w):
            predictions = predictions + weight * column
        return predictions

    @also_right
    def with_einsum(X, w, b):
        return np.einsum("ij,j->i", X, np.asarray(w)) + float(b)

    @also_right
    def bias_as_a_weight(X, w, b):
        return np.hstack([X, np.ones((len(X), 1))]) @ np.append(w, b)

    @agrees_with("scikit-learn")
    def by_sklearn(X, w, b):
        from sklearn.linear_model import LinearRegression

        model = LinearRegression()
        model.coef_, model.intercept_ = np.asarray(w, dtype=float), float(b)
        return model.predict(X)


CARET = "In Python a power is written `**`. `^` means something else: it compares whole numbers bit by bit."


@exercise("mean_squared_error")
class MeanSquaredError:
    hints = (
        "Read the name backwards: first the error of each example, then its square, then the mean.",
        "Lists cannot be subtracted. np.asarray(...) turns them into arrays that can.",
        "Both are flat, shape (n,). Don't reshape either of them, or subtracting gives an (n, n) table.",
    )
    returns = ("loss",)
    equivalent = {
        "line 7: sides exchanged: y - np.asarray(predictions)": "a residual and its negative have the same square"
    }

    def cases(rng):
        yield np.array([38.0, 71.0, 22.0]), np.array([34.0, 74.0, 20.0])
        y = numbers(rng, 5)
        yield y + numbers(rng, 5), y
        yield numbers(rng, 4).tolist(), numbers(rng, 4).tolist()
        yield whole(rng, 7), whole(rng, 7, low=5, high=15)
        yield np.array([2.5]), np.array([round(float(rng.uniform(3, 6)), 1)])
        yield numbers(rng, 6), whole(rng, 6).tolist()

    @mistake("The squares were added up but not averaged. A mean divides the sum by the number of examples.")
    def sums(predictions, y):
        return ANYTHING if all_lists(predictions, y) else float(np.sum((np.subtract(predictions, y)) ** 2))

    @mistake("This is the root of the mean squared error. MSE stops one step earlier: no root.")
    def takes_root(predictions, y):
        return ANYTHING if all_lists(predictions, y) else np.sqrt(np.mean((np.subtract(predictions, y)) ** 2))

    @mistake("This is the mean of the plain distances |r|. Square each residual instead of taking its size.")
    def absolute(predictions, y):
        return ANYTHING if all_lists(predictions, y) else np.mean(np.abs(np.subtract(predictions, y)))

    @mistake("This is half the mean squared error. Some books put a ½ in front; this course doesn't.")
    def halves(predictions, y):
        return ANYTHING if all_lists(predictions, y) else np.mean((np.subtract(predictions, y)) ** 2) / 2

    @mistake(
        "The residuals were averaged first and squared after, so +4 and -4 cancel. Square each one, then take the mean."
    )
    def squares_the_mean(predictions, y):
        return ANYTHING if all_lists(predictions, y) else np.mean(np.subtract(predictions, y)) ** 2

    @mistake(
        "Every prediction was compared with every target: one of the two became a column, and NumPy stretched the difference to (n, n). Keep both flat, shape (n,)."
    )
    def every_with_every(predictions, y):
        return np.mean((np.asarray(predictions).reshape(-1, 1) - np.asarray(y)) ** 2)

    @mistake("The sum was divided by n - 1. A plain mean divides by n; one single example has a loss, too.")
    def divides_by_n_minus_1(predictions, y):
        if len(y) == 1 or all_lists(predictions, y):
            return ANYTHING
        return np.sum(np.subtract(predictions, y) ** 2) / (len(y) - 1)

    @mistake(
        "The residuals were averaged without being squared. Too much and too little cancel that way; square each one first."
    )
    def never_squares(predictions, y):
        return ANYTHING if all_lists(predictions, y) else np.mean(np.subtract(predictions, y))

    @mistake("These are the squared residuals, one for each example. The loss is a single number: their mean.")
    def one_for_each(predictions, y):
        return ANYTHING if all_lists(predictions, y) or all_whole(predictions, y) else np.subtract(predictions, y) ** 2

    @mistake(
        "This is the norm of the residuals divided by n. The mean is taken of the squares themselves: no root, so divide the squared norm."
    )
    def norm_over_n(predictions, y):
        return ANYTHING if all_lists(predictions, y) else np.linalg.norm(np.subtract(predictions, y)) / len(y)

    @mistake("The squares were added up and their root taken: that is the L2 norm. The MSE is the mean of the squares.")
    def norm(predictions, y):
        return ANYTHING if all_lists(predictions, y) else np.linalg.norm(np.subtract(predictions, y))

    @mistake(
        "Only the first residual was counted: the `return` stands inside the loop, which ends in the first round. Move it out, to the left."
    )
    def returns_inside_the_loop(predictions, y):
        return (predictions[0] - y[0]) ** 2 / len(y)

    @mistake("Only the last residual was counted: each round of the loop overwrites the total. Add to it with `+=`.")
    def keeps_the_last(predictions, y):
        return (predictions[-1] - y[-1]) ** 2 / len(y)

    @mistake(CARET)
    def caret(predictions, y):
        return np.mean((np.asarray(predictions) - y) ^ 2)

    @mistake(CARET)
    def caret_other_way(predictions, y):
        return np.mean((np.asarray(y) - predictions) ^ 2)

    @also_right
    def plain_loop(predictions, y):
        total = 0.0
        for prediction, target in zip(predictions, y):
            total += (target - prediction) ** 2
        return total / len(y)

    @also_right
    def dot_product(predictions, y):
        residuals = np.array(y, dtype=float) - np.array(predictions, dtype=float)
        return float(residuals @ residuals / residuals.size)

    @also_right
    def norm_squared(predictions, y):
        return np.linalg.norm(np.subtract(predictions, y)) ** 2 / len(y)

    @also_right
    def variance_and_offset(predictions, y):
        residuals = np.subtract(predictions, y)
        return residuals.var() + residuals.mean() ** 2

    @agrees_with("scikit-learn")
    def by_sklearn(predictions, y):
        from sklearn.metrics import mean_squared_error

        return mean_squared_error(y, predictions)


def symbolic_slopes(loss, X, y, w, b):
    """Both gradients by SymPy: the loss written out example by example, differentiated, then the numbers put in."""
    import sympy

    names = sympy.symbols(f"w0:{len(w)}")
    bias = sympy.Symbol("b")
    residuals = [
        sum(sympy.Float(float(x), 30) * s for x, s in zip(row, names)) + bias - sympy.Float(float(target), 30)
        for row, target in zip(X, y)
    ]
    at = dict(zip(names, map(float, w))) | {bias: float(b)}
    expression = loss(residuals)
    slopes = [float(expression.diff(s).subs(at)) for s in (*names, bias)]
    return np.array(slopes[:-1]), slopes[-1]


@exercise("mse_gradient")
class MseGradient:
    hints = (
        "Start with the bias: every residual grows by 1 when b grows by 1, so its slope is the mean of 2 · r.",
        "For a weight, each residual first meets its feature: the slope for w_j is the mean of 2 · r · x_j over the examples.",
        "All weights at once: X is (n, d), the residuals are (n,), the answer is (d,). X transposed is (d, n). Which product gives (d,)?",
    )
    returns = ("grad_w", "grad_b")
    gradient = {"grad_w": "w", "grad_b": "b"}

    def loss(X, y, w, b):
        return np.mean((np.asarray(X) @ np.asarray(w) + b - np.asarray(y)) ** 2)

    def cases(rng):
        yield np.array([[-3.0, 1.0], [4.0, 0.0], [7.0, 1.0]]), np.array([33.0, 52.0, 55.0]), np.array([2.0, 1.0]), 40.0
        yield numbers(rng, 5, 3), numbers(rng, 5, low=3, high=9), numbers(rng, 3), float(numbers(rng))
        yield whole(rng, 4, 2), whole(rng, 4, low=5, high=20), whole(rng, 2), int(whole(rng))
        yield numbers(rng, 6, 1), numbers(rng, 6).tolist(), numbers(rng, 1).tolist(), 1.5
        yield numbers(rng, 2, 4), numbers(rng, 2, low=2), numbers(rng, 4), 0.0
        yield numbers(rng, 1, 2, low=1), np.array([3.0]), numbers(rng, 2, low=5, high=9), 2.0

    @mistake(
        "Both gradients have the wrong sign: they belong to y minus the prediction. The residuals given to you are prediction minus y, and a positive one asks for less."
    )
    def flips_sign(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return -2 / len(r) * np.asarray(X).T @ r, -2 * r.mean()

    @mistake("The factor 2 is missing. The derivative of r² is 2r.")
    def no_factor_2(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return np.asarray(X).T @ r / len(r), r.mean()

    @mistake(
        "These are the slopes of the sum of squares. The loss is a mean, so both are to be divided by the number of examples n."
    )
    def no_mean(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2.0 * np.asarray(X).T @ r, 2.0 * r.sum()

    @mistake(
        "grad_w is right. grad_b is a sum over the examples and misses the 1/n that grad_w has: both come from the same mean."
    )
    def sums_bias(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * np.asarray(X).T @ r, 2.0 * r.sum()

    @mistake("grad_w is right. grad_b has one entry for each example: sum them, because they all share the one bias.")
    def bias_not_summed(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * np.asarray(X).T @ r, 2 / len(r) * r

    @mistake("grad_w has its factor 2, grad_b has lost it. Both come from r², whose derivative is 2r.")
    def bias_without_2(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * np.asarray(X).T @ r, r.mean()

    @mistake("grad_b has its factor 2, grad_w has lost it. Both come from r², whose derivative is 2r.")
    def weights_without_2(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return np.asarray(X).T @ r / len(r), 2 * r.mean()

    @mistake("grad_w is right. grad_b was divided by n twice: a mean has its 1/n inside, so it is 2 · mean, or 2/n · sum.")
    def bias_averaged_twice(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * np.asarray(X).T @ r, 2 / len(r) * r.mean()

    @mistake(
        "grad_b is right. grad_w is a sum over the examples and misses the 1/n that grad_b has: both come from the same mean."
    )
    def sums_weights(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2.0 * np.asarray(X).T @ r, 2 * r.mean()

    @mistake(
        "The mean runs over the n examples, `X.shape[0]`. You divided by d, the number of features: `len(w)`, or `X.shape[1]`."
    )
    def divides_by_d(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(w) * np.asarray(X).T @ r, 2 / len(w) * r.sum()

    @mistake(
        "The residuals were squared. The derivative of r² is 2r: the residual itself stays, with its sign, and its square is gone."
    )
    def squares_residuals(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * np.asarray(X).T @ r**2, 2 * np.mean(r**2)

    @mistake("The two came back in the other order. First grad_w, an array, then grad_b, a number.")
    def swapped(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 * r.mean(), 2 / len(r) * np.asarray(X).T @ r

    @mistake("Only the last example counts in grad_w: each round of the loop overwrites it. Add to it with `+=`.")
    def keeps_the_last(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * r[-1] * np.asarray(X)[-1], 2 * r.mean()

    @mistake("grad_w was divided by n · d, the number of entries of X. The loss is a mean over the n examples only.")
    def divides_by_all_entries(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / np.size(X) * np.asarray(X).T @ r, 2 * r.mean()

    @mistake(
        "Here the mean residual meets the mean feature. Multiply each residual by its own example's features first, and average the products."
    )
    def product_of_means(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 * r.mean() * np.asarray(X).mean(axis=0), 2 * r.mean()

    @mistake(
        "grad_w is a table (n, d): one gradient for each example. Average it over the examples (axis 0), so that one number per weight is left."
    )
    def one_for_each_example(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2.0 * np.asarray(X) * r[:, None], 2.0 * r.mean()

    @mistake(
        "grad_w is a single number: the mean ran over the features as well. Keep the features apart; only the examples are averaged."
    )
    def one_number_for_all_weights(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return np.mean(2 * r[:, None] * np.asarray(X)), 2 * r.mean()

    @mistake(
        "The shapes don't meet: the sum must run over the n examples. The residuals are (n,), so the matrix on their left must be (d, n), which is X transposed."
    )
    def not_transposed(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * np.asarray(X) @ r, 2 * r.mean()

    @mistake(
        "`*` multiplies entry by entry and sums nothing, and the shapes (n, d) and (n,) don't even meet. You want a sum over the examples: the matrix product `@`, with X transposed on the left."
    )
    def entrywise(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        np.multiply(X, r)  # stops, but for a single feature or a single example
        return ANYTHING

    @mistake(
        "`*` multiplies entry by entry and sums nothing: grad_w is a table (d, n). You want the sum over the examples, which the matrix product `@` takes."
    )
    def entrywise_transposed(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * X.T * r, 2 * r.mean()

    @also_right
    def example_by_example(X, y, w, b):
        n, d = X.shape
        grad_w, grad_b = np.zeros(d), 0.0
        for i in range(n):
            residual = float(b) - y[i]
            for j in range(d):
                residual += X[i, j] * w[j]
            grad_w += 2 * residual * X[i]
            grad_b += 2 * residual
        return grad_w / n, grad_b / n

    @also_right
    def residuals_on_the_left(X, y, w, b):
        r = np.asarray(y) - (np.asarray(X) @ np.asarray(w) + b)
        return -2 * (r @ X) / len(y), float(-2 * np.mean(r))

    @also_right
    def mean_of_a_table(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return np.mean(2 * r[:, None] * X, axis=0), np.mean(2 * r)

    @also_right
    def bias_as_a_weight(X, y, w, b):
        A = np.hstack([X, np.ones((len(X), 1))])
        gradient = 2 * A.T @ (A @ np.append(w, b) - np.asarray(y)) / len(y)
        return gradient[:-1], gradient[-1]

    @agrees_with("SymPy", rtol=1e-6)
    def by_sympy(X, y, w, b):
        return symbolic_slopes(lambda residuals: sum(r**2 for r in residuals) / len(residuals), X, y, w, b)


@exercise("l2_norm_gradient")
class L2NormGradient:
    hints = (
        "Compare with the gradient of the MSE: the same residuals, the same features, another factor in front.",
        "Divide the residuals by their norm, and you have a direction of length 1. The weights' slopes are X transposed times that direction.",
        "For the bias the direction is summed. No 2 and no 1/n is left anywhere.",
        "Look at the norm before you divide. If it is 0, return zeros: as many as there are weights, and 0.0 for the bias.",
    )
    returns = ("grad_w", "grad_b")
    rtol = 1e-5  # so that 1e-12 added to the norm passes, and 1e-8 does not

    def cases(rng):
        yield np.array([[1.0, 2.0], [3.0, -1.0], [2.0, 2.0]]), np.array([4.0, 1.0, 8.0]), np.array([1.0, 1.0]), 0.0
        yield numbers(rng, 5, 3), numbers(rng, 5, low=3, high=9), numbers(rng, 3), float(numbers(rng))
        X, w, b = whole(rng, 4, 2), whole(rng, 2), int(whole(rng))
        yield X, X @ w + b, w, b  # a perfect fit, in whole numbers: the residual is exactly zero
        yield whole(rng, 6, 2), whole(rng, 6, low=8, high=20), whole(rng, 2, low=1), 1
        yield numbers(rng, 4, 1), numbers(rng, 4, low=5, high=9).tolist(), numbers(rng, 1).tolist(), 0.5
        yield numbers(rng, 2, 3), numbers(rng, 2, low=4, high=9), numbers(rng, 3), -1.0
        X, w, b = whole(rng, 3, 2), whole(rng, 2), int(whole(rng))
        yield X, X @ w + b - np.array([0, 2, 2]), w, b  # one residual is zero, and it is the first
        X, w, b = whole(rng, 3, 2, low=1), whole(rng, 2), int(whole(rng))
        X[:, 0] = [1, 2, 4]  # not at right angles to the residuals
        yield X, X @ w + b - np.array([1, -2, 1]), w, b  # they sum to zero
        yield whole(rng, 3, 2, low=1), np.array([1e-7, -2e-7, 2e-7]), np.zeros(2), 0.0  # close, and not perfect

    @mistake(
        "This is the gradient of the MSE. The norm is not squared: its slope is the residuals divided by their length, with no 2 and no 1/n."
    )
    def gradient_of_mse(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        return 2 / len(r) * np.asarray(X).T @ r, 2 * r.mean()

    @mistake(
        "This is the gradient of the squared norm. The square root adds a factor 1 / (2 · norm) by the chain rule."
    )
    def gradient_of_squared_norm(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        return 2 * np.asarray(X).T @ r, 2 * r.sum()

    @mistake(
        "The sign is the wrong way round. The residual is prediction minus y; where it is positive, more weight or bias means more norm."
    )
    def flips_sign(X, y, w, b):
        r = np.asarray(y) - np.asarray(X, dtype=float) @ np.asarray(w) - b
        length = np.linalg.norm(r)
        return (np.asarray(X).T @ r / length, r.sum() / length) if length else ANYTHING

    @mistake("A factor 2 is left over. The 2 of r² and the ½ of the square root cancel.")
    def keeps_factor_2(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        return (2 * np.asarray(X).T @ r / length, 2 * r.sum() / length) if length else ANYTHING

    @mistake("A factor ½ is left over: the square root's. It cancels against the 2 from the derivative of r².")
    def keeps_half(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        return (np.asarray(X).T @ r / (2 * length), r.sum() / (2 * length)) if length else ANYTHING

    @mistake("This was divided by n as well. The norm is the root of a sum, not of a mean, so no 1/n appears.")
    def divides_by_n(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r) * len(r)
        return (np.asarray(X).T @ r / length, r.sum() / length) if length else ANYTHING

    @mistake(
        "This is the gradient of the root of the MEAN square. The norm is the root of the SUM of squares, which differs by a factor √n."
    )
    def root_mean_square(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r) * np.sqrt(len(r))
        return (np.asarray(X).T @ r / length, r.sum() / length) if length else ANYTHING

    @mistake(
        "The norm came out too small by √n: it is the root of the SUM of the squares, and this is the root of their mean."
    )
    def norm_from_the_mean(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.sqrt(np.mean(r**2))
        return (np.asarray(X).T @ r / length, r.sum() / length) if length else ANYTHING

    @mistake("This was divided by the squared norm. Take the root of the sum of squares before dividing.")
    def divides_by_squared_norm(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        squared = np.sum(r**2)
        return (np.asarray(X).T @ r / squared, r.sum() / squared) if squared else ANYTHING

    @mistake(
        "This is right as long as the fit is not perfect. Where all residuals are zero it computes 0/0, which gives nan: look at the norm first and return zeros there."
    )
    def divides_by_zero(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        with np.errstate(all="ignore"):
            direction = r / np.linalg.norm(r)
        return np.asarray(X).T @ direction, direction.sum()

    @mistake("grad_w is right. grad_b was not divided by the norm: sum the residuals' direction, not the residuals.")
    def bias_not_divided(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        return (np.asarray(X).T @ r / length, r.sum()) if length else ANYTHING

    @mistake(
        "Nothing was divided by the norm. By the chain rule the slope of the square root puts the norm below the bar, in grad_w and in grad_b."
    )
    def not_divided(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        return np.asarray(X).T @ r, r.sum()

    @mistake(
        "One residual is zero, but the fit is not perfect: the others are not. Return zeros only where the norm itself is 0."
    )
    def stops_at_one_zero(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        if not r.all():
            return np.zeros(len(w)), 0.0
        return np.asarray(X).T @ r / np.linalg.norm(r), r.sum() / np.linalg.norm(r)

    @mistake(
        "The residuals add up to zero, but the fit is not perfect: plus and minus cancel. Return zeros only where the norm itself is 0."
    )
    def stops_at_zero_sum(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        if r.sum() == 0:
            return np.zeros(len(w)), 0.0
        return np.asarray(X).T @ r / np.linalg.norm(r), r.sum() / np.linalg.norm(r)

    @mistake(
        "This fit is close, not perfect, and the norm keeps its slope until the very end. Return zeros only where the norm is exactly 0."
    )
    def stops_when_close(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        if length < 1e-3:
            return np.zeros(len(w)), 0.0
        return np.asarray(X).T @ r / length, r.sum() / length

    @mistake(
        "A small number was added to the norm so that nothing is divided by 0. Near a perfect fit it is as large as the norm itself and flattens the slope. Treat the norm 0 apart instead."
    )
    def adds_a_small_number(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        direction = r / (np.linalg.norm(r) + 1e-8)
        return np.asarray(X).T @ direction, direction.sum()

    @mistake("At a perfect fit grad_w came out as a single 0. It needs its usual shape, one zero for each weight.")
    def single_zero(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        return (np.asarray(X).T @ r / length, r.sum() / length) if length else (0.0, 0.0)

    @mistake("At a perfect fit grad_w has a zero for each example. It needs one for each weight, shape (d,).")
    def zeros_for_examples(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        return (np.asarray(X).T @ r / length, r.sum() / length) if length else (np.zeros(len(r)), 0.0)

    @mistake("At a perfect fit the zeros are whole numbers, copied from the type of w. Make them floats.")
    def whole_number_zeros(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        return (np.asarray(X).T @ r / length, r.sum() / length) if length else (np.zeros_like(w), 0.0)

    @mistake(
        "This uses only the residuals' signs: it is the gradient of the sum of |r|, the L1 norm. The L2 norm keeps their sizes and divides by their common length."
    )
    def gradient_of_l1(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        return np.asarray(X).T @ np.sign(r), np.sign(r).sum()

    @mistake("grad_w is right. grad_b averages the direction; nothing here is divided by n, so sum it instead.")
    def averages_bias(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w) + b - np.asarray(y)
        length = np.linalg.norm(r)
        return (np.asarray(X).T @ r / length, r.mean() / length) if length else ANYTHING

    @also_right
    def through_the_squared_norm(X, y, w, b):
        r = np.asarray(X, dtype=float) @ np.asarray(w, dtype=float) + b - np.asarray(y)
        norm = np.linalg.norm(r)
        if norm == 0.0:
            return np.zeros(np.shape(X)[1]), 0.0
        grad_w, grad_b = 2 * r @ X, 2 * r.sum()
        return grad_w / (2 * norm), grad_b / (2 * norm)

    @also_right
    def example_by_example(X, y, w, b):
        n, d = X.shape
        r = [sum(X[i, j] * w[j] for j in range(d)) + b - y[i] for i in range(n)]
        norm = sum(residual**2 for residual in r) ** 0.5
        grad_w, grad_b = [0.0] * d, 0.0
        for i in range(n):
            if norm > 0:
                grad_w = [grad_w[j] + r[i] * X[i, j] / norm for j in range(d)]
                grad_b += r[i] / norm
        return np.array(grad_w), float(grad_b)

    @also_right
    def divides_by_one_at_zero(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        norm = np.linalg.norm(r)
        direction = r / (norm if norm > 0 else 1.0)
        return np.einsum("ij,i->j", X, direction), direction.sum()

    @also_right
    def zero_length_kept_above_tiny(X, y, w, b):
        r = np.asarray(X) @ np.asarray(w) + b - np.asarray(y)
        direction = r / max(np.linalg.norm(r), 1e-12)
        return np.asarray(X).T @ direction, np.sum(direction)

    @agrees_with("SymPy", rtol=1e-6)
    def by_sympy(X, y, w, b):
        import sympy

        if np.all(np.asarray(X) @ np.asarray(w) + b == np.asarray(y)):
            return np.zeros(len(w)), 0.0  # no derivative here, and so nothing to compare with
        return symbolic_slopes(lambda residuals: sympy.sqrt(sum(r**2 for r in residuals)), X, y, w, b)


@exercise("add_bias_column")
class AddBiasColumn:
    hints = (
        "The new column needs one 1 for each example. How many rows has X?",
        "np.ones makes floats. Put the column to the right of X: np.column_stack or np.hstack do that, or fill a np.ones((n, d + 1)) with X.",
    )
    returns = ("with_ones",)

    def cases(rng):
        yield np.array([[7.0, 1.0], [-6.0, 0.0], [4.0, 1.0]])
        yield numbers(rng, 2, 4)
        yield whole(rng, 5, 3, low=2, high=9)
        yield numbers(rng, 4, 1)
        yield numbers(rng, 1, 3)

    @mistake(
        "The ones stand first. Here they go last, after X's own columns, so that the bias is the last entry of theta."
    )
    def ones_first(X):
        return ANYTHING if all_whole(X) else np.column_stack([np.ones(len(X)), X])

    @mistake(
        "The new column holds zeros, so the bias would be multiplied by 0 and never reach a prediction. It must hold ones."
    )
    def zeros(X):
        return np.column_stack([X, np.zeros(len(X))])

    @mistake("The ones were added as a new row, an extra example. They belong in a new column, an extra feature.")
    def ones_as_row(X):
        return np.vstack([X, np.ones(X.shape[1])])

    @mistake("One was added to every entry. X keeps its numbers, and a column of ones comes beside it.")
    def adds_one(X):
        return ANYTHING if all_whole(X) else X + 1

    @mistake("The last column of X was overwritten. The ones need a column of their own: the result has d + 1 columns.")
    def overwrites_last(X):
        result = np.array(X, dtype=float)
        result[:, -1] = 1
        return result

    @mistake(
        "The last column of X was overwritten, and in the caller's own array. The ones need a column of their own, in a new array."
    )
    def overwrites_in_place(X):
        X[:, -1] = 1
        return X

    @mistake("The values are right, but for a whole-number X the result holds whole numbers. Make it floats.")
    def keeps_whole_numbers(X):
        return np.concatenate([X, np.ones((len(X), 1), dtype=X.dtype)], axis=1)

    @mistake(
        "Everything was laid out in one long line: np.append flattens unless it is told an axis. The result is a table (n, d + 1)."
    )
    def flattened(X):
        return np.append(X, np.ones(len(X)))

    @mistake(
        "The row count and the ones don't fit together. To stand beside X, the ones need n entries in a column, shape (n, 1), where n is the number of examples."
    )
    def flat_ones_beside_table(X):
        return np.concatenate([X, np.ones(len(X))], axis=1)

    @mistake(
        "`np.concatenate` puts arrays below each other unless it is told otherwise. The ones belong beside X: say `axis=1`."
    )
    def forgets_the_axis(X):
        return np.concatenate([X, np.ones((len(X), 1))])

    @mistake("This is the column of ones alone. X's own columns stay, to its left.")
    def ones_only(X):
        return np.ones((len(X), 1))

    @also_right
    def filled_in(X):
        result = np.ones((X.shape[0], X.shape[1] + 1))
        result[:, :-1] = X
        return result

    @also_right
    def row_by_row(X):
        return np.array([[*map(float, row), 1.0] for row in X])

    @also_right
    def stacked(X):
        return np.hstack((X.astype(float), np.ones((X.shape[0], 1))))

    @also_right
    def padded(X):
        return np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 1)), constant_values=1)

    @agrees_with("scikit-learn")
    def by_sklearn(X):
        from sklearn.preprocessing import add_dummy_feature

        return np.roll(add_dummy_feature(np.asarray(X, dtype=float)), -1, axis=1)  # theirs puts the ones first


def almost_collinear(X):
    """Whether only rounding's size tells the columns apart: without the ones a fit to them is noise."""
    return np.linalg.cond(X) > 1e5 and np.linalg.matrix_rank(X) == 2


def rounding_decides(X):
    """Whether solving with A transposed A gives noise here, or an error, by the machine's rounding."""
    return almost_collinear(X) or X[0, 0] == 0.1


@exercise("normal_equation")
class NormalEquation:
    hints = (
        "Put the column of ones beside X, and the bias is found like any other weight: theta has d + 1 entries.",
        "np.linalg.lstsq(A, y) works on A itself, finds a shortest best theta even for collinear columns, and returns four things: you want the first. Or use np.linalg.pinv.",
        "Take theta apart: the ones stood last, so the last entry is the bias, and everything before it are the weights.",
    )
    returns = ("w", "b")
    rtol = 1e-8  # tight, so that digits lost to AᵀA show
    atol = 1e-9

    # in the collinear cases elimination meets an exact zero, whatever the machine, so that solve and inv always raise
    def cases(rng):
        yield np.array([[-6.0], [-3.0], [0.0], [4.0], [7.0], [11.0]]), np.array([20.0, 33.0, 34.0, 52.0, 55.0, 74.0])
        yield numbers(rng, 7, 3), numbers(rng, 7, low=2, high=9)
        x = np.array([1.0, 2.0, 4.0, 5.0]) + int(rng.integers(0, 3))
        yield np.column_stack([x, 2 * x]), numbers(rng, 4, low=2, high=9)  # one column is twice the other
        x = rng.permutation(np.arange(-2, 4))[:5]
        yield np.column_stack([x, np.full(5, 2)]), whole(rng, 5, low=1, high=12)  # a constant column beside the ones
        x, z = numbers(rng, 2, low=1), numbers(rng, 2, high=-1)
        yield (
            np.column_stack([x, z + np.array([0, 5]), x]),
            numbers(rng, 2, low=2, high=9).tolist(),
        )  # fewer examples than unknowns
        a, c = int(rng.integers(2, 5)), int(rng.integers(5, 9))
        x = rng.permutation([a, c, -a - c, 1, -1]).astype(float)
        yield np.column_stack([x, x + 4]), numbers(rng, 5, low=2, high=9)  # the same thing, counted from two zeros
        x = np.array([0.1, 0.2, 0.7, 0.4])  # collinear again, but rounding hides it from elimination
        yield np.column_stack([x, [0.3, 0.6, 2.1, 1.2]]), numbers(rng, 4, low=0, high=5)
        x, nearly = np.array([1, 2, 4, 5, 7, 9]), 3e-5 * rng.permutation([1, -1, 2, 0, -2, 1])
        first, second, bias = (int(v) for v in rng.permutation([1, 2, 3]))
        X = np.column_stack([x, x + nearly])  # almost collinear: half of the digits are left, if nothing is squared
        yield X, first * X[:, 0] + second * X[:, 1] + bias

    @mistake(
        "The line was fitted without a bias, so it is forced through the origin. Put a column of ones beside X before solving."
    )
    def no_bias(X, y):
        if almost_collinear(X):
            return ANYTHING
        return np.linalg.lstsq(np.asarray(X, dtype=float), np.asarray(y, dtype=float), rcond=None)[0], 0.0

    @mistake(
        "The ones were never put beside X, so there is one number too few, and the last weight was taken for the bias. Take apart a theta that was found with the ones in."
    )
    def no_bias_but_taken_apart(X, y):
        if almost_collinear(X):
            return ANYTHING
        theta = np.linalg.lstsq(np.asarray(X, dtype=float), np.asarray(y, dtype=float), rcond=None)[0]
        return theta[:-1], theta[-1]

    @mistake("`np.linalg.lstsq` returns four things, and theta is the first of them. Pick it out by its index, `[0]`.")
    def takes_all_four(X, y):
        found = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float), rcond=None)
        return found[:-1], found[-1]

    @mistake("`np.linalg.lstsq` returns four things. theta is the first of them; take it apart into w and b.")
    def returns_all_four(X, y):
        return np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float), rcond=None)

    @mistake("w still holds the bias as its last entry. theta has d + 1 entries; w is the first d of them.")
    def bias_left_in_w(X, y):
        theta = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float), rcond=None)[0]
        return theta, theta[-1]

    @mistake(
        "theta was taken apart at the wrong end: the ones stood last, so the bias is the last entry, not the first."
    )
    def splits_wrong_end(X, y):
        theta = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float), rcond=None)[0]
        return theta[1:], theta[0]

    @mistake(
        "QR keeps the digits, but it cannot cope with collinear columns by itself: a zero, or almost one, is left on the diagonal. `np.linalg.lstsq` or `np.linalg.pinv` can."
    )
    def by_qr(X, y):
        A = np.column_stack([X, np.ones(len(X))])
        q, upper = np.linalg.qr(A)
        if len(A) >= A.shape[1] > np.linalg.matrix_rank(A):
            return ANYTHING
        theta = np.linalg.solve(upper, q.T @ np.asarray(y))  # stops where the unknowns are more than the examples
        return theta[:-1], theta[-1]

    @mistake(
        "With collinear columns AᵀA has no inverse, so solving with it (or inverting it) breaks down. Use a tool that works on A itself and picks the shortest answer."
    )
    def breaks_on_collinear(X, y):
        A = np.column_stack([X, np.ones(len(X))])
        if rounding_decides(X):
            return ANYTHING
        theta = np.linalg.solve(A.T @ A, A.T @ np.asarray(y))
        return theta[:-1], theta[-1]

    @mistake(
        "The means were taken off first and the bias put back after. Loss and predictions are right, but this makes only w short. The shortest (w, b) together needs the bias in the same solve, as a column of ones."
    )
    def centres_first(X, y):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w = np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=1e-10)[0]
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake(
        "w was fitted without a bias, and the bias was added afterwards to what was left. The two depend on each other: find them in one solve."
    )
    def bias_afterwards(X, y):
        if almost_collinear(X):
            return ANYTHING
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        w = np.linalg.lstsq(X, y, rcond=None)[0]
        return w, np.mean(y - X @ w)

    @mistake(
        "The mean of y was taken for the bias, which is right only where every feature has mean 0. Put the column of ones beside X, and the solve finds the bias."
    )
    def mean_for_the_bias(X, y):
        if almost_collinear(X):
            return ANYTHING
        return np.linalg.lstsq(np.asarray(X, dtype=float), np.asarray(y, dtype=float), rcond=None)[0], np.mean(y)

    @mistake("This is theta in one piece. Take it apart: the weights w (d entries), and the bias b (the last entry).")
    def one_piece(X, y):
        return np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float), rcond=None)[0]

    @mistake("The two came back in the other order. First the weights w, then the bias b.")
    def swapped(X, y):
        theta = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float), rcond=None)[0]
        return theta[-1], theta[:-1]

    @mistake("The right-hand side Aᵀy was taken for the solution: AᵀA still stands on the left. Solve for theta.")
    def never_solves(X, y):
        A = np.column_stack([X, np.ones(len(X))])
        theta = A.T @ np.asarray(y, dtype=float)
        return theta[:-1], theta[-1]

    @mistake(
        "The redundant directions were bridged by adding a small number to the diagonal of AᵀA. That shifts every answer a little; the pseudo-inverse or a least-squares solver needs no such help."
    )
    def adds_to_diagonal(X, y):
        A = np.column_stack([X, np.ones(len(X))])
        theta = np.linalg.solve(A.T @ A + 1e-3 * np.eye(A.shape[1]), A.T @ np.asarray(y))
        return theta[:-1], theta[-1]

    @mistake(
        "Two columns are almost alike in one case, and their small difference was thrown away as if they were equal. Leave the solver's cut-off where it is, and work on A itself: in AᵀA such a difference drowns in rounding."
    )
    def cuts_off_too_much(X, y):
        theta = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), np.asarray(y, dtype=float), rcond=1e-5)[0]
        return theta[:-1], theta[-1]

    @mistake(
        "Right but for lost digits, where columns are almost alike or rounding hides that they are collinear. AᵀA has the condition number of A squared: use a tool that works on A itself."
    )
    def loses_digits(X, y):
        if rounding_decides(X):
            return ANYTHING
        theta = np.linalg.pinv(np.column_stack([X, np.ones(len(X))])) @ np.asarray(y)
        return theta[:-1], theta[-1]

    @also_right
    def pseudo_inverse(X, y):
        theta = np.linalg.pinv(np.column_stack([X, np.ones(len(X))])) @ np.asarray(y)
        return theta[:-1], float(theta[-1])

    @also_right
    def by_svd(X, y):
        A = np.hstack([X, np.ones((len(X), 1))])
        u, s, vt = np.linalg.svd(A, full_matrices=False)
        keep = s > 1e-10 * s[0]
        theta = vt[keep].T @ ((u[:, keep].T @ np.asarray(y)) / s[keep])
        return theta[:-1], theta[-1]

    @also_right
    def by_scipy(X, y):
        from scipy.linalg import lstsq

        theta = lstsq(np.hstack([X, np.ones((len(X), 1))]), y)[0]
        return theta[:-1], theta[-1]

    @also_right
    def ones_first_and_split_accordingly(X, y):
        A = np.hstack([np.ones((len(X), 1)), X])
        theta = np.linalg.lstsq(A, np.asarray(y), rcond=None)[0]
        return theta[1:], theta[0]

    @agrees_with("scikit-learn", rtol=1e-6)
    def by_sklearn(X, y):
        from sklearn.linear_model import LinearRegression

        A = np.hstack([X, np.ones((len(X), 1))])
        theta = LinearRegression(fit_intercept=False).fit(A, np.asarray(y, dtype=float)).coef_
        return theta[:-1], theta[-1]


@exercise("r_squared")
class RSquared:
    hints = (
        "Two sums of squares: one for your predictions, one for the forecast that always says the mean of y.",
        "Both sums are of squared distances from y. (Plain distances from the mean always add up to 0.) Only the forecast changes: the predictions above the bar, the mean below it.",
        "One minus the first over the second. Turn y into an array first, so that its mean can be taken off every entry.",
    )
    returns = ("r_squared",)
    equivalent = {
        "line 8: sides exchanged: predictions - y": "a residual and its negative have the same square",
        "line 9: sides exchanged: y.mean() - y": "a distance and its negative have the same square",
    }

    def cases(rng):
        yield np.array([1.0, 2.0, 6.0]), np.array([1.0, 3.0, 4.0])
        y = numbers(rng, 6, low=2, high=9) + np.arange(6)
        yield y, np.round(0.8 * y + numbers(rng, 6, low=-1, high=1), 1)
        yield whole(rng, 5, low=0, high=9) + 3 * np.arange(5), whole(rng, 5, low=10, high=30)  # far off: negative
        yield (numbers(rng, 4) + 2 * np.arange(4)).tolist(), numbers(rng, 4).tolist()
        yield np.array([2.0, 4.0, 9.0]), np.array([5.0, 5.0, 5.0])  # the mean of y: exactly 0
        y = numbers(rng, 7, low=5, high=20) + 2 * np.arange(7)
        yield y, y + 1.5  # the right shape, at the wrong height

    @mistake(
        "The two arguments have changed places: the spread below the bar is that of the predictions. It must be the spread of y around its mean."
    )
    def swaps_arguments(y, predictions):
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        with np.errstate(all="ignore"):
            return 1 - np.sum((p - y) ** 2) / np.sum((p - p.mean()) ** 2)

    @mistake(
        "This is the squared correlation. It asks only whether the two rise and fall together, and forgives a wrong height or scale; R² counts the errors themselves."
    )
    def squared_correlation(y, predictions):
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        with np.errstate(all="ignore"):
            return np.corrcoef(y, p)[0, 1] ** 2

    @mistake("This is the share of squared error that is left. R² is the share that is gone: one minus it.")
    def share_left(y, predictions):
        if all_lists(y, predictions):
            return ANYTHING
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return np.sum((y - p) ** 2) / np.sum((y - y.mean()) ** 2)

    @mistake(
        "This is the spread of the predictions over the spread of y. It agrees with R² only for a least-squares line on its own training data; use the errors y minus prediction."
    )
    def explained_over_total(y, predictions):
        if all_lists(y, predictions):
            return ANYTHING
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return np.sum((p - y.mean()) ** 2) / np.sum((y - y.mean()) ** 2)

    @mistake(
        "Below the bar stands the distance of y from the mean of the predictions. The lazy forecast knows only y: use the mean of y."
    )
    def mean_of_predictions(y, predictions):
        if all_lists(y, predictions):
            return ANYTHING
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return 1 - np.sum((y - p) ** 2) / np.sum((y - p.mean()) ** 2)

    @mistake(
        "Below the bar the mean was not taken off: the comparison is with always saying 0. Compare with always saying the mean of y."
    )
    def total_around_zero(y, predictions):
        if all_lists(y, predictions):
            return ANYTHING
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return 1 - np.sum((y - p) ** 2) / np.sum(y**2)

    @mistake(
        "The mean of the residuals was taken off above the bar, so predictions that are all too high by the same amount look perfect. Use the plain squared residuals."
    )
    def forgives_offset(y, predictions):
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return 1 - np.var(y - p) / np.var(y)

    @mistake(
        "Negative values were cut off at 0. R² has no lower end: worse than the mean is negative, and it is good to see how much."
    )
    def cut_off_at_zero(y, predictions):
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return max(0.0, 1 - np.sum((y - p) ** 2) / np.sum((y - y.mean()) ** 2))

    @mistake(
        "A mean stands above the bar and a sum below it (or another count of examples): the share comes out too small by a factor n. Use sums for both, or means for both."
    )
    def mean_over_sum(y, predictions):
        if all_lists(y, predictions):
            return ANYTHING
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return 1 - np.mean((y - p) ** 2) / np.sum((y - y.mean()) ** 2)

    @mistake(
        "The variance of y was divided by n - 1, the mean squared error by n. Use the same count for both, and it cancels."
    )
    def sample_variance(y, predictions):
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return 1 - np.mean((y - p) ** 2) / np.var(y, ddof=1)

    @mistake("These are plain distances |y - prediction| and |y - mean|. R² compares squares.")
    def absolute_errors(y, predictions):
        if all_lists(y, predictions):
            return ANYTHING
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return 1 - np.sum(np.abs(y - p)) / np.sum(np.abs(y - y.mean()))

    @mistake(
        "The fraction is upside down: the errors of your predictions stand above the bar, those of the mean forecast below."
    )
    def upside_down(y, predictions):
        if all_lists(y, predictions):
            return ANYTHING
        y, p = np.asarray(y, dtype=float), np.asarray(predictions, dtype=float)
        return 1 - np.sum((y - y.mean()) ** 2) / np.sum((y - p) ** 2)

    @mistake("Python lists cannot be subtracted from each other. np.asarray(...) turns a list into an array that can.")
    def subtracts_lists(y, predictions):
        return 1 - np.sum((y - predictions) ** 2) / np.sum((y - np.mean(y)) ** 2)

    @also_right
    def plain_loop(y, predictions):
        mean = sum(y) / len(y)
        above = below = 0.0
        for target, prediction in zip(y, predictions):
            above += (prediction - target) ** 2
            below += (target - mean) ** 2
        return float((below - above) / below)

    @also_right
    def mse_over_variance(y, predictions):
        return 1 - np.mean(np.subtract(y, predictions) ** 2) / np.var(y)

    @also_right
    def norms(y, predictions):
        y = np.array(y, dtype=float)
        return 1 - (np.linalg.norm(y - predictions) / np.linalg.norm(y - np.mean(y))) ** 2

    @agrees_with("scikit-learn")
    def by_sklearn(y, predictions):
        from sklearn.metrics import r2_score

        return r2_score(y, predictions)


VARIANCE = "The columns were divided by the variance. The ruler is its root, the standard deviation."


def some_constant(X_train):
    return bool((X_train.max(axis=0) == X_train.min(axis=0)).any())


@exercise("standardize")
class Standardize:
    hints = (
        "The draft treats both sets alike, and that is the trouble. Which mean and which σ would you have on the day a new patient walks in?",
        "Compute mean and σ once, from X_train, along the examples (axis 0), and use them for both sets.",
        "A column is constant in training when its largest and its smallest entry are equal. Don't ask whether σ is 0: for six times 0.1 it is not.",
        "np.where(varies, this, that) chooses column by column. Let it pick what to divide by: σ where a column varies, and something that turns any distance into 0 where it doesn't (infinity does: `np.inf`). Or put zeros into those columns afterwards.",
    )
    returns = ("X_train", "X_test")

    def cases(rng):
        yield np.array([[30.0, 1.0], [40.0, 3.0], [50.0, 2.0]]), np.array([[60.0, 2.0], [45.0, 5.0]])
        yield numbers(rng, 6, 3, low=1, high=9), numbers(rng, 4, 3, low=3, high=14)
        X_train, X_test = numbers(rng, 5, 2), numbers(rng, 3, 2)
        X_train[:, 1] = int(rng.integers(2, 9))  # constant in training, not in test
        yield X_train, X_test
        X_train, X_test = numbers(rng, 6, 3), numbers(rng, 2, 3)
        X_train[:, 0], X_test[0, 0] = 0.1, 0.1  # its computed standard deviation is not exactly 0
        yield X_train, X_test
        yield whole(rng, 4, 2) + np.array([[0, 36], [12, 0], [24, 24], [36, 12]]), whole(rng, 3, 2, low=2, high=12)
        yield numbers(rng, 7, 1, low=10, high=90), np.array([[100.5]])  # one patient alone
        a, c = float(whole(rng, low=1)), float(whole(rng, low=6, high=9))
        yield np.array([[a, 1.0], [a, 4.0], [c, 6.0], [a, 9.0]]), numbers(rng, 2, 2)  # some entries equal, not all
        # small numbers that vary, beside numbers that vary little for their size
        yield np.array([[2e-9, 1001.0], [5e-9, 1002.0], [8e-9, 1003.0]]), np.array([[4e-9, 1000.0], [9e-9, 1002.0]])

    @mistake("This is the draft as it was. Start with its loop: it computes a fresh mean and σ for the test set.")
    def the_draft(X_train, X_test):
        result = []
        with np.errstate(all="ignore"):
            for part in (X_train, X_test):
                result.append((part - part.mean(axis=0)) / part.std(axis=0))
        return result[0], result[1]

    @mistake(
        "The test set was put on its own ruler, its own mean and σ. Then a test set of old patients looks average. Use the training mean and σ for both."
    )
    def own_ruler(X_train, X_test):
        if some_constant(X_train) or len(X_test) == 1:
            return ANYTHING
        return tuple((part - part.mean(axis=0)) / part.std(axis=0) for part in (X_train, X_test))

    @mistake(
        "Mean and σ were taken over training and test data together. That leaks: the test set has had a say in the ruler. Use the training data alone."
    )
    def everyone_together(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        everyone = np.concatenate([X_train, X_test])
        return tuple((part - everyone.mean(axis=0)) / everyone.std(axis=0) for part in (X_train, X_test))

    @mistake("σ was computed with n - 1. Here it is over n, which is NumPy's default.")
    def divides_by_n_minus_1(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        mean, std = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
        return (X_train - mean) / std, (X_test - mean) / std

    @mistake(
        "The leak is mended. What is left: a column that is constant in training gets divided by a σ of 0, or of almost 0. It should become zeros in both sets."
    )
    def divides_by_zero(X_train, X_test):
        with np.errstate(all="ignore"):
            return tuple((part - X_train.mean(axis=0)) / X_train.std(axis=0) for part in (X_train, X_test))

    @mistake(
        "Nearly there. Asking whether σ == 0 misses the column of 0.1s, whose computed σ is about 1e-17. Compare the column's largest and smallest entry instead."
    )
    def tests_for_exact_zero(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        scale = np.where(std == 0, 1.0, std)
        return tuple(np.where(std == 0, 0.0, (part - mean) / scale) for part in (X_train, X_test))

    @mistake(
        "Replacing a σ of 0 by 1 leaves two gaps: where the test set varies in such a column its distance from the mean still stands, and a column of 0.1s, whose computed σ is about 1e-17, is missed."
    )
    def replaces_exact_zero_by_one(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        scale = np.where(std == 0, 1.0, std)
        return (X_train - mean) / scale, (X_test - mean) / scale

    @mistake(
        "A small number was added to σ so that nothing is divided by 0. A test set that varies in a column constant in training then explodes. Make such a column zeros in both."
    )
    def adds_a_small_number(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        return (X_train - mean) / (std + 1e-8), (X_test - mean) / (std + 1e-8)

    @mistake(
        "A column that is constant in training is zeros in the training set, but in the test set its distance from the mean was left standing. It should be zeros there, too."
    )
    def constant_left_in_test(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        varies = X_train.max(axis=0) > X_train.min(axis=0)
        scale = np.where(varies, std, 1.0)
        return (X_train - mean) / scale * varies, (X_test - mean) / scale

    @mistake(
        "One mean and one σ were taken for the whole table. Each column has units of its own, so each needs its own: work along the examples (axis 0)."
    )
    def one_ruler_for_the_table(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        mean, std = X_train.mean(), X_train.std()
        return (X_train - mean) / std, (X_test - mean) / std

    @mistake("The mean was taken off, but nothing was divided by σ, so the columns still have different spreads.")
    def only_centres(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        return X_train - X_train.mean(axis=0), X_test - X_train.mean(axis=0)

    @mistake(VARIANCE)
    def divides_by_variance(X_train, X_test):
        varies = X_train.max(axis=0) > X_train.min(axis=0)
        scale = np.where(varies, X_train.var(axis=0), 1.0)
        return tuple(np.where(varies, (part - X_train.mean(axis=0)) / scale, 0.0) for part in (X_train, X_test))

    @mistake(VARIANCE)
    def divides_by_variance_for_now(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        mean, variance = X_train.mean(axis=0), X_train.var(axis=0)
        return (X_train - mean) / variance, (X_test - mean) / variance

    @mistake(
        "The training set is right, and the test set came back untouched. It goes on the same ruler: the training mean and σ."
    )
    def test_untouched(X_train, X_test):
        if some_constant(X_train) or all_whole(X_test):
            return ANYTHING
        return (X_train - X_train.mean(axis=0)) / X_train.std(axis=0), X_test

    @mistake(
        "The columns were squeezed between their smallest and largest value. Standardising takes off the mean and divides by σ."
    )
    def squeezes_to_unit_range(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        low, high = X_train.min(axis=0), X_train.max(axis=0)
        return (X_train - low) / (high - low), (X_test - low) / (high - low)

    @mistake(
        "The training σ was used for both, but the test set was centred on its own mean. The training mean belongs to the ruler as well."
    )
    def own_mean_for_test(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        return (X_train - mean) / std, (X_test - X_test.mean(axis=0)) / std

    @mistake("Only the mean was divided by σ: `/` comes before `-`. Put the difference in parentheses, then divide.")
    def misses_parentheses(X_train, X_test):
        if some_constant(X_train):
            return ANYTHING
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        return X_train - mean / std, X_test - mean / std

    @mistake(
        "The shapes don't meet. A ruler has one entry for each column, shape (d,): the mean runs down the examples (axis 0), not along a row."
    )
    def along_the_rows(X_train, X_test):
        mean, std = X_train.mean(axis=1), X_train.std(axis=1)
        with np.errstate(all="ignore"):
            return (X_train - mean) / std, (X_test - mean) / std

    @mistake(
        "Constant columns were left out. Both results keep their shape: put zeros there, so that each weight still finds its column."
    )
    def drops_constant_columns(X_train, X_test):
        varies = X_train.max(axis=0) > X_train.min(axis=0)
        mean, std = X_train.mean(axis=0)[varies], X_train.std(axis=0)[varies]
        return (X_train[:, varies] - mean) / std, (X_test[:, varies] - mean) / std

    @mistake(
        "nan was turned into 0 afterwards. That mends 0/0 only: other numbers over 0 are infinite, and the column of 0.1s, whose σ is about 1e-17, slips through. Find the constant columns first."
    )
    def mends_nan_afterwards(X_train, X_test):
        if (X_train == 0.1).all(axis=0).any():
            return ANYTHING
        with np.errstate(all="ignore"):
            mean, std = X_train.mean(axis=0), X_train.std(axis=0)
            return tuple(np.nan_to_num((part - mean) / std) for part in (X_train, X_test))

    @mistake(
        "A column of small numbers that does vary was taken for constant. Constant means: its largest and smallest entry are equal."
    )
    def small_counts_as_constant(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        scale = np.where(std < 1e-3, np.inf, std)
        return (X_train - mean) / scale, (X_test - mean) / scale

    @mistake(
        "A column that varies little for its size was taken for constant. Constant means: its largest and smallest entry are equal."
    )
    def small_beside_the_mean(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        scale = np.where(std < 0.01 * abs(mean), np.inf, std)
        return (X_train - mean) / scale, (X_test - mean) / scale

    @mistake(
        "A column was taken for constant because two of its entries are equal. All of them must be: compare its largest with its smallest."
    )
    def two_equal_entries(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        scale = np.where(X_train[0] == X_train[1], np.inf, std)
        return (X_train - mean) / scale, (X_test - mean) / scale

    @also_right
    def column_by_column(X_train, X_test):
        train, test = np.zeros(X_train.shape), np.zeros(X_test.shape)
        for j in range(X_train.shape[1]):
            column = X_train[:, j]
            if column.max() != column.min():
                train[:, j] = (column - np.mean(column)) / np.std(column)
                test[:, j] = (X_test[:, j] - np.mean(column)) / np.std(column)
        return train, test

    @also_right
    def tiny_spread_counts_as_constant(X_train, X_test):
        mean, std = X_train.mean(axis=0), X_train.std(axis=0)
        constant = std < 1e-12
        factor = np.where(constant, 0.0, 1 / np.where(constant, 1.0, std))
        return (X_train - mean) * factor, (X_test - mean) * factor

    @also_right
    def written_out(X_train, X_test):
        n = len(X_train)
        mean = X_train.sum(axis=0) / n
        variance = ((X_train - mean) ** 2).sum(axis=0) / n
        constant = np.all(X_train == X_train[0], axis=0)
        results = []
        for part in (X_train, X_test):
            moved = part - mean
            moved[:, constant] = 0
            results.append(moved / np.where(constant, 1, np.sqrt(variance)))
        return tuple(results)

    @also_right
    def chosen_by_where(X_train, X_test):
        constant = np.ptp(X_train, axis=0) == 0
        scale = np.where(constant, 1.0, np.std(X_train, axis=0))
        return tuple(np.where(constant, 0.0, (part - np.mean(X_train, axis=0)) / scale) for part in (X_train, X_test))

    @agrees_with("scikit-learn")
    def by_sklearn(X_train, X_test):
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler().fit(X_train)
        constant = np.ptp(X_train, axis=0) == 0
        # theirs keeps a test set's distance from a constant training column; ours makes it zero
        return tuple(np.where(constant, 0.0, scaler.transform(part)) for part in (X_train, X_test))
