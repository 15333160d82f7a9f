"""A backup of either engine is restored on either, and holds the same."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests import media
from tests.core import World, ignore, installed
from tests.library import Library
from tests.postgres import Postgres
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.digests import ChatSum, digest_of
from uptc_messenger.database.installation import identify
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.backups.files import pool_of
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


async def test_files_come_along(world: World, other_url: str, tmp_path: Path):
    library = Library(world, tmp_path)
    ana = await world.user("ana")
    chat_id = await world.group(ana)
    sent = await library.put(ana, media.picture(), name="foto.jpg")
    await library.send(ana, chat_id, [sent.file_id])
    backup = tmp_path / "backups" / "a.gz"
    backup.parent.mkdir()
    await back_up(DatabaseConfig(url=world.url), backup, ignore, library.folder)
    assert (await verify(backup)).files == len(library.objects) == 2

    place = tmp_path / "other"
    await restore(backup, DatabaseConfig(url=other_url), Wishes(files=str(place / "files")))
    async with installed(other_url) as restored:
        (message,) = await restored.page(ana, chat_id)
        assert message.files == [sent]
        again = Library(restored, place)
        assert [path.read_bytes() for path in again.objects] == [
            path.read_bytes() for path in library.objects
        ]

    shutil.rmtree(pool_of(backup))
    for attempt in (verify(backup), restore(backup, DatabaseConfig(url=world.url), _over())):
        with pytest.raises(BackupError, match="parts of files are not in"):
            await attempt


def _over() -> Wishes:
    return Wishes(force=True, files="/nowhere")
