"""Render the preview of an import: what was read, understood, assumed and left alone."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from kmtrack.errors import in_words
from kmtrack.i18n import say
from kmtrack.text import as_typed
from kmtrack.usecases.imports.columns import heading_fact
from kmtrack.usecases.imports.list_columns import column_option
from kmtrack.usecases.imports.result import IgnoredColumn
from kmtrack.views.format import heading_of, value_in_words
from kmtrack.views.imports import ignored_column, place_of, render_findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.usecases.imports.result import (
        AssumedFact,
        ImportResult,
        SheetRead,
        UnclearSheet,
        UnderstoodColumn,
    )

# More are only counted.
_MOST_COLUMNS: Final = 12
_MOST_PLACES: Final = 5
# Facts of a company without which none of its contacts, hires and collaborations counts.
_NEEDED: Final = ("municipality", "employees")


def render_questions(result: ImportResult) -> list[str]:
    """Render the open questions, with what to type for each."""
    return [say("import.question", sentence=doubt.sentence()) for doubt in result.questions]


def render_preview(result: ImportResult, most: int | None = None) -> list[str]:
    """Render what was read, understood, assumed and left alone: everything except the sums.

    Up to `most` findings of a kind are shown.
    """
    return [*_understood(result), *_warnings(result, most)]


def render_take_back(result: ImportResult) -> list[str]:
    """Render how to undo an import with something to report; nothing if all was clear."""
    stored = any(noun.added or noun.filled_in or noun.updated for noun in result.nouns)
    return [say("import.take_back")] if stored and not (result.dry_run or result.is_clear) else []


def _understood(result: ImportResult) -> list[str]:
    """Render which tables were read as what, and which column as which field."""
    lines: list[str] = []
    read = [sheet for sheet in result.sheets if sheet.rows]
    for (noun, columns), sheets in groupby(read, lambda sheet: (sheet.noun, sheet.columns)):
        lines += [_sheet(sheet, result.file) for sheet in sheets]
        lines.append(say("import.columns", columns=_columns(noun, columns)))
    return lines


def _warnings(result: ImportResult, most: int | None) -> list[str]:
    """Render what was assumed, left alone or doubtful."""
    return [
        *(_assumed(assumed) for assumed in result.assumed),
        *_missing_facts(result),
        *_reading(result),
        *(say("import.ignored_sheet", sheet=sheet) for sheet in result.ignored_sheets),
        *map(_unclear_sheet, result.unclear_sheets),
        *_unread(result),
        *_left_out(result),
        *render_findings(result, most),
    ]


def _missing_facts(result: ImportResult) -> list[str]:
    """Render which facts of new companies are missing, without which nothing counts."""
    if not any(noun.noun == "company" and noun.added for noun in result.nouns):
        return []
    sheets = [sheet for sheet in result.sheets if sheet.noun == "company"]
    lines = []
    for field in _NEEDED:
        rows = sum(
            sheet.rows
            for sheet in sheets
            if field not in {column.field for column in sheet.columns}
        )
        if rows:
            name = heading_of("company", field)
            lines.append(say("import.without_fact", field=name, rows=rows))
    return lines


def _unclear_sheet(sheet: UnclearSheet) -> str:
    """Name a sheet that was not read although its headings fit, and the option that reads it."""
    noun = "|".join(sheet.nouns)  # where there are several, as usages show a choice
    typed = f"{as_typed(['--sheet', sheet.title])} --as {noun}"
    return say("import.unclear_sheet", sheet=sheet.title, typed=typed)


def _unread(result: ImportResult) -> list[str]:
    """Render which columns were not read, except those with an open question."""
    asked = {doubt.subject[-1] for doubt in result.questions}
    unread = [column for column in result.ignored_columns if column.heading not in asked]
    lines = [_looks_like(result, column) for column in unread if column.looks_like]
    unknown = [
        column
        for column in unread
        if not (column.looks_like or column.is_no_fact or column.fact_of or column.is_second)
    ]
    if unknown:
        lines.append(say("import.ignored_columns", columns=_some(unknown)))
    for noun in dict.fromkeys(column.fact_of for column in unread if column.fact_of):
        columns = _some([column for column in unread if column.fact_of == noun])
        lines.append(say("import.facts_of", noun=say(f"nouns.{noun}"), columns=columns))
    if second := [column for column in unread if column.is_second]:
        lines.append(say("import.second_columns", columns=_some(second)))
    others = [column for column in unread if column.is_no_fact]
    return [*lines, say("import.no_facts", columns=_some(others))] if others else lines


def _some(columns: Sequence[IgnoredColumn]) -> str:
    """Name the first of these columns, and how many more there are."""
    rest = len(columns) - _MOST_COLUMNS
    more = [say("import.more_columns", number=rest)] if rest > 0 else []
    return ", ".join([*map(ignored_column, columns[:_MOST_COLUMNS]), *more])


def _looks_like(result: ImportResult, column: IgnoredColumn) -> str:
    """Name a column that may be a fact, and the option that reads it as one."""
    assert column.looks_like  # noqa: S101
    assert column.heading  # noqa: S101 - it is told by its heading
    noun = next(sheet.noun for sheet in result.sheets if sheet.title == column.sheet)
    return say(
        "import.looks_like",
        field=in_words(heading_fact(noun, column.looks_like)),
        option=column_option(column.looks_like, column.heading),
        column=ignored_column(column),
    )


def _left_out(result: ImportResult) -> list[str]:
    """Render the rows and the parts of cells that are not facts."""
    skipped = [
        say("import.skipped", number=rows.number, text=rows.text, place=place_of(rows.position))
        for rows in result.skipped
    ]
    totals = result.totals
    if totals:
        places = ", ".join(map(place_of, totals[:_MOST_PLACES]))
        places += ", …" if totals.number > _MOST_PLACES else ""
        skipped.append(say("import.totals", number=totals.number, places=places))
    return [
        *skipped,
        *_by_column("import.empty_words", result.empty_words),
        *_by_column("import.invisible", result.invisible),
        *_by_column("import.lost_letters", result.lost_letters),
        *(
            say("import.spelled", nouns=say(f"nouns.{noun}"), value=one, other=other, rows=rows)
            for (noun, one, other), rows in result.spelled.items()
        ),
    ]


def _by_column(key: str, counts: Mapping[tuple[str, str], int]) -> list[str]:
    return [
        say(key, number=number, column=ignored_column(IgnoredColumn(*column)))
        for column, number in counts.items()
    ]


def _reading(result: ImportResult) -> list[str]:
    """Render what may surprise a person who knows the file in how it was read."""
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


def _sheet(sheet: SheetRead, file: str) -> str:
    noun = say(f"nouns.{sheet.noun}")
    return say("import.sheet", sheet=sheet.title or file, noun=noun, rows=sheet.rows)


def _columns(noun: str, columns: Sequence[UnderstoodColumn]) -> str:
    fields = dict.fromkeys(column.field for column in columns)
    by_field = [[column for column in columns if column.field == field] for field in fields]
    return " · ".join(_column(noun, best, len(others)) for best, *others in by_field)


def _column(noun: str, column: UnderstoodColumn, others: int) -> str:
    """Name a column, and what it was read as if that differs. `others` columns replace it where it is blank."""
    field = str(in_words(heading_fact(noun, column.field)))
    heading = column.heading
    if others:
        heading = say("import.with_others", heading=heading, number=others)
    named = heading if heading.casefold() == field.casefold() else f"{heading} → {field}"
    if column.source == "by_hand":
        return f"{named} ({say('import.by_hand')})"
    if column.source == "remembered":
        option = column_option("-", column.heading)
        return f"{named} ({say('import.remembered', option=option)})"
    return named


def _assumed(assumed: AssumedFact) -> str:
    noun, field = assumed.noun, assumed.field
    return say(
        "import.assumed" if assumed.value is not None else "import.not_stated",
        nouns=say(f"nouns.{noun}"),
        field=heading_of(noun, field),
        value=value_in_words(noun, field, assumed.value),
        rows=assumed.rows,
    )
