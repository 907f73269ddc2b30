"""Options of an import: what the command line says of a file besides its name and its noun."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class ImportOptions(NamedTuple):
    """What is stated for the whole file.

    `stated` are values as typed, by the columns that they stand in for where the file has none:
    `{"channel": "besøg"}`. A fact that is stated is no assumption.
    """

    stated: Mapping[str, str] = MappingProxyType({})


NO_OPTIONS: Final = ImportOptions()
