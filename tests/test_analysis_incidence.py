"""Who gets the money and who gains: known concentration, winners only where the seeds agree."""

import math

import numpy as np
import pandas as pd
import pytest
from ensembles import make, programme

from sim.analysis.ensemble import GAINS
from sim.analysis.incidence import concentration_index, incidence, winners_and_losers

MANY = 20_000


@pytest.mark.parametrize(
    "amount, expected",
    [
        ([1, 1, 1, 1, 1], 0.0),
        ([1, 0, 0, 0, 0], -0.8),
        ([0, 0, 0, 0, 1], 0.8),
        ([5, 4, 3, 2, 1], -4 / 15),
        (np.r_[1.0, np.zeros(MANY - 1)], -1.0),
        (np.r_[np.zeros(MANY - 1), 1.0], 1.0),
        ((np.arange(MANY) + 0.5) / MANY, 1 / 3),
    ],
    ids=["equal", "poorest fifth", "richest fifth", "falling", "the poorest", "the richest", "rising with rank"],
)
def test_the_concentration_of_known_distributions(amount, expected):
    assert concentration_index(np.array(amount)) == pytest.approx(expected, abs=1e-4)


def test_groups_of_unequal_size_count_by_their_people():
    assert concentration_index([3, 1], [3, 1]) == pytest.approx(0.0)
    assert concentration_index([1, 1], [3, 1]) == pytest.approx(
        0.25
    )  # a head of the rich group gets three times as much
    assert math.isnan(concentration_index([0, 0]))


def test_shares_of_money_and_of_people_by_fifth():
    records = [
        programme("A", s, 100.0, by_quintile=(50, 20, 20, 10, 0), received=(10, 10, 10, 10, 60)) for s in range(1, 9)
    ]
    table = incidence(make(("none", "A", "B"), programmes=records)).set_index(["package", "of"])
    reached, money = table.loc[("A", "reached")], table.loc[("A", "money")]
    assert [reached[q] for q in ("q1", "q2", "q3", "q4", "q5")] == pytest.approx([0.5, 0.2, 0.2, 0.1, 0.0])
    assert reached.poorest40 == pytest.approx(0.7) and reached.total == 100
    assert reached.concentration == pytest.approx(-0.44) and reached.low == pytest.approx(-0.44)
    assert money.concentration == pytest.approx(0.4) and money.q5 == pytest.approx(0.6)
    assert math.isnan(table.loc[("B", "money")].q1) and table.loc[("B", "money")].total == 0
    assert incidence(make()).empty and len(incidence(make(("none", "A")))) == 2


def test_shares_by_fifth_are_of_the_money_of_all_seeds_together():
    records = [
        programme("A", 1, 100.0, received=(100, 0, 0, 0, 0)),
        programme("A", 2, 300.0, received=(100, 0, 0, 0, 200)),
    ]
    money = incidence(make(("none", "A"), seeds=2, programmes=records)).set_index("of").loc["money"]
    assert money.q1 == money.q5 == 0.5


def gains(net):
    """Package A: share up minus share down (seeds, 35); a third of all households move."""
    net = np.asarray(net, float)
    found = {name: np.zeros((2, 1, len(net), 35)) for name in GAINS}
    found["share_up"][1, 0], found["share_down"][1, 0] = (0.3 + net) / 2, (0.3 - net) / 2
    found["mean_change"][1, 0] = 0.01
    return found


def test_a_place_is_a_winner_only_if_four_of_five_seeds_agree():
    change = np.zeros((10, 35))
    change[:, 5] = 0.02 + 0.001 * np.arange(10)  # all gain
    change[:, 6] = np.r_[np.full(8, 0.02), -0.002, -0.002]  # eight of ten
    change[:, 7] = np.r_[np.full(7, 0.02), np.full(3, -0.002)]  # seven of ten
    change[:, 8] = -0.01 - 0.001 * np.arange(10)
    table = winners_and_losers(make(("none", "A"), seeds=10, gains=gains(change)))
    by = table[table.group == "all"].set_index("place")
    assert by.verdict["32.73.01"] == by.verdict["32.73.02"] == "winner"
    assert by.verdict["32.73.03"] == "open" and by.seeds_up["32.73.03"] == pytest.approx(0.7)
    assert by.verdict["32.73.04"] == "loser"
    assert (by.verdict.iloc[4:] == "open").all()
    assert len(table) == 35 and by.share_up["32.73.01"] - by.share_down["32.73.01"] == pytest.approx(by.net["32.73.01"])
    assert table.group.tolist()[:5] == ["q1", "q2", "q3", "q4", "q5"]


