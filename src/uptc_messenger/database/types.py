"""Column types that mean the same on SQLite and PostgreSQL.

They are engine types and not decorators: a send binds a dozen ids, and a decorator's second
layer of calls costs as much as the conversion.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


@lru_cache(maxsize=16_384)
def _to_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


@lru_cache(maxsize=16_384)
def _to_text(value: bytes) -> str:
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


class _BlobId(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401
        return "BLOB"

    def bind_processor(self, dialect: sa.Dialect) -> Any:  # noqa: ANN401
        del dialect
        return _optional(_to_bytes)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:  # noqa: ANN401
        del dialect, coltype
        return _optional(_to_text)


class _TextJson(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401
        return "TEXT"

    def bind_processor(self, dialect: sa.Dialect) -> Any:  # noqa: ANN401
        del dialect
        encode = msgspec.json.Encoder().encode
        return _optional(lambda value: encode(value).decode())

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:  # noqa: ANN401
        del dialect, coltype
        decode = msgspec.json.Decoder().decode
        return _optional(decode)


class _Jsonb(_TextJson):
    # The asyncpg dialect hands `jsonb` over as text, both ways.
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401
        return "JSONB"


ID: Final = _BlobId().with_variant(postgresql.UUID(as_uuid=False), "postgresql")
"""A UUID: canonical text in Python, 16 bytes in SQLite, `uuid` in PostgreSQL."""

JSON: Final = _TextJson().with_variant(_Jsonb(), "postgresql")
"""A JSON value: text in SQLite, `jsonb` in PostgreSQL; structs are encoded as they are."""
