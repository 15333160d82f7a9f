import msgspec
import pytest

from uptc_messenger.models.base import MAX_SEQ, Record, WireChatId, WireSeq
from uptc_messenger.toolkit.ids import uuid7


class Place(Record, frozen=True):
    chat_id: WireChatId
    seq: WireSeq


def read(chat_id: object, seq: object = 1) -> Place:
    raw = msgspec.json.encode({"chat_id": chat_id, "seq": seq})
    return msgspec.json.decode(raw, type=Place)


def test_an_id_is_the_canonical_text_of_a_uuid():
    made = uuid7()
    assert read(made).chat_id == made


ONE = "01a21597-99e9-76c6-bed7-8de664f18266"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        ONE.upper(),
        ONE.replace("-", ""),
        ONE + "\n",
        "{" + ONE + "}",
        "urn:uuid:" + ONE,
        ONE[:-1] + "g",
        None,
        7,
    ],
)
def test_anything_else_is_refused_so_that_equal_ids_are_equal_strings(text: object):
    with pytest.raises(msgspec.ValidationError):
        read(text)


def test_positions_are_integers_that_every_json_reader_keeps_exact():
    assert read(uuid7(), MAX_SEQ).seq == 2**53 - 1
    for wrong in (-1, MAX_SEQ + 1, 1.5, "1", None):
        with pytest.raises(msgspec.ValidationError):
            read(uuid7(), wrong)


def test_a_record_cannot_be_changed():
    with pytest.raises(AttributeError):
        read(uuid7()).seq = 2  # pyright: ignore[reportAttributeAccessIssue]


def test_an_undeclared_field_is_refused_not_ignored():
    raw = msgspec.json.encode({"chat_id": uuid7(), "seq": 1, "extra": True})
    with pytest.raises(msgspec.ValidationError, match="unknown field `extra`"):
        msgspec.json.decode(raw, type=Place)
