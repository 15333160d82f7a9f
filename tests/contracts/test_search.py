"""What is found is the same on each engine: one corpus, one list of questions, one answer."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core import NOON, World, installed, refused, run
from tests.postgres import Postgres
from tests.searches import found, indexer_of, texts
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.search import Hit
from uptc_messenger.services.chats import access, editing
from uptc_messenger.services.search import indexing, searching
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.services.search.parsing import parse
from uptc_messenger.services.search.searching import Place, Scope, search

DAY = 24 * 3600 * 1000
CORPUS = {
    "reunion": "La reunión es mañana a las ocho",
    "reuniones": "Hubo dos reuniones este año",
    "ano": "El ano es anatomía",
    "anios": "Pasaron cien años",
    "info": "Más información en la secretaría",
    "infos": "Llegaron las informaciones",
    "link": "Mira https://example.edu/parcial",
    "english": "She was running late for the meetings",
    "chinese": "我在北京大学学习",
    "japanese": "東京の大学へ行きます",
    "arabic": "مرحبا بالعالم",
    "code": "`uptc_messenger serve --port 8000` y C++",
    "decomposed": "Cafe\u0301 con leche, déjà vu",
    "odd": "⑴ ℌola 'comillas' \\barra\\ a & b | !c :*",  # noqa: RUF001
}
QUESTIONS: dict[str, set[str]] = {
    "reunion": {"reunion", "reuniones"},
    "REUNIÓN": {"reunion", "reuniones"},
    "reuniones": {"reunion", "reuniones"},
    "reun": {"reunion", "reuniones"},
    "reun ": set(),
    "reunion mañana": {"reunion"},
    '"dos reuniones"': {"reuniones"},
    '"reuniones dos"': set(),
    '"es manana': {"reunion"},
    "ano": {"ano", "reuniones", "anios"},
    "año": {"reuniones", "anios"},
    "anos": {"ano", "reuniones", "anios"},
    "informacion": {"info", "infos"},
    "run meeting": {"english"},
    "大学": {"chinese", "japanese"},
    "京大": {"chinese"},
    "学": {"chinese", "japanese"},
    "مرحبا": {"arabic"},
    "cafe": {"decomposed"},
    "deja": {"decomposed"},
    "hola": {"odd"},
    "port": {"code"},
    "8000": {"code"},
    "has:link": {"link"},
    "tiene:enlace parcial": {"link"},
    "has:nothing": set(),
    "de:ana reunion": {"reunion", "reuniones"},
    "from:luis reunion": set(),
    "from:nadie reunion": set(),
    "from:me reunion": {"reunion", "reuniones"},
    'in:"sistemas dist" reunion': {"reunion", "reuniones"},
    "en:otro reunion": set(),
    "after:2030 reunion": set(),
    "antes:2030 reunion": {"reunion", "reuniones"},
    "before:01/01/2020 reunion": set(),
    "reunion zorro": set(),
    "": set(),
    '"': set(),
}


async def corpus(world: World) -> tuple[UserId, ChatId]:
    ana, _ = await world.users("ana", "luis")
    chat = await world.group(ana)
    for text in CORPUS.values():
        world.clock.now += 1
        await world.send(ana, chat, text)
    await indexer_of(world).catch_up()
    return ana, chat


async def test_one_corpus_and_the_same_answers(world: World):
    ana, _ = await corpus(world)
    names = {text: name for name, text in CORPUS.items()}
    answers = {
        typed: {names[text] for text in texts(await found(world, ana, typed))}
        for typed in QUESTIONS
    }
    assert answers == QUESTIONS


async def test_what_is_the_letter_itself_comes_before_what_lacks_its_tilde(world: World):
    ana, _ = await corpus(world)
    hits = texts(await found(world, ana, "ano"))
    assert hits[0] == CORPUS["ano"]
    assert set(hits[1:]) == {CORPUS["anios"], CORPUS["reuniones"]}


async def test_the_order_is_by_relevance_and_then_by_time(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for day, text in enumerate(("informe viejo", "informes", "informe", "informe nuevo")):
        world.clock.now = NOON + day * DAY
        await world.send(ana, chat, text)
    await indexer_of(world).catch_up()
    world.clock.now += DAY
    hits = await found(world, ana, "informe ")
    assert texts(hits) == ["informe nuevo", "informe", "informe viejo", "informes"]
    assert hits[0].highlights == [(0, 7)]


async def test_nobody_finds_what_they_may_not_read(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "secreto uno")
    await world.set(chat, ana, SettingsChange(history="joined"))
    await world.add(chat, ana, eva)
    await world.send(ana, chat, "secreto dos")
    await indexer_of(world).catch_up()
    assert len(await found(world, luis, "secreto")) == 2
    assert texts(await found(world, eva, "secreto")) == ["secreto dos"]
    await world.remove(chat, ana, luis)
    assert await found(world, luis, "secreto") == []
    assert await found(world, luis, f"in:{chat} secreto") == []
    assert await refused(found(world, luis, "secreto", chat_id=chat)) == "not_found"


async def test_edits_and_deletions_count_at_once_and_in_the_index(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    first, second = [await world.say(ana, chat, text) for text in ("perro", "gato")]
    indexer = indexer_of(world)
    await indexer.catch_up()
    await world.edit(ana, (chat, first), "loro")
    await world.delete(ana, (chat, second))
    assert await found(world, ana, "perro") == await found(world, ana, "gato") == []
    await indexer_of(world).catch_up()
    assert texts(await found(world, ana, "loro")) == ["loro"]
    assert len(await found(world, ana, "from:ana")) == 1


async def test_pages_follow_each_other_whatever_is_said_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(searching, "WINDOW", 4)
    ana = await world.user("ana")
    chat, other = await world.group(ana), await world.group(ana)
    said = [f"hola {number}" for number in range(11)]
    for number, text in enumerate(said):
        await world.send(ana, (chat, other)[number % 2], text)
    indexer = indexer_of(world)
    await indexer.catch_up()
    pages, place = list[list[Hit]](), Place(now=world.clock())
    while place is not None:
        at = place
        hits, place = await world.database.scan(
            lambda reader, at=at: search(reader, Scope(user_id=ana), parse("hola"), at, 3)
        )
        pages.append(hits)
        assert len(pages) < 20, "what is said meanwhile is on the pages"
        await world.send(ana, chat, "hola de nuevo")
        await Indexer(world.database, world.clock).catch_up()
    seen = [text for page in pages for text in texts(page)]
    assert sorted(seen) == sorted(said)
    assert all(len(page) <= 3 for page in pages)


async def test_two_nodes_index_the_same_log_once(world: World):
    ana = await world.user("ana")
    chats = [await world.group(ana) for _ in range(3)]
    for number in range(30):
        await world.send(ana, chats[number % 3], f"hola {number}")
    nodes = [Indexer(world.database, world.clock, batch=4) for _ in range(2)]
    await asyncio.gather(*(node.catch_up() for node in nodes))
    assert sum(node.indexed for node in nodes) == 30
    assert len(await found(world, ana, "hola")) == 30


async def test_a_deleted_chat_leaves_the_index(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for number in range(60):
        await world.send(ana, chat, f"hola {number}")
    await indexer_of(world).catch_up()
    await world.as_holder(ana, chat, editing.delete)
    await indexer_of(world).catch_up()
    wanted = searching.repository.Wanted(
        chats={chat: 0},
        groups=searching.terms.of_query(parse("hola"), frozenset()),
        since=0,
        before=searching._END,
        limit=50,
        now=NOON,
    )
    assert await world.database.scan(lambda r: searching.repository.propose(r, wanted)) == []
    assert await world.database.scan(lambda r: access.find_members(r, [(ana, chat)])) == {}


async def test_the_newest_are_proposed_however_far_back_they_are(world: World):
    """What was said often lately, seldom, or only long ago."""
    ana = await world.user("ana")
    chat = await world.group(ana)
    for days in (300, 40, 3):
        world.clock.now = NOON - days * DAY
        for number in range(5):
            await world.send(ana, chat, f"hola hace {days} {number}")
    await indexer_of(world).catch_up()

    async def proposed(typed: str, limit: int, before: int = searching._END) -> list[int]:
        wanted = searching.repository.Wanted(
            chats={chat: 0},
            groups=searching.terms.of_query(parse(typed), frozenset()),
            since=0,
            before=before,
            limit=limit,
            now=NOON,
        )
        got = await world.database.scan(lambda r: list(searching.repository.propose(r, wanted)))
        return [one.seq for one in got]

    newest = await proposed("hola ", 100)
    assert newest == sorted(newest, reverse=True)
    assert len(newest) == 15
    for limit in (3, 5, 7, 12):
        assert await proposed("hola ", limit) == newest[:limit]
    assert await proposed("300 ", 3) == newest[10:13]
    earlier = searching.terms.first_place(NOON - 41 * DAY)
    assert await proposed("hola ", 3, earlier) == newest[10:13]


async def test_an_index_that_is_cleared_is_made_anew(world: World):
    ana, _ = await corpus(world)
    await world.database.write(indexing.clear)
    assert await found(world, ana, "reunion") == []
    await indexer_of(world).catch_up()
    assert len(await found(world, ana, "reunion")) == 2


typed_by_anybody = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["from:", "de:", "in:", "has:", "before:", '"', "'", "\\", "*", "NEAR(", ")", "AND", "OR",
         "NOT", "-", ":*", "<->", "&", "|", "!", "^", "{", "}", "#", "@", ".", "ñ", "京", "\u0301",
         "\0", "a", "2026-99-99", " ", "\U0001f600", "⑴", "ŉ", "\u200d"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


def hold_hostile_queries(url: str) -> None:
    async def story() -> None:
        async with installed(url) as world:
            ana = await world.user("ana")
            chat = await world.group(ana)

            for typed in samples:
                assert await found(world, ana, typed) == []
                await world.send(ana, chat, f"x {typed}".replace("\0", " "))
            await indexer_of(world).catch_up()
            assert len(await found(world, ana, "x ")) == 50
            # Each finds itself, if there is a word in it and no operator.
            for typed in samples:
                if ":" not in typed and '"' not in typed and parse(typed).words:
                    hits = texts(await found(world, ana, typed[:200].replace("\0", " ")))
                    assert hits, repr(typed)

    samples: list[str] = []

    @settings(
        max_examples=60,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(typed_by_anybody)
    def gather(typed: str) -> None:
        samples.append(typed.encode(errors="replace").decode())

    gather()
    run(story())


def test_no_query_breaks_sqlite(tmp_path: Any):
    hold_hostile_queries(f"sqlite:///{tmp_path}/uptc.db")


def test_no_query_breaks_postgresql(server: Postgres):
    asyncio.run(server.execute("CREATE DATABASE hostile TEMPLATE uptc_template"))
    hold_hostile_queries(server.url("hostile"))
