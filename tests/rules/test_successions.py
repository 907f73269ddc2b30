"""Successions: which takeovers hold, and whose history is whose from when on."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders import contract, day, recorded
from kmtrack.rules.contact_history import contact_positions, first_contact_before
from kmtrack.rules.dossier import Company, CompanyVersion, Contact, Dossier, Predecessor
from kmtrack.rules.successions import Succession, in_force, succeeded_by

COMPANIES = "abcde"


def stated(*notations: str) -> list[Succession]:
    """Return successions from notations of the form "OLD>NEW DAY", the first stated first."""
    found = []
    for number, notation in enumerate(notations, start=1):
        pair, since = notation.split()
        old, new = pair.split(">")
        found.append(Succession(f"t{number}", recorded(number), old, new, day(since)))
    return found


@pytest.mark.parametrize(
    ("notations", "holding"),
    [
        (["a>b 2011-03-01"], ["a>b"]),
        (["a>b 2011-03-01", "b>c 2011-04-01"], ["a>b", "b>c"]),
        (["a>c 2011-03-01", "b>c 2011-04-01"], ["a>c", "b>c"]),
        (["a>b 2011-03-01", "a>c 2011-02-01"], ["a>b"]),
        (["a>a 2011-03-01"], []),
        (["a>b 2011-03-01", "b>a 2011-04-01"], ["a>b"]),
        (["a>b 2011-03-01", "b>c 2011-04-01", "c>a 2011-05-01"], ["a>b", "b>c"]),
        (["a>b 2011-03-01", "b>a 2011-04-01", "b>c 2011-05-01"], ["a>b", "b>c"]),
    ],
)
def test_the_first_stated_holds_and_none_that_closes_a_circle(
    notations: list[str], holding: list[str]
) -> None:
    for order in permutations(stated(*notations)):
        found = in_force(order)
        assert sorted(f"{each.company}>{each.successor}" for each in found.values()) == holding


def test_a_chain_hands_the_history_on_with_the_last_takeover() -> None:
    found = in_force(stated("a>b 2011-06-01", "b>c 2011-03-01", "c>d 2011-04-01", "e>b 2011-01-01"))
    assert sorted(succeeded_by("b", found)) == [("a", day("2011-06-01")), ("e", day("2011-01-01"))]
    assert sorted(succeeded_by("d", found)) == [
        ("a", day("2011-06-01")),
        ("b", day("2011-04-01")),
        ("c", day("2011-04-01")),
        ("e", day("2011-04-01")),
    ]
    assert list(succeeded_by("a", found)) == []


@given(
    st.lists(
        st.tuples(st.sampled_from(COMPANIES), st.sampled_from(COMPANIES), st.integers(1, 9)),
        max_size=8,
    )
)
def test_whatever_is_stated_a_company_never_succeeds_itself(
    pairs: list[tuple[str, str, int]],
) -> None:
    found = in_force(stated(*(f"{old}>{new} 2011-03-0{number}" for old, new, number in pairs)))
    for company in COMPANIES:
        earlier = [old for old, _ in succeeded_by(company, found)]
        assert company not in earlier
        assert len(earlier) == len(set(earlier))


DAYS = st.dates(date(2011, 3, 1), date(2011, 3, 6))
HISTORIES = st.tuples(
    st.none() | DAYS | st.just(date.min),
    st.lists(st.tuples(DAYS, st.sampled_from(["visit", "phone", "email"]), st.integers(0, 2))),
)


def _contacts(prefix: str, found: list[tuple[date, str, int]]) -> tuple[Contact, ...]:
    return tuple(
        Contact(f"{prefix}{number}", f"2011-{recorded_at}", on, channel)
        for number, (on, channel, recorded_at) in enumerate(found)
    )


@given(HISTORIES, st.lists(st.tuples(DAYS, HISTORIES), max_size=3))
@example(
    (date(2011, 3, 2), [(date(2011, 3, 2), "visit", 1)]),
    [(date(2011, 3, 1), (None, [(date(2011, 3, 2), "visit", 0)]))],
)
def test_a_contact_is_placed_in_all_that_its_company_had_of_history_that_day(
    own: tuple[Any, Any], others: list[tuple[date, tuple[Any, Any]]]
) -> None:
    by = contract()
    company_ = Company("c1", "13748136", own[0], ((None, CompanyVersion("791", "40")),))
    predecessors = tuple(
        Predecessor(f"c{number}", since, visited, _contacts(f"o{number}-", met))
        for number, (since, (visited, met)) in enumerate(others, start=2)
    )
    dossier = Dossier(company_, _contacts("k", own[1]), predecessors=predecessors)
    placed = dict(contact_positions(dossier, by))
    assert sorted(placed) == sorted(dossier.contacts)
    for contact, position in placed.items():
        known = [each for each in predecessors if each.since <= contact.day]
        met = [other for each in known for other in each.contacts] + list(dossier.contacts)
        order = _order(contact)
        before = [each for each in met if _order(each) < order]
        visits = [each.visited_before for each in known] + [own[0]]
        visited = [on for on in visits if on is not None and on <= contact.day]
        counted = [each.day for each in before if each.channel in by.channels]
        assert position.earlier == max(counted + visited, default=None)
        seen = [each.day for each in before if each.channel in by.visits]
        assert position.visited == min(seen + visited, default=None)
        same = sorted(filter(lambda each: each.day == contact.day, before), key=_order)
        ids = [each.id for each in same if each.channel in by.channels]
        expected = "" if contact.day in visited else ids[0] if ids else None
        assert position.same_day_as == expected
        first = first_contact_before(dossier, by, contact)
        assert (first.day if first else None) == min(counted + visited, default=None)


def _order(contact: Contact) -> tuple[date, str, int, str]:
    return contact.day, contact.recorded_at, contact.place, contact.id
