"""Participation, trust, neighbourhood money, savings circles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_city import live, small_city

from sim.agents.arisan import DISTRESSED, EMPTY, GONE, NONE, SAVING, pay_pots, seat_members, taker
from sim.agents.communities import receive_grants
from sim.agents.households import BORROWED, HOUSEHOLD, WITHDREW
from sim.agents.musrenbang import ballots, count_votes, need_of, propose, propose_all
from sim.agents.neighbourhood import month_of_visit, signal, visit_slot, where_and_how_rich
from sim.agents.participation import (
    heard_from,
    join_hazard,
    leave_hazard,
    mood,
    need_match,
    satisfaction_sought,
    self_help,
    steady_participation,
    swadaya_ratio,
    trust_next,
)
from sim.agents.services import N_KINDS
from sim.agents.ties import FREE
from sim.parameters import default_parameters, with_values

P = default_parameters()
RULES = P.community


def test_participation_with_fatigue_settles_at_its_closed_form():
    assert steady_participation(0.004, 0.05, 0.03) == pytest.approx(0.48496, abs=5e-6)
    share = 0.0
    for _ in range(2000):
        share += (1 - share) * join_hazard(RULES, share, 0.0, 0.0) - share * leave_hazard(RULES, 0.0)
    assert share == pytest.approx(0.48496, abs=5e-6)


def test_without_fatigue_participation_spreads_like_bass_diffusion():
    rules, share, path = RULES._replace(join_alone=0.003, join_ties=0.03, leave=0.0), 0.0, []
    for _ in range(120 * 200):  # 200 steps a month come close to continuous time
        share += (1 - share) * join_hazard(rules, share, 0.0, 0.0) / 200
        path.append(share)
    found = [path[200 * month - 1] for month in (12, 36, 60, 120)]
    assert found == pytest.approx([0.0423, 0.1717, 0.3621, 0.8239], abs=2e-4)


def test_a_friend_from_another_group_is_heard_as_far_as_a_conflict_lets_him():
    assert heard_from(0.4, 1.0, 1.0) == 1.0 and heard_from(0.4, 0.0, 1.0) == pytest.approx(0.0)
    assert heard_from(0.4, 1.0, 0.5) == pytest.approx(0.7)
    assert heard_from(0.4, 1.0, 0.0) == 0.4


def test_facilitators_and_satisfaction_draw_people_in():
    usual = join_hazard(RULES, 0.4, 0.0, 0.0)
    assert usual == pytest.approx(0.004 + 0.05 * 0.4)
    assert join_hazard(RULES, 0.4, 1.0, 0.0) == pytest.approx(1.5 * usual)
    assert join_hazard(RULES, 0.4, 0.0, mood(1.0)) == pytest.approx(1.5 * usual)
    assert leave_hazard(RULES, mood(1.0)) == pytest.approx(0.015)
    assert leave_hazard(RULES, mood(0.5)) == pytest.approx(0.03)


def test_satisfaction_is_middling_where_services_are_usual():
    assert satisfaction_sought(RULES, 0.0, 0.0, 0.0, 1, False) == 0.5
    assert satisfaction_sought(RULES, 0.1, 0.0, 0.0, 0, False) == pytest.approx(0.58)
    assert satisfaction_sought(RULES, 0.0, 1.0, 0.0, 1, False) == pytest.approx(0.55)
    assert satisfaction_sought(RULES, 0.0, 1.0, 0.0, 0, False) == 0.5  # grants are seen by those who take part
    assert satisfaction_sought(RULES, 0.0, 0.0, 0.0, 0, True) == pytest.approx(0.4)
    assert satisfaction_sought(RULES, -2.0, 0.0, 0.0, 0, True) == 0.0


def test_trust_returns_to_its_level_and_stays_between_0_and_1():
    trust = 0.9
    for _ in range(400):
        trust = trust_next(RULES, trust, 0.5, False, 0.0, 0.0, 0.5)
    assert trust == pytest.approx(RULES.trust_start, abs=1e-3)
    assert trust_next(RULES, 0.5, 0.5, True, 0.0, 0.0, 0.5) == pytest.approx(0.52)
    assert trust_next(RULES, 0.5, 0.5, False, 1.0, 0.0, 0.5) == pytest.approx(0.45)
    assert trust_next(RULES, 0.5, 1.0, False, 0.0, 0.1, 0.5) == pytest.approx(0.5 + 0.01 - 0.002)
    assert trust_next(RULES, 0.011, 0.0, False, 1.0, 5.0, 0.0) == 0.01
    assert trust_next(RULES, 0.99, 1.0, True, 0.0, 0.0, 1.0) == 1.0


def test_the_noise_of_trust_keeps_its_spread():
    luck, trust = np.random.default_rng(1).uniform(size=(600, 400)), np.full(400, 0.5)
    for month in range(600):
        trust = np.array(
            [trust_next(RULES, t, 0.5, False, 0.0, 0.0, u) for t, u in zip(trust, luck[month], strict=True)]
        )
    assert trust.std() == pytest.approx(RULES.trust_spread, rel=0.1)


def test_self_help_is_whole_rupiah_within_means():
    assert self_help(18_000.7, 3e6, 0.02) == 18_000
    assert self_help(18_000.0, 100_000.0, 0.02) == 2_000
    assert self_help(18_000.0, -5.0, 0.02) == 0


def test_self_help_rises_with_trust_within_its_record():
    assert swadaya_ratio(RULES, 0.5) == pytest.approx(0.32)
    assert swadaya_ratio(RULES, 0.0) == 0.18 and swadaya_ratio(RULES, 1.0) == 0.60
    assert swadaya_ratio(RULES._replace(couplings=0.0), 1.0) == pytest.approx(0.32)
    assert need_match(RULES, 1.0) - need_match(RULES, 0.0) == pytest.approx(0.05)


@pytest.fixture(scope="module")
def world():
    return live(small_city(), -24, 24)


def test_participation_in_the_city_stays_near_the_closed_form(world):
    state = world.communities
    share = state.members.sum() / state.homes.sum()
    assert 0.40 < share < 0.53
    assert (state.trust * state.homes).sum() / state.homes.sum() == pytest.approx(0.49, abs=0.03)


def test_the_counts_are_those_of_the_rows(world):
    state, rows = world.communities, world.households.rows
    assert state.homes.sum() == (rows["alive"] > 0).sum()
    assert state.members.sum() == rows["takes_part"].sum()
    assert state.people.sum() == rows["size"].sum()


def test_a_membership_is_there_as_long_as_the_household_is_a_member(world):
    """The neighbourhood's life, and a savings circle: what two years of joining and leaving have left."""
    there = world.households.rows[world.households.rows["alive"] == 1]
    known = there[there["trust"] > 0]  # newcomers have not met anybody yet
    assert (known["groups"] == known["takes_part"] + (known["arisan"] >= 0)).mean() > 0.99


