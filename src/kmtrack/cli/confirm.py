"""Confirmations: what was stored, how it counts and why not, in two lines at most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kmtrack.cli.output import show, show_json
from kmtrack.i18n import current, say
from kmtrack.views.format import (
    answer_in_words,
    heading_of,
    remedy_in_words,
    stated_in_words,
    to_fill_in,
    value_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.status import DeliveredStanding
    from kmtrack.usecases.companies import Difference, EditedCompany, JoinedCompany
    from kmtrack.usecases.events import Confirmation, TargetVerdict
    from kmtrack.usecases.session import Session
    from kmtrack.usecases.target_changes import TargetChange

# Where the options of a remedy begin, after the ledger that may stand in front.
_OPTIONS = re.compile(" --(?!ledger )")
_BEHIND_THE_FACTS = frozenset({"id", "noun", "company_id", "stated", "verdicts", "company_changes"})


def confirm(confirmation: Confirmation, *, edited: bool = False) -> None:
    """Say what was stored with its id, and how it stands to its target."""
    record = confirmation.record
    key = "confirm.edited" if edited else f"confirm.{record['noun']}"
    day = record.get("date") or record.get("agreed")
    show(
        say(
            key,
            noun=say(f"noun.{record['noun']}").capitalize(),
            id=record["id"],
            company=record["company"],
            day=value_in_words(record["noun"], "date", day) or say("word.not_agreed"),
        )
    )
    lines = [_standing(record, standing) for standing in confirmation.standings]
    show(" · ".join(lines) if lines else say("confirm.for_no_target"))


def _standing(record: dict[str, Any], standing: TargetVerdict) -> str:
    target = standing.target
    name = target.name.in_language(current())
    if standing.verdict.outcome == "counted":
        key = "confirm.counts" if target.minimum is None else "confirm.counts_of"
        return say(key, target=name, number=standing.counted, minimum=target.minimum)
    outcome, answers = standing.verdict.outcome, [answer for _, answer in standing.verdict.reasons]
    reason = ", ".join(dict.fromkeys(map(answer_in_words, answers)))
    text = say(f"confirm.{outcome}", target=name, reason=reason)
    # Of several reasons to exclude, undoing one would change nothing.
    if outcome == "excluded" and len(answers) > 1:
        return text
    remedies = dict.fromkeys(remedy_in_words(record, answer) for answer in answers)
    return "; ".join([text, *_in_one_command(list(filter(None, remedies)))])


def _in_one_command(remedies: list[str]) -> list[str]:
    """The commands of several remedies as one where they differ in nothing but their options."""
    parts = [_OPTIONS.split(remedy, maxsplit=1) for remedy in remedies]
    starts = {start for start, *_ in parts}
    if len(starts) > 1 or any(" --from " in remedy for remedy in remedies):
        return remedies
    options = "".join(f" --{option}" for _, *rest in parts for option in rest)
    return [start + options for start in starts]


def confirm_edited_company(session: Session, edited: EditedCompany) -> None:
    """Say which company was corrected, what that did to the counts, and which facts are missing."""
    confirm_company(session, edited.record, "confirm.company_edited")
    _show_moves(edited.moves)


def confirm_joined_company(session: Session, joined: JoinedCompany) -> None:
    """Say which company the two are, which facts of either no longer hold, and as above."""
    confirm_company(session, joined.record, "confirm.company_joined")
    for difference in joined.differences:
        show(format_difference(difference))
    _show_moves(joined.moves)


def format_difference(difference: Difference) -> str:
    """Word what holds now of a fact in which two records differed, and how to correct it."""
    # Two names by which to tell two names apart would be the names themselves.
    told = [
        f"{_value(difference, value)} ({id_ if difference.field == 'name' else name})"
        for id_, name, value in difference.stated
    ]
    line = say(
        "join.differs",
        field=heading_of("company", difference.field),
        values=", ".join(told),
        stands=_value(difference, difference.stands),
    )
    options = to_fill_in("company", difference.field)
    return line + say("merge.settle", noun="company", id=difference.id, options=options)


def difference_as_dict(difference: Difference) -> dict[str, Any]:
    """The difference as data."""
    values = {id_: value for id_, _, value in difference.stated}
    return {"field": difference.field, "values": values, "stands": difference.stands}


def _value(difference: Difference, value: Any) -> str:
    value = bool(value) if difference.field == "sme" and value is not None else value
    return " ".join(value_in_words("company", difference.field, value).split()) or "-"


def _show_moves(moves: Sequence[TargetChange]) -> None:
    from kmtrack.views.target_changes import format_changes

    for line in format_changes(moves):
        show(line)


def confirm_company(session: Session, record: dict[str, Any], key: str = "confirm.company") -> None:
    """Say which company was stored, and which facts are missing before its records can count."""
    from kmtrack.usecases.companies import facts_missing_of

    show(say(key, name=record["name"], id=record["id"], cvr=record["cvr"] or "-"))
    if missing := facts_missing_of(session.store, record["id"]):
        names = ", ".join(heading_of("company", field) for field in missing)
        options = to_fill_in("company", *missing)
        company = record["cvr"] or record["id"]
        show(say("confirm.company_lacks", names=names, company=company, options=options))


def confirm_delivered(session: Session, counts: str, key: str, **facts: object) -> None:
    """Say what was stored, and how each target that counts such records stands now."""
    from kmtrack.ledger.contract import contract_in_force
    from kmtrack.usecases.status import standing_of
    from kmtrack.views.target_status import standing_in_words

    show(say(key, **facts))
    contract = contract_in_force(session.store)
    for target in contract.targets:
        if target.counts == counts:
            standing = standing_of(session.store, contract, target, session.clock.today)
            name = target.name.in_language(current())
            show(f"{name}: {standing_in_words(standing)[0]}")


def confirm_deliverable(record: dict[str, Any]) -> None:
    """Say what was stored last of a deliverable, and how it stands now."""
    from kmtrack.views.deliverables import deliverable_in_words

    show(deliverable_in_words(record))


def standings_without(
    session: Session, record: dict[str, Any], counts: str
) -> list[tuple[Target, DeliveredStanding]]:
    """How the targets that count such records stand; of a step only that which it was for."""
    from kmtrack.ledger.contract import contract_in_force
    from kmtrack.usecases.status import standing_of

    contract = contract_in_force(session.store)
    return [
        (target, standing_of(session.store, contract, target, session.clock.today))
        for target in contract.targets
        if target.counts == counts and (counts != "deliverable" or target.id == record["name"])
    ]


def confirm_withdrawal(
    record: dict[str, Any],
    moves: Sequence[TargetChange] = (),
    standings: Sequence[tuple[Target, DeliveredStanding]] = (),
    *,
    json: bool,
) -> None:
    """Say what was withdrawn, how the counts move, and how what is delivered stands without it."""
    from kmtrack.views.target_changes import changes_as_dict
    from kmtrack.views.target_status import sentence, standing_data, standing_in_words

    if json:
        delivered = {
            target.id: {"state": standing.state, **standing_data(standing)}
            for target, standing in standings
        }
        show_json({**record, "targets": {**changes_as_dict(moves), **delivered}})
        return
    of_targets = {target.id: target.name.in_language(current()) for target, _ in standings}
    name = record.get("company") or of_targets.get(record["name"], record["name"])
    show(
        say(
            "confirm.withdrawn",
            noun=say(f"noun.{record['noun']}").capitalize(),
            id=record["id"],
            company=name,
            reason=record["withdrawn"],
        )
    )
    _show_moves(moves)
    for target, standing in standings:
        told = ". ".join(map(sentence, standing_in_words(standing)))
        show(f"{target.name.in_language(current())}: {told}")


def show_record(record: dict[str, Any], contract: Contract) -> None:
    """Show a record, a line for each fact that is known, and how it stands to its targets."""
    noun = record["noun"]
    show(f"{say('noun.' + noun).capitalize()} {record['id']}")
    for field, value in record.items():
        if field in _BEHIND_THE_FACTS or value in (None, "", {}, []):
            continue
        if field == "first":
            _show_changes(say("choice.since.beginning"), value)
        elif field == "later":
            for day, facts in value.items():
                _show_changes(value_in_words("contact", "date", day), facts)
        elif field == "records":
            counts = [f"{say('nouns.' + name)}: {number}" for name, number in value.items()]
            show("  " + " · ".join(counts))
        else:
            show(f"  {heading_of(noun, field)}: {value_in_words(noun, field, value)}")
    for verdict in record.get("verdicts", []):
        target = contract.target(verdict["target"])
        if target is not None:
            name = target.name.in_language(current())
            show(f"  {name}: {say('outcome.' + verdict['outcome'])}")
    for statement in record["stated"]:
        show("  " + stated_in_words(statement))


def _show_changes(since: str, facts: dict[str, Any]) -> None:
    changes = [
        f"{heading_of('company', field)}: {value_in_words('company', field, value) or '-'}"
        for field, value in facts.items()
    ]
    show(f"  {say('word.from')} {since}: {', '.join(changes)}")
