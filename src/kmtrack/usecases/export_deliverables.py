"""The workbook's sheets of methods and deliverables, as of one day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, say
from kmtrack.ledger.queries.methods import (
    contacts_with_method,
    counted_after_method,
    method_by_id,
    methods_with_statements,
)
from kmtrack.rules.deliverables import SubmissionStanding
from kmtrack.usecases.deliverables import deliverable_record
from kmtrack.views.format import value_in_words
from kmtrack.views.target_status import demand_in_words
from kmtrack.views.xlsx.content import DataSheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Target

# Descriptions, and what was said of a method, may name anybody and stay with the operator.
_OF_METHODS = (
    *("name", "kind", "audience", "date", "assessed", "disseminated", "contacts"),
    *("collaborations", "hires", "brokers", "id"),
)
_OF_DELIVERABLES = ("target", "step", "date", "point", "text", "file", "brokers", "id")


def methods_sheet(store: Store, as_of: date) -> DataSheet:
    """Every method with its assessment, its audiences, its uses, and what came after them."""

    def rows() -> Iterator[list[Any]]:
        for method in methods_with_statements(store):
            if method.day > as_of:
                continue
            known = method.as_of(as_of)
            row = method_by_id(store, known.id)
            after = counted_after_method(store, known.id, as_of)
            told = dict.fromkeys(one.audience for one in known.disseminations)
            yield [
                known.name,
                value_in_words("method", "kind", row["kind"]),
                value_in_words("method", "audience", known.audience),
                known.day,
                value_in_words("method", "assessed", known.verdict),
                value_in_words("method", "disseminated", list(told)),
                len(contacts_with_method(store, known.id, as_of)),
                after["collaboration"],
                after["hire"],
                row["broker"] or "",
                known.id,
            ]

    return DataSheet(say("nouns.method"), "method", _OF_METHODS, rows())


def deliverables_sheet(store: Store, contract: Contract, as_of: date) -> DataSheet:
    """Every step towards a deliverable, and every demand that no step has met."""

    def rows() -> Iterator[list[Any]]:
        for target in contract.targets:
            if target.counts == "deliverable":
                yield from _of_deliverable(store, contract, target, as_of)

    return DataSheet(say("nouns.delivery"), "delivery", _OF_DELIVERABLES, rows())


def _of_deliverable(
    store: Store, contract: Contract, target: Target, as_of: date
) -> Iterator[list[Any]]:
    record = deliverable_record(store, contract, target, as_of)
    name = target.name.in_language(current())
    points = {point.id: point.name.in_language(current()) for point in target.points}
    for step in record["steps"]:
        yield [
            name,
            value_in_words("delivery", "step", step["step"]),
            date.fromisoformat(step["date"]),
            points.get(step["point"], ""),
            step["text"] or "",
            step["file"] or "",
            step["broker"] or "",
            step["id"],
        ]
    if isinstance(record["standing"], SubmissionStanding):
        for demand in record["standing"].missing:
            yield [name, say("workbook.missing"), None, demand_in_words(demand), *[""] * 4]
