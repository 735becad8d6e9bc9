"""Models whose workers cannot begin."""

import os

from sim.errors import RunError
from sim.sweep.answer import Function


class Unready(Function):
    """Its workers end before they say anything."""

    def begin(self) -> None:
        os._exit(3)


class Elsewhere(Function):
    """Its workers find other sources than the parent's."""

    def begin(self) -> None:
        raise RunError("a worker has another version of the model")
