"""Telling of a merge in lines and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.usecases.options import to_fill_in
from kmtrack.usecases.people.summary import reached_data
from kmtrack.usecases.target_changes import change_lines, changes_data
from kmtrack.views.format import day_in_words, heading_of, moment_in_words, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.usecases.merge.company_links import United
    from kmtrack.usecases.merge.conflicts import BecameLater, Conflict
    from kmtrack.usecases.merge.result import FromFile, Merged

_MOST: Final = 20
# What each noun's record is corrected by; the others are withdrawn and stated again.
_EDITED: Final = frozenset({"company", "contact", "collaboration", "hire", "method", "broker"})


def merged_lines(merged: Merged) -> Iterator[str]:
    """What is new in each file, what both sides changed, and what follows for the counts."""
    for each in merged.files:
        yield _file(each)
        for ahead in each.ahead:
            moment = moment_in_words(ahead.moment)
            yield say("merge.ahead", file=each.file.name, by=ahead.by, moment=moment)
        yield from _some([_united(company) for company in each.united])
    for change in merged.contract:
        yield say("merge.contract", change=change.words)
    yield from _some([_conflict(conflict) for conflict in merged.conflicts])
    yield from _some([finding.sentence() for finding in merged.alike])
    names = {move.target.id: move.target.name.in_language(current()) for move in merged.targets}
    yield from _some([_later(each, names) for each in merged.later])
    if merged.forgotten:
        yield say("merge.forgotten", number=merged.forgotten)
    yield from change_lines(merged.targets)


def merged_data(merged: Merged) -> dict[str, Any]:
    """A merge as data."""
    return {
        "files": [
            {
                "file": str(each.file),
                "commands": each.commands,
                "already_here": each.already_here,
                "new": each.new,
                "united": [company._asdict() for company in each.united],
                "ahead": [ahead._asdict() for ahead in each.ahead],
            }
            for each in merged.files
        ],
        "conflicts": [conflict._asdict() for conflict in merged.conflicts],
        "alike": [{**found._asdict(), "sentence": found.sentence()} for found in merged.alike],
        "later": [
            {**each._asdict(), "before": ", ".join(each.before), "after": ", ".join(each.after)}
            for each in merged.later
        ],
        "contract": {change.term: [change.before, change.after] for change in merged.contract},
        "targets": changes_data(merged.targets),
        "backup": str(merged.kept) if merged.kept else None,
        "erased": reached_data(merged.reached) if merged.reached else None,
    }


def _file(each: FromFile) -> str:
    if not each.commands:
        return say("merge.nothing_new", file=each.file.name, known=each.already_here)
    new = ", ".join(say(f"count.{noun}", number=number) for noun, number in each.new.items())
    facts = {"file": each.file.name, "commands": each.commands, "known": each.already_here}
    return say("merge.file", **facts, new=new or "-")


def _united(company: United) -> str:
    others = ", ".join(company.others)
    return say(
        "merge.united", name=company.name, cvr=company.cvr or "-", id=company.id, others=others
    )


def _conflict(conflict: Conflict) -> str:
    if conflict.field == "document":
        return say("merge.contracts_differ")
    if conflict.noun == "contract":
        return say("merge.contract_conflict", change=conflict.name)
    noun, field = conflict.noun, conflict.field
    values = {
        side: _plain(value_in_words(noun, field, value)) or "-"
        for side, value in (
            ("ours", conflict.ours),
            ("theirs", conflict.theirs),
            ("stands", conflict.stands),
        )
    }
    heading = say("word.from") if field == "later" else heading_of(noun, field)
    line = say("merge.conflict", id=conflict.id, name=conflict.name, field=heading, **values)
    if noun in _EDITED and field not in {"withdrawn", "later"}:
        options = to_fill_in(noun, field)
        line += say("merge.settle", noun=noun, id=conflict.id, options=options)
    return line


def _later(each: BecameLater, names: Mapping[str, str]) -> str:
    targets = {
        side: ", ".join(names.get(target, "-") for target in found)
        for side, found in (("before", each.before), ("after", each.after))
    }
    day = day_in_words(each.day)
    return say("merge.later", id=each.id, company=each.company, day=day, **targets)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield say("merge.more", number=len(lines) - _MOST)
