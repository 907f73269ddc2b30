"""The ways in which an undo is refused."""

from __future__ import annotations

from kmtrack.errors import Refusal


class NothingToUndo(Refusal):
    """The broker has stated nothing in this ledger."""


class UnknownCommand(Refusal):
    """No command has that number."""


class CommandOfAnother(Refusal):
    """The command is another broker's."""


class NotUndoable(Refusal):
    """The command cannot be taken back: it made the ledger, or erased a person."""


class UndoneAlready(Refusal):
    """The command changed nothing that is not as it was before."""


class UndoneByRestoring(Refusal):
    """The command joined other ledgers to this one, which only a backup takes apart again."""


class CopyGone(Refusal):
    """The command joined other ledgers to this one, and no backup from before is left."""


class BuiltUpon(Refusal):
    """A later command changed the same."""


class UsedSince(BuiltUpon):
    """A later record refers to what is to be taken back."""


class BelongsToGone(BuiltUpon):
    """What is to be put back belongs to what was taken out."""
