"""Layers on vectors and on anything, and the Sequential that chains them."""

import numpy as np

from helpers.nn.base import Layer, float_type, floats, he_normal, whole


class Linear(Layer):
    """x (n, d) -> x W + b (n, k). W (d, k) starts He normal, b (k,) at zero."""

    learned = ("W", "b")

    def __init__(self, d, k, rng, dtype=np.float64):
        self.d, self.k = whole("d", d), whole("k", k)
        self.shows = f"{d}, {k}"
        self.W = he_normal((d, k), d, rng, float_type(dtype))
        self.b = np.zeros(k, self.W.dtype)

    def forward(self, x, training=False):
        x = floats(x, like=self.W.dtype)
        if x.ndim != 2 or x.shape[1] != self.d:
            hint = " (put a Flatten before it)" if x.ndim == 4 else ""
            self.refuse(x, f"(n, {self.d}){hint}")
        self.x, self.output_shape = x, (len(x), self.k)
        return x @ self.W + self.b

    def backward(self, grad_output, with_input=True):
        grad_output = self.must_be_finished(grad_output)
        self.grad_W = self.x.T @ grad_output
        self.grad_b = grad_output.sum(axis=0)
        return grad_output @ self.W.T if with_input else None


class ReLU(Layer):
    """max(x, 0), entry by entry; its slope at 0 is 0."""

    def forward(self, x, training=False):
        self.output = np.maximum(floats(x), 0)
        self.output_shape = self.output.shape
        return self.output

    def backward(self, grad_output, with_input=True):
        grad_output = self.must_be_finished(grad_output)
        return np.multiply(grad_output, self.output > 0)


class Sigmoid(Layer):
    """1 / (1 + exp(-x)), entry by entry, without overflow."""

    def forward(self, x, training=False):
        x = floats(x)
        small = np.exp(-np.abs(x))
        self.output = np.where(x < 0, small, 1) / (1 + small)
        self.output_shape = x.shape
        return self.output

    def backward(self, grad_output, with_input=True):
        slope = self.must_be_finished(grad_output) * self.output
        return slope * (1 - self.output)


class Tanh(Layer):
    """The hyperbolic tangent, entry by entry."""

    def forward(self, x, training=False):
        self.output = np.tanh(floats(x))
        self.output_shape = self.output.shape
        return self.output

    def backward(self, grad_output, with_input=True):
        return self.must_be_finished(grad_output) * (1 - self.output * self.output)


class Flatten(Layer):
    """(n, …) -> (n, d), each example's entries in one row."""

    def forward(self, x, training=False):
        x = floats(x)
        if x.ndim < 2:
            self.refuse(x, "(n, …), examples first")
        self.x = x
        self.output_shape = (len(x), int(np.prod(x.shape[1:])))
        return x.reshape(self.output_shape)

    def backward(self, grad_output, with_input=True):
        grad_output = self.must_be_finished(grad_output)
        # laid out in memory as the input was, so that the layers before it walk both alike
        unfolded = np.empty_like(self.x, dtype=grad_output.dtype)
        unfolded[...] = grad_output.reshape(self.x.shape)
        return unfolded


class Dropout(Layer):
    """While training, drops each entry with chance p and scales the rest by 1 / (1 - p); else passes x on."""

    def __init__(self, p, rng):
        if not 0 <= p < 1:
            raise ValueError(f"Dropout's p is the chance to drop an entry, 0 or more and below 1; it is {p!r}.")
        self.p, self.rng, self.shows = p, rng, f"p={p}"

    def forward(self, x, training=False):
        x = floats(x)
        self.output_shape = x.shape
        self.kept = None
        if training and self.p:
            self.kept = (self.rng.random(x.shape) >= self.p).astype(x.dtype)
            self.kept /= 1 - self.p
        return x if self.kept is None else x * self.kept

    def backward(self, grad_output, with_input=True):
        grad_output = self.must_be_finished(grad_output)
        return grad_output if self.kept is None else grad_output * self.kept


