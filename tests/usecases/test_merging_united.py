"""What a merge tells of records that turn out to be one company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import agreeing, cvr_number
from kmtrack.usecases.companies import add_company, join_companies
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.views.merge import render_merge

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

CVR = cvr_number(0)


def _company(session: Session, name: str = "Hedelund", cvr: str = "") -> str:
    named = {"name": name, "cvr": cvr, "municipality": "Viborg"}
    return str(add_company(agreeing(session), named)["id"])


def _united(session: Session, other: Session) -> tuple[dict[str, int], list[tuple[str, list[str]]]]:
    [file] = merge_ledgers(session, [other.store.location]).files
    file.new.pop("broker", None)  # whoever sits there was registered there
    return file.new, [(company.id, company.others) for company in file.linked]


def test_a_company_of_one_number_on_both_sides_is_no_new_one(
    session: Session, other: Session
) -> None:
    ours = _company(session, cvr=CVR)
    theirs = _company(other, cvr=CVR)
    _company(other, "Bækgaard")
    assert _united(session, other) == ({"company": 1}, [(ours, [theirs])])
    assert _united(session, other) == ({}, [])


def test_the_record_that_came_first_stands_though_it_is_theirs(
    session: Session, other: Session
) -> None:
    theirs = _company(other, cvr=CVR)
    ours = _company(session, cvr=CVR)
    assert _united(session, other) == ({}, [(theirs, [ours])])


def test_a_record_that_was_joined_to_ours_elsewhere_is_neither_new_nor_news(
    session: Session, other: Session
) -> None:
    ours = _company(session)
    merge_ledgers(other, [session.store.location])
    join_companies(other, _company(other, "Hedelund A/S"), ours)
    assert _united(session, other) == ({}, [])


def test_records_that_were_two_companies_here_and_are_joined_elsewhere_are_told_of(
    session: Session, other: Session
) -> None:
    first, second = _company(session), _company(session, "Hedelund A/S")
    merge_ledgers(other, [session.store.location])
    join_companies(other, first, second)
    assert _united(session, other) == ({}, [(first, [second])])


def test_records_that_are_all_new_here_are_one_new_company(
    session: Session, other: Session
) -> None:
    join_companies(other, _company(other), _company(other, "Hedelund A/S"))
    assert _united(session, other) == ({"company": 1}, [])


def test_the_plan_names_both_records(session: Session, other: Session) -> None:
    ours, theirs = _company(session, cvr=CVR), _company(other, cvr=CVR)
    lines = list(render_merge(merge_ledgers(session, [other.store.location], keep=False)))
    assert f"Same company: Hedelund (CVR {CVR}); {ours} now includes {theirs}" in lines
