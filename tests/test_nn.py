"""helpers.nn gives the right numbers, in the right precision, and says in a sentence what cannot work."""

import copy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from course.lesson import read_lesson, units
from helpers import nn

ROOT = Path(__file__).parent.parent
without_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed (extra `torch`)")


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def slopes(f, x, h=1e-6):
    """The gradient of f at x by central differences; x is changed in place and put back."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        kept = x[place]
        x[place] = kept + h
        above = f()
        x[place] = kept - h
        gradient[place] = (above - f()) / (2 * h)
        x[place] = kept
    return gradient


def must_match_slopes(layer, x, training=False):
    """backward against central differences of a random weighing of the outputs, for the input and each parameter."""
    weights = draw(*layer.forward(x.copy(), training).shape, seed=9)

    def f():
        return float((layer.forward(x, training) * weights).sum())

    wanted = [slopes(f, array) for array in (x, *layer.params)]
    layer.forward(x, training)
    got = [layer.backward(weights), *layer.grads]
    for one, other in zip(got, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def rng():
    return np.random.default_rng(1)


LAYERS = {
    "linear": (lambda: nn.Linear(5, 3, rng()), (4, 5)),
    "relu": (nn.ReLU, (4, 5)),
    "sigmoid": (nn.Sigmoid, (4, 5)),
    "tanh": (nn.Tanh, (4, 5)),
    "flatten": (nn.Flatten, (3, 2, 4, 5)),
    "convolution": (lambda: nn.Conv2d(2, 3, 3, rng()), (2, 2, 5, 6)),
    "padded": (lambda: nn.Conv2d(2, 3, 3, rng(), padding=2), (2, 2, 4, 5)),
    "strided": (lambda: nn.Conv2d(2, 3, 2, rng(), stride=2, padding=1), (2, 2, 5, 6)),
    "stride beyond the kernel": (lambda: nn.Conv2d(1, 2, 1, rng(), stride=3), (1, 1, 7, 8)),
    "pool": (nn.MaxPool2d, (2, 3, 4, 6)),
    "pool with a rest": (lambda: nn.MaxPool2d(3), (2, 1, 5, 7)),
    "batch norm": (lambda: nn.BatchNorm(4), (6, 4)),
    "batch norm of pictures": (lambda: nn.BatchNorm(2), (3, 2, 3, 2)),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("training", [False, True])
def test_backward_is_the_slope_of_forward(name, training):
    make, shape = LAYERS[name]
    layer = make()
    if isinstance(layer, nn.BatchNorm):
        layer.gamma[:], layer.beta[:] = draw(layer.k), draw(layer.k, seed=2)
        layer.running_mean[:], layer.running_var[:] = draw(layer.k, seed=3), draw(layer.k, seed=4) ** 2
    must_match_slopes(layer, draw(*shape), training)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_leaves_its_input_and_the_gradient_alone_and_keeps_the_precision(name):
    make, shape = LAYERS[name]
    layer = make()
    for dtype in (np.float64, np.float32, np.float64):
        layer.astype(dtype)
        x = draw(*shape).astype(dtype)
        kept_x = x.copy()
        output = layer.forward(x, training=True)
        grad_output = draw(*output.shape, seed=3).astype(dtype)
        kept_grad = grad_output.copy()
        grad_x = layer.backward(grad_output)
        assert output.dtype == grad_x.dtype == dtype and grad_x.shape == x.shape
        assert all(g.dtype == dtype and g.shape == p.shape for g, p in zip(layer.grads, layer.params, strict=True))
        np.testing.assert_array_equal(x, kept_x)
        np.testing.assert_array_equal(grad_output, kept_grad)


@pytest.mark.parametrize("name", LAYERS)
def test_whole_numbers_come_in_and_floats_come_out(name):
    make, shape = LAYERS[name]
    output = make().forward(np.arange(np.prod(shape)).reshape(shape))
    assert output.dtype == np.float64


@pytest.mark.parametrize("name", LAYERS)
def test_without_the_input_gradient_the_parameters_gradients_are_the_same(name):
    make, shape = LAYERS[name]
    layer, x = make(), draw(*shape)
    output = layer.forward(x, training=True)
    layer.backward(output)
    full = [g.copy() for g in layer.grads]
    layer.backward(output, with_input=False)
    for one, other in zip(layer.grads, full, strict=True):
        np.testing.assert_array_equal(one, other)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2),
    st.integers(4, 9), st.integers(4, 9),
)  # fmt: skip
def test_convolution_is_scipys_correlation(n, inside, outside, kernel, stride, padding, height, width):
    layer, x = nn.Conv2d(inside, outside, kernel, rng(), stride, padding), draw(n, inside, height, width)
    layer.b[:] = draw(outside, seed=5)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    wanted = [
        [sum(correlate2d(p, w, mode="valid") for p, w in zip(picture, filters, strict=True)) for filters in layer.W]
        for picture in padded
    ]
    wanted = np.array(wanted)[:, :, ::stride, ::stride] + layer.b[:, None, None]
    np.testing.assert_allclose(layer.forward(x), wanted, atol=1e-12)


def test_a_convolution_made_in_many_blocks_is_the_same(monkeypatch):
    x = draw(3, 2, 11, 9)
    for stride in (1, 2):
        results = []
        for block in (1 << 18, 2000, 1100, 1):  # in the middle two the last block is shorter
            monkeypatch.setattr("helpers.nn.convolution.BLOCK", block)
            layer = nn.Conv2d(2, 4, 3, rng(), stride=stride, padding=1)
            layer.b[:] = draw(4, seed=5)
            output = layer.forward(x)
            results.append([output, layer.backward(draw(*output.shape, seed=6)), *layer.grads])
        for other in results[1:]:
            for one, two in zip(results[0], other, strict=True):
                np.testing.assert_allclose(one, two, atol=1e-12)


def test_a_short_last_batch_and_other_sizes_leave_no_trace():
    layer = nn.Conv2d(1, 2, 3, rng(), padding=1)
    fresh = copy.deepcopy(layer)
    for shape in [(5, 1, 6, 6), (2, 1, 6, 6), (5, 1, 4, 7), (5, 1, 6, 6)]:
        x = draw(*shape, seed=sum(shape))
        output, wanted = layer.forward(x), copy.deepcopy(fresh).forward(x)
        np.testing.assert_array_equal(output, wanted)
        layer.backward(output)


def test_an_output_outlives_the_next_batch():
    layer = nn.Conv2d(1, 2, 3, rng(), padding=1)
    first = layer.forward(draw(2, 1, 5, 5))
    kept = first.copy()
    layer.forward(draw(2, 1, 5, 5, seed=8))
    np.testing.assert_array_equal(first, kept)


def test_ties_in_a_pooling_square_share_the_gradient():
    layer = nn.MaxPool2d(2)
    layer.forward(np.array([[[[1, 1, 0, 5], [0, 1, 5, 5], [2, 2, 7, 0], [2, 2, 0, 0]]]]))
    grad_x = layer.backward(np.full((1, 1, 2, 2), 12.0))
    np.testing.assert_allclose(grad_x[0, 0], [[4, 4, 0, 4], [0, 4, 4, 4], [3, 3, 12, 0], [3, 3, 0, 0]])


def test_sigmoid_of_huge_numbers_is_exact_and_silent():
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(nn.Sigmoid().forward(np.array([[-1000.0, 0, 1000]])), [[0, 0.5, 1]])


def test_dropout_drops_while_training_only_and_keeps_the_mean():
    layer, x = nn.Dropout(0.25, rng()), np.full((200, 100), 2.0)
    output = layer.forward(x, training=True)
    dropped = output == 0
    assert abs(dropped.mean() - 0.25) < 0.02
    np.testing.assert_allclose(output[~dropped], 2 / 0.75)
    np.testing.assert_allclose(layer.backward(np.ones_like(x)), np.where(dropped, 0, 1 / 0.75))
    assert not np.array_equal(layer.forward(x, training=True), output)
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_softmax_cross_entropy_is_exact_for_huge_logits():
    logits, labels = np.array([[1000.0, -1000, 0], [-1000, 1000, 0]]), np.array([0, 0])
    with np.errstate(all="raise", under="ignore"):
        loss, grad = nn.softmax_cross_entropy(logits, labels)
    assert loss == 1000
    np.testing.assert_array_equal(grad, [[0, 0, 0], [-0.5, 0.5, 0]])


@pytest.mark.parametrize("loss", [nn.softmax_cross_entropy, nn.mean_squared_error])
def test_a_losss_gradient_is_its_slope(loss):
    outputs, labels = draw(6, 4), np.array([0, 3, 1, 1, 2, 0])
    targets = labels if loss is nn.softmax_cross_entropy else draw(6, 4, seed=1)
    value, grad = loss(outputs, targets)
    assert type(value) is float
    np.testing.assert_allclose(grad, slopes(lambda: loss(outputs, targets)[0], outputs), atol=1e-8)
    assert loss(outputs.astype(np.float32), targets)[1].dtype == np.float32


def small_cnn(dtype=np.float64):
    r = rng()
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, r, padding=1), nn.BatchNorm(4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 3, 3, r, stride=2),
        nn.Tanh(), nn.Flatten(), nn.Linear(3, 3, r), nn.Sigmoid(),
    ).astype(dtype)  # fmt: skip


def test_a_whole_network_has_the_slopes_of_its_loss():
    model, x, labels = small_cnn(), draw(4, 1, 8, 8), np.array([0, 2, 1, 2])

    def f():
        return nn.softmax_cross_entropy(model.forward(x, training=True), labels)[0]

    wanted = [slopes(f, array) for array in (x, *model.params)]
    _, grad = nn.softmax_cross_entropy(model.forward(x, training=True), labels)
    for one, other in zip([model.backward(grad), *model.grads], wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-8)


def test_params_and_grads_stand_in_layer_order_and_the_repr_shows_their_shapes():
    model = nn.Sequential(nn.Linear(4, 3, rng()), nn.ReLU(), nn.Sequential(nn.Linear(3, 2, rng())))
    assert [p.shape for p in model.params] == [(4, 3), (3,), (3, 2), (2,)]
    model.backward(model.forward(draw(5, 4)))
    assert [g.shape for g in model.grads] == [(4, 3), (3,), (3, 2), (2,)]
    assert model.num_parameters == 4 * 3 + 3 + 3 * 2 + 2
    shown = repr(model)
    assert "Linear(4, 3)" in shown and "W (4, 3)" in shown and "b (2,)" in shown and "23 parameters" in shown


def test_sgd_with_momentum_and_decay_by_hand():
    w = np.array([1.0, -2.0])
    step = nn.SGD([w], lr=0.1, momentum=0.5, weight_decay=0.2).step
    g = np.array([1.0, 1.0])
    step([g])
    first = np.array([1 - 0.1 * 1.2, -2 - 0.1 * 0.6])
    np.testing.assert_allclose(w, first)
    step([g])
    velocity = 0.5 * np.array([1.2, 0.6]) + g + 0.2 * first
    np.testing.assert_allclose(w, first - 0.1 * velocity)
    np.testing.assert_array_equal(g, [1, 1])


def test_fit_learns_the_digits(capsys):
    from helpers import data

    X, labels = data.digits()
    pictures = X.reshape(-1, 1, 8, 8).astype(np.float32)
    r = rng()
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, r, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10, r)
    ).astype(np.float32)
    history = nn.fit(
        model, pictures[:1200], labels[:1200], 0.1, 32, 6, r, validation=(pictures[1200:], labels[1200:]), momentum=0.9
    )
    assert len(history.losses) == len(history.accuracies) == len(history.seconds) == 6
    assert history.losses[-1] < 0.3 * history.losses[0]
    assert history.validation_accuracies[-1] > 0.88  # written by other people
    assert model.params[0].dtype == np.float32
    loss, share = nn.evaluate(model, pictures[1200:], labels[1200:])
    assert share == history.validation_accuracies[-1] and loss == history.validation_losses[-1]
    assert "epoch 6 of 6" in capsys.readouterr().out


def test_fit_depends_on_the_rng_alone_and_uses_each_example_once_an_epoch():
    X, labels = draw(10, 3), np.arange(10) % 2
    seen = []

    def loss(output, targets):
        seen.append(targets)
        return nn.softmax_cross_entropy(output, targets)

    runs = []
    for seed in (3, 3, 4):
        model = nn.Sequential(nn.Linear(3, 2, rng()))
        nn.fit(model, X, labels, 0.1, 4, 2, np.random.default_rng(seed), loss=loss, progress=False)
        runs.append(model.params[0])
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])
    assert [len(batch) for batch in seen[:6]] == [4, 4, 2, 4, 4, 2]
    assert sorted(np.concatenate(seen[:3])) == sorted(labels)


def test_fit_trains_in_training_mode_and_weighs_batches_by_their_size():
    X, labels = draw(10, 3), np.arange(10) % 2
    model = nn.Sequential(nn.Linear(3, 2, rng()))
    history = nn.fit(model, X, labels, 0.0, 4, 1, rng(), progress=False)
    loss, share = nn.evaluate(model, X, labels, batch_size=3)
    assert history.losses == pytest.approx([loss]) and history.accuracies == pytest.approx([share])
    model.layers.append(nn.BatchNorm(2))
    nn.fit(model, X, labels, 0.0, 10, 1, rng(), progress=False)
    np.testing.assert_allclose(model.layers[1].running_mean, 0.1 * model.layers[0].forward(X).mean(axis=0))


def test_only_the_first_layer_is_spared_the_input_gradient():
    model, asked = nn.Sequential(nn.Tanh(), nn.Linear(3, 2, rng()), nn.Tanh()), []
    for layer in model.layers:
        layer.backward = lambda grad, with_input, inner=layer.backward: asked.append(with_input) or inner(grad)
    output = model.forward(draw(4, 3))
    assert model.backward(output, with_input=False) is None
    assert model.backward(output).shape == (4, 3)
    assert asked == [True, True, False, True, True, True]


def test_a_copy_of_a_trained_model_goes_its_own_way():
    model = small_cnn()
    x = draw(4, 1, 8, 8)
    model.backward(model.forward(x))
    twin = copy.deepcopy(model)
    np.testing.assert_array_equal(twin.forward(x), model.forward(x))
    twin.params[0][:] = 0
    assert not np.array_equal(twin.forward(x), model.forward(x))


def test_fit_on_numbers_to_predict_has_no_accuracies(capsys):
    X = draw(40, 3)
    y = X @ np.array([[1.0], [2], [3]]) + 1
    model = nn.Sequential(nn.Linear(3, 1, rng()))
    history = nn.fit(model, X, y, 0.1, 8, 60, rng(), validation=(X, y), loss=nn.mean_squared_error, progress=False)
    assert history.validation_losses[-1] < 1e-8 and history.accuracies == history.validation_accuracies == []
    np.testing.assert_allclose(model.params[0][:, 0], [1, 2, 3], atol=1e-4)
    assert capsys.readouterr() == ("", "")


BAD = {
    "columns": (lambda: nn.Linear(4, 3, rng()).forward(draw(5, 3)), r"Linear\(4, 3\).*\(5, 3\).*expected \(n, 4\)"),
    "one example": (lambda: nn.Linear(4, 3, rng()).forward(draw(4)), r"Linear\(4, 3\).*\(4,\).*expected \(n, 4\)"),
    "no flatten": (lambda: nn.Linear(4, 3, rng()).forward(draw(5, 1, 2, 2)), r"put a Flatten before it"),
    "channels": (lambda: nn.Conv2d(3, 8, 3, rng()).forward(draw(2, 1, 8, 8)), r"Conv2d\(3, 8.*\(n, 3, h, w\)"),
    "too small": (lambda: nn.Conv2d(1, 8, 5, rng()).forward(draw(2, 1, 4, 8)), r"5 by 5 pixels or more"),
    "rows to a convolution": (lambda: nn.Conv2d(1, 8, 3, rng()).forward(draw(2, 64)), r"\(2, 64\).*\(n, 1, h, w\)"),
    "pool": (lambda: nn.MaxPool2d(2).forward(draw(2, 8)), r"MaxPool2d\(2\).*\(2, 8\).*\(n, c, h, w\)"),
    "batch norm": (lambda: nn.BatchNorm(3).forward(draw(2, 8)), r"BatchNorm\(3\).*\(2, 8\).*\(n, 3\)"),
    "gradient": (lambda: wrong_gradient(nn.Linear(4, 3, rng()), (5, 4)), r"Linear\(4, 3\).*\(2, 2\).*\(5, 3\)"),
    "gradient of a pool": (lambda: wrong_gradient(nn.MaxPool2d(2), (1, 1, 4, 4)), r"\(2, 2\).*\(1, 1, 2, 2\)"),
    "labels": (lambda: nn.softmax_cross_entropy(draw(3, 2), np.array([0, 1, 2])), r"0 to 2; with 2 logits.*0 to 1"),
    "negative": (lambda: nn.softmax_cross_entropy(draw(2, 2), np.array([0, -1])), r"from -1 to 0"),
    "one-hot": (lambda: nn.softmax_cross_entropy(draw(2, 2), np.eye(2)), r"labels have shape \(2, 2\).*\(2,\)"),
    "float labels": (lambda: nn.softmax_cross_entropy(draw(2, 2), np.ones(2)), r"whole numbers"),
    "broadcast": (lambda: nn.mean_squared_error(draw(3, 1), draw(3)), r"\(3, 1\), targets \(3,\)"),
    "dropout": (lambda: nn.Dropout(1, rng()), r"chance to drop.*below 1"),
    "kernel": (lambda: nn.Conv2d(1, 1, 0, rng()), r"kernel must be a whole number, 1 or more; it is 0"),
    "precision": (lambda: nn.Linear(2, 2, rng(), dtype=int), r"float32 or float64, not in int64"),
    "gradients": (lambda: nn.SGD([np.ones(2)], 0.1).step([]), r"0 gradients were given for 1 parameters"),
    "their shapes": (lambda: nn.SGD([np.ones(2)], 0.1).step([np.ones((2, 1))]), r"gradient 0 has shape \(2, 1\)"),
    "examples": (lambda: fit_on(draw(3, 2), np.array([0, 1])), r"training data have shapes \(3, 2\) and \(2,\)"),
    "batch size": (lambda: fit_on(draw(2, 2), np.array([0, 1]), 0), r"batch_size must be a whole number"),
}


def wrong_gradient(layer, shape):
    layer.forward(draw(*shape))
    layer.backward(draw(2, 2))


def fit_on(X, labels, batch_size=2):
    nn.fit(nn.Sequential(nn.Linear(2, 2, rng())), X, labels, 0.1, batch_size, 1, rng(), progress=False)


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_work_is_said_in_a_sentence(name):
    call, said = BAD[name]
    with pytest.raises(ValueError, match=said):
        call()


@pytest.mark.parametrize("name", LAYERS)
def test_backward_before_forward_says_so(name):
    layer = LAYERS[name][0]()
    with pytest.raises(RuntimeError, match="backward came before forward"):
        layer.backward(np.ones((1, 1)))
    if layer.learned:
        with pytest.raises(RuntimeError, match="no gradients yet"):
            _ = nn.Sequential(layer).grads


def test_something_that_is_no_layer_is_refused():
    with pytest.raises(TypeError, match="takes layers"):
        nn.Sequential(nn.ReLU)


def test_importing_helpers_stays_light():
    heavy = "matplotlib", "sklearn", "scipy", "tqdm", "ipywidgets", "torch", "helpers.nn"
    code = f"import sys, helpers; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT).stdout == "[]\n"
    code = "import sys; from helpers import nn; print([m for m in ('scipy', 'tqdm', 'torch') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT).stdout == "[]\n"


# the lessons' own answers


@pytest.fixture(scope="module")
def references():
    found = {}
    for unit in units(ROOT):
        if unit[:2] in ("06", "08", "09"):
            found.update(read_lesson(ROOT, unit).namespace())
    return found


@pytest.fixture
def reference(references):
    return references.__getitem__


def same(got, wanted):
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12)


def through(layer, *shape, training=True):
    """A layer run forward and backward: x, its output, grad_output and grad_x."""
    x = draw(*shape)
    output = layer.forward(x, training)
    grad_output = draw(*output.shape, seed=4)
    return x, output, grad_output, layer.backward(grad_output)


def test_relu_and_sigmoid_are_unit_06s(reference):
    x, output, grad_output, grad_x = through(nn.ReLU(), 4, 3)
    same(grad_x, reference("relu_backward")(grad_output, x))
    x, output, grad_output, grad_x = through(nn.Sigmoid(), 4, 3)
    same(grad_x, reference("sigmoid_backward")(grad_output, output))


def test_linear_is_unit_06s(reference):
    layer = nn.Linear(3, 5, rng())
    layer.b[:] = draw(5)
    x, output, grad_output, grad_x = through(layer, 4, 3)
    same(output, reference("linear_forward")(x, layer.W, layer.b))
    for got, wanted in zip([grad_x, *layer.grads], reference("linear_backward")(grad_output, x, layer.W), strict=True):
        same(got, wanted)


def test_softmax_cross_entropy_is_unit_06s(reference):
    logits, labels = 30 * draw(6, 4), np.array([0, 3, 1, 1, 2, 0])
    for got, wanted in zip(
        nn.softmax_cross_entropy(logits, labels), reference("softmax_cross_entropy")(logits, labels), strict=True
    ):
        same(got, wanted)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (2, 1), (3, 2)])
def test_convolution_is_unit_08s(reference, stride, padding):
    layer = nn.Conv2d(2, 4, 3, rng(), stride, padding)
    layer.b[:] = draw(4)
    x, output, grad_output, grad_x = through(layer, 3, 2, 7, 6)
    same(output, reference("conv2d")(x, layer.W, layer.b, stride, padding))
    wanted = reference("conv2d_backward")(grad_output, x, layer.W, stride, padding)
    for got, other in zip([grad_x, *layer.grads], wanted, strict=True):
        same(got, other)


@pytest.mark.parametrize("size", [2, 3])
def test_pooling_is_unit_08s_ties_and_rest_included(reference, size):
    x = np.random.default_rng(0).integers(0, 3, (2, 3, 7, 8)).astype(float)
    layer = nn.MaxPool2d(size)
    output = layer.forward(x)
    same(output, reference("max_pool")(x, size))
    grad_output = draw(*output.shape)
    same(layer.backward(grad_output), reference("max_pool_backward")(grad_output, x, size))


def test_dropout_has_unit_09s_values(reference):
    layer, x = nn.Dropout(0.3, rng()), np.ones((100, 50))
    output, _mask = reference("dropout")(x, 0.3, rng(), True)
    ours = layer.forward(x, training=True)
    same(np.unique(ours), np.unique(output))
    assert abs(ours.mean() - np.mean(output)) < 0.05
    same(layer.backward(x), ours)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_is_unit_09s(reference, training):
    layer = nn.BatchNorm(3, momentum=0.8, eps=1e-3)
    layer.gamma[:], layer.beta[:], layer.running_var[:] = draw(3), draw(3, seed=2), [1, 2, 3]
    running = {"mean": layer.running_mean.copy(), "var": layer.running_var.copy()}
    x, output, grad_output, grad_x = through(layer, 6, 3, training=training)
    wanted, cache = reference("batch_norm")(x, layer.gamma, layer.beta, running, training, 0.8, 1e-3)
    same(output, wanted)
    same(layer.running_mean, running["mean"])
    same(layer.running_var, running["var"])
    if training:
        wanted = reference("batch_norm_backward")(grad_output, cache)
        for got, other in zip([grad_x, *layer.grads], wanted, strict=True):
            same(got, other)


# PyTorch, where it is installed


@without_torch
@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (3, 2)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_convolution_is_pytorchs(stride, padding, dtype):
    import torch

    layer = nn.Conv2d(3, 4, 3, rng(), stride, padding, dtype=dtype)
    layer.b[:] = draw(4)
    x = draw(5, 3, 9, 8).astype(dtype)
    output = layer.forward(x)
    grad_output = draw(*output.shape, seed=1).astype(dtype)
    theirs = [torch.tensor(a.copy(), requires_grad=True) for a in (x, *layer.params)]
    there = torch.nn.functional.conv2d(*theirs, stride=stride, padding=padding)
    there.backward(torch.tensor(grad_output))
    close = {"rtol": 1e-4, "atol": 1e-4} if dtype == np.float32 else {"atol": 1e-12}
    np.testing.assert_allclose(output, there.detach().numpy(), **close)
    for got, wanted in zip([layer.backward(grad_output), *layer.grads], theirs, strict=True):
        np.testing.assert_allclose(got, wanted.grad.numpy(), **close)


@without_torch
def test_batch_norm_is_pytorchs():
    import torch

    layer, theirs = nn.BatchNorm(3), torch.nn.BatchNorm2d(3, momentum=0.1, dtype=torch.float64)
    x = draw(4, 3, 5, 6)
    there = torch.tensor(x, requires_grad=True)
    output, wanted = layer.forward(x, training=True), theirs(there)
    grad_output = draw(*x.shape, seed=1)
    wanted.backward(torch.tensor(grad_output))
    np.testing.assert_allclose(output, wanted.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(layer.running_mean, theirs.running_mean.numpy(), atol=1e-12)
    for got, other in zip(
        [layer.backward(grad_output), *layer.grads], [there, theirs.weight, theirs.bias], strict=True
    ):
        np.testing.assert_allclose(got, other.grad.numpy(), atol=1e-12)


@without_torch
def test_training_steps_are_pytorchs():
    import torch

    from course.bench.networks import network, same_in_torch

    model = network(8, rng()).astype(np.float64)
    twin = same_in_torch(model)
    here = nn.SGD(model.params, 0.05, momentum=0.9, weight_decay=0.01)
    there = torch.optim.SGD(twin.parameters(), 0.05, momentum=0.9, weight_decay=0.01)
    for i in range(5):
        x, labels = draw(16, 1, 8, 8, seed=i), np.random.default_rng(i).integers(0, 10, 16)
        loss, grad = nn.softmax_cross_entropy(model.forward(x, training=True), labels)
        model.backward(grad)
        here.step(model.grads)
        there.zero_grad()
        their_loss = torch.nn.functional.cross_entropy(twin(torch.tensor(x)), torch.tensor(labels))
        their_loss.backward()
        there.step()
        assert abs(loss - float(their_loss.detach())) < 1e-10


@without_torch
def test_the_benchmark_compares_equal_networks_and_stays_within_three_times_pytorch():
    from course.bench.networks import compare

    measured = compare(16, 8, repeats=3, seconds=0.02)
    assert measured.apart < 1e-4
    assert measured.ratio < 3


@without_torch
def test_the_benchmark_refuses_networks_that_differ(monkeypatch):
    from course.bench import networks
    from course.errors import CourseError

    honest = networks.same_in_torch

    def altered(model):
        twin = honest(model)
        twin[0].weight.data *= 1.1
        return twin

    monkeypatch.setattr(networks, "same_in_torch", altered)
    with pytest.raises(CourseError, match="differ by"):
        networks.compare(8, 8, repeats=1, seconds=0.01)


def test_without_pytorch_the_benchmark_says_so_in_one_line(monkeypatch, tmp_path):
    from course.bench import networks

    monkeypatch.setattr(networks.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(networks, "_kept_apart", lambda: tmp_path / "nothing here")
    (table,) = networks.measure()
    assert table.rows == [] and table.notes == [networks.MISSING]
