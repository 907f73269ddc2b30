"""Large ledgers: what a check or a restore holds at a time does not grow with the ledger."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import TODAY, add_contact, cvr_number, ledger_in, session_over
from kmtrack.ledger import copy_origin, name_words, possible_links
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.settings import LEFT_PLACES, put_setting
from kmtrack.ledger.store import quarantine, sqlite, sqlite_file
from kmtrack.ledger.store.sqlite_file import FileStore, new_store
from kmtrack.ledger.unit_of_work import unit_of_work
from kmtrack.usecases import restore
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.check.alike_companies import alike_companies
from kmtrack.usecases.check.commands import altered_commands
from kmtrack.usecases.check.entries import altered_entries, altered_persons
from kmtrack.usecases.check.integrity import differing_rows, differing_verdicts, differing_words
from kmtrack.usecases.check.warnings import warnings_in
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from python_memory import python_memory
from sqlite_memory import sqlite_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

SMALL, LARGE = 60, 300  # companies
MEASURES: Final = 3
OF_ONE_COMMAND: Final = 2
# By what queries are known that sort a few rows: what waits, is alike or was taken over, brokers and
# the contract, and entries with ids as nobody gives them.
FEW: Final = ("'waiting'", "AS other", "succession", "broker", "'contract'", "'command'", "substr(")


def fill(session: Session, companies: int) -> None:
    """Add companies, each with two contacts, a few by each command."""
    for first in range(0, companies, OF_ONE_COMMAND):
        moment = f"2011-05-01T08:00:00.{first:06}Z"
        with unit_of_work(session.store, moment, "JH", "import") as work:
            for number in range(first, first + OF_ONE_COMMAND):
                facts = {"name": f"{cvr_number(number)} ApS", "cvr": cvr_number(number)}
                facts |= {"municipality": "791", "employees": "40", "kind": "company"}
                company = work.add("company", facts)
                for day in "12":
                    met = {"date": f"2011-03-0{day}", "channel": "visit", "broker": "JH"}
                    work.add("contact", {"company_id": company, **met})


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return ledgers by the number of their companies; they are only read."""
    made = {}
    for companies in (SMALL, LARGE):
        made[companies] = ledger_in(tmp_path_factory.mktemp("large"))
        with session_over(made[companies]) as session:
            fill(session, companies)
    return made


# What each check may hold of a company, where a row of it and its contacts take 3000 bytes, and an
# id that is kept 60: less than 40 is what one run differs from the next by, and 160 at most is held.
CHECKS: Final[dict[str, tuple[Callable[[Store], Iterator[Any]], int]]] = {
    "entries": (altered_entries, 40),
    "commands": (altered_commands, 40),
    "persons": (altered_persons, 40),
    "rows": (lambda store: differing_rows(store, NOUNS), 40),
    "words": (differing_words, 40),
    "verdicts": (differing_verdicts, 100),
    "alike companies": (alike_companies, 300),
    "warnings": (warnings_in, 200),
}


def peak_of(ledger: Path, check: Callable[[Store], Iterator[Any]]) -> int:
    """Return the most bytes that a check of a ledger held at a time, the lowest of some measures."""
    return min(_measured_peak(ledger, check) for _ in range(MEASURES))


def _measured_peak(ledger: Path, check: Callable[[Store], Iterator[Any]]) -> int:
    with session_over(ledger) as session, session.store.reading(), python_memory() as peak:
        for _ in check(session.store):
            pass
        return peak()


