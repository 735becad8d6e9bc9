"""The synthetic city: people get work, firms get workers, households get their place in the distribution of welfare."""

from sim.population.assemble import build_world

__all__ = ["build_world"]
