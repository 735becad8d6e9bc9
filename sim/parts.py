"""Packages that are together the whole of another: their levers, in any order, are exactly its levers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.entries import Package

MOST_PARTS = 12  # packages that are tried as parts of one whole


def parts_of(packages: Sequence[Package]) -> dict[str, tuple[str, ...]]:
    """The parts of each package that is the whole of others, two or more of them: names, in the scenario's order.

    Levers are the same when all their settings are. Where several sets of packages would do, it is the first.
    """
    levers = {one.name: Counter(policy.model_dump_json() for policy in one.policies) for one in packages}
    found = {}
    for name, wanted in levers.items():
        inside = [other for other, has in levers.items() if other != name and has and has <= wanted]
        parts = _filling(wanted, inside[:MOST_PARTS], levers)
        if len(parts) > 1:
            found[name] = parts
    return found


def _filling(wanted: Counter[str], inside: Sequence[str], levers: dict[str, Counter[str]]) -> tuple[str, ...]:
    """The first of these packages that have every wanted lever once, and nothing else; none if none have."""
    for k, name in enumerate(inside):
        rest = wanted - levers[name]
        if not levers[name] <= wanted:
            continue
        others = _filling(rest, inside[k + 1 :], levers) if rest else ()
        if others or not rest:
            return (name, *others)
    return ()


def all_parts(parts: dict[str, tuple[str, ...]]) -> set[str]:
    """Every package that is part of another."""
    return {name for names in parts.values() for name in names}
