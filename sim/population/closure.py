"""The market at the start: outside demand is whatever makes every business sell what its workers can make."""

from __future__ import annotations

import numpy as np

from sim.agents.businesses import FIRM, N_SECTORS
from sim.city import City
from sim.markets.goods import CELLS, Market
from sim.parameters import Parameters
from sim.population.firms import commerce
from sim.sectors import Sectors
from sim.welfare import Dagum


def engel_intercept(dagum: Dagum, line: float, slope: float, food_share: float) -> float:
    """Alpha of the Engel curve alpha - beta*ln(c/z) at which the city's food share of spending is the published one."""
    grid = (np.arange(4000) + 0.5) / 4000
    spending = dagum.quantile(grid)
    low, high = 0.0, 2.0
    for _ in range(60):
        alpha = 0.5 * (low + high)
        share = np.clip(alpha - slope * np.log(spending / line), 0.15, 0.75)
        low, high = (alpha, high) if (share * spending).sum() / spending.sum() < food_share else (low, alpha)
    return alpha


def effective_labour(firms: np.ndarray) -> np.ndarray:
    """Efficiency units at work: residents' own; people from the outer zones count as the firm's mean resident."""
    mean = firms["skills"] / np.maximum(firms["workers"], 1)
    return firms["skills"] + firms["commuters"] * np.where(firms["workers"] > 0, mean, 1.0)


def start_sales(firms: np.ndarray, sectors: Sectors, p: Parameters) -> None:
    """Sales that pay wages, inputs and the mark-up; productivity at which that is the usual use of capacity:
    somewhat over the planned one, because vacancies take time to fill."""
    g = p.goods
    live = firms["kind"] == FIRM
    mean_wage = firms["wage_bill"] / np.maximum(firms["workers"], 1)
    typical = firms["wage_bill"][live].sum() / max(firms["workers"][live].sum(), 1)
    wages = firms["wage_bill"] + firms["commuters"] * np.where(firms["workers"] > 0, mean_wage, typical)
    sales = np.where(live, np.floor(wages * (1 + g.markup) / (1 - sectors.input_share[firms["sector"]])), 0.0)
    made = np.maximum(effective_labour(firms), 0.1) * (1 + g.technology_output * firms["technology"])
    use = g.utilisation_target * (1.0 + g.hiring_gap)
    firms["productivity"] = np.where(live, sales / use / made, 0.0)
    pull = np.exp(g.technology_pull * firms["technology"])
    firms["custom"] = sales / pull
    for name in ("sales", "demand"):
        firms[name] = sales
    firms["expected"] = np.where(live, sales, firms["expected"])
    firms["capacity"] = sales / use
    firms["deposits"] = np.where(live, np.floor(g.cash_months * wages), 0.0)
    firms["capital"] = 12.0 * sales


def cell_sums(firms: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sum of a firm column by sector and kecamatan (8, 30)."""
    live = firms["kind"] == FIRM
    cell = firms["sector"][live].astype(np.int64) * 30 + firms["district"][live]
    return np.bincount(cell, weights=values[live], minlength=240).reshape(CELLS)


def shopping(city: City, target: np.ndarray, decay: float, local: np.ndarray, cap: float) -> np.ndarray:
    """Huff shares by sector, home and shopping district (8, 30, 30), balanced so that no cell gets more than `cap`
    of what its sellers sell. Source: huff_1964."""
    pull = np.exp(-decay * city.cost[:30, :30])
    shares = np.empty((N_SECTORS, 30, 30))
    for s in range(N_SECTORS):
        attraction = np.maximum(target[s], 1.0)
        for _ in range(40):
            weight = attraction * pull
            share = weight / weight.sum(axis=1, keepdims=True)
            bought = local[s] @ share
            attraction = np.maximum(
                attraction * np.minimum(1.0, cap * target[s] / np.maximum(bought, 1.0)) ** 0.7, 1e-3
            )
        shares[s] = share
    return shares


def build_market(
    city: City, sectors: Sectors, p: Parameters, firms: np.ndarray, own: np.ndarray, purchases: np.ndarray,
    bought: np.ndarray, dagum: Dagum, deflator: float,
) -> Market:  # fmt: skip
    """The market in balance. `own` (8, 30): takings of own-account businesses; `purchases` (30, 2): food and other
    spending by home district; `bought` (30, 8): institutions' monthly purchases, all Rp/month."""
    g = p.goods
    line = city.targets.poverty_line
    firm_sales = cell_sums(firms, firms["sales"])
    target = np.maximum(firm_sales - bought.T, 0.0) + own
    wanted = np.outer(sectors.food_split, purchases[:, 0]) + np.outer(sectors.nonfood_split, purchases[:, 1])
    affordable = g.local_cap * target.sum(axis=1) / np.maximum(wanted.sum(axis=1), 1.0)
    leakage = np.maximum(g.import_leakage, 1.0 - affordable)
    local = wanted * (1 - leakage[:, None])
    huff = shopping(city, target, g.shopping_decay, local, g.local_cap)
    arriving = np.einsum("sd,sdt->st", local, huff)
    external = np.maximum(target - arriving, 0.0)
    people = city.district_population / city.district_population.sum()
    pull = (0.5 * people + 0.5 * commerce(city)) * np.exp(-p.labour.commuting_decay * city.cost[:30, :30])
    return Market(
        sectors=sectors,
        line=line,
        food_intercept=engel_intercept(dagum, line, p.household.engel_slope, city.targets.food_share),
        food_aid=p.household.bpnt_amount * deflator,
        family_aid=p.household.pkh_amount * deflator,
        external=external,
        leakage=leakage,
        huff=huff,
        own_share=np.where(target > 0, own / np.maximum(target, 1.0), 0.0),
        own_size=np.zeros(CELLS),
        firm_size=cell_sums(firms, firms["capacity"]),
        own_sectors=np.cumsum(sectors.own_account_share),
        own_places=np.cumsum(pull, axis=1),
    )
