"""The questionnaire as a workbook to fill in: a sheet for each respondent, its questions locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from kmtrack import __version__
from kmtrack.i18n import current, say
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.views.format import heading_of, value_in_words
from kmtrack.views.questionnaire import options_in_words, question_in_words, survey_answer_in_words
from kmtrack.views.xlsx.cells import BOLD, TITLE, TOP, plain
from kmtrack.views.xlsx.file import replacing, save_workbook
from kmtrack.views.xlsx.fingerprint import CREATOR
from kmtrack.views.xlsx.page import fit_to_width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from kmtrack.rules.questionnaire import Question
    from kmtrack.usecases.surveys.forms import SurveyForm

_SMALL: Final = Font(name="Calibri", size=8, color="7F7F7F")
_ANSWER: Final = PatternFill("solid", fgColor="FFF9E5")
_LINE: Final = Border(bottom=Side(style="thin", color="BFBFBF"))
_WIDTHS: Final = {"A": 24, "B": 64, "C": 34, "D": 44}
_LISTS: Final = "kmtrack"
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write_survey_forms(forms: Sequence[SurveyForm], file: Path) -> None:
    """Write a workbook with a sheet for each form to `file`, in the language in use.

    Raises the refusals of `replacing`.
    """
    with replacing(file) as beside:
        _write(forms, beside)


def _write(forms: Sequence[SurveyForm], file: Path) -> None:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    lists = _Lists(workbook.create_sheet(_LISTS))
    for number, form in enumerate(forms, start=1):
        name = form.respondent.name.translate(_FORBIDDEN).strip()[:24]
        sheet = workbook.create_sheet(f"{number} {plain(name)}".strip(), number - 1)
        _write_form(sheet, form, lists)
    workbook.active = 0
    workbook.properties.title = plain(_title(forms[0]))
    workbook.properties.creator = f"{CREATOR} {__version__}"
    save_workbook(workbook, file)


def _title(form: SurveyForm) -> str:
    return f"{questionnaire().name.in_language(current())}: {form.respondent.name}"


class _Lists:
    """The drop-down lists, each written once, to a hidden sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        sheet.sheet_state = "hidden"
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


def _write_form(sheet: Worksheet, form: SurveyForm, lists: _Lists) -> None:
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    _text(sheet, 1, 1, _title(form)).font = TITLE
    row = 2
    for key in ("survey.form.how", "survey.form.confidential"):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
        _text(sheet, row, 1, say(key))
        sheet.row_dimensions[row].height = 32
        row += 1
    for label, value in _facts(form):
        _text(sheet, row, 1, label).font = BOLD
        _text(sheet, row, 2, value)
        row += 1
    for number, question in enumerate(form.questions, start=row + 1):
        answer = survey_answer_in_words(question, form.answers.get(question.id))
        _write_question(sheet, number, question, answer, lists)
    sheet.freeze_panes = f"A{row + 1}"
    sheet.protection.sheet = True
    fit_to_width(sheet)


def _facts(form: SurveyForm) -> list[tuple[str, str]]:
    """Return what is above the questions: who is asked, when, and the mark."""
    name = "name" if form.respondent.asks == "company" else "municipality"
    known = [
        (heading_of("company", field), value_in_words("company", field, value))
        for field, value in form.facts.items()
    ]
    return [
        (heading_of("company", name), form.respondent.name),
        *known,
        (say("survey.wave"), say(f"choice.wave.{form.wave}")),
        (say("survey.form.mark"), form.mark),
    ]


def _write_question(
    sheet: Worksheet, row: int, question: Question, answer: str, lists: _Lists
) -> None:
    hint = question.help.in_language(current()) if question.help else ""
    required = say("survey.form.required") if question.required else ""
    _text(sheet, row, 1, question.id).font = _SMALL
    _text(sheet, row, 2, question_in_words(question))
    cell = _text(sheet, row, 3, answer)
    cell.fill, cell.border = _ANSWER, _LINE
    cell.protection = Protection(locked=False)
    _text(sheet, row, 4, " ".join(filter(None, (required, hint)))).font = _SMALL
    sheet.row_dimensions[row].height = 36
    if options := options_in_words(question):
        validation = DataValidation(type="list", formula1=lists.range_of(options))
        validation.showErrorMessage = True
        sheet.add_data_validation(validation)
        validation.add(f"C{row}")


def _text(sheet: Worksheet, row: int, column: int, value: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - openpyxl's cell, which its types split in two
    cell = sheet.cell(row, column)
    if value:
        cell.value = plain(value)
        cell.data_type = "s"  # whatever it begins with
    cell.alignment = TOP
    return cell
