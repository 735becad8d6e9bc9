"""Wrong shocks, levers and packages: each mistake is told with line, column, what is allowed and the nearest name."""

from __future__ import annotations

import re

import pytest
from fuzz_scenarios import damaged, fuzz, verdict

from sim.catalogue import LEVERS, SHOCKS, discover
from sim.cli import answer
from sim.errors import InputError
from sim.scenario import Scenario, load_scenario, ready_scenarios, to_yaml
from sim.strict_yaml import MAX_BYTES

SHOCK = "title: x\nshocks:\n  - kind: {kind}\n    start: 2026-01\n"
LEVER = "title: x\npackages:\n  - name: A\n    policies:\n      - lever: {lever}\n"


def shock(line: str, kind: str = "flood") -> str:
    """A scenario with one shock; `line` is its line 5, which begins in column 5."""
    return SHOCK.format(kind=kind) + f"    {line}\n"


def lever(line: str, name: str = "cash_transfer") -> str:
    """A scenario with one lever; `line` is its line 6, which begins in column 9."""
    return LEVER.format(lever=name) + f"        {line}\n"


def packages(*budgets: str, after: str = "") -> str:
    """A scenario with a package for each budget."""
    each = "  - name: P{}\n    policies: [{{lever: cash_transfer, budget_rp_per_year: {}}}]\n"
    return "title: x\npackages:\n" + "".join(each.format(k, rp) for k, rp in enumerate(budgets)) + after


RAIN = "a flood in 2026-07 is outside the rainy season (November to April); choose another month or say season: any"
RUN = "the run is 2025-01 to 2034-12"
MONEY = "allowed: 0 to 5e12 Rp of 2024/year"

