"""The proof as a page: one table over the units, one for each unit's exercises, and every surviving mutant."""

HEAD = """# Proof that the checks are sound

Made by `make prove` and held against the lessons by the tests; do not edit it. For every exercise: each catalogued
mistake must be rejected and named, each other right answer accepted (on the visible cases and on three sets of hidden
ones), and machine-made mutants of the reference (one operator, constant, index, sign, argument or line changed)
rejected. A mutant that computes the same thing is no mistake; each is listed with the reason.

"""


def proof_markdown(proofs, titles):
    """The page as Markdown. titles: {unit: title}"""
    parts = [
        HEAD,
        _row("Unit", "Exercises", "Mistakes rejected", "named", "Right answers accepted", "Mutants rejected"),
        _rule(6),
    ]
    parts += [_row(f"{proof.unit[:2]} {titles[proof.unit]}", *_totals([proof])) for proof in proofs]
    parts.append(_row("**All**", *_totals(proofs)))
    for proof in proofs:
        parts.append(f"\n## {proof.unit[:2]} {titles[proof.unit]}\n\n")
        parts += [_row("Exercise", "Mistakes", "Right answers", "Mutants rejected", "Agrees with"), _rule(5)]
        for each in proof.exercises:
            killed = f"{each.killed} of {each.mutants - each.equivalent}"
            libraries = ", ".join(dict.fromkeys(each.libraries)) or "–"
            parts.append(_row(f"`{each.name}`", each.mistakes, each.right, killed, libraries))
        survivors = [(each.name, *s) for each in proof.exercises for s in each.survivors]
        if survivors:
            parts.append("\nMutants that survive:\n\n")
            parts += [f"- `{name}`, {what}: {why or '**no reason given**'}\n" for name, what, why in survivors]
    return "".join(parts)


def bottom_line(proofs):
    """The whole proof in a sentence."""
    exercises, rejected, named, accepted, killed = _totals(proofs)
    return (
        f"Of the catalogued mistakes in the {exercises} exercises, {rejected} are rejected and {named} named; "
        f"{accepted} other right answers are accepted, and {killed} mutants caught."
    )


def _totals(proofs):
    def total(what):
        return sum(proof.total(what) for proof in proofs)

    return (
        sum(len(proof.exercises) for proof in proofs),
        f"{total('rejected'):,} of {total('mistakes'):,}",
        f"{total('named'):,} of {total('mistakes'):,}",
        f"{total('accepted'):,} of {total('right'):,}",
        f"{total('killed'):,} of {total('mutants') - total('equivalent'):,}",
    )


def _row(*cells):
    return "| " + " | ".join(map(str, cells)) + " |\n"


def _rule(count):
    return "|" + " --- |" * count + "\n"
