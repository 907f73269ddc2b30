"""Takeovers in several ledgers: what a merge makes of them, in whatever order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from builders import LATER, NEW, add_contact, agreeing, cvr_number
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.successions import StatedSuccessions
from kmtrack.rules.tallies import Tally
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies, withdraw_company
from kmtrack.usecases.events import withdraw_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.successions import succeed_company, withdraw_succession
from kmtrack.usecases.undo import undo_command
from kmtrack.views.check import format_issue
from kmtrack.views.merge import merge_as_dict, render_merge

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

OLD, NEWER, NEWEST = map(cvr_number, range(3))
SINCE = "2011-04-01"


@pytest.fixture
def both(session: Session, other: Session) -> tuple[Session, Session]:
    """Return two sessions whose ledgers have the same three companies."""
    for name, cvr in (("Hedelund", OLD), ("Hedelund 2011", NEWER), ("Hedelund Nord", NEWEST)):
        values = {"name": name, "cvr": cvr, "municipality": "Viborg", "employees": "40"}
        add_company(agreeing(session), values)
    merge_ledgers(other, [session.store.location])
    return session, other


def _holding(session: Session) -> list[tuple[str, str]]:
    numbers = {row["id"]: row["cvr"] for row in session.store.all("SELECT id, cvr FROM company")}
    return [
        (numbers[each.company], numbers[each.successor])
        for each in StatedSuccessions(session.store).in_force.values()
    ]


def _counted(session: Session, target: str) -> int:
    return totals(session.store, date.max).get(target, Tally()).counted


def _doubts(session: Session) -> list[str]:
    found = check_ledger(session.store)
    assert found.damage == []
    for issue in found.warnings:
        assert format_issue(issue)
    return [issue.kind for issue in found.warnings]


def _exchange(one: Session, other: Session) -> None:
    merge_ledgers(one, [other.store.location])
    merge_ledgers(other, [one.store.location])


def test_a_takeover_stated_elsewhere_moves_contacts_stated_here(
    both: tuple[Session, Session],
) -> None:
    session, other = both
    add_contact(session, OLD, {"date": "2011-03-01"})
    add_contact(session, NEWER, {"date": "2011-05-02"})
    succeed_company(other, OLD, NEWER, SINCE)
    assert _counted(session, NEW) == 2
    plan = merge_ledgers(session, [other.store.location], keep=False)
    assert [each.cause.kind for each in plan.retargeted] == ["earlier_with_predecessor"]
    assert any("has taken over another one" in line for line in render_merge(plan))
    _exchange(session, other)
    for each in both:
        assert (_counted(each, NEW), _counted(each, LATER)) == (1, 1)
        assert _doubts(each) == []
    (number,) = other.store.get("SELECT number FROM command WHERE name = 'company succeed'")
    undo_command(other, number)
    plan = merge_ledgers(session, [other.store.location], keep=False)
    assert [each.cause.kind for each in plan.retargeted] == ["no_takeover"]
    assert any("a takeover no longer applies" in line for line in render_merge(plan))
    _exchange(session, other)
    for each in both:
        assert _counted(each, NEW) == 2


def test_a_withdrawn_contact_of_the_old_company_is_the_cause_where_a_first_one_follows(
    both: tuple[Session, Session],
) -> None:
    session, other = both
    first = add_contact(session, OLD, {"date": "2011-03-01"}).record["id"]
    later = add_contact(session, NEWER, {"date": "2011-05-02"}).record["id"]
    succeed_company(session, OLD, NEWER, SINCE)
    merge_ledgers(other, [session.store.location])
    withdraw_event(other, "contact", first, "aflyst")
    [moved] = merge_ledgers(session, [other.store.location]).retargeted
    assert (moved.id, moved.cause.kind, moved.cause.id) == (later, "withdrawn", first)


def test_of_two_successors_the_one_stated_first_holds_in_both_ledgers(
    both: tuple[Session, Session],
) -> None:
    session, other = both
    succeed_company(other, OLD, NEWEST, SINCE)
    succeed_company(session, OLD, NEWER, SINCE)
    plan = merge_ledgers(session, [other.store.location], keep=False)
    assert any("taken over by both Hedelund Nord" in line for line in render_merge(plan))
    assert [each["kind"] for each in merge_as_dict(plan)["takeovers"]] == ["second_successor"]
    _exchange(session, other)
    for each in both:
        assert _holding(each) == [(OLD, NEWEST)]
        assert _doubts(each) == ["second_successor"]
    withdraw_succession(session, OLD, NEWEST, "forkert")
    _exchange(session, other)
    for each in both:
        assert _holding(each) == [(OLD, NEWER)]
        assert _doubts(each) == []


def test_a_circle_is_closed_by_no_merge(both: tuple[Session, Session]) -> None:
    session, other = both
    succeed_company(session, OLD, NEWER, SINCE)
    succeed_company(other, NEWER, NEWEST, SINCE)
    succeed_company(other, NEWEST, OLD, SINCE)
    _exchange(session, other)
    for each in both:
        assert _holding(each) == [(OLD, NEWER), (NEWER, NEWEST)]
        assert _doubts(each) == ["succession_circle"]


def test_one_takeover_stated_twice_is_one_and_its_day_can_be_corrected(
    both: tuple[Session, Session],
) -> None:
    session, other = both
    succeed_company(session, OLD, NEWER, SINCE)
    succeed_company(other, OLD, NEWER, SINCE)
    _exchange(session, other)
    assert _doubts(session) == []
    succeed_company(session, OLD, NEWER, "2011-05-01")
    assert _doubts(session) == []
    succeed_company(other, OLD, NEWER, "2011-06-01")
    _exchange(session, other)
    assert set(_doubts(session)) <= {"succession_twice"}
    withdraw_succession(session, OLD, NEWER, "forkert")
    assert _holding(session) == []


def test_a_late_contact_stated_elsewhere_is_named_by_the_merge(
    both: tuple[Session, Session],
) -> None:
    session, other = both
    succeed_company(session, OLD, NEWER, SINCE)
    late = add_contact(other, OLD, {"date": "2011-05-02"}).record["id"]
    plan = merge_ledgers(session, [other.store.location], keep=False)
    assert any(late in line and "took the company over" in line for line in render_merge(plan))
    _exchange(session, other)
    assert _doubts(session) == _doubts(other) == ["late_event"]


def test_two_companies_that_turn_out_to_be_one_do_not_succeed_themselves(
    session: Session, other: Session
) -> None:
    old = add_company(session, {"name": "Hedelund", "municipality": "Viborg"})["id"]
    new = add_company(session, {"name": "Hedelund 2011", "cvr": NEWER, "municipality": "Viborg"})
    succeed_company(session, old, new["id"], SINCE)
    merge_ledgers(other, [session.store.location])
    undo_command(session)
    edit_company(session, new["id"], {"cvr": ""}, None)
    edit_company(session, old, {"cvr": NEWER}, None)
    _exchange(session, other)
    for each in (session, other):
        assert check_ledger(each.store).damage == []
        assert _holding(each) == []


def test_a_takeover_within_what_turns_out_to_be_one_company_is_named(
    session: Session, other: Session
) -> None:
    old = add_company(session, {"name": "Hedelund", "municipality": "Viborg"})["id"]
    new = add_company(session, {"name": "Hedelund 2011", "cvr": NEWER, "municipality": "Viborg"})
    merge_ledgers(other, [session.store.location])
    succeed_company(session, old, new["id"], SINCE)
    join_companies(other, old, new["id"])
    _exchange(session, other)
    for each in (session, other):
        assert _doubts(each) == ["succession_within_one"]
        assert _holding(each) == []
    withdraw_succession(session, NEWER, NEWER, "samme virksomhed")
    assert _doubts(session) == []


def test_a_company_withdrawn_elsewhere_hands_on_no_history(both: tuple[Session, Session]) -> None:
    session, other = both
    edit_company(session, OLD, {"visited_before": "2009-10-01"}, None)
    merge_ledgers(other, [session.store.location])
    succeed_company(session, OLD, NEWER, SINCE)
    add_contact(session, NEWER, {"date": "2011-05-02"})
    assert _counted(session, LATER) == 1
    withdraw_company(other, OLD, "lukket")
    _exchange(session, other)
    for each in both:
        assert _counted(each, LATER) == 0
        assert _doubts(each) == ["succession_of_withdrawn"]
    withdraw_succession(session, OLD, NEWER, "lukket")
    assert _doubts(session) == []


def test_a_company_of_a_takeover_is_kept_although_its_broker_undid_it(
    session: Session, other: Session
) -> None:
    values = {"municipality": "Viborg", "employees": "40"}
    add_company(session, {"name": "Hedelund", "cvr": OLD, **values})
    merge_ledgers(other, [session.store.location])
    add_company(agreeing(other), {"name": "Hedelund 2011", "cvr": NEWER, **values})
    merge_ledgers(session, [other.store.location])
    succeed_company(session, OLD, NEWER, SINCE)
    add_contact(session, OLD, {"date": "2011-03-01"})
    undo_command(other)
    _exchange(session, other)
    for each in (session, other):
        assert _holding(each) == [(OLD, NEWER)]
        assert _doubts(each) == ["undone_but_used"]
