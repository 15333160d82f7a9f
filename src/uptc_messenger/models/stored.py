"""Reading what was stored by another version of the program.

What comes from people is refused where it has a field too many. What a newer node has
written, while nodes are replaced one by one, is read without what this one does not know.
"""

from typing import Any, TypeVar, cast, get_args

import msgspec

T = TypeVar("T")


def read_stored(value: object, kind: type[T]) -> T:
    """A value of `kind`, without fields that it does not have; raises `ValidationError`."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return msgspec.convert(_known(value, kind), kind)


def _known(value: object, kind: Any) -> object:  # noqa: ANN401 - any annotation
    match value:
        case dict():
            entries = cast("dict[str, object]", value)
            fields = _fields(kind)
            if not fields:
                return entries
            return {
                name: _known(each, fields[name]) for name, each in entries.items() if name in fields
            }
        case list():
            (item,) = get_args(kind) or (object,)
            return [_known(each, item) for each in cast("list[object]", value)]
        case _:
            return value


def _fields(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any annotation
    """The fields of a struct, or of the one struct of a union."""
    structs = [each for each in (kind, *get_args(kind)) if _is_struct(each)]
    return {each.encode_name: each.type for one in structs for each in msgspec.structs.fields(one)}


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
