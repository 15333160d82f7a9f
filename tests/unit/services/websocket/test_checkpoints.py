from typing import Any

from tests.sessions import Device, arrive, look, make_hub, new_chat, new_user, said
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket.checkpoints import Checkpoints
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.tokens import SyncTokens

TOKENS = SyncTokens(b"k" * 32, "epoch")


def checkpoints() -> tuple[Hub, Checkpoints]:
    hub = make_hub()
    hub.tick(100.0)
    return hub, Checkpoints(hub, TOKENS)


def tokens(device: Device) -> list[int | None]:
    frames: list[dict[str, Any]] = device.heard()
    return [TOKENS.watermark(f["sync_token"]) for f in frames if f["type"] == "checkpoint"]


def test_a_token_is_given_when_all_that_it_speaks_of_was_told():
    hub, points = checkpoints()
    chat = new_chat()
    device = arrive(hub, new_user(), chat)
    hub.publish([said(chat, 1, new_user())])
    points.offer(5_000, 100.1)
    points.turn()
    points.give(device.subscriber)
    assert tokens(device) == [], "the head of the chat has not been told yet"
    hub.tick(101.0)
    points.turn()
    points.give(device.subscriber)
    points.give(device.subscriber)
    assert tokens(device) == [5_000], "once"


def test_a_gap_holds_it_back():
    hub, points = checkpoints()

    class Never:
        def now(self) -> float:
            return 100.0

        def later(self, seconds: float, key: object) -> None:
            pass

        def start(self, key: object, gap: object) -> None:
            pass

    hub.repairs.connect(Never())
    chat = new_chat()
    device = arrive(hub, new_user(), chat)
    look(hub, device, chat)
    hub.learn(Head(chat_id=chat, seq=4, n=4))
    hub.tick(100.0)
    points.offer(5_000, 100.1)
    points.turn()
    assert points.safe is None


def test_who_lags_gets_none():
    hub, points = checkpoints()
    device = arrive(hub, new_user())
    device.outbox.held = set()
    points.offer(5_000, 100.1)
    points.turn()
    points.give(device.subscriber)
    assert (points.safe, tokens(device)) == (5_000, [])


def test_muted_chats_are_told_just_before():
    hub, points = checkpoints()
    chat = new_chat()
    device = arrive(hub, new_user(), chat)
    hub.show(device.subscriber, (), [chat])
    hub.publish([said(chat, 1, new_user())])
    hub.tick(102.0)
    points.offer(5_000, 103.0)
    points.turn()
    points.give(device.subscriber)
    assert device.kinds() == ["chat.head", "checkpoint"]
