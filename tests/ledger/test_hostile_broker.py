"""What a broker can do by SQL of their own: each test is one attempt, after which all others go on."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

import servers
from builders import CVR, TODAY, add_contact, ledger_in, refuses, session_over
from kmtrack.clock import Clock, later_than
from kmtrack.ledger.schema.nouns import NOUNS, TABLES
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.check.issues import Issue
from kmtrack.usecases.check.writers import logins_behind
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import AGREED
from kmtrack.usecases.location import location_named, session_at
from kmtrack.usecases.status import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.server

_TOKEN: Final = "0" * 31
_DIGEST: Final = "ab" * 32
_INSERT: Final = (
    "INSERT INTO command (number, token, recorded_at, recorded_by, name, previous, login) VALUES "
)
_ENTRY: Final = (
    "INSERT INTO entry (number, command, noun, record_id, action, facts, digest) VALUES "
)
_FUTURE: Final = "9999-12-31T23:59:59.999999Z"
# What a server answers to what it does not let one do.
_DENIED: Final = frozenset({"42501", "23514", "KM001", "KM002", "KM003"})


class Place:
    """A ledger on a server with the logins jh and an, who are brokers, and nn, who is nobody."""

    def __init__(self, address: Any, folder: Path) -> None:
        self.address = address
        self.database: str = address.settings["dbname"]
        self._folder = folder

    def as_user(self, user: str) -> psycopg.Connection[Any]:
        """Open a connection as psql does, in the schema of the ledger."""
        connection = servers.server().connection(self.database, user)
        connection.execute("SET search_path = kmtrack")
        return connection

    def location(self, user: str) -> Any:
        named = {"KMTRACK_HOME": str(self._folder / user)}
        return location_named(servers.server().address(self.database, user), named)

    def last(self) -> tuple[int, str]:
        [row] = servers.server().run(
            "SELECT max(number), max(recorded_at) FROM kmtrack.command", self.database
        )
        return row[0], row[1]

    def command(self, **other: Any) -> str:
        """Return the SQL of a command of the login an as kmtrack makes it, but for `other`."""
        number, moment = self.last()
        row = {
            "number": number + 1,
            "token": f"{number:032x}",
            "recorded_at": later_than(moment, ""),
            "recorded_by": "AN",
            "name": "x",
            "previous": "",
            "login": "an",
            **other,
        }
        values = ", ".join("NULL" if v is None else repr(v) for v in row.values())
        return f"INSERT INTO command ({', '.join(row)}) VALUES ({values});"

    def entry(self, **other: Any) -> str:
        """Return the SQL of an entry of that command, but for `other`."""
        [(number,)] = servers.server().run("SELECT max(number) FROM kmtrack.entry", self.database)
        row = {
            "number": number + 1,
            "command": self.last()[0] + 1,
            "noun": "contact",
            "record_id": "k0000000001",
            "action": "add",
            "facts": "{}",
            "digest": _DIGEST,
            **other,
        }
        values = ", ".join("NULL" if v is None else repr(v) for v in row.values())
        return f"INSERT INTO entry ({', '.join(row)}) VALUES ({values});"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Make the ledger once: no attempt leaves anything in it."""
    running, folder = servers.server(), tmp_path_factory.mktemp("brokers")
    address: Any = servers.place_in(folder, servers.founded_template())
    running.keep(address.settings["dbname"])
    running.admit(address.settings["dbname"], "jh", "an")
    running.dismiss("nn")
    running.run("CREATE ROLE nn LOGIN")
    made = Place(address, folder)
    with session_at(made.location("jh"), Clock(TODAY, is_set=True), {}) as session:
        add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
        add_contact(session, CVR, {"date": "2011-03-01", "person": "Inger Holm"})
    yield made
    running.run(f"DROP DATABASE {made.database} WITH (FORCE)")
    for role in ("jh", "an", "nn", "kmtrack_broker"):
        running.dismiss(role)


