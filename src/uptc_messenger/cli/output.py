"""What commands print: for people, aligned and safe to show; for programs, JSON."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Final, cast

import msgspec
import segno
import typer

from uptc_messenger.models.base import Record

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
QrCode = Annotated[
    bool | None,
    typer.Option("--qr/--no-qr", help="Draw the link as a QR code; on a terminal that is usual."),
]
_WHITE_ON_BLACK: Final = "\x1b[97;40m"
_PLAIN: Final = "\x1b[0m"
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_KIB: Final = 1024


def table(rows: Sequence[tuple[object, ...]]) -> str:
    """Rows as aligned columns; an empty value is a dash."""
    lines = [tuple(map(_text, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def safe(text: str) -> str:
    """The text with its control characters visible: a name must not steer a terminal."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def to_json(answer: Record) -> str:
    """An answer without its tag, indented."""
    told = cast("dict[str, object]", msgspec.to_builtins(answer))
    told.pop("type", None)
    return json.dumps(told, indent=2, ensure_ascii=False)


def show(answer: Record, as_json: bool, text: str) -> None:
    """Print an answer as JSON where that is wanted, else what it means."""
    print(to_json(answer) if as_json else text)


def show_link(answer: Record, as_json: bool, link: tuple[str, bool | None], about: str) -> None:
    """Print an answer with a link in it: the link alone on its line, as a program wants it.

    `link` is the link, and whether to draw it; None draws it where somebody looks.
    """
    url, qr = link
    show(answer, as_json, url)
    if not as_json:
        if qr or (qr is None and sys.stdout.isatty()):
            print(qr_code(url), end="", flush=True)
        sys.stderr.write(about + "\n")


def qr_code(url: str) -> str:
    """The link for a phone's camera, drawn white on black whatever the terminal's colours."""
    code = segno.make_qr(url, error="l")
    cells = [[*row] for row in code.matrix_iter(border=4)]
    cells += [[0] * len(cells[0])] * (len(cells) % 2)
    pairs = zip(cells[::2], cells[1::2], strict=True)
    lines = ("".join(map(_half_blocks, above, below)) for above, below in pairs)
    return "".join(f"{_WHITE_ON_BLACK}{line}{_PLAIN}\n" for line in lines)


def duration(seconds: float) -> str:
    """`3 d 4 h`, `2 min`, `7 s`: the two largest units."""
    units = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s"))
    rest, parts = int(seconds), list[str]()
    for size, unit in units:
        count, rest = divmod(rest, size)
        if count or (parts and rest):
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def size(count: float) -> str:
    """`17 B`, `1.4 MiB`."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < _KIB:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= _KIB
    return f"{count:.1f} TiB"


def _half_blocks(above: int, below: int) -> str:
    # A light module is drawn: the terminal's own black is the dark one.
    return {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}[above, below]


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(safe(str(part)) for part in cast("Sequence[object]", value)) or "-"
    return "-" if value in {"", None} else safe(str(value))
