"""Controls: cells that say whether a figure agrees with the rows behind it, and how many there are."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.utils.cell import coordinate_from_string
from openpyxl.workbook.defined_name import DefinedName

from kmtrack.i18n import current, say
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.rules.contract import COUNTED_NOUNS, alike
from kmtrack.views.format import heading_of, value_in_words
from kmtrack.views.xlsx.cells import BAD_FILL, BAD_TEXT, CENTRE, GREY, coloured, styled
from kmtrack.views.xlsx.formulas import Formula, quoted, seen_from_elsewhere, sheet_reference
from kmtrack.views.xlsx.layout import Column, SheetLayout, control_column
from kmtrack.views.xlsx.recounts import (
    CountingWords,
    NamedTarget,
    row_checks,
    rows_of_sheet,
    sum_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from openpyxl import Workbook

    from kmtrack.rules.contract import Contract
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.data_sheets import SheetRange
    from kmtrack.views.xlsx.layout import Kind
    from kmtrack.views.xlsx.recounts import RowChecks

# On the sheet of controls: how many there are, how many agree, whether all do.
_ALL: Final = "$B$2"
_AGREEING: Final = "$C$2"
_OVERALL: Final = "$D$2"
_NAMES: Final = {
    "kmtrack_controls": _ALL,
    "kmtrack_controls_agreeing": _AGREEING,
    "kmtrack_controls_agree": _OVERALL,
}
_FIRST_CHECK: Final = 5  # the row of the first sheet of records
_FIRST_ASIDE: Final = 120  # the row of the first part of a control that has too many for its cell
_MOST_CHARACTERS: Final = 7_000  # of the conditions in one formula, which may have 8,192 in all
_IN_ONE_CELL: Final = 25  # conditions of a control with more of them, so many in a cell of its own
_MOST_AREAS: Final = 100  # in one formula
# Of the columns of the checks, and of the tables above and below them.
_KINDS: Final[tuple[Kind, ...]] = (
    *("text", "number", "number", "number"),
    *("number", "number", "number"),
)
_OTHER_KINDS: Final[tuple[Kind, ...]] = ("text", "number", "number", "word")
_CHECKS: Final = ("sheet", "rows", "repeated", "outside_period", "late", "unmet", "below_table")


def same(said: Formula, counted: Formula) -> Formula:
    """Return the condition that two amounts are equal."""
    return Formula(f"{said.text}={counted.text}", said.value == counted.value)


def _all_of(conditions: Sequence[Formula]) -> Formula:
    """Return the condition that all conditions hold."""
    if len(conditions) == 1:
        return conditions[0]
    text = ",".join(condition.text for condition in conditions)
    return Formula(f"AND({text})", all(condition.value for condition in conditions))


def agreement(condition: Formula) -> Formula:
    """Return the text of a control: whether its condition holds; an error means that it does not."""
    agrees, differs = say("workbook.agrees"), say("workbook.differs")
    text = f"IF(IFERROR({condition.text},FALSE),{quoted(agrees)},{quoted(differs)})"
    return Formula(text, agrees if condition.value else differs)


class _Control(NamedTuple):
    sheet: str
    column: str
    row: int
    agrees: bool


class Controls:
    """All controls of a workbook; each is registered when its cell is made.

    The sheet of controls is written last, and the sentence about them is made when all exist.
    """

    def __init__(self) -> None:
        self._controls: list[_Control] = []
        self._checks: list[list[Any]] = []
        self._counting: list[tuple[str, list[str]]] = []  # what counts, in words
        self._sentence: list[Any] = []
        self._sheet: Sheet = None
        self._next_row = _FIRST_CHECK
        self._minimums: dict[str, str] = {}
        self._aside: list[Formula] = []
        self._targets: dict[str, NamedTarget] = {}
        self._front = ""
        self._rows: dict[str, int] = {}

    @property
    def number(self) -> int:
        """The number of controls so far."""
        return len(self._controls)

    @property
    def agreeing(self) -> int:
        """The number of controls that agree."""
        return sum(control.agrees for control in self._controls)

    def cell(self, sheet: Sheet, place: str, *conditions: Formula) -> Any:
        """Make the control cell to be written at `place`, such as "D5", of a sheet.

        It agrees if all conditions hold.
        """
        column, row = coordinate_from_string(place)
        condition = _all_of(list(self._that_fit(sheet.title, conditions)))
        self._controls.append(_Control(sheet.title, column, row, bool(condition.value)))
        return styled(sheet, agreement(condition), alignment=CENTRE)

    def _that_fit(self, title: str, conditions: Sequence[Formula]) -> Iterator[Formula]:
        """Yield conditions that fit into one formula, some of them in cells of the sheet of controls.

        The length of a formula is limited, the number of targets is not.
        """
        if sum(len(condition.text) + 1 for condition in conditions) <= _MOST_CHARACTERS:
            yield from conditions
            return
        for start in range(0, len(conditions), _IN_ONE_CELL):
            part = conditions[start : start + _IN_ONE_CELL]
            self._aside.append(seen_from_elsewhere(_all_of(part), title))
            cell = f"$A${_FIRST_ASIDE + len(self._aside) - 1}"
            yield Formula(_on_the_sheet(cell), self._aside[-1].value)

    def place_targets(
        self, sheet: Sheet, column: str, rows: Mapping[str, int], contract: Contract
    ) -> None:
        """Remember the position of the names of all targets: the row of each by its id."""
        self._front, self._rows = sheet.title, dict(rows)
        names = [target.name.in_language(current()) for target in contract.targets]
        looks = [alike(name) for name in names]
        for number, target in enumerate(contract.targets):
            cell = f"{sheet_reference(sheet.title)}!${column}${rows[target.id]}"
            has_twin = looks.count(looks[number]) > 1
            self._targets[target.id] = NamedTarget(target.id, cell, has_twin)

    def target(self, target: str) -> NamedTarget:
        """Return a target, by its id, with the cell of its name."""
        return self._targets[target]

    def figure(self, target: str, column: str) -> str:
        """Return the reference to a target's figure, in a column beside its name."""
        return f"{sheet_reference(self._front)}!${column}${self._rows[target]}"

    def place_minimum(self, target: str, cell: str) -> None:
        """Remember the cell, with its sheet, where the terms state the minimum of a target."""
        self._minimums[target] = cell

    def minimum(self, target: str) -> str:
        """Return that cell."""
        return self._minimums[target]

    def sentence(self) -> Formula:
        """Return how many of the controls agree, in words that a spreadsheet keeps up to date."""
        live = say("workbook.controls_agree", number=self.number, agreeing="\0")
        before, _, after = live.partition("\0")
        text = f"{quoted(before)}&{_on_the_sheet(_AGREEING)}&{quoted(after)}"
        return Formula(text, f"{before}{self.agreeing}{after}")

    def check_rows(
        self, sheet: Sheet, ranges: Mapping[str, SheetRange], contract: Contract, as_of: date
    ) -> None:
        """Add a control for each sheet of records: of its ids, its days, its values, and the cells below.

        `sheet` is the sheet of controls, which is written later.
        """
        self._sheet, self._next_row = sheet, _FIRST_CHECK + len(ranges) + 1
        for row, (noun, records) in enumerate(ranges.items(), start=_FIRST_CHECK):
            asked = [t.requires for t in contract.targets if t.counts == noun]
            all_in_period = all("in_period" in requires for requires in asked)
            checks = row_checks(
                records, contract, as_of, list(self._counting_words(noun, records, contract))
            )
            if noun not in COUNTED_NOUNS:  # elsewhere a day outside the period is no surprise
                checks = checks._replace(outside=None)
            expected = [
                checks.ids.value,
                checks.repeated.value,
                0 if all_in_period or checks.outside is None else checks.outside.value,
                *(0, 0, 0),
            ]
            sums = list(_sums_of_companies(ranges)) if noun == "company" else []
            self._checks.append(self._check_cells(sheet, row, checks, expected, sums))

    def _counting_words(
        self, noun: str, records: SheetRange, contract: Contract
    ) -> Iterator[CountingWords]:
        """Yield the fields in which all rows have one of a few words; these words get cells of their own."""
        rules: dict[str, tuple[str, Sequence[str | bool]]] = {
            "countable_channel": ("channel", sorted(contract.channels)),
            "highly_educated": ("level", sorted(contract.highly_educated)),
            "paid": ("paid", [True]),
            "lasting": ("lasting", [True]),
        }
        asked = [target.requires for target in contract.targets if target.counts == noun]
        for rule, (field, values) in rules.items():
            if not values or field not in records.columns or not asked:
                continue
            if not all(rule in requires for requires in asked):
                continue
            words = [
                say("word.yes") if value is True else value_in_words(noun, field, value)
                for value in values
            ]
            first = self._next_row + 1  # below the heading
            self._next_row = first + len(words) + 1
            head = say("workbook.these_count", field=heading_of(noun, field))
            self._counting.append((head, words))
            cells = tuple(f"$A${first + number}" for number in range(len(words)))
            yield CountingWords(field, tuple(values), cells)

    def check_sentence(self, place: str, text: str, *conditions: Formula) -> None:
        """Add the control of a sentence on the front page, which remains true under some conditions."""
        row = self._next_row + 1
        self._next_row = row + 2
        front = f"{sheet_reference(self._front)}!{place}"
        is_same = Formula(f"EXACT($A{row},{front})", True)  # noqa: FBT003 - the value of the formula
        control = self.cell(self._sheet, f"D{row}", is_same, *conditions)
        self._sentence = [text, None, None, control]

    def _check_cells(
        self,
        sheet: Sheet,
        row: int,
        checks: RowChecks,
        expected: Sequence[object],
        others: Sequence[Formula],
    ) -> list[Any]:
        found = [
            *(checks.ids, checks.repeated, checks.outside),
            *(checks.late, checks.unmet, checks.below),
        ]
        compared = [
            Formula(f"{column}{row}={value}", formula.value == value)
            for column, formula, value in zip("BCDEFG", found, expected, strict=True)
            if formula is not None
        ]
        cells = [None if formula is None else styled(sheet, formula) for formula in found]
        return [
            styled(sheet, checks.sheet),
            *cells,
            self.cell(sheet, f"H{row}", *compared, *others),
        ]

    def write(self, workbook: Workbook, sheet: Sheet) -> None:
        """Fill the sheet of controls, and name its overall cells."""
        first = self._next_row + 1  # below all checks
        lines = list(self._lines(sheet, first))
        last = first + len(lines) - 1
        columns = zip(_CHECKS, _KINDS, strict=True)
        layout = SheetLayout(
            sheet,
            [*(Column(say(f"workbook.{key}"), kind) for key, kind in columns), control_column()],
        )
        layout.begin_table(heads=[say(key) for key in _heads("all_controls")], kinds=_OTHER_KINDS)
        layout.add(
            say("word.total"),
            Formula(f"SUM(B{first}:B{last})", self.number),
            Formula(f"SUM(C{first}:C{last})", self.agreeing),
            agreement(Formula("B2=C2", self.agreeing == self.number)),
        )
        layout.end_table(say("workbook.all_controls"), say("workbook.no_records"))
        layout.add_blank()
        layout.begin_table()
        for cells in self._checks:
            layout.add(*cells)
        layout.end_table(say("workbook.controls_of_records"), say("workbook.no_records"))
        layout.add_blank()
        for head, words in self._counting:
            layout.begin_table(heads=[head], kinds=["text"])
            for word in words:
                layout.add(word)
            layout.end_table(head, say("workbook.no_records"))
            layout.add_blank()
        heads = [say(key) for key in _heads("first_sentence")]
        layout.begin_table(heads=heads, kinds=_OTHER_KINDS)
        layout.add(*self._sentence)
        layout.end_table(heads[0], say("workbook.no_records"))
        layout.add_blank()
        layout.begin_table(heads=[say(key) for key in _heads("sheet")], kinds=_OTHER_KINDS)
        for cells in lines:
            layout.add(*cells)
        layout.end_table(say("workbook.controls_by_sheet"), say("workbook.no_records"))
        layout.add_blank()
        layout.add_note(say("workbook.controls_cover"))
        layout.write(repeats_heads=False)  # each table has its own
        self._write_aside(sheet, layout.next_row)
        self._colour(workbook, sheet, [_OVERALL, f"D{first}:D{last}"])
        for name, cell in _NAMES.items():
            workbook.defined_names[name] = DefinedName(name, attr_text=_on_the_sheet(cell))

    def _colour(self, workbook: Workbook, sheet: Sheet, of_sheets: Sequence[str]) -> None:
        """Colour every control that does not agree and, on the `sheet` of controls, those of whole sheets."""
        by_sheet: dict[str, list[_Control]] = {}
        for control in self._controls:
            by_sheet.setdefault(control.sheet, []).append(control)
        for title in {*by_sheet, sheet.title}:
            cells = [_cells_of(area) for area in _areas(by_sheet.get(title, []))]
            if title == sheet.title:
                cells += [place.replace("$", "") for place in of_sheets]
            rule = coloured(say("workbook.differs"), BAD_TEXT, BAD_FILL)
            workbook[title].conditional_formatting.add(" ".join(cells), rule)

    def _write_aside(self, sheet: Sheet, next_row: int) -> None:
        """Write the parts of controls that have cells of their own, in hidden rows."""
        if not self._aside:
            return
        for _ in range(next_row, _FIRST_ASIDE):
            sheet.append([])
        for row, part in enumerate(self._aside, start=_FIRST_ASIDE):
            sheet.row_dimensions[row].hidden = True
            sheet.append([styled(sheet, part, font=GREY)])

    def _lines(self, sheet: Sheet, first: int) -> Iterator[list[Any]]:
        """Yield a line for each sheet with controls, or several if it has too many areas."""
        row = first
        by_sheet = sorted(self._controls, key=lambda control: control.sheet)
        for title, controls in groupby(by_sheet, key=lambda control: control.sheet):
            areas = list(_areas(list(controls)))
            for start in range(0, len(areas), _MOST_AREAS):
                part = areas[start : start + _MOST_AREAS]
                number = sum(len(area) for area in part)
                agreeing = sum(control.agrees for area in part for control in area)
                yield [
                    styled(sheet, title),
                    number,
                    styled(sheet, Formula("+".join(map(_agreeing_in, part)), agreeing)),
                    styled(
                        sheet,
                        agreement(Formula(f"B{row}=C{row}", agreeing == number)),
                        alignment=CENTRE,
                    ),
                ]
                row += 1


