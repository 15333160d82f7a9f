"""A chat that has been used for years: 100,000 messages, written before the server starts."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.browser.pen import paragraph
from uptc_messenger.cli import options
from uptc_messenger.cli.offline import opened
from uptc_messenger.database import Database, Transaction
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.chats import ChatCreation
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.messages import Body
from uptc_messenger.services.auth import AuthService, Opened
from uptc_messenger.services.chats import creation
from uptc_messenger.services.messages import posting
from uptc_messenger.services.users import NewUser
from uptc_messenger.toolkit.ids import uuid7

TITLE: Final = "Cien mil"
COUNT: Final = 100_000
BATCH: Final = 1_000
"""Messages in one commit."""


@dataclass(frozen=True)
class History:
    """The chat, and how its first member, who also wrote the last message, signs in."""

    chat_id: str
    username: str


def write(data: Path, password: str, count: int = COUNT) -> History:
    """Makes the database in that folder, and in it two people who wrote `count` messages."""
    return asyncio.run(_write(data, password, count))


async def _write(data: Path, password: str, count: int) -> History:
    async with opened(options.load(None, {"data": str(data)})) as (database, auth):
        people = await _people(database, auth, password)
        member_ids = [person.user.user_id for person in people]
        chat_id = await _chat(database, auth, people[0], member_ids)
        for start in range(1, count + 1, BATCH):
            numbers = range(start, min(start + BATCH, count + 1))
            posts = [_post(chat_id, member_ids, number) for number in numbers]
            await database.write(lambda tx, some=posts: _post_all(tx, some))
        return History(chat_id, people[0].user.username)


async def _people(database: Database, auth: AuthService, password: str) -> list[Opened]:
    password_hash = await auth.new_hash(password)
    names = {"veterana": "Ana Gómez", "veterano": "Beto Ríos"}
    accounts = [NewUser(username=name, display_name=shown) for name, shown in names.items()]

    def register(tx: Transaction) -> list[Opened]:
        return [auth.register(tx, account, password_hash, "bench") for account in accounts]

    return await database.write(register)


async def _chat(
    database: Database, auth: AuthService, owner: Opened, member_ids: list[UserId]
) -> ChatId:
    principal = await auth.authenticate(owner.token)
    wanted = ChatCreation(kind="group", member_ids=member_ids, title=TITLE)
    created = await database.write(lambda tx: creation.create(tx, principal, wanted))
    return created.chat.chat_id


def _post(chat_id: ChatId, member_ids: list[UserId], number: int) -> posting.Post:
    return posting.Post(
        author_id=member_ids[number % len(member_ids)],
        chat_id=chat_id,
        message_id=MessageId(uuid7()),
        body=Body(text=paragraph(number)),
    )


def _post_all(tx: Transaction, posts: Sequence[posting.Post]) -> None:
    for outcome in posting.post(tx, posts):
        if isinstance(outcome, Problem):
            raise outcome
