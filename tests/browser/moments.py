"""The screens that stand only for a moment: in the middle of something, or when it went wrong."""

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Locator

from tests.browser.campus import USERNAME, World
from tests.browser.luggage import photos
from tests.browser.people import Reader
from tests.browser.screens import COMPOSER, Screen, open_window, settings, visit

Go = Callable[[Reader, World], None]
NOWHERE = "01a21650-6962-7e59-bf90-586c958ec39d"
TO_END = re.compile("^(Ir al final|Jump to the end)")


def screens(world: World, *moments: tuple[str, Go]) -> Iterator[Screen]:
    for name, go in moments:
        yield Screen(name, lambda reader, go=go: go(reader, world))


def either(spanish: str, english: str) -> re.Pattern[str]:
    """A name in the language that the page speaks."""
    return re.compile(rf"^\s*({re.escape(spanish)}|{re.escape(english)})\s*$")


def message(reader: Reader, text: str) -> Locator:
    found = reader.timeline.get_by_role("article").filter(has_text=text).first
    found.wait_for()
    return found


def ask_menu(reader: Reader, text: str) -> None:
    message(reader, text).dispatch_event("contextmenu")
    reader.page.get_by_role("menu").wait_for()


def tool(reader: Reader, text: str, at: int) -> None:
    """Press one of the buttons of a message: they stand where the focus is, on every width."""
    row = message(reader, text)
    row.evaluate("row => row.focus()")
    row.locator(".tools button").nth(at).dispatch_event("click")


def choose(reader: Reader, text: str, spanish: str, english: str) -> None:
    ask_menu(reader, text)
    reader.page.get_by_role("menuitem", name=either(spanish, english)).click()


def course(reader: Reader, world: World) -> None:
    """At the end of the conversation, with nothing begun in it."""
    visit(reader, f"/c/{world.course}")
    composer = reader.page.locator(COMPOSER)
    composer.fill("")
    composer.press("Escape")
    reader.page.wait_for_timeout(300)
    empty_tray(reader)
    jump = reader.page.get_by_role("button", name=TO_END)
    if jump.count() == 1:
        jump.click()


def empty_tray(reader: Reader) -> None:
    reader.page.wait_for_timeout(300)
    for _ in range(reader.page.locator(".tray .remove").count()):
        reader.page.locator(".tray .remove").first.click()


# Before one is in


def entry_moments(world: World) -> Iterator[Screen]:
    """What a visitor sees when something is wrong, and who comes back to an old link."""
    yield from screens(
        world,
        ("entrada-negada", _wrong_password),
        ("cuenta-con-faltas", _faulty_account),
        ("invitacion-vencida", lambda reader, _: visit(reader, "/join#vencida")),
        ("sin-red", lambda reader, _: visit(reader, "/offline.html")),
    )


def _wrong_password(reader: Reader, _: World) -> None:
    visit(reader, "/")
    reader.page.locator("input[name=username]").fill(USERNAME)
    reader.page.locator("input[name=password]").fill("no es esta")
    reader.page.keyboard.press("Enter")
    reader.page.locator("[role=alert], .failed").first.wait_for()


def _faulty_account(reader: Reader, _: World) -> None:
    visit(reader, "/register")
    reader.page.locator("input[name=display_name]").fill("Fabián Cuervo")
    reader.page.locator("input[name=username]").fill("f")
    reader.page.locator("input[name=password]").fill("corta")
    reader.page.keyboard.press("Enter")
    reader.page.locator("[aria-invalid=true]").first.wait_for()


# The list


def list_moments(world: World) -> Iterator[Screen]:
    yield from screens(
        world,
        ("lista-menu", _row_menu),
        ("lista-filtrada", lambda reader, _: _filter(reader, "redes")),
        ("lista-sin-nada", lambda reader, _: _filter(reader, "geología")),
        ("ninguna", lambda reader, _: visit(reader, f"/c/{NOWHERE}")),
        ("lista-contraste", lambda reader, _: _contrast(reader, "/")),
        ("grupo-contraste", lambda reader, world: _contrast(reader, f"/c/{world.course}")),
    )


def _row_menu(reader: Reader, _: World) -> None:
    visit(reader, "/")
    reader.page.locator("nav li a").nth(1).click(button="right")
    reader.page.get_by_role("menu").wait_for()


