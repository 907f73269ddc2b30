"""The sheets of groups: the figures of the counted targets by municipality, council and broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.utils import get_column_letter

from kmtrack.i18n import current, say
from kmtrack.rules.tallies import Tally
from kmtrack.views.format import day_in_words
from kmtrack.views.xlsx.controls import same
from kmtrack.views.xlsx.councils import council_in_cell
from kmtrack.views.xlsx.formulas import Formula
from kmtrack.views.xlsx.layout import Column, SheetLayout, control_column
from kmtrack.views.xlsx.recounts import rows_of_group
from kmtrack.views.xlsx.target_formulas import COUNTED, WAITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kmtrack.rules.contract import Contract, Participation
    from kmtrack.rules.status import Status
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.controls import Controls
    from kmtrack.views.xlsx.data_sheets import SheetRange

# The columns of the records by which groups are counted again.
_FIELDS: Final = {"municipality": "municipality", "broker": "brokers", "council": "councils"}


def write_municipalities(
    sheet: Sheet, status: Status, ranges: Mapping[str, SheetRange], controls: Controls
) -> None:
    """Write the figures by municipality: the participating ones, then the others, then all of them."""
    spans = _spans_of(status.contract)
    table = _GroupTable(
        sheet, status, ranges, controls, Column(say("workbook.takes_part"), most=26)
    )
    taking_part = [key for key in table.names if key in spans]
    others = [key for key in table.names if key not in spans]
    table.total_row = _total_row(len(taking_part), len(others))
    remarks = {key: _spans_in_words(spans.get(key, [])) for key in table.names}
    title = say("contract.participation")
    blocks = [table.add_block(title, taking_part, remarks, title)]
    table.add_sum(say("workbook.sum_of_participants"), blocks[0])
    if others:
        table.layout.add_blank()
        title = say("workbook.other_municipalities")
        blocks.append(table.add_block(title, others, remarks, title))
        table.add_sum(say("workbook.sum_of_others"), blocks[1])
    table.layout.add_blank()
    table.add_total([block.last + 1 for block in blocks])
    table.layout.write()


def write_brokers(
    sheet: Sheet,
    status: Status,
    ranges: Mapping[str, SheetRange],
    controls: Controls,
    councils: Mapping[str, str],
) -> None:
    """Write the figures by broker, each with the council of `councils`; totals differ from sums."""
    table = _GroupTable(sheet, status, ranges, controls, Column(say("field.council"), most=34))
    block = table.add_block(sheet.title, list(table.names), councils)
    table.add_difference(block)
    table.layout.write()


def write_councils(
    sheet: Sheet, status: Status, ranges: Mapping[str, SheetRange], controls: Controls
) -> None:
    """Write the figures by council; totals differ from sums."""
    table = _GroupTable(sheet, status, ranges, controls)
    block = table.add_block(sheet.title, list(table.names))
    table.add_difference(block)
    table.layout.write()


def _total_row(taking_part: int, others: int) -> int:
    """Return the row of the totals: below all tables with their headings, sums and blank rows."""
    first = 1 + max(taking_part, 1) + 1
    return first + (1 + 1 + others + 1 if others else 0) + 2


def _spans_of(contract: Contract) -> dict[str, list[Participation]]:
    spans: dict[str, list[Participation]] = {}
    for span in contract.participation:
        spans.setdefault(span.municipality, []).append(span)
    return spans


def _spans_in_words(spans: Sequence[Participation]) -> str:
    """Word when a municipality takes part: in the whole period, from or until a day, or not at all."""
    return ", ".join(map(_span_in_words, spans)) or say("workbook.takes_no_part")


def _span_in_words(span: Participation) -> str:
    first = say("workbook.from_day", day=day_in_words(span.first_day)) if span.first_day else ""
    last = say("workbook.until_day", day=day_in_words(span.last_day)) if span.last_day else ""
    return f"{first} {last}".strip() or say("workbook.whole_period")


def _name_in_cell(name: str) -> str:
    return name or say("group.unknown")


def _added(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(Tally(), *tallies, strict=True)))


class _Block(NamedTuple):
    """The rows of one table: the keys of their groups, and the first and last row."""

    keys: list[str]
    first: int
    last: int


class _GroupTable:
    """Tables with the counted targets side by side, and the rows that add them up."""

    def __init__(
        self,
        sheet: Sheet,
        status: Status,
        ranges: Mapping[str, SheetRange],
        controls: Controls,
        remarks: Column | None = None,
    ) -> None:
        self.total_row = 0  # of which the shares are taken
        self._sheet, self._ranges, self._controls, self._remarks = sheet, ranges, controls, remarks
        self._grouping = status.grouping or ""
        self._counted = [target for target in status.targets if target.target.is_counted]
        groups = [group for target in self._counted for group in target.groups]
        in_cell = council_in_cell if self._grouping == "council" else _name_in_cell
        self.names = {group.key: in_cell(group.name) for group in groups}
        self._tallies = [{g.key: g.tally for g in target.groups} for target in self._counted]
        self._has_shares = self._grouping == "municipality"
        self._width = 3 if self._has_shares else 2  # columns of each target
        self.layout = SheetLayout(sheet, list(self._columns()))

    def _columns(self) -> Iterator[Column]:
        yield Column(say(f"grouping.{self._grouping}"), most=34)
        if self._remarks:
            yield self._remarks
        for target in self._counted:
            name = target.target.name.in_language(current())
            yield Column(name, "number")
            if self._has_shares:
                yield Column(say("workbook.share_of_target", target=name), "share")
            yield Column(say("workbook.waiting_of_target", target=name), "number")
        yield control_column()

    def _letter(self, number: int, offset: int = 0) -> str:
        """Return the column of a target's count, or another column beside it."""
        return get_column_letter(2 + bool(self._remarks) + self._width * number + offset)

    def _letters(self, number: int) -> tuple[str, str]:
        """Return the columns of what counts and what waits for a target."""
        return self._letter(number), self._letter(number, self._width - 1)

    def add_block(
        self,
        title: str,
        keys: list[str],
        remarks: Mapping[str, str] | None = None,
        head: str | None = None,
    ) -> _Block:
        """Add a table with a row for each group, and a remark on each; `head` is its first heading."""
        layout = self.layout
        layout.begin_table(head)
        first = layout.next_row
        for key in keys:
            row = layout.next_row
            cells: list[Any] = [self.names[key]]
            if self._remarks:
                cells.append((remarks or {}).get(key) or None)
            for number, tallies in enumerate(self._tallies):
                tally = tallies.get(key, Tally())
                cells += self._figures(row, number, tally.counted, tally.counted, tally.waiting)
            layout.add(*cells, self._control(row, key))
        layout.end_table(title, say("workbook.no_records"))
        return _Block(keys, first, layout.next_row - 1)

    def _figures(self, row: int, number: int, counted: int, shown: Any, waiting: Any) -> list[Any]:
        if self._has_shares:
            return [shown, self._share(row, number, counted), waiting]
        return [shown, waiting]

    def _share(self, row: int, number: int, counted: int) -> Formula:
        """Return the share of all that count, rounded down as every percentage is."""
        total, letter = self._counted[number].tally.counted, self._letter(number)
        whole = f"{letter}${self.total_row}"
        text = f"IF({whole}=0,0,INT(100*{letter}{row}/{whole})/100)"
        return Formula(text, counted * 100 // total / 100 if total else 0)

    def _control(self, row: int, key: str) -> Any:
        """Return the control of a group: whether its counts equal those of the rows behind them."""
        field = _FIELDS[self._grouping]
        conditions = []
        for number, target in enumerate(self._counted):
            named = self._controls.target(target.target.id)
            tally = self._tallies[number].get(key, Tally())
            counted, waiting = self._letters(number)
            for noun, letter, figure in (
                (target.target.counts, counted, tally.counted),
                ("waiting", waiting, tally.waiting),
            ):
                recount = rows_of_group(self._ranges[noun], named, field, f"$A{row}", key)
                conditions.append(same(Formula(f"{letter}{row}", figure), recount))
        return self._control_of(row, conditions)

    def _control_of(self, row: int, conditions: Sequence[Formula]) -> Any:
        """Return the control of several conditions in a row, None if there are none."""
        if not conditions:
            return None
        place = f"{self._letter(len(self._counted))}{row}"
        return self._controls.cell(self._sheet, place, *conditions)

    def _sums(self, number: int, block: _Block) -> Tally:
        return _added(self._tallies[number].get(key, Tally()) for key in block.keys)

    def add_sum(self, title: str, block: _Block) -> None:
        """Add the sums of a table's rows below it."""
        row = self.layout.next_row
        cells = self._begin(title)
        for number in range(len(self._counted)):
            sums = self._sums(number, block)
            letters = self._letters(number)
            counted = self._sum_of(block, letters[0], sums.counted)
            waiting = self._sum_of(block, letters[1], sums.waiting)
            cells += self._figures(row, number, sums.counted, counted, waiting)
        self.layout.add_total(*cells)

    def _begin(self, title: str) -> list[Any]:
        return [title, None] if self._remarks else [title]

    @staticmethod
    def _sum_of(block: _Block, letter: str, value: int) -> Formula:
        return Formula(f"SUM({letter}{block.first}:{letter}{block.last})", value)

    def add_total(self, sum_rows: Sequence[int]) -> None:
        """Add the totals, which equal those sums."""

        def sums(number: int) -> Iterator[Formula]:
            added = _added(self._tallies[number].values())
            figures = (added.counted, added.waiting)
            for letter, figure in zip(self._letters(number), figures, strict=True):
                yield Formula("+".join(f"{letter}{row}" for row in sum_rows), figure)

        self._add_controlled_total(sums)

    def _add_controlled_total(self, others: Callable[[int], Iterable[Formula]]) -> None:
        """Add the totals, each checked by another formula: `others` has both for each target."""
        row = self.layout.next_row
        cells, conditions = self._begin(say("word.total")), []
        for number, target in enumerate(self._counted):
            counted, waiting = target.tally.counted, target.tally.waiting
            cells += self._figures(row, number, counted, counted, waiting)
            columns = zip(self._letters(number), (counted, waiting), others(number), strict=True)
            for letter, figure, other in columns:
                conditions.append(same(Formula(f"{letter}{row}", figure), other))
        self.layout.add_total(*cells, self._control_of(row, conditions))

    def add_difference(self, block: _Block) -> None:
        """Add the sums, what counts in several groups, the totals, and a note on each difference.

        The totals are those of the front page.
        """
        layout, sum_row = self.layout, block.last + 1
        self.add_sum(say("workbook.sum_of_groups"), block)
        differences = [
            (target, self._sums(number, block)) for number, target in enumerate(self._counted)
        ]
        cells = self._begin(say(f"workbook.in_several.{self._grouping}"))
        for number, (target, sums) in enumerate(differences):
            more = target.tally.counted - sums.counted, target.tally.waiting - sums.waiting
            for letter, value in zip(self._letters(number), more, strict=True):
                cells.append(Formula(f"{letter}{sum_row + 2}-{letter}{sum_row}", value))
        layout.add(*cells)

        def on_front(number: int) -> Iterator[Formula]:
            target = self._counted[number]
            figures = (COUNTED, target.tally.counted), (WAITING, target.tally.waiting)
            for column, figure in figures:
                yield Formula(self._controls.figure(target.target.id, column), figure)

        self._add_controlled_total(on_front)
        for target, sums in differences:
            if several := sums.counted - target.tally.counted:
                name = target.target.name.in_language(current())
                layout.add_note(say(f"status.shared.{self._grouping}", target=name, number=several))