@pytest.fixture
def jh(place: Place) -> Iterator[Session]:
    """Yield the session of another broker."""
    with session_at(place.location("jh"), Clock(TODAY, is_set=True), {}) as session:
        yield session


def record_something(place: Place, session: Session) -> None:
    initials = f"B{place.last()[0]}"
    with session.unit_of_work("broker add") as work:
        work.add("broker", {"initials": initials}, initials)


def all_go_on(place: Place, jh: Session) -> None:
    """Show that another broker and the operator work as before."""
    record_something(place, jh)
    with session_over(place.address, broker="MK") as operator:
        assert status_of(operator.store, TODAY)
        assert check_ledger(operator.store).damage == []


def denied(place: Place, *statements: str, user: str = "an") -> str:
    """Run statements in one transaction; return the code of the error, and show that nothing is done."""
    before = place.last()
    with closing(place.as_user(user)) as hostile, pytest.raises(psycopg.Error) as refused:
        hostile.execute(f"BEGIN; {' '.join(statements)} COMMIT;".encode())
    assert place.last() == before
    return refused.value.sqlstate or ""


CASE_23: Final = {
    "a": "INSERT INTO setting VALUES ('heads', '{}');",
    "b": f"{_INSERT} (100, '{_TOKEN}1', '{_FUTURE}', 'AN', 'x', '', 'an');",
    "b without a login": "INSERT INTO command (number, token, recorded_at, recorded_by, name, previous) "
    f"VALUES (100, '{_TOKEN}1', '{_FUTURE}', 'AN', 'x', '');",
    "c": f"{_INSERT} (2147483647, '{_TOKEN}2', '2011-06-30T10:00:00.000000Z', 'AN', 'x', '', 'an');",
    "d": "UPDATE person SET name = 'X', secret = 'X';",
    "e": "UPDATE tally SET number = 999;",
    "e verdicts": "DELETE FROM verdict;",
    "g": "LOCK TABLE company IN ACCESS EXCLUSIVE MODE;",
}


@pytest.mark.everyday(1)
@pytest.mark.parametrize("line", CASE_23)
def test_no_line_of_the_case_ends_the_work_of_all(place: Place, jh: Session, line: str) -> None:
    assert denied(place, CASE_23[line]) in _DENIED
    all_go_on(place, jh)


