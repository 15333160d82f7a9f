"""Generated Spanish text in a thousand chats, a tenth of them the asker's."""

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from uptc_messenger.database import Database, Transaction
from uptc_messenger.database.schema import chats, messages
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.chats import ChatCreation
from uptc_messenger.services.chats import creation
from uptc_messenger.services.users import NewUser
from uptc_messenger.services.users import create as create_user
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.ids import uuid7

CHATS: Final = 1_000
MINE: Final = 100
WORDS: Final = 30_000
BATCH: Final = 1_000
SPAN_MS: Final = 365 * 24 * 3600 * 1000
COMMON: Final = """
    de la que el en y a los se del las un por con no una su para es al lo como más pero sus le
    ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde
    todo nos durante todos uno les ni contra otros reunión clase parcial informe mañana tarea
    examen profesor laboratorio entrega grupo horario salón proyecto código servidor mensaje
""".split()  # noqa: SIM905 - words to read
_START: Final = wall_clock() - SPAN_MS
_CHATS_AT_ONCE: Final = 20
_LINKS: Final = 50
"""One message in so many has a link."""


class World(NamedTuple):
    """Who searches, with whom, in which chats; and chats in which only the other one is."""

    user_id: UserId
    other: UserId
    chats: list[ChatId]
    others: list[ChatId]

    @property
    def all(self) -> list[ChatId]:
        return self.chats + self.others


async def begin(database: Database) -> World:
    """Two people and their chats, which say nothing yet."""
    ana, other = [await _user(database, name) for name in ("ana", "luis")]
    mine = await _chats(database, MINE, ana, other)
    return World(ana, other, mine, await _chats(database, CHATS - MINE, other))


async def fill(database: Database, world: World, per_chat: int, first: int = 1) -> None:
    """Store messages in every chat, from position `first` to `per_chat`, spread over a year."""
    lines = texts()
    for chat_id in world.all:
        for begin_at in range(first, per_chat + 1, BATCH):
            seqs = range(begin_at, min(begin_at + BATCH, per_chat + 1))
            batch = [_row(world, chat_id, seq, per_chat, next(lines)) for seq in seqs]
            await database.write(lambda tx, b=batch, c=chat_id, n=seqs[-1]: _store(tx, b, c, n))


def sender(world: World, seq: int) -> UserId:
    """Who wrote the message at a position: they take turns."""
    return world.other if seq % 2 else world.user_id


def at(seq: int, per_chat: int) -> int:
    """When the message at a position was sent, in ms: they are a year in even steps."""
    return _START + seq * (SPAN_MS // per_chat)


def vocabulary() -> list[str]:
    """Words by how often they come, the most frequent first."""
    chance = random.Random(0)
    parts = [a + b for a in "bcdfglmnñprstv" for b in ("a", "e", "i", "o", "u", "ó", "an", "es")]
    made = ("".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(WORDS))
    return list(dict.fromkeys([*COMMON, *made]))


def texts() -> Iterator[str]:
    """Messages without end, the same in every run."""
    chance, words = random.Random(1), vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    while True:
        said = chance.choices(words, cum_weights=weights, k=chance.randint(2, 16))
        if chance.randrange(_LINKS) == 0:
            said.append(f"https://www.example.edu/{said[0]}")
        yield " ".join(said)


def _row(world: World, chat_id: ChatId, seq: int, per_chat: int, text: str) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "seq": seq,
        "n": seq,
        "id": uuid7(),
        "sender_id": sender(world, seq),
        "body": {"text": text},
        "created_at": at(seq, per_chat),
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
        return [creation.create(tx, actor, wanted).chat.chat_id for _ in range(_CHATS_AT_ONCE)]

    return [each for _ in range(count // _CHATS_AT_ONCE) for each in await database.write(make)]
