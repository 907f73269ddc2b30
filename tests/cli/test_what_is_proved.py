"""What a check says of the chain: what it proves by itself, and from which command on what is covered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from builders import CVR, behind, ledger_of_version
from kmtrack.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files

LONGEST = 140  # characters of a line: what is printed on every run is read at a glance


@pytest.mark.parametrize(
    ("lang", "itself", "elsewhere", "found"),
    [
        ("en", "The chain proves that", "Only checksums that others", "1 checksum found"),
        ("da", "Kæden beviser, at", "Kun kontrolkoder, som andre", "1 kontrolkode fundet"),
    ],
)
def test_it_says_what_the_chain_proves(
    stocked: Runner, lang: str, itself: str, elsewhere: str, found: str
) -> None:
    told = stocked.done("check", lang=lang)
    assert itself in told
    assert elsewhere in told
    assert max(map(len, told.splitlines())) <= LONGEST
    with behind(stocked.ledger) as bare:
        (head,) = bare.execute("SELECT digest FROM entry ORDER BY number DESC LIMIT 1").fetchone()
    told = stocked.done("check", head, lang=lang)
    assert found in told
    assert elsewhere not in told


@pytest.mark.parametrize("lang", ["en", "da"])
def test_it_says_from_which_command_on_all_is_covered(
    tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = ledger_of_version(5, tmp_path / "old.db")
    address = ["--ledger", str(old), "--lang", lang]
    assert main([*address, "check"]) == 0
    assert {"en": "JH, none yet", "da": "JH, endnu ingen"}[lang] in capsys.readouterr().out
    assert main([*address, "company", "add", "Ny", "--municipality", "Viborg"]) == 0
    with behind(old) as bare:
        (last,) = bare.execute("SELECT max(number) FROM command").fetchone()
    capsys.readouterr()
    assert main([*address, "check"]) == 0
    assert f"JH, {'command' if lang == 'en' else 'kommando'} {last}" in capsys.readouterr().out
    assert main([*address, "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["covered"] == [
        {"by": "JH", "first": last, "older": last - 2},
        {"by": "KP", "first": None, "older": 1},
    ]


def test_a_new_ledger_says_nothing_of_older_commands(stocked: Runner) -> None:
    assert "earlier versions" not in stocked.done("check")
    assert json.loads(stocked.done("check", "--json"))["covered"][0]["first"] == 1
    stocked.done("contact", "add", CVR, "--date", "1.6.2011")
    assert "earlier versions" not in stocked.done("check")
