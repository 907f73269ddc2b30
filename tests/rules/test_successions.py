"""Successions: which takeovers hold, and whose history is whose from when on."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import day, recorded
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
