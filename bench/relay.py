"""A relay before a PostgreSQL server, which counts the trips of a client and can make each take longer."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path
    from types import TracebackType

_Made = TypeVar("_Made")
_BLOCK: Final = 1 << 16
_HEADER: Final = 5  # a letter and the length of the message, which covers itself but not the letter
_PARSE, _QUERY, _SYNC, _FLUSH, _READY = b"P", b"Q", b"S", b"H", b"Z"
_ASKING: Final = {_SYNC, _QUERY}
# What asks for encryption begins without a letter, and is answered by one byte.
_ASKS_FIRST: Final = {(1234 << 16) + 5679, (1234 << 16) + 5680}


class Trip(NamedTuple):
    """What a client sent before it waited for an answer: the texts of the statements that it named.

    A statement that the server knows by a name already is not among them.
    """

    statements: list[str]


class _Cut(Exception):
    """Ends a connection on purpose."""


class _Seen(Protocol):
    def __call__(self, data: bytes, /) -> None: ...


class Conversation:
    """The trips of one connection: each time that the client asked for answers, and was answered.

    A server keeps its answers until it is asked for them, or they fill a buffer, which nobody waits for.
    `before` counts the trips until the server was ready for the first statement.
    """

    def __init__(self) -> None:
        self.before = 0
        self.trips: list[Trip] = []
        self._is_ready = False
        self._is_started = False
        self._statements: list[str] = []
        self._has_sent = self._is_asking = False
        self._from_client = self._from_server = b""
        self._one_byte = False
        self.is_cut = False

    @property
    def asked(self) -> list[str]:
        """The statements that were sent and are not answered yet."""
        return self._statements

    @property
    def all_before(self) -> int:
        """The trips until the server was ready, with that of the connection itself."""
        return self.before + 1

    def sent(self, data: bytes) -> None:
        """Note what the client sends."""
        self._from_client += data
        while message := self._next_sent():
            letter, text = message[:1], message[_HEADER:]
            if letter == _PARSE:
                self._statements.append(_text(text.split(b"\0")[1]))
            elif letter == _QUERY:
                self._statements.append(_text(text.rstrip(b"\0")))
            # A flush behind a synchronisation asks for nothing more.
            self._is_asking |= (
                not self._is_ready or letter in _ASKING or (letter == _FLUSH and self._has_sent)
            )
            self._has_sent = letter not in _ASKING

    def answered(self, data: bytes) -> None:
        """Note what the server answers."""
        if self._is_asking and data:
            self._is_asking = False
            if self._is_ready:
                self.trips.append(Trip(self._statements[:]))
                self._statements.clear()
            else:
                self.before += 1
        self._from_server += data
        while not self._is_ready and self._from_server:
            if self._one_byte:
                self._one_byte, self._from_server = False, self._from_server[1:]
            elif not (message := _message(self._from_server, 1)):
                break
            else:
                self._from_server = self._from_server[len(message) :]
                self._is_ready = message[:1] == _READY
        if self._is_ready:
            self._from_server = b""

    def _next_sent(self) -> bytes:
        message = _message(self._from_client, 1 if self._is_started else 0)
        self._from_client = self._from_client[len(message) :]
        if message and not self._is_started:
            self._one_byte = int.from_bytes(message[4:8], "big") in _ASKS_FIRST
            self._is_started = not self._one_byte
            return b"\0" * _HEADER  # no statement
        return message


def _message(data: bytes, letters: int) -> bytes:
    """Return the first message of `data`; nothing where it is not whole yet."""
    length = letters + int.from_bytes(data[letters : letters + 4], "big")
    return data[:length] if letters + 4 <= len(data) and length <= len(data) else b""


def _text(statement: bytes) -> str:
    return " ".join(statement.decode(errors="replace").split())


class Relay:
    """Passes connections at a port of this machine on to a server's socket; `seconds` for each trip.

    The first connection of a client takes a trip itself, as on a real way.
    """

    def __init__(self, socket: Path, seconds: float = 0) -> None:
        self.port = 0
        self.seconds = seconds
        self.conversations: list[Conversation] = []
        self._cut_at: tuple[str, bool] | None = None
        self._socket = socket
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[Any]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._meet, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def trips(self) -> list[Trip]:
        """The trips of all connections so far, in order."""
        return [trip for each in self.conversations for trip in each.trips]

    def cut(self, statement: str, *, is_passed_on: bool) -> None:
        """Cut the next connection that sends a statement with this text, before or after it is passed on.

        Its answer never arrives.
        """
        self._cut_at = (statement, is_passed_on)

    def forget(self) -> None:
        """Begin to count anew."""
        self.conversations.clear()

    def settle(self) -> None:
        """Wait until the connections that were closed are closed here too."""
        self._run(self._ended())

    async def _ended(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, _Made]) -> _Made:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _meet(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        conversation = Conversation()
        self.conversations.append(conversation)
        server, to_server = await asyncio.open_unix_connection(str(self._socket))
        try:
            with suppress(asyncio.CancelledError, _Cut):  # cancelled at the end of the relay
                await asyncio.sleep(self.seconds)
                await asyncio.gather(
                    self._pass_on(client, to_server, partial(self._sent, conversation)),
                    self._pass_on(server, to_client, partial(self._answered, conversation)),
                )
        finally:
            to_client.close()
            to_server.close()

    def _sent(self, conversation: Conversation, data: bytes) -> None:
        conversation.sent(data)
        if self._cut_at is not None and any(self._cut_at[0] in one for one in conversation.asked):
            (_, is_passed_on), self._cut_at = self._cut_at, None
            if not is_passed_on:
                raise _Cut
            conversation.is_cut = True

    def _answered(self, conversation: Conversation, data: bytes) -> None:
        if conversation.is_cut:
            raise _Cut
        conversation.answered(data)

    async def _pass_on(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, seen: _Seen
    ) -> None:
        """Pass on what one side sends, each piece half a trip after it was sent."""
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        deliverer = asyncio.create_task(self._deliver(on_the_way, target))
        try:
            while data := await _read(source):
                seen(data)
                on_the_way.put_nowait((self._loop.time() + self.seconds / 2, data))
            on_the_way.put_nowait((self._loop.time() + self.seconds / 2, b""))
            await deliverer
        finally:
            deliverer.cancel()

    async def _deliver(
        self, on_the_way: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter
    ) -> None:
        while True:
            due, data = await on_the_way.get()
            if (left := due - self._loop.time()) > 0:
                await asyncio.sleep(left)
            if not data:
                target.close()
                return
            target.write(data)


async def _read(source: asyncio.StreamReader) -> bytes:
    try:
        return await source.read(_BLOCK)
    except ConnectionError:
        return b""
