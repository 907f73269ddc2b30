"""Benchmark results as terminal tables and as a Markdown page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Line(NamedTuple):
    """A measurement; `goal` is the highest ratio that is acceptable, if there is a goal."""

    name: str
    cells: tuple[str, ...]
    ratio: float | None
    goal: float | None = None

    @property
    def verdict(self) -> str:
        """Return "reached" or "MISSED", or an empty text if there is no goal."""
        if self.ratio is None or self.goal is None:
            return ""
        return "reached" if self.ratio <= self.goal else "MISSED"

    @property
    def row(self) -> list[str]:
        """Return all cells as text."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        goal = "" if self.goal is None else f"{self.goal:g}"
        return [self.name, *self.cells, ratio, goal, self.verdict]


class Part(NamedTuple):
    """A part of the benchmarks; `headings` are the column headings of the name and the cells."""

    title: str
    explanation: str
    headings: tuple[str, ...]
    lines: list[Line]

    def without_goals(self) -> Part:
        """Return the part without goals, so that it has no verdicts."""
        return self._replace(lines=[line._replace(goal=None) for line in self.lines])

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
    Console().print(table, part.explanation, "")


def page(machine: Mapping[str, str], parts: Iterable[Part]) -> str:
    """Return a Markdown page of all parts with a description of the machine."""
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
        lines.append(f"| {' | '.join(part.all_headings)} |")
        lines.append(f"| --- |{' ---: |' * (len(part.all_headings) - 1)}")
        lines += [f"| {' | '.join(line.row)} |" for line in part.lines]
    return "\n".join([*lines, ""])
