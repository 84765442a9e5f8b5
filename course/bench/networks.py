"""The speed of helpers.nn beside PyTorch's: one convolutional network, the same weights, one thread each."""

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np

from course.bench.tables import Figures
from course.errors import CourseError
from course.root import course_root
from helpers import nn

SETUPS = ((64, 8), (256, 8), (64, 28), (256, 28))  # pictures in a batch, pixels along a side
REPEATS = 9
SECONDS = 0.2  # of processor time that one repeat should take
# how far two libraries' float32 results may lie apart, of the largest entry: where two pixels of a pooling square tie
# but for rounding, either may win, and the gradient goes another way
CLOSE = 5e-3
MISSING = "PyTorch is not installed, so there is nothing to measure helpers.nn against; `make prove-torch` fetches it."
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass
class Measured:
    """One setup: milliseconds of processor time of a forward and a backward pass, and the medians' ratio."""

    batch: int
    side: int
    ours: list
    torch: list
    apart: float

    @property
    def ratio(self):
        return statistics.median(self.ours) / statistics.median(self.torch)


def measure():
    """A list with one table of figures; where PyTorch is missing, its note says so."""
    figures = Figures(
        "A convolutional network in helpers.nn and in PyTorch",
        ("batch", "pictures", "helpers.nn, ms", "PyTorch, ms", "ratio"),
    )
    if importlib.util.find_spec("torch") is None and not _kept_apart().is_dir():
        figures.notes.append(MISSING)
        return [figures]
    for m in _in_own_process():
        times = [f"{statistics.median(t):.2f} ({min(t):.2f}-{max(t):.2f})" for t in (m.ours, m.torch)]
        figures.add(m.batch, f"{m.side} x {m.side}", *times, f"{m.ratio:.2f}")
    figures.notes.append(
        "Conv 1-8, 3 x 3, ReLU, pool, conv 8-16, ReLU, pool, linear to 10, cross-entropy; float32; forward and "
        "backward to every parameter. Processor time (user and system) of one thread, "
        f"median of {REPEATS} interleaved repeats (smallest-largest). Losses and gradients of both were compared "
        "first and agree."
    )
    return [figures]


def network(side, rng):
    """The network of unit 08 for pictures of one channel, side by side pixels, in float32."""
    flat = 16 * (side // 4) ** 2
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, rng, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, rng, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(flat, 10, rng),
    ).astype(np.float32)


def same_in_torch(model):
    """The same network with copies of the same weights in PyTorch, whose Linear holds W transposed."""
    import torch

    twins = []
    for layer in model.layers:
        if isinstance(layer, nn.Conv2d):
            twin = torch.nn.Conv2d(
                layer.in_channels, layer.out_channels, layer.kernel, stride=layer.stride, padding=layer.padding
            )
        elif isinstance(layer, nn.Linear):
            twin = torch.nn.Linear(layer.d, layer.k)
        else:
            twin = {nn.ReLU: torch.nn.ReLU, nn.Flatten: torch.nn.Flatten}.get(type(layer), torch.nn.MaxPool2d)
            twin = twin(layer.size) if isinstance(layer, nn.MaxPool2d) else twin()
        if layer.learned:
            weight = layer.W.T if isinstance(layer, nn.Linear) else layer.W
            twin.weight = torch.nn.Parameter(torch.tensor(weight.copy()))
            twin.bias = torch.nn.Parameter(torch.tensor(layer.b.copy()))
        twins.append(twin)
    return torch.nn.Sequential(*twins)


def passes(model, x, labels):
    """Two functions, forward and backward in helpers.nn and in PyTorch, that return the loss and the gradients."""
    import torch

    twin, torch_x, torch_labels = same_in_torch(model), torch.tensor(x), torch.tensor(labels)
    turned = [isinstance(layer, nn.Linear) and i == 0 for layer in model.layers for i in range(len(layer.learned))]

    def ours():
        loss, grad_logits = nn.softmax_cross_entropy(model.forward(x, training=True), labels)
        model.backward(grad_logits, with_input=False)
        return loss, model.grads

    def theirs():
        twin.zero_grad()
        loss = torch.nn.functional.cross_entropy(twin(torch_x), torch_labels)
        loss.backward()
        grads = [p.grad.numpy() for p in twin.parameters()]
        return float(loss.detach()), [g.T if flip else g for g, flip in zip(grads, turned, strict=True)]

    return ours, theirs


def furthest_apart(one, other):
    """The largest difference between two passes' losses and gradients, each of its largest entry."""
    pairs = [(np.array(one[0]), np.array(other[0])), *zip(one[1], other[1], strict=True)]
    return max(float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-12)) for a, b in pairs)


def compare(batch, side, repeats=REPEATS, seconds=SECONDS):
    """Measured, for one batch size and one size of pictures. Raises CourseError where the numbers differ."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(batch, 1, side, side)).astype(np.float32), rng.integers(0, 10, batch)
    both = passes(network(side, rng), x, labels)
    apart = furthest_apart(both[0](), both[1]())
    if not apart < CLOSE:
        raise CourseError(
            f"helpers.nn and PyTorch differ by {apart:.1e} of the largest entry; timing them says nothing"
        )
    counts = [_how_many(run, seconds) for run in both]
    times = [[], []]
    for _ in range(repeats):
        for run, count, kept in zip(both, counts, times, strict=True):
            kept.append(1000 * _processor_time(run, count) / count)
    return Measured(batch, side, *times, apart)


def _how_many(run, seconds):
    count = 1
    while (took := _processor_time(run, count)) < seconds / 4:
        count *= 2
    return max(1, round(count * seconds / took))


def _processor_time(run, count):
    """Seconds, user and system, of all threads of this process."""
    before = time.process_time()
    for _ in range(count):
        run()
    return time.process_time() - before


def _kept_apart():
    """Where `make prove-torch` puts PyTorch, so that nothing else of the course, or of this bench, finds it."""
    return course_root() / ".venv" / "torch"


def _in_own_process():
    """All setups, measured where both libraries start with one thread: that is decided before NumPy is imported."""
    command = [sys.executable, "-m", "course.bench.networks"]
    path = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(_kept_apart())])
    env = {**os.environ, **ONE_THREAD, "PYTHONPATH": path}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise CourseError(f"the networks could not be measured: {done.stderr.strip().splitlines()[-1:]}")
    return [Measured(**row) for row in json.loads(done.stdout)]


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    json.dump([asdict(compare(*setup)) for setup in SETUPS], sys.stdout)
