"""Secrets: a password typed in the wrong place or form is never printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kmtrack.text import visible

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

SECRET = "Hemmelig1"  # noqa: S105 - nobody's
ADDRESS = f"postgresql+psycopg://jh:{SECRET}@127.0.0.1:1/viborg"


@pytest.mark.parametrize(
    "words",
    [
        ("--ledger", f"postgresql+psycopg:/jh:{SECRET}@127.0.0.1/viborg", "status"),
        ("--ledger", f"postgresql+psycopg:/jh:{SECRET}@127.0.0.1/viborg", "init"),
        ("--ledger", f"postgresql:jh:{SECRET}@127.0.0.1/viborg", "init"),
        ("--ledger", f"POSTGRES://jh:{SECRET}@127.0.0.1/viborg", "status"),
        ("--ledger", ADDRESS, "status"),
        ("status", ADDRESS),
        ("demo", ADDRESS),
        ("bundle", ADDRESS),
        ("backup", ADDRESS),
        ("restore", ADDRESS),
        ("export", ADDRESS),
        ("template", f"{ADDRESS}.xlsx"),
        ("import", ADDRESS),
        ("merge", ADDRESS),
        ("merge", ADDRESS.replace("//", "/")),
        ("check", ADDRESS),
        ("why", ADDRESS),
        ("company", "show", ADDRESS),
        ("company", "add", ADDRESS),
        ("contact", "add", ADDRESS),
        ("contact", "list", "--company", ADDRESS),
        (ADDRESS,),
    ],
    ids=lambda words: " ".join(words)[:60],
)
def test_a_password_in_the_wrong_place_is_told_to_nobody(
    stocked: Runner, tmp_path: Path, words: tuple[str, ...]
) -> None:
    outcome = stocked(*words)
    assert SECRET not in outcome.out + outcome.err
    assert "Traceback" not in outcome.err
    if words[:2] != ("company", "add"):
        assert outcome.code in {1, 2}
    assert not [path for path in tmp_path.rglob("*") if SECRET in str(path)]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"x {ADDRESS}?y", "x postgresql+psycopg://jh:***@127.0.0.1:1/viborg?y"),
        (f"password={SECRET}&sslmode=x", "password=***&sslmode=x"),
        (f"http:/a:{SECRET}@b", "http:/a:***@b"),
        ("https://viborg.dk/a:b", "https://viborg.dk/a:b"),
        ("jh@viborg.dk: se http://viborg.dk", "jh@viborg.dk: se http://viborg.dk"),
    ],
)
def test_a_password_in_an_address_is_not_seen(text: str, seen: str) -> None:
    assert visible(text) == seen
