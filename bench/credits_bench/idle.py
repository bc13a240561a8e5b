"""Connections that were used once and are kept open."""

from __future__ import annotations

import resource
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from . import answers
from .server import Server
from .spoiled import Spoiled

_BATCH = 256
_PER_ADDRESS = 1000
"""Servers limit the connections of one address, and an address has 28,000 ports."""
_TIMEOUT_SECONDS = 10
_SPARE_DESCRIPTORS = 512


def raise_descriptor_limit(wanted: int) -> int:
    """For us and for the servers that inherit it; returns the connections that fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = max(soft, min(wanted + _SPARE_DESCRIPTORS, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(1, min(wanted, limit - _SPARE_DESCRIPTORS))


@contextmanager
def connections(server: Server, count: int) -> Iterator[None]:
    """Opens so many, each with one request answered; all must still be open at the end."""
    held: list[socket.socket] = []
    try:
        while len(held) < count:
            batch = [_connect(server, i) for i in range(len(held), min(count, len(held) + _BATCH))]
            held += batch
            for connection in batch:
                connection.sendall(answers.request(server.port, server.peer.path))
            for connection in batch:
                _receive(connection, server.answer.size)
        yield
        if lost := _lost(held):
            raise Spoiled(f"{server.peer.name} closed {lost} of {count} idle connections")
    except OSError as error:
        raise Spoiled(f"{server.peer.name} at {len(held)} connections: {error}") from error
    finally:
        for connection in held:
            connection.close()


def _connect(server: Server, index: int) -> socket.socket:
    source = f"127.0.0.{2 + index // _PER_ADDRESS}"
    return socket.create_connection(
        ("127.0.0.1", server.port), _TIMEOUT_SECONDS, source_address=(source, 0))


def _receive(connection: socket.socket, size: int) -> None:
    while size > 0:
        received = len(connection.recv(size))
        if received == 0:
            raise ConnectionError("closed before its answer was whole")
        size -= received


def _lost(held: list[socket.socket]) -> int:
    """An open idle connection has nothing to read; a closed one has its end."""
    poll = select.poll()
    for connection in held:
        poll.register(connection, select.POLLIN)
    return len(poll.poll(0))
