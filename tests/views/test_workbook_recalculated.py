"""What LibreOffice makes of the region's workbook once every value is taken out of the file."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest

from builders import contract, day, ledger_in
from kmtrack import i18n
from kmtrack.rules.status import status_from
from kmtrack.rules.tallies import Tally
from kmtrack.views.xlsx.cells import styled
from kmtrack.views.xlsx.file import save_workbook
from kmtrack.views.xlsx.formulas import streamed_workbook
from kmtrack.views.xlsx.target_formulas import FigureCells, TargetFormulas
from workbooks import (
    HOSTILE_NAMES,
    damaged,
    differences,
    export,
    formulas,
    hostile_ledger,
    ledger_of_many_targets,
    recalculated,
    without_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kmtrack.i18n import Language
    from kmtrack.usecases.demo import DemoFiles

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
DAY: Final = date(2011, 6, 30)
LATER: Final = datetime(2011, 8, 1)  # noqa: DTZ001 - as sheets have days
NEW, FOLLOW_UPS, *_ = HOSTILE_NAMES.values()
LANGUAGES: Final[dict[str, Language]] = {"english": "en"}


def _rename_target(book: Any) -> None:
    book["Kontakter"]["A2"] = "noget andet"


def _take_the_twin(book: Any) -> None:
    sheet = book["Kontakter"]
    cell = next(row[0] for row in sheet.iter_rows(min_row=2) if row[0].value == NEW)
    cell.value, cell.data_type = FOLLOW_UPS, "s"


def _put_an_error(book: Any) -> None:
    book["Ansættelser"]["A2"] = "=1/0"


def _move_to_another_municipality(book: Any) -> None:
    sheet = book["Kontakter"]
    sheet[f"{_column(sheet, 'Kommune den dag')}2"] = "Silkeborg"


def _repeat_an_id(book: Any) -> None:
    sheet = book["Ansættelser"]
    letter = _column(sheet, "Id")
    sheet[f"{letter}3"] = sheet[f"{letter}2"].value


def _leave_the_period(book: Any) -> None:
    sheet = book["Kontakter"]
    sheet[f"{_column(sheet, 'Dato')}2"] = datetime(2010, 12, 31)  # noqa: DTZ001 - as sheets have days


def _write_below_the_table(book: Any) -> None:
    sheet = book["Samarbejder"]
    sheet.cell(sheet.max_row + 3, 2, "en mere")


def _empty_a_control(book: Any) -> None:
    sheet, place = next(
        (sheet, place)
        for (sheet, place), (text, _) in _formulas(book)
        if text.startswith("=IF(IFERROR(")
    )
    book[sheet][place] = None


def _raise_a_count(book: Any) -> None:
    sheet = book["Kommuner"]
    cell = next(cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value == 4)
    cell.value = 5


def _raise_what_waits(sheet: str) -> Callable[[Any], None]:
    def tamper(book: Any) -> None:
        cells = book[sheet]
        letter = next(c.column_letter for c in cells[1] if str(c.value).endswith(", afventer"))
        cells[f"{letter}2"] = 99

    return tamper


def _put(sheet: str, heading: str, value: Any) -> Callable[[Any], None]:
    """Return what puts a value into the first row below a heading."""

    def tamper(book: Any) -> None:
        book[sheet][f"{_column(book[sheet], heading)}2"] = value

    return tamper


def _put_at(sheet: str, place: str, value: Any) -> Callable[[Any], None]:
    def tamper(book: Any) -> None:
        assert book[sheet][place].value is not None
        book[sheet][place] = value

    return tamper


def _column(sheet: Any, heading: str) -> str:
    found: str = next(cell.column_letter for cell in sheet[1] if cell.value == heading)
    return found


def _formulas(book: Any) -> list[tuple[tuple[str, str], tuple[str, None]]]:
    return [
        ((sheet.title, cell.coordinate), (str(cell.value), None))
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


# What is done to a workbook, and the sheets whose controls notice it.
TAMPERINGS: Final[dict[str, tuple[Callable[[Any], None], set[str]]]] = {
    "another-target": (_rename_target, {"Forside", "Kommuner"}),
    "the-twin": (_take_the_twin, {"Forside", "Kommuner"}),
    "an-error": (_put_an_error, {"Forside", "Kommuner"}),
    "another-municipality": (_move_to_another_municipality, {"Kommuner"}),
    "an-id-twice": (_repeat_an_id, {"Kontroller"}),
    "outside": (_leave_the_period, {"Kontroller"}),
    "below": (_write_below_the_table, {"Kontroller"}),
    "emptied": (_empty_a_control, set()),
    "a-count": (_raise_a_count, {"Kommuner"}),
    "records-of-a-company": (
        _put("Virksomheder", "Tællende registreringer", 99),
        {"Kontroller"},
    ),
    "hires-of-a-company": (_put("Virksomheder", "Ansættelser", 0), {"Kontroller"}),
    "a-channel": (_put("Kontakter", "Kanal", "e-mail"), {"Kontroller"}),
    "a-level": (_put("Ansættelser", "Uddannelsesniveau", "kort videregående"), {"Kontroller"}),
    "not-paid": (_put("Ansættelser", "Lønnet", "nej"), {"Kontroller"}),
    "after-the-report": (_put("Samarbejder", "Aftalt", LATER), {"Kontroller"}),
    "met-later": (_put("Samarbejder", "Formidlende kontakt den", LATER), {"Kontroller"}),
    "a-minimum": (_put_at("Forside", "C8", 9), {"Forside"}),
    "the-sentence": (_put_at("Forside", "A5", "Alle mål er nået."), {"Kontroller"}),
    "a-state": (_put_at("Forside", "J8", "nået"), {"Kontroller"}),
    "the-day": (_put_at("Forside", "A2", LATER), {"Kontroller"}),
    **{
        f"waiting-in-{sheet}": (_raise_what_waits(sheet), {sheet})
        for sheet in ("Kommuner", "Erhvervsråd", "Kontaktmæglere")
    },
}


def _targets(file: Path) -> Path:
    """Write the figures of targets at every edge of their rules, one target and day a row."""
    days = ["2010-12-31", "2011-01-01", "2011-06-30", "2012-12-30", "2012-12-31", "2013-01-01"]
    tallies = [Tally(*numbers) for numbers in product((0, 1, 3, 206, 207, 300), (0, 2), (0, 1))]
    book = streamed_workbook()
    sheet = book.create_sheet("Targets")
    own = contract()
    cases = product((None, 1, 3, 7, 300, 999), days, tallies)
    for row, (minimum, text, tally) in enumerate(cases, start=1):
        target = own.targets[0]._replace(minimum=minimum)
        status = status_from(
            own._replace(targets=(target,)), day(text), {target.id: tally}, {}
        ).targets[0]
        cells = FigureCells(*(f"{letter}{row}" for letter in "ABCDEF"))
        made = TargetFormulas(own, status, cells)
        figures = (made.percent(), made.expected(), made.difference(), made.state())
        percent, expected, difference, state = (
            None if formula is None else styled(sheet, formula) for formula in figures
        )
        outcomes = (tally.waiting, tally.excluded, day(text))
        sheet.append([tally.counted, minimum, expected, *outcomes, percent, difference, state])
    save_workbook(book, file)
    return file


@pytest.fixture(scope="module")
def stated(demonstration: DemoFiles, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Workbooks as they are exported, by name."""
    folder = tmp_path_factory.mktemp("stated")
    with pytest.MonkeyPatch.context() as patch:
        hostile = hostile_ledger(folder, DAY, patch)
    return {
        "demo": export(demonstration.ledger, folder / "demo.xlsx", date(2012, 10, 31)),
        "english": export(demonstration.ledger, folder / "english.xlsx", DAY, "en"),
        "hostile": export(hostile, folder / "hostile.xlsx", DAY),
        "empty": export(ledger_in(folder), folder / "empty.xlsx", DAY),
        "damaged": export(
            damaged(hostile, folder / "damaged.db"),
            folder / "damaged.xlsx",
            DAY,
            even_if_damaged=True,
        ),
        "many": export(ledger_of_many_targets(folder, DAY, 60), folder / "many.xlsx", DAY),
        "before": export(hostile, folder / "before.xlsx", date(2010, 12, 1)),
    }