def test_whoever_may_only_connect_holds_nobody_up(place: Place, jh: Session) -> None:
    with closing(place.as_user("nn")) as stranger:
        for lock in (1802335346, 1802335347):
            stranger.execute(f"SELECT pg_advisory_lock({lock})".encode())
        for statement in ("SELECT kmtrack.lock_ledger()", "SELECT kmtrack.held_by()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                stranger.execute(statement.encode())
        all_go_on(place, jh)


def test_a_broker_records_in_their_own_name_only(place: Place) -> None:
    named = {"KMTRACK_BROKER": "JH"}
    with session_at(place.location("an"), Clock(TODAY, is_set=True), named) as session:
        before = place.last()
        with refuses("name_of_another") as refused:
            add_contact(session, CVR, {"date": "2011-04-01"})
        assert "AN" in refused.value.sentence()
    assert place.last() == before
    with session_at(place.location("an"), Clock(TODAY, is_set=True), {}) as session:
        assert (session.broker, session.who) == ("AN", "AN")
        record = add_contact(session, CVR, {"date": "2011-04-02", "broker": "JH"}).record
    assert record["broker"] == "JH"
    [(by, login)] = servers.server().run(
        "SELECT recorded_by, login FROM kmtrack.command ORDER BY number DESC LIMIT 1",
        place.database,
    )
    assert (by, login) == ("AN", "an")


OF_ANY_TABLE: Final = (
    'UPDATE "{0}" SET "{1}" = "{1}";',
    'DELETE FROM "{0}";',
    'TRUNCATE "{0}" CASCADE;',
    'SELECT 1 FROM "{0}" FOR UPDATE;',
    'SELECT 1 FROM "{0}" FOR KEY SHARE;',
    'LOCK TABLE "{0}" IN SHARE ROW EXCLUSIVE MODE;',
    'ALTER TABLE "{0}" DISABLE TRIGGER ALL;',
    'DROP TABLE "{0}" CASCADE;',
    'CREATE INDEX ON "{0}" ("{1}");',
    'CREATE RULE r AS ON INSERT TO "{0}" DO INSTEAD NOTHING;',
    "COMMENT ON TABLE \"{0}\" IS 'x';",
)


@pytest.mark.parametrize("statement", OF_ANY_TABLE)
def test_no_table_is_changed_or_locked(place: Place, statement: str) -> None:
    for table, columns in TABLES.items():
        with closing(place.as_user("an")) as hostile, pytest.raises(psycopg.Error) as refused:
            hostile.execute(f"BEGIN; {statement.format(table, columns[0])} COMMIT".encode())
        assert refused.value.sqlstate == "42501", table


@pytest.mark.parametrize("table", [name for name in TABLES if name not in {"command", "entry"}])
def test_no_row_is_inserted_but_commands_and_entries(place: Place, table: str) -> None:
    values = ", ".join(["'1'"] * len(TABLES[table]))
    assert denied(place, place.command(), f'INSERT INTO "{table}" VALUES ({values});') == "42501"
    assert denied(place, place.command(), f'COPY "{table}" FROM STDIN;') == "42501"


COMMANDS: Final[dict[str, dict[str, Any]]] = {
    "a gap": {"number": 9999},
    "no number": {"number": 0},
    "a negative number": {"number": -1},
    "the highest number": {"number": 2147483647},
    "the first number": {"number": 1},
    "somebody else": {"recorded_by": "JH"},
    "nobody": {"recorded_by": ""},
    "the owner": {"recorded_by": "POSTGRES"},
    "the login of another": {"login": "jh"},
    "the login of the owner": {"login": "postgres"},
    "no login": {"login": None},
    "the last of all moments": {"recorded_at": _FUTURE},
    "next week": {"recorded_at": "2999-01-01T00:00:00.000000Z"},
    "long ago": {"recorded_at": "1900-01-01T00:00:00.000000Z"},
    "no moment": {"recorded_at": "now"},
    "a day that is none": {"recorded_at": "2011-02-31"},
    "arrived in the future": {"arrived_at": _FUTURE, "login": None},
    "arrived with a login": {"arrived_at": "2011-06-30T10:00:00.000000Z"},
    "arrived of another": {
        "arrived_at": "2011-06-30T10:00:00.000000Z",
        "login": None,
        "recorded_by": "JH",
    },
    "arrived by no merge": {"arrived_at": "2011-06-30T10:00:00.000000Z", "login": None},
    "a moment that was stated": {"stated_at": "2011-06-30T10:00:00.000000Z"},
    "no token": {"token": "x"},
    "a digest that is none": {"digest": "x"},
    "a link that is none": {"previous": "x"},
    "an endless name": {"name": "x" * 1000},
    "an endless reason": {"reason": "x" * 100000},
}


@pytest.mark.everyday(4)
@pytest.mark.parametrize("what", COMMANDS)
def test_a_command_is_one_as_kmtrack_makes_it(place: Place, jh: Session, what: str) -> None:
    assert denied(place, place.command(**COMMANDS[what])) in _DENIED
    all_go_on(place, jh)


ENTRIES: Final[dict[str, dict[str, Any]]] = {
    "of an earlier command": {"command": 1},
    "of no command": {"command": 9999},
    "a gap": {"number": 99999},
    "the highest number": {"number": 2147483647},
    "a negative number": {"number": -5},
    "an erasure": {"action": "erase", "noun": "person", "record_id": "p0000000001"},
    "a redaction": {"action": "redact"},
    "no facts": {"facts": "x"},
    "facts that are a list": {"facts": "[]"},
    "endless facts": {"facts": json.dumps({"note": "x" * 2000000})},
    "a digest that is none": {"digest": "x"},
    "an endless id": {"record_id": "x" * 1000},
    "an endless number": {"facts": '{"employees": ' + "9" * 6000 + "}"},
    "lists without an end": {"facts": '{"note": ' + "[" * 3000 + "]" * 3000 + "}"},
    "a contract that is withdrawn": {
        "noun": "contract",
        "record_id": "contract",
        "action": "withdraw",
    },
    "a contract that is changed": {
        "noun": "contract",
        "record_id": "contract",
        "action": "edit",
        "facts": '{"document": "{}"}',
    },
    "a contract with another municipality": {
        "noun": "contract",
        "record_id": "contract",
        "facts": '{"participation": [{"municipality": "101"}]}',
    },
    "a contract with no municipalities": {
        "noun": "contract",
        "record_id": "contract",
        "facts": '{"participation": {}}',
    },
    "a company that is joined with none": {
        "noun": "company",
        "record_id": "c0000000001",
        "action": "join",
    },
}


@pytest.mark.everyday(3)
@pytest.mark.parametrize("what", ENTRIES)
def test_an_entry_is_one_of_an_own_command_that_is_made_now(
    place: Place, jh: Session, what: str
) -> None:
    assert denied(place, place.command(), place.entry(**ENTRIES[what])) in {
        *_DENIED,
        "22P02",
        "23503",
    }
    all_go_on(place, jh)


def test_nobody_dates_the_commands_of_others(place: Place) -> None:
    [(token,)] = servers.server().run(
        "SELECT token FROM kmtrack.command WHERE recorded_by = 'JH' ORDER BY number DESC LIMIT 1",
        place.database,
    )
    entry = place.entry(noun="command", record_id=token, action="correct-time")
    assert denied(place, place.command(), entry) == "42501"


def test_a_command_that_is_dated_before_others_states_nothing(place: Place) -> None:
    with session_at(place.location("an"), Clock(TODAY, is_set=True), {}) as session:
        record_something(place, session)
    _, own = place.last()
    for name in ("undo", "redo", "history correct-time"):
        assert denied(place, place.command(name=name, recorded_at=own), place.entry()) == "42501"


UNREADABLE: Final = {
    "contact": ("contact", {"channel": "\x1b[2J"}),
    "company": ("company", {"kind": "x"}),
    "later facts": ("company", {"later": "[1]"}),
    "later facts of no day": ("company", {"later": '{"x": {}}'}),
    "other names": ("company", {"other_names": "{}"}),
    "no JSON": ("company", {"later": "x"}),
    "outcome": ("verdict", {"outcome": "x"}),
    "reasons": ("verdict", {"reasons": "x"}),
    "reasons that are numbers": ("verdict", {"reasons": "[1]"}),
    "reasons that are texts": ("verdict", {"reasons": '["ab"]'}),
    "reasons with a part": ("verdict", {"reasons": '[["sme",{}]]'}),
    "reasons with an end": ("verdict", {"reasons": '[["sme","no_headcount"],]'}),
    "reasons of three parts": ("verdict", {"reasons": '[["sme","no_headcount","x"]]'}),
    "day": ("verdict", {"day": "x"}),
}


@pytest.mark.everyday(1)
@pytest.mark.parametrize("what", UNREADABLE)
def test_no_row_is_put_with_which_others_could_show_nothing(
    place: Place, jh: Session, what: str
) -> None:
    table, false = UNREADABLE[what]
    query = f"SELECT row_to_json(r)::text FROM kmtrack.{table} AS r LIMIT 1"
    row = json.loads(servers.server().run(query, place.database)[0][0])
    put = json.dumps([{**row, **false}]).replace("'", "''")
    call = {"verdict": f"SELECT replace_verdicts('[{json.dumps(row)}]', '{put}');"}
    statement = call.get(table, f"SELECT put_{table}('{put}', false);")
    assert denied(place, place.command(), statement) in {*_DENIED, "22P02", "22007"}
    all_go_on(place, jh)


def test_the_login_of_a_false_command_is_behind_the_damage(place: Place) -> None:
    false = [Issue("command_added", {"number": 1, "login": "an"}), Issue("integrity", {})]
    with session_over(place.address, broker="MK") as operator:
        assert logins_behind(operator.store, false) == ["an"]


def test_an_entry_alone_is_refused(place: Place) -> None:
    assert denied(place, place.entry(command=place.last()[0])) == "KM003"


CALLS: Final = {
    **{f"put_{noun}": f"SELECT put_{noun}('[]', false);" for noun in NOUNS},
    "replace_verdicts": "SELECT replace_verdicts('[]', '[]');",
    "replace_name_words": "SELECT replace_name_words('[]', '[]');",
    "put_moments": "SELECT put_moments('[]');",
    "own_command": "SELECT own_command();",
}


@pytest.mark.parametrize("function", CALLS)
def test_no_function_writes_without_a_command(place: Place, function: str) -> None:
    call = CALLS[function]
    assert denied(place, call) == "KM003"
    # A command that was taken back is none.
    back = f"SAVEPOINT s; {place.command()} ROLLBACK TO s; {call}"
    assert denied(place, back) == "KM003"
    stranger = call.replace("SELECT ", "SELECT kmtrack.")
    assert denied(place, stranger, user="nn") == "42501"


def test_no_setting_of_a_session_loosens_what_functions_demand(place: Place, jh: Session) -> None:
    """With strings that conform no longer, a pattern of digits would be one of the letter d."""
    row = jh.store.get("SELECT row_to_json(company)::text FROM company LIMIT 1")[0]
    false = json.dumps([{**json.loads(row), "later": '{"dddd-dd-dd": {}}'}])
    call = f"SELECT put_company('{false}', false);"
    loose = "SET standard_conforming_strings = off; SET escape_string_warning = off;"
    assert denied(place, place.command(), call) == "23514"
    assert denied(place, loose, place.command(), call) == "23514"


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_whoever_waited_for_the_lock_sees_what_came(place: Place, level: str) -> None:
    running = servers.server()
    running.run(f"ALTER ROLE jh SET default_transaction_isolation = '{level}'")
    try:
        with (
            session_at(place.location("jh"), Clock(TODAY, is_set=True), {}) as session,
            session.store.writing("a" * 32),
        ):
            assert session.store.get("SHOW transaction_isolation")[0] == "read committed"
    finally:
        running.run("ALTER ROLE jh RESET ALL")


def test_a_command_of_an_earlier_transaction_is_no_permission(place: Place, jh: Session) -> None:
    record_something(place, jh)
    for call in CALLS.values():
        assert denied(place, call, user="jh") == "KM003"


@pytest.mark.parametrize(
    ("name", "value"),
    [("heads", "{}"), ("restored", "x"), ("writer", "x"), ("login:an", "JH"), ("broker", "JH"),
     ("bundled", "x"), ("bundled", "[[1,2]]"), ("erased:p1", ""), ("left", "[]"),
     ("import key", "x"), ("backups:x", ""), ('backups:"', ""), ("columns x", "{}")],
)  # fmt: skip
def test_no_setting_of_others_is_put(place: Place, name: str, value: str) -> None:
    text = f"SELECT put_setting('{name}', '{value}');"
    assert denied(place, place.command(), text) in {"42501", "22P02"}


def test_no_broker_changes_the_contract(place: Place, jh: Session) -> None:
    contract = json.dumps([{"id": "contract", "recorded_at": "x", "document": "{}"}])
    call = f"SELECT put_contract('{contract}', false);"
    assert denied(place, place.command(), call) == "42501"
    all_go_on(place, jh)


def test_the_name_of_a_person_stays_what_it_is(place: Place, jh: Session) -> None:
    before = jh.store.all("SELECT id, name, secret, company_id, recorded_at FROM person")
    [person] = before
    row = json.dumps({**dict(person), "name": "X", "secret": "X"})
    with closing(place.as_user("an")) as hostile:
        hostile.execute(f"BEGIN; {place.command()}".encode())
        hostile.execute("SELECT put_person(%s, false)", (f"[{row}]",))
        [after] = hostile.execute("SELECT name, secret FROM person")
        hostile.execute("ROLLBACK")
    assert tuple(after) == (person["name"], person["secret"])


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE kmtrack.mine (x int);",
        "CREATE FUNCTION kmtrack.mine() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION is_owner() RETURNS boolean LANGUAGE sql AS 'SELECT true';",
        "ALTER FUNCTION is_owner() SECURITY DEFINER;",
        "DROP TRIGGER check_command ON command;",
        "DROP FUNCTION lock_ledger() CASCADE;",
        "SELECT setval('writer_since', 1);",
        "SELECT nextval('writer_since');",
        "ALTER SCHEMA kmtrack RENAME TO theirs;",
        "COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 99';",
        "DROP SCHEMA kmtrack CASCADE;",
        "SET ROLE postgres;",
        "SET SESSION AUTHORIZATION postgres;",
        "SET session_replication_role = replica;",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres';",
        "ALTER ROLE jh PASSWORD 'x';",
        "COPY command TO PROGRAM 'cat';",
    ],
)
def test_nothing_of_the_schema_or_the_server_is_taken_over(place: Place, statement: str) -> None:
    assert denied(place, statement) in {"42501", "2F003"}


