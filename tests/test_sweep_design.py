"""Designs: read from files, checked as a whole with every mistake at once, and turned into points."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from sim.cli import answer
from sim.errors import InputError
from sim.sweep import load_design
from sim.sweep.design import Design
from sim.sweep.factors import Factor
from sim.sweep.sampling import METHODS, Sampling, count_points, draw_points
from sim.sweep.size import check_size, size_of
from sim.sweep.summaries import reduced

ROOT = Path(__file__).resolve().parents[1]

GOOD = """\
title: Good
scenario: umkm_naik_kelas
months: 60
scale: 500
packages: [none, Mentoring]
shocks: both
seeds: 3
uncertainties:
  - parameter: labour.matching_efficiency
  - shock: demand_slump
    low: 0.2
  - shock: technology_disruption
    setting: duration
    low: 3
    high: 9
levers:
  - lever: business_training
    high: 200e9
outcomes:
  - poverty_headcount
  - {outcome: service_access, place: Gedebage, summary: last, start: 2026-01}
  - {outcome: poverty_gap, group: q1, name: poorest}
sampling: {method: lhs, samples: 8}
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        load_design(text)
    return refused.value.messages


def test_money_with_one_point_is_asked_back_in_a_design_too():
    lines = GOOD.replace("    high: 200e9", "    high: 200.000")
    assert mistakes(lines) == ["<text>:18:11: levers[0].high: 200.000: 200000 or 200.0?"]


def test_money_does_not_vary_where_a_lever_takes_none(tmp_path):
    policies = "- {lever: minimum_wage, extra_growth: 0.05}"
    base = f"title: x\npackages:\n- name: A\n  policies:\n  {policies}\n"
    (tmp_path / "base.yaml").write_text(base)
    text = "title: y\nscenario: base.yaml\nlevers:\n- {lever: minimum_wage}\noutcomes: [trust]\n"
    (tmp_path / "design.yaml").write_text(text)
    with pytest.raises(InputError) as refused:
        load_design(tmp_path / "design.yaml")
    (said,) = refused.value.messages
    assert "'budget_rp_per_year' is no number among the settings of minimum_wage; known: ramp, extra_growth" in said


def test_a_design_says_what_varies_in_which_range():
    design = load_design(GOOD)
    ranges = {one.column: (one.low, one.high, one.role, one.whole) for one in design.factors}
    assert ranges == {
        "labour.matching_efficiency": (0.1, 1.0, "uncertainty", False),
        "shock.demand_slump.intensity": (0.2, 1.0, "uncertainty", False),
        "shock.technology_disruption.duration": (3.0, 9.0, "uncertainty", True),
        "lever.business_training.budget_rp_per_year": (0.0, 2e11, "lever", False),
    }
    assert [one.column for one in design.outcomes][:1] + [design.outcomes[2].column] == [
        "poverty_headcount.mean",
        "poorest",
    ]
    assert design.outcomes[1].column.startswith("service_access.last.32.73.")
    assert design.count == 8 * 3 * 2 * 2 == len(design.points) * design.runs_per_point
    assert set(design.points[:, 2]) <= set(range(3, 10))


