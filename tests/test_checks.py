"""What `check` says to a learner: right, not attempted, or wrong with the reason."""

import math
import re
import time

import numpy as np
import pytest
from scipy.special import expit

from helpers import check
from helpers.checks import spec as specs
from helpers.checks.compare import Tolerance, difference
from helpers.checks.drive import Outcome, drive
from helpers.checks.engine import CheckFailed, NotAnExercise, run
from helpers.checks.forbidden import find_forbidden, live_sources
from helpers.checks.judge import judge
from helpers.checks.relations import only_wrong_where, relation
from helpers.checks.report import verdict_report
from helpers.checks.spec import Case, DataError, ExerciseSpec, KnownMistake
from helpers.checks.values import ANYTHING, Function, Opaque, from_json, plain, same, to_json
from helpers.checks.watching import stopped_after
from helpers.nn import Sigmoid


def toy(cases, arguments=("x",), mistakes=(), **options):
    """A spec of (inputs, expected) pairs."""
    return ExerciseSpec(
        "toy", "01", arguments, tuple(Case(i, Outcome(value=plain(v))) for i, v in cases), tuple(mistakes), **options
    )


def verdict_on(spec, answer):
    return judge(spec, [drive(answer, case.inputs) for case in spec.cases])


DOUBLE = toy([((np.array([1.0, 2.5, -3.0]),), np.array([2.0, 5.0, -6.0])), ((np.array([4.0]),), np.array([8.0]))])


def test_a_right_answer_is_right():
    verdict = verdict_on(DOUBLE, lambda x: 2 * x)
    assert (verdict.state, verdict.passed, verdict.total) == ("right", 2, 2)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: None, "returned nothing"),
        (lambda x: [2 * v for v in x], "should be a NumPy array; yours is a list of 3"),
        (lambda x: (2 * x)[:, None], "should have shape (3,); yours has shape (3, 1)"),
        (lambda x: 2 * x + np.array([0.0, np.nan, 0.0])[: len(x)], "holds 1 entry that is not finite"),
        (lambda x: (2 * x).astype(int), "cannot keep a fraction"),
        (lambda x: 2 * x / (x - 1), "not finite"),
        (lambda x: "2x", "yours is a string"),
        (lambda x: (x for x in x), "yours is a generator"),
        (lambda x: undefined, "NameError"),  # noqa: F821
        (lambda x: quit(), "SystemExit"),
        (lambda x: np.matrix(2 * x), "NumPy matrix"),
    ],
)
def test_properties_come_first_and_name_the_fault(answer, words):
    verdict = verdict_on(DOUBLE, answer)
    assert verdict.state == "wrong"
    assert words in verdict.what


def test_a_changed_input_is_named():
    def answer(x):
        x *= 2
        return x

    outcomes, verdict = run(DOUBLE, answer)
    assert "changed its input `x`" in verdict.what
    shown = str(verdict_report(DOUBLE, verdict, outcomes[0]))
    assert "x before  [ 1. ,  2.5, -3. ]" in shown
    assert "x after   [ 2.,  5., -6.]" in shown


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: -2 * x, "wrong sign"),
        (lambda x: 6 * x, "always 3 times"),
        (lambda x: 2 * x + 7, "always 7 too large"),
        (lambda x: (2 * x)[::-1], "reverse order"),
        (lambda x: np.roll(2 * x, 1), "shifted by one place"),
        (lambda x: 2 * x * len(x), "too large by a factor of `x.shape[0]` (3, then 1"),
        (lambda x: 2 * x / (2 * len(x)), "too small by a factor of 2 · `x.shape[0]`"),
    ],
)
def test_an_unknown_mistake_is_related_to_the_right_answer(answer, words):
    assert words in verdict_on(DOUBLE, answer).why


def test_a_relation_of_some_cases_only_is_not_called_always():
    spec = toy([((v,), 2 * v) for v in (2.0, 3.0, 5.0)])
    assert "in each of the wrong cases 7 too large" in verdict_on(spec, lambda x: 2 * x + 7 * (x > 2)).why
    assert "in each of the wrong cases 3 times" in verdict_on(spec, lambda x: 2 * x * (3 if x > 2 else 1)).why


def test_one_number_has_no_order_to_be_wrong():
    spec = toy([((2.0,), 4.0), ((3.0,), 6.0)])
    assert verdict_on(spec, lambda x: x**3 + 0.1).why == ""
    assert verdict_on(spec, lambda x: 2 * x * (1 + 1e-5)).why == ""


