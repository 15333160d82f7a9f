"""A message's text without its marks: for previews, quotes and mentions."""

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from uptc_messenger.services.messages.markdown.blocks import parse
from uptc_messenger.services.messages.markdown.tree import (
    Block,
    Break,
    Code,
    CodeBlock,
    Inline,
    ItemList,
    Mention,
    Paragraph,
    Quote,
    Text,
)

_SPACES = re.compile("[ \t\n\u00a0\u3000]+")


def excerpt(text: str, limit: int) -> str:
    """One line of plain text of at most `limit` characters, the last an ellipsis if it was cut."""
    words = _SPACES.split(" ".join(_block_text(block) for block in parse(text)))
    line = " ".join(word for word in words if word)
    return line if len(line) <= limit else line[: limit - 1].removesuffix(" ") + "…"


def mentioned(text: str) -> list[str]:
    """The usernames mentioned, and `all`, in order, each once; not what stands in code."""
    if "@" not in text:
        return []
    return list(dict.fromkeys(name for block in parse(text) for name in _block_names(block)))


def _block_text(block: Block) -> str:
    match block:
        case Paragraph():
            return _inline_text(block.children)
        case CodeBlock():
            return block.text
        case Quote():
            return " ".join(_block_text(child) for child in block.children)
        case ItemList():
            return " ".join(_inline_text(item) for item in block.items)
        case _:
            assert_never(block)


def _inline_text(nodes: Iterable[Inline]) -> str:
    return "".join(_node_text(node) for node in nodes)


def _node_text(node: Inline) -> str:
    match node:
        case Text() | Code():
            return node.text
        case Break():
            return " "
        case Mention():
            return f"@{node.name}"
        case _:
            return _inline_text(node.children)


def _block_names(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from _names(block.children)
        case CodeBlock():
            return
        case Quote():
            for child in block.children:
                yield from _block_names(child)
        case ItemList():
            for item in block.items:
                yield from _names(item)
        case _:
            assert_never(block)


def _names(nodes: Iterable[Inline]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Mention():
                yield node.name
            case Text() | Code() | Break():
                pass
            case _:
                yield from _names(node.children)
