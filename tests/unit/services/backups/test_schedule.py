import asyncio
from pathlib import Path
from typing import Any

from tests.core import SetClock, World
from uptc_messenger.database.installation import identify
from uptc_messenger.services.backups import history
from uptc_messenger.services.backups.config import BackupConfig
from uptc_messenger.services.backups.history import Event
from uptc_messenger.services.backups.schedule import Schedule, of_server
from uptc_messenger.services.backups.writing import Made
from uptc_messenger.toolkit.tasks import TaskGroup

HOUR = 3_600_000


class Maker:
    """Makes backups that hold nothing, and fails when it is told to."""

    def __init__(self, log: history.HistoryFile, clock: SetClock) -> None:
        self._log = log
        self._clock = clock
        self.failing: str | None = None
        self.paths: list[Path] = []
        self.made = asyncio.Event()

    async def __call__(self, path: Path) -> str | None:
        self.paths.append(path)
        self.made.set()
        if self.failing is None:
            at = self._clock()
            made = Made(path=str(path), installation_id="", created_at=at, size=1, rows=1, chats=1)
            self._log.made(made)
            self._log.proven(path, "")
        return self.failing


def scheduled(tmp_path: Path, **config: Any) -> tuple[Schedule, Maker, SetClock]:
    clock = SetClock()
    log = history.of(tmp_path, clock)
    maker = Maker(log, clock)
    log.begin()
    folder = tmp_path / "backups"
    return Schedule(BackupConfig(**config), folder, log, maker, clock), maker, clock


async def test_the_first_is_due_a_day_after_the_first_start(tmp_path: Path):
    schedule, maker, clock = scheduled(tmp_path)
    assert not schedule.due()
    clock.now += 24 * HOUR + 1000
    assert schedule.due()
    await schedule.back_up()
    assert not schedule.due()
    assert maker.paths[0].parent == tmp_path / "backups"
    clock.now += 24 * HOUR
    assert schedule.due()


async def test_after_a_failure_it_tries_again_an_hour_later(tmp_path: Path):
    schedule, maker, clock = scheduled(tmp_path)
    maker.failing = "There is no room left."
    await schedule.back_up()
    known = schedule.history.read()
    assert known.failure is not None
    assert known.failure.reason == "There is no room left."
    assert not schedule.due()
    clock.now += HOUR + 1000
    assert schedule.due()
    maker.failing = None
    await schedule.back_up()
    assert schedule.history.read().failure is None
    assert not schedule.due()


async def test_a_last_backup_in_the_future_says_nothing(tmp_path: Path):
    schedule, _, clock = scheduled(tmp_path)
    clock.now += 48 * HOUR
    await schedule.back_up()
    clock.now -= 47 * HOUR
    assert schedule.due()


async def test_a_folder_that_cannot_be_made_is_a_failure(tmp_path: Path):
    schedule, maker, _ = scheduled(tmp_path)
    (tmp_path / "backups").write_text("a file")
    await schedule.back_up()
    assert schedule.history.read().failure is not None
    assert maker.paths == []


async def test_it_runs_until_it_is_ended_and_never_when_it_is_off(tmp_path: Path):
    schedule, maker, clock = scheduled(tmp_path)
    clock.now += 25 * HOUR
    tasks = TaskGroup("test")
    tasks.start("schedule", schedule.run())
    await maker.made.wait()
    await tasks.close()
    off, never, clock = scheduled(tmp_path / "..", every_h=0)
    clock.now += 100 * HOUR
    await off.run()
    assert never.paths == []


async def test_a_server_keeps_its_backups_in_its_data_folder_or_where_it_is_told(
    world: World, tmp_path: Path
):
    await identify(world.database)
    own = of_server(BackupConfig(), tmp_path, world.url)
    await own.back_up()
    assert own.history.read().failure is None
    assert (own.history.read().last_proof or Event(at=0, path="")).path.startswith(
        str(tmp_path / "backups" / "uptc-")
    )
    elsewhere = of_server(BackupConfig(dir=str(tmp_path / "disk2")), tmp_path, world.url)
    await elsewhere.back_up()
    assert "disk2" in (elsewhere.history.read().last_backup or Event(at=0, path="")).path
