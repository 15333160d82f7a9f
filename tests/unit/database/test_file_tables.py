from uptc_messenger.database.file_tables import attachments, file_parts, files, storage
from uptc_messenger.database.schema import metadata


def test_backups_and_copies_have_them():
    for table in (files, file_parts, storage, attachments):
        assert metadata.tables[table.name] is table
