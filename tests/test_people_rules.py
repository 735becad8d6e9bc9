"""What may happen to people in a month, and who leaves the city or moves house, with plain numbers."""

import math

import numpy as np
import pytest

import sim.draws
from sim.agents.arisan import EMPTY, agreed
from sim.agents.households import HOUSEHOLD
from sim.agents.persons import CHILD, FEMALE, FORMAL, INACTIVE, MALE, PERSON, UNEMPLOYED
from sim.agents.schooling import END
from sim.agents.ties import free_ties, tie
from sim.declare import defaults
from sim.markets.arrivals import pick_kelurahan, settled_in
from sim.markets.demography import DIES, GIVES_BIRTH, JOINS_KIN, LEAVES_HOME, LEAVES_SCHOOL, NOTHING, fate
from sim.markets.migration import MOST_LEAVING, chances_there, choose_district, leaving_chance, most_leaving
from sim.markets.vital import VitalTables
from sim.markets.vital_rates import (
    distress,
    is_small_and_young,
    kind_of_roots,
    leaving_profile,
    months_without_earner,
    rootlessness,
    sums_of_kinds,
)
from sim.outcomes.people_tally import jobs_checksum, mix
from sim.parameters.demography import Demography
from sim.parameters.migration import Migration
from sim.walk import FIXED

RULES = defaults(Demography)._replace(frailty=2.0, leaving_without_job=0.5, elder_joins_kin=0.02)
MOVING = defaults(Migration)._replace(
    leaving_rate=0.012, leaving_no_earner=0.7, leaving_hardship=0.3, leaving_ties=0.1, leaving_young=1.8, kin_weight=1.0
)
# Chances: death 0.1, birth 0.2, leaving home 0.1 (with a job), leaving school 0.3; usual health 0.9.
TABLES = VitalTables(
    np.full((2, 110), 0.1),
    np.full(110, 0.2),
    np.full(110, 0.1),
    np.full(END + 1, 0.3),
    np.full(110, 0.9),
    np.zeros(110),
)


def what_happens(u, years, sex=MALE, tables=TABLES, **fields):
    person = np.zeros(1, PERSON)
    person["sex"], person["health"], person["state"] = sex, 0.9, INACTIVE
    for name, value in fields.items():
        person[name] = value
    return fate(u, person[0], 12 * years, tables, RULES)


def test_a_small_number_is_death_and_poor_health_widens_it():
    assert what_happens(0.099, 30) == DIES and what_happens(0.101, 30) == NOTHING
    assert what_happens(0.139, 30, health=0.7) == DIES  # 0.1 * (1 + 2 * 0.2) = 0.14
    assert what_happens(0.141, 30, health=0.7) == NOTHING


def test_from_the_top_come_birth_leaving_home_and_leaving_school():
    """A woman of 25 at work and in evening classes: birth above 0.8, leaving home to 0.7, leaving school to 0.4."""
    her = {"sex": FEMALE, "state": FORMAL, "enrolled": 1}
    assert [what_happens(u, 25, **her) for u in (0.81, 0.79, 0.71, 0.69, 0.41, 0.39)] == [
        GIVES_BIRTH, LEAVES_HOME, LEAVES_HOME, LEAVES_SCHOOL, LEAVES_SCHOOL, NOTHING,
    ]  # fmt: skip


def test_a_man_bears_no_child_and_leaves_home_half_as_often_without_a_job():
    assert [what_happens(u, 25, state=FORMAL) for u in (0.91, 0.89)] == [LEAVES_HOME, NOTHING]
    assert [what_happens(u, 25) for u in (0.96, 0.94)] == [LEAVES_HOME, NOTHING]


def test_the_old_move_in_with_kin_from_65():
    settled = TABLES._replace(leave_home=np.zeros(110))
    assert what_happens(0.99, 65, tables=settled) == JOINS_KIN
    assert what_happens(0.97, 65, tables=settled) == NOTHING
    assert what_happens(0.99, 64, tables=settled) == NOTHING


def home_of(age, state=INACTIVE, since=0, size=3, earners=0, hardship=0):
    """A household and its head; the month is 0."""
    persons, homes = np.zeros(1, PERSON), np.zeros(1, HOUSEHOLD)
    persons["born"], persons["state"], persons["since"], persons["next"] = -12 * age, state, since, -1
    homes["size"], homes["earners"], homes["hardship"] = size, earners, hardship
    return persons, homes[0]


def test_small_young_households_leave_more_and_every_tie_holds_back():
    _, small = home_of(30, size=2)
    _, large = home_of(30, size=3)
    assert is_small_and_young(small, 39)
    assert not is_small_and_young(small, 40) and not is_small_and_young(large, 30)
    assert rootlessness(True, 0, MOVING) == pytest.approx(math.exp(1.8))
    assert rootlessness(False, 0, MOVING) == 1.0
    assert rootlessness(True, 5, MOVING) == pytest.approx(math.exp(1.8 - 0.5))


