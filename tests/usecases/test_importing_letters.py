"""Texts of every program that an office has: read in their own encoding, refused where spoilt."""

from __future__ import annotations

import csv
from time import thread_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ledger_in, refuses, session_over
from kmtrack.errors import BadValue, Refusal
from kmtrack.text import with_guard, without_guard
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.imports.csv import csv_tables
from kmtrack.usecases.imports.encodings import has_lost_letters, is_spoilt
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.heading_rows import recognised
from kmtrack.usecases.imports.result import BadRows
from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.views.import_preview import render_preview
from kmtrack.views.imports import render_errors

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    *("Bjørns Møbler og Træ", "Søndergård Maskinværksted ApS", "Smeden på Hjørnet", "Øl & Ærter"),
    *("Århus Café", "Müller & Schröder GmbH", "BRØDRENE ÆRØ A/S", "Nygård", "Åbyhøj Køl", "Anden"),
]
ENCODINGS = [
    "utf-32",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "cp850",
    "mac_roman",
]


def written(folder: Path, names: list[str], encoding: str, newline: str = "\r\n") -> Path:
    file = folder / "list.csv"
    lines = ["Navn;Kommune;Ansatte", *(f"{name};Viborg;{n}" for n, name in enumerate(names, 1))]
    file.write_bytes(newline.join([*lines, ""]).encode(encoding))
    return file


def rows_of(file: Path) -> list[tuple[object, ...]]:
    with csv_tables(file, Limits(), Deadline(Limits()), recognised) as tables:
        return [tuple(row) for _, row in tables.tables[0].rows()]


def refusal_of(file: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rows_of(file)
    return caught.value


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_a_list_is_read_in_the_encoding_that_it_has(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    file = written(tmp_path, NAMES, encoding, newline)
    assert [row[0] for row in rows_of(file)] == ["Navn", *NAMES]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "name",
    [*NAMES, "Købmand", "På hjørnet", "Smed på Mors", "Blå", "Ærø", "Café", "Rosé & Frédéric"],
)
def test_one_name_is_enough(tmp_path: Path, encoding: str, name: str) -> None:
    assert rows_of(written(tmp_path, [name], encoding))[1][0] == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "D’Angleterre",
            "McDONALD’S A/S",
            "L’ORÉAL",
            "„Die Brücke“",
            "Jensen – Hansen",
            "LEGO® A/S",
        ),
        *(
            "“Solgården”",
            "5 € & 20 °C",
            "½ m³",
            "Hansen…",
            "ACME™",
            "FÆLLES’S",
            "• et\xa0punkt",
            "CAFÉ”",
        ),
        *(
            "Čačak d.o.o.",
            "Łódź",
            "São Paulo",
            "JOÃO",
            "KlimaØst",
            "emoji 😀",
            "Καφές",
            "Кафе",
            "日本",
        ),
        *("Ðæ", "Hjem›Om os", "a†", "Ægir", "EÊ", "Ó Briain", "Île-de-France"),
    ],
)
def test_honest_text_is_not_taken_for_spoilt(tmp_path: Path, name: str) -> None:
    assert not is_spoilt(name)
    assert rows_of(written(tmp_path, [name], "utf-8"))[1][0] == name


@pytest.mark.parametrize(
    "name",
    [
        *("D’Angleterre", "McDONALD’S A/S", "Jensen – Hansen", "5 €", "ACME™", "Rock‘n’Roll ApS"),
        *(
            "A•B",
            "Hjem»Om os",
            "Brand×Hus",
            "m²/år",
            "Café «Le Nord»",
            "N° 5",
            "pris÷rabat",
            "½liter",
        ),
    ],
)
def test_signs_of_windows_are_signs(tmp_path: Path, name: str) -> None:
    assert rows_of(written(tmp_path, [*NAMES, name], "cp1252"))[-1][0] == name


@pytest.mark.parametrize(
    "name", ["D’Angleterre", "McDONALD’S A/S", "Jensen – Hansen", "5 €", "ACME™", "N° 5", "½liter"]
)
def test_a_sign_alone_does_not_make_it_another_encoding(tmp_path: Path, name: str) -> None:
    assert rows_of(written(tmp_path, [name], "cp1252"))[1][0] == name


