"""The status: totals and groups, added up from the verdicts as they stand on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import (
    COLLABORATIONS,
    CVR,
    HIRES,
    LATER,
    NEW,
    TODAY,
    add_contact,
    cvr_number,
    day,
    register,
)
from kmtrack.ledger.queries.targets import counted_so_far, totals
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.rules.explanation import RecordExplanation, TargetExplanation
from kmtrack.rules.tallies import Tally
from kmtrack.usecases.brokers import add_broker, edit_broker
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.status import status_of
from kmtrack.usecases.why import why

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kmtrack.usecases.session import Session

    Add = Callable[..., str]


@pytest.fixture
def smedjen(session: Session) -> str:
    """Return the id of a small company in Viborg."""
    values = {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"}
    return str(add_company(session, values)["id"])


@pytest.fixture
def bogtryk(session: Session) -> str:
    """Return the id of a small company in Silkeborg."""
    values = {"name": "Bogtryk", "cvr": cvr_number(1), "municipality": "740", "employees": "40"}
    return str(add_company(session, values)["id"])


def tally(session: Session, target: str, as_of: date = TODAY) -> Tally:
    status = status_of(session.store, as_of)
    return next(each.tally for each in status.targets if each.target.id == target)


def groups(session: Session, by: str, target: str, as_of: date = TODAY) -> dict[str, Tally]:
    status = status_of(session.store, as_of, by)
    found = next(each.groups for each in status.targets if each.target.id == target)
    return {group.name: group.tally for group in found}


def test_an_empty_ledger_shows_every_target_at_nought(session: Session) -> None:
    status = status_of(session.store, TODAY)
    assert len(status.targets) == 8
    assert {each.tally for each in status.targets} == {Tally()}


def test_each_record_is_under_its_target(session: Session, smedjen: str) -> None:
    for on in ("2011-03-01", "2011-05-01", "2011-05-01"):
        add_contact(session, smedjen, {"date": on})
    add_event(session, "collaboration", smedjen, {"kind": "project"})
    add_event(session, "hire", smedjen, {"level": "kvu", "agreed": "2011-05-01"})
    assert {name: tuple(each) for name, each in totals(session.store, TODAY).items()} == {
        NEW: (1, 0, 0),
        LATER: (1, 0, 1),
        COLLABORATIONS: (0, 1, 0),
        HIRES: (0, 0, 1),
    }


@pytest.mark.parametrize(
    ("as_of", "counted"),
    [("2011-02-28", 0), ("2011-03-01", 1), ("2011-03-02", 1)],
    ids=["the day before", "the very day", "the day after"],
)
def test_as_of_a_day_takes_what_is_dated_then_or_before(
    session: Session, smedjen: str, as_of: str, counted: int
) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    assert tally(session, NEW, day(as_of)).counted == counted


@pytest.mark.parametrize("as_of", ["2010-01-01", "2011-06-30", "2020-01-01"])
def test_what_is_not_agreed_waits_whatever_the_day(
    session: Session, smedjen: str, as_of: str
) -> None:
    add_event(session, "hire", smedjen, {"level": "master"})
    assert tally(session, HIRES, day(as_of)) == Tally(0, 1, 0)


def test_withdrawn_records_are_in_no_number(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    withdraw_event(session, "contact", contact, "typed twice")
    assert tally(session, NEW) == Tally()


def test_the_number_so_far_is_of_all_days(session: Session, smedjen: str, bogtryk: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    add_contact(session, bogtryk, {"date": "2011-06-30"})
    assert (counted_so_far(session.store, NEW), counted_so_far(session.store, LATER)) == (2, 0)


def test_what_waits_and_is_excluded_is_not_counted_so_far(session: Session) -> None:
    for name, size in (("Smedjen", ""), ("Bogtryk", "250")):
        add_contact(session, add_company(session, {"name": name, "employees": size})["id"], {})
    assert counted_so_far(session.store, NEW) == 0


@pytest.mark.parametrize("grouping", CHOICES["status_grouping"])
def test_every_grouping_adds_up_to_the_total(
    session: Session, smedjen: str, bogtryk: str, grouping: str
) -> None:
    for company, on in ((smedjen, "2011-03-01"), (bogtryk, "2011-04-01"), (smedjen, "2011-05-01")):
        add_contact(session, company, {"date": on})
    add_event(session, "hire", bogtryk, {"level": "phd"})
    for target in (NEW, LATER, HIRES, COLLABORATIONS):
        found = groups(session, grouping, target).values()
        assert sum(each.all for each in found) == tally(session, target).all


def test_by_kind_each_noun_has_its_own(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    add_contact(session, smedjen, {"date": "2011-03-02", "channel": "email"})
    agreed = {"agreed": "2011-05-01"}
    for kind in ("internship", "project", "project"):
        add_event(session, "collaboration", smedjen, {"kind": kind, **agreed, "title": kind})
    add_event(session, "hire", smedjen, {"level": "kvu", **agreed})
    assert groups(session, "kind", NEW) == {"visit": Tally(1, 0, 0)}
    assert groups(session, "kind", LATER) == {"email": Tally(0, 0, 1)}
    found = groups(session, "kind", COLLABORATIONS)
    assert list(found) == ["project", "internship"]  # as they are chosen from
    assert groups(session, "kind", HIRES) == {"kvu": Tally(0, 0, 1)}


# By municipality.


def test_by_municipality_every_participant_has_its_line(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    assert groups(session, "municipality", NEW) == {"Silkeborg": Tally(), "Viborg": Tally(1, 0, 0)}


def test_by_municipality_others_have_a_line_where_something_happened(session: Session) -> None:
    away = add_company(session, {"name": "Andetsteds", "municipality": "København"})["id"]
    nowhere = add_company(session, {"name": "Ingen Steder"})["id"]
    for company in (away, nowhere):
        add_contact(session, company, {})
    assert groups(session, "municipality", NEW) == {
        "København": Tally(0, 0, 1),
        "Silkeborg": Tally(),
        "Viborg": Tally(),
        "": Tally(0, 1, 0),
    }


def test_what_is_not_known_stands_last(session: Session) -> None:
    add_contact(session, add_company(session, {"name": "Ingen Steder"})["id"], {})
    assert list(groups(session, "municipality", NEW)) == ["Silkeborg", "Viborg", ""]


def test_by_municipality_a_company_that_moved_is_where_it_was(
    session: Session, smedjen: str
) -> None:
    edit_company(session, smedjen, {"municipality": "740"}, "2011-05-01")
    for on in ("2011-03-01", "2011-05-01"):
        add_contact(session, smedjen, {"date": on})
    assert groups(session, "municipality", NEW)["Viborg"].counted == 1
    assert groups(session, "municipality", LATER)["Silkeborg"].counted == 1


def test_by_municipality_as_of_a_day(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    assert groups(session, "municipality", NEW, day("2011-02-28"))["Viborg"] == Tally()


def test_a_municipality_that_joins_has_its_line(session: Session) -> None:
    amend_contract(session, {"participation": [{"municipality": "779"}]}, None)
    assert "Skive" in groups(session, "municipality", NEW)


# By broker and by council.


def test_a_contact_of_several_brokers_is_in_the_line_of_each(
    session: Session, smedjen: str
) -> None:
    register(session, "MK", "AB")
    add_contact(session, smedjen, {"broker": "JH", "others": "MK AB"})
    assert groups(session, "broker", NEW) == dict.fromkeys(["AB", "JH", "MK"], Tally(1, 0, 0))
    assert tally(session, NEW) == Tally(1, 0, 0)


def test_a_broker_who_is_named_twice_is_one(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"broker": "JH", "others": "jh"})
    assert groups(session, "broker", NEW) == {"JH": Tally(1, 0, 0)}


def test_a_contact_of_nobody_has_a_line_of_its_own(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"broker": ""})
    assert groups(session, "broker", NEW) == {"JH": Tally(), "": Tally(1, 0, 0)}


def test_a_broker_who_did_nothing_has_a_line(session: Session) -> None:
    add_broker(session, {"initials": "MK"})
    assert groups(session, "broker", NEW) == {"JH": Tally(), "MK": Tally()}


def test_by_council_the_brokers_of_one_council_are_one(session: Session, smedjen: str) -> None:
    add_broker(session, {"initials": "MK", "council": "Viborg Erhvervsråd"})
    add_contact(session, smedjen, {"broker": "JH", "others": "MK"})
    assert groups(session, "council", NEW) == {"Viborg Erhvervsråd": Tally(1, 0, 0)}


def test_by_council_the_brokers_of_two_are_in_the_line_of_each(
    session: Session, smedjen: str
) -> None:
    add_broker(session, {"initials": "MK", "council": "Silkeborg Erhverv"})
    add_contact(session, smedjen, {"broker": "JH", "others": "MK"})
    assert groups(session, "council", NEW) == {
        "Silkeborg Erhverv": Tally(1, 0, 0),
        "Viborg Erhvervsråd": Tally(1, 0, 0),
    }


def test_by_council_a_broker_of_no_council_is_not_known(session: Session, smedjen: str) -> None:
    register(session, "XX")
    add_contact(session, smedjen, {"broker": "XX"})
    assert groups(session, "council", NEW)[""] == Tally(1, 0, 0)


def test_by_council_a_broker_who_moved_brings_the_contacts_along(
    session: Session, smedjen: str
) -> None:
    add_contact(session, smedjen, {})
    edit_broker(session, "JH", {"council": "Silkeborg Erhverv"})
    assert groups(session, "council", NEW) == {"Silkeborg Erhverv": Tally(1, 0, 0)}


# By month.


def test_by_month_every_month_so_far_has_its_line(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-02-28"})
    assert groups(session, "month", NEW, day("2011-03-01")) == {
        "2011-01": Tally(),
        "2011-02": Tally(1, 0, 0),
        "2011-03": Tally(),
    }


def test_by_month_the_lines_end_with_the_period(session: Session) -> None:
    assert list(groups(session, "month", NEW, day("2014-01-01")))[-1] == "2012-12"


def test_by_month_what_lies_outside_the_period_has_a_line_too(
    session: Session, smedjen: str
) -> None:
    add_contact(session, smedjen, {"date": "2010-12-31"})
    assert groups(session, "month", NEW, day("2011-01-31")) == {
        "2010-12": Tally(0, 0, 1),
        "2011-01": Tally(),
    }


def test_by_month_what_is_not_agreed_stands_last(session: Session, smedjen: str) -> None:
    add_event(session, "hire", smedjen, {"level": "phd"})
    assert list(groups(session, "month", HIRES, day("2011-01-31")).items())[-1] == (
        "",
        Tally(0, 1, 0),
    )


def test_by_month_what_was_withdrawn_leaves_no_empty_line(session: Session, smedjen: str) -> None:
    id_ = add_event(session, "hire", smedjen, {"level": "master"}).record["id"]
    assert "" in groups(session, "month", HIRES, day("2011-01-31"))
    withdraw_event(session, "hire", id_, "aflyst")
    assert "" not in groups(session, "month", HIRES, day("2011-01-31"))


def all_that_is_said(session: Session, as_of: date) -> object:
    """Return what reports of a day tell of hires: totals, months, kinds and the reasons."""
    explained = why(session, HIRES, as_of)
    assert isinstance(explained, TargetExplanation)
    told = {
        (group.outcome, why_not, tuple(member.record_id for member in group.members))
        for group in explained.groups
        for why_not in {reason for _, reason in group.reasons}
    }
    by = [groups(session, grouping, HIRES, as_of) for grouping in ("month", "kind", "broker")]
    return tally(session, HIRES, as_of), told, by


@pytest.mark.parametrize(
    "later",
    [{"employees": "300"}, {"municipality": "101"}, {"kind": "association"}, {"employees": ""}],
    ids=" ".join,
)
def test_what_a_company_is_later_changes_no_earlier_report(
    session: Session, smedjen: str, later: dict[str, str]
) -> None:
    add_contact(session, smedjen, {"date": "2011-02-01"})
    hire = add_event(session, "hire", smedjen, {"level": "master"}).record["id"]
    earlier = all_that_is_said(session, day("2011-05-01"))
    edit_company(session, smedjen, later, "2011-06-01")
    assert all_that_is_said(session, day("2011-05-01")) == earlier
    assert tally(session, HIRES) == Tally(0, 1, 0)
    explained = why(session, hire, TODAY)
    assert isinstance(explained, RecordExplanation)
    assert [verdict.outcome for _, verdict in explained.verdicts] == ["waiting"]
    assert check_ledger(session.store).damage == []
    edit_event(session, "hire", hire, {"agreed": "2011-05-31"})
    assert tally(session, HIRES) == Tally(1, 0, 0)
    edit_event(session, "hire", hire, {"agreed": "2011-06-01"})
    assert tally(session, HIRES).counted == 0
    assert tally(session, HIRES, day("2011-05-31")) == Tally()
    assert check_ledger(session.store).damage == []


def test_a_hire_without_a_day_is_in_no_municipality_that_its_company_left(
    session: Session, smedjen: str
) -> None:
    add_event(session, "hire", smedjen, {"level": "master"})
    assert groups(session, "municipality", HIRES)["Viborg"] == Tally(0, 1, 0)
    edit_company(session, smedjen, {"municipality": "740"}, "2011-06-01")
    found = groups(session, "municipality", HIRES)
    assert (found[""], found["Viborg"], found["Silkeborg"]) == (Tally(0, 1, 0), Tally(), Tally())


@pytest.mark.parametrize("joining", ["779", "101"], ids=["after it moved", "before it moved"])
def test_an_amendment_judges_hires_without_a_day_by_all_that_the_company_is(
    session: Session, joining: str
) -> None:
    values = {"name": "Rejsebo", "cvr": cvr_number(3), "municipality": "101", "employees": "40"}
    company = add_company(session, values)["id"]
    edit_company(session, company, {"municipality": "779"}, "2011-03-01")
    add_event(session, "hire", company, {"level": "master"})
    assert tally(session, HIRES) == Tally(0, 0, 1)
    amend_contract(session, {"participation": [{"municipality": joining}]}, None)
    assert tally(session, HIRES) == Tally(0, 1, 0)
    assert check_ledger(session.store).damage == []
    edit_company(session, company, {"employees": "300"}, "2013-01-15")
    amend_contract(session, {"last_day": "2013-06-30"}, None)
    assert check_ledger(session.store).damage == []
