import msgspec
import pytest

from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.fleeting import Frame, ReceiptShown, Typing
from uptc_messenger.toolkit.ids import uuid7

CHAT, LUIS = ChatId(uuid7()), UserId(uuid7())


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (Typing(chat_id=CHAT, user_id=LUIS, on=True), {"type": "typing", "on": True}),
        (ReceiptShown(chat_id=CHAT, user_id=LUIS, n=3), {"type": "receipt", "n": 3}),
    ],
)
def test_what_is_fleeting_has_a_place_and_no_position(frame: Frame, told: dict[str, object]):
    shown = msgspec.json.decode(msgspec.json.encode(frame))
    assert shown == {"chat_id": CHAT, "user_id": LUIS, **told}
    assert "seq" not in shown
