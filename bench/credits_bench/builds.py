"""How peers are built."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from .missing import Missing

SOURCES = Path(__file__).resolve().parent.parent / "peers"
_BUILD_SECONDS = 1800


def build(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        ["nice", "-n", "5", *command], cwd=folder, capture_output=True, text=True,
        env={**os.environ, **(environment or {})}, timeout=_BUILD_SECONDS, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise Missing(f"{' '.join(command)} failed in {folder} (bench/setup?):\n{said}")
