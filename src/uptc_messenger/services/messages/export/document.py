"""The page around the messages: its head, each message in it, its end. Text in, HTML out."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Final

from msgspec import UNSET

from uptc_messenger.models.base import Record, Seq, Timestamp, UserId
from uptc_messenger.models.messages import Forwarded, Message, Quote
from uptc_messenger.services.messages.export import words as telling
from uptc_messenger.services.messages.export.markup import escape, rendered
from uptc_messenger.services.messages.export.words import Words

_STYLE: Final = """
:root{color-scheme:light dark;
--ink:#1d1d1f;--soft:#5c5c63;--line:#d9d9de;--paper:#fff;--own:#8a6d00}
@media(prefers-color-scheme:dark){:root{--ink:#ececf0;--soft:#a5a5ae;--line:#3a3a40;--paper:#161618;
--own:#f2c94c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:46rem;padding:2rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:.9rem;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);
padding-bottom:.25rem;margin:2rem 0 .5rem}
body>header{border-bottom:3px solid var(--own);padding-bottom:1rem}
body>header p,footer p{margin:.25rem 0;color:var(--soft)}
article{padding:.5rem 0}
article>p,article>div>p{margin:.25rem 0}
blockquote p{margin:0}
.who{font-weight:600}
article>time,.mark,.reactions,.files{color:var(--soft);font-size:.85rem}
.reply,blockquote{margin:.25rem 0;padding-left:.75rem;border-left:3px solid var(--line);
color:var(--soft)}
.reply a{color:inherit;text-decoration:none}
.deleted{font-style:italic;color:var(--soft)}
.reactions{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem .75rem;margin:.25rem 0;padding:0}
pre{overflow-x:auto;white-space:pre-wrap;padding:.5rem .75rem;border:1px solid var(--line);
border-radius:.375rem;margin:.25rem 0}
code{font:.9em ui-monospace,monospace}
ul,ol{margin:.25rem 0;padding-left:1.5rem}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--paper:#fff}
body{max-width:none;padding:0;font-size:10.5pt}
article,pre,blockquote{break-inside:avoid}h2{break-after:avoid}
a.named::after{content:" (" attr(href) ")";font-size:.85em;color:#444}}
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
)
"""What the page may do, as a Content-Security-Policy: show its own style, and nothing else."""


class Frame(Record, frozen=True):
    """What holds for the whole page."""

    words: Words
    zone: tzinfo
    title: str
    topic: str
    reader: str
    made_at: Timestamp


def begin(frame: Frame) -> str:
    """Everything before the first message."""
    title = escape(frame.title)
    topic = f"<p>{escape(frame.topic)}</p>\n" if frame.topic else ""
    return (
        f'<!doctype html>\n<html lang="{frame.words.lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n"
        f'<h1 dir="auto">{title}</h1>\n{topic}<p>{_written(frame)}</p>\n</header>\n<main>\n'
    )


def end(note: str = "") -> str:
    """Everything after the last message, with what is to be said about the copy."""
    footer = f"<footer>\n<p>{escape(note)}</p>\n</footer>\n" if note else ""
    return f"</main>\n{footer}</body>\n</html>\n"


class Section:
    """Messages one after the other, with a heading wherever another day begins."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._day: date | None = None

    def render(self, message: Message, names: Mapping[UserId, str], first_seq: Seq) -> str:
        """One message; `first_seq` is the first that is on the page, for quotes to lead to."""
        frame, words = self._frame, self._frame.words
        at = telling.local(message.created_at, frame.zone)
        heading = ""
        if at.date() != self._day:
            self._day = at.date()
            heading = f"<h2>{escape(telling.day(words, at))}</h2>\n"
        who = escape(names.get(message.sender_id, words.unknown))
        edited = message.edited_at is not UNSET and not message.deleted
        mark = f' <span class="mark">{words.edited}</span>' if edited else ""
        return (
            f'{heading}<article id="m{message.seq}">\n<bdi class="who">{who}</bdi> '
            f'<time datetime="{message.created_at}">{at:%H:%M}</time>{mark}\n'
            f"{_forwarded(words, message, names)}"
            f"{_reply(words, message, names, first_seq)}{_body(words, message)}"
            f"{_files(words, message)}{_reactions(message)}</article>\n"
        )


def _written(frame: Frame) -> str:
    at = telling.local(frame.made_at, frame.zone)
    return frame.words.written.format(
        reader=f"<bdi>{escape(frame.reader)}</bdi>",
        day=escape(telling.day(frame.words, at)),
        time=f'<time datetime="{frame.made_at}">{at:%H:%M}</time>',
        zone=escape(str(frame.zone)),
    )


def _forwarded(words: Words, message: Message, names: Mapping[UserId, str]) -> str:
    if not isinstance(message.forwarded, Forwarded):
        return ""
    name = f"<bdi>{escape(names.get(message.forwarded.sender_id, words.unknown))}</bdi>"
    return f'<p class="mark">{words.forwarded.format(name=name)}</p>\n'


def _reply(words: Words, message: Message, names: Mapping[UserId, str], first_seq: Seq) -> str:
    quote = message.reply_to
    if not isinstance(quote, Quote):
        return ""
    name = f"<bdi>{escape(names.get(quote.sender_id, words.unknown))}</bdi>"
    shown = words.reply_to.format(name=name)
    if quote.seq >= first_seq:
        shown = f'<a href="#m{quote.seq}">{shown}</a>'
    excerpt = f'<br><span dir="auto">{escape(quote.excerpt)}</span>' if quote.excerpt else ""
    return f'<div class="reply">{shown}{excerpt}</div>\n'


def _body(words: Words, message: Message) -> str:
    if message.body is None:
        return f'<p class="deleted">{words.deleted}</p>\n'
    return f'<div dir="auto">{rendered(message.body.text)}</div>\n'


def _files(words: Words, message: Message) -> str:
    if not message.file_ids or message.deleted:
        return ""
    told = telling.files(words, len(message.file_ids))
    names = ", ".join(f"<bdi>{escape(file.name)}</bdi>" for file in message.files or ())
    return f'<p class="files">{told}{names and ": " + names}</p>\n'


def _reactions(message: Message) -> str:
    if not message.reactions:
        return ""
    shown = "".join(f"<li>{escape(r.emoji)} {r.count}</li>" for r in message.reactions)
    return f'<ul class="reactions">{shown}</ul>\n'
