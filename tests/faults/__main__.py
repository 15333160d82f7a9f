"""`python -m tests.faults [NAMES] [--share 0.1] [--seed N]`: every fault under load, one table."""

import argparse
import asyncio
import contextlib
import shutil
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from tests.faults import disk, page
from tests.faults.drill import Fault, drill
from tests.faults.injections import FAULTS
from tests.faults.verdict import Row
from uptc_messenger.cluster.cluster import Cluster, Plan, running

UNLIMITED = {"UPTC_LIMITS": "off"}
SHORTEST_S = 1.0


def say(text: str) -> None:
    """Print at once: it takes minutes from one line to the next."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.asynccontextmanager
async def cluster_for(*, small_disk: bool) -> AsyncGenerator[Cluster, None]:
    """Three nodes with a standby that every commit waits for, or with a small disk."""
    if not small_disk:
        plan = Plan(nodes=3, standby=True, environment=UNLIMITED)
        async with running(plan) as cluster:
            yield cluster
        return
    with disk.small_disk() as data:
        async with running(Plan(nodes=3, data=data, environment=UNLIMITED)) as cluster:
            yield cluster


def _keep_logs(cluster: Cluster, folder: Path) -> None:
    for log in [*cluster.run.rglob("log"), *cluster.data.glob("*/log")]:
        kept = folder / log.parent.name
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(log, kept / "log")


async def run(
    faults: Sequence[Fault], share: float, seed: int, logs: Path | None = None
) -> list[Row]:
    """Each fault on the same cluster, one after the other."""
    rows: list[Row] = []
    for small_disk in (False, True):
        chosen = [fault for fault in faults if fault.small_disk is small_disk]
        if not chosen:
            continue
        async with cluster_for(small_disk=small_disk) as cluster:
            for fault in chosen:
                row = await drill(cluster, fault, max(fault.hold_s * share, SHORTEST_S), seed)
                rows.append(row)
                say(page.line(row, fault.about))
                for told in [*row.broken, *row.late]:
                    say(f"    {told}")
                if logs is not None and (row.broken or row.late):
                    _keep_logs(cluster, logs / fault.name)
    return rows


def choose(names: Sequence[str]) -> tuple[list[Fault], str]:
    """The faults of these names, or all that can be had here; and what has to be said of that."""
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    if disk.can_be_made():
        return chosen, ""
    left_out = [fault.about for fault in chosen if fault.small_disk]
    remark = f" Left out: {', '.join(left_out)}, for only root can mount one." if left_out else ""
    return [fault for fault in chosen if not fault.small_disk], remark


def main() -> None:
    """Run, print, write; ends with 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [fault.name for fault in FAULTS]
    parser.add_argument("names", nargs="*", choices=[[], *names], help=f"of {', '.join(names)}")
    parser.add_argument("--share", type=float, default=1.0, help="of the time that each is held")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**9)
    parser.add_argument("--logs", type=Path, help="where to keep the logs of what went wrong")
    asked = parser.parse_args()
    faults, remark = choose(asked.names)
    say(f"seed {asked.seed}{remark}\n{page.HEAD.rstrip()}")
    began = time.monotonic()
    rows = asyncio.run(run(faults, asked.share, asked.seed, asked.logs))
    if not asked.names and asked.share == 1.0:
        told = {fault.name: fault.about for fault in faults}
        lines = [page.line(row, told[row.name]) for row in rows]
        page.write(lines, asked.seed, time.monotonic() - began, remark)
    sys.exit(any(row.broken or row.late for row in rows))


if __name__ == "__main__":
    main()
