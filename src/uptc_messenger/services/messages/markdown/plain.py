"""A message's text without its marks: for previews, quotes, mentions and links."""

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
    Link,
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
    names = (node.name for node in _all(text) if isinstance(node, Mention))
    return list(dict.fromkeys(names))


def first_link(text: str) -> str | None:
    """The first address of a page that the text leads to; not what stands in code."""
    if "://" not in text:
        return None
    links = (node.href for node in _all(text) if isinstance(node, Link))
    return next((href for href in links if not href.lower().startswith("mailto:")), None)


def _all(text: str) -> Iterator[Inline]:
    return (node for block in parse(text) for node in _inlines(block))


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


def _inlines(block: Block) -> Iterator[Inline]:
    """All that stands in the lines of a block, in order, from the outside in."""
    match block:
        case Paragraph():
            yield from _within(block.children)
        case CodeBlock():
            return
        case Quote():
            for child in block.children:
                yield from _inlines(child)
        case ItemList():
            for item in block.items:
                yield from _within(item)
        case _:
            assert_never(block)


def _within(nodes: Iterable[Inline]) -> Iterator[Inline]:
    for node in nodes:
        yield node
        match node:
            case Mention() | Text() | Code() | Break():
                pass
            case _:
                yield from _within(node.children)
