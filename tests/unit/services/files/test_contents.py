import pytest

from tests import media
from tests.library import Library
from uptc_messenger.services.files import contents
from uptc_messenger.services.files.contents import Stretch
from uptc_messenger.services.files.store import Lost
from uptc_messenger.services.files.uploads import Part


async def test_a_stretch_over_several_parts(library: Library):
    store = library.files.store
    parts: list[Part] = []
    for number, data in enumerate((b"abc", b"defg", b"hi")):
        start = sum(part.size for part in parts)
        parts.append(Part(start=start, size=len(data), object=f"ab/abc/{number}"))
        await store.put(parts[-1].object, data)

    async def read(start: int, end: int, parts: list[Part] = parts) -> bytes:
        stretch = Stretch(parts=parts, start=start, end=end)
        return b"".join([piece async for piece in contents.read(store, stretch)])

    assert await read(0, 9) == b"abcdefghi"
    assert await read(2, 8) == b"cdefgh"
    assert await read(4, 5) == b"e"
    assert await read(3, 7, parts[1:2]) == b"defg"
    for bad in (parts[1:], [parts[0], parts[2]], parts[:2]):
        with pytest.raises(Lost):
            await read(0, 9, bad)


async def test_every_object_of_a_file_is_known(library: Library):
    ana = await library.world.user("ana")
    file = await library.put(ana, media.picture())
    names = await library.world.database.read(lambda r: contents.objects_of(r, file.file_id))
    assert names == {str(path.relative_to(library.folder)) for path in library.objects}
    assert len(names) == 2


def test_names_are_never_the_same_twice():
    key = "ab" * 16
    names = {contents.new_object(key) for _ in range(100)}
    assert len(names) == 100
    assert {name.rpartition("/")[0] for name in names} == {contents.object_prefix(key)}
