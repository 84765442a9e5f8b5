"""Optimizers: they change parameters in place, from gradients in the same order."""

import numpy as np


class SGD:
    """Gradient descent with momentum and weight decay: v = momentum v + g + weight_decay p; p = p - lr v.

    params: a list of arrays, changed in place by `step(grads)`. Weight decay pulls at every one of them, biases too,
    as in PyTorch.
    """

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        for name, value, top in (("lr", lr, np.inf), ("momentum", momentum, 1), ("weight_decay", weight_decay, np.inf)):
            if not 0 <= value < top:
                limit = " and below 1" if top == 1 else ""
                raise ValueError(f"SGD: {name} must be 0 or more{limit}; it is {value!r}.")
        self.params, self.lr, self.momentum, self.weight_decay = list(params), lr, momentum, weight_decay
        self.velocities = [np.zeros_like(p) for p in self.params] if momentum else None

    def step(self, grads):
        """One step for every parameter. grads: arrays of the parameters' shapes, left unchanged."""
        grads = list(grads)
        if len(grads) != len(self.params):
            raise ValueError(f"SGD: {len(grads)} gradients were given for {len(self.params)} parameters.")
        for i, (param, grad) in enumerate(zip(self.params, grads, strict=True)):
            if np.shape(grad) != param.shape:
                raise ValueError(f"SGD: gradient {i} has shape {np.shape(grad)}; its parameter has {param.shape}.")
        for i, (param, grad) in enumerate(zip(self.params, grads, strict=True)):
            if self.weight_decay:
                grad = grad + self.weight_decay * param
            if self.momentum:
                self.velocities[i] *= self.momentum
                self.velocities[i] += grad
                grad = self.velocities[i]
            param -= self.lr * grad