@pytest.mark.parametrize("mistaken", ["cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_utf8_that_was_read_as_something_else_is_refused(
    tmp_path: Path, mistaken: str, encoding: str
) -> None:
    spoilt = [name.encode().decode(mistaken, "replace") for name in NAMES]
    if mistaken == encoding:
        pytest.skip("this takes the mistake back")
    try:
        file = written(tmp_path, spoilt, encoding)
    except UnicodeEncodeError:
        pytest.skip("these letters are not in the encoding")
    refusal = refusal_of(file)
    assert refusal.key in {"text_spoilt", "unknown_encoding"}
    assert refusal.facts["line"] == 2
    assert str(refusal.facts["word"]) in spoilt[0]
    assert "CSV UTF-8" in refusal.sentence()


@pytest.mark.parametrize(
    "word",
    [
        "SÃ¸ndergÃ¥rd",
        "S›nderg†rd",
        "S¿ndergŒrd",
        "S�ndergård",
        "SÃƒÂ¸n",
        "FrÃ¦s",
        "Ã…rhus",
        "CafÃ©",
    ],
)
def test_spoilt_text_is_refused_with_its_line_and_letters(tmp_path: Path, word: str) -> None:
    assert is_spoilt(f"Hos {word} ApS")
    refusal = refusal_of(written(tmp_path, ["Hedelund", word], "utf-8"))
    assert (refusal.key, refusal.facts["line"], refusal.facts["word"]) == ("text_spoilt", 3, word)


def test_one_bad_byte_is_an_error_of_its_line_only(tmp_path: Path) -> None:
    """Import case 2: the whole list was read as Windows-1252 for the sake of one letter."""
    for whole, odd in (("utf-8", "cp1252"), ("cp1252", "cp850"), ("utf-8-sig", "cp850")):
        file = written(tmp_path, NAMES[:5], whole)
        file.write_bytes(file.read_bytes() + "Smed på Hjørnet;Viborg;9\r\n".encode(odd))
        *names, last = (row[0] for row in rows_of(file))
        assert names == ["Navn", *NAMES[:5]]
        assert isinstance(last, BadValue)
    file = written(tmp_path, NAMES, "cp1252")
    file.write_bytes(file.read_bytes() + b"B\x81t;Viborg;9\r\n")
    assert isinstance(rows_of(file)[-1][0], BadValue)


def test_the_bad_letter_is_shown_and_nothing_is_stored(tmp_path: Path) -> None:
    file = written(tmp_path, NAMES[:3], "utf-8")
    file.write_bytes(file.read_bytes() + "Smeden ved Hjørnet;Viborg;9\r\n".encode("cp1252"))
    with session_over(ledger_in(tmp_path)) as session:
        with pytest.raises(BadRows) as caught:
            import_file(session, file, "company")
        (line,) = render_errors(caught.value.errors)
        assert line.startswith("Line 5, Navn: the letters of “Smeden ved Hj\ufffdrnet” are garbled")


def test_an_encoding_of_old_machines_is_told(tmp_path: Path) -> None:
    with session_over(ledger_in(tmp_path)) as session:
        for encoding, told in (("cp850", "MS-DOS (cp850)"), ("cp1252", None), ("utf-8", None)):
            result = import_file(
                session, written(tmp_path, NAMES, encoding), "company", dry_run=True
            )
            assert result.findings.encoding == told
            assert any("MS-DOS" in line for line in render_preview(result)) == bool(told)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("above", ["", "\n\n", "Virksomheder pr. 1. marts, 2011\n\n", "sep={}\n"])
def test_the_delimiter_is_found_among_the_first_lines(
    tmp_path: Path, delimiter: str, above: str
) -> None:
    file = tmp_path / "list.csv"
    row = delimiter.join(["Navn", "CVR-nr.", "Kommune"])
    text = f"{above.format(delimiter)}{row}\n{delimiter.join(['A', '', 'B'])}\n"
    file.write_text(text, encoding="utf-8")
    assert rows_of(file)[-2:] == [("Navn", "CVR-nr.", "Kommune"), ("A", "", "B")]


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("+45 Service", "'+45 Service"),
        ("=1+1", "'=1+1"),
        ("'=1", "''=1"),
        ("''-", "'''-"),
        ("'t Hooft", "'t Hooft"),
        ("'", "'"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_the_apostrophe_before_a_formula_comes_off_again(text: str, guarded: str) -> None:
    assert with_guard(text) == guarded
    assert without_guard(guarded) == text


@given(st.text("'=+-@\t\ra ", max_size=8))
def test_every_text_comes_back_from_its_guard(text: str) -> None:
    assert without_guard(with_guard(text)) == text


@given(
    st.lists(
        st.text("'=+-@;,|\t\n\"aæ ", min_size=1, max_size=12).filter(str.strip),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(";,"),
)
def test_what_a_list_writes_as_csv_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, notes: list[str], delimiter: str
) -> None:
    notes = [note.strip() for note in notes]  # as every text is stored
    file = tmp_path_factory.mktemp("csv") / "list.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(("name", "date", "note"))
        writer.writerows(("x", "2011-03-04", with_guard(note)) for note in notes)
    read = [row[2] for row in rows_of(file)[1:]]
    assert [str(cell).strip() for cell in read] == notes


def test_a_long_line_costs_no_more_than_its_length(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Navn;Kommune\n" + "æ" + "x" * 120_000 + "\n", encoding="cp1252")
    assert len(str(rows_of(file)[1][0])) == 120_001
    file.write_text("Navn;Kommune\n" + "x" * 9_000_000, encoding="utf-8")
    with refuses("line_too_long"):
        rows_of(file)


def test_letters_that_were_spoilt_before_are_refused_in_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    workbook = openpyxl.Workbook()
    for row in (
        ("Navn", "Kommune", "Ansatte"),
        ("SÃ¸ndergÃ¥rd", "Viborg", 3),
        ("Bjørn", "Viborg", 4),
    ):
        workbook.worksheets[0].append(row)
    workbook.save(tmp_path / "list.xlsx")
    with session_over(ledger_in(tmp_path)) as session:
        add_company(session, {"name": "Hedelund"})
        with pytest.raises(BadRows) as caught:
            import_file(session, tmp_path / "list.xlsx", "company")
        assert [error.position.row for error in caught.value.errors] == [2]


@pytest.mark.parametrize(
    "text",
    [
        *("S?ndergaard M?bler ApS", "Bj?rns Tr?", "BJ?RNS TR?", "?rhus Caf?", "M?bler (l?n)"),
        *("de ?nsker en dialog", "om l?n", "?LGOD M?BLER"),
    ],
)
def test_question_marks_stand_for_lost_letters(text: str) -> None:
    assert has_lost_letters(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "What? ApS",
            "Ring igen?",
            "?",
            "??",
            "Hvad nu ?",
            "Ring? Ja",
            "Ring?Ja",
            "Tr?",
            "Q?",
            "a ? b",
        ),
        *(
            "www.a.dk/side?id=5",
            "http://a.dk/?q=ib",
            "12?",
            "5?6",
            "Hvem?!",
            "(?)",
            "Hvad??",
            "»Hvad?«",
        ),
    ],
)
def test_questions_are_no_lost_letters(text: str) -> None:
    assert not has_lost_letters(text)


def test_a_text_of_question_marks_costs_no_more_than_its_length() -> None:
    started = thread_time()
    assert not has_lost_letters("?1" * 100_000)
    assert not has_lost_letters("a" * 200_000)
    assert not has_lost_letters(f"{'a?' * 100_000}/")
    assert thread_time() - started < 10  # of a second; the square of the length would be hours


def test_a_name_with_lost_letters_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "Navn;Kommune\nS?ndergaard M?bler ApS;Viborg\nWhat? ApS;Skive\n", encoding="utf-8"
    )
    with session_over(ledger_in(tmp_path)) as session:
        with pytest.raises(BadRows) as raised:
            import_file(session, file, "company")
        [error] = raised.value.errors
        assert (error.error.key, error.position.row) == ("letters_spoilt", 2)
        assert session.store.all("SELECT id FROM company") == []


def test_lost_letters_in_a_note_are_told(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    rows = (
        "13748136;4.3.2011;besøg;JH;de ?nsker en ?ben dialog",
        "13748136;5.3.2011;besøg;JH;Ring igen?",
    )
    file.write_text("\n".join(("cvr;date;channel;broker;note", *rows)), encoding="utf-8")
    with session_over(ledger_in(tmp_path)) as session:
        add_company(
            session,
            {
                "name": "Maskiner ApS",
                "cvr": "13748136",
                "municipality": "Viborg",
                "employees": "12",
            },
        )
        result = import_file(session, file, "contact")
    assert result.lost_letters == {("", "note"): 1}
    assert not result.is_clear
    assert "1 cell has question marks" in "\n".join(render_preview(result))


def test_a_list_of_a_ledger_keeps_the_names_that_it_has(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    with session_over(ledger_in(tmp_path)) as session:
        facts = {"name": "Hvem?hvad ApS", "cvr": "13748136", "municipality": "Viborg"}
        id_ = add_company(session, facts)["id"]
        file.write_text(f"id;name;cvr;municipality\n{id_};Hvem?hvad ApS;13748136;Viborg\n", "utf-8")
        result = import_file(session, file, "company")
        assert result.nouns[0].already_here == 1
