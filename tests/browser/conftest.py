"""A real browser on a real server. Without Chromium or the packages of the page these tests are skipped, and say why.

`server` serves the page, `gallery` its parts. `open_page(address)` opens a tab in which every other host is blocked; it
fails the test at the end if the tab asked for anything from elsewhere or if one of its scripts stumbled.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness import CHROMIUM, DESK, FLAGS, QUICK, WAIT, Watch, free_port, page_command, serving, why_not

import sim

HERE = Path(__file__).parent
UI = Path(sim.__file__).parent / "ui"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests, and skip them where they cannot run."""
    ours = [item for item in items if HERE in item.path.parents]
    reason = why_not() if ours else ""
    for item in ours:
        item.add_marker(pytest.mark.browser)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page with small and few worlds, served for the whole session."""
    port = free_port()
    with serving(page_command(port, *QUICK), port, tmp_path_factory.mktemp("page") / "log") as address:
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
        "REACTON_FAST": "1",
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


@pytest.fixture(scope="session")
def profiles(browser) -> Iterator[Callable]:
    """Browser profiles by size, language and colours: kept, because an empty cache costs a second a page."""
    from playwright.sync_api import BrowserContext

    made: dict[tuple, BrowserContext] = {}

    def profile(size: tuple[int, int], language: str, colours: str, fresh: bool) -> BrowserContext:
        key = (size, language, colours, len(made) if fresh else None)
        if key not in made:
            made[key] = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale=language,
                color_scheme=colours,
                reduced_motion="reduce",
                permissions=["clipboard-read", "clipboard-write"],
            )
            made[key].set_default_timeout(WAIT)
        return made[key]

    yield profile
    for context in made.values():
        context.close()


@pytest.fixture
def open_page(profiles) -> Iterator[Callable]:
    """open_page(address, size=DESK, language="en-GB", colours="light", fresh=False): a tab, shown and watched.

    fresh: in a profile of its own, as on another person's computer.
    """
    pages, watches = [], []

    def opened(address: str, size=DESK, language: str = "en-GB", colours: str = "light", fresh: bool = False):
        page = profiles(size, language, colours, fresh).new_page()
        watch = Watch(address)
        watch.follow(page)
        pages.append(page)
        watches.append(watch)
        page.goto(address)
        page.locator(".bdg-main").wait_for()
        page.locator("#first").wait_for(state="detached")
        return page

    yield opened
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert not [url for watch in watches for url in watch.outside], "the page asked another host"
    assert not [problem for watch in watches for problem in watch.problems], "a script of the page stumbled"
