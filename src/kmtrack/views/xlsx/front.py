"""The front page: the main message, each target with its figures, and the charts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from openpyxl.formatting.rule import DataBarRule, FormulaRule
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.hyperlink import Hyperlink

from kmtrack.i18n import current, say
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.methods import MethodsStatus
from kmtrack.views.format import day_in_words
from kmtrack.views.headline import headline
from kmtrack.views.target_status import state_in_words
from kmtrack.views.xlsx.cells import (
    BAD_TEXT,
    BAND_FILL,
    BOLD,
    GOOD_TEXT,
    GREY,
    HEAD,
    HEAD_FILL,
    LINK_TEXT,
    PLAIN,
    RULED,
    amount_format,
    long_day_format,
    percent_format,
    styled,
)
from kmtrack.views.xlsx.controls import same
from kmtrack.views.xlsx.formulas import Formula, day_in_formula, quoted, sheet_reference
from kmtrack.views.xlsx.front_charts import FIGURES, FrontCharts
from kmtrack.views.xlsx.front_texts import (
    delivered_in_a_line,
    made_in_words,
    parties_in_words,
    privacy_in_words,
    questions_in_words,
)
from kmtrack.views.xlsx.page import LINE_HEIGHT, set_up_page
from kmtrack.views.xlsx.palette import DATA_BAR, INK, NAVY
from kmtrack.views.xlsx.recounts import rows_after, rows_of_sheet, rows_of_target, rows_with_hires
from kmtrack.views.xlsx.state_colours import colour_states
from kmtrack.views.xlsx.target_formulas import (
    COUNTED,
    EVEN,
    MINIMUM,
    NAME,
    SHARE,
    STATE,
    WAITING,
    FigureCells,
    TargetFormulas,
)
from kmtrack.views.xlsx.text_width import column_width, lines_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.rules.contract import Contract
    from kmtrack.rules.status import TargetStatus
    from kmtrack.usecases.export import ExportContent
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.controls import Controls
    from kmtrack.views.xlsx.data_sheets import SheetRange
    from kmtrack.views.xlsx.months import MonthRows

_AHEAD, _SINCE, _EXCLUDED = "F", "G", "I"
_CONTROL, _RECORDS = "K", "L"
_WIDTHS: Final = (33, 9, 10, 16, 13, 12, 13, 10, 10, 16, 11, 17)
_FIGURES: Final = "BCDEFGHI"
_LAST: Final = "L"  # of what is printed; the figures of the chart stand beside it
_FIRST_TARGET: Final = 8
_DAY: Final = "$A$2"
_BANNER: Final = Font(name="Calibri", size=20, bold=True, color=NAVY)
_DATED: Final = Font(name="Calibri", size=12, bold=True, color=INK)
_SAID: Final = Font(name="Calibri", size=14, bold=True, color=NAVY)
_MIDDLE: Final = Alignment(vertical="center")
_WRAPPED: Final = Alignment(horizontal="left", vertical="center", wrap_text=True)
_INDENTED: Final = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_RIGHT: Final = Alignment(horizontal="right", vertical="center", wrap_text=True, indent=1)
_RIGHTMOST: Final = Alignment(horizontal="right", vertical="center")
_CENTRED: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ROW: Final = 21.0
_EMPTY: Final = 1  # the width of a column with nothing in it
_WIDEST_NAME: Final = 60  # of the column with names; longer ones are wrapped
# With the room of a letter behind: LibreOffice does not always indent numbers.
_NUMBER: Final = "#,##0_n"
_SIGNED: Final = "+#,##0_n;\u2212#,##0_n;0_n"


def target_rows(contract: Contract) -> dict[str, int]:
    """Return the row of each target, by id: the counted ones, and the delivered ones."""
    counted = [each.id for each in contract.targets if each.is_counted]
    delivered = [each.id for each in contract.targets if not each.is_counted]
    rows = {target: _FIRST_TARGET + number for number, target in enumerate(counted)}
    below = _FIRST_TARGET + (len(counted) + 2 if counted else 0)
    return rows | {target: below + number for number, target in enumerate(delivered)}


class FrontPage:
    """The front page, written from top to bottom.

    `ranges` has the position of each noun's records, `months` the data of the chart. The page has
    the sentence about all controls, so all others are made before.
    """

    def __init__(
        self,
        sheet: Sheet,
        content: ExportContent,
        ranges: Mapping[str, SheetRange],
        controls: Controls,
        months: MonthRows | None,
    ) -> None:
        self._sheet, self._content, self._ranges = sheet, content, ranges
        self._controls, self._months = controls, months
        self._status = content.status
        self._rows = target_rows(content.status.contract)
        targets = content.status.targets
        self._counted = [each for each in targets if each.target.is_counted]
        self._delivered = [each for each in targets if not each.target.is_counted]
        self._measured = [each for each in self._counted if each.target.minimum is not None]
        self._row = 0
        self._widths = self._column_widths()

    def write(self) -> None:
        """Write all of it."""
        for letter, width in self._widths.items():
            self._sheet.column_dimensions[letter].width = width
        self._sheet.column_dimensions["M"].width = 4
        self._sheet.column_dimensions[FIGURES[0]].width = 34
        for letter in FIGURES[1:]:
            self._sheet.column_dimensions[letter].width = 14
        set_up_page(self._sheet, on_one_page=True)
        self._sheet.print_options.horizontalCentered = True
        self._sheet.sheet_view.showGridLines = False
        self._write_heading()
        if self._counted:
            self._write_counted()
        if self._delivered:
            self._write_delivered()
        self._write_charts()
        self._write_foot()
        self._sheet.print_area = f"A1:{_LAST}{self._row}"
        last = max(self._rows.values(), default=_FIRST_TARGET)
        colour_states(self._sheet, f"{STATE}{_FIRST_TARGET}:{STATE}{last}")

    def _column_widths(self) -> dict[str, float]:
        widths: dict[str, float] = dict(zip("ABCDEFGHIJKL", _WIDTHS, strict=True))
        names = [each.target.name.in_language(current()) for each in self._status.targets]
        needed = max((column_width(name, bold=True) for name in names), default=0)
        widths[NAME] = min(max(widths[NAME], needed), _WIDEST_NAME)
        if not self._content.previous:  # nothing was reported yet: its room goes to the bars
            widths[SHARE] += widths[_SINCE] - _EMPTY
            widths[_SINCE] = _EMPTY
        return widths

    def _width_of_figures(self) -> float:
        return sum(self._widths[letter] for letter in _FIGURES)

    def _append(self, cells: Sequence[Any], height: float | None = None) -> None:
        self._row += 1
        if height is not None:
            self._sheet.row_dimensions[self._row].height = height
        self._sheet.append(list(cells))

    def _across(
        self, value: Any, font: Font, *, fill: Any = None, size: float = 11, **cell: Any
    ) -> None:
        """Write a text across the page, in as many lines as it needs."""
        text = value if isinstance(value, str) else ""
        lines = (
            lines_in(text, sum(self._widths.values()) * 11 / size, bold=bool(font.b)) if text else 1
        )
        row = self._row + 1
        alignment = _INDENTED if fill else _WRAPPED
        made = styled(self._sheet, value, font=font, fill=fill, alignment=alignment, **cell)
        self._append([made], round(lines * LINE_HEIGHT * size / 11 + (10 if fill else 3), 1))
        self._sheet.merged_cells.add(f"A{row}:{_LAST}{row}")

    def _write_heading(self) -> None:
        contract = self._status.contract
        self._across(contract.name.in_language(current()), _BANNER, size=20)
        self._across(
            self._status.as_of, _DATED, number_format=long_day_format(say("workbook.as_of"))
        )
        self._across(parties_in_words(self._status), GREY)
        warnings = [say("workbook.damaged")] if self._content.is_damaged else []
        if contract.lacks_participation:
            warnings.append(say("front.no_participation"))
        if warnings:
            self._across("\n".join(warnings), BAD_TEXT)
        else:
            self._append([], 6)
        said = headline(self._status)
        self._across(said, _SAID, fill=BAND_FILL, size=14)
        self._check_sentence(f"$A${self._row}", said)
        self._append([], 8)

    def _check_sentence(self, place: str, said: str) -> None:
        """Check by a control that the sentence still has the day and the states that it was made from."""
        own = sheet_reference(self._sheet.title)
        as_of = day_in_formula(self._status.as_of)
        conditions = [Formula(f"{own}!{_DAY}={as_of}", True)]  # noqa: FBT003 - the formula's value
        if self._counted:
            first, last = _FIRST_TARGET, _FIRST_TARGET + len(self._counted) - 1
            states = Counter(each.state for each in self._counted)
            for state, number in states.items():
                word = quoted(say(f"state.{state}"))
                cells = f"{own}!${STATE}${first}:${STATE}${last}"
                found = Formula(f"SUMPRODUCT(--({cells}={word}))", number)
                conditions.append(same(found, Formula(f"{number}", number)))
        self._controls.check_sentence(place, said, *conditions)

    def _head(self, heads: Mapping[str, str], *, least: float = 32, is_text: bool = False) -> None:
        """Write a row of headings, each by its column; those of numbers are aligned with the numbers."""
        cells = []
        for letter in "ABCDEFGHIJKL":
            alignment = _RIGHT if letter in _FIGURES else _CENTRED
            if letter in {NAME, _RECORDS}:
                alignment = _WRAPPED
            if letter == COUNTED and is_text:
                alignment = _INDENTED
            cells.append(
                styled(
                    self._sheet,
                    heads.get(letter, ""),
                    font=HEAD,
                    fill=HEAD_FILL,
                    alignment=alignment,
                )
            )
        widths = dict(self._widths)
        if is_text:  # it stands over all columns of figures
            widths[COUNTED] = self._width_of_figures()
        lines = [lines_in(text, widths[letter], bold=True) for letter, text in heads.items()]
        self._append(cells, max(least, max(lines) * LINE_HEIGHT + 2))

    def _write_counted(self) -> None:
        heads = {
            NAME: say("workbook.target"),
            COUNTED: say("workbook.counted"),
            MINIMUM: say("workbook.minimum"),
            SHARE: say("front.share"),
            EVEN: say("workbook.even"),
            _AHEAD: say("front.ahead"),
            WAITING: say("workbook.waiting"),
            _EXCLUDED: say("workbook.excluded"),
            STATE: say("workbook.state"),
            _CONTROL: say("workbook.control"),
            _RECORDS: say("front.records"),
        }
        if self._content.previous:
            heads[_SINCE] = say("front.since", day=day_in_words(self._content.previous.day))
        self._head(heads)
        first = self._row + 1
        for each in self._counted:
            name = each.target.name.in_language(current())
            lines = lines_in(name, self._widths[NAME], bold=True)
            self._append(self._counted_cells(each), max(_ROW, 5 + LINE_HEIGHT * lines))
        highest = max((each.percent or 0 for each in self._measured), default=0) / 100
        if self._measured:
            cells = f"{SHARE}{first}:{SHARE}{self._row}"
            # Solid bars are an extension that openpyxl, and whatever reads with it, warns of.
            bars: Any = DataBarRule(  # type: ignore[no-untyped-call]
                "num", 0, "num", max(1.0, highest), color=DATA_BAR, minLength=0, maxLength=100
            )
            self._sheet.conditional_formatting.add(cells, bars)
        self._append([], 8)

    def _counted_cells(self, each: TargetStatus) -> list[Any]:
        row, sheet = self._row + 1, self._sheet
        target, tally = each.target, each.tally
        named = self._controls.target(target.id)
        recount = rows_of_target(self._ranges[target.counts], named)
        waiting, excluded = (
            rows_of_target(self._ranges[name], named) for name in ("waiting", "excluded")
        )
        conditions = [
            same(Formula(f"{COUNTED}{row}", tally.counted), recount),
            same(Formula(f"{WAITING}{row}", tally.waiting), waiting),
            same(Formula(f"{_EXCLUDED}{row}", tally.excluded), excluded),
        ]
        if target.minimum is not None:
            agreed = Formula(self._controls.minimum(target.id), target.minimum)
            conditions.append(same(Formula(f"{MINIMUM}{row}", target.minimum), agreed))
        cells = FigureCells(
            f"{COUNTED}{row}",
            f"{MINIMUM}{row}",
            f"{EVEN}{row}",
            f"{WAITING}{row}",
            f"{_EXCLUDED}{row}",
            _DAY,
        )
        formulas = TargetFormulas(self._status.contract, each, cells)
        before = self._content.previous and self._content.previous.tallies.get(target.id)
        since = None
        if self._content.previous:
            since = tally.counted - (before.counted if before else 0)
            later = rows_after(self._ranges[target.counts], named, self._content.previous.day)
            conditions.append(same(Formula(f"{_SINCE}{row}", since), later))
        sheet_name = self._ranges[target.counts].sheet
        number, signed = amount_format(_NUMBER), amount_format(_SIGNED)
        values: list[Any] = [
            styled(sheet, target.name.in_language(current()), font=BOLD, alignment=_WRAPPED),
            self._figure(tally.counted, number, font=BOLD),
            self._figure(target.minimum, number),
            self._figure(formulas.percent(), f"{percent_format()}_n"),
            self._figure(formulas.expected(), number),
            self._figure(formulas.difference(), signed),
            self._figure(since, signed),
            self._figure(tally.waiting, number),
            self._figure(tally.excluded, number),
            styled(sheet, formulas.state(), font=BOLD, alignment=_CENTRED),
            self._controls.cell(sheet, f"{_CONTROL}{row}", *conditions),
            self._link(sheet_name),
        ]
        return [self._ruled(value) for value in values]

    def _figure(self, value: Any, number_format: str, font: Font | None = None) -> Any:
        return styled(
            self._sheet, value, font=font, alignment=_RIGHTMOST, number_format=number_format
        )

    def _ruled(self, cell: Any) -> Any:
        cell.border = RULED
        if cell.alignment.vertical != "center":
            cell.alignment = _CENTRED
        return cell

    def _link(self, sheet_name: str) -> Any:
        cell = styled(self._sheet, f"→ {sheet_name}", font=LINK_TEXT, alignment=_MIDDLE)
        place = f"{sheet_reference(sheet_name)}!A1"
        cell._hyperlink = Hyperlink(ref="", location=place)  # noqa: SLF001 - else it is a web address
        return cell

    def _write_delivered(self) -> None:
        heads = {
            NAME: say("front.deliverable"),
            COUNTED: say("front.what_is_there"),
            STATE: say("workbook.state"),
            _CONTROL: say("workbook.control"),
            _RECORDS: say("front.records"),
        }
        self._head(heads, least=20, is_text=True)
        row = self._row
        self._sheet.merged_cells.add(f"{COUNTED}{row}:{_EXCLUDED}{row}")
        for each in self._delivered:
            self._delivered_row(each)
        self._append([], 8)

    def _delivered_row(self, each: TargetStatus) -> None:
        row, sheet = self._row + 1, self._sheet
        text = delivered_in_a_line(each)
        control: Any = styled(sheet, None)
        noun = "delivery"
        if isinstance(each.delivered, MethodsStatus):
            noun = "method"
            said, recount = each.delivered.collected, rows_of_sheet(self._ranges[noun])
            condition = same(Formula(str(said), said), recount)
            control = self._controls.cell(sheet, f"{_CONTROL}{row}", condition)
        elif isinstance(each.delivered, GrowthStatus):
            noun = "company"
            said, recount = each.delivered.hired, rows_with_hires(self._ranges[noun])
            condition = same(Formula(str(said), said), recount)
            control = self._controls.cell(sheet, f"{_CONTROL}{row}", condition)
        cells = [
            styled(sheet, each.target.name.in_language(current()), font=BOLD, alignment=_WRAPPED),
            styled(sheet, text, alignment=_INDENTED),
            *(styled(sheet, None) for _ in range(7)),
            styled(sheet, state_in_words(each), font=BOLD, alignment=_CENTRED),
            control,
            self._link(self._ranges[noun].sheet),
        ]
        lines = max(
            lines_in(text, self._width_of_figures() - 2),
            lines_in(each.target.name.in_language(current()), self._widths[NAME], bold=True),
        )
        self._append([self._ruled(cell) for cell in cells], 5 + LINE_HEIGHT * lines)
        self._sheet.merged_cells.add(f"{COUNTED}{row}:{_EXCLUDED}{row}")

    def _write_charts(self) -> None:
        """Draw the charts side by side, over rows left empty for them."""
        if not self._measured:
            return
        charts = FrontCharts(self._sheet, self._measured, self._row, self._rows)
        for cells in charts.figures():
            self._append(cells, LINE_HEIGHT)
        self._append([], 8)
        charts.draw(self._months, self._status)

    def _write_foot(self) -> None:
        self._across(self._controls.sentence(), BOLD)
        agrees = f"kmtrack_controls_agree={quoted(say('workbook.agrees'))}"
        for formula, font in ((agrees, GOOD_TEXT), (f"NOT({agrees})", BAD_TEXT)):
            rule: Any = FormulaRule(formula=[formula], font=Font(bold=True, color=font.color))  # type: ignore[no-untyped-call]
            self._sheet.conditional_formatting.add(f"A{self._row}", rule)
        if questions := questions_in_words(self._status):
            self._across(questions, PLAIN)
        self._across(privacy_in_words(self._content.counted), GREY)
        self._across(made_in_words(self._content), GREY)
