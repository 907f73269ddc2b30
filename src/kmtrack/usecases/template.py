"""The import workbook: its columns, choices and help gathered and written to a file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from kmtrack import __version__
from kmtrack.alphabet import in_danish_order
from kmtrack.i18n import has, say
from kmtrack.ledger.schema.choices import CHOICES, choice_word
from kmtrack.municipalities import municipalities
from kmtrack.rules.vocabulary import choice_of
from kmtrack.usecases.imports.columns import COLUMNS, QUESTIONS, REQUIRED, heading
from kmtrack.usecases.imports.rows import NAMING
from kmtrack.usecases.options import option_of
from kmtrack.usecases.surveys.questionnaire import options_of, question_of
from kmtrack.views.xlsx.cells import day_format
from kmtrack.views.xlsx.earlier import CREATOR
from kmtrack.views.xlsx.safe_file import replacing
from kmtrack.views.xlsx.template import Column, FillIn, Template, draw_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TEXT: Final = "@"  # or a spreadsheet takes 10-19 for a day and drops zeros in front
_GENERAL: Final = "General"
_DAYS: Final = frozenset({"date", "next", "agreed", "start", "end", "visited_before"})
_PLAIN: Final = frozenset({"company", "name", "cvr", "employees", "broker", "others"})
_WIDE: Final = {"company": 38, "name": 38, "note": 50, "basis": 30, "title": 30, "institution": 28}
_WIDEST: Final = 34  # longer headings stand on several lines
_EXAMPLES: Final[Mapping[str, date | float]] = {
    "date": date(2011, 3, 4),
    "next": date(2011, 6, 1),
    "agreed": date(2011, 5, 2),
    "start": date(2011, 8, 15),
    "end": date(2011, 12, 16),
    "turnover": 12.5,
    "balance": 6.0,
    "students": 2,
    "hours": 37,
}
_EXAMPLE_CHOICES: Final = {"municipality": "Viborg", "collaboration_kind": "project"}


def write_template(file: Path) -> None:
    """Write an import workbook to `file`, in the language in use.

    Raises the refusals of report.safe_file.
    """
    template = Template(
        title=say("template.title"),
        help_title=say("template.sheet.help"),
        help_lines=[say(f"template.help.{number}") for number in range(1, 7)],
        help_table=_help_table(),
        sheets=[_sheet(noun) for noun in COLUMNS],
        lists_title=say("template.sheet.lists"),
        lists=_lists(),
        choose=say("template.choose"),
        creator=f"{CREATOR} {__version__}",
        made_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
    )
    with replacing(file) as beside:
        draw_template(template, beside)


def _sheet(noun: str) -> FillIn:
    return FillIn(
        say(f"nouns.{noun}"),
        [
            Column(
                heading(noun, field),
                _WIDE.get(field, max(14, min(_WIDEST, len(heading(noun, field)) + 3))),
                _number_format(field),
                field in REQUIRED[noun],
                _choices_of(noun, field),
                _example(noun, field),
            )
            for field in COLUMNS[noun]
        ],
    )


def _number_format(field: str) -> str:
    if field in _DAYS:
        return day_format()
    return _TEXT if field in _PLAIN else _GENERAL


def _choices_of(noun: str, field: str) -> str | None:
    """The name of the list that a column is filled in from."""
    if field == "municipality":
        return field
    if field == "sme":
        return "yes_no"
    return field if _options(noun, field) else choice_of(noun, field)


def _lists() -> dict[str, list[str]]:
    names = sorted(
        (place.name for place in municipalities().values()),
        key=in_danish_order,
    )
    used = {_choices_of(noun, field) for noun, fields in COLUMNS.items() for field in fields}
    words = {
        field: [choice_word(field, value) for value in CHOICES[field]]
        for field in CHOICES
        if field in used
    }
    answers = {field: _options("survey", field) for field in QUESTIONS if field in used}
    return {"municipality": names, **words, **answers}


def _options(noun: str, field: str) -> list[str]:
    """What may be answered to a question that is answered from a list."""
    return options_of(question_of(field)) if noun == "survey" and field in QUESTIONS else []


def _example(noun: str, field: str) -> str | float | date | None:
    if field in NAMING and field not in COLUMNS["company"][1:]:
        return say("template.example")
    if noun == "survey" and field in QUESTIONS:
        return None  # which of them are asked depends on the wave
    if field in _EXAMPLES:
        return _EXAMPLES[field]
    choices = _choices_of(noun, field)
    if choices == "municipality":
        return _EXAMPLE_CHOICES[choices] if noun == "company" else None
    if choices and field != "sme":
        return choice_word(choices, _EXAMPLE_CHOICES.get(choices, CHOICES[choices][0]))
    key = f"template.example.{field}"
    return say(key) if has(key) else None


def _help_table() -> list[list[str]]:
    heads = ("sheet", "column", "required", "content", "option")
    table = [[say(f"template.help.{head}") for head in heads]]
    for noun, fields in COLUMNS.items():
        for field in fields:
            required = say("word.yes") if field in REQUIRED[noun] else ""
            table.append(
                [
                    say(f"nouns.{noun}"),
                    heading(noun, field),
                    required,
                    _content(noun, field),
                    option_of(field),
                ]
            )
    return table


def _content(noun: str, field: str) -> str:
    """What a column is to hold, in a sentence."""
    if field == "company":
        return say("template.help.named")
    if options := _options(noun, field):
        return say("template.help.choices", choices=", ".join(options))
    if noun == "survey" and field in QUESTIONS:
        expected = say(f"survey.expects.{question_of(field).kind}")
        return f"{expected[:1].upper()}{expected[1:]}."
    choices = _choices_of(noun, field)
    if choices and choices != "municipality":
        words = ", ".join(choice_word(choices, value) for value in CHOICES[choices])
        return say("template.help.choices", choices=words)
    key = f"template.help.{field}"
    if not has(key) and field in _DAYS:
        key = "template.help.day"
    return say(key if has(key) else f"help.field.{field}")
