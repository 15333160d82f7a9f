"""The process that looks into one file: `python -m …decoding.child`, a task on its input.

It fences itself in before it reads a byte of what a stranger sent: memory, time, the size of
what it writes, no core. It is one that may die of anything; then there is just no preview.
"""

import contextlib
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final, assert_never

import msgspec

from uptc_messenger.services.files.decoding import films, pages, pictures
from uptc_messenger.services.files.decoding.task import NONE, Answer, Task

_MOST_WRITTEN: Final = 256 << 20
_FILES: Final = 64
_TOO_MUCH: Final = 1  # as of any program that fails


def fence(task: Task) -> None:
    """Take from this process, and from whatever it starts, what it has no need of."""
    seconds = max(1, round(task.seconds))
    limits = (
        (resource.RLIMIT_AS, task.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _MOST_WRITTEN),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    )
    for name, most in limits:
        resource.setrlimit(name, (most, most))
    with contextlib.suppress(OSError):
        os.nice(10)


def carry_out(task: Task) -> Answer:
    """Look into the file; whatever is wrong with it raises."""
    folder = Path(task.folder)
    match task.kind:
        case "image":
            return pictures.look(folder, task.type)
        case "clean":
            return pictures.clean(folder, task.type)
        case "picture":
            return pictures.square(folder, task.type)
        case "cover":
            return pictures.cover(folder, task.type)
        case "video":
            return films.film(folder, task.type)
        case "audio":
            return films.sound(folder, task.type)
        case "page":
            return pages.page(folder)
        case _:
            assert_never(task.kind)


def main() -> int:
    """Answer on the output; `NONE` where the file is not what it seems."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    fence(task)
    try:
        answer = carry_out(task)
    except BaseException as error:  # noqa: BLE001 - a stranger's bytes may raise anything
        sys.stderr.write(f"{type(error).__name__}\n")
        return _TOO_MUCH if _is_too_much(error) else NONE
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    return 0


def _is_too_much(error: BaseException) -> bool:
    """Whether the fence ended it, or one that it had started, and not what was in the file."""
    ended = isinstance(error, subprocess.CalledProcessError) and error.returncode < 0
    return ended or isinstance(error, MemoryError)


if __name__ == "__main__":
    sys.exit(main())
