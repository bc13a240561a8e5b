"""A small HTTP server for tests: `peer_program.py PORT BEHAVIOUR`."""

import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORKS_AT_FIRST = 2
BALANCE = b'{"user_id":1,"credits":1001,"last_updated":"2026-11-22T07:18:29.093827Z"}'
port, behaviour = int(sys.argv[1]), sys.argv[2]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answered = 0

    def do_GET(self) -> None:
        Handler.answered += 1
        breaks = behaviour == "breaks" and Handler.answered > WORKS_AT_FIRST
        body = b'{"status":"%s"}' % (b"bad" if behaviour == "wrong" else b"ok")
        if self.path.startswith("/api"):
            body = BALANCE
        self.answer(503 if breaks else 200, body)

    def do_POST(self) -> None:
        """Says that it added, to one of ten users, and adds nothing."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if behaviour == "slow":
            time.sleep(0.1)
        right = body == b'{"amount":1}' and self.headers["Content-Type"] == "application/json"
        known = re.fullmatch("/api/credits/([1-9]|10)/add", self.path) is not None
        self.answer(200 if right and known else 400, BALANCE)

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if behaviour == "closes" or self.headers.get("Connection") == "close":
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


if behaviour == "dies":
    sys.exit("no port will do")
ThreadingHTTPServer.request_queue_size = 128
ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
