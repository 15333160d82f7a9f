"""Moments of a conversation and of its files."""

from collections.abc import Iterator

from tests.browser.campus import World
from tests.browser.luggage import Customs, drop, photos, report
from tests.browser.moments import (
    TO_END,
    ask_menu,
    choose,
    course,
    empty_tray,
    message,
    screens,
    tool,
)
from tests.browser.people import Reader
from tests.browser.screens import COMPOSER, Screen, open_window, recording, visit

PARTS = "**/api/v1/files/*/content?offset=*"
NO_ROOM = {"code": "too_large", "message": "full", "details": {"reason": "user_quota"}}

# A conversation


def talk_moments(world: World) -> Iterator[Screen]:
    yield from screens(
        world,
        ("sin-leer", lambda reader, world: visit(reader, f"/c/{world.seminar}")),
        ("sin-leer-final", _at_end),
        ("canal", lambda reader, world: visit(reader, f"/c/{world.channel}")),
        ("comienzo", lambda reader, world: visit(reader, f"/c/{world.committee}")),
        ("senalado", lambda reader, world: visit(reader, f"/c/{world.course}/m/4")),
        ("mensaje-menu", _message_menu),
        ("mensaje-herramientas", _message_tools),
        ("mensaje-emojis", _emoji),
        ("respondiendo", _replying),
        ("editando", _editing),
        ("seleccion", _selecting),
        ("sugerencias", lambda reader, world: _writing(reader, world, "¿Vienes, @")),
        ("no-esta-aqui", lambda reader, world: _writing(reader, world, "Ven, @gloria.mora ")),
        ("parrafo", lambda reader, world: _writing(reader, world, PARAGRAPH)),
        ("buscar-aqui", _finding),
        ("soltar", _dropping),
        ("eliminado", _deleting),
    )


PARAGRAPH = (
    "Les cuento cómo quedó el plan de la práctica:\n\n1. Montamos los tres nodos.\n"
    "2. Cortamos la red entre dos de ellos.\n3. Miramos quién gana la elección.\n\n"
    "Cada pareja trae su informe, de dos páginas como mucho, y lo sube antes del viernes."
)


def _at_end(reader: Reader, world: World) -> None:
    visit(reader, f"/c/{world.seminar}")
    message(reader, "Buenos días")
    reader.page.get_by_role("button", name=TO_END).click()
    message(reader, "lo tuyo el jueves")


def _message_menu(reader: Reader, world: World) -> None:
    course(reader, world)
    ask_menu(reader, "Gracias, Carla")


def _message_tools(reader: Reader, world: World) -> None:
    course(reader, world)
    message(reader, "lo que quede").hover()


def _emoji(reader: Reader, world: World) -> None:
    course(reader, world)
    tool(reader, "lo que quede", 0)
    reader.page.locator("[role=menu].emoji").wait_for()
    reader.page.wait_for_timeout(500)


def _replying(reader: Reader, world: World) -> None:
    course(reader, world)
    tool(reader, "lo que quede", 1)
    reader.page.locator(COMPOSER).fill("Yo tomo la escritura.")


def _editing(reader: Reader, world: World) -> None:
    course(reader, world)
    choose(reader, "sala de cómputo", "Editar", "Edit")


def _selecting(reader: Reader, world: World) -> None:
    course(reader, world)
    choose(reader, "lo que quede", "Seleccionar", "Select")
    message(reader, "Mañana en el salón").get_by_role("checkbox").click()


def _writing(reader: Reader, world: World, text: str) -> None:
    course(reader, world)
    # What is offered for the last sign stands when it was typed.
    reader.page.locator(COMPOSER).fill(text[:-1])
    reader.page.locator(COMPOSER).press_sequentially(text[-1])


def _finding(reader: Reader, world: World) -> None:
    course(reader, world)
    reader.page.locator(".place:not(.away) header > .icon-button[aria-expanded]").first.click()
    reader.page.get_by_role("search").get_by_role("combobox").fill("informe")


def _dropping(reader: Reader, world: World) -> None:
    course(reader, world)
    reader.page.evaluate(
        """() => { const data = new DataTransfer(); data.items.add(new File([''], 'a.pdf'))
        document.querySelector('.place:not(.away) .conversation').dispatchEvent(
          new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true })) }"""
    )


def _deleting(reader: Reader, world: World) -> None:
    course(reader, world)
    said = "Ya no hace falta."
    world.say(world.people[0], world.course, said)
    spanish, english = "Eliminar para todos", "Delete for everyone"
    choose(reader, said, spanish, english)


# Files on their way, and heard and seen


def file_moments(world: World) -> Iterator[Screen]:
    for tab in range(1, 4):
        yield Screen(f"galeria-{tab + 1}", lambda reader, tab=tab: _gallery(reader, world, tab))
    yield from screens(
        world,
        (
            "galeria-vacia",
            lambda reader, world: open_window(reader, world, "gallery", world.direct),
        ),
        ("visor-pelicula", _film),
        ("sonando", _playing),
        ("por-enviar-voz", _spoken),
        ("subiendo", _uploading),
        ("no-subio", _refused_file),
    )


def _gallery(reader: Reader, world: World, tab: int) -> None:
    open_window(reader, world, "gallery", world.lab)
    reader.window.get_by_role("tab").nth(tab).click()
    reader.window.locator(".list li").first.wait_for()


def _film(reader: Reader, world: World) -> None:
    open_window(reader, world, "gallery", world.lab)
    reader.window.locator(".grid button", has=reader.page.locator(".film")).first.click()
    reader.page.locator("dialog[open] video").wait_for()
    # The browser's own circle stays for a while after the film is there.
    reader.page.wait_for_timeout(1_500)


def _playing(reader: Reader, world: World) -> None:
    visit(reader, f"/c/{world.lab}")
    note = reader.timeline.locator("article", has=reader.page.locator("[role=slider]")).first
    note.get_by_role("button").filter(has=reader.page.locator("svg")).first.dispatch_event("click")
    reader.page.locator("nav li a").first.dispatch_event("click")


def _spoken(reader: Reader, world: World) -> None:
    recording(reader, world)
    reader.page.locator(".recorder .icon-button").nth(2).click()
    reader.page.locator(".tray .voice").wait_for()
    # A pointer at rest would have it said what the button under it does.
    reader.page.mouse.move(0, 0)


def _uploading(reader: Reader, world: World) -> None:
    """Held up on its way, as by a slow network."""
    visit(reader, f"/c/{world.lab}")
    reader.page.locator(COMPOSER).wait_for()
    empty_tray(reader)
    Customs(reader.page.context)
    drop(reader.page, *photos(2), report())
    reader.page.locator(".tray li").nth(2).wait_for()
    reader.page.locator(COMPOSER).fill("Lo de la práctica")
    reader.page.locator(COMPOSER).press("Enter")
    reader.page.locator(".sending").nth(2).wait_for()


def _refused_file(reader: Reader, world: World) -> None:
    """What waited is let go, and the server has no room for it."""
    reader.page.context.unroute(PARTS)
    reader.page.context.route(PARTS, lambda route: route.fulfill(status=413, json=NO_ROOM))
    visit(reader, f"/c/{world.lab}")
    reader.page.locator(".sending.failed, .state.failed").first.wait_for()
