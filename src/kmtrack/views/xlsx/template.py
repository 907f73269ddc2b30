"""The import workbook: a page of help with examples, a sheet to fill in for each noun, and the lists.

The columns come from the fields; this module words and draws them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from kmtrack import __version__
from kmtrack.errors import in_words
from kmtrack.i18n import current, has, say
from kmtrack.ledger.schema.choices import CHOICES, choice_word
from kmtrack.municipalities import municipalities
from kmtrack.text import in_danish_order
from kmtrack.usecases.imports.columns import (
    COLUMNS,
    METHODS_USED,
    QUESTIONS,
    REQUIRED,
    field_of,
    heading,
    plain_heading,
)
from kmtrack.usecases.surveys.questionnaire import question_of
from kmtrack.views.questionnaire import options_in_words
from kmtrack.views.xlsx.cells import (
    BAND_FILL,
    BOLD,
    HEAD,
    HEAD_FILL,
    MIDDLE,
    TITLE,
    TOP,
    day_format,
)
from kmtrack.views.xlsx.file import replacing, save_workbook
from kmtrack.views.xlsx.fingerprint import CREATOR
from kmtrack.views.xlsx.page import LINE_HEIGHT, fit_to_width, mark_sheet, set_height
from kmtrack.views.xlsx.palette import NAVY, RULE
from kmtrack.views.xlsx.text_width import lines_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_TEXT: Final = "@"  # or a spreadsheet takes 10-19 for a day and drops zeros in front
_GENERAL: Final = "General"
_NAME_WIDTH: Final = 38
_WIDEST: Final = 34  # longer headings take several lines
_LAST_ROW: Final = 5001  # that drop-down lists and formats reach to
# Required headings are bold on dark, the others plain on light: to be told apart without colours.
_OPTIONAL: Final = Font(name="Calibri", color=NAVY)
_UNDER: Final = Border(bottom=Side(style="thin", color=RULE))
_HELP_WIDTHS: Final = (18, 26, 10, 62, 26, 22)
_PAGE_WIDTH: Final = 260  # digits
_INTRODUCTION: Final = 5  # points around a line of it


class Column(NamedTuple):
    """A column to fill in; `choices` names a list, `number_format` is the spreadsheet's."""

    heading: str
    width: int
    number_format: str
    is_required: bool
    choices: str | None


class FillIn(NamedTuple):
    """A sheet to fill in."""

    title: str
    columns: Sequence[Column]


class Template(NamedTuple):
    """Content of the workbook; the first row of `help_table` has its headings."""

    title: str
    help_title: str
    help_lines: Sequence[str]
    help_table: Sequence[Sequence[str]]
    sheets: Sequence[FillIn]
    lists_title: str
    lists: Mapping[str, Sequence[str]]
    choose: str
    creator: str
    made_at: datetime


def write_template(file: Path, participating: Collection[str] = ()) -> None:
    """Write an import workbook to `file`, in the language in use.

    The `participating` municipalities (codes) come first in its lists. Raises the refusals of
    `replacing`.
    """
    template = Template(
        title=say("template.title"),
        help_title=say("template.sheet.help"),
        help_lines=[say(f"template.help.{number}") for number in range(1, 7)],
        help_table=_help_table(),
        sheets=[_sheet(noun) for noun in COLUMNS],
        lists_title=say("template.sheet.lists"),
        lists=_lists(participating),
        choose=say("template.choose"),
        creator=f"{CREATOR} {__version__}",
        made_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
    )
    with replacing(file) as beside:
        _draw(template, beside)


def _sheet(noun: str) -> FillIn:
    return FillIn(
        say(f"nouns.{noun}"),
        [
            Column(
                heading(noun, column, current()),
                _width(noun, column),
                _number_format(noun, column),
                column in REQUIRED[noun],
                _choices_of(noun, column),
            )
            for column in COLUMNS[noun]
        ],
    )


def _width(noun: str, column: str) -> int:
    field = field_of(noun, column)
    width = field.details.width if field else _NAME_WIDTH if column == "company" else None
    return width or max(14, min(_WIDEST, len(heading(noun, column, current())) + 3))


def _number_format(noun: str, column: str) -> str:
    field = field_of(noun, column)
    if field and field.kind.cell == "day":
        return day_format()
    is_verbatim = field.is_verbatim if field else column == "company"
    return _TEXT if is_verbatim else _GENERAL


def _choices_of(noun: str, column: str) -> str | None:
    """Return the name of the list with the choices of a column."""
    field = field_of(noun, column)
    if field:
        return field.kind.filled_from
    return column if _options(column) else None


def _lists(participating: Collection[str]) -> dict[str, list[str]]:
    places = sorted(
        municipalities().items(),
        key=lambda item: (item[0] not in participating, in_danish_order(item[1].name)),
    )
    names = [place.name for _, place in places]
    used = {_choices_of(noun, field) for noun, fields in COLUMNS.items() for field in fields}
    words = {
        field: [str(choice_word(field, value)) for value in CHOICES[field]]
        for field in CHOICES
        if field in used
    }
    answers = {question: _options(question) for question in QUESTIONS if question in used}
    return {"municipality": names, **words, **answers}


def _options(column: str) -> list[str]:
    """Return the possible answers to a question with a list of answers."""
    return options_in_words(question_of(column)) if column in QUESTIONS else []


def _example(noun: str, column: str) -> str:
    """Return an example for a cell, as it is typed; which questions are asked depends on the wave."""
    field = field_of(noun, column)
    example = field.example if field else None
    if field and field.kind.choice:
        return str(choice_word(field.kind.choice, str(example)))
    if example is not None:
        return str(in_words(example))
    keys = (f"template.example.{noun}.{column}", f"template.example.{column}")
    return next((say(key) for key in keys if has(key)), "")