# What is wrong, the file, and everything that is said about it; '...' stands for more of the same line.
WRONG: list[tuple[str, str, list[str]]] = [
    # names of shocks and levers
    (
        "shock misspelt in capitals",
        SHOCK.format(kind="FLOD"),
        ["3:11: shocks[0].kind: unknown shock 'FLOD'; did you mean 'flood'?"],
    ),
    (
        "shock that is like none",
        SHOCK.format(kind="zzz"),
        ["3:11: shocks[0].kind: unknown shock 'zzz'; available: conflict, ..."],
    ),
    (
        "lever among the shocks",
        SHOCK.format(kind="maintenance"),
        ["3:11: shocks[0].kind: 'maintenance' is a lever, not a shock; available: ..."],
    ),
    (
        "shock among the levers",
        LEVER.format(lever="flood"),
        ["5:16: packages[0].policies[0].lever: 'flood' is a shock, not a lever; available: ..."],
    ),
    (
        "lever misspelt",
        LEVER.format(lever="cash_transfr"),
        ["5:16: packages[0].policies[0].lever: unknown lever 'cash_transfr'; did you mean 'cash_transfer'?"],
    ),
    (
        "lever nothing",
        LEVER.format(lever=""),
        ["5:15: packages[0].policies[0].lever: must be text, not nothing"],
    ),
    (
        "lever without its name",
        "title: x\npackages:\n  - name: A\n    policies:\n      - budget_rp_per_year: 1e9\n",
        ["5:9: packages[0].policies[0]: 'lever' is missing: which lever?"],
    ),
    (
        "lever a word",
        "title: x\npackages:\n  - name: A\n    policies: [cash_transfer]\n",
        ["4:16: packages[0].policies[0]: must be 'name: value' lines, not 'cash_transfer'"],
    ),
    # settings
    (
        "setting misspelt",
        shock("intensty: 0.5"),
        ["5:5: shocks[0].intensty: unknown name; did you mean 'intensity'?"],
    ),
    (
        "setting of another shock",
        shock("magnitude: 6.8"),
        ["5:5: shocks[0].magnitude: unknown name; it belongs to earthquake; known: kind, start, intensity, ..."],
    ),
    (
        "setting of other levers",
        lever("need_weight: 1"),
        ["6:9: packages[0].policies[0].need_weight: unknown name; it belongs to service_infrastructure; known: lev..."],
    ),
    (
        "setting of no lever",
        lever("zzz: 1"),
        ["6:9: packages[0].policies[0].zzz: unknown name; known: lever, start, end, ramp, budget_rp_per_year, ..."],
    ),
    (
        "setting with an inner name",
        shock("model_config: 1"),
        ["5:5: shocks[0].model_config: unknown name; known: kind, start, ..."],
    ),
    (
        "setting twice",
        shock("start: 2026-02"),
        ["5:5: 'start' is given twice (first on line 4)"],
    ),
    # numbers
    (
        "share above 1",
        shock("intensity: 1.5"),
        ["5:16: shocks[0].intensity: 1.5 is out of range; allowed: 0 to 1 share"],
    ),
    (
        "negative months",
        shock("recovery: -1"),
        ["5:15: shocks[0].recovery: -1 is out of range; allowed: 0 to 24 months"],
    ),
    (
        "budget beyond the city's",
        lever("budget_rp_per_year: 9e12"),
        [f"6:29: packages[0].policies[0].budget_rp_per_year: 9e12 is out of range; {MONEY}"],
    ),
    (
        "budget in words",
        lever("budget_rp_per_year: 100 billion"),
        [
            "6:29: packages[0].policies[0].budget_rp_per_year: must be a number, not '100 billion'; "
            f"{MONEY}; a number is written like 100e9 or 0.5"
        ],
    ),
    (
        "budget in quotes",
        lever('budget_rp_per_year: "100e9"'),
        [
            "6:29: packages[0].policies[0].budget_rp_per_year: must be a number, not '100e9'; "
            f"{MONEY}; write it without quotes"
        ],
    ),
    (
        "budget with points",
        lever("budget_rp_per_year: 100.000.000"),
        [
            "6:29: packages[0].policies[0].budget_rp_per_year: must be a number, not '100.000.000'; "
            f"{MONEY}; write 100000000"
        ],
    ),
    (
        "secretariat that is given more than it can spend beside a package that spends it all",
        "title: x\npackages:\n"
        "- {name: A, policies: [{lever: csr_coordination, budget_rp_per_year: 50e9}]}\n"
        "- {name: B, policies: [{lever: cash_transfer, budget_rp_per_year: 50e9}]}\n",
        ["3:1: packages: packages do not cost the same a year ('A' Rp 2.0 billion, 'B' Rp 50.0 billion); make..."],
    ),
    (
        "money with one point",
        lever("amount_rp: 200.000"),
        ["6:20: packages[0].policies[0].amount_rp: 200.000: 200000 or 200.0?"],
    ),
    (
        "money with one point whose thousands are out of range too",
        lever("secretariat_rp: 1.500", "csr_coordination"),
        ["6:25: packages[0].policies[0].secretariat_rp: 1.5 is out of range; allowed: 1000000000 to 3000000000 Rp ..."],
    ),
    (
        "decimal comma in a lever",
        "title: x\npackages:\n- name: A\n  policies:\n  - {lever: cash_transfer, coverage: 0,05}\n",
        ["5:40: packages[0].policies[0].05: unknown name; a decimal number has a point, as 0.5, and no comma"],
    ),
    (
        "decimal comma in a parameter",
        "title: x\nparameters: {household.mutual_aid: 0,05}\n",
        ["2:38: parameters.05: unknown parameter; a decimal number has a point, as 0.5, and no comma"],
    ),
    (
        "parameter in quotes",
        'title: x\nparameters:\n  labour.commuting_decay: "0.09"\n',
        [
            "3:27: parameters.labour.commuting_decay: must be a number, not '0.09'; allowed: 0.01 to 0.15 1/minute; "
            "write it without quotes"
        ],
    ),
    (
        "budget of millions of digits",
        lever("budget_rp_per_year: " + "9" * 100_000),
        [f"6:29: packages[0].policies[0].budget_rp_per_year: must be a number, not '{'9' * 56}...; {MONEY}"],
    ),
    ("not a number", shock("intensity: .nan"), ["5:16: shocks[0].intensity: must be a number, not '.nan'; allowed..."]),
    ("infinite", shock("weeks: .inf"), ["5:12: shocks[0].weeks: must be a number, not '.inf'; allowed: 1 to 4 weeks"]),
    (
        "too large to be",
        shock("weeks: 1e999"),
        ["5:12: shocks[0].weeks: must be a number, not '1e999'; allowed: 1 ..."],
    ),
    (
        "true for a number",
        shock("intensity: true"),
        ["5:16: shocks[0].intensity: must be a number, not true; allowed: 0 to 1 share"],
    ),
    (
        "yes for a number",
        shock("intensity: yes"),
        ["5:16: shocks[0].intensity: must be a number, not 'yes'; allowed: 0 to 1 share"],
    ),
    (
        "base sixty",
        lever("ramp: 1:20"),
        [
            "6:15: packages[0].policies[0].ramp: must be a whole number, not '1:20'; allowed: 0 to 120 months; "
            "a number is written like 100e9 or 0.5"
        ],
    ),
    (
        "hexadecimal",
        lever("ramp: 0x10"),
        ["6:15: packages[0].policies[0].ramp: must be a whole number, not '0x10'; allowed: 0 to 120 months; a num..."],
    ),
    (
        "half a month",
        shock("duration: 1.5"),
        ["5:15: shocks[0].duration: must be a whole number, not 1.5; allowed: 0 to 12 months"],
    ),
    (
        "a point in a whole number",
        shock("duration: 1.0"),
        ["5:15: shocks[0].duration: must be a whole number, not 1.0; allowed: 0 to 12 months"],
    ),
    (
        "nothing for a number",
        shock("intensity:"),
        ["5:15: shocks[0].intensity: must be a number, not nothing; allowed: 0 to 1 share"],
    ),
    (
        "a list for a number",
        shock("intensity: [0.5]"),
        ["5:16: shocks[0].intensity: must be a number, not a list; allowed: 0 to 1 share"],
    ),
    # choices
    (
        "targeting misspelt",
        lever("targeting: needy"),
        [
            "6:20: packages[0].policies[0].targeting: 'needy' is not one of: need, population, random; "
            "did you mean 'need'?"
        ],
    ),
    (
        "targeting unheard of",
        lever("targeting: zzz", "worker_training"),
        ["6:20: packages[0].policies[0].targeting: 'zzz' is not one of: ..."],
    ),
    (
        "funding a number",
        lever("funding: 3"),
        ["6:18: packages[0].policies[0].funding: 3 is not one of: apbd, csr, match, reserve"],
    ),
    (
        "mode a list",
        lever("mode: [adaptive]"),
        ["6:15: packages[0].policies[0].mode: a list is not one of: regular, adaptive"],
    ),
    (
        "season in capitals",
        shock("season: RAINY"),
        ["5:13: shocks[0].season: 'RAINY' is not one of: rainy, any; did you mean 'rainy'?"],
    ),
    # places and sectors
    (
        "kecamatan misspelt, each of them",
        shock("districts: [Gedbage, Coblong, Cobong]"),
        [
            "5:17: shocks[0].districts[0]: unknown kecamatan 'Gedbage'; did you mean 'Gedebage'?",
            "5:35: shocks[0].districts[2]: unknown kecamatan 'Cobong'; did you mean 'Coblong'?",
        ],
    ),
    (
        "kecamatan twice, by name and by code",
        shock("districts: [gedebage, 32.73.27, Coblong]"),
        ["5:27: shocks[0].districts[1]: kecamatan 'Gedebage' is named twice"],
    ),
    (
        "kecamatan not in a list",
        shock("districts: Gedebage"),
        [
            "5:16: shocks[0].districts: must be a list of kecamatan, by name or code, e.g. [Gedebage, 32.73.27], "
            "not 'Gedebage'"
        ],
    ),
    (
        "kecamatan that are no names",
        lever("districts: [~, 7, [Coblong], {a: 1}]"),
        [
            f"6:{column}: packages[0].policies[0].districts[{k}]: must be the name or code of a kecamatan, not {what}"
            for k, (column, what) in enumerate(
                [(21, "nothing"), (24, "7"), (27, "a list"), (38, "'name: value' lines")]
            )
        ],
    ),
    (
        "sectors misspelt and unknown",
        shock("sectors: [trad, textiles]", "demand_slump"),
        [
            "5:15: shocks[0].sectors[0]: unknown sector 'trad'; did you mean 'trade'?",
            "5:21: shocks[0].sectors[1]: unknown sector 'textiles'; known: manufacturing, construction, trade, tran...",
        ],
    ),
    (
        "sector twice",
        shock("sectors: [trade, trade]", "demand_slump"),
        ["5:22: shocks[0].sectors[1]: sector 'trade' is named twice"],
    ),
    (
        "sector nothing",
        shock("sectors: [~]", "demand_slump"),
        ["5:15: shocks[0].sectors[0]: must be the name of a sector, not nothing"],
    ),
    (
        "sectors of a shock that has none",
        shock("sectors: [trade]"),
        ["5:14: shocks[0].sectors: this shock hits all sectors; leave the line out"],
    ),
    (
        "districts of a lever that works in the whole city or nowhere",
        lever("districts: [Coblong]", "minimum_wage"),
        ["6:20: packages[0].policies[0].districts: this lever works in the whole city; leave the line out"],
    ),
    (
        "services that are none",
        lever("mix: {roads: 1, bridges: 2}", "service_infrastructure"),
        ["6:14: packages[0].policies[0].mix: unknown service 'bridges'..."],
    ),
    (
        "services as lists of lists",
        lever("mix: [[[roads], 1]]", "service_infrastructure"),
        ["6:14: packages[0].policies[0].mix: must give shares of services, e.g. {roads: 2, water: 1}"],
    ),
    # months
    (
        "a day for a month",
        lever("start: 2027-01-01"),
        ["6:16: packages[0].policies[0].start: '2027-01-01' is not a month; write 2027-01"],
    ),
    (
        "a short month",
        lever("end: 2027-1"),
        ["6:14: packages[0].policies[0].end: '2027-1' is not a month; write 2027-01"],
    ),
    (
        "month 13",
        lever("start: 2027-13"),
        ["6:16: packages[0].policies[0].start: '2027-13' is not a month; write YYYY-MM, e.g. 2027-01"],
    ),
    (
        "a year for a month",
        lever("start: 2027"),
        ["6:16: packages[0].policies[0].start: 2027 is not a month; write YYYY-MM, e.g. 2027-01"],
    ),
    (
        "no month at all",
        "title: x\nshocks:\n  - kind: flood\n    start:\n",
        ["4:11: shocks[0].start: nothing is not a month; write YYYY-MM, e.g. 2027-01"],
    ),
    ("no start", "title: x\nshocks:\n  - kind: earthquake\n", ["3:5: shocks[0]: 'start' is missing"]),
    (
        "before the run",
        lever("start: 2024-12"),
        [f"6:16: packages[0].policies[0].start: 2024-12 is outside the run; {RUN}"],
    ),
    (
        "after the run",
        lever("end: 2035-01"),
        [f"6:14: packages[0].policies[0].end: 2035-01 is outside the run; {RUN}"],
    ),
    (
        "end before its start",
        lever("start: 2030-01\n        end: 2029-12"),
        ["7:14: packages[0].policies[0].end: 2029-12 is before the start, 2030-01"],
    ),
    (
        "flood in the dry season",
        SHOCK.format(kind="flood").replace("2026-01", "2026-07"),
        [f"3:5: shocks[0]: {RAIN}"],
    ),
    # packages
    (
        "package without policies",
        "title: x\npackages:\n  - name: A\n  - name: B\n    policies: []\n",
        ["3:5: packages[0]: 'policies' is missing; `policies: []` stands for doing nothing"],
    ),
    (
        "package with empty policies",
        "title: x\npackages:\n  - name: A\n    policies:\n",
        ["4:14: packages[0].policies: must be a list, not nothing"],
    ),
    (
        "package a word",
        "title: x\npackages: [Training]\n",
        ["2:12: packages[0]: must be 'name: value' lines, not 'Training'"],
    ),
    (
        "package called none",
        "title: x\npackages:\n  - name: none\n    policies: []\n",
        ["3:11: packages[0].name: 'none' stands for doing nothing; choose another name"],
    ),
    (
        "package with a number for a name",
        "title: x\npackages:\n  - name: 2025\n    policies: []\n",
        ["3:11: packages[0].name: must be text in quotes, not 2025"],
    ),
    (
        "package without letters",
        "title: x\npackages:\n  - name: ''\n    policies: []\n  - name: ' '\n    policies: []\n",
        [
            "3:11: packages[0].name: must not be empty",
            "5:11: packages[1].name: must be one line of visible text",
        ],
    ),
    (
        "package with a long name",
        f"title: x\npackages:\n  - name: {'x' * 81}\n    policies: []\n",
        ["3:11: packages[0].name: 81 characters; the limit is 80"],
    ),
    (
        "budgets that differ",
        packages("100e9", "102e9"),
        [
            "3:3: packages: packages do not cost the same a year ('P0' Rp 100.0 billion, 'P1' Rp 102.0 billion); "
            "make them equal, or say `unequal_cost: true`"
        ],
    ),
    (
        "unequal cost said in the manner of YAML 1.1",
        packages("100e9", "102e9", after="unequal_cost: yes\n"),
        ["7:15: unequal_cost: must be true or false, not 'yes'"],
    ),
    # a file as a whole
    (
        "alias that explodes",
        "title: x\nshocks: &a [&b [x, x], *b, *b]\nquestion: *a\n",
        ["2:9: anchors and aliases (& and *) are not used here; write the value out"],
    ),
    (
        "merge of settings",
        shock("<<: {intensity: 1}"),
        ["5:5: merge keys (<<) are not used here; write the values out"],
    ),
    ("tab before a setting", shock("\tintensity: 1"), ["5:5: a tab is used for indentation; use spaces"]),
    (
        "setting out of its list",
        SHOCK.format(kind="flood") + "   intensity: 1\n",
        ["5:4: not valid YAML: a line of this list is indented, or lacks its '- '"],
    ),
    (
        "text with a colon",
        "title: Flood: what then\n",
        ["1:13: not valid YAML: a ':' where no value can begin; indent lines alike, and put text with ': ' in quotes"],
    ),
    (
        "commas in a large number",
        "title: x\npackages:\n  - name: A\n    policies:\n"
        "      - {lever: cash_transfer, budget_rp_per_year: 100,000,000,000, start: 2026-01}\n",
        ["5:60: '000' is given twice (first on line 5); a large number has no commas: write 100e9 or 100_000_000"],
    ),
    (
        "a design of a sweep",
        "title: x\nscenario: baseline\noutcomes: [{name: gini}]\n",
        ["1:1: a design of a sweep, not a scenario; `bandung sweep FILE --out DIR` lives it"],
    ),
    (
        "upkeep with a budget alone beside a package with money",
        "title: x\npackages:\n  - name: A\n    policies: [{lever: maintenance, budget_rp_per_year: 50e9}]\n"
        "  - name: B\n    policies: [{lever: cash_transfer, budget_rp_per_year: 50e9, start: 2026-01}]\n",
        [
            "3:3: packages: packages do not cost the same a year ('A' Rp 0.0 billion, 'B' Rp 50.0 billion); make them "
            "equal, or say `unequal_cost: true`. maintenance changes nothing: its budget is only the most that it may "
            "cost; give it a share above 1"
        ],
    ),
    ("lists in lists", shock("districts: " + "[" * 40 + "]" * 40), ["5:37: nested more than 24 deep"]),
]


