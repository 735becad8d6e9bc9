"""Starting the page: the environment comes first, because Solara reads it when it is imported."""

from __future__ import annotations

import gc
import importlib.util
import os
import socket
from collections.abc import Callable
from pathlib import Path

from sim.errors import InputError
from sim.language import told
from sim.ui.limits import Limits, hand_over

NEEDS = ("solara", "ipyvue", "ipyvuetify", "uvicorn")
LOCAL = ("127.0.0.1", "localhost", "::1")
PATIENCE = 6.0  # seconds that the page's own first reader may take to come
INSTALL = "pip install 'bandung-resilience[ui]'"
SETTINGS = {
    "SOLARA_APP": "sim.ui.page.app",
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # nothing is fetched from outside: what is missing fails at once
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Bandung",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
    "SOLARA_KERNEL_MAX_COUNT": "500",
    "SOLARA_STATE_AUTO_REMOUNT": "true",  # after a restart the page comes back by itself, from its address
    "SOLARA_SESSION_SAME_SITE": "lax",
    "REACTON_FAST": "1",  # what has not changed is not walked through: a moved lever costs a tenth
}


def check_installed() -> None:
    """Raises InputError where the packages of the page are not there, or are of the wrong generation."""
    if missing := [name for name in NEEDS if importlib.util.find_spec(name) is None]:
        raise InputError(
            told("the page needs packages that are not installed ({names}): {install}",
                 names=", ".join(missing), install=INSTALL)
        )  # fmt: skip
    from importlib.metadata import version

    for name in ("ipyvue", "ipyvuetify"):
        if not version(name).startswith("1."):
            raise InputError(
                told("the page needs {name} 1, not {version}: {install}",
                     name=name, version=version(name), install=INSTALL)
            )  # fmt: skip


def check_scenario(name: str | None) -> str:
    """The ready scenario that the page opens with. Raises InputError for any other name."""
    from sim.catalogue import did_you_mean
    from sim.scenario import ready_scenarios
    from sim.ui.state.place import USUAL

    if name is None or name in ready_scenarios():
        return name or USUAL
    near = did_you_mean(name, ready_scenarios())
    raise InputError(
        told("the page opens with a ready scenario, not with '{name}'{near}; load your own file in the page",
             name=name[:200], near=near)
    )  # fmt: skip


def check_port(host: str, port: int) -> None:
    """Raises InputError where the address cannot be listened on."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(
            told(
                "cannot listen on {host}, port {port}: {why}; another --port may be free", host=host, port=port, why=why
            )
        ) from None


def prepare(scenario: str, limits: Limits, boundaries: Path | None = None) -> None:
    """Leave everything in the environment that the page reads. Raises InputError for boundaries that do not fit."""
    gc.disable()  # nothing of what is imported is thrown away again; looking for it would take a tenth of the start
    from sim.ui import server

    if boundaries is not None:
        from sim.ui.kit.shapes import boundaries as read

        read(boundaries)
        os.environ[server.SHAPES] = str(boundaries.absolute())
    os.environ[server.OPENS] = scenario
    hand_over(limits)
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def prepare_first() -> None:
    """Compute what the page opens with, unless it is there, and keep it. Raises RunError when the run fails."""
    from sim.errors import RunError
    from sim.progress import reporter
    from sim.ui import server

    gc.enable()
    progress = reporter()
    try:
        error = server.warm_up(lambda share: progress("build", int(100 * share), 100))
    finally:
        progress.close()
        server.engine().close()
    if error:
        raise RunError(error)


def serve(host: str, port: int, ready: Callable[[], object] = lambda: None) -> None:
    """Serve the page until interrupted. `ready` is called once the address answers."""
    import threading
    import warnings

    import uvicorn
    from solara.server import starlette
    from starlette.middleware import Middleware

    from sim.ui import server

    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # told at every visit over plain http

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            from sim.ui.page.first import FirstView, html

            starlette.app.user_middleware.append(Middleware(FirstView))
            await super().startup(sockets)
            if self.started:
                gc.enable()
                ready()
                threading.Thread(target=prime, args=(html,), daemon=True).start()

    def prime(html: Callable[[str, str], str]) -> None:
        html("", "")  # what every page needs is read and kept
        server.warm_up(patience=PATIENCE)

    config = uvicorn.Config(
        starlette.app,
        host=host,
        port=port,
        log_level="warning",
        ws_ping_interval=20,
        ws_per_message_deflate=host not in LOCAL,  # within one machine it only takes time
    )
    try:
        Server(config).run()
    finally:
        if server.engine.cache_info().currsize:
            server.engine().close()


def address(host: str, port: int) -> str:
    """Where a browser finds the page."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"
