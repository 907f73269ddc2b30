"""The content of the region's workbook, gathered from a ledger as of one day."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.queries.brokers import live_brokers
from kmtrack.ledger.queries.commands import chain_heads, first_token, last_known
from kmtrack.ledger.queries.export import counted_companies, counted_records, uncounted_records
from kmtrack.ledger.queries.methods import (
    contacts_with_method,
    counted_after_method,
    method_by_id,
    methods_with_statements,
)
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.fields import exported
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.store.scratch_table import ScratchTable
from kmtrack.ledger.verdicts import VerdictComparison
from kmtrack.rules.deliverables import SubmissionStatus
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.report_days import previous_report
from kmtrack.usecases.check import is_damaged_meanwhile
from kmtrack.usecases.check.integrity import faults_in
from kmtrack.usecases.check.writers import logins_behind
from kmtrack.usecases.deliverables import deliverable_record
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.usecases.export_proofs import VALUES_ASIDE, RecordProofs, headcount_cell
from kmtrack.usecases.status import grouped_status, status_of
from kmtrack.usecases.successions import takeovers
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.usecases.surveys.sent import data_of_reports, report_after, sent_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from kmtrack.ledger.queries.commands import ChainHead
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.judgement import Outcome
    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.rules.status import Status
    from kmtrack.rules.survey_results import SurveyReport
    from kmtrack.rules.tallies import Tally
    from kmtrack.usecases.successions import Takeover
    from kmtrack.usecases.surveys.sent import SentReport, SentWorkbook

# Contact persons, notes and texts about methods may name anybody: they stay with the operator.
_COMPANY: Final = (
    *("name", "cvr", "code", "municipality", "employees", "kind", "sme", "basis"),
    *("records", "hires", "id"),
)
_UNCOUNTED: Final = (
    *("target", "reason", "day", "noun", "company", "cvr", "code", "municipality"),
    *("employees", "brokers", "councils", "id"),
)
_METHOD: Final = (
    *("name", "kind", "audience", "date", "assessed", "disseminated", "contacts"),
    *("collaborations", "hires", "brokers", "id"),
)
_DELIVERY: Final = ("target", "step", "date", "point", "text", "file", "brokers", "id")


class ExportAsked(NamedTuple):
    """What a workbook should show: as of which day, as known at which moment (UTC; None is now).

    `with_details` asks also for the fields that are details on their sheets. `sent` are the
    workbooks sent before, with which its figures over answers must be safe to combine.
    """

    as_of: date
    known_at: str | None = None
    with_details: bool = False
    sent: Sequence[SentWorkbook] = ()


class RecordSheet(NamedTuple):
    """The records of one sheet, as stored: choices as ids, days as ISO texts.

    `noun` is "waiting" or "excluded" for records of several nouns that do not count. `rows` are
    read from the ledger one at a time, once; each has a value for each of `fields`.
    """

    noun: str
    fields: tuple[str, ...]
    rows: Iterable[list[Any]]


class PreviousReport(NamedTuple):
    """The previous day on which the region followed up, and the tallies by then."""

    day: date
    tallies: dict[str, Tally]


class ExportContent(NamedTuple):
    """Everything that the workbook shows; each of the statuses has its own grouping.

    `made_at` is UTC. `known_at` (UTC, as entries are stamped) is the moment as of which the ledger
    was read; `status` names it only if it was asked for. `ledger` is the token of the command that
    made the ledger. `sent` are the reports that the `outcome` was compared with. `councils` has the
    council of each broker, by initials. `with_details` says whether the fields are included that a
    reader has to ask for.
    """

    made_at: datetime
    known_at: str
    ledger: str
    with_details: bool
    status: Status
    previous: PreviousReport | None
    by_municipality: Status
    by_council: Status
    by_broker: Status
    councils: dict[str, str]
    by_month: Status
    counted: list[RecordSheet]
    waiting: RecordSheet
    excluded: RecordSheet
    delivered: list[RecordSheet]
    questionnaire: Questionnaire
    outcome: SurveyReport
    sent: list[SentReport]
    takeovers: list[Takeover]
    heads: list[ChainHead]
    is_damaged: bool

    @property
    def records(self) -> int:
        """The number of records listed, counted or not."""
        return sum(target.tally.all for target in self.status.targets)


@contextmanager
def export_content(
    store: Store, file: Path, asked: ExportAsked, *, even_if_damaged: bool = False
) -> Iterator[ExportContent]:
    """Gather the requested content; its rows can be read inside the block.

    A damaged ledger is refused at the end of the block, since it is checked meanwhile; with
    `even_if_damaged` it is checked first, and the content says so. Raises Refusal
    `ledger_not_whole`, which names the `file` that is not to be kept, `not_yet_made`, and as
    `sent_reports`.
    """
    store.spill()
    with store.reading():
        if even_if_damaged:
            is_found_damaged = bool(faults_in(store))
            with _content(store, asked, None, is_damaged=is_found_damaged) as content:
                yield content
            return
        # What was known at another moment is judged separately, which says nothing about the stored verdicts.
        comparison = VerdictComparison(store) if asked.known_at is None else None
        with is_damaged_meanwhile(store, but_verdicts=comparison is not None) as is_damaged:
            with _content(store, asked, comparison, is_damaged=False) as content:
                yield content
            if is_damaged() or (comparison and not comparison.is_same()):
                logins = logins_behind(store, faults_in(store)) if store.is_served else []
                key = "ledger_not_whole_by" if logins else "ledger_not_whole"
                raise Refusal(key, file=file, logins=logins)


@contextmanager
def _as_known(store: Store, known_at: str | None) -> Iterator[Store]:
    """Yield the ledger as it was at a moment (UTC), or as it is for None."""
    if known_at is None:
        yield store
        return
    from kmtrack.ledger.known_at import as_known_at

    with as_known_at(store, known_at, whole=True) as then:
        yield then


def refuse_ledger_itself(store: Store, file: Path) -> None:
    """Refuse to write a workbook over the ledger. Raises Refusal `ledger_in_the_way`."""
    if file.exists() and not store.is_served and file.samefile(store.path):
        raise Refusal("ledger_in_the_way", file=file)


@contextmanager
def _content(
    source: Store, asked: ExportAsked, comparison: VerdictComparison | None, *, is_damaged: bool
) -> Iterator[ExportContent]:
    """Gather the content, as it was known at a moment if that is asked for."""
    as_of = asked.as_of
    sent = sent_reports(source, asked.sent)
    earlier = data_of_reports(source, sent)
    with (
        _as_known(source, asked.known_at) as store,
        closing(ScratchTable(VALUES_ASIDE)) as scratch,
    ):
        outcome = report_after(store, as_of, sent, earlier)
        status = _with_growth(status_of(store, as_of), outcome)._replace(known_at=asked.known_at)
        contract = status.contract
        in_force = list(takeovers(store))
        names = {takeover.company["id"]: takeover.company["name"] for takeover in in_force}
        proofs = RecordProofs(store, contract, as_of, names, scratch, comparison)
        councils = {row["initials"]: row["council"] or "" for row in live_brokers(store)}

        @cache  # few differ
        def councils_of(brokers: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(councils.get(name, "") for name in brokers.split(" ")))

        yield ExportContent(
            made_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            known_at=min(filter(None, (asked.known_at, last_known(source)))),
            ledger=first_token(source),
            with_details=asked.with_details,
            status=status,
            previous=_previous(store, contract, as_of),
            by_municipality=grouped_status(store, status, "municipality"),
            by_council=grouped_status(store, status, "council"),
            by_broker=grouped_status(store, status, "broker"),
            councils=councils,
            by_month=grouped_status(store, status, "month"),
            counted=[
                *(_events(store, noun, asked, proofs, councils_of) for noun in EVENTS),
                RecordSheet("company", _COMPANY, _companies(store, as_of)),
            ],
            waiting=_uncounted(store, "waiting", as_of, proofs, councils_of),
            excluded=_uncounted(store, "excluded", as_of, proofs, councils_of),
            delivered=[
                RecordSheet("method", _METHOD, _methods(store, as_of)),
                RecordSheet("delivery", _DELIVERY, _deliveries(store, contract, as_of)),
            ],
            questionnaire=questionnaire(),
            outcome=outcome,
            sent=sent,
            takeovers=[takeover for takeover in in_force if takeover.since <= as_of],
            heads=chain_heads(source, asked.known_at),
            is_damaged=is_damaged,
        )


def _with_growth(status: Status, outcome: SurveyReport) -> Status:
    """Return a status with the growth that the outcome shows, which may be an earlier report's."""
    growth = outcome.whole.growth
    return status._replace(
        targets=[
            each._replace(delivered=each.delivered._replace(rise=growth.rise, rise_day=growth.day))
            if isinstance(each.delivered, GrowthStatus)
            else each
            for each in status.targets
        ]
    )


