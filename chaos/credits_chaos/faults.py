"""What goes wrong, and when: the main thread does it, as it is the one that starts processes."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from .history import History
from .instance import Instance
from .postgres import Failed
from .service import Service

_TROUBLE = (0.004, 0.012, 0.04)
"""Shares of messages between an instance and PostgreSQL at which their connection breaks: a run has
one of these."""
_LONG_OUTAGE = 12
"""Longer than the service tries to learn what became of a commit."""


class Faults:
    def __init__(self, service: Service, history: History, seed: str) -> None:
        self._service, self._history = service, history
        self._random = random.Random(f"{seed}/faults")
        self.trouble = self._random.choice(_TROUBLE)
        self.counts: Counter[str] = Counter()

    def rest(self) -> float:
        """Seconds until the next one."""
        return self._random.uniform(0.3, 4)

    def one(self) -> str:
        name, fault = self._random.choices(
            [("kill -9", self._kill), ("SIGTERM", self._stop), ("crash of PostgreSQL", self._crash),
             ("SIGSTOP", self._pause), ("all connections cut", self._cut),
             ("connections held", self._hold), ("sessions ended", self._end_sessions)],
            [30, 10, 8, 10, 15, 12, 10])[0]
        self.counts[name] += 1
        try:
            fault()
        except Failed as error:
            self._history.mishaps.append(str(error))
        return name

    def look(self) -> None:
        """Brings back an instance that ended by itself, which none may."""
        for instance in self._service.instances:
            if instance.has_ended:
                self._history.mishaps.append(
                    f"instance {instance.number} ended by itself; it said:\n{instance.said()}")
                instance.start()

    def _instance(self) -> Instance:
        return self._random.choice(self._service.instances)

    def _kill(self) -> None:
        instance = self._instance()
        instance.kill()
        time.sleep(self._random.choice([0, 0, 0.3, 1]))
        instance.start()

    def _stop(self) -> None:
        instance = self._instance()
        if (status := instance.stop()) != 0:
            self._history.mishaps.append(
                f"instance {instance.number} was told to stop, and ended with {status}; it said:\n"
                + instance.said())
        instance.start()

    def _pause(self) -> None:
        self._instance().pause(self._random.choice([0.2, 1, 3]))

    def _crash(self) -> None:
        self._service.postgres.crash()
        # The instances are left alone for once: they see an outage, and its end.
        time.sleep(self._random.choice([0, 0, 0.5, 0.5, 1, 2, _LONG_OUTAGE]))
        self._service.postgres.start()

    def _cut(self) -> None:
        self._instance().proxy.tell("cut")

    def _hold(self) -> None:
        self._instance().proxy.tell(f"hold {self._random.choice([0.1, 0.7, 3])}")

    def _end_sessions(self) -> None:
        tolerating(lambda: self._service.postgres.run(
            "SELECT FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'credits' AND random() < 0.5) AS ended"))


def tolerating(step: Callable[[], object]) -> None:
    """For what a crash of PostgreSQL may meet, which other threads cause."""
    try:
        step()
    except Failed:
        return
