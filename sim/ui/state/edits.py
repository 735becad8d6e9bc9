"""Changes of a scenario from the page: plain data in, a checked scenario out.

Shocks and the levers of a package are items named by their kind; the second of a kind is `flood-2`. New items stand
after those of the opened scenario, in the order of the catalogue, so that one setting has one order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError

from sim.catalogue import LEVERS, SHOCKS, Kind, Registry, Settings, discover
from sim.choices import month_name, month_number
from sim.entries import cost_problems, planned_cost
from sim.language import told
from sim.scenario import Scenario
from sim.shape import bounds

Data = dict[str, Any]
Items = dict[str, Data]  # item: its fields, the kind's own name among them
MOST_PACKAGES = 4
YEAR = 12
MONEY = "budget_rp_per_year"
EACH = "per_rw_rp"  # money for each RW: of a lever that has it, the budget follows from it
LATER = 36  # months after the start at which a shock added on the page strikes


def registry_of(key: str) -> Registry:
    """The filled registry of `kind` (shocks) or `lever`."""
    discover()
    return SHOCKS if key == "kind" else LEVERS


def items(entries: Iterable[Settings], key: str) -> Items:
    """The shocks or levers listed, by item, with all their fields as plain data."""
    found: Items = {}
    for one in entries:
        data = one.model_dump(mode="json")
        kind = data[key]
        taken = sum(name.split("~")[0] == kind for name in found)
        found[f"{kind}~{taken + 1}" if taken else kind] = data
    return found


def kind_of(item: str) -> str:
    return item.split("~")[0]


def plain(settings: Items, key: str) -> list[Data]:
    """Items as a scenario file lists them: only what differs from the defaults."""
    registry = registry_of(key)
    listed = []
    for item, data in settings.items():
        default = defaults(registry[kind_of(item)])
        listed.append({key: kind_of(item)} | {k: v for k, v in data.items() if k != key and v != default.get(k, ...)})
    return listed


def defaults(kind: Kind) -> Data:
    """Every field of a kind at its default, as plain data; what has none is left out."""
    fields = kind.settings.model_fields
    found = {n: i.get_default(call_default_factory=True) for n, i in fields.items() if not i.is_required()}
    return {name: _as_lists(value) for name, value in found.items()}


def _as_lists(value: Any) -> Any:
    """Tuples as plain data has them."""
    return [_as_lists(one) for one in value] if isinstance(value, tuple) else value


@cache
def master(key: str, kind: str) -> str:
    """The field that turns a kind on: of a lever the first (money before others) that makes it do something."""
    if key == "kind":
        return "intensity"
    model = registry_of(key)[kind].settings
    numbers = [name for name, info in model.model_fields.items() if bounds(info)[1] is not None]
    for name in sorted(numbers, key=lambda one: one != MONEY):
        high = bounds(model.model_fields[name])[1]
        value = high if model.model_fields[name].annotation is float else int(high or 0)
        if not getattr(model.model_construct(**defaults(registry_of(key)[kind]) | {name: value}), "idle", False):
            return name
    return MONEY


def off(key: str, kind: str) -> float:
    """The value of that field at which the kind does nothing: no money, today's rules, no shock."""
    return 0.0 if key == "kind" else defaults(registry_of(key)[kind])[master(key, kind)]


def arranged(settings: Items, first: Sequence[str], key: str) -> Items:
    """Items of the opened scenario in its order, then the others in the order of the catalogue."""
    order = {name: k for k, name in enumerate(registry_of(key))}

    def place(item: str) -> tuple[int, int, str]:
        return (0, first.index(item), item) if item in first else (1, order.get(kind_of(item), 0), item)

    return {item: settings[item] for item in sorted(settings, key=place)}


