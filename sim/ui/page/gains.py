"""Who gains: fifths of the people, winners and losers, who gets the money, and what a result costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import solara

from sim.analysis.cost import WELLBEING, cost_effectiveness
from sim.analysis.ensemble import GROUPS, Ensemble
from sim.analysis.incidence import LOSER, WINNER, incidence, winners_and_losers
from sim.declare import OUTCOMES
from sim.report.standing import units_said
from sim.ui.kit.chart import Chart, bars, dumbbells, effects, form, series
from sim.ui.kit.files import Pick
from sim.ui.kit.frame import Grid, Panel, Words
from sim.ui.kit.table import DataTable
from sim.ui.page.answers import Shown
from sim.ui.page.overview import charted
from sim.ui.page.sure import LEAST, is_clear, share_interval, too_few
from sim.ui.state.place import Place
from sim.ui.words import interval, label, language, measured, number, rupiah, say, written

FIFTHS = ("poorest fifth", "second fifth", "third fifth", "fourth fifth", "richest fifth")
PERCENT = form(1, 100, " %")


@solara.component
def Gains(place: Place, shown: Shown, change: Callable[..., Any], words: dict[str, str]) -> None:
    """The whole view."""
    ensemble = shown.answer.comparison.ensemble
    state = ensemble.state(place.shocked)
    names = [name for name in charted(ensemble) if OUTCOMES[name].by_group]
    outcome = place.outcome if place.outcome in names else "poverty_headcount"
    found = solara.use_memo(lambda: winners_and_losers(ensemble, bool(state)), [ensemble, state])
    money = solara.use_memo(lambda: incidence(ensemble, bool(state)), [ensemble, state])
    units = units_said(ensemble, ensemble.packages[-1], language.value)
    cost = solara.use_memo(lambda: cost_effectiveness(ensemble, bool(state)), [ensemble, state])

    def chart(spec: dict[str, Any], summary: str, file: str) -> solara.Element:
        return Chart(
            spec=spec, summary=summary, height=280, stale=shown.stale, file=file, locale=language.value, words=words
        )

    if not ensemble.policies or not any(record["spent"] for record in ensemble.programmes):
        Words(say("The package hands out no money yet: pull a lever to see whom it reaches."), "note")
    Pick(
        label=say("Outcome by fifths"),
        options=[{"value": name, "label": label(name)} for name in names],
        value=outcome,
        name="fifths-outcome",
        words=words,
        event_pick=lambda name: change(outcome=name),
    )
    Grid(
        children=[
            Panel(
                title="",
                children=[
                    chart(
                        by_fifth(ensemble, outcome, state), say("{outcome} by fifths", outcome=label(outcome)), "fifths"
                    )
                ],
            ),
            Panel(
                title="",
                children=[
                    chart(
                        net_chart(found, len(ensemble.seeds)),
                        say("Households better off minus worse off, by fifths"),
                        "winners",
                    )
                ],
            ),
            Panel(
                title="",
                children=[chart(up_down(found), say("Households better and worse off, by fifths"), "up_and_down")],
            ),
            Panel(
                title="",
                children=[
                    chart(shares_chart(money, units), say("Who receives the money, by fifths"), "incidence"),
                    *_concentration(money),
                ],
            ),
        ]
    )
    Panel(
        title=say("Winners and losers by kecamatan"),
        lead=say(
            "Certain only with {least} courses of chance or more, where four of five of them agree and the interval "
            "leaves out zero.",
            least=LEAST,
        ),
        children=[places_table(found, len(ensemble.seeds), words)],
    )
    Panel(
        title=say("What a result costs"),
        lead=say("Over the whole run, against no policy; a cost is given only where the gain can be told from chance."),
        children=[cost_table(cost, len(ensemble.seeds), words)],
    )


def fifths() -> list[str]:
    return [say(name) for name in FIFTHS]


def by_fifth(ensemble: Ensemble, outcome: str, state: int) -> dict[str, Any]:
    """One outcome of each fifth in the last year, without and with the package."""
    rows = slice(1 + len(ensemble.places), 1 + len(ensemble.places) + len(GROUPS))
    values = ensemble.yearly[:, state, :, -1, ensemble.column(outcome), rows].mean(axis=1)
    unit, how = written(outcome, float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0)
    before, after = (
        series(say("No policy"), "baseline", values[0]),
        series(say("With the package"), "scenario", values[-1]),
    )
    return dumbbells(
        say("{outcome} by fifths", outcome=label(outcome)),
        unit,
        fifths(),
        before,
        after,
        written=how,
        measured=measured(outcome),
    )


def net_chart(found: pd.DataFrame, seeds: int) -> dict[str, Any]:
    """Share better off minus share worse off, by fifth, with its interval where there are courses of chance for one."""
    mine = found[found["group"] != "all"]
    known = seeds >= LEAST and np.isfinite(mine["low"]).all()
    spread = (mine["low"].clip(lower=-1), mine["high"].clip(upper=1)) if known else (None, None)
    one = series(say("better off minus worse off"), "scenario", mine["net"], *spread)
    return effects(
        say("Better off minus worse off"),
        say("% of households"),
        fifths(),
        one,
        written=form(1, 100, " %", signed=True),
        measured=say("share of households"),
    )


def up_down(found: pd.DataFrame) -> dict[str, Any]:
    """Shares clearly above and below their twin without the package."""
    mine = found[found["group"] != "all"]
    lines = [
        series(say("more than 1 % better off"), "scenario", mine["share_up"]),
        series(say("more than 1 % worse off"), "baseline", mine["share_down"]),
    ]
    return bars(
        say("Better and worse off at the end"),
        say("% of households"),
        fifths(),
        lines,
        written=PERCENT,
        measured=say("share of households"),
    )


def shares_chart(money: pd.DataFrame, units: str) -> dict[str, Any]:
    """Shares of the money and of those reached (counted in `units`), poorest fifth first."""
    counted = say("of those reached ({units})", units=units) if units else say("of those reached")
    names = {"money": (say("of the money received"), "scenario"), "reached": (counted, "b")}
    lines = [
        series(*names[one["of"]], [one[group] for group in GROUPS])
        for _, one in money.iterrows()
        if np.isfinite(one["q1"])
    ]
    return bars(say("Who is reached"), "%", fifths(), lines, written=PERCENT, measured=say("share"))


def _concentration(money: pd.DataFrame) -> list[solara.Element]:
    """The concentration index in words."""
    mine = money[(money["of"] == "money") & np.isfinite(money["concentration"])]
    if mine.empty:
        return []
    value = float(mine["concentration"].iloc[0])
    whom = say("the poorer") if value < -0.02 else say("the richer") if value > 0.02 else say("all alike")
    return [
        Words(
            say("Concentration {value} (-1: all to the poorest, 1: all to the richest): it goes to {whom}.",
                value=number(value, 2), whom=whom),
            "note",
        )
    ]  # fmt: skip


def places_table(found: pd.DataFrame, seeds: int, words: dict[str, str]) -> solara.Element:
    """Every kecamatan: shares up and down, the balance, and whether it is certain."""
    said = {WINNER: say("gains"), LOSER: say("loses")}
    tone = {WINNER: "good", LOSER: "bad"}
    signed = form(1, 100, " %", signed=True)
    found = found.assign(verdict=found["verdict"] if seeds >= LEAST else "")
    mine = found[found["group"] == "all"].sort_values("net", ascending=False, kind="stable")
    rows = [
        {
            "_id": one["place"],
            "_tone": tone.get(one["verdict"], ""),
            "place": one["place_name"],
            "up": one["share_up"],
            "down": one["share_down"],
            "net": one["net"],
            "band": share_interval(one["low"], one["high"], seeds, signed),
            "verdict": said.get(one["verdict"], say("not certain")),
        }
        for _, one in mine.iterrows()
    ]
    share = say("share of households")
    columns: list[dict[str, Any]] = [
        {"id": "place", "label": say("Kecamatan")},
        {"id": "up", "label": say("Better off"), "form": PERCENT, "unit": share},
        {"id": "down", "label": say("Worse off"), "form": PERCENT, "unit": share},
        {"id": "net", "label": say("Balance"), "form": signed, "unit": share},
        {"id": "band", "label": say("95 % interval")},
        {"id": "verdict", "label": say("Verdict")},
    ]
    return DataTable(
        caption=say("Households against their own twins without the package"),
        columns=columns,
        rows=rows,
        file="winners_and_losers",
        locale=language.value,
        words=words,
    )


def cost_table(cost: pd.DataFrame, seeds: int, words: dict[str, str]) -> solara.Element:
    """Rupiah for each unit of a result."""
    if cost.empty:
        return Words(say("Nothing is spent, so nothing has a cost."))
    rows = [
        {
            "unit": say(one["unit"]),
            "units": rupiah(one["units"]) if one["unit"] == WELLBEING else number(one["units"]),
            "band": _gained(one) if seeds >= LEAST else too_few(),
            "cost": _cost(one, is_clear(one["distinguishable"], seeds)),
        }
        for _, one in cost.iterrows()
    ]
    columns: list[dict[str, Any]] = [
        {"id": "unit", "label": say("Result")},
        {"id": "units", "label": say("Gained")},
        {"id": "band", "label": say("95 % interval")},
        {"id": "cost", "label": say("Cost of one")},
    ]
    return DataTable(
        caption=say("Cost per result"),
        columns=columns,
        rows=rows,
        sorts=False,
        file="cost_per_result",
        locale=language.value,
        words=words,
    )


def _gained(one: pd.Series) -> str:
    """The interval of what was gained."""
    if one["unit"] == WELLBEING and np.isfinite(one["low"]):
        return say("{low} to {high}", low=rupiah(one["low"]), high=rupiah(one["high"]))
    return interval(one["low"], one["high"], form(0))


def _cost(one: pd.Series, clear: bool) -> str:
    if clear and one["units"] < 0:
        return say("a loss, not a gain")
    if not clear or not np.isfinite(one["cost_per_unit"]):
        return say("cannot be told from chance")
    if one["unit"] == WELLBEING:
        return say("Rp {amount} of wellbeing for each Rp", amount=number(one["units_per_rp"], 2))
    return rupiah(one["cost_per_unit"])
