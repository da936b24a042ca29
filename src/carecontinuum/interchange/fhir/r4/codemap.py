"""Which outside codes may mean which levels of care: data, many to many, replaceable."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.continuum import Continuum
from carecontinuum.datatypes import Coding
from carecontinuum.interchange.fhir.r4.errors import CodeMapInvalid, UnknownCodeMap

__all__ = [
    "CodeMap",
    "CodeMeaning",
    "Confidence",
    "Placement",
    "level_system",
    "read_code_map",
    "shipped_code_map",
]


class Confidence(Enum):
    """How surely a code means what the map says."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


def level_system(continuum: Continuum) -> str:
    """Give the code system of a continuum's own level codes."""
    return f"urn:carecontinuum:level:{continuum.id}"


@attrs.frozen(order=False, kw_only=True)
class CodeMeaning:
    """What a code may mean.

    Attributes:
        system: The code system's URI.
        code: The code.
        levels: The levels of care it may mean; none if it is not behavioral care at all.
        confidence: How surely; what is only possible never places anybody.
        source: Where this comes from.
        version: The edition of the source; empty if it is not told.
        display: The code's words.
    """

    system: str
    code: str
    levels: tuple[str, ...] = ()
    confidence: Confidence = Confidence.POSSIBLE
    source: str = ""
    version: str = ""
    display: str = ""


@attrs.frozen(order=False, kw_only=True)
class Placement:
    """What codings say of the level of care.

    Attributes:
        levels: The levels it may be; one is a level, several are candidates.
        meanings: What each mapped code said.
    """

    levels: tuple[str, ...]
    meanings: tuple[CodeMeaning, ...]

    @property
    def level(self) -> str | None:
        """The level, if only one is left and some code says it more than possibly."""
        return self.levels[0] if len(self.levels) == 1 and self._is_likely else None

    @property
    def candidates(self) -> tuple[str, ...]:
        """The levels it may be, where none is the level."""
        return self.levels if self.level is None else ()

    @property
    def _is_likely(self) -> bool:
        return any(
            meaning.confidence is not Confidence.POSSIBLE and set(self.levels) <= {*meaning.levels}
            for meaning in self.meanings
        )


@attrs.frozen(order=False, kw_only=True)
class CodeMap:
    """A code map for the levels of one program.

    Attributes:
        id: Its id.
        version: Its version.
        meanings: What each code may mean; a code stands once.
        citations: Where it comes from.

    Raises:
        CodeMapInvalid: With every problem and its path.
    """

    id: str
    version: str
    meanings: tuple[CodeMeaning, ...]
    citations: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if problems := tuple(_map_problems(self)):
            raise CodeMapInvalid(subject=f"code map `{self.id}`", problems=problems)

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str], CodeMeaning]:
        return {(meaning.system, meaning.code): meaning for meaning in self.meanings}

    def meaning(self, coding: Coding, continuum: Continuum) -> CodeMeaning | None:
        """Give what a code may mean; `None` if nobody says.

        The map's own entry comes first, then the codes that the levels of the continuum have: their
        own, in `level_system`, and their `codings`.
        """
        named = self._by_code.get((coding.system or "", coding.code))
        return named or _meaning_by_levels(coding, continuum)

    def place(self, codings: Iterable[Coding], continuum: Continuum) -> Placement | None:
        """Give the levels that codings leave possible; `None` if the map knows none of them.

        Several codes narrow each other; codes that leave nothing in common leave all they name.
        """
        found = [self.meaning(coding, continuum) for coding in codings]
        meanings = tuple(meaning for meaning in found if meaning is not None)
        if not meanings:
            return None
        named = [meaning.levels for meaning in meanings if meaning.levels]
        every = tuple(dict.fromkeys(level for levels in named for level in levels))
        common = tuple(level for level in every if all(level in levels for levels in named))
        return Placement(levels=common or every, meanings=meanings)

    def check(self, continuum: Continuum) -> None:
        """Raise if the map names a level that a continuum does not have.

        Raises:
            CodeMapInvalid: With every such level and its path.
        """
        problems = tuple(
            Problem(f"codes[{index}].levels", "unknown-level", f"no level `{level}`")
            for index, meaning in enumerate(self.meanings)
            for level in meaning.levels
            if level not in continuum
        )
        if problems:
            subject = f"code map `{self.id}` for continuum `{continuum.id}`"
            raise CodeMapInvalid(subject=subject, problems=problems)


