"""The origin of a workbook, in its custom properties: what it was made from, and as of when."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree.ElementTree import ParseError, fromstring

from openpyxl.packaging.custom import StringProperty

from kmtrack.archives import BROKEN_ARCHIVE
from kmtrack.errors import Refusal
from kmtrack.named_files import open_file, open_regular
from kmtrack.usecases.surveys.sent import (
    FIRST_RULE,
    RULE,
    SentReport,
    SentWorkbook,
    records_digest,
)
from kmtrack.views.xlsx.fingerprint import is_export

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl import Workbook

    from kmtrack.usecases.export import ExportContent

_PART: Final = "docProps/custom.xml"
_LONGEST: Final = 1 << 16  # bytes: no workbook needs more for them
_BEFORE_NAME: Final = "kmtrack."
_SENT: Final = "sent."
_MOST_SENT: Final = 100  # reports: more are those of nobody, and each takes its time
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_UNREADABLE: Final = (*BROKEN_ARCHIVE, ParseError)


class WorkbookOrigin(NamedTuple):
    """What a workbook was made from.

    `contract` is the id of the contract, `ledger` the token of the command that made the ledger,
    and `report` the day and moment as of which it was read: a workbook of the same day and moment,
    compared with the same reports (`sent`), has the same figures.
    """

    contract: str
    ledger: str
    report: SentReport
    with_details: bool
    sent: tuple[SentReport, ...] = ()

    @classmethod
    def of(cls, content: ExportContent) -> WorkbookOrigin:
        """Return the origin of a workbook with this content."""
        status, compared = content.status, tuple(range(len(content.sent)))
        records = records_digest(content.heads)
        report = SentReport(status.as_of, content.known_at, records, compared=compared)
        return cls(
            status.contract.id, content.ledger, report, content.with_details, tuple(content.sent)
        )


def mark_origin(workbook: Workbook, origin: WorkbookOrigin) -> None:
    """Write the origin of a workbook to its custom properties."""
    report = origin.report
    values = {
        "contract": origin.contract,
        "ledger": origin.ledger,
        "as_of": report.as_of.isoformat(),
        "known_at": report.known_at,
        "with_details": "yes" if origin.with_details else "no",
        "records": report.records,
        "rule": str(report.rule),
        # One each: a spreadsheet program keeps 255 characters of a property.
        **{f"{_SENT}{n}": _as_text(each) for n, each in enumerate(origin.sent)},
    }
    properties: Any = workbook  # the type stubs of openpyxl do not know them
    for name, value in values.items():
        properties.custom_doc_props.append(StringProperty(name=_BEFORE_NAME + name, value=value))


def read_origin(file: Path) -> WorkbookOrigin | None:
    """Read the origin of a workbook, which other programs preserve; None if it has none."""
    try:
        found = _properties(file)
        listed = takewhile(found.__contains__, (f"{_SENT}{n}" for n in range(_MOST_SENT)))
        sent = tuple(_from_text(found[name], place) for place, name in enumerate(listed))
        if f"{_SENT}{_MOST_SENT}" in found:
            return None
        return WorkbookOrigin(
            found["contract"],
            found["ledger"],
            _of_its_rule(
                SentReport(
                    date.fromisoformat(found["as_of"]),
                    _moment(found["known_at"]),
                    found.get("records", ""),
                    int(found.get("rule", FIRST_RULE)),
                    tuple(range(len(sent))),
                )
            ),
            found["with_details"] == "yes",
            sent,
        )
    except _UNREADABLE:
        return None


def read_sent(file: Path) -> SentWorkbook:
    """Read which report a workbook contains that was sent.

    Raises Refusal `sent_no_export`, `sent_without_origin`, `sent_by_newer`, and as `open_file`.
    """
    open_file(file).close()
    origin = read_origin(file)
    if origin is None:
        raise Refusal(
            "sent_without_origin" if is_export(file) else "sent_no_export", file=file.name
        )
    reports = (*origin.sent, origin.report)
    if any(report.rule > RULE for report in reports):
        raise Refusal("sent_by_newer", file=file.name)
    return SentWorkbook(file, origin.ledger, reports)


def _as_text(report: SentReport) -> str:
    """Return a report in one line: day, moment, digest, rule, and the reports it was compared with."""
    compared = ",".join(map(str, report.compared)) or "-"
    parts = (report.as_of.isoformat(), report.known_at, report.records or "-", report.rule)
    return " ".join(map(str, (*parts, compared)))


def _from_text(text: str, place: int) -> SentReport:
    """Return the report from its line at that position. Raises ValueError."""
    as_of, known_at, records, rule, compared = text.split(" ")
    places = () if compared == "-" else tuple(map(int, compared.split(",")))
    if not all(0 <= each < place for each in places):
        raise ValueError(compared)
    records = "" if records == "-" else records
    day = date.fromisoformat(as_of)
    return _of_its_rule(SentReport(day, _moment(known_at), records, int(rule), places))


def _of_its_rule(report: SentReport) -> SentReport:
    """Return a report that names its records where its rule does. Raises ValueError for any other."""
    if report.rule < FIRST_RULE or bool(report.records) == (report.rule == FIRST_RULE):
        raise ValueError(report)
    return report


def _moment(text: str) -> str:
    """Return a moment (UTC) in the form of entries. Raises ValueError for any other text."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    datetime.fromisoformat(text)
    return text


def _properties(file: Path) -> Mapping[str, str]:
    with (
        open_regular(file) as stream,
        zipfile.ZipFile(stream) as archive,
        archive.open(_PART) as part,
    ):
        # expat refuses the entities by which a small document grows without end.
        root = fromstring(part.read(_LONGEST))  # noqa: S314
    return {
        element.get("name", "").removeprefix(_BEFORE_NAME): "".join(element.itertext()).strip()
        for element in root
        if element.get("name", "").startswith(_BEFORE_NAME)
    }