def test_months_without_an_earner_and_crisis_coping_drive_people_away():
    assert distress(False, False, MOVING) == 1.0
    assert distress(True, False, MOVING) == pytest.approx(math.exp(0.7))
    assert distress(False, True, MOVING) == pytest.approx(math.exp(0.3))
    assert distress(True, True, MOVING) == pytest.approx(math.exp(1.0))


def test_kinds_of_roots_differ_by_ties_and_by_being_small_and_young():
    home = np.zeros(1, HOUSEHOLD)
    home["size"] = 2
    assert kind_of_roots(home[0], 39, 0) == 4 and kind_of_roots(home[0], 40, 3) == 24
    assert sums_of_kinds(MOVING)[kind_of_roots(home[0], 30, 1), 0] == pytest.approx(math.exp(1.8 - 0.1) * FIXED, abs=1)


def test_people_leave_as_their_households_do():
    """A young man alone out of work for three months, a woman of 45 in hardship with a tie and her daughter, and a
    household that is gone: the sums by sex and age are those of each person's own household."""
    persons, homes = np.zeros(4, PERSON), np.zeros(3, HOUSEHOLD)
    persons["born"], persons["sex"], persons["home"] = (
        [-12 * 30, -12 * 45, -12 * 10, -12 * 50],
        [0, 1, 1, 0],
        [0, 1, 1, 2],
    )
    persons["state"], persons["next"], persons["since"] = [UNEMPLOYED, FORMAL, CHILD, 0], [-1, 2, -1, -1], -3
    homes["alive"], homes["size"], homes["first"] = [1, 1, 0], [1, 2, 0], [0, 1, -1]
    homes["earners"], homes["hardship"] = [0, 1, 0], [0, 1, 0]
    ties = free_ties(2)
    ties[1, 0] = 0
    chances, norm, need = leaving_profile(persons, homes, ties, MOVING, 0)
    roots, needs = np.exp([1.8, -0.1]), np.exp([0.7, 0.3])
    assert norm == pytest.approx((roots[0] + 2 * roots[1]) / 3, rel=1e-5)
    assert need == pytest.approx((roots[0] * needs[0] + 2 * roots[1] * needs[1]) / (roots[0] + 2 * roots[1]), rel=1e-5)
    usual = MOVING.leaving_rate / 12.0
    assert chances[0, 30] == pytest.approx(usual * roots[0] / norm, rel=1e-5)
    assert chances[1, 45] == chances[1, 10] == pytest.approx(usual * roots[1] / norm, rel=1e-5)
    assert chances[0, 50] == pytest.approx(usual)  # nobody is left of that age


@pytest.mark.parametrize(
    ("home", "months"),
    [
        (home_of(45, UNEMPLOYED, since=-4), 4),
        (home_of(45, UNEMPLOYED, since=-4, earners=1), 0),
        (home_of(45, FORMAL, since=-4), 0),
        (home_of(20, CHILD, since=-4), 0),
        (home_of(59, INACTIVE, since=-4), 4),
        (home_of(60, INACTIVE, since=-4), 0),
    ],
)
def test_months_without_an_earner_count_only_for_those_who_could_earn(home, months):
    assert months_without_earner(*home, 0) == months


def test_the_chance_of_leaving_is_the_usual_one_times_roots_times_need():
    persons, home = home_of(45, UNEMPLOYED, since=-4, hardship=2)
    expected = 0.001 * math.exp(-0.4) * math.exp(1.0) / 2.0
    assert leaving_chance(persons, home, 4, 2.0, MOVING, 0) == pytest.approx(expected)
    calm = home_of(45, UNEMPLOYED, since=-4, hardship=0)
    assert leaving_chance(*calm, 4, 2.0, MOVING, 0) == pytest.approx(expected / math.exp(0.3))
    assert leaving_chance(persons, home, 0, 1e-6, MOVING, 0) == MOST_LEAVING


def test_no_household_of_a_kind_leaves_with_a_higher_chance_than_the_most():
    """A large household (kind 0) of usual needs leaves with at most its rate; hardship or no earner raise the bound."""
    usual = MOVING.leaving_rate / 12.0 / 0.001  # so that the bound of kind 0 is 0.001
    assert most_leaving(0, usual, MOVING) == pytest.approx(0.001, rel=0.01)
    raised = 0.001 * math.exp(MOVING.leaving_no_earner + MOVING.leaving_hardship)
    assert most_leaving(6, usual, MOVING) == pytest.approx(raised, rel=0.01)
    persons, home = home_of(45, UNEMPLOYED, since=-4, hardship=2)
    assert leaving_chance(persons, home, 0, usual, MOVING, 0) <= most_leaving(7, usual, MOVING)


def choice(weights, u, where=(0, 1), p=MOVING):
    """Household 0 lives in the first and household 1 in the second of `where`; they know each other."""
    homes, ties = np.zeros(2, HOUSEHOLD), free_ties(2)
    homes["district"] = where
    tie(ties, 0, 1)
    chances = np.empty(len(weights))
    chances_there(0, ties, homes, np.array([weights]), p, chances)
    return choose_district(where[0], chances, u)


