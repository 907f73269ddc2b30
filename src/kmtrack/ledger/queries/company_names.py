"""Queries for companies by their names, whole or by words of them, and for those met of late."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.names import WHOLE, stems_of, whole_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.schema.names import Word
    from kmtrack.ledger.store.base import Store

_MOST: Final = 1000
# A parameter of a statement cannot have a digit in its name.
_PARAMETERS: Final = "abcdefgh"
_LIVE: Final = "company.withdrawn IS NULL"
_OUT: Final = "company.withdrawn IS NOT NULL"
_BY_WHOLE_NAME: Final = """
    SELECT * FROM company
    WHERE name_key = :key OR id IN (SELECT company_id FROM name_word WHERE word = :whole)
    ORDER BY name_key, id LIMIT :most
"""
_BY_WORD: Final = """
    SELECT DISTINCT company.* FROM name_word JOIN company ON company.id = name_word.company_id
    WHERE name_word.word >= :low AND name_word.word < :high AND {state} LIMIT :most
"""
_BY_WORDS: Final = "SELECT * FROM company WHERE id IN ({words}) AND {state} LIMIT :most"
_OF_WORD: Final = """
    SELECT company_id FROM name_word WHERE word >= :low_{at} AND word < :high_{at}
"""
_ALL_WORDS: Final = (
    f"SELECT DISTINCT word FROM name_word WHERE word < '{WHOLE}' OR word > '{WHOLE}~'"  # noqa: S608 - ours
)
# The words of a name together are read, which are a third of the table.
_WITH_PARTS: Final = f"""
    SELECT DISTINCT company.* FROM name_word JOIN company ON company.id = name_word.company_id
    WHERE name_word.word >= '{WHOLE}' AND name_word.word < '{WHOLE}~'
    AND company.withdrawn IS NULL AND {{parts}} LIMIT :most
"""  # noqa: S608 - ours
_HAS_PART: Final = "replace(name_word.word, :part_{at}, '') <> name_word.word"
_BY_NUMBER: Final = """
    SELECT * FROM company WHERE cvr >= :low AND cvr < :high AND withdrawn IS NULL
    ORDER BY cvr LIMIT :most
"""
_LAST_CONTACTS: Final = """
    SELECT company_id, max(date) AS day FROM contact
    WHERE company_id IN (SELECT value FROM json_each(:ids)) AND withdrawn IS NULL
    GROUP BY company_id
"""
_LATEST: Final = """
    SELECT company_id, date FROM contact WHERE withdrawn IS NULL ORDER BY date DESC LIMIT :most
"""
_BY_IDS: Final = """
    SELECT * FROM company WHERE id IN (SELECT value FROM json_each(:ids)) AND withdrawn IS NULL
"""


def companies_of_name(store: Store, name: str, key: str) -> list[Row]:
    """Return the companies with the key of a name, or all the words of it in any order.

    Withdrawn ones, and those that had it as another name, are among them.
    """
    stems = stems_of(name)
    named = {"key": key, "whole": whole_name(stems) if stems else "", "most": _MOST}
    return _rows(store, _BY_WHOLE_NAME, **named)


def companies_with_words(
    store: Store, words: Sequence[Word], most: int, *, withdrawn: bool = False
) -> list[Row]:
    """Return at most so many companies each of whose names may have all these words, or begin so.

    Which of them do is for the caller to see: one of the words may be in another of their names.
    """
    state = _OUT if withdrawn else _LIVE
    longest = sorted(words, key=lambda word: -len(word.spelled))[: len(_PARAMETERS)]
    for word in longest:
        low, high = word.range
        found = _rows(store, _BY_WORD.format(state=state), low=low, high=high, most=most)
        if len(found) < most or len(longest) == 1:
            return found
    named = {}
    for at, word in zip(_PARAMETERS, longest, strict=False):
        named[f"low_{at}"], named[f"high_{at}"] = word.range
    each = " INTERSECT ".join(_OF_WORD.format(at=at) for at in _PARAMETERS[: len(longest)])
    return _rows(store, _BY_WORDS.format(words=each, state=state), **named, most=most)


def companies_with_parts(store: Store, parts: Iterable[str], most: int) -> list[Row]:
    """Return at most so many live companies whose names contain all these parts of words."""
    named = {f"part_{at}": part for at, part in zip(_PARAMETERS, parts, strict=False)}
    having = " AND ".join(_HAS_PART.format(at=name[-1]) for name in named)
    return _rows(store, _WITH_PARTS.format(parts=having), **named, most=most)


def words_of_names(store: Store) -> list[str]:
    """Return all words of names of companies, each once."""
    return [row["word"] for row in store.all(_ALL_WORDS)]


def companies_by_beginning_of_cvr(store: Store, digits: str, most: int) -> list[Row]:
    """Return at most so many live companies whose CVR number begins so."""
    return _rows(store, _BY_NUMBER, low=digits, high=digits + ":", most=most)


def last_contacts(store: Store, company_ids: Iterable[str]) -> dict[str, date]:
    """Return the day of the last contact with each of these companies that has one."""
    rows = store.all(_LAST_CONTACTS, ids=json.dumps(list(company_ids)))
    return {row["company_id"]: date.fromisoformat(row["day"]) for row in rows}


def latest_companies(store: Store, contacts: int) -> list[Row]:
    """Return the live companies of the latest contacts, so many, the latest first."""
    ids = dict.fromkeys(row["company_id"] for row in store.all(_LATEST, most=contacts))
    rows = {row["id"]: row for row in _rows(store, _BY_IDS, ids=json.dumps(list(ids)))}
    return [rows[id_] for id_ in ids if id_ in rows]


def _rows(store: Store, statement: str, **named: object) -> list[Row]:
    return [dict(row) for row in store.all(statement, **named)]
