import numpy as np

from course.checks import FRAMEWORKS, agrees_with, also_right, exercise, mistake, shortcut


def numbers(rng, *shape, low=-2.0, high=2.0):
    """Readable random numbers, one decimal each, none of them 0."""
    drawn = np.round(rng.uniform(low, high, size=shape), 1)
    return np.where(drawn == 0, 0.3, drawn)


def whole(rng, *shape, low=1, high=6):
    return rng.integers(low, high, size=shape) * rng.choice([-1, 1], size=shape)


@exercise("conv_output_size")
class ConvOutputSize:
    hints = (
        "How far can the window's left edge move before its right edge leaves the picture? The picture is size + 2·padding wide.",
        "The left edge can stand at 0, stride, 2·stride … up to size + 2·padding − kernel. Count these places: the first one counts, too.",
        "Whole steps that fit, plus 1. // divides and drops the rest.",
    )
    returns = ("size",)

    def cases(rng):
        yield 8, 3
        yield 7, 3, 2, 0
        yield 8, 3, 2, 1
        yield 5, 5, 1, 0
        yield 28, 4, 3, 2
        yield int(rng.integers(20, 40)), int(rng.integers(2, 6)), 3, 1
        yield int(rng.integers(9, 20)), 4, int(rng.integers(4, 7)), 0
        yield 11, 2, 5, 3
        yield 6, 1, 1, 2
        yield 10, 3, 4

    @mistake("The + 1 is missing: the window's first place counts as well.")
    def no_plus_one(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - kernel) // stride

    @mistake("Padding is added on both sides, left and right: 2 · padding.")
    def padding_once(size, kernel, stride=1, padding=0):
        return (size + padding - kernel) // stride + 1

    @mistake("The padding is missing: the picture grows by it on both sides before the window slides.")
    def no_padding(size, kernel, stride=1, padding=0):
        return (size - kernel) // stride + 1 if size >= kernel else 0

    @mistake("The stride is missing: the window moves by stride pixels at a time.")
    def no_stride(size, kernel, stride=1, padding=0):
        return size + 2 * padding - kernel + 1

    @mistake("This is a float. A size is a whole number (int): divide with //.")
    def true_division(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - kernel) / stride + 1

    @mistake("A last step that does not fit was counted: round down, with //.")
    def rounds_up(size, kernel, stride=1, padding=0):
        return -(-(size + 2 * padding - kernel) // stride) + 1

    @mistake("The + 1 went into the division. It belongs behind it: steps that fit, plus one.")
    def plus_one_inside(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - kernel + 1) // stride

    @mistake("The padding was taken off. It makes the picture larger.")
    def padding_subtracted(size, kernel, stride=1, padding=0):
        return (size - 2 * padding - kernel) // stride + 1

    @mistake("The size was divided by the stride first. Subtract the kernel before you divide: it is the room to move that counts.")
    def divides_first(size, kernel, stride=1, padding=0):
        return (size + 2 * padding) // stride - kernel + 1

    @mistake("Multiplied by the stride. Larger steps leave fewer places: divide.")
    def multiplies(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - kernel) * stride + 1

    @mistake("Rounded to the nearest number, so a step that fits only in part was counted at times. Round down, with //.")
    def rounds_to_nearest(size, kernel, stride=1, padding=0):
        return round((size + 2 * padding - kernel) / stride) + 1

    @mistake("The window's own size was left out. Only size + 2·padding − kernel pixels of room are left for it to move.")
    def no_kernel(size, kernel, stride=1, padding=0):
        return (size + 2 * padding) // stride

    @mistake("1 was added twice, inside the division and behind it. Only the one behind it belongs there.")
    def plus_one_twice(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - kernel + 1) // stride + 1

    @mistake("Half a window was taken off. At the last place the whole window must fit: subtract all of kernel.")
    def half_a_kernel(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - kernel // 2) // stride + 1

    @mistake("The last place is missing. The left edge may stand at size + 2·padding − kernel itself, and a range stops before its end.")
    def range_too_short(size, kernel, stride=1, padding=0):
        return len(range(0, size + 2 * padding - kernel, stride))

    @mistake("Rounded to the nearest number after the 1 was added, so a step that fits only in part was counted at times. Round down, with //.")
    def rounds_the_sum(size, kernel, stride=1, padding=0):
        return round((size + 2 * padding - kernel) / stride + 1)

    @mistake("This counts the places on 8 pixels, as in the worked example. Use the argument size.")
    def always_eight(size, kernel, stride=1, padding=0):
        return (8 + 2 * padding - kernel) // stride + 1

    @mistake("Kernel and stride have changed places. The kernel is subtracted, the stride divides.")
    def kernel_as_stride(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - stride) // kernel + 1

    @mistake("The kernel was multiplied by the stride. The stride changes how far the window jumps, not how wide it is.")
    def kernel_times_stride(size, kernel, stride=1, padding=0):
        return size + 2 * padding - kernel * stride + 1

    @also_right
    def by_counting(size, kernel, stride=1, padding=0):
        return len(range(-padding, size + padding - kernel + 1, stride))

    @also_right
    def by_walking(size, kernel, stride=1, padding=0):
        places, left = 0, 0
        while left + kernel <= size + 2 * padding:
            places, left = places + 1, left + stride
        return places

    @also_right
    def by_floor(size, kernel, stride=1, padding=0):
        return int(np.floor((size + 2 * padding - kernel + stride) / stride))

    @agrees_with("SciPy")
    def by_scipy(size, kernel, stride=1, padding=0):
        from scipy.signal import correlate

        return len(correlate(np.ones(size + 2 * padding), np.ones(kernel), mode="valid")[::stride])


@exercise("conv_parameters")
class ConvParameters:
    hints = (
        "One filter looks at all input channels at once, through a kernel by kernel window. How many weights is that?",
        "There are out_channels filters, each with one bias of its own.",
        "Count one filter with its bias, then multiply by the number of filters.",
    )
    returns = ("count",)

    def cases(rng):
        yield 1, 8, 3
        yield 3, 16, 5
        a, b, k = (int(v) for v in rng.choice(np.arange(4, 30), 3, replace=False))
        yield a, b, k
        yield 7, 2, 1
        yield 1, 1, 2
        yield 64, 128, 3

    @mistake("The biases are missing: one for each filter.")
    def no_bias(in_channels, out_channels, kernel):
        return in_channels * out_channels * kernel**2

    @mistake("Only one bias was counted for the whole layer. Each filter has its own.")
    def one_bias(in_channels, out_channels, kernel):
        return in_channels * out_channels * kernel**2 + 1

    @mistake("A bias was counted for each input channel. It is one for each filter, that is for each output channel.")
    def bias_per_input(in_channels, out_channels, kernel):
        return in_channels * out_channels * kernel**2 + in_channels

    @mistake("Every filter looks at all input channels, with weights of its own for each.")
    def no_input_channels(in_channels, out_channels, kernel):
        return out_channels * (kernel**2 + 1)

    @mistake("The window has kernel times kernel pixels, not kernel.")
    def kernel_once(in_channels, out_channels, kernel):
        return out_channels * (in_channels * kernel + 1)

    @mistake("This is one filter. There are out_channels of them.")
    def one_filter(in_channels, out_channels, kernel):
        return in_channels * kernel**2 + 1

    @mistake("A bias was counted for each pair of an input and an output channel. It is one for each filter.")
    def bias_per_pair(in_channels, out_channels, kernel):
        return in_channels * out_channels * (kernel**2 + 1)

    @mistake("The channels were added. Each filter has weights for every input channel: multiply.")
    def adds_channels(in_channels, out_channels, kernel):
        return (in_channels + out_channels) * kernel**2 + out_channels

    @mistake("A bias was counted for every weight of the window. It is one for each filter.")
    def bias_per_pixel(in_channels, out_channels, kernel):
        return (in_channels + 1) * out_channels * kernel**2

    @mistake("The biases are counted, but the weights are those of one filter. There are out_channels filters.")
    def weights_of_one_filter(in_channels, out_channels, kernel):
        return in_channels * kernel**2 + out_channels

    @mistake("The window has kernel times kernel pixels, that is kernel squared, not twice kernel.")
    def kernel_doubled(in_channels, out_channels, kernel):
        return out_channels * (in_channels * kernel * 2 + 1)

    @mistake("In Python ^ is no power (it compares bits). Write kernel ** 2.")
    def caret(in_channels, out_channels, kernel):
        return out_channels * (in_channels * (kernel ^ 2) + 1)

    @mistake("In Python ^ is no power: it compares bits, and only after the products and sums around it. Write kernel ** 2.")
    def caret_without_brackets(in_channels, out_channels, kernel):
        return out_channels * in_channels * kernel ^ 2 + out_channels

    @mistake("This counts 3 by 3 weights whatever the kernel is. Use the argument.")
    def always_nine(in_channels, out_channels, kernel):
        return out_channels * (in_channels * 9 + 1)

    @mistake("A bias was counted for each single weight. A filter has one bias, added to the whole sum.")
    def bias_per_weight(in_channels, out_channels, kernel):
        return 2 * in_channels * out_channels * kernel**2

    @mistake("These are two numbers, weights and biases. Add them up.")
    def two_counts(in_channels, out_channels, kernel):
        return in_channels * out_channels * kernel**2, out_channels

    @also_right
    def by_shapes(in_channels, out_channels, kernel):
        return int(np.prod((out_channels, in_channels, kernel, kernel))) + out_channels

    @also_right
    def by_adding_up(in_channels, out_channels, kernel):
        return sum(1 + sum(kernel * kernel for _ in range(in_channels)) for _ in range(out_channels))

    @also_right
    def by_arrays(in_channels, out_channels, kernel):
        return np.zeros((out_channels, in_channels, kernel, kernel)).size + np.zeros(out_channels).size

    @agrees_with("PyTorch")
    def by_torch(in_channels, out_channels, kernel):
        import torch

        return sum(p.numel() for p in torch.nn.Conv2d(in_channels, out_channels, kernel).parameters())


@exercise("receptive_field")
class ReceptiveField:
    hints = (
        "Keep two numbers while you go through the layers: how wide one value sees the input, and how far apart two neighbouring values look.",
        "A layer adds kernel − 1 more neighbours, each of them `jump` input pixels further: field += (kernel − 1) · jump.",
        "After that the neighbours stand stride times further apart: jump *= stride. Start with field 1 and jump 1.",
    )
    returns = ("field",)

    def cases(rng):
        yield ([(3, 1), (3, 1)],)
        yield ([],)
        yield ([(3, 2), (3, 1)],)
        yield ([(5, 1), (2, 2), (3, 1), (2, 2)],)
        yield ([(int(rng.integers(2, 6)), int(rng.integers(2, 4))) for _ in range(3)],)
        yield ([(7, 3)],)
        yield ([(1, 2), (3, 2), (3, 2)],)

    @mistake("The strides were left out. After a layer with stride 2, neighbours look 2 pixels apart, and a further kernel reaches twice as far.")
    def no_strides(layers):
        return 1 + sum(k - 1 for k, _ in layers)

    @mistake("The kernels were added up. Neighbouring windows overlap: each layer adds kernel − 1.")
    def adds_kernels(layers):
        field, jump = 1, 1
        for k, s in layers:
            field, jump = field + k * jump, jump * s
        return field

    @mistake("The jump was made larger before the layer was counted. A layer's own stride matters only for the layers after it.")
    def stride_too_early(layers):
        field, jump = 1, 1
        for k, s in layers:
            jump *= s
            field += (k - 1) * jump
        return field

    @mistake("Each layer used its own stride only. The jumps of all earlier layers multiply.")
    def own_stride(layers):
        return 1 + sum((k - 1) * s for k, s in layers)

    @mistake("Each layer used only the stride of the layer right before it. The jumps of all earlier layers multiply.")
    def last_stride(layers):
        field, before = 1, 1
        for k, s in layers:
            field, before = field + (k - 1) * before, s
        return field

    @mistake("The strides were added to the jump. After strides 3 and 2 neighbours look 6 pixels apart: multiply, so a stride of 1 changes nothing.")
    def adds_strides(layers):
        field, jump = 1, 1
        for k, s in layers:
            field, jump = field + (k - 1) * jump, jump + s
        return field

    @mistake("The start is missing: one value of the input sees itself, so the field starts at 1.")
    def starts_at_zero(layers):
        field, jump = 0, 1
        for k, s in layers:
            field, jump = field + (k - 1) * jump, jump * s
        return field

    @mistake("The kernels were multiplied. Each layer adds (kernel − 1) · jump.")
    def multiplies_kernels(layers):
        field = 1
        for k, _ in layers:
            field *= k
        return field

    @mistake("The layers were taken from the last to the first with the rule for the other direction. Go from the input on.")
    def reversed_layers(layers):
        field, jump = 1, 1
        for k, s in reversed(layers):
            field, jump = field + (k - 1) * jump, jump * s
        return field

    @mistake("Only the first layer was counted: the `return` stands inside the loop. Move it out, after all layers.")
    def returns_too_early(layers):
        return layers[0][0] if layers else 1

    @mistake("Only the first layer was counted: the `return` stands inside the loop. Move it out, after all layers; then an empty list gives 1 as well.")
    def returns_only_inside(layers):
        return layers[0][0] if layers else None

    @mistake("This is the jump, how far apart neighbours look. Return the field.")
    def returns_the_jump(layers):
        jump = 1
        for _, s in layers:
            jump *= s
        return jump

    @mistake("Kernel and stride have changed places. Each layer is (kernel, stride).")
    def exchanged(layers):
        field, jump = 1, 1
        for s, k in layers:
            field, jump = field + (k - 1) * jump, jump * s
        return field

    @mistake("The last layer was left out. Its stride does not matter, its kernel does.")
    def no_last_layer(layers):
        field, jump = 1, 1
        for k, s in layers[:-1]:
            field, jump = field + (k - 1) * jump, jump * s
        return field

    @mistake("The field was multiplied by the stride. On the way from the input, keep the jump in a number of its own: only the jump is multiplied.")
    def stretches_the_field(layers):
        field = 1
        for k, s in layers:
            field = field * s + k - 1
        return field

    @mistake("These are the kernels added up. Neighbouring windows overlap: each layer adds (kernel − 1) · jump to a field that starts at 1.")
    def sum_of_kernels(layers):
        return sum(k for k, _ in layers)

    @mistake("An empty list gave 0. Without a layer a value is a pixel, and a pixel sees itself: 1.")
    def nothing_sees_nothing(layers):
        if not layers:
            return 0
        field, jump = 1, 1
        for k, s in layers:
            field, jump = field + (k - 1) * jump, jump * s
        return field

    @mistake("Field and jump came back together. Return the field alone.")
    def with_the_jump(layers):
        field, jump = 1, 1
        for kernel, stride in layers:
            field, jump = field + (kernel - 1) * jump, jump * stride
        return field, jump

    @also_right
    def from_the_end(layers):
        field = 1
        for k, s in layers[::-1]:
            field = (field - 1) * s + k
        return field

    @also_right
    def by_edges(layers):
        low, high = 0, 0
        for k, s in reversed(layers):
            low, high = low * s, high * s + k - 1
        return high - low + 1

    @also_right
    def by_tracing(layers):
        seen = {0}
        for k, s in reversed(layers):
            seen = {s * place + i for place in seen for i in range(k)}
        return max(seen) - min(seen) + 1


def padded(x, padding):
    return np.pad(np.asarray(x, dtype=float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def windows(x, kh, kw, stride):
    """(n, c, oh, ow, kh, kw) of an array that is padded already."""
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride]


def exactly_convolved(x, W, b, stride=1, padding=0):
    return np.einsum("nchwij,kcij->nkhw", windows(padded(x, padding), *W.shape[2:], stride), W) + np.reshape(b, (1, -1, 1, 1))


def convolve(x, W, b, stride=1, padding=0):
    """For mistakes: rounded far below the tolerance, so that their stored outputs are short and load quickly."""
    return np.round(exactly_convolved(x, W, b, stride, padding), 9)


def layers(rng):
    """(x, W, b, stride, padding): sizes all different, kernels that are not square, last pixels not covered."""
    yield np.arange(12.0).reshape(1, 1, 3, 4), np.array([[[[1.0, 2.0], [0.0, -1.0]]]]), np.array([10.0]), 1, 0
    yield numbers(rng, 2, 3, 5, 4), numbers(rng, 4, 3, 3, 2), numbers(rng, 4), 1, 0
    yield numbers(rng, 3, 2, 6, 5), numbers(rng, 1, 2, 3, 2), numbers(rng, 1), 2, 1
    yield numbers(rng, 1, 1, 4, 4), numbers(rng, 2, 1, 3, 3), numbers(rng, 2), 1, 1
    yield numbers(rng, 2, 2, 5, 6), numbers(rng, 3, 2, 2, 3), numbers(rng, 3), 3, 2
    yield whole(rng, 1, 2, 3, 4), numbers(rng, 2, 2, 2, 2), numbers(rng, 2), 1, 0
    yield numbers(rng, 1, 3, 2, 3), numbers(rng, 2, 3, 2, 3), numbers(rng, 2), 2, 0


def torch_convolution(x, W, b, stride, padding, grad_output=None):
    import torch

    x, W, b = (torch.tensor(np.asarray(v, dtype=float), requires_grad=True) for v in (x, W, b))
    out = torch.nn.functional.conv2d(x, W, b, stride=stride, padding=padding)
    if grad_output is None:
        return np.array(out.tolist())
    out.backward(torch.tensor(np.asarray(grad_output, dtype=float)))
    return tuple(np.array(v.grad.tolist()) for v in (x, W, b))


def scipy_convolution(x, W, b, stride, padding):
    from scipy.signal import correlate

    x = padded(x, padding)
    maps = [correlate(x, f[None], mode="valid", method="direct")[:, :, ::stride, ::stride] + shift for f, shift in zip(W, b)]
    return np.concatenate(maps, axis=1)


class Convolution:
    """Mistakes and right answers that conv2d_loops and conv2d share."""

    returns = ("output",)

    def cases(rng):
        for x, W, b, stride, padding in layers(rng):
            yield (x, W, b) if (stride, padding) == (1, 0) else (x, W, b, stride, padding)


def flips(x, W, b, stride=1, padding=0):
    return convolve(x, W[:, :, ::-1, ::-1], b, stride, padding)


def no_bias(x, W, b, stride=1, padding=0):
    return convolve(x, W, np.zeros(len(W)), stride, padding)


def bias_per_channel(x, W, b, stride=1, padding=0):
    return convolve(x, W, b * W.shape[1], stride, padding)


def no_padding(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, stride, 0)


def no_stride(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, 1, padding)


def pads_the_end(x, W, b, stride=1, padding=0):
    x = np.pad(np.asarray(x, dtype=float), ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    return convolve(x, W, b, stride, 0)


def pads_with_edge(x, W, b, stride=1, padding=0):
    x = np.pad(np.asarray(x, dtype=float), ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    return convolve(x, W, b, stride, 0)


def first_channel(x, W, b, stride=1, padding=0):
    return convolve(x[:, :1], W[:, :1], b, stride, padding)


def mean_of_channels(x, W, b, stride=1, padding=0):
    return convolve(x, W / W.shape[1], b, stride, padding)


def turned_kernel(x, W, b, stride=1, padding=0):
    return convolve(x, W.transpose(0, 1, 3, 2), b, stride, padding)


def turned_output(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, stride, padding).transpose(0, 1, 3, 2)


def channels_last(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, stride, padding).transpose(0, 2, 3, 1)


def last_place_missing(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, stride, padding)[:, :, :-1, :-1]


def window_not_moved(x, W, b, stride=1, padding=0):
    oh, ow = convolve(x, W, b, stride, padding).shape[2:]
    return convolve(x, W, b, 1, padding)[:, :, :oh, :ow]


def stride_down_only(x, W, b, stride=1, padding=0):
    ow = convolve(x, W, b, stride, padding).shape[3]
    return convolve(x, W, b, 1, padding)[:, :, ::stride, :ow]


def first_filter(x, W, b, stride=1, padding=0):
    return convolve(x, np.repeat(W[:1], len(W), axis=0), b, stride, padding)


def first_bias(x, W, b, stride=1, padding=0):
    return convolve(x, W, np.repeat(b[:1], len(W)), stride, padding)


def bias_inside_the_sum(x, W, b, stride=1, padding=0):
    return convolve(x, W, b * W[0].size, stride, padding)


def last_channel(x, W, b, stride=1, padding=0):
    return convolve(x[:, -1:], W[:, -1:], b, stride, padding)


def mean_of_window(x, W, b, stride=1, padding=0):
    return convolve(x, W / W[0].size, b, stride, padding)


def bias_subtracted(x, W, b, stride=1, padding=0):
    return convolve(x, W, -b, stride, padding)


def with_relu(x, W, b, stride=1, padding=0):
    return np.maximum(convolve(x, W, b, stride, padding), 0)


def first_picture_only(x, W, b, stride=1, padding=0):
    out = np.zeros_like(convolve(x, W, b, stride, padding))
    out[:1] = convolve(x[:1], W, b, stride, padding)
    return out


def first_filter_only(x, W, b, stride=1, padding=0):
    out = np.zeros_like(convolve(x, W, b, stride, padding))
    out[:, :1] = convolve(x, W[:1], b[:1], stride, padding)
    return out


def padded_twice(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, stride, 2 * padding)


def stride_down_but_all_columns(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, 1, padding)[:, :, ::stride]


def first_row_only(x, W, b, stride=1, padding=0):
    right = convolve(x, W, b, stride, padding)
    out = np.zeros_like(right)
    out[0, 0, 0] = right[0, 0, 0]
    return out


def first_map_only(x, W, b, stride=1, padding=0):
    right = convolve(x, W, b, stride, padding)
    out = np.zeros_like(right)
    out[0, 0] = right[0, 0]
    return out


def first_value_only(x, W, b, stride=1, padding=0):
    right = convolve(x, W, b, stride, padding)
    out = np.zeros_like(right)
    out[0, 0, 0, 0] = right[0, 0, 0, 0]
    return out


def bias_of_the_picture(x, W, b, stride=1, padding=0):
    sums = convolve(x, W, np.zeros(len(W)), stride, padding)
    return np.array([one + b[m] for m, one in enumerate(sums)])


def filter_of_the_picture(x, W, b, stride=1, padding=0):
    maps = []
    for m in range(len(x)):
        maps.append(convolve(x[m : m + 1], np.repeat(W[m][None], len(W), axis=0), b, stride, padding)[0])
    return np.array(maps)


def multiplies_as_matrices(x, W, b, stride=1, padding=0):
    x, (kh, kw) = padded(x, padding), W.shape[2:]
    rows, columns = range(0, x.shape[2] - kh + 1, stride), range(0, x.shape[3] - kw + 1, stride)
    sums = [[[[np.sum(one[:, i : i + kh, j : j + kw] @ f) for j in columns] for i in rows] for f in W] for one in x]
    return np.array(sums) + np.reshape(b, (1, -1, 1, 1))


def bias_across(x, W, b, stride=1, padding=0):
    return convolve(x, W, np.zeros(len(W)), stride, padding) + b


def flips_channels_too(x, W, b, stride=1, padding=0):
    return convolve(x, W[:, ::-1, ::-1, ::-1], b, stride, padding)


def channels_first(x, W, b, stride=1, padding=0):
    return convolve(x, W, b, stride, padding).transpose(1, 0, 2, 3)


def pads_the_end_once(x, W, b, stride=1, padding=0):
    x = np.pad(np.asarray(x, dtype=float), ((0, 0), (0, 0), (0, padding), (0, padding)))
    return convolve(x, W, b, stride, 0)


def gaps_in_the_window(x, W, b, stride=1, padding=0):
    x, (kh, kw) = padded(x, padding), W.shape[2:]
    out = np.zeros((len(x), len(W), (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1))
    for m, k, i, j in np.ndindex(out.shape):
        out[m, k, i, j] = np.sum(x[m, :, i : i + kh * stride : stride, j : j + kw * stride : stride] * W[k]) + b[k]
    return np.round(out, 9)


def size_without_padding(x, W, b, stride=1, padding=0):
    oh, ow = ((side - k) // stride + 1 for side, k in zip(x.shape[2:], W.shape[2:]))
    return convolve(x, W, b, stride, padding)[:, :, :oh, :ow]


def always_the_first_picture(x, W, b, stride=1, padding=0):
    return np.repeat(convolve(x[:1], W, b, stride, padding), len(x), axis=0)


def all_biases(x, W, b, stride=1, padding=0):
    return convolve(x, W, np.full(len(W), np.sum(b)), stride, padding)


MESSAGES = {
    flips_channels_too: "The filter was turned round, its channels as well. SciPy's convolve does that; the filter is laid on as it is, which SciPy calls correlate.",
    channels_first: "Pictures and channels have changed places. The order is (n, out_channels, oh, ow).",
    pads_the_end_once: "The zeros were put at the end only. They go around the picture: `padding` of them on each side.",
    bias_across: "b was added along the last axis, the columns. It has an entry for each filter: b[k] for map k, or b.reshape(1, -1, 1, 1) for all at once.",
    first_filter: "Every channel of the output was made with the first filter. Output channel k has the filter W[k].",
    first_bias: "Every channel of the output got the first bias. Output channel k has its own, b[k].",
    bias_inside_the_sum: "The bias was added to every product of a window. It is added once, to their sum.",
    mean_of_window: "This is the mean over the window. A convolution adds the products up: a sum.",
    bias_subtracted: "The bias was subtracted. It is added.",
    with_relu: "Negative values became 0. That is a ReLU; it comes after the convolution, as a layer of its own.",
    padded_twice: "The padding was put on twice. `padding` zeros on each side, once.",
    stride_down_but_all_columns: "The stride was taken going down only. Going across, too, only every stride-th place counts.",
    flips: "The filter was turned by 180° first. That is the convolution of mathematics; in deep learning the filter is laid on as it is.",
    no_bias: "The bias is missing: b[k] is added to every pixel of output channel k.",
    bias_per_channel: "The bias was added once for each input channel. It is added once, after the sum over the channels.",
    no_padding: "The padding is missing: put `padding` rows and columns of zeros around every picture first.",
    no_stride: "The stride is missing: the window moves by stride pixels at a time.",
    pads_the_end: "All the padding went to one end. It goes around the picture: `padding` zeros on each side.",
    pads_with_edge: "The border was filled with copies of the edge pixels. Padding is zeros.",
    first_channel: "Only the first channel was looked at. A filter has weights for every channel, and their sums add up.",
    mean_of_channels: "The channels were averaged. Their sums add up.",
    turned_kernel: "Rows and columns of the filter have changed places.",
    turned_output: "Rows and columns of the output have changed places.",
    channels_last: "The channels came out last. The order is (n, out_channels, oh, ow).",
    last_place_missing: "The last row and column of places are missing. The window fits there too: the output has (h + 2·padding − kh) // stride + 1 rows.",
}
# slips that loops invite and one matrix product does not
IN_LOOPS = {
    bias_of_the_picture: "b was counted by the pictures. It has an entry for each filter: b[k] for filter k.",
    gaps_in_the_window: "The window's pixels lie `stride` apart. The stride moves the whole window: rows i · stride to i · stride + kh, without gaps.",
    size_without_padding: "The output's size was counted without the padding. Give conv_output_size the padding, or the padded picture.",
    always_the_first_picture: "Every picture got the maps of the first one. The window is cut from x[m].",
    all_biases: "The sum of all biases was added everywhere. Output channel k has its own, b[k].",
    filter_of_the_picture: "W was counted by the pictures. Every picture meets every filter: W[k] for filter k.",
    first_row_only: "Only the first row of the first map was filled in, the rest is 0. Does a `return` stand inside the loops?",
    first_map_only: "Only the first map of the first picture was filled in, the rest is 0. Does a `return` stand inside the loops?",
    first_value_only: "Only the first value was filled in, the rest is 0. Does a `return` stand inside the loops?",
    multiplies_as_matrices: "@ makes a matrix product of window and filter. Here each weight meets the pixel under it: multiply with *, then sum.",
    window_not_moved: "The output has the right size, but its windows move by one pixel. Window (i, j) starts at row i · stride and column j · stride.",
    stride_down_only: "The windows jump by stride going down, but move by one pixel going across. Both directions take the stride.",
    last_channel: "Only the last channel is left: each channel's sum wrote over the one before. The sums over all channels add up: +=.",
    first_picture_only: "Only the first picture was worked on, the rest is 0. Every picture of the batch gets its maps.",
    first_filter_only: "Only the first filter was used. Each of the out_channels filters gives a map.",
}
SHARED = {f.__name__: mistake(message)(f) for f, message in MESSAGES.items()}
LOOPS_ONLY = {f.__name__: mistake(message)(f) for f, message in IN_LOOPS.items()}


def by_einsum(x, W, b, stride=1, padding=0):
    return np.einsum("nchwij,kcij->nkhw", windows(padded(x, padding), *W.shape[2:], stride), W) + b[None, :, None, None]


def by_shifted_pictures(x, W, b, stride=1, padding=0):
    x = padded(x, padding)
    kh, kw = W.shape[2:]
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    out = np.zeros((len(x), len(W), oh, ow)) + b.reshape(1, -1, 1, 1)
    for i in range(kh):
        for j in range(kw):
            part = x[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride]
            out += np.tensordot(part, W[:, :, i, j], axes=(1, 1)).transpose(0, 3, 1, 2)
    return out


def by_matrix(x, W, b, stride=1, padding=0):
    view = windows(padded(x, padding), *W.shape[2:], stride)
    n, _, oh, ow = view.shape[:4]
    rows = view.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
    return (rows @ W.reshape(len(W), -1).T + b).reshape(n, oh, ow, len(W)).transpose(0, 3, 1, 2)


@exercise("conv2d_loops")
class Conv2dLoops:
    forbidden = FRAMEWORKS
    rtol, atol = 1e-5, 2e-5  # float32 is welcome
    equivalent = {
        "line 12: zeros becomes ones in np.ones": "every entry is written over",
        "line 9: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 11: constant 0 becomes 1": "a picture of zeros behind the last one is never looked at",
    }

    hints = (
        "First pad x with np.pad; then the sizes of the output, with conv_output_size for rows and for columns.",
        "Four loops: pictures, filters, rows, columns. In the innermost, cut the window out of all channels at once: rows from i · stride on, kh of them.",
        "The value there is the sum over window times filter, (c, kh, kw) both, plus the filter's bias.",
    )
    returns, cases = Convolution.returns, Convolution.cases
    locals().update(SHARED | LOOPS_ONLY)
    einsum, shifted, matrix = map(also_right, (by_einsum, by_shifted_pictures, by_matrix))

    @agrees_with("SciPy")
    def by_scipy(x, W, b, stride=1, padding=0):
        return scipy_convolution(x, W, b, stride, padding)

    @agrees_with("PyTorch")
    def by_torch(x, W, b, stride=1, padding=0):
        return torch_convolution(x, W, b, stride, padding)


def columns_of(x, kernel, stride=1, padding=0):
    return windows(padded(x, padding), kernel, kernel, stride)


@exercise("im2col")
class Im2col:
    forbidden = FRAMEWORKS
    equivalent = {
        "line 11: constant 3 becomes -3": "an axis counted from the end is the same axis",
        "line 9: constant 2 becomes -2": "an axis counted from the end is the same axis",
    }

    hints = (
        "np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(2, 3)) gives all windows at once, shape (n, c, places down, places across, kernel, kernel).",
        "Take every stride-th place along both directions of places. Then bring the axes into the order n, oh, ow, c, kh, kw: transpose.",
        "One reshape at the end: n · oh · ow rows. The numbers 0 … 5 name the axes for transpose: which of them hold n, oh, ow?",
    )
    returns = ("columns",)

    def cases(rng):
        yield np.arange(12.0).reshape(1, 1, 3, 4), 2
        yield numbers(rng, 2, 3, 5, 4), 3
        yield numbers(rng, 3, 2, 6, 5), 3, 2, 1
        yield numbers(rng, 2, 2, 5, 6), 2, 3, 2
        yield numbers(rng, 1, 4, 3, 3), 1
        yield numbers(rng, 2, 2, 4, 3), 2, 1, 1
        yield numbers(rng, 2, 3, 2, 2), 2, 2, 0

    @mistake("The columns stand in the order kh, kw, c. Asked is c, kh, kw: all pixels of the first channel's window, then the next channel's.")
    def channels_last(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(0, 2, 3, 4, 5, 1).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The axes were not brought into order before the reshape, so pixels of different windows share a row. First n, oh, ow, then c, kh, kw.")
    def no_transpose(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return np.ascontiguousarray(v).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The table lies on its side: one row for each window, one column for each of its c · kernel · kernel pixels.")
    def on_its_side(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1).T

    @mistake("The rows stand in the order oh, ow, n. Asked is n, oh, ow: all windows of the first picture, then the next picture's.")
    def pictures_last(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(2, 3, 0, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The rows stand in the order n, ow, oh: the windows go down first. They go across first, like reading.")
    def down_first(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(0, 3, 2, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("Inside the windows rows and columns have changed places.")
    def windows_turned(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(0, 2, 3, 1, 5, 4).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The stride is missing: only every stride-th window counts, down and across.")
    def no_stride(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, 1, padding)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The stride took pixels out of the windows. It belongs to axes 2 and 3, the places: [:, :, ::stride, ::stride].")
    def stride_in_the_windows(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, 1, padding)[..., ::stride, ::stride]
        n, c, oh, ow, kh, kw = v.shape
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, c * kh * kw)

    @mistake("The stride was taken on axes 0 and 1, pictures and channels. The places are axes 2 and 3: [:, :, ::stride, ::stride].")
    def stride_on_the_pictures(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, 1, padding)[::stride, ::stride]
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("Every stride-th pixel was taken before the windows were cut, so they have gaps. Cut first, then take every stride-th window.")
    def stride_before_the_windows(x, kernel, stride=1, padding=0):
        v = windows(padded(x, padding)[:, :, ::stride, ::stride], kernel, kernel, 1)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The padding is missing: put zeros around the pictures first.")
    def no_padding(x, kernel, stride=1, padding=0):
        if min(x.shape[2:]) < kernel:
            raise ValueError("window shape cannot be larger than input array shape")
        v = columns_of(x, kernel, stride, 0)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The stride was taken along one direction only. The window jumps down as well as across.")
    def stride_across_only(x, kernel, stride=1, padding=0):
        v = np.lib.stride_tricks.sliding_window_view(padded(x, padding), (kernel, kernel), axis=(2, 3))[:, :, :, ::stride]
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The windows came back as a six-dimensional array. Reshape them to a table with one row for each window.")
    def not_flat(x, kernel, stride=1, padding=0):
        return np.array(columns_of(x, kernel, stride, padding).transpose(0, 2, 3, 1, 4, 5))

    @mistake("The windows do not overlap here: they were cut like tiles. With stride 1 the next window starts one pixel further.")
    def tiles(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, kernel, padding)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The stride was taken going down only. Going across, too, only every stride-th window counts.")
    def stride_down_only(x, kernel, stride=1, padding=0):
        v = np.lib.stride_tricks.sliding_window_view(padded(x, padding), (kernel, kernel), axis=(2, 3))[:, :, ::stride]
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("All four axes were padded, so there are empty pictures and channels. Pad the last two only: ((0, 0), (0, 0), (p, p), (p, p)).")
    def pads_every_axis(x, kernel, stride=1, padding=0):
        v = windows(np.pad(np.asarray(x, dtype=float), padding), kernel, kernel, stride)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The border was filled with copies of the edge pixels. Padding is zeros.")
    def pads_with_copies(x, kernel, stride=1, padding=0):
        edges = ((0, 0), (0, 0), (padding, padding), (padding, padding))
        v = windows(np.pad(np.asarray(x, dtype=float), edges, mode="edge"), kernel, kernel, stride)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The windows were turned by 180°. Read them as they are, from the upper left.")
    def windows_flipped(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)[..., ::-1, ::-1]
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("These are the windows of the first picture only. The rows of all pictures stand below each other.")
    def first_picture(x, kernel, stride=1, padding=0):
        v = columns_of(x[:1], kernel, stride, padding)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("Each channel got rows of its own. One row holds the windows of all channels: first channel, second channel and so on, side by side.")
    def row_for_each_channel(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(-1, kernel * kernel)

    @mistake("Pictures and channels have changed places. Into the order n, oh, ow, c, kh, kw: axis 0 stays first, axis 1 comes fourth.")
    def channels_as_pictures(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(1, 2, 3, 0, 4, 5).reshape(v.shape[0] * v.shape[2] * v.shape[3], -1)

    @mistake("The rows of each picture lie in a table of their own. Asked is one table: reshape to two axes.")
    def table_for_each_picture(x, kernel, stride=1, padding=0):
        v = columns_of(x, kernel, stride, padding)
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(len(x), v.shape[2] * v.shape[3], -1)

    @also_right
    def by_loops(x, kernel, stride=1, padding=0):
        x, rows = padded(x, padding), []
        for picture in x:
            for i in range(0, x.shape[2] - kernel + 1, stride):
                for j in range(0, x.shape[3] - kernel + 1, stride):
                    rows.append(picture[:, i : i + kernel, j : j + kernel].ravel())
        return np.array(rows)

    @also_right
    def by_kernel_places(x, kernel, stride=1, padding=0):
        x = padded(x, padding)
        oh, ow = (x.shape[2] - kernel) // stride + 1, (x.shape[3] - kernel) // stride + 1
        out = np.empty((len(x), oh, ow, x.shape[1], kernel, kernel))
        for i in range(kernel):
            for j in range(kernel):
                out[..., i, j] = x[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride].transpose(0, 2, 3, 1)
        return out.reshape(len(x) * oh * ow, -1)

    @also_right
    def by_index(x, kernel, stride=1, padding=0):
        x = padded(x, padding)
        oh, ow = (x.shape[2] - kernel) // stride + 1, (x.shape[3] - kernel) // stride + 1
        down = (stride * np.arange(oh))[:, None, None, None] + np.arange(kernel)[None, None, :, None]
        across = (stride * np.arange(ow))[None, :, None, None] + np.arange(kernel)[None, None, None, :]
        return x[:, :, down, across].transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * kernel**2)

    @agrees_with("PyTorch")
    def by_torch(x, kernel, stride=1, padding=0):
        import torch

        cols = torch.nn.functional.unfold(torch.tensor(np.asarray(x, dtype=float)), kernel, stride=stride, padding=padding)
        return np.array(cols.transpose(1, 2).reshape(-1, cols.shape[1]).tolist())

    @shortcut("torch")
    def torchs_unfold(x, kernel, stride=1, padding=0):
        import torch

        columns = torch.nn.functional.unfold(torch.tensor(x), kernel, stride=stride, padding=padding)
        return columns.transpose(1, 2).reshape(-1, columns.shape[1]).numpy()


@exercise("conv2d")
class Conv2d:
    forbidden = FRAMEWORKS
    rtol, atol = 1e-5, 2e-5  # float32 is welcome
    equivalent = {
        "line 13: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 11: constant 1 becomes 2": "in reshape any negative number means: the rest",
        "line 11: constant 3 becomes -3": "an axis counted from the end is the same axis",
        "line 9: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 12: constant 1 becomes 2": "in reshape any negative number means: the rest",
    }

    hints = (
        "All windows as rows of a table, all filters as columns of another: then one matrix product gives every sum.",
        "The kernel may have more rows than columns, so take sliding_window_view with (kh, kw) as in im2col. W.reshape(out_channels, -1) lays each filter out as a row; turn it over for the product.",
        "The product has n · oh · ow rows and out_channels columns. Add b, reshape to (n, oh, ow, out_channels), and bring the channels to the second place.",
    )
    returns, cases = Convolution.returns, Convolution.cases
    locals().update(SHARED)
    einsum, shifted, matrix = map(also_right, (by_einsum, by_shifted_pictures, by_matrix))

    def probe(answer, x, W, b, stride=None, padding=None):
        import sys

        result = answer(x, W, b, *(v for v in (stride, padding) if v is not None))
        if stride != 3:
            return result

        class PythonLoop(Exception):
            pass

        # the lines of Python that run must not grow with the pictures and their pixels
        def count_lines(n, places, at_most):
            side, lines = 3 * (places - 1), 0
            many = np.ones((n, x.shape[1], W.shape[2] + side, W.shape[3] + side))

            def follow(frame, event, _):
                nonlocal lines
                if frame.f_globals is not getattr(answer, "__globals__", None):
                    return None
                lines += event == "line"
                if lines > at_most:
                    raise PythonLoop(f"more than {at_most} lines ran for {n} pictures")
                return follow

            before = sys.gettrace()
            sys.settrace(follow)
            try:
                answer(many, W, b, 3)
            finally:
                sys.settrace(before)
            return lines

        try:
            count_lines(80, 8, 30 + 2 * count_lines(1, 1, 100_000))
        except PythonLoop:
            raise
        except Exception:  # the result above shows what is wrong
            return result
        return result

    @mistake("It is right, but it loops over pictures or pixels in Python, which is slow. Lay all windows out as one table (as im2col does), and one matrix product gives every output.")
    def picture_by_picture(x, W, b, stride=1, padding=0):
        output = []
        for picture in x:
            one = convolve(picture[None], W, b, stride, padding)
            output.append(one[0])
        return np.array(output)

    @mistake("The filters were laid out by reshape(-1, out_channels), which mixes their weights. One filter is one row of W.reshape(out_channels, -1); turn that over with .T.")
    def filters_mixed(x, W, b, stride=1, padding=0):
        return convolve(x, W.reshape(-1, len(W)).T.reshape(W.shape), b, stride, padding)

    @mistake("The columns of the table stand in the order kh, kw, c, but the weights of a filter in the order c, kh, kw. Bring the windows into n, oh, ow, c, kh, kw.")
    def orders_differ(x, W, b, stride=1, padding=0):
        v = windows(padded(x, padding), *W.shape[2:], stride)
        n, _, oh, ow = v.shape[:4]
        rows = v.transpose(0, 2, 3, 4, 5, 1).reshape(n * oh * ow, -1)
        return (rows @ W.reshape(len(W), -1).T + b).reshape(n, oh, ow, len(W)).transpose(0, 3, 1, 2)

    @mistake("W.T turns all four axes over, so the weights come in another order than the pixels. Reshape first, then turn: W.reshape(out_channels, -1).T.")
    def turned_before_the_reshape(x, W, b, stride=1, padding=0):
        v = windows(padded(x, padding), *W.shape[2:], stride)
        n, _, oh, ow = v.shape[:4]
        rows = v.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
        return (rows @ W.T.reshape(-1, len(W)) + b).reshape(n, oh, ow, len(W)).transpose(0, 3, 1, 2)

    @mistake("The product came back as a table. Reshape it to (n, oh, ow, out_channels), then bring the channels to the second place.")
    def still_a_table(x, W, b, stride=1, padding=0):
        out = convolve(x, W, b, stride, padding)
        return out.transpose(0, 2, 3, 1).reshape(-1, len(W))

    @mistake("The window is kw high and kh wide. sliding_window_view takes rows first: (kh, kw).")
    def window_on_its_side(x, W, b, stride=1, padding=0):
        v = windows(padded(x, padding), W.shape[3], W.shape[2], stride)
        n, _, oh, ow = v.shape[:4]
        rows = v.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
        return (rows @ W.reshape(len(W), -1).T + b).reshape(n, oh, ow, len(W)).transpose(0, 3, 1, 2)

    @mistake("im2col(x, kh, …) takes square windows of kh by kh. Filters may be higher than wide: find the windows anew, for (kh, kw).")
    def square_windows(x, W, b, stride=1, padding=0):
        v = windows(padded(x, padding), W.shape[2], W.shape[2], stride)
        n, _, oh, ow = v.shape[:4]
        rows = v.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
        return (rows @ W.reshape(len(W), -1).T + b).reshape(n, oh, ow, len(W)).transpose(0, 3, 1, 2)

    @mistake("One number was added everywhere, the sum of all biases. Output channel k has its own, b[k].")
    def biases_added_up(x, W, b, stride=1, padding=0):
        return convolve(x, W, np.full(len(W), np.sum(b)), stride, padding)

    @mistake("One number was added everywhere, the mean of the biases. Output channel k has its own, b[k].")
    def biases_averaged(x, W, b, stride=1, padding=0):
        return convolve(x, W, np.full(len(W), np.mean(b)), stride, padding)

    @mistake("The product was turned over and reshaped to (n, out_channels, oh, ow), which mixes pictures and channels. Reshape to (n, oh, ow, out_channels) first, then transpose.")
    def turned_then_reshaped(x, W, b, stride=1, padding=0):
        right = convolve(x, W, b, stride, padding)
        return right.transpose(1, 0, 2, 3).reshape(right.shape)

    @mistake("The windows were reshaped to a table before their axes were in order, so a row mixes several windows. First n, oh, ow, then c, kh, kw.")
    def windows_mixed(x, W, b, stride=1, padding=0):
        v = windows(padded(x, padding), *W.shape[2:], stride)
        n, _, oh, ow = v.shape[:4]
        rows = np.ascontiguousarray(v).reshape(n * oh * ow, -1)
        return (rows @ W.reshape(len(W), -1).T + b).reshape(n, oh, ow, len(W)).transpose(0, 3, 1, 2)

    @mistake("The result was reshaped straight to (n, out_channels, oh, ow). In the product the channels stand last: reshape to (n, oh, ow, out_channels) first, then transpose.")
    def reshaped_only(x, W, b, stride=1, padding=0):
        right = convolve(x, W, b, stride, padding)
        return right.transpose(0, 2, 3, 1).reshape(right.shape)

    @agrees_with("SciPy")
    def by_scipy(x, W, b, stride=1, padding=0):
        return scipy_convolution(x, W, b, stride, padding)

    @agrees_with("PyTorch")
    def by_torch(x, W, b, stride=1, padding=0):
        return torch_convolution(x, W, b, stride, padding)

    @shortcut("torch")
    def torchs_layer(x, W, b, stride=1, padding=0):
        return torch_convolution(x, W, b, stride, padding)


def backward_parts(grad_output, x, W, stride=1, padding=0):
    """The three gradients, for the mistakes below to be made with; rounded as in convolve."""
    g = np.asarray(grad_output, dtype=float)
    x_pad, (kh, kw), (oh, ow) = padded(x, padding), W.shape[2:], g.shape[2:]
    view = windows(x_pad, kh, kw, stride)[:, :, :oh, :ow]
    grad_W = np.einsum("nkhw,nchwij->kcij", g, view)
    spread = np.zeros(x_pad.shape)
    for i in range(kh):
        for j in range(kw):
            part = np.einsum("nkhw,kc->nchw", g, W[:, :, i, j])
            spread[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += part
    h, w = x.shape[2:]
    spread, grad_W, grad_b = np.round(spread, 9), np.round(grad_W, 9), np.round(g.sum(axis=(0, 2, 3)), 9)
    return spread[:, :, padding : padding + h, padding : padding + w], grad_W, grad_b, spread


@exercise("conv2d_backward")
class Conv2dBackward:
    forbidden = FRAMEWORKS
    rtol, atol = 1e-5, 2e-5  # float32 is welcome
    equivalent = {
        "line 12: constant 1 becomes 2": "in reshape any negative number means: the rest",
        "line 13: zeros becomes ones in np.ones": "every entry is written over",
        "line 9: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 12: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 18: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 17: constant 1 becomes 2": "in reshape any negative number means: the rest",
        "line 17: constant 2 becomes -2": "an axis counted from the end is the same axis",
    }

    hints = (
        "b: it was added to every pixel of its channel, in every picture: a sum over three axes. W: as in a linear layer, with the windows of the padded x as the rows.",
        "x: every output pixel hands its gradient back to all pixels of its window. Loop over the places (u, v) of the filter: pixel (u, v) of all windows at once is a slice of the padded x with step stride.",
        "Start from zeros of the padded shape. For each (u, v) add grad_output, multiplied by W[:, :, u, v] and summed over the filters, to the slice that starts at row u and column v. With grad_output laid out as a table (n · oh · ow, out_channels), that sum is one matrix product. At the end cut the padding off.",
    )
    returns = ("grad_x", "grad_W", "grad_b")

    gradient = {"grad_x": "x", "grad_W": "W"}

    def loss(grad_output, x, W, stride=1, padding=0):
        return np.sum(grad_output * exactly_convolved(x, W, np.zeros(len(W)), stride, padding))

    def cases(rng):
        for x, W, _, stride, padding in layers(rng):
            oh = (x.shape[2] + 2 * padding - W.shape[2]) // stride + 1
            ow = (x.shape[3] + 2 * padding - W.shape[3]) // stride + 1
            g = numbers(rng, len(x), len(W), oh, ow)
            yield (g, x, W) if (stride, padding) == (1, 0) else (g, x, W, stride, padding)

    def probe(answer, grad_output, x, W, stride=None, padding=None):
        import sys

        result = answer(grad_output, x, W, *(v for v in (stride, padding) if v is not None))
        if stride != 3:
            return result

        class PythonLoop(Exception):
            pass

        # the lines of Python that run must not grow with the pictures and their pixels
        def count_lines(n, places, at_most):
            side, lines = 3 * (places - 1), 0
            many = np.ones((n, x.shape[1], W.shape[2] + side, W.shape[3] + side))
            grads = np.ones((n, len(W), places, places))

            def follow(frame, event, _):
                nonlocal lines
                if frame.f_globals is not getattr(answer, "__globals__", None):
                    return None
                lines += event == "line"
                if lines > at_most:
                    raise PythonLoop(f"more than {at_most} lines ran for {n} pictures")
                return follow

            before = sys.gettrace()
            sys.settrace(follow)
            try:
                answer(grads, many, W, 3)
            finally:
                sys.settrace(before)
            return lines

        try:
            count_lines(80, 8, 30 + 2 * count_lines(1, 1, 100_000))
        except PythonLoop:
            raise
        except Exception:  # the result above shows what is wrong
            return result
        return result

    @mistake("grad_b is averaged. The 1/n of a mean loss is in grad_output already: sum over pictures, rows and columns.")
    def bias_averaged(grad_output, x, W, stride=1, padding=0):
        gx, gW, _, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW, grad_output.mean(axis=(0, 2, 3))

    @mistake("grad_b was summed over the pictures only. The bias was added at every pixel: sum over rows and columns, too.")
    def bias_not_over_pixels(grad_output, x, W, stride=1, padding=0):
        gx, gW, _, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW, grad_output.sum(axis=0)

    @mistake("grad_b is one number. Each filter has its own bias: leave axis 1 standing.")
    def bias_one_number(grad_output, x, W, stride=1, padding=0):
        gx, gW, _, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW, float(grad_output.sum())

    @mistake("grad_W was divided by the number of pictures. The 1/n of a mean loss is in grad_output already.")
    def weights_averaged(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW / max(len(x), 1) if len(x) > 1 else gW / 1.0, gb

    @mistake("grad_W looked at windows of the picture without its padding. The filter saw the padded picture.")
    def weights_without_padding(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        if padding:
            moved = np.pad(np.asarray(x, dtype=float), ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
            gW = backward_parts(grad_output, moved, W, stride, 0)[1]
        return gx, gW, gb

    @mistake("grad_W is upside down: the filter was turned by 180°. Weight (u, v) of the filter met pixel (u, v) of each window.")
    def weights_flipped(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW[:, :, ::-1, ::-1].copy(), gb

    @mistake("grad_x used the filter upside down. With slices of the padded picture no turning is needed: place (u, v) goes with W[:, :, u, v].")
    def x_flipped(grad_output, x, W, stride=1, padding=0):
        _gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return backward_parts(grad_output, x, W[:, :, ::-1, ::-1], stride, padding)[0], gW, gb

    @mistake("Where windows overlap, the last one wrote over the others. A pixel that several windows saw gets the sum: +=.")
    def overwrites(grad_output, x, W, stride=1, padding=0):
        _gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        (kh, kw), (oh, ow) = W.shape[2:], grad_output.shape[2:]
        spread = np.zeros(padded(x, padding).shape)
        for i in range(kh):
            for j in range(kw):
                part = np.einsum("nkhw,kc->nchw", grad_output, W[:, :, i, j])
                spread[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] = part
        h, w = x.shape[2:]
        return spread[:, :, padding : padding + h, padding : padding + w], gW, gb

    @mistake("grad_x still has its padding on. Cut it off: the gradient has the shape of x.")
    def padding_left_on(grad_output, x, W, stride=1, padding=0):
        _, gW, gb, spread = backward_parts(grad_output, x, W, stride, padding)
        return spread, gW, gb

    @mistake("The padding was cut off at one end only, so grad_x is shifted. Take the middle: from padding on, h rows and w columns.")
    def padding_cut_at_the_end(grad_output, x, W, stride=1, padding=0):
        _, gW, gb, spread = backward_parts(grad_output, x, W, stride, padding)
        return spread[:, :, : x.shape[2], : x.shape[3]], gW, gb

    @mistake("The three stand in another order. It is grad_x, grad_W, grad_b.")
    def another_order(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gW, gb, gx

    @mistake("It is right, but it loops over pictures or pixels in Python, which is slow. Loop over the places of the filter instead: one slice of the padded picture serves all pictures and windows at once.")
    def picture_by_picture(grad_output, x, W, stride=1, padding=0):
        grad_x, grad_W = np.zeros(x.shape), np.zeros(W.shape)
        for m in range(len(x)):
            gx, gW, _, _ = backward_parts(grad_output[m : m + 1], x[m : m + 1], W, stride, padding)
            grad_x[m] = gx[0]
            grad_W += gW
        return grad_x, grad_W, grad_output.sum(axis=(0, 2, 3))

    @mistake("grad_x and grad_W have changed places. The order is grad_x, grad_W, grad_b.")
    def two_exchanged(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gW, gx, gb

    @mistake("Without padding nothing is left of grad_x: a slice to -padding is a slice to 0, which is empty. Cut from padding to padding + h, and columns alike.")
    def cut_to_minus_zero(grad_output, x, W, stride=1, padding=0):
        _, gW, gb, spread = backward_parts(grad_output, x, W, stride, padding)
        return spread[:, :, padding:-padding, padding:-padding], gW, gb

    @mistake("The slices move by one pixel from window to window. Place (u, v) of all windows is every stride-th pixel: u : u + stride · oh : stride.")
    def slices_without_stride(grad_output, x, W, stride=1, padding=0):
        (h, w), (oh, ow), (kh, kw) = x.shape[2:], grad_output.shape[2:], W.shape[2:]
        x_pad = padded(x, padding)
        spread = np.zeros(x_pad.shape)
        for i in range(kh):
            for j in range(kw):
                spread[:, :, i : i + oh, j : j + ow] += np.einsum("nkhw,kc->nchw", grad_output, W[:, :, i, j])
        gW = np.einsum("nkhw,nchwij->kcij", grad_output, windows(x_pad, kh, kw, 1)[:, :, :oh, :ow])
        return spread[:, :, padding : padding + h, padding : padding + w], gW, grad_output.sum(axis=(0, 2, 3))

    @mistake("grad_W was averaged over the places. Every place used the filter, and branches add up: a sum.")
    def weights_averaged_over_places(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW / grad_output[0, 0].size, gb

    @mistake("The cut leaves too little: a slice padding : h stops `padding` rows too early. Take padding : padding + h, and columns alike.")
    def padding_cut_twice(grad_output, x, W, stride=1, padding=0):
        _, gW, gb, spread = backward_parts(grad_output, x, W, stride, padding)
        return spread[:, :, padding : x.shape[2], padding : x.shape[3]], gW, gb

    @mistake("The padding was cut off at the start, and is still there at the end. Take padding : padding + h, and columns alike.")
    def padding_left_at_the_end(grad_output, x, W, stride=1, padding=0):
        _, gW, gb, spread = backward_parts(grad_output, x, W, stride, padding)
        return spread[:, :, padding:, padding:], gW, gb

    @mistake("grad_x was divided by the number of pictures. The 1/n of a mean loss is in grad_output already.")
    def x_averaged(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx / len(x), gW, gb

    @mistake("grad_b has an entry for each picture. It should have one for each filter: sum over the axes 0, 2 and 3.")
    def bias_for_each_picture(grad_output, x, W, stride=1, padding=0):
        gx, gW, _, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW, grad_output.sum(axis=(1, 2, 3))

    @mistake("All three were divided by the number of pictures. The 1/n of a mean loss is in grad_output already.")
    def everything_averaged(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx / len(x), gW / len(x), gb / len(x)

    @mistake("grad_b was averaged over the pictures. The 1/n of a mean loss is in grad_output already: sum over them, too.")
    def bias_averaged_over_pictures(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW, gb / len(x)

    @mistake("grad_b was summed over rows and columns only. The bias was added in every picture: sum over axis 0, too.")
    def bias_not_over_pictures(grad_output, x, W, stride=1, padding=0):
        gx, gW, _, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW, grad_output.sum(axis=(2, 3))

    @mistake("grad_output was reshaped to (…, out_channels) with its channels still in second place, which mixes them. First transpose(0, 2, 3, 1), then reshape.")
    def gradient_mixed(grad_output, x, W, stride=1, padding=0):
        n, k, oh, ow = grad_output.shape
        mixed = grad_output.reshape(n, oh, ow, k).transpose(0, 3, 1, 2)
        gx, gW, _, _ = backward_parts(mixed, x, W, stride, padding)
        return gx, gW, grad_output.sum(axis=(0, 2, 3))

    @mistake("For grad_W, grad_output was reshaped to (…, out_channels) with its channels still in second place, which mixes them. First transpose(0, 2, 3, 1), then reshape.")
    def gradient_mixed_for_W(grad_output, x, W, stride=1, padding=0):
        n, k, oh, ow = grad_output.shape
        gx, _, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        _, gW, _, _ = backward_parts(grad_output.reshape(n, oh, ow, k).transpose(0, 3, 1, 2), x, W, stride, padding)
        return gx, gW, gb

    @mistake("For grad_W the product lies on its side: windows.T @ grad_output has a column for each filter. Turn it over before the reshape to W.shape.")
    def weights_on_their_side(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW.reshape(len(W), -1).T.reshape(W.shape), gb

    @mistake("For grad_x the slices move by one pixel from window to window. Place (u, v) of all windows is every stride-th pixel: u : u + stride · oh : stride.")
    def x_slices_without_stride(grad_output, x, W, stride=1, padding=0):
        (h, w), (oh, ow) = x.shape[2:], grad_output.shape[2:]
        _, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        _, _, _, close = backward_parts(grad_output, np.zeros((*x.shape[:2], oh + W.shape[2] - 1, ow + W.shape[3] - 1)), W)
        spread = np.zeros(padded(x, padding).shape)
        spread[:, :, : close.shape[2], : close.shape[3]] = close
        return spread[:, :, padding : padding + h, padding : padding + w], gW, gb

    @mistake("np.zeros_like of the padded x holds whole numbers where x does, and fractions cannot be added to it. np.zeros(shape) holds floats.")
    def whole_numbers_from_x(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, spread = backward_parts(grad_output, x, W, stride, padding)
        held = np.zeros_like(np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding))))
        held += spread
        return gx, gW, gb

    @mistake("For grad_x rows and columns of the filter have changed places. The slice that starts at row u and column v goes with W[:, :, u, v].")
    def x_filter_turned(grad_output, x, W, stride=1, padding=0):
        (h, w), (oh, ow), (kh, kw) = x.shape[2:], grad_output.shape[2:], W.shape[2:]
        _, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        spread = np.zeros(padded(x, padding).shape)
        for i, j in np.ndindex(kh, kw):
            part = np.einsum("nkhw,kc->nchw", grad_output, W[:, :, j, i])
            spread[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += np.round(part, 9)
        return spread[:, :, padding : padding + h, padding : padding + w], gW, gb

    @mistake("For grad_x grad_output and W were each summed over the filters before they met. Multiply filter by filter, then sum.")
    def x_sums_before_the_product(grad_output, x, W, stride=1, padding=0):
        _, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        gx, _, _, _ = backward_parts(grad_output.sum(axis=1, keepdims=True), x, W.sum(axis=0, keepdims=True), stride, padding)
        return gx, gW, gb

    @mistake("In grad_x a pixel kept only what the last window that saw it handed back. Windows overlap: add with +=, and where an index array repeats, with np.add.at.")
    def last_window_only(grad_output, x, W, stride=1, padding=0):
        _, gW, gb, spread = backward_parts(grad_output, x, W, stride, padding)
        (h, w), (oh, ow) = x.shape[2:], grad_output.shape[2:]
        pixels = np.arange(spread.size).reshape(spread.shape)
        seen = windows(pixels, *W.shape[2:], stride)[:, :, :oh, :ow].transpose(0, 2, 3, 1, 4, 5)
        parts = np.einsum("nkhw,kcij->nhwcij", grad_output, W)
        spread = np.zeros_like(spread)
        spread.ravel()[seen.ravel()] = np.round(parts.ravel(), 9)
        return spread[:, :, padding : padding + h, padding : padding + w], gW, gb

    @mistake("grad_W has its channels exchanged. It has the shape of W: (out_channels, c, kh, kw).")
    def weights_with_channels_exchanged(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW.transpose(1, 0, 2, 3), gb

    @mistake("grad_W is still 0. Each weight met a pixel of every window: sum grad_output times these pixels.")
    def weights_left_at_zero(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, np.zeros(gW.shape), gb

    @mistake("grad_b is still missing. Return three: grad_x, grad_W, grad_b.")
    def only_two(grad_output, x, W, stride=1, padding=0):
        gx, gW, _, _ = backward_parts(grad_output, x, W, stride, padding)
        return gx, gW

    @mistake("All three have the wrong sign. Backward gives the gradient; the minus comes with the step.")
    def minus(grad_output, x, W, stride=1, padding=0):
        gx, gW, gb, _ = backward_parts(grad_output, x, W, stride, padding)
        return -gx, -gW, -gb

    @also_right
    def by_columns(grad_output, x, W, stride=1, padding=0):
        n, k, oh, ow = grad_output.shape
        rows = windows(padded(x, padding), *W.shape[2:], stride)[:, :, :oh, :ow].transpose(0, 2, 3, 1, 4, 5)
        g = grad_output.transpose(0, 2, 3, 1).reshape(-1, k)
        grad_W = (g.T @ rows.reshape(n * oh * ow, -1)).reshape(W.shape)
        back = (g @ W.reshape(k, -1)).reshape(n, oh, ow, *W.shape[1:])
        spread = np.zeros(padded(x, padding).shape)
        for i in range(W.shape[2]):
            for j in range(W.shape[3]):
                spread[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += back[..., i, j].transpose(0, 3, 1, 2)
        h, w = x.shape[2:]
        return spread[:, :, padding : padding + h, padding : padding + w], grad_W, g.sum(axis=0)

    @also_right
    def with_add_at(grad_output, x, W, stride=1, padding=0):
        oh, ow = grad_output.shape[2:]
        kh, kw = W.shape[2:]
        x_pad = padded(x, padding)
        down = stride * np.arange(oh)[:, None, None, None] + np.arange(kh)[None, None, :, None]
        across = stride * np.arange(ow)[None, :, None, None] + np.arange(kw)[None, None, None, :]
        seen = x_pad[:, :, down, across]
        spread = np.zeros(x_pad.shape)
        np.add.at(spread, (slice(None), slice(None), down, across), np.einsum("nkhw,kcij->nchwij", grad_output, W))
        inner = slice(padding, -padding) if padding else slice(None)
        return spread[:, :, inner, inner], np.einsum("nkhw,nchwij->kcij", grad_output, seen), grad_output.sum((0, 2, 3))

    @also_right
    def by_full_correlation(grad_output, x, W, stride=1, padding=0):
        n, k, oh, ow = grad_output.shape
        (kh, kw), x_pad = W.shape[2:], padded(x, padding)
        wide = np.zeros((n, k, x_pad.shape[2] + kh - 1, x_pad.shape[3] + kw - 1))
        wide[:, :, kh - 1 : kh - 1 + stride * oh : stride, kw - 1 : kw - 1 + stride * ow : stride] = grad_output
        spread = np.einsum("nkhwij,kcij->nchw", windows(wide, kh, kw, 1), W[:, :, ::-1, ::-1])
        grad_W = np.einsum("nkhw,nchwij->kcij", grad_output, windows(x_pad, kh, kw, stride)[:, :, :oh, :ow])
        h, w = x.shape[2:]
        return spread[:, :, padding : padding + h, padding : padding + w], grad_W, np.einsum("nkhw->k", grad_output)

    @agrees_with("PyTorch")
    def by_torch(grad_output, x, W, stride=1, padding=0):
        return torch_convolution(x, W, np.zeros(len(W)), stride, padding, grad_output)


def tiles_of(x, size):
    """(n, c, oh, ow, size, size) tiles, the rest cut off."""
    n, c, h, w = x.shape
    cut = x[:, :, : h // size * size, : w // size * size]
    return cut.reshape(n, c, h // size, size, w // size, size).transpose(0, 1, 2, 4, 3, 5)


@exercise("max_pool")
class MaxPool:
    forbidden = FRAMEWORKS
    equivalent = {
        "line 7: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 9: constant 3 becomes -3": "an axis counted from the end is the same axis",
    }

    hints = (
        "Cut off what does not fill a tile. Then reshape so that each tile's rows and columns get axes of their own: (n, c, h // size, size, w // size, size).",
        "In that shape axes 3 and 5 run inside a tile. Take the maximum over both.",
        "x[:, :, : oh * size, : ow * size].reshape(n, c, oh, size, ow, size), then .max over axes 3 and 5.",
    )
    returns = ("output",)

    def cases(rng):
        yield np.arange(16.0).reshape(1, 1, 4, 4) % 7
        yield numbers(rng, 2, 3, 6, 4)
        yield numbers(rng, 3, 2, 5, 7)
        yield numbers(rng, 2, 1, 6, 9), 3
        yield -np.abs(numbers(rng, 1, 2, 4, 6)) - 0.5, 2
        yield numbers(rng, 1, 3, 4, 4), 2
        yield numbers(rng, 2, 2, 7, 5), 4
        yield numbers(rng, 1, 2, 3, 2), 1

    @mistake("This is the mean of each tile. Max pooling keeps the largest.")
    def mean_pool(x, size=2):
        return tiles_of(np.asarray(x, dtype=float), size).mean(axis=(4, 5))

    @mistake("This is the smallest of each tile. Keep the largest.")
    def min_pool(x, size=2):
        return tiles_of(x, size).min(axis=(4, 5))

    @mistake("Only one pixel of each tile was kept, its first. Compare all size × size pixels.")
    def first_pixel(x, size=2):
        return tiles_of(x, size)[..., 0, 0].copy()

    @mistake("The tiles overlap: the window moved by one pixel. It moves by size.")
    def overlapping(x, size=2):
        return np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3)).max(axis=(4, 5))

    @mistake("Negative pixels became 0. The largest of negative numbers is negative: do not start the comparison from 0.")
    def starts_from_zero(x, size=2):
        return np.maximum(tiles_of(x, size).max(axis=(4, 5)), 0)

    @mistake("A tile that is not full was kept at the edge. What does not fill a tile is cut off: h // size rows.")
    def keeps_the_rest(x, size=2):
        n, c, h, w = x.shape
        full = np.full((n, c, -(-h // size) * size, -(-w // size) * size), -np.inf)
        full[:, :, :h, :w] = x
        return tiles_of(full, size).max(axis=(4, 5))

    @mistake("Only rows were compared, so the pictures are half as high but as wide as before. A tile has columns as well.")
    def rows_only(x, size=2):
        n, c, h, w = x.shape
        return x[:, :, : h // size * size].reshape(n, c, h // size, size, w).max(axis=3)

    @mistake("The size was ignored: this is for tiles of 2. Use the argument.")
    def always_two(x, size=2):
        return tiles_of(x, 2).max(axis=(4, 5))

    @mistake("The reshape put pixels together that are no neighbours: first rows in tiles, then columns, (n, c, h // size, size, w // size, size).")
    def wrong_reshape(x, size=2):
        n, c, h, w = x.shape
        cut = np.ascontiguousarray(x[:, :, : h // size * size, : w // size * size])
        return cut.reshape(n, c, h // size, w // size, size * size).max(axis=4)

    @mistake("The reshape split each side the wrong way round: h into (h // size, size), in this order, and w likewise. Then axes 3 and 5 run inside a tile.")
    def split_the_wrong_way(x, size=2):
        n, c, h, w = x.shape
        cut = x[:, :, : h // size * size, : w // size * size]
        return cut.reshape(n, c, size, h // size, size, w // size).max(axis=(2, 4))

    @mistake("The rows of im2col hold the windows of all channels side by side, channels last in the count. Pool each channel by itself, or bring the channels back to second place.")
    def channels_of_the_table(x, size=2):
        right = tiles_of(x, size).max(axis=(4, 5))
        return right.transpose(0, 2, 3, 1).reshape(right.shape)

    @mistake("The numbers of each tile were added up. Keep the largest.")
    def sum_pool(x, size=2):
        return tiles_of(x, size).sum(axis=(4, 5))

    @mistake("The maximum was taken over the wrong axes, those that count the tiles. After the reshape to (n, c, h // size, size, w // size, size), axes 3 and 5 run inside a tile.")
    def over_the_tiles(x, size=2):
        return tiles_of(x, size).max(axis=(2, 3))

    @mistake("What does not fill a tile was cut off at the top and on the left. The tiles start at the first row and column; the rest at the end is left out.")
    def cut_at_the_start(x, size=2):
        return tiles_of(x[:, :, x.shape[2] % size :, x.shape[3] % size :], size).max(axis=(4, 5))

    @mistake("The maximum ran over the channels as well. Each channel is pooled by itself.")
    def over_channels(x, size=2):
        return tiles_of(x, size).max(axis=(1, 4, 5))

    @mistake("Rows and columns that do not fill a tile are still there, so the reshape cannot work. Cut them off first: x[:, :, : oh * size, : ow * size].")
    def nothing_cut_off(x, size=2):
        n, c, h, w = x.shape
        return x.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5))

    @mistake("This is where the largest stands, not what it is. Take max, not argmax.")
    def place_of_the_largest(x, size=2):
        tiles = tiles_of(x, size)
        return tiles.reshape(*tiles.shape[:4], -1).argmax(axis=-1)

    @mistake("The tiles start one pixel apart and overlap. Tile (i, j) starts at row i · size and column j · size.")
    def tiles_one_apart(x, size=2):
        oh, ow = x.shape[2] // size, x.shape[3] // size
        return np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))[:, :, :oh, :ow].max(axis=(4, 5))

    @mistake("The maximum was taken over the rows of the tiles only, so an axis is left over. Take it over both axes inside a tile, 3 and 5.")
    def over_axis_3_only(x, size=2):
        return tiles_of(x, size).max(axis=4)

    @mistake("The maximum was taken over the columns of the tiles only, so an axis is left over. Take it over both axes inside a tile, 3 and 5.")
    def over_axis_5_only(x, size=2):
        return tiles_of(x, size).transpose(0, 1, 2, 4, 3, 5).max(axis=5)

    @mistake("This is the largest of the whole picture. Each tile keeps its own.")
    def largest_of_all(x, size=2):
        return x.max(axis=(2, 3))

    @mistake("The sign was dropped before pixels were compared. The largest is compared as it is: −5 is less than 1.")
    def largest_size(x, size=2):
        return np.abs(tiles_of(x, size)).max(axis=(4, 5))

    @also_right
    def by_slices(x, size=2):
        oh, ow = x.shape[2] // size, x.shape[3] // size
        out = np.full((*x.shape[:2], oh, ow), -np.inf)
        for i in range(size):
            for j in range(size):
                out = np.maximum(out, x[:, :, i : oh * size : size, j : ow * size : size])
        return out

    @also_right
    def by_windows(x, size=2):
        return np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::size, ::size].max((-1, -2))

    @also_right
    def by_loops(x, size=2):
        out = np.zeros((*x.shape[:2], x.shape[2] // size, x.shape[3] // size), dtype=x.dtype)
        for n, c, i, j in np.ndindex(out.shape):
            out[n, c, i, j] = x[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size].max()
        return out

    @agrees_with("PyTorch")
    def by_torch(x, size=2):
        import torch

        out = np.array(torch.nn.functional.max_pool2d(torch.tensor(np.asarray(x, dtype=float)), size).tolist())
        return out.astype(np.asarray(x).dtype)

    @shortcut("helpers.nn")
    def ready_made(x, size=2):
        from helpers import nn

        return nn.MaxPool2d(size).forward(x)


def scatter(grad_output, x, size, weights):
    """Put weights (n, c, oh, ow, size, size) times the tile's gradient back into the shape of x."""
    n, c, oh, ow = grad_output.shape
    out = np.zeros(x.shape)
    tiles = weights * np.asarray(grad_output, dtype=float)[..., None, None]
    out[:, :, : oh * size, : ow * size] = tiles.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, oh * size, ow * size)
    return out


def is_largest(x, size):
    tiles = tiles_of(x, size)
    return tiles == tiles.max(axis=(4, 5), keepdims=True)


@exercise("max_pool_backward")
class MaxPoolBackward:
    forbidden = FRAMEWORKS
    equivalent = {
        "line 8: constant 2 becomes -2": "an axis counted from the end is the same axis",
        "line 11: * becomes / in (x[place] == largest) / 1": "divided by 1 or multiplied by 1",
    }

    hints = (
        "Run the draft on a tile with two equal largest pixels, and add up what it hands back. How much came in?",
        "Count how many pixels of each tile share the first place, and divide by that count.",
        "Go through the places twice: first add up, tile by tile, how often `x[place] == largest` holds; then hand out grad_output divided by that.",
    )
    returns = ("grad_x",)

    def cases(rng):
        x = np.array([[[[1.0, 5.0, 2.0, 2.0], [5.0, 3.0, 2.0, 2.0], [0.0, 1.0, 7.0, 7.0], [9.0, 4.0, 6.0, 7.0]]]])
        yield np.array([[[[1.0, 8.0], [3.0, 6.0]]]]), x
        yield numbers(rng, 2, 3, 3, 2), numbers(rng, 2, 3, 6, 4) + 0.001 * rng.permutation(144).reshape(2, 3, 6, 4)
        yield numbers(rng, 1, 2, 2, 3), numbers(rng, 1, 2, 5, 7)
        yield numbers(rng, 2, 1, 2, 3), np.round(numbers(rng, 2, 1, 6, 9)), 3
        yield numbers(rng, 1, 2, 2, 2), whole(rng, 1, 2, 4, 5, low=1, high=3), 2
        yield numbers(rng, 1, 2, 1, 2), np.zeros((1, 2, 3, 5)), 2
        yield numbers(rng, 2, 2, 3, 2), numbers(rng, 2, 2, 3, 2), 1
        yield numbers(rng, 1, 2, 1, 2), -np.abs(numbers(rng, 1, 2, 3, 4)) - 0.5

    @mistake("The draft's fault is still there: pixels that share the first place each got the whole gradient. Divide it among them equally.")
    def whole_to_each(grad_output, x, size=2):
        return scatter(grad_output, x, size, is_largest(x, size) * 1.0)

    @mistake("Of pixels that share the first place only the first got the gradient. Here they share it equally.")
    def first_of_ties(grad_output, x, size=2):
        tiles = tiles_of(x, size)
        flat = tiles.reshape(*tiles.shape[:4], -1)
        hot = (np.arange(size * size) == flat.argmax(axis=-1)[..., None]).reshape(tiles.shape)
        return scatter(grad_output, x, size, hot * 1.0)

    @mistake("Of pixels that share the first place only the last got the gradient. Here they share it equally.")
    def last_of_ties(grad_output, x, size=2):
        tiles = tiles_of(x, size)
        flat = tiles.reshape(*tiles.shape[:4], -1)
        last = size * size - 1 - flat[..., ::-1].argmax(axis=-1)
        hot = (np.arange(size * size) == last[..., None]).reshape(tiles.shape)
        return scatter(grad_output, x, size, hot * 1.0)

    @mistake("Divided by all size · size pixels of the tile. Only those that share the first place count.")
    def shared_by_the_tile(grad_output, x, size=2):
        return scatter(grad_output, x, size, is_largest(x, size) / size**2)

    @mistake("Every pixel of a tile got a share. That is the backward of mean pooling; here only the largest count.")
    def mean_backward(grad_output, x, size=2):
        return scatter(grad_output, x, size, np.full(tiles_of(x, size).shape, 1 / size**2))

    @mistake("Every pixel of a tile got the whole gradient. Only the largest ones counted on the way forward.")
    def everyone(grad_output, x, size=2):
        return scatter(grad_output, x, size, np.ones(tiles_of(x, size).shape))

    @mistake("The smallest pixels got the gradient. It goes back to the largest.")
    def to_the_smallest(grad_output, x, size=2):
        tiles = tiles_of(x, size)
        mask = tiles == tiles.min(axis=(4, 5), keepdims=True)
        return scatter(grad_output, x, size, mask / mask.sum(axis=(4, 5), keepdims=True))

    @mistake("This is the mask alone, 1 at the largest. Multiply by what arrives.")
    def mask_only(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(np.ones(grad_output.shape), x, size, mask / mask.sum(axis=(4, 5), keepdims=True))

    @mistake("The gradient was multiplied by the pixel's value. The local slope of the maximum is 1 at the largest pixel.")
    def times_the_value(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, tiles_of(x, size) * mask / mask.sum(axis=(4, 5), keepdims=True))

    @mistake("Ties were counted over the whole picture, not tile by tile. Each tile shares its own gradient.")
    def counts_everywhere(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask / mask.sum(axis=(2, 3, 4, 5), keepdims=True))

    @mistake("Ties were counted over all pictures and channels together, not tile by tile. Each tile shares its own gradient.")
    def counts_in_the_batch(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask / mask.sum())

    @mistake("np.zeros_like(x) holds whole numbers where x does, and the fractions were cut off. np.zeros(x.shape) holds floats.")
    def whole_numbers_from_x(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask / mask.sum(axis=(4, 5), keepdims=True)).astype(x.dtype)

    @mistake("// cuts the fractions off. A gradient is divided with /.")
    def whole_division(grad_output, x, size=2):
        count = is_largest(x, size).sum(axis=(4, 5))
        return scatter(np.asarray(grad_output) // count, x, size, is_largest(x, size) * 1.0)

    @mistake("The tile's places were taken as 2 by 2 whatever `size` is. Both loops run over range(size).")
    def always_four_places(grad_output, x, size=2):
        (oh, ow), largest = grad_output.shape[2:], tiles_of(x, size).max(axis=(4, 5))
        places = [(..., slice(i, oh * size, size), slice(j, ow * size, size)) for i in range(2) for j in range(2)]
        count = np.maximum(sum(x[place] == largest for place in places), 1)
        out = np.zeros(x.shape)
        for place in places:
            out[place] = grad_output * (x[place] == largest) / count
        return out

    @mistake("np.tile lays whole copies side by side, so pixels meet the numbers of other tiles. np.repeat along axes 2 and 3 gives each number its tile.")
    def tiled(grad_output, x, size=2):
        (oh, ow), out = grad_output.shape[2:], np.zeros(x.shape)
        largest, g = (np.tile(a, (1, 1, size, size)) for a in (tiles_of(x, size).max(axis=(4, 5)), grad_output))
        out[:, :, : oh * size, : ow * size] = g * (x[:, :, : oh * size, : ow * size] == largest)
        return out

    @mistake("The gradient came back in a smaller shape. Rows and columns that were cut off get 0: the result has the shape of x.")
    def cut_shape(grad_output, x, size=2):
        mask = is_largest(x, size)
        out = scatter(grad_output, x, size, mask / mask.sum(axis=(4, 5), keepdims=True))
        return out[:, :, : grad_output.shape[2] * size, : grad_output.shape[3] * size]

    @mistake("Shared by the square of the number of equal pixels. Divide once.")
    def divides_twice(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask / mask.sum(axis=(4, 5), keepdims=True) ** 2)

    @mistake("The gradient was repeated for every pixel, in the shape of the tiles. Only the largest pixels get it, and the result has the shape of x.")
    def repeated(grad_output, x, size=2):
        return np.repeat(np.repeat(grad_output, size, axis=2), size, axis=3)

    @mistake("All pixels got it but the largest. It is the other way round: only a nudge of the largest changes the output.")
    def to_all_others(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, ~mask / mask.sum(axis=(4, 5), keepdims=True))

    @mistake("Multiplied by the number of equal pixels. They share one gradient: divide.")
    def times_the_count(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask * mask.sum(axis=(4, 5), keepdims=True))

    @mistake("The counting of equal pixels starts at 1, so each tile counts one too many. Start at 0.")
    def counts_one_too_many(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask / (1 + mask.sum(axis=(4, 5), keepdims=True)))

    @mistake("Tiles whose largest pixel is 0 or less got nothing. That is the ReLU's rule; pooling hands the gradient back whatever the sign.")
    def nothing_below_zero(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask * (tiles_of(x, size) > 0) / mask.sum(axis=(4, 5), keepdims=True))

    @mistake("The wrong sign. Backward gives the gradient; the minus comes with the step.")
    def minus(grad_output, x, size=2):
        mask = is_largest(x, size)
        return -scatter(grad_output, x, size, mask / mask.sum(axis=(4, 5), keepdims=True))

    @mistake("The gradient was shared while the counting still went on, so the first pixels got too much. Count through all places first, then share.")
    def shares_too_early(grad_output, x, size=2):
        mask = is_largest(x, size)
        running = np.cumsum(mask.reshape(*mask.shape[:4], -1), axis=-1).reshape(mask.shape)
        return scatter(grad_output, x, size, mask / np.maximum(running, 1))

    @mistake("The sum ran over all tiles, not over the pixels of one. `x[place] == largest` is about one place of every tile: add these masks up, place by place.")
    def sums_over_tiles(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask / mask.sum(axis=(0, 1, 2, 3), keepdims=True))

    @mistake("This is the mask alone, 1 at every largest pixel. Share, and multiply by what arrives.")
    def bare_mask(grad_output, x, size=2):
        return scatter(np.ones(grad_output.shape), x, size, is_largest(x, size) * 1.0)

    @mistake("Gradient and counts came back together. Return grad_x alone.")
    def with_the_counts(grad_output, x, size=2):
        mask = is_largest(x, size)
        count = mask.sum(axis=(4, 5))
        return scatter(grad_output, x, size, mask / count[..., None, None]), count * 1.0

    @also_right
    def by_loops(grad_output, x, size=2):
        out = np.zeros(x.shape)
        for n, c, i, j in np.ndindex(grad_output.shape):
            place = (n, c, slice(i * size, (i + 1) * size), slice(j * size, (j + 1) * size))
            largest = x[place] == x[place].max()
            out[place] = grad_output[n, c, i, j] * largest / largest.sum()
        return out

    @also_right
    def by_tiles(grad_output, x, size=2):
        mask = is_largest(x, size)
        return scatter(grad_output, x, size, mask / np.count_nonzero(mask, axis=(4, 5), keepdims=True))

    @also_right
    def by_slices(grad_output, x, size=2):
        oh, ow = grad_output.shape[2:]
        parts = [(slice(None), slice(None), slice(i, oh * size, size), slice(j, ow * size, size)) for i in range(size) for j in range(size)]
        best = np.max([x[p] for p in parts], axis=0)
        count = sum((x[p] == best).astype(float) for p in parts)
        out = np.zeros(x.shape)
        for p in parts:
            out[p] = np.where(x[p] == best, grad_output / count, 0.0)
        return out
