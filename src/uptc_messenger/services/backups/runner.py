"""A backup in a process of its own: it takes no turn of the server's event loop."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

_NICENESS: Final = 10
_PATIENCE_S: Final = 10.0
_MODULE: Final = (sys.executable, "-m", "uptc_messenger")
_PROGRAM: Final = (*_MODULE, "backup", "create", "--prove", "--sizes")
_PREFIX: Final = "UPTC_"


async def run(path: Path, environment: Mapping[str, str]) -> str | None:
    """Run `uptc-messenger backup` with these settings; returns its sentence where it fails.

    Ended with its caller: a backup of a server that stops is not worth waiting for.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(_PREFIX)}
    process = await asyncio.create_subprocess_exec(
        *_PROGRAM,
        str(path),
        "--scratch",
        str(path.parent),
        env={**inherited, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    # It may be over already, and a service may be forbidden to.
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    try:
        _, errors = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        async with asyncio.timeout(_PATIENCE_S):
            await process.wait()
        raise
    if process.returncode == 0:
        return None
    last = errors.decode(errors="replace").strip().rpartition("\n")[2]
    return last.removeprefix("uptc-messenger: ") or f"It ended with {process.returncode}."
