"""The address of the page: everything in it comes back, it says only what differs, and a bad one harms nothing."""

from typing import Any, get_args

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


def away(kind, field: str, info) -> Any:
    """A value that a setting may have and does not have by itself."""
    low, high = edits.bounds(info)
    if high is not None:
        if info.annotation is int:
            return next(n for n in (int(high), int(low)) if n != info.default)
        return next(v for v in (low + 0.37 * (high - low), high) if v != info.default)
    if field in ("start", "end"):
        return {"start": "2027-12", "end": "2030-06"}[field]
    if edits.parts_of(kind, field):
        first, *_, last = edits.parts_of(kind, field)
        return [[first, 2.5], [last, 1 / 3]]
    if field in ("districts", "sectors"):
        return {"districts": ["32.73.05", "32.73.01"], "sectors": ["trade", "transport"]}[field]
    return next(one for one in get_args(info.annotation) if one != info.default)


def settings_away(kind, key: str) -> list[dict[str, Any]]:
    """Settings that hold everything a kind takes away from its default: more than one where some exclude each other."""
    every = {field: away(kind, field, info) for field, info in kind.settings.model_fields.items() if field != key}
    made: list[dict[str, Any]] = []
    left = set(every)
    while left:
        fields = filled(kind, {**edits.new_item(kind, key, "2025-01"), key: kind.name}, every, sorted(left))
        if not (taken := {name for name in left if fields.get(name) == every[name]}):
            break
        made.append(kind.settings(**fields).model_dump(mode="json"))
        left -= taken
    assert left <= {"districts", "sectors"}, "what hits or works everywhere cannot be set; all else can"
    return made


def filled(kind, fields: dict[str, Any], every: dict[str, Any], first: list[str]) -> dict[str, Any]:
    """As many settings away from their defaults as go together, some before the others."""
    while True:
        before = fields
        for name in [*first, *every]:
            if edits.can_be(kind, tried := {**fields, name: every[name]}):
                fields = tried
        if fields == before:
            return fields


@pytest.mark.parametrize("key", ["lever", "kind"])
def test_every_setting_of_every_lever_and_shock_comes_back(key):
    place = opening("baseline", LIMITS)
    for name, kind in edits.registry_of(key).items():
        plain = {**edits.new_item(kind, key, "2025-01"), key: name}
        for fields in settings_away(kind, key):
            for items in ({name: fields}, {name: plain, f"{name}~2": fields}):
                if key == "kind":
                    changed = place.with_scenario(edits.with_shocks(place.scenario, items))
                    assert came_back(changed).shocks == changed.shocks == items
                else:
                    changed = place.with_scenario(edits.with_package(place.scenario, 0, items))
                    assert came_back(changed).policies == changed.policies == items


def test_shares_stand_in_the_link_with_their_names(place):
    changed = place.set_lever("service_infrastructure", "budget_rp_per_year", 50e9)
    changed = changed.set_lever("service_infrastructure", "mix.health", 1).set_lever(
        "service_infrastructure", "mix.roads", 2.5
    )
    assert "p1.service_infrastructure.mix=roads:2.5,health:1&" in written(changed)
    assert came_back(changed) == changed


def test_shares_of_a_loaded_file_come_back_as_it_orders_them(place):
    text = "title: Mine\nstart: 2025-01\nmonths: 36\npackages:\n  - name: Works\n    policies:\n" + (
        "      - {lever: service_infrastructure, budget_rp_per_year: 30e9, mix: {education: 2, health: 1}}\n"
    )
    mine = loaded("mine.yaml", text, place, LIMITS)
    assert "mix=education:2,health:1&" in written(mine)
    assert edits.data_of(came_back(mine).scenario) == edits.data_of(mine.scenario)


def test_a_wrong_setting_leaves_the_lever_its_money():
    found, notes = read(
        "p1.service_infrastructure.budget=50e9&p1.service_infrastructure.mix=rods:2&p1.service_infrastructure.lag=99"
        "&p1.service_infrastructure.need_weight=0.7",
        LIMITS,
    )
    lever = found.policies["service_infrastructure"]
    assert (lever["budget_rp_per_year"], lever["need_weight"], lever["mix"], lever["lag"]) == (50e9, 0.7, [], 9)
    assert len(notes) == 2 and "mix=rods:2" in notes[0] and "'roads'" in notes[0] and "lag=99" in notes[1]


def test_each_shock_can_be_added_whatever_its_season(place):
    for name in edits.registry_of("kind"):
        assert name in came_back(place.set_shock(name, "intensity", 0.5)).shocks


def test_settings_that_need_each_other_are_taken_beside_a_wrong_one():
    found, notes = read("x.flood.start=2028-06&x.flood.season=any&x.flood.duration=-3", LIMITS)
    assert (found.shocks["flood"]["start"], found.shocks["flood"]["season"]) == ("2028-06", "any")
    assert len(notes) == 1 and "duration=-3" in notes[0]


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
    "foo=bar": "foo=bar (unknown name)",
    "mm.labour.matching_efficiency=0.4": "unknown name",
    "P1.cash_transfer.budget=50e9": "did you mean 'p1.cash_transfer.budget'?",
    "shocks=banana": "shocks=banana",
    "map=banana": "map=banana",
    "p=7": "p=7",
    "hh=-1": "hh=-1",
    "hh=0": "hh=0",
    "%ff%fe=%80": "unknown name",
    "lang=en&lang=id&lang=en": "lang twice",
    "x" * 20_000: "too long",
    "&".join(f"k{n}=1" for n in range(900)): "too much",
}


@pytest.mark.parametrize("address", HOSTILE, ids=lambda text: text[:40])
def test_a_bad_link_falls_back_to_the_nearest_scenario_and_says_so(address, place):
    found, notes = read(address, LIMITS)
    assert edits.data_of(found.scenario) == edits.data_of(place.scenario)
    assert len(notes) == 1 and HOSTILE[address] in notes[0]


def test_a_kecamatan_is_named_in_a_link_as_it_is_anywhere():
    for said in ("d=gedebage", "d=Gedebage", "d=32.73.27"):
        found, notes = read(said, LIMITS)
        assert not notes and found.district == read("d=GEDEBAGE", LIMITS)[0].district
    assert read("d=gedebage", LIMITS)[0].district.startswith("32.73.")


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
