"""A PostgreSQL of the run's own: durable, as it comes, and on a socket only. It may be crashed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

_PATIENCE = 60
_SUPERUSER = "postgres"
DATABASE = "chaos"


class Failed(Exception):
    """A program that the run needs does not do what it should; the message says which and how."""


class Postgres:
    """Made in a new folder, which must stand where its user can enter."""

    def __init__(self, folder: Path) -> None:
        self._binaries = _binaries()
        self._account = (
            pwd.getpwnam(_SUPERUSER) if os.getuid() == 0 else pwd.getpwuid(os.getuid()))
        self._folder, self.sockets = folder, folder / "socket"
        self._process: subprocess.Popen[bytes] | None = None
        for made in (folder, self.sockets):
            made.mkdir(mode=0o700)
            os.chown(made, self._account.pw_uid, self._account.pw_gid)
        self._initialise()
        self.start()
        self.run(f"CREATE DATABASE {DATABASE}", _SUPERUSER)

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            # Should this program be killed, its PostgreSQL goes too.
            self._process = subprocess.Popen(
                [*self._as_user("--pdeathsig", "INT"), str(self._binaries / "postgres"),
                 "-D", str(self._folder / "data"), "-c", "listen_addresses=",
                 "-c", f"unix_socket_directories={self.sockets}"],
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                process_group=0)
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self.run("SELECT 1", _SUPERUSER)
                return
            except Failed as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"PostgreSQL did not start: {error}") from error
                time.sleep(0.05)

    def crash(self) -> None:
        """An immediate shutdown: what was not written to the WAL is gone."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """A fast shutdown: who is connected is disconnected."""
        self._end(signal.SIGINT)

    def run(self, sql: str, database: str = DATABASE) -> list[str]:
        """Each statement by itself; returns the lines of all."""
        done = subprocess.run(
            [str(self._binaries / "psql"), "--no-psqlrc", "--quiet", "--tuples-only",
             "--no-align", "--set=ON_ERROR_STOP=1", self.address(database)],
            input=sql, capture_output=True, text=True, timeout=2 * _PATIENCE, check=False)
        if done.returncode != 0:
            raise Failed(f"psql: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def address(self, database: str = DATABASE) -> str:
        return f"postgresql://{_SUPERUSER}@/{database}?host={self.sockets}"

    def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()

    def _as_user(self, *options: str) -> list[str]:
        """PostgreSQL refuses to run as root."""
        change = [
            f"--reuid={self._account.pw_uid}", f"--regid={self._account.pw_gid}", "--init-groups",
        ] if os.getuid() == 0 else []
        return ["setpriv", *change, *options]

    def _initialise(self) -> None:
        done = subprocess.run(
            [*self._as_user(), str(self._binaries / "initdb"), "--pgdata",
             str(self._folder / "data"), f"--username={_SUPERUSER}", "--auth=trust",
             "--encoding=UTF8", "--locale=C.UTF-8"],
            cwd="/", capture_output=True, text=True, timeout=_PATIENCE, check=False)
        if done.returncode != 0:
            raise Failed(f"initdb: {done.stderr.strip()}")


def _binaries() -> Path:
    """Debian's highest version, else where the one in the PATH stands."""
    versions = [
        path for path in Path("/usr/lib/postgresql").glob("*/bin")
        if (path / "initdb").exists() and path.parent.name.isdigit()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise Failed("PostgreSQL's server is not installed: make setup")
    return Path(found).resolve().parent
