"""The few that decide for many, as Mesa agents on the network of kecamatan: districts, outer zones, the organisations
of 151 kelurahan, companies and the city government. Each shows its own figures by attribute (`district.population`,
`company.workers`); the figures live in the arrays that the month's acts work on.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from mesa.discrete_space import FixedAgent, Network

from sim.agents.businesses import OFFICE, SECTORS
from sim.agents.companies import companies_of, tastes
from sim.agents.musrenbang import need_of, propose
from sim.agents.services import KINDS

FIRST_ZONE = 30
TOWN_HALL = "Sumur Bandung"  # Balai Kota stands in this kecamatan


class Place(FixedAgent):
    """An agent that stays in its place on the network. `place`: node 0-29 (kecamatan) or 30-33 (outer zones)."""

    def __init__(self, model: Any, place: int) -> None:
        super().__init__(model)
        self.place = place
        self.cell = model.space[place]

    @property
    def world(self) -> Any:
        return self.model.world


class District(Place):
    """A kecamatan."""

    @property
    def code(self) -> str:
        return self.world.city.codes[self.place]

    @property
    def name(self) -> str:
        return self.world.city.names[self.place]

    @property
    def households(self) -> np.ndarray:
        """Rows of the households that live here."""
        rows = self.world.households.rows
        return np.flatnonzero((rows["alive"] > 0) & (rows["district"] == self.place))

    @property
    def population(self) -> int:
        """Simulated residents at the last count; times the scale for real ones."""
        return int(self.world.communities.presence()[0][self.place])

    @property
    def daytime_population(self) -> int:
        return int(self.world.communities.presence()[1][self.place])

    @property
    def services(self) -> dict[str, float]:
        """Quality of each service."""
        return dict(zip(KINDS, self.world.services.quality_by_kind[self.place].tolist(), strict=True))

    @property
    def quality(self) -> float:
        """Overall quality of services."""
        return float(self.world.services.quality[self.place])

    @property
    def participation(self) -> float:
        return float(self.world.communities.district_participation()[self.place])

    @property
    def trust(self) -> float:
        return float(self.world.communities.district_trust()[self.place])

    @property
    def bridging(self) -> float:
        return float(self.world.communities.bridging[self.place])

    @property
    def social_capital(self) -> float:
        return float(self.world.communities.social_capital[self.place])

    @property
    def child_development(self) -> float:
        """Mean human-capital index of children under 18, SD."""
        return float(self.world.children.human[self.place])

    @property
    def poverty(self) -> float:
        """Share of residents below the poverty line by average consumption; NaN when nobody lives here."""
        rows = self.world.households.rows[self.households]
        heads = rows["size"].sum()
        poor = rows["size"][rows["average"] < self.world.city.targets.poverty_line].sum()
        return float(poor / heads) if heads else float("nan")


class OuterZone(Place):
    """A neighbouring regency or city: where commuters come from and go to."""

    @property
    def name(self) -> str:
        return self.world.city.zone_names[self.place - FIRST_ZONE]

    @property
    def commuters_out(self) -> float:
        """Residents of the city who work there."""
        return float(self.world.communities.commuting.sum(axis=0)[:, self.place].sum())


class Community(Place):
    """The organisations of one kelurahan (RW, PKK, Karang Taruna, LPM) and their leader."""

    def __init__(self, model: Any, kelurahan: int, place: int) -> None:
        super().__init__(model, place)
        self.kelurahan = kelurahan

    def _figure(self, name: str) -> float:
        return float(getattr(self.world.communities, name)[self.kelurahan])

    @property
    def code(self) -> str:
        return self.world.city.kelurahan.codes[self.kelurahan]

    @property
    def name(self) -> str:
        return self.world.city.kelurahan.names[self.kelurahan]

    @property
    def fund(self) -> float:
        """Rp in the neighbourhood's fund."""
        return self._figure("fund")

    @property
    def leader(self) -> float:
        return self._figure("leader")

    @property
    def facilitation(self) -> float:
        return self._figure("facilitation")

    @facilitation.setter
    def facilitation(self, share: float) -> None:
        self.world.communities.facilitation[self.kelurahan] = share

    @property
    def n_rw(self) -> int:
        return int(self._figure("n_rw"))

    @property
    def volunteers(self) -> float:
        return self._figure("volunteers")

    @property
    def participation(self) -> float:
        return self._figure("participation")

    @property
    def trust(self) -> float:
        return self._figure("trust")

    @property
    def choice(self) -> dict[str, float]:
        """How residents placed the infrastructure money at the last vote."""
        return dict(zip(KINDS, self.world.communities.choice[self.kelurahan].tolist(), strict=True))

    def proposals(self) -> list[str]:
        """What its meeting would put to the vote this month."""
        world = self.world
        need = need_of(world.services)[self.place]
        chosen = propose(world.communities, self.kelurahan, need, world.seed, world.month, world.p.community)
        return [kind for kind, wanted in zip(KINDS, chosen, strict=True) if wanted]


