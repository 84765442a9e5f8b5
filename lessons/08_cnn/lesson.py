# ---
# title: Convolutional networks
# question: Why should a pixel care about its neighbours?
# minutes: 105
# needs: [02_linear_regression, 04_sgd, 05_initialization, 06_backprop, 07_mlp]
# ---

# %% [markdown]
r"""
# 08 · Convolutional networks

**Why should a pixel care about its neighbours?**

Your network of unit 07 reads more than 97 of 100 digits. Move each digit by one pixel, which no person would notice, and it fails on more than half of them. It has learned what ink at *this* place means
and knows nothing of *next to*. At the end of this notebook a network of your own functions, with fewer than half as many numbers to learn, reads 99 of 100, and loses less when the digits move.

- **Before this:** units 02 and 04 to 07.
- **Time:** about 105 minutes, nine exercises. The end of section 4 is a good place to stop for the night.
- **You will be able to** slide a filter over a picture and say what comes out, and how large; count parameters and receptive fields; turn a convolution into one matrix product, forward and backward; pool; and look at what a network has learned.
"""

# %% setup
import math

import numpy as np

from helpers import check, data, guess, nn, plots

# %% [markdown]
r"""
## 1. What a dense layer throws away

A *dense* layer is a fully connected one, as in unit 07. Here are five digits, and below them the same five with their 64 pixels shuffled, by one fixed shuffle for all. (`helpers.nn`, the course's own small library, has the layers of units 05 to 07.)
"""

# %% demo
pixels, digits = data.digits()
heap = np.random.default_rng(0).permutation(len(pixels))
pictures, digits = pixels[heap].reshape(-1, 1, 8, 8), digits[heap]  # (n, c, h, w): one channel, 8 by 8
shuffle = np.random.default_rng(1).permutation(64)
shuffled = pictures.reshape(-1, 64)[:, shuffle].reshape(-1, 1, 8, 8)
fig, axes = plots.figure(2, 5, width=7.0, height=3.6)
for column, digit in enumerate([2, 3, 4, 6, 9]):
    shown = np.flatnonzero(digits == digit)[0]
    for row, some in enumerate([pictures, shuffled]):
        axes[row, column].imshow(1 - some[shown, 0], cmap="gray", vmin=0, vmax=1)
        axes[row, column].set(xticks=[], yticks=[])
        axes[row, column].spines[:].set_visible(True)
    axes[0, column].set_title(str(digit))
axes[0, 0].set_ylabel("as written")
axes[1, 0].set_ylabel("shuffled")
fig.suptitle("The same 64 pixels: above you read them, below you do not")
plots.show(fig, alt="Five handwritten digits, each titled with its label. Below each, the same pixels in shuffled order: grey noise in which nobody sees a digit.")

# %% [markdown] predict="cnn_shuffled"
r"""
Train unit 07's network (64 pixels, 128 hidden units, 10 logits) on 1,497 shuffled pictures, and test it on the 300 others, shuffled alike. How well will it do?

- [ ] Hardly better than guessing: nobody can read them.
- [x] As well as on the real pictures.
- [ ] About half as well.

Why: A dense layer gives each pixel a weight of its own, and nothing in it says which pixels are neighbours. Shuffle the pixels, shuffle the weights alike, and every sum is the same. All that "next to each other" means is thrown away.
"""

# %% demo
for name, some in [("real pictures", pictures), ("shuffled pictures", shuffled)]:
    rng = np.random.default_rng(0)
    dense = nn.Sequential(nn.Flatten(), nn.Linear(64, 128, rng), nn.ReLU(), nn.Linear(128, 10, rng))
    nn.fit(dense, some[:1497], digits[:1497], 0.2, 16, 20, rng, progress=False)
    print(f"{name:18s} {np.mean(dense.forward(some[1497:]).argmax(axis=1) == digits[1497:]):.1%} right")

# %% answer="cnn_shuffled"

# %% [markdown]
r"""
## 2. A small window that slides

A **filter** is a small table of weights, say 3 by 3. Lay it on the picture, multiply each weight by the pixel under it (0 is paper, 1 is ink), and add up: one number. Move it one pixel on and do it again. The numbers make a new picture, a **feature map**. It is large where
the picture looks like the filter. This is called a **convolution** (in mathematics the filter is turned by 180° first; here it is laid on as it is). A filter is also called a **kernel**; in the code `kernel` is the side of its window, here 3.

The filter in the next cell has $-1$ in its top row, 0 in the middle and $+1$ in its bottom row. Where all nine pixels are alike, the sum is 0. With paper above and ink below it is positive (red), the other way round negative (blue). Watch it slide: the frame is the filter, its signs are its weights.
"""

# %% demo
one = pictures[3, 0]
edge = np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]])
answer_map = np.array([[np.sum(one[i : i + 3, j : j + 3] * edge) for j in range(6)] for i in range(6)])


