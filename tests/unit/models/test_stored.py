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


def test_what_is_not_known_is_left_out_at_any_depth():
    leaf = {"size": 1, "colour": "green"}
    stored = {"name": "oak", "leaf": leaf, "leaves": [leaf, leaf], "age": 100}
    assert read_stored(stored, Tree) == Tree(
        name="oak", leaf=Leaf(size=1), leaves=[Leaf(size=1)] * 2
    )


@pytest.mark.parametrize("stored", [{}, {"name": 3}, {"name": "oak", "leaf": {}}, [], None])
def test_what_is_known_still_has_to_be_right(stored: object):
    with pytest.raises(msgspec.ValidationError):
        read_stored(stored, Tree)
