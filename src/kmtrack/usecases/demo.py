"""Demonstration: two years of invented work in `data/demo`, replayed by the use cases."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict, deque
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.files import private_folder
from kmtrack.ledger.open import open_file, open_store
from kmtrack.ledger.queries.demo import company_never_contacted, contact_waiting_for_headcount
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.settings import DEMONSTRATION, put_setting, setting
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.ledger.store.copies import reporting_failure_of
from kmtrack.ledger.store.create import new_ledger
from kmtrack.ledger.store.errors import WriteFailed
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases import brokers, companies, deliverables, events, methods
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.doubts import AGREED
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.percentage import Percentage
from kmtrack.usecases.record_lists import listing_of
from kmtrack.usecases.session import Session
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.store.sqlite_file import FileStore

    Command = Mapping[str, Any]
    Row = dict[str, str]

AS_OF: Final = date(2012, 12, 31)
# Each list has only what was noted since the one before, though often in the same words.
_ALL_NEW: Final = ImportOptions(adds_similar=True)
_FOLDER: Final = DATA_FOLDER / "demo"
# The ledger that commands are given in where they name none, and the setting that marks it as made here.
_OWN: Final = "demo"
# Each list with the noun of its rows and the column that holds the date.
_LISTS: Final = {
    "contacts": ("contact", "date"),
    "collaborations": ("collaboration", "agreed"),
    "hires": ("hire", "agreed"),
    "answers": ("survey", "date"),
}
_LETTERS: Final = 6  # of an id: enough to be the only one, and quick to type


class DemonstrationExists(Refusal):
    """The folder already has a demonstration, or a file with its name."""


class DemoFiles(NamedTuple):
    """The files of a demonstration: its ledger and the region's workbook."""

    ledger: Path
    workbook: Path

    @classmethod
    def in_folder(cls, folder: Path) -> DemoFiles:
        """Return the paths that the files have in a folder."""
        return cls(folder / "demo.db", folder / "region.xlsx")


class Suggestion(NamedTuple):
    """A command to try: the key of the text that describes it, and its words."""

    text: str
    words: tuple[str, ...]


def make_demonstration(files: DemoFiles, advance: Callable[[int], None] | None = None) -> None:
    """Make the ledger, whole or not at all, with the same facts on every machine.

    `advance` is called with the percentage done. Raises DemonstrationExists or
    `demonstration_no_folder`, and as `new_ledger`.
    """
    folder = files.ledger.parent
    if folder.exists() and not folder.is_dir():
        raise Refusal("demonstration_no_folder", path=folder)
    for path in files:
        if path.exists():
            raise DemonstrationExists("demonstration_exists", path=path, folder=path.parent)
    # A merge keeps a backup beside its ledger: it is made aside, and only the ledger comes back.
    with (
        reporting_failure_of(files.ledger),
        new_ledger(files.ledger) as store,
        private_folder(folder) as aside,
        _reported_for(files.ledger, aside),
        _Replay(aside) as replay,
    ):
        commands = _commands()
        counted = Percentage(len(commands), advance).over(commands) if advance else commands
        made = replay.run(counted)
        with made.reading():
            made.back_up_to(store.path)


def suggestions(store: Store, files: DemoFiles) -> list[Suggestion]:
    """Suggest commands to try next, without those whose record no longer fits."""
    waiting, not_met = contact_waiting_for_headcount(store), company_never_contacted(store)
    day, earlier = f"{AS_OF}", "2012-09-01"
    workbook = str(files.workbook.with_name(f"region-{earlier}.xlsx"))
    suggested = [Suggestion("demo.try.status", ("status", "--by", "broker", "--as-of", day))]
    if waiting:
        suggested.append(Suggestion("demo.try.why", ("why", waiting[:_LETTERS])))
    suggested.append(Suggestion("demo.try.target", ("why", "hires", "--as-of", day)))
    if not_met:
        words = ("contact", "add", not_met, "--date", "2012-12-20", "--channel", "visit")
        suggested.append(Suggestion("demo.try.contact", words))
    suggested += [
        Suggestion("demo.try.methods", ("why", "methods", "--as-of", day)),
        Suggestion("demo.try.outcome", ("survey", "report", "--by", "municipality")),
        Suggestion("demo.try.due", ("followup", "due", "--until", "2013-01-31")),
        Suggestion("demo.try.export", ("export", workbook, "--as-of", earlier)),
        Suggestion("demo.try.check", ("check",)),
    ]
    ledger = ("--ledger", str(files.ledger))
    return [one._replace(words=(*ledger, *one.words)) for one in suggested]


def suggestions_there(files: DemoFiles) -> list[Suggestion]:
    """Suggest commands to try on an existing demonstration; none if the file is another one."""
    try:
        store = open_store(files.ledger)
    except Refusal:
        return []
    with closing(store):
        is_ours = setting(store, DEMONSTRATION) is not None
        return suggestions(store, files) if is_ours else []


@contextmanager
def _reported_for(ledger: Path, aside: Path) -> Iterator[None]:
    """Report refusals about the temporary files as refusals about the ledger made from them."""
    try:
        yield
    except Refusal as error:
        paths = [fact for fact in error.facts.values() if isinstance(fact, Path)]
        if not any(path.is_relative_to(aside) for path in paths):
            raise
        if error.key in {"disk_full", "no_room_aside"}:
            raise WriteFailed("disk_full", path=ledger) from error
        raise WriteFailed("copy_failed", file=ledger) from error


