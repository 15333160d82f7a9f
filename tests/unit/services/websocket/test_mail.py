import msgspec
import pytest

from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.services.websocket import mail as form
from uptc_messenger.services.websocket.mail import (
    AnyMail,
    ApartMail,
    ChatMail,
    EndMail,
    Entry,
    FleetingMail,
    UserMail,
)

ANA, LUIS, CHAT = UserId("ana"), UserId("luis"), ChatId("chat")


@pytest.mark.parametrize(
    "mail",
    [
        ChatMail(CHAT, True, [Entry(1, 1, 0, b"{}"), Entry(2, 2, 9, None)]),
        UserMail(ANA, 4, None),
        FleetingMail(b"{}"),
        EndMail(ANA, None, CloseCode.SESSION_REVOKED),
        EndMail(ANA, [SessionId("s")], CloseCode.ACCOUNT_DISABLED),
        ApartMail(ANA, LUIS, on=True),
    ],
)
def test_mail_comes_as_it_went(mail: AnyMail):
    assert form.unpack(form.pack(mail)) == mail


@pytest.mark.parametrize("junk", [b"", b"\xc1", b"{}", b"\x93\x01\x02\x03", b"\x92\x63\x00"])
def test_what_is_no_mail_is_refused(junk: bytes):
    with pytest.raises(msgspec.DecodeError):
        form.unpack(junk)


def test_a_field_that_a_newer_node_adds_is_passed_over():
    newer = msgspec.msgpack.encode([2, "ana", 4, None, "new"])
    assert form.unpack(newer) == UserMail(ANA, 4, None)


def test_every_subject_is_a_word_and_a_name():
    subjects = [form.of_user(ANA), form.of_chat(CHAT), form.of_viewers(CHAT), form.of_endings(ANA)]
    assert subjects == ["u.ana", "c.chat", "e.chat", "ctl.user.ana"]
