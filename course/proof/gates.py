"""The gates of the proof, one unit at a time."""

import ast
import signal
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from course.proof.leaks import find_leaks
from course.proof.mutants import mutants
from course.specs import PUBLIC, build_spec
from helpers.checks.compare import Tolerance, difference
from helpers.checks.drive import compile_probe, drive
from helpers.checks.engine import run
from helpers.checks.judge import judge

HIDDEN_SEEDS = ("proof-1", "proof-2", "proof-3")  # stand in for secrets, so that hidden cases are proved as well
NAMED, KILLED = 0.95, 0.99
SECONDS = 2.0


@dataclass
class ExerciseProof:
    """What the gates found for one exercise; `faults` holds a sentence for each breach, `skipped` one for each library
    that is not installed."""

    name: str
    mistakes: int = 0
    rejected: int = 0
    named: int = 0
    right: int = 0
    accepted: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: list = field(default_factory=list)
    libraries: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    faults: list = field(default_factory=list)


@dataclass
class UnitProof:
    unit: str
    exercises: list
    faults: list

    @property
    def green(self):
        return not self.all_faults()

    def all_faults(self):
        faults = list(self.faults)
        for proof in self.exercises:
            faults += [f"{proof.name}: {fault}" for fault in proof.faults]
        mistakes, named = self.total("mistakes"), self.total("named")
        if mistakes and named < NAMED * mistakes:
            faults.append(f"{named} of {mistakes} mistakes are named rightly; {NAMED:.0%} are needed")
        alive, killed = self.total("mutants") - self.total("equivalent"), self.total("killed")
        if alive and killed < KILLED * alive:
            faults.append(f"{killed} of {alive} mutants are rejected; {KILLED:.0%} are needed")
        return faults

    def total(self, what):
        return sum(getattr(proof, what) for proof in self.exercises)


def prove_unit(root, lesson):
    """Run every gate on a unit and say what was found."""
    space = lesson.namespace() if lesson.exercises else {}
    proofs = [_prove_exercise(lesson, cell, space) for cell in lesson.exercises]
    return UnitProof(lesson.unit, proofs, [str(leak) for leak in find_leaks(root, lesson)])


def _prove_exercise(lesson, cell, space):
    declaration = lesson.checks[cell.name]
    proof = ExerciseProof(cell.name)
    spec = build_spec(lesson, cell.name, space, PUBLIC)
    hidden = [build_spec(lesson, cell.name, space, seed) for seed in HIDDEN_SEEDS]
    _mistakes(proof, declaration, spec, hidden)
    _shortcuts(proof, declaration, spec)
    _right_answers(proof, declaration, space[cell.name], spec, hidden)
    _mutants(proof, declaration, lesson, cell, space, spec)
    _libraries(proof, declaration, spec)
    _gradient(proof, declaration, spec)
    return proof


def _mistakes(proof, declaration, spec, hidden):
    for variant in declaration.mistakes:
        proof.mistakes += 1
        verdict = judged(spec, variant.call)
        if verdict.state == "wrong":
            proof.rejected += 1
        else:
            proof.faults.append(f"the mistake {variant.name} (checks.py line {variant.line}) is accepted")
        if verdict.mistake == variant.name:
            proof.named += 1
        elif verdict.state == "wrong":
            other = (
                f"taken for {verdict.mistake}" if verdict.mistake else f"not named; said: {verdict.what} {verdict.why}"
            )
            proof.faults.append(f"the mistake {variant.name} (checks.py line {variant.line}) is {other}")
        for number, other in enumerate(hidden, 1):
            if judged(other, variant.call).state != "wrong":
                proof.faults.append(f"the mistake {variant.name} is accepted on the hidden cases of seed {number}")


def _shortcuts(proof, declaration, spec):
    """An answer by a forbidden name is a mistake however right its numbers are: its source is looked at as well."""
    for variant in declaration.shortcuts:
        proof.mistakes += 1
        outcomes, verdict = run(spec, variant.call)
        refused, named = verdict.state == "wrong", f"`{variant.message}`" in verdict.what
        proof.rejected += refused
        proof.named += refused and named
        if not (refused and named):
            was = f"not refused for {variant.message}" if refused else "accepted"
            proof.faults.append(f"the shortcut {variant.name} (checks.py line {variant.line}) is {was}")
        by_numbers = judge(spec, outcomes)
        if by_numbers.state != "right" and outcomes[0].error != "ModuleNotFoundError":
            said = f"{by_numbers.what} {by_numbers.why}"
            proof.faults.append(f"the shortcut {variant.name} has other numbers than the reference: {said}")


