"""The demonstration: two years of invented work out of `data/demo`, replayed by the use cases."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict, deque
from contextlib import ExitStack, closing
from datetime import date
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.files import private_folder
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.settings import put_setting, setting
from kmtrack.ledger.store.base import EVERYTHING, open_store
from kmtrack.ledger.store.copies import telling_of
from kmtrack.ledger.store.create import creating
from kmtrack.ledger.store.sqlite_file import open_file
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases import brokers, companies, deliverables, events, methods
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.history.undo import undo_command
from kmtrack.usecases.imports import import_file
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.merge.merge import merge_ledgers
from kmtrack.usecases.record_lists import listing_of
from kmtrack.usecases.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.store.sqlite_file import FileStore

    Command = Mapping[str, Any]
    Row = dict[str, str]

AS_OF: Final = date(2012, 12, 31)
_FOLDER: Final = DATA_FOLDER / "demo"
_SETTING: Final = "demonstration"
_OWN: Final = "demo"
# Each list with the noun that its rows are of, and the column that says when something happened.
_LISTS: Final = {
    "contacts": ("contact", "date"),
    "collaborations": ("collaboration", "agreed"),
    "hires": ("hire", "agreed"),
    "answers": ("survey", "date"),
}


_LETTERS: Final = 6  # of an id: enough to be the only one, and quick to type
_WAITING: Final = """
    SELECT record_id FROM verdict
    WHERE outcome = 'waiting' AND noun = 'contact' AND reasons LIKE '%no_headcount%'
    ORDER BY day DESC, record_id LIMIT 1
"""
_NOT_MET: Final = """
    SELECT name FROM company
    WHERE withdrawn IS NULL AND cvr IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.company_id = company.id)
    ORDER BY name_key, id LIMIT 1
"""


class DemonstrationExists(Refusal):
    """The folder holds a demonstration, or a file in the place of one."""


class DemonstrationNoFolder(Refusal):
    """A file lies where the folder of the demonstration is to be."""


class Places(NamedTuple):
    """Where the demonstration's ledger and the region's workbook lie."""

    ledger: Path
    workbook: Path

    @classmethod
    def in_folder(cls, folder: Path) -> Places:
        """The places in a folder."""
        return cls(folder / "demo.db", folder / "region.xlsx")


class Try(NamedTuple):
    """One command to try: the key of the text that says what it shows, and its words."""

    text: str
    words: tuple[str, ...]


def make_demonstration(places: Places) -> None:
    """Make the ledger, whole or not at all, with the same facts on every machine.

    Raises DemonstrationExists or DemonstrationNoFolder, and as `creating`.
    """
    folder = places.ledger.parent
    if folder.exists() and not folder.is_dir():
        raise DemonstrationNoFolder(path=folder)
    for path in places:
        if path.exists():
            raise DemonstrationExists(path=path, folder=path.parent)
    # A merge keeps a backup beside its ledger: it is made aside, and only the ledger comes back.
    with (
        telling_of(places.ledger),
        creating(places.ledger) as store,
        private_folder(folder) as aside,
        telling_of(places.ledger, aside / f"{_OWN}.db"),
        _Replay(aside) as replay,
    ):
        made = replay.all(_commands())
        with made.reading():
            made.back_up_to(store.path)


def things_to_try(store: Store, places: Places) -> list[Try]:
    """Propose commands to try next, without those whose record is no longer as they need it."""
    waiting, not_met = store.one(_WAITING), store.one(_NOT_MET)
    day, earlier = f"{AS_OF}", "2012-09-01"
    workbook = str(places.workbook.with_name(f"region-{earlier}.xlsx"))
    tries = [Try("demo.try.status", ("status", "--by", "broker", "--as-of", day))]
    if waiting:
        tries.append(Try("demo.try.why", ("why", waiting["record_id"][:_LETTERS])))
    tries.append(Try("demo.try.target", ("why", "hires", "--as-of", day)))
    if not_met:
        words = ("contact", "add", not_met["name"], "--date", "2012-12-20", "--channel", "visit")
        tries.append(Try("demo.try.contact", words))
    tries += [
        Try("demo.try.methods", ("why", "methods", "--as-of", day)),
        Try("demo.try.outcome", ("survey", "report", "--by", "municipality")),
        Try("demo.try.due", ("followup", "due", "--until", "2013-01-31")),
        Try("demo.try.export", ("export", workbook, "--as-of", earlier)),
        Try("demo.try.check", ("check",)),
    ]
    ledger = ("--ledger", str(places.ledger))
    return [one._replace(words=(*ledger, *one.words)) for one in tries]


def things_to_try_there(places: Places) -> list[Try]:
    """Propose commands to try on a demonstration made earlier; none where another file lies there."""
    try:
        store = open_store(places.ledger)
    except Refusal:
        return []
    with closing(store):
        is_ours = setting(store, _SETTING) is not None
        return things_to_try(store, places) if is_ours else []


def _commands() -> list[Command]:
    with (_FOLDER / "commands.toml").open("rb") as file:
        commands: list[Command] = tomllib.load(file)["commands"]
    return commands


def _rows(name: str) -> list[Row]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class _Noted:
    """The rows of a list that are not imported yet, by broker, in the order of the file."""

    def __init__(self, name: str, day: str) -> None:
        self._day = day
        self._rows: dict[str, deque[Row]] = defaultdict(deque)
        for row in _rows(name):
            self._rows[row.get("broker", "")].append(row)

    def until(self, day: date, broker: str = "") -> list[Row]:
        """Take what a broker noted until a day; a row without one goes with the row above it."""
        rows = self._rows[broker]
        taken: list[Row] = []
        while rows and rows[0][self._day] <= str(day):
            taken.append(rows.popleft())
        return taken


class _Replay(ExitStack):
    """The ledgers of the demonstration, in a folder where they are made."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._stores: dict[str, FileStore] = {}
        self._noted = {name: _Noted(name, day) for name, (_, day) in _LISTS.items()}
        self._companies = {row["name"]: row for row in _rows("companies")}
        self._added: dict[str, set[str]] = defaultdict(set)
        self._numbers = count(1)

    def all(self, commands: Iterable[Command]) -> FileStore:
        """Give the commands, each at its moment; returns the operator's ledger."""
        for command in commands:
            self._give(command)
        return self._stores[_OWN]

    def _give(self, command: Command) -> None:
        name, by = command.get("ledger", _OWN), command["by"]
        clock = Clock(command["at"].date(), moment=command["at"])
        if command["do"] == "init":
            self._init(name, command, clock)
            return
        session = Session(self._stores[name], clock, by, by, new_id=self._next_id)
        if command["do"] == "import":
            self._import(session, name)
        elif command["do"] == "survey import":
            self._import_rows(session, "answers", self._noted["answers"].until(clock.today))
        elif command["do"] == "merge":
            merge_ledgers(session, [self._place(command["of"])])
        else:
            _DO[command["do"]](session, command)

    def _init(self, name: str, command: Command, clock: Clock) -> None:
        new = NewLedger(command["municipalities"], None, command["by"], command["council"])
        create_ledger(self._place(name), new, clock, {})
        store = self.enter_context(closing(open_file(self._place(name))))
        store.write_unsynced()  # it is nowhere yet, so no step needs to be safe on the disk
        if name == _OWN:
            put_setting(store, _SETTING, "data")
        self._stores[name] = store

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    def _next_id(self, noun: str) -> str:
        """The id of the next record: the same each time."""
        return id_from(noun, sha256(f"demo {next(self._numbers)}".encode()).digest())

    def _import(self, session: Session, ledger: str) -> None:
        """Import what a broker noted since the last time, and before it the companies it names."""
        noted = {
            name: self._noted[name].until(session.clock.today, session.who)
            for name in _LISTS
            if name != "answers"
        }
        named = {row["company"] for rows in noted.values() for row in rows}
        new = sorted(named - self._added[ledger])
        self._added[ledger].update(new)
        self._import_rows(session, "companies", [self._companies[name] for name in new])
        for name, rows in noted.items():
            self._import_rows(session, name, rows)

    def _import_rows(self, session: Session, name: str, rows: list[Row]) -> None:
        if not rows:
            return
        path = self._folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        import_file(session, path, "company" if name == "companies" else _LISTS[name][0])