def test_a_relation_must_hold_in_every_wrong_case():
    assert verdict_on(DOUBLE, lambda x: -2 * x if len(x) == 3 else 2 * x + 1).why == ""


def test_which_output_is_right_is_said():
    spec = toy([((2.0,), (1.0, 4.0)), ((3.0,), (1.5, 9.0))], returns=("half", "square"))
    assert "`half` is right; `square` is not" in verdict_on(spec, lambda x: (x / 2, x**3 + 1)).why
    assert "wrong order" in verdict_on(spec, lambda x: (x * x, x / 2)).why


def test_what_the_wrong_cases_share_is_said():
    square, wide = np.array([[1.0, 2], [5, 4]]), np.array([[1.0, 2, 3], [4, 5, 7]])
    spec = toy([((m,), m.sum(axis=0)) for m in (square, wide, 3 - square, 2 * wide)], arguments=("M",))
    answer = lambda m: m.sum(axis=0) if m.shape[0] == m.shape[1] else m.sum(axis=0) ** 3 + 1  # noqa: E731
    assert "only they, have a matrix that is not square" in verdict_on(spec, answer).why


def test_a_known_mistake_is_named_only_where_it_explains_every_case():
    cases = [((2.0,), 4.0), ((3.0,), 6.0), ((-1.0,), -2.0)]
    known = KnownMistake("known", "the one", tuple(Outcome(value=v) for v in (4.0, 7.0, -5.0)))
    spec = toy(cases, mistakes=(known,))
    assert verdict_on(spec, lambda x: {2: 4.0, 3: 7.0, -1: -5.0}[x]).mistake == "known"
    assert verdict_on(spec, lambda x: {2: 4.0, 3: 7.0, -1: -2.0}[x]).mistake is None
    assert verdict_on(spec, lambda x: {2: 4.5, 3: 7.0, -1: -5.0}[x]).mistake is None


def test_a_mistake_whose_result_is_noise_matches_any_wrong_value():
    driven = drive(lambda x: ANYTHING, (3.0,))
    noisy = KnownMistake("noisy", "noise", (Outcome(value=5.0), driven))
    spec = toy([((2.0,), 4.0), ((3.0,), 6.0)], mistakes=(noisy,))
    assert verdict_on(spec, lambda x: {2: 5.0, 3: 1e17}[x]).mistake == "noisy"
    assert verdict_on(spec, lambda x: {2: 5.5, 3: 1e17}[x]).mistake is None


def test_numbers_may_come_in_any_honest_form():
    spec = toy([((2.0,), 4.0)])
    for value in (4, 4.0, np.float64(4), np.float32(4), np.int64(4), np.array(4.0)):
        assert verdict_on(spec, lambda x, value=value: value).state == "right", type(value)
    for value in (True, "4", [4.0], np.array([4.0]), 4 + 0j):
        assert verdict_on(spec, lambda x, value=value: value).state == "wrong", type(value)


def test_infinity_is_not_near_a_number():
    spec = toy([((2.0,), float("inf"))])
    assert verdict_on(spec, lambda x: 5.0).state == "wrong"
    assert verdict_on(spec, lambda x: float("inf")).state == "right"


def test_a_caret_for_a_power_is_explained():
    assert "a power is written `**`" in verdict_on(DOUBLE, lambda x: 2 * x ^ 2).what
    assert "a power is written `**`" in verdict_on(toy([((2.0,), 4.0)]), lambda x: x ^ 2).what


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: math.exp(x), "such as `np.exp`"),
        (lambda x: x if x > 0 else -x, "`np.where`"),
    ],
)
def test_an_array_where_one_number_was_meant_is_explained(answer, words):
    assert words in verdict_on(DOUBLE, answer).what


def test_a_demanded_float_must_be_one():
    spec = toy([((2.0,), 4.0)], tolerance=Tolerance(strict_float=True))
    assert verdict_on(spec, lambda x: 4.0).state == "right"
    assert "should be a float" in verdict_on(spec, lambda x: 4).what


def test_an_unwritten_exercise_is_not_attempted_and_one_that_calls_it_says_so():
    def toy_answer(x):
        raise NotImplementedError

    def other(x):
        return toy_answer(x)

    toy_answer.__code__ = toy_answer.__code__.replace(co_qualname="toy")
    assert verdict_on(DOUBLE, toy_answer).state == "not attempted"
    assert verdict_on(DOUBLE, toy_answer).needs is None
    spec = ExerciseSpec("other", "01", ("x",), DOUBLE.cases)
    outcomes = [drive(other, case.inputs) for case in spec.cases]
    assert judge(spec, outcomes, exercises=["toy"]).needs == "toy"
    assert "NotImplementedError" in judge(spec, outcomes, exercises=["another"]).what


