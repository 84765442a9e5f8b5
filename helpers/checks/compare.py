"""Where two plain values first differ, said in a sentence. Properties come before numbers: what kind of thing was
returned, then its shape, then whether it is finite, then its entries."""

from dataclasses import dataclass

import numpy as np

from helpers.checks.values import Opaque, type_name


@dataclass(frozen=True)
class Tolerance:
    """An entry is right if |got - want| <= atol + rtol * |want|."""

    rtol: float = 1e-6
    atol: float = 1e-9
    strict_float: bool = False

    def close(self, got, want):
        got, want = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
        with np.errstate(invalid="ignore", over="ignore"):
            near = (np.abs(got - want) <= self.atol + self.rtol * np.abs(want)) & np.isfinite(want)
        return near | (got == want) | (np.isnan(got) & np.isnan(want))


@dataclass(frozen=True)
class Difference:
    """kind: "nothing", "type", "count", "keys", "shape", "whole numbers", "not finite" or "value".

    where: which output, in words ("" when there is but one)
    """

    kind: str
    sentence: str
    where: str = ""


def difference(got, want, tolerance, names=()):
    """The first difference between what came and what should have come, or None."""
    return _difference(got, want, tolerance, tuple(names), "")


def _difference(got, want, tol, names, where):
    it = where or "The result"
    if got is None and want is not None:
        sentence = "Your function returned nothing (None). Is there a `return` at its end?"
        return Difference("nothing", sentence if not where else f"{where} is None.", where)
    if isinstance(want, (bool, str, type(None), Opaque)):
        return _exactly(got, want, it, where)
    if isinstance(want, (int, float)):
        return _number(got, want, tol, it, where)
    if isinstance(want, np.ndarray):
        return _array(got, want, tol, it, where)
    if isinstance(want, (list, tuple)):
        return _sequence(got, want, tol, names, it, where)
    if isinstance(want, dict):
        return _dict(got, want, tol, it, where)
    return _exactly(got, want, it, where)


def _exactly(got, want, it, where):
    if type(got) is not type(want):
        return Difference("type", f"{it} should be {_kind(want)}; yours is {_kind(got)}.", where)
    if got == want:
        return None
    if where and isinstance(want, bool):  # a fact that a probe found, such as "same seed, same start"
        return Difference("value", f"{it} should be {want}; yours is {got}.", where)
    return Difference("value", f"{it} is not the right one.", where)


def _number(got, want, tol, it, where):
    if isinstance(got, np.ndarray) and got.ndim == 0 and not tol.strict_float:
        got = got.item()
    if isinstance(got, np.ndarray):
        sentence = f"{it} should be one number; yours is an array of shape {got.shape}."
        return Difference("shape", sentence, where)
    if isinstance(got, bool) or not isinstance(got, (int, float)):
        return Difference("type", f"{it} should be {_kind(want)}; yours is {_kind(got)}.", where)
    if isinstance(want, int) and isinstance(got, float):
        return Difference("type", f"{it} should be a whole number (int); yours is a float.", where)
    if tol.strict_float and isinstance(want, float) and not isinstance(got, float):
        return Difference("type", f"{it} should be a float; yours is {_kind(got)}.", where)
    if np.isfinite(want) and not np.isfinite(got):
        return Difference("not finite", f"{it} is {got}, not a finite number.", where)
    return None if tol.close(got, want) else Difference("value", f"{it} is not the right number.", where)


def _array(got, want, tol, it, where):
    if not isinstance(got, np.ndarray):
        return Difference("type", f"{it} should be a NumPy array; yours is {_kind(got)}.", where)
    if got.shape != want.shape:
        return Difference("shape", f"{it} should have shape {want.shape}; yours has shape {got.shape}.", where)
    if want.dtype.kind == "f" and got.dtype.kind != "f":
        sentence = f"{it} should hold floats; yours holds {got.dtype.name}, which cannot keep a fraction."
        return Difference("whole numbers", sentence, where)
    if want.dtype.kind in "iu" and got.dtype.kind not in "iu":
        return Difference("type", f"{it} should hold whole numbers; yours holds {got.dtype.name}.", where)
    if want.dtype.kind == "b" and got.dtype.kind != "b":
        return Difference("type", f"{it} should hold True and False; yours holds {got.dtype.name}.", where)
    if np.isfinite(want).all() and not np.isfinite(got).all():
        bad = int((~np.isfinite(got)).sum())
        entries = "1 entry that is" if bad == 1 else f"{bad} entries that are"
        return Difference("not finite", f"{it} holds {entries} not finite (nan or inf).", where)
    close = tol.close(got, want)
    if close.all():
        return None
    if want.ndim == 0 or want.size == 1:
        return Difference("value", f"{it} is not the right number.", where)
    wrong = int((~close).sum())
    at = tuple(int(i) for i in np.argwhere(~close)[0])
    index = at[0] if len(at) == 1 else at
    how_many = "Every entry" if wrong == want.size else f"{wrong} of {want.size} entries"
    of = f" of {where}" if where else ""
    sentence = f"{how_many}{of} differ{'s' if wrong in (1, want.size) else ''}, first at index {index}."
    return Difference("value", sentence, where)


def _sequence(got, want, tol, names, it, where):
    if not isinstance(got, (list, tuple)):
        if isinstance(want, list) and isinstance(got, np.ndarray) and got.ndim >= 1:
            got = list(plain_entries(got))
        else:
            named = names if len(names) == len(want) else ("first", "second", "third", "fourth")[: len(want)]
            sentence = (
                f"{it} should be {len(want)} values: end with `return {', '.join(named)}`. Yours is {_kind(got)}."
            )
            if isinstance(want, list):
                sentence = f"{it} should be a list of {len(want)}; yours is {_kind(got)}."
            return Difference("type", sentence, where)
    if len(got) != len(want):
        return Difference("count", f"{it} should hold {len(want)} things; yours holds {len(got)}.", where)
    for i, (g, w) in enumerate(zip(got, want, strict=True)):
        inner = f"`{names[i]}`" if len(names) == len(want) else f"{where + ', ' if where else ''}entry {i}"
        found = _difference(g, w, tol, (), inner)
        if found:
            return found
    return None


def plain_entries(array):
    """The entries of an array along its first axis: numbers, or smaller arrays."""
    return (entry.item() if entry.ndim == 0 else entry for entry in map(np.asarray, array))


def _dict(got, want, tol, it, where):
    if not isinstance(got, dict):
        return Difference("type", f"{it} should be a dict; yours is {_kind(got)}.", where)
    if set(got) != set(want):
        missing, extra = sorted(set(want) - set(got), key=str), sorted(set(got) - set(want), key=str)
        parts = [f"misses {', '.join(map(str, missing))}"] * bool(missing)
        parts += [f"has {', '.join(map(str, extra))} too many"] * bool(extra)
        return Difference("keys", f"{it} {' and '.join(parts)}.", where)
    for key in want:
        found = _difference(got[key], want[key], tol, (), f"`{key}`")
        if found:
            return found
    return None


def _kind(value):
    if isinstance(value, Opaque):
        return f"a {value.type_name}"
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"a {type_name(value)} of {len(value)}"
    names = {"int": "a whole number (int)", "float": "a float", "str": "a string (str)", "bool": "True or False"}
    return names.get(type_name(value), f"a {type_name(value)}")
