"""The front page of the region's workbook: its sentence, its figures, what its charts draw."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from openpyxl import load_workbook

from builders import TODAY, cvr_number, session_over
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.clock import Clock
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.views.xlsx.charts import axis_end, has_room_inside
from kmtrack.views.xlsx.text_width import lines_in

if TYPE_CHECKING:
    from pathlib import Path

COUNTED = ("new-contacts", "follow-ups", "collaborations", "hires")
DELIVERED = ("project-management", "continuation-model", "methods", "growth")
NAMES = (
    *("Nye kontakter", "Opfølgende kontakter", "Forpligtende samarbejder"),
    "Ansættelser af højtuddannede",
)


class Page(NamedTuple):
    """A front page as the file has it: with formulas, and with their values."""

    sheet: Any
    values: Any
    months: Any
    file: Path

    def column(self, letter: str) -> list[Any]:
        return [cell.value for cell in self.values[letter]]

    def texts(self) -> list[str]:
        return [value for value in self.column("A") if isinstance(value, str)]


def exported(
    folder: Path,
    targets: tuple[str, ...] = (*COUNTED, *DELIVERED),
    *,
    minimums: dict[str, int] | None = None,
    day: date = TODAY,
    names: dict[str, str] | None = None,
    changes: dict[str, Any] | None = None,
    language: i18n.Language = "da",
    **asked: Any,
) -> Page:
    """Export a ledger with five visits at three companies under a contract with these targets."""
    i18n.use(language)
    document = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    head, *tables = document.split("[[target]]")
    by_id = {table.split('id = "')[1].split('"')[0]: table for table in tables}
    text = head + "".join(f"[[target]]{by_id[target]}" for target in targets)
    for old, name in (names or {}).items():
        text = text.replace(f'da = "{old}"', f'da = "{name}"')
    (folder / "contract.toml").write_text(text, encoding="utf-8")
    ledger = folder / "ledger.db"
    new = NewLedger(("Viborg",), folder / "contract.toml", "JH", None)
    create_ledger(ledger, new, Clock(TODAY, is_set=True), {})
    with session_over(ledger, today=max(day, TODAY)) as session:
        for number, days in enumerate(
            (("1.2.2011", "2.4.2011"), ("3.2.2011", "5.5.2011"), ("6.6.2011",))
        ):
            facts = {"cvr": cvr_number(number), "municipality": "Viborg", "employees": "40"}
            company = add_company(session, {"name": f"Firma {number}", **facts})
            for visit in days:
                add_event(session, "contact", company["id"], {"date": visit})
        if minimums or changes:
            amend_contract(
                session, {**({"minimums": minimums} if minimums else {}), **(changes or {})}, None
            )
        export_workbook(session, folder / "region.xlsx", day, **asked)
    book = load_workbook(folder / "region.xlsx")
    values = load_workbook(folder / "region.xlsx", data_only=True)
    return Page(
        book.worksheets[0], values.worksheets[0], book.worksheets[1], folder / "region.xlsx"
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Return the page of a contract whose first two targets are ahead, and one at 200 %."""
    return exported(
        tmp_path_factory.mktemp("front"),
        minimums={"new-contacts": 12, "follow-ups": 1},
        changes={"questions_to": "Projektkontoret, tlf. 12 34 56 78"},
    )


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Return the page of the same contract with its deliverables first."""
    return exported(
        tmp_path_factory.mktemp("turned"),
        (*DELIVERED, *COUNTED),
        minimums={"new-contacts": 12, "follow-ups": 1},
    )


def _cells(page: Page, reference: str) -> list[Any]:
    """Return the values of the cells that a chart refers to."""
    title, _, cells = reference.rpartition("!")
    area = page.values.parent[title.strip("'")][cells]
    return [row[0].value for row in area] if isinstance(area, tuple) else [area.value]


def test_one_sentence_comes_first(page: Page) -> None:
    assert page.texts()[0] == "Udstationering af kontaktmæglere ved lokale erhvervsråd"
    assert page.sheet["A5"].value == (
        "Et af fire mål er nået, og et følger planen."
        " »Forpligtende samarbejder« og »Ansættelser af højtuddannede« er ikke begyndt."
    )
    assert page.values["A2"].value.date() == TODAY


def test_each_counted_target_has_its_figures_and_their_formulas(page: Page) -> None:
    row = [page.values.cell(8, column).value for column in range(1, 13)]
    assert row[:9] == ["Nye kontakter", 3, 12, 0.25, 2, 1, 1, 0, 0]  # one since 1 March
    assert row[9:] == ["følger planen", "stemmer", "→ Kontakter"]
    formulas = [page.sheet.cell(8, column).value for column in (4, 5, 6, 10, 11)]
    assert all(str(formula).startswith("=") for formula in formulas)
    assert page.sheet["L8"].hyperlink.location == "'Kontakter'!A1"
    assert page.sheet["F8"].number_format.startswith("[$-406]+#,##0")
    assert page.column("J")[7:11] == ["følger planen", "nået", "ikke begyndt", "ikke begyndt"]


def test_the_share_has_a_bar_from_nothing_to_the_highest(page: Page) -> None:
    bars = {
        str(area.sqref): rule.dataBar
        for area in page.sheet.conditional_formatting
        for rule in area.rules
        if rule.type == "dataBar"
    }
    assert list(bars) == ["D8:D11"]
    assert [float(end.val) for end in bars["D8:D11"].cfvo] == [0, 2]


def test_states_and_controls_are_coloured_by_what_they_say(page: Page) -> None:
    words = {
        rule.formula[0].strip('"')
        for area in page.sheet.conditional_formatting
        for rule in area.rules
        if rule.type == "cellIs"
    }
    assert {
        "nået",
        "følger planen",
        "bagud",
        "for sent",
        "ikke nået",
        "ikke begyndt",
        "STEMMER IKKE",
    } <= words


@pytest.mark.parametrize("order", ["page", "turned"])
def test_the_first_chart_draws_the_counted_targets_by_name(
    order: str, request: pytest.FixtureRequest
) -> None:
    drawn: Page = request.getfixturevalue(order)
    chart = drawn.sheet._charts[0]
    reached, even = chart.series
    assert _cells(drawn, reached.cat.strRef.f) == list(NAMES)
    assert _cells(drawn, reached.val.numRef.f) == [0.25, 2, 0, 0]
    assert _cells(drawn, even.val.numRef.f) == [0.16, 0, 0.24, 0.24]
    assert _cells(drawn, reached.tx.strRef.f) == ["Nået"]
    assert _cells(drawn, even.tx.strRef.f) == ["Jævn fordeling"]
    scaling = chart.y_axis.scaling
    assert (scaling.min, scaling.max) == (0, axis_end(2))
    assert chart.y_axis.majorUnit == 1  # so that the line of 100 % stands out
    assert reached.dLbls.showVal


@pytest.mark.parametrize("order", ["page", "turned"])
def test_the_second_chart_draws_all_of_them_by_month(
    order: str, request: pytest.FixtureRequest
) -> None:
    drawn: Page = request.getfixturevalue(order)
    for chart in (drawn.sheet._charts[1], drawn.months._charts[0]):
        titles = [_cells(drawn, series.tx.strRef.f)[0] for series in chart.series]
        assert titles == [*NAMES, "Jævn fordeling"]
        months = _cells(drawn, chart.series[0].cat.numRef.f)
        assert [month.date() for month in (months[0], months[-1])] == [
            date(2011, 1, 1),
            date(2012, 12, 1),
        ]
        so_far = _cells(drawn, chart.series[0].val.numRef.f)
        assert so_far == [
            0,
            0.16,
            0.16,
            0.16,
            0.16,
            0.25,
            *[None] * 18,
        ]  # what is to come is no zero
        even = _cells(drawn, chart.series[-1].val.numRef.f)
        assert (even[5], even[-1], len(even)) == (0.24, 1, 24)


def test_every_chart_has_a_text_for_whoever_does_not_see_it(page: Page) -> None:
    with zipfile.ZipFile(page.file) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/drawings/drawing")]
        drawings = "".join(parts.read(name).decode() for name in names)
    assert "Nye kontakter: 25 % nået, jævn fordeling 16 %." in drawings
    assert drawings.count("descr=") == 3


@pytest.mark.parametrize(
    ("highest", "end"),
    [(0, 1.2), (0.17, 1.2), (1, 1.2), (1.07, 1.2), (1.08, 1.4), (2.4, 2.8), (12, 13.6)],
)
def test_the_axis_goes_beyond_what_is_reached_and_beyond_the_minimum(
    highest: float, end: float
) -> None:
    assert axis_end(highest) == end


def test_a_contract_without_counted_targets_has_no_chart(tmp_path: Path) -> None:
    found = exported(tmp_path, DELIVERED)
    assert found.sheet._charts == []
    assert found.sheet["A5"].value == "Kontrakten har fire ydelser og ingen måltal."
    assert "Mål" not in found.texts()
    assert "Projektledelse" in found.texts()


def test_who_to_ask_and_the_next_report_are_told_where_the_contract_tells(
    page: Page, tmp_path: Path
) -> None:
    assert "Spørgsmål: Projektkontoret, tlf. 12 34 56 78. Næste opgørelse: 1. september 2011." in (
        page.texts()
    )
    silent = exported(tmp_path, changes={"report_days": []})
    assert not [text for text in silent.texts() if text.startswith(("Spørgsmål", "Næste"))]
    assert silent.sheet["G7"].value in {None, ""}  # nothing since a report that there was not
    assert not any("kmtrack contract" in text for text in silent.texts())


@pytest.mark.everyday(1)
@pytest.mark.parametrize("with_details", [False, True])
def test_the_privacy_line_says_what_is_in_this_file(tmp_path: Path, with_details: bool) -> None:
    found = exported(tmp_path, with_details=with_details)
    [line] = [text for text in found.texts() if text.startswith("Filen indeholder ")]
    book = load_workbook(found.file)
    heads = [str(cell.value).lower() for cell in book["Ansættelser"][1]]
    shown, _, absent = line.partition("om ansættelser: ")[2].partition(", men ikke ")
    for field in ("fagområde", "vilkår", "timer pr. uge", "begynder", "slutter"):
        assert (field in heads) == with_details
        assert (field in shown.partition(";")[0]) == with_details
        assert (field in absent.partition(";")[0]) != with_details
    assert "kontaktpersoner" in line
    assert line.startswith(
        "Filen indeholder om virksomheder: navn, CVR-nr., kommune, ansatte, type, erklæret SMV og"
        " grundlag, som det er skrevet; om kontakter: dato, kanal og "
    )
    assert "kontaktmæglernes initialer og erhvervsråd" in line


def test_all_controls_are_told_in_one_line(page: Page) -> None:
    [line] = [text for text in page.texts() if text.endswith("kontroller stemmer")]
    agreeing, of = (int(word) for word in line.split() if word.isdigit())
    assert agreeing == of > 20


def test_the_page_is_one_page_and_nothing_in_it_is_cut(tmp_path: Path) -> None:
    long = {
        name: f"{name} til små og mellemstore virksomheder i de vestlige kommuner" for name in NAMES
    }
    found = exported(tmp_path, names=long)
    assert (found.sheet.page_setup.fitToWidth, found.sheet.page_setup.fitToHeight) == (1, 1)
    assert found.sheet.page_setup.orientation == "landscape"
    widths = {letter: found.sheet.column_dimensions[letter].width for letter in "ABCDEFGHIJKL"}
    merged = {area.min_row: area for area in found.sheet.merged_cells.ranges if area.min_col == 1}
    for cell in found.sheet["A"]:
        if isinstance(cell.value, str) and cell.value and not cell.value.startswith("="):
            width = sum(widths.values()) if cell.row in merged else widths["A"]
            size = cell.font.sz or 11
            lines = lines_in(cell.value, width * 11 / size, bold=bool(cell.font.b))
            height = found.sheet.row_dimensions[cell.row].height or 15
            assert height >= lines * 15 * size / 11 - 1, cell.coordinate


@pytest.mark.everyday(1)
@pytest.mark.parametrize("language", ["da", "en"])
def test_headings_are_as_high_as_their_lines(tmp_path: Path, language: i18n.Language) -> None:
    """What stands across several columns does not make its row as high as in one of them."""
    found = exported(tmp_path, language=language)
    heights = [found.sheet.row_dimensions[row].height for row in (7, 7 + len(COUNTED) + 2)]
    assert heights == [32, 20]


def test_after_the_end_the_page_looks_back(tmp_path: Path) -> None:
    found = exported(tmp_path, day=date(2013, 2, 1), minimums={"new-contacts": 3, "follow-ups": 2})
    assert found.sheet["A5"].value == (
        "Kontrakten udløb den 31. december 2012. To af fire mål blev nået."
        " »Forpligtende samarbejder« mangler 300 i at nå minimum og »Ansættelser af højtuddannede« 50."
        " Fristen for »Model for videreførelse« er overskredet."
    )
    assert "Næste opgørelse: 1. marts 2013." in found.texts()
    # A number is not "late": that is what deliverables are.
    states = [state for state in found.column("J")[7:17] if state]
    assert states[:4] == ["nået", "nået", "ikke nået", "ikke nået"]
    assert "for sent" in states[4:]
    assert "ikke nået" not in states[4:]


def _without_municipalities(folder: Path, *targets: str) -> tuple[Any, list[str]]:
    """Return the front page of a ledger without participating municipalities, and what was told."""
    i18n.use("da")
    document = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    head, *tables = document.split("[[target]]")
    chosen = [table for table in tables if table.split('id = "')[1].split('"')[0] in targets]
    text = head + "".join(f"[[target]]{table}" for table in chosen)
    (folder / "contract.toml").write_text(text, encoding="utf-8")
    new = NewLedger((), folder / "contract.toml", "JH", None)
    create_ledger(folder / "ledger.db", new, Clock(TODAY, is_set=True), {})
    told: list[str] = []
    with session_over(folder / "ledger.db") as session:
        telling = session._replace(tell=lambda phrase: told.append(phrase.key))
        export_workbook(telling, folder / "region.xlsx", TODAY)
    return load_workbook(folder / "region.xlsx", data_only=True), told


@pytest.mark.parametrize(("target", "is_said"), [("new-contacts", True), ("follow-ups", False)])
def test_it_says_that_no_municipality_takes_part_where_a_target_needs_one(
    tmp_path: Path, target: str, *, is_said: bool
) -> None:
    book, told = _without_municipalities(tmp_path, target)
    sheet = book.worksheets[0]
    line = "Der er ikke angivet deltagende kommuner, så det, der skal ske i dem, afventer."
    assert sheet["A4"].value == (line if is_said else None)
    assert ("status.no_participation" in told) == is_said
    assert sheet["A8"].value  # the first target stays where it is
    # Nobody was asked: that is no share of 0.
    assert [cell.value for cell in book["Udbytte"][2]][2:] == [0, 0, *["-"] * 6]


def test_the_heading_of_the_deliverables_is_one_line_high(page: Page) -> None:
    row = page.column("A").index("Ydelse") + 1
    assert page.sheet.row_dimensions[row].height == 20


def test_the_controls_sheet_has_words_in_the_middle_and_numbers_to_the_right(page: Page) -> None:
    controls = page.sheet.parent["Kontroller"]
    aligned = {row: controls.cell(row, 4).alignment.horizontal for row in (1, 2, 4, 5)}
    assert aligned == {1: "center", 2: "center", 4: "right", 5: "right"}


@pytest.mark.parametrize(
    ("value", "is_inside"), [(0.1, False), (0.97, True), (1.0, False), (1.05, False), (1.9, True)]
)
def test_the_number_of_a_bar_does_not_lie_across_the_line_of_100_percent(
    value: float, *, is_inside: bool
) -> None:
    assert has_room_inside(value, axis_end(max(1.0, value))) is is_inside
