"""Render the result of an import: counts, warnings and refused rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from kmtrack.errors import in_words
from kmtrack.i18n import say
from kmtrack.views.format import (
    day_in_words,
    heading_of,
    since_to_type,
    to_fill_in,
    value_in_words,
)
from kmtrack.views.target_changes import changes_as_dict, format_changes

if TYPE_CHECKING:
    from kmtrack.usecases.imports.result import (
        BadRows,
        Doubt,
        IgnoredColumn,
        ImportResult,
        KeptFact,
        NounResult,
        RowError,
        RowPosition,
        SheetRead,
        WithdrawnRow,
    )


def render_errors(bad: BadRows) -> list[str]:
    """Render a line for each error, and one for those that are not listed."""
    return [_error(error) for error in bad.errors] + _rest(bad.number - len(bad.errors))


def errors_as_dict(bad: BadRows) -> dict[str, Any]:
    """Return the errors for JSON; `number` counts those too that are not listed."""
    return {
        "number": bad.number,
        "mistakes": [
            {
                "sheet": error.position.sheet or None,
                "row": error.position.row,
                "column": in_words(error.column),
                "value": _value(error),
                "sentence": error.error.sentence(),
            }
            for error in bad.errors
        ],
    }


def render_warnings(result: ImportResult) -> list[str]:
    """Render the warnings of an import."""
    return [
        *_reading(result),
        *(say("import.ignored_sheet", sheet=sheet) for sheet in result.ignored_sheets),
        *(
            say("import.ignored_column", column=_ignored(column))
            for column in result.ignored_columns
        ),
        *(_difference(difference) for difference in result.differences),
        *_rest(result.number_of_differences - len(result.differences)),
        *(_withdrawn(row) for row in result.withdrawn),
        *_rest(result.number_of_withdrawn - len(result.withdrawn)),
        *(
            say("import.doubt", place=_place(doubt.position), **doubt._asdict())
            for doubt in result.doubts
        ),
        *_rest(result.number_of_doubts - len(result.doubts)),
    ]


def _reading(result: ImportResult) -> list[str]:
    """Say which sheets were read, and what a person who knows the file would not expect."""
    findings = result.findings
    return [
        *(_sheet(sheet) for sheet in result.sheets if sheet.title),
        *(
            say("import.hidden_rows", number=sheet.hidden_rows, place=sheet.title)
            for sheet in result.sheets
            if sheet.hidden_rows
        ),
        *(say("import.hidden_sheet", sheet=sheet) for sheet in findings.hidden_sheets),
        *([say("import.errors_look_blank")] if findings.errors_look_blank else []),
        *([say("import.encoding", encoding=findings.encoding)] if findings.encoding else []),
    ]


def _sheet(sheet: SheetRead) -> str:
    key = "import.sheet_read_draft" if sheet.is_draft else "import.sheet_read"
    return say(key, sheet=sheet.title, noun=say(f"nouns.{sheet.noun}"), number=sheet.rows)


def render_result(result: ImportResult) -> list[str]:
    """Render what was added, and how the targets moved."""
    if not result.rows:
        return [say("import.nothing", file=result.file)]
    lines = [_noun(noun) for noun in result.nouns if noun.rows]
    lines += format_changes(result.targets)
    return [*lines, say("import.dry_run")] if result.dry_run else lines


def result_as_dict(result: ImportResult) -> dict[str, Any]:
    """Return the whole result for JSON."""
    return {
        "file": result.file,
        "dry_run": result.dry_run,
        "nouns": {
            noun.noun: {name: n for name, n in noun._asdict().items() if name != "noun"}
            for noun in result.nouns
        },
        "targets": changes_as_dict(result.targets),
        "differences": [_flat(difference) for difference in result.differences],
        "number_of_differences": result.number_of_differences,
        "withdrawn": [_withdrawn_as_dict(row) for row in result.withdrawn],
        "number_of_withdrawn": result.number_of_withdrawn,
        "doubts": [_flat(doubt) for doubt in result.doubts],
        "number_of_doubts": result.number_of_doubts,
        "ignored_columns": [_ignored(column) for column in result.ignored_columns],
        "ignored_sheets": result.ignored_sheets,
        "sheets": [sheet._asdict() for sheet in result.sheets],
        **asdict(result.findings),
    }


def _flat(reported: KeptFact | Doubt) -> dict[str, Any]:
    data = reported._asdict()
    position, since = data.pop("position"), data.pop("since", None)
    data |= {} if since is None else {"from": since or None}
    return {"sheet": position.sheet or None, "row": position.row, **data}


def _withdrawn(row: WithdrawnRow) -> str:
    """Name a row whose record was withdrawn, and what brings the record back."""
    facts = {
        "place": _place(row.position),
        "noun": say(f"noun.{row.noun}"),
        "id": row.id,
        "name": f" ({row.name})" if row.name else "",
        "reason": row.reason,
    }
    if row.by is None:
        return say("import.withdrawn", **facts)
    return say("import.withdrawn_by", **facts, by=row.by.recorded_by, number=row.by.number)


def _withdrawn_as_dict(row: WithdrawnRow) -> dict[str, Any]:
    command = row.by.number if row.by else None
    place = {"sheet": row.position.sheet or None, "row": row.position.row}
    return {**place, "noun": row.noun, "id": row.id, "reason": row.reason, "command": command}


def _error(error: RowError) -> str:
    value = _value(error)
    return say(
        "import.mistake" if value else "import.mistake_without_value",
        place=_place(error.position),
        column=in_words(error.column),
        value=value,
        sentence=error.error.sentence(),
    )


def _value(error: RowError) -> str:
    return day_in_words(error.value) if isinstance(error.value, date) else error.value


def _ignored(column: IgnoredColumn) -> str:
    heading = say("import.without_heading") if column.heading is None else column.heading
    return f"{column.sheet}: {heading}" if column.sheet else heading


def _place(position: RowPosition) -> str:
    key = "import.place" if position.sheet else "import.line"
    return say(key, **position._asdict())


def _rest(number: int) -> list[str]:
    return [say("import.more", number=number)] if number > 0 else []


def _noun(noun: NounResult) -> str:
    key = "import.noun_filled_in" if noun.filled_in else "import.noun"
    facts = {**noun._asdict(), "noun": say(f"nouns.{noun.noun}")}
    return say(key, **facts)


def _difference(difference: KeptFact) -> str:
    return say(
        "import.difference",
        place=_place(difference.position),
        company=difference.company,
        id=difference.company_id,
        field=heading_of("company", difference.field),
        ours=value_in_words("company", difference.field, difference.in_ledger),
        theirs=value_in_words("company", difference.field, difference.in_file),
        options=to_fill_in("company", difference.field) + since_to_type(difference.since),
    )
