"""A table as text of any width: numbers stay whole, texts fold, and what does not fit side by side stands in blocks.

rich draws the lines; which width each column gets is decided here, because rich cuts numbers and drops columns when a
table is too wide. A table that is too wide is tried with folded heads and texts, then as several tables that repeat
their first columns, and at last as a list of `head: value` lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions
from rich.table import Table

GAP = 2  # blanks between columns
TEXT = 12  # a text column is not folded narrower than this where there is another way
NAME = 30  # the same for the first columns, which say what a row is about
LINES = 6  # nor into many more lines
WORD = 24  # a longer word without a digit may be broken
BLOCKS = 4  # tables side by side become that many at most; with more a list reads better
_SIGN = re.compile(r"(?<=\d) (?=[%*])|(?<=\bRp) (?=\d)")  # `95 %`, `-1.02 *` and `Rp 94` stay together
_GLUE = "\ue000"


@dataclass(frozen=True)
class Sheet:
    """Heads, rows, which columns are numbers, and how many of the first columns say what a row is about."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[bool]
    keys: int = 1

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table | str]:
        blocks = self._blocks(options.max_width)
        if blocks is None:
            yield "\n\n".join("\n".join(self._listed(row, options.max_width)) for row in self.rows)
            return
        for k, (columns, widths) in enumerate(blocks):
            if k:
                yield ""
            yield self._table(columns, widths)

    def _table(self, columns: Sequence[int], widths: Sequence[int]) -> Table:
        made = Table(box=None, pad_edge=False)
        for k, width in zip(columns, widths, strict=True):
            justify = "right" if self.numbers[k] else "left"
            made.add_column(_folded(self.heads[k], width), justify=justify, width=width, no_wrap=True)  # type: ignore[arg-type]
        for row in self.rows:
            made.add_row(*(_folded(row[k], width) for k, width in zip(columns, widths, strict=True)))
        return made

    def _listed(self, row: Sequence[str], width: int) -> Iterator[str]:
        for k, (head, cell) in enumerate(zip(self.heads, row, strict=True)):
            if cell.strip() or k < self.keys:
                said = f"{head.strip()}: {cell.strip()}" if head.strip() else cell.strip()
                yield fold(said, width, hang=4, begin="" if k < self.keys else "  ")

    def _blocks(self, width: int) -> list[tuple[list[int], list[int]]] | None:
        """Which columns stand in which table, and their widths; None where a list is better."""
        everything = list(range(len(self.heads)))
        are_texts = sum(not self.numbers[k] for k in everything[self.keys :]) > 1
        for level in range(2 if are_texts else 3):
            if widths := self._widths(everything, width, level):
                return [(everything, widths)]
        if are_texts:
            return None
        keys, rest = everything[: self.keys], everything[self.keys :]
        blocks: list[tuple[list[int], list[int]]] = []
        while rest:
            fitting = next((n for n in range(len(rest), 0, -1) if self._widths([*keys, *rest[:n]], width, 2)), 0)
            if not fitting or len(blocks) == BLOCKS:
                return None
            chosen, rest = [*keys, *rest[:fitting]], rest[fitting:]
            found = (self._widths(chosen, width, level) for level in range(3))
            blocks.append((chosen, next(one for one in found if one)))
        return blocks

    def _widths(self, columns: Sequence[int], width: int, level: int) -> list[int] | None:
        """Widths with which these columns fit, the widest giving way first; None where they do not."""
        room = width - GAP * (len(columns) - 1)
        natural = [max(_longest(text.split("\n")) for text in self._texts(k)) for k in columns]
        least = [min(self._least(k, whole, level), whole) for k, whole in zip(columns, natural, strict=True)]
        if sum(least) > room:
            return None
        limit = max(natural)
        while sum(found := [max(low, min(whole, limit)) for low, whole in zip(least, natural, strict=True)]) > room:
            limit -= 1
        for k in range(len(found)):  # what is left by rounding
            more = min(natural[k] - found[k], room - sum(found))
            found[k] += more
        return found

    def _texts(self, column: int) -> list[str]:
        return [self.heads[column], *(row[column] for row in self.rows)]

    def _least(self, column: int, natural: int, level: int) -> int:
        """The narrowest a column may be: its longest word, and more where that reads badly.

        level 1: names may be folded between any words; 2: texts too.
        """
        is_key = column < self.keys
        least = max(_longest_word(text, whole=is_key) for text in self._texts(column))
        if self.numbers[column] or level == 2 or (is_key and level == 1):
            return least
        return max(least, NAME if is_key else TEXT, natural // LINES)


def _longest_word(text: str, whole: bool) -> int:
    """Size of the longest word, moved in as the text is. Not `whole`: a long one that holds no number may be broken."""
    moved_in = len(text) - len(text.lstrip())
    words = ((cell_len(word), whole or bool(re.search(r"\d", word))) for word in _words(text))
    return moved_in + max((size if stays else min(size, WORD) for size, stays in words), default=1)


def fold(text: str, width: int, *, hang: int = 0, begin: str = "") -> str:
    """A paragraph in lines of a width, those after the first moved in by `hang`."""
    first, *more = _folded(text, max(width - max(hang, len(begin)), 8)).split("\n")
    return "\n".join([begin + first, *(" " * hang + line for line in more)])


def _folded(text: str, width: int) -> str:
    """A text in lines of a width, broken between words, and within a word only if it is wider than all of the line."""
    if _longest(text.split("\n")) <= width:
        return text
    return "\n".join(line for paragraph in text.split("\n") for line in _lines(paragraph, width))


def _lines(text: str, width: int) -> Iterator[str]:
    line = text[: len(text) - len(text.lstrip())]  # what is moved in stays so
    empty = True
    for word in _words(text):
        if not empty and cell_len(line) + 1 + cell_len(word) > width:
            yield line
            line, empty = "", True
        line = line + word if empty else f"{line} {word}"
        empty = False
        if cell_len(line) > width:
            *full, line = chop_cells(line, width)
            yield from full
    yield line


def _words(text: str) -> list[str]:
    return [word.replace(_GLUE, " ") for word in _SIGN.sub(_GLUE, text).split()]


def _longest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=0)
