"""The raw parts of the region's workbook, as strict readers take them: nothing to repair."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from builders import ledger_in
from kmtrack import i18n
from workbooks import (
    DRAWING,
    HOSTILE_COUNCIL,
    HOSTILE_NAMES,
    MAIN,
    damaged,
    export,
    formulas,
    hostile_ledger,
    ledger_of_many_targets,
    opened,
    xml,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.demo import DemoFiles

DAY: Final = date(2011, 6, 30)
_LITERAL: Final = re.compile('"((?:[^"]|"")*)"')
_SHEET: Final = re.compile("'((?:[^']|'')*)'!")
_PATTERNS: Final = re.compile(
    r"\b(COUNTIFS?|SUMIFS?|AVERAGEIFS?|MATCH|XMATCH|[VHX]?LOOKUP|SEARCH|INDIRECT)\("
)
_LONGEST_NAME: Final = 31
_LONGEST_FORMULA: Final = 8_192
_DEEPEST: Final = 64
_UNFIT: Final = set("[]:*?/\\")


@pytest.fixture(scope="module")
def ledgers(demonstration: DemoFiles, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("ledgers")
    with pytest.MonkeyPatch.context() as patch:
        hostile = hostile_ledger(folder, DAY, patch)
    return {
        "demo": demonstration.ledger,
        "hostile": hostile,
        "empty": ledger_in(folder),
        "damaged": damaged(hostile, folder / "damaged.db"),
        "many": ledger_of_many_targets(folder, DAY, 60),
    }


@pytest.fixture(
    scope="module",
    params=[
        ("hostile", "da"),
        pytest.param(("hostile", "en"), marks=pytest.mark.slow),
        ("empty", "da"),
        pytest.param(("empty", "en"), marks=pytest.mark.slow),
        pytest.param(("demo", "da"), marks=pytest.mark.slow),
        pytest.param(("many", "da"), marks=pytest.mark.slow),
    ],
    ids="-".join,
)
def book(
    request: pytest.FixtureRequest,
    ledgers: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    name, language = request.param
    return export(ledgers[name], tmp_path_factory.mktemp("book") / "region.xlsx", DAY, language)


def test_headings_of_tables_are_their_cells_and_differ(book: Path) -> None:
    tables = [(sheet, table) for sheet in opened(book) for table in sheet.tables.values()]
    assert len(tables) >= 8
    for sheet, table in tables:
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(table.ref))
        # openpyxl unescapes the names of columns, and no cells.
        cells = [unescape(cell.value) for cell in sheet[top][left - 1 : right]]
        names = [column.name for column in table.tableColumns]
        assert names == cells, sheet.title
        assert len({name.casefold() for name in names}) == len(names), sheet.title
        assert all(names)
        assert bottom > top
        assert table.autoFilter is None or table.autoFilter.ref == table.ref


def test_names_are_unique_and_fit(book: Path) -> None:
    whole = opened(book)
    titles = whole.sheetnames
    assert len({title.casefold() for title in titles}) == len(titles)
    for title in titles:
        assert len(title) <= _LONGEST_NAME
        assert not _UNFIT & set(title)
        assert title.strip("'") == title
    found = xml(book, "xl/tables/")
    names = [table.get(key) or "" for table in found.values() for key in ("displayName",)]
    names += list(whole.defined_names)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_ÆØÅæøå][\wæøå.]*", name) for name in names)
    ids = [table.get("id") for table in found.values()]
    assert len(set(ids)) == len(ids)


def test_every_formula_has_its_value(book: Path) -> None:
    number = 0
    for name, sheet in xml(book, "xl/worksheets/").items():
        for cell in sheet.iter(f"{MAIN}c"):
            formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
            assert cell.get("t") != "e", (name, cell.get("r"))
            if formula is None:
                continue
            number += 1
            assert formula.text
            assert value is not None, (name, cell.get("r"))
            if cell.get("t") != "str":
                assert float(value.text or "") is not None
    assert number > 20


def test_no_word_is_in_a_formula(book: Path) -> None:
    """A formula has texts of the program and the names of its sheets, and looks for no pattern."""
    sheets = set(opened(book).sheetnames)
    keys = ("workbook.agrees", "workbook.differs", "workbook.controls_agree")
    states = ("met", "on-schedule", "behind", "not-started", "missed")
    own = {"", " ", "; ", "0"}
    for language in ("da", "en"):
        own |= {i18n.say_in(language, f"state.{state}") for state in states}
        own |= {i18n.say_in(language, key) for key in keys[:2]}
    for place, (formula, _) in formulas(book).items():
        for text in _LITERAL.findall(_SHEET.sub("", formula)):
            is_sentence = "kmtrack_" in formula or "!$C$2" in formula
            assert text in own or is_sentence, (place, formula)
        assert {name.replace("''", "'") for name in _SHEET.findall(formula)} <= sheets
        assert not _PATTERNS.search(formula), (place, formula)
        for word in (*HOSTILE_NAMES.values(), HOSTILE_COUNCIL):
            assert word not in formula
            assert word.replace('"', '""') not in formula


def test_every_formula_is_within_the_limits_of_spreadsheets(book: Path) -> None:
    for place, (formula, _) in formulas(book).items():
        assert len(formula) <= _LONGEST_FORMULA, place
        bare, deepest, depth = _LITERAL.sub("", _SHEET.sub("", formula)), 0, 0
        for sign in bare:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            deepest = max(deepest, depth)
        assert depth == 0
        assert deepest <= _DEEPEST, place


def test_no_formula_counts_its_own_cell(book: Path) -> None:
    for (sheet, place), (formula, _) in formulas(book).items():
        own = "'" + sheet.replace("'", "''") + "'!"
        bare = _SHEET.sub("#!", formula.replace(own, ""))
        column, row = re.fullmatch(r"([A-Z]+)([0-9]+)", place).groups()  # type: ignore[union-attr]
        for one, first, last in re.findall(
            r"(?<![!A-Z$:0-9])\$?([A-Z]{1,2})\$?([0-9]+)(?::\$?[A-Z]{1,2}\$?([0-9]+))?", bare
        ):
            rows = sorted((int(first), int(last or first)))
            assert one != column or not rows[0] <= int(row) <= rows[1], (sheet, place, formula)


def test_another_reader_sees_all_values(book: Path) -> None:
    seen = CalamineWorkbook.from_path(book)
    pages = {
        name: seen.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in seen.sheet_names
    }
    for (sheet, place), (_, value) in formulas(book).items():
        row, column = coordinate_to_tuple(place)
        found = pages[sheet][row - 1][column - 1]
        seen_here = unescape(value) if isinstance(value, str) else value
        assert found == ("" if value is None else seen_here), (sheet, place)


def test_what_is_drawn_is_described(book: Path) -> None:
    """Whoever cannot see a chart hears what it shows, and its name."""
    for name, drawing in xml(book, "xl/drawings/drawing").items():
        shapes = list(drawing.iter(f"{DRAWING}cNvPr"))
        assert shapes
        for shape in shapes:
            assert len(shape.get("descr") or "") > 20, name
            assert shape.get("title") or shape.get("name"), name
        anchors = [*drawing.iter(f"{DRAWING}graphicFrame"), *drawing.iter(f"{DRAWING}pic")]
        assert len(anchors) == len(shapes)
    charts = xml(book, "xl/charts/chart")
    drawn = sum(
        len(list(d.iter(f"{DRAWING}graphicFrame"))) for d in xml(book, "xl/drawings/").values()
    )
    assert len(charts) == drawn > 0


def test_every_part_is_read_as_xml(book: Path) -> None:
    with zipfile.ZipFile(book) as parts:
        assert parts.testzip() is None
    assert xml(book, "xl/")


def test_a_damaged_ledger_is_said_to_differ(ledgers: dict[str, Path], tmp_path: Path) -> None:
    """The values are of the rows that were written, not of the tally that counts one more."""
    file = export(ledgers["damaged"], tmp_path / "damaged.xlsx", DAY, even_if_damaged=True)
    controls = {
        place: value
        for place, (text, value) in formulas(file).items()
        if text.startswith("=IF(IFERROR(")
    }
    differing = [sheet for (sheet, _), value in controls.items() if value == "STEMMER IKKE"]
    assert {"Forside", "Kontroller"} <= set(differing)  # groups are added up from the verdicts
    assert len(differing) < len(controls) / 2
