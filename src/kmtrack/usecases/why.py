"""Explanations of verdicts: why a record counts or not; see `why_target` for a whole target."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import DossierReader
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.ledger.verdicts import judge_company
from kmtrack.rules.contact_history import first_contact_before
from kmtrack.rules.explanation import (
    DeliveredExplanation,
    RecordExplanation,
    TargetExplanation,
)
from kmtrack.text import as_typed
from kmtrack.usecases.company_lookup import by_id, companies_named, is_last
from kmtrack.usecases.lookup import find_target, is_whole_name, named_by
from kmtrack.usecases.record_lookup import UnknownRecord, company_and_day, find_record
from kmtrack.usecases.records import event_record, other_company

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Dossier
    from kmtrack.usecases.records import ShownRecord
    from kmtrack.usecases.session import Session


def why(
    session: Session, text: str, as_of: date, most: int = EVERYTHING
) -> RecordExplanation | TargetExplanation | DeliveredExplanation:
    """Explain the record that `text` names, or the target.

    The complete id or name of a target takes precedence over a record, and a record over the
    beginning of a name. A target is explained as of a day, with the first `most` records of each
    reason; all of them are read at iteration, so hold a snapshot. Raises UnknownRecord, and Refusal
    `why_of_company`, `neither_id_nor_target`, `ambiguous_target` or what `find_record` raises.
    """
    with session.store.reading():
        session.store.foresee(
            partial(contract_in_force, session.store),
            partial(by_id, session.store, noun_of(text) or "", text),
        )
        contract = contract_in_force(session.store)
        is_record = noun_of(text) or is_last(text)
        if is_record and not is_whole_name(text, contract.targets):
            try:
                return _record(session, contract, text)
            except UnknownRecord:
                if not named_by(text, contract.targets):
                    raise
        elif not named_by(text, contract.targets) and company_and_day(session, text):
            return _record(session, contract, text)
        target = _target(session, contract, text)
        # Most people ask about a record, which needs far less.
        from kmtrack.usecases.why_target import explain_target

        return explain_target(session, contract, target, as_of, most)


def _target(session: Session, contract: Contract, text: str) -> Target:
    """Return the target that `text` names. Raises as `find_target`, and for a company refers to `company show`."""
    try:
        return find_target(session.settle, text, contract.targets, "neither_id_nor_target")
    except Refusal as refusal:
        if refusal.key != "neither_id_nor_target" or not companies_named(session, text):
            raise
        raise Refusal(
            "why_of_company", value=shown(text), company=as_typed([shown(text)])
        ) from None


def _record(session: Session, contract: Contract, reference: str) -> RecordExplanation:
    noun, row = find_record(session, reference, withdrawn=True)
    DossierReader(session.store).foresee(row["company_id"])
    record = event_record(session.store, noun, row)
    if row["withdrawn"] is not None:
        return RecordExplanation(contract, record, [], None)
    company = judge_company(session.store, contract, row["company_id"])
    if company is None:
        return RecordExplanation(contract, record, [], None)
    pairs = [
        (contract.target(verdict.target), verdict) for verdict in company.verdicts_on(row["id"])
    ]
    met_before = _met_before(contract, company.dossier, row["id"]) if noun == "contact" else None
    predecessors = _predecessors(session.store, company.dossier, record)
    return RecordExplanation(
        contract, record, [(t, v) for t, v in pairs if t is not None], met_before, predecessors
    )


def _predecessors(
    store: Store, dossier: Dossier, record: ShownRecord
) -> list[dict[str, str | None]]:
    """Return the companies that the company of a record had taken over by the record's day."""
    day = record.get("date") or record.get("agreed") or ""
    return [
        other_company(store, each.id, each.since)
        for each in dossier.predecessors
        if each.since.isoformat() <= day
    ]


def _met_before(contract: Contract, dossier: Dossier, contact_id: str) -> EarlierContact | None:
    contact = next((each for each in dossier.contacts if each.id == contact_id), None)
    return first_contact_before(dossier, contract, contact) if contact else None
