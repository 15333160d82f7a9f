from uptc_messenger.database.columns import big, by, flag, id_, metadata, text
from uptc_messenger.database.schema import messages


def test_columns_hold_something_unless_they_say_so():
    required = (id_("a", nullable=False), big("b"), text("c"), flag("d"))
    assert [column.nullable for column in required] == [False] * 4
    assert big("e", nullable=True).nullable
    assert text("f", nullable=True).nullable


def test_tables_join_one_metadata_and_are_split_by_their_owner():
    assert messages.metadata is metadata
    assert by("chat_id")["postgresql_partition_by"] == "HASH (chat_id)"
