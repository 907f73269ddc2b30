"""Amendments of the contract: an entry with its reason, after which every record is judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Phrase, Refusal, SideBySide
from kmtrack.ledger.contract import contract_in_force, document_in_force, row_in_force
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.schema.phrases import day_phrase
from kmtrack.municipalities import municipality_name
from kmtrack.rules.amendments import amended, changed_terms, named_terms
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.document import DocumentMistake
from kmtrack.usecases.init import expected_there
from kmtrack.usecases.lookup import find_target, ids_and_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.rules.amendments import Term, TermChange
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.document import Document
    from kmtrack.rules.tallies import Tally
    from kmtrack.usecases.session import Session


_DAYS: Final = frozenset({"first_day", "last_day", "due"})
# The option to blame for a mistake, by a part of the mistake's key.
_OPTIONS: Final = {
    "minimum": "--minimum",
    "due": "--due",
    "until": "--until",
    "from": "--from",
    "region": "--region",
    "operator": "--operator",
    "questions_to": "--questions-to",
    "reporting.days": "--report-day",
    "participation": "--municipality",
    "last_day": "--last-day",
    "first_day": "--first-day",
}


class Amendment(NamedTuple):
    """The amended contract, its changed terms, and the tallies of its targets before and after."""

    contract: Contract
    changes: dict[Term, TermChange]
    before: dict[str, Tally]
    after: dict[str, Tally]


def amend_contract(session: Session, changes: Mapping[str, Any], reason: str | None) -> Amendment:
    """Amend the contract and judge every record again.

    `changes` are those of `rules.amendments.amended`, except that targets may be named by their
    names. Raises Refusal `amendment_wrong`, `nothing_to_count`, `unknown_target`,
    `ambiguous_target`, and if nothing would change `nothing_to_edit` or `stands_already`.
    """
    if not changes:
        raise Refusal("nothing_to_edit")
    why = session.validate(ReasonFacts, {"reason": reason}).reason if reason else None
    far: date = session.clock.today.max
    with session.unit_of_work("contract amend", why) as work:
        before = totals(session.store, far)
        document = document_in_force(session.store)
        wanted = _by_ids(session, work.contract, changes)
        _refuse_minimums(work.contract, wanted.get("minimums", {}))
        made = changed_terms(document, _amended(document, wanted))
        if not made:
            raise _unchanged(document, wanted)
        work.edit("contract", row_in_force(session.store), wanted)
        work.judge()
        return Amendment(contract_in_force(session.store), made, before, totals(session.store, far))


def _amended(document: Document, changes: Mapping[str, Any]) -> Document:
    """Return the amended document. Raises Refusal `amendment_wrong`."""
    try:
        new = amended(document, changes)
        read_contract(new)
    except DocumentMistake as mistake:
        if mistake.key == "period.last_day" and "last_day" not in changes:
            mistake = DocumentMistake("period.first_day", "not_after_last_day")
        option = next(name for part, name in _OPTIONS.items() if part in mistake.key)
        raise Refusal(
            "amendment_wrong", option=option, expected=expected_there(mistake)
        ) from mistake
    return new


def _unchanged(document: Document, changes: Mapping[str, Any]) -> Refusal:
    """Return the refusal of changes that the document already has."""
    contract, terms = read_contract(document), named_terms(document, changes)
    facts = SideBySide(
        Phrase("word.fact", heading=term_phrase(contract, term), value=term_value(term, value))
        for term, value in terms.items()
    )
    return Refusal("stands_already", standing=facts)


def term_phrase(contract: Contract, term: Term, *, reworded: bool = False) -> Phrase:
    """Return the name of a term of the contract; for a `reworded` term, that of its wording."""
    kind = "wording" if reworded else term.kind
    return Phrase(f"term.{kind}", of=_subject_of(contract, term))


def _subject_of(contract: Contract, term: Term) -> object:
    """Return what a term concerns: a municipality, or a target by its name or else its id."""
    if term.kind == "participation":
        return municipality_name(term.of)
    target = contract.target(term.of)
    return target.name if target else term.of


def term_value(term: Term, value: Any) -> object:
    """Return the value of a term as a fact of a sentence; "-" for none."""
    if term.kind == "participation":
        return SideBySide(map(_taking_part, value)) or Phrase("term.takes_no_part")
    if term.kind == "report_days":
        return SideBySide(map(year_day_phrase, value)) or "-"
    if term.kind in _DAYS and value:
        return day_phrase(value)
    return str(value or "-")


def year_day_phrase(day: Mapping[str, int]) -> Phrase:
    """Return a day of every year as a fact of a sentence."""
    return Phrase("term.year_day", day=day["day"], month=Phrase(f"month.{day['month']}"))


def _taking_part(days: Mapping[str, str]) -> Phrase:
    first, last = days.get("from"), days.get("until")
    key = "term.takes_part" + ("_from" if first else "") + ("_until" if last else "")
    return Phrase(key, first=day_phrase(first or ""), last=day_phrase(last or ""))


def _by_ids(session: Session, contract: Contract, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes with the ids of the targets in place of their names."""
    made = dict(changes)
    for key in made.keys() & {"minimums", "due_days"}:
        named = made[key].items()
        made[key] = {
            find_target(session.settle, text, contract.targets).id: value for text, value in named
        }
    return made


def _refuse_minimums(contract: Contract, minimums: Mapping[str, int | None]) -> None:
    for target in contract.targets:
        if minimums.get(target.id) is not None and not target.takes_minimum:
            able = [other for other in contract.targets if other.takes_minimum]
            raise Refusal("nothing_to_count", name=target.name, among=ids_and_names(able))