def draw_slide(ax, place):
    i, j = divmod(place, 6)
    both = np.full((8, 15), np.nan)
    both[:, :8] = one
    ax.imshow(both, cmap="Greys", vmin=0, vmax=1.2)
    done = np.full((8, 15), np.nan)
    for k in range(place + 1):
        done[1 + k // 6, 9 + k % 6] = answer_map[k // 6, k % 6]
    ax.imshow(done, cmap="RdBu_r", vmin=-3, vmax=3)
    for u, v in np.ndindex(3, 3):
        ax.text(j + v, i + u, "−0+"[u], ha="center", va="center", color=plots.COLORS["orange"], fontsize=14, weight="bold")
    for left, top, size in [(j, i, 3), (9 + j, 1 + i, 1)]:
        ax.plot(left - 0.5 + size * np.array([0, 1, 1, 0, 0]), top - 0.5 + size * np.array([0, 0, 1, 1, 0]), color=plots.COLORS["orange"], linewidth=3)
    ax.set_title(f"row {i}, column {j}: sum {answer_map[i, j]:+.1f}")
    ax.axis("off")


plots.animate(
    draw_slide,
    range(36),
    interval=150,
    strip=3,
    figsize=(7, 4),
    alt="Left a digit of 8 by 8 pixels with a 3 by 3 frame on it, minus signs in its top row and plus signs in its bottom row; right the feature map of 6 by 6 places that fills up, one value for each place of the frame, as it slides row by row.",
)

# %% [markdown]
r"""
The map is smaller than the picture: 6 by 6, since the window has only 6 places along each side. Two settings change that. **Padding** puts rows and columns of zeros around the picture first. **Stride** is how many pixels the window moves at a time. In the slider below, padding 1 keeps the 8 places of 8 pixels, and stride 2 leaves half of them.

A worked example: 8 pixels, a window of 3, stride 2, padding 1. With padding there are $8 + 2 \cdot 1 = 10$ pixels. The window's left edge can stand at 0, 2, 4 and 6; at 8 it would stick out. So the size is 4. In short: $10 - 3 = 7$ pixels of room, three whole steps of 2,
and the first place counts as well.
"""


# %% demo
def draw_places(ax, setting):
    stride, padding = setting
    n = 8 + 2 * padding
    ax.bar(range(n), 1, width=0.9, color=["0.9" if i < padding or i >= n - padding else plots.COLORS["sky"] for i in range(n)], edgecolor="black")
    starts = range(0, n - 2, stride)
    for row, start in enumerate(starts):
        ax.plot([start - 0.4, start + 2.4], [-0.4 - 0.35 * row] * 2, linewidth=5, color=plots.COLORS["orange"], solid_capstyle="butt")
    ax.set(title=f"stride {stride}, padding {padding}: {len(starts)} places", xlim=(-1, 10), ylim=(-3.2, 1.2))
    ax.axis("off")


plots.slider(
    draw_places,
    "(stride, padding)",
    [(1, 0), (2, 0), (1, 1), (3, 1), (2, 1)],
    figsize=(6, 3.6),
    alt="A row of eight pixels, with grey padding at both ends, and below it a bar for each place of a window of three. Stride 1 without padding has 6 places; padding 1 makes it 8; with stride 2 as well, 4.",
)


# %% exercise="conv_output_size" difficulty=2 importance=5 minutes=5
def conv_output_size(size, kernel, stride=1, padding=0):
    """How many places a window has along one side of a picture.

    size: pixels along that side   kernel: the window's pixels   stride: pixels it moves at a time, 1 or more
    padding: zeros added at each end, 0 or more. The window fits in at least once.
    Returns a whole number (int). A last step that does not fit is not taken.
    """
    ### BEGIN SOLUTION
    return (size + 2 * padding - kernel) // stride + 1
    ### END SOLUTION


# %% check="conv_output_size" points=2
check(conv_output_size)

# %% [markdown]
r"""
### Channels, and counting

A colour picture has three channels: red, green, blue. A filter has a 3 by 3 table for **each** input channel; the sums over all channels add up to one number, plus a **bias**. One filter gives one feature map. A layer has many filters, and their maps are the channels of its output.
So `W` has the shape `(out_channels, in_channels, kh, kw)`, where `kh` and `kw` are the filter's height and width, and `b` has one entry for each filter.
"""


# %% exercise="conv_parameters" difficulty=1 importance=4 minutes=3
def conv_parameters(in_channels, out_channels, kernel):
    """How many numbers a convolutional layer has to learn: square filters, and one bias for each filter.

    Returns a whole number (int).
    """
    ### BEGIN SOLUTION
    return out_channels * (in_channels * kernel * kernel + 1)
    ### END SOLUTION


# %% check="conv_parameters" points=2
check(conv_parameters)

# %% [markdown] predict="cnn_count"
r"""
A picture of 28 by 28 pixels becomes 16 feature maps of 28 by 28. A convolution with 3 by 3 filters has 160 numbers to learn. How many has a dense layer from all 784 pixels to all 12,544 values?

- [ ] About 16,000
- [ ] About 100,000
- [x] Almost ten million

Why: Every one of 784 pixels is joined to every one of 12,544 values: 784 · 12,544 + 12,544 = 9,847,040. The convolution uses the same 9 weights at every place. That is called parameter sharing: an edge is an edge wherever it is.
"""

# %% demo
print("convolution:", conv_parameters(1, 16, 3), "  dense:", 784 * 12544 + 12544)

# %% answer="cnn_count"

# %% [markdown]
r"""
### How far can it see?

A value of the first feature map has seen 3 by 3 pixels. A value of the second layer sees 3 by 3 values of the first map, whose windows overlap: 5 by 5 pixels. This is its **receptive field**.

Count along one side. Start with `field = 1` (a pixel sees itself) and `jump = 1` (neighbours look 1 pixel apart). A layer joins `kernel` neighbours, so the field grows by `kernel - 1` jumps. After it, neighbours look `stride` times further apart. In the picture the first layer has stride 2. Follow the lines from the bottom up: a field of 1, then 3, then 7.
"""

# %% demo
fig, ax = plots.figure(width=8.4, height=3.2)
for y, (name, centers, reach) in enumerate([("input", range(13), 0), ("after kernel 3, stride 2", range(1, 12, 2), 1), ("after kernel 3, stride 1", range(3, 10, 2), 3)]):
    ax.plot(list(centers), [y] * len(centers), "s", markersize=12, color=plots.COLORS["sky"], markeredgecolor="black")
    ax.text(13.2, y, name, va="center", fontsize=10)
for target, y, sources in [(5, 2, (3, 5, 7)), (3, 1, (2, 3, 4)), (5, 1, (4, 5, 6)), (7, 1, (6, 7, 8))]:
    for source in sources:
        ax.plot([target, source], [y, y - 1], color=plots.COLORS["orange"], zorder=0)
ax.set(xlim=(-0.6, 18.5), ylim=(-0.5, 2.5), title="One value of the second layer sees 7 pixels")
ax.axis("off")
plots.show(
    fig,
    alt="Three rows of squares: 13 input pixels; above them the values of a layer with kernel 3 and stride 2; above those a layer with kernel 3. Lines from one top value fan out to three values, and these to seven pixels, 2 to 8.",
)


# %% exercise="receptive_field" difficulty=3 importance=3 minutes=7
def receptive_field(layers):
    """How many input pixels, along one side, one value of the last layer sees.

    layers: a list of (kernel, stride), from the input on; convolutions and pooling alike
    Returns a whole number (int); 1 for an empty list.
    """
    ### BEGIN SOLUTION
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field
    ### END SOLUTION


# %% check="receptive_field" points=3
check(receptive_field)

# %% [markdown]
r"""
## 3. The layer, slow and clear

For picture $m$, filter $k$, row $i$ and column $j$:

$$\text{output}_{mkij} = b_k + \sum_{c,\,u,\,v} x_{m,\;c,\;s i + u,\;s j + v} \; W_{k c u v},$$

where $c$ runs over the input channels, $(u, v)$ over the places of the filter, $s$ is the stride, and $x$ is padded already. By hand, with $x = \begin{pmatrix}0&1&2&3\\4&5&6&7\\8&9&10&11\end{pmatrix}$, $W = \begin{pmatrix}1&2\\0&-1\end{pmatrix}$ and $b = 10$: the first place gives $0 + 2 \cdot 1 - 5 + 10 = 7$, the next one $1 + 2 \cdot 2 - 6 + 10 = 9$.

Write it with loops: over pictures, filters, rows and columns. `np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))` puts $p$ zeros around each picture.
"""


# %% exercise="conv2d_loops" difficulty=3 importance=4 minutes=12
def conv2d_loops(x, W, b, stride=1, padding=0):
    """A convolutional layer, written to be read.

    x: (n, c, h, w) array   W: (out_channels, c, kh, kw) array; kh and kw may differ   b: (out_channels,) array
    Returns an array (n, out_channels, oh, ow), where oh and ow are as conv_output_size says. The filters are laid on as
    they are, not turned. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    n, (out_channels, _, kh, kw) = len(x), W.shape
    oh = conv_output_size(x.shape[2], kh, stride, padding)
    ow = conv_output_size(x.shape[3], kw, stride, padding)
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    output = np.zeros((n, out_channels, oh, ow))
    for m in range(n):
        for k in range(out_channels):
            for i in range(oh):
                for j in range(ow):
                    window = x[m, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    output[m, k, i, j] = np.sum(window * W[k]) + b[k]
    return output
    ### END SOLUTION


# %% check="conv2d_loops" points=5
check(conv2d_loops)

# %% [markdown]
r"""
Try your layer on four filters made by hand. The first is the one you watched, the second the same on its side. The third is $\frac{1}{9}$ everywhere: a mean. The last has 4 in the middle and $-1$ on its four sides: 0 where a pixel is like those around it.
"""

# %% demo
filters = np.array([edge, edge.T, np.full((3, 3), 1 / 9), [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]])[:, None]
maps = conv2d_loops(pictures[3:4], filters, np.zeros(4), padding=1)[0]
fig, axes = plots.figure(1, 5, width=9.6, height=2.7)
axes[0].imshow(1 - pictures[3, 0], cmap="gray")
axes[0].set_title("picture")
for ax, one_map, name in zip(axes[1:], maps, ["ink below paper", "ink right of paper", "blur", "unlike its neighbours"]):
    ax.imshow(one_map, cmap="RdBu_r", vmin=-3, vmax=3)
    ax.set_title(name)
for ax in axes:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
fig.suptitle("Each filter finds something else (red: positive, blue: negative)")
plots.show(
    fig,
    alt="A digit and four feature maps from hand-made filters. The first is red at the upper edges of strokes and blue at the lower ones, the second red at left edges and blue at right ones, the third is a pale blurred digit, the last has single red and blue pixels.",
)

# %% [markdown]
r"""
## 4. The layer as one matrix product

Four loops in Python are slow. But each output is a sum of products over one window. If all windows were **rows of a table**, and all filters columns of another, one matrix product would give every output at once. Making that table is called **im2col** ("image to columns"; here a window is a row).
"""

# %% demo
fig, ax = plots.figure(width=9.0, height=3.4)
tiny = np.arange(12).reshape(3, 4)
for i in range(3):
    for j in range(4):
        first = i < 2 and j < 2
        ax.barh(-i, 1, left=j, height=1, color="#ffe2ad" if first else "0.95", edgecolor="black")
        ax.text(j + 0.5, -i, tiny[i, j], ha="center", va="center")
for row in range(6):
    i, j = divmod(row, 3)
    for column, v in enumerate(tiny[i : i + 2, j : j + 2].ravel()):
        ax.barh(1 - 0.8 * row, 1, left=7 + column, height=0.8, color="#ffe2ad" if row == 0 else "0.95", edgecolor="black")
        ax.text(7.5 + column, 1 - 0.8 * row, v, ha="center", va="center")
for row in range(4):
    ax.barh(0.2 - 0.8 * row, 1, left=13, height=0.8, color=plots.COLORS["sky"], edgecolor="black")
    ax.text(13.5, 0.2 - 0.8 * row, f"w{row}", ha="center", va="center")
for at, text in [(5.5, "→"), (12, "@")]:
    ax.text(at, -1, text, fontsize=16, ha="center", va="center")
for at, text in [(2, "picture 3 × 4"), (9, "six windows, 2 × 2 each"), (13.5, "filter")]:
    ax.text(at, 1.9, text, ha="center", fontsize=10)
ax.set(xlim=(-0.3, 15), ylim=(-3.7, 2.4), title="Each window becomes a row; the filter becomes a column")
ax.axis("off")
plots.show(fig, alt="A picture of 3 by 4 numbers; an arrow to a table of six rows, the numbers of each 2 by 2 window, the first one highlighted in both; then a column of four weights.")

# %% [markdown]
r"""
Pad `x` first. Then NumPy finds the windows without copying: `np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))` has the shape `(n, c, places down, places across, kh, kw)`: `[m, c, i, j]` of it is the window at row $i$, column $j$. Take every `stride`-th place (`::stride`), bring the axes into order, and reshape.

`.transpose` takes the old axes in their new order. From shape `(2, 3, 4)`, `.transpose(2, 0, 1)` makes `(4, 2, 3)`. `.reshape` then runs through the numbers with the last axis fastest, so axes that shall be joined must stand side by side first.
"""


# %% exercise="im2col" difficulty=4 importance=4 minutes=10
def im2col(x, kernel, stride=1, padding=0):
    """All windows of a batch of pictures as the rows of a table.

    x: (n, c, h, w) array   kernel: the window is kernel by kernel pixels
    Returns an array (n * oh * ow, c * kernel * kernel): the rows in the order n, oh, ow (the last runs fastest), the
    columns in the order c, kh, kw. Leaves x unchanged.
    """
    ### BEGIN SOLUTION
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    seen = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride]
    n, c, oh, ow = seen.shape[:4]
    return seen.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, c * kernel * kernel)
    ### END SOLUTION


# %% check="im2col" points=4
check(im2col)

# %% [markdown]
r"""
Now the whole layer. Filters may be higher than wide, which your `im2col` cannot do, so find the windows anew for `(kh, kw)`. Mind the shapes: the product has `n * oh * ow` rows and a column for each filter, and the layer's output has the channels in second place.
"""


# %% exercise="conv2d" difficulty=4 importance=5 minutes=10
def conv2d(x, W, b, stride=1, padding=0):
    """A convolutional layer, quickly: the same as conv2d_loops, without a Python loop over pictures or pixels.

    x: (n, c, h, w) array   W: (out_channels, c, kh, kw) array; kh and kw may differ   b: (out_channels,) array
    Returns an array (n, out_channels, oh, ow). Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    out_channels, _, kh, kw = W.shape
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    seen = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    n, _, oh, ow = seen.shape[:4]
    rows = seen.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
    output = rows @ W.reshape(out_channels, -1).T + b
    return output.reshape(n, oh, ow, out_channels).transpose(0, 3, 1, 2)
    ### END SOLUTION


# %% check="conv2d" points=5
check(conv2d)

# %% demo
import time

rng = np.random.default_rng(0)
counts, times = [1, 2, 4, 8, 16], {"four loops": [], "one product": []}
W_demo, b_demo = rng.normal(size=(8, 1, 3, 3)), np.zeros(8)
for count in counts:
    for name, layer in [("four loops", conv2d_loops), ("one product", conv2d)]:
        took = []
        for _ in range(3):
            began = time.perf_counter()
            layer(pictures[:count], W_demo, b_demo, padding=1)
            took.append(time.perf_counter() - began)
        times[name].append(min(took))
fig, ax = plots.figure(width=6.4, height=3.4)
for (name, took), style in zip(times.items(), ["o--", "s-"]):
    ax.loglog(counts, took, style, label=name)
ax.set_xticks(counts, counts, minor=False)
ax.minorticks_off()
sooner = times["four loops"][-1] / times["one product"][-1]
ax.set(title=f"The same numbers: 16 pictures {sooner:.0f} times as fast", xlabel="pictures", ylabel="seconds (this computer)")
ax.legend()
plots.show(fig, alt="Seconds against the number of pictures, both logarithmic. The four loops rise in a straight line, twice the time for twice the pictures; the one product stays far below, at 16 pictures by a factor of some hundreds.")

# %% [markdown]
r"""
## 5. Backward

Nothing new is needed: products, sums, and values that are used several times.

- **b** was added at every pixel of its map, in every picture: `grad_b` is a sum over pictures, rows and columns.
- **W**: the weight $(k, c, u, v)$ met one pixel of every window. `grad_W` sums grad_output times that pixel over all places, as in a linear layer whose rows are the windows.
- **x**: each output hands its gradient back to all pixels of its window, each multiplied by its weight. Windows overlap, every filter looks at the pixel, and **branches add up**.

How many windows see each pixel? Here are the counts for 4 by 4 pixels and 3 by 3 windows.
"""

# %% demo
fig, ax = plots.figure(width=5.0, height=3.8)
seen_by = np.zeros((4, 4), int)
for top in range(2):
    for left in range(2):
        seen_by[top : top + 3, left : left + 3] += 1
ax.imshow(seen_by, cmap="Blues", vmin=0, vmax=8)
for i, j in np.ndindex(4, 4):
    ax.text(j, i, seen_by[i, j], ha="center", va="center", fontsize=14)
for top, left, style in [(0, 0, "-"), (1, 1, "--")]:
    ax.plot(left - 0.5 + 3 * np.array([0, 1, 1, 0, 0]), top - 0.5 + 3 * np.array([0, 0, 1, 1, 0]), style, color=plots.COLORS["orange"], linewidth=3)
ax.set(xlim=(-0.6, 3.6), ylim=(3.6, -0.6), title="A middle pixel gets four gradients, a corner pixel one")
ax.axis("off")
plots.show(fig, alt="Four by four pixels with the number of 3 by 3 windows that see each: 1 in the corners, 2 along the edges, 4 in the middle. The first and the last of the four windows are framed.")

# %% [markdown]
r"""
For `grad_x` go through the places $(u, v)$ of the *filter*. Pixel $(u, v)$ of all windows at once is a slice of the padded picture: rows $u, u + s, u + 2s, \dots$ (`u : u + s * oh : s`), columns alike, where $s$ is the stride again. To that slice add grad_output times the weights at $(u, v)$, summed over the filters. At the end cut the padding off.

By hand, with $x$ and $W$ of section 3 and a grad_output of six ones: `grad_b` is 6. The upper left weight met the pixels 0, 1, 2, 4, 5 and 6, so its gradient is 18. The pixel 5 lay in four windows, under the weights $-1$, 0, 2 and 1, so its gradient is 2.
"""


# %% exercise="conv2d_backward" difficulty=5 importance=4 minutes=20
def conv2d_backward(grad_output, x, W, stride=1, padding=0):
    """Gradients of the loss with respect to the input, the filters and the biases of conv2d(x, W, b, stride, padding).

    grad_output: (n, out_channels, oh, ow) array   x: (n, c, h, w) array   W: (out_channels, c, kh, kw) array
    Returns grad_x, grad_W and grad_b, with the shapes of x, W and b. Where the loss is a mean, its 1/n is in grad_output
    already. A loop over the kh * kw places of the filter is fine; none over pictures or pixels, for speed.
    Leaves its inputs unchanged.
    """
    out_channels, (kh, kw), (oh, ow) = len(W), W.shape[2:], grad_output.shape[2:]
    ### BEGIN SOLUTION
    n, c, h, w = x.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    g = grad_output.transpose(0, 2, 3, 1).reshape(-1, out_channels)
    grad_pad, grad_W = np.zeros(x_pad.shape, grad_output.dtype), np.zeros(W.shape, grad_output.dtype)
    for u in range(kh):
        for v in range(kw):
            place = (slice(None), slice(None), slice(u, u + stride * oh, stride), slice(v, v + stride * ow, stride))
            grad_W[:, :, u, v] = g.T @ x_pad[place].transpose(0, 2, 3, 1).reshape(-1, c)
            grad_pad[place] += (g @ W[:, :, u, v]).reshape(n, oh, ow, c).transpose(0, 3, 1, 2)
    return grad_pad[:, :, padding : padding + h, padding : padding + w], grad_W, g.sum(axis=0)
    ### END SOLUTION


# %% check="conv2d_backward" points=6
check(conv2d_backward)


# %% demo
x3, W3 = np.arange(12.0).reshape(1, 1, 3, 4), np.array([[[[1.0, 2], [0, -1]]]])
grad_x, grad_W, grad_b = conv2d_backward(np.ones((1, 1, 2, 3)), x3, W3)
print(f"by hand 6, 18, 2; yours {grad_b[0]:g}, {grad_W[0, 0, 0, 0]:g}, {grad_x[0, 0, 1, 1]:g}")

# %% [markdown]
r"""
A nudge has the last word, as in unit 06: move every entry a little up and down and see how the loss answers.
"""


# %% demo
def verdict(name, stated, f, at, h=1e-5):
    slopes, at = np.zeros_like(at), at.copy()
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        up = f(at)
        at[i] = here - h
        slopes[i] = (up - f(at)) / (2 * h)
        at[i] = here
    error = np.max(np.abs(stated - slopes) / np.maximum(np.abs(stated) + np.abs(slopes), 1e-12))
    print("✓ right" if error < 1e-5 else "✗ WRONG", name)


x5, W5, b5 = rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3)
up5 = rng.normal(size=conv2d(x5, W5, b5, 2, 1).shape)
for name, stated, f, at in zip(
    ["grad_x", "grad_W", "grad_b"],
    conv2d_backward(up5, x5, W5, 2, 1),
    [lambda v: np.sum(up5 * conv2d(v, W5, b5, 2, 1)), lambda v: np.sum(up5 * conv2d(x5, v, b5, 2, 1)), lambda v: np.sum(up5 * conv2d(x5, W5, v, 2, 1))],
    [x5, W5, b5],
):
    verdict(name, stated, f, at)

