"""What every engine promises, each test on each of them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from structlog.testing import capture_logs

from tests.core import NOON, World, installed, new_message_id, refused
from uptc_messenger.database import (
    Database,
    DatabaseConfig,
    Reader,
    Transaction,
    open_database,
)
from uptc_messenger.database.connection import _store
from uptc_messenger.database.lane import Lane
from uptc_messenger.database.schema import changes, chats, installation, messages
from uptc_messenger.database.store import Store, Work
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.errors import Forbidden, Overloaded, Problem, Timeout, Unavailable
from uptc_messenger.models.events import CloseCode, EndSessions, Publication
from uptc_messenger.models.messages import Body, Sent
from uptc_messenger.services.messages.posting import Post, post
from uptc_messenger.toolkit.ids import uuid7

T = TypeVar("T")
PUT = sa.insert(installation)
NAMES = sa.select(installation.c.name).order_by(installation.c.name)
Command = Callable[[Transaction], str]


def put(name: str) -> Command:
    def run(tx: Transaction) -> str:
        tx.run(PUT, {"name": name, "value": "x"})
        return name

    return run


def queue(database: Database, command: Command) -> asyncio.Future[str]:
    return database.lane.submit(None, command)


def names(reader: Reader) -> list[str]:
    return [row.name for row in reader.all(NAMES)]


def news() -> EndSessions:
    return EndSessions(user_id=UserId(uuid7()), session_ids=None, code=CloseCode.SESSION_REVOKED)


class Hanging:
    """An engine whose disk answers only when it is let."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.entered = asyncio.Event()
        self.answer = asyncio.Event()

    fault = None

    async def transact(self, work: Work[T], *, durable: bool = True) -> T:
        result = await self._store.transact(work, durable=durable)
        self.entered.set()
        await self.answer.wait()
        return result

    async def read(self, work: Work[T]) -> T:
        return await self._store.read(work)

    async def scan(self, work: Work[T]) -> T:
        return await self._store.scan(work)

    async def close(self) -> None:
        await self._store.close()


@asynccontextmanager
async def hanging(
    url: str, announced: list[Publication], **limits: float
) -> AsyncGenerator[tuple[Database, Hanging], None]:
    async with installed(url):
        pass
    config = DatabaseConfig(url=url, **limits)  # pyright: ignore[reportArgumentType]
    store = Hanging(_store(sa.make_url(url), config))
    database = Database(store, Lane(store, config, lambda: NOON, announced.extend))
    try:
        yield database, store
    finally:
        store.answer.set()
        await database.close()


# Reading and writing


async def test_what_was_written_is_read(world: World):
    assert await world.database.write(put("a")) == "a"
    assert await world.database.read(names) == ["a"]
    assert await world.database.scan(names) == ["a"]


async def test_it_is_there_after_opening_again(url: str):
    async with installed(url) as world:
        await world.database.write(put("a"))
    async with installed(url) as world:
        assert await world.database.read(names) == ["a"]


async def test_a_reader_sees_one_snapshot_while_others_commit(world: World):
    await world.database.write(put("a"))
    writing = asyncio.get_running_loop()

    def twice(reader: Reader) -> tuple[list[str], list[str]]:
        before = names(reader)
        asyncio.run_coroutine_threadsafe(world.database.write(put("b")), writing).result(10)
        return before, names(reader)

    def in_thread() -> tuple[list[str], list[str]]:
        async def read() -> tuple[list[str], list[str]]:
            store = _store(sa.make_url(world.url), DatabaseConfig(url=world.url))
            try:
                return await store.read(lambda connection: twice(Reader(connection)))
            finally:
                await store.close()

        return asyncio.run(read())

    before, after = await asyncio.to_thread(in_thread)
    assert before == after == ["a"]
    assert await world.database.read(names) == ["a", "b"]


