import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from tests.library import Library
from uptc_messenger.database import Reader
from uptc_messenger.models.base import FileId
from uptc_messenger.services.files import repository


async def test_a_file_that_is_used_is_never_doomed(library: Library):
    ana = await library.world.user("ana")
    file_id = (await library.put(ana, b"hola")).file_id
    write = library.world.database.write
    await write(lambda tx: repository.use(tx, [file_id], 1))
    assert not await write(lambda tx: repository.doom(tx, file_id))
    await write(lambda tx: repository.use(tx, [file_id], -1))
    assert await write(lambda tx: repository.doom(tx, file_id))
    assert not await write(lambda tx: repository.doom(tx, file_id))


async def test_only_what_is_doomed_is_removed(library: Library):
    ana = await library.world.user("ana")
    file_id = (await library.put(ana, b"hola")).file_id
    write = library.world.database.write
    assert not await write(lambda tx: repository.remove(tx, file_id))
    await write(lambda tx: repository.doom(tx, file_id))
    assert await write(lambda tx: repository.remove(tx, file_id))
    assert await library.world.database.read(lambda r: repository.parts(r, file_id)) == []


async def test_every_file_and_what_all_take(library: Library):
    ana = await library.world.user("ana")
    file = await library.put(ana, b"hola")
    await library.reserve(ana, 7)
    read = library.world.database.read
    assert await read(lambda r: [row.id for row in repository.every(r)]) == [file.file_id]
    assert await read(repository.all_stored) == 11


async def test_what_is_used_is_in_no_index_that_a_sweep_reads(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    def note(reader: Reader, query: sa.Executable, values: object) -> list[object]:
        assert isinstance(query, sa.Select)
        asked.append(str(query.compile(dialect=sqlite.dialect())))
        return []

    def sweep(reader: Reader) -> None:
        repository.stale(reader, "ready", 1, 1)
        repository.doomed(reader, (1, FileId("")), 1)

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "all", note)
        await library.world.database.read(sweep)
    with closing(sqlite3.connect(library.world.url.removeprefix("sqlite:///"))) as raw:
        for text in asked:
            unbound = [None] * text.count("?")
            (plan,) = raw.execute(f"EXPLAIN QUERY PLAN {text}", unbound).fetchall()
            assert "INDEX ix_files_unused (state=? AND touched_at" in plan[-1]
    assert len(asked) == 2
