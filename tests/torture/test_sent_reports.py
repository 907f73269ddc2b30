"""Reports of ledgers made at random, exported and sent one after the other, and attacked together."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from answers import answer, company, figures_in, hire, is_in
from attacker import known_of
from builders import ledger_in, session_over
from cli_runner import run_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from answers import Company
    from attacker import Figure

pytestmark = pytest.mark.torture

_DAYS: Final = ("2011-06-30", "2011-09-01", "2012-03-01")


def _answers_of(chance: random.Random, known: dict[int, Company]) -> dict[int, Company]:
    """Return what companies answer anew, or otherwise than before."""
    found = {}
    for number in chance.sample(range(9), chance.choice([1, 2, 3, 5, 7])):
        before = known.get(number) or company(
            number, chance.choice(["Viborg", "Silkeborg"]), chance.choice(["master", "phd"])
        )
        given: dict[str, Any] = {
            "highly-educated": chance.randrange(1, 6),
            "product": chance.choice([0, 2, 4, "unknown"]),
        }
        kept = {name: a for name, a in given.items() if chance.random() < 0.8}
        kept |= {"additionality": "no", "process": 1}
        found[number] = before._replace(after=kept)
    return found


def _attack_in(folder: Path, chance: random.Random) -> int:
    """Make a ledger and its workbooks, and attack these; return how many figures they show."""
    ledger = ledger_in(folder)
    known: dict[int, Company] = {}
    figures: dict[str, list[Figure]] = {}
    sent: list[str] = []
    for day in _DAYS:
        given = _answers_of(chance, known)
        with session_over(ledger) as session:
            hire(session, [one for number, one in given.items() if number not in known])
            answer(session, given.values())
        known |= given
        file = folder / f"{day}.xlsx"
        run_in(folder, [("export", str(file), "--as-of", day, *sent)])
        sent += ["--sent", str(file)]
        for row in figures_in(file):
            if row.is_shown and not row.day:
                behind = [
                    (one.name, value)
                    for one in known.values()
                    if is_in(one, row.group) and (value := one.value_of(row.question)) is not None
                ]
                figures.setdefault(row.question, []).append(frozenset(behind))
    names = [f"Company {number}" for number in range(9)]
    for found in figures.values():
        assert not any(known_of(found, names))
    return sum(map(len, figures.values()))


def test_workbooks_together_give_no_one_or_two_companies_away(
    tmp_path: Path, times: Callable[[int, int], int]
) -> None:
    rounds, shown = times(60, 1), 0
    for seed in range(rounds):
        folder = tmp_path / str(seed)
        folder.mkdir()
        shown += _attack_in(folder, random.Random(seed))
    assert shown > 10 * rounds
