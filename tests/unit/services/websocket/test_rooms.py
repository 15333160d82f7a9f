from tests.delivery import CHAT, Ear
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.websocket.rooms import Directory

OTHER = ChatId("other")


def test_a_person_is_here_from_the_first_session_to_the_last():
    directory = Directory()
    phone, laptop = Ear("ana"), Ear("ana")
    person = directory.arrive(phone)
    assert directory.arrive(laptop) is person
    directory.settle(person, {CHAT})
    assert directory.sessions == 2
    assert not directory.depart(phone)
    assert directory.rooms[CHAT].people == {person}
    assert directory.depart(laptop)
    assert (directory.people, directory.rooms, directory.sessions) == ({}, {}, 0)


def test_a_change_during_the_reading_is_newer_than_what_was_read():
    directory = Directory()
    person = directory.arrive(Ear("ana"))
    directory.leave(person, CHAT)
    directory.join(person, OTHER)
    directory.settle(person, {CHAT})
    assert person.chats == {OTHER}


def test_who_left_and_came_back_during_the_reading_is_in():
    directory = Directory()
    person = directory.arrive(Ear("ana"))
    directory.leave(person, CHAT)
    directory.join(person, CHAT)
    directory.settle(person, set())
    assert person.chats == {CHAT}


def test_leaving_closes_the_chat_on_every_device():
    directory = Directory()
    ear = Ear("ana")
    person = directory.arrive(ear)
    directory.settle(person, {CHAT, OTHER})
    directory.show(ear, (CHAT, OTHER))
    ear.outbox.held = {CHAT, OTHER}
    directory.leave(person, CHAT)
    assert ear.open == (OTHER,)
    assert ear.outbox.held == {OTHER}
    assert CHAT not in directory.rooms


def test_a_session_that_is_not_here_departs_in_vain():
    assert not Directory().depart(Ear("ana"))
