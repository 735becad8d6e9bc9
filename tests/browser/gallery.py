"""Every part of the page with made-up figures, for the tests of the parts. Copied and served by conftest.gallery."""

import json

import numpy as np
import reacton.ipyvuetify as rv
import solara

from sim.language import translated
from sim.ui.kit.cards import Cards, Notice, Timeline
from sim.ui.kit.chart import Chart, bars, curves, dumbbells, effects, form, series
from sim.ui.kit.files import Actions, Code, Downloads, Entry, Pick, Upload
from sim.ui.kit.frame import Grid, Page, Panel, TopBar
from sim.ui.kit.levers import Levers, choice_field, many_field, month_field, number_field, switch_field
from sim.ui.kit.map import DistrictMap, classes
from sim.ui.kit.shapes import drawn, schematic
from sim.ui.kit.table import DataTable
from sim.ui.kit.words import words

MONTHS = [f"{2025 + k // 12}-{k % 12 + 1:02d}" for k in range(120)]
SHAPES, VIEW = drawn(schematic())
CODES = [shape["id"] for shape in SHAPES]
QUINTILES = ["Q1", "Q2", "Q3", "Q4", "Q5"]
SHARE = form(1, 100, " %")
BASE = {
    "business_training": {"budget": 0.0, "start": "", "targeting": "need", "districts": []},
    "flood_protection": {"intensity": 1.0, "upkeep": False},
}
FIELDS = [
    number_field("budget", "Budget", 0, 5e12, 10e9, "Rp billion/year", "money a year", shown_in=1e9, bend=2),
    month_field("start", "Start", "2025-01", "2034-12", "from the first month"),
    choice_field("targeting", "Targeting", [["need", "by need"], ["random", "by chance"]]),
    many_field("districts", "Districts", [[s["id"], s["name"]] for s in SHAPES], "the whole city"),
]
GROUPS = [
    {"id": "enterprise", "label": "Enterprise", "icon": "chart", "open": True, "items": [
        {"id": "business_training", "label": "Pelatihan dan pendampingan UMKM", "help": "mentoring of small businesses",
         "cost": "Rp 2 million a business", "source": "McKenzie 2021", "fields": FIELDS}]},
    {"id": "hazards", "label": "Floods and earthquakes", "icon": "shock", "open": True, "items": [
        {"id": "flood_protection", "label": "Flood protection", "help": "basins and drains", "source": "assumption",
         "fields": [number_field("intensity", "Intensity", 0, 3, 0.1, "times"), switch_field("upkeep", "With upkeep")]}]},
]  # fmt: skip


def path(level: float, dip: float = 0.0) -> np.ndarray:
    months = np.arange(120)
    return level + 0.004 * np.sin(months / 9) + dip * np.exp(-np.maximum(months - 36, 0) / 20) * (months >= 36)


def line(name: str, tone: str, mean: np.ndarray) -> dict:
    return series(name, tone, mean, mean - 0.003, mean + 0.003)


