"""Convolution and pooling of pictures (n, c, h, w).

Inside, pictures lie in memory as (c, h, w, n): one row of pixels of all pictures is then one long run, which copies
quickly into columns, and one matrix product gives the output in the same order, without a transpose. Between layers
the arrays are views of shape (n, c, h, w) on it, so that nobody else has to know.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers.nn.base import Layer, float_type, floats, he_normal, whole

BLOCK = 1 << 18  # entries of columns made at once: about what a processor's cache holds


class Conv2d(Layer):
    """x (n, in_channels, h, w) -> (n, out_channels, oh, ow), by cross-correlation.

    oh = (h + 2 padding - kernel) // stride + 1, and ow alike.
    W (out_channels, in_channels, kernel, kernel) starts He normal, b (out_channels,) at zero.
    """

    learned = ("W", "b")

    def __init__(self, in_channels, out_channels, kernel, rng, stride=1, padding=0, dtype=np.float64):
        self.in_channels, self.out_channels = whole("in_channels", in_channels), whole("out_channels", out_channels)
        self.kernel, self.stride = whole("kernel", kernel), whole("stride", stride)
        self.padding = whole("padding", padding, least=0)
        self.shows = f"{in_channels}, {out_channels}, kernel={kernel}"
        self.shows += f", stride={stride}" if stride != 1 else ""
        self.shows += f", padding={padding}" if padding else ""
        shape = (out_channels, in_channels, kernel, kernel)
        self.W = he_normal(shape, in_channels * kernel * kernel, rng, float_type(dtype))
        self.b = np.zeros(out_channels, self.W.dtype)
        self._room = None

    def forward(self, x, training=False):
        x = floats(x, like=self.W.dtype)
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            self.refuse(x, f"(n, {self.in_channels}, h, w)")
        if min(x.shape[2:]) + 2 * self.padding < self.kernel:
            least = max(self.kernel - 2 * self.padding, 1)
            self.refuse(x, f"pictures of {least} by {least} pixels or more, for the kernel to fit")
        if self._room is None or self._room.x_shape != x.shape or self._room.padded.dtype != x.dtype:
            self._room = _Room(self, x.shape, x.dtype)
        room = self._room
        room.take(x)
        planes = np.empty((self.out_channels, room.oh, room.ow, len(x)), x.dtype)
        filters = np.column_stack([self.W.reshape(self.out_channels, -1), self.b])
        for rows in room.blocks:
            np.matmul(filters, room.columns(rows), out=planes[:, rows].reshape(self.out_channels, -1))
        self.output_shape = (len(x), self.out_channels, room.oh, room.ow)
        return planes.transpose(3, 0, 1, 2)

    def backward(self, grad_output, with_input=True):
        grad_output = self.must_be_finished(grad_output)
        room, dtype = self._room, self.W.dtype
        planes = np.ascontiguousarray(grad_output.transpose(1, 2, 3, 0))
        turned = np.ascontiguousarray(self.W.reshape(self.out_channels, -1).T)
        spread = np.zeros(room.padded.shape, dtype) if with_input else None
        grad_filters = np.zeros((self.out_channels, len(turned) + 1), dtype)
        for rows in room.blocks:
            part = planes[:, rows].reshape(self.out_channels, -1)
            grad_filters += part @ room.columns(rows).T
            if with_input:
                room.add_columns(spread, turned @ part, rows)
        self.grad_W = grad_filters[:, :-1].reshape(self.W.shape)
        self.grad_b = grad_filters[:, -1].copy()
        return room.crop(spread).transpose(3, 0, 1, 2) if with_input else None

    def __getstate__(self):
        # a copy or a saved model makes its own working space
        return {**self.__dict__, "_room": None, "output_shape": None}


class _Room:
    """The working space of one convolution for inputs of one shape, kept from batch to batch."""

    def __init__(self, layer, x_shape, dtype):
        n, c, h, w = self.x_shape = x_shape
        k, self.stride, self.padding = layer.kernel, layer.stride, layer.padding
        self.kernel, self.ow = k, (w + 2 * self.padding - k) // self.stride + 1
        self.oh = (h + 2 * self.padding - k) // self.stride + 1
        self.padded = np.zeros((c, h + 2 * self.padding, w + 2 * self.padding, n), dtype)
        step_c, step_h, step_w, step_n = self.padded.strides
        self.windows = as_strided(
            self.padded,
            (c, k, k, self.oh, self.ow, n),
            (step_c, step_h, step_w, step_h * self.stride, step_w * self.stride, step_n),
            writeable=False,
        )
        self.taps = c * k * k
        at_once = min(self.oh, max(1, BLOCK // max(1, self.taps * self.ow * n)))
        self.blocks = [slice(i, min(i + at_once, self.oh)) for i in range(0, self.oh, at_once)]
        # the last row stays 1: the bias is the weight of an input that is always 1
        self.buffer = np.ones((self.taps + 1) * at_once * self.ow * n, dtype)
        self.held = None

    def take(self, x):
        self.crop(self.padded)[...] = x.transpose(1, 2, 3, 0)
        self.held = None

    def crop(self, padded):
        p = self.padding
        return padded[:, p : padded.shape[1] - p, p : padded.shape[2] - p]

    def columns(self, rows):
        """(c * kernel * kernel + 1, rows * ow * n): for each weight, the pixels that it meets in these output rows."""
        windows = self.windows[:, :, :, rows]
        width = windows[0, 0, 0].size
        columns = self.buffer[: (self.taps + 1) * width].reshape(self.taps + 1, width)
        if self.held != rows:
            columns[:-1].reshape(windows.shape)[...] = windows
            columns[-1] = 1
            self.held = rows
        return columns

    def add_columns(self, spread, columns, rows):
        """Add each column entry back to the pixel that it came from."""
        k, s = self.kernel, self.stride
        count = rows.stop - rows.start
        columns = columns.reshape(len(spread), k, k, count, self.ow, -1)
        for down in range(k):
            top = rows.start * s + down
            for right in range(k):
                target = spread[:, top : top + s * count : s, right : right + s * self.ow : s]
                target += columns[:, down, right]


class MaxPool2d(Layer):
    """The largest of each size by size square: (n, c, h, w) -> (n, c, h // size, w // size).

    Rows and columns left over at the end are not looked at. In backward, ties share the gradient equally.
    """

    def __init__(self, size=2):
        self.size, self.shows = whole("size", size), f"{size}"

    def forward(self, x, training=False):
        x = floats(x)
        if x.ndim != 4 or min(x.shape[2:]) < self.size:
            self.refuse(x, f"(n, c, h, w) with h and w of {self.size} or more")
        first, *others = self._corners(x)
        self.x, self.output = x, first.copy(order="K")
        for corner in others:
            np.maximum(self.output, corner, out=self.output)
        self.output_shape = self.output.shape
        return self.output

    def backward(self, grad_output, with_input=True):
        grad_output = self.must_be_finished(grad_output)
        winners = [corner == self.output for corner in self._corners(self.x)]
        ties = np.add(winners[0], 0, dtype=grad_output.dtype)
        for won in winners[1:]:
            ties += won
        share = grad_output / ties
        routed = np.zeros_like(self.x, dtype=grad_output.dtype)
        for won, corner in zip(winners, self._corners(routed), strict=True):
            np.multiply(share, won, out=corner)
        return routed

    def _corners(self, x):
        """size * size views on x: the first entry of every square, the second, and so on."""
        height, width = (length - length % self.size for length in x.shape[2:])
        inner = x[:, :, :height, :width]
        return [inner[:, :, i :: self.size, j :: self.size] for i in range(self.size) for j in range(self.size)]
