"""The whole of it, once: everything else about a cluster under faults is in tests/faults."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from uptc_messenger.cluster.cluster import Plan, named, running
from uptc_messenger.cluster.deeds import carry_out
from uptc_messenger.cluster.processes import ClusterError
from uptc_messenger.cluster.status import Status


async def test_a_cluster_is_killed_cut_and_healed_part_by_part():
    async with running(Plan(nodes=2)) as cluster:
        facts = cluster.describe()
        assert {node["name"] for node in facts["nodes"]} == {"node-1", "node-2"}
        code = facts["owner_link"].removeprefix(f"{facts['address']}/owner#")
        async with httpx.AsyncClient(base_url=facts["address"]) as client:
            owner = {"code": code, "username": "ana", "password": "tres tazas de tinto"}
            assert (await client.post("/api/v1/auth/owner", json=owner)).is_success
        shown = Status(cluster)
        assert (await shown.table()).count(" ready ") == 2
        assert await carry_out(cluster, ["kill", "node-2"]) == "node-2 was killed."
        await carry_out(cluster, ["partition", "node-1", "bus", "out"])
        await carry_out(cluster, ["delay", "node-1", "database", "1"])
        table = await shown.table()
        assert "dead" in table
        assert "no bus" in table
        async with httpx.AsyncClient(base_url=facts["address"]) as client:
            assert (await client.get("/readyz")).status_code == 200
        await carry_out(cluster, ["heal"])
        await carry_out(cluster, ["start", "node-2"])
        await cluster.ready()
        for refused in (["kill", "node-9"], ["failover"], ["nonsense"], ["start", "node-1"]):
            with pytest.raises(ClusterError):
                await carry_out(cluster, refused)
        run = cluster.run
    assert not run.exists()


def test_split_by_role_every_node_says_in_its_name_what_it_serves():
    assert named(2, split=False) == [("node-1", ""), ("node-2", "")]
    assert [name for name, _ in named(6, split=True)] == [
        *("gateway-1", "api-1", "worker-1"),
        *("gateway-2", "api-2", "gateway-3"),
    ]
    with pytest.raises(ClusterError, match="at least 3"):
        named(2, split=True)


async def test_killed_without_a_word_it_leaves_nothing():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uptc_messenger", "cluster"),
        *("--nodes", "1", "--port", "0", "--json"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        facts = json.loads(await process.stdout.readline())
    pid: int = facts["nodes"][0]["pid"]
    folder = Path(facts["database"].partition("host=")[2]).parents[1]
    os.kill(process.pid, signal.SIGKILL)
    await process.communicate()
    async with asyncio.timeout(30):
        while folder.exists() or Path(f"/proc/{pid}").exists():  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.1)
