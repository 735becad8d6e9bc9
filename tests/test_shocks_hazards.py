"""Floods, earthquakes, droughts, slides and waste: whom they hit, what they break, and how the city comes back."""

from types import SimpleNamespace

import numpy as np
import pytest
from lives import Life

from sim.agents.businesses import CONSTRUCTION
from sim.agents.hazard_rules import COMPLETE, HEAVY, MODERATE, SLIGHT, depth_damage
from sim.agents.households import HOUSEHOLD
from sim.agents.services import HEALTH, ROADS, WASTE, WATER
from sim.catalogue import SHOCKS, discover
from sim.drivers import Drivers
from sim.errors import InputError
from sim.parameters import with_values
from sim.scenario import load_scenario
from sim.walk import FIXED, find, walk

discover()
from sim.shocks.earthquake import STATES, shake_homes, shaking_of  # noqa: E402
from sim.shocks.flood import HIT, LOST, flood_homes, flooded_share  # noqa: E402

FLOOD = {"kind": "flood", "start": "2025-02"}
QUAKE = {"kind": "earthquake", "start": "2025-02"}
DROUGHT = {"kind": "drought", "start": "2025-02", "season": "any"}
SLIDE = {"kind": "drought", "start": "2025-02", "form": "landslide", "homes": 0.05}
WASTE_FIRE = {"kind": "waste_crisis", "start": "2025-02"}
HAZARDS = {"flood": FLOOD, "earthquake": QUAKE, "drought": DROUGHT, "landslide": SLIDE, "waste_crisis": WASTE_FIRE}
MONTHS = 4


@pytest.fixture(scope="module")
def quiet(fresh_city):
    return Life(fresh_city, MONTHS)


@pytest.fixture(scope="module")
def quake(fresh_city):
    return Life(fresh_city, MONTHS, [QUAKE])


def families(world, place, count):
    """A kecamatan with as many households as the real one, each owning Rp 265 million."""
    rows = np.zeros(count, HOUSEHOLD)
    rows["uid"], rows["alive"], rows["size"] = np.arange(count) + 10**6, 1, 3
    rows["district"], rows["assets"] = world.city.names.index(place), 265e6
    return rows


def flooded(world, place, count, years):
    """(houses under water, mean loss of their families in Rp) of a flood of that return period at real size."""
    p = world.p.hazards
    rows = families(world, place, count)
    chance, depth = flooded_share(world, years, np.ones(30))
    value = np.full(30, p.flood_home_value)
    tally = walk(flood_homes, count, (30, 3), rows, chance, depth, value, p.flood_spread, 1).sum(axis=0)
    return tally[HIT], tally[LOST] / FIXED / max(tally[HIT], 1) * 265e6


# --- Floods ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HAZARDS)
def test_a_hazard_without_intensity_changes_nothing(kind, fresh_city, quiet):
    assert Life(fresh_city, MONTHS, [HAZARDS[kind] | {"intensity": 0}]).recorder.digest() == quiet.recorder.digest()


def test_the_flood_of_gedebage_in_2020_comes_out_at_its_size(world):
    """On record: 400 houses under 70-80 cm of water."""
    houses, _ = flooded(world, "Gedebage", 13_971, 10)
    assert 330 < houses < 480
    assert flooded_share(world, 10, np.ones(30))[1].max() == pytest.approx(0.75)


@pytest.mark.parametrize(
    "place, count, years, recorded",
    [("Astanaanyar", 24_864, 3, 156), ("Arcamanik", 26_475, 2, 155), ("Cicendo", 32_927, 100, 513)],
    ids=["Cibadak 2018", "Cironggeng 2021", "Pagarsih 2016"],
)
def test_other_floods_on_record_come_out_within_a_factor_of_two(world, place, count, years, recorded):
    """The return periods are guesses: the floods of 2018 and 2021 were small, that of 2016 was the worst known."""
    houses, _ = flooded(world, place, count, years)
    assert 0.5 < houses / recorded < 2.0


