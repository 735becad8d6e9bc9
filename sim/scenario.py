"""A scenario: what differs from today, and the question it asks. Read from a file, checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SerializeAsAny,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    field_validator,
)

from sim import strict_yaml
from sim.catalogue import LEVERS, SHOCKS, Registry, Settings, did_you_mean, discover
from sim.choices import month_name, month_number
from sim.errors import InputError
from sim.intervention import levers_of
from sim.shape import Problem, Refused, mapping_problem, problems_of, shown
from sim.strict_yaml import Address

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
SUFFIXES = (".yaml", ".yml")


class Package(BaseModel):
    """A named set of policies, compared with doing nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[StrictStr, Field(min_length=1, max_length=80)]
    policies: tuple[SerializeAsAny[Settings], ...] = ()

    @property
    def yearly_budget(self) -> float:
        """Rp of 2024 a year, all levers at full size."""
        return float(sum(getattr(policy, "budget_rp_per_year", 0.0) for policy in self.policies))


class Scenario(BaseModel):
    """One scenario. Raises InputError that names everything that is wrong with it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: Annotated[StrictStr, Field(min_length=1, max_length=200)]
    question: Annotated[StrictStr, Field(max_length=1000)] = ""
    start: StrictStr = "2025-01"
    months: Annotated[StrictInt, Field(ge=1, le=600, json_schema_extra={"unit": "months"})] = 120
    scale: Annotated[StrictInt, Field(ge=1, le=2000, json_schema_extra={"unit": "real agents per agent"})] = 50
    seeds: Annotated[StrictInt, Field(ge=1, le=1000, json_schema_extra={"unit": "seeds"})] = 30
    parameters: dict[str, StrictFloat] = Field(default_factory=dict)
    shocks: tuple[SerializeAsAny[Settings], ...] = ()
    packages: tuple[Package, ...] = ()
    unequal_cost: StrictBool = False  # true: the packages are meant to cost different amounts

    _name: str = PrivateAttr("")
    _text: str = PrivateAttr("")

    def __init__(self, /, **given: Any) -> None:
        meant, problems = _meaning(given)
        try:
            super().__init__(**meant)
        except ValidationError as error:
            spoken_for = {p.address[0] for p in problems if p.address}
            shape = problems_of(error, type(self))
            problems += [p for p in shape if not p.address or p.address[0] not in spoken_for]
        if not problems:
            problems = [*date_problems(self), *cost_problems(self)]
        if problems:
            raise Refused(problems)

    @field_validator("start")
    @classmethod
    def _start_has_data(cls, start: str) -> str:
        found = _MONTH.fullmatch(start)
        if not found:
            raise ValueError(f"{shown(start)} is not a month; write YYYY-MM, e.g. 2025-01")
        from sim.city import available_starts

        years = sorted(available_starts())
        if int(found[1]) not in years:
            raise ValueError(f"no data for a start in {found[1]}; years that work: {', '.join(map(str, years))}")
        return start

    @property
    def name(self) -> str:
        """A short name for tables and files: that of the file, or made from the title."""
        return self._name or re.sub(r"[^a-z0-9]+", "_", self.title.lower()).strip("_")[:40] or "scenario"

    @property
    def text(self) -> str:
        """The scenario as its author wrote it, or as YAML where there was no file."""
        return self._text or to_yaml(self)

    @property
    def start_month(self) -> tuple[int, int]:
        """Calendar year and month (1-12) of the first month."""
        year, month = self.start.split("-")
        return int(year), int(month)

    def package(self, name: str | None) -> Package | None:
        """The package of that name; None for `none`. Raises InputError for a name the scenario does not have."""
        if name is None or name == "none":
            return None
        for package in self.packages:
            if package.name == name:
                return package
        names = [p.name for p in self.packages]
        known = "it has: " + ", ".join(names) if names else "it has no packages; use none"
        raise InputError(f"scenario '{self.name}' has no package '{name}'; {known}{did_you_mean(name, names)}")

    def changed(self, **values: Any) -> Scenario:
        """A copy with some values changed, checked again."""
        other = Scenario(**{**dict(self), **values})
        other._name = self.name
        return other

    @classmethod
    def default(cls) -> Scenario:
        """Bandung from January 2025 with every parameter at its default and nothing that disturbs it."""
        return cls(title="Bandung as it is", question="Where does the city go if nothing changes?")


def to_yaml(scenario: Scenario) -> str:
    """The scenario as a file that `load_scenario` reads back."""
    import yaml

    said = scenario.model_dump(exclude_defaults=True) | {"start": scenario.start, "months": scenario.months}
    listed = {key: list(value) if isinstance(value, tuple) else value for key, value in said.items()}
    for package in listed.get("packages", []):
        package["policies"] = list(package.get("policies", ()))
    return yaml.safe_dump(listed, sort_keys=False, allow_unicode=True)


def _meaning(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
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
            hint = did_you_mean(str(name), known) or "; `bandung parameters` lists them"
            problems.append(Problem(address, f"unknown parameter{hint}", of_key=True))
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            problems.append(Problem(address, f"must be a number ({line.unit}), not {shown(value)}"))
        elif not line.low <= value <= line.high:
            span = f"allowed: {line.low:g} to {line.high:g} {line.unit}"
            problems.append(Problem(address, f"{shown(value)} is out of range; {span}"))
    return problems


def _entries(entries: Any, registry: Registry, address: Address) -> tuple[tuple[Settings, ...], list[Problem]]:
    """Each entry as the settings of its kind, and what is wrong with the entries."""
    discover()
    if not isinstance(entries, (list, tuple)):
        return (), [Problem(address, f"must be a list, not {shown(entries)}")]
    settings, problems = [], []
    for index, entry in enumerate(entries):
        if isinstance(entry, Settings):
            settings.append(entry)
            continue
        made = _entry(entry, registry, (*address, index))
        if isinstance(made, Settings):
            settings.append(made)
        else:
            problems += made
    return tuple(settings), problems


def _entry(entry: Any, registry: Registry, address: Address) -> Settings | list[Problem]:
    if not isinstance(entry, Mapping):
        return mapping_problem(entry, address)
    if registry.key not in entry:
        return [Problem(address, f"'{registry.key}' is missing: which {registry.word}?")]
    name = entry[registry.key]
    if not isinstance(name, str):
        return [Problem((*address, registry.key), f"must be text, not {shown(name)}")]
    if name not in registry:
        return [Problem((*address, registry.key), registry.refusal(name))]
    model = registry[name].settings
    try:
        return model(**entry)
    except ValidationError as error:
        return problems_of(error, model, address)


def _packages(packages: Any) -> tuple[tuple[Any, ...], list[Problem]]:
    if not isinstance(packages, (list, tuple)):
        return (), [Problem(("packages",), f"must be a list, not {shown(packages)}")]
    made: list[Package] = []
    problems: list[Problem] = []
    for index, package in enumerate(packages):
        address: Address = ("packages", index)
        if isinstance(package, Package):
            made.append(package)
            continue
        if not isinstance(package, Mapping):
            problems += mapping_problem(package, address)
            continue
        policies, found = _entries(package.get("policies", ()), LEVERS, (*address, "policies"))
        problems += found
        try:
            made.append(Package(**{**package, "policies": policies}))
            if "policies" not in package:
                problems.append(Problem(address, "'policies' is missing; `policies: []` stands for doing nothing"))
        except ValidationError as error:
            problems += problems_of(error, Package, address)
    names = [p.name for p in made]
    if twice := sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem(("packages",), f"two packages are called '{twice[0]}'"))
    return tuple(made), problems


def date_problems(scenario: Scenario) -> list[Problem]:
    """Shocks and policies that would begin outside the run, or end before they begin."""
    first = month_number(scenario.start)
    last = first + scenario.months - 1
    span = f"the run is {month_name(first)} to {month_name(last)}"
    entries: list[tuple[Address, Any]] = [(("shocks", k), one) for k, one in enumerate(scenario.shocks)]
    for k, package in enumerate(scenario.packages):
        entries += [(("packages", k, "policies", n), one) for n, one in enumerate(package.policies)]
    problems = []
    for address, one in entries:
        start, end = getattr(one, "start", None), getattr(one, "end", None)
        if start is not None and not first <= month_number(start) <= last:
            problems.append(Problem((*address, "start"), f"{start} is outside the run; {span}"))
        if end is not None and month_number(end) < month_number(start or scenario.start):
            problems.append(Problem((*address, "end"), f"{end} is before the start; {span}"))
    return problems


def cost_problems(scenario: Scenario) -> list[Problem]:
    """Packages that cost different amounts where the scenario does not say that they are meant to.

    Equal is: the same money a year at full size, or the same over the whole run, within 1 %.
    """
    paid = [one for one in scenario.packages if one.policies]
    if scenario.unequal_cost or len(paid) < 2:
        return []
    yearly = {one.name: one.yearly_budget for one in paid}
    total = {one.name: planned_cost(one, scenario) for one in paid}
    if _alike(yearly.values()) or _alike(total.values()):
        return []
    said = ", ".join(f"'{name}' Rp {rp / 1e9:,.1f} billion" for name, rp in yearly.items())
    text = f"packages do not cost the same a year ({said}); make them equal, or say `unequal_cost: true`"
    return [Problem(("packages",), text)]


def _alike(values: Iterable[float]) -> bool:
    found = list(values)
    return max(found) - min(found) <= 0.01 * max(found)


def planned_cost(package: Package, scenario: Scenario) -> float:
    """Rp of 2024 that a package plans to spend over the run."""
    levers = [one for one in levers_of(package.policies, scenario.start_month) if hasattr(one.settings, "idle")]
    months = range(scenario.months)
    return sum(one.settings.budget_rp_per_year / 12 * sum(one.strength(m) for m in months) for one in levers)


def scenarios_folder() -> Path:
    """Where the ready scenarios are: in the installed package, or beside the checkout."""
    here = Path(__file__).parent
    packed = here / "_data" / "scenarios"
    return packed if packed.is_dir() else here.parent / "scenarios"


def ready_scenarios() -> dict[str, Path]:
    """The ready scenarios by name."""
    return {path.stem: path for path in sorted(scenarios_folder().glob("*.yaml"))}


def find_scenario(name: str | Path) -> Path:
    """The file of a scenario given by path or by bare name."""
    path = Path(name)
    ready = ready_scenarios()
    if path.suffix in SUFFIXES or path.is_file():
        if not path.exists() and (hint := did_you_mean(path.stem, ready)):
            raise InputError(f"{path}: no such file{hint}")
        return path
    if str(name) in ready:
        return ready[str(name)]
    raise InputError(f"unknown scenario '{str(name)[:200]}'; ready: {', '.join(ready)}{did_you_mean(str(name), ready)}")


def load_scenario(source: Scenario | Path | str) -> Scenario:
    """A scenario from a file, a ready name (`baseline`) or YAML text. Raises InputError with everything wrong."""
    if isinstance(source, Scenario):
        return source
    is_text = isinstance(source, str) and ("\n" in source or ": " in source)
    if is_text:
        document, name = strict_yaml.loads(str(source)), ""
    else:
        path = find_scenario(source)
        document, name = strict_yaml.load(path), path.stem
    if not isinstance(document.data, dict):
        raise InputError(document.message((), "a scenario is a list of 'name: value' lines"))
    try:
        scenario = Scenario(**document.data)
    except Refused as error:
        raise error.located(document) from None
    scenario._name, scenario._text = name, document.text
    return scenario
