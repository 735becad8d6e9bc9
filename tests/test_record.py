"""The recorder: what goes in comes out, in every shape, and one changed bit changes the digest."""

from dataclasses import replace

import numpy as np
import pytest
from random_city import random_world

from sim.declare import OUTCOMES
from sim.outcomes.figures import CITY, GROUPS, PLACES
from sim.outcomes.households_tally import COLUMNS
from sim.outcomes.measure import evaluate, observe
from sim.outcomes.record import Recorder

CODES = [f"32.73.{k:02d}" for k in range(1, 31)]


def figures_of(base, month):
    """The count of another month: 1 % more of some columns with each."""
    households = base.households.astype(float)
    households[:, [COLUMNS.index(name) for name in ("trust", "poor", "savings")]] *= 1 + 0.01 * month
    return replace(base, month=month, line=base.line * (1 + 0.01 * month), households=households)


@pytest.fixture(scope="module")
def months():
    base = observe(random_world())
    return [figures_of(base, m) for m in range(14)]


def value(month, name):
    """36 rows of an outcome, from the figures of one month alone."""
    names, values = evaluate([month])
    return values[0, names.index(name)]


def record(months):
    recorder = Recorder(CODES, (2025, 3), 2024)
    for month in months:
        recorder.add(month)
    return recorder


def test_the_frame_is_tidy_and_complete(months):
    frame = record(months).frame()
    assert list(frame.columns) == ["month", "place", "group", "outcome", "value"]
    assert frame["month"].iloc[0] == "2025-03"
    assert frame["month"].iloc[-1] == "2026-04"
    expected = sum(1 + 30 * line.by_place + 5 * line.by_group for line in OUTCOMES.values())
    assert len(frame) == 14 * expected
    assert not frame.duplicated(["month", "place", "group", "outcome"]).any()
    assert set(frame["place"]) == {"city", *CODES}
    assert set(frame["group"]) == {"all", "q1", "q2", "q3", "q4", "q5"}


def test_a_value_is_found_where_it_belongs(months):
    recorder = record(months)
    frame = recorder.frame()

    def at(month, place, group, outcome):
        chosen = (frame["month"] == month) & (frame["place"] == place) & (frame["group"] == group)
        return frame.loc[chosen & (frame["outcome"] == outcome), "value"].item()

    assert at("2025-05", "city", "all", "gini") == value(months[2], "gini")[CITY]
    assert at("2025-04", "32.73.07", "all", "poverty_headcount") == value(months[1], "poverty_headcount")[PLACES][6]
    assert at("2026-01", "city", "q5", "trust") == value(months[10], "trust")[GROUPS][4]
    assert recorder.city("gini")[2] == value(months[2], "gini")[CITY]
    assert recorder.places("trust").shape == (14, 30)
    assert recorder.groups("trust").shape == (14, 5)
    assert recorder.latest["gini"] == value(months[13], "gini")[CITY]
    assert Recorder(CODES, (2025, 3), 2024).latest == {}
    assert recorder.wide().loc["2025-05", "gini"] == value(months[2], "gini")[CITY]


def test_the_summary_says_first_last_and_mean_with_the_price_year(months):
    summary = record(months).summary()
    assert list(summary) == list(evaluate(months[:1])[0])
    wage = summary["median_wage"]
    assert wage["unit"] == "Rp/month, 2024 prices"
    assert wage["first"] == value(months[0], "median_wage")[CITY]
    spending = summary["consumption_mean"]  # proportional to the line, which rises by 1 % of the first with each month
    assert spending["last"] == pytest.approx(1.13 * spending["first"])
    assert spending["mean"] == pytest.approx(1.065 * spending["first"])


def test_equal_runs_have_equal_digests_and_any_other_bit_another(months):
    digest = record(months).digest()
    assert digest == record(months).digest()
    assert len(digest) == 64
    households, cell = months[5].households.copy(), (12, COLUMNS.index("trust"))
    households[cell] = np.nextafter(households[cell], np.inf)
    other = replace(months[5], households=households)
    changed = [*months[:5], other, *months[6:]]
    assert record(changed).digest() != digest
    assert record(months[:-1]).digest() != digest


def test_more_months_than_foreseen_are_kept(months):
    recorder = Recorder(CODES, (2025, 1), 2024)
    for month in range(130):
        recorder.add(replace(months[0], month=month, line=float(month)))
    series = recorder.city("consumption_mean")
    assert series == pytest.approx(series[1] * np.arange(130))
    assert recorder.months[-1] == "2035-10"


def test_a_month_has_the_same_values_whoever_asks_and_when(months):
    """Asked every month, at the end, or by a twin that went its own way: bit for bit."""
    asked = Recorder(CODES, (2025, 3), 2024)
    for month in months:
        asked.add(month)
        assert asked.latest["trust"] == asked.city("trust")[-1]
    alone = record(months[:7]).twin()
    for month in months[7:]:
        alone.add(month)
    assert asked.digest() == record(months).digest() == alone.digest()


def test_a_skipped_month_and_an_unknown_name_are_errors(months):
    recorder = record(months[:2])
    with pytest.raises(ValueError, match="month 3 after month 1"):
        recorder.add(months[3])
    with pytest.raises(KeyError, match="ginny"):
        recorder.city("ginny")
    with pytest.raises(ValueError, match="kecamatan"):
        Recorder(CODES[:3], (2025, 1), 2024)
