from hypothesis import given
from hypothesis import strategies as st

from tests.core import NOON
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.messages.indexing import Said
from uptc_messenger.services.search.matching import match
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


def test_a_phrase_asks_for_its_neighbours_as_well():
    def asked(typed: str) -> set[str]:
        groups = of_query(parse(typed), frozenset())
        return {term.text for group in groups for term in group if term.text.startswith(".")}

    assert len(asked('"de la clase"')) == 2
    assert asked('"la de"').isdisjoint(asked('"de la"'))
    assert asked('"el año"') == asked('"el ano"')
    # Of a word that is still being typed nobody knows the pair, nor does a run have one.
    assert asked('"de la cla') == asked('"de la"')
    assert asked('"de cla') == asked("de la") == asked('"la"') == asked('"北京 de 学"') == set()


def test_the_neighbours_of_a_long_message_are_bounded():
    text = " ".join(f"{number:x}" for number in range(8_000))
    terms = [term.removeprefix(key_of(CHAT)) for term in of_message(CHAT, said(text))]
    assert len([term for term in terms if term.startswith(".")]) <= 4_096


WORDS = [
    "año",
    "ano",
    "n\u0303o",
    "Reunión",
    "reuniones",
    "de",
    "la",
    "北京",
    "大",
    "x9",
    "déjà",
    "ß",
]
said_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)


@given(said_words, st.data(), st.sampled_from([" ", ", ", "\n", " - "]), st.booleans())
def test_whatever_fits_a_phrase_is_proposed(
    words: list[str], data: st.DataObject, between: str, typing: bool
):
    text = between.join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    piece = words[first : data.draw(st.integers(first + 1, len(words)))]
    letter = data.draw(st.sampled_from(["ñ", "n", "Ñ"]))
    phrase = " ".join(piece).replace("ñ", letter)
    query = parse(f'"{phrase[:-1]}' if typing else f'"{phrase}"')
    if match(query, text) is None:
        assert typing
        return
    indexed = {term.removeprefix(key_of(CHAT)) for term in of_message(CHAT, said(text))}
    for group in of_query(query, frozenset()):
        assert any(
            any(term.startswith(asked.text) for term in indexed)
            if asked.prefix
            else asked.text in indexed
            for asked in group
        ), group


def test_places_are_in_the_order_of_time():
    places = [place_of(CHAT, seq, NOON + seq // 4) for seq in range(1, 40)]
    assert places == sorted(set(places))
    assert first_place(NOON) <= places[0] < first_place(NOON + 1)
    assert 0 <= first_place(-5) <= first_place(10**18) < 2**63
