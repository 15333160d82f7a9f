"""What a message's text means: a tree, never HTML. The client has the same types."""

import msgspec


class Node(msgspec.Struct, frozen=True, tag_field="type"):
    pass


class Text(Node, frozen=True, tag="text"):
    text: str


class Break(Node, frozen=True, tag="break"):
    pass


class Code(Node, frozen=True, tag="code"):
    text: str


class Strong(Node, frozen=True, tag="strong"):
    children: list["Inline"]


class Emphasis(Node, frozen=True, tag="emphasis"):
    children: list["Inline"]


class Strike(Node, frozen=True, tag="strike"):
    children: list["Inline"]


class Link(Node, frozen=True, tag="link"):
    href: str
    children: list["Inline"]


class Mention(Node, frozen=True, tag="mention"):
    """`name` is a username in lower case, or `all`."""

    name: str


Inline = Text | Break | Code | Strong | Emphasis | Strike | Link | Mention


class Paragraph(Node, frozen=True, tag="paragraph"):
    children: list[Inline]


class CodeBlock(Node, frozen=True, tag="code_block"):
    lang: str
    text: str


class Quote(Node, frozen=True, tag="quote"):
    children: list["Block"]


class ItemList(Node, frozen=True, tag="list"):
    ordered: bool
    start: int
    items: list[list[Inline]]


Block = Paragraph | CodeBlock | Quote | ItemList
