from tests.sessions import Device, new_chat, new_user
from uptc_messenger.services.websocket.rooms import Directory


def test_a_person_belongs_where_the_database_says():
    directory, ana, chat = Directory(), Device(new_user()), new_chat()
    person = directory.arrive(ana.subscriber)
    assert person.chats == {}
    directory.settle(person, {chat: 3})
    assert directory.rooms[chat].people == {person}


def test_what_changed_while_the_database_was_read_is_newer_than_its_answer():
    directory, ana = Directory(), Device(new_user())
    stayed, gone, back, new = (new_chat() for _ in range(4))
    person = directory.arrive(ana.subscriber)
    directory.leave(person, gone)
    directory.leave(person, back)
    directory.join(person, back)
    directory.join(person, new)
    directory.settle(person, {stayed: 1, gone: 2, back: 3})
    assert person.chats == {stayed: 1, back: 3, new: 0}


def test_who_is_apart_is_read_at_the_arrival_and_followed_from_there():
    directory, ana = Directory(), Device(new_user())
    old, gone, new = (new_user() for _ in range(3))
    person = directory.arrive(ana.subscriber)
    directory.part(ana.subscriber.user_id, new, on=True)
    directory.part(gone, ana.subscriber.user_id, on=False)
    directory.settle(person, {}, {old, gone})
    apart = [directory.are_apart(ana.subscriber, u) for u in (old, gone, new, new_user())]
    assert apart == [True, False, True, False]
    for user in (old, new):
        directory.part(user, ana.subscriber.user_id, on=False)
    assert person.apart == {}


def test_a_second_session_finds_the_person_settled():
    directory, user, chat = Directory(), new_user(), new_chat()
    one, other = Device(user), Device(user)
    person = directory.arrive(one.subscriber)
    directory.settle(person, {chat: 3})
    assert directory.arrive(other.subscriber) is person
    directory.settle(person, {})
    assert person.chats == {chat: 3}
    assert not directory.depart(one.subscriber)
    assert directory.depart(other.subscriber)
    assert not directory.depart(other.subscriber)
    assert (directory.people, directory.rooms, directory.sessions) == ({}, {}, 0)


def test_who_leaves_a_chat_sees_nothing_of_it_on_any_session():
    directory, user, chat, other = Directory(), new_user(), new_chat(), new_chat()
    devices = [Device(user), Device(user)]
    person = directory.arrive(devices[0].subscriber)
    directory.settle(person, {chat: 0, other: 0})
    directory.arrive(devices[1].subscriber)
    for device in devices:
        directory.show(device.subscriber, (chat, other))
        device.outbox.held = {chat, other}
    directory.leave(person, chat)
    assert chat not in directory.rooms
    for device in devices:
        assert device.subscriber.open == (other,)
        assert device.outbox.held == {other}


def test_a_view_replaces_the_one_before():
    directory, ana = Directory(), Device(new_user())
    one, other = new_chat(), new_chat()
    person = directory.arrive(ana.subscriber)
    directory.settle(person, {one: 0, other: 0})
    directory.show(ana.subscriber, (one,))
    directory.show(ana.subscriber, (other,))
    assert not directory.rooms[one].watched
    assert set(directory.rooms[other].comers or ()) == {ana.subscriber}


def test_a_chat_is_large_for_as_long_as_somebody_here_belongs_to_it():
    directory, ana, chat = Directory(), Device(new_user()), new_chat()
    person = directory.arrive(ana.subscriber)
    directory.settle(person, {chat: 0, new_chat(): 0})
    directory.widen([chat, new_chat()])
    assert directory.large == {chat: directory.rooms[chat]}
    directory.leave(person, chat)
    assert directory.large == {}
