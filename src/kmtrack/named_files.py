"""Named files: open and read what a user names, within bounds.

Whatever opens a file whose name was typed comes here. Only a regular file is opened, after every
link was followed: a pipe or a device would hold the command up, or never end. What it is, is asked
of the open file itself, so that nothing put in its place in between matters.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from kmtrack.errors import Phrase, Refusal
from kmtrack.files import dangling_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEGABYTE: Final = 1024 * 1024
LARGEST_TEXT: Final = MEGABYTE  # of a contract; our own has 9 kB
LARGEST_EVIDENCE: Final = 4096 * MEGABYTE
_BLOCK: Final = MEGABYTE
_SECONDS: Final = 600
_DEEPEST: Final = 32  # brackets within brackets, or parts of a dotted name
_MOST_DIGITS: Final = 40

# Errors for which the operating system has a message in its own language only.
_PROBLEMS: Final = {
    errno.EACCES: "access",
    errno.EPERM: "access",
    errno.EIO: "disk",
    errno.EMFILE: "open",
    errno.ENFILE: "open",
    errno.EAGAIN: "waits",
}
_SORTS: Final[tuple[tuple[Callable[[int], bool], str], ...]] = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
)
# The texts and comments of a TOML file, whether or not they are closed. Compiled where they are used.
_TEXTS: Final = (
    r'(?s)"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)?|\'\'\'(?:[^\']|\'(?!\'\'))*+(?:\'\'\'|\Z)?'
    r'|"(?:[^"\\\n]|\\.)*+"?|\'[^\'\n]*+\'?|#[^\n]*+'
)
_LONG_NUMBER: Final = rf"[0-9][0-9_]{{{_MOST_DIGITS}}}"
_LONG_NAME: Final = rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_DEEPEST}}}"


class NotRegularFileError(OSError):
    """The name belongs to something else than a regular file; `sort` is "folder", "pipe", "socket" or "device"."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(errno.EINVAL, "no regular file", str(path))
        self.sort = next((sort for matches, sort in _SORTS if matches(mode)), "device")


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading, without ever waiting for it.

    Raises NotRegularFileError for anything else, and OSError.
    """
    _require_regular(path, path.stat().st_mode)  # to open a device may already do something
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    handle = os.open(path, flags)
    try:
        _require_regular(path, os.fstat(handle).st_mode)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _require_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise NotRegularFileError(path, mode)


def open_file(path: Path, largest: int | None = None) -> BinaryIO:
    """Open a regular file of at most `largest` bytes for reading.

    Raises Refusal `file_missing`, `dangling_link`, `link_circle`, `file_not_regular`,
    `file_too_long` or `file_unreadable`.
    """
    try:
        file = open_regular(path)
    except OSError as error:
        raise refusal_of(path, error) from error
    size = os.fstat(file.fileno()).st_size
    if largest is not None and size > largest:
        file.close()
        megabytes, limit = (-(-each // MEGABYTE) for each in (size, largest))
        raise Refusal("file_too_long", file=path, size=megabytes, limit=limit)
    return file


def refusal_of(path: Path, error: OSError) -> Refusal:
    """Return the refusal for an error of the operating system with a file."""
    if isinstance(error, NotRegularFileError):
        return Refusal("file_not_regular", file=path, what=Phrase(f"file_sort.{error.sort}"))
    if error.errno == errno.ELOOP:
        return Refusal("link_circle", path=path)
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        if target := dangling_target(path):
            return Refusal("dangling_link", path=path, target=target)
        return Refusal("file_missing", file=path)
    kind = _PROBLEMS.get(error.errno or 0)
    problem = Phrase(f"problem.{kind}") if kind else error.strerror or type(error).__name__
    return Refusal("file_unreadable", file=path, problem=problem)


def digest_of(path: Path, largest: int = LARGEST_EVIDENCE) -> str:
    """Return the SHA-256 digest of a file, reading one block at a time.

    Raises Refusal `file_without_content`, `file_changing` for one that is written to meanwhile,
    `file_too_slow`, and as `open_file`.
    """
    from hashlib import sha256

    digest = sha256()
    for block in _blocks(path, largest):
        digest.update(block)
    return digest.hexdigest()


def text_of(path: Path, largest: int = LARGEST_TEXT) -> str:
    """Return the content of a small text file in UTF-8, with or without a mark.

    Raises UnicodeDecodeError, and as `digest_of`.
    """
    return b"".join(_blocks(path, largest)).decode("utf-8-sig")


def parsed_toml(path: Path, text: str) -> dict[str, Any]:
    """Parse the text of a TOML file of limited depth.

    Raises TOMLDecodeError, and Refusal `toml_too_deep` or `toml_number_too_long` with the line.
    """
    import tomllib

    _refuse_endless(path, text)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Refusal("toml_too_deep", file=path, line=1, limit=_DEEPEST) from None


def _blocks(path: Path, largest: int) -> Iterator[bytes]:
    """Yield the content of a file, which must stay as it was when it was opened."""
    with open_file(path, largest) as file:
        before = os.fstat(file.fileno())
        left = before.st_size
        if not left:  # as the system's own files say of themselves, whatever they hold
            raise Refusal("file_without_content", file=path)
        until = time.monotonic() + _SECONDS
        try:
            while block := file.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise Refusal("file_changing", file=path)
                if time.monotonic() > until:
                    raise Refusal("file_too_slow", file=path, minutes=_SECONDS // 60)
                yield block
        except OSError as error:
            raise refusal_of(path, error) from error
        if left or os.fstat(file.fileno()).st_mtime_ns != before.st_mtime_ns:
            raise Refusal("file_changing", file=path)


def _refuse_endless(path: Path, text: str) -> None:
    """Refuse what would take the parser all memory or time: great depth, and very long numbers."""
    bare = re.sub(_TEXTS, _only_lines, text)
    if found := re.search(_LONG_NUMBER, bare):
        line = bare.count("\n", 0, found.start()) + 1
        raise Refusal("toml_number_too_long", file=path, line=line, limit=_MOST_DIGITS)
    depth, at = 0, -1
    for found in re.finditer(r"[\[{\]}]", bare):
        depth += 1 if found[0] in "[{" else -1
        if depth > _DEEPEST:
            at = found.start()
            break
    else:
        if found := re.search(_LONG_NAME, bare):
            at = found.start()
    if at >= 0:
        line = bare.count("\n", 0, at) + 1
        raise Refusal("toml_too_deep", file=path, line=line, limit=_DEEPEST)


def _only_lines(found: re.Match[str]) -> str:
    """Replace a text by a letter, so that names in quotes are names, and keep its line breaks."""
    return "" if found[0].startswith("#") else "x" + "\n" * found[0].count("\n")
