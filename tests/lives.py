"""Lives of twins: copies of one built city, each with its own shocks and levers, lived month by month."""

from __future__ import annotations

from sim.catalogue import LEVERS, SHOCKS, discover
from sim.disturbance import shocks_of
from sim.intervention import levers_of
from sim.month import step
from sim.outcomes.measure import observe
from sim.outcomes.record import Recorder
from sim.parameters import with_values


class Life:
    """A twin of a built city. `shocks`, `levers`: settings as a scenario file gives them; `values`: parameters."""

    def __init__(self, city, months=0, shocks=(), levers=(), values=None):
        discover()
        self.world = city.world.twin()
        self.world.p = with_values(self.world.p, values or {})
        start = self.world.start
        self.world.shocks = shocks_of([SHOCKS[one["kind"]].settings(**one) for one in shocks], start)
        self.world.policies = levers_of([LEVERS[one["lever"]].settings(**one) for one in levers], start)
        self.recorder = Recorder(self.world.city.codes, start, self.world.price_year)
        self.months = []  # city outcomes of each month
        self.live(months)

    def live(self, months):
        """Live on, record, and see that money, people and jobs add up and no lever spends beyond its means."""
        for _ in range(months):
            step(self.world)
            self.recorder.add(observe(self.world, self.world.counts.get("figures")))
            self.months.append(self.recorder.latest)
            self.world.month += 1
            assert max(self.world.identities.values()) == 0.0
            for lever in self.world.policies:
                line = self.world.government.line(lever.name)
                assert line.spent <= line.released + 1
        return self

    def over(self, other, outcome):
        """Ratio of an outcome to that of another life, month by month."""
        return [mine[outcome] / its[outcome] for mine, its in zip(self.months, other.months, strict=True)]

    @property
    def damage(self):
        """Damaged share of all households' assets."""
        rows = self.world.households.rows
        alive = rows["alive"] == 1
        return float((rows["damage"] * rows["assets"])[alive].sum() / rows["assets"][alive].sum())
