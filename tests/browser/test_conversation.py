"""What can be done in a conversation besides writing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.pen import Pen
from tests.browser.people import until
from tests.browser.room import Room, choose
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def room(desk: Desk, server: Server) -> Room:
    return Room(desk, server)


def test_what_comes_in_takes_the_focus_from_nobody(room: Room):
    ana = room.enter()
    ana.search("algo")
    room.beto.write(room.chat, "¿quién lleva el libro?")
    ana.sees("¿quién lleva el libro?")
    ana.page.keyboard.type(" que se dijo")
    expect(ana.window.get_by_role("combobox")).to_have_value("algo que se dijo")


def test_search_is_blind_to_accents_and_leads_to_the_message(room: Room):
    room.beto.write(room.chat, "La reunión es el jueves")
    room.fill()
    ana = room.enter()
    expect(ana.message("relleno 59")).to_be_visible()
    ana.indexed("reunion jueves", 1)
    ana.button("Buscar en la conversación").click()
    field = ana.page.get_by_role("combobox", name="Buscar en la conversación")
    field.fill("reunion JUEVES")
    found = ana.page.get_by_role("search")
    expect(found.get_by_role("status")).to_have_text("1 mensaje")
    expect(found.locator("mark")).to_have_text(["reunión", "jueves"])
    field.press("Enter")
    expect(ana.message("La reunión es el jueves")).to_be_in_viewport()
    assert ana.flaws() == []
    field.press("Escape")
    expect(field).to_have_count(0)


def test_without_a_network_a_conversation_is_searched_as_far_as_it_is_kept(room: Room):
    room.beto.write(room.chat, "La reunión es el jueves")
    ana = room.enter()
    ana.sees("La reunión es el jueves")
    ana.offline(yes=True)
    ana.button("Buscar en la conversación").click()
    ana.page.get_by_role("combobox", name="Buscar en la conversación").fill("reunion")
    found = ana.page.get_by_role("search")
    expect(found.get_by_role("status")).to_contain_text("Solo se buscó en lo guardado")
    expect(found.get_by_role("option")).to_have_count(1)
    expect(found.locator("mark")).to_have_text("reunión")


KEPT = """async (text) => {
  const database = await new Promise((done) => {
    const request = indexedDB.open('uptc-messenger')
    request.onsuccess = () => done(request.result)
  })
  const pins = await new Promise((done) => {
    const request = database.transaction('pins').objectStore('pins').getAll()
    request.onsuccess = () => done(JSON.stringify(request.result))
  })
  database.close()
  return pins.includes(text)
}"""


def test_a_pinned_message_is_at_hand(room: Room):
    message = room.beto.write(room.chat, "Examen el lunes a las 8")
    room.fill()
    ana = room.enter()
    ana.write("lo último")
    room.beto.call("PUT", f"/chats/{room.chat}/messages/{message['message_id']}/pin")
    bar = ana.page.get_by_role("complementary", name="Mensajes fijados")
    expect(bar).to_contain_text("Examen el lunes a las 8")
    bar.get_by_role("button").click()
    expect(ana.message("Examen el lunes a las 8")).to_be_in_viewport()
    room.beto.edit(message, "Examen el martes")
    expect(bar).to_contain_text("Examen el martes")
    # It is at hand without a network too, in a page that is opened without one.
    ana.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(ana.page, KEPT, "Examen el martes")
    ana.offline(yes=True)
    ana.page.reload()
    expect(bar).to_contain_text("Examen el martes")


def test_a_message_is_let_go_again(room: Room):
    message = room.beto.write(room.chat, "Examen el martes")
    room.beto.call("PUT", f"/chats/{room.chat}/messages/{message['message_id']}/pin")
    ana = room.enter()
    bar = ana.page.get_by_role("complementary", name="Mensajes fijados")
    expect(bar).to_contain_text("Examen el martes")
    choose(ana, "Examen el martes", "Soltar")
    expect(bar).to_have_count(0)


def test_back_takes_away_a_menu_or_a_question_and_nothing_else(room: Room):
    ana = room.enter()
    ana.write("se queda")
    message = ana.message("se queda")
    message.hover()
    message.get_by_role("button", name="Acciones del mensaje").click()
    expect(ana.page.get_by_role("menu")).to_be_visible()
    ana.page.go_back()
    expect(ana.page.get_by_role("menu")).to_have_count(0)
    ana.button("Ajustes de la conversación").click()
    ana.window.get_by_role("button", name="Salir de la conversación").click()
    question = ana.page.get_by_text("¿Salir de la conversación?")
    expect(question).to_be_visible()
    ana.page.go_back()
    expect(question).to_have_count(0)
    expect(ana.window).to_be_visible()
    ana.page.go_back()
    expect(ana.window).to_have_count(0)
    expect(message).to_be_visible()
    expect(ana.composer).to_be_visible()


def test_a_deletion_can_be_taken_back_for_a_moment(room: Room):
    ana = room.enter()
    ana.write("me arrepiento")
    choose(ana, "me arrepiento", "Eliminar para todos")
    expect(ana.message("Mensaje eliminado")).to_be_visible()
    ana.button("Deshacer").click()
    ana.sees("me arrepiento")
    choose(ana, "me arrepiento", "Eliminar para todos")
    expect(ana.button("Deshacer")).to_have_count(1)
    # A look that takes as long as it takes: this one is not taken back.
    assert ana.flaws() == []
    expect(ana.button("Deshacer")).to_have_count(0)
    ana.page.reload()
    expect(ana.message("Mensaje eliminado")).to_be_visible()


def test_earlier_versions_can_be_read(room: Room):
    message = room.beto.write(room.chat, "versión uno")
    ana = room.enter()
    room.beto.edit(message, "versión dos")
    ana.sees("versión dos")
    choose(ana, "versión dos", "Ver versiones anteriores")
    window = ana.window
    expect(window.get_by_role("listitem")).to_have_count(2)
    expect(window).to_contain_text("versión uno")
    assert ana.flaws() == []


def test_several_messages_are_copied_with_who_and_when(room: Room):
    for text in ["primero", "segundo", "tercero"]:
        room.beto.write(room.chat, text)
    ana = room.enter()
    ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.sees("tercero")
    choose(ana, "primero", "Seleccionar")
    ana.message("tercero").get_by_role("checkbox").click()
    expect(ana.page.get_by_role("toolbar")).to_contain_text("2 mensajes seleccionados")
    assert ana.flaws() == []
    ana.button("Copiar").click()
    expect(ana.page.get_by_text("Copiado.")).to_be_visible()
    copied = ana.page.evaluate("navigator.clipboard.readText()").split("\n")
    assert [line.split("] ")[1] for line in copied] == ["Beto Ríos: primero", "Beto Ríos: tercero"]
    expect(ana.page.get_by_role("toolbar", name="Selección")).to_have_count(0)


def test_a_selection_over_messages_is_copied_with_who_and_when(room: Room):
    for text in ["uno dos tres", "cuatro"]:
        room.beto.write(room.chat, text)
    ana = room.enter()
    # A name may come a moment after what its bearer said.
    expect(ana.message("uno dos tres")).to_contain_text("Beto Ríos")
    ana.sees("cuatro")
    expect(ana.timeline).to_contain_text("Beto Ríos")
    # What copies like this is fetched after the first paint.
    copied = ana.page.wait_for_function(
        """() => {
          const [a, b] = [...document.querySelectorAll('article .markdown')];
          const range = document.createRange();
          const words = document.createTreeWalker(a, NodeFilter.SHOW_TEXT);
          while (words.nextNode().data === '');
          range.setStart(words.currentNode, 4);
          range.setEnd(b, b.childNodes.length);
          getSelection().removeAllRanges(); getSelection().addRange(range);
          const data = new DataTransfer();
          a.dispatchEvent(new ClipboardEvent('copy',
            {clipboardData: data, bubbles: true, cancelable: true}));
          return data.getData('text/plain');
        }"""
    ).json_value()
    assert [line.split("] ")[1] for line in copied.split("\n")] == [
        "Beto Ríos: dos tres",
        "Beto Ríos: cuatro",
    ]


def test_my_messages_say_how_far_they_have_got(room: Room):
    ana = room.enter()
    ana.write("¿lo viste?")
    expect(ana.message("¿lo viste?")).to_contain_text("Enviado")
    room.beto.read(room.chat, 1)
    mark = ana.message("¿lo viste?").get_by_role("button", name="Leído por 1 persona")
    mark.click()
    expect(ana.window).to_contain_text("Beto Ríos")


def test_a_refused_message_keeps_its_words(room: Room):
    ana = room.enter()
    ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.offline(yes=True)
    ana.write("no llegará todavía")
    message = ana.message("no llegará todavía")
    expect(message).to_contain_text("En espera")
    me = f"/chats/{room.chat}/members/{room.mine.user_id}"
    room.beto.call("PUT", me, {"role": "guest"})
    ana.offline(yes=False)
    expect(message).to_contain_text("No se envió.")
    assert ana.flaws() == []
    message.get_by_role("button", name="Copiar", exact=True).click()
    expect(ana.page.get_by_text("Copiado.")).to_be_visible()
    assert ana.page.evaluate("navigator.clipboard.readText()") == "no llegará todavía"
    room.beto.call("PUT", me, {"role": "member"})
    message.get_by_role("button", name="Reintentar").click()
    expect(message).to_contain_text("Enviado")


def test_an_edit_that_came_too_late_is_looked_at_again(room: Room):
    ana = room.enter()
    ana.write("el lunes")
    message = ana.message("el lunes")
    expect(message).to_contain_text("Enviado")
    ana.offline(yes=True)
    choose(ana, "el lunes", "Editar")
    ana.composer.fill("el martes a las 8")
    ana.composer.press("Enter")
    expect(ana.composer).to_have_value("")
    other = room.another()
    other.open("Redes")
    choose(other, "el lunes", "Editar")
    other.composer.fill("el martes")
    other.composer.press("Enter")
    expect(other.composer).to_have_value("")
    ana.composer.fill("otra cosa")
    ana.offline(yes=False)
    message = ana.message("No se guardó el cambio.")
    expect(message.get_by_role("button", name="Reintentar")).to_have_count(0)
    expect(message.get_by_role("button", name="Copiar", exact=True)).to_be_visible()
    assert ana.flaws() == []
    message.get_by_role("button", name="Revisar").click()
    expect(ana.composer).to_have_value("el martes a las 8")
    expect(ana.composer).to_be_focused()
    assert ana.said() == ["el martes"]
    ana.composer.press("Enter")
    other.sees("el martes a las 8")
    expect(ana.message("No se guardó el cambio.")).to_have_count(0)
    assert ana.said() == ["el martes a las 8"]
    # What was being written meanwhile stands there again.
    expect(ana.composer).to_have_value("otra cosa")


def test_what_is_written_before_anything_is_loaded_is_shown(room: Room):
    page = room.ana.page
    page.route("**/messages?*", lambda route: route.abort("internetdisconnected"))
    ana = room.enter()
    expect(ana.page.get_by_role("button", name="Reintentar")).to_be_visible()
    ana.offline(yes=True)
    ana.write("antes que nada")
    expect(ana.message("antes que nada")).to_contain_text("En espera")
    expect(page.get_by_text("Aquí empieza la conversación.")).to_have_count(0)
    page.unroute("**/messages?*")
    ana.offline(yes=False)
    expect(ana.message("antes que nada")).to_contain_text("Enviado")
    expect(page.get_by_text("Aquí empieza la conversación.")).to_be_visible()


def test_who_reacted_is_named(room: Room):
    message = room.beto.write(room.chat, "¿Votamos?")
    room.beto.react(message, "👍")
    ana = room.enter()
    ana.message("¿Votamos?").get_by_role("button", name="👍, 1 persona").click()
    expect(ana.message("¿Votamos?").get_by_role("button", name="👍, 2 personas")).to_be_visible()
    # The window asks the server, which may not have heard of hers yet.
    expect(ana.message("¿Votamos?")).not_to_contain_text("Guardando…")
    choose(ana, "¿Votamos?", "Ver quién reaccionó")
    expect(ana.window.get_by_role("listitem")).to_have_count(2)
    expect(ana.window).to_contain_text("Beto Ríos")
    expect(ana.window).to_contain_text("Ana Gómez")
    assert ana.flaws() == []
    ana.window.get_by_role("button", name="Beto Ríos").click()
    expect(ana.window.get_by_role("heading", name="Perfil")).to_be_visible()


def test_a_complaint_goes_to_who_runs_the_group(room: Room):
    caro = Pen.register(room.beto.url, "Carolina Díaz")
    room.beto.call("PUT", f"/chats/{room.chat}/members/{caro.user_id}", {"role": "member"})
    caro.write(room.chat, "Esto no está bien")
    ana = room.enter()
    choose(ana, "Esto no está bien", "Denunciar")
    expect(ana.window.get_by_role("listitem")).to_have_count(1)
    expect(ana.window).to_contain_text("Beto Ríos")
    assert ana.flaws() == []
    ana.window.get_by_role("button", name="Escribir (Beto Ríos)").click()
    expect(ana.page.get_by_role("textbox", name="Mensaje para Beto Ríos")).to_have_value(
        re.compile(r"Carolina Díaz:\n.*/c/[0-9a-f-]{36}/m/\d+\n> Esto no está bien\n\n$")
    )


def test_where_nobody_runs_it_one_is_told_whom_to_ask(room: Room):
    talk = {"kind": "direct", "member_ids": [room.mine.user_id]}
    direct = room.beto.call("POST", "/chats", talk)["chat_id"]
    room.beto.write(direct, "Esto tampoco")
    room.ana.open("Beto Ríos")
    choose(room.ana, "Esto tampoco", "Denunciar")
    expect(room.ana.window).to_contain_text("quien administra este servidor")
    room.ana.window.get_by_role("button", name="Bloquear").click()
    expect(room.ana.page.get_by_text("¿Bloquear a Beto Ríos?")).to_be_visible()
    room.ana.page.get_by_role("dialog").last.get_by_role("button", name="Bloquear").click()
    expect(room.ana.page.get_by_role("dialog")).to_have_count(0)


def test_whoever_is_called_and_not_here_is_told_before_sending(room: Room):
    caro = Pen.register(room.beto.url, "Carolina Díaz")
    ana = room.enter()
    ana.composer.fill(f"@{room.beto.username} y @{caro.username}, ¿vienen?")
    warning = ana.page.get_by_text("Carolina Díaz no está en esta conversación")
    expect(warning).to_be_visible()
    assert ana.flaws() == []
    room.beto.call("PUT", f"/chats/{room.chat}/members/{caro.user_id}", {"role": "member"})
    expect(warning).to_have_count(0)


def test_who_runs_a_group_adds_the_person_they_call(desk: Desk, server: Server):
    caro = Pen.register(server.url, "Carolina Díaz")
    ana = desk.reader().register("Ana Gómez")
    ana.found("Redes")
    ana.composer.fill(f"@{caro.username} mira esto")
    ana.button("Agregar 1 persona").click()
    expect(ana.page.get_by_text("Carolina Díaz no está")).to_have_count(0)
    ana.composer.press("Enter")
    expect(ana.timeline).to_contain_text("Agregaste a Carolina Díaz")
    caro.write(caro.call("GET", "/chats")["chats"][0]["chat_id"], "Esto no está bien")
    choose(ana, "Esto no está bien", "Denunciar")
    expect(ana.window).to_contain_text("Tú administras esta conversación")


def test_another_conversation_is_named_with_a_hash(room: Room):
    room.beto.group("Álgebra [2]", Pen.login(room.beto.url, room.ana.username).user_id)
    ana = room.enter()
    ana.sees_chat("Álgebra [2]")
    ana.composer.press_sequentially("Está en #alge")
    option = ana.page.get_by_role("option", name="Álgebra [2]")
    expect(option).to_be_visible()
    ana.composer.press("Enter")
    ana.composer.press("Enter")
    ana.message("Está en").get_by_role("link", name="#Álgebra (2)").click()
    expect(ana.page.get_by_role("textbox", name="Mensaje para Álgebra [2]")).to_be_visible()


def test_what_a_blocked_person_writes_in_a_group_is_folded(room: Room):
    room.beto.write(room.chat, "no quiero leer esto")
    ana = room.enter()
    ana.sees("no quiero leer esto")
    room.mine.call("PUT", f"/users/me/blocks/{room.beto.user_id}")
    expect(ana.message("Mensaje de alguien a quien bloqueaste.")).to_be_visible()
    expect(ana.timeline.get_by_text("no quiero leer esto")).to_have_count(0)
    ana.button("Mostrar").click()
    ana.sees("no quiero leer esto")


def test_a_quote_says_what_its_message_says_now(room: Room):
    message = room.beto.write(room.chat, "a las ocho")
    room.beto.write(room.chat, "de acuerdo", message["message_id"])
    ana = room.enter()
    expect(ana.message("de acuerdo")).to_contain_text("a las ocho")
    room.beto.edit(message, "a las nueve")
    expect(ana.message("de acuerdo")).to_contain_text("a las nueve")
    room.beto.delete(message)
    expect(ana.message("de acuerdo")).to_contain_text("Mensaje eliminado")


# What is empty between a text and what stands below it, at most, however long its last line is.
EMPTY_PX = """message => {
  const said = message.querySelector('.markdown > p:last-child')
  const text = [...said.childNodes].find(each => each.nodeType === Node.TEXT_NODE && each.data)
  const line = document.createRange()
  line.selectNode(text)
  const gaps = Array.from({ length: 60 }, (_, more) => {
    text.data = 'a'.repeat(more + 1)
    const below = message.querySelector('.edited').getBoundingClientRect().top
    return below - line.getBoundingClientRect().bottom
  })
  return Math.max(...gaps) }"""


def test_an_edited_message_has_no_empty_line_on_a_phone(room: Room):
    talk = {"kind": "direct", "member_ids": [room.mine.user_id]}
    chat = room.beto.call("POST", "/chats", talk)["chat_id"]
    message = room.beto.write(chat, "a las ocho")
    room.beto.edit(message, "mejor a las nueve")
    room.ana.page.set_viewport_size({"width": 390, "height": 844})
    room.ana.open("Beto Ríos")
    edited = room.ana.message("mejor a las nueve")
    expect(edited).to_contain_text("editado")
    assert edited.evaluate(EMPTY_PX) < 12


def test_only_what_calls_somebody_looks_like_it(room: Room):
    room.beto.write(room.chat, f"hola @all y @{room.ana.username}, no @todos")
    ana = room.enter()
    called = ana.message("hola @all").locator(".markdown span")
    expect(called).to_have_text(["@all", f"@{room.ana.username}"])
    # A member like her calls nobody so, neither while it waits nor when it is there.
    ana.offline(yes=True)
    ana.write("oigan @all, @everyone")
    mine = ana.message("oigan @all")
    expect(mine).to_contain_text("En espera")
    expect(mine.locator(".markdown span")).to_have_count(0)
    ana.offline(yes=False)
    expect(mine).to_contain_text("Enviado")
    expect(mine.locator(".markdown span")).to_have_count(0)
