import socket
import socketserver
import tempfile
import threading
import time
import unittest
from pathlib import Path
from types import SimpleNamespace

from credits_chaos.instance import Proxy

SETTLED = 0.6


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        while data := self.request.recv(100):
            self.server.received.append(data)
            self.request.sendall(data)


def is_cut(client: socket.socket) -> bool:
    try:
        return client.recv(100) == b""
    except ConnectionResetError:
        return True


class ProxyTests(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        path = folder / ".s.PGSQL.5432"
        self.server = self.enterContext(socketserver.ThreadingUnixStreamServer(str(path), Echo))
        self.server.daemon_threads = True
        self.server.received = []
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()
        self.addCleanup(self.server.shutdown)
        self.proxy = Proxy(SimpleNamespace(sockets=folder), "1")
        self.addCleanup(self.proxy.stop)

    def connect(self) -> socket.socket:
        return self.enterContext(socket.create_connection(("127.0.0.1", self.proxy.port), 10))

    def test_what_is_said_passes(self):
        client = self.connect()
        client.sendall(b"hello")
        self.assertEqual(client.recv(100), b"hello")

    def test_it_cuts_when_it_is_told_to(self):
        client = self.connect()
        client.sendall(b"hello")
        client.recv(100)
        self.proxy.tell("cut")
        self.assertTrue(is_cut(client))

    def test_it_holds_what_is_said_for_a_while(self):
        client = self.connect()
        client.sendall(b"hello")
        client.recv(100)
        self.proxy.tell("hold 0.3")
        started = time.monotonic()
        time.sleep(0.1)
        client.sendall(b"later")
        self.assertEqual(client.recv(100), b"later")
        self.assertGreater(time.monotonic() - started, 0.25)

    def test_a_message_may_arrive_though_its_sender_was_cut_off(self):
        client = self.connect()
        time.sleep(SETTLED)
        self.proxy.tell("trouble 1")
        time.sleep(0.1)
        client.sendall(b"COMMIT")
        self.assertTrue(is_cut(client))
        deadline = time.monotonic() + 5
        while not self.server.received and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.server.received, [b"COMMIT"])
