"""Files for a browser to send: dropped, and held up on their way."""

import base64
import io
import os
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page, Route

from tests.media import pdf, wav

DROP = """(files) => {
  const data = new DataTransfer();
  for (const { name, type, bytes } of files) {
    const content = Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0));
    data.items.add(new File([content], name, { type }));
  }
  const target = document.querySelector('.place:not(.away) .conversation');
  const tell = (kind) => target.dispatchEvent(
    new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  tell('dragover');
  tell('drop');
}"""

# A second of film, drawn and recorded by the browser itself: a pendulum before a wall.
RECORD = """async () => {
  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = [320, 180]
  const brush = canvas.getContext('2d')
  const kind = { mimeType: 'video/webm;codecs=vp8' }
  const recorder = new MediaRecorder(canvas.captureStream(20), kind)
  const parts = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  const done = new Promise(resolve => (recorder.onstop = resolve))
  recorder.start()
  for (let frame = 0; frame < 20; frame += 1) {
    const angle = Math.sin(frame / 3)
    const [x, y] = [160 + 110 * Math.sin(angle), 10 + 110 * Math.cos(angle)]
    brush.fillStyle = `hsl(40 30% ${70 + frame}%)`
    brush.fillRect(0, 0, 320, 180)
    brush.fillStyle = brush.strokeStyle = '#3a3a37'
    brush.beginPath()
    brush.moveTo(160, 10)
    brush.lineTo(x, y)
    brush.stroke()
    brush.beginPath()
    brush.arc(x, y, 22, 0, 7)
    brush.fill()
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  recorder.stop()
  await done
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
  return btoa(String.fromCharCode(...bytes))
}"""


@dataclass(frozen=True)
class Thing:
    """A file as a file manager gives it to a browser."""

    name: str
    type: str
    content: bytes

    def in_words(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.type,
            "bytes": base64.b64encode(self.content).decode(),
        }

    def chosen(self) -> Any:
        """For a file chooser."""
        return {"name": self.name, "mimeType": self.type, "buffer": self.content}


def noise(name: str, size: int) -> Thing:
    """So many bytes of nothing that anybody knows."""
    return Thing(name, "application/octet-stream", os.urandom(size))


def photos(count: int) -> list[Thing]:
    """Pictures of several forms, each another."""
    forms = ((1600, 1200), (900, 1200), (1600, 900), (1200, 1200), (1500, 1000))
    return [Thing(f"IMG_20{n}.jpg", "image/jpeg", _photo(n, *forms[n])) for n in range(count)]


def _photo(number: int, width: int, height: int) -> bytes:
    """Hills under a sky."""
    image = Image.new("RGB", (width, height))
    brush = ImageDraw.Draw(image)
    for y in range(height):
        share = y / height
        tone = (int(90 + 120 * share), int(140 + 60 * share), int(190 + 30 * (1 - share)))
        brush.line([(0, y), (width, y)], fill=tone)
    for layer in range(4):
        base = height * (0.5 + 0.13 * layer)
        green = (60 - 10 * layer, 110 - 18 * layer, 70 - 8 * layer + 20 * (number % 3))
        for x in range(0, width, 2):
            top = base + 40 * ((x * (layer + 2 + number) // 90) % 9 - 4) / 4
            brush.line([(x, int(top)), (x, height)], fill=green, width=2)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def report() -> Thing:
    """A title and four lines, as grey as print is from afar."""
    lines = b"".join(b"20 %d 160 5 re f " % y for y in (58, 45, 32, 19))
    drawing = b"0.2 g 20 75 90 10 re f 0.6 g " + lines
    return Thing("Informe de la práctica 3, grupo 2.pdf", "application/pdf", pdf(drawing))


def table() -> Thing:
    return Thing("mediciones.csv", "text/csv", b"nodo,ms\n" * 900)


def voice() -> Thing:
    return Thing("nota-de-voz.wav", "audio/wav", wav(7.4))


def film(page: Page) -> Thing:
    return Thing("montaje.webm", "video/webm", base64.b64decode(page.evaluate(RECORD)))


def drop(page: Page, *things: Thing) -> None:
    """Let these files fall on the conversation that is open."""
    page.evaluate(DROP, [thing.in_words() for thing in things])


@dataclass
class Customs:
    """Holds the parts of files on their way to the server until they are let through."""

    context: BrowserContext
    held: list[Route] = field(default_factory=list[Route])
    open: bool = False

    def __post_init__(self) -> None:
        self.context.route("**/api/v1/files/*/content?offset=*", self._inspect)

    def _inspect(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        """Everything that waits, and whatever comes later."""
        self.open = True
        for route in self.held:
            route.continue_()
        self.held.clear()

    def gone(self) -> None:
        """What waited is waited for no more: its page has left."""
        self.open = True
        self.held.clear()
