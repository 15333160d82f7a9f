"""What is found is proven on both engines in tests/contracts/test_search.py."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.core import World
from tests.library import Library
from uptc_messenger.database import Reader, Row
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.services.search.parsing import parse
from uptc_messenger.services.search.searching import WINDOW, WINDOWS, Order, Place, Scope, search


async def test_what_matches_hardly_anything_ends_with_a_place_to_go_on(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.send(ana, chat, "a b c")
    for _ in range(WINDOW * WINDOWS):
        await world.send(ana, chat, "b c a b")
    await Indexer(world.database, world.clock).catch_up()
    place, answers = Place(now=world.clock()), list[int]()
    while place is not None:
        at = place
        hits, place = await world.database.scan(
            lambda reader, at=at: search(reader, Scope(user_id=ana), parse('"a b c" '), at, 5)
        )
        answers.append(len(hits))
    assert answers == [0, 1]


async def test_people_by_every_name(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(luis, chat, "hola")
    await Indexer(world.database, world.clock).catch_up()
    place = Place(now=world.clock())
    for name in ("luis", "@LUIS", "lui", luis, f'"{luis}"'):
        query = parse(f"from:{name}")
        hits, _ = await world.database.scan(
            lambda reader, q=query: search(reader, Scope(user_id=ana), q, place, 5)
        )
        assert len(hits) == 1, name
        other = Scope(user_id=ana, sender_id=ana)
        assert await world.database.scan(
            lambda reader, q=query, o=other: search(reader, o, q, place, 5)
        ) == ([], None)


def test_orders_compare():
    better = Order(loose=False, worse=-2.0, older=-5)
    assert better.key < Order(loose=False, worse=-1.0, older=-9).key
    assert better.key < Order(loose=True, worse=-3.0, older=-9).key


async def test_names_of_files_are_found_and_not_highlighted(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana = await world.user("ana")
    chat = await world.group(ana)
    file = await library.put(ana, b"hola", name="Informe de redes.txt")
    await library.send(ana, chat, [file.file_id], "el informe")
    await Indexer(world.database, world.clock).catch_up()

    async def found(typed: str) -> list[list[tuple[int, int]]]:
        hits, _ = await world.database.scan(
            lambda r: search(r, Scope(user_id=ana), parse(typed), Place(now=world.clock()), 5)
        )
        return [hit.highlights for hit in hits]

    assert await found("redes") == [[]]
    assert await found("informe") == [[(3, 10)]]
    assert await found("has:file redes") == [[]]
    assert await found("otro") == []


async def test_hits_in_many_chats_cost_the_statements_of_hits_in_one(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    ask, seen = Reader.all, list[str]()

    def note(reader: Reader, statement: sa.Executable, values: Any) -> Sequence[Row]:
        seen.append(str(statement))
        return ask(reader, statement, values)

    ana = await world.user("ana")
    for _ in range(6):
        chat = await world.group(ana)
        first = await world.say(ana, chat, "hola")
        await world.send(ana, chat, "hola otra vez", reply_to=first)
        await world.react(ana, (chat, first), "👍")
    await Indexer(world.database, world.clock).catch_up()

    async def cost(limit: int) -> int:
        def look(reader: Reader) -> tuple[int, int]:
            seen.clear()
            hits, _ = search(reader, Scope(user_id=ana), parse("hola"), place, limit)
            return len({hit.chat_id for hit in hits}), len(seen)

        chats, statements = await world.database.scan(look)
        assert chats == (1 if limit == 1 else 6)
        return statements

    place = Place(now=world.clock())
    monkeypatch.setattr(Reader, "all", note)
    assert await cost(12) == await cost(1)
