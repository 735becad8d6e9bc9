"""Does a portfolio do more than the sum of its parts? Known effects give known sums; levers tell the parts."""

import numpy as np
import pandas as pd
import pytest
from ensembles import make, programme

import sim
from sim.analysis.cost import equal_cost
from sim.analysis.synergy import synergy
from sim.analysis.verdict import verdict
from sim.parts import all_parts, parts_of
from sim.scenario import Scenario

SEEDS = 12
CASH = {"lever": "cash_transfer", "budget_rp_per_year": 50e9}
WORKS = {"lever": "public_works", "budget_rp_per_year": 50e9}
ROADS = {"lever": "service_infrastructure", "budget_rp_per_year": 50e9}
FEWER = {**ROADS, "districts": ["Coblong"]}


def packages(**levers):
    """Packages of these names and levers, as a scenario that may cost what it likes has them."""
    listed = [{"name": name, "policies": policies} for name, policies in levers.items()]
    return Scenario(title="T", packages=listed, unequal_cost=True).packages


def test_parts_are_packages_whose_levers_are_together_exactly_those_of_another():
    assert parts_of(packages(A=[CASH], B=[WORKS], AB=[WORKS, CASH])) == {"AB": ("A", "B")}
    three = packages(ABC=[CASH, WORKS, ROADS], AB=[CASH, WORKS], A=[CASH], C=[ROADS])
    assert parts_of(three) == {"ABC": ("AB", "C")}  # B alone is not there, so AB has no parts


def test_a_package_that_lacks_a_lever_or_has_another_setting_is_no_part():
    assert parts_of(packages(A=[CASH], AB=[WORKS, CASH])) == {}  # one part alone leaves something out
    assert parts_of(packages(A=[CASH], C=[FEWER], AC=[CASH, ROADS])) == {}
    assert parts_of(packages(A=[CASH], C=[{**ROADS, "budget_rp_per_year": 40e9}], AC=[CASH, ROADS])) == {}
    assert parts_of(packages(A=[CASH], B=[CASH], Twice=[CASH, CASH])) == {"Twice": ("A", "B")}
    assert parts_of(packages(Nothing=[], A=[CASH], Same=[CASH])) == {}


def test_overlapping_packages_are_put_together_where_they_fit():
    """The first that comes to mind, AB, leaves C alone uncovered; A and BC fill the whole."""
    found = parts_of(packages(AB=[CASH, WORKS], A=[CASH], BC=[WORKS, ROADS], ABC=[CASH, WORKS, ROADS]))
    assert found == {"ABC": ("A", "BC")}
    assert all_parts(found) == {"A", "BC"}


def test_parts_need_not_cost_what_the_whole_costs_but_the_others_must():
    halves = {"A": [CASH], "B": [WORKS], "AB": [CASH, WORKS]}
    listed = [{"name": name, "policies": policies} for name, policies in halves.items()]
    big = {"name": "One", "policies": [{**ROADS, "budget_rp_per_year": 100e9}]}
    assert len(Scenario(title="T", packages=[*listed, big]).packages) == 4
    small = {"name": "One", "policies": [ROADS]}
    with pytest.raises(sim.errors.InputError, match="packages do not cost the same a year") as wrong:
        Scenario(title="T", packages=[*listed, small])
    assert "('AB' Rp 100.0 billion, 'One' Rp 50.0 billion)" in str(wrong.value)


def planted(beyond=0.0, noise=0.0):
    """Cash takes 0.4 points off poverty, works 0.2; together 0.6 and `beyond`. Trust: works alone, twice as much."""
    luck = noise * np.random.default_rng(3).normal(size=(4, SEEDS))
    effect = {
        ("Cash", "poverty_headcount"): -0.004 + luck[0],
        ("Works", "poverty_headcount"): -0.002 + luck[1],
        ("Both", "poverty_headcount"): -0.006 + beyond + luck[2],
        ("Works", "trust"): 0.02 + luck[3],
        ("Both", "trust"): 0.04 + luck[3],
    }
    spent = {"Cash": 200e9, "Works": 200e9, "Both": 400e9}
    records = [programme(name, seed, rp) for name, rp in spent.items() for seed in range(1, SEEDS + 1)]
    one = make(("none", *spent), seeds=SEEDS, noise=0.05, effect=effect, programmes=records)
    return sim.analysis.ensemble.replace(one, parts={"Both": ("Cash", "Works")}, budgets={"none": 0.0, **spent})


