from tests.house import House


async def test_texts_and_bytes_come_back_as_they_came(house: House):
    wire = house.connect("/echo")
    wire.say({"type": "anything", "ñ": [1, 2]})
    assert await wire.hear() == {"type": "anything", "ñ": [1, 2]}
    wire.say_binary(b"\x00\xff" * 500_000)
    assert (await wire.hear())["data"] == b"\x00\xff" * 500_000


async def test_who_does_not_take_is_not_read_from(house: House):
    wire = house.connect("/echo")
    wire.say({"type": "a"})
    await wire.hear()
    wire.block(yes=True)
    assert not wire.reading
    wire.block(yes=False)
    assert wire.reading


async def test_it_stops_with_the_server(house: House):
    wire = house.connect("/echo")
    wire.say({"type": "a"})
    await wire.hear()
    wire._link.shutdown()
    assert await wire.ended() == 4001