def test_every_mistake_is_told_at_once_with_line_range_and_nearest_name():
    wrong = GOOD.replace("matching_efficiency", "matching_eficiency").replace("low: 0.2", "low: 2")
    wrong = wrong.replace("Mentoring", "Mentorin").replace("seeds: 3", "seeds: 0").replace("- poverty_h", "- povrty_h")
    wrong = wrong.replace("setting: duration", "setting: duratio").replace("samples: 8", "sample: 8")
    wrong = wrong.replace("place: Gedebage", "place: Gedebag").replace("high: 200e9", "hihg: 200e9")
    found = mistakes(wrong)
    assert [message.split(": ")[0].rsplit(":", 1)[0] for message in found] == [
        f"<text>:{line}" for line in (5, 7, 9, 11, 13, 18, 20, 21, 23)
    ]
    for part in (
        "did you mean 'Mentoring'",
        "how many (1 to 100000)",
        "did you mean 'labour.matching_efficiency'",
        "2 is out of range; allowed: 0 to 1 share",
        "did you mean 'duration'",
        "did you mean 'high'",
        "did you mean 'poverty_headcount'",
        "did you mean 'Gedebage'",
        "did you mean 'samples'",
    ):
        assert sum(part in message for message in found) == 1, part


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("low: 0.2", "low: 0.5\n    high: 0.5", "the range 0.5 to 0.5 is empty"),
        ("low: 0.2", "values: [0.5, 2]", "2 is out of range"),
        ("low: 0.2", "values: [0.5]\n    high: 1", "either `values` or"),
        ("low: 0.2", "spread: loguniform", "needs a `low` above 0"),
        ("low: 3", "low: 3.5", "must be a whole number"),
        ("- shock: demand_slump", "- shock: flood", "has no 'flood'; it has: demand_slump"),
        ("- shock: demand_slump", "- shock: demand_slump\n    number: 2", "has 'demand_slump' only 1 time"),
        ("- shock: demand_slump", "- shock: demand_slump\n    lever: x", "only one of parameter, shock, lever"),
        ("- lever: business_training", "- lever: cash_transfer", "no package of this design has 'cash_transfer'"),
        (
            "- lever: business_training",
            "- lever: business_training\n    package: Roads",
            "'Roads' is not in this design",
        ),
        ("shocks: both", "shocks: off", "has its shocks off"),
        ("months: 60", "months: 3", "is outside the run"),
        ("scenario: umkm_naik_kelas", "scenario: umkm_naik_klas", "did you mean 'umkm_naik_kelas'"),
        ("{method: lhs, samples: 8}", "{method: sobol, samples: 9}", "power of two; nearest: 8 or 16"),
        ("name: poorest", "name: seed", "the column 'seed' is already that of every table"),
        ("- poverty_headcount", "- unemployment", "did you mean 'unemployment_rate'"),
        ("- poverty_headcount", "- {outcome: gini, group: q1}", "not measured for fifths"),
        ("start: 2026-01", "start: 2036-01", "2036-01 is outside the run"),
        ("seeds: 3", "seeds: [1, 1]", "none twice"),
        ("title: Good", "title: Good\npast: shred", "did you mean 'shared'"),
    ],
)
def test_a_mistake_is_refused_in_words_that_help(old, new, said):
    found = mistakes(GOOD.replace(old, new))
    assert any(said in message for message in found), found
    assert all(message.startswith("<text>:") for message in found)


@pytest.mark.parametrize("method", METHODS)
def test_points_are_in_range_repeatable_and_as_many_as_counted(method):
    factors = (
        Factor("a", "uncertainty", "free", -1.0, 1.0, 0.0),
        Factor("b", "uncertainty", "free", 1.0, 100.0, 10.0, spread="loguniform"),
        Factor("c", "uncertainty", "free", 0.0, 4.0, 1.0, spread="triangular"),
        Factor("d", "uncertainty", "free", 2.0, 5.0, 3.0, whole=True),
        Factor("e", "uncertainty", "free", 0.0, 9.0, 9.0, values=(0.0, 9.0)),
        Factor("f", "uncertainty", "free", 0.0, 1.0, 0.5, spread="normal"),
    )
    sampling = Sampling(method=method, samples=16)
    points = draw_points(sampling, factors)
    assert len(points) == count_points(sampling, factors)
    low, high = (np.array([getattr(one, end) for one in factors]) for end in ("low", "high"))
    assert ((points >= low) & (points <= high)).all()
    assert set(points[:, 3]) <= {2.0, 3.0, 4.0, 5.0} and set(points[:, 4]) <= {0.0, 9.0}
    assert np.array_equal(points, draw_points(sampling, factors))
    if method != "one":
        assert len(np.unique(points, axis=0)) > 1
    if method in ("lhs", "quasi", "sobol"):
        assert not np.array_equal(points, draw_points(Sampling(method=method, samples=16, seed=2), factors))


def test_spreads_are_those_of_the_distributions():
    shares = (np.arange(4_500) + 0.5) / 4_500

    def drawn(**said):
        return np.array([Factor("x", "uncertainty", "free", 1.0, 9.0, 3.0, **said).of(u) for u in shares])

    assert drawn().mean() == pytest.approx(5.0, rel=1e-3)
    assert np.log(drawn(spread="loguniform")).mean() == pytest.approx(np.log(9) / 2, rel=1e-3)
    assert drawn(spread="triangular").mean() == pytest.approx((1 + 3 + 9) / 3, rel=1e-3)
    assert drawn(spread="normal").mean() == pytest.approx(5.0, rel=1e-3)
    assert np.std(drawn(spread="normal")) == pytest.approx(2 * 0.8796, rel=1e-3)  # cut at two standard deviations
    assert [np.mean(drawn(whole=True) == k) for k in (1, 5, 9)] == pytest.approx([1 / 9] * 3, abs=1e-3)


def test_the_seed_can_be_one_of_the_sampled_numbers():
    design = load_design(GOOD.replace("seeds: 3", "seeds: 5\nseeds_as: factor"))
    assert [one.column for one in design.factors][-1] == "seed"
    assert set(design.points[:, -1]) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert design.count == 8 * 2 * 2


