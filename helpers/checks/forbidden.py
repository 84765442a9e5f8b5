"""Finds names that an exercise forbids, in the syntax tree of an answer's source (never in its text)."""

import ast
import collections
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
        imported, known = imported_names(tree), {}
        for node, local in _with_locals(tree):
            if local not in known:
                known[local] = {**aliases, **dict.fromkeys(local, ""), **imported}
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                dotted = imported_names(node).values()
            else:
                dotted = [_dotted(node, known[local], source_of)]
            for entry in dotted:
                found = _match(entry, forbidden)
                if found:
                    return found
            if isinstance(node, ast.Name) and node.id not in local:
                waiting.append(node.id)
    return None


def live_sources(answer):
    """(source_of, aliases) for `find_forbidden`, from a live function or class and the module it was written in."""
    module, space = getattr(answer, "__module__", None), _space(answer)
    aliases = {}
    for name, value in space.items():
        if isinstance(value, types.ModuleType):
            aliases[name] = value.__name__
        # a function or a class, or what was made by one, such as a layer
        elif (callable(value) or hasattr(value, "__module__")) and getattr(value, "__module__", None) != module:
            aliases[name] = f"{_home(value)}.{getattr(value, '__name__', type(value).__name__)}"

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
    return ".".join([known.get(node.id) or node.id, *reversed(parts)])


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _with_locals(tree):
    """Every node of a syntax tree, with the names that are local to the functions around it."""
    waiting = collections.deque([(tree, frozenset())])
    while waiting:  # no recursion: a student may write a sum of ten thousand numbers
        node, local = waiting.popleft()
        yield node, local
        if not isinstance(node, FUNCTIONS):
            waiting.extend((child, local) for child in ast.iter_child_nodes(node))
            continue
        inside = local | _bound(node)
        outside = [*getattr(node, "decorator_list", ()), *node.args.defaults, *filter(None, node.args.kw_defaults)]
        waiting.extend((each, local) for each in outside)
        waiting.extend((each, inside) for each in _body(node))


def _body(function):
    return [function.body] if isinstance(function, ast.Lambda) else function.body


def _bound(function):
    """The names that are local to a function itself: its arguments, and what it assigns or defines."""
    args = function.args
    names = {each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg) if each}
    shared, waiting = set(), list(_body(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            names.add(getattr(node, "name", ""))
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            shared.update(node.names)
        waiting.extend(ast.iter_child_nodes(node))
    return names - shared


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
