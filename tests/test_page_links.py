"""The address of the page: everything in it comes back, it says only what differs, and a bad one harms nothing."""

import pytest

import sim.outcomes.measure  # noqa: F401  (declares every outcome)
from sim.errors import InputError
from sim.ui.limits import Limits
from sim.ui.page.files import loaded
from sim.ui.state import edits
from sim.ui.state.links import read, written
from sim.ui.state.place import FIRST, opening

LIMITS = Limits()
USUAL = "umkm_naik_kelas"


@pytest.fixture
def place():
    return opening(USUAL, LIMITS)


def came_back(place):
    """The place that its own address leads to."""
    again, notes = read(written(place), LIMITS)
    assert notes == []
    return again


def test_an_unchanged_page_has_a_short_address(place):
    assert written(place) == "lang=en"


def test_only_what_differs_is_said(place):
    changed = place.set_lever("business_training", "budget_rp_per_year", 50e9)
    assert written(changed) == "p1.business_training.budget=50e9&lang=en"


def test_every_change_comes_back(place):
    changed = (
        place.set_lever("business_training", "targeting", "need")
        .set_lever("cash_transfer", "budget_rp_per_year", 20e9)
        .set_lever("cash_transfer", "districts", ["32.73.01", "32.73.05"])
        .set_lever("cash_transfer", "end", "2030-06")
        .set_lever("minimum_wage", "extra_growth", 0.02)
        .set_shock("flood", "intensity", 0.5)
        .set_shock("demand_slump", "intensity", 0)
    )
    changed = changed.with_scenario(edits.added(changed.scenario, "Mine", 0)).on_package(-1)
    assert came_back(changed) == changed
    assert came_back(changed).scenario.packages[-1].name == "Mine"


def test_views_and_choices_come_back(place):
    from dataclasses import replace

    looked = replace(
        place, view="districts", language="id", district="32.73.07", outcome="trust", change=False, shocked=False
    )
    assert came_back(looked) == looked


def test_a_package_can_be_renamed_and_taken_away(place):
    changed = place.with_scenario(edits.renamed(edits.removed(place.scenario, 2), 0, "Pendampingan & pelatihan = 1"))
    assert came_back(changed).scenario == changed.scenario


def test_a_loaded_file_is_told_by_what_differs_from_the_baseline(place):
    text = "title: Mine\nstart: 2025-01\nmonths: 36\npackages:\n  - name: Cash\n    policies:\n" + (
        "      - {lever: cash_transfer, budget_rp_per_year: 30e9}\n"
    )
    mine = loaded("mine.yaml", text, place, LIMITS)
    assert mine.scenario.title == "Mine" and mine.scenario.months == 36
    again = came_back(mine)
    assert edits.data_of(again.scenario) == edits.data_of(mine.scenario)


def test_a_scenario_without_packages_gets_one_to_change():
    assert [one.name for one in opening("baseline", LIMITS).scenario.packages] == [FIRST]


HOSTILE = {
    "s=../../etc/passwd": "not here",
    "s=/etc/passwd": "not here",
    "months=99999": "1 to 240",
    "months=-1": "1 to 240",
    "scale=0": "1 to 2000",
    "seeds=nan": "1 to 30",
    "p1.flod_protection.budget=1": "flood_protection",
    "p1.cash_transfer.budget=9e99": "out of range",
    "p1.cash_transfer.budget=nan": "finite",
    "p1.cash_transfer.lever=flood": "no setting",
    "p1.cash_transfer.__class__=1": "no setting",
    "p9=x": "p1 to p4",
    "p1=none": "another name",
    "x.flood.start=2028-06": "rainy season",
    "x.comet.intensity=1": "shock",
    "m.labour.matching_efficiency=lots": "number",
    "m.nothing=1": "unknown parameter",
    "start=2029-13": "not a month",
    "view=admin": "view=admin",
    "lang=xx": "lang=xx",
    "o=__proto__": "o=__proto__",
    "d=99": "d=99",
    "x" * 20_000: "too long",
    "&".join(f"k{n}=1" for n in range(900)): "too much",
}


@pytest.mark.parametrize("address", HOSTILE, ids=lambda text: text[:40])
def test_a_bad_link_falls_back_to_the_nearest_scenario_and_says_so(address, place):
    found, notes = read(address, LIMITS)
    assert edits.data_of(found.scenario) == edits.data_of(place.scenario)
    assert len(notes) == 1 and HOSTILE[address] in notes[0]


def test_what_is_good_in_a_bad_link_is_kept():
    found, notes = read("p1.business_training.budget=70e9&p2.nonsense.budget=1&x.flood.intensity=0.4", LIMITS)
    assert found.scenario.packages[0].policies[0].budget_rp_per_year == 70e9
    assert "flood" in edits.items(found.scenario.shocks, "kind")
    assert len(notes) == 1 and "nonsense" in notes[0]


def test_a_title_with_markup_stays_text():
    found, notes = read("title=%3Cscript%3Ealert(1)%3C/script%3E", LIMITS)
    assert found.scenario.title == "<script>alert(1)</script>" and not notes


def test_more_than_the_server_allows_is_not_followed():
    small = Limits(most_months=24)
    found, notes = read("months=60&s=baseline", small)
    assert found.scenario.months == 24 and "1 to 24" in notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("title: [", "not valid YAML"),
        ("title: x\nshock: []\n", "shocks"),
        ("title: x\nmonths: 9999\n", "600"),
        ("a: &a [*a]\n", "alias"),
        ("title: " + "x" * 300_000, "larger than"),
    ],
)
def test_a_bad_file_is_refused_as_on_the_command_line(text, said, place):
    with pytest.raises(InputError, match=said):
        loaded("<b>mine</b>.yaml", text, place, LIMITS)
