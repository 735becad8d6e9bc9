"""`bandung compare`: what it prints, what it leaves in a folder, and what happens when it cannot."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from compared import PACKAGES, TINY, bandung, scenario, tiny
from scipy import stats

import sim
from sim.declare import OUTCOMES
from sim.results import COLUMNS, COMPARISON_FILES
from sim.scenario import load_scenario

EFFECT = "outcome unit place group without with effect low high distinguishable".split()
RESILIENCE = "outcome loss robustness recovery_months recovered_share effect_on_loss low high distinguishable".split()


@pytest.fixture(scope="module")
def said():
    return tiny()[1].json


@pytest.fixture(scope="module")
def dataset():
    return sim.load(tiny()[0])


def rows(said: dict, package: str, table: str = "effects") -> pd.DataFrame:
    return pd.DataFrame(next(p for p in said["packages"] if p["name"] == package)[table])


def test_json_holds_what_the_contract_names(said):
    assert (said["seeds"], said["scale"], said["months"], said["scenario"]) == (2, 1000, 13, "tiny")
    assert [p["name"] for p in said["packages"]] == list(PACKAGES)
    for package in said["packages"]:
        assert {"cost_rp", "reach", "effects", "resilience"} <= set(package)
        assert set(EFFECT) <= set(package["effects"][0])
        assert set(RESILIENCE) <= set(package["resilience"][0])
    assert max(said["identities"].values()) == 0.0
    assert set(said["digests"]) == {"1", "2"}


def test_effects_are_told_for_the_city_its_kecamatan_and_its_fifths(said):
    poverty = rows(said, "Training").query("outcome == 'poverty_headcount' and shocks == 'on'")
    assert set(poverty["place"]) == {"city", *(f"32.73.{k:02d}" for k in range(1, 31))}
    assert set(poverty.query("place == 'city'")["group"]) == {"all", "q1", "q2", "q3", "q4", "q5"} or set(
        poverty.query("place == 'city'")["group"]
    ) == {"all"}
    told = rows(said, "Training").dropna(subset=["effect"])
    assert np.allclose(told["with"] - told["without"], told["effect"], rtol=1e-6, atol=1e-6)


def test_an_effect_and_its_interval_are_those_of_the_dataset(said, dataset):
    """From the files alone: mean of the last twelve months with the package less that without, seed by seed, and a
    95 % t interval over the seeds."""
    city = dataset.frame.query("place == 'city' and group == 'all' and shocks == 'on'")
    for outcome in ("poverty_headcount", "unemployment_rate", "no_buffer_share"):
        mine = city[(city["outcome"] == outcome) & (city["month"].astype(str) > "2025-01")]
        mean = mine.groupby(["package", "seed"], observed=True)["value"].mean()
        pairs = (mean["Cash <b> & care"] - mean["none"]).to_numpy()
        line = rows(said, "Cash <b> & care").query("place == 'city' and group == 'all' and shocks == 'on'")
        line = line[line["outcome"] == outcome].iloc[0]
        margin = stats.t.ppf(0.975, 1) * pairs.std(ddof=1) / np.sqrt(2)
        assert line["effect"] == pytest.approx(pairs.mean(), rel=1e-6)
        assert (line["low"], line["high"]) == pytest.approx((pairs.mean() - margin, pairs.mean() + margin), rel=1e-5)


def test_a_package_costs_what_its_programmes_spent_in_the_shocked_worlds(said):
    spent = pd.read_csv(tiny()[0] / "programmes.csv").query("shock == 1")
    for package in said["packages"]:
        mine = spent[spent["package"] == package["name"]]
        assert package["cost_rp"] == pytest.approx(mine["spent"].sum() / 2)
        assert sum(package["reach"].values()) == pytest.approx(mine["reached"].sum() / 2)
        assert package["reach_units"] == dict(zip(mine["programme"], mine["reached_unit"], strict=True))
    cost = {p["name"]: p["cost_rp"] for p in said["packages"]}
    assert 300e9 < cost["Training"] < 500e9 * 11 / 12 * 1.05
    assert cost["Nothing"] == 0.0


def test_a_package_of_nothing_changes_nothing(said, dataset):
    nothing = rows(said, "Nothing").dropna(subset=["effect"])
    assert (nothing["effect"] == 0.0).all() and not nothing["distinguishable"].any()
    assert all(
        worlds[f"Nothing, shocks {s}"] == worlds[f"none, shocks {s}"]
        for worlds in said["digests"].values()
        for s in ("on", "off")
    )
    values = dataset.frame.set_index("package")["value"]
    assert np.array_equal(values.loc["Nothing"].to_numpy(), values.loc["none"].to_numpy(), equal_nan=True)


def test_resilience_is_told_with_and_without_each_package(said):
    for package in PACKAGES:
        table = rows(said, package, "resilience").set_index("outcome")
        assert {"unemployment_rate", "value_added_index", "poverty_headcount"} <= set(table.index)
        assert table.loc["value_added_index", "loss"] > 0.5  # months of normal performance: a deep slump of 9 months
        assert 0 < table.loc["value_added_index", "robustness"] < 1
    assert (rows(said, "Nothing", "resilience")["effect_on_loss"].dropna() == 0).all()


def test_the_dataset_reads_back_whole(said, dataset):
    assert list(dataset.frame.columns) == list(COLUMNS)
    worlds = dataset.frame.groupby(["package", "shocks", "seed"], observed=True)["value"].size()
    assert len(worlds) == 4 * 2 * 2 and worlds.nunique() == 1
    assert set(dataset.frame["month"].astype(str)) == {f"2025-{k:02d}" for k in range(1, 13)} | {"2026-01"}
    assert set(dataset.frame["scenario"]) == {"tiny"}
    assert {p.name for p in dataset.folder.iterdir()} == {
        "outcomes", "summary.csv", "effects.csv", "resilience.csv", "losses.csv", "programmes.csv", "report.html",
        "scenario.yaml", "manifest.json",
    }  # fmt: skip
    effects = pd.read_csv(dataset.folder / "effects.csv")
    assert len(effects) == sum(len(p["effects"]) for p in said["packages"])
    assert set(EFFECT) <= set(effects.columns)
    assert set(RESILIENCE) <= set(pd.read_csv(dataset.folder / "resilience.csv").columns)
    assert set(dataset.summary["package"]) == {"none", *PACKAGES}


def test_the_manifest_repeats_the_comparison(said, dataset):
    for manifest in (said["manifest"], dataset.manifest):
        assert manifest["seeds"] == [1, 2]
        words = shlex.split(manifest["command"])
        assert words[:2] == ["bandung", "compare"]
        assert load_scenario(words[2]).packages == load_scenario(manifest["scenario"]["text"]).packages
        assert words[3:] == ["--seeds", "2", "--scale", "1000", "--months", "13"]
        assert {"versions", "data", "code", "parameters", "identities"} <= set(manifest)


def test_a_comparison_of_a_scenario_that_no_file_says_names_the_copy_in_its_dataset(tmp_path):
    quiet = {"title": "Quiet", "months": 2, "scale": 2000, "seeds": 1}
    made = sim.compare(quiet, workers=1)
    assert made.command == "bandung compare SCENARIO.yaml --seeds 1 --scale 2000 --months 2"
    page = made.report(tmp_path / "report.html").read_text("utf-8")
    assert "Save the scenario file first, as SCENARIO.yaml." in page and made.command in page
    with pytest.raises(sim.errors.InputError, match="there is no folder"):
        made.report(tmp_path / "nowhere" / "report.html")
    kept = sim.compare(quiet, workers=1, out=tmp_path / "set")
    again = load_scenario(shlex.split(kept.command)[2])
    assert again.model_dump() == kept.scenario.model_dump()
    assert sim.load(tmp_path / "set").manifest["command"] == kept.command


PARTS = """\
title: Whole and parts
months: 2
scale: 2000
seeds: 1
shocks: [{kind: demand_slump, start: 2025-02}]
packages:
  - {name: Cash, policies: [{lever: cash_transfer, budget_rp_per_year: 100e9}]}
  - {name: Works, policies: [{lever: public_works, budget_rp_per_year: 100e9}]}
  - name: Both
    policies:
      - {lever: cash_transfer, budget_rp_per_year: 100e9}
      - {lever: public_works, budget_rp_per_year: 100e9}
