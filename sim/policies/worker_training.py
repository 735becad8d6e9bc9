"""L1: more seats of skills training (BLK, Prakerja type) for the jobless. Seats filled are a hard count.

Who is trained is hired sooner, starts an own business sooner and earns more, fading. Vacancies do not grow with it:
the labour market passes most of the gain on as a loss of those who would have been hired instead.
"""

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
AGAIN = 24  # months before somebody may be trained again


class WorkerTraining(LeverSettings):
    lever: Literal["worker_training"]
    seat_rp: float = number(4e6, 1e6, 2e7, "Rp of 2024/seat", "cost of one seat")

    def train(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Seats for those who looked for work this month and found none; nine in ten finish."""
        persons = world.persons.rows
        cost = int(self.seat_rp * world.deflator)
        seekers = world.labour.seekers
        fresh = persons["certified"][seekers] < world.month - AGAIN
        seekers = seekers[(persons["state"][seekers] == UNEMPLOYED) & fresh]
        seekers = seekers[purse.unserved(persons["uid"][seekers])]
        homes = persons["home"][seekers]
        seats, where = purse.places(cost), self.places()
        purse.line.eligible += int((where[world.households.rows["district"][homes]] > 0).sum())
        picked = seekers[choose(world, persons["uid"][seekers], homes, seats, self.targeting, where, DECISION)]
        purse.serve(persons["uid"][picked])
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
        meaning="skills training for the jobless: the trained find work sooner and earn more, partly in others' place",
        source="prakerja_jpal; mckenzie_2017",
        settings=WorkerTraining,
        reach="seats",
        cost="Rp 4 million a seat",
        moves=(("vacancies_rate", -1), ("informal_share", 1)),
    )
)