def test_tables_and_functions_of_ones_own_deceive_no_function(place: Place) -> None:
    """Temporary tables and operators that shadow those that a function uses."""
    shadows = """
        CREATE TEMP TABLE command AS SELECT * FROM kmtrack.command;
        CREATE TEMP TABLE setting AS SELECT 'login:an' AS name, 'JH' AS value;
        CREATE TEMP TABLE pg_class AS SELECT * FROM pg_catalog.pg_class;
        UPDATE pg_temp.pg_class SET relowner = 'an'::regrole;
        CREATE FUNCTION pg_temp.max(integer) RETURNS integer LANGUAGE sql AS 'SELECT 98';
        SET search_path = pg_temp, kmtrack, pg_catalog;
    """
    for attempt in (
        place.command(recorded_by="JH"),
        place.command(number=99),
        CALLS["put_contact"],
        "SELECT put_setting('heads', '{}');",
    ):
        real = attempt.replace("INTO command", "INTO kmtrack.command")
        assert denied(place, shadows, real) in _DENIED


def test_the_lock_is_waited_for_ten_seconds_at_most_and_told_of(place: Place, jh: Session) -> None:
    with closing(place.as_user("an")) as hostile:
        hostile.execute("BEGIN")
        hostile.execute("SELECT lock_ledger()")
        hostile.execute("SET application_name = 'somebody else'")
        assert jh.store.get("SHOW lock_timeout")[0] == "10s"
        jh.store.run("SET lock_timeout = '50ms'")
        with refuses("ledger_held") as refused:
            record_something(place, jh)
        assert refused.value.facts["login"] == "an"
        since: Any = refused.value.facts["since"]
        assert abs(since.timestamp() - _now(place)) < 600
        with session_over(place.address, broker="MK") as operator:
            assert status_of(operator.store, TODAY)
    all_go_on(place, jh)