# %% [markdown]
r"""
## 6. Pooling

Is there an edge *around here*? Exactly where does not matter so much. **Max pooling** cuts each map into tiles of 2 by 2 and keeps the largest value of each. The map is half as high and half as wide, and where the largest value moves by one pixel inside its tile, nothing changes.
"""

# %% demo
fig, axes = plots.figure(1, 2, width=6.6, height=3.0)
big = np.array([[1, 5, 2, 0], [3, 4, 1, 6], [0, 2, 9, 7], [1, 8, 3, 2]])
for ax, table in zip(axes, [big, np.array([[5, 6], [8, 9]])]):
    step = 4 // len(table)
    for i, row in enumerate(table):
        for j, v in enumerate(row):
            tile = (i * step // 2 + j * step // 2) % 2
            ax.barh(-(i * step) - step / 2, step, left=j * step, height=step, color=["#cfe3f1", "#ffe2ad"][tile], edgecolor="black")
            largest = step == 2 or v in (5, 6, 8, 9)
            ax.text((j + 0.5) * step, -(i + 0.5) * step, v, ha="center", va="center", fontsize=13, weight="bold" if largest else "normal")
    ax.set(xlim=(-0.2, 4.2), ylim=(-4.2, 0.2), aspect="equal", title="4 by 4" if step == 1 else "pooled: 2 by 2")
    ax.axis("off")
plots.show(fig, alt="A map of 4 by 4 numbers in four tiles, the largest of each tile in bold: 5, 6, 8 and 9. Beside it the pooled map with these four numbers.")


# %% exercise="max_pool" difficulty=3 importance=4 minutes=7
def max_pool(x, size=2):
    """Max pooling: the largest value of each tile of size by size pixels, every channel by itself.

    x: (n, c, h, w) array   size: 1 or more, at most h and w
    Returns an array (n, c, h // size, w // size); rows and columns that do not fill a tile are left out. Leaves x unchanged.
    """
    n, c, oh, ow = len(x), x.shape[1], x.shape[2] // size, x.shape[3] // size
    ### BEGIN SOLUTION
    tiles = x[:, :, : oh * size, : ow * size].reshape(n, c, oh, size, ow, size)
    return tiles.max(axis=(3, 5))
    ### END SOLUTION


# %% check="max_pool" points=3
check(max_pool)

# %% [markdown]
r"""
### Bug hunt

On the way back only the largest pixel of a tile gets the gradient: a nudge of any other changes nothing. Here is a colleague's version, for you to mend. It goes through the places *inside* a tile: `x[place]` holds the upper left pixel of every tile, then the upper right one, and so on.
"""


# %% draft="max_pool_backward"
def max_pool_backward_draft(grad_output, x, size=2):
    oh, ow = grad_output.shape[2:]
    largest = max_pool(x, size)
    grad_x = np.zeros(x.shape)
    for i in range(size):
        for j in range(size):
            place = (slice(None), slice(None), slice(i, oh * size, size), slice(j, ow * size, size))  # pixel (i, j) of all tiles
            grad_x[place] = grad_output * (x[place] == largest)
    return grad_x


# %% [markdown] predict="cnn_ties"
r"""
After a ReLU many tiles are all 0: four pixels share the first place. A gradient of 1 arrives at such a tile. How much does the draft hand back in all?

- [ ] 1
- [ ] 0
- [x] 4

Why: The mask is true at all four pixels, and each gets the whole gradient. It should be shared: what is handed back must add up to what came in.
"""

# %% demo
print(max_pool_backward_draft(np.ones((1, 1, 1, 1)), np.zeros((1, 1, 2, 2)))[0, 0])

# %% answer="cnn_ties"


# %% exercise="max_pool_backward" difficulty=3 importance=3 minutes=7
def max_pool_backward(grad_output, x, size=2):
    """Gradient of the loss with respect to x, where output = max_pool(x, size).

    grad_output: (n, c, h // size, w // size) array   x: (n, c, h, w) array
    Returns an array of the shape of x, of floats: each tile's gradient goes to its largest pixel; pixels that share the
    first place share it equally. Pixels that fill no tile get 0. Leaves its inputs unchanged.
    """
    ### BEGIN SOLUTION
    oh, ow = grad_output.shape[2:]
    largest = max_pool(x, size)
    places = [
        (slice(None), slice(None), slice(i, oh * size, size), slice(j, ow * size, size))
        for i in range(size)
        for j in range(size)
    ]
    sharing = sum((x[place] == largest) * 1 for place in places)
    grad_x = np.zeros(x.shape)
    for place in places:
        grad_x[place] = grad_output / sharing * (x[place] == largest)
    return grad_x
    ### END SOLUTION


# %% check="max_pool_backward" points=4
check(max_pool_backward)

# %% [markdown]
r"""
## 7. Pay-off: the digits again

Two convolutions with ReLU, 8 and 16 filters of 3 by 3 (padding 1 keeps 8 by 8), a pooling to 4 by 4, and a dense layer from the $16 \cdot 4 \cdot 4 = 256$ values to ten logits. Every function in it is yours. Forward first; the weights start as unit 05 says (He), in single precision (`float32`: half the memory).
"""


# %% demo
def start(seed):
    draw = np.random.default_rng(seed)
    he = lambda *shape: (draw.normal(size=shape) * np.sqrt(2 / np.prod(shape[1:]))).astype(np.float32)
    zeros = lambda k: np.zeros(k, np.float32)
    return [he(8, 1, 3, 3), zeros(8), he(16, 8, 3, 3), zeros(16), he(10, 256).T, zeros(10)]


def forward(params, x):
    W1, b1, W2, b2, W3, b3 = params
    s1 = conv2d(x, W1, b1, padding=1)
    r1 = np.maximum(s1, 0)
    s2 = conv2d(r1, W2, b2, padding=1)
    pooled = max_pool(np.maximum(s2, 0))
    return s1, r1, s2, pooled, pooled.reshape(len(x), -1) @ W3 + b3


# %% [markdown]
r"""
Backward takes the same stations in the opposite order: the softmax and its loss (unit 06), the dense layer, the pooling, then twice a ReLU and a convolution. The loop is that of unit 04. The cell after it trains three networks, from three seeds; it takes some seconds for each.
"""


# %% demo
def gradients(params, x, labels):
    W1, _, W2, _, W3, _ = params
    s1, r1, s2, pooled, logits = forward(params, x)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(x)), labels] -= 1
    g = p / len(x)
    flat = pooled.reshape(len(x), -1)
    back = max_pool_backward((g @ W3.T).reshape(pooled.shape), np.maximum(s2, 0)).astype(x.dtype) * (s2 > 0)
    grad_r1, grad_W2, grad_b2 = conv2d_backward(back, r1, W2, padding=1)
    _, grad_W1, grad_b1 = conv2d_backward(grad_r1 * (s1 > 0), x, W1, padding=1)
    return [grad_W1, grad_b1, grad_W2, grad_b2, flat.T @ g, g.sum(axis=0)]


