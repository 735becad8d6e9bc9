"""The city as a Mesa model: agents, space, collector, batch runs, the page."""

import inspect
import pickle

import mesa
import numpy as np
import pytest
from mesa.discrete_space import Network
from months import lived

from sim import month as calendar
from sim.agents.districts import Community, Company, District, OuterZone
from sim.declare import OUTCOMES
from sim.errors import InputError, RunError
from sim.model import BandungModel

CONTRACT = (
    "population unemployment_rate informal_share median_wage poverty_headcount poverty_gap poverty_severity gini theil "
    "theil_between_districts palma bottom40_share food_insecure_share no_buffer_share out_of_school_share "
    "child_development participation_rate trust bridging mutual_aid_rp service_access service_quality "
    "value_added_index business_survival technology_adoption csr_rp treasury_rp wellbeing resilience_index "
    "resilience_livelihood resilience_human_capital resilience_social_capital resilience_services "
    "resilience_governance resilience_equity"
).split()


def test_it_is_a_mesa_model_that_counts_its_steps(city_year):
    assert isinstance(city_year, mesa.Model)
    assert city_year.month == 12
    assert getattr(city_year, "steps", 12) == 12


def test_the_collector_has_every_outcome_of_the_contract_for_every_month(city_year):
    frame = city_year.datacollector.get_model_vars_dataframe()
    assert len(frame) == 12
    assert set(CONTRACT) <= set(frame.columns) and set(frame.columns) == set(OUTCOMES)
    known = [name for name in CONTRACT if name not in ("business_survival",)]  # survival needs a year of history
    assert np.isfinite(frame[known].to_numpy(float)).all()
    assert frame["unemployment_rate"].between(0.01, 0.3).all()
    assert frame["gini"].iloc[-1] == city_year.latest["gini"] == city_year.recorder.city("gini")[-1]


def test_single_households_and_persons_are_looked_at_as_agents(city_year):
    home, person = city_year.households[5], city_year.persons[3]
    assert home.index == 5 and home.savings == city_year.households.rows["savings"][5]
    assert person.as_dict()["sex"] in (0, 1)
    assert "savings" in repr(home)
    assert city_year.households[-1].index == len(city_year.households) - 1
    with pytest.raises(IndexError, match="rows run from 0"):
        city_year.persons[10**9]
    frame = city_year.households.frame()
    assert len(frame) == len(city_year.households) and frame["savings"][5] == home.savings


def test_what_is_written_to_an_agent_is_written_to_the_city():
    model = lived(0, scale=2000)
    model.households[4].savings = 123_456.0
    assert model.households.rows["savings"][4] == 123_456.0


def kinds_of(model):
    return {kind: len(list(model.agents_by_type[kind])) for kind in model.agents_by_type}


def test_places_and_institutions_are_mesa_agents_on_the_network(city_year):
    assert isinstance(city_year.space, Network)
    assert len(city_year.space.all_cells.cells) == 34
    counts = kinds_of(city_year)
    assert counts.get(District) == 30
    assert counts.get(OuterZone) == 4
    assert counts.get(Community) == 151
    assert counts.get(Company, 0) >= 1
    for agent in city_year.agents:
        assert isinstance(agent, mesa.Agent) and agent.cell in list(city_year.space.all_cells)


def test_the_city_government_is_a_mesa_agent(city_year):
    found = [a for a in city_year.agents if "government" in type(a).__name__.lower()]
    assert len(found) == 1
    world = city_year.world
    assert found[0].treasury == world.government.treasury * world.scale  # shown at the size of the real city


def test_districts_show_the_figures_of_their_people(city_year):
    districts = list(city_year.agents_by_type[District])
    people = sum(d.population for d in districts)
    homes = city_year.households.rows
    assert people == homes["size"][homes["alive"] == 1].sum()
    assert all(0 <= d.poverty <= 1 and 0 <= d.trust <= 1 and d.quality > 0 for d in districts)


def test_batch_runs_sweep_parameters_of_the_city():
    """Three months under two matching efficiencies, as Mesa's own batch runner drives them."""
    extra = {"rng": [1]} if "rng" in inspect.signature(mesa.batch_run).parameters else {"iterations": 1}
    swept = {"scale": [2000], "months": [3], "labour__matching_efficiency": [0.1, 0.9]}
    rows = mesa.batch_run(BandungModel, swept, max_steps=3, number_processes=1, display_progress=False, **extra)
    assert len(rows) == 2
    assert {row["labour__matching_efficiency"] for row in rows} == {0.1, 0.9}
    assert all(np.isfinite(row["unemployment_rate"]) for row in rows)
    assert rows[0]["hires"] != rows[1]["hires"]


