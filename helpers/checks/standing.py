"""The progress table: every unit, every exercise, what was done."""

import html

LEFT = 'style="text-align: left"'
WORDS = {"right": "✓ right", "tried": "… begun", "not attempted": "○ not yet"}


class StandingReport:
    """Progress as text and as HTML.

    index: the course's index   standing: what `progress.standing` gives
    """

    def __init__(self, index, standing):
        self.units = []
        for unit, entry in index["units"].items():
            rows = [(name, standing.get(name, {})) for name in entry["exercises"]]
            if rows:
                done = sum(row.get("state") == "right" for _, row in rows)
                self.units.append((unit, entry["title"], done, rows))

    def __str__(self):
        lines = []
        for unit, title, done, rows in self.units:
            lines.append(f"{unit[:2]} {title}: {done} of {len(rows)} right")
            lines += [f"   {name:<24} {_words(row)}" for name, row in rows]
        return "\n".join(lines)

    def html(self):
        parts = []
        unfinished = [(unit, any(row for _, row in rows)) for unit, _, done, rows in self.units if done < len(rows)]
        begun = [unit for unit, touched in unfinished if touched][-1:] or [unit for unit, _ in unfinished[:1]]
        for unit, title, done, rows in self.units:
            parts.append(
                f"<details{' open' if unit in begun else ''}><summary><strong>{html.escape(unit[:2])} "
                f"{html.escape(title)}</strong>: {done} of {len(rows)} right "
                f'<progress max="{len(rows)}" value="{done}" aria-label="{html.escape(title)}"></progress></summary>'
                f'<table style="margin-left: 1em"><thead><tr><th {LEFT}>Exercise</th>'
                f"<th {LEFT}>State</th></tr></thead><tbody>"
            )
            parts += [
                f"<tr><td {LEFT}><code>{name}</code></td><td {LEFT}>{_words(row)}</td></tr>" for name, row in rows
            ]
            parts.append("</tbody></table></details>")
        return "".join(parts)


def _words(row):
    words = [WORDS[row.get("state", "not attempted")]]
    if row.get("attempts") and row["state"] == "right":
        words.append(f"at try {row['attempts'] + 1}")
    elif row.get("attempts"):
        words.append(f"{row['attempts']} {'try' if row['attempts'] == 1 else 'tries'} so far")
    if row.get("hints"):
        words.append(f"{row['hints']} hint{'s' * (row['hints'] > 1)}")
    if row.get("rescued"):
        words.append("rescued")
    if row.get("was"):
        words.append(f"under its former name {row['was']}")
    return ", ".join(words)
