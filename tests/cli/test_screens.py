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


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_is_on_a_window_of_24_lines(stocked: Runner, tmp_path: Path, lang: str) -> None:
    """What one looks at every day fits a window, with the prompt below it."""
    smedje, new = "13748136", "24256790"
    wish = "Vil gerne have en studerende i produktionen efter sommerferien."
    met = ("contact", "add", smedje, "--date")
    called = ("--broker", "MK", "--channel", "phone", "--next", "2011-07-04")
    agreed = ("--agreed", "2011-05-02", "--end", "2011-07-15")
    for words in (
        ("broker", "add", "MK"),
        ("company", "add", "Uden Tal A/S", "--cvr", new, "--municipality", "Viborg"),
        ("contact", "add", new, "--date", "2011-06-14", "--next", "2011-06-28"),
        (*met, "2011-05-02", "--person", "Inger Holm", "--note", wish),
        ("collaboration", "add", smedje, "--kind", "internship", *agreed),
        ("collaboration", "add", smedje, "--kind", "project"),
        (*met, "2011-06-21", *called),
    ):
        stocked.done(*words)
    story = Transcript(stocked, lang, tmp_path)
    glances: tuple[tuple[str, ...], ...] = (
        (),
        ("today",),
        ("status",),
        ("company", "show", smedje),
        ("status", "--by", "kind"),
        ("--help",),
    )
    for glance in glances:
        assert story.glance(*glance) <= 23
    assert_golden(f"glances.{lang}", story.text())
