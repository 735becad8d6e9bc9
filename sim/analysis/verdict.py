"""The answer in words: which package does best on what, at what cost, how sure, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import numpy as np
import pandas as pd

from sim.analysis.cost import cost_effectiveness, costs, equal_cost
from sim.analysis.effects import effects, told
from sim.analysis.ensemble import NONE, YEAR, Ensemble, good, unit
from sim.analysis.findings import SMALL, Findings, Tie, find, focus_of, noticed
from sim.analysis.incidence import incidence
from sim.analysis.paired import ALPHA, benjamini_hochberg, paired
from sim.analysis.resilience import hit_hardest, resilience
from sim.analysis.synergy import synergy
from sim.analysis.words import (
    COUNTED,
    ENGLISH,
    INDONESIAN,
    change,
    count,
    digits_for,
    level,
    listing,
    money,
    name,
    number,
    phrases,
    span,
)
from sim.language import capital

MOST = 8  # sentences
NOTABLE = 0.01  # share of a loss below which what a package changes of it is not worth a sentence. Source: assumption
BEYOND = 0.1  # share of what the parts add up to below which a difference is not worth a sentence. Source: assumption
ALIKE = 0.005  # plans that differ by less are said once
PRECISE = 3  # significant digits of what is spent
NUMBERS = 2  # outcomes with figures in one sentence; the others are only named

Line = tuple[int, str]  # how dispensable a sentence is (0: never left out), and the sentence


def verdict(ensemble: Ensemble, language: str = ENGLISH, focus: Sequence[str] | None = None) -> list[str]:
    """Three to eight short sentences. language: 'en' or 'id'. focus: the outcomes to speak of (default: `FOCUS`).

    Speaks of the last year, in the shocked worlds if there are any, and only of effects that hold with all outcomes and
    packages tested together and change the level by half a percent or more. Prices are over the whole run.
    """
    said = Speaker(ensemble, language, focus)
    if not ensemble.policies:
        lines = [*said.trends(), *said.shock()]
    elif said.single:
        lines = [said.largest(), *said.shock(), *said.price()]
    else:
        lines = [*said.effects(), *said.synergies(), *said.shock(), *said.price(), *said.incidence()]
    lines = [(0, said.setup()), *lines, (0, said.caveat())]
    kept = sorted(range(len(lines)), key=lambda k: (lines[k][0], k))[:MOST]
    sentences = [lines[k][1] for k in sorted(kept)]
    return [one if one.startswith(ensemble.packages) else capital(one) for one in sentences]


class Speaker:
    """One ensemble, one language."""

    def __init__(self, ensemble: Ensemble, language: str, focus: Sequence[str] | None) -> None:
        self.e, self.language, self.focus = ensemble, language, focus_of(ensemble, focus)
        self.usual = focus_of(ensemble, focus, aims=False)
        self.phrases = phrases(language)
        self.single, self.alone = len(ensemble.seeds) < 2, len(ensemble.policies) == 1
        self.several = ensemble.shock_count > 1

    def say(self, key: str, **parts: object) -> str:
        return self.phrases[key].format(**parts)

    def names(self, outcomes: Sequence[str]) -> str:
        return listing([name(one, self.language) for one in outcomes], self.language)

    def join(self, items: Sequence[str]) -> str:
        return listing(items, self.language)

    def setup(self) -> str:
        """What was compared."""
        packages, length = self.e.policies, span(len(self.e.months), self.language)
        runs = self._count(len(self.e.seeds), "run", "runs", "simulasi")
        if not packages:
            shock = self.say("shocks_none" if self.several else "shock_none") if self.e.has_shocks else ""
            return self.say("setup_none", runs=runs, span=length, shock=shock)
        subject = self.join(packages)
        if len(packages) > 3:
            subject = self._count(len(packages), "package", "packages", "paket")
        subject = f"{subject} {self.say('were_one' if self.alone else 'were_many')}".strip()
        shock = self.say("shocks_same" if self.several else "shock_same") if self.e.has_shocks else ""
        return self.say("setup_one" if self.single else "setup", packages=subject, runs=runs, span=length, shock=shock)

    def _count(self, value: int, singular: str, plural: str, indonesian: str) -> str:
        return count(value, singular, plural, indonesian, self.language)

    def effects(self) -> list[Line]:
        """Who leads, who ties, what nobody moves, what gets worse."""
        found = find(self.e, self.focus)
        order = sorted(found.leads, key=lambda package: -len(found.leads[package]))
        figures = NUMBERS if len(order) == 1 else 1
        led = [self._leader(package, found.leads[package], figures) for package in order[:3]]
        lines: list[Line] = [(1, "; ".join(led) + ".")] if led else []
        ties = sorted(found.ties.items(), key=lambda item: -len(item[1]))
        lines += [(2 + 2 * k, self._tie(*item)) for k, item in enumerate(ties[:2])]
        if found.nothing:
            key = "nothing_one" if self.alone else "nothing_many"
            parts = {"outcomes": self.names(found.nothing), "package": self.e.policies[0]}
            lines.append((4, self.say(key, when=self.say(self._when()), **parts)))
        return lines + self._harm(found)

    def _when(self) -> str:
        """Key of the months over which effects are averaged: the last year, or the whole of a shorter run."""
        return "in_last_year" if len(self.e.months) >= YEAR else "over_run"

    def _leader(self, package: str, rows: list[pd.Series], figures: int) -> str:
        rows = sorted(rows, key=lambda row: self.focus.index(row["outcome"]))
        numbers = "; ".join(self._number(row, "with_interval") for row in rows[:figures])
        outcomes = self.names([row["outcome"] for row in rows])
        return self.say("alone" if self.alone else "best", package=package, outcomes=outcomes, numbers=numbers)

    def _number(self, row: pd.Series, key: str) -> str:
        """A change with its size and, where there is one, its interval, all without sign."""
        ends = sorted(abs(float(row[end])) for end in ("low", "high"))
        size, *rest = change([abs(float(row["effect"])), *ends], row["unit"], self.language)
        way = self.say("lower" if row["effect"] < 0 else "higher")
        outcome = name(row["outcome"], self.language)
        return self.say(key, outcome=outcome, size=size, way=way, low=rest[0], high=rest[1])

    def _tie(self, tie: Tie, outcomes: list[str]) -> str:
        parts = {"outcomes": self.names(outcomes), "packages": self.join(tie.packages), "between": ""}
        if tie.between:
            key = "between_one" if len(tie.between) == 1 else "between_many"
            parts["between"] = self.say(key, packages=self.join(tie.between))
        if tie.packages == tie.better:
            return self.say("tie_all", **parts, each=self.say("both" if len(tie.packages) == 2 else "all"))
        if len(tie.packages) == len(self.e.policies) > len(tie.better):
            key = "tie_whole_one" if len(tie.better) == 1 else "tie_whole_many"
            return self.say(key, outcomes=parts["outcomes"], better=self.join(tie.better))
        better = self.say("is" if len(tie.better) == 1 else "are", package=self.join(tie.better))
        return self.say("tie_some", **parts, better=better)

    def _harm(self, found: Findings) -> list[Line]:
        rows = sorted(found.harms, key=lambda row: -abs(row["effect"]) / max(abs(row["without"]), 1e-9))[:NUMBERS]
        numbers = [self._of(row, "with_interval") for row in rows]
        return [(2, self.say("harm", numbers="; ".join(numbers)))] if numbers else []

    def _of(self, row: pd.Series, key: str) -> str:
        """A change and the package that makes it."""
        return self.say("with_package", package=row["package"], number=self._number(row, key))

    def synergies(self) -> list[Line]:
        """Of packages that are the whole of others: on what they do clearly more or less than their parts added up."""
        table, lines = synergy(self.e, self.focus), []
        for whole, parts in self.e.parts.items():
            clear = [row for _, row in table[table["whole"] == whole].iterrows() if told(row) and self._worth(row)]
            more, less = (
                [row["outcome"] for row in clear if row["difference"] * row["good"] * way > 0] for way in (1, -1)
            )
            key = "whole_both" if more and less else "whole_more" if more else "whole_less" if less else "whole_same"
            outcomes = {"more": self.names(more), "less": self.names(less)}
            lines.append((1, self.say(key, whole=whole, parts=self.join(parts), **outcomes)))
        return lines

    def _worth(self, row: pd.Series) -> bool:
        """Is what the whole does beyond its parts a tenth of what they add up to, or more?"""
        return abs(row["difference"]) >= BEYOND * abs(row["added_up"])

    def largest(self) -> Line:
        """One seed: the largest differences, without any claim."""
        table = effects(self.e, "end", self.focus, places=False, groups=False)
        table = table[table["shocks"] == ("on" if self.e.has_shocks else "off")].dropna(subset=["effect"])
        scale = np.array([1.0 if one == "SD" else 0.0 for one in table["unit"]])
        size = table["effect"].abs().to_numpy() / np.maximum(table["without"].abs().to_numpy(), np.maximum(scale, 1e-9))
        rows = [table.iloc[k] for k in np.argsort(-size, kind="stable")[:3] if size[k] >= SMALL]
        numbers = [self._of(row, "without_interval") for row in rows]
        return (1, self.say("largest", numbers="; ".join(numbers)) if numbers else self.say("no_difference"))

    def shock(self) -> list[Line]:
        """What the shock costs without a policy, and what packages take off, on the outcome hit hardest."""
        if not self.e.has_shocks:
            return []
        table = resilience(self.e, self.usual)
        worst = hit_hardest(table, self.usual)
        if worst is None:
            return [(2, self.say("shocks_small" if self.several else "shock_small"))]
        loss = number(worst["loss"], digits_for(worst["loss"]), self.language)
        outcome, recovery = name(worst["outcome"], self.language), self._recovery(worst)
        line = (2, self.say("losses" if self.several else "loss", loss=loss, outcome=outcome, recovery=recovery))
        rest = table[(table["outcome"] == worst["outcome"]) & (table["package"] != NONE)]
        return [line] if rest.empty or self.single else [line, (2, self._spared(rest, worst["loss"]))]

    def _recovery(self, row: pd.Series) -> str:
        months = row["recovery_months"]
        if np.isnan(months):
            key = "unrecovered_once" if self.single else "unrecovered"
            return self.say(key, months=number(row["horizon"], 0, self.language))
        if months == 0:
            return self.say("never_fell")
        key = "recovered_once" if self.single else "recovered"
        return self.say(key, months=number(months, 0, self.language))

    def _spared(self, rows: pd.DataFrame, loss: float) -> str:
        """What packages take off the loss, as far as it is clear and a hundredth of it or more."""
        known = [row for _, row in rows.iterrows() if told(row)]
        clear = [row for row in known if abs(row["effect_on_loss"]) >= NOTABLE * loss]
        if not clear:
            key = "spared_little" if known else "spared_none"
            return self.say(key + ("_one" if self.alone else "_many"), package=self.e.policies[0]) + "."
        parts = []
        for row in sorted(clear, key=lambda row: row["effect_on_loss"])[:3]:
            digits = digits_for(row["effect_on_loss"])
            ends = sorted(abs(row[end]) for end in ("low", "high"))
            size, low, high = (number(x, digits, self.language) for x in (abs(row["effect_on_loss"]), *ends))
            key = "spared" if row["effect_on_loss"] < 0 else "spared_more"
            parts.append(self.say(key, package=row["package"], size=size, low=low, high=high))
        return self.join(parts) + "."

    def price(self) -> list[Line]:
        """What the packages spend over the run, of what was planned, and what a unit of a clear gain costs."""
        table = costs(self.e).set_index("package").loc[list(self.e.policies)]
        paid, saving = table[table["spent_rp"] > 0], table[table["spent_rp"] < 0]
        if paid.empty and saving.empty:
            planned = any(self.e.budgets.get(package, 0.0) > 0 for package in self.e.policies)
            key = ("unspent" if planned else "no_costs") + ("_one" if self.alone else "_many")
            return [(1, self.say(key, package=self.e.policies[0]) + ".")]
        spent = self._spent(paid) if len(paid) else ""
        line = spent + self._saved(saving, first=not spent) + self._unit_price()
        same = equal_cost(self.e)
        if same.spent is False and same.spent_ratio > 0:
            line += self.say("unequal", ratio=number(100 * same.spent_ratio, 0, self.language))
        elif same.spent is False:
            line += self.say("unequal_plain")
        return [(1, line + ".")]

    def _spent(self, paid: pd.DataFrame) -> str:
        """What was spent over the run and what was planned, once for all where all planned the same."""
        planned, parts = paid["planned_rp"], {"span": span(len(self.e.months), self.language), "year": self._prices()}
        alike = len(paid) > 1 and (planned > 0).all() and np.ptp(planned) <= ALIKE * planned.max()
        each = []
        for row in paid.reset_index().to_dict("records"):
            key = "cost_of" if row["planned_rp"] > 0 and not alike else "cost"
            each.append(self.say(key, package=row["package"], money=self._rp(row["spent_rp"]),
                                 planned=self._rp(row["planned_rp"])))  # fmt: skip
        return self.say("costs_alike" if alike else "costs", costs=self.join(each), planned=self._rp(planned.iloc[0]),
                        **parts)  # fmt: skip

    def _saved(self, saving: pd.DataFrame, first: bool) -> str:
        """The packages that take less from the city's money than no policy does, and how much over the run."""
        each = [self.say("saving", package=package, money=self._rp(-rp)) for package, rp in saving["spent_rp"].items()]
        if not each:
            return ""
        parts = {"span": span(len(self.e.months), self.language), "year": self._prices()}
        return self.say("saved_first", savings=self.join(each), **parts) if first else "; " + self.join(each)

    def _rp(self, value: float) -> str:
        return money(float(value), self.language, PRECISE)

    def _prices(self) -> str:
        """The year of whose prices every Rp is."""
        from sim.city import load_city

        return str(load_city(int(self.e.months[0][:4])).price_year)

    def _unit_price(self) -> str:
        """Price of the first countable effect that any package clearly has over the run."""
        table = cost_effectiveness(self.e).dropna(subset=["cost_per_unit"])
        for measure, words in COUNTED.items():
            rows = table[table["measure"] == measure]
            if len(rows):
                prices = [self._price_of(row) for row in rows.to_dict("records")]
                key = "price" if self._lasts(measure, rows["package"]) else "price_faded"
                return self.say(key, unit=words[self.language == INDONESIAN], prices=self.join(prices))
        return ""

    def _lasts(self, outcome: str, packages: pd.Series) -> bool:
        """Is the gain that has a price still one that the last year is said to show, with any of these packages?"""
        table = effects(self.e, "end", [outcome], places=False, groups=False)
        mine = table[(table["shocks"] == ("on" if self.e.has_shocks else "off")) & table["package"].isin(packages)]
        gains = [row["effect"] * row["good"] > 0 or not row["good"] for _, row in mine.iterrows()]
        return any(gain and noticed(row) for gain, (_, row) in zip(gains, mine.iterrows(), strict=True))

    def _price_of(self, row: dict) -> str:
        """A unit's price with a package and its interval, open above where the gain may be next to nothing."""
        names = {"price": "cost_per_unit", "low": "per_unit_low", "high": "per_unit_high"}
        said = {key: money(float(row[name]), self.language) for key, name in names.items() if not isnan(row[name])}
        return self.say("price_of" if "high" in said else "price_from", package=row["package"], **said)

    def incidence(self) -> list[Line]:
        """Share of the poorest two fifths in the money of the package that hands out most."""
        table = incidence(self.e)
        table = table[(table["of"] == "money") & (table["total"] > 0)]
        if table.empty:
            return []
        row = table.loc[table["total"].idxmax()]
        share = number(100 * row["poorest40"], 0, self.language)
        return [(5, self.say("incidence", package=row["package"], share=share))]

    def trends(self) -> list[Line]:
        """No package: what moves between the first and the last year, without shock."""
        better, worse, still = self._trends()
        moved = (("trend_good", better), ("trend_bad", worse))
        parts = self._ends()
        lines = [(1, self.say(key, numbers=self.join(rows), **parts)) for key, rows in moved if rows]
        return lines + ([(4, self.say("trend_none", outcomes=self.names(still)))] if still else [])

    def _trends(self) -> tuple[list[str], list[str], list[str]]:
        window = self._window()
        values = np.moveaxis(self.e.city[0, 0][..., [self.e.column(one) for one in self.focus]], -1, 0)
        first, last = values[:, :, :window].mean(axis=2), values[:, :, -window:].mean(axis=2)
        found = paired(last - first)
        known = self.single | ((benjamini_hochberg(found.p) < ALPHA) & found.agrees)
        better: list[str] = []
        worse: list[str] = []
        still: list[str] = []
        for k, one in enumerate(self.focus):
            before, after = first[k].mean(), last[k].mean()
            ends = {"first": level(before, unit(one), self.language), "last": level(after, unit(one), self.language)}
            small = abs(after - before) < SMALL * max(abs(before), 1.0 if unit(one) == "SD" else 0.0)
            if not known[k] or small or ends["first"] == ends["last"]:  # what reads the same has hardly changed
                still.append(one)
                continue
            line = self.say("trend_number", outcome=name(one, self.language), **ends)
            (better if (after - before) * good(one) > 0 else worse).append(line)
        return better[:4], worse[:4], still

    def _window(self) -> int:
        """Months at each end that are compared: a year, in a run of less than two years half of it."""
        return min(YEAR, max(len(self.e.months) // 2, 1))

    def _ends(self) -> dict[str, str]:
        """The two ends of the run in words."""
        window = self._window()
        key = {YEAR: "year", 1: "month"}.get(window, "months")
        length = span(window, self.language)
        return {end: self.say(f"{end}_{key}", span=length) for end in ("first", "last")}

    def caveat(self) -> str:
        return self.say("caveat_one" if self.single else "caveat")