def fit(seed, x, labels, lr=0.05, batch_size=16, num_epochs=20):
    params, draw = start(seed), np.random.default_rng(seed)
    for _ in range(num_epochs):
        order = draw.permutation(len(x))
        for first in range(0, len(x), batch_size):
            rows = order[first : first + batch_size]
            params = [p - lr * grad for p, grad in zip(params, gradients(params, x[rows], labels[rows]))]
    return params


# %% demo
x_train, x_test = pictures[:1497].astype(np.float32), pictures[1497:].astype(np.float32)
labels_train, labels_test = digits[:1497], digits[1497:]
networks, took = [], []
for seed in range(3):
    began = time.perf_counter()
    networks.append(fit(seed, x_train, labels_train))
    took.append(time.perf_counter() - began)
read = lambda params, x: forward(params, x)[-1].argmax(axis=1)
print("right on new pictures, three seeds:", "  ".join(f"{np.mean(read(p, x_test) == labels_test):.1%}" for p in networks))
print("numbers to learn:", sum(p.size for p in networks[0]))

# %% [markdown]
r"""
And unit 07's network, trained and tested on the same pictures. One picture of 300 is a third of a per cent, so look at all three seeds.
"""

# %% demo
denses = []
for seed in range(3):
    draw = np.random.default_rng(seed)
    denses.append(nn.Sequential(nn.Flatten(), nn.Linear(64, 128, draw), nn.ReLU(), nn.Linear(128, 10, draw)))
    nn.fit(denses[-1], pictures[:1497], labels_train, 0.2, 16, 20, draw, progress=False)
