"""Guard: the functions and triggers with which a server restricts brokers to their own work.

Every function runs with the owner's rights, qualifies everything it uses by its schema, and can be
executed only by those to whom the owner grants it. `session_user` is the login, whatever role was
set since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.settings import LAST_BUNDLED, LOGIN_PREFIX
from kmtrack.ledger.store.copies import FOLDER_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a function tells the program; see `refusal` in connection.py.
_ANOTHER_NAME: Final = "KM001"
_CLOCK_AHEAD: Final = "KM002"
_NO_COMMAND: Final = "KM003"

# With strings that conform no longer, their patterns would be other ones.
SECURE: Final = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on"
)
_MOMENT: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"
# A moment as the ledger writes it.
_FORM: Final = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""
# The number and the token of a command that was bundled, as JSON.
_BUNDLED: Final = r'\[[0-9]{1,9},"[0-9a-f]{32}"\]'
# The setting whose row whoever writes locks: settings are never removed, with a restore neither.
_LOCK_ROW: Final = "writer"
# The process that holds the lock, and since which second after this day, in one number.
_DAY_ZERO: Final = "TIMESTAMPTZ '2020-01-01 00:00:00Z'"

# The checks of tables that hold for the owner too, by table.
CHECKS: Final = {
    "command": {
        "command_number": "number > 0",
        "command_recorded_at": f"recorded_at ~ '{_MOMENT}'",
        "command_arrived_at": f"arrived_at ~ '{_MOMENT}'",
        "command_stated_at": f"stated_at ~ '{_MOMENT}'",
    },
    "entry": {"entry_number": "number > 0"},
}

# Commands that may be dated before others: they state nothing but what is void, and when.
_DATED_BACK: Final = "'history correct-time', 'undo', 'redo'"

# A sequence is the only thing that others see before the transaction ends.
_HOLDER: Final = "CREATE SEQUENCE IF NOT EXISTS writer_since MINVALUE 0 START 0"

_IS_OWNER: Final = """
CREATE OR REPLACE FUNCTION is_owner() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.pg_has_role(
        CASE pg_catalog.current_setting('role')
            WHEN 'none' THEN session_user ELSE pg_catalog.current_setting('role')::pg_catalog.name
        END, relowner, 'USAGE')
    FROM pg_catalog.pg_class
    WHERE oid OPERATOR(pg_catalog.=) 'kmtrack.command'::pg_catalog.regclass
$$
"""

_NAME_OF_LOGIN: Final = f"""
CREATE OR REPLACE FUNCTION name_of_login() RETURNS text LANGUAGE sql STABLE {SECURE} AS $$
    SELECT coalesce(
        (SELECT value FROM kmtrack.setting WHERE name = '{LOGIN_PREFIX}' || session_user),
        session_user::text
    )
$$
"""

_LOCK: Final = f"""
CREATE OR REPLACE FUNCTION lock_ledger() RETURNS void LANGUAGE plpgsql {SECURE} AS $$
DECLARE
    held bigint;
    mine bigint := pg_backend_pid();
BEGIN
    PERFORM 1 FROM kmtrack.setting WHERE name = '{_LOCK_ROW}' FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO kmtrack.setting (name, value) VALUES ('{_LOCK_ROW}', '')
        ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    END IF;
    SELECT last_value INTO held FROM kmtrack.writer_since;
    IF held % 4294967296 <> mine
        OR {_DAY_ZERO} + make_interval(secs => held / 4294967296 + 1) < transaction_timestamp()
    THEN
        PERFORM setval('kmtrack.writer_since',
            floor(extract(epoch FROM clock_timestamp() - {_DAY_ZERO}))::bigint * 4294967296 + mine);
    END IF;
END $$
"""

_HELD_BY: Final = f"""
CREATE OR REPLACE FUNCTION held_by(OUT login text, OUT since timestamptz) RETURNS SETOF record
LANGUAGE plpgsql {SECURE} AS $$
BEGIN
    PERFORM 1 FROM kmtrack.setting WHERE name = '{_LOCK_ROW}' FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT usename::text, {_DAY_ZERO} + make_interval(secs => last_value / 4294967296)
        FROM kmtrack.writer_since JOIN pg_stat_activity ON pid = last_value % 4294967296
        WHERE datname = current_database();
END $$
"""

# Numbers of transactions come back, but not while the last command is of one of that number.
_OWN_COMMAND: Final = f"""
CREATE OR REPLACE FUNCTION own_command() RETURNS integer LANGUAGE plpgsql STABLE {SECURE} AS $$
DECLARE
    found integer;