class Company(Place):
    """A business of 100 workers and more: row `row` of the businesses."""

    def __init__(self, model: Any, row: int, place: int) -> None:
        super().__init__(model, place)
        self.row = row

    def _figure(self, name: str) -> Any:
        return self.world.businesses.rows[name][self.row]

    @property
    def sector(self) -> str:
        return SECTORS[self._figure("sector")]

    @property
    def workers(self) -> int:
        return int(self._figure("workers")) + int(self._figure("commuters"))

    @property
    def profit(self) -> float:
        return float(self._figure("profit"))

    @property
    def csr_fund(self) -> float:
        return float(self._figure("csr_fund"))

    @property
    def open(self) -> bool:
        return bool(self._figure("status") == 1)

    @property
    def strategy(self) -> dict[str, float]:
        """Its weights on need, nearness and visibility in choosing social projects."""
        p = self.world.p.companies
        taste = tastes(self._figure("uid"), self.world.seed, p.taste)
        return {"need": p.need * taste[0], "proximity": p.proximity * taste[1], "visibility": p.visibility * taste[2]}


class Government(Place):
    """The city government, at the town hall. Its budget lives in `world.government`."""

    @property
    def treasury(self) -> float:
        """Rp, for the real city."""
        return float(self.world.government.treasury) * self.world.scale

    @property
    def own_revenue_share(self) -> float:
        return float(self.world.government.own_revenue_share)

    @property
    def released(self) -> float:
        """Share of this month's plan that the treasury could release."""
        return float(self.world.government.cut)

    @property
    def programmes(self) -> dict[str, dict[str, float]]:
        """What each budget line costs a year and has spent and reached so far, for the real city."""
        k = self.world.scale
        return {
            name: {"yearly_rp": line.yearly * k, "spent_rp": line.spent * k, "reached": line.reached * k}
            for name, line in self.world.government.programmes.items()
        }

    @property
    def employees(self) -> int:
        """Simulated staff of the city's offices."""
        firms = self.world.businesses.rows
        return int(firms["workers"][firms["kind"] == OFFICE].sum())

    def priorities(self) -> list[str]:
        """Kecamatan in the order of need for works, the neediest first."""
        need = need_of(self.world.services).mean(axis=1)
        return [self.world.city.names[d] for d in np.argsort(-need, kind="stable")]


def build_space(model: Any, city: Any) -> Network:
    """The network of 30 kecamatan and 4 outer zones as a Mesa space, linked by borders and gateways.

    An outer zone is linked to the kecamatan with the shortest trip to it. Mesa 3.5 draws a random layout unless
    given one: places stand where they are.
    """
    graph = city.graph.copy()
    for zone, name in enumerate(city.zone_names):
        graph.add_edge(FIRST_ZONE + zone, int(np.argmin(city.cost[:FIRST_ZONE, FIRST_ZONE + zone])))
        graph.nodes[FIRST_ZONE + zone]["name"] = name
    options: dict[str, Any] = {"random": model.random}
    if "layout" in inspect.signature(Network.__init__).parameters:
        options["layout"] = {d: (city.columns["pop_lon"][d], city.columns["pop_lat"][d]) for d in range(FIRST_ZONE)}
    return Network(graph, **options)


def populate_space(model: Any) -> None:
    """Place government, districts, outer zones, communities and companies of `model.world` on `model.space`."""
    city = model.world.city
    Government(model, city.names.index(TOWN_HALL))
    for place in range(len(city.codes)):
        District(model, place)
    for zone in range(len(city.zone_names)):
        OuterZone(model, FIRST_ZONE + zone)
    for kelurahan, place in enumerate(city.kelurahan.district):
        Community(model, kelurahan, int(place))
    register_companies(model)


def register_companies(model: Any) -> None:
    """Keep the companies on the space the same as those that are open: new ones appear, closed ones leave."""
    firms = model.world.businesses.rows
    known = {agent.row: agent for agent in model.agents_by_type[Company]} if Company in model.agent_types else {}
    trading = set(companies_of(firms).tolist())
    for row in sorted(trading - known.keys()):
        Company(model, row, int(firms["district"][row]))
    for row in known.keys() - trading:
        known[row].remove()
