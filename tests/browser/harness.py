"""What the browser tests run on: a server as a process of its own, Chromium and its flags, a watch over each tab."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
WAIT = 30_000  # ms: how long a state may take to come about on a busy machine
LONG = 180_000  # ms: how long worlds may take, on a new installation that compiles first
DESK, PHONE = (1440, 900), (390, 844)
QUICK = ("--live-scale", "2000", "--live-seeds", "2")  # what a test server computes


def why_not() -> str:
    """Why there can be no browser tests here, or nothing."""
    for name in ("playwright", "axe_playwright_python", "solara"):
        if importlib.util.find_spec(name) is None:
            return f"{name} is not installed: pip install '.[ui,test]'"
    return "" if CHROMIUM else "no Chromium found: apt-get install chromium, or set CHROMIUM to its path"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_ready(address: str, process: subprocess.Popen[str], log: Path, seconds: float = 60) -> None:
    """Until the server answers; fails with what it wrote when it ends before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {seconds:.0f} s:\n{log.read_text()[-3000:]}")


@contextmanager
def serving(command: list[str], port: int, log: Path, env: dict[str, str] | None = None) -> Iterator[str]:
    """A server process for as long as the block lasts: its address. It is stopped with all its workers."""
    address = f"http://127.0.0.1:{port}"
    with log.open("a") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, text=True, env={**os.environ, **(env or {})}, start_new_session=True
        )
    try:
        wait_ready(address, process, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def page_command(port: int, *more: str) -> list[str]:
    """The command that serves the page, without opening a browser."""
    return [sys.executable, "-m", "sim", "ui", "--port", str(port), *more]


class Watch:
    """What a tab asked for and what went wrong in it."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.outside: list[str] = []
        self.problems: list[str] = []

    def follow(self, page) -> None:
        page.on("request", self._asked)
        page.on("websocket", lambda socket: self._asked(socket))
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _asked(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.outside.append(request.url)
