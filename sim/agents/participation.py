"""Taking part, being satisfied, trusting, helping oneself: what one household does in a month. Rules only."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import rule

LOWEST_TRUST = 0.01  # trust 0 marks a household that has not yet formed an opinion
MIDDLING = 0.5  # satisfaction that moves nobody
SWADAYA_LOW, SWADAYA_HIGH = 0.18, 0.60  # self-help per rupiah of grant on record, 2015-2017


@rule
def mood(satisfaction):
    """Satisfaction from -1 (none) over 0 (middling) to 1 (full)."""
    return 2.0 * (satisfaction - MIDDLING)


@rule
def join_hazard(p, around, facilitation, feeling):
    """Monthly chance that a household starts to take part.

        [p + q f_N] (1 + b_fac * facilitation) (1 + b_sat * mood)

    f_N: share of its ties that take part; facilitation 0-1; mood -1 to 1. Source: bass_1969 with exit, calibrated.
    """
    return (
        (p.join_alone + p.join_ties * around)
        * (1.0 + p.facilitation_effect * facilitation)
        * (1.0 + p.mood_join * feeling)
    )


@rule
def heard_from(usual, friend, open_part):
    """Share taking part that a household hears of: its friend's word (1 takes part, 0 does not), of which only the part
    `open_part` comes through where a conflict cuts ties; the rest is what is usual around. Source: granovetter_1978.
    """
    return usual + open_part * (friend - usual)


@rule
def leave_hazard(p, feeling):
    """Monthly chance that a household stops: fatigue,  r (1 - 0.5 mood).  Source: calibrated."""
    return p.leave * (1.0 - p.mood_leave * feeling)


@rule
def steady_participation(join_alone, join_ties, leave):
    """Share that takes part in the long run, everybody tied to everybody, at middling satisfaction.

    F* = {(q - p - r) + sqrt[(q - p - r)^2 + 4 p q]} / (2 q)
    """
    if join_ties == 0.0:
        return join_alone / (join_alone + leave)
    net = join_ties - join_alone - leave
    return (net + math.sqrt(net * net + 4.0 * join_alone * join_ties)) / (2.0 * join_ties)


@rule
def satisfaction_sought(p, services, grants, voice, takes_part, hardship):
    """Satisfaction that a household's situation leads to, 0-1.

        0.5 + s_Q (Q_d - Q_city at the start) + s_v voice + [takes part] s_g log2(grants / usual) - s_h [hardship]

    services: Q_d minus the city's start mean; grants: log2 of this year's over the usual; voice 0-1: residents decide
    by direct vote. Source: olken_2010 for voice, else assumption.
    """
    level = MIDDLING + p.satisfaction_services * services + p.satisfaction_voice * voice
    if takes_part:
        level += p.satisfaction_grants * grants
    if hardship:
        level -= p.satisfaction_hardship
    return min(max(level, 0.0), 1.0)


@rule
def trust_next(p, trust, satisfaction, aided, conflict, gap, luck):
    """Trust of the next month, 0.01-1.

        T + eta_+ (sat - 0.5) + eta_a [aid] - eta_c conflict - eta_i gap + rho (T_0 - T) + noise

    gap: rise of inequality in the district since the start (mean log deviation); conflict 0-1; luck: a uniform, for
    noise that keeps the spread of trust at `trust_spread`. Source: assumption.
    """
    noise = p.trust_spread * math.sqrt(24.0 * p.trust_return) * (luck - 0.5)
    change = p.trust_satisfaction * (satisfaction - MIDDLING) - p.trust_conflict * conflict - p.trust_gap * gap
    if aided:
        change += p.trust_aid
    return min(max(trust + change + p.trust_return * (p.trust_start - trust) + noise, LOWEST_TRUST), 1.0)


@rule
def self_help(levy, savings, limit):
    """What a participating household gives to its neighbourhood's works (swadaya), whole Rp.

    Its part of what the neighbourhood hopes for, at most `limit` of its savings. Source: assumption.
    """
    return np.floor(max(0.0, min(levy, limit * savings)))


def swadaya_ratio(p, trust):
    """Self-help hoped for per rupiah of grant, rising in trust, within 0.18-0.60. Source: jabarekspres_2018."""
    hoped = p.swadaya + p.couplings * p.swadaya_trust * (trust - p.trust_start)
    return np.minimum(np.maximum(hoped, SWADAYA_LOW), SWADAYA_HIGH)


def need_match(p, participation):
    """Part of a neighbourhood project that meets a need:  m_0 + (m_1 - m_0) participation.  Source: olken_2010.

    Without couplings it is m_0.
    """
    return p.match_start + p.couplings * p.match_gain * participation
