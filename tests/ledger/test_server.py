"""Behaviour that only a ledger on a server has."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

import servers
from builders import CVR, TODAY, add_contact, found, ledger_in, refuses, register, session_over
from kmtrack.cli.main import main
from kmtrack.errors import Refusal
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store import errors
from kmtrack.ledger.store.copies import Backups
from kmtrack.ledger.store.create import new_ledger
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, join_companies
from kmtrack.usecases.events import add_event, edit_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.location import location_named
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import restore_ledger
from kmtrack.usecases.status import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.address import Location
    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.server


@pytest.fixture
def session(served: Any) -> Iterator[Session]:
    """Yield the session of broker JH over it."""
    with session_over(served) as session:
        yield session


def _visited(session: Session, person: str = "Inger Holm") -> str:
    add_company(
        session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
    )
    stated = {"date": "2011-03-01", "person": person, "note": f"{person} ringer"}
    return str(add_contact(session, CVR, stated).record["id"])


def _database(place: Any) -> str:
    return str(place.settings["dbname"])


def test_a_ledger_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    place: Any = servers.place_in(tmp_path)
    with refuses("no_ledger_on_server"):
        open_store(place)
    with pytest.raises(ZeroDivisionError), new_ledger(place) as store:
        store.run("INSERT INTO setting (name, value) VALUES ('a', 'b')")
        raise ZeroDivisionError
    with refuses("no_ledger_on_server"):
        open_store(place)
    found(place)  # over what was left
    with refuses("ledger_exists"):
        found(place)


def test_an_empty_schema_that_somebody_made_for_it_makes_way(tmp_path: Path) -> None:
    place: Any = servers.place_in(tmp_path)
    servers.server().run("CREATE SCHEMA kmtrack", _database(place))
    found(place)
    with closing(open_store(place)) as store:
        assert check_ledger(store).damage == []


@pytest.mark.parametrize(
    "way", ["CREATE TABLE kmtrack.theirs (id int)", "", "CREATE TYPE kmtrack.t AS ENUM ()"]
)
def test_a_schema_of_somebody_else_is_left_alone(tmp_path: Path, way: str) -> None:
    running, place = servers.server(), servers.place_in(tmp_path)
    database = _database(place)
    running.run("CREATE SCHEMA kmtrack", database)
    if way:
        running.run(way, database)
        with refuses("schema_in_the_way"):
            found(place)
    else:
        running.run("DROP ROLE IF EXISTS founder")
        running.run("CREATE ROLE founder LOGIN")
        running.run(f"GRANT CREATE ON DATABASE {database} TO founder")
        named = {"KMTRACK_HOME": str(tmp_path)}
        try:
            with refuses("schema_in_the_way"):
                found(location_named(running.address(database, "founder"), named))
        finally:
            running.run("DROP OWNED BY founder", database)
            running.run("DROP ROLE founder")
    assert running.run("SELECT 1 FROM pg_namespace WHERE nspname = 'kmtrack'", database)


@pytest.mark.parametrize("way", ["stored", "not stored", "unknown"])
def test_a_founding_whose_answer_is_lost_is_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    from kmtrack.ledger.store.postgres import connection, create

    place: Any = servers.place_in(tmp_path)
    real = connection.connect
    left = [None]

    def connect(address: Any) -> Any:
        if not left:
            if way == "unknown":
                raise Refusal("server_not_reached", path=address, cause="gone")
            return real(address)
        left.pop()
        return _Breaking(real(address), stores=way == "stored")

    monkeypatch.setattr(create, "connect", connect)
    if way == "stored":
        found(place)
    else:
        refused = "not_stored" if way == "not stored" else "init_unknown"
        with refuses(refused):
            found(place)
    monkeypatch.undo()
    if way == "stored":
        open_store(place).close()
    else:
        with refuses("no_ledger_on_server"):
            open_store(place)


@pytest.mark.everyday(1)
@pytest.mark.parametrize("table", ["tally", "verdict", "setting", "contract", "broker", "entry"])
def test_a_table_that_is_lost_is_told_of(
    session: Session, served: Any, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _visited(session)
    session.store.close()
    servers.server().run(f"DROP TABLE kmtrack.{table} CASCADE", _database(served))
    address = servers.server().address(_database(served))
    assert main(["--lang", "en", "--ledger", address, "check"]) == 1
    told = capsys.readouterr()
    assert (told.err, f"“{table}” is missing" in told.out) == ("", True)
    assert "server's own backups" in told.out
    assert main(["--lang", "en", "--ledger", address, "contact", "add", CVR]) == 1
    assert f"kmtrack --ledger '{address}' check" in capsys.readouterr().err


def test_a_newer_ledger_is_refused_untouched(served: Location) -> None:
    told = f"COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version {SCHEMA_VERSION + 1}'"
    servers.server().run(told, _database(served))
    with refuses("ledger_newer"):
        open_store(served)


def test_a_version_of_which_no_step_is_known_is_refused(served: Location) -> None:
    told = "COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 1'"
    servers.server().run(told, _database(served))
    with refuses("ledger_older"):
        open_store(served)


def test_an_older_ledger_gets_the_indexes_that_it_lacks(served: Location) -> None:
    running, database = servers.server(), _database(served)
    named = "SELECT indexname FROM pg_indexes WHERE schemaname = 'kmtrack' ORDER BY 1"
    whole = running.run(named, database)
    running.run("DROP INDEX kmtrack.contact_withdrawn, kmtrack.company_part_of", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 2'", database)
    open_store(served).close()
    assert running.run(named, database) == whole


def test_an_older_ledger_gets_the_table_of_takeovers_for_all_who_read_the_others(
    served: Location,
) -> None:
    running, database = servers.server(), _database(served)
    rights = """
        SELECT privilege_type FROM information_schema.role_table_grants
        WHERE table_schema = 'kmtrack' AND table_name = '{}' AND grantee = 'older_broker'
    """
    running.run("CREATE ROLE older_broker", database)
    running.run("GRANT USAGE ON SCHEMA kmtrack TO older_broker", database)
    running.run("GRANT SELECT, INSERT, UPDATE ON kmtrack.collaboration TO older_broker", database)
    running.run("DROP TABLE kmtrack.succession CASCADE", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 2'", database)
    open_store(served).close()
    for table in ("collaboration", "succession"):
        assert running.run(rights.format(table), database) == [("SELECT",)]


def test_an_older_ledger_gets_views_for_all_who_read_its_tables(served: Location) -> None:
    running, database = servers.server(), _database(served)
    running.run("CREATE ROLE older_reader", database)
    running.run("GRANT SELECT, INSERT ON kmtrack.collaboration TO older_reader", database)
    for view in ("about", "readable_verdict", "readable_hire"):
        running.run(f"DROP VIEW kmtrack.{view}", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 4'", database)
    open_store(served).close()
    rights = """
        SELECT table_name, privilege_type FROM information_schema.role_table_grants
        WHERE grantee = 'older_reader' AND table_name IN ('about', 'readable_hire') ORDER BY 1
    """
    assert running.run(rights, database) == [("about", "SELECT"), ("readable_hire", "SELECT")]


def test_an_older_ledger_gets_the_table_of_imported_rows(served: Location) -> None:
    running, database = servers.server(), _database(served)
    running.run("DROP TABLE kmtrack.imported_row", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 3'", database)
    with closing(open_store(served)) as store:
        assert store.tables()["imported_row"] == {"record_id", "place"}


def test_an_older_ledger_gets_the_columns_that_its_commands_lack(served: Any) -> None:
    running, database = servers.server(), _database(served)
    lacking = ("login", "reason_secret", "digest", "follows", "stated_at")
    dropped = ", ".join(f"DROP COLUMN {column}" for column in lacking)
    running.run(f"ALTER TABLE kmtrack.command {dropped}", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 5'", database)
    with session_over(served) as session:
        assert session.store.tables()["command"] >= {*lacking}
        add_company(session, {"name": "Alfa", "cvr": CVR})
        digests = session.store.all("SELECT digest FROM command ORDER BY number")
    assert [row["digest"] is None for row in digests] == [True, False]


def test_an_older_ledger_keeps_hours_with_decimals_from_now_on(served: Any) -> None:
    running, database = servers.server(), _database(served)
    with session_over(served) as session:
        add_company(session, {"name": "Alfa", "cvr": CVR})
        hire = add_event(session, "hire", CVR, {"hours": "30"}).record["id"]
    running.run("DROP VIEW kmtrack.readable_hire", database)
    running.run("ALTER TABLE kmtrack.hire ALTER COLUMN hours TYPE integer", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 3'", database)
    with session_over(served) as session:
        assert edit_event(session, "hire", hire, {"hours": "18,5"}).record["hours"] == 18.5
        assert check_ledger(session.store).damage == []


def test_an_older_ledger_gets_the_words_of_its_names(served: Any) -> None:
    running, database = servers.server(), _database(served)
    with session_over(served) as session:
        add_company(session, {"name": "Hedelunds Byg ApS", "municipality": "Viborg"})
    running.run("DROP TABLE kmtrack.name_word", database)
    running.run("ALTER TABLE kmtrack.company DROP COLUMN other_names", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 3'", database)
    with closing(open_store(served)) as store:
        assert store.get("SELECT count(*) FROM name_word")[0] == 3
        assert check_ledger(store).damage == []


def test_an_older_ledger_adds_up_as_this_version_does_it(served: Any) -> None:
    running, database = servers.server(), _database(served)
    with session_over(served) as session:
        alfa = add_company(session, {"name": "Alfa", "cvr": CVR, "municipality": "Viborg"})["id"]
        beta = add_company(session, {"name": "Beta", "employees": "40"})["id"]
        register(session, "MK")
        for broker in ("JH", "MK"):
            add_contact(session, alfa, {"date": "2011-03-01", "broker": broker})
        join_companies(session, alfa, beta)
    running.run("UPDATE kmtrack.company SET employees = NULL WHERE part_of IS NULL", database)
    running.run("DELETE FROM kmtrack.verdict", database)
    running.run("DELETE FROM kmtrack.tally", database)
    running.run("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 2'", database)
    with closing(open_store(served)) as store:
        assert check_ledger(store).damage == []


def test_a_database_that_cannot_hold_every_letter_is_refused(tmp_path: Path) -> None:
    running = servers.server()
    running.run("CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with refuses("not_utf8"):
            found(location_named(running.address("narrow"), {"KMTRACK_HOME": str(tmp_path)}))
    finally:
        running.run("DROP DATABASE narrow")


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET facts = replace(facts, 'ringer', 'skriver')",
        "DELETE FROM entry WHERE noun = 'contact'",
        "UPDATE contact SET date = '2011-03-02'",
        "UPDATE verdict SET outcome = 'counted', reasons = '[]' WHERE outcome = 'excluded'",
        "UPDATE tally SET number = number + 1",
        "UPDATE command SET recorded_by = 'MK' WHERE name = 'contact add'",
        "ALTER TABLE contact DISABLE TRIGGER ALL",
    ],
)
def test_what_is_altered_behind_the_programs_back_is_found(
    session: Session, served: Location, statement: str
) -> None:
    record = _visited(session)
    add_contact(session, CVR, {"date": "2011-04-01", "channel": "email"})
    assert check_ledger(session.store).damage == []
    with closing(servers.server().connection(_database(served))) as bare:
        bare.execute("SET search_path = kmtrack")
        bare.execute(statement)
    assert check_ledger(session.store).damage
    assert record


@pytest.mark.parametrize("day", ["2011-02-31", "31.2.2011", "", "2011-3-4"])
def test_the_database_itself_refuses_what_is_no_day(
    session: Session, served: Location, day: str
) -> None:
    _visited(session)
    with (
        closing(servers.server().connection(_database(served))) as bare,
        pytest.raises(psycopg.Error),
    ):
        bare.execute("UPDATE kmtrack.contact SET date = %s", (day,))


def test_a_copy_holds_everything_and_can_be_gone_back_to(session: Session, served: Any) -> None:
    _visited(session)
    before = status_of(session.store, TODAY)
    then = servers.rows_of(served)
    copy = back_up(session.store, session.clock).file
    assert copy in Backups(served.path).all()
    with session_over(copy) as other:
        assert status_of(other.store, TODAY) == before
        assert check_ledger(other.store).damage == []
    add_contact(session, CVR, {"date": "2011-03-02"})
    assert [command.name for command in restore_ledger(session, copy, keep=False).lost] == [
        "contact add"
    ]
    restore_ledger(session, copy)
    again = servers.rows_of(served)
    assert {**again, "setting": []} == {**then, "setting": []}
    add_contact(session, CVR, {"date": "2011-03-03"})  # entries are numbered on from the restored
    assert check_ledger(session.store).damage == []


def test_a_copy_seals_what_rights_protect_on_the_server(session: Session, tmp_path: Path) -> None:
    add_company(session, {"name": "Alfa", "cvr": CVR, "municipality": "Viborg"})
    table = tmp_path / "rows.csv"
    table.write_text(f"company,date\n{CVR},2011-03-01\n", encoding="utf-8")
    import_file(session, table)
    copy = back_up(session.store, session.clock).file
    with closing(open_store(copy)) as store:
        assert check_ledger(store).damage == []
        store.run("UPDATE imported_row SET place = '0123456789abcdef' WHERE record_id <> ''")
        store.run("DELETE FROM setting WHERE name LIKE 'backups:%'")
        kinds = [issue.kind for issue in check_ledger(store).damage]
        assert kinds == ["settings_removed", "places_altered"]
    restore_ledger(session, back_up(session.store, session.clock).file)
    assert check_ledger(session.store).damage == []


def test_a_file_goes_into_the_server_and_the_server_into_a_file(
    session: Session, served: Location, tmp_path: Path
) -> None:
    if servers.IN_USE:
        pytest.skip("one side is a file")
    (tmp_path / "own").mkdir()
    own = ledger_in(tmp_path / "own")
    _visited(session)
    with session_over(own, broker="MK") as mine:
        values = {"name": "Hedelunds", "cvr": CVR, "municipality": "Viborg", "employees": "12"}
        add_company(mine, values)
        add_contact(mine, CVR, {"date": "2011-02-01"})
        assert merge_ledgers(session, [own]).commands
        assert merge_ledgers(session, [own]).commands == 0
        assert merge_ledgers(mine, [served]).commands
        assert merge_ledgers(mine, [served]).commands == 0
        assert status_of(mine.store, TODAY).targets == status_of(session.store, TODAY).targets
        for each in (mine, session):
            assert check_ledger(each.store).damage == []
        recorded = mine.store.all("SELECT reason FROM command WHERE name = 'merge'")
        assert [row["reason"] for row in recorded] == [_database(served)]


def test_nothing_is_left_of_whoever_is_erased(session: Session, served: Any) -> None:
    _visited(session)
    assert b"Inger Holm" in servers.pages_of(served)
    counts = status_of(session.store, TODAY)
    erase_persons(session, find_persons(session, "Inger Holm")[0])
    assert b"Inger Holm" not in servers.pages_of(served)
    assert status_of(session.store, TODAY) == counts
    assert check_ledger(session.store).damage == []


class _Breaking:
    """A connection that breaks at COMMIT, before or after the server has carried it out."""

    def __init__(self, real: Any, *, stores: bool) -> None:
        self._real = real
        self._stores = stores

    def execute(self, statement: str, *parameters: Any) -> Any:
        if statement != "COMMIT":
            return self._real.execute(statement, *parameters)
        if self._stores:
            self._real.execute("COMMIT")
        self._real.close()
        raise psycopg.OperationalError("the connection is lost")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.mark.parametrize("stores", [True, False])
def test_a_commit_whose_answer_is_lost_is_looked_into(
    session: Session, served: Any, *, stores: bool
) -> None:
    spoiled: Any = session.store
    spoiled._connection = _Breaking(spoiled._connection, stores=stores)
    if stores:
        add_company(session, {"name": "Mols"})
    else:
        with refuses("not_stored"):
            add_company(session, {"name": "Mols"})
    assert session.store.get("SELECT count(*) FROM company")[0] == int(stores)


class _Late(_Breaking):
    """A connection that breaks at COMMIT, which the server carries out a while later."""

    def __init__(self, real: Any) -> None:
        super().__init__(real, stores=True)
        self.storing = threading.Timer(0.3, real.execute, ("COMMIT",))

    def execute(self, statement: str, *parameters: Any) -> Any:
        if statement != "COMMIT":
            return super().execute(statement, *parameters)
        self.storing.start()
        raise psycopg.OperationalError("the connection is lost")

    def close(self) -> None:
        """Keep the server unaware that the client is gone."""


def test_a_commit_that_is_still_under_way_is_waited_for(session: Session, served: Any) -> None:
    spoiled: Any = session.store
    late = spoiled._connection = _Late(spoiled._connection)
    add_company(session, {"name": "Mols"})
    late.storing.join()
    late._real.close()
    assert session.store.get("SELECT count(*) FROM company")[0] == 1


def test_a_transaction_in_which_something_failed_is_never_taken_for_stored(
    session: Session,
) -> None:
    with (
        refuses("not_stored"),
        session.store.writing("token"),
        pytest.raises(psycopg.Error),
    ):
        session.store.get("SELECT nothing FROM nowhere")


def test_whoever_reads_sees_nothing_of_what_is_stored_meanwhile(
    session: Session, served: Location
) -> None:
    number = "SELECT count(*) FROM company"
    with closing(open_store(served)) as reader, reader.reading():
        assert reader.get(number)[0] == 0
        add_company(session, {"name": "Mols"})
        assert reader.get(number)[0] == 0
    assert session.store.get(number)[0] == 1


def test_a_connection_that_is_lost_is_told_in_one_line(session: Session, served: Location) -> None:
    servers.server().run(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database(served)}'"
    )
    with pytest.raises(errors.ServerLost) as refused:
        add_company(session, {"name": "Mols"})
    assert "\n" not in refused.value.sentence()


def test_a_lock_that_is_held_too_long_is_said(session: Session, served: Location) -> None:
    with session_over(served, broker="MK") as other, other.store.writing("token"):  # type: ignore[arg-type]
        other.store.get("SELECT 1")  # so that the lock has been taken
        session.store.run("SET lock_timeout = '50ms'")
        with refuses("ledger_held") as refused:
            add_company(session, {"name": "Mols"})
        assert "postgres" in refused.value.sentence()
