"""What a browser shows before any script has come: the frame of the page, and the figures where they are known.

It stands in the page that the server sends (in place of MARK in its template), as text, and goes when the page itself
is there.
"""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.language import ENGLISH, LANGUAGES
from sim.ui import server
from sim.ui.page import overview
from sim.ui.page.app import NAMES, TITLE, question_of
from sim.ui.state import links
from sim.ui.state.place import VIEWS
from sim.ui.words import called, say, speaking

MARK = b"<!-- first view -->"
MOST = 2_000_000  # bytes of a page that is looked through for the mark
MARKED = '<svg class="bdg-mark" viewBox="0 0 32 32"><path d="M2 22 9 10l5 7 4-8 12 13" /><path d="M2 27h28" /></svg>'
ARROWS = {1: "M12 20V5M6 11l6-6l6 6", 0: "M5 9.5h14M5 14.5h14", -1: "M12 4v15M6 13l6 6l6-6"}
BEGINS, BODY = "http.response.start", "http.response.body"


class FirstView:
    """Puts the first view into the page of an address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        begin: Message = {}
        held = b""

        async def changed(message: Message) -> None:
            nonlocal begin, held
            if message["type"] == BEGINS:
                begin = message
                return
            held += message.get("body", b"")
            if message.get("more_body") and len(held) < MOST:
                return
            if begin:
                if MARK in held:
                    held = held.replace(MARK, view(scope), 1)
                    size = str(len(held)).encode()
                    begin["headers"] = [
                        (name, size if name == b"content-length" else value) for name, value in begin["headers"]
                    ]
                await send(begin)
                begin = {}
            await send({**message, "body": held})
            held = b""

        await self.app(scope, receive, changed)


def view(scope: Scope) -> bytes:
    """The first view of a request."""
    asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    try:
        return html(scope["query_string"].decode("latin-1"), asked[:2].lower()).encode()
    except Exception:  # the page itself comes anyway, and says what is wrong
        return b""


def html(address: str, browser: str) -> str:
    """The first view of an address, in its language or else in the browser's."""
    place, _ = links.read(address, server.limits(), server.opens())
    spoken = browser if "lang=" not in address and browser in LANGUAGES else place.language
    with speaking(spoken if spoken in LANGUAGES else ENGLISH):
        answer = server.known(question_of(place))
        views = "".join(
            f'<button type="button"{_current(name == place.view)}>{escape(say(NAMES[name]))}</button>' for name in VIEWS
        )
        if answer is None or place.view != VIEWS[0] or not answer.comparison.ensemble.policies:
            inner = '<div class="bdg-ring"></div>'
        else:
            ensemble = answer.comparison.ensemble
            cards = answer.once(("cards", spoken), lambda: overview.cards(ensemble))
            shown = "".join(_card(one, say("against no policy")) for one in cards)
            said = escape(overview.standing(ensemble, answer))
            inner = f'<div class="bdg-cards" style="--columns: 3">{shown}</div><p class="bdg-p note">{said}</p>'
        return (
            f'<div id="first" class="bdg" lang="{spoken}" aria-busy="true" inert><header class="bdg-top">'
            f'<div class="bdg-top-row"><div class="bdg-brand">{MARKED}<h1>{escape(say(TITLE))}</h1>'
            f'<span class="bdg-sub">{escape(called(place.scenario, place.scenario.title))}</span></div></div>'
            f'<div class="bdg-second"><nav class="bdg-views">{views}</nav></div></header>'
            f'<div class="bdg-body"><div class="bdg-side"><h2 class="bdg-h">{escape(say("Levers"))}</h2></div>'
            f'<div class="bdg-first-main">{inner}</div></div></div>'
        )


def _current(is_so: bool) -> str:
    return ' aria-current="page"' if is_so else ""


def _card(card: dict[str, Any], versus: str) -> str:
    """A figure as the page's own cards show it, without its small lines."""
    said = {name: escape(str(card[name])) for name in ("label", "value", "unit", "change", "word", "band", "tone")}
    arrow = f'<svg class="bdg-icon" viewBox="0 0 24 24"><path d="{ARROWS[card["direction"]]}" /></svg>'
    band = f" · {said['band']}" if said["band"] else ""
    return (
        f'<div class="bdg-card {said["tone"]}"><div class="bdg-card-name">{said["label"]}</div>'
        f'<div class="bdg-card-row"><div class="bdg-card-value">{said["value"]}'
        f"<small>{said['unit']}</small></div></div>"
        f'<div class="bdg-card-change">{arrow}<strong>{said["change"]}</strong><em>{said["word"]}</em></div>'
        f'<div class="bdg-card-band">{escape(versus)}{band}</div></div>'
    )
