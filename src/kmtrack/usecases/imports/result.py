"""The result of an import: what it added, found and left alone, and the errors that stopped it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.plain_text import shown

if TYPE_CHECKING:
    from kmtrack.errors import Phrase
    from kmtrack.ledger.queries.commands import Command
    from kmtrack.rules.document import Wording
    from kmtrack.rules.tallies import TargetChange
    from kmtrack.usecases.doubts import Doubt
    from kmtrack.usecases.imports.column_choices import Source
    from kmtrack.usecases.imports.table import Findings


class BadRows(Refusal):
    """Rows that cannot be stored: `errors` are the first, `number` is how many there are in all."""

    def __init__(self, errors: Reported[RowError], file: str) -> None:
        super().__init__("bad_rows", number=errors.number, file=file)
        self.errors = errors
        self.number = errors.number


class RowPosition(NamedTuple):
    """The position of a row: its sheet ("" in a CSV file) and its number as shown there."""

    sheet: str
    row: int


class RowError(NamedTuple):
    """A cell that cannot be stored, or that is missing, by the heading of its column.

    `value` is a day, or the text of the cell; "" if there is none.
    """

    position: RowPosition
    column: str | Phrase | Wording
    value: date | str
    error: Refusal


class NounResult(NamedTuple):
    """How the rows of one noun fared; only companies and answers are ever `filled_in`.

    Rows that changed since they were read `updated` their records.
    """

    noun: str
    added: int = 0
    already_here: int = 0
    filled_in: int = 0
    updated: int = 0

    @property
    def rows(self) -> int:
        """Count the rows that were read."""
        return self.added + self.already_here + self.filled_in + self.updated

    def plus(self, other: NounResult) -> NounResult:
        """Add the result of another sheet of the same noun."""
        return NounResult(self.noun, *map(sum, zip(self[1:], other[1:], strict=True)))


class KeptFact(NamedTuple):
    """A fact of a company that differs between the file and the ledger; the ledger's stays.

    `since` is the day (ISO) since which the ledger's is in force, "" for the beginning; None if it
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
    """A row that is not used because its record was withdrawn, for a `reason` and by a command."""

    position: RowPosition
    noun: str
    id: str
    name: str
    reason: str
    by: Command | None


class LookAlike(NamedTuple):
    """A company that was added although another in its municipality has nearly the same name.

    Or, with `is_elsewhere`, although another elsewhere has the same name.
    """

    position: RowPosition
    company: str
    company_id: str
    other: str
    other_id: str
    is_elsewhere: bool = False


class ChangedFact(NamedTuple):
    """A fact in which a row differs from its record; `is_edited` if a person changed it here since.

    The field may be `company` or `person`, with their names as values.
    """

    field: str
    in_ledger: object
    in_file: object
    is_edited: bool = False


class ChangedRow(NamedTuple):
    """A row that corrects a record: it gives the record's id, or changed since it was read into it.

    `name` is that of the record's company. If the row may belong to several records, these are
    `among` (ids), and nothing is corrected.
    """

    position: RowPosition
    noun: str
    id: str
    name: str
    facts: list[ChangedFact]
    among: list[str]


class EditedFact(NamedTuple):
    """A cell with a former value of the record, which was edited here since the file was written.

    So the ledger's value stays.
    """

    position: RowPosition
    noun: str
    id: str
    name: str
    field: str
    in_ledger: object
    in_file: object


class SimilarRow(NamedTuple):
    """A row that was added although a typed record says nearly the same about its company."""

    position: RowPosition
    noun: str
    name: str
    id: str
    other_id: str


class OtherName(NamedTuple):
    """A row that names a company by its CVR number, but by another name than the company has (`in_file`)."""

    position: RowPosition
    company: str
    company_id: str
    cvr: str | None
    in_file: str


class GoneRow(NamedTuple):
    """A record in force whose row was in a sheet when that was read before, and no longer is.

    `name` is that of its company, `day` (ISO) that of the record, for an agreement the agreed day.
    """

    noun: str
    id: str
    name: str
    day: str | None


class AssumedFact(NamedTuple):
    """A fact that nobody stated, so that a default was stored for it, in this many rows."""

    noun: str
    field: str
    value: object
    rows: int


class UnderstoodColumn(NamedTuple):
    """A column that was read, the field that it was read as, and why: see `column_choices.py`."""

    heading: str
    field: str
    source: Source = "known"


class IgnoredColumn(NamedTuple):
    """A column that was not read: its sheet ("" in a CSV file), and its heading if it has one.

    `looks_like` is the field that it seems to hold, by its heading or its values. One that
    `is_no_fact` is known, or was left out by a person, and needs no attention; `fact_of` is the
    noun whose records have such a fact, if those of the list do not. One that `is_second` means the
    same as a column that was read.
    """

    sheet: str
    heading: str | None
    looks_like: str | None = None
    is_no_fact: bool = False
    fact_of: str | None = None
    is_second: bool = False


Found = TypeVar("Found")


