"""Pages on a terminal of 80 columns: tables that are drawn and lines that are wrapped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import terminals
from cli_runner import Runner, Transcript, assert_golden

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = terminals.posix


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_a_person_sees(stocked: Runner, tmp_path: Path, lang: str) -> None:
    note = ("--note", "Vil gerne have en studerende i produktionen efter sommerferien")
    stocked.done("contact", "add", "13748136", "--date", "2011-05-02", *note)
    visit = json.loads(stocked.done("contact", "add", "13748136", "--json"))["id"]
    stocked.done("method", "add", "Opgavekataloget", "--kind", "tool", "--for", "both")
    story = Transcript(stocked, lang, tmp_path)
    for words in (
        (),
        ("today",),
        ("status",),
        ("status", "new-contacts"),
        ("status", "--by", "broker"),
        ("contact", "list"),
        ("company", "list"),
        ("company", "show", "13748136"),
        ("method", "list"),
        ("why", visit),
        ("why", "new-contacts"),
        ("why", "methods"),
        ("deliverable", "show", "continuation-model"),
        ("contract", "show"),
        ("survey", "report"),
        ("--help",),
        ("contact", "add", "--help"),
        ("status", "--help"),
    ):
        story.see(*words)
    assert_golden(f"screens.{lang}", story.text())