BEGIN
    SELECT number INTO found FROM kmtrack.command
    WHERE number = (SELECT max(number) FROM kmtrack.command)
        AND xmin = pg_current_xact_id_if_assigned()::xid
        AND (login = session_user OR arrived_at IS NOT NULL);
    IF found IS NULL AND NOT kmtrack.is_owner() THEN
        RAISE EXCEPTION 'this transaction has no command of yours' USING ERRCODE = '{_NO_COMMAND}';
    END IF;
    RETURN found;
END $$
"""

# The moment after which nothing is recorded: two days from now, or as late as the last command.
_LATEST: Final = f"""
CREATE OR REPLACE FUNCTION latest_moment() RETURNS text LANGUAGE sql STABLE {SECURE} AS $$
    SELECT greatest(
        to_char((now() + interval '2 days') AT TIME ZONE 'UTC', {_FORM}) COLLATE "C",
        to_char((max(recorded_at)::timestamptz + interval '1 second') AT TIME ZONE 'UTC', {_FORM})
            COLLATE "C"
    ) FROM kmtrack.command
$$
"""

_CHECK_COMMAND: Final = f"""
CREATE OR REPLACE FUNCTION check_command() RETURNS trigger LANGUAGE plpgsql {SECURE} AS $$
DECLARE
    last integer;
    last_moment text;
    own_name text;
    small text := 'abcdefghijklmnopqrstuvwxyzæøå';
    capital text := 'ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ';
BEGIN
    IF kmtrack.is_owner() THEN
        RETURN NEW;
    END IF;
    PERFORM kmtrack.lock_ledger();
    SELECT max(number), max(recorded_at) INTO last, last_moment FROM kmtrack.command;
    own_name := translate(kmtrack.name_of_login(), small, capital);
    IF NEW.arrived_at IS NULL AND translate(NEW.recorded_by, small, capital) <> own_name THEN
        RAISE EXCEPTION 'recorded by another name than that of the login'
            USING ERRCODE = '{_ANOTHER_NAME}', DETAIL = own_name;
    END IF;
    IF translate(NEW.recorded_by, small, capital) <> own_name
        OR NEW.arrived_at IS NULL AND NEW.login IS DISTINCT FROM session_user::text
        OR NEW.arrived_at IS NOT NULL AND NEW.login IS NOT NULL
    THEN
        RAISE EXCEPTION 'another login' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.number <> last + 1 THEN
        RAISE EXCEPTION 'the next command is %', last + 1 USING ERRCODE = 'check_violation';
    END IF;
    IF greatest(NEW.recorded_at, NEW.arrived_at) > kmtrack.latest_moment() THEN
        RAISE EXCEPTION 'a moment that is yet to come' USING ERRCODE = '{_CLOCK_AHEAD}';
    END IF;
    -- What puts moments right, or takes that back, is dated after all commands but those it moves.
    IF NEW.arrived_at IS NULL AND NEW.recorded_at <= last_moment AND (
            NEW.name NOT IN ({_DATED_BACK}) OR EXISTS (
                SELECT 1 FROM kmtrack.command AS later WHERE later.recorded_at >= NEW.recorded_at
                AND translate(later.recorded_by, small, capital) <> own_name))
        OR NEW.stated_at IS NOT NULL
        OR NEW.token !~ '^[0-9a-f]{{32}}$'
        OR NEW.previous !~ '^([0-9a-f]{{64}})?$'
        OR NEW.follows !~ '^([0-9a-f]{{32}}|[0-9a-f]{{64}})?$'
        OR NEW.digest !~ '^[0-9a-f]{{64}}$'
        OR NEW.reason_secret !~ '^[0-9a-f]{{32,64}}$'
        OR length(NEW.name) NOT BETWEEN 1 AND 60
        OR length(NEW.reason) > 10000
    THEN
        RAISE EXCEPTION 'no command as kmtrack makes it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
_COMMAND_TRIGGER: Final = """
CREATE TRIGGER check_command BEFORE INSERT ON command
FOR EACH ROW EXECUTE FUNCTION check_command()
"""

# Commands that a broker brings from a file of their own are followed by their merge.
_CHECK_ARRIVED: Final = f"""
CREATE OR REPLACE FUNCTION check_arrived() RETURNS trigger LANGUAGE plpgsql {SECURE} AS $$
BEGIN
    IF NOT kmtrack.is_owner() AND NOT EXISTS (
        SELECT 1 FROM kmtrack.command WHERE number > NEW.number AND login = session_user
        AND xmin = pg_current_xact_id()::xid
    ) THEN
        RAISE EXCEPTION 'nobody merged this' USING ERRCODE = '{_NO_COMMAND}';
    END IF;
    RETURN NULL;
END $$
"""
_ARRIVED_TRIGGER: Final = """
CREATE CONSTRAINT TRIGGER check_arrived AFTER INSERT ON command DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.arrived_at IS NOT NULL) EXECUTE FUNCTION check_arrived()
"""

