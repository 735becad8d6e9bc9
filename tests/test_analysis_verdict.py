"""The answer in words: the planted best package is named, chance is not, every kind of scenario gets its sentences."""

import re
import string
from dataclasses import replace

import numpy as np
import pytest
from ensembles import START, make, programme

from sim.analysis.findings import find, noticed
from sim.analysis.verdict import verdict
from sim.analysis.words import (
    COUNTED,
    NAMES,
    change,
    count,
    level,
    listing,
    money,
    name,
    number,
    phrases,
    span,
)
from sim.comparison import aims_of
from sim.declare import OUTCOMES
from sim.language import capital
from sim.listing import registry_of
from sim.scenario import load_scenario
from sim.twins import plan

SEEDS = 12


def noisy(mean, deviation, seed):
    return mean + deviation * np.random.default_rng(seed).normal(size=SEEDS)


def contest(**kwargs):
    """Cash is best against poverty, CSR for trust; training and CSR help wellbeing alike; nobody moves the rest."""
    effect = {
        ("Training", "poverty_headcount"): noisy(-0.004, 0.001, 1),
        ("CSR", "poverty_headcount"): noisy(-0.004, 0.001, 2),
        ("Cash", "poverty_headcount"): noisy(-0.009, 0.001, 3),
        ("CSR", "trust"): noisy(0.03, 0.01, 4),
        ("Cash", "unemployment_rate"): noisy(0.001, 0.0004, 5),
        ("Training", "wellbeing"): noisy(20e3, 5e3, 6),
        ("CSR", "wellbeing"): noisy(20e3, 5e3, 7),
    }
    money_spent = {"Training": 396e9, "CSR": 400e9, "Cash": 400e9}
    records = [
        programme(package, seed, spent, shock=shock, received=(4, 2, 2, 1, 1))
        for package, spent in money_spent.items()
        for seed in range(1, SEEDS + 1)
        for shock in (0, 1)
    ]
    packages = ("none", "Training", "CSR", "Cash")
    return make(packages, seeds=SEEDS, noise=0.05, effect=effect, programmes=records, **kwargs)


def text(sentences):
    return " ".join(sentences)


def test_the_planted_best_packages_are_found():
    found = find(contest())
    assert [row["outcome"] for row in found.leads["Cash"]] == ["poverty_headcount"]
    assert [row["outcome"] for row in found.leads["CSR"]] == ["trust"]
    (tie,) = found.ties
    assert tie.packages == tie.better == ("Training", "CSR") and found.ties[tie] == ["wellbeing"]
    assert [row["outcome"] for row in found.harms] == ["unemployment_rate"]
    assert "service_access" in found.nothing and "unemployment_rate" in found.nothing


def test_planned_money_that_nobody_has_spent_is_told_from_packages_that_cost_nothing():
    for packages, costless, unspent in (
        (
            ("none", "A"),
            "A has no cost of its own in the books.",
            "A has spent nothing of its planned money by the end.",
        ),
        (
            ("none", "A", "B"),
            "The packages have no costs of their own in the books.",
            "The packages have spent nothing of their planned money by the end.",
        ),
    ):
        assert costless in verdict(make(packages))
        assert unspent in verdict(make(packages, budgets=dict.fromkeys(packages[1:], 10e9)))


def test_the_answer_says_who_leads_who_ties_what_it_costs_and_how_sure():
    said = verdict(contest())
    assert 4 <= len(said) <= 8
    whole = text(said)
    assert (
        said[0]
        == "Training, CSR and Cash were compared with doing nothing over 4 years, in 12 runs each, with the same luck."
    )
    assert "Cash does best on poverty (poverty is 0.9" in whole and "CSR does best on trust" in whole
    assert re.search(r"percentage points lower, 95 % interval 0\.8\d to 1\.0\d", whole)
    assert "On wellbeing, Training and CSR cannot be told apart; both are better than doing nothing." in said
    assert re.search(r"There is a price: with Cash, unemployment is 0\.\d+ percentage points higher", whole)
    assert "no package makes a gain in the last year that can be told from chance" in whole
    spent = "Training Rp 396 billion, CSR Rp 400 billion and Cash Rp 400 billion"
    assert f"Spent over the run of 4 years, at 2024 prices: {spent}" in whole
    assert "; over the whole run a person-year of poverty averted costs Rp" in whole
    price = r"Rp \d\.\d million \(95 % interval Rp \d\.\d million to Rp \d\.\d million\) with Cash"
    assert re.search(price, whole)
    assert "like for like" not in whole
    assert "not forecasts" in said[-1]
    assert "The poorest two fifths receive 60 % of what" in whole


