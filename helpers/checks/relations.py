"""Simple relations between wrong outputs and right ones, for mistakes that no catalogue foresaw.

Each finder looks at all wrong cases together and speaks only where every one of them fits, so that a chance
resemblance in one case is not taken for an explanation.
"""

import numpy as np

from helpers.checks.values import Function


def relation(spec, cases, tolerance):
    """A sentence that relates what came to what should have come, or None.

    cases: [(inputs, got, want)] of all cases, the right ones too, plain values of the same structure each
    """
    swapped = _swapped(cases, tolerance)
    if swapped:
        return swapped
    found = []
    for name, series in _outputs(spec, cases):
        if all(_fits(tolerance, got, want) for _, got, want in series):
            continue
        sentence = _one(spec, name, series, tolerance)
        if sentence is None:
            return None
        found.append(sentence)
    return " ".join(dict.fromkeys(found)) or None


def which_are_right(spec, cases, tolerance):
    """ "grad_w is right; grad_b is not", where an answer has several outputs and only some are wrong."""
    right, wrong = [], []
    for name, series in _outputs(spec, cases):
        fits = all(_fits(tolerance, got, want) for _, got, want in series)
        (right if fits else wrong).append(name)
    if not right or not wrong:
        return None
    return f"{_are(right)} right; {_are(wrong)} not."


def _are(names):
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _outputs(spec, cases):
    """[(name, [(inputs, got, want)])], one entry for each output of the answer."""
    want = cases[0][2]
    if isinstance(want, tuple):
        count = len(want)
        if not all(isinstance(g, (tuple, list)) and len(g) == len(w) == count for _, g, w in cases):
            return []
        names = spec.returns if len(spec.returns) == count else [f"output {i}" for i in range(count)]
        return [(f"`{names[i]}`", [(inputs, g[i], w[i]) for inputs, g, w in cases]) for i in range(count)]
    return [("Your result", cases)]


def _numbers(value):
    """The value as a float array, or None where it is not numbers."""
    if isinstance(value, (list, tuple)) and not value:
        return None
    if isinstance(value, (bool, str, dict, set)) or value is None:
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array.astype(float) if array.dtype.kind in "iuf" else None


def _fits(tolerance, got, want):
    got, want = _numbers(got), _numbers(want)
    return got is not None and want is not None and got.shape == want.shape and bool(tolerance.close(got, want).all())


def _swapped(cases, tolerance):
    for _, got, want in cases:
        if not (isinstance(want, tuple) and len(want) == 2 and isinstance(got, (tuple, list)) and len(got) == 2):
            return None
        if not (_fits(tolerance, got[0], want[1]) and _fits(tolerance, got[1], want[0])):
            return None
    return "The two outputs are right but come in the wrong order: swap them."


def _one(spec, name, series, tolerance):
    series = [(inputs, _numbers(got), _numbers(want)) for inputs, got, want in series]
    if any(got is None or want is None for _, got, want in series):
        return None
    if any(got.shape != want.shape for _, got, want in series):
        if all(got.ndim == 2 and _fits(tolerance, got.T, want) for _, got, want in series):
            return f"{name} is the right matrix transposed (rows and columns exchanged)."
        if all(got.size == want.size and _fits(tolerance, got.reshape(want.shape), want) for _, got, want in series):
            return f"{name} holds the right numbers in the wrong shape."
        return None
    wrong = [(i, g, w) for i, g, w in series if not tolerance.close(g, w).all()]
    for test, sentence in _MAPS + (_ORDERS if max(want.size for _, _, want in wrong) > 1 else ()):
        with np.errstate(all="ignore"):
            if all(_fits(tolerance, got, test(want)) for _, got, want in wrong):
                return f"{name} {sentence}"
    return _factor(spec, name, series, wrong) or _offset(name, series, wrong)


_MAPS = (
    (lambda want: -want, "has the right size and the wrong sign, every time."),
    (lambda want: want**2, "is the square of the right one. Is a square root missing?"),
    (lambda want: np.sqrt(want), "is the square root of the right one. Is it one root too many?"),
    (lambda want: np.abs(want), "has the right size and always a plus sign: an absolute value too many?"),
    (lambda want: 1 / want, "is one over the right one: the fraction is upside down."),
    (lambda want: 1 - want, "is one minus the right one."),
)
_ORDERS = (
    (lambda want: want.T, "is the right matrix transposed (rows and columns exchanged)."),
    (lambda want: want[::-1] if want.ndim else want, "holds the right entries in reverse order."),
    (lambda want: np.roll(want, 1), "holds the right entries, all shifted by one place."),
    (lambda want: np.roll(want, -1), "holds the right entries, all shifted by one place."),
)


def _ratio(got, want):
    """The one factor between the two, or None."""
    where = np.abs(want) > 1e-6 * max(np.abs(want).max(initial=0), 1e-300)
    if not where.any() or not np.isfinite(got).all():
        return None
    ratios = got[where] / want[where]
    ratio = float(np.median(ratios))
    if ratio == 0 or not np.allclose(got, ratio * want, rtol=1e-5, atol=1e-9):
        return None
    return ratio


