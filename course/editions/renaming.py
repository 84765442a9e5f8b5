"""A learner's answer to an exercise that has a new name, or a new description, in a newer release."""

import ast
import io
import re
import tokenize

WRITE_HERE = "# YOUR CODE HERE"


def renamed(source, old, new):
    """The answer with its function called `new`, or None where that cannot be done without a doubt.

    Every use of the name in the cell goes along, such as a call of the function by itself; strings and comments stay.
    """
    try:
        tree = ast.parse(source)
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, ValueError, tokenize.TokenError):
        return None
    if not any(_defines(node, old) for node in tree.body) or not _only_this(tree, old, new):
        return None
    lines = source.split("\n")
    for token in reversed(tokens):
        if token.type == tokenize.NAME and token.string == old:
            row, start = token.start
            lines[row - 1] = lines[row - 1][:start] + new + lines[row - 1][start + len(old) :]
    changed = "\n".join(lines)
    # what was meant, made on the tree: the text has to come to the same
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
        elif _defines(node, old):
            node.name = new
    try:
        return changed if ast.dump(ast.parse(changed)) == ast.dump(tree) else None
    except SyntaxError:
        return None


def with_new_description(answer, old_stub, new_stub, name):
    """The answer below the new release's def line and docstring, where the learner had left the old ones as they were
    and the arguments are the same; else None."""
    old_head, new_head = _head(old_stub), _head(new_stub)
    if not old_head or not new_head or not answer.startswith(old_head):
        return None
    if _arguments(answer, name) is None or _arguments(answer, name) != _arguments(new_stub, name):
        return None
    return new_head + answer[len(old_head) :]


def mentions(source, name):
    """Whether a text uses a name as a word."""
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", source) is not None


def _defines(node, name):
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == name


def _only_this(tree, old, new):
    """Whether `old` means the exercise wherever it stands, and `new` is free."""
    for node in ast.walk(tree):
        names = {
            ast.arg: ("arg",),
            ast.keyword: ("arg",),
            ast.Attribute: ("attr",),
            ast.alias: ("name", "asname"),
            ast.ExceptHandler: ("name",),
        }.get(type(node), ())
        if any(getattr(node, field) in (old, new) for field in names):
            return False
        if isinstance(node, (ast.Global, ast.Nonlocal)) and {old, new} & set(node.names):
            return False
        if isinstance(node, ast.Name) and (node.id == new or (node.id == old and not isinstance(node.ctx, ast.Load))):
            return False
        if _defines(node, new) or (_defines(node, old) and node not in tree.body):
            return False
    return True


def _head(stub):
    head, found, _ = stub.partition(WRITE_HERE)
    return head.rstrip(" ") if found and stub.count(WRITE_HERE) == 1 else ""


def _arguments(source, name):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
    return ast.dump(found[0].args) if len(found) == 1 else None
