"""Conditions and orders of lists: the SQL that selects and sorts records, with its parameters."""

from __future__ import annotations

import json
import math
import re
from functools import cache, reduce
from itertools import product
from string import ascii_lowercase
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.ledger.schema.filters import filters_of
from kmtrack.ledger.schema.names import fits_all, in_order_of_names, stems_of
from kmtrack.ledger.schema.values import in_order_of_headcounts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kmtrack.ledger.schema.fields import Field
    from kmtrack.ledger.schema.names import Word
    from kmtrack.ledger.store.base import StoredRow

# A parameter of a statement cannot have a digit in its name.
_PARAMETERS: Final = "abcdefgh"
# How a letter of a folded word may be written; SQLite does not know that æ and Æ are one.
_AS_WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    "ae": ("ae", "æ", "Æ", "aae"),
    "a": ("a", "å", "Å"),  # and aa, which is like the first
    "o": ("o", "ø", "Ø"),
}
_PIECES: Final = re.compile("ae|.", re.DOTALL)
_MOST_PATTERNS: Final = 27  # a word with more may have anything in place of these letters
# Letters that names and words from elsewhere have; a text with one of them is looked at as a whole.
_MARKED: Final[Mapping[str, str]] = {
    "a": "äÄáÁàÀâÂ", "c": "çÇčČćĆ", "d": "ďĎ", "e": "éÉèÈêÊëË", "g": "ğĞ", "i": "íÍîÎïÏ", "n": "ñÑńŃňŇ",
    "o": "öÖóÓôÔ", "r": "řŘ", "s": "šŠśŚşŞß", "t": "ťŤțȚ", "u": "üÜúÚùÙ", "y": "ýÝ", "z": "žŽźŹżŻ",
}  # fmt: skip
_ONE_OF_OTHERS: Final = (
    "replace(' ' || record.others || ' ', ' ' || {one} || ' ', '') <> ' ' || record.others || ' '"
)
_OF_COUNCIL: Final = """
    EXISTS (SELECT 1 FROM broker AS stationed
            WHERE stationed.withdrawn IS NULL
              AND stationed.council IN (SELECT value FROM json_each(:councils)) AND {has})
"""
# The municipality that decided, else that of the place, else the company's.
_MUNICIPALITY: Final = """
    coalesce((SELECT max(verdict.municipality) FROM verdict
              WHERE verdict.company_id = record.company_id AND verdict.record_id = record.id),
             record.municipality,
             (SELECT own.municipality FROM company AS own WHERE own.id = record.company_id))
"""
_JUDGED: Final = """
    EXISTS (SELECT 1 FROM verdict
            WHERE verdict.company_id = record.company_id AND verdict.record_id = record.id {judged})
"""
# The same for a walk through all records, each of which is looked up in a list of those judged so.
_AMONG_JUDGED: Final = """
    record.id IN (SELECT verdict.record_id FROM verdict WHERE verdict.noun = '{noun}' {judged})
"""
_NAMED: Final = """
    record.company_id IN (SELECT company_id FROM name_word WHERE word >= :low_{at} AND word < :high_{at})
    OR record.company_id IN (
        SELECT id FROM company WHERE cvr = :low_{at} AND withdrawn IS NULL)
"""
_WRITTEN: Final = "record.{column} LIKE :{parameter}"
_WITH_MARK: Final = "record.{column} LIKE '%{letter}%'"
# Few texts have other letters than Danish ones, which take two bytes each. A capital one makes a text
# foreign too: to take out three letters more would take as long again.
_IS_FOREIGN: Final = (
    "length(CAST({column} AS BLOB)) - length({column}) <> length({column}) - length({bare})"
)
_MET: Final = """
    EXISTS (SELECT 1 FROM contact AS record
            WHERE record.company_id = company.id AND record.withdrawn IS NULL {conditions})
"""
# Companies whose facts change on a day are looked at one by one.
_FACT: Final = """
    (company.later IS NULL AND company.{column} = :{column}
     OR company.id IN (SELECT value FROM json_each(:dated)))
"""
_AMONG: Final = "company.id IN (SELECT value FROM json_each(:ids))"


class Sort(NamedTuple):
    """The field that sorts a list, "company" or "status", and whether in reverse."""

    key: str
    backwards: bool = False


