"""The questionnaire as a letter to fill in: a sheet for each respondent, one page each.

What identifies a form and its questions is in a hidden column, and the lists to choose from are on
a hidden sheet. `usecases/surveys/form_sheet.py` reads the form back, even without these.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from kmtrack import __version__
from kmtrack.i18n import current, say
from kmtrack.usecases.surveys.form_sheet import (
    ANSWER_COLUMN,
    DAY_ID,
    ID_COLUMN,
    LABEL_COLUMN,
    TEXT_COLUMN,
)
from kmtrack.usecases.surveys.questionnaire import LONGEST_ANSWER, questionnaire
from kmtrack.views.format import day_in_words, value_in_words
from kmtrack.views.questionnaire import (
    options_in_words,
    question_in_words,
    short_name,
    survey_answer_in_words,
)
from kmtrack.views.xlsx.cells import (
    BAND_FILL,
    BOLD,
    HEAD,
    HEAD_FILL,
    TITLE,
    amount_format,
    day_format,
    plain,
)
from kmtrack.views.xlsx.file import replacing, save_workbook
from kmtrack.views.xlsx.fingerprint import CREATOR
from kmtrack.views.xlsx.page import LINE_HEIGHT, fit_to_width, printed
from kmtrack.views.xlsx.palette import ANSWER_BACK, INK, QUIET, RULE
from kmtrack.views.xlsx.text_width import lines_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from kmtrack.rules.questionnaire import Question
    from kmtrack.usecases.surveys.forms import SurveyForm

_TEXT: Final = Font(name="Calibri", color=INK)
_HINT: Final = Font(name="Calibri", size=9, color=QUIET)
_ANSWER: Final = PatternFill("solid", fgColor=ANSWER_BACK)
_LINE: Final = Side(style="thin", color=RULE)
_UNDER: Final = Border(bottom=_LINE)
_AROUND: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED: Final = Alignment(vertical="center", wrap_text=True)
_IN_TABLE: Final = Alignment(vertical="center", wrap_text=True, horizontal="left", indent=1)
_INDENT: Final = 1.5  # of a cell in the table, in digits
_WIDTHS: Final = (25, 60, 36)
_LAST: Final = "C"
_DAY_ZERO: Final = date(1899, 12, 30)  # from which spreadsheets count
_LISTS: Final = "kmtrack"
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write_survey_forms(
    forms: Sequence[SurveyForm], file: Path, begin: Callable[[], None] | None = None
) -> None:
    """Write a workbook with a sheet for each form to `file`, in the language in use.

    Calls `begin` once it is known that `file` may be written, before anything is. Raises the
    refusals of `replacing`.
    """
    with replacing(file) as beside:
        if begin:
            begin()
        _write(forms, beside)


def _write(forms: Sequence[SurveyForm], file: Path) -> None:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    lists = _Lists(workbook.create_sheet(_LISTS))
    for number, form in enumerate(forms, start=1):
        name = form.respondent.name.translate(_FORBIDDEN).strip()[:24]
        sheet = workbook.create_sheet(f"{number} {plain(name)}".strip(), number - 1)
        _Form(sheet, form, lists).write()
    workbook.active = 0
    title = _title()
    if len(forms) == 1:
        title = f"{title}: {forms[0].respondent.name}"
    workbook.properties.title = plain(title)
    workbook.properties.creator = f"{CREATOR} {__version__}"
    workbook.properties.language = current()
    save_workbook(workbook, file)


def _title() -> str:
    return questionnaire().name.in_language(current())


class _Lists:
    """The drop-down lists, each written once, to a hidden sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        sheet.sheet_state = "veryHidden"
        self._sheet = sheet
        self._known: dict[tuple[str, ...], str] = {}

    def range_of(self, options: Sequence[str]) -> str:
        key = tuple(options)
        if key not in self._known:
            column = len(self._known) + 1
            for row, option in enumerate(key, start=1):
                self._sheet.cell(row, column, option)
            letter = get_column_letter(column)
            cells = f"${letter}$1:${letter}${len(key)}"
            self._known[key] = f"{quote_sheetname(self._sheet.title)}!{cells}"
        return self._known[key]


