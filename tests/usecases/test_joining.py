"""Several records of one company: what each states of each stretch of time, and what is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, NEW, TODAY, add_contact, agreeing, cvr_number
from kmtrack import i18n
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import (
    add_company,
    edit_company,
    join_companies,
    withdraw_company,
)
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.history import Filter, history_of
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.records import company_record
from kmtrack.usecases.status import status_of
from kmtrack.usecases.undo import redo_command, undo_command
from kmtrack.views.confirm import difference_as_dict, format_difference
from kmtrack.views.history import render_history
from kmtrack.views.merge import merge_as_dict, render_merge

if TYPE_CHECKING:
    from kmtrack.usecases.companies import JoinedCompany
    from kmtrack.usecases.session import Session

VIBORG, SILKEBORG, SKIVE = "791", "740", "779"


def _company(session: Session, name: str, **values: Any) -> str:
    named = {"name": name, "municipality": "Viborg", "employees": "40"}
    return str(add_company(agreeing(session), {**named, **values})["id"])


def _counted(session: Session) -> int:
    [target] = [each for each in status_of(session.store, TODAY).targets if each.target.id == NEW]
    return target.tally.counted


def _values(session: Session, company: str, field: str) -> dict[str, Any]:
    """Return the values of a fact by the day from which each is in force, "" for the beginning."""
    record = company_record(session.store, find_company(session, company)["id"], TODAY)
    later = {day: facts[field] for day, facts in record["later"].items() if field in facts}
    return {"": record["first"].get(field, record[field]), **later}


def _told(joined: JoinedCompany, field: str) -> list[str]:
    return [format_difference(each) for each in joined.differences if each.field == field]


@pytest.mark.parametrize("emptied_is_first", [True, False])
def test_a_number_that_was_taken_back_is_no_number(
    session: Session, emptied_is_first: bool
) -> None:
    alfa = _company(session, "Alfa", cvr=CVR)
    add_contact(session, alfa, {"date": "2011-03-01"})
    beta = _company(session, "Beta", cvr=cvr_number(1))
    emptied, kept = (alfa, beta) if emptied_is_first else (beta, alfa)
    number = find_company(session, kept)["cvr"]
    edit_company(session, emptied, {"cvr": ""}, None)
    joined = join_companies(session, emptied, kept)
    assert joined.record["cvr"] == number
    assert _told(joined, "cvr") == []
    assert _counted(session) == 1
    assert check_ledger(session.store).damage == []


def test_a_headcount_that_one_side_emptied_does_not_outrank_that_of_the_other(
    session: Session, other: Session
) -> None:
    ours = _company(session, "Alfa", cvr=CVR)
    _company(other, "Alfa", cvr=CVR, employees="30")
    edit_company(session, ours, {"employees": ""}, None)
    merge_ledgers(session, [other.store.location])
    merge_ledgers(other, [session.store.location])
    for each in (session, other):
        assert find_company(each, CVR)["employees"] == "30"
        assert check_ledger(each.store).damage == []


def test_what_is_emptied_from_a_day_leaves_what_the_other_record_states(session: Session) -> None:
    alfa = _company(session, "Alfa", cvr=CVR)
    edit_company(session, alfa, {"employees": ""}, "2011-05-01")
    beta = _company(session, "Beta", employees="30")
    join_companies(session, alfa, beta)
    assert _values(session, CVR, "employees") == {"": "30"}


def test_what_is_emptied_of_a_joined_company_is_emptied(session: Session) -> None:
    alfa, beta = _company(session, "Alfa", cvr=CVR), _company(session, "Beta", employees="30")
    join_companies(session, alfa, beta)
    edit_company(session, CVR, {"employees": "", "municipality": ""}, None)
    assert _values(session, CVR, "employees") == {"": None}
    edit_company(session, CVR, {"employees": "50"}, "2011-05-01")
    edit_company(session, CVR, {"employees": ""}, "2011-05-01")
    assert _values(session, CVR, "employees") == {"": None, "2011-05-01": None}
    edit_company(session, CVR, {"cvr": ""}, None)
    assert find_company(session, alfa)["cvr"] is None
    assert check_ledger(session.store).damage == []


def test_an_emptied_fact_comes_back_by_an_undo(session: Session) -> None:
    alfa, beta = _company(session, "Alfa", cvr=CVR), _company(session, "Beta", employees="30")
    join_companies(session, alfa, beta)
    edit_company(session, CVR, {"employees": ""}, None)
    undo_command(session)
    assert find_company(session, CVR)["employees"] == "30"
    assert check_ledger(session.store).damage == []


def _moved(session: Session) -> tuple[str, str]:
    """Return a company that moved to Skive, and one in Silkeborg."""
    alfa = _company(session, "Alfa", cvr=CVR)
    edit_company(session, alfa, {"municipality": "Skive"}, "2011-05-01")
    return alfa, _company(session, "Beta", municipality="Silkeborg")


def test_a_join_tells_what_holds_in_each_stretch_of_time(session: Session) -> None:
    alfa, beta = _moved(session)
    joined = join_companies(session, alfa, beta)
    assert _values(session, CVR, "municipality") == {"": SILKEBORG, "2011-05-01": SKIVE}
    option = f"kmtrack company edit {alfa} --municipality MUNICIPALITY --from"
    assert _told(joined, "municipality") == [
        (
            "Municipality from beginning: Viborg (Alfa), Silkeborg (Beta); now in force: Silkeborg; "
            f"to correct: {option} beginning"
        ),
        (
            "Municipality from 2011-05-01: Skive (Alfa), Silkeborg (Beta); now in force: Skive; "
            f"to correct: {option} 2011-05-01"
        ),
    ]
    found = [difference_as_dict(each) for each in joined.differences]
    assert found[1] == {
        "field": "municipality",
        "from": None,
        "values": {alfa: VIBORG, beta: SILKEBORG},
        "stands": SILKEBORG,
    }
    assert found[2]["from"] == "2011-05-01"


def test_a_join_tells_it_in_danish(session: Session) -> None:
    alfa, beta = _moved(session)
    joined = join_companies(session, alfa, beta)
    i18n.use("da")
    assert _told(joined, "municipality") == [
        (
            "Kommune fra begyndelsen: Viborg (Alfa), Silkeborg (Beta); nu gælder Silkeborg; "
            f"ret: kmtrack company edit {alfa} --municipality KOMMUNE --from begyndelsen"
        ),
        (
            "Kommune fra 01.05.2011: Skive (Alfa), Silkeborg (Beta); nu gælder Skive; "
            f"ret: kmtrack company edit {alfa} --municipality KOMMUNE --from 2011-05-01"
        ),
    ]


def test_a_merge_tells_what_holds_in_each_stretch_of_time(session: Session, other: Session) -> None:
    alfa = _company(session, "Alfa", cvr=CVR)
    edit_company(session, alfa, {"municipality": "Skive"}, "2011-05-01")
    _company(other, "Alfa", cvr=CVR, municipality="Silkeborg")
    merged = merge_ledgers(session, [other.store.location])
    assert _values(session, CVR, "municipality") == {"": SILKEBORG, "2011-05-01": SKIVE}
    told = [line for line in render_merge(merged) if "Municipality" in line]
    option = f"kmtrack company edit {alfa} --municipality MUNICIPALITY --from"
    assert told == [
        (
            f"Changed on both sides: Alfa ({alfa}), Municipality from beginning: here Viborg, there "
            f"Silkeborg; now in force: Silkeborg; to correct: {option} beginning"
        ),
        (
            f"Changed on both sides: Alfa ({alfa}), Municipality from 2011-05-01: here Skive, there "
            f"Silkeborg; now in force: Skive; to correct: {option} 2011-05-01"
        ),
    ]
    found = merge_as_dict(merged)["conflicts"]
    assert [(each["from"], each["ours"], each["theirs"], each["stands"]) for each in found] == [
        (None, VIBORG, SILKEBORG, SILKEBORG),
        ("2011-05-01", SKIVE, SILKEBORG, SKIVE),
    ]


def test_a_value_from_a_day_that_both_sides_changed_is_told_as_such(
    session: Session, other: Session
) -> None:
    alfa = _company(session, "Alfa", cvr=CVR)
    merge_ledgers(other, [session.store.location])
    for each, value in ((session, "50"), (other, "60")):
        edit_company(each, CVR, {"employees": value}, "2011-05-01")
    told = list(render_merge(merge_ledgers(session, [other.store.location])))
    assert (
        f"Changed on both sides: Alfa ({alfa}), Employees from 2011-05-01: here 50, there 60; "
        f"now in force: 60; to correct: kmtrack company edit {alfa} --employees N --from 2011-05-01"
    ) in told


def _last_told(session: Session) -> list[str]:
    return list(render_history(history_of(session, Filter(most=1)).items))[1:]


def test_the_history_of_a_merged_company_shows_what_was_stated(
    session: Session, other: Session
) -> None:
    _company(other, "Alfa", cvr=CVR)
    _company(session, "Alfa2", cvr=CVR, municipality="Silkeborg", employees="300")
    merge_ledgers(session, [other.store.location])
    main = find_company(session, CVR)["id"]
    edit_company(session, CVR, {"cvr": cvr_number(1)}, None)
    assert _last_told(session) == [
        f"  Company {main} (Alfa2): CVR number: {CVR} -> {cvr_number(1)}"
    ]
    edit_company(session, main, {"employees": "", "turnover": "3"}, None)
    assert _last_told(session) == [
        f"  Company {main} (Alfa2): Employees: 300 -> - · Turnover (EUR m): - -> 3"
    ]
    edit_company(session, main, {"employees": "310"}, "2011-05-01")
    assert _last_told(session) == [f"  Company {main} (Alfa2): from 2011-05-01: Employees: 310"]


def test_the_history_of_a_joined_company_shows_what_was_stated(session: Session) -> None:
    alfa, beta = _moved(session)
    join_companies(session, alfa, beta)
    edit_company(session, CVR, {"cvr": ""}, None)
    assert _last_told(session) == [f"  Company {alfa} (Beta): CVR number: {CVR} -> -"]
    edit_company(session, alfa, {"municipality": ""}, "2011-05-01")
    assert _last_told(session) == [
        f"  Company {alfa} (Beta): from 2011-05-01: Municipality: Skive -> -"
    ]


def test_what_was_stated_of_a_company_of_two_records_was_stated_once(session: Session) -> None:
    alfa, beta = _company(session, "Alfa", cvr=CVR), _company(session, "Beta", employees="30")
    join_companies(session, alfa, beta)
    edit_company(session, CVR, {"employees": ""}, None)
    stated = company_record(session.store, alfa, TODAY)["stated"]
    assert [each["command"] for each in stated] == [
        *["company add"] * 2,
        "company join",
        "company edit",
    ]
    undone = undo_command(session)
    assert [(each.id, each.way) for each in undone.records] == [(alfa, "changed")]
    assert _last_told(session) == [f"  Company {alfa} (Beta): Employees: - -> 30"]
    undone = redo_command(session)
    assert [(each.id, each.way) for each in undone.records] == [(alfa, "changed")]
    withdraw_company(session, alfa, "lukket")
    assert _last_told(session) == [f"  Company {alfa} (Beta): Withdrawn: - -> lukket"]
    undo_command(session)
    undo_command(session)
    undone = undo_command(session)
    assert {each.id for each in undone.records} == {alfa, beta}
    assert check_ledger(session.store).damage == []


def test_the_withdrawal_of_a_merged_company_is_told_once(session: Session, other: Session) -> None:
    _company(other, "Alfa", cvr=CVR, turnover="3")
    _company(session, "Alfa2", cvr=CVR, municipality="Silkeborg")
    merge_ledgers(session, [other.store.location])
    main = find_company(session, CVR)["id"]
    withdrawal = withdraw_company(session, CVR, "lukket")
    assert withdrawal.record["name"] == "Alfa2"
    assert _last_told(session) == [f"  Company {main} (Alfa2): Withdrawn: - -> lukket"]
    for back in ("in", "out", "in"):
        undone = redo_command(session) if back == "out" else undo_command(session)
        assert [(each.id, each.way) for each in undone.records] == [(main, back)]
        [line] = _last_told(session)
        assert line.startswith(f"  Company {main} ")
        assert line.endswith("Withdrawn: lukket -> -" if back == "in" else "Withdrawn: - -> lukket")
    assert check_ledger(session.store).damage == []
