from tests.core import NOON
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.messages.indexing import Said
from uptc_messenger.services.search.parsing import parse
from uptc_messenger.services.search.terms import (
    EVERY,
    Term,
    first_place,
    key_of,
    of_message,
    of_query,
    place_of,
)
from uptc_messenger.toolkit.ids import uuid7

CHAT, ANA = ChatId(uuid7()), UserId(uuid7())


def said(text: str | None, files: int = 0) -> Said:
    return Said(seq=1, sender_id=ANA, created_at=NOON, text=text, files=files)


def test_every_term_begins_with_its_chat():
    found = of_message(CHAT, said("Mira https://x.y", files=1))
    assert all(term.startswith(key_of(CHAT)) for term in found)
    rest = {term.removeprefix(key_of(CHAT)) for term in found}
    assert rest >= {EVERY, "#link", "#file", "mira", "@" + ANA.replace("-", "")}
    assert of_message(CHAT, said(None)) == []


def test_a_query_asks_for_one_of_each_group():
    groups = of_query(parse('reun "dos" has:link 北京大 学'), frozenset({ANA}))
    assert (Term("dos"),) in groups
    assert (Term("#link"),) in groups
    assert (Term("北京"),) in groups
    assert (Term("学", prefix=True),) in groups
    assert of_query(parse("reunion"), frozenset())[0][-1] == Term("reunion", prefix=True)
    assert of_query(parse(""), frozenset()) == ((Term(EVERY),),)


def test_places_are_in_the_order_of_time():
    places = [place_of(CHAT, seq, NOON + seq // 4) for seq in range(1, 40)]
    assert places == sorted(set(places))
    assert first_place(NOON) <= places[0] < first_place(NOON + 1)
    assert 0 <= first_place(-5) <= first_place(10**18) < 2**63