async def test_nobody_writes_while_reading(world: World):
    def write(reader: Reader) -> None:
        reader.all(PUT.returning(installation.c.name), {"name": "a", "value": "x"})

    with pytest.raises((DBAPIError, Unavailable)):
        await world.database.read(write)
    with pytest.raises((DBAPIError, Unavailable)):
        await world.database.scan(write)
    assert await world.database.read(names) == []


async def test_it_answers_a_ping(world: World):
    await world.database.ping()
    assert world.database.writing


# The lane


async def test_order_in_the_queue_is_order_of_the_answers(world: World):
    asked = [queue(world.database, put(f"{i:03}")) for i in range(450)]
    assert await asyncio.gather(*asked) == [f"{i:03}" for i in range(450)]
    # Three batches of at most 200; the first may have begun with a few.
    assert world.database.lane.commits <= 4


async def test_a_refused_command_leaves_no_trace_and_its_neighbours_alone(world: World):
    def half(tx: Transaction) -> str:
        put("half")(tx)
        tx.emit(news())
        raise Forbidden("Not this one.")

    lane = world.database
    first, refusal, last = (queue(lane, c) for c in (put("a"), half, put("b")))
    assert await first == "a"
    assert await last == "b"
    with pytest.raises(Forbidden):
        await refusal
    assert await world.database.read(names) == ["a", "b"]
    assert world.announced == []


async def test_a_command_that_spoils_the_transaction_harms_only_itself(world: World):
    await world.database.write(put("taken"))
    asked = [queue(world.database, put(f"{i:02}")) for i in range(5)]
    spoilt = queue(world.database, put("taken"))
    asked += [queue(world.database, put(f"{i:02}")) for i in range(5, 12)]
    with capture_logs() as logged:
        assert await asyncio.gather(*asked) == [f"{i:02}" for i in range(12)]
        with pytest.raises(IntegrityError):
            await spoilt
    assert [line["event"] for line in logged] == ["a command failed"]
    assert len(await world.database.read(names)) == 13


async def test_so_does_one_that_has_a_bug(world: World):
    def bug(tx: Transaction) -> str:
        put("half")(tx)
        raise ZeroDivisionError

    lane = world.database
    before, broken, after = (queue(lane, c) for c in (put("a"), bug, put("b")))
    with capture_logs():
        assert await asyncio.gather(before, after) == ["a", "b"]
        with pytest.raises(ZeroDivisionError):
            await broken
    assert await world.database.read(names) == ["a", "b"]


async def test_announcements_are_made_after_the_commit_and_in_order(url: str):
    sent = [news() for _ in range(6)]
    seen: list[Publication] = []

    def emitting(*publications: Publication) -> Command:
        def run(tx: Transaction) -> str:
            for publication in publications:
                tx.emit(publication)
            assert not set(map(id, publications)) & set(map(id, seen)), "told before the commit"
            return "done"

        return run

    async with hanging(url, seen) as (database, disk):
        first = queue(database, emitting(sent[0], sent[1]))
        await disk.entered.wait()
        assert seen == []
        assert not first.done()
        rest = [
            queue(database, emitting(sent[2])),
            queue(database, emitting(sent[3], sent[4])),
            queue(database, emitting(sent[5])),
        ]
        disk.answer.set()
        await asyncio.gather(first, *rest)
    assert seen == sent


async def test_a_rollback_forgets_what_it_would_have_announced(world: World):
    await world.database.write(put("taken"))
    kept = news()

    def spoilt(tx: Transaction) -> str:
        tx.emit(news())
        return put("taken")(tx)

    def fine(tx: Transaction) -> str:
        tx.emit(kept)
        return "fine"

    lane = world.database
    asked = [queue(lane, command) for command in (fine, spoilt)]
    with capture_logs():
        done = await asyncio.gather(*asked, return_exceptions=True)
    assert done[0] == "fine"
    assert isinstance(done[1], IntegrityError)
    assert world.announced == [kept]


