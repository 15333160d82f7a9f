"""People of a university who have talked: what the pictures of the screens show."""

import hashlib
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.browser.luggage import Thing, photos, report, table, voice
from tests.browser.people import PASSWORD
from uptc_messenger.toolkit.ids import uuid7

PEOPLE = ("Ana Gómez", "Benjamín Núñez", "Carla Peña", "Diego Rojas Villamil", "Élida Soto")
USERNAME = "ana.gomez"
SAID = (
    (1, "¿Quién trae el informe de la reunión?"),
    (2, "Yo. Lo subo esta noche con **las gráficas** y el anexo."),
    (0, "Gracias, Carla. @benjamin.nunez, ¿revisas la parte de `consenso`?"),
    (1, "Sí.\n\n- lectura\n- escritura\n- lo que quede"),
    (3, "Mañana en el salón C-204 a las 8: https://example.org/aulas"),
    (4, "👍"),
)
OUTSIDER = "Gloria Mora"
TELEPHONE = "Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0"
VOICE = {"duration_ms": 7_400, "waveform": [abs((n * 37) % 47 - 23) for n in range(64)]}
SEMINAR = (
    "Buenos días. La sesión de hoy es sobre relojes lógicos.",
    "¿Leyeron el artículo de Lamport? Está en la carpeta del semillero.",
    "Yo voy en la sección 3. El ejemplo de los dos procesos me costó.",
    "Es más fácil si uno dibuja las flechas. Llevo el tablero pequeño.",
    "```python\ndef avanza(reloj: int, visto: int) -> int:\n    return max(reloj, visto) + 1\n```",
    "Y si se pierde un mensaje, ¿qué pasa con el orden?",
    "Nada: el orden parcial no lo necesita. Lo que se pierde es el efecto.",
    "> el orden parcial no lo necesita\n\nEso era justo lo que no entendía. Gracias.",
)


