"""First visits: an event at a company that the ledger does not know yet, stored together with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.usecases.companies import company_facts, state_company
from kmtrack.usecases.events import state_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.usecases.confirmation import Confirmation
    from kmtrack.usecases.session import Session


def add_event_at_new_company(
    session: Session, noun: str, company: Mapping[str, Any], values: Mapping[str, Any]
) -> Confirmation:
    """Store a company and a contact, collaboration or hire of it, both or neither.

    One undo takes both back. Raises what `add_company` and `add_event` raise.
    """
    session = session.identified(values)
    facts = company_facts(session, company)
    with session.unit_of_work(f"{noun} add") as work:
        company_id = state_company(session, work, facts)
        work.flush()
        return state_event(session, work, noun, company_id, values)
