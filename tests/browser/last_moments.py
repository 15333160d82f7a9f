"""Moments that leave something behind, and those of people who have just come."""

from collections.abc import Iterator

from tests.browser.campus import World
from tests.browser.moments import either, screens
from tests.browser.people import PASSWORD, Reader
from tests.browser.screens import COMPOSER, Screen, settings, visit
from tests.browser.test_notifications import LOOKING

NOTES, PRIVACY = 2, 5
"""Places of pages in the settings."""

# What leaves something behind: the last of a series


def last_moments(world: World) -> Iterator[Screen]:
    yield from screens(
        world,
        ("avisos-activos", _wishes),
        ("escribiendo-sin-red", _offline),
        ("no-se-envio", _unsent),
        ("bloqueada", _blocked),
        ("bloqueada-grupo", lambda reader, world: visit(reader, f"/c/{world.seminar}")),
        ("ajustes-bloqueados", lambda reader, world: settings(reader, world, PRIVACY)),
        ("oferta", _offer),
        ("avisos-sin-permiso", lambda reader, world: settings(reader, world, NOTES)),
    )


def _wishes(reader: Reader, world: World) -> None:
    """Allowed, with keywords, quiet hours and a pause."""
    reader.page.context.grant_permissions(["notifications"], origin=reader.url)
    settings(reader, world, NOTES)
    page = reader.window
    page.get_by_label(either("Palabras clave", "Keywords")).fill("parcial, consenso")
    page.locator("form button[type=submit]").first.click()
    page.get_by_label(either("Horas de silencio", "Quiet hours")).check()
    page.get_by_role("button", name=either("8 horas", "8 hours")).click()
    page.get_by_role("button", name=either("Reanudar", "Resume")).wait_for()


def _offline(reader: Reader, world: World) -> None:
    visit(reader, f"/c/{world.committee}")
    reader.page.locator(COMPOSER).wait_for()
    reader.page.context.set_offline(True)
    reader.page.locator(COMPOSER).fill("Llego diez minutos tarde.")
    reader.page.locator(COMPOSER).press("Enter")
    reader.page.wait_for_timeout(2_500)


def _unsent(reader: Reader, world: World) -> None:
    """She may no longer write there when the network is back."""
    guest = {"role": "guest"}
    at = f"/chats/{world.committee}/members/{world.ids[0]}"
    world.people[1].put(at, json=guest).raise_for_status()
    reader.page.context.set_offline(False)
    reader.page.locator("article .failed, article [role=alert]").first.wait_for()


def _blocked(reader: Reader, world: World) -> None:
    world.people[0].put(f"/users/me/blocks/{world.ids[1]}").raise_for_status()
    visit(reader, f"/c/{world.direct}")


def _offer(reader: Reader, world: World) -> None:
    """Something came while nobody looked, in a browser that has not been asked yet."""
    reader.page.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'default' })"
    )
    visit(reader, "/")
    reader.page.locator("nav li").first.wait_for()
    reader.page.evaluate(LOOKING, "away")
    world.say(world.people[4], world.channel, "Se aplaza la feria.")
    reader.page.locator("nav").get_by_text("Se aplaza la feria.").wait_for()
    reader.page.evaluate(LOOKING, "here")
    reader.page.locator(".offer").wait_for()


# Others at the same browser


def newcomer_moments(world: World) -> Iterator[Screen]:
    """Somebody who has just come, and has an invitation."""
    yield from screens(
        world,
        ("recien-llegado", _newcomer),
        ("invitacion-dentro", lambda reader, world: visit(reader, f"/join#{world.invite}")),
    )


def _newcomer(reader: Reader, _: World) -> None:
    visit(reader, "/register")
    reader.page.locator("input[name=display_name]").fill("Fabián Cuervo")
    reader.page.locator("input[name=password]").fill(PASSWORD)
    reader.page.keyboard.press("Enter")
    reader.page.locator(".state .button").first.wait_for()


def first_moments(owner_link: str) -> Iterator[Screen]:
    """A server that nobody is on yet, and that none may come to without being asked."""
    for name, where in (("dueno", owner_link), ("solo-con-invitacion", "/register")):
        yield Screen(name, lambda reader, where=where: _first(reader, where))
    yield Screen("dueno-dentro", _owner)
    yield Screen("invitar", _inviting)


def _first(reader: Reader, where: str) -> None:
    reader.page.goto("about:blank")
    reader.page.goto(where if where.startswith("http") else reader.url + where)


def _owner(reader: Reader) -> None:
    reader.page.go_back()
    reader.page.go_back()
    reader.page.locator("input[name=display_name]").fill("Rosa Alba Ibáñez")
    reader.page.locator("input[name=password]").fill(PASSWORD)
    reader.page.keyboard.press("Enter")
    reader.page.locator(".state .button").first.wait_for()


def _inviting(reader: Reader) -> None:
    reader.page.locator(".state .button").first.click()
    reader.window.locator("form").wait_for()
