"""The pages to which links in letters lead: confirm an address, end the letters.

Whoever holds the link may do that one thing, logged in or not; opening a page changes nothing,
because mail programs open links by themselves. A mail program that ends letters with one click
(RFC 8058) sends the same POST as the page's button.
"""

from html import escape
from typing import Annotated, Any, Final

from litestar import Controller, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Meta

from uptc_messenger.controllers import guards, peers
from uptc_messenger.controllers.parameters import parameters_of
from uptc_messenger.controllers.state import Backend, backend_of
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.users import Locale
from uptc_messenger.services import users
from uptc_messenger.services.notifications import addresses, preferences
from uptc_messenger.services.notifications.tickets import Purpose
from uptc_messenger.toolkit.clock import wall_clock

Code = Annotated[str, Meta(max_length=1_024)]
"""Whatever a mail program made of a link: one that was cut short gets the page for that."""

_GONE: Final = 404
_NONE_YET: Final[dict[Locale, str]] = {
    "es": "Falta elegir cuándo: ahora no te llega ningún correo. "
    "Se elige en los ajustes, en «Notificaciones».",
    "en": "You have yet to choose when: no e-mail comes now. "
    "Choose it in the settings, in “Notifications”.",
}
_OPEN: Final[dict[Locale, str]] = {
    "es": "Abrir UPTC Messenger",
    "en": "Open UPTC Messenger",
}
_WORDS: Final[dict[Locale, dict[str, tuple[str, str, str]]]] = {
    "es": {
        "confirm": (
            "Confirmar la dirección",
            "Los avisos de UPTC Messenger podrán llegar a tu correo.",
            "Listo: la dirección está confirmada.",
        ),
        "unsubscribe": (
            "Dejar de recibir correos",
            "No recibirás más avisos por correo. Puedes activarlos de nuevo en los ajustes.",
            "Listo: no recibirás más correos.",
        ),
        "gone": ("Este enlace ya no sirve", "Pide otro en los ajustes de notificaciones.", ""),
    },
    "en": {
        "confirm": (
            "Confirm the address",
            "Notifications of UPTC Messenger may come to your e-mail.",
            "Done: the address is confirmed.",
        ),
        "unsubscribe": (
            "Stop the e-mails",
            "No more notifications by e-mail. You can turn them on again in the settings.",
            "Done: no more e-mails will come.",
        ),
        "gone": ("This link is not good any more", "Ask for another in the settings.", ""),
    },
}
Page = Response[bytes]


class LettersController(Controller):
    path = "/mail"

    @get("/{purpose:str}/{code:str}", include_in_schema=False)
    async def show(self, purpose: Purpose, code: Code, backend: Backend) -> Page:
        """Say what the button does."""
        key = backend.notifications.secrets.mail

        def look(reader: Reader) -> Locale:
            user_id = addresses.look(reader, key, code, purpose, wall_clock())
            return users.me(reader, user_id).locale

        try:
            locale = await backend.database.read(look)
        except NotFound:
            return _gone()
        title, text, _ = _WORDS[locale][purpose]
        button = f'<form method="post"><button type="submit">{escape(title)}</button></form>'
        return _page(locale, title, f"<p>{escape(text)}</p>{button}")

    @post("/{purpose:str}/{code:str}", include_in_schema=False, status_code=200)
    async def carry_out(self, purpose: Purpose, code: Code, backend: Backend) -> Page:
        """Do it."""
        key = backend.notifications.secrets.mail
        act = addresses.confirm if purpose == "confirm" else addresses.unsubscribe

        def run(tx: Transaction) -> tuple[Locale, bool]:
            user_id = act(tx, key, code)
            return users.me(tx, user_id).locale, preferences.of(tx, user_id).mail == "off"

        try:
            locale, off = await backend.database.write(run)
        except NotFound:
            return _gone()
        title, _, done = _WORDS[locale][purpose]
        said = [done, _NONE_YET[locale]] if purpose == "confirm" and off else [done]
        words = "".join(f"<p>{escape(each)}</p>" for each in said)
        return _page(locale, title, f'{words}<p><a href="/">{escape(_OPEN[locale])}</a></p>')


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Lets in whoever asks in the right form, not too often: the link itself is the right.

    No cookie counts here, so no page of somebody else can act with one.
    """
    backend = backend_of(connection.scope)
    request: Request[Any, Any, Any] = Request(connection.scope)
    parameters_of(handler.fn).check(request)
    backend.limiter.take("anonymous", peers.limit_key(guards.client_address(backend, request)))


def _gone() -> Page:
    parts = [f"<p>{escape(_WORDS[locale]['gone'][1])}</p>" for locale in _WORDS]
    titles = " · ".join(_WORDS[locale]["gone"][0] for locale in _WORDS)
    return _page("es", titles, "".join(parts), _GONE)


def _page(locale: Locale, title: str, body: str, status: int = 200) -> Page:
    html = (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><link rel="stylesheet" href="/offline.css">'
        f"<title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>{body}"
        "</main></body></html>"
    )
    return Response(html.encode(), media_type="text/html; charset=utf-8", status_code=status)
