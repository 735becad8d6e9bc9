"""The page: head, side panel, and the view that the reader looks at."""

from __future__ import annotations

from typing import Any

import solara

from sim.ui import server
from sim.ui.engine.asking import Question
from sim.ui.kit import words as kit_words
from sim.ui.kit.cards import Notice
from sim.ui.kit.files import Actions
from sim.ui.kit.frame import Page as Frame
from sim.ui.kit.frame import Panel, TopBar, Words
from sim.ui.page import panel
from sim.ui.page.answers import Asked, use_answer
from sim.ui.page.aside import side
from sim.ui.page.below import below
from sim.ui.page.desk import Desk
from sim.ui.page.districts import Districts
from sim.ui.page.gains import Gains
from sim.ui.page.household import Household
from sim.ui.page.overview import Overview
from sim.ui.page.packages import Packages
from sim.ui.state import edits, links
from sim.ui.state.place import VIEWS, Place
from sim.ui.words import language, number, say

ICONS = {"overview": "chart", "districts": "map", "gains": "people", "packages": "box", "household": "home"}
NAMES = {
    "overview": "Overview",
    "districts": "Districts",
    "gains": "Who gains",
    "packages": "Packages",
    "household": "One household",
}
LANGUAGES = [["id", "Bahasa Indonesia"], ["en", "English"]]


@solara.component
def Page() -> None:
    """The page of one reader."""
    router = solara.use_router()
    desk = solara.use_memo(lambda: Desk(router.search or ""), [])
    solara.use_effect(lambda: desk.go(router.search or ""), [router.search])
    Whole(desk)


def question_of(place: Place) -> Question:
    """What the view asks: one package against none; all of them where they are compared."""
    scenario = place.scenario if place.view == "packages" else edits.only(place.scenario, place.package)
    return Question(scenario, server.limits().detail(place.detail), scenario.months)


@solara.component
def Whole(desk: Desk) -> None:
    """The page for the reader's choices as they are now."""
    place, _ = desk.place.value, language.value
    words = solara.use_memo(lambda: kit_words.words(say), [language.value])
    together = place.view == "packages"
    question = solara.use_memo(lambda: question_of(place), [place.scenario, place.package, together, place.detail])
    asked = use_answer(question)
    desk.answer = asked.answer
    main = [*notices(desk, asked, words), view_of(desk, place, asked, words), *below(desk, place, asked, words)]
    Frame(
        bar=top(desk, place, asked, words),
        main=main,
        side=side(desk, place, words),
        side_label=say("Levers and shocks"),
    )


def top(desk: Desk, place: Place, asked: Asked, words: dict[str, str]) -> solara.Element:
    """The head of the page."""
    return TopBar(
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
        copy_request=desk.copy.value,
        words=words,
        event_ready=desk.ready,
        event_address=desk.go,
        event_view=lambda view: desk.change(step=True, view=view),
        event_language=lambda code: desk.change(language=code),
        event_cancel=lambda _: asked.cancel(),
        event_copied=desk.copied,
    )


def running(asked: Asked) -> dict[str, Any]:
    """The line under the head while something runs."""
    if not asked.running:
        return {}
    return {"text": say("Computing, {share} %", share=number(100 * asked.share)), "share": asked.share, "cancel": True}


def view_of(desk: Desk, place: Place, asked: Asked, words: dict[str, str]) -> solara.Element:
    """What the reader looks at."""
    if place.view == "household":
        return Household(place, desk.change, words)
    if place.view == "packages":
        return Packages(place, asked, desk.change, desk.attempt, words)
    if asked.answer is None:
        lines = [
            say("The first curves are being computed."),
            say("On a new installation the rules of the model are compiled first; that takes about a minute."),
        ]
        return Notice(kind="note", title=say("One moment"), lines=lines, words=words)
    views = {"overview": Overview, "districts": Districts, "gains": Gains}
    return views[place.view](place, asked, desk.change, words)


def notices(desk: Desk, asked: Asked, words: dict[str, str]) -> list[solara.Element]:
    """What the reader is told before anything else."""
    found = []
    if desk.notes.value:
        kind, lines = desk.notes.value
        title = {"error": say("That cannot be"), "warning": say("Please note"), "note": ""}[kind]
        close = lambda _: desk.notes.set(None)  # noqa: E731
        found.append(Notice(kind=kind, title=title, lines=lines, closes=True, words=words, event_close=close))
    if asked.error:
        found.append(Notice(kind="error", title=say("The run failed"), lines=[say(asked.error)], words=words))
    if asked.error or asked.cancelled:
        found.append(again(asked, words))
    return found


def again(asked: Asked, words: dict[str, str]) -> solara.Element:
    """What to do after a run that was cancelled or failed."""
    items = [{"id": "run", "label": say("Run again"), "icon": "run", "main": True}]
    action = Actions(label=say("Run"), items=items, words=words, event_act=lambda _: asked.again())
    said = (
        say("The run was cancelled; the last result is shown.") if asked.cancelled else say("The last result is shown.")
    )
    return Panel(title="", children=[Words(said), action])
