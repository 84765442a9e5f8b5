"""Losses: each gives its value and the gradient that starts the backward sweep."""

import numpy as np

from helpers.nn.base import floats


def softmax_cross_entropy(logits, labels):
    """The mean over the batch of -log softmax(logits)[label], and its gradient for the logits.

    logits: (n, k)   labels: (n,), whole numbers from 0 to k - 1
    Returns the loss, a float, and grad_logits (n, k). Exact for logits of any size.
    """
    logits, labels = floats(logits), np.asarray(labels)
    if logits.ndim != 2 or not len(logits):
        raise ValueError(f"softmax_cross_entropy: logits have shape {logits.shape}; expected (n, k), n at least 1.")
    if labels.shape != logits.shape[:1]:
        raise ValueError(f"softmax_cross_entropy: labels have shape {labels.shape}; expected ({len(logits)},).")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"softmax_cross_entropy: labels must be whole numbers; they are {labels.dtype}.")
    if labels.min() < 0 or labels.max() >= logits.shape[1]:
        raise ValueError(
            f"softmax_cross_entropy: labels run from {labels.min()} to {labels.max()}; "
            f"with {logits.shape[1]} logits they must be from 0 to {logits.shape[1] - 1}."
        )
    every, count = np.arange(len(labels)), len(labels)
    below = logits - np.max(logits, axis=1, keepdims=True)
    powers = np.exp(below)
    totals = np.sum(powers, axis=1, keepdims=True)
    loss = float(np.mean(np.log(totals[:, 0]) - below[every, labels]))
    grad_logits = powers / totals
    grad_logits[every, labels] -= 1
    grad_logits /= count
    return (loss, grad_logits)


def mean_squared_error(predictions, targets):
    """The mean of the squared errors over all entries, and its gradient for the predictions.

    predictions, targets: of one shape   Returns the loss, a float, and the gradient, of that shape.
    """
    predictions, targets = floats(predictions), np.asarray(targets)
    if predictions.shape != targets.shape:
        # (n, 1) and (n,) would broadcast to (n, n), and train to nonsense
        raise ValueError(
            f"mean_squared_error: predictions have shape {predictions.shape}, targets {targets.shape}; "
            "they must have the same."
        )
    if not predictions.size:
        raise ValueError("mean_squared_error: there are no predictions, so there is no mean.")
    errors = predictions - targets.astype(predictions.dtype, copy=False)
    return float(np.vdot(errors, errors)) / errors.size, errors * (2 / errors.size)


def accuracy(logits, labels):
    """The share of rows whose largest logit is at the label: a float from 0 to 1."""
    logits, labels = map(np.asarray, (logits, labels))
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or not len(logits):
        raise ValueError(
            f"accuracy: logits have shape {logits.shape}, labels {labels.shape}; "
            "expected (n, k) and (n,), n at least 1."
        )
    return int(np.count_nonzero(np.argmax(logits, axis=1) == labels)) / len(labels)
