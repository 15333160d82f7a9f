import msgspec

from uptc_messenger.services.messages.markdown.tree import Break, Link, Paragraph, Text


def test_a_tree_is_written_with_its_types():
    tree = Paragraph([Link("https://a.co", [Text("a")]), Break()])
    assert msgspec.to_builtins(tree) == {
        "type": "paragraph",
        "children": [
            {"type": "link", "href": "https://a.co", "children": [{"type": "text", "text": "a"}]},
            {"type": "break"},
        ],
    }
