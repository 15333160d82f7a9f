import asyncio
import io
from pathlib import Path
from shlex import quote

import pytest
from typer.testing import CliRunner, Result

from tests.core import installed
from tests.postgres import serving
from uptc_messenger.cli import commands
from uptc_messenger.cli.promote import Meter
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


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


SIZES = {"users": 40, "messages": 60}


def test_how_far_it_is_counts_the_tables_before():
    shown, written = Screen(), io.StringIO()
    for out in (shown, written):
        meter = Meter("Copied", SIZES, out)
        for table, rows in (("users", 0), ("users", 4), ("users", 15), ("messages", 0)):
            meter(table, rows)
        meter("messages", 60)
    assert shown.getvalue().endswith("\rCopied 100 %: 100 of 100 rows (messages)\033[K")
    assert written.getvalue().splitlines() == [
        "Copied 15 %: 15 of 100 rows (users)",
        "Copied 40 %: 40 of 100 rows (messages)",
        "Copied 100 %: 100 of 100 rows (messages)",
    ]
    Meter("Copied", {}, shown)("users", 0)


def test_the_address_that_it_prints_can_be_served(data: Path):
    with serving() as server:
        done = run(data, "--to", server.url("postgres"))
        assert done.exit_code == 0, done.output
        assert f"--database {quote(server.url('postgres'))}," in done.stdout
        assert "Compared 100 %" in done.stderr or "Compared" not in done.stderr
