"""The result of an import: what it added, found and left alone, and the errors that stopped it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.plain_text import shown

if TYPE_CHECKING:
    from kmtrack.errors import Phrase
    from kmtrack.ledger.queries.commands import Command
    from kmtrack.rules.document import Wording
    from kmtrack.rules.status import TargetChange
    from kmtrack.usecases.imports.table import Findings


class BadRows(Refusal):
    """Rows that cannot be stored: `errors` are the first, `number` is how many there are in all."""

    def __init__(self, errors: list[RowError], number: int, file: str) -> None:
        super().__init__("bad_rows", number=number, file=file)
        self.errors = errors
        self.number = number


class RowPosition(NamedTuple):
    """A row of a file: its sheet ("" in a CSV file) and its number as it is shown there."""

    sheet: str
    row: int


class RowError(NamedTuple):
    """One cell that cannot be stored, or that is missing, by the heading of its column.

    `value` is a day, or the text of the cell; "" where there is none.
    """

    position: RowPosition
    column: str | Phrase | Wording
    value: date | str
    error: Refusal


class NounResult(NamedTuple):
    """How the rows of one noun fared; only companies and answers are ever `filled_in`."""

    noun: str
    added: int = 0
    already_here: int = 0
    filled_in: int = 0

    @property
    def rows(self) -> int:
        """Count the rows that were read."""
        return self.added + self.already_here + self.filled_in

    def plus(self, other: NounResult) -> NounResult:
        """Add the result of another sheet of the same noun."""
        added = self.added + other.added
        already_here = self.already_here + other.already_here
        return NounResult(self.noun, added, already_here, self.filled_in + other.filled_in)


class KeptFact(NamedTuple):
    """A fact of a company for which the file and the ledger differ; the ledger's stays.

    `since` is the day (ISO) from which the ledger's is in force, "" for the beginning; None where it
    has had one value only.
    """

    position: RowPosition
    company_id: str
    company: str
    field: str
    in_ledger: object
    in_file: object
    since: str | None = None


class WithdrawnRow(NamedTuple):
    """A row whose record was withdrawn, for a `reason` and by a command, so that it is not used."""

    position: RowPosition
    noun: str
    id: str
    name: str
    reason: str
    by: Command | None


class Doubt(NamedTuple):
    """A company that was added though another in its municipality has nearly the same name."""

    position: RowPosition
    company: str
    company_id: str
    other: str
    other_id: str


class IgnoredColumn(NamedTuple):
    """A column that was not read: its sheet ("" in a CSV file), and its heading if it has one."""

    sheet: str
    heading: str | None


class SheetRead(NamedTuple):
    """A table that was read as rows of a noun: its title ("" in a CSV file) and how many rows.

    A filter hides `hidden_rows` of its rows in a spreadsheet; the title may say that it `is_draft`.
    """

    title: str
    noun: str
    rows: int
    hidden_rows: int
    is_draft: bool


class ImportResult(NamedTuple):
    """All that an import did, or with `dry_run` would do.

    The lists of differences and warnings are cut off at a readable length; their numbers are not.
    """

    file: str
    dry_run: bool
    nouns: list[NounResult]
    targets: list[TargetChange]
    differences: list[KeptFact]
    number_of_differences: int
    withdrawn: list[WithdrawnRow]
    number_of_withdrawn: int
    doubts: list[Doubt]
    number_of_doubts: int
    ignored_columns: list[IgnoredColumn]
    ignored_sheets: list[str]
    sheets: list[SheetRead]
    findings: Findings

    @property
    def rows(self) -> int:
        """Count the rows that were read."""
        return sum(noun.rows for noun in self.nouns)


class RowReport:
    """Collects messages for the user: the first of each kind, and how many there are."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.errors: list[RowError] = []
        self.number_of_errors = 0
        self.differences: list[KeptFact] = []
        self.number_of_differences = 0
        self.withdrawn: list[WithdrawnRow] = []
        self.number_of_withdrawn = 0
        self.doubts: list[Doubt] = []
        self.number_of_doubts = 0

    def error(
        self, position: RowPosition, column: str | Phrase | Wording, cell: object, error: Refusal
    ) -> None:
        """Report a value that cannot be stored; `cell` is the text in the file."""
        self.number_of_errors += 1
        if len(self.errors) < self.most:
            self.errors.append(RowError(position, column, _value(cell), error))

    def difference(self, difference: KeptFact) -> None:
        """Report a fact for which the file and the ledger differ."""
        self.number_of_differences += 1
        if len(self.differences) < self.most:
            self.differences.append(difference)

    def doubt(self, doubt: Doubt) -> None:
        """Report a company that may be another one's double."""
        self.number_of_doubts += 1
        if len(self.doubts) < self.most:
            self.doubts.append(doubt)


def _value(cell: object) -> date | str:
    if cell is None or isinstance(cell, Refusal):
        return ""
    return cell if isinstance(cell, date) else shown(cell)
