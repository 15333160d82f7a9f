from pathlib import Path

from tests.core import World
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.service import WORK, open_files


async def test_what_decoders_left_is_gone_at_the_next_start(world: World, tmp_path: Path):
    left = tmp_path / WORK / "left"
    left.mkdir(parents=True)
    (left / "content").write_bytes(b"x")
    files = open_files(FilesConfig(), tmp_path, world.database, world.clock)
    assert not left.exists()
    assert (tmp_path / "files").is_dir()
    assert files.served == 0
