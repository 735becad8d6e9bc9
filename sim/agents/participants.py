"""Who takes part in the child-friendly city programme: parents, teachers and children, each a person of the model.

A person's luck in this is lasting: whoever is reached stays in as long as coverage does not fall, and more money
reaches others besides them. A twelfth of the households is asked each month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.arisan import GONE
from sim.agents.businesses import PUBLIC
from sim.agents.growing_up import ADULT_AGE, LASTING, PRESCHOOL
from sim.agents.neighbourhood import month_of_visit
from sim.agents.persons import FORMAL, NOBODY
from sim.compiled import kernel, part, rule
from sim.draws import BATCH, CHILD, batch, many_draws, rows_of_a_batch
from sim.fetching import bring
from sim.walk import find

if TYPE_CHECKING:
    from sim.world import World

PARENTS, TEACHERS, FORUM = range(3)
ROLES = 3
SCHOOLS = 3  # column that counts the teachers who could take part
TEEN, DEGREE = 120, 16  # months of age from which a child can sit in a forum; years of schooling of a teacher


@rule
def could_teach(person):
    """Whether a person stands for a teacher: formal work in public services with a degree. Source: assumption."""
    return person.state == FORMAL and person.sector == PUBLIC and person.schooling >= DEGREE and person.workplace < 30


@rule
def role_of(person, month):
    """The role a person could take: FORUM for pupils of 10 to 17, TEACHERS; -1 for neither. Parents: see `ask`."""
    if TEEN <= month - person.born < ADULT_AGE and person.enrolled:
        return FORUM
    return TEACHERS if could_teach(person) else -1


@kernel
def ask(low, high, tally, found, signals, households, persons, chance, usual, seed, month, everybody, room):
    """Ask the month's households who takes part. tally (12, 30, 4): parents, teachers, forum children by home, and
    people who could teach by workplace. Reports the households that take part through a policy only.

    signals: what others see of each household, of which its month is read; chance, usual: (30, 3) chances by role,
    with and without policies. One adult takes part for the small children of a household.
    """
    rows, thanks = room[0], room[1]
    count, h, now = 0, low, (month + 1200) % 12
    while h < high:
        waiting = np.int64(0)
        while h < high and waiting < BATCH:
            rows[waiting] = h
            waiting += (signals[h] != GONE) & (everybody | (month_of_visit(signals[h]) == now))
            h += 1
        visit(waiting, tally, signals, households, persons, chance, usual, seed, month, room)
        for n in range(waiting):
            found[count] = rows[n]
            count += thanks[n] > 0
    return count


@part
def visit(count, tally, signals, households, persons, chance, usual, seed, month, room):
    """Count who takes part of the households that the room lists; note those where somebody does through a policy only.

    They are walked through member by member, side by side: so the processor fetches many people at a time.
    """
    rows, thanks, parent, at, of, born, following, role, asked, (_, uids, luck, _) = room
    left = 0
    for n in range(count):
        thanks[n], parent[n] = 0, 0
        at[left], of[left] = households[rows[n]].first, n
        left += households[rows[n]].first != NOBODY
    while left > 0:
        for k in range(left):  # fetched first, thought over afterwards
            person = persons[at[k]]
            following[k], born[k] = person.next, person.born
        walked, left, some = left, 0, 0
        for k in range(walked):
            person, n = persons[at[k]], of[k]
            role[some] = PARENTS if month - born[k] < PRESCHOOL else role_of(person, month)
            if role[some] == TEACHERS:
                tally[month_of_visit(signals[rows[n]]), person.workplace, SCHOOLS] += 1
            uids[some], asked[some] = person.uid, n
            some += role[some] >= 0
            at[left], of[left] = following[k], n
            bring(persons, max(following[k], 0))  # for the next round
            left += following[k] != NOBODY
        many_draws(seed, CHILD, LASTING, uids, some, luck)  # see `involvement`
        for k in range(some):
            n, u = asked[k], luck[0, k]
            d = households[rows[n]].district
            if u < chance[d, role[k]]:
                thanks[n] += u >= usual[d, role[k]]
                if role[k] == PARENTS:
                    parent[n] = 1
                else:
                    tally[month_of_visit(signals[rows[n]]), d, role[k]] += 1
    for n in range(count):
        tally[month_of_visit(signals[rows[n]]), households[rows[n]].district, PARENTS] += parent[n]


def _room() -> tuple:
    """Room for one thread: a batch of households, and of their members."""
    return *(rows_of_a_batch() for _ in range(9)), batch()


def chances(p, coverage: np.ndarray, pupils: np.ndarray, teachers: np.ndarray) -> np.ndarray:
    """Chance of each role at a coverage (30, 3): of parents the coverage, of teachers as many as it takes for the
    covered pupils, of pupils of 10-17 a part of the coverage."""
    wanted = p.teachers_per_child * coverage[:, TEACHERS] * pupils.sum() / max(teachers.sum(), 1.0)
    return np.array([coverage[:, PARENTS], np.minimum(wanted, 1.0), p.children_forum * coverage[:, FORUM]]).T.copy()


def count_participants(world: World, pupils: np.ndarray) -> None:
    """Ask this month's families (the first time all) and keep the count of the people in each role."""
    state, p = world.children, world.p.children
    everybody = not state.counted.any()
    for _ in range(1 + everybody):  # the first time teachers are counted before they are asked
        teachers = state.counted[:, :, SCHOOLS].sum(axis=0)
        usual = chances(p, state.usual, pupils, teachers)
        by_role = usual if state.by_role is state.usual else chances(p, state.by_role, pupils, teachers)
        tables = (world.communities.signals, world.households.rows, world.persons.rows, by_role, usual)
        asked, state.newly_reached = find(
            ask, world.households.n, (12, 30, 4), *tables, world.seed, world.month, everybody, _room
        )
        if everybody:
            state.counted = asked
        else:
            state.counted[(world.month + 1200) % 12] = asked[(world.month + 1200) % 12]
    state.roles = state.counted[:, :, :ROLES].sum(axis=0)