def _help_table() -> list[list[str]]:
    heads = ("sheet", "column", "required", "content", "example", "option")
    table = [[say(f"template.help.{head}") for head in heads]]
    for noun, columns in COLUMNS.items():
        for column in columns:
            required = say("word.yes") if column in REQUIRED[noun] else ""
            named = (say(f"nouns.{noun}"), heading(noun, column, current()))
            content = (_content(noun, column), _example(noun, column))
            table.append([*named, required, *content, plain_heading(column)])
    return table


def _content(noun: str, column: str) -> str:
    """Describe what belongs into a column, in a sentence."""
    if column == "company":
        return say("template.help.named")
    if column == METHODS_USED:
        return say("template.help.methods_used")
    field = field_of(noun, column)
    if field is None:
        if options := _options(column):
            return say("template.help.choices", choices=", ".join(options))
        expected = say(f"survey.expects.{question_of(column).kind}")
        return f"{expected[:1].upper()}{expected[1:]}."
    choices = field.kind.filled_from
    if choices and choices in CHOICES:
        words = ", ".join(str(choice_word(choices, value)) for value in CHOICES[choices])
        return say("template.help.choices", choices=words)
    key = f"template.help.{column}"
    if not has(key) and field.kind.cell == "day":
        key = "template.help.day"
    return say(key if has(key) else f"help.field.{column}")


def _draw(template: Template, file: Path) -> None:
    """Write the import workbook to `file`. Raises OSError."""
    workbook = Workbook()
    _draw_help(workbook.worksheets[0], template)
    ranges = {
        name: f"{quote_sheetname(template.lists_title)}!${letter}$2:${letter}${len(words) + 1}"
        for letter, (name, words) in _lettered(template.lists.items())
    }
    for fill_in in template.sheets:
        _draw_sheet(workbook.create_sheet(fill_in.title), fill_in, ranges, template)
    _draw_lists(workbook.create_sheet(template.lists_title), template.lists)
    workbook.properties.title = template.title
    workbook.properties.creator = template.creator
    workbook.properties.language = current()
    workbook.properties.created = workbook.properties.modified = template.made_at
    save_workbook(workbook, file)


def _lettered(things: Any) -> list[tuple[str, Any]]:
    return [(get_column_letter(number), thing) for number, thing in enumerate(things, start=1)]


def _draw_help(sheet: Worksheet, template: Template) -> None:
    sheet.title = template.help_title
    sheet.sheet_view.showGridLines = False
    sheet["A1"] = template.title
    sheet["A1"].font = TITLE
    sheet.row_dimensions[1].height = 26
    row = 3
    for line in template.help_lines:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=6)
        sheet.cell(row, 1, line).alignment = MIDDLE
        lines = lines_in(line, sum(_HELP_WIDTHS))
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines + _INTRODUCTION
        row += 1
    row += 1
    heads, *rows = template.help_table
    sheet.row_dimensions[row].height = 20
    for column, head in enumerate(heads, start=1):
        cell = sheet.cell(row, column, head)
        cell.font, cell.fill, cell.alignment = HEAD, HEAD_FILL, MIDDLE
    for number, values in enumerate(rows, start=row + 1):
        set_height(sheet, number, values, _HELP_WIDTHS)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(number, column, value)
            cell.alignment, cell.border = TOP, _UNDER
        sheet.cell(number, 2).font = BOLD
    for letter, width in _lettered(_HELP_WIDTHS):
        sheet.column_dimensions[letter].width = width
    _set_up_print(sheet, row, template.title)


def _draw_sheet(
    sheet: Worksheet, fill_in: FillIn, ranges: Mapping[str, str], template: Template
) -> None:
    for letter, column in _lettered(fill_in.columns):
        head = sheet[f"{letter}1"]
        head.value, head.alignment, head.border = column.heading, MIDDLE, _UNDER
        head.font, head.fill = (HEAD, HEAD_FILL) if column.is_required else (_OPTIONAL, BAND_FILL)
        dimension = sheet.column_dimensions[letter]
        dimension.width, dimension.number_format = column.width, column.number_format
        if column.choices is not None:
            validation = DataValidation(type="list", formula1=ranges[column.choices])
            # A warning only: an import takes codes and other words too.
            validation.errorStyle, validation.showErrorMessage = "warning", True
            validation.promptTitle, validation.prompt = column.heading[:32], template.choose
            validation.showInputMessage = True
            sheet.add_data_validation(validation)
            validation.add(f"{letter}2:{letter}{_LAST_ROW}")
    lines = max(ceil(len(column.heading) / column.width) for column in fill_in.columns)
    sheet.row_dimensions[1].height = max(32, 16 * lines)
    sheet.freeze_panes = "B2"
    _set_up_print(sheet, 1, template.title)
    # A page of thirty columns could not be read.
    sheet.page_setup.fitToWidth = ceil(sum(each.width for each in fill_in.columns) / _PAGE_WIDTH)
    sheet.print_title_cols = "A:A"


def _draw_lists(sheet: Worksheet, lists: Mapping[str, Sequence[str]]) -> None:
    for letter, (name, words) in _lettered(lists.items()):
        for row, word in enumerate((name, *words), start=1):
            sheet[f"{letter}{row}"] = word
    sheet.sheet_state = "hidden"


def _set_up_print(sheet: Worksheet, head_row: int, title: str) -> None:
    fit_to_width(sheet)
    mark_sheet(sheet, title)
    sheet.print_title_rows = f"{head_row}:{head_row}"
