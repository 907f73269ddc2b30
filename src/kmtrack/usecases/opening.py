"""Opening a ledger where it lies, and making a new one with its contract."""

from __future__ import annotations

import getpass
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.change import changing
from kmtrack.ledger.contracts import CONTRACT_ID
from kmtrack.ledger.facts.others import BrokerFacts
from kmtrack.ledger.store import open_store
from kmtrack.ledger.values import clean_initials, clean_line
from kmtrack.places import municipality_code
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.amending import amended
from kmtrack.rules.contract_document import ContractMistake, read_contract
from kmtrack.usecases.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.clock import Clock
    from kmtrack.ledger.store import Store

OWN_CONTRACT = DATA_FOLDER / "contract.toml"


class ContractUnreadable(KmtrackError):
    """The contract file cannot be read, or is no TOML."""


class ContractWrong(KmtrackError):
    """The contract file states something that a contract cannot."""


class NewLedger(NamedTuple):
    """What a new ledger begins with; municipalities as typed, initials as typed."""

    municipalities: Sequence[str] = ()
    contract_file: Path | None = None
    broker: str | None = None
    council: str | None = None


def default_ledger(environment: Mapping[str, str]) -> Path:
    """Where the ledger lies if nobody says: KMTRACK_LEDGER, or the user's own data folder."""
    named = environment.get("KMTRACK_LEDGER")
    if named:
        return Path(named).expanduser()
    home = environment.get("KMTRACK_HOME")
    if home:
        return Path(home) / "ledger.db"
    from platformdirs import user_data_path

    return user_data_path("kmtrack", appauthor=False) / "ledger.db"


@contextmanager
def desk_at(path: Path, clock: Clock, environment: Mapping[str, str]) -> Iterator[Desk]:
    """The desk over the ledger at `path`; what `open_store` refuses, this refuses."""
    store = open_store(path)
    try:
        broker = environment.get("KMTRACK_BROKER") or _setting(store, "broker")
        broker = clean_initials(broker) if broker else None
        yield Desk(store, clock, broker, broker or _user(environment))
    finally:
        store.close()


def create_ledger(
    path: Path, new: NewLedger, clock: Clock, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Make a ledger at `path` with its contract; the contract's document.

    Raises ContractUnreadable, ContractWrong, BadValue, and what `creating` raises.
    """
    from kmtrack.ledger.schema import creating

    document = contract_document(new.contract_file or OWN_CONTRACT)
    spans = [{"municipality": municipality_code(name)} for name in new.municipalities]
    document = amended(document, {"participation": spans})
    broker = clean_initials(new.broker) if new.broker else None
    council = clean_line(new.council, 200) if new.council else None
    who = broker or _user(environment)
    with creating(path) as store, changing(store, clock.now(), who, "init") as change:
        change.add("contract", document, CONTRACT_ID)
        if broker:
            facts = BrokerFacts(initials=broker, council=council)
            change.add("broker", facts.stated(), broker)
        _set(store, "broker", broker)
    return document


def contract_document(path: Path) -> dict[str, Any]:
    """The document of a contract file, checked, with its days as ISO texts.

    Raises ContractUnreadable with the line, or ContractWrong with the key and what was expected.
    """
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise ContractUnreadable(file=path, problem=problem) from error
    try:
        read_contract(document)
        for span in document.get("participation", []):
            span["municipality"] = municipality_code(span["municipality"])
    except ContractMistake as mistake:
        raise contract_wrong(str(path), mistake) from mistake
    plain: dict[str, Any] = _with_iso_days(document)
    return plain


def contract_wrong(file: str, mistake: ContractMistake) -> ContractWrong:
    """The refusal of a mistake in a contract."""
    from kmtrack.texts import say

    expected = say(f"expected.{mistake.expected}")
    if mistake.among:
        expected = f"{expected}: {', '.join(mistake.among)}"
    return ContractWrong(file=file, key=mistake.key, expected=expected)


def _with_iso_days(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_iso_days(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_iso_days(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _user(environment: Mapping[str, str]) -> str:
    """The name that the operating system knows the user by."""
    try:
        return clean_line(getpass.getuser(), 60) or "?"
    except (OSError, KeyError, ImportError):
        return environment.get("USERNAME", "?")


def _setting(store: Store, name: str) -> str | None:
    row = store.one("SELECT value FROM setting WHERE name = :name", name=name)
    return row["value"] if row else None


def _set(store: Store, name: str, value: str | None) -> None:
    if value is not None:
        store.run(
            "INSERT INTO setting (name, value) VALUES (:name, :value)", name=name, value=value
        )
