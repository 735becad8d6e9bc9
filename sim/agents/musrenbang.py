"""Musrenbang: how residents place their neighbourhood's money. Proposals in January, the vote in February; the
works of the coming year follow the vote from March.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.services import N_KINDS, Services
from sim.draws import VOTE, draws, gumbel
from sim.quotas import luck_of

if TYPE_CHECKING:
    from sim.agents.communities import CommunityState
    from sim.parameters.community import Community

JANUARY, FEBRUARY, MARCH = 1, 2, 3
VISIBLE = np.array([1.0, 0.4, 0.5, 0.6, 0.7, 1.0, 0.5])  # how much residents see of a service's works, 0-1
FAMILIES_WANT = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0])  # services that children use


def propose(state: CommunityState, k: int, need: np.ndarray, seed: int, month: int, p: Community) -> np.ndarray:
    """The services that the meeting of kelurahan k puts to the vote: those it believes are needed most.

    Belief = b_b * need + (1 - leader capacity) (1 - voice / 2) * noise; need: missing quality of each service in its
    kecamatan; voice: residents decide by plebiscite, after a wider discussion.
    """
    luck = [u for part in range(2) for u in draws(seed, VOTE, month, 2 * k + part)][:N_KINDS]
    noise = np.array([gumbel(u) for u in luck])
    haste = (1.0 - state.leader[k]) * (1.0 - 0.5 * p.couplings * state.voice[k])
    belief = p.vote_benefit * need + haste * noise
    chosen = np.zeros(N_KINDS, bool)
    chosen[np.argsort(-belief, kind="stable")[: int(p.slate)]] = True
    return chosen


def propose_all(state: CommunityState, need: np.ndarray, seed: int, month: int, p: Community) -> np.ndarray:
    """`propose` of every kelurahan at once: need and what is put to the vote, each (151, 7)."""
    luck = luck_of(seed, VOTE, month, np.arange(2 * len(need))).reshape(len(need), 8)[:, :N_KINDS]
    belief = p.vote_benefit * need - (1.0 - state.leader)[:, None] * np.log(-np.log(luck))
    chosen = np.zeros(need.shape, bool)
    np.put_along_axis(chosen, np.argsort(-belief, axis=1, kind="stable")[:, : int(p.slate)], True, axis=1)
    return chosen


def ballots(state: CommunityState, need: np.ndarray, p: Community) -> np.ndarray:
    """Cumulative chances of each vote (151, 2, 7), for households without and with children.

    Multinomial logit over the proposals: score = b_b need + b_v visibility (+ b_c for what children use).
    """
    score = p.vote_benefit * need[state.district] + p.vote_visibility * VISIBLE
    scores = np.stack([score, score + p.vote_children * FAMILIES_WANT], axis=1)
    chance = np.where(state.slate[:, None, :], np.exp(scores), 0.0)
    return np.cumsum(chance / chance.sum(axis=2, keepdims=True), axis=2)


def count_votes(state: CommunityState) -> None:
    """The shares of votes place the infrastructure money of the coming year; no votes, no change."""
    total = state.votes.sum(axis=1)
    voted = total > 0
    state.choice[voted] = state.votes[voted] / total[voted, None]


def more_grants(state: CommunityState, amounts: np.ndarray) -> None:
    """Grants on top of this month's usual ones: whole Rp by kelurahan. The payer posts the flow."""
    state.fund += amounts
    state.grants = state.grants + amounts


def need_of(service: Services) -> np.ndarray:
    """Missing quality of each service in each kecamatan (30, 7), at least 0."""
    return np.maximum(0.0, 1.0 - service.quality_by_kind)