def test_day_and_night_differ_by_commuters_only(world):
    night, day, _ = world.communities.presence()
    trips = world.communities.commuting.sum(axis=0)
    people, homes = world.persons.rows, world.households.rows
    away = (people["state"] == 1) & (people["workplace"] != homes["district"][people["home"]])
    assert trips.sum() == pytest.approx(away.sum())
    assert day.sum() == pytest.approx(night.sum())  # nobody works outside the city in this sample


def test_neighbourhood_money_balances_every_month():
    world = small_city()
    state = world.communities
    for month in range(6):
        before, savings = state.money, world.households.rows["savings"].sum()
        delivered = int(state.purchases.sum())
        live(world, month, month + 1)
        received = int(state.usual_grants.sum()) + state.swadaya
        assert state.money == before - delivered + received
        assert world.households.rows["savings"].sum() == savings - state.swadaya
        assert world.ledger.sheet["swadaya"] >= state.swadaya > 0
        assert np.array_equal(state.purchases, np.floor(state.purchases)) and state.purchases.min() >= 0


def test_self_help_adds_to_grants_as_on_record(world):
    ratio = world.communities.swadaya / world.communities.usual_grants.sum()
    assert 0.18 <= ratio <= 0.60


def test_grants_are_a_hundred_million_per_rw_and_year(world):
    yearly = world.communities.usual_grants.sum() * 12 * world.scale
    assert yearly == pytest.approx(world.city.kelurahan.n_rw.sum() * 100e6 * 0.945, rel=1e-3)


