"""Memory that is free goes back to the system: a process that lives worlds one after another stays as small as one."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


@cache
def _trim() -> Callable[[int], int]:
    """The C library's `malloc_trim`; elsewhere than with glibc nothing needs to be done."""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return lambda room: 0
    return found


def give_back() -> None:
    """Hand freed memory back: the C library keeps it in pieces, which a long sweep would make more and more of."""
    _trim()(0)
