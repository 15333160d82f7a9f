import subprocess
import sys

from typer.testing import CliRunner

from uptc_messenger import __version__
from uptc_messenger.cli import commands

run = CliRunner()


def test_the_version_is_one_line():
    assert run.invoke(commands.build(), ["--version"]).stdout == f"uptc-messenger {__version__}\n"


def test_without_a_command_there_is_help():
    shown = run.invoke(commands.build(), [])
    for command in ("serve", "migrate", "user", "config", "dev"):
        assert command in shown.output


def test_an_unknown_command_is_wrong_usage():
    assert run.invoke(commands.build(), ["frobnicate"]).exit_code == 2


def test_the_module_runs_the_command():
    command = [sys.executable, "-m", "uptc_messenger", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"uptc-messenger {__version__}\n"


def test_a_shell_can_complete():
    shown = run.invoke(commands.build(), ["--show-completion", "bash"])
    assert "uptc" in shown.output.lower()
