"""Making the demonstration's ledger: it appears whole in its folder, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.change import changing
from kmtrack.ledger.contracts import CONTRACT_ID, row_in_force
from kmtrack.ledger.facts.others import BrokerFacts
from kmtrack.ledger.schema import creating
from kmtrack.ledger.settings import OWN_BROKER, put_setting, setting
from kmtrack.rules.amending import amended
from kmtrack.usecases.demonstration import phrases
from kmtrack.usecases.demonstration.chance import SEED
from kmtrack.usecases.demonstration.days import FIRST_DAY, LAST_DAY
from kmtrack.usecases.demonstration.deliveries import deliveries
from kmtrack.usecases.demonstration.people import JOINS_ON, brokers
from kmtrack.usecases.demonstration.questionnaires import READ_ON, moment_of, read_forms
from kmtrack.usecases.demonstration.story import stated
from kmtrack.usecases.demonstration.telling import commands_of, stamp, tell
from kmtrack.usecases.demonstration.whole_story import whole_story
from kmtrack.usecases.founding import OWN_CONTRACT, contract_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kmtrack.ledger.change import Change
    from kmtrack.ledger.store import Store

AS_OF: Final = LAST_DAY
_SETTING: Final = "demonstration"
_FOUNDED: Final = datetime(2011, 1, 3, 8, 41, 17, 205_113, tzinfo=UTC)
_AGREED: Final = datetime(2011, 8, 25, 9, 12, 40, 771_402, tzinfo=UTC)


class DemonstrationExists(KmtrackError):
    """The folder holds a demonstration, or a file in the place of one."""


class DemonstrationNoFolder(KmtrackError):
    """A file lies where the folder of the demonstration is to be."""


class Places(NamedTuple):
    """Where the demonstration's ledger and the region's workbook lie."""

    ledger: Path
    workbook: Path

    @classmethod
    def in_folder(cls, folder: Path) -> Places:
        """The places in a folder."""
        return cls(folder / "demo.db", folder / "region.xlsx")


def make_demonstration(places: Places) -> None:
    """Make the ledger, the same on every machine.

    Raises DemonstrationExists or DemonstrationNoFolder, and as `creating`.
    """
    folder = places.ledger.parent
    if folder.exists() and not folder.is_dir():
        raise DemonstrationNoFolder(path=folder)
    for path in places:
        if path.exists():
            raise DemonstrationExists(path=path, folder=path.parent)
    with creating(places.ledger) as store:
        # Until it is whole the ledger is not there, so no step needs to be safe on the disk.
        store.run("PRAGMA synchronous = OFF")
        store.run("PRAGMA journal_mode = MEMORY")
        _found(store)
        _tell_all(store)


def _tell_all(store: Store) -> None:
    """Tell the whole story, and between its commands what needs to see the ledger as it is then."""
    commands = [*commands_of(whole_story()), *deliveries(brokers()[0])]
    commands.sort(key=lambda command: command.moment)
    between: list[tuple[datetime, Callable[[], None]]] = [
        (_AGREED, partial(_let_join, store)),
        *((moment_of(day), partial(read_forms, store, day)) for day in READ_ON),
    ]
    begun = 0
    for moment, happens in between:
        later = (n for n, command in enumerate(commands) if command.moment >= moment)
        until = next(later, len(commands))
        tell(store, commands[begun:until])
        happens()
        begun = until
    tell(store, commands[begun:])


def is_demonstration(store: Store) -> bool:
    """Whether a ledger was made here, whatever was done to it since."""
    return setting(store, _SETTING) is not None


def _found(store: Store) -> None:
    """The contract, and the brokers who are there from the beginning; their ledger is the last's."""
    there = [b for b in brokers() if b.municipality != phrases.LATE_MUNICIPALITY]
    terms: dict[str, Any] = {
        "operator": phrases.OPERATOR,
        "participation": [{"municipality": broker.municipality} for broker in there],
    }
    document = amended(contract_document(OWN_CONTRACT), terms)
    with changing(store, stamp(_FOUNDED), phrases.MANAGER, "init") as change:
        change.add("contract", document, CONTRACT_ID)
        for broker in there:
            _add_broker(change, broker.initials, broker.council)
        put_setting(store, OWN_BROKER, there[-1].initials)
        put_setting(store, _SETTING, SEED)


def _let_join(store: Store) -> None:
    """A municipality joins while the contract runs, and its broker with it."""
    late = next(b for b in brokers() if b.municipality == phrases.LATE_MUNICIPALITY)
    span = {"municipality": late.municipality, "from": JOINS_ON.isoformat()}
    with changing(
        store, stamp(_AGREED), phrases.MANAGER, "contract amend", phrases.JOINS
    ) as change:
        change.edit("contract", row_in_force(store), {"participation": [span]})
        _add_broker(change, late.initials, late.council)


def _add_broker(change: Change, initials: str, council: str) -> None:
    facts = stated(BrokerFacts, FIRST_DAY, initials=initials, council=council)
    change.add("broker", facts, initials)
