"""The result of an import: what it added, found and left alone, and the mistakes that stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kmtrack.usecases.target_changes import TargetChange


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
