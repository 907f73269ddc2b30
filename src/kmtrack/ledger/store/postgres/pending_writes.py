"""Pending writes: what a command is going to write on a server, and how its queries see it before.

Nothing of it is sent until the command has read all that it needs. Until then a query reads each table
together with what is pending for it, as an expression of that name before the query.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.base import VERDICT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_OF_NOUN: Final = """
    SELECT * FROM kmtrack.{noun} WHERE id <> ALL(%({noun}_ids)s)
    UNION ALL SELECT * FROM json_populate_recordset(NULL::kmtrack.{noun}, %({noun}_rows)s::json)
"""
_COMMAND: Final = """
    SELECT * FROM kmtrack.command
    UNION ALL SELECT * FROM json_populate_recordset(NULL::kmtrack.command, %(command_rows)s::json)
"""
# The server numbers entries as it stores them.
_ENTRY: Final = """
    SELECT number, command, noun, record_id, action, facts, secret, digest FROM kmtrack.entry
    UNION ALL
    SELECT (SELECT coalesce(max(number), 0) FROM kmtrack.entry) + number, command, noun, record_id,
        action, facts, secret, digest
    FROM json_populate_recordset(NULL::kmtrack.entry, %(entry_rows)s::json)
"""
_VERDICT: Final = """
    SELECT * FROM kmtrack.verdict WHERE (company_id, record_id, target) NOT IN (
        SELECT company_id, record_id, target
        FROM json_populate_recordset(NULL::kmtrack.verdict, %(verdict_gone)s::json))
    UNION ALL SELECT * FROM json_populate_recordset(NULL::kmtrack.verdict, %(verdict_rows)s::json)
"""
# Whoever reads tallies adds them up; the server counts as it replaces verdicts.
_TALLY: Final = """
    SELECT target, outcome, day, number FROM kmtrack.tally
    UNION ALL SELECT target, outcome, day, -1 FROM kmtrack.verdict
    WHERE (company_id, record_id, target) IN (
        SELECT company_id, record_id, target
        FROM json_populate_recordset(NULL::kmtrack.verdict, %(verdict_gone)s::json))
    UNION ALL SELECT target, outcome, day, 1
    FROM json_populate_recordset(NULL::kmtrack.verdict, %(verdict_rows)s::json)
"""
_NAME_WORD: Final = """
    SELECT * FROM kmtrack.name_word WHERE (word, company_id) NOT IN (
        SELECT word, company_id
        FROM json_populate_recordset(NULL::kmtrack.name_word, %(name_word_gone)s::json))
    UNION SELECT * FROM json_populate_recordset(NULL::kmtrack.name_word, %(name_word_rows)s::json)
"""
_TABLES: Final[Mapping[str, str]] = {
    **{noun: _OF_NOUN.format(noun=noun) for noun in NOUNS},
    "command": _COMMAND,
    "entry": _ENTRY,
    "verdict": _VERDICT,
    "tally": _TALLY,
    "name_word": _NAME_WORD,
}
_PENDING_WITH: Final = {"tally": "verdict"}
_ENTRY_COLUMNS: Final = ("command", "noun", "record_id", "action", "facts", "secret", "digest")
# More characters than these are not sent with every query: they are of many records.
_MOST: Final = 100_000
_WITH: Final = re.compile(r"\s*WITH (RECURSIVE )?")


class PendingWrites:
    """The statements that a command is going to send, in order, and the rows that they stand for."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Mapping[str, object]]] = []
        self._length = 0
        self._rows: dict[str, dict[object, Mapping[str, Any]]] = {}
        self._gone: dict[str, set[tuple[str, ...]]] = {"verdict": set(), "name_word": set()}

    def takes(self, statement: str, named: Mapping[str, Any], kind: str) -> bool:
        """Add a statement of a kind: the table that it inserts into, or the function that it calls.

        Return False where it is all too much to be sent with every query.
        """
        self._length += sum(len(str(value)) for value in named.values())
        if self._length > _MOST:
            return False
        self.statements.append((statement, named))
        if kind == "command":
            self._put("command", named["number"], named)
        elif kind == "entry":
            for values in json.loads(named["rows"]):
                number = len(self._rows.get("entry", ())) + 1
                row = dict(zip(_ENTRY_COLUMNS, values, strict=True))
                self._put("entry", number, {"number": number, **row})
        elif kind == "replace_verdicts":
            keys = VERDICT_COLUMNS[:3]
            self._replace("verdict", keys, json.loads(named["gone"]), json.loads(named["new"]))
        elif kind == "replace_name_words":
            keys = ("word", "company_id")
            gone, new = (
                [dict(zip(keys, pair, strict=True)) for pair in json.loads(named[which])]
                for which in ("gone", "new")
            )
            self._replace("name_word", keys, gone, new)
        else:
            noun = kind.removeprefix("put_")
            for row in json.loads(named["rows"]):
                self._put(noun, row["id"], row)
        return True

    def seen_by(
        self, query: str, parameters: Mapping[str, object]
    ) -> tuple[str, Mapping[str, object]]:
        """Return a query of the driver's dialect, and its parameters, so that it sees what is pending."""
        tables = [
            table
            for table in _TABLES
            if _PENDING_WITH.get(table, table) in self._rows and re.search(rf"\b{table}\b", query)
        ]
        if not tables:
            return query, parameters
        pending = ", ".join(f"{table} AS NOT MATERIALIZED ({_TABLES[table]})" for table in tables)
        begun = _WITH.match(query)
        if begun is None:
            query = f"WITH {pending} {query}"
        else:
            query = f"WITH {begun[1] or ''}{pending}, {query[begun.end() :]}"
        named = dict(parameters)
        for table in tables:
            named.update(self._parameters(_PENDING_WITH.get(table, table)))
        return query, named

    def _put(self, table: str, key: object, row: Mapping[str, Any]) -> None:
        self._rows.setdefault(table, {})[key] = row

    def _replace(
        self,
        table: str,
        keys: Sequence[str],
        gone: Sequence[Mapping[str, Any]],
        new: Sequence[Mapping[str, Any]],
    ) -> None:
        rows = self._rows.setdefault(table, {})
        for row in gone:
            key = tuple(row[name] for name in keys)
            rows.pop(key, None)
            self._gone[table].add(key)
        for row in new:
            rows[tuple(row[name] for name in keys)] = row

    def _parameters(self, table: str) -> Iterator[tuple[str, object]]:
        """Yield the parameters of what is pending for a table."""
        rows = self._rows[table]
        yield f"{table}_rows", json.dumps(list(rows.values()))
        if table in NOUNS:
            yield f"{table}_ids", list(rows)
        elif table in self._gone:
            keys = VERDICT_COLUMNS if table == "verdict" else ("word", "company_id")
            gone = [dict(zip(keys, each, strict=False)) for each in sorted(self._gone[table])]
            yield f"{table}_gone", json.dumps(gone)
