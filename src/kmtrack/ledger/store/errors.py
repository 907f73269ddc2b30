"""The ways in which a ledger refuses: where it lies, what it is, and what became of a change."""

from __future__ import annotations

from kmtrack.errors import Refusal


class LedgerMissing(Refusal):
    """There is no ledger at its path: no file, or one that took its place."""


class LedgerIsFolder(Refusal):
    """The ledger's path is a folder or another thing that is no regular file."""


class LedgerEmpty(Refusal):
    """The file is empty, as a copy that was cut short would be."""


class NotALedger(Refusal):
    """The file is no kmtrack ledger."""


class LedgerDamaged(Refusal):
    """SQLite finds the file damaged."""


class ServerLost(Refusal):
    """The connection broke, or the server failed, while a command was under way."""


class WriteFailed(Refusal):
    """A file could not be written: no room is left, or the disk fails."""
