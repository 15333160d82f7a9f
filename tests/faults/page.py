"""The table of what came of it, on the terminal and in docs/faults.md."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.verdict import Row

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
MARK = "<!-- From here on: written by `make faults`. -->\n"
_NAMES = (
    "fault",
    "acknowledged",
    "lost",
    "twice",
    "other order",
    "heard by others",
    "strange",
    "digests",
    "service again",
    "p99 of a send",
    "p99 of bystanders",
    "seen",
)
HEAD = f"| {' | '.join(_NAMES)} |\n{'|---' * len(_NAMES)}|\n"


def line(row: Row, about: str) -> str:
    """A row of the table."""
    counts, again, calm = row.counts, row.recovery_s, row.bystanders_ms
    cells = (
        about,
        counts.acknowledged,
        counts.lost,
        counts.doubled,
        counts.disordered,
        len(row.foreign),
        len(counts.strange),
        f"{row.digests[0]} of {row.digests[1]}",
        "never" if again is None else f"{again:.1f} s",
        f"{row.p99_ms:.0f} ms",
        "" if calm is None else f"{calm:.0f} ms",
        row.note,
    )
    return f"| {' | '.join(map(str, cells))} |"


def write(lines: Sequence[str], seed: int, took_s: float, remark: str) -> None:
    """Put a whole run in the place of the one before."""
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    when = time.strftime("%Y-%m-%d", time.gmtime())
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    facts = (
        f"{when}, seed {seed}, {took_s / 60:.1f} minutes on {os.cpu_count()} cores "
        f"(load average at the end {load}).{remark}\n"
    )
    table = HEAD + "".join(f"{one}\n" for one in lines)
    PAGE.write_text(f"{before}{MARK}\n{facts}\n{table}", encoding="utf-8")
