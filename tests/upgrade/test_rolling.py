"""A cluster is brought to this program node by node while people write: nothing is lost.

The one before is the commit before the newest migration, run from its sources with the same
dependencies. The first node that is replaced migrates the database while the others serve.
"""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.faults.drill import Fault, drill
from tests.faults.town import Scene
from uptc_messenger.cluster.cluster import Cluster, Plan, running
from uptc_messenger.cluster.deeds import carry_out
from uptc_messenger.database.migrate import head_revision

NODES = int(os.environ.get("UPTC_TEST_ROLLING", "2"))
VERSIONS = "src/uptc_messenger/database/migrations/versions"


def git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout


def migrations(commit: str) -> set[str]:
    """The lines of a commit's files that place each of them in the row."""
    found = git("grep", "-E", "^(down_)?revision = ", commit, "--", VERSIONS).decode()
    return {line.removeprefix(f"{commit}:") for line in found.splitlines()}


def before_the_newest_migration() -> str | None:
    """The newest commit whose migrations are all of ours but the last ones.

    Not every commit has that: two branches may have taken the same number. None where there is
    no history to look into.
    """
    try:
        ours = migrations("HEAD")
        for commit in git("log", "--format=%H", "--", VERSIONS).decode().split():
            before = git("rev-parse", "--verify", f"{commit}^").decode().strip()
            if migrations(before) < ours:
                return before
    except (OSError, subprocess.CalledProcessError):
        pass
    return None


BEFORE = before_the_newest_migration()
pytestmark = pytest.mark.slow


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The sources of the program before."""
    archive = git("archive", BEFORE or "", "src")
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        opened.extractall(tmp_path, filter="data")
    return tmp_path / "src"


async def revision(cluster: Cluster) -> str:
    (row,) = await cluster.postgres[0].execute("SELECT version_num FROM alembic_version", "uptc")
    return row[0]


async def replace_every_node(scene: Scene) -> str:
    """As somebody does it who follows docs/operating.md."""
    cluster = scene.cluster
    assert await revision(cluster) != head_revision()
    for node in cluster.nodes:
        node.environment = {**node.environment, "PYTHONPATH": ""}
        await carry_out(cluster, ["restart", node.name])
        await cluster.ready()
        assert await revision(cluster) == head_revision(), "the first has migrated it"
    return f"{NODES} nodes replaced"


ROLLING = Fault(
    "rolling", "every node replaced by a newer program", replace_every_node, touches_all=True
)


@pytest.mark.skipif(BEFORE is None, reason="no history of the program before, or not yet a newer")
async def test_every_node_is_replaced_under_load(old: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(old))
    async with running(Plan(nodes=NODES, environment={"UPTC_LIMITS": "off"})) as cluster:
        row = await drill(cluster, ROLLING, 0, seed_number=1)
    counts = row.counts
    assert counts.acknowledged > 0
    assert (counts.lost, counts.doubled, counts.disordered) == (0, 0, 0)
    assert (counts.strange, row.foreign) == ((), ())
    assert row.recovery_s is not None
