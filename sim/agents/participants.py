"""Who takes part in the child-friendly city programme: parents, teachers and children, each a person of the model.

A person's luck in this is lasting: whoever is reached stays in as long as coverage does not fall, and more money
reaches others besides them. A twelfth of the households is asked each month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.businesses import PUBLIC
from sim.agents.growing_up import ADULT_AGE, PRESCHOOL, involvement
from sim.agents.persons import FORMAL, NOBODY
from sim.compiled import kernel, part, rule
from sim.draws import BATCH, rows_of_a_batch
from sim.walk import find

if TYPE_CHECKING:
    from sim.world import World

PARENTS, TEACHERS, FORUM = range(3)
ROLES = 3
SCHOOLS = 3  # column that counts the teachers who could take part
TEEN, DEGREE = 120, 16  # months of age from which a child can sit in a forum; years of schooling of a teacher
VISIT_BLOCK = np.uint64(6)  # as in neighbourhood.py: families are asked in the month of their visit


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
def ask(low, high, tally, found, households, persons, chance, usual, seed, month, everybody, room):
    """Ask the month's households who takes part. tally (12, 30, 4): parents, teachers, forum children by home, and
    people who could teach by workplace. Reports the households that take part through a policy only.

    chance, usual: (30, 3) chances by role, with and without policies. One adult takes part for the small children of
    a household.
    """
    count, h = 0, low
    while h < high:
        waiting = 0
        while h < high and waiting < BATCH:
            slot = np.int64((households[h].uid >> VISIT_BLOCK) % np.uint64(12))
            room[waiting] = h
            waiting += (households[h].alive != 0) & (everybody | (slot == (month + 1200) % 12))
            h += 1
        for n in range(waiting):
            slot = np.int64((households[room[n]].uid >> VISIT_BLOCK) % np.uint64(12))
            if takes_part(households[room[n]], persons, tally[slot], chance, usual, seed, month):
                found[count] = room[n]
                count += 1
    return count


@part
def takes_part(household, persons, mine, chance, usual, seed, month):
    """Count who of a household takes part, in `mine` (30, 4). True when somebody does through a policy only."""
    d, parent, thanks = household.district, False, False
    k = household.first
    while k != NOBODY:
        person = persons[k]
        k = person.next
        if month - person.born < PRESCHOOL:
            u = involvement(seed, person.uid)
            if u < chance[d, PARENTS]:
                parent = True
                thanks = thanks or u >= usual[d, PARENTS]
            continue
        role = role_of(person, month)
        if role < 0:
            continue
        if role == TEACHERS:
            mine[person.workplace, SCHOOLS] += 1
        u = involvement(seed, person.uid)
        if u < chance[d, role]:
            mine[d, role] += 1
            thanks = thanks or u >= usual[d, role]
    if parent:
        mine[d, PARENTS] += 1
    return thanks


def chances(p, coverage: np.ndarray, pupils: np.ndarray, teachers: np.ndarray) -> np.ndarray:
    """Chance of each role at a coverage (30, 3): of parents the coverage, of teachers as many as it takes for the
    covered pupils, of pupils of 10-17 a part of the coverage."""
    wanted = p.teachers_per_child * coverage[:, TEACHERS] * pupils.sum() / max(teachers.sum(), 1.0)
    return np.stack([coverage[:, PARENTS], np.minimum(wanted, 1.0), p.children_forum * coverage[:, FORUM]], axis=1)


def count_participants(world: World, pupils: np.ndarray) -> None:
    """Ask this month's families (the first time all) and keep the count of the people in each role."""
    state, p = world.children, world.p.children
    everybody = not state.counted.any()
    for _ in range(1 + everybody):  # the first time teachers are counted before they are asked
        teachers = state.counted[:, :, SCHOOLS].sum(axis=0)
        usual = chances(p, state.usual, pupils, teachers)
        by_role = usual if state.by_role is state.usual else chances(p, state.by_role, pupils, teachers)
        tables = (world.households.rows, world.persons.rows, by_role, usual)
        asked, state.newly_reached = find(
            ask, world.households.n, (12, 30, 4), *tables, world.seed, world.month, everybody, rows_of_a_batch
        )
        if everybody:
            state.counted = asked
        else:
            state.counted[(world.month + 1200) % 12] = asked[(world.month + 1200) % 12]
    state.roles = state.counted[:, :, :ROLES].sum(axis=0)
