"""A server that answers but lets nobody in yet: what it says is not taken for a wrong password."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import refuses
from kmtrack.ledger.open import open_store
from kmtrack.usecases.location import location_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.server

# Refuses everybody, in a process of its own: while libpq pings, no thread of ours runs.
_SERVER: Final = """
import socket, struct, sys

ASKS_FOR_ENCRYPTION = {80877103, 80877104}

def refuse(client, code, message):
    while len(head := client.recv(8)) == 8:
        length, request = struct.unpack("!II", head)
        if request in ASKS_FOR_ENCRYPTION:
            client.sendall(b"N")
            continue
        client.recv(length - 8)
        fields = (("S", "FATAL"), ("V", "FATAL"), ("C", code), ("M", message))
        body = b"".join(f"{name}{text}\\0".encode() for name, text in fields) + b"\\0"
        client.sendall(b"E" + struct.pack("!I", len(body) + 4) + body)
        return

with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    while True:
        with server.accept()[0] as client:
            refuse(client, *sys.argv[1:])
"""


@contextmanager
def refusing(code: str, message: str) -> Iterator[str]:
    """Run a server that refuses everybody with a fatal error; yield its address."""
    command = [sys.executable, "-c", _SERVER, code, message]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="ascii") as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            yield f"postgresql+psycopg://jh:x@127.0.0.1:{port}/kontakt"
        finally:
            server.kill()


@pytest.mark.parametrize(
    ("code", "message", "key"),
    [
        ("57P03", "the database system is starting up", "server_not_ready"),
        ("57P03", "the database system is shutting down", "server_not_ready"),
        ("57P03", "the database system is in recovery mode", "server_not_ready"),
        ("57P03", "the database system is not yet accepting connections", "server_not_ready"),
        ("57P03", "databasesystemet starter op", "server_not_ready"),
        ("53300", "sorry, too many clients already", "server_full"),
        ("53300", "remaining connection slots are reserved for roles", "server_full"),
        ("28P01", 'password authentication failed for user "jh"', "server_turns_away"),
        ("3D000", 'database "kontakt" does not exist', "server_turns_away"),
    ],
)
def test_a_server_that_lets_nobody_in_says_why(
    tmp_path: Path, code: str, message: str, key: str
) -> None:
    with refusing(code, message) as address:
        place: Any = location_named(address, {"KMTRACK_HOME": str(tmp_path)})
        with refuses(key) as refused:
            open_store(place)
    assert message in refused.value.sentence()
