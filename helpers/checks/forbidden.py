"""Finds names that an exercise forbids, in the syntax tree of an answer's source (never in its text)."""

import ast
import inspect
import textwrap
import types


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
                dotted = [_dotted(node, known)]
            for entry in dotted:
                found = _match(entry, forbidden)
                if found:
                    return found
            if isinstance(node, ast.Name):
                waiting.append(node.id)
    return None


def live_sources(answer):
    """(source_of, aliases) for `find_forbidden`, from a live function and the module it was written in."""
    module = inspect.getmodule(answer)
    space = getattr(answer, "__globals__", None) or (vars(module) if module else {})
    aliases = {}
    for name, value in space.items():
        if isinstance(value, types.ModuleType):
            aliases[name] = value.__name__
        elif callable(value) and getattr(value, "__module__", None) != getattr(answer, "__module__", None):
            aliases[name] = f"{getattr(value, '__module__', '')}.{getattr(value, '__name__', name)}"

    def source_of(name):
        value = answer if name == answer.__name__ else space.get(name)
        if not callable(value) or getattr(value, "__module__", None) != getattr(answer, "__module__", None):
            return None
        try:
            return inspect.getsource(value)
        except (OSError, TypeError):
            return None

    return source_of, aliases


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


def _dotted(node, known):
    """The dotted name an expression stands for ("numpy.linalg.inv"), or ""."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
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