async def test_a_full_queue_is_overloaded_and_takes_commands_again_when_it_is_not(url: str):
    async with hanging(url, [], queue_limit=3) as (database, disk):
        running = queue(database, put("running"))
        await disk.entered.wait()
        waiting = [queue(database, put(f"{i}")) for i in range(3)]
        with pytest.raises(Overloaded) as caught:
            queue(database, put("too many"))
        assert caught.value.retryable
        assert caught.value.retry_after_ms
        assert database.lane.waiting == 3
        disk.answer.set()
        await asyncio.gather(running, *waiting)
        assert await database.write(put("later")) == "later"


async def test_a_disk_that_hangs_is_answered_and_the_commit_still_counts(url: str):
    seen: list[Publication] = []
    told = news()

    def command(tx: Transaction) -> str:
        tx.emit(told)
        return put("late")(tx)

    async with hanging(url, seen, commit_timeout_s=1.0) as (database, disk):
        with pytest.raises(Timeout) as caught:
            await database.write(command)
        assert caught.value.retryable
        assert seen == []
        disk.answer.set()
        assert await database.write(put("next")) == "next"
        assert await database.read(names) == ["late", "next"]
        assert seen == [told]


async def test_a_listener_that_fails_stops_neither_the_lane_nor_an_answer(url: str):
    async with installed(url):
        pass
    config = DatabaseConfig(url=url)
    store = _store(sa.make_url(url), config)

    def fail(publications: Sequence[Publication]) -> None:
        if publications:
            raise ZeroDivisionError

    database = Database(store, Lane(store, config, lambda: NOON, fail))

    def command(tx: Transaction) -> str:
        tx.emit(news())
        return put("a")(tx)

    with capture_logs() as logged:
        assert await asyncio.wait_for(database.write(command), 10) == "a"
        assert await asyncio.wait_for(database.write(put("b")), 10) == "b"
    await database.close()
    assert [line["event"] for line in logged] == ["an announcement failed"]


async def test_closing_commits_what_is_queued_and_refuses_what_comes(url: str):
    database = await open_database(DatabaseConfig(url=url))
    asked = [queue(database, put(f"{i}")) for i in range(10)]
    await database.close()
    assert [await future for future in asked] == [f"{i}" for i in range(10)]
    with pytest.raises(Unavailable):
        queue(database, put("late"))
    assert not database.writing
    async with installed(url) as world:
        assert len(await world.database.read(names)) == 10


async def test_who_gave_up_waiting_does_not_disturb_the_others(world: World):
    first = queue(world.database, put("a"))
    second = queue(world.database, put("b"))
    first.cancel()
    assert await second == "b"
    assert await world.database.read(names) == ["a", "b"]


# The log


def log_of(chat_id: ChatId) -> Callable[[Reader], tuple[list[int], list[int], tuple[int, int]]]:
    """The positions in messages and in changes, and the chat's head."""

    def read(reader: Reader) -> tuple[list[int], list[int], tuple[int, int]]:
        posted = reader.all(sa.select(messages.c.seq).where(messages.c.chat_id == chat_id))
        changed = reader.all(sa.select(changes.c.seq).where(changes.c.chat_id == chat_id))
        head = reader.first(
            sa.select(chats.c.last_seq, chats.c.last_n).where(chats.c.id == chat_id)
        )
        assert head is not None
        return [r.seq for r in posted], [r.seq for r in changed], (head.last_seq, head.last_n)

    return read


async def test_positions_are_dense_whatever_was_refused_or_repeated(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis)
    once = new_message_id()
    asked = [
        world.send(ana, chat, "uno", once),
        world.send(eva, chat, "no estoy"),
        world.send(luis, chat, "dos"),
        world.send(ana, chat, "uno", once),
        world.send(luis, chat, "otra", once),
        world.send(ana, chat, "tres", reply_to=new_message_id()),
        world.send(ana, chat, "cuatro", reply_to=once),
    ]
    done = await asyncio.gather(*asked, return_exceptions=True)
    codes = [d.code if isinstance(d, Problem) else "ok" for d in done]
    assert codes == ["ok", "not_found", "ok", "ok", "id_conflict", "not_found", "ok"]
    await world.react(luis, (chat, once), "👍")
    await world.edit(ana, (chat, once), "uno mejor")
    await world.add(chat, ana, eva)
    await world.send(eva, chat, "ahora sí")
    posted, changed, head = await world.database.read(log_of(chat))
    assert sorted(posted + changed) == list(range(1, 8))
    assert head == (7, 4)
    assert [event.seq for event in world.told_to_chat(chat)] == list(range(1, 8))


