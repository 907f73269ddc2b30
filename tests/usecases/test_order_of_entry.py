"""What was recorded at one moment: the order of the rows decides, in every ledger and at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import NEW, TODAY, VIBORG, cvr_number, register
from kmtrack.ledger.company_identity import rows_of_company
from kmtrack.ledger.queries.deliverables import steps_towards
from kmtrack.ledger.queries.methods import methods_with_statements
from kmtrack.ledger.queries.surveys import first_counted_hire
from kmtrack.ledger.queries.targets import first_hires
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, join_companies
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.methods import add_method
from kmtrack.usecases.status import status_known_at, status_of
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.status import Status
    from kmtrack.usecases.session import Session

# So many that ids drawn by lot would be in this order once in a million runs.
MANY = 20
NUMBERS = [cvr_number(number) for number in range(MANY)]


def _file(folder: Path, *rows: str) -> Path:
    file = folder / "rows.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def _two_brokers_a_day(session: Session, folder: Path) -> None:
    with session.unit_of_work("company add") as work:
        for number in NUMBERS:
            facts = {"name": number, "cvr": number, "municipality": VIBORG, "employees": "40"}
            work.add("company", {**facts, "kind": "company"})
    register(session, "MK")
    rows = [f"{cvr};2011-03-01;{broker}" for broker in ("MK", "JH") for cvr in NUMBERS]
    import_file(session, _file(folder, "company;date;broker", *rows), noun="contact")


def _by_broker(status: Status) -> dict[str, int]:
    [target] = [each for each in status.targets if each.target.id == NEW]
    return {group.key: group.tally.counted for group in target.groups or () if group.key}


def test_of_two_rows_for_one_company_and_day_the_first_counts(
    session: Session, other: Session, tmp_path: Path
) -> None:
    _two_brokers_a_day(session, tmp_path)
    expected = {"MK": MANY, "JH": 0}
    assert _by_broker(status_of(session.store, TODAY, "broker")) == expected
    merge_ledgers(other, [session.store.location])
    for store in (session.store, other.store):
        assert _by_broker(status_of(store, TODAY, "broker")) == expected
        assert check_ledger(store).damage == []
        moment = "9999-12-31T23:59:59.999999Z"
        assert _by_broker(status_known_at(store, moment, TODAY, "broker")) == expected


def test_judging_all_of_them_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    _two_brokers_a_day(session, tmp_path)
    before = _by_broker(status_of(session.store, TODAY, "broker"))
    amend_contract(session, {"last_day": "2013-06-30"}, "as agreed")
    assert _by_broker(status_of(session.store, TODAY, "broker")) == before


def test_of_two_assessments_on_one_day_the_later_row_holds(
    session: Session, tmp_path: Path
) -> None:
    names = [f"Metode {number:02}" for number in range(MANY)]
    for name in names:
        add_method(session, {"name": name, "kind": "tool"})
    rows = [f"{name};2011-03-01;{verdict};x" for verdict in ("keep", "drop") for name in names]
    file = _file(tmp_path, "method;date;verdict;text", *rows)
    import_file(session, file, noun="assessment")
    assert [method.verdict for method in methods_with_statements(session.store)] == ["drop"] * MANY


def test_steps_of_one_day_stand_in_the_order_of_the_rows(session: Session, tmp_path: Path) -> None:
    texts = [f"Møde {number}" for number in range(MANY)]
    rows = [f"project-management;log;2011-03-01;{text}" for text in texts]
    import_file(session, _file(tmp_path, "deliverable;step;date;text", *rows), noun="delivery")
    assert [step["text"] for step in steps_towards(session.store, "project-management")] == texts


def test_the_first_hire_of_a_day_is_that_of_the_first_row(session: Session, tmp_path: Path) -> None:
    _two_brokers_a_day(session, tmp_path)
    rows = [f"{cvr};master;2011-04-01;{field}" for field in ("Øl", "Vin") for cvr in NUMBERS]
    import_file(session, _file(tmp_path, "company;level;agreed;field", *rows), noun="hire")
    first = {row["id"] for row in _hires(session.store) if row["field"] == "Øl"}
    assert {row["record_id"] for row in first_hires(session.store, TODAY)} == first
    companies = {row["company_id"] for row in _hires(session.store)}
    assert {first_counted_hire(session.store, company) for company in companies} == first


def _hires(store: Store) -> list[dict[str, str]]:
    return [dict(row) for row in store.all("SELECT id, company_id, field FROM hire")]


def test_the_main_record_of_a_company_is_that_of_the_first_row(
    session: Session, tmp_path: Path
) -> None:
    rows = [f"{place} {number:02}" for number in range(MANY) for place in ("Nord", "Syd")]
    with session.unit_of_work("import") as work:
        ids = [work.add("company", {"name": name, "kind": "company"}) for name in rows]
    for number in range(MANY):
        one, other = ids[2 * number : 2 * number + 2]
        assert join_companies(session, other, one).record["id"] == one
        entries = entries_on(session.store, "company", [other, one])
        assert [row["id"] for row in rows_of_company([other, one], entries)] == [one, other]
    add_company(session, {"name": "Ny"})
    assert check_ledger(session.store).damage == []


def test_rows_that_were_imported_undone_and_imported_again_are_in_their_new_order(
    session: Session, other: Session, tmp_path: Path
) -> None:
    _two_brokers_a_day(session, tmp_path)
    undo_command(session)
    rows = [f"{cvr};2011-03-01;{broker}" for broker in ("JH", "MK") for cvr in NUMBERS]
    import_file(session, _file(tmp_path, "company;date;broker", *rows), noun="contact")
    merge_ledgers(other, [session.store.location])
    for store in (session.store, other.store):
        assert _by_broker(status_of(store, TODAY, "broker")) == {"JH": MANY, "MK": 0}
        assert check_ledger(store).damage == []
        moment = "9999-12-31T23:59:59.999999Z"
        assert _by_broker(status_known_at(store, moment, TODAY, "broker"))["JH"] == MANY
