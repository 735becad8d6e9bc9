"""Random households, persons and institutions, without a model: what outcomes are measured on in tests."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.agents.businesses import BUSINESS, FIRM, OPEN
from sim.agents.households import HOUSEHOLD, LEFT
from sim.agents.persons import CHILD, FORMAL, GONE, INACTIVE, NOBODY, OWN, PERSON, UNEMPLOYED
from sim.city import load_city
from sim.drivers import Drivers
from sim.parameters import default_parameters
from sim.tables import Table

LINE, MINIMUM = 614_707.0, 4_209_309.0


def table(kind: str, dtype: np.dtype, count: int) -> Table:
    made = Table(kind, dtype)
    made.add(count)
    return made


def random_world(seed: int = 1, homes: int = 5000, firms: int = 300, month: int = 7, scale: int = 20):
    """A world of random people: every field that an outcome reads is filled, 2 % of households are empty."""
    rng = np.random.default_rng(seed)
    households = table("household", HOUSEHOLD, homes)
    h = households.rows
    h["size"] = rng.choice([1, 2, 3, 4, 5, 9], homes)
    h["alive"] = rng.random(homes) > 0.02
    h["size"][h["alive"] == 0] = 0
    h["district"] = rng.integers(0, 30, homes)
    h["average"] = LINE * np.exp(rng.normal(0.9, 0.8, homes) + 0.05 * (h["district"] - 15.0) / 15)
    h["spending"] = np.floor(h["average"] * np.maximum(h["size"], 1) * rng.uniform(0.6, 1.4, homes))
    h["income"] = np.floor(h["spending"] * rng.uniform(0.5, 1.6, homes))
    h["permanent"] = h["spending"]
    h["savings"] = np.floor(rng.exponential(5e6, homes))
    h["formal_debt"] = np.floor(rng.exponential(1e6, homes))
    h["informal_debt"] = np.floor(rng.exponential(2e5, homes))
    h["food_share"] = rng.uniform(0.2, 0.7, homes)
    h["rcsi"] = rng.choice([0, 0, 4, 18.5, 19, 40], homes)
    h["coping"] = rng.integers(0, LEFT, homes) * (rng.random(homes) < 0.4)
    gone = h["alive"] == 0  # some in hardship, this month or another
    h["coping"][gone] = LEFT * (np.arange(gone.sum()) % 3 > 0)
    h["moved_in"][gone] = month - np.arange(gone.sum()) % 2
    h["quintile"][gone] = np.arange(gone.sum()) % 5
    h["takes_part"] = rng.random(homes) < 0.48
    h["groups"] = rng.integers(0, 4, homes)
    h["trust"] = rng.uniform(0, 1, homes)
    persons = random_persons(rng, h, firms, month)
    h["children"] = np.bincount(
        persons.rows["home"][(month - persons.rows["born"] < 180) & (persons.rows["state"] != GONE)], minlength=homes
    )
    added = rng.uniform(1e9, 2e9, 30)
    return SimpleNamespace(
        city=load_city(2025),
        p=default_parameters(),
        drivers=Drivers(),
        seed=seed,
        month=month,
        scale=scale,
        households=households,
        persons=persons,
        businesses=random_firms(rng, persons.rows, firms),
        memory=None,
        market=SimpleNamespace(line=LINE, value_added_start=added, paid=(1.0, 1.0)),
        labour=SimpleNamespace(minimum_wage=MINIMUM, on_works=np.zeros(0, np.int32)),
        services=SimpleNamespace(
            access=rng.uniform(0.5, 1.2, (30, 7)),
            quality=rng.uniform(0.5, 1.1, 30),
            quality_by_kind=rng.uniform(0.4, 1.1, (30, 7)),
        ),
        communities=SimpleNamespace(bridging=rng.uniform(0, 1, 30)),
        children=SimpleNamespace(score=880.0, blocks=np.linspace(60, 180, 7), coverage=rng.uniform(0, 1, 30)),
        people=np.bincount(h["district"], weights=h["size"], minlength=30),
        ledger=SimpleNamespace(
            last={"external_sales": 20, "external_sales_own_account": 10, "consumption": 70, "works_imports": 5 * 10**9}
        ),
        government=SimpleNamespace(
            treasury=123_456_789,
            own_revenue_share=0.43,
            absorption=0.945,
            usual_spending=lambda growth, productivity: 5e9 * growth * productivity,
        ),
        counts={
            "value_added": added,
            "demography": rng.integers(0, 50, (30, 6)),
            "vacancies": 120,
            "hires": 70,
            "separations": 60,
            "mutual_aid_rp": 4_000_000,
            "swadaya": 30_000_000,
            "csr_rp": 20_000_000,
            "grants": 60_000_000.0,
            "business_exits": 3,
            "business_entries": 5,
        },
    )


def random_persons(rng, h: np.ndarray, firms: int, month: int) -> Table:
    """The members of the households, and 3 % of rows of people who have gone."""
    homes = np.repeat(np.arange(len(h)), h["size"])
    gone = rng.integers(0, len(h), len(homes) // 30)
    where = np.concatenate([homes, gone])
    order = rng.permutation(len(where))
    persons = table("person", PERSON, len(where))
    p = persons.rows
    p["home"] = where[order]
    is_gone = (np.arange(len(where)) >= len(homes))[order]
    age = rng.integers(0, 90 * 12, len(where))
    p["born"] = month - age
    p["state"] = rng.choice([FORMAL, OWN, UNEMPLOYED, INACTIVE], len(where), p=[0.4, 0.27, 0.05, 0.28])
    p["state"][age < 180] = CHILD
    p["state"][is_gone] = GONE
    p["enrolled"] = (age >= 72) & (age < 216) & (rng.random(len(where)) < 0.9)
    p["pay"] = np.where(np.isin(p["state"], [FORMAL, OWN]), np.floor(np.exp(rng.normal(15.1, 0.6, len(where)))), 0)
    p["human"] = rng.normal(0, 1, len(where))
    p["technology"] = rng.choice([0.0, 1.0], len(where))
    p["since"] = month - rng.integers(0, 60, len(where))
    p["employer"] = np.where(p["state"] == FORMAL, rng.integers(0, firms, len(where)), NOBODY)
    return persons


def random_firms(rng, p: np.ndarray, count: int) -> Table:
    """Firms that employ the employees."""
    businesses = table("business", BUSINESS, count)
    b = businesses.rows
    b["status"], b["kind"] = OPEN, FIRM
    b["district"] = rng.integers(0, 32, count)
    b["technology"] = rng.choice([0.0, 1.0], count)
    b["workers"] = np.bincount(p["employer"][p["state"] == FORMAL], minlength=count)
    b["commuters"] = rng.integers(0, 3, count)
    return businesses


def alive(world):
    return world.households.rows[world.households.rows["alive"] == 1]


def living(world):
    return world.persons.rows[world.persons.rows["state"] != GONE]


def quintile_of_home(world):
    """Recount: fifths of persons by average spending, cut where the cumulated head-count passes each fifth."""
    h = alive(world)
    order = np.argsort(h["average"], kind="stable")
    up_to = np.cumsum(h["size"][order])
    limits = h["average"][order][np.searchsorted(up_to, np.arange(1, 5) / 5 * up_to[-1])]
    return np.searchsorted(limits, world.households.rows["average"], side="left")
