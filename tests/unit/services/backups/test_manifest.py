from pathlib import Path

import msgspec
import pytest

from uptc_messenger.database.copying import sheets
from uptc_messenger.database.digests import ChatSum
from uptc_messenger.database.migrate import head_revision
from uptc_messenger.database.survey import TableSum, Totals
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.backups import manifest
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.backups.manifest import ChatLine, Ending, Manifest

HERE = Path("a.gz")
MINE = Manifest(
    version="0.1.0",
    schema=head_revision(),
    installation_id="i",
    log_epoch="e",
    created_at="2026-11-25T20:00:00.000Z",
    sheets=sheets(),
)


def read(line: bytes) -> Manifest:
    return manifest.read_manifest(HERE, iter([line]))


def test_the_first_line_says_what_it_is():
    assert read(manifest.encode(MINE)) == MINE
    assert manifest.encode(MINE).startswith(b'{"file":"uptc-messenger backup"')


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b"x", b'{"form":1,"version":"1"}'])
def test_anything_else_is_no_backup(line: bytes):
    with pytest.raises(BackupError, match="is not a backup"):
        read(line)


def test_a_newer_form_or_schema_is_refused_with_the_version():
    later = msgspec.json.decode(manifest.encode(MINE)) | {"form": 2, "version": "9.1", "new": 1}
    with pytest.raises(BackupError, match=r"made by uptc-messenger 9\.1, which is newer"):
        read(msgspec.json.encode(later))
    later = msgspec.structs.replace(MINE, schema="9999", version="2.0")
    with pytest.raises(BackupError, match=r"made by uptc-messenger 2\.0, which is newer"):
        read(manifest.encode(later))


def test_the_last_lines_are_the_sums():
    chat, table = ChatSum(last_seq=3, last_n=2, digest="d"), TableSum(rows=1, hash="h")
    totals = Totals(tables={"chats": table}, chats={ChatId("c"): chat})
    parts = [manifest.read_part(HERE, line) for line in manifest.endings(totals)]
    assert parts == [
        ChatLine(chat_id=ChatId("c"), sum=chat),
        Ending(tables={"chats": table}, chats=1),
    ]
    with pytest.raises(BackupError, match="cannot be read"):
        manifest.read_part(HERE, b'{"line":"song"}')