def test_what_the_whole_does_beyond_its_parts_is_its_effect_less_the_sum_of_theirs():
    table = synergy(planted(-0.001)).set_index("outcome")
    poverty, trust = table.loc["poverty_headcount"], table.loc["trust"]
    assert (poverty["whole"], poverty["parts"]) == ("Both", "Cash + Works")
    assert [poverty[name] for name in ("together", "added_up", "difference")] == pytest.approx([-0.007, -0.006, -0.001])
    assert [trust[name] for name in ("together", "added_up", "difference")] == pytest.approx([0.04, 0.02, 0.02])
    assert poverty["distinguishable_in_table"] and trust["distinguishable_in_table"]
    assert not table.loc["gini", "distinguishable"] and table.loc["gini", "difference"] == 0
    assert poverty["without"] == pytest.approx(0.04, rel=0.1)


def test_a_sum_of_parts_is_told_from_the_whole_only_beyond_chance():
    table = synergy(planted(0.0, noise=0.001), ["poverty_headcount"])
    assert len(table) == 1 and not table["distinguishable"].iloc[0]
    assert table["low"].iloc[0] < 0 < table["high"].iloc[0]
    assert synergy(make(("none", "A"), seeds=3)).empty


def test_the_words_say_where_the_whole_is_more_and_where_it_is_less():
    said = " ".join(verdict(planted(-0.001)))
    assert "Both is Cash and Works together and does clearly more than they add up to on poverty and trust" in said
    said = " ".join(verdict(planted(+0.001)))
    assert "does clearly more than they add up to on trust, clearly less on poverty." in said
    assert "Both adalah gabungan Cash dan Works" in " ".join(verdict(planted(), "id"))
    alone = planted()
    assert "add up to" not in " ".join(verdict(sim.analysis.ensemble.replace(alone, parts={})))


def test_parts_are_left_out_when_spending_is_compared():
    one = planted()
    assert equal_cost(one).spent is None  # the whole has nothing to be compared with
    assert equal_cost(sim.analysis.ensemble.replace(one, parts={})).spent is False


def test_renamed_packages_keep_their_parts():
    assert planted().renamed({"Both": "Keduanya", "Cash": "Tunai"}).parts == {"Keduanya": ("Tunai", "Works")}


def test_a_comparison_leaves_the_table_in_its_report_its_json_and_its_folder(tmp_path):
    listed = [{"name": name, "policies": policies} for name, policies in
              {"Cash": [CASH], "Works": [WORKS], "Both": [CASH, WORKS]}.items()]  # fmt: skip
    made = sim.compare(Scenario(title="T", packages=listed, months=3), seeds=2, scale=2000, workers=1,
                       out=tmp_path / "out")  # fmt: skip
    kept = pd.read_csv(tmp_path / "out" / "synergy.csv")
    assert set(kept["whole"]) == {"Both"} and set(kept["outcome"]) == set(made.ensemble.outcomes)
    effect = made.effects[(made.effects["place"] == "city") & (made.effects["group"] == "all")]
    poor = effect[effect["outcome"] == "poverty_headcount"].set_index("package")["effect"]
    row = made.synergy.set_index("outcome").loc["poverty_headcount"]
    assert row["difference"] == pytest.approx(poor["Both"] - poor["Cash"] - poor["Works"], abs=1e-15)
    assert made.as_dict()["synergy"][0]["parts"] == "Cash + Works"
    assert "More than the sum of its parts?" in (tmp_path / "out" / "report.html").read_text("utf-8")
    from sim.comparison_table import text

    assert "Both is Cash and Works together. Does it do more than they add up to?" in text(made)
