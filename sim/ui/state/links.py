"""The address of the page: only what differs from the opened scenario, in keys that can be read.

    ?s=umkm_naik_kelas&p1.business_training.budget=50e9&x.flood.start=2028-01&view=districts&lang=id

`p1` is the first package (`p4=Name` renames it or adds one, `p2=-` takes it away), `x` the shocks, `m` the model's
parameters; a value of `-` takes an item away. Lists stand with commas (`districts=32.73.01,32.73.02`), shares with
their names (`mix=roads:2.5,health:1`). What a link says that cannot be is left out and told, setting by setting;
nothing in a link is ever run or shown as anything but text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from sim.errors import InputError
from sim.language import LANGUAGES, told
from sim.scenario import Scenario
from sim.strict_yaml import printed
from sim.ui.limits import Limits
from sim.ui.state import edits
from sim.ui.state.place import USUAL, VIEWS, Place, opening

GONE = "-"
MOST_CHARACTERS = 16_000
MOST_KEYS = 400
SHORT = {edits.MONEY: "budget"}
LONG = {short: name for name, short in SHORT.items()}
WHOLE = ("title", "question", "start", "months", "scale", "seeds")
LOOKS = {"view": VIEWS, "lang": LANGUAGES}
FIELDS = {"view": "view", "lang": "language", "o": "outcome", "d": "district", "hh": "household"}
SWITCHES = {"map": ("change", "level"), "shocks": ("on", "off")}


def written(place: Place) -> str:
    """The address of a place, what stands after the `?`."""
    pairs: list[tuple[str, str]] = []
    origin = opening(place.opened, Limits(most_months=600))
    if place.opened != USUAL:
        pairs.append(("s", place.opened))
    pairs += _differences(origin.scenario, place.scenario)
    if place.package:
        pairs.append(("p", str(place.package + 1)))
    for key, name in FIELDS.items():
        value = getattr(place, name)
        if value != getattr(origin, name) or key == "lang":
            pairs.append((key, str(value)))
    if not place.change:
        pairs.append(("map", "level"))
    if not place.shocked:
        pairs.append(("shocks", "off"))
    return urlencode(pairs, quote_via=quote, safe="~,:.")


def _differences(base: Scenario, now: Scenario) -> Iterator[tuple[str, str]]:
    for name in WHOLE:
        if getattr(base, name) != getattr(now, name):
            yield name, str(getattr(now, name))
    for name in sorted({*base.parameters, *now.parameters}):
        if base.parameters.get(name) != now.parameters.get(name):
            yield f"m.{name}", _text(now.parameters[name]) if name in now.parameters else GONE
    yield from _item_differences("x", edits.items(base.shocks, "kind"), edits.items(now.shocks, "kind"), "kind")
    for k in range(max(len(base.packages), len(now.packages))):
        if k >= len(now.packages):
            yield f"p{k + 1}", GONE
            continue
        name, policies = now.packages[k].name, edits.items(now.packages[k].policies, "lever")
        known = base.packages[k] if k < len(base.packages) else None
        if known is None or known.name != name:
            yield f"p{k + 1}", name
        yield from _item_differences(
            f"p{k + 1}", edits.items(known.policies, "lever") if known else {}, policies, "lever"
        )


def _item_differences(where: str, base: edits.Items, now: edits.Items, key: str) -> Iterator[tuple[str, str]]:
    for item in [*base, *(one for one in now if one not in base)]:
        if item not in now:
            yield f"{where}.{item}", GONE
            continue
        kind = edits.registry_of(key)[edits.kind_of(item)]
        usual = base.get(item) or edits.defaults(kind)
        differing = [field for field, value in now[item].items() if field != key and value != usual.get(field, ...)]
        if item not in base and not differing:
            differing = [edits.master(key, kind.name)]
        for field in differing:
            yield f"{where}.{item}.{SHORT.get(field, field)}", _text(now[item][field])


def _text(value: Any) -> str:
    """A value as the address says it: 50e9, 0.25, 32.73.01,32.73.02, roads:2.5,health:1."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(":".join(map(_text, one)) if isinstance(one, list) else _text(one) for one in value)
    if isinstance(value, float):
        for power, name in ((1e9, "e9"), (1e6, "e6")):
            if abs(value) >= power and float(f"{value / power:.12g}{name}") == value:
                return f"{value / power:.12g}{name}"
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def read(address: str, limits: Limits, usual: str = USUAL) -> tuple[Place, list[str]]:
    """The place of an address, and what of it could not be followed, in words."""
    notes: list[str] = []
    if len(address) > MOST_CHARACTERS:
        return opening(usual, limits), [told("The link is too long to be one of this page; it was not followed.")]
    try:
        said = parse_qsl(address.lstrip("?"), keep_blank_values=True, max_num_fields=MOST_KEYS)
    except ValueError:
        return opening(usual, limits), [told("The link says too much to be one of this page; it was not followed.")]
    pairs = dict(said)
    notes += [_left(key, value, _misfit(key)) for key, value in pairs.items() if _misfit(key)]
    twice = dict.fromkeys(key for key, value in said if value != pairs[key])
    notes += [told("The link says {key} twice; the last counts.", key=printed(key)[:60]) for key in twice]
    name = pairs.pop("s", usual)
    try:
        place = opening(name, limits) if _is_ready(name) else opening(usual, limits)
    except InputError:
        place = opening(USUAL, limits)
    if place.opened != name:
        notes.append(told("The link asks for a scenario that is not here: {name}", name=printed(name)[:80]))
    place = _followed(place, pairs, limits, notes)
    return _looked(place, pairs, notes), notes


