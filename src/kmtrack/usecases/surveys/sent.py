"""Reports sent before: compute again from the ledger what their workbooks showed of the answers."""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.queries.commands import (
    chain_heads,
    first_token,
    last_stated,
    moment_in_force,
)
from kmtrack.rules.survey_reports import reports_on
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.usecases.surveys.report import ReportData, as_report, survey_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from kmtrack.ledger.queries.commands import ChainHead
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.survey_results import SurveyReport

RULE: Final = 2  # of confidentiality
FIRST_RULE: Final = 1  # that of workbooks that name none, before reports were compared


class SentReport(NamedTuple):
    """A report sent before: as of which day, from what was known at which moment (UTC).

    `records` is a digest of the entries of that moment. `compared` has the positions of the reports
    that it was compared with, among those listed before it. `rule` is the rule of confidentiality.
    """

    as_of: date
    known_at: str
    records: str
    rule: int = RULE
    compared: tuple[int, ...] = ()


class SentWorkbook(NamedTuple):
    """The workbook of a report sent before, with the token of its ledger.

    `reports` has the reports that it was compared with, and its own as the last.
    """

    file: Path
    ledger: str
    reports: tuple[SentReport, ...]


def records_digest(heads: Iterable[ChainHead]) -> str:
    """Return a digest of the entries known at a moment, by the last ones of each person."""
    known = "".join(f"{head.recorded_by}\0{head.entries}\0{head.digest}\0" for head in heads)
    return sha256(known.encode()).hexdigest()


def sent_reports(store: Store, workbooks: Sequence[SentWorkbook]) -> list[SentReport]:
    """Return the reports in these workbooks, and those that they were compared with, each once.

    `compared` refers to positions in this list. Raises Refusal `sent_of_other_ledger`,
    `sent_from_later`, `sent_of_other_records`.
    """
    places: dict[SentReport, int] = {}
    for workbook in workbooks:
        if workbook.ledger != first_token(store):
            raise Refusal("sent_of_other_ledger", file=workbook.file.name)
        own: list[int] = []
        for report in workbook.reports:
            compared = tuple(sorted({own[place] for place in report.compared}))
            own.append(places.setdefault(report._replace(compared=compared), len(places)))
            _refuse_unknown(store, workbook.file, report)
    return list(places)


def _refuse_unknown(store: Store, file: Path, report: SentReport) -> None:
    """Refuse a report whose content this copy of the ledger cannot reconstruct."""
    if report.known_at > last_stated(store):
        raise Refusal("sent_from_later", file=file.name)
    known = records_digest(chain_heads(store, moment_in_force(store, report.known_at)))
    # Workbooks of the first rule do not say which records they were made of.
    if report.records and report.records != known:
        raise Refusal("sent_of_other_records", file=file.name)


def report_after(
    store: Store, as_of: date, sent: Sequence[SentReport], earlier: Sequence[ReportData]
) -> SurveyReport:
    """Report what was answered by `as_of`, as a workbook shows it after those that were sent.

    `earlier` is the basis of these, as `data_of_reports` returns it.
    """
    found = [*earlier, survey_data(store, as_of, range(len(sent)))]
    companies = reports_on(questionnaire(), [each.companies for each in found])
    municipalities = reports_on(questionnaire(), [each.municipalities for each in found])
    return as_report(companies[-1], municipalities[-1])


def data_of_reports(store: Store, sent: Sequence[SentReport]) -> list[ReportData]:
    """Read the basis of reports, each at its moment."""
    found: dict[int, ReportData] = {}
    for known_at in sorted({report.known_at for report in sent}):
        with _as_known(store, known_at) as then:
            for place, report in enumerate(sent):
                if report.known_at == known_at:
                    is_older = report.rule < RULE
                    data = survey_data(then, report.as_of, report.compared, is_older=is_older)
                    found[place] = data
    return [found[place] for place in range(len(sent))]


@contextmanager
def _as_known(source: Store, known_at: str) -> Iterator[Store]:
    from kmtrack.ledger.known_at import as_known_at

    with as_known_at(source, moment_in_force(source, known_at)) as then:
        yield then
