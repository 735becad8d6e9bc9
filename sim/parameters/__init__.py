"""Every parameter of the model, by topic: `p.labour.matching_efficiency`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from numbers import Real
from typing import Any, NamedTuple, get_type_hints

from sim.declare import Parameter, declared, defaults
from sim.errors import InputError
from sim.language import told
from sim.parameters.children import Children
from sim.parameters.community import Community
from sim.parameters.companies import Companies
from sim.parameters.demography import Demography
from sim.parameters.drivers import DriverRules
from sim.parameters.goods import Goods
from sim.parameters.government import Government
from sim.parameters.hazards import HazardRules
from sim.parameters.household import HouseholdRules
from sim.parameters.labour import Labour
from sim.parameters.migration import Migration
from sim.parameters.population import PopulationRules
from sim.parameters.services import Services


class Parameters(NamedTuple):
    population: PopulationRules
    demography: Demography
    migration: Migration
    labour: Labour
    household: HouseholdRules
    goods: Goods
    government: Government
    services: Services
    community: Community
    children: Children
    companies: Companies
    drivers: DriverRules
    hazards: HazardRules


GROUPS: dict[str, type] = get_type_hints(Parameters)


def catalogue() -> dict[str, Parameter]:
    """Every declaration by its full name, `group.name`."""
    return {f"{group}.{name}": line for group, kind in GROUPS.items() for name, line in declared(kind).items()}


def default_parameters() -> Parameters:
    """Every parameter at its declared default."""
    return Parameters(*(defaults(kind) for kind in GROUPS.values()))


def check_mapping(values: Any) -> None:
    """Refuse what cannot be values by name. Raises InputError."""
    if not isinstance(values, Mapping):
        raise InputError(told("parameters = {value}: must be a mapping of names to numbers", value=repr(values)))


def with_values(p: Parameters, values: Mapping[str, float]) -> Parameters:
    """A copy of `p` with some values changed, e.g. {"labour.matching_efficiency": 0.9}.

    Raises InputError for an unknown name (naming the nearest) or a value outside the declared range.
    """
    check_mapping(values)
    known, wrong = catalogue(), []
    for name, value in values.items():
        line = known.get(name)
        if line is None:
            near = difflib.get_close_matches(str(name), known, 1, 0.4)
            hint = told("; did you mean '{name}'?", name=near[0]) if near else ""
            wrong.append(told("unknown parameter '{name}'{hint}", name=name, hint=hint))
        elif isinstance(value, bool) or not isinstance(value, Real):
            wrong.append(told("{name} = {value}: must be a number", name=name, value=repr(value)))
        elif not line.low <= value <= line.high:
            span = {"low": f"{line.low:g}", "high": f"{line.high:g}", "unit": told(line.unit)}
            said = told(
                "{name} = {value} is outside its range {low} to {high} {unit}", name=name, value=f"{value:g}", **span
            )
            wrong.append(said)
    if wrong:
        raise InputError(*wrong)
    for name, value in values.items():
        group, key = name.split(".")
        p = p._replace(**{group: getattr(p, group)._replace(**{key: float(value)})})
    return p
