"""Searching generated Spanish text: what indexing a message and asking costs, on either engine.

`python -m bench.searches` asks 200,000 messages of both engines; with FULL=1 it is 1 million
on SQLite and 10 million on PostgreSQL.

Of each kind of question there is a row: times, CPU of ours and of the database server, and
hits. The floor is the engine alone that counts the messages with one frequent word, in the
asker's chats, without a limit.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa

from bench import bulk, corpus, postgres
from bench.corpus import COMMON, World
from uptc_messenger.database import Database, DatabaseConfig, Reader, open_database
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.search.analysis import fold
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.services.search.parsing import parse
from uptc_messenger.services.search.searching import Place, Scope, search
from uptc_messenger.services.search.terms import key_of
from uptc_messenger.toolkit.clock import wall_clock

DEFAULT: Final = 200_000
FULL: Final = {"sqlite": 1_000_000, "postgresql": 10_000_000}
ASKED: Final = 40
"""Questions of each kind."""

LIMIT_MS: Final = 100
_PAGE: Final = 20
_PATIENCE_S: Final = 60
_COUNTS: Final = {
    "sqlite": sa.text("SELECT count(*) FROM search_terms WHERE search_terms MATCH :query"),
    "postgresql": sa.text(
        "SELECT count(*) FROM search_entries WHERE terms @@ CAST(:query AS tsquery)"
    ),
}
Question = Callable[[], str]


class Figure(NamedTuple):
    """What one kind of question came to: ms each, CPU with that of a database server."""

    times: list[float]
    cpu_ms: float
    hits: float


class Clock:
    """CPU of this process and, where there is one, of the database server."""

    def __init__(self, server: postgres.Postgres | None) -> None:
        self._server = server

    def spent_s(self) -> float:
        theirs = 0.0 if self._server is None else postgres.cpu_s(self._server)
        return time.process_time() + theirs


def main() -> None:
    """Ask both engines, or the one that is named."""
    for row in rows(sys.argv[1:] or ["sqlite", "postgresql"], full=os.environ.get("FULL") == "1"):
        print(row, flush=True)


def rows(engines: Sequence[str] = ("sqlite", "postgresql"), *, full: bool = False) -> Iterator[str]:
    """The rows of each engine."""
    for engine in engines:
        count = FULL[engine] if full else DEFAULT
        with tempfile.TemporaryDirectory(prefix="bench-search-") as name:
            yield f"search, {count:,} messages in {corpus.CHATS:,} chats on {engine}"
            if engine == "sqlite":
                yield from asyncio.run(measure(f"sqlite:///{name}/uptc.db", count, None))
            else:
                with postgres.serving(Path(name)) as server:
                    yield from asyncio.run(measure(server.url(), count, server))


async def measure(url: str, count: int, server: postgres.Postgres | None) -> list[str]:
    """Fill, index, ask.

    Of many on PostgreSQL only as many as by default go through the indexer, the last of each
    chat: what was there before is put there in bulk.
    """
    clock = Clock(server)
    # A machine that does something else besides takes its time, and nothing is lost by it.
    database = await open_database(DatabaseConfig(url=url, commit_timeout_s=600))
    try:
        world = await corpus.begin(database)
        per_chat, before = count // corpus.CHATS, 0
        if server is not None and count > DEFAULT:
            before = (count - DEFAULT) // corpus.CHATS
            await bulk.fill(url, world, per_chat, before)
        await corpus.fill(database, world, per_chat, before + 1)
        spent = clock.spent_s()
        await Indexer(database, wall_clock, batch=500).catch_up()
        index_us = (clock.spent_s() - spent) / (count - before * corpus.CHATS) * 1e6
        made = [f"  indexing                {index_us:8.0f} µs CPU a message"]
        made.append(await _floor(database, world, clock))
        return made + await _ask_all(database, world, clock)
    finally:
        await database.close()


async def _ask_all(database: Database, asker: World, clock: Clock) -> list[str]:
    figures = {
        kind: await _ask(database, asker, clock, [question() for _ in range(ASKED)])
        for kind, question in questions(asker).items()
    }
    every = [figure.times for figure in figures.values()]
    cpu_ms = sum(figure.cpu_ms for figure in figures.values()) / len(figures)
    hits = sum(figure.hits for figure in figures.values()) / len(figures)
    figures["all of these"] = Figure([ms for times in every for ms in times], cpu_ms, hits)
    return [_row(kind, figure) for kind, figure in figures.items()]


def _row(kind: str, figure: Figure) -> str:
    times = sorted(figure.times)
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    return (
        f"  {kind:22}  {figure.cpu_ms:6.1f} ms CPU a query  p50 {p50:6.1f} ms  "
        f"p95 {p95:6.1f} ms (limit {LIMIT_MS})  {figure.hits:.0f} hits"
    )


def questions(asker: World) -> dict[str, Question]:
    """One maker of questions for each kind."""
    chance, words = random.Random(2), corpus.vocabulary()

    def common() -> str:
        return chance.choice(COMMON)

    def rare() -> str:
        return chance.choice(words[500:5_000])

    def day() -> str:
        at = wall_clock() - chance.randrange(corpus.SPAN_MS)
        return time.strftime("%Y-%m-%d", time.gmtime(at / 1000))

    return {
        "a frequent word": lambda: f"{common()} ",
        "a rare word": lambda: f"{rare()} ",
        "two words": lambda: f"{common()} {common()} ",
        "a word and a beginning": lambda: f"{common()} {rare()[:4]}",
        "three letters": lambda: rare()[:3],
        "one letter": lambda: chance.choice("aeoy"),
        "a phrase": lambda: f'"{common()} {common()}"',
        "from:": lambda: f"from:me {common()} ",
        "in:": lambda: f"in:{chance.choice(asker.chats)} {common()} ",
        "has:": lambda: f"has:link {common()} ",
        "before:": lambda: f"before:{day()} {common()} ",
        "after:": lambda: f"after:{day()} {common()} ",
        "nothing to be found": lambda: f"{rare()}zq ",
    }


async def _ask(database: Database, asker: World, clock: Clock, asked: Sequence[str]) -> Figure:
    times: list[float] = []
    found, spent = 0, 0.0
    for warm in (True, False):
        found, spent = 0, clock.spent_s()
        times.clear()
        for typed in asked:
            query, place = parse(typed), Place(now=wall_clock())
            begun = time.perf_counter()
            hits, _ = await database.scan(
                lambda r, q=query, p=place: search(r, Scope(user_id=asker.user_id), q, p, _PAGE)
            )
            times.append((time.perf_counter() - begun) * 1e3)
            found += len(hits)
        if not warm:
            spent = clock.spent_s() - spent
    return Figure(times, spent / len(asked) * 1e3, found / len(asked))


async def _floor(database: Database, world: World, clock: Clock) -> str:
    """The engine alone, for as long as one has patience with it."""
    spent, found, asked = clock.spent_s(), 0, 0
    begun = time.perf_counter()
    for word in random.Random(3).choices(COMMON, k=ASKED):
        try:
            found += await database.scan(lambda r, w=word: _count(r, world, w))
        except Unavailable:
            return "  floor: a bare count does not end within a minute"
        asked += 1
        if time.perf_counter() - begun > _PATIENCE_S:
            break
    cpu_ms = (clock.spent_s() - spent) / asked * 1e3
    return f"  floor: a bare count     {cpu_ms:6.1f} ms CPU a query  {found / asked:,.0f} found"


def _count(reader: Reader, asker: World, word: str) -> int:
    quote, either = ('"', " OR ") if reader.dialect == "sqlite" else ("'", " | ")
    terms = (f"{quote}{key_of(chat)}{fold(word)}{quote}" for chat in asker.chats)
    return reader.value(_COUNTS[reader.dialect], {"query": either.join(terms)})


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.chdir(Path(folder))
        main()
