"""All shocks and all levers of the catalogue: nothing comes from nothing, money holds.

Everything is derived from the declarations, so a new kind is tested from the day it is there.
"""

from __future__ import annotations

import itertools
import json
import re
import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from catalogue_settings import KINDS, cover, does_nothing, end, idle_ways, made, numbers, untaken
from catalogue_worlds import lived

from sim.catalogue import LEVER_NAMES, LEVERS, SHOCK_NAMES, SHOCKS, Kind, Registry, Settings
from sim.declare import OUTCOMES
from sim.purse import city_share
from sim.scenario import load_scenario
from sim.sources import unknown_keys
from sim.twins import plan

YEAR = 12


# Declarations

GROUPS = {"economy", "nature", "society", "growth"}, {
    "skills", "enterprise", "protection", "services", "hazards", "community", "partnership", "rules",
}  # fmt: skip
CODES = [*(f"E{k}" for k in range(1, 8)), *(f"N{k}" for k in range(1, 5)), "S1", "S2", "S3", "U1"]


def test_the_catalogue_has_the_names_and_codes_of_the_contract():
    assert set(SHOCKS) >= set(SHOCK_NAMES) and set(LEVERS) >= set(LEVER_NAMES)
    assert [SHOCKS[name].code for name in SHOCK_NAMES] == CODES
    assert [LEVERS[name].code for name in LEVER_NAMES] == [f"L{k}" for k in range(1, 20)]


def test_the_codes_of_all_kinds_are_well_formed_and_each_is_given_once():
    codes = [kind.code for kind in KINDS.values()]
    assert all(re.fullmatch(r"L[1-9][0-9]*", kind.code) for kind in LEVERS.values())
    assert all(re.fullmatch(r"[A-KM-Z][1-9][0-9]*", kind.code) for kind in SHOCKS.values())
    assert len(set(codes)) == len(codes)


def incomplete(**said) -> Kind:
    whole = {"name": "gotong_royong", "meaning": "help", "source": "assumption", "settings": Settings, "code": "L20"}
    return Kind(**(whole | {"group": "community", "indonesian": "Gotong royong", "moves": (("trust", 1),)} | said))


def test_a_kind_that_says_too_little_is_refused_with_all_that_is_missing():
    registry = Registry("lever", "lever", LEVER_NAMES)
    with pytest.raises(ValueError, match=r"lever gotong_royong: .* must also say code, moves, cost$"):
        registry.add(incomplete(code="", moves=()))
    Registry("shock", "kind", ()).add(incomplete())  # a shock costs nothing
    assert registry.add(incomplete(cost="Rp 1")).cost == "Rp 1"
    with pytest.raises(ValueError, match="lever gotong_royong is declared twice"):
        registry.add(incomplete(cost="Rp 1", code="L21"))
    with pytest.raises(ValueError, match="lever arisan: its code L20 is that of gotong_royong"):
        registry.add(incomplete(cost="Rp 1", name="arisan"))


def test_kinds_beyond_those_of_the_contract_follow_them_in_the_reference_by_code_and_name(monkeypatch):
    for name, code in (("aa_later", "L100"), ("zz_first", "L20"), ("aa_first", "L20")):
        monkeypatch.setitem(LEVERS._kinds, name, replace(LEVERS["worker_training"], name=name, code=code))
    names = sorted(LEVERS, key=LEVERS.order)
    assert names == [*LEVER_NAMES, "aa_first", "zz_first", "aa_later"]
    page = runpy.run_path(str(Path(__file__).parent.parent / "docs" / "reference.py"))["kinds"]("Levers", LEVERS)
    assert [line.split()[1] for line in page if line.startswith("### ")][-3:] == ["L20", "L20", "L100"]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_what_it_is_who_says_so_and_what_it_moves(name):
    kind = KINDS[name]
    assert kind.group in GROUPS[name in LEVERS]
    assert kind.indonesian and kind.meaning
    assert kind.moves, f"{name} says of no outcome that it moves it: no row of the matrix tests it; declare `moves`"
    assert kind.source and not unknown_keys(kind.source), unknown_keys(kind.source)
    assert (name in SHOCKS) or kind.cost
    assert {outcome for outcome, _ in kind.moves} <= set(OUTCOMES)
    assert {sign for _, sign in kind.moves} <= {1, -1}


@pytest.mark.parametrize("name", KINDS)
def test_every_setting_has_a_meaning_a_unit_and_if_a_number_a_range(name):
    kind = KINDS[name]
    for setting, field in kind.settings.model_fields.items():
        if setting in ("kind", "lever") or setting in untaken(kind):
            continue
        assert field.description, setting
        if isinstance(field.default, int | float):
            assert field.json_schema_extra["unit"], setting
            low, high = numbers(kind)[setting]
            assert low <= field.default <= high and low < high, setting


# Nothing comes from nothing


@cache
def quiet() -> str:
    return lived(2000, 1, YEAR).recorder.digest()


@pytest.mark.parametrize("name", KINDS)
def test_no_intensity_and_no_money_leave_every_outcome_as_it_was_to_the_last_bit(name):
    ways = idle_ways(KINDS[name])
    assert ways
    for settings in ways:
        assert does_nothing(settings)
        assert lived(2000, 1, YEAR, settings).recorder.digest() == quiet(), settings


