"""The plain values that pass between an answer and the judge, and their form in JSON.

Only numbers, strings, None, arrays of numbers, and lists, tuples, sets and dicts of these ever cross; everything else
becomes an `Opaque` that keeps its type's name alone. Nothing is pickled.
"""

import copy
import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Opaque:
    """A value of a type that an answer has no business returning; only the type's name is kept."""

    type_name: str

    def __repr__(self):
        return f"<{self.type_name}>"


ANYTHING = Opaque("anything")  # what a known mistake gives where its result is noise that differs by machine


class Function:
    """A function given to an answer as an input, kept as the source of one expression.

    takes: "number" refuses arrays and lists with a clear error, "array" allows them.
    """

    def __init__(self, source, takes="number"):
        if takes not in ("number", "array"):
            raise ValueError(f"takes is 'number' or 'array', not {takes!r}")
        self.source, self.takes = source, takes
        self._call = eval(compile(source, "<input function>", "eval"), {"np": np, "math": math})

    def __call__(self, x):
        if self.takes == "number" and (isinstance(x, (list, tuple)) or np.ndim(x) > 0):
            raise TypeError(
                f"this function takes one number, but it was called with {np.size(x)} numbers at once; "
                "call it once for each number"
            )
        return self._call(x)

    def __repr__(self):
        return self.source

    def __eq__(self, other):
        return isinstance(other, Function) and (self.source, self.takes) == (other.source, other.takes)

    __hash__ = None

    def __deepcopy__(self, memo):
        return self


def plain(value, depth=0):
    """The value with only plain types in it: NumPy scalars become Python's, odd objects become `Opaque`."""
    if type(value) is int and value.bit_length() > 1023:
        return Opaque("whole number of more than 300 digits")  # no float can stand for it, so nothing compares it
    if value is None or type(value) in (bool, int, float, str, Opaque):
        return value
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item()
    if type(value) is np.str_:  # an entry of an array of words
        return str(value)
    if type(value) is np.ndarray and value.dtype.kind in "biuf":
        return value.copy()
    if depth < 20:
        if type(value) in (list, tuple):
            return type(value)(plain(v, depth + 1) for v in value)
        if type(value) in (set, frozenset) and all(type(v) in (bool, int, float, str) for v in value):
            return set(value)
        if type(value) is dict and all(type(k) in (int, str) for k in value):
            return {k: plain(v, depth + 1) for k, v in value.items()}
    return Opaque(type_name(value))


def type_name(value):
    """How to speak of a value's type: "NumPy matrix", "SymPy Float", "function"."""
    module = type(value).__module__.partition(".")[0]
    library = {"numpy": "NumPy ", "sympy": "SymPy ", "pandas": "pandas "}.get(module, "")
    if type(value) is np.ndarray:
        return f"NumPy array of {value.dtype.name}s"
    return library + type(value).__name__


def same(a, b):
    """Whether two plain values (or inputs) are exactly equal, types and shapes included; NaN equals NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b or (a != a and b != b)


def fresh(inputs):
    """A deep copy of the inputs, so that no call sees what another did to them."""
    return copy.deepcopy(inputs)


def to_json(value):
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is np.ndarray:
        return {"array": value.tolist(), "dtype": value.dtype.name, "shape": list(value.shape)}
    if type(value) is list:
        return [to_json(v) for v in value]
    if type(value) is tuple:
        return {"tuple": [to_json(v) for v in value]}
    if type(value) is set:
        return {"set": sorted(value, key=str)}
    if type(value) is dict:
        return {"dict": [[k, to_json(v)] for k, v in value.items()]}
    if type(value) is Function:
        return {"function": value.source, "takes": value.takes}
    if type(value) is Opaque:
        return {"opaque": value.type_name}
    raise TypeError(f"a {type_name(value)} cannot stand in a check's inputs or outputs")


def from_json(data):
    if isinstance(data, list):
        return [from_json(v) for v in data]
    if not isinstance(data, dict):
        return data
    if "array" in data:
        return np.array(data["array"], dtype=data["dtype"]).reshape(data["shape"])
    if "tuple" in data:
        return tuple(from_json(v) for v in data["tuple"])
    if "set" in data:
        return set(data["set"])
    if "dict" in data:
        return {k: from_json(v) for k, v in data["dict"]}
    if "function" in data:
        return Function(data["function"], data["takes"])
    return Opaque(data["opaque"])
