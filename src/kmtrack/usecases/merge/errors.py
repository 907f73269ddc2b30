"""The ways in which a ledger that somebody hands over is refused."""

from __future__ import annotations

from kmtrack.errors import Refusal


class OwnLedger(Refusal):
    """The file to be merged is the ledger itself."""


class ForeignDamaged(Refusal):
    """An entry of the file is not as it was written, or was not written by kmtrack."""


class ClockFarAhead(Refusal):
    """The file was written under a clock so far ahead that no moment after it is of any use."""


class OtherContract(Refusal):
    """The file is for another contract."""


class CommandDiffers(Refusal):
    """One command has other entries in the file than it has here."""


class BundleGap(Refusal):
    """The file goes on from a command that is not here."""


class RecordGap(Refusal):
    """The file goes on from a record that is not here, or not as the file knows it."""


class NoBundleInPlace(Refusal):
    """A bundle is to be written over something that is no bundle."""


class NothingNew(Refusal):
    """Nothing was stated since the last bundle."""
