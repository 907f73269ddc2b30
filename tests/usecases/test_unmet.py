"""What is told of records that do not meet a requirement is what the rule answers, asked of them all."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from builders import HIRES, LATER, agreeing, cvr_number, day, ledger_in, session_over
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.ledger.verdicts import rejudge_all
from kmtrack.rules.explanation import TargetExplanation, answered_no
from kmtrack.usecases.companies import add_company, join_companies
from kmtrack.usecases.successions import succeed_company
from kmtrack.usecases.why import why

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.session import Session

FIRST: Final = day("2011-02-01")
CHANNELS: Final = ("visit", "phone", "phone", "online", "email")
VISITED: Final = (None, None, "yes", "2010-11-01", "2011-02-04", "2011-02-20")


def _filled(session: Session, chance: Random) -> None:
    """Fill a ledger with companies met now and then, some of them joined, some of them taken over."""
    companies = []
    for number in range(24):
        facts = {"name": f"Firma {number}", "cvr": cvr_number(number) if number % 4 else None}
        facts["visited_before"] = chance.choice(VISITED)
        companies.append(add_company(agreeing(session), facts)["id"])
    with session.unit_of_work("import") as work:
        for company in companies:
            for _ in range(chance.randint(0, 5)):
                channel = chance.choice(CHANNELS)
                facts = {"company_id": company, "date": _day(chance), "channel": channel}
                work.add("contact", facts)
            if chance.choice([True, False]):
                hire = {"level": "phd", "terms": "ordinary"}
                work.add("hire", {"company_id": company, "agreed": _day(chance), **hire})
    for one, other in ((0, 1), (4, 6), (8, 12)):
        join_companies(session, companies[one], companies[other])
    for old, new in ((2, 3), (5, 7), (7, 9), (10, 11)):
        succeed_company(session, companies[old], companies[new], _day(chance))


def _day(chance: Random) -> str:
    return str(FIRST + timedelta(chance.randint(0, 9)))


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))]
)
@pytest.mark.parametrize("required", [True, False], ids=["required", "not required"])
def test_it_is_what_the_rule_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, *, required: bool
) -> None:
    with session_over(ledger_in(tmp_path), day("2011-12-31")) as session:
        _filled(session, Random(seed))
        shipped = contract_in_force(session.store)
        by = _requiring(shipped) if required else _without(shipped)
        monkeypatch.setattr("kmtrack.usecases.why.contract_in_force", lambda _: by)
        rejudge_all(session.store, by)
        for target_id, rule in ((LATER, "visited_earlier"), (HIRES, "brokered")):
            target = by.target(target_id)
            assert target is not None
            lacking = answered_no(rule, target, by, all_dossiers(session.store))
            assert lacking
            for as_of in (FIRST, FIRST + timedelta(4), FIRST + timedelta(9)):
                explained = why(session, target_id, as_of)
                assert isinstance(explained, TargetExplanation)
                outcomes = {
                    member.record_id: group.outcome
                    for group in explained.groups
                    for member in group.members
                }
                expected = sorted(lacking & outcomes.keys())
                found = {unmet.requirement: unmet for unmet in explained.unmet}
                assert (rule in found) == bool(outcomes)
                if outcomes:
                    assert sorted(found[rule].ids) == expected
                    assert found[rule].number == len(expected)
                    counted = sum(outcomes[record_id] == "counted" for record_id in expected)
                    assert found[rule].counted == counted


def _requiring(by: Contract) -> Contract:
    """Return a contract that asks for a visit before a follow-up; it asks that hires are brokered."""
    targets = [
        target._replace(requires={**target.requires, "visited_earlier": target.words})
        if target.id == LATER
        else target
        for target in by.targets
    ]
    return by._replace(targets=tuple(targets))


def _without(by: Contract) -> Contract:
    """Return a contract that does not ask that hires are brokered."""
    return by._replace(
        targets=tuple(
            target._replace(requires={n: w for n, w in target.requires.items() if n != "brokered"})
            for target in by.targets
        )
    )
