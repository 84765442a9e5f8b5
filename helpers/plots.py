"""Figures, animations and sliders in the course's look, each with an alt text.

`figure` makes one, `show` displays it, `animate` and `slider` display a drawing that moves. What is displayed is an
`<img>` with the alt text; moving ones also carry a static strip, for readers without a running kernel.
"""

import base64
import html
import io

COLORS = {  # Okabe and Ito (2008), told apart with any common colour blindness
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "red": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "grey": "#767676",
    "black": "#000000",
}
STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "lines.linewidth": 2,
    "legend.frameon": False,
    "savefig.facecolor": "white",
}
DPI = 120


def figure(rows=1, cols=1, width=6.0, height=3.6):
    """A new figure in the course's look: `(fig, ax)`, where `ax` is an array when there is more than one.

    width, height: inches, of the whole figure.
    """
    import matplotlib
    from matplotlib.figure import Figure

    # for good, not for this call alone: legends and lines are made by the caller, after it
    matplotlib.rcParams.update({**STYLE, "axes.prop_cycle": _color_cycle()})
    fig = Figure(figsize=(width, height), layout="constrained")
    return fig, fig.subplots(rows, cols)


def show(fig, alt):
    """Display a figure. `alt` says what someone who cannot see it needs to know."""
    _display_image(_png(fig), alt)


def animate(draw, frames, alt, strip=4, interval=80, figsize=(6, 4)):
    """Display an animation with a play button and a slider.

    draw(ax, frame): draws one frame on empty axes   frames: a list   interval: milliseconds a frame
    strip: how many frames, first and last included, stand side by side in the static form
    """
    frames = list(frames)
    _display_moving(draw, frames, alt, strip, figsize, label="frame", names=None, interval=interval)


def slider(draw, label, values, alt, strip=3, figsize=(6, 4)):
    """Display a drawing with a slider over `values`.

    draw(ax, value): draws on empty axes   label: what the slider sets
    strip: how many values, first and last included, stand side by side in the static form
    """
    values = list(values)
    names = [f"{v:g}" if isinstance(v, (int, float)) else str(v) for v in values]
    _display_moving(draw, values, alt, strip, figsize, label=label, names=names, interval=None)


def _display_moving(draw, frames, alt, strip, figsize, label, names, interval):
    from IPython.display import display

    picked = [round(i * (len(frames) - 1) / max(strip - 1, 1)) for i in range(min(strip, len(frames)))]
    fig, axes = figure(1, len(picked), width=3.6 * len(picked), height=3.6 * figsize[1] / figsize[0] + 0.3)
    for ax, i in zip(axes if len(picked) > 1 else [axes], picked, strict=True):
        draw(ax, frames[i])
    still = _img(_png(fig), alt)
    live = _player(draw, frames, alt, figsize, label, names, interval)
    if live is not None:
        display(live)
        # a widget is gone when a saved notebook is opened again; the still pictures stay
        still = f"<details><summary>The same as still pictures</summary>{still}</details>"
    display({"text/html": still, "text/plain": alt}, raw=True)


def _player(draw, frames, alt, figsize, label, names, interval):
    """The widget that moves, or None outside a notebook's kernel."""
    if not in_notebook():
        return None
    from helpers.player import Player

    drawn = {}

    def frame(i):
        if i not in drawn:
            fig, ax = figure(width=figsize[0], height=figsize[1])
            draw(ax, frames[i])
            drawn[i] = _img(_png(fig), alt)
        return drawn[i]

    names = names if names is not None else [str(i) for i in range(len(frames))]
    return Player(frame, label, names, interval or 0)


def in_notebook():
    """Whether this runs in a Jupyter kernel."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def _color_cycle():
    from cycler import cycler

    names = ["blue", "orange", "green", "red", "purple", "sky", "black"]
    return cycler(color=[COLORS[name] for name in names])


def _png(fig):
    """The figure as (png bytes, width in CSS pixels)."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue(), round(fig.get_figwidth() * 96)


def _img(png, alt):
    data, width = png
    source = base64.b64encode(data).decode("ascii")
    return (
        f'<img src="data:image/png;base64,{source}" alt="{html.escape(alt)}" '
        f'width="{width}" style="max-width: 100%; height: auto">'
    )


def _display_image(png, alt):
    from IPython.display import display

    if not alt or not alt.strip():
        raise ValueError("plots.show needs an alt text: say what someone who cannot see the figure needs to know")
    display({"text/html": _img(png, alt), "text/plain": alt}, raw=True)
