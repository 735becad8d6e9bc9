"""What a policy may ask for: a small vocabulary. Policies look at the city and commit; the core carries it out.

Each commitment names the programme it belongs to; what it costs leaves the city's treasury, and what the treasury
cannot pay is not done and is counted as refused. Money is whole Rp of the simulated agents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Cash:
    """Money to households: `rows` of the household table, `amount` Rp each, `overhead` share on top for running it."""

    programme: str
    rows: np.ndarray
    amount: int
    overhead: float = 0.0


@dataclass(frozen=True)
class Seats:
    """More money this month for a line with places: worker_training, business_training or public_works."""

    programme: str
    line: str
    amount: int


@dataclass(frozen=True)
class Works:
    """Public works: Rp by kecamatan and service (30, 7), in use after `lag` months."""

    programme: str
    amounts: np.ndarray
    lag: int


@dataclass(frozen=True)
class Facilitation:
    """Facilitators in neighbourhoods: share of full facilitation by kelurahan (151), and what they cost this month."""

    programme: str
    shares: np.ndarray
    cost: int


Commitment = Cash | Seats | Works | Facilitation


class Policy(Protocol):
    """Looks at the world at the start of a month and says what it wants done."""

    def commit(self, world) -> list[Commitment]: ...
