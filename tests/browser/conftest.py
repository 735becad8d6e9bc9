"""A real browser on a real server. Without Chromium or the packages of the page these tests are skipped, with the reason.

`server` serves the page, `gallery` its parts; `open_page(address)` opens a tab in which every other host is blocked, and
fails the test at its end if the tab asked for anything from elsewhere or if its scripts stumbled.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sim

HERE = Path(__file__).parent
UI = Path(sim.__file__).parent / "ui"
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
WAIT = 20_000  # ms: how long a state may take to come about on a busy machine
DESK, PHONE = (1440, 900), (390, 844)


def _why_not() -> str:
    """Why there can be no browser tests here, or nothing."""
    for name in ("playwright", "solara"):
        try:
            __import__(name)
        except ImportError:
            return f"{name} is not installed: pip install '.[ui,test]'"
    return "" if CHROMIUM else "no Chromium found: apt-get install chromium, or set CHROMIUM to its path"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and keep all browser tests on one worker: one browser and one server for all of them."""
    reason = _why_not() if any(HERE in item.path.parents for item in items) else ""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


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


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page, served for the whole session."""
    port = free_port()
    with serving(page_command(port), port, tmp_path_factory.mktemp("page") / "log") as address:
        yield address


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the gallery of parts, with the style, script and template of the page."""
    home = tmp_path_factory.mktemp("gallery")
    (home / "app").mkdir()
    shutil.copy(HERE / "gallery.py", home / "app" / "gallery.py")
    for name in ("assets", "templates"):
        (home / name).symlink_to(UI / name)
    port = free_port()
    env = {
        "SOLARA_APP": f"{home / 'app' / 'gallery.py'}:Gallery",
        "SOLARA_MODE": "production",
        "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_THEME_SHOW_BANNER": "false",
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "solara.server.starlette:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    with serving(command, port, home / "log", env) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session, with no host but 127.0.0.1."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        running = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


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


OpenPage = Callable[..., object]


@pytest.fixture
def open_page(browser) -> Iterator[OpenPage]:
    """Opens a page in a fresh browser profile: open_page(address, size=DESK, language="en-GB", colours="light")."""
    contexts, watches = [], []

    def opened(address: str, size: tuple[int, int] = DESK, language: str = "en-GB", colours: str = "light"):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme=colours,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(WAIT)
        page = context.new_page()
        watch = Watch(address)
        watch.follow(page)
        contexts.append(context)
        watches.append(watch)
        page.goto(address)
        page.locator(".bdg-main").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [url for watch in watches for url in watch.outside], "the page asked another host"
    assert not [problem for watch in watches for problem in watch.problems], "a script of the page stumbled"
