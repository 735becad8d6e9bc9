"""English and Indonesian: texts, numbers, money and months as people of either language read them.

The English text is the key: `translated("districts", "id")` looks it up in words/id.po and falls back to itself.
Babel and the catalogue are read when first used, so that importing this costs nothing.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale

ENGLISH, INDONESIAN = LANGUAGES = ("en", "id")
VARIABLE = "BANDUNG_LANGUAGE"
WORDS = Path(__file__).parent / "words"
NOTHING = "–"  # what stands for a number that is not there
_SIZES = ((1e12, "trillion", "triliun"), (1e9, "billion", "miliar"), (1e6, "million", "juta"))


def usual_language() -> str:
    """The language of the environment variable BANDUNG_LANGUAGE, English where it says nothing we speak."""
    said = os.environ.get(VARIABLE, "").strip().lower()[:2]
    return said if said in LANGUAGES else ENGLISH


def texts(*keys: str) -> tuple[str, ...]:
    """The texts as they are: marks those that are said later, so that the catalogue is known to need them."""
    return keys


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by their English; empty for English. Raises ValueError for one there is not."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: must be 'en' or 'id'")
    if language == ENGLISH:
        return {}
    from babel.messages.pofile import read_po

    with open(WORDS / f"{language}.po", "rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    return {str(one.id): str(one.string) for one in read if one.id and one.string}


def translated(text: str, language: str, **fields: Any) -> str:
    """A text in a language, its `{placeholders}` filled with the fields where there are any.

    A `told(...)` text is translated whole, with its own fields. One entry serves a text with and without a capital
    at its beginning; a text without an entry stays English.
    """
    if isinstance(text, Told):
        return text.into(language)
    known = catalogue(language)
    found = known.get(text)
    if found is None:
        small = text[:1].lower() + text[1:]
        found = capital(known[small]) if small in known else text
    return found.format(**fields) if fields else found


def check_language(language: str) -> str:
    """One that we speak, before any work is done in it. Raises InputError."""
    from sim.errors import InputError

    if language not in LANGUAGES:
        raise InputError(told("language = {value}: must be 'en' or 'id'", value=repr(language)))
    return language


def speaker(language: str) -> Callable[..., str]:
    """`say("{count} worlds", count=8)` in one language. Raises ValueError for a language there is not."""
    catalogue(language)
    return partial(translated, language=language)


class Told(str):
    """An English sentence that still knows its template and fields, so that it can be said in another language too.

    It is a plain text for everybody else. Made by `told(...)`.
    """

    template: str
    fields: dict[str, Any]

    def into(self, language: str) -> str:
        """The sentence in a language; fields that were told are translated as well, others (names) stay."""
        if language == ENGLISH:
            return str(self)
        fields = {k: one.into(language) if isinstance(one, (Told, Figure)) else one for k, one in self.fields.items()}
        return translated(self.template, language, **fields)


def told(template: str, /, **fields: Any) -> Told:
    """`told("{file}: no such file", file=path)`: the English sentence, translatable later."""
    said = Told(template.format(**fields) if fields else template)
    said.template, said.fields = template, fields
    return said


def replaced(sentence: str, old: str, new: str) -> str:
    """A sentence with another name in it, once in each of its fields where it was told, and still translatable."""
    if not isinstance(sentence, Told):
        return sentence.replace(old, new, 1)
    fields = {k: replaced(one, old, new) if isinstance(one, str) else one for k, one in sentence.fields.items()}
    return told(sentence.template, **fields)


class Figure(str):
    """A number in a told sentence, which each language writes in its own form. Made by `figure(...)`."""

    value: float
    digits: int

    def into(self, language: str) -> str:
        return number(self.value, language, self.digits)


def figure(value: float, digits: int = 0) -> Figure:
    """A number for a field of `told`: `told("Rp {amount} million", amount=figure(2.5, 1))`."""
    written = Figure(number(value, ENGLISH, digits))
    written.value, written.digits = float(value), digits
    return written


@cache
def locale(language: str) -> Locale:
    """Babel's knowledge of how a language writes numbers and months."""
    from babel import Locale

    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: must be 'en' or 'id'")
    return Locale(language)


def number(value: float, language: str = ENGLISH, digits: int = 0, unit: str = "", *, signed: bool = False) -> str:
    """1,234.5 in English, 1.234,5 in Indonesian, with its unit behind; a dash for no number.

    signed: a change, with its plus or minus even where it rounds to zero; else there is no minus before a zero.
    """
    if not math.isfinite(value):
        return NOTHING
    from babel.numbers import format_decimal

    form = "#,##0." + "0" * digits if digits > 0 else "#,##0"
    rounded = round(float(value), digits)
    if signed:
        shown = format_decimal(rounded, format=f"+{form};-{form}", locale=locale(language))
    else:
        shown = format_decimal(rounded + 0.0, format=form, locale=locale(language))
    return f"{shown} {translated(unit, language)}" if unit else shown


def percent(share: float, language: str = ENGLISH, digits: int = 1) -> str:
    """A share of 1 in percent: 3.9 %; 3,9 %."""
    shown = number(100 * share, language, digits)
    return shown if shown == NOTHING else f"{shown} %"


def digits_for(value: float, significant: int = 2) -> int:
    """Decimals that show so many significant digits (at most 4)."""
    if not math.isfinite(value) or value == 0:
        return 0
    rounded = float(f"{abs(value):.{significant - 1}e}")  # 0.999 shows as 1.0
    return min(max(significant - 1 - math.floor(math.log10(rounded)), 0), 4)


def rupiah(value: float, language: str = ENGLISH, significant: int = 2) -> str:
    """Rp 1.2 billion; Rp 1,2 miliar; below a million whole rupiah to three digits."""
    if not math.isfinite(value):
        return NOTHING
    for size, *words in _SIZES:
        if abs(value) >= size * 0.9995:
            shown = value / size
            digits = min(digits_for(shown, significant), 2)
            return f"Rp {number(shown, language, digits)} {words[LANGUAGES.index(language)]}"
    whole = value if value == 0 else round(value, 2 - math.floor(math.log10(abs(value))))
    return f"Rp {number(whole, language)}"


def month(said: str, language: str = ENGLISH, *, short: bool = False) -> str:
    """`2027-01` as January 2027 or Januari 2027; short: Jan 2027. Raises ValueError for what is no month."""
    from datetime import date

    from babel.dates import format_date

    year, number_ = said.split("-")[:2]
    day = date(int(year), int(number_), 1)
    return format_date(day, "MMM yyyy" if short else "MMMM yyyy", locale=locale(language))


def when(said: str, language: str = ENGLISH) -> str:
    """A month in a sentence or table: 2027-01 in English, as a scenario file has it, Januari 2027 in Indonesian."""
    return said if language == ENGLISH else month(said, language)


def months(count: int, language: str = ENGLISH) -> str:
    """`1 month`, `14 months`; `14 bulan`."""
    return translated("{count} month" if count == 1 else "{count} months", language, count=number(count, language))


def capital(sentence: str) -> str:
    """The first letter large, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
