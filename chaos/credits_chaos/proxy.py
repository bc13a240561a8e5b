"""Between an instance and PostgreSQL: a TCP proxy that cuts, withholds and delays.

A program of its own, `python3 -m credits_chaos.proxy SOCKET SEED`, so that the callers' threads do
not slow it down. It prints its port, then takes a line of its standard input as a command, and
ends with it: `trouble 0.01` (the share of messages at which a connection breaks), `hold 2.5`
(nothing passes for so many seconds), `cut` (all connections break now).

How a connection breaks is what makes writes interesting: either the instance is cut off at once
while its last message still reaches PostgreSQL, at once or much later; or PostgreSQL has answered,
and the instance gets a part of it at most, or in its place a last message of the proxy's own, as
PgBouncer sends one when it has lost the server."""

from __future__ import annotations

import asyncio
import random
import sys

_CHUNK = 1 << 20
_SETTLED = 0.5
"""Seconds after which a connection may break: it has logged in, and is used."""
_LATE = [0, 0.001, 0.003, 0.01, 0.05, 0.3]
_LINGER = 0.5


def _farewell() -> bytes:
    """An ErrorResponse of PostgreSQL's protocol, version 3."""
    fields = [b"SFATAL", b"VFATAL", b"C08P01", b"Mserver conn crashed?"]
    body = b"".join(field + b"\0" for field in fields) + b"\0"
    return b"E" + (len(body) + 4).to_bytes(4, "big") + body


class Proxy:
    def __init__(self, socket: str, seed: str) -> None:
        self._socket = socket
        self._random = random.Random(seed)
        self._trouble = 0.0
        self._open = asyncio.Event()
        self._open.set()
        self._clients: set[asyncio.StreamWriter] = set()

    async def run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            self._obey(*line.decode().split())

    def _obey(self, command: str, value: str = "0") -> None:
        match command:
            case "trouble":
                self._trouble = float(value)
            case "hold":
                self._open.clear()
                asyncio.get_running_loop().call_later(float(value), self._open.set)
            case "cut":
                for client in list(self._clients):
                    client.transport.abort()

    async def _serve(
        self, from_client: asyncio.StreamReader, client: asyncio.StreamWriter,
    ) -> None:
        try:
            from_server, server = await asyncio.open_unix_connection(self._socket)
        except OSError:
            client.close()
            return
        self._clients.add(client)
        breaks_from = asyncio.get_running_loop().time() + _SETTLED
        try:
            await asyncio.gather(
                self._requests(from_client, client, server, breaks_from),
                self._answers(from_server, client, breaks_from))
        except (OSError, asyncio.CancelledError):
            pass  # One side is gone, and so is the connection; or the program ends.
        finally:
            self._clients.discard(client)
            client.close()
            server.close()

    async def _requests(
        self, source: asyncio.StreamReader, client: asyncio.StreamWriter,
        server: asyncio.StreamWriter, breaks_from: float,
    ) -> None:
        while data := await source.read(_CHUNK):
            await self._open.wait()
            if self._breaks(breaks_from):
                client.transport.abort()
                await asyncio.sleep(self._random.choice(_LATE))
                server.write(data)
                await server.drain()
                await asyncio.sleep(_LINGER)
                break
            server.write(data)
            await server.drain()
        server.close()

    async def _answers(
        self, source: asyncio.StreamReader, client: asyncio.StreamWriter, breaks_from: float,
    ) -> None:
        while data := await source.read(_CHUNK):
            await self._open.wait()
            if self._breaks(breaks_from):
                parts = [0, 1, len(data) // 2, len(data) - 6, len(data) - 1]
                part = data[:max(0, self._random.choice(parts))]
                client.write(self._random.choice([part, _farewell()]))
                break
            client.write(data)
            await client.drain()
        client.close()

    def _breaks(self, breaks_from: float) -> bool:
        return asyncio.get_running_loop().time() > breaks_from \
            and self._random.random() < self._trouble


if __name__ == "__main__":
    asyncio.run(Proxy(*sys.argv[1:3]).run())
