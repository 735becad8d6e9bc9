"""`bandung follow`: one household in two worlds, told in sentences that are true of both."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from compared import TINY, bandung, scenario

from sim.agents import households as homes
from sim.agents.businesses import SECTORS
from sim.agents.persons import CHILD, FORMAL, OWN, UNEMPLOYED
from sim.city import load_city
from sim.follow import follow, snapshot, works_in
from sim.scenario import load_scenario
from sim.story import Life, Lives, Member, Snapshot, as_dict, story, tell

LATE = TINY.replace("2000e9}", "2000e9, start: 2025-05}").replace("start: 2025-05\n", "start: 2025-07\n")
MONTHS, FIRST = 8, 4  # the cash begins in 2025-05, the slump in 2025-07
WORLD = SimpleNamespace(city=load_city(2025))
ADULT = Member(uid=1, age=40, sex=1, state=OWN, sector=SECTORS.index("trade"), pay=0.0, certified=-1, technology=0.0,
               practice=0.2, enrolled=0)  # fmt: skip
PUPIL = replace(ADULT, uid=2, age=12, sex=0, state=CHILD, enrolled=1)
QUIET = Snapshot(month=3, members=(ADULT, PUPIL), income=3e6, spending=3e6, savings=1e6, debt=0.0, aid=0.0, coping=0,
                 damage=0.0, district=0, takes_part=0, poor=False)  # fmt: skip


@pytest.fixture(scope="module")
def lives() -> Lives:
    """A poor household that the cash reaches, in both worlds."""
    return follow(load_scenario(LATE), package="Cash <b> & care", scale=1000, months=MONTHS)


def told(**changes) -> str:
    return " ".join(tell(QUIET, replace(QUIET, month=4, **changes), WORLD))


def person(**changes) -> dict:
    return {"members": (replace(ADULT, **changes), PUPIL)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ""),
        ({"damage": 0.3}, "Their home is damaged: 30 % of what they own."),
        (person(certified=4), "The woman of 40 finishes a training."),
        (person(practice=0.9), "The woman of 40 is mentored in running the business."),
        (person(technology=1.0), "The woman of 40 begins to sell or pay digitally."),
        (person(state=UNEMPLOYED), "The woman of 40 is now jobless."),
        (
            person(state=FORMAL, pay=4.2e6),
            "The woman of 40 is now an employee in trade, Rp 4.2 million a month.",
        ),
        ({"members": (ADULT, replace(PUPIL, enrolled=0))}, "The boy of 12 leaves school."),
        ({"members": (ADULT,)}, "The boy of 12 is no longer with them."),
        ({"members": (ADULT, PUPIL, replace(PUPIL, uid=3, age=0, sex=1))}, "A girl is born."),
        ({"members": (ADULT, PUPIL, replace(PUPIL, uid=3, age=30))}, "The man of 30 joins."),
        ({"members": ()}, "The household leaves the city or dissolves."),
        ({"income": 1.5e6}, "Income falls from Rp 3.0 to 1.5 million."),
        ({"income": 3.3e6}, ""),
        ({"aid": 200e3}, "They receive Rp 200 thousand from a programme."),
        ({"debt": 2e6, "coping": homes.BORROWED}, "The household borrows. They owe Rp 2.0 million."),
        ({"coping": homes.HUNGRY}, "The household cuts food."),
        ({"coping": homes.WITHDREW}, "The household takes a child out of school."),
        ({"district": 26}, "They move from Sukasari to Gedebage."),
        ({"takes_part": 1}, "They begin to take part in their neighbourhood."),
        ({"poor": True}, "They fall below the poverty line."),
    ],
)  # fmt: skip
def test_what_happens_between_two_months_is_told_and_nothing_else(changes, expected):
    assert WORLD.city.names[0] == "Sukasari" and WORLD.city.names[26] == "Gedebage"
    assert told(**changes) == expected


def test_what_ends_is_told_too():
    hit = replace(QUIET, damage=0.4, poor=True, takes_part=1, aid=2e5)
    assert tell(hit, QUIET, WORLD) == [
        "They no longer receive money from a programme.",
        "Their home is repaired.",
        "They stop taking part.",
        "They rise above the poverty line.",
    ]
    gone = replace(QUIET, members=())
    assert tell(gone, QUIET, WORLD) == tell(gone, gone, WORLD) == []


def test_an_event_planted_in_the_city_is_seen(world):
    """A home damaged and a grown-up trained in the rows themselves."""
    row = int(np.flatnonzero((world.households.rows["alive"] == 1) & (world.households.rows["earners"] > 0))[5])
    uid = int(world.households.rows["uid"][row])
    before = snapshot(world, row, uid)
    assert before.members
    grown = next(m for m in before.members if m.age >= 18)
    world.households.rows["damage"][row] = 0.25
    world.persons.rows["certified"][world.persons.rows["uid"] == grown.uid] = 3
    said = tell(before, snapshot(world, row, uid), world)
    assert "Their home is damaged: 25 % of what they own." in said
    assert f"{grown.who.capitalize()} finishes a training." in said
    assert snapshot(world, row, uid + 1).members == ()  # another household has taken the row


def test_both_worlds_are_the_same_until_the_policy_begins(lives):
    without, with_ = lives.without, lives.with_
    assert len(without.snapshots) == len(with_.snapshots) == MONTHS + 1
    for a, b in zip(without.snapshots[: FIRST + 1], with_.snapshots[: FIRST + 1], strict=True):
        assert a == b
    assert [e for e in without.events if e[0] < FIRST] == [e for e in with_.events if e[0] < FIRST]
    assert without.snapshots[FIRST + 1 :] != with_.snapshots[FIRST + 1 :]
    paid = [one.aid for one in with_.snapshots[FIRST + 1 :]]
    assert set(paid) == {200e3}  # what the lever pays a family each month
    assert (FIRST, "They receive Rp 200 thousand from a programme.") in with_.events
    assert sum(one.aid for one in without.snapshots) == 0.0


def test_the_story_says_who_they_are_and_what_differs(lives):
    lines = story(lives)
    assert lines[0].startswith(f"Household {lives.household}, ")
    assert "Without the policy:" in lines and "With 'Cash <b> & care':" in lines
    months = [line.split()[0] for line in lines if line.startswith("  2025-")]
    assert set(months) <= {f"2025-{k:02d}" for k in range(1, MONTHS + 1)}
    assert f"in its last {MONTHS} months the household spends Rp" in " ".join(lines)


def test_the_story_fits_a_narrow_terminal_and_says_the_same(lives):
    for language in ("en", "id"):
        wide = story(lives, language, 1000)
        assert max(map(len, wide)) > 100
        for width in (40, 80):
            narrow = story(lives, language, width)
            assert max(map(len, narrow)) <= width
            assert " ".join(narrow).split() == " ".join(wide).split()


def test_json_holds_every_month_of_both_worlds(tmp_path):
    said = bandung("follow", scenario(tmp_path, LATE), "--household", 12, "--months", 6, "--scale", 2000, "--json")
    assert said.code == 0, said.err
    found = said.json
    assert (found["household"], found["start"]) == (12, "2025-01")
    assert [world["name"] for world in found["worlds"]] == ["without the policy", "with 'Training'"]
    for world in found["worlds"]:
        assert [month["month"] for month in world["months"]] == [f"2025-{k:02d}" for k in range(1, 7)]
        assert {"members", "district", "income", "spending", "savings", "debt", "aid"} <= set(world["months"][0])
        assert all(set(event) == {"month", "text"} for event in world["events"])


def test_the_household_that_is_chosen_is_one_that_the_package_reached(tmp_path):
    """Others' lives differ by chance meetings: a family that got cash is shown for cash."""
    text = "title: Cash\nmonths: 6\npackages:\n  - name: Cash\n    policies:\n      - lever: cash_transfer\n"
    settings = {"budget_rp_per_year": "20e9", "amount_rp": "100e3", "coverage": "0.1"}
    text += "".join(f"        {name}: {value}\n" for name, value in settings.items())
    said = bandung("follow", scenario(tmp_path, text), "--scale", 500, "--json")
    assert said.code == 0, said.err
    usual, cash = (sum(month["aid"] for month in world["months"]) for world in said.json["worlds"])
    assert cash > usual