def test_a_command_that_nobody_ends_is_waited_for_and_told_of(place: Place, jh: Session) -> None:
    """Inserting without the lock locks as well, so that nobody waits for a number."""
    with closing(place.as_user("an")) as hostile:
        hostile.execute(f"BEGIN; {place.command()}".encode())
        jh.store.run("SET lock_timeout = '50ms'")
        with refuses("ledger_held"):
            record_something(place, jh)
    all_go_on(place, jh)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT put_setting('import key', repeat('a', 64))",
        "SELECT put_setting('columns x {key}', '{{}}')",
    ],
)
def test_settings_are_held_with_the_lock(place: Place, jh: Session, statement: str) -> None:
    with closing(place.as_user("an")) as hostile:
        hostile.execute("BEGIN")
        hostile.execute(statement.format(key="0" * 32).encode())
        jh.store.run("SET lock_timeout = '50ms'")
        with refuses("ledger_held") as refused:
            record_something(place, jh)
        assert refused.value.facts["login"] == "an"


def test_no_number_of_an_entry_is_held_by_a_statement_that_does_not_end(
    place: Place, jh: Session
) -> None:
    entry = place.entry(command=1).replace("VALUES (", "SELECT ").replace(");", "")
    slow = f"{entry} FROM generate_series(1, 2) AS row WHERE row = 1 OR pg_sleep(120) IS NULL"
    with closing(place.as_user("an")) as hostile:
        hostile.execute("SET statement_timeout = '60s'")
        with pytest.raises(psycopg.Error) as refused:
            hostile.execute(slow.encode())
    assert refused.value.sqlstate == "KM003"
    all_go_on(place, jh)


