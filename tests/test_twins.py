"""Twin worlds: a shared past, a common luck, and nothing that differs without a cause."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.crew import live_all
from sim.model import BandungModel
from sim.scenario import load_scenario
from sim.twins import Fork, Plan, _gather, household_gains, live, plan

MONTHS, SCALE = 10, 1000
TEXT = """title: Training in a slump
months: 10
unequal_cost: true
shocks:
  - kind: demand_slump
    start: 2025-06
    intensity: 0.8
packages:
  - name: Early
    policies: [{lever: worker_training, budget_rp_per_year: 300e9, start: 2025-03}]
  - name: Late
    policies: [{lever: worker_training, budget_rp_per_year: 300e9, start: 2025-08}]
  - name: Nothing
    policies: []
  - name: No money
    policies: [{lever: worker_training, budget_rp_per_year: 0}]
"""


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(TEXT)


@pytest.fixture(scope="module")
def result(scenario):
    return live(scenario, SCALE, 1, MONTHS)


def test_worlds_part_where_something_first_differs(scenario):
    tree = plan(scenario, MONTHS)
    assert set(tree.forks) == {
        Fork((0, 1), (0, 0), 5),
        Fork((1, 0), (0, 0), 2),
        Fork((1, 1), (1, 0), 5),
        Fork((2, 0), (0, 0), 7),
        Fork((2, 1), (0, 1), 7),
    }
    assert tree.same == {(3, 0): (0, 0), (3, 1): (0, 1), (4, 0): (0, 0), (4, 1): (0, 1)}
    assert tree.months(MONTHS) == 10 + 5 + 8 + 5 + 3 + 3


def test_a_shock_after_the_end_or_without_depth_parts_no_worlds(scenario):
    assert plan(scenario, 4).onset is None
    assert plan(scenario, 4).states == 1  # no shocked worlds of which anything could be said
    shallow = load_scenario(TEXT.replace("intensity: 0.8", "intensity: 0"))
    assert plan(shallow, MONTHS).onset is None


@pytest.mark.parametrize(("key", "package"), [((0, 0), None), ((0, 1), None), ((1, 1), "Early"), ((2, 1), "Late")])
def test_a_twin_lives_the_same_life_as_a_world_of_its_own(scenario, result, key, package):
    model = BandungModel(scenario, scale=SCALE, seed=1, months=MONTHS, package=package, shocks=bool(key[1]))
    for _ in range(MONTHS):
        model.step()
    assert model.recorder.digest() == result.digests[key]


def test_packages_without_policies_or_money_are_the_world_without_policy(result):
    assert result.digests[3, 0] == result.digests[4, 0] == result.digests[0, 0]
    assert result.digests[3, 1] == result.digests[4, 1] == result.digests[0, 1]
    assert len({result.digests[key] for key in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]}) == 6


def test_until_something_differs_the_months_are_the_same(result):
    assert (result.city[1, 0, :2] == result.city[0, 0, :2]).all()
    assert (result.city[0, 1, :5] == result.city[0, 0, :5]).all()
    assert not np.array_equal(result.city[0, 1, 5:], result.city[0, 0, 5:], equal_nan=True)


def test_books_balance_in_every_twin(result):
    assert max(result.identities.values()) == 0.0


def test_yearly_values_are_the_mean_of_their_months(result):
    assert result.yearly.shape[2] == 1
    name = result.outcomes.index("unemployment_rate")
    assert result.yearly[1, 1, 0, name, 0] == pytest.approx(result.city[1, 1, :, name].mean())


def test_a_programme_is_reported_at_the_size_of_the_city(result):
    record = next(r for r in result.programmes if r["package"] == "Early" and r["shock"] == 0)
    assert record["programme"] == "worker_training"
    assert record["reached"] == sum(record["by_quintile"]) == sum(record["by_district"])
    assert record["spent"] == pytest.approx(record["reached"] * 4e6, rel=0.02)
    assert record["spent"] <= record["released"] + 1


class _End:
    def __init__(self, uid, average, alive=True):
        self.uid, self.average = np.array(uid), np.array(average, float)
        self.alive = np.full(len(uid), alive)


def test_gains_compare_each_household_with_itself_and_leave_out_those_who_left():
    born = {
        "uid": np.array([1, 2, 3, 4]),
        "quintile": np.array([0, 0, 1, 4]),
        "district": np.array([0, 0, 2, 2]),
        "alive": np.ones(4),
    }
    found = household_gains(born, _End([1, 2, 3, 9], [100, 100, 100, 5]), _End([1, 2, 3, 4], [110, 99.5, 90, 50]))
    assert found["share_up"][:5] == pytest.approx([0.5, 0.0, np.nan, np.nan, np.nan], nan_ok=True)
    assert found["share_down"][:5] == pytest.approx([0.0, 1.0, np.nan, np.nan, np.nan], nan_ok=True)
    assert found["mean_change"][5] == pytest.approx(np.log(1.1 * 0.995) / 2)
    assert found["share_down"][7] == 1.0


def test_worlds_are_gathered_each_against_its_twin_under_the_same_shocks_and_the_worst_error_is_told():
    """All spend half under the shocks; with A a tenth more, in either state. One world's books are out by Rp 3."""
    born = {"uid": np.array([1]), "quintile": np.zeros(1), "district": np.zeros(1), "alive": np.ones(1)}
    record = SimpleNamespace(values=np.ones((1, 1, 36)), names=("trust",), months=["2025-01"], digest=lambda: "")
    done = {}
    for key, spent, error in (((0, 0), 100, 0.0), ((0, 1), 50, 3.0), ((1, 0), 110, 0.0), ((1, 1), 55, 1.0)):
        done[key] = _End([1], [spent])
        done[key].recorder, done[key].identities, done[key].lines = record, {"money": error}, []
    found = _gather(Plan(("none", "A"), 1, 0, (), {}), done, 1, born, {}, 20)
    assert found.gains["mean_change"][:, :, 0] == pytest.approx(np.array([[0, 0], [np.log(1.1), np.log(1.1)]]))
    assert found.identities == {"money": 3.0}


def test_processes_and_folders_change_no_result(scenario, result, tmp_path):
    told = []
    both = list(live_all(scenario, SCALE, (1, 2), MONTHS, 2, tmp_path, lambda done, total: told.append((done, total))))
    assert [one.seed for one in both] == [1, 2]
    assert both[0].digests == result.digests
    assert both[1].digests != both[0].digests
    assert told[-1] == (68, 68)
    assert len(list(tmp_path.glob("*.parquet"))) == 2 * 10  # six lived, four the same as one of them
    alone = list(live_all(scenario, SCALE, (2,), MONTHS))
    assert alone[0].digests == both[1].digests
