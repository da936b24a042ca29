"""Writing that collects every problem with its place; it is done where plain writing failed."""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from carecontinuum.codec.converting import Conversion, Give, each
from carecontinuum.codec.kinds import fields_of, key_of
from carecontinuum.codec.scalars import give_text, take_text, wrong

__all__ = ["ExplainingConversion"]


class ExplainingConversion(Conversion):
    """The functions of a `Conversion`; those that write raise all that is wrong, each once."""

    def _new_giver(self, kind: Any) -> Give:
        origin, arguments = get_origin(kind), get_args(kind)
        if kind is str:
            return lambda value: take_text(give_text(value))
        if origin is tuple and arguments[-1] is ...:
            one = self.giver(arguments[0])
            return lambda value: each(enumerate(tuple[Any](value)), lambda item, _: one(item))
        if origin is Mapping:
            one = self.giver(arguments[1])
            return lambda value: each(value.items(), lambda item, _: one(item))
        return super()._new_giver(kind)

    def _class_giver(self, kind: type[Any]) -> Give:
        fields = [(field.name, key_of(field), self.giver(field.type)) for field in fields_of(kind)]

        def give(value: Any) -> Any:
            if type(value) is not kind:
                raise wrong(f"a `{kind.__name__}`")
            parts = [(key, (write, getattr(value, name))) for name, key, write in fields]
            return each(parts, lambda part, _: part[0](part[1]))

        return give
