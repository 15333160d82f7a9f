from uptc_messenger.database import notices
from uptc_messenger.database.copying import sheets


def test_backups_have_what_is_still_to_be_told():
    tables = {
        notices.notification_settings,
        notices.push_subscriptions,
        notices.notification_cursors,
        notices.notification_jobs,
    }
    assert {table.name for table in tables} <= {sheet.name for sheet in sheets()}