def _previous(store: Store, contract: Contract, as_of: date) -> PreviousReport | None:
    day = previous_report(contract, as_of)
    return PreviousReport(day, totals(store, day)) if day else None


def _events(
    store: Store,
    noun: str,
    asked: ExportAsked,
    proofs: RecordProofs,
    councils_of: Callable[[str], tuple[str, ...]],
) -> RecordSheet:
    """Return the records that count, each with the councils of its brokers, "" for an unknown one."""
    first, *others = [
        field.name
        for field in exported(EVENT_FACTS[noun])
        if asked.with_details or noun not in field.details.detail_of
    ]
    proven = proofs.fields(noun)
    begin = ("target", first, "company", "cvr", "code", "municipality")
    fields = (*begin, *proven, *others, "brokers", "councils", "id")

    def rows() -> Iterator[list[Any]]:
        place = slice(len(begin), len(begin) + len(proven))
        for stored in counted_records(store, noun, (first, *others), len(proven), asked.as_of):
            row = list(stored)
            row[place] = proofs.of(row[0], row[-1]) or row[place]
            row.insert(-1, councils_of(row[-2]))
            yield row

    return RecordSheet(noun, fields, rows())


def _companies(store: Store, as_of: date) -> Iterator[list[Any]]:
    """Yield the companies with records that count, with the facts in force on the day."""
    for row in counted_companies(store, as_of):
        company = current_facts(dict(row), as_of)
        code = company["municipality"] or ""
        yield [
            company["name"], company["cvr"] or "", code, code,
            headcount_cell(company["employees"]), company["kind"], company["sme"],
            company["basis"], row["records"], row["hires"], company["id"],
        ]  # fmt: skip


def _uncounted(
    store: Store,
    outcome: Outcome,
    as_of: date,
    proofs: RecordProofs,
    councils_of: Callable[[str], tuple[str, ...]],
) -> RecordSheet:
    """Return the records that wait or are excluded, each with the keys of its reasons."""
    reasons, employees = map(_UNCOUNTED.index, ("reason", "employees"))

    def rows() -> Iterator[list[Any]]:
        for stored in uncounted_records(store, outcome, as_of):
            row = list(stored)
            row[reasons] = _reasons(row[reasons])
            row[employees] = (proofs.of(row[0], row[-1]) or (None,))[0]
            row.insert(-1, councils_of(row[-2] or ""))
            yield row

    return RecordSheet(outcome, _UNCOUNTED, rows())


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
    """Yield every step towards a deliverable, then, without a step, every demand not yet met.

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
