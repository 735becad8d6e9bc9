"""The page: what the reader chose, the side panel, and the view they look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from sim.errors import InputError
from sim.ui import server
from sim.ui.engine.asking import Question
from sim.ui.kit import words as kit_words
from sim.ui.kit.cards import Notice
from sim.ui.kit.files import Actions, Pick
from sim.ui.kit.frame import Page as Frame
from sim.ui.kit.frame import TopBar, Words
from sim.ui.kit.levers import Levers
from sim.ui.page import panel
from sim.ui.page.answers import Asked, use_answer
from sim.ui.page.overview import Overview
from sim.ui.state import edits, links
from sim.ui.state.place import LIVE, VIEWS, Place
from sim.ui.words import label, language, number, say

ICONS = {"overview": "chart", "districts": "map", "gains": "people", "packages": "box", "household": "home"}
NAMES = {
    "overview": "Overview",
    "districts": "Districts",
    "gains": "Who gains",
    "packages": "Packages",
    "household": "One household",
}
LANGUAGES = [["id", "Bahasa Indonesia"], ["en", "English"]]


class Desk:
    """One reader's choices, and what the page tells them."""

    def __init__(self, address: str) -> None:
        place, notes = links.read(address, server.limits(), server.opens())
        self.place = solara.reactive(place)
        self.notes = solara.reactive([str(one) for one in notes])
        self.rev = solara.reactive(0)  # raised when the panel shall take the scenario's values
        self.push = solara.reactive(0)  # raised when the next address is a step of the back button
        self.seen = address  # the address that was last read
        language.set(place.language)

    def go(self, address: str) -> None:
        """Follow an address: a link, the back button."""
        if address.lstrip("?") in (self.seen, links.written(self.place.peek())):
            return
        self.seen = address.lstrip("?")
        place, notes = links.read(address, server.limits(), server.opens())
        self.notes.set([str(one) for one in notes])
        self.settle(place)

    def settle(self, place: Place) -> None:
        """Take a whole new place; the panel follows."""
        language.set(place.language)
        self.place.set(place)
        self.rev.set(self.rev.peek() + 1)

    def change(self, step: bool = False, **values: Any) -> None:
        """Look elsewhere. step: the back button comes back here."""
        if step:
            self.push.set(self.push.peek() + 1)
        if "language" in values:
            language.set(values["language"])
        self.place.set(replace(self.place.peek(), **values))

    def attempt(self, how: Callable[[Place], Place], settle: bool = True) -> None:
        """Change the scenario; what cannot be is told, and nothing changes."""
        try:
            place = how(self.place.peek())
        except InputError as error:
            self.notes.set(list(error.messages))
            self.rev.set(self.rev.peek() + 1)
            return
        self.notes.set([])
        if settle:
            self.settle(place)
        else:
            self.place.set(place)


def question_of(place: Place) -> Question:
    """What the view asks: one package against none; all of them where they are compared."""
    scenario = place.scenario if place.view == "packages" else edits.only(place.scenario, place.package)
    return Question(scenario, server.limits().detail(place.detail), scenario.months)


@solara.component
def Page() -> None:
    """The page of one reader."""
    router = solara.use_router()
    desk = solara.use_memo(lambda: Desk(router.search or ""), [])
    solara.use_effect(lambda: desk.go(router.search or ""), [router.search])
    Whole(desk)


@solara.component
def Whole(desk: Desk) -> None:
    place, _ = desk.place.value, language.value
    words = solara.use_memo(lambda: kit_words.words(say), [language.value])
    asked = use_answer(
        solara.use_memo(lambda: question_of(place), [place.scenario, place.package, place.view, place.detail])
    )
    notices = [
        Notice(
            kind="warning",
            title=say("Please note"),
            lines=lines,
            closes=True,
            words=words,
            event_close=lambda _: desk.notes.set([]),
        )
        for lines in ([desk.notes.value] if desk.notes.value else [])
    ]
    if asked.error:
        notices.append(Notice(kind="error", title=say("The run failed"), lines=[asked.error], words=words))
    if asked.answer is None:
        main = [*notices, Words(say("The first curves are being computed."), "note")]
    else:
        main = [*notices, Overview(place, asked, desk.change, words)]
    bar = TopBar(
        title=say("Bandung resilience"),
        subtitle=place.scenario.title,
        document_title=f"{place.scenario.title} · {say(NAMES[place.view])}",
        language=language.value,
        languages=LANGUAGES,
        views=[{"id": view, "label": say(NAMES[view]), "icon": ICONS[view]} for view in VIEWS],
        view=place.view,
        changes=panel.changes(place),
        running=running(asked),
        announce=say("Computing") if asked.running else say("The results are up to date"),
        query=links.written(place),
        push=desk.push.value,
        words=words,
        event_view=lambda view: desk.change(step=True, view=view),
        event_language=lambda code: desk.change(language=code),
        event_cancel=lambda _: asked.cancel(),
    )
    Frame(bar=bar, main=main, side=side(desk, place, words), side_label=say("Levers and shocks"))


def running(asked: Asked) -> dict[str, Any]:
    """The line under the head while something runs."""
    if not asked.running:
        return {}
    return {"text": say("Computing, {share} %", share=number(100 * asked.share)), "share": asked.share, "cancel": True}


def side(desk: Desk, place: Place, words: dict[str, str]) -> list[solara.Element]:
    """The side panel: which scenario and package, its levers, the shocks."""
    from sim.scenario import ready_scenarios

    packages = [{"value": str(k), "label": one.name} for k, one in enumerate(place.scenario.packages)]
    return [
        Pick(
            label=say("Scenario"),
            options=[{"value": name, "label": label(name)} for name in ready_scenarios()],
            value=place.opened,
            name="scenario",
            words=words,
            event_pick=lambda name: desk.attempt(lambda now: opened(name, now)),
        ),
        Pick(
            label=say("Package being changed"),
            options=packages,
            value=str(place.package),
            name="package",
            words=words,
            event_pick=lambda k: desk.attempt(lambda now: replace(now, package=int(k), detail=LIVE)),
        ),
        panel_of(desk, place, "lever", say("Levers"), words),
        panel_of(desk, place, "kind", say("Shocks"), words),
        Actions(
            label=say("Start again"),
            items=[{"id": "reset", "label": say("Undo all changes"), "icon": "undo", "off": not panel.changes(place)}],
            words=words,
            event_act=lambda _: desk.attempt(lambda now: now.reset),
        ),
    ]


def panel_of(desk: Desk, place: Place, key: str, title: str, words: dict[str, str]) -> solara.Element:
    """The levers of the package, or the shocks."""

    def moved(said: dict[str, Any]) -> None:
        item, field, value = said["item"], said["field"], said["value"]
        if key == "lever":
            desk.attempt(lambda now: now.set_lever(item, field, value), settle=False)
        else:
            desk.attempt(lambda now: now.set_shock(item, field, value), settle=False)

    return Levers(
        title=title,
        prefix=key,
        groups=panel.groups(place, key),
        base=panel.base_values(place, key),
        values=panel.values(place, key),
        rev=desk.rev.value,
        locale=language.value,
        words=words,
        event_change=moved,
    )


def opened(name: str, now: Place) -> Place:
    """Another ready scenario, seen as this one was."""
    from sim.ui.state.place import opening

    return replace(opening(name, server.limits()), view=now.view, language=now.language, outcome=now.outcome)
