"""What an import makes of rows: the messy forms that it understands, and those that it refuses."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import refuses, register
from kmtrack import i18n
from kmtrack.clock import Clock
from kmtrack.usecases.companies import add_company, edit_company, join_companies, withdraw_company
from kmtrack.usecases.doubts import Doubts
from kmtrack.usecases.events import withdraw_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import NO_OPTIONS, ImportOptions
from kmtrack.usecases.imports.result import BadRows, ImportResult
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at
from kmtrack.views.import_preview import render_preview, render_take_back
from kmtrack.views.imports import render_result, result_as_dict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

TODAY = dt.date(2011, 6, 30)
CVR = "13748136"
OTHER_CVR = "13585628"
_VIA = ("collaboration", ("institution", "VIA"))
_LOGGED = "Projektledelse;noteret;2011-02-01;Etableret"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ledger with one company of each sort."""
    path = tmp_path_factory.mktemp("founded") / "ledger.db"
    clock = Clock(TODAY, is_set=True)
    create_ledger(path, NewLedger(("Viborg", "740"), None, "JH", None), clock, {})
    with session_at(path, clock, {}) as session:
        add_company(session, {"name": "Møllers Maskiner ApS", "cvr": CVR, "municipality": "Viborg"})
        add_company(session, {"name": "Uden Nummer", "municipality": "Viborg"})
        for municipality in ("Viborg", "Silkeborg"):
            add_company(session, {"name": "Tvilling", "municipality": municipality})
    return path


