"""The sheets of municipalities, councils and brokers: who takes part, shares, sums and differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import TODAY, add_contact, cvr_number, ledger_in, session_over
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.usecases.brokers import add_broker
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.contract import amend_contract

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

_COUNTED_AGAIN = {"AB", "JH", "Skive Erhvervsråd", "Viborg Erhvervsråd"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbook of a ledger whose contacts are shared, waiting and from elsewhere."""
    folder = tmp_path_factory.mktemp("groups")
    i18n.use("da")
    with session_over(ledger_in(folder)) as session:
        joined = {"municipality": "779", "from": "2011-06-01"}
        amend_contract(session, {"participation": [joined]}, None)
        add_broker(session, {"initials": "AB", "council": "Skive Erhvervsråd"})
        for number, (municipality, others, employees) in enumerate(
            (
                ("Viborg", "", "40"),
                ("Viborg", "AB", "40"),
                ("Viborg", "", None),
                ("Skive", "AB", "40"),
                ("Horsens", "", "40"),
            )
        ):
            facts = {"name": f"Firma {'ABCDE'[number] * 5}", "cvr": cvr_number(number)}
            facts |= {"municipality": municipality}
            if employees:
                facts |= {"employees": employees}
            company = add_company(session, facts)
            for day in ("1.6.2011", "2.6.2011"):
                values = {"date": day, "channel": "visit", "others": others or None}
                add_contact(session, company["id"], values)
        export_workbook(session, folder / "region.xlsx", TODAY)
    return folder / "region.xlsx"


@pytest.fixture(scope="module")
def workbook(exported: Path) -> Workbook:
    return openpyxl.load_workbook(exported, data_only=True)


def _by_name(sheet: Any) -> dict[str, tuple[Any, ...]]:
    return {str(row[0]): row for row in sheet.iter_rows(values_only=True) if row[0]}


def test_participants_are_told_from_others_with_their_day_and_share(workbook: Workbook) -> None:
    sheet = workbook["Kommuner"]
    rows = _by_name(sheet)
    names = list(rows)
    assert names.index("Skive") < names.index("Andre kommuner") < names.index("Horsens")
    assert rows["Viborg"][1:5] == ("hele perioden", 2, 0.66, 1)
    assert rows["Skive"][1:5] == ("fra 01.06.2011", 1, 0.33, 0)
    assert rows["Silkeborg"][1:5] == ("hele perioden", 0, 0, 0)
    assert rows["Horsens"][1] == "nej"
    assert rows["Deltagende kommuner i alt"][2] == 3
    assert rows["I alt"][2:5] == (3, 1, 1)
    assert rows["Viborg"][-1] == rows["I alt"][-1] == "stemmer"
    assert {table.ref[:2] for table in sheet.tables.values()} == {"A1", "A7"}


def test_what_is_counted_at_several_brokers_is_taken_off_again(workbook: Workbook) -> None:
    for name, other, sum_of_rows in (
        ("Kontaktmæglere", "Talt hos flere kontaktmæglere", 5),
        ("Erhvervsråd", "Talt hos flere erhvervsråd", 5),
    ):
        rows = _by_name(workbook[name])
        column = 2 if name == "Kontaktmæglere" else 1
        counted = (rows["Sum af rækkerne"][column], rows[other][column], rows["I alt"][column])
        assert counted == (sum_of_rows, 3 - sum_of_rows, 3)
        assert any(text.startswith("Nye kontakter: summen er 2 højere") for text in rows)
        assert all(row[-1] == "stemmer" for name, row in rows.items() if name in _COUNTED_AGAIN)
    assert _by_name(workbook["Kontaktmæglere"])["AB"][1] == "Skive Erhvervsråd"


def test_headings_of_tables_equal_their_cells_and_are_aligned_with_the_numbers(
    workbook: Workbook,
) -> None:
    for name in ("Kommuner", "Erhvervsråd", "Kontaktmæglere"):
        sheet = workbook[name]
        for table in sheet.tables.values():
            head, first, *_ = sheet[table.ref]
            assert [cell.value for cell in head] == [c.name for c in table.tableColumns]
            for above, below in zip(head, first, strict=True):
                if isinstance(below.value, int | float):
                    assert above.alignment.horizontal == below.alignment.horizontal == "right"
                    assert below.number_format in {"[$-406]#,##0", "0\\ %"}