def test_a_scenario_without_packages_is_one_life(tmp_path):
    said = bandung("follow", scenario(tmp_path, "title: Bare\nmonths: 3\n"), "--household", 3, "--scale", 2000)
    assert said.code == 0
    assert said.out.startswith("Household 3, ")
    assert "As it is: in its last 3 months the household spends Rp" in said.out
    assert "policy" not in said.out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--household", "99999"], "--household 99999: at scale 2000 the city has households 1 to 3"),
        (["--household", "0"], "'--household': 0 is not in the range x>=1"),
        (["--household", "first"], "'--household': 'first' is not a valid integer"),
        (
            ["--package", "Trainin"],
            "has no package 'Trainin'; it has: Training, Cash <b> & care, Nothing; did you mean",
        ),
        (["--months", "0"], "'--months': 0 is not in the range 1<=x<=600"),
        (["--shocks", "maybe"], "'--shocks': 'maybe' is not one of"),
    ],
)
def test_a_wrong_choice_is_one_message(arguments, expected, tmp_path):
    said = bandung("follow", scenario(tmp_path), "--scale", 2000, *arguments)
    assert (said.code, said.out) == (2, "")
    assert expected in said.err and "Traceback" not in said.err


def test_a_household_that_leaves_is_told_to_the_end():
    """Nothing is said of a household after it has gone, and its balance says so."""
    life = Life("as it is")
    for one in (QUIET, replace(QUIET, month=4, members=()), replace(QUIET, month=5, members=())):
        life.add(one, WORLD)
    lives = Lives(1, "2025-01", life, None, tuple(WORLD.city.names))
    assert life.events == [(4, "The household leaves the city or dissolves.")]
    assert story(lives)[-1] == "As it is: the household is no longer in the city at the end."
    assert [month["members"] for month in as_dict(lives)["worlds"][0]["months"]] == [0, 0]


WARNING = """\
title: Warning
months: 4
packages:
  - name: Early warning
    policies:
      - lever: flood_protection
        budget_rp_per_year: 1e9
        districts: [Gedebage, Rancasari]
        warning_share: 1
"""


def test_where_nobody_is_counted_as_reached_the_household_lives_where_the_package_works():
    scenario = load_scenario(WARNING)
    found = follow(scenario, scale=500)
    assert found.places[found.without.snapshots[0].district] in ("Gedebage", "Rancasari")
    here = works_in(scenario.packages[0])
    assert [name for name, works in zip(found.places, here, strict=True) if works] == ["Rancasari", "Gedebage"]


def test_the_story_ends_with_what_luck_does(lives):
    for language, said in (("en", "by luck as well as by the policy"), ("id", "gambaran, bukan dampak.")):
        assert said in story(lives, language, 1000)[-1]