def _left(key: str, value: str, why: str = "") -> str:
    """That a pair was left out, and why where there is more to say."""
    if not why:
        return told("Left out of the link: {said}", said=_pair(key, value))
    return told("Left out of the link: {said} ({why})", said=_pair(key, value), why=why)


def _pair(key: str, value: str) -> str:
    """What a link says, as it can be shown."""
    return f"{printed(key)[:60]}={printed(value)[:60]}"


def _misfit(key: str) -> str:
    """What is wrong with a key that no link of this page has; nothing with those that it may have."""
    known = ("s", "p", *FIELDS, *SWITCHES)
    if key in known or _is_change(key):
        return ""
    lower = key.lower()
    if _is_change(lower) or lower in known:
        return told("unknown name; did you mean '{name}'?", name=printed(lower)[:60])
    return told("unknown name")


def _is_ready(name: str) -> bool:
    """Only ready scenarios are opened by a link: never a file of the server."""
    from sim.scenario import ready_scenarios

    return name in ready_scenarios()


def _followed(place: Place, pairs: Mapping[str, str], limits: Limits, notes: list[str]) -> Place:
    """The scenario with what the link changes, one change after the other: what cannot be is left out."""
    changes = {key: value for key, value in pairs.items() if _is_change(key)}
    try:
        return replace(place, scenario=_applied(place.scenario, changes, limits))
    except InputError:
        pass
    kept: dict[str, str] = {}
    for group in _grouped(changes):
        taken, refused = _taken(place.scenario, kept, group, limits)
        kept |= taken
        for why, left in refused.items():
            said = ", ".join(_pair(key, value) for key, value in left.items())[:200]
            notes.append(told("Left out of the link: {said} ({why})", said=said, why=why))
    return replace(place, scenario=_applied(place.scenario, kept, limits))