def changed(
    settings: Items, item: str, field: str, value: Any, key: str, start: str, rested: Mapping[str, Data] | None = None
) -> Items:
    """One field set. An item that is turned off goes; one that comes has what it rested with, or else its defaults.

    rested: items that are not there, with the settings that they had when they were.
    """
    kind = registry_of(key)[kind_of(item)]
    fields = dict(settings.get(item) or resting((rested or {}).get(item) or new_item(kind, key, start), key))
    name, _, part = field.partition(".")
    fields[name] = with_share(kind, name, fields.get(name), part, value) if part else fitting(kind, field, value)
    if EACH in fields and name == MONEY:
        fields[EACH] = 0.0
    elif name == EACH or fields.get(EACH):
        fields[MONEY] = 0.0
    found = {**_before(item, settings, rested or {}, key, start), **settings, item: fields}
    turned_off = name in (master(key, kind.name), EACH) and is_off(fields, key)
    return _without_last_off(found, kind.name, key) if turned_off else found


def _before(item: str, settings: Items, rested: Mapping[str, Data], key: str, start: str) -> Items:
    """What stands before the second or third of a kind, at rest where it is not there: else that would be the first."""
    kind = kind_of(item)
    missing = [one for one in numbered(kind, int(item.partition("~")[2] or 1) - 1) if one not in settings]
    usual = new_item(registry_of(key)[kind], key, start)
    return {one: resting(rested.get(one) or usual, key) for one in missing}


def numbered(kind: str, count: int) -> list[str]:
    """The first items of a kind: flood, flood~2, flood~3."""
    return [f"{kind}~{k}" if k > 1 else kind for k in range(1, count + 1)]


def _without_last_off(settings: Items, kind: str, key: str) -> Items:
    """Without what is turned off, as far as no other of its kind stands behind it: those keep their numbers."""
    found = dict(settings)
    for item in reversed(numbered(kind, sum(kind_of(one) == kind for one in settings))):
        if not is_off(found[item], key):
            break
        del found[item]
    return found


def is_off(fields: Data, key: str) -> bool:
    """Whether an item does nothing, by the field that turns its kind on."""
    return bool(fields[master(key, fields[key])] == off(key, fields[key])) and not fields.get(EACH)


def resting(fields: Data, key: str) -> Data:
    """An item at which nothing happens, with all its other settings."""
    kept = {**fields, EACH: 0.0} if EACH in fields else fields
    return {**kept, master(key, fields[key]): off(key, fields[key])}


def moves_others(kind: Kind, field: str) -> bool:
    """Whether setting one field sets others of its item too."""
    return EACH in kind.settings.model_fields and field in (MONEY, EACH, "districts")


def parts_of(kind: Kind, field: str) -> tuple[str, ...]:
    """What a setting gives shares of (`mix`: services), in its order; nothing of the others."""
    info = kind.settings.model_fields.get(field)
    extra: Any = info.json_schema_extra if info else None
    return tuple(extra.get("parts", ())) if isinstance(extra, dict) else ()


def with_share(kind: Kind, field: str, shares: Any, part: str, value: Any) -> list[list[Any]]:
    """Shares with one of them set, in the order of their declaration; what has none is left out."""
    found, order = dict(shares or ()) | {part: _number(value)}, parts_of(kind, field)
    named = sorted(found, key=lambda one: order.index(one) if one in order else len(order))
    return [[one, found[one]] for one in named if found[one] != 0]


def new_item(kind: Kind, key: str, start: str) -> Data:
    """A kind with its defaults; a shock gets a month in the middle of things, the first from there in its season."""
    data = {**defaults(kind), key: kind.name}
    if key != "kind":
        return data
    months = [month_name(month_number(start) + LATER + k) for k in range(YEAR)]
    return {**data, "start": next((month for month in months if can_be(kind, {**data, "start": month})), months[0])}


def can_be(kind: Kind, data: Data) -> bool:
    """Whether these settings are right by themselves."""
    try:
        kind.settings.model_validate(data)
    except ValidationError:
        return False
    return True


def fitting(kind: Kind, field: str, value: Any) -> Any:
    """A value from the page or an address in the type that its field takes; what does not fit stays as it is."""
    info = kind.settings.model_fields.get(field)
    if info is None:
        return value
    if bounds(info)[1] is not None:
        number = _number(value)
        return int(number) if info.annotation is int and isinstance(number, float) and number.is_integer() else number
    if parts_of(kind, field):
        return _shares(value)
    if info.annotation is not None and "tuple" in str(info.annotation):
        return [one for one in value.split(",") if one] if isinstance(value, str) else list(value or ())
    return None if value == "" else value


