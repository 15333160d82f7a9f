"""`python -m tests.faults [NAMES] [--short]`: every fault under load, one table, docs/faults.md."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.drill import Row, drill
from tests.faults.injections import FAULTS
from uptc_messenger.cluster.cluster import Plan, running

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
NAMES = (
    "fault",
    "acknowledged",
    "lost",
    "twice",
    "other order",
    "strange",
    "service again after",
    "p99 of a send",
)
HEAD = f"| {' | '.join(NAMES)} |\n{'|---' * len(NAMES)}|\n"


def say(text: str) -> None:
    """Print at once: it takes minutes from one line to the next."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(row: Row) -> str:
    """A row of the table."""
    cells = (
        row.fault.about,
        row.acknowledged,
        row.lost,
        row.doubled,
        row.disordered,
        len(row.strange),
        f"{row.recovery_s:.1f} s",
        f"{row.p99_ms:.0f} ms",
    )
    return f"| {' | '.join(map(str, cells))} |"


async def run(names: Sequence[str], share: float, seed: int) -> list[Row]:
    """Each fault on the same cluster, one after the other; the failover is the last."""
    rows: list[Row] = []
    async with running(Plan(nodes=3, standby=True, environment={"UPTC_LIMITS": "off"})) as cluster:
        for fault in FAULTS:
            if names and fault.name not in names:
                continue
            row = await drill(cluster, fault, max(fault.hold_s * share, 2), seed)
            rows.append(row)
            say(" ".join([line(row), *row.strange[:3]]))
    return rows


def main() -> None:
    """Run, print, write; ends with 1 where a promise was broken."""
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    share = 0.1 if "--short" in sys.argv else 1.0
    seed = time.time_ns() % 10**9
    say(f"seed {seed}\n{HEAD.rstrip()}")
    rows = asyncio.run(run(names, share, seed))
    if not names and share == 1.0:
        before, mark, _ = PAGE.read_text(encoding="utf-8").partition("| fault |")
        table = HEAD + "".join(f"{line(row)}\n" for row in rows)
        PAGE.write_text((before if mark else before + "\n") + table, encoding="utf-8")
    sys.exit(not all(row.good for row in rows))


if __name__ == "__main__":
    main()
