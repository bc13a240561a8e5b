import tempfile
import unittest
from pathlib import Path

from credits_bench import http_peers
from credits_bench.http_peers import Workshop
from credits_bench.missing import Missing


def workshop(folder: str) -> Workshop:
    return Workshop(Path(folder) / "credits", Path(folder), 1234, lambda _: None)


class PeersTests(unittest.TestCase):
    def test_a_peer_that_is_not_there_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder, \
                self.assertRaisesRegex(Missing, "make build"):
            http_peers.credits(workshop(folder))

    def test_the_template_of_nginx_is_filled_in(self):
        with tempfile.TemporaryDirectory() as folder:
            try:
                peer = http_peers.nginx(workshop(folder))
            except Missing as reason:
                self.skipTest(str(reason))
            peer.command(8080, Path(folder))
            text = (Path(folder) / "nginx.conf").read_text().partition("daemon")[2]
        self.assertIn("listen 127.0.0.1:8080 ", text)
        self.assertIn("worker_connections 1234;", text)
        self.assertNotIn("@", text)
