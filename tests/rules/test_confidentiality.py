"""Figures shown together, attacked with linear algebra of the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attacker import known_of
from hypothesis_profiles import examples
from kmtrack.rules.confidentiality import Coordinates, Statement, shown_together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attacker import Figure


def chosen(candidates: Sequence[Figure], already: Sequence[Figure] = ()) -> list[bool]:
    coordinates = Coordinates()
    statements = [
        Statement({"sum": sum(coordinates.vector_of(*answer) for answer in figure)})
        for figure in (*already, *candidates)
    ]
    found = shown_together(
        {"sum": coordinates},
        [[one] for one in statements[len(already) :]],
        statements[: len(already)],
    )
    return [place == 0 for place in found]


def all_of(names: str) -> Figure:
    return frozenset((name, 0) for name in names)


@pytest.mark.parametrize(
    ("already", "candidates", "expected"),
    [
        pytest.param("", "", "", id="nothing"),
        pytest.param("", "a ab abc", "--x", id="of one or two never"),
        pytest.param("", "abcdef abc def", "xxx", id="halves of three"),
        pytest.param("", "abcde abc de", "x--", id="the rest would be two"),
        pytest.param("", "abcdefg abcd abc efg", "xx-x", id="case 07, level minus municipality"),
        pytest.param("", "abcdefghi abc def ghi", "xxxx", id="groups of three add up"),
        pytest.param(
            "", "abcdefgh abcd efgh bcde", "xxx-", id="half of a sum of three less one"
        ),
        pytest.param("abc", "abcd", "-", id="one answer is new"),
        pytest.param("abc", "abcde", "-", id="two answers are new"),
        pytest.param("abc", "abcdef", "x", id="three answers are new"),
        pytest.param("abc", "abc", "x", id="nothing is new"),
        pytest.param("abcd abc", "abcd abc abcde", "x--", id="what was revealed is not again"),
    ],
)  # fmt: skip
def test_what_is_shown(already: str, candidates: str, expected: str) -> None:
    given_already = [all_of(names) for names in already.split()]
    found = chosen([all_of(names) for names in candidates.split()], given_already)
    assert "".join("-x"[is_shown] for is_shown in found) == expected


def test_a_figure_over_nobody_is_shown() -> None:
    assert chosen([frozenset(), all_of("ab"), frozenset()]) == [True, False, True]


def test_a_changed_answer_is_another_coordinate() -> None:
    before, after = all_of("abcde"), all_of("abc") | {("d", 1), ("e", 1)}
    assert chosen([after], [before]) == [False]
    assert chosen([after - {("c", 0)} | {("c", 1)}], [before]) == [True]


def test_figures_that_go_together_are_withheld_together() -> None:
    sums, counts = Coordinates(), Coordinates()
    whole = sum(counts.vector_of(name, 0) for name in "abcd")
    some = sum(sums.vector_of(name, 0) for name in "abc")
    both = Statement({"count": whole, "sum": some})
    of_two = Statement({"count": whole, "sum": sums.vector_of("a", 0) | sums.vector_of("b", 0)})
    assert shown_together({"count": counts, "sum": sums}, [[of_two], [both]]) == [None, 0]


_RESPONDENTS = "abcdefgh"
_FIGURES = st.lists(
    st.dictionaries(st.sampled_from(_RESPONDENTS), st.sampled_from([0, 0, 0, 1])).map(
        lambda versions: frozenset(versions.items())
    ),
    max_size=6,
)


@given(_FIGURES, _FIGURES)
@examples(100)
def test_as_much_is_shown_as_reveals_no_more_of_one_or_two(
    candidates: list[Figure], already: list[Figure]
) -> None:
    found = chosen(candidates, already)
    shown = [*already, *(one for one, is_shown in zip(candidates, found, strict=True) if is_shown)]
    known = known_of(already, _RESPONDENTS)
    own = shown[len(already) :]
    assert known_of(shown, _RESPONDENTS) == known
    assert not any(known_of(own, _RESPONDENTS))
    for one, is_shown in zip(candidates, found, strict=True):
        assert (
            is_shown
            or known_of([*shown, one], _RESPONDENTS) != known
            or any(known_of([*own, one], _RESPONDENTS))
        )


_CELLS = st.lists(
    st.tuples(st.sampled_from("VSH"), st.sampled_from("mpx")), min_size=3, max_size=12
)


@given(_CELLS)
@examples(50)
def test_two_groupings_reveal_nothing_of_one_or_two(cells: list[tuple[str, str]]) -> None:
    names = "abcdefghijklmn"[: len(cells)]
    everyone = list(zip(names, cells, strict=True))
    groups = [everyone] + [
        [one for one in everyone if one[1][place] == group]
        for place, known in enumerate(("VSH", "mpx"))
        for group in known
    ]
    figures = [frozenset((name, 0) for name, _ in group) for group in groups]
    found = chosen(figures)
    shown = [one for one, is_shown in zip(figures, found, strict=True) if is_shown]
    assert not any(known_of(shown, names))
    for one, is_shown in zip(figures, found, strict=True):
        assert is_shown or any(known_of([*shown, one], names))
