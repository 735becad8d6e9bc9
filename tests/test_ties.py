"""The social graph and help between households."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.households import HOUSEHOLD, TIES
from sim.agents.mutual_aid import gift, mutual_aid
from sim.agents.ties import (
    FEW,
    FREE,
    build_ties,
    degree,
    free_ties,
    grow_ties,
    neighbourhoods,
    renew_ties,
    tie,
    untie_all,
)
from sim.city import load_city
from sim.parameters import default_parameters

COMMUNITY = default_parameters().community


def homes(count: int) -> np.ndarray:
    """`count` households spread evenly over the 151 kelurahan."""
    where = load_city(2025).kelurahan.district
    rows = np.zeros(count, HOUSEHOLD)
    rows["uid"], rows["alive"] = np.arange(count) + 1, 1
    rows["kelurahan"] = np.arange(count) % 151
    rows["district"] = where[rows["kelurahan"]]
    return rows


def city_of(count: int, seed: int = 1):
    city, rows = load_city(2025), homes(count)
    around = neighbourhoods(rows, city.kelurahan.district, np.array(sorted(city.graph.edges)))
    return rows, around, build_ties(rows, around, seed, COMMUNITY)


def pairs(ties: np.ndarray) -> set[tuple[int, int]]:
    a, place = np.nonzero(ties != FREE)
    return set(zip(a.tolist(), ties[a, place].tolist(), strict=True))


def is_symmetric(ties: np.ndarray) -> bool:
    found = pairs(ties)
    return all((b, a) in found and a != b for a, b in found) and len(found) == int((ties != FREE).sum())


def test_a_tie_is_mutual_and_made_once():
    ties = free_ties(3)
    assert tie(ties, 0, 1) and not tie(ties, 1, 0) and not tie(ties, 2, 2)
    assert degree(ties, 0) == degree(ties, 1) == 1 and degree(ties, 2) == 0
    assert pairs(ties) == {(0, 1), (1, 0)}


def test_nobody_has_more_than_ten_ties():
    ties = free_ties(13)
    assert sum(tie(ties, 0, other) for other in range(1, 13)) == TIES
    assert degree(ties, 12) == 0


def test_a_household_that_leaves_is_forgotten_by_all():
    ties = free_ties(5)
    for a, b in [(0, 1), (0, 2), (0, 3), (1, 2)]:
        tie(ties, a, b)
    untie_all(ties, 0)
    assert pairs(ties) == {(1, 2), (2, 1)} and degree(ties, 1) == 1


def test_the_city_has_eight_mutual_ties_a_household_most_of_them_near():
    rows, _, ties = city_of(15_000)
    assert is_symmetric(ties)
    a, place = np.nonzero(ties != FREE)
    assert len(a) / len(rows) == pytest.approx(8.0, abs=0.15)
    near = rows["kelurahan"][a] == rows["kelurahan"][ties[a, place]]
    assert near.mean() == pytest.approx(0.71, abs=0.03)


def test_ties_depend_on_the_seed_only():
    (_, _, one), (_, _, again), (_, _, other) = city_of(3000, 1), city_of(3000, 1), city_of(3000, 2)
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_newcomers_find_ties_and_the_gone_lose_them():
    rows, around, ties = city_of(3000)
    rows["alive"][7] = 0
    untie_all(ties, 9)
    for month in range(2 * FEW):
        renew_ties(np.array([7, 9], np.int32), ties, rows, around, COMMUNITY, 1, month)
    assert degree(ties, 7) == 0 and degree(ties, 9) == FEW and is_symmetric(ties)


def test_the_table_grows_with_the_city():
    ties = free_ties(2)
    tie(ties, 0, 1)
    larger = grow_ties(ties, 10)
    assert len(larger) >= 10 and pairs(larger) == {(0, 1), (1, 0)} and grow_ties(larger, 5) is larger


def test_a_gift_is_a_trusted_part_of_what_is_spare_and_never_more_than_the_need():
    assert gift(0.1, 0.5, 1_000_000.0, 200_000.0) == 50_000
    assert gift(0.1, 0.5, 1_000_000.0, 20_000.0) == 20_000
    assert gift(0.1, 0.5, 0.0, 20_000.0) == 0 and gift(0.0, 1.0, 1e6, 2e4) == 0


def test_mutual_aid_moves_money_without_making_any():
    rows = homes(3)
    rows["savings"], rows["spare"], rows["trust"] = [0.0, 500_000.0, 300_000.0], [0.0, 400_000.0, 200_000.0], 0.5
    rows["gap"][0] = 25_000.0
    ties = free_ties(3)
    tie(ties, 0, 1)
    tie(ties, 0, 2)
    assert mutual_aid(np.array([0], np.int32), rows, ties, 0.1, np.ones(30)) == 25_000
    assert rows["savings"].tolist() == [25_000.0, 480_000.0, 295_000.0]
    assert rows["spare"].tolist() == [0.0, 380_000.0, 195_000.0]
    assert rows["gap"][0] == 0.0 and rows["aid"][0] == 25_000.0


def test_ties_to_other_groups_that_a_conflict_cuts_help_no_more():
    """Of two friends with as much to spare one is of the same kecamatan and fifth: only that one still helps."""
    rows = homes(3)
    rows["savings"], rows["spare"], rows["trust"] = [0.0, 500_000.0, 500_000.0], [0.0, 400_000.0, 400_000.0], 0.5
    rows["gap"][0], rows["quintile"] = 90_000.0, [0, 3, 0]
    ties = free_ties(3)
    tie(ties, 0, 1)
    tie(ties, 0, 2)
    assert mutual_aid(np.array([0], np.int32), rows, ties, 0.1, np.zeros(30)) == 20_000
    assert rows["spare"].tolist() == [0.0, 400_000.0, 380_000.0]
