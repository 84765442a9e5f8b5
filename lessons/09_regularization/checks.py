import numpy as np

from course.checks import ANYTHING, FRAMEWORKS, agrees_with, also_right, exercise, mistake, shortcut


def numbers(rng, *shape, low=-2.0, high=2.0):
    """Readable random numbers, one decimal each, none of them 0."""
    drawn = np.round(rng.uniform(low, high, size=shape), 1)
    return np.where(drawn == 0, 0.3, drawn)


def whole(rng, *shape, low=1, high=6):
    return rng.integers(low, high, size=shape) * rng.choice([-1, 1], size=shape)


GLOBAL = "The same seed gave two results: something was drawn from NumPy's global generator or a fresh one. Draw from the `rng` that is handed in."
OWN_SEED = "Two different seeds gave the same result: a generator with a fixed seed was made inside. Draw from the `rng` that is handed in."


@exercise("early_stopping")
class EarlyStopping:
    hints = (
        "Walk through the epochs with two notes in hand: the best loss so far, and the epoch it came from.",
        "At each epoch first ask whether the loss is strictly below the best: then renew both notes. After that ask whether epoch − best_epoch has reached the patience.",
        "enumerate(val_losses) gives epoch and loss. Return both numbers inside the loop as soon as patience is used up, and once more after the loop, with the last epoch.",
    )
    returns = ("best_epoch", "stop_epoch")

    def cases(rng):
        yield [0.9, 0.5, 0.6, 0.4, 0.45, 0.5, 0.3], 2
        yield np.array([3.0, 2.5, 2.0, 1.5, 1.2]), 3
        yield [2.0, 1.0, 1.0, 1.0, 1.0, 0.5], 3
        yield [1.0, 1.2, 1.1, 1.3, 0.9, 1.4, 1.3, 1.2, 1.1], 4
        yield [1.0, 1.5, 1.2, 1.4, 0.7], 1
        yield [0.8], 2
        yield [5, 4, 6, 3, 7, 8, 2], 2
        dip = int(rng.integers(4, 8))
        losses = np.round(np.abs(np.arange(16) - dip) * 0.1 + rng.uniform(0.2, 0.6, 16), 2)
        yield losses, 3
        yield np.round(rng.uniform(0.5, 1.5, 12), 2), int(rng.integers(2, 5))
        yield [0.7, 0.6, 0.65, 0.9, 0.66], 2
        yield [1.0, 0.5, 0.8, 0.7, 0.9, 0.8, 0.4], 2
        yield [0.52, 0.5204, 0.5196, 0.521, 0.5203, 0.6], 3

    @mistake("A tie was taken for an improvement. An epoch improves only if its loss is strictly below the best so far.")
    def ties_improve(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss <= val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("You wait one epoch too long: stop as soon as epoch − best_epoch has reached patience (>=, not >).")
    def waits_too_long(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best > patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("You stop one epoch too early. With patience 2, two epochs without an improvement are looked at, and the second of them is stop_epoch.")
    def stops_too_early(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            elif epoch - best >= patience - 1:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("best_epoch is the best of the whole list, which looks into the future: after the stop no epoch is run. Take the best up to the stop.")
    def best_of_all(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return int(np.argmin(val_losses)), epoch
        return int(np.argmin(val_losses)), len(val_losses) - 1

    @mistake("Each loss was compared with the one before it. Compare with the best so far: a small dip after a rise is no improvement.")
    def against_the_previous(val_losses, patience):
        best, waited = 0, 0
        for epoch in range(1, len(val_losses)):
            waited = 0 if val_losses[epoch] < val_losses[epoch - 1] else waited + 1
            if val_losses[epoch] < val_losses[best]:
                best = epoch
            if waited >= patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("The count of epochs without improvement was never set back to 0. Each new best starts the waiting anew.")
    def never_resets(val_losses, patience):
        best, waited = 0, 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            elif epoch:
                waited += 1
            if waited >= patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("Where patience never runs out, stop_epoch is the last epoch, len(val_losses) - 1: epochs count from 0.")
    def counts_from_one_at_the_end(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch
        return best, len(val_losses)

    @mistake("Both epochs are one too high. The first epoch is 0.")
    def counts_from_one(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best + 1, epoch + 1
        return best + 1, len(val_losses)

    @mistake("The two are in the wrong order: first the best epoch, then the one where training stops.")
    def exchanged(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return epoch, best
        return len(val_losses) - 1, best

    @mistake("You returned the best loss. Asked is the epoch it came from.")
    def the_loss_itself(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return float(val_losses[best]), epoch
        return float(val_losses[best]), len(val_losses) - 1

    @mistake("Nothing comes back where patience never runs out. After the loop, return the best and the last epoch.")
    def nothing_at_the_end(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch

    @mistake("You looked for the largest loss. A lower loss is a better one.")
    def the_worst(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss > val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("Each loss was compared with the one before it, so that any small dip becomes the best epoch. Compare with the best so far.")
    def any_dip_is_best(val_losses, patience):
        best = 0
        for epoch in range(1, len(val_losses)):
            if val_losses[epoch] < val_losses[epoch - 1]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("The best loss was never renewed: every loss below the first counts as an improvement. When an epoch improves, note its loss as well as its number.")
    def keeps_the_first_loss(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[0]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("The best loss began at 1, and a loss above 1 never gets below it. Begin with float('inf'), or with the first loss.")
    def begins_at_one(val_losses, patience):
        best, lowest = 0, 1.0
        for epoch, loss in enumerate(val_losses):
            if loss < lowest:
                best, lowest = epoch, loss
            if epoch - best >= patience:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("The best loss began at 0, and no loss gets below that. Begin with float('inf'), or with the first loss.")
    def begins_at_zero(val_losses, patience):
        return 0, min(patience, len(val_losses) - 1)

    @mistake("This is the best epoch of the whole list, and patience added to it. Training may stop before it ever gets there: walk through the epochs one by one.")
    def without_walking(val_losses, patience):
        best = int(np.argmin(val_losses))
        return best, min(best + patience, len(val_losses) - 1)

    @mistake("best_epoch is right. stop_epoch is one too high: it is the number of the last epoch that was run, and the first has number 0.")
    def counts_the_epochs_run(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch + 1
        return best, len(val_losses)

    @mistake("You stop when the epoch number reaches patience. Count from the best epoch on: epoch - best_epoch.")
    def counts_all_epochs(val_losses, patience):
        stop = min(patience, len(val_losses) - 1)
        return int(np.argmin(val_losses[: stop + 1])), stop

    @mistake("You stop at the first epoch that is no better, as if patience were always 1.")
    def no_patience(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if loss < val_losses[best]:
                best = epoch
            elif epoch > 0:
                return best, epoch
        return best, len(val_losses) - 1

    @mistake("This is the best epoch of the whole list, and patience added to it, even past the end. Walk through the epochs one by one: training may stop before it gets there, or the losses run out.")
    def past_the_end(val_losses, patience):
        best = int(np.argmin(val_losses))
        return best, best + patience

    @mistake("A small improvement was not counted: the losses were rounded, or a margin was asked for. Strictly below the best is enough.")
    def rounds_the_losses(val_losses, patience):
        losses, best = np.round(val_losses, 2), 0
        for epoch, loss in enumerate(losses):
            if loss < losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best, epoch
        return best, len(losses) - 1

    @mistake("You ask whether patience has run out before you look at the loss of this epoch. Look first: it may be the new best.")
    def asks_before_it_looks(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if epoch - best >= patience:
                return best, epoch
            if loss < val_losses[best]:
                best = epoch
        return best, len(val_losses) - 1

    @mistake("A `return` stands inside the loop with no condition, so only epoch 0 is looked at. Move it to the left, behind the loop.")
    def returns_in_the_loop(val_losses, patience):
        return 0, 0

    @also_right
    def by_counting(val_losses, patience):
        lowest, best, waited = float("inf"), 0, 0
        for epoch, loss in enumerate(val_losses):
            waited += 1
            if loss < lowest:
                lowest, best, waited = loss, epoch, 0
            if waited == patience:
                break
        return best, epoch

    @also_right
    def by_argmin(val_losses, patience):
        for epoch in range(len(val_losses)):
            best = np.argmin(val_losses[: epoch + 1])
            if epoch - best >= patience:
                break
        return best, epoch

    @also_right
    def with_running_minimum(val_losses, patience):
        lowest = np.minimum.accumulate(np.asarray(val_losses, dtype=float))
        bests = np.array([int(np.flatnonzero(np.asarray(val_losses) == low)[0]) for low in lowest])
        over = np.flatnonzero(np.arange(len(bests)) - bests >= patience)
        stop = int(over[0]) if len(over) else len(bests) - 1
        return int(bests[stop]), stop


@exercise("ridge")
class Ridge:
    forbidden = (*FRAMEWORKS, "sklearn.linear_model", "sklearn.kernel_ridge")
    equivalent = {"line 12: sides exchanged: w @ middle": "a product of two vectors is the same either way"}
    hints = (
        "For a fixed w the best b makes the residuals add up to 0: b = mean of y − mean of X times w. So take the means off X and y first, and b is gone.",
        "With centred Xc and yc set the gradient to zero: −2 Xcᵀ(yc − Xc w) + 2 · strength · w = 0. Bring w to one side. What matrix stands before it?",
        "np.linalg.solve(A, Xc.T @ yc), where A is Xcᵀ Xc plus strength on the diagonal, np.eye(d). Afterwards b from the means.",
    )
    returns = ("w", "b")

    def cases(rng):
        yield np.array([[1.0], [2.0], [6.0]]), np.array([2.0, 3.0, 7.0]), 2.0
        yield numbers(rng, 7, 3) + np.array([1.0, -2.0, 3.0]), numbers(rng, 7) + 5, 0.5
        yield whole(rng, 6, 2) + 3, whole(rng, 6) + 7, 3
        yield numbers(rng, 3, 5) + 1, numbers(rng, 3) - 4, 0.1
        twice = numbers(rng, 5, 1) + 2
        yield np.hstack([twice, twice, numbers(rng, 5, 1)]), numbers(rng, 5) + 3, 1.5
        yield numbers(rng, 8, 2), numbers(rng, 8, low=2, high=9), 1000.0
        yield numbers(rng, 1, 2), numbers(rng, 1) + 4, 0.7

    @mistake("The bias was penalised like a weight. It only says how high y is on average: leave it out of the penalty, by centring X and y.")
    def penalises_the_bias(X, y, strength):
        A = np.column_stack([X, np.ones(len(X))])
        both = np.linalg.solve(A.T @ A + strength * np.eye(A.shape[1]), A.T @ y)
        return both[:-1], both[-1]

    @mistake("There is no bias in your sum: X and y were used as they are. Centre both, and get b from the means at the end.")
    def no_bias(X, y, strength):
        return np.linalg.solve(X.T @ X + strength * np.eye(X.shape[1]), X.T @ y), 0.0

    @mistake("w is right. b was left at the mean of y; that holds only for centred X. Take the mean of X times w off it.")
    def bias_is_mean_of_y(X, y, strength):
        Xc = X - X.mean(axis=0)
        return np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ y), y.mean()

    @mistake("w was found without centring X, and b from the means afterwards. Centre first: b must not have a say in w.")
    def centres_too_late(X, y, strength):
        w = np.linalg.solve(X.T @ X + strength * np.eye(X.shape[1]), X.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("strength was multiplied by n. The squared errors are a sum here, not a mean, so the penalty stands as it is.")
    def times_n(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength * len(X) * np.eye(X.shape[1]), Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("strength was halved. Here the penalty is strength · ‖w‖², without a ½: both derivatives have the same factor 2, and it cancels.")
    def halved(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength / 2 * np.eye(X.shape[1]), Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("strength was doubled: both terms have a factor 2 in their derivative, and it cancels.")
    def doubled(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength * 2 * np.eye(X.shape[1]), Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("strength was squared. If you add rows to X, they must hold its square root, since least squares squares them again.")
    def squared(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength**2 * np.eye(X.shape[1]), Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("strength was added to every entry of XᵀX. It belongs on the diagonal alone: strength * np.eye(d).")
    def on_every_entry(X, y, strength):
        Xc = X - X.mean(axis=0)
        A = Xc.T @ Xc + strength
        if np.linalg.matrix_rank(A) < len(A):
            return ANYTHING  # no inverse: noise, or an error
        w = np.linalg.solve(A, Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("The penalty has the wrong sign: strength was taken off the diagonal, which rewards large weights.")
    def wrong_sign(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc - strength * np.eye(X.shape[1]), Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("This is plain least squares: strength makes no difference.")
    def no_penalty(X, y, strength):
        Xc = X - X.mean(axis=0)
        if np.linalg.matrix_rank(Xc) < X.shape[1]:
            return ANYTHING  # np.linalg.lstsq gives one of many answers, np.linalg.solve noise or an error
        w = np.linalg.lstsq(Xc, y - y.mean(), rcond=None)[0]
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("The columns were divided by their standard deviations as well. That changes the penalty; only the means come off.")
    def standardised(X, y, strength):
        spread = X.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        Xc = (X - X.mean(axis=0)) / spread
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ y) / spread
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("The mean of X times w was added to b. It has to be taken off: b = mean of y − mean of X times w.")
    def bias_sign(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ y)
        return w, y.mean() + X.mean(axis=0) @ w

    @mistake("One mean was taken of all of X. Each column has its own: X.mean(axis=0).")
    def one_mean(X, y, strength):
        Xc = X - X.mean()
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
        return w, y.mean() - X.mean() * w.sum()

    @mistake("w was found with one mean of all of X. Each column has its own: X.mean(axis=0).")
    def one_mean_for_w(X, y, strength):
        Xc = X - X.mean()
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("The mean of each row was taken off X. It is the columns that are centred: X.mean(axis=0).")
    def centres_rows(X, y, strength):
        Xc = X - X.mean(axis=1, keepdims=True)
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("w is right. b is a whole array, one value for each row: its mean is the bias.")
    def bias_not_averaged(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ y)
        return w, y - X @ w

    @mistake("w is right, and b is 0. That is the bias of the centred problem; for X and y as they are, it is the mean of y minus the mean of X times w.")
    def bias_of_the_centred(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(X.shape[1]), Xc.T @ y)
        return w, 0.0

    @mistake("strength was divided by n. The squared errors are a sum here, not a mean, so the penalty stands as it is.")
    def over_n(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength / len(X) * np.eye(X.shape[1]), Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @mistake("One of the weights was left without a penalty, and the bias got one: the 0 stands at the wrong end of the diagonal.")
    def frees_the_wrong_one(X, y, strength):
        A = np.column_stack([np.ones(len(X)), X])
        fine = strength * np.eye(A.shape[1])
        fine[-1, -1] = 0
        A = A.T @ A + fine
        if np.linalg.matrix_rank(A) < len(A):
            return ANYTHING
        both = np.linalg.solve(A, np.concatenate([[y.sum()], X.T @ y]))
        return both[1:], both[0]

    @mistake("If the error speaks of shapes: Xcᵀ Xc has one row and one column for each column of X. The identity matrix beside it is np.eye(d), not np.eye(n).")
    def identity_of_n(X, y, strength):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + strength * np.eye(len(X)), Xc.T @ y)
        return w, y.mean() - X.mean(axis=0) @ w

    @also_right
    def with_more_rows(X, y, strength):
        _n, d = X.shape
        A = np.vstack([X - X.mean(axis=0), strength**0.5 * np.eye(d)])
        w = np.linalg.lstsq(A, np.concatenate([y - y.mean(), np.zeros(d)]), rcond=None)[0]
        return w, float(y.mean() - X.mean(axis=0) @ w)

    @also_right
    def without_centring(X, y, strength):
        A = np.column_stack([X, np.ones(len(X))])
        fine = strength * np.eye(A.shape[1])
        fine[-1, -1] = 0
        both = np.linalg.solve(A.T @ A + fine, A.T @ y)
        return both[:-1], both[-1]

    @also_right
    def by_singular_values(X, y, strength):
        middle = X.mean(axis=0)
        U, s, Vt = np.linalg.svd(X - middle, full_matrices=False)
        w = Vt.T @ (s / (s**2 + strength) * (U.T @ (y - y.mean())))
        return w, y.mean() - middle @ w

    @agrees_with("scikit-learn")
    def by_scikit_learn(X, y, strength):
        from sklearn.linear_model import Ridge as Theirs

        model = Theirs(alpha=strength).fit(X, y)
        return model.coef_, float(model.intercept_)

    @shortcut("sklearn.linear_model")
    def scikit_learns_ridge(X, y, strength):
        from sklearn import linear_model

        model = linear_model.Ridge(strength).fit(X, y)
        return model.coef_, float(model.intercept_)


def lists_of_weights(rng):
    """(weights, strength): several shapes, whole numbers, zeros, one array alone."""
    yield [np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([4.0])], 0.1
    yield [numbers(rng, 3, 4), numbers(rng, 4, 2), numbers(rng, 2, 5)], 0.3
    yield [whole(rng, 2, 3), whole(rng, 3, 4)], 0.25
    some = numbers(rng, 4, 3)
    some[1, 1:] = 0.0
    yield [some, np.zeros((3, 2))], 2.0
    yield [numbers(rng, 5, 2, 3, 3)], 0.01
    yield [numbers(rng, 2, 3), numbers(rng, 4)], 3.0
    yield [numbers(rng, 3, 2), numbers(rng, 2, 2)], 0.0


def total_square(weights):
    return sum(float(np.sum(np.square(W, dtype=float))) for W in weights)


def total_size(weights):
    return sum(float(np.sum(np.abs(W))) for W in weights)


@exercise("l2_penalty")
class L2Penalty:
    hints = (
        "Two outputs: one number for all arrays together, and one gradient for each array.",
        "Σ‖W‖² is the sum of all squared entries of all arrays. The derivative of strength/2 · w² with respect to one entry w: what becomes of the ½?",
        "Add up np.sum(W**2) over the list and multiply by half the strength. The gradient of each array is the strength times the array.",
    )
    returns = ("penalty", "grads")

    def cases(rng):
        yield from lists_of_weights(rng)

    @mistake("The penalty is twice as large as asked: the ½ is missing. It is there so that the 2 of the derivative goes away.")
    def no_half(weights, strength):
        return strength * total_square(weights), [strength * W for W in weights]

    @mistake("The penalty is right, the gradients are twice too large: the derivative of ½ w² is w.")
    def doubled_gradient(weights, strength):
        return strength / 2 * total_square(weights), [2 * strength * W for W in weights]

    @mistake("The penalty is right, the gradients are half of what they should be: the ½ cancels against the 2 of the derivative.")
    def half_gradient(weights, strength):
        return strength / 2 * total_square(weights), [strength / 2 * W for W in weights]

    @mistake("This leaves out the ½ in both: the penalty is strength/2 · Σ‖W‖², and so its gradient is strength · W.")
    def no_half_in_both(weights, strength):
        return strength * total_square(weights), [2 * strength * W for W in weights]

    @mistake("A square root was taken. ‖W‖² is the sum of the squares itself.")
    def square_root(weights, strength):
        return strength / 2 * sum(np.linalg.norm(W) for W in weights), [strength * W for W in weights]

    @mistake("The squares were averaged. Σ‖W‖² is their sum.")
    def averaged(weights, strength):
        return strength / 2 * sum(np.mean(np.square(W)) for W in weights), [strength * W for W in weights]

    @mistake("strength is missing from the gradients.")
    def gradient_without_strength(weights, strength):
        return strength / 2 * total_square(weights), [1.0 * W for W in weights]

    @mistake("Only the first array was counted in the penalty. Add up over all of them.")
    def first_only(weights, strength):
        return strength / 2 * total_square(weights[:1]), [strength * W for W in weights]

    @mistake("Only the last array was counted in the penalty: it was overwritten in the loop. Add up (+=) over all of them.")
    def last_only(weights, strength):
        return strength / 2 * total_square(weights[-1:]), [strength * W for W in weights]

    @mistake("This is the L1 penalty, with absolute values. L2 squares.")
    def l1(weights, strength):
        return strength * total_size(weights), [strength * np.sign(W) for W in weights]

    @mistake("The gradients have the wrong sign. The penalty grows with the weight, so its gradient is plus strength · W; descent will subtract it.")
    def minus(weights, strength):
        return strength / 2 * total_square(weights), [-strength * W for W in weights]

    @mistake("The gradients are not asked for as one total: give a list with one array for each array of weights.")
    def one_gradient(weights, strength):
        return strength / 2 * total_square(weights), strength * sum(float(np.sum(W)) for W in weights)

    @mistake("Only the penalty came back. Return its gradients as well: penalty, grads.")
    def penalty_alone(weights, strength):
        return strength / 2 * total_square(weights)

    @mistake("You returned the weights after a step. Asked are the gradients alone.")
    def takes_the_step(weights, strength):
        return strength / 2 * total_square(weights), [W - strength * W for W in weights]

    @mistake("The arrays were squared as matrices or summed before squaring. Square each entry, then add up.")
    def squares_the_sum(weights, strength):
        return strength / 2 * sum(float(np.sum(W)) ** 2 for W in weights), [strength * W for W in weights]

    @mistake("strength is missing from the penalty.")
    def penalty_without_strength(weights, strength):
        return total_square(weights) / 2, [strength * W for W in weights]

    @mistake("strength is missing, from the penalty and from the gradients.")
    def no_strength(weights, strength):
        return total_square(weights) / 2, [1.0 * W for W in weights]

    @mistake("`return` stands inside the loop, so that only the first array was looked at. Move it to the left, out of the loop.")
    def returns_in_the_loop(weights, strength):
        return strength / 2 * total_square(weights[:1]), [strength * W for W in weights[:1]]

    @mistake("The penalty is right, but grads holds the last array's gradient alone: the list was made anew in the loop. Make it once before, and append.")
    def last_gradient_alone(weights, strength):
        return strength / 2 * total_square(weights), [strength * weights[-1]]

    @mistake("One penalty for each array came back. Add them up: one number for the whole network.")
    def list_of_penalties(weights, strength):
        return [strength / 2 * total_square([W]) for W in weights], [strength * W for W in weights]

    @mistake("np.linalg.norm(W, 2) of a table is another norm, its largest stretch. Without the 2 it is the root of all squares added up.")
    def matrix_norm(weights, strength):
        return strength / 2 * sum(np.linalg.norm(W, 2) ** 2 for W in weights), [strength * W for W in weights]

    @mistake("W.T @ W multiplies columns with one another. Only its diagonal holds squares: square each entry, W**2.")
    def matrix_product(weights, strength):
        return strength / 2 * sum((W.T @ W).sum() for W in weights), [strength * W for W in weights]

    @mistake("The penalty was multiplied by strength twice.")
    def strength_twice(weights, strength):
        return strength**2 / 2 * total_square(weights), [strength * W for W in weights]

    @also_right
    def one_loop(weights, strength):
        penalty, grads = 0.0, []
        for W in weights:
            penalty += 0.5 * strength * float((np.asarray(W, dtype=float) ** 2).sum())
            grads.append(np.multiply(float(strength), W))
        return penalty, grads

    @also_right
    def all_in_one(weights, strength):
        flat = np.concatenate([np.ravel(W) for W in weights]).astype(float)
        return strength * flat @ flat / 2, [W * float(strength) for W in weights]

    @also_right
    def by_norms(weights, strength):
        return sum(np.linalg.norm(W) ** 2 for W in weights) * strength / 2, [W * float(strength) for W in weights]

    @agrees_with("SciPy")
    def by_scipy(weights, strength):
        from scipy.spatial.distance import sqeuclidean

        far = [sqeuclidean(np.ravel(W).astype(float), np.zeros(np.size(W))) for W in weights]
        return strength / 2 * sum(far), [float(strength) * W for W in weights]


@exercise("l1_penalty")
class L1Penalty:
    hints = (
        "Σ|W| is the sum of the sizes of all entries of all arrays. What is the slope of |w| for a positive w, and for a negative one?",
        "The slope is +1 on the right, −1 on the left, and 0 at 0 by agreement. NumPy has a function with just these three values.",
        "np.sign(W) times the strength, for each array. The penalty adds up np.abs(W).sum() and has no ½.",
    )
    returns = ("penalty", "grads")
    no_warnings = True

    def cases(rng):
        yield from lists_of_weights(rng)
        yield [np.array([[1e-9, -2.0, 0.0], [-1e-6, 1.5, 3.0]])], 0.5

    @mistake("There is a ½ too many in the penalty. It belongs to L2, where it cancels a 2; here there is no square.")
    def half(weights, strength):
        return strength / 2 * total_size(weights), [strength * np.sign(W).astype(float) for W in weights]

    @mistake("The gradient is strength · W, that of L2. With L1 every weight is pulled by the same amount, however large it is: only its sign counts.")
    def gradient_of_l2(weights, strength):
        return strength * total_size(weights), [strength * np.asarray(W, dtype=float) for W in weights]

    @mistake("The gradient is |W|. The slope of |w| is +1 or −1, the sign of w.")
    def gradient_is_size(weights, strength):
        return strength * total_size(weights), [strength * np.abs(W, dtype=float) for W in weights]

    @mistake("W / |W| divides by zero where a weight is exactly 0. There the slope is 0 by agreement: np.sign knows that.")
    def divides(weights, strength):
        return strength * total_size(weights), [strength * (W / np.abs(W)) for W in weights]

    @mistake("Where a weight is exactly 0 the gradient should be 0; yours is plus strength.")
    def plus_at_zero(weights, strength):
        return strength * total_size(weights), [strength * np.where(W >= 0, 1.0, -1.0) for W in weights]

    @mistake("Where a weight is exactly 0 the gradient should be 0; yours is minus strength.")
    def minus_at_zero(weights, strength):
        return strength * total_size(weights), [strength * np.where(W > 0, 1.0, -1.0) for W in weights]

    @mistake("The gradient is plus strength everywhere. For a negative weight |w| falls as w grows: there it is minus strength.")
    def sign_forgotten(weights, strength):
        return strength * total_size(weights), [strength * np.ones(W.shape) for W in weights]

    @mistake("strength is missing from the gradients.")
    def gradient_without_strength(weights, strength):
        return strength * total_size(weights), [1.0 * np.sign(W) for W in weights]

    @mistake("The entries were added up with their signs, so that they cancel. Take the absolute values first.")
    def no_absolute(weights, strength):
        return strength * sum(float(np.sum(W)) for W in weights), [float(strength) * np.sign(W) for W in weights]

    @mistake("The absolute value was taken of the sum. Take it of each entry, then add up.")
    def absolute_of_the_sum(weights, strength):
        return strength * sum(abs(float(np.sum(W))) for W in weights), [float(strength) * np.sign(W) for W in weights]

    @mistake("The sizes were averaged. Σ|W| is their sum.")
    def averaged(weights, strength):
        return strength * sum(float(np.mean(np.abs(W))) for W in weights), [float(strength) * np.sign(W) for W in weights]

    @mistake("Only the last array was counted in the penalty: it was overwritten in the loop. Add up (+=) over all of them.")
    def last_only(weights, strength):
        return strength * total_size(weights[-1:]), [float(strength) * np.sign(W) for W in weights]

    @mistake("This is the L2 penalty. L1 takes absolute values, not squares.")
    def l2(weights, strength):
        return strength / 2 * total_square(weights), [float(strength) * W for W in weights]

    @mistake("The gradients have the wrong sign. Away from 0 the penalty grows, on both sides; descent will subtract them.")
    def minus(weights, strength):
        return strength * total_size(weights), [-float(strength) * np.sign(W) for W in weights]

    @mistake("Only the penalty came back. Return its gradients as well: penalty, grads.")
    def penalty_alone(weights, strength):
        return strength * total_size(weights)

    @mistake("np.linalg.norm(W, 1) of a table is its largest column sum, not the sum of all entries.")
    def matrix_norm(weights, strength):
        sizes = [np.abs(W).reshape(len(W), -1).sum(axis=0).max() for W in weights]
        return strength * float(sum(sizes)), [float(strength) * np.sign(W) for W in weights]

    @mistake("For a negative weight the gradient is 0 here, as with ReLU. |w| has a slope there too: −1.")
    def like_relu(weights, strength):
        return strength * total_size(weights), [strength * (W > 0).astype(float) for W in weights]

    @mistake("strength is missing from the penalty.")
    def penalty_without_strength(weights, strength):
        return total_size(weights), [strength * np.sign(W) for W in weights]

    @mistake("strength is missing, from the penalty and from the gradients.")
    def no_strength(weights, strength):
        return total_size(weights), [1.0 * np.sign(W) for W in weights]

    @mistake("There are squares in it, as with L2. L1 adds up absolute values, and the slope of |w| is +1 or −1.")
    def squares(weights, strength):
        return strength * total_square(weights), [2 * strength * W for W in weights]

    @mistake("`return` stands inside the loop, so that only the first array was looked at. Move it to the left, out of the loop.")
    def returns_in_the_loop(weights, strength):
        return strength * total_size(weights[:1]), [strength * np.sign(W) for W in weights[:1]]

    @mistake("The penalty is right, but grads holds the last array's gradient alone: the list was made anew in the loop. Make it once before, and append.")
    def last_gradient_alone(weights, strength):
        return strength * total_size(weights), [strength * np.sign(weights[-1])]

    @mistake("One penalty for each array came back. Add them up: one number for the whole network.")
    def list_of_penalties(weights, strength):
        return [strength * total_size([W]) for W in weights], [strength * np.sign(W) for W in weights]

    @mistake("If the error speaks of the truth value of an array: an `if` decides once, for a whole array. np.sign and np.where look at each entry.")
    def asks_the_whole_array(weights, strength):
        return strength * total_size(weights), [strength if W > 0 else -strength for W in weights]

    @mistake("np.linalg.norm(W, 1) of a table is its largest column sum, not the sum of all entries.")
    def matrix_norm_as_it_is(weights, strength):
        return strength * sum(np.linalg.norm(W, 1) for W in weights), [strength * np.sign(W) for W in weights]

    @mistake("The absolute value was taken of the sum over all arrays. Take it of each entry, then add up.")
    def absolute_of_the_total(weights, strength):
        return strength * abs(sum(float(np.sum(W)) for W in weights)), [strength * np.sign(W) for W in weights]

    @mistake("W was divided by |W| and a little more, so the slope of a tiny weight is not ±1. np.sign(W) needs no division.")
    def softened(weights, strength):
        return strength * total_size(weights), [strength * W / (np.abs(W) + 1e-8) for W in weights]

    @mistake("Tiny weights got the gradient 0. Only a weight of exactly 0 does.")
    def tiny_is_zero(weights, strength):
        return strength * total_size(weights), [strength * np.where(np.abs(W) < 1e-5, 0, np.sign(W)) for W in weights]

    @also_right
    def one_loop(weights, strength):
        penalty, grads = 0.0, []
        for W in weights:
            penalty += strength * float(np.abs(W).sum())
            grads.append(float(strength) * ((W > 0) * 1.0 - (W < 0) * 1.0))
        return penalty, grads

    @also_right
    def by_where(weights, strength):
        grads = [np.where(W > 0, float(strength), np.where(W < 0, -float(strength), 0.0)) for W in weights]
        return sum(strength * np.where(W < 0, -W, W).sum() for W in weights), grads

    @also_right
    def flat_norm(weights, strength):
        return (
            sum(np.linalg.norm(np.ravel(W), 1) for W in weights) * strength,
            [np.sign(W) * float(strength) for W in weights],
        )

    @agrees_with("SciPy")
    def by_scipy(weights, strength):
        from scipy.spatial.distance import cityblock

        far = [cityblock(np.ravel(W).astype(float), np.zeros(np.size(W))) for W in weights]
        return strength * float(sum(far)), [float(strength) * np.sign(W) for W in weights]


def kept(shape, p, rng):
    """A mask of True where an entry is kept."""
    return rng.uniform(size=shape) > p


@exercise("dropout")
class Dropout:
    forbidden = FRAMEWORKS
    equivalent = {
        "line 9: >= becomes > in rng.random(x.shape) > p": "a draw is exactly p about once in 10^16 times",
    }
    hints = (
        "Start with the easy case: when not training, nothing happens. Which mask changes nothing when it is multiplied?",
        "rng.random(x.shape) gives one number between 0 and 1 for each entry. Which of them say keep, so that the chance to drop is p?",
        "The kept entries of the mask hold 1/(1 − p). The output is x times the mask. Return both, output first.",
    )
    says = "dropout({0}, {1}, np.random.default_rng({2}), {3})"

    def cases(rng):
        seed = lambda: int(rng.integers(1, 1000))
        yield numbers(rng, 40, 30), 0.2, seed(), True
        yield np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]]), 0.4, seed(), False
        yield whole(rng, 50, 24), 0.6, seed(), True
        yield numbers(rng, 3, 5), 0.0, seed(), True
        yield numbers(rng, 10, 3, 8, 6), 0.3, seed(), True
        yield whole(rng, 4, 2), 0.8, seed(), False
        yield numbers(rng, 1300), 0.9, seed(), True

    def probe(answer, x, p, seed, training):
        before = np.array(x, dtype=float)
        result = answer(x, p, np.random.default_rng(seed), training)
        if result is None:
            return None
        pair = isinstance(result, (tuple, list)) and len(result) == 2
        facts = {"returns": "output and mask" if pair else "not two things"}
        random = training and p > 0
        names = ("shape of the output", "shape of the mask", "values in the mask", "share dropped", "each entry by itself", "output is x times mask", "same seed, same mask", "other seed, other mask", "how many are dropped")
        facts |= dict.fromkeys(names if random else ("output", "mask"))
        if not pair:
            return facts
        output, mask = (np.array(v, dtype=float) for v in result)
        if not random:
            return facts | {"output": output, "mask": mask}
        facts |= {"shape of the output": list(output.shape), "shape of the mask": list(mask.shape)}
        if output.shape != before.shape or mask.shape != before.shape:
            return facts
        values = np.unique(np.round(mask, 9))
        if len(values) == 1:
            return facts | {"values in the mask": "1 everywhere" if values[0] == 1 else "the same everywhere"}
        facts["values in the mask"] = values.tolist() if len(values) <= 2 else f"{len(values)} different ones"
        share, spread = np.mean(mask == 0), np.sqrt(p * (1 - p) / mask.size)
        facts["share dropped"] = f"about {p}" if abs(share - p) < 6.5 * spread else f"about {share:.1f}"
        alike = [bool(np.all(mask.max(axis=i) == mask.min(axis=i))) for i in range(mask.ndim)]
        facts["each entry by itself"] = "no" if any(alike) else "yes"
        ways = {"yes": before * mask, "no, it is x": before, "no, it is x times mask, scaled once more": before * mask / (1 - p)}
        facts["output is x times mask"] = next((way for way, value in ways.items() if np.allclose(output, value)), "no")
        again, other = (answer(before.copy(), p, np.random.default_rng(s), training)[1] for s in (seed, seed + 1))
        facts["same seed, same mask"] = bool(np.array_equal(mask, again))
        facts["other seed, other mask"] = not np.array_equal(mask, other)
        if x.ndim == 1:
            masks = [answer(before.copy(), p, np.random.default_rng(s), training)[1] for s in range(seed, seed + 5)]
            counts = {int(np.sum(np.asarray(m) == 0)) for m in masks}
            facts["how many are dropped"] = "the same number each time" if len(counts) == 1 else "differs, by chance"
        return facts

    @mistake("The survivors were not scaled up. Inverted dropout divides them by 1 − p while training, so that evaluation needs no change: the mask holds 1/(1 − p).")
    def not_scaled(x, p, rng, training):
        mask = kept(x.shape, p, rng) * 1.0 if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("p is the chance to drop, and you keep with chance p. Keep where the random number is p or more.")
    def keeps_with_p(x, p, rng, training):
        mask = (rng.uniform(size=x.shape) < p) / (1 - p) if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("You keep with chance p and divide by p. Here p is the chance to drop: keep with chance 1 − p, and divide by 1 − p.")
    def p_means_keep(x, p, rng, training):
        with np.errstate(all="ignore"):  # p may be 0
            mask = (rng.uniform(size=x.shape) < p) / p if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("The right share is dropped, but the survivors were divided by p. Divide by the chance to be kept, 1 − p.")
    def divides_by_p(x, p, rng, training):
        with np.errstate(all="ignore"):
            mask = kept(x.shape, p, rng) / np.float64(p) if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("The survivors were multiplied by 1 − p, which makes them smaller still. Divide by it: what is lost has to be made up for.")
    def multiplies(x, p, rng, training):
        mask = kept(x.shape, p, rng) * (1 - p) if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("Entries are dropped in evaluation as well. When training is False, return x as it is and a mask of ones.")
    def always_drops(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p)
        return x * mask, mask

    @mistake("Training and evaluation are exchanged: entries should be dropped when training is True.")
    def exchanged_modes(x, p, rng, training):
        mask = np.ones(x.shape) if training else kept(x.shape, p, rng) / (1 - p)
        return x * mask, mask

    @mistake("In evaluation x was multiplied by 1 − p. That is the old form of dropout; the inverted one has scaled already while training.")
    def scales_in_evaluation(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else np.full(x.shape, 1 - p)
        return x * mask, mask

    @mistake("In evaluation the mask was filled with 1/(1 − p). Nothing is missing there, so nothing has to be made up for: ones.")
    def scaled_in_evaluation(x, p, rng, training):
        mask = (kept(x.shape, p, rng) if training else np.ones(x.shape)) / (1 - p)
        return x * mask, mask

    @mistake("The output is right, but the mask holds 0 and 1. The backward pass needs the scale too: put 1/(1 − p) into the mask.")
    def mask_not_scaled(x, p, rng, training):
        mask = kept(x.shape, p, rng) * 1.0 if training else np.ones(x.shape)
        return x * mask / (1 - p if training else 1), mask

    @mistake("Whole columns are dropped: one draw was used for all rows. Each entry needs its own draw, rng.random(x.shape).")
    def whole_columns(x, p, rng, training):
        mask = np.ones(x.shape)
        if training:
            mask = mask * kept(x.shape[1:], p, rng) / (1 - p) if x.ndim > 1 else kept(x.shape, p, rng) / (1 - p)
        return x * mask, mask

    @mistake("Whole rows are dropped: one draw was used for all columns. Each entry needs its own draw, rng.random(x.shape).")
    def whole_rows(x, p, rng, training):
        mask = np.ones(x.shape)
        if training:
            mask = mask * kept(x.shape[:1], p, rng).reshape(-1, *[1] * (x.ndim - 1)) / (1 - p)
        return x * mask, mask

    @mistake("This is the old form of dropout: nothing is scaled while training, and in evaluation x is multiplied by 1 − p. The inverted one divides by 1 − p while training and leaves x alone afterwards.")
    def old_form(x, p, rng, training):
        mask = kept(x.shape, p, rng) * 1.0 if training else np.ones(x.shape)
        return x * mask if training else x * (1 - p), mask

    @mistake("This is the old form of dropout: nothing is scaled while training, and in evaluation everything by 1 − p. The inverted one divides by 1 − p while training and leaves x alone afterwards.")
    def old_form_in_the_mask(x, p, rng, training):
        mask = kept(x.shape, p, rng) * 1.0 if training else np.full(x.shape, 1 - p)
        return x * mask, mask

    @mistake("In evaluation the output was multiplied by 1 − p. The inverted form has scaled already while training: return x as it is.")
    def scales_the_output_in_evaluation(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else np.ones(x.shape)
        return x * mask if training else x * (1 - p), mask

    @mistake("Nothing was dropped while training. Draw for each entry: drop it, with chance p, by a 0 in the mask.")
    def never_drops(x, p, rng, training):
        return x * 1.0, np.ones(x.shape)

    @mistake("One throw of the dice decides for all entries at once. Each needs its own draw, rng.random(x.shape).")
    def one_throw(x, p, rng, training):
        mask = np.full(x.shape, (rng.random() >= p) / (1 - p) if training else 1.0)
        return x * mask, mask

    @mistake("Exactly the share p is dropped every time. Each entry should have a draw of its own, so that the number varies: rng.random(x.shape).")
    def exact_share(x, p, rng, training):
        mask = np.ones(x.size)
        if training:
            mask[rng.permutation(x.size)[: int(p * x.size)]] = 0
            mask = mask / (1 - p)
        mask = mask.reshape(x.shape)
        return x * mask, mask

    @mistake("In evaluation None came back for the mask. It holds ones there, np.ones(x.shape), so that the backward pass need not ask.")
    def no_mask_in_evaluation(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else None
        return (x * mask if training else x), mask

    @mistake("In evaluation the mask is the number 1. Give it the shape of x: np.ones(x.shape).")
    def number_for_a_mask(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else 1.0
        return x * mask, mask

    @mistake("The draws were bell-shaped, so the share that is dropped is not p. Use rng.random, which is uniform between 0 and 1.")
    def normal_draws(x, p, rng, training):
        mask = (rng.normal(size=x.shape) >= p) / (1 - p) if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("The two results are in the wrong order: output first, then mask.")
    def exchanged(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else np.ones(x.shape)
        return mask, x * mask

    @mistake("Only the output came back. The backward pass needs the mask too: return output, mask.")
    def output_alone(x, p, rng, training):
        return x * (kept(x.shape, p, rng) / (1 - p) if training else np.ones(x.shape))

    @mistake(GLOBAL)
    def global_generator(x, p, rng, training):
        mask = (np.random.random(x.shape) >= p) / (1 - p) if training else np.ones(x.shape)
        return x * mask, mask

    @mistake(OWN_SEED)
    def own_seed(x, p, rng, training):
        mask = kept(x.shape, p, np.random.default_rng(0)) / (1 - p) if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("The mask is right, but the output is x as it came. Return x * mask.")
    def x_unchanged(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else np.ones(x.shape)
        return x * 1.0, mask

    @mistake("The output and the mask come from two different throws. Draw once, keep the mask in a variable, and use it for both.")
    def two_throws(x, p, rng, training):
        if not training:
            return x * 1.0, np.ones(x.shape)
        return x * kept(x.shape, p, rng) / (1 - p), kept(x.shape, p, rng) / (1 - p)

    @mistake("Half of the entries are dropped, whatever p is: a coin was thrown. Compare rng.random(x.shape) with p.")
    def coin(x, p, rng, training):
        mask = rng.integers(0, 2, x.shape) / (1 - p) if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("Brackets are missing: … / 1 - p divides by 1 and then takes p off. Write / (1 - p).")
    def no_brackets(x, p, rng, training):
        mask = kept(x.shape, p, rng) / 1 - p if training else np.ones(x.shape)
        return x * mask, mask

    @mistake("The output was scaled twice: the mask holds 1/(1 − p) already. The output is x * mask.")
    def output_scaled_twice(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else np.ones(x.shape)
        return x * mask / (1 - p), mask

    @mistake("The output was scaled twice: the mask holds 1/(1 − p) already. The output is x * mask.")
    def scaled_twice_in_training(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else np.ones(x.shape)
        return x * mask / (1 - p if training else 1), mask

    @mistake("Only the survivors came back, in a shorter array. The dropped entries stay in their places, as zeros: x * mask.")
    def survivors_alone(x, p, rng, training):
        mask = kept(x.shape, p, rng) / (1 - p) if training else np.ones(x.shape)
        return x[mask > 0] / (1 - p) if training else x * 1.0, mask

    @also_right
    def by_binomial(x, p, rng, training):
        if not training:
            return x, np.ones(x.shape)
        mask = rng.binomial(1, 1 - p, size=x.shape) / (1 - p)
        return x * mask, mask

    @also_right
    def by_choice(x, p, rng, training):
        scale = 1 / (1 - p)
        mask = rng.choice([0.0, scale], size=x.shape, p=[p, 1 - p]) if training else np.ones_like(x)
        return mask * x, mask

    @also_right
    def entry_by_entry(x, p, rng, training):
        mask = np.ones(x.size)
        if training:
            for i in range(x.size):
                mask[i] = 0.0 if rng.random() < p else 1 / (1 - p)
        mask = mask.reshape(x.shape)
        return np.where(mask > 0, x * mask, 0.0), mask

    @also_right
    def in_float32(x, p, rng, training):
        if not training or p == 0:
            return x.copy(), np.ones(x.shape, dtype=int)
        uniform = rng.random(x.shape, dtype=np.float32)
        mask = np.zeros(x.shape)
        mask[uniform >= p] = 1 / (1 - p)
        return x * mask, mask

    @shortcut("helpers.nn")
    def ready_made(x, p, rng, training):
        from helpers import nn

        layer = nn.Dropout(p, rng)
        output = layer.forward(x, training)
        return output, np.ones(np.shape(x)) if layer.kept is None else layer.kept


@exercise("dropout_backward")
class DropoutBackward:
    forbidden = FRAMEWORKS
    hints = (
        "Forward each entry of x was multiplied by its entry of the mask. What does multiplication do to a gradient?",
        "The local gradient of x · m with respect to x is m: 0 where the entry was dropped, 1/(1 − p) where it survived.",
    )
    returns = ("grad_x",)

    def cases(rng):
        yield np.array([[1.0, -2.0, 3.0]]), np.array([[0.0, 2.0, 2.0]])
        yield numbers(rng, 4, 3), rng.choice([0.0, 1.25], size=(4, 3), p=[0.4, 0.6])
        yield whole(rng, 3, 5), rng.choice([0.0, 2.5], size=(3, 5))
        yield numbers(rng, 2, 4), np.ones((2, 4))
        yield numbers(rng, 3, 2, 4, 2), rng.choice([0.0, 10.0], size=(3, 2, 4, 2))
        yield numbers(rng, 6), np.array([4.0, 0.0, 4.0, 4.0, 0.0, 0.0])

    @mistake("The gradient went through dropped entries as if nothing had happened. Multiply it by the mask.")
    def passes_all(grad_output, mask):
        return np.array(grad_output, dtype=float)

    @mistake("The scale is missing: a survivor was multiplied by 1/(1 − p) on the way forward, and so is its gradient. Multiply by the mask itself, not by mask > 0.")
    def no_scale(grad_output, mask):
        return grad_output * (mask > 0).astype(float)

    @mistake("The gradient was divided by the scale. It is multiplied by the same number as x was.")
    def divides(grad_output, mask):
        return np.where(mask > 0, grad_output / np.where(mask > 0, mask, 1), 0.0)

    @mistake("The gradient was divided by the mask, which divides by 0 where an entry was dropped. It is multiplied by the same number as x was.")
    def divides_by_zero(grad_output, mask):
        with np.errstate(all="ignore"):
            return grad_output / mask

    @mistake("The scale was used twice. The mask holds 1/(1 − p) already.")
    def scales_twice(grad_output, mask):
        return grad_output * mask * mask.max()

    @mistake("The other way round: the dropped entries got the gradient, and the survivors nothing.")
    def the_dropped_ones(grad_output, mask):
        return grad_output * (mask == 0).astype(float)

    @mistake("The mask was taken off the gradient. Forward it was multiplied, so backward it is multiplied.")
    def subtracts(grad_output, mask):
        return grad_output - mask

    @mistake("You returned the mask. The gradient that arrives, grad_output, must be multiplied by it.")
    def mask_alone(grad_output, mask):
        return np.array(mask, dtype=float)

    @mistake("A matrix product mixes the entries. Each entry has its own place in the mask: *, not @.")
    def matrix_product(grad_output, mask):
        return np.swapaxes(np.atleast_2d(grad_output), -1, -2) @ np.atleast_2d(mask)

    @mistake("The gradient was averaged over the rows. If the loss is a mean, its 1/n is in grad_output already.")
    def averages(grad_output, mask):
        return grad_output * mask / len(mask)

    @mistake("Your function changed grad_output in place (`*=`). Write grad_output * mask: a new array.")
    def in_place(grad_output, mask):
        grad_output *= mask
        return grad_output

    @mistake("Only the survivors' gradients came back. The dropped entries stay in their places, as zeros: grad_output * mask.")
    def survivors_alone(grad_output, mask):
        return grad_output[mask > 0] * mask[mask > 0]

    @also_right
    def by_where(grad_output, mask):
        return np.where(mask == 0, 0.0, grad_output * mask)

    @also_right
    def in_a_loop(grad_output, mask):
        grad = np.zeros(mask.shape)
        for i in np.ndindex(mask.shape):
            grad[i] = grad_output[i] * mask[i]
        return grad

    @also_right
    def by_einsum(grad_output, mask):
        return np.einsum("...,...->...", np.asarray(grad_output, dtype=float), mask)

    @agrees_with("PyTorch")
    def by_torch(grad_output, mask):
        import torch

        x = torch.ones(mask.shape, dtype=torch.float64, requires_grad=True)
        (x * torch.tensor(mask)).backward(torch.tensor(np.asarray(grad_output, dtype=float)))
        return np.array(x.grad.tolist())


@exercise("smooth_labels")
class SmoothLabels:
    hints = (
        "With 10 classes and eps = 0.1: each class gets 0.01, and the right one keeps 0.9 besides. Each row still adds up to 1.",
        "k is the number of classes: the number of columns. How many columns has one_hot?",
        "Shrink one_hot by the factor 1 − eps, and add eps divided by one_hot.shape[1] to every entry.",
    )
    returns = ("targets",)

    def cases(rng):
        yield np.array([[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]), 0.2
        yield np.eye(5)[rng.integers(0, 5, size=7)], 0.1
        yield np.eye(3, dtype=int)[rng.integers(0, 3, size=4)], 0.3
        yield np.eye(6)[rng.integers(0, 6, size=2)], 0.0
        yield np.eye(4)[rng.integers(0, 4, size=1)], 1.0
        yield np.eye(10, dtype=int)[rng.integers(0, 10, size=3)], 0.05
        yield np.eye(2)[rng.integers(0, 2, size=5)], 0.5

    @mistake("The right class keeps 1 − eps and eps goes to the others alone, eps/(k − 1) each. Here eps is shared among all k, the right one too.")
    def others_only(one_hot, eps):
        return one_hot * (1 - eps) + (1 - one_hot) * eps / (one_hot.shape[1] - 1)

    @mistake("Every class got the whole eps. It is shared among the k classes: eps / k, so that each row adds up to 1.")
    def whole_eps(one_hot, eps):
        return one_hot * (1 - eps) + eps

    @mistake("The right class was not shrunk, so each row adds up to 1 + eps. Multiply one_hot by 1 − eps first.")
    def not_shrunk(one_hot, eps):
        return one_hot + eps / one_hot.shape[1]

    @mistake("eps was divided by the number of rows. k is the number of classes, the columns: one_hot.shape[1].")
    def by_rows(one_hot, eps):
        return one_hot * (1 - eps) + eps / len(one_hot)

    @mistake("eps/k was added nowhere: the rows add up to 1 − eps. The share taken from the right class is spread over all classes.")
    def only_shrunk(one_hot, eps):
        return one_hot * (1 - eps)

    @mistake("one_hot and the even share have changed places: one_hot keeps 1 − eps, the even share gets eps.")
    def exchanged(one_hot, eps):
        return one_hot * eps + (1 - eps) / one_hot.shape[1]

    @mistake("eps was taken off every entry, so that wrong classes become negative. Multiply by 1 − eps.")
    def subtracts(one_hot, eps):
        return one_hot - eps + eps / one_hot.shape[1]

    @mistake("eps was divided by the number of all entries, one_hot.size. k is the number of columns.")
    def by_size(one_hot, eps):
        return one_hot * (1 - eps) + eps / one_hot.size

    @mistake("The whole eps went to each of the others: those who are not the class get eps / k each.")
    def eps_to_each_other(one_hot, eps):
        return np.where(one_hot == 1, 1 - eps, eps)

    @mistake("The right class got 1 − eps and the others eps/k. The right one has its even share besides: 1 − eps + eps/k.")
    def right_class_short(one_hot, eps):
        return np.where(one_hot == 1, 1 - eps, eps / one_hot.shape[1])

    @mistake("The result was cut back to whole numbers: a copy of a whole-number array cannot take fractions. Compute a new array.")
    def truncated(one_hot, eps):
        targets = one_hot.copy()
        targets[...] = one_hot * (1 - eps) + eps / one_hot.shape[1]
        return targets

    @mistake("Your function changed one_hot in place. Compute a new array, so that the caller's labels stay.")
    def in_place(one_hot, eps):
        one_hot *= 1 - eps
        one_hot += eps / one_hot.shape[1]
        return one_hot

    @mistake("Brackets: only eps is divided by k, and one_hot keeps its 1 − eps whole.")
    def divides_all(one_hot, eps):
        return (one_hot * (1 - eps) + eps) / one_hot.shape[1]

    @mistake("eps was divided by k − 1, and then given to all k classes, so each row adds up to more than 1. Divide by k.")
    def by_one_less(one_hot, eps):
        return one_hot * (1 - eps) + eps / (one_hot.shape[1] - 1)

    @mistake("eps was divided by 10, whatever the number of classes. k is the number of columns: one_hot.shape[1].")
    def always_ten(one_hot, eps):
        return one_hot * (1 - eps) + eps / 10

    @mistake("one_hot was shrunk by 1 − eps/k. It keeps the share 1 − eps; eps/k is what every class gets.")
    def shrinks_too_little(one_hot, eps):
        return one_hot * (1 - eps / one_hot.shape[1]) + eps / one_hot.shape[1]

    @mistake("The labels came back as they were: eps makes no difference.")
    def unchanged(one_hot, eps):
        return 1.0 * one_hot

    @mistake("eps was multiplied by k. It is shared among the k classes: eps / k.")
    def times_classes(one_hot, eps):
        return one_hot * (1 - eps) + eps * one_hot.shape[1]

    @mistake("Brackets are missing: 1 - eps * one_hot takes the product off 1. Write (1 - eps) * one_hot.")
    def no_brackets(one_hot, eps):
        return 1 - eps * one_hot + eps / one_hot.shape[1]

    @also_right
    def by_where(one_hot, eps):
        low = eps / one_hot.shape[1]
        return np.where(one_hot == 1, 1 - eps + low, low)

    @also_right
    def by_filling(one_hot, eps):
        n, k = one_hot.shape
        targets = np.full((n, k), eps / k)
        targets[np.arange(n), one_hot.argmax(axis=1)] += 1 - eps
        return targets

    @also_right
    def between(one_hot, eps):
        return one_hot + eps * (np.ones(one_hot.shape) / len(one_hot[0]) - one_hot)

    @agrees_with("PyTorch")
    def by_torch(one_hot, eps):
        import torch

        labels = torch.tensor(one_hot.argmax(axis=1))
        logits = torch.zeros(one_hot.shape, dtype=torch.float64, requires_grad=True)
        torch.nn.functional.cross_entropy(logits, labels, label_smoothing=eps, reduction="sum").backward()
        return 1 / one_hot.shape[1] - np.array(logits.grad.tolist())


def slide(images, moves, fill=None):
    """Each image moved by its own (dy, dx), for the mistakes below; `fill` is a mode of np.pad."""
    _n, _c, h, w = images.shape
    reach = max(1, int(np.abs(moves).max()))
    pad = np.pad(images, ((0, 0), (0, 0), (reach, reach), (reach, reach)), mode=fill or "constant")
    return np.stack([pad[k, :, reach - dy : reach - dy + h, reach - dx : reach - dx + w] for k, (dy, dx) in enumerate(moves)])


@exercise("random_shift")
class RandomShift:
    forbidden = FRAMEWORKS
    equivalent = {"line 11: constant 0 becomes 1": "an empty image behind the last one, which zip never reaches"}
    hints = (
        "First draw: two whole numbers for each image. Mind the upper end: rng.integers leaves it out unless you say endpoint=True.",
        "Put max_shift zeros around every image (np.pad, as in unit 08). A shifted image is then a window of the old size, at another place.",
        "With the padding in place, the window's upper left corner lies at (max_shift − dy, max_shift − dx). Cut it out for each image in a loop.",
    )
    says = "random_shift(images, {4}, np.random.default_rng({5})) with images of shape ({0}, {1}, {2}, {3})"

    def cases(rng):
        seed = lambda: int(rng.integers(1, 1000))
        yield 160, 1, 5, 7, 2, seed()
        yield 900, 1, 3, 2, 1, seed()
        yield 300, 2, 6, 5, 3, seed()
        yield 5, 3, 4, 3, 0, seed()
        yield 1, 2, 4, 6, 1, seed()

    def probe(answer, n, c, h, w, max_shift, seed):
        draw = np.random.default_rng(n)
        images = draw.permuted(np.tile(np.arange(1, c * h * w + 1), (n, 1)), axis=1).reshape(n, c, h, w)
        images = images if n == 300 else images / 2
        before = images.copy()
        out = answer(images, max_shift, np.random.default_rng(seed))
        if out is None:
            return None
        facts = dict.fromkeys(("shape", "what each image shows", "images left unchanged", "the smallest dy", "the largest dy", "the smallest dx", "the largest dx", "each image has its own shift", "dy and dx are drawn apart", "every shift equally often", "same seed, same shifts", "other seed, other shifts"))
        facts["shape"] = list(out.shape) if isinstance(out, np.ndarray) else "not an array"
        if np.shape(out) != before.shape:
            return facts
        out = np.array(out, dtype=float)
        facts["images left unchanged"] = bool(np.array_equal(images, before))
        steps = range(-max_shift, max_shift + 1)
        margin = ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift))
        moves = {}

        def all_found(mode):
            pad, moves[mode] = np.pad(before, margin, mode=mode), np.full((n, 2), 99)
            for dy in steps:
                for dx in steps:
                    top, left = max_shift - dy, max_shift - dx
                    same = (pad[:, :, top : top + h, left : left + w] == out).all(axis=(1, 2, 3))
                    moves[mode][same] = dy, dx
            return bool(np.all(moves[mode] < 99))

        def what_went_wrong():
            if (out == np.trunc(out)).all() and (before != np.trunc(before)).any():
                return "fractions were cut off"
            if (out == 0).all(axis=(1, 2, 3)).any():
                return "some are blank"
            first, found = np.zeros(n, dtype=bool), np.full((n, 2), 99)
            for dy, dx in sorted(((dy, dx) for dy in steps for dx in steps), key=lambda move: (h - abs(move[0])) * (w - abs(move[1]))):
                # the move that leaves most pixels in the frame comes last and wins
                here = np.s_[:, :, max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)]
                there = np.s_[:, :, max(-dy, 0) : h + min(-dy, 0), max(-dx, 0) : w + min(-dx, 0)]
                found[(out[here] == before[there]).all(axis=(1, 2, 3))] = dy, dx
                first |= (out[here] == before[:1][there]).all(axis=(1, 2, 3))
            if n > 1 and first.all():
                return "all show the first image"
            if (found == 99).any():
                return "some are no shifted copy within max_shift"
            y, x = np.arange(h)[:, None] - found[:, :1, None], np.arange(w) - found[:, 1:, None]  # where each pixel comes from
            gap = np.broadcast_to(((y < 0) | (y >= h) | (x < 0) | (x >= w))[:, None], out.shape)
            round_again = np.stack([np.roll(image, move, axis=(1, 2)) for image, move in zip(before, found)])
            if (out == before)[gap].all():
                return "the gap still shows the old image"
            if ((out == 0) | (out == round_again))[gap].all():
                return "a part of the gap shows what left on the other side"
            return "the gap holds something else than zeros"

        if all_found("constant"):
            facts["what each image shows"] = "is moved by whole pixels, at most max_shift, with zeros where nothing came in"
        else:
            odd = [mode for mode in ("wrap", "edge") if all_found(mode)]
            words = {"wrap": "pixels that leave on one side come back on the other", "edge": "the gap repeats the edge"}
            facts["what each image shows"] = words[odd[0]] if odd else what_went_wrong()
            return facts
        moves = moves["constant"]
        if n >= 100:
            (low_y, low_x), (high_y, high_x) = moves.min(axis=0).tolist(), moves.max(axis=0).tolist()
            facts |= {"the smallest dy": low_y, "the largest dy": high_y, "the smallest dx": low_x, "the largest dx": high_x}
            facts["each image has its own shift"] = len(np.unique(moves, axis=0)) > 1
            facts["dy and dx are drawn apart"] = bool(0.02 < np.mean(moves[:, 0] == moves[:, 1]) < 0.7)
        if n >= 800:
            counts = np.array([np.sum(moves == step) for step in steps]) / moves.size
            rare = "no, the largest come too rarely" if counts[0] < 1 / len(steps) else "no, the largest come too often"
            facts["every shift equally often"] = "yes" if abs(counts - 1 / len(steps)).max() < 0.05 else rare
        if max_shift and n >= 100:
            few = before[:60]
            first, again, other = (np.array(answer(few.copy(), max_shift, np.random.default_rng(s))) for s in (seed, seed, seed + 1))
            facts["same seed, same shifts"] = bool(np.array_equal(first, again))
            facts["other seed, other shifts"] = not np.array_equal(first, other)
        return facts

    @mistake("The shift max_shift itself never happens: rng.integers leaves its upper end out. Say endpoint=True, or go to max_shift + 1.")
    def upper_end_missing(images, max_shift, rng):
        return slide(images, rng.integers(-max_shift, max_shift, size=(len(images), 2)))  # an error for max_shift 0

    @mistake("Pixels that leave on one side come back on the other: np.roll goes round. The gap has to be filled with zeros.")
    def rolls(images, max_shift, rng):
        moves = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
        return np.stack([np.roll(image, move, axis=(1, 2)) for image, move in zip(images, moves)])

    @mistake("All images got the same shift. Draw dy and dx for each image by itself.")
    def one_for_all(images, max_shift, rng):
        return slide(images, np.tile(rng.integers(-max_shift, max_shift + 1, size=2), (len(images), 1)))

    @mistake("dy and dx are always equal, so images move along a diagonal only. Draw two numbers for each image.")
    def diagonal(images, max_shift, rng):
        return slide(images, np.repeat(rng.integers(-max_shift, max_shift + 1, size=(len(images), 1)), 2, axis=1))

    @mistake("Images move down and right only. The shifts go from −max_shift to max_shift.")
    def one_way(images, max_shift, rng):
        return slide(images, rng.integers(0, max_shift + 1, size=(len(images), 2)))

    @mistake("Images move up and down only. Draw a dx as well, and move the columns.")
    def rows_only(images, max_shift, rng):
        dy = rng.integers(-max_shift, max_shift + 1, size=len(images))
        return slide(images, np.column_stack([dy, 0 * dy]))

    @mistake("Images move left and right only. Draw a dy as well, and move the rows.")
    def columns_only(images, max_shift, rng):
        dx = rng.integers(-max_shift, max_shift + 1, size=len(images))
        return slide(images, np.column_stack([0 * dx, dx]))

    @mistake("The gap was filled by repeating the edge. Fill it with zeros: that is np.pad's default.")
    def repeats_the_edge(images, max_shift, rng):
        return slide(images, rng.integers(-max_shift, max_shift + 1, size=(len(images), 2)), "edge")

    @mistake("Some shifts are more frequent than others: random fractions were rounded, or cut to whole numbers. Draw whole numbers: rng.integers.")
    def rounded(images, max_shift, rng):
        return slide(images, np.round(rng.uniform(-max_shift, max_shift, size=(len(images), 2))).astype(int))

    @mistake("The images came back padded. Cut a window of the old size out of each.")
    def stays_padded(images, max_shift, rng):
        return np.pad(images, ((0, 0), (0, 0), (max_shift + 1, max_shift), (max_shift, max_shift)))

    @mistake("The images themselves were overwritten. Fill a new array, so that the caller's images stay.")
    def in_place(images, max_shift, rng):
        images[:] = slide(images, rng.integers(-max_shift, max_shift + 1, size=(len(images), 2)))
        return images

    @mistake(GLOBAL)
    def global_generator(images, max_shift, rng):
        return slide(images, np.random.randint(-max_shift, max_shift + 1, size=(len(images), 2)))

    @mistake(OWN_SEED)
    def own_seed(images, max_shift, rng):
        return slide(images, np.random.default_rng(0).integers(-max_shift, max_shift + 1, size=(len(images), 2)))

    @mistake("Each image is moved by the full max_shift, this way or that. Smaller shifts, and none at all, belong to it as well.")
    def full_shifts(images, max_shift, rng):
        return slide(images, rng.choice([-max_shift, max_shift], size=(len(images), 2)))

    @mistake("Two things. np.roll goes round: what leaves on one side comes back on the other. And rng.integers leaves its upper end out: say endpoint=True.")
    def rolls_without_the_upper_end(images, max_shift, rng):
        moves = rng.integers(-max_shift, max_shift, size=(len(images), 2))
        return np.stack([np.roll(image, move, axis=(1, 2)) for image, move in zip(images, moves)])

    @mistake("Images move up and left only. The shifts go from −max_shift to max_shift.")
    def other_way(images, max_shift, rng):
        return slide(images, -rng.integers(0, max_shift + 1, size=(len(images), 2)))

    @mistake("Nothing was moved. Draw dy and dx for each image, and move its pixels by them.")
    def stays(images, max_shift, rng):
        return images.copy()

    @mistake("The channels of an image were moved apart. Draw one dy and one dx for each image, and move all its channels by them.")
    def channels_apart(images, max_shift, rng):
        n, c, h, w = images.shape
        return slide(images.reshape(n * c, 1, h, w), rng.integers(-max_shift, max_shift + 1, size=(n * c, 2))).reshape(images.shape)

    @mistake("The largest shifts never happen, and 0 comes too often: random fractions were cut to whole numbers. Draw whole numbers: rng.integers.")
    def cut_to_whole_numbers(images, max_shift, rng):
        return slide(images, rng.uniform(-max_shift, max_shift, size=(len(images), 2)).astype(int))

    @mistake("A list of images came back. np.array makes one array of it.")
    def as_a_list(images, max_shift, rng):
        return list(slide(images, rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))))

    @mistake("Where a shift is 0, the whole image is blank: a slice like [:, 0:] or [:, -0:] is everything. Blank the gap only where there is one.")
    def blanks_unmoved(images, max_shift, rng):
        moves = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
        return slide(images, moves) * (moves != 0).all(axis=1)[:, None, None, None]

    @mistake("The shift of -max_shift never happens: rng.integers leaves its upper end out, so the last corner of the window is never drawn. Go to 2 · max_shift + 1.")
    def last_corner_missing(images, max_shift, rng):
        return slide(images, max_shift - rng.integers(0, 2 * max_shift, size=(len(images), 2)))  # an error for max_shift 0

    @mistake("All images got the same dy. Each has its own, as it has its own dx.")
    def one_dy(images, max_shift, rng):
        dy = rng.integers(-max_shift, max_shift + 1)
        dx = rng.integers(-max_shift, max_shift + 1, size=len(images))
        return slide(images, np.column_stack([np.full(len(images), dy), dx]))

    @mistake("Images move by one pixel at most, whatever max_shift is. The shifts go from −max_shift to max_shift.")
    def by_one_at_most(images, max_shift, rng):
        return slide(images, rng.integers(-1, 2, size=(len(images), 2)))

    @mistake("You began with a copy of the images, so the old picture still shows in the gap. Begin with zeros: np.zeros_like(images).")
    def begins_with_a_copy(images, max_shift, rng):
        moves = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
        inside = slide(np.ones_like(images), moves) > 0
        return np.where(inside, slide(images, moves), images)

    @mistake("The gap was blanked at the top and on the left only. An image that moves up has its gap at the bottom, one that moves left has it on the right.")
    def blanks_one_side(images, max_shift, rng):
        out = []
        for image in images:
            dy, dx = rng.integers(-max_shift, max_shift + 1, size=2)
            moved = np.roll(image, (dy, dx), axis=(1, 2))
            moved[:, : max(dy, 0)] = 0
            moved[:, :, : max(dx, 0)] = 0
            out.append(moved)
        return np.stack(out)

    @mistake("The gap holds something else than zeros: another mode of np.pad, or np.empty, which leaves what was there. Begin with np.zeros_like(images), or pad as np.pad does by itself.")
    def mirrors(images, max_shift, rng):
        moves = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
        return slide(images, moves, "reflect") if max_shift else images.copy()

    @mistake("Every result shows the first image. In the loop, take the image that is its turn.")
    def first_image_always(images, max_shift, rng):
        return slide(np.repeat(images[:1], len(images), axis=0), rng.integers(-max_shift, max_shift + 1, size=(len(images), 2)))

    @mistake("Fractions were cut off: the new array holds whole numbers only. np.zeros_like(images) has the type of the images.")
    def whole_numbers(images, max_shift, rng):
        return slide(images, rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))).astype(int)

    @mistake("int() cuts towards zero, so -max_shift hardly ever comes and 0 comes twice as often. Draw whole numbers: rng.integers.")
    def cut_towards_zero(images, max_shift, rng):
        return slide(images, rng.uniform(-max_shift, max_shift + 1, size=(len(images), 2)).astype(int))

    @also_right
    def by_slices(images, max_shift, rng):
        n, _c, h, w = images.shape
        out = np.zeros_like(images)
        for k in range(n):
            dy = int(rng.integers(-max_shift, max_shift, endpoint=True))
            dx = int(rng.integers(-max_shift, max_shift, endpoint=True))
            out[k, :, max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)] = images[k, :, max(-dy, 0) : h - max(dy, 0), max(-dx, 0) : w - max(dx, 0)]
        return out

    @also_right
    def all_at_once(images, max_shift, rng):
        n, c, h, w = images.shape
        pad = np.pad(images.astype(float), ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift)))
        top, left = rng.integers(0, 2 * max_shift + 1, size=(2, n))
        rows, columns = top[:, None] + np.arange(h), left[:, None] + np.arange(w)
        return pad[np.arange(n)[:, None, None, None], np.arange(c)[:, None, None], rows[:, None, :, None], columns[:, None, None, :]]

    @also_right
    def by_rolling_the_padded(images, max_shift, rng):
        pad = np.pad(images, ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift)))
        m, h, w = max_shift, images.shape[2], images.shape[3]
        moves = rng.choice(np.arange(-m, m + 1), size=(len(images), 2))
        return np.array([np.roll(p, tuple(move), axis=(1, 2))[:, m : m + h, m : m + w] for p, move in zip(pad, moves)])

    @also_right
    def with_scipys_floor(images, max_shift, rng):
        moves = np.floor(rng.uniform(-max_shift, max_shift + 1, size=(len(images), 2))).astype(int)
        return slide(images, moves)


@exercise("add_noise")
class AddNoise:
    equivalent = {
        "line 8: + becomes - in x - rng.normal(0, std, x.shape)": "noise that is as often negative as positive, turned over, is the same noise",
    }
    hints = (
        "One draw for each entry of x, from a normal distribution with mean 0.",
        "rng.normal takes mean, standard deviation and shape, in this order. Then add.",
    )
    says = "add_noise(x, {1}, np.random.default_rng({2})) with x of shape {0}"

    def cases(rng):
        seed = lambda: int(rng.integers(1, 1000))
        yield (60, 50), 0.5, seed(), "floats"
        yield (4, 3), 0.0, seed(), "floats"
        yield (100, 5, 8), 3.0, seed(), "floats"
        yield (80, 40), 0.2, seed(), "whole numbers"
        yield (3500,), 10.0, seed(), "floats"

    def probe(answer, shape, std, seed, holds):
        shape, draw = tuple(shape), np.random.default_rng(seed + 1)
        x = draw.integers(-2, 3, size=shape) if holds == "whole numbers" else draw.random(shape)
        x = x * (draw.random(shape) < 0.5)  # half of the entries are 0
        before = x.copy()
        out = answer(x, std, np.random.default_rng(seed))
        if out is None:
            return None
        facts = dict.fromkeys(("shape", "x left unchanged", "output", "mean of the noise", "the spread of the noise, in std", "the noise is bell-shaped (normal)", "entries that are 0 get noise", "draws", "same seed, same noise", "other seed, other noise"))
        facts |= {"shape": list(np.shape(out)), "x left unchanged": bool(np.array_equal(x, before))}
        if np.shape(out) != shape:
            return facts
        noise = np.array(out, dtype=float) - before
        if std == 0:
            return facts | {"output": np.array(out, dtype=float)}
        unit = noise / std
        facts["mean of the noise"] = "about 0" if abs(unit.mean()) < 0.12 else f"about {unit.mean():.1f} std"
        facts["the spread of the noise, in std"] = "about 1" if 0.91 < unit.std() < 1.09 else f"about {unit.std():.1f}"
        scaled = (unit - unit.mean()) / max(unit.std(), 1e-12)
        facts["the noise is bell-shaped (normal)"] = bool(0.03 < np.mean(abs(scaled) > 1.9) < 0.085 and np.mean(abs(scaled) > 3.9) < 0.003)
        facts["entries that are 0 get noise"] = bool(np.any(noise[before == 0]))
        alike = [bool(np.ptp(noise, axis=axis).max() < 1e-9) for axis in range(noise.ndim)]
        apart = len(np.unique(np.round(unit[before == 0], 9))) > 0.9 * np.sum(before == 0)
        row = len(shape) > 1 and any(alike[1:])
        facts["draws"] = "one for all entries of a row" if row else "one for all rows" if alike[0] else "one for each entry" if apart else "many are equal"
        again, other = (np.array(answer(before.copy(), std, np.random.default_rng(s)), dtype=float) for s in (seed, seed + 1))
        facts["same seed, same noise"] = bool(np.allclose(again - before, noise))
        facts["other seed, other noise"] = not np.allclose(other - before, noise)
        return facts

    @mistake("The noise has the spread std²: rng.normal takes the standard deviation, not the variance.")
    def variance(x, std, rng):
        return x + rng.normal(0, std**2, x.shape)

    @mistake("The noise has the spread √std: rng.normal takes the standard deviation as it is.")
    def root(x, std, rng):
        return x + rng.normal(0, np.sqrt(std), x.shape)

    @mistake("The noise has the spread 1 (or none of std): scale it by std.")
    def unscaled(x, std, rng):
        return x + rng.standard_normal(x.shape)

    @mistake("The noise comes from a box between −std and std. Gaussian noise is a bell: rng.normal.")
    def uniform(x, std, rng):
        return x + rng.uniform(-std, std, x.shape)

    @mistake("The noise was multiplied with x, so entries that are 0 get none. Add it.")
    def multiplies(x, std, rng):
        return x * (1 + rng.normal(0, std, x.shape))

    @mistake("The same noise was added to every row: the draw has the shape of one row. Draw with x.shape.")
    def one_row(x, std, rng):
        return x + rng.normal(0, std, x.shape[-1])

    @mistake("A single number was drawn and added everywhere. Draw one for each entry: give rng.normal the shape of x.")
    def one_number(x, std, rng):
        return x + rng.normal(0, std)

    @mistake("The noise alone came back. Add it to x.")
    def noise_alone(x, std, rng):
        return rng.normal(0, std, x.shape)

    @mistake("The noise is never negative: its absolute value was taken (or its mean is not 0). Let it go both ways.")
    def positive(x, std, rng):
        return x + np.abs(rng.normal(0, std, x.shape))

    @mistake("std was given as the mean: rng.normal's arguments are mean, standard deviation, shape.")
    def std_as_mean(x, std, rng):
        return x + rng.normal(std, size=x.shape)

    @mistake("The result was cut off at 0 and 1. It may leave that range: cutting would change the noise.")
    def clipped(x, std, rng):
        return np.clip(x + rng.normal(0, std, x.shape), 0, 1)

    @mistake("The result was rounded to whole numbers. Add the noise to a float array.")
    def whole_numbers(x, std, rng):
        return (x + rng.normal(0, std, x.shape)).astype(x.dtype)

    @mistake("x was changed in place. Return a new array, so that the caller's x stays.")
    def in_place(x, std, rng):
        x[...] = x + rng.normal(0, std, x.shape)
        return x

    @mistake(GLOBAL)
    def global_generator(x, std, rng):
        return x + np.random.normal(0, std, x.shape)

    @mistake(OWN_SEED)
    def own_seed(x, std, rng):
        return x + np.random.default_rng(0).normal(0, std, x.shape)

    @mistake("std was given as the mean, and 0 as the standard deviation: rng.normal's arguments are mean, standard deviation, shape.")
    def arguments_exchanged(x, std, rng):
        return x + rng.normal(std, 0, x.shape)

    @mistake("The noise comes from a box between 0 and std, and never goes down. Gaussian noise is a bell around 0: rng.normal.")
    def box_above_zero(x, std, rng):
        return x + std * rng.random(x.shape)

    @mistake("Entries that are 0 were left out. Every entry gets noise, the blank pixels too.")
    def spares_zeros(x, std, rng):
        return np.where(x != 0, x + rng.normal(0, std, x.shape), x)

    @mistake("x was changed in place (`+=`). Write x + noise: a new array, so that the caller's x stays, and whole numbers are no trouble.")
    def adds_in_place(x, std, rng):
        x += rng.normal(0, std, x.shape)
        return x

    @mistake("The noise comes from a box one std wide. Gaussian noise is a bell with the standard deviation std: rng.normal.")
    def box_around_zero(x, std, rng):
        return x + std * (rng.random(x.shape) - 0.5)

    @mistake("One draw was used for a whole row. Each entry gets its own: give rng.normal the shape of x.")
    def one_draw_a_row(x, std, rng):
        return x + rng.normal(0, std, (len(x),) + (1,) * (x.ndim - 1))

    @mistake("The noise is always +std or −std, as a coin falls. Gaussian noise is a bell: rng.normal.")
    def coin(x, std, rng):
        return x + std * rng.choice([-1, 1], size=x.shape)

    @mistake("x was counted twice: rng.normal(x, std) has x in it already. Its mean should be 0.")
    def x_twice(x, std, rng):
        return x + rng.normal(x, std)

    @mistake("The result was rounded. Return x + noise as it is.")
    def rounded(x, std, rng):
        return np.round(x + rng.normal(0, std, x.shape), 2)

    @also_right
    def around_x(x, std, rng):
        return rng.normal(x, std)

    @also_right
    def scaled(x, std, rng):
        return x - std * rng.standard_normal(x.shape)

    @also_right
    def entry_by_entry(x, std, rng):
        out = x.astype(float)
        for i in range(out.size):
            out.flat[i] += rng.normal(0, std)
        return out

    @agrees_with("SciPy")
    def by_scipy(x, std, rng):
        from scipy import stats

        return x + (stats.norm(0, std).rvs(size=x.shape, random_state=rng) if std else 0.0)


def batch_norm(x, gamma, beta, running, training=True, momentum=0.9, eps=1e-5, spread=None, batch_always=False):
    """The layer with its faults as options, for the mistakes below; its cache holds more than enough."""
    x = np.asarray(x, dtype=float)
    mean, var = x.mean(axis=0), x.var(axis=0)
    if training:
        running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
        running["var"] = momentum * running["var"] + (1 - momentum) * var
    elif not batch_always:
        mean, var = running["mean"], running["var"]
    std = np.sqrt(var + eps) if spread is None else spread(var, eps)
    z = (x - mean) / std
    return gamma * z + beta, (z, gamma, std, x)


def untouched(running):
    return {name: np.array(value) for name, value in running.items()}


@exercise("batch_norm")
class BatchNorm:
    forbidden = FRAMEWORKS
    hints = (
        "Ask one question of the draft: in which line does `training` make a difference?",
        "Two ways. Training: the batch's own mean and variance, and both running values move a little. Evaluation: the running ones, and nothing moves.",
        "Write if training: … else: … with `mean` and `var` set in both branches. Normalising, gamma and beta come after it and are the same for both.",
    )
    says = "batch_norm({0}, {1}, {2}, {{'mean': {3}, 'var': {4}}}, {5}, {6})"

    def cases(rng):
        yield np.array([[1.0, 10.0], [2.0, 20.0], [6.0, 0.0]]), np.array([1.0, 2.0]), np.array([0.0, 5.0]), np.zeros(2), np.ones(2), True, {}
        yield numbers(rng, 5, 3), numbers(rng, 3), numbers(rng, 3), numbers(rng, 3), numbers(rng, 3, low=0.5), False, {}
        yield whole(rng, 6, 4), whole(rng, 4), whole(rng, 4), numbers(rng, 4), numbers(rng, 4, low=0.5), True, {"momentum": 0.7}
        yield numbers(rng, 4, 3) + 3, numbers(rng, 3), numbers(rng, 3), numbers(rng, 3), numbers(rng, 3, low=0.5), True, {"eps": 0.5}
        yield whole(rng, 1, 3), numbers(rng, 3), numbers(rng, 3), numbers(rng, 3), numbers(rng, 3, low=0.5), False, {"eps": 0.2}
        flat = numbers(rng, 5, 2)
        flat[:, 1] = 4.0
        yield flat, numbers(rng, 2), numbers(rng, 2), numbers(rng, 2), numbers(rng, 2, low=0.5), True, {"momentum": 0.25}
        yield numbers(rng, 7, 2), numbers(rng, 2), numbers(rng, 2), numbers(rng, 2), numbers(rng, 2, low=0.5), False, {"momentum": 0.5, "eps": 0.01}

    def probe(answer, x, gamma, beta, mean, var, training, options):
        running = {"mean": np.array(mean), "var": np.array(var)}
        result = answer(x, gamma, beta, running, training, **options)
        if result is None:
            return None
        pair = isinstance(result, (tuple, list)) and len(result) == 2
        facts = {"returns": "output and cache" if pair else "not two things", "output": result[0] if pair else None}
        return facts | {"running mean afterwards": running.get("mean"), "running var afterwards": running.get("var")}

    @mistake("In evaluation the batch's own mean and variance were used. A single picture would be its own mean, and come out as 0. Use running['mean'] and running['var'] there.")
    def batch_in_evaluation(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, eps, batch_always=True)

    @mistake("`training` makes no difference: in evaluation the batch's own mean and variance are used, and the running ones move. With training False, normalise by the running ones and leave them alone.")
    def ignores_training(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, True, momentum, eps)

    @mistake("The output is right, but the running mean and variance move in evaluation too. Move them in training only.")
    def moves_in_evaluation(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = untouched(running)
        batch_norm(x, gamma, beta, running, True, momentum, eps)
        return batch_norm(x, gamma, beta, old, training, momentum, eps)

    @mistake("The caller's running values never change: they were not updated, or `running = {…}` made a new dict. Change its entries: running['mean'] = …")
    def never_updates(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, untouched(running), training, momentum, eps)

    @mistake("momentum and 1 − momentum have changed places: the running value keeps the share momentum, the batch gets the rest.")
    def momentum_exchanged(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, 1 - momentum, eps)

    @mistake("The variance was divided by n − 1. Here it is divided by n, in both places: NumPy's default.")
    def n_minus_one(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        if not training:
            return batch_norm(x, gamma, beta, running, training, momentum, eps)
        mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)
        running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
        running["var"] = momentum * running["var"] + (1 - momentum) * var
        return gamma * (x - mean) / np.sqrt(var + eps) + beta, None

    @mistake("The running variance was fed with a variance over n − 1, as PyTorch does it. Here it is over n for both.")
    def n_minus_one_in_running(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = running["var"]
        result = batch_norm(x, gamma, beta, running, training, momentum, eps)
        if training:
            running["var"] = momentum * old + (1 - momentum) * x.var(axis=0, ddof=1)
        return result

    @mistake("eps was added to the standard deviation. It belongs under the root: sqrt(var + eps).")
    def eps_outside(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, eps, lambda var, eps: np.sqrt(var) + eps)

    @mistake("eps is missing, so a constant column divides 0 by 0. Divide by sqrt(var + eps).")
    def no_eps(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        with np.errstate(all="ignore"):
            return batch_norm(x, gamma, beta, running, training, momentum, eps, lambda var, eps: np.sqrt(var))

    @mistake("You divided by the variance. Divide by its square root, sqrt(var + eps).")
    def no_root(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, eps, lambda var, eps: var + eps)

    @mistake("Mean and variance were taken over the whole table. Each column has its own: axis=0.")
    def whole_table(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        if not training:
            return batch_norm(x, gamma, beta, running, training, momentum, eps)
        mean, var = x.mean(), x.var()
        running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
        running["var"] = momentum * running["var"] + (1 - momentum) * var
        return gamma * (x - mean) / np.sqrt(var + eps) + beta, None

    @mistake("Mean and variance were taken along the rows (axis=1, which is layer normalisation). Each column has its own, over the batch: axis=0.")
    def along_rows(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        if not training:
            return batch_norm(x, gamma, beta, running, training, momentum, eps)
        mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
        running["var"] = momentum * running["var"] + (1 - momentum) * var
        return gamma * (x - mean) / np.sqrt(var + eps) + beta, None

    @mistake("In training the running mean and variance were used to normalise. They are for evaluation; in training use the batch's own.")
    def running_in_training(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        batch_norm(x, gamma, beta, running, training, momentum, eps)
        return batch_norm(x, gamma, beta, running, False, momentum, eps)

    @mistake("In evaluation the running values were moved first, and then used. With training False they are used as they are, and stay.")
    def moves_before_use(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        result = batch_norm(x, gamma, beta, running, True, momentum, eps)
        return result if training else batch_norm(x, gamma, beta, running, False, momentum, eps)

    @mistake("Training and evaluation are exchanged: the batch's own mean and variance belong to training.")
    def exchanged_modes(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, not training, momentum, eps)

    @mistake("gamma is missing: the output is gamma · z + beta.")
    def no_gamma(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, 1.0, beta, running, training, momentum, eps)

    @mistake("beta is missing: the output is gamma · z + beta.")
    def no_beta(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, 0.0, running, training, momentum, eps)

    @mistake("The running mean was not moved. In training both running values take a step.")
    def mean_stays(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = running["mean"]
        result = batch_norm(x, gamma, beta, running, training, momentum, eps)
        running["mean"] = old
        return result

    @mistake("The running variance was not moved. In training both running values take a step.")
    def variance_stays(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = running["var"]
        result = batch_norm(x, gamma, beta, running, training, momentum, eps)
        running["var"] = old
        return result

    @mistake("The whole batch value was added to the running one, without its share 1 − momentum.")
    def whole_batch_added(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = untouched(running)
        result = batch_norm(x, gamma, beta, running, training, momentum, eps)
        if training:
            running.update({"mean": momentum * old["mean"] + x.mean(axis=0), "var": momentum * old["var"] + x.var(axis=0)})
        return result

    @mistake("0.9 was written out. Use the argument momentum, which may be another number.")
    def fixed_momentum(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, 0.9, eps)

    @mistake("1e-5 was written out. Use the argument eps, which may be another number.")
    def fixed_eps(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, 1e-5)

    @mistake("The standard deviation was taken for the variance: x.var(axis=0), not x.std(axis=0). The root comes once, in sqrt(var + eps).")
    def std_for_variance(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = running["var"]
        result = batch_norm(x, gamma, beta, running, training, momentum, eps, (lambda var, eps: np.sqrt(np.sqrt(var) + eps)) if training else None)
        if training:
            running["var"] = momentum * old + (1 - momentum) * x.std(axis=0)
        return result

    @mistake("gamma and beta are missing: after normalising, multiply by gamma and add beta.")
    def no_gamma_beta(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, 1.0, 0.0, running, training, momentum, eps)

    @mistake("beta was added before gamma was multiplied. The order is gamma · z + beta.")
    def beta_first(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        z = batch_norm(x, 1.0, 0.0, running, training, momentum, eps)[0]
        return gamma * (z + beta), None

    @mistake("gamma and beta have changed places: gamma multiplies, beta is added.")
    def gamma_beta_exchanged(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, beta, gamma, running, training, momentum, eps)

    @mistake("The running variance was fed with the standard deviation. Keep the variance there; the root comes when it is used.")
    def running_std(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = running["var"]
        result = batch_norm(x, gamma, beta, running, training, momentum, eps)
        if training:
            running["var"] = momentum * old + (1 - momentum) * x.std(axis=0)
        return result

    @mistake("The running values were replaced by those of the last batch. They should move only by the share 1 − momentum.")
    def replaces_running(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, 0.0, eps)

    @mistake("Only the output came back. Return output, cache: the backward pass needs something to work with.")
    def no_cache(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, eps)[0]

    @mistake("The running values only grow: the share of the batch is added, but the old value is not shrunk to momentum times itself.")
    def only_adds(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = untouched(running)
        result = batch_norm(x, gamma, beta, running, training, momentum, eps)
        if training:
            running.update({"mean": old["mean"] + (1 - momentum) * x.mean(axis=0), "var": old["var"] + (1 - momentum) * x.var(axis=0)})
        return result

    @mistake("In evaluation x came back as it was. It is normalised there too, by the running mean and variance.")
    def nothing_in_evaluation(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, eps) if training else (1.0 * x, None)

    @mistake("In evaluation x was not normalised: gamma and beta alone were used. Normalise by the running mean and variance first.")
    def not_normalised_in_evaluation(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, eps) if training else (gamma * x + beta, None)

    @mistake("In evaluation the running mean is used, but the batch's own variance. Both come from running.")
    def batch_variance_in_evaluation(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        used = running if training else running | {"var": x.var(axis=0)}
        return batch_norm(x, gamma, beta, used, training, momentum, eps)

    @mistake("x was not divided by the standard deviation: z = (x - mean) / sqrt(var + eps).")
    def only_centred(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        return batch_norm(x, gamma, beta, running, training, momentum, eps, lambda var, eps: 1.0)

    @mistake("The differences from the mean were averaged without squaring them, and so they cancel. The variance is the mean of their squares: x.var(axis=0).")
    def not_squared(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        old = running["var"]
        result = batch_norm(x, gamma, beta, running, training, momentum, eps, (lambda var, eps: np.sqrt(0 * var + eps)) if training else None)
        if training:
            running["var"] = momentum * old
        return result

    @mistake("eps went into the running variance. It is added only where you divide: sqrt(var + eps).")
    def eps_in_the_running(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        output = batch_norm(x, gamma, beta, running, training, momentum, eps)
        if training:
            running["var"] = running["var"] + (1 - momentum) * eps
        return output

    @mistake("In evaluation running['var'] grew by eps: `var += eps` changes the caller's array. Write np.sqrt(var + eps).")
    def adds_eps_in_place(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        output = batch_norm(x, gamma, beta, running, training, momentum, eps)
        if not training:
            running["var"] += eps
        return output

    @also_right
    def updates_in_place(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        if training:
            mean = np.mean(x, axis=0)
            var = np.mean((x - mean) ** 2, axis=0)
            running["mean"] *= momentum
            running["mean"] += (1 - momentum) * mean
            running["var"][:] = running["var"] + (1 - momentum) * (var - running["var"])
        else:
            mean, var = running["mean"], running["var"]
        scale = gamma / np.sqrt(var + eps)
        return x * scale + (beta - mean * scale), {"anything": 1}

    @also_right
    def by_update(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        use = {"mean": x.mean(0), "var": x.std(0) ** 2} if training else running
        z = (x - use["mean"]) * (use["var"] + eps) ** -0.5
        if training:
            running.update({name: momentum * running[name] + (1 - momentum) * use[name] for name in use})
        return [beta + z * gamma, z]

    @also_right
    def column_by_column(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        out = np.empty(x.shape)
        means, variances = np.array(running["mean"], dtype=float), np.array(running["var"], dtype=float)
        for j in range(x.shape[1]):
            mean, var = means[j], variances[j]
            if training:
                mean = sum(x[:, j]) / len(x)
                var = sum((value - mean) ** 2 for value in x[:, j]) / len(x)
                means[j] = momentum * means[j] + (1 - momentum) * mean
                variances[j] = momentum * variances[j] + (1 - momentum) * var
            out[:, j] = gamma[j] * (x[:, j] - mean) / np.sqrt(var + eps) + beta[j]
        running["mean"], running["var"] = means, variances
        return out, (x, gamma)

    @agrees_with("PyTorch")
    def by_torch(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        import torch

        to = lambda v: torch.tensor(np.asarray(v, dtype=float))
        mean, var = to(running["mean"]), to(running["var"])
        out = torch.nn.functional.batch_norm(to(x), mean, var.clone(), to(gamma), to(beta), training, 1 - momentum, eps)
        if training:  # its running variance is over n - 1
            own = to(x).var(dim=0, unbiased=False)
            running["mean"], running["var"] = np.array(mean.tolist()), np.array((momentum * var + (1 - momentum) * own).tolist())
        return np.array(out.tolist()), None

    @shortcut("helpers.nn")
    def ready_made(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        from helpers import nn

        layer = nn.BatchNorm(np.shape(x)[1], momentum, eps)
        layer.gamma, layer.beta, layer.running_mean, layer.running_var = gamma, beta, running["mean"], running["var"]
        output = layer.forward(x, training)
        running["mean"], running["var"] = layer.running_mean, layer.running_var
        return output, layer


def centred(v):
    return v - v.mean(axis=0)


def right_gradients(grad_output, cache):
    """All three, for the mistakes below to be made with."""
    z, gamma, std, _ = cache
    g = grad_output * gamma
    grad_x = (centred(g) - z * (g * z).mean(axis=0)) / std
    return grad_x, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)


@exercise("batch_norm_backward")
class BatchNormBackward:
    forbidden = FRAMEWORKS
    hints = (
        "Begin at the end. output = gamma · z + beta: grad_beta, grad_gamma and the gradient that reaches z are those of unit 06, a sum for what is used by all rows.",
        "Then the boxed formula, with the gradient of z. Your cache needs z, gamma and sqrt(var + eps); if it lacks one of them, add it in batch_norm and run that cell again.",
        "grad_z = grad_output · gamma. grad_x is grad_z minus its column mean, minus z times the column mean of grad_z · z, all divided by the standard deviation.",
    )
    returns = ("grad_x", "grad_gamma", "grad_beta")
    gradient = {"grad_x": "x", "grad_gamma": "gamma", "grad_beta": "beta"}
    says = "batch_norm_backward({3}, cache) with the cache of your batch_norm({0}, {1}, {2}, running, True)"

    def loss(x, gamma, beta, grad_output):
        z = centred(x) / np.sqrt(x.var(axis=0) + 1e-5)
        return np.sum(grad_output * (gamma * z + beta))

    def cases(rng):
        yield np.array([[1.0, 10.0], [2.0, 20.0], [6.0, 0.0]]), np.array([1.0, 2.0]), np.array([0.0, 5.0]), np.array([[1.0, 0.0], [0.0, 2.0], [0.0, -1.0]])
        yield numbers(rng, 5, 3), numbers(rng, 3), numbers(rng, 3), numbers(rng, 5, 3)
        yield whole(rng, 6, 4) + np.arange(6)[:, None], whole(rng, 4), whole(rng, 4), 1.0 * whole(rng, 6, 4)
        yield numbers(rng, 7, 1) * 3, numbers(rng, 1), numbers(rng, 1), numbers(rng, 7, 1)
        yield numbers(rng, 4, 5) + 2, numbers(rng, 5), numbers(rng, 5), numbers(rng, 4, 5) + 1

    def probe(answer, x, gamma, beta, grad_output):
        if "batch_norm" not in answer.__globals__:
            raise NameError("name 'batch_norm' is not defined", name="batch_norm")
        running = {"mean": np.zeros(x.shape[1]), "var": np.ones(x.shape[1])}
        result = answer.__globals__["batch_norm"](x, gamma, beta, running, True)
        if not isinstance(result, (tuple, list)) or len(result) != 2 or result[1] is None:
            raise ValueError("batch_norm gave no cache; let it return output and cache, and run its cell and check again first")
        return answer(grad_output, result[1])

    @mistake("grad_x treats mean and variance as constants. Every x of a column has a hand in both, so two more terms come back: see the boxed formula.")
    def constants(grad_output, cache):
        z, gamma, std, _ = cache
        return grad_output * gamma / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("The way through the mean is missing from grad_x: take the column mean of the gradient off.")
    def no_mean_term(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (g - z * (g * z).mean(axis=0)) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("The way through the variance is missing from grad_x: take z times the column mean of grad_z · z off.")
    def no_variance_term(grad_output, cache):
        z, gamma, std, _ = cache
        return centred(grad_output * gamma) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("gamma is missing from grad_x: the gradient passes through the multiplication by gamma first.")
    def no_gamma(grad_output, cache):
        z, _gamma, std, _ = cache
        g = 1.0 * grad_output
        return (centred(g) - z * (g * z).mean(axis=0)) / std, (g * z).sum(axis=0), g.sum(axis=0)

    @mistake("grad_x is not divided by the standard deviation. z = (x − mean) / std, so a nudge of x moves z by 1/std.")
    def no_std(grad_output, cache):
        z, gamma, _std, _ = cache
        g = grad_output * gamma
        return centred(g) - z * (g * z).mean(axis=0), (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_x has the two corrections summed over the batch. They are means: divide both sums by n.")
    def sums_for_means(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (g - g.sum(axis=0) - z * (g * z).sum(axis=0)) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_x is right, but grad_gamma and grad_beta are averaged. They are sums over the batch: where the loss is a mean, its 1/n is in grad_output already.")
    def averages(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, (grad_output * z).mean(axis=0), grad_output.mean(axis=0)

    @mistake("grad_x and grad_beta are right, but grad_gamma is averaged. It is a sum over the batch: where the loss is a mean, its 1/n is in grad_output already.")
    def averages_gamma(grad_output, cache):
        grad_x, grad_gamma, grad_beta = right_gradients(grad_output, cache)
        return grad_x, grad_gamma / len(grad_output), grad_beta

    @mistake("grad_x and grad_gamma are right, but grad_beta is averaged. It is a sum over the batch: where the loss is a mean, its 1/n is in grad_output already.")
    def averages_beta(grad_output, cache):
        grad_x, grad_gamma, grad_beta = right_gradients(grad_output, cache)
        return grad_x, grad_gamma, grad_beta / len(grad_output)

    @mistake("The three came back from last to first. The order is grad_x, grad_gamma, grad_beta.")
    def last_to_first(grad_output, cache):
        return right_gradients(grad_output, cache)[::-1]

    @mistake("grad_gamma was multiplied with x. gamma stands before z, the normalised x.")
    def gamma_with_x(grad_output, cache):
        z, gamma, std, x = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, (grad_output * x).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_gamma contains gamma once too often: the derivative of gamma · z with respect to gamma is z.")
    def gamma_twice(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, (g * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_beta contains gamma. beta is added after gamma was multiplied: its gradient is the plain sum of grad_output.")
    def beta_with_gamma(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, (grad_output * z).sum(axis=0), g.sum(axis=0)

    @mistake("The variance term has the wrong sign: it is taken off as well.")
    def wrong_sign(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) + z * (g * z).mean(axis=0)) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_gamma and grad_beta were not summed over the batch. All rows share one gamma and one beta, and branches add up.")
    def not_summed(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, grad_output * z, 1.0 * grad_output

    @mistake("grad_gamma and grad_beta have changed places: the order is grad_x, grad_gamma, grad_beta.")
    def exchanged(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, grad_output.sum(axis=0), (grad_output * z).sum(axis=0)

    @mistake("grad_x is multiplied by the standard deviation. Divide: z = (x − mean) / std.")
    def times_std(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) * std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_gamma and grad_beta contain gamma once too often. They are sums of grad_output · z and of grad_output, before gamma comes in.")
    def gamma_in_both(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, (g * z).sum(axis=0), g.sum(axis=0)

    @mistake("In grad_x the column mean of grad_z · z is taken off as it is. It has to be multiplied by z first.")
    def variance_term_without_z(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - (g * z).mean(axis=0)) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("The two means in grad_x were taken over the whole table. Each column has its own: axis=0.")
    def means_of_the_table(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (g - g.mean() - z * (g * z).mean()) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("The two means in grad_x were taken along the rows. They are means over the batch, one for each column: axis=0.")
    def means_along_rows(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        grad_x = (g - g.mean(axis=1, keepdims=True) - z * (g * z).mean(axis=1, keepdims=True)) / std
        return grad_x, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("Only the last term of grad_x is divided by the standard deviation. Put the three terms in brackets.")
    def brackets_missing(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return centred(g) - z * (g * z).mean(axis=0) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("In grad_x the mean and the variance term are added. Both are taken off.")
    def both_added(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (g + g.mean(axis=0) + z * (g * z).mean(axis=0)) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_x is divided by the variance, or twice by the standard deviation. Once is enough.")
    def divides_twice(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std**2, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("In grad_x stands x where z belongs, the normalised x. Put z into the cache.")
    def x_for_z(grad_output, cache):
        z, gamma, std, x = cache
        g = grad_output * gamma
        return (centred(g) - x * (g * x).mean(axis=0)) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("In grad_x stands x − mean where z belongs: divide it by the standard deviation.")
    def centred_x_for_z(grad_output, cache):
        z, gamma, std, x = cache
        g, apart = grad_output * gamma, centred(x)
        return (centred(g) - apart * (g * apart).mean(axis=0)) / std, (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_output is missing from grad_gamma: the sum is over grad_output · z.")
    def sums_z_alone(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, z.sum(axis=0), grad_output.sum(axis=0)

    @mistake("In grad_x the 1/n stands before all three terms. It belongs to the two means alone; or else the first term is n times the gradient.")
    def all_over_n_but_one(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (g - g.sum(axis=0) - z * (g * z).sum(axis=0)) / std / len(z), (grad_output * z).sum(axis=0), grad_output.sum(axis=0)

    @mistake("grad_gamma and grad_beta were summed over everything. There is one of each for every column: sum over the rows alone, axis=0.")
    def one_number_each(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (centred(g) - z * (g * z).mean(axis=0)) / std, (grad_output * z).sum(), 1.0 * grad_output.sum()

    @mistake("grad_x came last. The order is grad_x, grad_gamma, grad_beta.")
    def grad_x_last(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * gamma
        return (grad_output * z).sum(axis=0), grad_output.sum(axis=0), (centred(g) - z * (g * z).mean(axis=0)) / std

    @mistake("z and gamma have changed places. Unpack the cache in the order in which batch_norm packs it.")
    def unpacked_in_another_order(grad_output, cache):
        z, gamma, std, _ = cache
        g = grad_output * z
        return (centred(g) - gamma * (g * gamma).mean(axis=0)) / std, (grad_output * gamma).sum(axis=0), grad_output.sum(axis=0)

    @also_right
    def through_variance_and_mean(grad_output, cache):
        z, gamma, std, x = cache
        n = len(x)
        grad_z = grad_output * gamma
        grad_var = np.sum(grad_z * centred(x), axis=0) * -0.5 * std**-3.0
        grad_mean = np.sum(-grad_z / std, axis=0) + grad_var * np.mean(-2 * centred(x), axis=0)
        grad_x = grad_z / std + grad_var * 2 * centred(x) / n + grad_mean / n
        return grad_x, np.einsum("nd,nd->d", 1.0 * grad_output, z), 1.0 * grad_output.sum(axis=0)

    @also_right
    def all_over_n(grad_output, cache):
        z, gamma, std, _ = cache
        n, grad_beta, grad_gamma = len(z), grad_output.sum(axis=0) * 1.0, (grad_output * z).sum(axis=0)
        return [gamma / (n * std) * (n * grad_output - grad_beta - z * grad_gamma), grad_gamma, grad_beta]

    @also_right
    def by_the_jacobian(grad_output, cache):
        z, gamma, std, _ = cache
        n, d = z.shape
        grad_x = np.zeros((n, d))
        for j in range(d):
            jacobian = (np.eye(n) - 1 / n - np.outer(z[:, j], z[:, j]) / n) / std[j]
            grad_x[:, j] = jacobian @ (grad_output[:, j] * gamma[j])
        return grad_x, (grad_output * z).sum(axis=0), np.ones(n) @ grad_output

    @agrees_with("PyTorch")
    def by_torch(grad_output, cache):
        import torch

        _z, gamma, _std, x = cache
        inputs = [torch.tensor(np.asarray(v, dtype=float), requires_grad=True) for v in (x, gamma, np.zeros(len(gamma)))]
        out = torch.nn.functional.batch_norm(inputs[0], None, None, inputs[1], inputs[2], True, 0.1, 1e-5)
        out.backward(torch.tensor(np.asarray(grad_output, dtype=float)))
        return tuple(np.array(v.grad.tolist()) for v in inputs)

    @shortcut("torch")
    def torchs_gradients(grad_output, cache):
        import torch

        leaves = [torch.tensor(np.asarray(v, dtype=float), requires_grad=True) for v in (cache[-1], cache[1], 0 * cache[1])]
        torch.nn.functional.batch_norm(leaves[0], None, None, *leaves[1:], True).backward(torch.tensor(grad_output * 1.0))
        return [v.grad.numpy() for v in leaves]