def test_a_flooded_family_of_cibadak_loses_ten_to_fifteen_million(world):
    assert 8e6 < flooded(world, "Astanaanyar", 24_864, 10)[1] < 18e6


def test_a_rarer_flood_reaches_the_same_homes_and_more(world):
    struck = {}
    for years in (5, 50):
        twin = world.twin()
        chance, depth = flooded_share(twin, years, np.ones(30))
        p = twin.p.hazards
        rows = families(twin, "Gedebage", 14_000)
        walk(flood_homes, len(rows), (30, 3), rows, chance, depth, np.full(30, 0.1), p.flood_spread, 1)
        struck[years] = set(np.flatnonzero(rows["damage"] > 0))
    assert struck[5] < struck[50]
    assert len(struck[50]) > 2 * len(struck[5])


def test_homes_in_a_protected_kecamatan_are_flooded_less_often_and_less_deeply(world):
    before = flooded(world, "Gedebage", 13_971, 10)
    basins = np.zeros(30)
    basins[world.city.names.index("Gedebage")] = 2.0
    world.hazards.basins.append((0, basins))
    after = flooded(world, "Gedebage", 13_971, 10)
    assert after[0] == pytest.approx(0.75**2 * before[0], rel=0.08)
    assert after[1] < 0.9 * before[1]


def test_neglected_drains_let_water_into_more_homes_and_better_ones_count_as_basins_only(world):
    services, reached = world.services, {}
    for quality in (0.8, 1.0, 1.2):
        services.quality_by_kind = quality * services.kinds_start
        reached[quality] = flooded_share(world, 10, np.ones(30))[0]
    assert reached[0.8] == pytest.approx(reached[1.0] / 0.8)
    assert reached[1.2] == pytest.approx(reached[1.0])


def test_half_of_the_flooded_homes_stand_deeper_in_water_than_the_depth_of_the_parameter(fresh_city):
    rows = families(fresh_city.world, "Gedebage", 20000)
    depth, p = 0.75, fresh_city.world.p.hazards
    walk(flood_homes, len(rows), (30, 3), rows, np.ones(30), np.full(30, depth), np.ones(30), p.flood_spread, 1)
    assert np.mean(rows["damage"] > depth_damage(depth)) == pytest.approx(0.5, abs=0.015)


def test_a_warning_saves_a_fifth_of_belongings(fresh_city):
    silent, warned = Life(fresh_city), Life(fresh_city)
    warned.world.hazards.warning, warned.world.hazards.warned = np.ones(30), 0
    for life in (silent, warned):
        life.world.shocks = Life(fresh_city, 0, [FLOOD | {"start": "2025-01", "return_period": 100}]).world.shocks
        life.live(1)
    lost = [life.world.households.rows["damage"].sum(dtype=float) for life in (warned, silent)]
    assert lost[0] / lost[1] == pytest.approx(0.8, abs=0.03)  # a month of repairs has passed


def test_a_flood_of_the_east_shuts_roads_there_for_a_month_and_nowhere_else(fresh_city, quiet):
    life = Life(fresh_city, 0, [FLOOD | {"districts": ["Gedebage", "Rancasari"], "return_period": 50}])
    usable = []
    for _ in range(3):
        life.live(1)
        usable.append(life.world.drivers.services[:, ROADS].copy())
    hit = [life.world.city.names.index(name) for name in ("Gedebage", "Rancasari")]
    assert (usable[0] == 1).all() and (usable[2] == 1).all()
    assert usable[1][hit].max() < 1 and np.delete(usable[1], hit).min() == 1.0
    assert 0.7 < usable[1].min() < 0.8  # a road that is cut for some days of the month
    where = np.bincount(life.world.households.rows["district"], life.world.households.rows["damage"], 30)
    assert set(np.flatnonzero(where)) <= set(hit)


