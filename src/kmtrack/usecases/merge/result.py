"""What a merge is made of and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.check.issue import Issue
    from kmtrack.usecases.merge.company_links import United
    from kmtrack.usecases.merge.conflicts import BecameLater, Conflict
    from kmtrack.usecases.people.erase import ErasureReport
    from kmtrack.usecases.target_changes import TargetChange


class Source(NamedTuple):
    """A ledger that is merged, and its copy that was judged."""

    file: Location
    store: Store


class Ahead(NamedTuple):
    """Whose clock was ahead when something was recorded, and the last moment (UTC) of that."""

    by: str
    moment: str


class FromFile(NamedTuple):
    """What came of one file: commands new and known, the new records by noun, and what united.

    `ahead` are those whose clock was ahead; what is stated here gets moments after theirs.
    """

    file: Location
    commands: int
    already_here: int
    new: dict[str, int]
    united: list[United]
    ahead: list[Ahead]


class ContractChange(NamedTuple):
    """A term of the contract that changes, its old and its new value, and that in words."""

    term: str
    before: Any
    after: Any
    words: str


class Merged(NamedTuple):
    """What a merge does: for each file, and what follows for companies, contacts and counts.

    `contract` are the terms of it that change. `reached` is how far the erasures reached that it
    brought, if it brought any.
    """

    files: list[FromFile]
    conflicts: list[Conflict]
    alike: list[Issue]
    later: list[BecameLater]
    targets: list[TargetChange]
    forgotten: int
    contract: list[ContractChange]
    kept: Path | None = None
    reached: ErasureReport | None = None

    @property
    def commands(self) -> int:
        """How many commands are new here."""
        return sum(each.commands for each in self.files)