def test_the_same_answer_in_indonesian():
    said = verdict(contest(), "id")
    whole = text(said)
    assert len(said) == len(verdict(contest()))
    assert said[0].startswith("Training, CSR, dan Cash dibandingkan dengan tanpa kebijakan selama 4 tahun")
    assert "Cash paling unggul dalam hal kemiskinan" in whole and "poin persen" in whole
    assert "Rp 396 miliar" in whole and re.search(r"sampai Rp \d,\d juta\) dengan Cash", whole)
    assert "tidak dapat dibedakan; keduanya" in whole and "bukan ramalan" in said[-1]
    assert not re.search(r"\d\.\d", whole), "decimals have commas"
    assert not re.search(r"\b(the|and|with|lower)\b", whole)


def test_packages_that_spent_differently_are_not_called_like_for_like():
    records = [programme(p, s, c) for p, c in (("A", 4e9), ("B", 1e9)) for s in range(1, 9)]
    made = make(("none", "A", "B"), effect={("A", "trust"): 0.1, ("B", "trust"): 0.05}, programmes=records)
    whole = text(verdict(made))
    assert "did not spend the same (the least 25 % of the most)" in whole and "A does best on trust" in whole


def test_chance_names_no_best_package():
    """Twenty cities in which packages do nothing but add noise: at most one claims anything."""
    claims = 0
    for k in range(20):
        effect = {
            (p, o): 0.01 * START[o] * np.random.default_rng(100 * k + j).normal(size=SEEDS)
            for j, (p, o) in enumerate((p, o) for p in ("A", "B") for o in ("poverty_headcount", "trust", "wellbeing"))
        }
        found = find(make(("none", "A", "B"), seeds=SEEDS, effect=effect))
        claims += bool(found.leads or found.ties or found.harms)
    assert claims <= 3


def test_a_clear_effect_too_small_to_matter_is_not_spoken_of():
    made = make(("none", "A"), effect={("A", "trust"): START["trust"] * 0.0005})
    assert not find(made).leads and "trust" in find(made).nothing
    assert find(make(("none", "A"), effect={("A", "trust"): 0.01})).leads


def test_what_is_told_in_standard_deviations_is_small_against_one_of_them_and_not_against_its_level():
    """Half a hundredth of a deviation is worth a sentence, though the level itself may be near nought."""
    row = {"outcome": "child_development", "without": 0.01, "distinguishable_in_table": True}
    assert not noticed(row | {"effect": 0.001}) and noticed(row | {"effect": 0.005})
    assert noticed(row | {"outcome": "trust", "effect": 0.001})


def test_better_than_nothing_but_not_than_an_uncertain_rival_is_a_tie():
    wild = np.array([0.3, -0.2, 0.25, -0.15, 0.2, -0.1, 0.1, 0.05])
    found = find(make(("none", "A", "B"), effect={("A", "trust"): 0.02, ("B", "trust"): wild}))
    (tie,) = found.ties
    assert tie[:2] == (("A", "B"), ("A",)) and not found.leads
    made = make(("none", "A", "B"), effect={("A", "trust"): 0.02, ("B", "trust"): wild})
    said = "On trust, only A is clearly better than doing nothing, but not clearly better than the other packages."
    assert said in verdict(made)
    three = make(("none", "A", "B", "C"), effect={("A", "trust"): 0.02, ("B", "trust"): wild, ("C", "trust"): -0.02})
    assert any("only A is clearly better than doing nothing." in one for one in verdict(three))


def test_one_package_is_spoken_of_in_the_singular():
    made = make(("none", "A"), effect={("A", "trust"): 0.1}, programmes=[programme("A", s, 4e9) for s in range(1, 9)])
    said = verdict(made)
    assert said[0].startswith("A was compared with doing nothing over 4 years")
    assert "A makes a clear difference to trust (trust is 0.10 higher, 95 % interval 0.10 to 0.10)." in said
    assert any(
        one.endswith("A makes no gain in the last year that can be told from chance and is worth speaking of.")
        for one in said
    )
    assert "best" not in text(said) and "Spent over the run of 4 years, at 2024 prices: A Rp 4.00 billion." in said


