"""A check and a merge return data, which is put into words only where it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, agreeing
from kmtrack import i18n
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.views.check import check_as_dict, render_check
from kmtrack.views.merge import merge_as_dict, render_merge

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

LANGUAGES: tuple[i18n.Language, ...] = ("da", "en")


def _fill(session: Session, employees: str) -> None:
    named = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": employees}
    add_company(agreeing(session), named)
    add_contact(session, CVR, {"date": "2011-03-01"})


def test_the_warnings_of_a_check_are_the_same_in_both_languages(session: Session) -> None:
    add_company(agreeing(session), {"name": "Mols Bogtryk", "cvr": CVR})
    add_contact(session, CVR, {"date": "2011-03-01"})
    add_event(session, "hire", CVR, {"level": "phd"})
    found, shown, data = [], [], []
    for language in LANGUAGES:
        i18n.use(language)
        result = check_ledger(session.store)
        found.append(result)
        shown.append(list(render_check(result)))
        data.append(check_as_dict(result))
    assert found[0] == found[1]
    assert {issue.kind for issue in found[0].warnings} >= {
        "missing_of_company",
        "missing_not_agreed",
    }
    assert all(one != other for one, other in zip(*shown, strict=True))
    assert data[0] != data[1]


@pytest.mark.parametrize("damage", ["outcome = 'excluded'", "day = '2011-03-05'"])
def test_damage_is_the_same_in_both_languages(session: Session, damage: str) -> None:
    _fill(session, "40")
    session.store.run(f"UPDATE verdict SET {damage}")
    found, names = [], []
    for language in LANGUAGES:
        i18n.use(language)
        result = check_ledger(session.store)
        found.append(result.damage)
        names.append([issue["facts"].get("name") for issue in check_as_dict(result)["damage"]])
    assert found[0] == found[1]
    assert {issue.kind for issue in found[0]} >= {"verdict_differs", "tally_differs"}
    assert names[0] != names[1]


def test_the_plan_of_a_merge_is_the_same_in_both_languages(
    session: Session, other: Session
) -> None:
    _fill(session, "40")
    _fill(other, "45")
    amend_contract(session, {"minimums": {"hires": 70}}, "aftalt")
    amend_contract(other, {"minimums": {"hires": 80}}, "aftalt")
    plans: list[Any] = []
    shown, data = [], []
    for language in LANGUAGES:
        i18n.use(language)
        plan = merge_ledgers(session, [other.store.location], keep=False)
        plans.append(plan)
        shown.append(list(render_merge(plan)))
        data.append(merge_as_dict(plan))
    assert plans[0] == plans[1]
    assert {conflict.field for conflict in plans[0].conflicts} == {"employees", "hires.minimum"}
    assert all(one != other for one, other in zip(*shown, strict=True))
    assert data[0]["files"] == data[1]["files"]
    assert data[0]["conflicts"] != data[1]["conflicts"]
