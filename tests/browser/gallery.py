"""Every part of the page with made-up figures, for the tests of the parts: copied and served by conftest.gallery."""

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
VALUES = {code: 0.04 + 0.002 * k for k, code in enumerate(CODES)}
CHANGES = {code: 0.001 * (k - 14) for k, code in enumerate(CODES)} | {CODES[3]: None}
BASE = {
    "training": {"budget": 0.0, "start": "", "targeting": "need", "districts": []},
    "basins": {"intensity": 1.0, "upkeep": False},
}
TRAINING = {
    "id": "training",
    "label": "Mentoring",
    "help": "mentoring of small businesses",
    "cost": "Rp 2 million a business",
    "source": "McKenzie 2021",
    "fields": [
        number_field("budget", "Budget", 0, 5e12, 10e9, "Rp billion/year", "money a year", shown_in=1e9, bend=2),
        month_field("start", "Start", "2025-01", "2034-12", "from the first month"),
        choice_field("targeting", "Targeting", [["need", "by need"], ["random", "by chance"]]),
        many_field("districts", "Districts", [[s["id"], s["name"]] for s in SHAPES], "the whole city"),
    ],
}
BASINS = {
    "id": "basins",
    "label": "Flood basins",
    "help": "basins and drains",
    "source": "assumption",
    "fields": [number_field("intensity", "Intensity", 0, 3, 0.1, "times"), switch_field("upkeep", "With upkeep")],
}
GROUPS = [
    {"id": "enterprise", "label": "Enterprise", "icon": "chart", "open": True, "items": [TRAINING]},
    {"id": "hazards", "label": "Floods and earthquakes", "icon": "shock", "open": True, "items": [BASINS]},
]


def path(level: float, dip: float = 0.0) -> np.ndarray:
    months = np.arange(120)
    return level + 0.004 * np.sin(months / 9) + dip * np.exp(-np.maximum(months - 36, 0) / 20) * (months >= 36)


def line(name: str, tone: str, mean: np.ndarray) -> dict:
    return series(name, tone, mean, mean - 0.003, mean + 0.003)


def charts(dip: float) -> list[dict]:
    lines = [
        line("Today's policy", "baseline", path(0.07)),
        line("Scenario", "scenario", path(0.066)),
        line("Today's policy, flood", "baseline-shock", path(0.07, dip)),
        line("Scenario, flood", "scenario-shock", path(0.066, dip / 2)),
    ]
    income = [
        series("Today", "baseline", [1, 2, 3, 4, 9], [0.8, 1.8, 2.8, 3.6, 8], [1.2, 2.2, 3.2, 4.4, 10]),
        series("Scenario", "scenario", [1.2, 2.1, 3, 4, 8.8], [1, 1.9, 2.8, 3.6, 8], [1.4, 2.3, 3.2, 4.4, 9.6]),
    ]
    poor = series("Today", "baseline", [0.2, 0.1, 0.05, 0.02, 0])
    better = series("Scenario", "scenario", [0.17, 0.09, 0.05, 0.02, 0])
    names = ["Unemployment", "Share of households without savings", "Trust between neighbours"]
    effect = series("Effect", "scenario", [-0.4, 0.2, 1.1], [-0.6, -0.1, 0.7], [-0.2, 0.5, 1.5])
    loss = ("baseline-shock", "baseline", "Lost to the flood")
    return [
        curves("Unemployment", "share", MONTHS, lines, written=SHARE, shock=("2028-01", "Flood"), loss=loss),
        bars("Income by quintile", "Rp million a month", QUINTILES, income),
        dumbbells("Poverty", "share of persons", QUINTILES, poor, better, written=SHARE),
        effects("What the package changes", "percentage points", names, effect),
    ]


