"""The catalogues of levers and shocks: all that a planner may use, with its settings, fit for a screen."""

from __future__ import annotations

import json

import pytest

from sim.catalogue import LEVER_NAMES, LEVERS, SHOCK_NAMES, SHOCKS
from sim.cli import answer
from sim.scenario import load_scenario, ready_scenarios
from sim.sources import unknown_keys

NAMES = {"levers": LEVER_NAMES, "shocks": SHOCK_NAMES}


def told(capsys, *arguments: str) -> str:
    assert answer(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("word", ["levers", "shocks"])
def test_every_lever_and_shock_is_listed_with_cost_source_and_settings(word, capsys):
    said = json.loads(told(capsys, word, "--json"))
    assert {row["name"] for row in said[word]} >= set(NAMES[word]) and said["reserved"] == []
    for row in said[word]:
        assert row["meaning"] and row["source"] and row["code"] and row["group"] and row["indonesian"]
        assert row["cost"] or word == "shocks"
        assert {"start", "intensity"} <= {s["name"] for s in row["settings"]} or word == "levers"
        for setting in row["settings"]:
            assert setting["meaning"], (row["name"], setting["name"])
            if setting["low"] is not None:
                assert setting["low"] <= setting["default"] <= setting["high"] and setting["unit"]


@pytest.mark.parametrize(("word", "part", "one"), [
    ("levers", "cash", "cash_transfer"), ("shocks", "quake", "earthquake"), ("outcomes", "theil", "theil"),
])  # fmt: skip
def test_a_catalogue_takes_a_part_of_a_name_and_refuses_one_that_nothing_has(word, part, one, capsys):
    rows = json.loads(told(capsys, word, part, "--json"))[word]
    assert one in [row["name"] for row in rows] and all(part in row["name"] for row in rows)
    shown = told(capsys, word, part)
    assert one in shown and not any(other in shown for other in ("worker_training", "demand_slump", "poverty_gap"))
    assert answer([word, one.replace("a", "aa").replace("t", "tt")]) == 2
    assert f"did you mean '{one}'?" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["levers", "shocks"])
def test_the_settings_that_are_listed_are_those_a_scenario_may_give(word, capsys):
    """Every number at both its ends and every choice is accepted by the reader, one at a time."""
    registry = SHOCKS if word == "shocks" else LEVERS
    for row in json.loads(told(capsys, word, "--json"))[word]:
        for setting in row["settings"]:
            numbers = [] if setting["low"] is None else [setting["low"], setting["high"]]
            for value in (*numbers, *setting["choices"]):
                month = "2026-08" if row["name"] == "drought" and value != "landslide" else "2026-01"
                given = _whole({registry.key: row["name"], "start": month, setting["name"]: value}, setting)
                made = registry[row["name"]].settings.model_validate(given)
                assert getattr(made, setting["name"]) == value


def _whole(given: dict, setting: dict) -> dict:
    """Bounds are kept as numbers with a point; months are whole."""
    value = given[setting["name"]]
    is_whole = isinstance(setting["default"], int) and isinstance(value, float)
    return {**given, setting["name"]: int(value)} if is_whole else given


@pytest.mark.parametrize("word", ["levers", "shocks"])
def test_the_printed_catalogue_holds_everything_within_a_hundred_columns(word, capsys):
    shown = told(capsys, word)
    assert max(map(len, shown.splitlines())) <= 100
    assert "()" not in shown and "None" not in shown
    rows = json.loads(told(capsys, word, "--json"))[word]
    for row in rows:
        block = shown[shown.index(f"\n{row['name']}  {row['code']}, ") :].split("\n\n")[0]
        assert f"source: {row['source'].split(';')[0]}" in block
        for setting in row["settings"]:
            assert f"  {setting['name']} " in block or f"  {setting['name']} " in shown.split("\n\n")[0]


@pytest.mark.parametrize("word", ["levers", "shocks"])
def test_levers_and_shocks_cite_only_known_sources(word, capsys):
    for row in json.loads(told(capsys, word, "--json"))[word]:
        assert not unknown_keys(row["source"]), row["name"]


def test_every_ready_scenario_is_listed_with_its_question(capsys):
    rows = json.loads(told(capsys, "scenarios", "--json"))["scenarios"]
    assert [row["name"] for row in rows] == list(ready_scenarios())
    shown = told(capsys, "scenarios")
    for row in rows:
        read = load_scenario(row["name"])
        assert (row["title"], row["question"], row["months"]) == (read.title, read.question, read.months)
        assert f"{row['name']} " in shown