def test_votes_go_where_need_is_among_the_proposals(world):
    state = world.communities
    state.slate = np.ones((151, N_KINDS), bool)
    state.slate[:, 0] = False
    chances = np.diff(ballots(state, np.eye(N_KINDS)[np.arange(30) % N_KINDS], RULES), axis=2, prepend=0.0)
    assert chances.sum(axis=2) == pytest.approx(np.ones((151, 2)))
    assert (chances[:, :, 0] == 0.0).all()  # not proposed
    wants = state.district % N_KINDS
    needy = wants > 0
    assert (chances[needy, 0].argmax(axis=1) == wants[needy]).all()
    assert (chances[:, 1, 4] > chances[:, 0, 4]).all()  # families care for schools


def test_a_capable_leader_proposes_what_is_needed_most(world):
    state, need = world.communities, np.array([0.7, 0.1, 0.6, 0.2, 0.5, 0.4, 0.3])
    state.leader[3] = 1.0
    assert propose(state, 3, need, 1, 0, RULES).tolist() == [True, False, True, False, True, True, False]
    state.leader[3] = 0.0
    slates = {tuple(propose(state, 3, need, seed, 0, RULES)) for seed in range(20)}
    assert len(slates) > 3 and all(sum(slate) == RULES.slate for slate in slates)


def test_all_meetings_together_propose_what_each_proposes(world):
    state, need = world.communities, need_of(world.services)[world.communities.district]
    together = propose_all(state, need, 1, 0, RULES)
    assert (together == [propose(state, k, need[k], 1, 0, RULES) for k in range(len(need))]).all()


def test_the_vote_places_the_money(world):
    state = world.communities
    state.votes[:] = 0
    state.votes[5, 2] = 3
    state.votes[5, 4] = 1
    kept = state.choice[6].copy()
    count_votes(state)
    assert state.choice[5].tolist() == [0, 0, 0.75, 0, 0.25, 0, 0] and np.array_equal(state.choice[6], kept)
    assert need_of(world.services).min() >= 0.0


def test_facilitation_raises_participation():
    usual, helped = small_city(), small_city()
    helped.communities.facilitation[:] = 1.0
    live(usual, 0, 18)
    live(helped, 0, 18)
    assert helped.communities.members.sum() > 1.05 * usual.communities.members.sum()


def test_the_circle_passes_over_who_left_and_lets_the_distressed_first():
    signals = np.array([SAVING, SAVING | (1 << 9), SAVING], np.uint16)
    assert taker(np.array([EMPTY, 0, 1, 2], np.int32), 0, signals, False) == 1
    circle = np.array([0, 2, 1], np.int32)
    assert taker(circle, 0, signals, True) == 0 and circle.tolist() == [1, 2, 0]
    assert taker(np.array([0, EMPTY], np.int32), 1, signals, False) == -1


def test_a_full_round_of_a_circle_leaves_everybody_as_before():
    homes = np.zeros(4, HOUSEHOLD)
    homes["alive"], homes["savings"], homes["permanent"], homes["arisan"] = 1, 100_000.0, 1e6, 0
    members, contribution = np.arange(4, dtype=np.int32)[None, :].copy(), np.array([20_000.0])
    turn, carried, free = np.zeros(1, np.int16), np.zeros(1), np.zeros(1, np.int64)
    got = []
    for month in range(4):
        homes["savings"] -= contribution[0]
        paid, before = np.array([80_000.0]), homes["savings"].copy()
        where, trust = np.zeros(1, np.int16), np.ones(1)
        signals = np.full(4, SAVING, np.uint16)
        handed = pay_pots(
            paid, homes, signals, members, contribution, turn, where, carried, free, trust, RULES, 1, month
        )
        assert handed == paid[0] and homes["savings"].sum() == 400_000.0
        got.append(int(np.argmax(homes["savings"] - before)))
    assert sorted(got) == [0, 1, 2, 3] and (homes["savings"] == 100_000.0).all() and carried[0] == 0.0


