"""Earning power, hazards, offers: worked examples in plain numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.businesses import BUSINESS
from sim.agents.employment import leave_job, take_job
from sim.agents.persons import FORMAL, INACTIVE, NEVER, NOBODY, PERSON
from sim.agents.technology import adoption_hazard
from sim.agents.work import (
    accepts,
    crowding_pull,
    experience_gain,
    matches,
    separation_hazard,
    skill_of,
    start_hazard,
    talent_of,
    training_effect,
    wage_offer,
)
from sim.compiled import kernel
from sim.draws import pick
from sim.markets import matching
from sim.markets.labour import own_custom, years_of

AMOUNTS = st.floats(0, 1e6)


def test_experience_pays_less_each_year_until_its_peak():
    """2.5 % in the first years, peak at 32 years: +40 log points there, three quarters of them after half the way."""
    assert experience_gain(0, 0.025, 32.0) == 0.0
    assert experience_gain(16, 0.025, 32.0) == pytest.approx(0.3)
    assert experience_gain(32, 0.025, 32.0) == pytest.approx(0.4)
    assert experience_gain(50, 0.025, 32.0) == experience_gain(32, 0.025, 32.0)
    assert experience_gain(-3, 0.025, 32.0) == 0.0
    assert experience_gain(1, 0.025, 32.0) == pytest.approx(0.025, rel=0.02)


def test_four_more_years_of_school_are_worth_42_percent():
    """8.7 log points a year: exp(0.348) = 1.416; a childhood one SD better adds 10 log points."""
    assert skill_of(12, 12.0, 0.0, 0.087) == 1.0
    assert skill_of(16, 12.0, 0.0, 0.087) == pytest.approx(1.4162, abs=1e-4)
    assert skill_of(12, 12.0, 1.0, 0.087) == pytest.approx(1.1052, abs=1e-4)
    assert skill_of(9, 12.0, 0.0, 0.087) * skill_of(15, 12.0, 0.0, 0.087) == pytest.approx(1.0)


def test_talent_is_lasting_has_mean_one_and_the_declared_spread():
    talent = np.array([talent_of(7, uid, 0.38) for uid in range(20_000)])
    assert talent.mean() == pytest.approx(1.0, abs=0.01)
    assert np.log(talent).std() == pytest.approx(0.38, rel=0.02)
    assert talent_of(7, 123, 0.38) == talent[123]
    assert talent_of(8, 123, 0.38) != talent[123]
    assert talent_of(7, 123, 0.0) == 1.0


def test_a_training_of_5_percent_is_2_and_a_half_after_its_half_life():
    assert training_effect(0, 0.05, 42.0) == pytest.approx(0.05)
    assert training_effect(42, 0.05, 42.0) == pytest.approx(0.025)
    assert training_effect(84, 0.05, 42.0) == pytest.approx(0.0125)
    assert training_effect(-1, 0.05, 42.0) == 0.0  # not trained yet
    assert training_effect(0 - NEVER, 0.05, 42.0) == 0.0
    assert training_effect(600 - NEVER, 0.05, 42.0) == 0.0


def test_a_new_job_is_two_and_a_half_times_as_easily_lost_as_an_old_one():
    assert separation_hazard(0.0132, 0, 1.5, 12.0, 1.0) == pytest.approx(0.033)
    assert separation_hazard(0.0132, 12, 1.5, 12.0, 1.0) == pytest.approx(0.0132 * (1 + 1.5 / math.e))
    assert separation_hazard(0.0132, 600, 1.5, 12.0, 1.0) == pytest.approx(0.0132)
    assert separation_hazard(0.0132, 5, 0.0, 12.0, 1.0) == pytest.approx(0.0132)


def test_the_city_uses_that_hazard_and_its_mean_over_tenures_is_the_declared_one(fresh_city):
    labour, p = fresh_city.world.labour, fresh_city.world.p.labour
    ratio = [separation_hazard(1.0, t, p.tenure_effect, p.tenure_months, 1.0) for t in range(241)]
    assert labour.separations / labour.separations[240] == pytest.approx(np.array(ratio) / ratio[240])
    stay = p.separation_to_unemployment + p.separation_to_own  # tenures of a steady stock: geometric
    tenure = np.arange(3000)
    weight = stay * (1 - stay) ** tenure
    mean = weight @ labour.separations[np.minimum(tenure, 240)]
    assert mean == pytest.approx(p.separation_to_unemployment, rel=0.02)


def test_the_buffer_pulls_less_when_it_is_crowded():
    """Stalls that earn half pull half as much, within 40 and 130 percent; at elasticity 2 a quarter."""
    assert crowding_pull(1.0, 1.0, 0.4, 1.3) == 1.0
    assert crowding_pull(0.5, 1.0, 0.4, 1.3) == 0.5
    assert crowding_pull(0.5, 2.0, 0.1, 1.3) == 0.25
    assert crowding_pull(0.1, 1.0, 0.4, 1.3) == crowding_pull(0.0, 1.0, 0.4, 1.3) == 0.4
    assert crowding_pull(3.0, 1.0, 0.4, 1.3) == 1.3


def test_eight_percent_a_month_start_on_their_own_and_more_the_longer_they_wait():
    """12 % after five jobless months, at most twice the first month's; half where the pull is half."""
    assert start_hazard(0.08, 1.0, 0, 0.1, 2.0) == pytest.approx(0.08)
    assert start_hazard(0.08, 1.0, 5, 0.1, 2.0) == pytest.approx(0.12)
    assert start_hazard(0.08, 1.0, 10, 0.1, 2.0) == start_hazard(0.08, 1.0, 40, 0.1, 2.0) == pytest.approx(0.16)
    assert start_hazard(0.08, 0.5, 0, 0.1, 2.0) == pytest.approx(0.04)


