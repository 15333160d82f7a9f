from uptc_messenger.database import Database
from uptc_messenger.models.base import SessionId, UserId
from uptc_messenger.services.auth import repository
from uptc_messenger.toolkit.ids import uuid7

ANA = UserId(uuid7())


async def test_a_password_hash_is_replaced(database: Database):
    for value in ("first", "second"):
        await database.write(lambda tx, value=value: repository.set_password_hash(tx, ANA, value))
        assert await database.read(lambda r: repository.password_hash(r, ANA)) == value
    assert await database.read(lambda r: repository.password_hash(r, UserId(uuid7()))) is None


async def test_an_expired_code_is_forgotten(database: Database):
    def row(name: bytes, expires_at: int) -> dict[str, object]:
        about = {"purpose": "reset", "user_id": ANA, "created_at": 0}
        return {"code_hash": name * 32, "expires_at": expires_at, **about}

    await database.write(lambda tx: repository.insert_code(tx, row(b"a", 1)))
    await database.write(lambda tx: repository.insert_code(tx, row(b"b", 2**50)))
    await database.write(repository.delete_old_codes)
    taken = [
        await database.write(lambda tx, n=name: repository.take_code(tx, n * 32, "reset"))
        for name in (b"a", b"b")
    ]
    assert [row is not None for row in taken] == [False, True]


async def test_the_mark_of_revocations_changes_each_time(database: Database):
    seen = {await database.read(repository.revocation_mark)}
    for _ in range(3):
        await database.write(repository.change_revocation_mark)
        seen.add(await database.read(repository.revocation_mark))
    assert len(seen) == 4


async def test_which_sessions_exist_is_answered_in_one_go(database: Database):
    session_id = SessionId(uuid7())
    row = {
        "id": session_id, "user_id": ANA, "token_hash": b"t" * 32, "device": "",
        "created_at": 0, "last_seen_at": 0, "expires_at": 1,
    }  # fmt: skip
    await database.write(lambda tx: repository.insert_session(tx, row))
    asked = [session_id, SessionId(uuid7())]
    assert await database.read(lambda r: repository.existing_sessions(r, asked)) == [session_id]
