import pytest
from msgspec import structs

from tests.core import NOON
from tests.post_office import text_of
from uptc_messenger.models.users import Locale
from uptc_messenger.services.notifications import letters
from uptc_messenger.services.notifications.letters import Conversation, Envelope, Said

TO = Envelope(
    address="ana@example.edu",
    name="Ana María",
    username="ana",
    locale="es",
    base="https://chat.example.edu",
    stop="https://chat.example.edu/mail/unsubscribe/abc",
    key="k-1",
)
CHAT = Conversation(
    title="Sistemas",
    count=5,
    said=[Said(sender="Luis", text="hola"), Said(sender="Eva", text="¿vienes?")],
    link="https://chat.example.edu/c/1/m/2",
)


@pytest.mark.parametrize(
    ("locale", "subject", "more"),
    [
        ("es", "Tienes 5 mensajes sin leer", "y 3 más"),
        ("en", "You have 5 unread messages", "and 3"),
    ],
)
def test_a_digest_in_each_language(locale: Locale, subject: str, more: str):
    letter = letters.digest(structs.replace(TO, locale=locale), [CHAT])
    assert letter.subject == subject
    for said in ("Sistemas (5)", "Luis: hola", "Eva: ¿vienes?", more, CHAT.link, TO.stop):
        assert said in letter.text
    assert f'<html lang="{locale}">' in letter.html
    assert CHAT.link in letter.html


def test_one_message_is_one():
    one = structs.replace(CHAT, count=1, said=CHAT.said[:1])
    assert letters.digest(TO, [one]).subject == "Tienes 1 mensaje sin leer"


def test_who_wants_no_text_gets_none():
    silent = structs.replace(CHAT, said=[Said(sender="Luis", text=None)])
    letter = letters.digest(TO, [silent])
    assert "Luis" not in letter.text + letter.html
    assert "Sistemas (5)" in letter.text


def test_what_people_wrote_is_text_and_never_markup():
    evil = '<script>alert(1)</script><img src=x onerror="a">'
    chat = Conversation(title=evil, count=1, said=[Said(sender=evil, text=evil)], link=CHAT.link)
    letter = letters.digest(structs.replace(TO, name=evil), [chat])
    assert "<script" not in letter.html
    assert "<img" not in letter.html
    assert evil in letter.text


def test_it_travels_with_the_headers_that_end_it_and_without_injected_ones():
    named = structs.replace(TO, name="Ana\r\nBcc: evil@example.com")
    letter = structs.replace(letters.digest(named, [CHAT]), subject="uno\r\nBcc: evil@example.com")
    made = letters.message(letter, "chat@example.edu", NOON)
    assert made["Bcc"] is None
    assert made["Subject"] == "uno Bcc: evil@example.com"
    assert made["List-Unsubscribe"] == f"<{TO.stop}>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made["Message-ID"] == "<k-1@example.edu>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert "hola" in text_of(made)
    assert "hola" in text_of(made, "html")


def test_a_confirmation_has_its_link_and_nothing_to_end():
    letter = letters.confirmation(TO, "https://chat.example.edu/mail/confirm/x")
    assert "https://chat.example.edu/mail/confirm/x" in letter.text
    assert letters.message(letter, "chat@example.edu", NOON)["List-Unsubscribe"] is None
    assert letters.trial(TO).stop == TO.stop


def test_a_title_over_several_lines_is_one():
    assert letters.one_line("uno\ndos\u2028tres\u200b  x") == "uno dos tres x"