def test_an_exercise_that_is_not_defined_yet_is_named():
    outcomes = [drive(lambda x: central_difference(x), case.inputs) for case in DOUBLE.cases]  # noqa: F821
    assert judge(DOUBLE, outcomes, exercises=["central_difference"]).needs == "central_difference"
    assert "NameError" in judge(DOUBLE, outcomes).what


def test_the_line_that_stopped_a_class_is_shown():
    class Stops:
        def __init__(self):
            self.kept = []

        def run(self, x):
            return self.kept[7]

    outcome = drive(Stops, (1.0,), probe=lambda answer, x: answer().run(x))
    assert outcome.error == "IndexError" and "self.kept[7]" in outcome.line


def test_a_gradient_is_judged_by_nudging():
    options = {"returns": ("grad_w", "grad_b"), "gradient": {"grad_w": "w", "grad_b": "b"}}
    spec = toy([((2.0, 3.0), (np.array([1.0, 2.0]), 4.0))], arguments=("w", "b"), **options)
    found = verdict_on(spec, lambda w, b: (np.array([1.0, 5.0]), 4.0))
    assert "Nudge `w[1]`" in found.what
    assert "rate of 2. Your `grad_w` says 5." in found.what


@pytest.mark.parametrize(
    "value",
    [1, 1.5, True, None, "é", float("inf"), [1, [2.0]], (1, "a"), {"w": np.eye(2)}, {3, 4}, np.zeros((0, 3)),
     np.array([[1, 2]], dtype=np.int32), np.array(True), Function("lambda x: x**2"), Opaque("generator")],
)  # fmt: skip
def test_values_survive_json(value):
    assert same(from_json(to_json(value)), value)


def test_a_function_of_one_number_refuses_an_array_in_words():
    with pytest.raises(TypeError, match="takes one number, but it was called with 3 numbers at once"):
        Function("lambda x: x**2")(np.arange(3))
    assert Function("lambda x: x**2", takes="array")(np.array([3.0]))[0] == 9


@pytest.mark.parametrize(
    "source",
    ["def f(x): return np.linalg.inv(x)", "def f(x):\n    from numpy.linalg import inv as turn\n    return turn(x)",
     "def f(x): return helper(x)", "def f(x):\n    import numpy.linalg as la\n    return la.inv(x)"],
)  # fmt: skip
def test_a_forbidden_name_is_found_in_the_syntax_tree(source):
    sources = {"f": source, "helper": "def helper(x): return np.linalg.inv(x)"}
    assert find_forbidden(sources.get, "f", {"np": "numpy"}, ("numpy.linalg.inv",)) == "numpy.linalg.inv"


def test_a_forbidden_name_in_a_comment_or_a_string_is_no_use_of_it():
    source = 'def f(x):\n    "not np.linalg.inv"\n    return np.linalg.solve(x, x)  # np.linalg.inv'
    assert find_forbidden({"f": source}.get, "f", {"np": "numpy"}, ("numpy.linalg.inv",)) is None


def test_a_function_of_ones_own_that_shares_its_name_with_a_library_is_no_use_of_it():
    sources = {"f": "def f(x): return autograd(x)", "autograd": "def autograd(x): return x"}
    assert find_forbidden(sources.get, "f", {}, ("autograd",)) is None
    assert find_forbidden({"f": sources["f"]}.get, "f", {"autograd": "autograd"}, ("autograd",)) == "autograd"


@pytest.mark.parametrize(
    "source, found",
    [
        ("def f(x):\n    softmax = x\n    return softmax", None),
        ("def f(x, softmax):\n    return softmax(x)", None),
        ("def f(x):\n    def softmax(z):\n        return z\n    return softmax(x)", None),
        ("def f(x):\n    def g(softmax):\n        return softmax\n    return softmax(x)", "scipy.special.softmax"),
        ("def f(x, softmax=softmax):\n    return softmax(x)", "scipy.special.softmax"),
        ("def f(x):\n    global softmax\n    softmax = softmax\n    return softmax(x)", "scipy.special.softmax"),
        ("def f(x):\n    return (lambda z: softmax(z))(x)", "scipy.special.softmax"),
        ("class f:\n    softmax = 1\n    def g(self, x):\n        return softmax(x)", "scipy.special.softmax"),
        ("def f(x):\n    return " + " + ".join(["1"] * 1500) + " + softmax(x)", "scipy.special.softmax"),
    ],
)
def test_a_local_name_is_not_the_imported_one(source, found):
    imported = {"softmax": "scipy.special.softmax"}
    assert find_forbidden({"f": source}.get, "f", imported, ("scipy.special.softmax",)) == found


