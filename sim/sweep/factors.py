"""What a design varies: parameters, settings of shocks, settings of levers; each with its range.

An entry of the file (`Varied`) is bound to the declarations and the base scenario by `bind`, which gives a `Factor`:
one column of the table, its range, and where a value goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, ValidationError

from sim.catalogue import LEVERS, SHOCKS, Registry, did_you_mean
from sim.errors import InputError
from sim.language import texts, told
from sim.scenario import Scenario
from sim.shape import ColumnName, Problem, bounds, figure, problems_of, shown, unit_of
from sim.strict_yaml import Address, printed

MOST_SHARE = 1e6  # of several that count beside each other
Spread = Literal["uniform", "loguniform", "triangular", "normal"]
Number = StrictFloat  # whole ones too, but nothing else
KINDS = ("parameter", "shock", "lever")
MONEY = "budget_rp_per_year"


class Varied(BaseModel):
    """One entry of `uncertainties` or `levers`: what varies, and how far."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    parameter: StrictStr | None = None  # full name, as `bandung parameters` lists it
    shock: StrictStr | None = None  # kind of one of the scenario's shocks
    lever: StrictStr | None = None  # name of a lever in the packages
    package: StrictStr | None = None  # only this package's lever; none named: every package that has it
    setting: StrictStr | None = None  # of the shock or lever
    number: Annotated[StrictInt, Field(ge=1, le=99)] = 1  # which, where there are several of a kind
    low: Number | None = None  # left out: the declared range
    high: Number | None = None
    values: Annotated[tuple[Number, ...] | None, Field(min_length=1, max_length=1000)] = None  # only these
    spread: Spread = "uniform"  # normal: around the middle, the ends two standard deviations away, cut off there
    likely: Number | None = None  # top of a triangular spread; left out: the usual value
    steps: Annotated[StrictInt | None, Field(ge=1, le=1000)] = None  # of a grid
    name: ColumnName | None = None  # of the column


