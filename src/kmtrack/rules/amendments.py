"""Amendments: changes of a contract document that a region can agree to, and its terms one by one."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.rules.document import DocumentMistake

if TYPE_CHECKING:
    from kmtrack.rules.document import Document


def amended(document: Document, changes: Document) -> dict[str, Any]:
    """Return the document with `changes` made; days in both are ISO texts.

    `changes` may hold first_day, last_day, region, operator, questions_to ("" for nobody),
    report_days (a list of {month, day}), minimums ({target: number or None}),
    due_days ({target: day}), participation (a list of {municipality, from, until}, each in place of
    the earlier spans of that municipality), and without (municipalities that take no part at all).
    Raises DocumentMistake for a target that the document does not have.
    """
    result: dict[str, Any] = deepcopy(dict(document))
    for key in ("first_day", "last_day"):
        if key in changes:
            result["period"][key] = changes[key]
    for key in ("region", "operator"):
        if key in changes:
            result["parties"][key] = changes[key]
    _set_reporting(result, changes)
    for target_id, minimum in changes.get("minimums", {}).items():
        _set(_target(result, target_id, "minimum"), "minimum", minimum)
    for target_id, due in changes.get("due_days", {}).items():
        _set(_target(result, target_id, "due"), "due", due)
    _move_due_days(result, document, changes)
    for span in changes.get("participation", []):
        result["participation"] = _participating(result.get("participation", []), span)
    if "without" in changes:
        result["participation"] = [
            span
            for span in result.get("participation", [])
            if span["municipality"] not in changes["without"]
        ]
    return result


def _set_reporting(result: dict[str, Any], changes: Document) -> None:
    named = [kind for kind in _REPORTING if kind in changes]
    if not named:
        return
    table = result.setdefault("reporting", {})
    for kind in named:
        _set(table, _REPORTING[kind], changes[kind] or None)
    if not table:
        del result["reporting"]


def _set(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _target(document: dict[str, Any], target_id: str, key: str) -> dict[str, Any]:
    for target in document["target"]:
        if target["id"] == target_id:
            found: dict[str, Any] = target
            return found
    among = [target["id"] for target in document["target"]]
    raise DocumentMistake(f"{key} {target_id}", "one_of", among)


def _move_due_days(result: dict[str, Any], before: Document, changes: Document) -> None:
    """Keep the due day of a target on the contract's last day, if it was there, when that day moves."""
    if "last_day" not in changes:
        return
    for target in result["target"]:
        if target["id"] in changes.get("due_days", {}):
            continue
        if target.get("due") == before["period"]["last_day"]:
            target["due"] = changes["last_day"]


def _participating(spans: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Replace the spans of a municipality by `new`.

    A span that only has an end keeps the day on which the municipality joined.
    """
    others = [span for span in spans if span["municipality"] != new["municipality"]]
    earlier = [span for span in spans if span["municipality"] == new["municipality"]]
    if earlier and "until" in new and "from" not in new and "from" in earlier[0]:
        new = {**new, "from": earlier[0]["from"]}
    return [*others, new]


_DAYS: Final = ("first_day", "last_day")
_PARTIES: Final = ("region", "operator")
_OF_TARGETS: Final = ("minimum", "due")
_REPORTING: Final = {"questions_to": "questions_to", "report_days": "days"}  # its keys
# Keys that are several terms.
_TAKEN_APART: Final = frozenset({"period", "parties", "participation", "reporting", "target"})


class Term(NamedTuple):
    """One term of a contract: its kind, and the target, municipality or key that it concerns.

    Its value may be a day as ISO text, the name of a party, who answers questions, the report days
    ({month, day}), a target's minimum or due day, the spans in which a municipality takes part
    (none if it does not), or the content of another key.
    """

    kind: str
    of: str = ""

    @property
    def key(self) -> str:
        """The name of the term in data, such as "last_day" or "hires.minimum"."""
        parts = (self.of, self.kind) if self.kind in _OF_TARGETS else (self.kind, self.of)
        return ".".join(filter(None, parts))


TermChange = tuple[Any, Any]


def terms_of(document: Document) -> dict[Term, Any]:
    """Return the terms of a document with their values; days in it are ISO texts."""
    terms = {Term(kind): document["period"][kind] for kind in _DAYS}
    terms |= {Term(kind): document["parties"][kind] for kind in _PARTIES}
    reporting = document.get("reporting", {})
    terms |= {Term(kind): reporting[key] for kind, key in _REPORTING.items() if key in reporting}
    for target in document["target"]:
        terms |= {Term(kind, target["id"]): target.get(kind) for kind in _OF_TARGETS}
        rest = {key: value for key, value in target.items() if key not in _OF_TARGETS}
        terms[Term("other", target["id"])] = rest
    spans: dict[str, list[dict[str, str]]] = defaultdict(list)
    for span in document.get("participation", []):
        days = {key: day for key, day in span.items() if key != "municipality"}
        spans[span["municipality"]].append(days)
    terms |= {Term("participation", place): held for place, held in spans.items()}
    others = {key: value for key, value in document.items() if key not in _TAKEN_APART}
    return terms | {Term("other", key): value for key, value in others.items()}


def changed_terms(before: Document | None, after: Document) -> dict[Term, TermChange]:
    """Return the terms in which two documents differ, with the old and the new value.

    Without a first document, all terms that an amendment could change are new.
    """
    new = terms_of(after)
    if before is None:
        return {t: (_nothing(t), value) for t, value in new.items() if t.kind != "other"}
    old = terms_of(before)
    return {
        term: (old.get(term, _nothing(term)), new.get(term, _nothing(term)))
        for term in dict.fromkeys([*old, *new])
        if old.get(term, _nothing(term)) != new.get(term, _nothing(term))
    }


def named_terms(document: Document, changes: Document) -> dict[Term, Any]:
    """Return the terms that `changes` (as for `amended`) concern, with their values in a document."""
    terms = [Term(kind) for kind in (*_DAYS, *_PARTIES, *_REPORTING) if kind in changes]
    terms += [Term("minimum", target) for target in changes.get("minimums", {})]
    terms += [Term("due", target) for target in changes.get("due_days", {})]
    places = [span["municipality"] for span in changes.get("participation", [])]
    terms += [Term("participation", place) for place in [*places, *changes.get("without", [])]]
    known = terms_of(document)
    return {term: known.get(term, _nothing(term)) for term in terms}


def is_reworded(old: Any, new: Any) -> bool:
    """Return whether two values of a term are equal except for bilingual texts."""
    return bool(old != new and _without_texts(old) == _without_texts(new))


def _without_texts(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_texts(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"da", "en"}:
        return {}
    return {key: _without_texts(each) for key, each in value.items()}


def _nothing(term: Term) -> Any:
    return [] if term.kind in {"participation", "report_days"} else None
