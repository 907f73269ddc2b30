"""The terms of a contract one by one, and those in which two documents of it differ."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from kmtrack.rules.document import Document

_DAYS: Final = ("first_day", "last_day")
_PARTIES: Final = ("region", "operator")
_OF_TARGETS: Final = ("minimum", "due")
# What is made of several terms, or names what it is the contract of.
_TAKEN_APART: Final = frozenset({"period", "parties", "participation", "target"})


class Term(NamedTuple):
    """One thing that a contract says: its kind, and which target, municipality or key it is of.

    The values are: a day as ISO text, the name of a party, a target's minimum or due day, the spans
    in which a municipality takes part (none if it does not), and whatever stands under another key.
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
    """What a document says, term by term; days in it are ISO texts."""
    terms = {Term(kind): document["period"][kind] for kind in _DAYS}
    terms |= {Term(kind): document["parties"][kind] for kind in _PARTIES}
    for target in document["target"]:
        terms |= {Term(kind, target["id"]): target.get(kind) for kind in _OF_TARGETS}
        rest = {key: value for key, value in target.items() if key not in _OF_TARGETS}
        terms[Term("other", target["id"])] = rest
    spans: dict[str, list[dict[str, str]]] = defaultdict(list)
    for span in document.get("participation", []):
        days = {key: day for key, day in span.items() if key != "municipality"}
        spans[span["municipality"]].append(days)
    terms |= {Term("participation", place): said for place, said in spans.items()}
    others = {key: value for key, value in document.items() if key not in _TAKEN_APART}
    return terms | {Term("other", key): value for key, value in others.items()}


def changed_terms(before: Document | None, after: Document) -> dict[Term, TermChange]:
    """The terms in which two documents differ, with the old and the new value.

    Where there was none before, every term is new but for what is in no amendment.
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
    """What a document says of the terms that `changes` (as for `amended`) are about."""
    terms = [Term(kind) for kind in (*_DAYS, *_PARTIES) if kind in changes]
    terms += [Term("minimum", target) for target in changes.get("minimums", {})]
    terms += [Term("due", target) for target in changes.get("due_days", {})]
    places = [span["municipality"] for span in changes.get("participation", [])]
    terms += [Term("participation", place) for place in [*places, *changes.get("without", [])]]
    said = terms_of(document)
    return {term: said.get(term, _nothing(term)) for term in terms}


def _nothing(term: Term) -> Any:
    return [] if term.kind == "participation" else None