# What no program reads: a number of thousands of digits, or lists in lists without an end.
_UNREADABLE: Final = '$.** ? (@.type() == "number" && (@ > 1e18 || @ < -1e18) || exists(@.**{12}))'

# A broker's own file may begin with the same contract; municipalities that it adds take part.
_PARTICIPANTS: Final = "$.participation[*].municipality"

_CHECK_ENTRIES: Final = f"""
CREATE OR REPLACE FUNCTION check_entries() RETURNS trigger LANGUAGE plpgsql {SECURE} AS $$
DECLARE
    own integer;
    lowest integer;
    highest integer;
    added_entries bigint;
BEGIN
    IF kmtrack.is_owner() THEN
        RETURN NULL;
    END IF;
    own := kmtrack.own_command();
    SELECT min(number), max(number), count(*) INTO lowest, highest, added_entries FROM added;
    IF added_entries = 0 THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT 1 FROM added
        WHERE command <> own OR action IN ('erase', 'redact')
        OR noun = 'contract' AND (action <> 'add'
            OR jsonb_typeof(facts::jsonb -> 'participation') <> 'array'
            OR NOT (
                SELECT jsonb_path_query_array(document::jsonb, '{_PARTICIPANTS}')
                @> jsonb_path_query_array(facts::jsonb, '{_PARTICIPANTS}') FROM kmtrack.contract))
    ) OR EXISTS (
        SELECT 1 FROM added JOIN kmtrack.command AS dated ON dated.number = own
        WHERE added.noun <> 'command' AND dated.arrived_at IS NULL AND dated.name IN ({_DATED_BACK})
    ) OR EXISTS (
        SELECT 1 FROM added JOIN kmtrack.command AS dated ON dated.token = added.record_id
        WHERE added.noun = 'command' AND added.action = 'correct-time' AND dated.recorded_by <> (
            SELECT recorded_by FROM kmtrack.command WHERE number = own)
    ) THEN
        RAISE EXCEPTION 'no entry for a broker' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF lowest <> (SELECT coalesce(max(number), 0) + 1 FROM kmtrack.entry WHERE number < lowest)
        OR highest <> (SELECT max(number) FROM kmtrack.entry)
        OR highest - lowest + 1 <> added_entries
    THEN
        RAISE EXCEPTION 'entries are numbered on' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM added
        WHERE digest !~ '^[0-9a-f]{{64}}$' OR secret !~ '^[0-9a-f]{{32,64}}$'
        OR length(record_id) NOT BETWEEN 1 AND 64 OR length(noun) > 20 OR length(action) > 20
        OR length(facts) > 1000000 OR json_typeof(facts::json) <> 'object'
        OR action = 'join' AND facts::json ->> 'with' IS NULL
        OR jsonb_path_exists(facts::jsonb, '{_UNREADABLE}')
    ) THEN
        RAISE EXCEPTION 'no entry as kmtrack makes it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""
# Before the first row: other writers would wait for its number without learning whom for.
_DEMAND_COMMAND: Final = f"""
CREATE OR REPLACE FUNCTION demand_command() RETURNS trigger LANGUAGE plpgsql {SECURE} AS $$
BEGIN
    PERFORM kmtrack.own_command();
    RETURN NULL;
