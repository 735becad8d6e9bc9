"""Children of the city: development, school, and the child-friendly city programme (Kota Layak Anak, KLA).

Parents, teachers and children take part in it in three roles; who does is in `participants.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.agents import neighbourhood
from sim.agents.participants import FORUM, PARENTS, ROLES, TEACHERS, count_participants
from sim.agents.persons import GONE
from sim.agents.services import EDUCATION, GREEN, HEALTH
from sim.city import deflator
from sim.compiled import kernel
from sim.walk import FIXED

if TYPE_CHECKING:
    from sim.city import City
    from sim.parameters import Parameters
    from sim.world import World

BLOCKS = (
    "institutions",
    "civil rights and freedoms",
    "family and alternative care",
    "health and welfare",
    "education, leisure and culture",
    "special protection",
    "kecamatan and kelurahan",
)
BLOCK_MOST = np.array([164.0, 115.0, 156.0, 150.0, 110.0, 205.0, 100.0])
BLOCK_2024 = np.array([145.24, 103.0, 136.0, 142.5, 105.6, 179.2, 68.85])  # the city's own assessment, June 2024


def _by_role() -> np.ndarray:
    return np.zeros((30, ROLES))


@dataclass
class ChildrenState:
    """Figures of children by kecamatan; those by role are (30, 3): parents, teachers, children's forum.

    The government writes `budget` (model Rp a month for KLA, 30), of which each role gets a third; policies add
    `extra` for the month.
    """

    budget: np.ndarray
    usual_schooling: float  # mean years of children's best-schooled adult at the start
    unit_cost: float  # Rp a child and year
    extra: np.ndarray = field(default_factory=_by_role)  # Rp this month
    coverage: np.ndarray = field(default_factory=lambda: np.zeros(30))  # mean of the roles this month, 0-1
    by_role: np.ndarray = field(default_factory=_by_role)  # coverage this month
    usual: np.ndarray = field(default_factory=_by_role)  # coverage without policies
    coverage_year: np.ndarray = field(default_factory=lambda: np.zeros((12, 30, 3)))  # the last twelve months'
    coverage_start: np.ndarray | None = None
    coverage_gain: np.ndarray = field(default_factory=_by_role)  # last year's mean over the start's
    volunteers_start: np.ndarray | None = None
    counted: np.ndarray = field(default_factory=lambda: np.zeros((12, 30, 4), np.int64))  # people, by month of visit
    newly_reached: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # households, through policies
    roles: np.ndarray = field(default_factory=_by_role)  # parents, teachers, children who take part: people
    human: np.ndarray = field(default_factory=lambda: np.zeros(30))  # mean index of those under 18, SD
    out_of_school: np.ndarray = field(default_factory=lambda: np.zeros(30))  # share at ages 7-17
    under_7: np.ndarray = field(default_factory=lambda: np.zeros(30))
    leavers: int = 0  # left school through hardship, last twelve months
    returners: int = 0
    blocks: np.ndarray = field(default_factory=lambda: BLOCK_2024.copy())
    reference: np.ndarray | None = None  # indicators behind the blocks at the start

    @property
    def score(self) -> float:
        """KLA score, 0-1000."""
        return float(self.blocks.sum())

    @property
    def reach(self) -> np.ndarray:
        """What a visit to a family asks for (30, 3): parents' coverage at the start, its gain, that of teachers."""
        if self.coverage_start is None:
            return _by_role()
        reach = np.empty((30, 3))
        reach[:, 0] = self.coverage_start[:, PARENTS]
        reach[:, 1] = self.coverage_gain[:, PARENTS]
        reach[:, 2] = self.coverage_gain[:, TEACHERS]
        return reach

    @property
    def voices(self) -> np.ndarray:
        """Coverage of the children's forum that policies add this month (30,)."""
        return self.by_role[:, FORUM] - self.usual[:, FORUM]


def kept_at_school(p, gain):
    """Share of usual leavers under 18 whom teachers keep at school:  e_d gain  (of their coverage over the start).

    Source: assumption.
    """
    return p.dropout_coverage * np.minimum(np.maximum(gain, 0.0), 1.0)


def pupils_kept(world: World) -> np.ndarray:
    """`kept_at_school` of each kecamatan (30,)."""
    if world.children is None:
        return np.zeros(30)
    return kept_at_school(world.p.children, world.children.coverage_gain[:, TEACHERS])


def kla_coverage(p, spending, unit_cost, children, volunteers, volunteers_start, couplings=1.0):
    """Share of children under 7 that the programme reaches, in one role or in all.

        min(1, kappa (E / (c N))^(1 - xi) (vol / vol_0)^xi)

    E: Rp a year; c: Rp a child and year; N: children under 7; vol: volunteers; without couplings volunteers do not
    count. Source: ostrom_1996 for co-production; parameters: assumption.
    """
    money = spending / np.maximum(unit_cost * children, 1.0)
    hands = volunteers / np.maximum(volunteers_start, 1e-9)
    return np.minimum(1.0, p.coverage_scale * money ** (1.0 - p.co_production) * hands ** (p.co_production * couplings))


