"""What a scenario lists: shocks, packages of policies and parameter values as settings, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, StrictStr, ValidationError, field_validator

from sim.catalogue import LEVERS, SHOCKS, Registry, Settings, did_you_mean, discover
from sim.choices import MONTH, month_name, month_number
from sim.declare import Parameter
from sim.intervention import levers_of
from sim.language import figure, told
from sim.parts import all_parts, parts_of
from sim.shape import Problem, comma, mapping_problem, one_line, problems_of, shown, spelling
from sim.strict_yaml import Address


class Package(BaseModel):
    """A named set of policies, compared with doing nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[StrictStr, Field(min_length=1, max_length=80)]
    policies: tuple[SerializeAsAny[Settings], ...] = ()

    @field_validator("name")
    @classmethod
    def _can_be_called(cls, name: str) -> str:
        if name == "none":
            raise ValueError(told("'none' stands for doing nothing; choose another name"))
        return one_line(name)

    @property
    def yearly_budget(self) -> float:
        """Rp of 2024 a year, all levers at full size."""
        return float(sum(getattr(policy, "planned_rp_per_year", 0.0) for policy in self.policies))


WHERE = ("districts", "sectors")
COSTING = ("start", "months", "unequal_cost")  # of the scenario, besides its packages


def meaning(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Shocks and policies as their own settings, and what is wrong with them and with the parameters."""
    meant, problems = dict(given), []
    if "parameters" in given:
        problems += parameter_problems(given["parameters"])
    if "shocks" in given:
        meant["shocks"], found = _entries(given["shocks"], SHOCKS, ("shocks",))
        problems += found
    if "packages" in given:
        meant["packages"], found = _packages(given["packages"])
        problems += found
    return meant, problems


def parameter_problems(values: Any) -> list[Problem]:
    """Unknown parameters and values that are no number or outside the declared range."""
    from sim.parameters import catalogue

    if not isinstance(values, Mapping):
        return mapping_problem(values, ("parameters",))
    known, problems = catalogue(), []
    for name, value in values.items():
        address = ("parameters", str(name))
        line = known.get(name)
        if line is None:
            near = comma(str(name), value) or _in_one_line(str(name), value) or did_you_mean(str(name), known)
            hint = near or told("; `bandung parameters` lists them")
            problems.append(Problem(address, told("unknown parameter{hint}", hint=hint), of_key=True))
        elif said := _wrong_value(line, value):
            problems.append(Problem(address, said))
    return problems


def _in_one_line(name: str, value: Any) -> str:
    """How to write parameters that stand in lines under the part of the model that they belong to."""
    from sim.parameters import catalogue

    inside = value.items() if isinstance(value, Mapping) else ()
    lines = (f"{name}.{one}: {shown(said)}" for one, said in inside if f"{name}.{one}" in catalogue())
    line = next(lines, "")
    return told("; write `{line}`", line=line) if line else ""


def _wrong_value(line: Parameter, value: Any) -> str:
    """What is wrong with the value of a parameter, or nothing."""
    span = {"low": f"{line.low:g}", "high": f"{line.high:g}", "unit": told(line.unit)}
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        text = "must be a number, not {value}; allowed: {low} to {high} {unit}{hint}"
        return told(text, value=shown(value), hint=spelling(value), **span)
    if not line.low <= value <= line.high:
        return told("{value} is out of range; allowed: {low} to {high} {unit}", value=shown(value), **span)
    return ""


def _entries(entries: Any, registry: Registry, address: Address) -> tuple[tuple[Settings, ...], list[Problem]]:
    """Each entry as the settings of its kind, and what is wrong with the entries."""
    discover()
    if not isinstance(entries, (list, tuple)):
        return (), [Problem(address, told("must be a list, not {value}", value=shown(entries)))]
    settings, problems = [], []
    for index, entry in enumerate(entries):
        made, found = (entry, []) if isinstance(entry, Settings) else _entry(entry, registry, (*address, index))
        settings += [made] if made is not None else []
        problems += found
    return tuple(settings), problems


def _entry(entry: Any, registry: Registry, address: Address) -> tuple[Settings | None, list[Problem]]:
    """The settings of an entry, as far as they can be read, and what is wrong with it."""
    if not isinstance(entry, Mapping):
        return None, mapping_problem(entry, address)
    if registry.key not in entry:
        said = told("'{key}' is missing: which {word}?", key=registry.key, word=told(registry.word))
        return None, [Problem(address, said)]
    name = entry[registry.key]
    if not isinstance(name, str):
        return None, [Problem((*address, registry.key), told("must be text, not {value}", value=shown(name)))]
    if name not in registry:
        return None, [Problem((*address, registry.key), registry.refusal(name))]
    model = registry[name].settings
    kin = {one: kind.settings.model_fields for one, kind in registry.items()}
    try:
        return model.model_validate(dict(entry)), []
    except ValidationError as error:
        problems = problems_of(error, model, address, kin)
    if not all(_only_where(p.address[len(address) :]) for p in problems):
        return None, problems
    # What is said of the entry as a whole (its season) does not wait until the names of places are right.
    made, found = _elsewhere(entry, model)
    return made, [*problems, *(Problem(address, text) for text in found)]


def _only_where(place: Address) -> bool:
    """Whether a mistake inside an entry is about where it works alone."""
    return bool(place) and place[0] in WHERE


def _elsewhere(entry: Mapping[str, Any], model: type[Settings]) -> tuple[Settings | None, list[str]]:
    """The entry as if it named no places, for its money and months, and what is wrong with it even so."""
    rest = {key: value for key, value in entry.items() if key not in WHERE}
    try:
        made = model.model_validate(rest)
    except ValidationError as error:
        return None, [p.text for p in problems_of(error, model) if not p.address]
    given = rest.get("budget_rp_per_year", 0.0)
    return (made if getattr(made, "budget_rp_per_year", 0.0) == given else None), []  # it may pay by the place


def _packages(packages: Any) -> tuple[tuple[Any, ...], list[Problem]]:
    if not isinstance(packages, (list, tuple)):
        return (), [Problem(("packages",), told("must be a list, not {value}", value=shown(packages)))]
    made: list[Package] = []
    problems: list[Problem] = []
    for index, package in enumerate(packages):
        if isinstance(package, Package):
            made.append(package)
            continue
        found = _package(package, ("packages", index))
        made += [one for one in found if isinstance(one, Package)]
        problems += [one for one in found if isinstance(one, Problem)]
    names = [p.name for p in made]
    if twice := sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem(("packages",), told("two packages are called '{name}'", name=twice[0])))
    return tuple(made), problems


def _package(package: Any, address: Address) -> list[Package | Problem]:
    """The package, and what is wrong with it."""
    if not isinstance(package, Mapping):
        return [*mapping_problem(package, address)]
    policies, problems = _entries(package.get("policies", ()), LEVERS, (*address, "policies"))
    if "policies" not in package and not did_you_mean("policies", map(str, package)):
        problems.append(Problem(address, told("'policies' is missing; `policies: []` stands for doing nothing")))
    try:
        return [Package.model_validate({**package, "policies": policies}), *problems]
    except ValidationError as error:
        return [*problems, *problems_of(error, Package, address)]


def date_problems(given: Mapping[str, Any], start: str, months: int) -> list[Problem]:
    """Shocks and policies that would begin or end outside the run, or end before they begin."""
    first = month_number(start)
    last = first + months - 1
    span = {"first": month_name(first), "last": month_name(last)}
    problems = []
    for address, entry in _dated(given):
        begin, end = _month_of(entry, "start"), _month_of(entry, "end")
        for name, month in (("start", begin), ("end", end)):
            if month is not None and not first <= month <= last:
                said = told("{month} is outside the run; the run is {first} to {last}", month=month_name(month), **span)
                problems.append(Problem((*address, name), said))
        if begin is not None and end is not None and end < begin:
            said = told("{end} is before the start, {start}", end=month_name(end), start=month_name(begin))
            problems.append(Problem((*address, "end"), said))
    return problems


def _dated(given: Mapping[str, Any]) -> Iterator[tuple[Address, Any]]:
    """Every shock and policy with its address, as far as there are lists of them."""
    for k, one in enumerate(_listed(given, "shocks")):
        yield ("shocks", k), one
    for k, package in enumerate(_listed(given, "packages")):
        for n, one in enumerate(_listed(package, "policies")):
            yield ("packages", k, "policies", n), one


def _value(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)


def _listed(entry: Any, name: str) -> Iterable[Any]:
    found = _value(entry, name)
    return found if isinstance(found, (list, tuple)) else ()


def _month_of(entry: Any, name: str) -> int | None:
    """A month as its number; None where there is none that can be read."""
    found = _value(entry, name)
    return month_number(found) if isinstance(found, str) and MONTH.fullmatch(found) else None


def remarks(packages: Iterable[Package]) -> list[str]:
    """What the author of these packages should know, though nothing is wrong."""
    found = [getattr(setting, "remark", "") for package in packages for setting in package.policies]
    return [remark for remark in dict.fromkeys(found) if remark]


def costs_are_known(given: Mapping[str, Any], packages: Sequence[Package], problems: Iterable[Problem]) -> bool:
    """Whether the packages' money can be read, whatever else is wrong."""
    wrong = [p.address for p in problems if p.address and p.address[0] in ("packages", *COSTING)]
    counts = [len(tuple(_listed(one, "policies"))) for one in _listed(given, "packages")]
    whole = counts == [len(one.policies) for one in packages]
    setting = 4  # of an address: it stands behind packages, which, policies, which
    return whole and all(_only_where(place[setting:]) for place in wrong)


def cost_problems(packages: Iterable[Package], start: tuple[int, int], months: int) -> list[Problem]:
    """Packages that cost different amounts, where the scenario does not say that they are meant to.

    Equal is: the same money a year at full size, or the same over the whole run, within 1 %.
    """
    yearly, total = _costs(packages, start, months)
    if _alike(yearly.values()) or _alike(total.values()):
        return []
    text = "packages do not cost the same a year ({costs}); make them equal, or say `unequal_cost: true`"
    said = told(text, costs=_in_billions(yearly))
    if idle := remarks(one for one in packages if one.policies and yearly.get(one.name) == 0):
        said = told("{problem}. {remark}", problem=said, remark=idle[0])
    return [Problem(("packages",), said)]


def cost_remarks(packages: Iterable[Package], start: tuple[int, int], months: int) -> list[str]:
    """That packages of the same money a year plan with different sums over the run, as where one begins later."""
    yearly, total = _costs(packages, start, months)
    if not _alike(yearly.values()) or _alike(total.values()):
        return []
    text = "packages cost the same a year, but not over the run ({costs}): they start, grow or end at other times"
    return [told(text, costs=_in_billions(total))]


def _costs(packages: Iterable[Package], start: tuple[int, int], months: int) -> tuple[dict[str, float], ...]:
    """Rp of 2024 of each package that is to cost what others do: a year at full size, and over the run.

    What does nothing is left out, and so is what is part of another: it cannot cost what the whole does, and need not.
    """
    paid = [one for one in packages if one.policies]
    parts = all_parts(parts_of(paid))
    paid = [one for one in paid if one.name not in parts]
    return {one.name: one.yearly_budget for one in paid}, {one.name: planned_cost(one, start, months) for one in paid}


def _in_billions(costs: Mapping[str, float]) -> str:
    each = [told("'{name}' Rp {rp} billion", name=name, rp=figure(rp / 1e9, 1)) for name, rp in costs.items()]
    return reduce(lambda one, other: told("{one}, {other}", one=one, other=other), each)


def _alike(values: Iterable[float]) -> bool:
    found = list(values)
    return len(found) < 2 or max(found) - min(found) <= 0.01 * max(found)


def planned_cost(package: Package, start: tuple[int, int], months: int) -> float:
    """Rp of 2024 that a package plans to spend over the run."""
    levers = levers_of((one for one in package.policies if hasattr(one, "idle")), start)
    return sum(one.settings.planned_rp_per_year / 12 * sum(map(one.strength, range(months))) for one in levers)
