"""Render the result of an import: counts, findings and refused rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
    from collections.abc import Callable, Mapping

    from kmtrack.usecases.doubts import Doubt
    from kmtrack.usecases.imports.result import (
        ChangedFact,
        ChangedRow,
        EditedFact,
        GoneRow,
        IgnoredColumn,
        ImportResult,
        KeptFact,
        LookAlike,
        NounResult,
        OtherName,
        Reported,
        RowError,
        RowPosition,
        SheetRead,
        SimilarRow,
        WithdrawnRow,
    )


def render_errors(errors: Reported[RowError]) -> list[str]:
    """Render a line for each error, and one for those that are not listed."""
    return [*map(_error, errors), *_rest(errors.number - len(errors))]


def errors_as_dict(errors: Reported[RowError]) -> dict[str, Any]:
    """Return the errors for JSON; `number` includes those that are not listed."""
    return {
        "number": errors.number,
        "mistakes": [
            {
                "sheet": error.position.sheet or None,
                "row": error.position.row,
                "column": in_words(error.column),
                "value": _value(error),
                "sentence": error.error.sentence(),
            }
            for error in errors
        ],
    }


def render_findings(result: ImportResult, most: int | None = None) -> list[str]:
    """Render the findings about rows, a line each, up to `most` of a kind."""
    lines: list[str] = []
    for name, kind in FINDINGS.items():
        found: Reported[Any] = getattr(result, name)
        shown = found[:most]
        lines += map(kind.line, shown)
        lines += _rest(found.number - len(shown))
    return lines


def render_result(result: ImportResult) -> list[str]:
    """Render what was added, and how the targets moved."""
    if not (result.rows or result.errors):
        return [say("import.nothing", file=result.file)]
    lines = [_noun(noun) for noun in result.nouns if noun.rows]
    lines += format_changes(result.targets)
    if result.errors:
        return [*lines, say("import.dry_run_errors", number=result.errors.number)]
    return [*lines, say("import.dry_run")] if result.dry_run else lines


def result_as_dict(result: ImportResult) -> dict[str, Any]:
    """Return the whole result for JSON."""
    data: dict[str, Any] = {
        "file": result.file,
        "dry_run": result.dry_run,
        "sheets": [_sheet_as_dict(sheet) for sheet in result.sheets],
        "assumed": [assumed._asdict() for assumed in result.assumed],
        "questions": [_question_as_dict(doubt) for doubt in result.questions],
        "nouns": {
            noun.noun: {name: n for name, n in noun._asdict().items() if name != "noun"}
            for noun in result.nouns
        },
        "targets": changes_as_dict(result.targets),
    }
    errors = errors_as_dict(result.errors)
    data |= {"mistakes": errors["mistakes"], "number_of_mistakes": errors["number"]}
    for name, kind in FINDINGS.items():
        found: Reported[Any] = getattr(result, name)
        data |= {name: [kind.data(each) for each in found], f"number_of_{name}": found.number}
    data["ignored_columns"] = [ignored_column(column) for column in result.ignored_columns]
    data |= {"ignored_sheets": result.ignored_sheets, "draft_sheets": result.draft_sheets}
    data["unclear_sheets"] = [sheet._asdict() for sheet in result.unclear_sheets]
    return {**data, **_left_out_as_dict(result), **asdict(result.findings)}


def _left_out_as_dict(result: ImportResult) -> dict[str, Any]:
    """Return the columns that may be facts or are known not to be, and the rows and words left out."""
    unread = result.ignored_columns
    return {
        "may_be": [
            {"sheet": column.sheet or None, "heading": column.heading, "field": column.looks_like}
            for column in unread
            if column.looks_like
        ],
        "facts_of": [
            {"sheet": column.sheet or None, "heading": column.heading, "noun": column.fact_of}
            for column in unread
            if column.fact_of
        ],
        "second_columns": [ignored_column(column) for column in unread if column.is_second],
        "no_facts": [ignored_column(column) for column in unread if column.is_no_fact],
        "skipped": [
            {**_where(rows.position), "text": rows.text, "number": rows.number}
            for rows in result.skipped
        ],
        "totals": [_where(position) for position in result.totals],
        "number_of_totals": result.totals.number,
        "empty_words": _by_column_as_dict(result.empty_words),
        "invisible": _by_column_as_dict(result.invisible),
        "lost_letters": _by_column_as_dict(result.lost_letters),
        "spelled": [
            {"noun": noun, "institution": one, "other": other, "rows": rows}
            for (noun, one, other), rows in result.spelled.items()
        ],
    }


def _by_column_as_dict(counts: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {"sheet": sheet or None, "heading": heading, "number": number}
        for (sheet, heading), number in counts.items()
    ]


def _where(position: RowPosition) -> dict[str, Any]:
    return {"sheet": position.sheet or None, "row": position.row}


def ignored_column(column: IgnoredColumn) -> str:
    """Name a column that was not read."""
    heading = say("import.without_heading") if column.heading is None else column.heading
    return f"{column.sheet}: {heading}" if column.sheet else heading


def _sheet_as_dict(sheet: SheetRead) -> dict[str, Any]:
    columns = [column._asdict() for column in sheet.columns]
    return {**sheet._asdict(), "title": sheet.title or None, "columns": columns}


def _question_as_dict(doubt: Doubt) -> dict[str, Any]:
    """Return an open question; --yes settles it, or only its own option does."""
    return {
        "question": doubt.key,
        "about": list(doubt.subject[1:]),
        "field": doubt.facts.get("option"),
        "sentence": doubt.sentence(),
        "choices": [choice.value for choice in doubt.choices],
        "yes_settles": doubt.yes_settles,
    }


def _flat(
    reported: KeptFact | LookAlike | ChangedRow | EditedFact | SimilarRow | OtherName,
) -> dict[str, Any]:
    data = reported._asdict()
    position, since = data.pop("position"), data.pop("since", None)
    data |= {} if since is None else {"from": since or None}
    return {"sheet": position.sheet or None, "row": position.row, **data}


def _withdrawn(row: WithdrawnRow) -> str:
    """Name a row whose record was withdrawn, and the command that brings the record back."""
    facts = {
        "place": place_of(row.position),
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
        place=place_of(error.position),
        column=in_words(error.column),
        value=value,
        sentence=error.error.sentence(),
    )


def _value(error: RowError) -> str:
    return day_in_words(error.value) if isinstance(error.value, date) else error.value


def place_of(position: RowPosition) -> str:
    """Name the position of a row in its file."""
    key = "import.place" if position.sheet else "import.line"
    return say(key, **position._asdict())


def _rest(number: int) -> list[str]:
    return [say("import.more", number=number)] if number > 0 else []


def _noun(noun: NounResult) -> str:
    key = "import.noun_filled_in" if noun.filled_in else "import.noun"
    key = "import.noun_updated" if noun.updated else key
    facts = {**noun._asdict(), "noun": say(f"nouns.{noun.noun}")}
    return say(key, **facts)


def _difference(difference: KeptFact) -> str:
    return say(
        "import.difference",
        place=place_of(difference.position),
        company=difference.company,
        id=difference.company_id,
        field=heading_of("company", difference.field),
        ours=value_in_words("company", difference.field, difference.in_ledger),
        theirs=value_in_words("company", difference.field, difference.in_file),
        options=to_fill_in("company", difference.field) + since_to_type(difference.since),
    )


def _look_alike(found: LookAlike) -> str:
    key = "import.doubt_elsewhere" if found.is_elsewhere else "import.doubt"
    return say(key, place=place_of(found.position), **found._asdict())


def _changed(row: ChangedRow) -> str:
    facts = {"place": place_of(row.position), "name": row.name}
    if row.among:
        return say("import.changed_among", **facts, among=", ".join(row.among))
    changes = " · ".join(_changed_fact(row.noun, fact) for fact in row.facts)
    return say("import.changed", **facts, noun=say(f"noun.{row.noun}"), id=row.id, changes=changes)


def _changed_fact(noun: str, fact: ChangedFact) -> str:
    return say(
        "import.edited_fact" if fact.is_edited else "import.changed_fact",
        field=heading_of(noun, fact.field),
        ours=value_in_words(noun, fact.field, fact.in_ledger) or "-",
        theirs=value_in_words(noun, fact.field, fact.in_file) or "-",
    )


def _changed_as_dict(row: ChangedRow) -> dict[str, Any]:
    return {**_flat(row), "facts": [fact._asdict() for fact in row.facts]}


def _edited(fact: EditedFact) -> str:
    noun, field = fact.noun, fact.field
    return say(
        "import.edited",
        place=place_of(fact.position),
        noun=say(f"noun.{noun}"),
        command=noun,
        id=fact.id,
        name=fact.name,
        field=heading_of(noun, field),
        ours=value_in_words(noun, field, fact.in_ledger) or "-",
        theirs=value_in_words(noun, field, fact.in_file),
        options=to_fill_in(noun, field),
    )


def _similar(row: SimilarRow) -> str:
    facts = {**row._asdict(), "noun": say(f"noun.{row.noun}"), "command": row.noun}
    return say("import.similar", place=place_of(row.position), **facts)


def _named(row: GoneRow) -> dict[str, Any]:
    return row._asdict()


def _other_name(found: OtherName) -> str:
    return say("import.other_name", place=place_of(found.position), **found._asdict())


def _gone(row: GoneRow) -> str:
    facts = {"noun": say(f"noun.{row.noun}"), "command": row.noun, "id": row.id, "name": row.name}
    return say(
        "import.gone", **facts, day=day_in_words(date.fromisoformat(row.day)) if row.day else "-"
    )


class _Kind(NamedTuple):
    """How a finding of one kind is shown: as a line, and as data."""

    line: Callable[[Any], str]
    data: Callable[[Any], dict[str, Any]]


# By the names that the lists have in RowReport and ImportResult, in the order in which they are shown.
FINDINGS: Final[Mapping[str, _Kind]] = {
    "differences": _Kind(_difference, _flat),
    "withdrawn": _Kind(_withdrawn, _withdrawn_as_dict),
    "doubts": _Kind(_look_alike, _flat),
    "similar": _Kind(_similar, _flat),
    "other_names": _Kind(_other_name, _flat),
    "edited": _Kind(_edited, _flat),
    "changed": _Kind(_changed, _changed_as_dict),
    "gone": _Kind(_gone, _named),
}
