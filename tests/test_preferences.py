"""What a person has set: where it is kept, what goes before it, and files that hold something else."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from kmtrack import preferences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Home = dict[str, str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return {"KMTRACK_HOME": str(tmp_path / "home")}


def test_nothing_is_set_at_first(home: Home) -> None:
    assert preferences.stored(home) == {}
    assert preferences.preferred_language(home) is None
    assert preferences.preferred_channel(home) is None
    assert preferences.pager(home) is None
    assert preferences.has_colours(home)


def test_what_is_set_stands_until_it_is_taken_back(home: Home) -> None:
    preferences.store(home, "language", "da")
    preferences.store(home, "channel", "phone")
    preferences.store(home, "colours", "no")
    assert preferences.preferred_language(home) == "da"
    assert preferences.preferred_channel(home) == "phone"
    assert not preferences.has_colours(home)
    preferences.store(home, "channel", None)
    assert preferences.stored(home) == {"language": "da", "colours": "no"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_reads_the_file(home: Home) -> None:
    preferences.store(home, "pager", "no")
    file = preferences.file_of(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_write_that_fails_leaves_the_file_as_it_was(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences.store(home, "language", "da")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        preferences.store(home, "language", "en")
    assert preferences.stored(home) == {"language": "da"}


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_the_environment_goes_before_the_colours(
    home: Home, environment: Home, colours: bool
) -> None:
    assert preferences.has_colours({**home, **environment}) is colours
    preferences.store(home, "colours", "no")
    forced = "FORCE_COLOR" in environment and colours
    assert preferences.has_colours({**home, **environment}) is forced


def test_the_environment_goes_before_the_pager(home: Home) -> None:
    preferences.store(home, "pager", "no")
    assert preferences.pager(home) == ""
    assert preferences.pager({**home, "PAGER": " less -S "}) == "less -S"
    assert preferences.pager({**home, "PAGER": ""}) == ""


def _text(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


HOSTILE: list[tuple[Callable[[Path], object], dict[str, str]]] = [
    (_text(b""), {}),
    (_text(b"\x00\xff\xfe\x1b[2J\n= =\n=\nlanguage\nlanguage =\n"), {}),
    (_text(b"language = xx\nchannel = pigeon\npager = rm -rf /\ncolours = \x1b[31m\n"), {}),
    (_text(b"__class__ = x\nLANGUAGE = da\n[language]\nda\n"), {}),
    (_text(b"\xef\xbb\xbflanguage = da\r\n"), {"language": "da"}),
    (_text(b"x" * 10_000_000 + b"\nlanguage = da\n"), {}),
    (lambda path: path.mkdir(), {}),
    (lambda path: path.symlink_to(path), {}),
    (lambda path: path.symlink_to("/dev/zero"), {}),
    (_pipe, {}),
]


@pytest.mark.skipif(os.name == "nt", reason="some of these cannot be made there")
@pytest.mark.parametrize(("made", "held"), HOSTILE)
def test_a_file_that_holds_something_else_does_no_harm(
    home: Home, made: Callable[[Path], object], held: dict[str, str]
) -> None:
    file = preferences.file_of(home)
    file.parent.mkdir()
    made(file)
    assert preferences.stored(home) == held
