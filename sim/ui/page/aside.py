"""The side panel: which scenario and package, its levers, the shocks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import solara

from sim.scenario import load_scenario, ready_scenarios
from sim.ui import server
from sim.ui.kit.files import Actions, Pick
from sim.ui.kit.levers import Levers
from sim.ui.page import panel
from sim.ui.page.desk import Desk
from sim.ui.state.place import Place, opening
from sim.ui.words import language, say


@cache
def titles() -> dict[str, str]:
    """The ready scenarios by name, as their authors called them."""
    return {name: load_scenario(name).title for name in ready_scenarios()}


def side(desk: Desk, place: Place, words: dict[str, str]) -> list[solara.Element]:
    """The side panel: which scenario and package, its levers, the shocks."""
    packages = [{"value": str(k), "label": one.name} for k, one in enumerate(place.scenario.packages)]
    return [
        Pick(
            label=say("Scenario"),
            options=[{"value": name, "label": title} for name, title in titles().items()],
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
            event_pick=lambda k: desk.attempt(lambda now: now.on_package(int(k))),
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
    return replace(opening(name, server.limits()), view=now.view, language=now.language, outcome=now.outcome)
