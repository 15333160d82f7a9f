"""`uptc-messenger dev seed`: a test installation, filled in seconds."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, Final, TypeVar

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import explained
from uptc_messenger.cli.offline import opened
from uptc_messenger.database import Database, Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, MessageId, Record, UserId
from uptc_messenger.models.chats import ChatCreation
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.messages import Body
from uptc_messenger.services.auth import AuthService, Opened
from uptc_messenger.services.chats import creation
from uptc_messenger.services.messages import posting
from uptc_messenger.services.messages.posting import Post
from uptc_messenger.services.users import NewUser
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.ids import uuid7

T = TypeVar("T")
BATCH: Final = 200
"""Accounts or messages in one commit."""


class Plan(Record, frozen=True):
    """How much of everything; `messages` are in each chat."""

    users: int
    password: str
    chats: int
    members: int
    messages: int
    prefix: str


class Seeded(Record, frozen=True):
    """A chat that was made, and those who are in it."""

    chat_id: ChatId
    title: str
    member_ids: list[UserId]


def build() -> typer.Typer:
    """The `dev` commands."""
    app = typer.Typer(no_args_is_help=True, help="For tests and benchmarks only.")
    app.callback()(_group)
    app.command()(seed)
    return app


def _group() -> None:
    """For tests and benchmarks only."""


def seed(
    users: Annotated[int, typer.Option(min=1, help="Accounts to make.")],
    password: Annotated[str, typer.Option(help="The password of all of them.")],
    chats: Annotated[int, typer.Option(min=0, help="Groups to make.")] = 0,
    members: Annotated[int, typer.Option(min=1, help="People in each group.")] = 10,
    messages: Annotated[int, typer.Option(min=0, help="Messages in each group.")] = 0,
    prefix: Annotated[str, typer.Option(help="Usernames are this and a number.")] = "user",
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Fill an installation with accounts, groups and messages; prints them as lines of JSON.

    A line is an account, {"user_id", "username", "token"}, or a group, {"chat_id", "title",
    "member_ids"}; the first of its members owns it.
    """
    plan = Plan(
        users=users,
        password=password,
        chats=chats,
        members=min(members, users),
        messages=messages,
        prefix=prefix,
    )
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        asyncio.run(_seed(settings, plan))


async def _seed(settings: Settings, plan: Plan) -> None:
    async with opened(settings) as (database, auth):
        accounts = await _make_users(database, auth, plan)
        for account in accounts:
            user = account.user
            _print({"user_id": user.user_id, "username": user.username, "token": account.token})
        made = await _make_chats(database, auth, plan, accounts)
        for chat in made:
            _print({"chat_id": chat.chat_id, "title": chat.title, "member_ids": chat.member_ids})
        await _post_messages(database, plan, made)


async def _make_users(database: Database, auth: AuthService, plan: Plan) -> list[Opened]:
    password_hash = await auth.new_hash(plan.password)
    made: list[Opened] = []

    def register(tx: Transaction, numbers: Sequence[int]) -> list[Opened]:
        accounts = [NewUser(username=f"{plan.prefix}{number:05}") for number in numbers]
        return [auth.register(tx, account, password_hash, "seed") for account in accounts]

    for numbers in _batches(range(1, plan.users + 1)):
        made += await database.write(lambda tx, some=numbers: register(tx, some))
        _progress("accounts", len(made), plan.users)
    return made


async def _make_chats(
    database: Database, auth: AuthService, plan: Plan, accounts: Sequence[Opened]
) -> list[Seeded]:
    made: list[Seeded] = []
    for number in range(plan.chats):
        first = number * plan.members
        group = [accounts[(first + i) % len(accounts)] for i in range(plan.members)]
        owner = await auth.authenticate(group[0].token)
        made.append(await _make_chat(database, owner, f"Grupo {number + 1}", group))
        _progress("groups", len(made), plan.chats)
    return made


async def _make_chat(
    database: Database, owner: Principal, title: str, group: Sequence[Opened]
) -> Seeded:
    member_ids = [account.user.user_id for account in group]
    wanted = ChatCreation(kind="group", member_ids=member_ids, title=title)
    created = await database.write(lambda tx: creation.create(tx, owner, wanted))
    return Seeded(chat_id=created.chat.chat_id, title=title, member_ids=member_ids)


async def _post_messages(database: Database, plan: Plan, chats: Sequence[Seeded]) -> None:
    total, done = plan.messages * len(chats), 0
    numbered = [(chat, number) for number in range(1, plan.messages + 1) for chat in chats]
    for some in _batches(numbered):
        posts = [_post(chat, number) for chat, number in some]
        await database.write(lambda tx, batch=posts: _post_all(tx, batch))
        done += len(posts)
        _progress("messages", done, total)


def _post_all(tx: Transaction, posts: Sequence[Post]) -> None:
    for outcome in posting.post(tx, posts):
        if isinstance(outcome, Problem):
            raise outcome


def _post(chat: Seeded, number: int) -> Post:
    return Post(
        author_id=chat.member_ids[number % len(chat.member_ids)],
        chat_id=chat.chat_id,
        message_id=MessageId(uuid7()),
        body=Body(text=f"Mensaje {number} de {chat.title}"),
    )


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _print(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _progress(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r{what}: {done} of {total}{end}")
