"""What people do, command by command, with everything that is printed, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from cli_runner import Runner, Transcript, assert_golden

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = pytest.mark.parametrize("lang", ["da", "en"])


def _id_in(out: str) -> str:
    found = re.search(r"\b[cksh][0-9a-z]{10}\b", out)
    assert found, out
    return found.group(0)


@LANGUAGES
def test_a_brokers_day(empty_runner: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(empty_runner, lang, tmp_path)
    run = story.run
    run("init", "--municipality", "Viborg", "--municipality", "740", "--broker", "JH",
        "--council", "Viborg Erhvervsråd")  # fmt: skip
    run("company", "add", "Hedelunds Maskinfabrik ApS", "--cvr", "DK 13 74 81 36",
        "--municipality", "Viborg", "--employees", "40")  # fmt: skip
    run("company", "add", "Mols Bogtryk")
    run("contact", "add", "hedelund", "--date", "4.3.", "--note", "vil høre mere",
        "--person", "Inger Holm", "--next", "1.9.2011")  # fmt: skip
    first = _id_in(run("contact", "add", "hedelund").out)
    waiting = _id_in(run("contact", "add", "mols").out)
    run("contact", "add", "hedelund", "--channel", "e-mail", "--date", "5.3.")
    run("followup", "add", "hedelund", "--date", "i går", "--with", "MK", "--with", "AB")
    run("followup", "due", "--until", "31.12.2011")
    run("collaboration", "add", "hedelund", "--kind", "praktik", "--agreed", "4/3-2011",
        "--institution", "VIA University College", "--title", "Ny hjemmeside")  # fmt: skip
    run("collaboration", "add", "hedelund", "--kind", "project")
    hire = _id_in(run("hire", "add", "hedelund", "--level", "kandidat", "--agreed", "i dag").out)
    run("contact", "list")
    run("followup", "list")
    run("collaboration", "list")
    run("hire", "list")
    run("company", "list")
    run("company", "show", "hedelund")
    run("hire", "show", hire)
    run("contact", "edit", first, "--date", "1.3.")
    run("contact", "withdraw", first, "--reason", "aflyst")
    run("contact", "show", first)
    run("company", "edit", "mols", "--cvr", "13585628", "--employees", "20-49",
        "--municipality", "Skanderborg")  # fmt: skip
    run("company", "edit", "hedelund", "--employees", "300", "--from", "1.5.2011")
    run("why", waiting)
    run("status")
    run("check")
    assert_golden(f"brokers_day.{lang}", story.text())


@LANGUAGES
def test_the_operators_view(stocked: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(stocked, lang, tmp_path)
    run = story.run
    stocked.done("broker", "add", "MK", "--council", "Silkeborg Erhvervsråd")
    visit = _id_in(stocked.done("contact", "add", "13748136", "--with", "MK"))
    run("status")
    run("status", "--as-of", "28.2.2011")
    for grouping in ("municipality", "broker", "council", "month"):
        run("status", "--by", grouping)
    run("status", "--json")
    run("status", "--by", "kommune", "--json")
    run("why", visit)
    run("why", visit, "--json")
    run("why", "new-contacts")
    run("why", "follow-ups", "--json")
    run("why", "methods")
    run("contract", "show")
    run("contract", "amend", "--last-day", "2011-03-31", "--reason", "brev fra regionen")
    run("contract", "amend", "--minimum", "hires=75", "--minimum", "new-contacts=1")
    run("contract", "amend", "--municipality", "Viborg", "--from", "2011-06-01")
    run("contract", "amend", "--without", "Silkeborg", "--json")
    run("status")
    run("broker", "list")
    run("contact", "list", "--csv")
    run("contact", "list", "--json")
    run("check", "--json")
    assert_golden(f"operators_view.{lang}", story.text())


@LANGUAGES
def test_where_no_municipality_takes_part(empty_runner: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(empty_runner, lang, tmp_path)
    story.run("init", "--broker", "JH")
    story.run("company", "add", "Mols Bogtryk", "--cvr", "13748136", "--employees", "5",
              "--municipality", "Viborg")  # fmt: skip
    story.run("contact", "add", "mols")
    story.run("status")
    story.run("contract", "amend", "--municipality", "Viborg")
    story.run("status")
    assert_golden(f"no_municipality.{lang}", story.text())


COMMANDS = [
    (),
    ("init",), ("status",), ("why",), ("export",), ("template",), ("import",), ("check",),
    ("demo",), ("contract",), ("contract", "show"), ("contract", "amend"),
    ("company",), ("company", "add"), ("company", "list"), ("company", "show"),
    ("company", "edit"), ("company", "withdraw"),
    ("contact",), ("contact", "add"), ("contact", "list"), ("contact", "show"),
    ("contact", "edit"), ("contact", "withdraw"),
    ("followup",), ("followup", "add"), ("followup", "due"), ("followup", "list"),
    ("collaboration",), ("collaboration", "add"), ("collaboration", "edit"),
    ("hire",), ("hire", "add"), ("hire", "edit"),
    ("broker",), ("broker", "add"), ("broker", "edit"), ("broker", "list"),
]  # fmt: skip


@LANGUAGES
def test_help(runner: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(runner, lang, tmp_path)
    for command in COMMANDS:
        story.run(*command, "--help")
    assert_golden(f"help.{lang}", story.text())


def test_an_id_may_be_shortened_to_four_characters(stocked: Runner) -> None:
    visit = _id_in(stocked.done("contact", "list"))
    assert visit in stocked.done("contact", "show", visit[:4])
    assert stocked("contact", "show", visit[:3]).code == 1


def test_every_name_of_one_company_in_composed_and_decomposed_unicode(stocked: Runner) -> None:
    for name in ("århus smedje", "a\u030arhus smedje", "AARHUS SMEDJE", "Århus  smedje aps"):
        assert "13748136" in stocked.done("company", "show", name)