def test_who_reads_on_and_on_is_named_where_it_keeps_traces_of_an_erasure(place: Place) -> None:
    with closing(place.as_user("an")) as hostile, session_over(place.address) as operator:
        hostile.execute("BEGIN")
        hostile.execute("SELECT name FROM person")
        operator.store.run("SET lock_timeout = '50ms'")
        with refuses("ledger_read") as refused:
            operator.store.compact()
        assert refused.value.facts["login"] == "an"
        hostile.execute("ROLLBACK")
        operator.store.compact()


def test_places_are_held_with_the_lock(place: Place, jh: Session) -> None:
    """Otherwise nobody would be told who holds a place that an import waits for."""
    with closing(place.as_user("an")) as hostile:
        hostile.execute("BEGIN")
        hostile.execute("SELECT put_places('[]')")
        jh.store.run("SET lock_timeout = '50ms'")
        with refuses("ledger_held") as refused:
            record_something(place, jh)
        assert refused.value.facts["login"] == "an"


def _now(place: Place) -> float:
    [(now,)] = servers.server().run("SELECT extract(epoch FROM now())::float", place.database)
    return float(now)


def test_by_sql_a_broker_appends_in_their_own_name(place: Place) -> None:
    with closing(place.as_user("an")) as broker:
        broker.execute(f"BEGIN; {place.command()} {place.entry()}".encode())
        [row] = broker.execute(
            "SELECT login, recorded_by FROM command ORDER BY number DESC LIMIT 1"
        )
        broker.execute("ROLLBACK")
    assert tuple(row) == ("an", "AN")


