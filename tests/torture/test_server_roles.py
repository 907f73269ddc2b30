"""A hostile broker on a server: random SQL with a broker's rights, beside which all others go on."""

from __future__ import annotations

import json
import random
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

import servers
from builders import CVR, add_contact, session_over
from kmtrack.cli.main import main
from kmtrack.clock import later_than
from kmtrack.ledger.schema.nouns import NOUNS, TABLES
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.torture

_JUNK: Final = (None, "", "x", "{}", "[]", "null", "-1", "0", "99999999999", "9999-12-31", "2011-02-31",
                '{"a": [1, {"b": null}]}', "'; DROP TABLE entry; --", "\u202e", "x" * 5000, 1, -1, 1.5, True)  # fmt: skip
# A fault of the program, which no content of a database may cause.
_FAULT: Final = 3


class Hostile:
    """Makes random transactions of a login."""

    def __init__(self, chance: random.Random, database: str) -> None:
        self._chance = chance
        self._database = database

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return servers.server().run(statement, self._database)

    def transaction(self) -> list[str]:
        """Return the statements of a transaction: most with a command, all with something false."""
        statements = ["BEGIN"]
        if self._chance.random() < 0.9:
            statements += [self._command(), self._entry()]
        ways = (self._put, self._put, self._verdicts, self._words, self._setting, self._plain)
        statements += [
            self._chance.choice(ways)() for _ in range(self._chance.choice([1, 1, 1, 2]))
        ]
        return [*statements, "COMMIT"]

    def _command(self) -> str:
        [(number, moment)] = self._rows("SELECT max(number), max(recorded_at) FROM kmtrack.command")
        token = f"{self._chance.getrandbits(128):032x}"
        return (
            "INSERT INTO command (number, token, recorded_at, recorded_by, name, previous, login) "
            f"VALUES ({number + 1}, '{token}', '{later_than(moment, '')}', 'AN', 'x', '', 'an')"
        )

    def _entry(self) -> str:
        [(number, command)] = self._rows(
            "SELECT max(number), (SELECT max(number) FROM kmtrack.command) FROM kmtrack.entry"
        )
        noun = self._chance.choice([*NOUNS, "command", "x"])
        action = self._chance.choice(["add", "edit", "withdraw", "join", "void", "x"])
        facts = json.dumps({name: self._chance.choice(_JUNK) for name in self._columns(noun)})
        return (
            "INSERT INTO entry (number, command, noun, record_id, action, facts, digest) VALUES "
            f"({number + 1}, {command + 1}, '{noun}', {self._id(noun)}, '{action}', "
            f"{_quoted(facts)}, '{'ab' * 32}')"
        )

    def _columns(self, noun: str) -> list[str]:
        columns = [*TABLES.get(noun, ("x",))]
        return self._chance.sample(columns, self._chance.randint(1, len(columns)))

    def _id(self, noun: str) -> str:
        rows = self._rows(f"SELECT id FROM kmtrack.{noun}") if noun in NOUNS else []
        return _quoted(self._chance.choice(rows)[0] if rows else "k0000000009")

    def _put(self) -> str:
        noun = self._chance.choice(
            ["company", "contact", "person", "broker", "contract"] * 2 + [*NOUNS]
        )
        rows = self._rows(f"SELECT row_to_json(r)::text FROM kmtrack.{noun} AS r")
        row = json.loads(self._chance.choice(rows)[0]) if rows else {}
        for name in self._columns(noun):
            if self._chance.random() < 0.2:
                row[name] = self._chance.choice(_JUNK)
        are_new = self._chance.choice(["true", "false", "false", "false"])
        return f"SELECT put_{noun}({_quoted(json.dumps([row]))}, {are_new})"

    def _verdicts(self) -> str:
        rows = self._rows("SELECT row_to_json(r)::text FROM kmtrack.verdict AS r")
        row = json.loads(self._chance.choice(rows)[0]) if rows else {}
        false = {**row, self._chance.choice(TABLES["verdict"]): self._chance.choice(_JUNK)}
        return (
            f"SELECT replace_verdicts({_quoted(json.dumps([row]))}, {_quoted(json.dumps([false]))})"
        )

    def _words(self) -> str:
        gone, new = ([[str(self._chance.choice(_JUNK)), "x"]] for _ in range(2))
        return f"SELECT replace_name_words({_quoted(json.dumps(gone))}, {_quoted(json.dumps(new))})"

    def _setting(self) -> str:
        names = (
            "heads",
            "bundled",
            "import key",
            'backups:"/x"',
            "broker",
            "left",
            "writer",
            "login:an",
        )
        value = str(self._chance.choice(_JUNK))
        return f"SELECT put_setting({_quoted(self._chance.choice(names))}, {_quoted(value)})"

    def _plain(self) -> str:
        table = self._chance.choice([*TABLES])
        column = self._chance.choice(TABLES[table])
        forms = ('UPDATE "{0}" SET "{1}" = NULL', 'DELETE FROM "{0}"', 'LOCK TABLE "{0}" IN SHARE MODE',
                 'TRUNCATE "{0}"', 'SELECT count(*) FROM "{0}"', 'INSERT INTO "{0}" ("{1}") VALUES (NULL)')  # fmt: skip
        return self._chance.choice(forms).format(table, column)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture
def brokers(served: Any) -> Iterator[str]:
    """Yield a database with some records, and the brokers jh and an."""
    running, database = servers.server(), str(served.settings["dbname"])
    with session_over(served, broker="MK") as operator:
        for name, cvr in (("Alfa", CVR), ("Beta", "13585628")):
            add_company(operator, {"name": name, "cvr": cvr, "municipality": "Viborg"})
            for day in ("2011-03-01", "2011-04-01"):
                add_contact(operator, cvr, {"date": day, "person": f"Inger {name}"})
    running.admit(database, "jh", "an")
    yield database
    for role in ("jh", "an", "kmtrack_broker"):
        running.dismiss(role)


@pytest.mark.parametrize("seed", range(3))
def test_all_others_go_on_beside_a_broker_who_sends_random_sql(
    brokers: str,
    served: Any,
    times: Callable[[int, int], int],
    *,
    seed: int,
    capsys: pytest.CaptureFixture[str],
    told: Callable[[str, str], None],
) -> None:
    running, chance = servers.server(), random.Random(seed)
    before = _person_names(brokers)
    hostile, others, stored = Hostile(chance, brokers), running.address(brokers, "jh"), 0
    for number in range(times(150, 12)):
        with closing(running.connection(brokers, "an")) as connection:
            connection.execute("SET search_path = kmtrack")
            try:
                for statement in hostile.transaction():
                    connection.execute(statement.encode("utf-8", "surrogateescape"))
                stored += 1
            except psycopg.Error:
                pass
        for words in (
            ("status",),
            ("broker", "add", f"Z{number}"),
            ("contact", "list", "--limit", "3"),
        ):
            code = main(["--lang", "en", "--ledger", others, *words])
            said = capsys.readouterr()
            assert code != _FAULT, (words, said.err)
            if words[0] == "broker":
                assert code == 0, said.err
    assert before.items() <= _person_names(brokers).items()
    with session_over(served, broker="MK") as operator:
        damage = check_ledger(operator.store).damage
        assert not stored or {issue.facts.get("login") for issue in damage} >= {"an"}
    told(
        "a hostile broker, PostgreSQL", f"{stored} false transactions: 0 others held up, each found"
    )


def _person_names(database: str) -> dict[str, str]:
    return dict(
        servers.server().run(
            "SELECT id, name FROM kmtrack.person WHERE name LIKE 'Inger%'", database
        )
    )
