from uptc_messenger.database import copying
from uptc_messenger.database.derived import derived


def test_no_copy_has_what_can_be_made_anew():
    assert not derived.tables.keys() & {sheet.name for sheet in copying.sheets()}
