"""What stands in the report's tables: whole figures, the outcome of the headline, money that can be understood."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from ensembles import make, programme
from matplotlib.figure import Figure
from test_report import Reader
from test_words import comparison

from sim.analysis.findings import focus_of
from sim.analysis.resilience import hit_hardest
from sim.comparison_table import text as table_text
from sim.report import charts
from sim.report.charts import svg
from sim.report.marks import digits_of, signed, starred
from sim.report.page import _never, maps, render, resilience_rows, shock_starts
from sim.report.plan import cost_notes
from sim.report.standing import agreeing, district_verdicts, leverage_rows, money_rows, warnings_of
from sim.scenario import load_scenario
from sim.summary import words
from sim.sweep.answers import _drawn

NEGATIVE_ZERO = re.compile(r"[-+]0[.,]0+(?![\d])")


@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_is_never_shown_as_a_change(language):
    said = [table_text(comparison(), width=200, language=language), Reader(render(comparison(), language)).text]
    assert not [found for one in said for found in NEGATIVE_ZERO.findall(one)]
    assert (
        signed(-0.0004, "en", 3) == "0.000"
        and signed(-0.0004, "en", 4) == "-0.0004"
        and signed(0.01, "id", 2) == "+0,01"
    )


def test_a_clear_change_has_as_many_decimals_as_it_needs():
    small = {"effect": -0.0003, "distinguishable": True, "distinguishable_in_table": False}
    noise = small | {"effect": 1e-6, "distinguishable": False}
    assert digits_of([small, noise], "effect", 1.0, 3) == 4 and digits_of([noise], "effect", 1.0, 3) == 3
    assert starred(small, "effect", 1.0, 4) == "*" and starred(small, "effect", 1.0, 3) == ""


def test_changes_too_small_for_any_decimal_keep_the_usual_ones():
    small = {"effect": 1e-9, "distinguishable": True, "distinguishable_in_table": True}
    assert digits_of([small, small], "effect", 1.0, 3) == 3
    assert digits_of([small, small | {"effect": 0.0004}], "effect", 1.0, 3) == 4  # what can be shown is shown


@pytest.mark.parametrize(
    ("lowest", "said"),
    [
        ((0.96, 0.99, 0.97), "never below 95 %"),
        ((0.96, 0.90, 0.97), "most runs never"),
        ((0.96, 0.90, 0.97, 0.8), "half the runs never"),
    ],
)
def test_never_is_said_of_a_recovery_only_where_no_run_fell_below(lowest, said, monkeypatch):
    paths = np.array([[1.0, one, 1.0, 1.0, 1.0] for one in lowest])
    monkeypatch.setattr("sim.report.page.performance_paths", lambda *_: paths[None])
    made = SimpleNamespace(ensemble=SimpleNamespace(packages=("none",), onset=1))
    assert _never(made, "trust", "none", "en") == said


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_outcome_of_the_headline_loss_stands_first_in_the_table_of_resilience(language):
    made = comparison()
    fall = np.where(np.arange(60) > 36, -0.3, 0.0)
    ensemble = replace(made.ensemble, city=made.ensemble.city.copy())
    ensemble.city[:, 1, :, :, ensemble.column("participation_rate")] += fall
    made = replace(made, ensemble=ensemble)
    assert hit_hardest(made.resilience, focus_of(ensemble, None))["outcome"] == "participation_rate"
    rows = resilience_rows(made, language)
    assert rows[0]["outcome"] == words("participation_rate", language)
    assert len({row["outcome"] for row in rows}) == 4
    said = f">{rows[0]['outcome']}</td>"
    assert said in render(made, language).replace("\n", "")


def test_every_shock_within_the_run_is_marked_in_the_charts():
    text = """\
title: Two
start: 2025-01
months: 36
shocks:
  - {kind: price_rise, start: 2027-03}
  - {kind: flood, start: 2026-12}
  - {kind: flood, start: 2026-11, intensity: 0}
