from pathlib import Path

from tests.fakes import auth_config, new_account
from uptc_messenger.database import Database, DatabaseConfig, open_database
from uptc_messenger.models.base import SessionId, UserId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.events import EndSessions
from uptc_messenger.services.auth import Administration, Revocations, open_auth
from uptc_messenger.toolkit.clock import wall_clock


async def test_what_another_process_ends_is_announced_once(database: Database, data: Path):
    auth = await open_auth(database, auth_config(), wall_clock)
    mine = await new_account(database, auth, "ana")
    theirs = await new_account(database, auth, "eve")
    live = {o.session.session_id: o.user.user_id for o in (mine, theirs)}
    announced: list[EndSessions] = []
    revocations = Revocations(database, lambda: live, announced.extend)
    await revocations.check()
    assert announced == []

    other_process = await open_database(DatabaseConfig(url=f"sqlite:///{data}/uptc.db"))
    other_auth = await open_auth(other_process, auth_config(), wall_clock)
    await Administration(other_process, other_auth).set_disabled("eve", disabled=True)
    other_auth.close()
    await other_process.close()

    await revocations.check()
    ended = frozenset({theirs.session.session_id})
    disabled = CloseCode.ACCOUNT_DISABLED
    assert announced == [EndSessions(user_id=theirs.user.user_id, session_ids=ended, code=disabled)]
    live.clear()
    await revocations.check()
    assert len(announced) == 1
    auth.close()


async def test_nothing_is_looked_up_while_the_mark_stays(database: Database):
    asked = 0

    def live() -> dict[SessionId, UserId]:
        nonlocal asked
        asked += 1
        return {}

    revocations = Revocations(database, live, lambda _: None)
    auth = await open_auth(database, auth_config(), wall_clock)
    for _ in range(5):
        await revocations.check()
    assert asked == 1
    auth.close()