class _Form:
    """Writes one form, row by row."""

    def __init__(self, sheet: Worksheet, form: SurveyForm, lists: _Lists) -> None:
        self._sheet = sheet
        self._form = form
        self._lists = lists
        self._row = 0

    def write(self) -> None:
        sheet = self._sheet
        for column, width in enumerate(_WIDTHS):
            sheet.column_dimensions[get_column_letter(column + 1)].width = width
        self._write_head()
        self._write_letter()
        self._write_questions()
        sheet.column_dimensions[get_column_letter(ID_COLUMN + 1)].hidden = True
        sheet.freeze_panes = "A3"
        sheet.protection.sheet = True
        sheet.protection.formatRows = False  # allowed: an answer may take more lines
        sheet.sheet_view.showGridLines = False
        sheet.print_area = f"A1:{_LAST}{self._row}"
        fit_to_width(sheet)
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToHeight = 1
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins  # inches
        margins.left = margins.right = 0.6
        margins.top, margins.bottom = 0.6, 0.7
        footer: Any = sheet.oddFooter
        footer.left.text = printed(_title())
        footer.right.text = printed(self._form.respondent.name)

    def _write_head(self) -> None:
        self._across(_title(), TITLE, height=30)
        self._put(ID_COLUMN, self._form.mark)
        self._across(say("survey.form.how"), _TEXT, fill=BAND_FILL)
        self._gap()

    def _write_letter(self) -> None:
        form, letter = self._form, self._form.letter
        respondent = form.respondent
        self._fact(respondent.asks, respondent.name)
        for field, value in form.facts.items():
            self._fact(field, value_in_words("company", field, value))
        self._fact("wave", say(f"survey.form.wave.{respondent.asks}.{form.wave}"))
        self._gap()
        asker = letter.asker or say("survey.form.we")
        region = letter.region.partition(",")[0]
        self._across(
            say(f"survey.form.why.{respondent.asks}.{form.wave}", asker=asker, region=region), _TEXT
        )
        self._across(say("survey.form.confidential"), _TEXT)
        recipient = letter.return_to or say("survey.form.sender")
        if letter.return_by:
            text = say(
                "survey.form.return_by", day=day_in_words(letter.return_by), recipient=recipient
            )
        else:
            text = say("survey.form.return", recipient=recipient)
        self._across(text, BOLD)
        self._gap()

    def _write_questions(self) -> None:
        self._next(22)
        for column, key in enumerate(("topic", "question", "answer")):
            cell = self._put(column, say(f"survey.form.{key}"), HEAD)
            cell.fill, cell.alignment = HEAD_FILL, _IN_TABLE
        label = say("survey.form.label.day")
        self._ask(f"{label} *", say("survey.form.which_day"), DAY_ID)
        answered_on = self._answer(None)
        answered_on.number_format = day_format()
        earliest = str((self._form.first_day - _DAY_ZERO).days)
        self._validate("date", "day", operator="greaterThanOrEqual", formula1=earliest)
        for question in self._form.questions:
            required = " *" if question.required else ""
            hint = question.help.in_language(current()) if question.help else ""
            label = f"{short_name(question)}{required}"
            self._ask(label, question_in_words(question), question.id, has_hint=bool(hint))
            self._write_answer(question)
            if hint:
                self._hint(hint)
        self._next(26)
        self._put(LABEL_COLUMN, say("survey.form.thanks"), Font(name="Calibri", color=QUIET))

    def _write_answer(self, question: Question) -> None:
        answer = self._form.answers.get(question.id)
        if question.kind == "number":
            self._answer(answer)
            bounds = {"operator": "between", "formula1": "0", "formula2": str(question.maximum)}
            self._validate("whole", "number", most=question.maximum, **bounds)
            return
        self._answer(survey_answer_in_words(question, answer))
        if options := options_in_words(question):
            self._validate("list", "list", formula1=self._lists.range_of(options))
        else:
            longest = str(LONGEST_ANSWER)
            bounds = {"operator": "lessThanOrEqual", "formula1": longest}
            self._validate("textLength", "text", most=LONGEST_ANSWER, **bounds)
            self._sheet.row_dimensions[self._row].height = 3 * LINE_HEIGHT

    def _ask(self, label: str, question: str, id_: str, *, has_hint: bool = False) -> None:
        lines = lines_in(question, _WIDTHS[TEXT_COLUMN] - _INDENT)
        self._next(max(24, LINE_HEIGHT * lines + 6) - (4 if has_hint else 0))
        self._put(LABEL_COLUMN, label, BOLD)
        self._put(TEXT_COLUMN, question)
        self._put(ID_COLUMN, id_)
        for column in (LABEL_COLUMN, TEXT_COLUMN):
            cell = self._sheet.cell(self._row, column + 1)
            cell.alignment = _IN_TABLE
            cell.border = Border() if has_hint else _UNDER

    def _hint(self, text: str) -> None:
        """Write the hint of the question just written into a row below; its answer takes both."""
        self._next(LINE_HEIGHT * lines_in(text, _WIDTHS[TEXT_COLUMN] - _INDENT))
        for column in (LABEL_COLUMN, TEXT_COLUMN, ANSWER_COLUMN):
            cell = self._put(column, text if column == TEXT_COLUMN else "", _HINT)
            cell.alignment, cell.border = _IN_TABLE, _UNDER
            if column != TEXT_COLUMN:
                letter = get_column_letter(column + 1)
                self._sheet.merge_cells(f"{letter}{self._row - 1}:{letter}{self._row}")

    def _answer(self, value: Any) -> Any:
        """Write an answer, or the empty cell for it, which may be edited."""
        cell = self._put(ANSWER_COLUMN, value if isinstance(value, str) else "")
        if isinstance(value, int):
            cell.value, cell.number_format = value, amount_format()
        cell.fill, cell.border, cell.alignment = _ANSWER, _AROUND, _IN_TABLE
        cell.protection = Protection(locked=False)
        return cell

    def _validate(self, kind: str, key: str, most: int | None = None, **bounds: str) -> None:
        """Make the spreadsheet refuse invalid answers in the row just written, and say why."""
        validation = DataValidation(type=kind, allow_blank=True, **bounds)  # type: ignore[arg-type]
        validation.showErrorMessage = True
        validation.errorTitle = say("survey.form.refused")
        validation.error = say(f"survey.form.refused.{key}", most=most)
        self._sheet.add_data_validation(validation)
        validation.add(f"{_LAST}{self._row}")

    def _fact(self, label: str, value: str) -> None:
        self._next(18)
        self._put(LABEL_COLUMN, say(f"survey.form.label.{label}"), BOLD)
        self._put(TEXT_COLUMN, value)

    def _across(
        self, text: str, font: Font, *, fill: PatternFill | None = None, height: float = 0
    ) -> None:
        """Write a text over the whole width of the page."""
        width = sum(_WIDTHS)
        lines = sum(lines_in(line, width, bold=bool(font.b)) for line in text.split("\n"))
        self._next(height or LINE_HEIGHT * lines + 6)
        self._put(LABEL_COLUMN, text, font)
        if fill:
            for column in range(len(_WIDTHS)):
                self._sheet.cell(self._row, column + 1).fill = fill
        self._sheet.merge_cells(f"A{self._row}:{_LAST}{self._row}")

    def _gap(self) -> None:
        self._next(8)

    def _next(self, height: float) -> None:
        self._row += 1
        self._sheet.row_dimensions[self._row].height = height

    def _put(self, column: int, value: str, font: Font = _TEXT) -> Any:
        cell = self._sheet.cell(self._row, column + 1)
        if value:
            cell.value = plain(value)
            cell.data_type = "s"  # whatever it begins with
        cell.font, cell.alignment = font, _WRAPPED
        return cell