def by_expit(x):
    return expit(x)


class ByExpit:
    def __call__(self, x):
        return expit(x)


READY = Sigmoid()


def by_a_ready_layer(x):
    return READY.forward(x)


def test_a_layer_that_was_made_outside_the_answer_is_found():
    source_of, aliases = live_sources(by_a_ready_layer)
    assert find_forbidden(source_of, "by_a_ready_layer", aliases, ("helpers.nn",)) == "helpers.nn"


@pytest.mark.parametrize("answer", [by_expit, ByExpit])
def test_a_forbidden_function_that_was_imported_outside_the_answer_is_found(answer):
    source_of, aliases = live_sources(answer)
    assert find_forbidden(source_of, answer.__name__, aliases, ("scipy.special.expit",)) == "scipy.special.expit"


def test_a_class_whose_own_source_python_cannot_find_is_read_by_its_methods(monkeypatch):
    monkeypatch.setattr(ByExpit, "__module__", "a_notebook")
    source_of, aliases = live_sources(ByExpit)
    assert find_forbidden(source_of, "ByExpit", aliases, ("scipy.special.expit",)) == "scipy.special.expit"


SQUARE, TALL, LINE = np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones((3, 2)), np.ones(3)


@pytest.mark.parametrize(
    "failed, passed, said",
    [
        ([TALL, TALL], [SQUARE, SQUARE], "The wrong cases, and only they, have a matrix that is not square."),
        ([TALL], [SQUARE, SQUARE], "The one wrong case, and only it, has a matrix that is not square."),
        ([TALL, TALL], [SQUARE], None),  # one case is thin evidence
        ([TALL, TALL], [np.ones((1, 1)), np.ones((1, 1))], None),  # so is a single entry
        ([TALL, TALL], [LINE, LINE], "have an array of more than one dimension."),  # no square matrix was tried
    ],
)
def test_what_wrong_cases_have_in_common_is_said_only_where_the_opposite_passed(failed, passed, said):
    got = only_wrong_where([(a,) for a in failed], [(a,) for a in passed])
    assert got is None if said is None else got.endswith(said)


def test_a_hidden_report_shows_no_value_of_a_case():
    spec = toy([((2.718,), 31.4159)])
    verdict = verdict_on(spec, lambda x: 1.2345)
    text = str(verdict_report(spec, verdict)) + verdict_report(spec, verdict).html()
    assert not re.search(r"2\.718|31\.4|1\.2345", text)


def test_what_a_learner_printed_is_shown_with_the_failing_case():
    def answer(x):
        print("x is", x)
        return x

    outcomes, verdict = run(DOUBLE, answer)
    assert "x is [ 1.   2.5 -3. ]" in str(verdict_report(DOUBLE, verdict, outcomes[0]))


def test_html_in_an_answer_is_inert():
    spec = toy([((2.0,), 4.0)])
    outcomes, verdict = run(spec, lambda x: "<script>alert(1)</script>")
    assert "<script>" not in verdict_report(spec, verdict, outcomes[0]).html()


def test_checking_something_else_says_what_to_do(monkeypatch):
    def forward_diference():
        pass

    with pytest.raises(NotAnExercise, match=r"Did you mean `forward_difference`\?"):
        check(forward_diference)
    with pytest.raises(NotAnExercise, match="is not an exercise"):
        check(3)
    with pytest.raises(NotAnExercise, match="run the cell that defines it"):
        check("forward_difference")


def test_an_answer_may_be_a_lambda_under_the_exercises_name(capsys):
    space = {"check": check, "forward_difference": lambda f, x, h=1e-6: (f(x + h) - f(x)) / h}
    exec("check(forward_difference)", space)
    assert "✓ `forward_difference` is right" in capsys.readouterr().out


def test_a_failed_check_is_one_line_of_traceback(capsys):
    space = {"check": check}
    exec("def forward_difference(f, x, h=1e-6): return 0.0", space)
    with pytest.raises(CheckFailed) as caught:
        exec("check(forward_difference)", space)
    assert len(caught.value._render_traceback_()) == 1
    assert isinstance(caught.value, AssertionError)


