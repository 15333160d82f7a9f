from uptc_messenger.services.messages.markdown.nodes import Mark, Nodes
from uptc_messenger.services.messages.markdown.tree import Code, Emphasis, Strong, Text

STRONG = Mark(Strong, "**")
EMPHASIS = Mark(Emphasis, "*")


def test_marks_nest_in_the_order_given_and_close_together():
    nodes = Nodes()
    assert nodes.open([STRONG, EMPHASIS])
    nodes.add(Text("a"))
    assert nodes.close([STRONG, EMPHASIS])
    assert nodes.finish() == [Strong([Emphasis([Text("a")])])]


def test_a_mark_is_open_once():
    nodes = Nodes()
    assert nodes.open([STRONG])
    assert not nodes.open([STRONG])
    assert not nodes.open([])


def test_only_an_open_mark_closes():
    nodes = Nodes()
    assert not nodes.close([STRONG])
    assert not nodes.close([])


def test_what_stays_open_is_text_and_texts_are_joined():
    nodes = Nodes()
    nodes.add(Text("a"))
    nodes.open([STRONG])
    nodes.open([EMPHASIS])
    nodes.add(Code("b"))
    nodes.close([STRONG])
    nodes.open([EMPHASIS])
    nodes.add(Text("c"))
    assert nodes.finish() == [Text("a"), Strong([Text("*"), Code("b")]), Text("*c")]
