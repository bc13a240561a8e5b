"""Callers, each a thread with connections of its own: they ask, ask again, and write down all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from . import said
from .choices import Chooser
from .client import Client, NotSent
from .commands import Message, Request
from .history import Attempt, History, Page, Reading
from .said import Said, Verdict
from .town import Town

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
_PAGES = 6


class Caller:
    def __init__(
        self, chooser: Chooser, connect: Callable[[], Client], town: Town, history: History,
    ) -> None:
        self._chooser, self._random = chooser, chooser.random
        self._connect, self._client = connect, connect()
        self._town, self._history = town, history

    def work(self, until: float, pause: float) -> None:
        """Asks for this and that, with pauses of up to so many seconds."""
        try:
            while time.monotonic() < until:
                self._turn(until)
                time.sleep(self._random.random() * pause)
        finally:
            self._client.close()

    def _turn(self, until: float) -> None:
        user = self._town.pick(self._random)
        if self._chooser.is_now(0.05):
            self.page(user, self._random.choice([1, 3, 10, 50]))
        elif self._chooser.is_now(0.25):
            self.read(user)
        elif (request := self._chooser.request()) is not None:
            self.insist(request, until)

    # Writes

    def insist(self, request: Request, until: float) -> None:
        """A keyed request is sent until it is answered, and often again after that."""
        twins = [
            threading.Thread(target=self._send_apart, args=(request,))
            for _ in range(self._random.choice([1, 1, 3]))
        ] if request.is_keyed and self._chooser.is_now(self._chooser.habits.twins) else []
        for twin in twins:
            twin.start()
        is_answered = self.send(request)
        pause = _FIRST_PAUSE
        while request.is_keyed and not is_answered and time.monotonic() < until:
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            is_answered = self.send(request)
        for twin in twins:
            twin.join()
        if request.is_keyed and not request.is_dry_run:
            self._town.sent.append(request)
            if self._chooser.is_now(self._chooser.habits.repeats):
                self.send(request)

    def _send_apart(self, request: Request) -> None:
        client = self._connect()
        self.send(request, client)
        client.close()

    def send(self, request: Request, client: Client | None = None) -> bool:
        """To any instance; returns whether its outcome is known now."""
        client = client or self._client
        number = self._chooser.instance(request)
        try:
            if self._chooser.is_now(0.01):
                span = client.leave(number, request.message(), self._random.random() * 0.004)
                answer = None
            else:
                span, answer = client.call(number, request.message())
        except NotSent:
            return False
        attempt = Attempt(request, number, span, answer)
        self._history.attempts.append(attempt)
        outcomes = said.of(attempt)
        for each in outcomes:
            self._note(each)
        unanswered = (Verdict.UNKNOWN, Verdict.NOTHING)
        return any(each.verdict not in unanswered for each in outcomes)

    def _note(self, each: Said) -> None:
        content = each.content or {}
        if each.verdict is Verdict.DONE:
            self._town.note(each.command.user, content["credits"], content.get("transaction_id"))
        elif "available" in content:
            self._town.note(each.command.user, content["available"], None)

    # Reads

    def read(self, user: int, number: int | None = None) -> bool:
        """Returns whether there was an answer of 200 or 404."""
        number = self._chooser.instance() if number is None else number
        try:
            span, answer = self._client.call(number, Message("GET", f"/api/credits/{user}"))
        except NotSent:
            return False
        if answer is None:
            return False
        self._history.readings.append(Reading(user, number, span, answer))
        if answer.status == HTTPStatus.OK:
            self._town.note(user, (said.parsed(answer) or {})["credits"], None)
        return answer.status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND)

    def page(self, user: int, limit: int, pages: int = _PAGES) -> None:
        """The newest entries, and those below them."""
        path, cursor, below = f"/api/credits/{user}/transactions?limit={limit}", "", None
        for _ in range(pages):
            try:
                span, answer = self._client.call(
                    self._chooser.instance(), Message("GET", path + cursor))
            except NotSent:
                return
            if answer is None or answer.status != HTTPStatus.OK:
                return
            content = json.loads(answer.body)
            entries = tuple(content["transactions"])
            self._history.pages.append(Page(user, span, entries, below))
            if content["next_cursor"] is None:
                return
            cursor, below = f"&cursor={content['next_cursor']}", entries[-1]["transaction_id"]