def test_a_package_that_ranks_between_tied_ones_is_explained():
    """B is just behind A, always; C is further behind on average but may be better: A and C tie, and B is named."""
    wild = 0.09 + np.array([0.3, -0.3, 0.25, -0.25, 0.2, -0.2, 0.1, -0.1])
    effect = {("A", "trust"): 0.1, ("B", "trust"): 0.097, ("C", "trust"): wild, ("D", "trust"): -0.01}
    made = make(("none", "A", "B", "C", "D"), effect=effect)
    (tie,) = find(made).ties
    assert tie == (("A", "C"), ("A",), ("B",))
    said = "only A is clearly better than doing nothing (B ranks between them but clearly behind the first"
    assert said in text(verdict(made)) and "B berperingkat di antaranya" in text(verdict(made, "id"))


def test_what_a_package_saves_is_told_with_the_costs_and_without_a_senseless_share():
    def spent(**rp):
        return [programme(p, s, amount) for p, amount in rp.items() for s in range(1, 9)]

    whole = text(verdict(make(("none", "A", "B"), programmes=spent(A=30e9, B=-2143.8e9))))
    assert (
        "at 2024 prices: A Rp 30.0 billion; B saves Rp 2.14 trillion; the packages did not spend the same, so" in whole
    )
    alone = text(verdict(make(("none", "B"), programmes=spent(B=-2143.8e9))))
    assert "Over the run of 4 years, at 2024 prices, B saves Rp 2.14 trillion." in alone
    assert "B menghemat Rp 2,14 triliun" in text(verdict(make(("none", "B"), programmes=spent(B=-2143.8e9)), "id"))
    for said in (whole, alone):
        assert "of the most" not in said and "Rp -" not in said


def test_what_is_spent_stands_beside_what_was_planned_over_the_run_and_says_of_which_year_its_prices_are():
    records = [programme(p, s, 164e9) for p in "AB" for s in range(1, 9)]
    made = make(("none", "A", "B"), programmes=records)
    alike = replace(made, planned={"A": 174.3e9, "B": 174.3e9}, months=tuple(f"2019-{k:02d}" for k in range(1, 13)) * 4)
    apart = replace(made, planned={"A": 174.3e9, "B": 300e9})
    assert "of Rp 174 billion planned for each, at 2019 prices: A Rp 164 billion and B Rp 164" in text(verdict(alike))
    assert "at 2024 prices: A Rp 164 billion of Rp 174 billion planned and B Rp 164 billion of Rp 300" in text(
        verdict(apart)
    )


def test_a_price_of_a_gain_that_the_last_year_does_not_show_says_that_it_is_of_the_whole_run():
    early = np.where(np.arange(48) < 24, -0.01, 0.0) + np.zeros((8, 1))
    records = [programme("A", s, 4e9) for s in range(1, 9)]
    whole = text(verdict(make(("none", "A"), effect={("A", "poverty_headcount"): early}, programmes=records)))
    assert "On poverty, unemployment" in whole and "A makes no gain in the last year" in whole
    assert (
        "over the whole run, though the last year alone shows no clear gain worth speaking of, a person-year" in whole
    )


def test_one_seed_makes_no_claim():
    made = make(
        ("none", "A", "B"),
        seeds=1,
        effect={("A", "trust"): 0.1, ("B", "poverty_headcount"): -0.004},
        programmes=[programme("A", 1, 4e9)],
    )
    said = verdict(made)
    assert "cannot be told apart" in said[0] and "interval" not in text(said) and "best" not in text(said)
    assert "with A, trust is 0.10 higher" in said[1] and "with B, poverty is 0.40 percentage points lower" in said[1]
    assert "more seeds" in said[-1]
    assert "In this run no package makes a difference." in verdict(make(("none", "A"), seeds=1))


def test_a_scenario_without_packages_tells_what_happens_if_nothing_is_done():
    up = np.linspace(0, 1, 48)
    rng = np.random.default_rng(2)
    moves = {
        ("none", "poverty_headcount"): -0.01 * up + 1e-4 * rng.normal(size=(8, 48)),
        ("none", "service_access"): -0.1 * up + 1e-3 * rng.normal(size=(8, 48)),
    }
    said = verdict(make(effect=moves))
    assert said[0].startswith("This scenario has no package: 8 runs over 4 years")
    assert said[1].startswith("Better in the last year than in the first: poverty goes from 3.9 % to 3.1 %")
    assert said[2].startswith("Worse in the last year than in the first: access to services goes from 0.88")
    assert "unemployment" in said[3] and "poverty" not in said[3]
    assert verdict(make(seeds=1, effect={("none", "trust"): up[None] * 0.1}), "id")[1].startswith("Lebih baik")


