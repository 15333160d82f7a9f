import pytest
import sqlalchemy as sa

from tests.core import World
from uptc_messenger.database import copying
from uptc_messenger.database.copying import Sheet
from uptc_messenger.database.schema import metadata

SHEETS = {sheet.name: sheet for sheet in copying.sheets()}


def test_every_table_and_every_column_is_copied():
    assert set(SHEETS) == set(metadata.tables)
    for name, table in metadata.tables.items():
        assert [column for column, _ in SHEETS[name].columns] == [c.name for c in table.columns]
        assert SHEETS[name].key


def test_what_a_column_holds_is_known():
    kinds = dict(SHEETS["messages"].columns)
    assert [kinds[c] for c in ("id", "seq", "kind", "body", "deleted", "digest")] == [
        *("id", "int", "text", "json", "bool", "bytes")
    ]
    table = sa.Table("odd", sa.MetaData(), sa.Column("price", sa.Float, primary_key=True))
    with pytest.raises(TypeError, match="price"):
        copying._sheet(table)


def test_a_line_does_not_depend_on_the_order_of_keys():
    assert copying.line(["a", {"b": 1, "a": None}, b"x"]) == b'["a",{"a":null,"b":1},"eA=="]'
    assert copying.line(["a", {"a": None, "b": 1}, b"x"]) == b'["a",{"a":null,"b":1},"eA=="]'


async def test_rows_come_in_the_order_of_the_key_and_go_back(world: World):
    ana, ben = await world.users("ana", "ben")
    chat_id = await world.group(ana, ben)
    for text in ("uno", "dos", "tres"):
        await world.say(ana, chat_id, text)
    sheet = SHEETS["messages"]
    found = await world.database.read(lambda r: list(copying.rows(r, sheet)))
    assert [row[sheet.position("seq")] for row in found] == [1, 2, 3]
    lines = [copying.line(row) for row in found]
    await world.database.write(lambda tx: copying.clear(tx, sheet))
    assert await world.database.read(lambda r: list(copying.rows(r, sheet))) == []
    await world.database.write(lambda tx: copying.load(tx, sheet, lines))
    assert await world.database.read(lambda r: list(copying.rows(r, sheet))) == found
    assert await world.texts(ben, chat_id) == ["uno", "dos", "tres"]


@pytest.mark.parametrize("line", [b"[1]", b"no json", b'{"a":1}', b'["a",2,3]'])
async def test_what_is_no_row_is_not_loaded(world: World, line: bytes):
    sheet = Sheet(name="installation", columns=(("name", "text"), ("value", "text")), key=("name",))
    with pytest.raises(ValueError, match=r"."):
        await world.database.write(lambda tx: copying.load(tx, sheet, [line]))
