import base64
import hashlib
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.core import new_message_id
from tests.pages import HOSTILE, Page
from tests.sessions import new_chat, new_user
from uptc_messenger.models.base import FileId
from uptc_messenger.models.files import File
from uptc_messenger.models.messages import Body, Forwarded, Message, Quote, Reaction
from uptc_messenger.services.messages.export import document
from uptc_messenger.services.messages.export.document import Frame, Section
from uptc_messenger.services.messages.export.words import WORDS
from uptc_messenger.toolkit.ids import uuid7

AT = "2026-03-09T14:05:06.789Z"
ANA = new_user()


def frame(**changes: Any) -> Frame:
    values: dict[str, Any] = {
        "words": WORDS["es"],
        "zone": ZoneInfo("America/Bogota"),
        "title": "Redes",
        "topic": "",
        "reader": "Luis",
        "made_at": AT,
    }
    return Frame(**{**values, **changes})


def message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "chat_id": new_chat(),
        "seq": 3,
        "n": 3,
        "message_id": new_message_id(),
        "sender_id": ANA,
        "kind": "text",
        "body": Body(text="hola"),
        "created_at": AT,
        "revision": 1,
        "deleted": False,
        "file_ids": [],
        "mentions": [],
        "reactions": [],
    }
    return Message(**{**values, **changes})


def page(*messages: Message, about: Frame | None = None, name: str = "Ana", first: int = 1) -> Page:
    about = about or frame()
    section = Section(about)
    body = "".join(section.render(m, {ANA: name}, first) for m in messages)
    return Page(document.begin(about) + body + document.end())


def test_a_page_tells_whose_it_is_and_when_it_was_made():
    shown = page(message(), about=frame(topic="Los lunes"))
    assert shown.texts("h1") == ["Redes"]
    assert "Los lunes" in shown.text
    assert "Copia para Luis, hecha el lunes, 9 de marzo de 2026 a las 09:05." in shown.text
    assert "America/Bogota" in shown.text
    assert shown.lang == "es"
    assert page(about=frame(words=WORDS["en"])).lang == "en"


def test_each_day_has_one_heading_by_the_clock_of_the_reader():
    times = ("2026-03-09T14:00:00.000Z", "2026-03-10T03:00:00.000Z", "2026-03-10T14:00:00.000Z")
    shown = page(*(message(seq=n, created_at=at) for n, at in enumerate(times, 1)))
    assert shown.texts("h2") == ["lunes, 9 de marzo de 2026", "martes, 10 de marzo de 2026"]
    assert shown.ids == ["m1", "m2", "m3"]


def test_what_happened_to_a_message_is_shown():
    reactions = [Reaction(emoji="👍", count=2), Reaction(emoji="🎉", count=1)]
    files = [FileId(uuid7()), FileId(uuid7())]
    shown = page(
        message(edited_at=AT, reactions=reactions, file_ids=files),
        message(seq=4, body=None, deleted=True, edited_at=AT),
    )
    assert shown.texts("span") == ["editado"]
    assert shown.texts("li") == ["👍 2", "🎉 1"]
    assert "2 archivos adjuntos" in shown.text
    named = File(file_id=files[0], name="<b>.txt", type="x", size=1, kind="file", variants=[])
    assert "1 archivo adjunto: <b>.txt" in page(message(file_ids=files[:1], files=[named])).text
    assert shown.text.count("Mensaje eliminado") == 1


def test_a_quote_leads_to_the_message_where_that_is_on_the_page():
    quote = Quote(message_id=new_message_id(), seq=2, sender_id=ANA, excerpt="¿Qué?")
    there, before = page(message(reply_to=quote)), page(message(reply_to=quote), first=3)
    assert there.links == ["#m2"]
    assert before.links == []
    for shown in (there, before):
        assert "En respuesta a Ana" in shown.text
        assert "¿Qué?" in shown.text


def test_who_is_gone_is_somebody():
    section = Section(frame())
    assert "Alguien" in Page(section.render(message(), {}, 1)).text


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_people_call_things_stays_text(text: str):
    quote = Quote(message_id=new_message_id(), seq=1, sender_id=ANA, excerpt=text)
    hostile = message(
        body=Body(text=text), reply_to=quote, reactions=[Reaction(emoji=text, count=1)]
    )
    about = frame(title=text, topic=text, reader=text)
    shown = page(hostile, about=about, name=text)
    assert shown.ids == ["m3"]
    assert len(shown.policies) == 1
    visible = re.sub("[\u202e\u2066\x01\x08\x9b]", "\ufffd", text)
    assert "".join(shown.texts("title")) == visible
    assert visible in "".join(shown.texts("bdi"))


def test_the_policy_lets_the_style_through_and_nothing_else():
    source = document.begin(frame()) + document.end()
    (style,) = re.findall("<style>(.*?)</style>", source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert Page(source).policies == [document.POLICY]
    assert f"style-src 'sha256-{digest}'" in document.POLICY
    assert document.POLICY.startswith("default-src 'none'")
    assert "url(" not in style
    assert "@import" not in style


def test_a_note_stands_at_the_end():
    source = document.begin(frame()) + document.end("Aquí <termina>.")
    assert "Aquí <termina>." in Page(source).text


def test_a_forward_names_who_wrote_it():
    shown = page(message(forwarded=Forwarded(sender_id=ANA, sent_at=AT)))
    assert "Reenviado: escrito por Ana" in shown.text
