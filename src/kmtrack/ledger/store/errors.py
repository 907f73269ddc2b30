"""The ways in which a ledger refuses: where it lies, what it is, and what became of a change."""

from __future__ import annotations

from kmtrack.errors import Refusal


class LedgerMissing(Refusal):
    """There is no file at the ledger's path."""


class LedgerGone(LedgerMissing):
    """There is no file at the ledger's path any more, but its backups are there."""


class LedgerExists(Refusal):
    """A ledger is to be made where a file is already."""


class LedgerIsFolder(Refusal):
    """The ledger's path is a folder or another thing that is no regular file."""


class LedgerEmpty(Refusal):
    """The file is empty, as a copy that was cut short would be."""


class NotALedger(Refusal):
    """The file is no kmtrack ledger."""


class LedgerOverwritten(NotALedger):
    """The file is no ledger any more: beside it are the backups of one."""


class LedgerNewer(Refusal):
    """The ledger was written by a newer version of kmtrack."""


class LedgerReadOnly(Refusal):
    """The ledger can be read but not written."""


class LedgerNotReadable(Refusal):
    """The operating system does not let the user read the ledger."""


class LedgerBusy(Refusal):
    """Another process holds the ledger for longer than anyone should wait."""


class LedgerDamaged(Refusal):
    """SQLite finds the file damaged."""


class LedgerIoError(Refusal):
    """The disk or the network failed under the ledger."""


class DiskFull(Refusal):
    """There is no room for the change."""


class FolderCannotHoldLedger(Refusal):
    """The folder to hold the ledger is missing or cannot be written."""


class SharedPlace(Refusal):
    """A ledger is to be made on a network share or in a synchronised folder."""


class NotStored(Refusal):
    """The change failed at its last step, and a second look shows that it is not stored."""


class StoredUnknown(Refusal):
    """The change failed at its last step, and the ledger cannot be read to tell."""


class StoredAlready(Refusal):
    """A command that is tried again with its token was stored the first time."""


class TookTooLong(Refusal):
    """A file that somebody handed over keeps the program busy for longer than any ledger would."""


class DriverMissing(Refusal):
    """What talks to a server is not installed."""


class ServerNotReached(Refusal):
    """There is no server at the address, or it does not answer."""


class ServerTurnsAway(Refusal):
    """The server answers, and lets nobody of that name into that database."""


class PasswordMissing(Refusal):
    """The server lets the user in by a password only, and none was given."""


class ServerLost(Refusal):
    """The connection broke, or the server failed, while a command was under way."""


class CutShort(Refusal):
    """The server ended a statement that took longer than it lets one take."""


class InitUnknown(Refusal):
    """Making a ledger failed at its last step, and the server does not answer to tell."""


class SchemaInTheWay(Refusal):
    """The database has a schema of the ledger's name that is another's, or holds something else."""


class NoRights(Refusal):
    """The server lets the user in, and nobody gave them rights to the ledger."""


class NoLedgerOnServer(Refusal):
    """The database holds no ledger."""


class NotUtf8(Refusal):
    """The database cannot hold every letter that a name may have."""


class NotAllowed(Refusal):
    """The server does not let this user do what was asked."""