def test_a_flood_outside_the_rainy_season_is_refused_in_plain_words():
    text = "shocks:\n  - {kind: flood, start: 2026-07}\n"
    with pytest.raises(InputError, match=r"2026-07 is outside the rainy season.*say season: any"):
        load_scenario(f"title: A\nquestion: B\n{text}")
    load_scenario(f"title: A\nquestion: B\n{text.replace('}', ', season: any}')}")


# --- Earthquakes --------------------------------------------------------------------------------------------------


def shaken_states(world, strength_gain=None, shaking=None, seed=1):
    """Damage states of all homes of a world, by the same luck; with all of them retrofitted if a gain is given."""
    hazards, n = world.hazards, world.households.n
    hazards.grow(n)
    if strength_gain is not None:
        hazards.retrofitted[:] = 0
        world.households.rows["moved_in"] = np.minimum(world.households.rows["moved_in"], 0)
        world.p = world.p._replace(hazards=world.p.hazards._replace(retrofit_gain=strength_gain))
    shaken = np.zeros(n, np.int8)
    shaking = shaking_of(world, 6.8) if shaking is None else np.full(151, shaking)
    find(
        shake_homes, n, (30, STATES + 2), world.households.rows, world.persons.rows, shaking, hazards.retrofitted,
        shaken, world.p.hazards, 0.7, 0, seed,
    )  # fmt: skip
    return shaken


def test_no_retrofitted_house_is_damaged_more_and_far_fewer_are_lost(world):
    weak = shaken_states(world.twin())
    strong = shaken_states(world.twin(), strength_gain=0.5)
    assert (strong <= weak).all()
    assert (strong >= HEAVY).mean() < 0.6 * (weak >= HEAVY).mean()


def test_a_household_that_moves_leaves_the_strong_house_behind(world):
    world.hazards.grow(world.households.n)
    world.hazards.retrofitted[:] = 5
    world.households.rows["moved_in"] = 6
    weak = world.twin()
    weak.hazards.retrofitted[:] = -32000
    assert (shaken_states(world) == shaken_states(weak)).all()


def test_damage_is_as_mixed_as_in_cianjur(world):
    """Cianjur 2022: heavy, moderate, light 40:21:39 of damaged houses. At 0.2-0.35 g the fragility gives no less than
    half of the light and heavy parts; it has more moderate damage than was counted."""
    seen = np.concatenate([shaken_states(world.twin(), shaking=g) for g in (0.2, 0.275, 0.35)])
    damaged = (seen > 0).sum()
    heavy, moderate, light = ((seen >= HEAVY).sum() / damaged, (seen == MODERATE).sum() / damaged,
                              (seen == SLIGHT).sum() / damaged)  # fmt: skip
    assert heavy == pytest.approx(0.40, abs=0.12)
    assert light == pytest.approx(0.39, abs=0.12)
    assert moderate == pytest.approx(0.21, abs=0.16)


def test_deaths_over_heavily_damaged_houses_are_those_of_cianjur(fresh_city):
    """310 deaths and 4,645 injured in 22,267 heavily damaged houses by 25 November 2022: 1.4 in a hundred houses, and
    fifteen injured for each; by night and by the end of the search more, so 0.5 to 4 are let pass."""
    killed = hurt = heavy = 0
    for seed in range(12):
        life = Life(fresh_city)
        life.world.seed = 100 + seed
        life.world.shocks = Life(fresh_city, 0, [QUAKE | {"start": "2025-01"}]).world.shocks
        for shock in life.world.shocks:
            shock.settings.strike(life.world, shock.memory)
        counts = life.world.counts
        killed, hurt, heavy = killed + counts["killed"], hurt + counts["injured"], heavy + counts["heavily_damaged"]
    assert 0.005 < killed / heavy < 0.04
    assert 8 < hurt / killed < 30


