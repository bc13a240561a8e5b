"""What reads and adds credits, each as its users would have it: this service and its peers."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from . import cells, tables
from .answers import Answer
from .builds import SOURCES, build
from .conditions import first_line
from .missing import Missing
from .postgres import Postgres
from .server import Peer
from .tables import Template

_PGX = Path("/usr/share/gocode/src/github.com/jackc/pgx/v4")
GO_CONNECTIONS = 32
"""Of 4 (pgx's default here), 8, 16 and 32 it did most adds; in reads 16 was as good."""
_WORKERS = 2


@dataclass(frozen=True)
class ServicePeer:
    name: str
    version: str
    template: Template
    """What its database is a copy of."""
    server: Peer | None
    """None: the load goes to the database."""
    loses_adds: bool = False
    """Whether adds for the same user at once may be lost; counted then, otherwise a fault."""

    @property
    def database(self) -> str:
        return self.name.replace("-", "_")


@dataclass(frozen=True)
class Workshop:
    credits: Path
    build: Path
    postgres: Postgres
    go_connections: int
    say: Callable[[str], None]


def credits(shop: Workshop) -> ServicePeer:
    return _credits(shop, cells.OURS, {})


def one_by_one(shop: Workshop) -> ServicePeer:
    peer = _credits(shop, cells.ONE_BY_ONE, {"LEDGER_BATCH_SIZE": "1"})
    return replace(peer, version="the same with LEDGER_BATCH_SIZE=1: gathers nothing")


def _credits(shop: Workshop, name: str, settings: dict[str, str]) -> ServicePeer:
    if not shop.credits.is_file():
        raise Missing(f"there is no {shop.credits}: make build")
    # The run may cross midnight.
    environment = {
        "DATABASE_URL": shop.postgres.address(name.replace("-", "_")), "DAILY_GRANT_AMOUNT": "0",
        **settings}
    digest = hashlib.sha256(shop.credits.read_bytes()).hexdigest()[:12]
    return ServicePeer(
        name, f"{first_line(str(shop.credits), '--version')}, sha256 {digest}...", tables.LEDGER,
        _server(
            name, environment, lambda port, _: [str(shop.credits), "serve", "--port", str(port)]))


def pgbench(shop: Workshop) -> ServicePeer:
    program = shop.postgres.program("pgbench")
    if not Path(program).exists():
        raise Missing(f"there is no {program}: bench/setup")
    return ServicePeer(
        cells.PGBENCH, first_line(program, "--version") + ", -M prepared", tables.LEDGER, None)


def go(shop: Workshop) -> ServicePeer:
    if shutil.which("go") is None or not _PGX.is_dir():
        raise Missing("Go or pgx is not installed: bench/setup")
    program = shop.build / "go-service"
    build(
        ["go", "build", "-o", str(program), "."], SOURCES / "go-service",
        {"GO111MODULE": "off", "GOFLAGS": "", "GOPATH": "/usr/share/gocode"})
    address = shop.postgres.address(cells.GO)
    packaged = first_line(
        "dpkg-query", "--show", "--showformat=${Version}", "golang-github-jackc-pgx-v4-dev")
    return ServicePeer(
        cells.GO, f"net/http of {first_line('go', 'version')}, pgx {packaged}, "
        f"{shop.go_connections} connections; no ledger", tables.PLAIN,
        _server(
            cells.GO, {},
            lambda port, _: [str(program), str(port), address, str(shop.go_connections)]))


def fastapi_asyncpg(shop: Workshop) -> ServicePeer:
    peer = _fastapi(
        shop, cells.ASYNCPG, "with_asyncpg:app", _WORKERS, shop.postgres.address("fastapi_asyncpg"))
    return replace(peer, version=f"{peer.version}, {_WORKERS} uvicorn workers; no ledger")


def fastapi_original(shop: Workshop) -> ServicePeer:
    address = shop.postgres.address("fastapi_original").replace(
        "postgresql://", "postgresql+psycopg://")
    peer = _fastapi(shop, cells.ORIGINAL, "original:app", 1, address)
    return replace(
        peer, version=f"{peer.version}, SQLAlchemy, one uvicorn worker; no ledger",
        loses_adds=True)


def _fastapi(
    shop: Workshop, name: str, application: str, workers: int, address: str
) -> ServicePeer:
    python = _environment(shop)
    command = [
        str(python), "-B", "-m", "uvicorn", application, "--app-dir",
        str(SOURCES / "fastapi-service"), "--host", "127.0.0.1", "--workers", str(workers),
        "--no-access-log", "--log-level", "warning"]
    return ServicePeer(
        name, f"FastAPI {_pinned('fastapi')} on Python {first_line(str(python), '--version')[7:]}",
        tables.PLAIN,
        _server(
            name, {"DATABASE_URL": address}, lambda port, _: [*command, "--port", str(port)]))


def _environment(shop: Workshop) -> Path:
    """A virtual environment with exactly the versions of requirements.txt, made once."""
    requirements = SOURCES / "fastapi-service" / "requirements.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    folder = shop.build / f"fastapi-{digest}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shop.say("fetching FastAPI from PyPI, once")
        build([sys.executable, "-m", "venv", "--clear", str(folder)], SOURCES)
        build(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--only-binary", ":all:", "--requirement", str(requirements)], SOURCES)
        (folder / "complete").touch()
    return python


def _pinned(package: str) -> str:
    lines = (SOURCES / "fastapi-service" / "requirements.txt").read_text().splitlines()
    return next(line.partition("==")[2] for line in lines if line.startswith(f"{package}=="))


def _server(
    name: str, environment: dict[str, str], command: Callable[[int, Path], list[str]]
) -> Peer:
    def fault(answer: Answer) -> str | None:
        return answer.balance_fault(1)

    path = "/api/credits/1"
    return Peer(name, "", command, environment, path, closing_path=path, fault=fault)


ALL: dict[str, Callable[[Workshop], ServicePeer]] = {
    cells.OURS: credits, cells.ONE_BY_ONE: one_by_one, cells.PGBENCH: pgbench, cells.GO: go,
    cells.ASYNCPG: fastapi_asyncpg, cells.ORIGINAL: fastapi_original}
