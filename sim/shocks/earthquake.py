"""N2: the Lembang fault breaks. Shaking by distance and ground, damage by fragility, deaths and injuries by damage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.agents.businesses import FIRM, OPEN
from sim.agents.hazard_rules import (
    DEADLY,
    HEAVY,
    INJURED,
    NONE,
    REPAIR_RATIO,
    damage_state,
    damaged_more,
    ground_acceleration,
    mean_damage,
)
from sim.agents.hazards import destroy, hire_local_builders
from sim.agents.persons import NOBODY
from sim.agents.services import N_KINDS
from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.compiled import kernel
from sim.disturbance import ShockSettings
from sim.draws import SHOCK, draws
from sim.walk import find, walk

if TYPE_CHECKING:
    from sim.world import World

DECISION = SHOCK + 8
STATES = 5
DEAD, HURT = STATES, STATES + 1  # tally by kecamatan: homes by damage state, then people
# Public works stand about as well as business premises; half of what still stands is out of use at first where all is
# shaken to pieces: broken pipes, unsafe schools, blocked roads. Source: assumption.
OUT_OF_USE = 0.5
INJURY = 0.2  # functional health that the injured lose for good; it raises their risk of dying. Source: assumption


@kernel
def shake_homes(low, high, tally, found, households, persons, shaking, strong, shaken, p, indoors, month, seed):
    """Damage of every home and what happens to the people in it. Reports those who are killed.

    shaking: g by kelurahan; strong: month of the retrofit by household row; shaken: damage state, written.
    """
    count = 0
    for h in range(low, high):
        home = households[h]
        if home.alive == 0:
            continue
        u, _, _, _ = draws(seed, DECISION, month, home.uid)
        strength = 1.0 + p.retrofit_gain if strong[h] >= home.moved_in else 1.0
        state = damage_state(shaking[home.kelurahan], strength, p, u)
        tally[home.district, state] += 1
        if state == NONE:
            continue
        shaken[h] = max(shaken[h], state)
        home.damage = damaged_more(home.damage, REPAIR_RATIO[state])
        killed = p.deaths_complete * indoors * DEADLY[state]
        i = home.first
        while i != NOBODY:
            person = persons[i]
            _, _, v, w = draws(seed, DECISION, month, person.uid)
            if v < killed:
                if count < found.shape[0]:
                    found[count] = i
                    count += 1
                    tally[home.district, DEAD] += 1
            elif w < p.deaths_complete * indoors * INJURED[state]:
                person.health = max(person.health - INJURY, 0.05)
                tally[home.district, HURT] += 1
            i = person.next
    return count


@kernel
def shake_firms(low, high, tally, businesses, shaking, p, month, seed):
    """Damage of business premises; shaking in g by kecamatan."""
    for j in range(low, high):
        firm = businesses[j]
        if firm.status == OPEN and firm.kind == FIRM and firm.district < 30:
            _, u, _, _ = draws(seed, DECISION, month, firm.uid)
            state = damage_state(shaking[firm.district], 1.0 + p.engineered_gain, p, u)
            firm.damage = damaged_more(firm.damage, REPAIR_RATIO[state])
            tally[firm.district, state] += 1


def shaking_of(world: World, magnitude: float, intensity: float = 1.0) -> np.ndarray:
    """Median peak ground acceleration by kelurahan (151,), g."""
    hazards, p = world.hazards, world.p.hazards
    return intensity * np.array(
        [
            ground_acceleration(magnitude, km, soft, p.basin_amplification if soft > 0.5 else 1.0)
            for km, soft in zip(hazards.fault_km, hazards.soft, strict=True)
        ]
    )


class Earthquake(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("sectors",)

    kind: Literal["earthquake"]
    duration: int = number(2, 0, 24, "months", "months in which pipes, roads, schools and clinics are broken")
    recovery: int = number(10, 0, 120, "months", "months of a straight way back of what was not destroyed")
    magnitude: float = number(6.8, 6.5, 7.0, "Mw", "moment magnitude")
    indoors: float = number(0.7, 0.2, 1, "share", "residents at home when it strikes (0.7 on average, 0.95 by night)")

    def strike(self, world: World, memory: dict[str, Any]) -> None:
        """Homes, premises and public works break; people are hurt or killed."""
        p, hazards, kelurahan = world.p.hazards, world.hazards, world.city.kelurahan
        hit = self.footprint()
        shaking = shaking_of(world, self.magnitude, self.intensity) * hit[kelurahan.district]
        people = np.maximum(np.bincount(kelurahan.district, kelurahan.population, 30), 1.0)
        by_district = np.bincount(kelurahan.district, kelurahan.population * shaking, 30) / people
        hazards.grow(world.households.n)
        homes, victims = find(
            shake_homes, world.households.n, (30, STATES + 2), world.households.rows, world.persons.rows, shaking,
            hazards.retrofitted, hazards.shaken, p, self.indoors, world.month, world.seed,
        )  # fmt: skip
        firms = walk(
            shake_firms, world.businesses.n, (30, STATES), world.businesses.rows, by_district, p, world.month,
            world.seed,
        )  # fmt: skip
        hazards.victims = np.append(hazards.victims, victims)
        public = np.array([mean_damage(g, 1.0 + p.engineered_gain, p) for g in by_district])
        destroy(world, np.repeat(public[:, None], N_KINDS, axis=1))
        memory["public"], memory["homes"], memory["firms"] = public, homes, firms
        world.counts["earthquake_homes"] = homes[:, :STATES].sum(axis=0)
        world.counts["killed"], world.counts["injured"] = int(homes[:, DEAD].sum()), int(homes[:, HURT].sum())
        world.counts["heavily_damaged"] = int(homes[:, HEAVY:STATES].sum())

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        """What was not destroyed is out of use in part, longer where more broke."""
        left = 1.0 - OUT_OF_USE * memory["public"] * strength / self.intensity
        world.drivers.services = world.drivers.services * left[:, None]

    def linger(self, world: World, since: int, memory: dict[str, Any]) -> None:
        hire_local_builders(world)


SHOCKS.add(
    Kind(
        name="earthquake",
        code="N2",
        group="nature",
        indonesian="Gempa Sesar Lembang",
        meaning="the Lembang fault breaks (Mw 6.5-7.0): homes, premises, services damaged, people killed and hurt",
        source="akkar_bommer_2010; daryono_2019; hussain_2023; bmkg2017; bnpb_cianjur_2022",
        settings=Earthquake,
        moves=(("service_quality", -1), ("value_added_index", -1), ("wellbeing", -1), ("population", -1)),
    )
)
