"""What is going on, on standard error: one line that changes on a terminal, else one for each."""

from __future__ import annotations

import shutil
import sys


class Progress:
    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()

    def say(self, text: str) -> None:
        if self._is_terminal:
            width = shutil.get_terminal_size().columns - 1
            line = text.splitlines()[0][:width]
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def finish(self) -> None:
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
