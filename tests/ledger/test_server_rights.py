"""Addresses, passwords and permissions of a ledger on a server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

import servers
from builders import CVR, TODAY, add_contact, refuses, session_over
from kmtrack.cli.main import main
from kmtrack.clock import Clock
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.copies import copy_ledger
from kmtrack.ledger.store.postgres import wire
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.brokers import CurrentBroker, add_broker, current_broker, set_current_broker
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.correct_time import MomentSpan, correct_time
from kmtrack.usecases.doubts import AGREED
from kmtrack.usecases.events import edit_event, withdraw_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import location_named, session_at
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import restore_ledger
from kmtrack.usecases.undo import redo_command, undo_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.server

SPELLED: Final = "h%40mmelig"  # as an address spells h@mmelig


def _visited(session: Session) -> str:
    add_company(
        session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
    )
    stated = {"date": "2011-03-01", "person": "Inger Holm", "note": "ringer"}
    return str(add_contact(session, CVR, stated).record["id"])


def _database(place: Any) -> str:
    return str(place.settings["dbname"])


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("postgresql+psycopg://kmtrack:SECRET@127.0.0.1:1/viborg", "server_not_reached"),
        ("postgresql://kmtrack:SECRET@nowhere.invalid/viborg", "server_not_reached"),
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(
    tmp_path: Path, address: str, refused: str
) -> None:
    place = location_named(address.replace("SECRET", SPELLED), {"KMTRACK_HOME": str(tmp_path)})
    with refuses(refused) as found:
        open_store(place)
    assert not re.search("mmelig", found.value.sentence())
    assert "kmtrack@" in found.value.sentence()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://kmtrack:hemm@lig@server/viborg",
        "postgresql+psycopg://kmtrack:hemm/lig@server/viborg",
        "postgresql+psycopg://kmtrack:hemm:lig@server/viborg",
        "postgresql+psycopg://kmtrack@server/viborg?password=hemmlig",
        "postgresql+psycopg://kmtrack@server:hemmlig/viborg",
        "mysql://kmtrack:hemmlig@server/viborg",
        "postgresql+psycopg://kmtrack@ser ver/hemmlig",
    ],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_address_that_is_none_is_refused_and_never_repeated(
    address: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", lang, "--ledger", address, "status"]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert not re.search("hemm|lig@", told.out + told.err)


def test_a_wrong_password_is_told_and_a_right_one_nowhere_kept(
    tmp_path: Path, served: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = servers.server()
    running.require_password("locked", "h@mmelig")
    database = _database(served)
    running.run("GRANT USAGE ON SCHEMA kmtrack TO locked", database)
    running.run("GRANT ALL ON ALL TABLES IN SCHEMA kmtrack TO locked", database)
    running.run("GRANT ALL ON ALL SEQUENCES IN SCHEMA kmtrack TO locked", database)
    monkeypatch.setenv("KMTRACK_HOME", str(tmp_path / "home"))
    wrong = running.address(database, "locked", "forkert")
    assert main(["--lang", "en", "--ledger", wrong, "status"]) == 1
    right = running.address(database, "locked", SPELLED)
    said = [capsys.readouterr()]
    assert "password" in said[0].err
    for words in (
        ["company", "add", "Mols", "--cvr", CVR],
        ["contact", "add", CVR, "--date", "2011-03-01"],
        ["history", "--json"],
        ["backup"],
        ["check"],
        ["merge", right, "--yes"],
        ["nonsense"],
    ):
        main(["--ledger", right, *words])
        said.append(capsys.readouterr())
    everything = "".join(each.out + each.err for each in said) + str(servers.rows_of(served))
    assert not re.search("mmelig|forkert", everything)
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"mmelig" not in file.read_bytes()


@pytest.fixture
def broker(served: Any, tmp_path: Path) -> Iterator[Session]:
    """Yield the session of a broker with the rights that docs/server.md gives."""
    running, database = servers.server(), _database(served)
    running.admit(database, "jh")
    place = location_named(running.address(database, "jh"), {"KMTRACK_HOME": str(tmp_path)})
    with session_at(place, Clock(TODAY, is_set=True), {}) as session:
        yield session
    running.dismiss("jh")
    running.dismiss("kmtrack_broker")


def test_a_broker_is_known_by_the_user(broker: Session) -> None:
    assert (broker.broker, broker.who) == ("JH", "JH")


def test_a_user_keeps_the_name_under_which_entries_were_recorded_when_added_as_a_broker(
    served: Any, tmp_path: Path
) -> None:
    running = servers.server()
    running.run("CREATE ROLE mk LOGIN SUPERUSER")
    try:
        place = location_named(
            running.address(_database(served), "mk"), {"KMTRACK_HOME": str(tmp_path)}
        )
        with session_at(place, Clock(TODAY, is_set=True), {}) as session:
            assert (session.broker, session.who) == (None, "MK")
            add_broker(session, {"initials": "MK"})
        with session_at(place, Clock(TODAY, is_set=True), {}) as session:
            assert (session.broker, session.who) == ("MK", "MK")
    finally:
        running.run("DROP ROLE mk")


def test_a_user_who_is_no_administrator_is_a_new_broker(
    broker: Session, served: Any, tmp_path: Path
) -> None:
    running = servers.server()
    running.run("CREATE ROLE lw LOGIN IN ROLE kmtrack_broker")
    try:
        settings = {"KMTRACK_HOME": str(tmp_path)}
        place = location_named(running.address(_database(served), "lw"), settings)
        with session_at(place, Clock(TODAY, is_set=True), {}) as session:
            assert current_broker(session, {}) == CurrentBroker("LW", None, False, "login")
            with refuses("me_on_server"):
                set_current_broker(session, "MK", {})
            _visited(session)
            assert current_broker(session, {}).is_registered
            assert set_current_broker(session, "lw", {}).initials == "LW"
        with session_at(place, Clock(TODAY, is_set=True), {}) as session:
            assert (session.broker, session.who) == ("LW", "LW")
            assert check_ledger(session.store).damage == []
        assert broker.broker == "JH"  # nobody else is LW now
    finally:
        running.run("DROP ROLE lw")


def test_a_ledger_is_made_by_the_user_of_the_server(tmp_path: Path) -> None:
    running = servers.server()
    environment = {"KMTRACK_HOME": str(tmp_path), "USER": "somebody"}
    place = location_named(running.address(running.new_database()), environment)
    create_ledger(place, NewLedger(), Clock(TODAY, is_set=True), environment)
    with closing(open_store(place)) as store:
        assert store.get("SELECT recorded_by FROM command")[0] == "POSTGRES"


def test_whoever_makes_a_ledger_as_a_broker_goes_on_as_that_broker(tmp_path: Path) -> None:
    running = servers.server()
    environment = {"KMTRACK_HOME": str(tmp_path)}
    place = location_named(running.address(running.new_database()), environment)
    clock = Clock(TODAY, is_set=True)
    create_ledger(place, NewLedger(["Viborg"], broker="LW"), clock, environment)
    with session_at(place, clock, {}) as session:
        _visited(session)
        rows = session.store.all("SELECT DISTINCT recorded_by, login FROM command")
        assert [tuple(row) for row in rows] == [("LW", "postgres")]
        assert session.store.get("SELECT broker FROM contact")[0] == "LW"
        assert check_ledger(session.store).damage == []


def test_a_broker_with_the_rights_of_the_page_can_do_a_brokers_work(broker: Session) -> None:
    record = _visited(broker)
    edit_event(broker, "contact", record, {"note": "ny note"})
    edit_company(broker, CVR, {"employees": "12"}, "2011-04-01")
    second = add_contact(broker, CVR, {"date": "2011-04-01"})
    withdraw_event(broker, "contact", second.record["id"], "aflyst")
    undo_command(broker)
    assert check_ledger(broker.store).damage == []


def test_a_broker_puts_right_what_a_wrong_clock_dated_and_takes_that_back(broker: Session) -> None:
    def at(moment: datetime) -> Session:
        return broker._replace(clock=Clock(moment.date(), moment=moment), answers=AGREED)

    now = datetime(2011, 6, 30, 23, 50, tzinfo=UTC)
    _visited(at(datetime(2011, 6, 30, 23, 1, tzinfo=UTC)))
    for day in ("2011-05-05", "2011-05-06"):
        add_contact(at(datetime(2012, 5, 5, 12, tzinfo=UTC)), CVR, {"date": day})
    last = broker.store.get("SELECT max(number) FROM command")[0]
    due = "2011-06-30T23:05:00.000000Z"
    for change in (
        lambda: correct_time(at(now), (last - 1, last), MomentSpan(due, due), "ur"),
        lambda: undo_command(at(now)),
        lambda: redo_command(at(now)),
        lambda: add_contact(at(now), CVR, {"date": "2011-05-07"}),
    ):
        change()
        assert check_ledger(broker.store).damage == []
    moments = broker.store.all("SELECT recorded_at FROM command ORDER BY number")
    assert moments[last - 2][0] == due
    assert all(moment < "2011-07" for (moment,) in moments)


def test_columns_that_a_broker_chose_are_remembered(broker: Session, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    for cvr, columns in ((CVR, ("name=Betegnelse",)), ("13585628", ()), ("24256790", ())):
        file.write_text(f"Betegnelse;CVR\nAlfa {cvr};{cvr}\n", encoding="utf-8")
        result = import_file(broker, file, None, ImportOptions(columns=columns))
        assert [noun.added for noun in result.nouns] == [1]
    import_file(broker, file, None, ImportOptions(columns=("CVR=CVR", "name=Betegnelse")))
    assert result.sheets[0].columns[0].source == "remembered"


@pytest.mark.parametrize("statement", ["UPDATE entry SET facts = '{}'", "DELETE FROM entry",
    "UPDATE command SET reason = NULL", "DELETE FROM command", "DELETE FROM contact",
    "DROP TABLE tally", "TRUNCATE entry"])  # fmt: skip
def test_a_broker_can_neither_alter_nor_remove_what_was_entered(
    broker: Session, statement: str
) -> None:
    _visited(broker)
    with refuses("not_allowed"):
        broker.store.run(statement)


def test_what_a_broker_may_not_do_is_told_and_nothing_of_it_is_done(
    broker: Session, served: Any, tmp_path: Path
) -> None:
    _visited(broker)
    copy = back_up(broker.store, broker.clock).file
    before = servers.rows_of(served)
    elsewhere = tmp_path / "elsewhere.db"
    copy_ledger(broker.store, elsewhere)
    with session_over(elsewhere, broker="MK") as other:
        erase_persons(other, find_persons(other, "Inger Holm")[0])
    with refuses("not_allowed"):
        merge_ledgers(broker, [elsewhere])
    with refuses("not_allowed"):
        erase_persons(broker, find_persons(broker, "Inger Holm")[0])
    with refuses("not_allowed"):
        restore_ledger(broker, copy)
    assert servers.rows_of(served) == before


def _line(capsys: pytest.CaptureFixture[str], address: str, *words: str) -> str:
    """Return the one-line message of a refused command."""
    capsys.readouterr()
    assert main(["--lang", "en", "--ledger", address, *words]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    return told


@pytest.mark.parametrize("granted", ["", "USAGE ON SCHEMA kmtrack", "SELECT ON kmtrack.command"])
def test_whoever_was_given_no_rights_is_told_what_the_operator_types(
    served: Any, capsys: pytest.CaptureFixture[str], granted: str
) -> None:
    running, database = servers.server(), _database(served)
    running.run("DROP ROLE IF EXISTS stranger")
    running.run("CREATE ROLE stranger LOGIN")
    try:
        if granted:
            running.run(f"GRANT {granted} TO stranger", database)
        address = running.address(database, "stranger")
        for words in (("status",), ("contact", "add", CVR), ("check",)):
            assert "GRANT kmtrack_broker TO stranger" in _line(capsys, address, *words)
    finally:
        running.run("DROP OWNED BY stranger", database)
        running.run("DROP ROLE stranger")


def test_a_password_that_is_needed_is_asked_for(
    served: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = servers.server()
    running.require_password("locked", "h@mmelig")
    monkeypatch.delenv("PGPASSWORD", raising=False)
    told = _line(capsys, running.address(_database(served), "locked"), "status")
    assert "requires a password" in told
    assert "PGPASSWORD" in told


def test_a_statement_that_the_server_ends_is_told_as_that(served: Any) -> None:
    with closing(open_store(served)) as store:
        store.run("SET statement_timeout = '20ms'")
        with refuses("cut_short") as refused:
            store.run("SELECT pg_sleep(5)")
    assert "statement_timeout" in refused.value.sentence()


def test_a_server_that_can_only_be_read_is_told_as_that(broker: Session) -> None:
    record = _visited(broker)
    broker.store.run("SET default_transaction_read_only = on")
    with refuses("server_read_only"):
        edit_event(broker, "contact", record, {"note": "ny note"})
    broker.store.run("SET default_transaction_read_only = off")
    edit_event(broker, "contact", record, {"note": "ny note"})


def test_without_the_driver_a_line_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from kmtrack.cli.main import main\n"
        "sys.exit(main(['--lang', 'en', '--ledger', 'postgresql://server/viborg', 'status']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "pip install" in done.stderr


_NUMBERS: Final = "SELECT id, broker FROM contact ORDER BY date, id"


def test_rows_are_read_in_batches_beside_each_other(
    broker: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = broker.store
    _visited(broker)
    for day in range(2, 12):
        add_contact(broker, CVR, {"date": f"2011-03-{day:02}"})
    expected = [row["id"] for row in store.all(_NUMBERS)]
    assert len(expected) == 11
    held: list[int] = []

    class Counted(psycopg.Cursor[Any]):
        def fetchall(self) -> list[Any]:
            rows = super().fetchall()
            held.append(len(rows))
            return rows

    connection = store._connection  # type: ignore[attr-defined]
    monkeypatch.setattr(wire, "_BATCH", 3)
    monkeypatch.setattr(connection, "cursor_factory", Counted)
    named = (
        "SELECT id FROM contact WHERE broker = :by AND id IN (SELECT value FROM json_each(:ids))"
    )
    with store.reading():
        pairs = zip(store.each(_NUMBERS), store.each(_NUMBERS), strict=True)
        assert [(one["id"], other["id"]) for one, other in pairs] == [
            (id_, id_) for id_ in expected
        ]
        found = store.each(named, by=broker.who, ids=json.dumps(expected))
        assert sorted(row[0] for row in found) == sorted(expected)
        assert max(held) <= 3
        assert list(store.each("SELECT id FROM contact WHERE id = :id", id="none")) == []


def test_a_table_can_be_dropped_though_its_rows_were_not_read_to_their_end(
    broker: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = broker.store
    monkeypatch.setattr(wire, "_BATCH", 3)
    with store.reading():
        store.run("CREATE TEMP TABLE few AS SELECT generate_series(1, 9) AS number")
        rows = store.each("SELECT number FROM few ORDER BY number")
        assert [next(rows)[0], next(rows)[0]] == [1, 2]
        del rows
        store.run("DROP TABLE few")
    left = store.each("SELECT generate_series(1, 9)")
    with store.reading():
        rows = store.each("SELECT generate_series(1, 9)")
        assert next(rows)[0] == 1
    with store.reading():  # what was left of the transaction before is of no concern to this one
        del rows
        assert [row[0] for row in store.each("SELECT generate_series(1, 7)")] == list(range(1, 8))
    assert len(list(left)) == 9


def test_what_the_server_refuses_of_rows_read_in_batches_is_told(broker: Session) -> None:
    store = broker.store
    with refuses("not_allowed"), store.reading():
        list(store.each("SELECT 1 FROM pg_authid"))
    with store.reading():
        assert [row[0] for row in store.each("SELECT 1")] == [1]
