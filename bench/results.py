"""The results: parts of lines with ratios, drawn as tables and written as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Line(NamedTuple):
    """One thing measured; `goal` is what its ratio should not exceed, if there is a goal."""

    name: str
    cells: tuple[str, ...]
    ratio: float | None
    goal: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the goal is reached, in a word."""
        if self.ratio is None or self.goal is None:
            return ""
        return "reached" if self.ratio <= self.goal else "MISSED"

    @property
    def row(self) -> list[str]:
        """All its cells as text."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        goal = "" if self.goal is None else f"{self.goal:g}"
        return [self.name, *self.cells, ratio, goal, self.verdict]


class Part(NamedTuple):
    """A part of the benchmarks; `heads` stand over the name and the cells of its lines."""

    title: str
    explanation: str
    heads: tuple[str, ...]
    lines: list[Line]

    def without_goals(self) -> Part:
        """The same, where it is not to be said whether a goal is reached."""
        return self._replace(lines=[line._replace(goal=None) for line in self.lines])

    @property
    def all_heads(self) -> list[str]:
        """The heads of all columns."""
        return [*self.heads, "ratio", "goal", ""]


def show(part: Part) -> None:
    """Print a part as a table."""
    table = Table(title=part.title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(part.all_heads):
        table.add_column(head, justify="right" if number else "left", no_wrap=True)
    for line in part.lines:
        table.add_row(*line.row, style="bold red" if line.verdict == "MISSED" else "")
    Console().print(table, part.explanation, "")


def page(machine: Mapping[str, str], parts: Iterable[Part]) -> str:
    """The page of all parts, with the machine that they were measured on."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `python -m bench`.",
        "",
        "| machine | |",
        "| --- | --- |",
    ]
    lines += [f"| {name} | {value} |" for name, value in machine.items()]
    for part in parts:
        lines += ["", f"## {part.title}", "", part.explanation, ""]
        lines.append(f"| {' | '.join(part.all_heads)} |")
        lines.append(f"| --- |{' ---: |' * (len(part.all_heads) - 1)}")
        lines += [f"| {' | '.join(line.row)} |" for line in part.lines]
    return "\n".join([*lines, ""])
