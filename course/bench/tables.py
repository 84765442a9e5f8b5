"""The tables that a measurement gives: printed in a terminal, and kept as Markdown."""

from dataclasses import dataclass, field

from rich.table import Table


@dataclass
class Figures:
    """A table of measured figures. notes: sentences that stand below it"""

    title: str
    columns: tuple
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def add(self, *row):
        self.rows.append(tuple(map(str, row)))

    def print_to(self, console):
        if self.rows:
            console.print(self._drawn())
        for note in self.notes:
            console.print(note, highlight=False, soft_wrap=True)
        console.print()

    def _drawn(self):
        table = Table(title=self.title, title_justify="left")
        for i, column in enumerate(self.columns):
            table.add_column(column, justify="right" if i else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self):
        lines = [f"## {self.title}"]
        if self.rows:
            lines += ["", _row(self.columns), _row(["---", *["---:"] * (len(self.columns) - 1)])]
            lines += [_row(row) for row in self.rows]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines)


def _row(cells):
    return f"| {' | '.join(cells)} |"