@pytest.mark.parametrize(("text", "expected"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_shock_lever_or_package_is_told_in_a_planners_words(text, expected):
    with pytest.raises(InputError) as caught:
        load_scenario(text)
    said = [message.removeprefix("<text>:") for message in caught.value.messages]
    assert len(said) == len(expected), said
    for one, wanted in zip(said, expected, strict=True):
        begins = wanted.endswith("...")
        assert one.startswith(wanted.removesuffix("...")) if begins else one == wanted, one


def test_mistakes_of_every_shock_and_package_are_told_at_once():
    text = (
        "title: x\nmonths: 24\nshocks:\n  - kind: flod\n  - {kind: flood, start: 2040-01, weeks: 9}\n"
        "packages:\n  - name: A\n    policies:\n      - {lever: cash_transfer, mode: x, start: 2040-01}\n  - name: B\n"
    )
    with pytest.raises(InputError) as caught:
        load_scenario(text)
    said = "\n".join(caught.value.messages)
    places = [tuple(map(int, message.split(":")[1:3])) for message in caught.value.messages]
    assert places == sorted(places)
    for part in (
        "kind: unknown",
        "start: 2040-01 is",
        "weeks: 9 is",
        "mode: 'x' is",
        "policies[0].start:",
        "'policies'",
    ):
        assert part in said


def test_a_wrong_kecamatan_hides_neither_the_season_nor_unequal_costs():
    money = "policies: [{lever: cash_transfer, budget_rp_per_year: "
    text = (
        "title: x\nshocks:\n  - {kind: flood, start: 2026-07, districts: [Gedbage]}\npackages:\n"
        f"  - name: A\n    {money}5e9, districts: [Andr]}}]\n  - name: B\n    {money}6e9}}]\n"
    )
    with pytest.raises(InputError) as caught:
        load_scenario(text)
    said = "\n".join(caught.value.messages)
    assert len(caught.value.messages) == 4
    for part in (RAIN, "unknown kecamatan 'Gedbage'", "unknown kecamatan 'Andr'", "('A' Rp 5.0 billion, 'B' Rp 6.0"):
        assert part in said


def test_nothing_is_said_of_costs_and_seasons_that_cannot_be_known():
    """A mistyped `season: any`, a budget that is no number, money that depends on a kecamatan that is none."""
    for first, second in (
        ("shocks: [{kind: flood, start: 2026-07, seson: any}]", ""),
        ("packages:", "lever: cash_transfer, budget_rp_per_year: x"),
        ("packages:", "lever: participatory_budget, per_rw_rp: 100e6, districts: [Andr]"),
    ):
        other = "- {name: B, policies: [{lever: cash_transfer, budget_rp_per_year: 6e9}]}\n"
        packages = f"- name: A\n  policies: [{{{second}}}]\n{other}" if second else ""
        with pytest.raises(InputError) as caught:
            load_scenario(f"title: x\n{first}\n{packages}")
        assert len(caught.value.messages) == 1, caught.value.messages


def test_every_setting_of_every_kind_refuses_what_it_cannot_be():
    """A list where a word or number is due, text where a number is due, and a name that is none."""
    discover()
    for registry, before in ((SHOCKS, "title: x\nshocks:\n  - kind: "), (LEVERS, LEVER[:-8])):
        for name, kind in registry.items():
            blank = " " * (4 if registry is SHOCKS else 8)
            for field in kind.settings.model_fields:
                if field == registry.key:
                    continue
                for value in ("[[]]", "'zzz'", "{a: [1]}", "-1e9"):
                    with pytest.raises(InputError) as caught:
                        load_scenario(f"{before}{name}\n{blank}{field}: {value}\n")
                    said = [m for m in caught.value.messages if f".{field}" in m]
                    assert said, (name, field, value)
                    assert re.match(r"<text>:\d+:\d+: ", said[0])


def test_yaml_of_another_version_or_encoding_is_refused_with_its_place(tmp_path):
    """A file as bytes: what another program may have written."""
    good = shock("intensity: 0.5").encode()
    files = {
        "utf16": (good.decode().encode("utf-16"), ":1:1: not UTF-8 text but UTF-16; save the file as UTF-8"),
        "utf16_without_mark": (good.decode().encode("utf-16-le"), ":1:2: a control character (U+0000) is not text"),
        "latin": (good + b"question: caf\xe9?\n", ":6:14: not UTF-8 text (byte"),
        "nul": (good + b"question: \x00\n", ":6:11: a control character (U+0000) is not text"),
        "colour": (good + b"question: \x1b[31m\n", ":6:11: a control character (U+001B) is not text"),
        "half": ("title: é→".encode()[:-1], ":1:9: not UTF-8 text"),
        "ten_megabytes": (b"title: " + b"x" * 10_000_000, f":1:1: 10,000,007 bytes; the limit is {MAX_BYTES:,}"),
        "version": (b"%YAML 1.1\n---\n" + good + b"unequal_cost: on\n", ":8:15: unequal_cost: must be true or false"),
    }
    for name, (raw, expected) in files.items():
        path = tmp_path / f"{name}.yaml"
        path.write_bytes(raw)
        with pytest.raises(InputError) as caught:
            load_scenario(path)
        assert f"{path}{expected}" in caught.value.messages[0]


def test_text_that_looks_like_a_number_is_written_out_as_text():
    for odd in ("100e9", "2025", "no", "null", "1_000", "2027-01", "- a", "a: b", "é", ""):
        scenario = Scenario(title=odd or "x", question=odd)
        assert dict(load_scenario(to_yaml(scenario))) == dict(scenario)


def test_months_and_words_that_yaml_1_1_would_turn_into_something_else_stay_text():
    said = load_scenario("title: 'no'\nquestion: on 2027-01-01 at 1:20\n" + shock("season: any")[9:])
    assert (said.title, said.question, said.shocks[0].start) == ("no", "on 2027-01-01 at 1:20", "2026-01")


def test_a_scenario_made_in_python_is_checked_like_a_file():
    for wrong in ({1: 2}, {"kind": "flood", "start": "2026-01", 3: 4}, {"kind": "flood", "start": None}, 5, None):
        with pytest.raises(InputError, match=r"^shocks\[0\]"):
            Scenario(title="x", shocks=[wrong])
    with pytest.raises(InputError, match=r"packages\[0\]"):
        Scenario(title="x", packages=[{"name": "A", 7: []}])


def bandung(capsys, *arguments: str) -> tuple[int, str, str]:
    code = answer(list(arguments))
    return code, *capsys.readouterr()


def test_numbers_with_three_decimals_that_can_be_no_thousands_are_read_as_they_are():
    said = load_scenario(lever("match: 1.125", "csr_match"))
    assert said.packages[0].policies[0].match == 1.125  # Rp for a rupiah: 1125 is out of its range
    assert load_scenario(lever("amount_rp: 200.0")).packages[0].policies[0].amount_rp == 200


def test_check_reads_a_folder_and_several_files(capsys, tmp_path):
    for name, text in (("a.yaml", shock("weeks: 2")), ("b.yml", shock("weeks: 9")), ("c.txt", "no scenario")):
        (tmp_path / name).write_text(text)
    code, out, said = bandung(capsys, "check", str(tmp_path), *map(str, ready_scenarios().values()))
    assert code == 2
    assert [line.split(": good")[0] for line in out.splitlines()] == [
        str(tmp_path / "a.yaml"),
        *map(str, ready_scenarios().values()),
    ]
    assert said == f"{tmp_path / 'b.yml'}:5:12: shocks[0].weeks: 9 is out of range; allowed: 1 to 4 weeks\n"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("{empty}", "no scenario or design files (.yaml) in this folder"),
        ("{long}", "unknown scenario 'aaa"),
        ("{long}.yaml", "cannot be read (File name too long)"),
        ("/dev/null.yaml", "no such file"),
        ("a\0b.yaml", "no such file"),
        ("{empty}/baselin.yaml", "no such file; did you mean 'baseline'?"),
        ("", "unknown scenario ''"),
    ],
)
def test_a_path_that_leads_nowhere_is_one_message(path, expected, capsys, tmp_path):
    code, out, said = bandung(capsys, "check", path.format(empty=tmp_path, long="a" * 5000))
    assert (code, out) == (2, "")
    assert expected in said
    assert said.count("\n") == 1


def test_thousands_of_damaged_scenarios_load_or_are_refused_with_their_places(tmp_path):
    counts, failures = fuzz(range(5000), tmp_path)
    assert not failures, failures[:10]
    assert counts["loaded"] > 200 and counts["refused"] > 2000


def test_the_judge_of_damaged_scenarios_can_fail(tmp_path, monkeypatch):
    """Luck is keyed, so that a failure can be looked at again; and an answer without a place or with a programmer's
    word is a failure."""
    assert damaged(7) == damaged(7) != damaged(8)
    path = tmp_path / "x.yaml"
    for said in (
        "the file is wrong",
        f"{path}:1:1: 'NoneType' object",
        f"{path}:9:1: no such line",
        f"{path}:1:1: a\nb",
    ):

        def refuse(_, said=said):
            raise InputError(said)

        monkeypatch.setattr("fuzz_scenarios.load_scenario", refuse)
        with pytest.raises(AssertionError):
            verdict(b"title: x\n", path)
    monkeypatch.setattr("fuzz_scenarios.load_scenario", lambda _: {}["x"])
    _, failures = fuzz(range(3), tmp_path)
    assert len(failures) == 3 and "KeyError" in failures[0]
