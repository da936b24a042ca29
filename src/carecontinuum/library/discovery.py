"""Policies that installed packages offer, found only when they are asked for."""

from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, EntryPoint, entry_points
from typing import TypeGuard, cast

from carecontinuum.canonical import Problem
from carecontinuum.decisions import PolicyRef
from carecontinuum.library.errors import InstalledPoliciesInvalid
from carecontinuum.library.words import shown
from carecontinuum.policies import TransitionPolicy

__all__ = ["GROUP", "discover_policies"]

GROUP = "carecontinuum.policies"
"""The group of entry points under which a package offers policies."""

_MEMBERS = ("on", "reads", "applies", "definition")


def discover_policies() -> dict[str, TransitionPolicy]:
    """Give the policies that installed packages offer under `carecontinuum.policies`.

    An entry point names a policy, or a function without arguments that gives one or several. The
    modules of those packages are imported, which runs their code; nothing is imported before this
    is called.

    Returns:
        The policies by id, sorted; empty where no package offers any.

    Raises:
        InstalledPoliciesInvalid: An entry point cannot be loaded, gives something else, or gives
            an id that is there already. All of that is listed at once, and none is skipped.
    """
    problems: list[Problem] = []
    found: dict[str, TransitionPolicy] = {}
    origin: dict[str, str] = {}
    for entry in sorted(entry_points(group=GROUP), key=_path):
        path = _path(entry)
        for policy in _policies_of(entry, path, problems):
            id = policy.ref.id
            if id in found:
                says = f"policy {shown(id)} is there already, from {origin[id]}"
                problems.append(Problem(path, "repeated", says))
            found[id], origin[id] = policy, path
    if problems:
        raise InstalledPoliciesInvalid(problems=problems)
    return dict(sorted(found.items()))


def _path(entry: EntryPoint) -> str:
    offered_by = cast("Distribution", entry.dist)  # `entry_points` gives each its distribution
    return f"{offered_by.name} {offered_by.version}: {entry.name}"


def _policies_of(
    entry: EntryPoint, path: str, problems: list[Problem]
) -> Iterator[TransitionPolicy]:
    try:
        offered = _offered(entry)
    except Exception as error:  # noqa: BLE001  whatever foreign code raises is listed
        says = f"raised `{type(error).__name__}`: {shown(str(error))}"
        problems.append(Problem(path, "raised", says))
        return
    if not offered:
        problems.append(Problem(path, "empty", "gives no policy; needed is at least one"))
    for value in offered:
        if _is_policy(value):
            yield value
        else:
            needed = "a policy, or a function without arguments that gives one or several"
            says = f"gives a `{type(value).__name__}`; needed is {needed}"
            problems.append(Problem(path, "wrong-type", says))


def _offered(entry: EntryPoint) -> tuple[object, ...]:
    loaded: object = entry.load()
    if _is_policy(loaded) or not callable(loaded):
        return (loaded,)
    made: object = loaded()
    if isinstance(made, Iterable) and not isinstance(made, str):
        return tuple(cast("Iterable[object]", made))
    return (made,)


def _is_policy(value: object) -> TypeGuard[TransitionPolicy]:
    """Tell whether a value has every member that a policy has; there is nothing to inherit."""
    if isinstance(value, type) or not isinstance(getattr(value, "ref", None), PolicyRef):
        return False
    return callable(value) and all(hasattr(value, member) for member in _MEMBERS)
