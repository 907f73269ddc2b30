"""Benchmark results as terminal tables, as a Markdown page and as the table of docs/proof.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What stands between these in docs/proof.md is written by a whole run.
BEGIN: Final = "<!-- bench: begin -->\n"
END: Final = "<!-- bench: end -->\n"
_WIDE: Final = 120  # columns of a table that is printed into a file


class Goal(NamedTuple):
    """What was measured and the most that it may be, in `unit`."""

    measured: float
    limit: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.limit:g}{self.unit}"

    @property
    def is_reached(self) -> bool:
        """Whether the goal is reached as it is shown, with two decimals."""
        return round(self.measured, 2) <= self.limit


class Line(NamedTuple):
    """A measurement; `ratio` compares it with what the part names."""

    name: str
    cells: tuple[str, ...]
    ratio: float | None = None
    goals: tuple[Goal, ...] = ()

    @property
    def verdict(self) -> str:
        """Return whether the goals are reached; nothing if there is none."""
        if not self.goals:
            return ""
        return "reached" if all(goal.is_reached for goal in self.goals) else "MISSED"

    @property
    def row(self) -> list[str]:
        """Return all cells of the line."""
        goals = ", ".join(map(str, self.goals))
        return [self.name, *self.cells, self.shown_ratio, goals, self.verdict]

    @property
    def shown_ratio(self) -> str:
        """Return the ratio with two decimals; nothing if there is none."""
        return "" if self.ratio is None else f"{self.ratio:.2f}"


class Part(NamedTuple):
    """A part of the benchmarks; `headings` are the column headings of the name and the cells."""

    title: str
    explanation: str
    headings: tuple[str, ...]
    lines: list[Line]

    def without_goals(self) -> Part:
        """Return the part without goals, so that it has no verdicts."""
        return self._replace(lines=[line._replace(goals=()) for line in self.lines])

    @property
    def all_headings(self) -> list[str]:
        """Return the headings of all columns."""
        return [*self.headings, "ratio", "goal", ""]


def show(part: Part) -> None:
    """Print a part as a table."""
    table = Table(title=part.title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, heading in enumerate(part.all_headings):
        table.add_column(heading, justify="right" if number else "left", no_wrap=True)
    for line in part.lines:
        table.add_row(*line.row, style="bold red" if line.verdict == "MISSED" else "")
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table, part.explanation, "")


def page(machine: Mapping[str, str], parts: Iterable[Part]) -> str:
    """Return a Markdown page of all parts with a description of the machine."""
    lines = ["# Benchmarks", "", "Written by `python -m bench`.", ""]
    lines += _table(["machine", ""], machine.items())
    for part in parts:
        lines += ["", f"## {part.title}", "", part.explanation, ""]
        lines += _table(part.all_headings, (line.row for line in part.lines))
    return "\n".join([*lines, ""])


def with_summary(proof: str, parts: Iterable[Part]) -> str:
    """Return the text of docs/proof.md with the lines of these parts that have a ratio and a goal."""
    before, _, rest = proof.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [
        (line.name, line.shown_ratio, str(line.goals[0]))
        for part in parts
        for line in part.lines
        if line.ratio is not None and line.goals
    ]
    table = _table(["whole process", "times its floor", "goal"], rows)
    return "\n".join([f"{before}{BEGIN}", *table, "", f"{END}{after}"])


def _table(headings: list[str], rows: Iterable[Iterable[str]]) -> list[str]:
    return [
        f"| {' | '.join(headings)} |",
        f"| --- |{' ---: |' * (len(headings) - 1)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