def test_any_other_digest_would_be_seen():
    assert quiet() == lived(2000, 1, YEAR).recorder.digest()
    assert quiet() != lived(2000, 1, YEAR, made(SHOCKS["fiscal_cut"], intensity=0.01)).recorder.digest()


def test_an_empty_package_leaves_every_outcome_as_it_was():
    assert (
        lived(2000, 1, YEAR, *(way for kind in KINDS.values() for way in idle_ways(kind))).recorder.digest() == quiet()
    )


@pytest.mark.parametrize("name", KINDS)
def test_the_planner_of_twins_lives_a_world_that_nothing_changes_once(name):
    given = idle_ways(KINDS[name])[0].model_dump(mode="json", exclude={"mix"})
    empty = [{"name": "Empty", "policies": []}]
    text = {"title": "x", "question": "y?", "months": YEAR, "start": "2025-01", "packages": empty}
    if name in SHOCKS:
        tree = plan(load_scenario(json.dumps(text | {"shocks": [given]})), YEAR)
        assert tree.same == {(1, 0): (0, 0), (0, 1): (0, 0), (1, 1): (0, 0)}
    else:
        tree = plan(load_scenario(json.dumps(text | {"packages": [{"name": "Idle", "policies": [given]}]})), YEAR)
        assert tree.same == {(1, 0): (0, 0)}
    assert tree.forks == ()


# Money


@pytest.mark.parametrize("funding", ["apbd", "csr", "match", "reserve"])
@pytest.mark.parametrize("struck", [False, True], ids=["quiet", "fiscal_cut"])
def test_all_levers_at_once_at_the_top_never_spend_what_they_were_not_granted(funding, struck):
    levers = [end(kind, top=True).model_copy(update={"funding": funding}) for kind in LEVERS.values()]
    less = {"cut": 0.3, "intensity": 1.0}  # of a full cut no purchases are left, so nothing for levers either
    shocks = [end(SHOCKS["fiscal_cut"], top=True).model_copy(update=less)] if struck else []
    granted = {"envelope": 0.0}

    def look(world) -> None:
        government, drivers = world.government, world.drivers
        usual = government.discretionary_yearly / 12.0 * drivers.growth * drivers.productivity
        granted["envelope"] += usual * drivers.purchases
        lines = {lever.name: government.line(lever.name) for lever in world.policies}
        assert government.treasury >= 0
        for name, line in lines.items():
            assert -1 <= line.spent <= line.released + 1, name
        bought = [lever for lever in world.policies if lever.purse is not None]
        city = sum(city_share(funding) * max(lines[lever.name].spent, 0.0) for lever in bought)
        assert city <= granted["envelope"] + len(bought)
        from_city = sum(lines[lever.name].released - lines[lever.name].from_companies for lever in bought)
        if funding != "reserve":
            assert from_city <= granted["envelope"] + len(bought)

    ended = lived(1000, 1, 18, *levers, *shocks, each=look)
    at_work = sum(ended.world.government.line(lever.name).spent > 0 for lever in ended.world.policies)
    assert at_work >= (3 if funding == "csr" else 10)  # what companies set aside is soon gone
    assert max(ended.world.identities.values()) == 0.0


# Books

ENDS = {(name, top): end(kind, bool(top)) for name, kind in KINDS.items() for top in (0, 1)}
SHORT = 6


def balanced(settings: list[Any], months: int = SHORT) -> None:
    assert max(lived(2000, 1, months, *settings).world.identities.values()) == 0.0


def company(lever: str, top: int) -> list[tuple[str, int]]:
    """The lever at one end, and every second shock, in turn at the one end and the other."""
    turn = list(LEVERS).index(lever) + top
    return [(lever, top), *((shock, (k // 2 + turn) % 2) for k, shock in enumerate(SHOCKS) if (k + turn) % 2 == 0)]


def everything() -> list[list[tuple[str, int]]]:
    """Few runs of all kinds, in which any two kinds meet at all four combinations of their ends."""
    return [list(zip(KINDS, run, strict=True)) for run in cover(len(KINDS))]


@pytest.mark.parametrize("top", [0, 1], ids=["bottom", "top"])
@pytest.mark.parametrize("lever", LEVERS)
def test_books_balance_under_a_lever_and_half_of_all_shocks_at_the_ends_of_their_ranges(lever, top):
    balanced([ENDS[one] for one in company(lever, top)])


@pytest.mark.parametrize("run", everything(), ids=lambda run: "".join(str(top) for _, top in run))
def test_books_balance_when_everything_happens_at_once(run):
    balanced([ENDS[one] for one in run], YEAR)


def test_every_lever_meets_every_shock_with_no_other_lever_about_and_at_all_ends_among_all_others():
    met = {(lever, shock) for lever in LEVERS for top in (0, 1) for shock, _ in company(lever, top)[1:]}
    assert met == set(itertools.product(LEVERS, SHOCKS))
    ends = {frozenset(pair) for run in everything() for pair in itertools.combinations(run, 2)}
    for one, other in itertools.combinations(KINDS, 2):
        for a, b in itertools.product((0, 1), repeat=2):
            assert frozenset({(one, a), (other, b)}) in ends, (one, a, other, b)


def test_both_ends_of_every_kind_do_something():
    assert not [one for one, settings in ENDS.items() if does_nothing(settings)]