def _commands() -> list[Command]:
    with (_FOLDER / "commands.toml").open("rb") as file:
        commands: list[Command] = tomllib.load(file)["commands"]
    return commands


def _rows(name: str) -> list[Row]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class _Noted:
    """The rows of a list that are not yet imported, by broker and in the order of the file.

    `day` is the column of the date; the rows are sorted by it.
    """

    def __init__(self, name: str, day: str) -> None:
        self._day = day
        self._rows: dict[str, deque[Row]] = defaultdict(deque)
        for row in _rows(name):
            self._rows[row.get("broker", "")].append(row)

    def until(self, day: date, broker: str = "") -> list[Row]:
        """Take a broker's rows up to a day; a row without a date belongs to the row above it."""
        rows = self._rows[broker]
        taken: list[Row] = []
        while rows and rows[0][self._day] <= str(day):
            taken.append(rows.popleft())
        return taken


class _Replay(ExitStack):
    """Replays commands in ledgers that it makes in a folder, and closes these when the block ends."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._stores: dict[str, FileStore] = {}
        self._noted = {name: _Noted(name, day) for name, (_, day) in _LISTS.items()}
        self._companies = {row["name"]: row for row in _rows("companies")}
        self._added: dict[str, set[str]] = defaultdict(set)
        self._numbers = count(1)

    def run(self, commands: Iterable[Command]) -> FileStore:
        """Replay the commands, each at its moment, and return the operator's ledger."""
        for command in commands:
            self._run_one(command)
        return self._stores[_OWN]

    def _run_one(self, command: Command) -> None:
        name, by = command.get("ledger", _OWN), command["by"]
        clock = Clock(command["at"].date(), moment=command["at"])
        if command["do"] == "init":
            self._create(name, command, clock)
            return
        session = Session(self._stores[name], clock, by, by, new_id=self._next_id, answers=AGREED)
        if command["do"] == "import":
            self._import(session, name)
        elif command["do"] == "survey import":
            self._import_rows(session, "answers", self._noted["answers"].until(clock.today))
        elif command["do"] == "merge":
            merge_ledgers(session, [self._place(command["of"])])
        else:
            _USE_CASES[command["do"]](session, command)

    def _create(self, name: str, command: Command, clock: Clock) -> None:
        new = NewLedger(
            municipalities=command["municipalities"],
            broker=command["by"],
            council=command["council"],
        )
        create_ledger(self._place(name), new, clock, {})
        store = self.enter_context(closing(open_file(self._place(name))))
        store.write_unsynced()  # it is nowhere yet, so no step needs to be safe on the disk
        if name == _OWN:
            put_setting(store, DEMONSTRATION, "made")
        self._stores[name] = store

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    def _next_id(self, noun: str) -> str:
        """Return the id of the next record, the same each time."""
        return id_from(noun, sha256(f"demo {next(self._numbers)}".encode()).digest())

    def _import(self, session: Session, ledger: str) -> None:
        """Import what a broker noted since the last time, the companies named there first."""
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
        noun = "company" if name == "companies" else _LISTS[name][0]
        import_file(session, path, noun, _ALL_NEW)


def _record(session: Session, noun: str, company: str, day: date) -> str:
    """Return the id of the record at a company on a day."""
    records = listing_of(session, noun, {"company": company}, EVERYTHING).records
    on = "date" if noun == "contact" else "agreed"
    return next(str(record["id"]) for record in records if record[on] == str(day))


def _of_event(noun: str) -> dict[str, Callable[[Session, Command], object]]:
    return {
        f"{noun} add": lambda s, c: events.add_event(s, noun, c["of"], c["facts"]),
        f"{noun} edit": lambda s, c: events.edit_event(
            s, noun, _record(s, noun, c["of"], c["on"]), c["facts"]
        ),
        f"{noun} withdraw": lambda s, c: events.withdraw_event(
            s, noun, _record(s, noun, c["of"], c["on"]), c["reason"]
        ),
    }


_USE_CASES: Final[Mapping[str, Callable[[Session, Command], object]]] = {
    "contract amend": lambda s, c: amend_contract(s, c["changes"], c["reason"]),
    "broker add": lambda s, c: brokers.add_broker(s, c["facts"]),
    "company add": lambda s, c: companies.add_company(s, c["facts"]),
    "company edit": lambda s, c: companies.edit_company(s, c["of"], c["facts"], c.get("from")),
    "company join": lambda s, c: companies.join_companies(s, c["of"], c["with"]),
    "followup add": lambda s, c: events.add_followup(s, c["of"], c["facts"]),
    **_of_event("contact"),
    **_of_event("collaboration"),
    **_of_event("hire"),
    "method add": lambda s, c: methods.add_method(s, c["facts"]),
    "method assess": lambda s, c: methods.assess_method(s, c["of"], c["facts"]),
    "method disseminate": lambda s, c: methods.disseminate_method(s, c["of"], c["facts"]),
    "method used": lambda s, c: methods.use_method(
        s, c["of"], _record(s, "contact", c["company"], c["on"])
    ),
    "deliverable log": lambda s, c: deliverables.log_step(s, c["of"], c["facts"]),
    "deliverable check": lambda s, c: deliverables.check_point(s, c["of"], c["point"], {}),
    "deliverable submit": lambda s, c: deliverables.submit(s, c["of"], None, c["facts"]),
    "undo": lambda s, _: undo_command(s),
}
