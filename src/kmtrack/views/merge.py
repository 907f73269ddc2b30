"""Show what a merge does or did: per file, the conflicts, and the effect on the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.views.check import format_issue, issue_as_dict
from kmtrack.views.contract import amendment_to_type, changes_in_words
from kmtrack.views.format import (
    day_in_words,
    heading_of,
    moment_in_words,
    since_in_words,
    since_to_type,
    to_fill_in,
    value_in_words,
)
from kmtrack.views.merged_erasures import format_merged_erasures, merged_erasures_as_dict
from kmtrack.views.people import reach_as_dict
from kmtrack.views.target_changes import changes_as_dict, format_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.rules.amendments import Term, TermChange
    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.merge.apply import FileResult, LinkedCompany, MergeResult
    from kmtrack.usecases.merge.bundle import Bundle
    from kmtrack.usecases.merge.conflicts import Conflict, RetargetedContact

# The terminal shows no more conflicts, duplicates or moved contacts than this.
_MOST: Final = 20
# The nouns with an `edit`; other records are withdrawn and added again.
_EDITABLE: Final = frozenset({"company", "contact", "collaboration", "hire", "method", "broker"})


def render_merge(result: MergeResult) -> Iterator[str]:
    """Yield what is new in each file, what both sides changed, and the new counts of the targets."""
    contract = result.contract
    for each in result.files:
        yield _file(each)
        for ahead in each.ahead:
            moment = moment_in_words(ahead.moment)
            yield say("merge.ahead", file=each.file.name, by=ahead.by, moment=moment)
        if each.retimed:
            yield say("merge.retimed", number=each.retimed)
        yield from _first([_linked(company) for company in each.linked])
    for term, values in result.amended.items():
        yield say("merge.contract", change=_amendment(contract, term, values))
    yield from _first([_conflict(conflict, contract) for conflict in result.conflicts])
    yield from _first([format_issue(issue) for issue in result.alike])
    yield from _first([format_issue(issue) for issue in result.notices])
    yield from _first([format_issue(issue) for issue in result.takeovers])
    names = {
        change.target.id: change.target.name.in_language(current()) for change in result.targets
    }
    yield from _first([_retargeted(contact, names) for contact in result.retargeted])
    yield from format_merged_erasures(result.erasures)
    yield from format_changes(result.targets)


def merge_as_dict(result: MergeResult) -> dict[str, Any]:
    """Return a merge as data."""
    return {
        "files": [
            {
                "file": str(each.file),
                "commands": each.commands,
                "already_here": each.already_here,
                "new": each.new,
                "united": [company._asdict() for company in each.linked],
                "ahead": [ahead._asdict() for ahead in each.ahead],
                "retimed": each.retimed,
            }
            for each in result.files
        ],
        "conflicts": [_conflict_as_dict(each, result.contract) for each in result.conflicts],
        "alike": [issue_as_dict(issue) for issue in result.alike],
        "undone": [issue_as_dict(issue) for issue in result.notices],
        "takeovers": [issue_as_dict(issue) for issue in result.takeovers],
        "later": [
            {
                **each._asdict(),
                "before": ", ".join(each.before),
                "after": ", ".join(each.after),
                "cause": {key: fact for key, fact in each.cause._asdict().items() if fact},
            }
            for each in result.retargeted
        ],
        "contract": {term.key: list(values) for term, values in result.amended.items()},
        "targets": changes_as_dict(result.targets),
        "backup": str(result.kept) if result.kept else None,
        "erasures": merged_erasures_as_dict(result.erasures),
        "erased": reach_as_dict(result.reached) if result.reached else None,
    }


def bundle_as_dict(bundle: Bundle) -> dict[str, Any]:
    """Return a bundle as data."""
    return {**bundle._asdict(), "file": str(bundle.file), "since": bundle.since.isoformat()}


def _file(each: FileResult) -> str:
    if not each.commands:
        return say("merge.nothing_new", file=each.file.name, known=each.already_here)
    new = ", ".join(say(f"count.{noun}", number=number) for noun, number in each.new.items())
    facts = {"file": each.file.name, "commands": each.commands, "known": each.already_here}
    return say("merge.file", **facts, new=new or "-")


def _linked(company: LinkedCompany) -> str:
    facts = {**company._asdict(), "cvr": company.cvr or "-", "others": ", ".join(company.others)}
    return say("merge.united", **facts)


def _amendment(contract: Contract, term: Term, values: TermChange) -> str:
    return "".join(changes_in_words(contract, {term: values}))


def _conflict(conflict: Conflict, contract: Contract) -> str:
    if conflict.field == "document":
        return say("merge.contracts_differ")
    name = _conflict_name(conflict, contract)
    if conflict.edited:
        return say(
            "merge.withdrawn_here" if conflict.ours else "merge.withdrawn_there",
            noun=say(f"noun.{conflict.noun}"),
            id=conflict.id,
            name=name,
            fields=", ".join(heading_of(conflict.noun, field) for field in conflict.edited),
            reason=conflict.current,
        )
    if conflict.term is not None:
        options = amendment_to_type(conflict.term)
        line = say("merge.contract_conflict", change=name)
        return line + (say("merge.amend", options=options) if options else "")
    noun, field = conflict.noun, conflict.field
    values = {
        side: " ".join(value_in_words(noun, field, value).split()) or "-"
        for side, value in (
            ("ours", conflict.ours),
            ("theirs", conflict.theirs),
            ("stands", conflict.current),
        )
    }
    heading = heading_of(noun, field) + since_in_words(conflict.since)
    line = say("merge.conflict", id=conflict.id, name=name, field=heading, **values)
    if noun in _EDITABLE and field != "withdrawn":
        options = to_fill_in(noun, field) + since_to_type(conflict.since)
        line += say("merge.settle", noun=noun, id=conflict.id, options=options)
    return line


def _conflict_as_dict(conflict: Conflict, contract: Contract) -> dict[str, Any]:
    return {
        "noun": conflict.noun,
        "id": conflict.id,
        "name": _conflict_name(conflict, contract),
        "field": conflict.field,
        # Without "from" the field has one value only; null is from the beginning.
        **({} if conflict.since is None else {"from": conflict.since or None}),
        "ours": conflict.ours,
        "theirs": conflict.theirs,
        "stands": conflict.current,
        "edited": list(conflict.edited),
    }


def _conflict_name(conflict: Conflict, contract: Contract) -> str:
    """Name the record in conflict; for a contract say what both amended, from ours to theirs."""
    if conflict.term is None:
        return conflict.name
    return _amendment(contract, conflict.term, (conflict.ours, conflict.theirs))


def _retargeted(contact: RetargetedContact, names: Mapping[str, str]) -> str:
    before, after = (
        ", ".join(names.get(target, "-") for target in targets)
        for targets in (contact.before, contact.after)
    )
    facts = {"id": contact.id, "company": contact.company, "day": day_in_words(contact.day)}
    cause = contact.cause
    why = say(
        f"merge.cause.{cause.kind}",
        id=cause.id,
        day=day_in_words(cause.day),
        reason=cause.reason,
    )
    return say("merge.later", **facts, before=before, after=after, cause=why)


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield say("merge.more", number=len(lines) - _MOST)
