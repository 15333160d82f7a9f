import pytest

from tests.core import refused
from tests.library import Library
from uptc_messenger.models.base import UploadId
from uptc_messenger.models.errors import Conflict, TooLarge
from uptc_messenger.services.files import uploads
from uptc_messenger.services.files.uploads import SMALLEST
from uptc_messenger.toolkit.ids import uuid7


async def test_a_doomed_upload_is_not_begun_again(library: Library):
    ana = await library.world.user("ana")
    once = UploadId(uuid7())
    file_id = await library.reserve(ana, 4, upload_id=once)
    assert await library.reserve(ana, 4, upload_id=once) == file_id
    await library.files.intake.cancel(ana, file_id)
    assert await refused(library.reserve(ana, 4, upload_id=once)) == "id_conflict"


async def test_a_server_that_is_full(library: Library):
    ana = await library.world.user("ana")
    await library.reserve(ana, 60)
    wanted = uploads.Reservation(upload_id=UploadId(uuid7()), name="a", size=50)
    config = uploads.FilesConfig(server_bytes=100)
    with pytest.raises(TooLarge) as caught:
        await library.world.database.write(lambda tx: uploads.reserve(tx, ana, wanted, config))
    assert caught.value.details == {"reason": "server_quota", "limit": "100"}


async def test_which_part_is_next(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, SMALLEST + 2)
    await library.part(ana, file_id, b"x" * SMALLEST)
    row = await library.world.database.read(lambda r: uploads.require_own(r, ana, file_id))
    assert [uploads.is_next(row, start) for start in (0, SMALLEST)] == [False, True]
    uploads.require_place(row, 0, SMALLEST)
    uploads.require_place(row, SMALLEST, 2)
    for start, size in ((0, SMALLEST + 1), (1, SMALLEST), (SMALLEST + 1, 1)):
        with pytest.raises(Conflict) as caught:
            uploads.require_place(row, start, size)
        assert caught.value.details == {"offset": f"{SMALLEST}"}


async def test_a_part_is_not_too_small_unless_it_ends_the_file(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, SMALLEST + 1)
    assert await refused(library.part(ana, file_id, b"x" * (SMALLEST - 1))) == "bad_request"
    assert library.objects == []
    await library.part(ana, file_id, b"x" * SMALLEST)
    assert (await library.part(ana, file_id, b"x", SMALLEST)).offset == SMALLEST + 1