def test_a_dwelling_is_likelier_found_where_kin_live():
    """One tie there with a kin weight of 1 doubles the chance of 0.2; without a tie there it stays."""
    homes, ties = np.zeros(2, HOUSEHOLD), free_ties(2)
    homes["district"] = (0, 1)
    tie(ties, 0, 1)
    weights = np.array([[0.0, 0.2, 0.3], [0.2, 0.0, 0.3], [0.3, 0.3, 0.0]])
    chances = np.empty(3)
    chances_there(0, ties, homes, weights[None], MOVING, chances)
    assert chances == pytest.approx([0.0, 0.4, 0.3])


def test_arrivals_settle_by_those_like_them_unless_its_pull_is_weak():
    """Pulls of 1 and a half: near the first always; near the second below w = 0.5, else by people alike and pull."""
    alike = np.array([[3.0, 1.0], [1.0, 3.0]])
    districts = (np.array([1.0, 0.5]), np.cumsum(alike * [1.0, 0.5], axis=1))
    assert settled_in(0, 0, districts, 0.99, 0.99) == 0
    assert settled_in(1, 0, districts, 0.0, 0.49) == 1
    assert settled_in(1, 0, districts, 0.84, 0.51) == 0  # 3 : 0.5
    assert settled_in(1, 1, districts, 0.84, 0.51) == 1  # 1 : 1.5


def test_a_kecamatan_gets_arrivals_as_it_has_people_alike_times_its_pull():
    """Of 4 people alike 3 live in the first (pull 1), 1 in the second (pull 0.5): 6 of 7 settle in the first."""
    districts = (np.array([1.0, 0.5]), np.cumsum([[3.0, 0.5]], axis=1))
    middles = (np.arange(200) + 0.5) / 200
    first = [settled_in(d, 0, districts, u, w) == 0 for d in (0, 0, 0, 1) for u in middles for w in middles]
    assert np.mean(first) == pytest.approx(6 / 7, abs=0.002)


def test_a_tie_doubles_the_weight_of_its_district_and_the_rest_stays_at_home():
    """Weights 0, 0.2 and 0.3, the second doubled: to 1 below 0.4, to 2 below 0.7, at home above."""
    weights = [[0.0, 0.2, 0.3], [0.2, 0.0, 0.3], [0.3, 0.3, 0.0]]
    assert [choice(weights, u) for u in (0.39, 0.41, 0.69, 0.71)] == [1, 2, 2, 0]
    unkind = MOVING._replace(kin_weight=0.0)
    assert [choice(weights, u, p=unkind) for u in (0.19, 0.21, 0.49, 0.51)] == [1, 2, 2, 0]


def test_weights_of_more_than_one_are_shared_out():
    """0.8 doubled and 0.4: 1.6 of 2.0 go to the first."""
    weights = [[0.0, 0.8, 0.4], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    assert [choice(weights, u) for u in (0.79, 0.81, 0.999)] == [1, 2, 2]


def test_a_kelurahan_of_the_district_is_picked_by_its_people():
    """District 0: 100 and 300 people; district 1: 50, 0 and 150."""
    table = (np.array([0, 2, 5]), np.cumsum([100.0, 300.0, 50.0, 0.0, 150.0]))
    assert [pick_kelurahan(table, 0, u) for u in (0.0, 0.24, 0.26, 0.99)] == [0, 0, 1, 1]
    assert [pick_kelurahan(table, 1, u) for u in (0.0, 0.24, 0.26, 0.99)] == [2, 2, 4, 4]


def test_a_savings_circle_agrees_on_a_share_of_its_members_mean_income():
    homes = np.zeros(3, HOUSEHOLD)
    homes["permanent"] = [3_000_000, 9_000_000, 4_000_001]
    assert agreed(homes, np.array([0, EMPTY, 2], np.int32), 0.1) == 350_000
    assert agreed(homes, np.array([EMPTY, EMPTY], np.int32), 0.1) == 0.0
    homes["permanent"] = -1e6  # taxes above incomes: nobody is paid for taking part
    assert agreed(homes, np.array([0, EMPTY, 2], np.int32), 0.1) == 0.0


def test_rows_are_mixed_as_the_checksum_of_jobs_mixes_them():
    jobs = np.zeros(4, [("workers", np.int32)])
    jobs["workers"] = [2, 0, 1, 0]
    assert jobs_checksum(jobs) == int(np.int64(np.array([mix(0), mix(0), mix(2)]).sum()))
    assert len({mix(row) for row in range(10_000)}) == 10_000


def test_ten_rounds_with_growing_keys_are_one_philox():
    words, keys = (1, 2, 3, 4), [5, 6]
    now = words
    for _ in range(10):
        now = sim.draws._round(*(np.uint64(w) for w in (*now, *keys)))
        keys = [(keys[0] + 0x9E3779B9) & 0xFFFFFFFF, (keys[1] + 0xBB67AE85) & 0xFFFFFFFF]
    assert now == sim.draws.philox(*words, 5, 6)
    assert now == sim.draws._ten_rounds(np.uint64(1 + (2 << 32)), *(np.uint64(w) for w in (3, 4, 5, 6)))
