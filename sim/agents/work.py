"""Rules of one person's working life: earning power, hazards of leaving and starting, the offer and the reservation."""

import math

import numpy as np

from sim.compiled import rule
from sim.draws import BUILD_JOB, draws, normal


@rule
def experience_gain(years, slope, peak):
    """Log earnings gained by `years` of experience: slope*x - slope/(2*peak)*x**2, flat after the peak.

    Source: mincer_1974.
    """
    x = min(max(years, 0.0), peak)
    return slope * x - slope / (2.0 * peak) * x * x


@rule
def skill_of(schooling, mean_schooling, human, slope):
    """Efficiency units of a person with some schooling: exp(slope*(years - mean)), plus what childhood left.

    `human` is the childhood index in SD; 0.1 log points per SD. Source: mincer_1974; duflo_2001.
    """
    return math.exp(slope * (schooling - mean_schooling) + 0.1 * human)


@rule
def talent_of(seed, uid, spread):
    """Lasting luck in earnings: lognormal with mean 1, fixed for life."""
    u1, u2, _, _ = draws(seed, BUILD_JOB, 0, uid)
    return math.exp(spread * normal(u1, u2) - 0.5 * spread * spread)


@rule
def training_effect(months_since, gain, half_life):
    """What remains of a training gain: gain * 2**(-months/half_life); 0 before and without training."""
    if months_since < 0 or months_since > 30000:
        return 0.0
    return gain * 2.0 ** (-months_since / half_life)


@rule
def separation_hazard(mean_hazard, tenure_months, extra, decay, norm):
    """Monthly hazard of losing a job: s*(1 + k*exp(-tenure/decay))/norm.

    Flows in poorer labour markets concentrate at low tenure. Source: donovan_2023.
    """
    return mean_hazard * (1.0 + extra * math.exp(-tenure_months / decay)) / norm


@rule
def crowding_pull(own_pay_ratio, response, floor, ceiling):
    """Pull of own-account work: (own income now over the start's, per unit of trend)**response, within bounds.

    The informal sector is a buffer that pulls less when it is crowded. Source: fields_1975.
    """
    return min(max(own_pay_ratio**response, floor), ceiling)


@rule
def start_hazard(base, pull, months_jobless, push, push_ceiling):
    """Monthly hazard that an unemployed person starts an own-account business.

    base * pull * min(1 + push*months, push_ceiling). Source: fields_1975.
    """
    return base * pull * min(1.0 + push * months_jobless, push_ceiling)


@rule
def matches(seekers, vacancies, efficiency, elasticity):
    """Hires in a place: min(U, V, m * U**e * V**(1-e)). Source: petrongolo_pissarides_2001."""
    if seekers <= 0.0 or vacancies <= 0.0:
        return 0.0
    return min(seekers, vacancies, efficiency * seekers**elasticity * vacancies ** (1.0 - elasticity))


@rule
def wage_offer(sector_wage, power, premium, floor):
    """Monthly wage offered, whole Rp: sector wage * efficiency units * firm premium, not under the floor.

    Efficiency units are skill * talent * experience. The floor is the UMK for a compliant firm and 0 for another.
    Source: mincer_1974.
    """
    return np.floor(max(sector_wage * power * premium, floor))


@rule
def accepts(offer, own_earning_power, reservation):
    """True if the offer is at least the reservation share of what own-account work would bring."""
    return offer >= reservation * own_earning_power