def test_a_login_records_under_the_initials_that_the_operator_gave_it(
    place: Place, tmp_path: Path
) -> None:
    from kmtrack.usecases.brokers import edit_broker

    with session_at(place.location("an"), Clock(TODAY, is_set=True), {}) as session:
        for login in ("an", "jh"):
            with refuses("not_allowed"):
                edit_broker(session, "JH", {}, login)
    with session_over(place.address, broker="MK") as operator:
        edit_broker(operator._replace(answers=AGREED), "JH", {}, "an")
    try:
        with session_at(place.location("an"), Clock(TODAY, is_set=True), {}) as session:
            assert (session.broker, session.who) == ("JH", "JH")
            record_something(place, session)
        assert denied(place, place.command()) == "KM001"
        with session_over(place.address, broker="MK") as operator:
            row = operator.store.get(
                "SELECT login, recorded_by FROM command ORDER BY number DESC LIMIT 1"
            )
            assert tuple(row) == ("an", "JH")
            assert check_ledger(operator.store).damage == []
    finally:
        servers.server().run("DELETE FROM kmtrack.setting WHERE name = 'login:an'", place.database)


def test_a_file_has_no_logins(tmp_path: Path) -> None:
    if servers.IN_USE:
        pytest.skip("it is about files")
    from kmtrack.usecases.brokers import add_broker

    with session_over(ledger_in(tmp_path)) as session, refuses("no_logins"):
        add_broker(session, {"initials": "AN"}, "an")


