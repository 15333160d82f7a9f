"""Letters in Spanish and English: as text, and as simple HTML with nothing from afar."""

import unicodedata
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from html import escape
from typing import Final

from uptc_messenger.models.base import Millis, Record
from uptc_messenger.models.users import Locale

NAME: Final = "UPTC Messenger"
_WORDS: Final[dict[Locale, dict[str, str]]] = {
    "es": {
        "missed_one": "Tienes {n} mensaje sin leer",
        "missed": "Tienes {n} mensajes sin leer",
        "hello": "Hola, {name}:",
        "intro": "Esto es lo nuevo en tus conversaciones.",
        "more": "y {n} más",
        "others_one": "Y en {n} conversación más.",
        "others": "Y en {n} conversaciones más.",
        "open": "Abrir la conversación",
        "why": "Recibes este mensaje porque pediste avisos por correo en {base}.",
        "stop": "Dejar de recibir correos",
        "confirm": "Confirma tu dirección de correo",
        "confirm_text": "Alguien, esperamos que tú, pidió que los avisos de {name} en {base} "
        "lleguen a esta dirección. Si fuiste tú, confírmalo aquí en los próximos tres días; si no, "
        "no hagas nada y no recibirás más correos.",
        "confirm_link": "Confirmar la dirección",
        "test": "Correo de prueba",
        "test_text": "Si lees esto, los avisos por correo te llegan.",
    },
    "en": {
        "missed_one": "You have {n} unread message",
        "missed": "You have {n} unread messages",
        "hello": "Hello {name},",
        "intro": "This is what is new in your conversations.",
        "more": "and {n} more",
        "others_one": "And in {n} more conversation.",
        "others": "And in {n} more conversations.",
        "open": "Open the conversation",
        "why": "You get this e-mail because you asked for notifications by e-mail at {base}.",
        "stop": "Stop these e-mails",
        "confirm": "Confirm your e-mail address",
        "confirm_text": "Somebody, we hope you, asked that the notifications of {name} at {base} "
        "come to this address. If it was you, confirm it here within three days; if it was not, do "
        "nothing and no more e-mails will come.",
        "confirm_link": "Confirm the address",
        "test": "Test e-mail",
        "test_text": "If you read this, notifications by e-mail reach you.",
    },
}


class Said(Record, frozen=True):
    """A message in a letter; without `text` its person wants none in letters."""

    sender: str
    text: str | None


class Conversation(Record, frozen=True):
    """What is new in one chat: how many messages, the newest of them and when, and where it is."""

    title: str
    count: int
    said: list[Said]
    link: str
    newest: Millis = 0


class Others(Record, frozen=True):
    """Conversations with something new that a letter does not show, and messages in them."""

    chats: int = 0
    messages: int = 0


class Envelope(Record, frozen=True):
    """To whom, in which language, from which server, and the link that ends the letters."""

    address: str
    name: str
    username: str
    locale: Locale
    base: str
    stop: str
    key: str
    """The same for the same letter: whoever gets it twice sees one."""


class Letter(Record, frozen=True):
    """Ready to send: `stop` is the address that ends letters with one click, if there is one."""

    address: str
    subject: str
    text: str
    html: str
    key: str
    stop: str = ""


_NONE: Final = Others()


def digest(to: Envelope, chats: Sequence[Conversation], others: Others = _NONE) -> Letter:
    """What somebody missed."""
    words, count = _WORDS[to.locale], sum(chat.count for chat in chats) + others.messages
    subject = words["missed_one" if count == 1 else "missed"].format(n=count)
    text = [words["hello"].format(name=to.name), words["intro"]]
    html = [f"<p>{escape(line)}</p>" for line in text]
    for chat in chats:
        text.append(_chat_text(chat, words))
        html.append(_chat_html(chat, words))
    if others.chats:
        said = words["others_one" if others.chats == 1 else "others"].format(n=others.chats)
        text.append(said)
        html.append(f"<p>{escape(said)}</p>")
    why = words["why"].format(base=to.base)
    text.append(f"-- \n{why}\n{words['stop']}: {to.stop}")
    html.append(f"<hr><p><small>{escape(why)} {_link(to.stop, words['stop'])}</small></p>")
    return Letter(
        address=to.address,
        subject=subject,
        text="\n\n".join(text),
        html=_page(to.locale, subject, html),
        key=to.key,
        stop=to.stop,
    )


def confirmation(to: Envelope, link: str) -> Letter:
    """Asks whoever reads an address whether they want it."""
    words = _WORDS[to.locale]
    said = words["confirm_text"].format(name=to.name, base=to.base)
    html = [f"<p>{escape(said)}</p>", f"<p>{_link(link, words['confirm_link'])}</p>"]
    return Letter(
        address=to.address,
        subject=words["confirm"],
        text=f"{said}\n\n{link}",
        html=_page(to.locale, words["confirm"], html),
        key=to.key,
    )


def trial(to: Envelope) -> Letter:
    """A test that its person asked for."""
    words = _WORDS[to.locale]
    return Letter(
        address=to.address,
        subject=words["test"],
        text=words["test_text"],
        html=_page(to.locale, words["test"], [f"<p>{escape(words['test_text'])}</p>"]),
        key=to.key,
        stop=to.stop,
    )


def message(letter: Letter, sender: str, now: Millis) -> EmailMessage:
    """As it travels; a header never has a line break in it, whatever somebody is called."""
    made = EmailMessage()
    made["From"] = formataddr((NAME, sender))
    made["To"] = letter.address
    made["Subject"] = one_line(letter.subject)
    made["Date"] = formatdate(now / 1000)
    made["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        made["List-Unsubscribe"] = f"<{letter.stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made


def one_line(text: str) -> str:
    """Without line breaks and what cannot be seen."""
    seen = (" " if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} else c for c in text)
    return " ".join("".join(seen).split())


def _chat_text(chat: Conversation, words: dict[str, str]) -> str:
    lines = [f"{one_line(chat.title)} ({chat.count})"]
    lines += [f"  {one_line(said.sender)}: {said.text}" for said in chat.said if said.text]
    if chat.said and chat.said[0].text and chat.count > len(chat.said):
        lines.append(f"  {words['more'].format(n=chat.count - len(chat.said))}")
    return "\n".join([*lines, f"  {words['open']}: {chat.link}"])


def _chat_html(chat: Conversation, words: dict[str, str]) -> str:
    said = [
        f"<li><b>{escape(one.sender)}</b>: {escape(one.text)}</li>" for one in chat.said if one.text
    ]
    if said and chat.count > len(chat.said):
        said.append(f"<li>{escape(words['more'].format(n=chat.count - len(chat.said)))}</li>")
    body = f"<ul>{''.join(said)}</ul>" if said else ""
    head = f"<h2>{escape(one_line(chat.title))} ({chat.count})</h2>"
    return f"{head}{body}<p>{_link(chat.link, words['open'])}</p>"


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def _page(locale: Locale, title: str, parts: Sequence[str]) -> str:
    return (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body>{''.join(parts)}</body></html>"
    )