def test_a_newcomer_takes_a_free_seat():
    homes = np.zeros(3, HOUSEHOLD)
    homes["alive"], homes["arisan"] = 1, [0, NONE, -2]
    members, free = np.array([[0, EMPTY]], np.int32), np.array([1], np.int64)
    seat_members(np.array([1, 2], np.int32), homes, members, np.array([0, 1]), free)
    assert members.tolist() == [[0, 2]] and homes["arisan"].tolist() == [0, NONE, 0] and free[0] == 0


def test_circles_of_the_city_add_to_zero(world):
    assert world.counts["arisan_paid"] == world.counts["arisan_handed"] > 0
    assert world.communities.circles.carried.sum() == 0.0
    members = world.communities.circles.members
    circle, seat = np.nonzero(members != EMPTY)
    rows = members[circle, seat]
    assert len(np.unique(rows)) == len(rows)
    assert (world.households.rows["arisan"][rows] == circle).mean() > 0.9  # leavers are noticed next month


def test_ties_stay_mutual_as_households_come_and_go():
    world = small_city()
    world.households.rows["alive"][::50] = 0
    live(world, 0, 4)
    a, place = np.nonzero(world.ties != FREE)
    found = set(zip(a.tolist(), world.ties[a, place].tolist(), strict=True))
    assert all((b, a) in found for a, b in found)
    assert not any(world.households.rows["alive"][a] == 0 for a, _ in found)


def test_the_same_seed_gives_the_same_neighbourhoods_for_any_number_of_threads():
    from sim import walk

    one = live(small_city(50), 0, 3)
    try:
        walk.set_threads(2)
        two = live(small_city(50), 0, 3)
    finally:
        walk.set_threads(1)
    for name in ("takes_part", "trust", "savings", "arisan"):
        assert np.array_equal(one.households.rows[name], two.households.rows[name])
    assert np.array_equal(one.communities.social_capital, two.communities.social_capital)


def test_social_capital_is_the_mean_of_its_parts(world):
    state = world.communities
    parts = state.district_participation() + state.district_trust() + state.bridging
    assert state.social_capital == pytest.approx(parts / 3)
    assert (state.bridging > 0).all() and (state.bridging < 1).all()


def test_no_grant_no_works():
    p = with_values(P, {"government.grant_per_rw": 0.0})
    world = small_city(p=p)
    receive_grants(world.communities, np.zeros(151))
    live(world, 0, 3)
    assert world.communities.fund.sum() == 0.0 and world.communities.swadaya == 0
    assert math.isclose(world.communities.purchases.sum(), 0.0)


def test_what_others_see_of_a_household_tells_its_district_its_quintile_and_the_month_of_its_visit():
    """Also in the last month and the last district: 64 households with successive ids are visited together."""
    home = np.zeros(1, HOUSEHOLD)[0]
    home["quintile"], home["district"], home["arisan"], home["uid"] = 4, 29, NONE, 64 * 11
    assert where_and_how_rich(home) == 4 << 1 | 29 << 4
    seen = signal(home)
    assert seen & 0x1FE == where_and_how_rich(home) and not seen & (1 | DISTRESSED | SAVING) and seen != GONE
    assert month_of_visit(seen) == visit_slot(home["uid"]) == 11
    home["coping"] = BORROWED | WITHDREW
    assert signal(home) & DISTRESSED
    home["coping"] = BORROWED  # a loan alone is no distress
    assert not signal(home) & DISTRESSED
    home["takes_part"], home["hardship"], home["arisan"], home["uid"] = 1, 1, 0, 64 * 12
    assert signal(home) == where_and_how_rich(home) | 1 | DISTRESSED | SAVING
