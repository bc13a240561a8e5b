"""What is going on, on standard error: one line that changes on a terminal, else some lines."""

from __future__ import annotations

import shutil
import sys
import time

_PAUSE = 10


class Progress:
    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._due = 0.0

    def say(self, text: str) -> None:
        if self._is_terminal:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\x1b[K{text[:width]}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() >= self._due:
            print(text, file=sys.stderr, flush=True)
            self._due = time.monotonic() + _PAUSE

    def finish(self) -> None:
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
