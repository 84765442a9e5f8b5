"""Draws a computational graph: one box a value, the value in it on the way forward, its gradient on the way back."""

from helpers.plots import COLORS


def draw(ax, out, names=None, reached=None, gap=0.0, slopes=False):
    """Draw the graph that ends in the node `out`, from left to right, and return the axes.

    A node is any object with `data`, `grad` and `inputs` (the nodes it was made from).
    names: {text: node}, shown above the value   reached: the nodes whose gradients are shown; all of them by default
    gap: how far below each other two boxes of a column stand, in boxes
    slopes: write each node's local slopes, its `slopes`, one for each input, at the arrows that come in
    """
    columns = _columns(out)
    place = _places(columns, 1.5 + gap)
    known = {id(node): text for text, node in (names or {}).items()}
    seen = None if reached is None else {id(node) for node in reached}
    nodes = [node for column in columns for node in column]
    boxes = {
        id(node): _box(ax, place[id(node)], known.get(id(node), ""), node, seen is None or id(node) in seen)
        for node in nodes
    }
    for node in nodes:
        for source in {id(v): v for v in node.inputs}.values():  # one arrow, also where a value is used twice
            ends = boxes[id(source)], boxes[id(node)]
            passed = seen is None or {id(source), id(node)} <= seen
            local = [slope for v, slope in zip(node.inputs, node.slopes, strict=True) if v is source] if slopes else []
            _arrow(ax, *ends, place[id(source)], place[id(node)], passed, local)
    lowest, highest = min(y for _, y in place.values()), max(y for _, y in place.values())
    ax.set(xlim=(-0.9, 1.9 * (len(columns) - 1) + 0.9), ylim=(lowest - 0.9, highest + 0.6))
    ax.axis("off")
    return ax


def order(out):
    """The nodes of a graph, every node after its inputs."""
    found, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for source in node.inputs:
                visit(source)
            found.append(node)

    visit(out)
    return found


def _columns(out):
    """The nodes by their place from left to right: right of all that they were made from, near to where they go."""
    nodes = order(out)
    depth = {}
    for node in nodes:
        depth[id(node)] = max((depth[id(source)] + 1 for source in node.inputs), default=0)
    users = {}
    for node in nodes:
        for source in node.inputs:
            users.setdefault(id(source), []).append(depth[id(node)])
    for node in nodes:
        if not node.inputs and id(node) in users:  # a leaf stands just before its first use
            depth[id(node)] = min(users[id(node)]) - 1
    columns = [[] for _ in range(max(depth.values()) + 1)]
    for node in nodes:
        columns[depth[id(node)]].append(node)
    return [column for column in columns if column]


def _places(columns, apart):
    """Where each node stands: results along the top as far as they go, what they are made with below them."""
    place = {}
    for x, nodes in enumerate(columns):
        for i, node in enumerate(sorted(nodes, key=lambda node: not node.inputs)):
            place[id(node)] = (1.9 * x, -apart * i)
    return place


def _box(ax, place, name, node, reached):
    """The box of a node, a text with a frame, which is returned; its gradient below it."""
    x, y = place
    text = f"{name}\n" if name else ""
    style = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": "0.3", "linewidth": 1.2}
    box = ax.text(x, y, f"{text}{node.data:.3g}", ha="center", va="center", fontsize=9, bbox=style, zorder=3)
    if reached:
        below = {"xytext": (0, -29 if name else -22), "textcoords": "offset points", "ha": "center", "va": "center"}
        paper = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
        style = {"fontsize": 9, "color": COLORS["red"], "weight": "bold", "bbox": paper, "zorder": 5}
        ax.annotate(f"{node.grad:+.3g}", (x, y), **below, **style)
    return box


def _arrow(ax, source, result, start, end, reached, local):
    """A grey arrow forward from box to box; once the gradient has passed, a red one beside it that leads back."""
    far = end[0] - start[0] > 2  # past a column: bent, so that it does not run through the boxes between
    bend = 0.0 if not far else 0.4 if start[1] == end[1] else 0.16
    # drawn after the boxes: only then are their frames known, where the arrow starts and ends
    line = {"arrowstyle": "->", "linewidth": 1.2, "patchA": source.get_bbox_patch(), "patchB": result.get_bbox_patch()}
    line |= {"shrinkA": 1, "shrinkB": 1, "color": "0.6", "connectionstyle": f"arc3,rad={bend}"}
    ax.annotate("", xy=end, xytext=start, arrowprops=line, zorder=4)
    if reached:
        back = {"patchA": line["patchB"], "patchB": line["patchA"], "color": COLORS["red"]}
        back["connectionstyle"] = f"arc3,rad={-bend - (0.05 if far else 0.18)}"
        ax.annotate("", xy=start, xytext=end, arrowprops=line | back, zorder=4)
    if local:
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        paper = {"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        style = {"ha": "center", "va": "center", "fontsize": 8, "bbox": paper, "zorder": 5}
        # where a line is bent, its middle hangs below the straight one
        drop = -bend / 2 * 1.15 * (end[0] - start[0])
        ax.annotate(" ".join(f"×{slope:.3g}" for slope in local), (middle[0], middle[1] + drop), **style)
