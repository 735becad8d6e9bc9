"""Participation, trust, ties, neighbourhood funds and savings circles. Rates are per month."""

from typing import NamedTuple

from sim.declare import parameter


class Community(NamedTuple):
    join_alone: float = parameter(0.004, "1/month", 0, 0.05, "hazard of joining without being asked (p)", "calibrated")
    join_ties: float = parameter(
        0.05, "1/month", 0, 0.3, "hazard of joining when every tie takes part (q)", "calibrated"
    )
    leave: float = parameter(0.03, "1/month", 0.001, 0.3, "hazard of leaving through fatigue (r)", "calibrated")
    facilitation_effect: float = parameter(
        0.5, "ratio", 0, 2, "rise of the joining hazard under full facilitation (b_fac)", "assumption"
    )
    facilitation_arisan: float = parameter(
        0.5, "ratio", 0, 2, "rise of the share of new participants who join a savings circle, likewise", "assumption"
    )
    facilitation_ties: float = parameter(
        0.5, "share", 0, 1, "new savers who get to know somebody elsewhere in the city, likewise", "assumption"
    )
    readiness_speed: float = parameter(
        0.08,
        "1/month",
        0.02,
        0.5,
        "how fast neighbourhoods get ready for disasters (RW siaga), and unlearn",
        "assumption",
    )
    readiness_effect: float = parameter(
        0.2, "share", 0, 0.2, "part of lost service capacity and output that ready neighbourhoods avert", "assumption"
    )
    mood_join: float = parameter(
        0.5, "ratio", 0, 1, "rise of the joining hazard from middling to full satisfaction (b_sat)", "assumption"
    )
    mood_leave: float = parameter(
        0.5, "ratio", 0, 1, "fall of the leaving hazard from middling to full satisfaction", "assumption"
    )
    satisfaction_speed: float = parameter(
        0.1, "1/month", 0.02, 0.5, "adjustment of satisfaction to what a household sees", "assumption"
    )
    satisfaction_services: float = parameter(
        0.8,
        "per index point",
        0,
        2,
        "satisfaction gained per point of service quality over the city's start",
        "assumption",
    )
    satisfaction_grants: float = parameter(
        0.05, "per doubling", 0, 0.3, "satisfaction of a participant when neighbourhood grants double", "assumption"
    )
    satisfaction_voice: float = parameter(
        0.15, "share", 0, 0.4, "satisfaction gained where residents decide by direct vote", "olken_2010"
    )
    satisfaction_hardship: float = parameter(
        0.1, "share", 0, 0.4, "satisfaction lost in months of crisis coping", "assumption"
    )
    trust_start: float = parameter(0.5, "share", 0.2, 0.8, "trust that opinion returns to (T_0)", "assumption")
    trust_spread: float = parameter(0.12, "share", 0, 0.3, "standard deviation of trust", "assumption")
    trust_return: float = parameter(0.02, "1/month", 0.005, 0.1, "return of trust to its level (rho)", "assumption")
    trust_satisfaction: float = parameter(
        0.02,
        "per month",
        0,
        0.1,
        "monthly gain of trust at full satisfaction over middling, twice (eta_+)",
        "assumption",
    )
    trust_aid: float = parameter(
        0.02, "per month", 0, 0.1, "gain of trust in a month of help received (eta_a)", "assumption"
    )
    trust_conflict: float = parameter(
        0.05, "per month", 0, 0.3, "monthly loss of trust in full conflict (eta_c)", "assumption"
    )
    trust_gap: float = parameter(
        0.02,
        "per month",
        0,
        0.2,
        "monthly loss of trust per unit of rise of the mean log deviation (eta_i)",
        "assumption",
    )
    mean_degree: float = parameter(8, "ties", 2, 10, "ties of a household", "assumption")
    ties_neighbours: float = parameter(0.7, "share", 0, 1, "ties within the kelurahan", "assumption")
    ties_anywhere: float = parameter(0.2, "share", 0, 1, "ties of kin anywhere in the city", "assumption")
    ties_closure: float = parameter(
        0.3, "share", 0, 1, "neighbour ties made through a common acquaintance", "assumption"
    )
    share_infrastructure: float = parameter(
        0.4, "share", 0, 1, "of grants for small infrastructure, placed by vote", "jabarekspres_2018"
    )
    share_cleanliness: float = parameter(0.2, "share", 0, 1, "of grants for cleanliness", "jabarekspres_2018")
    share_greening: float = parameter(
        0.2, "share", 0, 1, "of grants for greening (the rest: social and economic)", "jabarekspres_2018"
    )
    lasting: float = parameter(
        0.4, "share", 0, 1, "part of cleaning and greening money that leaves something lasting", "assumption"
    )
    vote_benefit: float = parameter(
        3.0, "utility", 0, 10, "weight of need in a vote, per point of missing quality", "assumption"
    )
    vote_visibility: float = parameter(0.5, "utility", 0, 3, "weight of visibility in a vote", "assumption")
    vote_children: float = parameter(
        0.5, "utility", 0, 3, "families' extra weight on schools, health and green space", "assumption"
    )
    slate: float = parameter(
        4, "projects", 1, 7, "proposals that a neighbourhood meeting puts to the vote", "assumption"
    )
    match_start: float = parameter(
        0.9, "share", 0.5, 1, "part of a project that meets a need, without participation (m_0)", "assumption"
    )
    match_gain: float = parameter(
        0.05, "share", 0, 0.1, "rise of that part with full participation (m_1 - m_0)", "olken_2010"
    )
    turnout: float = parameter(
        0.4,
        "share",
        0,
        0.8,
        "households outside local organisations that vote where all may (plebiscite)",
        "olken_2010",
    )
    swadaya: float = parameter(
        0.32, "ratio", 0.05, 0.6, "self-help of residents per rupiah of grant at middling trust", "jabarekspres_2018"
    )
    swadaya_trust: float = parameter(
        0.8, "ratio", 0, 2, "rise of that ratio per unit of trust; kept within 0.18-0.60", "assumption"
    )
    swadaya_limit: float = parameter(
        0.02, "share", 0.001, 0.1, "most of its savings a household gives in a month", "assumption"
    )
    spending_speed: float = parameter(
        0.34, "1/month", 0.1, 1, "part of a neighbourhood's fund spent in a month", "assumption"
    )
    volunteers: float = parameter(
        0.25, "share", 0.05, 1, "participating households with an active volunteer", "assumption"
    )
    works_lag: float = parameter(3, "month", 1, 6, "from payment of neighbourhood works to their use", "assumption")
    couplings: float = parameter(
        1,
        "factor",
        0,
        1,
        "what trust, participation and policies on them do to anything else: 1 with, 0 without",
        "assumption",
    )
    arisan_share: float = parameter(0.4, "share", 0, 0.9, "participating households in a savings circle", "assumption")
    arisan_size: float = parameter(20, "households", 10, 30, "members of a savings circle", "assumption")
    arisan_contribution: float = parameter(
        0.02, "share", 0.005, 0.1, "monthly payment into a circle, of its members' mean income", "assumption"
    )
