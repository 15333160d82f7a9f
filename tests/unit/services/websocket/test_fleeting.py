from tests.sessions import arrive, look, make_hub, new_chat, new_user
from uptc_messenger.models.events import Apart
from uptc_messenger.models.fleeting import ReceiptShown
from uptc_messenger.services.websocket import fleeting


def test_a_receipt_is_shown_to_the_others_who_look():
    hub, ana, luis, chat = make_hub(), new_user(), new_user(), new_chat()
    reader, other, away = arrive(hub, ana, chat), arrive(hub, luis, chat), arrive(hub, luis, chat)
    look(hub, reader, chat)
    look(hub, other, chat)
    frame = ReceiptShown(chat_id=chat, user_id=ana, n=3)
    fleeting.show(hub.directory, frame)
    assert (reader.kinds(), other.kinds(), away.kinds()) == ([], ["receipt"], [])
    fleeting.part(hub.directory, Apart(one=luis, other=ana, on=True))
    fleeting.show(hub.directory, frame)
    assert other.kinds() == []
