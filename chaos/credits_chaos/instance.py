"""An instance of the service, with a proxy of its own before PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from .postgres import DATABASE, Failed, Postgres

_START_SECONDS = 90
_STOP_SECONDS = 60
_LOUD = {"error", "critical"}


class Proxy:
    """The other program's, seen from here."""

    def __init__(self, postgres: Postgres, seed: str) -> None:
        self.folder = postgres.sockets.parent.parent
        self._process = subprocess.Popen(
            [sys.executable, "-m", "credits_chaos.proxy",
             str(postgres.sockets / ".s.PGSQL.5432"), seed],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, process_group=0)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._commands = self._process.stdin
        self.port = int(self._process.stdout.readline())

    def tell(self, command: str) -> None:
        self._commands.write(command + "\n")
        self._commands.flush()

    def stop(self) -> None:
        with self._process:
            self._commands.close()


INSTANCES = 2

SETTINGS: list[dict[str, str]] = [
    {}, {},
    {"LEDGER_WRITE_LANES": "3", "DATABASE_POOL_SIZE": "12"},
    {"LEDGER_BATCH_SIZE": "2"},
    {"LEDGER_WRITE_ROUNDS": "1"},
    {"DATABASE_PREPARED_STATEMENTS": "off"},
]
"""Each instance has one of these: ways that little load would never take."""


class Instance:
    """Only the main thread starts it: it ends with the thread that started it."""

    def __init__(self, number: int, binary: Path, proxy: Proxy, settings: dict[str, str]) -> None:
        self.number, self.proxy, self.settings = number, proxy, settings
        self._binary, self._folder = binary, proxy.folder
        self._log = self._folder / f"instance-{number}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port: int | None = None
        """None while it does not run."""

    def start(self) -> None:
        port_file = self._folder / f"instance-{self.number}.port"
        port_file.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            # Should this program be killed, its instances go too.
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", str(self._binary), "serve"],
                cwd=self._folder, env=self._environment(port_file), process_group=0,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + _START_SECONDS
        while not port_file.exists() or not port_file.read_text().strip():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"instance {self.number} did not start; it said:\n{self.said()}")
            time.sleep(0.02)
        self.port = int(port_file.read_text())

    def _environment(self, port_file: Path) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **inherited, "HOST": "127.0.0.1", "PORT": "0", "PORT_FILE": str(port_file),
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.proxy.port}/{DATABASE}",
            # The run may cross midnight, and nobody asked for those entries.
            "DAILY_GRANT_AMOUNT": "0", "LOG_LEVEL": "warning", "LOG_FORMAT": "json",
            **self.settings,
        }

    def kill(self) -> None:
        """In the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def pause(self, seconds: float) -> None:
        """It stands still, and goes on with all that it knew before."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)
            time.sleep(seconds)
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """As an operator does; returns how it ended."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        self.port = None
        if self._process is None:
            return 0
        self._process.send_signal(how)
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return -signal.SIGKILL

    @property
    def has_ended(self) -> bool:
        """By itself."""
        return self.port is not None and self._process is not None \
            and self._process.poll() is not None

    def said(self) -> str:
        return self._log.read_text(errors="replace")[-2000:].strip()

    def loud_messages(self) -> Counter[str]:
        """What it logged as errors. Lines that are no JSON are what it says at its start."""
        found: Counter[str] = Counter()
        for line in self._log.read_text(errors="replace").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if record.get("level") in _LOUD:
                found[str(record.get("message"))] += 1
        return found