def _factor(spec, name, series, wrong):
    ratios = [_ratio(got, want) for _, got, want in wrong]
    if any(r is None or abs(r - 1) < 1e-3 for r in ratios):
        return None
    # nobody forgets a factor of a billion: that is a number that happens to be next to nothing
    if len(ratios) > 1 and np.allclose(ratios, ratios[0], rtol=1e-5) and 1e-4 < abs(ratios[0]) < 1e4:
        times = f"{_how_often(series, wrong)} {ratios[0]:.4g} times"
        return f"{name} is {times} the right one. Which factor is missing, or one too many?"
    # a right case is evidence as well: there the factor was one
    series = [row for row in series if _ratio(*row[1:]) is not None]
    ratios = [_ratio(got, want) for _, got, want in series]
    for label, quantity in _quantities(spec, [inputs for inputs, _, _ in series]):
        if len(set(quantity)) < 2:
            continue
        if np.allclose(ratios, quantity, rtol=1e-5):
            return f"{name} is too large by a factor of {label} ({_listed(quantity)} in the cases tried)."
        if np.allclose(ratios, 1 / np.asarray(quantity, dtype=float), rtol=1e-5):
            return f"{name} is too small by a factor of {label} ({_listed(quantity)} in the cases tried)."
    return None


def _quantities(spec, all_inputs):
    """[(label, [its value in each case])]: sizes and numbers among the inputs, and simple multiples of them."""
    rows = []
    for i, argument in enumerate(spec.arguments):
        if any(len(inputs) <= i for inputs in all_inputs):
            continue
        values = [inputs[i] for inputs in all_inputs]
        if any(isinstance(v, (Function, str, dict, bool, set)) or v is None for v in values):
            continue
        arrays = [_numbers(v) for v in values]  # None for a list of arrays, too
        if any(a is None for a in arrays):
            continue
        for axis in range(min(a.ndim for a in arrays)):
            rows.append((f"`{argument}.shape[{axis}]`", [a.shape[axis] for a in arrays]))
        if min(a.ndim for a in arrays) > 1:
            rows.append((f"`{argument}.size`", [a.size for a in arrays]))
        if all(a.ndim == 0 for a in arrays):
            rows.append((f"`{argument}`", [float(a) for a in arrays]))
    rows = [(label, q) for label, q in rows if all(v != 0 for v in q)]
    doubled = [(f"2 · {label}", [2 * v for v in q]) for label, q in rows]
    halved = [(f"{label} / 2", [v / 2 for v in q]) for label, q in rows]
    squared = [(f"{label} squared", [v**2 for v in q]) for label, q in rows]
    rooted = [(f"the square root of {label}", [abs(v) ** 0.5 for v in q]) for label, q in rows]
    return rows + doubled + halved + squared + rooted


def _offset(name, series, wrong):
    offsets = []
    for _, got, want in wrong:
        gaps = (got - want).ravel()
        if gaps.size == 0 or not np.isfinite(gaps).all() or not np.allclose(gaps, gaps[0], rtol=1e-5, atol=1e-9):
            return None
        offsets.append(float(gaps[0]))
    if len(offsets) < 2 or not np.allclose(offsets, offsets[0], rtol=1e-5):
        return None
    side = "large" if offsets[0] > 0 else "small"
    return f"{name} is {_how_often(series, wrong)} {abs(offsets[0]):.4g} too {side}."


def _how_often(series, wrong):
    return "always" if len(wrong) == len(series) else "in each of the wrong cases"


def _listed(values):
    return ", then ".join(f"{v:g}" for v in values[:3])


def only_wrong_where(failed, passed):
    """What the failing cases have in common that the passing ones lack, in a sentence, or None.

    failed, passed: lists of inputs. It speaks only where two cases passed or more, and one of them has the opposite of
    what is named: that a matrix is not square explains nothing where no square one was tried.
    """
    for has, opposite, sentence in _TRAITS:
        if not failed or len(passed) < 2 or not any(map(opposite, passed)):
            continue
        if all(map(has, failed)) and not any(map(has, passed)):
            subject = (
                "The wrong cases, and only they, have" if len(failed) > 1 else "The one wrong case, and only it, has"
            )
            return f"{subject} {sentence}."
    return None


def _arrays(inputs):
    return [v for v in inputs if isinstance(v, np.ndarray)]


def _matrix(inputs, test):
    """Whether any matrix of more than one entry passes the test."""
    return any(test(a) for a in _arrays(inputs) if a.ndim == 2 and a.size > 1)


def _number(inputs, test):
    return any(test(v) for v in inputs if isinstance(v, (int, float)))


_TRAITS = (  # (has it, has the opposite, what it is)
    (
        lambda inputs: any(isinstance(v, list) for v in inputs),
        lambda inputs: _arrays(inputs) != [],
        "an input that is a plain list",
    ),
    (
        lambda inputs: any(a.dtype.kind in "iu" for a in _arrays(inputs)),
        lambda inputs: any(a.dtype.kind == "f" for a in _arrays(inputs)),
        "an array of whole numbers (an integer dtype)",
    ),
    (
        lambda inputs: _matrix(inputs, lambda m: m.shape[0] != m.shape[1]),
        lambda inputs: _matrix(inputs, lambda m: m.shape[0] == m.shape[1]),
        "a matrix that is not square",
    ),
    (
        lambda inputs: _matrix(inputs, lambda m: m.shape[0] == m.shape[1] and not np.allclose(m, m.T)),
        lambda inputs: _matrix(inputs, lambda m: m.shape[0] == m.shape[1] and np.allclose(m, m.T)),
        "a matrix that is not symmetric",
    ),
    (
        lambda inputs: any(a.ndim and a.shape[0] == 1 for a in _arrays(inputs)),
        lambda inputs: any(a.ndim and a.shape[0] > 1 for a in _arrays(inputs)),
        "an array with a single row or entry",
    ),
    (
        lambda inputs: any(a.ndim > 1 for a in _arrays(inputs)),
        lambda inputs: any(a.ndim == 1 for a in _arrays(inputs)),
        "an array of more than one dimension",
    ),
    (
        lambda inputs: _number(inputs, lambda v: v < 0),
        lambda inputs: _number(inputs, lambda v: v > 0),
        "a negative number given",
    ),
)
