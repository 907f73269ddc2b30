"""The region's workbook: what it holds, what it leaves out, and what a spreadsheet makes of it."""

from __future__ import annotations

import datetime as dt
import errno
import gc
import json
import os
import re
import shutil
import stat
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from builders import add_contact, ledger_in, refuses, session_over
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.clock import Clock
from kmtrack.ledger.queries.commands import chain_heads
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.methods import MethodsStatus
from kmtrack.usecases import check
from kmtrack.usecases.check import check_ledger, integrity
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.location import session_at
from kmtrack.usecases.status import status_of
from kmtrack.usecases.surveys.report import report_of
from kmtrack.views.xlsx.template import write_template
from workbooks import cut_texts

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from kmtrack.usecases.demo import DemoFiles

DAY = dt.date(2012, 10, 31)


@pytest.fixture(scope="module")
def ledger(demonstration: DemoFiles) -> Path:
    """Return the demonstration's ledger, which has a bit of everything."""
    return demonstration.ledger


@pytest.fixture(scope="module")
def exported(ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its workbook as of a day in the second autumn."""
    file = tmp_path_factory.mktemp("exported") / "region.xlsx"
    i18n.use("da")
    with session_at(ledger, Clock(dt.date(2013, 1, 31)), {}) as session:
        export_workbook(session, file, DAY)
    return file


@pytest.fixture(scope="module")
def workbook(exported: Path) -> Workbook:
    return openpyxl.load_workbook(exported)


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_the_sheets_stand_in_the_order_in_which_they_are_read(workbook: Workbook) -> None:
    assert workbook.sheetnames == [
        "Forside",
        "Måneder",
        "Kommuner",
        "Erhvervsråd",
        "Kontaktmæglere",
        "Udbytte",
        "Udbytte i grader",
        "Udbytte, svar",
        "Ydelser",
        "Metoder",
        "Definitioner",
        "Kontakter",
        "Samarbejder",
        "Ansættelser",
        "Virksomheder",
        "Afventer",
        "Tæller ikke",
        "Kontroller",
    ]
    assert all(sheet.sheet_properties.tabColor for sheet in workbook.worksheets)


def test_the_figures_are_those_of_the_status(ledger: Path, exported: Path) -> None:
    with session_at(ledger, Clock(DAY), {}) as session:
        status = status_of(session.store, DAY)
    front = openpyxl.load_workbook(exported, data_only=True)["Forside"]
    rows = {row[0]: row for row in _rows(front)}
    for target in status.targets:
        row = rows[target.target.name.da]
        if target.target.is_counted:
            stated = (row[1], row[2], row[4], row[7], row[8])
            tally = target.tally
            assert stated == (
                tally.counted,
                target.target.minimum,
                target.expected,
                tally.waiting,
                tally.excluded,
            )
            assert row[3] == (target.percent or 0) / 100
            assert row[5] == tally.counted - (target.expected or 0)
        elif isinstance(target.delivered, MethodsStatus):
            assert str(row[1]).startswith(f"{target.delivered.collected} opsamlet")
        elif isinstance(target.delivered, GrowthStatus):
            assert str(row[1]).startswith(f"{target.delivered.hired} virksomheder")
        assert row[9] == i18n.say_in("da", f"state.{target.state}")


def test_how_the_delivered_targets_stand_is_said_in_words(workbook: Workbook) -> None:
    sentences = {row[1] for row in _rows(workbook["Forside"])}
    assert "Afleveret 28.06.2011 (frist 30.06.2011)" in sentences
    assert any(re.match(r"\d opsamlet, \d vurderet, formidlet til ", str(t)) for t in sentences)
    assert not any("kmtrack " in str(text) for text in sentences)


def test_methods_and_deliverables_have_their_rows(ledger: Path, workbook: Workbook) -> None:
    with session_at(ledger, Clock(DAY), {}) as session:
        until = {"day": str(DAY)}
        methods = session.store.all("SELECT id FROM method WHERE date <= :day", **until)
        steps = session.store.all("SELECT id FROM delivery WHERE date <= :day", **until)
    assert methods
    assert steps
    assert [row[-1] for row in _rows(workbook["Metoder"])[1:]] == [row["id"] for row in methods]
    listed = [row[-1] for row in _rows(workbook["Ydelser"])[1:] if row[-1]]
    assert sorted(listed) == sorted(row["id"] for row in steps)


def test_the_outcome_is_that_of_the_report(ledger: Path, workbook: Workbook) -> None:
    with session_at(ledger, Clock(DAY), {}) as session:
        report = report_of(session.store, DAY).whole
    growth = report.growth
    assert growth.rise is not None
    rows = [
        row
        for name in ("Udbytte", "Udbytte i grader")
        for row in _rows(workbook[name])
        if row[0] == "Alle virksomheder"
    ]
    assert rows[0][2:4] == (report.asked, report.answered)
    assert rows[0][5:10] == (*growth.rise, growth.rise.more, growth.first)
    for row, found in zip(rows[1:], report.of_kind("degree"), strict=False):
        assert not found.is_withheld
        numbers = (found.unknown, found.unanswered, *found.counts.values())
        assert (row[3], row[5:12]) == (found.answers, numbers)


def test_no_answer_of_one_company_is_in_it(ledger: Path, workbook: Workbook) -> None:
    with session_at(ledger, Clock(DAY), {}) as session:
        answers = [json.loads(row["answers"]) for row in session.store.all("SELECT * FROM survey")]
    written = {text for one in answers for text in one.values() if isinstance(text, str)}
    written -= {"unknown", "same", "later", "lower", "no"}
    assert written
    held = {cell for sheet in workbook for row in _rows(sheet) for cell in row}
    assert not held & written


def test_every_counted_record_has_its_row_and_no_other(ledger: Path, workbook: Workbook) -> None:
    with session_at(ledger, Clock(DAY), {}) as session:
        stored = session.store.all(
            "SELECT record_id, noun, outcome FROM verdict WHERE day <= :day", day=str(DAY)
        )
    for noun, sheet in (
        ("contact", "Kontakter"),
        ("collaboration", "Samarbejder"),
        ("hire", "Ansættelser"),
    ):
        listed = [row[-1] for row in _rows(workbook[sheet])[1:]]
        counted = [
            r["record_id"] for r in stored if r["noun"] == noun and r["outcome"] == "counted"
        ]
        assert sorted(listed) == sorted(counted)
    for outcome, sheet in (("waiting", "Afventer"), ("excluded", "Tæller ikke")):
        listed = [row[-1] for row in _rows(workbook[sheet])[1:]]
        expected = [r["record_id"] for r in stored if r["outcome"] == outcome]
        assert expected
        assert sorted(listed) == sorted(expected)


def test_days_are_days_and_numbers_that_are_names_are_text(workbook: Workbook) -> None:
    sheet = workbook["Kontakter"]
    for row in sheet.iter_rows(min_row=2, max_row=50):
        assert isinstance(row[1].value, dt.datetime)
        assert row[1].number_format == "dd.mm.yyyy"
        assert isinstance(row[3].value, str)
        assert isinstance(row[4].value, str)


def test_data_sheets_are_tables_with_frozen_heads_that_print_on_a4(workbook: Workbook) -> None:
    for name in ("Kontakter", "Samarbejder", "Ansættelser", "Virksomheder", "Afventer"):
        sheet = workbook[name]
        (table,) = sheet.tables.values()
        assert table.ref == sheet.dimensions
        assert [column.name for column in table.tableColumns] == list(_rows(sheet)[0])
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_no_contact_person_and_no_note_is_in_it(ledger: Path, exported: Path) -> None:
    with session_at(ledger, Clock(DAY), {}) as session:
        persons = {row["name"] for row in session.store.all("SELECT name FROM person")}
        notes = {
            row["note"] for row in session.store.all("SELECT note FROM contact") if row["note"]
        }
    assert persons
    assert notes
    held = {
        cell
        for sheet in CalamineWorkbook.from_path(str(exported)).sheet_names
        for row in CalamineWorkbook.from_path(str(exported)).get_sheet_by_name(sheet).to_python()
        for cell in row
    }
    assert not held & (persons | notes)


@pytest.mark.parametrize("what", ["a template", "somebody's workbook", "no workbook", "a zip"])
def test_only_an_earlier_export_makes_way(ledger: Path, tmp_path: Path, what: str) -> None:
    file = tmp_path / "work.xlsx"
    if what == "a template":
        write_template(file)
    elif what == "somebody's workbook":
        book = openpyxl.Workbook()
        book.properties.subject = "kmtrack"
        book.save(file)
    elif what == "a zip":
        with zipfile.ZipFile(file, "w") as parts:
            parts.writestr("docProps/other.xml", "<dc:creator>kmtrack</dc:creator>")
    else:
        file.write_text("hej", encoding="utf-8")
    before = file.read_bytes()
    with session_at(ledger, Clock(DAY), {}) as session, refuses("file_there"):
        export_workbook(session, file, DAY)
    assert file.read_bytes() == before


@pytest.mark.slow
def test_an_earlier_export_that_was_saved_again_is_kept_under_another_name(
    ledger: Path, exported: Path, tmp_path: Path
) -> None:
    file = tmp_path / "region.xlsx"
    book = openpyxl.load_workbook(exported)
    book.properties.lastModifiedBy = "Region Midtjylland"
    book.save(file)
    before = file.read_bytes()
    with session_at(ledger, Clock(DAY), {}) as session:
        kept = export_workbook(session, file, DAY).kept
    assert file.read_bytes() != before
    assert kept is not None
    assert kept.read_bytes() == before


def test_no_control_hands_an_array_to_an_if(workbook: Workbook) -> None:
    """Inside SUMPRODUCT older versions of Excel take but the first cell of what an IF gives."""
    formulas = [
        str(cell.value)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    counting = [formula for formula in formulas if "SUMPRODUCT(" in formula]
    assert counting
    for formula in counting:
        assert not re.search(r"\bIF\(", formula.partition("SUMPRODUCT(")[2])


def test_it_is_readable_by_its_owner_only(exported: Path) -> None:
    if os.name == "posix":
        assert stat.S_IMODE(exported.stat().st_mode) == 0o600


def test_charts_and_properties(workbook: Workbook) -> None:
    assert len(workbook["Forside"]._charts) == 2  # type: ignore[attr-defined]
    assert len(workbook["Måneder"]._charts) == 1  # type: ignore[attr-defined]
    assert workbook.properties.title == "Udstationering af kontaktmæglere ved lokale erhvervsråd"
    assert str(workbook.properties.creator).startswith("kmtrack ")


def test_the_heads_of_the_chains_are_those_of_the_ledger(ledger: Path, workbook: Workbook) -> None:
    with session_at(ledger, Clock(DAY), {}) as session:
        heads = chain_heads(session.store)
        printed = {(row[1], row[2]) for row in _rows(workbook["Definitioner"])}
        assert {(head.recorded_by, head.digest) for head in heads} <= printed
        digests = [head.digest for head in heads]
        assert check_ledger(session.store, digests).damage == []
        assert check_ledger(session.store, [digests[0][:16]]).damage == []


@pytest.mark.slow
def test_an_entry_that_was_removed_with_all_after_it_is_missed_by_its_head(
    ledger: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(ledger, copy)
    with session_at(copy, Clock(DAY, is_set=True), {"KMTRACK_BROKER": "ZZ"}) as session:
        add_company(session, {"name": "Sidste Firma", "municipality": "Viborg"})
        [head] = [head for head in chain_heads(session.store) if head.recorded_by == "ZZ"]
        session.store.run("DELETE FROM entry WHERE digest = :digest", digest=head.digest)
        assert "command_added" in {each.kind for each in check_ledger(session.store).damage}
        session.store.run("DELETE FROM command WHERE number = (SELECT max(number) FROM command)")
        session.store.run(
            "DELETE FROM name_word WHERE company_id IN"
            " (SELECT id FROM company WHERE name = 'Sidste Firma')"
        )
        session.store.run("DELETE FROM company WHERE name = 'Sidste Firma'")
        assert check_ledger(session.store).damage == []
        found = check_ledger(session.store, [head.digest]).damage
    assert [finding.kind for finding in found] == ["head_missing"]


@pytest.mark.everyday(1)
@pytest.mark.parametrize("large", [False, True], ids=["in this process", "in another"])
def test_a_damaged_ledger_makes_no_workbook_unless_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(check, "_LARGE", 0 if large else 1 << 40)
    file = tmp_path / "region.xlsx"
    with session_over(ledger_in(tmp_path)) as session:
        company = add_company(session, {"name": "Hedelund", "municipality": "Viborg"})
        add_contact(session, company["id"], {"date": "2011-05-06"})
        export_workbook(session, file, DAY)
        before = file.read_bytes()
        session.store.run("UPDATE contact SET date = '2011-05-05' WHERE date = '2011-05-06'")
        with refuses("ledger_not_whole_by" if session.store.is_served else "ledger_not_whole"):
            export_workbook(session, file, DAY)
        assert file.read_bytes() == before
        export_workbook(session, file, DAY, even_if_damaged=True)
    front = [row[0] for row in _rows(openpyxl.load_workbook(file).worksheets[0])]
    assert i18n.say("workbook.damaged") in front


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE verdict SET outcome = 'counted'",
        "DELETE FROM verdict",
        "UPDATE verdict SET company_id = (SELECT min(id) FROM company)",
        "UPDATE verdict SET company_id = (SELECT max(id) FROM company)",
    ],
)
@pytest.mark.parametrize("large", [False, True], ids=["in this process", "in another"])
@pytest.mark.parametrize("earlier", [False, True], ids=["as it is", "as it was known"])
def test_verdicts_that_are_not_as_judged_make_no_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, earlier: bool, large: bool, alteration: str
) -> None:
    monkeypatch.setattr(check, "_LARGE", 0 if large else 1 << 40)
    # Nor may the tally tell of it in place of the verdicts.
    monkeypatch.setattr(integrity, "differing_tallies", lambda _: iter(()))
    file = tmp_path / "region.xlsx"
    with session_over(ledger_in(tmp_path)) as session:
        names = ("Hedelund", "Kragh", "Lund")
        _, company_id, _ = sorted(
            add_company(session, {"name": name, "municipality": "Viborg"})["id"] for name in names
        )
        add_contact(session, company_id, {"date": "2011-05-06"})
        last = session.store.get("SELECT max(recorded_at) FROM command")[0]
        session.store.run(alteration)
        with refuses("ledger_not_whole_by" if session.store.is_served else "ledger_not_whole"):
            export_workbook(session, file, DAY, known_at=last if earlier else None)
        assert not file.exists()


@pytest.mark.everyday(1)
@pytest.mark.parametrize("large", [False, True], ids=["in this process", "in another"])
def test_an_altered_schema_makes_no_workbook_however_large_the_ledger_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(check, "_LARGE", 0 if large else 1 << 40)
    file = tmp_path / "region.xlsx"
    with session_over(ledger_in(tmp_path)) as session:
        session.store.run("CREATE INDEX mine ON contact (note)")
        with refuses("ledger_not_whole"):
            export_workbook(session, file, DAY)
        assert not file.exists()
        export_workbook(session, file, DAY, even_if_damaged=True)
    front = [row[0] for row in _rows(openpyxl.load_workbook(file).worksheets[0])]
    assert i18n.say("workbook.damaged") in front


def test_a_disk_that_fills_up_under_a_workbook_leaves_no_noise(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("openpyxl.writer.excel.ExcelWriter.save", full)
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    with session_at(ledger, Clock(DAY), {}) as session, refuses("no_room"):
        export_workbook(session, tmp_path / "region.xlsx", DAY)
    gc.collect()
    assert heard == []


@pytest.mark.slow
def test_no_text_is_cut_on_any_sheet(exported: Path) -> None:
    """Not every program fits rows and columns by itself: widths and heights are stated."""
    assert cut_texts(openpyxl.load_workbook(exported, data_only=True)) == []


def test_what_is_drawn_prints_on_one_page(workbook: Workbook) -> None:
    for name in ("Forside", "Måneder"):
        setup = workbook[name].page_setup
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 1)
    assert workbook["Kontakter"].page_setup.fitToHeight == 0


def test_days_and_numbers_touch_no_text_beside_them(workbook: Workbook) -> None:
    assert workbook["Kontakter"].cell(2, 2).alignment.horizontal == "center"
    number = workbook["Virksomheder"].cell(2, 5).alignment
    assert (number.horizontal, number.indent) == ("right", 1)
