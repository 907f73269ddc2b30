"""The content of the region's workbook, gathered from a ledger as of one day."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.queries.commands import chain_heads, first_token, last_known
from kmtrack.ledger.queries.export import counted_companies, counted_records, uncounted_records
from kmtrack.ledger.queries.methods import (
    contacts_with_method,
    counted_after_method,
    method_by_id,
    methods_with_statements,
)
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.fields import exported
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.rules.deliverables import SubmissionStatus
from kmtrack.usecases.check import is_damaged_meanwhile
from kmtrack.usecases.check.integrity import damage_in
from kmtrack.usecases.deliverables import deliverable_record
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.usecases.status import grouped_status, status_of
from kmtrack.usecases.successions import takeovers
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.usecases.surveys.report import report_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kmtrack.ledger.queries.commands import ChainHead
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.judgement import Outcome
    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.rules.status import Status
    from kmtrack.rules.survey_results import SurveyReport
    from kmtrack.usecases.successions import Takeover

# Contact persons, notes and texts about methods may name anybody: they stay with the operator.
_COMPANY: Final = (
    *("name", "cvr", "code", "municipality", "employees", "kind"),
    *("records", "hires", "id"),
)
_UNCOUNTED: Final = (
    *("target", "reason", "day", "noun", "company", "cvr", "code", "municipality"),
    *("brokers", "id"),
)
_METHOD: Final = (
    *("name", "kind", "audience", "date", "assessed", "disseminated", "contacts"),
    *("collaborations", "hires", "brokers", "id"),
)
_DELIVERY: Final = ("target", "step", "date", "point", "text", "file", "brokers", "id")


class RecordSheet(NamedTuple):
    """The records of one sheet, as stored: choices as ids, days as ISO texts.

    `noun` is "waiting" or "excluded" for the records of several nouns that do not count. `rows` are
    read from the ledger one at a time, once; each has a value for each of `fields`.
    """

    noun: str
    fields: tuple[str, ...]
    rows: Iterable[list[Any]]


class ExportContent(NamedTuple):
    """Everything that the workbook shows; each status is grouped in its own way.

    `made_at` is UTC. `known_at` (UTC, as entries are stamped) is the moment as of which the ledger
    was read; `status` names it only where it was asked for. `ledger` is the token of the command
    that made the ledger. `with_details` tells whether the fields are there that a reader has to ask
    for.
    """

    made_at: datetime
    known_at: str
    ledger: str
    with_details: bool
    status: Status
    by_municipality: Status
    by_council: Status
    by_broker: Status
    by_month: Status
    counted: list[RecordSheet]
    waiting: RecordSheet
    excluded: RecordSheet
    delivered: list[RecordSheet]
    questionnaire: Questionnaire
    outcome: list[SurveyReport]
    takeovers: list[Takeover]
    heads: list[ChainHead]
    is_damaged: bool

    @property
    def records(self) -> int:
        """The number of records listed, counted or not."""
        return sum(target.tally.all for target in self.status.targets)


@contextmanager
def export_content(
    store: Store, file: Path, as_of: date, *, even_if_damaged: bool = False
) -> Iterator[ExportContent]:
    """Gather the content as of a day; its rows can be read while the block lasts.

    A damaged ledger is refused at the end of the block, since it is checked meanwhile; with
    `even_if_damaged` it is checked first, and the content tells. Raises Refusal `ledger_not_whole`,
    which names the `file` that is not to be kept.
    """
    with store.reading():
        if even_if_damaged:
            yield _content(store, as_of, is_damaged=bool(damage_in(store)))
            return
        with is_damaged_meanwhile(store) as is_damaged:
            yield _content(store, as_of, is_damaged=False)
            if is_damaged():
                raise Refusal("ledger_not_whole", file=file)


def refuse_ledger_itself(store: Store, file: Path) -> None:
    """Refuse to write a workbook over the ledger. Raises Refusal `ledger_in_the_way`."""
    if file.exists() and not store.is_served and file.samefile(store.path):
        raise Refusal("ledger_in_the_way", file=file)


def _content(store: Store, as_of: date, *, is_damaged: bool) -> ExportContent:
    status = status_of(store, as_of)
    return ExportContent(
        made_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        known_at=last_known(store),
        ledger=first_token(store),
        with_details=False,
        status=status,
        by_municipality=grouped_status(store, status, "municipality"),
        by_council=grouped_status(store, status, "council"),
        by_broker=grouped_status(store, status, "broker"),
        by_month=grouped_status(store, status, "month"),
        counted=[
            *(_events(store, noun, as_of) for noun in EVENTS),
            RecordSheet("company", _COMPANY, _companies(store, as_of)),
        ],
        waiting=RecordSheet("waiting", _UNCOUNTED, _uncounted(store, "waiting", as_of)),
        excluded=RecordSheet("excluded", _UNCOUNTED, _uncounted(store, "excluded", as_of)),
        delivered=[
            RecordSheet("method", _METHOD, _methods(store, as_of)),
            RecordSheet("delivery", _DELIVERY, _deliveries(store, status.contract, as_of)),
        ],
        questionnaire=questionnaire(),
        outcome=[report_of(store, as_of, grouping) for grouping in ("municipality", "level")],
        takeovers=[each for each in takeovers(store) if each.since <= as_of],
        heads=chain_heads(store),
        is_damaged=is_damaged,
    )


def _events(store: Store, noun: str, as_of: date) -> RecordSheet:
    own = [field.name for field in exported(EVENT_FACTS[noun])]
    fields = ("target", own[0], "company", "cvr", "code", "municipality", *own[1:], "brokers", "id")
    return RecordSheet(noun, fields, map(list, counted_records(store, noun, own, as_of)))


def _companies(store: Store, as_of: date) -> Iterator[list[Any]]:
    for row in counted_companies(store, as_of):
        company = current_facts(dict(row))
        code, employees = company["municipality"] or "", company["employees"]
        if employees is not None and employees.isdigit():
            employees = int(employees)
        yield [
            company["name"], company["cvr"] or "", code, code, employees, company["kind"],
            row["records"], row["hires"], company["id"],
        ]  # fmt: skip


def _uncounted(store: Store, outcome: Outcome, as_of: date) -> Iterator[list[Any]]:
    """Yield the rows of records that wait or are excluded, each with the keys of its reasons."""
    for row in uncounted_records(store, outcome, as_of):
        values = list(row)
        values[_UNCOUNTED.index("reason")] = _reasons(row["reasons"])
        yield values


@lru_cache(maxsize=256)  # few differ
def _reasons(reasons: str) -> tuple[str, ...]:
    """Return each reason once, from the JSON of a verdict: pairs of a requirement and its reason."""
    return tuple(dict.fromkeys(reason for _, reason in json.loads(reasons)))


def _methods(store: Store, as_of: date) -> Iterator[list[Any]]:
    """Yield every method with its assessment, its audiences, its uses, and what came after them."""
    for method in methods_with_statements(store):
        if method.day > as_of:
            continue
        known = method.as_of(as_of)
        row = method_by_id(store, known.id)
        later = counted_after_method(store, known.id, as_of)
        yield [
            known.name,
            row["kind"],
            known.audience,
            known.day.isoformat(),
            known.verdict,
            tuple(dict.fromkeys(one.audience for one in known.disseminations)),
            len(contacts_with_method(store, known.id, as_of)),
            later["collaboration"],
            later["hire"],
            row["broker"] or "",
            known.id,
        ]


def _deliveries(store: Store, contract: Contract, as_of: date) -> Iterator[list[Any]]:
    for target in contract.targets:
        if target.counts == "deliverable":
            yield from _steps(store, contract, target, as_of)


def _steps(store: Store, contract: Contract, target: Target, as_of: date) -> Iterator[list[Any]]:
    """Yield every step towards a deliverable, then without a step every demand that none has met.

    `point` is a Point, or the Demand.
    """
    record = deliverable_record(store, contract, target, as_of)
    points = {point.id: point for point in target.points}
    for step in record["steps"]:
        yield [
            target.id,
            step["step"],
            step["date"],
            points.get(step["point"]),
            step["text"] or "",
            step["file"] or "",
            step["broker"] or "",
            step["id"],
        ]
    if isinstance(record["status"], SubmissionStatus):
        for demand in record["status"].missing:
            yield [target.id, None, None, demand, *[""] * 4]