"""


def test_the_same_comparison_with_shocks_and_parts_replaces_its_own_dataset(tmp_path):
    path, folder = scenario(tmp_path, PARTS), tmp_path / "set"
    for _ in range(2):
        said = bandung("compare", path, "--workers", 1, "--out", folder)
        assert said.code == 0, said.err
        written = {p.name for p in folder.iterdir()}
        assert written == {name.partition("/")[0] for name in COMPARISON_FILES} | {"manifest.json"}
    assert set(sim.load(folder).manifest["files"]) == set(COMPARISON_FILES)
    for world in (folder / "outcomes").iterdir():
        described = json.loads(pq.read_schema(world).metadata[b"outcomes"])
        assert set(described) == set(OUTCOMES) and described["median_wage"]["unit"].endswith("2024 prices")


def test_a_plain_summary_names_question_packages_costs_and_the_folder(tmp_path):
    short = TINY.replace("seeds: 2", "seeds: 1").replace("months: 13", "months: 6")
    path = scenario(tmp_path, short)
    said = bandung("compare", path, "--out", tmp_path / "set", "--workers", 1)
    assert said.code == 0
    for part in (
        "Does <training> help more than cash?",
        *PACKAGES,
        "Rp billion",
        "poverty headcount",
        "Books balance",
        "seats",
    ):
        assert part in said.out
    assert f"Report: {tmp_path / 'set' / 'report.html'}" in said.out
    assert f"Repeat: bandung compare {path} --seeds 1 --scale 1000 --months 6" in said.out
    assert "single seed" in said.out  # one run says nothing about chance, and says so
    assert max(map(len, said.out.splitlines())) <= 160


def test_one_seed_has_no_intervals_in_json_and_several_scenarios_are_one_object(tmp_path):
    quiet = (
        "title: Quiet\nmonths: 4\nscale: 2000\nseeds: 1\npackages:\n  - name: T\n    policies: "
        "[{lever: worker_training, budget_rp_per_year: 500e9}]\n"
    )
    bare = "title: Bare\nmonths: 4\nscale: 2000\nseeds: 1\n"
    paths = [scenario(tmp_path, text, name) for name, text in (("quiet", quiet), ("bare", bare))]
    said = bandung("compare", *paths, "--json", "--out", tmp_path / "sets", "--workers", 1)
    assert said.code == 0, said.err
    first, second = said.json["comparisons"]
    assert (first["scenario"], second["scenario"]) == ("quiet", "bare")
    line = first["packages"][0]["effects"][0]
    assert line["low"] is line["high"] is line["distinguishable"] is None
    assert first["packages"][0]["resilience"] == []  # no shock
    assert second["packages"] == []
    for name in ("quiet", "bare"):
        assert set(sim.load(tmp_path / "sets" / name).frame["shocks"]) == {"off"}
        assert (tmp_path / "sets" / name / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--seeds", "0"], "'--seeds': 0 is not in the range 1<=x<=1000"),
        (["--seeds", "2.5"], "'--seeds': '2.5' is not a valid integer"),
        (["--scale", "5000"], "'--scale': 5000 is not in the range 1<=x<=2000"),
        (["--months", "601"], "'--months': 601 is not in the range"),
        (["--workers", "0"], "'--workers': 0 is not in the range"),
        (["--out", "/proc/nowhere/x"], "/proc/nowhere/x: cannot be written"),
        (["--out", "."], ".: the dataset needs a folder of its own"),
        (["--shocks", "off"], "No such option '--shocks'"),
        (["nowhere.yaml"], "nowhere.yaml: no such file"),
        (["umkm_naik_kela"], "did you mean 'umkm_naik_kelas'?"),
    ],
)
def test_a_wrong_choice_is_one_message_before_any_city_is_built(arguments, expected, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.crew.live", lambda *_: pytest.fail("a city was built"))
    said = bandung("compare", scenario(tmp_path), *arguments)
    assert (said.code, said.out) == (2, "")
    assert expected in said.err and "Traceback" not in said.err


def test_scenarios_of_one_name_cannot_share_a_folder(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
    paths = [scenario(tmp_path / name) for name in "ab"]
    said = bandung("compare", *paths, "--out", tmp_path / "sets")
    assert said.code == 2 and "two scenarios are called 'tiny'" in said.err
    assert not (tmp_path / "sets").exists()


def test_compare_refuses_in_python_what_the_command_refuses():
    for wrong in ({"seeds": 0}, {"seeds": True}, {"scale": 2001}, {"months": 1.5}, {"workers": 0}):
        with pytest.raises(sim.errors.InputError, match=f"{next(iter(wrong))} = .* must be a whole number from 1 to"):
            sim.compare("baseline", **wrong)


def test_a_comparison_that_is_interrupted_leaves_nothing(tmp_path, monkeypatch):
    from sim import twins

    real, lived = twins.step, []

    def stopped(branch):
        lived.append(1)
        if len(lived) > 20:  # in the second of the worlds: the first is written already
            assert list(tmp_path.glob(".set.partial-*/outcomes/*.parquet"))
            raise KeyboardInterrupt
        real(branch)

    monkeypatch.setattr(twins, "step", stopped)
    text = TINY.replace("scale: 1000", "scale: 2000")
    said = bandung("compare", scenario(tmp_path, text), "--workers", 1, "--out", tmp_path / "set", "--json")
    assert (said.code, said.out) == (130, "")
    assert "interrupted; nothing was left half-written" in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["tiny.yaml"]


def test_books_out_of_balance_end_a_comparison_with_exit_1(tmp_path, monkeypatch):
    from sim.errors import RunError

    def broken(*_):
        raise RunError("month 2: households hold Rp 5 that nobody paid them")

    monkeypatch.setattr("sim.twins.calendar.step", broken)
    said = bandung("compare", scenario(tmp_path), "--workers", 1, "--out", tmp_path / "set", "--scale", 2000)
    assert (said.code, said.out) == (1, "")
    assert "nobody paid them" in said.err
    assert not (tmp_path / "set").exists()
