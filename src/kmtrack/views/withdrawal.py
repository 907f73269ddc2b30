"""Withdrawals: what was withdrawn, and the delivered targets concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, say
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.views.confirm import event_in_words
from kmtrack.views.format import sentence
from kmtrack.views.target_changes import effects_as_dict, format_effects
from kmtrack.views.target_status import target_status_as_dict, target_status_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.verdicts import VerdictChange
    from kmtrack.rules.contract import Target
    from kmtrack.rules.status import DeliveredStatus
    from kmtrack.rules.tallies import TargetChange

    TargetStatuses = Sequence[tuple[Target, DeliveredStatus]]


def format_delivered(statuses: TargetStatuses, key: str, **facts: object) -> list[str]:
    """Word what was stored (the text `key`), and the status of the targets that it is for."""
    return [
        say(key, **facts),
        *(
            f"{target.name.in_language(current())}: {target_status_in_words(status)[0]}"
            for target, status in statuses
        ),
    ]


def format_withdrawal(
    records: Sequence[dict[str, Any]],
    changes: Sequence[TargetChange] = (),
    others: Sequence[VerdictChange] = (),
    statuses: TargetStatuses = (),
) -> list[str]:
    """Word what was withdrawn, what else changed, and the status of delivered targets now."""
    of_targets = {target.id: target.name.in_language(current()) for target, _ in statuses}
    withdrawn = [
        say(
            "confirm.withdrawn",
            noun=say(f"noun.{record['noun']}").capitalize(),
            id=record["id"],
            what=_withdrawn(record, of_targets),
            reason=record["withdrawn"],
        )
        for record in records
    ]
    delivered = [
        f"{of_targets[target.id]}: {'. '.join(map(sentence, target_status_in_words(status)))}"
        for target, status in statuses
    ]
    return [*withdrawn, *format_effects(others, changes), *delivered]


def _withdrawn(record: dict[str, Any], of_targets: Mapping[str, str]) -> str:
    """Word which record was withdrawn, so that a user who typed the beginning of an id can see it."""
    if record["noun"] in EVENTS:
        return event_in_words(record)
    return str(record.get("company") or of_targets.get(record["name"], record["name"]))


def withdrawal_as_dict(
    records: Sequence[dict[str, Any]],
    changes: Sequence[TargetChange] = (),
    others: Sequence[VerdictChange] = (),
    statuses: TargetStatuses = (),
) -> dict[str, Any]:
    """Return what was withdrawn as data, with what else changed and the delivered targets.

    One record is given as such, several as `records`.
    """
    delivered = {
        target.id: {"state": status.state, **target_status_as_dict(status)}
        for target, status in statuses
    }
    effects = effects_as_dict(others, changes)
    found = records[0] if len(records) == 1 else {"records": list(records)}
    return {**found, **effects, "targets": effects["targets"] | delivered}
