"""A month of neighbourhoods: what households see around them, their walk, and what comes of it for each kelurahan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents import arisan, neighbourhood
from sim.agents.bridging import make_bridges
from sim.agents.communities import CommunityState, spend
from sim.agents.musrenbang import FEBRUARY, JANUARY, MARCH, ballots, count_votes, need_of, propose_all
from sim.agents.neighbourhood import (
    ACROSS,
    CONFLICT,
    FACILITATION,
    GAP,
    GRANTS,
    SEEN,
    SERVICES,
    SHARE,
    VOICE,
    Around,
    When,
)
from sim.agents.participation import swadaya_ratio
from sim.agents.services import EDUCATION, HEALTH, N_KINDS
from sim.agents.ties import grow_ties, neighbourhoods, renew_ties
from sim.compiled import kernel, same_kinds
from sim.walk import FIXED, find, walk

if TYPE_CHECKING:
    from sim.world import World

same_kinds(Around)
same_kinds(When)
NO_BALLOTS = np.zeros((0, 2, N_KINDS))


def look_around(world: World, voting: bool) -> Around:
    """What households see around them this month; the ballots only in the month of the vote."""
    state, p, service = world.communities, world.p.community, world.services
    hoped = swadaya_ratio(p, state.trust) * world.drivers.swadaya
    log_quality = np.log(service.quality_by_kind / service.kinds_start)
    more = np.maximum(state.grants, 1.0) / np.maximum(state.usual_grants, 1.0)
    voices = world.p.children.forum_joining * world.children.voices[state.district]
    facilitation = np.minimum(np.maximum(state.facilitation + voices, 0.0), 1.0)
    start = service.quality_start
    seen = np.empty((len(more), SEEN))
    seen[:, SHARE] = state.participation
    seen[:, FACILITATION] = p.couplings * facilitation
    seen[:, VOICE] = p.couplings * state.voice
    seen[:, GRANTS] = p.couplings * np.minimum(np.maximum(np.log2(more), -1.0), 2.0)
    seen[:, SERVICES] = (service.quality - start.sum() / len(start))[state.district]
    seen[:, CONFLICT] = state.conflict[state.district]
    seen[:, GAP] = state.gap[state.district]
    seen[:, ACROSS] = state.bridging_factor[state.district]
    return Around(
        seen=seen,
        levy=np.floor(hoped * state.grants / np.maximum(state.members, 1.0)),
        ballots=ballots(state, need_of(service), p) if voting else NO_BALLOTS,
        school=log_quality[:, EDUCATION].copy(),
        health=log_quality[:, HEALTH].copy(),
        reach=world.children.reach,
    )


def community(world: World) -> None:
    """A month of neighbourhood life: meetings, votes, trust, self-help, savings circles, ties, small works."""
    state, rules = world.communities, world.p.community
    _, calendar_month = world.calendar
    state.couplings = rules.couplings
    world.ties = grow_ties(world.ties, world.households.n)
    if len(state.signals) < world.households.n:
        state.signals = np.append(state.signals, np.full(world.households.n - len(state.signals), arisan.GONE))
    if calendar_month == JANUARY:
        state.slate[:] = propose_all(state, need_of(world.services)[state.district], world.seed, world.month, rules)
        state.neighbours = neighbourhoods(world.households.rows, state.district, state.borders)
        _compare_inequality(state)
    voting = calendar_month == FEBRUARY
    counts, changed = _walk(world, voting)
    _keep(world, counts, voting)
    if calendar_month == MARCH:
        count_votes(state)
    _settle_ties(world, changed)
    if state.facilitation.any():
        meet_elsewhere(changed, world)
    _settle_circles(world, changed, counts)
    world.ledger.post("swadaya", state.swadaya)
    spend(world)
    world.counts["grants"] = float(state.grants.sum())
    state.grants = np.zeros(len(state.grants))
    _social_capital(state)


def _walk(world: World, voting: bool) -> tuple[np.ndarray, np.ndarray]:
    state, p = world.communities, world.p
    when = When(
        seed=world.seed,
        month=world.month,
        voting=int(voting),
        first=int(state.first),
        joining=1.0,
        leaving=float(world.drivers.participation_leave),
        usual_schooling=float(world.children.usual_schooling),
        spread=float(p.demography.human_spread),
    )
    after = np.empty_like(state.signals)
    counts, changed = find(
        neighbourhood.neighbours_month,
        world.households.n,
        neighbourhood.all_counts(len(state.circles)),
        world.households.rows,
        world.persons.rows,
        world.labour.ahead.months(world.persons.n),
        world.ties,
        state.signals,
        after,
        state.circles.contribution,
        look_around(world, voting),
        p.community,
        p.children,
        when,
        neighbourhood.room_for_neighbours,
    )
    state.signals = after
    return counts, changed


def _keep(world: World, counts: np.ndarray, voting: bool) -> None:
    """Put the walk's counts into the state."""
    state, p = world.communities, world.p.community
    table = neighbourhood.by_kelurahan(counts)
    columns = np.array(table.T, float, order="C")
    state.people, state.children = columns[neighbourhood.PEOPLE], columns[neighbourhood.YOUNG]
    state.homes, state.members = columns[neighbourhood.HOMES], columns[neighbourhood.MEMBERS]
    homes = np.maximum(state.homes, 1.0)
    state.participation = state.members / homes
    state.trust = columns[neighbourhood.TRUST] / FIXED / homes
    state.satisfaction = columns[neighbourhood.CONTENT] / FIXED / homes
    state.volunteers = p.volunteers * state.members * (1.0 + p.couplings * state.facilitation)
    state.readiness = state.readiness + p.readiness_speed * (p.couplings * state.facilitation - state.readiness)
    given = columns[neighbourhood.GIVEN]
    state.fund += given
    state.swadaya = int(given.sum())
    if voting:
        votes = table[:, neighbourhood.VOTES :]
        if votes.any():
            state.votes = votes.copy()
    sums = state.by_district(table[:, : neighbourhood.VOTES])
    state.keep_districts(sums[:, neighbourhood.HOMES], sums[:, neighbourhood.MEMBERS])
    heard, bridges = sums[:, neighbourhood.HEARD], sums[:, neighbourhood.BRIDGES]
    seen = bridges / np.maximum(heard, 1.0) * state.bridging_factor
    state.bridging = state.bridging + (seen - state.bridging) / 12.0 if state.bridging_known else seen
    state.bridging_known = True
    state.inequality += sums[:, neighbourhood.VISITED : neighbourhood.LOG_SPENDING + 1]
    slot = world.month % 12
    trips, offspring = neighbourhood.by_workplace(counts), neighbourhood.of_children(counts)
    if state.first:  # everybody was visited: a twelfth of the count stands for each month
        state.commuting[:], state.offspring[:] = trips / 12.0, offspring / 12.0
        state.first = False
    else:
        state.commuting[slot], state.offspring[slot] = trips, offspring
    commuters = walk(_count_commuters, world.businesses.n, neighbourhood.PLACES, world.businesses.rows)
    state.commuters_in = commuters[:30].astype(float)
    world.counts["swadaya"] = state.swadaya
    world.counts["joined"] = int(columns[neighbourhood.JOINED].sum())


