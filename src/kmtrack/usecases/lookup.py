"""Finding the company or the record that a person means by a number, an id or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.companies import (
    companies_by_cvr,
    companies_by_name,
    companies_by_part_of_name,
    company_by_id,
    earlier_names,
)
from kmtrack.ledger.queries.records import records_by_prefix
from kmtrack.ledger.schema.ids import SHORTEST, noun_of
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import looks_like_cvr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Point, Target


_SHOWN: Final = 5
# What is stated of a method or a deliverable belongs to the command of that.
_COMMANDS: Final = {
    "assessment": "method",
    "dissemination": "method",
    "usage": "method",
    "delivery": "deliverable",
}


class UnknownRecord(Refusal):
    """No record has an id that begins so."""


def find_company(store: Store, reference: str, *, withdrawn: bool = False) -> Row:
    """The one company that `reference` names: a CVR number, an id, or enough of the name.

    Raises Refusal `unknown_company`, `ambiguous_company` or, unless `withdrawn` ones will do,
    `company_withdrawn`.
    """
    if not _is_text(reference):
        raise Refusal("unknown_company", reference=shown(reference))
    # What is whole goes before what only begins so: "cafe" is Café, and then the id cafe….
    found = (
        _by_cvr(store, reference)
        or _by_whole_name(store, reference)
        or _by_id(store, reference)
        or _by_earlier_name(store, reference)
        or [*_by_part_of_name(store, reference), *_by_earlier_name(store, reference, whole=False)]
    )
    found = [standing_row(store, row) for row in found]
    found = list({row["id"]: row for row in found}.values())
    live = [row for row in found if row["withdrawn"] is None]
    chosen = live or found
    if not chosen:
        raise Refusal("unknown_company", reference=shown(reference))
    if len(chosen) > 1:
        raise Refusal("ambiguous_company", reference=shown(reference), among=_among(chosen))
    if chosen[0]["withdrawn"] is not None and not withdrawn:
        raise Refusal("company_withdrawn", name=chosen[0]["name"], reason=chosen[0]["withdrawn"])
    return chosen[0]


def _is_text(typed: str) -> bool:
    """Whether something typed is text; bytes that are none come as lone surrogates."""
    try:
        typed.encode()
    except UnicodeEncodeError:
        return False
    return True


def standing_row(store: Store, row: Row) -> Row:
    """The row that stands for a company, where `row` is of one of several records that are one."""
    if row["part_of"] is None:
        return row
    return company_by_id(store, row["part_of"]) or row


def find_record(
    store: Store, reference: str, nouns: Iterable[str] = EVENTS, *, withdrawn: bool = False
) -> tuple[str, Row]:
    """The noun and row of the one record whose id begins with `reference`.

    Raises UnknownRecord, `ambiguous_record`, `wrong_noun` or, unless `withdrawn` ones will do,
    `record_withdrawn`.
    """
    noun = noun_of(reference)
    allowed = tuple(nouns)
    rows = records_by_prefix(store, noun, reference.strip().lower(), _SHOWN + 1) if noun else []
    if noun is None or not rows:
        raise UnknownRecord(
            "unknown_record",
            reference=shown(reference),
            shortest=SHORTEST,
            command=_showing(noun, allowed),
        )
    if len(rows) > 1:
        among = ", ".join(row["id"] for row in rows[:_SHOWN])
        raise Refusal("ambiguous_record", reference=shown(reference), among=among)
    if noun not in allowed:
        id_ = rows[0]["id"]
        command = f"history {id_}" if noun in _COMMANDS else f"{noun} show {id_}"
        raise Refusal("wrong_noun", id=id_, noun=Phrase(f"noun.{noun}"), command=command)
    if rows[0]["withdrawn"] is not None and not withdrawn:
        raise Refusal("record_withdrawn", id=rows[0]["id"], reason=rows[0]["withdrawn"])
    return noun, rows[0]


def _showing(noun: str | None, allowed: tuple[str, ...]) -> str:
    """The command that shows the ids which may have been meant."""
    meant = noun if noun in allowed else allowed[0]
    if len(allowed) > 1 and meant != noun:
        return "history"
    command = _COMMANDS.get(meant, meant)
    return f"{command} show" if command != meant else f"{command} list"


def _by_cvr(store: Store, reference: str) -> list[Row]:
    cvr = looks_like_cvr(reference)
    if cvr is None:
        return []
    return companies_by_cvr(store, cvr)


def _by_id(store: Store, reference: str) -> list[Row]:
    if noun_of(reference) != "company":
        return []
    return records_by_prefix(store, "company", reference.strip().lower(), _SHOWN + 1)


def _by_whole_name(store: Store, reference: str) -> list[Row]:
    return companies_by_name(store, name_key(reference))


def _by_earlier_name(store: Store, reference: str, *, whole: bool = True) -> list[Row]:
    key = name_key(reference)
    found = {
        id_ for name, id_ in earlier_names(store) if (name == key if whole else key and key in name)
    }
    rows = [company_by_id(store, id_) for id_ in sorted(found)]
    return [row for row in rows if row is not None]


def _by_part_of_name(store: Store, reference: str) -> list[Row]:
    key = name_key(reference)
    if not key:
        return []
    return companies_by_part_of_name(store, key)


def _among(rows: list[Row]) -> str:
    named = [f"{row['name']} ({row['cvr'] or row['id']})" for row in rows[:_SHOWN]]
    return ", ".join(named) + (", …" if len(rows) > _SHOWN else "")


# What a contract gives an id, and a name in both languages.
Named: TypeAlias = "Target | Point"
Thing = TypeVar("Thing", bound="Target | Point")


def target_named(contract: Contract, text: str) -> Target:
    """The target that `text` names. Raises Refusal `unknown_target`, `ambiguous_target`."""
    return only_one(text, contract.targets, "unknown_target")


def only_one(text: str, targets: Sequence[Target], unknown: str) -> Target:
    """The one of `targets` that `text` names; a refusal `unknown`, or `ambiguous_target`."""
    found = meant(text, targets)
    if not found:
        raise Refusal(unknown, value=shown(text), among=ids_and_names(targets))
    if len(found) > 1:
        raise Refusal("ambiguous_target", value=shown(text), among=ids_and_names(found))
    return found[0]


def is_whole(text: str, named: Iterable[Named]) -> bool:
    """Whether `text` is the whole id or name of one of them."""
    return any(name_key(text) in _keys(one) for one in named)


def meant(text: str, named: Sequence[Thing]) -> list[Thing]:
    """Those that `text` may mean: its id, else its name in either language, else a beginning of one.

    What is whole goes before what only begins so, and an id before a name.
    """
    key = name_key(text)
    if not key:
        return []
    return (
        [one for one in named if name_key(one.id) == key]
        or [one for one in named if key in _keys(one)]
        or [one for one in named if any(other.startswith(key) for other in _keys(one))]
    )


def ids_and_names(named: Iterable[Named]) -> list[Phrase]:
    """Each id with its name, to choose from."""
    return [Phrase("word.with_id", id=one.id, name=one.name) for one in named]


def _keys(one: Named) -> set[str]:
    return {name_key(text) for text in (one.id, *one.name)}