@pytest.fixture
def session(founded: Path, tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "ledger.db"
    shutil.copy(founded, path)
    with session_at(path, Clock(TODAY, is_set=True), {}) as session:
        yield session


def csv_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "rows.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def workbook_file(folder: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = folder / "work.xlsx"
    workbook.save(file)
    return file


def contents(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return all that the ledger holds, so that two of it can be compared."""
    tables = ("company", "person", "contact", "collaboration", "hire", "command", "entry")
    return {
        table: [dict(row) for row in session.store.all(f"SELECT * FROM {table}")]
        for table in (*tables, "verdict", "tally")
    }


def only(session: Session, noun: str) -> dict[str, Any]:
    rows = session.store.all(f"SELECT * FROM {noun}")
    assert len(rows) == 1
    return dict(rows[0])


def added(result: ImportResult) -> dict[str, int]:
    return {noun.noun: noun.added for noun in result.nouns}


@pytest.mark.parametrize(
    "company",
    [
        CVR,
        "13 74 81 36",
        "DK 13748136",
        "dk-13.74.81.36",
        "  13748136  ",
        "13748136.0",
        "Møllers Maskiner ApS",
        "møllers maskiner aps",
        "MOELLERS MASKINER APS",
    ],
)
def test_a_company_is_named_by_number_or_whole_name(
    session: Session, tmp_path: Path, company: str
) -> None:
    file = csv_file(tmp_path, f"company;date\n{company};2011-03-04\n")
    import_file(session, file)
    name = session.store.get(
        "SELECT name FROM company WHERE id = :id", id=only(session, "contact")["company_id"]
    )
    assert name["name"] == "Møllers Maskiner ApS"


def test_a_company_is_named_by_its_id(session: Session, tmp_path: Path) -> None:
    row = session.store.get("SELECT id FROM company WHERE cvr = :cvr", cvr=CVR)
    import_file(session, csv_file(tmp_path, f"company;date\n{row['id'].upper()};2011-03-04\n"))
    assert only(session, "contact")["company_id"] == row["id"]


def test_a_column_of_numbers_goes_before_one_of_names(session: Session, tmp_path: Path) -> None:
    text = f"Virksomhed;CVR-nr.;Dato\nMøllers;{CVR};2011-03-04\nUden Nummer; ;2011-03-05\n"
    assert added(import_file(session, csv_file(tmp_path, text))) == {"contact": 2}


@pytest.mark.parametrize(
    ("company", "reason"),
    [
        ("Møllers", "company_not_found"),
        ("Møllers Maskiner", "company_not_found"),
        (OTHER_CVR, "company_not_found"),
        ("Tvilling", "company_unclear"),
        ("", "missing_value"),
        ("  ", "missing_value"),
    ],
)
def test_a_company_that_is_not_clear_is_refused(
    session: Session, tmp_path: Path, company: str, reason: str
) -> None:
    before = contents(session)
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, f"company;date\n{company};2011-03-04\n"))
    (mistake,) = refused.value.errors
    beginning = i18n.texts_of("en")[f"error.{reason}"].split("{")[0]
    assert mistake.error.sentence().startswith(beginning)
    assert (mistake.position.row, mistake.column) == (2, "company")
    assert contents(session) == before


@pytest.mark.parametrize(
    "day",
    [
        "2011-03-04",
        "4.3.2011",
        "04-03-2011",
        "4/3-2011",
        "4.3.11",
        "4. marts 2011",
        " 4.3.2011 ",
        "2011-03-04 00:00:00",
    ],
)
def test_days_are_read_in_danish_forms(session: Session, tmp_path: Path, day: str) -> None:
    import_file(session, csv_file(tmp_path, f"company;date\n{CVR};{day}\n"))
    assert only(session, "contact")["date"] == "2011-03-04"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("31.2.2011", "impossible_day"),
        ("1.7.2011", "future_day"),
        ("4.3.", "day_moves"),
        ("i dag", "day_moves"),
        ("yesterday", "day_moves"),
        ("snart", "day_unreadable"),
        ("#N/A", "error_in_cell"),
        ("#VÆRDI!", "error_in_cell"),
        ("", "missing_value"),
    ],
)
def test_a_day_that_is_none_is_refused(
    session: Session, tmp_path: Path, day: str, reason: str
) -> None:
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, f"company;date\n{CVR};{day}\n"))
    (mistake,) = refused.value.errors
    ending = i18n.texts_of("en")[f"error.{reason}"].split("}")[-1]
    assert mistake.error.sentence().endswith(ending)
    assert mistake.value == day


@pytest.mark.parametrize(
    ("word", "channel"),
    [("besøg", "visit"), ("Visit", "visit"), ("TLF", "phone"), ("e-mail", "email"), ("", "visit")],
)
def test_choices_are_read_in_both_languages(
    session: Session, tmp_path: Path, word: str, channel: str
) -> None:
    import_file(session, csv_file(tmp_path, f"company;date;channel\n{CVR};2011-03-04;{word}\n"))
    assert only(session, "contact")["channel"] == channel


@pytest.mark.parametrize(
    "headings",
    [
        "company;date;channel;broker;with;person;note;next",
        "Virksomhed;Dato;Kanal;Kontaktmægler;Sammen med;Kontaktperson;Bemærkning;Næste kontakt",
        "Company;Date;Channel;Broker;Together with;Contact person;Note;Next contact",
        "  VIRKSOMHED ; dato ;KANAL;mægler;others;person;Noter;opfølgning",
    ],
)
def test_headings_are_read_in_both_languages(
    session: Session, tmp_path: Path, headings: str
) -> None:
    register(session, "AB", "MK")
    row = f"{CVR};2011-03-04;møde;ab;jh, mk;Anne Hansen;Talte;2011-09-01"
    import_file(session, csv_file(tmp_path, f"{headings}\n{row}\n"))
    contact = only(session, "contact")
    assert contact["channel"] == "meeting"
    assert (contact["broker"], contact["others"]) == ("AB", "JH MK")
    assert (contact["note"], contact["next"]) == ("Talte", "2011-09-01")
    assert only(session, "person")["name"] == "Anne Hansen"
    assert contact["person_id"] == only(session, "person")["id"]


@pytest.mark.parametrize(
    ("text", "noun", "fact"),
    [
        (f"Virksomhed;Art\n{CVR};praktik", "collaboration", ("kind", "internship")),
        (f"Virksomhed;Type\n{CVR};praktik", "collaboration", ("kind", "internship")),
        (f"Company;Kind;Institution of education\n{CVR};project;VIA", *_VIA),
        (f"Company;Kind;Educational institution\n{CVR};project;VIA", *_VIA),
        (f"Company;Level of education;Hours a week\n{CVR};master;30", "hire", ("hours", 30)),
        (f"Ydelse;Skridt;Dato;Tekst\n{_LOGGED}", "delivery", ("step", "log")),
        (f"Ydelse;Trin;Dato;Tekst\n{_LOGGED}", "delivery", ("step", "log")),
    ],
)
def test_headings_of_earlier_templates_are_read(
    session: Session, tmp_path: Path, text: str, noun: str, fact: tuple[str, object]
) -> None:
    import_file(session, csv_file(tmp_path, f"{text}\n"), noun)
    field, value = fact
    assert only(session, noun)[field] == value


def test_columns_come_in_any_order_and_others_are_left_out(
    session: Session, tmp_path: Path
) -> None:
    text = f"min egen;note;date;company\nx;Talte;4.3.2011;{CVR}\n"
    result = import_file(session, csv_file(tmp_path, text))
    assert only(session, "contact")["note"] == "Talte"
    assert result_as_dict(result)["ignored_columns"] == ["min egen"]


def test_the_broker_who_reads_stands_in_where_none_is_stated(
    session: Session, tmp_path: Path
) -> None:
    import_file(session, csv_file(tmp_path, f"company;date;broker\n{CVR};2011-03-04;\n"))
    assert only(session, "contact")["broker"] == "JH"


def test_blank_rows_are_left_out_and_rows_keep_their_numbers(
    session: Session, tmp_path: Path
) -> None:
    good, longer, bad = f"{CVR};2011-03-04;a", f'{CVR};x;"b\nb"', f"{CVR};y;"
    text = f"\n;;\ncompany;date;note\n\n;;\n  ; ;\n{good}\n{longer}\n{bad}"
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, text))
    assert [mistake.position.row for mistake in refused.value.errors] == [8, 10]


def test_blank_rows_above_the_headings_are_left_out(session: Session, tmp_path: Path) -> None:
    text = f"\n\n   \ncompany;date\n{CVR};x\n"
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, text))
    assert [mistake.position.row for mistake in refused.value.errors] == [5]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings_are_recognised(
    session: Session, tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [["company", "date", "note"], ["Møllers Maskiner ApS", "4.3.2011", "Blåbærgrød"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    import_file(session, csv_file(tmp_path, text, encoding))
    assert only(session, "contact")["note"] == "Blåbærgrød"


def test_the_line_that_excel_writes_for_itself_is_understood(
    session: Session, tmp_path: Path
) -> None:
    import_file(session, csv_file(tmp_path, f"sep=|\ncompany|date\n{CVR}|4.3.2011\n"))
    assert only(session, "contact")["date"] == "2011-03-04"


def test_a_row_with_a_value_too_many_is_refused(session: Session, tmp_path: Path) -> None:
    text = f"company,date,note\n{CVR},2011-03-04,Talte, og lo\n{CVR},2011-03-05,Talte,,\n"
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, text))
    (mistake,) = refused.value.errors
    assert (mistake.position.row, mistake.value) == (2, "og lo")


def test_every_bad_value_is_listed_and_nothing_is_stored(session: Session, tmp_path: Path) -> None:
    before = contents(session)
    rows: list[list[Any]] = [
        [CVR, "2011-03-04", "besøg", "god"],
        ["Ukendt", "32.1.2011", "fax", "010190-1234"],
        [CVR, None, "møde", "uden dag"],
    ]
    headings: list[Any] = ["Virksomhed", "Dato", "Kanal", "Bemærkning"]
    file = workbook_file(tmp_path, {"Kontakter": [headings, *rows]})
    with pytest.raises(BadRows) as refused:
        import_file(session, file)
    found = [(m.position, m.column, m.value) for m in refused.value.errors]
    assert found == [
        (("Kontakter", 3), "Virksomhed", "Ukendt"),
        (("Kontakter", 3), "Dato", "32.1.2011"),
        (("Kontakter", 3), "Kanal", "fax"),
        (("Kontakter", 3), "Bemærkning", "******-****"),
        (("Kontakter", 4), "Dato", ""),
    ]
    assert refused.value.number == 5
    assert not any("010190" in mistake.error.sentence() for mistake in refused.value.errors)
    assert contents(session) == before


def test_facts_that_contradict_each_other_are_refused(session: Session, tmp_path: Path) -> None:
    text = f"company;date;next\n{CVR};2011-03-04;2011-03-04\n"
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, text))
    assert refused.value.errors[0].column == "next"
    text = f"company;kind;start;end;agreed\n{CVR};praktik;2011-03-04;2011-03-03;i går\n"
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, text))
    assert [mistake.column for mistake in refused.value.errors] == ["agreed", "end"]


def test_a_workbook_holds_all_nouns_and_contacts_may_name_its_companies(
    session: Session, tmp_path: Path
) -> None:
    day = dt.datetime(2011, 3, 4, 10, 30)  # noqa: DTZ001 - as a spreadsheet keeps it
    file = workbook_file(
        tmp_path,
        {
            "Ansættelser": [
                ["Virksomhed", "Uddannelsesniveau", "Aftalt", "Timer pr. uge"],
                ["Nyt Firma A/S", "kandidat", dt.date(2011, 5, 2), 37.0],
            ],
            "Kontakter 2011": [["Virksomhed", "Dato"], [float(OTHER_CVR), day]],
            "Egne noter": [["hvad som helst"]],
            "samarbejder": [["company", "kind", "students"], ["Nyt Firma A/S", "Projekt", 3]],
            "Virksomheder": [
                ["Navn", "CVR-nr.", "Kommune", "Ansatte", "Omsætning (mio. EUR)", "Erklæret SMV"],
                [" Nyt  Firma A/S ", float(OTHER_CVR), 740, 12.0, 1.5, False],
            ],
        },
    )
    result = import_file(session, file)
    assert added(result) == {"company": 1, "contact": 1, "collaboration": 1, "hire": 1}
    assert result.ignored_sheets == ["Egne noter"]
    company = dict(session.store.get("SELECT * FROM company WHERE cvr = :cvr", cvr=OTHER_CVR))
    assert company["name"] == "Nyt Firma A/S"
    assert (company["municipality"], company["employees"]) == ("740", "12")
    assert (company["turnover"], company["sme"]) == (1.5, 0)
    assert only(session, "contact")["date"] == "2011-03-04"
    assert only(session, "hire")["hours"] == 37
    assert only(session, "collaboration")["students"] == 3


def test_a_bad_company_is_not_called_unknown_by_the_rows_that_name_it(
    session: Session, tmp_path: Path
) -> None:
    companies = [["name", "cvr", "municipality"], ["Nyt Firma", OTHER_CVR, "Nowhere"]]
    contacts = [["company", "date"], [OTHER_CVR, "4.3.2011"], ["nyt firma", "5.3.2011"]]
    with pytest.raises(BadRows) as refused:
        import_file(session, workbook_file(tmp_path, {"Company": companies, "Contact": contacts}))
    assert [mistake.column for mistake in refused.value.errors] == ["municipality"]


def test_a_company_that_is_here_is_filled_in_and_never_changed(
    session: Session, tmp_path: Path
) -> None:
    text = f"name;cvr;municipality;employees\nMøllers Maskiner;DK {CVR};Skive;40\n"
    result = import_file(session, csv_file(tmp_path, text))
    row = session.store.get("SELECT * FROM company WHERE cvr = :cvr", cvr=CVR)
    assert (row["name"], row["municipality"]) == ("Møllers Maskiner ApS", "791")
    assert row["employees"] == "40"
    assert (result.nouns[0].added, result.nouns[0].filled_in) == (0, 1)
    found = [(d.position.row, d.field, d.in_ledger, d.in_file) for d in result.differences]
    assert found == [(2, "municipality", "791", "779")]
    before = contents(session)
    again = import_file(session, csv_file(tmp_path, text))
    assert (again.nouns[0].already_here, again.nouns[0].filled_in) == (1, 0)
    assert contents(session) == before


@pytest.mark.parametrize("number", [CVR, ""])
def test_a_gap_that_a_row_fills_is_none_for_the_next_row(
    session: Session, tmp_path: Path, number: str
) -> None:
    name = "Møllers Maskiner ApS" if number else "Uden Nummer"
    rows = "\n".join(f"{name};{number};Viborg;{n}" for n in (12, 12, 13))
    file = csv_file(tmp_path, f"Virksomhed;CVR-nr.;Kommune;Ansatte\n{rows}")
    result = import_file(session, file, "company")
    assert [(each.filled_in, each.already_here) for each in result.nouns] == [(1, 2)]
    found = [(d.position.row, d.field, d.in_ledger, d.in_file) for d in result.differences]
    assert found == [(4, "employees", "12", "13")]


def test_one_number_under_another_name_is_a_difference(session: Session, tmp_path: Path) -> None:
    result = import_file(session, csv_file(tmp_path, f"name;cvr\nHelt Anden;{CVR}\n"))
    assert [difference.field for difference in result.differences] == ["name"]


def test_a_company_without_a_number_is_known_by_name_and_municipality(
    session: Session, tmp_path: Path
) -> None:
    text = f"name;cvr;municipality\nuden nummer;{OTHER_CVR};Viborg\nTvilling;;Silkeborg\n"
    result = import_file(session, csv_file(tmp_path, text))
    assert (result.nouns[0].added, result.nouns[0].filled_in) == (0, 1)
    assert result.nouns[0].already_here == 1
    row = session.store.get("SELECT name FROM company WHERE cvr = :cvr", cvr=OTHER_CVR)
    assert row["name"] == "Uden Nummer"


def test_two_rows_of_one_number_are_one_company(session: Session, tmp_path: Path) -> None:
    text = f"name;cvr;employees\nNyt Firma;{OTHER_CVR};\nNyt Firma ApS;{OTHER_CVR};12\n"
    result = import_file(session, csv_file(tmp_path, text))
    assert (result.nouns[0].added, result.nouns[0].filled_in) == (1, 1)
    row = session.store.get("SELECT * FROM company WHERE cvr = :cvr", cvr=OTHER_CVR)
    assert (row["name"], row["employees"]) == ("Nyt Firma", "12")


def test_a_name_that_several_have_is_refused_as_a_company(session: Session, tmp_path: Path) -> None:
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, "name;cvr\nTvilling;\n"))
    assert refused.value.errors[0].column == "name"


def test_a_new_company_that_looks_like_another_is_told_of(session: Session, tmp_path: Path) -> None:
    result = import_file(session, csv_file(tmp_path, "name;municipality\nUden Numer ApS;Viborg\n"))
    assert added(result) == {"company": 1}
    assert [(doubt.company, doubt.other) for doubt in result.doubts] == [
        ("Uden Numer ApS", "Uden Nummer")
    ]


def test_a_corrected_company_is_known_again_by_its_file(session: Session, tmp_path: Path) -> None:
    companies = [["name", "cvr"], ["Nyt Firma", OTHER_CVR]]
    contacts = [["company", "date"], [OTHER_CVR, "4.3.2011"], ["Nyt Firma", "5.3.2011"]]
    file = workbook_file(tmp_path, {"companies": companies, "contacts": contacts})
    import_file(session, file)
    row = dict(session.store.get("SELECT * FROM company WHERE cvr = :cvr", cvr=OTHER_CVR))
    with session.unit_of_work("company edit") as work:
        work.edit("company", row, {"cvr": "24256790", "name": "Nye Firma"})
    result = import_file(session, file)
    assert added(result) == {"company": 0, "contact": 0}
    assert [difference.field for difference in result.differences] == ["cvr"]


def test_a_withdrawn_company_takes_nothing_new(session: Session, tmp_path: Path) -> None:
    withdraw_company(session, CVR, "lukket")
    with pytest.raises(BadRows) as refused:
        import_file(session, csv_file(tmp_path, f"company;date\n{CVR};4.3.2011\n"))
    (mistake,) = refused.value.errors
    assert "lukket" in mistake.error.sentence()
    assert mistake.value == CVR


def test_what_was_withdrawn_does_not_come_back(session: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"company;date\n{CVR};4.3.2011\n")
    import_file(session, file)
    withdraw_event(session, "contact", only(session, "contact")["id"], "fejl")
    withdraw_company(session, CVR, "lukket")
    before = contents(session)
    result = import_file(session, file)
    assert result.nouns[0].already_here == 1
    assert contents(session) == before


def test_a_dry_run_shows_the_wrong_rows_beside_all_the_rest(
    session: Session, tmp_path: Path
) -> None:
    text = f"company;date;channel;colour\n{CVR};4.3.2011;besøg;red\n{CVR};i går;mail;blue\n"
    before = contents(session)
    file = csv_file(tmp_path, text)
    result = import_file(session, file, "contact", dry_run=True)
    assert added(result) == {"contact": 1}
    assert [error.position.row for error in result.errors] == [3]
    assert [column.heading for column in result.ignored_columns] == ["colour"]
    assert "1 mistake must be corrected" in render_result(result)[-1]
    assert result_as_dict(result)["mistakes"][0]["row"] == 3
    assert contents(session) == before
    with pytest.raises(BadRows):
        import_file(session, file, "contact")


def test_how_and_when_companies_were_last_reached_may_be_contacts(
    session: Session, tmp_path: Path
) -> None:
    text = f"Firma;CVR;Seneste kontakt;Kontaktform\nPROSOFT A/S;{CVR};1.3.2011;Mail\n"
    with refuses("noun_unclear", "company, contact"):
        import_file(session, csv_file(tmp_path, text))
    text = f"Firma;CVR;Kommune;Seneste kontakt\nPROSOFT A/S;{OTHER_CVR};Viborg;1.3.2011\n"
    assert added(import_file(session, csv_file(tmp_path, text))) == {"company": 1}


def test_what_companies_come_without_is_told(session: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, "Virksomhed;CVR;Antal ansatte\nAlfa ApS;;4\nBeta ApS;;5\n")
    told = render_preview(import_file(session, file))
    [line] = [line for line in told if "may be needed" in line]
    assert line.startswith("The file does not give “Municipality” for the companies (2 rows)")
    again = render_preview(import_file(session, file))
    assert not any("may be needed" in line for line in again)


def test_an_import_that_stored_nothing_offers_no_undo(session: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"CVR;Dato;Noter\n{CVR};4.3.2011;god\n")
    assert render_take_back(import_file(session, file))
    assert not render_take_back(import_file(session, file))


def test_attendance_is_no_day(session: Session, tmp_path: Path) -> None:
    text = f"Deltagerliste;\n;\nFirma;CVR;Mødt;Dato\nHede;{CVR};Ja;4.3.2011\n"
    assert added(import_file(session, csv_file(tmp_path, text))) == {"contact": 1}


def test_a_column_to_leave_out_is_a_heading(session: Session, tmp_path: Path) -> None:
    text = f"Deltagerliste;;\nNavn på firma;CVR;Mødt\nHede;{CVR};Ja\n"
    options = ImportOptions(columns=("-=Mødt",))
    with refuses("missing_column", "Mødt|CVR"):
        import_file(session, csv_file(tmp_path, text), "contact", options)


def test_the_common_kind_of_numbered_companies_is_no_doubt(
    session: Session, tmp_path: Path
) -> None:
    rows = f"Navn;CVR-nr.;Kommune;Ansatte\nPROSOFT A/S;{OTHER_CVR};Viborg;25\n"
    result = import_file(session, csv_file(tmp_path, rows))
    assert result.assumed
    assert result.is_clear
    rows = "Navn;Kommune;Ansatte\nAlfa ApS;Viborg;25\n"
    assert not import_file(session, csv_file(tmp_path, rows)).is_clear


def test_a_column_is_not_offered_for_what_is_stated(session: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"CVR;Dato;Type\n{CVR};4.3.2011;opkald til Bo\n")
    stated = ImportOptions({"channel": "mail"})
    for options, offers in ((NO_OPTIONS, True), (stated, False)):
        result = import_file(session, file, "contact", options, dry_run=True)
        assert any(column.looks_like for column in result.ignored_columns) == offers


def test_a_text_that_is_called_a_workbook_is_named(session: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"CVR;Dato\n{CVR};4.3.2011\n", name="liste.xlsx")
    with refuses("not_a_table", "a text file, whatever its name says"):
        import_file(session, file)


def test_a_dry_run_tells_all_and_keeps_nothing(session: Session, tmp_path: Path) -> None:
    text = "name;cvr;municipality;employees\nNyt Firma;13585628;Viborg;12\n"
    companies = csv_file(tmp_path, text)
    import_file(session, companies)
    before = contents(session)
    file = csv_file(tmp_path, f"company;date\n{OTHER_CVR};4.3.2011\n", name="contacts.csv")
    result = import_file(session, file, dry_run=True)
    assert result.dry_run
    assert added(result) == {"contact": 1}
    change = next(change for change in result.targets if change.target.id == "new-contacts")
    assert (change.before.counted, change.after.counted) == (0, 1)
    assert contents(session) == before
    stored = import_file(session, file)
    assert stored == result._replace(dry_run=False)


def test_a_column_that_every_row_needs_is_asked_for(session: Session, tmp_path: Path) -> None:
    with refuses("missing_column") as refused:
        import_file(session, csv_file(tmp_path, "company;note\nx;y\n"), "contact")
    assert "Date" in refused.value.sentence()


def test_two_columns_of_one_meaning_are_refused(session: Session, tmp_path: Path) -> None:
    with refuses("double_column"):
        import_file(session, csv_file(tmp_path, "company;date;Dato\nx;y;z\n"))


def test_an_import_is_one_command_that_names_its_file(session: Session, tmp_path: Path) -> None:
    import_file(session, csv_file(tmp_path, f"company;date\n{CVR};4.3.2011\n{CVR};5.3.2011\n"))
    row = session.store.all("SELECT name, reason FROM command ORDER BY number")[-1]
    assert (row["name"], row["reason"]) == ("import", "rows.csv")


def test_percentages_are_told_of_a_long_file(session: Session, tmp_path: Path) -> None:
    rows = "".join(f"{CVR};2011-03-04;{number}\n" for number in range(2500))
    told: list[int] = []
    import_file(session, csv_file(tmp_path, f"company;date;note\n{rows}"), progress=told.append)
    assert told == sorted(set(told))
    assert told[-1] == 100
    few: list[int] = []
    import_file(
        session, csv_file(tmp_path, f"company;date\n{CVR};2011-03-05\n"), progress=few.append
    )
    assert few == []


def test_rows_that_come_from_the_ledger_are_known_by_their_ids(
    session: Session, tmp_path: Path
) -> None:
    import_file(session, csv_file(tmp_path, f"company;date;note\n{CVR};4.3.2011;a\n"))
    contact = only(session, "contact")
    company = contact["company_id"]
    before = contents(session)
    headings = "id;company;date;broker;note"
    rows = [f"{contact['id'].upper()};nobody;;JH, AB;"]
    with pytest.raises(BadRows):
        import_file(session, csv_file(tmp_path, "\n".join([headings, *rows])))
    rows = [f"{contact['id'].upper()};;;JH;"]
    result = import_file(session, csv_file(tmp_path, "\n".join([headings, *rows])))
    assert (result.nouns[0].added, result.nouns[0].already_here) == (0, 1)
    companies = f"Id;Navn;CVR-nr.\n{company};Helt Anden;{OTHER_CVR}\n"
    with pytest.raises(Doubts) as refused:
        import_file(session, csv_file(tmp_path, companies))
    [changed] = refused.value.result.changed
    assert [fact.field for fact in changed.facts] == ["name", "cvr"]
    assert contents(session) == before


def test_ids_of_another_ledger_are_kept_and_other_numbers_are_not(
    session: Session, tmp_path: Path
) -> None:
    elsewhere = "k0123456789"
    rows = [f"{elsewhere};{CVR};4.3.2011", f"{elsewhere};{CVR};4.3.2011", f"17;{CVR};6.3.2011"]
    text = "\n".join(["id;company;date", *rows])
    result = import_file(session, csv_file(tmp_path, text))
    assert (result.nouns[0].added, result.nouns[0].already_here) == (2, 1)
    ids = [row["id"] for row in session.store.all("SELECT id FROM contact ORDER BY date")]
    assert ids[0] == elsewhere
    assert len(ids[1]) == len(elsewhere)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ja", "0001-01-01"),
        ("ukendt", "0001-01-01"),
        ("0001-01-01", "0001-01-01"),
        ("1.10.2009", "2009-10-01"),
    ],
)
def test_a_company_may_have_been_visited_before(
    session: Session, tmp_path: Path, text: str, day: str
) -> None:
    file = csv_file(tmp_path, f"name;cvr;visited-before\nNyt Firma;{OTHER_CVR};{text}\n")
    import_file(session, file)
    row = session.store.get("SELECT visited_before FROM company WHERE cvr = :cvr", cvr=OTHER_CVR)
    assert row["visited_before"] == day
    assert import_file(session, file).nouns[0].already_here == 1


def test_a_number_goes_before_an_id(session: Session, tmp_path: Path) -> None:
    row = session.store.get("SELECT id FROM company WHERE name = 'Uden Nummer'")
    text = f"id;name;cvr;employees\n{row['id']};Uden Nummer;{CVR};12\n"
    result = import_file(session, csv_file(tmp_path, text))
    assert [difference.field for difference in result.differences] == ["name"]
    numbered = session.store.get("SELECT employees FROM company WHERE cvr = :cvr", cvr=CVR)
    assert numbered["employees"] == "12"


def test_a_company_that_is_withdrawn_is_so_under_its_earlier_name_too(
    session: Session, tmp_path: Path
) -> None:
    first = add_company(session, {"name": "Alfa", "municipality": "Viborg"})["id"]
    second = add_company(session, {"name": "Beta", "municipality": "740"})["id"]
    edit_company(session, first, {"name": "Gamma"}, None)
    join_companies(session, first, second)
    file = tmp_path / "contacts.csv"
    file.write_text("company,date\nAlfa,2011-03-01\n", encoding="utf-8")
    assert import_file(session, file, "contact", dry_run=True).nouns[0].added == 1
    withdraw_company(session, first, "lukket")
    with pytest.raises(BadRows) as refusal:
        import_file(session, file, "contact")
    assert "lukket" in refusal.value.errors[0].error.sentence()


def test_companies_that_only_look_alike_are_reported_and_never_united(
    session: Session, tmp_path: Path
) -> None:
    rows = [
        "Müller Stål;;Viborg;",
        "Muller Stål;;Viborg;12",
        "Møller Biler;;Viborg;",
        "Möller Biler;;Viborg;300",
    ]
    file = csv_file(tmp_path, "\n".join(["name;cvr;municipality;employees", *rows]))
    result = import_file(session, file)
    assert added(result) == {"company": 4}
    found = [(doubt.position.row, doubt.company, doubt.other) for doubt in result.doubts]
    assert found == [(3, "Muller Stål", "Müller Stål"), (5, "Möller Biler", "Møller Biler")]
    assert import_file(session, file).nouns[0].already_here == 4
    contacts = "company;date\nMuller Stål;1.3.2011\nMøller Biler;2.3.2011\nMoeller Biler;3.3.2011\n"
    assert added(import_file(session, csv_file(tmp_path, contacts))) == {"contact": 3}


def test_a_company_whose_spelling_was_corrected_is_the_one_of_its_row(
    session: Session, tmp_path: Path
) -> None:
    file = csv_file(tmp_path, "name;municipality\nMuller Stål;Viborg\n")
    import_file(session, file)
    edit_company(session, "Muller Stål", {"name": "Müller Stål"}, None)
    assert import_file(session, file).nouns[0].already_here == 1


def test_a_company_is_compared_with_few_of_many(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []

    def are_alike(one: str, other: str) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("kmtrack.usecases.imports.companies.are_alike", are_alike)
    rows = "".join(f"Firma {number};Viborg\n" for number in range(1000))
    import_file(session, csv_file(tmp_path, f"name;municipality\n{rows}"))
    assert len(compared) <= 100 * 1000


def test_of_several_companies_that_look_alike_the_most_alike_is_named(
    session: Session, tmp_path: Path
) -> None:
    names = ("Grønnetoften Transport", "Grønnelund Transport", "Grønnelunde Transport")
    rows = "".join(f"{name};Viborg\n" for name in names)
    result = import_file(session, csv_file(tmp_path, f"name;municipality\n{rows}"))
    assert (result.doubts[-1].company, result.doubts[-1].other) == (names[2], names[1])


def test_names_of_one_kind_are_hardly_ever_compared_letter_by_letter(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "kmtrack.usecases.imports.companies.are_alike",
        lambda one, other: compared.append((one, other)),
    )
    first = ("Brande", "Aulum", "Herning", "Ikast", "Skjern", "Tarm", "Ulfborg", "Holstebro")
    trades = ("Tømrer", "Maskinfabrik", "Trælast", "Bageri", "VVS", "Autoværksted")
    rows = "".join(f"{place} {trade};Viborg\n" for place in first for trade in trades)
    import_file(session, csv_file(tmp_path, f"name;municipality\n{rows}"))
    assert len(compared) <= len(first)
