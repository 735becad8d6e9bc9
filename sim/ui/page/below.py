"""Under every view: look closer, take files along, share, and repeat it elsewhere."""

from __future__ import annotations

import solara

from sim.ui import server
from sim.ui.kit.files import Actions, Code, Downloads, Pick, Upload
from sim.ui.kit.frame import Grid, Panel
from sim.ui.limits import Detail
from sim.ui.page import files
from sim.ui.page.answers import Asked
from sim.ui.page.desk import Desk
from sim.ui.state.place import LIVE, Place
from sim.ui.words import say


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