class World:
    """A server with people who have talked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.lab = ""
        self.people = [self._register(name) for name in PEOPLE]
        self.ids = [self._id(person) for person in self.people]
        ana = self.people[0]
        others = self.ids[1:]
        course = self.chat(ana, "Sistemas distribuidos, grupo 2", others)
        said = [self.say(self.people[who], course, text) for who, text in SAID]
        self.edited = self._revise(course, said[1])
        self.committee = self.chat(self.people[1], "Comité de grado", self.ids[:1] + self.ids[2:3])
        news = self.chat(ana, "Avisos de la facultad", others, kind="channel")
        self.say(ana, news, "Se cierran inscripciones el viernes.")
        self.direct = self.chat(self.people[1], None, [self.ids[0]], kind="direct")
        for who, text in (
            (1, "Hola, Ana"),
            (0, "Hola, ¿todo bien?"),
            (1, "¿Nos vemos a las ocho?"),
        ):
            self.say(self.people[who], self.direct, text)
        self.course = course
        self.saved = self._save(course, said[:2])
        answer = ana.post("/invites", json={"chat_ids": [course]})
        self.invite = str(answer.json()["invite"])

    def close(self) -> None:
        for person in self.people:
            person.close()

    def _register(self, name: str) -> httpx.Client:
        client = httpx.Client(base_url=f"{self.url}/api/v1", headers={"User-Agent": TELEPHONE})
        plain = unicodedata.normalize("NFD", name.lower().replace(" ", "."))
        username = "".join(c for c in plain if c.isascii())
        body = {"username": username, "password": PASSWORD, "display_name": name}
        answer = client.post("/auth/register", json=body)
        answer.raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def _id(self, person: httpx.Client) -> str:
        return str(person.get("/users/me").json()["user_id"])

    def chat(
        self, who: httpx.Client, title: str | None, others: list[str], kind: str = "group"
    ) -> str:
        named: dict[str, Any] = {} if title is None else {"title": title}
        answer = who.post("/chats", json={"kind": kind, "member_ids": others, **named})
        answer.raise_for_status()
        return str(answer.json()["chat_id"])

    def say(self, who: httpx.Client, chat: str, text: str) -> str:
        message = uuid7()
        answer = who.put(f"/chats/{chat}/messages/{message}", json={"body": {"text": text}})
        answer.raise_for_status()
        return message

    def _save(self, course: str, said: list[str]) -> str:
        """What Ana keeps for herself, and what she has written for later."""
        ana = self.people[0]
        saved = self.chat(ana, None, [], kind="saved")
        for message in said:
            at = f"/chats/{saved}/messages/{uuid7()}/forward"
            ana.put(at, json={"chat_id": course, "message_id": message}).raise_for_status()
        self.say(ana, saved, "Preguntar en la secretaría por el acta.")
        for days, text in ((1, "Recuerden traer el informe **impreso**."), (4, "¿Cómo les fue?")):
            when = datetime.now(UTC) + timedelta(days=days)
            at = f"/chats/{course}/scheduled/{uuid7()}"
            wanted = {"body": {"text": text}, "send_at": when.isoformat()}
            ana.put(at, json=wanted).raise_for_status()
        return saved

    def add_files(self, film: Thing | None = None) -> None:
        """A conversation of pictures, documents, a voice and perhaps a film."""
        ana, *_ = self.people
        self.lab = self.chat(ana, "Laboratorio de redes", self.ids[1:])
        self._send(self.people[1], self.lab, "De la práctica de hoy", *photos(4))
        self._send(self.people[2], self.lab, "", report(), table())
        if film is not None:
            self._send(self.people[4], self.lab, "", film)
        self._send(self.people[3], self.lab, "", voice(), spoken=VOICE)
        self._send(self.people[0], self.lab, "Y el montaje, ya ordenado.", photos(5)[4])

    def add_talk(self, link: str) -> None:
        """What Ana may only read, what she has not read, what is linked and what was deleted."""
        self.say(self.people[0], self.lab, "La guía está en https://www.uptc.edu.co/sitio/redes")
        welfare = self.chat(self.people[4], "Bienestar universitario", self.ids[:4], "channel")
        self.channel = welfare
        self.say(self.people[4], welfare, f"Este fin de semana, en la plaza: {link}")
        ids = [self.ids[0], *self.ids[2:]]
        self.seminar = self.chat(self.people[1], "Semillero de investigación", ids)
        for round_ in range(4):
            for at, text in enumerate(SEMINAR):
                self.say(self.people[1 + (at + round_) % 4], self.seminar, text)
        self.say(self.people[1], self.seminar, "@ana.gomez, ¿nos cuentas lo tuyo el jueves?")
        self._register(OUTSIDER).close()
        slip = self.say(self.people[3], self.course, "Esto no iba aquí.")
        at = f"/chats/{self.course}/messages/{slip}"
        self.people[3].delete(at, params={"change_id": uuid7()}).raise_for_status()
        self.say(
            self.people[0], self.course, "Reservé también la **sala de cómputo**, por si acaso."
        )
        for who in (1, 2):
            latest = self.people[who].get(f"/chats/{self.course}").json()["n"]
            self.people[who].put(f"/chats/{self.course}/read", json={"n": latest})

    def _send(
        self, who: httpx.Client, chat: str, text: str, *things: Thing, spoken: object = None
    ) -> None:
        ids = [self._upload(who, thing, spoken) for thing in things]
        at = f"/chats/{chat}/messages/{uuid7()}"
        who.put(at, json={"body": {"text": text}, "file_ids": ids}).raise_for_status()

    def _upload(self, who: httpx.Client, thing: Thing, spoken: object) -> str:
        content = thing.content
        told: dict[str, Any] = {} if spoken is None else {"voice": spoken}
        wanted = {"upload_id": uuid7(), "name": thing.name, "size": len(content), **told}
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
        change = {"body": {"text": text}, "change_id": uuid7()}
        self.people[2].patch(at, json=change).raise_for_status()
        self.people[0].put(f"{at}/pin").raise_for_status()
        for person, emoji in zip(self.people, ("👍", "👍", "🎉", "👍", "👀"), strict=True):
            person.put(f"{at}/reactions/{emoji}").raise_for_status()
        return message
