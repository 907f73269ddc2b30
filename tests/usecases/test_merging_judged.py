"""What another ledger states is judged: what a broker may type passes, what is forged does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR
from kmtrack.ledger.ids import LETTERS
from kmtrack.ledger.value_errors import BadCharacter
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import add_contact
from kmtrack.usecases.merging import merge_ledgers
from kmtrack.usecases.merging.validating import check_entry

if TYPE_CHECKING:
    from kmtrack.usecases.desk import Desk


def _company(desk: Desk) -> str:
    values = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(desk, values)["id"])


@pytest.mark.parametrize("note", ["{se mail}", "{}", '{"a": "b"}', "[1]", "{1: }"])
def test_a_note_in_braces_is_a_note(desk: Desk, other: Desk, note: str) -> None:
    company = _company(other)
    add_contact(other, company, {"date": "2011-03-01", "note": note})
    merge_ledgers(desk, [other.store.place])
    assert desk.store.get("SELECT note FROM contact")[0] == note


@pytest.mark.parametrize(
    ("noun", "action", "facts"),
    [
        ("company", "undo", {"later": r'{"2011-01-01":{"name":"\u001b[31m"}}'}),
        ("company", "redact", {"entry": "", "field": "later", "left": r'{"a":"\u001b"}'}),
        ("survey", "edit", {"answers": r'{"q1":"\u001b[31m"}'}),
        ("survey", "edit", {"answers": {"erased": "00", "left": r'{"q1":"\u001b[31m"}'}}),
        ("contract", "undo", {"document": r'{"name":{"da":"\u001b[31m"}}'}),
    ],
)
def test_what_is_hidden_in_nested_texts_is_found(
    noun: str, action: str, facts: dict[str, Any]
) -> None:
    record = LETTERS.get(noun, "")
    record_id = f"{record}0a0b0c0d0e" if record else noun
    row = {"noun": noun, "action": action, "record_id": record_id, "facts": json.dumps(facts)}
    if action == "redact":
        row["facts"] = json.dumps({**facts, "entry": "0" * 64})
    with pytest.raises(BadCharacter):
        check_entry(row)
