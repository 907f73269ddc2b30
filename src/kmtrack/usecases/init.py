"""Init: make a new ledger with the contract whose targets it counts."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from kmtrack.errors import BadValue, Phrase, Refusal, WrongUsage
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.schema.kinds import LONGEST_LINE
from kmtrack.ledger.schema.people import BrokerFacts
from kmtrack.ledger.schema.plain_text import clean_line, clean_note
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import LOGIN_PREFIX, OWN_BROKER, put_setting
from kmtrack.ledger.store.create import new_ledger, refuse_taken
from kmtrack.ledger.unit_of_work import unit_of_work
from kmtrack.municipalities import codes_named, municipality_code, names_in
from kmtrack.named_files import parsed_toml, text_of
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.amendments import amended
from kmtrack.rules.contract_format import read_contract, refuse_equal_names
from kmtrack.rules.document import DocumentMistake
from kmtrack.usecases.location import known_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kmtrack.clock import Clock
    from kmtrack.ledger.store.address import Location

Read = TypeVar("Read")

OWN_CONTRACT: Final = DATA_FOLDER / "contract.toml"
_LONGEST_TEXT: Final = 2000
# The kind of error in a TOML file, by words in the English message of the parser.
_SLIPS: Final = {
    "Invalid date": "day",
    "Invalid value": "value",
    "Cannot overwrite": "twice",
    "Cannot declare": "twice",
    "Duplicate": "twice",
    "Expected newline": "value",
    "Unterminated string": "quotes",
    "Expected \"'": "quotes",
    "Illegal character": "quotes",
    "Unclosed": "bracket",
    "Expected ']": "bracket",
    "Unescaped": "backslash",
    "Invalid statement": "statement",
    "after a key": "statement",
}


class NewLedger(NamedTuple):
    """The content of a new ledger; municipalities and initials as typed."""

    municipalities: Sequence[str] = ()
    contract_file: Path | None = None
    broker: str | None = None
    council: str | None = None


def create_ledger(
    location: Location, new: NewLedger, clock: Clock, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Make a ledger at `location` and return the document of its contract.

    Raises WrongUsage `council_without_broker`, Refusal `bad_option`, and as `contract_document` and
    `new_ledger`.
    """
    if new.council and not new.broker:
        raise WrongUsage("council_without_broker")
    document, broker, council = _checked(new)
    with new_ledger(location) as store:
        who = broker or known_as(store, environment)
        with unit_of_work(store, clock.now(), who, "init") as work:
            work.add("contract", document, CONTRACT_ID)
            if broker:
                stated = {"initials": broker, "council": council}
                facts = BrokerFacts.validate(stated, clock.today)
                work.add("broker", facts.stated(), broker)
                own = LOGIN_PREFIX + store.login if store.login else OWN_BROKER
                put_setting(store, own, broker)
    return document


def refuse_to_create(location: Location, new: NewLedger) -> None:
    """Raise what `create_ledger` would raise for the values given so far, before asking for the rest."""
    _checked(new)
    refuse_taken(location)


def _checked(new: NewLedger) -> tuple[dict[str, Any], str | None, str | None]:
    """Return the contract's document, the initials and the council of a new ledger."""
    document = contract_document(new.contract_file or OWN_CONTRACT)
    codes = [
        code
        for text in new.municipalities
        for name in names_in(text) or [text]
        for code in _typed("--municipality", codes_named, name)
    ]
    spans = [{"municipality": code} for code in dict.fromkeys(codes)]
    document = amended({"participation": [], **document}, {"participation": spans})
    broker = _typed("--broker", clean_initials, new.broker) if new.broker else None
    council = _typed("--council", clean_council, new.council) if new.council else None
    return document, broker, council


def _typed(option: str, read: Callable[[str], Read], text: str) -> Read:
    """Parse what was typed for an option with `read`. Raises Refusal `bad_option`."""
    try:
        return read(text)
    except BadValue as error:
        raise Refusal("bad_option", option=option, sentence=error.sentence()) from None


def clean_council(text: str) -> str | None:
    """Return the name of a business council. Raises BadValue."""
    return clean_line(text, LONGEST_LINE)


def contract_document(path: Path) -> dict[str, Any]:
    """Read and validate a contract file; days in its document are ISO texts.

    Raises Refusal `contract_not_toml` with the line, `bad_contract_text`, `contract_wrong` with the
    key and what was expected there, and as `text_of` and `parsed_toml`.
    """
    document: dict[str, Any] = _cleaned(_parsed(path), path, "")
    try:
        refuse_equal_names(read_contract(document))
        _name_by_code(document)
    except DocumentMistake as error:
        raise Refusal(
            "contract_wrong", file=str(path), key=error.key, expected=expected_there(error)
        ) from error
    plain: dict[str, Any] = _with_iso_days(document)
    return plain


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = text_of(path)
        return parsed_toml(path, text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what = Phrase("toml.encoding")
        raise Refusal("contract_not_toml", file=path, line=line, column=1, what=what) from error
    except tomllib.TOMLDecodeError as error:
        # Only the message has the position, and none for an error "at end of document".
        place = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = map(int, place.groups()) if place else _end_of(text)
        what = Phrase(f"toml.{_slip(str(error), text, line, column)}")
        raise Refusal(
            "contract_not_toml", file=path, line=line, column=column, what=what
        ) from error


def _slip(message: str, text: str, line: int, column: int) -> str:
    """Return the kind of error in a TOML file, by the parser's message and the place."""
    slip = next((slip for words, slip in _SLIPS.items() if words in message), "unknown")
    at = text.split("\n")[line - 1][column - 1 : column]
    return "key" if slip == "statement" and at.isalpha() and not at.isascii() else slip


def _end_of(text: str) -> tuple[int, int]:
    lines = text.rstrip("\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def _name_by_code(document: dict[str, Any]) -> None:
    """Replace the names of municipalities in a document by their codes."""
    for number, span in enumerate(document.get("participation", []), start=1):
        try:
            span["municipality"] = municipality_code(span["municipality"])
        except BadValue as error:
            key = f"participation[{number}].municipality"
            raise DocumentMistake(key, "municipality") from error


def expected_there(error: DocumentMistake) -> Phrase:
    """Return what was expected in the place of a mistake in a document."""
    expected = Phrase(f"expected.{error.expected}")
    if not error.among:
        return expected
    return Phrase("expected.among", expected=expected, among=tuple(error.among))


def _with_iso_days(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_iso_days(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_iso_days(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _cleaned(value: Any, path: Path, key: str) -> Any:
    """Clean all texts in a value like typed ones; `key` is its place in the document."""
    if isinstance(value, dict):
        within = f"{key}." if key else ""
        return {name: _cleaned(inner, path, within + name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, path, f"{key}[{n}]") for n, inner in enumerate(value, start=1)]
    if not isinstance(value, str):
        return value
    try:
        return clean_note(value, _LONGEST_TEXT) or ""
    except BadValue as error:
        raise Refusal("bad_contract_text", file=path, key=key, sentence=error.sentence()) from error
