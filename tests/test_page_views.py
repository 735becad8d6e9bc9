"""The page without a browser: every view in both languages on a small answer, and what a reader's changes do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import solara
from ensembles import START, make, programme

from sim.agents.services import KINDS
from sim.analysis.effects import effects
from sim.analysis.incidence import winners_and_losers
from sim.analysis.verdict import verdict
from sim.declare import OUTCOMES
from sim.language import LANGUAGES
from sim.outcomes.services import QUALITY
from sim.report.ranking import rank_cells
from sim.story import LUCK, Life, Lives, Snapshot
from sim.ui import server
from sim.ui.engine.asking import Answer, Question
from sim.ui.engine.cache import Cache
from sim.ui.kit.part import Packed
from sim.ui.limits import Limits
from sim.ui.page import app, gains, panel
from sim.ui.page.aside import is_own, scenarios
from sim.ui.page.desk import Desk
from sim.ui.page.household import told_life
from sim.ui.page.overview import cards, chart
from sim.ui.page.packages import money_note, rank_lead
from sim.ui.state import edits
from sim.ui.state.links import read
from sim.ui.state.links import written as links_written
from sim.ui.state.place import VIEWS, opening
from sim.ui.words import figure, interval, language, written

CITY = {**START, **dict.fromkeys(QUALITY, 0.9), "value_added_index": 100.0, "service_quality_roads": 0.7}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.set("en")
    yield
    language.set("en")


def ensemble(packages=("none", "Mentoring"), seeds=4):
    """A slump in month 12 that the package softens; money for the poor."""
    slump = np.where(np.arange(24) >= 12, 0.02, 0.0)
    jitter = 1e-4 * np.arange(seeds)
    return make(
        packages,
        seeds=seeds,
        months=24,
        onset=12,
        start=CITY,
        shock={"poverty_headcount": slump, "unemployment_rate": 2 * slump},
        effect={(name, "poverty_headcount"): -0.005 - jitter for name in packages[1:]},
        programmes=[
            programme(name, seed, 9e9, shock=s, by_quintile=(5, 3, 1, 1, 0), received=(5e9, 2e9, 1e9, 1e9, 0.0))
            for name in packages[1:]
            for seed in range(1, seeds + 1)
            for s in (0, 1)
        ],
        budgets={"none": 0.0, **dict.fromkeys(packages[1:], 5e9)},
    )


def known(question: Question) -> Answer:
    """An answer that is there at once."""
    names = ("none", *(one.name for one in question.scenario.packages))
    answer = Answer(question, (1,), 1.0, True, enough=True)  # type: ignore[arg-type]
    answer.__dict__["comparison"] = SimpleNamespace(ensemble=ensemble(names), effects=pd.DataFrame({"a": [1]}))
    return answer


@pytest.fixture
def desk(monkeypatch) -> Desk:
    """A reader of a server that knows every answer."""
    crew = SimpleNamespace(cache=Cache(1), submit=lambda *_: None, withdraw=lambda *_: None)
    engine = SimpleNamespace(known=known, crew=crew)
    monkeypatch.setattr(server, "engine", lambda: engine)
    monkeypatch.setattr(server, "limits", Limits)
    return Desk("")


def texts(widget: Any, seen: set[int] | None = None) -> Iterator[str]:
    """Every text that a tree of widgets shows."""
    seen = set() if seen is None else seen
    if id(widget) in seen:
        return
    seen.add(id(widget))
    for name in widget.keys if hasattr(widget, "keys") else ():
        yield from _texts(getattr(widget, name, None), seen)


def _texts(value: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(value, Packed):
        yield from _texts(value.data, seen)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one, seen)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one, seen)
    elif hasattr(value, "keys") and hasattr(value, "comm"):
        yield from texts(value, seen)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_its_figures_in_both_languages(desk, view, code):
    desk.change(view=view, language=code, district="32.73.05")
    box, context = solara.render(app.Whole(desk), handle_error=False)
    said = "\n".join(texts(box))
    context.close()
    assert "UMKM naik kelas" in said
    expected = {
        "overview": ("Poverty headcount", "kemiskinan"),
        "districts": ("Kecamatan 5", "Kecamatan 5"),
        "gains": ("poorest fifth", "termiskin"),
        "packages": ("Mentoring and digital", "Pendampingan dan digital"),
        "household": ("Number of the household", "rumah tangga"),
    }[view]
    assert expected[LANGUAGES.index(code)].lower() in said.lower()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_gives_no_rank_where_the_seeds_do_not_tell_packages_apart(desk, code):
    """The same words for ranks as in the report."""
    desk.change(view="packages", language=code)
    box, context = solara.render(app.Whole(desk), handle_error=False)
    said = set(texts(box))
    context.close()
    names = [one.name for one in desk.place.value.scenario.packages]
    cells = rank_cells(ensemble(("none", *names)), code)
    assert {rank for rank, _ in cells.values()} == {
        {"en": "1 to 4", "id": "1 sampai 4"}[code]
    }  # nobody can be told apart
    assert {rank for rank, _ in cells.values()} <= said
    assert not [one for one in said if re.fullmatch(r"[0-9] \([0-9]–[0-9]\)", one)]


def test_with_one_seed_the_page_gives_no_ranks():
    assert "no ranks" in rank_lead(ensemble(seeds=1)) and "no single rank" in rank_lead(ensemble(seeds=2))


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_says_that_one_life_differs_by_luck_too(code):
    language.set(code)
    home = Snapshot(-1, (), income=5e6, spending=4e6, savings=1e6, debt=0.0, aid=0.0, coping=0, damage=0.0, district=0,
                    takes_part=0, poor=False)  # fmt: skip
    worlds = [Life(name, [home, replace(home, month=0)]) for name in ("without the policy", "with 'A'")]
    for with_ in (worlds[1], None):
        lives = Lives(7, "2025-01", worlds[0], with_, ("Sukasari",))
        box, context = solara.render(solara.Column(children=told_life(lives, False, {})), handle_error=False)
        said = set(texts(box))
        context.close()
        assert (LUCK.into(code) in said) == (with_ is not None)


def test_a_changed_lever_asks_another_question(desk):
    first = app.question_of(desk.place.value)
    desk.attempt(lambda now: now.set_lever("business_training", "budget_rp_per_year", 50e9))
    second = app.question_of(desk.place.value)
    assert first.key != second.key
    desk.attempt(lambda now: now.reset)
    assert app.question_of(desk.place.value).key == first.key


def test_looking_elsewhere_asks_nothing_new(desk):
    first = app.question_of(desk.place.value)
    desk.change(view="districts", district="32.73.01", outcome="trust", language="id")
    assert app.question_of(desk.place.value).key == first.key


def test_what_cannot_be_is_told_and_changes_nothing(desk):
    before = desk.place.value
    desk.attempt(lambda now: now.set_shock("flood", "intensity", 0.5).set_shock("flood", "start", "2028-07"))
    kind, lines = desk.notes.value
    assert kind == "error" and "rainy season" in lines[0]
    assert desk.place.value == before and desk.rev.value == 1  # the panel takes the old values back


def test_the_back_button_brings_the_place_before(desk):
    desk.change(step=True, view="districts")
    desk.go("lang=en")
    assert desk.place.value.view == "overview" and desk.rev.value == 1


def test_a_step_back_undoes_a_moved_lever_and_goes_to_the_very_first_address():
    desk = Desk("lang=en")
    opened = desk.place.value
    move = lambda place, value: place.set_lever("business_training", "budget_rp_per_year", value)  # noqa: E731
    for value in (50e9, 60e9, 70e9):  # one slide
        desk.attempt(lambda place, value=value: move(place, value), settle=False, what=("business_training", "budget"))
    assert desk.push.value == 1
    desk.attempt(lambda place: place.set_lever("business_training", "ramp", 6), settle=False, what=("x", "ramp"))
    assert desk.push.value == 2
    desk.go("p1.business_training.budget=70e9&lang=en")
    assert desk.place.value == move(opened, 70e9) and desk.rev.value == 1
    desk.go("lang=en")
    assert desk.place.value == opened


def test_a_step_back_keeps_the_loaded_file_that_undo_goes_back_to(desk):
    desk.load({"name": "mine.yaml", "text": "title: Mine\nstart: 2025-01\nmonths: 36\n"})
    mine = desk.place.value
    desk.attempt(lambda now: now.set_lever("cash_transfer", "budget_rp_per_year", 30e9))
    desk.go(links_written(mine))
    assert desk.place.value.base == mine.base and desk.place.value.scenario == mine.scenario


def test_the_box_names_a_loaded_scenario(desk):
    assert not is_own(desk.place.value)
    desk.load({"name": "mine.yaml", "text": "title: Mine\nstart: 2025-01\nmonths: 36\n"})
    first, *others = scenarios(desk.place.value)
    assert is_own(desk.place.value) and (first["value"], first["label"]) == ("", "Mine")
    assert "baseline" in {one["value"] for one in others}
    again, _ = read(links_written(desk.place.value), Limits())
    assert scenarios(again)[0]["label"] == "Mine"


def test_a_chart_says_the_unit_of_its_figures_and_of_what_is_shown():
    one = ensemble()
    spec, _ = chart(one, "poverty_headcount")
    assert (spec["unit"], spec["measured"]) == ("% of persons", "share of persons")
    spec, _ = chart(one, "value_added_index")
    assert spec["unit"] == spec["measured"]


def test_the_browsers_language_counts_where_the_link_says_none(desk):
    desk.ready({"language": "id-ID"})
    assert language.value == "id"
    asked = Desk("lang=en")
    asked.ready({"language": "id-ID"})
    assert language.value == "en"


def test_files_of_a_changed_scenario(desk):
    desk.attempt(lambda now: now.set_lever("business_training", "budget_rp_per_year", 50e9))
    desk.want("scenario")
    file = desk.content.value
    assert file["name"] == "umkm_naik_kelas.yaml"
    before = edits.data_of(desk.place.value.scenario)
    desk.attempt(lambda now: now.reset)
    desk.load({"name": "mine.yaml", "text": file["text"]})
    assert edits.data_of(desk.place.value.scenario) == before
    desk.want("scenario")
    assert desk.content.value["n"] == file["n"] + 1


def test_a_bad_file_is_told_and_changes_nothing(desk):
    before = desk.place.value
    desk.load({"name": "bad.yaml", "text": "title: [\n"})
    assert desk.notes.value[0] == "error" and "bad.yaml" in desk.notes.value[1][0]
    desk.load({"name": "big.yaml", "error": "too large"})
    assert "big.yaml" in desk.notes.value[1][0]
    assert desk.place.value == before


def test_a_card_says_change_band_and_word():
    by_name = {one["id"]: one for one in cards(ensemble())}
    poverty = by_name["poverty_headcount"]
    assert poverty["value"] == "5.5 %" and poverty["change"] == "-0.52 points"
    assert (poverty["tone"], poverty["word"], poverty["direction"]) == ("good", "better", -1)
    assert re.fullmatch(r"-0\.5\d to -0\.4\d points", poverty["band"])
    assert by_name["unemployment_rate"]["word"] == "unchanged"


def test_one_course_of_chance_is_no_proof():
    (poverty, *_) = cards(ensemble(seeds=1))
    assert poverty["tone"] == "same" and poverty["band"] == "" and "one course" in poverty["word"]


def test_two_courses_of_chance_make_nothing_certain():
    one = ensemble(seeds=2)
    assert {card["tone"] for card in cards(one)} == {"same"} and cards(one)[0]["direction"] == 0
    assert cards(one)[0]["word"] == "too few courses of chance" and cards(one)[0]["band"] == ""
    found = winners_and_losers(one).assign(net=0.143, low=0.143, high=0.143, verdict="winner")
    (table,) = rendered(gains.places_table(found, 2, {}))
    assert {(row["verdict"], row["band"], row["_tone"]) for row in table} == {
        ("not certain", "too few courses of chance", "")
    }
    (table,) = rendered(gains.places_table(found.assign(low=-1.73, high=2.03), 3, {}))
    assert {(row["verdict"], row["band"]) for row in table} == {("gains", "-100.0 to +100.0 %")}
    assert "low" not in gains.net_chart(found, 2)["series"][0] and "low" in gains.net_chart(found, 3)["series"][0]


def test_a_card_is_coloured_where_the_words_find_an_effect(monkeypatch):
    monkeypatch.setitem(CITY, "no_buffer_share", 0.3)
    one = ensemble(seeds=3)
    swing = np.array([-0.0030, -0.0040, -0.0052])[None, :, None]
    one.city[1:, :, :, :, one.column("unemployment_rate")] = (
        one.city[:1, :, :, :, one.column("unemployment_rate")] + swing
    )
    row = effects(one, outcomes=["unemployment_rate"], places=False, groups=False).iloc[-1]
    by_name = {card["id"]: card for card in cards(one)}
    assert row["distinguishable"] and any(
        line.startswith("On unemployment") and "no gain" in line for line in verdict(one)
    )
    assert (by_name["unemployment_rate"]["tone"], by_name["unemployment_rate"]["word"]) == (
        "same",
        "clear by itself, not among all outcomes",
    )
    assert by_name["poverty_headcount"]["tone"] == "good"


def rendered(element) -> list[list[dict[str, Any]]]:
    """The rows of the tables in an element."""
    return [element.kwargs["rows"].data]


def test_the_curves_are_the_means_of_the_seeds():
    one = ensemble()
    spec, sentence = chart(one, "poverty_headcount")
    assert [line["id"] for line in spec["series"]] == ["baseline", "baseline-shock", "scenario", "scenario-shock"]
    np.testing.assert_allclose(spec["series"][3]["mean"], one.of("poverty_headcount")[1, 1].mean(axis=0), rtol=1e-5)
    assert spec["shock"][0] == one.months[12] and spec["loss"][:2] == ["scenario-shock", "scenario"]
    assert "6.0 %" in sentence and "5.5 %" in sentence


def test_figures_take_the_readers_form():
    _, how = written("poverty_headcount", 0.04)
    _, change = written("poverty_headcount", 0.04, change=True)
    assert figure(0.0412, how) == "4.1 %" and figure(0.0012, change) == "+0.12 points"
    assert interval(-0.001, 0.002, change) == "-0.10 to +0.20 points"
    assert interval(float("nan"), 1.0, change) == ""
    language.set("id")
    assert figure(0.0412, how) == "4,1 %"


def test_every_declared_lever_and_shock_has_its_sliders():
    place = opening("umkm_naik_kelas", Limits())
    for key, count in (("lever", 19), ("kind", 15)):
        items = [item for group in panel.groups(place, key) for item in group["items"]]
        assert len(items) == count == len(edits.registry_of(key))
        base = panel.base_values(place, key)
        for item in items:
            first = item["fields"][0]
            assert first["kind"] == "number" and first["id"] == edits.master(key, item["id"])
            for field in item["fields"]:
                assert field["id"] in base[item["id"]]
                if field["kind"] == "number":
                    assert field["low"] <= base[item["id"]][field["id"]] <= field["high"]
                    assert 0 < field["step"] <= field["high"] - field["low"]


def test_each_lever_can_be_turned_on_and_off_again():
    place = opening("baseline", Limits())
    for name in edits.registry_of("lever"):
        info = edits.registry_of("lever")[name].settings.model_fields[edits.master("lever", name)]
        high = edits.bounds(info)[1]
        on = place.set_lever(name, edits.master("lever", name), high)
        assert [one.lever for one in on.scenario.packages[0].policies] == [name]
        off = on.set_lever(name, edits.master("lever", name), edits.off("lever", name))
        assert off.scenario == place.scenario


def test_a_lever_turned_off_comes_back_with_its_settings():
    opened = opening("umkm_naik_kelas", Limits())
    changed = opened.set_lever("business_training", "targeting", "growth").set_lever("business_training", "ramp", 7)
    gone = changed.set_lever("business_training", "budget_rp_per_year", 0)
    assert "business_training" not in gone.policies
    assert panel.values(gone, "lever")["business_training"]["ramp"] == 7  # as the panel shows it while it rests
    back = gone.set_lever("business_training", "budget_rp_per_year", 30e9).policies["business_training"]
    assert back == {**changed.policies["business_training"], "budget_rp_per_year": 30e9}
    again = read(links_written(gone), Limits())[0].set_lever("business_training", "budget_rp_per_year", 30e9)
    opened_with = {**opened.policies["business_training"], "budget_rp_per_year": 30e9}
    assert again.policies["business_training"] == opened_with  # a link does not know what rests


def test_a_lever_at_rest_takes_settings_without_its_money():
    place = opening("umkm_naik_kelas", Limits()).set_lever("business_training", "budget_rp_per_year", 0)
    set_up = place.set_lever("business_training", "targeting", "random").policies["business_training"]
    assert (set_up["targeting"], set_up["budget_rp_per_year"]) == ("random", 0)


def test_a_shock_turned_off_comes_back_with_its_month():
    place = opening("bandung_timur_banjir", Limits())
    gone = place
    for item in ("flood", "flood~2", "flood~3"):
        gone = gone.set_shock(item, "intensity", 0)
    assert gone.shocks == {}
    for item in ("flood~3", "flood", "flood~2"):
        gone = gone.set_shock(item, "intensity", 1.0)
    assert gone.shocks == place.shocks


def test_the_first_of_a_kind_turned_off_leaves_the_others_their_numbers():
    place = opening("bandung_timur_banjir", Limits()).on_package(2)
    gone = place.set_lever("cash_transfer", "budget_rp_per_year", 0)
    assert gone.policies["cash_transfer~2"] == place.policies["cash_transfer~2"]
    assert gone.policies["cash_transfer"]["budget_rp_per_year"] == 0
    assert gone.set_lever("cash_transfer", "budget_rp_per_year", 316.7e9).policies == place.policies


def test_undo_all_takes_back_the_levers_or_the_shocks_alone(desk):
    opened = desk.place.value
    desk.attempt(lambda now: now.set_lever("business_training", "budget_rp_per_year", 0))
    desk.attempt(lambda now: now.set_shock("flood", "intensity", 0.5))
    desk.attempt(lambda now: now.undone("lever"))
    assert desk.place.value.policies == opened.policies and "flood" in desk.place.value.shocks
    desk.attempt(lambda now: now.undone("kind"))
    assert desk.place.value.scenario == opened.scenario


def test_money_for_each_neighbourhood_and_a_budget_take_turns():
    place = opening("baseline", Limits()).set_lever("participatory_budget", "per_rw_rp", 50e6)
    first = place.policies["participatory_budget"]["budget_rp_per_year"]
    more = place.set_lever("participatory_budget", "per_rw_rp", 100e6)
    assert more.policies["participatory_budget"]["budget_rp_per_year"] == 2 * first
    fewer = more.set_lever("participatory_budget", "districts", ["32.73.01"]).policies["participatory_budget"]
    assert 0 < fewer["budget_rp_per_year"] < first
    budget = more.set_lever("participatory_budget", "budget_rp_per_year", 60e9).policies["participatory_budget"]
    assert (budget["budget_rp_per_year"], budget["per_rw_rp"]) == (60e9, 0)
    assert more.set_lever("participatory_budget", "per_rw_rp", 0).policies == {}


def mix_sliders(place):
    items = [one for group in panel.groups(place, "lever") for one in group["items"]]
    (item,) = (one for one in items if one["id"] == "service_infrastructure")
    return [field for field in item["fields"] if field["id"].startswith("mix.")]


def test_the_mix_of_services_is_set_by_sliders_and_taken_back():
    place = opening("baseline", Limits()).set_lever("service_infrastructure", "budget_rp_per_year", 60e9)
    sliders = {field["id"]: field["label"] for field in mix_sliders(place)}
    assert list(sliders) == [f"mix.{kind}" for kind in KINDS] and sliders["mix.roads"] == "Money for roads"
    mixed = place.set_lever("service_infrastructure", "mix.water", 1).set_lever(
        "service_infrastructure", "mix.roads", 2.5
    )
    assert mixed.scenario.packages[0].policies[0].mix == (("roads", 2.5), ("water", 1.0))  # in the order of services
    assert panel.values(mixed, "lever")["service_infrastructure"]["mix.roads"] == 2.5
    assert panel.values(mixed, "lever")["service_infrastructure"]["mix.green"] == 0.0
    much = mixed.set_lever("service_infrastructure", "mix.waste", 40.0)  # as a file may say it
    assert {field["high"] for field in mix_sliders(much)} == {40.0}
    back = mixed.set_lever("service_infrastructure", "mix.water", 0).set_lever("service_infrastructure", "mix.roads", 0)
    assert back.scenario == place.scenario


def test_a_package_paid_for_some_years_costs_what_the_report_says():
    scenario = opening("bandung_timur_banjir", Limits()).scenario
    assert edits.costs_alike(scenario) and not scenario.unequal_cost
    assert [round(cost / 1e9) for cost in edits.planned(scenario)] == [950, 950, 950]
    assert edits.equalised(scenario, 2) == scenario
    names = ("none", *(one.name for one in scenario.packages))
    assert money_note(scenario, ensemble(names)).startswith("The packages plan the same money")
    dearer = (
        opening("bandung_timur_banjir", Limits()).set_lever("flood_protection", "budget_rp_per_year", 200e9).scenario
    )
    assert "not at equal money" in money_note(dearer, ensemble(names))
    equal = edits.equalised(dearer, 0)
    assert edits.planned(equal) == pytest.approx([1900e9] * 3) and edits.costs_alike(equal)
    assert equal.packages[2].policies[0].budget_rp_per_year == pytest.approx(2 * 316.7e9, rel=1e-3)


def test_money_for_each_neighbourhood_is_brought_to_equal_money_too():
    place = opening("umkm_naik_kelas", Limits())
    data = edits.data_of(place.scenario)
    data["packages"][1]["policies"] = [{"lever": "participatory_budget", "per_rw_rp": 50e6}]
    equal = edits.equalised(edits.built(data, place.scenario), 0)
    assert edits.planned(equal)[1] == pytest.approx(edits.planned(equal)[0])


@pytest.mark.parametrize(("code", "said"), [("en", "Rp 950 billion planned over the run"), ("id", "Rp 950 miliar")])
def test_the_card_of_a_package_says_the_money_of_the_whole_run(desk, code, said):
    desk.change(view="packages", language=code)
    desk.attempt(lambda now: replace(opening("bandung_timur_banjir", Limits()), view="packages", language=code))
    box, context = solara.render(app.Whole(desk), handle_error=False)
    shown = [text for text in texts(box) if said in text]
    context.close()
    assert len(shown) == 3


def test_packages_are_brought_to_equal_money():
    place = opening("umkm_naik_kelas", Limits()).set_lever("business_training", "budget_rp_per_year", 40e9)
    assert place.scenario.unequal_cost
    equal = edits.equalised(place.scenario, 0)
    assert {one.yearly_budget for one in equal.packages} == {40e9} and not equal.unequal_cost


def test_the_effects_on_a_card_are_those_of_the_table():
    one = ensemble()
    table = effects(one, outcomes=["poverty_headcount"], places=False, groups=False)
    row = table[table["shocks"] == "on"].iloc[0]
    card = next(c for c in cards(one) if c["id"] == "poverty_headcount")
    assert card["change"] == f"{100 * row['effect']:.2f} points"
    assert OUTCOMES["poverty_headcount"].good == -1
