from pathlib import Path

import pytest

from tests.fakes import make_settings
from uptc_messenger.cli.storehouse import files


async def test_a_folder_that_is_not_there_yet_one_that_is_and_one_that_cannot_be(tmp_path: Path):
    async def verdict(url: str = "") -> str:
        return (await files(make_settings(tmp_path, files=url)))[0].verdict

    assert await verdict() == "warn"
    (tmp_path / "files").mkdir()
    assert await verdict() == "ok"
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    (tmp_path / "a file").write_bytes(b"")
    assert await verdict(str(tmp_path / "a file")) == "fail"


async def test_a_node_of_several_with_files_of_its_own_is_told(tmp_path: Path):
    alone = make_settings(tmp_path, bus="nats://127.0.0.1:4222", files_shared=False)
    (found,) = await files(alone)
    assert found.verdict == "fail"
    assert "files_shared" in found.told


async def test_which_tools_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    told = (await files(make_settings(tmp_path)))[1]
    assert (told.verdict, "ffmpeg" in told.told, "poppler" in told.told) == ("warn", True, True)
    for tool in ("ffmpeg", "ffprobe", "pdftoppm"):
        (tmp_path / tool).write_text("#!/bin/sh\n")
        (tmp_path / tool).chmod(0o755)
    assert (await files(make_settings(tmp_path)))[1].verdict == "ok"
    only = make_settings(tmp_path, files_previews="images")
    assert (await files(only))[1].verdict == "ok"
