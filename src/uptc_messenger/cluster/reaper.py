"""Ends what a parent started once that parent is gone, however it went.

Run as a program. Reads lines from standard input: `watch PID SIGNAL`, `forget PID`,
`remove FOLDER`, `done`. At the end of input without a `done` it continues and signals every
process that is watched, kills what is left five seconds later, and removes the folders.
It imports nothing of this project: it must start fast and cannot fail with it.
"""

import contextlib
import os
import shutil
import signal
import sys
import time

_PATIENCE_S = 5.0
_STEP_S = 0.05


def main() -> None:
    """Watch until the end of standard input."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: dict[int, int] = {}
    folders: list[str] = []
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "watch":
            pid, number = rest.split()
            watched[int(pid)] = int(number)
        elif word == "forget":
            watched.pop(int(rest), None)
        elif word == "remove":
            folders.append(rest)
        elif word == "done":
            return
    end(watched)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def end(watched: dict[int, int]) -> None:
    """Ask each process group to end, and make it."""
    for pid, number in watched.items():
        _signal(pid, signal.SIGCONT)
        _signal(pid, number)
    late = time.monotonic() + _PATIENCE_S
    while time.monotonic() < late and any(_signal(pid, 0) for pid in watched):
        time.sleep(_STEP_S)
    for pid in watched:
        _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> bool:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
        return True
    return False


if __name__ == "__main__":
    main()
