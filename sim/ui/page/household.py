"""One household: its life in the world with the package and in the one without, told month by month."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import solara

from sim.errors import RunError
from sim.story import Life, Lives
from sim.ui import server
from sim.ui.engine.life import LifeAsk, LifeJob, Told, life_job
from sim.ui.kit.cards import Notice, Timeline
from sim.ui.kit.chart import Chart, curves, form, series
from sim.ui.kit.files import Actions, Entry
from sim.ui.kit.frame import Panel, Row, Words
from sim.ui.state import edits
from sim.ui.state.place import Place
from sim.ui.words import language, month, number, say

MOST_ROWS = 400


@solara.component
def Household(place: Place, change: Callable[..., Any], words: dict[str, str]) -> None:
    """The whole view."""
    detail = server.limits().detail("live")
    job = solara.use_memo(
        lambda: life_job(edits.only(place.scenario, place.package), detail.scale, place.household, place.shocked),
        [place.scenario, place.package, place.household, place.shocked],
    )
    told, share, error = use_life(job)
    Row(
        children=[
            Entry(
                label=say("Number of the household"),
                value=str(place.household or (told.lives.household if told and told.lives else "")),
                name="household",
                kind="number",
                low=1,
                help=say("one simulated household stands for {scale}", scale=number(detail.scale)),
                words=words,
                event_enter=lambda value: change(step=True, household=int(value or 0)),
            ),
            Actions(
                label=say("Another household"),
                items=[{"id": "some", "label": say("One whose life the package changes"), "icon": "people"}],
                words=words,
                event_act=lambda _: change(step=True, household=0),
            ),
        ],
    )
    refusal = error or (say(told.refusal) if told and told.refusal else "")
    if refusal:
        Notice(kind="error", title=say("No household to follow"), lines=[refusal], words=words)
    if share is not None:
        Words(say("Following the household, {share} %", share=number(100 * share)), "note")
    if told and told.lives:
        told_life(told.lives, share is not None, words)


def use_life(job: LifeJob) -> tuple[Told | None, float | None, str]:
    """The story of a job (the last one until it is there), how far it is, and what went wrong."""
    story: solara.Reactive[Told | None] = solara.use_reactive(None)
    share: solara.Reactive[float | None] = solara.use_reactive(0.0)
    error = solara.use_reactive("")

    def begin() -> Callable[[], None] | None:
        error.set("")
        try:
            ask = LifeAsk(server.engine().crew, job)
        except RunError as refused:
            error.set(str(refused))
            share.set(None)
            return None
        if ask.known is not None:
            story.set(ask.known)
            share.set(None)
            return None
        share.set(0.0)

        def follow() -> None:
            try:
                for one in ask.answers():
                    if isinstance(one, Told):
                        story.set(one)
                        share.set(None)
                    else:
                        share.set(one)
            except RunError as failed:
                error.set(str(failed))
                share.set(None)

        threading.Thread(target=follow, daemon=True).start()
        return ask.cancel

    solara.use_effect(begin, [job])
    return story.value, share.value, error.value


def told_life(lives: Lives, stale: bool, words: dict[str, str]) -> list[solara.Element]:
    """Who they are, the months in which something happens, and their money."""
    from sim.story import LUCK, introduced

    worlds = [life for life in (lives.without, lives.with_) if life is not None]
    names = [say("Without the package"), say("With the package")][: len(worlds)]
    return [
        Panel(
            title=say("Household {number}", number=lives.household), children=[Words(introduced(lives, language.value))]
        ),
        Panel(
            title="",
            children=[
                Chart(
                    spec=money_chart(lives, worlds, names),
                    summary=say("What the household spends each month in both worlds"),
                    height=260,
                    stale=stale,
                    file=f"household_{lives.household}",
                    locale=language.value,
                    words=words,
                )
            ],
        ),
        Panel(
            title=say("What happens to them"),
            lead=say("Marked: months that differ between the two worlds."),
            children=[
                *([Words(say(LUCK), "note")] if lives.with_ is not None else []),
                Timeline(
                    label=say("What happens to them"),
                    columns=names,
                    rows=rows(lives, worlds),
                    difference=say("differs"),
                    words=words,
                ),
            ],
        ),
    ]


def money_chart(lives: Lives, worlds: list[Life], names: list[str]) -> dict[str, Any]:
    """Spending of the household, million Rp a month; nothing where it is no more."""
    months = [lives.month(one.month) for one in lives.without.snapshots[1:]]
    tones = ("baseline", "scenario")
    lines = []
    for life, name, tone in zip(worlds, names, tones, strict=False):
        spent = [one.spending if one.members else float("nan") for one in life.snapshots[1:]]
        lines.append(series(name, tone, spent))
    return curves(
        say("Spending"), say("Rp million a month"), months, lines, written=form(1, 1e-6), measured=say("Rp a month")
    )


def rows(lives: Lives, worlds: list[Life]) -> list[dict[str, Any]]:
    """The months in which something happens in either world, side by side."""
    happened: dict[int, list[list[str]]] = {}
    for k, life in enumerate(worlds):
        for when, text in life.events:
            happened.setdefault(when, [[] for _ in worlds])[k].append(text)
    found = []
    for when in sorted(happened)[:MOST_ROWS]:
        cells = happened[when]
        found.append(
            {
                "when": month(lives.month(when), short=True),
                "cells": [[say(text) for text in cell] for cell in cells],
                "differs": any(cell != cells[0] for cell in cells),
            }
        )
    return found
