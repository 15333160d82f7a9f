"""The screens that stand by themselves: an address, or a window that one may come back to."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.campus import World
from tests.browser.luggage import drop, photos, report, table
from tests.browser.people import Reader

COMPOSER = ".place:not(.away) .composer textarea"
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
PAGES = 7
"""So many pages have the settings."""

_TRIES = 3
_STAND_AT = "([dialog, path]) => history.replaceState({ depth: 1, dialog }, '', path)"
_COME_BACK = """dialog => {
  history.pushState({ depth: 1, dialog }, '')
  history.pushState({ depth: 2, dialog: null }, '')
  history.back()
}"""
_PRESSED_MS = 5_000


@dataclass(frozen=True)
class Screen:
    """A name for the file, and how one gets there."""

    name: str
    go: Callable[[Reader], None]


def entry_screens(world: World) -> Iterator[Screen]:
    """What a visitor sees."""
    for name, path in (
        ("entrada", "/"),
        ("cuenta-nueva", "/register"),
        ("invitacion", f"/join#{world.invite}"),
        ("enlace-malo", "/owner#malo"),
    ):
        yield Screen(name, lambda reader, path=path: visit(reader, path))


def visit(reader: Reader, path: str) -> None:
    reader.page.goto("about:blank")
    reader.page.goto(reader.url + path)


def home_screens(world: World) -> Iterator[Screen]:
    """What somebody sees who is in, by the dialogs that the keys and addresses open."""
    yield Screen("lista", lambda reader: visit(reader, "/"))
    yield Screen("grupo", lambda reader: visit(reader, f"/c/{world.course}"))
    yield Screen("directa", lambda reader: visit(reader, f"/c/{world.direct}"))
    yield Screen("guardados", lambda reader: visit(reader, f"/c/{world.saved}"))
    for name in DIALOGS:
        yield Screen(f"ventana-{name}", lambda reader, name=name: open_window(reader, world, name))
    for page in range(PAGES):
        yield Screen(f"ajustes-{page + 1}", lambda reader, page=page: settings(reader, world, page))


def file_screens(world: World) -> Iterator[Screen]:
    """What has to do with files."""
    yield Screen("archivos", lambda reader: visit(reader, f"/c/{world.lab}"))
    yield Screen("visor", lambda reader: viewer(reader, world))
    yield Screen("galeria", lambda reader: gallery(reader, world))
    yield Screen("por-enviar", lambda reader: tray(reader, world))
    yield Screen("grabando", lambda reader: recording(reader, world))


def viewer(reader: Reader, world: World) -> None:
    """The album is the first message: at the end of the conversation it may be no row at all."""
    visit(reader, f"/c/{world.lab}/m/1")
    reader.timeline.locator(".album button img").first.wait_for()
    # The list may put the row in anew while it finds its place, and a press on the old one is none.
    for _ in range(_TRIES):
        reader.timeline.locator(".album button:has(img)").first.click()
        with suppress(PlaywrightTimeout):
            reader.page.locator("dialog[open]").wait_for(timeout=_PRESSED_MS)
            break
    reader.page.locator("dialog[open] img").wait_for()


def gallery(reader: Reader, world: World) -> None:
    open_window(reader, world, "gallery", world.lab)
    reader.window.locator(".grid img").first.wait_for()


def tray(reader: Reader, world: World) -> None:
    visit(reader, f"/c/{world.lab}")
    files = reader.page.locator(".tray")
    reader.page.locator(COMPOSER).wait_for()
    if files.count() == 0:
        drop(reader.page, *photos(2), report(), table())
    files.locator("li").nth(3).wait_for()
    files.locator(".face").first.click()


def recording(reader: Reader, world: World) -> None:
    # Where something is written there is no microphone, and here nobody has.
    visit(reader, f"/c/{world.committee}")
    reader.page.locator(COMPOSER).wait_for()
    reader.page.locator(".composer form > .icon-button").nth(1).click()
    recorder = reader.page.locator(".recorder")
    recorder.wait_for()
    if recorder.locator(".button.primary").count() == 1:
        recorder.locator(".button.primary").click()
    reader.page.mouse.move(0, 0)
    recorder.locator(".levels span").nth(20).wait_for(state="attached")


def open_window(reader: Reader, world: World, name: str, chat: str = "") -> None:
    """Come to a page whose entry of the history has an open window."""
    chat = chat or world.course
    other = world.ids[1]
    dialog = {
        "name": name,
        "chatId": chat,
        "userId": other,
        "messageId": world.edited,
        "messageIds": [world.edited],
        "n": 1,
        "complaint": {
            "userId": other,
            "message": {"chatId": world.course, "path": f"/c/{world.course}/m/2", "text": "Yo."},
        },
    }
    if name == "schedule":
        visit(reader, f"/c/{chat}")
        reader.page.locator(COMPOSER).fill("Mañana empezamos media hora más tarde.")
        reader.page.evaluate(_COME_BACK, dialog)
    else:
        visit(reader, "/offline.html")
        reader.page.evaluate(_STAND_AT, [dialog, f"/c/{chat}"])
        reader.page.reload()
    reader.window.wait_for()
    if name == "invite":
        reader.page.locator("dialog form button[type=submit]").click()
        reader.page.locator("dialog svg[role=img]").wait_for()


def settings(reader: Reader, world: World, page: int) -> None:
    open_window(reader, world, "settings")
    reader.page.get_by_role("tab").nth(page).click()
