"""The origin of a workbook, in its custom properties: what it was made from, and as of when."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree.ElementTree import ParseError, fromstring

from openpyxl.packaging.custom import StringProperty

from kmtrack.named_files import open_regular

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl import Workbook

    from kmtrack.usecases.export import ExportContent

_PART: Final = "docProps/custom.xml"
_LONGEST: Final = 1 << 16  # bytes: no workbook needs more for them
_BEFORE_NAME: Final = "kmtrack."
_UNREADABLE: Final = (
    *(OSError, KeyError, ValueError, NotImplementedError, RuntimeError),
    *(zipfile.BadZipFile, ParseError),
)


class Origin(NamedTuple):
    """What a workbook was made from.

    `contract` is the id of the contract, `ledger` the token of the command that made the ledger,
    `known_at` the moment (UTC) as of which it was read: a workbook of the same day and moment has the
    same figures.
    """

    contract: str
    ledger: str
    as_of: date
    known_at: str
    with_details: bool

    @classmethod
    def of(cls, content: ExportContent) -> Origin:
        """Return the origin of a workbook with this content."""
        status = content.status
        return cls(
            status.contract.id,
            content.ledger,
            status.as_of,
            content.known_at,
            content.with_details,
        )


def mark_origin(workbook: Workbook, origin: Origin) -> None:
    """Write the origin of a workbook to its custom properties."""
    values = {**origin._asdict(), "as_of": origin.as_of.isoformat()}
    values["with_details"] = "yes" if origin.with_details else "no"
    properties: Any = workbook  # the type stubs of openpyxl do not know them
    for name, value in values.items():
        properties.custom_doc_props.append(StringProperty(name=_BEFORE_NAME + name, value=value))


def read_origin(file: Path) -> Origin | None:
    """Read the origin of a workbook, which programs keep that save it; None where it has none."""
    try:
        found = _properties(file)
        return Origin(
            found["contract"],
            found["ledger"],
            date.fromisoformat(found["as_of"]),
            found["known_at"],
            found["with_details"] == "yes",
        )
    except _UNREADABLE:
        return None


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
