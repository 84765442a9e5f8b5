"""Decides from plain values whether an answer is right, and finds words for what went wrong.

Nothing here calls the answer: it sees only the outcomes that `drive` brought back.
"""

from dataclasses import dataclass

import numpy as np

from helpers.checks.compare import Difference, difference
from helpers.checks.relations import only_wrong_where, relation, which_are_right
from helpers.checks.values import ANYTHING, Opaque

NO_END = "If it has a loop, see whether every round brings the loop nearer to its end."


@dataclass(frozen=True)
class Verdict:
    """state: "right", "wrong" or "not attempted"   passed: how many of `total` cases were right
    case: position of the case to show   what: what is wrong with it   why: the known mistake's message, or a relation
    mistake: the known mistake's name, or None   needs: the exercise that has to be written first, or None
    kind: of the shown case's fault, as in `compare.Difference`
    """

    state: str
    passed: int = 0
    total: int = 0
    case: int | None = None
    what: str = ""
    why: str = ""
    mistake: str | None = None
    needs: str | None = None
    kind: str = ""


def judge(spec, outcomes, forbidden=None, exercises=()):
    """The verdict on an answer from its outcomes, one a case.

    forbidden: a sentence about a forbidden name in the answer's source, or None
    exercises: the names of all exercises; one of them that is not written yet is no mistake of this answer
    """
    total = len(spec.cases)
    missing = [o.missing for o in outcomes if o.missing in (spec.name, *exercises) and o.missing]
    if missing:
        return Verdict("not attempted", total=total, needs=missing[0] if missing[0] != spec.name else None)
    problems = [problem(spec, case, outcome) for case, outcome in zip(spec.cases, outcomes, strict=True)]
    wrong = [i for i, found in enumerate(problems) if found]
    if forbidden:
        return Verdict("wrong", 0, total, what=forbidden)
    if not wrong:
        return Verdict("right", total, total)
    mistake = matching_mistake(spec, outcomes)
    shown = wrong[0]
    cut_short = any(outcome.stopped for outcome in outcomes)  # then nothing is known of the cases after
    return Verdict(
        "wrong",
        total - len(wrong),
        total,
        case=shown,
        what=_nudge(spec, problems[shown], outcomes[shown], spec.cases[shown]) or problems[shown].sentence,
        kind=problems[shown].kind,
        why=mistake.message if mistake else "" if cut_short else _explain(spec, outcomes, problems, wrong),
        mistake=mistake.name if mistake else None,
    )


def problem(spec, case, outcome):
    """What is wrong with the outcome of one case (a Difference), or None."""
    expected = case.expected
    if expected.error:
        if outcome.error == expected.error:
            return None
        return Difference("error", f"This call should raise {expected.error}, and it did not.")
    if outcome.stopped:
        at = f" ({outcome.line})" if outcome.line else ""
        return Difference("error", f"Your function was stopped before it came to an end{at}. {NO_END}")
    if outcome.error:
        told = f": {outcome.text}" if outcome.text else ""
        at = f" ({outcome.line})" if outcome.line else ""
        return Difference(
            "error", f"Your function stopped with {outcome.error}{told}{at}{_in_plain_words(outcome.text)}"
        )
    found = difference(outcome.value, expected.value, spec.tolerance, spec.returns)
    if found and found.kind != "value":
        return found
    if outcome.changed and not spec.may_change:
        names = " and ".join(f"`{spec.arguments[i]}`" for i in outcome.changed)
        return Difference("changed", f"Your function changed its input {names}. Work on a copy, so the caller's stays.")
    if spec.no_warnings and outcome.warned:
        return Difference("warning", f"The call gave a warning: {outcome.warned[0]}.")
    return found


def _in_plain_words(text):
    """What an error that beginners often meet is about, or an empty string."""
    if "bitwise_xor" in text or "operand type(s) for ^" in text:
        return ". In Python a power is written `**`; `^` is something else."
    if "can be converted to Python scalars" in text:
        return ". The functions of `math` take one number; NumPy's, such as `np.exp`, take a whole array."
    if "truth value of an array" in text:
        return ". `if` asks about one number. For every entry of an array there is `np.where`, or a loop."
    return ""


def matching_mistake(spec, outcomes):
    """The known mistake whose outputs agree with the answer's in every case, the right ones too, or None.

    Where none does, whole numbers and floats of the same value count as the same.
    """
    for loosely in (False, True):
        for mistake in spec.mistakes:
            if all(_same(spec, a, b, loosely) for a, b in zip(outcomes, mistake.outcomes, strict=True)):
                return mistake
    return None


def _same(spec, a, b, loosely):
    if isinstance(b.value, Opaque) and b.value == ANYTHING:
        return True
    if a.error or b.error:
        return a.error == b.error
    if a.changed != b.changed:
        return False
    if spec.no_warnings and bool(a.warned) != bool(b.warned):
        return False
    got, known = (_as_floats(a.value), _as_floats(b.value)) if loosely else (a.value, b.value)
    return difference(got, known, spec.tolerance) is None


def _as_floats(value):
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value.astype(float)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_as_floats(v) for v in value)
    if isinstance(value, dict):
        return {key: _as_floats(v) for key, v in value.items()}
    return value


def _explain(spec, outcomes, problems, wrong):
    """A relation that fits every wrong case, where only numbers differ; else what the wrong cases have in common."""
    sentences = []
    if all(problems[i].kind in ("value", "shape") for i in wrong):
        cases = [
            (case.inputs, outcome.value, case.expected.value)
            for case, outcome in zip(spec.cases, outcomes, strict=True)
        ]
        sentences += [which_are_right(spec, cases, spec.tolerance), relation(spec, cases, spec.tolerance)]
    failed = [spec.cases[i].inputs for i in wrong]
    passed = [case.inputs for i, case in enumerate(spec.cases) if i not in wrong]
    sentences.append(only_wrong_where(failed, passed))
    return " ".join(s for s in sentences if s)


def _nudge(spec, found, outcome, case):
    """For a gradient: what nudging the argument says against what the answer says."""
    output = found.where.strip("`")
    if found.kind != "value" or output not in spec.gradient:
        return None
    at = spec.returns.index(output) if len(spec.returns) > 1 else None
    got, want = (value if at is None else value[at] for value in (outcome.value, case.expected.value))
    argument = spec.gradient[output]
    got, want = np.atleast_1d(got), np.atleast_1d(want)
    i = tuple(np.argwhere(~spec.tolerance.close(got, want))[0])
    entry = f"`{argument}`" if got.size == 1 else f"`{argument}[{', '.join(map(str, i))}]`"
    return (
        f"Nudge {entry} a little up and down: the loss changes at a rate of {want[i]:.6g}. "
        f"Your `{output}` says {got[i]:.6g}."
    )
