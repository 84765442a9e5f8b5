"""Training: epochs of shuffled mini-batches, with a progress bar and a record of how it went."""

import sys
import time
from dataclasses import dataclass, field

import numpy as np

from helpers.nn.base import whole
from helpers.nn.losses import accuracy, softmax_cross_entropy
from helpers.nn.optimizers import SGD


@dataclass
class History:
    """One entry an epoch.

    losses, accuracies: of the training batches, each as it was just before its own step
    validation_losses, validation_accuracies: after the epoch; empty without validation data
    seconds: that the epoch took, validation left out. Accuracies are empty where the targets are no labels.
    """

    losses: list = field(default_factory=list)
    accuracies: list = field(default_factory=list)
    validation_losses: list = field(default_factory=list)
    validation_accuracies: list = field(default_factory=list)
    seconds: list = field(default_factory=list)


def fit(
    model,
    X,
    labels,
    lr,
    batch_size,
    num_epochs,
    rng,
    validation=None,
    momentum=0.0,
    weight_decay=0.0,
    loss=softmax_cross_entropy,
    progress=True,
):
    """Train a model in place by SGD, on each example once an epoch, in an order drawn from rng.

    X: (n, …)   labels: (n,), or targets that `loss(outputs, targets) -> (loss, gradient)` understands
    validation: a pair (X, labels)   progress: whether to show a bar
    Returns a History.
    """
    X, labels = _paired(X, labels, "training")
    valid = None if validation is None else _paired(*validation, "validation")
    batch_size, num_epochs = whole("batch_size", batch_size), whole("num_epochs", num_epochs, least=0)
    optimizer, history = SGD(model.params, lr, momentum, weight_decay), History()
    with _bar(num_epochs, -(-len(X) // batch_size), progress) as bar:
        for done in range(1, num_epochs + 1):
            began = time.perf_counter()
            shuffled = rng.permutation(len(X))
            total, right = 0.0, 0
            for start in range(0, shuffled.size, batch_size):
                picked = shuffled[start : start + batch_size]
                output = model.forward(X[picked], training=True)
                value, grad = loss(output, labels[picked])
                model.backward(grad, with_input=False)
                optimizer.step(model.grads)
                total += value * len(picked)
                right += accuracy(output, labels[picked]) * len(picked) if _classes(labels) else 0
                bar.update()
            history.seconds.append(time.perf_counter() - began)
            history.losses.append(total / len(X))
            if _classes(labels):
                history.accuracies.append(right / len(X))
            if valid is not None:
                _validate(model, valid, loss, history)
            bar.set_description(f"epoch {done} of {num_epochs}", refresh=False)
            bar.set_postfix_str(_standing(history))
    return history


def evaluate(model, X, labels, loss=softmax_cross_entropy, batch_size=1000):
    """The mean loss of a model on data, and its accuracy (None where the targets are no labels); nothing is trained."""
    X, labels = _paired(X, labels, "evaluation")
    total, right = 0.0, 0.0
    for start in range(0, len(labels), whole("batch_size", batch_size)):
        targets = labels[start : start + batch_size]
        output = model.forward(X[start : start + batch_size])
        total += loss(output, targets)[0] * len(targets)
        right += accuracy(output, targets) * len(targets) if _classes(labels) else 0
    return total / len(X), right / len(X) if _classes(labels) else None


def _paired(X, labels, what):
    X, labels = map(np.asarray, (X, labels))
    if X.ndim < 2 or labels.shape[:1] != X.shape[:1] or not len(X):
        raise ValueError(
            f"The {what} data have shapes {X.shape} and {labels.shape}; "
            "expected examples (n, …) and as many labels (n,), n at least 1."
        )
    return X, labels


def _classes(labels):
    return labels.ndim == 1 and labels.dtype.kind in "iu"


def _validate(model, valid, loss, history):
    value, share = evaluate(model, *valid, loss=loss)
    history.validation_losses.append(value)
    if share is not None:
        history.validation_accuracies.append(share)


def _standing(history):
    said = [f"loss {history.losses[-1]:.3g}"]
    if history.accuracies:
        said.append(f"accuracy {history.accuracies[-1]:.1%}")
    if history.validation_accuracies:
        said.append(f"validation {history.validation_accuracies[-1]:.1%}")
    elif history.validation_losses:
        said.append(f"validation loss {history.validation_losses[-1]:.3g}")
    return ", ".join(said)


def _bar(num_epochs, num_batches, progress):
    from tqdm import tqdm

    # on stdout: red text below a cell looks like a fault
    return tqdm(total=num_epochs * num_batches, unit="batch", disable=not progress, file=sys.stdout, mininterval=0.2)
