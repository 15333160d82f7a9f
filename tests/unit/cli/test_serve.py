import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.server import serving
from uptc_messenger import app
from uptc_messenger.cli import serve
from uptc_messenger.cli.exits import Exit


def test_it_prints_its_address_once_it_listens_and_ends_on_a_signal(tmp_path: Path):
    with serving(tmp_path) as server:
        assert server.url.startswith("http://127.0.0.1:")
        with urlopen(f"{server.url}/readyz") as answer:
            assert answer.status == 200
        assert server.stop() == Exit.OK


def test_it_starts_again_with_what_it_had(tmp_path: Path):
    with serving(tmp_path) as server:
        server.stop()
    with serving(tmp_path) as server:
        assert server.url


def test_a_taken_address_is_a_sentence_and_exit_code_4(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = serve_until_it_ends("--port", port, "--data", str(tmp_path))
    assert done.returncode == Exit.ADDRESS
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_host_is_a_sentence_and_exit_code_4(tmp_path: Path):
    done = serve_until_it_ends("--host", "nowhere.invalid", "--data", str(tmp_path))
    assert done.returncode == Exit.ADDRESS
    assert "Cannot listen on nowhere.invalid" in done.stderr


@pytest.mark.parametrize("options", [["--port", "70000"], ["--registration", "some"]])
def test_a_wrong_option_is_wrong_usage(tmp_path: Path, options: list[str]):
    done = serve_until_it_ends(*options, "--data", str(tmp_path))
    assert done.returncode == Exit.USAGE


def test_a_file_that_is_no_database_is_exit_code_3(tmp_path: Path):
    (tmp_path / "uptc.db").write_text("a letter, not a database\n" * 100)
    done = serve_until_it_ends("--port", "0", "--data", str(tmp_path))
    assert done.returncode == Exit.DATABASE
    assert "Traceback" not in done.stderr


def test_limits_that_are_off_are_said_aloud(tmp_path: Path):
    with serving(tmp_path, UPTC_LIMITS="off") as server:
        assert "LIMITS ARE OFF" in server.log.read_text()


def test_the_address_stands_alone_and_the_owner_is_made_once(
    capsys: pytest.CaptureFixture[str],
):
    serve.announce(app.Started(address="http://127.0.0.1:1", owner_link="http://x/owner#code"))
    first, second = capsys.readouterr().out.splitlines()
    assert first == "http://127.0.0.1:1"
    assert second.endswith("http://x/owner#code")
    serve.announce(app.Started(address="http://127.0.0.1:1", owner_link=None))
    assert capsys.readouterr().out == "http://127.0.0.1:1\n"


def serve_until_it_ends(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uptc_messenger", "serve", *options]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("UPTC_")}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False, env=clean
    )
