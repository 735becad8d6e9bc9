"""Child development, schooling and Kota Layak Anak."""

from __future__ import annotations

import numpy as np
import pytest
from small_city import live, small_city

from sim.agents.children import BLOCK_2024, BLOCK_MOST, block_scores, kla_coverage
from sim.agents.growing_up import (
    extra_dropout,
    index_next,
    index_sought,
    programme_gain,
    return_chance,
    usual_dropout,
)
from sim.parameters import default_parameters

P = default_parameters().children


def test_a_usual_home_and_usual_services_lead_to_the_mean():
    assert index_sought(P, 13.0, 13.0, 0.0, 0.0, 0.0) == 0.0
    assert index_sought(P, 16.0, 13.0, 0.0, 0.0, 0.0) == pytest.approx(0.21)
    assert index_sought(P, 13.0, 13.0, np.log(0.9), 0.0, 28.0) == pytest.approx(0.5 * np.log(0.9) - 0.5)
    assert index_sought(P, 13.0, 13.0, 0.0, np.log(0.9), 0.0) == pytest.approx(0.3 * np.log(0.9))


def test_the_index_returns_to_its_surroundings_and_keeps_its_spread():
    assert index_next(P, 1.0, 0.0, 0.0, 0.0) == pytest.approx(0.9)
    luck, index = np.random.default_rng(0).normal(size=(100, 2000)), np.zeros(2000)
    for year in luck:
        index = np.array([index_next(P, h, 0.3, 0.2, n) for h, n in zip(index, year, strict=True)])
    assert index.mean() == pytest.approx(0.3, abs=0.02) and index.std() == pytest.approx(0.2, rel=0.06)


def test_three_covered_years_give_the_scaled_trial_effect():
    gain = sum(programme_gain(P, age, 1.0) for age in (6, 18, 30))
    assert gain == pytest.approx(0.4 * 0.32)
    assert programme_gain(P, 48, 1.0) == pytest.approx(0.5 * 0.75 * 0.4 * 0.32 / 3)
    assert programme_gain(P, 90, 1.0) == 0.0 and programme_gain(P, 10, 0.0) == 0.0


def test_hardship_takes_pupils_out_of_school_and_programmes_keep_some_in():
    usual = usual_dropout(P, 170)
    assert usual_dropout(P, 100) < usual < usual_dropout(P, 200)
    assert extra_dropout(P, 170, False, False, 0.0) == 0.0
    assert extra_dropout(P, 170, True, False, 0.0) == pytest.approx(48 * usual)
    assert extra_dropout(P, 170, True, True, 0.0) == pytest.approx(24 * usual)
    assert extra_dropout(P, 170, True, False, 1.0) == pytest.approx(48 * usual * 0.85)
    assert extra_dropout(P, 200, True, True, 0.0) == pytest.approx(48 * 0.006)  # from 15 on help keeps nobody
    assert return_chance(P, True, 0.0) == 0.0 and return_chance(P, False, 0.0) == pytest.approx(0.036)
    assert return_chance(P, False, 1.0) == pytest.approx(0.036 * 1.15)


def test_coverage_grows_less_than_money_and_needs_volunteers():
    one = kla_coverage(P, 200e3 * 100, 200e3, np.array([200.0]), 1.0, 1.0)
    assert one == pytest.approx([0.9 * 0.5**0.7])
    assert kla_coverage(P, 400e3 * 100, 200e3, np.array([200.0]), 1.0, 1.0) == pytest.approx([0.9])
    assert kla_coverage(P, 200e3 * 100, 200e3, np.array([200.0]), 2.0, 1.0) == pytest.approx(one * 2**0.3)
    assert kla_coverage(P, 1e12, 200e3, np.array([200.0]), 1.0, 1.0) == 1.0
    assert kla_coverage(P, 0.0, 200e3, np.array([200.0]), 1.0, 1.0) == 0.0


def test_the_score_starts_at_the_citys_own_assessment():
    same = np.zeros(7)
    assert BLOCK_MOST.sum() == 1000.0 and block_scores(same, same).sum() == pytest.approx(880.39)
    better = np.array([0, 0, 0, 0, 0, 0, 0.1])
    assert block_scores(better, same).sum() == pytest.approx(880.39 + 10.0)
    assert (block_scores(np.ones(7), same) == BLOCK_MOST).all()


@pytest.fixture(scope="module")
def usual():
    return live(small_city(50), -3, 15)


def test_the_mean_child_stays_at_the_mean(usual):
    state = usual.children
    weight = state.under_7
    assert abs((state.human * weight).sum() / weight.sum()) < 0.05
    assert state.score == pytest.approx(BLOCK_2024.sum(), abs=15.0)


def test_every_child_is_counted_once_a_year(usual):
    people = usual.persons.rows
    minors = ((usual.month - people["born"] < 216) & (people["home"] >= 0)).sum()
    counted = usual.communities.offspring.sum(axis=0)[:, 0].sum()
    assert counted == pytest.approx(minors, rel=0.07)  # counts are up to a year old


def test_more_money_for_child_friendliness_reaches_more_children_and_helps_them(usual):
    rich = small_city(50)
    live(rich, -3, 0)
    rich.children.budget = 3 * rich.children.budget
    live(rich, 0, 15)
    assert (rich.children.coverage > usual.children.coverage).all()
    assert rich.children.human.mean() > usual.children.human.mean()
    assert (rich.children.roles >= usual.children.roles).all() and rich.children.score > usual.children.score


def test_hardship_empties_classrooms():
    hard = small_city(50)
    live(hard, -3, 0)
    hard.households.rows["hardship"] = 3
    live(hard, 0, 15)
    easy = live(small_city(50), -3, 15)
    assert hard.children.leavers > easy.children.leavers == 0
    assert hard.children.out_of_school.mean() > easy.children.out_of_school.mean()
