import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.fakes import make_settings
from tests.server import serving
from uptc_messenger.cli import commands, remote
from uptc_messenger.cli.exits import Exit
from uptc_messenger.controllers import admin
from uptc_messenger.models.admin import (
    CreateInvite,
    Done,
    GetStatus,
    SetRole,
    Status,
    encode,
)
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.toolkit import unix
from uptc_messenger.toolkit.folders import claim


def run(data: Path, *given: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(commands.build(), [*given, "--data", str(data)], input=typed)


def status(data: Path) -> Status:
    return remote.ask(make_settings(data), GetStatus(), Status)


def test_with_a_server_the_server_does_it_and_without_one_the_command(data: Path):
    with serving(data) as server:
        found = status(data)
        assert found.running
        assert found.sections["server"]["address"] == server.url
        assert found.sections["server"]["process"] == server.process.pid
        made = run(data, "user", "add", "ana", "--password-stdin", typed="tres tristes tigres\n")
        assert made.exit_code == 0
        link = run(data, "user", "reset-link", "ana").stdout
        assert link.startswith(f"{server.url}/reset#")
        assert run(data, "user", "role", "eva", "admin").exit_code == Exit.REFUSED
        server.stop()
    assert not (data / admin.NAME).exists()
    assert not status(data).running
    assert run(data, "user", "role", "ana", "admin").exit_code == 0


def test_a_killed_server_is_in_nobodys_way(data: Path):
    with serving(data) as server:
        server.kill()
    assert (data / admin.NAME).is_socket()
    assert not status(data).running
    with serving(data):
        assert status(data).running


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["migrate"]])
def test_a_second_process_is_refused_and_told_who_has_the_folder(data: Path, command: list[str]):
    with claim(data):
        refused = run(data, *command)
    assert refused.exit_code == Exit.DATA
    assert f"{data} is in use by process" in refused.stderr


def test_another_database_is_not_mistaken_for_the_servers(data: Path, tmp_path: Path):
    other = f"sqlite:///{tmp_path}/other.db"
    (tmp_path / "other.db").touch()
    with serving(data):
        refused = run(data, "status", "--database", other)
    assert refused.exit_code == Exit.REFUSED
    assert "another database" in refused.stderr


def test_a_database_of_a_server_elsewhere_is_not_written_beside_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(remote, "WAIT_S", 0.0)
    url = f"sqlite:///{data}/uptc.db"
    with serving(data):
        refused = run(tmp_path / "mistaken", "user", "role", "ana", "admin", "--database", url)
    assert refused.exit_code == Exit.DATA
    assert "uptc.db is in use by process" in refused.stderr
    assert "is that its data folder?" in refused.stderr


def test_who_has_the_folder_and_does_not_answer_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(remote, "WAIT_S", 0.0)
    with claim(data), pytest.raises(SystemExit) as ended:
        status(data)
    assert ended.value.code == Exit.DATA


def test_a_command_waits_for_the_one_before_it(data: Path):
    before = claim(data)
    threading.Timer(0.2, before.release).start()
    assert not status(data).running


def answering(data: Path, answer: bytes) -> None:
    """A server of the folder that says this, whatever it is asked."""
    listener = unix.bind(data / admin.NAME)
    listener.listen()

    def serve() -> None:
        connection, _ = listener.accept()
        with listener, connection:
            connection.recv(1_000_000)
            connection.sendall(answer)

    threading.Thread(target=serve).start()


@pytest.mark.parametrize("answer", [b"", b"{", b"hello\n", b'{"type":"new"}\n', encode(Done())])
def test_an_answer_that_is_none_is_a_sentence(
    data: Path, answer: bytes, capsys: pytest.CaptureFixture[str]
):
    answering(data, answer)
    with claim(data), pytest.raises(SystemExit) as ended:
        status(data)
    assert ended.value.code == Exit.DATA
    assert capsys.readouterr().err.startswith("uptc-messenger: The server ")


def test_a_request_has_the_same_limits_both_ways():
    assert remote.checked(SetRole(username="ana", role="admin"))
    with pytest.raises(BadRequest):
        remote.checked(SetRole(username="a" * 500, role="admin"))
    with pytest.raises(BadRequest):
        remote.checked(CreateInvite(chats=[], expires_in_s=5))


def test_links_of_a_server_that_does_not_run_lead_where_it_will(tmp_path: Path):
    assert remote.base_of(make_settings(tmp_path, port=8123)) == "http://127.0.0.1:8123"
    known = make_settings(tmp_path, public_url="https://chat.example.edu/")
    assert remote.base_of(known) == "https://chat.example.edu"
    with pytest.raises(BadRequest):
        remote.base_of(make_settings(tmp_path))
