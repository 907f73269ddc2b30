"""JSON of cvrapi and of the business register's search, read as companies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from builders import ledger_in, refuses, session_over
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.json_file import json_tables
from kmtrack.usecases.imports.table import Limits

if TYPE_CHECKING:
    from pathlib import Path

CVRAPI = {
    "vat": 24256790,
    "name": "NOVO NORDISK A/S",
    "address": "Novo Allé 1",
    "zipcode": "2880",
    "employees": "10000+",
    "owners": None,
    "creditbankrupt": False,
    "productionunits": [{"pno": 1}],
}
REGISTERED: dict[str, Any] = {
    "cvrNummer": 10112354,
    "navne": [
        {"navn": "Gammelt navn", "periode": {"gyldigTil": "2005-01-01"}},
        {"navn": "CS Electric A/S", "periode": {"gyldigTil": None}},
    ],
    "virksomhedMetadata": {
        "nyesteNavn": {"navn": "CS Electric A/S"},
        "nyesteBeliggenhedsadresse": {"kommune": {"kommuneKode": 791, "kommuneNavn": "VIBORG"}},
        "nyesteAarsbeskaeftigelse": {"intervalKodeAntalAnsatte": "ANTAL_5_9"},
    },
}
OURS = ["10112354", "CS Electric A/S", "791", "ANTAL_5_9"]


def table(folder: Path, content: Any) -> list[list[object]]:
    file = folder / "answer.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with json_tables(file, Limits()) as tables:
        return [list(row) for _, row in tables.tables[0].rows()]


def searched(*companies: dict[str, Any]) -> dict[str, Any]:
    return {
        "took": 1,
        "hits": {"total": 1, "hits": [{"_id": "1", "_source": each} for each in companies]},
    }


@pytest.mark.parametrize(
    "content",
    [
        searched({"Vrvirksomhed": REGISTERED}),
        [searched({"Vrvirksomhed": REGISTERED})],
        [{"_source": {"Vrvirksomhed": REGISTERED}}],
        {"Vrvirksomhed": REGISTERED},
        {"Vrvirksomhed": {**REGISTERED, "virksomhedMetadata": {
            **REGISTERED["virksomhedMetadata"], "nyesteNavn": None}}},
        searched({"VrproduktionsEnhed": {"pNummer": 1}}, {"Vrvirksomhed": REGISTERED}),
    ],
)  # fmt: skip
def test_the_search_of_the_register_gives_companies(tmp_path: Path, content: Any) -> None:
    assert table(tmp_path, content) == [["cvr", "name", "municipality", "employees"], OURS]


def test_the_newest_headcount_is_taken(tmp_path: Path) -> None:
    about = REGISTERED["virksomhedMetadata"] | {
        "nyesteErstMaanedsbeskaeftigelse": {"intervalKodeAntalAnsatte": "ANTAL_10_19"}
    }
    rows = table(tmp_path, {"Vrvirksomhed": {**REGISTERED, "virksomhedMetadata": about}})
    assert rows[1][3] == "ANTAL_10_19"


@pytest.mark.parametrize(
    "content",
    [
        CVRAPI,
        [CVRAPI],
        {"data": [CVRAPI]},
        json.dumps(CVRAPI) + "\n",
        f"\ufeff{json.dumps(CVRAPI)}",
    ],
)
def test_cvrapi_gives_companies(tmp_path: Path, content: Any) -> None:
    headings, row = table(tmp_path, content)
    assert dict(zip(headings, row, strict=True)) == {
        **{key: str(value) for key, value in CVRAPI.items() if isinstance(value, (int, str))},
        "owners": None,
        "creditbankrupt": "no",
        "productionunits": '[{"pno": 1}]',
    }


def test_a_record_in_each_line_is_read(tmp_path: Path) -> None:
    other = {"vat": 10112354, "name": "CS Electric A/S", "city": "Viborg"}
    rows = table(tmp_path, f"{json.dumps(CVRAPI)}\n{json.dumps(other)}\n")
    assert [row[:2] for row in rows[1:]] == [
        ["24256790", "NOVO NORDISK A/S"],
        ["10112354", "CS Electric A/S"],
    ]
    assert rows[1][-1] is None


def test_a_key_that_is_repeated_with_the_same_value_is_read(tmp_path: Path) -> None:
    assert table(tmp_path, '[{"vat": 1, "vat": 1}]') == [["vat"], ["1"]]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ('{"vat": 1', "json_damaged"),
        ('[{"vat": 1},\n]', "json_damaged"),
        ("[" * 100_000, "json_damaged"),
        ('{"vat": ' + "9" * 10_000 + "}", "json_damaged"),
        ('{"error": "NOT_FOUND", "t": 0, "version": 6}', "json_error"),
        ('[{"vat": 1, "vat": 2}]', "json_key_twice"),
        ('{"vat": 1, "name": "A"}\n{"vat": 2, "vat": 3}', "json_key_twice"),
        ("[]", "json_without_records"),
        ("{}", "json_without_records"),
        ('{"hits": {"total": 0, "hits": []}}', "json_without_records"),
        ("[1, 2]", "json_without_records"),
    ],
)
def test_json_without_records_that_can_be_read_is_refused(
    tmp_path: Path, content: str, key: str
) -> None:
    with refuses(key):
        table(tmp_path, content)


def test_letters_that_are_no_unicode_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_bytes('{"vat": 1,\n"name": "Søndergård"}'.encode("cp1252"))
    with refuses("unknown_encoding", "line 2"), json_tables(file, Limits()):
        pass


def test_each_limit_holds(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps([CVRAPI] * 3))
    for limits, key in (
        (Limits(rows=2), "too_many_rows"),
        (Limits(texts=99), "import_file_too_large"),
    ):
        with refuses(key), json_tables(file, limits):
            pass


def test_both_are_imported_as_companies(tmp_path: Path) -> None:
    with session_over(ledger_in(tmp_path)) as session:
        for content, number in ((searched({"Vrvirksomhed": REGISTERED}), 1), ([CVRAPI] * 2, 1)):
            file = tmp_path / "answer.json"
            file.write_text(json.dumps(content), encoding="utf-8")
            result = import_file(session, file)
            assert [(noun.noun, noun.added) for noun in result.nouns] == [("company", number)]
        rows = session.store.all("SELECT name, cvr, municipality FROM company ORDER BY cvr")
        assert [tuple(row) for row in rows] == [
            ("CS Electric A/S", "10112354", "791"),
            ("NOVO NORDISK A/S", "24256790", None),
        ]