read_dense = lambda dense, x: dense.forward(x).argmax(axis=1)
print("right on new pictures, three seeds:", "  ".join(f"{np.mean(read_dense(d, x_test) == labels_test):.1%}" for d in denses))
print("numbers to learn:", 64 * 128 + 128 + 128 * 10 + 10)

# %% [markdown]
r"""
Now move every test picture by one pixel: up, down, left or right.
"""


# %% demo
def shifted(x, dy, dx):
    out = np.zeros_like(x)
    out[:, :, max(dy, 0) : 8 + min(dy, 0), max(dx, 0) : 8 + min(dx, 0)] = x[:, :, max(-dy, 0) : 8 - max(dy, 0), max(-dx, 0) : 8 - max(dx, 0)]
    return out


moves = {"still": (0, 0), "up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
results = np.zeros((len(moves), 2, 3))  # moves, two kinds, seeds
for row, move in enumerate(moves.values()):
    moved = shifted(x_test, *move)
    results[row, 0] = [np.mean(read(p, moved) == labels_test) for p in networks]
    results[row, 1] = [np.mean(read_dense(d, moved) == labels_test) for d in denses]
for name, row in zip(["convolutional", "dense"], results[1:].mean(axis=(0, 2))):
    print(f"moved, mean of four ways and three seeds: {row:.0%} right ({name})")

# %% demo
fig, ax = plots.figure(width=7.4, height=3.6)
for kind, (name, color, hatch) in enumerate([("convolutional", "blue", ""), ("dense", "orange", "//")]):
    at = np.arange(5) + 0.36 * kind - 0.18
    ax.bar(at, results[:, kind].mean(axis=1), 0.34, color=plots.COLORS[color], hatch=hatch, edgecolor="black", label=name)
    for seed in range(3):
        ax.plot(at, results[:, kind, seed], "k.", markersize=6)
ax.set_xlabel(f"how the pictures were moved (training took {np.mean(took):.0f} seconds a convolutional network)")
ax.set(xticks=range(5), xticklabels=list(moves), yticks=np.arange(0, 1.1, 0.2), ylim=(0, 1.2))
ax.set(ylabel="share right", title="Moved by one pixel: the dense network loses more")
ax.legend(ncols=2, loc="upper right")
plots.show(
    fig,
    alt="Share of test digits read, for pictures that stand still and pictures moved by one pixel up, down, left and right. Still: both near 1. Moved: the convolutional network is well above the dense one in every direction. Dots show three seeds.",
)

# %% [markdown]
r"""
Neither was told that digits may move. The convolutional network holds up better since its filters work alike everywhere and the pooling forgives a step inside a tile; but its last layer is dense and still knows places. To teach it that digits move, show it moved digits: unit 09.

What did it learn? Here are the eight filters of its first layer (red: positive weights, blue: negative), and below each the map it makes of one digit, after the ReLU. Where red and blue stand side by side, the filter finds a border between ink and paper; where nearly all is red, it thickens the ink. A filter with hardly any red gives an almost empty map: its sums are negative, and the ReLU cuts them off.
"""

# %% demo
W1 = networks[0][0]
maps = forward(networks[0], x_test[:1])[1][0]
fig, axes = plots.figure(2, 8, width=9.6, height=3.2)
for k in range(8):
    axes[0, k].imshow(W1[k, 0], cmap="RdBu_r", vmin=-1.2, vmax=1.2)
    axes[1, k].imshow(maps[k], cmap="Greys", vmin=0, vmax=2.5)
    for ax in axes[:, k]:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
    axes[0, k].set_title(f"filter {k}", fontsize=10)
axes[0, 0].set_ylabel("weights")
axes[1, 0].set_ylabel("its map")
fig.suptitle("Filters that nobody drew: learned from 1,497 digits")
plots.show(fig, alt="Top, eight learned filters of 3 by 3, red for positive and blue for negative weights; some have one side positive and the other negative. Below, the feature map of each for one digit: most show parts of its strokes, one is almost empty.")

# %% [markdown] predict="cnn_scrambled"
r"""
Train this convolutional network on the *shuffled* pictures of section 1. The dense network did not care. What about this one?

- [ ] It does as well as before.
- [x] It loses some per cent: its advantage is gone.
- [ ] It cannot learn anything at all.

Why: Neighbours in a shuffled picture have nothing to do with each other, so small windows see nothing worth seeing. The dense last layer still gets something out of it. A convolution is a bet that neighbours belong together; on pictures the bet pays.
"""

# %% demo
scrambled = shuffled.astype(np.float32)  # two more networks to train: some seconds again
rates = [np.mean(read(fit(seed, scrambled[:1497], labels_train), scrambled[1497:]) == labels_test) for seed in range(2)]
print("trained and tested on shuffled pictures:", "  ".join(f"{rate:.1%}" for rate in rates))

# %% answer="cnn_scrambled"

# %% [markdown]
r"""
## 8. The same numbers elsewhere

SciPy slides filters as well, and `helpers.nn` has the same layers ready-made.
"""

# %% demo
from scipy.signal import correlate2d

theirs = correlate2d(pictures[0, 0], edge, mode="valid")
yours = conv2d(pictures[:1], edge[None, None], np.zeros(1))[0, 0]
print("SciPy, differs by less than 1e-12:", bool(abs(yours - theirs).max() < 1e-12))
ready = nn.Conv2d(1, 8, 3, np.random.default_rng(0), padding=1)
yours = conv2d(pictures[:5], ready.W, ready.b, padding=1)
print("helpers.nn, differs by less than 1e-12:", bool(abs(ready.forward(pictures[:5]) - yours).max() < 1e-12))

# %% [markdown]
r"""
And your whole trained network, with its own weights, written in PyTorch's words; where PyTorch is not installed, in those of `helpers.nn`. Each dot is one logit, or one entry of a gradient. Are all dots on the line?
"""


# %% demo
def by_torch(params, x, labels):
    import torch
    from torch.nn import functional

    theirs = [torch.tensor(p, requires_grad=True) for p in params]
    W1, b1, W2, b2, W3, b3 = theirs
    r1 = torch.relu(functional.conv2d(torch.tensor(x), W1, b1, padding=1))
    pooled = functional.max_pool2d(torch.relu(functional.conv2d(r1, W2, b2, padding=1)), 2)
    logits = pooled.flatten(1) @ W3 + b3
    functional.cross_entropy(logits, torch.tensor(labels)).backward()
    return logits.detach().numpy(), [p.grad.numpy() for p in theirs]


def by_helpers(params, x, labels):
    draw = np.random.default_rng(0)
    first, second, last = nn.Conv2d(1, 8, 3, draw, padding=1), nn.Conv2d(8, 16, 3, draw, padding=1), nn.Linear(256, 10, draw)
    for layer, W, b in zip([first, second, last], params[::2], params[1::2]):
        layer.W[...], layer.b[...] = W, b
    theirs = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), nn.MaxPool2d(), nn.Flatten(), last)
    logits = theirs.forward(x)
    theirs.backward(nn.softmax_cross_entropy(logits, labels)[1])
    return logits, [g for layer in (first, second, last) for g in layer.grads]


