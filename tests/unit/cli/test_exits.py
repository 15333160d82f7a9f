import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uptc_messenger.cli import commands
from uptc_messenger.cli.exits import Exit, explained, written
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.models.errors import Conflict, Unavailable
from uptc_messenger.settings import SettingsError
from uptc_messenger.toolkit.folders import FolderError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("the reason"), Exit.USAGE),
        (SchemaError("the reason"), Exit.DATABASE),
        (Unavailable("the reason"), Exit.DATABASE),
        (Conflict("the reason"), Exit.REFUSED),
    ],
)
def test_what_is_expected_ends_with_its_code_and_its_sentence(
    error: Exception, code: Exit, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended, explained():
        raise error
    assert ended.value.code == code
    assert capsys.readouterr().err == "uptc-messenger: the reason\n"


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (OSError("too many clients\nmore"), "too many clients"),
        (TimeoutError(), "no answer in time"),
    ],
)
def test_who_is_told_to_try_again_is_told_why(
    cause: Exception, told: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit), explained():
        raise Unavailable from cause
    assert capsys.readouterr().err.endswith(f"try again. The database said: {told}.\n")


@pytest.mark.parametrize(
    "words",
    [
        "status",
        "doctor",
        "user list",
        "sessions list ana",
        "invite create",
        "search rebuild",
        "files check",
        "upgrade --check",
        "backup copy.uptc",
    ],
)
def test_who_forgot_sudo_is_told_so_in_one_sentence(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "uptc.db").touch()
    stat = Path.stat

    def refused(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.name == "uptc.db":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "stat", refused)
    done = CliRunner().invoke(commands.build(), [*words.split(), "--data", str(tmp_path)])
    assert done.exit_code == Exit.DATA
    assert done.stderr == (
        f"uptc-messenger: {tmp_path}/uptc.db cannot be read: Permission denied; "
        "run this as the user of the server.\n"
    )


def test_a_folder_of_another_user_says_whose_it_is(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended, explained():
        raise FolderError("/srv cannot be used: Permission denied.") from PermissionError()
    assert ended.value.code == Exit.DATA
    assert capsys.readouterr().err.endswith("denied; run this as the user of the server.\n")


def test_a_denial_of_no_file_is_a_bug():
    with pytest.raises(PermissionError), explained():
        raise PermissionError(errno.EPERM, "Operation not permitted")


def run_to(device: str, words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "uptc_messenger", *words.split()]
    with Path(device).open("wb") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stderr


def test_an_output_that_cannot_be_written_is_told_in_one_sentence():
    said = "uptc-messenger: The output cannot be written: No space left on device.\n"
    assert run_to("/dev/full", "config") == (Exit.REFUSED, said)
    assert run_to("/dev/null", "config") == (Exit.OK, "")


def test_an_output_that_nobody_reads_ends_without_a_word():
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert run_to(f"/dev/fd/{writing}", "config") == (Exit.REFUSED, "")
    finally:
        os.close(writing)


def test_without_any_output_a_command_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdout", None)
    with written():
        pass


def test_what_else_fails_while_it_prints_is_a_bug():
    with pytest.raises(ConnectionResetError), written():
        raise ConnectionResetError


def test_a_bug_keeps_its_trace():
    with pytest.raises(ZeroDivisionError), explained():
        _ = 1 / 0
