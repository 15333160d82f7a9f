"""A terminal: single keys in, a screen out, and everything as it was afterwards."""

import asyncio
import os
import re
import termios
import tty
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Final, TextIO

_TAKE: Final = "\x1b[?1049h\x1b[?25l"
_GIVE_BACK: Final = "\x1b[?25h\x1b[?1049l"
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
_KEY: Final = re.compile(r"\x1b[\[O]([A-D])|\x1b\[[0-9;]*[A-Za-z~]|(.)", re.DOTALL)
_ARROWS: Final = {"A": "up", "B": "down", "C": "right", "D": "left"}
_AT_ONCE: Final = 256
Press = Callable[[str], None]


class Terminal:
    """The screen, and the keyboard where there is one to be read."""

    def __init__(self, keyboard: TextIO, screen: TextIO) -> None:
        self._keyboard = keyboard
        self._screen = screen

    @property
    def has_keys(self) -> bool:
        """Whether somebody can press something."""
        return self._keyboard.isatty()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        found = os.get_terminal_size(self._screen.fileno())
        return (found.columns or 80, found.lines or 24)

    @contextmanager
    def taken(self, press: Press) -> Generator[None, None, None]:
        """A screen of our own meanwhile, and each key told as it is pressed."""
        self._write(_TAKE)
        try:
            if self.has_keys:
                with self._listening(press):
                    yield
            else:
                yield
        finally:
            self._write(_GIVE_BACK)

    def show(self, lines: Sequence[str]) -> None:
        """Replace what is on the screen; lines beyond its height are left out."""
        height = self.size[1]
        text = f"{_CLEAR_LINE}\n".join(lines[: height - 1])
        self._write(f"{_HOME}{text}{_CLEAR_LINE}{_CLEAR_REST}")

    @contextmanager
    def _listening(self, press: Press) -> Generator[None, None, None]:
        fd, loop = self._keyboard.fileno(), asyncio.get_running_loop()
        before = termios.tcgetattr(fd)
        tty.setcbreak(fd)  # Ctrl-C still interrupts
        loop.add_reader(fd, _read, fd, press)
        try:
            yield
        finally:
            loop.remove_reader(fd)
            termios.tcsetattr(fd, termios.TCSADRAIN, before)

    def _write(self, text: str) -> None:
        self._screen.write(text)
        self._screen.flush()


def _read(fd: int, press: Press) -> None:
    data = os.read(fd, _AT_ONCE)
    if not data:  # the terminal is gone
        asyncio.get_running_loop().remove_reader(fd)
    for key in keys_of(data.decode(errors="replace")):
        press(key)


def keys_of(text: str) -> list[str]:
    """The keys in what a terminal sent; arrows by name, others that have no letter left out."""
    found = [_ARROWS.get(arrow, "") or letter for arrow, letter in _KEY.findall(text)]
    return [key for key in found if key]
