"""Two instances of the service under kills, cuts and edits, held against a model: chaos/run --help.

The exit status is 0 when every promise was kept, 1 when one was broken, 69 when a program that is
needed is missing or does not work, and 130 when interrupted."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
from pathlib import Path

from . import report, run
from .postgres import Failed
from .progress import Progress

_REPOSITORY = Path(__file__).resolve().parent.parent.parent
_UNAVAILABLE = 69
_INTERRUPTED = 130


def main() -> int:
    # So that what was started is stopped when this program is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = _parser().parse_args()
    binary = arguments.credits.resolve()
    if not os.access(binary, os.X_OK):
        return _fail(_UNAVAILABLE, f"there is no {binary}: build it first")
    progress = Progress()
    try:
        with tempfile.TemporaryDirectory(dir=arguments.data_folder, prefix="chaos-") as folder:
            result = run.perform(run.Plan(
                binary, Path(folder), arguments.seed, arguments.seconds, arguments.callers,
                arguments.pause, not arguments.no_faults), progress)
    except KeyboardInterrupt:
        return _fail(_INTERRUPTED, "interrupted; what was started is stopped")
    except Failed as reason:
        return _fail(_UNAVAILABLE, f"seed {arguments.seed}: {reason}")
    progress.finish()
    print(report.text(result))
    if arguments.json is not None:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(report.json(result), indent=1) + "\n")
    return 1 if result.findings.broken else 0


def _fail(status: int, reason: str) -> int:
    print(f"chaos: {reason}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chaos/run", description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--credits", type=Path, default=_REPOSITORY / ".build/release/credits",
                        help="the service's binary")
    parser.add_argument("--seed", default=str(random.randrange(10**6)),
                        help="the same choices and faults again, as far as threads allow")
    parser.add_argument("--seconds", type=float, default=60, help="how long callers call")
    parser.add_argument("--callers", type=int, default=16, help="how many at once")
    parser.add_argument("--pause", type=float, default=0.02,
                        help="seconds at most that a caller rests after each call")
    parser.add_argument("--no-faults", action="store_true",
                        help="callers and edits only: nothing is killed, cut or crashed")
    parser.add_argument("--data-folder", type=Path, default=Path("/var/tmp"),
                        help="where the database is made: on a disk, not in memory")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
