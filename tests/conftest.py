"""What holds for every test: a fixed clock, home, language and width, and no way to a real ledger."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, settings

import handles
import servers
from builders import ledger_in, session_over
from kmtrack import i18n
from kmtrack.usecases.location import default_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kmtrack.ledger.store.address import Location
    from kmtrack.usecases.session import Session

_UNSET = ("KMTRACK_LEDGER", "KMTRACK_LANG", "KMTRACK_BROKER", "LC_MESSAGES", "LANG", "LANGUAGE")
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
    """Let the tests of the ledger, its use cases and commands run on a server instead of files."""
    parser.addoption("--on-server", action="store_true", help="keep each ledger in PostgreSQL")


def pytest_configure(config: pytest.Config) -> None:
    servers.IN_USE = bool(config.getoption("--on-server"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if servers.IN_USE:
        skip = pytest.mark.skip(reason="it is about files")
        for item in items:
            if item.get_closest_marker("files"):
                item.add_marker(skip)


_README: Final = Path(__file__).parents[1] / "README.md"
_IS_LONG: Final = os.environ.get("KMTRACK_TORTURE") == "long"

# Where the ledger of whoever runs the tests lies, while the surroundings are still theirs.
_REAL_LEDGER = default_ledger(os.environ)

# A slow machine is no failure: what takes long is measured in bench/.
settings.register_profile("kmtrack", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kmtrack")


def _keep_off_the_real_ledger(event: str, arguments: tuple[Any, ...]) -> None:
    # No monkeypatch reaches all the ways to a file; no file is opened without this.
    if event in {"open", "sqlite3.connect"} and str(_REAL_LEDGER) in unquote(str(arguments[0])):
        pytest.fail(f"a test has touched the real ledger {_REAL_LEDGER}")


sys.addaudithook(_keep_off_the_real_ledger)


def _fix_the_world(patch: pytest.MonkeyPatch, home: Path) -> None:
    for name in _UNSET:
        patch.delenv(name, raising=False)
    for name, value in _FIXED.items():
        patch.setenv(name, value)
    for name in _HOMES:
        patch.setenv(name, str(home))
    i18n.use("en")
    i18n.begin_commands("", ())


@pytest.fixture(scope="session", autouse=True)
def _world_between_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same surroundings for the fixtures that live longer than one test."""
    with pytest.MonkeyPatch.context() as patch:
        _fix_the_world(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _everything_is_closed_in_the_end() -> Iterator[None]:
    """No fixture that lives longer than a test leaves a connection open."""
    with handles.servers_too():
        yield
    assert handles.open_connections() == []


@pytest.fixture(autouse=True)
def _everything_is_closed(tmp_path: Path) -> Iterator[None]:
    """A test leaves nothing for the garbage collector: no connection, and no file of its own."""
    before = handles.open_connections()
    yield
    left = [each for each in handles.open_connections() if each not in before]
    files = handles.open_files(tmp_path)
    for connection in left:
        connection.close()
    assert (left, files) == ([], []), "this was left open"


@pytest.fixture(autouse=True)
def _databases_of_a_test() -> Iterator[None]:
    """Databases go with the test that made them."""
    yield
    servers.drop_databases()


@pytest.fixture(autouse=True)
def fixed_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same surroundings for each test, with a home folder of its own."""
    _fix_the_world(monkeypatch, tmp_path / "home")
    yield
    i18n.use("en")


@pytest.fixture
def times() -> Callable[[int, int], int]:
    """How often the torture suite does a thing: as often as its long form asks, or its short one."""
    return lambda long, short: long if _IS_LONG else short


@contextmanager
def _alone_with(file: IO[str]) -> Iterator[None]:
    """Other processes that run tests write to the same file."""
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
    """Takes what a torment showed; that of the long form is the row of that name in the README."""

    def tell(row: str, result: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{row}: {result}\n")
        if _IS_LONG:
            line = re.compile(rf"^\| {re.escape(row)} \|.*$", re.MULTILINE)
            with _README.open("r+", encoding="utf-8") as readme, _alone_with(readme):
                text = readme.read()
                assert line.search(text), f"the README's table has no row for {row}"
                readme.seek(0)
                readme.truncate()
                readme.write(line.sub(lambda _: f"| {row} | {result} |", text))

    return tell


@pytest.fixture(scope="session")
def real_ledger() -> Location:
    """The path at which no test may open anything."""
    return _REAL_LEDGER


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A new ledger of broker JH."""
    return ledger_in(tmp_path)


@pytest.fixture
def session(ledger: Path) -> Iterator[Session]:
    """The session of broker JH over a new ledger, on 30 June 2011."""
    with session_over(ledger) as session:
        yield session


@pytest.fixture
def served(tmp_path: Path) -> Location:
    """A ledger of broker JH on a server."""
    return servers.place_in(tmp_path, servers.founded_template())
