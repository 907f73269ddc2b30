"""Bars behind the numbers of a column, from nothing to a number that is the whole cell.

openpyxl writes the bars of Excel 2007 only, which fade out, so that their ends cannot be seen. The
element for newer programs is written beside it, and both refer to each other by an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import register_namespace

from openpyxl.xml.functions import fromstring

from kmtrack.views.xlsx.palette import DATA_BAR

if TYPE_CHECKING:
    from typing import Any

_NAMESPACES: Final = {
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
}
_PRIORITY: Final = 99  # among the rules of a sheet
_NEWER: Final = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
_SHEET: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RULE: Final = (
    '<conditionalFormatting {sheet} sqref="{cells}"><cfRule type="dataBar" priority="{priority}">'
    '<dataBar minLength="0" maxLength="100"><cfvo type="num" val="0"/>'
    '<cfvo type="num" val="{most}"/><color rgb="FF{color}"/></dataBar>'
    '<extLst><ext {newer} uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}">'
    "<x14:id>{id}</x14:id></ext></extLst></cfRule></conditionalFormatting>"
)
_EXTENSION: Final = (
    '<extLst {sheet}><ext {newer} uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
    "<x14:conditionalFormattings><x14:conditionalFormatting "
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="dataBar" id="{id}"><x14:dataBar minLength="0" maxLength="100" gradient="0">'
    '<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>{most}</xm:f></x14:cfvo>'
    '<x14:negativeFillColor rgb="FF{color}"/><x14:axisColor rgb="FF{color}"/></x14:dataBar></x14:cfRule>'
    "<xm:sqref>{cells}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)
_ID: Final = "{6B6D7472-6163-6B00-0001-000000000001}"  # of the one rule that a sheet can have


class DataBar(NamedTuple):
    """Bars in a range of cells; `most` is the number whose bar fills its cell."""

    cells: str
    most: float

    def rule(self) -> Any:
        """Return the rule as the element of a sheet."""
        return self._element(_RULE)

    def extension(self) -> Any:
        """Return the last element of a sheet, with what newer programs read of the rule."""
        return self._element(_EXTENSION)

    def _element(self, form: str) -> Any:
        for prefix, name in _NAMESPACES.items():  # the names that programs expect
            register_namespace(prefix, name)
        facts = {"cells": self.cells, "most": f"{self.most:g}", "color": DATA_BAR, "id": _ID}
        return fromstring(form.format(sheet=_SHEET, newer=_NEWER, priority=_PRIORITY, **facts))
