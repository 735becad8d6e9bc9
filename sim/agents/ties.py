"""The social graph: who knows whom. Each household keeps up to TIES ties, always mutual.

`ties` is a table households x TIES of household rows; the ties of a household stand first, free places are -1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.agents.households import TIES
from sim.compiled import kernel, part, rule, same_arrays
from sim.draws import BUILD_TIES, draws, stochastic_round
from sim.walk import walk

if TYPE_CHECKING:
    from sim.parameters.community import Community

FREE = -1
AT_BUILD = 1 << 20  # a "month" of its own for the ties the city starts with
TRIES = 4  # partners looked at for one tie before giving up
FEW = 3  # a household with fewer ties looks for one every month


class Neighbours(NamedTuple):
    """Living households sorted by kelurahan: those of kelurahan k stand at order[starts[k] : starts[k + 1]]."""

    order: np.ndarray  # household rows, int32
    starts: np.ndarray  # first place of each kelurahan and the end, int64
    first: np.ndarray  # first kelurahan of each district and the end, int64
    near: np.ndarray  # district x places: the district itself and those it borders, -1 after the last


same_arrays(Neighbours)


@rule
def degree(ties, a):
    """Number of ties of household a."""
    count = 0
    while count < TIES and ties[a, count] != FREE:
        count += 1
    return count


@rule
def tied(ties, a, b):
    """True when a and b know each other."""
    for place in range(TIES):
        if ties[a, place] == b:
            return True
    return False


@part
def tie(ties, a, b):
    """Tie a and b, both ways. False when they are one, know each other already, or one has no free place."""
    if a == b or tied(ties, a, b):
        return False
    at_a, at_b = degree(ties, a), degree(ties, b)
    if at_a == TIES or at_b == TIES:
        return False
    ties[a, at_a] = b
    ties[b, at_b] = a
    return True


@part
def drop(ties, a, b):
    """Take b out of a's row; a's last tie moves into its place."""
    last = degree(ties, a) - 1
    for place in range(last + 1):
        if ties[a, place] == b:
            ties[a, place] = ties[a, last]
            ties[a, last] = FREE
            break


@part
def untie_all(ties, a):
    """Household a leaves: every tie of it is cut, both ways."""
    for place in range(TIES):
        if ties[a, place] != FREE:
            drop(ties, ties[a, place], a)
            ties[a, place] = FREE


@rule
def someone(low, high, u):
    """A place in low..high-1, each as likely."""
    return low + int(u * (high - low))


@rule
def meet(ties, a, kelurahan, district, households, neighbours, p, u1, u2, u3):
    """The household that a may come to know: its row, or -1.

    A neighbour (with probability `ties_neighbours`; sometimes the acquaintance of an acquaintance), anybody in the
    city (`ties_anywhere`: kin), or else someone of its own or a bordering district (as at work). Source: assumption.
    """
    order, starts = neighbours.order, neighbours.starts
    if order.shape[0] == 0:
        return -1
    if u1 < p.ties_neighbours:
        known = degree(ties, a)
        if known > 0 and u1 < p.ties_neighbours * p.ties_closure:
            friend = np.int64(ties[a, someone(0, known, u2)])
            b = np.int64(ties[friend, someone(0, degree(ties, friend), u3)])
            if b != a and households[b].kelurahan == kelurahan:
                return b
        low, high = starts[kelurahan], starts[kelurahan + 1]
        return np.int64(order[someone(low, high, u3)]) if high > low else -1
    if u1 < p.ties_neighbours + p.ties_anywhere:
        return np.int64(order[someone(0, order.shape[0], u2)])
    count = 0
    while count < neighbours.near.shape[1] and neighbours.near[district, count] >= 0:
        count += 1
    other = neighbours.near[district, someone(0, count, u2)]
    low, high = starts[neighbours.first[other]], starts[neighbours.first[other + 1]]
    return np.int64(order[someone(low, high, u3)]) if high > low else -1


@kernel
def _list_places(low, high, tally, households, places):
    """The kelurahan of each household into `places`, that of those who are gone beyond the last; counts each."""
    for h in range(low, high):
        places[h] = households[h].kelurahan if households[h].alive else tally.shape[0] - 1
        tally[places[h]] += 1


@kernel
def _sort(places, place, order):
    """Households into `order`, kelurahan by kelurahan; `place`: where the next of each stands."""
    for h in range(places.shape[0]):
        k = places[h]
        order[place[k]] = h
        place[k] += 1


def by_kelurahan(households: np.ndarray, n_kelurahan: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the living households kelurahan by kelurahan, and where each begins, with the end."""
    places = np.empty(len(households), np.int16)
    counts = walk(_list_places, len(households), n_kelurahan + 1, households, places)
    upto = np.append(0, counts.cumsum())
    order = np.empty(len(households), np.int32)
    _sort(places, upto[:-1].copy(), order)
    return order[: upto[n_kelurahan]], upto[:-1]