def _meaning_by_levels(coding: Coding, continuum: Continuum) -> CodeMeaning | None:
    system = coding.system or ""
    if system == level_system(continuum) and coding.code in continuum:
        levels: tuple[str, ...] = (coding.code,)
    else:
        levels = tuple(
            level.code
            for level in continuum.levels
            if any(c.code == coding.code and c.system == coding.system for c in level.codings)
        )
    if not levels:
        return None
    source = f"continuum `{continuum.id}` version {continuum.version}"
    return CodeMeaning(
        system=system,
        code=coding.code,
        levels=levels,
        confidence=Confidence.CERTAIN,
        source=source,
    )


def _map_problems(code_map: CodeMap) -> Iterator[Problem]:
    for name in ("id", "version"):
        if not getattr(code_map, name):
            yield Problem(name, "empty", f"`{name}` is empty; give it a text")
    seen: set[tuple[str, str]] = set()
    for index, meaning in enumerate(code_map.meanings):
        for name in ("system", "code"):
            if not getattr(meaning, name):
                says = f"`{name}` is empty; give it a text"
                yield Problem(f"codes[{index}].{name}", "empty", says)
        if (meaning.system, meaning.code) in seen:
            yield Problem(f"codes[{index}]", "repeated", "the code is there already")
        seen.add((meaning.system, meaning.code))


def read_code_map(path: Path) -> CodeMap:
    """Read a code map from a TOML file.

    Raises:
        CodeMapInvalid: The file cannot be read, or has problems.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except ValueError:
        reason = "no file can have this name"
    else:
        return _parsed(content, path.name)
    raise CodeMapInvalid(
        subject=f"code map `{path.name}`", problems=[Problem("", "unreadable", reason)]
    )


def shipped_code_map(name: str) -> CodeMap:
    """Give the code map shipped for a program.

    Raises:
        UnknownCodeMap: None is shipped for it.
    """
    file = files("carecontinuum.interchange.fhir.r4") / "codemaps" / f"{name}.toml"
    if not name.isidentifier() or not file.is_file():
        raise UnknownCodeMap(name=name)
    return _parsed(file.read_bytes(), file.name)


def _parsed(content: bytes, name: str) -> CodeMap:
    subject = f"code map `{name}`"
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = Problem("", "not-toml", f"not UTF-8 at byte {error.start}")
    except RecursionError:
        problem = Problem("", "not-toml", "nested too deeply")
    except tomllib.TOMLDecodeError as error:
        problem = Problem("", "not-toml", str(error))
    else:
        if problems := tuple(_problems(data)):
            raise CodeMapInvalid(subject=subject, problems=problems)
        return _made(data)
    raise CodeMapInvalid(subject=subject, problems=[problem])


_TEXTS = ("system", "code", "source", "version", "display")
_OPTIONAL = frozenset({"source", "version", "display"})


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("id", "version"):
        if not isinstance(data.get(name), str):
            yield Problem(name, "not-text", "a text is needed")
    if not _is_list_of(data.get("citations", []), str):
        yield Problem("citations", "not-texts", "a list of texts is needed")
    for name in sorted(set(data) - {"id", "version", "citations", "codes"}):
        yield Problem(name, "unknown-key", "accepted are id, version, citations, codes")
    codes = data.get("codes", [])
    if not _is_list_of(codes, dict):
        yield Problem("codes", "not-tables", "`[[codes]]` tables are needed")
        return
    for index, code in enumerate(cast("list[dict[str, Any]]", codes)):
        yield from _code_problems(f"codes[{index}]", code)


def _is_list_of(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, kind) for item in cast("list[object]", value)
    )


def _code_problems(path: str, code: Mapping[str, Any]) -> Iterator[Problem]:
    for name in sorted(set(code) - {*_TEXTS, "levels", "confidence"}):
        accepted = ", ".join([*_TEXTS, "levels", "confidence"])
        yield Problem(f"{path}.{name}", "unknown-key", f"accepted are {accepted}")
    for name in _TEXTS:
        if not isinstance(code.get(name, "" if name in _OPTIONAL else None), str):
            yield Problem(f"{path}.{name}", "not-text", "a text is needed")
    if not _is_list_of(code.get("levels"), str):
        says = "a list of level codes is needed; an empty one says that it is not behavioral care"
        yield Problem(f"{path}.levels", "not-texts", says)
    known = [confidence.value for confidence in Confidence]
    if code.get("confidence", "possible") not in known:
        yield Problem(f"{path}.confidence", "unknown", f"accepted are {', '.join(known)}")


def _made(data: Mapping[str, Any]) -> CodeMap:
    return CodeMap(
        id=data["id"],
        version=data["version"],
        citations=tuple(data.get("citations", ())),
        meanings=tuple(
            CodeMeaning(
                **{name: code[name] for name in _TEXTS if name in code},
                levels=tuple(code["levels"]),
                confidence=Confidence(code.get("confidence", "possible")),
            )
            for code in data.get("codes", ())
        ),
    )
