"""What a run runs on: a PostgreSQL, and two instances, each behind a proxy of its own."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .client import Client
from .instance import INSTANCES, SETTINGS, Instance, Proxy
from .postgres import Postgres

_VERIFY_SECONDS = 300


@dataclass(frozen=True)
class Service:
    binary: Path
    postgres: Postgres
    instances: tuple[Instance, ...]

    def connect(self) -> Client:
        return Client(self.instances)

    def tell_proxies(self, command: str) -> None:
        for instance in self.instances:
            instance.proxy.tell(command)

    def verify(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.binary), "verify"], capture_output=True, text=True, check=False,
            timeout=_VERIFY_SECONDS, cwd=self.postgres.sockets.parent.parent,
            env={**os.environ, "DATABASE_URL": self.postgres.address()})


@contextmanager
def running(binary: Path, folder: Path, seed: str) -> Iterator[Service]:
    """Started by the caller's thread, and stopped whatever happens."""
    # PostgreSQL may run as another user, who must be able to enter.
    folder.chmod(0o755)
    with ExitStack() as cleanup:
        postgres = Postgres(folder / "postgres")
        cleanup.callback(postgres.stop)
        instances = []
        for number in range(INSTANCES):
            proxy = Proxy(postgres, f"{seed}/proxy-{number}")
            cleanup.callback(proxy.stop)
            settings = random.Random(f"{seed}/settings-{number}").choice(SETTINGS)
            instance = Instance(number, binary, proxy, settings)
            cleanup.callback(instance.kill)
            instance.start()
            instances.append(instance)
        yield Service(binary, postgres, tuple(instances))
