"""A PostgreSQL of the run's own: durable, as it comes, and on a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import checkpoints, proc
from .checkpoints import Checkpoint
from .missing import Missing

_START_SECONDS = 30
_STOP_SECONDS = 60
_COMMAND_SECONDS = 300
_SUPERUSER = "postgres"
_MOST_CONNECTIONS = 300
"""The one setting that is not the default, but for the log's: pgbench has a connection for each of
256 clients."""


class DatabaseError(Exception):
    """PostgreSQL refused what this program asked of it."""


@dataclass(frozen=True)
class Postgres:
    pid: int
    binaries: Path
    socket_folder: Path
    log: Path

    def address(self, database: str) -> str:
        """A URL that libpq, pgx, asyncpg and SQLAlchemy's drivers read alike."""
        return f"postgresql://{_SUPERUSER}@/{database}?host={self.socket_folder}"

    def program(self, name: str) -> str:
        return str(self.binaries / name)

    def run(self, database: str, sql: str) -> list[list[str]]:
        """Each statement by itself; returns the rows of the last, as text."""
        done = subprocess.run(
            [self.program("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
             "--field-separator=\t", "--set=ON_ERROR_STOP=1", self.address(database)],
            input=sql, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)
        if done.returncode != 0:
            raise DatabaseError(done.stderr.strip())
        return [line.split("\t") for line in done.stdout.splitlines()]

    def cpu_seconds(self) -> float:
        """Of all its processes; those that ended are counted by the first, which waits for them."""
        while True:
            ended = proc.ended_children_seconds(self.pid)
            running = sum(proc.thread_seconds(process.pid) for process in proc.tree(self.pid))
            # None that ended meanwhile is counted twice or not at all.
            if ended == proc.ended_children_seconds(self.pid):
                return ended + running

    def checkpoints(self) -> list[Checkpoint]:
        """Those that are complete, oldest first."""
        return checkpoints.parse(self.log.read_text(errors="replace"))

    @property
    def version(self) -> str:
        return self.run(_SUPERUSER, "SHOW server_version")[0][0]

    @property
    def durability(self) -> str:
        names = ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method",
                 "shared_buffers", "autovacuum")
        return ", ".join(
            f"{name} {self.run(_SUPERUSER, f'SHOW {name}')[0][0]}" for name in names)


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """Makes a cluster in the folder, which must be new and stand where its user can enter."""
    if not Path("/proc/self/schedstat").exists():
        raise Missing("this kernel does not say how much CPU a process used (schedstat)")
    binaries = _binaries()
    account = _account()
    folder.mkdir(mode=0o700)
    data, sockets = folder / "data", folder / "socket"
    sockets.mkdir(mode=0o700)
    for owned in (folder, sockets):
        os.chown(owned, account.pw_uid, account.pw_gid)
    _initialise(binaries, data, account)
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_as_user(account, "--pdeathsig", "INT"), str(binaries / "postgres"),
             "-D", str(data), "-c", "listen_addresses=",
             "-c", f"unix_socket_directories={sockets}",
             "-c", f"max_connections={_MOST_CONNECTIONS}",
             *(word for setting in checkpoints.LOG_SETTINGS for word in ("-c", setting))],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0)
    server = Postgres(process.pid, binaries, sockets, log)
    try:
        _await(server, process, log)
        yield server
    finally:
        _stop(process)


def _binaries() -> Path:
    """Debian's highest version, else where psql's own server stands."""
    versions = [
        path for path in Path("/usr/lib/postgresql").glob("*/bin")
        if (path / "initdb").exists() and path.parent.name.isdigit()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise Missing("PostgreSQL's server is not installed: bench/setup")
    return Path(found).resolve().parent


def _account() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam(_SUPERUSER) if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _as_user(account: pwd.struct_passwd, *options: str) -> list[str]:
    change = [
        f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--init-groups",
    ] if os.getuid() == 0 else []
    return ["setpriv", *change, *options]


def _initialise(binaries: Path, data: Path, account: pwd.struct_passwd) -> None:
    command = [
        *_as_user(account), str(binaries / "initdb"), "--pgdata", str(data),
        f"--username={_SUPERUSER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)
    if done.returncode != 0:
        raise DatabaseError(f"initdb failed: {done.stderr.strip()}")


def _await(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.run(_SUPERUSER, "SELECT 1")
            return
        except DatabaseError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace")[-2000:]
                raise DatabaseError(f"PostgreSQL did not start ({error}): {said}") from error
            time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    # Fast shutdown: who is connected is disconnected.
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # At once, without a last checkpoint: the folder is thrown away.
        process.send_signal(signal.SIGQUIT)
        process.wait()
