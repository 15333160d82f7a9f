from tests.sessions import new_chat, new_user, said
from uptc_messenger.services.websocket.told import Kind, Told, of, told


def test_an_entry_is_the_same_as_event_and_as_text():
    publication = said(new_chat(), 7, new_user())
    here = told(publication)
    there = Told(here.seq, here.n, here.kind, payload=here.payload)
    assert there.event == publication.event
    assert (here.seq, here.n, here.kind) == (7, 7, Kind.NEW)
    assert here.payload is here.payload, "encoded once"
    assert there.event is there.event, "decoded once"
    assert of(publication.event, 7).payload == here.payload
