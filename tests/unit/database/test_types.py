from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from uptc_messenger.database.types import ID, JSON
from uptc_messenger.models.messages import Body
from uptc_messenger.toolkit.ids import uuid7

TABLE = sa.Table(
    "things", sa.MetaData(), sa.Column("id", ID, primary_key=True), sa.Column("data", JSON)
)


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.begin() as opened:
        TABLE.create(opened)
        yield opened
    engine.dispose()


@pytest.mark.parametrize("data", [None, [], {"a": [1, "ñ", None]}, "text", 0, False])
def test_what_is_stored_comes_back(connection: sa.Connection, data: Any):
    made = uuid7()
    connection.execute(sa.insert(TABLE), {"id": made, "data": data})
    assert connection.execute(sa.select(TABLE)).one() == (made, data)
    assert connection.execute(sa.select(TABLE).where(TABLE.c.id.in_([made]))).one().id == made


def test_structs_are_encoded_as_they_are_on_the_wire(connection: sa.Connection):
    connection.execute(sa.insert(TABLE), {"id": uuid7(), "data": Body(text="hola")})
    assert connection.execute(sa.select(TABLE.c.data)).scalar() == {"text": "hola"}


def test_an_id_takes_sixteen_bytes_and_json_is_text(connection: sa.Connection):
    connection.execute(sa.insert(TABLE), {"id": uuid7(), "data": {"a": 1}})
    raw = connection.exec_driver_sql("SELECT typeof(id), length(id), typeof(data) FROM things")
    assert raw.one() == ("blob", 16, "text")


def test_each_engine_has_its_own_column():
    made = sa.schema.CreateTable(TABLE)
    assert "id BLOB" in str(made.compile(dialect=sqlite.dialect()))
    text = str(made.compile(dialect=postgresql.dialect()))
    assert "id UUID" in text
    assert "data JSONB" in text
