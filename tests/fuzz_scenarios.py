"""Ready scenarios damaged in every way: each must load, or be refused with places and reasons a planner can read.

`python tests/fuzz_scenarios.py --count 100000` damages that many, `--only 1234` shows one of them. Damage number n is
always the same: its luck is keyed by n.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from sim.agents.businesses import SECTORS
from sim.catalogue import LEVERS, SHOCKS, discover
from sim.choices import district_names
from sim.draws import draws
from sim.errors import InputError
from sim.parameters import catalogue
from sim.scenario import load_scenario, ready_scenarios, to_yaml
from sim.twins import plan

T = TypeVar("T")
PROGRAMMERS_WORDS = re.compile(
    r"Traceback|pydantic|NoneType|object at|<class|[Ii]nput should|valid (integer|number|string|dict)"
    r"|\b(None|True|False)\b|\b(dict|tuple|str|float|bool)\b|Error\b|numpy|np\."
)
NUMBERS = (
    "0 -1 1 0.5 1.0 2 1e3 100e9 1e13 1e400 -1e400 .nan .inf -.inf NaN 99999999999999999999 0x1F 012 0o17 1_000 1,5 "
    "1.000.000 1:20 1. .5 +3 -0 -0.0 5% 1e-300 601 2001 2025 2025-01 2024-12 2035-01 2027-1 2027-13 2027-01-01"
).split()
ODD_VALUES = (
    "yes no on off true false null ~ [] {} [[]] [1] [~] {a:1} {a: 1} '' \"\" ' ' '100e9' \"0.5\" "
    "'x |' > [ ] { } & * ! % @ ` # ? - : , --- ... <<"
).split(" ")
PIECES = (
    b"\x00", b"\t", b"\r", b"\x0b", b"\x1b[31m", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80", "\u2028".encode(), "\x85".encode(), "\u202e".encode(), "é".encode(), b"&a ", b"*a",
    b"<<: *a\n", b"!!python/none ", b"!!binary ", b"---\n", b"...\n", b"%YAML 1.1\n", b"? ", b": ", b"- ", b"'", b'"',
    b"|\n", b">-\n", b"[", b"]", b"{", b"}", b"#", b",", b"\n", b"  ", b"[" * 30, b"self: 1\n", b"? [a]\n: 1\n",
)  # fmt: skip


class Luck:
    """Numbers that depend on the damage's number and on nothing else."""

    def __init__(self, number: int) -> None:
        self.number, self.used = number, 0

    def share(self) -> float:
        self.used += 1
        return float(draws(1, 0, self.used, self.number)[0])

    def below(self, n: int) -> int:
        return min(int(self.share() * n), n - 1)

    def one(self, of: Sequence[T]) -> T:
        return of[self.below(len(of))]


@cache
def originals() -> tuple[bytes, ...]:
    discover()
    return tuple(path.read_bytes() for path in ready_scenarios().values())


@cache
def names() -> tuple[str, ...]:
    """Every name that a scenario can hold, and some that none can."""
    kinds = [*SHOCKS.values(), *LEVERS.values()]
    fields = sorted({name for kind in kinds for name in kind.settings.model_fields})
    words = "need growth population random apbd csr match reserve rainy any regular adaptive plebiscite none".split()
    top = "title question start months scale seeds parameters shocks packages policies name unequal_cost".split()
    odd = ["__class__", "model_config", "self", "Flood", "banjir", "x" * 300]
    return (*SHOCKS, *LEVERS, *fields, *words, *top, *SECTORS, *district_names(), *list(catalogue())[:20], *odd)


@cache
def _entry(word: str, name: str) -> str:
    """One shock or lever with every setting said: its default, or a value of the right kind."""
    registry = SHOCKS if word == "kind" else LEVERS
    usual = {"start": "2026-01", "end": "2027-06", "districts": "[Coblong, 32.73.27]", "sectors": "[trade, transport]"}
    usual["mix"] = "{roads: 2, water: 1}"
    said = {word: name}
    settings = registry[name].settings
    for field, info in settings.model_fields.items():
        if field != word and field not in getattr(settings, "everywhere", ()):
            said[field] = usual.get(field, str(info.default))
    return "".join(f"    {field}: {value}\n" for field, value in said.items())


def everything(luck: Luck) -> bytes:
    """A scenario with one shock and one lever that say all they can."""
    shock, lever = _entry("kind", luck.one([*SHOCKS])), _entry("lever", luck.one([*LEVERS]))
    lines = lever.replace("    ", "      ").replace("      ", "    - ", 1)
    return (
        f"title: Everything\nmonths: 60\nunequal_cost: true\nshocks:\n  - {shock.lstrip()}"
        f"packages:\n  - name: A\n    policies:\n{lines}"
    ).encode()


def _replace(text: bytes, pattern: bytes, luck: Luck, new: str) -> bytes:
    """One of the places where a pattern is found, replaced."""
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    where = luck.one(found)
    return text[: where.start()] + new.encode() + text[where.end() :]


def lose_line(text: bytes, luck: Luck) -> bytes:
    lines = text.splitlines(keepends=True)
    return b"".join(lines[: (k := luck.below(len(lines)))] + lines[k + 1 :]) if lines else text


def double_line(text: bytes, luck: Luck) -> bytes:
    lines = text.splitlines(keepends=True) or [b""]
    k = luck.below(len(lines))
    return b"".join([*lines[: k + 1], *lines[k:]])