@pytest.fixture(scope="module")
def books(stated: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same without values and recalculated, and the tampered ones; LibreOffice starts once."""
    folder = tmp_path_factory.mktemp("recalculated")
    files = [without_values(file, folder / file.name) for file in stated.values()]
    targets = _targets(folder / "stated-targets.xlsx")
    files.append(without_values(targets, folder / "targets.xlsx"))
    for name, (tamper, _) in TAMPERINGS.items():
        book = openpyxl.load_workbook(stated["hostile"])
        tamper(book)
        book.save(folder / f"{name}.xlsx")
        files.append(folder / f"{name}.xlsx")
    return recalculated(files, folder)


@pytest.mark.parametrize(
    "name", ["demo", "english", "hostile", "empty", "damaged", "many", "before"]
)
def test_every_value_in_the_file_is_what_its_formula_computes(
    name: str, stated: dict[str, Path], books: dict[str, Any]
) -> None:
    assert len(formulas(stated[name])) > 20
    assert differences(stated[name], books[name]) == []


def test_figures_are_computed_as_the_program_computes_them(
    books: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = _targets(tmp_path_factory.mktemp("targets") / "targets.xlsx")
    states = {text for _, text in formulas(file).values() if isinstance(text, str)}
    assert len(states) == 5
    assert differences(file, books["targets"]) == []


@pytest.mark.parametrize("name", ["demo", "english", "hostile", "empty", "many"])
def test_every_control_agrees(name: str, books: dict[str, Any]) -> None:
    book, language = books[name], LANGUAGES.get(name, "da")
    whole = book[i18n.say_in(language, "workbook.controls")]
    assert whole["B2"].value == whole["C2"].value > 10
    assert whole["D2"].value == i18n.say_in(language, "workbook.agrees")


@pytest.mark.parametrize(
    ("written", "falsified"),
    [("<v>stemmer</v>", "<v>STEMMER IKKE</v>"), ("<v>4</v>", "<v>5</v>"), ("<v>0</v>", "<v>1</v>")],
)
def test_a_falsified_value_is_found(
    written: str, falsified: str, stated: dict[str, Path], books: dict[str, Any], tmp_path: Path
) -> None:
    changed = tmp_path / "changed.xlsx"
    done = False
    with zipfile.ZipFile(stated["hostile"]) as parts, zipfile.ZipFile(changed, "w") as out:
        for name in parts.namelist():
            content = parts.read(name).decode() if name.endswith(".xml") else parts.read(name)
            if isinstance(content, str) and not done and f"</f>{written}" in content:
                content = content.replace(f"</f>{written}", f"</f>{falsified}", 1)
                done = True
            out.writestr(name, content)
    assert done
    assert len(differences(changed, books["hostile"])) == 1


@pytest.mark.parametrize(("name", "noticed"), [(n, at) for n, (_, at) in TAMPERINGS.items()])
def test_what_was_tampered_with_is_noticed(
    name: str, noticed: set[str], stated: dict[str, Path], books: dict[str, Any]
) -> None:
    book = books[name]
    assert book["Kontroller"]["D2"].value == "STEMMER IKKE"
    before = book["Kontroller"]["B2"].value
    sentences = [cell.value for row in book["Forside"].iter_rows() for cell in row]
    assert f"{before} af {before} kontroller stemmer" not in sentences
    assert f"{book['Kontroller']['C2'].value} af {before} kontroller stemmer" in sentences
    controls = [
        place
        for place, (text, _) in formulas(stated["hostile"]).items()
        if text.startswith("=IF(IFERROR(")
    ]
    differing = {sheet for sheet, place in controls if book[sheet][place].value == "STEMMER IKKE"}
    assert noticed <= differing


@pytest.mark.parametrize(
    "sheet", [*("Måneder", "Kommuner", "Erhvervsråd", "Kontaktmæglere"), "Kontroller"]
)
def test_a_control_that_differs_is_red(sheet: str, stated: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(stated["hostile"])
    controls = {
        p
        for (s, p), (text, _) in formulas(stated["hostile"]).items()
        if s == sheet and text.startswith("=IF(IFERROR(")
    }
    red = {
        place
        for area in book[sheet].conditional_formatting
        for rule in area.rules
        if rule.formula == ['"STEMMER IKKE"']
        for place in controls
        if place in area.cells
    }
    assert red == controls != set()
