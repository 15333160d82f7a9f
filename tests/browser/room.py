"""Ana in her browser and as a program too, Beto at a program, and their group."""

import uuid
from datetime import UTC, datetime, timedelta

from tests.browser.conftest import Desk
from tests.browser.pen import Pen
from tests.browser.people import Reader
from tests.server import Server


class Room:
    """Ana and Beto in the group Redes, which Beto has founded."""

    def __init__(self, desk: Desk, server: Server) -> None:
        self._desk = desk
        self.ana = desk.reader().register("Ana Gómez")
        self.beto = Pen.register(server.url, "Beto Ríos")
        self.mine = Pen.login(server.url, self.ana.username)
        self.chat = self.beto.group("Redes", self.mine.user_id)

    def enter(self) -> Reader:
        self.ana.open("Redes")
        return self.ana

    def another(self) -> Reader:
        """Ana at another device, with the list before her."""
        reader = self._desk.reader().sign_in(self.ana)
        reader.sees_chat("Redes")
        return reader

    def fill(self) -> None:
        """More than a screen, all of it read."""
        for number in range(60):
            self.beto.write(self.chat, f"relleno {number}\n\ny más")
        self.mine.read(self.chat, 1_000)

    def plan(self, text: str, seconds: float) -> str:
        """From another device of Ana's; answers its name."""
        message_id = str(uuid.uuid4())
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        wanted = {"body": {"text": text}, "send_at": at.isoformat()}
        self.mine.call("PUT", f"/chats/{self.chat}/scheduled/{message_id}", wanted)
        return message_id


def choose(reader: Reader, text: str, action: str) -> None:
    """Open the menu of a message and take one of its entries."""
    message = reader.message(text)
    message.hover()
    message.get_by_role("button", name="Acciones del mensaje").click()
    reader.page.get_by_role("menuitem", name=action, exact=True).click()