def swap_lines(text: bytes, luck: Luck) -> bytes:
    lines = text.splitlines(keepends=True) or [b""]
    a, b = luck.below(len(lines)), luck.below(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def indent(text: bytes, luck: Luck) -> bytes:
    lines = text.splitlines(keepends=True) or [b""]
    k = luck.below(len(lines))
    lines[k] = (
        luck.one((b"  ", b" ", b"\t", b"    ", b"- ")) + lines[k] if luck.share() < 0.5 else lines[k].lstrip(b" -")
    )
    return b"".join(lines)


def other_character(text: bytes, luck: Luck) -> bytes:
    at = luck.below(len(text) + 1)
    return text[:at] + bytes([32 + luck.below(95)]) + text[at + luck.below(2) :]


def other_byte(text: bytes, luck: Luck) -> bytes:
    at = luck.below(len(text) + 1)
    return text[:at] + bytes([luck.below(256)]) + text[at + 1 :]


def insert_piece(text: bytes, luck: Luck) -> bytes:
    at = luck.below(len(text) + 1)
    return text[:at] + luck.one(PIECES) + text[at:]


def other_number(text: bytes, luck: Luck) -> bytes:
    return _replace(text, rb"(?<![\w.])[0-9][0-9.e-]*", luck, luck.one(NUMBERS))


def other_name(text: bytes, luck: Luck) -> bytes:
    return _replace(text, rb"\b[a-z_]{3,}\b", luck, luck.one(names()))


def misspell(text: bytes, luck: Luck) -> bytes:
    name = luck.one(names())
    at = luck.below(len(name))
    return _replace(text, rb"\b[a-z_]{3,}\b", luck, name[:at] + name[at + 1 :])


def other_value(text: bytes, luck: Luck) -> bytes:
    return _replace(text, rb"(?<=: )[^\n]+", luck, luck.one((*ODD_VALUES, *NUMBERS, *names())))


def new_setting(text: bytes, luck: Luck) -> bytes:
    """A line of any setting at all below a line, with its indentation."""
    lines = text.splitlines(keepends=True) or [b""]
    k = luck.below(len(lines))
    blank = len(lines[k]) - len(lines[k].lstrip(b" -"))
    line = " " * blank + f"{luck.one(names())}: {luck.one((*ODD_VALUES, *NUMBERS, *names()))}\n"
    return b"".join([*lines[: k + 1], line.encode(), *lines[k + 1 :]])


def cut(text: bytes, luck: Luck) -> bytes:
    a, b = sorted((luck.below(len(text) + 1), luck.below(len(text) + 1)))
    return luck.one((text[:a], text[a:], text[:a] + text[b:]))


def graft(text: bytes, luck: Luck) -> bytes:
    """The beginning of one file and the end of another."""
    other = luck.one(originals())
    return text[: luck.below(len(text) + 1)] + other[luck.below(len(other)) :]


def encode(text: bytes, luck: Luck) -> bytes:
    said = text.decode("utf-8", "replace") + "é"
    return said.encode(luck.one(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-8-sig")), "replace")


def repeat(text: bytes, luck: Luck) -> bytes:
    return text * (2 + luck.below(3))


DAMAGES = (
    lose_line, double_line, swap_lines, indent, other_character, other_byte, insert_piece, other_number, other_name,
    misspell, other_value, new_setting, new_setting, other_number, other_value, cut, graft, encode, repeat,
)  # fmt: skip
RARE = (cut, graft, encode, repeat)  # they hide what the others do


def damaged(number: int) -> bytes:
    """Damaged file number `number`: one to four damages, mostly small ones."""
    luck, ready = Luck(number), originals()
    text = luck.one(ready) if luck.share() < 0.5 else everything(luck)
    for _ in range(1 + luck.below(4)):
        damage = luck.one(DAMAGES)
        if damage not in RARE or luck.share() < 0.2:
            text = damage(text, luck)
    return text


def verdict(text: bytes, path: Path) -> list[str]:
    """What the reader says to a file: nothing when it loads. Raises AssertionError for an answer that will not do."""
    path.write_bytes(text)
    try:
        scenario = load_scenario(path)
    except InputError as error:
        assert error.messages, "refused without a reason"
        for message in error.messages:
            place = re.match(re.escape(str(path)) + r":(\d+):(\d+): (\S.*)\Z", message)
            assert place, f"no place, or not on one line: {message!r}"
            assert int(place[1]) <= len(re.split(rb"\r\n|\r|\n|\xc2\x85|\xe2\x80[\xa8\xa9]", text)) + 1, message
            assert not PROGRAMMERS_WORDS.search(place[3]), message
            assert len(place[3]) < 1000, message
        return error.messages
    plan(scenario, scenario.months)
    assert dict(load_scenario(to_yaml(scenario))) == dict(scenario), "reads back differently"
    return []


def fuzz(numbers: range, folder: Path, tell: bool = False) -> tuple[Counter[str], list[str]]:
    """(counts: loaded, refused, messages; failures)."""
    counts: Counter[str] = Counter()
    failures = []
    path = folder / "damaged.yaml"
    for done, number in enumerate(numbers, 1):
        try:
            said = verdict(damaged(number), path)
            counts["refused" if said else "loaded"] += 1
            counts["messages"] += len(said)
        except Exception as error:
            failures.append(f"damage {number}: {type(error).__name__}: {error}")
        if tell and done % 1000 == 0:
            print(
                f"{done:,} of {len(numbers):,}: {dict(counts)}, {len(failures)} failures", file=sys.stderr, flush=True
            )
    return counts, failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int, help="show this damage and what is said about it")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.only is not None:
            sys.stdout.write(damaged(chosen.only).decode("utf-8", "backslashreplace"))
            print("\n---", *verdict(damaged(chosen.only), Path(folder) / "damaged.yaml"), sep="\n")
            return 0
        counts, failures = fuzz(range(chosen.first, chosen.first + chosen.count), Path(folder), tell=True)
    print(f"{dict(counts)}; {len(failures)} failures", *failures[:50], sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
