"""What every layer shares: its parameters and gradients, and sentences for what cannot work."""

import numpy as np


class Layer:
    """One step of a network. forward keeps what backward needs; a layer's `learned` names its parameters.

    backward(grad_output) returns the gradient for the input and sets one `grad_…` for each parameter. Where no one
    asks for the input's gradient, as in a first layer while training, `with_input=False` saves that work.
    """

    learned = ()
    shows = ""
    output_shape = None

    def forward(self, x, training=False):
        raise NotImplementedError

    def backward(self, grad_output, with_input=True):
        raise NotImplementedError

    @property
    def params(self):
        return [getattr(self, name) for name in self.learned]

    @property
    def grads(self):
        if self.learned and getattr(self, "grad_" + self.learned[0], None) is None:
            raise RuntimeError(f"{self} has no gradients yet: call forward, then backward.")
        return [getattr(self, "grad_" + name) for name in self.learned]

    @property
    def num_parameters(self):
        return sum(array.size for array in self.params)

    def astype(self, dtype):
        """Hold the parameters in another precision; returns the layer."""
        dtype = float_type(dtype)
        for name in self.learned:
            setattr(self, name, getattr(self, name).astype(dtype))
            setattr(self, "grad_" + name, None)
        self.output_shape = None
        return self

    def __repr__(self):
        return f"{type(self).__name__}({self.shows})"

    def must_be_finished(self, grad_output):
        """grad_output as floats, once it is clear that forward came before and that the shapes agree."""
        if self.output_shape is None:
            raise RuntimeError(f"{self}: backward came before forward. Call forward(x) first: it keeps what is needed.")
        grad_output = floats(grad_output, like=self.params[0].dtype if self.learned else None)
        if grad_output.shape != self.output_shape:
            raise ValueError(
                f"{self}: backward was given a gradient of shape {grad_output.shape}; "
                f"expected {self.output_shape}, the shape that forward returned."
            )
        return grad_output

    def refuse(self, x, expected):
        raise ValueError(f"{self}: forward was given an array of shape {x.shape}; expected {expected}.")


def floats(x, like=None):
    """x as an array of floats, of the type `like`, or of its own where it has one; copied only where it must be."""
    array = np.asarray(x)
    if like is None:
        like = array.dtype if array.dtype.kind == "f" else np.float64
    return array.astype(like, copy=False)


def float_type(dtype):
    """dtype as NumPy knows it; one that is no float cannot hold a gradient."""
    dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"A layer computes in float32 or float64, not in {dtype}.")
    return dtype


def he_normal(shape, fan_in, rng, dtype):
    """Weights for ReLU networks, variance 2 / fan_in (He et al. 2015)."""
    return (rng.normal(size=shape) * np.sqrt(2 / fan_in)).astype(dtype)


def whole(name, value, least=1):
    """value as an int of at least `least`; a sentence where it is none."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} must be a whole number, {least} or more; it is {value!r}.")
    return int(value)
