"""Machine-made mutants of a reference solution: one small change each, in its syntax tree."""

import ast
import copy

SWAPS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
CALLS = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "zeros": "ones", "ones": "zeros", "std": "var",
         "sqrt": "abs", "abs": "array", "zeros_like": "ones_like", "hstack": "vstack", "cos": "sin", "sin": "cos",
         "exp": "log", "log": "exp", "argmax": "argmin", "argmin": "argmax", "append": "extend"}  # fmt: skip


def mutants(source, name):
    """[(description, source)] of every mutant of the function or class `name` in `source`.

    A description names the change and its line: "line 4: + becomes -".
    """
    tree = ast.parse(source)
    places = [n for n in ast.walk(tree) if hasattr(n, "lineno") or isinstance(n, (ast.arguments,))]
    made, seen = [], {ast.unparse(tree)}
    for place in range(len(places)):
        for number in range(8):
            changed = copy.deepcopy(tree)
            node = [n for n in ast.walk(changed) if hasattr(n, "lineno") or isinstance(n, (ast.arguments,))][place]
            described = _change(changed, node, number)
            if described is None:
                break
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen:
                seen.add(text)
                line = getattr(node, "lineno", tree.body[0].lineno)
                made.append((f"line {line}: {described}", text))
    return made


def _change(tree, node, number):
    """Apply the number-th change that fits the node, in place; its description, or None where there are no more."""
    changes = list(_changes(tree, node))
    return changes[number]() if number < len(changes) else None


def _changes(tree, node):
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.AugAssign)) and type(node.op) in SWAPS:
        yield lambda: _set(node, "op", SWAPS[type(node.op)]())
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)):
        yield lambda: _swap_sides(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield lambda: _set_compare(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        yield lambda: _set_constant(node, node.value + 1)
        yield lambda: _set_constant(node, node.value - 1)
        if node.value not in (0, 1):
            yield lambda: _set_constant(node, -node.value)
            yield lambda: _set_constant(node, node.value * 2)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda: _set_constant(node, not node.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and not _is_docstring(tree, node):
        yield lambda: _set_constant(node, node.value + "_")
    if isinstance(node, ast.Attribute) and node.attr in CALLS:
        yield lambda: _set_text(node, "attr", CALLS[node.attr])
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield lambda: _replace(tree, node, node.value, "the transpose .T is dropped")
    if isinstance(node, ast.Call) and node.keywords:
        yield lambda: _drop_keyword(node)
    if isinstance(node, ast.Call) and len(node.args) > 1 and not node.keywords:
        yield lambda: _swap_arguments(node)
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        yield lambda: _replace(tree, node, node.args[0], f"{ast.unparse(node)} becomes its argument")
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield lambda: _negate(node)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        yield lambda: _reverse(node)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For)) and not _docstring_statement(node):
        yield lambda: _drop(tree, node)
    if isinstance(node, ast.AugAssign):
        yield lambda: _plain_assignment(tree, node)


def _set(node, field, op):
    old = getattr(node, field)
    setattr(node, field, op)
    return f"{_sign(old)} becomes {_sign(op)} in {ast.unparse(node)[:60]}"


def _set_compare(node):
    old, node.ops[0] = node.ops[0], SWAPS[type(node.ops[0])]()
    return f"{_sign(old)} becomes {_sign(node.ops[0])} in {ast.unparse(node)[:60]}"


def _set_constant(node, value):
    old, node.value = node.value, value
    return f"constant {old!r} becomes {value!r}"


def _set_text(node, field, value):
    old = getattr(node, field)
    setattr(node, field, value)
    return f"{old} becomes {value} in {ast.unparse(node)[:60]}"


def _swap_sides(node):
    node.left, node.right = node.right, node.left
    return f"sides exchanged: {ast.unparse(node)[:60]}"


def _swap_arguments(node):
    node.args[0], node.args[1] = node.args[1], node.args[0]
    return f"arguments exchanged: {ast.unparse(node)[:60]}"


def _drop_keyword(node):
    gone = node.keywords.pop()
    return f"{gone.arg}= dropped from {ast.unparse(node)[:60]}"


def _negate(node):
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return f"condition negated: {ast.unparse(node.test)[:60]}"


def _reverse(node):
    node.value.elts.reverse()
    return f"returned in reverse: {ast.unparse(node)[:60]}"


def _drop(tree, node):
    text = ast.unparse(node).splitlines()[0][:60]
    for parent in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and node in block:
                block[block.index(node)] = ast.Pass()
                return f"dropped: {text}"
    return None


def _plain_assignment(tree, node):
    return _replace(
        tree, node, ast.Assign([node.target], node.value), f"{_sign(node.op)}= becomes = in {ast.unparse(node)[:50]}"
    )


def _replace(tree, node, other, description):
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, other)
                return description
            if isinstance(value, list) and node in value:
                value[value.index(node)] = other
                return description
    return None


def _is_docstring(tree, node):
    return any(_docstring_statement(n) and n.value is node for n in ast.walk(tree))


def _docstring_statement(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _sign(op):
    signs = {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "MatMult": "@", "Pow": "**", "USub": "-", "UAdd": "+"}
    signs |= {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!=", "FloorDiv": "//", "Mod": "%"}
    return signs.get(type(op).__name__, type(op).__name__.lower())
