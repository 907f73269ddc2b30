"""The ways in which a file, or one cell of it, is refused by an import."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from kmtrack.errors import BadValue, Refusal
from kmtrack.i18n import say

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.imports.result import RowMistake


# What the operating system says in its own language.
_PROBLEMS: Final = {
    errno.EACCES: "access",
    errno.EPERM: "access",
    errno.EIO: "disk",
    errno.ENOENT: "gone",
    errno.EMFILE: "open",
    errno.ENFILE: "open",
}


class ImportFileMissing(Refusal):
    """There is no file of that name."""


class ImportFileIsFolder(Refusal):
    """A folder, or another thing that is no regular file."""


class ImportFileUnreadable(Refusal):
    """The operating system does not let the file be read."""


class ImportFileEmpty(Refusal):
    """The file has nothing in it, not even headings."""


class NotATable(Refusal):
    """The file is neither a workbook nor text in columns."""


class OldWorkbook(Refusal):
    """A workbook in the form that Excel wrote until 2003."""


class WorkbookProtected(Refusal):
    """A workbook that only opens with a password."""


class WorkbookDamaged(Refusal):
    """A workbook that cannot be read to its end."""


class TextDamaged(Refusal):
    """A CSV file in which a line cannot be taken apart."""


class UnknownEncoding(Refusal):
    """A text in an encoding that is none of those that are tried."""


class ImportFileTooLarge(Refusal):
    """A file that is larger, packed or unpacked, than any honest one."""


class TooManyRows(Refusal):
    """More rows than one import takes."""


class TooManyColumns(Refusal):
    """More columns than one import takes."""


class ImportTooSlow(Refusal):
    """Reading has taken longer than anyone should wait."""


class NoKnownSheet(Refusal):
    """A workbook in which no sheet is named for something that can be imported."""


class UnknownNoun(Refusal):
    """What the rows are said to be is none of what can be imported."""


class NounUnclear(Refusal):
    """Neither the headings nor the name of the file tell what the rows are."""


class MissingColumn(Refusal):
    """A sheet without a column that every row must state."""


class DoubleColumn(Refusal):
    """Two columns of one sheet that state the same."""


class BadRows(Refusal):
    """Rows that cannot be stored; `mistakes` has the first of them, `number` counts them all."""

    def __init__(self, mistakes: list[RowMistake], number: int, file: str) -> None:
        super().__init__(number=number, file=file)
        self.mistakes = mistakes
        self.number = number


class FormulaWithoutValue(BadValue):
    """A formula that no spreadsheet program has reckoned."""


class ErrorInCell(BadValue):
    """The error that a spreadsheet shows where a formula failed."""


class DayMoves(BadValue):
    """A day that is another one each year or day the file is read: "4.3.", "today"."""


class DayUnreadable(BadValue):
    """A cell that cannot be read as a day; what only a person at the keyboard may type is no help."""


class TooManyCells(BadValue):
    """A row with more values than there are headings."""


class CompanyNotFound(BadValue):
    """No company has exactly that number, id or name."""


class CompanyUnclear(BadValue):
    """Several companies have exactly that name."""


def unreadable(file: Path, error: OSError) -> ImportFileUnreadable:
    """The refusal of a file in which the operating system failed."""
    kind = _PROBLEMS.get(error.errno or 0)
    problem = say(f"problem.{kind}") if kind else error.strerror or type(error).__name__
    return ImportFileUnreadable(file=file, problem=problem)
