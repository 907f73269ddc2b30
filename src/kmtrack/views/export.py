"""The content of the region's workbook, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.views.status import status_as_dict

if TYPE_CHECKING:
    from kmtrack.usecases.export import ExportContent


def content_as_dict(content: ExportContent) -> dict[str, Any]:
    """Return the content of a workbook: its day and moment, the fields of each sheet, the figures."""
    sheets = (*content.counted, content.waiting, content.excluded, *content.delivered)
    return {
        "records": content.records,
        "ledger": content.ledger,
        **status_as_dict(content.status),
        "known_at": content.known_at,
        "with_details": content.with_details,
        "sent": [
            {"as_of": report.as_of.isoformat(), "known_at": report.known_at}
            for report in content.sent
        ],
        "fields": {sheet.noun: list(sheet.fields) for sheet in sheets},
    }
