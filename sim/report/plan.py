"""What was compared, in words: packages with their levers, cost and reach, and the shocks."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.analysis.words import listing
from sim.catalogue import reach_units
from sim.choices import by_name, month_number
from sim.language import ENGLISH, number, rupiah, speaker, translated, when
from sim.report.changes import price_year
from sim.report.marks import digits_of, signed, star, starred
from sim.summary import words

if TYPE_CHECKING:
    from sim.comparison import Comparison

BUDGETS = 2024  # the year of whose prices the money in scenario files is
# Who pays what, by outcome of `sim.outcomes.business.PAID_BY_RULE`.
PAYMENTS = {
    "property_tax_rp": "households: property tax (PBB)",
    "business_tax_rp": "businesses: local taxes and levies (PBJT and others)",
    "wages_paid_rp": "businesses: wages of their employees",
}
MORE = 1.001  # spent over planned from which it is said to be above it: less is the rounding of whole rupiah


def package_rows(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """What each package is, what it was planned to cost, what was spent and refused, whom it reached."""
    rows = []
    for package in made.as_dict()["packages"]:
        meant = next(p for p in made.scenario.packages if p.name == package["name"])
        rows.append(
            {
                "name": package["name"],
                "levers": [said_of(policy, language) for policy in meant.policies],
                "planned": number(made.planned[package["name"]] / 1e9, language, 1),
                "spent": number(package["cost_rp"] / 1e9, language, 1),
                "refused": number(package["refused_rp"] / 1e9, language, 1),
                "reach": reach_said(package["reach"], language),
            }
        )
    return rows


def reach_said(reached: Mapping[str, float], language: str = ENGLISH) -> str:
    """`cash transfer 2: 1,234 household-months; worker training: 56 seats`, each lever in the unit that it declares.

    The second lever of a kind has a number behind its name; one that has reached nobody is left out.
    """
    units, said = reach_units(reached), []
    for programme, times in reached.items():
        if times:
            kind, _, second = programme.partition(" ")
            name = f"{words(kind, language)} {second}".strip()
            said.append(f"{name}: {number(times, language, unit=units.get(programme, ''))}")
    return "; ".join(said)


def cost_notes(made: Comparison, language: str = ENGLISH) -> list[str]:
    """What planned, spent and not payable are, and why they do not add up."""
    from sim.city import deflator

    say, year = speaker(language), price_year(made)
    notes = [say("Planned: each package's money in the months it works, with every lever's start, ramp and end.")]
    if year != BUDGETS:
        rate = number(deflator(BUDGETS, year), language, 2)
        text = "Budgets in the scenario file are in Rp of {file}; Rp 1 of them is Rp {rate} of {year}."
        notes.append(say(text, file=BUDGETS, rate=rate, year=year))
    packages = made.as_dict()["packages"]
    if any(package["cost_rp"] < 0 for package in packages):
        notes.append(say("Spent below zero: the package saves money."))
    if any(package["cost_rp"] > MORE * made.planned[package["name"]] for package in packages):
        notes.append(
            say(
                "Spent above planned: a cost that grows with what the policy brings, such as that of collecting a tax, "
                "is not in the plan."
            )
        )
    return [
        *notes,
        say(
            "Spent is less than planned where a programme waits for its case, fewer ask than the money would serve or "
            "the payer has no money left; of the rest the city usually spends about 94 %."
        ),
        say(
            "Not payable: due or asked for beyond the package's budget, which was never planned, or beyond its payer's "
            "money, which was planned and is lacking. So planned is not the sum of the two."
        ),
    ]


def burden_rows(made: Comparison, language: str = ENGLISH) -> list[dict[str, str]]:
    """What others than the city pay more over the run, Rp billion; nothing where no lever asks it and none is clear."""
    say, rows = speaker(language), []
    for one in made.burdens.to_dict("records"):
        digits = digits_of([one], "rp", 1e9, 1)
        amount, low, high = (signed(one[name] / 1e9, language, digits) for name in ("rp", "low", "high"))
        known = isfinite(one["low"])
        rows.append(
            {
                "package": one["package"],
                "who": say(PAYMENTS[one["outcome"]]),
                "asked": say("yes" if one["asked"] else "no"),
                "amount": f"{amount} {starred(one, 'rp', 1e9, digits)}".strip(),
                "spread": say("{low} to {high}", low=low, high=high) if known else "",
                "said": say("not distinguishable from zero") if known and not star(one) else "",
            }
        )
    return rows


def burden_notes(made: Comparison, language: str = ENGLISH) -> list[str]:
    """Whose money it is, and what it means where no lever asks for it."""
    say, table = speaker(language), made.burdens
    notes = [say("It is paid by households and businesses: a burden of theirs, no cost of the city, and no part of the "
                 "table above.")]  # fmt: skip
    if not table["asked"].all():
        notes.append(say("Where the policy does not ask for it, taxes and wages follow sales, jobs and pay."))
    return notes


def shock_rows(made: Comparison, language: str = ENGLISH) -> list[str]:
    """The shocks that begin within the run, with their settings."""
    last = month_number(made.scenario.start) + made.months
    felt = [one for one in made.scenario.shocks if month_number(one.model_dump()["start"]) < last]
    return [said_of(shock, language) for shock in felt]


def said_of(settings: Any, language: str) -> str:
    """One lever or shock as the scenario has it."""
    given = settings.model_dump(exclude_unset=True)
    kind = given.pop("lever", given.pop("kind", ""))
    parts = [_setting(name, value, language) for name, value in given.items()]
    return f"{words(str(kind), language)}: " + ", ".join(parts) if parts else words(str(kind), language)


def _setting(name: str, value: Any, language: str) -> str:
    """`Rp 85.0 billion a year`, `start January 2026`, `districts Gedebage and Rancasari`."""
    if name == "budget_rp_per_year":
        return translated("Rp {amount} billion a year", language, amount=number(value / 1e9, language, 1))
    return f"{words(name, language)} {_value(name, value, language)}"


def _value(name: str, value: Any, language: str) -> str:
    if pairs := _pairs(value):
        return ", ".join(f"{words(str(key), language)} {_value(str(key), one, language)}" for key, one in pairs)
    if isinstance(value, (list, tuple)):
        return listing([words(by_name(str(one)), language) for one in value], language)
    if isinstance(value, bool):
        return translated("yes" if value else "no", language)
    if name.endswith("_rp"):
        return rupiah(value, language, 3)
    if isinstance(value, float):
        return f"{value:g}" if language == ENGLISH else f"{value:g}".replace(".", ",")
    if name in ("start", "end") and value:
        return when(value, language)
    return words(value, language) if isinstance(value, str) else str(value)


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    """Keys and values of a setting that is a mapping, which a lever may keep as a tuple of pairs; else nothing."""
    if isinstance(value, Mapping):
        return list(value.items())
    is_pairs = isinstance(value, (list, tuple)) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
    return list(value) if is_pairs else []
