"""Fights every attack on plain nbgrader and here, and writes the table of docs/grading.md: python tests/attacks/table.py

Needs root on Linux, as plain nbgrader holds nothing back: it runs in namespaces, on a file system that is read-only.
"""

import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from arena import ALONE, CANARY, Arena, attacker, honest_after
from catalogue import ATTACKS, SUBJECTS
from stock import LONG, Stock, possible

PAGE = Path(__file__).resolve().parents[2] / "docs" / "grading.md"
BEGIN, END = "<!-- attacks: written by tests/attacks/table.py -->", "<!-- end of attacks -->"
HEAD = "| attack | what it tries | plain nbgrader | here | honest student after it, on plain nbgrader |\n|---|---|---|---|---|"


def total(marks):
    return sum(mark or 0 for mark in marks.values()) if marks else 0


def here(folder):
    """{attack: marks gained here}, the most of `nbgrader autograde` and `course grade`."""
    CANARY.write_text("untouched")
    gained = {}
    with ThreadPoolExecutor(2) as pool:
        halves = (ATTACKS[::2], ATTACKS[1::2])
        for arena in pool.map(lambda half: Arena(Path(tempfile.mkdtemp(dir=folder)) / "a", half).run(), halves):
            for number, attack in enumerate(arena.attacks):
                earned = total(arena.expected(attack))
                both = [marks.get(attacker(number, attack)) for marks in (arena.marks, arena.class_marks)]
                gained[attack.name] = max(total(marks) for marks in both) - earned
                assert arena.marks[honest_after(number)] == arena.marks[ALONE]
    CANARY.unlink()
    return gained


def on_stock(folder):
    """{attack: (marks gained, what became of the honest student)} of those that may be tried."""
    stock = Stock(folder)
    due = sum(stock.arena.points.values()) - stock.arena.points["check_tangent_line"]

    def fight(numbered):
        number, attack = numbered
        if attack.danger:
            return attack.name, None
        marks, honest, seconds = stock.fight(number, attack)
        hurt = "no" if total(honest) == due else f"yes: {total(honest):g} of {due:g} points"
        if hurt == "no" and seconds > LONG:
            hurt = f"no, but graded after {seconds:.0f} s"
        if honest is None:
            hurt = "yes: not graded"
        print(f"{attack.name}: {total(marks):g}, honest student hurt: {hurt}", flush=True)
        return attack.name, (total(marks) - total(stock.arena.expected(attack)), hurt)

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(fight, enumerate(ATTACKS))), sum(stock.arena.points.values())


def rows(stock, ours):
    for subject in SUBJECTS:
        yield f"| **{subject.__doc__.strip().split(chr(10) + chr(10))[0].replace(chr(10), ' ').rstrip('.')}** | | | | |"
        for attack in subject.ATTACKS:
            gained, hurt = stock[attack.name] or (f"not tried: {attack.danger}", "")
            plain = gained if isinstance(gained, str) else f"{max(gained, 0):g}"
            tries = attack.tries.replace("|", "\\|")
            yield f"| {attack.name} | {tries} | {plain} | {max(ours[attack.name], 0):g} | {hurt} |"


def write(stock, full, ours):
    tried = [result for result in stock.values() if result]
    summary = (
        f"{len(ATTACKS)} attacks, {full:g} points to take. On plain nbgrader {len(tried)} were tried: "
        f"{sum(gained > 0 for gained, _ in tried)} gained points, {sum(gained >= full for gained, _ in tried)} of them all, "
        f"and {sum(hurt.startswith('yes') for _, hurt in tried)} cost the honest student after them points. "
        f"Here {sum(gained > 0 for gained in ours.values())} of {len(ours)} gained any."
    )
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(
        "\n".join([f"{before}{BEGIN}", summary, "", HEAD, *rows(stock, ours), f"{END}{after}"]), encoding="utf-8"
    )


def main():
    if not possible():
        sys.exit("this needs root, unshare, setpriv and ip: plain nbgrader must be held by something")
    folder = tempfile.mkdtemp(dir="/var/tmp", prefix="attack-table-")
    try:
        ours = here(folder)
        stock, full = on_stock(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    write(stock, full, ours)


if __name__ == "__main__":
    main()
