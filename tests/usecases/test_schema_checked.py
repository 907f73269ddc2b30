"""The schema is compared whole: what is missing, extra or different is named, and rebuilt."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

import servers
from builders import CVR, TODAY, behind, contents, ledger_of_version, session_over
from kmtrack.cli.main import main
from kmtrack.clock import Clock
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.check.repair import is_repairable, repair_ledger
from kmtrack.usecases.companies import add_company

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store.base import Store

# What is done to a file, and how it is reported.
DONE: Final = {
    "DROP INDEX company_cvr": ("object_missing", "index", "company_cvr"),
    "DROP VIEW readable_verdict": ("object_missing", "view", "readable_verdict"),
    "CREATE TRIGGER t AFTER INSERT ON command BEGIN SELECT 1; END": (
        "object_extra",
        "trigger",
        "t",
    ),
    "CREATE INDEX mine ON contact (note)": ("object_extra", "index", "mine"),
    'CREATE TABLE "a""b" (x)': ("object_extra", "table", 'a"b'),
    "CREATE VIEW mine AS SELECT 1": ("object_extra", "view", "mine"),
    "ALTER TABLE company ADD COLUMN more": ("object_different", "table", "company"),
    "ALTER TABLE command ADD COLUMN more": ("object_different", "table", "command"),
    "DROP INDEX contact_date; CREATE INDEX contact_date ON contact (date DESC)": (
        "object_different",
        "index",
        "contact_date",
    ),
}


def _found(store: Store) -> list[tuple[str, object, object]]:
    return [
        (issue.kind, issue.facts.get("of"), issue.facts.get("object"))
        for issue in check_ledger(store).damage
    ]


@pytest.mark.everyday(3)
@pytest.mark.files
@pytest.mark.parametrize("done", DONE)
def test_a_schema_that_was_altered_is_found_and_rebuilt(ledger: Path, done: str) -> None:
    with session_over(ledger) as session:
        add_company(session, {"name": "Hedelund", "cvr": CVR})
    with behind(ledger) as bare:
        bare.executescript(done)
    with closing(open_store(ledger)) as store:
        assert _found(store) == [DONE[done]]
        damage = check_ledger(store).damage
        assert is_repairable(damage)
    with closing(open_store(ledger)) as store:
        repair_ledger(store, damage, Clock(TODAY, is_set=True))
        assert _found(store) == []
        assert store.get("SELECT name FROM company")[0] == "Hedelund"


TRAPS: Final = {
    "a trigger": (
        "CREATE TRIGGER t AFTER INSERT ON command BEGIN"
        " UPDATE command SET reason = 'godkendt af regionen' WHERE number = new.number; END"
    ),
    "a trigger on settings": (
        "CREATE TRIGGER t AFTER INSERT ON setting BEGIN UPDATE contact SET note = 'x'; END"
    ),
    "a view in place of a table": (
        "ALTER TABLE tally RENAME TO kept; CREATE VIEW tally AS SELECT target, outcome, day,"
        " 99 AS number FROM kept"
    ),
}


@pytest.mark.files
@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("command", [("company", "add", "Ny"), ("status",), ("undo", "--yes")])
def test_a_planted_trigger_never_runs(
    ledger: Path, trap: str, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with behind(ledger) as bare:
        bare.executescript(TRAPS[trap])
    before = contents(ledger)
    address = ["--lang", "en", "--ledger", str(ledger)]
    assert main([*address, *command]) == 1
    assert "not made by kmtrack" in capsys.readouterr().err
    assert contents(ledger) == before


@pytest.mark.files
@pytest.mark.parametrize("lang", ["da", "en"])
def test_it_is_named_and_taken_out(
    ledger: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with behind(ledger) as bare:
        bare.executescript(TRAPS["a trigger"])
    address = ["--lang", lang, "--ledger", str(ledger)]
    assert main([*address, "check"]) == 1
    told = capsys.readouterr().out
    assert {"da": "triggeren »t«", "en": "the trigger “t”"}[lang] in told
    assert "--mend" in told
    assert main([*address, "check", "--mend"]) == 0
    assert main([*address, "company", "add", "Ny", "--municipality", "Viborg"]) == 0
    with behind(ledger) as bare:
        assert bare.execute("SELECT count(*) FROM command WHERE reason > ''").fetchone() == (0,)


@pytest.mark.files
def test_a_trigger_in_an_older_ledger_does_not_outlive_its_migration(tmp_path: Path) -> None:
    old = ledger_of_version(4, tmp_path / "old.db")
    with behind(old) as bare:
        bare.executescript(TRAPS["a trigger"])
    with closing(open_store(old)) as store:
        assert _found(store) == []


# On a server, as its administrator may do it.
ON_SERVER: Final = {
    "DROP INDEX company_cvr": ("object_missing", "index", "company_cvr"),
    "DROP VIEW readable_verdict": ("object_missing", "view", "readable_verdict"),
    "DROP TRIGGER check_entries ON entry": ("object_missing", "trigger", "entry check_entries"),
    "CREATE RULE r AS ON INSERT TO contact DO ALSO NOTHING": ("object_extra", "rule", "contact r"),
    "ALTER TABLE contact ADD COLUMN more text": ("object_different", "table", "contact"),
    "ALTER TABLE contact ALTER COLUMN channel DROP NOT NULL": (
        "object_different",
        "table",
        "contact",
    ),
    "ALTER TABLE contact DROP CONSTRAINT date_is_a_day": (
        "object_missing",
        "constraint",
        "contact date_is_a_day",
    ),
    "CREATE OR REPLACE FUNCTION is_owner() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'": (
        "object_different",
        "function",
        "is_owner()",
    ),
    "GRANT UPDATE ON contact TO PUBLIC": ("object_extra", "right", "UPDATE contact PUBLIC"),
    "GRANT UPDATE (note) ON contact TO PUBLIC": (
        "object_extra",
        "right",
        "UPDATE contact.note PUBLIC",
    ),
    "GRANT CREATE ON SCHEMA kmtrack TO PUBLIC": ("object_extra", "right", "CREATE schema PUBLIC"),
    "GRANT EXECUTE ON FUNCTION is_owner() TO PUBLIC": (
        "object_extra",
        "right",
        "EXECUTE is_owner PUBLIC",
    ),
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'": (
        "object_extra",
        "function",
        "mine()",
    ),
}


@pytest.mark.everyday(2)
@pytest.mark.parametrize("done", ON_SERVER)
def test_a_schema_that_was_altered_on_a_server_is_found(served: Any, done: str) -> None:
    with closing(servers.server().connection(str(served.settings["dbname"]))) as bare:
        bare.execute("SET search_path = kmtrack")
        bare.execute(done)
    with closing(open_store(served)) as store:
        assert ON_SERVER[done] in _found(store)


def test_a_schema_on_a_server_is_as_it_was_made(served: Any) -> None:
    running, database = servers.server(), str(served.settings["dbname"])
    for statement in (
        "CREATE ROLE {}",
        "GRANT USAGE ON SCHEMA kmtrack TO {}",
        "GRANT SELECT ON ALL TABLES IN SCHEMA kmtrack TO {}",
        "GRANT INSERT ON kmtrack.command, kmtrack.entry TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA kmtrack TO {}",
    ):
        running.run(statement.format(f"broker_of_{database}"), database)
    with session_over(served) as session:
        add_company(session, {"name": "Hedelund", "cvr": CVR})
        assert _found(session.store) == []
        schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'kmtrack%'"
        assert session.store.get(schemas)[0] == 1


@pytest.mark.files
@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("check", "not as kmtrack made it"),
        ("contact add {cvr}", "damaged"),
        ("export x.xlsx", "damaged"),
    ],
)
def test_a_definition_that_cannot_be_worked_out_is_damage(
    ledger: Path,
    command: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ledger.parent)
    with session_over(ledger) as session:
        add_company(session, {"name": "Hedelund", "cvr": CVR})
    with behind(ledger) as bare:
        bare.executescript(
            "PRAGMA writable_schema = ON;"
            "UPDATE sqlite_schema SET sql = replace(sql, ' date(', ' datK(')"
        )
    address = ["--lang", "en", "--ledger", str(ledger)]
    assert main([*address, *command.format(cvr=CVR).split()]) == 1
    shown = capsys.readouterr()
    assert words in shown.out + shown.err
