"""Who pays for levers without a budget: what households and businesses pay more, by hand, and where it is shown."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from ensembles import START, make
from test_report import Reader
from test_words import assert_indonesian
from test_words import comparison as without_burden

from sim.analysis.burden import burdens
from sim.catalogue import LEVERS
from sim.comparison import Comparison, asked_of_others
from sim.comparison_table import text as table_text
from sim.declare import OUTCOMES
from sim.listing import outcome_rows, registry_of
from sim.outcomes.business import PAID_BY_RULE, paid_by_rule
from sim.report.page import render
from sim.report.plan import burden_rows
from sim.scenario import load_scenario

MONTHS, SEEDS = 24, 6
LEVEL = START | {"property_tax_rp": 50e9, "business_tax_rp": 65e9, "wages_paid_rp": 3e12}
CHANCE = np.array([1, -1, 2, -2, 1, -1]) * 1e9  # a month, by seed: no change on average
TEXT = f"""\
title: Who pays
question: Who pays for what costs the city nothing?
months: {MONTHS}
unequal_cost: true
packages:
  - name: Collection
    policies: [{{lever: revenue_effort, compliance: 0.8}}]
  - name: Wages
    policies: [{{lever: minimum_wage, extra_growth: 0.03}}]
  - name: Today
    policies: [{{lever: revenue_effort}}]
"""
PACKAGES = ("none", "Collection", "Wages", "Today")
EFFECT = {
    ("Collection", "property_tax_rp"): 2e9 + 0.01 * CHANCE,
    ("Collection", "business_tax_rp"): CHANCE,
    ("Wages", "wages_paid_rp"): 40e9 + CHANCE,
    ("Wages", "business_tax_rp"): -1e9 + 0.01 * CHANCE,
}


@cache
def comparison(seeds: int = SEEDS) -> Comparison:
    """Collection brings Rp 2 billion a month more from households and by chance more or less from businesses; a higher
    minimum wage costs employers Rp 40 billion a month, of whose lower sales the city taxes Rp 1 billion less.
    """
    outcome_rows()
    start = {name: LEVEL.get(name, 1.0) for name in OUTCOMES}
    effect = {key: change[:seeds] for key, change in EFFECT.items()}
    ensemble = make(PACKAGES, seeds, MONTHS, effect=effect, start=start, noise=0.001)
    return Comparison(
        scenario=load_scenario(TEXT),
        scale=50,
        seeds=ensemble.seeds,
        months=MONTHS,
        ensemble=ensemble,
        digests={},
        identities={"money": 0.0, "people": 0.0, "jobs": 0.0},
        counts={"persons": 51234, "households": 14567},
        seconds=12.0,
    )


def test_what_is_paid_is_read_from_the_flows_of_the_ledger():
    sheet = {"property_tax": 5, "local_tax": 7, "wages": 100, "wages_to_commuters": 20, "wages_government": 9}
    assert paid_by_rule(sheet) == {"property_tax_rp": 5, "business_tax_rp": 7, "wages_paid_rp": 120}
    assert paid_by_rule({}) == dict.fromkeys(PAID_BY_RULE, 0)


def test_two_billion_a_month_more_are_48_billion_in_two_years():
    table = comparison().burdens.set_index(["package", "outcome"])
    row = table.loc["Collection", "property_tax_rp"]
    assert row.rp == pytest.approx(48e9) and row.low < 48e9 < row.high and row.high - row.low < 2e9
    assert row.asked and row.distinguishable and row.distinguishable_in_table
    assert table.loc["Wages", "wages_paid_rp"].rp == pytest.approx(960e9)


def test_a_row_stands_where_a_lever_asks_for_it_or_where_it_is_clear():
    table = comparison().burdens
    assert list(zip(table["package"], table["outcome"], table["asked"], strict=True)) == [
        ("Collection", "property_tax_rp", True),
        ("Collection", "business_tax_rp", True),
        ("Wages", "business_tax_rp", False),
        ("Wages", "wages_paid_rp", True),
    ]
    asked = table.set_index(["package", "outcome"]).loc["Collection", "business_tax_rp"]
    assert not asked.distinguishable and asked.low < 0 < asked.high
    nobody = burdens(comparison().ensemble, {})
    assert not nobody["asked"].any() and nobody["distinguishable_in_table"].all() and len(nobody) == 3
    assert burdens(make(("none", "A")), {"A": ("wages_paid_rp",)}).empty  # nothing of it was recorded


def test_levers_ask_what_they_declare_and_those_set_as_today_ask_nothing():
    assert asked_of_others(comparison().scenario) == {
        "Collection": ("property_tax_rp", "business_tax_rp"),
        "Wages": ("wages_paid_rp",),
        "Today": (),
    }
    registry_of("lever")
    asking = {name: kind.others_pay for name, kind in LEVERS.items() if kind.others_pay}
    assert set(asking) == {"revenue_effort", "minimum_wage"}
    assert {name for names in asking.values() for name in names} == set(PAID_BY_RULE) <= set(OUTCOMES)


def test_with_one_seed_the_amount_is_told_and_nothing_is_tested():
    table = comparison(1).burdens
    assert set(table["asked"]) == {True} and table["distinguishable"].isna().all() and table["low"].isna().all()
    (first, *_) = burden_rows(comparison(1))
    assert (first["amount"], first["spread"], first["said"]) == ("+48.2", "", "")


def test_the_terminal_and_the_report_tell_it_apart_from_the_city_s_cost():
    first, chance, less, wages = burden_rows(comparison())
    assert first["amount"] == "+48.0 **" and first["who"] == "households: property tax (PBB)" and first["said"] == ""
    assert chance["said"] == "not distinguishable from zero" and "*" not in chance["amount"]
    assert (less["amount"], less["asked"]) == ("-24.0 **", "no") and wages["amount"] == "+960.0 **"
    for said in (table_text(comparison(), width=200), Reader(render(comparison())).text):
        for part in ("What others than the city pay more", "+48.0 **", "+960.0 **", "no cost of the city",
                     "not distinguishable from zero", "Where the policy does not ask for it"):  # fmt: skip
            assert part in said


def test_it_is_told_in_indonesian_too():
    shown = table_text(comparison(), width=200, language="id").split("\n\n")
    (table,) = [part for part in shown if part.startswith("Tambahan yang dibayar pihak selain kota")]
    assert "+48,0 **" in table and "bukan biaya kota" in table
    assert_indonesian(table)
    page = Reader(render(comparison(), "id")).text
    assert "rumah tangga: pajak bumi dan bangunan (PBB)" in page and "tidak dapat dibedakan dari nol" in page


def test_nothing_is_told_where_no_lever_asks_and_nothing_is_clear():
    made = without_burden()
    assert made.burdens.empty and burden_rows(made) == []
    for said in (table_text(made, width=200), Reader(render(made)).text):
        assert "What others than the city pay more" not in said and "a burden of theirs" not in said


def test_json_has_it_by_package():
    said = {one["name"]: one["paid_by_others"] for one in comparison().as_dict()["packages"]}
    assert [row["outcome"] for row in said["Wages"]] == ["business_tax_rp", "wages_paid_rp"] and said["Today"] == []
    assert said["Wages"][1]["rp"] == pytest.approx(960e9) and said["Wages"][1]["distinguishable"] is True
    one = comparison(1).as_dict()["packages"][0]["paid_by_others"]
    assert one[0]["distinguishable"] is None and not pd.notna(one[0]["low"])
