"""Reading what was stored by another version of the program.

What comes from people is refused where it has a field too many. What a newer node has
written, while nodes are replaced one by one, is read without what this one does not know.
"""

from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin

import msgspec

T = TypeVar("T")
_UNIONS: Final = (Union, UnionType)


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
                return {name: _known(each, _item(kind, dict)) for name, each in entries.items()}
            return {
                name: _known(each, fields[name]) for name, each in entries.items() if name in fields
            }
        case list():
            return [_known(each, _item(kind, list, tuple)) for each in cast("list[object]", value)]
        case _:
            return value


def _fields(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any annotation
    """The fields of a struct, or of the one struct of a union."""
    structs = [each for each in _choices(kind) if _is_struct(each)]
    return {each.encode_name: each.type for one in structs for each in msgspec.structs.fields(one)}


def _item(kind: Any, *origins: type) -> Any:  # noqa: ANN401 - any annotation
    """What is in a list, a tuple, or under the keys of a dict; anything where nothing says so."""
    for each in _choices(kind):
        inside = [one for one in get_args(each) if one is not ...]
        if inside and get_origin(each) in origins:
            return inside[-1]
    return object


def _choices(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any annotation
    """What a value may be: the members of a union, or just this."""
    if get_origin(kind) is Annotated:
        return _choices(get_args(kind)[0])
    if get_origin(kind) in _UNIONS:
        return tuple(one for each in get_args(kind) for one in _choices(each))
    return (kind,)


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
