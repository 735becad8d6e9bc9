"""The answer in words: which package does best on what, at what cost, how sure, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import numpy as np
import pandas as pd

from sim.analysis.cost import cost_effectiveness, costs, equal_cost
from sim.analysis.effects import effects
from sim.analysis.ensemble import NONE, YEAR, Ensemble, good, unit
from sim.analysis.findings import SMALL, Findings, Tie, find, focus_of
from sim.analysis.incidence import incidence
from sim.analysis.paired import ALPHA, benjamini_hochberg, paired
from sim.analysis.resilience import resilience
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
TRACE = 0.05  # months lost below which a shock is not worth a sentence. Source: assumption
NUMBERS = 2  # outcomes with figures in one sentence; the others are only named

Line = tuple[int, str]  # how dispensable a sentence is (0: never left out), and the sentence


def verdict(ensemble: Ensemble, language: str = ENGLISH, focus: Sequence[str] | None = None) -> list[str]:
    """Three to eight short sentences. language: 'en' or 'id'. focus: the outcomes to speak of (default: `FOCUS`).

    Speaks of the last year, in the shocked worlds if there are any, and only of effects that hold in the table of the
    focus as a whole and change the level by half a percent or more.
    """
    said = Speaker(ensemble, language, focus)
    if not ensemble.policies:
        lines = [*said.trends(), *said.shock()]
    elif said.single:
        lines = [said.largest(), *said.shock(), *said.price()]
    else:
        lines = [*said.effects(), *said.shock(), *said.price(), *said.incidence()]
    lines = [(0, said.setup()), *lines, (0, said.caveat())]
    kept = sorted(range(len(lines)), key=lambda k: (lines[k][0], k))[:MOST]
    sentences = [lines[k][1] for k in sorted(kept)]
    return [one if one.startswith(ensemble.packages) else capital(one) for one in sentences]


class Speaker:
    """One ensemble, one language."""

    def __init__(self, ensemble: Ensemble, language: str, focus: Sequence[str] | None) -> None:
        self.e, self.language, self.focus = ensemble, language, focus_of(ensemble, focus)
        self.phrases = phrases(language)
        self.single, self.alone = len(ensemble.seeds) < 2, len(ensemble.policies) == 1

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
            shock = self.say("shock_none") if self.e.has_shocks else ""
            return self.say("setup_none", runs=runs, span=length, shock=shock)
        subject = self.join(packages)
        if len(packages) > 3:
            subject = self._count(len(packages), "package", "packages", "paket")
        subject = f"{subject} {self.say('were_one' if self.alone else 'were_many')}".strip()
        shock = self.say("shock_same") if self.e.has_shocks else ""
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
            lines.append((4, self.say(key, outcomes=self.names(found.nothing), package=self.e.policies[0])))
        return lines + self._harm(found)

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
        parts = {"outcomes": self.names(outcomes), "packages": self.join(tie.packages)}
        if tie.packages == tie.better:
            return self.say("tie_all", **parts, each=self.say("both" if len(tie.packages) == 2 else "all"))
        better = self.say("is" if len(tie.better) == 1 else "are", package=self.join(tie.better))
        return self.say("tie_some", **parts, better=better)

    def _harm(self, found: Findings) -> list[Line]:
        rows = sorted(found.harms, key=lambda row: -abs(row["effect"]) / max(abs(row["without"]), 1e-9))[:NUMBERS]
        numbers = [self._of(row, "with_interval") for row in rows]
        return [(2, self.say("harm", numbers="; ".join(numbers)))] if numbers else []

    def _of(self, row: pd.Series, key: str) -> str:
        """A change and the package that makes it."""
        return self.say("with_package", package=row["package"], number=self._number(row, key))

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
        table = resilience(self.e, self.focus).dropna(subset=["loss"])
        none = table[table["package"] == NONE]
        if none.empty or none["loss"].max() < TRACE:
            return [(2, self.say("shock_small"))]
        worst = none.loc[none["loss"].idxmax()]
        loss = number(worst["loss"], digits_for(worst["loss"]), self.language)
        outcome, recovery = name(worst["outcome"], self.language), self._recovery(worst)
        line = (2, self.say("loss", loss=loss, outcome=outcome, recovery=recovery))
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
        rows = rows[rows["effect_on_loss"].abs() >= 0.01 * loss]
        clear = [row for _, row in rows.iterrows() if row["distinguishable_in_table"] is True]
        if not clear:
            return self.say("spared_none_one" if self.alone else "spared_none_many", package=self.e.policies[0]) + "."
        parts = []
        for row in sorted(clear, key=lambda row: row["effect_on_loss"])[:3]:
            digits = digits_for(row["effect_on_loss"])
            ends = sorted(abs(row[end]) for end in ("low", "high"))
            size, low, high = (number(x, digits, self.language) for x in (abs(row["effect_on_loss"]), *ends))
            key = "spared" if row["effect_on_loss"] < 0 else "spared_more"
            parts.append(self.say(key, package=row["package"], size=size, low=low, high=high))
        return self.join(parts) + "."

    def price(self) -> list[Line]:
        """What the packages spend a year and, where a gain is clear, what a unit of it costs with each."""
        spent = costs(self.e).set_index("package")["spent_rp_per_year"]
        paid = [package for package in self.e.policies if spent[package] > 0]
        if not paid:
            planned = any(self.e.budgets.get(package, 0.0) > 0 for package in self.e.policies)
            key = ("unspent" if planned else "no_costs") + ("_one" if self.alone else "_many")
            return [(1, self.say(key, package=self.e.policies[0]) + ".")]
        each = [self.say("cost", package=one, money=money(float(spent[one]), self.language)) for one in paid]
        line = self.say("costs", costs=self.join(each)) + self._unit_price()
        same = equal_cost(self.e)
        if same.spent is False:
            line += self.say("unequal", ratio=number(100 * same.spent_ratio, 0, self.language))
        return [(1, line + ".")]

    def _unit_price(self) -> str:
        """Price of the first countable effect that any package clearly has."""
        table = cost_effectiveness(self.e).dropna(subset=["cost_per_unit"])
        for measure, words in COUNTED.items():
            rows = table[table["measure"] == measure]
            if len(rows):
                prices = [self._price_of(row) for row in rows.to_dict("records")]
                return self.say("price", unit=words[self.language == INDONESIAN], prices=self.join(prices))
        return ""

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
            if not known[k] or abs(after - before) < SMALL * max(abs(before), 1.0 if unit(one) == "SD" else 0.0):
                still.append(one)
                continue
            ends = {"first": level(before, unit(one), self.language), "last": level(after, unit(one), self.language)}
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
