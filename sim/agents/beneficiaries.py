"""Who is on the list of a transfer: families the city means to reach, as far as its registry knows them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.registry import LASTING
from sim.quotas import luck_of


@dataclass
class Listed:
    """A list of beneficiaries. Rows of households may pass to nobody else, so a row stays good while it is alive."""

    rows: np.ndarray  # households on the list, in the order in which they are paid
    meant: np.ndarray  # bool: it is meant for them
    places: int  # households it is meant for, found or not
    drawn: int  # month

    def living(self, households: np.ndarray) -> np.ndarray:
        """Positions on the list of households that still exist."""
        return np.flatnonzero(households["alive"][self.rows] == 1)


def found_first(households: np.ndarray, rows: np.ndarray, luck: np.ndarray, poorer: bool) -> np.ndarray:
    """The households of `rows` in the order in which a registry finds them: those registered before the others,
    otherwise by chance; `poorer`: odds inverse to spending per head."""
    score = -np.log(-np.log(luck))
    if poorer:
        score -= np.log(np.maximum(households["average"][rows], 1e3))
    return rows[np.lexsort((-score, households["registered"][rows] == 0))]


def draw_list(
    households: np.ndarray,
    candidates: np.ndarray,
    places: int,
    errors: tuple[float, float],
    address: tuple[int, int, int],
    order: str = "need",
) -> Listed:
    """The list of a transfer that is meant for the poorest `places` of the candidates (rows).

        listed = (1 - e_x) meant + wrong,   wrong = e_i listed

    errors: e_x, share of those meant that the list misses; e_i, share of the list that it is not meant for. The
    registry decides who is found: those on it before others, right or wrong. It also decides who is paid first where
    money is short (`found_first`; by lot where it is meant for anybody): the city does not know who is poorest, so its
    errors weigh as much on a short budget as on a full one. order: `need`, the poorest of the city; `population`, the
    same share of every kecamatan, its poorest; `random`, anybody, meant for all alike.
    address: seed and decision of the keyed luck, which lasts, and the month. Source: banerjee_2023 for why errors
    matter; assumption.
    """
    seed, decision, month = address
    luck = luck_of(seed, decision, LASTING, households["uid"][candidates])
    average = households["average"][candidates]
    if order == "random":
        rank = luck[:, 2]
    elif order == "population":
        rank = rank_within(average, households["district"][candidates])
    else:
        rank = average
    by_need = np.argsort(rank, kind="stable")
    places = min(places, len(candidates))
    meant, others = by_need[:places], by_need[places:]
    missed, wrong = (0.0, 0.0) if order == "random" else errors
    right = found_first(households, candidates[meant], luck[meant, 0], False)[: round((1.0 - missed) * places)]
    extra = round(wrong / (1.0 - wrong) * len(right))
    mistaken = found_first(households, candidates[others], luck[others, 1], True)[:extra]
    paid = found_first(households, candidates, luck[:, 3], order != "random")
    on_list = np.zeros(len(households), np.int8)
    on_list[mistaken], on_list[right] = 1, 2
    paid = paid[on_list[paid] > 0]
    return Listed(paid, on_list[paid] == 2, places, month)


def rank_within(value: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Rank of each value among those of its place, as a share in (0, 1)."""
    order = np.lexsort((value, place))
    sorted_place = place[order]
    first = np.searchsorted(sorted_place, sorted_place, side="left")
    count = np.searchsorted(sorted_place, sorted_place, side="right") - first
    share = np.empty(len(value))
    share[order] = (np.arange(len(value)) - first + 0.5) / count
    return share
