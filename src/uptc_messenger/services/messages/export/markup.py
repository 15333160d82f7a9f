"""Text that people wrote, as HTML that holds nothing but that text.

Every character of theirs passes `escape`; every tag and attribute is written here.
"""

import html
import re
from collections.abc import Iterable
from typing import Final, assert_never

from uptc_messenger.services.messages.markdown import parse
from uptc_messenger.services.messages.markdown.links import SCHEMES
from uptc_messenger.services.messages.markdown.tree import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Inline,
    ItemList,
    Link,
    Mention,
    Paragraph,
    Quote,
    Strike,
    Strong,
    Text,
)

# Not allowed in HTML (control characters, but tab and line breaks), or able to turn the text
# around them (marks of direction without an end): shown as what they are, a character unknown.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def escape(text: str) -> str:
    """Text for a place between tags, or inside a quoted attribute."""
    return html.escape(_UNSEEN.sub("\ufffd", text), quote=True)


def rendered(text: str) -> str:
    """A message's text in HTML, by the subset of Markdown that clients show."""
    return _blocks(parse(text))


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{_inlines(block.children)}</p>"
        case CodeBlock():
            return f"<pre><code>{escape(block.text)}</code></pre>"
        case Quote():
            return f"<blockquote>{_blocks(block.children)}</blockquote>"
        case ItemList():
            return _list(block)
        case _:
            assert_never(block)


def _list(block: ItemList) -> str:
    items = "".join(f"<li>{_inlines(item)}</li>" for item in block.items)
    return f'<ol start="{block.start}">{items}</ol>' if block.ordered else f"<ul>{items}</ul>"


def _inlines(nodes: Iterable[Inline]) -> str:
    return "".join(_inline(node) for node in nodes)


def _inline(node: Inline) -> str:
    match node:
        case Text():
            return escape(node.text)
        case Break():
            return "<br>"
        case Code():
            return f"<code>{escape(node.text)}</code>"
        case Mention():
            return f"<b>@{escape(node.name)}</b>"
        case Link():
            return _link(node)
        case Strong() | Emphasis() | Strike():
            tag = _TAGS[type(node)]
            return f"<{tag}>{_inlines(node.children)}</{tag}>"
        case _:
            assert_never(node)


_TAGS: Final[dict[type[Strong] | type[Emphasis] | type[Strike], str]] = {
    Strong: "strong",
    Emphasis: "em",
    Strike: "s",
}


def _link(node: Link) -> str:
    shown = _inlines(node.children)
    # The parser makes no other links; a page that is kept for years relies on nobody.
    if not node.href.lower().startswith(SCHEMES):
        return shown
    href = escape(node.href)
    # On paper a link that does not show its address gets it added.
    named = "" if shown == href else ' class="named"'
    return f'<a href="{href}"{named} rel="noopener noreferrer nofollow">{shown}</a>'
