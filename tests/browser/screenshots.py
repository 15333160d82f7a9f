"""Every screen as a picture: `make screenshots`, then look at them one by one."""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import FLAGS, Desk
from tests.browser.luggage import Thing, drop, photos, report, table, voice
from tests.browser.people import PASSWORD, Reader
from tests.server import Server, serving

WIDTHS = {390: 844, 768: 1024, 1280: 800}
PEOPLE = ("Ana Gómez", "Benjamín Núñez", "Carla Peña", "Diego Rojas Villamil", "Élida Soto")
SAID = (
    (1, "¿Quién trae el informe de la reunión?"),
    (2, "Yo. Lo subo esta noche con **las gráficas** y el anexo."),
    (0, "Gracias, Carla. @benjamin.nunez, ¿revisas la parte de `consenso`?"),
    (1, "Sí.\n\n- lectura\n- escritura\n- lo que quede"),
    (3, "Mañana en el salón C-204 a las 8: https://example.org/aulas"),
    (4, "👍"),
)

_TRIES = 3
_PRESSED_MS = 5_000
VOICE = {"duration_ms": 7_400, "waveform": [abs((n * 37) % 47 - 23) for n in range(64)]}


@dataclass(frozen=True)
class Screen:
    """A name for the file, and how one gets there."""

    name: str
    go: Callable[[Reader], None]


