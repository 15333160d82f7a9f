"""The inline tree while it is being built: a stack of marks that are open."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from uptc_messenger.services.messages.markdown.tree import Emphasis, Inline, Strike, Strong, Text


class Mark(msgspec.Struct, frozen=True):
    """What a delimiter makes, and the delimiter: `*` and `_` do not close each other."""

    makes: type[Strong | Emphasis | Strike]
    text: str


class Nodes:
    """Each mark is open at most once, so the stack holds at most four and a step is constant."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._children: list[list[Inline]] = [[]]

    def add(self, node: Inline) -> None:
        self._children[-1].append(node)

    def open(self, marks: Sequence[Mark]) -> bool:
        """Open all of them, the first outermost; False when one is open or there are none."""
        if not marks or any(mark in self._marks for mark in marks):
            return False
        self._marks.extend(marks)
        self._children.extend([] for _ in marks)
        return True

    def close(self, marks: Sequence[Mark]) -> bool:
        """Close all of them; what is open inside becomes text. False unless all are open."""
        if not marks or any(mark not in self._marks for mark in marks):
            return False
        for mark in sorted(marks, key=self._marks.index, reverse=True):
            self._close_one(mark)
        return True

    def finish(self) -> list[Inline]:
        while self._marks:
            self._unwind()
        return _joined(self._children[0])

    def _close_one(self, mark: Mark) -> None:
        while self._marks[-1] != mark:
            self._unwind()
        self._marks.pop()
        self.add(mark.makes(_joined(self._children.pop())))

    def _unwind(self) -> None:
        """The innermost mark was never closed: it is text after all."""
        mark, children = self._marks.pop(), self._children.pop()
        self._children[-1] += [Text(mark.text), *children]


def _joined(nodes: list[Inline]) -> list[Inline]:
    """Neighbouring texts as one; joined once, since adding to a growing text is quadratic."""
    joined: list[Inline] = []
    for is_text, group in groupby(nodes, lambda node: isinstance(node, Text)):
        run = list(group)
        joined += [Text("".join(_texts(run)))] if is_text else run
    return joined


def _texts(nodes: list[Inline]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text):
            yield node.text
