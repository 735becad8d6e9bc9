"""Up to four packages side by side: what they cost, what they change, how they rank, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import solara

from sim.analysis.cost import costs, reach
from sim.analysis.ensemble import Ensemble
from sim.analysis.index import beats, dimension_profile, rank_table
from sim.analysis.verdict import verdict
from sim.declare import OUTCOMES
from sim.language import NOTHING
from sim.outcomes.index import DIMENSIONS
from sim.report.plan import reach_said
from sim.report.ranking import rank_cells
from sim.scenario import Scenario
from sim.ui.kit.chart import Chart, effects, form, series
from sim.ui.kit.files import Actions, Entry, Pick
from sim.ui.kit.frame import Grid, Panel, Words
from sim.ui.kit.table import DataTable
from sim.ui.page.answers import Shown
from sim.ui.page.overview import CARDS, charted
from sim.ui.page.panel import item_label
from sim.ui.page.sure import LEAST, told_effects
from sim.ui.state import edits
from sim.ui.state.place import Place
from sim.ui.words import called, figure, label, language, measured, rupiah, say, written

PERCENT = form(0, 100, " %")


@solara.component
def Packages(
    place: Place, shown: Shown | None, change: Callable[..., Any], attempt: Callable[..., Any], words: dict[str, str]
) -> None:
    """The whole view."""
    Grid(
        least=260,
        children=[package_card(place, k, change, attempt, words) for k in range(len(place.scenario.packages))],
    )
    add(place, attempt, words)
    if shown is None:
        Words(say("The packages are being computed."), "note")
        return
    Compared(place=place, shown=shown, change=change, words=words)


def package_card(
    place: Place, k: int, change: Callable[..., Any], attempt: Callable[..., Any], words: dict[str, str]
) -> solara.Element:
    """One package: its name, money and levers, and what can be done with it."""
    package = place.scenario.packages[k]
    shown = called(place.scenario, package.name)
    levers = edits.items(package.policies, "lever")
    said = [
        f"{item_label(item, 'lever')}: {say('{money} a year', money=rupiah(fields[edits.MONEY]))}"
        if fields.get(edits.MONEY)
        else item_label(item, "lever")
        for item, fields in levers.items()
    ]
    several = len(place.scenario.packages) > 1
    acts: dict[str, Callable[[Place], Place]] = {
        "change": lambda now: now.on_package(k),
        "equal": lambda now: now.with_scenario(edits.equalised(now.scenario, k)),
        "remove": lambda now: now.with_scenario(edits.removed(now.scenario, k)),
    }
    active = k == place.package

    def rename(text: str) -> None:
        if text != shown:  # the name as it is shown may be a translation
            attempt(lambda now: now.with_scenario(edits.renamed(now.scenario, k, text)))

    return Panel(
        title=shown,
        level=3,
        lead=say("{money} planned over the run", money=rupiah(edits.planned(place.scenario)[k])),
        children=[
            *(Words(line) for line in said or [say("does nothing yet")]),
            Entry(
                label=say("Name"),
                value=shown,
                name=f"name-{k}",
                words=words,
                event_enter=rename,
            ),
            Actions(
                label=shown,
                items=[
                    {"id": "change", "label": say("Change its levers"), "icon": "sliders", "pressed": active},
                    *(
                        [
                            {"id": "equal", "label": say("Bring the others to its money"), "icon": "same"},
                            {"id": "remove", "label": say("Take away"), "icon": "close"},
                        ]
                        if several
                        else []
                    ),
                ],
                words=words,
                event_act=lambda act: attempt(acts[act]),
            ),
        ],
    )


def add(place: Place, attempt: Callable[..., Any], words: dict[str, str]) -> solara.Element:
    """Save what is set as one more package, or begin an empty one."""
    full = len(place.scenario.packages) >= edits.MOST_PACKAGES
    name = place.scenario.packages[place.package].name

    def act(which: str) -> None:
        copied = place.package if which == "copy" else None
        called = name if which == "copy" else say("New package")
        attempt(lambda now: now.with_scenario(edits.added(now.scenario, called, copied)).on_package(-1))

    return Actions(
        label=say("More packages"),
        items=[
            {
                "id": "copy",
                "label": say("Save a copy of {name}", name=called(place.scenario, name)),
                "icon": "copy",
                "off": full,
            },
            {"id": "new", "label": say("New empty package"), "icon": "plus", "off": full},
        ],
        words=words,
        event_act=act,
    )


@solara.component
def Compared(place: Place, shown: Shown, change: Callable[..., Any], words: dict[str, str]) -> None:
    """What the packages do, side by side."""
    lived = shown.answer.comparison.ensemble
    ensemble = solara.use_memo(
        lambda: lived.renamed({one: say(one) for one in lived.policies}), [lived, language.value]
    )
    names = [name for name in charted(ensemble) if OUTCOMES[name].good]
    outcome = place.outcome if place.outcome in names else names[0]
    asked_for = tuple(dict.fromkeys([outcome, *CARDS]))
    mine = solara.use_memo(lambda: told_effects(ensemble, asked_for), [ensemble, asked_for])
    sentences = solara.use_memo(lambda: verdict(ensemble, language.value), [ensemble, language.value])
    ranks = solara.use_memo(lambda: rank_table(ensemble), [ensemble])
    profile = solara.use_memo(lambda: dimension_profile(ensemble), [ensemble])
    pairs = solara.use_memo(lambda: beats(ensemble), [ensemble])
    Panel(
        title=say("In short"),
        children=[
            Words(one)
            for one in [*sentences, money_note(shown.answer.question.scenario, ensemble), *reach_notes(ensemble)]
            if one
        ],
    )
    Pick(
        label=say("Outcome"),
        options=[{"value": name, "label": label(name)} for name in names],
        value=outcome,
        name="packages-outcome",
        words=words,
        event_pick=lambda name: change(outcome=name),
    )
    Grid(
        children=[
            Panel(
                title="",
                children=[
                    Chart(
                        spec=effect_chart(ensemble, mine, outcome),
                        summary=say("Effect of each package on {outcome}", outcome=label(outcome)),
                        height=260,
                        stale=shown.stale,
                        file=f"packages_{outcome}",
                        locale=language.value,
                        words=words,
                    )
                ],
            ),
            Panel(
                title=say("Rank by the resilience index"),
                lead=rank_lead(ensemble),
                children=[rank_rows(ensemble, ranks, profile, words), pair_rows(pairs, words)],
            ),
        ]
    )
    Panel(
        title=say("Effects side by side"),
        lead=say("The last year, against no policy; marked where an effect can be told from chance."),
        children=[side_by_side(ensemble, mine, words)],
    )


def spoken(package: str) -> str:
    return say("No policy") if package == "none" else package


def money_note(scenario: Scenario, ensemble: Ensemble) -> str:
    """Whether the packages cost the same; nothing where fewer than two cost anything."""
    if sum(cost > 0 for cost in edits.planned(scenario)) < 2:
        return ""
    table = costs(ensemble)
    spent = ", ".join(f"{one['package']} {rupiah(one['spent_rp'])}" for _, one in table.iloc[1:].iterrows())
    if edits.costs_alike(scenario):
        return say("The packages plan the same money; spent over the run: {spent}.", spent=spent)
    return say(
        "The packages do not cost the same: the comparison is not at equal money. Spent over the run: {spent}.",
        spent=spent,
    )


def reach_notes(ensemble: Ensemble) -> list[str]:
    """Whom each package reaches over the run, each lever in its own unit."""
    found = {package: reach_said(reach(ensemble, package), language.value) for package in ensemble.policies}
    return [say("Reached over the run with {package}: {reach}.", package=k, reach=v) for k, v in found.items() if v]


def effect_chart(ensemble: Ensemble, table: pd.DataFrame, outcome: str) -> dict[str, Any]:
    """The effect of each package on one outcome."""
    mine = table[table["outcome"] == outcome].set_index("package").loc[list(ensemble.policies)]
    unit, how = written(outcome, float(mine["without"].iloc[0]), change=True)
    known = len(ensemble.seeds) >= LEAST and np.isfinite(mine["low"]).all()
    spread = (mine["low"], mine["high"]) if known else (None, None)
    one = series(say("Effect in the last year"), "scenario", mine["effect"], *spread)
    return effects(
        say("Effect on {outcome}", outcome=label(outcome)),
        unit,
        list(ensemble.policies),
        one,
        written=how,
        measured=measured(outcome),
    )


def rank_lead(ensemble: Ensemble) -> str:
    """How the ranks are to be read."""
    if len(ensemble.seeds) < 2:
        return say("With one seed there are no ranks: chance and effect cannot be told apart.")
    return say(
        "At equal weights; in brackets the ranks under 1,000 other weightings of the six dimensions. Packages that "
        "cannot be told apart have no single rank but all that they may have."
    )


def rank_rows(ensemble: Ensemble, ranks: pd.DataFrame, profile: pd.DataFrame, words: dict[str, str]) -> solara.Element:
    """Rank, how far it moves with the weights, and the six dimensions. Ranks are said as in the report: where the
    seeds do not tell packages apart there is none."""
    both = ranks.merge(profile, on="package").sort_values("rank", kind="stable")
    cells = rank_cells(ensemble, language.value) if len(ensemble.seeds) > 1 else {}
    rows = []
    for _, one in both.iterrows():
        rank, first = cells.get(one["package"], (NOTHING, NOTHING))
        rows.append(
            {
                "_id": one["package"],
                "package": spoken(one["package"]),
                "rank": rank,
                "index": one["index"],
                "first": first,
                **{name: one[name] for name in DIMENSIONS},
            }
        )
    three = form(3)
    columns: list[dict[str, Any]] = [
        {"id": "package", "label": say("Package")},
        {"id": "rank", "label": say("Rank")},
        {"id": "index", "label": say("Index"), "form": three},
        {
            "id": "first",
            "label": say("Best in"),
            "help": say("share of weightings and courses of chance"),
        },
        *({"id": name, "label": label(name), "form": three} for name in DIMENSIONS),
    ]
    return DataTable(
        caption=say("Ranks"), columns=columns, rows=rows, sorts=False, file="ranks", locale=language.value, words=words
    )


def pair_rows(pairs: pd.DataFrame, words: dict[str, str]) -> solara.Element:
    """How often one package beats another, over all weightings."""
    rows = [
        {
            "pair": say("{first} above {second}", first=spoken(one["first"]), second=spoken(one["second"])),
            "share": one["share"],
            "seeds": one["seeds"],
        }
        for _, one in pairs.iterrows()
        if one["first"] != one["second"]
    ]
    columns: list[dict[str, Any]] = [
        {"id": "pair", "label": say("Pair")},
        {"id": "share", "label": say("Of all weightings"), "form": PERCENT, "unit": say("share")},
        {"id": "seeds", "label": say("Of courses of chance, equal weights"), "form": PERCENT, "unit": say("share")},
    ]
    return DataTable(
        caption=say("Robustness to the weights"),
        columns=columns,
        rows=rows,
        folded=True,
        file="robustness",
        locale=language.value,
        words=words,
    )


def side_by_side(ensemble: Ensemble, table: pd.DataFrame, words: dict[str, str]) -> solara.Element:
    """One row for each outcome, one column for each package."""
    rows = []
    for name in CARDS:
        mine = table[table["outcome"] == name]
        if mine.empty:
            continue
        unit, how = written(name, float(mine["without"].abs().max()))
        row: dict[str, Any] = {
            "outcome": label(name) + ("" if how["suffix"] else f", {unit}"),
            "none": figure(float(mine["without"].iloc[0]), how),
        }
        for k, package in enumerate(ensemble.policies):
            row[f"p{k}"] = _cell(mine[mine["package"] == package].iloc[0], name)
        rows.append(row)
    columns: list[dict[str, Any]] = [
        {"id": "outcome", "label": say("Outcome")},
        {"id": "none", "label": say("No policy")},
        *({"id": f"p{k}", "label": package} for k, package in enumerate(ensemble.policies)),
    ]
    return DataTable(
        caption=say("Effects of the packages"),
        columns=columns,
        rows=rows,
        sorts=False,
        file="packages",
        locale=language.value,
        words=words,
    )


def _cell(one: pd.Series, outcome: str) -> str:
    """An effect with its word: better, worse or not to be told from chance."""
    _, small = written(outcome, one["without"], change=True)
    good = OUTCOMES[outcome].good * np.sign(one["effect"])
    word = (say("better") if good > 0 else say("worse")) if one["clear"] and good else "≈"
    return f"{figure(one['effect'], small)} {word}"
