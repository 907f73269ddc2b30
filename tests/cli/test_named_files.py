"""What a user names that is no file, or more than any honest file: one line, at once, never a fault."""

from __future__ import annotations

import os
import signal
import socket
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import pytest

import servers
from kmtrack import named_files
from kmtrack.errors import Refusal
from kmtrack.named_files import digest_of, open_file, parsed_toml, text_of
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases.imports import sources
from kmtrack.usecases.imports.heading_rows import recognised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from cli_runner import Outcome, Runner

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and links are POSIX")

PREFIX: Final = {"en": "Error: ", "da": "Fejl: "}
# Every command that reads a file that was typed, FILE in its place, with the ending it needs.
READERS: Final = (
    ("import", "FILE", ".csv"),
    ("survey", "import", "FILE", ".xlsx"),
    ("merge", "FILE", "--yes", ".db"),
    ("restore", "FILE", "--yes", ".db"),
    ("export", "FILE", ".xlsx"),
    ("bundle", "FILE", ".db"),
    ("template", "FILE", ".xlsx"),
    ("contact", "list", "--out", "FILE", "--yes", ".csv"),
    ("deliverable", "submit", "continuation-model", "--date", "28.6.2011", "--file", "FILE", ".pdf"),
    ("--ledger", "new.db", "init", "--contract", "FILE", ".toml"),
    ("--ledger", "FILE", "status", ".db"),
    ("--ledger", "FILE", "check", ".db"),
)  # fmt: skip
_WRITES_OVER: Final = ("bundle", "template", "export")


@pytest.fixture(autouse=True)
def never_waits() -> Iterator[None]:
    """Fail a test that is held up."""

    def held_up(number: int, frame: FrameType | None) -> None:
        raise AssertionError((number, frame))

    before = signal.signal(signal.SIGALRM, held_up)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link_to(target: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.symlink_to(target)

    return make


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)  # in the folder at work: the name of a socket is short


def _folder(path: Path) -> None:
    path.mkdir()


ODD: Final = {
    "pipe": _pipe,
    "endless": _link_to("/dev/zero"),
    "terminal": _link_to("/dev/tty"),
    "nowhere": _link_to("gone"),
    "loop": _loop,
    "socket": _socket,
    "folder": _folder,
}


def _one_line(outcome: Outcome, lang: str) -> str:
    assert outcome.code == 1, outcome
    assert outcome.err.startswith(PREFIX[lang]), outcome.err
    assert outcome.err.count("\n") == 1, outcome.err
    return outcome.err


# Each kind for one command, and for each command the two that would never end.
_CASES: Final = [
    *((words, kind) for words in READERS for kind in ("pipe", "endless")),
    *((READERS[at % len(READERS)], kind) for at, kind in enumerate(ODD)),
    *((READERS[at % len(READERS) - 4], kind) for at, kind in enumerate(ODD)),
]


@pytest.mark.parametrize(("words", "kind"), _CASES, ids=lambda each: " ".join(each[:2]))
def test_what_is_no_file_is_refused_at_once(
    stocked: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    kind: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    *typed, ending = words
    path = Path(f"odd{ending}")
    ODD[kind](path)
    typed = [str(path) if word == "FILE" else word for word in typed]
    if kind in {"nowhere", "loop"} and ("--out" in typed or typed[0] in _WRITES_OVER):
        return  # the link is replaced
    said = {_one_line(stocked(*typed, lang=lang), lang) for lang in PREFIX}
    assert len(said) == 2
    assert not Path("new.db").exists()
    assert os.path.lexists(path)


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    ("content", "en", "da"),
    [
        (b"a=" + b"[" * 100_000 + b"]" * 100_000, "line 1: nested more", "linje 1: indlejret"),
        (b"\na=" + b"{a=" * 5000 + b"1" + b"}" * 5000, "line 2: nested more", "linje 2: indlejret"),
        (b"a." * 400_000 + b"a=1", "nested more", "indlejret"),
        (b'"x".' * 200_000 + b"a=1", "nested more", "indlejret"),
        (b"[" + b"a . " * 200_000 + b"a]", "nested more", "indlejret"),
        (b"a=" + b"9" * 6000, "line 1: a number has more", "linje 1: et tal har mere"),
        (b"a=" + b"9_" * 6000 + b"9", "a number has more", "et tal har mere"),
        (b"# " * 600_000, "too large (2 MB)", "for stor (2 MB)"),
        (b"", "is empty", "er tom"),
        ("a=1".encode("utf-16"), "not UTF-8", "ikke er UTF-8"),
        (b"\x1f\x8b\x08\x00", "not UTF-8", "ikke er UTF-8"),
        (b"a=1\0", "not valid TOML", "ikke gyldig TOML"),
        (b'a="' + b'\\"' * 400_000, "not closed", "ikke er afsluttet"),
        (b'"""' * 200_000, "not valid TOML", "ikke gyldig TOML"),
    ],
    ids=range(14),
)
def test_a_contract_without_end_is_one_line(
    stocked: Runner, tmp_path: Path, content: bytes, en: str, da: str
) -> None:
    file = tmp_path / "odd.toml"
    file.write_bytes(content)
    for lang, words in (("en", en), ("da", da)):
        outcome = stocked("--ledger", "new.db", "init", "--contract", str(file), lang=lang)
        assert words in _one_line(outcome, lang)


