from pathlib import Path

from tests.core import World
from tests.library import Library
from tests.sites import site
from uptc_messenger.services.auth import Limiter
from uptc_messenger.services.previews.config import PreviewsConfig
from uptc_messenger.services.previews.service import open_previews


async def test_this_machine_is_asked_only_where_a_test_says_so(world: World, tmp_path: Path):
    files, limiter = Library(world, tmp_path).files, Limiter(world.clock)
    async with site() as made:
        for host in ("127.0.0.1", "localhost"):
            link = made.shows().replace("127.0.0.1", host)
            strict = open_previews(files, limiter, PreviewsConfig(links="on", ports=(made.port,)))
            assert await strict.maker.make(link) is None
            assert made.asked == []
        lenient = open_previews(files, limiter, PreviewsConfig(links="on", loopback=True))
        found = await lenient.maker.make(made.shows())
    assert found is not None
    assert found.title == "Feria del libro"
    assert not open_previews(files, limiter, PreviewsConfig()).on
