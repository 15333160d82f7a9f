from typing import Annotated

import msgspec
import pytest

from uptc_messenger.models.base import Record
from uptc_messenger.models.stored import read_stored


class Leaf(Record, frozen=True):
    size: int


class Tree(Record, frozen=True):
    name: str
    leaf: Leaf | msgspec.UnsetType = msgspec.UNSET
    leaves: list[Leaf] = []  # noqa: RUF012 - msgspec copies it
    fallen: tuple[Leaf, ...] = ()
    rare: Annotated[list[Leaf], msgspec.Meta(max_length=3)] | msgspec.UnsetType = msgspec.UNSET
    named: dict[str, Leaf] | None = None
    words: list[str] | None = None


def test_what_is_not_known_is_left_out_at_any_depth():
    leaf = {"size": 1, "colour": "green"}
    stored = {"name": "oak", "leaf": leaf, "leaves": [leaf, leaf], "age": 100}
    assert read_stored(stored, Tree) == Tree(
        name="oak", leaf=Leaf(size=1), leaves=[Leaf(size=1)] * 2
    )


@pytest.mark.parametrize(
    ("field", "stored", "read"),
    [
        ("fallen", [], ()),
        ("fallen", [{"size": 1, "colour": "red"}], (Leaf(size=1),)),
        ("rare", [{"size": 1, "colour": "red"}], [Leaf(size=1)]),
        ("named", {"a": {"size": 1, "colour": "red"}}, {"a": Leaf(size=1)}),
        ("words", ["a", "b"], ["a", "b"]),
    ],
)
def test_in_whatever_they_stand(field: str, stored: object, read: object):
    found = read_stored({"name": "oak", "age": 100, field: stored}, Tree)
    assert getattr(found, field) == read


@pytest.mark.parametrize("stored", [{}, {"name": 3}, {"name": "oak", "leaf": {}}, [], None])
def test_what_is_known_still_has_to_be_right(stored: object):
    with pytest.raises(msgspec.ValidationError):
        read_stored(stored, Tree)