def _right_answers(proof, declaration, reference, spec, hidden):
    for name, call in [("the reference", reference), *((v.name, v.call) for v in declaration.also_right)]:
        proof.right += name != "the reference"
        for each in (spec, *hidden):
            _, verdict = run(each, call)
            if verdict.state != "right":
                proof.faults.append(f"the right answer {name} is refused: {verdict.what} {verdict.why}")
                break
        else:
            proof.accepted += name != "the reference"


def _mutants(proof, declaration, lesson, cell, space, spec):
    start = cell.line
    for description, source in mutants(_without_marks(cell.source), cell.name):
        proof.mutants += 1
        killed = not _survives(source, cell.name, space, spec)
        if killed:
            proof.killed += 1
        elif description in declaration.equivalent:
            proof.equivalent += 1
            proof.survivors.append((description, declaration.equivalent[description]))
        else:
            proof.survivors.append((description, ""))
            proof.faults.append(f"the mutant {description!r} of {lesson.path.name}:{start} is accepted")
    made = {description for description, _ in proof.survivors}
    for description in declaration.equivalent:
        if description not in made:
            proof.faults.append(
                f"equivalent names the mutant {description!r}, which is rejected or not made: remove it"
            )


def _survives(source, name, space, spec):
    changed = dict(space)
    try:
        with _time_limit():
            exec(compile(source, "<mutant>", "exec"), changed)
            return judged(spec, changed[name]).state == "right"
    except Exception:  # a mutant that cannot even be defined is as good as rejected
        return False


def _libraries(proof, declaration, spec):
    probe = compile_probe(spec.probe)
    for variant in declaration.agrees_with:
        proof.libraries.append(variant.message)
        tolerance = Tolerance(variant.rtol, max(variant.rtol, spec.tolerance.atol))
        for case in spec.cases:
            outcome = drive(variant.call, case.inputs, probe)
            if outcome.error == "ModuleNotFoundError":  # an optional yardstick; where it is installed it must agree
                proof.skipped.append(f"{variant.message} is not installed here: {proof.name} was not held against it")
                break
            if outcome.error:
                proof.faults.append(f"{variant.message} ({variant.name}) raises {outcome.error}: {outcome.text}")
                break
            found = difference(outcome.value, case.expected.value, tolerance, spec.returns)
            if found:
                proof.faults.append(
                    f"{variant.message} ({variant.name}) disagrees on {case.inputs!r}: {found.sentence}"
                )
                break


def _gradient(proof, declaration, spec):
    """The reference's gradients against central differences of the declared loss."""
    if not spec.gradient:
        return
    for case in spec.cases:
        arguments = [np.array(v, dtype=float) if isinstance(v, (list, np.ndarray)) else v for v in case.inputs]
        for output, argument in spec.gradient.items():
            value = case.expected.value
            stated = value[spec.returns.index(output)] if len(spec.returns) > 1 else value
            place = spec.arguments.index(argument)
            nudged = _central_difference(declaration.loss, arguments, place)
            if nudged is not None and not np.allclose(nudged, stated, rtol=1e-4, atol=1e-5):
                proof.faults.append(f"nudging {argument} disagrees with {output} on {case.inputs!r}")


def _central_difference(loss, arguments, place, h=1e-6):
    base = np.array(arguments[place], dtype=float)
    out = np.zeros(base.shape)
    if loss(*arguments) == 0:
        return None  # a kink or a minimum at zero, where the stated value is a convention
    for i in np.ndindex(base.shape):
        ends = []
        for step in (h, -h):
            moved = base.copy()
            moved[i] += step
            ends.append(loss(*arguments[:place], moved if base.ndim else float(moved), *arguments[place + 1 :]))
        out[i] = (ends[0] - ends[1]) / (2 * h)
    return out


def judged(spec, call):
    """The verdict on an answer by its outcomes alone, without a look at its source."""
    probe = spec.compiled_probe()
    with _time_limit():
        return judge(spec, [drive(call, case.inputs, probe) for case in spec.cases])


class _TooLong(BaseException):
    pass


@contextmanager
def _time_limit():
    def stop(*_):
        raise _TooLong

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    except _TooLong:
        raise TimeoutError(f"no answer within {SECONDS} s") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def _without_marks(source):
    return ast.unparse(ast.parse(source))
