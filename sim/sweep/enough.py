"""Which questions a design is large enough for, and ranges that leave out what the scenario has."""

from __future__ import annotations

from sim.errors import InputError
from sim.language import told
from sim.shape import figure
from sim.sweep.design import Design
from sim.sweep.words import listed


def enough_for(design: Design) -> str:
    """Which of the commands that read a sweep have enough of it for an answer, and which have not, in words."""
    needs = _needs(design)
    able = [command for command, (has, least) in needs.items() if has >= least]
    unable = [
        told("{command} ({count} of {least})", command=command, count=has, least=least)
        for command, (has, least) in needs.items()
        if has < least
    ]
    if able and unable:
        return told("enough for {able}; too few points for {unable}", able=listed(able), unable=listed(unable))
    if able:
        return told("enough for {able}", able=listed(able))
    return told("too few points for {unable}", unable=listed(unable)) if unable else ""


def _needs(design: Design) -> dict[str, tuple[int, int]]:
    """By command: what the design has of what it counts, and how much of that an answer takes."""
    from sim.sweep.discovery import LEAST_FUTURES
    from sim.sweep.indices import LEAST
    from sim.sweep.robust import LEAST as LEAST_CHOICE
    from sim.sweep.sensitivity import CROSSED

    points, method = design.points_count, design.sampling.method
    needs = {}
    if any(factor.role != "seed" for factor in design.factors):
        crossed = method in CROSSED
        needs["sensitivity"] = (design.sampling.samples, LEAST[method]) if crossed else (points, LEAST["given_data"])
        needs["discover"] = (points, LEAST_FUTURES)
    if len(design.package_list) > 1:
        needs["robust"] = (points, LEAST_CHOICE)
    return needs | ({"search": (1, 1)} if _can_be_searched(design) else {})


def _can_be_searched(design: Design) -> bool:
    """Whether there is a budget to split in it: then its points are futures, and any number of them will do."""
    from sim.sweep.search import problem_of

    try:
        problem_of(design)
    except InputError:
        return False
    return True


def left_out(design: Design) -> list[str]:
    """A warning for each uncertain number whose value in the scenario lies outside the range that is lived."""
    return [
        told(
            "warning: {name} goes from {low} to {high}, the scenario has {usual}",
            name=factor.column,
            low=figure(factor.low),
            high=figure(factor.high),
            usual=figure(factor.usual),
        )
        for factor in design.factors
        if factor.role == "uncertainty" and factor.usual is not None and factor.usual != factor.default
    ]