def _record(session: Session, noun: str, company: str, day: date) -> str:
    """The id of what happened at a company on a day."""
    records = listing_of(session, noun, company, EVERYTHING).records
    on = "date" if noun == "contact" else "agreed"
    return next(str(record["id"]) for record in records if record[on] == str(day))


def _of_event(noun: str) -> dict[str, Callable[[Session, Command], object]]:
    return {
        f"{noun} add": lambda d, c: events.add_event(d, noun, c["of"], c["facts"]),
        f"{noun} edit": lambda d, c: events.edit_event(
            d, noun, _record(d, noun, c["of"], c["on"]), c["facts"]
        ),
        f"{noun} withdraw": lambda d, c: events.withdraw_event(
            d, noun, _record(d, noun, c["of"], c["on"]), c["reason"]
        ),
    }


_DO: Final[Mapping[str, Callable[[Session, Command], object]]] = {
    "contract amend": lambda d, c: amend_contract(d, c["changes"], c["reason"]),
    "broker add": lambda d, c: brokers.add_broker(d, c["facts"]),
    "company add": lambda d, c: companies.add_company(d, c["facts"], even_if_alike=True),
    "company edit": lambda d, c: companies.edit_company(d, c["of"], c["facts"], c.get("from")),
    "company join": lambda d, c: companies.join_companies(d, c["of"], c["with"]),
    "followup add": lambda d, c: events.add_followup(d, c["of"], c["facts"]),
    **_of_event("contact"),
    **_of_event("collaboration"),
    **_of_event("hire"),
    "method add": lambda d, c: methods.add_method(d, c["facts"]),
    "method assess": lambda d, c: methods.assess_method(d, c["of"], c["facts"]),
    "method disseminate": lambda d, c: methods.disseminate_method(d, c["of"], c["facts"]),
    "method used": lambda d, c: methods.use_method(
        d, c["of"], _record(d, "contact", c["company"], c["on"])
    ),
    "deliverable log": lambda d, c: deliverables.log_step(d, c["of"], c["facts"]),
    "deliverable check": lambda d, c: deliverables.check_point(d, c["of"], c["point"], {}),
    "deliverable submit": lambda d, c: deliverables.submit(d, c["of"], None, c["facts"]),
    "undo": lambda d, _: undo_command(d),
}