def _taken(
    scenario: Scenario, kept: Mapping[str, str], group: dict[str, str], limits: Limits
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What of a group can be, and the rest by why it cannot: one wrong setting takes no lever with its money away.

    A setting that cannot be alone may go with one that stands behind it (a flood out of season): all are tried again
    until none is taken any more.
    """
    taken: dict[str, str] = {}
    while True:
        refused: dict[str, dict[str, str]] = {}
        before = len(taken)
        for key, value in group.items():
            if key in taken:
                continue
            try:
                _applied(scenario, {**kept, **taken, key: value}, limits)
                taken[key] = value
            except InputError as error:
                refused.setdefault(error.messages[0], {})[key] = value
        if len(taken) == before or not refused:
            return taken, refused


def _is_change(key: str) -> bool:
    return key in WHOLE or key.startswith(("m.", "x.")) or (key[:1] == "p" and key[1:2].isdigit())


def _grouped(changes: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Changes that stand or fall together: those of one item, one package's name, one parameter."""
    groups: dict[str, dict[str, str]] = {}
    for key, value in changes.items():
        parts = key.split(".")
        group = key if parts[0] == "m" or len(parts) < 2 else ".".join(parts[:2])
        groups.setdefault(group, {})[key] = value
    yield from sorted(groups.values(), key=lambda group: next(iter(group)).count("."))


def _applied(scenario: Scenario, changes: Mapping[str, str], limits: Limits) -> Scenario:
    """The scenario with all changes. Raises InputError."""
    data = edits.data_of(scenario)
    shocks = edits.items(scenario.shocks, "kind")
    packages = {k: edits.items(p.policies, "lever") for k, p in enumerate(scenario.packages)}
    names = {k: p.name for k, p in enumerate(scenario.packages)}
    dropped: set[int] = set()
    for key, value in changes.items():
        head, _, rest = key.partition(".")
        if key in WHOLE:
            data[key] = _whole(key, value, limits)
        elif head == "m":
            data["parameters"] = _parameter(data["parameters"], rest, value)
        elif head == "x":
            shocks = _item(shocks, rest, value, "kind", data["start"])
        else:
            k = _package(head)
            if rest:
                packages[k] = _item(packages.get(k, {}), rest, value, "lever", data["start"])
                names.setdefault(k, edits.unused(f"Package {k + 1}", list(names.values())))
            elif value == GONE:
                dropped.add(k)
            else:
                names[k] = value
                packages.setdefault(k, {})
    known = [list(edits.items(p.policies, "lever")) for p in scenario.packages]
    data["shocks"] = edits.plain(edits.arranged(shocks, list(edits.items(scenario.shocks, "kind")), "kind"), "kind")
    data["packages"] = [
        {
            "name": names[k],
            "policies": edits.plain(edits.arranged(packages[k], known[k] if k < len(known) else [], "lever"), "lever"),
        }
        for k in sorted(packages)
        if k not in dropped
    ] or [{"name": names[0], "policies": []}]
    return edits.built(data, scenario)


def _whole(key: str, value: str, limits: Limits) -> Any:
    if key in ("title", "question", "start"):
        return value
    most = {"months": limits.most_months, "seeds": limits.most_seeds, "scale": 2000}[key]
    if not value.isdecimal() or len(value) > 6 or not 1 <= int(value) <= most:
        raise InputError(told("{key}: must be a whole number from 1 to {most}", key=key, most=most))
    return int(value)


def _parameter(parameters: Mapping[str, float], name: str, value: str) -> dict[str, float]:
    if value == GONE:
        return {key: one for key, one in parameters.items() if key != name}
    try:
        return {**parameters, name: float(value)}
    except ValueError:
        raise InputError(told("{name}: must be a number", name=printed(name))) from None


def _package(head: str) -> int:
    """The place of `p2`: 1."""
    if not head[1:].isdecimal() or not 1 <= int(head[1:3]) <= edits.MOST_PACKAGES or len(head) > 2:
        raise InputError(told("there are packages p1 to p{most}", most=edits.MOST_PACKAGES))
    return int(head[1:]) - 1


def _item(settings: edits.Items, rest: str, value: str, key: str, start: str) -> edits.Items:
    """One item taken away, or one field of it set."""
    item, _, field = rest.partition(".")
    registry = edits.registry_of(key)
    if edits.kind_of(item) not in registry:
        raise InputError(registry.refusal(edits.kind_of(item)))
    if not field:
        if value != GONE:
            raise InputError(told("{item}: which setting of it?", item=item))
        return {name: one for name, one in settings.items() if name != item}
    kind = registry[edits.kind_of(item)]
    name = LONG.get(field, field)
    if name not in kind.settings.model_fields or name == key:
        raise InputError(told("{item} has no setting {field}", item=item, field=printed(field)))
    fields = dict(settings.get(item, edits.new_item(kind, key, start)))
    fields[name] = edits.fitting(kind, name, value)
    return {**settings, item: fields}


def _looked(place: Place, pairs: Mapping[str, str], notes: list[str]) -> Place:
    """Where the link looks; what is not there is left out."""
    from sim.choices import district_codes
    from sim.declare import OUTCOMES

    packages = [str(k + 1) for k in range(len(place.scenario.packages))]
    allowed: dict[str, Any] = {**LOOKS, "o": OUTCOMES, "d": district_codes(), "p": packages, **SWITCHES}
    asked = {key: pairs[key].lower() if key == "d" else pairs[key] for key in allowed if pairs.get(key)}
    notes += [_left(key, pairs[key]) for key, value in asked.items() if value not in allowed[key]]
    kept = {key: value for key, value in asked.items() if value in allowed[key]}
    found: dict[str, Any] = {FIELDS[key]: value for key, value in kept.items() if key in FIELDS}
    if "d" in kept:
        found["district"] = district_codes()[kept["d"]]
    if number := pairs.get("hh", ""):
        if number.isdecimal() and len(number) < 9 and int(number) > 0:
            found["household"] = int(number)
        else:
            notes.append(_left("hh", number))
    return replace(place, package=int(kept.get("p", "1")) - 1, change=kept.get("map") != "level",
                   shocked=kept.get("shocks") != "off", **found)  # fmt: skip
