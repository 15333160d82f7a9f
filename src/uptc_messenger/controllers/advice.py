"""The page for who opens this server in a way in which nobody can log in.

A browser keeps `Secure` cookies for https alone, so over plain http, except on this machine
itself, a login would seem to work and then not. Programs with a token are not concerned.
"""

import base64
import hashlib
import html
from typing import Any, Final

from litestar.types import Scope, Send

from uptc_messenger.controllers import origins
from uptc_messenger.controllers.problems import MISDIRECTED, STATUS
from uptc_messenger.controllers.public import Asset, is_navigation, make_asset, send_asset
from uptc_messenger.controllers.state import WebConfig

_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:38rem;margin:0 auto;"
    "padding:clamp(1.5rem,6vw,4rem) 1.25rem;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.3;margin:0 0 .75rem}"
    "section+section{margin-top:2.5rem;padding-top:2rem;border-top:1px solid #8886}"
    "p,ol{margin:0 0 1rem}ol{padding-left:1.4rem}li{margin:.35rem 0}"
    "code{font:0.9em ui-monospace,monospace;background:#8882;padding:.1em .35em;border-radius:.3em}"
    "a{color:light-dark(#0b57d0,#8ab4f8);font-weight:600}"
    ".brand{color:light-dark(#595959,#a6a6a6);font-size:.9375rem;margin-bottom:2rem}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CSP: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_PAGE: Final = """<!doctype html>
<html lang="es"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>UPTC Messenger: https</title><style>{style}</style></head>
<body><p class="brand">UPTC Messenger</p><main>
<section lang="es"><h1>{title_es}</h1>{es}</section>
<section lang="en"><h1>{title_en}</h1>{en}</section>
</main></body></html>
"""
_ELSEWHERE: Final = {
    "title_es": "La dirección es otra",
    "title_en": "The address is another one",
    "es": "<p>Este servidor se abre en <a href='{url}'>{url}</a></p>",
    "en": "<p>This server is opened at <a href='{url}'>{url}</a></p>",
}
_WITHOUT_TLS: Final = {
    "title_es": "Falta una conexión segura",
    "title_en": "A secure connection is missing",
    "es": "<p>Esta página se abrió por <code>http</code>, sin cifrar. Así el navegador no guarda "
    "la sesión, y las contraseñas viajarían a la vista de todos. Avisa a quien administra el "
    "servidor.</p><p>Si el servidor es tuyo:</p><ol>"
    "<li>Desde la misma máquina funciona ya: <code>http://localhost:PUERTO</code></li>"
    "<li>Para los demás hace falta HTTPS. <code>uptc-messenger setup chat.ejemplo.edu</code> "
    "escribe lo necesario y explica los pasos.</li>"
    "<li>Si ya tienes un certificado: <code>uptc-messenger serve --public-url https://… "
    "--tls-cert … --tls-key …</code></li></ol>",
    "en": "<p>This page was opened over <code>http</code>, without encryption. A browser does not "
    "keep a session that way, and passwords would travel for everyone to see. Tell whoever runs "
    "the server.</p><p>If the server is yours:</p><ol>"
    "<li>On the same machine it works already: <code>http://localhost:PORT</code></li>"
    "<li>Everybody else needs HTTPS. <code>uptc-messenger setup chat.example.edu</code> writes "
    "what is needed and explains the steps.</li>"
    "<li>If you have a certificate: <code>uptc-messenger serve --public-url https://… "
    "--tls-cert … --tls-key …</code></li></ol>",
}


class Advice:
    """Says what to do, in Spanish and English; the address in it is the configured one."""

    def __init__(self, web: WebConfig) -> None:
        self._web = web
        elsewhere = {k: v.format(url=html.escape(web.public_url)) for k, v in _ELSEWHERE.items()}
        secure = web.public_url.startswith("https://")
        self._pages = {
            MISDIRECTED: _page(elsewhere if secure else _WITHOUT_TLS),
            STATUS["forbidden"]: _page(elsewhere if secure else _WITHOUT_TLS),
        }

    def is_needed(self, scope: Scope) -> bool:
        """Whether a page was asked for in a way in which nobody can log in."""
        return _asks_for_page(scope) and not self._is_secure(scope)

    async def misdirect(self, scope: Scope, send: Send) -> bool:
        """Tell who asked another host for a page where to go; False where it was no page."""
        if not _asks_for_page(scope) or not self._web.public_url:
            return False
        await self._send(send, MISDIRECTED)
        return True

    async def show(self, send: Send) -> None:
        """Answer with the page."""
        await self._send(send, STATUS["forbidden"])

    async def _send(self, send: Send, status: int) -> None:
        await send_asset(send, self._pages[status], status, {}, CSP)

    def _is_secure(self, scope: Scope) -> bool:
        request: Any = scope
        headers: dict[bytes, bytes] = dict(request["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if origins.is_loopback(host) or request["scheme"] == "https":
            return True
        # A proxy with TLS speaks http to us; that it is the configured host tells, unless it
        # says itself that its client came without.
        plain = self._web.proxies.scheme_of(request) == "http"
        return not plain and f"https://{host.lower()}" in self._web.origins.all


def _asks_for_page(scope: Scope) -> bool:
    request: Any = scope
    headers: dict[bytes, bytes] = dict(request["headers"])
    html_wanted = b"text/html" in headers.get(b"accept", b"")
    return html_wanted and request["method"] == "GET" and is_navigation(request["path"], headers)


def _page(texts: dict[str, str]) -> Asset:
    return make_asset(_PAGE.format(style=_STYLE, **texts).encode(), ".html", "no-store")
