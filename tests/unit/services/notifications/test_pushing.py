import asyncio
import socket
from collections.abc import AsyncGenerator
from email.utils import formatdate

import pytest

from tests.browsers import Browser
from tests.core import NOON, SetClock
from tests.push_service import PushService, push_service
from uptc_messenger.services.notifications import pushing
from uptc_messenger.services.notifications.destinations import parse
from uptc_messenger.services.notifications.outcomes import SENT
from uptc_messenger.services.notifications.pushing import Parcel, Pusher, topic_of
from uptc_messenger.services.notifications.vapid import Vapid, new_secret


@pytest.fixture
async def service() -> AsyncGenerator[PushService, None]:
    async with push_service() as made:
        yield made


@pytest.fixture
async def pusher() -> AsyncGenerator[Pusher, None]:
    vapid = Vapid(new_secret(), "mailto:admin@example.edu")
    made = Pusher(vapid, SetClock(), loopback=True)
    yield made
    await made.close()


def parcel(browser: Browser) -> Parcel:
    return Parcel(
        to=parse(browser.endpoint, loopback=True),
        keys=browser.keys,
        payload=b'{"hola": "\xc3\xb1"}',
        topic=topic_of("chat", "device"),
        ttl_s=60,
        urgency="high",
    )


async def test_the_browser_reads_what_was_sent(service: PushService, pusher: Pusher):
    browser = service.browser()
    assert await pusher.push(parcel(browser)) == SENT
    (got,) = service.received
    assert got.opened == {"hola": "ñ"}
    assert got.headers["ttl"] == "60"
    assert got.headers["urgency"] == "high"
    assert got.headers["content-encoding"] == "aes128gcm"
    assert got.headers["authorization"].startswith("vapid t=")
    assert got.headers["host"] == service.url.removeprefix("http://")
    assert len(got.headers["topic"]) == 32


@pytest.mark.parametrize(
    ("status", "headers", "verdict", "after_ms"),
    [
        (200, {}, "sent", 0),
        (404, {}, "gone", 0),
        (410, {}, "gone", 0),
        (429, {"retry-after": "120"}, "later", 120_000),
        (429, {"retry-after": formatdate(NOON / 1000 + 30, usegmt=True)}, "later", 30_000),
        (429, {"retry-after": "soon"}, "later", 0),
        (429, {"retry-after": "²"}, "later", 0),
        (429, {"retry-after": "١٢"}, "later", 0),
        (429, {"retry-after": "99999999999999"}, "later", pushing.MAX_WAIT_MS),
        (500, {}, "later", 0),
        (503, {"retry-after": "-5"}, "later", 0),
        (400, {}, "refused", 0),
        (403, {}, "refused", 0),
        (413, {}, "refused", 0),
        (301, {"location": "http://127.0.0.1:1/x"}, "refused", 0),
        (307, {"location": "http://10.0.0.1/x"}, "refused", 0),
    ],
)
async def test_what_a_service_answers(
    service: PushService,
    pusher: Pusher,
    status: int,
    headers: dict[str, str],
    verdict: str,
    after_ms: int,
):
    service.answers.append((status, headers))
    outcome = await pusher.push(parcel(service.browser()))
    assert (outcome.verdict, outcome.after_ms) == (verdict, after_ms)
    assert len(service.received) == 1, "it was asked once, and no redirection was followed"


async def test_an_answer_without_an_end_is_not_waited_for(
    service: PushService, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pushing, "TIMEOUT_S", 0.2)
    service.answers.append((201, {"content-length": "100000000"}))
    outcome = await pusher.push(parcel(service.browser()))
    assert outcome.verdict == "later"


async def test_a_service_that_says_nothing_is_tried_later(
    service: PushService, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pushing, "TIMEOUT_S", 0.2)
    service.held = asyncio.Event()
    assert (await pusher.push(parcel(service.browser()))).detail == "no answer in time"
    service.held.set()


async def test_nothing_listens_there(pusher: Pusher):
    assert (await pusher.push(parcel(Browser("http://127.0.0.1:9")))).verdict == "later"


async def test_without_leave_this_machine_is_not_reached(service: PushService):
    strict = Pusher(Vapid(new_secret(), "mailto:a@b"), SetClock())
    outcome = await strict.push(parcel(service.browser()))
    await strict.close()
    assert outcome.verdict == "refused"
    assert "not on the public internet" in outcome.detail
    assert service.received == []


async def test_connections_to_many_services_are_let_go(
    service: PushService, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pushing, "_MOST_HOSTS", 1)
    here = service.browser()
    named = Browser(service.url.replace("127.0.0.1", "localhost"))
    await pusher.push(parcel(here))
    await pusher.push(parcel(named))
    assert [host for host, _ in pusher._clients] == ["localhost"]


async def test_a_connection_in_use_is_let_go_by_nobody(
    service: PushService, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pushing, "_MOST_HOSTS", 1)
    service.held = held = asyncio.Event()
    named = Browser(service.url.replace("127.0.0.1", "localhost"))
    async with asyncio.TaskGroup() as group:
        here = group.create_task(pusher.push(parcel(service.browser())))
        await service.until(1)
        service.held = None
        assert await pusher.push(parcel(named)) == SENT
        assert [host for host, _ in pusher._clients] == ["127.0.0.1"]
        held.set()
    assert here.result() == SENT


async def test_a_name_service_that_fails_loses_nothing(
    pusher: Pusher, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    outcome = await pusher.push(parcel(Browser("https://push.example.com")))
    assert outcome.verdict == "later"


def test_a_topic_is_what_the_standard_takes_and_tells_nothing():
    topic = topic_of("01a2", "03b4")
    assert len(topic) == 32
    assert topic.replace("-", "").replace("_", "").isalnum()
    assert topic != topic_of("01a2", "03b5")
