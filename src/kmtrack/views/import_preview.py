"""Render the preview of an import: what was read, understood, assumed and left alone."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from kmtrack.errors import in_words
from kmtrack.i18n import say
from kmtrack.usecases.imports.columns import heading_fact
from kmtrack.views.format import heading_of, value_in_words
from kmtrack.views.imports import ignored_column, render_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.usecases.imports.result import (
        AssumedFact,
        ImportResult,
        SheetRead,
        UnderstoodColumn,
    )

# A register's own list has eighty columns that are not read.
_MOST_COLUMNS: Final = 12


def render_questions(result: ImportResult) -> list[str]:
    """Render what stands open, with what to type for each."""
    return [say("import.question", sentence=doubt.sentence()) for doubt in result.questions]


def render_preview(result: ImportResult) -> list[str]:
    """Render what was read, understood, assumed and left alone: all but what it adds up to."""
    return [*_understood(result), *_warnings(result)]


def render_take_back(result: ImportResult) -> list[str]:
    """Render how to undo an import of which something was reported; nothing where all was clear."""
    return [] if result.dry_run or result.is_clear else [say("import.take_back")]


def _understood(result: ImportResult) -> list[str]:
    """Render which tables were read as what, and which column as which field."""
    lines: list[str] = []
    read = [sheet for sheet in result.sheets if sheet.rows]
    for (noun, columns), sheets in groupby(read, lambda sheet: (sheet.noun, sheet.columns)):
        lines += [_sheet(sheet, result.file) for sheet in sheets]
        lines.append(say("import.columns", columns=_columns(noun, columns)))
    return lines


def _warnings(result: ImportResult) -> list[str]:
    """Render what was assumed, left alone or doubtful."""
    return [
        *(_assumed(assumed) for assumed in result.assumed),
        *_reading(result),
        *(say("import.ignored_sheet", sheet=sheet) for sheet in result.ignored_sheets),
        *_unread(result),
        *render_findings(result),
    ]


def _reading(result: ImportResult) -> list[str]:
    """Render what a person who knows the file would not expect of how it was read."""
    findings = result.findings
    asked = {doubt.subject[-1] for doubt in result.questions}
    return [
        *(say("import.draft", sheet=sheet) for sheet in result.draft_sheets if sheet not in asked),
        *(
            say("import.hidden_rows", number=sheet.hidden_rows, place=sheet.title)
            for sheet in result.sheets
            if sheet.hidden_rows
        ),
        *(say("import.hidden_sheet", sheet=sheet) for sheet in findings.hidden_sheets),
        *([say("import.errors_look_blank")] if findings.errors_look_blank else []),
        *([say("import.encoding", encoding=findings.encoding)] if findings.encoding else []),
    ]


def _unread(result: ImportResult) -> list[str]:
    """Render which columns were not read, those apart about which a question stands open."""
    asked = {doubt.subject[-1] for doubt in result.questions}
    columns = [column for column in result.ignored_columns if column.heading not in asked]
    if not columns:
        return []
    more = len(columns) - _MOST_COLUMNS
    named = ", ".join(map(ignored_column, columns[:_MOST_COLUMNS]))
    return [
        say("import.ignored_columns", columns=named)
        + (f" {say('import.more_columns', number=more)}" if more > 0 else "")
    ]


def _sheet(sheet: SheetRead, file: str) -> str:
    noun = say(f"nouns.{sheet.noun}")
    return say("import.sheet", sheet=sheet.title or file, noun=noun, rows=sheet.rows)


def _columns(noun: str, columns: Sequence[UnderstoodColumn]) -> str:
    return " · ".join(_column(noun, column) for column in columns)


def _column(noun: str, column: UnderstoodColumn) -> str:
    """Name a column, and what it was read as unless it is called so."""
    field = str(in_words(heading_fact(noun, column.field)))
    same = column.heading.casefold() == field.casefold()
    return column.heading if same else f"{column.heading} → {field}"


def _assumed(assumed: AssumedFact) -> str:
    noun, field = assumed.noun, assumed.field
    return say(
        "import.assumed" if assumed.value is not None else "import.not_stated",
        nouns=say(f"nouns.{noun}"),
        field=heading_of(noun, field),
        value=value_in_words(noun, field, assumed.value),
        rows=assumed.rows,
    )
