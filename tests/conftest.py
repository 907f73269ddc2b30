"""Fixtures and options for all tests: a fixed environment, and no access to a real ledger."""

from __future__ import annotations

import gc
import itertools
import os
import re
import signal
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import pytest

import handles
import servers
from builders import ledger_in, session_over
from hypothesis_profiles import register_profiles
from kmtrack import i18n
from kmtrack.usecases.demo import DemoFiles, make_demonstration
from kmtrack.usecases.location import default_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from kmtrack.ledger.store.address import Location
    from kmtrack.usecases.session import Session

_UNSET = (
    "KMTRACK_LEDGER",
    "KMTRACK_LANG",
    "KMTRACK_BROKER",
    "LC_MESSAGES",
    "LANG",
    "LANGUAGE",
    "PYTHONDONTWRITEBYTECODE",  # hundreds of processes would compile the whole program
)
_FIXED = {
    "KMTRACK_TODAY": "2011-06-30",
    "COLUMNS": "80",
    "NO_COLOR": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "xterm",
}
_HOMES = (
    "KMTRACK_HOME",
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--on-server`, which keeps every ledger of the tests in PostgreSQL."""
    parser.addoption("--on-server", action="store_true", help="keep each ledger in PostgreSQL")


def pytest_configure(config: pytest.Config) -> None:
    servers.IN_USE = bool(config.getoption("--on-server"))


@pytest.hookimpl(tryfirst=True)  # before the markers choose what runs
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    seen: Counter[str] = Counter()
    for item in items:
        if everyday := item.get_closest_marker("everyday"):
            test = item.nodeid.partition("[")[0]
            seen[test] += 1
            if seen[test] > everyday.args[0]:
                item.add_marker(pytest.mark.slow)
    if servers.IN_USE:
        for item in items:
            if item.get_closest_marker("files"):
                item.add_marker(pytest.mark.skip(reason="it is about files"))
            elif item.get_closest_marker("server"):
                item.add_marker(pytest.mark.skip(reason="it is the same without --on-server"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector pass over the tests themselves, of which there are many.

    What they make is mostly freed without it: at its usual pace it takes a twentieth of the time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Pass over what is left, too, where pytest collects garbage five times at the end."""
    gc.collect()
    gc.freeze()


_NUMBERS: Final = itertools.count()
_PROOF: Final = Path(__file__).parents[1] / "docs" / "proof.md"
_IS_LONG: Final = os.environ.get("KMTRACK_TORTURE") == "long"

# The default ledger of the user who runs the tests, read before the environment is replaced.
_REAL_LEDGER = default_ledger(os.environ)

register_profiles()


def _guard_real_ledger(event: str, arguments: tuple[Any, ...]) -> None:
    # An audit hook sees every file that is opened, which no monkeypatch does.
    if event in {"open", "sqlite3.connect"} and str(_REAL_LEDGER) in unquote(str(arguments[0])):
        pytest.fail(f"a test has touched the real ledger {_REAL_LEDGER}")


sys.addaudithook(_guard_real_ledger)

# A script that runs the tests in its background has them ignore Ctrl-C, and all processes of theirs.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _fix_environment(home: Path) -> None:
    for name in _UNSET:
        os.environ.pop(name, None)
    os.environ.update(_FIXED)
    os.environ.update(dict.fromkeys(_HOMES, str(home)))
    i18n.use("en")
    i18n.begin_commands("", ())


@pytest.fixture(scope="session", autouse=True)
def _home_between_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Fix the environment for fixtures of a wider scope than one test, with a home of their own."""
    before = dict(os.environ)
    home = tmp_path_factory.mktemp("home")
    _fix_environment(home)
    yield home
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """Return the files of a demonstration made once for all test processes; copy it to change it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    files, failed = DemoFiles.in_folder(shared / "demonstration"), shared / "demonstration-failed"
    try:
        (shared / "demonstration-begun").mkdir()
    except FileExistsError:  # by another process
        while not files.ledger.exists():
            assert not failed.exists(), "the demonstration could not be made"
            time.sleep(0.1)
        return files
    try:
        make_demonstration(files)
    except BaseException:
        failed.mkdir()
        raise
    return files


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_open_at_the_end() -> Iterator[None]:
    """Fail if a fixture of a wider scope leaves a connection open."""
    with handles.track_servers():
        yield
    assert handles.open_connections() == []


@pytest.fixture(autouse=True)
def own_folder(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    _home_between_tests: Path,
) -> Iterator[Path]:
    """Fix the environment of a test, and fail it if it leaves a connection or a file open.

    Yields the folder with its home, which is made by `tmp_path`. One fixture for all that, because
    every test pays for each.
    """
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}{next(_NUMBERS)}"
    _fix_environment(folder / "home")
    before = handles.open_connections()
    yield folder
    left = [each for each in handles.open_connections() if each not in before]
    files = handles.open_files(folder)
    for connection in left:
        connection.close()
    servers.drop_databases()
    _fix_environment(_home_between_tests)
    assert (left, files) == ([], []), "this was left open"


@pytest.fixture
def tmp_path(own_folder: Path) -> Path:
    """Return a new folder for one test; pytest's own fixture takes four times as long."""
    own_folder.mkdir(mode=0o700)
    return own_folder


@pytest.fixture
def times() -> Callable[[int, int], int]:
    """Return a function that picks the repetitions of the long or the short torture suite."""
    return lambda long, short: long if _IS_LONG else short


@contextmanager
def _locked(file: IO[str]) -> Iterator[None]:
    """Lock a file that other test processes write to."""
    try:
        import fcntl
    except ImportError:  # Windows, where most of the torture suite is skipped
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
        file.flush()
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[str, str], None]:
    """Return a function that reports a result of the torture suite.

    The long form also writes it to the row of that name in docs/proof.md.
    """

    def report(row: str, result: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{row}: {result}\n")
        line = re.compile(rf"^\| {re.escape(row)} \|.*$", re.MULTILINE)
        with _PROOF.open("r+", encoding="utf-8") as page, _locked(page):
            text = page.read()
            assert line.search(text), f"docs/proof.md has no row for {row}"
            if _IS_LONG:
                page.seek(0)
                page.truncate()
                page.write(line.sub(lambda _: f"| {row} | {result} |", text))

    return report


@pytest.fixture(scope="session")
def real_ledger() -> Location:
    """Return the user's ledger, which no test may open."""
    return _REAL_LEDGER


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return a new ledger of broker JH."""
    return ledger_in(tmp_path)


@pytest.fixture
def session(ledger: Path) -> Iterator[Session]:
    """Yield a session of broker JH over a new ledger, on 30 June 2011."""
    with session_over(ledger) as session:
        yield session


@pytest.fixture
def served(tmp_path: Path) -> Location:
    """Return a new ledger of broker JH on a server."""
    return servers.place_in(tmp_path, servers.founded_template())