@kernel
def _count_commuters(low, high, commuters, businesses):
    for j in range(low, high):
        commuters[businesses[j].district] += businesses[j].commuters


def _compare_inequality(state: CommunityState) -> None:
    """Once a year: the rise of each district's mean log deviation of spending since the first full year."""
    people, spending, logs = state.inequality.T
    if people.min() > 0:
        deviation = np.log(spending / people) - logs / FIXED / people
        if state.gap_start is None:
            state.gap_start = deviation
        state.gap = deviation - state.gap_start
    state.inequality = np.zeros((30, 3))


def _settle_ties(world: World, changed: np.ndarray) -> None:
    state = world.communities
    renew_ties(changed, world.ties, world.households.rows, state.neighbours, world.p.community, world.seed, world.month)


def meet_elsewhere(changed: np.ndarray, world: World) -> None:
    """Where facilitators work, some of those who want to join a savings circle get to know a household elsewhere."""
    state, p = world.communities, world.p.community
    share = p.couplings * p.facilitation_ties * state.facilitation
    rows, order = world.households.rows, state.neighbours.order
    world.counts["bridges"] = make_bridges(changed, world.ties, rows, order, share, world.seed, world.month)


def _settle_circles(world: World, changed: np.ndarray, counts: np.ndarray) -> None:
    """Pots are handed out, then newcomers take free seats."""
    state, circles, rows = world.communities, world.communities.circles, world.households.rows
    paid = counts[neighbourhood.CIRCLES :].astype(float)
    handed = arisan.pay_pots(
        paid,
        rows,
        state.signals,
        circles.members,
        circles.contribution,
        circles.turn,
        circles.kelurahan,
        circles.carried,
        circles.free,
        state.trust,
        world.p.community,
        world.seed,
        world.month,
    )
    arisan.seat_members(changed, rows, circles.members, circles.first, circles.free)
    world.counts["arisan_paid"], world.counts["arisan_handed"] = int(paid.sum()), int(handed)


def _social_capital(state: CommunityState) -> None:
    """SC_d: the mean of participation, trust and bridging."""
    state.social_capital = (state.district_participation() + state.district_trust() + state.bridging) / 3.0