def _with(old: str, new: str) -> str:
    text = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    ("text", "en"),
    [
        (_with("minimum = 1000", f"minimum = {'9' * 30}"), "at most 15 digits"),
        (_with("minimum = 1000", f"minimum = {'9' * 6000}"), "more than 40 digits"),
        (_with("employees_below = 250", f"employees_below = {10**16}"), "at most 15 digits"),
        (_with("turnover_at_most = 50", f"turnover_at_most = {10**39}"), "at most 15 digits"),
        (_with("turnover_at_most = 50.0", "turnover_at_most = 1e400"), "an amount greater than 0"),
        (_with("turnover_at_most = 50.0", "turnover_at_most = nan"), "an amount greater than 0"),
        (
            _with(
                "[[target]]", '[[participation]]\nmunicipality="Viborg"\n' * 20_000 + "[[target]]"
            ),
            "at most 1000 of them",
        ),
    ],
    ids=range(7),
)
def test_numbers_and_lists_of_a_contract_have_bounds(
    stocked: Runner, tmp_path: Path, text: str, en: str
) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(text, encoding="utf-8")
    outcome = stocked("--ledger", str(tmp_path / "n.db"), "init", "--contract", str(file))
    assert en in _one_line(outcome, "en")


def test_texts_of_a_contract_may_hold_what_looks_nested(tmp_path: Path) -> None:
    text = (
        f"""a = "{"[" * 99}" # {"[" * 99}\nb = '''\n{"{" * 99}'''\nc = '{"9" * 99}'\n"d.e" = 1\n"""
    )
    assert len(parsed_toml(tmp_path, text)) == 4


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    ("content", "ending"),
    [
        ("company,date," + "," * 140_000, ".csv"),
        ('[{"company": "x", ' + ", ".join(f'"k{n}": 1' for n in range(140_000)) + "}]", ".json"),
        ("[" * 100_000, ".json"),
        ('{"a":' * 100_000, ".json"),
        ('[{"cvr": ' + "9" * 6000 + "}]", ".json"),
        ('[{"cvr": ' + "[" * 900 + "]" * 900 + "}]", ".json"),
    ],
    ids=["columns.csv", "columns.json", "depth", "objects", "digits", "cell"],
)
def test_an_import_without_end_is_refused(
    stocked: Runner, tmp_path: Path, content: str, ending: str
) -> None:
    file = tmp_path / f"contacts{ending}"
    file.write_text(content, encoding="utf-8")
    for lang in PREFIX:
        outcome = stocked("import", str(file), lang=lang)
        assert outcome.code == 1, outcome
        assert PREFIX[lang] in outcome.err


def test_a_row_without_end_is_as_wide_as_a_list_may_be(
    stocked: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    widest = 0

    def counting(cells: Sequence[object]) -> int:
        nonlocal widest
        widest = max(widest, len(cells))
        return recognised(cells)

    monkeypatch.setattr(sources, "recognised", counting)
    file = tmp_path / "contacts.csv"
    file.write_text("company,date\n13748136,2011-06-01" + "," * 1000 + "x\n", encoding="utf-8")
    outcome = stocked("import", str(file), "--dry-run")
    assert "1 mistake" in outcome.out
    assert "“x”" in outcome.err
    assert widest < 300


def test_a_large_deliverable_takes_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    with file.open("wb") as made:
        made.truncate(64 << 20)
    tracemalloc.start()
    try:
        digest_of(file)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    with pytest.raises(Refusal) as refused:
        digest_of(file, 1 << 20)
    assert refused.value.key == "file_too_long"


@pytest.mark.parametrize("size", [90, 110])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    file = tmp_path / "changing"
    file.write_bytes(b"x" * 100)
    opened = named_files.open_file

    def changing(path: Path, largest: int) -> BinaryIO:
        found = opened(path, largest)
        seen = os.fstat(found.fileno())
        os.truncate(path, size)
        monkeypatch.setattr(os, "fstat", lambda _: seen)
        return found

    monkeypatch.setattr(named_files, "open_file", changing)
    with pytest.raises(Refusal) as refused:
        digest_of(file)
    assert refused.value.key == "file_changing"


def test_what_takes_the_place_of_a_file_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and opening, another program may put a pipe there."""
    regular = tmp_path / "a"
    regular.write_text("x")
    pipe = tmp_path / "b"
    os.mkfifo(pipe)
    found = regular.stat()
    monkeypatch.setattr(type(pipe), "stat", lambda self: found)
    with pytest.raises(Refusal) as refused:
        open_file(pipe)
    assert refused.value.key == "file_not_regular"


def test_the_systems_own_files_are_not_waited_for(stocked: Runner) -> None:
    for path in ("/proc/kmsg", "/proc/self/mem", "/proc/self/environ", "/proc/kcore"):
        if not Path(path).exists():
            pytest.skip("there is no such file")
        with pytest.raises(Refusal):
            text_of(Path(path))
        words = ("--file", path)
        outcome = stocked("deliverable", "submit", "continuation-model", *words)
        _one_line(outcome, "en")


@pytest.mark.skipif(servers.IN_USE, reason="of files")
def test_a_name_that_is_no_text_is_refused_or_shown(stocked: Runner, tmp_path: Path) -> None:
    file = tmp_path / "a\udcff.pdf"
    file.write_bytes(b"x")
    outcome = stocked("deliverable", "submit", "continuation-model", "--file", str(file))
    _one_line(outcome, "en")


def test_a_file_that_may_not_be_read_says_so(
    stocked: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret.pdf"
    file.write_bytes(b"x")

    def denied(*_: object) -> int:
        raise PermissionError(13, "denied", str(file))

    monkeypatch.setattr(os, "open", denied)
    outcome = stocked("deliverable", "submit", "continuation-model", "--file", str(file))
    assert "you do not have permission" in _one_line(outcome, "en")
