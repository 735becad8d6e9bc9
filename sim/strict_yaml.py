"""A strict reader for a small, safe part of YAML 1.2 that remembers where every value stands.

Only the event stream of PyYAML's parser is used (it does not recurse), so that nothing in a file can surprise us:
`no`, `012` and dates stay text, `1e-3` is a number, and aliases, tags, duplicate keys and endless nesting are
refused with their line and column.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError
from sim.language import figure, told

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 50_000
THOUSAND = 3  # digits of a group in a large number
MAX_DIGITS = 19  # longer whole numbers stay text: no number of a scenario needs them

STDIN, PIPES = ("-", "/dev/stdin"), ("/dev/fd", "/proc/self/fd")

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOTTED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")  # thousands in Indonesian, a decimal number here
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_TABBED = re.compile(r"^ *\t[ \t]*[^\s#]", re.MULTILINE)
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}

# The parser's findings that a planner meets most, in words that say what to do.
_SAID = {
    "mapping values are not allowed in this context": told(
        "not valid YAML: a ':' where no value can begin; indent lines alike, and put text with ': ' in quotes"
    ),
    "found character that cannot start any token": told(
        "not valid YAML: text cannot begin with @, ` or %, nor a line with a tab; put the text in quotes"
    ),
    "did not find expected key": told("not valid YAML: this line is indented differently from those it belongs to"),
    "did not find expected '-' indicator": told("not valid YAML: a line of this list is indented, or lacks its '- '"),
    "could not find expected ':'": told("not valid YAML: a line that is not 'name: value'"),
    "did not find expected ',' or ']'": told("not valid YAML: a ',' or the closing ']' is missing"),
    "did not find expected ',' or '}'": told("not valid YAML: a ',' or the closing '}' is missing"),
    "found unexpected end of stream": told("not valid YAML: a quote is opened and never closed"),
    "did not find expected node content": told(
        "not valid YAML: a bracket or brace without its partner, or a value missing"
    ),
    "block sequence entries are not allowed in this context": told(
        "not valid YAML: a list item ('- ') must begin a line"
    ),
}

Address = tuple[str | int, ...]
Position = tuple[int, int]  # line and column, from 1


@dataclass
class Document:
    """What a file says (`data`) and where: the position of each value and of each key, by path."""

    file: str
    text: str
    data: Any = None
    values: dict[Address, Position] = field(default_factory=dict)
    keys: dict[Address, Position] = field(default_factory=dict)
    dotted: dict[Address, str] = field(default_factory=dict)  # numbers as written that could be meant as thousands

    def position(self, path: Address, of_key: bool = False) -> Position:
        """Where the value (or key) at `path` stands; where it is missing, its nearest container."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))

    def message(self, path: Address, text: str, of_key: bool = False) -> str:
        return _at(self.file, *self.position(path, of_key), text)