def test_a_short_run_compares_its_halves_and_says_so():
    """Its first year and its last would be the same months, and nothing would seem to change."""
    for months, english, indonesian in (
        (6, "the last 3 months than in the first 3 months:", "3 bulan terakhir"),
        (2, "the last month than in the first:", "bulan terakhir"),
    ):
        up = np.linspace(0, 0.1, months)[None]
        made = make(seeds=1, months=months, effect={("none", "trust"): up})
        assert verdict(made)[1].startswith(f"Better in {english} trust goes from 0.")
        assert verdict(made, "id")[1].startswith(f"Lebih baik pada {indonesian}")


def test_the_shock_is_told_on_the_outcome_hit_hardest():
    since = np.arange(48) - 12
    fall = np.where(since < 0, 0.0, -0.2 * START["trust"] * np.clip(1 - since / 12, 0, 1))
    sizes = 1 + 0.1 * np.random.default_rng(3).normal(size=(SEEDS, 1))
    records = [programme("A", s, 4e9, shock=1) for s in range(1, SEEDS + 1)]
    packages = {"seeds": SEEDS, "onset": 12, "programmes": records}
    spared = {("none", "trust"): fall * sizes, ("A", "trust"): 0.5 * fall * sizes}
    said = verdict(make(("none", "A"), shock=spared, **packages))
    assert said[0].endswith("with the same luck and the same shock.")
    lost = "Without a policy the shock costs as much as 1.2 months of normal performance in trust"
    assert any(one.startswith(lost) and "half of the runs have recovered after 9 months" in one for one in said)
    assert any(re.match(r"A takes 0\.(59|6\d) months off this loss", one) for one in said)
    same = verdict(make(("none", "A"), shock={"trust": fall * sizes}, **packages))
    assert "A does not change this loss by more than chance." in same
    calm = verdict(make(("none", "A"), **packages))
    assert "The shock leaves hardly a trace in the outcomes looked at here." in calm
    lasting = np.where(since < 0, 0.0, -0.1)
    assert any(
        "fewer than half" in one for one in verdict(make(("none",), seeds=4, onset=12, shock={"trust": lasting}))
    )
    assert any(
        "has not recovered" in one for one in verdict(make(("none",), seeds=1, onset=12, shock={"trust": lasting}))
    )


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_kind_of_scenario_gets_whole_sentences(language):
    kinds = [
        contest(),
        contest(onset=12, shock={"trust": np.where(np.arange(48) < 12, 0, -0.1)}),
        make(),
        make(seeds=1, onset=12),
        make(("none", "A"), seeds=2, months=7),
        make(("none", "A", "B", "C", "D", "E"), seeds=3, onset=0),
    ]
    for made in kinds:
        said = verdict(made, language)
        assert 3 <= len(said) <= 8
        for one in said:
            assert one.endswith(".") and not re.search(r"\bnan\b|[{}]|\.\.|  |\bnone\b", one), one


def test_the_question_s_own_outcomes_may_be_asked_for():
    said = text(verdict(contest(), focus=("trust", "gini", "nonsense")))
    assert "trust" in said and "poverty is" not in said and "inequality" in said
    with pytest.raises(ValueError, match="language"):
        verdict(contest(), "fr")


def test_both_languages_have_the_same_sentences_and_fields():
    english, indonesian = phrases("en"), phrases("id")
    assert list(english) == list(indonesian)
    for key, sentence in english.items():
        fields = [{f for _, f, _, _ in string.Formatter().parse(one) if f} for one in (sentence, indonesian[key])]
        assert fields[0] == fields[1], key
    assert set(NAMES) <= set(OUTCOMES) and set(COUNTED) <= set(OUTCOMES)
    assert all(len(set(pair)) == 2 for pair in NAMES.values())


def test_numbers_have_the_form_of_the_language():
    assert number(1234.5, 1) == "1,234.5" and number(1234.5, 1, "id") == "1.234,5"
    assert number(-0.0001, 2) == "0.00"
    assert money(1.24e12) == "Rp 1.2 trillion" and money(1.24e12, "id") == "Rp 1,2 triliun"
    assert money(98.4e9, "id") == "Rp 98 miliar" and money(4.16e6, "id") == "Rp 4,2 juta"
    assert money(614_707) == "Rp 615,000" and money(614_707, "id") == "Rp 615.000" and money(0) == "Rp 0"
    assert money(999_999_999) == "Rp 1.0 billion" and money(-2.5e9) == "Rp -2.5 billion"
    assert level(0.0387, "share of persons") == "3.9 %" and level(0.0387, "share of persons", "id") == "3,9 %"
    assert change([0.0042, 0.003, 0.0054], "share of persons", "id") == ["0,42 poin persen", "0,30", "0,54"]
    assert change([0.051, 0.02], "SD") == ["0.051 SD", "0.020"] and change([0.051], "SD", "id") == [
        "0,051 simpangan baku"
    ]
    assert change([12_345.0], "persons") == ["12,345 persons"] and change([12_345.0], "persons", "id") == [
        "12.345 orang"
    ]