@solara.component
def Gallery() -> None:
    language, set_language = solara.use_state("en")
    view, set_view = solara.use_state("charts")
    place, set_place = solara.use_state(None)
    dip, set_dip = solara.use_state(0.03)
    stale, set_stale = solara.use_state(False)
    said, set_said = solara.use_state("nothing yet")
    content, set_content = solara.use_state({})
    runs, set_runs = solara.use_state(True)
    rev, set_rev = solara.use_state(0)
    copies, set_copies = solara.use_state(0)
    texts = words(lambda text: translated(text, language))
    common = {"words": texts, "locale": language}

    def heard(what: str):
        return lambda data: set_said(f"{what} {json.dumps(data, sort_keys=True)}")

    def want(name: str) -> None:
        set_content({"n": content.get("n", 0) + 1, "name": f"{name}.yaml", "type": "text/yaml", "text": "title: <b>\n"})

    def changed(change: dict) -> None:
        set_said(f"change {json.dumps(change, sort_keys=True)}")
        if change["field"] == "intensity":
            set_dip(0.03 * change["value"])

    lines = [
        line("Today's policy", "baseline", path(0.07)),
        line("Scenario", "scenario", path(0.066)),
        line("Today's policy, flood", "baseline-shock", path(0.07, dip)),
        line("Scenario, flood", "scenario-shock", path(0.066, dip / 2)),
    ]
    loss = ("baseline-shock", "baseline", "Lost to the flood")
    charts = [
        curves("Unemployment", "share of the labour force", MONTHS, lines, written=SHARE, shock=("2028-01", "Flood"),
               loss=loss),
        bars("Income by quintile", "Rp million a month", QUINTILES,
             [series("Today", "baseline", [1, 2, 3, 4, 9], [0.8, 1.8, 2.8, 3.6, 8], [1.2, 2.2, 3.2, 4.4, 10]),
              series("Scenario", "scenario", [1.2, 2.1, 3, 4, 8.8], [1, 1.9, 2.8, 3.6, 8], [1.4, 2.3, 3.2, 4.4, 9.6])]),
        dumbbells("Poverty", "share of persons", QUINTILES, series("Today", "baseline", [0.2, 0.1, 0.05, 0.02, 0]),
                  series("Scenario", "scenario", [0.17, 0.09, 0.05, 0.02, 0]), written=SHARE),
        effects("What the package changes", "percentage points",
                ["Unemployment", "Share of households without savings", "Trust between neighbours"],
                series("Effect", "scenario", [-0.4, 0.2, 1.1], [-0.6, -0.1, 0.7], [-0.2, 0.5, 1.5])),
    ]  # fmt: skip
    values = {code: 0.04 + 0.002 * k for k, code in enumerate(CODES)}
    changes: dict[str, float | None] = {code: 0.001 * (k - 14) for k, code in enumerate(CODES)} | {CODES[3]: None}
    shown = changes if view == "change" else values
    scale = "change" if view == "change" else "level"
    of, edges = classes(shown, scale)
    panels = {
        "charts": lambda: [Grid([Panel("", [Chart(spec=spec, summary=f"{spec['title']}: a summary", stale=stale, **common)])
                         for spec in charts], least=460)],
        "cards": lambda: [
            Cards(items=[{"id": "poverty", "label": "Share of persons below the poverty line", "value": "3.9 %",
                    "change": "-0.3 points", "band": "-0.5 to -0.1", "direction": -1, "tone": "good", "word": "better",
                    "before": [3, 4, 5], "after": [3, 3.5, 4]},
                   {"id": "gini", "label": "Gini", "value": "0.41", "change": "0.00", "direction": 0, "tone": "same",
                    "word": "cannot be told from chance"}], versus="against today's policy", stale=stale, words=texts),
            *[Notice(kind=kind, title=f"A {kind}", lines=["<script>alert(1)</script>", "second"], closes=True, words=texts,
                     event_close=heard("close")) for kind in ("note", "good", "warning", "error")],
            Panel("Timeline", [Timeline(label="Household 7", columns=["Without", "With"], rows=[
                {"when": "Jan 2026", "cells": [["The father works in trade."], ["The father works in trade."]]},
                {"when": "Mar 2026", "cells": [["He loses his work."], []], "differs": True}], difference="differs", words=texts)]),
            Panel("Table", [DataTable(caption="Districts", columns=[{"id": "name", "label": "District"}, {"id": "v", "label": "Poor",
                  "form": SHARE}], rows=[{"_id": c, "name": c, "v": values[c]} for c in CODES[:6]], event_pick=heard("row"),
                  **common)]),
            Panel("Files", [Upload(label="Load a scenario", words=texts, event_upload=heard("upload")),
                  Downloads(label="Save", items=[{"id": "scenario", "label": "Save the scenario"}], content=content, words=texts, event_want=want),
                  Actions(label="Tools", items=[{"id": "go", "label": "Run the whole city", "icon": "run", "main": True},
                                    {"id": "no", "label": "Not now", "off": True}], words=texts, event_act=heard("act")),
                  Pick(label="Outcome", options=[{"value": "a", "label": "Poverty", "group": "People"}, {"value": "b",
                       "label": "Gini", "group": "People"}], value="a", words=texts, event_pick=heard("pick")),
                  Pick(label="Shown", options=[{"value": "level", "label": "Level"}, {"value": "change", "label": "Change"}], value="level",
                       name="shown", segments=True, words=texts, event_pick=heard("segment")),
                  Entry(label="Name", value="Package 1", words=texts, event_enter=heard("enter")),
                  Code(label="Command", text="bandung compare scenario.yaml --seeds 20", language="sh", words=texts)]),
        ],
            }  # fmt: skip

    told = [f"{low:.3f} to {high:.3f}" for low, high in edges]

    def districts() -> list:
        return [
            Panel("Districts", [DistrictMap(
                title="Poverty", shapes=SHAPES, view=VIEW, values=shown, classes=of, scale=scale, legend=told, good=-1, form=SHARE, stale=stale, selected=place,
                warnings={CODES[5]: "Full in 2031"}, on_selected=set_place,
                notice="Schematic: made from the centres of the 151 kelurahan, not surveyed borders.", **common)])
        ]  # fmt: skip
    panels |= {"level": districts, "change": districts}
    bar = TopBar(
        title="Bandung Resilience Lab",
        subtitle="A scenario with a title",
        language=language,
        languages=[["id", "Bahasa Indonesia"], ["en", "English"]],
        views=[{"id": v, "label": v.title(), "icon": "chart"} for v in ("charts", "cards", "level", "change")],
        view=view,
        changes=2,
        running={"text": "Running 20 seeds", "share": 0.4, "cancel": True} if runs else {},
        announce=said,
        query=f"view={view}&lang={language}",
        push=list(panels).index(view),
        copy_request=copies,
        words=texts,
        event_view=set_view,
        event_language=set_language,
        event_cancel=lambda _: set_runs(False),
        event_copied=heard("copied"),
    )
    tools = {"stale": lambda: set_stale(not stale), "adopt": lambda: set_rev(rev + 1),
             "copy": lambda: set_copies(copies + 1)}  # fmt: skip
    Page(
        bar,
        main=[
            Actions(label="Tests", items=[{"id": name, "label": name} for name in tools], words=texts, event_act=lambda name: tools[name]()),
            rv.Html(tag="p", attributes={"id": "said"}, children=[said]),
            *panels[view](),
        ],
        side=[Levers(title="Levers", groups=GROUPS, base=BASE, values={"flood_protection": {"intensity": 2.0}} if rev else {}, rev=rev,
                     event_change=changed, **common)],
        side_label="Levers and shocks",
    )  # fmt: skip


@solara.component
def Layout(children):
    solara.Div(children=children)
