"""Under every view: look closer, take files along, share, and repeat it elsewhere."""

from __future__ import annotations

from typing import Any

import solara

from sim.ui import server
from sim.ui.kit.files import Actions, Code, Downloads, Pick, Upload
from sim.ui.kit.frame import Grid, Panel
from sim.ui.limits import Detail
from sim.ui.page import files
from sim.ui.page.desk import Desk
from sim.ui.state.place import LIVE, Place
from sim.ui.words import language, say


@solara.component
def Below(desk: Desk, words: dict[str, str]) -> None:
    """Both panels; nothing before there is a result."""
    place, shown, _ = desk.place.value, desk.asking.shown.value, language.value
    content = desk.content.value
    name = solara.use_memo(lambda: files.reference(place), [place.scenario, place.opened])
    if shown is None:
        return
    Grid(
        children=[
            Panel(title=say("Look closer, take it along"), children=closer(desk, place, content, words)),
            Panel(
                title=say("Reproduce this"),
                lead="" if name == place.opened else say("Save the scenario file first, as {name}.", name=name),
                children=[
                    Code(label=say("Command"), text=files.command(name, shown.answer), language="sh", words=words),
                    Code(label="Python", text=files.python_lines(name, shown.answer), language="python", words=words),
                ],
            ),
        ]
    )


def closer(desk: Desk, place: Place, content: dict[str, Any] | None, words: dict[str, str]) -> list[solara.Element]:
    """How closely to look; files out and in; the link."""
    looks = Pick(
        label=say("How closely to look"),
        options=[{"value": one.name, "label": detail_label(one)} for one in server.limits().details()],
        value=place.detail,
        name="detail",
        segments=True,
        help=say("Longer looks run in the background and can be cancelled; a moved lever goes back to the quick one."),
        words=words,
        event_pick=lambda name: desk.change(detail=name),
    )
    out = Downloads(
        label=say("Files"),
        items=[
            {"id": "scenario", "label": say("Scenario file"), "icon": "save"},
            {"id": "figures", "label": say("All figures (CSV)"), "icon": "download"},
            {"id": "report", "label": say("Report (HTML)"), "icon": "download"},
        ],
        content=content or {},
        words=words,
        event_want=desk.want,
    )
    most = server.limits().upload_bytes
    load = Upload(label=say("Load a scenario file"), most=most, words=words, event_upload=desk.load)
    share = Actions(
        label=say("Share"),
        items=[{"id": "copy", "label": say("Copy the link"), "icon": "link"}],
        words=words,
        event_act=lambda _: desk.copy.set(desk.copy.peek() + 1),
    )
    return [looks, out, load, share]


def detail_label(detail: Detail) -> str:
    """One way to look, in a few words."""
    if detail.scale == 1:
        return say("The whole city, once")
    if detail.name == LIVE:
        return say("Quick: 1 in {scale}, {seeds} times", scale=detail.scale, seeds=detail.seeds)
    return say("With care: 1 in {scale}, {seeds} times", scale=detail.scale, seeds=detail.seeds)
