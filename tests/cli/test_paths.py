"""Paths that are typed or set: the home folder, names that are too long, and links to nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import servers
from kmtrack.usecases.location import default_ledger

if TYPE_CHECKING:
    from cli_runner import Runner

LONG = "x" * 300


@pytest.mark.parametrize("set_to", ["~/x", "/data"])
def test_a_folder_of_ones_own_may_begin_with_a_tilde(set_to: str) -> None:
    found = default_ledger({"KMTRACK_HOME": set_to})
    assert (found, "~" in str(found)) == (Path(set_to).expanduser() / "ledger.db", False)


def test_a_tilde_of_an_unknown_user_stays_as_a_shell_leaves_it() -> None:
    assert default_ledger({"KMTRACK_HOME": "~nobody-of-that-name/x"}) == Path(
        "~nobody-of-that-name/x/ledger.db"
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows counts the whole path")
@pytest.mark.parametrize(
    "command",
    [
        ("import", f"{LONG}.csv"),
        ("export", f"{LONG}.xlsx"),
        ("template", f"{LONG}.xlsx"),
        ("backup", LONG),
        ("merge", f"{LONG}.db"),
        ("--ledger", f"{LONG}.db", "status"),
        ("--ledger", f"{LONG}.db", "init", "--municipality", "Viborg"),
        ("--ledger", f"{'x' * 250}.db", "init", "--municipality", "Viborg"),
        ("demo", LONG),
    ],
    ids=" ".join,
)
def test_a_name_that_is_too_long_is_refused_as_that(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    for lang, said in (("en", "is too long"), ("da", "er for langt")):
        outcome = runner(*command, lang=lang)
        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert said in outcome.err
        assert len(outcome.err) < 150


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
@pytest.mark.parametrize(
    "command",
    [
        ("import", "link.csv"),
        ("merge", "link.db"),
        ("--ledger", "link.db", "status"),
        ("--ledger", "link.db", "init", "--municipality", "Viborg"),
        ("--ledger", "link.db", "contact", "list"),
    ],
    ids=" ".join,
)
def test_a_link_that_leads_to_nothing_is_refused_as_that(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("link.csv", "link.db"):
        Path(name).symlink_to("nowhere")
    for lang, said in (("en", "is a link to nowhere"), ("da", "er et link til nowhere")):
        outcome = runner(*command, lang=lang)
        assert (outcome.code, said in outcome.err) == (1, True), outcome.err
        assert not Path("nowhere").exists()


@pytest.mark.skipif(os.name == "nt" or servers.IN_USE, reason="links need a right there")
def test_a_link_to_a_ledger_is_followed(stocked: Runner, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(stocked.ledger)
    assert stocked("--ledger", str(link), "status").code == 0
