"""How small and how large the numbers of the configuration may be, and how that is told.

Each has both bounds: the upper one also keeps out `inf` and `nan`.
"""

import reprlib
from typing import Annotated, Final

import msgspec
from msgspec import Meta

_DAY_S: Final = 86_400
_CENTURY_S: Final = 3_155_760_000

Count = Annotated[int, Meta(ge=1, le=10_000_000)]
"""Things of which there is one at least."""

Some = Annotated[int, Meta(ge=0, le=10_000_000)]
"""Things of which there may be none."""

Bytes = Annotated[int, Meta(ge=1, le=1 << 50)]
BytesOrNoLimit = Annotated[int, Meta(ge=0, le=1 << 50)]

Patience = Annotated[float, Meta(gt=0, le=_DAY_S)]
"""Seconds until something is given up."""

Pause = Annotated[float, Meta(ge=0, le=_DAY_S)]
"""Seconds between two things; 0 is none."""

Age = Annotated[int, Meta(ge=1, le=_CENTURY_S)]
"""Seconds that something lives."""

Hours = Annotated[float, Meta(gt=0, le=1_000_000)]
HoursOrNever = Annotated[float, Meta(ge=0, le=1_000_000)]


def told(kind: object, given: object) -> str:
    """What a setting of this type may be and what it was given: "it is …"."""
    allowed = "it is " + _told(msgspec.inspect.type_info(kind))
    # A text may be a password; anything else is shown, for its quotes may be what is wrong.
    return allowed if kind is str else f"{allowed}, and not {reprlib.repr(given)}"


def _told(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.IntType(ge=least, le=most):
            return f"a whole number from {least} to {most}"
        case msgspec.inspect.FloatType(gt=None, ge=least, le=most):
            return f"a number from {least:.15g} to {most:.15g}"
        case msgspec.inspect.FloatType(gt=least, le=most):
            return f"a number above {least:.15g}, at most {most:.15g}"
        case msgspec.inspect.LiteralType(values=values):
            return "one of " + ", ".join(map(str, values))
        case msgspec.inspect.BoolType():
            return "true or false"
        case msgspec.inspect.VarTupleType(item_type=item):
            return f"a list, and each in it {_told(item)}"
        case _:
            return "a text"
