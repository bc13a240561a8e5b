"""One request and its answer, byte for byte."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from http import HTTPStatus

_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Answer:
    status: int
    fields: dict[str, str]
    """By their names in small letters."""
    body: bytes
    size: int
    """All bytes: status line, fields and body."""

    def description(self) -> str:
        names = " ".join(sorted(self.fields))
        return f"answers {self.size} bytes: {names}, body {self.body.decode()}"

    def balance_fault(self, user: int, credits: int | None = None) -> str | None:
        """What is wrong with it as a balance, of any number of credits or of so many."""
        if self.status != HTTPStatus.OK:
            return f"status {self.status}: {self.body!r}"
        try:
            body = json.loads(self.body)
            found = body["user_id"], body["credits"], bool(body["last_updated"])
        except (ValueError, KeyError, TypeError):
            return f"the body is no balance: {self.body!r}"
        if found != (user, found[1] if credits is None else credits, True):
            return f"not user {user} with {credits} credits: {self.body!r}"
        return None

    def livez_fault(self) -> str | None:
        """What is wrong with it as an answer of /livez."""
        if self.status != HTTPStatus.OK:
            return f"status {self.status}"
        try:
            body = json.loads(self.body)
        except ValueError:
            return f"the body is no JSON: {self.body!r}"
        if not isinstance(body, dict) or body.get("status") != "ok":
            return f"the body is {self.body!r}"
        return None


def request(port: int, path: str, closing: bool = False, body: str | None = None) -> bytes:
    """With a body, which is JSON, a POST."""
    method = "GET" if body is None else "POST"
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    if closing:
        lines.append("Connection: close")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", body or ""]).encode()


def fetch(port: int, path: str, closing: bool = False, body: str | None = None) -> Answer:
    with socket.create_connection(("127.0.0.1", port), _TIMEOUT_SECONDS) as connection:
        connection.sendall(request(port, path, closing, body))
        received = b""
        while (answer := parse(received)) is None:
            more = connection.recv(65536)
            if not more:
                raise ConnectionError(f"closed after {len(received)} bytes")
            received += more
        return answer


def parse(received: bytes) -> Answer | None:
    """None while something is missing. Every peer sends Content-Length."""
    head, separator, rest = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    status_line, *lines = head.decode("ascii").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    fields = {name.lower(): value.strip() for name, _, value in pairs}
    length = int(fields["content-length"])
    if len(rest) < length:
        return None
    size = len(head) + len(separator) + length
    return Answer(int(status_line.split()[1]), fields, rest[:length], size)
