"""Everything the outcomes read from the world besides its people: in one place, under the names of its owners."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.agents.businesses import FIRM, OPEN
from sim.agents.services import N_KINDS
from sim.city import nearness
from sim.city.algebra import places_per_seeker
from sim.compiled import kernel
from sim.markets.migration import jobs_by_place
from sim.outcomes.business import leverage, paid_by_rule, twelve_month_survival
from sim.outcomes.children import BLOCK_NAMES
from sim.walk import walk
from sim.world import World

YEAR = 12
CAME = 2  # column of counts["demography"]: persons who came from outside
FIRMS, JOBS, ADOPTERS = range(3)  # what `trading_walk` counts


@dataclass
class Memory:
    """What the measures compare a month with. Lives in the world, so twins that share a start share it."""

    thresholds: np.ndarray | None = None  # last month's limits of the fifths, over the poverty line
    exits: list[int] = field(default_factory=list)  # of the past year's months
    open_at: list[int] = field(default_factory=list)
    private: list[float] = field(default_factory=list)  # self-help, company projects and companies' part of programmes
    public: list[float] = field(default_factory=list)  # what the city usually spends, Rp

    def keep(self, name: str, value: float) -> list:
        """Append to one of the past year's lists."""
        kept = getattr(self, name)
        kept.append(value)
        del kept[:-YEAR]
        return kept


def memory_of(world: World) -> Memory:
    """The world's memory of measures, new if it has none."""
    if world.memory is None:
        world.memory = Memory()
    return world.memory


@kernel
def trading_walk(low, high, tally, businesses):
    """Open businesses of each kecamatan, the jobs in them, and those that sell or pay digitally."""
    for j in range(low, high):
        firm = businesses[j]
        if firm.status == OPEN and firm.kind == FIRM and firm.district < 30:
            tally[FIRMS, firm.district] += 1
            tally[JOBS, firm.district] += firm.workers + firm.commuters
            tally[ADOPTERS, firm.district] += firm.technology > 0.5


def job_access(world: World) -> np.ndarray:
    """Formal jobs within reach of each kecamatan per resident (30,): the two-step floating catchment of services.

        R_j = J_j / sum_i N_i exp(-b c_ij),  Acc_i = sum_j R_j exp(-b k c_ij)

    J: jobs of the 30 kecamatan and the four outer zones; N: residents; c: minutes; k: what travel costs over the
    usual. Each job is shared over the people in its reach at usual costs, so the mean over residents is the number of
    jobs per resident while k is 1, and rises where travel gets cheaper. Source: luo_wang_2003.
    """
    decay = world.p.migration.reach_decay
    shares = places_per_seeker(jobs_by_place(world), world.people @ nearness(world.city, decay))
    return nearness(world.city, decay * world.drivers.travel) @ shares


def read_places(world: World) -> dict[str, np.ndarray]:
    """Figures of the 30 kecamatan, as they are now: later months may write into the world's own arrays."""
    services = world.services
    firms = walk(trading_walk, world.businesses.n, (3, 30), world.businesses.rows).astype(float)
    return {
        "access": services.access.sum(axis=1) / N_KINDS,
        "access_by_kind": services.access.copy(),
        "quality": services.quality.copy(),
        "quality_by_kind": services.quality_by_kind.copy(),
        "job_access": job_access(world),
        "bridging": world.communities.bridging.copy(),
        "child_coverage": world.children.coverage.copy(),
        "firms": firms[FIRMS],
        "firm_jobs": firms[JOBS],
        "firm_adopters": firms[ADOPTERS],
        "value_added": world.counts["value_added"].copy(),
        "value_added_start": world.market.value_added_start.copy(),
    }


# Flows of the ledger that pay businesses, own-account ones included, for what they sell. Company works are bought by
# businesses.
EXPORTS = ("external_sales", "external_sales_own_account")
HOME_SALES = ("consumption", "consumption_own_account", "government_purchases", "works", "community_works",
              "company_works")  # fmt: skip


def _exports(sheet: dict[str, int]) -> float:
    """Share of the month's sales that goes to buyers outside the city."""
    abroad, home = sum([sheet.get(flow, 0) for flow in EXPORTS]), sum([sheet.get(flow, 0) for flow in HOME_SALES])
    return abroad / max(abroad + home, 1)


def read_city(world: World, open_firms: int) -> dict[str, float]:
    """Figures of the city. Money in model rupiah, heads in agents: what the month's acts left in `counts`."""
    counts, government, memory, drivers = world.counts, world.government, memory_of(world), world.drivers
    exits = memory.keep("exits", counts["business_exits"])
    open_at = memory.keep("open_at", open_firms + counts["business_exits"])
    sheet = world.ledger.last
    private = memory.keep("private", counts["swadaya"] + counts["csr_rp"] + sheet.get("company_programmes", 0))
    public = memory.keep("public", government.usual_spending(drivers.growth, drivers.productivity))
    return {
        "vacancies": counts["vacancies"],
        "hires": counts["hires"],
        "separations": counts["separations"],
        "migrants_in": float(counts["demography"][:, CAME].sum()),
        "mutual_aid": counts["mutual_aid_rp"],
        "swadaya": counts["swadaya"],
        "csr": counts["csr_rp"],
        "exits": counts["business_exits"],
        "entries": counts["business_entries"],
        "survival": twelve_month_survival(exits, open_at),
        "treasury": government.treasury,
        "own_revenue_share": government.own_revenue_share,
        "absorption": government.absorption,
        "child_city_score": world.children.score,
        **dict(zip(BLOCK_NAMES, world.children.blocks.tolist(), strict=True)),
        "exports": _exports(sheet),
        **paid_by_rule(sheet),
        "broken": world.drivers.broken,
        "leverage": leverage(sum(private), sum(public)),
    }
