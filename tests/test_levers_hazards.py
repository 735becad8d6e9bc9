"""Protection from floods and earthquakes: what it costs, whom it reaches, and that it works when the hazard comes."""

from types import SimpleNamespace

import numpy as np
import pytest
from lives import Life

from sim.agents.government import Programme
from sim.agents.hazard_rules import HEAVY, SLIGHT
from sim.agents.households import HOUSEHOLD
from sim.agents.services import DRAINAGE
from sim.catalogue import LEVERS
from sim.policies.seismic_retrofit import SeismicRetrofit
from sim.purse import Purse

BASINS = {"lever": "flood_protection", "budget_rp_per_year": 300e9, "districts": ["Gedebage", "Arcamanik"], "lag": 12}
STRONG = {"lever": "seismic_retrofit", "budget_rp_per_year": 800e9}
QUAKE = {"kind": "earthquake", "start": "2025-07"}


@pytest.fixture(scope="module")
def quiet(fresh_city):
    return Life(fresh_city, 15)


@pytest.fixture(scope="module")
def basins(fresh_city):
    return Life(fresh_city, 15, levers=[BASINS])


@pytest.fixture(scope="module")
def struck(fresh_city):
    """Half a year of retrofits, then the earthquake: without and with the lever."""
    return Life(fresh_city, 8, [QUAKE]), Life(fresh_city, 8, [QUAKE], [STRONG])


@pytest.mark.parametrize("lever", [BASINS, STRONG], ids=["basins", "retrofit"])
def test_a_lever_without_money_changes_nothing(lever, fresh_city, quiet):
    assert Life(fresh_city, 15, levers=[lever | {"budget_rp_per_year": 0}]).recorder.digest() == quiet.recorder.digest()


def line_of(life, lever):
    """The programme of a lever in the books, and Rp of the real city that it has spent."""
    line = next(line for name, line in life.world.government.programmes.items() if lever in name)
    return line, line.spent * life.world.scale


# --- Basins and warnings ------------------------------------------------------------------------------------------


def test_basins_protect_when_they_are_built_and_only_there(basins):
    """Rp 300 billion a year at 25 a basin is a basin a month, of which nineteen twentieths are built."""
    hazards, names = basins.world.hazards, basins.world.city.names
    built = sum(count for _, count in hazards.basins)
    assert set(np.flatnonzero(built)) == {names.index("Gedebage"), names.index("Arcamanik")}
    assert hazards.protection(11, 0.25).max() == 0.0
    assert hazards.protection(14, 0.25)[names.index("Gedebage")] > 0.1
    _, spent = line_of(basins, "flood_protection")
    assert built.sum() == pytest.approx(0.95 * spent / 25e9, rel=0.1)


def test_the_same_money_buys_fewer_dear_basins(fresh_city):
    cheap, dear = (Life(fresh_city, 2, levers=[BASINS | {"basin_rp": price}]) for price in (10e9, 40e9))
    few, many = (sum(count.sum() for _, count in life.world.hazards.basins) for life in (dear, cheap))
    assert many == pytest.approx(4 * few, rel=0.01)


def test_drains_are_worth_more_once_the_basins_are_in_use(basins, quiet):
    more = basins.world.services.capital[:, DRAINAGE] - quiet.world.services.capital[:, DRAINAGE]
    where = [basins.world.city.names.index(name) for name in ("Gedebage", "Arcamanik")]
    assert more[where].min() > 0
    assert np.abs(np.delete(more, where)).max() < 0.05 * more[where].min()  # votes elsewhere shift a little
    assert basins.over(quiet, "flood_protection")[-1] > 1.0


def test_a_flood_after_the_basins_does_less_than_the_same_flood_without(fresh_city):
    flood = {"kind": "flood", "start": "2026-04", "return_period": 50, "districts": BASINS["districts"]}
    harm = []
    for levers in ([BASINS], []):
        life = Life(fresh_city, 16, [flood], levers)
        harm.append((life.world.shocks[0].memory["chance"].sum(), life.world.hazards.destroyed.sum()))
    (chance, public), (chance_without, public_without) = harm
    assert 0.2 < chance / chance_without < 0.7
    assert public < public_without


def test_warnings_reach_as_many_as_the_money_covers(fresh_city):
    """Rp 1.5 billion a year for a kecamatan: 5 % of Rp 30 billion covers a third of three."""
    lever = {
        "lever": "flood_protection",
        "budget_rp_per_year": 30e9,
        "districts": ["Gedebage", "Arcamanik", "Antapani"],
    }
    life = Life(fresh_city, 2, levers=[lever])
    reached = life.world.hazards.warning
    assert reached.sum() == pytest.approx(0.94, abs=0.1)
    assert np.count_nonzero(reached) == 3


def test_early_warning_asks_for_no_more_than_reaches_everybody(fresh_city):
    """Three kecamatan at Rp 1.5 billion a year: of Rp 500 billion 4.5 are used, by one line or by two."""
    lever = BASINS | {"budget_rp_per_year": 500e9, "warning_share": 1.0}
    lever["districts"] = ["Gedebage", "Arcamanik", "Antapani"]
    for levers in ([lever], [lever, lever]):
        life = Life(fresh_city, 6, levers=levers)
        lines = [life.world.government.line(one.name) for one in life.world.policies]
        used = sum(line.spent for line in lines) * life.world.scale
        assert used == pytest.approx(4.5e9 * 6 / 12 * life.world.deflator, rel=0.01)
        assert life.world.hazards.warning.sum() == pytest.approx(3.0, rel=1e-3)
        assert not life.world.hazards.basins or sum(count for _, count in life.world.hazards.basins).sum() < 0.01
        assert (
            sum(line.refused for line in lines) == 0 and sum(line.released for line in lines) * life.world.scale < 3e9
        )


