"""What another application shares with the installed one goes into the composer that is chosen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.luggage import photos, report
from tests.browser.room import Room
from tests.browser.test_files import tray
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def room(desk: Desk, server: Server) -> Room:
    return Room(desk, server)


# As the system does it: a form that is posted, and the page goes where the answer says.
SHARE = """({ text, url, files }) => {
  const form = document.createElement('form')
  Object.assign(form, { method: 'POST', action: '/share', enctype: 'multipart/form-data' })
  for (const [name, value] of Object.entries({ text, url })) {
    const field = document.createElement('input')
    Object.assign(field, { name, value, type: 'hidden' })
    form.append(field)
  }
  const chosen = new DataTransfer()
  for (const { name, type, bytes } of files) {
    const content = Uint8Array.from(atob(bytes), each => each.charCodeAt(0))
    chosen.items.add(new File([content], name, { type }))
  }
  const field = document.createElement('input')
  Object.assign(field, { name: 'files', type: 'file', multiple: true, files: chosen.files })
  form.append(field)
  document.body.append(form)
  form.submit()
}"""


def test_files_and_words_of_another_application_wait_in_the_composer(room: Room):
    ana = room.enter()
    ana.composer.fill("mira esto:")
    ana.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    ana.page.reload()
    expect(ana.composer).to_be_visible()
    left: list[str] = []
    ana.page.context.on("request", lambda request: left.append(request.method + request.url))
    things = [photos(1)[0], report()]
    ana.page.evaluate(
        SHARE,
        {
            "text": "El informe",
            "url": "https://example.org/informe",
            "files": [thing.in_words() for thing in things],
        },
    )
    chooser = ana.page.get_by_role("dialog")
    expect(chooser).to_be_visible()
    assert ana.flaws() == []
    chooser.get_by_role("option", name="Redes").click()
    expect(ana.composer).to_have_value("mira esto:\nEl informe\nhttps://example.org/informe")
    expect(tray(ana).get_by_role("listitem")).to_have_count(2)
    expect(tray(ana)).to_contain_text(report().name)
    # Nothing has left the device before somebody sends it.
    assert not [url for url in left if "/api/v1/files" in url and url.startswith("POST")]
    assert room.mine.call("GET", f"/chats/{room.chat}/messages?limit=10")["messages"] == []
    ana.composer.press("Enter")
    expect(ana.message("El informe")).to_contain_text("Enviado")
    [message] = room.mine.call("GET", f"/chats/{room.chat}/messages?limit=10")["messages"]
    assert [file["name"] for file in message["files"]] == [thing.name for thing in things]
    # Taken: it is offered to nobody again.
    assert ana.page.evaluate("() => caches.has('shared')") is False
    ana.page.goto(f"{ana.url}/share")
    ana.sees_chat("Redes")
    expect(ana.page.get_by_role("dialog")).to_have_count(0)
