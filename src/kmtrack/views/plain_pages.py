"""Plain pages, to be read aloud: a fact on each line, no columns, bars, boxes or colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kmtrack.text import visible
from kmtrack.views.table import BETWEEN_FACTS, INDENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.views.table import Cell, Table


class Plain:
    """A screen, a pipe or a file with a line of its own for each fact."""

    ends_in_view = False  # it is read from the beginning

    def line(self, text: str = "", style: str = "") -> None:
        """Print each fact of a text on a line of its own."""
        del style
        for fact in visible(text).split(BETWEEN_FACTS):
            print(fact)

    def cells(self, *cells: Cell) -> None:
        """Print the texts of cells on one line, without blanks for alignment."""
        self.line(" ".join("".join(cell.text for cell in cells).split()))

    def indented(self, text: str, depth: int = 1) -> None:
        """Print a text on a line of its own, with a comma in place of blanks for alignment."""
        del depth
        self.line(re.sub(r"(?<=\S) {2,}", ", ", text))

    def facts(self, facts: Iterable[str]) -> None:
        """Print each fact on a line."""
        self.line(BETWEEN_FACTS.join(facts))

    def draw(self, table: Table, narrower: Iterable[Table] = ()) -> None:
        """Print each row as its first cell and, below it, a line for each other cell with its heading."""
        del narrower
        heads = [column.head_on_one_line for column in table.columns]
        for row in table.rows:
            first, *others = [visible(cell.text.replace("\n", " ")) for cell in row]
            print(f"{heads[0]}: {first}")
            for head, text in zip(heads[1:], others, strict=True):
                if head and text:
                    print(f"{INDENT}{head}: {text}")

    def list(
        self, table: Table, narrower: Iterable[Table], *, pager: Sequence[str] = ()
    ) -> Sequence[str]:
        """Print records, each as `draw` prints a row."""
        del pager
        self.draw(table, narrower)
        return ()
