"""From a document to policies: rules read against the facts that the file declares."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from carecontinuum.canonical import Problem
from carecontinuum.library.documents import PolicyDocument
from carecontinuum.library.words import code_problems, guess, shown
from carecontinuum.policies import RulePolicy, forbids, requires
from carecontinuum.rules import (
    Choice,
    Expression,
    Fact,
    FactValueInvalid,
    RuleTextInvalid,
    parse_rule,
)

__all__ = ["Declared", "policy_of", "rule_of"]


@attrs.frozen(kw_only=True)
class Declared:
    """The facts that the rules of a file may name.

    Attributes:
        facts: Those that are well declared, by id.
        codes: For facts that name parts of the map: the codes that the map has, by the fact's id.
        broken: The ids of those whose declaration is itself a problem.
    """

    facts: Mapping[str, Fact[Any]]
    codes: Mapping[str, tuple[str, ...]]
    broken: frozenset[str]

    @cached_property
    def checked(self) -> Mapping[str, Fact[Any]]:
        """The facts, those that name parts of the map limited to what the map has."""
        limited = {
            id: attrs.evolve(fact, codes=self.codes[id])
            for id, fact in self.facts.items()
            if isinstance(fact, Choice) and id in self.codes
        }
        return {**self.facts, **limited}


def policy_of(
    document: PolicyDocument, path: str, declared: Declared, found: list[Problem]
) -> RulePolicy | None:
    """Make a policy; what is wrong is added to `found`, and then there is none."""
    before = len(found)
    found += _problems(document, path)
    rules = {
        key: rule_of(text, f"{path}.{key}", declared, found)
        for key in ("requires", "forbids", "applies")
        if (text := getattr(document, key)) is not None
    }
    rule = rules.get("requires", rules.get("forbids"))
    if len(found) > before or rule is None:
        return None
    make = requires if document.requires is not None else forbids
    return make(
        rule,
        id=document.id,
        version=document.version,
        citation=document.citation,
        on=document.on,
        says=document.says,
        applies=rules.get("applies"),
        overridable_by=document.overridable_by,
    )


def _problems(document: PolicyDocument, path: str) -> Iterator[Problem]:
    for key in ("id", "version"):
        yield from code_problems(f"{path}.{key}", getattr(document, key))
    for key in ("id", "version", "citation"):
        if not getattr(document, key):
            yield Problem(f"{path}.{key}", "empty", f"`{key}` is empty; give it a text")
    if document.on is not None and not document.on:
        says = "it judges no kind of move; name one, or leave `on` out for every kind"
        yield Problem(f"{path}.on", "empty", says)
    if (document.requires is None) == (document.forbids is None):
        yield Problem(path, "one-rule", "give either `requires` or `forbids`, and not both")


def rule_of(text: str, path: str, declared: Declared, found: list[Problem]) -> Expression | None:
    """Read a rule's text; what is wrong is added to `found`, and then there is none."""
    try:
        parse_rule(text, declared.checked)
        return parse_rule(text, declared.facts)
    except RuleTextInvalid as invalid:
        word = _word(text, invalid.position)
        if word not in declared.broken:
            place = f"character {invalid.position + 1}, {shown(word)}" if word else "at the end"
            says = f"{place}: {invalid.says}{_meant(word, declared)}"
            found.append(Problem(path, "rule-text", says))
    except FactValueInvalid as invalid:
        found.append(Problem(path, "rule-text", invalid.message()))
    return None


_WORD = re.compile(r'[^\s"(),]+|["(),]')


def _word(text: str, position: int) -> str:
    """Give the word of a rule that begins at a position; empty at the end."""
    match = _WORD.match(text, position)
    return match.group() if match else ""


def _meant(word: str, declared: Declared) -> str:
    codes = [code for fact in declared.checked.values() for code in getattr(fact, "codes", ())]
    names = [*declared.facts, *codes]
    hint = "" if word in names else guess(word, names)
    return f"; {hint}" if hint else ""
