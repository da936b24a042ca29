"""The page of the program file, made from the classes it is read into: `[--write]` or compare."""

import enum
import inspect
import re
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from carecontinuum.continuum import DischargeKind, DischargeReason, LevelOfCare, ServiceHours
from carecontinuum.datatypes import Coding
from carecontinuum.facts import SOURCES
from carecontinuum.library import documents
from carecontinuum.library.facts import YIELDS
from carecontinuum.programs import Licence

PAGE = Path("docs/reference/program-file.md")
INTRODUCTION = """\
# The program file

A program file is TOML, at most 1 MiB, in UTF-8. An unknown key, a value of another type or a name
that does not exist is a problem; all problems are listed at once, each with its path. A list has
at most 1,000 items, a line at most 200 dots, and a file makes at most 10,000 routes.
`carecontinuum check FILE.toml` prints them, and the JSON Schema
`carecontinuum/library/program.schema.json`, shipped beside the library, lets an editor complete
and check the file. [Write a program](../how-to/write-a-program.md) shows a whole one;
`carecontinuum programs community` shows the shipped one.
"""
TABLES: tuple[tuple[str, type, str], ...] = (
    ("The file", documents.ProgramDocument, "At the top of the file."),
    ("`[effective]`", documents.EffectiveDocument, "When this version applies, in whole days."),
    ("`[calendar]`", documents.CalendarDocument, "How the program counts days and weeks."),
    (
        "`[licence]`",
        Licence,
        "The licence of what is not the program's own, as of a licensed table that its user has.",
    ),
    (
        "`[continuum]`",
        documents.ContinuumDocument,
        'Each list of levels may be `"*"`, every level.',
    ),
    ("`[[levels]]`", LevelOfCare, "A level of care; `hours` and `codings` are lists of tables."),
    ("`hours` of a level", ServiceHours, "Hours of clinical service a week."),
    ("`codings` of a level", Coding, "A level's code in an outside code system."),
    (
        "`[[routes]]`",
        documents.RouteDocument,
        '`from` and `to` are a code, a list of codes, or `"*"`.',
    ),
    ("`[[discharge_kinds]]`", DischargeKind, "Without any, the standard kinds hold."),
    ("`[[discharge_reasons]]`", DischargeReason, "Without any, every code is accepted."),
    ("`[[facts]]`", documents.FactDocument, "A fact that rules may name."),
    (
        "`source` of a fact",
        documents.SourceDocument,
        "A name, or a table with the name under `kind`; see [Where facts are read](facts.md).",
    ),
    (
        "`[[policies]]`",
        documents.PolicyDocument,
        "A policy has either `requires` or `forbids`; see [Rules and facts](rules.md).",
    ),
    (
        "`[when_ungoverned]`",
        documents.UngovernedDocument,
        "The answer where no policy has anything to say.",
    ),
)
WORDS = {str: "text", bool: "true or false", int: "whole number", float: "number"}


def value_words(hint: Any) -> str:
    """Say in words which values a key takes."""
    origin = typing.get_origin(hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return ", ".join(f"`{member.value}`" for member in hint)
    if origin in {typing.Union, types.UnionType}:
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        return " or ".join(value_words(part) for part in parts)
    if origin is tuple:
        item = typing.get_args(hint)[0]
        words = value_words(item)
        return "list of " + {"text": "texts", "table": "tables"}.get(words, words)
    if isinstance(hint, type) and attrs.has(hint):
        return "table"
    return WORDS.get(hint, getattr(hint, "__name__", str(hint)))


def descriptions(cls: type) -> dict[str, str]:
    """Give what the docstring says of each attribute."""
    listed = (inspect.getdoc(cls) or "").partition("Attributes:")[2]
    found = re.findall(r"^\s{4}(\w+): (.*(?:\n\s{8}.*)*)", listed, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def lines() -> Iterator[str]:
    """Give the lines of the page."""
    yield INTRODUCTION
    for title, cls, introduction in TABLES:
        yield f"## {title}\n\n{introduction}\n\n| key | value | what it says |\n|---|---|---|"
        hints = typing.get_type_hints(cls)
        said = descriptions(cls)
        for field in attrs.fields(cls):
            needed = " (needed)" if field.default is attrs.NOTHING else ""
            key = field.name.rstrip("_")
            yield f"| `{key}` | {value_words(hints[field.name])}{needed} | {said[field.name]} |"
        yield ""
        if cls is documents.SourceDocument:
            yield from sources()


SOURCES_ARE = """\
The sources. A fact of `level`, `level-elsewhere`, `requested-level` or `requested-discharge` has
the codes of the map by itself: a rule that names another is a problem. A count read from the record
has no `lo` or `hi`.

| source | type of the fact | what it gives |
|---|---|---|"""


def sources() -> Iterator[str]:
    """Give the lines of the table of sources."""
    yield SOURCES_ARE
    for name, kind in YIELDS.items():
        given = "any" if kind is None else f"`{kind.value}`"
        says = (SOURCES[name].__doc__ or "").partition("\n")[0]
        yield f"| `{name}` | {given} | {says} |"
    yield ""


def main() -> None:
    """Write the page, or compare with it."""
    text = "\n".join(lines())
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
    elif text != PAGE.read_text(encoding="utf-8"):
        sys.exit(f"{PAGE} is not what the classes say: run `make api`")


if __name__ == "__main__":
    main()
