"""L1: more seats of skills training (BLK, Prakerja type) for the jobless. Seats filled are a hard count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sim.agents.persons import UNEMPLOYED
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.draws import LEVER
from sim.intervention import LeverSettings
from sim.markets.programmes import choose
from sim.quotas import luck_of

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 1


class WorkerTraining(LeverSettings):
    lever: Literal["worker_training"]
    seat_rp: float = number(4e6, 1e6, 2e7, "Rp of 2024/seat", "cost of one seat")

    def train(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Seats for those who looked for work this month and found none; nine in ten finish."""
        persons = world.persons.rows
        cost = int(self.seat_rp * world.deflator)
        seekers = world.labour.seekers
        seekers = seekers[persons["state"][seekers] == UNEMPLOYED]
        homes = persons["home"][seekers]
        seats, where = purse.places(cost), self.places()
        picked = seekers[choose(world, persons["uid"][seekers], homes, seats, self.targeting, where, DECISION)]
        finish = luck_of(world.seed, DECISION, world.month, persons["uid"][picked])[:, 1]
        done = picked[finish < world.p.government.training_completion]
        persons["certified"][done] = world.month
        purse.pay("programme_costs", cost * len(picked))
        purse.count(persons["home"][picked])
        world.counts["trained"] = world.counts.get("trained", 0) + len(done)


LEVERS.add(
    Kind(
        name="worker_training",
        code="L1",
        group="skills",
        indonesian="Pelatihan kerja",
        meaning="seats of skills training for jobless people; raises the chance of a job and earnings, fading",
        source="prakerja_jpal",
        settings=WorkerTraining,
        cost="Rp 4 million a seat",
        moves=(("unemployment_rate", -1),),
    )
)
