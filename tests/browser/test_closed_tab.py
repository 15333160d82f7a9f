"""From the one who writes to the device of one who is not there: every hop of a push message.

The server seals and sends over HTTP; the push service of this suite has the browser's private
key and opens it, and hands exactly that to the worker of a browser whose tab is closed. Two
hops are the test's own, because a browser of this kind has no push service: what `subscribe`
gives to the page, and the press on a notification, after which no worker may open a window
without a real finger. Where it would go is noted, and the test goes there.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any, Self

import pytest
from playwright.sync_api import Page, Worker, expect

from tests.browser.conftest import Desk
from tests.browser.pen import Pen
from tests.browser.people import Reader
from tests.push_service import PushService, push_service
from tests.server import Server, serving

pytestmark = pytest.mark.browser
SHOWN = """async () => (await self.registration.getNotifications())
    .map(({ title, body, data }) => ({ title, body, path: data.path }))"""
PRESSED = """async () => {
    const [notification] = await self.registration.getNotifications()
    const went = new Promise(go => { self.clients.openWindow = async path => go(path) })
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }))
    return went
}"""
SUBSCRIBING = "PushManager.prototype.subscribe = async () => ({ toJSON: () => (%s) })"


class Post:
    """The push service, in a loop of its own beside that of the browser."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._ready = threading.Event()
        self._end = asyncio.Event()
        self.service: PushService

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(30)

    def until(self, count: int) -> Any:
        """The last of so many messages, opened."""
        waiting = asyncio.run_coroutine_threadsafe(self.service.until(count), self._loop)
        opened = waiting.result(60)
        assert len(opened) == count, opened
        return opened[-1]

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with push_service() as self.service:
            self._ready.set()
            await self._end.wait()


class ClosedBrowser:
    """A browser that runs without a tab of ours: its worker wakes when something is pushed."""

    def __init__(self, reader: Reader) -> None:
        self._origin = reader.url
        self._context = reader.page.context
        self._ids: list[str] = []
        self._empty: Page = self._context.new_page()
        self._devtools: Any = self._context.new_cdp_session(self._empty)
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._learn)
        self._devtools.send("ServiceWorker.enable")
        reader.page.close()
        assert [page.url for page in self._context.pages] == ["about:blank"]

    def _learn(self, told: dict[str, Any]) -> None:
        self._ids += [
            one["registrationId"]
            for one in told["registrations"]
            if one["scopeURL"].startswith(self._origin)
        ]

    def deliver(self, payload: Any) -> None:
        for _ in range(200):
            if self._ids:
                break
            self._empty.wait_for_timeout(50)
        message = {"origin": self._origin, "registrationId": self._ids[-1]}
        self._devtools.send(
            "ServiceWorker.deliverPushMessage", {**message, "data": json.dumps(payload)}
        )

    def shown(self, *bodies: str) -> list[dict[str, str]]:
        """The notifications on the screen, once they say this."""
        for _ in range(400):
            found: list[dict[str, str]] = self._worker.evaluate(SHOWN)
            if [note["body"] for note in found] == list(bodies):
                return found
            self._empty.wait_for_timeout(50)
        pytest.fail("the screen shows something else")

    def press(self) -> str:
        """Press the notification, and where that leads."""
        path: str = self._worker.evaluate(PRESSED)
        return path

    @property
    def _worker(self) -> Worker:
        for _ in range(200):
            if workers := self._context.service_workers:
                return workers[-1]
            self._empty.wait_for_timeout(50)
        pytest.fail("no worker runs")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes a push service on this machine for one, and does not wait."""
    folder = tmp_path_factory.mktemp("closed")
    changed = {
        "UPTC_AUTH_ARGON2_MEMORY_KIB": "8",
        "UPTC_AUTH_ARGON2_TIME": "1",
        "UPTC_LIMITS": "off",
        "UPTC_NOTIFY_LOOPBACK": "true",
        "UPTC_NOTIFY_DELAY_S": "0",
        "UPTC_NOTIFY_AGAIN_S": "0",
    }
    with serving(folder / "data", "--registration", "open", **changed) as running:
        yield running


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as opened:
        yield opened


def test_a_message_reaches_who_has_closed_the_tab(desk: Desk, server: Server, post: Post):
    subscription = post.service.browser().body
    given = {"endpoint": subscription.pop("endpoint"), "keys": subscription}
    ana = desk.reader()
    ana.page.context.grant_permissions(["notifications"], origin=server.url)
    ana.page.add_init_script(SUBSCRIBING % json.dumps(given))
    ana.register("Ana Gómez")
    ana.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    ana.button("Tu cuenta y ajustes").click()
    ana.page.get_by_role("tab", name="Notificaciones").click()
    ana.button("Activar en este dispositivo").click()
    expect(ana.page.get_by_text("Activadas en este dispositivo.")).to_be_visible()
    luis = Pen.register(server.url, "Luis Ruiz")
    phone = Pen.login(server.url, ana.username)
    chat = luis.group("Redes", phone.user_id)
    browser = ClosedBrowser(ana)

    luis.write(chat, "¿vienes a la **sustentación**?")
    browser.deliver(post.until(1))
    (note,) = browser.shown("Luis Ruiz: ¿vienes a la sustentación?")
    assert note["title"] == "Redes"

    phone.read(chat, 1)
    browser.deliver(post.until(2))
    browser.shown()

    luis.write(chat, "es a las **tres**")
    browser.deliver(post.until(3))
    browser.shown("Luis Ruiz: es a las tres")
    path = browser.press()
    assert path == f"/c/{chat}/m/2"
    browser.shown()
    ana.page = ana.page.context.new_page()
    ana.page.goto(server.url + path)
    expect(ana.message("es a las tres")).to_be_in_viewport()