def test_the_dead_leave_the_register_and_the_books_balance(fresh_city):
    calm, struck = Life(fresh_city, 1), Life(fresh_city, 1, [QUAKE | {"start": "2025-01", "indoors": 1}])
    gone = calm.months[0]["population"] - struck.months[0]["population"]
    killed = struck.world.counts["killed"]
    assert killed > 5
    assert gone == pytest.approx(killed * struck.world.scale, abs=2 * struck.world.scale)
    assert len(struck.world.hazards.victims) == 0


def test_an_earthquake_breaks_a_third_of_homes_value_and_the_city_takes_long_to_come_back(quake, quiet):
    """Expected damage over the city at Mw 6.8 is 0.34 of the value of simple houses (see the rule's example at .3 g).
    Afterwards output is down by no less than the capital lost, households have no buffer left, more are poor."""
    assert 0.27 < quake.damage < 0.40
    output, poor = quake.over(quiet, "value_added_index"), quake.over(quiet, "poverty_headcount_month")
    assert output[0] == poor[0] == 1.0
    assert 0.4 < output[1] < 0.85 and output[1] < output[3] < 1.0
    assert poor[3] > 1.1
    assert quake.over(quiet, "no_buffer_share")[3] > 1.3


def test_half_of_what_breaks_of_public_works_is_out_of_use_at_first():
    """Two fifths broken put a fifth out of use in the first month, whatever the depth of the shock."""
    world = SimpleNamespace(drivers=Drivers())
    quake = SHOCKS["earthquake"].settings(**QUAKE, intensity=0.5)
    quake.press(world, quake.strength(0), 0, {"public": np.full(30, 0.4)})
    assert world.drivers.services == pytest.approx(0.8)


def test_a_stronger_earthquake_does_more(fresh_city, quake):
    weak = Life(fresh_city, 2, [QUAKE | {"magnitude": 6.5, "intensity": 0.5}])
    assert weak.damage < 0.5 * quake.damage
    assert weak.world.households.rows["damage"].max() <= 1.0


def test_repairs_come_back_as_orders_for_builders(quake):
    """0.6 of what households paid last month, over usual outside demand for construction."""
    world = quake.world
    paid = world.ledger.last["repairs"]
    world = world.twin()
    step_before = world.market.external[CONSTRUCTION].sum() * world.market.demand_scale
    quake_next = Life(quake, 0)
    quake_next.world.shocks = [shock for shock in world.shocks]
    quake_next.world.month = world.month
    quake_next.live(1)
    d = quake_next.world.drivers
    extra = (d.demand[CONSTRUCTION] - 1.0).mean() * step_before * d.growth * d.productivity * d.external
    assert extra == pytest.approx(0.6 * paid, rel=1e-6)


def test_what_the_city_lost_is_ordered_anew_and_comes_into_use(fresh_city):
    life = Life(fresh_city, 1, [QUAKE | {"start": "2025-01", "intensity": 0.4}])
    owed = life.world.hazards.destroyed.sum()
    capital = life.world.services.capital.sum()
    life.live(13)
    assert life.world.hazards.destroyed.sum() < 0.75 * owed
    assert life.world.services.capital.sum() > capital


@pytest.mark.parametrize("damage, low, high", [(0.05, 8.0, 12.0), (0.3, 12.0, 36.0)], ids=["flood", "earthquake"])
def test_damage_halves_in_months_if_small_and_in_years_if_large_and_slowest_for_the_poorest(
    damage, low, high, fresh_city
):
    """Repairs of 8 % of the damage a month, all paid, halve it in 8.3 months; large repairs wait for income."""
    life = Life(fresh_city)
    rows = life.world.households.rows
    rows["damage"] = np.where(rows["alive"] == 1, damage, 0.0)
    first = life.live(1).damage
    half_life = 12 * np.log(2) / np.log(first / life.live(12).damage)
    assert low < half_life < high
    rows = life.world.households.rows
    poorest, richest = (rows["damage"][(rows["alive"] == 1) & (rows["quintile"] == k)].mean() for k in (0, 4))
    assert poorest > 1.1 * richest