CARDS = [
    {
        "id": "poverty",
        "label": "Share of persons below the poverty line",
        "value": "3.9 %",
        "change": "-0.3 points",
        "band": "-0.5 to -0.1",
        "direction": -1,
        "tone": "good",
        "word": "better",
        "before": [3, 4, 5],
        "after": [3, 3.5, 4],
    },
    {"id": "gini", "label": "Gini", "value": "0.41", "change": "0.00", "direction": 0, "tone": "same", "word": "same"},
]
LIFE = [
    {"when": "Jan 2026", "cells": [["The father works in trade."], ["The father works in trade."]]},
    {"when": "Mar 2026", "cells": [["He loses his work."], []], "differs": True},
]
COLUMNS = [{"id": "name", "label": "District"}, {"id": "poor", "label": "Poor", "form": SHARE}]
ROWS = [{"_id": code, "name": shape["name"], "poor": VALUES[code]} for code, shape in zip(CODES, SHAPES, strict=True)]
OUTCOMES = [{"value": "a", "label": "Poverty", "group": "People"}, {"value": "b", "label": "Gini", "group": "People"}]
WAYS = [{"value": "level", "label": "Level"}, {"value": "change", "label": "Change"}]
BUTTONS = [{"id": "go", "label": "Run it", "icon": "run", "main": True}, {"id": "no", "label": "Not now", "off": True}]
NOTICE = "Schematic: made from the centres of the 151 kelurahan, not surveyed borders."


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
        heard("change")(change)
        if change["field"] == "intensity":
            set_dip(0.03 * change["value"])

    def show_charts() -> list:
        made = [Chart(spec=one, summary=f"{one['title']}, in short", stale=stale, **common) for one in charts(dip)]
        return [Grid([Panel("", [chart]) for chart in made], least=460)]

    def show_cards() -> list:
        bad = ["<script>document.title = 'taken'</script>", "second"]
        return [
            Cards(items=CARDS, versus="against today's policy", stale=stale, words=texts),
            *[
                Notice(kind=one, title=f"A {one}", lines=bad, closes=True, words=texts, event_close=heard("close"))
                for one in ("note", "good", "warning", "error")
            ],
            Timeline(label="Life", columns=["Without", "With"], rows=LIFE, difference="differs", words=texts),
            DataTable(caption="Poverty", columns=COLUMNS, rows=ROWS, event_pick=heard("row"), **common),
            Panel("Files", show_files()),
        ]

    def show_files() -> list:
        saves = [{"id": "scenario", "label": "Save the scenario"}]
        return [
            Upload(label="Load a scenario", words=texts, event_upload=heard("upload")),
            Downloads(label="Save", items=saves, content=content, words=texts, event_want=want),
            Actions(label="Tools", items=BUTTONS, words=texts, event_act=heard("act")),
            Pick(label="Outcome", options=OUTCOMES, value="a", words=texts, event_pick=heard("pick")),
            Pick(label="Shown", options=WAYS, value="level", name="shown", segments=True, words=texts,
                 event_pick=heard("segment")),
            Entry(label="Name", value="Package 1", words=texts, event_enter=heard("enter")),
            Code(label="Command", text="bandung compare scenario.yaml --seeds 20", language="sh", words=texts),
        ]  # fmt: skip

    def show_map() -> list:
        values = VALUES if view == "level" else CHANGES
        of, edges = classes(values, view)
        legend = [f"{low:.3f} to {high:.3f}" for low, high in edges]
        return [
            DistrictMap(title="Poverty", shapes=SHAPES, view=VIEW, values=values, classes=of, scale=view, legend=legend,
                        good=-1, form=SHARE, stale=stale, warnings={CODES[5]: "Full in 2031"}, notice=NOTICE,
                        selected=place, on_selected=set_place, **common)
        ]  # fmt: skip

    shown = {"charts": show_charts, "cards": show_cards, "level": show_map, "change": show_map}
    tools = {"stale": lambda: set_stale(not stale), "adopt": lambda: set_rev(rev + 1), "copy": lambda: set_copies(1)}
    bar = TopBar(
        title="Bandung Resilience Lab",
        subtitle="A scenario with a title",
        language=language,
        languages=[["id", "Bahasa Indonesia"], ["en", "English"]],
        views=[{"id": one, "label": one.title(), "icon": "chart"} for one in shown],
        view=view,
        changes=2,
        running={"text": "Running 20 seeds", "share": 0.4, "cancel": True} if runs else {},
        announce=said,
        query=f"view={view}&lang={language}",
        push=list(shown).index(view),
        copy_request=copies,
        words=texts,
        event_view=set_view,
        event_language=set_language,
        event_cancel=lambda _: set_runs(False),
        event_address=heard("address"),
        event_copied=heard("copied"),
    )
    levers = Levers(
        title="Levers",
        groups=GROUPS,
        base=BASE,
        values={"basins": {"intensity": 2.0}} if rev else {},
        rev=rev,
        event_change=changed,
        **common,
    )
    buttons = [{"id": name, "label": name} for name in tools]
    tests = Actions(label="Tests", items=buttons, words=texts, event_act=lambda name: tools[name]())
    heard_last = rv.Html(tag="p", attributes={"id": "said"}, children=[said])
    Page(bar, main=[tests, heard_last, *shown[view]()], side=[levers], side_label="Levers and shocks")


@solara.component
def Layout(children):
    solara.Div(children=children)
