"""What a merge tells of records that turn out to be one company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import cvr_number
from kmtrack.usecases.companies import add_company, join_companies
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.summary import merged_lines

if TYPE_CHECKING:
    from kmtrack.usecases.session import Desk

CVR = cvr_number(0)


def _company(desk: Desk, name: str = "Hedelund", cvr: str = "") -> str:
    named = {"name": name, "cvr": cvr, "municipality": "Viborg"}
    return str(add_company(desk, named, even_if_alike=True)["id"])


def _united(desk: Desk, other: Desk) -> tuple[dict[str, int], list[tuple[str, list[str]]]]:
    [file] = merge_ledgers(desk, [other.store.place]).files
    return file.new, [(company.id, company.others) for company in file.united]


def test_a_company_of_one_number_on_both_sides_is_no_new_one(desk: Desk, other: Desk) -> None:
    ours = _company(desk, cvr=CVR)
    theirs = _company(other, cvr=CVR)
    _company(other, "Bækgaard")
    assert _united(desk, other) == ({"company": 1}, [(ours, [theirs])])
    assert _united(desk, other) == ({}, [])


def test_the_record_that_came_first_stands_though_it_is_theirs(desk: Desk, other: Desk) -> None:
    theirs = _company(other, cvr=CVR)
    ours = _company(desk, cvr=CVR)
    assert _united(desk, other) == ({}, [(theirs, [ours])])


def test_a_record_that_was_joined_to_ours_elsewhere_is_neither_new_nor_news(
    desk: Desk, other: Desk
) -> None:
    ours = _company(desk)
    merge_ledgers(other, [desk.store.place])
    join_companies(other, _company(other, "Hedelund A/S"), ours)
    assert _united(desk, other) == ({}, [])


def test_records_that_were_two_companies_here_and_are_joined_elsewhere_are_told_of(
    desk: Desk, other: Desk
) -> None:
    first, second = _company(desk), _company(desk, "Hedelund A/S")
    merge_ledgers(other, [desk.store.place])
    join_companies(other, first, second)
    assert _united(desk, other) == ({}, [(first, [second])])


def test_records_that_are_all_new_here_are_one_new_company(desk: Desk, other: Desk) -> None:
    join_companies(other, _company(other), _company(other, "Hedelund A/S"))
    assert _united(desk, other) == ({"company": 1}, [])


def test_the_plan_names_both_records(desk: Desk, other: Desk) -> None:
    ours, theirs = _company(desk, cvr=CVR), _company(other, cvr=CVR)
    lines = list(merged_lines(merge_ledgers(desk, [other.store.place], keep=False)))
    assert f"One company: Hedelund (CVR {CVR}); {theirs} is part of {ours} now" in lines
