"""Files: the folder of a person's own files, and atomic writes (a temporary file, synced, then renamed)."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SUFFIX: Final = ".kmtrack-new"
_PRIVATE: Final = ".kmtrack-aside-"
# Whose it is, in names of temporary files and folders: where the process runs, and its number.
_MAKER: Final = r"([0-9a-f]{8})([0-9a-f]+)"
_TEMPORARY_NAME: Final = rf"\.(.+)\.[0-9a-f]{{8}}(?:-{_MAKER})?{re.escape(_SUFFIX)}(?:-journal)?"
_PRIVATE_NAME: Final = rf"{re.escape(_PRIVATE)}{_MAKER}-.+"
# In seconds. A younger temporary file may still be in use by another process.
_STALE_AFTER: Final = 3600


@contextmanager
def empty_beside(path: Path) -> Iterator[Path]:
    """Create an empty temporary file next to `path`, and remove it on exit unless it was moved.

    The file has mode 0600. Temporary files for `path` that a crash left over are removed (see
    `sweep`). Raises OSError.
    """
    _sweep_temporaries(path)
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}-{maker()}{_SUFFIX}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield beside
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def private_folder(parent: Path) -> Iterator[Path]:
    """Create a temporary folder in `parent`, accessible to its owner only; remove it on exit.

    Temporary folders that a crash left over are removed (see `sweep`). Raises OSError.
    """
    # Few commands make one, and it is slow to load.
    from tempfile import TemporaryDirectory

    for left in parent.glob(f"{_PRIVATE}*"):
        sweep(left)
    with TemporaryDirectory(prefix=f"{_PRIVATE}{maker()}-", dir=parent) as folder:
        yield Path(folder)


def path_typed(text: str) -> Path:
    """Return the path that a person names; ~ is their own folder, and ~NAME that of another user."""
    path = Path(text)
    with suppress(RuntimeError):  # for an unknown user, a shell leaves ~name unchanged
        path = path.expanduser()
    return path


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of a person's own data: KMTRACK_HOME, or that of the system."""
    home = environment.get("KMTRACK_HOME")
    if home:
        return path_typed(home)
    from platformdirs import user_data_path

    return user_data_path("kmtrack", appauthor=False)


def dangling_target(path: Path) -> str | None:
    """Return the target of a link that leads to nothing; None for any other path."""
    with suppress(OSError):
        if path.is_symlink() and not path.exists():
            return str(path.readlink())
    return None


def begun_as(path: Path) -> str | None:
    """Return the name that a temporary file was to get; None for any other file."""
    found = re.fullmatch(_TEMPORARY_NAME, path.name)
    return found[1] if found else None


def is_private_folder(path: Path) -> bool:
    """Return whether a path is named like a temporary folder from `private_folder`."""
    return path.name.startswith(_PRIVATE)


def is_abandoned(path: Path) -> bool:
    """Return whether the process that made a temporary file or folder ran here and has ended."""
    if os.name == "nt":  # nothing asks for a process there without ending it
        return False
    found = re.fullmatch(_TEMPORARY_NAME, path.name)
    made = found.groups()[1:] if found else ()
    if found is None and (private := re.fullmatch(_PRIVATE_NAME, path.name)):
        made = private.groups()
    if not made or made[0] != _place_of_processes():
        return False
    try:
        os.kill(int(made[1], 16), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # somebody else's, or no number of a process
        return False
    return False


def sweep(path: Path) -> bool:
    """Remove a temporary file or folder that nobody uses any more; return whether it is gone.

    The process that made it has ended, or it is older than an hour.
    """
    if is_abandoned(path) or _is_stale(path):
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    return not os.path.lexists(path)


def to_disk(path: Path) -> None:
    """Flush a file's content to disk (fsync)."""
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def move_into(beside: Path, path: Path) -> None:
    """Sync a finished temporary file and rename it to `path`, replacing any existing file.

    The folder is synced too (not on Windows), so that the rename survives a power cut.
    """
    to_disk(beside)
    beside.replace(path)
    if os.name != "nt":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def set_aside(path: Path, kept: Path) -> Iterator[None]:
    """Give a file another name, which it keeps if the block puts a new file in its place.

    If the block fails the file only has its own name, as before. It is never without a name. Raises
    FileExistsError if there is a file `kept`, and OSError.
    """
    try:
        os.link(path, kept)
        has_two_names = True
    except FileExistsError:
        raise
    except OSError:  # a disk on which a file has one name only
        if os.path.lexists(kept):
            raise FileExistsError(errno.EEXIST, "there", str(path), None, str(kept)) from None
        path.rename(kept)
        has_two_names = False
    try:
        yield
    except BaseException:
        if has_two_names:
            kept.unlink()
        elif not os.path.lexists(path):
            kept.rename(path)
        raise


def _sweep_temporaries(path: Path) -> None:
    for left in path.parent.glob(f".{_without_wildcards(path.name)}.*{_SUFFIX}*"):
        if begun_as(left) == path.name:
            sweep(left)


def maker() -> str:
    """Return a mark that distinguishes this process from any other that may see the same folder."""
    return f"{_place_of_processes()}{os.getpid():x}"


def _place_of_processes() -> str:
    """Return 8 digits (hex) for the machine, or the container, that numbers the processes."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    machine = os.uname().nodename if hasattr(os, "uname") else ""
    return f"{zlib.crc32(f'{machine} {space}'.encode(errors='surrogateescape')):08x}"


def _is_stale(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime > _STALE_AFTER
    return False


def _without_wildcards(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
