"""What an exported page says by itself, in the languages of the house, and how it tells time."""

from datetime import datetime, tzinfo
from typing import Final

from uptc_messenger.models.base import Record
from uptc_messenger.models.users import Locale


class Words(Record, frozen=True):
    """The sentences of one language; `{}` is filled in where they are used."""

    lang: Locale
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    day: str
    written: str
    empty: str
    cut_off: str
    edited: str
    deleted: str
    reply_to: str
    forwarded: str
    saved: str
    file: str
    files: str
    unknown: str


_ES: Final = Words(
    lang="es",
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    day="{weekday}, {day} de {month} de {year}",
    written="Copia para {reader}, hecha el {day} a las {time}. Las horas son de {zone}.",
    empty="Aquí no hay mensajes.",
    cut_off="La copia termina aquí antes de tiempo: el servidor no pudo leer el resto.",
    edited="editado",
    deleted="Mensaje eliminado",
    reply_to="En respuesta a {name}",
    forwarded="Reenviado: escrito por {name}",
    saved="Mensajes guardados",
    file="1 archivo adjunto",
    files="{count} archivos adjuntos",
    unknown="Alguien",
)
_EN: Final = Words(
    lang="en",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    day="{weekday}, {day} {month} {year}",
    written="Copy for {reader}, made on {day} at {time}. Times are those of {zone}.",
    empty="There are no messages here.",
    cut_off="The copy ends here before its time: the server could not read the rest.",
    edited="edited",
    deleted="Deleted message",
    reply_to="In reply to {name}",
    forwarded="Forwarded: written by {name}",
    saved="Saved messages",
    file="1 attached file",
    files="{count} attached files",
    unknown="Somebody",
)
WORDS: Final[dict[Locale, Words]] = {"es": _ES, "en": _EN}


def local(timestamp: str, zone: tzinfo) -> datetime:
    """The instant of an RFC 3339 text of ours, as the clocks of a time zone show it."""
    return datetime.fromisoformat(timestamp).astimezone(zone)


def day(words: Words, at: datetime) -> str:
    """A day in full, such as `martes, 3 de marzo de 2026`."""
    return words.day.format(
        weekday=words.weekdays[at.weekday()],
        day=at.day,
        month=words.months[at.month - 1],
        year=at.year,
    )


def files(words: Words, count: int) -> str:
    """How many files hang on a message."""
    return words.file if count == 1 else words.files.format(count=count)