def test_thirty_kecamatan_are_tested_together_before_one_is_named():
    """Alone each of the two would be beyond chance; of thirty kecamatan one or two are so by luck."""
    change = np.zeros((8, 35))
    change[:, 5] = 0.01 + 0.009 * np.array([-1, -1, 1, 1, -0.5, 0.5, 0, 0])
    change[:, 6] = -0.01 + 0.0001 * np.arange(8)
    change[:, 7:] = 0.01 * np.array([1, -1, 1, -1, 1, -1, 1, -1])[:, None]
    change[:, 8] = 0.006 + 0.009 * np.array([-1, -0.6, 1, 1, -0.6, 0.7, 0, 0])
    table = winners_and_losers(make(("none", "A"), seeds=8, gains=gains(change))).set_index("place")
    assert table.distinguishable["32.73.04"] and not table.distinguishable_in_table["32.73.04"]
    assert table.verdict["32.73.04"] == "open" and table.verdict["32.73.02"] == "loser"


def test_agreement_that_chance_would_give_as_often_is_open():
    """Three seeds of one sign by far different amounts: the interval takes in zero."""
    change = np.zeros((3, 35))
    change[:, 0] = [0.001, 0.002, 0.08]
    table = winners_and_losers(make(("none", "A"), seeds=3, gains=gains(change)))
    assert table.seeds_up[0] == 1 and table.verdict[0] == "open"


def test_one_seed_names_no_winner_and_equal_worlds_none_either():
    one = winners_and_losers(make(("none", "A"), seeds=1, gains=gains(np.full((1, 35), 0.1))))
    assert (one.verdict == "open").all() and pd.isna(one.distinguishable[0])
    same = winners_and_losers(make(("none", "A"), seeds=5))
    assert (same.verdict == "open").all() and (same.net == 0).all()


def test_households_that_drift_apart_by_chance_make_no_winners():
    """Half up, half down: the mean of relative changes is above zero all the same, since ratios are skewed."""
    chance = np.random.default_rng(1).normal(0, 0.01, (20, 35))
    table = winners_and_losers(make(("none", "A"), seeds=20, gains=gains(chance)))
    assert (table.mean_change > 0).all() and (table.verdict != "open").sum() <= 3


def test_a_kecamatan_where_nobody_was_followed_is_open():
    change = np.full((6, 35), 0.1)
    change[:, 9] = np.nan
    table = winners_and_losers(make(("none", "A"), seeds=6, gains=gains(change)))
    assert table.verdict[9] == "open" and math.isnan(table.net[9]) and table.verdict[8] == "winner"


def test_a_seed_in_which_nothing_changes_is_not_one_that_gains():
    """Seven seeds of ten gain, three stay as they were: beyond chance, but not four of five."""
    change = np.full((10, 35), 0.02) + 0.001 * np.arange(10)[:, None]
    change[:, 6] = np.r_[np.full(7, 0.02), np.zeros(3)]
    table = winners_and_losers(make(("none", "A"), seeds=10, gains=gains(change)))
    row = table.iloc[6]
    assert row.distinguishable_in_table and row.seeds_up == 0.7 and row.verdict == "open"
    assert table.verdict[5] == "winner"


def test_a_seed_that_was_not_measured_is_left_out_of_the_mean():
    change = np.full((8, 35), 0.1)
    change[0, 9] = np.nan
    table = winners_and_losers(make(("none", "A"), seeds=8, gains=gains(change)))
    assert table.share_up[9] == pytest.approx(0.2) and table.share_down[9] == pytest.approx(0.1)
