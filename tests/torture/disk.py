"""Replay a command's strace on a model of the disk, and derive its states after a power cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

CALLS: Final = (
    "openat,write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,"
    "link,linkat,close,lseek"
)
_LINE: Final = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR: Final = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")
# A file name, after the path of the folder that it is relative to, if there is one.
_NAME: Final = re.compile(r'(?:<((?:\\x[0-9a-f]{2})*)>, )?"((?:\\x[0-9a-f]{2})*)"')
_SECTOR: Final = 512


class Step(NamedTuple):
    """A system call of a command.

    `kind` is write, truncate, sync, create, unlink, move, link, or stdout for a write to stdout.
    """

    kind: str
    path: str = ""
    offset: int = 0
    data: bytes = b""
    other: str = ""


def steps_in(trace: Path, folder: Path) -> list[Step]:
    """Return the steps of a trace (strace -y -xx) on files directly in `folder` and on stdout."""
    found: list[Step] = []
    positions: dict[str, int] = {}
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        matched = _LINE.match(line)
        if matched is None or matched[3].startswith("-"):
            continue
        call, arguments = matched[1], matched[2]
        found += _step(call, arguments, int(matched[3]), positions, folder)
    return [
        step
        for step in found
        if step.kind == "stdout" or str(folder) in {step.path, step.path.rpartition("/")[0]}
    ]


def _names_in(arguments: str, folder: Path) -> list[str]:
    """Return the absolute paths among a call's arguments.

    A relative path is resolved against its open folder, or else against the working folder.
    """
    return [
        str(folder / _bytes(base or "").decode() / _bytes(name).decode("utf-8", "replace"))
        for base, name in _NAME.findall(arguments)
    ]


def _step(
    call: str, arguments: str, result: int, positions: dict[str, int], folder: Path
) -> Iterator[Step]:
    texts = [_bytes(text) for text in _TEXT.findall(arguments)]
    described = _DESCRIPTOR.match(arguments)
    path = _bytes(described[2]).decode("utf-8", "replace") if described else ""
    if call == "openat" and "O_CREAT" in arguments:
        yield Step("create", _names_in(arguments, folder)[0])
    elif call == "pwrite64":
        offset = int(arguments.rsplit(",", 1)[1])
        yield Step("write", path, offset, texts[0][:result])
    elif call == "write" and described and described[1] == "1":
        # An empty write only asks whether stdout is open: it tells nobody anything.
        if texts[0]:
            yield Step("stdout", data=texts[0])
    elif call == "write" and described:
        yield Step("write", path, positions.get(path, 0), texts[0][:result])
        positions[path] = positions.get(path, 0) + result
    elif call == "lseek":
        positions[path] = result
    elif call == "ftruncate":
        yield Step("truncate", path, int(arguments.rsplit(",", 1)[1]))
    elif call in {"fsync", "fdatasync"}:
        yield Step("sync", path)
    elif call.startswith("unlink"):
        yield Step("unlink", _names_in(arguments, folder)[0])
    elif call.startswith("rename"):
        old, new = _names_in(arguments, folder)
        yield Step("move", old, other=new)
    elif call.startswith("link"):
        old, new = _names_in(arguments, folder)
        yield Step("link", old, other=new)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class Disk:
    """The files of a folder on the disk, and the changes that are not synced yet.

    Names and contents are separate, as in a file system: a file is a number, and a name that was
    created, moved or removed is durable only once its folder is synced.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._files: list[bytes] = []
        self._names: dict[str, int] = {}
        for path in folder.iterdir():
            if path.is_file():
                self._names[str(path)] = len(self._files)
                self._files.append(path.read_bytes())
        self._seen = dict(self._names)
        self._unsynced: list[tuple[int, Step]] = []
        self._renamings: list[tuple[str, int | None]] = []

    def take(self, step: Step) -> None:
        """Apply the next step of the command."""
        if step.kind in {"write", "truncate"} and step.path in self._seen:
            self._unsynced.append((self._seen[step.path], step))
        elif step.kind == "sync" and step.path == self._folder:
            for name, file in self._renamings:
                _set(self._names, name, file)
            self._renamings.clear()
        elif step.kind == "sync":
            self._sync(self._seen.get(step.path))
        else:
            self._rename(step)

    def _rename(self, step: Step) -> None:
        if step.kind == "create" and step.path not in self._seen:
            self._files.append(b"")
            self._name(step.path, len(self._files) - 1)
        elif step.kind in {"move", "link"}:
            self._name(step.other, self._seen.get(step.path))
        if step.kind in {"move", "unlink"}:
            self._name(step.path, None)

    def _name(self, name: str, file: int | None) -> None:
        _set(self._seen, name, file)
        self._renamings.append((name, file))

    def _sync(self, file: int | None) -> None:
        for number, step in self._unsynced:
            if number == file:
                self._files[number] = _done(self._files[number], step)
        self._unsynced = [(number, step) for number, step in self._unsynced if number != file]

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return a possible content of each file after a power cut, with some unsynced steps applied."""
        files, names = list(self._files), dict(self._names)
        for name, file in self._renamings[: _how_many(chance, len(self._renamings))]:
            _set(names, name, file)
        arriving = _some(chance, self._unsynced)
        for number, step in arriving:
            files[number] = _done(files[number], _torn(chance, step))
        return {name: files[file] for name, file in names.items()}


def _how_many(chance: random.Random, most: int) -> int:
    return chance.choice((0, most, chance.randint(0, most)))


def _some(chance: random.Random, held: list[tuple[int, Step]]) -> list[tuple[int, Step]]:
    """Choose unsynced steps: none, all, the first ones, or any of them in any order."""
    way = chance.randrange(5)
    if way == 0:
        return []
    if way == 1:
        return held
    if way == 2:
        return held[: chance.randint(0, len(held))]
    some = [each for each in held if chance.random() < 0.5]
    if way == 3:
        chance.shuffle(some)
    return some


def _torn(chance: random.Random, step: Step) -> Step:
    """Return the step, at times cut off at a sector boundary if it is a write."""
    if step.kind != "write" or len(step.data) <= _SECTOR or chance.random() < 0.7:
        return step
    return step._replace(data=step.data[: _SECTOR * chance.randrange(len(step.data) // _SECTOR)])


def _set(names: dict[str, int], name: str, file: int | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _done(content: bytes, step: Step) -> bytes:
    if step.kind == "truncate":
        return content[: step.offset].ljust(step.offset, b"\0")
    padded = content.ljust(step.offset, b"\0")
    return padded[: step.offset] + step.data + padded[step.offset + len(step.data) :]
