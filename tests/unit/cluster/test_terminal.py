import asyncio
import os
import pty
import termios
from collections.abc import Generator
from typing import TextIO

import pytest

from uptc_messenger.cluster.terminal import Terminal, keys_of


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("k", ["k"]),
        ("12q", ["1", "2", "q"]),
        ("\x1b[A\x1bOB\x1b[C", ["up", "down", "right"]),
        ("\x1b[15~\x1b[3~k", ["k"]),
        ("\x03", ["\x03"]),
        ("?", ["?"]),
        ("", []),
    ],
)
def test_keys_are_told_apart(sent: str, keys: list[str]):
    assert keys_of(sent) == keys


@pytest.fixture
def ends() -> Generator[tuple[int, TextIO, TextIO], None, None]:
    """Both ends of a pseudo-terminal: a person's, and a program's keyboard and screen."""
    person, program = pty.openpty()
    with os.fdopen(program) as keyboard, os.fdopen(os.dup(program), "w") as screen:
        yield person, keyboard, screen
    os.close(person)


async def test_a_terminal_is_taken_and_given_back_as_it_was(
    ends: tuple[int, TextIO, TextIO],
):
    person, keyboard, screen = ends
    before = termios.tcgetattr(keyboard.fileno())
    keys: asyncio.Queue[str] = asyncio.Queue()
    terminal = Terminal(keyboard, screen)
    assert terminal.has_keys
    with terminal.taken(keys.put_nowait):
        os.write(person, b"\x1b[Bk")
        async with asyncio.timeout(10):
            assert [await keys.get(), await keys.get()] == ["down", "k"]
        terminal.show(["uno", "dos"])
    shown = ""
    while not shown.endswith("\x1b[?25h\x1b[?1049l"):  # the cursor and the old screen are back
        shown += os.read(person, 4096).decode()
    assert "uno\x1b[K\r" in shown
    assert termios.tcgetattr(keyboard.fileno()) == before