def test_words_are_put_in_lists_and_counts():
    assert listing(["A"]) == "A" and listing(["A", "B"]) == "A and B" and listing(["A", "B", "C"]) == "A, B and C"
    assert listing(["A", "B"], "id") == "A dan B" and listing(["A", "B", "C"], "id") == "A, B, dan C"
    assert count(1, "run", "runs", "simulasi") == "one run" and count(2, "run", "runs", "simulasi") == "2 runs"
    assert count(1, "run", "runs", "simulasi", "id") == "1 simulasi"
    assert (
        span(120) == "10 years" and span(12) == "one year" and span(30) == "30 months" and span(120, "id") == "10 tahun"
    )
    assert name("csr_rp") == "recorded CSR" and name("debt_to_income") == "debt to income" and capital("a B") == "A B"


def test_several_shocks_are_several_in_the_words():
    fall = {"trust": np.where(np.arange(48) >= 12, -0.2, 0.0)}
    for made, no_package in ((contest(onset=12, shock=fall), False), (make(onset=12, shock=fall), True)):
        two = replace(made, shock_count=2)
        assert "the shock " in text(verdict(made)) and "the shocks cost" not in text(verdict(made))
        assert not re.search(r"the shock\b", text(verdict(two)))
        assert "counted from the first of them, the shocks cost as much as" in text(verdict(two))
        ending = "without and with the shocks." if no_package else "the same luck and the same shocks."
        assert verdict(two)[0].endswith(ending)
        assert "dihitung sejak guncangan pertama" in text(verdict(two, "id"))


def test_the_ensemble_knows_how_many_shocks_are_felt_within_the_run():
    shocks = "".join(f"\n  - {{kind: {one}}}" for one in ("price_rise, start: 2025-03", "price_rise, start: 2025-06",
                     "price_rise, start: 2025-07, intensity: 0"))  # fmt: skip
    scenario = load_scenario(f"title: Two\nstart: 2025-01\nmonths: 12\nshocks:{shocks}\n")
    assert plan(scenario, 12).shock_count == 2 and plan(scenario, 4).shock_count == 1


def test_what_reads_the_same_before_and_after_has_hardly_changed():
    for seeds in (1, 6):
        made = make(seeds=seeds)
        made.city[..., 36:, made.column("food_insecure_share")] *= 0.99  # 2.0 % and still 2.0 %
        said = text(verdict(made))
        assert "food insecurity goes" not in said and re.search(r"Hardly changed[^.]*food insecurity", said)


def test_the_words_speak_of_what_a_lever_is_for():
    """A digital package whose only clear gain is digital adoption is not said to gain in nothing."""
    more = {("Digital", "technology_adoption"): noisy(0.045, 0.005, 1)}
    made = make(("none", "Digital"), seeds=SEEDS, start=START | {"technology_adoption": 0.3}, effect=more)
    assert "digital adoption" not in text(verdict(made))
    aimed = replace(made, aims=("technology_adoption", "treasury_rp")).renamed({"Digital": "D"})
    assert "D makes a clear difference to digital adoption (digital adoption is 4." in text(verdict(aimed))
    assert "penggunaan teknologi digital" in text(verdict(aimed, "id"))
    assert "digital adoption" not in text(verdict(aimed, focus=("trust",)))
    fall = {("none", "technology_adoption"): np.where(np.arange(48) >= 12, -0.2, 0.0)}
    hit = make(("none", "D"), seeds=SEEDS, onset=12, start=START | {"technology_adoption": 0.3}, shock=fall)
    assert "normal performance in digital" not in text(verdict(replace(hit, aims=("technology_adoption",))))


def test_what_levers_are_for_has_a_name_and_is_known_to_the_comparison():
    aims = {name for kind in registry_of("lever").values() for name, _ in kind.moves if OUTCOMES[name].good}
    assert aims <= set(NAMES)
    levers = "".join(f"\n      - {{lever: {one}, budget_rp_per_year: 1e9}}" for one in ("digital_support", "csr_match"))
    scenario = load_scenario(f"title: Aims\npackages:\n  - name: A\n    policies:{levers}\n")
    assert aims_of(scenario) == ("technology_adoption", "value_added_index", "csr_rp", "service_quality")