@dataclass(frozen=True)
class Factor:
    """One varied number: its column, range and place. `whole`: whole numbers only."""

    column: str
    role: str  # uncertainty or lever
    kind: str  # parameter, shock, lever, or free (a model that is not the city)
    low: float
    high: float
    default: float
    unit: str = ""
    meaning: str = ""
    whole: bool = False
    values: tuple[float, ...] = ()
    spread: str = "uniform"
    likely: float | None = None
    steps: int | None = None
    places: tuple[tuple[int, int, str], ...] = ()  # (package or -1, shock or policy, setting)
    usual: float | None = None  # as in the scenario; `default` is the nearest to it in the range

    def of(self, share: float) -> float:
        """The value at a share (0 to 1) of the distribution."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:
            return float(min(int(self.low + share * (self.high - self.low + 1)), int(self.high)))
        return min(max(self._quantile(share), self.low), self.high)

    def _quantile(self, share: float) -> float:
        width = self.high - self.low
        if width <= 0:
            return self.low
        if self.spread == "loguniform":
            return float(self.low * (self.high / self.low) ** share)
        if self.spread == "triangular":
            top = ((self.default if self.likely is None else self.likely) - self.low) / width
            if share < top:
                return float(self.low + width * (share * top) ** 0.5)
            return float(self.high - width * ((1 - share) * (1 - top)) ** 0.5)
        if self.spread == "normal":
            from scipy.stats import truncnorm

            return float(truncnorm.ppf(share, -2, 2, loc=(self.low + self.high) / 2, scale=width / 4))
        return self.low + share * width


def bind(
    entry: Varied, role: str, scenario: Scenario, packages: Iterable[str], address: Address
) -> Factor | list[Problem]:
    """The factor of an entry, or everything that is wrong with it."""
    named = [kind for kind in KINDS if getattr(entry, kind) is not None]
    if len(named) != 1:
        text = "only one of {names} says what varies" if named else "one of {names} says what varies"
        return [Problem(address, told(text, names=", ".join(KINDS)))]
    found = (
        _parameter(entry, scenario, address)
        if named[0] == "parameter"
        else _setting(entry, scenario, packages, address)
    )
    if isinstance(found, list):
        return found
    problems = _range_problems(entry, found, address)
    return problems or _ranged(entry, found, role)


@dataclass(frozen=True)
class _Declared:
    """What the declarations say about the number that varies."""

    kind: str
    column: str
    low: float
    high: float
    default: float
    unit: str
    meaning: str
    whole: bool = False
    places: tuple[tuple[int, int, str], ...] = ()


def _parameter(entry: Varied, scenario: Scenario, address: Address) -> _Declared | list[Problem]:
    from sim.parameters import catalogue

    known, name = catalogue(), entry.parameter or ""
    wrong = [
        Problem((*address, other), told("belongs to a shock or lever, not to a parameter"), of_key=True)
        for other in ("package", "setting")
        if getattr(entry, other) is not None
    ]
    if name not in known:
        hint = did_you_mean(name, known) or told("; `bandung parameters` lists them")
        text = told("unknown parameter '{name}'{hint}", name=printed(name), hint=hint)
        return [*wrong, Problem((*address, "parameter"), text)]
    line = known[name]
    usual = float(scenario.parameters.get(name, line.default))
    return wrong or _Declared("parameter", name, line.low, line.high, usual, line.unit, line.meaning)


def _setting(entry: Varied, scenario: Scenario, packages: Iterable[str], address: Address) -> _Declared | list[Problem]:
    """A number among the settings of a shock or a lever of the scenario."""
    kind, registry = ("shock", SHOCKS) if entry.shock is not None else ("lever", LEVERS)
    name = getattr(entry, kind)
    if name not in registry:
        return [Problem((*address, kind), registry.refusal(name))]
    places = _places(entry, kind, name, scenario, list(packages))
    if isinstance(places, str):
        return [Problem((*address, kind), places)]
    setting = entry.setting or ("intensity" if kind == "shock" else MONEY)
    first = places[0]
    holder = scenario.shocks[first[1]] if kind == "shock" else scenario.packages[first[0]].policies[first[1]]
    numbers = [*numeric_settings(registry, name), *_named_shares(holder)]
    if setting in numbers and "." in setting:
        default = _named_shares(holder)[setting]
        meaning = told("one of several shares; only their sizes beside each other count")
        column = _column(entry, kind, name, setting)
        held = tuple((k, n, setting) for k, n in places)
        return _Declared(kind, column, 0.0, MOST_SHARE, default, "", meaning, False, held)
    if setting not in numbers:
        hint = did_you_mean(setting, numbers) or told("; known: {names}", names=", ".join(numbers))
        text = "'{setting}' is no number among the settings of {name}{hint}"
        return [Problem((*address, "setting"), told(text, setting=printed(setting), name=name, hint=hint))]
    info = registry[name].settings.model_fields[setting]
    low, high = bounds(info)
    column = _column(entry, kind, name, setting)
    default = float(getattr(holder, setting) or 0.0)
    whole = info.annotation is int
    return _Declared(
        kind,
        column,
        float("-inf") if low is None else low,
        float("inf") if high is None else high,
        default,
        unit_of(info),
        info.description or "",
        whole,
        tuple((k, n, setting) for k, n in places),
    )


def _column(entry: Varied, kind: str, name: str, setting: str) -> str:
    """What the column of a setting is called where the design does not say."""
    column = ".".join([kind, *([entry.package] if entry.package else []), name, setting])
    return f"{column}.{entry.number}" if entry.number > 1 else column


def _named_shares(holder: Any) -> dict[str, float]:
    """Shares that a shock or lever of the scenario names, as `mix.roads`: each can vary, whatever the others are."""
    found: dict[str, float] = {}
    for field in type(holder).model_fields:
        value = getattr(holder, field)
        if isinstance(value, tuple) and value and all(isinstance(one, tuple) and len(one) == 2 for one in value):
            found |= {f"{field}.{name}": float(share) for name, share in value}
    return found


def numeric_settings(registry: Registry, name: str) -> list[str]:
    """The settings of a kind that are numbers and can be given."""
    settings = registry[name].settings
    given = [
        (one, info) for one, info in settings.model_fields.items() if one != MONEY or not getattr(settings, "free", "")
    ]
    return [one for one, info in given if {info.annotation, *get_args(info.annotation)} & {int, float}]


def _places(
    entry: Varied, kind: str, name: str, scenario: Scenario, packages: list[str]
) -> list[tuple[int, int]] | str:
    """Where the scenario has that shock or lever: (package or -1, position); or why it has none."""
    if kind == "shock":
        found = [(-1, n) for n, shock in enumerate(scenario.shocks) if shock.kind == name]  # type: ignore[attr-defined]
        if len(found) < entry.number:
            text = (
                "scenario '{scenario}' has '{name}' only {count} time(s){has}"
                if found
                else "scenario '{scenario}' has no '{name}'{has}"
            )
            kinds = [shock.kind for shock in scenario.shocks]  # type: ignore[attr-defined]
            counts = {"count": len(found)} if found else {}
            return told(text, scenario=scenario.name, name=name, has=_has(kinds), **counts)
        return [found[entry.number - 1]]
    if entry.package is not None and entry.package not in packages:
        hint = did_you_mean(entry.package, packages)
        return told("package '{name}' is not in this design{hint}", name=printed(entry.package), hint=hint)
    wanted = [entry.package] if entry.package is not None else packages
    found = []
    for k, package in enumerate(scenario.packages):
        mine = [n for n, policy in enumerate(package.policies) if policy.lever == name]  # type: ignore[attr-defined]
        if package.name in wanted and len(mine) >= entry.number:
            found.append((k, mine[entry.number - 1]))
    if not found:
        has = [policy.lever for p in scenario.packages if p.name in wanted for policy in p.policies]  # type: ignore[attr-defined]
        return told("no package of this design has '{name}'{has}", name=name, has=_has(has))
    return found


def _has(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    return told("; it has: {names}", names=", ".join(listed)) if listed else told("; it has none")


_OUTSIDE, _WHOLE = texts("{value} is out of range{limits}", "must be a whole number, not {value}")


def _allowed(line: _Declared) -> str:
    """The declared range in words."""
    span = told("{low} to {high}", low=figure(line.low), high=figure(line.high))
    if line.unit:
        return told("; allowed: {span} {unit}", span=span, unit=told(line.unit))
    return told("; allowed: {span}", span=span)


def _range_problems(entry: Varied, line: _Declared, address: Address) -> list[Problem]:
    """Ranges that are empty, reversed or beyond what is declared."""
    span = _allowed(line)
    if entry.values is not None:
        if entry.low is not None or entry.high is not None:
            return [Problem(address, told("give either `values` or `low` and `high`, not both"))]
        return [
            *(
                Problem((*address, "values", n), told(_OUTSIDE, value=shown(value), limits=span))
                for n, value in enumerate(entry.values)
                if not line.low <= value <= line.high
            ),
            *(
                Problem((*address, "values", n), told(_WHOLE, value=shown(value)))
                for n, value in enumerate(entry.values)
                if line.whole and value % 1
            ),
        ]
    if line.kind != "parameter" and "." in line.places[0][2] and (entry.low is None or entry.high is None):
        return [Problem(address, told("`low` and `high` are needed: no range is declared for this number"))]
    problems = []
    for end in ("low", "high"):
        value = getattr(entry, end)
        if value is not None and not line.low <= value <= line.high:
            problems.append(Problem((*address, end), told(_OUTSIDE, value=shown(value), limits=span)))
        elif value is not None and line.whole and value % 1:
            problems.append(Problem((*address, end), told(_WHOLE, value=shown(value))))
    low, high = _ends(entry, line)
    if not problems and not low < high:
        at = (*address, "high") if entry.high is not None else (*address, "low") if entry.low is not None else address
        text = told("the range {low} to {high} is empty{limits}", low=figure(low), high=figure(high), limits=span)
        problems.append(Problem(at, text))
    if not problems and entry.spread == "loguniform" and low <= 0:
        problems.append(Problem((*address, "spread"), told("a loguniform spread needs a `low` above 0")))
    if not problems and entry.likely is not None and not low <= entry.likely <= high:
        ends = {"low": figure(low), "high": figure(high)}
        text = told("{value} is outside the range {low} to {high}", value=shown(entry.likely), **ends)
        problems.append(Problem((*address, "likely"), text))
    return problems


def _ends(entry: Varied, line: _Declared) -> tuple[float, float]:
    low = line.low if entry.low is None else float(entry.low)
    return low, line.high if entry.high is None else float(entry.high)


def _ranged(entry: Varied, line: _Declared, role: str) -> Factor:
    low, high = _ends(entry, line)
    if entry.values is not None:
        low, high = float(min(entry.values)), float(max(entry.values))
    return Factor(
        column=entry.name or line.column,
        role=role,
        kind=line.kind,
        low=low,
        high=high,
        default=min(max(line.default, low), high),
        unit=line.unit,
        meaning=line.meaning,
        whole=line.whole,
        values=tuple(map(float, entry.values or ())),
        spread=entry.spread,
        likely=None if entry.likely is None else float(entry.likely),
        steps=entry.steps,
        places=line.places if line.kind != "parameter" else ((-1, -1, line.column),),
        usual=line.default,
    )


def _with(one: Any, setting: str, value: float, column: str) -> Any:
    """A shock or lever with another value of one setting. Raises InputError where its own rules forbid that."""
    field, _, name = setting.partition(".")
    new = dict(getattr(one, field)) | {name: value} if name else value
    try:
        return type(one).model_validate({**one.model_dump(), field: new})
    except ValidationError as error:
        why = problems_of(error, type(one))[0].text
        said = told("{name} = {value}: {why}", name=column, value=f"{value:g}", why=why)
        raise InputError(said) from None


def applied(scenario: Scenario, factors: Iterable[Factor], values: Mapping[str, float]) -> Scenario:
    """The scenario with every factor at its value, checked again where a value goes."""
    parameters, shocks = dict(scenario.parameters), list(scenario.shocks)
    packages = [list(package.policies) for package in scenario.packages]
    for factor in factors:
        for package, position, setting in factor.places:
            value: Any = int(values[factor.column]) if factor.whole else float(values[factor.column])
            if factor.kind == "parameter":
                parameters[setting] = value
            else:
                held = shocks if package < 0 else packages[package]
                one = held[position]
                held[position] = _with(one, setting, value, factor.column)
    made = scenario.model_copy(
        update={
            "parameters": parameters,
            "shocks": tuple(shocks),
            "unequal_cost": True,
            "packages": tuple(
                package.model_copy(update={"policies": tuple(policies)})
                for package, policies in zip(scenario.packages, packages, strict=True)
            ),
        }
    )
    made._text = ""  # no longer what its author wrote
    return made