def test_batch_runs_give_what_a_run_by_hand_gives():
    extra = {"rng": [1]} if "rng" in inspect.signature(mesa.batch_run).parameters else {"iterations": 1}
    swept = {"scale": [2000], "months": [3]} | ({} if "rng" in extra else {"seed": [1]})
    row = mesa.batch_run(BandungModel, swept, max_steps=3, number_processes=1, display_progress=False, **extra)[-1]
    months = int(row["Step"]) + ("rng" not in extra)  # Mesa 3.3 counts the months of its record from 0
    model = lived(months, scale=2000)
    assert row["gini"] == model.latest["gini"] and row["treasury_rp"] == model.latest["treasury_rp"]


def people(model):
    return len(model.persons)


class Teller:
    def __init__(self, model):
        self.model = model

    def month(self):
        return self.model.month


def test_reporters_of_others_are_asked_every_month_from_when_they_came():
    model = lived(0, scale=2000)
    collector = model.datacollector
    collector.model_reporters["mine"] = people
    model.step()
    for name, reporter in (("horizon", "horizon"), ("bound", Teller(model).month), ("listed", [max, [3, 4]])):
        collector._new_model_reporter(name, reporter)
    collector._new_agent_reporter("treasury", "treasury")
    model.step()
    collector.collect(model)  # asked again, nothing is said twice
    frame = collector.get_model_vars_dataframe()
    assert set(frame.columns) == {*OUTCOMES, "mine", "horizon", "bound", "listed"} and len(frame) == 2
    assert frame["mine"].iloc[-1] == len(model.persons) and frame["mine"].notna().all()
    assert frame["bound"].isna().tolist() == [True, False] and frame["bound"].iloc[1] == 2
    assert frame["listed"].iloc[1] == 4 and frame["horizon"].iloc[1] == model.horizon
    assert frame["gini"].iloc[-1] == model.latest["gini"]
    assert collector.get_agent_vars_dataframe()["treasury"].notna().sum() == 1


def test_a_collector_of_ones_own_is_left_to_its_owner():
    model = lived(0, scale=2000)
    model.datacollector = mesa.DataCollector(model_reporters={"mine": people})
    model.step()
    assert model.datacollector.model_vars == {"mine": []}


@pytest.mark.parametrize("error", [RunError("books out of balance"), KeyboardInterrupt()])
def test_a_model_whose_month_failed_says_so_and_does_not_go_on(error, monkeypatch):
    model = lived(1, scale=2000)
    step = calendar.step

    def fail(world, timings):
        step(world, timings)
        raise error

    monkeypatch.setattr("sim.model.calendar.step", fail)
    with pytest.raises(type(error)):
        model.step()
    monkeypatch.undo()
    for _ in range(2):
        with pytest.raises(
            RunError, match=f"month 1 was not lived to its end .{str(error) or 'KeyboardInterrupt'}.*anew"
        ):
            model.step()
        assert (model.month, model.steps, len(model.recorder), model.running) == (1, 1, 1, False)


def test_a_mistyped_parameter_of_a_sweep_is_named():
    with pytest.raises(InputError, match="matching_efficiency"):
        BandungModel(scale=2000, labour__matching_eficiency=0.3)
    with pytest.raises(InputError, match="outside its range"):
        BandungModel(scale=2000, labour__matching_efficiency=30.0)


WRONG = {
    "scale": (0, 2.5, 2001, 100_000, True),
    "seed": (-1, 2**63, "1"),
    "months": ("a", 0, 601, 1.5),
    "threads": (0, -1, 1.5),
    "start": ("1999-01", "2019-13", "2019", 2019),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_an_impossible_city_is_refused_in_words(name, value):
    with pytest.raises(InputError, match=name if name != "start" else "is not a month|no data for a start|in quotes"):
        BandungModel(**({"scale": 2000} | {name: value}))


def test_a_luck_that_is_no_number_is_called_as_it_was_given():
    for name in ("rng", "seed"):
        with pytest.raises(InputError, match=f"^{name} = "):
            BandungModel(scale=2000, **{name: np.random.default_rng(5)})


def test_the_page_of_mesa_accepts_the_model():
    pytest.importorskip("solara")
    from mesa.visualization import SolaraViz, make_plot_component

    page = SolaraViz(lived(1, scale=2000), components=[make_plot_component("unemployment_rate")])
    assert page is not None


def test_a_model_can_be_sent_to_another_process(fresh_city):
    other = pickle.loads(pickle.dumps(fresh_city))
    other.step()
    assert other.datacollector.model_vars["population"] == [other.latest["population"]]


def test_several_rows_are_several_agents(fresh_city):
    first, second = fresh_city.households[2:4]
    assert (first.index, second.index) == (2, 3)


@pytest.mark.parametrize("value", ["0.4", None, True])
def test_a_parameter_that_is_no_number_is_refused(value):
    with pytest.raises(InputError, match=r"labour\.matching_efficiency = .*: must be a number"):
        BandungModel(scale=2000, labour__matching_efficiency=value)
