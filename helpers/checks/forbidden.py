"""Finds names that an exercise forbids, in the syntax tree of an answer's source (never in its text)."""

import ast
import contextlib
import inspect
import textwrap
import types

import numpy as np


def find_forbidden(source_of, start, aliases, forbidden):
    """The first forbidden dotted name that the function `start` can reach through the learner's own code, or None.

    source_of: the source of a function of the learner's by its name, or None for any other name
    aliases: {name: dotted name} of what was imported, such as {"np": "numpy"}
    forbidden: dotted names; "torch" forbids all below it as well
    """
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        source = None if name in seen else source_of(name)
        seen.add(name)
        if source is None:
            continue
        tree = ast.parse(textwrap.dedent(source))
        known = {**aliases, **imported_names(tree)}
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                dotted = imported_names(node).values()
            else:
                dotted = [_dotted(node, known, source_of)]
            for entry in dotted:
                found = _match(entry, forbidden)
                if found:
                    return found
            if isinstance(node, ast.Name):
                waiting.append(node.id)
    return None


def live_sources(answer):
    """(source_of, aliases) for `find_forbidden`, from a live function or class and the module it was written in."""
    module, space = getattr(answer, "__module__", None), _space(answer)
    aliases = {}
    for name, value in space.items():
        if isinstance(value, types.ModuleType):
            aliases[name] = value.__name__
        elif callable(value) and getattr(value, "__module__", None) != module:
            aliases[name] = f"{_home(value)}.{getattr(value, '__name__', name)}"

    def source_of(name):
        value = answer if name == answer.__name__ else space.get(name)
        if not callable(value) or getattr(value, "__module__", None) != module:
            return None
        try:
            return inspect.getsource(value)
        except (OSError, TypeError):
            return _methods(value)

    return source_of, aliases


def _space(answer):
    """The names that an answer's code sees."""
    for each in (answer, *(vars(answer).values() if isinstance(answer, type) else ())):
        if hasattr(each, "__globals__"):
            return each.__globals__
    home = inspect.getmodule(answer)
    return vars(home) if home else {}


def _home(value):
    """The module that something callable comes from."""
    if isinstance(value, np.ufunc):  # each says that it is NumPy's own
        return "numpy" if hasattr(np, value.__name__) else "scipy.special"
    return getattr(value, "__module__", None) or getattr(getattr(value, "__self__", None), "__module__", None) or ""


def _methods(value):
    """The source of a class by its methods, for a Python that cannot find that of a class in a notebook; or None."""
    if not isinstance(value, type):
        return None
    found = []
    for method in vars(value).values():
        with contextlib.suppress(OSError, TypeError):
            found.append(textwrap.dedent(inspect.getsource(inspect.unwrap(getattr(method, "__func__", method)))))
    return "\n".join(found) or None


def imported_names(tree):
    """{name: dotted name} of every import in a syntax tree."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                known[a.asname or a.name.partition(".")[0]] = a.name if a.asname else a.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for a in node.names:
                known[a.asname or a.name] = f"{node.module}.{a.name}"
    return known


def _dotted(node, known, source_of):
    """The dotted name an expression stands for ("numpy.linalg.inv"), or ""."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    # a function of the learner's own may share its name with a library
    if node.id not in known and (source_of(node.id) or "").lstrip().startswith(("def ", "class ", "@")):
        return ""
    return ".".join([known.get(node.id, node.id), *reversed(parts)])


def _match(dotted, forbidden):
    plain = [part for part in dotted.split(".") if part and not part.startswith("_")]
    for entry in forbidden:
        wanted = entry.split(".")
        if plain[: len(wanted)] == wanted:
            return entry
        # numpy.gradient is also numpy.lib._function_base_impl.gradient
        if len(wanted) > 1 and len(plain) > 1 and plain[0] == wanted[0] and plain[-1] == wanted[-1]:
            return entry
    return None