@dataclass
class _Open:
    """A mapping or list that is being read; `key` is the mapping key that waits for its value."""

    value: dict | list
    path: Address
    key: str | None = None


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: list[_Open] = []
        self.documents = 0
        self.nodes = 0

    def fail(self, text: str, line: int, column: int) -> InputError:
        return InputError(_at(self.document.file, line, column, text))

    def wrong(self, text: str, event: yaml.Event) -> InputError:
        return self.fail(text, event.start_mark.line + 1, event.start_mark.column + 1)

    def read(self) -> None:
        try:
            for event in yaml.parse(self.document.text, Loader=_PARSER):
                self.take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            said = _SAID.get(error.problem or "", told("not valid YAML: {why}", why=error.problem or error.context))
            raise self.fail(said, *place) from None
        except yaml.YAMLError as error:
            raise self.fail(told("not valid YAML: {why}", why=str(error).splitlines()[0]), 1, 1) from None

    def take(self, event: yaml.Event) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.wrong(told("more than {count} entries", count=figure(MAX_NODES)), event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.wrong(told("anchors and aliases (& and *) are not used here; write the value out"), event)
        if getattr(event, "tag", None) not in (None, "!"):
            raise self.wrong(told("tags ({tag}) are not used here", tag=event.tag), event)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self.wrong(told("only one document per file ('---' found again)"), event)
        elif isinstance(event, yaml.ScalarEvent):
            self.scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self.enter(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.open.pop()

    def enter(self, event: yaml.Event) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise self.wrong(told("nested more than {depth} deep", depth=MAX_DEPTH), event)
        if self.expects_key():
            raise self.wrong(told("a key must be plain text"), event)
        value: dict | list = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.open.append(_Open(value, self.place(value, event)))

    def scalar(self, event: yaml.ScalarEvent) -> None:
        if self.expects_key():
            self.name(event)
        else:
            path = self.place(plain(event.value) if not event.style else event.value, event)
            if not event.style and _DOTTED.fullmatch(event.value):
                self.document.dotted[path] = event.value

    def expects_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None

    def name(self, event: yaml.ScalarEvent) -> None:
        inside, key = self.open[-1], event.value
        path = (*inside.path, key)
        if key in inside.value:
            first = self.document.keys[path][0]
            said = told("'{key}' is given twice (first on line {line})", key=printed(key), line=first)
            if key.isdigit() and len(key) == THOUSAND:  # of `{budget: 100,000,000}`
                said = told("{problem}; a large number has no commas: write 100e9 or 100_000_000", problem=said)
            raise self.wrong(said, event)
        if key == "<<":
            raise self.wrong(told("merge keys (<<) are not used here; write the values out"), event)
        self.document.keys[path] = (event.start_mark.line + 1, event.start_mark.column + 1)
        inside.key = key

    def place(self, value: Any, event: yaml.Event) -> Address:
        """Put a value where it belongs; returns its path."""
        path: Address = ()
        if not self.open:
            self.document.data = value
        else:
            inside = self.open[-1]
            if isinstance(inside.value, list):
                path = (*inside.path, len(inside.value))
                inside.value.append(value)
            else:
                assert inside.key is not None
                path = (*inside.path, inside.key)
                inside.value[inside.key], inside.key = value, None
        self.document.values[path] = (event.start_mark.line + 1, event.start_mark.column + 1)
        return path


def _at(file: str, line: int, column: int, text: str) -> str:
    """A message with its place in a file."""
    return told("{where}: {what}", where=f"{file}:{line}:{column}", what=text)


def printed(name: str) -> str:
    """A name in a message: short, on one line."""
    short = name.strip()[:80]
    return short if short.isprintable() else ascii(short)[1:-1]


def plain(text: str) -> Any:
    """An unquoted scalar: nothing, true or false, a number, else text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) <= MAX_DIGITS else text
    if _REAL.fullmatch(text) and len(text) <= 40 and abs(float(text)) < 1e300:
        return float(text)
    return text


def _unreadable(text: str) -> Iterator[tuple[int, str]]:
    """Characters that no scenario file holds: (offset, what is wrong)."""
    if found := _FORBIDDEN.search(text):
        code = ord(found.group())
        kind = told("half of a surrogate pair") if 0xD800 <= code <= 0xDFFF else told("a control character")
        yield found.start(), told("{what} ({code}) is not text", what=kind, code=f"U+{code:04X}")
    if found := _TABBED.search(text):
        yield found.group().index("\t") + found.start(), told("a tab is used for indentation; use spaces")


def loads(text: str, file: str = "<text>") -> Document:
    """Read one document from text. Raises InputError with `file:line:column: what is wrong`."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        said = told("larger than {most} bytes, the limit for a scenario file", most=figure(MAX_BYTES))
        raise InputError(_at(file, 1, 1, said))
    for offset, what in _unreadable(text):
        line, start = text.count("\n", 0, offset) + 1, text.rfind("\n", 0, offset)
        raise InputError(_at(file, line, offset - start, what))
    document = Document(file, text)
    reader = _Reader(document)
    reader.read()
    if not reader.documents or document.data is None:
        raise InputError(_at(file, 1, 1, told("the file is empty")))
    return document


def load(path: Path | str) -> Document:
    """Read one document from a file, from `-` (what is typed or piped in) or from a pipe."""
    path = Path(path)
    try:
        raw = _streamed(path) if is_stream(path) else _kept(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(told("{path}: cannot be read ({why})", path=path, why=why)) from None
    try:
        return loads(raw.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            said = told("not UTF-8 text but UTF-16; save the file as UTF-8")
        else:
            said = told("not UTF-8 text (byte {byte}); save the file as UTF-8", byte=error.start)
        raise InputError(_at(str(path), line, column, said)) from None


def is_stream(path: Path) -> bool:
    """Whether a path is what another program writes: `-`, `/dev/stdin`, or a pipe that a shell made (`<(...)`)."""
    try:
        return str(path) in STDIN or (str(path.parent) in PIPES and path.is_fifo())
    except (OSError, ValueError):
        return False


def _streamed(path: Path) -> bytes:
    """All that another program writes, as far as a scenario may reach; it can be read only once."""
    if str(path) in STDIN:
        if sys.stdin is None:  # closed by whoever started us (`<&-`)
            raise InputError(told("{path}: cannot be read ({why})", path=path, why=os.strerror(errno.EBADF)))
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _kept(path: Path) -> bytes:
    """The bytes of a plain file of a fitting size."""
    if not path.is_file():
        raise InputError(told("{where}: {what}", where=path, what=_no_file(path)))
    if path.stat().st_size > MAX_BYTES:
        sizes = {"size": figure(path.stat().st_size), "most": figure(MAX_BYTES)}
        raise InputError(_at(str(path), 1, 1, told("{size} bytes; the limit is {most}", **sizes)))
    return path.read_bytes()


def _no_file(path: Path) -> str:
    """What stands where a file was expected."""
    if path.is_dir():
        return told("a folder, not a file")
    try:
        path.stat()
    except ValueError:  # no file can have this name
        return told("no such file")
    except OSError as error:
        if error.errno == errno.ELOOP:
            return told("a link that leads back to itself")
        if path.is_symlink():
            return told("a link to a file that is not there")
    return told("not a plain file") if path.exists() else told("no such file")