# %% demo
case = [p.astype(float) for p in networks[0]], x_test[:50].astype(float), labels_test[:50]
try:
    library, (logits, grads) = "PyTorch", by_torch(*case)
except ImportError:
    library, (logits, grads) = "helpers.nn (PyTorch is not installed here)", by_helpers(*case)
fig, axes = plots.figure(1, 2, width=8.4, height=3.6)
for ax, name, yours, theirs in [
    (axes[0], "logits", forward(*case[:2])[-1].ravel(), logits.ravel()),
    (axes[1], "gradients", np.concatenate([g.ravel() for g in gradients(*case)]), np.concatenate([np.ravel(g) for g in grads])),
]:
    ends = [yours.min(), yours.max()]
    ax.plot(ends, ends, color="0.6", zorder=0)
    ax.plot(yours, theirs, ".", markersize=5)
    ax.set(title=f"{name}: largest difference {abs(yours - theirs).max():.0e}", xlabel="yours")
axes[0].set_ylabel(library, fontsize=9)
plots.show(fig, alt="Two plots of dots, your numbers across and the library's up: the logits of 50 test digits and every entry of the gradients. All dots lie on the line where both are equal.")

# %% [markdown]
r"""
## What to remember

- A dense layer does not know which pixels are neighbours. A convolution is built on it.
- One small filter, used at every place: few numbers to learn, and an edge is an edge anywhere.
- Size: (size + 2 · padding − kernel) // stride + 1. Fields grow by (kernel − 1) jumps, jumps multiply by strides.
- im2col makes it one matrix product. Backward needs only what you knew: products, sums, branches add up.
- Pooling keeps what is there and forgets exactly where; its gradient goes back to the largest.

**So why should a pixel care about its neighbours?** Because on pictures what lies side by side belongs together, wherever it lies. A filter that knows this has less to learn.

**Where it leads.** Here 1,497 pictures were enough. In *09 · Regularization* a network has only 300, learns them by heart, and you stop it.
"""
