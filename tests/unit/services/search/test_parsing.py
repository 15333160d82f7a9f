import pytest

from uptc_messenger.services.search.parsing import MAX_WORDS, Query, Word, instant, parse

DAY = 24 * 3600 * 1000


def test_words_and_phrases():
    assert parse('Informe "dos días" fin') == Query(
        words=(Word("informe"), Word("fin", prefix=True)),
        phrases=((Word("dos"), Word("dias")),),
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("reun", (Word("reun", prefix=True),)),
        ("reun ", (Word("reun"),)),
        ("reun!", (Word("reun"),)),
        ("京", (Word("京", run=True, prefix=True),)),
    ],
)
def test_the_last_word_is_a_beginning_until_something_stands_behind_it(
    typed: str, words: tuple[Word, ...]
):
    assert parse(typed).words == words


def test_a_phrase_that_is_still_open_ends_with_a_beginning():
    assert parse('"dos reun').phrases == ((Word("dos"), Word("reun", prefix=True)),)


def test_operators_in_two_languages():
    english = parse('from:ana in:"Redes 1" has:link has:file before:2026-03-02 after:2026-03-01')
    spanish = parse(
        'de:ana en:"Redes 1" tiene:enlace tiene:archivo antes:2/3/2026 después:1/3/2026'
    )
    assert english == spanish
    assert (english.senders, english.chats) == (("ana",), ("Redes 1",))
    assert english.has == {"link", "file"}
    assert english.before is not None
    assert english.since == english.before - DAY


@pytest.mark.parametrize(
    "typed", ["has:tail", "before:soon", "https://x", "para:ana", "before:", "after:2026-13"]
)
def test_what_is_no_operator_is_words(typed: str):
    found = parse(typed)
    assert found.words
    assert found == Query(words=found.words)


def test_bounds_narrow_each_other():
    found = parse("after:2026 after:2027 before:2030 before:2029 hola")
    assert found.since == instant("2027")
    assert found.before == instant("2029")


def test_there_are_so_many_words():
    found = parse('a "b c" ' + "d " * 99 + '"e f"')
    assert sum(map(len, (found.words, *found.phrases))) == MAX_WORDS


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("1970", 0),
        ("1970-01-02", DAY),
        ("02/01/1970", DAY),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T00:00:00Z", 0),
        ("2026-02-30", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", -62135647200000),
    ],
)
def test_instants(typed: str, at: int | None):
    assert instant(typed) == at


def test_no_engine_sees_a_nul():
    assert parse("from:a\0b").senders == ("a",)


@pytest.mark.parametrize("typed", ["“dos dias”", "«dos dias»", "„dos dias“"])
def test_quotes_of_any_kind_make_a_phrase(typed: str):
    assert parse(typed).phrases == parse('"dos dias"').phrases
    assert not parse(typed).words
