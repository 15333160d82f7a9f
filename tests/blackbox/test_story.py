"""The story of the README, told over both doors by people who have never seen the code."""

import json

from tests.blackbox.people import Town, is_event, is_frame, new_id


async def test_two_people_register_and_talk_over_http_and_websocket(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found(ben, title="Distribuidos")
    listening = await ben.connect(chat_id)

    posted = await ana.post(chat_id, "Hola, Ben")
    assert (posted.status, posted["seq"], posted["n"]) == (201, 1, 1)
    heard = await listening.hear(is_event("message.new"))
    assert heard["data"]["body"] == {"text": "Hola, Ben"}
    assert heard["actor_id"] == ana.user_id

    sent = await listening.say(chat_id, "Hola, Ana")
    assert (sent["seq"], sent["n"], sent["duplicate"]) == (2, 2, False)
    texts = [message["body"]["text"] for message in await ana.read(chat_id)]
    assert texts == ["Hola, Ben", "Hola, Ana"]


async def test_a_new_chat_arrives_on_an_open_session(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    listening = await ben.connect()
    chat_id = await ana.found(ben, title="Redes")
    joined = await listening.hear(is_event("chat.joined"))
    assert joined["data"]["chat_id"] == chat_id
    assert joined["data"]["title"] == "Redes"
    assert joined["useq"] == listening.welcome["useq"] + 1


async def test_a_direct_chat_with_the_same_person_is_one(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    wanted = {"kind": "direct", "member_ids": [ben.user_id]}
    first = await ana.call("POST", "/chats", json=wanted)
    again = await ana.call("POST", "/chats", json=wanted)
    other_way = await ben.call(
        "POST", "/chats", json={"kind": "direct", "member_ids": [ana.user_id]}
    )
    assert (first.status, again.status, other_way.status) == (201, 200, 200)
    assert first["chat_id"] == again["chat_id"] == other_way["chat_id"]


async def test_the_same_id_again_gives_the_same_message_on_either_door(town: Town):
    ana = await town.person()
    chat_id = await ana.found()
    socket = await ana.connect(chat_id)
    message_id = new_id()
    first = await socket.say(chat_id, "una sola vez", message_id)
    again = await socket.say(chat_id, "una sola vez", message_id)
    over_http = await ana.post(chat_id, "una sola vez", message_id)
    assert (again["seq"], again["duplicate"]) == (first["seq"], True)
    assert (over_http.status, over_http["seq"], over_http["duplicate"]) == (200, 1, True)
    other = await ana.post(chat_id, "otra cosa", message_id)
    assert (other.status, other["code"]) == (409, "id_conflict")
    assert [m["body"]["text"] for m in await ana.read(chat_id)] == ["una sola vez"]


async def test_edit_react_and_delete_are_heard_in_order(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found(ben)
    author, listening = await ana.connect(chat_id), await ben.connect(chat_id)
    message_id = new_id()
    await author.say(chat_id, "primera versión", message_id)
    named = {"chat_id": chat_id, "message_id": message_id}
    edited = await author.ask(
        "message.edit", **named, change_id=new_id(), body={"text": "segunda"}, base_revision=1
    )
    assert edited == {"seq": 2, "revision": 2}
    reacted = await listening.ask("reaction.set", **named, emoji="👍", on=True)
    assert reacted["seq"] == 3
    deleted = await author.ask("message.delete", **named, change_id=new_id())
    assert deleted["seq"] == 4

    await listening.hear(is_event("message.deleted"))
    told = [(event["seq"], event["kind"]) for event in listening.events(chat_id)]
    assert told == [
        (1, "message.new"),
        (2, "message.edited"),
        (3, "reaction.changed"),
        (4, "message.deleted"),
    ]
    (message,) = await ben.read(chat_id)
    assert (message["deleted"], message["body"]) == (True, None)


async def test_a_chat_that_is_not_open_sends_heads_only(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found(ben)
    listening = await ben.connect()
    await ana.post(chat_id, "sin cuerpo")
    told = await listening.hear(is_frame("chat.head"))
    (head,) = told["heads"]
    assert (head["chat_id"], head["seq"], head["n"]) == (chat_id, 1, 1)
    assert listening.events(chat_id) == []


async def test_unread_is_the_count_minus_the_read_mark_on_every_device(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found(ben)
    other_device = await ben.connect()
    for text in ("uno", "dos", "tres"):
        await ana.post(chat_id, text)
    before = await ben.call("GET", f"/chats/{chat_id}")
    assert before["n"] - before["read_n"] == 3
    marked = await ben.call("PUT", f"/chats/{chat_id}/read", json={"n": 2})
    assert marked.status == 204
    told = await other_device.hear(is_event("read.updated"))
    assert told["data"] == {"chat_id": chat_id, "read_n": 2}
    after = await ben.call("GET", f"/chats/{chat_id}")
    assert after["n"] - after["read_n"] == 1


async def test_what_is_said_right_before_closing_is_said(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found(ben)
    listening, leaving = await ben.connect(chat_id), await ana.connect()
    wanted = {
        "type": "message.send",
        "chat_id": chat_id,
        "message_id": new_id(),
        "body": {"text": "adiós"},
    }
    # Message and close frame leave in one write, as from a page that is being closed.
    protocol = leaving.connection.protocol
    protocol.send_text(json.dumps(wanted).encode())
    protocol.send_close(1000, "")
    leaving.connection.transport.write(b"".join(protocol.data_to_send()))
    heard = await listening.hear(is_event("message.new"))
    assert heard["data"]["body"] == {"text": "adiós"}