def test_a_budget_beyond_what_early_warning_can_use_is_remarked():
    plan = LEVERS["flood_protection"].settings
    much = plan(lever="flood_protection", budget_rp_per_year=500e9, warning_share=1.0)
    assert much.planned_rp_per_year == 30 * 1.5e9 and "no more than Rp 45 billion" in much.remark
    few = plan(**(BASINS | {"warning_share": 0.5}))
    assert few.planned_rp_per_year == pytest.approx(150e9 + 2 * 1.5e9) and "153 billion" in few.remark
    usual = plan(lever="flood_protection", budget_rp_per_year=300e9)
    assert usual.planned_rp_per_year == 300e9 and usual.remark == ""


# --- Strong houses and repairs ------------------------------------------------------------------------------------


def test_money_buys_the_houses_it_pays_for(fresh_city):
    life = Life(fresh_city, 6, levers=[STRONG])
    line, _ = line_of(life, "seismic_retrofit")
    strong = int((life.world.hazards.retrofitted >= 0).sum())
    assert strong == line.reached == line.by_quintile.sum()
    assert strong == int(line.spent // 40e6) > 20
    assert line.spent <= line.released


def test_retrofitted_houses_come_out_of_the_earthquake_better_than_the_same_houses_would(struck):
    """A trial: the very households whose houses were made strong, in the twin where they were not."""
    without, with_ = struck
    chosen = np.flatnonzero((with_.world.hazards.retrofitted >= 0) & (with_.world.hazards.retrofitted < 6))
    start = {name: life.world.shocks[0] for name, life in (("without", without), ("with", with_))}
    assert start["without"].memory and start["with"].memory
    same = without.world.households.rows["uid"][chosen] == with_.world.households.rows["uid"][chosen]
    lost = [life.world.households.rows["damage"][chosen[same]].mean() for life in (without, with_)]
    assert lost[1] < 0.75 * lost[0]


def test_after_an_earthquake_the_worst_damaged_homes_are_repaired_first(struck):
    _, with_ = struck
    line, _ = line_of(with_, "seismic_retrofit")
    homes = min(len(life.world.hazards.shaken) for life in struck)  # those of the start; later ones differ
    untold, told = (life.world.hazards.shaken[:homes] for life in struck)
    helped = (untold > 0) & (told == 0) & (with_.world.hazards.retrofitted[:homes] < 0)
    assert helped.sum() >= 4
    assert (untold[helped] >= HEAVY).mean() > 0.8
    assert line.received_by_quintile.sum() <= line.released


def test_a_repair_is_paid_up_to_the_damage_and_up_to_the_most_for_its_state():
    """Lightly damaged, at most Rp 15 million: a tenth of a home of 50 million, and half of one of 100 million."""
    rows = np.zeros(2, HOUSEHOLD)
    rows["uid"], rows["alive"], rows["assets"], rows["damage"] = [1, 2], 1, [50e6, 100e6], [0.1, 0.5]
    world = SimpleNamespace(
        households=SimpleNamespace(rows=rows),
        hazards=SimpleNamespace(shaken=np.full(2, SLIGHT)),
        government=SimpleNamespace(treasury=10**9, purchases=np.zeros((30, 8))),
        ledger=SimpleNamespace(post=lambda flow, rupiah: None),
        p=SimpleNamespace(government=SimpleNamespace(works_imports=0.25)),
        seed=1,
        month=0,
        deflator=1.0,
        reached=None,
    )
    purse = Purse(world, Programme("retrofit", 0.0, 0.0), 10**9)
    SeismicRetrofit(lever="seismic_retrofit", light_rp=15e6)._repair(world, purse, np.arange(2))
    assert purse.line.spent == pytest.approx(5e6 + 15e6, abs=2) and purse.line.reached == 2
    assert rows["damage"] == pytest.approx([0.0, 0.35], abs=1e-6)
    assert world.government.purchases.sum() == pytest.approx(0.75 * 20e6, abs=2)  # the rest is material from outside


def test_more_money_leaves_less_damage(fresh_city):
    left = [Life(fresh_city, 12, [QUAKE], [STRONG | {"budget_rp_per_year": money}]).damage for money in (100e9, 850e9)]
    assert left[1] < left[0]


def test_builders_of_the_city_are_hired_for_the_work(fresh_city):
    """Of each house, the part that is not material from outside is an order for local construction."""
    plain, strong = Life(fresh_city, 3), Life(fresh_city, 3, levers=[STRONG])
    _, spent = line_of(strong, "seismic_retrofit")
    bought = [life.world.counts["sector_value_added"][1] for life in (plain, strong)]
    assert bought[1] > bought[0]
    assert spent > 0


@pytest.mark.parametrize("lever", [
    BASINS | {"budget_rp_per_year": 5e12, "basin_rp": 10e9, "warning_share": 1.0},
    STRONG | {"budget_rp_per_year": 5e12, "house_rp": 60e6, "repair_share": 0.5, "targeting": "random"},
    STRONG | {"budget_rp_per_year": 5e12, "heavy_rp": 200e6, "targeting": "population", "funding": "reserve"},
], ids=["warnings", "houses", "repairs"])  # fmt: skip
def test_the_ends_of_every_range_balance(lever, fresh_city):
    Life(fresh_city, 6, [QUAKE | {"start": "2025-03"}], [lever])  # every month checks books and purse