def test_a_hundred_seekers_and_25_vacancies_make_sixteen_hires():
    assert matches(100.0, 25.0, 0.32, 0.5) == pytest.approx(16.0)
    assert matches(100.0, 25.0, 0.32, 0.7) == pytest.approx(21.1, abs=0.05)  # 0.32 * 25.12 * 2.63: more by the seekers
    assert matches(100.0, 1.0, 1.0, 0.5) == 1.0  # not more than there are vacancies
    assert matches(1.0, 100.0, 1.0, 0.5) == 1.0  # nor seekers
    assert matches(0.0, 10.0, 0.32, 0.5) == matches(10.0, 0.0, 0.32, 0.5) == 0.0


@given(AMOUNTS, AMOUNTS, st.floats(0.05, 2), st.floats(0.3, 0.7), st.floats(1, 5))
def test_matches_never_exceed_either_side_and_grow_with_both(u, v, m, e, factor):
    made = matches(u, v, m, e)
    assert 0 <= made <= min(u, v)
    assert matches(factor * u, v, m, e) >= made * (1 - 1e-12)
    assert matches(u, factor * v, m, e) >= made * (1 - 1e-12)
    assert matches(factor * u, factor * v, m, e) == pytest.approx(factor * made)


def test_offers_are_whole_rupiah_and_not_under_the_umk_of_a_compliant_firm():
    assert wage_offer(4e6, 1.25, 1.1, 0.0) == pytest.approx(5.5e6, abs=1)
    assert wage_offer(4e6, 1.0 / 3.0, 1.0, 0.0) == 1_333_333
    assert wage_offer(3e6, 1.0, 1.0, 4_209_309.0) == 4_209_309
    assert wage_offer(6e6, 1.0, 1.0, 4_209_309.0) == 6e6


def test_sixty_percent_of_what_a_stall_would_bring_is_accepted():
    assert accepts(3e6, 5e6, 0.6)
    assert not accepts(2_999_999.0, 5e6, 0.6)
    assert accepts(1.0, 0.0, 0.6)


def test_a_trained_digital_stall_sells_what_its_factors_say():
    assert own_custom(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.07, 0.1) == 1.0
    assert own_custom(1.2, 0.9, 1.1, 0.05, 1.0, 1.0, 0.07, 0.1) == pytest.approx(1.2 * 0.9 * 1.1 * 1.05 * 1.07 * 1.1)


def test_technology_is_taken_up_alone_by_imitation_and_after_training():
    assert adoption_hazard(0.003, 0.03, 0.0, False, 0.03) == pytest.approx(0.003)
    assert adoption_hazard(0.003, 0.03, 0.35, False, 0.03) == pytest.approx(0.0135)
    assert adoption_hazard(0.003, 0.03, 0.35, True, 0.03) == pytest.approx(0.0435)


@kernel
def _career(persons, firms):
    for i in range(2):
        person, firm = persons[i], firms[0]
        take_job(person, firm, 0, 5, 4e6 + i * 1e6, 1.0 + i)


@kernel
def _resign(persons, firms, i):
    person, firm = persons[i], firms[0]
    leave_job(person, firm)


def test_the_worker_s_row_and_the_employer_s_books_move_together():
    persons, firms = np.zeros(2, PERSON), np.zeros(1, BUSINESS)
    firms["sector"], firms["district"] = 3, 17
    _career(persons, firms)
    assert (persons["state"] == FORMAL).all() and (persons["since"] == 5).all()
    assert (persons["sector"] == 3).all() and (persons["workplace"] == 17).all()
    assert (firms["workers"][0], firms["wage_bill"][0], firms["skills"][0]) == (2, 9e6, 3.0)
    _resign(persons, firms, 0)
    assert (firms["workers"][0], firms["wage_bill"][0], firms["skills"][0]) == (1, 5e6, 2.0)
    assert persons["state"][0] == INACTIVE and persons["employer"][0] == NOBODY and persons["pay"][0] == 0
    _resign(persons, firms, 1)
    assert (firms["workers"][0], firms["wage_bill"][0], firms["skills"][0]) == (0, 0.0, 0.0)


def test_age_counts_whole_years_and_ends_at_99():
    person = np.zeros(1, PERSON)
    for born, years in [(-12 * 30, 30), (-12 * 30 + 1, 29), (-12 * 120, 99)]:
        person["born"] = born
        assert years_of(0, person[0]) == years


@pytest.mark.parametrize("many", [10, 10_000])
def test_the_best_of_every_place_are_taken_and_of_equals_the_earlier(monkeypatch, many):
    """Few entries or many: as if each place put its entries in order, the best first."""
    monkeypatch.setattr(matching, "MANY", many)
    place, value = np.arange(2000) * 7 % 34, np.round(np.sin(np.arange(2000.0)), 1)
    counts = np.arange(34) % 5 * 3
    expected = [k for d in range(34) for k in sorted(np.flatnonzero(place == d), key=lambda k: -value[k])[: counts[d]]]
    assert matching._best(place, value, counts).tolist() == expected


@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=34), st.floats(0.0, 0.999999))
def test_the_place_a_seeker_applies_to_is_that_which_pick_would_draw(weights, u):
    """Also where places at the beginning, in the middle or at the end have no vacancies."""
    cumulative = np.cumsum(weights)
    assert matching.place_applied_to(cumulative, u) == pick(cumulative, u)
