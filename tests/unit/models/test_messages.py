import msgspec
import pytest

from uptc_messenger.models.base import ChatId, FileId, MessageId
from uptc_messenger.models.commands import SendMessage
from uptc_messenger.models.errors import BadRequest, TooLarge
from uptc_messenger.models.messages import (
    MAX_TEXT_BYTES,
    Body,
    MessageEdit,
    MessagePut,
    ReadMark,
    Sent,
    require_content,
)
from uptc_messenger.toolkit.ids import uuid7


@pytest.mark.parametrize(
    "text", ["a", "ñ", "👩‍👩‍👧", " a ", "a" * MAX_TEXT_BYTES, "ñ" * (MAX_TEXT_BYTES // 2)]
)
def test_a_text_has_1_to_16384_bytes(text: str):
    assert Body(text=text).text == text


@pytest.mark.parametrize("text", ["", " ", "\n\t  \u3000", " \n\u200b", "\u2800\ufeff\u00ad"])
def test_a_text_of_nothing_is_refused_unless_there_is_a_file(text: str):
    with pytest.raises(BadRequest):
        require_content(Body(text=text), [])
    with pytest.raises(BadRequest):
        MessagePut(body=Body(text=text))
    with pytest.raises(BadRequest):
        SendMessage(chat_id=ChatId(uuid7()), message_id=MessageId(uuid7()), body=Body(text=text))
    put = MessagePut(body=Body(text=text), file_ids=[FileId(uuid7())])
    assert put.body.text == text


@pytest.mark.parametrize(
    "text", ["a" * (MAX_TEXT_BYTES + 1), "ñ" * (MAX_TEXT_BYTES // 2) + "a", "👍" * 4097]
)
def test_bytes_are_counted_and_not_characters(text: str):
    with pytest.raises(TooLarge):
        Body(text=text)


def test_a_decoder_lets_the_refusal_of_a_body_through_with_its_code():
    raw = msgspec.json.encode({"body": {"text": "a" * (MAX_TEXT_BYTES + 1)}})
    with pytest.raises(TooLarge):
        msgspec.json.decode(raw, type=MessagePut)


@pytest.mark.parametrize(
    "extra", [{"reply_to": "x"}, {"file_ids": [uuid7()] * 11}, {"sender_id": uuid7()}, {"body": {}}]
)
def test_a_message_to_send_is_held_to_its_form(extra: dict[str, object]):
    raw = msgspec.json.encode({"body": {"text": "hola"}} | extra)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=MessagePut)


@pytest.mark.parametrize("revision", [0, -1, 1.5, "1"])
def test_a_base_revision_counts_from_one(revision: object):
    wanted = {"body": {"text": "hola"}, "change_id": uuid7(), "base_revision": revision}
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(wanted), type=MessageEdit)


def test_a_mark_moves_forward_unless_forced():
    assert msgspec.json.decode(b'{"n":3}', type=ReadMark) == ReadMark(n=3, force=False)


def test_the_answer_to_a_send_has_its_four_fields():
    sent = Sent(seq=4, n=2, created_at="2026-11-23T09:00:00.000Z", duplicate=False)
    assert msgspec.to_builtins(sent) == {
        "seq": 4,
        "n": 2,
        "created_at": "2026-11-23T09:00:00.000Z",
        "duplicate": False,
    }
