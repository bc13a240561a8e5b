"""When all is quiet: both instances are killed once more, and then asked about everything."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from . import said
from .callers import Caller
from .client import NotSent
from .commands import Message, Request
from .history import History, PastReading
from .instance import INSTANCES
from .postgres import Failed
from .said import Verdict
from .service import Service

_CALLERS = 8
_PATIENCE = 60
_PAUSE = 0.05
_REPEATED = 1500
_PAST = 100
_PAGE = 200
_ALL_PAGES = 10_000


class Finale:
    def __init__(
        self, service: Service, history: History, caller: Callable[[str], Caller], seed: str,
    ) -> None:
        self._service, self._history, self._caller = service, history, caller
        self._random = random.Random(f"{seed}/finale")

    def run(self) -> None:
        self._service.tell_proxies("trouble 0")
        for instance in self._service.instances:
            instance.kill()
            instance.start()
        self._share(self._repeat, self._open_and_answered())
        users = list(self._history.users)
        self._share(self._look_at, users)
        self._look_back(users)

    def _open_and_answered(self) -> list[Request]:
        """What nobody knows the outcome of, and as much of the rest as there is time for."""
        unanswered: dict[Request, None] = {}
        answered: dict[Request, None] = {}
        for attempt in self._history.attempts:
            if not attempt.request.is_keyed or attempt.request.is_dry_run:
                continue
            is_open = any(each.verdict is Verdict.UNKNOWN for each in said.of(attempt))
            (unanswered if is_open else answered)[attempt.request] = None
        rest = [request for request in answered if request not in unanswered]
        return list(unanswered) + self._random.sample(rest, min(len(rest), _REPEATED))

    def _share(self, step: Callable[[Caller, object], None], work: Iterable[object]) -> None:
        """Each piece of work is done by one of a few callers."""
        pieces = list(work)
        callers = [self._caller(f"finale-{number}") for number in range(_CALLERS)]

        def do(number: int) -> None:
            for piece in pieces[number::_CALLERS]:
                step(callers[number], piece)

        with ThreadPoolExecutor(_CALLERS) as pool:
            list(pool.map(do, range(_CALLERS)))

    def _repeat(self, caller: Caller, request: object) -> None:
        assert isinstance(request, Request)
        self._soon(lambda: caller.send(request), request)

    def _soon(self, step: Callable[[], bool], what: object) -> None:
        """Nothing goes wrong any more: whoever asks is answered."""
        deadline = time.monotonic() + _PATIENCE
        while not step():
            if time.monotonic() > deadline:
                self._history.mishaps.append(
                    f"not answered within {_PATIENCE} s, while nothing went wrong: {what}")
                return
            time.sleep(_PAUSE)

    def _look_at(self, caller: Caller, user: object) -> None:
        assert isinstance(user, int)
        for number in range(INSTANCES):
            self._soon(lambda number=number: caller.read(user, number), f"a read of user {user}")
        caller.page(user, _PAGE, _ALL_PAGES)

    def _look_back(self, users: list[int]) -> None:
        shown = [
            (page.user, entry["created_at"]) for page in self._history.pages
            for entry in page.entries if page.user in users]
        living = [it for it in shown if it[0] not in self._history.deletions]
        client = self._service.connect()
        for user, at in self._random.sample(living, min(len(living), _PAST)):
            message = Message("GET", f"/api/credits/{user}?at={at}")
            try:
                _, answer = client.call(self._random.randrange(INSTANCES), message)
            except NotSent as error:
                raise Failed("an instance does not answer, and nobody had stopped it") from error
            if answer is not None:
                self._history.past.append(PastReading(user, at, answer))
        client.close()
