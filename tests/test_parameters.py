"""Every declared number: complete, cited, inside its range, and of consequence."""

from functools import cache

import numpy as np
import pytest

from sim.balance import counted_stocks
from sim.catalogue import LEVERS, SHOCKS, discover
from sim.disturbance import shocks_of
from sim.errors import InputError
from sim.intervention import levers_of
from sim.model import BandungModel
from sim.month import step
from sim.outcomes.measure import evaluate, observe
from sim.parameters import GROUPS, catalogue, default_parameters, with_values
from sim.sources import unknown_keys

discover()
KNOWN = catalogue()


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_says_what_it_is_in_which_unit_how_far_and_says_who(group):
    lines = {name: line for name, line in KNOWN.items() if name.startswith(f"{group}.")}
    assert lines
    for name, line in lines.items():
        assert line.unit and line.meaning and line.source, name
        assert line.low < line.high and line.low <= line.default <= line.high, name
        assert np.isfinite([line.low, line.high, line.default]).all(), name
        assert not unknown_keys(line.source), f"{name}: {unknown_keys(line.source)} not in sources.toml"
        assert len(line.meaning) <= 160 and not line.meaning.endswith("."), name


def test_defaults_are_floats_that_rules_and_compiled_code_can_take():
    p = default_parameters()
    for name, line in KNOWN.items():
        group, key = name.split(".")
        value = getattr(getattr(p, group), key)
        assert type(value) is float and value == line.default, name


def test_a_changed_value_reaches_its_place_and_no_other():
    p = default_parameters()
    q = with_values(p, {"labour.matching_efficiency": 0.5})
    assert q.labour.matching_efficiency == 0.5
    assert q.labour._replace(matching_efficiency=p.labour.matching_efficiency) == p.labour
    assert q._replace(labour=p.labour) == p


def test_wrong_values_are_all_named_at_once_with_the_nearest_name_and_the_range():
    with pytest.raises(InputError) as wrong:
        with_values(default_parameters(), {"labour.matching_eficiency": 0.5, "goods.markup": 7.0})
    first, second = wrong.value.messages
    assert "did you mean 'labour.matching_efficiency'" in first
    assert "goods.markup = 7 is outside its range 0.05 to 0.4 share" in second


class Stir:
    """Hard times and every institution at work, so that what waits for a shock or a lever is called upon."""

    def apply(self, world) -> None:
        if world.month < 0:
            return
        drivers, rows = world.drivers, world.businesses.rows
        drivers.claims, drivers.spending, drivers.credit = 0.1, 0.95, 0.2
        drivers.mutual_aid = float(world.month < 5)
        world.services.maintenance[:] = 0.5
        world.communities.facilitation[:] = world.communities.voice[:] = 0.5
        world.communities.conflict[:] = 0.3
        world.companies.match, world.companies.forum = np.ones((30, 7)), 0.5
        world.companies.match[::2] = 0.0  # co-funded in every other kecamatan
        world.children.coverage_gain[:] = 0.3
        if world.month == 1:  # some warning and protection, and houses made stronger, before the hazards come
            world.hazards.warning = np.maximum(world.hazards.warning, 0.2)
            world.hazards.basins.append((2, np.full(30, 0.5)))
            world.hazards.grow(world.households.n)
            world.hazards.retrofitted[::2] = 1
        world.children.budget *= 1.1
        if world.month in (1, 5):
            rows["damage"], rows["practice"] = 0.2, rows["uid"] % 3  # unequal, so that custom moves between firms
            world.households.rows["savings"], world.households.rows["damage"] = 0.0, 0.1
            world.ledger.stocks, world.ledger.loans, _ = counted_stocks(world)


PAID = {  # levers at work in the hard months, with what they need besides money
    "cash_transfer": {},
    "child_transfer": {},
    "child_friendly_city": {"districts": ["Coblong"]},  # elsewhere coverage is short of all children
    "business_training": {},
    "digital_support": {},
    "business_finance": {"grant_share": 0.5},
}
STRUCK = ({"kind": "flood", "start": "2025-04", "return_period": 100}, {"kind": "earthquake", "start": "2025-07"})


@cache
def built(scale: int, burn_in: float) -> BandungModel:
    """A small city with every parameter as declared, but for the months of its burn-in."""
    return BandungModel(scale=scale, seed=1, months=1, threads=1, parameters={"population.burn_in": burn_in})


def lived(values: dict[str, float], spells: tuple[int, ...], scale: int, stirred: bool, burn_in: float, anew: bool):
    """Every outcome of a small city, spell by spell of so many months: of a city built `anew` under these values, or of
    one that only lives under them."""
    if anew:
        given = {"population.burn_in": burn_in} | values
        world = BandungModel(scale=scale, seed=1, months=sum(spells), threads=1, parameters=given).world
    else:
        world = built(scale, burn_in).world.twin()
        world.p = with_values(world.p, values)
    if stirred:
        world.shocks = [Stir(), *shocks_of((SHOCKS[one["kind"]].settings(**one) for one in STRUCK), (2025, 1))]
        paid = (LEVERS[name].settings(lever=name, budget_rp_per_year=100e9, **more) for name, more in PAID.items())
        world.policies = list(levers_of(paid, (2025, 1)))
    for months in spells:
        counts = []
        for _ in range(months):
            step(world)
            counts.append(observe(world, world.counts.get("figures")))
            world.month += 1
        yield evaluate(counts)[1]


def moves(name: str, usual: list[np.ndarray], **city) -> bool:
    """Whether an outcome changes at the top of the parameter's range, or at the bottom (of a city that is there already
    only one end is asked: what moves there at the other alone is asked again of a city built under it)."""
    line = KNOWN[name]
    ends = [value for value in (line.high, line.low) if value != line.default][: 2 if city["anew"] else 1]
    return any(
        not np.array_equal(now, then, equal_nan=True)
        for value in ends
        for now, then in zip(lived({name: value}, **city), usual, strict=True)
    )


@pytest.mark.slow
def test_every_parameter_moves_some_outcome():
    """First in two quiet months of 1,300 people, then in 14 hard ones of 5,000: cities that only live under a value are
    soon asked. What is still there is built into cities of these kinds; and at last into one of 25,000 people.

    A parameter that moves nothing is dead and should go, or be put to use.
    """
    quiet = {"spells": (2,), "scale": 2000, "stirred": False, "burn_in": 6.0}
    hard = {"spells": (1, 4, 9), "scale": 500, "stirred": True, "burn_in": 6.0}
    full = hard | {"scale": 100, "burn_in": KNOWN["population.burn_in"].default}
    still = list(KNOWN)
    for city in ({**quiet, "anew": False}, {**hard, "anew": False}, {**quiet, "anew": True}, {**hard, "anew": True},
                 {**full, "anew": False}, {**full, "anew": True}):  # fmt: skip
        usual = list(lived({}, **city))
        still = [name for name in still if not moves(name, usual, **city)]
    assert not still, f"{len(still)} of {len(KNOWN)} parameters move no outcome: {', '.join(still)}"
