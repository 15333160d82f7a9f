from uptc_messenger.database import Database
from uptc_messenger.services.auth import devices
from uptc_messenger.services.auth.devices import MOST, Devices


def test_a_device_is_recognised_for_its_account_alone():
    known = Devices(b"key")
    remembered = known.seal("ana")
    assert known.recognise(remembered, "Ana") == remembered.partition(".")[0]
    assert known.recognise(remembered, "eve") is None
    assert Devices(b"another").recognise(remembered, "ana") is None


def test_what_nobody_sealed_is_no_device():
    known = Devices(b"key")
    name, _, seal = known.seal("ana").partition(".")
    for forged in (None, "", ".", name, f"{name}.", f".{seal}", f"x{name}.{seal}", "ñ.ñ"):
        assert known.recognise(forged, "ana") is None


def test_a_shared_machine_is_known_to_the_last_who_used_it():
    known, remembered = Devices(b"key"), None
    people = [f"student{number}" for number in range(MOST + 1)]
    for person in [*people, people[-1]]:
        remembered = known.seal(person, remembered)
    assert remembered is not None
    names = [known.recognise(remembered, person) for person in people]
    assert names[0] is None
    assert set(names[1:]) == {remembered.partition(".")[0]}
    assert len(remembered) < 1000


async def test_the_key_of_an_installation_stays(database: Database):
    assert await database.read(devices.load) is None
    first = await database.write(devices.make)
    again = await database.write(devices.make)
    loaded = await database.read(devices.load)
    assert loaded is not None
    sealed = first.seal("ana")
    names = {known.recognise(sealed, "ana") for known in (first, again, loaded)}
    assert names == {sealed.partition(".")[0]}
