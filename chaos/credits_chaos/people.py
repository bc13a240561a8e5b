"""Users come and go."""

from __future__ import annotations

import json
import random
import time
from http import HTTPStatus

from .client import Client, NotSent
from .commands import Message
from .history import Answer, Deletion, History, Newcomer
from .instance import INSTANCES
from .postgres import Failed
from .town import Town

_POOR, _RICH, _PLAIN = 3, 1, 8
_PATIENCE = 60
_PAUSE = 0.05


class People:
    def __init__(self, client: Client, town: Town, history: History, seed: str) -> None:
        self._client, self._town, self._history = client, town, history
        self._random = random.Random(f"{seed}/people")
        self._number = 0

    def settle(self) -> None:
        """The first ones."""
        self._town.poor = [self._create() for _ in range(_POOR)]
        self._town.rich = [self._create() for _ in range(_RICH)]
        self._town.plain = [self._create() for _ in range(_PLAIN)]
        self._town.focus = self._town.poor[0]

    def work(self, until: float) -> None:
        while time.monotonic() < until:
            time.sleep(self._random.uniform(0.3, 1.5))
            match self._random.choices(["focus", "welcome", "delete"], [5, 3, 1])[0]:
                case "focus":
                    self._town.focus = self._random.choice(
                        self._town.poor if self._random.random() < 0.6  # noqa: PLR2004
                        else self._town.everybody)
                case "welcome":
                    self._town.retire(self._random)
                    self._town.welcome(self._create())
                case _:
                    self._town.welcome(self._create())
                    self._delete(self._town.retire(self._random))

    def _create(self) -> int:
        while True:
            self._number += 1
            body = {"name": "Somebody", "email": f"user-{self._number}@example.com"}
            answer = self._call("POST", "/api/users", HTTPStatus.CREATED, body=body)
            if answer is not None:
                content = json.loads(answer.body)
                user = content["user_id"]
                self._history.users[user] = Newcomer(user, content["created_at"])
                return user

    def _delete(self, user: int) -> None:
        """Until it is acknowledged: a lost answer's deletion is found done the next time."""
        deletion = self._history.deletions[user] = Deletion(time.monotonic())
        gone = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if self._call("DELETE", f"/api/users/{user}", *gone) is not None:
                deletion.ended = time.monotonic()
                return

    def _call(
        self, method: str, path: str, *wanted: HTTPStatus, body: object = None,
    ) -> Answer | None:
        """Tried for a minute; None where nobody knows what it did. What was said to have changed
        nothing is sent again as it was: had it made a user, his e-mail would be taken now."""
        fields = {"Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                _, answer = self._client.call(
                    self._random.randrange(INSTANCES), Message(method, path, sent, fields))
            except NotSent:
                time.sleep(_PAUSE)
                continue
            if answer is None or answer.status in wanted:
                return answer
            if b"/outcome-unknown" in answer.body:
                return None
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                raise Failed(f"{method} {path} was answered {answer}")
            time.sleep(_PAUSE)
        raise Failed(f"{method} {path} was not answered within {_PATIENCE} s")
