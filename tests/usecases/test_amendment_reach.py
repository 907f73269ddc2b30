"""An amendment judges again what it may change, and nothing where no verdict depends on it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import contract, cvr_number, day
from kmtrack.ledger import unit_of_work
from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.rules.amendment_reach import (
    UNJUDGED,
    UNJUDGED_OF_TARGETS,
    Reach,
    reach_of_amendment,
)
from kmtrack.rules.contract import Contract, Participation, Target
from kmtrack.rules.judgement import Judge, judge
from kmtrack.rules.requirements import REQUIREMENTS
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.undo import redo_command, undo_command

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

PLACES: Final = ("791", "740", "779", None)
AMENDMENTS: Final[dict[str, dict[str, Any]]] = {
    "a later end": {"last_day": "2013-06-30"},
    "an earlier end": {"last_day": "2011-06-30"},
    "a later start": {"first_day": "2011-03-01"},
    "an earlier start": {"first_day": "2010-06-01"},
    "another period": {"first_day": "2011-08-01", "last_day": "2011-09-30"},
    "one joins": {"participation": [{"municipality": "779"}]},
    "one joins later": {"participation": [{"municipality": "791", "from": "2011-05-01"}]},
    "one leaves": {"without": ["740"]},
    "all leave": {"without": ["740", "791"]},
    "all at once": {"last_day": "2011-05-31", "without": ["791"], "minimums": {"hires": 3}},
}
OF_NO_VERDICT: Final[dict[str, dict[str, Any]]] = {
    "names": {"region": "Region Nord", "operator": "Erhvervsråd"},
    "minimums": {"minimums": {"hires": 75}},
    "due days": {"due_days": {"hires": "2012-06-30"}},
    "reports": {"questions_to": "Lis Friis", "report_days": [{"month": 1, "day": 15}]},
}


def _fill(session: Session, companies: int = 60) -> None:
    chance = Random(0)
    with session.unit_of_work("import") as work:
        for number in range(companies):
            facts = {"name": f"Firma {number}", "cvr": cvr_number(number), "kind": "company"}
            place = chance.choice(PLACES)
            company = work.add("company", {**facts, "municipality": place, "employees": "40"})
            for _ in range(chance.randrange(4)):
                met = {"date": _day(chance), "channel": chance.choice(["visit", "phone"])}
                own = {"municipality": chance.choice(PLACES)}
                work.add("contact", {"company_id": company, "broker": "JH", **met, **own})
            if chance.random() < 0.3:
                hired = {"agreed": chance.choice([None, _day(chance)]), "level": "master"}
                work.add("hire", {"company_id": company, "terms": "ordinary", **hired})


def _day(chance: Random) -> str:
    return str(day("2010-01-01") + timedelta(chance.randrange(1200)))


@pytest.mark.everyday(2)
@pytest.mark.parametrize("changes", AMENDMENTS.values(), ids=list(AMENDMENTS))
def test_the_verdicts_are_those_of_the_amended_contract(
    session: Session, changes: dict[str, Any]
) -> None:
    _fill(session)
    for step in (lambda: amend_contract(session, changes, None),
                 lambda: undo_command(session), lambda: redo_command(session)):  # fmt: skip
        step()
        assert check_ledger(session.store).damage == []


@pytest.mark.parametrize("changes", OF_NO_VERDICT.values(), ids=list(OF_NO_VERDICT))
def test_what_no_verdict_depends_on_judges_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    _fill(session, 5)

    def rejudge(*_: object) -> dict[str, Any]:
        assert not list(_[2]), "companies are judged"  # type: ignore[call-overload]
        return {}

    monkeypatch.setattr(unit_of_work, "rejudge", rejudge)
    monkeypatch.setattr(unit_of_work, "rejudge_all", None)
    amend_contract(session, changes, None)
    undo_command(session)
    monkeypatch.undo()
    assert check_ledger(session.store).damage == []


class _Guarded:
    """A contract or a target that fails a rule that reads what it is declared not to read."""

    def __init__(self, whole: Contract | Target, hidden: frozenset[str], **own: Any) -> None:
        self._whole = whole
        self._hidden = hidden
        self.__dict__.update(own)

    def __getattr__(self, name: str) -> Any:
        assert name not in self._hidden, f"a rule reads {name}: it is to be judged again by it"
        return getattr(self._whole, name)


def test_no_rule_reads_what_it_is_declared_not_to_read(session: Session) -> None:
    _fill(session)
    asked = [
        target._replace(requires={name: target.words for name, rule in REQUIREMENTS.items()
                                  if target.counts in rule.nouns})
        for target in contract().targets
    ]  # fmt: skip
    by = contract(targets=tuple(asked))
    targets = [_Guarded(target, UNJUDGED_OF_TARGETS) for target in asked]
    guarded: Any = _Guarded(by, UNJUDGED | {"due_day"}, targets=targets)
    for dossier in all_dossiers(session.store):
        assert Judge(guarded).verdicts(dossier) == judge(dossier, by)


def test_every_other_field_is_judged_by_new_ones_too() -> None:
    before = contract()
    assert set(Contract._fields) > UNJUDGED
    assert set(Target._fields) > UNJUDGED_OF_TARGETS
    for field in Contract._fields:
        other: Any = () if field == "targets" else object()
        if field in {"first_day", "last_day"}:
            other = getattr(before, field) + timedelta(1)
        if field == "participation":
            other = (*before.participation, Participation("779"))
        after = before._replace(**{field: other})
        assert reach_of_amendment(before, after).is_none == (field in UNJUDGED), field
    for field in Target._fields:
        first, *rest = before.targets
        changes: dict[str, Any] = {field: {} if field == "requires" else "contact"}
        changed = first._replace(**changes)
        if field == "counts":
            changed = first._replace(counts="hire")
        after = before._replace(targets=(changed, *rest))
        assert reach_of_amendment(before, after).is_none == (field in UNJUDGED_OF_TARGETS), field
    assert reach_of_amendment(before, before) == Reach()
