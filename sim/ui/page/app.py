"""The page: head, side panel, and the view that the reader looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import solara

from sim.ui import server
from sim.ui.engine.asking import Question
from sim.ui.kit import words as kit_words
from sim.ui.kit.cards import Notice
from sim.ui.kit.files import Actions
from sim.ui.kit.frame import Page as Frame
from sim.ui.kit.frame import Panel, Shown, TopBar, Words
from sim.ui.page import panel
from sim.ui.page.answers import CANCELLED, FAILED, RUNNING, Asking, use_asking
from sim.ui.page.aside import Side
from sim.ui.page.below import Below
from sim.ui.page.desk import Desk
from sim.ui.page.districts import Districts
from sim.ui.page.gains import Gains
from sim.ui.page.household import Household
from sim.ui.page.overview import Overview
from sim.ui.page.packages import Packages
from sim.ui.state import edits, links
from sim.ui.state.place import VIEWS, Place
from sim.ui.words import called, language, number, say

ICONS = {"overview": "chart", "districts": "map", "gains": "people", "packages": "box", "household": "home"}
NAMES = {
    "overview": "Overview",
    "districts": "Districts",
    "gains": "Who gains",
    "packages": "Packages",
    "household": "One household",
}
TITLE = "Bandung resilience"
LANGUAGES = [["id", "Bahasa Indonesia"], ["en", "English"]]


@solara.component
def Page() -> None:
    """The page of one reader."""
    router = solara.use_router()
    desk = solara.use_memo(lambda: Desk(router.search or ""), [])
    solara.use_effect(lambda: desk.go(router.search or ""), [router.search])
    Whole(desk)


@solara.component
def Agents() -> None:
    """The second page: one model of the reader's own, step by step."""
    from sim.ui.page.watch import Watch

    Watch()


def question_of(place: Place) -> Question:
    """What the view asks: one package against none; all of them where they are compared."""
    scenario = place.scenario if place.view == "packages" else edits.only(place.scenario, place.package)
    return Question(scenario, server.limits().detail(place.detail), scenario.months)


@solara.component
def Whole(desk: Desk) -> None:
    """The frame, and the question behind everything in it. Its parts look at the desk themselves, each at its pace."""
    place, spoken = desk.place.value, language.value
    together = place.view == "packages"
    question = solara.use_memo(lambda: question_of(place), [place.scenario, place.package, together, place.detail])
    use_asking(desk.asking, question)
    words = solara.use_memo(lambda: kit_words.words(say), [spoken])
    Frame(
        bar=Head(desk, words),
        main=[Notices(desk, words), View(desk, words), Below(desk, words)],
        side=[Side(desk, words)],
        side_label=say("Levers and shocks"),
    )


@solara.component
def Head(desk: Desk, words: dict[str, str]) -> None:
    """The head of the page."""
    place, spoken, status = desk.place.value, language.value, desk.asking.status.value
    TopBar(
        title=say(TITLE),
        subtitle=called(place.scenario, place.scenario.title),
        document_title=f"{called(place.scenario, place.scenario.title)} · {say(NAMES[place.view])}",
        language=spoken,
        languages=LANGUAGES,
        views=[{"id": view, "label": say(NAMES[view]), "icon": ICONS[view]} for view in VIEWS],
        view=place.view,
        changes=panel.changes(place),
        running=running(desk.asking.share.value) if status == RUNNING else {},
        announce=say("Computing") if status == RUNNING else say("The results are up to date"),
        query=solara.use_memo(lambda: links.written(place), [place]),
        push=desk.push.value,
        copy_request=desk.copy.value,
        words=words,
        event_ready=desk.ready,
        event_address=desk.go,
        event_view=lambda view: desk.change(step=True, view=view),
        event_language=lambda code: desk.change(language=code),
        event_cancel=lambda _: desk.cancel(),
        event_copied=desk.copied,
    )


def running(share: float) -> dict[str, Any]:
    """The line in the head while something runs."""
    return {"text": say("Computing, {share} %", share=number(100 * share)), "share": share, "cancel": True}


@solara.component
def View(desk: Desk, words: dict[str, str]) -> None:
    """What the reader looks at."""
    place, shown, _ = desk.place.value, desk.asking.shown.value, language.value
    Shown(place.view, [view_of(desk, place, shown, words)])


def view_of(desk: Desk, place: Place, shown: Any, words: dict[str, str]) -> solara.Element:
    """The view of that name, or a word while there is nothing to look at yet."""
    if place.view == "household":
        return Household(place, desk.change, words)
    if place.view == "packages":
        return Packages(place, shown, desk.change, desk.attempt, words)
    if shown is None:
        lines = [
            say("The first curves are being computed."),
            say("On a new installation the rules of the model are compiled first; that takes about a minute."),
        ]
        return Notice(kind="note", title=say("One moment"), lines=lines, words=words)
    return {"overview": Overview, "districts": Districts, "gains": Gains}[place.view](place, shown, desk.change, words)


@solara.component
def Notices(desk: Desk, words: dict[str, str]) -> None:
    """What the reader is told before anything else."""
    notes, status, error, _ = desk.notes.value, desk.asking.status.value, desk.asking.error.value, language.value
    with solara.Column(gap="12px", style={"background": "transparent"}):
        if notes:
            kind, lines = notes
            title = {"error": say("That cannot be"), "warning": say("Please note"), "note": ""}[kind]
            close = lambda _: desk.notes.set(None)  # noqa: E731
            Notice(
                kind=kind, title=title, lines=[say(one) for one in lines], closes=True, words=words, event_close=close
            )
        if error:
            Notice(kind="error", title=say("The run failed"), lines=[say(error)], words=words)
        if status in (FAILED, CANCELLED):
            again(desk.asking, words)


def again(asking: Asking, words: dict[str, str]) -> solara.Element:
    """What to do after a run that was cancelled or failed."""
    items = [{"id": "run", "label": say("Run again"), "icon": "run", "main": True}]
    action = Actions(label=say("Run"), items=items, words=words, event_act=lambda _: asking.again())
    cancelled = asking.status.value == CANCELLED
    said = say("The run was cancelled; the last result is shown.") if cancelled else say("The last result is shown.")
    return Panel(title="", children=[Words(said), action])


@solara.component
def Bare(children: Sequence[solara.Element]) -> None:
    """No frame of Solara's around the page: it has its own."""
    solara.Div(children=list(children))


routes = [
    solara.Route("/", component=Page, layout=Bare),
    solara.Route("agents", component=Agents, layout=solara.AppLayout),
]
