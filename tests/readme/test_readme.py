"""The README's own lines, run as they stand, against a server of their own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Server, serving

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


def blocks(language: str, containing: str) -> str:
    """The blocks of code that belong together: all that contain this text, joined."""
    found = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return "\n".join(block for block in found if containing in block)


def shell(script: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("readme"), "--registration", "open") as server:
        yield server


def test_one_account_writes_and_the_other_reads_and_hears(server: Server):
    here = server.url.removeprefix("http://")
    lines = blocks("sh", "auth/").replace("localhost:8000", here)
    assert "Hola, Luis" in shell(lines).splitlines()[-1]

    program = blocks("python", "message.send").replace("localhost:8000", here)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as listening:
        try:
            heard = iter(listening.stdout or ())
            assert next(heard) == "connected\n"
            shell(_send_again(lines, "Buenas tardes"))
            assert [next(heard), next(heard)] == ["Buenas tardes\n", "Echo: Buenas tardes\n"]
        finally:
            listening.kill()


def _send_again(lines: str, text: str) -> str:
    """The README's sending lines once more, by someone who has an account already."""
    registered = 'auth/register -d \'{"username": "ana"'
    return (
        lines.replace(registered, registered.replace("register", "login"))
        .replace("auth/register", "auth/login")
        .replace("Hola, Luis", text)
    )