FALSE: Final = {
    "a verdict that is gone": ("SELECT kmtrack.replace_verdicts(:verdict, '[]')", "new-contacts"),
    "a verdict of another day": (
        "SELECT kmtrack.replace_verdicts(:verdict, :false)",
        "new-contacts",
    ),
    "a word for searching": (
        "SELECT kmtrack.replace_name_words('[]', json_build_array(json_build_array('zzz', :company::text)))",
        "name",
    ),
    "words that are gone": (
        "SELECT kmtrack.replace_name_words(json_build_array(json_build_array('hedelund', :company::text)), '[]')",
        "name",
    ),
    "a row": ("SELECT kmtrack.put_contact(:row, false)", "match"),
}


@pytest.mark.parametrize("what", FALSE)
def test_beside_a_command_as_it_should_be_what_is_false_has_its_login(
    place: Place, what: str, tmp_path: Path
) -> None:
    """The command itself is whole: kmtrack made it."""
    running, copy = servers.server(), servers.server().new_database(place.database)
    other = Place(location_named(running.address(copy), {"KMTRACK_HOME": str(tmp_path)}), tmp_path)
    [(verdict, row)] = running.run(
        "SELECT row_to_json(v)::text, row_to_json(c)::text FROM kmtrack.verdict AS v "
        "JOIN kmtrack.contact AS c ON c.id = v.record_id LIMIT 1",
        copy,
    )
    named = {
        "verdict": f"[{verdict}]",
        "false": json.dumps([{**json.loads(verdict), "day": "2011-02-02"}]),
        "company": json.loads(verdict)["company_id"],
        "row": json.dumps([{**json.loads(row), "note": "falsk"}]),
    }
    statement = FALSE[what][0]
    with session_at(other.location("an"), Clock(TODAY, is_set=True), {}) as session:
        with session.unit_of_work("broker add") as work:
            work.add("broker", {"initials": "Z9"}, "Z9")
            session.store.run(
                statement, **{key: value for key, value in named.items() if f":{key}" in statement}
            )
        damage = check_ledger(session.store).damage
        assert damage
        assert {issue.facts.get("login") for issue in damage} == {"an"}, damage


def falsify(place: Place, call: str) -> None:
    """Let the login an write something false, in a transaction with a command of theirs."""
    with closing(place.as_user("an")) as hostile:
        entry = place.entry(noun="broker", record_id="AN", action="edit", facts='{"council": "X"}')
        hostile.execute(f"BEGIN; {place.command()} {entry} {call} COMMIT;".encode())


@pytest.mark.slow
def test_check_and_export_name_the_login_behind_what_is_false(
    served: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from kmtrack.cli.main import main

    running, place = servers.server(), Place(served, tmp_path)
    with session_over(served, broker="MK") as operator:
        company = add_company(operator, {"name": "Alfa", "cvr": CVR, "municipality": "Viborg"})
        contact = add_contact(operator, CVR, {"date": "2011-03-01"}).record["id"]
    running.admit(place.database, "an")
    try:
        false = json.dumps([{"id": contact, "recorded_at": "2011-06-30T10:00:00.000000Z",
                             "company_id": company["id"], "channel": "visit", "date": "2011-03-09"}])  # fmt: skip
        falsify(place, f"SELECT put_contact('{false}', false);")
        address = running.address(place.database)
        capsys.readouterr()
        assert main(["--lang", "en", "--ledger", address, "check"]) == 1
        told = capsys.readouterr().out
        [line] = [each for each in told.splitlines() if contact in each and "match" in each]
        assert "the login an" in line
        file = tmp_path / "x.xlsx"
        assert main(["--lang", "en", "--ledger", address, "export", str(file)]) == 1
        assert "the login an" in capsys.readouterr().err
        assert not file.exists()
        gone = json.dumps(
            [{"company_id": company["id"], "record_id": contact, "target": "new-contacts"}]
        )
        falsify(place, f"SELECT replace_verdicts('{gone}', '[]');")
        with session_over(served, broker="MK") as operator:
            assert {issue.facts.get("login") for issue in check_ledger(operator.store).damage} >= {
                "an"
            }
    finally:
        running.dismiss("an")
        running.dismiss("kmtrack_broker")