def block_scores(indicators: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """KLA points by block: the 2024 share of each block's maximum plus the rise of its indicator since the start.

    Each indicator is a share that the model measures (see `indicators`). Source: ekpos_kla2024 for the start; links:
    assumption.
    """
    share = BLOCK_2024 / BLOCK_MOST + indicators - reference
    return BLOCK_MOST * np.minimum(np.maximum(share, 0.0), 1.0)


def build_children(city: City, p: Parameters, households: np.ndarray, persons: np.ndarray, scale: int) -> ChildrenState:
    """Children's state, with the programme's present budget split by population."""
    price = deflator(2024, city.price_year)
    share = city.district_population / city.district_population.sum()
    return ChildrenState(
        budget=p.government.child_city_yearly * price / 12.0 / scale * share,
        usual_schooling=parents_schooling(households, persons),
        unit_cost=p.children.unit_cost * price,
    )


def parents_schooling(households: np.ndarray, persons: np.ndarray) -> float:
    """Mean, over children under 18, of the schooling of the best-schooled adult at home."""
    young, years = _best_schooling(persons, np.zeros(len(households), np.int64))
    return years / young if young else 12.0


@kernel
def _best_schooling(persons, best):
    """How many are under 18, and the years of schooling of the best-schooled adult at home, added up over them.

    best: zeros, a household each.
    """
    young, years = 0, 0
    for i in range(persons.shape[0]):
        person = persons[i]
        if person.state != GONE and person.home >= 0 and person.born <= -neighbourhood.ADULT_AGE:
            best[person.home] = max(best[person.home], person.schooling)
    for i in range(persons.shape[0]):
        person = persons[i]
        if person.state != GONE and person.home >= 0 and person.born > -neighbourhood.ADULT_AGE:
            young += 1
            years += best[person.home]
    return young, years


def indicators(world: World, counted: np.ndarray) -> np.ndarray:
    """What moves the seven blocks, each a share: coverage; forum children per teenager; parents reached; health
    access; school quality, pupils at school, green space and teachers who take part; children not taken out of
    school; local participation. `counted`: a row for each count of children (neighbourhood.py), by kecamatan."""
    state, service, communities = world.children, world.services, world.communities
    weight = np.maximum(state.under_7, 1e-9) / max(float(state.under_7.sum()), 1e-9)
    quality = np.log(service.quality_by_kind / service.kinds_start)
    teenagers = max(float(counted[neighbourhood.TEENS].sum()), 1.0)
    pupils = max(float(counted[neighbourhood.PUPILS].sum()), 1.0)
    takes_part = state.roles.sum(axis=0).tolist()
    learning = ((quality[:, EDUCATION] + quality[:, GREEN]) / 2.0 - state.out_of_school) @ weight
    return np.array(
        [
            0.3 * state.coverage @ weight,
            takes_part[FORUM] / teenagers,
            0.3 * state.by_role[:, PARENTS] @ weight,
            0.3 * quality[:, HEALTH] @ weight,
            0.3 * learning + takes_part[TEACHERS] / pupils,
            -state.leavers / pupils,
            0.5 * (state.coverage + communities.district_participation()) @ weight,
        ]
    )


def children(world: World) -> None:
    """Coverage of the child-friendly programme this month, who takes part in it, and how children are doing."""
    state, communities = world.children, world.communities
    if communities.first:  # before the first walk
        return
    counted = communities.offspring.sum(axis=0).T.copy()
    pupils = counted[neighbourhood.PUPILS]
    state.human = counted[neighbourhood.HUMAN] / FIXED / np.maximum(counted[neighbourhood.CHILDREN], 1.0)
    state.out_of_school = counted[neighbourhood.OUT] / np.maximum(pupils, 1.0)
    state.under_7 = counted[neighbourhood.SMALL]
    state.leavers = int(counted[neighbourhood.LEAVERS].sum())
    state.returners = int(counted[neighbourhood.RETURNERS].sum())
    _cover(world)
    count_participants(world, pupils)
    measured = indicators(world, counted)
    if state.reference is None or world.month < 0:
        state.reference = measured
    state.blocks = block_scores(measured, state.reference)


def _cover(world: World) -> None:
    """Coverage of the month; what it adds to children is measured from that of the last burn-in month."""
    state, communities = world.children, world.communities
    volunteers = communities.by_district(communities.volunteers)
    if state.volunteers_start is None or world.month < 0:
        state.volunteers_start = volunteers
    state.usual = np.repeat(_coverage(world, 0.0, volunteers), ROLES, axis=1)
    state.by_role = _coverage(world, state.extra, volunteers) if state.extra.any() else state.usual
    state.coverage = state.by_role.sum(axis=1) / ROLES
    if state.coverage_start is None or world.month < 0:
        state.coverage_start = state.by_role.copy()
        state.coverage_year[:] = state.by_role
    state.coverage_year[world.month % 12] = state.by_role
    state.coverage_gain = state.coverage_year.sum(axis=0) / len(state.coverage_year) - state.coverage_start


def _coverage(world: World, extra: np.ndarray | float, volunteers: np.ndarray) -> np.ndarray:
    """Coverage by role (30, 3), each with a third of the usual budget and of the unit cost.

    extra: Rp a month by role (30, 3), or the same for all of them: then the coverage of each (30, 1).
    """
    state = world.children
    return kla_coverage(
        world.p.children,
        12.0 * (state.budget[:, None] / ROLES + extra),
        state.unit_cost / ROLES,
        state.under_7[:, None],
        volunteers[:, None],
        np.asarray(state.volunteers_start)[:, None],
        world.communities.couplings,
    )
