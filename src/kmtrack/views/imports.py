"""Telling of an import: its result and its mistakes in lines, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import say
from kmtrack.views.format import heading_of, to_fill_in, value_in_words
from kmtrack.views.target_changes import changes_as_dict, format_changes

if TYPE_CHECKING:
    from kmtrack.usecases.imports.result import (
        BadRows,
        CellPosition,
        Difference,
        ImportResult,
        NounResult,
        RowMistake,
    )


def mistake_lines(bad: BadRows) -> list[str]:
    """A line for each mistake, and one for those that are not shown."""
    lines = [_mistake(mistake) for mistake in bad.mistakes]
    return lines + _rest(bad.number - len(bad.mistakes))


def mistakes_data(bad: BadRows) -> dict[str, Any]:
    """The mistakes as data; `number` counts those too that are left out."""
    return {
        "number": bad.number,
        "mistakes": [
            {
                "sheet": mistake.place.sheet or None,
                "row": mistake.place.row,
                "column": mistake.column,
                "value": mistake.value,
                "sentence": mistake.sentence,
            }
            for mistake in bad.mistakes
        ],
    }


def warning_lines(result: ImportResult) -> list[str]:
    """What somebody should look at, though nothing had to be refused for it."""
    return [
        *(say("import.ignored_sheet", sheet=sheet) for sheet in result.ignored_sheets),
        *(say("import.ignored_column", column=column) for column in result.ignored_columns),
        *(_difference(difference) for difference in result.differences),
        *_rest(result.number_of_differences - len(result.differences)),
        *(
            say("import.doubt", **{**doubt._asdict(), "place": _place(doubt.place)})
            for doubt in result.doubts
        ),
        *_rest(result.number_of_doubts - len(result.doubts)),
    ]


def result_lines(result: ImportResult) -> list[str]:
    """What was added, and how the targets moved."""
    if not result.rows:
        return [say("import.nothing", file=result.file)]
    lines = [_noun(noun) for noun in result.nouns if noun.rows]
    lines += format_changes(result.targets)
    return [*lines, say("import.dry_run")] if result.dry_run else lines


def result_data(result: ImportResult) -> dict[str, Any]:
    """The whole result as data."""
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
        "doubts": [_flat(doubt) for doubt in result.doubts],
        "number_of_doubts": result.number_of_doubts,
        "ignored_columns": result.ignored_columns,
        "ignored_sheets": result.ignored_sheets,
    }


def _flat(told: Any) -> dict[str, Any]:
    data: dict[str, Any] = told._asdict()
    place = data.pop("place")
    return {"sheet": place.sheet or None, "row": place.row, **data}


def _mistake(mistake: RowMistake) -> str:
    key = "import.mistake" if mistake.value else "import.mistake_without_value"
    return say(
        key,
        place=_place(mistake.place),
        column=mistake.column,
        value=mistake.value,
        sentence=mistake.sentence,
    )


def _place(place: CellPosition) -> str:
    if place.sheet:
        return say("import.place", sheet=place.sheet, row=place.row)
    return say("import.line", row=place.row)


def _rest(number: int) -> list[str]:
    return [say("import.more", number=number)] if number > 0 else []


def _noun(noun: NounResult) -> str:
    key = "import.noun_filled_in" if noun.filled_in else "import.noun"
    facts = {**noun._asdict(), "noun": say(f"nouns.{noun.noun}")}
    return say(key, **facts)


def _difference(difference: Difference) -> str:
    withdrawn = difference.field == "withdrawn"
    return say(
        "import.difference_withdrawn" if withdrawn else "import.difference",
        place=_place(difference.place),
        company=difference.company,
        id=difference.company_id,
        field=heading_of("company", difference.field),
        ours=value_in_words("company", difference.field, difference.in_ledger),
        theirs=value_in_words("company", difference.field, difference.in_file),
        options=to_fill_in("company", difference.field),
    )
