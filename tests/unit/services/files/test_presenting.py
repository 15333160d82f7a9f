import msgspec

from tests import media
from tests.library import Library
from uptc_messenger.models.files import Voice
from uptc_messenger.services.files import presenting, repository
from uptc_messenger.toolkit.clock import rfc3339


async def test_a_row_as_everybody_sees_it(library: Library):
    ana = await library.world.user("ana")
    file = await library.put(ana, media.picture(size=(800, 400)), name="foto.jpg")
    row = await library.world.database.read(lambda r: repository.by_id(r, file.file_id))
    assert row is not None
    assert presenting.file_of(row) == file
    thumb = presenting.about(row).variant("thumb")
    assert thumb is not None
    assert thumb.object.startswith(f"{row.key[:2]}/{row.key}/")
    assert presenting.about(row).variant("preview") is None
    assert "object" not in msgspec.json.encode(file).decode()


async def test_a_note_shows_what_its_client_told(library: Library):
    ana = await library.world.user("ana")
    voice = Voice(duration_ms=1_500, waveform=[1, 31])
    file = await library.put(ana, media.wav(), name="nota.wav", voice=voice)
    assert (file.kind, file.duration_ms, file.waveform) == ("voice", 1_500, [1, 31])


async def test_only_what_is_ready_is_shown_in_the_order_of_the_message(library: Library):
    ana = await library.world.user("ana")
    one, other = [await library.put(ana, text) for text in (b"uno", b"dos")]
    pending = await library.reserve(ana, 4)
    ids = [other.file_id, pending, one.file_id]
    found = await library.world.database.read(lambda r: presenting.shown(r, ids))
    assert presenting.in_order(found, ids) == [other, one]
    assert presenting.in_order(found, None) is msgspec.UNSET


async def test_how_far_an_upload_is(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    row = await library.world.database.read(lambda r: repository.by_id(r, file_id))
    assert row is not None
    upload = presenting.upload_of(row, 99, 60_000)
    assert (upload.state, upload.offset, upload.size, upload.part_bytes) == ("pending", 0, 4, 99)
    assert upload.expires_at == rfc3339(row.touched_at + 60_000)
