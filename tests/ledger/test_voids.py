"""Which commands are void: whatever undoes what, the answer is that of the definition, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import given
from hypothesis import strategies as st

from kmtrack.ledger.voids import Undo, circle_of, void_commands

if TYPE_CHECKING:
    from collections.abc import Iterable

# Undos by number, each with the command that it names: an undo, or one of those up to 5.
NAMED: Final = st.dictionaries(st.integers(6, 20), st.integers(1, 20), max_size=15)


def _undos(named: dict[int, int]) -> list[Undo]:
    return [
        Undo(number, number, f"{number:032}", "", "JH", "", undone)
        for number, undone in named.items()
    ]


def _circles(named: dict[int, int]) -> set[int]:
    """Return the undos that come back to themselves."""
    found = set()
    for start, undone in named.items():
        number = undone
        for _ in named:
            if number == start:
                found.add(start)
                break
            number = named.get(number, 0)
    return found


@given(NAMED)
def test_a_command_is_void_while_an_undo_of_it_is_not(named: dict[int, int]) -> None:
    void, circles = void_commands(_undos(named)), _circles(named)
    for command in range(1, 21):
        undone_by = [n for n, undone in named.items() if undone == command and n not in circles]
        assert (command in void) == any(number not in void for number in undone_by)


@given(NAMED, st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(named: dict[int, int], random: object) -> None:
    undos = _undos(named)
    expected = void_commands(undos)
    random.shuffle(undos)  # type: ignore[attr-defined]
    assert void_commands(undos) == expected


@given(NAMED)
def test_what_is_undone_in_a_circle_is_not_void(named: dict[int, int]) -> None:
    void, circles = void_commands(_undos(named)), _circles(named)
    outside = {number for number in named if number not in circles}
    for number in circles:
        undone_by = [n for n in outside if named[n] == number]
        assert (number in void) == any(n not in void for n in undone_by)
        among = [undo for undo in _undos(named) if undo.number in circles]
        [undo] = [each for each in among if each.number == number]
        assert number in circle_of(undo, among) <= circles


@given(NAMED)
def test_what_is_undone_and_brought_back_is_in_force(named: dict[int, int]) -> None:
    """An undo of every undo that takes back a command brings it back."""
    void = void_commands(_undos(named))
    again = _naming(named, (number for number, undone in named.items() if undone in void))
    if not _circles({**named, **again}):
        assert void_commands(_undos({**named, **again})).isdisjoint(
            command for command in void if command not in named
        )


def _naming(named: dict[int, int], numbers: Iterable[int]) -> dict[int, int]:
    first = 100 + len(named)
    return {first + place: number for place, number in enumerate(numbers)}
