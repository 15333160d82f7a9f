"""Lines of text → blocks: paragraphs, fenced code, quotes, lists."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from uptc_messenger.services.messages.markdown.inline import parse_lines
from uptc_messenger.services.messages.markdown.tree import (
    Block,
    CodeBlock,
    ItemList,
    Paragraph,
    Quote,
)

MAX_QUOTE_DEPTH: Final = 3
"""Deeper `>` are text: a line of nothing but `>` must not nest without end."""

_FENCE = re.compile(r" {0,3}(`{3,})([^`]*)\Z")
_CLOSE = re.compile(r" {0,3}(`{3,})[ \t]*\Z")
_QUOTE = re.compile(r" {0,3}> ?")
_BULLET = re.compile(r" {0,3}[-*+] +(?=[^ \t])")
_NUMBER = re.compile(r" {0,3}([0-9]{1,9})[.)] +(?=[^ \t])")
_BLANK = re.compile(r"[ \t]*\Z")


class Taken(msgspec.Struct, frozen=True):
    """A block, and the line after it."""

    block: Block
    following: int


Rule = Callable[[Sequence[str], int, int], Taken | None]


def parse(text: str) -> list[Block]:
    return _blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 0)


def _blocks(lines: Sequence[str], depth: int) -> list[Block]:
    found: list[Block] = []
    paragraph: list[str] = []
    at = 0
    while at < len(lines):
        taken = _take(lines, at, depth)
        if taken is None and not _BLANK.match(lines[at]):
            paragraph.append(lines[at])
        elif paragraph:
            found.append(Paragraph(parse_lines(paragraph)))
            paragraph = []
        found += [taken.block] if taken else []
        at = taken.following if taken else at + 1
    return [*found, Paragraph(parse_lines(paragraph))] if paragraph else found


def _take(lines: Sequence[str], at: int, depth: int) -> Taken | None:
    return next((taken for rule in _RULES if (taken := rule(lines, at, depth))), None)


def _fence(lines: Sequence[str], at: int, _depth: int) -> Taken | None:
    """A fence that is never closed reaches to the end."""
    if (opening := _FENCE.match(lines[at])) is None:
        return None
    end = at + 1
    while end < len(lines) and not _closes(lines[end], len(opening[1])):
        end += 1
    lang = re.split(r"[ \t]", opening[2].strip(" \t"), maxsplit=1)[0]
    return Taken(CodeBlock(lang, "\n".join(lines[at + 1 : end])), end + 1)


def _closes(line: str, length: int) -> bool:
    close = _CLOSE.match(line)
    return close is not None and len(close[1]) >= length


def _quote(lines: Sequence[str], at: int, depth: int) -> Taken | None:
    if depth >= MAX_QUOTE_DEPTH:
        return None
    inside = _consecutive(lines, at, _QUOTE)
    return Taken(Quote(_blocks(inside, depth + 1)), at + len(inside)) if inside else None


def _bullets(lines: Sequence[str], at: int, _depth: int) -> Taken | None:
    items = _consecutive(lines, at, _BULLET)
    return Taken(_list(items, ordered=False, start=1), at + len(items)) if items else None


def _numbers(lines: Sequence[str], at: int, _depth: int) -> Taken | None:
    if (first := _NUMBER.match(lines[at])) is None:
        return None
    items = _consecutive(lines, at, _NUMBER)
    return Taken(_list(items, ordered=True, start=int(first[1])), at + len(items))


def _list(items: Sequence[str], *, ordered: bool, start: int) -> ItemList:
    return ItemList(ordered, start, [parse_lines([item]) for item in items])


def _consecutive(lines: Sequence[str], at: int, mark: re.Pattern[str]) -> list[str]:
    """What follows the mark on each line from `at` on that has it."""
    found: list[str] = []
    for number in range(at, len(lines)):
        if (opening := mark.match(lines[number])) is None:
            break
        found.append(lines[number][opening.end() :])
    return found


_RULES: Final[tuple[Rule, ...]] = (_fence, _quote, _bullets, _numbers)