class Reported(list[Found]):
    """The findings of one kind: the first ones in the order of the file, and the `number` of all."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.number = 0

    @property
    def is_full(self) -> bool:
        """Whether further findings are only counted, so that nothing needs to be looked up for them."""
        return len(self) >= self._most

    @property
    def room(self) -> int:
        """The number of further findings that are kept."""
        return max(0, self._most - len(self))

    def report(self, finding: Found) -> None:
        """Count a finding, and keep it if there is room."""
        self.number += 1
        if not self.is_full:
            self.append(finding)


class SheetRead(NamedTuple):
    """A table that was read as rows of a noun: its title ("" in a CSV file), rows and columns.

    `hidden_rows` of its rows are hidden by a filter in the spreadsheet.
    """

    title: str
    noun: str
    rows: int
    columns: list[UnderstoodColumn]
    hidden_rows: int


class UnclearSheet(NamedTuple):
    """A sheet that was not read although its headings fit `nouns`: the titles of others say more."""

    title: str
    nouns: list[str]


class SkippedRows(NamedTuple):
    """Rows above the headings, which are not records: how many, and the text of the first."""

    position: RowPosition
    text: str
    number: int


# The sheet and the heading of a column.
Column = tuple[str, str]


class ImportResult(NamedTuple):
    """Everything that an import did, or with `dry_run` would do.

    `questions` are the open doubts: nothing is stored as long as there are any.
    """

    file: str
    dry_run: bool
    nouns: list[NounResult]
    targets: list[TargetChange]
    sheets: list[SheetRead]
    assumed: list[AssumedFact]
    ignored_columns: list[IgnoredColumn]
    ignored_sheets: list[str]
    unclear_sheets: list[UnclearSheet]
    draft_sheets: list[str]
    skipped: list[SkippedRows]
    findings: Findings
    questions: list[Doubt]
    # One list for each kind in RowReport; errors are left to a dry run only.
    errors: Reported[RowError]
    differences: Reported[KeptFact]
    withdrawn: Reported[WithdrawnRow]
    doubts: Reported[LookAlike]
    totals: Reported[RowPosition]
    # How many cells of a column only say that nothing is known, and were read as empty; and how many
    # characters that nobody sees were left out.
    empty_words: Counter[Column]
    invisible: Counter[Column]
    # In how many of its cells a question mark stands within a word.
    lost_letters: Counter[Column]
    # In how many rows of a noun an institution is spelled otherwise than one that was named before.
    spelled: Counter[tuple[str, str, str]]
    changed: Reported[ChangedRow]
    edited: Reported[EditedFact]
    similar: Reported[SimilarRow]
    other_names: Reported[OtherName]
    gone: Reported[GoneRow]

    @property
    def rows(self) -> int:
        """Count the rows that were read."""
        return sum(noun.rows for noun in self.nouns)

    @property
    def is_clear(self) -> bool:
        """Whether nothing was assumed, doubtful, or left unread though it looks like a fact."""
        return not (
            any(map(self._is_doubtful, self.assumed))
            or self.doubts
            or self.similar
            or self.other_names
            or self.spelled
            or self.lost_letters
            or self.questions
            or self.unclear_sheets
            or any(column.looks_like for column in self.ignored_columns)
        )

    def _is_doubtful(self, assumed: AssumedFact) -> bool:
        """Return whether another value is likely; companies with a CVR number are of the common kind."""
        numbered = (
            any(column.field == "cvr" for column in sheet.columns)
            for sheet in self.sheets
            if sheet.noun == assumed.noun
        )
        return not (assumed.noun == "company" and all(numbered))


class RowReport:
    """Collects the findings about rows, in a list for each kind of finding.

    To add a kind: a NamedTuple for one finding, a list of it here and under the same name in
    ImportResult, a line in FINDINGS of the view (`views/imports.py`), and its text in both
    languages. A finding that needs an answer before anything is stored is a question instead: see
    `ImportContext.ask`.
    """

    def __init__(self, most: int) -> None:
        self.errors: Reported[RowError] = Reported(most)
        self.differences: Reported[KeptFact] = Reported(most)
        self.withdrawn: Reported[WithdrawnRow] = Reported(most)
        self.doubts: Reported[LookAlike] = Reported(most)
        self.totals: Reported[RowPosition] = Reported(most)
        self.empty_words: Counter[Column] = Counter()
        self.invisible: Counter[Column] = Counter()
        self.lost_letters: Counter[Column] = Counter()
        self.spelled: Counter[tuple[str, str, str]] = Counter()
        self.changed: Reported[ChangedRow] = Reported(most)
        self.edited: Reported[EditedFact] = Reported(most)
        self.similar: Reported[SimilarRow] = Reported(most)
        self.other_names: Reported[OtherName] = Reported(most)
        self.gone: Reported[GoneRow] = Reported(most)

    def error(
        self, position: RowPosition, column: str | Phrase | Wording, cell: object, error: Refusal
    ) -> None:
        """Report a value that cannot be stored; `cell` is the text in the file."""
        self.errors.report(RowError(position, column, _value(cell), error))

    def findings(self) -> dict[str, Any]:
        """Return the findings of every kind, by name, as ImportResult holds them."""
        return dict(vars(self))


def _value(cell: object) -> date | str:
    if cell is None or isinstance(cell, Refusal):
        return ""
    return cell if isinstance(cell, date) else shown(cell)
