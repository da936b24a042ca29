"""Show the constructor of attrs classes in the reference."""

from typing import Any

import griffe

_DECORATORS = {"attrs.frozen", "attrs.define"}


class AttrsInit(griffe.Extension):
    """Give every attrs class the `__init__` that attrs will generate."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Walk the package once it is loaded."""
        self._visit(pkg)

    def _visit(self, parent: griffe.Module | griffe.Class) -> None:
        for member in parent.members.values():
            if member.is_alias:
                continue
            if isinstance(member, (griffe.Module, griffe.Class)):
                self._visit(member)
            if (
                isinstance(member, griffe.Class)
                and _is_attrs(member)
                and "__init__" not in member.members
            ):
                _give_init(member)


def _is_attrs(cls: griffe.Class) -> bool:
    return any(decorator.callable_path in _DECORATORS for decorator in cls.decorators)


def _give_init(cls: griffe.Class) -> None:
    kind = griffe.ParameterKind
    parameters = [griffe.Parameter("self", kind=kind.positional_or_keyword)]
    parameters += [
        griffe.Parameter(
            name.lstrip("_"),
            annotation=attribute.annotation,
            kind=kind.keyword_only,
            default=_default(attribute.value),
        )
        for name, attribute in cls.attributes.items()
        if _is_field(attribute)
    ]
    cls.set_member(
        "__init__",
        griffe.Function("__init__", parameters=griffe.Parameters(*parameters), returns="None"),
    )


def _is_field(attribute: griffe.Attribute) -> bool:
    if attribute.annotation is None or "property" in attribute.labels:
        return False
    if "ClassVar" in str(attribute.annotation):
        return False
    return "init=False" not in str(attribute.value)


def _default(value: Any) -> Any:
    if isinstance(value, griffe.ExprCall) and value.canonical_path == "attrs.field":
        given = {a.name: a.value for a in value.arguments if isinstance(a, griffe.ExprKeyword)}
        return given.get("default", given.get("factory"))
    return value
