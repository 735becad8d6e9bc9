"""How a child grows: human capital and school. Rules about one child, for one year at a time."""

from __future__ import annotations

import math

from sim.compiled import rule
from sim.draws import CHILD, draws

TODDLER, PRESCHOOL = 36, 84  # months of age below which a child is one
SCHOOL_AGE, JUNIOR_AGE, SENIOR_AGE, ADULT_AGE = 84, 156, 192, 216  # months of age
RCSI_MOST = 56.0
LASTING = 1 << 20  # a "month" of its own for a person's lasting luck


@rule
def index_sought(p, schooling, usual_schooling, school, health, rcsi):
    """Human-capital index that a child's surroundings lead to, SD.

        b_p (schooling - mean) + b_s ln(Q_edu/Q_edu0) + b_h ln(Q_health/Q_health0) - b_f rCSI/56

    schooling: years of the best-schooled adult at home; school, health: the logs above; rcsi: 0-56.
    Source: assumption.
    """
    home = p.parents_schooling * (schooling - usual_schooling) - p.hunger * rcsi / RCSI_MOST
    return home + p.school_quality * school + p.health_quality * health


@rule
def index_next(p, index, sought, spread, luck):
    """The index a year on:  H* + phi (H - H*) + noise.  The noise keeps its spread at `spread`; luck: standard normal.

    Source: assumption.
    """
    return sought + p.persistence * (index - sought) + spread * math.sqrt(1.0 - p.persistence * p.persistence) * luck


@rule
def involvement(seed, uid):
    """A person's lasting place, 0-1, in the order in which the child-friendly programme reaches people."""
    u, _, _, _ = draws(seed, CHILD, LASTING, uid)
    return u


@rule
def newly_covered(place, start, gain):
    """1 for a child that the programme reaches and at the start's coverage would not; -1 the other way round; else 0.

    place: see `involvement`; start: coverage at the start; gain: coverage since, over that.
    """
    if start <= place < start + gain:
        return 1.0
    return -1.0 if start + gain <= place < start else 0.0


@rule
def programme_gain(p, age_months, coverage):
    """Gain of a year of the child-friendly programme beyond the start's, SD.

        12 cov a_s SMD / 36  below age 3; half of it, less displacement, from 3 to 6

    coverage: 1 for a child reached beyond the start's coverage (see `newly_covered`). Source: jeong_2021 (SMD),
    brinkman_2015 (displacement).
    """
    if age_months >= PRESCHOOL:
        return 0.0
    gain = 12.0 * coverage * p.scale_up * p.parenting_effect / TODDLER
    return gain if age_months < TODDLER else 0.5 * (1.0 - p.displacement) * gain


@rule
def usual_dropout(p, age_months):
    """Usual monthly hazard of leaving school at an age (included in demography). Source: assumption."""
    if age_months < JUNIOR_AGE:
        return p.dropout_primary
    return p.dropout_junior if age_months < SENIOR_AGE else p.dropout_senior


@rule
def extra_dropout(p, age_months, hardship, assisted, coverage):
    """Chance that hardship takes a pupil out of school within a year, beyond the usual.

        12 h(a) x [hardship] (1 - e_d cov) (0.5 if under 15 and assisted)

    x: extra hazard over the usual. Source: cahyadi_2020 (assisted), else assumption.
    """
    if not hardship:
        return 0.0
    chance = 12.0 * usual_dropout(p, age_months) * p.dropout_hardship * (1.0 - p.dropout_coverage * coverage)
    return chance * p.dropout_assisted if assisted and age_months < 180 else chance


@rule
def return_chance(p, hardship, coverage):
    """Chance that a child out of school returns within a year: 12 h (1 + e_d cov), none in hardship."""
    return 0.0 if hardship else 12.0 * p.re_entry * (1.0 + p.dropout_coverage * coverage)
