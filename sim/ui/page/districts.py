"""The districts: a map of any outcome, one kecamatan in detail, and where services reach their limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import solara

from sim.analysis.capacity import LIMIT, capacity_warnings
from sim.analysis.effects import effects
from sim.analysis.ensemble import Ensemble
from sim.declare import OUTCOMES
from sim.ui import server
from sim.ui.kit.chart import Chart, curves, form, series
from sim.ui.kit.files import Pick
from sim.ui.kit.frame import Grid, Panel, Row, Words
from sim.ui.kit.map import DistrictMap, classes
from sim.ui.kit.table import DataTable
from sim.ui.page.answers import Shown
from sim.ui.page.overview import TONES, charted, world_name
from sim.ui.page.sure import LEAST, is_clear, too_few
from sim.ui.state.place import Place
from sim.ui.words import figure, interval, label, language, measured, number, say, written


@solara.component
def Districts(place: Place, shown: Shown, change: Callable[..., Any], words: dict[str, str]) -> None:
    """The whole view."""
    ensemble = shown.answer.comparison.ensemble
    names = [name for name in charted(ensemble) if OUTCOMES[name].by_place]
    outcome = place.outcome if place.outcome in names else names[0]
    state = ensemble.state(place.shocked)
    package = ensemble.packages[-1]
    means = solara.use_memo(lambda: levels(ensemble, outcome, state), [ensemble, outcome, state])
    warned = solara.use_memo(lambda: capacity_warnings(ensemble, shocks=place.shocked), [ensemble, place.shocked])
    table = solara.use_memo(
        lambda: in_detail(ensemble, place.district, state, names), [ensemble, place.district, state, language.value]
    )
    mine = warned[warned["package"] == package]
    Row(
        children=[
            Pick(
                label=say("Outcome"),
                options=[{"value": name, "label": label(name)} for name in names],
                value=outcome,
                name="map-outcome",
                words=words,
                event_pick=lambda name: change(outcome=name),
            ),
            Pick(
                label=say("Shown on the map"),
                options=[
                    {"value": "change", "label": say("change by the package")},
                    {"value": "level", "label": say("level")},
                ],
                value="change" if place.change else "level",
                name="map-what",
                segments=True,
                words=words,
                event_pick=lambda what: change(change=what == "change"),
            ),
            *([_shock_pick(place, change, words)] if ensemble.has_shocks else []),
        ],
    )
    Grid(
        split=True,
        children=[
            Panel(title="", children=[map_of(place, shown, outcome, means, mine, change, words)]),
            district_panel(place, shown, ensemble, outcome, table, mine, words),
        ],
    )
    Panel(
        title=say("Where services reach their limits"),
        lead=say(
            "The first year in which a service of a kecamatan has places for fewer than {share} of its users, in four "
            "of five courses of chance.",
            share=figure(LIMIT, form(0, 100, " %")),
        ),
        children=[limits_table(mine, change, words)],
    )


def _shock_pick(place: Place, change: Callable[..., Any], words: dict[str, str]) -> solara.Element:
    return Pick(
        label=say("Shocks"),
        options=[{"value": "on", "label": say("with shock")}, {"value": "off", "label": say("no shock")}],
        value="on" if place.shocked else "off",
        name="map-shocks",
        segments=True,
        words=words,
        event_pick=lambda what: change(shocked=what == "on"),
    )


def levels(ensemble: Ensemble, outcome: str, state: int) -> np.ndarray:
    """Mean of the last recorded year over seeds: (package, 30)."""
    values = ensemble.yearly[:, state, :, -1, ensemble.column(outcome), 1 : 1 + len(ensemble.places)]
    known = ~np.isnan(values)
    return np.where(known.any(1), np.where(known, values, 0).sum(1) / np.maximum(known.sum(1), 1), np.nan)


def map_of(
    place: Place,
    shown: Shown,
    outcome: str,
    means: np.ndarray,
    warned: pd.DataFrame,
    change: Any,
    words: dict[str, str],
) -> solara.Element:
    """The map of a level, or of the change by the package."""
    ensemble = shown.answer.comparison.ensemble
    what = means[-1] - means[0] if place.change else means[-1]
    unit, how = written(outcome, float(np.nanmax(np.abs(means[0]))), place.change)
    values = {code: float(v) if np.isfinite(v) else None for code, v in zip(ensemble.places, what, strict=True)}
    of, spans = classes(values, "change" if place.change else "level")
    drawn, view, schematic = server.shapes()
    title = say("{outcome}: change by the package", outcome=label(outcome)) if place.change else label(outcome)
    return DistrictMap(
        title=f"{title}, {unit}" if unit else title,
        shapes=drawn,
        view=view,
        values=values,
        classes=of,
        scale="change" if place.change else "level",
        legend=[interval(low, high, how) for low, high in spans],
        good=OUTCOMES[outcome].good if place.change else 0,
        form=how,
        measured=f"{title} ({measured(outcome)})",
        warnings=warning_texts(warned),
        notice=say("Schematic: the shapes follow from the positions of the kelurahan, not from surveyed boundaries.")
        if schematic
        else "",
        selected=place.district or None,
        on_selected=lambda code: change(step=True, district=code or ""),
        stale=shown.stale,
        file=f"districts_{outcome}",
        locale=language.value,
        words=words,
    )


def warning_texts(warned: pd.DataFrame) -> dict[str, str]:
    """For each kecamatan: which services fall below the limit, and when."""
    found: dict[str, list[str]] = {}
    for _, one in warned.iterrows():
        found.setdefault(one["place"], []).append(f"{service(one['outcome'])}: {one['year'][:4]}")
    return {code: say("below the limit: {services}", services=", ".join(said)) for code, said in found.items()}


def service(outcome: str) -> str:
    return label(outcome.removeprefix("service_quality_"))


def in_detail(ensemble: Ensemble, district: str, state: int, names: list[str]) -> list[dict[str, Any]]:
    """Every outcome of one kecamatan in the last year: without, with, change and its band."""
    if district not in ensemble.places or not ensemble.policies:
        return []
    table = effects(ensemble, outcomes=names, places=True, groups=False)
    mine = table[(table["place"] == district) & (table["shocks"] == ("on" if state else "off"))]
    rows, seeds = [], len(ensemble.seeds)
    for _, one in mine.iterrows():
        unit, how = written(one["outcome"], max(abs(one["with"]), abs(one["without"])))
        _, small = written(one["outcome"], one["without"], change=True)
        clear = is_clear(one["distinguishable"], seeds)
        good = OUTCOMES[one["outcome"]].good * np.sign(one["effect"])
        rows.append(
            {
                "_id": one["outcome"],
                "_tone": "" if not clear else "good" if good > 0 else "bad" if good < 0 else "",
                "outcome": f"{label(one['outcome'])}" + ("" if how["suffix"] else f", {unit}"),
                "without": figure(one["without"], how),
                "with": figure(one["with"], how),
                "change": figure(one["effect"], small),
                "band": interval(one["low"], one["high"], small) if seeds >= LEAST else too_few(),
                "clear": say("yes") if clear else say("no"),
            }
        )
    return rows


def district_panel(
    place: Place,
    shown: Shown,
    ensemble: Ensemble,
    outcome: str,
    rows: list[dict[str, Any]],
    warned: pd.DataFrame,
    words: dict[str, str],
) -> solara.Element:
    """One kecamatan: the path of the outcome, every other outcome, its capacity warnings."""
    if place.district not in ensemble.places:
        return Panel(
            title=say("No district chosen"),
            children=[Words(say("Choose one on the map, by click or with the keyboard."))],
        )
    name = ensemble.place_names[ensemble.places.index(place.district)]
    spec = district_chart(ensemble, outcome, place.district)
    mine = warned[warned["place"] == place.district]
    said = [Words(warning_texts(mine)[place.district])] if len(mine) else []
    columns = [
        {"id": "outcome", "label": say("Outcome")},
        {"id": "without", "label": say("No policy")},
        {"id": "with", "label": say("With the package")},
        {"id": "change", "label": say("Change")},
        {"id": "band", "label": say("Band")},
        {"id": "clear", "label": say("Told apart from chance")},
    ]
    return Panel(
        title=name,
        lead=say(
            "Kecamatan {code}; means of the last year, bands: 95 % intervals over the courses of chance.",
            code=place.district,
        ),
        children=[
            *said,
            Chart(
                spec=spec,
                summary=say("{outcome} in {name}, year by year", outcome=label(outcome), name=name),
                height=240,
                stale=shown.stale,
                file=f"{place.district}_{outcome}",
                locale=language.value,
                words=words,
            ),
            DataTable(
                caption=say("Every outcome in {name}", name=name),
                columns=columns,
                rows=rows,
                folded=True,
                file=f"{place.district}",
                locale=language.value,
                words=words,
            ),
        ],
    )


def district_chart(ensemble: Ensemble, outcome: str, district: str) -> dict[str, Any]:
    """Yearly means of one kecamatan in all worlds, with the spread over seeds."""
    row = 1 + ensemble.places.index(district)
    values = ensemble.yearly[..., ensemble.column(outcome), row]  # (package, shock, seed, year)
    lines = []
    for k in range(min(2, len(ensemble.packages))):
        for s in range(values.shape[1]):
            one = values[k, s]
            spread = np.quantile(one, (0.05, 0.95), axis=0) if len(one) > 1 else (None, None)
            lines.append(series(world_name(k, s, ensemble), TONES[k, s], one.mean(axis=0), *spread))
    unit, how = written(outcome, float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0)
    return curves(label(outcome), unit, ensemble.years, lines, written=how, measured=measured(outcome))


def limits_table(warned: pd.DataFrame, change: Callable[..., Any], words: dict[str, str]) -> solara.Element:
    """Capacity warnings, earliest first."""
    if warned.empty:
        return Words(say("No service of any kecamatan falls below the limit."))
    rows = [
        {
            "_id": f"{one['place']}|{one['outcome']}",
            "place": one["place_name"],
            "service": service(one["outcome"]),
            "year": one["year"][:4],
            "first": number(one["first"], 2),
            "last": number(one["last"], 2),
        }
        for _, one in warned.iterrows()
    ]
    columns = [
        {"id": "place", "label": say("Kecamatan")},
        {"id": "service", "label": say("Service")},
        {"id": "year", "label": say("Below the limit from")},
        {"id": "first", "label": say("Quality in the first year")},
        {"id": "last", "label": say("Quality in the last year")},
    ]
    return DataTable(
        caption=say("Capacity warnings"),
        columns=columns,
        rows=rows,
        file="capacity_warnings",
        locale=language.value,
        words=words,
        event_pick=lambda which: change(step=True, district=which.split("|")[0]),
    )
