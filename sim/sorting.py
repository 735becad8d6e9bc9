"""Orders of many rows: what NumPy's stable sorts give, several times as fast.

NumPy sorts whole numbers much faster than it tells their order. So each value is packed into one whole number with
its row in the last bits; the sorted numbers then hold the order, and equal values stand by row.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel

SIGN = np.int64(63)  # place of the sign bit
MAGNITUDE = np.int64(2**63 - 1)  # all the other bits


def stable_order(values: np.ndarray) -> np.ndarray:
    """Rows by ascending value, equal values by row: `np.argsort(values, kind="stable")` of real numbers.

    Values that are the same but for bits that had to make way for the row are put in order one by one: there should
    be few of them (a millionth of a millionth apart among a thousand rows, a billionth among two million).
    """
    values = np.add(values, 0.0, dtype=float)  # a copy in one piece, in which minus zero is zero
    row_bits = _row_bits(len(values))
    order = np.empty(len(values), np.int64)
    _pack(values.view(np.int64), row_bits, order)
    order.sort()
    _unpack(values, row_bits, order)
    return order


def order_of_whole(numbers: np.ndarray) -> np.ndarray:
    """The same of whole numbers from 0, of as many bits as are left beside the row's: 40 among eight million rows."""
    row_bits = _row_bits(len(numbers))
    order = np.multiply(numbers, row_bits + 1, dtype=np.int64)
    order += np.arange(len(numbers))
    order.sort()
    order &= row_bits
    return order


def order_by_group(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Rows by group (whole numbers 0-255), within it by value: `np.lexsort((values, groups))`."""
    by_value = stable_order(values)
    # Numbers of one byte are counted into their places, not compared.
    return by_value[np.argsort(groups.astype(np.uint8)[by_value], kind="stable")]


def _row_bits(rows: int) -> np.int64:
    """The last bits of a number, as many as the largest row needs."""
    return np.int64((1 << max(rows - 1, 1).bit_length()) - 1)


@kernel
def _pack(bits, row_bits, packed):
    """Bits of real numbers as whole numbers in the same order, with the row in the last of them."""
    for i in range(bits.shape[0]):
        x = bits[i]
        packed[i] = ((x ^ ((x >> SIGN) & MAGNITUDE)) & ~row_bits) | i


@kernel
def _unpack(values, row_bits, order):
    """Leave the rows; those that only the bits they gave way to tell apart are put in order by insertion."""
    before = row_bits  # the packed number before; the first has none
    for k in range(order.shape[0]):
        packed, place = order[k], k
        i = packed & row_bits
        if k > 0 and (packed ^ before) & ~row_bits == 0:
            while place > 0 and values[order[place - 1]] > values[i]:
                order[place] = order[place - 1]
                place -= 1
        order[place] = i
        before = packed