def _sums_of_companies(ranges: Mapping[str, SheetRange]) -> Iterator[Formula]:
    """Yield the conditions that the companies have as many records and hires as there are rows."""
    counted = [rows_of_sheet(ranges[noun]) for noun in EVENTS]
    rows = Formula(
        "+".join(each.text for each in counted), sum(int(each.value) for each in counted)
    )
    yield same(sum_of(ranges["company"], "records"), rows)
    yield same(sum_of(ranges["company"], "hires"), rows_of_sheet(ranges["hire"]))


def _heads(first: str) -> Iterator[str]:
    return (f"workbook.{key}" for key in (first, "controls", "agree", "control"))


def _on_the_sheet(cell: str) -> str:
    return f"{sheet_reference(say('workbook.controls'))}!{cell}"


def _areas(controls: Sequence[_Control]) -> Iterator[list[_Control]]:
    """Yield the controls of a sheet in runs of cells one below the other."""
    ordered = sorted(controls, key=lambda control: (control.column, control.row))
    numbered = enumerate(ordered)
    for _, run in groupby(numbered, key=lambda each: (each[1].column, each[1].row - each[0])):
        yield [control for _, control in run]


def _cells_of(area: Sequence[_Control]) -> str:
    first, last = area[0], area[-1]
    return f"{first.column}{first.row}:{last.column}{last.row}"


def _agreeing_in(area: Sequence[_Control]) -> str:
    cells = f"{sheet_reference(area[0].sheet)}!{_cells_of(area)}"
    return f"SUMPRODUCT(--({cells}={quoted(say('workbook.agrees'))}))"
