"""Asking the processor for rows before they are needed.

A walk that visits rows here and there waits for the memory at each of them. `bring` only asks for a row and goes on: a
walk that brings the rows of a whole batch, then works on them, waits once. Nothing is read and no result depends on it.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

LINE = 64  # bytes of a line of the processor's memory

if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]

    def bring(table: Any, row: Any) -> None:
        """Nothing to do for the interpreter."""

else:

    @intrinsic
    def bring(typing, table, row):
        """Ask for a row of a table, (n,) or (n, columns): a record, or the first and the last number of a row."""

        def generate(context, builder, signature, values):
            kind, (_, at) = signature.args[0], values
            array = context.make_array(kind)(context, builder, values[0])
            size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
            ends = [context.get_constant(types.intp, 0)] * (kind.ndim - 1)
            _ask(context, builder, kind, array, [at, *ends], [*range(0, size - 1, LINE), size - 1])
            if kind.ndim == 2:
                columns = cgutils.unpack_tuple(builder, array.shape)[1]
                last = builder.sub(columns, columns.type(1))
                _ask(context, builder, kind, array, [at, last], [size - 1])
            return context.get_dummy_value()

        return types.void(table, types.intp), generate

    def _ask(context, builder, kind, array, place, offsets) -> None:
        """The processor's instructions that ask for bytes at `offsets` from an item's place."""
        item = cgutils.get_item_pointer(context, builder, kind, array, place, wraparound=False)
        start = builder.bitcast(item, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        ask = builder.module.declare_intrinsic(
            "llvm.prefetch", [start.type], ir.FunctionType(ir.VoidType(), [start.type, number, number, number])
        )
        read, keep, data = number(0), number(3), number(1)
        for offset in offsets:
            builder.call(ask, [builder.gep(start, [ir.IntType(64)(offset)]), read, keep, data])
