"""The page: what the reader chose, the side panel, and the view they look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from sim.errors import InputError
from sim.ui import server
from sim.ui.engine.asking import Answer, Question
from sim.ui.kit import words as kit_words
from sim.ui.kit.cards import Notice
from sim.ui.kit.files import Actions, Code, Downloads, Pick, Upload
from sim.ui.kit.frame import Grid, Panel, TopBar, Words
from sim.ui.kit.frame import Page as Frame
from sim.ui.kit.levers import Levers
from sim.ui.limits import Detail
from sim.ui.page import files, panel
from sim.ui.page.answers import Asked, use_answer
from sim.ui.page.districts import Districts
from sim.ui.page.gains import Gains
from sim.ui.page.household import Household
from sim.ui.page.overview import Overview
from sim.ui.page.packages import Packages
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
        self.notes: solara.Reactive[Any] = solara.reactive(("warning", list(notes)) if notes else None)
        self.copy = solara.reactive(0)  # raised to copy the address
        self.content: solara.Reactive[Any] = solara.reactive(None)  # a file for the browser to save
        self.answer: Answer | None = None  # what the page shows
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
        self.notes.set(("warning", list(notes)) if notes else None)
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
            self.say("error", *error.messages)
            self.rev.set(self.rev.peek() + 1)
            return
        self.notes.set(None)
        if settle:
            self.settle(place)
        else:
            self.place.set(place)

    def say(self, kind: str, *lines: str) -> None:
        """Tell the reader something: kind `note`, `warning` or `error`."""
        self.notes.set((kind, [say(line) for line in lines]))

    def load(self, file: dict[str, Any]) -> None:
        """A scenario file that the reader gives."""
        if file.get("error"):
            most = number(server.limits().upload_bytes)
            self.say("error", say("{name}: larger than {most} bytes", name=files.shown(file["name"]), most=most))
            return
        self.attempt(lambda now: files.loaded(file["name"], file["text"], now, server.limits()))

    def want(self, which: str) -> None:
        """A file that the reader wants."""
        place, answer = self.place.peek(), self.answer
        if which == "scenario" or answer is None:
            made = files.scenario_file(place)
        else:
            made = (
                files.figures_file(place, answer)
                if which == "figures"
                else files.report_file(place, answer, language.peek())
            )
        before = self.content.peek()
        self.content.set({"n": 1 + (before or {"n": 0})["n"], "name": made.name, "type": made.type, "text": made.text})


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
    """The page for the reader's choices as they are now."""
    place, _ = desk.place.value, language.value
    words = solara.use_memo(lambda: kit_words.words(say), [language.value])
    question = solara.use_memo(lambda: question_of(place), [place.scenario, place.package, place.view, place.detail])
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
        event_view=lambda view: desk.change(step=True, view=view),
        event_language=lambda code: desk.change(language=code),
        event_cancel=lambda _: asked.cancel(),
        event_copied=lambda done: desk.say(
            "note", say("The link is copied.") if done else say("Copy the link from the address line.")
        ),
    )


def view_of(desk: Desk, place: Place, asked: Asked, words: dict[str, str]) -> solara.Element:
    """What the reader looks at."""
    if place.view == "household":
        return Household(place, desk.change, words)
    if place.view == "packages":
        return Packages(place, asked, desk.change, desk.attempt, words)
    if asked.answer is None:
        waiting = say(
            "The first curves are being computed. On a new installation the rules are compiled first: a minute."
        )
        return Notice(kind="note", title=say("One moment"), lines=[waiting], words=words)
    return {"overview": Overview, "districts": Districts, "gains": Gains}[place.view](place, asked, desk.change, words)


def notices(desk: Desk, asked: Asked, words: dict[str, str]) -> list[solara.Element]:
    """What the reader is told before anything else."""
    found = []
    if desk.notes.value:
        kind, lines = desk.notes.value
        title = {"error": say("That cannot be"), "warning": say("Please note"), "note": ""}[kind]
        found.append(
            Notice(kind=kind, title=title, lines=lines, closes=True, words=words,
                   event_close=lambda _: desk.notes.set(None))
        )  # fmt: skip
    if asked.error:
        found.append(Notice(kind="error", title=say("The run failed"), lines=[say(asked.error)], words=words))
    if asked.error or asked.cancelled:
        line = say("The run was cancelled; the last result is shown.") if asked.cancelled else ""
        found.append(
            Panel(title="", children=[
                *([Words(line)] if line else []),
                Actions(label=say("Run"), items=[{"id": "run", "label": say("Run again"), "icon": "run", "main": True}],
                        words=words, event_act=lambda _: asked.again()),
            ])
        )  # fmt: skip
    return found


def running(asked: Asked) -> dict[str, Any]:
    """The line under the head while something runs."""
    if not asked.running:
        return {}
    return {"text": say("Computing, {share} %", share=number(100 * asked.share)), "share": asked.share, "cancel": True}


def below(desk: Desk, place: Place, asked: Asked, words: dict[str, str]) -> list[solara.Element]:
    """Under every view: look closer, take it along, repeat it."""
    if asked.answer is None:
        return []
    content = desk.content.value
    closer = (
        [
            Pick(
                label=say("How closely to look"),
                options=[{"value": one.name, "label": detail_label(one)} for one in server.limits().details()],
                value=place.detail,
                name="detail",
                segments=True,
                help=say(
                    "Longer looks run in the background and can be cancelled; a moved lever goes back to the quick one."
                ),
                words=words,
                event_pick=lambda name: desk.change(detail=name),
            )
        ]
        if place.view != "household"
        else []
    )
    return [
        Grid(children=[
            Panel(title=say("Look closer, take it along"), children=[
                *closer,
                Downloads(
                    label=say("Files"),
                    items=[
                        {"id": "scenario", "label": say("Scenario file"), "icon": "save"},
                        {"id": "figures", "label": say("All figures (CSV)"), "icon": "download"},
                        {"id": "report", "label": say("Report (HTML)"), "icon": "download"},
                    ],
                    content={} if content is None else content,
                    words=words,
                    event_want=desk.want,
                ),
                Upload(label=say("Load a scenario file"), most=server.limits().upload_bytes, words=words,
                       event_upload=desk.load),
                Actions(label=say("Share"), items=[{"id": "copy", "label": say("Copy the link"), "icon": "link"}],
                        words=words, event_act=lambda _: desk.copy.set(desk.copy.peek() + 1)),
            ]),
            Panel(title=say("Reproduce this"), lead=reproduced(place), children=[
                Code(label=say("Command"), text=files.command(place, asked.answer), language="sh", words=words),
                Code(label="Python", text=files.python_lines(place, asked.answer), language="python", words=words),
            ]),
        ])
    ]  # fmt: skip


def reproduced(place: Place) -> str:
    name = files.reference(place)
    return "" if name == place.opened else say("Save the scenario file first, as {name}.", name=name)


def detail_label(detail: Detail) -> str:
    """One way to look, in a few words."""
    if detail.scale == 1:
        return say("The whole city, once")
    if detail.name == LIVE:
        return say("Quick: 1 in {scale}, {seeds} times", scale=detail.scale, seeds=detail.seeds)
    return say("With care: 1 in {scale}, {seeds} times", scale=detail.scale, seeds=detail.seeds)


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