END $$
"""
_DEMAND_TRIGGER: Final = """
CREATE TRIGGER demand_command BEFORE INSERT ON entry
FOR EACH STATEMENT EXECUTE FUNCTION demand_command()
"""
_ENTRIES_TRIGGER: Final = """
CREATE TRIGGER check_entries AFTER INSERT ON entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_entries()
"""

# Of the settings, which belong to all, a broker writes those of their own work only.
_PUT_SETTING: Final = f"""
CREATE OR REPLACE FUNCTION put_setting(put_name text, put_value text) RETURNS void LANGUAGE plpgsql {SECURE} AS $$
BEGIN
    IF kmtrack.is_owner() THEN
        INSERT INTO kmtrack.setting (name, value) VALUES (put_name, put_value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value;
        RETURN;
    END IF;
    PERFORM kmtrack.lock_ledger();
    IF put_name = 'import key' AND put_value ~ '^[0-9a-f]{{64}}$'
    THEN
        INSERT INTO kmtrack.setting (name, value) VALUES (put_name, put_value)
        ON CONFLICT DO NOTHING;
    ELSIF starts_with(put_name, '{FOLDER_PREFIX}"')
        AND length(put_name) < 5000 AND length(put_value) < 10000
        AND json_typeof(substr(put_name, length('{FOLDER_PREFIX}') + 1)::json) = 'string'
        AND json_typeof(put_value::json) = 'object'
        AND (SELECT count(*) FROM kmtrack.setting WHERE starts_with(name, '{FOLDER_PREFIX}')) < 1000
    THEN
        INSERT INTO kmtrack.setting (name, value) VALUES (put_name, put_value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        WHERE CASE setting.value WHEN '' THEN true
            ELSE setting.value::jsonb - 'mount' <@ excluded.value::jsonb END;
    ELSIF put_name = '{LAST_BUNDLED}' AND put_value ~ '^\\[{_BUNDLED}(,{_BUNDLED}){{0,49}}\\]$'
        OR put_name ~ '^columns .{{1,100}} [0-9a-f]{{32}}$' AND length(put_value) < 10000
        AND NOT EXISTS (
            SELECT 1 FROM json_each(put_value::json) AS column_choice
            WHERE json_typeof(column_choice.value) NOT IN ('string', 'null'))
    THEN
        INSERT INTO kmtrack.setting (name, value) VALUES (put_name, put_value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    ELSE
        RAISE EXCEPTION 'no setting for a broker' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$
"""

# By it whoever recorded commands puts their moments right; what the clock gave is kept. What a merge
# brought arrived when the merge was given.
_PUT_MOMENTS: Final = f"""
CREATE OR REPLACE FUNCTION put_moments(moments json) RETURNS void LANGUAGE plpgsql {SECURE} AS $$
BEGIN
    PERFORM kmtrack.own_command();
    IF NOT kmtrack.is_owner() AND EXISTS (
        SELECT 1 FROM json_to_recordset(moments) AS put (number integer, recorded_at text, stated_at text)
        LEFT JOIN kmtrack.command USING (number)
        WHERE command.number IS NULL
        OR put.recorded_at > kmtrack.latest_moment()
        OR coalesce(put.stated_at, put.recorded_at) <> coalesce(command.stated_at, command.recorded_at)
        OR put.stated_at IS NOT NULL
        AND (put.recorded_at, put.stated_at) IS DISTINCT FROM (command.recorded_at, command.stated_at)
        AND command.recorded_by <> (
            SELECT recorded_by FROM kmtrack.command WHERE number = kmtrack.own_command())
    ) THEN
        RAISE EXCEPTION 'not the moment of a command of yours' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE kmtrack.command SET arrived_at = put.recorded_at
    FROM json_to_recordset(moments) AS put (number integer, recorded_at text, stated_at text)
    JOIN kmtrack.command AS given ON given.number = put.number
    WHERE command.arrived_at = given.recorded_at AND given.arrived_at IS NULL;
    UPDATE kmtrack.command SET recorded_at = put.recorded_at, stated_at = put.stated_at
    FROM json_to_recordset(moments) AS put (number integer, recorded_at text, stated_at text)
    WHERE command.number = put.number;
END $$
"""

# The triggers with their tables.
TRIGGERS: Final = {
    "check_command": "command",
    "check_arrived": "command",
    "demand_command": "entry",
    "check_entries": "entry",
}
# Every function that a broker may execute besides those that put rows, with its arguments.
FUNCTIONS: Final = (
    "is_owner()",
    "name_of_login()",
    "lock_ledger()",
    "held_by()",
    "own_command()",
    "latest_moment()",
    "check_command()",
    "check_arrived()",
    "demand_command()",
    "check_entries()",
    "put_setting(text, text)",
    "put_moments(json)",
)


def guard_statements() -> Iterator[str]:
    """Yield the statements that make the lock, the functions and the triggers."""
    yield _HOLDER
    for trigger, table in TRIGGERS.items():
        yield f"DROP TRIGGER IF EXISTS {trigger} ON {table}"
    yield from (_IS_OWNER, _NAME_OF_LOGIN, _LOCK, _HELD_BY, _OWN_COMMAND, _LATEST)
    yield from (_CHECK_COMMAND, _COMMAND_TRIGGER, _CHECK_ARRIVED, _ARRIVED_TRIGGER)
    yield from (_DEMAND_COMMAND, _DEMAND_TRIGGER, _CHECK_ENTRIES, _ENTRIES_TRIGGER)
    yield from (_PUT_SETTING, _PUT_MOMENTS)
