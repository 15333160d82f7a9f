"""A backup of either engine is restored on either, and holds the same."""

import asyncio
from pathlib import Path

import pytest

from tests.core import World, ignore, installed
from tests.postgres import Postgres
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.digests import ChatSum, digest_of
from uptc_messenger.database.installation import identify
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.backups.restoring import Wishes, restore, verify
from uptc_messenger.services.backups.writing import back_up
from uptc_messenger.toolkit.ids import uuid7


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty place of this engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/other/uptc.db"
    server: Postgres = request.getfixturevalue("server")
    name = f"empty_{uuid7().replace('-', '')}"
    asyncio.run(server.execute(f"CREATE DATABASE {name}"))
    return server.url(name)


async def digest(world: World, chat_id: ChatId) -> ChatSum | None:
    return await world.database.read(lambda reader: digest_of(reader, chat_id))


async def test_the_same_is_there_on_either_engine(world: World, other_url: str, tmp_path: Path):
    old = await identify(world.database)
    ana, ben = await world.users("ana", "ben.2")
    chat_id = await world.group(ana, ben)
    first = await world.say(ana, chat_id, 'Ñandú 🦤 "\\ \u2028')
    await world.say(ben, chat_id, "@ana dos")
    await world.edit(ana, (chat_id, first), "corregido")
    for emoji in ("👍", "❤️", "🦤"):
        await world.react(ben, (chat_id, first), emoji)
    await world.read_to(ben, chat_id, 2)
    known = await digest(world, chat_id)
    file = tmp_path / "a.gz"
    made = await back_up(DatabaseConfig(url=world.url), file, ignore)
    proof = await verify(file)
    assert (proof.rows, proof.messages, proof.chats) == (made.rows, 2, 1)

    await restore(file, DatabaseConfig(url=other_url), Wishes())
    async with installed(other_url) as restored:
        assert await digest(restored, chat_id) == known
        assert (await identify(restored.database)).log_epoch != old.log_epoch
        assert await restored.texts(ben, chat_id) == ["corregido", "@ana dos"]
        assert await restored.own_log(ana) == await world.own_log(ana)
        await restored.say(ben, chat_id, "y sigue")

    with pytest.raises(BackupError, match="--force"):
        await restore(file, DatabaseConfig(url=other_url), Wishes())
    done = await restore(file, DatabaseConfig(url=other_url), Wishes(force=True))
    assert done.kept is not None
    async with installed(other_url) as restored:
        assert await restored.texts(ben, chat_id) == ["corregido", "@ana dos"]
