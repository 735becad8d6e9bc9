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
from sim.ui.state import edits
from sim.ui.state.place import Place, opening
from sim.ui.words import called, language, say


@cache
def titles() -> dict[str, str]:
    """The ready scenarios by name, as their authors called them."""
    return {name: load_scenario(name).title for name in ready_scenarios()}


@solara.component
def Side(desk: Desk, words: dict[str, str]) -> None:
    """The whole panel."""
    place, _ = desk.place.value, language.value
    named = (called(place.scenario, one.name) for one in place.scenario.packages)
    packages = [{"value": str(k), "label": name} for k, name in enumerate(named)]
    changed = panel.changes(place)
    with solara.Column(gap="12px", style={"background": "transparent"}):
        Pick(
            label=say("Scenario"),
            options=scenarios(place),
            value="" if is_own(place) else place.opened,
            name="scenario",
            words=words,
            event_pick=lambda name: desk.attempt(lambda now: opened(name, now)),
        )
        Pick(
            label=say("Package being changed"),
            options=packages,
            value=str(place.package),
            name="package",
            words=words,
            event_pick=lambda k: desk.attempt(lambda now: now.on_package(int(k))),
        )
        Actions(
            label=say("Start again"),
            items=[{"id": "reset", "label": say("Start again"), "icon": "undo", "off": not changed}],
            words=words,
            event_act=lambda _: desk.attempt(lambda now: now.reset),
        )
        Items(desk, "lever", say("Levers"), words)
        Items(desk, "kind", say("Shocks"), words)


@solara.component
def Items(desk: Desk, key: str, title: str, words: dict[str, str]) -> None:
    """The levers of the package (`lever`), or the shocks (`kind`)."""
    place, spoken = desk.place.value, language.value
    now, base = (place.policies, place.base_policies) if key == "lever" else (place.shocks, place.base_shocks)
    which = tuple({**base, **now, **place.rested(key)})
    scenario = place.scenario
    groups = solara.use_memo(lambda: panel.groups(place, key), [spoken, which, scenario.start, scenario.months])
    values = solara.use_memo(lambda: panel.values(place, key), [now, base, place.rests])
    usual = solara.use_memo(lambda: panel.base_values(place, key), [base, which, scenario.start])

    def moved(said: dict[str, Any]) -> None:
        item, field, value = said["item"], said["field"], said["value"]
        if item is None:
            desk.attempt(lambda place: place.undone(key))
            return
        move = Place.set_lever if key == "lever" else Place.set_shock
        kind = edits.registry_of(key)[edits.kind_of(item)]
        settle = edits.moves_others(kind, field)  # the panel has moved the one field alone
        desk.attempt(lambda place: move(place, item, field, value), settle=settle, what=(item, field))

    Levers(
        title=title,
        prefix=key,
        groups=groups,
        base=usual,
        values=values,
        rev=desk.rev.value,
        locale=spoken,
        words=words,
        event_change=moved,
    )


def is_own(place: Place) -> bool:
    """Whether the scenario is none of the ready ones, by its title: it came from a file, or from a link to one."""
    return place.scenario.title != titles()[place.opened]


def scenarios(place: Place) -> list[dict[str, str]]:
    """What the box of scenarios offers: the reader's own first, where there is one."""
    ready = [{"value": name, "label": say(title), "group": ""} for name, title in titles().items()]
    if not is_own(place):
        return ready
    own = {"value": "", "label": called(place.scenario, place.scenario.title), "group": say("From a file or a link")}
    return [own, *({**one, "group": say("Ready scenarios")} for one in ready)]


def opened(name: str, now: Place) -> Place:
    """Another ready scenario, seen as this one was."""
    return replace(opening(name, server.limits()), view=now.view, language=now.language, outcome=now.outcome)
