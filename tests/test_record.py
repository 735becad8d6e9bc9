"""The recorder: what goes in comes out, in every shape, and one changed bit changes the digest."""

import numpy as np
import pytest
from random_city import random_world

from sim.declare import OUTCOMES
from sim.outcomes.measure import Measured, measure
from sim.outcomes.record import Recorder

CODES = [f"32.73.{k:02d}" for k in range(1, 31)]


@pytest.fixture(scope="module")
def months():
    base = measure(random_world())
    return [Measured(m, {k: v * (1 + 0.01 * m) for k, v in base.values.items()}) for m in range(14)]


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

    assert at("2025-05", "city", "all", "gini") == months[2].city("gini")
    assert at("2025-04", "32.73.07", "all", "poverty_headcount") == months[1].places("poverty_headcount")[6]
    assert at("2026-01", "city", "q5", "trust") == months[10].groups("trust")[4]
    assert recorder.city("gini")[2] == months[2].city("gini")
    assert recorder.places("trust").shape == (14, 30)
    assert recorder.groups("trust").shape == (14, 5)
    assert recorder.latest["gini"] == months[13].city("gini")
    assert Recorder(CODES, (2025, 3), 2024).latest == {}
    assert recorder.wide().loc["2025-05", "gini"] == months[2].city("gini")


def test_the_summary_says_first_last_and_mean_with_the_price_year(months):
    summary = record(months).summary()
    assert list(summary) == list(months[0].values)
    wage = summary["median_wage"]
    assert wage["unit"] == "Rp/month, 2024 prices"
    assert wage["first"] == months[0].city("median_wage")
    assert wage["last"] == pytest.approx(1.13 * wage["first"])
    assert wage["mean"] == pytest.approx(1.065 * wage["first"])


def test_equal_runs_have_equal_digests_and_any_other_bit_another(months):
    digest = record(months).digest()
    assert digest == record(months).digest()
    assert len(digest) == 64
    values = {k: v.copy() for k, v in months[5].values.items()}
    values["trust"][12] = np.nextafter(values["trust"][12], 2.0)
    changed = [*months[:5], Measured(5, values), *months[6:]]
    assert record(changed).digest() != digest
    assert record(months[:-1]).digest() != digest


def test_more_months_than_foreseen_are_kept():
    recorder = Recorder(CODES, (2025, 1), 2024)
    for month in range(130):
        recorder.add(Measured(month, {"gini": np.full(36, float(month))}))
    assert recorder.city("gini").tolist() == list(range(130))
    assert recorder.months[-1] == "2035-10"


def test_a_skipped_month_a_new_outcome_and_an_unknown_name_are_errors(months):
    recorder = record(months[:2])
    with pytest.raises(ValueError, match="month 3 after month 1"):
        recorder.add(months[3])
    with pytest.raises(ValueError, match="outcomes changed"):
        recorder.add(Measured(2, {"gini": np.zeros(36)}))
    with pytest.raises(KeyError, match="ginny"):
        recorder.city("ginny")
    with pytest.raises(ValueError, match="kecamatan"):
        Recorder(CODES[:3], (2025, 1), 2024)