class World:
    """A server with people who have talked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.lab = ""
        self._people = [self._register(name) for name in PEOPLE]
        ana = self._people[0]
        others = [self._id(person) for person in self._people[1:]]
        course = self._chat(ana, "Sistemas distribuidos, grupo 2", others)
        said = [self._say(self._people[who], course, text) for who, text in SAID]
        self.edited = self._revise(course, said[1])
        self._chat(ana, "Comité de grado", others[:2])
        news = self._chat(ana, "Avisos de la facultad", others, kind="channel")
        self._say(ana, news, "Se cierran inscripciones el viernes.")
        self.direct = self._chat(self._people[1], None, [self._id(ana)], kind="direct")
        for who, text in (
            (1, "Hola, Ana"),
            (0, "Hola, ¿todo bien?"),
            (1, "¿Nos vemos a las ocho?"),
        ):
            self._say(self._people[who], self.direct, text)
        self.course = course
        self.saved = self._save(course, said[:2])
        answer = ana.post("/invites", json={"chat_ids": [course]})
        self.invite = str(answer.json()["invite"])

    def close(self) -> None:
        for person in self._people:
            person.close()

    def _register(self, name: str) -> httpx.Client:
        client = httpx.Client(base_url=f"{self.url}/api/v1")
        username = "".join(c for c in name.lower().replace(" ", ".") if c.isascii())
        username = {"benjamn.nez": "benjamin.nunez"}.get(username, username)
        body = {"username": username, "password": PASSWORD, "display_name": name}
        answer = client.post("/auth/register", json=body)
        answer.raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def _id(self, person: httpx.Client) -> str:
        return str(person.get("/users/me").json()["user_id"])

    def _chat(
        self, who: httpx.Client, title: str | None, others: list[str], kind: str = "group"
    ) -> str:
        named: dict[str, Any] = {} if title is None else {"title": title}
        answer = who.post("/chats", json={"kind": kind, "member_ids": others, **named})
        answer.raise_for_status()
        return str(answer.json()["chat_id"])

    def _say(self, who: httpx.Client, chat: str, text: str) -> str:
        message = _new_id()
        answer = who.put(f"/chats/{chat}/messages/{message}", json={"body": {"text": text}})
        answer.raise_for_status()
        return message

    def _save(self, course: str, said: list[str]) -> str:
        """What Ana keeps for herself, and what she has written for later."""
        ana = self._people[0]
        saved = self._chat(ana, None, [], kind="saved")
        for message in said:
            at = f"/chats/{saved}/messages/{_new_id()}/forward"
            ana.put(at, json={"chat_id": course, "message_id": message}).raise_for_status()
        self._say(ana, saved, "Preguntar en la secretaría por el acta.")
        for days, text in ((1, "Recuerden traer el informe **impreso**."), (4, "¿Cómo les fue?")):
            when = datetime.now(UTC) + timedelta(days=days)
            at = f"/chats/{course}/scheduled/{_new_id()}"
            wanted = {"body": {"text": text}, "send_at": when.isoformat()}
            ana.put(at, json=wanted).raise_for_status()
        return saved

    def add_files(self) -> None:
        """A conversation of pictures, documents and a voice."""
        ana, *others = self._people
        ids = [self._id(person) for person in others]
        self.lab = self._chat(ana, "Laboratorio de redes", ids)
        self._send(self._people[1], self.lab, "De la práctica de hoy", *photos(4))
        self._send(self._people[2], self.lab, "", report(), table())
        self._send(self._people[3], self.lab, "", voice(), spoken=VOICE)
        self._send(self._people[0], self.lab, "Y el montaje, ya ordenado.", photos(5)[4])

    def _send(
        self, who: httpx.Client, chat: str, text: str, *things: Thing, spoken: object = None
    ) -> None:
        ids = [self._upload(who, thing, spoken) for thing in things]
        at = f"/chats/{chat}/messages/{_new_id()}"
        who.put(at, json={"body": {"text": text}, "file_ids": ids}).raise_for_status()

    def _upload(self, who: httpx.Client, thing: Thing, spoken: object) -> str:
        content = thing.content
        told: dict[str, Any] = {} if spoken is None else {"voice": spoken}
        wanted = {"upload_id": _new_id(), "name": thing.name, "size": len(content), **told}
        file = str(who.post("/files", json=wanted).json()["file_id"])
        octets = {"content-type": "application/octet-stream"}
        at = f"/files/{file}"
        who.put(f"{at}/content?offset=0", content=content, headers=octets).raise_for_status()
        done = {"sha256": hashlib.sha256(content).hexdigest()}
        who.post(f"{at}/complete", json=done, timeout=60).raise_for_status()
        return file

    def _revise(self, chat: str, message: str) -> str:
        """Edited by its author, pinned, and reacted to by all."""
        at = f"/chats/{chat}/messages/{message}"
        text = "Yo. Lo subo esta noche con **las gráficas**, el anexo y las fuentes."
        change = {"body": {"text": text}, "change_id": _new_id()}
        self._people[2].patch(at, json=change).raise_for_status()
        self._people[0].put(f"{at}/pin").raise_for_status()
        for person, emoji in zip(self._people, ("👍", "👍", "🎉", "👍", "👀"), strict=True):
            person.put(f"{at}/reactions/{emoji}").raise_for_status()
        return message


def _new_id() -> str:
    from uptc_messenger.toolkit.ids import uuid7  # noqa: PLC0415 - only here

    return uuid7()


def entry_screens(world: World) -> Iterator[Screen]:
    """What a visitor sees."""
    for name, path in (
        ("entrada", "/"),
        ("cuenta-nueva", "/register"),
        ("invitacion", f"/join#{world.invite}"),
        ("enlace-malo", "/owner#malo"),
    ):
        yield Screen(name, lambda reader, path=path: _visit(reader, path))


def _visit(reader: Reader, path: str) -> None:
    reader.page.goto("about:blank")
    reader.page.goto(reader.url + path)


def home_screens(world: World) -> Iterator[Screen]:
    """What somebody sees who is in, by the dialogs that the keys and addresses open."""
    yield Screen("lista", lambda reader: _visit(reader, "/"))
    yield Screen("grupo", lambda reader: _visit(reader, f"/c/{world.course}"))
    yield Screen("directa", lambda reader: _visit(reader, f"/c/{world.direct}"))
    yield Screen("guardados", lambda reader: _visit(reader, f"/c/{world.saved}"))
    for name in DIALOGS:
        yield Screen(f"ventana-{name}", lambda reader, name=name: _dialog(reader, world, name))
    for page in range(7):
        yield Screen(
            f"ajustes-{page + 1}", lambda reader, page=page: _settings(reader, world, page)
        )


def file_screens(world: World) -> Iterator[Screen]:
    """What has to do with files."""
    yield Screen("archivos", lambda reader: _visit(reader, f"/c/{world.lab}"))
    yield Screen("visor", lambda reader: _viewer(reader, world))
    yield Screen("galeria", lambda reader: _gallery(reader, world))
    yield Screen("por-enviar", lambda reader: _tray(reader, world))
    yield Screen("grabando", lambda reader: _recording(reader, world))


def _viewer(reader: Reader, world: World) -> None:
    _visit(reader, f"/c/{world.lab}")
    reader.timeline.locator(".album button img").first.wait_for()
    # The list may put the row in anew while it finds its place, and a press on the old one is none.
    for _ in range(_TRIES):
        reader.timeline.locator(".album button").first.click()
        with suppress(PlaywrightTimeout):
            reader.page.locator("dialog[open]").wait_for(timeout=_PRESSED_MS)
            break
    reader.page.locator("dialog[open] img").wait_for()


def _gallery(reader: Reader, world: World) -> None:
    _dialog(reader, world, "gallery", world.lab)
    reader.window.locator(".grid img").first.wait_for()


def _tray(reader: Reader, world: World) -> None:
    _visit(reader, f"/c/{world.lab}")
    tray = reader.page.locator(".tray")
    reader.page.locator(".composer textarea").wait_for()
    if tray.count() == 0:
        drop(reader.page, *photos(2), report(), table())
    tray.locator("li").nth(3).wait_for()
    tray.locator(".face").first.click()


def _recording(reader: Reader, world: World) -> None:
    _visit(reader, f"/c/{world.course}")
    # Where something is written there is no microphone.
    reader.page.locator(".composer textarea").fill("")
    reader.page.locator(".composer form > .icon-button").nth(1).click()
    recorder = reader.page.locator(".recorder")
    recorder.wait_for()
    if recorder.locator(".button.primary").count() == 1:
        recorder.locator(".button.primary").click()
    recorder.locator(".levels span").nth(20).wait_for(state="attached")


DIALOGS = (
    "members",
    "chatSettings",
    "invite",
    "create",
    "switcher",
    "shortcuts",
    "folders",
    "profile",
    "search",
    "history",
    "reactors",
    "report",
    "forward",
    "schedule",
    "scheduled",
)


def _dialog(reader: Reader, world: World, name: str, chat: str = "") -> None:
    """Open a window as the history would on coming back to it."""
    chat = chat or world.course
    me = reader.page.request.get(f"{reader.url}/api/v1/users/me").json()["user_id"]
    members = reader.page.request.get(f"{reader.url}/api/v1/chats/{world.course}/members").json()
    other = next(each["user_id"] for each in members["members"] if each["user_id"] != me)
    _visit(reader, f"/c/{chat}")
    dialog = {
        "name": name,
        "chatId": chat,
        "userId": other,
        "messageId": world.edited,
        "messageIds": [world.edited],
        "complaint": {
            "userId": other,
            "message": {"chatId": world.course, "path": f"/c/{world.course}/m/2", "text": "Yo."},
        },
    }
    if name == "schedule":
        reader.page.locator(".composer textarea").fill("Mañana empezamos media hora más tarde.")
    reader.page.evaluate(
        "dialog => { history.pushState({ depth: 1, dialog }, ''); history.pushState({ depth: 2,"
        " dialog: null }, ''); history.back() }",
        dialog,
    )
    reader.window.wait_for()
    if name == "invite":
        reader.page.locator("dialog form button[type=submit]").click()
        reader.page.locator("dialog svg[role=img]").wait_for()


def _settings(reader: Reader, world: World, page: int) -> None:
    _dialog(reader, world, "settings")
    reader.page.get_by_role("tab").nth(page).click()


def take(browser: Browser, server: Server, folder: Path, only: str) -> int:
    """Take all pictures whose name contains `only`; how many there are."""
    world = World(server.url)
    world.add_files()
    count = 0
    for width, height in WIDTHS.items():
        for dark in (False, True):
            for language in ("es-CO", "en-US") if not dark and width != 768 else ("es-CO",):
                label = f"{width}.{'dark' if dark else 'light'}.{language[:2]}"
                desk = Desk(browser, server)
                reader = desk.reader(width=width, height=height, dark=dark, language=language)
                count += _series(reader, entry_screens(world), folder, label, only)
                reader.name, reader.username = PEOPLE[0], "ana.gmez"
                reader.sign_in(reader)
                reader.page.locator("nav li").first.wait_for()
                count += _series(reader, home_screens(world), folder, label, only)
                count += _series(reader, file_screens(world), folder, label, only)
                desk.close()
    world.close()
    return count


def _series(reader: Reader, screens: Iterator[Screen], folder: Path, label: str, only: str) -> int:
    count = 0
    for screen in screens:
        if only not in f"{screen.name}.{label}":
            continue
        screen.go(reader)
        reader.page.wait_for_timeout(700)
        reader.page.screenshot(path=folder / f"{screen.name}.{label}.png")
        count += 1
    return count


def main(folder: str = "screenshots", only: str = "") -> None:
    """Take the pictures into `folder`."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data) / "data", "--registration", "open", UPTC_LIMITS="off") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        count = take(browser, server, target, only)
        browser.close()
    sys.stdout.write(f"{count} pictures in {target}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
