"""Command line: `bench/run http --help`."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from . import (
    cells,
    grant_bench,
    grant_plan,
    http_bench,
    http_peers,
    http_turn,
    service_bench,
    service_peers,
    service_turn,
)
from .goals import Verdict
from .grant_report import GrantResult
from .missing import Missing
from .postgres import DatabaseError
from .progress import Progress
from .report import Result
from .service_report import ServiceResult
from .service_turn import Wrong
from .usage import Calm

_REPOSITORY = Path(__file__).resolve().parent.parent.parent
_QUICK = http_turn.Settings(seconds=1, traced_seconds=1, idle_connections=500)
_QUICK_CELLS = ["get64", "add64"]
_TAKEN = 0.1
"""Of the CPU, by others, in a turn that counts."""

# Exit statuses: sysexits.h, and what shells use for SIGINT.
_UNAVAILABLE = 69
_SOFTWARE = 70
_TEMPORARY_FAILURE = 75
_INTERRUPTED = 130


def main() -> int:
    # So that servers are stopped when this program is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = _parser().parse_args()
    if shutil.which("wrk") is None:
        return _fail(_UNAVAILABLE, "wrk is not installed: bench/setup")
    try:
        result = arguments.measure(arguments)
    except KeyboardInterrupt:
        return _fail(_INTERRUPTED, "interrupted; the servers are stopped")
    except Missing as reason:
        return _fail(_UNAVAILABLE, str(reason))
    except (DatabaseError, Wrong) as reason:
        return _fail(_SOFTWARE, str(reason))
    print(result.text())
    if arguments.quick:
        print("\nThis was a short trial: it shows that all works, and its figures say nothing.")
    if not result.run.rounds:
        return _fail(_TEMPORARY_FAILURE, "no round counted")
    _write(arguments.json, lambda: json.dumps(result.json(), indent=1) + "\n")
    _write(arguments.svg, result.picture)
    return 1 if not arguments.quick and Verdict.MISSED in result.verdicts else 0


def _write(file: Path | None, content: Callable[[], str]) -> None:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content())


def _fail(status: int, reason: str) -> int:
    print(f"bench: {reason}", file=sys.stderr)
    return status


def _http(arguments: argparse.Namespace) -> Result:
    settings = _QUICK if arguments.quick else http_turn.Settings(
        connections=arguments.connections, seconds=arguments.seconds,
        idle_connections=arguments.idle)
    return http_bench.run(http_bench.Plan(
        repository=_REPOSITORY, credits=arguments.credits.resolve(),
        build=arguments.build_folder.resolve(), peers=arguments.peers, settings=settings,
        rounds=_rounds(arguments), repeats=arguments.repeats, calm=_calm(arguments)),
        Progress())


def _service(arguments: argparse.Namespace) -> ServiceResult:
    settings = service_turn.Settings(
        seconds=1 if arguments.quick else arguments.seconds)
    return service_bench.run(service_bench.Plan(
        repository=_REPOSITORY, credits=arguments.credits.resolve(),
        build=arguments.build_folder.resolve(), data=arguments.data_folder,
        peers=arguments.peers, cells=_QUICK_CELLS if arguments.quick else arguments.cells,
        go_connections=arguments.go_connections, settings=settings, rounds=_rounds(arguments),
        repeats=arguments.repeats, calm=_calm(arguments)), Progress())


def _grant(arguments: argparse.Namespace) -> GrantResult:
    return grant_bench.run(grant_plan.Plan(
        repository=_REPOSITORY, credits=arguments.credits.resolve(), data=arguments.data_folder,
        users=10_000 if arguments.quick else arguments.users, rounds=_rounds(arguments),
        seconds=3 if arguments.quick else arguments.seconds, calm=_calm(arguments)), Progress())


def _rounds(arguments: argparse.Namespace) -> int:
    return 1 if arguments.quick else int(arguments.rounds)


def _calm(arguments: argparse.Namespace) -> Calm:
    busy = arguments.quick or arguments.busy
    return Calm(_TAKEN, 1 if busy else _TAKEN, arguments.patience)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    commands = parser.add_subparsers(required=True)
    http = _command(commands, "http", http_bench.__doc__, list(http_peers.ALL), rounds=5)
    default = http_turn.Settings()
    http.add_argument("--seconds", type=_positive, default=default.seconds,
                      help="keep-alive load in a turn")
    http.add_argument("--connections", type=_positive, default=default.connections,
                      help="connections under load")
    http.add_argument("--idle", type=_positive, default=default.idle_connections,
                      help="idle connections")
    http.set_defaults(measure=_http)
    service = _command(
        commands, "service", service_bench.__doc__, list(service_peers.ALL), rounds=6)
    names = [cell.name for cell in cells.CELLS]
    service.add_argument("--seconds", type=_positive, default=service_turn.Settings().seconds,
                         help="load in a turn")
    service.add_argument("--cells", type=_among(names), default=names, metavar="NAME,...",
                         help="what to ask for, and over how many connections")
    service.add_argument("--go-connections", type=_positive,
                         default=service_peers.GO_CONNECTIONS, metavar="NUMBER",
                         help="of Go's pool to the database")
    service.add_argument("--data-folder", type=Path, default=Path("/var/tmp"),
                         help="where the database is made: on a disk, not in memory")
    service.set_defaults(measure=_service)
    grant = commands.add_parser(
        "grant", help=grant_bench.__doc__, description=grant_bench.__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    grant.add_argument("--credits", type=Path, default=_REPOSITORY / ".build/release/credits",
                       help="our server's binary")
    grant.add_argument("--users", type=_positive, default=1_000_000, help="who get the grant")
    grant.add_argument("--rounds", type=_positive, default=2, help="days, each done both ways")
    grant.add_argument("--seconds", type=_positive, default=20,
                       help="adds without a grant, to compare with, before one and after it")
    grant.add_argument("--patience", type=_positive, default=60, metavar="SECONDS",
                       help="wait before a part so long at most for others to be quiet")
    grant.add_argument("--quick", action="store_true",
                       help="one round of few users, to see that all works; judges nothing")
    grant.add_argument("--data-folder", type=Path, default=Path("/var/tmp"),
                       help="where the database is made: on a disk, not in memory")
    grant.add_argument("--json", type=Path, metavar="FILE", help="write the result there, too")
    grant.add_argument("--svg", type=Path, metavar="FILE", help="draw the result there")
    grant.set_defaults(measure=_grant, busy=False)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str,
    description: str | None, peers: list[str], rounds: int,
) -> argparse.ArgumentParser:
    """With the options that all commands have."""
    parser = commands.add_parser(
        name, help=description, description=description,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--credits", type=Path, default=_REPOSITORY / ".build/release/credits",
                        help="our server's binary")
    parser.add_argument("--peers", type=_among(peers), default=peers,
                        metavar="NAME,...", help="servers to compare")
    parser.add_argument("--rounds", type=_positive, default=rounds, help="turns of each server")
    parser.add_argument("--busy", action="store_true",
                        help="let turns count in which other processes took more than 10 %% of "
                        "the CPU; those in which the host took as much are repeated all the same")
    parser.add_argument("--patience", type=_positive, default=60, metavar="SECONDS",
                        help="wait before a turn so long at most for others to be quiet")
    parser.add_argument("--repeats", type=_positive, default=20,
                        help="spoiled turns after which to end")
    parser.add_argument("--quick", action="store_true",
                        help="one short round, to see that all works; judges nothing")
    parser.add_argument("--build-folder", type=Path, default=_REPOSITORY / ".build/bench",
                        help="where the peers are built")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there, too")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the result there")
    return parser


def _among(known: list[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        found = text.split(",")
        if unknown := [name for name in found if name not in known]:
            raise argparse.ArgumentTypeError(
                f"{', '.join(unknown)}: there are {', '.join(known)}")
        return found

    return names


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
