"""One caller's connections: a request goes out once, and what is known of it is returned.

http.client sends nothing again by itself, which is what a test of retries needs."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Sequence

from .commands import Message
from .history import Answer, Span
from .instance import Instance

_TIMEOUT = 60
"""Longer than the service ever takes to say that it does not know."""


class NotSent(Exception):
    """Nobody listens: nothing of the request left this program."""


class Client:
    def __init__(self, instances: Sequence[Instance]) -> None:
        self._instances = instances
        self._connections: dict[int, http.client.HTTPConnection] = {}

    def call(self, number: int, message: Message) -> tuple[Span, Answer | None]:
        """No answer: it was lost on its way there, on its way back, or in between."""
        connection = self._connection(number)
        started = time.monotonic()
        try:
            connection.request(message.method, message.path, message.body, message.fields)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            self._forget(number)
            return Span(started, time.monotonic()), None
        answer = Answer(
            response.status, body, response.headers.get("Idempotent-Replayed") == "true",
            response.headers.get("Retry-After") is not None)
        return Span(started, time.monotonic()), answer

    def leave(self, number: int, message: Message, seconds: float) -> Span:
        """Sends a request and hangs up."""
        connection = self._connection(number)
        started = time.monotonic()
        with contextlib.suppress(OSError):
            connection.request(message.method, message.path, message.body, message.fields)
            time.sleep(seconds)
        self._forget(number)
        return Span(started, time.monotonic())

    def close(self) -> None:
        for number in list(self._connections):
            self._forget(number)

    def _connection(self, number: int) -> http.client.HTTPConnection:
        port = self._instances[number].port
        known = self._connections.get(number)
        if known is not None and known.port != port:
            self._forget(number)
        if port is None:
            raise NotSent
        connection = self._connections.get(number) or http.client.HTTPConnection(
            "127.0.0.1", port, timeout=_TIMEOUT)
        self._connections[number] = connection
        if connection.sock is None:
            try:
                connection.connect()
            except OSError as error:
                self._forget(number)
                raise NotSent from error
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _forget(self, number: int) -> None:
        connection = self._connections.pop(number, None)
        if connection is not None:
            connection.close()
