import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.core import installed
from tests.fakes import make_settings
from tests.library import Library
from uptc_messenger.cli import commands
from uptc_messenger.cli.exits import Exit

STRAY = f"ab/ab{'0' * 30}/{'1' * 16}"


@pytest.fixture
def file_id(data: Path) -> str:
    """An installation with one file."""

    async def fill() -> str:
        async with installed(make_settings(data).database.url) as world:
            return (await Library(world, data).put(await world.user("ana"), b"hola")).file_id

    return asyncio.run(fill())


def run(data: Path, *given: str) -> tuple[int, Any]:
    done = CliRunner().invoke(
        commands.build(), ["files", "check", "--json", "--data", str(data), *given]
    )
    return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr


def stray(data: Path) -> Path:
    path = data / "files" / STRAY
    path.parent.mkdir(parents=True)
    path.write_bytes(b"stray")
    os.utime(path, (0, 0))
    return path


def test_what_belongs_to_no_file_is_told_and_let_go_of(data: Path, file_id: str):
    path = stray(data)
    well: dict[str, Any] = {"objects": 1, "damaged": [], "left": 1, "left_bytes": 5, "deleted": 0}
    assert run(data) == (Exit.OK, well)
    assert path.exists()
    assert run(data, "--delete") == (Exit.OK, {**well, "deleted": 1})
    assert not path.exists()
    assert run(data)[1]["left"] == 0
    said = CliRunner().invoke(commands.build(), ["files", "check", "--data", str(data)]).stdout
    assert said.endswith("0 objects belong to no file (0 bytes).\n")
    assert file_id not in said


def test_files_that_lack_bytes_are_named_and_end_it_with_1(data: Path, file_id: str):
    for path in (data / "files").rglob("*"):
        if path.is_file():
            path.write_bytes(b"ho")
    code, told = run(data)
    assert (code, told["damaged"]) == (Exit.REFUSED, [file_id])


def test_the_store_of_another_installation_is_not_emptied(data: Path, file_id: str, tmp_path: Path):
    path = stray(tmp_path / "other")
    code, told = run(data, "--delete", "--config", str(config(tmp_path, path.parents[2])))
    assert code == Exit.REFUSED
    assert "another installation" in told
    assert path.exists()
    assert file_id


def test_a_store_that_is_away_is_said_so(data: Path, file_id: str, tmp_path: Path):
    (tmp_path / "a file").write_bytes(b"")
    code, told = run(data, "--config", str(config(tmp_path, tmp_path / "a file")))
    assert code == Exit.DATA
    assert "store of files" in told
    assert file_id


def config(folder: Path, files: Path) -> Path:
    path = folder / "some.toml"
    path.write_text(f'files = "{files}"\n')
    return path


def test_there_must_be_a_database(tmp_path: Path):
    assert run(tmp_path / "nowhere")[0] == Exit.DATABASE