def test_damage_goes_back_to_nothing(fresh_city):
    life = Life(fresh_city)
    rows = life.world.households.rows
    rows["damage"] = np.where(rows["alive"] == 1, 0.02, 0.0)
    life.world.p = with_values(life.world.p, {"household.repair_speed": 0.5})
    assert life.live(12).damage < 0.02 * 0.02  # a fiftieth: those who cannot pay at all


# --- Water, slopes, waste -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, service, lost", [("drought", WATER, 0.4), ("waste_crisis", WASTE, 0.6)], ids=["drought", "waste"]
)
def test_a_service_fails_while_the_shock_lasts_and_returns(kind, service, lost, fresh_city, quiet):
    life = Life(fresh_city, 0, [HAZARDS[kind] | {"duration": 1, "recovery": 1}])
    left = []
    for _ in range(MONTHS):
        life.live(1)
        left.append(life.world.drivers.services[0, service])
    assert left == pytest.approx([1.0, 1.0 - lost, 1.0 - lost / 2, 1.0])
    assert life.over(quiet, "service_quality")[1] < 0.97
    assert life.over(quiet, "service_quality")[3] == pytest.approx(1.0, abs=0.003)


def test_a_dry_season_makes_ill_and_a_slide_blocks_roads_as_far_as_there_are_slopes():
    """Illness takes a twentieth of health services; slopes on half of a kecamatan 0.3 x 0.5 of its roads."""
    slopes = np.array([0.5, 0.0] + [1.0] * 28)
    for settings, service, left in ((DROUGHT, HEALTH, [0.95] * 3), (SLIDE, ROADS, [0.85, 1.0, 0.7])):
        world = SimpleNamespace(drivers=Drivers(), hazards=SimpleNamespace(slopes=slopes))
        SHOCKS["drought"].settings(**settings | {"season": "any"}).press(world, 1.0, 0, {})
        assert world.drivers.services[:3, service] == pytest.approx(left)


def test_a_slide_buries_homes_on_slopes_only(fresh_city):
    life = Life(fresh_city, 2, [SLIDE])
    rows = life.world.households.rows
    hit = (rows["alive"] == 1) & (rows["damage"] > 0)
    assert hit.sum() >= 5
    assert (life.world.hazards.slopes[rows["district"][hit]] > 0).all()
    assert rows["damage"][hit].max() <= 0.6


@pytest.mark.parametrize("kind", ["flood", "earthquake", "waste_crisis", "drought"])
def test_what_a_hazard_is_meant_to_move_moves_that_way_and_more_when_stronger(kind, fresh_city, quiet):
    settings = HAZARDS[kind] | ({"return_period": 100} if kind == "flood" else {})
    wide = {"hazards.flood_zone": 0.6}  # as wide as a hydraulic model has it: on record, few of 2,000 homes are hit
    strong, weak = (Life(fresh_city, 3, [settings | {"intensity": a}], values=wide) for a in (1.0, 0.3))
    for outcome, sign in SHOCKS[kind].moves:
        much, little, none = (np.mean([month[outcome] for month in life.months[1:3]]) for life in (strong, weak, quiet))
        assert sign * (much - none) > 0, outcome
        assert sign * (much - little) >= 0, outcome


def test_the_deepest_settings_balance(fresh_city):
    deepest = [
        FLOOD | {"return_period": 100, "weeks": 4}, QUAKE | {"magnitude": 7.0, "indoors": 1},
        SLIDE, WASTE_FIRE, DROUGHT,
    ]  # fmt: skip
    Life(fresh_city, 5, deepest)  # every month checks its books


def test_complete_damage_is_the_worst_there_is():
    assert COMPLETE == STATES - 1
