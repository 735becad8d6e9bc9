"""One rule of chance: sentences, stars of the tables and columns of the files do not contradict each other."""

from __future__ import annotations

import re

import numpy as np
import pytest
from ensembles import START, make, programme
from test_words import comparison

from sim.analysis.cost import cost_effectiveness
from sim.analysis.effects import effects
from sim.analysis.ensemble import Ensemble
from sim.analysis.findings import SMALL, find, focus_of
from sim.analysis.paired import sure
from sim.analysis.resilience import hit_hardest, resilience
from sim.analysis.verdict import NOTABLE, verdict
from sim.analysis.words import name
from sim.comparison_table import text as table_text
from sim.report.changes import all_effects, effect_table
from sim.report.marks import star
from sim.report.page import place_rows, render, resilience_rows

SEEDS, MONTHS, ONSET = 6, 36, 12
PACKAGES = ("none", "Alpha", "Beta", "Gamma")


def city(seed: int) -> Ensemble:
    """A city with a shock and packages whose effects are a little noise, and now and then more than that."""
    rng = np.random.default_rng(seed)
    effect, shock = {}, {}
    for package in PACKAGES[1:]:
        for outcome in focus_of(make(PACKAGES), None):
            size = START[outcome] or 1.0
            push = rng.choice([0, 0, 0.01, -0.01, 0.03, 0.003]) * size
            effect[package, outcome] = push + 0.01 * size * rng.normal(size=SEEDS)
    since = np.arange(MONTHS) >= ONSET
    for package in PACKAGES:
        depth = rng.choice([1.0, 1.0, 0.9, 0.995])
        shock[package, "trust"] = -0.05 * depth * since * (1 + 0.03 * rng.normal(size=(SEEDS, 1)))
    spent = [programme(p, s, 1e11, shock=one) for p in PACKAGES[1:] for s in range(1, SEEDS + 1) for one in (0, 1)]
    return make(PACKAGES, SEEDS, MONTHS, ONSET, effect, shock, programmes=spent)


@pytest.mark.parametrize("seed", range(12))
def test_no_sentence_contradicts_a_column_of_the_files(seed):
    made = city(seed)
    found, said = find(made), verdict(made)
    table = effects(made)
    table = table[(table["place"] == "city") & (table["group"] == "all") & (table["shocks"] == "on")]
    flags = table.set_index(["package", "outcome"])

    def gain(package: str, outcome: str) -> float:
        """The effect in the good direction, as far as the files call it clear with everything tested together."""
        row = flags.loc[package, outcome]
        return row["effect"] * row["good"] if sure(row["distinguishable_in_table"]) else 0.0

    for package, rows in found.leads.items():
        assert all(gain(package, row["outcome"]) > 0 for row in rows)
    for tie, outcomes in found.ties.items():
        for package in tie.packages:
            assert all((gain(package, outcome) > 0) == (package in tie.better) for outcome in outcomes)
    assert all(gain(row["package"], row["outcome"]) < 0 for row in found.harms)
    for outcome in found.nothing:
        scale = abs(flags.loc["Alpha", outcome]["without"]) or 1.0
        assert all(gain(package, outcome) < SMALL * scale for package in made.policies)
    _of_the_loss(made, said)
    _of_the_prices(made, said)


def _of_the_loss(made: Ensemble, said: list[str]) -> None:
    """What is said of the loss, against the columns of resilience.csv."""
    table = resilience(made)
    worst = hit_hardest(table, focus_of(made, None))
    (sentence,) = [
        said[k + 1] for k, one in enumerate(said) if f"normal performance in {name(worst['outcome'])}" in one
    ]
    rows = table[table["outcome"] == worst["outcome"]].set_index("package")
    spoken = set(re.findall(r"(Alpha|Beta|Gamma) (?:takes|adds)", sentence))
    clear = {p for p in made.policies if sure(rows.loc[p, "distinguishable_in_table"])}
    large = {p for p in clear if abs(rows.loc[p, "effect_on_loss"]) >= NOTABLE * worst["loss"]}
    assert spoken == large
    assert ("by more than chance" in sentence) == (not clear)


def _of_the_prices(made: Ensemble, said: list[str]) -> None:
    """Priced is only what is clear over the whole run with all results tested together."""
    table = cost_effectiveness(made)
    assert all(sure(row["distinguishable_in_table"]) for _, row in table.dropna(subset=["cost_per_unit"]).iterrows())
    (sentence,) = [one for one in said if one.startswith("Spent over the run")]
    priced = "over the whole run" in sentence
    counted = table[table["measure"] != "wellbeing"].dropna(subset=["cost_per_unit"])
    assert priced == (len(counted) > 0)


def test_words_and_files_disagree_in_none_of_the_cities_because_both_speak():
    """The cities above give the rules something to do: clear and unclear effects, losses and prices."""
    cities = [city(seed) for seed in range(12)]
    assert any(find(one).leads for one in cities) and any(find(one).ties for one in cities)
    alone = [effects(one, places=False, groups=False) for one in cities]
    assert any((table["distinguishable"] & (table["distinguishable_in_table"] == False)).any() for table in alone)  # noqa: E712
    losses = ["".join(verdict(one)) for one in cities]
    assert any("off this loss" in one for one in losses) and any("by more than chance" in one for one in losses)


def test_stars_in_the_tables_are_the_columns_of_the_files():
    made = comparison()
    table = made.effects[(made.effects["shocks"] == "on") & (made.effects["group"] == "all")]
    here = table[table["place"] == "city"].set_index(["package", "outcome"])
    assert {"", "**"} <= {cell["star"] for row in effect_table(made)["rows"] for cell in row["cells"]}
    assert [one["star"] for one in all_effects(made)] == [star(row) for _, row in here.iterrows()]
    losses = made.resilience[made.resilience["package"] != "none"]
    for row in resilience_rows(made):
        mine = losses[
            (losses["package"] == row["package"]) & (losses["outcome"].str.replace("_", " ") == row["outcome"])
        ]
        assert row["star"] == (star(mine.iloc[0]) if len(mine) else "")
    places = table[(table["place"] != "city") & (table["outcome"] == "poverty_headcount")]
    marks = [re.sub(r"[^*]", "", cell) for row in place_rows(made) for cell in row["cells"]]
    order = places.pivot(index="place", columns="package", values="p").index
    expected = [
        star(places[(places["place"] == place) & (places["package"] == package)].iloc[0])
        for place in order
        for package in made.ensemble.policies
    ]
    assert marks == expected


@pytest.mark.parametrize("language", ["en", "id"])
def test_both_stars_are_explained_wherever_they_stand(language):
    known = {
        "en": ("*: the 95 % interval of this row alone", "**: still clear of zero with all outcomes and packages"),
        "id": ("*: selang 95 % baris ini saja", "**: tetap jelas berbeda dari nol bila semua hasil dan paket"),
    }[language]
    for said in (table_text(comparison(), width=200, language=language), render(comparison(), language)):
        assert all(one in said for one in known)


def test_a_star_is_one_of_the_two_flags():
    rows = [(True, True, "**"), (True, False, "*"), (False, False, ""), (None, None, "")]
    for alone, together, expected in rows:
        assert star({"distinguishable": alone, "distinguishable_in_table": together}) == expected