class BatchNorm(Layer):
    """Each of k columns, or channels of pictures, brought to mean 0 and variance 1, then scaled and shifted.

    x (n, k) or (n, k, h, w); gamma, beta (k,). While training by the batch's own mean and variance (over n), which
    also move running_mean and running_var: momentum * running + (1 - momentum) * batch. Else by the running ones.
    Source: Ioffe and Szegedy (2015).
    """

    learned = ("gamma", "beta")

    def __init__(self, k, momentum=0.9, eps=1e-5, dtype=np.float64):
        self.k, self.momentum, self.eps = whole("k", k), momentum, eps
        self.shows = f"{k}"
        self.gamma, self.beta = np.ones(k, float_type(dtype)), np.zeros(k, dtype)
        self.running_mean, self.running_var = np.zeros(k, dtype), np.ones(k, dtype)

    def astype(self, dtype):
        super().astype(dtype)
        self.running_mean, self.running_var = self.running_mean.astype(dtype), self.running_var.astype(dtype)
        return self

    def forward(self, x, training=False):
        x = floats(x, like=self.gamma.dtype)
        if x.ndim not in (2, 4) or x.shape[1] != self.k:
            self.refuse(x, f"(n, {self.k}) or (n, {self.k}, h, w)")
        self.axes = (0, 2, 3)[: x.ndim - 1]
        self.by_batch, self.output_shape = training, x.shape
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=self.axes), x.var(axis=self.axes)
            for running, batch in ((self.running_mean, mean), (self.running_var, var)):
                running *= self.momentum
                running += (1 - self.momentum) * batch
        self.scale = 1 / np.sqrt(var + self.eps)
        self.normal = (x - self._spread(mean)) * self._spread(self.scale)
        return self.normal * self._spread(self.gamma) + self._spread(self.beta)

    def backward(self, grad_output, with_input=True):
        grad_output = self.must_be_finished(grad_output)
        self.grad_gamma = (grad_output * self.normal).sum(axis=self.axes)
        self.grad_beta = grad_output.sum(axis=self.axes)
        through = grad_output
        if self.by_batch:  # the batch's mean and variance moved with x, too
            entries = grad_output.size // self.k
            pull = self.normal * self._spread(self.grad_gamma / entries) + self._spread(self.grad_beta / entries)
            through = grad_output - pull
        return through * self._spread(self.gamma * self.scale)

    def _spread(self, column):
        """(k,) as something that broadcasts along the second axis."""
        return column.reshape((-1,) + (1,) * (len(self.output_shape) - 2))


class Sequential:
    """Layers one after the other. `params` and `grads` list those of all layers, in order."""

    def __init__(self, *layers):
        for layer in layers:
            if not isinstance(layer, (Layer, Sequential)):
                raise TypeError(f"Sequential takes layers, such as Linear(64, 10, rng); it was given {layer!r}.")
        self.layers = list(layers)

    def forward(self, x, training=False):
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, grad_output, with_input=True):
        """The gradient for the input, after every layer has set its own; None with with_input=False."""
        for i in reversed(range(len(self.layers))):
            grad_output = self.layers[i].backward(grad_output, with_input or i > 0)
        return grad_output if with_input else None

    @property
    def params(self):
        return [array for layer in self.layers for array in layer.params]

    @property
    def grads(self):
        return [array for layer in self.layers for array in layer.grads]

    @property
    def num_parameters(self):
        return sum(layer.num_parameters for layer in self.layers)

    def astype(self, dtype):
        """Hold every parameter in another precision; returns the model. Make an optimizer after this, not before."""
        for layer in self.layers:
            layer.astype(dtype)
        return self

    def __repr__(self):
        rows = []
        for layer in self.layers:
            name, *more = repr(layer).splitlines()
            shapes = "  ".join(f"{n} {getattr(layer, n).shape}" for n in getattr(layer, "learned", ()))
            rows += [(name, shapes), *((line, "") for line in more)]
        width = max((len(name) for name, shapes in rows if shapes), default=0)
        body = "".join(f"  {name:<{width if shapes else 0}}  {shapes}".rstrip() + "\n" for name, shapes in rows)
        return f"Sequential(\n{body})  {self.num_parameters:,} parameters"