def _shares(value: Any) -> Any:
    """Shares written as roads:2.5,health:1 as a list of pairs; what is none stays as it is."""
    if not isinstance(value, str):
        return value
    pairs = [one.partition(":") for one in value.split(",") if one]
    return (
        [[name.strip(), _number(share)] for name, _, share in pairs] if all(colon for _, colon, _ in pairs) else value
    )


def _number(value: Any) -> Any:
    """A number written as text; what is none stays as it is, for the checker to name."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def built(data: Mapping[str, Any], like: Scenario) -> Scenario:
    """The scenario of plain data, checked; packages may cost different amounts. Raises InputError.

    like: where it comes from; its name is kept, and its file where nothing differs.
    """
    scenario = Scenario(**{**data, "unequal_cost": True})
    made = scenario.model_copy(update={"unequal_cost": False}) if costs_alike(scenario) else scenario
    return made.after(like)


def data_of(scenario: Scenario) -> Data:
    """A scenario as plain data, as its file would say it."""
    return {
        **{name: getattr(scenario, name) for name in ("title", "question", "start", "months", "scale", "seeds")},
        "parameters": dict(scenario.parameters),
        "shocks": plain(items(scenario.shocks, "kind"), "kind"),
        "packages": [
            {"name": package.name, "policies": plain(items(package.policies, "lever"), "lever")}
            for package in scenario.packages
        ],
    }


def with_package(scenario: Scenario, index: int, policies: Items) -> Scenario:
    """The levers of one package (0 the first) set."""
    data = data_of(scenario)
    data["packages"][index]["policies"] = plain(policies, "lever")
    return built(data, scenario)


def with_shocks(scenario: Scenario, shocks: Items) -> Scenario:
    return built({**data_of(scenario), "shocks": plain(shocks, "kind")}, scenario)


def only(scenario: Scenario, index: int) -> Scenario:
    """The scenario with one of its packages alone (0 the first); with none where it has none."""
    return built({**data_of(scenario), "packages": data_of(scenario)["packages"][index : index + 1]}, scenario)


def added(scenario: Scenario, name: str, copied: int | None = None) -> Scenario:
    """One more package: a copy of one, or empty. Names stay apart. Raises InputError when there are four."""
    from sim.errors import InputError

    data = data_of(scenario)
    if len(data["packages"]) >= MOST_PACKAGES:
        raise InputError(told("a page holds {most} packages; take one away first", most=MOST_PACKAGES))
    policies = [] if copied is None else data["packages"][copied]["policies"]
    data["packages"].append({"name": unused(name, [p["name"] for p in data["packages"]]), "policies": policies})
    return built(data, scenario)


def unused(name: str, taken: Sequence[str]) -> str:
    """The name, with a number where it is taken."""
    base, k = name.strip()[:70] or "Package", 1
    while (made := base if k == 1 else f"{base} {k}") in taken or made == "none":
        k += 1
    return made


def removed(scenario: Scenario, index: int) -> Scenario:
    data = data_of(scenario)
    del data["packages"][index]
    return built(data, scenario)


def renamed(scenario: Scenario, index: int, name: str) -> Scenario:
    data = data_of(scenario)
    data["packages"][index]["name"] = name
    return built(data, scenario)


def planned(scenario: Scenario) -> list[float]:
    """Rp of 2024 that each package plans to spend over the run, as the check of equal costs reckons it."""
    return [planned_cost(package, scenario.start_month, scenario.months) for package in scenario.packages]


def costs_alike(scenario: Scenario) -> bool:
    """Whether the packages are at equal money, as `bandung check` says it."""
    return not cost_problems(scenario.packages, scenario.start_month, scenario.months)


def equalised(scenario: Scenario, index: int) -> Scenario:
    """Every package brought to the money that one of them plans for the run: its levers keep their proportions."""
    data, costs = data_of(scenario), planned(scenario)
    for package, cost in zip(data["packages"], costs, strict=True):
        if cost > 0 and costs[index] > 0 and not costs_alike(scenario):
            for policy in package["policies"]:
                name = EACH if policy.get(EACH) else MONEY
                if name in policy:
                    policy[name] *= costs[index] / cost
                if name == EACH:
                    policy.pop(MONEY, None)  # follows from it
    return built(data, scenario)
