"""The chain of an older ledger verifies byte for byte."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from kmtrack.ledger.entries import Chain, CommandHeader, Entry
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.sqlite import APPLICATION_ID
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.files

# Made by kmtrack when pydantic spelled the entries: tiny and large numbers, æøå, an emoji, quotes,
# backslashes, line breaks, nulls, lists, JSON within JSON, a redacted text and an erased person.
GOLDEN: Final = Path(__file__).parent / "every_value.sql"
VERSION: Final = 2


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """Return the path of the older ledger."""
    path = tmp_path / "golden.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(GOLDEN.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.commit()
    return path


@pytest.fixture
def entries(golden: Path) -> Iterator[list[sqlite3.Row]]:
    """Yield its entries in order, with their commands."""
    with closing(sqlite3.connect(golden)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection.execute(
            "SELECT entry.*, token, recorded_at, recorded_by, name, previous FROM entry"
            " JOIN command ON command.number = entry.command ORDER BY entry.number"
        ).fetchall()


def test_it_holds_every_kind_of_value(entries: list[sqlite3.Row]) -> None:
    facts = " ".join(entry["facts"] for entry in entries)
    held = (
        "1e-7",
        "0.00001",
        "2e-17",
        "1000000.0",
        "true",
        "null",
        "[{",
        "Ærø",
        "🚀",
        r"\"",
        r"\n",
    )
    assert [each for each in held if each not in facts] == []


def test_every_entry_is_spelled_as_it_was(entries: list[sqlite3.Row]) -> None:
    for entry in entries:
        assert as_json(json.loads(entry["facts"])) == entry["facts"]


def test_every_digest_is_found_again(entries: list[sqlite3.Row]) -> None:
    last: dict[str, str] = {}
    for row in entries:
        heading = CommandHeader(row["token"], row["recorded_at"], row["recorded_by"], row["name"])
        entry = Entry(row["noun"], row["record_id"], row["action"], row["facts"], row["secret"])
        previous = last.get(row["recorded_by"], row["previous"])
        last[row["recorded_by"]] = Chain(heading, previous).add(entry)
        assert last[row["recorded_by"]] == row["digest"]


def test_it_opens_and_is_whole(golden: Path) -> None:
    with closing(open_store(golden)) as store:
        assert check_ledger(store).damage == []


TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(VALUES)
def test_json_is_spelled_as_pydantic_spelled_it(value: Any) -> None:
    assert as_json(value) == to_json(value).decode()


@pytest.mark.parametrize("exponent", range(-20, 8))
@pytest.mark.parametrize("number", ["1", "-1", "1.5", "9.999999999999998", "12.25"])
def test_small_and_large_numbers_are_spelled_as_pydantic_spelled_them(
    number: str, exponent: int
) -> None:
    value = [float(f"{number}e{exponent}"), f"a {number}e-0{abs(exponent)} \\", {"e-05": 1e-05}]
    assert as_json(value) == to_json(value).decode()
