"""Neural networks in NumPy, quick enough to train on pictures: what units 06 to 09 build, made ready to use.

    from helpers import nn

    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, rng, padding=1), nn.ReLU(), nn.MaxPool2d(), nn.Flatten(), nn.Linear(8 * 4 * 4, 10, rng)
    )
    history = nn.fit(model, images, labels, lr=0.1, batch_size=32, num_epochs=10, rng=rng)

Shapes are the course's: examples (n, d), pictures (n, c, h, w), W (d, k), of a convolution (out, in, kh, kw).
A layer computes in its own `dtype`; `model.astype(np.float32)` halves the memory and about doubles the speed.
"""

from helpers.nn.convolution import Conv2d, MaxPool2d
from helpers.nn.layers import BatchNorm, Dropout, Flatten, Linear, ReLU, Sequential, Sigmoid, Tanh
from helpers.nn.losses import accuracy, mean_squared_error, softmax_cross_entropy
from helpers.nn.optimizers import SGD
from helpers.nn.training import History, evaluate, fit

__all__ = [
    "SGD",
    "BatchNorm",
    "Conv2d",
    "Dropout",
    "Flatten",
    "History",
    "Linear",
    "MaxPool2d",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "accuracy",
    "evaluate",
    "fit",
    "mean_squared_error",
    "softmax_cross_entropy",
]
