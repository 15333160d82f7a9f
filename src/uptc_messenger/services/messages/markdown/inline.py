"""One line of text → inline nodes. Marks never reach over a line break."""

import re
from collections.abc import Sequence
from typing import Final

from uptc_messenger.services.messages.markdown.characters import (
    NAME,
    PUNCTUATION,
    is_one_of,
    is_space,
    is_word,
)
from uptc_messenger.services.messages.markdown.links import autolink, bracket_link
from uptc_messenger.services.messages.markdown.nodes import Mark, Nodes
from uptc_messenger.services.messages.markdown.tree import (
    Break,
    Code,
    Emphasis,
    Inline,
    Link,
    Mention,
    Strike,
    Strong,
    Text,
)

NAME_MIN: Final = 3
NAME_MAX: Final = 32
_GLUE: Final = frozenset("@.-/")
_MARKS: Final = {
    "*": (Mark(Emphasis, "*"),),
    "_": (Mark(Emphasis, "_"),),
    "**": (Mark(Strong, "**"),),
    "***": (Mark(Strong, "**"), Mark(Emphasis, "*")),
    "~~": (Mark(Strike, "~~"),),
}
_PLAIN: Final = re.compile(r"[^\\`*_~@\[hHmMwW]+")


def parse_lines(lines: Sequence[str]) -> list[Inline]:
    nodes: list[Inline] = []
    for number, line in enumerate(lines):
        nodes += [Break()] if number else []
        nodes += _Line(line.strip(" \t"), links=True).parse()
    return nodes


class _Line:
    def __init__(self, text: str, *, links: bool) -> None:
        self._text = text
        self._links = links
        self._nodes = Nodes()
        self._closings = _BacktickRuns(text)
        self._at = 0

    def parse(self) -> list[Inline]:
        while self._at < len(self._text):
            if plain := _PLAIN.match(self._text, self._at):
                self._literal(plain.end() - self._at)
            elif not self._take():
                self._literal(1)
        return self._nodes.finish()

    def _take(self) -> bool:
        match self._text[self._at]:
            case "\\":
                return self._escape()
            case "`":
                return self._code()
            case "*" | "_" | "~":
                return self._mark()
            case "@":
                return self._links and self._mention()
            case "[":
                return self._links and self._bracket()
            case _:
                return self._links and self._address()

    def _literal(self, length: int) -> bool:
        self._nodes.add(Text(self._text[self._at : self._at + length]))
        self._at += length
        return True

    def _node(self, node: Inline, end: int) -> bool:
        self._nodes.add(node)
        self._at = end
        return True

    def _escape(self) -> bool:
        if not is_one_of(self._text, self._at + 1, PUNCTUATION):
            return False
        self._at += 1
        return self._literal(1)

    def _code(self) -> bool:
        length = _run(self._text, self._at)
        start = self._at + length
        end = self._closings.following(length, start)
        if end is None:
            return self._literal(length)
        return self._node(Code(_code_text(self._text[start:end])), end + length)

    def _mark(self) -> bool:
        length = _run(self._text, self._at)
        end = self._at + length
        marks = _MARKS.get(self._text[self._at : end], ())
        opens = not is_space(self._text, end) and not is_word(self._text, self._at - 1)
        closes = not is_space(self._text, self._at - 1) and not is_word(self._text, end)
        if (closes and self._nodes.close(marks)) or (opens and self._nodes.open(marks)):
            self._at = end
            return True
        return self._literal(length)

    def _mention(self) -> bool:
        start = end = self._at + 1
        while is_one_of(self._text, end, NAME):
            end += 1
        name = self._text[start:end].rstrip(".-")
        glued = is_word(self._text, self._at - 1) or is_one_of(self._text, self._at - 1, _GLUE)
        if glued or not NAME_MIN <= len(name) <= NAME_MAX:
            return self._literal(end - self._at)
        return self._node(Mention(name.lower()), start + len(name))

    def _bracket(self) -> bool:
        if (link := bracket_link(self._text, self._at)) is None:
            return False
        label = _Line(link.label, links=False).parse()
        return self._node(Link(link.href, label), link.end)

    def _address(self) -> bool:
        if is_word(self._text, self._at - 1) or (link := autolink(self._text, self._at)) is None:
            return False
        return self._node(Link(link.href, [Text(link.label)]), link.end)


def _run(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] == text[at]:
        end += 1
    return end - at


def _code_text(text: str) -> str:
    """One space on each side is there to keep backticks apart and is not content."""
    padded = text.startswith(" ") and text.endswith(" ") and text.strip(" ") != ""
    return text[1:-1] if padded else text


class _BacktickRuns:
    """Where runs of backticks start; asked with growing positions, so each is passed once."""

    def __init__(self, text: str) -> None:
        self._starts: dict[int, list[int]] = {}
        for found in re.finditer("`+", text):
            self._starts.setdefault(len(found[0]), []).append(found.start())
        for starts in self._starts.values():
            starts.reverse()

    def following(self, length: int, start: int) -> int | None:
        """The first run of exactly that length at or after `start`."""
        starts = self._starts.get(length, [])
        while starts and starts[-1] < start:
            starts.pop()
        return starts[-1] if starts else None