@pytest.fixture
def damaged(tmp_path, monkeypatch):
    """A copy of the check data that may be damaged."""
    for path in specs.DATA.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(specs, "DATA", tmp_path)
    for cached in (specs.index, specs.unit_data, specs.load):
        cached.cache_clear()
    yield tmp_path
    for cached in (specs.index, specs.unit_data, specs.load):
        cached.cache_clear()


def test_missing_check_data_says_how_to_mend_it(damaged):
    (damaged / "01_derivatives.json").unlink()
    with pytest.raises(DataError, match=r"01_derivatives.json is missing. Put it back with `git checkout"):
        specs.load("forward_difference")


def test_altered_check_data_is_refused(damaged):
    path = damaged / "01_derivatives.json"
    path.write_text(path.read_text(encoding="utf-8").replace("6", "7", 1), encoding="utf-8")
    with pytest.raises(DataError, match="is not what the course was built with"):
        specs.load("forward_difference")


def test_check_data_with_windows_line_ends_is_accepted(damaged):
    path = damaged / "01_derivatives.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert specs.load("forward_difference").cases


def test_a_truncated_index_says_how_to_mend_it(damaged):
    (damaged / "index.json").write_text('{"units": {')
    with pytest.raises(DataError, match=r"index.json cannot be read"):
        specs.index()


def test_difference_looks_into_dicts_and_nested_lists():
    tolerance = Tolerance()
    assert "misses b" in difference({"a": 1.0}, {"a": 1.0, "b": 2.0}, tolerance).sentence
    assert "`b`" in difference({"a": 1.0, "b": 3.0}, {"a": 1.0, "b": 2.0}, tolerance).sentence
    assert "entry 1" in difference([[1.0], [2.0]], [[1.0], [3.0]], tolerance).sentence
    assert (
        "`seeded` should be True; yours is False."
        in difference({"seeded": False}, {"seeded": True}, tolerance).sentence
    )
    assert "should hold 2 things; yours holds 1" in difference([1.0], [1.0, 2.0], tolerance).sentence


def test_no_relation_is_made_of_text():
    assert relation(DOUBLE, [((1,), "a", "b")], Tolerance()) is None


def test_a_list_of_arrays_among_the_inputs_is_no_obstacle_to_an_explanation():
    weights = [np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([4.0])]
    spec = toy([((weights, 0.1), 1.05), ((weights[:1], 0.3), 1.95)], ("weights", "strength"))
    verdict = verdict_on(spec, lambda weights, strength: strength * sum(float(np.sum(W**2)) for W in weights))
    assert verdict.state == "wrong"


WHOLE = toy([((np.array([1, 2]),), np.array([2.0, 4.0])), ((np.array([1.5]),), np.array([3.0]))])


def test_a_known_mistake_is_named_for_whole_numbers_as_well():
    identity = KnownMistake("identity", "Double it.", tuple(Outcome(value=c.inputs[0]) for c in WHOLE.cases))
    spec = toy([(c.inputs, c.expected.value) for c in WHOLE.cases], mistakes=[identity])
    assert verdict_on(spec, lambda x: x).mistake == "identity"
    assert verdict_on(spec, lambda x: x * 1.0).mistake == "identity"
    assert verdict_on(spec, lambda x: x + 1).mistake is None


def test_of_a_long_dict_only_what_differs_is_shown():
    right = {"shape": [2, 3], "mean": 0.0, "spread": 1.0, "seeded": True}
    spec = toy([((1,), right)])
    outcome = drive(lambda x: right | {"mean": 0.5}, (1,))
    text = str(verdict_report(spec, judge(spec, [outcome]), outcome))
    assert "{'mean': 0.5}" in text
    assert "{'mean': 0.0}" in text
    assert "spread" not in text


def test_a_call_without_an_end_is_stopped_and_said():
    def answer(x):
        while x[0] < 5:
            x[0] * 2  # never stored
        return x

    with stopped_after(0.2):
        outcomes, verdict = run(DOUBLE, answer, stoppable=True)
    assert verdict.state == "wrong"
    assert "stopped before it came to an end" in verdict.what
    assert "Called" in str(verdict_report(DOUBLE, verdict, outcomes[0]))
    assert len(outcomes) == len(DOUBLE.cases), "the cases after the endless one must not be run"
    with pytest.raises(KeyboardInterrupt), stopped_after(0.2):
        run(DOUBLE, answer)  # as a grader runs it, whose interrupt has to end all


def test_the_clock_leaves_alone_what_ends_in_time():
    with stopped_after(0.05):
        assert run(DOUBLE, lambda x: 2 * x)[1].state == "right"
    time.sleep(0.1)