@pytest.mark.files
@pytest.mark.parametrize("name", CHECKS)
def test_a_check_holds_no_more_of_a_larger_ledger(
    ledgers: dict[int, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(possible_links, "_BUCKETS", 1 << 12)
    monkeypatch.setattr(name_words, "_GROUPS", 1 << 4)
    check, of_one = CHECKS[name]
    _measured_peak(ledgers[SMALL], check)  # loads what it needs
    small, large = (peak_of(ledgers[size], check) for size in (SMALL, LARGE))
    assert large - small < (LARGE - SMALL) * of_one


@pytest.mark.files
def test_a_check_has_no_table_sorted(ledgers: dict[int, Path]) -> None:
    """SQLite sorts in memory: a text that is to be erased may stand in no file of its own making."""
    statements = list[str]()
    with session_over(ledgers[SMALL]) as session:
        connection: sqlite3.Connection = vars(session.store)["_connection"]
        connection.set_trace_callback(statements.append)
        check_ledger(session.store)
        connection.set_trace_callback(None)
    sorting = set()
    with closing(sqlite3.connect(ledgers[SMALL])) as bare:
        for text in {each for each in statements if each.lstrip().startswith("SELECT")}:
            plan = [row[3] for row in bare.execute(f"EXPLAIN QUERY PLAN {text}")]
            if "USE TEMP B-TREE FOR ORDER BY" in plan:
                sorting.add(" ".join(text.split()))
    assert sorted(text for text in sorting if not any(each in text for each in FEW)) == []


@pytest.mark.files
def test_a_merge_of_one_contact_reads_no_other_records(
    ledgers: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs, bundle = (tmp_path / name for name in ("ours.db", "theirs.db", "bundle.db"))
    for ledger in (ours, theirs):
        shutil.copy(ledgers[SMALL], ledger)
    with session_over(theirs) as session:
        add_contact(session, cvr_number(1), {"date": "2011-03-20"})
        write_bundle(session, bundle, TODAY)
    read = Counter[str]()
    every = FileStore.each

    def each(store: FileStore, statement: str, **named: object) -> Iterator[Any]:
        for row in every(store, statement, **named):
            read[statement] += store.path == ours
            yield row

    monkeypatch.setattr(FileStore, "each", each)
    with session_over(ours) as session:
        merge_ledgers(session, [bundle])
    records = ("FROM verdict", "FROM contact", "FROM company", "FROM name_word")
    of_records = {text: n for text, n in read.items() if any(each in text for each in records)}
    assert of_records
    assert max(of_records.values()) < SMALL


def replace(store: FileStore, by: Path) -> None:
    store.replace_with(by, "token", lambda: store.run("PRAGMA other.cache_size = -100"))


def compact(store: FileStore, _: Path) -> None:
    store.compact()


def note_in_copy(store: FileStore, _: Path) -> None:
    put_setting(store, LEFT_PLACES)
    keep_copy(store, store.path)


@pytest.mark.files
@pytest.mark.parametrize("work", [replace, compact, note_in_copy])
def test_sqlite_holds_no_more_of_a_larger_ledger_that_it_rewrites(
    ledgers: dict[int, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[FileStore, Path], None],
) -> None:
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "PRAGMA cache_size = -100"))
    monkeypatch.setattr(sqlite_file, "_CACHE_TO_COMPACT", -100)
    monkeypatch.setattr(copy_origin, "copy_ledger", lambda _, target, finish: finish(target))
    held = {}
    for size, ledger in ledgers.items():
        shutil.copy(ledger, copy := tmp_path / f"{size}.db")
        with closing(new_store(copy)) as store, sqlite_memory() as peak:
            work(store, ledger)
            held[size] = peak()
    assert held[LARGE] - held[SMALL] < (LARGE - SMALL) * 30


@pytest.mark.files
def test_a_restore_holds_no_more_commands_of_a_larger_ledger(
    ledgers: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "damage_in", lambda _: [])  # measured above, check by check
    for module in (sqlite, quarantine):
        monkeypatch.setattr(module, "_BLOCK", 1 << 12)
    held = list[int]()
    for size in (SMALL, SMALL, LARGE):  # the first loads what it needs
        shutil.copy(ledgers[size], copy := tmp_path / f"{size}.db")
        with session_over(copy) as session, python_memory() as peak:
            restore.restore_ledger(session, ledgers[size])
            held.append(peak())
    _, small, large = held
    assert large - small < (LARGE - SMALL) * 100