def _filter(reader: Reader, text: str) -> None:
    visit(reader, "/")
    reader.page.locator(".search input").fill(text)


def _contrast(reader: Reader, path: str) -> None:
    visit(reader, "/")
    reader.page.evaluate("() => localStorage.setItem('contrast', 'more')")
    visit(reader, path)
    reader.page.wait_for_timeout(500)
    # The page has it already; the next one is plain again.
    reader.page.evaluate("() => localStorage.removeItem('contrast')")


# Windows in the middle of something


def window_moments(world: World) -> Iterator[Screen]:
    for name in ("addPeople", "readers"):
        yield Screen(f"ventana-{name}", lambda reader, name=name: open_window(reader, world, name))
    yield from screens(
        world,
        ("crear-grupo", lambda reader, world: _create(reader, world, "Práctica de campo")),
        ("crear-negado", lambda reader, world: _create(reader, world, "\u200bPráctica⁠")),
        ("crear-sin-nombre", lambda reader, world: _create(reader, world, "")),
        ("cambiar-a", _switching),
        ("buscar-hallado", lambda reader, world: _search(reader, world, "informe")),
        ("buscar-sin-nada", lambda reader, world: _search(reader, world, "geología")),
        ("programados-todos", _all_planned),
        ("programados-cambiar", _planned_change),
        ("programar-tarde", _planned_late),
        ("reenviar-a", _forwarding),
        ("salir-de-un-grupo", _leaving),
        ("eliminar-un-grupo", _removing),
        ("recortar-chat", _cut_chat),
        ("recortar-perfil", _cut_me),
        ("miembro-menu", _member_menu),
    )


def _create(reader: Reader, world: World, title: str) -> None:
    open_window(reader, world, "create")
    window = reader.window
    window.get_by_role("tab").nth(1).click()
    window.locator("form input").first.fill(title)
    if title == "Práctica de campo":
        window.get_by_role("option").nth(1).click()
        return
    window.locator("footer button[type=submit]").click()
    window.locator("[aria-invalid=true], [role=alert]").first.wait_for()


def _switching(reader: Reader, world: World) -> None:
    open_window(reader, world, "switcher")
    reader.window.get_by_role("combobox").fill("re")


def _search(reader: Reader, world: World, text: str) -> None:
    open_window(reader, world, "search")
    reader.window.get_by_role("combobox").fill(text)
    reader.window.locator("button[aria-pressed]").first.click()


def _all_planned(reader: Reader, world: World) -> None:
    open_window(reader, world, "scheduled")
    reader.window.locator(".all .button").click()


def _planned_change(reader: Reader, world: World) -> None:
    open_window(reader, world, "scheduled")
    reader.window.locator(".ways .button").first.click()


def _planned_late(reader: Reader, world: World) -> None:
    open_window(reader, world, "schedule")
    reader.window.locator("input[type=date]").fill("2020-01-01")


def _forwarding(reader: Reader, world: World) -> None:
    open_window(reader, world, "forward")
    for at in (0, 2):
        reader.window.get_by_role("checkbox").nth(at).check(force=True)


def _leaving(reader: Reader, world: World) -> None:
    open_window(reader, world, "chatSettings")
    leave = either("Salir de la conversación", "Leave the conversation")
    reader.window.get_by_role("button", name=leave).click()
    reader.page.locator("dialog.small[open]").wait_for()


def _removing(reader: Reader, world: World) -> None:
    open_window(reader, world, "chatSettings")
    reader.window.locator(".button.danger").first.click()
    reader.page.locator("dialog.small[open]").wait_for()


def _cut(reader: Reader) -> None:
    reader.window.locator("input[type=file]").set_input_files(photos(1)[0].chosen())
    reader.window.get_by_role("application").wait_for()


def _cut_chat(reader: Reader, world: World) -> None:
    open_window(reader, world, "chatSettings")
    _cut(reader)


def _cut_me(reader: Reader, world: World) -> None:
    settings(reader, world, 0)
    _cut(reader)


def _member_menu(reader: Reader, world: World) -> None:
    open_window(reader, world, "members")
    reader.window.locator("[aria-haspopup=menu]").last.click()
    reader.page.get_by_role("menu").wait_for()
