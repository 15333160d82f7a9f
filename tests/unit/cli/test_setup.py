import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from uptc_messenger.cli import commands, setup


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands.build(), ["setup", *map(str, arguments)])


def test_it_writes_two_files_and_says_what_to_do(tmp_path: Path):
    done = run("Chat.Example.Edu", "--dir", tmp_path / "new", "--port", 8100)
    assert done.exit_code == 0, done.output
    unit = (tmp_path / "new" / setup.SERVICE).read_text()
    for line in (
        "DynamicUser=yes",
        "StateDirectory=uptc-messenger",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "LimitNOFILE=65536",
        "Environment=UPTC_PUBLIC_URL=https://chat.example.edu",
        "Environment=UPTC_TRUSTED_PROXY=127.0.0.1,::1",
        "Environment=UPTC_PORT=8100",
    ):
        assert f"\n{line}\n" in unit
    caddy = (tmp_path / "new" / setup.CADDYFILE).read_text()
    assert "\nchat.example.edu {\n" in caddy
    assert "reverse_proxy 127.0.0.1:8100" in caddy
    for words in (
        "\n1. ",
        "systemctl enable --now uptc-messenger",
        "grep owner",
        "ports 80 and 443",
    ):
        assert words in done.output
    assert "{" not in done.output


def test_backups_go_to_another_disk_that_the_service_may_write_to(tmp_path: Path):
    done = run("chat.example.edu", "--dir", tmp_path, "--backups", "/mnt/backups")
    assert done.exit_code == 0, done.output
    unit = (tmp_path / setup.SERVICE).read_text()
    for line in (
        "SupplementaryGroups=uptc-backups",
        "ReadWritePaths=/mnt/backups",
        "Environment=UPTC_BACKUP_DIR=/mnt/backups",
    ):
        assert f"\n{line}\n" in unit
    assert "install -d -m 2770 -g uptc-backups /mnt/backups" in done.output
    assert run("a.edu", "--dir", tmp_path / "x", "--backups", "relative").exit_code == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "domain",
    ["", "localhost", "chat", "https://chat.example.edu", "chat.example.edu:8000", "10.0.0.1",
     "a..b", "-a.edu", "a b.edu", "chat.example.edu\nimport x", "{$HOME}.edu", "x" * 64 + ".edu"],
)  # fmt: skip
def test_what_is_no_name_writes_nothing(tmp_path: Path, domain: str):
    done = run("--dir", tmp_path, "--", domain)
    assert done.exit_code == 2
    assert "chat.example.edu" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_an_accent_is_written_as_dns_does():
    assert setup.domain_name("Educación.EDU.co.") == "xn--educacin-13a.edu.co"


def test_what_is_there_stays_unless_forced(tmp_path: Path):
    (tmp_path / setup.CADDYFILE).write_text("mine")
    done = run("chat.example.edu", "--dir", tmp_path)
    assert done.exit_code == 1
    assert "--force" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [setup.CADDYFILE]
    assert (tmp_path / setup.CADDYFILE).read_text() == "mine"
    assert run("chat.example.edu", "--dir", tmp_path, "--force").exit_code == 0
    assert "chat.example.edu" in (tmp_path / setup.CADDYFILE).read_text()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    done = run("chat.example.edu", "--dir", tmp_path / "file")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_a_program_that_the_service_cannot_see_is_installed_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(setup, "program", lambda: Path("/home/ana/uptc/bin/uptc-messenger"))
    done = run("chat.example.edu", "--dir", tmp_path)
    assert "python3 -m venv /opt/uptc-messenger" in done.output
    assert "ExecStart=/opt/uptc-messenger/bin/" in (tmp_path / setup.SERVICE).read_text()


def test_the_program_is_the_one_that_runs():
    subprocess.run([setup.program(), "--version"], check=True, capture_output=True)
