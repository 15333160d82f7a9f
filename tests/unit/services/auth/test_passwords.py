import asyncio
import threading

import pytest

from tests.fakes import PASSWORD, auth_config
from uptc_messenger.models.errors import BadRequest, Overloaded
from uptc_messenger.services.auth.passwords import Passwords, check


@pytest.mark.parametrize(
    "password", ["", "1234567", "ñ" * 513, "x" * 1025, "password1", "anaanaana"]
)
def test_a_password_that_is_not_good_enough_is_refused(password: str):
    with pytest.raises(BadRequest, match=r"^password: "):
        check(password, "anaanaana")


@pytest.mark.parametrize("password", ["ocho ñús", "x1y2" * 200 + "y", "  spaces stay  "])
def test_a_long_or_unusual_password_is_welcome(password: str):
    check(password)


async def test_a_hash_is_verified_and_names_its_parameters():
    hasher = Passwords(auth_config())
    stored = await hasher.hash(PASSWORD, known=True)
    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert await hasher.verify(stored, PASSWORD, known=True)
    assert not await hasher.verify(stored, PASSWORD + " ", known=True)
    assert not await hasher.verify("not a hash", PASSWORD, known=True)
    hasher.close()


async def test_nobody_has_no_password_not_even_the_dummy():
    hasher = Passwords(auth_config())
    assert not await hasher.verify(None, "nobody has this password", known=True)
    hasher.close()


async def test_a_hash_with_other_parameters_is_outdated():
    old, new = Passwords(auth_config()), Passwords(auth_config(argon2_time=2))
    stored = await old.hash(PASSWORD, known=True)
    assert new.outdated(stored)
    assert not old.outdated(stored)
    for hasher in (old, new):
        hasher.close()


async def test_who_would_wait_too_long_is_refused_as_overloaded(monkeypatch: pytest.MonkeyPatch):
    hasher = Passwords(auth_config(hash_threads=1, hash_wait_s=0.01))
    begun, go_on = threading.Event(), threading.Event()

    def slow(stored: str, password: str) -> bool:
        begun.set()
        return go_on.wait(10) and stored == password

    monkeypatch.setattr(hasher, "_verify", slow)
    loop = asyncio.get_running_loop()
    busy = asyncio.gather(hasher.verify("same", "same", known=False))
    await loop.run_in_executor(None, begun.wait)
    with pytest.raises(Overloaded):
        await hasher.verify("same", "same", known=False)
    go_on.set()
    assert await busy == [True]
    assert hasher.waiting == 0
    assert await hasher.verify("same", "same", known=False)
    hasher.close()
