"""Withheld figures: answers of fewer than three respondents cannot be calculated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.rules.confidentiality import SMALLEST_GROUP, is_traceable, withheld


@pytest.mark.parametrize(
    ("answers", "expected"), [(0, False), (1, True), (2, True), (3, False), (4, False)]
)
def test_fewer_than_three_can_be_traced(answers: int, expected: bool) -> None:
    assert is_traceable(answers) is expected


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        pytest.param({}, "", id="no groups"),
        pytest.param({"a": 0, "b": 5}, "", id="nobody answered, nobody to trace"),
        pytest.param({"a": 3, "b": 5}, "", id="all large enough"),
        pytest.param({"a": 2}, "a", id="alone"),
        pytest.param({"a": 2, "b": 5}, "ab", id="one hidden follows from the total"),
        pytest.param({"a": 2, "b": 5, "c": 4}, "ac", id="the next smallest goes with it"),
        pytest.param({"a": 1, "b": 1, "c": 4, "d": 9}, "abc", id="two hidden that are still two"),
        pytest.param({"a": 1, "b": 2, "c": 4}, "ab", id="two hidden that are three"),
        pytest.param({"a": 2, "b": 0, "c": 4}, "ac", id="an empty group hides nothing"),
    ],
)
def test_the_groups(sizes: dict[str, int], hidden: str) -> None:
    assert withheld(sizes) == set(hidden)


def test_what_is_hidden_already_counts_as_hidden() -> None:
    assert withheld({"a": 4, "b": 1, "c": 9}, {"a"}) == {"a", "b"}
    assert withheld({"a": 0, "b": 4, "c": 9}, {"a"}) == {"a"}


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=1), st.integers(0, 9)))
def test_neither_total_nor_difference_gives_few_away(sizes: dict[str, int]) -> None:
    hidden = withheld(sizes)
    shown = {group: size for group, size in sizes.items() if group not in hidden}
    assert not any(map(is_traceable, shown.values()))
    rest = sum(sizes.values()) - sum(shown.values())
    if any(shown.values()) and hidden:
        assert rest >= SMALLEST_GROUP
        assert sum(1 for group in hidden if sizes[group]) > 1
