"""The standard battery: which shocks, when, in which worlds; and that each is the scenario with just that shock."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from sim.battery import AFTER, AGAIN, ALL, STANDARD, battery, courses, first_month
from sim.battery_table import text
from sim.cli import bandung
from sim.comparison import compare
from sim.errors import InputError
from sim.scenario import load_scenario
from sim.twins import plan

GROCERS = """
title: Two packages
months: 24
scale: 2000
seeds: 2
shocks: [{kind: drought, start: 2025-07}]
packages:
  - name: Cash
    policies: [{lever: cash_transfer, budget_rp_per_year: 100e9, start: 2025-06}]
  - name: Nothing
    policies: [{lever: cash_transfer, budget_rp_per_year: 0, start: 2025-06}]
unequal_cost: true
"""


@pytest.fixture(scope="module")
def asked():
    return load_scenario(GROCERS)


@pytest.fixture(scope="module")
def made(asked):
    return battery(asked, workers=1)


def test_each_kind_strikes_twice_in_january_two_years_after_the_last_policy_begins(asked):
    assert first_month(asked) == 36  # June 2027 at the earliest, so January 2028
    for kind, course in zip(STANDARD, courses(asked), strict=True):
        assert [one.kind for one in course] == [kind, kind]
        assert [one.start for one in course] == ["2028-01", "2031-01"]


def test_a_scenario_without_packages_is_struck_after_two_years():
    assert first_month(load_scenario("title: A\nstart: 2025-01\n")) == AFTER


def test_each_course_has_worlds_of_its_own_which_share_the_past_of_their_package(asked):
    tree = plan(asked.shaken_by(courses(asked)), 36 + 2 * AGAIN)
    assert tree.states == 1 + len(STANDARD) == 7
    parted = {fork.key: (fork.parent, fork.month) for fork in tree.forks}
    assert parted[1, 0] == ((0, 0), 5)
    assert all(parted[k, s] == ((k, 0), 36) for k in (0, 1) for s in range(1, 7))
    assert {key: tree.same[key] for key in tree.same} == {(2, s): (0, s) for s in range(7)}


def test_a_course_that_lies_beyond_the_run_changes_nothing_and_keeps_its_place(asked):
    near, far = courses(asked)[:2]
    far = [one.model_copy(update={"start": "2060-01"}) for one in far]
    tree = plan(asked.shaken_by([far, near]), 60)
    assert tree.states == 3
    assert tree.same[0, 1] == (0, 0)
    assert {fork.key for fork in tree.forks} == {(1, 0), (0, 2), (1, 2)}


def test_each_shock_of_the_battery_is_the_scenario_with_just_that_shock(made, asked):
    alone = compare(asked.changed(months=36 + AGAIN, shocks=courses(asked)[3][:1]), workers=1)
    ours = made.ensemble.city[:, [0, 4], :, : 36 + AGAIN]
    np.testing.assert_array_equal(ours, alone.ensemble.city)
    from sim.analysis.index import performance

    np.testing.assert_array_equal(made.performances()[3], performance(alone.ensemble))


def test_a_package_that_does_nothing_changes_nothing(made):
    rows = made.table[made.table["package"] == "Nothing"]
    assert len(rows) == 7 and (rows["effect"] == 0).all() and not rows["distinguishable"].any()


def test_the_mean_of_all_shocks_counts_each_alike_and_adaptation_is_second_minus_first(made):
    for package in made.ensemble.packages:
        mine = made.table[made.table["package"] == package].set_index("shock")
        for column in ("performance", "second", "adaptation"):
            assert mine.loc[ALL, column] == pytest.approx(mine.loc[list(STANDARD), column].mean())
        assert mine["adaptation"].to_numpy() == pytest.approx((mine["second"] - mine["performance"]).to_numpy())


def test_an_earthquake_takes_more_than_a_flood_and_its_scars_weigh_on_the_second_one(made):
    mine = made.table[made.table["package"] == "none"].set_index("shock")
    assert mine.loc["earthquake", "performance"] < mine.loc["flood", "performance"] - 0.03
    assert mine.loc["earthquake", "adaptation"] < -0.01


def test_weights_decide_what_performance_is_of(made):
    from dataclasses import replace

    from sim.outcomes.index import weights_of

    only = weights_of({"livelihood": 1.0} | dict.fromkeys(
        ("human_capital", "social_capital", "services", "governance", "equity"), 0.0))  # fmt: skip
    other = replace(made, weights=only)
    assert not np.allclose(other.performances(), made.performances())


def test_the_command_answers_in_json_and_in_both_languages(made):
    done = CliRunner().invoke(bandung, ["battery", "-", "--workers", "1", "--json"], input=GROCERS, obj={})
    said = json.loads(done.stdout)
    assert said["first_shock"] == "2028-01" and said["second_shock"] == "2031-01"
    assert {row["shock"] for row in said["results"]} == {*STANDARD, ALL}
    assert said["capacity"]["none"] == pytest.approx(made.capacity["none"])
    assert "Two packages: the standard battery of shocks" in text(made)
    indonesian = text(made, language="id")
    assert "gempa" in indonesian and not {"earthquake", "capacity", "seeds"} & set(indonesian.split())


@pytest.mark.parametrize("choice", [{"seeds": 0}, {"scale": 0}, {"weights": {"welfare": 1}}])
def test_a_wrong_choice_is_said(asked, choice):
    with pytest.raises(InputError):
        battery(asked, **choice)


def test_policies_that_begin_too_late_are_said(asked):
    late = load_scenario(GROCERS.replace("months: 24", "months: 600").replace("start: 2025-06", "start: 2070-01"))
    with pytest.raises(InputError, match="begin too late"):
        battery(late)
