"""A requirement that is added is judged alike everywhere, also where records differ only in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from builders import NEW, TODAY, VIBORG, agreeing, cvr_number
from kmtrack.clock import Clock
from kmtrack.ledger import verdicts as verdicts_module
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.explanation import RecordExplanation, TargetExplanation
from kmtrack.rules.requirement_registry import Answer, Requirement, Subject
from kmtrack.rules.requirements import REQUIREMENTS
from kmtrack.rules.tallies import Tally
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at
from kmtrack.usecases.status import status_of
from kmtrack.usecases.why import why

if TYPE_CHECKING:
    from pathlib import Path

_YEAR_END = date(2011, 12, 31)


def has_broker(subject: Subject) -> Answer:
    """A broker is named."""
    return Answer("yes", "broker") if subject.record.brokers else Answer("no", "no_broker")


@pytest.mark.parametrize("few", [0, 50], ids=["in one walk", "one by one"])
def test_records_that_differ_only_in_their_broker_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setitem(REQUIREMENTS, "has_broker", Requirement("has_broker", has_broker))
    monkeypatch.setattr(verdicts_module, "_FEW", few)
    own = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    asked = 'has_broker = { da = "kontaktmægler", en = "broker" }'
    contract = tmp_path / "contract.toml"
    contract.write_text(
        own.replace("[target.requires]", f"[target.requires]\n{asked}", 1), encoding="utf-8"
    )
    clock = Clock(TODAY, is_set=True)
    create_ledger(tmp_path / "ledger.db", NewLedger(("Viborg",), contract, "JH"), clock, {})
    ids = {}
    with session_at(tmp_path / "ledger.db", clock, {}) as session:
        companies = [
            add_company(
                agreeing(session),
                {
                    "name": f"Firma {number}",
                    "cvr": cvr_number(number),
                    "municipality": VIBORG,
                    "employees": "40",
                },
            )["id"]
            for number in range(4)
        ]
        with session.unit_of_work("import") as work:
            for number, company in enumerate(companies):
                facts = {"company_id": company, "date": "2011-03-01", "channel": "visit"}
                broker = {"broker": "JH"} if number % 2 else {}
                ids[work.add("contact", {**facts, **broker})] = bool(broker)
        targets = {each.target.id: each.tally for each in status_of(session.store, TODAY).targets}
        assert targets[NEW] == Tally(counted=2, waiting=0, excluded=2)
        for record_id, counts in ids.items():
            explained = why(session, record_id, _YEAR_END)
            assert isinstance(explained, RecordExplanation)
            [outcome] = [v.outcome for target, v in explained.verdicts if target.id == NEW]
            assert outcome == ("counted" if counts else "excluded")
        of_target = why(session, NEW, _YEAR_END)
        assert isinstance(of_target, TargetExplanation)
        found = {group.outcome: {m.record_id for m in group.members} for group in of_target.groups}
        assert found == {
            "counted": {record_id for record_id, counts in ids.items() if counts},
            "excluded": {record_id for record_id, counts in ids.items() if not counts},
        }
        assert check_ledger(session.store).damage == []
