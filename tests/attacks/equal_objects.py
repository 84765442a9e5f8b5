"""Answers that are no plain values: objects equal to everything, odd subclasses, enormous or endless ones."""

from attack import Attack

EQUAL = """
class Equal:
    def _self(self, *a, **k): return self
    def _yes(self, *a, **k): return True
    def __getattr__(self, name): return self
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = __bool__ = __contains__ = __call__ = _yes
    __add__ = __sub__ = __mul__ = __abs__ = __radd__ = __rsub__ = __rmul__ = __truediv__ = __getitem__ = _self
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    __len__ = lambda self: 2
    __iter__ = lambda self: iter((self, self))
    __float__ = lambda self: 0.0
"""


def returns(value):
    return f"def NAME(*inputs, **named):\n    return {value}"


ATTACKS = [
    Attack("equal_to_everything", "answers with an object that equals all", (EQUAL,), answer=returns("Equal()")),
    Attack(
        "float_equal_to_everything",
        "answers with a subclass of float that equals all",
        (f"{EQUAL}\nclass Number(float):\n    __eq__ = __le__ = __lt__ = Equal._yes\n    __sub__ = Equal._self",),
        answer=returns("Number(1)"),
    ),
    Attack(
        "array_subclass",
        "answers with a subclass of ndarray whose ufuncs and comparisons are always true",
        (
            """
class Yes(np.ndarray):
    shape = property(lambda self: self.wanted)
    wanted = ()
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return True
    def __eq__(self, other): return np.True_
""",
        ),
        answer=returns("np.zeros(2).view(Yes)"),
    ),
    Attack(
        "masked_array",
        "answers with an array whose every entry is masked, which compares as true",
        answer=returns("np.ma.masked_all(2)"),
    ),
    Attack(
        "array_of_objects",
        "answers with an object array of things that equal all",
        (EQUAL,),
        answer=returns("np.array([Equal(), Equal()], dtype=object)"),
    ),
    Attack(
        "class_overridden",
        "answers with an object that says its class is float, and converts itself to any array",
        (
            """
class Liar:
    __class__ = property(lambda self: float)
    def __array__(self, *a, **k): return np.full(2, np.nan)
    def __reduce__(self): return (eval, ("print('out')",))
    def __eq__(self, other): return True
    __float__ = lambda self: float("nan")
""",
        ),
        answer=returns("Liar()"),
    ),
    Attack(
        "reduces_to_a_command",
        "answers with an object that runs a command where it is unpickled or copied",
        (
            """
class Bomb:
    def __reduce_ex__(self, protocol):
        return (__import__("os").system, ("touch /tmp/descent-attack-pickled",))
    __deepcopy__ = lambda self, memo: self
    def __eq__(self, other): return True
""",
        ),
        answer=returns("Bomb()"),
    ),
    Attack("nan_everywhere", "answers with NaN, which compares oddly", answer=returns("float('nan')")),
    Attack("array_of_nan", "answers with arrays of NaN and infinity", answer=returns("np.array([np.nan, np.inf])")),
    Attack("enormous_integer", "answers with an integer of 4,000 digits", answer=returns("10**4000")),
    Attack(
        "enormous_integers_inside",
        "answers with lists and tuples of integers too large for a float",
        answer=returns("(10**400, [10**400, -10**400])"),
    ),
    Attack(
        "deeply_nested",
        "answers with a list nested ten thousand deep",
        answer="def NAME(*inputs, **named):\n    x = []\n    for _ in range(10_000):\n        x = [x]\n    return x",
    ),
    Attack(
        "contains_itself",
        "answers with a list and a dict that contain themselves",
        answer="def NAME(*inputs, **named):\n    x = [1.0]\n    x.append({'a': x})\n    return x",
    ),
    Attack(
        "a_terabyte_of_zeros",
        "answers with an array that claims 10¹¹ entries in one number of memory",
        answer=returns("np.broadcast_to(np.float64(0), (100_000, 1_000_000))"),
        danger="comparing it would take all of the machine's memory",
    ),
    Attack(
        "odd_dtypes",
        "answers with structured, extended and date arrays",
        answer=returns("(np.zeros(2, 'f8,i4'), np.zeros(2, np.longdouble), np.zeros(2, 'M8[s]'))"),
    ),
    Attack(
        "strange_text",
        "answers with, prints and raises text that no file can hold (half of a surrogate pair)",
        ("print('\\ud800')", "raise ValueError('\\udfff')", "display('\\ud801')"),
        answer="def NAME(*inputs, **named):\n    print('\\udc00')\n    return '\\ud800'",
    ),
    Attack(
        "changes_after_the_answer",
        "answers with an array that a thread goes on changing, in search of a moment when it is right",
        (
            """
import threading
shared = np.zeros(1)
def turn():
    while True: shared[0] = np.random.default_rng().normal()
threading.Thread(target=turn, daemon=True).start()
""",
        ),
        answer=returns("shared"),
    ),
    Attack(
        "generator_and_coroutine",
        "answers with generators that never end",
        answer=returns("(iter(int, 1), (x for x in iter(int, 1)))"),
    ),
]
