import pytest

from uptc_messenger.services.search.analysis import (
    MAX_TERM,
    bigrams,
    fold,
    forms,
    loose,
    pair,
    terms,
    terms_of,
    tokens,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Reunión", "reunion"),
        ("AÑO", "año"),
        ("an\u0303o", "año"),
        ("Straße", "strasse"),
        ("ℌola", "hola"),  # noqa: RUF001
        ("⑴", "1"),
        ("Ø", "o"),
        ("a" * 100, "a" * MAX_TERM),
    ],
)
def test_letters_lose_case_and_marks_but_not_the_tilde_of_n(written: str, folded: str):
    assert fold(written) == folded


def test_words_stand_where_they_stand():
    text = "¿Qué? e\u0301l北京 x_y"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Qué", "e\u0301l", "北京", "x", "y"]
    assert [t.run for t in tokens(text)] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reunion", "reuniones"),
        ("informacion", "informaciones"),
        ("corriendo", "correr"),
        ("ano", "anos"),
        ("run", "running"),
        ("meeting", "meetings"),
        ("niñas", "niño"),
    ],
)
def test_words_of_one_stem_share_a_form(one: str, other: str):
    assert forms(one) & forms(other)


def test_what_has_the_tilde_is_found_without_it_and_never_the_reverse():
    assert loose("año") == "ano"
    assert terms_of("años") & forms("ano")
    assert not terms_of("ano") & forms("año")


def test_a_run_is_pairs_and_its_last_letter():
    assert bigrams("北京大") == ["北京", "京大"]
    assert terms("北京大") == {"北京", "京大", "大"}
    assert terms("京") == {"京"}


def test_words_that_follow_each_other_have_a_term_in_their_order():
    """What is in the index of an installation has to be found by the next version."""
    assert pair("de", "la") == ".224"
    assert pair("la", "de") == ".0a3"
    assert terms("De la") == {"de", "la", ".224"}
    assert pair("el", "año") == pair("el", "ano")
    assert {term for term in terms("de 北京 la") if term[0] == "."} == set()
