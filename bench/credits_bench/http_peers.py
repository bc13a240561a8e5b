"""The servers that answer GET /livez, each as its own documentation would have it run."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .builds import SOURCES, build
from .conditions import first_line
from .missing import Missing
from .server import Peer


@dataclass(frozen=True)
class Workshop:
    """What the peers are made from."""

    credits: Path
    build: Path
    """Where peers are built."""
    most_connections: int
    say: Callable[[str], None]


def credits(shop: Workshop) -> Peer:
    if not shop.credits.is_file():
        raise Missing(f"there is no {shop.credits}: make build")

    def command(port: int, folder: Path) -> list[str]:
        return [
            str(shop.credits), "serve", "--port", str(port),
            "--data-dir", str(folder / "data"), "--log-level", "warning"]

    digest = hashlib.sha256(shop.credits.read_bytes()).hexdigest()[:12]
    version = f"{first_line(str(shop.credits), '--version')}, sha256 {digest}..."
    # Its clients come from many addresses, so that only the limit of all matters.
    return Peer(
        "credits", version, command,
        {"HTTP_MAX_CONNECTIONS": str(shop.most_connections)})


def nginx(shop: Workshop) -> Peer:
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        raise Missing("nginx is not installed: bench/setup")

    def command(port: int, folder: Path) -> list[str]:
        text = (SOURCES / "nginx.conf").read_text()
        text = text.replace("@PORT@", str(port))
        text = text.replace("@CONNECTIONS@", str(shop.most_connections))
        (folder / "nginx.conf").write_text(text)
        return [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]

    return Peer("nginx", first_line(program, "-v"), command)


def go(shop: Workshop) -> Peer:
    if shutil.which("go") is None:
        raise Missing("Go is not installed: bench/setup")
    program = shop.build / "go-http"
    build(["go", "build", "-o", str(program), "."], SOURCES / "go-http")
    return Peer(
        "go", "net/http of " + first_line("go", "version"),
        lambda port, _: [str(program), str(port)])


def hummingbird(shop: Workshop) -> Peer:
    if shutil.which("swift") is None:
        raise Missing("Swift is not installed: https://www.swift.org/install/linux")
    scratch = shop.build / "hummingbird"
    program = scratch / "release" / "hummingbird-http"
    if not program.exists():
        shop.say("building Hummingbird, once: some minutes")
    # As Hummingbird's own template builds it for production.
    build(
        ["swift", "build", "--configuration", "release", "--static-swift-stdlib",
         "-Xlinker", "-ljemalloc", "--scratch-path", str(scratch)],
        SOURCES / "hummingbird-http")
    return Peer(
        "hummingbird", f"Hummingbird {_resolved('hummingbird')}",
        lambda port, _: [str(program), str(port)],
        closing_path="/livez/closing")


def _resolved(package: str) -> str:
    pins = json.loads((SOURCES / "hummingbird-http" / "Package.resolved").read_text())["pins"]
    return next(str(pin["state"]["version"]) for pin in pins if pin["identity"] == package)


ALL: dict[str, Callable[[Workshop], Peer]] = {
    "credits": credits, "nginx": nginx, "go": go, "hummingbird": hummingbird}
