import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.core import installed
from uptc_messenger.cli import commands
from uptc_messenger.database.installation import identify


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with an installation that was served once."""

    async def serve() -> None:
        async with installed(f"sqlite:///{tmp_path}/uptc.db") as made:
            await identify(made.database)

    asyncio.run(serve())
    return tmp_path


def run(data: Path, *line: str) -> Result:
    return CliRunner().invoke(commands.build(), ["promote", *line, "--data", str(data)])


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ((), 2, "Name the new database"),
        (("--to", "mysql://h/d"), 2, "is none of the engines"),
        (("--to", "sqlite:///other.db"), 2, "--to names a file"),
        (("--to", "x", "--database", "postgresql://h/d"), 2, "on PostgreSQL already"),
        (("--to", "postgresql://u:secret@/d?host=/nowhere"), 3, "No database answers"),
        (("--undo",), 1, "nothing to undo"),
    ],
)
def test_refusals_are_a_sentence(data: Path, line: tuple[str, ...], code: int, sentence: str):
    refused = run(data, *line)
    assert refused.exit_code == code, refused.output
    assert sentence in refused.stderr
    assert "secret" not in refused.output


def test_where_there_is_nothing_yet_it_is_said(tmp_path: Path):
    refused = run(tmp_path, "--to", "postgresql://h/d")
    assert (refused.exit_code, "There is no database" in refused.stderr) == (3, True)