def test_a_summary_is_what_its_name_says():
    series = np.array([np.nan, 4.0, 1.0, 7.0, *([2.0] * 12)])
    told = {name: reduced(name, series) for name in ("first", "last", "min", "max", "change", "last_year")}
    assert told == {"first": 4.0, "last": 2.0, "min": 1.0, "max": 7.0, "change": -2.0, "last_year": 2.0}
    assert reduced("mean", series) == pytest.approx(36 / 15)
    assert np.isnan(reduced("mean", np.array([np.nan])))


def test_a_design_of_absurd_size_is_told_before_it_starts_and_wants_a_yes(tmp_path, capsys):
    design = load_design(GOOD.replace("samples: 8", "samples: 100000"))
    with pytest.raises(InputError, match=r"1,200,000 runs, about .* days with 2 workers and .* of disk; say --yes"):
        check_size(design, 2, yes=False)
    assert check_size(design, 2, yes=True).runs == 1_200_000
    with pytest.raises(InputError, match="the limit is 5,000,000 runs"):
        check_size(load_design(GOOD.replace("samples: 8", "samples: 1000000")), 2, yes=True)
    path = tmp_path / "huge.yaml"
    path.write_text(GOOD.replace("samples: 8", "samples: 100000"))
    assert answer(["sweep", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "say --yes" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_builds_are_counted_as_they_are_shared():
    assert size_of(load_design(GOOD), 1).builds == 8 * 3
    assert size_of(load_design(GOOD.replace("title:", "past: shared\ntitle:")), 1).builds == 3
    no_parameter = GOOD.replace("  - parameter: labour.matching_efficiency\n", "")
    assert size_of(load_design(no_parameter), 1).builds == 3


def test_check_and_new_know_designs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert answer(["new", "mine.yaml", "--design"]) == 0
    assert answer(["check", "mine.yaml", "baseline"]) == 0
    said = capsys.readouterr().out
    assert "mine.yaml: good: Mine (a design: 360 runs" in said
    assert "enough for sensitivity, discover and robust)" in said and "warning" not in said
    Path("wrong.yaml").write_text(GOOD.replace("months: 60", "months: 6o"))
    assert answer(["check", "wrong.yaml", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    (error,) = said["files"][0]["errors"]
    assert error.startswith("wrong.yaml:3:9: months: must be a whole number, not '6o'; allowed: 1 to 600")


def test_check_says_which_questions_a_design_is_too_small_for_and_which_range_leaves_out_what_is_usual(
    tmp_path, capsys
):
    def checked(**changes):
        text = GOOD
        for old, new in changes.values():
            text = text.replace(old, new)
        (tmp_path / "d.yaml").write_text(text)
        assert answer(["check", str(tmp_path / "d.yaml")]) == 0
        return capsys.readouterr().out

    small = checked()
    assert "enough for robust; too few points for sensitivity (8 of 40) and discover (8 of 40))" in small
    assert small.count("warning") == 1  # the scenario's shift to platforms has no months at full strength
    assert small.endswith("warning: shock.technology_disruption.duration goes from 3 to 9, the scenario has 0\n")
    alone = checked(one=("packages: [none, Mentoring]", "packages: [Mentoring]"))
    assert "disk; too few points for sensitivity (8 of 40) and discover (8 of 40))" in alone
    morris = checked(one=("{method: lhs, samples: 8}", "{method: morris, samples: 10}"))
    assert "enough for sensitivity, discover and robust)" in morris
    matching = "labour.matching_efficiency"
    far = checked(one=(f"- parameter: {matching}", f"- parameter: {matching}\n    low: 0.6\n    high: 0.9"))
    assert f"\n  warning: {matching} goes from 0.6 to 0.9, the scenario has 0.32\n" in far


def test_a_scenario_beside_the_design_is_found(tmp_path):
    (tmp_path / "own.yaml").write_text("title: Own\nmonths: 7\n")
    (tmp_path / "design.yaml").write_text("title: D\nscenario: own.yaml\noutcomes: [gini]\n")
    design = load_design(tmp_path / "design.yaml")
    assert (design.base.months, design.name, design.count) == (7, "design", 1)


def test_the_ready_designs_are_good():
    found = sorted((ROOT / "experiments").glob("*.yaml"))
    assert answer(["check", *map(str, found)]) == 0


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "title: x\n", "outcomes: 3\ntitle: x\nsampling: 7\npackages: {}\n"])
def test_what_is_no_design_at_all_is_said(text):
    assert mistakes(text)


def test_a_design_can_be_written_in_python():
    design = Design(
        title="P", outcomes=["gini"], uncertainties=[{"parameter": "goods.markup"}], sampling={"samples": 4}
    )
    assert design.count == 4 and design.points.shape == (4, 1)
    with pytest.raises(InputError, match=r"0\.9 is out of range"):
        design.with_points([[0.9]])
    assert design.with_points([[0.2], [0.3]]).count == 2 and design.count == 4


def test_every_key_of_a_design_is_in_the_docs():
    page = (ROOT / "docs" / "sweeps.md").read_text("utf-8")
    from sim.sweep.factors import Varied
    from sim.sweep.summaries import Wanted

    for model in (Design, Varied, Wanted, Sampling):
        for name in model.model_fields:
            assert f"`{name}`" in page or f"`{name}:" in page, name


def test_what_a_design_leaves_out_does_not_hinder_it():
    text = GOOD.replace("months: 60", "months: 3")
    found = mistakes(text)
    assert sum("shocks[" in one for one in found) == 2 and sum("packages[" in one for one in found) == 1
    start = text.index("uncertainties:")
    quiet = text[:start].replace("[none, Mentoring]", "[none]").replace("shocks: both", "shocks: off")
    assert load_design(quiet + "outcomes: [gini]\n").count == 3


def test_a_scenario_in_place_of_a_design_is_named_as_such(tmp_path, capsys):
    for wrong in ("baseline", str(ROOT / "scenarios" / "baseline.yaml")):
        assert answer(["sweep", wrong, "--out", str(tmp_path / "out")]) == 2
        assert "a scenario, not a design of a sweep; `bandung new my_design.yaml --design`" in capsys.readouterr().err


SERVICES = """\
title: Services
months: 6
scale: 2000
packages:
  - name: Works
    policies:
      - {lever: service_infrastructure, budget_rp_per_year: 100e9, mix: {roads: 2, water: 1}}
"""
MIX = "title: Mix\nscenario: works.yaml\nlevers: [{lever: service_infrastructure, %s}]\noutcomes: [service_quality]\n"


def mixed(folder: Path, entry: str) -> Design:
    (folder / "works.yaml").write_text(SERVICES)
    (folder / "mix.yaml").write_text(MIX % entry)
    return load_design(folder / "mix.yaml")


def test_a_share_of_a_mix_varies_beside_the_others(tmp_path):
    from sim.sweep.city import City

    design = mixed(tmp_path, "setting: mix.roads, values: [0, 4]")
    (factor,) = design.factors
    assert (factor.column, factor.default) == ("lever.service_infrastructure.mix.roads", 2.0)
    for share in (0.0, 4.0):
        (policy,) = City.of(design).scenario({factor.column: share}).packages[0].policies
        assert dict(policy.mix) == {"roads": share, "water": 1.0}


@pytest.mark.parametrize(
    "entry, said",
    [
        ("setting: mix.roads, low: 1", "`low` and `high` are needed"),
        ("setting: mix.roads, low: -1, high: 2", "-1 is out of range"),
        ("setting: mix.raods, low: 0, high: 2", "did you mean 'mix.roads'?"),
        ("setting: mix, low: 0, high: 2", "'mix' is no number among the settings of service_infrastructure"),
    ],
)
def test_a_share_of_a_mix_that_cannot_vary_is_refused(entry, said, tmp_path):
    with pytest.raises(InputError, match=re.escape(said)):
        mixed(tmp_path, entry)


def test_words_cannot_be_varied_and_their_list_is_not_called_too_short():
    found = mistakes(GOOD.replace("  - shock: demand_slump\n", "  - shock: demand_slump\n    values: [x, y]\n", 1))
    assert len([one for one in found if "must be a number" in one]) == 2
    assert not any("or more entries" in one for one in found)


def test_a_value_that_a_levers_own_rules_forbid_is_told_with_its_column(tmp_path, capsys):
    mixed(tmp_path, "setting: mix.roads, values: [0, 4]")
    (tmp_path / "works.yaml").write_text(SERVICES.replace("{roads: 2, water: 1}", "{roads: 2}"))
    assert answer(["sweep", str(tmp_path / "mix.yaml"), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "lever.service_infrastructure.mix.roads = 0: at least one service needs a share above 0" in said


@pytest.mark.parametrize("name", ["two\\nlines", " ", "blank ", "seconds", "trace", "run"])
def test_a_column_has_a_name_that_can_be_read_and_is_free(name):
    found = mistakes(GOOD.replace("name: poorest", f'name: "{name}"'))
    assert len(found) == 1 and ("one line of visible text" in found[0] or "already that of every table" in found[0])
