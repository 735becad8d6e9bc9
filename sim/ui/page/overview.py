"""The overview: figure cards, and curves of the city with and without the package, with and without the shock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import solara

from sim.analysis.ensemble import Ensemble
from sim.analysis.paired import sure
from sim.declare import OUTCOMES
from sim.ui.engine.asking import Answer
from sim.ui.kit.cards import Cards
from sim.ui.kit.chart import Chart, curves, series
from sim.ui.kit.files import Pick
from sim.ui.kit.frame import Grid, Panel, Words
from sim.ui.page.answers import Shown
from sim.ui.page.sure import LEAST, told_effects, too_few
from sim.ui.state.place import Place
from sim.ui.words import called, figure, interval, label, language, measured, month, number, say, written

CARDS = (
    "poverty_headcount",
    "unemployment_rate",
    "food_insecure_share",
    "value_added_index",
    "service_access",
    "resilience_index",
)
CURVES = ("poverty_headcount", "unemployment_rate", "value_added_index", "food_insecure_share")
TONES = {(0, 0): "baseline", (1, 0): "scenario", (0, 1): "baseline-shock", (1, 1): "scenario-shock"}
LAST = 12


@solara.component
def Overview(place: Place, shown: Shown, change: Callable[..., Any], words: dict[str, str]) -> None:
    """The whole view."""
    ensemble = shown.answer.comparison.ensemble
    package = ensemble.policies[0] if ensemble.policies else ""
    answer, spoken = shown.answer, language.value
    items = answer.once(("cards", spoken), lambda: cards(ensemble))
    names = list(dict.fromkeys([place.outcome, *CURVES]))[: len(CURVES)]
    drawn = [answer.once((name, spoken), partial(chart, ensemble, name)) for name in names]
    Cards(
        items=items,
        label=say("The last year of the run, with the package against without it"),
        versus=say("against no policy"),
        stale=shown.stale,
        words=words,
    )
    Words(standing(ensemble, shown.answer), "note" if shown.answer.whole else "note more")
    options = [{"value": name, "label": label(name)} for name in charted(ensemble)]
    Pick(
        label=say("First chart"),
        options=options,
        value=place.outcome,
        name="outcome",
        words=words,
        event_pick=lambda name: change(outcome=name),
    )
    charts = [
        Panel(
            title="",
            children=[
                Chart(
                    spec=spec,
                    summary=sentence,
                    height=300,
                    stale=shown.stale,
                    file=name,
                    locale=language.value,
                    words=words,
                ).key(f"chart-{place_of}")
            ],
        )
        for place_of, (name, (spec, sentence)) in enumerate(zip(names, drawn, strict=True))
    ]
    Grid(children=charts)
    if package:
        Words(say("Package: {package}", package=called(place.scenario, package)), "note")


def charted(ensemble: Ensemble) -> list[str]:
    """Outcomes that can be drawn: headline figures first, then all others."""
    known = [name for name in ensemble.outcomes if name in OUTCOMES]
    return sorted(known, key=lambda name: not OUTCOMES[name].headline)


def standing(ensemble: Ensemble, answer: Answer) -> str:
    """How finely this was looked at, in one line."""
    scale = answer.question.detail.scale
    seeds = len(ensemble.seeds)
    each = (
        say("every household of the city")
        if scale == 1
        else say("one simulated household stands for {scale}", scale=number(scale))
    )
    if seeds == 1:
        return say("One course of chance; {each}. Bands need a second.", each=each)
    said = say("Mean of {seeds} courses of chance, bands: the middle 90 % of them; {each}.", seeds=seeds, each=each)
    if answer.enough and not answer.whole:
        most = answer.question.detail.seeds
        said += " " + say("Many compute at the moment: the other {more} follow.", more=number(most - seeds))
    return said


def cards(ensemble: Ensemble) -> list[dict[str, Any]]:
    """The figures of the last year, in the shocked worlds where there are any."""
    names = [name for name in CARDS if name in ensemble.outcomes]
    state = ensemble.state()
    if not ensemble.policies:
        return []
    table = told_effects(ensemble, names)
    table = table[table["package"] == ensemble.policies[0]].set_index("outcome")
    return [_card(ensemble, name, table.loc[name], state) for name in names]


def _card(ensemble: Ensemble, name: str, row: pd.Series, state: int) -> dict[str, Any]:
    unit, how = written(name, max(abs(row["with"]), abs(row["without"])))
    _, small = written(name, row["without"], change=True)
    clear = bool(row["clear"])
    direction = 0 if row["effect"] == 0 or not clear else 1 if row["effect"] > 0 else -1
    good = OUTCOMES[name].good * direction
    paths = ensemble.of(name)[:, state].mean(axis=1)
    return {
        "id": name,
        "label": label(name),
        "value": figure(row["with"], how),
        "unit": "" if how["suffix"] else unit,
        "change": figure(row["effect"], small),
        "band": interval(row["low"], row["high"], small) if len(ensemble.seeds) >= LEAST else "",
        "direction": direction,
        "tone": "good" if good > 0 else "bad" if good < 0 else "same",
        "word": verdict(row, good, direction, len(ensemble.seeds)),
        "help": say(OUTCOMES[name].meaning),
        "before": [round(float(v), 6) for v in paths[0, ::3]],
        "after": [round(float(v), 6) for v in paths[1, ::3]],
    }


def verdict(row: pd.Series, good: int, direction: int, seeds: int) -> str:
    """The change in one word or a few; never by colour alone."""
    if row["effect"] == 0:
        return say("unchanged")
    if seeds < LEAST:
        return say("in one course of chance") if seeds == 1 else too_few()
    if not row["clear"]:
        alone = sure(row["distinguishable"])  # its interval leaves out zero: say why that is not enough
        return say("clear by itself, not among all outcomes") if alone else say("cannot be told from chance")
    if good:
        return say("better") if good > 0 else say("worse")
    return say("higher") if direction > 0 else say("lower")


def chart(ensemble: Ensemble, name: str) -> tuple[dict[str, Any], str]:
    """The curves of one outcome, and what they show in a sentence."""
    values = ensemble.of(name)[:2]  # (package, shock, seed, month)
    means = values.mean(axis=2)
    unit, how = written(name, float(np.nanmax(np.abs(means))))
    bands = np.quantile(values, (0.05, 0.95), axis=2) if len(ensemble.seeds) > 1 else None
    lines = []
    for k, s in np.ndindex(means.shape[:2]):
        spread = (None, None) if bands is None else (bands[0, k, s], bands[1, k, s])
        lines.append(series(world_name(k, s, ensemble), TONES[k, s], means[k, s], *spread))
    shocked = ensemble.has_shocks and ensemble.onset is not None
    spec = curves(
        label(name),
        unit,
        ensemble.months,
        lines,
        written=how,
        measured=measured(name),
        shock=(ensemble.months[ensemble.onset or 0], say("Shock")) if shocked else None,
        loss=_loss(name) if shocked and len(lines) == 4 else None,
    )
    return spec, _sentence(ensemble, name, how)


def world_name(k: int, s: int, ensemble: Ensemble) -> str:
    if not ensemble.has_shocks:
        return say("With the package") if k else say("No policy")
    if k:
        return say("With the package, with shock") if s else say("With the package, no shock")
    return say("No policy, with shock") if s else say("No policy, no shock")


def _loss(name: str) -> tuple[str, str, str]:
    """The triangle between the package's worlds with and without the shock."""
    upper, lower = ("scenario", "scenario-shock") if OUTCOMES[name].good >= 0 else ("scenario-shock", "scenario")
    return upper, lower, say("Lost to the shock")


def _sentence(ensemble: Ensemble, name: str, how: dict[str, Any]) -> str:
    means = ensemble.of(name).mean(axis=2)[..., -LAST:].mean(axis=-1)  # (package, shock)
    state = ensemble.state()
    first = say(
        "{outcome}, {month}: {value} without policy",
        outcome=label(name),
        month=month(ensemble.months[-1]),
        value=figure(float(means[0, state]), how),
    )
    if len(means) < 2:
        return first + "."
    return say("{first}, {value} with the package.", first=first, value=figure(float(means[1, state]), how))
