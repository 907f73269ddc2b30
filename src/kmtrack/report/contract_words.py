"""The contract in words: parties, period, who takes part, and what an amendment made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.places import municipality_name
from kmtrack.report.words import amount_in_words, day_in_words
from kmtrack.rules.contract_document import CHANNELS, COLLABORATION_KINDS, LEVELS, TERMS
from kmtrack.texts import current, say
from kmtrack.texts.alphabet import in_danish_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.rules.contract import Contract, Participation, Target

_STATED_IN: Final = {"first_day": "period", "last_day": "period", "without": "participation"}


def terms_in_words(contract: Contract) -> dict[str, str]:
    """What is said of the contract as a whole, by the keys of the headings."""
    unknown = say("group.unknown")
    taking_part = sorted(map(_span, contract.participation), key=in_danish_order)
    return {
        "region": contract.region,
        "operator": contract.operator or unknown,
        "period": f"{day_in_words(contract.first_day)} - {day_in_words(contract.last_day)}",
        "participation": ", ".join(taking_part) or unknown,
    }


def counting_in_words(contract: Contract) -> dict[str, str]:
    """What the contract counts and where it sets its limits, by the keys of the headings."""
    limits = contract.sme
    return {
        "channels": _choices("channel", contract.channels, CHANNELS),
        "levels": _choices("level", contract.highly_educated, LEVELS),
        "terms": _choices("terms", contract.paid_terms, TERMS),
        "sme": say(
            "contract.sme_limits",
            employees=limits.employees_below,
            turnover=amount_in_words(limits.turnover_at_most),
            balance=amount_in_words(limits.balance_at_most),
        ),
    }


def requirements_in_words(target: Target) -> str:
    """What a target asks of a record, or of what is delivered, in few words."""
    if not target.is_counted:
        return delivered_in_words(target)
    selection = target.selection
    asked = [] if selection.history is None else [say(f"contract.history.{selection.history}")]
    for kinds in (
        _choices("collaboration_kind", selection.kinds, COLLABORATION_KINDS),
        _choices("level", selection.levels, LEVELS),
    ):
        asked += [kinds] if kinds else []
    asked += [say(f"rule.{rule}") for rule in target.requires]
    return say("contract.requires", asked=", ".join(asked)) if asked else ""


def delivered_in_words(target: Target) -> str:
    """What is looked at in a target that is delivered."""
    kind = target.counts if target.logged_every_days is None else "running"
    return say(f"definition.{kind}", days=target.logged_every_days)


def _choices(field: str, chosen: frozenset[str], among: Iterable[str]) -> str:
    """The chosen ones in words, in the order of all of them."""
    return ", ".join(say(f"choice.{field}.{value}") for value in among if value in chosen)


def amendment_in_words(contract: Contract, changes: Mapping[str, Any]) -> str:
    """What the contract says now where it was amended; `changes` as they were made."""
    terms = terms_in_words(contract)
    keys = dict.fromkeys(_STATED_IN.get(key, key) for key in changes)
    said = [f"{say(f'contract.{key}')}: {terms[key]}" for key in keys if key in terms]
    for target in contract.targets:
        name = target.name.in_language(current())
        if target.id in changes.get("minimums", {}):
            said.append(f"{name}: {say('status.minimum')} {target.minimum}")
        if target.id in changes.get("due_days", {}):
            said.append(f"{name}: {say('contract.due')} {day_in_words(target.due)}")
    return " · ".join(said)


def _span(span: Participation) -> str:
    days = [
        f"{say(word)} {day_in_words(day)}"
        for word, day in (("word.from", span.first_day), ("word.until", span.last_day))
        if day
    ]
    name = municipality_name(span.municipality)
    return f"{name} ({' '.join(days)})" if days else name
