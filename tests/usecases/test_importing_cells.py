"""Cells as offices have them: totals, words for nothing, invisible characters, days with a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import CVR, refuses
from kmtrack.ledger.schema.plain_text import clean_line
from kmtrack.text import visible
from kmtrack.usecases.brokers import add_broker
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.imports.cells import (
    are_plain,
    day_without_time,
    means_nothing,
    without_invisible,
)
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.result import BadRows
from kmtrack.usecases.imports.total_rows import is_total, is_total_row
from kmtrack.views.import_preview import render_preview
from kmtrack.views.imports import result_as_dict

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

OTHER_CVR = "13585628"


def file_of(folder: Path, text: str) -> Path:
    file = folder / "liste.csv"
    file.write_text(text, encoding="utf-8")
    return file


def rows_of(session: Session, noun: str) -> list[dict[str, Any]]:
    return [dict(row) for row in session.store.all(f"SELECT * FROM {noun} ORDER BY id")]


@pytest.fixture
def hedelund(session: Session) -> Session:
    add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
    return session


@pytest.mark.parametrize(
    "total",
    [
        "I alt;;;52", "I alt januar;;;52", "Antal besøg;;;2", "I ALT;;;52", "Ialt:;;;52", "Total;2;;52", "TOTAL;;;1.234,5", "Sum;;;52",
        "Subtotal;;;52 %", "Hovedtotal;;;52", "Viborg Total;;;40", "I alt Viborg Kommune;;;40",
        "Total for Viborg;;;40", "Antal virksomheder i alt;2;;52", ";I alt;;52", ";;I alt;52",
        "Total antal ansatte: 52;;;", "2 virksomheder i alt;;;", "Gennemsnit;;;26", "Grand Total;;;52",
        "Antal virksomheder: 2;;;", "2 virksomheder;;;", "2 records;;;", "Antal rækker;;;2",
    ],
)  # fmt: skip
def test_a_total_row_is_no_record(session: Session, tmp_path: Path, total: str) -> None:
    text = (
        f"Navn;CVR-nr.;Kommune;Ansatte\nAlfa;{CVR};Viborg;40\nBeta;{OTHER_CVR};Skive;12\n{total}\n"
    )
    result = import_file(session, file_of(tmp_path, text))
    assert sorted(row["name"] for row in rows_of(session, "company")) == ["Alfa", "Beta"]
    assert [tuple(position) for position in result.totals] == [("", 4)]
    assert result_as_dict(result)["number_of_totals"] == 1
    assert any("Line 4" in line or "Linje 4" in line for line in render_preview(result))


@pytest.mark.parametrize(
    "row",
    [
        f"Total Danmark A/S;{CVR};Viborg;40",
        "Total Danmark A/S;;;40",
        "Sum ApS;;;40",
        f"Total;{CVR};;40",
        "Total;;Viborg;40",
        "Total;;791;40",
        "I alt Byg;;;40",
        "Sumo;;;",
        "Totalentreprise Viborg;;;12",
    ],
)
def test_a_company_with_such_a_name_is_one(session: Session, tmp_path: Path, row: str) -> None:
    text = f"Navn;CVR-nr.;Kommune;Ansatte\n{row}\n"
    result = import_file(session, file_of(tmp_path, text))
    assert [company["name"] for company in rows_of(session, "company")] == [
        row.split(";", maxsplit=1)[0]
    ]
    assert not result.totals


def test_total_rows_of_contacts_are_left_out(hedelund: Session, tmp_path: Path) -> None:
    text = f"CVR;Dato;Bemærkning\n{CVR};1.3.2011;god\nI alt;;1\n;;I alt 1 besøg\nTotal;1;\n"
    result = import_file(hedelund, file_of(tmp_path, text))
    assert len(rows_of(hedelund, "contact")) == 1
    assert result.totals.number == 3


def test_a_word_for_a_total_may_stand_in_the_first_column(
    hedelund: Session, tmp_path: Path
) -> None:
    text = "Dato;Virksomhed;Kanal\n4.3.2011;Hedelund;besøg\nI alt;1;\n;I alt: 1;\n"
    result = import_file(hedelund, file_of(tmp_path, text), "contact")
    assert (result.nouns[0].added, result.totals.number) == (1, 2)


def test_a_day_beside_a_word_for_a_total_is_a_record() -> None:
    assert not is_total_row(["I alt", "4.3.2011 besøg"], None, None)
    assert not is_total_row(["I alt", dt.date(2011, 3, 4)], None, None)
    assert is_total_row(["I alt", 2, None, 1.5, "kr. 1.000"], None, None)


@pytest.mark.parametrize(
    "text",
    [
        "i",
        "alt",
        "i dag",
        "Ansatte",
        "Viborg",
        "",
        "antal",
        "52",
        "Sammen",
        "3 kloge",
        "4.3.2011 besøg",
        "2 A/S",
    ],
)
def test_other_words_are_no_totals(text: str) -> None:
    assert not is_total(text)


def test_words_for_nothing_are_read_as_empty_and_counted(session: Session, tmp_path: Path) -> None:
    text = (
        "Navn;CVR-nr.;Kommune;Ansatte;Grundlag\n"
        "Alfa;ukendt;Viborg;n/a;-\nBeta;?;NULL;Ikke oplyst;-\n"
        f"Gamma;{CVR};Skive;5;Ukendt Land ApS\n"
    )
    result = import_file(session, file_of(tmp_path, text))
    found = {row["name"]: row for row in rows_of(session, "company")}
    assert (found["Alfa"]["cvr"], found["Alfa"]["employees"]) == (None, None)
    assert (found["Beta"]["municipality"], found["Beta"]["basis"]) == (None, None)
    assert found["Gamma"]["basis"] == "Ukendt Land ApS"
    assert result.empty_words == {
        ("", "CVR-nr."): 2, ("", "Ansatte"): 2, ("", "Grundlag"): 2, ("", "Kommune"): 1
    }  # fmt: skip
    assert result_as_dict(result)["empty_words"][0] == {
        "sheet": None, "heading": "CVR-nr.", "number": 2
    }  # fmt: skip
    assert any("2 cells" in line and "CVR-nr." in line for line in render_preview(result))


@pytest.mark.parametrize(
    "cell",
    ["-", " - ", "–", "—", "?", "n/a", "N/A", "NULL", "null", "Ukendt", "UKENDT", "(null)", "nan"],
)
def test_a_cell_may_only_say_that_nothing_is_known(cell: str) -> None:
    assert means_nothing(cell)


@pytest.mark.parametrize(
    "cell", ["0", "nej", "ingen", "- ring igen", "X", "null punkt", "Ukendt Land"]
)
def test_other_cells_say_something(cell: str) -> None:
    assert not means_nothing(cell)


def test_initials_may_look_like_a_word_for_nothing(hedelund: Session, tmp_path: Path) -> None:
    add_broker(hedelund, {"initials": "NA"})
    import_file(
        hedelund, file_of(tmp_path, f"CVR;Dato;Mægler\n{CVR};1.3.2011;NA\n{CVR};2.3.2011;-\n")
    )
    assert [row["broker"] for row in rows_of(hedelund, "contact")].count("NA") == 1


def test_a_visit_on_an_unknown_day_stays_one(session: Session, tmp_path: Path) -> None:
    text = f"Navn;CVR;Besøgt før\nAlfa;{CVR};ukendt\nBeta;{OTHER_CVR};-\n"
    import_file(session, file_of(tmp_path, text))
    found = {row["name"]: row["visited_before"] for row in rows_of(session, "company")}
    assert found == {"Alfa": "0001-01-01", "Beta": None}


def test_a_word_for_nothing_where_something_is_required_is_named(
    hedelund: Session, tmp_path: Path
) -> None:
    with pytest.raises(BadRows) as refused:
        import_file(hedelund, file_of(tmp_path, f"CVR;Dato;Note\n{CVR};ukendt;a\n"))
    (error,) = refused.value.errors
    assert (error.column, error.value) == ("Dato", "ukendt")


_FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f466"


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("Al\u200bfa", "Alfa"),
        ("\ufeffAlfa", "Alfa"),
        ("Al\u00adfa ApS", "Alfa ApS"),
        ("Al\u2060fa\u200e\u202a", "Alfa"),
        ("Al\u200dfa", "Alfa"),
        ("Alfa\u00a0ApS", "Alfa\u00a0ApS"),
        ("Alfa\x0bApS", "Alfa\nApS"),
        ("Alfa\x07", "Alfa"),
        ("\ufe0fAlfa\ufe0f", "Alfa"),
        ("Glad \U0001f600", "Glad \U0001f600"),
        (_FAMILY, _FAMILY),
        ("\u2764\ufe0f Alfa", "\u2764\ufe0f Alfa"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("\U0001f1e9\U0001f1f0", "\U0001f1e9\U0001f1f0"),
        ("Søndergård", "Søndergård"),
        ("linje\r\nto", "linje\r\nto"),
    ],
)
def test_invisible_characters_go_and_emoji_stay(cell: str, seen: str) -> None:
    assert without_invisible(cell) == seen


@pytest.mark.parametrize("emoji", [_FAMILY, "\u2764\ufe0f", "1\ufe0f\u20e3", "\U0001f600"])
def test_emoji_are_plain_text(emoji: str) -> None:
    assert clean_line(f"Godt møde {emoji}", 200) == f"Godt møde {emoji}"
    assert visible(f"Godt møde {emoji}") == f"Godt møde {emoji}"


@pytest.mark.parametrize("text", ["a\u200db", "\u200d\U0001f600", "a\ufe0f", "\U0001f600\u200b"])
def test_what_joins_nothing_is_no_plain_text(text: str) -> None:
    with refuses("bad_character"):
        clean_line(text, 200)


def test_every_invisible_character_is_suspected() -> None:
    # All beyond the first plane are.
    for number in (*range(0x10000), 0xE0001, 0x1F600):
        letter = chr(number)
        if without_invisible(f"a{letter}b") != f"a{letter}b":
            assert not are_plain([f"a{letter}b"]), hex(number)


def test_invisible_characters_are_counted(session: Session, tmp_path: Path) -> None:
    text = f"Na\u00advn;C\u200bVR;Kommune\nAl\u200bfa\u00ad;\u200b{CVR};Vi\u00adborg\n"
    result = import_file(session, file_of(tmp_path, text))
    (row,) = rows_of(session, "company")
    assert (row["name"], row["cvr"], row["municipality"]) == ("Alfa", CVR, "791")
    assert result.invisible == {("", "Navn"): 2, ("", "CVR"): 1, ("", "Kommune"): 1}
    assert any("2 invisible characters" in line for line in render_preview(result))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("04-03-2011 14:30", "04-03-2011"),
        ("4.3.2011 13.45", "4.3.2011"),
        ("4.3.2011 kl. 13.45", "4.3.2011"),
        ("4.3.2011 kl. 10", "4.3.2011"),
        ("4.3.2011, klokken 9", "4.3.2011"),
        ("4.3.2011, 13:45", "4.3.2011"),
        ("2011-03-04T13:45:00Z", "2011-03-04"),
        ("2011-03-04t13:45", "2011-03-04"),
        ("2011-03-04 13:45:00.000", "2011-03-04"),
        ("2011-03-04T13:45:00.123456+01:00", "2011-03-04"),
        ("2011-03-04T13:45:00+0100", "2011-03-04"),
        ("4/3-2011 0:00", "4/3-2011"),
        ("4.3.11 08:15", "4.3.11"),
        ("4. marts 2011 kl. 9:30", "4. marts 2011"),
        ("2011-03-04 24:00", "2011-03-04"),
    ],
)
def test_a_day_with_a_time_is_that_day(
    hedelund: Session, tmp_path: Path, cell: str, day: str
) -> None:
    assert day_without_time(cell) == day
    import_file(hedelund, file_of(tmp_path, f'CVR;Dato\n{CVR};"{cell}"\n'))
    assert [row["date"] for row in rows_of(hedelund, "contact")] == ["2011-03-04"]


@pytest.mark.parametrize(
    "cell",
    [
        "4/3 11.30",
        "4.3. 13:45",
        "3/4/2011 2:30 PM",
        "4.3.2011 25:00",
        "14:30",
        "2011-03-04 13:60",
        "4.3.2011-5.3.2011",
    ],
)
def test_what_may_be_another_day_is_refused(hedelund: Session, tmp_path: Path, cell: str) -> None:
    with pytest.raises(BadRows):
        import_file(hedelund, file_of(tmp_path, f"CVR;Dato;Note\n{CVR};{cell};x\n"))


def test_a_workbook_and_its_list_mean_the_same_day(hedelund: Session, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Virksomhed", "Dato"], [CVR, dt.datetime(2011, 3, 4, 14, 30)]):  # noqa: DTZ001
        book.worksheets[0].append(row)
    book.save(tmp_path / "kalender.xlsx")
    import_file(hedelund, tmp_path / "kalender.xlsx")
    result = import_file(hedelund, file_of(tmp_path, f"Virksomhed;Dato\n{CVR};04-03-2011 14:30\n"))
    assert result.nouns[0].already_here == 1


@pytest.mark.parametrize(
    ("municipality", "employees", "stored"),
    [
        ("791 VIBORG", "ANTAL_10_19", ("791", "10-19")),
        ("Viborg (791)", "5 til 9", ("791", "5-9")),
        ("VIBORG KOMMUNE, 0791", "20.0", ("791", "20")),
        ("791.0", "1000 eller flere", ("791", "1000+")),
        ("Frederiksbergs Kommune", "under 5", ("147", "0-4")),
        ("0740", "fra 10 til 19 ansatte", ("740", "10-19")),
    ],
)
def test_the_registers_forms_are_read(
    session: Session, tmp_path: Path, municipality: str, employees: str, stored: tuple[str, str]
) -> None:
    text = f'Navn;CVR;Kommune;Ansatte\nAlfa;{CVR}.0;"{municipality}";{employees}\n'
    import_file(session, file_of(tmp_path, text))
    (row,) = rows_of(session, "company")
    assert (row["municipality"], row["employees"]) == stored


@pytest.mark.parametrize("municipality", ["740 Viborg", "Viborg 8800", "791 740", "791 Nirgendwo"])
def test_a_code_that_contradicts_its_name_is_refused(
    session: Session, tmp_path: Path, municipality: str
) -> None:
    with pytest.raises(BadRows):
        import_file(session, file_of(tmp_path, f"Navn;CVR;Kommune\nAlfa;{CVR};{municipality}\n"))
