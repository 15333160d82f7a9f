"""Parameters of path and query, held to their annotations.

The framework drops the constraints of `msgspec.Meta`, turns 1.5e1 into 15, takes the last of
two and ignores what it does not know: each of these is a refusal here, before a handler runs.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, get_type_hints

import msgspec
from litestar import Request

from uptc_messenger.models.commands import refusal
from uptc_messenger.models.errors import BadRequest

INJECTED: Final = frozenset({"self", "data", "request", "principal", "backend", "return"})
"""Parameters of a handler that do not come from the address."""

_SCALAR: Final = re.compile(r"0|-?[1-9][0-9]{0,15}|true|false")
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")


class Parameters:
    """The parameters of one handler, by what its annotations say."""

    def __init__(self, function: Callable[..., object]) -> None:
        hints = get_type_hints(function, include_extras=True)
        self.hints: dict[str, Any] = {_name(n): h for n, h in hints.items() if n not in INJECTED}
        self.defaults: dict[str, Any] = {
            _name(name): parameter.default
            for name, parameter in inspect.signature(function).parameters.items()
            if parameter.default is not parameter.empty
        }

    def check(self, request: Request[Any, Any, Any]) -> None:
        """Refuse an address with a parameter that is wrong, unknown, missing or there twice."""
        path: Mapping[str, object] = request.path_params
        for name, value in path.items():
            self._check_value(name, str(value))
        seen: set[str] = set()
        for name, value in request.query_params.multi_items():
            if name not in self.hints or name in path:
                raise BadRequest(f"{name[:40]}: there is no such parameter.")
            if name in seen:
                raise BadRequest(f"{name}: give it once.")
            seen.add(name)
            self._check_value(name, value)
        missing = self.hints.keys() - path.keys() - seen - self.defaults.keys()
        if missing:
            raise BadRequest(f"{min(missing)}: this parameter is missing.")

    def _check_value(self, name: str, text: str) -> None:
        if "\0" in text:
            raise BadRequest(f"{name}: a text may not contain U+0000.")
        try:
            _read(text, self.hints[name])
        except msgspec.ValidationError as error:
            raise BadRequest(f"{name}: {refusal(error).sentence}") from error


@cache
def parameters_of(function: Callable[..., object]) -> Parameters:
    """The parameters of a handler's function, read once."""
    return Parameters(function)


def placeholders(path: str) -> list[str]:
    """The names in braces in a path."""
    return _PLACEHOLDER.findall(path)


def _name(parameter: str) -> str:
    # `from` is a word of Python: its parameter is called `from_`.
    return parameter.removesuffix("_")


def _read(text: str, hint: Any) -> None:  # noqa: ANN401 - an annotation
    """Raise unless `text` is a text, or a number or truth value, that `hint` allows."""
    try:
        msgspec.convert(text, hint)
    except msgspec.ValidationError:
        if not _SCALAR.fullmatch(text):
            raise
        msgspec.json.decode(text.encode(), type=hint)