async def test_many_sends_at_once_take_one_place_each(world: World):
    ana, luis = await world.users("ana", "luis")
    rooms = [await world.group(ana, luis) for _ in range(3)]
    before = world.database.lane.commits
    sent = await asyncio.gather(
        *(world.send((ana, luis)[i % 2], rooms[i % 3], f"{i}") for i in range(300))
    )
    assert world.database.lane.commits - before <= 4
    for index, room in enumerate(rooms):
        assert [s.seq for s in sent[index::3]] == list(range(1, 101))
        _, _, head = await world.database.read(log_of(room))
        assert head == (100, 100)


async def test_a_retry_gets_the_first_answer(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    once = new_message_id()
    item = Post(author_id=ana, chat_id=chat, message_id=once, body=Body(text="hola"))
    answers: list[Sent] = []
    for _ in range(2):
        asked = [world.database.write_each(post, item) for _ in range(20)]
        answers += await asyncio.gather(*asked)
    assert [answer.duplicate for answer in answers] == [False] + [True] * 39
    assert len({(a.seq, a.n, a.created_at) for a in answers}) == 1


async def test_everything_that_people_do_works_here(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis)
    direct = await world.group(ana, luis, kind="direct")
    hello = await world.say(ana, chat, "hola @luis y @all")
    await world.send(luis, chat, "qué tal", reply_to=hello)
    await world.edit(ana, (chat, hello), "buenas @luis")
    await world.react(luis, (chat, hello), "🎉")
    await world.react(luis, (chat, hello), "🎉", on=False)
    await world.add(chat, ana, eva, "guest")
    assert await refused(world.send(eva, chat, "leo y no escribo")) == "forbidden"
    await world.remove(chat, ana, eva)
    await world.send(luis, direct, "en privado")
    await world.delete(ana, (chat, hello))
    assert await world.read_to(luis, chat, 2) == 2
    page = await world.page(luis, chat)
    assert [m.body.text if m.body else None for m in page] == [None, "qué tal"]
    assert page[1].reply_to
    assert (await world.chat(luis, chat)).mentions == 0
    assert await world.texts(ana, direct) == ["en privado"]
    assert [e.seq for e in await world.events(luis, chat)] == list(range(1, 9))
    assert world.told_to_chat(chat)[-1] == (await world.events(luis, chat))[-1]


async def test_nothing_that_is_missing_is_stored_as_something(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    gone = await world.say(ana, chat, "hola")
    await world.delete(ana, (chat, gone))
    empty = sa.select(sa.func.count()).where(
        messages.c.body.is_(None), messages.c.mentions.is_(None), messages.c.file_ids.is_(None)
    )
    assert await world.database.read(lambda reader: reader.value(empty)) == 1


async def test_two_nodes_that_write_to_the_same_chats_lose_nothing(url: str):
    if url.startswith("sqlite"):
        return  # one file has one node
    async with installed(url) as one, installed(url) as other:
        ana, luis = await one.users("ana", "luis")
        rooms = [await one.group(ana, luis) for _ in range(5)]
        for round_number in range(10):
            sent = await asyncio.gather(
                *(
                    node.send(person, room, f"{round_number}")
                    for room in rooms
                    for node, person in ((one, ana), (other, luis))
                    for _ in range(4)
                )
            )
            assert len(sent) == 40
        for room in rooms:
            posted, _, head = await one.database.read(log_of(room))
            assert sorted(posted) == list(range(1, 81))
            assert head == (80, 80)
            assert (await one.chat(ana, room)).read_n >= 40
