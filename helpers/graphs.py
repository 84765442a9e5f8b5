"""Draws a computational graph: one box a value, the value in it on the way forward, its gradient on the way back."""

from helpers.plots import COLORS


def draw(ax, out, names=None, reached=None, gap=0.0):
    """Draw the graph that ends in the node `out`, from left to right, and return the axes.

    A node is any object with `data`, `grad` and `inputs` (the nodes it was made from).
    names: {text: node}, shown above the value   reached: the nodes whose gradients are shown; all of them by default
    gap: how far below each other two boxes of a column stand, in boxes
    """
    columns = _columns(out)
    place = {}
    for x, nodes in enumerate(columns):
        for i, node in enumerate(nodes):
            place[id(node)] = (1.9 * x, (1.5 + gap) * ((len(nodes) - 1) / 2 - i))
    known = {id(node): text for text, node in (names or {}).items()}
    seen = None if reached is None else {id(node) for node in reached}
    for nodes in columns:
        for node in nodes:
            for source in node.inputs:
                _arrow(ax, place[id(source)], place[id(node)], seen is None or id(node) in seen)
    for nodes in columns:
        for node in nodes:
            _box(ax, place[id(node)], known.get(id(node), ""), node, seen is None or id(node) in seen)
    highest = max(y for _, y in place.values())
    ax.set(xlim=(-0.9, 1.9 * (len(columns) - 1) + 0.9), ylim=(-highest - 0.9, highest + 0.7))
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


def _box(ax, place, name, node, reached):
    x, y = place
    text = f"{name}\n" if name else ""
    style = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": "0.3", "linewidth": 1.2}
    ax.text(x, y, f"{text}{node.data:.3g}", ha="center", va="center", fontsize=9, bbox=style)
    if reached:
        below = {"xytext": (0, -29 if name else -22), "textcoords": "offset points", "ha": "center", "va": "center"}
        ax.annotate(f"{node.grad:+.3g}", (x, y), fontsize=9, color=COLORS["red"], weight="bold", **below)


def _arrow(ax, start, end, reached):
    color, style = (COLORS["red"], "-") if reached else ("0.6", "-")
    ax.annotate(
        "",
        xy=(end[0] - 0.45, end[1]),
        xytext=(start[0] + 0.45, start[1]),
        arrowprops={"arrowstyle": "<->" if reached else "->", "color": color, "linestyle": style, "linewidth": 1.2},
    )
