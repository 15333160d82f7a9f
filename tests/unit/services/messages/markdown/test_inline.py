import pytest

from uptc_messenger.services.messages.markdown.inline import parse_lines
from uptc_messenger.services.messages.markdown.tree import Break, Code, Emphasis, Mention, Text


def test_lines_are_parted_by_breaks_and_stripped():
    assert parse_lines([" a", "*b* ", "c"]) == [
        Text("a"),
        Break(),
        Emphasis([Text("b")]),
        Break(),
        Text("c"),
    ]


def test_a_code_span_ends_at_a_run_of_the_same_length():
    assert parse_lines(["``a`b`` `"]) == [Code("a`b"), Text(" `")]


@pytest.mark.parametrize(("text", "name"), [("@ana", "ana"), ("@Ana.", "ana"), ("@a_b-", "a_b")])
def test_a_mention_is_lower_case_without_the_end_of_the_sentence(text: str, name: str):
    assert parse_lines([text])[0] == Mention(name)


@pytest.mark.parametrize("text", ["@an", "x@ana", "@@ana", "/@ana", r"\@ana", "@" + "a" * 33])
def test_what_is_no_mention(text: str):
    assert not any(isinstance(node, Mention) for node in parse_lines([text]))
