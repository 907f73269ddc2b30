"""The result of an import: what it added, found and left alone, and the errors that stopped it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.i18n import current
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.dates import format_day

if TYPE_CHECKING:
    from kmtrack.usecases.target_changes import TargetChange


class BadRows(Refusal):
    """Rows that cannot be stored; `mistakes` has the first of them, `number` counts them all."""

    def __init__(self, mistakes: list[RowMistake], number: int, file: str) -> None:
        super().__init__("bad_rows", number=number, file=file)
        self.mistakes = mistakes
        self.number = number


class CellPosition(NamedTuple):
    """A row of a file: its sheet ("" in a CSV file) and its number as it is shown there."""

    sheet: str
    row: int


class RowMistake(NamedTuple):
    """One value that cannot be stored, or a row that lacks one (`value` is "")."""

    place: CellPosition
    column: str
    value: str
    sentence: str


class NounResult(NamedTuple):
    """How the rows of one noun fared; only companies are ever `filled_in`."""

    noun: str
    added: int = 0
    already_here: int = 0
    filled_in: int = 0

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.added + self.already_here + self.filled_in

    def plus(self, other: NounResult) -> NounResult:
        """The sum with the result of another sheet of the same noun."""
        added = self.added + other.added
        already_here = self.already_here + other.already_here
        return NounResult(self.noun, added, already_here, self.filled_in + other.filled_in)


class Difference(NamedTuple):
    """A fact of a company for which the file and the ledger differ; the ledger's stays."""

    place: CellPosition
    company_id: str
    company: str
    field: str
    in_ledger: object
    in_file: object


class Doubt(NamedTuple):
    """A company that was added though another in its municipality has nearly the same name."""

    place: CellPosition
    company: str
    company_id: str
    other: str
    other_id: str


class ImportResult(NamedTuple):
    """All that an import did, or with `dry_run` would do.

    `ignored_columns` are named as "sheet: heading"; the lists of differences and doubts end where
    a person stops reading, and their numbers count on.
    """

    file: str
    dry_run: bool
    nouns: list[NounResult]
    targets: list[TargetChange]
    differences: list[Difference]
    number_of_differences: int
    doubts: list[Doubt]
    number_of_doubts: int
    ignored_columns: list[str]
    ignored_sheets: list[str]

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(noun.rows for noun in self.nouns)


class RowReport:
    """Collects what a person must be told: the first of each kind, and how many there are."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.mistakes: list[RowMistake] = []
        self.number_of_mistakes = 0
        self.differences: list[Difference] = []
        self.number_of_differences = 0
        self.doubts: list[Doubt] = []
        self.number_of_doubts = 0

    def error(self, place: CellPosition, column: str, cell: object, error: Refusal) -> None:
        """Note a value that cannot be stored; `cell` as it stands in the file."""
        self.number_of_mistakes += 1
        if len(self.mistakes) < self._most:
            value = _in_words(cell)
            self.mistakes.append(RowMistake(place, column, value, error.sentence()))

    def difference(self, difference: Difference) -> None:
        """Note a fact for which the file and the ledger differ."""
        self.number_of_differences += 1
        if len(self.differences) < self._most:
            self.differences.append(difference)

    def doubt(self, doubt: Doubt) -> None:
        """Note a company that may be another one's double."""
        self.number_of_doubts += 1
        if len(self.doubts) < self._most:
            self.doubts.append(doubt)


def _in_words(cell: object) -> str:
    if cell is None or isinstance(cell, Refusal):
        return ""
    return format_day(cell, current()) if isinstance(cell, date) else shown(cell)