"""
    made = replace(comparison(), scenario=load_scenario(text), months=36)
    assert shock_starts(made) == [(23, "flood"), (26, "price rise")]
    assert [name for _, name in shock_starts(made, "id")] == [words("flood", "id"), words("price_rise", "id")]
    assert shock_starts(replace(made, months=26)) == [(23, "flood")]


@pytest.mark.parametrize(("start", "file"), [("2025-01", False), ("2019-01", True)])
def test_the_money_says_of_which_year_its_prices_are_and_why_it_does_not_add_up(start, file):
    scenario = comparison().scenario.model_copy(update={"start": start})
    year = start[:4] if file else "2024"
    for said in (
        table_text(replace(comparison(), scenario=scenario), width=400),
        Reader(render(replace(comparison(), scenario=scenario))).text,
    ):
        assert f"{year} prices" in said and "planned is not the sum of the two" in said
        assert ("Budgets in the scenario file are in Rp of 2024" in said) == file


def test_maps_have_one_scale_and_a_package_that_moves_no_kecamatan_has_none():
    made = comparison()
    drawn = maps(made)
    assert len(drawn) == 1  # the first package lowers poverty everywhere, the others nowhere
    page = Reader(render(made)).text
    rest = " and ".join(made.ensemble.policies[1:])
    assert f"{rest}: in no kecamatan can the change of poverty be told from zero" in page


def test_places_are_named_with_the_rule_and_in_the_number_of_seeds_there_are():
    assert [agreeing(n) for n in (1, 2, 3, 4, 5, 6, 30)] == [1, 2, 3, 4, 4, 5, 24]
    page = Reader(render(comparison())).text
    assert "at least 5 of the 6 seeds agree" in page and "four of five" not in page
    assert "households clearly gain or lose in no kecamatan" in page
    assert district_verdicts(comparison().ensemble) == []


def test_wellbeing_has_its_interval_and_private_money_is_told_only_where_there_is_any():
    wild = 20e3 * (1 + 0.1 * np.array([1, -1, 2, -2, 1, -1, 0, 0.0]))
    records = [programme(p, s, 4e11) for p in "AB" for s in range(1, 9)]
    effect = {("A", "wellbeing"): wild, ("A", "swadaya_rp"): 1e9}
    made = make(("none", "A", "B"), effect=effect, programmes=records)
    (row,) = [one for one in money_rows(made) if "wellbeing" in one["unit"]]
    low, high = map(float, row["spread"].split(" to "))
    assert low < float(re.search(r"[\d.]+", row["said"])[0]) < high
    (line,) = leverage_rows(made)
    assert line["package"] == "A" and line["said"].startswith("Rp 0.12 more of self-help and recorded company money")


def test_what_a_shock_breaks_for_a_while_is_no_limit_of_a_service():
    made = comparison()
    ensemble = replace(made.ensemble, yearly=made.ensemble.yearly.copy())
    ensemble.yearly[:, 1, :, 3, ensemble.column("service_quality_water")] = 0.1
    said = warnings_of(ensemble)
    assert said and said == warnings_of(made.ensemble)
    note = "In the world without shocks: what a shock breaks"
    assert note in Reader(render(made)).text


def test_the_notes_on_cost_are_true_of_an_empty_purse_and_of_a_cost_that_was_not_planned():
    made = comparison()
    said = " ".join(cost_notes(made))
    assert "beyond its payer's money, which was planned and is lacking" in said and "It was never planned" not in said
    assert "the payer has no money left" in said
    dear = [one | {"spent": 1e14} for one in made.ensemble.programmes]
    for times, above in ((made.ensemble.programmes, False), (dear, True)):
        notes = cost_notes(replace(made, ensemble=replace(made.ensemble, programmes=times)))
        assert ("Spent above planned" in " ".join(notes)) == above


@pytest.mark.parametrize("seeds", [1, 6])
def test_with_one_seed_no_test_is_spoken_of(seeds):
    made = comparison()
    one = made.ensemble
    cut = {name: array[:, :, :seeds] for name, array in one.gains.items()}
    programmes = [record for record in one.programmes if record["seed"] <= seeds]
    one = replace(one, seeds=one.seeds[:seeds], city=one.city[:, :, :seeds], yearly=one.yearly[:, :, :seeds],
                  gains=cut, programmes=programmes)  # fmt: skip
    made = replace(made, ensemble=one, seeds=one.seeds)
    tested = r"\*\*|leaves out zero|told apart from zero,|told from zero|clearly gain|best in|interval over the seeds"
    for said in (Reader(render(made)).text, table_text(made, width=300)):
        assert bool(re.search(tested, said)) == (seeds > 1)
        assert ("With one seed nothing can be told from chance" in said) == (seeds == 1)


def test_names_in_any_script_are_drawn_without_a_warning_and_kept_as_text_in_an_svg():
    figure = Figure()
    figure.add_subplot().plot([0, 1], label="\u57ce\u5e02 \U0001f3d8")
    figure.axes[0].legend()
    figure.axes[0].set_title("\u0e40\u0e21\u0e37\u0e2d\u0e07")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        said = svg(figure, "Names")
        for suffix in ("png", "svg"):
            assert _drawn(figure, suffix)
    assert "\u57ce\u5e02 \U0001f3d8" in said and "\u0e40\u0e21\u0e37\u0e2d\u0e07" in said


def test_names_with_dollars_and_underscores_stand_in_the_legend_as_they_are():
    """The library would read formulas into the first two, and leave out the last."""
    names = ["Insentif $^$ pasar $_$", "Tunai US$5, kerja US$10", "_x"]
    path = np.linspace(1.0, 0.9, 24)
    months = [f"{2025 + k // 12}-{k % 12 + 1:02d}" for k in range(24)]
    drawn = (
        charts.triangle("A", months, [(name, path) for name in names]),
        charts.curves("A", "%", months, [(name, path, path, path) for name in names]),
        charts.bars("A", "%", ["q1"], [(name, np.ones(1)) for name in names]),
    )
    for chart in drawn:
        assert all(f">{name}</text>" in chart for name in names)


def test_an_axis_shows_whole_figures_however_close_they_are():
    months = [f"2025-{k + 1:02d}" for k in range(12)]
    chart = charts.triangle("A", months, [("none", np.linspace(1.0, 0.9994, 12))])
    assert ">0.9996</text>" in chart and ">+1</text>" not in chart and "+9.9" not in chart
