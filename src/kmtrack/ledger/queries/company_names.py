"""Queries for companies by their names, whole or by words of them, and for those met recently."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.names import LAST_OF_ALL, WHOLE, stems_of, whole_name

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
# From the first word of each letter to that of the next, so that few words are read.
_FIRST_LETTERS: Final = f"""
    WITH RECURSIVE first (letter) AS (
        SELECT substr(min(word), 1, 1) FROM name_word
        UNION ALL
        SELECT (SELECT substr(min(word), 1, 1) FROM name_word
                WHERE word >= first.letter || '{LAST_OF_ALL}')
        FROM first WHERE first.letter IS NOT NULL
    )
    SELECT letter FROM first WHERE letter IS NOT NULL
"""  # noqa: S608 - ours
_WORDS_BEGUN: Final = f"""
    WITH RECURSIVE found (start, word, place) AS (
        SELECT begun.value, (SELECT min(word) FROM name_word WHERE word >= begun.value
                             AND word < begun.value || '{LAST_OF_ALL}'), 1
        FROM json_each(:beginnings) AS begun
        UNION ALL
        SELECT start, (SELECT min(name_word.word) FROM name_word WHERE name_word.word > found.word
                       AND name_word.word < found.start || '{LAST_OF_ALL}'), place + 1
        FROM found WHERE found.word IS NOT NULL AND place < :most
    )
    SELECT DISTINCT word FROM found WHERE word IS NOT NULL ORDER BY word LIMIT :most
"""  # noqa: S608 - ours
_WORDS_AMONG: Final = """
    SELECT sought.value AS word FROM json_each(:words) AS sought
    WHERE EXISTS (SELECT 1 FROM name_word WHERE name_word.word = sought.value)
"""
# The words of a name together are read, which are a third of the table.
_WITH_PARTS: Final = f"""
    SELECT DISTINCT company.* FROM name_word JOIN company ON company.id = name_word.company_id
    WHERE name_word.word >= '{WHOLE}' AND name_word.word < '{WHOLE}~'
    AND company.withdrawn IS NULL AND {{parts}} LIMIT :most
"""  # noqa: S608 - ours
_HAS_PART: Final = "replace(name_word.word, :part_{at}, '') <> name_word.word"
# Counted up to :most only.
_NUMBERS: Final = """
    SELECT sought.value AS word, (
        SELECT count(*) FROM (SELECT 1 FROM name_word WHERE word = sought.value LIMIT :most) AS few
    ) AS number FROM json_each(:words) AS sought
"""
# A company may have moved to the municipality later, which only `later` shows.
_IN_PLACE: Final = """
    SELECT * FROM company WHERE id IN ({ids}) AND withdrawn IS NULL
      AND (coalesce(municipality, '') = coalesce(:municipality, '') OR later IS NOT NULL)
    ORDER BY id LIMIT :most
"""
_WITH_ANY: Final = """
    SELECT company_id FROM name_word WHERE word IN (SELECT value FROM json_each(:words_{at}))
"""
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
    """Return the companies with the key of a name, or with all its words in any order.

    Withdrawn companies, and those that had the name formerly, are included.
    """
    stems = stems_of(name)
    named = {"key": key, "whole": whole_name(stems) if stems else "", "most": _MOST}
    return _rows(store, _BY_WHOLE_NAME, **named)


def companies_with_words(
    store: Store, words: Sequence[Word], most: int, *, withdrawn: bool = False
) -> list[Row]:
    """Return up to `most` companies whose names may have all these words, or words that begin so.

    The caller checks which of them do: the words may be in different names of one company.
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
    """Return up to `most` live companies whose names contain all these parts of words."""
    named = {f"part_{at}": part for at, part in zip(_PARAMETERS, parts, strict=False)}
    having = " AND ".join(_HAS_PART.format(at=name[-1]) for name in named)
    return _rows(store, _WITH_PARTS.format(parts=having), **named, most=most)


def first_letters(store: Store) -> set[str]:
    """Return the first letters of the words in names of companies."""
    return {row["letter"] for row in store.all(_FIRST_LETTERS)}


def words_begun(store: Store, beginnings: Iterable[str], most: int) -> list[str]:
    """Return the first words in names of companies with one of these beginnings, up to a limit."""
    rows = store.all(_WORDS_BEGUN, beginnings=json.dumps(sorted(beginnings)), most=most)
    return [row["word"] for row in rows]


def words_among(store: Store, words: Iterable[str]) -> set[str]:
    """Return those of these words that occur in names of companies."""
    return {row["word"] for row in store.all(_WORDS_AMONG, words=json.dumps(sorted(words)))}


def companies_by_word(store: Store, words: Iterable[str], most: int) -> dict[str, int]:
    """Return how many companies have each of these words in a name, counted up to `most`."""
    rows = store.all(_NUMBERS, words=json.dumps(sorted(words)), most=most)
    return {row["word"]: row["number"] for row in rows if row["number"]}


def companies_with_any(
    store: Store, words: Sequence[Iterable[str]], municipality: str | None, most: int
) -> list[Row]:
    """Return live companies that have one of each of these words, and may be in a municipality now."""
    named = {
        f"words_{at}": json.dumps(sorted(w)) for at, w in zip(_PARAMETERS, words, strict=False)
    }
    ids = " INTERSECT ".join(_WITH_ANY.format(at=name[-1]) for name in named)
    statement = _IN_PLACE.format(ids=ids)
    return _rows(store, statement, **named, municipality=municipality, most=most)


def companies_by_beginning_of_cvr(store: Store, digits: str, most: int) -> list[Row]:
    """Return up to `most` live companies whose CVR number begins with these digits."""
    return _rows(store, _BY_NUMBER, low=digits, high=digits + ":", most=most)


def last_contacts(store: Store, company_ids: Iterable[str]) -> dict[str, date]:
    """Return the day of the last contact with each of these companies that has had one."""
    rows = store.all(_LAST_CONTACTS, ids=json.dumps(list(company_ids)))
    return {row["company_id"]: date.fromisoformat(row["day"]) for row in rows}


def latest_companies(store: Store, contacts: int) -> list[Row]:
    """Return the live companies with the latest contacts, the latest first."""
    ids = dict.fromkeys(row["company_id"] for row in store.all(_LATEST, most=contacts))
    rows = {row["id"]: row for row in _rows(store, _BY_IDS, ids=json.dumps(list(ids)))}
    return [rows[id_] for id_ in ids if id_ in rows]


def _rows(store: Store, statement: str, **named: object) -> list[Row]:
    return [dict(row) for row in store.all(statement, **named)]
