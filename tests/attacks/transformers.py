"""Input and AST transformers, and other hooks of the shell that changes later cells before they run."""

from attack import Attack

ATTACKS = [
    Attack(
        "input_transformer",
        "registers an IPython input transformer that empties every later cell",
        start=("get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",),
    ),
    Attack(
        "ast_transformer",
        "registers an AST transformer that takes every call of a check out",
        start=(
            """
import ast
class Drop(ast.NodeTransformer):
    def visit_Expr(self, node):
        return ast.copy_location(ast.Pass(), node) if "check" in ast.dump(node) else node
get_ipython().ast_transformers.append(Drop())
""",
        ),
    ),
    Attack(
        "run_cell_replaced",
        "replaces the shell's run_cell by one that runs nothing and reports success",
        start=(
            """
from IPython.core.interactiveshell import ExecutionResult
shell = get_ipython()
async def nothing(*a, **k): return ExecutionResult(None)
type(shell).run_cell = lambda self, *a, **k: ExecutionResult(None)
type(shell).run_cell_async = nothing
type(shell).run_code = nothing
""",
        ),
    ),
    Attack(
        "cell_hooks",
        "registers hooks that run before and after each cell and replace check and the namespace",
        start=(
            """
def before(*a):
    get_ipython().user_ns["check"] = lambda answer: None
for event in ("pre_execute", "pre_run_cell", "post_run_cell", "post_execute"):
    get_ipython().events.register(event, before)
""",
        ),
    ),
    Attack(
        "compiler_replaced",
        "replaces the compiler that turns cells into code",
        start=(
            """
import builtins
real = builtins.compile
builtins.compile = lambda source, *a, **k: real("pass" if "check" in str(source) else source, *a, **k)
get_ipython().compile.ast_parse = lambda source, *a, **k: __import__("ast").parse("pass")
""",
        ),
    ),
    Attack(
        "namespace_swapped",
        "replaces the shell's namespace by a dict that gives a yes for every name",
        start=(
            """
class Yes(dict):
    def __missing__(self, name): return lambda *a, **k: None
    def __getitem__(self, name): return (lambda *a, **k: None) if name == "check" else dict.__getitem__(self, name)
get_ipython().user_ns = Yes(get_ipython().user_ns)
""",
        ),
    ),
]