class RecordFilter(NamedTuple):
    """What the records of a list have in common; nothing if all are wanted.

    Days are ISO, `chosen` holds stored values by column, `targets` are those that the records must
    have a verdict for. Each of the `brokers` took part; `councils` are the stored spellings of one
    council.
    """

    company: str | None = None
    brokers: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    municipality: str | None = None
    since: str | None = None
    until: str | None = None
    status: str | None = None
    targets: tuple[str, ...] | None = None
    chosen: Mapping[str, str] = MappingProxyType({})
    words: tuple[Word, ...] = ()
    sort: Sort | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves out records other than by their company or target."""
        return self._replace(company=None, targets=None, sort=None) != ALL_RECORDS

    def of_days(self) -> RecordFilter:
        """Return a filter with the days alone."""
        return RecordFilter(since=self.since, until=self.until)


ALL_RECORDS: Final = RecordFilter()


class CompanyFilter(NamedTuple):
    """Which companies a list has: those that fit `records`, as far as the database can tell.

    `dated` are the companies with facts of a later day that fit; the others with such facts do not.
    `ids` are those to choose from, None for all.
    """

    records: RecordFilter
    dated: Collection[str] = ()
    ids: Collection[str] | None = None


def conditions_of(
    noun: str, sought: RecordFilter, day: str, *, is_walk: bool = False
) -> tuple[str, dict[str, Any]]:
    """Return the conditions, each after AND, on the rows `record` of a noun, and their parameters.

    `day` is the column of their day. With `is_walk` they are quick for a walk through all
    records.
    """
    named: dict[str, Any] = {}
    parts = list(_by_records(noun, sought, day, named))
    for column, value in sought.chosen.items():
        # Not a bare column: SQLite would take such a condition for a rare one, and read all to sort few.
        parts.append(f"coalesce(record.{column}, '') = :{column}")
        named[column] = value
    if sought.municipality:
        parts.append(in_municipality(":municipality"))
        named["municipality"] = sought.municipality
    if sought.status or sought.targets is not None:
        judged = ""
        if sought.status:  # one of few words; by a parameter an index of a part is not found
            judged = _of_outcome(sought.status)
        if sought.targets is not None:
            judged += " AND verdict.target IN (SELECT value FROM json_each(:targets))"
            named["targets"] = json.dumps(list(sought.targets))
        judgement = _AMONG_JUDGED if is_walk else _JUDGED
        parts.append(judgement.format(judged=judged, noun=noun))
    texts = filters_of(noun).texts
    for at, word in zip(_PARAMETERS, sought.words, strict=False):
        patterns = dict(zip(_named_by(at), _patterns(word.stem), strict=False))
        parts.append(_has_word(at, noun, texts, patterns, word.stem))
        named[f"low_{at}"], named[f"high_{at}"] = word.range
        named |= patterns
    return _joined(parts), named


def company_conditions_of(sought: CompanyFilter) -> tuple[str, dict[str, Any]]:
    """Return the conditions, each after AND, on the rows of `company`, and their parameters.

    Brokers and days are those of a single contact with it.
    """
    records, dated, ids = sought
    named: dict[str, Any] = {}
    met = _joined(list(_by_records("contact", records, "record.date", named)))
    parts = [_MET.format(conditions=met)] if met else []
    facts = dict(records.chosen)
    if records.municipality:
        facts["municipality"] = records.municipality
    if facts:
        named |= {**facts, "dated": json.dumps(sorted(dated))}
        parts += (_FACT.format(column=column) for column in facts)
    if ids is not None:
        parts.append(_AMONG)
        named["ids"] = json.dumps(sorted(ids))
    return _joined(parts), named


def by_own_columns(noun: str, sought: RecordFilter, day: str) -> tuple[str, dict[str, Any]]:
    """Return the conditions on brokers, days and the company alone, and their parameters."""
    named: dict[str, Any] = {}
    return _joined(list(_by_records(noun, sought, day, named))), named


def in_municipality(parameter: str | None) -> str:
    """Return the condition that a record belongs to a municipality; for None, that none is known."""
    return f"{_MUNICIPALITY} = {parameter}" if parameter else f"{_MUNICIPALITY} IS NULL"


def by_status_alone(noun: str, outcome: str | None, *, is_walk: bool = False) -> str:
    """Return the condition, after AND, that this is the first outcome of a record; for None, that it has none.

    With `is_walk` it is fast in a walk through all records.
    """
    words = CHOICES["status"]
    earlier = words if outcome is None else words[: words.index(outcome)]
    found = [f"NOT {_JUDGED.format(judged=_of_outcome(each))}" for each in earlier]
    if outcome is not None:
        judgement = _AMONG_JUDGED if is_walk else _JUDGED
        found.insert(0, judgement.format(judged=_of_outcome(outcome), noun=noun))
    return _joined(found)


def _of_outcome(outcome: str) -> str:
    """Return the condition, after AND, that a verdict has an outcome. Raises ValueError for an unknown one."""
    known = CHOICES["status"]
    return f"AND verdict.outcome = '{known[known.index(outcome)]}'"


def has_all_words(noun: str, words: Sequence[Word], row: StoredRow) -> bool:
    """Return whether a listed record has all these words in its texts or in the names of its company.

    The database finds those that may have them, as it cannot fold words as names are folded.
    """
    if not words:
        return True
    texts = [row[column] for column in filters_of(noun).texts]
    if noun != "method":
        texts += (row["company"], *json.loads(row["other_names"] or "[]"))
    stems = {stem for text in texts if text for stem in stems_of(text)}
    if noun != "method" and row["cvr"]:
        stems.add(row["cvr"])
    return fits_all(words, stems)


def order_of(noun: str, sort: Sort) -> str:
    """Return the terms of ORDER BY for the rows `record` of a noun, joined with their `company`.

    Unknown values come last in either direction. Records with equal values keep their usual order.
    """
    direction = "DESC" if sort.backwards else "ASC"
    return f"{_key(noun, sort.key)} {direction} NULLS LAST"


def order_of_list(noun: str, sort: Sort | None, day: str) -> str:
    """Return the terms that sort a list of records, whose day is in this column.

    Records with equal values come by day, the newest first, as in an unsorted list.
    """
    newest = f"{day} DESC NULLS LAST"
    if sort is None:
        return newest
    if sort.key == "day":
        return f"{day} ASC NULLS LAST" if sort.backwards else newest
    return f"{order_of(noun, sort)}, {newest}"


def _key(noun: str, key: str) -> str:
    alias = "company" if noun == "company" else "record"
    if key == "company":
        return in_order_of_names("company.name")
    if key == "status":
        cases = (
            f"WHEN {_JUDGED.format(judged=_of_outcome(one)).strip()} THEN {at}"
            for at, one in enumerate(CHOICES["status"])
        )
        return f"CASE {' '.join(cases)} END"
    field = next(field for field in filters_of(noun).sorts if field.name == key)
    return _value_to_sort(field, f"{alias}.{field.name}", noun)


def _value_to_sort(field: Field, column: str, noun: str) -> str:
    if field.kind.metavar == "municipality":
        return _by_name_of_municipality(column if noun == "company" else _MUNICIPALITY)
    if field.kind.metavar == "headcount":
        return in_order_of_headcounts(column)
    if field.kind.choice:
        cases = (f"WHEN '{one}' THEN {at}" for at, one in enumerate(CHOICES[field.kind.choice]))
        return f"CASE {column} {' '.join(cases)} END"
    return in_order_of_names(column) if field.kind.is_free_text else column


@cache
def _by_name_of_municipality(code: str) -> str:
    from kmtrack.municipalities import municipalities, municipality_name
    from kmtrack.text import in_danish_order

    codes = sorted(municipalities(), key=lambda one: in_danish_order(municipality_name(one)))
    cases = (f"WHEN '{one}' THEN {at}" for at, one in enumerate(codes))
    return f"CASE {code} {' '.join(cases)} END"


def _by_records(noun: str, sought: RecordFilter, day: str, named: dict[str, Any]) -> Iterator[str]:
    """Yield the conditions on brokers, days and the company; add their parameters to `named`."""
    if sought.company:
        named["company"] = sought.company
        yield "record.company_id = :company"
    for at, initials in zip(_PARAMETERS, sought.brokers, strict=False):
        named[f"broker_{at}"] = initials
        yield _took_part(noun, f":broker_{at}")
    if sought.councils:
        named["councils"] = json.dumps(list(sought.councils))
        yield _OF_COUNCIL.format(has=_took_part(noun, "stationed.initials"))
    if sought.since:
        named["since"] = sought.since
        yield f"{day} >= :since"
    if sought.until:
        named["until"] = sought.until
        yield f"{day} <= :until"


def _took_part(noun: str, one: str) -> str:
    """Return the condition that a broker took part in a record; contacts may have several."""
    if noun != "contact":
        return f"record.broker = {one}"
    others = _ONE_OF_OTHERS.format(one=one)
    return f"(record.broker = {one} OR record.others IS NOT NULL AND {others})"


def _named_by(at: str) -> list[str]:
    """Return the names of the parameters for the patterns of a word."""
    letters = ascii_lowercase
    return [f"like_{at}_{one}{other}" for one in letters[:2] for other in letters]


def _patterns(stem: str) -> list[str]:
    """Return LIKE patterns that match every text with a word, and few others."""
    ways = [_AS_WRITTEN.get(piece, (piece,)) for piece in _PIECES.findall(stem)]
    if math.prod(map(len, ways)) > _MOST_PATTERNS:
        ways = [way if len(way) == 1 else ("%",) for way in ways]
    # Behind an a may be another one, and behind an o an e.
    return [
        f"%{''.join(f'{each}%' if each in {'a', 'o'} else each for each in letters)}%"
        for letters in product(*ways)
    ]


def _has_word(
    at: str, noun: str, texts: tuple[str, ...], patterns: Collection[str], stem: str
) -> str:
    parts = [
        _WRITTEN.format(column=column, parameter=each) for column in texts for each in patterns
    ]
    marked = "".join(_MARKED.get(letter, "") for letter in dict.fromkeys(stem))
    for column in texts if marked else ():
        marks = (_WITH_MARK.format(column=column, letter=letter) for letter in marked)
        parts.append(f"{_is_foreign(f'record.{column}')} AND ({' OR '.join(marks)})")
    if noun != "method":
        parts.insert(0, _NAMED.format(at=at))
    return f"({' OR '.join(parts)})"


def _is_foreign(column: str) -> str:
    bare = reduce(lambda text, letter: f"replace({text}, '{letter}', '')", "æøå", column)
    return _IS_FOREIGN.format(column=column, bare=bare)


def _joined(parts: list[str]) -> str:
    return " ".join(f"AND {part}" for part in parts)