@kernel
def _build(ties, households, neighbours, p, seed):
    for i in range(households.shape[0]):
        household = households[i]
        if household.alive:
            u, _, _, _ = draws(seed, BUILD_TIES, AT_BUILD, household.uid)
            wanted = stochastic_round(p.mean_degree / 2.0, u)
            for attempt in range(wanted * TRIES):
                if wanted == 0:
                    break
                _, u1, u2, u3 = draws(seed, BUILD_TIES, AT_BUILD + 1 + attempt, household.uid)
                b = meet(ties, i, household.kelurahan, household.district, households, neighbours, p, u1, u2, u3)
                if b >= 0 and tie(ties, i, b):
                    wanted -= 1


@kernel
def renew_ties(rows, ties, households, neighbours, p, seed, month):
    """Cut the ties of households that are gone; let the others listed make one. Returns ties made."""
    made = 0
    for row in rows:
        i = np.int64(row)
        household = households[i]
        if not household.alive:
            untie_all(ties, i)
        elif degree(ties, i) < FEW:
            for attempt in range(TRIES):
                u1, u2, u3, _ = draws(seed, BUILD_TIES, month * TRIES + attempt, household.uid)
                b = meet(ties, i, household.kelurahan, household.district, households, neighbours, p, u1, u2, u3)
                if b >= 0 and households[b].alive and tie(ties, i, b):
                    made += 1
                    break
    return made


def neighbourhoods(households: np.ndarray, kelurahan_district: np.ndarray, borders: np.ndarray) -> Neighbours:
    """Sort the living households by kelurahan. `borders`: pairs of districts that share a border, one a row.

    Kelurahan are numbered district by district.
    """
    districts = int(kelurahan_district.max()) + 1
    if np.any(np.diff(kelurahan_district) < 0):
        raise ValueError("kelurahan must be numbered district by district")
    order, starts = by_kelurahan(households, len(kelurahan_district))
    first = np.searchsorted(kelurahan_district, np.arange(districts + 1)).astype(np.int64)
    around: list[list[int]] = [[d] for d in range(districts)]
    for a, b in borders:
        around[a].append(int(b))
        around[b].append(int(a))
    near = np.full((districts, max(map(len, around))), -1, np.int64)
    for d, others in enumerate(around):
        near[d, : len(others)] = others
    return Neighbours(order, starts, first, near)


def free_ties(capacity: int) -> np.ndarray:
    """A table of no ties for `capacity` households."""
    return np.full((capacity, TIES), FREE, np.int32)


def grow_ties(ties: np.ndarray, households: int) -> np.ndarray:
    """The table with room for at least `households` rows (the same one when it is large enough)."""
    if len(ties) >= households:
        return ties
    larger = free_ties(max(households, int(1.25 * len(ties))))
    larger[: len(ties)] = ties
    return larger


def build_ties(households: np.ndarray, neighbours: Neighbours, seed: int, p: Community) -> np.ndarray:
    """The ties the city starts with: `mean_degree` on average, 70 % within the kelurahan, 20 % anywhere."""
    ties = free_ties(len(households))
    _build(ties, households, neighbours, p, seed)
    return ties
